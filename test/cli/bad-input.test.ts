import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBuilt, takegil } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-bad-"));
  writeFileSync(join(folder, "fine.py"), "print('fine')\n");
  writeFileSync(join(folder, "syntax.py"), "x = (1,\nprint(x)\n");
  writeFileSync(join(folder, "empty.trace"), "");
  writeFileSync(join(folder, "foreign.trace"), "this is no trace\n".repeat(50));
  mkdirSync(join(folder, "directory"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** JavaScript must not show through: no stack frames, no class names of Node's. */
function expectNoJavaScript(text: string): void {
  expect(text).not.toMatch(/^ {4}at |node:internal|\.js:\d+|TypeError \[|UnhandledPromise/m);
}

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";

describe.skipIf(!isBuilt)(`bad input${skipped}`, () => {
  /** Arguments (`%` stands for the folder), status, and what the one line must contain. */
  const usage: [string, string[], number, RegExp][] = [
    ["no verb that exists", ["fly"], 2, /fly/],
    ["an unknown flag", ["run", "--fast", "%/fine.py"], 2, /--fast/],
    ["a missing file", ["run", "%/absent.py"], 2, /absent\.py.*no such file/i],
    ["a directory", ["run", "%/directory"], 2, /directory/],
    ["a missing module", ["run", "-m", "no_such_module"], 1, /No module named no_such_module/],
    ["-c without code", ["run", "-c"], 2, /-c/],
    ["an interval of 0", ["run", "--switch-interval", "0", "%/fine.py"], 2, /interval/],
    ["a negative interval", ["run", "--switch-interval", "-5ms", "%/fine.py"], 2, /interval/],
    ["an interval in words", ["run", "--switch-interval", "soon", "%/fine.py"], 2, /soon/],
    ["cores in words", ["run", "--cores", "all", "%/fine.py"], 2, /number of cores/],
    ["cores that do not exist", ["run", "--cores", "0,900", "%/fine.py"], 2, /core 900/],
    [
      "real cores in virtual time",
      ["run", "--deterministic", "--spread", "%/fine.py"],
      2,
      /--spread binds threads to real cores/,
    ],
    ["an unknown deadlock action", ["run", "--on-deadlock", "x", "%/fine.py"], 2, /report, wait/],
    ["an unknown discipline", ["run", "--gil", "fair", "%/fine.py"], 2, /fair/],
    ["a heap too small", ["run", "--heap-size", "4K", "%/fine.py"], 2, /heap/],
    ["a heap too large", ["run", "--heap-size", "64G", "%/fine.py"], 2, /heap/],
    ["a heap that is no size", ["run", "--heap-size", "big", "%/fine.py"], 2, /big/],
    ["a trace that cannot be written", ["run", "--trace", "%/no/t", "%/fine.py"], 2, /no\/t/],
    ["a missing trace", ["graph", "%/absent.trace", "-o", "%/o.svg"], 2, /absent\.trace/],
    ["an empty trace", ["graph", "%/empty.trace", "-o", "%/o.svg"], 2, /empty\.trace/],
    ["a foreign trace", ["graph", "%/foreign.trace", "-o", "%/o.svg"], 2, /foreign\.trace/],
    ["a foreign trace to export", ["export", "%/foreign.trace", "-o", "%/o.json"], 2, /trace/],
    ["an unknown view", ["graph", "%/empty.trace", "--view", "pie", "-o", "%/o.svg"], 2, /pie/],
    [
      "an unknown palette",
      ["graph", "%/empty.trace", "--view", "gilvis", "--palette", "grey", "-o", "%/o.svg"],
      2,
      /grey/,
    ],
    ["an unknown axis", ["graph", "%/empty.trace", "--axis", "up", "-o", "%/o.svg"], 2, /up/],
    ["a graph without a file", ["graph", "%/empty.trace"], 2, /-o FILE/],
    ["a view that is no text", ["graph", "%/empty.trace", "--ascii", "--view", "wait"], 2, /wait/],
    [
      "a width that is no number",
      ["graph", "%/empty.trace", "--ascii", "--width", "w"],
      2,
      /width/,
    ],
    ["a missing trace for text", ["graph", "%/absent.trace", "--ascii"], 2, /absent\.trace/],
    ["an unknown format", ["export", "%/empty.trace", "--format", "gif"], 2, /gif/],
    ["a missing file for dis", ["dis", "%/absent.py"], 2, /absent\.py/],
  ];
  for (const [what, args, status, pattern] of usage) {
    it(`${what}: one line, status ${status}`, async () => {
      const ended = await takegil(args.map((arg) => arg.replace("%", folder)));
      expectNoJavaScript(ended.stderr);
      expect(ended.stdout).toBe("");
      expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(ended.stderr).toMatch(pattern);
      expect(ended.status).toBe(status);
    });
  }

  it("a truncated trace: one line", async () => {
    const trace = join(folder, "whole.trace");
    await takegil(["run", "--trace", trace, join(folder, "fine.py")]);
    const bytes = readFileSync(trace);
    for (const part of [0.1, 0.5, 0.9]) {
      const cut = join(folder, "cut.trace");
      writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * part)));
      const ended = await takegil(["graph", cut, "-o", join(folder, "o.svg")]);
      expectNoJavaScript(ended.stderr);
      expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(ended.status).toBe(2);
    }
  });

  it("a syntax error: CPython's report, status 1", async () => {
    const ended = await takegil(["run", join(folder, "syntax.py")]);
    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(ended.stderr).toBe(
      `  File "${join(folder, "syntax.py")}", line 1\n    x = (1,\n        ^\n` +
        "SyntaxError: '(' was never closed\n",
    );
  });

  it("ten thousand threads: RuntimeError, and the program goes on", async () => {
    const code = `
import threading
gate = threading.Event()
threads = []
try:
    for _ in range(10_000):
        t = threading.Thread(target=gate.wait, daemon=True)
        t.start()
        threads.append(t)
except RuntimeError as e:
    print(type(e).__name__, e)
print(len(threads))
gate.set()
for t in threads:
    t.join()
print(threading.active_count())
`;
    const ended = await takegil(["run", "--max-threads", "8", "-c", code]);
    expectNoJavaScript(ended.stderr);
    expect(ended.stdout).toBe("RuntimeError can't start new thread\n7\n1\n");
    expect(ended.status).toBe(0);
  });

  it("a program that outgrows its heap: MemoryError with a traceback, status 1", async () => {
    const code = "keep = []\nwhile True:\n    keep.append('x' * 100_000)\n";
    const ended = await takegil(["run", "--heap-size", "64M", "-c", code]);
    expectNoJavaScript(ended.stderr);
    expect(ended.stderr.trimEnd().split("\n").at(-1)).toBe("MemoryError");
    expect(ended.status).toBe(1);
  });

  it("a program that outgrows its heap can catch that and go on", async () => {
    const code =
      "keep = []\ntry:\n    while True:\n        keep.append([0] * 1000)\n" +
      "except MemoryError:\n    del keep\nprint(len('x' * 10**6))\n";
    const ended = await takegil(["run", "--heap-size", "64M", "-c", code]);
    expect(ended).toMatchObject({ status: 0, stdout: "1000000\n", stderr: "" });
  });

  for (const verb of ["", "run", "graph", "export", "dis"]) {
    it(`help of ${verb || "the command"} goes to standard output with status 0`, async () => {
      const ended = await takegil([verb, "--help"].filter((arg) => arg !== ""));
      expect(ended).toMatchObject({ status: 0, stderr: "" });
      expect(ended.stdout.length).toBeGreaterThan(100);
      for (const line of ended.stdout.split("\n")) expect(line.length).toBeLessThan(121);
    });
  }
});
