import { performance } from "node:perf_hooks";
import type { TraceHeader, TraceThread } from "./file.js";
import { TraceWriter } from "./file.js";
import { ProcessMerge } from "./merge.js";
import { TraceRecord } from "./record.js";
import { type RecordTaker, RingDrain } from "./ring.js";

/**
 * The interpreter loop's part of a traced run: moves records from the rings to the file, names
 * threads, and closes the file with what was lost. Call {@link poll} every few milliseconds: at
 * the default capacity a ring holds 8 ms of the busiest discipline.
 */
export class TraceRecorder {
  private readonly drain: RingDrain;
  private readonly processes: ProcessMerge;
  /** By identity: the order of the thread's name. */
  private readonly orders = new Map<number, number>();
  protected readonly writer: TraceWriter;

  /** @param write appends bytes to the file; they are valid during the call only */
  constructor(rings: SharedArrayBuffer, header: TraceHeader, write: (bytes: Uint8Array) => void) {
    this.drain = new RingDrain(rings);
    this.writer = new TraceWriter(header, write);
    this.processes = new ProcessMerge(this.writer, header.originNs ?? 0);
  }

  /** Add the trace file of a process of the run. */
  addProcess(bytes: Uint8Array): void {
    this.processes.add(bytes);
  }

  /** Processes that the trace has no room for. */
  get processesLeftOut(): number {
    return this.processes.leftOut;
  }

  /**
   * Name a thread, at its start or when its name changes. Of the names of one thread the one of the
   * greatest `order` counts, whatever comes first.
   */
  thread(thread: TraceThread, order = 0): void {
    if (order < (this.orders.get(thread.ident) ?? 0)) return;
    this.orders.set(thread.ident, order);
    this.named(thread);
  }

  protected named(thread: TraceThread): void {
    this.writer.thread(thread);
  }

  /** Take what the threads have recorded since the last call; returns how many records. */
  poll(): number {
    return this.drain.drain(this.taker());
  }

  protected taker(): RecordTaker {
    return this.writer.append;
  }

  /** Write out what has been taken, so that a run killed from now on loses no more than this. */
  flush(): void {
    this.writer.flush();
  }

  /** When the run ended, in ns since its origin. */
  protected end(): number {
    return (performance.now() - this.drain.origin) * 1e6;
  }

  /** Take the rest and close the file; no thread may record any more. */
  finish(status: number): void {
    this.poll();
    const dropped = { ...this.processes.dropped };
    for (let slot = 0; slot < this.drain.rings; slot++) {
      const lost = this.drain.dropped(slot);
      if (lost > 0) dropped[slot] = lost;
    }
    this.writer.finish({ endNs: this.end(), status, dropped });
  }

  /** Records written so far. */
  get records(): number {
    return this.writer.records;
  }

  /** Records lost so far because a ring was full. */
  get dropped(): number {
    return this.drain.droppedTotal();
  }
}

/**
 * The recorder of a run in virtual time: what it writes does not depend on when it looked. It keeps
 * everything until the end and writes it slot by slot, threads by their identities.
 */
class VirtualTraceRecorder extends TraceRecorder {
  private readonly names = new Map<number, TraceThread>();
  private readonly slots = new Map<number, Uint8Array[]>();

  constructor(
    rings: SharedArrayBuffer,
    header: TraceHeader,
    write: (bytes: Uint8Array) => void,
    private readonly clock: () => number,
  ) {
    super(rings, header, write);
  }

  protected override named(thread: TraceThread): void {
    this.names.set(thread.ident, thread);
  }

  protected override taker(): RecordTaker {
    return (slot, bytes) => {
      const kept = this.slots.get(slot) ?? [];
      kept.push(bytes.slice());
      this.slots.set(slot, kept);
    };
  }

  protected override end(): number {
    return this.clock();
  }

  override finish(status: number): void {
    this.poll();
    const names = [...this.names.values()].sort((a, b) => a.ident - b.ident);
    for (const thread of names) this.writer.thread(thread);
    for (const [slot, kept] of [...this.slots].sort(([a], [b]) => a - b)) {
      const bytes = Buffer.concat(kept);
      this.writer.append(slot, bytes, bytes.length / TraceRecord.Bytes);
    }
    super.finish(status);
  }
}

/** The recorder of a run; `clock` gives ns since its origin in virtual time, or is null. */
export function newTraceRecorder(
  rings: SharedArrayBuffer,
  header: TraceHeader,
  write: (bytes: Uint8Array) => void,
  clock: (() => number) | null,
): TraceRecorder {
  return clock === null
    ? new TraceRecorder(rings, header, write)
    : new VirtualTraceRecorder(rings, header, write, clock);
}
