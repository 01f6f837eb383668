import type { ThreadTimeline, Timeline } from "./timeline.js";
import { GilState } from "./timeline.js";

/**
 * Who blocked whom: for how long each thread waited for the GIL while each other thread had it.
 * Exact: each wait is cut at every hand-over, so that a row sums to what its thread waited.
 */
export interface BlockingMatrix {
  /** Rows and columns. */
  readonly threads: readonly ThreadTimeline[];
  /** At [row × threads + column]: seconds that thread `row` waited while `column` had it. */
  readonly heldSeconds: Float64Array;
  /** Seconds that each thread waited while a thread without a column had it. */
  readonly othersSeconds: Float64Array;
  /** Seconds that each thread waited while nobody had it: the hand-over itself. */
  readonly nobodySeconds: Float64Array;
}

/** The holds of one interpreter's lock in the order they happened, as columns. */
interface Holds {
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Column of the holder; one past the last for threads without one. */
  readonly holder: Uint32Array;
}

function holdsOf(
  { threads }: Timeline,
  interpreter: number,
  shown: readonly ThreadTimeline[],
): Holds {
  const columns = new Map(shown.map((thread, column) => [thread, column]));
  const from: number[] = [];
  const to: number[] = [];
  const holder: number[] = [];
  for (const thread of threads) {
    if (thread.interpreter !== interpreter) continue;
    const { segments } = thread;
    const column = columns.get(thread) ?? shown.length;
    for (let i = 0; i < segments.length; i++) {
      if (segments.state[i] !== GilState.Has) continue;
      from.push(segments.from[i]);
      to.push(segments.endOf(i));
      holder.push(column);
    }
  }
  const order = Uint32Array.from(from.keys()).sort((a, b) => from[a] - from[b] || to[a] - to[b]);
  return {
    from: Float64Array.from(order, (i) => from[i]),
    to: Float64Array.from(order, (i) => to[i]),
    holder: Uint32Array.from(order, (i) => holder[i]),
  };
}

/** Compute who blocked whom among `threads`, which are some or all of the timeline's. */
export function newBlockingMatrix(
  timeline: Timeline,
  threads: readonly ThreadTimeline[],
): BlockingMatrix {
  const count = threads.length;
  const heldSeconds = new Float64Array(count ** 2);
  const othersSeconds = new Float64Array(count);
  const nobodySeconds = new Float64Array(count);
  /** Of the row at work, ns; the last is the others'. */
  const row = new Float64Array(count + 1);
  for (const interpreter of new Set(threads.map((thread) => thread.interpreter))) {
    const holds = holdsOf(timeline, interpreter, threads);
    threads.forEach((thread, index) => {
      if (thread.interpreter !== interpreter) return;
      row.fill(0);
      nobodySeconds[index] = divideWaits(thread, holds, row) / 1e9;
      for (let column = 0; column < count; column++) {
        heldSeconds[index * count + column] = row[column] / 1e9;
      }
      othersSeconds[index] = row[count] / 1e9;
    });
  }
  return { threads, heldSeconds, othersSeconds, nobodySeconds };
}

/** Divide a thread's waits among the holders (added to `row`, ns); returns what is left, ns. */
function divideWaits({ segments }: ThreadTimeline, holds: Holds, row: Float64Array): number {
  let first = 0;
  let nobody = 0;
  for (let i = 0; i < segments.length; i++) {
    if (segments.state[i] !== GilState.Waiting) continue;
    const end = segments.endOf(i);
    let at = segments.from[i];
    // Waits follow each other, so the holds before this one are done with.
    while (first < holds.to.length && holds.to[first] <= at) first++;
    for (let hold = first; hold < holds.from.length && holds.from[hold] < end; hold++) {
      const from = Math.max(holds.from[hold], at);
      const to = Math.min(holds.to[hold], end);
      if (to <= from) continue;
      nobody += from - at;
      row[holds.holder[hold]] += to - from;
      at = to;
    }
    nobody += end - at;
  }
  return nobody;
}
