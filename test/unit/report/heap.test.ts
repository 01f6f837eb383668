import { describe, expect, it } from "vitest";
import { drawHeap as draw, figureParts } from "../../../src/report/heapfigure.js";
import { bandLabel, bandOf, bands } from "../../../src/report/heappage.js";
import {
  formatHeapReport,
  HeapFileError,
  type HeapReport,
  parseHeapReport,
} from "../../../src/report/heapreport.js";
import { newReport, newSample, newSnapshot } from "./synthetic-heap.js";

const drawHeap = (report: HeapReport): string =>
  draw(report, { caption: null, parts: figureParts });

interface Label {
  x: number;
  y: number;
  width: number;
  text: string;
}

/** Check that text is well-formed XML of the kind we write; gives its labels' places. */
function labelsOf(svg: string): Label[] {
  const open: string[] = [];
  const rest = svg.replace(/<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/g, (...match) => {
    const [, closes, name, , empty] = match as string[];
    if (closes === "/") expect(open.pop()).toBe(name);
    else if (empty === "") open.push(name);
    return "";
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
  const texts = /<text x="([-\d.]+)" y="([-\d.]+)"( class="[^"]*")?( style="[^"]*")?>([^<]*)</g;
  const found = [...svg.matchAll(texts)];
  expect(found.length).toBe(svg.split("<text ").length - 1);
  return found.map(([, x, y, classes, own, text]) => {
    const size = Number(/font-size:([\d.]+)px/.exec(own ?? "")?.[1] ?? sizeOf(classes));
    // Narrower than any real font, so that what overlaps here overlaps everywhere.
    const width = text.replaceAll(/&\w+;/g, "x").length * size * 0.42;
    const end = classes?.includes("end") ? width : classes?.includes("mid") ? width / 2 : 0;
    return { x: Number(x) - end, y: Number(y), width, text };
  });
}

function sizeOf(classes: string | undefined): number {
  return /class="[^"]*\bh\b/.test(classes ?? "") ? 14 : 11;
}

function expectNoOverlaps(labels: Label[], height: number): void {
  const byLine = [...labels].sort((a, b) => a.y - b.y);
  for (const label of byLine) {
    expect(label.x, label.text).toBeGreaterThanOrEqual(0);
    expect(label.x + label.width, label.text).toBeLessThanOrEqual(1200);
    expect(label.y, label.text).toBeLessThanOrEqual(height);
  }
  byLine.forEach((a, i) => {
    for (const b of byLine.slice(i + 1)) {
      if (b.y - a.y > 7) break;
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x;
      expect(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(true);
    }
  });
}

function heightOf(svg: string): number {
  return Number(/ height="([\d.]+)"/.exec(svg)![1]);
}

describe("the figure of a heap", () => {
  it.each([1, 2, 17, 60, 200, 256])("is legible with %i arenas", (arenas) => {
    const svg = drawHeap(newReport([newSnapshot(arenas)], null));
    expectNoOverlaps(labelsOf(svg), heightOf(svg));
    expect(svg.length).toBeLessThan(1_500_000);
    expect(heightOf(svg)).toBeLessThan(2400);
  });

  it("draws each pool once: in use from below, then free, then never touched", () => {
    const snapshot = newSnapshot(3);
    const svg = drawHeap(newReport([snapshot], null));
    const paths = new Map(
      [...svg.matchAll(/<path class="(b\d[^"]*|empty|virgin)" d="([^"]*)"/g)].map((match) => [
        match[1],
        match[2].split("M").length - 1,
      ]),
    );
    const cells = snapshot.rows.flatMap((row) => row.cells);
    const count = (test: (cell: (typeof cells)[number]) => boolean) => cells.filter(test).length;
    expect(paths.get("virgin")).toBe(count(([sizeClass]) => sizeClass < 0));
    expect(paths.get("empty")).toBe(count(([sizeClass, used]) => sizeClass >= 0 && used === 0));
    for (let band = 0; band < bands.length; band++) {
      const inUse = count(([sizeClass, used]) => used > 0 && bandOf(sizeClass) === band);
      expect(paths.get(`b${band}`), bandLabel(band)).toBe(inUse);
    }
  });

  it("writes the order of the free list into the free blocks of the pool shown", () => {
    const snapshot = newSnapshot(1);
    const svg = drawHeap(newReport([snapshot], null));
    const numbers = [...svg.matchAll(/class="mid halo"[^>]*>(\d+)</g)].map((match) => match[1]);
    expect(numbers).toEqual(snapshot.zoom!.freeList.map((_, i) => String(i + 1)));
    const states = (state: string) => svg.split(`: ${state}</title>`).length - 1;
    expect([states("in use"), states("free"), states("never touched")]).toEqual([20, 10, 12]);
  });

  it("explains pools to the mouse while they are few", () => {
    expect(drawHeap(newReport([newSnapshot(2)], null))).toMatch(
      /pool 1:0: blocks of 32 bytes, 126/,
    );
    expect(drawHeap(newReport([newSnapshot(200)], null))).not.toContain("pool 1:0:");
  });

  it("shows names of types as text", () => {
    const svg = drawHeap(newReport([newSnapshot(1)], null));
    expect(svg).toContain("Node &amp; &lt;friends&gt;");
  });

  it("draws several snapshots, and says how many there is no room for", () => {
    const snapshots = Array.from({ length: 9 }, () => newSnapshot(2));
    const svg = drawHeap(newReport(snapshots, null));
    expect(svg.split("At line 12").length - 1).toBe(6);
    expect(svg).toContain("3 more snapshots are in the JSON");
    expectNoOverlaps(labelsOf(svg), heightOf(svg));
  });

  it("draws the heap over time, every part of it", () => {
    const samples = Array.from({ length: 500 }, (_, i) => newSample(i / 50));
    const svg = drawHeap(newReport([newSnapshot(2)], samples));
    const labels = labelsOf(svg);
    expectNoOverlaps(labels, heightOf(svg));
    const texts = labels.map(({ text }) => text);
    for (const wanted of ["live blocks", "Node", "int", "all others", "gen 2", "99 in all"]) {
      expect(texts).toContain(wanted);
    }
    expect(svg.length).toBeLessThan(400_000);
  });

  it("says why there is nothing to draw over time", () => {
    const svg = drawHeap(newReport([], [newSample(1)]));
    expect(svg).toContain("before two samples could be taken");
  });

  it("bears a heap without arenas", () => {
    const empty = { ...newSnapshot(0), zoom: null, types: [], freeLists: [] };
    const svg = drawHeap(newReport([empty], null));
    expect(svg).toContain("no arenas");
    expectNoOverlaps(labelsOf(svg), heightOf(svg));
  });

  it("draws the parts that were asked for, with a caption", () => {
    const report = newReport([newSnapshot(2)], [newSample(1), newSample(2)]);
    const svg = draw(report, { caption: "A sentence & more.", parts: ["maps"] });
    expectNoOverlaps(labelsOf(svg), heightOf(svg));
    expect(svg).toContain("A sentence &amp; more.");
    expect(svg).toContain("arena 1");
    expect(svg).not.toMatch(/block by block|Collections/);
  });

  it("puts every size class into one band, in order", () => {
    const all = Array.from({ length: 32 }, (_, i) => bandOf(i));
    expect(all).toEqual([...all].sort((a, b) => a - b));
    expect(new Set(all).size).toBe(bands.length);
    expect(bandLabel(0)).toBe("16–32");
    expect(bandLabel(7)).toBe("400–512");
  });
});

describe("the JSON of a heap", () => {
  it("comes back as it was", () => {
    const report = newReport([newSnapshot(2)], [newSample(1), newSample(2)]);
    expect(parseHeapReport(formatHeapReport(report))).toEqual(report);
  });

  it.each([
    ["no JSON", "{", /not JSON/],
    ["null", "null", /not written by takegil heap/],
    ["a list", "[1]", /not written by takegil heap/],
    ["another version", '{"format":"takegil-heap","version":2}', /version 2.*reads 1/],
    ["parts missing", '{"format":"takegil-heap","version":1}', /missing/],
  ])("is refused in one line: %s", (_, text, message) => {
    expect(() => parseHeapReport(text)).toThrow(HeapFileError);
    expect(() => parseHeapReport(text)).toThrow(message);
  });
});
