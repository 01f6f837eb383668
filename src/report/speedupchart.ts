import { type AxisSpec, Chart, type ChartText, colourOf, newScale, plot } from "./chart.js";
import { coordinate } from "./svg.js";

/** Speed-ups as bars in groups, beside the line of no gain; whiskers are 95 % intervals. */

/** A bar; null where nothing was measured. */
export interface SpeedupBar {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What to draw. */
export interface SpeedupOptions extends ChartText {
  readonly groups: readonly string[];
  readonly groupLabel: string;
  readonly y: AxisSpec;
  /** Names of the bars of each group. */
  readonly names: readonly string[];
  /** `bars[group][name]`. */
  readonly bars: readonly (readonly (SpeedupBar | null)[])[];
}

/** Part of a group's width that its bars take. */
const FILLED = 0.74;

/** Draw bars as a self-contained SVG document. */
export function drawSpeedup(options: SpeedupOptions): string {
  const chart = new Chart(options);
  const bars = options.bars.flat().filter((bar) => bar !== null);
  const y = newScale(options.y, [1, ...bars.map(({ value, high }) => Math.max(value, high ?? 0))]);
  chart.drawYAxis(y);
  chart.drawGroups(options.groups, options.groupLabel);
  const groupWidth = plot.width / options.groups.length;
  const pitch = Math.min(90, (groupWidth * FILLED) / options.names.length);
  options.bars.forEach((group, g) => {
    const start = plot.x + (g + 0.5) * groupWidth - (pitch * options.names.length) / 2;
    group.forEach((bar, i) => {
      if (bar === null) return;
      const top = chart.yOf(y, bar.value);
      const fill = { fill: colourOf(i) };
      const tip = `${options.groups[g]}, ${options.names[i]}: ${bar.value.toFixed(3)}`;
      chart.svg.rectangle(start + i * pitch + 1, top, pitch - 2, chart.bottom - top, fill, tip);
      const middle = start + (i + 0.5) * pitch;
      if (bar.low !== null && bar.high !== null) {
        chart.drawWhisker(y, middle, bar.low, bar.high, "#17202c");
      }
      const above = Math.min(top, bar.high === null ? top : chart.yOf(y, bar.high)) - 7;
      chart.svg.text(Number(coordinate(middle)), above, bar.value.toFixed(2), { class: "mid" });
    });
  });
  chart.drawMark(y, 1, "1");
  chart.drawLegend(options.names, "square");
  return chart.finish();
}
