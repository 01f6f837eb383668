/**
 * Test files of an installed CPython 3.11, run by path and unmodified. What does not pass is listed
 * in EXPECTED.md with its reason, and nothing else may be.
 */
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCPython } from "../../src/experiment/runtimes.js";
import { ROOT } from "../guest/corpus.js";

const python = findCPython();
const LIMIT_MS = 300_000;

/** How tests of a file ended that did not pass, by `Class.test`. */
type Outcomes = Map<string, "error" | "fail" | "skip">;

interface Run {
  outcomes: Outcomes;
  /** Tests that the file ran, by unittest's own count. */
  ran: number;
  stderr: string;
}

function testFolder(): string {
  const code = "import test, os; print(os.path.dirname(test.__file__))";
  return execFileSync(python as string, ["-c", code], { encoding: "utf8" }).trim();
}

function runFile(file: string): Promise<Run> {
  const args = [join(ROOT, "dist/src/cli/main.js"), "run", join(testFolder(), file), "-v"];
  const env = { ...process.env, PYTHONPATH: join(ROOT, "test/cpython/path") };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS - 10_000);
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      const stderr = Buffer.concat(chunks).toString("utf8");
      resolve({ outcomes: readOutcomes(stderr), ran: readCount(stderr), stderr });
    });
  });
}

function readOutcomes(report: string): Outcomes {
  const outcomes: Outcomes = new Map();
  for (const [, kind, test] of report.matchAll(/^(ERROR|FAIL): \w+ \(__main__\.([\w.]+)\)/gm)) {
    outcomes.set(test, kind === "ERROR" ? "error" : "fail");
  }
  for (const [, test] of report.matchAll(/\(__main__\.([\w.]+)\)[^(]*? \.\.\. skipped '/g)) {
    if (!outcomes.has(test)) outcomes.set(test, "skip");
  }
  return outcomes;
}

function readCount(report: string): number {
  return Number(/^Ran (\d+) tests? in /m.exec(report)?.[1] ?? 0);
}

/** The list of EXPECTED.md: by file, what does not pass. */
function readExpected(): { lists: Map<string, Outcomes>; counts: Map<string, number> } {
  const text = readFileSync(join(ROOT, "test/cpython/EXPECTED.md"), "utf8");
  const lists = new Map<string, Outcomes>();
  for (const section of text.split(/^## /m).slice(1)) {
    const list: Outcomes = new Map();
    for (const [, test, kind] of section.matchAll(/^- `([\w.]+)` (error|fail|skip): \S/gm)) {
      list.set(test, kind as "error");
    }
    lists.set(section.slice(0, section.indexOf("\n")).trim(), list);
  }
  const counts = new Map<string, number>();
  for (const [, file, count] of text.matchAll(/^\| (test_\w+\.py) \| (\d+) \|/gm)) {
    counts.set(file, Number(count));
  }
  return { lists, counts };
}

const { lists, counts } = readExpected();

describe("CPython's test files", () => {
  it("are listed with their counts", () => {
    expect([...lists.keys()]).toEqual([...counts.keys()]);
    const passed = readFileSync(join(ROOT, "test/cpython/EXPECTED.md"), "utf8").matchAll(
      /^\| (test_\w+\.py) \| (\d+) \| (\d+) \|/gm,
    );
    for (const [, file, all, pass] of passed) {
      expect(Number(all) - lists.get(file)!.size, file).toBe(Number(pass));
    }
  });
});

describe.skipIf(python === null)(
  python === null ? "CPython's test files (skipped: no CPython 3.11)" : "CPython's test files run",
  () => {
    for (const [file, expected] of lists) {
      it(
        file,
        async () => {
          const { outcomes, ran, stderr } = await runFile(file);
          expect(ran, stderr.slice(-2000)).toBe(counts.get(file));
          expect([...outcomes].sort()).toEqual([...expected].sort());
        },
        LIMIT_MS,
      );
    }
  },
);
