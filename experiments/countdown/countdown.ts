/**
 * `npm run demo`: Beazley's countdown in one thread, two and four under one GIL, interleaved in
 * one process. Prints the table, draws who held the lock, keeps trace and figures in results/.
 */
import { join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type DisciplineName, disciplineNames, Interpreter } from "../../src/index.js";
import { drawLanes } from "../../src/report/lanes.js";
import { ResultFolder, toMarkdown } from "../../src/report/results.js";
import { newStatistics } from "../../src/report/statistics.js";
import { newTimeline } from "../../src/report/timeline.js";
import type { Trace } from "../../src/trace/file.js";
import { alignColumns, ROOT, showProgress } from "../runtimes.js";
import {
  cellsOf,
  readLine,
  TABLE_HEAD,
  tableRows,
  toRun,
  toSample,
  typicalRun,
  variantName,
} from "./analysis.js";

const PROGRAM = join(ROOT, "experiments/countdown/countdown.py");

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
  .option("-r, --runs <n>", "measured runs of each variant", positive, 9)
  .option("-s, --seconds <n>", "how long a sequential run shall take", positive, 0.5)
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
/ sequential         median of its wall time / the same round's sequential wall time
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
const variants = [1, 2, 4];
const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "countdown",
  argv: process.argv.slice(2),
  configuration: {
    seconds: options.seconds,
    variants: variants.map(variantName),
    runs: options.runs,
    gil: options.gil,
    switchIntervalUs: options.switchInterval,
  },
  sources: [PROGRAM],
});

/** Run the program once, with all its rounds; gives what it printed and its trace. */
async function countdown(tracePath: string): Promise<{ lines: string[]; trace: Trace }> {
  let output = "";
  let failure = "";
  const interpreter = await Interpreter.create({
    gil: options.gil,
    switchIntervalUs: options.switchInterval,
    trace: tracePath,
    stdout: (text) => {
      output += text;
      const done = output.split("\n").length - 1;
      showProgress(`run ${done} of ${options.runs * variants.length} is done`);
    },
    stderr: (text) => {
      failure += text;
    },
  });
  const words = [options.seconds, options.runs, ...variants].map(String);
  const { status, trace } = await interpreter.runFile(PROGRAM, words);
  await interpreter.close();
  if (status !== 0 || trace === null) {
    folder.finish("partial");
    console.error(`countdown: the program ended with status ${status}`);
    console.error(failure.trimEnd());
    process.exit(1);
  }
  return { lines: output.trim().split("\n"), trace };
}

showProgress("warming up");
const tracePath = folder.write("countdown.trace", "");
const { lines, trace } = await countdown(tracePath);
showProgress("");
const timeline = newTimeline(trace);
const printed = lines.map(readLine).filter((line) => line !== null);
const runs = printed.map((line) => toRun(line, trace, timeline));
const { droppedRecords } = newStatistics(trace);
if (droppedRecords > 0) folder.doubt(`${droppedRecords} trace records were dropped`);

const figures = variants.map((threads) => {
  const name = variantName(threads).replace(" ", "-");
  return folder.write(`figures/${name}.svg`, drawLanes(typicalRun(runs, threads).trace, {}));
});
const rows = tableRows(runs, variants, intervalSeconds);
const caption =
  `Counting down from ${printed[0].count} under ${options.gil}, ` +
  `switch interval ${intervalSeconds} s.`;
folder.note("traceRecords", { written: trace.history.length, dropped: droppedRecords });
folder.writeSamples(runs.map((run) => toSample(run, intervalSeconds)));
folder.writeSummary(
  cellsOf(runs, intervalSeconds),
  "wall_seconds",
  `${caption}\n\n${toMarkdown(TABLE_HEAD, rows)}`,
);
folder.finish("complete");

const shown = (path: string) => relative(process.cwd(), path);
const { fromSeconds, toSeconds } = typicalRun(runs, 2).window;
const window = `--from ${fromSeconds.toFixed(3)}s --to ${toSeconds.toFixed(3)}s`;
console.log(`${caption}\n`);
console.log(alignColumns(TABLE_HEAD, rows));
for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
console.log(`\nWritten to ${shown(folder.path)}`);
for (const figure of figures) console.log(`  ${shown(figure)}`);
console.log(`
Next:
  open ${shown(figures[1])} in a browser
  npx takegil graph ${shown(tracePath)} ${window} -o countdown.svg
  npx takegil export ${shown(tracePath)} --format perfetto
  npm run demo -- --switch-interval 20ms`);
