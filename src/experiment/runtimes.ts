import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The runtimes that experiments compare: takegil, and CPython where one is installed. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The package's root, from `dist/src/experiment/` or `dist/src/pack/`. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const COMMAND = join(ROOT, "dist/src/cli/main.js");
const TIMEOUT_MS = 120_000;
/** Most that a program may print: fairness.py tells of every turn, thousands a second in 2.7. */
const OUTPUT_BYTES = 256 << 20;

/** True once the command line has been built. */
export function takegilIsBuilt(): boolean {
  return existsSync(COMMAND);
}

/** takegil's command line of this checkout. */
export const takegil: Runtime = {
  name: "takegil",
  command: process.execPath,
  args: [COMMAND, "run"],
};

/**
 * Where CPython of this version, such as "3.11", is installed: TAKEGIL_PYTHON, else pyenv's folder,
 * else the PATH. Null where there is none: experiments then give absolute figures only.
 */
export function findCPython(version = "3.11"): string | null {
  const candidates: string[] = [];
  if (process.env.TAKEGIL_PYTHON) candidates.push(process.env.TAKEGIL_PYTHON);
  const versions = join(homedir(), ".pyenv/versions");
  if (existsSync(versions)) {
    const found = readdirSync(versions).filter((name) => name.startsWith(`${version}.`));
    candidates.push(...found.map((name) => join(versions, name, "bin/python")));
  }
  candidates.push(`python${version}`, "python3");
  return candidates.find((command) => isPython(command, version)) ?? null;
}

function isPython(command: string, version: string): boolean {
  // Python 2 tells its version on standard error.
  const { stdout, stderr } = spawnSync(command, ["-V"], { encoding: "utf8" });
  return `${stdout ?? ""}${stderr ?? ""}`.startsWith(`Python ${version}.`);
}

/** takegil, and CPython unless it is missing or not wanted. */
export function runtimesToCompare(wantReference: boolean): Runtime[] {
  const python = wantReference ? findCPython() : null;
  return python === null ? [takegil] : [takegil, { name: "cpython", command: python, args: [] }];
}

/** True where processes can be pinned to processors. */
const canPin = !spawnSync("taskset", ["-V"]).error;

/** A runtime on processors 0 to `cpus` - 1 only. @throws {Error} where that cannot be done */
export function pinned(runtime: Runtime, cpus: number): Runtime {
  if (!canPin) throw new Error("pinning needs Linux's taskset");
  const args = ["-c", `0-${cpus - 1}`, runtime.command, ...runtime.args];
  return { name: runtime.name, command: "taskset", args };
}

/** A program that came to its end. */
export interface Finished {
  readonly stdout: string;
  /** Wall time of the whole process. */
  readonly seconds: number;
  /** Why the run does not count, or null. */
  readonly failure: string | null;
}

/** Run a program to its end and wait for it. */
export function runProgram(runtime: Runtime, path: string, argv: readonly string[]): Finished {
  const started = performance.now();
  const child = spawnSync(runtime.command, [...runtime.args, path, ...argv], {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES,
  });
  const seconds = (performance.now() - started) / 1000;
  if (child.error !== undefined) {
    // The message names the command's path, which is nobody's business in a result.
    const { code, message } = child.error as NodeJS.ErrnoException;
    return { stdout: "", seconds, failure: code ?? message };
  }
  if (child.status === 0) return { stdout: child.stdout, seconds, failure: null };
  const lastLine = child.stderr.trimEnd().split("\n").at(-1);
  const failure = `exit status ${child.status ?? child.signal}: ${lastLine}`;
  return { stdout: child.stdout, seconds, failure };
}

/** Show where a long command is, on a terminal only; an empty text wipes the line. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** Rows of text as aligned columns: the first to the left, the others to the right. */
export function alignColumns(head: readonly string[], rows: readonly string[][]): string {
  const all = [[...head], ...rows];
  const width = (column: number) => Math.max(...all.map((row) => [...row[column]].length));
  const widths = head.map((_, column) => width(column));
  const pad = (text: string, column: number) => " ".repeat(widths[column] - [...text].length);
  return all
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text + pad(text, 0) : pad(text, column) + text))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
