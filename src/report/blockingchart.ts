import type { Trace } from "../trace/file.js";
import { type BlockingMatrix, newBlockingMatrix } from "./blocking.js";
import { drawFootnote, drawHead, factsOf, ink, page, pageStyle, titleOf } from "./page.js";
import { type Statistics, statisticsOf } from "./statistics.js";
import { coordinate, SvgDocument } from "./svg.js";
import { formatName, formatRatio, formatSeconds } from "./table.js";
import { heaviestThreads, newTimeline, type ThreadTimeline } from "./timeline.js";

/**
 * The matrix of who blocked whom: a row a waiting thread, a column a holder, the colour says for
 * how long. Beside it what was lost while nobody had the GIL, and what each thread waited in all.
 */

/** Most rows; beyond it the threads that competed least are left out, and counted. */
const maxRows = 128;
/** Smaller text is left out, px. */
const leastText = 7;

/** From no wait to the longest: one hue that darkens, read the same by every kind of eye. */
const shades = ["#fff7e8", "#fde3b4", "#f9c46b", "#ea9a2c", "#c96f0a", "#944c04", "#5d2e02"];
const style = [
  pageStyle,
  `.self{fill:${ink.grid}}.light{fill:#fff}.cell{stroke:#fff;stroke-width:1}`,
  `.total{fill:#66707f}.none{fill:${shades[0]}}`,
].join("");

/** Draw a trace's matrix of who blocked whom as a self-contained SVG document. */
export function drawBlocking(trace: Trace): string {
  const timeline = newTimeline(trace);
  const statistics = statisticsOf(trace, timeline);
  const threads = heaviestThreads(timeline, maxRows);
  const matrix = newBlockingMatrix(timeline, threads);
  const hidden = timeline.threads.length - threads.length;
  return new BlockingChart(trace, statistics, matrix, hidden).draw();
}

/** A column right of the matrix proper. */
interface Extra {
  readonly name: string;
  readonly seconds: Float64Array;
}

class BlockingChart {
  private readonly svg = new SvgDocument();
  private readonly totals: Float64Array;
  private readonly extras: readonly Extra[];
  /** Longest time in any cell, s. */
  private readonly most: number;
  private readonly plotX = page.margin + 190;
  private readonly cellWidth: number;
  private readonly cellHeight: number;

  constructor(
    private readonly trace: Trace,
    private readonly statistics: Statistics,
    private readonly matrix: BlockingMatrix,
    private readonly hidden: number,
  ) {
    const { threads, heldSeconds, othersSeconds, nobodySeconds } = matrix;
    const count = threads.length;
    this.totals = Float64Array.from(threads, (_, row) => {
      const held = heldSeconds.subarray(row * count, (row + 1) * count);
      return held.reduce((sum, part) => sum + part, othersSeconds[row] + nobodySeconds[row]);
    });
    const extras = [{ name: "nobody: hand-over", seconds: nobodySeconds }];
    if (hidden > 0) extras.unshift({ name: "other threads", seconds: othersSeconds });
    this.extras = extras;
    this.most = Math.max(maximum(heldSeconds), ...extras.map(({ seconds }) => maximum(seconds)));
    const columns = count + extras.length;
    this.cellWidth = Math.min(92, (page.width - page.margin - this.plotX - 250) / columns);
    this.cellHeight = Math.min(40, Math.max(this.cellWidth, 9));
  }

  draw(): string {
    const { svg, trace, statistics, matrix } = this;
    const title = titleOf(trace, "who blocked whom");
    let y = drawHead(svg, title, factsOf(trace, statistics));
    svg.text(page.margin, y, this.finding(), { style: "font-size:13px" });
    y += 26;
    this.drawLegend(y);
    y += 24 + this.headHeight();
    this.drawHeads(y);
    const rows = matrix.threads.length * this.cellHeight;
    // Most cells of many threads are empty: these share one rectangle.
    svg.rectangle(this.plotX, y, matrix.threads.length * this.cellWidth, rows, { class: "none" });
    matrix.threads.forEach((thread, row) => {
      this.drawRow(thread, row, y + row * this.cellHeight);
    });
    y += rows + 44;
    return svg.finish(
      page.width,
      drawFootnote(svg, trace, statistics, this.hidden, y),
      title,
      style,
    );
  }

  private get textSize(): number {
    return Math.min(12, this.cellHeight - 2, this.cellWidth - 1);
  }

  /** Names of columns lean, or stand upright where columns are narrower than their text is high. */
  private get headAngle(): number {
    return this.cellWidth < 24 ? 90 : 38;
  }

  private headHeight(): number {
    if (this.textSize < leastText) return 14;
    const heads = [...this.matrix.threads, ...this.extras];
    const longest = Math.max(...heads.map(({ name }) => formatName(name, 22).length));
    return longest * 0.6 * this.textSize * Math.sin((this.headAngle * Math.PI) / 180);
  }

  /** The matrix in a sentence: its largest cell. */
  private finding(): string {
    const { threads, heldSeconds } = this.matrix;
    let at = 0;
    heldSeconds.forEach((value, i) => {
      if (value > heldSeconds[at]) at = i;
    });
    if (!(heldSeconds[at] > 0)) return "No thread waited for the GIL while another had it.";
    const row = Math.floor(at / threads.length);
    const waiter = formatName(threads[row].name, 30);
    const holder = formatName(threads[at % threads.length].name, 30);
    const part = formatRatio(heldSeconds[at] / this.totals[row]);
    return (
      `${waiter} waited ${formatSeconds(this.totals[row])} for the GIL; ` +
      `for ${formatSeconds(heldSeconds[at])} of it (${part}) ${holder} had it.`
    );
  }

  private drawLegend(y: number): void {
    const { svg } = this;
    svg.text(page.margin, y, "row waited while column had the GIL:", { class: "faint" });
    let x = page.margin + 232;
    svg.text(x, y, "0", { class: "faint end" });
    x += 6;
    for (const fill of shades) {
      svg.rectangle(x, y - 10, 22, 12, { fill });
      x += 22;
    }
    svg.text(x + 6, y, formatSeconds(this.most), { class: "faint" });
  }

  /** Names of the columns, tilted, the axis of the totals at the right. */
  private drawHeads(y: number): void {
    const { svg, cellWidth, plotX, textSize } = this;
    const { threads } = this.matrix;
    const heads = [...threads.map(({ name }) => name), ...this.extras.map(({ name }) => name)];
    if (textSize >= leastText) {
      heads.forEach((name, column) => {
        const middle = this.columnX(column) + cellWidth / 2;
        const x = coordinate(this.headAngle === 90 ? middle + textSize * 0.36 : middle);
        const transform = `translate(${x} ${coordinate(y - 6)}) rotate(-${this.headAngle})`;
        const extra = column >= threads.length ? "faint" : "name";
        const size = `font-size:${coordinate(Math.min(11.5, textSize))}px`;
        svg.text(0, 0, formatName(name, 22), { transform, class: extra, style: size });
      });
    } else svg.text(plotX, y - 6, `holders: ${threads.length} threads`, { class: "faint" });
    svg.text(this.totalX, y - 6, "waited in all", { class: "faint" });
  }

  private columnX(column: number): number {
    const gap = column >= this.matrix.threads.length ? 8 : 0;
    return this.plotX + column * this.cellWidth + gap;
  }

  private get totalX(): number {
    return this.columnX(this.matrix.threads.length + this.extras.length) + 14;
  }

  private drawRow(thread: ThreadTimeline, row: number, y: number): void {
    const { svg, cellHeight, textSize, matrix } = this;
    const { threads, heldSeconds } = matrix;
    const base = y + cellHeight / 2 + textSize * 0.36;
    if (textSize >= leastText) {
      const name = formatName(thread.name, 26) + (thread.outcome === "died" ? " †" : "");
      const size = `font-size:${coordinate(textSize)}px`;
      svg.text(this.plotX - 8, base, name, { class: "end", style: size });
    }
    threads.forEach((holder, column) => {
      const seconds = heldSeconds[row * threads.length + column];
      const who = `while ${formatName(holder.name, 40)} had the GIL`;
      if (column === row) this.drawSelf(column, y);
      else this.drawCell(thread, column, y, seconds, who);
    });
    this.extras.forEach(({ name, seconds }, i) => {
      const who = name.startsWith("nobody")
        ? "while nobody had the GIL"
        : "while other threads had it";
      this.drawCell(thread, threads.length + i, y, seconds[row], who);
    });
    this.drawTotal(row, y, base);
  }

  private drawSelf(column: number, y: number): void {
    const { cellWidth, cellHeight } = this;
    this.svg.rectangle(this.columnX(column), y, cellWidth, cellHeight, { class: "cell self" });
  }

  private drawCell(
    thread: ThreadTimeline,
    column: number,
    y: number,
    seconds: number,
    who: string,
  ): void {
    if (!(seconds > 0)) return;
    const { svg, cellWidth, cellHeight, textSize } = this;
    const x = this.columnX(column);
    const shade = shadeOf(seconds, this.most);
    const tip = `${formatName(thread.name, 40)} waited ${formatSeconds(seconds)} ${who}`;
    svg.rectangle(x, y, cellWidth, cellHeight, { class: "cell", fill: shades[shade] }, tip);
    if (cellWidth < 44 || textSize < leastText) return;
    const light = shade >= 4 ? "mid light" : "mid";
    const middle = y + cellHeight / 2 + textSize * 0.36;
    svg.text(x + cellWidth / 2, middle, formatSeconds(seconds), { class: light });
  }

  /** A bar with what the thread waited in all. */
  private drawTotal(row: number, y: number, base: number): void {
    const { svg, cellHeight, textSize, totals } = this;
    const x = this.totalX;
    const room = page.width - page.margin - x - 60;
    const width = (totals[row] / Math.max(maximum(totals), 1e-12)) * room;
    svg.rectangle(x, y + cellHeight * 0.2, width, cellHeight * 0.6, { class: "total" });
    if (textSize < leastText) return;
    const size = { class: "faint", style: `font-size:${coordinate(Math.min(11, textSize))}px` };
    svg.text(x + width + 6, base, formatSeconds(totals[row]), size);
  }
}

/** The shade of a time above 0, in equal steps up to the longest. */
function shadeOf(seconds: number, most: number): number {
  const steps = shades.length - 1;
  return Math.max(1, Math.min(steps, Math.ceil((seconds / most) * steps)));
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
