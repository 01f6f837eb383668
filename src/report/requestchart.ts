import type { Trace } from "../trace/file.js";
import { tickStep } from "./axis.js";
import { drawFootnote, drawHead, factsOf, ink, page, pageStyle, titleOf } from "./page.js";
import { type RequestPart, requestParts, requestPartTerms } from "./requestparts.js";
import { classifyRequests, classLabel, newRequests, type RequestClass } from "./requests.js";
import { statisticsOf } from "./statistics.js";
import { SvgDocument } from "./svg.js";
import { formatCount, formatSeconds } from "./table.js";
import { newTimeline } from "./timeline.js";

/**
 * Why requests were slow: a bar for the quickest quarter of all, the next one, and so on up to the
 * slowest thousandth; each is the mean time of its requests, divided by where it went.
 */

const plot = { x: page.margin + 130, width: page.width - 2 * page.margin - 260 };
const rowHeight = 46;
const barHeight = 30;
const mostTicks = 8;

/** Told apart by every kind of colour vision (Okabe, Ito 2008). */
const colours: Readonly<Record<RequestPart, string>> = {
  queue: "#4d4d4d",
  waiting: "#e69f00",
  running: "#0072b2",
  off: "#c3d0dc",
  sending: "#009e73",
};

/** Draw a trace's requests as a self-contained SVG document. @throws {RangeError} without any */
export function drawRequests(trace: Trace): string {
  const requests = newRequests(trace);
  if (requests.length === 0) throw new RangeError("the trace has no requests of takegil serve");
  const classes = classifyRequests(requests);
  const timeline = newTimeline(trace);
  const statistics = statisticsOf(trace, timeline);
  const svg = new SvgDocument();
  const title = titleOf(trace, `where the time of ${formatCount(requests.length)} requests went`);
  let y = drawHead(svg, title, factsOf(trace, statistics));
  svg.text(page.margin, y, finding(classes), { style: "font-size:13px" });
  y = drawLegend(svg, y + 28) + 24;
  const most = Math.max(...classes.map(({ totalSeconds }) => totalSeconds));
  drawGrid(svg, y, y + classes.length * rowHeight, most);
  for (const requestClass of classes) {
    drawRow(svg, requestClass, y, most);
    y += rowHeight;
  }
  const height = drawFootnote(svg, trace, statistics, 0, y + 44);
  return svg.finish(page.width, height, title, pageStyle);
}

/** What made the slow ones slow, in a sentence. */
function finding(classes: readonly RequestClass[]): string {
  const quick = classes[0];
  const slow = classes.at(-1)!;
  let worst: RequestPart = "queue";
  for (const part of requestParts) {
    if (slow.parts[part] - quick.parts[part] > slow.parts[worst] - quick.parts[worst]) worst = part;
  }
  const more = slow.parts[worst] - quick.parts[worst];
  const part =
    slow.totalSeconds > quick.totalSeconds ? more / (slow.totalSeconds - quick.totalSeconds) : 0;
  return (
    `The slowest (${classLabel(slow)}) took ${formatSeconds(slow.totalSeconds)} on average, ` +
    `the quickest ${formatSeconds(quick.totalSeconds)}; ${Math.round(part * 100)} % of the ` +
    `difference is “${requestPartTerms[worst].name}”.`
  );
}

function drawLegend(svg: SvgDocument, y: number): number {
  let x = page.margin;
  for (const part of requestParts) {
    const { name, meaning } = requestPartTerms[part];
    svg.rectangle(x, y - 10, 12, 12, { fill: colours[part] }, meaning);
    svg.text(x + 18, y, name, { style: "font-size:12px" });
    x += 40 + 7 * name.length;
  }
  return y;
}

function drawGrid(svg: SvgDocument, top: number, bottom: number, most: number): void {
  const step = tickStep(most * 1e9, mostTicks) / 1e9;
  for (let value = 0; value <= most * 1.0001; value += step) {
    const x = plot.x + (value / most) * plot.width;
    svg.element("line", { x1: x, x2: x, y1: top - 8, y2: bottom, class: "grid" });
    const label = value === 0 ? "0" : formatSeconds(value);
    svg.text(x, bottom + 16, label, { class: "faint mid" });
  }
}

function drawRow(svg: SvgDocument, row: RequestClass, y: number, most: number): void {
  const label = classLabel(row);
  svg.text(plot.x - 12, y + 16, label, { class: "end", style: "font-size:13px" });
  svg.text(plot.x - 12, y + 30, `${formatCount(row.count)} requests`, { class: "end faint" });
  let x = plot.x;
  for (const part of requestParts) {
    const width = (row.parts[part] / most) * plot.width;
    const tip = `${label}, ${requestPartTerms[part].name}: ${formatSeconds(row.parts[part])}`;
    if (width > 0) svg.rectangle(x, y, width, barHeight, { fill: colours[part] }, tip);
    x += width;
  }
  const text = { style: `font-size:12px;fill:${ink.strong}` };
  svg.text(x + 8, y + 20, formatSeconds(row.totalSeconds), text);
}
