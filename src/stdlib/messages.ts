/**
 * Whole messages over pipes and sockets, as the Connections of `multiprocessing` send them (H54): a
 * length of four bytes, most significant first, and so many bytes. Each system call gives the GIL
 * away once (I26). It is first asked not to wait; what is not ready is waited for with `poll`, in
 * slices, so that a signal gets through.
 */
import { type Addr, heap } from "../memory/heap.js";
import { raise, raiseNone } from "../object/errors.js";
import { T } from "../object/types.js";
import { ReleaseReason } from "../trace/record.js";
import { CALL_SLICE_MS, endRest, isInterrupted, rest, systemWait } from "../vm/blocking.js";
import { dropLock, handleBreaker, takeLock } from "../vm/breaker.js";
import { passIo } from "../vm/machine.js";
import { raiseOsError } from "./oserror.js";
import { type Access, Scratch } from "./socketaddress.js";

const I32 = heap.I32;

const enum Errno {
  Interrupted = 4,
  Again = 11,
  Invalid = 22,
  NoSuchCall = 38,
  NoSocket = 88,
  NotSupported = 95,
}

/** Numbers of Linux's C library. */
const enum C {
  PollIn = 1,
  PollOut = 4,
  DontWait = 0x40,
  NoSignal = 0x4000,
  /** RWF_NOWAIT of preadv2 and pwritev2. */
  NoWait = 8,
  /** A pipe that `poll` calls writable takes so many bytes at once. */
  PipeBuf = 4096,
}

/** How a descriptor is asked not to wait: found by trying. */
export const enum Way {
  Socket = 0,
  Pipe = 1,
  /** It cannot be asked: `poll` goes first. */
  Poll = 2,
}

/** One end of a pipe or socket. */
export interface Channel {
  readonly fd: number;
  way: Way;
  /** Word that has the descriptor for as long as it is open; 0: the caller keeps it open. */
  readonly word: Addr;
}

/** What is told to the kernel: a struct iovec in the scratch memory. */
function setVector(to: Access, place: number, length: number): number {
  const at = Scratch.Option >> 2;
  to.words[at] = place | 0;
  to.words[at + 1] = Math.floor(place / 2 ** 32);
  to.words[at + 2] = length;
  to.words[at + 3] = 0;
  return to.base + Scratch.Option;
}

/** Wait a slice without the GIL; true when the call after it does not wait. */
function waitSlice(to: Access, fd: number, writes: boolean, ms: number): boolean {
  to.words[Scratch.Poll >> 2] = fd;
  to.words[(Scratch.Poll >> 2) + 1] = writes ? C.PollOut : C.PollIn;
  return to.calls.poll(to.base + Scratch.Poll, 1, ms) !== 0;
}

/** One call that does not wait: the number of bytes moved, or the errno negated. */
function attempt(
  to: Access,
  channel: Channel,
  writes: boolean,
  place: number,
  length: number,
): number {
  const { calls, libc } = to;
  const { fd } = channel;
  if (channel.way === Way.Socket) {
    const moved = writes
      ? calls.send(fd, place, length, C.DontWait | C.NoSignal)
      : calls.recv(fd, place, length, C.DontWait);
    if (moved >= 0) return moved;
    const errno = libc.errno();
    if (errno !== Errno.NoSocket) return -errno;
    channel.way = Way.Pipe;
  }
  if (channel.way === Way.Pipe) {
    const vector = setVector(to, place, length);
    const moved = writes
      ? calls.pwritev2(fd, vector, 1, -1, C.NoWait)
      : calls.preadv2(fd, vector, 1, -1, C.NoWait);
    if (moved >= 0) return moved;
    const errno = libc.errno();
    const knows = errno !== Errno.NotSupported && errno !== Errno.NoSuchCall;
    if (knows && errno !== Errno.Invalid) return -errno;
    channel.way = Way.Poll;
  }
  if (!waitSlice(to, fd, writes, 0)) return -Errno.Again;
  const moved = writes
    ? calls.write(fd, place, Math.min(length, C.PipeBuf))
    : calls.read(fd, place, length);
  return moved >= 0 ? moved : -libc.errno();
}

/** The same, waiting until it moves something or somebody wants the thread's attention. */
function attemptWaiting(
  to: Access,
  channel: Channel,
  writes: boolean,
  place: number,
  length: number,
): number {
  for (;;) {
    const moved = attempt(to, channel, writes, place, length);
    if (moved !== -Errno.Again || isInterrupted()) return moved;
    const ready = waitSlice(to, channel.fd, writes, systemWait(CALL_SLICE_MS));
    // A plain read: whoever closes it has written this before the number could come free.
    if (channel.word !== 0 && I32[channel.word] !== channel.fd) return -Errno.Interrupted;
    if (!ready) rest();
  }
}

/** Raise what a Connection that has been closed raises. */
export function raiseClosed(): 0 {
  return raise(T.OSError, "handle is closed");
}

/** One system call that waits: bytes moved, 0 at the end of a file; -1: exception pending. */
function transfer(
  to: Access,
  channel: Channel,
  writes: boolean,
  place: number,
  length: number,
): number {
  for (;;) {
    dropLock(ReleaseReason.BlockingIo);
    const moved = attemptWaiting(to, channel, writes, place, length);
    endRest();
    passIo();
    takeLock();
    if (moved >= 0) return moved;
    if (moved !== -Errno.Again && moved !== -Errno.Interrupted) {
      raiseOsError(-moved);
      return -1;
    }
    if (handleBreaker() < 0) return -1;
    if (channel.word !== 0 && I32[channel.word] !== channel.fd) {
      raiseClosed();
      return -1;
    }
  }
}

/** Write `length` bytes from a place in the process; false with an exception pending. */
export function writeFully(to: Access, channel: Channel, place: number, length: number): boolean {
  for (let done = 0; done < length; ) {
    const moved = transfer(to, channel, true, place + done, length - done);
    if (moved < 0) return false;
    done += moved;
  }
  return true;
}

/** Read until `length` bytes are there or the file ends: how many, -1 with an exception pending. */
export function readFully(to: Access, channel: Channel, place: number, length: number): number {
  let done = 0;
  while (done < length) {
    const moved = transfer(to, channel, false, place + done, length - done);
    if (moved < 0) return -1;
    if (moved === 0) break;
    done += moved;
  }
  return done;
}

/** A message up to this length leaves together with its head, in one write (H54). */
const JOINED = 16384;
const MOST_SHORT = 0x7fffffff;
const ROOM = 65536;

/** Where a message is put together or taken apart. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Its place in the process. */
  readonly place: number;
}

/** Null while it is used: a signal handler that sends something meanwhile gets another. */
let spare: Parcel | null = null;

/** Take a parcel, to be given back with {@link returnParcel}. */
export function takeParcel(to: Access): Parcel {
  const parcel = spare ?? newParcel(to);
  spare = null;
  return parcel;
}

function newParcel(to: Access): Parcel {
  const bytes = new Uint8Array(new ArrayBuffer(ROOM));
  return { bytes, view: new DataView(bytes.buffer), place: to.libc.address(bytes) };
}

export function returnParcel(parcel: Parcel): void {
  spare = parcel;
}

/** Send `length` bytes of `source` from `from` on, which lie at `place` of the process. */
export function sendMessage(
  to: Access,
  channel: Channel,
  source: Uint8Array,
  from: number,
  length: number,
  place: () => number,
): boolean {
  const parcel = takeParcel(to);
  try {
    const { bytes, view } = parcel;
    if (length <= JOINED) {
      view.setInt32(0, length);
      if (length > 64) bytes.set(source.subarray(from, from + length), 4);
      else for (let i = 0; i < length; i++) bytes[4 + i] = source[from + i];
      return writeFully(to, channel, parcel.place, 4 + length);
    }
    const isShort = length <= MOST_SHORT;
    view.setInt32(0, isShort ? length : -1);
    if (!isShort) view.setBigUint64(4, BigInt(length));
    const head = isShort ? 4 : 12;
    return writeFully(to, channel, parcel.place, head) && writeFully(to, channel, place(), length);
  } finally {
    returnParcel(parcel);
  }
}

/** Raise what the end of the file raises after `read` bytes of a part of a message. */
export function raiseEnded(read: number): 0 {
  if (read === 0) return raiseNone(T.EOFError);
  return raise(T.OSError, "got end of file during message");
}

/** The length of the next message, read into the parcel; -1 with an exception pending. */
export function receiveLength(to: Access, channel: Channel, parcel: Parcel): number {
  const got = readFully(to, channel, parcel.place, 4);
  if (got === 4) {
    const length = parcel.view.getInt32(0);
    if (length !== -1) return length;
    const more = readFully(to, channel, parcel.place, 8);
    if (more === 8) return Number(parcel.view.getBigUint64(0));
    if (more >= 0) raiseEnded(more);
    return -1;
  }
  if (got >= 0) raiseEnded(got);
  return -1;
}
