/**
 * One thread beside the others is the clock: every interval it asks the holder to drop the lock, if
 * anybody waits. Waiters only wait. As CRuby does (`timer_thread` and the GVL in thread_pthread.c,
 * up to Ruby 3.2), where the quantum is 100 ms.
 *
 * The clock does not know when the holder got the lock, so a hold lasts anything from nothing to an
 * interval. The lock is handed over in the order of arrival, as in CRuby.
 */
import { Region } from "../memory/layout.js";
import { SLICE_NS, WAKE_ALL } from "../sync/memory.js";
import { TraceEvent } from "../trace/record.js";
import { Fifo } from "./fifo.js";
import { Breaker, Gil, isLocked, LockWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  EvalBreaker = Region.Gil + Gil.EvalBreaker,
  HoldNumber = Region.Gil + Gil.HoldNumber,
  Timer = Region.Gil + Gil.Timer,
}

export class Timer extends Fifo {
  override readonly needsTimer = true;

  /** The timer thread's life, until {@link stopTimer}. It takes no part in anything else. */
  runTimer(): void {
    let end = this.memory.now() + this.periodNs();
    for (;;) {
      if (this.memory.load(At.Timer) !== 0) return;
      const rest = end - this.memory.now();
      if (rest > 0) this.memory.wait(At.Timer, 0, Math.min(rest, SLICE_NS));
      if (this.memory.now() < end) continue;
      this.ask();
      end += this.periodNs();
    }
  }

  stopTimer(): void {
    this.memory.store(At.Timer, 1);
    this.memory.notify(At.Timer, WAKE_ALL);
  }

  /** Ask the holder to drop the lock if somebody waits for it. */
  ask(): void {
    for (;;) {
      const hold = this.memory.load(At.HoldNumber);
      const word = this.memory.load(At.Lock);
      if (!isLocked(word) || (word & LockWord.Waiters) === 0) return;
      if ((word & LockWord.Request) === 0) {
        if (!this.replace(word, word | LockWord.Request)) continue;
        this.sink.emit(TraceEvent.DropRequest, hold);
      }
      this.memory.or(At.EvalBreaker, Breaker.DropRequest);
      return;
    }
  }

  protected override patienceUs(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Waiters do not ask. */
  protected override requestDrop(): void {}

  private periodNs(): number {
    return Math.max(this.getInterval(), 1) * 1e3;
  }
}
