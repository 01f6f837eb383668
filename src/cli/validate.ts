/** `takegil validate`: the same program under CPython and under takegil. */
import { resolve } from "node:path";
import { findExperiment } from "../experiment/catalogue.js";
import { conclude } from "../experiment/conclude.js";
import { DefinitionError } from "../experiment/definition.js";
import { parseFactors } from "../experiment/plan.js";
import { alignColumns, showProgress } from "../experiment/runtimes.js";
import { findUnfinished, sweep } from "../experiment/sweep.js";
import {
  newReference,
  newValidation,
  type Reference,
  VALIDATED_HEAD,
  type Validated,
  validate,
  validatedRows,
} from "../experiment/validation.js";
import { toMarkdown } from "../report/results.js";
import { write } from "./files.js";
import { say } from "./run.js";
import { abortOnSignals, doubtLines, mendable, shown } from "./sweep.js";

export interface ValidateCommand {
  python: string[];
  repeats?: number;
  calm?: boolean;
  seed: number;
  rerun?: boolean;
  results: string;
  format: "table" | "md" | "json";
  json?: boolean;
}

/** Exit statuses: a figure differs, or a launch failed; interrupted. */
const STATUS_DIFFERS = 1;
const STATUS_INTERRUPTED = 130;

/** Validate an experiment against one CPython or several; the exit status. */
export async function runValidation(
  name: string,
  words: readonly string[],
  options: ValidateCommand,
): Promise<number> {
  return mendable(async () => {
    const definition = findExperiment(name);
    if (definition.reference.length === 0) {
      throw new DefinitionError(`${name} has no reference figures to validate`);
    }
    const references = options.python.map(newReference);
    const { signal } = abortOnSignals();
    let worst = 0;
    for (const reference of references) {
      worst = Math.max(worst, await one(name, words, options, reference, signal));
      if (signal.aborted) return STATUS_INTERRUPTED;
    }
    return worst;
  });
}

async function one(
  name: string,
  words: readonly string[],
  options: ValidateCommand,
  reference: Reference,
  signal: AbortSignal,
): Promise<number> {
  const definition = findExperiment(name);
  const plan = newValidation(definition, reference, {
    factors: parseFactors(words, definition),
    repeats: options.repeats ?? null,
    seed: options.seed,
  });
  const root = resolve(options.results);
  const settings = {
    plan,
    launches: plan.launches,
    shard: null,
    root,
    argv: ["validate", name, ...words, "--python", reference.runtime.name],
    unfinished: options.rerun === true ? null : findUnfinished(root, plan, null),
    runtimes: new Map([[reference.runtime.name, reference.runtime]]),
    calm: options.calm === true,
    progress: showProgress,
    signal,
  };
  const swept = await sweep(settings);
  const { samples } = await conclude(settings, swept);
  const validated = validate(samples, definition, reference);
  swept.folder.write("validation.json", `${JSON.stringify({ reference, validated }, null, 1)}\n`);
  const title = `${definition.name}: ${reference.runtime.name} and takegil`;
  const markdown = toMarkdown(VALIDATED_HEAD, validatedRows(validated));
  swept.folder.write("validation.md", `# ${title}\n\n${markdown}`);
  swept.folder.finish(swept.interrupted ? "partial" : "complete");
  tell(title, markdown, validated, options);
  for (const failure of swept.failures) say(`failed: ${failure}\n`);
  for (const line of doubtLines(swept.folder.doubts)) say(`${line}\n`);
  say(`written: ${shown(swept.folder.path)}\n`);
  const again = `takegil validate ${[name, ...words].join(" ")} --python ${reference.runtime.command}`;
  if (signal.aborted) say(`interrupted; go on with: ${again}\n`);
  else
    say(
      `next: open ${shown(swept.folder.path)}/report.html, or more repeats: ${again} --repeats 9\n`,
    );
  const differs = validated.some(({ verdict }) => verdict === "differs");
  return differs || swept.failures.length > 0 ? STATUS_DIFFERS : 0;
}

function tell(
  title: string,
  markdown: string,
  validated: readonly Validated[],
  options: ValidateCommand,
): void {
  const format = options.json === true ? "json" : options.format;
  if (format === "json") write("-", `${JSON.stringify({ title, validated }, null, 1)}\n`);
  else if (format === "md") write("-", `## ${title}\n\n${markdown}\n`);
  else write("-", `${title}\n\n${alignColumns(VALIDATED_HEAD, validatedRows(validated))}\n\n`);
}
