/**
 * Deadlocks of Python locks, found from outside: the interpreter loop reads what every thread waits
 * for and works out which of them can never go on.
 *
 * A thread can go on if it does anything but wait for a lock without a timeout. One that waits for
 * a lock can go on if somebody who will release it can:
 *
 *   waits for                         is released by
 *   --------------------------------  ----------------------------------------------------------
 *   an RLock                          its owner
 *   another thread's import           that thread, at the end of the module's body
 *   the end of a thread (join)        that thread
 *   a Lock taken by `with`            the thread that took it, at the end of its block
 *   a Lock taken by `acquire`         anybody: locks are handed over and used as signals (H3)
 *
 * MainThread can go on whatever it waits for while the program has a signal handler of its own.
 * Who cannot go on by these rules never will, since nobody who could change that runs. The threads
 * run while they are looked at; so a deadlock counts when two looks see the same waits, each of
 * them never interrupted in between.
 */
import { Region, ThreadLife, ThreadLimit, ThreadState } from "../memory/layout.js";
import { Head, LockObject, RLockObject } from "../object/layout.js";
import { T } from "../object/types.js";
import { LockState } from "../sync/lock.js";
import { importerOf } from "../vm/importlock.js";
import { formatPlace, nameOfThread, type Place, placeOfThread } from "./postmortem.js";

/** A wait without a timeout. Threads are named by their slots. */
interface Wait {
  readonly slot: number;
  /** Which of the thread's waits. */
  readonly number: number;
  readonly lock: number;
  readonly kind: "Lock" | "RLock" | "end" | "import";
  /** Thread that has the lock, took it last, or shall end; -1: nobody who is alive. */
  readonly holder: number;
  /** Nobody but the holder will release it. */
  readonly certain: boolean;
}

/** A thread that waits for ever. */
export interface DeadlockedThread {
  readonly ident: number;
  readonly name: string;
  /** Where it waits, outside of the library; null where that cannot be read. */
  readonly place: Place | null;
  /** What for, in words. */
  readonly waitsFor: string;
  /** Part of the cycle, not only waiting for somebody in it. */
  readonly inCycle: boolean;
}

/** Most threads of a report that are told one by one. */
const MOST_LINES = 30;

function stateOf(slot: number): number {
  return Region.Threads + slot * ThreadState.Size;
}

/** Looks at the threads of one heap, again and again. */
export class DeadlockFinder {
  #last = "";

  constructor(private readonly words: Int32Array) {}

  /**
   * Look once. The deadlocked threads, those of the cycle first, if the look before has seen the
   * same; else null. `handlesSignals`: the program has a signal handler of its own.
   */
  look(handlesSignals: boolean): DeadlockedThread[] | null {
    const stuck = this.#findStuck(handlesSignals);
    const seen = stuck.map(({ slot, number, lock }) => `${slot} ${number} ${lock}`).join();
    const again = seen !== "" && seen === this.#last;
    this.#last = seen;
    return again ? this.#describe(stuck) : null;
  }

  #findStuck(handlesSignals: boolean): Wait[] {
    const words = this.words;
    const alive = new Set<number>();
    const waits: Wait[] = [];
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const life = Atomics.load(words, stateOf(slot) + ThreadState.Life);
      if (life === ThreadLife.Free || life === ThreadLife.Dead) continue;
      alive.add(slot);
    }
    const able = new Set(alive);
    for (const slot of alive) {
      const wait = this.#waitOf(slot, alive);
      if (wait === null) continue;
      waits.push(wait);
      const isMain = words[stateOf(slot) + ThreadState.IsMain] !== 0;
      if (!(isMain && handlesSignals)) able.delete(slot);
    }
    for (let before = -1; before !== able.size; ) {
      before = able.size;
      for (const { slot, certain, holder } of waits) {
        if (certain ? able.has(holder) : able.size > 0) able.add(slot);
      }
    }
    return waits.filter(({ slot }) => !able.has(slot));
  }

  /** What the thread in `slot` waits for without a timeout; null when it does not. */
  #waitOf(slot: number, alive: ReadonlySet<number>): Wait | null {
    const words = this.words;
    const state = stateOf(slot);
    if (Atomics.load(words, state + ThreadState.Life) !== ThreadLife.Running) return null;
    const number = Atomics.load(words, state + ThreadState.Waits);
    const record = Atomics.load(words, state + ThreadState.ImportWait);
    if (record !== 0) return this.#importWait(slot, number, record, alive);
    const word = Atomics.load(words, state + ThreadState.Awaits);
    // Not parked on it: it may have got the lock and be waiting for the GIL.
    if (word === 0 || Atomics.load(words, state + ThreadState.WaitWord) !== word) return null;
    if (Atomics.load(words, word) === LockState.Free) return null;
    const isRLock = words[word - RLockObject.Word + Head.Type] === T.RLock;
    const lock = word - (isRLock ? RLockObject.Word : LockObject.State);
    if (isRLock) {
      const owner = words[lock + RLockObject.Owner];
      // Just taken: its new owner has not got the GIL yet.
      if (owner === 0) return null;
      const holder = this.#slotOf(owner, alive);
      return { slot, number, lock, kind: "RLock", holder, certain: true };
    }
    if (words[lock + Head.Type] !== T.Lock) return null;
    for (const other of alive) {
      if (words[stateOf(other) + ThreadState.Sentinel] !== lock) continue;
      return { slot, number, lock, kind: "end", holder: other, certain: true };
    }
    const owner = words[lock + LockObject.Owner];
    const holder = this.#slotOf(Math.abs(owner), alive);
    return { slot, number, lock, kind: "Lock", holder, certain: owner < 0 };
  }

  /** A waiter itself notices the death of the importing thread. */
  #importWait(
    slot: number,
    number: number,
    record: number,
    alive: ReadonlySet<number>,
  ): Wait | null {
    const holder = this.#slotOf(importerOf(this.words, record), alive);
    if (holder < 0) return null;
    return { slot, number, lock: record, kind: "import", holder, certain: true };
  }

  #slotOf(ident: number, alive: ReadonlySet<number>): number {
    for (const slot of alive) {
      if (this.words[stateOf(slot) + ThreadState.Ident] === ident) return slot;
    }
    return -1;
  }

  #describe(stuck: readonly Wait[]): DeadlockedThread[] {
    const cycle = cycleOf(stuck);
    const ordered = [...cycle, ...stuck.filter((wait) => !cycle.includes(wait))];
    return ordered.map((wait) => {
      const { place, library } = placeOfThread(this.words, wait.slot);
      return {
        ident: this.words[stateOf(wait.slot) + ThreadState.Ident],
        name: nameOfThread(this.words, wait.slot),
        place,
        waitsFor: this.#objectOf(wait, library),
        inCycle: cycle.includes(wait),
      };
    });
  }

  #objectOf({ slot, kind, holder }: Wait, library: Place | null): string {
    const via = library === null ? "" : ` (in ${library.function})`;
    const holderName = holder < 0 ? "" : nameOfThread(this.words, holder);
    if (kind === "import") return `a module that ${holderName} imports`;
    if (kind === "end") return `the end of ${holderName}${via}`;
    if (holder < 0) return `${article(kind)} that no living thread holds${via}`;
    if (holder !== slot) return `${article(kind)} that ${holderName} holds${via}`;
    // Condition and what is built of it: a lock taken by the waiter, for another to release.
    if (library !== null) return `another thread${via}`;
    return `${article(kind)} that it holds itself`;
  }
}

function article(kind: string): string {
  return kind === "RLock" ? "an RLock" : `a ${kind}`;
}

/** The first cycle of threads that wait for each other; empty where none is closed. */
function cycleOf(stuck: readonly Wait[]): Wait[] {
  const bySlot = new Map(stuck.map((wait) => [wait.slot, wait]));
  for (const start of stuck) {
    const path: Wait[] = [];
    let wait: Wait | undefined = start;
    while (wait !== undefined && !path.includes(wait)) {
      path.push(wait);
      wait = bySlot.get(wait.holder);
    }
    if (wait === undefined) continue;
    const cycle = path.slice(path.indexOf(wait));
    if (cycle.length > 1 || cycle[0].certain) return cycle;
  }
  return [];
}

/** The report for standard error, a line a thread. */
export function formatDeadlock(threads: readonly DeadlockedThread[]): string {
  const cycle = threads.filter(({ inCycle }) => inCycle);
  const count = threads.length === 1 ? "a thread waits" : `${threads.length} threads wait`;
  const head = `takegil: deadlock: ${count} for what nobody can give any more\n`;
  const lines = threads.slice(0, MOST_LINES).map(({ name, place, waitsFor }) => {
    return `  ${name} waits for ${waitsFor}${formatPlace(place)}\n`;
  });
  if (threads.length > MOST_LINES) lines.push(`  and ${threads.length - MOST_LINES} more\n`);
  if (cycle.length > 1) {
    const names = [...cycle.slice(0, MOST_LINES), cycle[0]].map(({ name }) => name);
    lines.push(`  wait-for cycle: ${names.join(" -> ")}\n`);
  }
  return head + lines.join("");
}
