/** `takegil load`: requests for an HTTP server, and how long they took. */
import { connect } from "node:net";
import { generate, LoadError } from "../load/generator.js";
import type { Arrival, Latency, LoadPlan, LoadResult } from "../load/plan.js";
import { isKept, type Threshold } from "../load/threshold.js";
import { UsageError } from "./failure.js";
import { write } from "./files.js";
import { say } from "./run.js";
import { abortOnSignals } from "./sweep.js";

export interface LoadCommand {
  connections: number;
  duration: number;
  amount?: number;
  warmup: number;
  rate?: number;
  arrival?: Arrival;
  timeout: number;
  seed: number;
  threshold?: Threshold[];
  json?: boolean;
  output?: string;
}

const STATUS_FAILED = 1;
const STATUS_THRESHOLD = 3;

/** Produce the load; the exit status. */
export async function load(url: string, command: LoadCommand): Promise<number> {
  const plan = planOf(url, command);
  await reach(plan.url);
  let result: LoadResult;
  try {
    result = await generate(plan, abortOnSignals().signal);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    say(`takegil: ${error.message}\n`);
    return STATUS_FAILED;
  }
  const thresholds = command.threshold ?? [];
  const verdicts = thresholds.map((threshold) => ({
    threshold: threshold.text,
    kept: isKept(result, threshold),
  }));
  const json = `${JSON.stringify({ ...result, thresholds: verdicts }, null, 1)}\n`;
  if (command.output !== undefined) write(command.output, json);
  if (command.json === true) write("-", json);
  else write("-", summary(result, verdicts));
  if (result.good + result.other === 0) return STATUS_FAILED;
  return verdicts.every(({ kept }) => kept) ? 0 : STATUS_THRESHOLD;
}

/** How long a server may take to accept the first connection, in ms. */
const REACH_MS = 5000;

/** Connect once, so that a server that is not there is an error and not a result. */
function reach(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: port === "" ? 80 : Number(port) });
    const fail = (why: string): void => {
      socket.destroy();
      reject(new UsageError(`no server answers at ${url}: ${why}`));
    };
    socket.setTimeout(REACH_MS, () => fail(`nothing came in ${REACH_MS / 1000} s`));
    socket.on("error", (error) => fail(error.message));
    socket.on("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}

function planOf(url: string, command: LoadCommand): LoadPlan {
  const arrival = command.arrival ?? (command.rate === undefined ? "closed" : "poisson");
  if ((arrival === "closed") !== (command.rate === undefined)) {
    throw new UsageError("a rate, -R, goes with --arrival constant or poisson, and they need one");
  }
  const amount = command.amount ?? null;
  if (arrival === "closed" && amount !== null && amount < command.connections) {
    throw new UsageError(`${amount} requests cannot use ${command.connections} connections`);
  }
  return {
    url: checkedUrl(url),
    connections: command.connections,
    durationSeconds: command.duration / 1e6,
    amount,
    warmupSeconds: command.warmup,
    arrival,
    rate: command.rate ?? 0,
    timeoutSeconds: command.timeout / 1e6,
    seed: command.seed,
  };
}

function checkedUrl(text: string): string {
  try {
    const url = new URL(text.includes("://") ? text : `http://${text}`);
    if (url.protocol === "http:" && url.hostname !== "") return url.href;
  } catch {
    // Said below.
  }
  throw new UsageError(`no URL of an HTTP server: ${text}`);
}

/** A duration with three digits. */
function shown(us: number): string {
  if (Number.isNaN(us)) return "unknown";
  if (us >= 1e6) return `${(us / 1e6).toPrecision(3)} s`;
  return us >= 1e3 ? `${Number((us / 1e3).toPrecision(3))} ms` : `${Math.round(us)} µs`;
}

function line(name: string, { minUs, quantilesUs, maxUs }: Latency): string {
  const { p50, p90, p99 } = quantilesUs;
  const values = { min: minUs, p50, p90, p99, "p99.9": quantilesUs["p99.9"], max: maxUs };
  const words = Object.entries(values).map(([key, us]) => `${key} ${shown(us)}`);
  return `${name.padEnd(10)}${words.join(", ")}`;
}

function summary(
  result: LoadResult,
  verdicts: readonly { threshold: string; kept: boolean }[],
): string {
  const { plan, sent, good, other, errors, timeouts, cutOff } = result;
  const how =
    plan.arrival === "closed"
      ? `${plan.connections} connections, each one request at a time`
      : `${plan.rate} requests a second, ${plan.arrival}, over at most ${plan.connections} connections`;
  const ends = [
    `${good} answered with 2xx`,
    `${other} with another status`,
    `${errors} errors`,
    `${timeouts} timeouts`,
    `${cutOff} cut off at the end`,
  ];
  const statuses = Object.entries(result.statuses).filter(([status]) => !status.startsWith("2"));
  const lines = [
    `${plan.url}: ${how}, ${result.seconds.toFixed(1)} s`,
    `requests  ${sent} sent: ${ends.join(", ")}`,
    ...statuses.map(([status, count]) => `          ${count} with status ${status}`),
    `rate      ${result.perSecond.toFixed(1)} 2xx answers a second`,
    ...(result.good + result.other === 0 ? [] : [line("latency", result.latency)]),
    ...(result.lateness === null ? [] : [line("sent late", result.lateness)]),
    `generator ${Math.round(result.generatorCores * 100)} % of a core`,
    ...result.doubts.map((doubt) => `not to be trusted: ${doubt}`),
    ...verdicts.map(({ threshold, kept }) => `threshold ${threshold}: ${kept ? "kept" : "broken"}`),
  ];
  return `${lines.join("\n")}\n`;
}
