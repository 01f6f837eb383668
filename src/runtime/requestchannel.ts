/**
 * The way of HTTP requests from the interpreter loop, which parses them, to the threads of the
 * program, and of responses back: a buffer of its own beside the Python heap.
 *
 *   word 0 ┌──────────────────────────────────────────┐
 *          │ Channel: who waits, ends of the queue    │
 *          ├──────────────────────────────────────────┤
 *          │ dirty bits, one a cell                   │  set by threads, taken by the loop
 *          ├──────────────────────────────────────────┤
 *          │ idle bits, one a seat                    │  set by threads, taken by the loop
 *          ├──────────────────────────────────────────┤
 *          │ seats: a word each                       │  counted up by the loop
 *          ├──────────────────────────────────────────┤
 *          │ queue: numbers of cells                  │  written by the loop, taken by threads
 *          ├──────────────────────────────────────────┤
 *          │ cells: Cell header, then three areas:    │
 *          │   head │ body, a ring │ response, a ring │
 *          └──────────────────────────────────────────┘
 *
 * A cell belongs to one request from its arrival until its response has left or failed. The loop
 * alone hands cells out and takes them back, so that its list of free ones is its own. A thread
 * that has taken a cell from the queue owns the words of the thread's side until it sets
 * {@link ResponseFlag.End} or {@link ResponseFlag.Failed}; it does not touch the cell afterwards.
 *
 * A thread of the pool has a seat, whose word it sleeps on when there is nothing to do. A request
 * wakes the idle thread with the lowest seat: a low load keeps to few threads, whose isolates have
 * compiled what it runs, and leaves the others asleep.
 *
 * Rings are counted in bytes modulo 2^32: the producer alone advances the tail, the consumer the
 * head, each after the bytes have been copied.
 */
import type { RequestQueue } from "../vm/host.js";

const enum Channel {
  /** Number of cells. Immutable. */
  Cells = 0,
  /** {@link Stage}. Atomic. */
  Stage = 1,
  /** Counts what {@link RequestQueue.announce} was told: the program is ready. Atomic. */
  Ready = 2,
  /** Number of seats. Immutable. */
  Seats = 3,
  /** Requests taken from the queue so far. Atomic. */
  Head = 16,
  /** Requests put into the queue so far. Loop, atomic. */
  Tail = 32,
  /** Counts calls for the loop's attention; the loop sleeps here. Atomic. */
  Calls = 48,
  Size = 64,
}

/** What the program is to do. */
const enum Stage {
  /** Wait: whether requests will come is open. */
  Reserve = 0,
  Serving = 1,
  /** No thread shall wait for requests any more. */
  Closing = 2,
}

const enum Cell {
  // --- written by the loop ---
  /** Number of the request, for the trace. */
  Request = 0,
  HeadBytes = 1,
  BodyTail = 2,
  /** {@link BodyState}. Atomic. */
  Body = 3,
  ResponseHead = 4,
  /** Counts changes that the thread may wait for; it sleeps here. Atomic. */
  Pokes = 5,
  /** 1 while the loop waits for room in the body's ring. Atomic; the thread clears it. */
  BodyBlocked = 6,
  // --- written by the thread ---
  BodyHead = 16,
  ResponseTail = 17,
  /** Bits of {@link ResponseFlag}. Atomic. */
  Response = 18,
  /** Bytes of the response's head, which lies where the request's head lay. */
  ResponseHeadBytes = 19,
  /** Identity of the thread that took the request, 0 before. Atomic. */
  Thread = 20,
  /** When it did, a float64: ms of performance.now(). */
  TakenAt = 22,
  Size = 32,
}

/** What is to come of a request's body. */
export const enum BodyState {
  Open = 0,
  /** The ring holds the rest. */
  Complete = 1,
  /** The client is gone, or was sent away. */
  Aborted = 2,
}

/** How far a response is. */
export const enum ResponseFlag {
  /** Status and headers are there. */
  Head = 1,
  /** The ring holds the rest. */
  End = 2,
  /** There will be no (further) response. */
  Failed = 4,
  /** The thread waits for the body: a client that asked may send it. */
  WantsBody = 8,
}

const enum Area {
  HeadBytes = 1 << 16,
  RingBytes = 1 << 16,
  RingMask = 0xffff,
  /** Bytes of a cell's three areas. */
  Bytes = 3 << 16,
}

/** Most bytes that a request's or a response's head may take. */
export const HEAD_BYTES: number = Area.HeadBytes;

/**
 * A buffer for `cells` requests at once and threads in `seats` seats; pages that no request reaches
 * cost nothing.
 */
export function newChannelBuffer(cells: number, seats: number): SharedArrayBuffer {
  const lists = Math.ceil(cells / 32) + Math.ceil(seats / 32) + seats + cells;
  const words = Channel.Size + lists + cells * Cell.Size + 16;
  const buffer = new SharedArrayBuffer(Math.ceil(words / 32) * 32 * 4 + cells * Area.Bytes);
  const header = new Int32Array(buffer);
  header[Channel.Cells] = cells;
  header[Channel.Seats] = seats;
  return buffer;
}

/** What both ends share: where things are. */
class ChannelEnd {
  protected readonly words: Int32Array;
  protected readonly floats: Float64Array;
  protected readonly bytes: Uint8Array;
  readonly cells: number;
  readonly seats: number;
  protected readonly dirty: number;
  protected readonly idle: number;
  /** The first seat's word. */
  protected readonly seat: number;
  protected readonly queue: number;
  readonly #headers: number;
  readonly #areas: number;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.cells = this.words[Channel.Cells];
    this.seats = this.words[Channel.Seats];
    this.dirty = Channel.Size;
    this.idle = this.dirty + Math.ceil(this.cells / 32);
    this.seat = this.idle + Math.ceil(this.seats / 32);
    this.queue = this.seat + this.seats;
    this.#headers = Math.ceil((this.queue + this.cells) / 16) * 16;
    this.#areas = buffer.byteLength - this.cells * Area.Bytes;
  }

  /** First word of a cell's header. */
  protected at(cell: number): number {
    return this.#headers + cell * Cell.Size;
  }

  /** First byte of a cell's head; the rings follow it. */
  protected headArea(cell: number): number {
    return this.#areas + cell * Area.Bytes;
  }

  protected bodyRing(cell: number): number {
    return this.headArea(cell) + Area.HeadBytes;
  }

  protected responseRing(cell: number): number {
    return this.bodyRing(cell) + Area.RingBytes;
  }

  /** Copy `source` into a ring behind `tail`; there is room. */
  protected fill(ring: number, tail: number, source: Uint8Array): void {
    const from = tail & Area.RingMask;
    const first = Math.min(source.length, Area.RingBytes - from);
    this.bytes.set(source.subarray(0, first), ring + from);
    if (first < source.length) this.bytes.set(source.subarray(first), ring);
  }

  /** Copy bytes of a ring, from `head` on, into `target`; they are there. */
  protected empty(ring: number, head: number, target: Uint8Array): void {
    const from = head & Area.RingMask;
    const first = Math.min(target.length, Area.RingBytes - from);
    target.set(this.bytes.subarray(ring + from, ring + from + first));
    if (first < target.length) {
      target.set(this.bytes.subarray(ring, ring + target.length - first), first);
    }
  }
}

/** The interpreter loop's end. */
export class LoopEnd extends ChannelEnd {
  readonly #free: number[] = [];

  constructor(buffer: SharedArrayBuffer) {
    super(buffer);
    for (let cell = this.cells - 1; cell >= 0; cell--) this.#free.push(cell);
  }

  /** Cells that no request has. */
  get free(): number {
    return this.#free.length;
  }

  /** Requests in the queue. */
  get queued(): number {
    const { words } = this;
    return (Atomics.load(words, Channel.Tail) - Atomics.load(words, Channel.Head)) | 0;
  }

  /** Threads that wait for a request. */
  get idleThreads(): number {
    let count = 0;
    for (let index = this.idle; index < this.seat; index++) {
      for (let bits = Atomics.load(this.words, index); bits !== 0; bits &= bits - 1) count++;
    }
    return count;
  }

  /** True once the program has announced that it takes requests. */
  get ready(): boolean {
    return Atomics.load(this.words, Channel.Ready) !== 0;
  }

  /** A cell with this head in it, not yet queued, or -1 when none is free. */
  reserve(request: number, head: Uint8Array): number {
    const cell = this.#free.pop();
    if (cell === undefined) return -1;
    const { words } = this;
    const at = this.at(cell);
    words.fill(0, at, at + Cell.Size);
    words[at + Cell.Request] = request;
    words[at + Cell.HeadBytes] = head.length;
    this.bytes.set(head, this.headArea(cell));
    return cell;
  }

  /** Put a reserved cell at the queue's end and wake a thread for it. */
  push(cell: number): void {
    const { words } = this;
    const tail = words[Channel.Tail];
    words[this.queue + ((tail >>> 0) % this.cells)] = cell;
    Atomics.store(words, Channel.Tail, (tail + 1) | 0);
    this.#wakeIdle();
  }

  /** Wake the idle thread with the lowest seat, if one is idle. */
  #wakeIdle(): void {
    const { words, idle, seat } = this;
    for (let index = idle; index < seat; index++) {
      for (;;) {
        const bits = Atomics.load(words, index);
        if (bits === 0) break;
        const lowest = bits & -bits;
        // Its thread may have gone to work by itself meanwhile.
        if ((Atomics.and(words, index, ~lowest) & lowest) === 0) continue;
        this.#wake(seat + (index - idle) * 32 + 31 - Math.clz32(lowest));
        return;
      }
    }
  }

  /** Wake the thread that sleeps on a seat's word. */
  #wake(word: number): void {
    Atomics.add(this.words, word, 1);
    Atomics.notify(this.words, word);
  }

  /** The request of `cell` is over: the cell may serve another. */
  release(cell: number): void {
    this.#free.push(cell);
  }

  /** Put what there is room for into the body's ring; how many bytes that was. */
  addBody(cell: number, bytes: Uint8Array): number {
    const { words } = this;
    const at = this.at(cell);
    const tail = words[at + Cell.BodyTail];
    const used = (tail - Atomics.load(words, at + Cell.BodyHead)) | 0;
    const count = Math.min(bytes.length, Area.RingBytes - used);
    if (count > 0) {
      this.fill(this.bodyRing(cell), tail, bytes.subarray(0, count));
      Atomics.store(words, at + Cell.BodyTail, (tail + count) | 0);
      this.#poke(at);
    }
    return count;
  }

  /** The loop has more for the body's ring: the thread will call when it has made room. */
  awaitRoom(cell: number): void {
    Atomics.store(this.words, this.at(cell) + Cell.BodyBlocked, 1);
  }

  /** No more of the body will come: it is complete, or the client is gone. */
  endBody(cell: number, state: BodyState): void {
    const at = this.at(cell);
    Atomics.store(this.words, at + Cell.Body, state);
    this.#poke(at);
  }

  /** How far the response is: bits of {@link ResponseFlag}. */
  responseFlags(cell: number): number {
    return Atomics.load(this.words, this.at(cell) + Cell.Response);
  }

  /** The response's head, once the flags say it is there. Valid until the cell is released. */
  responseHead(cell: number): Uint8Array {
    const area = this.headArea(cell);
    const length = this.words[this.at(cell) + Cell.ResponseHeadBytes];
    return this.bytes.subarray(area, area + length);
  }

  /** Bytes of the response that are there and not yet taken. */
  responseBytes(cell: number): number {
    const at = this.at(cell);
    return (
      (Atomics.load(this.words, at + Cell.ResponseTail) - this.words[at + Cell.ResponseHead]) | 0
    );
  }

  /** Take `count` of them. */
  takeResponse(cell: number, count: number): Buffer {
    const at = this.at(cell);
    const head = this.words[at + Cell.ResponseHead];
    const target = Buffer.allocUnsafe(count);
    this.empty(this.responseRing(cell), head, target);
    Atomics.store(this.words, at + Cell.ResponseHead, (head + count) | 0);
    this.#poke(at);
    return target;
  }

  /** Identity of the thread that has the request, or 0. */
  threadOf(cell: number): number {
    return Atomics.load(this.words, this.at(cell) + Cell.Thread);
  }

  /** When it took the request, in ms of performance.now(). */
  takenAt(cell: number): number {
    return this.floats[(this.at(cell) + Cell.TakenAt) >> 1];
  }

  /** Cells whose threads have called since the last time. */
  takeCalls(): number[] {
    const cells: number[] = [];
    for (let index = 0; index * 32 < this.cells; index++) {
      if (this.words[this.dirty + index] === 0) continue;
      let bits = Atomics.exchange(this.words, this.dirty + index, 0);
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        cells.push(index * 32 + bit);
        bits &= bits - 1;
      }
    }
    return cells;
  }

  /** Calls so far; give it to {@link awaitCall}, taken before looking for them. */
  get calls(): number {
    return Atomics.load(this.words, Channel.Calls);
  }

  /** Resolves when somebody calls, at once if somebody has since `seen`, or after a while. */
  async awaitCall(seen: number): Promise<void> {
    const outcome = Atomics.waitAsync(this.words, Channel.Calls, seen, 100);
    if (outcome.async) await outcome.value;
  }

  /** From now on requests may come, unless the channel is closed. */
  begin(): void {
    Atomics.compareExchange(this.words, Channel.Stage, Stage.Reserve, Stage.Serving);
    Atomics.notify(this.words, Channel.Stage);
  }

  /** From now on threads are told to end instead of waiting. */
  close(): void {
    Atomics.store(this.words, Channel.Stage, Stage.Closing);
    Atomics.notify(this.words, Channel.Stage);
    for (let seat = 0; seat < this.seats; seat++) this.#wake(this.seat + seat);
    Atomics.add(this.words, Channel.Calls, 1);
    Atomics.notify(this.words, Channel.Calls);
  }

  #poke(at: number): void {
    Atomics.add(this.words, at + Cell.Pokes, 1);
    Atomics.notify(this.words, at + Cell.Pokes);
  }
}

/** A thread's end. */
export class ThreadEnd extends ChannelEnd implements RequestQueue {
  announce(): void {
    Atomics.add(this.words, Channel.Ready, 1);
    this.#call();
  }

  #isClosing(): boolean {
    return Atomics.load(this.words, Channel.Stage) === Stage.Closing;
  }

  awaitBegin(sliceMs: number): boolean {
    Atomics.wait(this.words, Channel.Stage, Stage.Reserve, sliceMs);
    return Atomics.load(this.words, Channel.Stage) !== Stage.Reserve;
  }

  awaitClosing(sliceMs: number): boolean {
    Atomics.wait(this.words, Channel.Stage, Stage.Serving, sliceMs);
    return this.#isClosing();
  }

  hasSeat(seat: number): boolean {
    return seat >= 0 && seat < this.seats;
  }

  take(seat: number, ident: number, sliceMs: number): number | undefined {
    const end = performance.now() + sliceMs;
    for (;;) {
      const cell = this.#dequeue();
      if (cell >= 0) {
        const at = this.at(cell);
        this.floats[(at + Cell.TakenAt) >> 1] = performance.now();
        Atomics.store(this.words, at + Cell.Thread, ident);
        return cell;
      }
      if (this.#isClosing()) return -1;
      const left = end - performance.now();
      if (left <= 0) return undefined;
      this.#idle(seat, left);
    }
  }

  /** The first cell of the queue, or -1 when it is empty. */
  #dequeue(): number {
    const { words } = this;
    for (;;) {
      const head = Atomics.load(words, Channel.Head);
      if (head === Atomics.load(words, Channel.Tail)) return -1;
      const cell = words[this.queue + ((head >>> 0) % this.cells)];
      if (Atomics.compareExchange(words, Channel.Head, head, (head + 1) | 0) === head) return cell;
    }
  }

  /** Sleep until the loop wakes this seat, or for `ms`. */
  #idle(seat: number, ms: number): void {
    const { words } = this;
    const index = this.idle + (seat >>> 5);
    const bit = 1 << (seat & 31);
    const turn = Atomics.load(words, this.seat + seat);
    Atomics.or(words, index, bit);
    // A request that came before the bit was seen has woken nobody for it.
    const head = Atomics.load(words, Channel.Head);
    if (head === Atomics.load(words, Channel.Tail)) Atomics.wait(words, this.seat + seat, turn, ms);
    Atomics.and(words, index, ~bit);
  }

  hasCell(cell: number): boolean {
    return cell >= 0 && cell < this.cells;
  }

  requestOf(cell: number): number {
    return this.words[this.at(cell) + Cell.Request];
  }

  head(cell: number): Uint8Array {
    const area = this.headArea(cell);
    return this.bytes.subarray(area, area + this.words[this.at(cell) + Cell.HeadBytes]);
  }

  isAborted(cell: number): boolean {
    return Atomics.load(this.words, this.at(cell) + Cell.Body) === BodyState.Aborted;
  }

  awaitBody(cell: number, sliceMs: number): number | undefined {
    const { words } = this;
    const at = this.at(cell);
    const pokes = Atomics.load(words, at + Cell.Pokes);
    // Before the bytes are counted: what comes before the end is seen with it.
    const state = Atomics.load(words, at + Cell.Body);
    if (state === BodyState.Aborted) return -1;
    const count = (Atomics.load(words, at + Cell.BodyTail) - words[at + Cell.BodyHead]) | 0;
    if (count > 0 || state === BodyState.Complete) return count;
    const before = Atomics.or(words, at + Cell.Response, ResponseFlag.WantsBody);
    if ((before & ResponseFlag.WantsBody) === 0) this.#callFor(cell);
    Atomics.wait(words, at + Cell.Pokes, pokes, sliceMs);
    return undefined;
  }

  takeBody(cell: number, target: Uint8Array): void {
    const { words } = this;
    const at = this.at(cell);
    const head = words[at + Cell.BodyHead];
    this.empty(this.bodyRing(cell), head, target);
    Atomics.store(words, at + Cell.BodyHead, (head + target.length) | 0);
    if (Atomics.exchange(words, at + Cell.BodyBlocked, 0) !== 0) this.#callFor(cell);
  }

  beginResponse(cell: number, head: Uint8Array): boolean {
    if (head.length > Area.HeadBytes) return false;
    const at = this.at(cell);
    this.bytes.set(head, this.headArea(cell));
    this.words[at + Cell.ResponseHeadBytes] = head.length;
    Atomics.or(this.words, at + Cell.Response, ResponseFlag.Head);
    return true;
  }

  write(cell: number, source: Uint8Array, sliceMs: number): number | undefined {
    const { words } = this;
    const at = this.at(cell);
    const pokes = Atomics.load(words, at + Cell.Pokes);
    if (this.isAborted(cell)) return -1;
    const tail = words[at + Cell.ResponseTail];
    const room = Area.RingBytes - ((tail - Atomics.load(words, at + Cell.ResponseHead)) | 0);
    const count = Math.min(source.length, room);
    if (count > 0 || source.length === 0) {
      this.fill(this.responseRing(cell), tail, source.subarray(0, count));
      Atomics.store(words, at + Cell.ResponseTail, (tail + count) | 0);
      return count;
    }
    Atomics.wait(words, at + Cell.Pokes, pokes, sliceMs);
    return undefined;
  }

  flush(cell: number): void {
    this.#callFor(cell);
  }

  finish(cell: number, complete: boolean): void {
    const flag = complete ? ResponseFlag.End : ResponseFlag.Failed;
    Atomics.or(this.words, this.at(cell) + Cell.Response, flag);
    this.#callFor(cell);
  }

  #callFor(cell: number): void {
    Atomics.or(this.words, this.dirty + (cell >> 5), 1 << (cell & 31));
    this.#call();
  }

  #call(): void {
    Atomics.add(this.words, Channel.Calls, 1);
    Atomics.notify(this.words, Channel.Calls);
  }
}
