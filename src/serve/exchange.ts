/**
 * One request and its response: the body into the cell's ring as far as there is room, the
 * response out of it as fast as the client takes it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { unpackTexts } from "../base/texts.js";
import { BodyState, type LoopEnd, ResponseFlag } from "../runtime/requestchannel.js";

/** Bytes of the response that are handed to Node at a time. */
const PIECE_BYTES = 1 << 16;

/** What became of a request, for the log and the counters. */
export interface Outcome {
  request: number;
  message: IncomingMessage;
  /** Status sent; 0 when the connection was closed without one. */
  status: number;
  /** Bytes of the response's body. */
  bytes: number;
  /** Times in ms of performance.now(): arrival, taken by a thread (0: never), end. */
  arrived: number;
  taken: number;
  ended: number;
  /** Was the whole response handed to the system? */
  complete: boolean;
}

export class Exchange {
  status = 0;
  /** Set by the server once it has told what became of the request. */
  logged = false;
  #cell = -1;
  #bytes = 0;
  /** Bytes of the body that Content-Length promises and that have not left, or -1 without it. */
  #owed = -1;
  /** Bytes of the body that found no room in the ring. */
  #rest: Uint8Array | null = null;
  /** The client's socket takes no more at present. */
  #blocked = false;
  #bodyEnded = false;
  #begun = false;
  /** The client expects `100 Continue` before it sends the body. */
  #expectsContinue: boolean;
  #taken = 0;
  /** The response has left, or never will; the thread may still be at work. */
  #over = false;
  /** The thread has given the cell back. */
  #returned = false;

  constructor(
    readonly request: number,
    readonly message: IncomingMessage,
    readonly response: ServerResponse,
    private readonly channel: LoopEnd,
    expectsContinue: boolean,
    private readonly done: (exchange: Exchange) => void,
    readonly arrived: number,
  ) {
    this.#expectsContinue = expectsContinue;
    response.on("close", () => this.#closed());
    response.on("drain", () => {
      this.#blocked = false;
      this.#pump();
    });
  }

  get cell(): number {
    return this.#cell;
  }

  /** Over for the client and for the thread: the cell is free again. */
  get finished(): boolean {
    return this.#over && (this.#returned || this.#cell < 0);
  }

  /** Is the client what the server waits for? */
  get waitsForClient(): boolean {
    if (this.#over) return false;
    return this.#blocked || (!this.#bodyEnded && this.#rest === null);
  }

  /** Identity of the thread that works on it; 0: nobody yet, or nobody any more. */
  get thread(): number {
    return this.#cell < 0 || this.#returned ? 0 : this.channel.threadOf(this.#cell);
  }

  /** When a thread took it, in ms of performance.now(), or 0. */
  get takenAt(): number {
    if (this.#taken === 0 && this.thread !== 0) this.#taken = this.channel.takenAt(this.#cell);
    return this.#taken;
  }

  /** Hand the request to the threads, in the cell `cell`. */
  enter(cell: number): void {
    this.#cell = cell;
    if (this.#over) {
      // The client has left while the request waited for a cell.
      this.channel.endBody(cell, BodyState.Aborted);
      return;
    }
    const { message } = this;
    message.on("data", (bytes: Buffer) => this.#take(bytes));
    message.on("end", () => {
      this.#bodyEnded = true;
      if (this.#rest === null) this.channel.endBody(cell, BodyState.Complete);
    });
    message.on("error", () => {});
  }

  #take(bytes: Uint8Array): void {
    if (this.#over) return;
    const count = this.channel.addBody(this.#cell, bytes);
    if (count === bytes.length) return;
    this.#rest = bytes.subarray(count);
    this.message.pause();
    this.channel.awaitRoom(this.#cell);
    // The thread may have made room meanwhile.
    this.#takeRest();
  }

  #takeRest(): void {
    const rest = this.#rest;
    if (rest === null || this.#over) return;
    const count = this.channel.addBody(this.#cell, rest);
    if (count < rest.length) {
      this.#rest = rest.subarray(count);
      this.channel.awaitRoom(this.#cell);
      return;
    }
    this.#rest = null;
    if (this.#bodyEnded) this.channel.endBody(this.#cell, BodyState.Complete);
    else this.message.resume();
  }

  /** The thread has called: it wants body, has made room, or has written. */
  advance(): void {
    if (this.#returned) return;
    this.#takeRest();
    const flags = this.channel.responseFlags(this.#cell);
    if ((flags & ResponseFlag.WantsBody) !== 0 && this.#expectsContinue && !this.#over) {
      this.#expectsContinue = false;
      this.response.writeContinue();
    }
    this.#pump();
  }

  /** Send what the ring holds, as far as the client takes it. */
  #pump(): void {
    if (this.#cell < 0 || this.#returned) return;
    const { channel } = this;
    const cell = this.#cell;
    while (!this.#blocked || this.#over) {
      // Before the bytes are counted: what was written before the end is seen with it.
      const flags = channel.responseFlags(cell);
      const ended = (flags & (ResponseFlag.End | ResponseFlag.Failed)) !== 0;
      const count = Math.min(channel.responseBytes(cell), PIECE_BYTES);
      // A response that failed before anything of it left had better be another one.
      const whole = (flags & (ResponseFlag.Head | ResponseFlag.Failed)) === ResponseFlag.Head;
      if (!this.#begun && !this.#over && whole && (count > 0 || ended)) {
        this.#begin(channel.responseHead(cell));
      }
      const bytes = count > 0 ? channel.takeResponse(cell, count) : null;
      const isLast = ended && channel.responseBytes(cell) === 0;
      if (isLast) this.#giveBack();
      if (!this.#over) {
        if (isLast) this.#end(bytes, (flags & ResponseFlag.End) !== 0);
        else if (bytes !== null) this.#send(bytes);
      }
      if (isLast || bytes === null) return;
    }
  }

  /** The thread is through with the request. */
  #giveBack(): void {
    this.#taken = this.takenAt;
    this.#returned = true;
    this.channel.release(this.#cell);
    if (this.#over) this.done(this);
  }

  /** Write status and headers. */
  #begin(head: Uint8Array): void {
    const [statusLine, ...headers] = unpackTexts(head);
    this.#begun = true;
    this.status = Number(statusLine.slice(0, 3));
    const { response } = this;
    for (let i = 0; i < headers.length; i += 2) {
      const [name, value] = [headers[i], headers[i + 1]];
      if (name.toLowerCase() === "content-length" && /^\d+$/.test(value.trim())) {
        this.#owed = Number(value);
      }
      response.appendHeader(name, value);
    }
    if (!response.hasHeader("server")) response.setHeader("Server", "takegil");
    // A body that nobody asked for must not be taken for the next request.
    if (this.#expectsContinue) response.setHeader("Connection", "close");
    response.writeHead(this.status, statusLine.slice(4));
  }

  /** What may leave of `bytes`: no more than Content-Length promised. */
  #allowed(bytes: Buffer): Buffer {
    const allowed = this.#owed >= 0 ? bytes.subarray(0, this.#owed) : bytes;
    if (this.#owed >= 0) this.#owed -= allowed.length;
    if (this.message.method !== "HEAD") this.#bytes += allowed.length;
    return allowed;
  }

  #send(bytes: Buffer): void {
    const allowed = this.#allowed(bytes);
    if (allowed.length > 0 && !this.response.write(allowed)) this.#blocked = true;
  }

  #end(bytes: Buffer | null, complete: boolean): void {
    const allowed = bytes === null ? null : this.#allowed(bytes);
    if (!this.#begun) {
      if (this.status === 0) this.refuse(500, "Internal Server Error");
      return;
    }
    const hasBody = this.message.method !== "HEAD" && this.status !== 304 && this.status !== 204;
    if (!complete || (this.#owed > 0 && hasBody)) {
      // The client must see that something is missing.
      this.response.destroy();
      return;
    }
    if (allowed === null) this.response.end();
    else this.response.end(allowed);
  }

  /** Answer without the program: the connection is closed afterwards. */
  refuse(status: number, reason: string): void {
    const { response } = this;
    this.status = status;
    this.#begun = true;
    const text = `${reason}\n`;
    response.writeHead(status, {
      "Content-Type": "text/plain",
      "Content-Length": text.length,
      Connection: "close",
    });
    response.end(text);
  }

  /** The program takes too long: answer for it, or cut the response off. */
  giveUp(): void {
    if (this.#over) return;
    if (this.#begun) this.response.destroy();
    else this.refuse(504, "Gateway Timeout");
    this.#abort();
  }

  /** The thread that worked on it is gone. */
  lose(): void {
    if (this.#returned) return;
    if (this.#begun) this.response.destroy();
    else if (!this.#over) this.refuse(500, "Internal Server Error");
    this.#giveBack();
  }

  #abort(): void {
    if (this.#cell >= 0 && !this.#returned) {
      this.channel.endBody(this.#cell, BodyState.Aborted);
    }
  }

  /** The response has left, or the client. */
  #closed(): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.response.writableFinished) this.#abort();
    // What is left of the body is read and forgotten.
    this.message.resume();
    this.done(this);
    this.#pump();
  }

  outcome(): Outcome {
    return {
      request: this.request,
      message: this.message,
      status: this.status,
      bytes: this.#bytes,
      arrived: this.arrived,
      taken: this.takenAt,
      ended: performance.now(),
      complete: this.response.writableFinished,
    };
  }
}
