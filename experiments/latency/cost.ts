/**
 * What the lock itself costs: taking and dropping it uncontended against two bare Atomics
 * operations, a hand-off between two threads against a bare wait and notify, and the check of the
 * eval breaker against a turn of an empty Python loop. Variants are interleaved. Of what takes
 * nanoseconds the quickest round counts, which nobody has disturbed.
 *
 *     node dist/experiments/latency/cost.js [discipline]
 */
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { ROOT, runProgram, takegil } from "../../src/experiment/runtimes.js";
import { type DisciplineName, disciplines } from "../../src/gil/disciplines.js";
import type { GilLock } from "../../src/gil/lock.js";
import { Gil } from "../../src/gil/words.js";
import { Control, Region } from "../../src/memory/layout.js";
import { AtomicsMemory } from "../../src/sync/atomics.js";
import { NullSink, ReleaseReason } from "../../src/trace/record.js";

const ROUNDS = 15;
const PAIRS = 300_000;
const TRIPS = 2000;
const TURNS = 30_000_000;
const EMPTY_LOOP = join(ROOT, "experiments/latency/emptyloop.py");

/** Words of this experiment, in a region no lock code touches. */
const enum Word {
  Bare = Region.Arenas,
  /** Whose turn the ping-pong is. */
  Turn = Region.Arenas + 64,
  Ready = Region.Arenas + 128,
  End = Region.Arenas + 256,
}

const enum Slot {
  Here = 1,
  There = 2,
}

interface PartnerData {
  readonly heap: SharedArrayBuffer;
  readonly discipline: DisciplineName;
  readonly kind: "bare" | "lock";
}

async function newLock(heap: SharedArrayBuffer, name: DisciplineName): Promise<GilLock> {
  const type = await disciplines[name].load();
  return new type(new AtomicsMemory(new Int32Array(heap)), new NullSink());
}

/** Nanoseconds of one turn of `run`, which makes `turns`. */
function time(turns: number, run: () => void): number {
  const start = performance.now();
  run();
  return ((performance.now() - start) * 1e6) / turns;
}

function uncontended(lock: GilLock): number {
  return time(PAIRS, () => {
    for (let i = 0; i < PAIRS; i++) {
      lock.acquire(Slot.Here);
      lock.release(Slot.Here, ReleaseReason.BlockingIo);
    }
  });
}

function bare(words: Int32Array): number {
  return time(PAIRS, () => {
    for (let i = 0; i < PAIRS; i++) {
      Atomics.compareExchange(words, Word.Bare, 0, 1);
      Atomics.compareExchange(words, Word.Bare, 1, 0);
    }
  });
}

function loop(words: Int32Array): number {
  let sum = 0;
  const ns = time(TURNS, () => {
    for (let i = 0; i < TURNS; i++) sum = (sum + words[Word.End + (i & 63)]) | 0;
  });
  return sum === -1 ? Number.NaN : ns;
}

function checkedLoop(words: Int32Array): number {
  let sum = 0;
  const ns = time(TURNS, () => {
    for (let i = 0; i < TURNS; i++) {
      sum = (sum + words[Word.End + (i & 63)]) | 0;
      if (words[Region.Gil + Gil.EvalBreaker] !== 0) sum = 0;
    }
  });
  return sum === -1 ? Number.NaN : ns;
}

/** One side of a ping-pong: what is awaited is that `Turn` is this side's. */
function bareSide(words: Int32Array, me: number, trips: number, times: number[]): void {
  for (let trip = 0; trip < trips; trip++) {
    const start = performance.now();
    Atomics.store(words, Word.Turn, 1 - me);
    Atomics.notify(words, Word.Turn, 1);
    while (Atomics.load(words, Word.Turn) !== me) Atomics.wait(words, Word.Turn, 1 - me, 100);
    times.push((performance.now() - start) * 1e3);
  }
}

/** The same by threads that hold the lock while it is their turn, and only then. */
function lockSide(
  lock: GilLock,
  words: Int32Array,
  me: number,
  trips: number,
  times: number[],
): void {
  const slot = me === 0 ? Slot.Here : Slot.There;
  for (let trip = 0; trip < trips; trip++) {
    const start = performance.now();
    Atomics.store(words, Word.Turn, 1 - me);
    lock.release(slot, ReleaseReason.LockWait);
    Atomics.notify(words, Word.Turn, 1);
    while (Atomics.load(words, Word.Turn) !== me) Atomics.wait(words, Word.Turn, 1 - me, 100);
    lock.acquire(slot);
    times.push((performance.now() - start) * 1e3);
  }
}

async function pingPong(
  heap: SharedArrayBuffer,
  discipline: DisciplineName,
  kind: PartnerData["kind"],
): Promise<number> {
  const words = new Int32Array(heap);
  Atomics.store(words, Word.Turn, 0);
  Atomics.store(words, Word.Ready, 0);
  const workerData: PartnerData = { heap, discipline, kind };
  const worker = new Worker(new URL(import.meta.url), { workerData });
  const ended = new Promise((done) => worker.once("exit", done));
  while (Atomics.load(words, Word.Ready) === 0) await new Promise((done) => setTimeout(done, 5));
  const times: number[] = [];
  if (kind === "bare") bareSide(words, 0, TRIPS, times);
  else {
    const lock = await newLock(heap, discipline);
    lock.acquire(Slot.Here);
    lockSide(lock, words, 0, TRIPS, times);
    lock.release(Slot.Here, ReleaseReason.ThreadExit);
  }
  await ended;
  return median(times.slice(TRIPS / 10));
}

async function partner({ heap, discipline, kind }: PartnerData): Promise<void> {
  const words = new Int32Array(heap);
  Atomics.store(words, Word.Ready, 1);
  if (kind === "bare") {
    while (Atomics.load(words, Word.Turn) !== 1) Atomics.wait(words, Word.Turn, 0, 100);
    bareSide(words, 1, TRIPS - 1, []);
    Atomics.store(words, Word.Turn, 0);
    Atomics.notify(words, Word.Turn, 1);
    return;
  }
  const lock = await newLock(heap, discipline);
  while (Atomics.load(words, Word.Turn) !== 1) Atomics.wait(words, Word.Turn, 0, 1);
  lock.acquire(Slot.There);
  lockSide(lock, words, 1, TRIPS - 1, []);
  Atomics.store(words, Word.Turn, 0);
  lock.release(Slot.There, ReleaseReason.ThreadExit);
  Atomics.notify(words, Word.Turn, 1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function say(what: string, ours: number, base: number, unit: string): void {
  const ratio = (ours / base).toFixed(2);
  console.log(`${what.padEnd(34)} ${ours.toFixed(2)} ${unit}, bare ${base.toFixed(2)}: ${ratio}`);
}

/** The check of the eval breaker, as part of what an empty loop of Python takes. */
function sayCheck(check: number): void {
  const { stdout, failure } = runProgram(takegil, EMPTY_LOOP, []);
  if (failure !== null) {
    console.error(`cost: the empty loop: ${failure}`);
    process.exitCode = 1;
    return;
  }
  const turn = Number(stdout);
  const part = ((check / turn) * 100).toFixed(1);
  console.log(
    `check of the eval breaker          ${check.toFixed(2)} ns, ` +
      `a turn of an empty Python loop ${turn.toFixed(2)}: ${part} %`,
  );
}

async function main(): Promise<void> {
  const name = (process.argv[2] ?? "py32") as DisciplineName;
  if (!Object.hasOwn(disciplines, name)) {
    console.error(`cost: no such discipline: ${name}`);
    process.exitCode = 2;
    return;
  }
  const heap = new SharedArrayBuffer((Word.End + 1024) * 4);
  const words = new Int32Array(heap);
  words[Control.NextIdent] = 3;
  const lock = await newLock(heap, name);
  lock.initialize(5000);
  const figures = { lock: [], bare: [], checked: [], loop: [], handoff: [], pong: [] } as Record<
    string,
    number[]
  >;
  for (let round = 0; round < ROUNDS; round++) {
    figures.lock.push(uncontended(lock));
    figures.bare.push(bare(words));
    figures.checked.push(checkedLoop(words));
    figures.loop.push(loop(words));
    if (round >= 3) continue;
    figures.pong.push(await pingPong(heap, name, "bare"));
    figures.handoff.push(await pingPong(heap, name, "lock"));
  }
  const of = (key: string): number => median(figures[key]);
  const least = (key: string): number => Math.min(...figures[key]);
  console.log(`${name}, ${ROUNDS} interleaved rounds`);
  say("release and acquire, uncontended", least("lock"), least("bare"), "ns");
  say("round trip of two threads, p50", of("handoff"), of("pong"), "µs");
  sayCheck(least("checked") - least("loop"));
}

if (isMainThread) await main();
else await partner(workerData as PartnerData);
