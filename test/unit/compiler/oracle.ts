/** The real CPython 3.11 as a judge; null where it is not installed. */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

function findPython(): string | null {
  const named = process.env["TAKEGIL_PYTHON"];
  if (named !== undefined) return named;
  const versions = join(homedir(), ".pyenv", "versions");
  if (!existsSync(versions)) return null;
  for (const name of readdirSync(versions).sort().reverse()) {
    const python = join(versions, name, "bin", "python3");
    if (name.startsWith("3.11") && existsSync(python)) return python;
  }
  return null;
}

/** Path of CPython 3.11, or null. */
export const python = findPython();

/** Runs a script in CPython with text on its standard input; returns what it prints. */
export function runPython(script: string, input: string): string {
  const result = spawnSync(python!, ["-c", script], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout;
}
