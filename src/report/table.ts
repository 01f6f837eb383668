import type { Term } from "../trace/record.js";
import type { CollectionStatistics } from "./collections.js";
import type { LockStatistics, Statistics, ThreadStatistics } from "./statistics.js";

/** Statistics as plain text for a terminal, one line a thread, and as JSON. */

/** What the words of the table mean, for `--help`. */
export const tableTerms: readonly Term[] = [
  { name: "wall", meaning: "from the thread's first event to its last" },
  { name: "has GIL", meaning: "time the thread had the GIL, and its part of the wall time" },
  { name: "waiting for GIL", meaning: "time it wanted to run but another thread had the GIL" },
  { name: "off GIL", meaning: "time it slept, did I/O or waited for another lock" },
  { name: "acquired", meaning: "times it took the GIL" },
  { name: "forced", meaning: "drops that another thread's request forced" },
  { name: "checks", meaning: "releases at a tick discipline's periodic checks" },
  { name: "voluntary", meaning: "releases for I/O, sleep, lock waits or the thread's end" },
  { name: "failed wakes", meaning: "times it was woken and found the GIL taken again" },
  { name: "wait p50/p99/max", meaning: "how long one acquisition took, from asking to having" },
  { name: "held", meaning: "time any thread had the GIL" },
  { name: "idle", meaning: "time no thread had it" },
  { name: "switch", meaning: "an acquisition by another thread than the last holder" },
  { name: "run", meaning: "time between two switches" },
  { name: "hand-off", meaning: "time from a release to another thread's acquisition" },
  { name: "timeouts per switch", meaning: "switch intervals that waiters sat out for each switch" },
  { name: "retaken", meaning: "acquisitions by the thread that had just released" },
  { name: "Jain", meaning: "fairness: 1 when all competing threads had the GIL equally long" },
  { name: "GC Collecting", meaning: "time the cycle collector ran, its thread having the GIL" },
  { name: "examined", meaning: "objects the collector looked at" },
  { name: "collected", meaning: "objects it found to be reachable only from each other" },
];

/** A duration in three significant digits with its unit; "–" when unknown. */
export function formatSeconds(value: number | null): string {
  if (value === null) return "–";
  if (value === 0) return "0 s";
  for (const [unit, scale] of [
    ["s", 1],
    ["ms", 1e-3],
    ["µs", 1e-6],
  ] as const) {
    // 0.9995 of a unit already rounds to 1.00 of it.
    if (value >= 0.9995 * scale) return `${digits(value / scale)} ${unit}`;
  }
  return `${digits(value / 1e-9)} ns`;
}

function digits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value.toFixed(value >= 9.995 ? 1 : 2);
}

/** A size in three significant digits with its unit, powers of 1024. */
export function formatBytes(bytes: number): string {
  for (const [unit, scale] of [
    ["GiB", 1024 ** 3],
    ["MiB", 1024 ** 2],
    ["KiB", 1024],
  ] as const) {
    if (bytes < 0.9995 * scale) continue;
    const value = bytes / scale;
    return `${Number.isInteger(value) ? value : digits(value)} ${unit}`;
  }
  return `${bytes} B`;
}

/** A ratio in per cent; "–" when unknown. */
export function formatRatio(value: number | null): string {
  if (value === null) return "–";
  return `${(value * 100).toFixed(1)}%`;
}

/** A count with thousands separated. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A thread's name fit for one line: no control characters, at most `most` characters. */
export function formatName(name: string, most: number): string {
  const clean = name.replace(/\p{C}/gu, "·");
  const characters = [...clean];
  if (characters.length <= most) return clean;
  return `${characters.slice(0, most - 1).join("")}…`;
}

interface Column {
  readonly head: readonly [string, string];
  readonly cell: (thread: ThreadStatistics) => string;
  /** Left out where the table would be too wide. */
  readonly wide?: true;
}

const share = (part: (thread: ThreadStatistics) => number) => (thread: ThreadStatistics) =>
  thread.wallSeconds > 0 ? formatRatio(part(thread) / thread.wallSeconds) : "–";

const columns: readonly Column[] = [
  { head: ["", "wall"], cell: (t) => formatSeconds(t.wallSeconds) },
  { head: ["has", "GIL"], cell: (t) => formatSeconds(t.hasSeconds), wide: true },
  { head: ["has", "GIL %"], cell: share((t) => t.hasSeconds) },
  { head: ["waiting", "for GIL"], cell: (t) => formatSeconds(t.waitingSeconds), wide: true },
  { head: ["waiting", "for GIL %"], cell: share((t) => t.waitingSeconds) },
  { head: ["off", "GIL"], cell: (t) => formatSeconds(t.offSeconds), wide: true },
  { head: ["off", "GIL %"], cell: share((t) => t.offSeconds) },
  { head: ["", "acquired"], cell: (t) => formatCount(t.acquisitions) },
  { head: ["drops:", "forced"], cell: (t) => formatCount(t.forcedDrops) },
  { head: ["", "checks"], cell: (t) => formatCount(t.checkReleases) },
  { head: ["", "voluntary"], cell: (t) => formatCount(t.voluntaryReleases) },
  { head: ["failed", "wakes"], cell: (t) => formatCount(t.failedWakeups) },
  { head: ["wait:", "p50"], cell: (t) => formatSeconds(t.waitP50Seconds) },
  { head: ["", "p99"], cell: (t) => formatSeconds(t.waitP99Seconds) },
  { head: ["", "max"], cell: (t) => formatSeconds(t.waitMaxSeconds) },
];

const nameWidth = 24;

/**
 * The table of a run: a line a thread, then what the lock did as a whole.
 *
 * @param width columns of the terminal, or Infinity; a narrow one gets fewer columns
 */
export function formatTable(statistics: Statistics, width: number): string {
  const ticks = statistics.threads.some((thread) => thread.checkReleases > 0);
  const all = columns.filter((column) => ticks || column.head[1] !== "checks");
  let lines = threadLines(statistics, all);
  if (lines.some((line) => [...line].length > width)) {
    lines = threadLines(
      statistics,
      all.filter((column) => !column.wide),
    );
  }
  lines.push("");
  for (const lock of statistics.locks) lines.push(...describeLock(statistics, lock));
  lines.push(...statistics.collections.map(describeCollections));
  lines.push(describeRecords(statistics));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function threadLines(statistics: Statistics, shown: readonly Column[]): string[] {
  const { threads } = statistics;
  const names = threads.map((thread) => {
    const name = formatName(thread.name, nameWidth);
    return thread.outcome === "died" ? `${name} (died)` : name;
  });
  const rows = [
    ["", ...shown.map((column) => column.head[0])],
    ["thread", ...shown.map((column) => column.head[1])],
    ...threads.map((thread, i) => [names[i], ...shown.map((column) => column.cell(thread))]),
  ];
  const widths = rows[0].map((_, i) =>
    rows.reduce((width, row) => Math.max(width, [...row[i]].length), 0),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? padEnd(cell, widths[i]) : padStart(cell, widths[i])))
      .join("  "),
  );
  lines.splice(2, 0, "─".repeat([...lines[1]].length));
  return lines;
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}

function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - [...text].length)) + text;
}

function describeLock(statistics: Statistics, lock: LockStatistics): string[] {
  const title = statistics.locks.length > 1 ? `GIL of ${formatName(lock.name, 40)}` : "GIL";
  const perSecond = lock.switchesPerSecond === null ? "–" : lock.switchesPerSecond.toFixed(1);
  const timeouts = lock.timeoutsPerSwitch === null ? "–" : lock.timeoutsPerSwitch.toFixed(2);
  const jain = lock.jainIndex === null ? "–" : lock.jainIndex.toFixed(3);
  return [
    `${title}: held ${formatRatio(lock.heldRatio)} of ${formatSeconds(statistics.wallSeconds)}, ` +
      `idle ${formatSeconds(lock.idleSeconds)}; ${formatCount(lock.switches)} switches ` +
      `(${perSecond}/s), retaken ${formatRatio(lock.retakenRatio)}, Jain ${jain}`,
    `  run p50 ${formatSeconds(lock.runP50Seconds)}, ` +
      `hold p50 ${formatSeconds(lock.holdP50Seconds)}, ` +
      `hand-off p50 ${formatSeconds(lock.handOffP50Seconds)}, timeouts per switch ${timeouts}`,
  ];
}

function describeCollections(sums: CollectionStatistics): string {
  const noun = sums.count === 1 ? "collection" : "collections";
  return (
    `GC Collecting, generation ${sums.generation}: ${formatCount(sums.count)} ${noun} in ` +
    `${formatSeconds(sums.seconds)}, longest ${formatSeconds(sums.maxSeconds)}; ` +
    `${formatCount(sums.examined)} objects examined, ${formatCount(sums.collected)} collected`
  );
}

function describeRecords(statistics: Statistics): string {
  const { records, droppedRecords, complete } = statistics;
  const lost = droppedRecords === 0 ? "none lost" : `${formatCount(droppedRecords)} LOST`;
  const cut = complete ? "" : "; the trace is cut short";
  const doubt = droppedRecords > 0 ? ": these figures are not to be trusted" : "";
  return `${formatCount(records)} records, ${lost}${doubt}${cut}`;
}

/** The statistics as JSON, for `--json`. */
export function formatJson(statistics: Statistics): string {
  return `${JSON.stringify(statistics, null, 2)}\n`;
}
