/**
 * The reentrant lock under Python's `threading.RLock` (H6): an owner, and how many times it has
 * the lock. Only the owner may release; who waits on a Condition gives the lock up whole and takes
 * it back as deep, whatever signals come meanwhile (H8).
 *
 * Three words, from the index that calls its `rlock`:
 *
 *   word   meaning                                        changed by
 *   -----  ---------------------------------------------  ------------------------------
 *   Lock   the binary lock (lock.ts)                      as said there
 *   Owner  identity of the owner; 0 while nobody has it   who has the binary lock
 *   Depth  times the owner has it                         who has the binary lock
 *
 * Anybody reads Owner and Depth without order: a thread finds its own identity there only while it
 * has the lock, having written it itself, and whatever it may find late is another's.
 */
import type { SyncMemory } from "./memory.js";

export const enum RLockWord {
  Lock = 0,
  Owner = 2,
  Depth = 4,
  Size = 6,
}

/** The binary lock in its first word, as the caller takes it: the GIL is not known here. */
export interface InnerLock {
  /** Take it within `ms` (Infinity: for ever): 1, 0 when it could not be had in time, or -1. */
  take(index: number, ms: number): number;
  /** Take it, whatever comes. */
  takeBack(index: number): void;
  release(index: number): void;
}

/** Operations of one thread on reentrant locks. A lock is three words that are 0 at first. */
export class RLockOperations {
  constructor(
    protected readonly memory: SyncMemory,
    protected readonly inner: InnerLock,
  ) {}

  /** Take the lock for thread `me`, once more if it has it: as {@link InnerLock.take}. */
  acquire(rlock: number, me: number, ms: number): number {
    if (this.isOwned(rlock, me)) {
      this.memory.note(rlock + RLockWord.Depth, this.depth(rlock) + 1);
      return 1;
    }
    const result = this.inner.take(rlock + RLockWord.Lock, ms);
    if (result > 0) this.own(rlock, me, 1);
    return result;
  }

  /** Undo one taking; false when the lock is not the thread's. */
  release(rlock: number, me: number): boolean {
    if (!this.isOwned(rlock, me)) return false;
    const depth = this.depth(rlock) - 1;
    if (depth === 0) this.free(rlock);
    else this.memory.note(rlock + RLockWord.Depth, depth);
    return true;
  }

  /** Give the lock up, however often it was taken. */
  free(rlock: number): void {
    this.memory.note(rlock + RLockWord.Owner, 0);
    this.memory.note(rlock + RLockWord.Depth, 0);
    this.inner.release(rlock + RLockWord.Lock);
  }

  /** Take what was given up by {@link free}, for the same owner and as often. */
  takeBack(rlock: number, owner: number, depth: number): void {
    this.inner.takeBack(rlock + RLockWord.Lock);
    this.own(rlock, owner, depth);
  }

  isOwned(rlock: number, me: number): boolean {
    return this.depth(rlock) > 0 && this.owner(rlock) === me;
  }

  owner(rlock: number): number {
    return this.memory.peek(rlock + RLockWord.Owner);
  }

  depth(rlock: number): number {
    return this.memory.peek(rlock + RLockWord.Depth);
  }

  protected own(rlock: number, owner: number, depth: number): void {
    this.memory.note(rlock + RLockWord.Owner, owner);
    this.memory.note(rlock + RLockWord.Depth, depth);
  }
}
