/**
 * Waiting as the disciplines with a switch interval do (G2, G4): a waiter sleeps for the interval,
 * in slices; if the interval passed without a change of holder it asks for a drop.
 */
import { Region } from "../memory/layout.js";
import { SLICE_NS, WaitResult } from "../sync/memory.js";
import { TraceEvent } from "../trace/record.js";
import { GilLock } from "./lock.js";
import { Breaker, Gil, isLocked, LockWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  EvalBreaker = Region.Gil + Gil.EvalBreaker,
  HoldNumber = Region.Gil + Gil.HoldNumber,
}

export abstract class IntervalLock extends GilLock {
  /** The waiter's state between two steps; one thread uses an instance, so it is never shared. */
  protected word = 0;
  protected intervalUs = 0;
  protected deadline = 0;
  protected sleeping = false;
  protected requested = false;

  /** The number in the lock word that every change of holder changes (G5). */
  protected abstract switchOf(word: number): number;

  /** A sleep ended by a notify. */
  protected notified(): void {}

  /** This waiter has just asked for a drop: the lock word is now `word`. */
  protected asked(_word: number): void {}

  /** How long a waiter waits before it asks, in µs. */
  protected patienceUs(): number {
    return Math.max(this.getInterval(), 1); // G1
  }

  /** A new interval begins at every sleep (G4), except when only a slice of one is over. */
  protected beginSleep(word: number): void {
    const goesOn = this.sleeping && this.switchOf(word) === this.switchOf(this.word);
    this.word = word;
    if (goesOn) return;
    this.endSleep();
    this.sleeping = true;
    this.intervalUs = this.patienceUs();
    this.deadline =
      this.intervalUs * 1e3 > SLICE_NS ? this.memory.now() + this.intervalUs * 1e3 : 0;
    this.sink.emit(TraceEvent.Wait, Math.min(this.intervalUs, 0x7fffffff));
  }

  /** Record the end of a sleep that only a slice of its interval had ended. */
  protected endSleep(): void {
    if (this.sleeping) this.sink.emit(TraceEvent.Wake, 0);
    this.sleeping = false;
  }

  protected sleepNs(): number {
    if (this.deadline === 0) return this.intervalUs * 1e3;
    return Math.min(Math.max(this.deadline - this.memory.now(), 0), SLICE_NS);
  }

  /** The sleep is over: ask for a drop if its whole interval was quiet. */
  protected woken(result: WaitResult): void {
    if (result !== WaitResult.TimedOut) {
      this.sleeping = false;
      if (result === WaitResult.Ok) this.notified();
      this.sink.emit(TraceEvent.Wake, 0);
      return;
    }
    const quiet = this.isQuiet(this.memory.load(At.Lock));
    const early = this.deadline !== 0 && this.memory.now() < this.deadline;
    if (quiet && early) return; // a slice of a long interval
    this.sleeping = false;
    this.sink.emit(early ? TraceEvent.Wake : TraceEvent.Timeout, quiet ? 1 : 0);
    if (quiet) this.requestDrop();
  }

  /** True if the lock is held and did not change hands since the sleep began. */
  protected isQuiet(word: number): boolean {
    return isLocked(word) && this.switchOf(word) === this.switchOf(this.word);
  }

  protected requestDrop(): void {
    for (;;) {
      const hold = this.memory.load(At.HoldNumber);
      const word = this.memory.load(At.Lock);
      if (!this.isQuiet(word)) return;
      const isNew = (word & LockWord.Request) === 0;
      if (isNew) {
        if (!this.replace(word, word | LockWord.Request)) continue;
        this.requested = true;
        this.sink.emit(TraceEvent.DropRequest, hold);
      }
      // Also when the bit was there: whoever set it may have died before it came this far.
      this.memory.or(At.EvalBreaker, Breaker.DropRequest);
      if (isNew) this.asked(word | LockWord.Request);
      return;
    }
  }
}
