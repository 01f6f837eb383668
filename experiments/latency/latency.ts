/**
 * `npm run latency`: what a thread waits for under takegil and under CPython 3.11, interleaved:
 * the round trip through two locks, a thread's start, and a sleep that ends beside a busy thread.
 */
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import {
  alignColumns,
  ROOT,
  type Runtime,
  runProgram,
  runtimesToCompare,
  showProgress,
  takegilIsBuilt,
} from "../../src/experiment/runtimes.js";
import {
  formatValue,
  ResultFolder,
  type Sample,
  summariseCells,
  toMarkdown,
} from "../../src/report/results.js";
import { wholeNumber } from "../arguments.js";

const PROGRAMS = join(ROOT, "experiments/latency");
const WAITS: Readonly<Record<string, string>> = {
  handoff: "round trip of a token through two locks",
  start: "from a warm thread's start() to its first line",
  convoy: "how late sleep(2 ms) ends beside a busy thread",
};

const options = new Command("latency")
  .description("Measure what threads wait for under takegil and CPython 3.11.")
  .option("-r, --runs <n>", "measured runs of each program under each runtime", wholeNumber, 5)
  .option("--no-reference", "do not run CPython: absolute figures only")
  .option("--results <folder>", "where the result folder is made", "results")
  .addHelpText(
    "after",
    `
${Object.entries(WAITS)
  .map(([name, meaning]) => `${name.padEnd(9)}${meaning}`)
  .join("\n")}

p50, p99  percentiles within a run, in µs; the table has their medians over the runs
ratio     p50 under takegil / p50 under CPython`,
  )
  .parse()
  .opts<{ runs: number; reference: boolean; results: string }>();

if (!takegilIsBuilt()) {
  console.error("latency: the command line is not built: npm run build");
  process.exit(2);
}
const runtimes = runtimesToCompare(options.reference);
const programs = Object.keys(WAITS);
const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "latency",
  argv: process.argv.slice(2),
  configuration: {
    runs: options.runs,
    reference: runtimes.length > 1 ? "CPython 3.11" : null,
  },
  sources: programs.map((name) => join(PROGRAMS, `${name}.py`)),
});

const samples: Sample[] = [];
const failures: string[] = [];

function measure(round: number, program: string, runtime: Runtime): void {
  const { stdout, failure } = runProgram(runtime, join(PROGRAMS, `${program}.py`), []);
  const [p50, p99] = stdout.trim().split(" ").map(Number);
  if (failure !== null || !(p50 >= 0)) {
    failures.push(`${program} under ${runtime.name}: ${failure ?? `printed ${stdout}`}`);
    return;
  }
  const seconds = { p50_seconds: p50 / 1e6, p99_seconds: p99 / 1e6 };
  folder.keep(samples, { round, program, runtime: runtime.name, ...seconds });
}

for (let round = 1; round <= options.runs; round++) {
  for (const program of programs) {
    for (const runtime of runtimes) {
      showProgress(`round ${round} of ${options.runs}: ${program} under ${runtime.name}`);
      measure(round, program, runtime);
    }
  }
}
showProgress("");

const cells = summariseCells(samples, ["program", "runtime"], ["p50_seconds", "p99_seconds"]);

function micros(program: string, runtime: string, metric: string): number | null {
  const name = `program=${program},runtime=${runtime}`;
  const figures = cells.find(({ cell }) => cell === name)?.metrics[metric];
  return figures === undefined ? null : figures.median * 1e6;
}

const rows = programs.map((program) => {
  const ours = micros(program, "takegil", "p50_seconds");
  const theirs = micros(program, "cpython", "p50_seconds");
  return [
    program,
    formatValue(ours),
    formatValue(micros(program, "takegil", "p99_seconds")),
    formatValue(theirs),
    formatValue(micros(program, "cpython", "p99_seconds")),
    ours !== null && theirs !== null ? (ours / theirs).toFixed(2) : "",
  ];
});
const head = ["wait", "takegil p50", "p99", "CPython p50", "p99", "ratio"];
folder.note("failures", failures);
folder.writeSamples(samples);
folder.writeSummary(cells, "p50_seconds", `Microseconds.\n\n${toMarkdown(head, rows)}`);
folder.finish(failures.length === 0 ? "complete" : "partial");

console.log("Microseconds, medians over the runs\n");
console.log(alignColumns(head, rows));
for (const failure of failures) console.log(`failed: ${failure}`);
for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
console.log(`\nWritten to ${relative(process.cwd(), folder.path)}`);
console.log("Next: npm run latency -- --runs 15");
if (failures.length > 0) process.exitCode = 1;
