/**
 * What the explorer explores: thread bodies written against {@link SyncMemory}, and a monitor that
 * says what must hold.
 */
import type { AsyncSyncMemory } from "./memory.js";

/** Operations a virtual thread performs on the memory. */
export const enum OpKind {
  Load = 0,
  Store = 1,
  Cas = 2,
  Exchange = 3,
  Add = 4,
  Or = 5,
  And = 6,
  Wait = 7,
  Notify = 8,
  /** See {@link VirtualThread.poll}. */
  Poll = 9,
}

/** Names of {@link OpKind}, by value. */
export const opNames = [
  "load",
  "store",
  "cas",
  "exchange",
  "add",
  "or",
  "and",
  "wait",
  "notify",
  "poll",
] as const;

/** A virtual thread's access to its world. */
export interface VirtualThread {
  readonly slot: number;
  readonly memory: AsyncSyncMemory;
  /** Tell the monitor something; not a step of its own. */
  emit(event: number, argument: number): void;
  /**
   * A busy loop that polls a word: goes on when the word is non-zero (true), or when no other
   * thread is left that could do anything, as if the loop had come to its own end (false).
   */
  poll(index: number): boolean;
}

/**
 * A stretch of a thread's code. It must be deterministic, keep all shared state in the memory, and
 * let every exception pass: the explorer runs it again and again from its start.
 *
 * @returns true to end the thread, whatever stretches follow
 */
export type Phase = (thread: VirtualThread) => boolean | undefined;

/**
 * The code of a thread: phases that run one after the other and share nothing but the memory. What
 * a thread saw in a phase is forgotten at its end, so the more phases, the fewer states.
 */
export type Body = readonly Phase[];

export interface Model {
  readonly name: string;
  /** Set up the memory before the threads start; runs alone. */
  setup(thread: VirtualThread): void;
  /** The threads; the slot of the first is 1. */
  readonly bodies: readonly Body[];
  /** What the interpreter loop (slot 0) does about a death; without it nothing is killed. */
  readonly recover?: (dead: number) => Body;
  /** A fresh monitor. */
  monitor(): Monitor;
  /**
   * True when all threads may be asleep at once, so that only a timeout can go on. Otherwise such
   * a state is a deadlock: a wake-up was lost.
   */
  readonly mayAllSleep?: boolean;
  /**
   * True for words whose operations need not be steps of their own, because the lock under test
   * orders them (the monitor must then notice where it does not) or because they decide nothing.
   */
  isQuiet?(index: number): boolean;
  /** Name of a word, for the account of a failure. */
  describe(index: number): string;
}

/** A performed operation, as a monitor sees it. */
export interface Operation {
  readonly kind: OpKind;
  readonly index: number;
  /** First operand: value, expected value, mask, count. */
  readonly a: number;
  /** Second operand: replacement, timeout in ns. */
  readonly b: number;
  /** The word before and after. */
  readonly before: number;
  readonly after: number;
  readonly result: number;
}

/**
 * Watches one execution. All methods return what is wrong, or undefined. The state must be small:
 * it is copied and hashed at every step.
 */
export interface Monitor {
  operation(slot: number, operation: Operation): string | undefined;
  /** A thread falls asleep on a word whose value is `value`. */
  sleep(slot: number, index: number, value: number, timeoutNs: number): string | undefined;
  /** A sleep ended, with a WaitResult. */
  wake(slot: number, index: number, result: number): string | undefined;
  event(slot: number, event: number, argument: number): string | undefined;
  death(slot: number): void;
  /** Every thread has ended or died. `faults` counts timeouts and deaths. */
  end(load: (index: number) => number, faults: number): string | undefined;
  copy(): Monitor;
  /** Equal states have equal hashes, and different ones should not. */
  hash(): number;
}
