import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toPyperf } from "../../src/report/pyperf.js";
import { isBuilt, takegil } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-compare-"));
  write("old", "py32", (i) => 1 + i / 100);
  write("slower", "fifo", (i) => 1.5 + i / 100);
  write("same", "py32", (i) => 1.001 + i / 100);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, gil: string, value: (i: number) => number): void {
  const path = join(folder, name);
  mkdirSync(path);
  const metrics = [
    { name: "wait_p99_seconds", better: "lower" },
    { name: "items_per_second", better: "higher" },
  ];
  const configuration = { factors: { threads: [1, 2], gil: [gil] }, metrics };
  writeFileSync(
    join(path, "manifest.json"),
    JSON.stringify({ configuration, doubts: ["so it is"] }),
  );
  const rows = Array.from({ length: 16 }, (_, i) => {
    const wait = value(i >> 1);
    return { gil, threads: 1 + (i % 2), wait_p99_seconds: wait, items_per_second: 1 / wait };
  });
  writeFileSync(
    join(path, "samples.ndjson"),
    rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  );
}

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";
const run = (...args: string[]) => takegil(["compare", ...args], { cwd: folder });

describe.skipIf(!isBuilt)(`takegil compare${skipped}`, () => {
  it("matches cells by the factors that both have, and says what differs", async () => {
    const { status, stdout } = await run("old", "slower");
    expect(status).toBe(0);
    expect(stdout).toContain("reference old, new slower (gil py32 → fifo)");
    const line = stdout.split("\n").find((text) => text.startsWith("threads=1  wait_p99"))!;
    expect(line).toMatch(/8, 8 +1\.035 +1\.535 +1\.48\d \(1\.4\d+–1\.5\d+\) +1\.00 +worse: large/);
    expect(stdout).toContain("not to be trusted: old: so it is");
  });

  it("says that a difference is not significant", async () => {
    const { stdout } = await run("old", "same", "--format", "md");
    expect(stdout.match(/not significant/g)).toHaveLength(4);
    expect(stdout).toContain("| cell | metric |");
  });

  it("ends with status 1 when a threshold is passed", async () => {
    const failed = await run("old", "slower", "--fail-if", "p99:5%", "--json");
    expect(failed.status).toBe(1);
    expect(JSON.parse(failed.stdout).failed).toHaveLength(2);
    expect(failed.stderr).toContain("failed p99:5%: wait_p99_seconds of threads=1 in slower");
    expect((await run("old", "slower", "--fail-if", "items:60%")).status).toBe(0);
    expect((await run("old", "slower", "--fail-if", "items:20%")).status).toBe(1);
    expect((await run("slower", "old", "--fail-if", "p99:5%")).status).toBe(0);
    expect((await run("old", "same", "--fail-if", "p99:0%")).status).toBe(0);
  });

  it("reads the files that pyperf reads", async () => {
    for (const [name, factor] of [
      ["a.json", 1],
      ["b.json", 2],
    ] as const) {
      const runs = [1, 2, 3, 4, 5].map((i) => ({ values: [factor * (10 + i)], metadata: {} }));
      const text = toPyperf([{ name: "bench", unit: "second", runs, metadata: {} }]);
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout } = await run("a.json", "b.json");
    expect(status).toBe(0);
    expect(stdout).toMatch(/value +5, 5 +13 +26 +2\.000/);
  });

  it("refuses in one line what it cannot compare", async () => {
    for (const [args, message] of [
      [["old"], /name a reference and one or more results/],
      [["old", "nowhere"], /nowhere is no result: there is no manifest/],
      [["old", "a.json"], /no cell and metric in common/],
      [["old", "same", "--metric", "latency"], /no cell and metric in common/],
      [["old", "same", "--fail-if", "latency:5%"], /no such metric; there are wait_p99_seconds/],
      [["old", "same", "--fail-if", "5%"], /give a metric and a part, such as p99:5%/],
    ] as const) {
      const ended = await run(...args);
      expect(ended.status, args.join(" ")).toBe(2);
      expect(ended.stderr).toMatch(message);
      expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    }
    const python = await takegil(["validate", "countdown", "--python", "/nowhere/python"]);
    expect(python).toMatchObject({ status: 2, stdout: "" });
    expect(python.stderr).toMatch(/is no Python interpreter/);
  });
});
