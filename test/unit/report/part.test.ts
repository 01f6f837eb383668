import { describe, expect, it } from "vitest";
import { partOf } from "../../../src/report/part.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { GilState, newTimeline } from "../../../src/report/timeline.js";
import { readTrace } from "../../../src/trace/file.js";
import { simulate } from "../trace/synthetic.js";

const whole = readTrace(simulate({ cpu: 3, seconds: 0.5 }).bytes);
const timeline = newTimeline(whole);

/** Time that thread `ident` had the GIL between two times of the timeline, ns. */
function heldBetween(trace: typeof whole, ident: number, from: number, to: number): number {
  const { segments } = newTimeline(trace).threads.find((thread) => thread.ident === ident)!;
  let held = 0;
  for (let i = 0; i < segments.length; i++) {
    if (segments.state[i] !== GilState.Has) continue;
    held += Math.max(0, Math.min(segments.endOf(i), to) - Math.max(segments.from[i], from));
  }
  return held;
}

describe("a part of a trace", () => {
  const [from, to] = [timeline.start + 0.1e9, timeline.start + 0.3e9];
  const part = partOf(whole, 0.1, 0.3);

  it("has the same states in its window as the whole", () => {
    for (const { ident } of newTimeline(part).threads) {
      const expected = heldBetween(whole, ident, from, to);
      expect(heldBetween(part, ident, from, to)).toBeCloseTo(expected, -1);
    }
    const [lock] = newStatistics(part).locks;
    expect(newStatistics(part).wallSeconds).toBeCloseTo(0.2, 3);
    expect(lock.heldSeconds + lock.idleSeconds).toBeCloseTo(0.2, 3);
  });

  it("leaves out who did not live then", () => {
    const short = readTrace(simulate({ cpu: 1, seconds: 0.5 }).bytes);
    const end = newTimeline(short).threads.find(({ name }) => name !== "MainThread")!.start;
    const before = (end - newTimeline(short).start) / 1e9;
    expect(before).toBeGreaterThan(0);
    const names = [...partOf(short, 0, before / 2).threads.values()].map(({ name }) => name);
    expect(names).toEqual(["MainThread"]);
    expect(() => partOf(short, 3, 4)).toThrow("no thread lived between 3 s and 4 s");
    expect(() => partOf(short, 3, Infinity)).toThrow("between 3 s and the end");
    expect(() => partOf(short, 0.2, 0.1)).toThrow(RangeError);
  });

  it("is the whole when its window is", () => {
    const all = partOf(whole, 0, Infinity);
    expect(newStatistics(all).threads).toEqual(newStatistics(whole).threads);
  });
});
