/** Repairing what a thread left whose worker died: see platform.md's table of deaths. */
import type { Discipline } from "../gil/discipline.js";
import { type Mutation, Region, ThreadLife, ThreadLimit, ThreadState } from "../memory/layout.js";
import { Head, LockObject, RLockObject } from "../object/layout.js";
import { T } from "../object/types.js";
import { LockState } from "../sync/lock.js";
import { lineOfThread, nameOfThread } from "./postmortem.js";

/** A death, as it was found. */
export interface Death {
  readonly ident: number;
  readonly name: string;
  /** Source line the thread was last seen in; 0: unknown. */
  readonly line: number;
  readonly heldLock: boolean;
  /** The change of the heap it was in the middle of. */
  readonly mutation: Mutation;
}

export class Undertaker {
  /** Identities of threads whose workers died. */
  readonly #dead = new Set<number>();

  constructor(
    private readonly words: Int32Array,
    private readonly lock: Discipline,
  ) {}

  /** Read how the thread in `slot` died; changes nothing. */
  examine(slot: number): Death {
    const state = stateOf(slot);
    return {
      ident: this.words[state + ThreadState.Ident],
      name: nameOfThread(this.words, slot),
      line: lineOfThread(this.words, slot),
      heldLock: this.lock.holder() === slot,
      mutation: this.words[state + ThreadState.Mutation],
    };
  }

  /** Free what the dead thread in `slot` had: the GIL, its joiners, Python locks, the slot. */
  bury(slot: number): void {
    const state = stateOf(slot);
    Atomics.store(this.words, state + ThreadState.Life, ThreadLife.Dead);
    this.lock.recover(slot);
    this.#releaseSentinel(state);
    this.#freeTaken(state);
    this.#dead.add(this.words[state + ThreadState.Ident]);
    Atomics.store(this.words, state + ThreadState.Life, ThreadLife.Free);
    this.freeLocks();
  }

  /** Nobody else will: let those who join the dead thread go on. */
  #releaseSentinel(state: number): void {
    const lock = this.words[state + ThreadState.Sentinel];
    if (lock === 0) return;
    this.words[state + ThreadState.Sentinel] = 0;
    // Or freeLocks would free it once more when a joiner has it.
    this.words[lock + LockObject.Owner] = 0;
    this.#free(lock + LockObject.State);
  }

  /** Free the lock that the dead thread took but could not sign as its owner any more. */
  #freeTaken(state: number): void {
    const word = this.words[state + ThreadState.Taken];
    if (word === 0) return;
    this.words[state + ThreadState.Taken] = 0;
    this.#free(word);
  }

  /** Free the Python lock at `word` and wake all who wait for it. */
  #free(word: number): void {
    Atomics.store(this.words, word, LockState.Free);
    Atomics.notify(this.words, word);
  }

  /**
   * Free the Python locks that threads wait for and that dead threads took: nobody else would. Done
   * again and again after a death, since a thread may come to wait later.
   */
  freeLocks(): void {
    if (this.#dead.size === 0) return;
    const words = this.words;
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const word = Atomics.load(words, stateOf(slot) + ThreadState.WaitWord);
      if (word < Region.Arenas) continue;
      const isRLock = words[word - RLockObject.Word + Head.Type] === T.RLock;
      if (!isRLock && words[word - LockObject.State + Head.Type] !== T.Lock) continue;
      const object = word - (isRLock ? RLockObject.Word : LockObject.State);
      const owner = object + (isRLock ? RLockObject.Owner : LockObject.Owner);
      if (!this.#dead.has(Math.abs(words[owner]))) continue;
      words[owner] = 0;
      if (isRLock) words[object + RLockObject.Depth] = 0;
      this.#free(word);
    }
  }
}

function stateOf(slot: number): number {
  return Region.Threads + slot * ThreadState.Size;
}
