import { newTicks } from "./axis.js";
import { inks, page, partColours, roundStep } from "./heappage.js";
import { layerParts } from "./heappanels.js";
import type { HeapSample, HeapSeries } from "./heapreport.js";
import { coordinate, type SvgDocument } from "./svg.js";
import { formatBytes, formatCount, formatName, formatRatio, formatSeconds } from "./table.js";

/** The heap over time: bytes by layer and by type, arenas in use, collections. */

const axis = 64;
const legend = 220;
const plotX = page.margin + axis;
const plotWidth = page.width - 2 * page.margin - axis - legend;
const legendX = plotX + plotWidth + 20;

/** A layer of a stacked chart: its value in each sample. */
interface Part {
  readonly name: string;
  readonly fill: string;
  readonly values: readonly number[];
}

/** Draw the samples with the first heading at `y`; gives where the charts end. */
export function drawSeries(svg: SvgDocument, series: HeapSeries, y: number): number {
  const { samples } = series;
  if (samples.length < 2) {
    const text = "the program ended before two samples could be taken: ask for them more often";
    svg.text(page.margin, y + 10, text, { class: "faint" });
    return y + 16;
  }
  const chart = new SeriesChart(svg, samples);
  let bottom = y + 14;
  const layers = layerParts.map(({ name, fill, bytes }) => {
    return { name, fill, values: samples.map((sample) => bytes(sample.layers)) };
  });
  bottom = chart.drawStack("Arenas and large blocks", layers, bottom, 190);
  bottom = chart.drawStack("Live bytes by type", typeParts(samples), bottom + 44, 190);
  bottom = chart.drawArenas(bottom + 44, 90);
  bottom = chart.drawCollections(bottom + 44);
  chart.drawAxis(bottom);
  svg.text(plotX, bottom + 40, describe(series), { class: "faint" });
  return bottom + 44;
}

/** What sampling cost, so that the reader can judge it. */
function describe({ samples, everySeconds, keptEvery }: HeapSeries): string {
  const sum = (part: (sample: HeapSample) => number): number =>
    samples.reduce((total, sample) => total + part(sample), 0);
  const cost = sum(({ costSeconds }) => costSeconds) / samples.length;
  const wait = sum(({ gilWaitSeconds }) => gilWaitSeconds) / samples.length;
  const span = samples[samples.length - 1].seconds - samples[0].seconds;
  const share = sum(({ costSeconds }) => costSeconds) / Math.max(span, 1e-9);
  const kept =
    keptEvery === 1 ? "" : `, thinned out to every ${formatSeconds(everySeconds * keptEvery)}`;
  return (
    `${samples.length} samples (marked on the axis), one every ` +
    `${formatSeconds(everySeconds)} asked for${kept}; each waited ${formatSeconds(wait)} for the ` +
    `GIL and had it for ${formatSeconds(cost)}: ${formatRatio(share)} of the time`
  );
}

/** The types that were greatest at some time, then all the rest. */
function typeParts(samples: readonly HeapSample[]): Part[] {
  const most = new Map<string, number>();
  for (const { types } of samples) {
    for (const [name, bytes] of types) most.set(name, Math.max(most.get(name) ?? 0, bytes));
  }
  const names = [...most].sort((a, b) => b[1] - a[1]).slice(0, partColours.length);
  const parts = names.map(([name], i) => ({
    name: formatName(name, 20),
    fill: partColours[i] as string,
    values: samples.map(({ types }) => types.find(([found]) => found === name)?.[1] ?? 0),
  }));
  const rest = samples.map(({ layers }, i) => {
    const shown = parts.reduce((sum, { values }) => sum + values[i], 0);
    return Math.max(layers.blocks + layers.large - shown, 0);
  });
  return [...parts, { name: "all others", fill: inks.rest, values: rest }];
}

class SeriesChart {
  private readonly from: number;
  private readonly to: number;

  constructor(
    private readonly svg: SvgDocument,
    private readonly samples: readonly HeapSample[],
  ) {
    this.from = samples[0].seconds;
    this.to = Math.max(samples[samples.length - 1].seconds, this.from + 1e-6);
  }

  private xOf(seconds: number): number {
    return plotX + ((seconds - this.from) / (this.to - this.from)) * plotWidth;
  }

  private heading(text: string, y: number): void {
    this.svg.text(page.margin, y, text, { class: "h" });
  }

  /** Lines at round values up to `most`, labelled; gives the height of a value, px. */
  private scale(top: number, height: number, most: number, label: (v: number) => string) {
    const step = roundStep(most, label === formatBytes ? 1024 : 1000);
    const end = Math.max(Math.ceil(most / step), 1) * step;
    for (let value = 0; value <= end + step / 2; value += step) {
      const y = top + height - (value / end) * height;
      this.svg.element("path", { class: "grid", d: `M${plotX} ${coordinate(y)}h${plotWidth}` });
      this.svg.text(plotX - 8, y + 4, label(value), { class: "end faint" });
    }
    return (value: number): number => top + height - (value / end) * height;
  }

  drawStack(name: string, parts: readonly Part[], y: number, height: number): number {
    const { svg, samples } = this;
    this.heading(name, y);
    const top = y + 14;
    const sums = samples.map((_, i) => parts.reduce((sum, { values }) => sum + values[i], 0));
    const yOf = this.scale(top, height, Math.max(...sums, 1), formatBytes);
    let below = samples.map(() => 0);
    parts.forEach(({ name: part, fill, values }, place) => {
      const above = below.map((bytes, i) => bytes + values[i]);
      const lower = below;
      const point = (i: number, bytes: number): string =>
        `${coordinate(this.xOf(samples[i].seconds))} ${coordinate(yOf(bytes))}`;
      const there = above.map((bytes, i) => point(i, bytes)).join("L");
      const back = lower.map((bytes, i) => point(i, bytes)).reverse();
      svg.element("path", { d: `M${there}L${back.join("L")}Z`, fill, stroke: "none" });
      const last = values[values.length - 1];
      // The legend's order is the stack's: the first part is drawn at the bottom.
      const at = top + height - 4 - place * 18;
      svg.rectangle(legendX, at - 10, 13, 12, { fill });
      svg.text(legendX + 18, at, part, {});
      const value = formatBytes(Math.max(...values));
      svg.text(page.width - page.margin, at, value, { class: "end faint" });
      below = above;
      if (place === parts.length - 1 && last >= 0) {
        svg.text(page.width - page.margin, at - 18, "most", { class: "end faint" });
      }
    });
    return top + height;
  }

  drawArenas(y: number, height: number): number {
    const { svg, samples } = this;
    this.heading("Arenas in use", y);
    const top = y + 14;
    const most = Math.max(...samples.map(({ arenas }) => arenas), 1);
    const yOf = this.scale(top, height, most, (value) => formatCount(value));
    let path = "";
    samples.forEach(({ seconds, arenas }, i) => {
      const x = coordinate(this.xOf(seconds));
      const level = coordinate(yOf(arenas));
      path += i === 0 ? `M${x} ${level}` : `H${x}V${level}`;
    });
    svg.element("path", { d: path, fill: "none", stroke: inks.ink, "stroke-width": 1.8 });
    svg.text(legendX, top + 12, `most ${formatCount(most)}`, { class: "faint" });
    return top + height;
  }

  /** A lane a generation; a mark where it was collected since the sample before. */
  drawCollections(y: number): number {
    const { svg, samples } = this;
    this.heading("Collections", y);
    const pitch = 20;
    for (const generation of [0, 1, 2]) {
      const middle = y + 22 + generation * pitch;
      const total = samples[samples.length - 1].collections[generation];
      svg.text(plotX - 8, middle + 4, `gen ${generation}`, { class: "end faint" });
      svg.element("path", { class: "grid", d: `M${plotX} ${middle}h${plotWidth}` });
      svg.text(legendX, middle + 4, `${formatCount(total)} in all`, { class: "faint" });
      let path = "";
      for (let i = 1; i < samples.length; i++) {
        const since = samples[i].collections[generation] - samples[i - 1].collections[generation];
        if (since === 0) continue;
        // Taller where more collections fall between two samples.
        const tall = Math.min(4 + 2 * Math.log2(since), 9);
        path += `M${coordinate(this.xOf(samples[i].seconds))} ${middle - tall}v${coordinate(2 * tall)}`;
      }
      if (path === "") continue;
      svg.element("path", { d: path, stroke: partColours[generation], "stroke-width": 1.6 });
    }
    return y + 22 + 2 * pitch + 12;
  }

  drawAxis(y: number): void {
    const { svg } = this;
    const from = this.from * 1e9;
    const marks = this.samples.map(({ seconds }) => `M${coordinate(this.xOf(seconds))} ${y - 3}v3`);
    svg.element("path", { d: marks.join(""), stroke: inks.faint, "stroke-width": 0.7 });
    for (const { time, label } of newTicks(from, this.to * 1e9, 0, 10)) {
      const x = coordinate(this.xOf(time / 1e9));
      svg.element("path", { d: `M${x} ${y}v5`, stroke: inks.edge });
      svg.text(Number(x), y + 18, label, { class: "mid faint" });
    }
    const name = "time since the start";
    svg.text(legendX, y + 18, name, { class: "faint" });
  }
}
