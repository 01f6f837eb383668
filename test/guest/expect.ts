/**
 * `npm run guest:expect [name…]`: run each guest program under CPython 3.11 and store what it
 * prints. A program that prints something else when run again is refused.
 */
import { findCPython } from "../../src/experiment/runtimes.js";
import { type Program, readCorpus, writeExpectation } from "./corpus.js";
import { runCPython } from "./launch.js";
import { normalise } from "./normalise.js";

async function expectation(python: string, program: Program): Promise<boolean> {
  const first = normalise(await runCPython(python, program), program.folder);
  for (let run = 0; run < 2; run++) {
    const again = normalise(await runCPython(python, program), program.folder);
    if (JSON.stringify(again) !== JSON.stringify(first)) {
      console.error(`${program.name}: prints something else each time; not stored`);
      return false;
    }
  }
  writeExpectation(program, first);
  return true;
}

const python = findCPython();
if (python === null) {
  console.error("CPython 3.11 was not found: set TAKEGIL_PYTHON to its path");
  process.exitCode = 1;
} else {
  const wanted = process.argv.slice(2);
  const corpus = readCorpus().filter(
    ({ name }) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix)),
  );
  let stored = 0;
  for (const program of corpus) if (await expectation(python, program)) stored += 1;
  console.log(`${stored} of ${corpus.length} expectations stored`);
  if (stored < corpus.length) process.exitCode = 1;
}
