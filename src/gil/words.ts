/**
 * The lock's words in the shared heap, relative to `Region.Gil`, and the bits within them. Every
 * word is accessed through `SyncMemory` only, save the one plain poll of the eval breaker.
 *
 *   word   0 ┌───────────────────┐
 *            │ Lock              │ taken, dropped, asked for: the lock word (LockWord)
 *         16 ├───────────────────┤
 *            │ EvalBreaker       │ polled by the holder (Breaker)
 *         32 ├───────────────────┤
 *            │ Switched          │ droppers that wait for another thread sleep here
 *         48 ├───────────────────┤
 *            │ HoldNumber        │ written by the holder only
 *            │ Ticker            │
 *            │ CheckInterval     │
 *         64 ├───────────────────┤
 *            │ IntervalLow, High │ settings and counters
 *            │ LateWakes         │
 *         80 ├───────────────────┤
 *            │ Tickets           │ who waits, under the disciplines with a queue
 *            │ Queue (18 words)  │
 *        112 ├───────────────────┤
 *            │ Mutex             │ of py2-condvar
 *        128 ├───────────────────┤
 *            │ Condition         │ of py2-condvar
 *        144 ├───────────────────┤
 *            │ Timer             │ the timer thread sleeps here
 *        160 └───────────────────┘  cache lines of their own: they have different writers
 */
export const enum Gil {
  /** The lock word, see {@link LockWord}. Atomic. */
  Lock = 0,
  /**
   * Non-zero when the holder should look around, see {@link Breaker}. The virtual machine polls it
   * with a plain load, which is safe because a late reading only delays a check. Any thread sets
   * bits (after the bit's source); only the holder clears them, and then reads the sources again.
   */
  EvalBreaker = 16,
  /** Counts hand-overs asked for and requests withdrawn. Atomic. */
  Switched = 32,
  /** Holds so far, modulo 2^32: the trace's hold number. Written by the holder. */
  HoldNumber = 48,
  /** Counted instructions until the next check, as the last holder left it (T5). Holder. */
  Ticker = 49,
  /** Counted instructions between two checks, less one (T6). Holder. */
  CheckInterval = 50,
  /** The switch interval in µs, low 31 bits and the rest. Written by the holder. */
  IntervalLow = 64,
  IntervalHigh = 65,
  /** Sleepers that found their wish granted when a slice ended: 0 unless a thread died. Atomic. */
  LateWakes = 66,
  /** Tickets drawn so far: a thread's place in the order of arrival. Atomic. */
  Tickets = 80,
  /** Bit n of word n / 32: the thread in slot n is in the queue. Atomic. */
  Queue = 81,
  /** `(slot + 1) * 2` of the thread inside, plus 1 when others may sleep; 0 free. Atomic. */
  Mutex = 112,
  /** Counts signals. Atomic. */
  Condition = 128,
  /** Set, and notified, to end the timer thread. Atomic. */
  Timer = 144,
  Size = 160,
}

/** A thread's own words, relative to its thread state's `ThreadState.Gil`. */
export const enum GilThread {
  /** The thread sleeps on this word in `time.sleep`; nobody changes it. */
  Sleep = 0,
  /** Ticket drawn when the thread last joined the queue. Owner. */
  Ticket = 1,
  /** Counts how often the lock was handed to this thread, which sleeps here. Atomic. */
  Turn = 2,
  /** User-set priority, 0 at first. Owner. */
  Priority = 3,
  /** 1 after a forced drop, 0 after a voluntary one (discipline `priority`). Owner. */
  CpuBound = 4,
}

/**
 * Bits of the lock word. All of CPython's lock state is in this one word, so that each step of
 * `take_gil` and `drop_gil` that CPython protects by a mutex is one compare-and-swap here.
 *
 *   31           13 12        3   2      1       0
 *   ┌───────────────┬───────────┬────┬───────┬───────┐
 *   │ switch number │  holder   │lock│request│waiters│
 *   └───────────────┴───────────┴────┴───────┴───────┘
 */
export const enum LockWord {
  /** Threads may be asleep on the word. Cleared by a drop; set by whoever waits or has waited. */
  Waiters = 1,
  /** A waiter asks the holder to drop the lock. Stays set from the drop until someone takes it. */
  Request = 2,
  Locked = 4,
  /** Slot of the thread that has the lock, or had it last. */
  HolderShift = 3,
  HolderMask = 0x3ff,
  HolderBits = 0x1ff8,
  /** Holder when there was none yet or the last one died. */
  Nobody = 0x3ff,
  /** Changes of holder, modulo 2^19 (G5). */
  SwitchShift = 13,
  SwitchOne = 0x2000,
}

/** Bits of {@link Gil.EvalBreaker}; each only repeats a source, which decides. */
export const enum Breaker {
  /** Source: {@link LockWord.Request}. */
  DropRequest = 1,
  /** Source: `Control.SignalsTripped`; counts for MainThread only. */
  Signals = 2,
  /** Source: `ThreadState.AsyncException` of the holder. */
  AsyncException = 4,
  /** Source: `ThreadState.Stop` of the holder, or `Control.Finalizing`. */
  Stop = 8,
  /** Source: the holder's own `OwedWakes`. Nothing for the caller to do. */
  OwedWakes = 16,
  /** No source: the interpreter loop wants to see that the holder comes to its checks. */
  Sign = 32,
  /**
   * Never cleared where every check point of the eval loop is to reach `Discipline.tick`. Nothing
   * else to do while it is the only bit.
   */
  Ticks = 64,
}

/** Slot of the thread that has or last had the lock, from a lock word. */
export function holderOf(word: number): number {
  return (word >>> LockWord.HolderShift) & LockWord.HolderMask;
}

export function isLocked(word: number): boolean {
  return (word & LockWord.Locked) !== 0;
}

/** The word after `thread` took a free lock: no request (G6), a new switch number if H changes. */
export function takenWord(word: number, thread: number): number {
  const taken = (word | LockWord.Locked) & ~LockWord.Request;
  if (holderOf(word) === thread) return taken;
  const switched = (taken & ~LockWord.HolderBits) | (thread << LockWord.HolderShift);
  return (switched + LockWord.SwitchOne) | 0;
}
