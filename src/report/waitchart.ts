import type { Trace } from "../trace/file.js";
import { drawFootnote, drawHead, factsOf, page, pageStyle, titleOf } from "./page.js";
import { type Statistics, statisticsOf } from "./statistics.js";
import { columnsPath, coordinate, SvgDocument } from "./svg.js";
import { formatCount, formatName, formatSeconds } from "./table.js";
import { heaviestThreads, newTimeline } from "./timeline.js";
import { countLogarithmic, newWaits, partUpTo, type ThreadWaits } from "./waits.js";

/**
 * How long threads waited for the GIL: a row a thread over one logarithmic axis. Bars are the
 * histogram of its waits, the line is the part of them that were at most so long, from none at the
 * row's foot to all at its top.
 */

const maxRows = 128;
/** Smaller text is left out, px. */
const leastText = 7;

const palette = {
  bars: "#f6b44c",
  curve: "#0f5190",
  p50: "#17202c",
  p99: "#a3195b",
  interval: "#c2410c",
} as const;

const style = [
  pageStyle,
  `.bars{fill:${palette.bars}}.curve{fill:none;stroke:${palette.curve};stroke-width:1.5}`,
  `.p50{fill:${palette.p50}}.p99{fill:${palette.p99}}`,
  `.max{stroke:${palette.p99};stroke-width:1.5;fill:none}`,
  `.interval{stroke:${palette.interval};stroke-width:1.2;stroke-dasharray:5 4;fill:none}`,
  `.foot{stroke:#c3ccd6;stroke-width:1}`,
].join("");

const plotX = page.margin + 150;
const figuresWidth = 290;
const plotWidth = page.width - page.margin - figuresWidth - plotX;
/** Classes of the histogram a decade. */
const classesPerDecade = 10;
/** A row lower than this has room for the bars only, px. */
const curveHeight = 18;

/** Draw the distribution of a trace's waits as a self-contained SVG document. */
export function drawWaits(trace: Trace): string {
  const timeline = newTimeline(trace);
  const statistics = statisticsOf(trace, timeline);
  const shown = heaviestThreads(timeline, maxRows);
  const waits = newWaits(timeline).filter(({ thread }) => shown.includes(thread));
  const asked = timeline.threads.some(({ dropRequests }) => dropRequests.length > 0);
  const intervalNs = asked ? trace.header.switchIntervalUs * 1000 : null;
  const hidden = timeline.threads.length - shown.length;
  return new WaitChart(trace, statistics, waits, intervalNs, hidden).draw();
}

class WaitChart {
  private readonly svg = new SvgDocument();
  /** Ends of the axis, whole decades, ns. */
  private readonly low: number;
  private readonly high: number;
  private readonly pitch: number;
  private readonly height: number;

  /** @param intervalNs the switch interval, where threads asked for the GIL after it; else null */
  constructor(
    private readonly trace: Trace,
    private readonly statistics: Statistics,
    private readonly rows: readonly ThreadWaits[],
    private readonly intervalNs: number | null,
    private readonly hidden: number,
  ) {
    const least = rows.flatMap(({ waits }) => waits.find((wait) => wait > 0) ?? []);
    const most = rows.flatMap(({ waits }) => [...waits.subarray(-1)]).filter((wait) => wait > 0);
    if (intervalNs !== null) most.push(intervalNs);
    const from = Math.floor(Math.log10(Math.min(...least, 1e9)));
    const to = Math.ceil(Math.log10(Math.max(...most, 1)));
    this.low = 10 ** Math.max(from, 1);
    this.high = 10 ** Math.max(to, Math.max(from, 1) + 1);
    this.pitch = pitchOf(rows.length);
    this.height = this.pitch > 30 ? this.pitch - 14 : this.pitch - 2;
  }

  draw(): string {
    const { svg, trace, statistics, rows } = this;
    const title = titleOf(trace, "how long threads waited for the GIL");
    this.drawLegend(drawHead(svg, title, factsOf(trace, statistics)));
    const top = 136;
    const bottom = top + rows.length * this.pitch;
    this.drawAxis(top, bottom);
    this.drawHeads(top);
    rows.forEach((row, i) => {
      this.drawRow(row, top + i * this.pitch);
    });
    this.drawInterval(top, bottom);
    const height = drawFootnote(svg, trace, statistics, this.hidden, bottom + 62);
    return svg.finish(page.width, height, title, style);
  }

  private xOf(ns: number): number {
    const part = Math.log(Math.max(ns, this.low) / this.low) / Math.log(this.high / this.low);
    return plotX + Math.min(part, 1) * plotWidth;
  }

  private drawLegend(y: number): void {
    const { svg } = this;
    let x: number = page.margin;
    const label = (text: string, icon: number): void => {
      svg.text(x + icon + 6, y, text, {});
      x += icon + 6 + text.length * 5.7 + 24;
    };
    svg.rectangle(x, y - 10, 22, 12, { class: "bars" });
    label("waits of this length", 22);
    if (this.height >= curveHeight) {
      svg.element("path", {
        class: "curve",
        d: `M${x} ${y + 1}C${x + 12} ${y} ${x + 6} ${y - 9} ${x + 22} ${y - 10}`,
      });
      label("part of the waits that were at most so long", 22);
    }
    svg.element("path", { class: "p50", d: p50Glyph(x + 5, y, 10) });
    label("p50: half were shorter", 10);
    svg.element("path", { class: "p99", d: p99Glyph(x + 5, y, 10) });
    label("p99", 10);
    svg.element("path", { class: "max", d: maxGlyph(x + 5, y, 10) });
    label("longest", 10);
    if (this.intervalNs === null) return;
    svg.element("path", { class: "interval", d: `M${x} ${y - 4}h26` });
    label("switch interval", 26);
  }

  private drawAxis(top: number, bottom: number): void {
    const { svg } = this;
    for (let ns = this.low; ns <= this.high * 1.001; ns *= 10) {
      const x = Math.round(this.xOf(ns)) + 0.5;
      svg.element("path", { class: "grid", d: `M${coordinate(x)} ${top - 2}V${bottom + 4}` });
      svg.text(x, bottom + 17, formatDecade(ns), { class: "faint mid" });
    }
    svg.text(plotX + plotWidth / 2, bottom + 34, "length of a wait, from asking to having", {
      class: "faint mid",
    });
  }

  private drawInterval(top: number, bottom: number): void {
    if (this.intervalNs === null) return;
    const x = coordinate(this.xOf(this.intervalNs));
    this.svg.element("path", { class: "interval", d: `M${x} ${top - 4}V${bottom + 2}` });
  }

  private drawHeads(top: number): void {
    for (const [i, head] of ["waits", "p50", "p99", "longest", "in all"].entries()) {
      this.svg.text(figureX(i), top - 10, head, { class: "end faint" });
    }
  }

  private drawRow(row: ThreadWaits, y: number): void {
    const { svg, height } = this;
    const foot = y + height;
    svg.element("path", { class: "foot", d: `M${plotX} ${coordinate(foot)}h${plotWidth}` });
    const size = Math.min(12, this.pitch - 2);
    if (size >= leastText) this.drawWords(row, foot - Math.max(0, (height - size) / 2) - 2, size);
    const { waits } = row;
    if (waits.length === 0) return;
    const bins = Math.round(Math.log10(this.high / this.low)) * classesPerDecade;
    const counts = countLogarithmic(waits, this.low, this.high, bins);
    const most = counts.reduce((max, count) => Math.max(max, count), 0);
    const bars = Float64Array.from(counts, (count) =>
      // Any wait at all is seen.
      count === 0 ? 0 : Math.max(1.2, (count / most) * (height - 1)),
    );
    svg.element("path", { class: "bars", d: columnsPath(plotX, foot, plotWidth / bins, bars) });
    if (height >= curveHeight) svg.element("path", { class: "curve", d: this.curve(row, foot) });
    const marks = [
      ["max", row.maxSeconds, maxGlyph],
      ["p99", row.p99Seconds, p99Glyph],
      ["p50", row.p50Seconds, p50Glyph],
    ] as const;
    for (const [name, seconds, glyph] of marks) {
      // One value makes the tail of few waits: it is marked once.
      if (name === "max" && seconds === row.p99Seconds) continue;
      const size = Math.min(height, 14);
      svg.element("path", { class: name, d: glyph(this.xOf(seconds! * 1e9), foot, size) });
    }
  }

  /** The empirical distribution, a point every two pixels. */
  private curve({ waits }: ThreadWaits, foot: number): string {
    let path = "";
    let last = -1;
    for (let x = 0; x <= plotWidth; x += 2) {
      const ns = this.low * (this.high / this.low) ** (x / plotWidth);
      const part = partUpTo(waits, ns);
      // Flat pieces are one line.
      if (part === last && x + 2 <= plotWidth) continue;
      const height = coordinate(foot - part * (this.height - 1));
      path += path === "" ? `M${plotX + x} ${height}` : `H${plotX + x}V${height}`;
      last = part;
    }
    return path;
  }

  /** The thread's name at the left, its figures at the right. */
  private drawWords(row: ThreadWaits, base: number, size: number): void {
    const { svg } = this;
    const font = `font-size:${coordinate(size)}px`;
    const dead = row.thread.outcome === "died" ? " †" : "";
    const name = formatName(row.thread.name, 22) + dead;
    svg.text(plotX - 10, base, name, { class: "end", style: font });
    const figures = [
      formatCount(row.waits.length),
      formatSeconds(row.p50Seconds),
      formatSeconds(row.p99Seconds),
      formatSeconds(row.maxSeconds),
      formatSeconds(row.totalSeconds),
    ];
    const small = `font-size:${coordinate(Math.min(11, size))}px`;
    figures.forEach((text, i) => {
      svg.text(figureX(i), base, text, { class: "end", style: small });
    });
  }
}

/** Right edge of a column of figures, px. */
function figureX(column: number): number {
  return page.width - page.margin - (4 - column) * 56;
}

function pitchOf(rows: number): number {
  if (rows > 64) return 9;
  return Math.round(Math.min(84, Math.max(15, 660 / rows)));
}

/** A power of ten of nanoseconds in words. */
function formatDecade(ns: number): string {
  for (const [unit, scale] of [
    ["s", 1e9],
    ["ms", 1e6],
    ["µs", 1e3],
  ] as const) {
    if (ns >= scale * 0.999) return `${Math.round(ns / scale)} ${unit}`;
  }
  return `${Math.round(ns)} ns`;
}

/** Glyphs stand on the row's foot. */
function p50Glyph(x: number, foot: number, height: number): string {
  return `M${coordinate(x - 1)} ${coordinate(foot)}v-${coordinate(height)}h2v${coordinate(height)}z`;
}

function p99Glyph(x: number, foot: number, height: number): string {
  const half = coordinate(Math.min(4.5, height / 2));
  const rise = coordinate(Math.min(9, height));
  return `M${coordinate(x)} ${coordinate(foot - Number(rise))}l${half} ${rise}h-${coordinate(2 * Number(half))}z`;
}

function maxGlyph(x: number, foot: number, height: number): string {
  const arm = coordinate(Math.min(3, height / 2));
  const full = coordinate(2 * Number(arm));
  const middle = coordinate(foot - Math.min(4, height / 2) - Number(arm));
  return (
    `M${coordinate(x - Number(arm))} ${middle}l${full} ${full}` + `m-${full} 0l${full} -${full}`
  );
}
