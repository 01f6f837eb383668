/**
 * The new GIL with priorities that D. Beazley proposed in 2010 ("Understanding the Python GIL",
 * PyCon, and the patch of bpo-7946); no CPython release has it.
 *
 * - A thread starts as I/O-bound. A forced drop marks it CPU-bound, a voluntary release makes it
 *   I/O-bound again.
 * - An I/O-bound thread that finds a CPU-bound one with the lock asks for a drop at once.
 * - Equals, and CPU-bound threads, wait for the switch interval first (G2, G4).
 * - The lock is handed to the highest priority of the queue, among equals to the first that came.
 *
 * Ours is that what was handed to a thread that has not woken up yet, a thread of a higher rank
 * takes: it would ask at once anyway, and a short release, around `send`, need not cost it two
 * wake-ups.
 *
 * Ours is also a bound on starvation: a thread marked CPU-bound that has slept 100 whole
 * intervals for the lock, or was overtaken 1,000 times while it woke up, loses the mark, and so
 * takes its turn among the I/O-bound ones. His proposal leaves such a thread waiting for as long as
 * others keep the lock busy; a server with more threads than the lock has time for does that for
 * ever.
 *
 * Beside that a program can give its threads priorities (`sys.setthreadpriority`), which count
 * before the mark: a higher one asks at once, whatever the holder is; a lower one never asks, it
 * waits until the holder gives the lock up.
 */
import { WaitResult } from "../sync/memory.js";
import { ReleaseReason } from "../trace/record.js";
import { QueuedLock, queueWord } from "./queue.js";
import { GilThread, holderOf, LockWord } from "./words.js";

/** So often overtaken, a thread has lost as much patience as in an interval. */
const OVERTAKEN_AN_INTERVAL = 10;

export class Priority extends QueuedLock {
  /** The thread that waits, while it waits. */
  #waiter = 0;
  /** What is left of its patience, in times overtaken. */
  #left = 0;
  /** Whole intervals that a CPU-bound thread lets others pass. */
  protected readonly patience: number = 100;

  override attach(thread: number): void {
    this.memory.store(queueWord(thread, GilThread.Priority), 0);
    this.memory.store(queueWord(thread, GilThread.CpuBound), 0);
  }

  /** Set the priority of a thread: any number from -128 to 127, 0 at first. Only by itself. */
  setPriority(thread: number, priority: number): void {
    this.memory.store(queueWord(thread, GilThread.Priority), priority);
  }

  getPriority(thread: number): number {
    return this.memory.load(queueWord(thread, GilThread.Priority));
  }

  override release(thread: number, reason: ReleaseReason): void {
    const mark = reason === ReleaseReason.Forced ? 1 : 0;
    const markWord = queueWord(thread, GilThread.CpuBound);
    if (this.memory.peek(markWord) !== mark) this.memory.store(markWord, mark);
    super.release(thread, reason);
  }

  protected override begin(thread: number, word: number): void {
    this.#left = this.patience * OVERTAKEN_AN_INTERVAL;
    super.begin(thread, word);
  }

  protected override woken(result: WaitResult): void {
    super.woken(result);
    // A sleep that goes on was a slice; one that ended with the lock is the last anyway.
    if (this.sleeping || this.#left <= 0) return;
    this.#left -= result === WaitResult.TimedOut ? OVERTAKEN_AN_INTERVAL : 1;
    if (this.#left <= 0) this.promote(this.#waiter);
  }

  /** Take the mark from a waiter. Who is just choosing the next thread may not see it in time. */
  private promote(thread: number): void {
    const markWord = queueWord(thread, GilThread.CpuBound);
    if (this.memory.peek(markWord) !== 0) this.memory.store(markWord, 0);
  }

  protected precedes(a: number, b: number): boolean {
    const [rankOfA, rankOfB] = [this.rank(a), this.rank(b)];
    return rankOfA === rankOfB ? this.arrivedBefore(a, b) : rankOfA > rankOfB;
  }

  protected override hurry(thread: number, word: number): void {
    this.#waiter = thread;
    if ((word & LockWord.Request) !== 0 || this.rank(thread) <= this.rank(holderOf(word))) return;
    const slept = this.word;
    this.word = word;
    super.requestDrop();
    this.word = slept;
  }

  protected override outruns(thread: number, sleeper: number): boolean {
    return this.rank(thread) > this.rank(sleeper);
  }

  /** After a quiet interval: threads of a lower user-set priority go on waiting. */
  protected override requestDrop(): void {
    if (this.getPriority(this.#waiter) < this.getPriority(holderOf(this.word))) return;
    super.requestDrop();
  }

  /** The user-set priority first, then the mark. */
  protected rank(thread: number): number {
    const cpuBound = this.memory.load(queueWord(thread, GilThread.CpuBound));
    return this.getPriority(thread) * 2 + 1 - cpuBound;
  }
}
