import type { Trace } from "./file.js";
import { eventTerms, ReleaseReason, slotKey, TraceEvent } from "./record.js";

/**
 * The legal histories of one lock and its threads. Every trace of a correct run is accepted; an
 * impossible history is rejected at its first impossible event, with the reason.
 *
 *   thread state   goes on with
 *   New            ThreadStart → Off
 *   Off            Request → Asking; SwitchWait → Switching (after a release only); LockWait,
 *                  LockWake; ThreadEnd → Ended
 *   Asking         Busy (once, first); Wait → Parked; DropRequest; Withdraw; Acquire → Has;
 *                  ThreadEnd
 *   Parked         Wake → Woken; Timeout → TimedOut
 *   Woken          as Asking, and Retry → Asking
 *   TimedOut       as Asking
 *   Has            Release → Off; CollectBegin, CollectSize, CollectEnd, Signal,
 *                  ThreadSpawn
 *   Switching      SwitchWake → Off
 *   Ended          nothing
 *   any            ThreadDeath of the thread, emitted by another → Ended; Withdraw; what
 *                  happens to an HTTP request
 *
 * Across threads: one holder at a time; hold numbers increase by one (by one more for each thread
 * that died, as its last hold may have gone unrecorded); forced releases never outnumber drop
 * requests; with forced switching a forced release is followed by another thread's hold, unless
 * the request is withdrawn.
 */
export interface HistoryEvent {
  readonly time: number;
  readonly event: number;
  readonly reason: number;
  readonly ident: number;
  readonly argument: number;
}

const enum Phase {
  New,
  Off,
  Asking,
  Parked,
  Woken,
  TimedOut,
  Has,
  Switching,
  Ended,
}

const phaseNames = [
  "has not started",
  "is off the GIL",
  "is asking for the GIL",
  "is parked",
  "has just been woken",
  "has just timed out",
  "has the GIL",
  "waits for a switch",
  "has ended",
] as const;

/** What a discipline promises beyond mutual exclusion. */
export interface LockRules {
  /** After a forced release the next holder is another thread (G7). */
  readonly forcedSwitching: boolean;
  /** A drop request is set only right after a timeout without a switch (G2, G4). */
  readonly requestAfterTimeout: boolean;
  /** Drop requests come from a thread that does not want the lock itself. */
  readonly requestByTimer: boolean;
}

function nameOf(event: number): string {
  return eventTerms[event]?.name ?? `event ${event}`;
}

/** The rules of a discipline by its name; those nobody listed promise nothing extra. */
export function rulesOf(discipline: string): LockRules {
  return {
    forcedSwitching: ["py32", "fifo", "priority"].includes(discipline),
    requestAfterTimeout: ["py32", "py32-unforced", "fifo"].includes(discipline),
    requestByTimer: discipline === "timer",
  };
}

interface ThreadHistory {
  phase: Phase;
  time: number;
  lastEvent: number;
  /** Argument of the last event. */
  lastArgument: number;
  asked: boolean;
  lockWaiting: boolean;
  collecting: boolean;
  /** Records of this thread are missing: only its holds are checked. */
  lossy: boolean;
}

/** Follows one lock's history event by event. */
export class GilAutomaton {
  private readonly threads = new Map<number, ThreadHistory>();
  private holder = 0;
  private hold = 0;
  private deaths = 0;
  private deathsAtAcquire = 0;
  private requests = 0;
  private forced = 0;
  /** Ident of the thread that was forced to release and may not be the next holder, or 0. */
  private barred = 0;
  /** Threads whose last event is a withdrawal: it may take effect at any moment. */
  private withdrawing = 0;
  private anyLossy = false;
  /** Time since which there have been more forced releases than drop requests, ns. */
  private owingSince = 0;

  /**
   * @param skewNs how much later than its effect a drop request may be recorded: 0 when the order
   *   of events is exact
   */
  constructor(
    private readonly rules: LockRules,
    private readonly skewNs: number,
  ) {}

  /** Declare a thread that runs already when the history begins. */
  started(ident: number): void {
    this.thread(ident).phase = Phase.Off;
  }

  /** Declare that records of this thread may be missing. */
  lossy(ident: number): void {
    this.thread(ident).lossy = true;
    this.anyLossy = true;
  }

  /** Follow one event; returns what is impossible about it, or null. */
  step(event: HistoryEvent): string | null {
    const thread = this.thread(event.ident);
    const wrong =
      event.time < thread.time
        ? `time goes back by ${thread.time - event.time} ns`
        : this.follow(thread, event);
    if (wrong !== null) return `thread ${event.ident}: ${nameOf(event.event)}: ${wrong}`;
    if (this.skewNs > 0 && this.owes(event)) {
      return `a release at ${this.owingSince} ns was forced, but nobody asked`;
    }
    thread.time = event.time;
    thread.lastEvent = event.event;
    thread.lastArgument = event.argument;
    return null;
  }

  private thread(ident: number): ThreadHistory {
    let thread = this.threads.get(ident);
    if (thread === undefined) {
      thread = {
        phase: Phase.New,
        time: Number.NEGATIVE_INFINITY,
        lastEvent: 0,
        lastArgument: 0,
        asked: false,
        lockWaiting: false,
        collecting: false,
        lossy: false,
      };
      this.threads.set(ident, thread);
    }
    return thread;
  }

  private follow(thread: ThreadHistory, event: HistoryEvent): string | null {
    const { phase } = thread;
    if (thread.lastEvent === TraceEvent.Withdraw) {
      this.withdrawing--;
      this.barred = 0;
    }
    if (phase === Phase.Ended) return `the thread ${phaseNames[phase]}`;
    const wrong = this.followThread(thread, event);
    // Lost records excuse everything about one thread, nothing about the lock itself.
    if (wrong !== null && !thread.lossy) return wrong;
    switch (event.event) {
      case TraceEvent.Acquire:
        return this.acquire(thread, event);
      case TraceEvent.Release:
        return this.release(thread, event);
      case TraceEvent.ThreadDeath:
        return this.death(event);
      case TraceEvent.DropRequest:
        this.requests++;
        return null;
      case TraceEvent.Withdraw:
        this.withdrawing++;
        this.barred = 0;
        return null;
      default:
        return null;
    }
  }

  /** What the thread by itself may do next; moves it to its next phase. */
  private followThread(thread: ThreadHistory, event: HistoryEvent): string | null {
    const { phase } = thread;
    const asking = phase === Phase.Asking || phase === Phase.Woken || phase === Phase.TimedOut;
    let legal: boolean;
    let next = phase;
    switch (event.event) {
      case TraceEvent.ThreadStart:
        legal = phase === Phase.New;
        next = Phase.Off;
        break;
      case TraceEvent.Request:
        legal = phase === Phase.Off;
        if (thread.lockWaiting) return "the thread waits for a Python-level lock";
        next = Phase.Asking;
        break;
      case TraceEvent.Busy:
        if (thread.lastEvent !== TraceEvent.Request) return "only right after a request";
        legal = phase === Phase.Asking;
        break;
      case TraceEvent.Wait:
        legal = asking;
        next = Phase.Parked;
        break;
      case TraceEvent.Wake:
        if (phase !== Phase.Parked) return "wake without wait";
        legal = true;
        next = Phase.Woken;
        break;
      case TraceEvent.Timeout:
        if (phase !== Phase.Parked) return "timeout without wait";
        legal = true;
        next = Phase.TimedOut;
        break;
      case TraceEvent.Retry:
        legal = phase === Phase.Woken;
        next = Phase.Asking;
        break;
      case TraceEvent.DropRequest:
        legal = asking || (this.rules.requestByTimer && phase === Phase.Off);
        if (
          this.rules.requestAfterTimeout &&
          !(thread.lastEvent === TraceEvent.Timeout && thread.lastArgument === 1)
        ) {
          return "only right after a timeout without a switch";
        }
        break;
      case TraceEvent.Acquire:
        if (phase === Phase.Off) return "acquire without request";
        legal = asking;
        next = Phase.Has;
        break;
      case TraceEvent.Release:
        // Also inside a collection: finalizers are Python code.
        legal = phase === Phase.Has;
        next = Phase.Off;
        break;
      case TraceEvent.SwitchWait:
        if (thread.lastEvent !== TraceEvent.Release) return "only right after a release";
        legal = phase === Phase.Off;
        next = Phase.Switching;
        break;
      case TraceEvent.SwitchWake:
        legal = phase === Phase.Switching;
        next = Phase.Off;
        break;
      case TraceEvent.LockWait:
        legal = phase === Phase.Off && !thread.lockWaiting;
        thread.lockWaiting = true;
        break;
      case TraceEvent.LockWake:
        if (!thread.lockWaiting) return "lock wake without lock wait";
        legal = phase === Phase.Off;
        thread.lockWaiting = false;
        break;
      case TraceEvent.ThreadEnd:
        legal = phase === Phase.Off || asking;
        next = Phase.Ended;
        break;
      case TraceEvent.CollectBegin:
        legal = phase === Phase.Has && !thread.collecting;
        thread.collecting = true;
        break;
      case TraceEvent.CollectSize:
        legal = phase === Phase.Has && thread.collecting;
        break;
      case TraceEvent.CollectEnd:
        legal = phase === Phase.Has && thread.collecting;
        thread.collecting = false;
        break;
      case TraceEvent.Signal:
      case TraceEvent.ThreadSpawn:
        legal = phase === Phase.Has;
        break;
      case TraceEvent.RequestQueued:
      case TraceEvent.RequestBegin:
      case TraceEvent.RequestEnd:
      case TraceEvent.RequestSent:
      case TraceEvent.SwitchInterval:
      case TraceEvent.ThreadDeath:
      case TraceEvent.Withdraw:
        legal = phase !== Phase.New;
        break;
      default:
        return "no such event";
    }
    if (!legal) return `the thread ${phaseNames[phase]}`;
    thread.phase = next;
    return null;
  }

  private acquire(thread: ThreadHistory, event: HistoryEvent): string | null {
    const { holder } = this;
    if (holder !== 0 && !this.threads.get(holder)?.lossy) {
      return holder === event.ident ? "it has the GIL already" : `thread ${holder} has the GIL`;
    }
    const expected = (this.hold + 1) | 0;
    const unrecorded = this.deaths - this.deathsAtAcquire;
    const ahead = (event.argument - expected) | 0;
    if (ahead < 0 || (ahead > unrecorded && !this.anyLossy)) {
      return `hold number ${event.argument} where ${expected} was expected`;
    }
    if (this.rules.forcedSwitching && this.barred === event.ident && unrecorded === 0) {
      const excused = this.anyLossy || this.withdrawing > 0;
      if (!excused) return "the thread forced to release took the GIL again first";
    }
    this.barred = 0;
    this.holder = event.ident;
    this.hold = event.argument;
    this.deathsAtAcquire = this.deaths;
    thread.phase = Phase.Has;
    return null;
  }

  private release(thread: ThreadHistory, event: HistoryEvent): string | null {
    if (this.holder !== event.ident && !thread.lossy) {
      return this.holder === 0 ? "nobody has the GIL" : `thread ${this.holder} has the GIL`;
    }
    if (event.argument !== this.hold && !thread.lossy) {
      return `hold number ${event.argument} in hold ${this.hold}`;
    }
    if (this.holder === event.ident) this.holder = 0;
    this.hold = event.argument;
    if (event.reason === ReleaseReason.None || event.reason >= ReleaseReason.Count) {
      return "no reason";
    }
    if (event.reason === ReleaseReason.Forced) {
      if (++this.forced === this.requests + 1) this.owingSince = event.time;
      if (this.skewNs === 0 && this.owes(event)) return "forced, but nobody asked";
      this.barred = event.ident;
    }
    thread.phase = Phase.Off;
    return null;
  }

  /** A forced release has gone without its drop request for longer than clocks can differ. */
  private owes(event: HistoryEvent): boolean {
    if (this.forced <= this.requests || this.anyLossy) return false;
    return event.time - this.owingSince >= this.skewNs;
  }

  private death(event: HistoryEvent): string | null {
    const dead = event.argument >>> 0;
    if (dead === event.ident) return "a thread cannot report its own death";
    const thread = this.thread(dead);
    if (thread.phase === Phase.Ended) return `thread ${dead} has ended before`;
    thread.phase = Phase.Ended;
    if (this.holder === dead) this.holder = 0;
    this.deaths++;
    return null;
  }
}

/** The first impossible event of a trace. */
export interface Violation {
  /** Index in the trace's history. */
  readonly index: number;
  readonly time: number;
  readonly message: string;
}

/** How far clocks of two threads may differ, in ns. */
const maxSkewNs = 1e6;

/**
 * An effect recorded earlier than this before its cause is a fault of the recorder, in ns. A thread
 * records what it has done a moment later, and may lose the processor in between.
 */
const maxLatenessNs = 100e6;

/** Check a whole trace, every interpreter's lock by itself; null when it is possible. */
export function checkTrace(trace: Trace): Violation | null {
  const { history } = trace;
  if (history.skewNs > maxLatenessNs) {
    const message = `an effect was recorded ${history.skewNs} ns before its cause`;
    return { index: 0, time: history.time[0], message };
  }
  const automata = newAutomata(trace);
  for (let i = 0; i < history.length; i++) {
    const message = automata.get(history.interpreter[i])!.step({
      time: history.time[i],
      event: history.event[i],
      reason: history.reason[i],
      ident: history.ident[i],
      argument: history.argument[i],
    });
    if (message !== null) return { index: i, time: history.time[i], message };
  }
  return null;
}

/** An automaton for each interpreter of a trace, told which threads' records may be missing. */
function newAutomata(trace: Trace): Map<number, GilAutomaton> {
  const { history, header, footer } = trace;
  const rules = rulesOf(header.discipline);
  const lossySlots = new Set(Object.keys(footer?.dropped ?? {}).map(Number));
  const automata = new Map<number, GilAutomaton>();
  for (let i = 0; i < history.length; i++) {
    let automaton = automata.get(history.interpreter[i]);
    if (automaton === undefined) {
      automaton = new GilAutomaton(rules, maxSkewNs);
      automata.set(history.interpreter[i], automaton);
    }
    // A salvaged trace ends at another moment for every thread.
    if (footer === null || lossySlots.has(slotKey(history.interpreter[i], history.slot[i])))
      automaton.lossy(history.ident[i]);
  }
  return automata;
}
