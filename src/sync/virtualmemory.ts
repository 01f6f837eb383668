import { Cost } from "./costs.js";
import { type SyncMemory, WaitResult } from "./memory.js";
import { Parker, ParkResult } from "./parker.js";
import type { VirtualScheduler } from "./virtual.js";

/**
 * {@link SyncMemory} in virtual time: the same words of the shared heap, but before each operation
 * the threads that are earlier go ahead, and sleeping is the scheduler's.
 */
export class VirtualMemory implements SyncMemory {
  constructor(
    private readonly words: Int32Array,
    private readonly scheduler: VirtualScheduler,
  ) {}

  load(index: number): number {
    this.scheduler.pass(Cost.Atomic);
    return Atomics.load(this.words, index);
  }

  store(index: number, value: number): void {
    this.scheduler.pass(Cost.Atomic);
    Atomics.store(this.words, index, value);
  }

  /** One thread runs at a time, so nothing is late; what is looked at costs no less. */
  peek(index: number): number {
    return this.load(index);
  }

  note(index: number, value: number): void {
    this.store(index, value);
  }

  cas(index: number, expected: number, replacement: number): number {
    this.scheduler.pass(Cost.Atomic);
    return Atomics.compareExchange(this.words, index, expected, replacement);
  }

  exchange(index: number, value: number): number {
    this.scheduler.pass(Cost.Atomic);
    return Atomics.exchange(this.words, index, value);
  }

  add(index: number, delta: number): number {
    this.scheduler.pass(Cost.Atomic);
    return Atomics.add(this.words, index, delta);
  }

  or(index: number, mask: number): number {
    this.scheduler.pass(Cost.Atomic);
    return Atomics.or(this.words, index, mask);
  }

  and(index: number, mask: number): number {
    this.scheduler.pass(Cost.Atomic);
    return Atomics.and(this.words, index, mask);
  }

  wait(index: number, value: number, timeoutNs: number): WaitResult {
    return this.waitUntil(index, value, this.scheduler.now() + timeoutNs);
  }

  /** {@link wait} with a deadline on this memory's clock; Infinity for none. */
  waitUntil(index: number, value: number, deadline: number): WaitResult {
    this.scheduler.pass(Cost.Atomic);
    if (Atomics.load(this.words, index) !== value) return WaitResult.NotEqual;
    return this.scheduler.sleep(index, deadline);
  }

  waitAsync(index: number, value: number, timeoutNs: number): WaitResult {
    return this.wait(index, value, timeoutNs);
  }

  watch(index: number, value: number, limitNs: number): WaitResult {
    const end = this.scheduler.now() + limitNs;
    do {
      this.scheduler.pass(Cost.Look);
      if (Atomics.load(this.words, index) !== value) return WaitResult.NotEqual;
    } while (this.scheduler.now() < end);
    return WaitResult.TimedOut;
  }

  notify(index: number, count: number): number {
    this.scheduler.pass(Cost.Atomic);
    return this.scheduler.notify(index, count);
  }

  now(): number {
    return this.scheduler.now();
  }
}

/** A parker whose sleeps are whole: no slices, so that one without a deadline is known as such. */
export class VirtualParker extends Parker {
  constructor(
    private readonly virtual: VirtualMemory,
    waitWord: number,
    lateWakes: number,
    interrupted: () => boolean,
  ) {
    super(virtual, waitWord, lateWakes, interrupted);
  }

  protected override sleep(index: number, value: number, deadline: number): ParkResult {
    if (this.interrupted()) return ParkResult.Interrupted;
    if (deadline <= this.virtual.now()) return ParkResult.TimedOut;
    this.virtual.waitUntil(index, value, deadline);
    return ParkResult.Woken;
  }
}
