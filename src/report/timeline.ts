import type { Trace } from "../trace/file.js";
import { mainThreadOf } from "../trace/merge.js";
import { ReleaseReason, TraceEvent } from "../trace/record.js";

/**
 * From events to states: what every thread of a trace was doing with respect to the GIL, from its
 * first event to its last, without gaps. All statistics and pictures are drawn from this.
 */

/** What a thread is doing, in CPython's profiler's words. */
export const enum GilState {
  /** Off GIL: sleeping, blocked, or waiting for something other than the GIL. */
  Off = 0,
  /** Waiting for GIL: from Request to Acquire. */
  Waiting = 1,
  /** Has GIL: from Acquire to Release. */
  Has = 2,
}

/** A thread's states one after the other; segment i ends where segment i + 1 begins. */
export class SegmentList {
  /** Start of each segment, ns. */
  readonly from: number[] = [];
  /** A {@link GilState} each. */
  readonly state: GilState[] = [];
  /** Why the GIL is not held: the ReleaseReason that began an Off segment; else 0. */
  readonly reason: ReleaseReason[] = [];
  /** Hold number of a Has segment; else 0. */
  readonly hold: number[] = [];
  /** Where the last segment ends, ns. */
  end = 0;

  get length(): number {
    return this.from.length;
  }

  push(from: number, state: GilState, reason: ReleaseReason, hold: number): void {
    this.from.push(from);
    this.state.push(state);
    this.reason.push(reason);
    this.hold.push(hold);
  }

  /** End of segment i, ns. */
  endOf(i: number): number {
    return i + 1 < this.length ? this.from[i + 1] : this.end;
  }

  /** First segment that ends after `time`; `length` when there is none. */
  indexAt(time: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endOf(middle) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** How a thread's part of the trace ended. */
export type Outcome = "ended" | "died" | "running";

/** One thread's life. */
export interface ThreadTimeline {
  readonly ident: number;
  readonly slot: number;
  readonly interpreter: number;
  readonly name: string;
  readonly segments: SegmentList;
  /** Times of its drop requests, ns. */
  readonly dropRequests: number[];
  /** Times of its failed wake-ups, ns. */
  readonly retries: number[];
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}

/** All threads of a run. */
export interface Timeline {
  /** MainThread first, then by start. */
  readonly threads: readonly ThreadTimeline[];
  /** First event of a thread that uses the GIL, ns. */
  readonly start: number;
  /** Last event, or the run's end when a thread was still running then, ns. */
  readonly end: number;
}

interface Draft {
  ident: number;
  slot: number;
  interpreter: number;
  start: number;
  last: number;
  state: GilState;
  outcome: Outcome;
  usesGil: boolean;
  segments: SegmentList;
  dropRequests: number[];
  retries: number[];
}

/** Slot of the interpreter loop, which is shown only when it takes the GIL. */
const loopSlot = 0;

/** Follow a trace's events thread by thread. */
export function newTimeline(trace: Trace): Timeline {
  const { history } = trace;
  const drafts = new Map<number, Draft>();
  /** Who has each interpreter's lock. */
  const holders = new Map<number, Draft>();
  const draftOf = (i: number): Draft => {
    const ident = history.ident[i];
    let draft = drafts.get(ident);
    if (draft === undefined) {
      draft = newDraft(ident, history.slot[i], history.interpreter[i], history.time[i]);
      drafts.set(ident, draft);
    }
    return draft;
  };
  for (let i = 0; i < history.length; i++) {
    const draft = draftOf(i);
    const time = history.time[i];
    draft.last = time;
    switch (history.event[i]) {
      case TraceEvent.Request:
        draft.usesGil = true;
        enter(draft, time, GilState.Waiting, 0, 0);
        break;
      case TraceEvent.Acquire: {
        draft.usesGil = true;
        const holder = holders.get(draft.interpreter);
        // Only when records were lost: the holder must have let go unseen.
        if (holder !== undefined) enter(holder, time, GilState.Off, ReleaseReason.None, 0);
        holders.set(draft.interpreter, draft);
        enter(draft, time, GilState.Has, 0, history.argument[i]);
        break;
      }
      case TraceEvent.Release:
        if (holders.get(draft.interpreter) === draft) holders.delete(draft.interpreter);
        enter(draft, time, GilState.Off, history.reason[i], 0);
        break;
      case TraceEvent.DropRequest:
        draft.dropRequests.push(time);
        break;
      case TraceEvent.Retry:
        draft.retries.push(time);
        break;
      case TraceEvent.ThreadEnd:
        draft.outcome = "ended";
        break;
      case TraceEvent.ThreadDeath: {
        const dead = drafts.get(history.argument[i] >>> 0);
        if (dead === undefined) break;
        dead.outcome = "died";
        dead.last = time;
        if (holders.get(dead.interpreter) === dead) holders.delete(dead.interpreter);
        break;
      }
    }
  }
  return finishTimeline(trace, [...drafts.values()]);
}

function newDraft(ident: number, slot: number, interpreter: number, start: number): Draft {
  const segments = new SegmentList();
  segments.push(start, GilState.Off, ReleaseReason.None, 0);
  return {
    ident,
    slot,
    interpreter,
    start,
    last: start,
    state: GilState.Off,
    outcome: "running",
    usesGil: false,
    segments,
    dropRequests: [],
    retries: [],
  };
}

function enter(draft: Draft, time: number, state: GilState, reason: number, hold: number): void {
  draft.state = state;
  draft.segments.push(time, state, reason, hold);
}

function finishTimeline(trace: Trace, drafts: Draft[]): Timeline {
  const shown = drafts.filter((draft) => draft.slot !== loopSlot || draft.usesGil);
  // The run is that of the Python threads; the interpreter loop was there before them.
  const any = shown.length > 0;
  const first = any ? shown.reduce((least, { start }) => Math.min(least, start), Infinity) : 0;
  const last = shown.reduce((most, draft) => Math.max(most, draft.last), first);
  const open = shown.some((draft) => draft.outcome === "running" && draft.slot !== loopSlot);
  const end = open ? Math.max(last, trace.footer?.endNs ?? last) : last;
  const threads = shown.map((draft): ThreadTimeline => {
    const name = trace.threads.get(draft.ident)?.name ?? `thread ${draft.ident}`;
    const threadEnd = draft.outcome === "running" ? end : draft.last;
    draft.segments.end = threadEnd;
    const { ident, slot, interpreter, segments, dropRequests, retries, start, outcome } = draft;
    return {
      ident,
      slot,
      interpreter,
      name,
      segments,
      dropRequests,
      retries,
      start,
      end: threadEnd,
      outcome,
    };
  });
  threads.sort(
    (a, b) =>
      a.interpreter - b.interpreter || rank(a) - rank(b) || a.start - b.start || a.ident - b.ident,
  );
  return { threads, start: first, end };
}

/** MainThread on top, the interpreter loop at the bottom; processes one below the other. */
function rank(thread: ThreadTimeline): number {
  if (thread.name === "MainThread" || thread.ident === mainThreadOf(thread.interpreter)) return 0;
  return thread.slot === loopSlot ? 2 : 1;
}

/** The threads that had or wanted the GIL longest, at most `most`, in their order. */
export function heaviestThreads({ threads }: Timeline, most: number): readonly ThreadTimeline[] {
  if (threads.length <= most) return threads;
  const weights = new Map(threads.map((thread) => [thread, weigh(thread)]));
  const heaviest = threads.toSorted((a, b) => weights.get(b)! - weights.get(a)!);
  // MainThread belongs into every picture.
  const chosen = new Set([...new Set([threads[0], ...heaviest])].slice(0, most));
  return threads.filter((thread) => chosen.has(thread));
}

/** Time a thread had the GIL or waited for it, ns. */
function weigh({ segments }: ThreadTimeline): number {
  let sum = 0;
  for (let i = 0; i < segments.length; i++) {
    if (segments.state[i] !== GilState.Off) sum += segments.endOf(i) - segments.from[i];
  }
  return sum;
}

/** The part of each of `count` equal columns of a span that the thread had the GIL or waited. */
export function columnsOf(
  thread: ThreadTimeline,
  span: { readonly from: number; readonly to: number },
  count: number,
): { has: Float64Array; waiting: Float64Array } {
  const { segments } = thread;
  const has = new Float64Array(count);
  const waiting = new Float64Array(count);
  const scale = count / (span.to - span.from);
  for (let i = segments.indexAt(span.from); i < segments.length; i++) {
    if (segments.from[i] >= span.to) break;
    const state = segments.state[i];
    if (state === GilState.Off) continue;
    const target = state === GilState.Has ? has : waiting;
    const start = Math.max((segments.from[i] - span.from) * scale, 0);
    const end = Math.min((segments.endOf(i) - span.from) * scale, count);
    for (let column = Math.floor(start); column < end && column < count; column++) {
      target[column] += Math.min(end, column + 1) - Math.max(start, column);
    }
  }
  return { has, waiting };
}
