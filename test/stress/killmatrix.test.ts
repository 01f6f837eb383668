/**
 * The kill matrix: every way a worker can die, at every moment, under every discipline. Whoever
 * waits for the dead goes on, the others keep running, the heap stays sound or the run ends with
 * status 70, and every trace loads.
 *
 * `TAKEGIL_NIGHTLY=1` runs the whole of it many times over, deaths of the process included.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SeededRandom } from "../../src/base/random.js";
import { type DisciplineName, disciplineNames, Interpreter } from "../../src/index.js";
import { checkTrace } from "../../src/trace/automaton.js";
import { salvageTrace } from "../../src/trace/file.js";
import { COMMAND } from "../cli/command.js";
import { killSoon } from "./killing.js";

const isNightly = process.env.TAKEGIL_NIGHTLY !== undefined;
const ROUNDS = isNightly ? 5 : 1;
/** A test has hung if it takes longer. */
const LIMIT_MS = isNightly ? 1_800_000 : 300_000;
/** Deaths of each discipline in a run of the matrix. */
const KILLS = 87;
const SEED = Number(process.env.TAKEGIL_SEED ?? Date.now() % 1e6);

/** Ways in which a worker ends; who is `busy` or `parked` is terminated from outside. */
const ways = ["throw", "null", "overflow", "exit", "exit-3", "busy", "parked"] as const;
/** Ways in which the whole process ends. */
const processWays = ["SIGSEGV", "SIGABRT", "SIGKILL"] as const;
/** Moments after which a run goes on, and those in which the heap is being changed. */
const safeMoments = ["starting", "running", "holding", "waiting", "io", "trace"] as const;
const unsafeMoments = ["alloc", "decref", "collect"] as const;

/** Without a lock the heap breaks by itself: see the last of these tests. */
const disciplines = disciplineNames.filter((name) => name !== "none-unsafe");

type Kill = readonly [way: string, moment: string];

const PROGRAM = `
import _faults, _thread, threading, time

mutex = threading.Lock()
reentrant = threading.RLock()
beats = [0, 0]
over = False
times = []
unsound = set()

def beat():
    while not over:
        beats[0] += 1
        time.sleep(0.001)

def share():
    while not over:
        with mutex:
            with reentrant:
                beats[1] += 1
        time.sleep(0.001)

def victim(way, moment):
    if moment == "holding":
        mutex.acquire()
        reentrant.acquire()
        time.sleep(0.002)
        moment = "running"
    _faults.die(way, moment)

def starts(way):
    ident = _thread.start_new_thread(_faults.die, (way, "running"))
    while _thread._is_alive(ident):
        time.sleep(0.0005)

bystanders = [threading.Thread(target=f, daemon=True) for f in (beat, share)]
for t in bystanders: t.start()
for way, moment in KILLS:
    if moment == "starting":
        starts(way)
    else:
        t = threading.Thread(target=victim, args=(way, moment))
        t.start()
        t.join()
        assert not t.is_alive()
    times.append(round((time.monotonic() - _faults.died()) * 1e3, 1))
    before = beats[:]
    while beats[0] == before[0] or beats[1] == before[1]:
        time.sleep(0.001)
    unsound.add(_faults.verify())
over = True
for t in bystanders: t.join()
print("times", times)
print("unsound", sorted(unsound - {""}))
`;

interface Outcome {
  status: number;
  out: string;
  err: string;
  deaths: number;
}

async function run(gil: DisciplineName, kills: readonly Kill[]): Promise<Outcome> {
  let out = "";
  let err = "";
  const interpreter = await Interpreter.create({
    gil,
    heapSize: 64 << 20,
    statistics: true,
    stderr: (text) => {
      err += text;
    },
    stdout: (text) => {
      out += text;
      const ident = Number(/^kill (\d+)$/m.exec(text)?.[1]);
      if (!Number.isNaN(ident)) void killSoon(interpreter, ident);
    },
  });
  try {
    const source = PROGRAM.replace("KILLS", JSON.stringify(kills));
    const result = await interpreter.runSource(source, { filename: "victims.py" });
    expect(result.trace!.footer).not.toBeNull();
    // Where records were lost (the moment "trace" sees to that) nothing can be said about clocks.
    const lost = Object.keys(result.trace!.footer!.dropped).length > 0;
    if (!lost && gil !== "none-unsafe") expect(checkTrace(result.trace!)).toBeNull();
    return { status: result.status, out, err, deaths: result.deaths.length };
  } finally {
    await interpreter.close();
  }
}

function product(moments: readonly string[]): Kill[] {
  return moments.flatMap((moment) => ways.map((way): Kill => [way, moment]));
}

const recoveries: number[] = [];

afterAll(() => {
  recoveries.sort((a, b) => a - b);
  const at = (share: number): number => recoveries[Math.floor((recoveries.length - 1) * share)];
  console.log(
    `seed ${SEED}: ${recoveries.length} recoveries, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
});

describe.concurrent.each(disciplines)("a worker that dies under %s", (gil) => {
  const random = new SeededRandom(SEED);
  const safe = product(safeMoments);
  // A death that ends the run ends it before the discipline matters: all of them once is enough.
  const unsafe = product(unsafeMoments).filter(
    (_, i) => isNightly || gil === "py32" || i % ways.length === random.below(ways.length),
  );
  const extra = Array.from(
    { length: KILLS - safe.length - unsafe.length },
    () => safe[random.below(safe.length)],
  );

  it("leaves the others running and the heap sound", { timeout: LIMIT_MS }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const kills = [...safe, ...extra];
      const { status, out, deaths } = await run(gil, kills);
      expect(status, out).toBe(0);
      expect(deaths).toBe(kills.length);
      expect(out).toContain("unsound []\n");
      const times = JSON.parse(/^times (.*)$/m.exec(out)![1]) as number[];
      expect(times.length).toBe(kills.length);
      recoveries.push(...times);
    }
  });

  it("while it changes the heap ends the run with status 70", { timeout: LIMIT_MS }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const kill of unsafe) {
        const { status, out, deaths } = await run(gil, [kill]);
        expect(status, `${kill}: ${out}`).toBe(70);
        expect(deaths).toBe(1);
      }
    }
  });
});

it(
  "without a lock: no death hangs the run, which ends by itself or says why",
  async () => {
    const random = new SeededRandom(SEED);
    const all = [...safeMoments, ...unsafeMoments];
    const moments = isNightly
      ? all
      : [all[random.below(all.length)], all[random.below(all.length)]];
    for (let round = 0; round < ROUNDS; round++) {
      for (const moment of moments) {
        const { status, err, out } = await run("none-unsafe", product([moment]));
        expect([0, 1, 70], `${moment}: ${out}${err}`).toContain(status);
        if (status !== 0) expect(err).not.toBe("");
        expect(err).not.toMatch(/^\s+at .*\.js:\d+/m);
      }
    }
  },
  LIMIT_MS,
);

/** Run the command line on a program that ends its own process. */
function runProcess(gil: string, way: string, moment: string, trace: string) {
  const code = `import _faults, threading, time
threading.Thread(target=time.sleep, args=(1000,)).start()
time.sleep(0.05)
_faults.die("${way}", "${moment}")
`;
  const args = [COMMAND, "run", "--gil", gil, "--trace", trace, "--heap-size", "64m", "-c", code];
  return new Promise<{ status: number | null; signal: string | null }>((resolve) => {
    const child = spawn(process.execPath, args, { stdio: "ignore", timeout: 60_000 });
    child.on("close", (status, signal) => resolve({ status, signal }));
  });
}

describe.skipIf(!existsSync(COMMAND))("a process that dies", () => {
  const folder = mkdtempSync(join(tmpdir(), "takegil-deaths-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const moments = isNightly
    ? ["running", "waiting", "io", "trace", ...unsafeMoments]
    : ["running", "io", "alloc"];

  for (const gil of isNightly ? disciplines : (["py32"] as const)) {
    it(
      `under ${gil}: at once, by its signal, and what was traced loads`,
      async () => {
        for (const way of processWays) {
          for (const moment of moments) {
            const trace = join(folder, `${way}-${moment}.trace`);
            const ended = await runProcess(gil, way, moment, trace);
            expect(ended, `${way} ${moment}`).toEqual({ status: null, signal: way });
            const salvaged = salvageTrace(readFileSync(trace)).trace;
            expect(salvaged.history.length).toBeGreaterThan(0);
            expect(checkTrace(salvaged)).toBeNull();
          }
        }
      },
      LIMIT_MS,
    );
  }

  it.runIf(isNightly)(
    "or a worker that uses up its JavaScript heap: no hang",
    async () => {
      for (const moment of ["running", "io", "alloc"]) {
        const trace = join(folder, `memory-${moment}.trace`);
        const ended = await runProcess("py32", "memory", moment, trace);
        expect(ended.signal ?? `status ${ended.status}`).toMatch(/^(SIGABRT|SIGTRAP|status 70)$/);
        expect(salvageTrace(readFileSync(trace)).trace.history.length).toBeGreaterThan(0);
      }
    },
    LIMIT_MS,
  );
});
