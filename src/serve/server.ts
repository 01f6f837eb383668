/**
 * Node's HTTP server in front of the program: parses requests, queues them for the threads, sends
 * what they answer, and keeps slow and malformed clients from the program.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { packTexts } from "../base/texts.js";
import { HEAD_BYTES, type LoopEnd } from "../runtime/requestchannel.js";
import { TraceEvent } from "../trace/record.js";
import { environOf, Refusal } from "./environ.js";
import { Exchange, type Outcome } from "./exchange.js";

/** How often requests and threads are looked at, in ms. */
const LOOK_MS = 250;
/** How long a client may take to read why it is sent away, in ms. */
const PARTING_MS = 1000;
/** Requests that may wait beyond those in cells. */
const MOST_WAITING = 4096;
/** A whole request may take so many times the client's timeout to arrive. */
const REQUEST_TIMEOUTS = 10;

export interface ServerOptions {
  /** How long a thread may work on a request, in ms. */
  timeoutMs: number;
  /** How long a client may keep the server waiting, in ms. */
  clientTimeoutMs: number;
  /** How long a connection without a request is kept, in ms. */
  keepAliveMs: number;
  /** Where metrics are served: a path, if they are served here. */
  metrics: string | object | null;
}

/** What the server tells the process it runs in. */
export interface ServerEvents {
  /** Record a request in the trace. */
  note(event: TraceEvent, request: number): void;
  /** A request is over, for the client at least. */
  ended(outcome: Outcome): void;
  /** The thread `ident` has worked on a request for too long. */
  stuck(exchange: Exchange, seconds: number): void;
  /** A thread with the identity `ident` runs. */
  isAlive(ident: number): boolean;
  /** A client asks for the metrics. */
  metrics(response: ServerResponse): void;
}

/** Status of the answer to what the parser refuses, by its code; 400 for the rest. */
const PARSER_STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

export class HttpServer {
  readonly #server: Server;
  /** Requests that are not over for both client and thread. */
  readonly #exchanges = new Set<Exchange>();
  /** Of those, the ones that no cell was free for. */
  readonly #waiting: Exchange[] = [];
  /** By cell. */
  readonly #inCell: (Exchange | null)[];
  /** The request that a connection is about; clients do not pipeline more than one. */
  readonly #current = new WeakMap<Socket, Exchange>();
  readonly #stuck = new Set<Exchange>();
  #requests = 0;
  #connections = 0;
  #closing = false;
  #running = true;
  #emptied: () => void = () => {};
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly channel: LoopEnd,
    private readonly options: ServerOptions,
    private readonly events: ServerEvents,
  ) {
    this.#inCell = new Array<Exchange | null>(channel.cells).fill(null);
    const { clientTimeoutMs, keepAliveMs } = options;
    this.#server = createServer({
      headersTimeout: clientTimeoutMs,
      requestTimeout: clientTimeoutMs * REQUEST_TIMEOUTS,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: Math.min(1000, clientTimeoutMs),
      noDelay: true,
      insecureHTTPParser: false,
    });
    const server = this.#server;
    // All fields are seen, so that too many can be refused instead of forgotten.
    server.maxHeadersCount = 0;
    server.on("request", (message, response) => this.#accept(message, response, false));
    server.on("checkContinue", (message, response) => this.#accept(message, response, true));
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      this.#refuseRaw(error.code ?? "", socket as Socket);
    });
    // A server that accepts nothing itself begins to watch over its connections here.
    server.emit("listening");
    server.setTimeout(clientTimeoutMs, (socket: Socket) => this.#timedOut(socket));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    void this.#answerCalls();
  }

  /** Requests that have arrived so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Requests under way, queued ones included. */
  get inFlight(): number {
    return this.#exchanges.size;
  }

  /** Requests that wait for a thread. */
  get queued(): number {
    return this.channel.queued + this.#waiting.length;
  }

  /** Threads that have been at one request for too long. */
  get stuckThreads(): number {
    return this.#stuck.size;
  }

  /** Open connections. */
  get connections(): number {
    return this.#connections;
  }

  /** Serve a connection that the parent process has accepted. */
  adopt(socket: Socket): void {
    this.#connections++;
    socket.on("close", () => this.#connections--);
    socket.setNoDelay(true);
    this.#server.emit("connection", socket);
    socket.resume();
  }

  #accept(message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const { socket } = message;
    if (message.url === this.options.metrics && message.method === "GET") {
      this.events.metrics(response);
      return;
    }
    const arrived = performance.now();
    const request = ++this.#requests;
    const exchange = new Exchange(
      request,
      message,
      response,
      this.channel,
      expectsContinue,
      (ended) => this.#done(ended),
      arrived,
    );
    this.#exchanges.add(exchange);
    this.#current.set(socket, exchange);
    if (this.#closing) response.shouldKeepAlive = false;
    const head = this.#headOf(message, socket);
    if (head instanceof Refusal) exchange.refuse(head.status, head.reason);
    else if (this.#waiting.length >= MOST_WAITING) exchange.refuse(503, "Service Unavailable");
    else {
      this.events.note(TraceEvent.RequestQueued, request);
      if (!this.#enter(exchange, head)) this.#wait(exchange, head);
    }
  }

  /** The request's environ as the program gets it, or why it does not get it. */
  #headOf(message: IncomingMessage, socket: Socket): Uint8Array | Refusal {
    const environ = environOf(message, {
      serverName: socket.localAddress ?? "",
      serverPort: String(socket.localPort ?? ""),
      remoteAddress: socket.remoteAddress ?? "",
      remotePort: String(socket.remotePort ?? ""),
    });
    if (environ instanceof Refusal) return environ;
    const head = packTexts(environ);
    if (head === null) return new Refusal(400, "Bad Request");
    if (head.length > HEAD_BYTES) return new Refusal(431, "Request Header Fields Too Large");
    return head;
  }

  readonly #heads = new WeakMap<Exchange, Uint8Array>();

  #wait(exchange: Exchange, head: Uint8Array): void {
    this.#heads.set(exchange, head);
    this.#waiting.push(exchange);
  }

  /** Give the request to the threads; false when there is no free cell. */
  #enter(exchange: Exchange, head: Uint8Array): boolean {
    const cell = this.channel.reserve(exchange.request, head);
    if (cell < 0) return false;
    this.#inCell[cell] = exchange;
    exchange.enter(cell);
    this.channel.push(cell);
    return true;
  }

  /** The request is over for the client, or for the thread after that. */
  #done(exchange: Exchange): void {
    if (!this.#exchanges.has(exchange)) return;
    if (!exchange.logged) {
      exchange.logged = true;
      const outcome = exchange.outcome();
      if (outcome.complete) this.events.note(TraceEvent.RequestSent, exchange.request);
      this.events.ended(outcome);
    }
    if (!exchange.finished) return;
    this.#exchanges.delete(exchange);
    this.#stuck.delete(exchange);
    // The cell may serve another request by now.
    const { cell } = exchange;
    if (cell >= 0 && this.#inCell[cell] === exchange) this.#inCell[cell] = null;
    this.#admit();
    if (this.#exchanges.size === 0) this.#emptied();
  }

  /** Let those in that wait for a cell. */
  #admit(): void {
    while (this.#waiting.length > 0 && this.channel.free > 0) {
      const exchange = this.#waiting.shift()!;
      // One whose client has gone meanwhile needs no cell.
      if (this.#exchanges.has(exchange)) this.#enter(exchange, this.#heads.get(exchange)!);
    }
  }

  /** Do what threads call for, until the server is closed. */
  async #answerCalls(): Promise<void> {
    while (this.#running) {
      const seen = this.channel.calls;
      for (const cell of this.channel.takeCalls()) this.#inCell[cell]?.advance();
      await this.channel.awaitCall(seen);
    }
  }

  /** The parser refuses what a client sends. */
  #refuseRaw(code: string, socket: Socket): void {
    const exchange = this.#current.get(socket);
    const busy = exchange !== undefined && this.#exchanges.has(exchange);
    const begun = busy && exchange.response.headersSent;
    if (!socket.writable || code === "ECONNRESET" || begun) {
      socket.destroy();
      return;
    }
    const status = PARSER_STATUS[code] ?? "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    // Whoever does not even read that.
    setTimeout(() => socket.destroy(), PARTING_MS).unref();
  }

  /** Nothing went over the connection for the client's timeout. */
  #timedOut(socket: Socket): void {
    const exchange = this.#current.get(socket);
    if (exchange === undefined || !this.#exchanges.has(exchange)) socket.destroy();
    else if (exchange.waitsForClient) this.#refuseRaw("ERR_HTTP_REQUEST_TIMEOUT", socket);
  }

  /** Look for requests that take too long, and for those whose threads have died. */
  #look(): void {
    const now = performance.now();
    for (const exchange of [...this.#exchanges]) {
      const { thread } = exchange;
      if (thread === 0) continue;
      if (!this.events.isAlive(thread)) {
        exchange.lose();
        continue;
      }
      const elapsed = now - exchange.takenAt;
      if (elapsed < this.options.timeoutMs || this.#stuck.has(exchange)) continue;
      this.#stuck.add(exchange);
      this.events.stuck(exchange, elapsed / 1e3);
      exchange.giveUp();
    }
  }

  /** Accept nothing more and wait for the answers to all requests; false: some were not in time. */
  async drain(limitMs: number): Promise<boolean> {
    this.#closing = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    for (const exchange of this.#exchanges) exchange.response.shouldKeepAlive = false;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    const empty = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    if (this.#exchanges.size > 0) await Promise.race([limit, empty]);
    clearTimeout(timer);
    return this.#exchanges.size === 0;
  }

  /** Tell the threads that no request will come any more; connections are closed. */
  close(): void {
    this.#closing = true;
    this.#running = false;
    clearInterval(this.#timer);
    this.#server.close();
    this.#server.closeAllConnections();
    this.channel.close();
  }
}
