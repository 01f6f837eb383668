/** The virtual machine's view of the process, on a carrier. */
import { readFileSync, statSync, writeSync } from "node:fs";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import {
  Carriers,
  Control,
  MailboxState,
  Region,
  ThreadLife,
  ThreadLimit,
  ThreadState,
} from "../memory/layout.js";
import type { CompileMode, CompileResult, Host, Libc, RequestQueue } from "../vm/host.js";
import { messagePlace } from "../vm/machine.js";
import type { Processes, SharingCalls, StartedProcess } from "../vm/processes.js";
import { loadLibc } from "./libc.js";
import { loadLibraryModule } from "./library.js";
import type { CarrierData, CarrierMessage, CarrierReply, ProgramPlace } from "./protocol.js";
import { ThreadEnd } from "./requestchannel.js";
import { loadSharingCalls } from "./sharingcalls.js";

/** Longest sleep without a look around, in ms. */
const SLICE_MS = 100;

export class CarrierHost implements Host {
  readonly processes: Processes | null;
  readonly #words: Int32Array;
  readonly #replied: Int32Array;
  #place: ProgramPlace;

  constructor(
    data: CarrierData,
    private readonly port: MessagePort,
    replied: SharedArrayBuffer,
  ) {
    this.#words = new Int32Array(data.heap);
    this.#replied = new Int32Array(replied);
    this.#capture = data.capture;
    this.#traced = data.rings !== null;
    this.#place = data.program;
    this.requests = data.requests === null ? null : new ThreadEnd(data.requests);
    this.processes = data.virtual === null ? this.#newProcesses() : null;
  }

  /** The interpreter loop has the processes. */
  #newProcesses(): Processes {
    return {
      expect: (count) => this.#post({ kind: "expect process", count }),
      start: () => this.#ask({ kind: "start process" }) as StartedProcess | number,
      status: (number, waitMs) =>
        this.#ask({ kind: "process status", number, waitMs }) as number | null,
    };
  }

  readonly requests: RequestQueue | null;

  readonly #capture: CarrierData["capture"];
  readonly #traced: boolean;

  /** Later threads of a program see the place MainThread got. */
  place(place: ProgramPlace): void {
    this.#place = place;
  }

  get environ(): Readonly<Record<string, string>> {
    return this.#place.environ;
  }

  get argv(): readonly string[] {
    return this.#place.argv;
  }

  get workingDirectory(): string {
    return this.#place.workingDirectory;
  }

  get scriptDirectory(): string {
    return this.#place.scriptDirectory;
  }

  get executable(): string {
    return this.#place.executable;
  }

  get libc(): Libc | null {
    return loadLibc();
  }

  get sharingCalls(): SharingCalls | null {
    return loadSharingCalls();
  }

  /** The interpreter loop has the compiler loaded. */
  compile(source: string, filename: string, mode: CompileMode, flags: number): CompileResult {
    return this.#ask({ kind: "compile", source, filename, mode, flags }) as CompileResult;
  }

  /** Ask the interpreter loop and wait for its answer. */
  #ask(request: CarrierMessage): CarrierReply {
    Atomics.store(this.#replied, 0, 0);
    this.#post(request);
    for (;;) {
      Atomics.wait(this.#replied, 0, 0, SLICE_MS);
      const received = receiveMessageOnPort(this.port);
      if (received !== undefined) return received.message as CarrierReply;
    }
  }

  /** Have the interpreter loop look at the heap, and wait until it has; the GIL stays held. */
  reachProbe(probe: number): void {
    Atomics.store(this.#replied, 0, 0);
    this.#post({ kind: "probe", probe });
    while (Atomics.load(this.#replied, 0) === 0) Atomics.wait(this.#replied, 0, 0, SLICE_MS);
  }

  libraryModule = loadLibraryModule;

  readFile(path: string): Uint8Array | null {
    try {
      return readFileSync(path);
    } catch {
      return null;
    }
  }

  isDirectory(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  writeOut(fd: number, bytes: Uint8Array): number {
    const captured = (fd === 1 && this.#capture.stdout) || (fd === 2 && this.#capture.stderr);
    if (captured) {
      this.#post({ kind: "output", fd, bytes: bytes.slice(), place: messagePlace() });
      return 0;
    }
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(fd, bytes, at);
      } catch (error) {
        const { code, errno } = error as NodeJS.ErrnoException;
        if (code !== "EAGAIN") return Math.abs(errno ?? 5);
        // A pipe that is full and non-blocking: let its reader work.
        Atomics.wait(this.#replied, 0, Atomics.load(this.#replied, 0), 1);
      }
    }
    return 0;
  }

  startThread(slot: number): boolean {
    const words = this.#words;
    if (live(words) > words[Control.MaxThreads]) return false;
    const state = Region.Threads + slot * ThreadState.Size;
    // Not 0 yet: the interpreter loop must not find a carrier while one may be parked here.
    Atomics.store(words, state + ThreadState.Carrier, -1);
    Atomics.store(words, state + ThreadState.Life, ThreadLife.Starting);
    if (handOver(words, slot, MailboxState.Warm)) return true;
    if (handOver(words, slot, MailboxState.Idle)) return true;
    Atomics.store(words, state + ThreadState.Carrier, 0);
    Atomics.add(words, Control.CarrierRequests, 1);
    Atomics.notify(words, Control.CarrierRequests, 1);
    return true;
  }

  watchSignal(signum: number, name: NodeJS.Signals, disposition: number): void {
    this.#post({ kind: "signal", signum, name, disposition });
  }

  /** Tell the log what ends this worker. */
  reportDefect(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#post({ kind: "defect", text });
  }

  exitProcess(status: number): never {
    this.#post({ kind: "exit", status });
    // The interpreter loop ends the process; nothing else may happen on this thread.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }

  expectThreads(): void {
    if (Atomics.exchange(this.#words, Control.ThreadsExpected, 1) !== 0) return;
    Atomics.add(this.#words, Control.CarrierRequests, 1);
    Atomics.notify(this.#words, Control.CarrierRequests, 1);
  }

  nameThread(name: string, slot: number): void {
    if (!this.#traced) return;
    const ident = this.#words[Region.Threads + slot * ThreadState.Size + ThreadState.Ident];
    // The starting thread and who renames it tell of it over different ports.
    const order = ++this.#words[Control.NamesTold];
    this.#post({ kind: "name", thread: { ident, slot, name }, order });
  }

  #post(message: CarrierMessage): void {
    this.port.postMessage(message);
  }
}

/** Give the thread in `slot` to a carrier that is parked as `parked`; false when there is none. */
function handOver(words: Int32Array, slot: number, parked: MailboxState): boolean {
  const assigned = MailboxState.Assigned + slot;
  for (let i = 0; i < Carriers.Max; i++) {
    const box = Carriers.Mailboxes + i;
    if (words[box] !== parked) continue;
    if (Atomics.compareExchange(words, box, parked, assigned) !== parked) continue;
    const state = Region.Threads + slot * ThreadState.Size;
    Atomics.store(words, state + ThreadState.Carrier, i + 1);
    Atomics.notify(words, box, 1);
    return true;
  }
  return false;
}

/** Python threads alive or starting. */
function live(words: Int32Array): number {
  let count = 0;
  for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
    const state = Region.Threads + slot * ThreadState.Size;
    if (
      words[state + ThreadState.Life] !== ThreadLife.Free &&
      words[state + ThreadState.Done] === 0
    )
      count++;
  }
  return count;
}
