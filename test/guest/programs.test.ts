import { describe, expect, it } from "vitest";
import { readCorpus, readExpectation } from "./corpus.js";
import { applyDifferences, readDifferences } from "./differences.js";
import { runTakegil, takegilIsBuilt } from "./launch.js";
import { normalise } from "./normalise.js";

const differences = readDifferences();
const title = takegilIsBuilt()
  ? "guest programs under takegil"
  : "guest programs under takegil (skipped: the command line is not built)";

describe.skipIf(!takegilIsBuilt())(title, () => {
  for (const program of readCorpus()) {
    it.concurrent(program.name, async () => {
      const expected = readExpectation(program);
      expect(expected, "run `npm run guest:expect`").not.toBeNull();
      const outcome = normalise(await runTakegil(program), program.folder);
      expect(outcome).toEqual(applyDifferences(program.name, expected!, differences));
    });
  }
});
