/**
 * `npm run bench`: the thirteen programs of this folder and hello, under takegil and under CPython
 * 3.11, interleaved in one run. Checksums first; then times, as ratios to CPython.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import {
  type CellSummary,
  formatValue,
  ResultFolder,
  type Sample,
  summariseCells,
  toMarkdown,
} from "../../src/report/results.js";
import { geometricMean } from "../../src/report/sampling.js";
import { findCPython } from "../cpython.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PROGRAMS = join(ROOT, "experiments/bench");
const COMMAND = join(ROOT, "dist/src/cli/main.js");
const TIMEOUT_MS = 120_000;

interface Runtime {
  name: "takegil" | "cpython";
  command: string;
  args: string[];
}

/** A finished run: the program's own seconds, except for hello, where the whole process counts. */
interface Run {
  checksum: string;
  seconds: number;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("expected a whole number of at least 1");
  }
  return value;
}

const checksums: Record<string, string> = JSON.parse(
  readFileSync(join(PROGRAMS, "checksums.json"), "utf8"),
);

function runProgram(runtime: Runtime, program: string): Run | string {
  const started = performance.now();
  const path = join(PROGRAMS, `${program}.py`);
  const child = spawnSync(runtime.command, [...runtime.args, path], {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  const seconds = (performance.now() - started) / 1000;
  if (child.error !== undefined) return child.error.message;
  if (child.status !== 0) {
    const lastLine = child.stderr.trimEnd().split("\n").at(-1);
    return `exit status ${child.status ?? child.signal}: ${lastLine}`;
  }
  if (program === "hello") {
    return child.stdout === "hello world\n" ? { checksum: "", seconds } : `printed ${child.stdout}`;
  }
  const [name, checksum, own] = child.stdout.trim().split(" ");
  if (name !== program || checksum !== checksums[program]) {
    return `checksum ${checksum}, expected ${checksums[program]}`;
  }
  return { checksum, seconds: Number(own) };
}

const options = new Command("bench")
  .description("Run the benchmark programs under takegil and CPython 3.11 and compare the times.")
  .option("-r, --runs <n>", "measured runs of each program under each runtime", positive, 5)
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

if (!existsSync(COMMAND)) {
  console.error("bench: the command line is not built: npm run build");
  process.exit(2);
}

const python = options.reference ? findCPython() : null;
const runtimes: Runtime[] = [
  { name: "takegil", command: process.execPath, args: [COMMAND, "run"] },
];
if (python !== null) runtimes.push({ name: "cpython", command: python, args: [] });

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "bench",
  argv: process.argv.slice(2),
  configuration: {
    runs: options.runs,
    programs: chosen,
    reference: python === null ? null : "CPython 3.11",
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
      progress(`round ${round} of ${options.runs}: ${program} under ${runtime.name}`);
      const run = runProgram(runtime, program);
      if (typeof run === "string") failures.push(`${program} under ${runtime.name}: ${run}`);
      else if (round > 0) {
        samples.push({ round, program, runtime: runtime.name, seconds: run.seconds });
      }
    }
  }
}
progress("");

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
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  for (const row of [head, ...rows]) {
    const cellsOf = row.map((text, i) =>
      i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]),
    );
    console.log(cellsOf.join("  "));
  }
  console.log(verdict);
  for (const failure of failures) console.log(`failed: ${failure}`);
  for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
  console.log(`\nWritten to ${relative(process.cwd(), folder.path)}`);
  console.log("Next: npm run bench -- --runs 15 --programs fib,strings");
}
if (failures.length > 0) process.exitCode = 1;
