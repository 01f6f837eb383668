/** CPython 3.11, asked once a test file for what it answers to many cases. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

function find(): string | null {
  if (process.env.TAKEGIL_PYTHON !== undefined) return process.env.TAKEGIL_PYTHON;
  const versions = join(homedir(), ".pyenv", "versions");
  if (!existsSync(versions)) return null;
  for (const name of readdirSync(versions)) {
    const python = join(versions, name, "bin", "python3");
    if (name.startsWith("3.11") && existsSync(python)) return python;
  }
  return null;
}

/** The interpreter, or null where this machine has none: tests that need it are then skipped. */
export const python = find();

/** Run `program`, which prints one JSON value. */
export function ask<Answer>(program: string): Answer {
  if (python === null) throw new Error("no CPython 3.11");
  const options = {
    input: program,
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 26,
  } as const;
  return JSON.parse(execFileSync(python, ["-I", "-X", "utf8", "-"], options)) as Answer;
}
