import { describe, expect, it } from "vitest";
import { drawGilvis } from "../../../src/report/gilvis.js";
import { partOf } from "../../../src/report/part.js";
import { newProgress } from "../../../src/report/progress.js";
import { chooseLevels, countBetween, newBands } from "../../../src/report/tiles.js";
import { newTimeline } from "../../../src/report/timeline.js";
import { readTrace, type Trace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";
import { elementsOf, expectSelfContained } from "./svgcheck.js";

/**
 * Two threads under a tick discipline, checks 101 ticks apart, 20 µs each: one runs, and the other
 * is woken at every check and fails, but for every `turns`-th.
 */
function battle(checks: number, turns: number): Trace {
  const events: PlainEvent[] = [];
  const ticks = [0, 0, 0];
  let time = 0;
  let hold = 0;
  const put = (slot: number, event: number, argument = 0, reason = 0): void => {
    const plain = { time, event, reason, slot, ident: slot, argument, line: 0, ticks: ticks[slot] };
    events.push(plain);
  };
  put(1, TraceEvent.ThreadStart);
  put(2, TraceEvent.ThreadStart);
  let runner = 1;
  put(1, TraceEvent.Request);
  put(1, TraceEvent.Acquire, ++hold);
  put(2, TraceEvent.Request);
  put(2, TraceEvent.Busy, 1);
  put(2, TraceEvent.Wait);
  for (let i = 1; i <= checks; i++) {
    time += 20_000;
    ticks[runner] += 101;
    put(runner, TraceEvent.Release, hold, ReleaseReason.TickCheck);
    const other = 3 - runner;
    put(other, TraceEvent.Wake);
    put(runner, TraceEvent.Request);
    if (i % turns === 0) {
      put(other, TraceEvent.Acquire, ++hold);
      put(runner, TraceEvent.Busy, other);
      put(runner, TraceEvent.Wait);
      runner = other;
    } else {
      put(runner, TraceEvent.Acquire, ++hold);
      put(other, TraceEvent.Retry, runner);
      put(other, TraceEvent.Wait);
    }
  }
  return readTrace(writeFile(events, { header: { discipline: "py2-semaphore" }, batch: 10_000 }));
}

function placed(trace: Trace, axis: "ticks" | "wall" = "ticks") {
  const timeline = newTimeline(trace);
  const progress = newProgress(trace, timeline, axis);
  return { timeline, progress, bands: newBands(trace, progress, timeline.threads) };
}

describe("progress", () => {
  it("counts instructions under a tick discipline, and never goes back", () => {
    const { progress, timeline } = placed(battle(1000, 10));
    expect(progress.unit).toBe("ticks");
    expect(progress.end).toBeCloseTo(101_000, 6);
    expect(progress.at(timeline.start + 10_000)).toBeCloseTo(50.5, 6);
    let last = 0;
    for (let time = timeline.start; time < timeline.end; time += 7919) {
      expect(progress.at(time)).toBeGreaterThanOrEqual(last);
      last = progress.at(time);
    }
  });

  it("counts ticks across the end of a 32-bit counter", () => {
    const events: PlainEvent[] = [];
    const put = (time: number, event: number, ticks: number, argument = 0, reason = 0): void => {
      events.push({ time, event, reason, slot: 1, ident: 1, argument, line: 0, ticks });
    };
    put(0, TraceEvent.ThreadStart, 0xffff_fff0);
    put(0, TraceEvent.Request, 0xffff_fff0);
    put(0, TraceEvent.Acquire, 0xffff_fff0, 1);
    put(1000, TraceEvent.Release, 0x10, 1, ReleaseReason.ThreadExit);
    expect(placed(readTrace(writeFile(events))).progress.end).toBe(32);
  });

  it("is the time with the GIL where ticks are no instructions", () => {
    const run = simulate({ cpu: 2, io: 2, seconds: 0.2 });
    // As under 3.11: a tick is a check that found something.
    for (const event of run.events) event.ticks = 0;
    const { progress } = placed(readTrace(writeFile(run.events)));
    const held = [...run.books.values()].reduce((sum, { has }) => sum + has, 0);
    expect(progress.unit).toBe("held");
    expect(progress.end).toBeCloseTo(held, 0);
  });

  it("is the time that went by when that is asked for", () => {
    const { progress, timeline } = placed(battle(100, 10), "wall");
    expect(progress.unit).toBe("wall");
    expect(progress.end).toBe(timeline.end - timeline.start);
    expect(progress.at(timeline.start + 123_456)).toBeCloseTo(123_456, 6);
  });

  it("of a part is that of the part", () => {
    const whole = battle(1000, 10);
    const part = partOf(whole, 0.005, 0.015);
    // A hundredth of a second is 500 checks, and the part may cut one in two.
    expect(placed(part).progress.end).toBeGreaterThan(499 * 101);
    expect(placed(part).progress.end).toBeLessThan(501 * 101);
  });
});

describe("bands and tiles", () => {
  it("count what failed and what was checked", () => {
    const { bands, progress } = placed(battle(1000, 10));
    // Nine of ten checks wake the other thread in vain; at the tenth the runner finds it taken.
    expect(bands.failed.length).toBe(1001);
    expect(bands.checks.length).toBe(1000);
    expect(bands.tickChecks).toBe(true);
    expect(bands.bands.map(({ retries }) => retries.length)).toEqual([450, 450]);
    expect(countBetween(bands.failed, 0, Infinity)).toBe(1001);
    let sum = 0;
    for (let tile = 0; tile < 8; tile++) {
      const to = tile === 7 ? Infinity : ((tile + 1) * progress.end) / 8;
      sum += countBetween(bands.checks, (tile * progress.end) / 8, to);
    }
    expect(sum).toBe(1000);
  });

  it("zoom level by level, each inside a tile of the one before, to single acquisitions", () => {
    const { bands, progress } = placed(battle(40_000, 10));
    const levels = chooseLevels(bands, progress.end);
    expect(levels.length).toBeGreaterThan(2);
    expect(levels[0].from).toBe(0);
    for (let i = 1; i < levels.length; i++) {
      const { from, size, count } = levels[i];
      const parent = levels[i - 1];
      const tile = Math.floor((from - parent.from) / parent.size);
      expect(tile).toBeLessThan(parent.count);
      expect(from + size * count).toBeLessThanOrEqual(
        parent.from + (tile + 1) * parent.size + 1e-6,
      );
      expect(String(size)).toMatch(/^[125]0*$/);
    }
    const { from, size, count } = levels.at(-1)!;
    const shown = countBetween(bands.acquired, from, from + size * count);
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(300);
  });
});

describe("Beazley's picture", () => {
  const his = { palette: "beazley", axis: "ticks" } as const;

  it("has his colours, his numbers under the tiles and ticks along the top", () => {
    const svg = drawGilvis(battle(40, 4), his);
    elementsOf(svg);
    expectSelfContained(svg);
    expect(svg).toContain(">along the top: instructions executed so far</text>");
    expect(svg).toContain(">failed acquisitions / checks</text>");
    // Tiles of 1,000 ticks; the fifth has only the last 40 of them.
    for (const text of ["0", "1,000", "2,000", "3,000", "4,000"]) {
      expect(svg).toContain(`>${text}</text>`);
    }
    const numbers = [...svg.matchAll(/class="failed mid">([\d.–]+)</g)].map((match) => match[1]);
    const counts = [...svg.matchAll(/>(\d+) \/ (\d+)</g)].map(([, failed, checks]) => [
      Number(failed),
      Number(checks),
    ]);
    expect(counts.length).toBe(numbers.length);
    expect(counts.reduce((sum, [, checks]) => sum + checks, 0)).toBe(40);
    expect(counts.reduce((sum, [failed]) => sum + failed, 0)).toBe(41);
    expect(numbers[1]).toBe((counts[1][0] / counts[1][1]).toFixed(2));
  });

  it("draws each acquisition and each failure where there is room", () => {
    const svg = drawGilvis(battle(40, 4), his);
    const lines = (name: string): number => {
      const paths = [...svg.matchAll(new RegExp(`class="${name}" d="([^"]*)"`, "g"))];
      // The first is the legend's.
      return paths.slice(1).reduce((sum, [, d]) => sum + [...d.matchAll(/M/g)].length, 0);
    };
    expect(lines("acquired")).toBe(41);
    expect(lines("retry")).toBe(30);
    expect(lines("busy")).toBe(11);
  });

  it("uses other colours on request, and time along the axis", () => {
    const safe = drawGilvis(battle(40, 4), { palette: "safe", axis: "wall" });
    expect(safe).toContain(">along the top: time since the start</text>");
    expect(safe).not.toContain("#008c00");
    expect(drawGilvis(battle(40, 4), his)).toContain("#008c00");
  });

  it("draws a million records in little space", () => {
    const trace = battle(170_000, 10);
    expect(trace.history.length).toBeGreaterThan(1_000_000);
    const svg = drawGilvis(trace, his);
    elementsOf(svg);
    expect(svg.length).toBeLessThan(1_000_000);
    expect(svg).toContain('class="retryarea"');
  });

  it("stays legible and small with 16 and 64 threads, and with none", () => {
    for (const cpu of [12, 60]) {
      const run = simulate({ cpu, io: 3, seconds: 1, seed: 2 });
      const svg = drawGilvis(readTrace(run.bytes), his);
      elementsOf(svg);
      expectSelfContained(svg);
      expect(svg.length).toBeLessThan(800_000);
    }
    elementsOf(drawGilvis(readTrace(writeFile([])), his));
  });
});
