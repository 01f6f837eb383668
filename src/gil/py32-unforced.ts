/**
 * `py32` without forced switching, as CPython behaves when it is compiled without FORCE_SWITCHING
 * (`drop_gil` in Python/ceval_gil.h: contract G7 without its step 4, and so without G8).
 *
 * A thread that was asked drops the lock, wakes one waiter and competes at once with the thread it
 * has woken. It usually wins, because a wake-up takes longer than a compare-and-swap, and taking
 * the lock clears the request (G6): the waiter has to wait for another interval. The rules of
 * asking (G2–G5) and the state table are those of `py32.ts`.
 */
import type { ReleaseReason } from "../trace/record.js";
import { Py32 } from "./py32.js";

export class Py32Unforced extends Py32 {
  override release(thread: number, reason: ReleaseReason): void {
    this.drop(thread, reason);
  }

  /** The dropper takes the lock again before anybody sees that it was free. */
  protected override asked(_word: number): void {}

  /** Nobody waits for a switch. */
  protected override announceSwitch(): void {}
}
