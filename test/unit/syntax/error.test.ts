import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileModule, compileSource } from "../../../src/compiler/compile.js";
import { formatSyntaxError, PySyntaxError } from "../../../src/syntax/error.js";
import { python, runPython } from "../compiler/oracle.js";

interface Sample {
  source: string;
  /** What CPython 3.11.7 prints on stderr. */
  error: string;
}

const SAMPLES = JSON.parse(readFileSync("test/unit/syntax/errors.json", "utf8")) as Sample[];

function errorOf(source: string): PySyntaxError {
  try {
    compileModule(source, "x.py");
  } catch (error) {
    if (error instanceof PySyntaxError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(source)}`);
}

const ATTRIBUTES = `
import json, sys, warnings
warnings.simplefilter("ignore")
out = []
for source in json.load(sys.stdin):
    try:
        compile(source, "x.py", "exec", dont_inherit=True)
        out.append(None)
    except SyntaxError as e:
        out.append([type(e).__name__, e.msg, e.lineno, e.offset])
print(json.dumps(out))
`;

describe("syntax errors", () => {
  it(`print as in CPython 3.11: ${SAMPLES.length} samples`, () => {
    const wrong = SAMPLES.filter(({ source, error }) => {
      return formatSyntaxError(errorOf(source)) !== error;
    });
    expect(wrong.map(({ source }) => source)).toEqual([]);
  });

  it.skipIf(python === null)("have the attributes that CPython's have", () => {
    const sources = SAMPLES.map(({ source }) => source);
    const expected = JSON.parse(runPython(ATTRIBUTES, JSON.stringify(sources))) as unknown[];
    const ours = sources.map((source) => {
      const { type, msg, lineno, offset } = errorOf(source);
      return [type, msg, lineno, offset];
    });
    expect(ours).toEqual(expected);
  });

  it("keep the line of a file, not of a string", () => {
    expect(errorOf("return").text).toBe("return\n");
    expect(() => compileSource("return", "<string>", "exec")).toThrow(
      expect.objectContaining({ text: null }),
    );
  });

  it("end deep nesting with an error of Python's, not of JavaScript's", () => {
    expect(errorOf("(".repeat(100_000)).msg).toBe("too many nested parentheses");
    expect(errorOf(`x = ${"-".repeat(100_000)}1`).type).toMatch(/MemoryError|RecursionError/);
    expect(errorOf(`x = ${"not ".repeat(100_000)}1`).type).toMatch(/MemoryError|RecursionError/);
    expect(errorOf(`x = ${"1 + ".repeat(100_000)}y`).type).toBe("RecursionError");
    expect(errorOf(`x = ${"lambda: ".repeat(10_000)}y`).type).toMatch(/MemoryError|RecursionError/);
    expect(errorOf(`x${".a".repeat(50_000)}`).type).toBe("RecursionError");
  });

  it("leave nesting alone that CPython takes", () => {
    compileModule(`x = ${"(".repeat(199)}y${")".repeat(199)}`, "x.py");
    compileModule(
      `x = ${"[".repeat(99)}${"{1: ".repeat(99)}y${"}".repeat(99)}${"]".repeat(99)}`,
      "x.py",
    );
    compileModule(`x = ${"f(a, ".repeat(90)}y${")".repeat(90)}`, "x.py");
    compileModule(`x = ${"y + ".repeat(900)}z`, "x.py");
    compileModule(`x = ${"not ".repeat(100)}z`, "x.py");
    let source = "";
    for (let i = 0; i < 99; i += 1) source += `${" ".repeat(i)}if x:\n`;
    compileModule(`${source}${" ".repeat(99)}y\n`, "x.py");
  });

  it("are found in nested brackets without trying each level again", () => {
    for (const [open, close] of ["()", "[]"].map((pair) => pair.split(""))) {
      expect(errorOf(`x = ${`f${open}a, `.repeat(60)}$${close.repeat(60)}`).msg).toContain(
        "invalid",
      );
    }
    expect(errorOf(`x = ${"f(".repeat(100)}a b${")".repeat(100)}`).msg).toBe(
      "invalid syntax. Perhaps you forgot a comma?",
    );
  });

  it("name nul bytes", () => {
    const error = errorOf("x = 1\0");
    expect(error.type).toBe("SyntaxError");
    expect(formatSyntaxError(error)).toContain("source code string cannot contain null bytes");
  });

  it("report too many indentation levels", () => {
    let source = "";
    for (let i = 0; i < 101; i += 1) source += `${" ".repeat(i)}if x:\n`;
    expect(errorOf(`${source}${" ".repeat(101)}y\n`).msg).toBe("too many levels of indentation");
  });
});
