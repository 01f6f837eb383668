/**
 * The one way lock code touches shared memory: sequentially consistent operations on the words of
 * one Int32Array, plus sleeping and a clock. Everything in `sync` and `gil` is plain synchronous
 * code over this interface, so that the same code runs on real threads (`atomics.ts`) and under the
 * explorer, which decides every interleaving, timeout and death itself.
 *
 * An index is a word index into the memory. Times are nanoseconds on a monotonic clock, as numbers.
 */
export interface SyncMemory {
  load(index: number): number;
  store(index: number, value: number): void;
  /**
   * Read without order, at a fraction of the price: what it finds may be late. Safe for a word that
   * a `cas` follows on, which then fails; for one that only the caller writes; for a poll.
   */
  peek(index: number): number;
  /**
   * Write without order. Safe for a word that only the holder of a lock writes: who takes the lock
   * next sees it, since both change the lock's word by `cas`; others may see it late.
   */
  note(index: number, value: number): void;
  /** Store `replacement` if the word holds `expected`; the value found either way. */
  cas(index: number, expected: number, replacement: number): number;
  /** Store `value`; the value before. */
  exchange(index: number, value: number): number;
  /** Add `delta`; the value before. */
  add(index: number, delta: number): number;
  /** Set the bits of `mask`; the value before. */
  or(index: number, mask: number): number;
  /** Keep only the bits of `mask`; the value before. */
  and(index: number, mask: number): number;
  /**
   * Sleep while the word holds `value`, until notified or until `timeoutNs` have passed. The test
   * and the falling asleep are one step as seen by `notify`.
   */
  wait(index: number, value: number, timeoutNs: number): WaitResult;
  /**
   * Stay awake while the word holds `value`, for `limitNs` at most: NotEqual or TimedOut. For times
   * shorter than a sleep.
   */
  watch(index: number, value: number, limitNs: number): WaitResult;
  /** Wake at most `count` sleepers of the word, oldest first; how many were woken. */
  notify(index: number, count: number): number;
  now(): number;
}

/** A memory whose waits a thread that must never park can await. */
export interface AsyncSyncMemory extends SyncMemory {
  /** As {@link SyncMemory.wait}, without blocking the calling thread. */
  waitAsync(index: number, value: number, timeoutNs: number): Promise<WaitResult> | WaitResult;
}

/** How a wait ended. */
export const enum WaitResult {
  /** Woken by a notify (or spuriously: callers look at the word again). */
  Ok = 0,
  /** The word did not hold the expected value: never slept. */
  NotEqual = 1,
  TimedOut = 2,
}

/** `count` of {@link SyncMemory.notify} that wakes every sleeper. */
export const WAKE_ALL = 0x7fffffff;

/**
 * No single sleep is longer than this: a thread that dies runs no code, so a wake-up can be lost
 * with it, and a sleeper must look around by itself now and then.
 */
export const SLICE_NS = 100e6;
