import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cpus, loadavg, release } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Comparison } from "./comparison.js";
import { type Summary, summarise } from "./sampling.js";

/**
 * `results/<experiment>/<UTC>-<6 hex>/`: what an experiment leaves behind so that its figures can
 * be checked and repeated. Files hold seconds, bytes and ratios with the unit in the column name;
 * a value that is not known is null in JSON and empty in CSV, never 0.
 */

/** One measured run: every factor and every metric. */
export type Sample = Readonly<Record<string, string | number | boolean | null>>;

/** A cell of the experiment with the summary of each of its metrics. */
export interface CellSummary {
  readonly cell: string;
  readonly metrics: Readonly<Record<string, Summary>>;
}

/** Two cells that differ in one factor, compared in one metric. */
export interface CellComparison {
  readonly metric: string;
  /** The cell that is compared with, and the other. */
  readonly reference: string;
  readonly cell: string;
  readonly result: Comparison;
}

/** What an experiment states about itself when its folder is made. */
export interface ResultOptions {
  /** The folder that holds all experiments, `results`; paths are stated relative to its parent. */
  readonly root: string;
  readonly experiment: string;
  readonly argv: readonly string[];
  /** Every option in its resolved form. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Files that decide the result; their SHA-256 stands in the manifest. */
  readonly sources: readonly string[];
}

/** The most load a core may bear at the start of a run that is to be trusted. */
const TRUSTED_LOAD = 0.5;
/** The largest standard deviation, as a part of the mean, of a cell that is to be trusted. */
const TRUSTED_SPREAD = 0.1;

/** Factors of a sample as a cell's name: sorted `key=value`, joined with commas. */
export function cellName(factors: Readonly<Record<string, string | number>>): string {
  return Object.keys(factors)
    .sort()
    .map((key) => `${key}=${factors[key]}`)
    .join(",");
}

/** Group samples by their factors and summarise each metric of each cell. */
export function summariseCells(
  samples: readonly Sample[],
  factors: readonly string[],
  metrics: readonly string[],
): CellSummary[] {
  const cells = new Map<string, Sample[]>();
  for (const sample of samples) {
    const named = Object.fromEntries(factors.map((key) => [key, sample[key] as string | number]));
    const name = cellName(named);
    const members = cells.get(name);
    if (members === undefined) cells.set(name, [sample]);
    else members.push(sample);
  }
  return [...cells].map(([cell, members]) => {
    const summaries: Record<string, Summary> = {};
    for (const metric of metrics) {
      const values = members.map((sample) => sample[metric]).filter((v) => typeof v === "number");
      if (values.length > 0) summaries[metric] = summarise(values);
    }
    return { cell, metrics: summaries };
  });
}

function csvField(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Samples as CSV; the columns are all keys in the order of their first appearance. */
export function toCsv(samples: readonly Sample[]): string {
  const columns = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
  const rows = samples.map((sample) => columns.map((column) => csvField(sample[column])).join(","));
  return `${[columns.join(","), ...rows].join("\n")}\n`;
}

/** A table in Markdown; numbers are given as text by the caller. */
export function toMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `${[line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n")}\n`;
}

/** Four significant digits: what a summary shows of a measured value. */
export function formatValue(value: number | null): string {
  if (value === null) return "";
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : value.toPrecision(4);
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function git(...args: string[]): string | null {
  try {
    const cwd = fileURLToPath(new URL(".", import.meta.url));
    const options = { encoding: "utf8" as const, stdio: "pipe" as const, cwd };
    return execFileSync("git", args, options).trim();
  } catch {
    return null; // Not a checkout, or no git: the manifest says null.
  }
}

function allowedCpus(): string | null {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? null;
  } catch {
    return null; // Only Linux tells.
  }
}

/** The smallest step that `performance.now()` shows in a short busy watch. */
function clockResolutionSeconds(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let last = performance.now();
  for (let i = 0; i < 2000; i++) {
    const now = performance.now();
    if (now > last) smallest = Math.min(smallest, now - last);
    last = now;
  }
  return Number.isFinite(smallest) ? smallest / 1000 : 0;
}

function describeMachine(): Record<string, unknown> {
  const [model] = cpus();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${release()} ${process.arch}`,
    cpuModel: model?.model ?? null,
    cpuCount: cpus().length,
    cpuAffinity: allowedCpus(),
    loadAtStart: loadavg()[0],
    clockResolutionSeconds: clockResolutionSeconds(),
  };
}

function newName(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return `${stamp}-${randomBytes(3).toString("hex")}`;
}

function newManifest(options: ResultOptions): Record<string, unknown> {
  const status = git("status", "--porcelain", "--untracked-files=no");
  return {
    experiment: options.experiment,
    started: new Date().toISOString(),
    status: "partial",
    commit: git("rev-parse", "HEAD"),
    dirty: status === null ? null : status !== "",
    argv: options.argv,
    configuration: options.configuration,
    machine: describeMachine(),
    sources: Object.fromEntries(
      options.sources.map((path) => [relative(join(options.root, ".."), path), sha256(path)]),
    ),
  };
}

/** The manifest of a result folder. @throws {Error} when there is none, or it is no JSON */
export function readManifest(folder: string): Record<string, unknown> {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  if (typeof manifest !== "object" || manifest === null) throw new Error("it is no manifest");
  return manifest as Record<string, unknown>;
}

/** The values of a file of JSON lines; empty when there is none. */
export function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  // Only a line that was written to its end is followed by another, be it empty.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as T);
}

/** The folder of one run of an experiment, and everything written into it. */
export class ResultFolder {
  readonly path: string;
  readonly #options: ResultOptions;
  readonly #manifest: Record<string, unknown>;
  readonly #doubts: string[];

  /** Make a new folder, or go on with one that was left unfinished. */
  constructor(options: ResultOptions, unfinished?: string) {
    this.#options = options;
    this.path = unfinished ?? join(options.root, options.experiment, newName());
    this.#manifest = unfinished === undefined ? newManifest(options) : readManifest(unfinished);
    this.#doubts = (this.#manifest.doubts as string[] | undefined) ?? [];
    const load = loadavg()[0] / cpus().length;
    if (load > TRUSTED_LOAD) {
      this.doubt(`load at start was ${load.toFixed(2)} a core, above ${TRUSTED_LOAD}`);
    }
    mkdirSync(this.path, { recursive: true });
    this.#writeManifest();
  }

  /** Note why this result is not to be trusted. */
  doubt(reason: string): void {
    if (!this.#doubts.includes(reason)) this.#doubts.push(reason);
  }

  /** The reasons noted so far. */
  get doubts(): readonly string[] {
    return this.#doubts;
  }

  /** Add a fact to the manifest. */
  note(key: string, value: unknown): void {
    this.#manifest[key] = value;
  }

  /** Write `text` to a file below the folder, `figures/x.svg` for example; give its path. */
  write(name: string, text: string | Uint8Array): string {
    const path = join(this.path, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Add lines to a file of JSON values, one a line: at once, so that what is done is kept. */
  append(name: string, values: readonly unknown[]): void {
    const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("");
    appendFileSync(join(this.path, name), lines);
  }

  /** Write a file of JSON values anew, all at once. */
  replace(name: string, values: readonly unknown[]): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.new`, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
    renameSync(`${path}.new`, path);
  }

  /** What has been appended to a file; a last line cut short by a sudden end is left out. */
  read<T>(name: string): T[] {
    return readLines<T>(join(this.path, name));
  }

  /** Add one to `samples`, and to samples.ndjson at once, so that a sudden end does not lose it. */
  keep(samples: Sample[], sample: Sample): void {
    samples.push(sample);
    this.append("samples.ndjson", [sample]);
  }

  /** Write samples.ndjson and samples.csv. */
  writeSamples(samples: readonly Sample[]): void {
    this.replace("samples.ndjson", samples);
    this.write("samples.csv", toCsv(samples));
  }

  /**
   * Write summary.json and summary.md, and doubt the result where the `judged` metric of a cell
   * spreads by more than a tenth of its mean.
   */
  writeSummary(
    cells: readonly CellSummary[],
    judged: string,
    text: string,
    comparisons: readonly CellComparison[] = [],
  ): void {
    for (const { cell, metrics } of cells) {
      const figures = metrics[judged];
      if (figures === undefined || figures.sd === null) continue;
      const spread = figures.sd / Math.abs(figures.mean);
      if (spread > TRUSTED_SPREAD) {
        this.doubt(`${cell}: sd of ${judged} is ${(spread * 100).toFixed(0)} % of the mean`);
      }
    }
    this.write("summary.json", `${JSON.stringify({ cells, comparisons }, null, 1)}\n`);
    const doubts = this.#doubts.map((reason) => `- not to be trusted: ${reason}\n`).join("");
    this.write("summary.md", `# ${this.#options.experiment}\n\n${text}\n${doubts}`);
  }

  /** Complete the manifest and point `latest` at this run. */
  finish(status: "complete" | "partial"): void {
    this.#manifest.status = status;
    this.#manifest.finished = new Date().toISOString();
    this.#manifest.outputs = this.#outputs();
    this.#writeManifest();
    const latest = join(this.path, "../latest");
    const fresh = `${latest}.${process.pid}`;
    rmSync(fresh, { force: true });
    symlinkSync(relative(join(this.path, ".."), this.path), fresh);
    renameSync(fresh, latest);
  }

  #outputs(): Record<string, string> {
    const names = readdirSync(this.path, { recursive: true }) as string[];
    const files = names.filter((name) => statSync(join(this.path, name)).isFile());
    return Object.fromEntries(
      files
        .filter((name) => name !== "manifest.json")
        .sort()
        .map((name) => [name, sha256(join(this.path, name))]),
    );
  }

  #writeManifest(): void {
    const manifest = {
      ...this.#manifest,
      trusted: this.#doubts.length === 0,
      doubts: this.#doubts,
    };
    writeFileSync(join(this.path, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  }
}
