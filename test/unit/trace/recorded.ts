/**
 * A recorded thread: takes the real lock, works or sleeps for a while, and records every event.
 * Stands in for a carrier running Python.
 */
import { isMainThread, workerData } from "node:worker_threads";
import { threadWord } from "../../../src/gil/discipline.js";
import { Py32 } from "../../../src/gil/py32.js";
import { Gil } from "../../../src/gil/words.js";
import { Region, ThreadState } from "../../../src/memory/layout.js";
import { AtomicsMemory } from "../../../src/sync/atomics.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { RingSink } from "../../../src/trace/ring.js";

/** Words of the recording, in a region no lock code touches. */
export const enum Shared {
  /** Threads that began. Atomic. */
  Ready = Region.Arenas,
  /** Set when all may go. Atomic. */
  Go,
  /** Never notified: to sleep on. */
  Sleep,
  End,
}

export interface RecordedData {
  readonly heap: SharedArrayBuffer;
  readonly rings: SharedArrayBuffer;
  readonly slot: number;
  readonly ident: number;
  /** "cpu" counts and checks; "io" sleeps a millisecond after every short hold. */
  readonly kind: "cpu" | "io";
  /** Checks of the eval breaker, or sleeps. */
  readonly rounds: number;
}

function run(data: RecordedData): void {
  const { slot } = data;
  const I32 = new Int32Array(data.heap);
  const context = {
    words: I32,
    ticks: threadWord(slot, ThreadState.Ticks),
    line: threadWord(slot, ThreadState.Line),
  };
  const sink = new RingSink(data.rings, slot, data.ident, context);
  const gil = new Py32(new AtomicsMemory(I32), sink);
  sink.emit(TraceEvent.ThreadStart, 0);
  Atomics.add(I32, Shared.Ready, 1);
  Atomics.wait(I32, Shared.Go, 0, 10_000);
  if (!gil.acquire(slot)) return;
  for (let round = 0; round < data.rounds; round++) {
    I32[context.ticks]++;
    I32[context.line] = 10 + (round & 3);
    if (I32[Region.Gil + Gil.EvalBreaker] !== 0) {
      gil.pending(slot);
      if (!gil.checkpoint(slot)) return;
    }
    if (data.kind === "io") {
      gil.release(slot, ReleaseReason.Sleep);
      Atomics.wait(I32, Shared.Sleep, 0, 1);
      if (!gil.acquire(slot)) return;
    }
  }
  gil.release(slot, ReleaseReason.ThreadExit);
  sink.emit(TraceEvent.ThreadEnd, 0);
}

if (!isMainThread) run(workerData as RecordedData);
