/**
 * What the families of disciplines promise beyond `monitor.ts`.
 *
 * With an interval (`py32`, `py32-unforced`):
 * - the switch number changes exactly when the holder changes, by one (G5);
 * - taking clears the request (G6);
 * - a request comes from a thread whose whole last sleep was quiet (G4);
 * - with forced switching, who drops the lock on request is not the next to take it (G7, P6).
 *
 * With a queue (`fifo`, `priority`, `timer`):
 * - the lock goes to the first of the threads that have arrived, by the discipline's order;
 * - it is handed over by its holder, and never free while a thread that has arrived waits;
 * - what was handed to a thread stays with it; under `priority` one of a higher rank may take it as
 *   long as the thread has not said that it woke up.
 *
 * With ticks (`py2-semaphore`, `py2-condvar`): nobody ever asks for a drop.
 */
import { Region, ThreadState } from "../memory/layout.js";
import { mix } from "../sync/machine.js";
import { WaitResult } from "../sync/memory.js";
import { type Operation, OpKind } from "../sync/model.js";
import { threadWord } from "./discipline.js";
import type { DisciplineName } from "./disciplines.js";
import { LockMonitor, nameOf } from "./monitor.js";
import { QueueWord } from "./queue.js";
import { Gil, GilThread, holderOf, isLocked, LockWord } from "./words.js";

const LOCK = Region.Gil + Gil.Lock;
const QUEUE = Region.Gil + Gil.Queue;

/** What is known of a thread's last sleep on the lock. */
interface Sleep {
  readonly switchNumber: number;
  readonly timedOut: boolean;
}

export class IntervalMonitor extends LockMonitor {
  private sleeps: readonly (Sleep | undefined)[] = [];

  constructor(private readonly forced: boolean) {
    super(forced ? "py32" : "py32-unforced");
  }

  protected override checkChange(slot: number, before: number, after: number): string | undefined {
    const wrong = this.checkSwitch(before, after) ?? super.checkChange(slot, before, after);
    if (wrong !== undefined) return wrong;
    const asks = (after & ~before & LockWord.Request) !== 0;
    return asks ? this.checkRequest(slot, after) : undefined;
  }

  private checkSwitch(before: number, after: number): string | undefined {
    const switches = ((after >>> LockWord.SwitchShift) - (before >>> LockWord.SwitchShift)) << 12;
    const expected = holderOf(before) === holderOf(after) ? 0 : 1 << 12;
    if (switches === expected) return undefined;
    const change = `${nameOf(before)} → ${nameOf(after)}`;
    return `the switch number changed by ${switches >> 12}, holder ${change}`;
  }

  protected override checkTake(slot: number, before: number, after: number): string | undefined {
    const wrong = super.checkTake(slot, before, after);
    if (wrong !== undefined) return wrong;
    if ((after & LockWord.Request) !== 0) return "taking the lock left the request standing";
    const requested = (before & LockWord.Request) !== 0;
    if (this.forced && requested && holderOf(before) === slot) {
      return `forced switching: thread ${slot} was asked to drop the lock and took it first`;
    }
    return undefined;
  }

  private checkRequest(slot: number, after: number): string | undefined {
    const sleep = this.sleeps[slot];
    if (!isLocked(after)) return `thread ${slot} asks for a drop of a free lock`;
    if (sleep?.timedOut !== true) return `thread ${slot} asks for a drop without a full interval`;
    if (sleep.switchNumber !== after >>> LockWord.SwitchShift) {
      return `thread ${slot} asks for a drop although the lock changed hands meanwhile`;
    }
    return undefined;
  }

  override sleep(slot: number, index: number, value: number, _timeoutNs: number): undefined {
    if (index !== LOCK) return;
    const switchNumber = value >>> LockWord.SwitchShift;
    this.setSleep(slot, { switchNumber, timedOut: false });
  }

  override wake(slot: number, index: number, result: number): undefined {
    const sleep = this.sleeps[slot];
    if (index !== LOCK || sleep === undefined) return;
    this.setSleep(slot, { ...sleep, timedOut: result === WaitResult.TimedOut });
  }

  private setSleep(slot: number, sleep: Sleep): void {
    const sleeps = this.sleeps.slice();
    sleeps[slot] = sleep;
    this.sleeps = sleeps;
  }

  override hash(): number {
    let hash = super.hash();
    for (const sleep of this.sleeps) {
      hash = mix(hash, sleep === undefined ? -1 : sleep.switchNumber * 2 + Number(sleep.timedOut));
    }
    return hash;
  }
}

/** What is known of a thread, by the words that it wrote. */
interface Place {
  readonly ticket: number;
  readonly priority: number;
  readonly cpuBound: number;
  /** It told the lock word that it is in the queue. */
  readonly arrived: boolean;
  /** It has lost its mark in the queue, which whoever gives the lock up may not have seen yet. */
  readonly promoted: boolean;
}

const NOWHERE: Place = { ticket: 0, priority: 0, cpuBound: 0, arrived: false, promoted: false };

export class QueueMonitor extends LockMonitor {
  private places: readonly (Place | undefined)[] = [];
  private queued = 0;

  override operation(slot: number, operation: Operation): string | undefined {
    const { kind, index, after } = operation;
    if (kind === OpKind.Store) this.noteStore(index, after);
    if (index === QUEUE) {
      this.queued = after;
      this.places.forEach((place, thread) => {
        if (place?.arrived && (after & (1 << thread)) === 0) {
          this.setPlace(thread, { ...place, arrived: false });
        }
      });
    }
    return super.operation(slot, operation);
  }

  private noteStore(index: number, value: number): void {
    const slot = Math.floor((index - Region.Threads) / ThreadState.Size);
    if (slot < 0) return;
    const place = this.places[slot] ?? NOWHERE;
    switch (index - threadWord(slot, ThreadState.Gil)) {
      case GilThread.Ticket:
        this.setPlace(slot, { ...place, ticket: value });
        break;
      case GilThread.Priority:
        this.setPlace(slot, { ...place, priority: value });
        break;
      case GilThread.CpuBound:
        this.setPlace(slot, { ...place, cpuBound: value, promoted: place.arrived && value === 0 });
    }
  }

  private setPlace(slot: number, place: Place): void {
    const places = this.places.slice();
    places[slot] = place;
    this.places = places;
  }

  protected override checkChange(slot: number, before: number, after: number): string | undefined {
    const sameHold = isLocked(before) && isLocked(after) && holderOf(before) === holderOf(after);
    if (sameHold && ((before ^ after) & QueueWord.Handed) !== 0 && holderOf(before) !== slot) {
      return `thread ${slot} says whether ${nameOf(before)} woke up`;
    }
    const arrives = ((before ^ after) & ~(LockWord.Request | QueueWord.Handed)) !== 0;
    if (sameHold && arrives && (this.queued & (1 << slot)) !== 0) {
      this.setPlace(slot, { ...(this.places[slot] ?? NOWHERE), arrived: true });
    }
    return super.checkChange(slot, before, after);
  }

  protected override checkDrop(slot: number, before: number): string | undefined {
    const left = this.places.findIndex((place) => place?.arrived);
    if (left >= 0) return `thread ${slot} frees the lock although thread ${left} waits`;
    return super.checkDrop(slot, before);
  }

  protected override checkHandOver(slot: number, before: number, after: number) {
    const next = holderOf(after);
    if ((before & QueueWord.Handed) !== 0 && next === slot) return this.checkOutrun(slot, before);
    const wrong = super.checkDropper(slot, before);
    if (wrong !== undefined) return wrong;
    // It may just be leaving the queue: then it passes the lock on.
    const place = this.places[next] ?? NOWHERE;
    const ahead = this.places.findIndex((other) => other?.arrived && this.precedes(other, place));
    if (ahead >= 0) return `thread ${next} got the lock although thread ${ahead} is before it`;
    return undefined;
  }

  /** `slot` takes what was handed to a thread that has not woken up. */
  private checkOutrun(slot: number, before: number): string | undefined {
    const sleeper = this.places[holderOf(before)] ?? NOWHERE;
    const outruns = highestRank(this.places[slot] ?? NOWHERE) > lowestRank(sleeper);
    if (this.discipline === "priority" && outruns) return undefined;
    return `thread ${slot} took what was handed to ${nameOf(before)}`;
  }

  /** Does `a` come before `b`, whoever sees what? */
  protected precedes(a: Place, b: Place): boolean {
    if (this.discipline === "priority") {
      const [rankOfA, rankOfB] = [lowestRank(a), highestRank(b)];
      if (rankOfA !== rankOfB) return rankOfA > rankOfB;
    }
    return ((a.ticket - b.ticket) | 0) < 0;
  }

  override hash(): number {
    let hash = mix(super.hash(), this.queued);
    for (const place of this.places) {
      const { ticket, priority, cpuBound, arrived, promoted } = place ?? NOWHERE;
      const bits = cpuBound * 4 + Number(promoted) * 2 + Number(arrived);
      hash = mix(mix(hash, ticket), priority * 8 + bits);
    }
    return hash;
  }
}

/** Rank of a thread under `priority` to one who may not have seen yet that it lost its mark. */
function lowestRank({ priority, cpuBound, promoted }: Place): number {
  return priority * 2 + 1 - (promoted ? 1 : cpuBound);
}

function highestRank({ priority, cpuBound }: Place): number {
  return priority * 2 + 1 - cpuBound;
}

export class TickMonitor extends LockMonitor {
  protected override checkChange(slot: number, before: number, after: number): string | undefined {
    if ((after & LockWord.Request) !== 0) return `thread ${slot} asks for a drop`;
    return super.checkChange(slot, before, after);
  }
}

/** A user's own discipline may hand the lock over, and promises nothing beyond exclusion. */
class OwnMonitor extends LockMonitor {
  protected override checkHandOver(slot: number, before: number): string | undefined {
    return this.checkDropper(slot, before);
  }
}

/** A fresh monitor of a discipline: a built-in one's name, or another for a user's own. */
export function newMonitor(discipline: DisciplineName | (string & {})): LockMonitor {
  switch (discipline) {
    case "py32":
      return new IntervalMonitor(true);
    case "py32-unforced":
      return new IntervalMonitor(false);
    case "py2-semaphore":
    case "py2-condvar":
      return new TickMonitor(discipline);
    case "fifo":
    case "priority":
    case "timer":
      return new QueueMonitor(discipline);
    case "none-unsafe":
      throw new RangeError("nothing holds of none-unsafe");
    default:
      return new OwnMonitor(discipline);
  }
}
