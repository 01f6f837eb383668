/** `report.html`: results as one page that needs nothing else, figures and all. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { effectName } from "../report/comparison.js";
import {
  type CellComparison,
  type CellSummary,
  formatValue,
  readManifest,
} from "../report/results.js";
import { escapeXml } from "../report/svg.js";
import { ratioText, verdictText } from "./summary.js";

/** A folder that holds no result; the message is one line for the user. */
export class ResultError extends Error {
  override name = "ResultError";
}

/** A result as it lies on disk. */
export interface StoredResult {
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly cells: readonly CellSummary[];
  readonly comparisons: readonly CellComparison[];
}

/** Read a result folder. @throws {ResultError} */
export function readResult(folder: string): StoredResult {
  try {
    const manifest = readManifest(folder);
    const content = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8"));
    // Results before there were comparisons are a bare list of cells.
    const { cells, comparisons } = Array.isArray(content)
      ? { cells: content, comparisons: [] }
      : content;
    return { folder, manifest, cells, comparisons };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "it holds no manifest.json and summary.json" : message;
    throw new ResultError(`${folder} is no result: ${why}`);
  }
}

const STYLE = `
body{font:15px/1.5 Inter,system-ui,-apple-system,'Segoe UI',sans-serif;color:#17202c;
  margin:2rem auto;max-width:1240px;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.6rem 0}
th,td{padding:.25rem .7rem;border-bottom:1px solid #e2e7ed;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}th{color:#55606e;font-weight:600}
.doubt{background:#fff4e5;border-left:4px solid #d55e00;padding:.4rem .8rem;margin:.4rem 0}
.scroll{overflow-x:auto}.faint{color:#66707f;font-size:.9em}svg{max-width:100%;height:auto}
details{margin:.6rem 0}pre{white-space:pre-wrap;font-size:.85em}`;

/** The page of one result or several. @throws {ResultError} */
export function reportPage(folders: readonly string[]): string {
  const results = folders.map(readResult);
  const titles = results.map(({ manifest }) => String(manifest.experiment));
  const title = [...new Set(titles)].join(", ");
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>takegil: ${escapeXml(title)}</title><style>${STYLE}</style></head><body>`,
    ...results.map(section),
    "</body></html>\n",
  ].join("\n");
}

function section({ folder, manifest, cells, comparisons }: StoredResult): string {
  const configuration = (manifest.configuration ?? {}) as Record<string, unknown>;
  const machine = (manifest.machine ?? {}) as Record<string, unknown>;
  const doubts = (manifest.doubts ?? []) as string[];
  const commit = String(manifest.commit ?? "unknown").slice(0, 12);
  const dirty = manifest.dirty === true ? " with changes" : "";
  const facts = [
    `${manifest.started ?? "at an unknown time"}`,
    `${machine.cpuCount ?? "?"} × ${machine.cpuModel ?? "unknown processor"}`,
    `Node ${machine.node ?? "?"}`,
    `commit ${commit}${dirty}`,
    `status ${manifest.status}`,
  ];
  return [
    `<h1>${escapeXml(String(configuration.title ?? manifest.experiment))}</h1>`,
    `<p>${escapeXml(String(configuration.text ?? "")).replace(/\n\n/g, "</p><p>")}</p>`,
    `<p class="faint">${escapeXml(`${basename(folder)}  ·  ${facts.join("  ·  ")}`)}</p>`,
    ...doubts.map((doubt) => `<p class="doubt">Not to be trusted: ${escapeXml(doubt)}</p>`),
    ...figuresOf(folder),
    "<h2>Figures of each cell</h2>",
    ...metricTables(cells, comparisons, configuration.metrics),
    "<details><summary>Manifest</summary>",
    `<pre>${escapeXml(JSON.stringify({ ...manifest, outputs: undefined }, null, 1))}</pre></details>`,
  ].join("\n");
}

function figuresOf(folder: string): string[] {
  const figures = join(folder, "figures");
  if (!existsSync(figures)) return [];
  const names = readdirSync(figures).filter((name) => name.endsWith(".svg"));
  return names.sort().map((name, i) => {
    // Each drawing has a style sheet, and a page's sheets hold for all: so it becomes an image.
    const data = readFileSync(join(figures, name)).toString("base64");
    const text = escapeXml(name.replace(/\.svg$/, ""));
    return `<p><img id="figure-${i}" alt="${text}" style="max-width:100%" src="data:image/svg+xml;base64,${data}"></p>`;
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((row) => line(row, "td")).join("\n");
  return `<div class="scroll"><table>${line(head, "th")}\n${body}</table></div>`;
}

function metricTables(
  cells: readonly CellSummary[],
  comparisons: readonly CellComparison[],
  described: unknown,
): string[] {
  const names = [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))];
  const meanings = new Map(
    (Array.isArray(described) ? described : []).map(({ name, meaning }) => [name, meaning]),
  );
  return names.flatMap((name) => {
    const rows = cells.flatMap(({ cell, metrics }) => {
      const figure = metrics[name];
      if (figure === undefined) return [];
      const { n, median, low, high, mean, sd, min, max } = figure;
      return [[cell, String(n), ...[median, low, high, mean, sd, min, max].map(formatValue)]];
    });
    const head = ["cell", "n", "median", "95 % from", "to", "mean", "sd", "min", "max"];
    const own = comparisons.filter(({ metric }) => metric === name);
    const compared = own.map(({ cell, reference, result }) => [
      cell,
      reference,
      ratioText(result),
      `${result.delta.toFixed(2)} ${effectName(result.delta)}`,
      verdictText(result),
    ]);
    const columns = ["cell", "against", "ratio (95 %)", "Cliff's delta", "difference"];
    return [
      `<h3>${escapeXml(name)}</h3><p class="faint">${escapeXml(String(meanings.get(name) ?? ""))}</p>`,
      table(head, rows),
      ...(own.length === 0
        ? []
        : [
            `<details><summary>${own.length} comparisons</summary>${table(columns, compared)}</details>`,
          ]),
    ];
  });
}
