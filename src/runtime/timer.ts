/** The timer thread of the discipline `timer`: a worker that is no carrier and runs no Python. */
import { Worker } from "node:worker_threads";
import { Timer } from "../gil/timer.js";
import { ThreadLimit } from "../memory/layout.js";
import { AtomicsMemory } from "../sync/atomics.js";
import { NullSink } from "../trace/record.js";
import { emptyContext, RingSink } from "../trace/ring.js";
import { loadDiscipline } from "./discipline.js";

/** What the timer thread gets when its worker starts. */
export interface TimerData {
  heap: SharedArrayBuffer;
  rings: SharedArrayBuffer | null;
  /** As in CarrierData. */
  discipline: string;
}

/** The timer thread's life. */
export async function runTimer({ heap, rings, discipline }: TimerData): Promise<void> {
  const Discipline = await loadDiscipline(discipline);
  const slot = ThreadLimit.Timer;
  const sink = rings === null ? new NullSink() : new RingSink(rings, slot, 0, emptyContext());
  const lock = new Discipline(new AtomicsMemory(new Int32Array(heap)), sink);
  if (lock instanceof Timer) lock.runTimer();
}

/** Start the timer thread. A dead one is replaced, until the result is called. */
export function startTimer(data: TimerData): () => Promise<void> {
  let worker: Worker;
  let ended = false;
  const start = (): void => {
    worker = new Worker(new URL("../../workers/timer.js", import.meta.url), { workerData: data });
    worker.unref();
    worker.once("error", () => {});
    worker.once("exit", () => {
      if (!ended) start();
    });
  };
  start();
  return async () => {
    ended = true;
    await worker.terminate();
  };
}
