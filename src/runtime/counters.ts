/**
 * What the lock has done so far, counted thread by thread where the events arise, so that it can be
 * read at any moment of a run that writes no trace: a record of float64 words a thread slot, in a
 * buffer of its own. A slot's thread alone writes its record; the sequence word is odd meanwhile.
 */

import { shapeOf } from "../memory/geometry.js";
import { Region, ThreadLife, ThreadLimit, ThreadState } from "../memory/layout.js";
import { Memory } from "../memory/state.js";
import { ObjectState } from "../object/state.js";
import {
  type EventSink,
  RecordKind,
  ReleaseReason,
  reasonOf,
  reasonTerms,
  TraceEvent,
} from "../trace/record.js";

const enum Counter {
  Sequence = 0,
  /** ns with the lock, in holds that are over. */
  Held = 1,
  /** When the hold in progress began, ns; 0: none. */
  HeldSince = 2,
  /** ns of waiting for the lock, in waits that are over. */
  Waited = 3,
  WaitsSince = 4,
  Acquisitions = 5,
  DropRequests = 6,
  FailedWakeUps = 7,
  /** ns of collections that are over. */
  Collected = 8,
  CollectsSince = 9,
  /** Releases, by reason. */
  Releases = 16,
  Size = 32,
}

/** A buffer for the counters of all thread slots. */
export function newCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(ThreadLimit.Slots * Counter.Size * 8);
}

const now = performance.now.bind(performance);

/** Counts a thread's events and passes them on. */
export class CountingSink implements EventSink {
  readonly #counters: Float64Array;
  readonly #at: number;

  constructor(
    counters: SharedArrayBuffer,
    slot: number,
    private readonly next: EventSink,
  ) {
    this.#counters = new Float64Array(counters);
    this.#at = slot * Counter.Size;
    // Whoever had the slot before may have died in the middle of something.
    this.#counters[this.#at + Counter.HeldSince] = 0;
    this.#counters[this.#at + Counter.WaitsSince] = 0;
    this.#counters[this.#at + Counter.CollectsSince] = 0;
    this.#counters[this.#at + Counter.Sequence] = 0;
  }

  emit(event: number, argument: number): void {
    this.next.emit(event, argument);
    switch (event & RecordKind.Mask) {
      case TraceEvent.Request:
        this.#begin(Counter.WaitsSince);
        break;
      case TraceEvent.Acquire:
        this.#end(Counter.Waited);
        this.#counters[this.#at + Counter.Acquisitions]++;
        this.#begin(Counter.HeldSince);
        break;
      case TraceEvent.Release:
        this.#end(Counter.Held);
        this.#counters[this.#at + Counter.Releases + reasonOf(event)]++;
        break;
      case TraceEvent.DropRequest:
        this.#counters[this.#at + Counter.DropRequests]++;
        break;
      case TraceEvent.Retry:
        this.#counters[this.#at + Counter.FailedWakeUps]++;
        break;
      case TraceEvent.CollectBegin:
        this.#begin(Counter.CollectsSince);
        break;
      case TraceEvent.CollectEnd:
        this.#end(Counter.Collected);
        break;
      case TraceEvent.ThreadEnd:
        this.#counters[this.#at + Counter.WaitsSince] = 0;
    }
  }

  #begin(since: Counter): void {
    this.#counters[this.#at + since] = now() * 1e6;
  }

  /** The time since the word behind `total` is over. */
  #end(total: Counter): void {
    const counters = this.#counters;
    const at = this.#at;
    const since = counters[at + total + 1];
    if (since === 0) return;
    counters[at + Counter.Sequence]++;
    counters[at + total] += now() * 1e6 - since;
    counters[at + total + 1] = 0;
    counters[at + Counter.Sequence]++;
  }
}

/** What the lock, the heap and the collector have done so far; what is in progress counts. */
export interface Figures {
  heldSeconds: number;
  waitSeconds: number;
  collectSeconds: number;
  acquisitions: number;
  dropRequests: number;
  failedWakeUps: number;
  /** By the reason's name. */
  releases: Record<string, number>;
  /** Threads that wait for the lock now. */
  waiters: number;
  /** Python threads alive. */
  threads: number;
  arenas: number;
  arenaBytes: number;
  /** Bytes of the heap in use, arenas and their tables included. */
  heapBytes: number;
  largeBlocks: number;
  /** By generation. */
  collections: [number, number, number];
  collected: number;
  uncollectable: number;
}

/** A total and, while it goes on, the time since its beginning: both of one moment. */
function readTotal(counters: Float64Array, at: number, total: Counter, alive: boolean): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const sequence = counters[at + Counter.Sequence];
    const sum = counters[at + total];
    const since = counters[at + total + 1];
    if (sequence % 2 !== 0 || counters[at + Counter.Sequence] !== sequence) continue;
    return sum + (alive && since > 0 ? Math.max(0, now() * 1e6 - since) : 0);
  }
  // A thread that died in the middle of it.
  return counters[at + total];
}

/** Read all counters of the heap whose words are `words`, without the GIL. */
export function readFigures(buffer: SharedArrayBuffer, words: Int32Array): Figures {
  const counters = new Float64Array(buffer);
  const figures: Figures = {
    heldSeconds: 0,
    waitSeconds: 0,
    collectSeconds: 0,
    acquisitions: 0,
    dropRequests: 0,
    failedWakeUps: 0,
    releases: {},
    waiters: 0,
    threads: 0,
    ...heapFigures(words),
  };
  for (let slot = 0; slot < ThreadLimit.Slots; slot++) {
    const at = slot * Counter.Size;
    const life = Atomics.load(words, Region.Threads + slot * ThreadState.Size + ThreadState.Life);
    const alive = life === ThreadLife.Running;
    figures.heldSeconds += readTotal(counters, at, Counter.Held, alive) / 1e9;
    figures.waitSeconds += readTotal(counters, at, Counter.Waited, alive) / 1e9;
    figures.collectSeconds += readTotal(counters, at, Counter.Collected, alive) / 1e9;
    figures.acquisitions += counters[at + Counter.Acquisitions];
    figures.dropRequests += counters[at + Counter.DropRequests];
    figures.failedWakeUps += counters[at + Counter.FailedWakeUps];
    if (alive) figures.threads++;
    if (alive && counters[at + Counter.WaitsSince] > 0) figures.waiters++;
    for (let reason = 1; reason < ReleaseReason.Count; reason++) {
      const { name } = reasonTerms[reason];
      const count = counters[at + Counter.Releases + reason];
      figures.releases[name] = (figures.releases[name] ?? 0) + count;
    }
  }
  return figures;
}

function heapFigures(words: Int32Array) {
  const stats = (generation: number, word: number) =>
    words[ObjectState.GcStats + 3 * generation + word];
  const arenas = words[Memory.ArenasCurrent];
  const collections: [number, number, number] = [stats(0, 0), stats(1, 0), stats(2, 0)];
  return {
    arenas,
    arenaBytes: arenas * shapeOf(words).arenaBytes,
    heapBytes: words[Memory.RawWords] * 4,
    largeBlocks: words[Memory.LargeBlocks],
    collections,
    collected: stats(0, 1) + stats(1, 1) + stats(2, 1),
    uncollectable: stats(0, 2) + stats(1, 2) + stats(2, 2),
  };
}
