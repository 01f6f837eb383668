/** The accepted differences from CPython 3.11: differences.json, explained in DIFFERENCES.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, ROOT } from "./corpus.js";

/** One accepted difference. Each is shown by a guest program, so that it cannot go stale. */
export interface Difference {
  /** A short name, the heading in DIFFERENCES.md. */
  id: string;
  /** The guest program that shows it, `<area>/<name>`. */
  program: string;
  /** Where it shows. */
  stream: "stdout" | "stderr";
  /** The lines of CPython, and what takegil has in their place. */
  cpython: string[];
  takegil: string[];
  reason: string;
}

/** Every accepted difference. */
export function readDifferences(): Difference[] {
  const path = join(ROOT, "test/guest/differences.json");
  return JSON.parse(readFileSync(path, "utf8")) as Difference[];
}

/** Where `lines` occur, one after the other, in `text`; -1 when they do not. */
export function indexOfLines(text: readonly string[], lines: readonly string[]): number {
  for (let start = 0; start + lines.length <= text.length; start++) {
    if (lines.every((line, offset) => text[start + offset] === line)) return start;
  }
  return -1;
}

/** What takegil must print where CPython prints `expected`. */
export function applyDifferences(
  program: string,
  expected: Outcome,
  differences: readonly Difference[],
): Outcome {
  const outcome = { ...expected, stdout: [...expected.stdout], stderr: [...expected.stderr] };
  for (const difference of differences) {
    if (difference.program !== program) continue;
    const lines = outcome[difference.stream];
    const start = indexOfLines(lines, difference.cpython);
    if (start >= 0) lines.splice(start, difference.cpython.length, ...difference.takegil);
  }
  return outcome;
}
