/**
 * `npm run collect`: full collections over a million containers, and a million small objects built
 * and dropped (collect.py), under takegil and CPython 3.11 in turns; seconds and ratios.
 */
import { join } from "node:path";
import {
  alignColumns,
  ROOT,
  type Runtime,
  runProgram,
  runtimesToCompare,
  showProgress,
} from "../../src/experiment/runtimes.js";
import { formatSeconds } from "../../src/report/table.js";

const PROGRAM = join(ROOT, "experiments/memory/collect.py");
const ROUNDS = 3;

/** Work by name: its result, and the least seconds of all runs. */
type Figures = Map<string, { result: string; seconds: number }>;

function measure(runtime: Runtime, figures: Figures): void {
  const { stdout, failure } = runProgram(runtime, PROGRAM, process.argv.slice(2));
  if (failure !== null) {
    console.error(`collect: ${runtime.name}: ${failure}`);
    process.exit(1);
  }
  for (const line of stdout.trim().split("\n")) {
    const [work, result, seconds] = line.split(" ");
    const best = Math.min(figures.get(work)?.seconds ?? Infinity, Number(seconds));
    figures.set(work, { result, seconds: best });
  }
}

const runtimes = runtimesToCompare(true);
const all = runtimes.map((): Figures => new Map());
for (let round = 0; round < ROUNDS; round++) {
  runtimes.forEach((runtime, i) => {
    showProgress(`round ${round + 1} of ${ROUNDS}: ${runtime.name}`);
    measure(runtime, all[i]);
  });
}
showProgress("");
const [ours, theirs] = all;
const rows = [...ours].map(([work, { result, seconds }]) => {
  const other = theirs?.get(work);
  if (other !== undefined && other.result !== result) {
    console.error(`collect: ${work} gave ${result}, under CPython ${other.result}`);
    process.exit(1);
  }
  const reference = other?.seconds ?? null;
  const ratio = reference === null ? "–" : (seconds / reference).toFixed(2);
  return [work, formatSeconds(seconds), formatSeconds(reference), ratio];
});
console.log(alignColumns(["work", "takegil", "CPython 3.11", "ratio"], rows));
