/**
 * The native half of `multiprocessing`: starting processes and hearing of their ends, descriptors
 * sent to them, and whole messages over pipes and sockets. The rest is Python. Each system call
 * gives the GIL away once (I26); what may wait for ever waits in slices.
 */
import { createHmac } from "node:crypto";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { bufferLength, bufferOffset, getBytes, newBytes, readBuffer } from "../object/bytes.js";
import { defineModule, fast, noArgs, oneArg } from "../object/define.js";
import { newNone, pending, raise, raiseNone, typeName } from "../object/errors.js";
import { asDouble } from "../object/float.js";
import { decref } from "../object/header.js";
import { asIndex, asInt32, failed, newInt } from "../object/int.js";
import { TupleObject } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { getString } from "../object/str.js";
import { newTuple2, newTuple3 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { withoutLock, withoutLockUntil } from "../vm/blocking.js";
import { getHost } from "../vm/host.js";
import { CONTROL_FD, type Processes, type SharingCalls } from "../vm/processes.js";
import { currentIdent, slotOf } from "../vm/threadstart.js";
import { raiseOsError } from "./oserror.js";
import { sharingFunctions } from "./sharing.js";
import { ENOSYS } from "./systemcall.js";

const I32 = heap.I32;
const U8 = heap.U8;

const EINTR = 4;
const EAGAIN = 11;
const EOPNOTSUPP = 95;

/** Numbers of Linux's C library. */
const enum C {
  PollIn = 1,
  PollOut = 4,
  /** A pipe that `poll` calls writable takes so many bytes at once. */
  PipeBuf = 4096,
}

/** Bytes moved without a look around. */
const MOST_BYTES = 1 << 20;
/** Most descriptors in a message. */
const MOST_FDS = 253;

/** The runtime's processes; null with an exception pending where there are none. */
function getProcesses(): Processes | null {
  const { processes } = getHost();
  if (processes === null) raise(T.RuntimeError, "processes need real time");
  return processes;
}

/** The calls of the C library; null with OSError pending where there are none. */
export function getCalls(): SharingCalls | null {
  const calls = getHost().sharingCalls;
  if (calls === null) raiseOsError(ENOSYS);
  return calls;
}

function expect(_: Addr, value: Addr): Addr {
  const count = asInt32(value);
  if (Number.isNaN(count)) return 0;
  // Where there are none, starting one says so.
  getHost().processes?.expect(count);
  return newNone();
}

/** Start a process: its number, pid and control descriptor. */
function start(): Addr {
  const processes = getProcesses();
  if (processes === null) return 0;
  const started = withoutLock(() => processes.start());
  if (typeof started === "number") return raiseOsError(started);
  const [number, pid, control] = [started.number, started.pid, started.control].map(newInt);
  const result = newTuple3(number, pid, control);
  for (const part of [number, pid, control]) decref(part);
  return result;
}

/** How process `number` ended; None when it has not within `seconds`. */
function status(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("status", nargs, 2, 2)) return 0;
  const number = asInt32(I32[args]);
  const seconds = Number.isNaN(number) ? Number.NaN : asDouble(I32[args + 1]);
  const processes = pending() ? null : getProcesses();
  if (processes === null) return 0;
  const end = performance.now() + seconds * 1000;
  let ended: number | null = null;
  withoutLockUntil((sliceMs) => {
    const left = end - performance.now();
    ended = processes.status(number, Math.max(0, Math.min(left, sliceMs)));
    return ended !== null || left <= 0 ? true : undefined;
  });
  if (pending()) return 0;
  return ended === null ? newNone() : newInt(ended);
}

/** Tell the trace what the process is called: its MainThread bears the name. */
function nameProcess(_: Addr, name: Addr): Addr {
  getHost().nameThread(getString(name), slotOf(currentIdent()));
  return newNone();
}

/** `digest(key, message)`: what shows that one knows the key. */
function digest(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("digest", nargs, 2, 2)) return 0;
  const [key, message] = [I32[args], I32[args + 1]].map((bytes) => Buffer.from(getBytes(bytes)));
  return newBytes(createHmac("sha256", key).update(message).digest());
}

// --- descriptors ---

function socketPair(): Addr {
  const calls = getCalls();
  if (calls === null) return 0;
  const fds = new Int32Array(2);
  let errno = 0;
  withoutLock(() => {
    if (calls.socketpair(fds) < 0) errno = calls.errno();
  });
  if (errno !== 0) return raiseOsError(errno);
  const [one, other] = [newInt(fds[0]), newInt(fds[1])];
  const pair = newTuple2(one, other);
  decref(one);
  decref(other);
  return pair;
}

const polled = new Int32Array(2);

/** Wait a slice for `events` on `fd`: true when the call after it does not wait. */
export function isReady(fd: number, events: number, sliceMs: number): boolean {
  const { libc } = getHost();
  if (libc === null) return true;
  polled[0] = fd;
  polled[1] = events;
  return libc.poll(polled, sliceMs) !== 0;
}

/**
 * Repeat `call`, which waits for nobody, until it does not ask to be called again: -1 with an
 * exception pending on failure.
 */
function whenReady(fd: number, events: number, calls: SharingCalls, call: () => number): number {
  let errno = 0;
  const result = withoutLockUntil((sliceMs): number | undefined => {
    if (!isReady(fd, events, sliceMs)) return undefined;
    const given = call();
    if (given >= 0) return given;
    errno = calls.errno();
    if (errno !== EAGAIN) return given;
    errno = 0;
    return undefined;
  });
  if (errno !== 0) raiseOsError(errno);
  return result ?? -1;
}

/** Send the descriptors of a tuple with one byte. */
function sendFds(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("send_fds", nargs, 2, 2)) return 0;
  const socket = asInt32(I32[args]);
  const fds: number[] = [];
  const items = I32[args + 1];
  for (let i = 0; i < I32[items + TupleObject.Size]; i++) {
    fds.push(asInt32(I32[items + TupleObject.Items + 2 * i]));
  }
  const calls = pending() ? null : getCalls();
  if (calls === null) return 0;
  const bytes = Uint8Array.of(0);
  const sent = whenReady(socket, C.PollOut, calls, () => calls.sendFds(socket, fds, bytes));
  return sent < 0 ? 0 : newNone();
}

/** Receive descriptors sent with one byte: a list, or None at the end of the channel. */
function receiveFds(_: Addr, value: Addr): Addr {
  const socket = asInt32(value);
  const calls = Number.isNaN(socket) ? null : getCalls();
  if (calls === null) return 0;
  const fds = new Int32Array(MOST_FDS);
  const bytes = new Uint8Array(1);
  const got = whenReady(socket, C.PollIn, calls, () => calls.receiveFds(socket, fds, bytes));
  if (got < 0) return 0;
  if (got === 0) return newNone();
  const list = newList(0);
  for (let i = 0; list !== 0 && i < fds.length && fds[i] >= 0; i++) {
    const fd = newInt(fds[i]);
    if (fd === 0 || listAppendSteal(list, fd) < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

/** `poll(fds, timeout)`: the places of the descriptors of a tuple that can be read. */
function pollAll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("poll", nargs, 2, 2)) return 0;
  const items = I32[args];
  const count = I32[items + TupleObject.Size];
  const fds = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) {
    fds[2 * i] = asInt32(I32[items + TupleObject.Items + 2 * i]);
    fds[2 * i + 1] = C.PollIn;
  }
  const forever = I32[args + 1] === S.None;
  const seconds = forever ? Number.POSITIVE_INFINITY : Math.max(0, asDouble(I32[args + 1]));
  const { libc } = getHost();
  if (pending()) return 0;
  if (libc === null) return raiseOsError(ENOSYS);
  const end = performance.now() + seconds * 1000;
  let errno = 0;
  withoutLockUntil((sliceMs) => {
    const left = Math.max(0, end - performance.now());
    const ready = libc.poll(fds, Math.ceil(Math.min(left, sliceMs)));
    if (ready < 0) {
      errno = libc.errno();
      if (errno !== EINTR) return true;
      errno = 0;
      return undefined;
    }
    return ready !== 0 || performance.now() >= end ? true : undefined;
  });
  if (pending()) return 0;
  if (errno !== 0) return raiseOsError(errno);
  const list = newList(0);
  for (let i = 0; list !== 0 && i < count; i++) {
    if (fds[2 * i + 1] >>> 16 === 0) continue;
    const place = newInt(i);
    if (place === 0 || listAppendSteal(list, place) < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

// --- messages ---

/** A message up to this length leaves together with its head, in one write (H54). */
const JOINED = 16384;
const MOST_SHORT = 0x7fffffff;

/** Where short messages are put together and taken apart, so that none needs memory of its own. */
interface Scratch {
  bytes: Uint8Array;
  view: DataView;
}

function newScratch(): Scratch {
  const bytes = new Uint8Array(4 + JOINED);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Null while it is used: a signal handler that sends something meanwhile gets another. */
let spare: Scratch | null = null;

function withScratch(use: (scratch: Scratch) => Addr): Addr {
  const scratch = spare ?? newScratch();
  spare = null;
  try {
    return use(scratch);
  } finally {
    spare = scratch;
  }
}

/** Can more than a page be written to a pipe without waiting? Until the system says no. */
let writesSome = true;

/**
 * Write all bytes, as one blocking write does. What `poll` calls writable takes a page at once; it
 * takes more if it is told not to wait. False with an exception pending.
 */
function writeFully(fd: number, bytes: Uint8Array): boolean {
  const calls = getCalls();
  if (calls === null) return false;
  const { length } = bytes;
  let isSocket = false;
  let written = 0;
  let errno = 0;
  const writeSome = (): number => {
    if (isSocket) return calls.sendFds(fd, [], bytes.subarray(written, written + MOST_BYTES));
    if (length - written > C.PipeBuf && writesSome) {
      const count = calls.writeSome(fd, bytes.subarray(written, written + MOST_BYTES));
      if (count >= 0 || calls.errno() !== EOPNOTSUPP) return count;
      writesSome = false;
    }
    return calls.write(fd, bytes.subarray(written), Math.min(length - written, C.PipeBuf));
  };
  withoutLockUntil((sliceMs) => {
    if (length > C.PipeBuf && written === 0) isSocket = calls.isSocket(fd);
    for (const pause = written + MOST_BYTES; written < pause && written < length; ) {
      if (!isReady(fd, C.PollOut, sliceMs)) return undefined;
      const count = writeSome();
      if (count >= 0) written += count;
      else {
        errno = calls.errno();
        if (errno !== EAGAIN) return true;
        errno = 0;
      }
    }
    return written === length ? true : undefined;
  });
  if (errno !== 0) raiseOsError(errno);
  return !pending();
}

/** Read into `bytes` until it is full or the file ends: how much, -1 with an exception pending. */
function readFully(fd: number, bytes: Uint8Array): number {
  const calls = getCalls();
  if (calls === null) return -1;
  let read = 0;
  while (read < bytes.length) {
    const most = Math.min(bytes.length - read, MOST_BYTES);
    const rest = bytes.subarray(read);
    const got = whenReady(fd, C.PollIn, calls, () => calls.read(fd, rest, most));
    if (got < 0) return -1;
    if (got === 0) break;
    read += got;
  }
  return read;
}

/** The buffer of argument `value` in {@link bufferOffset}; false with TypeError pending. */
function findBuffer(value: Addr): boolean {
  if (readBuffer(value)) return true;
  if (!pending()) {
    raise(T.TypeError, `a bytes-like object is required, not '${typeName(value)}'`);
  }
  return false;
}

function writeAll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("write", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  if (Number.isNaN(fd) || !findBuffer(I32[args + 1])) return 0;
  const bytes = U8.slice(bufferOffset, bufferOffset + bufferLength);
  return writeFully(fd, bytes) ? newNone() : 0;
}

/** Read so many bytes, fewer only at the end of the file. */
function readAll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const length = Number.isNaN(fd) ? Number.NaN : asIndex(I32[args + 1]);
  if (failed(length)) return 0;
  if (length > heap.I32.byteLength) return raise(T.MemoryError, "");
  const bytes = new Uint8Array(length);
  const read = readFully(fd, bytes);
  return read < 0 ? 0 : newBytes(bytes.subarray(0, read));
}

/** `send(fd, buffer)`: one message. */
function sendMessage(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("send", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  if (Number.isNaN(fd) || !findBuffer(I32[args + 1])) return 0;
  return withScratch((scratch) => (frameAndWrite(fd, scratch) ? newNone() : 0));
}

/** Write the message in the buffer last found. */
function frameAndWrite(fd: number, { bytes, view }: Scratch): boolean {
  const length = bufferLength;
  const data = U8.subarray(bufferOffset, bufferOffset + length);
  if (length <= JOINED) {
    view.setInt32(0, length);
    bytes.set(data, 4);
    return writeFully(fd, bytes.subarray(0, 4 + length));
  }
  // The object may change while the GIL is away, if it is one that can.
  const copy = data.slice();
  view.setInt32(0, length <= MOST_SHORT ? length : -1);
  view.setBigUint64(4, BigInt(length));
  const head = bytes.subarray(0, length <= MOST_SHORT ? 4 : 12);
  return writeFully(fd, head) && writeFully(fd, copy);
}

function raiseTruncated(): Addr {
  return raise(T.OSError, "got end of file during message");
}

/** `receive(fd, most)`: a message; None when it is longer than `most`, unless that is -1. */
function receiveMessage(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("receive", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const most = Number.isNaN(fd) ? Number.NaN : asIndex(I32[args + 1]);
  if (failed(most)) return 0;
  return withScratch((scratch) => readMessage(fd, most, scratch));
}

function readMessage(fd: number, most: number, { bytes: scratch, view }: Scratch): Addr {
  const got = readFully(fd, scratch.subarray(0, 4));
  if (got < 4) return got < 0 ? 0 : got === 0 ? raiseNone(T.EOFError) : raiseTruncated();
  let length = view.getInt32(0);
  if (length === -1) {
    const more = readFully(fd, scratch.subarray(0, 8));
    if (more < 8) return more < 0 ? 0 : raiseTruncated();
    length = Number(view.getBigUint64(0));
  }
  if (most >= 0 && length > most) return newNone();
  if (length < 0 || length > heap.I32.byteLength) return raise(T.MemoryError, "");
  const bytes = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length);
  const read = readFully(fd, bytes);
  if (read < length) return read < 0 ? 0 : raiseTruncated();
  return newBytes(bytes);
}

defineModule({
  name: "_multiprocessing",
  doc: "Processes, and what they share. Lowest layer of multiprocessing.",
  functions: [
    oneArg("expect", expect),
    noArgs("start", start),
    fast("status", status),
    oneArg("name_process", nameProcess),
    noArgs("control", () => newInt(CONTROL_FD)),
    fast("digest", digest),
    noArgs("socketpair", socketPair),
    fast("send_fds", sendFds),
    oneArg("receive_fds", receiveFds),
    fast("poll", pollAll),
    fast("write", writeAll),
    fast("read", readAll),
    fast("send", sendMessage),
    fast("receive", receiveMessage),
    ...sharingFunctions,
  ],
});
