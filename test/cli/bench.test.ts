import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { joinLists } from "../../src/cli/experiments.js";
import { isBuilt, takegil } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-bench-"));
  writeFileSync(join(folder, "program.py"), "import sys\nsum(range(int(sys.argv[1])))\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";
const run = (...args: string[]) => takegil(args, { cwd: folder, timeoutMs: 50_000 });

describe("takegil bench's arguments", () => {
  it("take the values of -L as a word of their own, up to the program", () => {
    const join = (...words: string[]) => joinLists(["node", "takegil", "bench", ...words]).slice(3);
    expect(join("-L", "gil", "py32,fifo", "-r", "3", "p.py", "-L", "a", "b")).toEqual([
      "-L",
      "gil=py32,fifo",
      "-r",
      "3",
      "p.py",
      "-L",
      "a",
      "b",
    ]);
    expect(join("--json", "-L", "n=1,2", "--list", "m", "3", "p.py")).toEqual([
      "--json",
      "-L",
      "n=1,2",
      "--list",
      "m=3",
      "p.py",
    ]);
    expect(joinLists(["node", "takegil", "run", "-L", "a", "b"])).toContain("a");
  });
});

describe.skipIf(!isBuilt)(`takegil bench${skipped}`, () => {
  it("times every combination and exports what it is asked for", async () => {
    const exports = ["--export-csv", "x.csv", "--export-markdown", "x.md", "--pyperf", "x.json"];
    const lists = ["-L", "gil", "py32,fifo", "-L", "n", "10,1000"];
    const ended = await run(
      "bench",
      ...lists,
      "-r",
      "2",
      "-w",
      "0",
      ...exports,
      "--json",
      "program.py",
      "{n}",
    );
    expect(ended.status).toBe(0);
    const { cells, comparisons, program } = JSON.parse(ended.stdout);
    expect(program).toBe("program.py {n}");
    expect(cells.map(({ cell }: { cell: string }) => cell)).toEqual([
      "gil=py32,n=10",
      "gil=py32,n=1000",
      "gil=fifo,n=10",
      "gil=fifo,n=1000",
    ]);
    for (const { metrics } of cells) {
      expect(metrics.wall_seconds).toMatchObject({ n: 2 });
      expect(metrics.wall_seconds.median).toBeGreaterThan(0);
    }
    expect(comparisons.length).toBeGreaterThan(0);
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(read("x.csv").trim().split("\n")).toHaveLength(9);
    expect(read("x.md")).toContain("| gil=fifo, n=10 |");
    expect(JSON.parse(read("x.json")).benchmarks).toHaveLength(4);
  });

  it("says in one line what cannot be timed, and what failed", async () => {
    for (const [args, message] of [
      [[], /name a program to time/],
      [["nowhere.py"], /cannot use nowhere\.py/],
      [["-L", "n", "1,2", "program.py", "5"], /n is neither gil, .* nor \{n\} among the arguments/],
      [["-L", "gil", "mine", "program.py", "5"], /there is no discipline mine/],
      [["-r", "0", "program.py"], /whole number above 0/],
      [["--reference", "/nowhere", "program.py"], /is no Python interpreter/],
    ] as const) {
      const ended = await run("bench", ...args);
      expect(ended.status, args.join(" ")).toBe(2);
      expect(ended.stderr).toMatch(message);
      expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    }
    const failed = await run("bench", "program.py", "many");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/ValueError: invalid literal/);
  });
});

describe.skipIf(!isBuilt)(`takegil doctor${skipped}`, () => {
  it("measures what decides how noisy a machine is", async () => {
    const ended = await run("doctor", "--json");
    expect(ended.status).toBe(0);
    const found = JSON.parse(ended.stdout);
    expect(found.cores).toBeGreaterThanOrEqual(1);
    expect(found.usableCores).toBeLessThanOrEqual(found.cores);
    expect(found.timers).toHaveLength(4);
    for (const { p50Seconds, p99Seconds, maxSeconds } of [...found.timers, found.wakeUp]) {
      // A sleep never ends early; the clock that says so has steps.
      expect(p50Seconds).toBeGreaterThan(-1e-6);
      expect(p99Seconds).toBeGreaterThanOrEqual(p50Seconds);
      expect(maxSeconds).toBeGreaterThanOrEqual(p99Seconds);
    }
    expect(Math.abs(found.clockSkewSeconds)).toBeLessThan(found.clockSkewErrorSeconds + 1e-3);
    expect(found.twoProcesses).toBeGreaterThan(0);
    expect(found.interruptedRatio).toBeLessThanOrEqual(1);
    expect(Array.isArray(found.findings)).toBe(true);
  });
});
