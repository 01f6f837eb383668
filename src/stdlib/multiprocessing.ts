/**
 * The native half of `multiprocessing`: starting processes and hearing of their ends, descriptors
 * sent to them, and whole messages over pipes and sockets. The rest is Python. Each system call
 * gives the GIL away once (I26); what may wait for ever waits in slices.
 */
import { createHmac } from "node:crypto";
import { fstatSync, readSync, writeSync } from "node:fs";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { bufferLength, bufferOffset, getBytes, newBytes, readBuffer } from "../object/bytes.js";
import { defineModule, fast, noArgs, oneArg } from "../object/define.js";
import { newNone, pending, raise, typeName } from "../object/errors.js";
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
import { ENOSYS, errnoOf } from "./systemcall.js";

const I32 = heap.I32;
const U8 = heap.U8;

const EINTR = 4;
const EAGAIN = 11;

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
  const processes = Number.isNaN(count) ? null : getProcesses();
  if (processes === null) return 0;
  processes.expect(count);
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

/**
 * Write all bytes, as one blocking write does. What `poll` calls writable takes a page of a pipe at
 * once, and of a socket what it can without waiting.
 */
function writeAll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("write", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  if (Number.isNaN(fd)) return 0;
  if (!readBuffer(I32[args + 1])) {
    if (pending()) return 0;
    const kind = typeName(I32[args + 1]);
    return raise(T.TypeError, `a bytes-like object is required, not '${kind}'`);
  }
  const bytes = U8.slice(bufferOffset, bufferOffset + bufferLength);
  const calls = getCalls();
  if (calls === null) return 0;
  let errno = 0;
  let written = 0;
  const writeSome = (isSocket: boolean): number => {
    if (!isSocket) return writeSync(fd, bytes, written, Math.min(rest(), C.PipeBuf));
    const sent = calls.sendFds(fd, [], bytes.subarray(written, written + MOST_BYTES));
    if (sent >= 0) return sent;
    const failure = calls.errno();
    if (failure !== EAGAIN) errno = failure;
    return 0;
  };
  const rest = (): number => bytes.length - written;
  withoutLockUntil((sliceMs) => {
    try {
      const isSocket = fstatSync(fd).isSocket();
      for (let pause = written + MOST_BYTES; written < pause && rest() > 0 && errno === 0; ) {
        if (!isReady(fd, C.PollOut, sliceMs)) return undefined;
        written += writeSome(isSocket);
      }
    } catch (error) {
      errno = errnoOf(error);
    }
    return rest() === 0 || errno !== 0 ? true : undefined;
  });
  if (errno !== 0) return raiseOsError(errno);
  return pending() ? 0 : newNone();
}

/** Read so many bytes, fewer only at the end of the file. */
function readAll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const length = Number.isNaN(fd) ? Number.NaN : asIndex(I32[args + 1]);
  if (failed(length)) return 0;
  if (length > heap.I32.byteLength) return raise(T.MemoryError, "");
  const bytes = new Uint8Array(length);
  let errno = 0;
  let read = 0;
  let isOver = length === 0;
  while (!isOver) {
    const done = withoutLockUntil((sliceMs) => {
      try {
        if (!isReady(fd, C.PollIn, sliceMs)) return undefined;
        const got = readSync(fd, bytes, read, Math.min(length - read, MOST_BYTES), null);
        read += got;
        isOver = got === 0 || read === length;
      } catch (error) {
        errno = errnoOf(error);
      }
      return true;
    });
    if (errno !== 0) return raiseOsError(errno);
    if (done === undefined) return 0;
  }
  return newBytes(read === length ? bytes : bytes.subarray(0, read));
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
    ...sharingFunctions,
  ],
});
