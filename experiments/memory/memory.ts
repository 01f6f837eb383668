/**
 * `npm run memory`: small programs whose heap is looked at, each with a figure and the sentence
 * that it proves; and two threads that change one reference count with and without the lock.
 */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { alignColumns, ROOT, showProgress } from "../../src/experiment/runtimes.js";
import { Interpreter, type RaceRun, raceCounts } from "../../src/index.js";
import { drawHeap } from "../../src/report/heapfigure.js";
import { formatHeapReport, type HeapReport } from "../../src/report/heapreport.js";
import { ResultFolder, type Sample, summariseCells, toMarkdown } from "../../src/report/results.js";
import { formatBytes, formatCount, formatRatio } from "../../src/report/table.js";
import { type Demonstration, demonstrations, snapshotLines } from "./demonstrations.js";
import { drawRace } from "./racefigure.js";

const HERE = join(ROOT, "experiments/memory");
const HEAP_BYTES = 256 << 20;

function positive(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0)) {
    throw new InvalidArgumentError("expected a whole number above 0");
  }
  return value;
}

const options = new Command("memory")
  .description("See how CPython's allocator and collector manage memory, on small programs.")
  .option("-r, --rounds <n>", "runs of the race in each mode", positive, 5)
  .option("--changes <n>", "changes that each thread makes in the race", positive, 20_000_000)
  .option("--results <folder>", "where the result folder is made", "results")
  .parse()
  .opts<{ rounds: number; changes: number; results: string }>();

/** Run a program under observation; what is captioned is named in its snapshots. */
async function observe({ program, argv, everyMs }: Demonstration): Promise<HeapReport> {
  const path = join(HERE, program);
  const marks = snapshotLines(readFileSync(path, "utf8"));
  const interpreter = await Interpreter.create({
    heapSize: HEAP_BYTES,
    stdout: () => {},
    heap: {
      at: marks.map(({ line }) => ({ line, pass: 1 })),
      everyMs,
      atExit: false,
      pool: null,
    },
  });
  const { status, heap } = await interpreter.runFile(path, argv);
  await interpreter.close();
  if (status !== 0 || heap === null || heap.snapshots.length !== marks.length) {
    console.error(`memory: ${program} ended with status ${status}`);
    process.exit(1);
  }
  const snapshots = heap.snapshots.map((snapshot, i) => ({
    ...snapshot,
    label: `line ${marks[i].line} (${marks[i].caption})`,
  }));
  return { ...heap, snapshots };
}

function toSamples(name: string, { snapshots }: HeapReport): Sample[] {
  return snapshots.map(({ label, layers, account, pools, collector }) => ({
    demonstration: name,
    snapshot: label,
    arenas: account.arenasCurrent,
    arenas_high_water: account.arenasHighWater,
    pools_in_use: pools.full + pools.used,
    live_bytes: layers.blocks + layers.large,
    free_block_bytes: layers.freeBlocks,
    collections: collector.generations.reduce((sum, { collections }) => sum + collections, 0),
  }));
}

function raceSample(run: RaceRun): Sample {
  return {
    demonstration: "race",
    mode: run.mode,
    changes: run.changes,
    lost_updates: run.changes - run.counted,
    lost_ratio: (run.changes - run.counted) / run.changes,
    wall_seconds: run.seconds,
    overlap_ratio: run.overlap,
  };
}

/** What the race proves; a machine that never ran both threads at once proves nothing. */
function raceSentence(runs: readonly RaceRun[]): string {
  const lost = (mode: string): number[] =>
    runs.filter((run) => run.mode === mode).map(({ changes, counted }) => changes - counted);
  const most = Math.max(...lost("no lock"));
  const kept = [...lost("GIL"), ...lost("atomic")].every((count) => count === 0);
  const without =
    most === 0
      ? "Without a lock nothing was lost: the threads did not run at the same time"
      : `Without a lock up to ${formatCount(most)} of ${formatCount(runs[0].changes)} changes ` +
        `(${formatRatio(most / runs[0].changes)}) were lost`;
  return `${without}; with the GIL, and with atomic operations, ${kept ? "none" : "SOME"}.`;
}

const sources = [...new Set(demonstrations.map(({ program }) => program))];
const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "memory",
  argv: process.argv.slice(2),
  configuration: {
    demonstrations: Object.fromEntries(demonstrations.map(({ name, argv }) => [name, argv])),
    rounds: options.rounds,
    changes: options.changes,
    heapBytes: HEAP_BYTES,
    gil: "py32",
    pymalloc: "3.9",
  },
  sources: sources.map((program) => join(HERE, program)),
});

const samples: Sample[] = [];
const rows: string[][] = [];
const sentences: string[] = [];
const figures: string[] = [];
for (const [i, demonstration] of demonstrations.entries()) {
  const { name, parts, sentence } = demonstration;
  showProgress(`${i + 1} of ${demonstrations.length + 1}: ${name}`);
  const report = await observe(demonstration);
  const caption = sentence(report);
  sentences.push(`${name}: ${caption}`);
  folder.write(`heaps/${name}.json`, formatHeapReport(report));
  figures.push(folder.write(`figures/${name}.svg`, drawHeap(report, { caption, parts })));
  samples.push(...toSamples(name, report));
  for (const { label, account, pools, layers } of report.snapshots) {
    rows.push([
      `${name}: ${label}`,
      formatCount(account.arenasCurrent),
      formatCount(pools.full + pools.used),
      formatBytes(layers.blocks + layers.large),
      formatBytes(layers.freeBlocks),
    ]);
  }
}
const runs = await raceCounts(options.changes, options.rounds, showProgress);
const outcome = raceSentence(runs);
sentences.push(`race: ${outcome}`);
figures.push(folder.write("figures/race.svg", drawRace(runs, outcome)));
showProgress("");

const head = ["heap", "arenas", "pools in use", "live", "free in pools"];
const raced = runs.map(raceSample);
folder.writeSamples([...samples, ...raced]);
folder.writeSummary(
  summariseCells(raced, ["mode"], ["lost_updates", "lost_ratio", "wall_seconds", "overlap_ratio"]),
  "wall_seconds",
  `${sentences.map((text) => `- ${text}\n`).join("")}\n${toMarkdown(head, rows)}`,
);
folder.finish("complete");

const shown = (path: string) => relative(process.cwd(), path);
for (const text of sentences) console.log(text);
console.log(`\n${alignColumns(head, rows)}`);
for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
console.log(`\nWritten to ${shown(folder.path)}`);
for (const figure of figures) console.log(`  ${shown(figure)}`);
console.log(`
Next:
  open ${shown(figures[1])} in a browser
  npx takegil heap --every 20ms -o cycles.svg experiments/memory/cycles.py 300000 on`);
