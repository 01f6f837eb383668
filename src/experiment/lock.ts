/** What the lock did during a sample: columns that a traced launch adds. */

import { partOf } from "../report/part.js";
import type { Sample } from "../report/results.js";
import { newStatistics } from "../report/statistics.js";
import { newTimeline, type Timeline } from "../report/timeline.js";
import type { Trace } from "../trace/file.js";

/**
 * The part of a trace in which these threads lived. A thread of the run before may still be ending
 * beside them. @throws {RangeError} when none of them is in the trace
 */
export function partWith(trace: Trace, timeline: Timeline, idents: readonly number[]): Trace {
  const threads = timeline.threads.filter(({ ident }) => idents.includes(ident));
  if (threads.length === 0) throw new RangeError("the threads of a sample are not in its trace");
  const from = threads.reduce((first, { start }) => Math.min(first, start), Infinity);
  const to = threads.reduce((last, { end }) => Math.max(last, end), -Infinity);
  return partOf(trace, (from - timeline.start) / 1e9, (to - timeline.start) / 1e9);
}

/** Columns of {@link lockColumns}, with what they mean. */
export const lockMeanings: Readonly<Record<string, string>> = {
  gil_held_ratio: "part of the time that some thread had the GIL",
  holder_switches: "times the GIL went to another thread than the last holder",
  gil_run_p50_seconds: "median time between two switches",
  hand_off_p50_seconds: "median time from a drop to the next thread's taking it",
  gil_wait_p99_seconds: "the longest of the threads' 99th percentiles of waiting for the GIL",
  timeouts_per_switch: "switch intervals that waiters sat out for each switch",
  least_share: "the least part of the GIL's time that one of the threads had",
  greatest_share: "the greatest part",
  records_dropped: "trace records lost",
};

/** Columns of the lock's figures, over the life of these threads or the whole run. */
export function lockColumns(trace: Trace, idents: readonly number[]): Sample {
  const timeline = newTimeline(trace);
  const part = idents.length === 0 ? trace : partWith(trace, timeline, idents);
  const { locks, threads, droppedRecords } = newStatistics(part);
  const lock = locks.at(0);
  const ours = threads.filter(({ ident }) => idents.length === 0 || idents.includes(ident));
  const whole = ours.reduce((sum, { hasSeconds }) => sum + hasSeconds, 0);
  const shares = ours.length > 1 && whole > 0 ? ours.map((t) => t.hasSeconds / whole) : [];
  const waits = ours.map((thread) => thread.waitP99Seconds).filter((wait) => wait !== null);
  return {
    gil_held_ratio: lock?.heldRatio ?? null,
    holder_switches: lock?.switches ?? null,
    gil_run_p50_seconds: lock?.runP50Seconds ?? null,
    hand_off_p50_seconds: lock?.handOffP50Seconds ?? null,
    gil_wait_p99_seconds: waits.length > 0 ? Math.max(...waits) : null,
    timeouts_per_switch: lock?.timeoutsPerSwitch ?? null,
    least_share: shares.length > 0 ? Math.min(...shares) : null,
    greatest_share: shares.length > 0 ? Math.max(...shares) : null,
    records_dropped: droppedRecords,
  };
}
