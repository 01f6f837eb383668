import { percentile } from "./statistics.js";
import type { ThreadTimeline, Timeline } from "./timeline.js";
import { GilState } from "./timeline.js";

/** How long threads waited for the GIL: one value an acquisition, from asking to having. */
export interface ThreadWaits {
  readonly thread: ThreadTimeline;
  /** Sorted, ns. A wait that the end of the thread or trace cut short is none of that length. */
  readonly waits: Float64Array;
  readonly totalSeconds: number;
  /** Nearest rank; null without waits, as {@link ThreadStatistics} has them. */
  readonly p50Seconds: number | null;
  readonly p99Seconds: number | null;
  readonly maxSeconds: number | null;
}

/** The waits of every thread, in the timeline's order. */
export function newWaits(timeline: Timeline): ThreadWaits[] {
  return timeline.threads.map((thread) => {
    const { segments } = thread;
    const waits: number[] = [];
    for (let i = 0; i + 1 < segments.length; i++) {
      if (segments.state[i] === GilState.Waiting) waits.push(segments.endOf(i) - segments.from[i]);
    }
    const sorted = Float64Array.from(waits).sort();
    const at = (fraction: number): number | null => {
      const value = percentile(sorted, fraction);
      return value === null ? null : value / 1e9;
    };
    return {
      thread,
      waits: sorted,
      totalSeconds: sorted.reduce((sum, wait) => sum + wait, 0) / 1e9,
      p50Seconds: at(0.5),
      p99Seconds: at(0.99),
      maxSeconds: at(1),
    };
  });
}

/** The part of the sorted values that are at most `value`: their empirical distribution. */
export function partUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return sorted.length === 0 ? 0 : low / sorted.length;
}

/**
 * Count sorted values into `bins` classes of equal ratio between `low` and `high`. Values beyond
 * either end are counted in the class at that end, so that the counts sum to the values.
 */
export function countLogarithmic(
  sorted: Float64Array,
  low: number,
  high: number,
  bins: number,
): Uint32Array {
  const counts = new Uint32Array(bins);
  const scale = bins / Math.log(high / low);
  for (const value of sorted) {
    const bin = value <= low ? 0 : Math.floor(Math.log(value / low) * scale);
    counts[Math.min(bin, bins - 1)]++;
  }
  return counts;
}
