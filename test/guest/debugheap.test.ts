/**
 * Guest programs on the debug heap, verified at their end: they print what they print otherwise. A
 * sample here, all of them with TAKEGIL_NIGHTLY=1.
 */
import { describe, expect, it } from "vitest";
import { readCorpus, readExpectation } from "./corpus.js";
import { applyDifferences, readDifferences } from "./differences.js";
import { runTakegil, takegilIsBuilt } from "./launch.js";
import { normalise } from "./normalise.js";

/** One program in so many is run. */
const STEP = process.env.TAKEGIL_NIGHTLY === undefined ? 12 : 1;

const differences = readDifferences();
// On the debug heap blocks are larger, and addresses come back at other times.
const programs = readCorpus()
  .filter(({ name }) => !name.startsWith("memory/"))
  .filter((_, i) => i % STEP === 0);

describe.skipIf(!takegilIsBuilt())("guest programs on the debug heap", () => {
  for (const program of programs) {
    it.concurrent(program.name, async () => {
      const outcome = normalise(await runTakegil(program, ["--malloc", "debug"]), program.folder);
      const expected = readExpectation(program);
      expect(outcome).toEqual(applyDifferences(program.name, expected!, differences));
    });
  }
});
