/** Processes of `multiprocessing` from outside: orphans, options, traces, a run that is ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newStatistics } from "../../src/report/statistics.js";
import { Interpreter } from "../../src/runtime/interpreter.js";
import { checkTrace } from "../../src/trace/automaton.js";
import { readTrace } from "../../src/trace/file.js";
import { ROOT } from "../guest/corpus.js";

const folder = mkdtempSync(join(tmpdir(), "takegil-processes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FAMILY = `
import multiprocessing, os, sys, time

def grandchild():
    print("pid", os.getpid(), flush=True)
    time.sleep(1000)

def child():
    print("pid", os.getpid(), flush=True)
    p = multiprocessing.Process(target=grandchild)
    p.start()
    p.join()

if __name__ == "__main__":
    p = multiprocessing.Process(target=child)
    p.start()
    p.join()
`;

const COUNTERS = `
import multiprocessing, sys, threading, time

def count(n):
    while n > 0:
        n -= 1

def work():
    t = threading.Thread(target=count, args=(200_000,))
    t.start()
    count(200_000)
    t.join()

def victim(conn):
    conn.send("up")
    time.sleep(1000)

if __name__ == "__main__":
    workers = [multiprocessing.Process(target=work) for _ in range(2)]
    for p in workers:
        p.start()
    a, b = multiprocessing.Pipe()
    p = multiprocessing.Process(target=victim, args=(b,), name="victim")
    p.start()
    a.recv()
    p.kill()
    for p in workers + [p]:
        p.join()
        print(p.name, p.exitcode)
`;

/** What a process knows of itself, and whether it has more modules than it asked for. */
const SELF = `
import multiprocessing, os, sys, threading
import helper

def work(conn):
    main = sys.modules["__main__"]
    conn.send((
        "multiprocessing.queues" in sys.modules,
        os.environ.get("OF_THE_PARENT"), dict(os.environ) == os.environ.copy(), os.getcwd(),
        sys.argv, sys.executable, main.__name__, main.__file__, work.__code__.co_filename,
        helper.double(21), helper.__file__,
        threading.main_thread().native_id == threading.get_native_id(),
        multiprocessing.current_process().name, sys.stdout.isatty(),
    ))

if __name__ == "__main__":
    os.environ["OF_THE_PARENT"] = "yes"
    a, b = multiprocessing.Pipe()
    p = multiprocessing.Process(target=work, args=(b,), name="own")
    p.start()
    ready, *rest = a.recv()
    p.join()
    path = os.path.abspath(sys.argv[0])
    folder = os.path.dirname(path)
    print(ready, p.exitcode, rest == [
        "yes", True, os.getcwd(), sys.argv, sys.executable, "__mp_main__", path, path,
        42, folder + "/helper.py", True, "own", False])
`;

function program(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

function start(path: string): ChildProcess {
  return spawn(process.execPath, [join(ROOT, "dist/src/cli/main.js"), "run", path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The numbers of so many processes, as the program prints them. */
function pidsOf(run: ChildProcess, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    let text = "";
    run.stdout!.on("data", (bytes) => {
      text += bytes;
      const pids = [...text.matchAll(/pid (\d+)\n/g)].map(([, pid]) => Number(pid));
      if (pids.length === count) resolve(pids);
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    // A zombie is no more than an entry of its parent's.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

async function allGone(pids: readonly number[]): Promise<boolean> {
  for (let look = 0; look < 400; look++) {
    if (!pids.some(isAlive)) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

describe.skipIf(process.platform !== "linux")("processes", () => {
  it("end with the program, also when it is killed", async () => {
    const run = start(program("family.py", FAMILY));
    const pids = await pidsOf(run, 2);
    expect(pids.map(isAlive)).toEqual([true, true]);
    run.kill("SIGKILL");
    expect(await allGone(pids)).toBe(true);
  });

  it("end with their parent, whichever process is killed", async () => {
    const run = start(program("family.py", FAMILY));
    const pids = await pidsOf(run, 2);
    const ended = new Promise((resolve) => run.once("exit", resolve));
    process.kill(pids[0], "SIGKILL");
    expect(await allGone(pids)).toBe(true);
    expect(await ended).toBe(0);
  });

  it("end with an interpreter that is stopped, and what they print arrives", async () => {
    let text = "";
    const interpreter = await Interpreter.create({
      stdout: (part) => {
        text += part;
        if ((text.match(/pid/g) ?? []).length === 2) interpreter.stop();
      },
    });
    const { status } = await interpreter.runFile(program("family.py", FAMILY));
    await interpreter.close();
    expect(status).toBe(130);
    const pids = [...text.matchAll(/pid (\d+)\n/g)].map(([, pid]) => Number(pid));
    expect(await allGone(pids)).toBe(true);
  });

  it("have the run's options, and their traces are part of its own", async () => {
    const trace = join(folder, "run.trace");
    let text = "";
    const interpreter = await Interpreter.create({
      gil: "fifo",
      switchIntervalUs: 2000,
      trace,
      stdout: (part) => {
        text += part;
      },
    });
    const result = await interpreter.runFile(program("counters.py", COUNTERS));
    await interpreter.close();
    expect(text).toBe("Process-1 0\nProcess-2 0\nvictim -9\n");
    expect(readdirSync(folder).filter((name) => name.startsWith("run.trace"))).toEqual([
      "run.trace",
    ]);
    const merged = readTrace(readFileSync(trace));
    // Under fifo a process whose lock worked another way would break the rules.
    expect(checkTrace(merged)).toBeNull();
    const { threads, locks } = newStatistics(merged);
    expect(result.statistics!.locks.length).toBe(4);
    expect(locks.map(({ name }) => name).sort()).toEqual([
      "MainProcess",
      "Process-1",
      "Process-2",
      "victim",
    ]);
    const own = threads.filter(({ name }) => name.startsWith("Process-1"));
    expect(own.map(({ name }) => name)).toEqual(["Process-1", "Process-1 Thread-1 (count)"]);
    expect(own.every(({ process: pid }) => pid! > 1 && pid === own[0].process)).toBe(true);
    expect(threads.find(({ name }) => name === "victim")!.outcome).toBe("died");
    expect(threads[0]).toMatchObject({ name: "MainThread", process: null });
    // One clock: a process starts after its parent, and has its lock before the parent ends.
    const first = (interpreter: number) =>
      merged.history.time[merged.history.interpreter.indexOf(interpreter)];
    for (const child of [1, 2, 3]) expect(first(child)).toBeGreaterThan(first(0));
  });

  it.each([
    ["on the heap that the build has saved", {}, "True"],
    ["on a heap of another size", { heapSize: 64 << 20 }, "False"],
    ["with another version's check points", { python: "3.9" as const }, "False"],
  ])("begin %s, and know what they are", async (_, options, isReady) => {
    let text = "";
    program("helper.py", "def double(n):\n    return 2 * n\n");
    const interpreter = await Interpreter.create({
      ...options,
      stdout: (part) => {
        text += part;
      },
    });
    await interpreter.runFile(program("self.py", SELF));
    await interpreter.close();
    expect(text).toBe(`${isReady} 0 True\n`);
  });

  it("do not exist in virtual time", async () => {
    let text = "";
    const interpreter = await Interpreter.create({
      virtual: { seed: 1, schedule: "machine" },
      stderr: (part) => {
        text += part;
      },
    });
    const { status } = await interpreter.runFile(program("family.py", FAMILY));
    await interpreter.close();
    expect(status).toBe(1);
    expect(text).toContain("RuntimeError: processes need real time");
  });
});
