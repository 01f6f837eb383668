import type { Trace } from "../trace/file.js";
import { newTicks } from "./axis.js";
import { factsOf, titleOf } from "./page.js";
import { statisticsOf } from "./statistics.js";
import { formatName, formatRatio } from "./table.js";
import { columnsOf, heaviestThreads, newTimeline, type ThreadTimeline } from "./timeline.js";

/**
 * A trace as text for terminals and logs: a line a thread, time from left to right, nothing but
 * ASCII in the drawing.
 */

const maxThreads = 128;
const nameWidth = 18;
/** Columns that the figures at the right take. */
const figuresWidth = 17;

/** What the characters mean, below every drawing. */
const legend = [
  ["#", "has GIL"],
  ["+", "most of the time"],
  [":", "some of it"],
  ["-", "waiting for GIL"],
  ["!", "waiting, and a failed wake-up"],
  [".", "off GIL"],
] as const;

/**
 * Draw a trace as lines of text.
 *
 * @param width columns of the terminal, at least 50
 */
export function drawAscii(trace: Trace, width: number): string {
  const timeline = newTimeline(trace);
  const statistics = statisticsOf(trace, timeline);
  const threads = heaviestThreads(timeline, maxThreads);
  const columns = width - nameWidth - figuresWidth - 4;
  const span = { from: timeline.start, to: Math.max(timeline.end, timeline.start + 1) };
  const lines = [
    ...wrap([titleOf(trace, "who has the GIL"), ...factsOf(trace, statistics)], ", ", width),
    "",
    axisLine(span, columns),
    ...threads.map((thread) => {
      const name = formatName(thread.name, nameWidth).padEnd(nameWidth);
      const { waiting, has } = sharesOf(thread);
      return `${name} |${stripOf(thread, span, columns)}| ${has.padStart(7)} ${waiting.padStart(8)}`;
    }),
    "",
    ...wrap(
      legend.map(([sign, meaning]) => `${sign} ${meaning}`),
      "   ",
      width,
    ),
  ];
  const hidden = timeline.threads.length - threads.length;
  if (hidden > 0) lines.push(`${hidden} threads not shown`);
  if (statistics.droppedRecords > 0) {
    lines.push(`${statistics.droppedRecords} records lost: not to be trusted`);
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** One thread's line: a character a column. */
function stripOf(
  thread: ThreadTimeline,
  span: { readonly from: number; readonly to: number },
  columns: number,
): string {
  const { has, waiting } = columnsOf(thread, span, columns);
  const width = (span.to - span.from) / columns;
  const failed = new Uint8Array(columns);
  for (const time of thread.retries) {
    failed[Math.min(columns - 1, Math.floor((time - span.from) / width))] = 1;
  }
  let strip = "";
  for (let i = 0; i < columns; i++) {
    const from = span.from + i * width;
    if (thread.end <= from || thread.start >= from + width) strip += " ";
    else if (has[i] >= 0.95) strip += "#";
    else if (has[i] >= 0.5) strip += "+";
    else if (failed[i] === 1) strip += "!";
    else if (has[i] > 0) strip += ":";
    else strip += waiting[i] >= 0.5 ? "-" : ".";
  }
  return strip;
}

function sharesOf({ segments, start, end }: ThreadTimeline): { has: string; waiting: string } {
  const sums = [0, 0, 0];
  for (let i = 0; i < segments.length; i++) {
    sums[segments.state[i]] += segments.endOf(i) - segments.from[i];
  }
  const part = (sum: number): string => formatRatio(end > start ? sum / (end - start) : null);
  return { waiting: part(sums[1]), has: part(sums[2]) };
}

/** Round times above the columns where they are, and heads above the figures. */
function axisLine(span: { readonly from: number; readonly to: number }, columns: number): string {
  const line = new Array<string>(columns + 1).fill(" ");
  let free = 0;
  for (const { time, label } of newTicks(span.from, span.to, span.from, Math.floor(columns / 12))) {
    const at = Math.round(((time - span.from) / (span.to - span.from)) * columns);
    if (at < free || at + label.length > line.length) continue;
    // Labels are set in a fixed width, where a micro sign would be the only other character.
    for (const [i, character] of [...label.replace("µ", "u")].entries()) line[at + i] = character;
    free = at + label.length + 2;
  }
  return `${" ".repeat(nameWidth + 2)}${line.join("")} ${"has".padStart(7)} ${"waiting".padStart(8)}`;
}

/** Parts joined on as few lines as fit. */
function wrap(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last}${separator}${part}`;
    if (last !== undefined && joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines;
}
