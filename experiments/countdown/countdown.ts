/**
 * `npm run demo`: Beazley's countdown, sequential and with 2 and 4 threads under one GIL,
 * interleaved. Prints the table, draws who held the lock, keeps traces and figures in results/.
 */
import { join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  type DisciplineName,
  disciplineNames,
  Interpreter,
  type RunResult,
} from "../../src/index.js";
import { drawLanes } from "../../src/report/lanes.js";
import { ResultFolder, toMarkdown } from "../../src/report/results.js";
import type { Trace } from "../../src/trace/file.js";
import { alignColumns, ROOT, showProgress } from "../runtimes.js";
import {
  type CountdownRun,
  cellsOf,
  TABLE_HEAD,
  tableRows,
  toSample,
  typicalRun,
  variantName,
} from "./analysis.js";

const PROGRAM = join(ROOT, "experiments/countdown/countdown.py");
const CALIBRATION_COUNT = 4_000_000;

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0");
  return value;
}

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  const us = match === null ? 0 : Number(match[1]) * { us: 1, ms: 1e3, s: 1e6 }[match[2] as "us"];
  if (!(us >= 1)) throw new InvalidArgumentError("expected a duration such as 5ms");
  return us;
}

const options = new Command("countdown")
  .description("Count down in one thread, two and four, and see what the GIL does about it.")
  .option("-r, --runs <n>", "measured runs of each variant", positive, 5)
  .option("-s, --seconds <n>", "how long a sequential run shall take", positive, 0.7)
  .addOption(
    new Option("--gil <discipline>", "the lock's discipline")
      .choices(disciplineNames)
      .default("py32"),
  )
  .option("--switch-interval <duration>", "the switch interval", duration, 5000)
  .option("--results <folder>", "where the result folder is made", "results")
  .addHelpText(
    "after",
    `
/ sequential         median of the rounds' wall time / that round's sequential wall time
95 % interval        bootstrap interval of that median
switches             times the GIL went to another thread than the last holder, median
elapsed / interval   how many there would be with one switch every interval
shares               least and greatest part of the GIL's time that a counting thread had`,
  )
  .parse()
  .opts<{
    runs: number;
    seconds: number;
    gil: DisciplineName;
    switchInterval: number;
    results: string;
  }>();

const intervalSeconds = options.switchInterval / 1e6;
const variants = [0, 2, 4];

/** Run the program once in a fresh interpreter; gives the seconds that it printed. */
async function countdown(
  count: number,
  threads: number,
  trace?: string,
): Promise<{ seconds: number; result: RunResult }> {
  let output = "";
  const interpreter = await Interpreter.create({
    gil: options.gil,
    switchIntervalUs: options.switchInterval,
    trace,
    stdout: (text) => {
      output += text;
    },
  });
  const result = await interpreter.runFile(PROGRAM, [String(count), String(threads)]);
  await interpreter.close();
  const seconds = Number(output);
  if (result.status !== 0 || !(seconds > 0)) {
    const printed = JSON.stringify(output);
    console.error(`countdown: the program ended with status ${result.status}, printed ${printed}`);
    process.exit(1);
  }
  return { seconds, result };
}

showProgress("calibrating");
const calibrated = (await countdown(CALIBRATION_COUNT, 0)).seconds;
const count = Math.ceil((CALIBRATION_COUNT * options.seconds) / calibrated / 1e5) * 1e5;
const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "countdown",
  argv: process.argv.slice(2),
  configuration: {
    count,
    variants: variants.map(variantName),
    runs: options.runs,
    gil: options.gil,
    switchIntervalUs: options.switchInterval,
  },
  sources: [PROGRAM],
});

const runs: CountdownRun[] = [];
const traces = new Map<CountdownRun, { path: string; trace: Trace }>();
for (let round = 1; round <= options.runs; round++) {
  for (const threads of variants) {
    showProgress(`round ${round} of ${options.runs}: ${variantName(threads)}`);
    const name = `threads=${threads}.${round}.trace`;
    const path = folder.write(`traces/${name}`, "");
    const { seconds, result } = await countdown(count, threads, path);
    const statistics = result.statistics!;
    const run = { round, threads, seconds, statistics };
    runs.push(run);
    traces.set(run, { path, trace: result.trace! });
    if (statistics.droppedRecords > 0) {
      folder.doubt(`${name}: ${statistics.droppedRecords} trace records were dropped`);
    }
  }
}
showProgress("");

const figures = variants.map((threads) => {
  const { trace } = traces.get(typicalRun(runs, threads))!;
  const name = variantName(threads).replace(" ", "-");
  return folder.write(`figures/${name}.svg`, drawLanes(trace, {}));
});
const rows = tableRows(runs, variants, intervalSeconds);
const records = runs.reduce((sum, run) => sum + run.statistics.records, 0);
folder.note("traceRecords", {
  written: records,
  dropped: runs.reduce((sum, run) => sum + run.statistics.droppedRecords, 0),
});
folder.writeSamples(runs.map((run) => toSample(run, intervalSeconds)));
folder.writeSummary(
  cellsOf(runs, intervalSeconds),
  "wall_seconds",
  `Counting down from ${count} under ${options.gil}, switch interval ${intervalSeconds} s.\n\n` +
    `${toMarkdown(TABLE_HEAD, rows)}`,
);
folder.finish("complete");

const shown = (path: string) => relative(process.cwd(), path);
const typical = traces.get(typicalRun(runs, 2))!.path;
console.log(`Counting down from ${count} under ${options.gil}, interval ${intervalSeconds} s\n`);
console.log(alignColumns(TABLE_HEAD, rows));
for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
console.log(`\nWritten to ${shown(folder.path)}`);
for (const figure of figures) console.log(`  ${shown(figure)}`);
console.log(`
Next:
  open ${shown(figures[1])} in a browser
  npx takegil graph ${shown(typical)} -o countdown.svg
  npx takegil export ${shown(typical)} --format perfetto
  npm run demo -- --switch-interval 20ms`);
