/** Servers in processes of their own, loads for them, and what both cost: for http.ts. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, takegil } from "../../src/experiment/runtimes.js";

const FOLDER = join(ROOT, "experiments/load");
const COMMAND = takegil.args[0];

/** The part of `takegil load --json` that is used. */
export interface Loaded {
  sent: number;
  good: number;
  other: number;
  errors: number;
  timeouts: number;
  cutOff: number;
  perSecond: number;
  latency: {
    count: number;
    maxUs: number;
    quantilesUs: Record<string, number>;
    buckets: [us: number, count: number][];
  };
  generatorCores: number;
  doubts: string[];
}

/** What a server's processes have: memory in bytes, descriptors, threads of the system. */
export interface Footprint {
  rss: number;
  fds: number;
  tasks: number;
}

export interface Server {
  url: string;
  /** From its start until it listened, in seconds. */
  startSeconds: number;
  process: ChildProcess;
  footprint(): Footprint;
  /** Values of its metrics by name; none of CPython. */
  metrics(): Promise<Map<string, number>>;
  /** End it; its exit status. */
  stop(): Promise<number | null>;
}

/** Start app.py under `takegil serve` with these options, or under CPython's wsgiref. */
export async function startServer(options: readonly string[], python?: string): Promise<Server> {
  const started = performance.now();
  const [file, args] =
    python === undefined
      ? [takegil.command, [COMMAND, "serve", "app", "-b", "127.0.0.1:0", "--metrics", ...options]]
      : [python, ["app.py", "0"]];
  const child = spawn(file, args, {
    cwd: FOLDER,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TAKEGIL_LEAK_CHECK: "1" },
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let text = "";
  const port = await new Promise<number>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      const match = / on http:\/\/127\.0\.0\.1:(\d+), |serving on (\d+)/.exec(text);
      if (match !== null) resolve(Number(match[1] ?? match[2]));
    };
    child.stderr.on("data", look);
    child.stdout.on("data", look);
    void ended.then(() => reject(new Error(`the server did not start: ${text}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    startSeconds: (performance.now() - started) / 1e3,
    process: child,
    footprint: () => footprintOf([child.pid!, ...childrenOf(child.pid!)]),
    metrics: () => readMetrics(url),
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

function footprintOf(pids: readonly number[]): Footprint {
  const sum: Footprint = { rss: 0, fds: 0, tasks: 0 };
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    sum.rss += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
    sum.fds += readdirSync(`/proc/${pid}/fd`).length;
    sum.tasks += readdirSync(`/proc/${pid}/task`).length;
  }
  return sum;
}

async function readMetrics(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: "close" } })).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(" ");
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

/** Load a URL; what `takegil load` tells. */
export async function load(url: string, connections: number, seconds: number): Promise<Loaded> {
  const words = ["load", url, "-c", String(connections), "-d", `${seconds}s`, "--json"];
  // Status 1: nothing was answered in time, which is a result, too.
  return JSON.parse(await run(words, [0, 1])) as Loaded;
}

/** Run takegil with these words to its end: what it printed. */
export function run(words: readonly string[], expected: readonly number[] = [0]): Promise<string> {
  const child = spawn(takegil.command, [COMMAND, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      if (status !== null && expected.includes(status)) resolve(text);
      else reject(new Error(`takegil ${words.join(" ")} ended with status ${status}`));
    });
  });
}
