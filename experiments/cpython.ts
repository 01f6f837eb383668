import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where CPython 3.11 is installed: TAKEGIL_PYTHON, else pyenv's folder, else the PATH. Null where
 * there is none: experiments then give absolute figures only.
 */
export function findCPython(): string | null {
  const candidates: string[] = [];
  if (process.env.TAKEGIL_PYTHON) candidates.push(process.env.TAKEGIL_PYTHON);
  const versions = join(homedir(), ".pyenv/versions");
  if (existsSync(versions)) {
    const found = readdirSync(versions).filter((name) => name.startsWith("3.11"));
    candidates.push(...found.map((name) => join(versions, name, "bin/python3")));
  }
  candidates.push("python3.11", "python3");
  return candidates.find(isPython311) ?? null;
}

function isPython311(command: string): boolean {
  try {
    const version = execFileSync(command, ["-V"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return version.startsWith("Python 3.11");
  } catch {
    return false; // Not there, or not runnable.
  }
}
