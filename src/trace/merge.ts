/**
 * The traces of a run's other processes, put into its own: their records bear the number of their
 * process where the interpreter's is, and times on the clock of the run. Every process wrote its
 * own file; all clocks are the system's, which counts for all processes alike.
 */
import { type RawTrace, salvageRecords, type TraceWriter } from "./file.js";
import {
  processOfKey,
  RecordKind,
  slotKey,
  slotOf,
  slotOfKey,
  TraceEvent,
  TraceRecord,
} from "./record.js";

/** Bits of an identity that tell the process: the rest is the thread's in its process. */
const PROCESS_SHIFT = 24;
const THREAD_MASK = (1 << PROCESS_SHIFT) - 1;

/** Processes that a trace has room for beside the run's own. */
const MOST_PROCESSES = 255;

/** Identity, in a merged trace, of the main thread of process `process`. */
export function mainThreadOf(process: number): number {
  return identOf(process, 1);
}

function identOf(process: number, ident: number): number {
  return ((process << PROCESS_SHIFT) | (ident & THREAD_MASK)) >>> 0;
}

/** Events whose argument is the identity of a thread. */
const aboutThreads: ReadonlySet<number> = new Set([
  TraceEvent.ThreadSpawn,
  TraceEvent.ThreadStart,
  TraceEvent.ThreadDeath,
]);

/** Adds the traces of processes to a file that is being written. */
export class ProcessMerge {
  private processes = 0;
  /** Records lost in the processes, by process and slot: see {@link slotKey}. */
  readonly dropped: Record<string, number> = {};
  /** Processes that found no room. */
  leftOut = 0;

  /** @param originNs the run's origin on the system's clock */
  constructor(
    private readonly writer: TraceWriter,
    private readonly originNs: number,
  ) {}

  /** Add what there is of a process's trace; one that has not even begun is no trace. */
  add(bytes: Uint8Array): void {
    const part = salvageRecords(bytes);
    if (part === null) return;
    // The part may have processes of its own: each becomes one of the whole.
    const numbers = new Map<number, number>();
    const numberOf = (inner: number): number => {
      const known = numbers.get(inner);
      if (known !== undefined) return known;
      const number = this.processes < MOST_PROCESSES ? ++this.processes : 0;
      if (number === 0) this.leftOut++;
      numbers.set(inner, number);
      return number;
    };
    this.addRecords(part, numberOf);
    this.addThreads(part, numberOf);
    for (const [key, count] of Object.entries(part.footer?.dropped ?? {})) {
      const number = numberOf(processOfKey(Number(key)));
      if (number !== 0) this.dropped[slotKey(number, slotOfKey(Number(key)))] = count;
    }
  }

  private addRecords(part: RawTrace, numberOf: (inner: number) => number): void {
    const shift = (part.header.originNs ?? this.originNs) - this.originNs;
    const living = new Map<number, number>();
    let last = 0;
    for (const chunk of part.chunks) {
      const words = new Int32Array(chunk.length / 4);
      new Uint8Array(words.buffer).set(chunk);
      const times = new Float64Array(words.buffer);
      for (let record = 0; record < words.length; record += TraceRecord.Size) {
        const kind = words[record + TraceRecord.Kind];
        const number = numberOf(kind >>> RecordKind.InterpreterShift);
        const time = Math.max(0, times[record >> 1] + shift);
        times[record >> 1] = time;
        last = Math.max(last, time);
        const others = kind & ~(RecordKind.Mask << RecordKind.InterpreterShift);
        words[record + TraceRecord.Kind] = others | (number << RecordKind.InterpreterShift);
        const ident = identOf(number, words[record + TraceRecord.Ident]);
        words[record + TraceRecord.Ident] = ident | 0;
        const event = kind & RecordKind.Mask;
        const argument = words[record + TraceRecord.Argument];
        if (aboutThreads.has(event) && argument !== 0) {
          words[record + TraceRecord.Argument] = identOf(number, argument) | 0;
        }
        if (event === TraceEvent.ThreadEnd) living.delete(ident);
        else living.set(ident, number);
      }
      this.put(words, numberOf);
    }
    // After it, in whatever order the records are looked at.
    if (part.footer === null) this.bury(living, last + 1);
  }

  /** A process that was killed: its threads end with the last that is known of them. */
  private bury(living: ReadonlyMap<number, number>, time: number): void {
    for (const [ident, number] of living) {
      // The interpreter loop outlives the threads, as far as a trace knows.
      if (number === 0 || ident === identOf(number, 0)) continue;
      const words = new Int32Array(TraceRecord.Size);
      new Float64Array(words.buffer)[0] = time;
      words[TraceRecord.Kind] = TraceEvent.ThreadDeath | (number << RecordKind.InterpreterShift);
      words[TraceRecord.Argument] = ident | 0;
      words[TraceRecord.Ident] = identOf(number, 0) | 0;
      this.append(words);
    }
  }

  /** Write the records of a chunk, but for processes without room. */
  private put(words: Int32Array, numberOf: (inner: number) => number): void {
    if (numberOf(0) !== 0) {
      this.append(words);
      return;
    }
    for (let record = 0; record < words.length; record += TraceRecord.Size) {
      const one = words.slice(record, record + TraceRecord.Size);
      if (one[TraceRecord.Kind] >>> RecordKind.InterpreterShift !== 0) this.append(one);
    }
  }

  private append(words: Int32Array): void {
    if (words.length === 0) return;
    const slot = slotOf(words[TraceRecord.Kind]);
    this.writer.append(slot, new Uint8Array(words.buffer), words.length / TraceRecord.Size);
  }

  private addThreads(part: RawTrace, numberOf: (inner: number) => number): void {
    const pid = part.header.pid ?? 0;
    const name = part.threads.get(1)?.name ?? "";
    for (const thread of part.threads.values()) {
      const number = numberOf(thread.process === undefined ? 0 : thread.ident >>> PROCESS_SHIFT);
      if (number === 0) continue;
      const ident = identOf(number, thread.ident);
      const isOurs = thread.process === undefined && thread.ident !== 1;
      this.writer.thread({
        ident,
        slot: thread.slot,
        name: isOurs ? `${name} ${thread.name}` : thread.name,
        process: thread.process ?? pid,
      });
    }
  }
}
