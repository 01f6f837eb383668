import { describe, expect, it } from "vitest";
import { readCorpus, readExpectation } from "./corpus.js";
import { applyDifferences, readDifferences } from "./differences.js";
import { runTakegil, takegilIsBuilt } from "./launch.js";
import { normalise } from "./normalise.js";

const differences = readDifferences();
const title = takegilIsBuilt() ? "" : " (skipped: the command line is not built)";

/** Where instructions put into the code could show: jumps, handlers, generators, tracebacks. */
const AREAS = /^(control|exceptions|generators|with|threads)\//;

describe.skipIf(!takegilIsBuilt())(`guest programs with the check points of 2.7${title}`, () => {
  for (const program of readCorpus().filter(({ name }) => AREAS.test(name))) {
    it.concurrent(program.name, async () => {
      const ended = await runTakegil(program, ["--python", "2.7"]);
      const expected = applyDifferences(program.name, readExpectation(program)!, differences);
      expect(normalise(ended, program.folder)).toEqual(expected);
    });
  }
});
