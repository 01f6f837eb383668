import type { Trace } from "../trace/file.js";
import { ReleaseReason, reasonTerms } from "../trace/record.js";
import { newTicks } from "./axis.js";
import type { Collection } from "./collections.js";
import { newCollections } from "./collections.js";
import { drawFootnote, drawHead, factsOf, ink, page, pageStyle, titleOf } from "./page.js";
import type { Statistics } from "./statistics.js";
import { statisticsOf } from "./statistics.js";
import { columnsPath, coordinate, SvgDocument } from "./svg.js";
import { formatCount, formatName, formatRatio, formatSeconds } from "./table.js";
import type { ThreadTimeline, Timeline } from "./timeline.js";
import { columnsOf, GilState, heaviestThreads, newTimeline } from "./timeline.js";

/**
 * The contention graph: a lane a thread, MainThread on top, time from left to right. A strip with
 * the whole run comes first, below it a window short enough to see single holds. Where many states
 * fall into one column of pixels the column shows their proportions.
 */
export interface LanesOptions {
  /** The window to show in detail, in seconds since the first event; chosen when left out. */
  readonly window?: { readonly fromSeconds: number; readonly toSeconds: number };
}

/** Blue and orange differ for every kind of colour vision, and in lightness too. */
const palette = {
  has: "#1261a8",
  hasText: "#0f5190",
  waiting: "#f6b44c",
  waitingText: "#a86200",
  off: "#dfe4ea",
  offText: "#66707f",
  request: "#c2410c",
  retry: "#a3195b",
  collecting: "#0b0f16",
} as const;

const style = [
  pageStyle,
  `.has{fill:${palette.has}}.waiting{fill:${palette.waiting}}.off{fill:${palette.off}}`,
  `.hand{stroke:${ink.strong};stroke-width:1;stroke-opacity:.55;fill:none}`,
  `.collecting{fill:${palette.collecting};fill-opacity:.82}`,
  `.request{fill:${palette.request}}.retry{stroke:${palette.retry};stroke-width:1.6;fill:none}`,
].join("");

/** Widths of the names at the left and the figures at the right, px. */
const columnWidths = { names: 150, figures: 182 } as const;
const plotX = page.margin + columnWidths.names;
const plotWidth = page.width - 2 * page.margin - columnWidths.names - columnWidths.figures;

/** Most lanes drawn; beyond it the threads that competed least are left out, and counted. */
const maxLanes = 256;

/** Smaller text is left out, px. */
const leastText = 7;

/** More hand-overs than this in a window would hide what they connect. */
const maxHandOvers = 400;

/** A thread with less than this part of the run in having or wanting the GIL sets no window. */
const competingPart = 0.05;

/** More segments than this in a window are drawn as proportions, not one by one. */
const maxExactSegments = 6000;

/** A strip of lanes over one span of time. */
interface Panel {
  /** Details carry tooltips, hand-overs and glyphs; the overview does not. */
  readonly kind: "overview" | "detail";
  readonly from: number;
  readonly to: number;
  /** Top of the first lane. */
  readonly y: number;
  readonly pitch: number;
  readonly height: number;
  readonly lanes: readonly ThreadTimeline[];
}

function xOf(panel: Panel, time: number): number {
  return plotX + ((time - panel.from) / (panel.to - panel.from)) * plotWidth;
}

function panelEnd(panel: Panel): number {
  return panel.y + panel.lanes.length * panel.pitch;
}

/** Draw a trace's contention graph as a self-contained SVG document. */
export function drawLanes(trace: Trace, options: LanesOptions): string {
  const timeline = newTimeline(trace);
  const statistics = statisticsOf(trace, timeline);
  return new LanesChart(trace, timeline, statistics).draw(options);
}

class LanesChart {
  private readonly svg = new SvgDocument();
  private readonly lanes: readonly ThreadTimeline[];
  private readonly collections: readonly Collection[];

  constructor(
    private readonly trace: Trace,
    private readonly timeline: Timeline,
    private readonly statistics: Statistics,
  ) {
    this.lanes = heaviestThreads(timeline, maxLanes);
    this.collections = newCollections(trace.history);
  }

  draw(options: LanesOptions): string {
    const { svg, timeline, lanes } = this;
    const whole = { from: timeline.start, to: Math.max(timeline.end, timeline.start + 1000) };
    const window = this.windowOf(options, whole);
    const zoomed = window.to - window.from < 0.8 * (whole.to - whole.from);
    const title = titleOf(this.trace, "who has the GIL");
    this.drawLegend(drawHead(svg, title, factsOf(this.trace, this.statistics)));
    let y = 104;
    if (zoomed) {
      const overview = {
        kind: "overview" as const,
        ...whole,
        y: y + 22,
        ...overviewPitch(lanes.length),
        lanes,
      };
      const detail = this.newDetail(window, panelEnd(overview) + 96);
      this.drawConnector(overview, detail);
      this.drawPanel(overview, "whole run");
      this.drawBracket(overview, window);
      this.drawPanel(detail, this.windowTitle(window));
      y = panelEnd(detail);
    } else {
      const only = this.newDetail(whole, y + 22);
      this.drawPanel(only, "whole run");
      y = panelEnd(only);
    }
    const hidden = timeline.threads.length - lanes.length;
    const height = drawFootnote(svg, this.trace, this.statistics, hidden, y + 52);
    return svg.finish(page.width, height, title, style);
  }

  /** Among many threads only those that lived in the window get a lane. */
  private newDetail(span: { from: number; to: number }, y: number): Panel {
    const alive = this.lanes.filter(({ start, end }) => end > span.from && start < span.to);
    const lanes = this.lanes.length > 8 && alive.length > 0 ? alive : this.lanes;
    return { kind: "detail", ...span, y, ...pitchOf(lanes.length), lanes };
  }

  private windowTitle(window: { from: number; to: number }): string {
    const from = (window.from - this.timeline.start) / 1e9;
    return `${formatSeconds((window.to - window.from) / 1e9)} from ${formatExactly(from)}`;
  }

  private windowOf(
    options: LanesOptions,
    whole: { from: number; to: number },
  ): { from: number; to: number } {
    if (options.window === undefined) return chooseWindow(this.timeline, this.statistics, whole);
    const { fromSeconds, toSeconds } = options.window;
    const from = Math.max(whole.from + fromSeconds * 1e9, whole.from);
    const to = Math.min(whole.from + toSeconds * 1e9, whole.to);
    if (!(to > from)) {
      throw new RangeError(`no events between ${fromSeconds} s and ${toSeconds} s`);
    }
    return { from, to };
  }

  private drawLegend(y: number): void {
    const { svg } = this;
    let x: number = page.margin;
    const label = (text: string, icon: number): void => {
      svg.text(x + icon + 6, y, text, {});
      x += icon + 6 + text.length * 5.7 + 24;
    };
    svg.rectangle(x, y - 10, 22, 12, { class: "has" });
    label("has GIL", 22);
    svg.rectangle(x, y - 7.3, 22, 6.6, { class: "waiting" });
    label("waiting for GIL", 22);
    svg.rectangle(x, y - 5, 22, 2, { class: "off" });
    label("off GIL (sleep, I/O, other locks)", 22);
    svg.element("path", { class: "request", d: requestGlyph(x + 5, y - 1) });
    label("drop request", 10);
    svg.element("path", { class: "retry", d: retryGlyph(x + 5, y - 4) });
    label("failed wake-up", 10);
    svg.element("path", { class: "hand", d: `M${x + 4} ${y - 11}V${y + 2}` });
    label("hand-over", 8);
    if (this.collections.length === 0) return;
    svg.rectangle(x, y - 10, 22, 12, { class: "has" });
    svg.rectangle(x, y - 2, 22, 4, { class: "collecting" });
    label("GC Collecting", 22);
  }

  private drawPanel(panel: Panel, name: string): void {
    const { svg } = this;
    svg.text(plotX, panel.y - 8, name, { "font-weight": 600 });
    this.drawAxis(panel);
    this.drawFigures(panel);
    if (panel.pitch - 2 < leastText) {
      const middle = (panel.y + panelEnd(panel)) / 2 + 4;
      svg.text(plotX - 10, middle, `${panel.lanes.length} threads`, { class: "end faint" });
    }
    const exact = segmentsIn(panel) <= maxExactSegments;
    panel.lanes.forEach((thread, i) => {
      const y = panel.y + i * panel.pitch;
      this.drawName(thread, panel, y);
      if (exact) this.drawExact(thread, panel, y);
      else this.drawColumns(thread, panel, y);
      this.drawCollections(thread, panel, y);
    });
    if (panel.kind === "detail" && exact) this.drawHandOvers(panel);
    panel.lanes.forEach((thread, i) => {
      const y = panel.y + i * panel.pitch;
      if (panel.kind === "detail" && exact) this.drawGlyphs(thread, panel, y);
      else this.drawRetryMarks(thread, panel, y);
    });
  }

  private drawAxis(panel: Panel): void {
    const { svg } = this;
    const bottom = panelEnd(panel);
    for (const tick of newTicks(panel.from, panel.to, this.timeline.start, 10)) {
      const x = Math.round(xOf(panel, tick.time)) + 0.5;
      svg.element("path", { class: "grid", d: `M${coordinate(x)} ${panel.y - 2}V${bottom + 4}` });
      svg.text(x, bottom + 17, tick.label, { class: "faint mid", style: "font-size:10.5px" });
    }
  }

  private drawName(thread: ThreadTimeline, panel: Panel, y: number): void {
    const size = Math.min(12, panel.pitch - 2);
    if (size < leastText) return;
    const name = formatName(thread.name, 22) + (thread.outcome === "died" ? " †" : "");
    const middle = y + panel.height / 2 + size * 0.36;
    this.svg.text(plotX - 10, middle, name, { class: "end", style: `font-size:${size}px` });
  }

  /** What part of the panel's time each thread had, waited and was off, at the right. */
  private drawFigures(panel: Panel): void {
    const { svg } = this;
    const size = Math.min(11, panel.pitch - 2);
    if (size < leastText) return;
    const right = page.width - page.margin;
    const columns = [
      { x: right - 124, head: "has", fill: palette.hasText },
      { x: right - 60, head: "waiting", fill: palette.waitingText },
      { x: right, head: "off", fill: palette.offText },
    ];
    for (const { x, head, fill } of columns) {
      svg.text(x, panel.y - 8, head, { class: "end", style: `fill:${fill}` });
    }
    panel.lanes.forEach((thread, i) => {
      const parts = proportions(thread, panel.from, panel.to);
      if (parts === null) return;
      const y = panel.y + i * panel.pitch + panel.height / 2 + size * 0.36;
      const shares = [parts.has, parts.waiting, parts.off];
      shares.forEach((share, column) => {
        const { x, fill } = columns[column];
        const text = formatRatio(share);
        svg.text(x, y, text, { class: "end", style: `fill:${fill};font-size:${size}px` });
      });
    });
  }

  /** Every segment by itself, with a tooltip. */
  private drawExact(thread: ThreadTimeline, panel: Panel, y: number): void {
    const { svg } = this;
    const { segments } = thread;
    const { height } = panel;
    for (let i = segments.indexAt(panel.from); i < segments.length; i++) {
      if (segments.from[i] >= panel.to) break;
      const start = Math.max(segments.from[i], panel.from);
      const end = Math.min(segments.endOf(i), panel.to);
      const state = segments.state[i];
      const part = stateHeights[state] * height;
      const x = xOf(panel, start);
      // A hold too short to see is drawn as a hairline: that it happened matters.
      const least = state === GilState.Has ? 0.6 : 0;
      const width = Math.max(xOf(panel, end) - x, least);
      if (width < 0.02) continue;
      const top = y + (height - part) / 2;
      const tip = panel.kind === "detail" ? this.tooltip(thread, i) : "";
      svg.rectangle(x, top, width, part, { class: stateClasses[state] }, tip);
    }
  }

  /** The cycle collector's runs: a bar along the foot of the lane. */
  private drawCollections(thread: ThreadTimeline, panel: Panel, y: number): void {
    const height = Math.max(2, panel.height / 4);
    let last = Number.NEGATIVE_INFINITY;
    for (const one of this.collections) {
      if (one.ident !== thread.ident || one.to <= panel.from || one.from >= panel.to) continue;
      const x = xOf(panel, Math.max(one.from, panel.from));
      const width = Math.max(xOf(panel, Math.min(one.to, panel.to)) - x, 0.6);
      // Many short ones in a column of pixels are drawn once.
      if (x + width < last + 0.6) continue;
      last = x + width;
      const tip =
        `GC Collecting generation ${one.generation} for ${formatSeconds((one.to - one.from) / 1e9)}: ` +
        `${formatCount(one.examined)} examined, ${formatCount(one.collected)} collected`;
      this.svg.rectangle(x, y + panel.height - height, width, height, { class: "collecting" }, tip);
    }
  }

  private tooltip(thread: ThreadTimeline, i: number): string {
    const { segments } = thread;
    const from = segments.from[i];
    const end = segments.endOf(i);
    const state = ["off GIL", "waiting for GIL", "has GIL"][segments.state[i]];
    const reason = segments.reason[i];
    const why = reason === ReleaseReason.None ? "" : ` (${reasonTerms[reason].name})`;
    const at = formatSeconds((from - this.timeline.start) / 1e9);
    const length = formatSeconds((end - from) / 1e9);
    return `${formatName(thread.name, 40)} ${state}${why} for ${length} at ${at}`;
  }

  /** Proportions of the states in each column of pixels. */
  private drawColumns(thread: ThreadTimeline, panel: Panel, y: number): void {
    const { svg } = this;
    const from = Math.max(thread.start, panel.from);
    const to = Math.min(thread.end, panel.to);
    if (to <= from) return;
    const base = y + panel.height;
    const x = xOf(panel, from);
    svg.rectangle(x, y, xOf(panel, to) - x, panel.height, { class: "off" });
    // Many lanes get wider columns, so that the file does not grow with them.
    const width = panel.lanes.length > 24 ? 2 : 1;
    const count = Math.floor(plotWidth / width);
    const { has, waiting } = columnsOf(thread, panel, count);
    const step = 1 / (4 * panel.height);
    for (let i = 0; i < count; i++) {
      // Quarter pixels: equal neighbours join, and the path stays short.
      has[i] = Math.round(has[i] / step) * step * panel.height;
      waiting[i] = has[i] + Math.round(waiting[i] / step) * step * panel.height;
    }
    svg.element("path", { class: "waiting", d: columnsPath(plotX, base, width, waiting) });
    svg.element("path", { class: "has", d: columnsPath(plotX, base, width, has) });
  }

  /** A line from each thread that released to the one that acquired next. */
  private drawHandOvers(panel: Panel): void {
    const holds: { lane: number; from: number; to: number }[] = [];
    panel.lanes.forEach((thread, lane) => {
      const { segments } = thread;
      for (let i = segments.indexAt(panel.from); i < segments.length; i++) {
        if (segments.from[i] >= panel.to) break;
        if (segments.state[i] !== GilState.Has) continue;
        holds.push({ lane, from: segments.from[i], to: segments.endOf(i) });
      }
    });
    holds.sort((a, b) => a.from - b.from);
    if (holds.length > maxHandOvers) return;
    let path = "";
    for (let i = 1; i < holds.length; i++) {
      const before = holds[i - 1];
      const hold = holds[i];
      if (before.lane === hold.lane || before.to < panel.from) continue;
      const up = hold.lane < before.lane;
      const y0 = panel.y + before.lane * panel.pitch + (up ? 0 : panel.height);
      const y1 = panel.y + hold.lane * panel.pitch + (up ? panel.height : 0);
      const x = `${coordinate(xOf(panel, before.to))} ${coordinate(y0)}`;
      path += `M${x}L${coordinate(xOf(panel, hold.from))} ${coordinate(y1)}`;
    }
    if (path !== "") this.svg.element("path", { class: "hand", d: path });
  }

  private drawGlyphs(thread: ThreadTimeline, panel: Panel, y: number): void {
    const size = Math.min(1, panel.height / 16);
    const middle = y + panel.height / 2;
    const requests = marks(thread.dropRequests, panel, 3, (x) =>
      requestGlyph(x, y + 2 * size, size),
    );
    const retries = marks(thread.retries, panel, 3, (x) => retryGlyph(x, middle, size));
    if (requests !== "") this.svg.element("path", { class: "request", d: requests });
    if (retries !== "") this.svg.element("path", { class: "retry", d: retries });
  }

  /** Where there is no room for glyphs, failed wake-ups are ticks at the lane's foot. */
  private drawRetryMarks(thread: ThreadTimeline, panel: Panel, y: number): void {
    const length = Math.max(2, panel.height / 4);
    const foot = coordinate(y + panel.height - length);
    const path = marks(thread.retries, panel, 1.5, (x) => {
      return `M${coordinate(x)} ${foot}v${coordinate(length)}`;
    });
    if (path !== "") this.svg.element("path", { class: "retry", d: path });
  }

  /** Light lines from the part of the strip that is enlarged to the enlargement. */
  private drawConnector(overview: Panel, detail: Panel): void {
    const x0 = xOf(overview, detail.from);
    const x1 = Math.max(xOf(overview, detail.to), x0 + 2);
    const top = panelEnd(overview) + 24;
    const bottom = detail.y - 26;
    const d =
      `M${coordinate(x0)} ${overview.y - 3}V${top}L${plotX} ${bottom}H${plotX + plotWidth}` +
      `L${coordinate(x1)} ${top}V${overview.y - 3}Z`;
    this.svg.element("path", { d, fill: ink.zoom });
  }

  private drawBracket(overview: Panel, window: { from: number; to: number }): void {
    const x0 = xOf(overview, window.from);
    const width = Math.max(xOf(overview, window.to) - x0, 2);
    const height = panelEnd(overview) - overview.y + 4;
    const attributes = { fill: "none", stroke: ink.strong, "stroke-width": 1.2, rx: 2 };
    this.svg.rectangle(x0 - 0.6, overview.y - 3, width + 1.2, height, attributes);
  }
}

/** Path of the glyphs at these times; those that would cover each other are drawn once. */
function marks(
  times: readonly number[],
  panel: Panel,
  gap: number,
  glyph: (x: number) => string,
): string {
  let path = "";
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < panel.from || time > panel.to) continue;
    const x = xOf(panel, time);
    if (x - last < gap) continue;
    last = x;
    path += glyph(x);
  }
  return path;
}

/** Seconds to the microsecond, without trailing zeros. */
function formatExactly(seconds: number): string {
  return `${Number(seconds.toFixed(6))} s`;
}

/** Part of a lane's height that each state fills when drawn by itself. */
const stateHeights = [0.12, 0.5, 1];
const stateClasses = ["off", "waiting", "has"];

function requestGlyph(x: number, y: number, size = 1): string {
  const half = 3.5 * size;
  const height = 6 * size;
  return (
    `M${coordinate(x - half)} ${coordinate(y - height)}h${coordinate(2 * half)}` +
    `l-${coordinate(half)} ${coordinate(height)}z`
  );
}

function retryGlyph(x: number, y: number, size = 1): string {
  const half = 3 * size;
  const full = coordinate(6 * size);
  return (
    `M${coordinate(x - half)} ${coordinate(y - half)}l${full} ${full}` +
    `M${coordinate(x - half)} ${coordinate(y + half)}l${full} -${full}`
  );
}

function pitchOf(lanes: number): { pitch: number; height: number } {
  if (lanes <= 4) return { pitch: 54, height: 36 };
  if (lanes <= 8) return { pitch: 40, height: 28 };
  if (lanes <= 16) return { pitch: 26, height: 19 };
  if (lanes <= 64) return { pitch: 15, height: 12 };
  return { pitch: 9, height: 7 };
}

function overviewPitch(lanes: number): { pitch: number; height: number } {
  if (lanes <= 8) return { pitch: 22, height: 17 };
  if (lanes <= 16) return { pitch: 14, height: 11 };
  if (lanes <= 64) return { pitch: 8, height: 7 };
  return { pitch: 4, height: 3 };
}

/** Parts of the time from `from` to `to`; null when the thread did not live then. */
function proportions(
  thread: ThreadTimeline,
  from: number,
  to: number,
): { has: number; waiting: number; off: number } | null {
  if (thread.end <= from || thread.start >= to) return null;
  const { segments } = thread;
  const sums = [0, 0, 0];
  for (let i = segments.indexAt(from); i < segments.length && segments.from[i] < to; i++) {
    const length = Math.min(segments.endOf(i), to) - Math.max(segments.from[i], from);
    sums[segments.state[i]] += length;
  }
  const [off, waiting, has] = sums.map((sum) => sum / (to - from));
  return { has, waiting, off };
}

function segmentsIn(panel: Panel): number {
  let count = 0;
  for (const { segments } of panel.lanes) {
    count += segments.indexAt(panel.to) - segments.indexAt(panel.from) + 1;
  }
  return count;
}

/**
 * A window in which single holds can be seen: some multiples of the median run, where most
 * threads take part and the lock changes hands most; of windows nearly as good the one nearest
 * the middle.
 */
function chooseWindow(
  timeline: Timeline,
  statistics: Statistics,
  whole: { from: number; to: number },
): { from: number; to: number } {
  const span = whole.to - whole.from;
  const [lock] = statistics.locks;
  const run = (lock?.runP50Seconds ?? 0) * 1e9;
  const hold = (lock?.holdP50Seconds ?? 0) * 1e9;
  const runs = Math.min(Math.max(16, 2 * timeline.threads.length), 64);
  // Among short I/O holds the long ones matter: never less than a few holds that were forced.
  const width = roundUp(Math.max(run * runs, hold * runs, forcedRun(timeline) * 12, 20_000));
  if (!(width < 0.8 * span)) return whole;
  const bins = 64;
  const step = (span - width) / (bins - 1);
  /** Competing threads that take the GIL in each candidate window. */
  const active = new Uint16Array(bins);
  /** Holds that begin in each candidate window, as differences from the one before. */
  const begun = new Int32Array(bins + 1);
  const competing = timeline.threads.filter((thread) => {
    const parts = proportions(thread, whole.from, whole.to);
    return parts !== null && parts.has + parts.waiting >= competingPart;
  });
  for (const { segments } of competing) {
    const seen = new Uint8Array(bins);
    for (let i = 0; i < segments.length; i++) {
      if (segments.state[i] !== GilState.Has) continue;
      const at = segments.from[i] - whole.from;
      const first = Math.max(0, Math.ceil((at - width) / step));
      const last = Math.min(bins - 1, Math.floor(at / step));
      if (first > last) continue;
      seen.fill(1, first, last + 1);
      begun[first]++;
      begun[last + 1]--;
    }
    for (let bin = 0; bin < bins; bin++) active[bin] += seen[bin];
  }
  for (let bin = 1; bin < bins; bin++) begun[bin] += begun[bin - 1];
  const most = { active: Math.max(1, ...active), begun: Math.max(1, ...begun) };
  const scores = Array.from(active, (count, i) => count / most.active + begun[i] / most.begun);
  const least = 0.8 * Math.max(...scores);
  let chosen = -1;
  for (let bin = 0; bin < bins; bin++) {
    if (scores[bin] < least) continue;
    const middle = (bins - 1) / 2;
    if (chosen < 0 || Math.abs(bin - middle) < Math.abs(chosen - middle)) chosen = bin;
  }
  // A round start: the axis is easier to read.
  const from = whole.from + Math.floor((chosen * step) / (width / 20)) * (width / 20);
  return { from, to: from + width };
}

/** Median length of the holds that ended in a forced drop, ns; 0 when there were none. */
function forcedRun(timeline: Timeline): number {
  const lengths: number[] = [];
  for (const { segments } of timeline.threads) {
    for (let i = 0; i + 1 < segments.length; i++) {
      if (segments.state[i] !== GilState.Has) continue;
      if (segments.reason[i + 1] !== ReleaseReason.Forced) continue;
      lengths.push(segments.endOf(i) - segments.from[i]);
    }
  }
  lengths.sort((a, b) => a - b);
  return lengths.length === 0 ? 0 : lengths[lengths.length >> 1];
}

/** The next 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten. */
function roundUp(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(ns));
  for (const factor of [1, 2, 3, 4, 5, 6, 8]) {
    if (factor * power >= ns) return factor * power;
  }
  return 10 * power;
}
