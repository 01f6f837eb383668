import { bandOf, inks, page, roundStep, textWidth } from "./heappage.js";
import type { HeapReport, HeapSnapshot, PoolDetail } from "./heapreport.js";
import { coordinate, type SvgDocument } from "./svg.js";
import { formatBytes, formatCount, formatName } from "./table.js";

/** Panels beside the map of a snapshot. Each draws itself in a box and says where it ends. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

// --- one pool, block by block ---

const mostBlockSize = 42;
const leastBlockSize = 7;
/** From this size on a free block shows its place in the free list, px. */
const numberedSize = 19;
/** More links between blocks that are no neighbours would hide the blocks. */
const mostJumps = 40;
/** The most a pool's blocks may take downwards, px. */
const poolHeight = 290;

/** Draw the blocks of a pool; the free list's order is written and drawn. */
export function drawPool(svg: SvgDocument, snapshot: HeapSnapshot, box: Box): number {
  const { zoom } = snapshot;
  if (zoom === null) {
    svg.text(box.x, box.y, "no pool is in use", { class: "h" });
    return box.y;
  }
  svg.text(box.x, box.y, `Pool ${zoom.name}, block by block`, { class: "h" });
  const used = zoom.states.replaceAll(/[^u]/g, "").length;
  const facts =
    `${zoom.capacity} blocks of ${zoom.blockBytes} bytes: ${used} in use, ` +
    `${zoom.freeList.length} free again, ${zoom.capacity - used - zoom.freeList.length} never touched`;
  svg.text(box.x, box.y + 18, facts, { class: "faint" });
  const size = blockSize(zoom.capacity, box.width);
  const columns = Math.floor(box.width / size);
  const top = box.y + 30;
  const grid = new BlockGrid(svg, zoom, { x: box.x, y: top, size, columns });
  grid.draw();
  const bottom = top + Math.ceil(zoom.capacity / columns) * size;
  drawPoolLegend(svg, zoom, size, box.x, bottom + 20);
  return bottom + 26;
}

/** The greatest size at which all blocks fit. */
function blockSize(capacity: number, width: number): number {
  for (let size = mostBlockSize; size > leastBlockSize; size--) {
    const columns = Math.floor(width / size);
    if (Math.ceil(capacity / columns) * size <= poolHeight) return size;
  }
  return leastBlockSize;
}

function drawPoolLegend(
  svg: SvgDocument,
  zoom: PoolDetail,
  size: number,
  x: number,
  y: number,
): void {
  const band = `b${bandOf(zoom.sizeClass)}`;
  svg.rectangle(x, y - 10, 13, 12, { class: band });
  svg.text(x + 18, y, "in use", {});
  svg.rectangle(x + 68.5, y - 9.5, 12, 11, { class: "empty", stroke: inks.mark });
  const order =
    size >= numberedSize ? "free; 1 is handed out next" : "free; the dot is handed out next";
  svg.text(x + 86, y, order, {});
  const last = x + 86 + textWidth(order) + 16;
  svg.rectangle(last + 0.5, y - 9.5, 12, 11, { class: "virgin" });
  svg.text(last + 18, y, "never touched", {});
}

class BlockGrid {
  constructor(
    private readonly svg: SvgDocument,
    private readonly zoom: PoolDetail,
    private readonly at: { x: number; y: number; size: number; columns: number },
  ) {}

  draw(): void {
    const { zoom, svg } = this;
    const { size } = this.at;
    const gap = size > 12 ? 2 : 1;
    const band = `b${bandOf(zoom.sizeClass)}`;
    const states: Record<string, string> = { u: band, f: "empty", "-": "virgin" };
    const names: Record<string, string> = { u: "in use", f: "free", "-": "never touched" };
    [...zoom.states].forEach((state, i) => {
      const { x, y } = this.corner(i);
      const inset = state === "u" ? 0 : 0.5;
      const side = size - gap - 2 * inset;
      const tip = `block ${i}: ${names[state]}`;
      svg.rectangle(x + inset, y + inset, side, side, { class: states[state] }, tip);
    });
    this.drawLinks(gap);
    this.drawOrder(gap);
  }

  private corner(block: number): { x: number; y: number } {
    const { x, y, size, columns } = this.at;
    return { x: x + (block % columns) * size, y: y + Math.floor(block / columns) * size };
  }

  private middle(block: number, gap: number): { x: number; y: number } {
    const { x, y } = this.corner(block);
    const half = (this.at.size - gap) / 2;
    return { x: x + half, y: y + half };
  }

  /** A line from each free block to the one after it in the free list. */
  private drawLinks(gap: number): void {
    const { freeList } = this.zoom;
    const jumps = freeList.filter((block, i) => i > 0 && Math.abs(block - freeList[i - 1]) > 1);
    if (freeList.length < 2 || jumps.length > mostJumps) return;
    const points = freeList.map((block) => this.middle(block, gap));
    const path = points.map(({ x, y }) => `${coordinate(x)} ${coordinate(y)}`).join("L");
    this.svg.element("path", { class: "link", d: `M${path}` });
  }

  private drawOrder(gap: number): void {
    const { size } = this.at;
    const { freeList } = this.zoom;
    if (freeList.length === 0) return;
    if (size < numberedSize) {
      const { x, y } = this.middle(freeList[0], gap);
      this.svg.element("circle", { cx: x, cy: y, r: Math.max(size / 4, 2), fill: inks.mark });
      return;
    }
    const font = size >= 26 ? 11 : 9;
    freeList.forEach((block, i) => {
      const { x, y } = this.middle(block, gap);
      const attributes = { class: "mid halo", style: `font-size:${font}px` };
      this.svg.text(x, y + font * 0.36, String(i + 1), attributes);
    });
  }
}

// --- live bytes by type ---

const mostTypes = 11;
const barPitch = 21;

/** Bars of live bytes by type, the greatest first. */
export function drawTypes(svg: SvgDocument, snapshot: HeapSnapshot, box: Box): number {
  const { layers, types } = snapshot;
  const live = layers.blocks + layers.large;
  svg.text(box.x, box.y, "Live bytes by type", { class: "h" });
  const about = `${formatBytes(live)} with buffers and rounding; number of objects behind`;
  svg.text(box.x, box.y + 18, about, { class: "faint" });
  const shown = types.slice(0, mostTypes).map(({ name, objects, bytes }) => {
    const count = objects > 0 ? `  ·  ${formatCount(objects)}` : "";
    return { name, bytes, text: `${formatBytes(bytes)}${count}` };
  });
  const rest = live - shown.reduce((sum, { bytes }) => sum + bytes, 0);
  if (rest > 0) shown.push({ name: "all others", bytes: rest, text: formatBytes(rest) });
  const labels = 150;
  const room = box.width - labels - 130;
  const most = Math.max(...shown.map(({ bytes }) => bytes), 1);
  shown.forEach(({ name, bytes, text }, i) => {
    const y = box.y + 34 + i * barPitch;
    const width = Math.max((bytes / most) * room, 0.6);
    svg.text(box.x + labels - 8, y + 10, formatName(name, 25), { class: "end" });
    svg.rectangle(box.x + labels, y, width, barPitch - 7, { fill: "#1261a8" });
    svg.text(box.x + labels + width + 6, y + 10, text, { class: "faint" });
  });
  return box.y + 34 + shown.length * barPitch;
}

// --- size classes ---

/** A column a size class: bytes of its pools in use, free again and never touched. */
export function drawClasses(svg: SvgDocument, snapshot: HeapSnapshot, box: Box): number {
  svg.text(box.x, box.y, "Pools in use by block size", { class: "h" });
  svg.text(box.x, box.y + 18, "bytes in use, free again, never touched (as above)", {
    class: "faint",
  });
  const top = box.y + 34;
  const height = 130;
  const base = top + height;
  const left = box.x + 56;
  const { classes } = snapshot;
  const bytesOf = (i: number): number[] => {
    const { blockBytes, usedBlocks, freeBlocks, untouchedBlocks } = classes[i];
    return [usedBlocks, freeBlocks, untouchedBlocks].map((blocks) => blocks * blockBytes);
  };
  const greatest = Math.max(...classes.map((_, i) => bytesOf(i).reduce((a, b) => a + b, 0)), 1);
  const step = roundStep(greatest, 1024);
  const most = Math.ceil(greatest / step) * step;
  for (let bytes = step; bytes <= most; bytes += step) {
    const y = base - (bytes / most) * height;
    svg.element("path", { class: "grid", d: `M${left} ${coordinate(y)}H${box.x + box.width}` });
    svg.text(left - 6, y + 4, formatBytes(bytes), { class: "end faint" });
  }
  const pitch = (box.x + box.width - left) / classes.length;
  classes.forEach(({ blockBytes, pools, usedBlocks, freeBlocks }, i) => {
    const x = left + i * pitch;
    let y = base;
    const kinds = ["", " free", " untouched"];
    bytesOf(i).forEach((bytes, kind) => {
      const tall = (bytes / most) * height;
      y -= tall;
      const tip = `${blockBytes} bytes: ${pools} pools, ${usedBlocks} blocks in use, ${freeBlocks} free`;
      const attributes = { class: `b${bandOf(i)}${kinds[kind]}` };
      if (tall > 0) svg.rectangle(x + 1, y, pitch - 2, tall, attributes, tip);
    });
    if (i % 4 === 3) {
      svg.text(x + pitch / 2, base + 15, String(blockBytes), { class: "mid faint" });
    }
  });
  svg.text(left - 6, base + 15, "block size", { class: "end faint" });
  svg.element("path", { d: `M${left} ${base}H${box.x + box.width}`, stroke: inks.edge });
  return base + 20;
}

// --- collector and free lists ---

/** The generations as a table, and the free lists in a line. */
export function drawCollector(svg: SvgDocument, snapshot: HeapSnapshot, box: Box): number {
  const { collector, freeLists } = snapshot;
  const state = collector.enabled ? "enabled" : "disabled";
  svg.text(box.x, box.y, `Cycle collector (${state})`, { class: "h" });
  const columns = [
    { head: "objects", at: 150 },
    { head: "count / threshold", at: 270 },
    { head: "collections", at: 360 },
    { head: "collected", at: 440 },
  ];
  for (const { head, at } of columns) {
    svg.text(box.x + at, box.y + 20, head, { class: "end faint" });
  }
  let y = box.y + 20;
  collector.generations.forEach((generation, i) => {
    y += 19;
    svg.text(box.x, y, `generation ${i}`, {});
    const cells = [
      formatCount(generation.objects),
      `${generation.count} / ${generation.threshold}`,
      formatCount(generation.collections),
      formatCount(generation.collected),
    ];
    cells.forEach((cell, column) => {
      svg.text(box.x + columns[column].at, y, cell, { class: "end" });
    });
  });
  y += 32;
  svg.text(box.x, y, "Free lists", { class: "h" });
  for (const line of freeListLines(freeLists, box.width)) {
    y += 18;
    svg.text(box.x, y, line, {});
  }
  return y + 6;
}

function freeListLines(freeLists: HeapSnapshot["freeLists"], width: number): string[] {
  if (freeLists.length === 0) return ["nothing is kept for reuse"];
  const tuples = freeLists.filter(({ name }) => name.startsWith("tuple"));
  const kept = freeLists
    .filter((list) => !tuples.includes(list))
    .map(({ name, objects }) => `${formatCount(objects)} ${name}`);
  const count = tuples.reduce((sum, { objects }) => sum + objects, 0);
  if (count > 0) kept.push(`${formatCount(count)} tuple (${tuples.length} lengths)`);
  const lines: string[] = [];
  for (const entry of kept) {
    const last = lines.at(-1);
    const joined = last === undefined ? entry : `${last}  ·  ${entry}`;
    if (last === undefined || textWidth(joined) > width) lines.push(entry);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

// --- layers ---

/** A part of the heap, as the bar of layers and the chart over time show it. */
export interface LayerPart {
  readonly name: string;
  readonly fill: string;
  readonly bytes: (layers: HeapSnapshot["layers"]) => number;
}

/** What arenas and large blocks consist of, from the most useful to the least. */
export const layerParts: readonly LayerPart[] = [
  { name: "live blocks", fill: "#1261a8", bytes: (layers) => layers.blocks },
  { name: "large blocks", fill: "#e69f00", bytes: (layers) => layers.large },
  { name: "free blocks in pools", fill: "#a9cbea", bytes: (layers) => layers.freeBlocks },
  { name: "unused pools", fill: "#dfe4ea", bytes: (layers) => layers.unusedPools },
  {
    name: "headers, rounding",
    fill: "#66707f",
    bytes: (layers) => layers.poolHeaders + layers.quantization + layers.alignment,
  },
];

/** One bar: what arenas and large blocks consist of; what else the heap holds in words. */
export function drawLayers(
  svg: SvgDocument,
  report: HeapReport,
  snapshot: HeapSnapshot,
  y: number,
): number {
  const { layers } = snapshot;
  const width = page.width - 2 * page.margin;
  const whole = layerParts.reduce((sum, { bytes }) => sum + bytes(layers), 0);
  svg.text(page.margin, y, `Arenas and large blocks: ${formatBytes(whole)}`, { class: "h" });
  let x: number = page.margin;
  let label: number = page.margin;
  for (const { name, fill, bytes } of layerParts) {
    const part = (bytes(layers) / Math.max(whole, 1)) * width;
    svg.rectangle(x, y + 12, part, 22, { fill }, `${name}: ${formatBytes(bytes(layers))}`);
    x += part;
    const text = `${name} ${formatBytes(bytes(layers))}`;
    svg.rectangle(label, y + 44, 13, 12, { fill });
    svg.text(label + 18, y + 54, text, {});
    label += 18 + textWidth(text) + 18;
  }
  const others = [
    `thread stacks ${formatBytes(layers.stacks)}`,
    `the runtime's own ${formatBytes(layers.runtime + layers.rawHeaders)}`,
    `fixed part ${formatBytes(layers.fixed)}`,
    `not in use ${formatBytes(layers.rawFree)} of ${formatBytes(report.heapBytes)}`,
  ];
  svg.text(page.margin, y + 78, `Besides: ${others.join("  ·  ")}`, { class: "faint" });
  return y + 84;
}
