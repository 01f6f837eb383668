/**
 * The interpreter loop's eye on the threads of a run: looks several times a second for a deadlock,
 * and for a holder of the GIL that has not come to a check for long.
 */
import type { Discipline } from "../gil/discipline.js";
import { Breaker, Gil } from "../gil/words.js";
import { Control, Region, ThreadState } from "../memory/layout.js";
import { type DeadlockedThread, DeadlockFinder } from "./deadlock.js";
import { formatPlace, nameOfThread, placeOfThread } from "./postmortem.js";

/** Distance of looks, in ms: a deadlock is found at the second one after it. */
const LOOK_MS = 200;
/** A holder that nothing was heard of for so long, in ms, is asked to give a sign. */
const ASK_AFTER_MS = 1000;
/** A holder that gave no sign for so long, in ms, is named. */
const SILENT_MS = 5000;

/** What a {@link Watch} tells. */
export interface WatchListener {
  /** These threads will wait for ever. Told once. Null: it is not wanted to know. */
  readonly deadlock: ((threads: readonly DeadlockedThread[]) => void) | null;
  /** The holder of the GIL gives no sign; the text is a line for the user. Once a hold. */
  silence(text: string): void;
  /** Has the program a signal handler of its own? */
  handlesSignals(): boolean;
}

export class Watch {
  readonly #finder: DeadlockFinder;
  #timer: NodeJS.Timeout | null = null;
  #told = false;
  /** The last sign of the holder: which hold, and how many checks its thread has made. */
  #sign = "";
  #namedHold = 0;
  #silentMs = 0;
  #lastLook = 0;

  constructor(
    private readonly words: Int32Array,
    private readonly lock: Discipline,
    private readonly listener: WatchListener,
  ) {
    this.#finder = new DeadlockFinder(words);
  }

  start(): void {
    this.#lastLook = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    this.#lookAtHolder();
    const { words, listener } = this;
    const changing =
      Atomics.load(words, Control.Finalizing) !== 0 ||
      Atomics.load(words, Control.SignalsTripped) !== 0;
    if (changing || this.#told || listener.deadlock === null) return;
    const threads = this.#finder.look(listener.handlesSignals());
    if (threads === null) return;
    this.#told = true;
    listener.deadlock(threads);
  }

  #lookAtHolder(): void {
    const { words } = this;
    const now = performance.now();
    // When the process itself was stopped, nobody could give a sign.
    const elapsed = Math.min(now - this.#lastLook, 2 * LOOK_MS);
    this.#lastLook = now;
    const holder = this.lock.holder();
    const hold = Atomics.load(words, Region.Gil + Gil.HoldNumber);
    const state = Region.Threads + holder * ThreadState.Size;
    const ticks = holder > 0 ? Atomics.load(words, state + ThreadState.Ticks) : 0;
    const sign = `${holder} ${hold} ${ticks}`;
    this.#silentMs = holder > 0 && sign === this.#sign ? this.#silentMs + elapsed : 0;
    this.#sign = sign;
    if (this.#silentMs < ASK_AFTER_MS) return;
    // A thread alone has no reason to count its checks: this makes it count one.
    Atomics.or(words, Region.Gil + Gil.EvalBreaker, Breaker.Sign);
    if (this.#silentMs < SILENT_MS || this.#namedHold === hold) return;
    this.#namedHold = hold;
    this.listener.silence(this.#describe(holder));
  }

  #describe(slot: number): string {
    const where = formatPlace(placeOfThread(this.words, slot).place);
    const seconds = SILENT_MS / 1e3;
    const name = nameOfThread(this.words, slot);
    return `takegil: ${name} has had the GIL for ${seconds} s without a check${where}\n`;
  }
}
