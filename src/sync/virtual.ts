/**
 * Virtual time: real threads, one of which runs at a time, with the clock of a machine that does
 * not exist. Each thread has a clock of its own, moved on by what it does (costs.ts). Whoever is
 * about to do something others could see first lets all threads with an earlier clock go ahead; so
 * the outcome is that of K cores working at once, and depends on the seed alone.
 *
 * All state lies in one shared buffer. Only the thread that has the *turn* touches it, save for
 * the words marked atomic; it gives the turn away by choosing the next thread itself
 * ({@link VirtualScheduler}), so no thread of its own is needed.
 *
 *   state     meaning                                    leaves it
 *   --------  -----------------------------------------  ---------------------------------------
 *   None      no thread in this slot                     spawned: Ready
 *   Ready     could run from `time` on, has no core      gets a core: Running
 *   Running   has a core; `time` is its clock            sleeps, ends, or loses its core: Ready
 *   Sleeping  waits for a word, until `time` at most     notified or timed out: Ready
 *
 * A thread that has the turn is Running. A Ready thread may not have a worker yet: its turn then
 * waits, in real time, for the worker to come.
 */
import { assert } from "../base/assert.js";
import { Cost } from "./costs.js";
import { WaitResult } from "./memory.js";

const enum Life {
  None = 0,
  Ready = 1,
  Running = 2,
  Sleeping = 3,
}

/** Header words. Times are float64, at even words. */
const enum Header {
  /** State of the scheduler's random numbers, and of those the program gets. */
  Random = 0,
  Entropy = 1,
  Cores = 2,
  /** How schedules are drawn: {@link Drawing}. Immutable. */
  Drawing = 3,
  /** Slot that took the turn last, or 0 when nobody has it. Atomic. */
  Turn = 4,
  /** Sleeps so far: notify wakes the oldest first. */
  Sleeps = 5,
  /** Something outside of virtual time wants sleepers to look around. Atomic. */
  Alarm = 6,
  /** 1 when every thread sleeps and nothing will wake one. Atomic; the main loop sleeps here. */
  Deadlock = 7,
  /** Highest slot used so far. */
  LastSlot = 8,
  /** Messages numbered so far (output, in the order it was written). */
  Messages = 9,
  /** Stalls left. */
  Stalls = 10,
  /** Threads that have begun and not ended. */
  Threads = 11,
  /** Parameters, in ns. Immutable. */
  Quantum = 16,
  WakeLatency = 18,
  TimerSlack = 20,
  IoLatency = 22,
  /** Time at which the thread that gets the turn must ask again. */
  Horizon = 24,
  /** Contested time until the next stall. */
  UntilStall = 26,
  MeanStall = 28,
  StallLength = 34,
  /** Instructions' time so far, of all threads; and that while there was more than one. */
  Worked = 30,
  Contested = 36,
  /** Latest time seen. */
  Latest = 32,
  Size = 64,
}

/** Words of a thread's record. */
const enum Thread {
  Life = 0,
  /** 1 when the thread is given the turn, until it takes it; it sleeps here for real. Atomic. */
  Turn = 1,
  /** Word slept on. */
  Index = 2,
  /** Number of the sleep. */
  Sleep = 3,
  /** WaitResult. */
  Result = 4,
  /** Core, or -1. */
  Core = 5,
  /** Drawn at the thread's start: the higher runs first (Drawing.Pct). */
  Priority = 6,
  /** 1 when the thread's worker has died, until the record is given up. Atomic. */
  Dead = 7,
  /** Clock, time from which it is ready, or deadline; see {@link Life}. */
  Time = 8,
  /** When its time slice on the core ends. */
  SliceEnd = 10,
  Size = 16,
}

const enum Core {
  /** Slot of the thread on it, or 0. */
  Thread = 0,
  /** Since when it is free. */
  FreeAt = 2,
  Size = 4,
}

const enum Limit {
  Threads = 576,
  Cores = 256,
}

const enum Region {
  Threads = Header.Size,
  Cores = Region.Threads + Limit.Threads * Thread.Size,
  Size = Region.Cores + Limit.Cores * Core.Size,
}

/** How the seed is used. */
export const enum Drawing {
  /** Latencies only: an ordinary machine. */
  Machine = 0,
  /** Threads also stall at random places, as on a machine with other work to do. */
  Stalls = 1,
  /**
   * Random priorities and a few stalls, at places drawn in advance (PCT: Burckhardt et al., "A
   * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", 2010).
   */
  Pct = 2,
}

/** The machine to imitate. Times are nanoseconds. */
export interface VirtualMachine {
  /** Any 32-bit integer. */
  readonly seed: number;
  /** 1 to 256. */
  readonly cores: number;
  /** Time slice of a thread on a core that others want. */
  readonly quantumNs: number;
  /** Mean of the time between a wake-up and the woken thread's being ready. */
  readonly wakeLatencyNs: number;
  /** What the system's timers add to every timeout. */
  readonly timerSlackNs: number;
  /** Mean time of an input or output operation. */
  readonly ioLatencyNs: number;
  readonly drawing: Drawing;
  /** Least length of a stall: longer than the switch interval, or it goes unnoticed. */
  readonly stallNs: number;
  /** Drawing.Pct: how many stalls, and within how much contested time. */
  readonly stalls: number;
  readonly lengthNs: number;
  /** Drawing.Stalls: their middle distance in contested time. */
  readonly everyNs: number;
}

/** What {@link VirtualMachine} is unless said otherwise. */
export const ordinaryMachine: VirtualMachine = {
  seed: 0,
  cores: 2,
  quantumNs: 4e6,
  wakeLatencyNs: 8e3,
  timerSlackNs: 50e3,
  ioLatencyNs: 20e3,
  drawing: Drawing.Machine,
  stallNs: 15e6,
  stalls: 0,
  lengthNs: 0,
  everyNs: 0,
};

/** A seed spread over all bits, never 0 (xorshift's only fixed point). */
function mixed(seed: number, stream: number): number {
  let x = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) | 0 || 1;
}

/** The shared state of one run's virtual time. */
export function createVirtual(machine: VirtualMachine): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(Region.Size * 4);
  const I32 = new Int32Array(buffer);
  const F64 = new Float64Array(buffer);
  I32[Header.Random] = mixed(machine.seed, 0);
  I32[Header.Entropy] = mixed(machine.seed, 1);
  I32[Header.Cores] = machine.cores;
  I32[Header.Drawing] = machine.drawing;
  F64[Header.Quantum >> 1] = machine.quantumNs;
  F64[Header.WakeLatency >> 1] = machine.wakeLatencyNs;
  F64[Header.TimerSlack >> 1] = machine.timerSlackNs;
  F64[Header.IoLatency >> 1] = machine.ioLatencyNs;
  F64[Header.StallLength >> 1] = machine.stallNs;
  const scheduler = new VirtualScheduler(buffer, 0);
  scheduler.drawFirstStall(machine);
  return buffer;
}

/** One thread's access to virtual time; slot 0 is the interpreter loop's, which never runs. */
export class VirtualScheduler {
  private readonly I32: Int32Array;
  private readonly F64: Float64Array;
  private readonly record: number;
  private readonly draws: Drawing;
  /** This thread's clock while it has the turn. */
  private clock = 0;
  /** When this thread has to let others go first. */
  private horizon = 0;

  /** @param slot whose thread this is */
  constructor(
    buffer: SharedArrayBuffer,
    private readonly slot: number,
  ) {
    this.I32 = new Int32Array(buffer);
    this.F64 = new Float64Array(buffer);
    this.record = recordOf(slot);
    this.draws = this.I32[Header.Drawing];
  }

  // --- the running thread ---

  /** Wait, in real time, until this thread is to run: its first act. */
  begin(): void {
    this.awaitTurn();
  }

  /** Cores of the machine. */
  get cores(): number {
    return this.I32[Header.Cores];
  }

  /** This thread's clock in ns. */
  now(): number {
    return this.clock;
  }

  /** Time passes for this thread; others go ahead if theirs is earlier now. */
  pass(ns: number): void {
    this.clock += ns;
    if (this.clock >= this.horizon || this.I32[Header.Alarm] !== 0) this.letOthers();
  }

  /** {@link pass} for instructions: the places where a thread may stall. */
  work(ns: number): void {
    const F64 = this.F64;
    F64[Header.Worked >> 1] += ns;
    this.clock += ns;
    if (this.I32[Header.Threads] > 1) {
      F64[Header.Contested >> 1] += ns;
      F64[Header.UntilStall >> 1] -= ns;
      if (F64[Header.UntilStall >> 1] < 0) {
        this.stall();
        return;
      }
    }
    if (this.clock >= this.horizon || this.I32[Header.Alarm] !== 0) this.letOthers();
  }

  /** Sleep on a word until notified or until `deadline` (Infinity: no deadline). */
  sleep(index: number, deadline: number): WaitResult {
    const { I32, F64, record } = this;
    this.clock += Cost.Sleep;
    I32[record + Thread.Index] = index;
    I32[record + Thread.Sleep] = I32[Header.Sleeps]++;
    I32[record + Thread.Result] = WaitResult.Ok;
    this.leaveCore(this.slot, this.clock);
    I32[record + Thread.Life] = Life.Sleeping;
    F64[(record + Thread.Time) >> 1] =
      deadline === Number.POSITIVE_INFINITY
        ? deadline
        : Math.max(deadline, this.clock) + F64[Header.TimerSlack >> 1];
    this.handOver();
    return I32[record + Thread.Result];
  }

  /** Wake at most `count` sleepers of a word, oldest first; how many there were. */
  notify(index: number, count: number): number {
    const { I32 } = this;
    let woken = 0;
    while (woken < count) {
      let oldest = 0;
      for (let slot = 1; slot <= I32[Header.LastSlot]; slot++) {
        const record = recordOf(slot);
        if (I32[record + Thread.Life] !== Life.Sleeping) continue;
        if (I32[record + Thread.Index] !== index) continue;
        if (oldest === 0 || this.sleptBefore(slot, oldest)) oldest = slot;
      }
      if (oldest === 0) break;
      this.clock += woken === 0 ? Cost.Wake : Cost.WakeEach;
      this.wake(oldest, this.clock, WaitResult.Ok);
      woken++;
    }
    return woken;
  }

  /** An input or output operation has been done: the time it took. */
  passIo(): void {
    const { I32, F64, record } = this;
    this.leaveCore(this.slot, this.clock);
    I32[record + Thread.Life] = Life.Ready;
    F64[(record + Thread.Time) >> 1] = this.clock + this.drawLatency(F64[Header.IoLatency >> 1]);
    this.handOver();
  }

  /** This thread starts another one, whose worker comes when it comes. */
  spawn(slot: number): void {
    this.add(slot, this.clock + Cost.Spawn);
    this.pass(Cost.Spawn);
  }

  /** This thread has done its last visible act. */
  settle(): void {
    const { F64 } = this;
    F64[Header.Latest >> 1] = Math.max(F64[Header.Latest >> 1], this.clock);
  }

  /** Give the turn away for good. */
  end(): void {
    const { I32, record } = this;
    this.leaveCore(this.slot, this.clock);
    I32[record + Thread.Life] = Life.None;
    I32[Header.Threads]--;
    this.giveNext();
  }

  /** A 32-bit number for the program (random seeds, `os.urandom`). */
  entropy(): number {
    return this.draw(Header.Entropy);
  }

  /** Number of the next message to the main loop: those of all threads keep their order. */
  nextMessage(): number {
    return this.I32[Header.Messages]++;
  }

  // --- the interpreter loop ---

  /** Let the first thread of the run begin. */
  start(slot: number): void {
    this.add(slot, 0);
    const next = this.choose();
    assert(next === slot, "the first thread of virtual time is not alone");
    this.give(next);
  }

  /** Have every sleeper look around soon: a signal came or the run is being stopped. */
  alarm(): void {
    Atomics.store(this.I32, Header.Alarm, 1);
    // Nobody runs: the turn is there for the taking.
    if (Atomics.exchange(this.I32, Header.Deadlock, 0) !== 0) this.giveNext();
  }

  /**
   * The worker of the thread in `slot` died. Whoever has the turn gives up its record and has all
   * sleepers look around, since what it held has been freed; if the turn died with it, another
   * thread gets it here.
   */
  bury(slot: number): void {
    const { I32 } = this;
    Atomics.store(I32, recordOf(slot) + Thread.Dead, 1);
    Atomics.store(I32, Header.Alarm, 1);
    if (this.diedWithTurn(slot)) this.giveNext();
    else this.alarm();
  }

  /**
   * Has the turn been lost with the thread in `slot`? It may have been given to it and not taken,
   * or be its own; it is not lost if the dead had given it to a thread that is about to take it.
   */
  private diedWithTurn(slot: number): boolean {
    const { I32 } = this;
    if (Atomics.exchange(I32, recordOf(slot) + Thread.Turn, 0) !== 0) return true;
    for (let other = 1; other <= I32[Header.LastSlot]; other++) {
      const turn = recordOf(other) + Thread.Turn;
      if (Atomics.load(I32, turn) === 0) continue;
      // The dead may not have come to waking it.
      Atomics.notify(I32, turn, 1);
      return false;
    }
    // Looked at last: who takes the turn says so before it is no longer given.
    return Atomics.load(I32, Header.Turn) === slot;
  }

  /** Wait until every thread sleeps for ever, or until `stopped` says that nobody asks any more. */
  async awaitDeadlock(stopped: () => boolean): Promise<boolean> {
    while (!stopped()) {
      if (Atomics.load(this.I32, Header.Deadlock) !== 0) return true;
      const wait = Atomics.waitAsync(this.I32, Header.Deadlock, 0, LOOK_MS);
      if (wait.async) await wait.value;
    }
    return false;
  }

  /** Latest time any thread has seen, ns. */
  latest(): number {
    return this.F64[Header.Latest >> 1];
  }

  /** Instructions' time of all threads together, ns. */
  worked(): number {
    return this.F64[Header.Worked >> 1];
  }

  /** That part of it in which there was more than one thread: where stalls can fall. */
  contested(): number {
    return this.F64[Header.Contested >> 1];
  }

  /** When the first thread stalls, and how often at all. */
  drawFirstStall({ drawing, stalls, lengthNs, everyNs }: VirtualMachine): void {
    const { I32, F64 } = this;
    I32[Header.Stalls] = drawing === Drawing.Stalls ? 0x7fffffff : stalls;
    F64[Header.MeanStall >> 1] = drawing === Drawing.Pct ? lengthNs / (stalls + 1) : everyNs;
    this.drawStall();
  }

  // --- choosing who runs ---

  private letOthers(): void {
    this.F64[(this.record + Thread.Time) >> 1] = this.clock;
    this.handOver();
  }

  /** Lose the core for a while: long enough for a waiter's switch interval to pass. */
  private stall(): void {
    this.drawStall();
    this.leaveCore(this.slot, this.clock);
    const { I32, F64, record } = this;
    I32[record + Thread.Life] = Life.Ready;
    F64[(record + Thread.Time) >> 1] =
      this.clock + F64[Header.StallLength >> 1] * (1 + 2 * this.random());
    if (this.draws === Drawing.Pct) I32[record + Thread.Priority] = -I32[Header.Stalls] - 1;
    this.handOver();
  }

  private drawStall(): void {
    const { I32, F64 } = this;
    if (I32[Header.Stalls]-- <= 0) {
      I32[Header.Stalls] = 0;
      F64[Header.UntilStall >> 1] = Number.POSITIVE_INFINITY;
      return;
    }
    // Distances of every size, so that one thread may get far while another hardly moves.
    const spread =
      this.draws === Drawing.Stalls ? 2 ** (12 * this.random() - 6) : 2 * this.random();
    F64[Header.UntilStall >> 1] = F64[Header.MeanStall >> 1] * spread;
  }

  /** Give the turn to whose time it is, which may be this thread, and wait to get it back. */
  private handOver(): void {
    const next = this.choose();
    if (next === this.slot) {
      Atomics.store(this.I32, Header.Turn, next);
      this.take();
      return;
    }
    if (next !== 0) this.give(next);
    this.awaitTurn();
  }

  private awaitTurn(): void {
    const turn = this.record + Thread.Turn;
    while (Atomics.load(this.I32, turn) === 0) Atomics.wait(this.I32, turn, 0);
    Atomics.store(this.I32, Header.Turn, this.slot);
    Atomics.store(this.I32, turn, 0);
    this.take();
  }

  private take(): void {
    this.clock = this.F64[(this.record + Thread.Time) >> 1];
    this.horizon = this.F64[Header.Horizon >> 1];
  }

  private give(slot: number): void {
    const { I32 } = this;
    const turn = recordOf(slot) + Thread.Turn;
    Atomics.store(I32, turn, 1);
    Atomics.notify(I32, turn, 1);
    // Dead by now? Then either the loop that buries it takes the turn back or it is done here.
    if (Atomics.load(I32, recordOf(slot) + Thread.Dead) === 0) return;
    if (Atomics.exchange(I32, turn, 0) === 0) return;
    this.giveUp(slot);
    this.giveNext();
  }

  private giveNext(): void {
    const next = this.choose();
    if (next !== 0) this.give(next);
  }

  /**
   * The thread whose time has come, with a core of its own and the horizon set; 0 when no thread
   * is left or none will ever run.
   */
  private choose(): number {
    const { I32, F64 } = this;
    for (;;) {
      if (Atomics.exchange(I32, Header.Alarm, 0) !== 0) {
        this.giveUpDead();
        this.wakeAll();
      }
      const core = this.idleCore();
      let running = 0;
      let sleeper = 0;
      let ready = 0;
      let readyTime = Number.POSITIVE_INFINITY;
      let runningTime = Number.POSITIVE_INFINITY;
      let sleeperTime = Number.POSITIVE_INFINITY;
      let sleepers = 0;
      for (let slot = 1; slot <= I32[Header.LastSlot]; slot++) {
        const record = recordOf(slot);
        const time = F64[(record + Thread.Time) >> 1];
        const life = I32[record + Thread.Life];
        if (life === Life.Running) {
          if (time < runningTime) {
            running = slot;
            runningTime = time;
          }
        } else if (life === Life.Sleeping) {
          sleepers++;
          if (time < sleeperTime) {
            sleeper = slot;
            sleeperTime = time;
          }
        } else if (life === Life.Ready && core >= 0) {
          const start = Math.max(time, F64[(core + Core.FreeAt) >> 1]);
          if (start < readyTime) {
            ready = slot;
            readyTime = start;
          }
        }
      }
      if (sleeper !== 0 && sleeperTime <= Math.min(readyTime, runningTime)) {
        this.wake(sleeper, sleeperTime, WaitResult.TimedOut);
      } else if (ready !== 0 && readyTime <= runningTime) {
        this.dispatch(this.pickReady(ready, readyTime), core, readyTime);
      } else if (running !== 0) {
        if (this.preempt(running, runningTime)) continue;
        this.setHorizon(running, Math.min(readyTime, sleeperTime));
        F64[Header.Latest >> 1] = Math.max(F64[Header.Latest >> 1], runningTime);
        return running;
      } else {
        Atomics.store(I32, Header.Turn, 0);
        if (sleepers > 0) {
          Atomics.store(I32, Header.Deadlock, 1);
          // Whoever gave the alarm since it was looked for may not have seen that nobody runs.
          const late = Atomics.load(I32, Header.Alarm) !== 0;
          if (late && Atomics.exchange(I32, Header.Deadlock, 0) !== 0) continue;
          Atomics.notify(I32, Header.Deadlock);
        }
        return 0;
      }
    }
  }

  /** The core that has been idle longest, or -1. */
  private idleCore(): number {
    const { I32, F64 } = this;
    let found = -1;
    for (let i = 0; i < I32[Header.Cores]; i++) {
      const core = Region.Cores + i * Core.Size;
      if (I32[core + Core.Thread] !== 0) continue;
      const since = F64[(core + Core.FreeAt) >> 1];
      if (found < 0 || since < F64[(found + Core.FreeAt) >> 1]) found = core;
    }
    return found;
  }

  /** Of the threads that could start at `time`, the one that does. */
  private pickReady(first: number, time: number): number {
    const { I32, F64 } = this;
    const candidates: number[] = [];
    for (let slot = first; slot <= I32[Header.LastSlot]; slot++) {
      const record = recordOf(slot);
      if (I32[record + Thread.Life] !== Life.Ready) continue;
      if (F64[(record + Thread.Time) >> 1] <= time) candidates.push(slot);
    }
    // `first` is the lowest slot that can start at `time`; it may be the only one.
    if (candidates.length < 2) return first;
    if (this.draws === Drawing.Stalls) {
      return candidates[Math.floor(this.random() * candidates.length)];
    }
    const before = (a: number, b: number): boolean =>
      this.draws === Drawing.Pct
        ? I32[recordOf(a) + Thread.Priority] > I32[recordOf(b) + Thread.Priority]
        : F64[(recordOf(a) + Thread.Time) >> 1] < F64[(recordOf(b) + Thread.Time) >> 1];
    return candidates.reduce((best, slot) => (before(slot, best) ? slot : best));
  }

  private dispatch(slot: number, core: number, time: number): void {
    const { I32, F64 } = this;
    const record = recordOf(slot);
    const start = time + Cost.ContextSwitch;
    I32[record + Thread.Life] = Life.Running;
    I32[record + Thread.Core] = core;
    I32[core + Core.Thread] = slot;
    F64[(record + Thread.Time) >> 1] = start;
    F64[(record + Thread.SliceEnd) >> 1] =
      start + F64[Header.Quantum >> 1] * (0.75 + 0.5 * this.random());
  }

  /** Take the core from a thread whose slice is over, or that a better one waits behind. */
  private preempt(slot: number, time: number): boolean {
    const record = recordOf(slot);
    const { I32, F64 } = this;
    const over = time >= F64[(record + Thread.SliceEnd) >> 1];
    for (let other = 1; other <= I32[Header.LastSlot]; other++) {
      const waiting = recordOf(other);
      if (I32[waiting + Thread.Life] !== Life.Ready) continue;
      if (F64[(waiting + Thread.Time) >> 1] > time) continue;
      const better = I32[waiting + Thread.Priority] > I32[record + Thread.Priority];
      if (!(over || (this.draws === Drawing.Pct && better))) continue;
      this.leaveCore(slot, time);
      I32[record + Thread.Life] = Life.Ready;
      return true;
    }
    return false;
  }

  /** How far the thread in `slot` may go before another has to be asked. */
  private setHorizon(slot: number, event: number): void {
    const { I32, F64 } = this;
    const own = F64[(recordOf(slot) + Thread.Time) >> 1];
    const slice = F64[(recordOf(slot) + Thread.SliceEnd) >> 1];
    let horizon = event;
    for (let other = 1; other <= I32[Header.LastSlot]; other++) {
      if (other === slot) continue;
      const record = recordOf(other);
      const life = I32[record + Thread.Life];
      const time = F64[(record + Thread.Time) >> 1];
      if (life === Life.Running) horizon = Math.min(horizon, time);
      else if (life === Life.Ready) {
        horizon = Math.min(horizon, time > own ? time : slice, Math.max(time, slice));
      }
    }
    F64[Header.Horizon >> 1] = horizon;
  }

  private leaveCore(slot: number, time: number): void {
    const core = this.I32[recordOf(slot) + Thread.Core];
    this.I32[recordOf(slot) + Thread.Core] = -1;
    if (core < 0) return;
    this.I32[core + Core.Thread] = 0;
    this.F64[(core + Core.FreeAt) >> 1] = time;
  }

  private wake(slot: number, time: number, result: WaitResult): void {
    const { I32, F64 } = this;
    const record = recordOf(slot);
    const ready = time + this.drawLatency(F64[Header.WakeLatency >> 1]);
    I32[record + Thread.Life] = Life.Ready;
    I32[record + Thread.Result] = result;
    F64[(record + Thread.Time) >> 1] = ready;
    this.horizon = Math.min(this.horizon, ready);
  }

  /** Wake every sleeper to look around, whatever it waits for. */
  private wakeAll(): void {
    const { I32, F64 } = this;
    for (let slot = 1; slot <= I32[Header.LastSlot]; slot++) {
      if (I32[recordOf(slot) + Thread.Life] !== Life.Sleeping) continue;
      this.wake(slot, F64[Header.Latest >> 1], WaitResult.Ok);
    }
  }

  private giveUpDead(): void {
    for (let slot = 1; slot <= this.I32[Header.LastSlot]; slot++) {
      if (Atomics.load(this.I32, recordOf(slot) + Thread.Dead) !== 0) this.giveUp(slot);
    }
  }

  private giveUp(slot: number): void {
    const { I32, F64 } = this;
    const record = recordOf(slot);
    if (I32[record + Thread.Life] !== Life.None) {
      this.leaveCore(slot, F64[(record + Thread.Time) >> 1]);
      I32[record + Thread.Life] = Life.None;
      I32[Header.Threads]--;
    }
    Atomics.store(I32, record + Thread.Dead, 0);
  }

  private sleptBefore(slot: number, other: number): boolean {
    const { I32 } = this;
    return I32[recordOf(slot) + Thread.Sleep] < I32[recordOf(other) + Thread.Sleep];
  }

  private add(slot: number, time: number): void {
    const { I32, F64 } = this;
    const record = recordOf(slot);
    if (Atomics.load(I32, record + Thread.Dead) !== 0) this.giveUp(slot);
    assert(I32[record + Thread.Life] === Life.None, `slot ${slot} is taken`);
    I32[Header.LastSlot] = Math.max(I32[Header.LastSlot], slot);
    I32[record + Thread.Core] = -1;
    I32[Header.Threads]++;
    I32[record + Thread.Priority] = this.draw(Header.Random) >>> 2;
    I32[record + Thread.Life] = Life.Ready;
    F64[(record + Thread.Time) >> 1] = time + this.drawLatency(F64[Header.WakeLatency >> 1]);
  }

  // --- chance ---

  /** A latency of the given mean: at least half of it, at most two and a half times. */
  private drawLatency(mean: number): number {
    return Math.round(mean * (0.5 + 2 * this.random() * this.random()));
  }

  /** A number in [0, 1). */
  private random(): number {
    return (this.draw(Header.Random) >>> 0) / 0x1_0000_0000;
  }

  /** The next 32 bits of a stream (xorshift32, as base/random.ts). */
  private draw(stream: Header): number {
    let x = this.I32[stream];
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.I32[stream] = x;
    return x;
  }
}

/** How often who waits for a deadlock looks whether it is still wanted, ms. */
const LOOK_MS = 100;

function recordOf(slot: number): number {
  return Region.Threads + slot * Thread.Size;
}
