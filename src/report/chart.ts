import { tickStep } from "./axis.js";
import { drawHead, ink, page, pageStyle } from "./page.js";
import { coordinate, SvgDocument } from "./svg.js";
import { formatBytes, formatCount, formatSeconds } from "./table.js";

/**
 * What charts of measured values have in common: a page with title and facts, two axes with units,
 * a legend, a footnote. Colours are told apart by every kind of colour vision (Okabe, Ito 2008),
 * and each line has a marker of its own besides.
 */

/** What values along an axis are. */
export type Unit = "seconds" | "bytes" | "per second" | "ratio" | "";

/** An axis as it is asked for. */
export interface AxisSpec {
  readonly label: string;
  readonly unit: Unit;
  readonly log: boolean;
}

/** The text around a chart. */
export interface ChartText {
  readonly title: string;
  /** One line of what was measured and how. */
  readonly facts: readonly string[];
  readonly footnote: string;
}

/** Colours of lines and bars in their order: Okabe and Ito's, darker first. */
export const seriesColours = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#8a6d00",
  "#56b4e9",
  "#e69f00",
  "#4d4d4d",
] as const;

/** The colour of a series. */
export function colourOf(index: number): string {
  return seriesColours[index % seriesColours.length];
}

/** The part of the page that holds values, px. */
export const plot = { x: page.margin + 76, width: page.width - 2 * page.margin - 96, height: 420 };

const style = `${pageStyle}.axis{stroke:${ink.faint};stroke-width:1}.label{font-size:13px}`;

/** Text of a value on an axis. */
export function formatTick(value: number, unit: Unit): string {
  if (unit === "seconds") return value === 0 ? "0" : formatSeconds(value);
  if (unit === "bytes") return formatBytes(value);
  if (Math.abs(value) >= 1000) return formatCount(Math.round(value));
  return String(Number(value.toPrecision(6)));
}

/** The unit that a column's name ends with. */
export function unitOf(column: string): Unit {
  if (column.endsWith("_per_second")) return "per second";
  if (column.endsWith("_seconds") || column.endsWith("_interval")) return "seconds";
  if (column.endsWith("_bytes")) return "bytes";
  return /_(ratio|share)$/.test(column) ? "ratio" : "";
}

/** A column's name as the label of an axis. */
export function labelOf(column: string): string {
  const unit = unitOf(column);
  const words = column.replace(/_(seconds|bytes|per_second)$/, "").replaceAll("_", " ");
  return unit === "" || unit === "ratio" || unit === "seconds" ? words : `${words}, ${unit}`;
}

/** A scale from values to px. */
export interface Scale {
  readonly spec: AxisSpec;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** 0 to 1 along the axis. */
  part(value: number): number;
}

/** Where a logarithmic axis is labelled: powers of ten, between them 2 and 5 where room is. */
function logTicks(from: number, to: number): number[] {
  const decades = Math.log10(to / from);
  const factors = decades > 3.5 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(3));
      if (value >= from * 0.999 && value <= to * 1.001) ticks.push(value);
    }
  }
  return ticks;
}

/** A scale that holds all values, from 0 unless it is logarithmic. */
export function newScale(spec: AxisSpec, values: readonly number[]): Scale {
  const usable = values.filter((value) => Number.isFinite(value) && (!spec.log || value > 0));
  const least = Math.min(...usable);
  const most = Math.max(...usable);
  if (spec.log && usable.length > 0) {
    const [from, to] = [least / 1.15, most * 1.15];
    const span = Math.log(to / from);
    const part = (value: number): number => Math.log(value / from) / span;
    return { spec, from, to, ticks: logTicks(from, to), part };
  }
  const from = Math.min(0, least);
  const to = usable.length === 0 || most <= from ? from + 1 : from + (most - from) * 1.06;
  // tickStep counts in whole units: a power of ten makes enough of them of small values.
  const grain = 10 ** Math.max(0, 6 - Math.floor(Math.log10(to - from)));
  const step = tickStep((to - from) * grain, 7);
  const ticks: number[] = [];
  const last = Math.floor((to * grain) / step + 1e-9);
  for (let i = Math.ceil((from * grain) / step); i <= last; i++) ticks.push((i * step) / grain);
  return { spec, from, to, ticks, part: (value) => (value - from) / (to - from) };
}

/** A chart under construction: a page on which series are drawn. */
export class Chart {
  readonly svg = new SvgDocument();
  readonly #top: number;
  readonly #text: ChartText;

  constructor(text: ChartText) {
    this.#text = text;
    this.#top = drawHead(this.svg, text.title, text.facts) + 26;
  }

  /** Top of the plot, px. */
  get top(): number {
    return this.#top;
  }

  get bottom(): number {
    return this.#top + plot.height;
  }

  xOf(scale: Scale, value: number): number {
    return plot.x + Math.min(1, Math.max(0, scale.part(value))) * plot.width;
  }

  yOf(scale: Scale, value: number): number {
    return this.bottom - Math.min(1, Math.max(0, scale.part(value))) * plot.height;
  }

  /** Grid lines and numbers at the left, and what they mean above. */
  drawYAxis(scale: Scale): void {
    for (const tick of scale.ticks) {
      const y = this.yOf(scale, tick);
      this.#line("grid", plot.x, y, plot.x + plot.width, y);
      this.svg.text(plot.x - 8, y + 4, formatTick(tick, scale.spec.unit), { class: "end" });
    }
    this.#line("axis", plot.x, this.top, plot.x, this.bottom);
    const label = scale.spec.log ? `${scale.spec.label} (logarithmic)` : scale.spec.label;
    this.svg.text(page.margin, this.top - 14, label, { class: "label" });
  }

  /** Grid lines and numbers below, and what they mean. */
  drawXAxis(scale: Scale, named?: ReadonlyMap<number, string>): void {
    const ticks = named === undefined ? scale.ticks : [...named.keys()];
    let free = Number.NEGATIVE_INFINITY;
    for (const tick of ticks) {
      const x = this.xOf(scale, tick);
      this.#line("grid", x, this.top, x, this.bottom);
      const text = named?.get(tick) ?? formatTick(tick, scale.spec.unit);
      const half = text.length * 3.2 + 4;
      if (x - half < free) continue;
      free = x + half;
      this.svg.text(x, this.bottom + 18, text, { class: "mid" });
    }
    this.#xLine(scale.spec.log ? `${scale.spec.label} (logarithmic)` : scale.spec.label);
  }

  /** Names of groups below, and what they are. */
  drawGroups(names: readonly string[], label: string): void {
    const width = plot.width / names.length;
    names.forEach((name, i) => {
      this.svg.text(plot.x + (i + 0.5) * width, this.bottom + 18, name, { class: "mid" });
    });
    this.#xLine(label);
  }

  #xLine(label: string): void {
    this.#line("axis", plot.x, this.bottom, plot.x + plot.width, this.bottom);
    const middle = plot.x + plot.width / 2;
    this.svg.text(middle, this.bottom + 42, label, { class: "mid label" });
  }

  #line(kind: string, x1: number, y1: number, x2: number, y2: number): void {
    const d = `M${coordinate(x1)} ${coordinate(y1)}L${coordinate(x2)} ${coordinate(y2)}`;
    this.svg.element("path", { class: kind, d });
  }

  /** A dashed line that marks a value, with its name at the right end. */
  drawMark(scale: Scale, value: number, name: string): void {
    if (value < scale.from || value > scale.to) return;
    const y = this.yOf(scale, value);
    const more = { stroke: ink.strong, "stroke-width": 1.2, "stroke-dasharray": "2 4" };
    this.svg.element("path", { d: `M${plot.x} ${coordinate(y)}h${plot.width}`, ...more });
    this.svg.text(plot.x + plot.width - 4, y - 6, name, { class: "end faint" });
  }

  /** A vertical line from low to high with its ends, as far as it is seen. */
  drawWhisker(scale: Scale, x: number, low: number, high: number, colour: string): void {
    const [y1, y2] = [this.yOf(scale, high), this.yOf(scale, low)];
    const d = `M${coordinate(x - 4)} ${coordinate(y1)}h8m-4 0V${coordinate(y2)}m-4 0h8`;
    this.svg.element("path", { d, stroke: colour, "stroke-width": 1.4, fill: "none" });
  }

  /** A small shape at a point; each series has one of its own. */
  drawMarker(index: number, x: number, y: number, tip: string): void {
    this.svg.open({ fill: colourOf(index), stroke: "#fff", "stroke-width": 1 });
    const d = markerPaths[index % markerPaths.length](x, y);
    this.svg.element("path", { d }, tip === "" ? "" : `<title>${escapeTip(tip)}</title>`);
    this.svg.close();
  }

  /** Names of the series, in a row above the plot; bars have squares, lines their markers. */
  drawLegend(names: readonly string[], shape: "marker" | "square"): void {
    const widths = names.map((name) => 26 + name.length * 6.6 + 14);
    let x = plot.x + plot.width - widths.reduce((sum, width) => sum + width, 0);
    names.forEach((name, i) => {
      const y = this.top - 18;
      if (shape === "marker") this.drawMarker(i, x + 10, y, "");
      else this.svg.rectangle(x + 4, y - 6, 12, 12, { fill: colourOf(i) });
      this.svg.text(x + 22, y + 4, name, { style: "font-size:12px" });
      x += widths[i];
    });
  }

  /** The finished document. */
  finish(): string {
    const y = this.bottom + 72;
    const faint = { class: "faint", style: "font-size:10.5px" };
    this.svg.text(page.margin, y, this.#text.footnote, faint);
    return this.svg.finish(page.width, y + 22, this.#text.title, style);
  }
}

function escapeTip(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

type MarkerPath = (x: number, y: number) => string;
const at = (x: number, y: number): string => `${coordinate(x)} ${coordinate(y)}`;

/** Circle, square, triangle, diamond, cross, triangle down. */
const markerPaths: readonly MarkerPath[] = [
  (x, y) => `M${at(x - 5, y)}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z`,
  (x, y) => `M${at(x - 4.5, y - 4.5)}h9v9h-9Z`,
  (x, y) => `M${at(x, y - 6)}l5.5 10h-11Z`,
  (x, y) => `M${at(x, y - 6)}l6 6l-6 6l-6 -6Z`,
  (x, y) => `M${at(x - 5.5, y - 2)}h3.5v-3.5h4v3.5h3.5v4h-3.5v3.5h-4v-3.5h-3.5Z`,
  (x, y) => `M${at(x, y + 6)}l5.5 -10h-11Z`,
];
