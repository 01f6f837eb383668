import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { elementsOf, expectSelfContained } from "../unit/report/svgcheck.js";
import { isBuilt, takegil } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-sweep-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";
const options = { timeoutMs: 50_000 };
const run = (...args: string[]) => takegil(args, { cwd: folder, ...options });
const lines = (path: string) => readFileSync(path, "utf8").trim().split("\n");

const SLEEPER = `
import sys, time
factors = dict(word.split("=", 1) for word in sys.argv[1:])
time.sleep(float(factors["pause"]))
print("sample wall_seconds=" + factors["pause"])
`;
const SLEEPY = `
factors: { pause: [100ms, 120ms] }
repeats: 3
metrics: { wall_seconds: { better: lower, meaning: as long as it is told } }
figures: [{ kind: curve, name: time, x: pause, y: wall_seconds, log: [x, y] }]
`;

describe.skipIf(!isBuilt)(`takegil sweep${skipped}`, () => {
  it("makes an experiment that runs as it is, and leaves everything a result has", async () => {
    const made = await run("new", "mine");
    expect(made).toMatchObject({ status: 0, stdout: "" });
    expect(made.stderr).toContain("next: takegil sweep mine -q");
    const ended = await run("sweep", "mine", "-q", "gil=py32", "count=30000", "--json");
    expect(ended.status).toBe(0);
    const result = JSON.parse(ended.stdout);
    expect(result).toMatchObject({ experiment: "mine", interrupted: false, failures: [] });
    const path = join(folder, result.folder);
    for (const name of [
      "manifest.json",
      "plan.ndjson",
      "samples.ndjson",
      "samples.csv",
      "summary.json",
      "summary.md",
      "report.html",
      "figures/time.svg",
      "figures/two-threads.svg",
      "traces/two-threads.trace",
      "pyperf/count=30000,gil=py32,threads=2.json",
    ]) {
      expect(existsSync(join(path, name)), name).toBe(true);
    }
    const manifest = JSON.parse(readFileSync(join(path, "manifest.json"), "utf8"));
    expect(manifest.status).toBe("complete");
    expect(manifest.configuration).toMatchObject({ seed: 1, repeats: 2, judged: "wall_seconds" });
    expect(Object.keys(manifest.outputs)).toContain("report.html");
    expect(lines(join(path, "samples.ndjson"))).toHaveLength(4);
    for (const name of readdirSync(join(path, "figures"))) {
      const svg = readFileSync(join(path, "figures", name), "utf8");
      elementsOf(svg);
      expectSelfContained(svg);
    }
    const page = readFileSync(join(path, "report.html"), "utf8");
    expect(page).not.toMatch(/<script|<link|https?:\/\/(?!www\.w3\.org)/);
    expect(page.match(/<img /g)).toHaveLength(2);
    const report = await run("report", result.folder, result.folder, "-o", "both.html");
    expect(report.status).toBe(0);
    expect(readFileSync(join(folder, "both.html"), "utf8").match(/<h1>/g)).toHaveLength(2);
  });

  it("keeps what is done when it is interrupted, and goes on with it", async () => {
    const home = join(folder, "sleepy");
    await run("new", "sleepy");
    writeFileSync(join(home, "experiment.yaml"), SLEEPY);
    writeFileSync(join(home, "sleepy.py"), SLEEPER.replace("import sys", "import sys, os"));
    // The third launch sends Ctrl-C to the sweep, as a terminal would.
    writeFileSync(
      join(home, "sleepy.py"),
      `${SLEEPER}
import os
count = len(os.listdir(".")) if os.path.isdir("marks") else 0
os.makedirs("marks", exist_ok=True)
open("marks/%d" % len(os.listdir("marks")), "w").close()
if len(os.listdir("marks")) == 3:
    os.kill(os.getppid(), 2)
    time.sleep(20)
`,
    );
    const first = await run("sweep", "sleepy", "--json");
    expect(first.status).toBe(130);
    expect(first.stderr).toContain("interrupted; go on with: takegil sweep sleepy");
    const path = join(folder, JSON.parse(first.stdout).folder);
    expect(lines(join(path, "plan.ndjson"))).toHaveLength(2);
    expect(JSON.parse(readFileSync(join(path, "manifest.json"), "utf8")).status).toBe("partial");
    // A line that was cut short, as by a power failure, is measured again.
    writeFileSync(join(path, "samples.ndjson"), '{"launch":3,"wa', { flag: "a" });
    const second = await run("sweep", "sleepy", "--json");
    expect(second.status).toBe(0);
    expect(join(folder, JSON.parse(second.stdout).folder)).toBe(path);
    const plan = lines(join(path, "plan.ndjson")).map((line) => JSON.parse(line).launch);
    expect(plan.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(lines(join(path, "samples.ndjson"))).toHaveLength(6);
    // Complete: the same command begins a new one.
    const third = await run("sweep", "sleepy", "--repeats", "1", "pause=1ms", "--json");
    expect(join(folder, JSON.parse(third.stdout).folder)).not.toBe(path);
  });

  it("runs shards apart and makes one result of them", async () => {
    await run("new", "parts");
    writeFileSync(join(folder, "parts/experiment.yaml"), SLEEPY.replaceAll("ms", "us"));
    writeFileSync(join(folder, "parts/parts.py"), SLEEPER);
    const shards: string[] = [];
    for (const shard of ["1/2", "2/2"]) {
      const ended = await run("sweep", "parts", "--shard", shard, "--json");
      expect(ended.status).toBe(0);
      shards.push(JSON.parse(ended.stdout).folder);
    }
    const merge = (...folders: string[]) =>
      run("sweep", "parts", "--json", ...folders.flatMap((path) => ["--merge", path]));
    const merged = await merge(...shards);
    expect(merged.status).toBe(0);
    const path = join(folder, JSON.parse(merged.stdout).folder);
    expect(lines(join(path, "samples.ndjson"))).toHaveLength(6);
    expect(JSON.parse(readFileSync(join(path, "manifest.json"), "utf8")).status).toBe("complete");
    const twice = await merge(shards[0], shards[0]);
    expect(twice).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/another one has too/),
    });
  });

  it("says of a launch that fails what it said, and ends with status 1", async () => {
    await run("new", "failing");
    writeFileSync(join(folder, "failing/failing.py"), "raise ValueError('no such luck')\n");
    const ended = await run("sweep", "failing", "-q", "gil=py32", "threads=1", "--repeats", "1");
    expect(ended.status).toBe(1);
    expect(ended.stdout).toContain("ValueError: no such luck");
    expect(ended.stdout).toContain("not to be trusted: failed:");
  });

  it("wants a sample of every cell that the program does not skip", async () => {
    await run("new", "pairs");
    writeFileSync(
      join(folder, "pairs/experiment.yaml"),
      "factors: { a: [1, 2], b: [1, 2] }\ninside: [a, b]\nrepeats: 1\n" +
        "metrics: { wall_seconds: { better: lower, meaning: none } }\n",
    );
    const program = 'print("sample a=1 b=1 wall_seconds=1\\nsample a=2 b=1 wall_seconds=1")\n';
    writeFileSync(join(folder, "pairs/pairs.py"), program);
    const failed = await run("sweep", "pairs");
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain("it printed no sample of a=1,b=2");
    writeFileSync(
      join(folder, "pairs/pairs.py"),
      `${program}print("skip a=1 b=2\\nskip a=2 b=2")\n`,
    );
    expect((await run("sweep", "pairs")).status).toBe(0);
  });

  it("refuses in one line what it cannot do", async () => {
    for (const [args, message] of [
      [["sweep", "nothing"], /there is no experiment nothing: .*countdown/],
      [["sweep", "countdown", "gil=mine"], /gil: there is no discipline mine/],
      [["sweep", "countdown", "thread=1"], /has no factor thread/],
      [["sweep", "countdown", "--shard", "3/2"], /shard/],
      [["sweep", "countdown", "--resume", "nowhere"], /it has no manifest\.json/],
      [["report", "nowhere"], /nowhere is no result/],
      [["new", "../x"], /is no name/],
    ] as const) {
      const ended = await run(...args);
      expect(ended.status, args.join(" ")).toBe(2);
      expect(ended.stderr).toMatch(message);
      expect(ended.stderr.trim().split("\n")).toHaveLength(1);
      expect(ended.stdout).toBe("");
    }
  });

  it("prints its plan and runs nothing", async () => {
    const { status, stdout } = await run("sweep", "countdown", "gil=py32,fifo", "--plan");
    expect(status).toBe(0);
    expect(stdout).toContain("takegil run --gil fifo --switch-interval 5ms");
    expect(stdout).toMatch(/6 cells, 6 launches/);
    expect(existsSync(join(folder, "results/countdown"))).toBe(false);
    const listed = await run("list", "--json");
    expect(JSON.parse(listed.stdout).map(({ name }: { name: string }) => name)).toContain(
      "countdown",
    );
  });
});

const isNightly = process.env.TAKEGIL_NIGHTLY !== undefined;

describe.skipIf(!isBuilt || !isNightly)("every experiment", () => {
  const experiments = new URL("../../../experiments/", import.meta.url);
  const names = readdirSync(experiments).filter((name) =>
    existsSync(new URL(`${name}/experiment.yaml`, experiments)),
  );
  it.each(names)("%s has a quick run", { timeout: 200_000 }, async (name) => {
    const ended = await takegil(["sweep", name, "-q"], { cwd: folder, timeoutMs: 180_000 });
    expect(ended.status, ended.stdout).toBe(0);
  });
});
