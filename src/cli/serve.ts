/** `takegil serve`: a WSGI application behind Node's HTTP server. */
import { ThreadLimit } from "../memory/layout.js";
import { newLog } from "../runtime/log.js";
import type { ServeOptions } from "../serve/options.js";
import { Supervisor } from "../serve/supervisor.js";
import { UsageError } from "./failure.js";
import { say } from "./run.js";

export interface ServeCommand {
  workers: number;
  threads: number;
  maxRequests?: number;
  metrics?: string | { host: string; port: number };
  bind: { host: string; port: number };
  backlog: number;
  gil: string;
  switchInterval: number;
  heapSize: number;
  maxThreads?: number;
  timeout: number;
  gracefulTimeout: number;
  keepAlive: number;
  clientTimeout: number;
  reserve: boolean;
  accessLog?: string;
  logLevel: string;
  trace?: string;
}

const STATUS_FAILED = 1;

/** Serve until told to end; the exit status. */
export async function serve(application: string, command: ServeCommand): Promise<number> {
  const options = optionsOf(application, command);
  const log = await newLog(options.logLevel);
  const supervisor = new Supervisor(options, log);
  let asked = false;
  const stop = (): void => {
    if (asked) supervisor.kill();
    else supervisor.stop();
    asked = true;
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  try {
    if (await start(supervisor, options)) announce(supervisor, options);
    const status = await supervisor.ended;
    return asked ? status : status || STATUS_FAILED;
  } finally {
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
  }
}

function optionsOf(application: string, command: ServeCommand): ServeOptions {
  if (!/^[^:]+(:[\w.]+(\(\))?)?$/.test(application)) {
    throw new UsageError(`name the application as module:name, not ${JSON.stringify(application)}`);
  }
  const maxThreads = command.maxThreads ?? Math.max(ThreadLimit.Default, command.threads + 1);
  const room = Math.min(maxThreads, ThreadLimit.Most) - 1;
  if (command.threads > room) {
    throw new UsageError(
      `${command.threads} threads are too many: ${room} and MainThread may be alive`,
    );
  }
  return {
    application,
    threads: command.threads,
    workers: command.workers,
    ...command.bind,
    backlog: command.backlog,
    gil: command.gil,
    switchIntervalUs: command.switchInterval,
    heapSize: command.heapSize,
    maxThreads,
    timeoutMs: command.timeout / 1e3,
    gracefulMs: command.gracefulTimeout / 1e3,
    keepAliveMs: command.keepAlive / 1e3,
    clientTimeoutMs: command.clientTimeout / 1e3,
    reserve: command.reserve,
    maxRequests: command.maxRequests ?? 0,
    accessLog: command.accessLog ?? null,
    logLevel: command.logLevel,
    metrics: command.metrics ?? null,
    trace: command.trace ?? null,
  };
}

async function start(supervisor: Supervisor, options: ServeOptions): Promise<boolean> {
  const { host, port } = options;
  try {
    return await supervisor.start();
  } catch (error) {
    supervisor.kill();
    await supervisor.ended;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "the address is in use" : message;
    throw new UsageError(`cannot listen on ${inUrl(host)}:${port}: ${reason}`);
  }
}

function announce(supervisor: Supervisor, options: ServeOptions): void {
  const { host, threads, workers, application } = options;
  const many = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const size = `${many(workers, "process").replace(/sss$/, "sses")} of ${many(threads, "thread")}`;
  const { metrics } = options;
  if (metrics !== null && typeof metrics !== "string") {
    const place = `${inUrl(metrics.host)}:${supervisor.metricsPort}`;
    say(`takegil: metrics on http://${place}/metrics\n`);
  }
  say(`takegil: ${application} on http://${inUrl(host)}:${supervisor.port}, ${size}\n`);
}

function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
