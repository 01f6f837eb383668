/**
 * Where the time of HTTP requests went, joined from a trace of `takegil serve` by the number that
 * each request has: in the queue, waiting for the GIL, running, off the GIL, and being sent.
 */
import type { Trace } from "../trace/file.js";
import { TraceEvent } from "../trace/record.js";
import { type RequestPart, requestParts } from "./requestparts.js";
import { GilState, newTimeline, type SegmentList } from "./timeline.js";

/** A request and its times, in seconds. */
export interface RequestTimes {
  readonly request: number;
  /** Identity of the thread that had it. */
  readonly thread: number;
  /** When it arrived, since the run's origin. */
  readonly arrivedSeconds: number;
  readonly totalSeconds: number;
  readonly parts: Readonly<Record<RequestPart, number>>;
}

interface Draft {
  queued: number;
  begin: number;
  end: number;
  thread: number;
}

/** All requests that were answered in the trace, by arrival; those with gaps are left out. */
export function newRequests(trace: Trace): RequestTimes[] {
  const { history } = trace;
  const drafts = new Map<number, Draft>();
  const segments = new Map<number, SegmentList>();
  for (const thread of newTimeline(trace).threads) segments.set(thread.ident, thread.segments);
  const requests: RequestTimes[] = [];
  for (let i = 0; i < history.length; i++) {
    const request = history.argument[i];
    const time = history.time[i];
    const draft = drafts.get(request);
    switch (history.event[i]) {
      case TraceEvent.RequestQueued:
        drafts.set(request, { queued: time, begin: -1, end: -1, thread: 0 });
        break;
      case TraceEvent.RequestBegin:
        if (draft === undefined) break;
        draft.begin = time;
        draft.thread = history.ident[i];
        break;
      case TraceEvent.RequestEnd:
        if (draft?.thread === history.ident[i]) draft.end = time;
        break;
      case TraceEvent.RequestSent: {
        drafts.delete(request);
        const known = draft === undefined ? undefined : segments.get(draft.thread);
        if (draft === undefined || known === undefined || draft.end < 0) break;
        requests.push(timesOf(request, draft, time, known));
      }
    }
  }
  return requests.sort((a, b) => a.arrivedSeconds - b.arrivedSeconds);
}

function timesOf(
  request: number,
  { queued, begin, end, thread }: Draft,
  sent: number,
  segments: SegmentList,
): RequestTimes {
  const spent = [0, 0, 0];
  for (let i = segments.indexAt(begin); i < segments.length && segments.from[i] < end; i++) {
    const from = Math.max(begin, segments.from[i]);
    spent[segments.state[i]] += Math.max(0, Math.min(end, segments.endOf(i)) - from);
  }
  const seconds = (ns: number): number => Math.max(0, ns) / 1e9;
  return {
    request,
    thread,
    arrivedSeconds: seconds(queued),
    totalSeconds: seconds(sent - queued),
    parts: {
      queue: seconds(begin - queued),
      waiting: seconds(spent[GilState.Waiting]),
      running: seconds(spent[GilState.Has]),
      off: seconds(spent[GilState.Off]),
      // Clocks of two threads may differ by a microsecond.
      sending: seconds(sent - end),
    },
  };
}

/** Requests between two ranks of all, by how long they took. */
export interface RequestClass {
  /** Ranks, 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means. */
  readonly totalSeconds: number;
  readonly parts: Readonly<Record<RequestPart, number>>;
}

/** Ends of the classes: the slow ones are looked at closely. */
const RANKS = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

/** Mean parts of the quickest quarter, and so on up to the slowest thousandth. */
export function classifyRequests(requests: readonly RequestTimes[]): RequestClass[] {
  const sorted = [...requests].sort((a, b) => a.totalSeconds - b.totalSeconds);
  const classes: RequestClass[] = [];
  for (let i = 0; i + 1 < RANKS.length; i++) {
    const [from, to] = [RANKS[i], RANKS[i + 1]];
    const members = sorted.slice(
      Math.floor(from * sorted.length),
      to === 1 ? sorted.length : Math.floor(to * sorted.length),
    );
    if (members.length > 0) classes.push(classOf(from, to, members));
  }
  return classes;
}

function classOf(from: number, to: number, members: readonly RequestTimes[]): RequestClass {
  const count = members.length;
  const mean = (value: (request: RequestTimes) => number): number =>
    members.reduce((sum, request) => sum + value(request), 0) / count;
  const parts = Object.fromEntries(
    requestParts.map((part) => [part, mean((request) => request.parts[part])]),
  ) as Record<RequestPart, number>;
  return { from, to, count, totalSeconds: mean(({ totalSeconds }) => totalSeconds), parts };
}

/** `p50–p75`. */
export function classLabel({ from, to }: { from: number; to: number }): string {
  const rank = (part: number): string => `p${Number((part * 100).toFixed(1))}`;
  return from === 0 ? `up to ${rank(to)}` : `${rank(from)}–${rank(to)}`;
}
