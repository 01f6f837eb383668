import { describe, expect, it } from "vitest";
import { compileModule, compileSource } from "../../../src/compiler/compile.js";
import { listInstructions } from "../../../src/compiler/dis.js";
import { Op } from "../../../src/compiler/opcodes.js";
import type { CodeUnit, Constant } from "../../../src/compiler/unit.js";

function names(unit: CodeUnit): string[] {
  return listInstructions(unit).map(({ name }) => name);
}

function inner(unit: CodeUnit): CodeUnit {
  const found = unit.consts.find((constant) => constant.kind === "code");
  if (found === undefined || found.kind !== "code") throw new Error("no code constant");
  return found.unit;
}

function constantOf(source: string): Constant {
  const unit = compileSource(source, "c.py", "eval");
  const load = listInstructions(unit).filter(({ op }) => op === Op.LOAD_CONST);
  expect(names(unit)).toEqual(["RESUME", "LOAD_CONST", "RETURN_VALUE"]);
  return unit.consts[load[0].arg!];
}

describe("compile modes", () => {
  it("eval returns its expression", () => {
    const unit = compileSource("x + 1", "<string>", "eval");
    expect(names(unit).slice(-2)).toEqual(["BINARY_OP", "RETURN_VALUE"]);
    expect(() => compileSource("x = 1", "<string>", "eval")).toThrow("invalid syntax");
  });

  it("single prints expressions and takes one statement", () => {
    expect(names(compileSource("x\n", "<stdin>", "single"))).toContain("PRINT_EXPR");
    expect(() => compileSource("x\ny\n", "<stdin>", "single")).toThrow(
      "multiple statements found while compiling a single statement",
    );
  });

  it("inherits future flags", () => {
    const unit = compileSource("def f(x: a.b): 0", "f.py", "exec", 0x1000000);
    expect(unit.consts).toContainEqual({ kind: "str", value: "a.b" });
    expect(inner(unit).flags & 0x1000000).toBe(0x1000000);
  });
});

describe("regions", () => {
  it("cover loops, conditions and protected blocks", () => {
    const source = "for x in y:\n  while x:\n    try:\n      f()\n    except E:\n      break\n";
    const { blocks, code } = compileModule(source, "r.py");
    expect(blocks.map(({ kind }) => kind)).toEqual(["for", "while", "try"]);
    const [outer, loop, body] = blocks;
    expect(outer.start).toBeLessThan(loop.start);
    expect(loop.end).toBeLessThanOrEqual(outer.end);
    expect(body.end).toBeLessThanOrEqual(loop.end);
    expect(outer.end).toBeLessThanOrEqual(code.length);
    expect(code[outer.start] & 0xff).toBe(Op.FOR_ITER);
  });
});

describe("constants", () => {
  it("are folded within CPython's limits (R25)", () => {
    expect(constantOf("2 ** 64")).toEqual({ kind: "int", value: 2n ** 64n });
    expect(constantOf("-7 // 2 * 3 % 5")).toEqual({ kind: "int", value: 3n });
    expect(constantOf("'a' + 'b'")).toEqual({ kind: "str", value: "ab" });
    expect(constantOf("not 1")).toEqual({ kind: "false" });
    expect(constantOf("(1, 2)[0]")).toEqual({ kind: "int", value: 1n });
    expect(names(compileSource("2 ** 65", "c.py", "eval"))).toContain("BINARY_OP");
    expect(names(compileSource("'a' * 5000", "c.py", "eval"))).toContain("BINARY_OP");
    expect(names(compileSource("1 / 0", "c.py", "eval"))).toContain("BINARY_OP");
  });

  it("are merged by type and value", () => {
    const { consts } = compileModule("x = (1, 1.0, True, 0.0, -0.0, 1)\ny = 1\n", "m.py");
    expect(consts.filter(({ kind }) => kind === "int")).toHaveLength(1);
    const items = consts.find(({ kind }) => kind === "tuple");
    expect(items).toEqual({
      kind: "tuple",
      items: [
        { kind: "int", value: 1n },
        { kind: "float", value: 1 },
        { kind: "true" },
        { kind: "float", value: 0 },
        { kind: "float", value: -0 },
        { kind: "int", value: 1n },
      ],
    });
  });

  it("are read from their own source text", () => {
    expect(constantOf("1_000.5e-3")).toEqual({ kind: "float", value: 1.0005 });
    expect(constantOf("0x_ff")).toEqual({ kind: "int", value: 255n });
    expect(constantOf("3.5J")).toEqual({ kind: "complex", real: 0, imag: 3.5 });
    expect(constantOf("'\\x41\\u00e9\\N{BULLET}\\101\\\n\\q'")).toEqual({
      kind: "str",
      value: "A\u00e9\u2022A\\q",
    });
    expect(constantOf("b'\\xff' rb'\\x' b'\\n'")).toEqual({
      kind: "bytes",
      value: Uint8Array.from([255, 92, 120, 10]),
    });
    expect(constantOf("'a' r'\\b' \"c\"")).toEqual({ kind: "str", value: "a\\bc" });
    expect(constantOf("'\\N{HANGUL SYLLABLE GAG}\\N{CJK UNIFIED IDEOGRAPH-4E00}'")).toEqual({
      kind: "str",
      value: "\uac01\u4e00",
    });
  });
});

describe("what py-ast would reject", () => {
  it.each([
    "match *a, b:\n  case 0, *x: pass\n",
    "async def f(): return {i async for i in y}, {i: 1 async for i in y}\n",
    "del y,\n",
    "x = 1, ; y = 2\n",
    "x = 1if y else 2\n",
    "if x:\n\f    y\n",
    "x = f'{3:{\"}\"}>10}'\n",
    "\u{1d518} = \u5909\u6570 = 1\n",
  ])("%j", (source) => {
    expect(() => compileModule(source, "p.py")).not.toThrow();
  });

  it("keeps its names and places", () => {
    const unit = compileModule("\u00e9, b = \ufb01, x; del b,\n", "n.py");
    expect(unit.names).toEqual(["fi", "x", "\u00e9", "b"]);
    const last = listInstructions(unit).find(({ name }) => name === "DELETE_NAME")!;
    expect(Array.from(unit.positions.subarray(last.offset * 2, last.offset * 2 + 4))).toEqual([
      1, 1, 20, 21,
    ]);
  });
});
