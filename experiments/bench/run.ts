/**
 * `npm run bench`: the thirteen programs of this folder and hello, under takegil and under CPython
 * 3.11, interleaved in one run. Checksums first; then times, as ratios to CPython.
 */
import { readFileSync } from "node:fs";
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
  type CellSummary,
  formatValue,
  ResultFolder,
  type Sample,
  summariseCells,
  toMarkdown,
} from "../../src/report/results.js";
import { geometricMean } from "../../src/report/sampling.js";
import { wholeNumber } from "../arguments.js";

const PROGRAMS = join(ROOT, "experiments/bench");
/** A finished run: the program's own seconds, except for hello, where the whole process counts. */
interface Run {
  checksum: string;
  seconds: number;
}

const checksums: Record<string, string> = JSON.parse(
  readFileSync(join(PROGRAMS, "checksums.json"), "utf8"),
);

/** Run a benchmark program; gives its seconds, or why the run does not count. */
function measure(runtime: Runtime, program: string): Run | string {
  const { stdout, seconds, failure } = runProgram(runtime, join(PROGRAMS, `${program}.py`), []);
  if (failure !== null) return failure;
  if (program === "hello") {
    return stdout === "hello world\n" ? { checksum: "", seconds } : `printed ${stdout}`;
  }
  const [name, checksum, own] = stdout.trim().split(" ");
  if (name !== program || checksum !== checksums[program]) {
    return `checksum ${checksum}, expected ${checksums[program]}`;
  }
  return { checksum, seconds: Number(own) };
}

const options = new Command("bench")
  .description("Run the benchmark programs under takegil and CPython 3.11 and compare the times.")
  .option("-r, --runs <n>", "measured runs of each program under each runtime", wholeNumber, 5)
  .option("-p, --programs <names>", "only these programs, separated by commas")
  .option("--no-reference", "do not run CPython: absolute figures only")
  .option("--results <folder>", "where the result folder is made", "results")
  .option("--json", "print the summary as JSON instead of a table")
  .addHelpText(
    "after",
    `
Programs: hello, ${Object.keys(checksums).join(", ")}.
CPython 3.11 is taken from TAKEGIL_PYTHON, pyenv or the PATH.

seconds  a program's own measure of its main work; for hello the whole process
ratio    median seconds under takegil / median seconds under CPython
spread   standard deviation / mean of takegil's seconds
mean     the geometric mean of the ratios of all programs but hello`,
  )
  .parse()
  .opts<{
    runs: number;
    programs?: string;
    reference: boolean;
    results: string;
    json?: true;
  }>();

const all = ["hello", ...Object.keys(checksums)];
const chosen = options.programs?.split(",") ?? all;
const unknown = chosen.find((name) => !all.includes(name));
if (unknown !== undefined) {
  console.error(`bench: no program is named "${unknown}" (there are ${all.join(", ")})`);
  process.exit(2);
}

if (!takegilIsBuilt()) {
  console.error("bench: the command line is not built: npm run build");
  process.exit(2);
}
const runtimes = runtimesToCompare(options.reference);

const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "bench",
  argv: process.argv.slice(2),
  configuration: {
    runs: options.runs,
    programs: chosen,
    reference: runtimes.length > 1 ? "CPython 3.11" : null,
  },
  sources: chosen.map((name) => join(PROGRAMS, `${name}.py`)),
});

const failures: string[] = [];
const samples: Sample[] = [];
// The first round is not counted: it checks the checksums and warms the file caches.
for (let round = 0; round <= options.runs; round++) {
  for (const program of chosen) {
    for (const runtime of runtimes) {
      if (failures.some((failure) => failure.startsWith(`${program} under ${runtime.name}:`))) {
        continue;
      }
      showProgress(`round ${round} of ${options.runs}: ${program} under ${runtime.name}`);
      const run = measure(runtime, program);
      if (typeof run === "string") failures.push(`${program} under ${runtime.name}: ${run}`);
      else if (round > 0) {
        folder.keep(samples, { round, program, runtime: runtime.name, seconds: run.seconds });
      }
    }
  }
}
showProgress("");

const cells = summariseCells(samples, ["program", "runtime"], ["seconds"]);

function secondsOf(program: string, runtime: string): CellSummary["metrics"][string] | null {
  const cell = cells.find(({ cell: name }) => name === `program=${program},runtime=${runtime}`);
  return cell?.metrics.seconds ?? null;
}

const ratios: number[] = [];
const rows = chosen.map((program) => {
  const ours = secondsOf(program, "takegil");
  const theirs = secondsOf(program, "cpython");
  const ratio = ours !== null && theirs !== null ? ours.median / theirs.median : null;
  if (ratio !== null && program !== "hello") ratios.push(ratio);
  const spread = ours === null || ours.sd === null ? "" : `${formatPercent(ours.sd / ours.mean)}`;
  return [
    program,
    ours === null ? "failed" : ours.median.toFixed(3),
    theirs === null ? "" : theirs.median.toFixed(3),
    ratio === null ? "" : ratio.toFixed(2),
    spread,
  ];
});

function formatPercent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

const head = ["program", "takegil s", "CPython 3.11 s", "ratio", "spread"];
const mean = ratios.length > 0 ? geometricMean(ratios) : null;
const verdict =
  mean === null
    ? "no ratios: nothing ran under both takegil and CPython 3.11"
    : `geometric mean of ${ratios.length} ratios: ${formatValue(mean)}`;
folder.note("failures", failures);
folder.note("geometricMeanRatio", mean);
folder.writeSamples(samples);
folder.writeSummary(cells, "seconds", `${toMarkdown(head, rows)}\n${verdict}\n`);
folder.finish(failures.length === 0 ? "complete" : "partial");

if (options.json) {
  console.log(JSON.stringify({ cells, geometricMeanRatio: mean, failures }, null, 1));
} else {
  console.log(alignColumns(head, rows));
  console.log(verdict);
  for (const failure of failures) console.log(`failed: ${failure}`);
  for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
  console.log(`\nWritten to ${relative(process.cwd(), folder.path)}`);
  console.log("Next: npm run bench -- --runs 15 --programs fib,strings");
}
if (failures.length > 0) process.exitCode = 1;
