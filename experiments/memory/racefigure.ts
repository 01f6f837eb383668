import { type RaceMode, type RaceRun, raceModes } from "../../src/index.js";
import { inks, newPage, page, partColours, style } from "../../src/report/heappage.js";
import { formatCount, formatRatio, formatSeconds } from "../../src/report/table.js";

/** The race drawn: a bar a run, what the count shows of the changes made; the rest was lost. */

const labels = 150;
const figures = 330;
const plotX = page.margin + labels;
const plotWidth = page.width - 2 * page.margin - labels - figures;
const pitch = 24;

const meanings: Record<RaceMode, string> = {
  "no lock": "as CPython does it, without the GIL",
  atomic: "Atomics.add, no lock",
  GIL: "as CPython does it, with the GIL",
};

/** Draw all runs, grouped by how the threads were kept apart. */
export function drawRace(runs: readonly RaceRun[], sentence: string): string {
  const svg = newPage();
  const title = "Two threads change one reference count";
  svg.text(page.margin, 44, title, { style: "font-size:21px;font-weight:600" });
  svg.text(page.margin, 72, sentence, { style: "font-size:14px" });
  svg.rectangle(page.margin, 90, 13, 12, { fill: partColours[0] });
  svg.text(page.margin + 18, 100, "changes that the count shows", {});
  svg.rectangle(page.margin + 220, 90, 13, 12, { fill: partColours[5] });
  svg.text(page.margin + 238, 100, "changes lost", {});
  let y = 124;
  for (const mode of raceModes) {
    y += 18;
    svg.text(page.margin, y, mode, { class: "h" });
    svg.text(plotX, y, meanings[mode], { class: "faint" });
    y += 10;
    runs
      .filter((run) => run.mode === mode)
      .forEach(({ changes, counted, seconds, overlap }, i) => {
        const width = (counted / changes) * plotWidth;
        const height = pitch - 6;
        svg.text(plotX - 10, y + 13, `run ${i + 1}`, { class: "end faint" });
        svg.rectangle(plotX, y, width, height, { fill: partColours[0] });
        svg.rectangle(plotX + width, y, plotWidth - width, height, { fill: partColours[5] });
        const lost = changes - counted;
        const share = lost === 0 ? "" : ` (${formatRatio(lost / changes)})`;
        const facts = `${formatCount(lost)} lost${share}, ${formatSeconds(seconds)}`;
        svg.text(plotX + plotWidth + 12, y + 13, facts, {});
        if (mode === "no lock") {
          const together = `both ran ${formatRatio(overlap)} of it`;
          svg.text(page.width - page.margin, y + 13, together, { class: "end faint" });
        }
        y += pitch;
      });
    svg.element("path", { d: `M${plotX} ${y}h${plotWidth}`, stroke: inks.grid });
  }
  return svg.finish(page.width, y + 24, title, style);
}
