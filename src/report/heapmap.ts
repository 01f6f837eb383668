import { bandLabel, bandOf, bands, drawSwatches, page } from "./heappage.js";
import type { ArenaRow, Cell, HeapReport, HeapSnapshot, PoolDetail } from "./heapreport.js";
import { coordinate, type SvgDocument } from "./svg.js";
import { formatBytes, formatCount, formatRatio } from "./table.js";

/**
 * The map of a snapshot: a row an arena, a cell a pool, its colour the size class, filled from
 * below with the blocks in use, then those free again, then those never touched.
 */

const names = 96;
const figures = 128;
const plotX = page.margin + names;
const plotWidth = page.width - 2 * page.margin - names - figures;

/** Up to so many rows the cells explain themselves to the mouse; more would make the file large. */
export const mostRowsWithTips = 16;
/** Least distance of labels, px. */
const labelPitch = 13;
/** A pool in use is never drawn emptier than this, px. */
const leastFill = 1.6;

/** Distance of rows, px: many arenas must fit on a page. */
function pitchOf(rows: number): number {
  if (rows <= 8) return 26;
  if (rows <= 24) return 20;
  if (rows <= 60) return 12;
  return rows <= 120 ? 8 : 5;
}

/** The legend of maps; gives where it ends. */
export function drawMapLegend(svg: SvgDocument, y: number): number {
  svg.text(page.margin, y, "block size", { class: "faint" });
  const sizes = bands.map((_, band) => ({
    label: bandLabel(band),
    attributes: { class: `b${band}` },
  }));
  const end = drawSwatches(svg, page.margin + 66, y, sizes);
  svg.text(end, y, "bytes", { class: "faint" });
  const states = [
    { label: "blocks in use", attributes: { class: "b2" } },
    { label: "free again", attributes: { class: "b2 free" } },
    { label: "never touched", attributes: { class: "b2 untouched" } },
    { label: "empty pool", attributes: { class: "empty" } },
    { label: "never carved", attributes: { class: "virgin" } },
  ];
  svg.text(page.margin, y + 22, "pools", { class: "faint" });
  drawSwatches(svg, page.margin + 66, y + 22, states);
  return y + 30;
}

/** What a map shows besides its cells. */
export interface MapExtras {
  /** The pool to outline. */
  readonly marked: PoolDetail | null;
  /** Do cells explain themselves to the mouse? */
  readonly tips: boolean;
}

/** Draw a snapshot's arenas with the first row at `y`; gives where the map ends. */
export function drawMap(
  svg: SvgDocument,
  report: HeapReport,
  snapshot: HeapSnapshot,
  { marked, tips }: MapExtras,
  y: number,
): number {
  const { rows } = snapshot;
  if (rows.length === 0) {
    svg.text(plotX, y + 12, "no arenas", { class: "faint" });
    return y + 20;
  }
  const pitch = pitchOf(rows.length);
  const right = page.width - page.margin;
  svg.text(right - 66, y - 9, "in use", { class: "end faint" });
  svg.text(right, y - 9, "free pools", { class: "end faint" });
  const painter = new CellPainter(snapshot, pitch, tips);
  const every = Math.ceil(labelPitch / pitch);
  rows.forEach((row, i) => {
    const top = y + i * pitch;
    painter.paint(row, top);
    if (i % every === 0) labelRow(svg, report, row, top + pitch / 2 + 3);
  });
  painter.finish(svg);
  if (marked !== null) markPool(svg, rows, marked, y, pitch);
  return y + rows.length * pitch;
}

function labelRow(svg: SvgDocument, report: HeapReport, row: ArenaRow, y: number): void {
  const { arenas, cells, freePools } = row;
  const used = cells.reduce((sum, cell) => sum + cell[1], 0);
  const whole = arenas.length * report.pymalloc.arenaBytes;
  const right = page.width - page.margin;
  const name = arenas.length === 1 ? `arena ${arenas[0]}` : `${arenas.length} from ${arenas[0]}`;
  svg.text(plotX - 10, y, name, { class: "end" });
  svg.text(right - 66, y, formatRatio(used / whole), { class: "end" });
  svg.text(right, y, formatCount(freePools), { class: "end" });
}

/** Outline the pool that is shown block by block elsewhere. */
function markPool(
  svg: SvgDocument,
  rows: readonly ArenaRow[],
  pool: PoolDetail,
  y: number,
  pitch: number,
): void {
  const i = rows.findIndex(({ arenas }) => arenas.includes(pool.arena));
  if (i < 0) return;
  const { arenas, cells } = rows[i];
  const place = (arenas.indexOf(pool.arena) + pool.pool / cells.length) / arenas.length;
  const width = plotWidth / cells.length;
  const x = plotX + Math.floor(place * cells.length) * width;
  svg.rectangle(x - 1, y + i * pitch - 1, width + 1, pitch, { class: "mark" });
}

/** Collects cells into one path a colour, so that files of many arenas stay small. */
class CellPainter {
  private readonly paths = new Map<string, string>();
  private readonly tips: { x: number; y: number; text: string }[] = [];
  private readonly width: number;
  private readonly gap: number;

  constructor(
    snapshot: HeapSnapshot,
    private readonly pitch: number,
    private readonly tipped: boolean,
  ) {
    const columns = snapshot.rows[0].cells.length;
    this.width = plotWidth / columns;
    this.gap = pitch >= 12 ? 2 : 1;
  }

  paint(row: ArenaRow, y: number): void {
    const height = this.pitch - this.gap;
    row.cells.forEach((cell, i) => {
      const x = plotX + i * this.width;
      this.paintCell(cell, x, y, height);
      if (!this.tipped) return;
      this.tips.push({ x, y, text: this.describe(row, cell, i) });
    });
  }

  private paintCell(cell: Cell, x: number, y: number, height: number): void {
    const [sizeClass, used, free, untouched] = cell;
    const width = this.width - this.gap;
    if (used === 0) {
      const kind = sizeClass < 0 ? "virgin" : "empty";
      this.add(kind, x + 0.3, y + 0.3, width - 0.6, height - 0.6);
      return;
    }
    const band = `b${bandOf(sizeClass)}`;
    const whole = used + free + untouched;
    const filled = Math.max((used / whole) * height, leastFill);
    const again = Math.min((free / whole) * height, height - filled);
    this.add(band, x, y + height - filled, width, filled);
    if (again > 0) this.add(`${band} free`, x, y + height - filled - again, width, again);
    const rest = height - filled - again;
    if (rest > 0.01) this.add(`${band} untouched`, x, y, width, rest);
  }

  private add(kind: string, x: number, y: number, width: number, height: number): void {
    const at = `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
    this.paths.set(kind, (this.paths.get(kind) ?? "") + at);
  }

  private describe(row: ArenaRow, cell: Cell, i: number): string {
    const [sizeClass, used, free, untouched] = cell;
    const name = `pool ${row.arenas[0]}:${i}`;
    if (sizeClass < 0) return `${name}: never carved`;
    const size = (sizeClass + 1) * 16;
    const count = (bytes: number): string => formatCount(bytes / size);
    if (used === 0) return `${name}: empty, had blocks of ${size} bytes`;
    return (
      `${name}: blocks of ${size} bytes, ${count(used)} in use, ` +
      `${count(free)} free again, ${count(untouched)} never touched`
    );
  }

  finish(svg: SvgDocument): void {
    for (const [kind, d] of this.paths) svg.element("path", { class: kind, d });
    const height = this.pitch - this.gap;
    for (const { x, y, text } of this.tips) {
      svg.rectangle(x, y, this.width, height, { "fill-opacity": 0 }, text);
    }
  }
}

function short(value: number): string {
  return coordinate(Math.round(value * 10) / 10);
}

/** One line about a snapshot's arenas and pools. */
export function describeMap(report: HeapReport, snapshot: HeapSnapshot): string {
  const { pools, account, layers, arenasPerRow } = snapshot;
  const { pymalloc } = report;
  const inUse = pools.full + pools.used;
  const all = inUse + pools.empty + pools.virgin;
  const arenas = account.arenasCurrent;
  const facts = [
    `${formatCount(arenas)} ${arenas === 1 ? "arena" : "arenas"} of ${formatBytes(pymalloc.arenaBytes)}`,
    `${formatCount(inUse)} of ${formatCount(all)} pools in use`,
    `${formatBytes(layers.blocks)} of ${formatBytes(arenas * pymalloc.arenaBytes)} in live blocks`,
    `${formatBytes(layers.large)} in ${formatCount(snapshot.largeBlocks.count)} large blocks`,
  ];
  if (arenasPerRow > 1) facts.push(`a row is ${arenasPerRow} arenas, a cell ${arenasPerRow} pools`);
  return facts.join("  ·  ");
}
