import type { Trace } from "../trace/file.js";
import type { SliceFacts, SliceSink } from "./slices.js";
import { Track, walkSlices } from "./slices.js";
import { processName } from "./statistics.js";
import { formatName } from "./table.js";
import { newTimeline } from "./timeline.js";

/**
 * A trace in Chrome's JSON format (chrome://tracing, speedscope, Perfetto): complete events ("X")
 * with times in µs, a tid for each thread's GIL state and one for what else it does.
 */
export function toChrome(trace: Trace): Uint8Array {
  const { threads } = newTimeline(trace);
  const sink = new ChromeSink(threads.map(({ interpreter }) => interpreter));
  const program = formatName(trace.header.program, 80);
  for (const process of new Set([0, ...threads.map(({ interpreter }) => interpreter)])) {
    const name = process === 0 ? program : formatName(processName(trace, process), 80);
    sink.metadata(process, 0, "process_name", { name: `takegil ${name}` });
  }
  threads.forEach((thread, i) => {
    const name = formatName(thread.name, 80);
    for (const track of [Track.Gil, Track.Thread]) {
      const tid = tidOf(i, track);
      const label = track === Track.Gil ? `${name} GIL` : name;
      sink.metadata(thread.interpreter, tid, "thread_name", { name: label });
      sink.metadata(thread.interpreter, tid, "thread_sort_index", { sort_index: tid });
    }
  });
  walkSlices(trace, threads, sink);
  return sink.finish({ ...trace.header });
}

/** The run's own process; the others follow. */
const processId = 1;
/** Text collected before it is encoded: far below the longest string V8 allows. */
const pieceLength = 1 << 20;

/** A thread's GIL state is shown above what else it does. */
function tidOf(thread: number, track: Track): number {
  return thread * 2 + (track === Track.Gil ? 1 : 2);
}

/** µs with the nanosecond kept. */
function micros(ns: number): number {
  return Math.round(ns) / 1000;
}

interface OpenSlice {
  readonly time: number;
  readonly name: string;
  readonly hold: number;
}

class ChromeSink implements SliceSink {
  private readonly pieces: Uint8Array[] = [];
  private readonly encoder = new TextEncoder();
  private text = '{"displayTimeUnit":"ms","traceEvents":[';
  private separator = "\n";
  /** By tid, the innermost last. */
  private readonly open = new Map<number, OpenSlice[]>();

  /** @param processes of the threads, by their places */
  constructor(private readonly processes: readonly number[]) {}

  private pidOf(thread: number): number {
    return processId + this.processes[thread];
  }

  metadata(process: number, tid: number, name: string, args: object): void {
    this.put({ ph: "M", pid: processId + process, tid, name, args });
  }

  begin(thread: number, track: Track, time: number, name: string, hold: number): void {
    const tid = tidOf(thread, track);
    const slices = this.open.get(tid);
    if (slices === undefined) this.open.set(tid, [{ time, name, hold }]);
    else slices.push({ time, name, hold });
  }

  end(thread: number, track: Track, time: number, facts?: SliceFacts): void {
    const tid = tidOf(thread, track);
    const slice = this.open.get(tid)?.pop();
    if (slice === undefined) return;
    const { name, hold } = slice;
    const ts = micros(slice.time);
    // From the rounded ends, so that neighbours touch and never overlap.
    const dur = (Math.round(time) - Math.round(slice.time)) / 1000;
    const args = hold === 0 ? { ...facts } : { hold };
    this.put({ ph: "X", pid: this.pidOf(thread), tid, ts, dur, name, args });
  }

  instant(thread: number, track: Track, time: number, name: string, _cause: number): void {
    this.put({
      ph: "i",
      s: "t",
      pid: this.pidOf(thread),
      tid: tidOf(thread, track),
      ts: micros(time),
      name,
    });
  }

  waiters(time: number, count: number): void {
    const args = { waiters: count };
    this.put({ ph: "C", pid: processId, ts: micros(time), name: "threads waiting for GIL", args });
  }

  finish(otherData: object): Uint8Array {
    this.text += `\n],"otherData":${JSON.stringify(otherData)}}\n`;
    this.flush();
    const bytes = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  private put(event: object): void {
    this.text += this.separator + JSON.stringify(event);
    this.separator = ",\n";
    if (this.text.length > pieceLength) this.flush();
  }

  private flush(): void {
    this.pieces.push(this.encoder.encode(this.text));
    this.text = "";
  }
}
