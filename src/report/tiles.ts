import type { Trace } from "../trace/file.js";
import { ReleaseReason, TraceEvent } from "../trace/record.js";
import { tickStep } from "./axis.js";
import type { Progress } from "./progress.js";
import { GilState, type ThreadTimeline } from "./timeline.js";

/** The numbers behind D. Beazley's pictures: bands of threads, tiles of progress, zoom levels. */

/** What happened to a thread, by progress; every list is sorted. */
export interface Band {
  readonly thread: ThreadTimeline;
  /** Where each hold begins and ends. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** BUSY: it came and the GIL was taken. */
  readonly busy: Float64Array;
  /** RETRY: it was woken and the GIL was taken again. */
  readonly retries: Float64Array;
}

/** A trace by progress. */
export interface Bands {
  readonly bands: readonly Band[];
  /** Failed acquisitions of all threads, BUSY and RETRY. */
  readonly failed: Float64Array;
  /** Checks at which a thread gave the GIL up: tick checks, forced drops. */
  readonly checks: Float64Array;
  /** True when the checks are those of a tick discipline. */
  readonly tickChecks: boolean;
  /** Acquisitions of all threads. */
  readonly acquired: Float64Array;
}

/** Place a trace's events by its progress; only `threads` get a band, all are counted. */
export function newBands(
  trace: Trace,
  progress: Progress,
  threads: readonly ThreadTimeline[],
): Bands {
  const { history } = trace;
  const failures = new Map<number, { busy: number[]; retries: number[] }>();
  const failed: number[] = [];
  const checks: number[] = [];
  const acquired: number[] = [];
  let tickChecks = false;
  for (const { ident } of threads) failures.set(ident, { busy: [], retries: [] });
  for (let i = 0; i < history.length; i++) {
    const event = history.event[i];
    if (event === TraceEvent.Acquire) acquired.push(progress.at(history.time[i]));
    else if (event === TraceEvent.Release) {
      const reason = history.reason[i];
      if (reason === ReleaseReason.TickCheck || reason === ReleaseReason.Forced) {
        checks.push(progress.at(history.time[i]));
        tickChecks ||= reason === ReleaseReason.TickCheck;
      }
    } else if (event === TraceEvent.Busy || event === TraceEvent.Retry) {
      const position = progress.at(history.time[i]);
      failed.push(position);
      const own = failures.get(history.ident[i]);
      if (event === TraceEvent.Busy) own?.busy.push(position);
      else own?.retries.push(position);
    }
  }
  const bands = threads.map((thread): Band => {
    const { segments, ident } = thread;
    const holds = Array.from({ length: segments.length }, (_, i) => i).filter(
      (i) => segments.state[i] === GilState.Has,
    );
    const { busy, retries } = failures.get(ident)!;
    return {
      thread,
      from: Float64Array.from(holds, (i) => progress.at(segments.from[i])),
      to: Float64Array.from(holds, (i) => progress.at(segments.endOf(i))),
      busy: Float64Array.from(busy),
      retries: Float64Array.from(retries),
    };
  });
  // The history is in the order of time, and progress never goes back.
  const sorted = (values: number[]): Float64Array => Float64Array.from(values);
  return {
    bands,
    failed: sorted(failed),
    checks: sorted(checks),
    tickChecks,
    acquired: sorted(acquired),
  };
}

/** Index of the first sorted value that is at least `limit`. */
export function indexFrom(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] >= limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many of the sorted values lie from `from` up to but not at `to`. */
export function countBetween(sorted: Float64Array, from: number, to: number): number {
  return indexFrom(sorted, to) - indexFrom(sorted, from);
}

/** Tiles side by side: one zoom level. */
export interface Level {
  readonly from: number;
  /** Progress a tile. */
  readonly size: number;
  readonly count: number;
}

/** Most tiles of a level. */
const mostTiles = 8;
/** Most levels of a picture. */
const mostLevels = 5;
/** Acquisitions that the last level shall show, when there are many more. */
const detail = 40;

/**
 * The zoom levels of a picture: the whole run, then parts of it, each inside a tile of the level
 * before, down to where single acquisitions can be told apart. A part is chosen for its failed
 * acquisitions, or where nothing fails for its acquisitions.
 */
export function chooseLevels(bands: Bands, end: number, most = mostLevels): Level[] {
  const whole = Math.max(end, mostTiles);
  const first = tickStep(whole, mostTiles);
  const levels: Level[] = [{ from: 0, size: first, count: Math.ceil(whole / first - 1e-9) }];
  const places = bands.failed.length > 0 ? bands.failed : bands.acquired;
  const zoom = zoomBetween(bands.acquired.length, most);
  while (levels.length < most) {
    const level = levels[levels.length - 1];
    const tile = fullest(places, level.from, level.size, level.size, level.count);
    if (countBetween(bands.acquired, tile, tile + level.size) <= detail / 2) break;
    const size = roundDown(level.size / zoom);
    if (size < 1) break;
    const span = mostTiles * size;
    const starts = Math.floor((level.size - span) / size + 1e-9) + 1;
    levels.push({ from: fullest(places, tile, span, size, starts), size, count: mostTiles });
  }
  return levels;
}

/** How much smaller each level's tiles are, so that `most` levels lead to single acquisitions. */
function zoomBetween(acquisitions: number, most: number): number {
  return Math.max(mostTiles, (acquisitions / detail) ** (1 / (most - 1)));
}

/** The largest 1, 2 or 5 times a power of ten that is not above the value. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * [5, 2, 1].find((factor) => factor * power <= value * (1 + 1e-9))!;
}

/**
 * Of the stretches of length `span` that start at `from` and every `step` after it, the start of
 * the one with most places; of equals that nearest the middle.
 */
function fullest(
  places: Float64Array,
  from: number,
  span: number,
  step: number,
  count: number,
): number {
  let best = from;
  let bestCount = -1;
  const middle = from + ((count - 1) * step) / 2;
  for (let i = 0; i < count; i++) {
    const at = from + i * step;
    const found = countBetween(places, at, at + span);
    const nearer = Math.abs(at - middle) < Math.abs(best - middle);
    if (found > bestCount || (found === bestCount && nearer)) {
      best = at;
      bestCount = found;
    }
  }
  return best;
}
