import { performance } from "node:perf_hooks";
import type { TraceHeader, TraceThread } from "./file.js";
import { TraceWriter } from "./file.js";
import { RingDrain } from "./ring.js";

/**
 * The interpreter loop's part of a traced run: moves records from the rings to the file, names
 * threads, and closes the file with what was lost. Call {@link poll} every few milliseconds: at
 * the default capacity a ring holds 8 ms of the busiest discipline.
 */
export class TraceRecorder {
  private readonly drain: RingDrain;
  private readonly writer: TraceWriter;

  /** @param write appends bytes to the file; they are valid during the call only */
  constructor(rings: SharedArrayBuffer, header: TraceHeader, write: (bytes: Uint8Array) => void) {
    this.drain = new RingDrain(rings);
    this.writer = new TraceWriter(header, write);
  }

  /** Name a thread, at its start or when its name changes. */
  thread(thread: TraceThread): void {
    this.writer.thread(thread);
  }

  /** Take what the threads have recorded since the last call; returns how many records. */
  poll(): number {
    return this.drain.drain(this.writer.append);
  }

  /** Write out what has been taken, so that a run killed from now on loses no more than this. */
  flush(): void {
    this.writer.flush();
  }

  /** Take the rest and close the file; no thread may record any more. */
  finish(status: number): void {
    this.poll();
    const dropped: Record<string, number> = {};
    for (let slot = 0; slot < this.drain.rings; slot++) {
      const lost = this.drain.dropped(slot);
      if (lost > 0) dropped[slot] = lost;
    }
    const endNs = (performance.now() - this.drain.origin) * 1e6;
    this.writer.finish({ endNs, status, dropped });
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
