import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileModule } from "../../../src/compiler/compile.js";
import { disassemble } from "../../../src/compiler/dis.js";
import { python, runPython } from "./oracle.js";

const BENCH = "experiments/bench";
const CORPUS = "test/unit/compiler/corpus";

const DIS = `
import dis, io, json, contextlib, sys, warnings
warnings.simplefilter("ignore")
out = []
for name, text in json.load(sys.stdin):
    buffer = io.StringIO()
    with contextlib.redirect_stdout(buffer):
        dis.dis(compile(text, name, "exec", dont_inherit=True))
    out.append(buffer.getvalue())
print(json.dumps(out))
`;

function programs(folder: string): [string, string][] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".py"))
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}

/** Addresses differ; the order within a frozenset is that of a hash table. */
function normalize(listing: string): string {
  return listing
    .replace(/ at 0x[0-9a-f]+/g, "")
    .replace(/frozenset\(\{(.*)\}\)/g, (_, items: string) => {
      return `frozenset({${items.split(", ").sort().join(", ")}})`;
    });
}

/** Programs whose jumps need EXTENDED_ARG, which our wider words never do. */
const EXTENDED = new Set(["nbody.py"]);

function compare(folder: string): void {
  const all = programs(folder).filter(([name]) => !EXTENDED.has(name));
  const expected = JSON.parse(runPython(DIS, JSON.stringify(all))) as string[];
  all.forEach(([name, text], i) => {
    const ours = normalize(disassemble(compileModule(text, name)));
    expect(ours, name).toBe(normalize(expected[i]));
  });
}

describe.skipIf(python === null)("disassembly agrees with CPython 3.11", () => {
  it("on the benchmark programs", () => compare(BENCH));
  it("on the corpus", () => compare(CORPUS));
});

describe("disassembly", () => {
  it("prints words, lines and jump targets", () => {
    const listing = disassemble(compileModule("while x:\n    f(1)\n", "w.py"));
    expect(listing).toContain("POP_JUMP_BACKWARD_IF_TRUE");
    expect(listing).toMatch(/^ {2}1 {11}2 LOAD_NAME {16}0 \(x\)$/m);
  });

  it("never needs EXTENDED_ARG", () => {
    const body = "    x = x + 1\n".repeat(200);
    const unit = compileModule(`for x in y:\n${body}`, "long.py");
    expect(disassemble(unit)).not.toContain("EXTENDED_ARG");
  });
});
