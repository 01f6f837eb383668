/**
 * What must hold of every discipline, watched at each step of an exploration:
 *
 * - never two threads inside, and the lock word names the one that is;
 * - only the holder gives the lock up, save the recovery of a dead one;
 * - at the end the lock is free, and the trace automaton accepts what was emitted.
 *
 * Lost wake-ups, deadlocks and unbounded sleeps are found by the explorer itself. What a family of
 * disciplines promises beyond is in `monitors.ts`.
 */
import { Region } from "../memory/layout.js";
import { mix } from "../sync/machine.js";
import type { Monitor, Operation } from "../sync/model.js";
import { GilAutomaton, rulesOf } from "../trace/automaton.js";
import { RecordKind, reasonOf } from "../trace/record.js";
import { Mark } from "./model.js";
import { Gil, holderOf, isLocked, LockWord } from "./words.js";

const LOCK = Region.Gil + Gil.Lock;

/** The trace's events so far, newest first. */
interface Told {
  readonly slot: number;
  readonly event: number;
  readonly argument: number;
  readonly before: Told | undefined;
}

/** All fields are values that never change, so that a copy is a copy of the fields. */
export class LockMonitor implements Monitor {
  protected inside = 0;
  protected dead: readonly number[] = [];
  protected word = LockWord.Nobody << LockWord.HolderShift;

  /** Not part of the hash: of the ways to a state only the first is told to the end. */
  protected told: Told | undefined;

  /** @param discipline its name, for the automaton of its traces */
  constructor(protected readonly discipline: string) {}

  operation(slot: number, { index, before, after }: Operation): string | undefined {
    if (index !== LOCK || before === after) return undefined;
    this.word = after;
    return this.checkChange(slot, before, after);
  }

  sleep(_slot: number, _index: number, _value: number, _timeoutNs: number): undefined {}

  wake(_slot: number, _index: number, _result: number): undefined {}

  /** The lock word changed. */
  protected checkChange(slot: number, before: number, after: number): string | undefined {
    const [was, is] = [isLocked(before), isLocked(after)];
    if (was && is && holderOf(before) !== holderOf(after)) {
      return this.checkHandOver(slot, before, after);
    }
    if (was && !is) return this.checkDrop(slot, before);
    if (!was && is) return this.checkTake(slot, before, after);
    return undefined;
  }

  protected checkDrop(slot: number, before: number): string | undefined {
    return this.checkDropper(slot, before);
  }

  protected checkDropper(slot: number, before: number): string | undefined {
    if (holderOf(before) === slot) return undefined;
    const recovered = slot === 0 && this.dead.includes(holderOf(before));
    return recovered ? undefined : `thread ${slot} dropped the lock of ${nameOf(before)}`;
  }

  protected checkHandOver(slot: number, before: number, _after: number): string | undefined {
    return `thread ${slot} took the lock from ${nameOf(before)}`;
  }

  protected checkTake(slot: number, _before: number, after: number): string | undefined {
    if (holderOf(after) !== slot) return `thread ${slot} took the lock as ${nameOf(after)}`;
    return undefined;
  }

  event(slot: number, event: number, argument: number): string | undefined {
    if (event < Mark.Enter || event > Mark.Refused) {
      this.told = { slot, event, argument, before: this.told };
    }
    if (event === Mark.Enter || event === Mark.Refused) {
      // Now, because the explorer forgets how a thread got here.
      const wrong = this.checkTrace();
      if (wrong !== undefined) return wrong;
    }
    if (event === Mark.Enter) {
      if (this.inside !== 0) return `threads ${this.inside} and ${slot} both have the lock`;
      if (!isLocked(this.word) || holderOf(this.word) !== slot) {
        return `thread ${slot} has the lock, but the lock says ${nameOf(this.word)}`;
      }
      this.inside = slot;
    }
    if (event === Mark.Leave) {
      if (this.inside !== slot) return `thread ${slot} leaves what it is not in`;
      this.inside = 0;
    }
    return undefined;
  }

  death(slot: number): void {
    if (this.inside === slot) this.inside = 0;
    this.dead = [...this.dead, slot];
  }

  end(load: (index: number) => number, faults: number): string | undefined {
    if (isLocked(this.word)) return `at the end the lock says ${nameOf(this.word)}`;
    const late = load(Region.Gil + Gil.LateWakes);
    if (faults === 0 && late !== 0) return `${late} wake-ups came late without a fault`;
    return this.checkTrace();
  }

  protected checkTrace(): string | undefined {
    const history: Told[] = [];
    for (let told = this.told; told !== undefined; told = told.before) history.push(told);
    const automaton = new GilAutomaton(rulesOf(this.discipline), 0);
    for (const { slot } of history) automaton.started(slot);
    for (const [time, { slot, event, argument }] of history.reverse().entries()) {
      const reason = reasonOf(event);
      const kind = event & RecordKind.Mask;
      const wrong = automaton.step({ time, event: kind, reason, ident: slot, argument });
      if (wrong !== null) return `the trace automaton rejects event ${time}: ${wrong}`;
    }
    return undefined;
  }

  copy(): LockMonitor {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object), this) as this;
  }

  hash(): number {
    let hash = mix(this.inside, this.word);
    for (const slot of this.dead) hash = mix(hash, slot);
    return hash;
  }
}

/** What a lock word says about the holder. */
export function nameOf(word: number): string {
  const holder = holderOf(word);
  if (holder === LockWord.Nobody) return "nobody";
  return isLocked(word) ? `held by ${holder}` : `free after ${holder}`;
}
