/** Defects of the reentrant lock, one each. The explorer must find every one. */
import { RLockOperations, RLockWord } from "../../src/sync/rlock.js";

class AnybodyReleases extends RLockOperations {
  override release(rlock: number): boolean {
    this.free(rlock);
    return true;
  }
}

class FreeAfterFirstRelease extends RLockOperations {
  override release(rlock: number, me: number): boolean {
    if (!this.isOwned(rlock, me)) return false;
    this.free(rlock);
    return true;
  }
}

class OwnerWaitsForItself extends RLockOperations {
  override acquire(rlock: number, me: number, ms: number): number {
    const result = this.inner.take(rlock + RLockWord.Lock, ms);
    if (result > 0) this.own(rlock, me, 1);
    return result;
  }
}

class OwnerBeforeTheLock extends RLockOperations {
  override acquire(rlock: number, me: number, ms: number): number {
    if (!this.isOwned(rlock, me)) this.own(rlock, me, 0);
    return super.acquire(rlock, me, ms);
  }
}

class WhoeverItIsOwns extends RLockOperations {
  override isOwned(rlock: number): boolean {
    return this.depth(rlock) > 0;
  }
}

class ClearedAfterRelease extends RLockOperations {
  override free(rlock: number): void {
    this.inner.release(rlock + RLockWord.Lock);
    this.memory.note(rlock + RLockWord.Owner, 0);
    this.memory.note(rlock + RLockWord.Depth, 0);
  }
}

class DepthForgotten extends RLockOperations {
  override takeBack(rlock: number, owner: number): void {
    super.takeBack(rlock, owner, 1);
  }
}

/** As it once was: H8. */
class TakenBackUnlessInterrupted extends RLockOperations {
  override takeBack(rlock: number, owner: number, depth: number): void {
    this.inner.take(rlock + RLockWord.Lock, Number.POSITIVE_INFINITY);
    this.own(rlock, owner, depth);
  }
}

export const rlockMutants: readonly (readonly [name: string, rlocks: typeof RLockOperations])[] = [
  ["anybody may release it", AnybodyReleases],
  ["it is free after the first release", FreeAfterFirstRelease],
  ["its owner waits for itself", OwnerWaitsForItself],
  ["the owner is named before it has the lock", OwnerBeforeTheLock],
  ["whoever asks owns it", WhoeverItIsOwns],
  ["the owner is cleared after the release", ClearedAfterRelease],
  ["a condition gives it back only once", DepthForgotten],
  ["a signal keeps a condition from taking it back", TakenBackUnlessInterrupted],
];
