import type { Trace } from "../trace/file.js";
import { mainThreadOf } from "../trace/merge.js";
import { ReleaseReason, TraceEvent } from "../trace/record.js";
import type { CollectionStatistics } from "./collections.js";
import { newCollections, sumCollections } from "./collections.js";
import type { Outcome, ThreadTimeline, Timeline } from "./timeline.js";
import { GilState, newTimeline } from "./timeline.js";

/**
 * The figures of a trace. Times are in seconds, ratios from 0 to 1; null means unknown (nothing
 * to measure), which is never the same as 0. Percentiles are nearest-rank: values that occurred.
 */

/** One thread's figures. */
export interface ThreadStatistics {
  readonly ident: number;
  readonly name: string;
  readonly interpreter: number;
  /** The process it ran in, unless that was the run's own. */
  readonly process: number | null;
  readonly outcome: Outcome;
  /** From its first event to its last. */
  readonly wallSeconds: number;
  /** Has GIL. */
  readonly hasSeconds: number;
  /** Waiting for GIL: it wanted to run and could not. */
  readonly waitingSeconds: number;
  /** Off GIL: sleeping, blocked in I/O, waiting for another lock. */
  readonly offSeconds: number;
  /** Its part of all the time anybody had the same GIL; null when nobody ever had it. */
  readonly share: number | null;
  readonly acquisitions: number;
  /** Releases that another thread's drop request forced. */
  readonly forcedDrops: number;
  /** Releases at a tick discipline's periodic checks. */
  readonly checkReleases: number;
  /** All other releases: I/O, sleep, lock waits, the thread's end. */
  readonly voluntaryReleases: number;
  /** BUSY: times the GIL was taken when it came. */
  readonly busy: number;
  /** RETRY: times it was woken and found the GIL taken again. */
  readonly failedWakeups: number;
  readonly timeouts: number;
  readonly dropRequests: number;
  readonly waitP50Seconds: number | null;
  readonly waitP99Seconds: number | null;
  readonly waitMaxSeconds: number | null;
  readonly holdP50Seconds: number | null;
  readonly holdMaxSeconds: number | null;
}

/** One GIL's figures: every process of a run has one. */
export interface LockStatistics {
  readonly interpreter: number;
  /** The process whose GIL it is, as its main thread is called. */
  readonly name: string;
  /** Time somebody had the GIL. */
  readonly heldSeconds: number;
  /** Time nobody had it; summed gap by gap, so that held + idle = wall is a check. */
  readonly idleSeconds: number;
  readonly heldRatio: number | null;
  readonly acquisitions: number;
  /** Acquisitions by another thread than the last holder. */
  readonly switches: number;
  readonly switchesPerSecond: number | null;
  /** Part of the acquisitions by the thread that released last. */
  readonly retakenRatio: number | null;
  /** Median run: from a thread's first acquisition to its last release before a switch. */
  readonly runP50Seconds: number | null;
  readonly holdP50Seconds: number | null;
  /** Median time from a release to the next acquisition by another thread. */
  readonly handOffP50Seconds: number | null;
  readonly timeouts: number;
  readonly timeoutsPerSwitch: number | null;
  readonly failedWakeups: number;
  /**
   * Jain's fairness index of the time the GIL was had, over the threads that wanted more of it:
   * those made to drop it which had or wanted it for a tenth of the run or more, while all of
   * them lived. 1 when all had it equally long, 1/n when one had it alone; null without two
   * such threads.
   */
  readonly jainIndex: number | null;
}

/** All figures of a run. */
export interface Statistics {
  readonly wallSeconds: number;
  readonly threads: readonly ThreadStatistics[];
  readonly locks: readonly LockStatistics[];
  /** What the cycle collector did, a generation each. */
  readonly collections: readonly CollectionStatistics[];
  readonly records: number;
  readonly droppedRecords: number;
  /** False when the file was cut short. */
  readonly complete: boolean;
  /** Largest correction that the order of holds made to a time. */
  readonly skewSeconds: number;
}

/** The value at `fraction` of the sorted values by nearest rank; null when there are none. */
export function percentile(sorted: Float64Array, fraction: number): number | null {
  if (sorted.length === 0) return null;
  const rank = Math.ceil(fraction * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1];
}

/** Jain's index (Jain, Chiu, Hawe 1984): (Σx)² / (n Σx²); null when there is nothing to share. */
export function jainIndex(values: readonly number[]): number | null {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares > 0 ? (sum * sum) / (values.length * squares) : null;
}

/** Part of the run for which a thread must have had or wanted the GIL to count as a competitor. */
const competitorPart = 0.1;

interface Counters {
  forcedDrops: number;
  checkReleases: number;
  voluntaryReleases: number;
  busy: number;
  failedWakeups: number;
  timeouts: number;
  dropRequests: number;
}

/** Compute the figures of a trace. */
export function newStatistics(trace: Trace): Statistics {
  return statisticsOf(trace, newTimeline(trace));
}

/** Compute the figures of a trace whose timeline is known already. */
export function statisticsOf(trace: Trace, timeline: Timeline): Statistics {
  const counters = countEvents(trace);
  const held = new Map<number, number>();
  const durations = timeline.threads.map((thread) => {
    const times = measure(thread);
    held.set(thread.interpreter, (held.get(thread.interpreter) ?? 0) + times.has);
    return times;
  });
  const threads = timeline.threads.map((thread, i): ThreadStatistics => {
    const times = durations[i];
    const whole = held.get(thread.interpreter)!;
    return {
      ident: thread.ident,
      name: thread.name,
      interpreter: thread.interpreter,
      process: trace.threads.get(thread.ident)?.process ?? null,
      outcome: thread.outcome,
      wallSeconds: (thread.end - thread.start) / 1e9,
      hasSeconds: times.has / 1e9,
      waitingSeconds: times.waiting / 1e9,
      offSeconds: times.off / 1e9,
      share: whole > 0 ? times.has / whole : null,
      acquisitions: times.holds.length,
      ...counters.get(thread.ident)!,
      waitP50Seconds: seconds(percentile(times.waits, 0.5)),
      waitP99Seconds: seconds(percentile(times.waits, 0.99)),
      waitMaxSeconds: seconds(percentile(times.waits, 1)),
      holdP50Seconds: seconds(percentile(times.holds, 0.5)),
      holdMaxSeconds: seconds(percentile(times.holds, 1)),
    };
  });
  const wall = timeline.end - timeline.start;
  const locks = [...held.keys()].sort((a, b) => a - b);
  return {
    wallSeconds: wall / 1e9,
    threads,
    locks: locks.map((lock) => lockStatistics(trace, timeline, threads, lock)),
    collections: sumCollections(newCollections(trace.history)),
    records: trace.history.length,
    droppedRecords: Object.values(trace.footer?.dropped ?? {}).reduce((sum, n) => sum + n, 0),
    complete: trace.footer !== null,
    skewSeconds: trace.history.skewNs / 1e9,
  };
}

function seconds(ns: number | null): number | null {
  return ns === null ? null : ns / 1e9;
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function measure(thread: ThreadTimeline): {
  has: number;
  waiting: number;
  off: number;
  /** Sorted, ns. */
  waits: Float64Array;
  holds: Float64Array;
} {
  const { segments } = thread;
  const sums = [0, 0, 0];
  const waits = new Float64Array(segments.length);
  const holds = new Float64Array(segments.length);
  let waitCount = 0;
  let holdCount = 0;
  for (let i = 0; i < segments.length; i++) {
    const state = segments.state[i];
    const duration = segments.endOf(i) - segments.from[i];
    sums[state] += duration;
    if (state === GilState.Has) holds[holdCount++] = duration;
    // A wait that the end of the thread or trace cut short is no wait of that length.
    else if (state === GilState.Waiting && i + 1 < segments.length) waits[waitCount++] = duration;
  }
  return {
    has: sums[GilState.Has],
    waiting: sums[GilState.Waiting],
    off: sums[GilState.Off],
    waits: waits.subarray(0, waitCount).sort(),
    holds: holds.subarray(0, holdCount).sort(),
  };
}

function countEvents(trace: Trace): Map<number, Counters> {
  const { history } = trace;
  const counters = new Map<number, Counters>();
  for (let i = 0; i < history.length; i++) {
    let counts = counters.get(history.ident[i]);
    if (counts === undefined) {
      counts = {
        forcedDrops: 0,
        checkReleases: 0,
        voluntaryReleases: 0,
        busy: 0,
        failedWakeups: 0,
        timeouts: 0,
        dropRequests: 0,
      };
      counters.set(history.ident[i], counts);
    }
    switch (history.event[i]) {
      case TraceEvent.Release:
        if (history.reason[i] === ReleaseReason.Forced) counts.forcedDrops++;
        else if (history.reason[i] === ReleaseReason.TickCheck) counts.checkReleases++;
        else counts.voluntaryReleases++;
        break;
      case TraceEvent.Busy:
        counts.busy++;
        break;
      case TraceEvent.Retry:
        counts.failedWakeups++;
        break;
      case TraceEvent.Timeout:
        counts.timeouts++;
        break;
      case TraceEvent.DropRequest:
        counts.dropRequests++;
        break;
    }
  }
  return counters;
}

/** A hold, for the pass over all holds in the order they happened. */
interface Hold {
  readonly ident: number;
  readonly from: number;
  readonly to: number;
}

function holdsOf(timeline: Timeline, interpreter: number): Hold[] {
  const holds: Hold[] = [];
  for (const thread of timeline.threads) {
    if (thread.interpreter !== interpreter) continue;
    const { segments, ident } = thread;
    for (let i = 0; i < segments.length; i++) {
      if (segments.state[i] !== GilState.Has) continue;
      holds.push({ ident, from: segments.from[i], to: segments.endOf(i) });
    }
  }
  return holds.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** What process `interpreter` of a run is called. */
export function processName(trace: Trace, interpreter: number): string {
  if (interpreter === 0) return "MainProcess";
  return trace.threads.get(mainThreadOf(interpreter))?.name ?? `process ${interpreter}`;
}

function lockStatistics(
  trace: Trace,
  timeline: Timeline,
  threads: readonly ThreadStatistics[],
  interpreter: number,
): LockStatistics {
  const holds = holdsOf(timeline, interpreter);
  const lengths = new Float64Array(holds.length);
  const runs: number[] = [];
  const handOffs: number[] = [];
  let held = 0;
  let idle = 0;
  let released = timeline.start;
  let runFrom = 0;
  let switches = 0;
  holds.forEach((hold, i) => {
    const before = holds[i - 1];
    idle += hold.from - released;
    if (before === undefined) runFrom = hold.from;
    else if (before.ident !== hold.ident) {
      switches++;
      runs.push(before.to - runFrom);
      handOffs.push(hold.from - before.to);
      runFrom = hold.from;
    }
    held += hold.to - hold.from;
    lengths[i] = hold.to - hold.from;
    released = hold.to;
  });
  if (holds.length > 0) runs.push(released - runFrom);
  idle += timeline.end - released;
  const wall = timeline.end - timeline.start;
  const mine = threads.filter((thread) => thread.interpreter === interpreter);
  const timeouts = mine.reduce((sum, thread) => sum + thread.timeouts, 0);
  return {
    interpreter,
    name: processName(trace, interpreter),
    heldSeconds: held / 1e9,
    idleSeconds: idle / 1e9,
    heldRatio: ratio(held, wall),
    acquisitions: holds.length,
    switches,
    switchesPerSecond: ratio(switches, wall / 1e9),
    retakenRatio: ratio(holds.length - 1 - switches, holds.length - 1),
    runP50Seconds: seconds(percentile(Float64Array.from(runs).sort(), 0.5)),
    holdP50Seconds: seconds(percentile(lengths.sort(), 0.5)),
    handOffP50Seconds: seconds(percentile(Float64Array.from(handOffs).sort(), 0.5)),
    timeouts,
    timeoutsPerSwitch: ratio(timeouts, switches),
    failedWakeups: mine.reduce((sum, thread) => sum + thread.failedWakeups, 0),
    jainIndex: fairness(timeline, mine),
  };
}

function fairness(timeline: Timeline, threads: readonly ThreadStatistics[]): number | null {
  const wall = (timeline.end - timeline.start) / 1e9;
  const idents = new Set(
    threads
      .filter((thread) => thread.forcedDrops + thread.checkReleases > 0)
      .filter((thread) => thread.hasSeconds + thread.waitingSeconds >= competitorPart * wall)
      .map((thread) => thread.ident),
  );
  if (idents.size < 2) return null;
  const competitors = timeline.threads.filter((thread) => idents.has(thread.ident));
  const from = competitors.reduce((latest, { start }) => Math.max(latest, start), 0);
  const to = competitors.reduce((first, { end }) => Math.min(first, end), timeline.end);
  return jainIndex(competitors.map((thread) => hasWithin(thread, from, to)));
}

/** Time a thread had the GIL between two times, ns. */
function hasWithin(thread: ThreadTimeline, from: number, to: number): number {
  const { segments } = thread;
  let sum = 0;
  for (let i = segments.indexAt(from); i < segments.length && segments.from[i] < to; i++) {
    if (segments.state[i] !== GilState.Has) continue;
    sum += Math.min(segments.endOf(i), to) - Math.max(segments.from[i], from);
  }
  return sum;
}
