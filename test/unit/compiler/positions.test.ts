import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileModule } from "../../../src/compiler/compile.js";
import type { CodeUnit } from "../../../src/compiler/unit.js";
import { python, runPython } from "./oracle.js";

const FOLDERS = ["experiments/bench", "test/unit/compiler/corpus"];

/** Everything a code object says of itself, besides its instructions and constants. */
const DESCRIBE = `
import json, sys, types, warnings
warnings.simplefilter("ignore")
def walk(code, out):
    out.append([code.co_name, code.co_qualname, code.co_firstlineno, code.co_stacksize,
        code.co_flags, code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount,
        code.co_varnames, code.co_cellvars, code.co_freevars, code.co_names, len(code.co_consts),
        [[-1 if x is None else x for x in p] for p in code.co_positions()]])
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            walk(constant, out)
    return out
print(json.dumps([walk(compile(text, name, "exec", dont_inherit=True), [])
    for name, text in json.load(sys.stdin)]))
`;

function describeUnit(unit: CodeUnit): unknown[] {
  const positions: number[][] = [];
  for (let i = 0; i < unit.positions.length; i += 4) {
    positions.push(Array.from(unit.positions.subarray(i, i + 4)));
  }
  const { name, qualname, firstLine, stackSize, flags } = unit;
  const counts = [unit.argCount, unit.posOnlyArgCount, unit.kwOnlyArgCount];
  const names = [unit.varNames, unit.cellVars, unit.freeVars, unit.names];
  const head = [name, qualname, firstLine, stackSize, flags, ...counts, ...names];
  return [...head, unit.consts.length, positions];
}

function units(unit: CodeUnit): CodeUnit[] {
  const inner = unit.consts.flatMap((item) => (item.kind === "code" ? units(item.unit) : []));
  return [unit, ...inner];
}

describe.skipIf(python === null)("code units", () => {
  it("have the names, sizes, flags and positions of CPython 3.11's code objects", () => {
    const programs = FOLDERS.flatMap((folder) =>
      readdirSync(folder)
        // Its jumps need EXTENDED_ARG in CPython.
        .filter((name) => name.endsWith(".py") && name !== "nbody.py")
        .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
    );
    const expected = JSON.parse(runPython(DESCRIBE, JSON.stringify(programs))) as unknown[];
    programs.forEach(([name, text], i) => {
      expect(units(compileModule(text, name)).map(describeUnit), name).toEqual(expected[i]);
    });
  });
});
