import { performance } from "node:perf_hooks";
import { assert } from "../base/assert.js";
import type { EventSink } from "./record.js";
import { kindOfSlot, RecordKind, TraceRecord } from "./record.js";

/** Bound once: a third quicker than the method call (51 against 74 ns here). */
const now = performance.now.bind(performance);

/**
 * Rings that carry trace records from the threads to the interpreter loop: one ring a thread
 * slot, in a SharedArrayBuffer of their own, so that tracing never changes the Python heap.
 *
 * Contract: one producer a ring (the thread that owns the slot), one consumer for all (the
 * interpreter loop). A full ring drops the new record and counts it; nothing is overwritten.
 * Both ends are wait-free. A thread that dies leaves at most a record that was never published.
 *
 *   word 0 ┌──────────────────────────────┐
 *          │ RingsControl                 │
 *       32 ├──────────────────────────────┤ ring 0: Ring header (32 words), then records
 *          │ header │ capacity × record   │
 *          ├──────────────────────────────┤ ring 1
 *          │ …                            │
 *          └──────────────────────────────┘
 *
 * The buffer is zero when created, and pages of rings that are never used cost nothing.
 */
const enum RingsControl {
  /** Records a ring holds, a power of two. Immutable. */
  Capacity = 0,
  /** Number of rings. Immutable. */
  Rings = 1,
  /** `performance.now()` at the run's origin, a float64 (ms). Immutable. */
  Origin = 2,
  Size = 32,
}

/** A ring's header; producer's and consumer's words lie in different cache lines. */
const enum Ring {
  /** Records published, modulo 2^32. Producer, atomic. */
  Tail = 0,
  /** Records dropped because the ring was full, modulo 2^32. Producer, atomic. */
  Dropped = 1,
  /** Records consumed, modulo 2^32. Consumer, atomic. */
  Head = 16,
  Size = 32,
}

/** Records a ring holds unless told otherwise: 8 ms of a tick discipline at its busiest. */
export const defaultRingCapacity = 16384;

/** A record says its ring in 12 bits. */
const MOST = 4096;

/** Create the rings of a run; its origin of time is now. Called once, by the interpreter loop. */
export function createRings(rings: number, capacity = defaultRingCapacity): SharedArrayBuffer {
  if (!(capacity >= 2 && capacity <= 1 << 24 && (capacity & (capacity - 1)) === 0)) {
    throw new RangeError(`ring capacity must be a power of two from 2 to 2^24, not ${capacity}`);
  }
  if (!(rings >= 1 && rings <= MOST)) {
    throw new RangeError(`rings must be 1 to ${MOST}, not ${rings}`);
  }
  const words = RingsControl.Size + rings * (Ring.Size + capacity * TraceRecord.Size);
  const buffer = new SharedArrayBuffer(words * 4);
  const I32 = new Int32Array(buffer);
  I32[RingsControl.Capacity] = capacity;
  I32[RingsControl.Rings] = rings;
  new Float64Array(buffer)[RingsControl.Origin >> 1] = performance.now();
  return buffer;
}

/** The process, and the origin of its rings on the clock that all processes share. */
export function ownClock(rings: SharedArrayBuffer): { pid: number; originNs: number } {
  const origin = new Float64Array(rings)[RingsControl.Origin >> 1];
  const sinceOriginNs = (performance.now() - origin) * 1e6;
  return { pid: process.pid, originNs: Number(process.hrtime.bigint()) - sinceOriginNs };
}

function ringBase(I32: Int32Array, slot: number): number {
  const rings = I32[RingsControl.Rings];
  if (!(slot >= 0 && slot < rings)) throw new RangeError(`slot ${slot} of ${rings} rings`);
  return RingsControl.Size + slot * (Ring.Size + I32[RingsControl.Capacity] * TraceRecord.Size);
}

/** Where a thread keeps what every record says beside the event: words of any Int32Array. */
export interface RecordContext {
  readonly words: Int32Array;
  /** Index of the tick count. */
  readonly ticks: number;
  /** Index of the source line last known, 0 for unknown. */
  readonly line: number;
}

/** A context for threads that run no Python: always tick 0, line 0. */
export function emptyContext(): RecordContext {
  return { words: new Int32Array(2), ticks: 0, line: 1 };
}

/** The producer's end of one ring: the sink of one traced thread. */
export class RingSink implements EventSink {
  protected readonly I32: Int32Array;
  private readonly F64: Float64Array;
  private readonly context: Int32Array;
  private readonly ticksIndex: number;
  private readonly lineIndex: number;
  protected readonly base: number;
  private readonly records: number;
  private readonly mask: number;
  private readonly origin: number;
  private readonly kind: number;
  private readonly ident: number;
  private tail: number;
  private dropped: number;
  /** The consumer's head when last read: the ring cannot be fuller than this says. */
  protected knownHead: number;

  /**
   * @param buffer the run's rings, from {@link createRings}
   * @param slot the thread's slot; no other live sink may be bound to it
   * @param ident the thread's identity, distinct for every thread of a run
   */
  constructor(
    buffer: SharedArrayBuffer,
    slot: number,
    ident: number,
    context: RecordContext,
    interpreter = 0,
  ) {
    this.I32 = new Int32Array(buffer);
    this.F64 = new Float64Array(buffer);
    this.context = context.words;
    this.ticksIndex = context.ticks;
    this.lineIndex = context.line;
    this.base = ringBase(this.I32, slot);
    this.records = this.base + Ring.Size;
    this.mask = this.I32[RingsControl.Capacity] - 1;
    this.origin = this.F64[RingsControl.Origin >> 1];
    this.kind = kindOfSlot(slot) | (interpreter << RecordKind.InterpreterShift);
    this.ident = ident;
    this.tail = Atomics.load(this.I32, this.base + Ring.Tail);
    this.dropped = Atomics.load(this.I32, this.base + Ring.Dropped);
    this.knownHead = Atomics.load(this.I32, this.base + Ring.Head);
  }

  /** ns since the run's origin. */
  protected time(): number {
    return (now() - this.origin) * 1e6;
  }

  /** The ring is full: wait for room, or false to drop the record. */
  protected awaitRoom(): boolean {
    return false;
  }

  /** Look again how far the consumer has come. */
  protected hasRoom(): boolean {
    this.knownHead = Atomics.load(this.I32, this.base + Ring.Head);
    return ((this.tail - this.knownHead) | 0) <= this.mask;
  }

  emit(event: number, argument: number): void {
    const I32 = this.I32;
    const tail = this.tail;
    if (((tail - this.knownHead) | 0) > this.mask) {
      if (!this.hasRoom() && !this.awaitRoom()) {
        this.dropped = (this.dropped + 1) | 0;
        Atomics.store(I32, this.base + Ring.Dropped, this.dropped);
        return;
      }
    }
    const record = this.records + (tail & this.mask) * TraceRecord.Size;
    this.F64[record >> 1] = this.time();
    I32[record + TraceRecord.Ticks] = this.context[this.ticksIndex];
    I32[record + TraceRecord.Kind] = event | this.kind;
    I32[record + TraceRecord.Argument] = argument;
    I32[record + TraceRecord.Line] = this.context[this.lineIndex];
    I32[record + TraceRecord.Ident] = this.ident;
    I32[record + TraceRecord.Serial] = tail + this.dropped;
    this.tail = (tail + 1) | 0;
    // Publishes the record: the plain stores above are ordered before this one.
    Atomics.store(I32, this.base + Ring.Tail, this.tail);
  }
}

/**
 * A sink in virtual time: records bear the thread's own clock, and none is lost, since a thread may
 * take as long as it likes to write one. (Whether the consumer has come by is not seen in virtual
 * time.)
 */
class VirtualRingSink extends RingSink {
  constructor(
    buffer: SharedArrayBuffer,
    slot: number,
    ident: number,
    context: RecordContext,
    private readonly clock: () => number,
  ) {
    super(buffer, slot, ident, context);
  }

  protected override time(): number {
    return this.clock();
  }

  protected override awaitRoom(): boolean {
    while (!this.hasRoom()) Atomics.wait(this.I32, this.base + Ring.Head, this.knownHead, 1);
    return true;
  }
}

/** The sink of a thread; `clock` gives ns since the run's origin in virtual time, or is null. */
export function newRingSink(
  buffer: SharedArrayBuffer,
  slot: number,
  ident: number,
  context: RecordContext,
  clock: (() => number) | null,
): RingSink {
  return clock === null
    ? new RingSink(buffer, slot, ident, context)
    : new VirtualRingSink(buffer, slot, ident, context, clock);
}

/** Takes whole records that lie one after the other; the bytes are valid during the call only. */
export type RecordTaker = (slot: number, bytes: Uint8Array, count: number) => void;

/** The consumer's end of all rings. */
export class RingDrain {
  private readonly I32: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly capacity: number;
  /** Number of rings. */
  readonly rings: number;
  /** `performance.now()` at the run's origin. */
  readonly origin: number;

  constructor(buffer: SharedArrayBuffer) {
    this.I32 = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.capacity = this.I32[RingsControl.Capacity];
    this.rings = this.I32[RingsControl.Rings];
    this.origin = new Float64Array(buffer)[RingsControl.Origin >> 1];
  }

  /** Hand every published record to `take`, ring by ring; returns how many there were. */
  drain(take: RecordTaker): number {
    let total = 0;
    for (let slot = 0; slot < this.rings; slot++) total += this.drainRing(slot, take);
    return total;
  }

  private drainRing(slot: number, take: RecordTaker): number {
    const base = ringBase(this.I32, slot);
    const tail = Atomics.load(this.I32, base + Ring.Tail);
    // Plain read: only this thread writes the head.
    const head = this.I32[base + Ring.Head];
    const count = (tail - head) | 0;
    if (count === 0) return 0;
    assert(count > 0 && count <= this.capacity, `ring ${slot} holds ${count} records`);
    const first = head & (this.capacity - 1);
    const straight = Math.min(count, this.capacity - first);
    take(slot, this.view(base, first, straight), straight);
    if (straight < count) take(slot, this.view(base, 0, count - straight), count - straight);
    Atomics.store(this.I32, base + Ring.Head, tail);
    return count;
  }

  private view(base: number, index: number, count: number): Uint8Array {
    const start = (base + Ring.Size + index * TraceRecord.Size) * 4;
    return this.bytes.subarray(start, start + count * TraceRecord.Bytes);
  }

  /** Records published by a slot so far, modulo 2^32. */
  written(slot: number): number {
    return Atomics.load(this.I32, ringBase(this.I32, slot) + Ring.Tail) >>> 0;
  }

  /** Records a slot lost because its ring was full. */
  dropped(slot: number): number {
    return Atomics.load(this.I32, ringBase(this.I32, slot) + Ring.Dropped) >>> 0;
  }

  /** Records lost by all slots. */
  droppedTotal(): number {
    let total = 0;
    for (let slot = 0; slot < this.rings; slot++) total += this.dropped(slot);
    return total;
  }
}
