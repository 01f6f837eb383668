/**
 * Synthetic histories of a py32-like lock: a seeded simulation in virtual time that writes what
 * real threads would have recorded and keeps its own books, against which statistics are checked.
 */
import { SeededRandom } from "../../../src/base/random.js";
import type { TraceHeader } from "../../../src/trace/file.js";
import { TraceWriter } from "../../../src/trace/file.js";
import {
  kindOfSlot,
  RecordKind,
  ReleaseReason,
  TraceEvent,
  TraceRecord,
} from "../../../src/trace/record.js";

/** One event, before it is encoded. */
export interface PlainEvent {
  time: number;
  event: number;
  reason: number;
  slot: number;
  ident: number;
  argument: number;
  line: number;
  ticks: number;
}

export const header: TraceHeader = {
  program: "countdown.py",
  argv: ["2"],
  discipline: "py32",
  switchIntervalUs: 5000,
  node: "v20.20.2",
  cpuModel: "test",
  cpuCount: 2,
  startTime: "2026-01-02T03:04:05.678Z",
};

export interface FileOptions {
  header?: Partial<TraceHeader>;
  threads?: { ident: number; slot: number; name: string }[];
  endNs?: number;
  dropped?: Record<string, number>;
  /** Records to a chunk. */
  batch?: number;
  footer?: boolean;
}

/** Encode events as records of 32 bytes. */
export function encode(events: PlainEvent[], serials: Map<number, number>): Uint8Array {
  const bytes = new Uint8Array(events.length * TraceRecord.Bytes);
  const view = new DataView(bytes.buffer);
  events.forEach((event, i) => {
    const at = i * TraceRecord.Bytes;
    const serial = serials.get(event.slot) ?? 0;
    serials.set(event.slot, serial + 1);
    const kind = event.event | (event.reason << RecordKind.ReasonShift) | kindOfSlot(event.slot);
    view.setFloat64(at, event.time, true);
    view.setUint32(at + TraceRecord.Ticks * 4, event.ticks, true);
    view.setUint32(at + TraceRecord.Kind * 4, kind, true);
    view.setInt32(at + TraceRecord.Argument * 4, event.argument, true);
    view.setInt32(at + TraceRecord.Line * 4, event.line, true);
    view.setUint32(at + TraceRecord.Ident * 4, event.ident, true);
    view.setUint32(at + TraceRecord.Serial * 4, serial, true);
  });
  return bytes;
}

/** Write a trace file from events; every slot's events must be in their order. */
export function writeFile(events: PlainEvent[], options: FileOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter({ ...header, ...options.header }, (b) => parts.push(b.slice()));
  for (const thread of options.threads ?? []) writer.thread(thread);
  const serials = new Map<number, number>();
  const batch = options.batch ?? 50;
  const bySlot = new Map<number, PlainEvent[]>();
  for (const event of events) {
    const list = bySlot.get(event.slot);
    if (list === undefined) bySlot.set(event.slot, [event]);
    else list.push(event);
  }
  // As the interpreter loop drains: slot after slot, some of each, over and over.
  for (let at = 0; [...bySlot.values()].some((list) => at < list.length); at += batch) {
    for (const [slot, list] of bySlot) {
      const some = list.slice(at, at + batch);
      if (some.length > 0) writer.append(slot, encode(some, serials), some.length);
    }
  }
  if (options.footer === false) writer.flush();
  else {
    const endNs = options.endNs ?? events.reduce((end, event) => Math.max(end, event.time), 0);
    writer.finish({ endNs, status: 0, dropped: options.dropped ?? {} });
  }
  return concat(parts);
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What the simulation knows of a thread. */
export interface Books {
  has: number;
  waiting: number;
  wall: number;
  acquisitions: number;
  forced: number;
  voluntary: number;
  retries: number;
  timeouts: number;
  waits: number[];
}

export interface Simulation {
  events: PlainEvent[];
  endNs: number;
  threads: { ident: number; slot: number; name: string }[];
  books: Map<number, Books>;
  /** Changes of holder identity. */
  switches: number;
  /** Time nobody held, summed gap by gap. */
  idle: number;
  bytes: Uint8Array;
}

interface Actor {
  ident: number;
  slot: number;
  cpuLeft: number;
  io: boolean;
  ticks: number;
  state: "new" | "sleep" | "wait" | "has" | "done";
  /** Time the state ends (sleep), or of the next timeout (wait). */
  due: number;
  since: number;
  parkedHold: number;
}

export interface Load {
  cpu: number;
  io?: number;
  seconds?: number;
  intervalUs?: number;
  seed?: number;
}

/** Simulate threads that compete for the lock until each has had its share of work. */
export function simulate(load: Load): Simulation {
  const random = new SeededRandom(load.seed ?? 1);
  const interval = (load.intervalUs ?? 5000) * 1000;
  const between = (low: number, high: number): number => low + random.below(high - low);
  const events: PlainEvent[] = [];
  const books = new Map<number, Books>();
  const actors: Actor[] = [];
  const threads: { ident: number; slot: number; name: string }[] = [];
  const io = load.io ?? 0;
  const work = Math.floor(((load.seconds ?? 0.2) * 1e9) / Math.max(1, load.cpu));
  let now = 10_000;
  let hold = 0;
  let lastHolder = 0;
  let switches = 0;
  let idle = now;

  const put = (actor: Actor, event: number, argument: number, reason = 0): void => {
    const { slot, ident, ticks } = actor;
    const line = actor.io ? 21 : 7 + (ticks % 3);
    events.push({ time: now, event, reason, slot, ident, argument, line, ticks });
  };
  const add = (name: string, cpuLeft: number, isIo: boolean): void => {
    const ident = actors.length + 101;
    const slot = actors.length + 1;
    threads.push({ ident, slot, name });
    books.set(ident, {
      has: 0,
      waiting: 0,
      wall: 0,
      acquisitions: 0,
      forced: 0,
      voluntary: 0,
      retries: 0,
      timeouts: 0,
      waits: [],
    });
    const due = now + between(1000, 200_000);
    const common = { ident, slot, cpuLeft, ticks: 0, since: 0, parkedHold: 0 };
    actors.push({ ...common, io: isIo, state: "new", due });
  };
  add("MainThread", 300_000, false);
  for (let i = 0; i < load.cpu; i++) add(`Thread-${i + 1} (count)`, work, false);
  for (let i = 0; i < io; i++) add(`io-${i}`, 40 * 20_000, true);

  const park = (actor: Actor): void => {
    put(actor, TraceEvent.Wait, interval / 1000);
    actor.due = now + interval;
    actor.parkedHold = hold;
  };
  const ask = (actor: Actor, busy: boolean): void => {
    put(actor, TraceEvent.Request, 0);
    actor.state = "wait";
    actor.since = now;
    if (busy) {
      put(actor, TraceEvent.Busy, -1);
      park(actor);
    }
  };
  const take = (actor: Actor): void => {
    const book = books.get(actor.ident)!;
    put(actor, TraceEvent.Acquire, ++hold);
    book.waiting += now - actor.since;
    book.waits.push(now - actor.since);
    book.acquisitions++;
    if (lastHolder !== 0 && lastHolder !== actor.ident) switches++;
    lastHolder = actor.ident;
    actor.state = "has";
    actor.since = now;
  };
  const arrive = (actor: Actor, busy: boolean): void => {
    if (actor.state === "new") {
      put(actor, TraceEvent.ThreadStart, 0);
      books.get(actor.ident)!.wall -= now;
    }
    ask(actor, busy);
  };
  const nextDue = (states: string): Actor | undefined =>
    actors
      .filter((actor) => states.includes(actor.state) && actor.due < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.due - b.due)[0];
  /** The holder lets go; the lock is free from here on. */
  const release = (actor: Actor, reason: number): void => {
    const book = books.get(actor.ident)!;
    put(actor, TraceEvent.Release, hold, reason);
    book.has += now - actor.since;
    if (reason === ReleaseReason.Forced) book.forced++;
    else book.voluntary++;
  };

  for (;;) {
    const holder = actors.find((actor) => actor.state === "has");
    if (holder !== undefined) {
      const stop = now + (holder.io ? Math.min(20_000, holder.cpuLeft) : holder.cpuLeft);
      const started = now;
      let forcedAt = Number.POSITIVE_INFINITY;
      for (;;) {
        const next = nextDue("new sleep wait");
        const end = Math.min(stop, forcedAt);
        if (next === undefined || next.due >= end) {
          now = end;
          break;
        }
        now = Math.max(now, next.due);
        if (next.state !== "wait") {
          arrive(next, true);
          continue;
        }
        const quiet = next.parkedHold === hold;
        put(next, TraceEvent.Timeout, quiet ? 1 : 0);
        books.get(next.ident)!.timeouts++;
        if (quiet) {
          put(next, TraceEvent.DropRequest, hold);
          forcedAt = Math.min(forcedAt, now + between(1000, 90_000));
        }
        park(next);
      }
      holder.cpuLeft -= now - started;
      holder.ticks += Math.floor((now - started) / 500);
      if (now < stop) {
        release(holder, ReleaseReason.Forced);
        put(holder, TraceEvent.SwitchWait, 0);
        handOver(holder);
        put(holder, TraceEvent.SwitchWake, 0);
        ask(holder, true);
      } else if (holder.cpuLeft <= 0) {
        release(holder, ReleaseReason.ThreadExit);
        put(holder, TraceEvent.ThreadEnd, 0);
        books.get(holder.ident)!.wall += now;
        holder.state = "done";
        handOver(holder);
      } else {
        release(holder, ReleaseReason.BlockingIo);
        holder.state = "sleep";
        holder.due = now + between(200_000, 2_000_000);
        handOver(holder);
      }
      continue;
    }
    const next = nextDue("new sleep");
    if (next === undefined) break;
    const due = Math.max(now, next.due);
    idle += due - now;
    now = due;
    arrive(next, false);
    take(next);
  }

  /** Wake one waiter; sometimes a thread that just arrives is quicker, and the waiter retries. */
  function handOver(from: Actor): void {
    const waiters = actors.filter((actor) => actor.state === "wait" && actor !== from);
    if (waiters.length === 0) return;
    const chosen = waiters[random.below(waiters.length)];
    const latency = between(3000, 40_000);
    const barger = nextDue("new sleep");
    idle += latency;
    now += latency;
    if (barger !== undefined && barger !== from && barger.due <= now) {
      arrive(barger, false);
      take(barger);
      put(chosen, TraceEvent.Wake, 0);
      put(chosen, TraceEvent.Retry, barger.slot);
      books.get(chosen.ident)!.retries++;
      park(chosen);
      return;
    }
    put(chosen, TraceEvent.Wake, 0);
    take(chosen);
  }

  const endNs = now;
  const bytes = writeFile(events, {
    threads,
    endNs,
    header: { switchIntervalUs: interval / 1000 },
  });
  return { events, endNs, threads, books, switches, idle, bytes };
}
