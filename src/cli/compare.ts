/** `takegil compare`: results beside a reference. */
import {
  type Compared,
  type Contestant,
  comparedMarkdown,
  comparedTable,
  compareResults,
  differingFactors,
  failuresOf,
  readContestant,
  type Threshold,
} from "../experiment/comparing.js";
import { alignColumns } from "../experiment/runtimes.js";
import { UsageError } from "./failure.js";
import { write } from "./files.js";
import { say } from "./run.js";
import { mendable } from "./sweep.js";

export interface CompareCommand {
  format: "table" | "md" | "json";
  json?: boolean;
  metric: string[];
  failIf: Threshold[];
}

/** Exit status when a threshold was passed. */
const STATUS_THRESHOLD = 1;

/** Compare results; the exit status. */
export async function compareFolders(
  paths: readonly string[],
  options: CompareCommand,
): Promise<number> {
  const [reference, ...others] = await mendable(() => paths.map(readContestant));
  if (others.length === 0) throw new UsageError("name a reference and one or more results");
  const compared = others.flatMap((other) => compareResults(reference, other, options.metric));
  if (compared.length === 0) {
    throw new UsageError("the results have no cell and metric in common");
  }
  for (const { metric, text } of options.failIf) {
    if (compared.some((one) => one.metric.includes(metric))) continue;
    const names = [...new Set(compared.map((one) => one.metric))];
    throw new UsageError(`--fail-if ${text}: no such metric; there are ${names.join(", ")}`);
  }
  const failures = failuresOf(compared, options.failIf);
  const format = options.json === true ? "json" : options.format;
  if (format === "json") {
    const failed = failures.map(({ threshold, compared: one }) => {
      return {
        threshold: threshold.text,
        against: one.against,
        cell: one.cell,
        metric: one.metric,
      };
    });
    write("-", `${JSON.stringify({ reference: reference.name, compared, failed }, null, 1)}\n`);
  } else {
    for (const other of others) show(reference, other, compared, format);
  }
  for (const { threshold, compared: one } of failures) {
    say(`failed ${threshold.text}: ${one.metric} of ${one.cell || "all"} in ${one.against}\n`);
  }
  say(`next: takegil report ${paths.join(" ")}\n`);
  return failures.length > 0 ? STATUS_THRESHOLD : 0;
}

function show(
  reference: Contestant,
  other: Contestant,
  all: readonly Compared[],
  format: "table" | "md",
): void {
  const compared = all.filter(({ against }) => against === other.name);
  const differing = differingFactors(reference, other).map(
    (name) => `${name} ${reference.samples[0][name]} → ${other.samples[0][name]}`,
  );
  const what = differing.length > 0 ? ` (${differing.join(", ")})` : "";
  write("-", `reference ${reference.name}, new ${other.name}${what}\n\n`);
  if (format === "md") write("-", `${comparedMarkdown(compared)}\n`);
  else {
    const { head, rows } = comparedTable(compared);
    write("-", `${alignColumns(head, rows)}\n\n`);
  }
  for (const { name, doubts } of [reference, other]) {
    for (const doubt of doubts) write("-", `not to be trusted: ${name}: ${doubt}\n`);
  }
}
