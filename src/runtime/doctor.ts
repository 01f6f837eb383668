/**
 * What a machine does to measurements: how late its timers and wake-ups are, whether its clocks
 * agree, how much two processors do, and how much of its time others take.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { Worker } from "node:worker_threads";
import { percentile } from "../report/statistics.js";
import { LAST_CALL, type ProberData, ProberWord } from "./prober.js";

/** Two percentiles of a sample, s. */
export interface Spread {
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
}

/** How late a sleep of this length ends. */
export interface Lateness extends Spread {
  readonly sleepSeconds: number;
}

/** Everything found out. */
export interface Diagnosis {
  readonly cpuModel: string;
  /** Processor cores there are, and those this process may use. */
  readonly cores: number;
  readonly usableCores: number;
  readonly affinity: string | null;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** One minute's, a core. */
  readonly loadPerCore: number;
  /** Cores that everything but this process kept busy while it looked; null: unknown. */
  readonly foreignCores: number | null;
  /** Part of the time that the machine's host gave to others; null: unknown. */
  readonly stolenRatio: number | null;
  readonly clockStepSeconds: number;
  readonly timers: readonly Lateness[];
  /** From a notify to the other thread's running: half a round trip. */
  readonly wakeUp: Spread;
  /** How far the clocks of two threads are apart, and how sure that is. */
  readonly clockSkewSeconds: number;
  readonly clockSkewErrorSeconds: number;
  /** Work of two processes at once / work of one, in the same time: 2 on two free cores. */
  readonly twoProcesses: number;
  /** Gaps of over a millisecond in a busy thread's time: their part, and the longest. */
  readonly interruptedRatio: number;
  readonly longestGapSeconds: number;
}

const SLEEPS_MS = [0.1, 1, 5, 20] as const;
const ROUND_TRIPS = 2000;
const SPIN_MS = 500;
const GAP_MS = 1;
const CAPACITY_ROUNDS = 3;
/** When both processes begin to work, after they were started, and how long they do, ms. */
const CAPACITY_START_MS = 300;
const CAPACITY_MS = 400;
/** A wake-up is given up after this long, ms. */
const PATIENCE_MS = 2000;

/** Examine the machine: five seconds or so. @param tell is told what is being looked at */
export async function diagnose(tell: (text: string) => void): Promise<Diagnosis> {
  const before = machineTicks();
  tell("timers");
  const timers = SLEEPS_MS.map(latenessOf);
  tell("wake-ups and clocks");
  const { wakeUp, skew, error } = await pingPong();
  tell("interruptions");
  const interruptions = spin();
  const after = machineTicks();
  tell("two processes");
  const twoProcesses = await capacity();
  tell("");
  const [model] = cpus();
  return {
    cpuModel: model?.model ?? "unknown",
    cores: cpus().length,
    usableCores: availableParallelism(),
    affinity: affinityList(),
    memoryBytes: totalmem(),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.versions.node,
    loadPerCore: loadavg()[0] / cpus().length,
    ...foreign(before, after),
    clockStepSeconds: clockStep(),
    timers,
    wakeUp,
    clockSkewSeconds: skew,
    clockSkewErrorSeconds: error,
    twoProcesses,
    ...interruptions,
  };
}

function affinityList(): string | null {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? null;
  } catch {
    return null; // Only Linux tells.
  }
}

function spreadOf(seconds: readonly number[]): Spread {
  const sorted = Float64Array.from(seconds).sort();
  return {
    p50Seconds: percentile(sorted, 0.5)!,
    p99Seconds: percentile(sorted, 0.99)!,
    maxSeconds: percentile(sorted, 1)!,
  };
}

function latenessOf(sleepMs: number): Lateness {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const late: number[] = [];
  const count = Math.min(200, Math.ceil(500 / sleepMs));
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    Atomics.wait(word, 0, 0, sleepMs);
    late.push((performance.now() - started - sleepMs) / 1000);
  }
  return { sleepSeconds: sleepMs / 1000, ...spreadOf(late) };
}

/** Wake a thread and be woken by it; the quickest trips tell how its clock stands to ours. */
async function pingPong(): Promise<{ wakeUp: Spread; skew: number; error: number }> {
  const words = new Int32Array(new SharedArrayBuffer(4 * ProberWord.Size));
  const times = new Float64Array(new SharedArrayBuffer(8));
  const data: ProberData = { words, times };
  const worker = new Worker(new URL("../../workers/prober.js", import.meta.url), {
    workerData: data,
  });
  const exited = new Promise<void>((resolve) => worker.on("exit", () => resolve()));
  await new Promise<void>((resolve) => worker.on("online", () => resolve()));
  const half: number[] = [];
  let quickest = Number.POSITIVE_INFINITY;
  let skew = 0;
  for (let call = 1; call <= ROUND_TRIPS; call++) {
    const started = performance.timeOrigin + performance.now();
    Atomics.store(words, ProberWord.Call, call);
    Atomics.notify(words, ProberWord.Call);
    while (Atomics.load(words, ProberWord.Answer) !== call) {
      const result = Atomics.wait(words, ProberWord.Answer, call - 1, PATIENCE_MS);
      if (result === "timed-out") throw new Error("a thread was not woken within 2 s");
    }
    const trip = performance.timeOrigin + performance.now() - started;
    // The first trips wait for the thread to be compiled.
    if (call > ROUND_TRIPS / 10) half.push(trip / 2000);
    if (trip >= quickest) continue;
    quickest = trip;
    skew = (times[0] - (started + trip / 2)) / 1000;
  }
  Atomics.store(words, ProberWord.Call, LAST_CALL);
  Atomics.notify(words, ProberWord.Call);
  await exited;
  return { wakeUp: spreadOf(half), skew, error: quickest / 2000 };
}

/** Look at the clock without a pause: what is missing somebody else had. */
function spin(): { interruptedRatio: number; longestGapSeconds: number } {
  const started = performance.now();
  let last = started;
  let longest = 0;
  let missing = 0;
  while (last - started < SPIN_MS) {
    const now = performance.now();
    const gap = now - last;
    if (gap > GAP_MS) missing += gap;
    longest = Math.max(longest, gap);
    last = now;
  }
  return { interruptedRatio: missing / (last - started), longestGapSeconds: longest / 1000 };
}

function clockStep(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let last = performance.now();
  for (let i = 0; i < 5000; i++) {
    const now = performance.now();
    if (now > last) smallest = Math.min(smallest, now - last);
    last = now;
  }
  return smallest / 1000;
}

/** A program that counts from a given time on, and prints how far it came. */
const COUNTER = `
const [start, length] = process.argv.slice(1).map(Number);
function work(until) {
  let n = 0;
  while (Date.now() < until) for (let i = 0; i < 1e5; i++) n++;
  return n;
}
work(start);
console.log(work(start + length));`;

async function count(start: number): Promise<number> {
  const args = ["-e", COUNTER, String(start), String(CAPACITY_MS)];
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout!.on("data", (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => child.on("close", resolve));
  return Number(text);
}

/** Work of two processes at once beside that of one, the best of some rounds. */
async function capacity(): Promise<number> {
  let one = 0;
  let two = 0;
  for (let round = 0; round < CAPACITY_ROUNDS; round++) {
    one = Math.max(one, await count(Date.now() + CAPACITY_START_MS));
    const start = Date.now() + CAPACITY_START_MS;
    const both = await Promise.all([count(start), count(start)]);
    two = Math.max(two, both[0] + both[1]);
  }
  return one > 0 ? two / one : 0;
}

interface Ticks {
  readonly busy: number;
  readonly stolen: number;
  readonly all: number;
  readonly own: number;
  readonly wall: number;
}

function machineTicks(): Ticks | null {
  try {
    const [line] = readFileSync("/proc/stat", "utf8").split("\n", 1);
    const ticks = line.split(/\s+/).slice(1, 9).map(Number);
    const [user, nice, system, , , irq, softirq, stolen] = ticks;
    const { user: ownUser, system: ownSystem } = process.cpuUsage();
    return {
      busy: (user + nice + system + irq + softirq) / 100,
      stolen,
      all: ticks.reduce((sum, value) => sum + value, 0),
      own: (ownUser + ownSystem) / 1e6,
      wall: performance.now() / 1000,
    };
  } catch {
    return null; // Only Linux tells.
  }
}

function foreign(
  before: Ticks | null,
  after: Ticks | null,
): Pick<Diagnosis, "foreignCores" | "stolenRatio"> {
  if (before === null || after === null) return { foreignCores: null, stolenRatio: null };
  const busy = after.busy - before.busy - (after.own - before.own);
  const all = after.all - before.all;
  return {
    foreignCores: Math.max(0, busy / (after.wall - before.wall)),
    stolenRatio: all > 0 ? (after.stolen - before.stolen) / all : null,
  };
}

/** What will be noisy, in sentences; empty when nothing will. */
export function findings(found: Diagnosis): string[] {
  const notes: string[] = [];
  const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;
  if (found.usableCores < 2) {
    notes.push("one core only: threads never run at once, and intervals under 4 ms do not show");
  }
  if ((found.foreignCores ?? 0) > 0.15) {
    notes.push(
      `other processes use ${found.foreignCores!.toFixed(2)} cores: everything is noisy; measure when ` +
        "they are done, or let validate wait with --calm",
    );
  } else if (found.loadPerCore > 0.5) {
    notes.push(`the load was ${found.loadPerCore.toFixed(2)} a core: results will be marked`);
  }
  if ((found.stolenRatio ?? 0) > 0.01) {
    notes.push(`the host takes ${percent(found.stolenRatio!)} of the time: wall times are noisy`);
  }
  if (found.interruptedRatio > 0.01) {
    notes.push(`a busy thread is off its core ${percent(found.interruptedRatio)} of the time`);
  }
  const short = found.timers.find(({ sleepSeconds }) => sleepSeconds === 0.001);
  if (short !== undefined && short.p99Seconds > 0.001) {
    notes.push("sleeps of 1 ms end over 1 ms late: switch intervals under 5 ms are noisy");
  }
  if (found.wakeUp.p99Seconds > 0.0005) {
    notes.push("wake-ups take over 0.5 ms at times: hand-overs and tails of latencies are noisy");
  }
  if (found.usableCores >= 2 && found.twoProcesses < 1.7) {
    notes.push(
      `two processes do ${found.twoProcesses.toFixed(2)} times the work of one: speed-ups are ` +
        "limited by that, not by a lock",
    );
  }
  if (Math.abs(found.clockSkewSeconds) > 2 * found.clockSkewErrorSeconds) {
    notes.push("the clocks of two threads differ: times of a trace do not fit together");
  }
  return notes;
}
