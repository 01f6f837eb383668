import { describeMap, drawMap, drawMapLegend, mostRowsWithTips } from "./heapmap.js";
import { newPage, page, style } from "./heappage.js";
import { drawClasses, drawCollector, drawLayers, drawPool, drawTypes } from "./heappanels.js";
import type { HeapReport, HeapSnapshot } from "./heapreport.js";
import { drawSeries } from "./heapseries.js";
import type { SvgDocument } from "./svg.js";
import { formatBytes, formatName, formatSeconds } from "./table.js";

/** Most maps in one figure; the first ones are drawn, the others counted. */
const mostMaps = 6;

/** The parts of a figure: the heap over time, a map a snapshot, the last snapshot's details. */
export type FigurePart = "time" | "maps" | "details";

export const figureParts: readonly FigurePart[] = ["time", "maps", "details"];

export interface FigureOptions {
  /** A sentence below the title. */
  readonly caption: string | null;
  readonly parts: readonly FigurePart[];
}

/** Draw what a report holds as a self-contained SVG document. */
export function drawHeap(report: HeapReport, { caption, parts }: FigureOptions): string {
  const svg = newPage();
  const title = titleOf(report);
  svg.text(page.margin, 44, title, { style: "font-size:21px;font-weight:600" });
  const { pymalloc } = report;
  const facts = [
    `pymalloc of CPython ${pymalloc.name}`,
    `arenas of ${formatBytes(pymalloc.arenaBytes)}, pools of ${formatBytes(pymalloc.poolBytes)}`,
    `heap of ${formatBytes(report.heapBytes)}`,
  ];
  svg.text(page.margin, 66, facts.join("  ·  "), { class: "faint", style: "font-size:12.5px" });
  let y = 96;
  if (caption !== null) {
    svg.text(page.margin, 92, caption, { style: "font-size:14px" });
    y = 124;
  }
  if (report.series !== null && parts.includes("time")) {
    y = drawSeries(svg, report.series, y) + 36;
  }
  const { snapshots } = report;
  const detailed = parts.includes("details") ? snapshots.slice(0, mostMaps).at(-1) : undefined;
  if (snapshots.length > 0 && parts.includes("maps")) y = drawMaps(svg, report, detailed, y);
  if (detailed !== undefined) y = drawDetails(svg, report, detailed, y + 16);
  return svg.finish(page.width, y + 20, title, style);
}

function titleOf(report: HeapReport): string {
  const { program, snapshots } = report;
  const name = program.startsWith("-") ? `takegil heap ${program}` : program.replace(/^.*\//, "");
  const [only] = snapshots;
  const where = snapshots.length === 1 && report.series === null ? ` at ${placeOf(only)}` : "";
  return `${formatName(name, 60)}: the heap${where}`;
}

function placeOf({ label }: HeapSnapshot): string {
  return label === "exit" ? "its exit" : label;
}

/** A map for each snapshot; the pool that `detailed` shows block by block is marked there. */
function drawMaps(
  svg: SvgDocument,
  report: HeapReport,
  detailed: HeapSnapshot | undefined,
  top: number,
): number {
  const { snapshots } = report;
  const rows = snapshots.reduce((sum, snapshot) => sum + snapshot.rows.length, 0);
  const tips = rows <= mostRowsWithTips;
  let y = drawMapLegend(svg, top);
  for (const snapshot of snapshots.slice(0, mostMaps)) {
    const heading = `At ${placeOf(snapshot)}, after ${formatSeconds(snapshot.seconds)}`;
    svg.text(page.margin, y + 22, heading, { class: "h" });
    svg.text(page.margin, y + 40, describeMap(report, snapshot), { class: "faint" });
    const marked = snapshot === detailed ? snapshot.zoom : null;
    y = drawMap(svg, report, snapshot, { marked, tips }, y + 65) + 14;
  }
  if (snapshots.length > mostMaps) {
    const more = `${snapshots.length - mostMaps} more snapshots are in the JSON`;
    svg.text(page.margin, y + 10, more, { class: "faint" });
    y += 20;
  }
  return y + 14;
}

/** The panels of the last snapshot drawn. */
function drawDetails(
  svg: SvgDocument,
  report: HeapReport,
  snapshot: HeapSnapshot,
  top: number,
): number {
  const left = { x: page.margin, width: 620 };
  const right = { x: page.margin + 680, width: page.width - 2 * page.margin - 680 };
  const pool = drawPool(svg, snapshot, { ...left, y: top });
  const types = drawTypes(svg, snapshot, { ...right, y: top });
  const classes = drawClasses(svg, snapshot, { ...left, y: pool + 40 });
  const collector = drawCollector(svg, snapshot, { ...right, y: Math.max(types, pool) + 40 });
  return drawLayers(svg, report, snapshot, Math.max(classes, collector) + 40);
}
