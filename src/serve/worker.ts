/** What a worker process does: an interpreter with the application, behind an HTTP server. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Figures } from "../runtime/counters.js";
import { Interpreter, type RunResult } from "../runtime/interpreter.js";
import { type Log, newLog } from "../runtime/log.js";
import { LoopEnd, newChannelBuffer } from "../runtime/requestchannel.js";
import { type AccessLog, newAccessLog } from "./accesslog.js";
import type { Exchange } from "./exchange.js";
import { METRICS_TYPE, type Measures, RequestCounters, writeFigures } from "./metrics.js";
import type { ServeOptions } from "./options.js";
import { HttpServer } from "./server.js";

/** Requests in the hands of threads or queued for them; further ones wait as Node's objects. */
const CELLS = 1024;
/** How long threads may take to end once their requests are answered, in ms. */
const ENDING_MS = 5000;

/** The application cannot be served; what Python had to say about it has been printed. */
export class ApplicationError extends Error {
  override name = "ApplicationError";
}

/** How a worker ended. */
export interface WorkerEnd {
  /** Every request that had arrived was answered. */
  clean: boolean;
  /** How the program ended. */
  result: RunResult;
}

/** What a worker tells whoever started it. */
export interface WorkerEvents {
  /** It has served as many requests as it shall. */
  spent(): void;
  /** All its threads have been at one request for too long. */
  stuck(): void;
  /** A client asks for the metrics; the answer is given by {@link ServeWorker.answerMetrics}. */
  metricsAsked(id: number): void;
}

export class ServeWorker {
  readonly #server: HttpServer;
  readonly #log: Log;
  readonly #accessLog: AccessLog | null;
  readonly #counters = new RequestCounters();
  #figures: Figures | null = null;
  #over = false;
  #asked = 0;
  /** Clients that wait for the metrics. */
  readonly #answers = new Map<number, ServerResponse>();
  #stopping: Promise<boolean> | null = null;
  /** Resolves when the worker has ended. */
  readonly ended: Promise<WorkerEnd>;

  /**
   * Load the application and wait for its threads; for the first of them only in `reserve`.
   * @throws {ApplicationError} when it cannot be loaded
   * @throws {OptionError} for an option out of range
   */
  static async create(
    options: ServeOptions,
    reserve: boolean,
    events: WorkerEvents,
  ): Promise<ServeWorker> {
    const requests = newChannelBuffer(CELLS, options.threads);
    const channel = new LoopEnd(requests);
    if (!reserve) channel.begin();
    const accessLog = options.accessLog === null ? null : newAccessLog(options.accessLog);
    const log = await newLog(options.logLevel);
    const interpreter = await Interpreter.create({
      gil: options.gil,
      switchIntervalUs: options.switchIntervalUs,
      heapSize: options.heapSize,
      maxThreads: options.maxThreads,
      trace: options.trace ?? undefined,
      logLevel: options.logLevel,
      counters: true,
      requests,
    });
    const run = interpreter.runSource(program(options), {
      filename: "<takegil serve>",
      argv: [options.application],
    });
    try {
      if (await isReady(channel, run)) {
        return new ServeWorker(options, events, interpreter, channel, run, log, accessLog);
      }
    } catch (error) {
      await interpreter.close();
      throw error;
    }
    await interpreter.close();
    throw new ApplicationError(`${options.application} cannot be served`);
  }

  private constructor(
    private readonly options: ServeOptions,
    private readonly events: WorkerEvents,
    private readonly interpreter: Interpreter,
    private readonly channel: LoopEnd,
    run: Promise<RunResult>,
    log: Log,
    accessLog: AccessLog | null,
  ) {
    this.#log = log;
    this.#accessLog = accessLog;
    this.#server = new HttpServer(channel, options, {
      note: (event, request) => interpreter.note(event, request),
      ended: (outcome) => {
        accessLog?.write(outcome);
        this.#counters.add(outcome);
        if (outcome.request === options.maxRequests) events.spent();
      },
      stuck: (exchange, seconds) => this.#reportStuck(exchange, seconds),
      isAlive: (ident) => interpreter.runsThread(ident),
      metrics: (response) => this.#askForMetrics(response),
    });
    this.ended = this.#end(run);
  }

  /** Leave the reserve: start the whole pool. */
  begin(): void {
    this.channel.begin();
  }

  /** Serve a connection. */
  adopt(socket: Socket): void {
    this.#server.adopt(socket);
  }

  /** Connections open, requests under way. */
  load(): { open: number; requests: number } {
    return { open: this.#server.connections, requests: this.#server.inFlight };
  }

  /** What has been done so far. */
  measure(): Measures {
    const measures: Measures = {};
    this.#counters.write(measures);
    if (!this.#over) this.#figures = this.interpreter.figures();
    if (this.#figures !== null) writeFigures(this.#figures, measures);
    measures.http_requests_in_flight = this.#server.inFlight;
    measures.http_requests_queued = this.#server.queued;
    measures.http_connections = this.#server.connections;
    measures.python_threads_idle = this.channel.idleThreads;
    const { user, system } = process.cpuUsage();
    measures.process_resident_memory_bytes = process.memoryUsage.rss();
    measures.process_cpu_seconds_total = (user + system) / 1e6;
    return measures;
  }

  #askForMetrics(response: ServerResponse): void {
    const id = ++this.#asked;
    this.#answers.set(id, response);
    response.on("close", () => this.#answers.delete(id));
    this.events.metricsAsked(id);
  }

  /** The text of the metrics for the client that asked with this number. */
  answerMetrics(id: number, text: string): void {
    this.#answers.get(id)?.writeHead(200, { "Content-Type": METRICS_TYPE }).end(text);
  }

  /** Accept nothing more, answer what has arrived, and end. */
  stop(): void {
    if (this.#stopping !== null) return;
    this.#stopping = this.#server.drain(this.options.gracefulMs);
    void this.#stopping.then((clean) => {
      if (!clean) this.#log.error({ requests: this.#server.inFlight }, "requests cut off");
      this.#server.close();
      const timer = setTimeout(() => this.interpreter.stop(), clean ? ENDING_MS : 0);
      void this.ended.finally(() => clearTimeout(timer));
    });
  }

  /** End at once, whatever is under way. */
  kill(): void {
    this.#stopping ??= Promise.resolve(false);
    this.#server.close();
    this.interpreter.stop();
  }

  async #end(run: Promise<RunResult>): Promise<WorkerEnd> {
    const result = await run;
    const clean = this.#stopping !== null && (await this.#stopping);
    this.#server.close();
    this.#figures = this.interpreter.figures();
    this.#over = true;
    await this.interpreter.close();
    this.#accessLog?.close();
    return { clean, result };
  }

  #reportStuck(exchange: Exchange, seconds: number): void {
    const { method, url } = exchange.message;
    const thread = this.interpreter.describeThread(exchange.thread) ?? "a thread";
    const details = { request: exchange.request, method, url, thread, seconds };
    this.#log.error(details, "request timed out");
    // The one that is reported has been counted.
    if (this.#server.stuckThreads >= this.options.threads) this.events.stuck();
  }
}

/** What MainThread runs. */
function program(options: ServeOptions): string {
  const { application, threads, workers } = options;
  const multiprocess = workers > 1 ? "True" : "False";
  const target = JSON.stringify(application);
  return `import _wsgiserver\n_wsgiserver.main(${target}, ${threads}, ${multiprocess})\n`;
}

/** Wait until the program takes requests; false when it has ended instead. */
async function isReady(channel: LoopEnd, run: Promise<RunResult>): Promise<boolean> {
  let over = false;
  void run.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  while (!over && !channel.ready) await channel.awaitCall(channel.calls);
  if (over) await run;
  return !over;
}
