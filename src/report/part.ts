import type { Trace } from "../trace/file.js";
import { type History, newColumns } from "../trace/history.js";
import { ReleaseReason, TraceEvent } from "../trace/record.js";
import { GilState, newTimeline, type ThreadTimeline } from "./timeline.js";

/**
 * A part of a trace as a trace of its own, for figures and pictures of one phase of a long run.
 */

/** An event that is not in the records: what a thread was doing when the part begins. */
interface Opening {
  readonly event: TraceEvent;
  readonly argument: number;
  readonly thread: ThreadTimeline;
  /** What the thread had counted by then. */
  readonly ticks: number;
}

function openingsOf(thread: ThreadTimeline, time: number, history: History): Opening[] {
  const { segments } = thread;
  const at = segments.indexAt(time);
  const state = at < segments.length ? segments.state[at] : GilState.Off;
  const common = { argument: 0, thread, ticks: ticksAt(thread, time, history) };
  const openings = [{ ...common, event: TraceEvent.ThreadStart }];
  if (state !== GilState.Off) openings.push({ ...common, event: TraceEvent.Request });
  if (state === GilState.Has) {
    openings.push({ ...common, event: TraceEvent.Acquire, argument: segments.hold[at] });
  }
  return openings;
}

/** A thread's tick count at a time between two of its events: in proportion. */
function ticksAt({ ident }: ThreadTimeline, time: number, history: History): number {
  let before = -1;
  for (let i = 0; i < history.length; i++) {
    if (history.ident[i] !== ident) continue;
    if (history.time[i] <= time) before = i;
    else if (before < 0) return 0;
    else {
      const counted = (history.ticks[i] - history.ticks[before]) >>> 0;
      const part = (time - history.time[before]) / (history.time[i] - history.time[before]);
      return history.ticks[before] + Math.round(counted * part);
    }
  }
  return before < 0 ? 0 : history.ticks[before];
}

/**
 * The part of a trace from `fromSeconds` to `toSeconds`, both counted from the first event of a
 * Python thread. Threads that did not live then are left out; the others begin in the state they
 * were in, which need not be a start.
 * @throws {RangeError} when no thread lived then
 */
export function partOf(trace: Trace, fromSeconds: number, toSeconds: number): Trace {
  const timeline = newTimeline(trace);
  const from = timeline.start + fromSeconds * 1e9;
  const to = Math.min(timeline.start + toSeconds * 1e9, timeline.end);
  const alive = timeline.threads.filter(({ start, end }) => end > from && start < to);
  if (alive.length === 0 || !(to > from)) {
    const until = Number.isFinite(toSeconds) ? `${toSeconds} s` : "the end";
    throw new RangeError(`no thread lived between ${fromSeconds} s and ${until}`);
  }
  const openings = alive
    .filter(({ start }) => start < from)
    .flatMap((thread) => openingsOf(thread, from, trace.history));
  // Who has the GIL is told last: before it, somebody else may still seem to.
  openings.sort(
    (a, b) => Number(a.event === TraceEvent.Acquire) - Number(b.event === TraceEvent.Acquire),
  );
  const history = cut(trace.history, from, to, openings);
  const idents = new Set(alive.map(({ ident }) => ident));
  const threads = new Map([...trace.threads].filter(([ident]) => idents.has(ident)));
  const footer = trace.footer && { ...trace.footer, endNs: to, records: history.length };
  return { ...trace, threads, history, footer };
}

/** The events from `from` to `to`, after the openings. */
function cut(history: History, from: number, to: number, openings: readonly Opening[]): History {
  const kept: number[] = [];
  for (let i = 0; i < history.length; i++) {
    if (history.time[i] >= from && history.time[i] <= to) kept.push(i);
  }
  const length = openings.length + kept.length;
  const part = newColumns(length);
  for (const [i, { event, argument, thread, ticks }] of openings.entries()) {
    part.time[i] = from;
    part.event[i] = event;
    part.reason[i] = ReleaseReason.None;
    part.slot[i] = thread.slot;
    part.interpreter[i] = thread.interpreter;
    part.argument[i] = argument;
    part.ident[i] = thread.ident;
    part.ticks[i] = ticks;
  }
  for (const [i, source] of kept.entries()) {
    const target = openings.length + i;
    for (const name of COLUMNS) part[name][target] = history[name][source];
  }
  return { length, ...part, skewNs: history.skewNs };
}

const COLUMNS = [
  "time",
  "event",
  "reason",
  "slot",
  "interpreter",
  "argument",
  "line",
  "ticks",
  "ident",
  "serial",
] as const;
