/** One process of a program under one of the interpreters, and what it did to the machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Definition } from "./definition.js";
import { type Launch, RUNTIME_FACTOR } from "./plan.js";
import { durationSeconds, type Factors, type Level, programWord } from "./quantity.js";
import { type Runtime, takegil } from "./runtimes.js";

/** How a process ended. */
export interface Ended {
  readonly stdout: string;
  /** Why it does not count, or null. */
  readonly failure: string | null;
  /** Wall time of the whole process. */
  readonly seconds: number;
  /** Processor cores that everything else on the machine kept busy meanwhile; null: unknown. */
  readonly foreignCores: number | null;
  /** Processor time of the process and its children, s; null: unknown. */
  readonly cpuSeconds: number | null;
}

/** Sets CPython's switch or check interval before the program, in its child processes too. */
const STARTUP = fileURLToPath(new URL("../../../experiments/startup", import.meta.url));

/** What is started. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The words that tell a program its factors; several values of those it varies itself. */
export function programWords(launch: Launch): string[] {
  const all: [string, readonly Level[]][] = [
    ...Object.entries(launch.factors).map(([name, level]): [string, Level[]] => [name, [level]]),
    ...Object.entries(launch.inside),
  ];
  return all
    .filter(([name]) => name !== RUNTIME_FACTOR)
    .map(([name, levels]) => `${name}=${levels.map(programWord).join(",")}`);
}

/** The command line of a launch. @param trace where takegil records the lock's events */
export function commandOf(
  runtime: Runtime,
  { program, plain: words }: Pick<Definition, "program" | "plain">,
  launch: Launch,
  trace: string | null,
): Command {
  return runtimeCommand(
    runtime,
    program,
    words === null ? programWords(launch) : filled(words, launch.factors),
    launch,
    trace,
  );
}

/** A program's own words, with `{name}` replaced by the factor's value. */
function filled(words: readonly string[], factors: Factors): string[] {
  return words.map((word) =>
    word.replace(/\{(\w+)\}/g, (whole, name: string) => String(factors[name] ?? whole)),
  );
}

function runtimeCommand(
  runtime: Runtime,
  program: string,
  words: readonly string[],
  launch: Launch,
  trace: string | null,
): Command {
  if (runtime === takegil) {
    const options = [...takegilOptions(launch.factors), ...(trace ? ["--trace", trace] : [])];
    return {
      file: runtime.command,
      args: [...runtime.args, ...options, program, ...words],
      env: {},
    };
  }
  const { cores, spread, switch_interval, check_interval } = launch.factors;
  const env: Record<string, string> = { PYTHONPATH: STARTUP };
  const seconds = durationSeconds(switch_interval);
  if (seconds !== null) env.TAKEGIL_SWITCH_INTERVAL = String(seconds);
  if (check_interval !== undefined) env.TAKEGIL_CHECK_INTERVAL = String(check_interval);
  if (spread === "yes")
    env.TAKEGIL_SPREAD = cpus()
      .map((_, core) => core)
      .join(",");
  const plain = { file: runtime.command, args: [...runtime.args, program, ...words], env };
  if (cores === undefined) return plain;
  const list = typeof cores === "number" ? `0-${cores - 1}` : cores;
  return { file: "taskset", args: ["-c", list, plain.file, ...plain.args], env };
}

function takegilOptions(factors: Factors): string[] {
  const options: string[] = [];
  for (const [name, option] of [
    ["gil", "--gil"],
    ["switch_interval", "--switch-interval"],
    ["check_interval", "--check-interval"],
    ["cores", "--cores"],
    ["python", "--python"],
  ] as const) {
    if (factors[name] !== undefined) options.push(option, String(factors[name]));
  }
  if (factors.spread === "yes") options.push("--spread");
  return options;
}

/** A process under way. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** End it and all it has started. */
  kill(): void;
}

/** Most bytes of output that are kept. */
const MOST_OUTPUT = 64 << 20;

/** What a process has printed so far. */
interface Output {
  stdout: string;
  stderr: string;
}

function collect(child: ChildProcess, onLine: (line: string) => void, kill: () => void): Output {
  const output: Output = { stdout: "", stderr: "" };
  let told = 0;
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    if (output.stdout.length > MOST_OUTPUT) kill();
    for (;;) {
      const end = output.stdout.indexOf("\n", told);
      if (end < 0) return;
      onLine(output.stdout.slice(told, end));
      told = end + 1;
    }
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    output.stderr = (output.stderr + text).slice(-10_000);
  });
  return output;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

/** Start a command. @param onLine is told every line of its output */
export function start(
  { file, args, env }: Command,
  limitSeconds: number,
  onLine: (line: string) => void,
): Running {
  const before = busySeconds();
  const started = performance.now();
  // A process group of its own: Ctrl-C is ours to pass on, and its children end with it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, limitSeconds * 1000);
  const output = collect(child, onLine, kill);
  const ended = new Promise<Ended>((resolve) => {
    const finish = (failure: string | null): void => {
      clearTimeout(timer);
      kill(); // Whatever it has left running.
      const seconds = (performance.now() - started) / 1000;
      resolve({ stdout: output.stdout, failure, seconds, ...usage(before, seconds) });
    };
    child.on("error", (error) => finish(error.message));
    child.on("close", (status, signal) => {
      if (late) finish(`it took more than ${limitSeconds} s`);
      else if (status === 0) finish(null);
      else finish(`exit status ${status ?? signal}: ${lastLine(output.stderr)}`);
    });
  });
  return { ended, kill };
}

/** Processor seconds so far: of the whole machine, of this process, of its dead children. */
interface Busy {
  readonly all: number;
  readonly own: number;
  readonly children: number;
}

function busySeconds(): Busy | null {
  try {
    const [, ...ticks] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0].split(/\s+/);
    const [user, nice, system, , , irq, softirq] = ticks.map(Number);
    const own = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    // Fields 14 to 17 of proc(5): user and system time, its own and its waited-for children's.
    const [utime, stime, cutime, cstime] = own.slice(11, 15).map(Number);
    const all = (user + nice + system + irq + softirq) / 100;
    return { all, own: (utime + stime) / 100, children: (cutime + cstime) / 100 };
  } catch {
    return null; // Only Linux tells.
  }
}

function usage(before: Busy | null, seconds: number): Pick<Ended, "foreignCores" | "cpuSeconds"> {
  const after = busySeconds();
  if (before === null || after === null || !(seconds > 0)) {
    return { foreignCores: null, cpuSeconds: null };
  }
  const cpuSeconds = after.children - before.children;
  const foreign = after.all - before.all - (after.own - before.own) - cpuSeconds;
  return { foreignCores: Math.max(0, foreign / seconds), cpuSeconds };
}
