/**
 * What a trace is made of: events, release reasons and the fixed-size record that carries one
 * event. The lock code emits through {@link EventSink}; a run without a trace uses
 * {@link NullSink}, so traced and untraced runs execute the same lock code.
 *
 * Who holds the lock is exact in a trace, although clocks of different threads may disagree by
 * up to a microsecond, because of two rules the lock keeps:
 *
 *   1. `Acquire` is emitted by the new holder after the lock is its own, `Release` by the holder
 *      before the lock is given up: both happen inside the hold.
 *   2. The argument of both is the *hold number*: a counter in the lock's words, increased by one
 *      by every new holder while it holds (plain arithmetic, the lock orders it; first hold 1).
 *   3. `DropRequest` is emitted just before the request is set, so that it precedes the `Release`
 *      it causes.
 *
 * An acquisition reads `Request Acquire`, or when the lock is taken
 * `Request Busy (Wait (Wake Retry | Timeout DropRequest?))* Wait? (Wake | Timeout)? Acquire`.
 * What histories are legal is the subject of automaton.ts.
 */

/** Kinds of event. The argument's meaning is given with each. */
export const enum TraceEvent {
  /** The thread asks for the lock (first event of every acquisition). Argument: 0. */
  Request = 1,
  /** BUSY: the lock was locked when the thread came to take it. Argument: holder's slot, or -1. */
  Busy = 2,
  /** The thread parks until the lock is signalled or the interval ends. Argument: limit in µs. */
  Wait = 3,
  /** A park ended by a signal (or spuriously), not by its limit. Argument: 0. */
  Wake = 4,
  /** A park ended because the switch interval was over. Argument: 1 when no switch was seen. */
  Timeout = 5,
  /** RETRY: woken, but another thread has the lock again. Argument: holder's slot, or -1. */
  Retry = 6,
  /** The thread set the drop request. Argument: hold number of the hold it wants to end. */
  DropRequest = 7,
  /** The thread has the lock. Argument: hold number. */
  Acquire = 8,
  /** The thread gives the lock up, for the record's reason. Argument: hold number. */
  Release = 9,
  /** Forced switching: after its release the thread waits for another to take over. Argument: 0. */
  SwitchWait = 10,
  /** The forced wait is over: another thread took the lock. Argument: 0. */
  SwitchWake = 11,
  /** A parent asked for a new thread. Argument: the child's ident. */
  ThreadSpawn = 12,
  /** First event of a thread, emitted by itself. Argument: the parent's ident, or 0. */
  ThreadStart = 13,
  /** Last event of a thread, emitted by itself. Argument: 0. */
  ThreadEnd = 14,
  /** The thread parks on a Python-level lock (threading). Argument: the lock's address. */
  LockWait = 15,
  /** The thread no longer waits for that lock. Argument: 1 when it got it, 0 on timeout. */
  LockWake = 16,
  /** The interpreter loop found a dead thread and will free its hold. Argument: its ident. */
  ThreadDeath = 17,
  /** The switch interval was set. Argument: the new interval in µs. */
  SwitchInterval = 18,
  /** The cycle collector starts. Argument: generation. */
  CollectBegin = 19,
  /** The cycle collector is done. Argument: objects found unreachable. */
  CollectEnd = 20,
  /** A Python signal handler is about to run. Argument: the signal's number. */
  Signal = 21,
  /**
   * A drop request is about to be withdrawn, because its thread leaves or died: the thread asked
   * may go on. Takes effect before the emitting thread's next event. Argument: 0.
   */
  Withdraw = 22,
  /** The collector has gathered what it will look at. Argument: number of objects. */
  CollectSize = 23,
  /** The interpreter loop has put a request into the queue. Argument: its number. */
  RequestQueued = 24,
  /** The thread has taken a request from the queue. Argument: its number. */
  RequestBegin = 25,
  /** The thread has written its response. Argument: its number. */
  RequestEnd = 26,
  /** The interpreter loop has handed the whole response to the system. Argument: its number. */
  RequestSent = 27,
  /** One more than the last event. */
  Count = 28,
}

/** Why the lock was released; second byte of a Release record, 0 in all others. */
export const enum ReleaseReason {
  None = 0,
  /** Asked to by a drop request. */
  Forced = 1,
  /** A periodic check of a tick discipline. */
  TickCheck = 2,
  /** A system call that may block. */
  BlockingIo = 3,
  /** time.sleep. */
  Sleep = 4,
  /** Waiting for a Python-level lock, a join included. */
  LockWait = 5,
  /** A long computation that needs no Python object (hashing, compression, large copies). */
  Computation = 6,
  /** The thread ends. */
  ThreadExit = 7,
  /** The thread starts another one and waits for it to be ready. */
  ThreadSpawn = 8,
  /** The interpreter ends. */
  Finalization = 9,
  /** One more than the last reason. */
  Count = 10,
}

/**
 * A record: 32 bytes, little-endian.
 *
 *   byte  0 ┌───────────────────────────────┐
 *           │ time                  float64 │  ns since the run's origin
 *         8 ├───────────────┬───────────────┤
 *           │ ticks  uint32 │ kind   uint32 │
 *        16 ├───────────────┼───────────────┤
 *           │ argument int32│ line    int32 │  line 0: unknown
 *        24 ├───────────────┼───────────────┤
 *           │ ident  uint32 │ serial uint32 │  serial: place in the thread slot's stream,
 *        32 └───────────────┴───────────────┘  dropped records included, modulo 2^32
 *
 *   kind: bits 0–7 event, 8–11 release reason, 12–15 and 16–23 thread slot (its bits 8–11, 0–7),
 *   24–31 interpreter
 *
 * Offsets are in 4-byte words from the record's start. Immutable once published by the ring.
 */
export const enum TraceRecord {
  /** Index in a Float64Array is half of this one's. */
  Time = 0,
  Ticks = 2,
  Kind = 3,
  Argument = 4,
  Line = 5,
  Ident = 6,
  Serial = 7,
  Size = 8,
  Bytes = 32,
}

/** Parts of {@link TraceRecord.Kind}: the event is `kind & Mask`. */
export const enum RecordKind {
  ReasonShift = 8,
  ReasonMask = 0xf,
  HighSlotShift = 12,
  LowSlotShift = 16,
  InterpreterShift = 24,
  Mask = 0xff,
}

/** Reason of a release, from a record's kind. */
export function reasonOf(kind: number): ReleaseReason {
  return (kind >>> RecordKind.ReasonShift) & RecordKind.ReasonMask;
}

/** Thread slot, from a record's kind. */
export function slotOf(kind: number): number {
  const high = (kind >>> RecordKind.HighSlotShift) & 0xf;
  return ((kind >>> RecordKind.LowSlotShift) & RecordKind.Mask) | (high << 8);
}

/** The thread slot's part of a record's kind. */
export function kindOfSlot(slot: number): number {
  return ((slot & 0xff) << RecordKind.LowSlotShift) | ((slot >>> 8) << RecordKind.HighSlotShift);
}

/**
 * A thread slot of a process as one number: bits 0–7 and 16–19 the slot, 8–15 the process. The keys
 * of a trace's list of records lost.
 */
export function slotKey(process: number, slot: number): number {
  return (slot & 0xff) | (process << 8) | ((slot >>> 8) << 16);
}

export function processOfKey(key: number): number {
  return (key >>> 8) & 0xff;
}

export function slotOfKey(key: number): number {
  return (key & 0xff) | ((key >>> 16) << 8);
}

/** Takes the events of one thread. */
export interface EventSink {
  /**
   * Record an event of the thread this sink is bound to. Never blocks, never allocates.
   *
   * @param event a {@link TraceEvent}; for Release, `Release | (reason << ReasonShift)`
   * @param argument a 32-bit integer whose meaning the event defines
   */
  emit(event: number, argument: number): void;
}

/** The sink of a run without a trace. */
export class NullSink implements EventSink {
  emit(_event: number, _argument: number): void {}
}

/** What an event or reason is called and means, for tables, legends and `--help`. */
export interface Term {
  readonly name: string;
  readonly meaning: string;
}

/** Terms of {@link TraceEvent}, by value; entry 0 stands for no event. */
export const eventTerms: readonly Term[] = [
  { name: "none", meaning: "no event" },
  { name: "request", meaning: "asks for the GIL" },
  { name: "busy", meaning: "the GIL was held by another thread when this one came" },
  { name: "wait", meaning: "parks until signalled or until the interval ends" },
  { name: "wake", meaning: "woken by a signal" },
  { name: "timeout", meaning: "woken because the switch interval was over" },
  { name: "retry", meaning: "woken, but the GIL was already taken again: a failed wake-up" },
  { name: "drop request", meaning: "asks the holder to drop the GIL" },
  { name: "acquire", meaning: "has the GIL" },
  { name: "release", meaning: "gives the GIL up" },
  {
    name: "switch wait",
    meaning: "after a forced drop, waits until another thread has taken over",
  },
  { name: "switch wake", meaning: "another thread has taken over" },
  { name: "thread spawn", meaning: "starts another thread" },
  { name: "thread start", meaning: "the thread begins" },
  { name: "thread end", meaning: "the thread ends" },
  { name: "lock wait", meaning: "parks on a Python-level lock" },
  { name: "lock wake", meaning: "no longer waits for that lock" },
  { name: "thread death", meaning: "a thread died; what it held is about to be freed" },
  { name: "switch interval", meaning: "the switch interval was set" },
  { name: "collect begin", meaning: "the cycle collector starts" },
  { name: "collect end", meaning: "the cycle collector is done" },
  { name: "signal", meaning: "a Python signal handler is about to run" },
  { name: "withdraw", meaning: "a drop request is withdrawn: its thread left or died" },
  { name: "collect size", meaning: "how many objects the cycle collector looks at" },
  { name: "request queued", meaning: "an HTTP request waits for a thread" },
  { name: "request begin", meaning: "the thread has taken an HTTP request" },
  { name: "request end", meaning: "the thread has written the response" },
  { name: "request sent", meaning: "the response has been handed to the system" },
];

/** Terms of {@link ReleaseReason}, by value. */
export const reasonTerms: readonly Term[] = [
  { name: "none", meaning: "no reason recorded" },
  { name: "forced", meaning: "another thread's drop request" },
  { name: "tick check", meaning: "the periodic check of a tick discipline" },
  { name: "blocking I/O", meaning: "a system call that may block" },
  { name: "sleep", meaning: "time.sleep" },
  { name: "lock wait", meaning: "waiting for a Python-level lock or a join" },
  { name: "computation", meaning: "a long computation without Python objects" },
  { name: "thread exit", meaning: "the thread ended" },
  { name: "thread spawn", meaning: "waiting for a new thread to be ready" },
  { name: "finalization", meaning: "the interpreter ended" },
];
