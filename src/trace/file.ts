import type { History } from "./history.js";
import { RecordStream } from "./history.js";
import { RecordKind, ReleaseReason, reasonOf, slotOf, TraceEvent, TraceRecord } from "./record.js";
import type { RecordTaker } from "./ring.js";

/**
 * The trace file: what a run was, its records, and how many were lost. Little-endian, written
 * front to back while the run goes on, so that a killed run leaves everything but its end.
 *
 *   byte 0 ┌──────────────────────────────────────────┐
 *          │ magic (8 bytes)                          │  89 54 47 49 4c 0d 0a 1a
 *        8 │ version uint32 │ bytes a record uint32   │
 *       16 ├──────────────────────────────────────────┤  chunk, repeated:
 *          │ kind uint32       │ payload bytes uint32 │
 *          │ checksum uint32   │ slot uint32          │
 *          │ payload, a multiple of 16 bytes          │
 *          └──────────────────────────────────────────┘
 *
 *   HEAD  first chunk; JSON, a TraceHeader
 *   THRD  JSON, a TraceThread; the last one of an ident counts
 *   RECS  records of one thread slot, oldest first
 *   FOOT  last chunk; JSON, a TraceFooter; a file without it is truncated
 *
 * JSON is UTF-8, padded with spaces. As in PNG, the magic shows damage by text-mode transfers.
 */
const magic = Uint8Array.of(0x89, 0x54, 0x47, 0x49, 0x4c, 0x0d, 0x0a, 0x1a);

const enum TraceFormat {
  Version = 1,
  /** Offset of the first chunk. */
  Prefix = 16,
  ChunkHeader = 16,
  Alignment = 16,
  /** Bytes the writer collects before it writes. */
  Staging = 1 << 18,
}

/** Chunk kinds: four characters, the first in the lowest byte. */
const enum ChunkKind {
  Head = 0x44414548,
  Threads = 0x44524854,
  Records = 0x53434552,
  Foot = 0x544f4f46,
}

/** What a run was. Everything here is known before the first event. */
export interface TraceHeader {
  /** Path of the program, or `-c`, `-m module`, `-`. */
  readonly program: string;
  readonly argv: readonly string[];
  /** The GIL discipline, such as `py32`. */
  readonly discipline: string;
  readonly switchIntervalUs: number;
  /** Version of Node. */
  readonly node: string;
  readonly cpuModel: string;
  readonly cpuCount: number;
  /** Wall-clock time at the run's origin, ISO 8601. */
  readonly startTime: string;
  /** The process, and the run's origin on the system's monotonic clock; not in virtual time. */
  readonly pid?: number;
  readonly originNs?: number;
}

/** A thread of the run. */
export interface TraceThread {
  /** Identity, distinct for every thread of the run. */
  readonly ident: number;
  readonly slot: number;
  readonly name: string;
  /** The process it ran in, unless that was the run's own. */
  readonly process?: number;
}

/** What only the end of a run knows. */
export interface TraceFooter {
  /** ns since the origin at which the run ended. */
  readonly endNs: number;
  /** Exit status of the program. */
  readonly status: number;
  /** Records in the file. */
  readonly records: number;
  /** Records lost, by slotKey (record.ts); slots that lost none are left out. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** A trace in memory. */
export interface Trace {
  readonly header: TraceHeader;
  /** By ident. A thread the file does not name is missing. */
  readonly threads: ReadonlyMap<number, TraceThread>;
  /** Null for a salvaged trace. */
  readonly footer: TraceFooter | null;
  readonly history: History;
}

/** What is wrong with a trace file. */
export type TraceFault = "foreign" | "version" | "truncated" | "corrupt";

/** A trace file cannot be read; the message is one line for the user. */
export class TraceFileError extends Error {
  override name = "TraceFileError";

  constructor(
    readonly fault: TraceFault,
    message: string,
  ) {
    super(message);
  }
}

/** Mix of the payload's words; finds damage, is no protection against an author. */
function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** Writes a trace file piece by piece through a function that appends bytes. */
export class TraceWriter {
  private readonly staging = new Uint8Array(TraceFormat.Staging);
  private readonly view = new DataView(this.staging.buffer);
  private used = 0;
  private finished = false;
  /** Records taken so far. */
  records = 0;

  /** @param write appends bytes to the file; they are valid during the call only */
  constructor(
    header: TraceHeader,
    private readonly write: (bytes: Uint8Array) => void,
  ) {
    this.staging.set(magic, 0);
    this.view.setUint32(8, TraceFormat.Version, true);
    this.view.setUint32(12, TraceRecord.Bytes, true);
    this.used = TraceFormat.Prefix;
    this.appendJson(ChunkKind.Head, header);
    this.flush();
  }

  /** Take records off a ring: pass this to RingDrain.drain. */
  readonly append: RecordTaker = (slot, bytes, count) => {
    this.records += count;
    // Whole records, and room for the chunk's header.
    const most = TraceFormat.Staging - TraceRecord.Bytes;
    for (let at = 0; at < bytes.length; at += most) {
      this.appendChunk(
        ChunkKind.Records,
        slot,
        bytes.subarray(at, Math.min(at + most, bytes.length)),
      );
    }
  };

  /** Name a thread; a later call for the same ident renames it. */
  thread(thread: TraceThread): void {
    this.appendJson(ChunkKind.Threads, thread);
  }

  /** Write out what has been collected. */
  flush(): void {
    if (this.used === 0) return;
    this.write(this.staging.subarray(0, this.used));
    this.used = 0;
  }

  /** Write the footer; nothing may follow. A second call does nothing. */
  finish(end: Omit<TraceFooter, "records">): void {
    if (this.finished) return;
    this.finished = true;
    this.appendJson(ChunkKind.Foot, { ...end, records: this.records });
    this.flush();
  }

  private appendJson(kind: ChunkKind, value: object): void {
    const text = new TextEncoder().encode(JSON.stringify(value));
    const padded = new Uint8Array(
      Math.ceil(text.length / TraceFormat.Alignment) * TraceFormat.Alignment,
    ).fill(0x20);
    padded.set(text);
    this.appendChunk(kind, 0, padded);
  }

  private appendChunk(kind: ChunkKind, slot: number, payload: Uint8Array): void {
    const size = TraceFormat.ChunkHeader + payload.length;
    if (this.used + size > TraceFormat.Staging) this.flush();
    const { view, used } = this;
    view.setUint32(used, kind, true);
    view.setUint32(used + 4, payload.length, true);
    view.setUint32(used + 8, checksum(payload), true);
    view.setUint32(used + 12, slot, true);
    if (size > TraceFormat.Staging) {
      // JSON longer than the staging buffer: an argv of a quarter of a megabyte.
      this.used += TraceFormat.ChunkHeader;
      this.flush();
      this.write(payload);
      return;
    }
    this.staging.set(payload, used + TraceFormat.ChunkHeader);
    this.used += size;
  }
}

/** Read a complete trace file; throws {@link TraceFileError} when it is not one. */
export function readTrace(bytes: Uint8Array): Trace {
  const { trace, problem } = salvageTrace(bytes);
  if (problem !== null) throw problem;
  return trace;
}

/**
 * Read what can be read: every intact record up to the first damage. Throws
 * {@link TraceFileError} only when there is no readable header.
 */
export function salvageTrace(bytes: Uint8Array): { trace: Trace; problem: TraceFileError | null } {
  const reader = new TraceReader(bytes);
  const problem = reader.run();
  if (reader.header === null) throw problem!;
  const { header, threads, footer } = reader;
  const trace: Trace = { header, threads, footer, history: reader.stream.order() };
  return { trace, problem };
}

/** What can be read of a trace file, its records as they lie there. */
export interface RawTrace extends Omit<Trace, "history"> {
  readonly chunks: readonly Uint8Array[];
}

/** Read what can be read without putting it in order; null when there is not even a header. */
export function salvageRecords(bytes: Uint8Array): RawTrace | null {
  const reader = new TraceReader(bytes);
  reader.run();
  const { header, threads, footer, stream } = reader;
  return header === null ? null : { header, threads, footer, chunks: stream.chunks };
}

class TraceReader {
  private readonly view: DataView;
  private at = 0;
  header: TraceHeader | null = null;
  footer: TraceFooter | null = null;
  readonly threads = new Map<number, TraceThread>();
  readonly stream = new RecordStream();

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Read chunks until the end or the first fault, which is returned. */
  run(): TraceFileError | null {
    try {
      this.readPrefix();
      while (this.at < this.bytes.length) this.readChunk();
      if (this.header === null) throw this.truncated("before its header");
      if (this.footer === null) throw this.truncated(`after ${this.stream.length} records`);
      if (this.footer.records !== this.stream.length) {
        throw this.corrupt(
          `${this.stream.length} records where ${this.footer.records} were written`,
        );
      }
      return null;
    } catch (error) {
      if (!(error instanceof TraceFileError)) throw error;
      this.footer = null;
      return error;
    }
  }

  private truncated(where: string): TraceFileError {
    return new TraceFileError("truncated", `trace is truncated ${where}`);
  }

  private corrupt(what: string): TraceFileError {
    return new TraceFileError("corrupt", `trace is corrupt at byte ${this.at}: ${what}`);
  }

  private readPrefix(): void {
    const { bytes, view } = this;
    const present = Math.min(bytes.length, magic.length);
    for (let i = 0; i < present; i++) {
      if (bytes[i] !== magic[i]) throw new TraceFileError("foreign", "not a takegil trace");
    }
    if (bytes.length === 0) throw new TraceFileError("foreign", "not a takegil trace: empty file");
    if (bytes.length < TraceFormat.Prefix) throw this.truncated("before its header");
    const version = view.getUint32(8, true);
    if (version !== TraceFormat.Version) {
      const known = TraceFormat.Version as number;
      throw new TraceFileError("version", `trace format ${version}; this takegil reads ${known}`);
    }
    if (view.getUint32(12, true) !== TraceRecord.Bytes) throw this.corrupt("unknown record size");
    this.at = TraceFormat.Prefix;
  }

  private readChunk(): void {
    const { bytes, view, at } = this;
    if (this.footer !== null) throw this.corrupt("data after the footer");
    const left = bytes.length - at - TraceFormat.ChunkHeader;
    const where = `after ${this.stream.length} records`;
    if (left < 0) throw this.truncated(where);
    const kind = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    if (size % TraceFormat.Alignment !== 0) throw this.corrupt("chunk of odd size");
    if (!(kind in chunkReaders)) throw this.corrupt("unknown chunk");
    if (size > left) {
      // What was written of a last chunk of records is still good, whole records at a time.
      if (kind === ChunkKind.Records) this.readRecords(left - (left % TraceRecord.Bytes));
      throw this.truncated(`after ${this.stream.length} records`);
    }
    const payload = bytes.subarray(
      at + TraceFormat.ChunkHeader,
      at + TraceFormat.ChunkHeader + size,
    );
    if (checksum(payload) !== view.getUint32(at + 8, true)) {
      throw this.corrupt("checksum does not match");
    }
    if (this.header === null && kind !== ChunkKind.Head) throw this.corrupt("no header");
    chunkReaders[kind as ChunkKind](this, payload);
    this.at += TraceFormat.ChunkHeader + size;
  }

  readHeader(payload: Uint8Array): void {
    if (this.header !== null) throw this.corrupt("second header");
    const header = this.readJson(payload);
    const texts = ["program", "discipline", "node", "cpuModel", "startTime"];
    const { argv } = header;
    if (
      !texts.every((key) => typeof header[key] === "string") ||
      !["switchIntervalUs", "cpuCount"].every((key) => Number.isFinite(header[key])) ||
      !(Array.isArray(argv) && argv.every((word) => typeof word === "string"))
    ) {
      throw this.corrupt("incomplete header");
    }
    this.header = header as unknown as TraceHeader;
  }

  readThread(payload: Uint8Array): void {
    const thread = this.readJson(payload);
    const { ident, slot, name } = thread;
    if (!Number.isInteger(ident) || !Number.isInteger(slot) || typeof name !== "string") {
      throw this.corrupt("incomplete thread");
    }
    this.threads.set(ident as number, thread as unknown as TraceThread);
  }

  readFooter(payload: Uint8Array): void {
    const footer = this.readJson(payload);
    const { dropped } = footer;
    if (
      !["endNs", "status", "records"].every((key) => Number.isFinite(footer[key])) ||
      typeof dropped !== "object" ||
      dropped === null ||
      !Object.values(dropped).every((count) => Number.isInteger(count))
    ) {
      throw this.corrupt("incomplete footer");
    }
    this.footer = footer as unknown as TraceFooter;
  }

  readRecords(size: number): void {
    const { view, at } = this;
    if (size % TraceRecord.Bytes !== 0) throw this.corrupt("records of odd size");
    const slot = view.getUint32(at + 12, true);
    const start = at + TraceFormat.ChunkHeader;
    for (let record = start; record < start + size; record += TraceRecord.Bytes) {
      const kind = view.getUint32(record + TraceRecord.Kind * 4, true);
      const event = kind & RecordKind.Mask;
      const reason = reasonOf(kind);
      const time = view.getFloat64(record, true);
      if (
        event === 0 ||
        event >= TraceEvent.Count ||
        reason >= ReleaseReason.Count ||
        slotOf(kind) !== slot ||
        !(time >= 0 && time < 1e18)
      ) {
        this.stream.append(this.bytes.subarray(start, record));
        throw this.corrupt("impossible record");
      }
    }
    this.stream.append(this.bytes.subarray(start, start + size));
  }

  private readJson(payload: Uint8Array): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
      if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
    } catch {
      // Undecodable text or malformed JSON: reported below like any other value.
    }
    throw this.corrupt("unreadable metadata");
  }
}

const chunkReaders: Record<ChunkKind, (reader: TraceReader, payload: Uint8Array) => void> = {
  [ChunkKind.Head]: (reader, payload) => reader.readHeader(payload),
  [ChunkKind.Threads]: (reader, payload) => reader.readThread(payload),
  [ChunkKind.Records]: (reader, payload) => reader.readRecords(payload.length),
  [ChunkKind.Foot]: (reader, payload) => reader.readFooter(payload),
};
