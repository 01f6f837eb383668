import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../../../src/base/assert.js";
import { threadWord } from "../../../src/gil/discipline.js";
import { Py32 } from "../../../src/gil/py32.js";
import { Breaker, Gil } from "../../../src/gil/words.js";
import { Control, Region, ThreadState } from "../../../src/memory/layout.js";
import { AtomicsMemory } from "../../../src/sync/atomics.js";
import { WaitResult } from "../../../src/sync/memory.js";
import { type EventSink, eventTerms, NullSink, ReleaseReason } from "../../../src/trace/record.js";

class Recorder implements EventSink {
  readonly events: string[] = [];
  emit(event: number, argument: number): void {
    this.events.push(`${eventTerms[event & 0xff].name} ${argument}`);
  }
}

function createGil(intervalUs = 5000) {
  const I32 = new Int32Array(new SharedArrayBuffer(Region.Static * 4));
  const memory = new AtomicsMemory(I32);
  const access = (sink: EventSink = new NullSink()) => new Py32(memory, sink);
  access().initialize(intervalUs);
  return { I32, memory, access };
}

const BREAKER = Region.Gil + Gil.EvalBreaker;

describe("py32", () => {
  it("is free at first and belongs to whoever took it", () => {
    const { access } = createGil();
    const sink = new Recorder();
    const gil = access(sink);
    expect(gil.holder()).toBe(-1);
    expect(gil.acquire(3)).toBe(true);
    expect(gil.holder()).toBe(3);
    gil.release(3, ReleaseReason.BlockingIo);
    expect(gil.holder()).toBe(-1);
    expect(gil.acquire(0)).toBe(true);
    expect(gil.holder()).toBe(0);
    expect(sink.events).toEqual(["request 0", "acquire 1", "release 1", "request 0", "acquire 2"]);
  });

  it("refuses to be dropped by a thread that does not have it", () => {
    const { access } = createGil();
    const gil = access();
    expect(() => gil.release(1, ReleaseReason.Sleep)).toThrow(InvariantError);
    gil.acquire(1);
    expect(() => gil.release(2, ReleaseReason.Sleep)).toThrow(InvariantError);
  });

  it.each([0, 1, 5000, 0x7fff_ffff, 0x8000_0000, 1e12])("keeps an interval of %d µs", (us) => {
    const gil = createGil().access();
    gil.setInterval(us);
    expect(gil.getInterval()).toBe(us);
  });

  it.each([-1, 0.5, Number.NaN, 1e300])("refuses an interval of %d µs", (us) => {
    expect(() => createGil().access().setInterval(us)).toThrow(RangeError);
  });

  it("lets no stopped thread in, and once finalizing only MainThread (G36)", () => {
    const { I32, access } = createGil();
    const gil = access();
    I32[threadWord(2, ThreadState.Stop)] = 1;
    expect(gil.acquire(2)).toBe(false);
    I32[threadWord(1, ThreadState.IsMain)] = 1;
    I32[Control.Finalizing] = 1;
    expect(gil.acquire(3)).toBe(false);
    expect(gil.acquire(1)).toBe(true);
  });

  it("tells each holder what concerns it and forgets the rest (G14, G32)", () => {
    const { I32, access } = createGil();
    const gil = access();
    I32[threadWord(1, ThreadState.IsMain)] = 1;
    gil.acquire(2);
    I32[Control.SignalsTripped] = 4;
    I32[threadWord(3, ThreadState.AsyncException)] = 400;
    I32[BREAKER] = Breaker.Signals | Breaker.AsyncException;
    expect(gil.pending(2)).toBe(0);
    expect(I32[BREAKER]).toBe(0);
    gil.release(2, ReleaseReason.Sleep);
    gil.acquire(1);
    expect(I32[BREAKER]).toBe(Breaker.Signals);
    expect(gil.pending(1)).toBe(Breaker.Signals);
    gil.release(1, ReleaseReason.Sleep);
    gil.acquire(3);
    expect(I32[BREAKER]).toBe(Breaker.AsyncException);
    gil.release(3, ReleaseReason.Sleep);
  });

  it("ignores a stale drop bit in the eval breaker", () => {
    const { I32, access } = createGil();
    const sink = new Recorder();
    const gil = access(sink);
    gil.acquire(1);
    I32[BREAKER] = Breaker.DropRequest;
    expect(gil.pending(1)).toBe(0);
    expect(gil.checkpoint(1)).toBe(true);
    expect(sink.events).toEqual(["request 0", "acquire 1"]);
  });

  it("frees what a dead thread had", () => {
    const { access } = createGil();
    const gil = access();
    gil.acquire(4);
    expect(gil.recover(5)).toBe(false);
    expect(gil.holder()).toBe(4);
    expect(gil.recover(4)).toBe(true);
    expect(gil.holder()).toBe(-1);
    expect(gil.acquire(5)).toBe(true);
  });

  it("serves a thread that never parks: it asks, waits for the holder, and owes a switch", async () => {
    const { I32, access } = createGil(200);
    const sink = new Recorder();
    const [worker, loop] = [access(), access(sink)];
    worker.acquire(1);
    const taken = loop.acquireAsync(0);
    while (I32[BREAKER] === 0) await setTimeout(1);
    expect(worker.pending(1)).toBe(Breaker.DropRequest);
    worker.releaseAsync(1, ReleaseReason.Forced);
    const again = worker.acquireAsync(1);
    expect(await taken).toBe(true);
    expect(loop.holder()).toBe(0);
    loop.releaseAsync(0, ReleaseReason.BlockingIo);
    expect(await again).toBe(true);
    expect(worker.holder()).toBe(1);
    expect(sink.events.slice(0, 5)).toEqual([
      "request 0",
      "busy 1",
      "wait 200",
      "timeout 1",
      "drop request 1",
    ]);
    expect(sink.events.slice(-3)).toEqual(["wake 0", "acquire 2", "release 2"]);
  });
});

describe("a waiter that has asked", () => {
  /** Waits end at once by their limit; while a waiter watches, the holder, thread 1, drops. */
  function createWatched(intervalUs: number) {
    const I32 = new Int32Array(new SharedArrayBuffer(Region.Static * 4));
    const limits: number[] = [];
    let sleeps = 0;
    class Watched extends AtomicsMemory {
      override wait(): WaitResult {
        if (++sleeps === 2) holder.releaseAsync(1, ReleaseReason.Forced);
        return WaitResult.TimedOut;
      }
      override watch(_index: number, _value: number, limitNs: number): WaitResult {
        limits.push(limitNs);
        holder.releaseAsync(1, ReleaseReason.Forced);
        return WaitResult.NotEqual;
      }
    }
    const memory = new Watched(I32);
    const holder = new Py32(memory, new NullSink());
    const waiter = new Py32(memory, new NullSink());
    holder.initialize(intervalUs);
    /** One hand-over from the holder to the waiter: its sleeps. */
    const handOver = () => {
      sleeps = 0;
      holder.acquire(1);
      waiter.acquire(2);
      waiter.release(2, ReleaseReason.BlockingIo);
      return sleeps;
    };
    return { limits, handOver };
  }

  it.each([
    [5000, 60e3],
    [100, 5e3],
  ])("stays awake for some of the drops: interval %d µs, at most %d ns", (intervalUs, limitNs) => {
    const { limits, handOver } = createWatched(intervalUs);
    const sleeps = Array.from({ length: 400 }, handOver);
    expect(limits.length).toBeGreaterThan(120);
    expect(limits.length).toBeLessThan(280);
    expect(new Set(limits)).toEqual(new Set([limitNs]));
    // One that stayed awake has slept once, until it asked; the others once more.
    expect(sleeps.filter((count) => count === 1)).toHaveLength(limits.length);
    expect(sleeps.filter((count) => count === 2)).toHaveLength(400 - limits.length);
  });
});

describe("wake-ups owed by the holder", () => {
  const LOCK = Region.Arenas;

  /** The lock's words and one more, and how many notifies that one got. */
  function createOwing() {
    const I32 = new Int32Array(new SharedArrayBuffer((LOCK + 16) * 4));
    let woken = 0;
    class Counting extends AtomicsMemory {
      override notify(index: number, count: number): number {
        if (index === LOCK) woken++;
        return super.notify(index, count);
      }
    }
    const gil = new Py32(new Counting(I32), new NullSink());
    gil.initialize(5000);
    return { I32, gil, woken: () => woken };
  }

  it("are paid by the drop", () => {
    const { gil, woken } = createOwing();
    gil.acquire(1);
    gil.owed.add(LOCK);
    gil.owed.add(LOCK);
    gil.noteOwed();
    expect(woken()).toBe(0);
    gil.release(1, ReleaseReason.LockWait);
    expect(woken()).toBe(2);
    expect(gil.owed.isEmpty).toBe(true);
  });

  it("are paid after some checks by a holder that goes on", () => {
    const { I32, gil, woken } = createOwing();
    gil.acquire(1);
    gil.owed.add(LOCK);
    gil.noteOwed();
    let checks = 0;
    for (; I32[BREAKER] !== 0 && checks < 1000; checks++) gil.pending(1);
    expect(woken()).toBe(1);
    expect(checks).toBeGreaterThan(2);
    expect(checks).toBeLessThan(100);
  });

  it("are paid when too many are owed", () => {
    const { gil, woken } = createOwing();
    gil.acquire(1);
    for (let i = 0; i < 9; i++) gil.owed.add(LOCK);
    expect(woken()).toBe(8);
  });
});
