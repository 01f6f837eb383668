/** Sleeps of an interval longer than one slice, ended in the middle: what is recorded of them. */
import { describe, expect, it } from "vitest";
import { threadWord } from "../../../src/gil/discipline.js";
import { Py32 } from "../../../src/gil/py32.js";
import { Region, ThreadState } from "../../../src/memory/layout.js";
import { AtomicsMemory } from "../../../src/sync/atomics.js";
import { WaitResult } from "../../../src/sync/memory.js";
import { GilAutomaton, rulesOf } from "../../../src/trace/automaton.js";
import {
  type EventSink,
  RecordKind,
  ReleaseReason,
  reasonOf,
  TraceEvent,
} from "../../../src/trace/record.js";

/** Feeds the events of several threads to one automaton, in the order they happen. */
class Judge {
  readonly automaton = new GilAutomaton(rulesOf("py32"), 0);
  readonly events: number[] = [];
  private time = 0;

  sink(ident: number): EventSink {
    this.automaton.started(ident);
    return {
      emit: (kind, argument) => {
        const event = kind & RecordKind.Mask;
        const reason = reasonOf(kind);
        if (ident === 2) this.events.push(event);
        const time = this.time++;
        expect(this.automaton.step({ time, event, reason, ident, argument })).toBeNull();
      },
    };
  }
}

/** Every sleep is over at once, as if its slice had passed; `afterSlice` runs after the look. */
class SlicedMemory extends AtomicsMemory {
  afterSlice: (() => void) | null = null;

  override wait(): WaitResult {
    return WaitResult.TimedOut;
  }

  override now(): number {
    const then = this.afterSlice;
    this.afterSlice = null;
    then?.();
    return 0;
  }
}

function setUp(): {
  I32: Int32Array;
  judge: Judge;
  holder: Py32;
  waiter: Py32;
  memory: SlicedMemory;
} {
  const I32 = new Int32Array(new SharedArrayBuffer(Region.Arenas * 4));
  const judge = new Judge();
  const holder = new Py32(new AtomicsMemory(I32), judge.sink(1));
  const memory = new SlicedMemory(I32);
  const waiter = new Py32(memory, judge.sink(2));
  holder.initialize(1_000_000);
  holder.acquire(1);
  return { I32, judge, holder, waiter, memory };
}

describe("a sleep in slices", () => {
  it("is recorded as ended when the lock is free after a slice", () => {
    const { judge, holder, waiter, memory } = setUp();
    let calls = 0;
    // Looks at the clock: for the deadline, for the sleep, and after the look at the lock.
    const release = (): void => {
      if (++calls < 3) memory.afterSlice = release;
      else holder.release(1, ReleaseReason.BlockingIo);
    };
    memory.afterSlice = release;
    expect(waiter.acquire(2)).toBe(true);
    expect(judge.events.slice(-3)).toEqual([TraceEvent.Wait, TraceEvent.Wake, TraceEvent.Acquire]);
  });

  it("is recorded as ended when the thread must leave after a slice", () => {
    const { I32, judge, waiter, memory } = setUp();
    let calls = 0;
    const stop = (): void => {
      if (++calls < 3) memory.afterSlice = stop;
      else I32[threadWord(2, ThreadState.Stop)] = 1;
    };
    memory.afterSlice = stop;
    expect(waiter.acquire(2)).toBe(false);
    expect(judge.events.slice(-2)).toEqual([TraceEvent.Wait, TraceEvent.Wake]);
    const end = { time: 99, event: TraceEvent.ThreadEnd, reason: 0, ident: 2, argument: 0 };
    expect(judge.automaton.step(end)).toBeNull();
  });
});
