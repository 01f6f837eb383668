/**
 * A virtual machine for thread bodies: it holds the words, decides nothing, and performs one step
 * of one thread when told to. States are persistent: a step makes a new state and leaves the old.
 *
 * A thread is plain synchronous code, so it cannot be suspended. It is run again instead: every
 * operation it performed left its result in the thread's log; a run answers from the log up to its
 * end (the frontier), performs one more operation there, and is thrown out of at the next one.
 *
 * Only operations on *shared* words are steps: words that several threads touch and that one of
 * them writes. Others commute with everything and are performed together with the step before.
 * Which words are shared is learnt; {@link SharedWordFound} asks to begin again with that known.
 */
import { assert } from "../base/assert.js";
import { type AsyncSyncMemory, SLICE_NS, WaitResult } from "./memory.js";
import {
  type Body,
  type Model,
  type Monitor,
  OpKind,
  opNames,
  type VirtualThread,
} from "./model.js";

/** Thrown out of a body that has reached its next step; never seen outside of this file. */
class Suspend extends Error {}
const SUSPEND = new Suspend();

/** Something the model promised does not hold. */
export class Violation extends Error {
  override name = "Violation";
}

/** A word turned out to be shared only after operations on it were taken to be private. */
export class SharedWordFound extends Error {
  override name = "SharedWordFound";
}

export const enum ThreadStatus {
  Ready = 0,
  Asleep = 1,
  Done = 2,
  Dead = 3,
}

/** One thread in one state. Immutable. */
export interface ThreadSnapshot {
  readonly slot: number;
  readonly body: Body;
  /** The phase the thread is in. */
  readonly phase: number;
  readonly status: ThreadStatus;
  readonly log: readonly number[];
  /** Two independent hashes of the log. */
  readonly logHash: number;
  readonly logHash2: number;
  /** The operation the thread is about to perform (Ready), or sleeps in (Asleep). */
  readonly kind: OpKind;
  readonly index: number;
  readonly timeoutNs: number;
  /** When the sleep ends by itself. */
  readonly wakeAt: number;
}

/** The world between two steps. Immutable. */
export interface State {
  readonly words: readonly number[];
  readonly threads: readonly ThreadSnapshot[];
  /** Threads asleep, by place in `threads`, oldest sleeper first. */
  readonly sleepers: readonly number[];
  readonly clock: number;
  readonly monitor: Monitor;
}

const enum Accessor {
  None = -1,
  Several = -2,
}

/** What is known about a word over all executions so far. */
interface WordUse {
  readonly place: number;
  readonly quiet: boolean;
  accessor: number;
  written: boolean;
  shared: boolean;
}

/** An account of what a step did, for people. */
export type Narrator = (slot: number, text: string) => void;

export class Machine {
  readonly #uses = new Map<number, WordUse>();
  readonly #memory: AsyncSyncMemory;
  narrate: Narrator | undefined;

  // The state under construction and the thread that runs.
  #words: number[] = [];
  #sleepers: number[] = [];
  #threads: ThreadSnapshot[] = [];
  #clock = 0;
  #monitor!: Monitor;
  #runner = 0;
  #slot = 0;
  #log: number[] = [];
  #logHash = 0;
  #logHash2 = 0;
  #position = 0;
  /** Log entries that an earlier run has been through: what follows them was told before. */
  #told = 0;
  /** The run may perform one operation on a shared word. */
  #granted = false;
  #setup = false;
  #pendingKind = OpKind.Load;
  #pendingIndex = 0;
  #pendingTimeout = 0;
  #fallsAsleep = false;
  #woken: number[] = [];
  /** The granted poll ends although its word is zero. */
  #gaveUp = false;

  constructor(
    readonly model: Model,
    sharedWords: readonly number[] = [],
  ) {
    for (const index of sharedWords) this.#use(index).shared = true;
    const operate = (kind: OpKind, index: number, a: number, b: number) =>
      this.#operate(kind, index, a, b);
    this.#memory = {
      load: (index) => operate(OpKind.Load, index, 0, 0),
      store: (index, value) => void operate(OpKind.Store, index, value, 0),
      // Sequentially consistent here: that nothing hangs on the order is the caller's to show.
      peek: (index) => operate(OpKind.Load, index, 0, 0),
      note: (index, value) => void operate(OpKind.Store, index, value, 0),
      cas: (index, expected, replacement) => operate(OpKind.Cas, index, expected, replacement),
      exchange: (index, value) => operate(OpKind.Exchange, index, value, 0),
      add: (index, delta) => operate(OpKind.Add, index, delta, 0),
      or: (index, mask) => operate(OpKind.Or, index, mask, 0),
      and: (index, mask) => operate(OpKind.And, index, mask, 0),
      wait: (index, value, timeoutNs) => operate(OpKind.Wait, index, value, timeoutNs),
      // A look: the thread may be late for it, which is all the time there is here.
      watch: (index, value) =>
        operate(OpKind.Load, index, 0, 0) === value ? WaitResult.TimedOut : WaitResult.NotEqual,
      notify: (index, count) => operate(OpKind.Notify, index, count, 0),
      now: () => this.#readClock(),
      waitAsync: () => assert(false, "the explorer runs synchronous code only") as never,
    };
  }

  /** The clock has been read, so what it says matters. */
  clockRead = false;

  /** Words found to be shared so far, for a machine that is to take the same steps. */
  sharedWords(): number[] {
    return [...this.#uses].filter(([, use]) => use.shared).map(([index]) => index);
  }

  /** The state after the setup, every thread at its first step. */
  start(): State {
    this.#words = [];
    this.#threads = [];
    this.#sleepers = [];
    this.#clock = 0;
    this.#monitor = this.model.monitor();
    this.#setup = true;
    this.#told = 0;
    this.#log = [];
    this.#position = 0;
    this.model.setup(this.#thread(0));
    this.#setup = false;
    this.model.bodies.forEach((body, place) => {
      this.#threads.push(newThread(place + 1, body));
      this.#advance(place, -1, false);
    });
    return this.#seal();
  }

  /** Let a ready thread take its step; one that polls in vain ends its busy loop. */
  run(state: State, place: number): State {
    this.#open(state);
    this.#gaveUp = !this.isEnabled(state, place);
    this.#advance(place, state.threads[place].log.length, true);
    this.#advanceWoken();
    return this.#seal();
  }

  /** End a sleeping thread's sleep by its timeout. */
  timeOut(state: State, place: number): State {
    this.#open(state);
    this.#clock = Math.max(this.#clock, state.threads[place].wakeAt);
    this.#wake(place, WaitResult.TimedOut);
    this.#advanceWoken();
    return this.#seal();
  }

  /** A thread dies where it is; the model's recovery becomes a thread. */
  kill(state: State, place: number): State {
    this.#open(state);
    const thread = state.threads[place];
    this.narrate?.(thread.slot, "dies");
    // What it had seen no longer matters: dead is dead.
    const nothing = { log: [], logHash: 0, logHash2: 0, phase: 0 };
    this.#threads[place] = { ...thread, ...nothing, status: ThreadStatus.Dead };
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== place);
    this.#monitor.death(thread.slot);
    const body = this.model.recover?.(thread.slot);
    if (body !== undefined) {
      this.#threads.push(newThread(0, body));
      this.#advance(this.#threads.length - 1, -1, false);
    }
    return this.#seal();
  }

  /** Check what must hold when no thread is left. */
  end(state: State, faults: number): void {
    const load = (index: number) => state.words[this.#use(index).place] ?? 0;
    demand(state.monitor.copy().end(load, faults));
  }

  /** A ready thread can take its step, unless it polls a word that is zero. */
  isEnabled(state: State, place: number): boolean {
    const thread = state.threads[place];
    if (thread.status !== ThreadStatus.Ready) return false;
    if (thread.kind !== OpKind.Poll) return true;
    return (state.words[this.#use(thread.index).place] ?? 0) !== 0;
  }

  #open(state: State): void {
    this.#words = state.words.slice();
    this.#threads = state.threads.slice();
    this.#sleepers = state.sleepers.slice();
    this.#clock = state.clock;
    this.#monitor = state.monitor.copy();
    this.#woken = [];
  }

  #seal(): State {
    return {
      words: this.#words,
      threads: this.#threads,
      sleepers: this.#sleepers,
      clock: this.#clock,
      monitor: this.#monitor,
    };
  }

  #thread(slot: number): VirtualThread {
    return {
      slot,
      memory: this.#memory,
      emit: (event, argument) => {
        if (this.#setup || this.#position <= this.#told) return;
        demand(this.#monitor.event(slot, event, argument));
      },
      poll: (index) => this.#operate(OpKind.Poll, index, 0, 0) !== 0,
    };
  }

  /** Run a thread from its start to its next step; perform the one at its frontier if granted. */
  #advance(place: number, told: number, granted: boolean): void {
    const before = this.#threads[place];
    this.#runner = place;
    this.#slot = before.slot;
    this.#log = before.log.slice();
    this.#logHash = before.logHash;
    this.#logHash2 = before.logHash2;
    this.#position = 0;
    this.#told = told;
    this.#granted = granted;
    this.#fallsAsleep = false;
    let status = ThreadStatus.Done;
    let phase = before.phase;
    const thread = this.#thread(before.slot);
    try {
      for (; phase < before.body.length; phase++) {
        if (before.body[phase](thread) === true) break;
        this.#forget();
      }
      // A thread at its end is in one state, whatever it has been through.
      phase = before.body.length;
      this.#forget();
    } catch (error) {
      if (error !== SUSPEND) throw this.#asViolation(error);
      status = this.#fallsAsleep ? ThreadStatus.Asleep : ThreadStatus.Ready;
    }
    if (status === ThreadStatus.Asleep) this.#sleepers.push(place);
    this.#threads[place] = {
      ...before,
      phase,
      status,
      log: this.#log,
      logHash: this.#logHash,
      logHash2: this.#logHash2,
      kind: this.#pendingKind,
      index: this.#pendingIndex,
      timeoutNs: this.#pendingTimeout,
      wakeAt: this.#clock + this.#pendingTimeout,
    };
  }

  /** A new phase begins: nothing is left of what the thread saw. */
  #forget(): void {
    this.#log = [];
    this.#logHash = 0;
    this.#logHash2 = 0;
    this.#position = 0;
    this.#told = -1;
  }

  #asViolation(error: unknown): unknown {
    if (error instanceof Violation || error instanceof SharedWordFound) return error;
    return new Violation(`thread ${this.#slot} fails: ${String(error)}`, { cause: error });
  }

  #wake(place: number, result: WaitResult): void {
    const thread = this.#threads[place];
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== place);
    const woken = result === WaitResult.TimedOut ? "sleeps until its timeout" : "is woken";
    this.narrate?.(thread.slot, `${woken} (${this.model.describe(thread.index)})`);
    demand(this.#monitor.wake(thread.slot, thread.index, result));
    this.#threads[place] = {
      ...thread,
      status: ThreadStatus.Ready,
      log: [...thread.log, result],
      logHash: mix(thread.logHash, result),
      logHash2: mix(thread.logHash2 ^ SECOND, result),
    };
    this.#woken.push(place);
  }

  #advanceWoken(): void {
    for (const place of this.#woken) {
      this.#advance(place, this.#threads[place].log.length - 1, false);
    }
  }

  #readClock(): number {
    if (this.#position < this.#log.length) return this.#log[this.#position++];
    this.clockRead = true;
    return this.#record(this.#clock);
  }

  #record(result: number): number {
    this.#log.push(result);
    this.#logHash = mix(this.#logHash, result);
    this.#logHash2 = mix(this.#logHash2 ^ SECOND, result);
    this.#position++;
    return result;
  }

  #operate(kind: OpKind, index: number, a: number, b: number): number {
    if (this.#position < this.#log.length) return this.#log[this.#position++];
    const use = this.#use(index);
    if (!this.#setup) this.#noteUse(use, kind);
    if (use.shared && !this.#setup) {
      if (!this.#granted) this.#suspend(kind, index, b);
      this.#granted = false;
    }
    const before = this.#words[use.place] ?? 0;
    if (kind === OpKind.Wait && before === a) this.#fallAsleep(index, a, b);
    if (kind === OpKind.Poll && before === 0 && !this.#gaveUp) this.#suspend(kind, index, b);
    this.#gaveUp = false;
    const after = afterOperation(kind, before, a, b);
    this.#words[use.place] = after;
    const result = this.#resultOf(kind, index, a, before);
    if (this.#setup) return result;
    if (this.narrate !== undefined) this.#narrateOperation(kind, index, a, b, before, after);
    const operation = { kind, index, a, b, before, after, result };
    demand(this.#monitor.operation(this.#slot, operation));
    return this.#record(result);
  }

  #resultOf(kind: OpKind, index: number, count: number, before: number): number {
    if (kind === OpKind.Wait) return WaitResult.NotEqual;
    if (kind !== OpKind.Notify) return before;
    const asleep = this.#sleepers.filter((place) => this.#threads[place].index === index);
    const woken = asleep.slice(0, count);
    for (const place of woken) this.#wake(place, WaitResult.Ok);
    return woken.length;
  }

  #suspend(kind: OpKind, index: number, timeoutNs: number): never {
    this.#pendingKind = kind;
    this.#pendingIndex = index;
    this.#pendingTimeout = timeoutNs;
    throw SUSPEND;
  }

  #fallAsleep(index: number, value: number, timeoutNs: number): never {
    // Recovery may need it, and a test cannot wait longer either: every wait is bounded.
    if (!(timeoutNs >= 0 && timeoutNs <= SLICE_NS)) {
      throw new Violation(`thread ${this.#slot} sleeps for ${timeoutNs} ns: longer than a slice`);
    }
    this.narrate?.(this.#slot, `sleeps on ${this.model.describe(index)} = ${hex(value)}`);
    demand(this.#monitor.sleep(this.#slot, index, value, timeoutNs));
    this.#fallsAsleep = true;
    return this.#suspend(OpKind.Wait, index, timeoutNs);
  }

  #use(index: number): WordUse {
    let use = this.#uses.get(index);
    if (use === undefined) {
      const place = this.#uses.size;
      const quiet = this.model.isQuiet?.(index) === true;
      use = { place, quiet, accessor: Accessor.None, written: false, shared: false };
      this.#uses.set(index, use);
    }
    return use;
  }

  #noteUse(use: WordUse, kind: OpKind): void {
    if (use.shared || use.quiet) return;
    const alone = use.accessor === Accessor.None || use.accessor === this.#runner;
    use.accessor = alone ? this.#runner : Accessor.Several;
    // Who waits, wakes or polls means to meet others there.
    use.written ||= kind !== OpKind.Load;
    if (use.accessor === Accessor.Several && use.written) {
      use.shared = true;
      throw new SharedWordFound();
    }
  }

  #narrateOperation(
    kind: OpKind,
    index: number,
    a: number,
    b: number,
    before: number,
    after: number,
  ): void {
    const word = this.model.describe(index);
    const change = before === after ? hex(before) : `${hex(before)} → ${hex(after)}`;
    const failed = kind === OpKind.Cas && before !== a ? ` (expected ${hex(a)})` : "";
    const count = kind === OpKind.Notify ? ` ${a}` : "";
    const operands = kind === OpKind.Wait ? ` ${hex(a)} for ${b} ns: not equal` : count + failed;
    this.narrate?.(this.#slot, `${opNames[kind]} ${word}${operands}: ${change}`);
  }
}

function newThread(slot: number, body: Body): ThreadSnapshot {
  const at = { kind: OpKind.Load, index: 0, timeoutNs: 0, wakeAt: 0 };
  return {
    slot,
    body,
    phase: 0,
    status: ThreadStatus.Ready,
    log: [],
    logHash: 0,
    logHash2: 0,
    ...at,
  };
}

function afterOperation(kind: OpKind, before: number, a: number, b: number): number {
  switch (kind) {
    case OpKind.Store:
    case OpKind.Exchange:
      return a | 0;
    case OpKind.Cas:
      return before === (a | 0) ? b | 0 : before;
    case OpKind.Add:
      return (before + a) | 0;
    case OpKind.Or:
      return before | a;
    case OpKind.And:
      return before & a;
    default:
      return before;
  }
}

function hex(value: number): string {
  return value >= 0 && value < 10 ? String(value) : `0x${(value >>> 0).toString(16)}`;
}

function demand(complaint: string | undefined): void {
  if (complaint !== undefined) throw new Violation(complaint);
}

/** Makes the second of two hashes differ from the first. */
const SECOND = 0x5bd1_e995;

/** One round of a 32-bit mixing function. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85eb_ca6b);
  h ^= h >>> 15;
  return Math.imul(h + 0x1656_67b1, 0xc2b2_ae35) ^ (h >>> 13);
}
