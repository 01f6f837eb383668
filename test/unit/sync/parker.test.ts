import { describe, expect, it } from "vitest";
import { AtomicsMemory } from "../../../src/sync/atomics.js";
import { isEventSet, setEvent, waitEvent } from "../../../src/sync/event.js";
import { AcquireResult, LockOperations } from "../../../src/sync/lock.js";
import { SLICE_NS, WaitResult } from "../../../src/sync/memory.js";
import { interruptWait, Parker, ParkResult } from "../../../src/sync/parker.js";

const enum Word {
  Wait = 1,
  LateWakes = 2,
  Lock = 3,
  Event = 4,
}

/** Time passes only in sleeps, which end as scripted. */
class ScriptedMemory extends AtomicsMemory {
  clock = 1000;
  readonly sleeps: { index: number; timeoutNs: number; waitWord: number }[] = [];
  script: (() => WaitResult)[] = [];

  override now(): number {
    return this.clock;
  }

  override wait(index: number, value: number, timeoutNs: number): WaitResult {
    if (this.load(index) !== value) return WaitResult.NotEqual;
    this.sleeps.push({ index, timeoutNs, waitWord: this.load(Word.Wait) });
    const result = this.script.shift()?.() ?? WaitResult.TimedOut;
    if (result === WaitResult.TimedOut) this.clock += timeoutNs;
    return result;
  }
}

function create() {
  const memory = new ScriptedMemory(new Int32Array(new SharedArrayBuffer(64)));
  const flags = { interrupted: false };
  const parker = new Parker(memory, Word.Wait, Word.LateWakes, () => flags.interrupted);
  return { memory, flags, parker, locks: new LockOperations(memory, parker) };
}

describe("Parker", () => {
  it("names the word it sleeps on while it sleeps, and only then", () => {
    const { memory, parker } = create();
    expect(interruptWait(memory, Word.Wait)).toBe(false);
    memory.script = [
      () => {
        expect(interruptWait(memory, Word.Wait)).toBe(true);
        return WaitResult.Ok;
      },
    ];
    expect(parker.park(Word.Lock, 0, Infinity)).toBe(ParkResult.Woken);
    expect(memory.sleeps).toEqual([{ index: Word.Lock, timeoutNs: SLICE_NS, waitWord: Word.Lock }]);
    expect(memory.load(Word.Wait)).toBe(0);
  });

  it("sleeps to the deadline in slices", () => {
    const { memory, parker } = create();
    const deadline = memory.clock + 2.5 * SLICE_NS;
    expect(parker.sleepUntil(Word.Lock, deadline)).toBe(ParkResult.TimedOut);
    expect(memory.clock).toBe(deadline);
    const slices = memory.sleeps.map(({ timeoutNs }) => timeoutNs);
    expect(slices).toEqual([SLICE_NS, SLICE_NS, SLICE_NS / 2]);
    expect(memory.load(Word.LateWakes)).toBe(0);
  });

  it("does not sleep when the deadline is past or it is interrupted", () => {
    const { memory, flags, parker } = create();
    expect(parker.park(Word.Lock, 0, memory.clock)).toBe(ParkResult.TimedOut);
    expect(parker.sleepUntil(Word.Lock, memory.clock - 1)).toBe(ParkResult.TimedOut);
    flags.interrupted = true;
    expect(parker.sleepUntil(Word.Lock, Infinity)).toBe(ParkResult.Interrupted);
    expect(memory.sleeps).toEqual([]);
    expect(memory.load(Word.Wait)).toBe(0);
  });

  it("goes on sleeping after a wake-up that was not meant for it", () => {
    const { memory, flags, parker } = create();
    memory.script = [
      () => WaitResult.Ok,
      () => {
        flags.interrupted = true;
        return WaitResult.Ok;
      },
    ];
    expect(parker.sleepUntil(Word.Lock, Infinity)).toBe(ParkResult.Interrupted);
    expect(memory.sleeps.length).toBe(2);
  });

  it("counts a sleeper that found its wish granted without a notify", () => {
    const { memory, locks } = create();
    locks.tryAcquire(Word.Lock);
    memory.script = [
      () => {
        memory.store(Word.Lock, 0);
        return WaitResult.TimedOut;
      },
    ];
    expect(locks.acquire(Word.Lock, Infinity)).toBe(AcquireResult.Acquired);
    expect(memory.load(Word.LateWakes)).toBe(1);
  });
});

describe("LockOperations", () => {
  it("locks, refuses, releases, and says when there was nothing to release", () => {
    const { locks } = create();
    expect(locks.release(Word.Lock)).toBe(false);
    expect(locks.tryAcquire(Word.Lock)).toBe(true);
    expect(locks.isLocked(Word.Lock)).toBe(true);
    expect(locks.tryAcquire(Word.Lock)).toBe(false);
    expect(locks.release(Word.Lock)).toBe(true);
    expect(locks.isLocked(Word.Lock)).toBe(false);
    expect(locks.acquire(Word.Lock, 0)).toBe(AcquireResult.Acquired);
  });

  it("gives up at the deadline, or when interrupted", () => {
    const { memory, flags, locks } = create();
    locks.tryAcquire(Word.Lock);
    const deadline = memory.clock + 3e6;
    expect(locks.acquire(Word.Lock, deadline)).toBe(AcquireResult.TimedOut);
    expect(memory.clock).toBe(deadline);
    flags.interrupted = true;
    expect(locks.acquire(Word.Lock, Infinity)).toBe(AcquireResult.Interrupted);
    expect(locks.release(Word.Lock)).toBe(true);
  });
});

describe("the one-shot event", () => {
  it("ends every wait from the moment it is set", () => {
    const { memory, parker } = create();
    expect(waitEvent(parker, Word.Event, memory.clock + 1e6)).toBe(ParkResult.TimedOut);
    memory.script = [
      () => {
        setEvent(memory, Word.Event);
        return WaitResult.Ok;
      },
    ];
    expect(waitEvent(parker, Word.Event, Infinity)).toBe(ParkResult.Woken);
    expect(isEventSet(memory, Word.Event)).toBe(true);
    expect(waitEvent(parker, Word.Event, 0)).toBe(ParkResult.Woken);
  });
});
