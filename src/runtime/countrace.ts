/**
 * Two threads change one reference count, with and without something that keeps them apart: what
 * the GIL is for. Real workers on a real heap; `racer.ts` is what each of them does.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Py32 } from "../gil/py32.js";
import { AtomicsMemory } from "../sync/atomics.js";
import { NullSink } from "../trace/record.js";

/** What a racer is told. */
export interface RacerData {
  heap: SharedArrayBuffer;
  /** Two words: times that racers were ready, and the address of the object. */
  gate: SharedArrayBuffer;
  slot: number;
  changes: number;
}

/** How the racers keep apart. */
export const raceModes = ["no lock", "atomic", "GIL"] as const;
export type RaceMode = (typeof raceModes)[number];

/** What a racer reports of a turn, in ms of the machine's clock. */
export interface Lap {
  from: number;
  to: number;
}

/** One measured turn. */
export interface RaceRun {
  readonly mode: RaceMode;
  /** Changes that both threads made, and those that the count shows. */
  readonly changes: number;
  readonly counted: number;
  /** From the first change to the last. */
  readonly seconds: number;
  /** Part of that time in which both threads ran. */
  readonly overlap: number;
}

const HEAP_BYTES = 32 << 20;
const THREADS = [1, 2] as const;

/** Let two threads make `changes` changes each, `rounds` times in each mode, interleaved. */
export async function raceCounts(
  changes: number,
  rounds: number,
  progress: (text: string) => void,
): Promise<RaceRun[]> {
  const heap = new SharedArrayBuffer(HEAP_BYTES);
  const gate = new SharedArrayBuffer(8);
  new Py32(new AtomicsMemory(new Int32Array(heap)), new NullSink()).initialize(5000);
  const racers: Worker[] = [];
  for (const slot of THREADS) {
    const workerData: RacerData = { heap, gate, slot, changes };
    const racer = new Worker(new URL("../../workers/racer.js", import.meta.url), { workerData });
    racers.push(racer);
    await answerOf(racer);
  }
  const words = new Int32Array(heap);
  const [, object] = new Int32Array(gate);
  const runs: RaceRun[] = [];
  let turn = 0;
  const next = async (mode: RaceMode): Promise<RaceRun> => {
    turn++;
    words[object] = 1;
    for (const racer of racers) racer.postMessage({ mode, turn });
    const laps = (await Promise.all(racers.map(answerOf))) as Lap[];
    return summarise(mode, changes * THREADS.length, words[object] - 1, laps);
  };
  // The first turns are spent on compiling.
  for (const mode of raceModes) await next(mode);
  for (let round = 1; round <= rounds; round++) {
    for (const mode of raceModes) {
      progress(`race: round ${round} of ${rounds}, ${mode}`);
      runs.push(await next(mode));
    }
  }
  await Promise.all(racers.map((racer) => racer.terminate()));
  return runs;
}

async function answerOf(racer: Worker): Promise<unknown> {
  const [answer] = await once(racer, "message");
  return answer;
}

function summarise(mode: RaceMode, changes: number, counted: number, laps: Lap[]): RaceRun {
  const from = Math.min(...laps.map((lap) => lap.from));
  const to = Math.max(...laps.map((lap) => lap.to));
  const both = Math.min(...laps.map((lap) => lap.to)) - Math.max(...laps.map((lap) => lap.from));
  return {
    mode,
    changes,
    counted,
    seconds: (to - from) / 1e3,
    overlap: Math.max(both, 0) / Math.max(to - from, 1e-6),
  };
}
