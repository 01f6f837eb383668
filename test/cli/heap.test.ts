import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseHeapReport } from "../../src/report/heapreport.js";
import { readTrace } from "../../src/trace/file.js";
import { isBuilt, takegil } from "./command.js";

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-heap-"));
  program = join(folder, "nodes.py");
  writeFileSync(
    program,
    "import sys\nkept = [[i] for i in range(500)]\nprint(sys.argv[1:])\ndel kept\nsys.exit(3)\n",
  );
  writeFileSync(join(folder, "foreign.json"), '{"format": "other"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";

describe.skipIf(!isBuilt)(`takegil heap${skipped}`, () => {
  it("writes snapshots and their figure, and passes arguments and exit status on", async () => {
    const svg = join(folder, "out.svg");
    const json = join(folder, "out.json");
    const places = ["--at", "3", "--at", "5", "--at-exit"];
    const ended = await takegil(["heap", ...places, "-o", svg, "-o", json, program, "-o", "x"]);
    expect(ended).toMatchObject({ status: 3, stdout: "['-o', 'x']\n" });
    const report = parseHeapReport(readFileSync(json, "utf8"));
    expect(report.snapshots.map(({ label }) => label)).toEqual(["line 3", "line 5", "exit"]);
    const lists = report.snapshots.map(
      ({ types }) => types.find(({ name }) => name === "list")!.objects,
    );
    expect(lists[0] - lists[1]).toBe(501);
    expect(readFileSync(svg, "utf8")).toContain("nodes.py: the heap");
    expect(ended.stderr).toContain(`written: ${svg}\n`);

    const again = join(folder, "again.svg");
    const redrawn = await takegil(["heap", "-o", again, json]);
    expect(redrawn.status).toBe(0);
    expect(readFileSync(again, "utf8")).toBe(readFileSync(svg, "utf8"));
  });

  it("looks at the debug heap, and writes a trace beside", async () => {
    const [json, trace] = [join(folder, "debug.json"), join(folder, "debug.trace")];
    const words = ["--malloc", "debug", "--trace", trace, "--at", "3", "-o", json, program];
    const ended = await takegil(["heap", ...words]);
    expect(ended.status).toBe(3);
    expect(ended.stderr).toContain(`trace: ${trace}\n`);
    expect(readTrace(readFileSync(trace)).threads.size).toBeGreaterThan(0);
    const { snapshots } = parseHeapReport(readFileSync(json, "utf8"));
    const { types, layers } = snapshots[0];
    const ofTypes = types.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(ofTypes).toBe(layers.blocks + layers.large);
    expect(types.find(({ name }) => name === "list")!.objects).toBeGreaterThan(500);
  });

  it("looks at the heap in a module that is imported", async () => {
    writeFileSync(
      join(folder, "helper.py"),
      "def work(n):\n    kept = [[i] for i in range(n)]\n    return len(kept)\n",
    );
    const json = join(folder, "module.json");
    const file = join(folder, "helper.py");
    const places = ["--at", `${file}:3`, "--at", `${file}:3:2`, "--at", `${file}:3:9`];
    const source = "import helper\nprint(helper.work(900), helper.work(10))\n";
    const main = join(folder, "main.py");
    writeFileSync(main, source);
    const ended = await takegil(["heap", ...places, "-o", json, main]);
    expect(ended).toMatchObject({ status: 0, stdout: "900 10\n" });
    expect(ended.stderr).toContain(`line 3 of ${file} was not reached 9 times`);
    const { snapshots } = parseHeapReport(readFileSync(json, "utf8"));
    expect(snapshots.map(({ label }) => label)).toEqual([
      "helper.py line 3",
      "helper.py line 3, pass 2",
    ]);
    const lists = snapshots.map(({ types }) => types.find(({ name }) => name === "list")!.objects);
    expect(lists[0] - lists[1]).toBe(890);
    const absent = await takegil(["heap", "--at", "absent.py:3", "-o", json, main]);
    expect(absent).toMatchObject({ status: 2, stdout: "" });
  });

  it("writes to standard output, the program's end by default", async () => {
    const ended = await takegil([
      "heap",
      "-o",
      "-",
      "--json",
      "--pymalloc",
      "3.10",
      "-c",
      "x = [1]",
    ]);
    expect(ended.status).toBe(0);
    const report = parseHeapReport(ended.stdout);
    expect(report.snapshots.map(({ label }) => label)).toEqual(["exit"]);
    expect(report.pymalloc).toMatchObject({ name: "3.10", arenaBytes: 1 << 20, poolsPerArena: 63 });
  });

  it("says which lines were not reached, and writes nothing where nothing was seen", async () => {
    const path = join(folder, "nothing.svg");
    const ended = await takegil(["heap", "--at", "3:2", "-o", path, program]);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toBe(
      "takegil: line 3 was not reached 2 times\n" +
        "takegil: nothing was seen of the heap, so nothing is written\n",
    );
    expect(() => readFileSync(path)).toThrow(/ENOENT/);
  });

  const wrong: [string, string[], RegExp][] = [
    ["no output", ["%/nodes.py"], /output/],
    ["an ending nobody knows", ["-o", "%/x.png", "%/nodes.py"], /must end in \.json or \.svg/],
    ["no program", ["-o", "%/x.svg"], /name a program/],
    [
      "a line that is none",
      ["--at", "soon", "-o", "%/x.svg", "%/nodes.py"],
      /soon.*a line such as/,
    ],
    ["line 0", ["--at", "0", "-o", "%/x.svg", "%/nodes.py"], /a line such as/],
    [
      "a line behind the end",
      ["--at", "9", "-o", "%/x.svg", "%/nodes.py"],
      /no statement in line 9/,
    ],
    ["a time without unit", ["--every", "5", "-o", "%/x.svg", "%/nodes.py"], /with its unit/],
    ["a pool that is no name", ["--pool", "7", "-o", "%/x.svg", "%/nodes.py"], /such as 3:17/],
    [
      "a lock that excludes nobody",
      ["--gil", "none-unsafe", "-o", "%/x.svg", "-c", "x"],
      /stands still/,
    ],
    [
      "a line of a module",
      ["-m", "this", "--at", "3", "-o", "%/x.svg"],
      /a file's name before the line/,
    ],
    ["a JSON of others", ["-o", "%/x.svg", "%/foreign.json"], /not written by takegil heap/],
    ["a folder that is not there", ["-o", "%/no/x.svg", "-c", "x = 1"], /no such file or folder/],
  ];
  it.each(wrong)("is told in one line: %s", async (_, args, message) => {
    const ended = await takegil(["heap", ...args.map((arg) => arg.replace("%", folder))]);
    expect(ended.status).toBe(2);
    expect(ended.stderr.trimEnd().split("\n").at(-1)).toMatch(message);
    expect(ended.stderr).not.toMatch(/^ {4}at |node:internal/m);
  });
});
