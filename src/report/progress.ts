import type { Trace } from "../trace/file.js";
import { TraceEvent } from "../trace/record.js";
import type { Timeline } from "./timeline.js";

/**
 * How far a run had come at each of its moments: the horizontal axis of D. Beazley's pictures,
 * which counts what the interpreter executed and stands still while nobody has the GIL.
 */

/** What progress is counted in. */
export type ProgressUnit =
  /** Instructions executed, where check points count them. */
  | "ticks"
  /** Nanoseconds somebody had the GIL: where instructions are not counted. */
  | "held"
  /** Nanoseconds that went by, whoever had the GIL. */
  | "wall";

/** A monotone function from times of a trace to its progress, in straight pieces. */
export class Progress {
  constructor(
    readonly unit: ProgressUnit,
    private readonly times: Float64Array,
    private readonly values: Float64Array,
  ) {}

  /** Progress at the end of the run. */
  get end(): number {
    return this.values.length === 0 ? 0 : this.values[this.values.length - 1];
  }

  /** Progress at a time (ns). */
  at(time: number): number {
    const { times, values } = this;
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= time) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    if (low === times.length) return values[low - 1];
    const part = (time - times[low - 1]) / (times[low] - times[low - 1]);
    return values[low - 1] + part * (values[low] - values[low - 1]);
  }
}

/** A hold and what was executed in it. */
interface Gain {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/**
 * The progress of a trace. Ticks are instructions under the disciplines of Python 2 and with the
 * check points of 3.9 and older; elsewhere a tick is a check that found something to do, and
 * time with the GIL takes their place.
 */
export function newProgress(trace: Trace, timeline: Timeline, wanted: "ticks" | "wall"): Progress {
  if (wanted === "wall") {
    const times = Float64Array.of(timeline.start, timeline.end);
    return new Progress("wall", times, Float64Array.of(0, timeline.end - timeline.start));
  }
  const holds = holdsOf(trace);
  const executed = holds.reduce((sum, { amount }) => sum + amount, 0);
  // A check that found something leaves at least one event behind; instructions leave far fewer.
  const counted = executed > 0 && (isTicked(trace) || executed > trace.history.length);
  const gains = counted ? holds : holds.map((hold) => ({ ...hold, amount: hold.to - hold.from }));
  return integrate(counted ? "ticks" : "held", gains, timeline);
}

function isTicked(trace: Trace): boolean {
  return trace.header.discipline.startsWith("py2-");
}

/** Every hold from its Acquire to its Release, with the ticks that its thread counted meanwhile. */
function holdsOf({ history }: Trace): Gain[] {
  const open = new Map<number, number>();
  const holds: Gain[] = [];
  for (let i = 0; i < history.length; i++) {
    const ident = history.ident[i];
    if (history.event[i] === TraceEvent.Acquire) open.set(ident, i);
    else if (history.event[i] === TraceEvent.Release) {
      const start = open.get(ident);
      if (start === undefined) continue;
      open.delete(ident);
      const amount = (history.ticks[i] - history.ticks[start]) >>> 0;
      holds.push({ from: history.time[start], to: history.time[i], amount });
    }
  }
  return holds;
}

/** Add the gains up, each spread evenly over its hold; holds of two interpreters may overlap. */
function integrate(unit: ProgressUnit, gains: readonly Gain[], timeline: Timeline): Progress {
  const steps = gains.flatMap(({ from, to, amount }) => {
    // A hold shorter than the clock's step is a jump.
    if (!(to > from)) return [{ time: from, rate: 0, jump: amount, holders: 0 }];
    const rate = amount / (to - from);
    return [
      { time: from, rate, jump: 0, holders: 1 },
      { time: to, rate: -rate, jump: 0, holders: -1 },
    ];
  });
  steps.sort((a, b) => a.time - b.time);
  const times = [timeline.start];
  const values = [0];
  let value = 0;
  let rate = 0;
  let holders = 0;
  let at = timeline.start;
  for (const step of steps) {
    value += rate * (step.time - at);
    at = step.time;
    value += step.jump;
    holders += step.holders;
    // Without a holder nothing is executed, whatever rounding says.
    rate = holders === 0 ? 0 : rate + step.rate;
    if (times[times.length - 1] === at) values[values.length - 1] = value;
    else {
      times.push(at);
      values.push(value);
    }
  }
  return new Progress(unit, Float64Array.from(times), Float64Array.from(values));
}
