/**
 * The demonstrations of the memory experiment: a program, what to look at, and the sentence that
 * its figures prove. Sentences are made from the measured numbers, so they cannot be wrong alone.
 */
import type { FigurePart } from "../../src/report/heapfigure.js";
import type { HeapReport, HeapSnapshot } from "../../src/report/heapreport.js";
import { formatBytes, formatCount } from "../../src/report/table.js";

export interface Demonstration {
  readonly name: string;
  /** File beside this one. */
  readonly program: string;
  readonly argv: readonly string[];
  /** Distance of samples, or null. */
  readonly everyMs: number | null;
  readonly parts: readonly FigurePart[];
  readonly sentence: (report: HeapReport) => string;
}

/** Snapshots are taken at lines that end in `# snapshot: what is to be seen`. */
export function snapshotLines(source: string): { line: number; caption: string }[] {
  return source.split("\n").flatMap((text, i) => {
    const match = /# snapshot: (.*)$/.exec(text);
    return match === null ? [] : [{ line: i + 1, caption: match[1] }];
  });
}

function arenasOf({ account }: HeapSnapshot): number {
  return account.arenasCurrent;
}

function liveOf({ layers }: HeapSnapshot): number {
  return layers.blocks + layers.large;
}

/** The number of `bytes` objects. */
function bytesIn({ types }: HeapSnapshot): number {
  return types.find(({ name }) => name === "bytes")?.objects ?? 0;
}

/** Most live bytes that a sample or snapshot saw. */
function mostLive({ series, snapshots }: HeapReport): number {
  const seen = [...(series?.samples ?? []), ...snapshots];
  return Math.max(...seen.map(({ layers }) => layers.blocks + layers.large));
}

const churnRounds = 300_000;
const poolCount = 640;
const releaseCount = 40_320;
const cycleCount = 300_000;

export const demonstrations: readonly Demonstration[] = [
  {
    name: "churn",
    program: "churn.py",
    argv: [String(churnRounds)],
    everyMs: 20,
    parts: ["time", "maps"],
    sentence: ({ snapshots: [before, after] }) =>
      `${formatCount(churnRounds)} lists, floats and strings each came and went between ` +
      `${arenasOf(before)} arenas and ${arenasOf(after)}: a freed block is handed out again, the ` +
      "last one first.",
  },
  {
    name: "fragmentation",
    program: "fragmentation.py",
    argv: [String(poolCount)],
    everyMs: null,
    parts: ["maps"],
    sentence: ({ snapshots: [full, sparse, none] }) =>
      `${formatCount(bytesIn(full) - bytesIn(sparse))} of ${formatCount(bytesIn(full))} objects ` +
      `were freed and ${arenasOf(full) - arenasOf(sparse)} of ${arenasOf(full)} arenas given back, ` +
      `since one object keeps its pool; without the last ones ${arenasOf(none)} are left.`,
  },
  {
    name: "release",
    program: "release.py",
    argv: [String(releaseCount)],
    everyMs: null,
    parts: ["maps"],
    sentence: ({ snapshots: [full, scattered, together] }) =>
      `Freeing ${formatCount(releaseCount / 2)} objects, every other one, gave back ` +
      `${arenasOf(full) - arenasOf(scattered)} of ${arenasOf(full)} arenas; freeing as many ` +
      `neighbours gave back ${arenasOf(scattered) - arenasOf(together)}.`,
  },
  {
    name: "cycles-off",
    program: "cycles.py",
    argv: [String(cycleCount), "off"],
    everyMs: 20,
    parts: ["time"],
    sentence: (report) => {
      const [before, after] = report.snapshots;
      const { collected } = after.collector.generations[2];
      return (
        `With the collector off, dropped cycles stay: ${formatBytes(mostLive(report))} until ` +
        `gc.collect() freed ${formatCount(collected)} objects: ` +
        `${formatBytes(liveOf(before) - liveOf(after))}.`
      );
    },
  },
  {
    name: "cycles-on",
    program: "cycles.py",
    argv: [String(cycleCount), "on"],
    everyMs: 20,
    parts: ["time"],
    sentence: (report) => {
      const [before] = report.snapshots;
      const [young] = before.collector.generations;
      return (
        `With the collector on, the same ${formatCount(cycleCount)} cycles never took more than ` +
        `${formatBytes(mostLive(report))}: it ran ${formatCount(young.collections)} times in the ` +
        "youngest generation, after every 700 objects."
      );
    },
  },
];
