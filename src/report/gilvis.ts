import type { Trace } from "../trace/file.js";
import { drawFootnote, drawHead, factsOf, ink, page, pageStyle, titleOf } from "./page.js";
import { newProgress, type Progress } from "./progress.js";
import { type Statistics, statisticsOf } from "./statistics.js";
import { columnsPath, coordinate, SvgDocument } from "./svg.js";
import { formatCount, formatName } from "./table.js";
import {
  type Band,
  type Bands,
  chooseLevels,
  countBetween,
  indexFrom,
  type Level,
  newBands,
} from "./tiles.js";
import { heaviestThreads, newTimeline } from "./timeline.js";

/**
 * The picture of D. Beazley's "A Zoomable Interactive Python Thread Visualization" (2010): a band a
 * thread, MainThread on top, over what the interpreter has executed so far. A bright line where a
 * thread acquires the GIL, a darker area while it executes; a yellow line where it first fails to
 * get it, red ones where it is woken and fails again. The number under a tile is that of its failed
 * acquisitions divided by its checks. His zoom is a stack of levels here.
 */
export interface GilvisOptions {
  /** His colours, or some that every kind of colour vision can tell apart. */
  readonly palette: PaletteName;
  /** What lies along the axis: what was executed, as in his pictures, or the time of day. */
  readonly axis: "ticks" | "wall";
}

interface Palette {
  readonly acquired: string;
  readonly running: string;
  readonly busy: string;
  readonly retry: string;
  readonly failed: string;
}

const palettes = {
  beazley: {
    acquired: "#00f000",
    running: "#008c00",
    busy: "#ffe100",
    retry: "#ff0000",
    failed: "#d40000",
  },
  // Differs in lightness too: light blue, blue, yellow, dark red.
  safe: {
    acquired: "#7cc8f5",
    running: "#0a63a8",
    busy: "#f0d800",
    retry: "#b3261e",
    failed: "#b3261e",
  },
} as const satisfies Record<string, Palette>;

export type PaletteName = keyof typeof palettes;

function styleOf(palette: Palette): string {
  return [
    pageStyle,
    `.acquired{stroke:${palette.acquired};stroke-width:2;fill:none}`,
    `.running{fill:${palette.running}}`,
    `.busy{stroke:${palette.busy};stroke-width:1.6;fill:none}.busyarea{fill:${palette.busy}}`,
    `.retry{stroke:${palette.retry};stroke-width:1.6;fill:none}.retryarea{fill:${palette.retry}}`,
    `.failed{fill:${palette.failed};font-weight:600;font-size:12px}`,
    ".tile{fill:none;stroke:#8793a1;stroke-width:.8}.between{stroke:#d4dae1;stroke-width:.6}",
  ].join("");
}

/** Most bands; beyond it the threads that competed least are left out, and counted. */
const maxBands = 128;
/** Smaller text is left out, px. */
const leastText = 7;
/** A level with more events than this is drawn by proportions, column by column. */
const maxExactEvents = 500;

const plotX = page.margin + 132;
const plotWidth = page.width - page.margin - plotX;
/** Between tiles, px. */
const gap = 5;

/** Draw a trace as a self-contained SVG document. */
export function drawGilvis(trace: Trace, options: GilvisOptions): string {
  const timeline = newTimeline(trace);
  const statistics = statisticsOf(trace, timeline);
  const threads = heaviestThreads(timeline, maxBands);
  const progress = newProgress(trace, timeline, options.axis);
  const bands = newBands(trace, progress, threads);
  const hidden = timeline.threads.length - threads.length;
  return new GilvisChart(trace, statistics, progress, bands, hidden).draw(options.palette);
}

/** A level with its place on the page. */
interface Strip extends Level {
  /** Top of the first band. */
  readonly y: number;
  /** From one band's top to the next. */
  readonly pitch: number;
  readonly tileWidth: number;
  readonly bands: readonly Band[];
}

class GilvisChart {
  private readonly svg = new SvgDocument();

  constructor(
    private readonly trace: Trace,
    private readonly statistics: Statistics,
    private readonly progress: Progress,
    private readonly bands: Bands,
    private readonly hidden: number,
  ) {}

  draw(palette: PaletteName): string {
    const { svg, trace, statistics, bands } = this;
    const title = titleOf(trace, "the battle for the GIL");
    this.drawLegend(drawHead(svg, title, factsOf(trace, statistics)));
    let y = 150;
    const strips = chooseLevels(bands, this.progress.end).map((level): Strip => {
      const shown = bandsIn(bands.bands, level);
      const pitch = pitchOf(shown.length);
      const strip = { ...level, y, pitch, tileWidth: plotWidth / level.count, bands: shown };
      y += shown.length * pitch + 108;
      return strip;
    });
    strips.forEach((strip, i) => {
      if (i > 0) this.drawConnector(strips[i - 1], strip);
    });
    strips.forEach((strip, i) => {
      this.drawStrip(strip, i === 0 ? "whole run" : zoomName(strips[0], strip));
      if (i + 1 < strips.length) this.drawBracket(strip, strips[i + 1]);
    });
    const height = drawFootnote(svg, trace, statistics, this.hidden, y - 30);
    return svg.finish(page.width, height, title, styleOf(palettes[palette]));
  }

  private drawLegend(y: number): void {
    const { svg } = this;
    let x: number = page.margin;
    const label = (text: string, icon: number): void => {
      svg.text(x + icon + 6, y, text, {});
      x += icon + 6 + text.length * 5.7 + 22;
    };
    svg.rectangle(x, y - 10, 26, 12, { class: "running" });
    svg.element("path", { class: "acquired", d: `M${x + 1} ${y - 10}v12` });
    label("Acquired and running", 26);
    svg.element("path", { class: "busy", d: `M${x + 3} ${y - 10}v12` });
    label("Busy: came, and the GIL was taken", 6);
    svg.element("path", { class: "retry", d: `M${x + 3} ${y - 10}v12` });
    label("Retry: woken, and it was taken again", 6);
    svg.text(x, y, "0.25", { class: "failed" });
    const { tickChecks } = this.bands;
    label(`failed acquisitions / ${tickChecks ? "checks" : "forced drops"}`, 28);
    const axis = {
      ticks: "along the top: instructions executed so far",
      held: "along the top: time somebody had the GIL so far",
      wall: "along the top: time since the start",
    }[this.progress.unit];
    svg.text(page.margin, y + 20, axis, { class: "faint" });
  }

  private xOf(strip: Strip, position: number): number {
    const at = (position - strip.from) / strip.size;
    const tile = Math.min(Math.max(Math.floor(at), 0), strip.count - 1);
    const inside = Math.min(Math.max(at - tile, 0), 1);
    return plotX + tile * strip.tileWidth + inside * (strip.tileWidth - gap);
  }

  private bottomOf(strip: Strip): number {
    return strip.y + strip.bands.length * strip.pitch;
  }

  private drawStrip(strip: Strip, name: string): void {
    const { svg } = this;
    const { failed, acquired } = this.bands;
    const size = this.formatStep(strip.size);
    svg.text(page.margin, strip.y - 8, name, { "font-weight": 600 });
    svg.text(page.margin, strip.y - 21, `a tile: ${size}`, {
      class: "faint",
      style: "font-size:10px",
    });
    const end = strip.from + strip.size * strip.count;
    const events = countBetween(failed, strip.from, end) + countBetween(acquired, strip.from, end);
    strip.bands.forEach((band, i) => {
      const y = strip.y + i * strip.pitch;
      this.drawName(band, y, strip.pitch);
      if (events <= maxExactEvents) this.drawExact(band, strip, y);
      else this.drawColumns(band, strip, y);
    });
    for (let tile = 0; tile < strip.count; tile++) this.drawTile(strip, tile);
  }

  private drawName(band: Band, y: number, pitch: number): void {
    const size = Math.min(12, pitch - 2);
    if (size < leastText) return;
    const name = formatName(band.thread.name, 20) + (band.thread.outcome === "died" ? " †" : "");
    const style = `font-size:${coordinate(size)}px`;
    this.svg.text(plotX - 10, y + pitch / 2 + size * 0.36, name, { class: "end", style });
  }

  /** A tile's frame, the progress at its start, and what failed in it. */
  private drawTile(strip: Strip, tile: number): void {
    const { svg } = this;
    const { pitch } = strip;
    const x = plotX + tile * strip.tileWidth;
    const width = strip.tileWidth - gap;
    const bottom = this.bottomOf(strip);
    for (let y = strip.y + pitch; pitch > 5 && y < bottom - 1; y += pitch) {
      svg.element("path", {
        class: "between",
        d: `M${coordinate(x)} ${coordinate(y)}h${coordinate(width)}`,
      });
    }
    svg.rectangle(x, strip.y, width, bottom - strip.y, { class: "tile" });
    const from = strip.from + tile * strip.size;
    // What happens at the very end of a run belongs to its last tile.
    const to = from + strip.size >= this.progress.end ? Infinity : from + strip.size;
    svg.text(x, strip.y - 8, this.formatPosition(from, strip.size), {
      style: "font-size:10.5px",
    });
    if (from > this.progress.end) return;
    const failed = countBetween(this.bands.failed, from, to);
    const checks = countBetween(this.bands.checks, from, to);
    const middle = x + width / 2;
    svg.text(middle, bottom + 16, ratioText(failed, checks), { class: "failed mid" });
    svg.text(middle, bottom + 29, `${formatCount(failed)} / ${formatCount(checks)}`, {
      class: "faint mid",
      style: "font-size:9.5px",
    });
  }

  /** Every hold and every failure by itself. */
  private drawExact(band: Band, strip: Strip, y: number): void {
    const { svg } = this;
    const end = strip.from + strip.size * strip.count;
    const name = formatName(band.thread.name, 40);
    const height = strip.pitch - 1;
    let acquired = "";
    for (let i = indexFrom(band.to, strip.from); i < band.from.length; i++) {
      if (band.from[i] >= end) break;
      this.drawHold(
        band.from[i],
        band.to[i],
        strip,
        y,
        `${name} executed ${this.lengthOf(band, i)}`,
      );
      if (band.from[i] < strip.from) continue;
      acquired += `M${coordinate(this.xOf(strip, band.from[i]) + 0.8)} ${coordinate(y)}v${height}`;
    }
    const lines = (positions: Float64Array): string => {
      let path = "";
      for (let i = indexFrom(positions, strip.from); positions[i] < end; i++) {
        path += `M${coordinate(this.xOf(strip, positions[i]))} ${coordinate(y)}v${height}`;
      }
      return path;
    };
    if (acquired !== "") svg.element("path", { class: "acquired", d: acquired });
    const busy = lines(band.busy);
    const retries = lines(band.retries);
    if (busy !== "") svg.element("path", { class: "busy", d: busy });
    if (retries !== "") svg.element("path", { class: "retry", d: retries });
  }

  /** A hold's area, tile by tile. */
  private drawHold(from: number, to: number, strip: Strip, y: number, tip: string): void {
    const first = Math.max(0, Math.floor((from - strip.from) / strip.size));
    const last = Math.min(strip.count - 1, Math.ceil((to - strip.from) / strip.size) - 1);
    for (let tile = first; tile <= Math.max(first, last); tile++) {
      const start = strip.from + tile * strip.size;
      const width = strip.tileWidth - gap;
      const left = Math.max((from - start) / strip.size, 0) * width;
      const right = Math.min((to - start) / strip.size, 1) * width;
      const x = plotX + tile * strip.tileWidth + left;
      this.svg.rectangle(
        x,
        y,
        Math.max(right - left, 0.5),
        strip.pitch - 1,
        { class: "running" },
        tip,
      );
    }
  }

  private lengthOf(band: Band, i: number): string {
    const amount = Math.round(band.to[i] - band.from[i]);
    return this.progress.unit === "ticks" ? `${formatCount(amount)} ticks` : formatTime(amount, 1);
  }

  /**
   * Columns of pixels: the area is the part of the column during which the thread executed; above
   * it the column is red when the thread failed again, yellow when it failed for the first time.
   */
  private drawColumns(band: Band, strip: Strip, y: number): void {
    const { svg } = this;
    const perTile = Math.floor(strip.tileWidth - gap);
    const count = strip.count * perTile;
    const height = strip.pitch - 1;
    const running = executedIn(band, strip, count);
    const retry = occupied(band.retries, strip, count);
    const busy = occupied(band.busy, strip, count);
    for (let i = 0; i < count; i++) {
      const most = retry[i] + busy[i] > 0 ? 0.8 : 1;
      // Quarter pixels: equal neighbours join, and the path stays short.
      running[i] = Math.round(Math.min(running[i], most) * height * 4) / 4;
      retry[i] *= height;
      busy[i] = retry[i] > 0 ? 0 : busy[i] * height;
    }
    const base = y + height;
    const width = (strip.tileWidth - gap) / perTile;
    const areas = [
      ["busyarea", busy],
      ["retryarea", retry],
      ["running", running],
    ] as const;
    for (const [name, heights] of areas) {
      let path = "";
      for (let tile = 0; tile < strip.count; tile++) {
        const part = heights.subarray(tile * perTile, (tile + 1) * perTile);
        path += columnsPath(plotX + tile * strip.tileWidth, base, width, part);
      }
      if (path !== "") svg.element("path", { class: name, d: path });
    }
  }

  /** A light shape from the part that is enlarged to the enlargement. */
  private drawConnector(parent: Strip, strip: Strip): void {
    const end = strip.from + strip.size * strip.count;
    const x0 = this.xOf(parent, strip.from);
    const x1 = Math.max(this.xOf(parent, end - strip.size / 1e6), x0 + 2);
    const top = this.bottomOf(parent) + 36;
    const bottom = strip.y - 34;
    const d =
      `M${coordinate(x0)} ${coordinate(parent.y)}V${top}L${plotX} ${bottom}` +
      `H${plotX + plotWidth - gap}L${coordinate(x1)} ${top}V${coordinate(parent.y)}Z`;
    this.svg.element("path", { d, fill: ink.zoom });
  }

  private drawBracket(parent: Strip, strip: Strip): void {
    const x0 = this.xOf(parent, strip.from);
    const end = strip.from + strip.size * strip.count;
    const width = Math.max(this.xOf(parent, end - strip.size / 1e6) - x0, 2);
    const attributes = { fill: "none", stroke: ink.strong, "stroke-width": 1.4, rx: 2 };
    const height = this.bottomOf(parent) - parent.y + 6;
    this.svg.rectangle(x0 - 1, parent.y - 3, width + 2, height, attributes);
  }

  private formatPosition(value: number, step: number): string {
    if (this.progress.unit === "ticks") return formatCount(Math.round(value));
    return value === 0 ? "0" : formatTime(value, step);
  }

  private formatStep(size: number): string {
    return this.progress.unit === "ticks" ? `${formatCount(size)} ticks` : formatTime(size, size);
  }
}

/** The part of each column during which the thread executed. */
function executedIn(band: Band, strip: Strip, count: number): Float64Array {
  const parts = new Float64Array(count);
  const scale = count / (strip.size * strip.count);
  for (let i = indexFrom(band.to, strip.from); i < band.from.length; i++) {
    const start = Math.max((band.from[i] - strip.from) * scale, 0);
    const end = Math.min((band.to[i] - strip.from) * scale, count);
    if (start >= count) break;
    for (let column = Math.floor(start); column < end && column < count; column++) {
      parts[column] += Math.min(end, column + 1) - Math.max(start, column);
    }
  }
  return parts;
}

/** 1 in every column that has a position in it. */
function occupied(positions: Float64Array, strip: Strip, count: number): Float64Array {
  const columns = new Float64Array(count);
  const scale = count / (strip.size * strip.count);
  for (let i = indexFrom(positions, strip.from); i < positions.length; i++) {
    const column = Math.floor((positions[i] - strip.from) * scale);
    if (column >= count) break;
    columns[column] = 1;
  }
  return columns;
}

/** Of many threads, only those of which something happened in the level. */
function bandsIn(bands: readonly Band[], level: Level): readonly Band[] {
  if (bands.length <= 8) return bands;
  const { from } = level;
  const to = from + level.size * level.count;
  return bands.filter(
    (band) =>
      countBetween(band.busy, from, to) + countBetween(band.retries, from, to) > 0 ||
      band.from[indexFrom(band.to, from)] < to,
  );
}

function zoomName(whole: Strip, strip: Strip): string {
  return `zoom × ${formatCount(Math.round((whole.size * whole.count) / (strip.size * strip.count)))}`;
}

/** Failed acquisitions a check, in at most three digits; "–" when there was no check. */
function ratioText(failed: number, checks: number): string {
  if (checks === 0) return "–";
  const ratio = failed / checks;
  if (ratio >= 10) return ratio.toFixed(0);
  if (ratio === 0) return "0";
  return ratio < 0.0095 ? ratio.toPrecision(1) : ratio.toFixed(ratio < 0.095 ? 3 : 2);
}

/** A time in ns with as many decimals as its step needs. */
function formatTime(ns: number, step: number): string {
  const [unit, scale] =
    ns >= 1e9 ? ["s", 1e9] : ns >= 1e6 ? ["ms", 1e6] : ns >= 1e3 ? ["µs", 1e3] : ["ns", 1];
  const decimals = Math.max(0, Math.min(6, Math.ceil(Math.log10((scale as number) / step) - 1e-9)));
  return `${(ns / (scale as number)).toFixed(decimals)} ${unit}`;
}

function pitchOf(bands: number): number {
  if (bands <= 4) return 36;
  if (bands <= 8) return 24;
  if (bands <= 18) return 14;
  if (bands <= 36) return 9;
  return bands <= 70 ? 5 : 3;
}
