/** The binary lock and the one-shot event, explored: no lost wake-up, no two owners. */
import { describe, expect, it } from "vitest";
import { isEventSet, setEvent, waitEvent } from "../../src/sync/event.js";
import { explore, replay, sample } from "../../src/sync/explorer.js";
import { AcquireResult, LockOperations, LockState } from "../../src/sync/lock.js";
import { mix } from "../../src/sync/machine.js";
import { type SyncMemory, WAKE_ALL } from "../../src/sync/memory.js";
import type { Body, Model, Monitor, VirtualThread } from "../../src/sync/model.js";
import { Parker, ParkResult } from "../../src/sync/parker.js";

const enum Word {
  Lock = 1,
  LateWakes = 2,
  Event = 3,
  Payload = 4,
  Stop = 5,
  WaitWords = 16,
}

const enum Mark {
  Enter = 1,
  Leave = 2,
  /** What the thread asserts of itself; argument 1 = true. */
  Claim = 3,
}

/** Watches who is inside. */
class Inside implements Monitor {
  #inside = 0;

  event(slot: number, event: number, argument: number): string | undefined {
    if (event === Mark.Claim) return argument === 1 ? undefined : `thread ${slot} was misled`;
    if (event === Mark.Enter && this.#inside !== 0) return `${this.#inside} and ${slot} both in`;
    this.#inside = event === Mark.Enter ? slot : 0;
    return undefined;
  }
  end(load: (index: number) => number, faults: number): string | undefined {
    if (load(Word.Lock) !== LockState.Free) return "the lock stays taken";
    if (faults === 0 && load(Word.LateWakes) !== 0) return "a wake-up came late";
    return undefined;
  }
  operation(): undefined {}
  sleep(): undefined {}
  wake(): undefined {}
  death(): void {}
  copy(): Inside {
    const copy = new Inside();
    copy.#inside = this.#inside;
    return copy;
  }
  hash(): number {
    return mix(0, this.#inside);
  }
}

type Variant = new (memory: SyncMemory, parker: Parker) => LockOperations;

function parkerOf({ memory, slot }: VirtualThread): Parker {
  const interrupted = () => memory.load(Word.Stop) === slot;
  return new Parker(memory, Word.WaitWords + slot, Word.LateWakes, interrupted);
}

/** Takes the lock and drops it; gives up after `timeoutNs`. */
function user(variant: Variant, timeoutNs: number, rounds: number): Body {
  const phase = (thread: VirtualThread): undefined => {
    const { memory } = thread;
    const locks = new variant(memory, parkerOf(thread));
    const deadline = timeoutNs === Infinity ? Infinity : memory.now() + timeoutNs;
    if (locks.acquire(Word.Lock, deadline) !== AcquireResult.Acquired) return;
    thread.emit(Mark.Enter, 0);
    thread.emit(Mark.Claim, Number(locks.isLocked(Word.Lock)));
    thread.emit(Mark.Leave, 0);
    thread.emit(Mark.Claim, Number(locks.release(Word.Lock)));
  };
  return new Array(rounds).fill(phase);
}

/** Tries once, without waiting. */
function trier(variant: Variant): Body {
  return [
    (thread) => {
      const locks = new variant(thread.memory, parkerOf(thread));
      if (!locks.tryAcquire(Word.Lock)) return true;
      thread.emit(Mark.Enter, 0);
      thread.emit(Mark.Leave, 0);
      return locks.release(Word.Lock);
    },
  ];
}

/** Tells a thread to leave, the way the interpreter loop does: a flag, then a wake-up for all. */
function interrupter(victim: number): Body {
  return [
    ({ memory }) => {
      memory.store(Word.Stop, victim);
      memory.notify(Word.Lock, WAKE_ALL);
      return true;
    },
  ];
}

function model(name: string, bodies: readonly Body[], mayAllSleep = false): Model {
  return {
    name,
    setup: () => {},
    bodies,
    monitor: () => new Inside(),
    mayAllSleep,
    describe: (index) => `word ${index}`,
  };
}

/** Two notifies wrong, two stores wrong, and so on: one defect each. */
class NotifyBeforeStore extends LockOperations {
  override release(index: number): boolean {
    if (this.memory.load(index) === LockState.Contended) this.memory.notify(index, 1);
    return this.memory.exchange(index, LockState.Free) !== LockState.Free;
  }
}
class LoadStoreRelease extends LockOperations {
  override release(index: number): boolean {
    const before = this.memory.load(index);
    this.memory.store(index, LockState.Free);
    if (before === LockState.Contended) this.memory.notify(index, 1);
    return before !== LockState.Free;
  }
}
class SilentRelease extends LockOperations {
  override release(index: number): boolean {
    return this.memory.exchange(index, LockState.Free) !== LockState.Free;
  }
}
class LoadStoreTake extends LockOperations {
  override tryAcquire(index: number): boolean {
    if (this.memory.load(index) !== LockState.Free) return false;
    this.memory.store(index, LockState.Held);
    return true;
  }
}
class WokenForgetsOthers extends LockOperations {
  protected override takeOrMark(index: number): boolean {
    if (this.tryAcquire(index)) return true;
    this.memory.cas(index, LockState.Held, LockState.Contended);
    return false;
  }
}
class NoLookAfterWake extends LockOperations {
  override acquire(index: number, deadline: number): AcquireResult {
    if (this.takeOrMark(index)) return AcquireResult.Acquired;
    const result = this.parker.park(index, LockState.Contended, deadline);
    if (result !== ParkResult.Woken) return AcquireResult.TimedOut;
    this.memory.store(index, LockState.Contended);
    return AcquireResult.Acquired;
  }
}
class SleepsUnmarked extends LockOperations {
  override acquire(index: number, deadline: number): AcquireResult {
    for (;;) {
      if (this.tryAcquire(index)) return AcquireResult.Acquired;
      const result = this.parker.park(index, LockState.Held, deadline);
      if (result !== ParkResult.Woken) return AcquireResult.TimedOut;
    }
  }
}
class TimeoutClearsMark extends LockOperations {
  override acquire(index: number, deadline: number): AcquireResult {
    const result = super.acquire(index, deadline);
    if (result === AcquireResult.TimedOut) {
      this.memory.cas(index, LockState.Contended, LockState.Held);
    }
    return result;
  }
}
class LeavesWithWakeUp extends LockOperations {
  override acquire(index: number, deadline: number): AcquireResult {
    for (;;) {
      if (this.takeOrMark(index)) return AcquireResult.Acquired;
      const result = this.parker.park(index, LockState.Contended, deadline);
      if (result === ParkResult.Woken && !this.parker.interrupted()) continue;
      return AcquireResult.Interrupted;
    }
  }
}

const mutants: readonly Variant[] = [
  NotifyBeforeStore,
  LoadStoreRelease,
  SilentRelease,
  LoadStoreTake,
  WokenForgetsOthers,
  NoLookAfterWake,
  SleepsUnmarked,
  TimeoutClearsMark,
  LeavesWithWakeUp,
];

const EVERYTHING = { timeouts: 0, deaths: 0, preemptions: Infinity };

function scenarios(variant: Variant) {
  const plain = (rounds: number) => user(variant, Infinity, rounds);
  const timed = user(variant, 5e6, 1);
  return [
    { of: model("2 threads, 2 rounds", [plain(2), plain(2)]), bounds: EVERYTHING },
    { of: model("3 threads", [plain(1), plain(1), plain(1)]), bounds: EVERYTHING },
    {
      of: model("one gives up", [plain(1), timed, plain(1)]),
      bounds: { ...EVERYTHING, timeouts: 1 },
    },
    {
      of: model("one is told to leave", [plain(1), plain(1), plain(1), interrupter(2)]),
      bounds: { ...EVERYTHING, preemptions: 3 },
    },
    { of: model("one only tries", [plain(2), trier(variant), timed]), bounds: EVERYTHING },
  ];
}

describe("the binary lock, explored", () => {
  it.each(scenarios(LockOperations).map((s) => [s.of.name, s] as const))(
    "%s",
    (_, { of, bounds }) => {
      const { failure, executions } = explore(of, bounds);
      expect(failure).toBeUndefined();
      expect(executions).toBeGreaterThan(0);
    },
  );

  it("5 threads by random priorities", () => {
    const bodies = [2, 2, 2, 2].map((rounds) => user(LockOperations, Infinity, rounds));
    const five = model("5 threads", [...bodies, user(LockOperations, 5e6, 2)]);
    const sampling = { timeouts: 2, deaths: 0, preemptions: Infinity, seed: 5, changes: 4 };
    const { failure, executions } = sample(five, { ...sampling, runs: 2000 });
    expect(failure).toBeUndefined();
    expect(executions).toBe(2000);
  });

  it.each(mutants.map((variant) => [variant.name, variant] as const))("finds %s", (_, variant) => {
    for (const { of, bounds } of scenarios(variant)) {
      const { failure } = explore(of, bounds);
      if (failure === undefined) continue;
      expect(replay(of, failure.schedule).message).toBe(failure.message);
      return;
    }
    expect.fail("the mutant lives");
  });
});

describe("the one-shot event, explored", () => {
  const waiter: Body = [
    (thread) => {
      const result = waitEvent(parkerOf(thread), Word.Event, Infinity);
      const { memory } = thread;
      const seen = isEventSet(memory, Word.Event) && memory.load(Word.Payload) === 7;
      thread.emit(Mark.Claim, Number(result === ParkResult.Woken && seen));
      return true;
    },
  ];
  const setterOf = (set: typeof setEvent): Body => [
    ({ memory }) => {
      memory.store(Word.Payload, 7);
      set(memory, Word.Event);
      return true;
    },
  ];
  const modelOf = (set: typeof setEvent) => model("event", [waiter, waiter, setterOf(set)]);

  it("wakes everyone who waits, and nobody before it is set", () => {
    expect(explore(modelOf(setEvent), EVERYTHING).failure).toBeUndefined();
  });

  const wrong: Record<string, typeof setEvent> = {
    "notify before store": (memory, index) => {
      memory.notify(index, WAKE_ALL);
      memory.store(index, 1);
    },
    "one woken of two": (memory, index) => {
      memory.store(index, 1);
      memory.notify(index, 1);
    },
    "nobody woken": (memory, index) => memory.store(index, 1),
  };

  it.each(Object.entries(wrong))("finds %s", (_, set) => {
    const of = modelOf(set);
    const { failure } = explore(of, EVERYTHING);
    expect(failure?.message).toContain("lost wake-up");
    expect(replay(of, failure!.schedule).message).toBe(failure!.message);
  });
});
