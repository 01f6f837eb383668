import { describe, expect, it } from "vitest";
import { toPerfetto } from "../../../src/report/perfetto.js";
import { ProtobufWriter } from "../../../src/report/protobuf.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { readTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";
import { decode, get, message, text } from "./protobuf.js";

interface Event {
  time: number;
  type: number;
  track: number;
  name: string;
  counter: number | undefined;
  flows: number[];
  ends: number[];
}

interface Decoded {
  /** Track names by uuid; a GIL track is named after its parent. */
  tracks: Map<number, string>;
  events: Event[];
}

function read(bytes: Uint8Array): Decoded {
  const tracks = new Map<number, string>();
  const events: Event[] = [];
  for (const { field, value } of decode(bytes)) {
    expect(field).toBe(1);
    const packet = decode(value as Uint8Array);
    expect(get(packet, 10)).toBe(1);
    if (get(packet, 60) !== undefined) {
      const track = message(packet, 60);
      const uuid = get(track, 1) as number;
      const parent = tracks.get(get(track, 5) as number) ?? "";
      if (get(track, 3) !== undefined) tracks.set(uuid, text(message(track, 3), 6));
      else if (get(track, 4) !== undefined) tracks.set(uuid, text(message(track, 4), 5));
      else if (get(track, 8) !== undefined) tracks.set(uuid, "counter");
      else tracks.set(uuid, `${parent}/${text(track, 2)}`);
      continue;
    }
    const event = message(packet, 11);
    const named = get(event, 23) !== undefined;
    events.push({
      time: get(packet, 8) as number,
      type: get(event, 9) as number,
      track: get(event, 11) as number,
      name: named ? text(event, 23) : "",
      counter: get(event, 30) as number | undefined,
      flows: event.filter((one) => one.field === 47).map((one) => one.value as number),
      ends: event.filter((one) => one.field === 48).map((one) => one.value as number),
    });
  }
  return { tracks, events };
}

describe("protobuf writer", () => {
  it("writes what a reader reads", () => {
    const writer = new ProtobufWriter();
    const inner = new ProtobufWriter();
    inner.string(2, "é");
    writer.varint(1, 0);
    writer.varint(2, 127);
    writer.varint(3, 128);
    writer.varint(4, 2 ** 53 - 1);
    writer.fixed64(47, 2 ** 40 + 5);
    writer.message(60, inner.finish());
    writer.string(23, "x".repeat(1000));
    const fields = decode(writer.finish());
    expect(fields.map(({ field }) => field)).toEqual([1, 2, 3, 4, 47, 60, 23]);
    expect(fields.slice(0, 5).map(({ value }) => value)).toEqual([
      0,
      127,
      128,
      2 ** 53 - 1,
      2 ** 40 + 5,
    ]);
    expect(text(message(fields, 60), 2)).toBe("é");
    expect(text(fields, 23).length).toBe(1000);
  });
});

describe("Perfetto export", () => {
  const run = simulate({ cpu: 2, io: 2, seconds: 0.2, seed: 6 });
  const trace = readTrace(run.bytes);
  const { tracks, events } = read(toPerfetto(trace));

  it("has a track a thread and its GIL state on a child track", () => {
    expect([...tracks.values()]).toEqual(
      expect.arrayContaining([
        "takegil countdown.py",
        "counter",
        "MainThread",
        "MainThread/GIL",
        "Thread-1 (count)/GIL",
        "io-1/GIL",
      ]),
    );
    for (const event of events) expect(tracks.has(event.track)).toBe(true);
  });

  it("has slices that begin and end in turn, and sum up to the statistics", () => {
    const has = new Map<string, number>();
    const waiting = new Map<string, number>();
    const open = new Map<number, Event>();
    let last = 0;
    for (const event of events) {
      expect(event.time).toBeGreaterThanOrEqual(last);
      last = event.time;
      if (event.type === 1) {
        expect(open.has(event.track)).toBe(false);
        open.set(event.track, event);
      } else if (event.type === 2) {
        const begin = open.get(event.track)!;
        open.delete(event.track);
        const track = tracks.get(event.track)!;
        const sums = { "Has GIL": has, "Waiting for GIL": waiting }[begin.name];
        sums?.set(track, (sums.get(track) ?? 0) + event.time - begin.time);
      }
    }
    expect(open.size).toBe(0);
    for (const thread of newStatistics(trace).threads) {
      const track = `${thread.name}/GIL`;
      expect(has.get(track) ?? 0).toBe(Math.round(thread.hasSeconds * 1e9));
      expect(waiting.get(track) ?? 0).toBe(Math.round(thread.waitingSeconds * 1e9));
    }
  });

  it("has an arrow for every hand-over and for every drop that was asked for", () => {
    const started = new Map<number, Event>();
    let arrows = 0;
    for (const event of events) {
      for (const flow of event.ends) {
        arrows++;
        const from = started.get(flow)!;
        expect(from.name).toBe("Has GIL");
        expect(event.name).toBe("Has GIL");
        expect(from.track).not.toBe(event.track);
      }
      for (const flow of event.flows) {
        if (event.name === "forced drop") expect(started.get(flow)?.name).toBe("drop request");
        started.set(flow, event);
      }
    }
    expect(arrows).toBe(run.switches);
    const drops = events.filter((event) => event.name === "forced drop");
    const forced = [...run.books.values()].reduce((sum, book) => sum + book.forced, 0);
    expect(drops.length).toBe(forced);
    for (const drop of drops) expect(drop.flows.length).toBe(1);
  });

  it("counts the waiters", () => {
    const counts = events.filter((event) => event.type === 4).map((event) => event.counter!);
    const requests = run.events.filter((event) => event.event === TraceEvent.Request).length;
    expect(counts.length).toBe(2 * requests);
    expect(Math.min(...counts)).toBe(0);
    expect(Math.max(...counts)).toBeGreaterThan(1);
    expect(counts.at(-1)).toBe(0);
  });

  it("shows lock waits, collections, signals and deaths", () => {
    const plain: PlainEvent[] = [];
    const put = (slot: number, time: number, event: number, argument = 0, reason = 0): void => {
      plain.push({ time, event, reason, slot, ident: slot, argument, line: 0, ticks: 0 });
    };
    put(0, 1, TraceEvent.ThreadStart);
    put(1, 10, TraceEvent.ThreadStart);
    put(1, 20, TraceEvent.Request);
    put(1, 30, TraceEvent.Acquire, 1);
    put(1, 40, TraceEvent.CollectBegin, 2);
    put(1, 50, TraceEvent.CollectEnd, 9);
    put(1, 60, TraceEvent.Signal, 2);
    put(1, 70, TraceEvent.Release, 1, ReleaseReason.LockWait);
    put(1, 80, TraceEvent.LockWait, 64);
    put(0, 90, TraceEvent.ThreadDeath, 1);
    const decoded = read(toPerfetto(readTrace(writeFile(plain))));
    const shown = decoded.events.map(({ time, type, track, name }) => {
      return [time, type, decoded.tracks.get(track), name];
    });
    expect(shown).toEqual([
      [10, 1, "thread 1/GIL", "Off GIL: starting"],
      [20, 2, "thread 1/GIL", ""],
      [20, 1, "thread 1/GIL", "Waiting for GIL"],
      [20, 4, "counter", ""],
      [30, 4, "counter", ""],
      [30, 2, "thread 1/GIL", ""],
      [30, 1, "thread 1/GIL", "Has GIL"],
      [40, 1, "thread 1", "GC Collecting generation 2"],
      [50, 2, "thread 1", ""],
      [60, 3, "thread 1", "signal"],
      [70, 2, "thread 1/GIL", ""],
      [70, 1, "thread 1/GIL", "Off GIL: lock wait"],
      [80, 1, "thread 1", "Waiting for lock"],
      [90, 3, "thread 1/GIL", "thread death"],
      [90, 2, "thread 1", ""],
      [90, 2, "thread 1/GIL", ""],
    ]);
  });
});
