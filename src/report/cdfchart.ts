import { Chart, type ChartText, colourOf, newScale, type Unit } from "./chart.js";
import { coordinate } from "./svg.js";

/**
 * Distribution functions of latencies. The vertical axis is stretched towards the tail, as in
 * G. Tene's latency charts: 90 %, 99 % and 99.9 % are equally far apart.
 */

/** A distribution as pairs of fraction and value, both rising. */
export interface CdfSeries {
  readonly name: string;
  readonly quantiles: readonly (readonly [number, number])[];
}

/** What to draw. */
export interface CdfOptions extends ChartText {
  readonly label: string;
  readonly unit: Unit;
  readonly series: readonly CdfSeries[];
}

/** Fractions that are labelled. */
const LABELLED = [0, 0.5, 0.9, 0.99, 0.999, 0.9999];

function stretch(fraction: number): number {
  return -Math.log10(1 - fraction);
}

/** Draw distributions as a self-contained SVG document. */
export function drawCdf(options: CdfOptions): string {
  const chart = new Chart(options);
  const values = options.series.flatMap(({ quantiles }) => quantiles.map(([, value]) => value));
  const x = newScale({ label: options.label, unit: options.unit, log: true }, values);
  // The greatest value, at 1, is at no finite distance: the chart ends before it.
  const fractions = options.series.flatMap(({ quantiles }) => quantiles.map(([f]) => f));
  const most = Math.max(0.5, ...fractions.filter((fraction) => fraction < 1));
  const ticks = LABELLED.filter((fraction) => fraction <= most);
  const end = stretch(most);
  const part = (fraction: number): number => stretch(fraction) / end;
  const label = "part of the values at most this long";
  const y = { spec: { label, unit: "" as const, log: false }, from: 0, to: 1, ticks, part };
  chart.drawYAxis(y);
  chart.drawXAxis(x);
  options.series.forEach(({ quantiles }, i) => {
    const shown = quantiles.filter(([fraction, value]) => value > 0 && fraction < 1);
    const d = shown.map(
      ([fraction, value], j) =>
        `${j === 0 ? "M" : "L"}${coordinate(chart.xOf(x, value))} ${coordinate(chart.yOf(y, fraction))}`,
    );
    chart.svg.element("path", {
      d: d.join(""),
      stroke: colourOf(i),
      "stroke-width": 2,
      fill: "none",
    });
    for (const wanted of [0.5, 0.9, 0.99]) {
      const found = shown.find(([fraction]) => Math.abs(fraction - wanted) < 1e-9);
      if (found === undefined) continue;
      const name = `${options.series[i].name}: ${wanted * 100} % within`;
      chart.drawMarker(i, chart.xOf(x, found[1]), chart.yOf(y, wanted), name);
    }
  });
  chart.drawLegend(
    options.series.map(({ name }) => name),
    "marker",
  );
  return chart.finish();
}
