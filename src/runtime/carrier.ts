/**
 * A carrier: a worker of the pool that runs Python threads, one at a time. Its life: claim a
 * number,
 * run the thread its task names, then park on its mailbox until another thread hands it a slot, or
 * until nothing came for a while.
 *
 * Loaded only inside workers, after the heap is bound: it pulls in the object layer, whose modules
 * take their views of the heap when they are evaluated.
 */
import { threadId } from "node:worker_threads";
import { assert } from "../base/assert.js";
import { ProbeNumber } from "../compiler/probe.js";
import { verifyHeap } from "../gc/verify.js";
import type { DisciplineClass } from "../gil/disciplines.js";
import type { GilLock } from "../gil/lock.js";
import { Gil, GilThread } from "../gil/words.js";
import {
  AllocatorKind,
  Carriers,
  Control,
  MailboxState,
  Region,
  ThreadLife,
  ThreadLimit,
  ThreadState,
} from "../memory/layout.js";
import { forgetHeap } from "../memory/renewal.js";
import { clearPending } from "../object/errors.js";
import { AtomicsMemory } from "../sync/atomics.js";
import { Parker } from "../sync/parker.js";
import { VirtualScheduler } from "../sync/virtual.js";
import { VirtualMemory, VirtualParker } from "../sync/virtualmemory.js";
import { type EventSink, NullSink, ReleaseReason, TraceEvent } from "../trace/record.js";
import { newRingSink } from "../trace/ring.js";
import { inheritCores } from "../vm/affinity.js";
import { bindParker } from "../vm/blocking.js";
import { bindLock, ThreadExit } from "../vm/breaker.js";
import { setHost } from "../vm/host.js";
import {
  finalize,
  flushStreams,
  resumeInterpreter,
  runMain,
  shutDownThreads,
  startInterpreter,
} from "../vm/interpreter.js";
import { bindVirtual } from "../vm/machine.js";
import { runMainModule } from "../vm/mainmodule.js";
import { installProbes, onProbe } from "../vm/probe.js";
import { runThreadBody } from "../vm/threadbody.js";
import { bindThread, enterThread, leaveThread, stateOf } from "../vm/threadstate.js";
import { bindCallingThread } from "./affinity.js";
import { type CarrierReport, exposeControl } from "./control.js";
import { CountingSink } from "./counters.js";
import { CarrierHost } from "./host.js";
import type {
  CarrierData,
  CarrierHello,
  CarrierTask,
  MainProgram,
  MainResult,
} from "./protocol.js";
import { bootCarrier, bootProcess, saveProcessImage } from "./savedboot.js";
import "../stdlib/all.js";
import { describeProcess } from "../stdlib/renewal.js";

/** Slot of MainThread, which runs on the carrier that gets its program. */
const MAIN_SLOT = 1;
/** How long a carrier without work stays parked before its task ends. */
const LINGER_MS = 20_000;
/** Longest sleep without a look around, in ms. */
const SLICE_MS = 100;
/** How long MainThread's finalization waits for daemon threads to let go, and how it looks. */
const DAEMON_GRACE_NS = 300e6;
const DAEMON_LOOK_NS = 2e6;

export class Carrier {
  readonly #words: Int32Array;
  readonly #number: number;
  readonly #host: CarrierHost;
  #parkedAs: MailboxState.Idle | MailboxState.Warm = MailboxState.Idle;
  /** Threads run so far. */
  #threads = 0;
  /** `Control.Renewals` of the heap that this carrier knows. */
  #renewals = 0;
  /** The running thread's access to the heap's words, and to virtual time if that passes. */
  #memory: AtomicsMemory | VirtualMemory | null = null;
  #virtual: VirtualScheduler | null = null;

  /**
   * @param discipline the class of the lock
   * @param hello sends the carrier's own line to the interpreter loop
   */
  constructor(
    private readonly data: CarrierData,
    private readonly discipline: DisciplineClass,
    hello: (message: CarrierHello) => void,
  ) {
    this.#words = new Int32Array(data.heap);
    this.#number = this.#claimNumber();
    const { port1, port2 } = new MessageChannel();
    const replied = new SharedArrayBuffer(4);
    this.#host = new CarrierHost(data, port1 as never, replied);
    setHost(this.#host);
    onProbe((number) => this.#passProbe(number));
    const control = new MessageChannel();
    exposeControl({ describe: () => this.#describe() }, control.port1 as never);
    hello({
      carrier: this.#number,
      worker: threadId,
      port: port2 as never,
      control: control.port2 as never,
      replied,
    });
  }

  #describe(): CarrierReport {
    const { heapUsed } = process.memoryUsage();
    return { carrier: this.#number, threads: this.#threads, heapUsed };
  }

  /**
   * Run the task's thread, then those that other threads hand over. MainThread's result, if any. A
   * defect ends the worker, as nothing that its thread holds would be given back otherwise.
   */
  carry(task: CarrierTask): MainResult | null {
    try {
      return this.#carry(task);
    } catch (error) {
      this.#host.reportDefect(error);
      process.exit(1);
    }
  }

  #carry(task: CarrierTask): MainResult | null {
    if (task.main !== null) return this.#runMainThread(task.slot, task.main);
    let slot = task.slot;
    for (;;) {
      if (slot !== 0) {
        this.#runThread(slot);
        this.#parkedAs = MailboxState.Warm;
      }
      slot = this.#park();
      if (slot === 0) return null;
    }
  }

  /** A thread passes a probe: at the pass that was asked for, the heap is looked at. */
  #passProbe(number: number): void {
    const probes = new Int32Array(this.data.observed!.probes!);
    if (++probes[2 * number + 1] === probes[2 * number]) this.#host.reachProbe(number);
  }

  #claimNumber(): number {
    for (let i = 0; i < Carriers.Max; i++) {
      const box = Carriers.Mailboxes + i;
      const free = MailboxState.Unused;
      if (Atomics.compareExchange(this.#words, box, free, MailboxState.Busy) === free) {
        Atomics.store(this.#words, Carriers.Workers + i, threadId);
        return i;
      }
    }
    throw new Error("more carriers than mailboxes");
  }

  /** Wait for a thread to run: its slot, or 0 when none came in time or the run is closing. */
  #park(): number {
    const words = this.#words;
    const box = Carriers.Mailboxes + this.#number;
    const end = performance.now() + LINGER_MS;
    const waiting = this.#findWaiting();
    if (waiting !== 0) return waiting;
    const parked = this.#parkedAs;
    Atomics.store(words, box, parked);
    for (;;) {
      Atomics.wait(words, box, parked, SLICE_MS);
      const state = Atomics.load(words, box);
      if (state >= MailboxState.Assigned) return this.#takeOver(state);
      const leaving = performance.now() > end || Atomics.load(words, Control.Closing) !== 0;
      if (!leaving) continue;
      const found = Atomics.compareExchange(words, box, parked, MailboxState.Busy);
      // Somebody may have handed a thread over just now.
      return found >= MailboxState.Assigned ? this.#takeOver(found) : 0;
    }
  }

  /** A thread whose starter found nobody parked, and whose carrier is still being made; or 0. */
  #findWaiting(): number {
    const words = this.#words;
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const state = stateOf(slot);
      if (words[state + ThreadState.Life] !== ThreadLife.Starting) continue;
      if (words[state + ThreadState.Carrier] <= 0 && slot !== MAIN_SLOT) return slot;
    }
    return 0;
  }

  /** Empty the mailbox: from now on a death concerns the thread in the slot, not the message. */
  #takeOver(message: number): number {
    const slot = message - MailboxState.Assigned;
    Atomics.store(this.#words, Carriers.Slots + this.#number, slot);
    Atomics.store(this.#words, Carriers.Mailboxes + this.#number, MailboxState.Busy);
    return slot;
  }

  /**
   * Make the starting thread in `slot` this carrier's. False when another carrier has it: after a
   * death it may have been handed over twice.
   */
  #claim(slot: number): boolean {
    const words = this.#words;
    const life = stateOf(slot) + ThreadState.Life;
    Atomics.store(words, Carriers.Slots + this.#number, slot);
    const found = Atomics.compareExchange(words, life, ThreadLife.Starting, ThreadLife.Running);
    if (found !== ThreadLife.Starting) {
      Atomics.store(words, Carriers.Slots + this.#number, 0);
      return false;
    }
    Atomics.store(words, stateOf(slot) + ThreadState.Carrier, this.#number + 1);
    this.#threads++;
    return true;
  }

  /** Point this worker at the thread in `slot`: its state, its way of waiting, its sink. */
  #bind(slot: number): { lock: GilLock; sink: EventSink } {
    const words = this.#words;
    if (words[Control.Renewals] !== this.#renewals) forgetHeap();
    this.#renewals = words[Control.Renewals];
    const { spread } = this.data;
    if (spread !== null) bindCallingThread(spread[slot % spread.length]);
    const state = stateOf(slot);
    inheritCores(state);
    const virtual = this.#beginVirtual(slot);
    const sink = this.#newSink(slot, state, virtual);
    const memory = virtual === null ? new AtomicsMemory(words) : new VirtualMemory(words, virtual);
    this.#memory = memory;
    const lock = new this.discipline(memory, sink);
    lock.attach(slot);
    const isMain = words[state + ThreadState.IsMain] !== 0;
    const ending = (): boolean =>
      Atomics.load(words, state + ThreadState.Stop) !== 0 ||
      Atomics.load(words, Control.Finalizing) !== 0;
    const interrupted = (): boolean =>
      ending() || (isMain && Atomics.load(words, Control.SignalsTripped) !== 0);
    bindThread(slot);
    bindLock(lock, slot, sink);
    bindParker(memory, newParker(memory, state, interrupted), newParker(memory, state, ending));
    words[state + ThreadState.Gil + GilThread.Sleep] = 0;
    sink.emit(TraceEvent.ThreadStart, words[state + ThreadState.Parent]);
    return { lock, sink };
  }

  /** In virtual time a thread does nothing before its time has come. */
  #beginVirtual(slot: number): VirtualScheduler | null {
    const { virtual } = this.data;
    this.#virtual = virtual === null ? null : new VirtualScheduler(virtual, slot);
    this.#virtual?.begin();
    bindVirtual(this.#virtual);
    return this.#virtual;
  }

  #newSink(slot: number, state: number, virtual: VirtualScheduler | null): EventSink {
    const sink = this.#newRecorder(slot, state, virtual);
    const { counters } = this.data;
    return counters === null ? sink : new CountingSink(counters, slot, sink);
  }

  #newRecorder(slot: number, state: number, virtual: VirtualScheduler | null): EventSink {
    const { rings } = this.data;
    if (rings === null) return new NullSink();
    const context = {
      words: this.#words,
      ticks: state + ThreadState.Ticks,
      line: state + ThreadState.Line,
    };
    const ident = this.#words[state + ThreadState.Ident];
    const clock = virtual === null ? null : () => virtual.now();
    return newRingSink(rings, slot, ident, context, clock);
  }

  /** The thread is over: its slot is free for another. */
  #unbind(slot: number, sink: EventSink): void {
    const words = this.#words;
    sink.emit(TraceEvent.ThreadEnd, 0);
    this.#virtual?.settle();
    Atomics.store(words, Carriers.Slots + this.#number, 0);
    Atomics.store(words, stateOf(slot) + ThreadState.Life, ThreadLife.Free);
    this.#virtual?.end();
    this.#virtual = null;
  }

  #runThread(slot: number): void {
    if (!this.#claim(slot)) return;
    const { lock, sink } = this.#bind(slot);
    try {
      if (lock.acquire(slot)) {
        bootCarrier();
        if (enterThread()) {
          runThreadBody();
          leaveThread();
        } else Atomics.add(this.#words, Control.Abandoned, 1);
        lock.release(slot, ReleaseReason.ThreadExit);
      } else Atomics.add(this.#words, Control.Abandoned, 1);
    } catch (error) {
      // G36: the thread tried to take the lock after finalization began, or was stopped.
      if (!(error instanceof ThreadExit)) throw error;
      Atomics.add(this.#words, Control.Abandoned, 1);
    }
    this.#unbind(slot, sink);
  }

  #runMainThread(slot: number, program: MainProgram): MainResult {
    const words = this.#words;
    this.#host.place(program.place);
    assert(this.#claim(slot), "MainThread runs already");
    const { lock, sink } = this.#bind(slot);
    assert(lock.acquire(slot), "MainThread cannot take the lock");
    let status = 1;
    let leakedBlocks = 0;
    const heapProblems: string[] = [];
    const verify = (when: string): void => {
      if ((words[Control.Allocator] & AllocatorKind.Verified) === 0) return;
      for (const problem of verifyHeap()) heapProblems.push(`${when}: ${problem}`);
    };
    try {
      if (!this.#enterMainThread(program)) {
        const text = "takegil: the heap is too small to start; use a larger --heap-size\n";
        this.#host.writeOut(2, new TextEncoder().encode(text));
        lock.release(slot, ReleaseReason.ThreadExit);
        this.#unbind(slot, sink);
        return { status: 2, leakedBlocks: 0, heapProblems: [], abandoned: 0 };
      }
      const { code, file } = program;
      status = typeof code === "string" ? runMainModule(code) : runMain(code, file);
      status = shutDownThreads(status);
      if (this.data.observed?.exit === true) this.#host.reachProbe(ProbeNumber.Exit);
      this.#endOthers(lock, slot);
      verify("at the program's end");
      leakedBlocks = finalize();
      leaveThread();
      verify("after finalization");
      lock.release(slot, ReleaseReason.Finalization);
    } catch (error) {
      if (!(error instanceof ThreadExit)) throw error;
      Atomics.add(words, Control.Abandoned, 1);
      if (Atomics.load(words, Control.FlushAtStop) !== 0) this.#flush(lock, slot);
    }
    this.#unbind(slot, sink);
    const abandoned = Atomics.load(words, Control.Abandoned);
    return { status, leakedBlocks, heapProblems, abandoned };
  }

  /** False: no memory for the interpreter. */
  #enterMainThread({ startsReady }: MainProgram): boolean {
    const isReady = startsReady && bootProcess();
    if (!isReady) bootCarrier();
    const probed = this.data.observed?.probes != null;
    if (!enterThread() || !(isReady ? resumeInterpreter() : startInterpreter())) return false;
    if (isReady) return describeProcess();
    if (startsReady) saveProcessImage();
    return !probed || installProbes();
  }

  /** Stopped by what the program could not know of: what it has printed must not be lost. */
  #flush(lock: GilLock, slot: number): void {
    Atomics.store(this.#words, stateOf(slot) + ThreadState.Stop, 0);
    if (!lock.acquire(slot)) return;
    try {
      clearPending();
      flushStreams();
      lock.release(slot, ReleaseReason.ThreadExit);
    } catch (error) {
      if (!(error instanceof ThreadExit)) throw error;
    }
  }

  /** Finalization begins: daemon threads end at their next take of the lock (G36). */
  #endOthers(lock: GilLock, slot: number): void {
    const words = this.#words;
    Atomics.store(words, Control.Finalizing, 1);
    const memory = this.#memory!;
    const end = memory.now() + DAEMON_GRACE_NS;
    while (this.#othersAlive(slot) && memory.now() < end) {
      lock.wakeAll();
      memory.wait(Control.Finalizing, 1, DAEMON_LOOK_NS);
    }
  }

  #othersAlive(slot: number): boolean {
    for (let other = 1; other < ThreadLimit.Slots; other++) {
      if (other === slot) continue;
      const life = Atomics.load(this.#words, stateOf(other) + ThreadState.Life);
      if (life === ThreadLife.Starting || life === ThreadLife.Running) return true;
    }
    return false;
  }
}

/** A way of sleeping of the thread with this state. */
function newParker(
  memory: AtomicsMemory | VirtualMemory,
  state: number,
  interrupted: () => boolean,
): Parker {
  const waitWord = state + ThreadState.WaitWord;
  const lateWakes = Region.Gil + Gil.LateWakes;
  return memory instanceof VirtualMemory
    ? new VirtualParker(memory, waitWord, lateWakes, interrupted)
    : new Parker(memory, waitWord, lateWakes, interrupted);
}
