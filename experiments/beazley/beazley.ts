/**
 * `npm run beazley -- onecpu|twothread|fourthread`: D. Beazley's runs of 2010 under CPython 2.7 and
 * 3.11, where they are installed, and under takegil's disciplines. Prints how much slower threads
 * are than one thread, beside what was published, and draws his picture of each.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { partWith } from "../../src/experiment/lock.js";
import {
  alignColumns,
  findCPython,
  pinned,
  ROOT,
  type Runtime,
  runProgram,
  showProgress,
  takegil,
} from "../../src/experiment/runtimes.js";
import { disciplineNames } from "../../src/index.js";
import { drawGilvis } from "../../src/report/gilvis.js";
import { ResultFolder, summariseCells, toMarkdown } from "../../src/report/results.js";
import { newStatistics } from "../../src/report/statistics.js";
import { newTimeline } from "../../src/report/timeline.js";
import { readTrace, type Trace } from "../../src/trace/file.js";
import {
  type BeazleyRun,
  type Contender,
  readLine,
  TABLE_HEAD,
  tableRows,
  toSample,
} from "./analysis.js";
import {
  type ExperimentName,
  experimentNames,
  type Place,
  plans,
  published,
  titleOf,
} from "./runs.js";

const PROGRAM = join(ROOT, "experiments/beazley/count.py");
/** Counts of every warm-up; few where a trace is drawn, as at 2.7's checks a second of counting is
 * millions of records. */
const WARM_UP_COUNT = 1_200_000;
const DRAWN_WARM_UP_COUNT = 240_000;
/** Counting of a run whose trace is drawn, s. */
const DRAWN_SECONDS = 0.02;

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0");
  return value;
}

function words(text: string): string[] {
  return text.split(",");
}

/** All but the one that is no lock: what is counted without one is not what was asked for. */
const lockNames = disciplineNames.filter((discipline) => discipline !== "none-unsafe");

const command = new Command("beazley")
  .description("Count in threads on one processor and several, as D. Beazley did in 2010.")
  .addArgument(new Argument("<experiment>", "which of his runs").choices([...experimentNames]))
  .option("-r, --runs <n>", "processes of each runtime", positive, 2)
  .option("--rounds <n>", "measured rounds in each process", positive, 3)
  .option("-s, --seconds <n>", "how long one thread shall count", positive, 0.25)
  .option("--gil <names>", "disciplines, with commas", words, lockNames)
  .option("--no-reference", "do without CPython")
  .option("--results <folder>", "where the result folder is made", "results")
  .addHelpText(
    "after",
    `
CPUs          processors; spread: each thread is kept on one of them, in turn, where the kernel
              else likes to wake a thread on the processor of who woke it
s / 100 M     seconds one thread takes to count down from 100,000,000
slow-down     time with threads / time of one thread that does the same work, median of the rounds
published     what Beazley published of CPython's lock of that time, on Mac OS X
/ CPython     our slow-down / that of CPython 2.7 (py2-…) or 3.11 (others) in the same experiment`,
  )
  .parse();
const options = command.opts<{
  runs: number;
  rounds: number;
  seconds: number;
  gil: string[];
  reference: boolean;
  results: string;
}>();
const name = command.args[0] as ExperimentName;
const plan = plans[name];

/** A contender and how it is started. */
interface Entrant extends Contender {
  readonly runtime: Runtime;
}

function entrants(): Entrant[] {
  const unknown = options.gil.find((gil) => !(disciplineNames as readonly string[]).includes(gil));
  if (unknown !== undefined) {
    console.error(`beazley: no discipline ${unknown}: ${disciplineNames.join(", ")}`);
    process.exit(2);
  }
  const found: Entrant[] = [];
  for (const [version, era] of [
    ["2.7", "old"],
    ["3.11", "new"],
  ] as const) {
    const path = options.reference ? findCPython(version) : null;
    if (path === null) continue;
    const label = `CPython ${version}`;
    found.push({
      name: label,
      era,
      isReference: true,
      runtime: { name: label, command: path, args: [] },
    });
  }
  const ours = options.gil.map((gil): Entrant => {
    const args = [...takegil.args, "--gil", gil];
    const era = gil.startsWith("py2-") ? "old" : "new";
    return { name: gil, era, isReference: false, runtime: { ...takegil, name: gil, args } };
  });
  return [...found, ...ours];
}

const contenders = entrants();
const places = plan.places.filter(({ cpus }) => cpus <= availableParallelism());
const variants = [1, ...plan.threads];
const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: name,
  argv: process.argv.slice(2),
  configuration: {
    cpus: places.map(titleOf),
    threads: variants,
    runtimes: contenders.map((contender) => contender.name),
    processes: options.runs,
    rounds: options.rounds,
    seconds: options.seconds,
    checkInterval: 100,
    switchIntervalUs: 5000,
  },
  sources: [PROGRAM],
});

function fail(what: string, why: string): never {
  folder.finish("partial");
  console.error(`beazley: ${what}: ${why}`);
  process.exit(1);
}

/** A runtime on the processors of a place, and what the program is told of them. */
function placed({ runtime, isReference }: Entrant, place: Place): [Runtime, string] {
  if (!place.spread) return [pinned(runtime, place.cpus), "-"];
  const cores = Array.from({ length: place.cpus }, (_, core) => core).join(",");
  // CPython's threads bind themselves, which takegil's cannot.
  if (isReference) return [pinned(runtime, place.cpus), cores];
  return [{ ...runtime, args: [...runtime.args, "--cores", cores, "--spread"] }, "-"];
}

/** Run the program in a process of its own. */
function runOnce(entrant: Entrant, place: Place, process: number): BeazleyRun[] {
  const [runtime, cores] = placed(entrant, place);
  const argv = [options.seconds, options.rounds, WARM_UP_COUNT, cores, ...variants].map(String);
  const { stdout, failure } = runProgram(runtime, PROGRAM, argv);
  if (failure !== null) fail(entrant.name, failure);
  return stdout
    .split("\n")
    .map(readLine)
    .filter((line) => line !== null)
    .map(({ round, threads, count, seconds }) => ({
      contender: entrant,
      place,
      round: `${process}.${round}`,
      threads,
      count,
      seconds,
    }));
}

/** A short run of its own for the picture: recording every check takes time. */
function traceOnce(entrant: Entrant, place: Place): Trace {
  const scratch = mkdtempSync(join(tmpdir(), "takegil-beazley-"));
  try {
    const path = join(scratch, "run.trace");
    const traced = { ...entrant.runtime, args: [...entrant.runtime.args, "--trace", path] };
    const [runtime, cores] = placed({ ...entrant, runtime: traced }, place);
    const argv = [DRAWN_SECONDS, 1, DRAWN_WARM_UP_COUNT, cores, 1, plan.threads[0]].map(String);
    const { stdout, failure } = runProgram(runtime, PROGRAM, argv);
    if (failure !== null) fail(`${entrant.name}, traced`, failure);
    const lines = stdout.split("\n").map(readLine);
    const last = lines.filter((line) => line !== null).at(-1)!;
    const trace = readTrace(readFileSync(path));
    return partWith(trace, newTimeline(trace), last.idents);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const runs: BeazleyRun[] = [];
for (let number = 1; number <= options.runs; number++) {
  for (const entrant of contenders) {
    for (const place of places) {
      const where = `${entrant.name} on CPU ${titleOf(place)}`;
      showProgress(`${name}: ${where}, process ${number} of ${options.runs}`);
      runs.push(...runOnce(entrant, place, number));
    }
  }
}
const figures: string[] = [];
const lost: number[] = [];
for (const entrant of contenders.filter(({ isReference }) => !isReference)) {
  for (const place of places) {
    showProgress(`${name}: drawing ${entrant.name} on CPU ${titleOf(place)}`);
    const trace = traceOnce(entrant, place);
    lost.push(newStatistics(trace).droppedRecords);
    const svg = drawGilvis(trace, { palette: "beazley", axis: "ticks" });
    figures.push(
      folder.write(`figures/${entrant.name}-${titleOf(place).replace(" ", "-")}.svg`, svg),
    );
  }
}
showProgress("");

const rows = tableRows(runs, contenders, plan.threads, places);
const samples = runs.map((run) => toSample(runs, run));
const caption =
  `D. Beazley's ${plan.title}, check interval 100, switch interval 5 ms. ` +
  `Slow-down: time with threads / time of one thread with the same work.`;
const missing = new Set(
  plan.places.filter((place) => !places.includes(place)).map(({ cpus }) => cpus),
);
const sources = [...new Set(published.map(({ source }) => source))].join("; ");
const notes = [
  `Published figures are quoted second-hand from his talks (${sources}), all on Mac OS X.`,
  ...[...missing].map((count) => `Not run on ${count} CPUs: this machine has fewer.`),
  ...(contenders.some(({ isReference }) => isReference) ? [] : ["No CPython was compared."]),
];
folder.note("traceRecordsLostInFigures", lost);
folder.writeSamples(samples);
folder.writeSummary(
  summariseCells(samples, ["runtime", "cpus", "spread", "threads"], ["wall_seconds", "slow_down"]),
  "slow_down",
  [caption, toMarkdown(TABLE_HEAD, rows), ...notes].join("\n\n"),
);
folder.finish("complete");

console.log(`${caption}\n`);
console.log(alignColumns(TABLE_HEAD, rows));
for (const note of notes) console.log(note);
for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
const shown = (path: string) => relative(process.cwd(), path);
console.log(`\nWritten to ${shown(folder.path)}`);
for (const figure of figures) console.log(`  ${shown(figure)}`);
console.log(`
Next:
  open ${shown(figures[0] ?? folder.path)} beside http://www.dabeaz.com/GIL/gilvis/${name}.html
  npm run beazley -- ${experimentNames.find((other) => other !== name)}`);
