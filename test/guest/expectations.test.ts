import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCPython } from "../../src/experiment/runtimes.js";
import { ROOT, readCorpus, readExpectation } from "./corpus.js";
import { applyDifferences, indexOfLines, readDifferences } from "./differences.js";
import { runCPython } from "./launch.js";
import { normalise } from "./normalise.js";

const python = findCPython();
const corpus = readCorpus();
const title =
  python === null
    ? "stored expectations (skipped: no CPython 3.11; set TAKEGIL_PYTHON)"
    : "stored expectations are what CPython 3.11 prints";

describe.skipIf(python === null)(title, () => {
  for (const program of corpus) {
    it.concurrent(program.name, async () => {
      const outcome = normalise(await runCPython(python!, program), program.folder);
      expect(outcome).toEqual(readExpectation(program));
    });
  }
});

describe("the corpus", () => {
  it("has an expectation for every program", () => {
    const missing = corpus.filter((program) => readExpectation(program) === null);
    expect(missing.map((program) => program.name)).toEqual([]);
    expect(corpus.length).toBeGreaterThan(0);
  });
});

describe("the list of differences", () => {
  const text = readFileSync(join(ROOT, "test/guest/DIFFERENCES.md"), "utf8");
  const differences = readDifferences();

  it("is shown by guest programs whose CPython lines still occur", () => {
    for (const { id, program, stream, cpython, takegil } of differences) {
      const found = corpus.find(({ name }) => name === program);
      expect(found, `${id}: no program ${program}`).toBeDefined();
      expect(takegil, id).not.toEqual(cpython);
      const expected = readExpectation(found!);
      expect(indexOfLines(expected?.[stream] ?? [], cpython), id).toBeGreaterThanOrEqual(0);
    }
  });

  it("is explained, entry by entry", () => {
    for (const { id, reason } of differences) {
      expect(reason.length, id).toBeGreaterThan(20);
      expect(text).toContain(`## ${id}\n`);
    }
    const headings = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(differences.map(({ id }) => id));
  });

  it("replaces exactly the lines that differ", () => {
    const expected = { status: 0, stdout: ["a", "b", "c"], stderr: [] };
    const entry = { id: "x", program: "p/q", stream: "stdout", reason: "" } as const;
    const difference = { ...entry, cpython: ["b"], takegil: ["B", "B2"] };
    const changed = applyDifferences("p/q", expected, [difference]);
    expect(changed.stdout).toEqual(["a", "B", "B2", "c"]);
    expect(applyDifferences("p/other", expected, [difference])).toEqual(expected);
    expect(expected.stdout).toEqual(["a", "b", "c"]);
  });
});
