/** `takegil requests`: where the time of HTTP requests went, from a server's trace. */
import { requestParts, requestPartTerms } from "../report/requestparts.js";
import { classifyRequests, classLabel, newRequests } from "../report/requests.js";
import { formatSeconds } from "../report/table.js";
import { UsageError } from "./failure.js";
import { loadTrace, write } from "./files.js";

/** Print a table of a trace's requests, or all of them as JSON. */
export function showRequests(path: string, options: { json?: boolean }): void {
  const requests = newRequests(loadTrace(path));
  if (requests.length === 0) throw new UsageError(`${path} has no requests of takegil serve`);
  const classes = classifyRequests(requests);
  if (options.json === true) {
    write("-", `${JSON.stringify({ classes, requests }, null, 1)}\n`);
    return;
  }
  const heads = [
    "",
    "requests",
    "total",
    ...requestParts.map((part) => requestPartTerms[part].name),
  ];
  const rows = classes.map((row) => [
    classLabel(row),
    String(row.count),
    formatSeconds(row.totalSeconds),
    ...requestParts.map((part) => formatSeconds(row.parts[part])),
  ]);
  const widths = heads.map((head, i) =>
    Math.max(...[head, ...rows.map((row) => row[i])].map(({ length }) => length)),
  );
  const lines = [heads, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
  );
  write("-", `${lines.join("\n")}\n`);
}
