/**
 * The parent of the worker processes: owns the listening socket, gives each connection to the
 * worker that has fewest, replaces workers that die, and ends with them. A process in reserve has
 * loaded the application and waits to take the place of the next worker that ends.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createServer as createHttpServer, type Server as MetricsServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import type { Log } from "../runtime/log.js";
import type { FromWorker, ToWorker } from "./messages.js";
import {
  addMeasures,
  formatMeasures,
  lastingMeasures,
  METRICS_TYPE,
  type Measures,
} from "./metrics.js";
import type { ServeOptions } from "./options.js";

const COMMAND = fileURLToPath(new URL("../cli/main.js", import.meta.url));

/** How often workers are looked at, in ms. */
const LOOK_MS = 1000;
/** A worker that gives no sign of life at so many looks is ended. */
const SILENT_LOOKS = 30;
/** Workers that die before they serve, one after the other, until the server gives up. */
const MOST_FAILURES = 3;
/** How long a worker told to end may take beyond the limit for its requests, in ms. */
const ENDING_MS = 8000;
/** How long a worker may take to say what it has done, in ms. */
const MEASURE_MS = 3000;

/** How long after a worker's start another process is made as a reserve, in ms. */
const RESERVE_MS = 1000;

/** How long what a worker has said may take to come in after its exit, in ms. */
const LAST_WORDS_MS = 100;

/** Exit status of a server that ended by itself. */
const STATUS_BROKEN = 70;

class WorkerProcess {
  readonly child: ChildProcess;
  ready = false;
  /** It gets no further connections. */
  leaving = false;
  /** Connections sent to it that it has not yet said to have. */
  readonly #sent = new Map<number, Socket>();
  #ids = 0;
  /** What it last said of itself, and connections it has received since. */
  #load = { open: 0, requests: 0 };
  #received = 0;
  /** Looks since it last gave a sign of life. */
  silentLooks = 0;
  measures: Measures = {};
  #measured: () => void = () => {};
  status: number | null = null;

  /** @param serving false: it is kept in reserve; true: it serves as soon as it is ready */
  constructor(
    readonly number: number,
    public serving: boolean,
  ) {
    this.child = fork(COMMAND, ["serve-worker"]);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get connections(): number {
    return this.#load.open + this.#received + this.#sent.size;
  }

  /** Requests under way when it last said so. */
  get requests(): number {
    return this.#load.requests;
  }

  send(message: ToWorker): void {
    // The worker may be dying: its exit is what counts.
    this.child.send(message, () => {});
  }

  /** Give it a connection. Our end stays open until it has it: it may die before. */
  give(socket: Socket): void {
    const id = ++this.#ids;
    this.#sent.set(id, socket);
    const message: ToWorker = { kind: "connection", id };
    this.child.send(message, socket, { keepOpen: true }, () => {});
  }

  received(id: number): void {
    this.#sent.get(id)?.destroy();
    this.#sent.delete(id);
    this.#received++;
  }

  /** Connections that it never said to have. */
  takeBack(): Socket[] {
    const sockets = [...this.#sent.values()];
    this.#sent.clear();
    return sockets;
  }

  heard(load: { open: number; requests: number }): void {
    this.#load = load;
    this.#received = 0;
    this.silentLooks = 0;
  }

  took(measures: Measures, asked: boolean): void {
    this.measures = measures;
    if (asked) this.#measured();
  }

  /** Ask what it has done; resolves at once when it has answered, else after a while. */
  measure(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, MEASURE_MS);
      this.#measured = () => {
        clearTimeout(timer);
        resolve();
      };
      this.send({ kind: "measure" });
    });
  }
}

export class Supervisor {
  /** All processes, the reserve included. */
  readonly #workers = new Set<WorkerProcess>();
  #reserve: WorkerProcess | null = null;
  #reserveTimer: NodeJS.Timeout | undefined;
  readonly #server: Server;
  #metricsServer: MetricsServer | null = null;
  /** Connections that no worker could be found for. */
  readonly #held: Socket[] = [];
  /** What workers that have ended had done. */
  readonly #past: Measures = {};
  #restarts: Record<string, number> = {};
  #number = 0;
  #failures = 0;
  #stopping = false;
  #status = 0;
  #timer: NodeJS.Timeout | null = null;
  #settle: { ready: () => void; failed: (error: Error) => void } | null = null;
  #finish: (status: number) => void = () => {};
  /** Resolves with the exit status when the server has ended. */
  readonly ended = new Promise<number>((resolve) => {
    this.#finish = resolve;
  });

  constructor(
    private readonly options: ServeOptions,
    private readonly log: Log,
  ) {
    this.#server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on("error", () => {});
      this.#give(socket);
    });
  }

  /** The port that was asked for, or the one that was chosen. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The port of the metrics, when they have an address of their own. */
  get metricsPort(): number | null {
    return (this.#metricsServer?.address() as AddressInfo | undefined)?.port ?? null;
  }

  /** Listen, start the workers and wait for them; false when the application cannot be served. */
  async start(): Promise<boolean> {
    const { host, port, backlog, workers, metrics } = this.options;
    await listening(this.#server, host, port, backlog);
    if (metrics !== null && typeof metrics !== "string") await this.#serveMetrics(metrics);
    const ready = new Promise<void>((resolve, reject) => {
      this.#settle = { ready: resolve, failed: reject };
    });
    for (let i = 0; i < workers; i++) this.#fork(true);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    try {
      await ready;
      return true;
    } catch {
      return false;
    }
  }

  // --- connections ---

  #give(socket: Socket): void {
    let best: WorkerProcess | null = null;
    for (const worker of this.#workers) {
      if (!isServing(worker)) continue;
      if (best === null || worker.connections < best.connections) best = worker;
    }
    if (best === null) this.#held.push(socket);
    else best.give(socket);
  }

  #giveHeld(): void {
    for (const socket of this.#held.splice(0)) {
      if (!socket.destroyed) this.#give(socket);
    }
  }

  // --- workers ---

  #fork(serving: boolean): WorkerProcess {
    const worker = new WorkerProcess(++this.#number, serving);
    this.#workers.add(worker);
    worker.child.on("message", (message) => this.#hear(worker, message as FromWorker));
    worker.child.on("error", () => {});
    const silent = new Promise((resolve) => worker.child.once("disconnect", resolve));
    worker.child.once("exit", async (status, signal) => {
      // What it said last may come in after its exit. A channel with sockets under way may stay.
      await Promise.race([silent, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
      this.#exited(worker, status, signal);
    });
    const trace = this.#traceOf(worker.number);
    worker.send({ kind: "serve", options: this.options, trace, reserve: !serving });
    return worker;
  }

  /** A process that is ready takes requests from now on. */
  #begun(worker: WorkerProcess): void {
    this.log.info({ child: worker.pid, worker: worker.number }, "worker ready");
    this.#giveHeld();
    this.#retireSpent();
    if ([...this.#workers].every(({ ready, serving }) => ready || !serving)) this.#settle?.ready();
    this.#keepReserve();
  }

  /** Another process serves: the one in reserve, or a new one. */
  #succeed(): void {
    const reserve = this.#reserve;
    this.#reserve = null;
    if (reserve === null) {
      this.#fork(true);
      return;
    }
    reserve.serving = true;
    // One that is not ready yet would not hear it.
    if (reserve.ready) this.#beginLate(reserve);
  }

  /** Have a process take requests that was made as the reserve. */
  #beginLate(worker: WorkerProcess): void {
    worker.send({ kind: "begin" });
    this.#begun(worker);
  }

  /**
   * Make a process that waits, a while after the last worker began. None beside a trace: a process
   * that never serves would have one, too.
   */
  #keepReserve(): void {
    if (!this.options.reserve || this.options.trace !== null) return;
    clearTimeout(this.#reserveTimer);
    this.#reserveTimer = setTimeout(() => {
      if (!this.#stopping) this.#reserve ??= this.#fork(false);
    }, RESERVE_MS);
  }

  /** The process in reserve has ended. One that could not even get ready is not tried again. */
  #lostReserve({ pid, ready }: WorkerProcess): void {
    this.#reserve = null;
    this.log.error({ child: pid }, "the process in reserve died");
    if (ready) this.#keepReserve();
  }

  /** Each worker has a trace of its own. */
  #traceOf(number: number): string | null {
    const { trace, workers } = this.options;
    if (trace === null || (workers === 1 && number === 1)) return trace;
    const { dir, name, ext } = parse(trace);
    return `${dir === "" ? "" : `${dir}/`}${name}.${number}${ext}`;
  }

  #hear(worker: WorkerProcess, message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        worker.ready = true;
        this.#failures = 0;
        if (worker === this.#reserve) {
          this.log.info({ child: worker.pid }, "a process is in reserve");
        } else this.#beginLate(worker);
        break;
      case "failed":
        process.stderr.write(`takegil: ${message.text}\n`);
        worker.status = message.status;
        break;
      case "spent":
        this.#replace(worker, "spent");
        break;
      case "stuck":
        this.log.error({ child: worker.pid }, "all threads of the worker are stuck");
        this.#replace(worker, "stuck");
        worker.send({ kind: "kill" });
        break;
      case "received":
        worker.received(message.id);
        break;
      case "load":
        worker.heard(message);
        break;
      case "measures":
        worker.took(message.measures, message.asked);
        break;
      case "metrics":
        void this.metrics().then((text) => worker.send({ ...message, text }));
    }
  }

  /** Start another worker in this one's place; this one goes on until the other is ready. */
  #replace(worker: WorkerProcess, reason: string): void {
    if (this.#stopping || worker.leaving || this.#spent.has(worker)) return;
    this.#restarts[reason] = (this.#restarts[reason] ?? 0) + 1;
    this.#spent.add(worker);
    if (reason === "stuck") worker.leaving = true;
    this.#succeed();
  }

  readonly #spent = new Set<WorkerProcess>();

  #retireSpent(): void {
    for (const worker of this.#spent) {
      worker.leaving = true;
      worker.send({ kind: "stop" });
      this.#killLater(worker);
      this.#spent.delete(worker);
    }
  }

  #killLater(worker: WorkerProcess): void {
    const limit = this.options.gracefulMs + ENDING_MS;
    const timer = setTimeout(() => worker.child.kill("SIGKILL"), limit);
    worker.child.once("exit", () => clearTimeout(timer));
  }

  #exited(worker: WorkerProcess, status: number | null, signal: NodeJS.Signals | null): void {
    this.#workers.delete(worker);
    this.#spent.delete(worker);
    worker.took(worker.measures, true);
    const connections = worker.takeBack();
    if (this.#stopping) for (const socket of connections) socket.destroy();
    else this.#held.push(...connections);
    addMeasures(this.#past, lastingMeasures(worker.measures));
    const expected = this.#stopping || worker.leaving;
    if (worker === this.#reserve) this.#lostReserve(worker);
    else if (worker.status !== null) {
      // It has said what is wrong: another one would fare no better.
      this.#status = Math.max(this.#status, worker.status);
      this.#giveUp(new Error("a worker cannot serve"));
    } else if (!expected) this.#died(worker, status, signal);
    if (this.#stopping && worker.ready) this.#status = Math.max(this.#status, status ?? 1);
    if (this.#stopping && this.#workers.size === 0) this.#end();
  }

  #died(worker: WorkerProcess, status: number | null, signal: NodeJS.Signals | null): void {
    const { pid, requests, connections, ready } = worker;
    this.log.error({ child: pid, status, signal, requests, connections }, "worker died");
    this.#restarts.died = (this.#restarts.died ?? 0) + 1;
    if (!ready && ++this.#failures >= MOST_FAILURES) {
      process.stderr.write("takegil: workers die before they serve\n");
      this.#status = STATUS_BROKEN;
      this.#giveUp(new Error("workers die before they serve"));
    } else this.#succeed();
    this.#giveHeld();
  }

  #look(): void {
    for (const worker of this.#workers) {
      if (!worker.ready || ++worker.silentLooks < SILENT_LOOKS) continue;
      this.log.error({ child: worker.pid }, "the worker gives no sign of life");
      worker.child.kill("SIGKILL");
    }
  }

  // --- the end ---

  #giveUp(error: Error): void {
    this.#settle?.failed(error);
    this.stop();
  }

  /** Accept nothing more, let the workers answer what has arrived, and end. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    clearTimeout(this.#reserveTimer);
    this.#reserve = null;
    this.#server.close();
    for (const socket of this.#held.splice(0)) socket.destroy();
    for (const worker of this.#workers) {
      worker.leaving = true;
      // One that is still starting has nothing to bring to an end.
      if (!worker.ready) worker.child.kill("SIGKILL");
      worker.send({ kind: "stop" });
      this.#killLater(worker);
    }
    if (this.#workers.size === 0) this.#end();
  }

  /** End at once. */
  kill(): void {
    this.stop();
    for (const worker of this.#workers) worker.send({ kind: "kill" });
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#metricsServer?.close();
    this.#metricsServer?.closeAllConnections();
    this.#finish(this.#status);
  }

  // --- metrics ---

  /** What all workers have done, those that have ended included. */
  async metrics(): Promise<string> {
    await Promise.all([...this.#workers].map((worker) => (worker.ready ? worker.measure() : null)));
    const sum: Measures = { ...this.#past };
    let serving = 0;
    for (const worker of this.#workers) {
      addMeasures(sum, worker.measures);
      if (isServing(worker)) serving++;
    }
    sum.workers = serving;
    sum.workers_in_reserve = this.#reserve?.ready ? 1 : 0;
    for (const reason of ["died", "spent", "stuck"]) {
      sum[`worker_restarts_total{reason="${reason}"}`] = this.#restarts[reason] ?? 0;
    }
    return formatMeasures(sum);
  }

  async #serveMetrics(address: { host: string; port: number }): Promise<void> {
    const server = createHttpServer((message, response) => {
      const known = message.method === "GET" || message.method === "HEAD";
      if (!known || message.url?.split("?")[0] !== "/metrics") {
        response.writeHead(known ? 404 : 405).end();
        return;
      }
      void this.metrics().then((text) => {
        response.writeHead(200, { "Content-Type": METRICS_TYPE }).end(text);
      });
    });
    this.#metricsServer = server;
    await listening(server, address.host, address.port, 16);
  }
}

/** Does it take connections? */
function isServing({ ready, serving, leaving }: WorkerProcess): boolean {
  return ready && serving && !leaving;
}

function listening(server: Server, host: string, port: number, backlog: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
