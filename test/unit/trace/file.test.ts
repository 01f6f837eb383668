import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../src/base/random.js";
import { readTrace, salvageTrace, TraceFileError, TraceWriter } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { concat, header, simulate, writeFile } from "./synthetic.js";

function fault(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(TraceFileError);
    const { message } = error as TraceFileError;
    expect(message).not.toContain("\n");
    return `${(error as TraceFileError).fault}: ${message}`;
  }
  return "none";
}

describe("trace file", () => {
  it("gives back what was written", () => {
    const run = simulate({ cpu: 3, io: 2, seed: 4 });
    const trace = readTrace(run.bytes);
    expect(trace.header).toEqual(header);
    expect(trace.footer).toEqual({
      endNs: run.endNs,
      status: 0,
      records: run.events.length,
      dropped: {},
    });
    expect([...trace.threads.values()]).toEqual(run.threads);
    const { history } = trace;
    expect(history.length).toBe(run.events.length);
    // The simulation's order of events at one time is one of several; per thread it is exact.
    for (const { ident } of run.threads) {
      const written = run.events.filter((event) => event.ident === ident);
      const read = [];
      for (let i = 0; i < history.length; i++) {
        if (history.ident[i] !== ident) continue;
        read.push({
          time: history.time[i],
          event: history.event[i],
          reason: history.reason[i],
          slot: history.slot[i],
          ident,
          argument: history.argument[i],
          line: history.line[i],
          ticks: history.ticks[i],
        });
      }
      expect(read).toEqual(written);
    }
    for (let i = 1; i < history.length; i++) {
      expect(history.time[i]).toBeGreaterThanOrEqual(history.time[i - 1]);
    }
    expect(history.skewNs).toBe(0);
  });

  it("keeps names beyond ASCII, renames, and an argv larger than its buffer", () => {
    const argv = ["é€😀", "x".repeat(600_000)];
    const threads = [
      { ident: 7, slot: 1, name: "alt" },
      { ident: 7, slot: 1, name: "Größe 🐍" },
    ];
    const trace = readTrace(writeFile([], { header: { argv }, threads, endNs: 5 }));
    expect(trace.header.argv).toEqual(argv);
    expect(trace.threads.get(7)?.name).toBe("Größe 🐍");
    expect(trace.history.length).toBe(0);
  });

  it("takes a whole ring at once, larger than its buffer", () => {
    const event = { event: TraceEvent.Wait, reason: 0, slot: 2, ident: 9, line: 0, ticks: 0 };
    const events = Array.from({ length: 40_000 }, (_, i) => ({ ...event, time: i, argument: i }));
    const { history } = readTrace(writeFile(events, { batch: 40_000 }));
    expect(history.length).toBe(40_000);
    expect(Array.from(history.argument.subarray(8180, 8200))).toEqual(
      events.slice(8180, 8200).map(({ argument }) => argument),
    );
  });

  it("says how many records were lost", () => {
    const trace = readTrace(writeFile([], { dropped: { 3: 12 } }));
    expect(trace.footer?.dropped).toEqual({ 3: 12 });
  });

  it("finishes once", () => {
    const parts: Uint8Array[] = [];
    const writer = new TraceWriter(header, (bytes) => parts.push(bytes.slice()));
    writer.finish({ endNs: 1, status: 0, dropped: {} });
    writer.finish({ endNs: 2, status: 1, dropped: {} });
    expect(readTrace(concat(parts)).footer?.endNs).toBe(1);
  });

  it("names what is wrong with a file that is no complete trace", () => {
    const { bytes } = simulate({ cpu: 2, seconds: 0.05 });
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    expect(fault(() => readTrace(text("")))).toContain("foreign: not a takegil trace: empty");
    expect(fault(() => readTrace(text("print('hello')\n")))).toBe("foreign: not a takegil trace");
    expect(fault(() => readTrace(text("{}")))).toBe("foreign: not a takegil trace");
    expect(fault(() => readTrace(bytes.subarray(0, 8)))).toMatch(/^truncated: .*header/);
    expect(fault(() => readTrace(bytes.subarray(0, 16)))).toMatch(/^truncated: .*header/);
    expect(fault(() => readTrace(bytes.subarray(0, bytes.length - 1)))).toMatch(
      /^truncated: trace is truncated after \d+ records$/,
    );
    const newer = bytes.slice();
    newer[8] = 9;
    expect(fault(() => readTrace(newer))).toBe("version: trace format 9; this takegil reads 1");
    expect(fault(() => readTrace(concat([bytes, bytes])))).toContain("data after the footer");
    const flipped = bytes.slice();
    flipped[bytes.length >> 1] ^= 4;
    expect(fault(() => readTrace(flipped))).toContain("checksum");
  });

  it("salvages every complete record in front of the damage", () => {
    const run = simulate({ cpu: 2, io: 1, seconds: 0.1 });
    const whole = readTrace(run.bytes).history.length;
    let last = 0;
    for (let size = 1000; size < run.bytes.length; size += 997) {
      const { trace, problem } = salvageTrace(run.bytes.subarray(0, size));
      expect(problem?.fault).toBe("truncated");
      expect(trace.footer).toBeNull();
      expect(trace.history.length).toBeGreaterThanOrEqual(last);
      last = trace.history.length;
    }
    expect(last).toBeLessThanOrEqual(whole);
    // All but what lies in the last, cut part: every byte range of whole records counts.
    expect(last).toBeGreaterThan(whole - 100);
    const running = salvageTrace(writeFile(run.events, { footer: false }));
    expect(running.problem?.message).toBe(`trace is truncated after ${whole} records`);
    expect(running.trace.history.length).toBe(whole);
  });

  it("refuses 2,000 mutations with its own error or reads them", () => {
    const random = new SeededRandom(20260102);
    const { bytes } = simulate({ cpu: 2, io: 1, seconds: 0.03 });
    const faults = new Map<string, number>();
    for (let round = 0; round < 2000; round++) {
      let mutant: Uint8Array = bytes.slice();
      const changes = 1 + random.below(4);
      for (let change = 0; change < changes; change++) {
        const at = random.below(mutant.length);
        switch (random.below(5)) {
          case 0:
            mutant[at] ^= 1 << random.below(8);
            break;
          case 1:
            mutant[at] = random.below(256);
            break;
          case 2:
            mutant = mutant.slice(0, Math.max(1, at));
            break;
          case 3:
            mutant = concat([mutant.subarray(0, at), mutant.subarray(random.below(mutant.length))]);
            break;
          default: {
            const words = new DataView(mutant.buffer, mutant.byteOffset, mutant.byteLength);
            const value = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff][random.below(5)];
            if (mutant.length >= 4) words.setUint32(random.below(mutant.length - 3), value, true);
          }
        }
        if (mutant.length === 0) mutant = Uint8Array.of(0x89);
      }
      const name = fault(() => readTrace(mutant)).split(":")[0];
      faults.set(name, (faults.get(name) ?? 0) + 1);
      fault(() => salvageTrace(mutant));
    }
    // The mutations reach every branch worth having, or the test proves little.
    for (const name of ["foreign", "version", "truncated", "corrupt"]) {
      expect(faults.get(name) ?? 0).toBeGreaterThan(0);
    }
  });
});

describe("order of a history", () => {
  const event = (
    slot: number,
    time: number,
    kind: number,
    argument = 0,
    reason: number = ReleaseReason.None,
  ) => ({ time, event: kind, reason, slot, ident: slot + 100, argument, line: 0, ticks: 0 });

  it("puts an Acquire after the Release before it although its clock is behind", () => {
    const events = [
      event(1, 100, TraceEvent.Request),
      event(1, 110, TraceEvent.Acquire, 1),
      event(1, 500, TraceEvent.Release, 1, ReleaseReason.Sleep),
      event(1, 900, TraceEvent.Request),
      event(2, 120, TraceEvent.Request),
      event(2, 420, TraceEvent.Acquire, 2),
      event(2, 450, TraceEvent.Release, 2, ReleaseReason.Sleep),
      event(2, 800, TraceEvent.Request),
    ];
    const { history } = readTrace(writeFile(events));
    const read = Array.from(history.event, (kind, i) => [history.slot[i], kind, history.time[i]]);
    expect(read).toEqual([
      [1, TraceEvent.Request, 100],
      [1, TraceEvent.Acquire, 110],
      [2, TraceEvent.Request, 120],
      [1, TraceEvent.Release, 500],
      [2, TraceEvent.Acquire, 500],
      [2, TraceEvent.Release, 500],
      [2, TraceEvent.Request, 800],
      [1, TraceEvent.Request, 900],
    ]);
    expect(history.skewNs).toBe(80);
  });

  it("survives Acquires that wait for each other", () => {
    const events = [
      event(1, 10, TraceEvent.Acquire, 2),
      event(1, 20, TraceEvent.Release, 3, ReleaseReason.Sleep),
      event(2, 12, TraceEvent.Acquire, 4),
      event(2, 22, TraceEvent.Release, 1, ReleaseReason.Sleep),
    ];
    expect(readTrace(writeFile(events)).history.length).toBe(4);
  });
});
