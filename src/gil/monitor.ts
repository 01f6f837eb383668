/**
 * What must hold of `py32`, watched at every step of an exploration:
 *
 * - never two threads inside, and the lock word names the one that is;
 * - the switch number changes exactly when the holder changes, by one (G5);
 * - only the holder drops the lock, save the recovery of a dead one;
 * - taking clears the request (G6);
 * - a request comes from a thread whose whole last sleep was quiet (G4);
 * - who drops the lock on request is not the next to take it (G7, P6);
 * - at the end the lock is free, and the trace automaton accepts what was emitted.
 *
 * Lost wake-ups, deadlocks and unbounded sleeps are found by the explorer itself.
 */
import { Region } from "../memory/layout.js";
import { mix } from "../sync/machine.js";
import { WaitResult } from "../sync/memory.js";
import type { Monitor, Operation } from "../sync/model.js";
import { GilAutomaton, rulesOf } from "../trace/automaton.js";
import { RecordKind } from "../trace/record.js";
import { Mark } from "./model.js";
import { Gil, LockWord } from "./words.js";

const LOCK = Region.Gil + Gil.Lock;

/** What is known of a thread's last sleep on the lock. */
interface Sleep {
  readonly switchNumber: number;
  readonly timedOut: boolean;
}

/** The trace's events so far, newest first. */
interface Told {
  readonly slot: number;
  readonly event: number;
  readonly argument: number;
  readonly before: Told | undefined;
}

export class Py32Monitor implements Monitor {
  #inside = 0;
  #dead: readonly number[] = [];
  #word = LockWord.Nobody << LockWord.HolderShift;
  #sleeps: readonly (Sleep | undefined)[] = [];

  /** Not part of the hash: of the ways to a state only the first is told to the end. */
  #told: Told | undefined;

  operation(slot: number, { index, before, after }: Operation): string | undefined {
    if (index !== LOCK || before === after) return undefined;
    this.#word = after;
    return this.#checkSwitch(before, after) ?? this.#checkChange(slot, before, after);
  }

  #checkSwitch(before: number, after: number): string | undefined {
    const switches = ((after >>> LockWord.SwitchShift) - (before >>> LockWord.SwitchShift)) << 12;
    const expected = holderOf(before) === holderOf(after) ? 0 : 1 << 12;
    if (switches === expected) return undefined;
    const change = `${name(before)} → ${name(after)}`;
    return `the switch number changed by ${switches >> 12}, holder ${change}`;
  }

  #checkChange(slot: number, before: number, after: number): string | undefined {
    const [was, is] = [isLocked(before), isLocked(after)];
    if (was && is && holderOf(before) !== holderOf(after)) {
      return `thread ${slot} took the lock from ${name(before)}`;
    }
    if (was && !is && holderOf(before) !== slot) {
      const recovered = slot === 0 && this.#dead.includes(holderOf(before));
      if (!recovered) return `thread ${slot} dropped the lock of ${name(before)}`;
    }
    if (!was && is) return this.#checkTake(slot, before, after);
    if ((after & ~before & LockWord.Request) !== 0) return this.#checkRequest(slot, after);
    return undefined;
  }

  #checkTake(slot: number, before: number, after: number): string | undefined {
    if (holderOf(after) !== slot) return `thread ${slot} took the lock as ${name(after)}`;
    if ((after & LockWord.Request) !== 0) return "taking the lock left the request standing";
    const requested = (before & LockWord.Request) !== 0;
    if (requested && holderOf(before) === slot) {
      return `forced switching: thread ${slot} was asked to drop the lock and took it first`;
    }
    return undefined;
  }

  #checkRequest(slot: number, after: number): string | undefined {
    const sleep = this.#sleeps[slot];
    if (!isLocked(after)) return `thread ${slot} asks for a drop of a free lock`;
    if (sleep?.timedOut !== true) return `thread ${slot} asks for a drop without a full interval`;
    if (sleep.switchNumber !== after >>> LockWord.SwitchShift) {
      return `thread ${slot} asks for a drop although the lock changed hands meanwhile`;
    }
    return undefined;
  }

  sleep(slot: number, index: number, value: number, _timeoutNs: number): undefined {
    if (index !== LOCK) return;
    const switchNumber = value >>> LockWord.SwitchShift;
    this.#setSleep(slot, { switchNumber, timedOut: false });
  }

  wake(slot: number, index: number, result: number): undefined {
    const sleep = this.#sleeps[slot];
    if (index !== LOCK || sleep === undefined) return;
    this.#setSleep(slot, { ...sleep, timedOut: result === WaitResult.TimedOut });
  }

  #setSleep(slot: number, sleep: Sleep): void {
    const sleeps = this.#sleeps.slice();
    sleeps[slot] = sleep;
    this.#sleeps = sleeps;
  }

  event(slot: number, event: number, argument: number): string | undefined {
    if (event < Mark.Enter || event > Mark.Refused) {
      this.#told = { slot, event, argument, before: this.#told };
    }
    if (event === Mark.Enter || event === Mark.Refused) {
      // Now, because the explorer forgets how a thread got here.
      const wrong = this.#checkTrace();
      if (wrong !== undefined) return wrong;
    }
    if (event === Mark.Enter) {
      if (this.#inside !== 0) return `threads ${this.#inside} and ${slot} both have the lock`;
      if (!isLocked(this.#word) || holderOf(this.#word) !== slot) {
        return `thread ${slot} has the lock, but the lock says ${name(this.#word)}`;
      }
      this.#inside = slot;
    }
    if (event === Mark.Leave) {
      if (this.#inside !== slot) return `thread ${slot} leaves what it is not in`;
      this.#inside = 0;
    }
    return undefined;
  }

  death(slot: number): void {
    if (this.#inside === slot) this.#inside = 0;
    this.#dead = [...this.#dead, slot];
  }

  end(load: (index: number) => number, faults: number): string | undefined {
    if (isLocked(this.#word)) return `at the end the lock says ${name(this.#word)}`;
    const late = load(Region.Gil + Gil.LateWakes);
    if (faults === 0 && late !== 0) return `${late} wake-ups came late without a fault`;
    return this.#checkTrace();
  }

  #checkTrace(): string | undefined {
    const history: Told[] = [];
    for (let told = this.#told; told !== undefined; told = told.before) history.push(told);
    const automaton = new GilAutomaton(rulesOf("py32"), 0);
    for (const { slot } of history) automaton.started(slot);
    for (const [time, { slot, event, argument }] of history.reverse().entries()) {
      const reason = event >>> RecordKind.ReasonShift;
      const kind = event & RecordKind.Mask;
      const wrong = automaton.step({ time, event: kind, reason, ident: slot, argument });
      if (wrong !== null) return `the trace automaton rejects event ${time}: ${wrong}`;
    }
    return undefined;
  }

  copy(): Py32Monitor {
    const copy = new Py32Monitor();
    copy.#inside = this.#inside;
    copy.#dead = this.#dead;
    copy.#word = this.#word;
    copy.#sleeps = this.#sleeps;
    copy.#told = this.#told;
    return copy;
  }

  hash(): number {
    let hash = mix(this.#inside, this.#word);
    for (const slot of this.#dead) hash = mix(hash, slot);
    for (const sleep of this.#sleeps) {
      hash = mix(hash, sleep === undefined ? -1 : sleep.switchNumber * 2 + Number(sleep.timedOut));
    }
    return hash;
  }
}

function isLocked(word: number): boolean {
  return (word & LockWord.Locked) !== 0;
}

function holderOf(word: number): number {
  return (word >>> LockWord.HolderShift) & LockWord.HolderMask;
}

function name(word: number): string {
  const holder = holderOf(word);
  if (holder === LockWord.Nobody) return "nobody";
  return isLocked(word) ? `held by ${holder}` : `free after ${holder}`;
}
