import type { Trace } from "../trace/file.js";
import type { Statistics } from "./statistics.js";
import type { SvgDocument } from "./svg.js";
import { formatCount, formatName, formatRatio, formatSeconds } from "./table.js";

/** What all pictures of a trace have in common: page, title, facts about the run, footnote. */

/** px. */
export const page = { width: 1200, margin: 28 } as const;

/** Colours that mean nothing by themselves. */
export const ink = {
  strong: "#17202c",
  faint: "#66707f",
  grid: "#e8ecf1",
  zoom: "#f3f6fa",
} as const;

/** Style sheet of every picture; each adds its own colours. */
export const pageStyle = [
  "text{font-family:Inter,system-ui,-apple-system,'Segoe UI','DejaVu Sans',Arial,sans-serif;",
  `font-size:11px;fill:${ink.strong};font-variant-numeric:tabular-nums}`,
  `.faint{fill:${ink.faint}}.end{text-anchor:end}.mid{text-anchor:middle}`,
  `.grid{stroke:${ink.grid};stroke-width:1}`,
].join("");

/** A title: the program, without its folders, and what the picture shows of it. */
export function titleOf(trace: Trace, subject: string): string {
  const { program } = trace.header;
  // Neither a file's folders nor a bare `-c` make a title.
  const name = program.startsWith("-") ? `takegil run ${program}` : program.replace(/^.*\//, "");
  return `${formatName(name, 60)}: ${subject}`;
}

/** How the program ran and what its lock did, as one line's parts. */
export function factsOf(trace: Trace, statistics: Statistics): string[] {
  const { discipline, switchIntervalUs } = trace.header;
  const threads = statistics.threads.length;
  const facts = [
    discipline,
    `switch interval ${formatSeconds(switchIntervalUs / 1e6)}`,
    `${threads} ${threads === 1 ? "thread" : "threads"}`,
    formatSeconds(statistics.wallSeconds),
  ];
  for (const lock of statistics.locks.slice(0, 1)) {
    facts.push(`GIL held ${formatRatio(lock.heldRatio)}`);
    const rate = lock.switchesPerSecond?.toFixed(0) ?? "–";
    facts.push(`${formatCount(lock.switches)} switches (${rate}/s)`);
    if (lock.switches > 0) facts.push(`median run ${formatSeconds(lock.runP50Seconds)}`);
  }
  return facts;
}

/** Draw the white page, its title and a line of facts; returns where the next line goes. */
export function drawHead(svg: SvgDocument, title: string, facts: readonly string[]): number {
  // A page behind everything, sized once the height is known by a percentage.
  svg.element("rect", { width: "100%", height: "100%", fill: "#fff" });
  svg.text(page.margin, 44, title, { style: "font-size:21px;font-weight:600" });
  svg.text(page.margin, 66, facts.join("  ·  "), { class: "faint", style: "font-size:12.5px" });
  return 92;
}

/** Draw where the figure comes from, and whether it is to be trusted; returns the page's height. */
export function drawFootnote(
  svg: SvgDocument,
  trace: Trace,
  statistics: Statistics,
  hiddenThreads: number,
  y: number,
): number {
  const { node, cpuCount, cpuModel, startTime, argv, program } = trace.header;
  // Figures are passed on: they name the program, not the folders of one machine.
  const command = formatName([program.replace(/^\/.*\//, ""), ...argv].join(" "), 70);
  const facts = [command, startTime.replace("T", " ").replace(/\..*$/, " UTC")];
  facts.push(`Node ${node}`, `${cpuCount} × ${formatName(cpuModel, 40)}`);
  svg.text(page.margin, y, facts.join("  ·  "), { class: "faint", style: "font-size:10.5px" });
  const notes = [`${formatCount(statistics.records)} records`];
  if (statistics.droppedRecords > 0) {
    notes.push(`${formatCount(statistics.droppedRecords)} lost: not to be trusted`);
  } else notes.push("none lost");
  if (!statistics.complete) notes.push("cut short");
  if (hiddenThreads > 0) notes.push(`${formatCount(hiddenThreads)} threads not shown`);
  const right = { class: "faint end", style: "font-size:10.5px" };
  svg.text(page.width - page.margin, y, notes.join("  ·  "), right);
  return y + 22;
}
