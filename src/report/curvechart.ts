import { type AxisSpec, Chart, type ChartText, colourOf, formatTick, newScale } from "./chart.js";
import { ink } from "./page.js";
import { coordinate } from "./svg.js";

/** Lines through medians, with their 95 % intervals: throughput and its like against a factor. */

/** A line. */
export interface CurveSeries {
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** The 95 % interval; null with a single sample. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** What to draw. */
export interface CurveOptions extends ChartText {
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  /** Names of x values where these are no numbers. */
  readonly names: ReadonlyMap<number, string> | null;
  readonly series: readonly CurveSeries[];
  /** A line drawn beside: y = x, or a constant. */
  readonly ideal: "x" | number | null;
}

/** Draw lines as a self-contained SVG document. */
export function drawCurves(options: CurveOptions): string {
  const chart = new Chart(options);
  const points = options.series.flatMap((series) => series.points);
  const x = newScale(
    options.x,
    points.map((point) => point.x),
  );
  const bounds = points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]);
  const y = newScale(options.y, options.ideal === null ? bounds : [...bounds, ...idealOf(options)]);
  chart.drawYAxis(y);
  const own = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const few = own.length <= 12 ? new Map(own.map((v) => [v, formatTick(v, options.x.unit)])) : null;
  chart.drawXAxis(x, options.names ?? few ?? undefined);
  if (typeof options.ideal === "number") chart.drawMark(y, options.ideal, String(options.ideal));
  if (options.ideal === "x" && own.length > 0) {
    const d = own.map(
      (v, i) => `${i === 0 ? "M" : "L"}${pointAt(chart.xOf(x, v), chart.yOf(y, v))}`,
    );
    const dashes = { stroke: ink.strong, "stroke-width": 1.2, "stroke-dasharray": "2 4" };
    chart.svg.element("path", { d: d.join(""), fill: "none", ...dashes });
    const last = own[own.length - 1];
    const [px, py] = [chart.xOf(x, last), chart.yOf(y, last)];
    chart.svg.text(px - 10, py + 22, `y = ${options.x.label}`, { class: "end faint" });
  }
  options.series.forEach((series, i) => {
    const d = series.points.map(
      (point, j) =>
        `${j === 0 ? "M" : "L"}${pointAt(chart.xOf(x, point.x), chart.yOf(y, point.y))}`,
    );
    const line = { stroke: colourOf(i), "stroke-width": 2, fill: "none" };
    chart.svg.element("path", { d: d.join(""), ...line });
    for (const { low, high, ...point } of series.points) {
      const px = chart.xOf(x, point.x);
      if (low !== null && high !== null) chart.drawWhisker(y, px, low, high, colourOf(i));
      const value = formatTick(point.y, options.y.unit);
      chart.drawMarker(i, px, chart.yOf(y, point.y), `${series.name}: ${value}, n = ${point.n}`);
    }
  });
  chart.drawLegend(
    options.series.map(({ name }) => name),
    "marker",
  );
  return chart.finish();
}

function idealOf({ ideal, series }: CurveOptions): number[] {
  if (typeof ideal === "number") return [ideal];
  return series.flatMap(({ points }) => points.map(({ x }) => x));
}

function pointAt(x: number, y: number): string {
  return `${coordinate(x)} ${coordinate(y)}`;
}
