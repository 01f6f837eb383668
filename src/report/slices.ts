import type { Trace } from "../trace/file.js";
import { eventTerms, ReleaseReason, reasonTerms, TraceEvent } from "../trace/record.js";
import type { ThreadTimeline } from "./timeline.js";

/**
 * A trace as trace viewers want it: slices and instants on the tracks of threads, in order of
 * time. What the two exports (Perfetto, Chrome) share; how a call is written is theirs.
 */

/** A thread has two tracks: what it does with the GIL, and everything else it does. */
export const enum Track {
  Thread = 0,
  Gil = 1,
}

/** Figures that a slice carries, by name. */
export type SliceFacts = Readonly<Record<string, number>>;

/** Takes a trace's slices; those of one track touch or nest. */
export interface SliceSink {
  /** @param hold hold number of a slice that has the GIL, else 0 */
  begin(thread: number, track: Track, time: number, name: string, hold: number): void;
  /** @param facts figures known only at the end */
  end(thread: number, track: Track, time: number, facts?: SliceFacts): void;
  /** @param cause an id that a drop request and the release it caused share, else 0 */
  instant(thread: number, track: Track, time: number, name: string, cause: number): void;
  /** Number of threads that wait for the GIL from now on. */
  waiters(time: number, count: number): void;
}

interface OpenThread {
  index: number;
  gil: boolean;
  /** Slices open on its own track: a lock's wait inside a collection, by a finalizer. */
  slices: number;
  examined: number;
  waiting: boolean;
}

/** Names of slices and instants. */
const hasGil = "Has GIL";
const waitingForGil = "Waiting for GIL";
const offGil = "Off GIL";

/** Walk a trace; threads are numbered by their place in `threads`, others are left out. */
export function walkSlices(
  trace: Trace,
  threads: readonly ThreadTimeline[],
  sink: SliceSink,
): void {
  new SliceWalk(trace, threads, sink).run();
}

class SliceWalk {
  private readonly open = new Map<number, OpenThread>();
  /** Who has each interpreter's GIL. */
  private readonly holders = new Map<number, OpenThread>();
  private waiters = 0;
  /** The drop request that the next forced release answers, or 0. */
  private cause = 0;
  private causes = 0;

  constructor(
    private readonly trace: Trace,
    private readonly threads: readonly ThreadTimeline[],
    private readonly sink: SliceSink,
  ) {
    threads.forEach(({ ident }, index) => {
      this.open.set(ident, { index, gil: false, slices: 0, examined: 0, waiting: false });
    });
  }

  run(): void {
    const { history } = this.trace;
    for (let i = 0; i < history.length; i++) {
      // Deaths are reported by the interpreter loop, which may have no track of its own.
      if (history.event[i] === TraceEvent.ThreadDeath) {
        this.died(history.argument[i] >>> 0, history.time[i]);
        continue;
      }
      const thread = this.open.get(history.ident[i]);
      if (thread !== undefined) this.follow(thread, i);
    }
    this.threads.forEach(({ ident, end }) => {
      this.close(this.open.get(ident)!, end);
    });
  }

  private follow(thread: OpenThread, i: number): void {
    const { history } = this.trace;
    const time = history.time[i];
    const argument = history.argument[i];
    const event = history.event[i];
    switch (event) {
      case TraceEvent.Request:
        this.gil(thread, time, waitingForGil, 0);
        this.wait(thread, time, true);
        break;
      case TraceEvent.Acquire: {
        const holder = this.holders.get(history.interpreter[i]);
        // Only when records were lost: the holder must have let go unseen.
        if (holder?.gil) this.gil(holder, time, offGil, 0);
        this.holders.set(history.interpreter[i], thread);
        this.wait(thread, time, false);
        this.gil(thread, time, hasGil, argument);
        this.cause = 0;
        break;
      }
      case TraceEvent.Release: {
        const reason = history.reason[i];
        this.holders.delete(history.interpreter[i]);
        if (reason === ReleaseReason.Forced) {
          this.sink.instant(thread.index, Track.Gil, time, "forced drop", this.cause);
        }
        this.gil(thread, time, `${offGil}: ${reasonTerms[reason].name}`, 0);
        break;
      }
      case TraceEvent.DropRequest:
        this.causes++;
        if (this.cause === 0) this.cause = this.causes;
        this.sink.instant(thread.index, Track.Gil, time, "drop request", this.causes);
        break;
      case TraceEvent.Retry:
        this.sink.instant(thread.index, Track.Gil, time, "failed wake-up", 0);
        break;
      case TraceEvent.LockWait:
        this.slice(thread, time, "Waiting for lock");
        break;
      case TraceEvent.CollectBegin:
        this.slice(thread, time, `GC Collecting generation ${argument}`);
        break;
      case TraceEvent.CollectSize:
        thread.examined = argument;
        break;
      case TraceEvent.CollectEnd:
        this.endSlice(thread, time, { examined: thread.examined, collected: argument });
        break;
      case TraceEvent.RequestBegin:
        this.slice(thread, time, `request ${argument}`);
        break;
      case TraceEvent.LockWake:
      case TraceEvent.RequestEnd:
        this.endSlice(thread, time);
        break;
      case TraceEvent.ThreadStart:
        this.gil(thread, time, `${offGil}: starting`, 0);
        break;
      case TraceEvent.ThreadEnd:
        this.close(thread, time);
        break;
      case TraceEvent.ThreadSpawn:
      case TraceEvent.SwitchInterval:
      case TraceEvent.Signal:
        this.sink.instant(thread.index, Track.Thread, time, eventTerms[event].name, 0);
        break;
    }
  }

  private died(ident: number, time: number): void {
    const dead = this.open.get(ident);
    if (dead === undefined) return;
    this.sink.instant(dead.index, Track.Gil, time, eventTerms[TraceEvent.ThreadDeath].name, 0);
    this.close(dead, time);
  }

  private gil(thread: OpenThread, time: number, name: string, hold: number): void {
    if (thread.gil) this.sink.end(thread.index, Track.Gil, time);
    this.sink.begin(thread.index, Track.Gil, time, name, hold);
    thread.gil = true;
  }

  private slice(thread: OpenThread, time: number, name: string): void {
    this.sink.begin(thread.index, Track.Thread, time, name, 0);
    thread.slices++;
  }

  private endSlice(thread: OpenThread, time: number, facts?: SliceFacts): void {
    if (thread.slices === 0) return;
    thread.slices--;
    this.sink.end(thread.index, Track.Thread, time, facts);
  }

  private wait(thread: OpenThread, time: number, waiting: boolean): void {
    if (thread.waiting === waiting) return;
    thread.waiting = waiting;
    this.waiters += waiting ? 1 : -1;
    this.sink.waiters(time, this.waiters);
  }

  /** The thread does nothing more. */
  private close(thread: OpenThread, time: number): void {
    this.wait(thread, time, false);
    while (thread.slices > 0) this.endSlice(thread, time);
    if (thread.gil) this.sink.end(thread.index, Track.Gil, time);
    thread.gil = false;
  }
}
