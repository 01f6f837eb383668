/**
 * One of two threads that change the count of the same object with the real `incref`. Each turn
 * they wait for each other, so that they run at the same time. Loaded inside workers only, after
 * the heap is bound.
 */
import type { MessagePort } from "node:worker_threads";
import { Py32 } from "../gil/py32.js";
import { Breaker, Gil } from "../gil/words.js";
import { Region } from "../memory/layout.js";
import { boot } from "../object/boot.js";
import { incref } from "../object/header.js";
import { newList } from "../object/list.js";
import { AtomicsMemory } from "../sync/atomics.js";
import { NullSink, ReleaseReason } from "../trace/record.js";
import { bindThread } from "../vm/threadstate.js";
import type { Lap, RaceMode, RacerData } from "./countrace.js";
import "../stdlib/all.js";

/** Changes between two looks at the eval breaker, as between two back jumps of a loop. */
const CHECK_EVERY = 64;

/** Take part in the races that `port` announces. */
export function takePart({ heap, gate, slot, changes }: RacerData, port: MessagePort): void {
  const I32 = new Int32Array(heap);
  const gateWords = new Int32Array(gate);
  const lock = new Py32(new AtomicsMemory(I32), new NullSink());
  bindThread(slot);
  lock.acquire(slot);
  boot();
  if (gateWords[1] === 0) gateWords[1] = newList(0);
  lock.release(slot, ReleaseReason.ThreadExit);
  const object = gateWords[1];

  const laps: Record<RaceMode, () => void> = {
    "no lock"() {
      for (let i = 0; i < changes; i++) incref(object);
    },
    atomic() {
      for (let i = 0; i < changes; i++) Atomics.add(I32, object, 1);
    },
    GIL() {
      lock.acquire(slot);
      for (let i = 0; i < changes; i += CHECK_EVERY) {
        for (let j = i; j < Math.min(i + CHECK_EVERY, changes); j++) incref(object);
        if (I32[Region.Gil + Gil.EvalBreaker] === 0) continue;
        if ((lock.pending(slot) & Breaker.DropRequest) !== 0) lock.checkpoint(slot);
      }
      lock.release(slot, ReleaseReason.ThreadExit);
    },
  };

  port.on("message", ({ mode, turn }: { mode: RaceMode; turn: number }) => {
    Atomics.add(gateWords, 0, 1);
    // Spinning: a sleeper would wake up too late to run together with the other one.
    while (Atomics.load(gateWords, 0) < 2 * turn);
    const from = performance.timeOrigin + performance.now();
    laps[mode]();
    const lap: Lap = { from, to: performance.timeOrigin + performance.now() };
    port.postMessage(lap);
  });
  port.postMessage("ready");
}
