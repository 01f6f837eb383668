import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBuilt, takegil } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-explore-"));
  writeFileSync(join(folder, "race.py"), RACE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RACE = `
import threading
c = 0
def work():
    global c
    for i in range(400): c += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print("right" if c == 800 else "lost")
`;

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";

describe.skipIf(!isBuilt)(`takegil run --deterministic${skipped}`, () => {
  it("gives one seed one run, clocks and chance included", async () => {
    const code = "import random, time; time.sleep(5); print(time.time(), random.random())";
    const one = ["run", "--deterministic", "--seed", "4", "--cores", "3", "-c", code];
    const [a, b] = [await takegil(one), await takegil(one)];
    expect(a).toMatchObject({ status: 0, stderr: "" });
    expect(a.stdout).toMatch(/^17040672\d\d\.\d+ 0\.\d+\n$/);
    expect(b).toEqual(a);
    const other = await takegil(["run", "--deterministic", "--seed", "5", "-c", code]);
    expect(other.stdout).not.toBe(a.stdout);
  });

  it("says in one line what is wrong with its options", async () => {
    for (const [args, text] of [
      [["--seed", "1"], "need --deterministic"],
      [["--schedule", "pct:1,5us"], "need --deterministic"],
      [["--deterministic", "--schedule", "chaos"], "pct:STALLS,LENGTHus"],
      [["--deterministic", "--seed", "-1"], "whole number from 0"],
      [["--deterministic", "--cores", "1000"], "from 1 to 256"],
    ] as const) {
      const ended = await takegil(["run", ...args, "-c", "pass"]);
      expect(ended.status).toBe(2);
      expect(ended.stderr).toContain(text);
      expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
});

describe.skipIf(!isBuilt)(`takegil explore${skipped}`, () => {
  it("finds both ends of a race and how to repeat each", async () => {
    const args = ["explore", "--schedules", "4", "--seed", "1", "--python", "3.9"];
    const ended = await takegil([...args, "--json", "race.py"], { cwd: folder, timeoutMs: 60_000 });
    expect(ended.status).toBe(1);
    const { outcomes, schedules } = JSON.parse(ended.stdout);
    expect(schedules).toBe(4);
    const outputs = outcomes.map(({ stdout }: { stdout: string }) => stdout).sort();
    expect(outputs).toEqual(["lost\n", "right\n"]);
    for (const { replay, stdout } of outcomes) {
      const again = await takegil(replay.split(" ").slice(1), { cwd: folder });
      expect(again.stdout).toBe(stdout);
    }
  }, 120_000);

  it("tells of one end by exit status 0, and prints it", async () => {
    const code = "print('hello'); raise SystemExit(3)";
    const ended = await takegil(["explore", "--schedules", "3", "--pct", "2", "-c", code]);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toMatch(/^3 schedules, one outcome \(.*\)\n\n3 of 3: exit status 3\n/);
    expect(ended.stdout).toContain("  out| hello\n  replay: takegil run --deterministic --seed 0 ");
  });

  it("needs a program", async () => {
    expect(await takegil(["explore"])).toMatchObject({ status: 2, stdout: "" });
    expect((await takegil(["explore", "none.py"])).stderr).toContain("there is no such file");
  });
});
