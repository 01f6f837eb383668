import { RecordKind, TraceEvent, TraceRecord } from "./record.js";

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
  readonly slot: Uint8Array;
  readonly interpreter: Uint8Array;
  readonly argument: Int32Array;
  readonly line: Int32Array;
  readonly ticks: Uint32Array;
  /** Identity of the thread that emitted the event. */
  readonly ident: Uint32Array;
  readonly serial: Uint32Array;
  /** Furthest an Acquire lay before the Release that made it possible: clock skew, in ns. */
  readonly skewNs: number;
}

/** Records as they lie in memory: whole records of one slot, oldest first, slots in any order. */
export class RecordStream {
  private chunks: Uint8Array[] = [];
  /** Records so far. */
  length = 0;

  /** Append records; `bytes` is kept, not copied, and must hold whole records at a multiple of 8. */
  append(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.length += bytes.length / TraceRecord.Bytes;
  }

  /** Put all records into one order: by time within the bounds that hold numbers set. */
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

/** One thread slot's records during a merge. */
interface Lane {
  readonly records: number[];
  next: number;
  /** Time below which the lane's events are raised, after an Acquire that had to wait. */
  raise: number;
}

/**
 * A merge of the slots' streams by time. Each stream keeps its order. An Acquire waits for the
 * Release of the hold before it, wherever that is, and takes over its time when its own is
 * earlier: clocks of different threads may disagree a little, the lock does not.
 */
class Merge {
  private readonly F64: Float64Array;
  private readonly lanes: Lane[] = [];
  /** Lanes that may go on, a binary heap by the time of their next event. */
  private readonly ready: Lane[] = [];
  /** Lanes whose Acquire waits, by key of the Release they wait for. */
  private readonly stalled = new Map<number, Lane[]>();
  /** Releases still to come, by key. */
  private readonly releases = new Set<number>();

  constructor(private readonly words: Int32Array) {
    this.F64 = new Float64Array(words.buffer);
    const bySlot = new Map<number, Lane>();
    for (let record = 0; record < words.length; record += TraceRecord.Size) {
      const slot = (words[record + TraceRecord.Kind] >>> RecordKind.SlotShift) & RecordKind.Mask;
      let lane = bySlot.get(slot);
      if (lane === undefined) {
        lane = { records: [], next: 0, raise: 0 };
        bySlot.set(slot, lane);
        this.lanes.push(lane);
      }
      lane.records.push(record);
      if (this.eventOf(record) === TraceEvent.Release) this.releases.add(this.holdKey(record, 0));
    }
  }

  private eventOf(record: number): number {
    return this.words[record + TraceRecord.Kind] & RecordKind.Mask;
  }

  /** A hold of one interpreter's lock as one number. */
  private holdKey(record: number, offset: number): number {
    const interpreter = this.words[record + TraceRecord.Kind] >>> RecordKind.InterpreterShift;
    return (
      interpreter * 0x1_0000_0000 + ((this.words[record + TraceRecord.Argument] + offset) >>> 0)
    );
  }

  private timeOf(lane: Lane): number {
    return Math.max(this.F64[lane.records[lane.next] >> 1], lane.raise);
  }

  run(): History {
    const { words } = this;
    const length = words.length / TraceRecord.Size;
    const columns = {
      time: new Float64Array(length),
      event: new Uint8Array(length),
      reason: new Uint8Array(length),
      slot: new Uint8Array(length),
      interpreter: new Uint8Array(length),
      argument: new Int32Array(length),
      line: new Int32Array(length),
      ticks: new Uint32Array(length),
      ident: new Uint32Array(length),
      serial: new Uint32Array(length),
    };
    let skewNs = 0;
    for (const lane of this.lanes) this.push(lane);
    for (let i = 0; i < length; i++) {
      const lane = this.pop() ?? this.unstall();
      const record = lane.records[lane.next];
      const own = this.F64[record >> 1];
      // Only an Acquire's own wait raises a lane, and only for as long as its clock is behind.
      if (own >= lane.raise) lane.raise = 0;
      else skewNs = Math.max(skewNs, lane.raise - own);
      const kind = words[record + TraceRecord.Kind];
      columns.time[i] = Math.max(own, lane.raise);
      columns.event[i] = kind;
      columns.reason[i] = kind >>> RecordKind.ReasonShift;
      columns.slot[i] = kind >>> RecordKind.SlotShift;
      columns.interpreter[i] = kind >>> RecordKind.InterpreterShift;
      columns.argument[i] = words[record + TraceRecord.Argument];
      columns.line[i] = words[record + TraceRecord.Line];
      columns.ticks[i] = words[record + TraceRecord.Ticks];
      columns.ident[i] = words[record + TraceRecord.Ident];
      columns.serial[i] = words[record + TraceRecord.Serial];
      lane.next++;
      if (columns.event[i] === TraceEvent.Release) this.released(record, columns.time[i]);
      this.push(lane);
    }
    return { length, ...columns, skewNs };
  }

  /** A Release has been put out: whoever waited for it may go on, not before its time. */
  private released(record: number, time: number): void {
    const key = this.holdKey(record, 0);
    this.releases.delete(key);
    const waiting = this.stalled.get(key);
    if (waiting === undefined) return;
    this.stalled.delete(key);
    for (const lane of waiting) {
      lane.raise = Math.max(lane.raise, time);
      this.push(lane);
    }
  }

  /** Every lane waits for another: an impossible history. Let the earliest go on (the automaton will tell). */
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

  private push(lane: Lane): void {
    if (lane.next === lane.records.length) return;
    const record = lane.records[lane.next];
    if (this.eventOf(record) === TraceEvent.Acquire) {
      const before = this.holdKey(record, -1);
      if (this.releases.has(before)) {
        const waiting = this.stalled.get(before);
        if (waiting === undefined) this.stalled.set(before, [lane]);
        else waiting.push(lane);
        return;
      }
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
