/** Shards of a plan, run at different times or on different machines, as one result. */

import { join } from "node:path";
import { ResultFolder, readLines, readManifest, type Sample } from "../report/results.js";
import { ResultError } from "./report.js";
import {
  configurationOf,
  type Distribution,
  type PlanLine,
  type SweepOptions,
  type Swept,
} from "./sweep.js";

/** Make one folder of the samples of several. @throws {ResultError} when they do not fit */
export function mergeShards(options: SweepOptions, folders: readonly string[]): Swept {
  const { plan } = options;
  const { definition } = plan;
  const lines: PlanLine[] = [];
  const samples: Sample[] = [];
  const distributions: Distribution[] = [];
  const doubts: string[] = [];
  for (const folder of folders) {
    const manifest = manifestOf(folder);
    const { fingerprint } = (manifest.configuration ?? {}) as { fingerprint?: string };
    if (fingerprint !== plan.fingerprint) {
      throw new ResultError(`${folder} is of another program, other factors or another seed`);
    }
    const own = readLines<PlanLine>(join(folder, "plan.ndjson")).filter((l) => l.failure === null);
    const twice = own.find(({ launch }) => lines.some((line) => line.launch === launch));
    if (twice !== undefined) {
      throw new ResultError(`${folder} holds launch ${twice.launch}, which another one has too`);
    }
    lines.push(...own);
    samples.push(...readLines<Sample>(join(folder, "samples.ndjson")));
    distributions.push(...readLines<Distribution>(join(folder, "distributions.ndjson")));
    doubts.push(...((manifest.doubts ?? []) as string[]));
  }
  const folder = new ResultFolder({
    root: options.root,
    experiment: definition.name,
    argv: options.argv,
    configuration: { ...configurationOf(plan, null), mergedFrom: folders },
    sources: [definition.program, definition.path],
  });
  for (const doubt of doubts) folder.doubt(doubt);
  folder.append("plan.ndjson", lines);
  folder.append("samples.ndjson", samples);
  if (distributions.length > 0) folder.append("distributions.ndjson", distributions);
  const done = lines.length;
  return { folder, samples, distributions, failures: [], done, interrupted: false };
}

function manifestOf(folder: string): Record<string, unknown> {
  try {
    return readManifest(folder);
  } catch {
    throw new ResultError(`${folder} is no result: it has no manifest.json`);
  }
}
