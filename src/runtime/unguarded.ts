/**
 * The interpreter loop's eye on a run without a lock (`none-unsafe`): its heap may break in any
 * way, so a thread may loop for ever in the runtime's own code, and all may wait for one that is
 * lost. Nothing of that may leave a process hanging.
 */
import { ThreadLife, ThreadLimit, ThreadState } from "../memory/layout.js";
import { stateOf } from "../vm/threadstate.js";
import { formatPlace, nameOfThread, placeOfThread } from "./postmortem.js";

/** Distance of looks, in ms. */
const LOOK_MS = 200;
/** A thread that makes no check for so long, in ms, and does not wait, is stuck. */
const STUCK_MS = 3000;
/** When all threads have waited for each other for so long, in ms, the run is over. */
const LOST_MS = 5000;

export class UnguardedWatch {
  readonly #signs = new Map<number, { sign: string; since: number }>();
  #timer: NodeJS.Timeout | null = null;
  #idleSince = 0;

  /** @param give is told, once, why the run must end: a line for the user */
  constructor(
    private readonly words: Int32Array,
    private readonly give: (text: string) => void,
  ) {}

  start(): void {
    this.#idleSince = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    let busy = false;
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const state = stateOf(slot);
      if (Atomics.load(this.words, state + ThreadState.Life) !== ThreadLife.Running) continue;
      const waitsOn = Atomics.load(this.words, state + ThreadState.WaitWord);
      // A thread in time.sleep waits on a word of its own.
      const sleeps = waitsOn >= state && waitsOn < state + ThreadState.Size;
      const sign = `${this.words[state + ThreadState.Ident]} ${this.words[state + ThreadState.Ticks]}`;
      const last = this.#signs.get(slot);
      const moved = last?.sign !== sign;
      if (moved || waitsOn !== 0) this.#signs.set(slot, { sign, since: now });
      if (moved || sleeps) busy = true;
      else if (waitsOn === 0 && now - last.since > STUCK_MS) {
        const where = formatPlace(placeOfThread(this.words, slot).place);
        this.#end(`${nameOfThread(this.words, slot)} does not get on${where}`);
        return;
      } else if (waitsOn === 0) busy = true;
    }
    if (busy) this.#idleSince = now;
    else if (now - this.#idleSince > LOST_MS) this.#end("all threads wait for each other");
  }

  #end(what: string): void {
    this.stop();
    this.give(`takegil: without a lock the heap broke: ${what}: the run ends\n`);
  }
}
