/** `takegil serve`: a WSGI application behind Node's HTTP server. */
import { OptionError } from "../runtime/options.js";
import type { ServeOptions } from "../serve/options.js";
import { ApplicationError, ServeWorker } from "../serve/worker.js";
import { fileProblem, UsageError } from "./failure.js";
import { say } from "./run.js";

export interface ServeCommand {
  threads: number;
  bind: { host: string; port: number };
  backlog: number;
  gil: string;
  switchInterval: number;
  heapSize: number;
  maxThreads: number;
  timeout: number;
  gracefulTimeout: number;
  keepAlive: number;
  clientTimeout: number;
  accessLog?: string;
  logLevel: string;
  trace?: string;
}

const STATUS_FAILED = 1;
const STATUS_BROKEN = 70;

/** Serve until told to end; the exit status. */
export async function serve(application: string, command: ServeCommand): Promise<number> {
  const options = optionsOf(application, command);
  const worker = await create(options);
  if (worker === null) return STATUS_FAILED;
  let asked = false;
  const stop = (): void => {
    if (asked) worker.kill();
    else worker.stop();
    asked = true;
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  try {
    await listen(worker, options);
    const { clean, result } = await worker.ended;
    const leaked = process.env.TAKEGIL_LEAK_CHECK !== undefined && result.leakedBlocks > 0;
    if (leaked) say(`takegil: ${result.leakedBlocks} blocks are left on the heap\n`);
    if (!asked || leaked || result.heapProblems.length > 0) return STATUS_BROKEN;
    return clean ? 0 : STATUS_FAILED;
  } finally {
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
  }
}

function optionsOf(application: string, command: ServeCommand): ServeOptions {
  if (!/^[^:]+(:[\w.]+(\(\))?)?$/.test(application)) {
    throw new UsageError(`name the application as module:name, not ${JSON.stringify(application)}`);
  }
  return {
    application,
    threads: command.threads,
    workers: 1,
    ...command.bind,
    backlog: command.backlog,
    gil: command.gil,
    switchIntervalUs: command.switchInterval,
    heapSize: command.heapSize,
    maxThreads: command.maxThreads,
    timeoutMs: command.timeout / 1e3,
    gracefulMs: command.gracefulTimeout / 1e3,
    keepAliveMs: command.keepAlive / 1e3,
    clientTimeoutMs: command.clientTimeout / 1e3,
    maxRequests: 0,
    accessLog: command.accessLog ?? null,
    logLevel: command.logLevel,
    trace: command.trace ?? null,
  };
}

async function create(options: ServeOptions): Promise<ServeWorker | null> {
  try {
    return await ServeWorker.create(options, { spent() {}, stuck() {} });
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(error.message);
    if (error instanceof ApplicationError) {
      say(`takegil: ${error.message}\n`);
      return null;
    }
    const path = options.trace ?? options.accessLog;
    if ((error as NodeJS.ErrnoException).code !== undefined && path !== null) {
      throw fileProblem(error, path);
    }
    throw error;
  }
}

async function listen(worker: ServeWorker, options: ServeOptions): Promise<void> {
  const { host, port, threads, application } = options;
  try {
    await worker.listen();
  } catch (error) {
    worker.kill();
    await worker.ended;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "the address is in use" : message;
    throw new UsageError(`cannot listen on ${host}:${port}: ${reason}`);
  }
  const many = threads === 1 ? "1 thread" : `${threads} threads`;
  say(`takegil: ${application} on http://${inUrl(host)}:${worker.port}, ${many}\n`);
}

function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
