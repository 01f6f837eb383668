import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBuilt, shellStatus, takegil } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const skipped = isBuilt ? "" : " (skipped: the command line is not built)";

describe.skipIf(!isBuilt)(`takegil run${skipped}`, () => {
  it("hands the program its arguments, options too, unchanged", async () => {
    const path = write("args.py", "import sys\nprint(sys.argv[1:])\n");
    const args = ["--gil", "x", "-c", "--help", "--", "a b", ""];
    const ended = await takegil(["run", path, ...args]);
    expect(ended.stdout).toBe("['--gil', 'x', '-c', '--help', '--', 'a b', '']\n");
    expect(ended.status).toBe(0);
  });

  it("takes a program from -c, with what follows as its arguments", async () => {
    const code = "import sys; print(sys.argv, __name__)";
    const ended = await takegil(["run", "-c", code, "one", "-x"]);
    expect(ended).toMatchObject({ status: 0, stdout: "['-c', 'one', '-x'] __main__\n" });
    const failing = await takegil(["run", "-c", "x = 1\n1/0"]);
    expect(failing.status).toBe(1);
    expect(failing.stderr).toBe(
      'Traceback (most recent call last):\n  File "<string>", line 2, in <module>\n' +
        "ZeroDivisionError: division by zero\n",
    );
  });

  it("takes a program from standard input", async () => {
    const stdin = "import sys\nprint(sys.argv, sys.stdin.read() == '')\nraise SystemExit(7)\n";
    const ended = await takegil(["run", "-", "a"], { stdin });
    expect(ended).toMatchObject({ status: 7, stdout: "['-', 'a'] True\n", stderr: "" });
  });

  it("runs a module with -m, found in the current folder", async () => {
    write("greeting.py", "import sys\nprint('hello from', __name__, sys.argv[1:])\n");
    const ended = await takegil(["run", "-m", "greeting", "x"], { cwd: folder });
    expect(ended).toMatchObject({ status: 0, stdout: "hello from __main__ ['x']\n" });
  });

  it("leaves what follows -c and -m to the program, options too", async () => {
    write("words.py", "import sys\nprint(sys.argv[1:])\n");
    const words = ["-v", "--gil", "x", "--", "-m"];
    for (const program of [["-m", "words"], ["-mwords"], ["-c", "import words"]]) {
      const args = ["run", "--gil", "fifo", ...program, ...words];
      const ended = await takegil(args, { cwd: folder });
      expect(ended.stdout).toBe("['-v', '--gil', 'x', '--', '-m']\n");
      expect(ended.status).toBe(0);
    }
  });

  it("exits as the program does", async () => {
    for (const [code, status] of [
      ["raise SystemExit(5)", 5],
      ["import sys; sys.exit('text')", 1],
      ["raise ValueError", 1],
      ["pass", 0],
    ] as const) {
      expect(await takegil(["run", "-c", code]), code).toMatchObject({ status });
    }
  });

  it("prints statistics on standard error when asked, nothing more on standard output", async () => {
    const code = "import threading\nthreading.Thread(target=print, args=('x',)).start()";
    const ended = await takegil(["run", "--stats", "-c", code]);
    expect(ended).toMatchObject({ status: 0, stdout: "x\n" });
    expect(ended.stderr).toMatch(/MainThread/);
    expect(ended.stderr).toMatch(/acquired/);
  });

  it("writes a trace that graph and export can read", async () => {
    const trace = join(folder, "run.trace");
    const svg = join(folder, "lanes.svg");
    const ended = await takegil(["run", "--trace", trace, "-c", "print(1)"]);
    expect(ended).toMatchObject({ status: 0, stdout: "1\n" });
    expect(await takegil(["graph", trace, "-o", svg])).toMatchObject({ status: 0 });
    for (const view of ["lanes", "gilvis", "wait", "who-blocked-whom"]) {
      const drawn = await takegil(["graph", trace, "--view", view, "-o", "-"]);
      expect(drawn, view).toMatchObject({ status: 0, stderr: "" });
      expect(drawn.stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    }
    const text = await takegil(["graph", trace, "--ascii", "--width", "70"]);
    expect(text).toMatchObject({ status: 0, stderr: "" });
    expect(text.stdout).toMatch(/^MainThread +\|[#+:!.-]+\| +[\d.]+% +[\d.]+%$/m);
    for (const format of ["perfetto", "chrome"]) {
      const out = join(folder, `out.${format}`);
      const exported = await takegil(["export", trace, "--format", format, "-o", out]);
      expect(exported, format).toMatchObject({ status: 0 });
    }
  });

  it("logs what its carriers did when asked, in lines of JSON", async () => {
    const code = "import threading\nt = threading.Thread(target=int)\nt.start()\nt.join()";
    const { status, stderr } = await takegil(["run", "--log-level", "debug", "-c", code]);
    expect(status).toBe(0);
    const lines = stderr.trimEnd().split("\n");
    const reports = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "carrier");
    expect(reports.find(({ carrier }) => carrier === 0)).toMatchObject({ threads: 1 });
    for (const { heapUsed } of reports) expect(heapUsed).toBeGreaterThan(0);
  });

  const busy = "n = 0\nwhile True:\n    n += 1\n";
  const waits: Record<string, string> = {
    computing: busy,
    sleeping: "import time\ntime.sleep(30)\n",
    "waiting for a lock": "import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()\n",
    "joining a thread":
      "import threading, time\n" +
      "t = threading.Thread(target=time.sleep, args=(30,), daemon=True)\nt.start()\nt.join()\n",
    "waiting for an event": "import threading\nthreading.Event().wait()\n",
    "reading a queue": "import queue\nqueue.Queue().get()\n",
    "beside busy threads":
      "import threading\ndef spin():\n    while True: pass\n" +
      "for _ in range(2): threading.Thread(target=spin, daemon=True).start()\n" +
      busy,
  };
  for (const [state, code] of Object.entries(waits)) {
    it(`turns an interrupt into KeyboardInterrupt while ${state}`, async () => {
      const program = `print("ready", flush=True)\n${code}`;
      const ended = await takegil(["run", "--on-deadlock", "wait", "-c", program], {
        signal: "SIGINT",
      });
      expect(shellStatus(ended)).toBe(130);
      expect(ended.stderr.trimEnd().split("\n").at(-1)).toBe("KeyboardInterrupt");
      expect(ended.stderr).toMatch(/^Traceback \(most recent call last\):\n/);
    });
  }

  it("gives up waiting for threads at an interrupt, and goes on to the end (H28)", async () => {
    const program =
      "import threading, time\n" +
      // The interrupt comes when MainThread has long been waiting for the thread.
      'def late():\n    time.sleep(0.5)\n    print("ready", flush=True)\n    time.sleep(30)\n' +
      "threading.Thread(target=late).start()\n";
    const ended = await takegil(["run", "-c", program], { signal: "SIGINT" });
    expect(ended).toMatchObject({ status: 0, stdout: "ready\n" });
    expect(ended.stderr).toMatch(
      /^Exception ignored in: <module 'threading' from '.*'>\nTraceback/,
    );
    expect(ended.stderr.trimEnd().split("\n").at(-1)).toMatch(/^KeyboardInterrupt/);
  });

  it("lets the program handle the interrupt", async () => {
    const program =
      'import time\ntry:\n    print("ready", flush=True)\n    time.sleep(30)\n' +
      'except KeyboardInterrupt:\n    print("caught")\nprint("goes on")\n';
    const ended = await takegil(["run", "-c", program], { signal: "SIGINT" });
    expect(ended).toMatchObject({ status: 0, stdout: "ready\ncaught\ngoes on\n", stderr: "" });
  });

  it("reports a deadlock on standard error and ends with a status of its own", async () => {
    const program = "import threading\nl = threading.Lock()\nprint(1)\nl.acquire()\nl.acquire()\n";
    const trace = join(folder, "deadlock.trace");
    const ended = await takegil(["run", "--trace", trace, "-c", program]);
    expect(ended).toMatchObject({ status: 79, stdout: "1\n" });
    expect(ended.stderr).toMatch(
      /^takegil: deadlock: a thread .*\n {2}MainThread waits .*, line 5, in <module>\n/,
    );
    const svg = join(folder, "deadlock.svg");
    expect(await takegil(["graph", trace, "-o", svg])).toMatchObject({ status: 0 });
  });

  it("ends with BrokenPipeError when nobody reads its output any more", async () => {
    const program = 'import sys\nwhile True:\n    print("line", flush=True)\n';
    const ended = await takegil(["run", "-c", program], { closeStdout: true });
    expect(ended.status).not.toBe(0);
    expect(ended.stderr).toContain("BrokenPipeError");
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
  });
});
