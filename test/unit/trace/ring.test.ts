import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import {
  eventTerms,
  RecordKind,
  ReleaseReason,
  reasonOf,
  reasonTerms,
  slotOf,
  TraceEvent,
  TraceRecord,
} from "../../../src/trace/record.js";
import { createRings, emptyContext, RingDrain, RingSink } from "../../../src/trace/ring.js";

interface Drained {
  time: number;
  ticks: number;
  kind: number;
  argument: number;
  line: number;
  ident: number;
  serial: number;
}

function drainAll(drain: RingDrain): Drained[] {
  const records: Drained[] = [];
  drain.drain((_slot, bytes, count) => {
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    for (let i = 0; i < count; i++) {
      const at = i * TraceRecord.Bytes;
      records.push({
        time: view.getFloat64(at, true),
        ticks: view.getUint32(at + TraceRecord.Ticks * 4, true),
        kind: view.getUint32(at + TraceRecord.Kind * 4, true),
        argument: view.getInt32(at + TraceRecord.Argument * 4, true),
        line: view.getInt32(at + TraceRecord.Line * 4, true),
        ident: view.getUint32(at + TraceRecord.Ident * 4, true),
        serial: view.getUint32(at + TraceRecord.Serial * 4, true),
      });
    }
  });
  return records;
}

describe("record terms", () => {
  it("name every event and reason", () => {
    expect(eventTerms.length).toBe(TraceEvent.Count);
    expect(reasonTerms.length).toBe(ReleaseReason.Count);
    expect(new Set(eventTerms.map((term) => term.name)).size).toBe(TraceEvent.Count);
    expect(eventTerms[TraceEvent.Retry].name).toBe("retry");
    expect(eventTerms[TraceEvent.Signal].name).toBe("signal");
    expect(reasonTerms[ReleaseReason.Finalization].name).toBe("finalization");
  });
});

describe("ring", () => {
  it("carries every field of a record", () => {
    const buffer = createRings(4, 8);
    const context = { words: Int32Array.of(0, 77, 12), ticks: 1, line: 2 };
    const sink = new RingSink(buffer, 3, 9001, context, 2);
    sink.emit(TraceEvent.Request, 0);
    context.words[1] = 78;
    sink.emit(TraceEvent.Release | (ReleaseReason.Sleep << RecordKind.ReasonShift), -5);
    const [first, second, ...rest] = drainAll(new RingDrain(buffer));
    expect(rest).toEqual([]);
    expect(first.ticks).toBe(77);
    expect(first.line).toBe(12);
    expect(first.ident).toBe(9001);
    expect(first.serial).toBe(0);
    expect(second.ticks).toBe(78);
    expect(second.argument).toBe(-5);
    expect(second.serial).toBe(1);
    expect(second.time).toBeGreaterThanOrEqual(first.time);
    expect(first.time).toBeGreaterThanOrEqual(0);
    expect(second.kind & RecordKind.Mask).toBe(TraceEvent.Release);
    expect(reasonOf(second.kind)).toBe(ReleaseReason.Sleep);
    expect(slotOf(second.kind)).toBe(3);
    expect(second.kind >>> RecordKind.InterpreterShift).toBe(2);
  });

  it("drops and counts when full, never overwrites, and goes on after a drain", () => {
    const buffer = createRings(1, 4);
    const sink = new RingSink(buffer, 0, 1, emptyContext());
    const drain = new RingDrain(buffer);
    for (let i = 0; i < 7; i++) sink.emit(TraceEvent.Busy, i);
    expect(drain.dropped(0)).toBe(3);
    expect(drainAll(drain).map((r) => r.argument)).toEqual([0, 1, 2, 3]);
    sink.emit(TraceEvent.Busy, 7);
    const [next] = drainAll(drain);
    expect(next.argument).toBe(7);
    // The serial number tells the reader where the three lost records were.
    expect(next.serial).toBe(7);
    expect(drain.written(0)).toBe(5);
    expect(drain.droppedTotal()).toBe(3);
  });

  it("wraps around its end in order", () => {
    const buffer = createRings(2, 8);
    const sink = new RingSink(buffer, 1, 1, emptyContext());
    const drain = new RingDrain(buffer);
    const seen: number[] = [];
    let sent = 0;
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < (round % 8) + 1; i++) sink.emit(TraceEvent.Wait, sent++);
      for (const record of drainAll(drain)) seen.push(record.argument);
    }
    expect(seen).toEqual(Array.from({ length: sent }, (_, i) => i));
    expect(drain.droppedTotal()).toBe(0);
  });

  it("lets a new thread continue the ring of a slot that is used again", () => {
    const buffer = createRings(1, 4);
    const drain = new RingDrain(buffer);
    const old = new RingSink(buffer, 0, 1, emptyContext());
    for (let i = 0; i < 5; i++) old.emit(TraceEvent.Wait, i);
    drainAll(drain);
    new RingSink(buffer, 0, 2, emptyContext()).emit(TraceEvent.ThreadStart, 1);
    expect(drainAll(drain).map((r) => [r.ident, r.serial])).toEqual([[2, 5]]);
  });

  it("refuses a slot outside the rings and a capacity that is no power of two", () => {
    expect(() => createRings(1, 12)).toThrow("power of two");
    expect(() => createRings(4097, 8)).toThrow("rings must be");
    expect(() => new RingSink(createRings(2, 8), 2, 1, emptyContext())).toThrow("slot 2 of 2");
  });

  it("neither loses, repeats nor tears records between a real thread and the drain", async () => {
    const total = 200_000;
    const buffer = createRings(2, 1024);
    const source = `
      import { workerData } from "node:worker_threads";
      const { RingSink } = await import(workerData.ring);
      const words = new Int32Array(2);
      const sink = new RingSink(workerData.buffer, 1, 42, { words, ticks: 0, line: 1 });
      for (let i = 0; i < workerData.total; i++) {
        words[0] = i;
        sink.emit(2, i);
      }`;
    const ring = new URL("../../../src/trace/ring.js", import.meta.url).href;
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const worker = new Worker(url, { workerData: { buffer, total, ring } });
    let ended = false;
    const exit = new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => {
        ended = true;
        resolve();
      });
    });
    const drain = new RingDrain(buffer);
    let received = 0;
    let next = 0;
    let lastTime = 0;
    const check = (): void => {
      for (const record of drainAll(drain)) {
        received++;
        // A gap in the serial numbers is a counted drop; argument and ticks must agree with it.
        expect(record.serial).toBeGreaterThanOrEqual(next);
        expect(record.argument).toBe(record.serial);
        expect(record.ticks).toBe(record.serial);
        expect(record.time).toBeGreaterThanOrEqual(lastTime);
        next = record.serial + 1;
        lastTime = record.time;
      }
    };
    while (!ended) {
      check();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await exit;
    check();
    expect(received + drain.dropped(1)).toBe(total);
    expect(drain.written(1)).toBe(received);
    expect(received).toBeGreaterThan(1024);
  });
});
