import { describe, expect, it } from "vitest";
import { drawLanes } from "../../../src/report/lanes.js";
import { readTrace, salvageTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";
import { elementsOf } from "./svgcheck.js";

/** The rectangles of one state, as [x, y, width, tooltip]. */
function blocks(
  svg: string,
  state: string,
): { x: number; y: number; width: number; tip: string }[] {
  const pattern = new RegExp(
    `<rect x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)" height="[\\d.]+" class="${state}">` +
      "<title>([^<]*)",
    "g",
  );
  return [...svg.matchAll(pattern)].map(([, x, y, width, tip]) => {
    return { x: Number(x), y: Number(y), width: Number(width), tip };
  });
}

describe("lanes", () => {
  it("show two threads in turn: holds never overlap in time and alternate between lanes", () => {
    const run = simulate({ cpu: 2, seconds: 0.06 });
    const svg = drawLanes(readTrace(run.bytes), {});
    elementsOf(svg);
    const holds = blocks(svg, "has").sort((a, b) => a.x - b.x);
    const acquisitions = run.events.filter((event) => event.event === TraceEvent.Acquire).length;
    expect(holds.length).toBe(acquisitions);
    for (let i = 1; i < holds.length; i++) {
      expect(holds[i].x).toBeGreaterThanOrEqual(holds[i - 1].x + holds[i - 1].width - 0.02);
      expect(holds[i].y).not.toBe(holds[i - 1].y);
    }
    expect(holds.at(-1)?.tip).toMatch(/^Thread-\d \(count\) has GIL for \d.* at \d/);
    for (const name of ["MainThread", "Thread-1 (count)", "Thread-2 (count)"]) {
      expect(svg).toContain(`>${name}</text>`);
    }
    expect(svg).toContain("switch interval 5.00 ms");
    expect(svg).toContain(">whole run<");
    // Short runs need no enlargement.
    expect(svg).not.toContain(" from ");
  });

  it("enlarge a window of a long run, of a dozen holds", () => {
    const svg = drawLanes(readTrace(simulate({ cpu: 2, seconds: 3 }).bytes), {});
    expect(svg).toMatch(/>(60|80|100) ms from \d\.\d+ s</);
    const holds = blocks(svg, "has");
    expect(holds.length).toBeGreaterThan(10);
    expect(holds.length).toBeLessThan(30);
  });

  it("show the window that is asked for", () => {
    const trace = readTrace(simulate({ cpu: 2, seconds: 1 }).bytes);
    const svg = drawLanes(trace, { window: { fromSeconds: 0.2, toSeconds: 0.25 } });
    expect(svg).toContain(">50.0 ms from 0.2 s<");
    for (const { tip } of blocks(svg, "has").slice(1)) {
      const at = Number(/ at (\d+) ms/.exec(tip)?.[1]);
      expect(at).toBeGreaterThanOrEqual(199);
      expect(at).toBeLessThanOrEqual(250);
    }
    expect(() => drawLanes(trace, { window: { fromSeconds: 5, toSeconds: 6 } })).toThrow(
      "no events between 5 s and 6 s",
    );
  });

  it("mark drop requests and failed wake-ups", () => {
    const run = simulate({ cpu: 2, io: 12, seconds: 0.4, seed: 11 });
    expect([...run.books.values()].some((book) => book.retries > 0)).toBe(true);
    const window = { fromSeconds: 0, toSeconds: 1 };
    const svg = drawLanes(readTrace(run.bytes), { window });
    // The legend has one of each.
    expect([...svg.matchAll(/class="request"/g)].length).toBeGreaterThan(1);
    expect([...svg.matchAll(/class="retry"/g)].length).toBeGreaterThan(1);
  });

  it("stay legible and small with 64 threads", () => {
    const run = simulate({ cpu: 60, io: 3, seconds: 2, seed: 2 });
    const svg = drawLanes(readTrace(run.bytes), {});
    elementsOf(svg);
    expect(svg.length).toBeLessThan(600_000);
    const sizes = [...svg.matchAll(/font-size:([\d.]+)px/g)].map((match) => Number(match[1]));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(7);
    expect(svg).toContain(">64 threads<");
  });

  it("aggregate a million events into columns", () => {
    // Two threads in turn, one of them three quarters of the time.
    const events: PlainEvent[] = [];
    const put = (slot: number, time: number, event: number, argument = 0, reason = 0): void => {
      events.push({ time, event, reason, slot, ident: slot, argument, line: 0, ticks: 0 });
    };
    let hold = 0;
    for (let i = 0; i < 100_000; i++) {
      for (const slot of [1, 2]) {
        const start = i * 4000 + (slot === 1 ? 0 : 3000);
        put(slot, start, TraceEvent.Request);
        put(slot, start, TraceEvent.Acquire, ++hold);
        const end = start + (slot === 1 ? 3000 : 1000);
        put(slot, end, TraceEvent.Release, hold, ReleaseReason.TickCheck);
      }
    }
    const svg = drawLanes(readTrace(writeFile(events, { batch: 10_000 })), {});
    elementsOf(svg);
    expect(svg.length).toBeLessThan(100_000);
    expect(svg).toContain("600,000 records");
    expect(svg).toContain(">75.0%</text>");
    expect(svg).toContain(">25.0%</text>");
    // Flat proportions join into one bar: three quarters of a lane of 17 px, to a quarter pixel.
    const paths = [...svg.matchAll(/<path class="has" d="([^"]*)"/g)].map((match) => match[1]);
    expect(paths.length).toBe(2);
    expect(paths[0].match(/V/g)?.length).toBeLessThan(20);
    const [, base, top] = /^M[\d.]+ ([\d.]+)V([\d.]+)/.exec(paths[0])!.map(Number);
    expect(base - top).toBe(12.75);
  });

  it("escape what programs and threads are called", () => {
    const run = simulate({ cpu: 1, seconds: 0.02 });
    const threads = run.threads.map((thread, i) => ({
      ...thread,
      name: i === 0 ? "MainThread" : `<b>&"\u0000\ud800${i}`,
    }));
    const bytes = writeFile(run.events, {
      threads,
      header: { program: "/x/a<b>&.py", argv: ["\u0007"] },
    });
    const svg = drawLanes(readTrace(bytes), {});
    elementsOf(svg);
    expect(svg).toContain("&lt;b&gt;&amp;&quot;··1</text>");
    expect(svg).toContain(">a&lt;b&gt;&amp;.py: who has the GIL</text>");
    expect(svg).not.toContain("\u0000");
    expect(svg).not.toContain("\u0007");
  });

  it("are named after the file, or how the program was given", () => {
    const title = (program: string): string | undefined =>
      /<title>([^<]*)/.exec(drawLanes(readTrace(writeFile([], { header: { program } })), {}))?.[1];
    expect(title("/srv/a.b/count.py")).toBe("count.py: who has the GIL");
    expect(title("-c")).toBe("takegil run -c: who has the GIL");
  });

  it("draw empty, salvaged and lossy traces, and say so", () => {
    elementsOf(drawLanes(readTrace(writeFile([])), {}));
    const run = simulate({ cpu: 2, seconds: 0.2 });
    const { trace } = salvageTrace(run.bytes.subarray(0, run.bytes.length >> 1));
    expect(drawLanes(trace, {})).toContain("cut short");
    const lossy = readTrace(writeFile(run.events, { dropped: { 1: 3 } }));
    expect(drawLanes(lossy, {})).toContain("3 lost: not to be trusted");
  });

  it("need nothing from outside", () => {
    const svg = drawLanes(readTrace(simulate({ cpu: 2, seconds: 0.2 }).bytes), {});
    expect(svg).not.toMatch(/<script|<image|href|@import|url\(/);
    expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
  });
});
