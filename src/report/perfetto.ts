import type { Trace } from "../trace/file.js";
import { ProtobufWriter } from "./protobuf.js";
import type { SliceFacts, SliceSink } from "./slices.js";
import { Track, walkSlices } from "./slices.js";
import { processName } from "./statistics.js";
import { formatName } from "./table.js";
import { newTimeline } from "./timeline.js";

/**
 * A trace in Perfetto's protobuf format (ui.perfetto.dev): a track a thread, its GIL state on a
 * child track, a counter of waiters, and flow arrows from each hold to the next one on another
 * thread and from a drop request to the drop. Field numbers are those of perfetto's
 * trace_packet.proto and track_event.proto.
 */
const enum TraceField {
  Packet = 1,
}

const enum PacketField {
  Timestamp = 8,
  SequenceId = 10,
  TrackEvent = 11,
  TrackDescriptor = 60,
}

const enum EventField {
  DebugAnnotations = 4,
  Type = 9,
  TrackUuid = 11,
  Name = 23,
  CounterValue = 30,
  FlowIds = 47,
  TerminatingFlowIds = 48,
}

const enum AnnotationField {
  IntValue = 4,
  Name = 10,
}

const enum EventType {
  Begin = 1,
  End = 2,
  Instant = 3,
  Counter = 4,
}

const enum DescriptorField {
  Uuid = 1,
  Name = 2,
  Process = 3,
  Thread = 4,
  ParentUuid = 5,
  Counter = 8,
}

const enum ProcessField {
  Pid = 1,
  ProcessName = 6,
}

const enum ThreadField {
  Pid = 1,
  Tid = 2,
  ThreadName = 5,
}

/** The run's own process, the others follow; and the one writer of packets. */
const processId = 1;
const sequenceId = 1;
const waitersUuid = 2;

function processUuid(process: number): number {
  return process === 0 ? 1 : 2 + process;
}

/** Track of a thread: its own, or the child for the GIL. */
function uuidOf(thread: number, track: Track): number {
  return 1024 + thread * 2 + track;
}

/** Flow ids of hand-overs are odd, those of drop requests even. */
const handOverFlow = (process: number, hold: number): number =>
  process * 2 ** 33 + (hold >>> 0) * 2 + 1;
const requestFlow = (cause: number): number => cause * 2;

/** Write a trace as a Perfetto trace. */
export function toPerfetto(trace: Trace): Uint8Array {
  const { threads } = newTimeline(trace);
  const sink = new PerfettoSink(threads.map(({ interpreter }) => interpreter));
  for (const process of new Set([0, ...threads.map(({ interpreter }) => interpreter)])) {
    const name = process === 0 ? trace.header.program : processName(trace, process);
    sink.describeProcess(process, name);
  }
  threads.forEach((thread, i) => {
    sink.describeThread(i, formatName(thread.name, 80), thread.ident);
  });
  walkSlices(trace, threads, sink);
  return sink.finish();
}

class PerfettoSink implements SliceSink {
  private readonly trace = new ProtobufWriter();
  private readonly packet = new ProtobufWriter();
  private readonly body = new ProtobufWriter();
  private readonly inner = new ProtobufWriter();
  /** Who had the GIL last, and its hold, by process. */
  private readonly last = new Map<number, { holder: number; hold: number }>();

  /** @param processes of the threads, by their places */
  constructor(private readonly processes: readonly number[]) {}

  /** The whole trace; call once. */
  finish(): Uint8Array {
    return this.trace.finish().slice();
  }

  describeProcess(number: number, name: string): void {
    this.describe(processUuid(number), 0, "", DescriptorField.Process, (process) => {
      process.varint(ProcessField.Pid, processId + number);
      process.string(ProcessField.ProcessName, `takegil ${formatName(name, 80)}`);
    });
    if (number !== 0) return;
    // An empty message: a counter of plain numbers.
    this.describe(
      waitersUuid,
      processUuid(0),
      "threads waiting for GIL",
      DescriptorField.Counter,
      () => {},
    );
  }

  describeThread(index: number, name: string, ident: number): void {
    const uuid = uuidOf(index, Track.Thread);
    const process = this.processes[index];
    this.describe(uuid, processUuid(process), "", DescriptorField.Thread, (thread) => {
      thread.varint(ThreadField.Pid, processId + process);
      // An int32 in Perfetto.
      thread.varint(ThreadField.Tid, ident & 0x7fffffff);
      thread.string(ThreadField.ThreadName, name);
    });
    this.describe(uuidOf(index, Track.Gil), uuid, "GIL", 0, () => {});
  }

  begin(thread: number, track: Track, time: number, name: string, hold: number): void {
    this.event(EventType.Begin, uuidOf(thread, track));
    this.body.string(EventField.Name, name);
    if (hold !== 0) this.connect(thread, hold);
    this.put(time);
  }

  /** An arrow from the hold before, unless the same thread took the GIL again. */
  private connect(thread: number, hold: number): void {
    const process = this.processes[thread];
    this.body.fixed64(EventField.FlowIds, handOverFlow(process, hold));
    const last = this.last.get(process);
    if (last !== undefined && last.holder !== thread) {
      this.body.fixed64(EventField.TerminatingFlowIds, handOverFlow(process, last.hold));
    }
    this.last.set(process, { holder: thread, hold });
  }

  end(thread: number, track: Track, time: number, facts?: SliceFacts): void {
    this.event(EventType.End, uuidOf(thread, track));
    for (const [name, value] of Object.entries(facts ?? {})) {
      this.inner.clear();
      this.inner.varint(AnnotationField.IntValue, value);
      this.inner.string(AnnotationField.Name, name);
      this.body.message(EventField.DebugAnnotations, this.inner.finish());
    }
    this.put(time);
  }

  instant(thread: number, track: Track, time: number, name: string, cause: number): void {
    this.event(EventType.Instant, uuidOf(thread, track));
    this.body.string(EventField.Name, name);
    if (cause !== 0) this.body.fixed64(EventField.FlowIds, requestFlow(cause));
    this.put(time);
  }

  waiters(time: number, count: number): void {
    this.event(EventType.Counter, waitersUuid);
    this.body.varint(EventField.CounterValue, count);
    this.put(time);
  }

  private event(type: EventType, uuid: number): void {
    this.body.clear();
    this.body.varint(EventField.Type, type);
    this.body.varint(EventField.TrackUuid, uuid);
  }

  private put(time: number): void {
    this.packet.clear();
    this.packet.varint(PacketField.Timestamp, Math.round(time));
    this.packet.varint(PacketField.SequenceId, sequenceId);
    this.packet.message(PacketField.TrackEvent, this.body.finish());
    this.trace.message(TraceField.Packet, this.packet.finish());
  }

  private describe(
    uuid: number,
    parent: number,
    name: string,
    field: DescriptorField | 0,
    fill: (inner: ProtobufWriter) => void,
  ): void {
    this.inner.clear();
    fill(this.inner);
    this.body.clear();
    this.body.varint(DescriptorField.Uuid, uuid);
    if (name !== "") this.body.string(DescriptorField.Name, name);
    if (parent !== 0) this.body.varint(DescriptorField.ParentUuid, parent);
    if (field !== 0) this.body.message(field, this.inner.finish());
    this.packet.clear();
    this.packet.varint(PacketField.SequenceId, sequenceId);
    this.packet.message(PacketField.TrackDescriptor, this.body.finish());
    this.trace.message(TraceField.Packet, this.packet.finish());
  }
}
