/**
 * No lock at all: every thread runs Python whenever it likes, on the same heap. Nothing in the
 * runtime is made for that. Counts are lost, objects are freed while others use them, the heap
 * breaks: this is what the lock is for. The runtime watches such a run: what breaks is reported and
 * ends the run, and a thread that does not get on is ended too.
 *
 * The eval breaker always says Ticks, so that every check reaches the thread's tick count, by which
 * the interpreter loop sees that it gets on.
 */
import { ReleaseReason } from "../trace/record.js";
import { GilLock, Step } from "./lock.js";
import { Breaker } from "./words.js";

export class NoneUnsafe extends GilLock {
  protected override readonly resting: number = Breaker.Ticks;

  acquire(thread: number): boolean {
    return !this.mustExit(thread);
  }

  release(_thread: number, _reason: ReleaseReason): void {
    this.owed.pay();
  }

  override checkpoint(_thread: number): boolean {
    return true;
  }

  override noteOwed(): void {
    this.owed.pay();
  }

  override holder(): number {
    return -1;
  }

  override async acquireAsync(thread: number): Promise<boolean> {
    return this.acquire(thread);
  }

  /** Nobody ever waits. */
  protected begin(): void {}

  protected step(): Step {
    return Step.Taken;
  }

  protected sleepNs(): number {
    return 0;
  }

  protected woken(): void {}

  recover(deadThread: number): boolean {
    this.bury(deadThread);
    return false;
  }
}
