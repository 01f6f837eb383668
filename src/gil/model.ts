/**
 * Models of a discipline for the explorer: threads that share the lock in the ways the virtual
 * machine does. The bodies use only {@link Discipline}, so they serve every discipline; what must
 * hold is the monitor's part.
 */
import { Control, Region, ThreadState } from "../memory/layout.js";
import { LockOperations } from "../sync/lock.js";
import type { AsyncSyncMemory } from "../sync/memory.js";
import type { Body, Model, Monitor, Phase, VirtualThread } from "../sync/model.js";
import { Parker } from "../sync/parker.js";
import { type EventSink, ReleaseReason, TraceEvent } from "../trace/record.js";
import { type Discipline, threadWord } from "./discipline.js";
import { Priority } from "./priority.js";
import { Timer } from "./timer.js";
import { Breaker, Gil } from "./words.js";

/** What a body tells the monitor beside the trace's events. */
export const enum Mark {
  /** The thread believes that it has the lock. */
  Enter = 100,
  /** The thread is about to give the lock up. */
  Leave = 101,
  /** The thread left without the lock, as it was told to. */
  Refused = 102,
}

/** Makes a thread's access to the discipline under test. */
export type DisciplineMaker = (memory: AsyncSyncMemory, sink: EventSink) => Discipline;

/** What a thread of a model does. */
export type Role =
  /** Takes and drops the lock, as around short system calls. */
  | { readonly kind: "io"; readonly rounds: number; readonly priority?: number }
  /** Computes until asked to drop the lock. */
  | { readonly kind: "cpu"; readonly rounds: number }
  /** Computes through a number of checks, without waiting to be asked. */
  | { readonly kind: "checks"; readonly rounds: number }
  /** Uses a Python-level lock, waiting for it without the GIL (I3, I4). */
  | { readonly kind: "lock"; readonly rounds: number }
  /** Takes no lock: asks the holder for a drop, as the timer thread does. */
  | { readonly kind: "timer"; readonly rounds: number }
  /** Takes no lock: tells the thread with this slot to stop. */
  | { readonly kind: "stopper"; readonly victim: number }
  /** Takes no lock: starts finalization, in which only MainThread goes on (slot 1). */
  | { readonly kind: "finalizer" };

/** A word that belongs to nobody else. */
const PYTHON_LOCK = Region.Gil + Gil.Size;
const LATE_WAKES = Region.Gil + Gil.LateWakes;
const LAST_OF_HOLDER = Region.Gil + Gil.CheckInterval;
const BREAKER = Region.Gil + Gil.EvalBreaker;

/** A model in which the thread of slot n plays the n-th role. */
export function disciplineModel(
  make: DisciplineMaker,
  roles: readonly Role[],
  monitor: () => Monitor,
  intervalUs: number,
): Model {
  return {
    name: roles.map(({ kind }) => kind).join("+"),
    setup(thread) {
      make(thread.memory, thread).initialize(intervalUs);
      thread.memory.store(threadWord(1, ThreadState.IsMain), 1);
      thread.memory.store(Control.NextIdent, roles.length + 1);
    },
    bodies: roles.map((role) => phasesOf(role, make)),
    recover(dead: number): Body {
      return [
        (thread) => {
          thread.emit(TraceEvent.ThreadDeath, dead);
          make(thread.memory, thread).recover(dead);
          return true;
        },
      ];
    },
    monitor,
    // A thread that computes until asked depends on a waiter's timeout.
    mayAllSleep: roles.some(({ kind }) => kind === "cpu"),
    // Written and read by the holder; a requester's reading only goes into the trace.
    isQuiet: (index) => index >= Region.Gil + Gil.HoldNumber && index <= LAST_OF_HOLDER,
    describe: describeWord,
  };
}

function phasesOf(role: Role, make: DisciplineMaker): Body {
  const phase = (run: (gil: Discipline, thread: VirtualThread) => boolean): Phase => {
    return (thread) => run(make(thread.memory, thread), thread);
  };
  const times = (...phases: Phase[]): Phase[] =>
    new Array<Phase[]>("rounds" in role ? role.rounds : 1).fill(phases).flat();
  switch (role.kind) {
    case "stopper":
      return [
        phase((gil, { memory }) => stop(gil, memory, threadWord(role.victim, ThreadState.Stop))),
      ];
    case "finalizer":
      return [phase((gil, { memory }) => stop(gil, memory, Control.Finalizing))];
    case "timer":
      return times(
        phase((gil) => {
          if (gil instanceof Timer) gil.ask();
          return false;
        }),
      );
    case "io":
      return times(
        phase((gil, { slot }) => {
          const { priority } = role;
          if (priority !== undefined && gil instanceof Priority) gil.setPriority(slot, priority);
          return false;
        }),
        phase((gil, thread) => !enter(gil, thread)),
        phase((gil, thread) => leave(gil, thread)),
      );
    case "lock":
      return [
        phase((gil, thread) => !enter(gil, thread)),
        ...times(
          phase((gil, thread) => takePythonLock(gil, thread)),
          // A system call with the lock taken, so that others find it taken.
          phase((gil, thread) => leave(gil, thread) || !enter(gil, thread)),
          phase((gil, thread) => dropPythonLock(gil, thread)),
        ),
        phase((gil, thread) => leave(gil, thread)),
      ];
    case "cpu":
    case "checks":
      return [
        phase((gil, thread) => !enter(gil, thread)),
        ...times(phase((gil, thread) => compute(role.kind === "cpu", gil, thread))),
        phase((gil, thread) => leave(gil, thread)),
      ];
  }
}

/** Set a word that tells threads to leave. */
function stop(gil: Discipline, memory: AsyncSyncMemory, word: number): boolean {
  memory.store(word, 1);
  memory.or(BREAKER, Breaker.Stop);
  gil.wakeAll();
  return true;
}

/** One look at the eval breaker and what follows from it; true when the thread has ended. */
function compute(polls: boolean, gil: Discipline, thread: VirtualThread): boolean {
  const seen = polls ? thread.poll(BREAKER) : thread.memory.load(BREAKER) !== 0;
  if (!seen) return false;
  if (thread.memory.load(BREAKER) === Breaker.Ticks && gil.tick(1)) return false;
  const pending = gil.pending(thread.slot);
  if ((pending & Breaker.Stop) !== 0) {
    leave(gil, thread);
    return true;
  }
  if ((pending & Breaker.DropRequest) === 0) return false;
  thread.emit(Mark.Leave, 0);
  const taken = gil.checkpoint(thread.slot);
  thread.emit(taken ? Mark.Enter : Mark.Refused, 0);
  return !taken;
}

function leave(gil: Discipline, thread: VirtualThread): boolean {
  thread.emit(Mark.Leave, 0);
  gil.release(thread.slot, ReleaseReason.BlockingIo);
  return false;
}

function enter(gil: Discipline, thread: VirtualThread): boolean {
  const taken = gil.acquire(thread.slot);
  thread.emit(taken ? Mark.Enter : Mark.Refused, 0);
  return taken;
}

function lockOperations({ memory, slot }: VirtualThread): LockOperations {
  const waitWord = threadWord(slot, ThreadState.WaitWord);
  return new LockOperations(memory, new Parker(memory, waitWord, LATE_WAKES, () => false));
}

function takePythonLock(gil: Discipline, thread: VirtualThread): boolean {
  const locks = lockOperations(thread);
  if (locks.tryAcquire(PYTHON_LOCK)) return false;
  leave(gil, thread);
  locks.acquire(PYTHON_LOCK, Infinity);
  return !enter(gil, thread);
}

/** The wake-up is owed until the drop. */
function dropPythonLock(gil: Discipline, thread: VirtualThread): boolean {
  lockOperations(thread).releaseOwing(PYTHON_LOCK, gil.owed);
  if (gil.owed.isEmpty) return false;
  gil.noteOwed();
  return leave(gil, thread) || !enter(gil, thread);
}

const NAMES: readonly (readonly [number, string])[] = [
  [Region.Gil + Gil.Lock, "Lock"],
  [BREAKER, "EvalBreaker"],
  [Region.Gil + Gil.Switched, "Switched"],
  [Region.Gil + Gil.HoldNumber, "HoldNumber"],
  [LATE_WAKES, "LateWakes"],
  [PYTHON_LOCK, "PythonLock"],
  [Control.Finalizing, "Finalizing"],
  [Control.SignalsTripped, "SignalsTripped"],
];

function describeWord(index: number): string {
  const named = NAMES.find(([at]) => at === index);
  if (named !== undefined) return named[1];
  if (index < Region.Threads) return `0x${index.toString(16)}`;
  const slot = Math.floor((index - Region.Threads) / ThreadState.Size);
  return `thread ${slot} word ${(index - Region.Threads) % ThreadState.Size}`;
}
