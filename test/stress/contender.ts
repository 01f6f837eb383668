/**
 * A thread of the stress tests: takes and drops the lock in a way drawn from a seed, and changes
 * plain shared words while it holds it. Runs until its share of holds is done or it must stop.
 */
import { isMainThread, workerData } from "node:worker_threads";
import { SeededRandom } from "../../src/base/random.js";
import { threadWord } from "../../src/gil/discipline.js";
import {
  type DisciplineClass,
  type DisciplineName,
  disciplines,
} from "../../src/gil/disciplines.js";
import type { GilLock } from "../../src/gil/lock.js";
import { Breaker, Gil } from "../../src/gil/words.js";
import { Region, ThreadState } from "../../src/memory/layout.js";
import { AtomicsMemory } from "../../src/sync/atomics.js";
import { LockOperations } from "../../src/sync/lock.js";
import { Parker } from "../../src/sync/parker.js";
import { NullSink, ReleaseReason } from "../../src/trace/record.js";

/** Words of the tests, in a region no lock code touches. */
export const enum Shared {
  /** Plainly incremented by every holder. */
  Counter = Region.Arenas,
  /** Slot of the thread inside the critical section, 0 for none; plain. */
  Inside,
  /** Times the lock did not exclude. Atomic. */
  Violations,
  /** Workers ready. Atomic. */
  Ready,
  /** A `threading.Lock`, and what it protects. */
  PythonLock,
  LockCounter,
  LockInside,
  /** Holds of each slot so far, one word a slot. */
  Progress = Region.Arenas + 64,
  End = Region.Arenas + 512,
}

export interface ContenderData {
  readonly discipline: DisciplineName;
  readonly heap: SharedArrayBuffer;
  readonly slot: number;
  readonly seed: number;
  readonly holds: number;
  /** Average delay inside and outside of a hold, in iterations of an empty loop; 0 for none. */
  readonly delay: number;
  /** "gil" alone, or "lock": a Python-level lock around a section in which the GIL is dropped. */
  readonly kind: "gil" | "lock";
}

class Contender {
  readonly #I32: Int32Array;
  readonly #gil: GilLock;
  readonly #locks: LockOperations;
  readonly #random: SeededRandom;
  readonly #slot: number;

  constructor(
    readonly data: ContenderData,
    type: DisciplineClass,
  ) {
    this.#I32 = new Int32Array(data.heap);
    this.#slot = data.slot;
    this.#random = new SeededRandom(data.seed);
    const memory = new AtomicsMemory(this.#I32);
    this.#gil = new type(memory, new NullSink());
    this.#gil.attach(data.slot);
    const parker = new Parker(
      memory,
      threadWord(data.slot, ThreadState.WaitWord),
      Region.Gil + Gil.LateWakes,
      () => Atomics.load(this.#I32, threadWord(data.slot, ThreadState.Stop)) !== 0,
    );
    this.#locks = new LockOperations(memory, parker);
  }

  run(): void {
    Atomics.add(this.#I32, Shared.Ready, 1);
    Atomics.notify(this.#I32, Shared.Ready);
    if (!this.#gil.acquire(this.#slot)) return;
    for (let hold = 0; hold < this.data.holds; hold++) {
      const goesOn = this.data.kind === "gil" ? this.#holdGil() : this.#holdLock();
      if (!goesOn) return;
    }
    this.#gil.release(this.#slot, ReleaseReason.ThreadExit);
  }

  /** One stay in the critical section, then a release and a new acquisition. */
  #holdGil(): boolean {
    const I32 = this.#I32;
    this.#enter(Shared.Inside);
    I32[Shared.Counter]++;
    this.#pause();
    this.#leave(Shared.Inside);
    I32[Shared.Progress + this.#slot]++;
    if (!this.#check()) return false;
    this.#gil.release(this.#slot, ReleaseReason.BlockingIo);
    this.#pause();
    return this.#gil.acquire(this.#slot);
  }

  /** A check of the eval breaker, as the virtual machine makes it. */
  #check(): boolean {
    const breaker = this.#I32[Region.Gil + Gil.EvalBreaker];
    if (breaker === 0 || (breaker === Breaker.Ticks && this.#gil.tick(1))) return true;
    const asked = (this.#gil.pending(this.#slot) & Breaker.DropRequest) !== 0;
    return !asked || this.#gil.checkpoint(this.#slot);
  }

  /** As `threading.Lock.acquire` and `release`: try with the GIL, wait without it (I3, I4). */
  #holdLock(): boolean {
    if (!this.#check()) return false;
    if (!this.#locks.tryAcquire(Shared.PythonLock)) {
      this.#gil.release(this.#slot, ReleaseReason.LockWait);
      const result = this.#locks.acquire(Shared.PythonLock, Number.POSITIVE_INFINITY);
      if (!this.#gil.acquire(this.#slot)) return false;
      if (result !== 0) return false;
    }
    this.#enter(Shared.LockInside);
    this.#I32[Shared.LockCounter]++;
    this.#gil.release(this.#slot, ReleaseReason.BlockingIo);
    this.#pause();
    if (!this.#gil.acquire(this.#slot)) return false;
    this.#leave(Shared.LockInside);
    this.#locks.releaseOwing(Shared.PythonLock, this.#gil.owed);
    this.#gil.noteOwed();
    this.#I32[Shared.Progress + this.#slot]++;
    return true;
  }

  #enter(word: number): void {
    if (this.#I32[word] !== 0) Atomics.add(this.#I32, Shared.Violations, 1);
    this.#I32[word] = this.#slot;
  }

  #leave(word: number): void {
    if (this.#I32[word] !== this.#slot) Atomics.add(this.#I32, Shared.Violations, 1);
    this.#I32[word] = 0;
  }

  #pause(): void {
    if (this.data.delay === 0) return;
    // Mostly short, now and then very long.
    const scale = this.#random.below(64) === 0 ? 100 : 2;
    let turns = this.#random.below(this.data.delay * scale);
    while (turns-- > 0) this.#I32[Shared.End + this.#slot] = turns;
  }
}

if (!isMainThread) {
  const data = workerData as ContenderData;
  new Contender(data, await disciplines[data.discipline].load()).run();
}
