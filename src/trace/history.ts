import {
  RecordKind,
  ReleaseReason,
  reasonOf,
  slotKey,
  slotOf,
  TraceEvent,
  TraceRecord,
} from "./record.js";

/**
 * The events of a run in one order, as columns of typed arrays (a million events are 31 MB and no
 * objects). Index i of every column is the i-th event.
 */
export interface History {
  readonly length: number;
  /** ns since the run's origin; never decreasing within a thread slot unless the trace is wrong. */
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly reason: Uint8Array;
  readonly slot: Uint16Array;
  readonly interpreter: Uint8Array;
  readonly argument: Int32Array;
  readonly line: Int32Array;
  readonly ticks: Uint32Array;
  /** Identity of the thread that emitted the event. */
  readonly ident: Uint32Array;
  readonly serial: Uint32Array;
  /** Furthest an effect lay before its cause on another thread: clock skew, in ns. */
  readonly skewNs: number;
}

/** Columns for so many events, all zero. */
export function newColumns(length: number) {
  return {
    time: new Float64Array(length),
    event: new Uint8Array(length),
    reason: new Uint8Array(length),
    slot: new Uint16Array(length),
    interpreter: new Uint8Array(length),
    argument: new Int32Array(length),
    line: new Int32Array(length),
    ticks: new Uint32Array(length),
    ident: new Uint32Array(length),
    serial: new Uint32Array(length),
  };
}

/** Records as they lie in memory: whole records of one slot, oldest first, slots in any order. */
export class RecordStream {
  readonly chunks: Uint8Array[] = [];
  /** Records so far. */
  length = 0;

  /** Append whole records; `bytes` is kept, not copied. */
  append(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.length += bytes.length / TraceRecord.Bytes;
  }

  /** Put all records into one order: by time, causes before their effects. */
  order(): History {
    const words = new Int32Array(this.length * TraceRecord.Size);
    const bytes = new Uint8Array(words.buffer);
    let at = 0;
    for (const chunk of this.chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return new Merge(words).run();
  }
}

/** No two threads' clocks differ by more; measured were 0.2 µs. */
const FURTHEST_SKEW_NS = 1e6;

/** One thread slot's records during a merge. */
interface Lane {
  readonly records: number[];
  next: number;
  /** Time below which the lane's events are raised, after one that had to wait for its cause. */
  raise: number;
}

/**
 * A merge of the slots' streams by time. Each stream keeps its order. An Acquire waits for the
 * Release of the hold before it, a forced Release for the first drop request of its hold, wherever
 * these are, and takes over their time when its own is earlier: clocks of different threads may
 * disagree a little, the lock does not.
 */
class Merge {
  private readonly F64: Float64Array;
  private readonly lanes: Lane[] = [];
  /** Lanes that may go on, a binary heap by the time of their next event. */
  private readonly ready: Lane[] = [];
  /** Lanes whose next event waits for its cause, by the cause's key. */
  private readonly stalled = new Map<number, Lane[]>();
  /** Causes still to come: the time of the first, by key. */
  private readonly causes = new Map<number, number>();

  constructor(private readonly words: Int32Array) {
    this.F64 = new Float64Array(words.buffer);
    const bySlot = new Map<number, Lane>();
    for (let record = 0; record < words.length; record += TraceRecord.Size) {
      const kind = words[record + TraceRecord.Kind];
      const slot = slotKey(kind >>> RecordKind.InterpreterShift, slotOf(kind));
      let lane = bySlot.get(slot);
      if (lane === undefined) {
        lane = { records: [], next: 0, raise: 0 };
        bySlot.set(slot, lane);
        this.lanes.push(lane);
      }
      lane.records.push(record);
      const key = this.causeKey(record);
      if (key === 0) continue;
      const known = this.causes.get(key) ?? Number.POSITIVE_INFINITY;
      this.causes.set(key, Math.min(known, this.F64[record >> 1]));
    }
  }

  /** Key of the effects this record may have on other threads, or 0. */
  private causeKey(record: number): number {
    const event = this.words[record + TraceRecord.Kind] & RecordKind.Mask;
    const isCause = event === TraceEvent.Release || event === TraceEvent.DropRequest;
    return isCause ? this.holdKey(record, event, 0) : 0;
  }

  /** Key of the cause this record needs, or 0. */
  private effectKey(record: number): number {
    const kind = this.words[record + TraceRecord.Kind];
    const reason = reasonOf(kind);
    switch (kind & RecordKind.Mask) {
      case TraceEvent.Acquire:
        return this.holdKey(record, TraceEvent.Release, -1);
      case TraceEvent.Release:
        return reason === ReleaseReason.Forced
          ? this.holdKey(record, TraceEvent.DropRequest, 0)
          : 0;
      default:
        return 0;
    }
  }

  /** An event of a hold of one interpreter's lock as one number, never 0. */
  private holdKey(record: number, event: number, offset: number): number {
    const interpreter = this.words[record + TraceRecord.Kind] >>> RecordKind.InterpreterShift;
    const hold = (this.words[record + TraceRecord.Argument] + offset) >>> 0;
    return (interpreter * 256 + event) * 0x1_0000_0000 + hold;
  }

  private timeOf(lane: Lane): number {
    return Math.max(this.F64[lane.records[lane.next] >> 1], lane.raise);
  }

  run(): History {
    const { words } = this;
    const length = words.length / TraceRecord.Size;
    const columns = newColumns(length);
    let skewNs = 0;
    for (const lane of this.lanes) this.push(lane);
    for (let i = 0; i < length; i++) {
      const lane = this.pop() ?? this.unstall();
      const record = lane.records[lane.next];
      const own = this.F64[record >> 1];
      // A cause raises a lane only for as long as the lane's clock is behind it.
      if (own >= lane.raise) lane.raise = 0;
      else skewNs = Math.max(skewNs, lane.raise - own);
      const kind = words[record + TraceRecord.Kind];
      columns.time[i] = Math.max(own, lane.raise);
      columns.event[i] = kind;
      columns.reason[i] = reasonOf(kind);
      columns.slot[i] = slotOf(kind);
      columns.interpreter[i] = kind >>> RecordKind.InterpreterShift;
      columns.argument[i] = words[record + TraceRecord.Argument];
      columns.line[i] = words[record + TraceRecord.Line];
      columns.ticks[i] = words[record + TraceRecord.Ticks];
      columns.ident[i] = words[record + TraceRecord.Ident];
      columns.serial[i] = words[record + TraceRecord.Serial];
      lane.next++;
      const key = this.causeKey(record);
      if (key !== 0) this.happened(key, columns.time[i]);
      this.push(lane);
    }
    return { length, ...columns, skewNs };
  }

  /** A cause has been put out: whoever waited for it may go on, not before its time. */
  private happened(key: number, time: number): void {
    this.causes.delete(key);
    const waiting = this.stalled.get(key);
    if (waiting === undefined) return;
    this.stalled.delete(key);
    for (const lane of waiting) {
      lane.raise = Math.max(lane.raise, time);
      this.push(lane);
    }
  }

  /** Every lane waits for another, an impossible history: let the earliest go on. */
  private unstall(): Lane {
    let best: Lane | undefined;
    let bestKey = 0;
    for (const [key, lanes] of this.stalled) {
      for (const lane of lanes) {
        if (best === undefined || this.timeOf(lane) < this.timeOf(best)) {
          best = lane;
          bestKey = key;
        }
      }
    }
    const rest = this.stalled.get(bestKey)!.filter((lane) => lane !== best);
    if (rest.length > 0) this.stalled.set(bestKey, rest);
    else this.stalled.delete(bestKey);
    return best!;
  }

  /**
   * Is a cause of `record` still to come? A drop request that is far later than a release is not
   * its cause: who asks while a new holder has not counted its hold yet names the hold before.
   */
  private isAhead(cause: number, record: number): boolean {
    const time = this.causes.get(cause);
    if (time === undefined) return false;
    const event = this.words[record + TraceRecord.Kind] & RecordKind.Mask;
    return event === TraceEvent.Acquire || time <= this.F64[record >> 1] + FURTHEST_SKEW_NS;
  }

  private push(lane: Lane): void {
    if (lane.next === lane.records.length) return;
    const cause = this.effectKey(lane.records[lane.next]);
    if (cause !== 0 && this.isAhead(cause, lane.records[lane.next])) {
      const waiting = this.stalled.get(cause);
      if (waiting === undefined) this.stalled.set(cause, [lane]);
      else waiting.push(lane);
      return;
    }
    const heap = this.ready;
    const time = this.timeOf(lane);
    let i = heap.length;
    heap.push(lane);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.timeOf(heap[parent]) <= time) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = lane;
  }

  private pop(): Lane | undefined {
    const heap = this.ready;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    const time = this.timeOf(last);
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.timeOf(heap[child + 1]) < this.timeOf(heap[child])) {
        child++;
      }
      if (this.timeOf(heap[child]) >= time) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
