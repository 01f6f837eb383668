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
import { type Channel, readFully, Way, writeFully } from "./messages.js";
import { setModuleItem } from "./moduletypes.js";
import { raiseOsError } from "./oserror.js";
import "./connection.js";
import { sharingFunctions } from "./sharing.js";
import { socketAccess } from "./socketaddress.js";
import { ENOSYS } from "./systemcall.js";

const I32 = heap.I32;
const U8 = heap.U8;

const EINTR = 4;
const EAGAIN = 11;

/** Numbers of Linux's C library. */
const enum C {
  PollIn = 1,
  PollOut = 4,
}

/** Most descriptors in a message. */
const MOST_FDS = 253;

/** The runtime's processes; null with an exception pending where there are none. */
function getProcesses(): Processes | null {
  const { processes } = getHost();
  if (processes === null) raise(T.RuntimeError, "processes need real time");
  return processes;
}

/** The calls of the C library; null with OSError pending where there are none. */
function getCalls(): SharingCalls | null {
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
function isReady(fd: number, events: number, sliceMs: number): boolean {
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

// --- the control channel ---

function controlChannel(fd: number): Channel {
  return { fd, way: Way.Socket, word: 0 };
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
  const to = socketAccess();
  if (to === null) return 0;
  const bytes = U8.slice(bufferOffset, bufferOffset + bufferLength);
  const ok = writeFully(to, controlChannel(fd), to.libc.address(bytes), bytes.length);
  return ok ? newNone() : 0;
}

/** Read so many bytes, fewer only at the end of the file. */
function readAll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const length = Number.isNaN(fd) ? Number.NaN : asIndex(I32[args + 1]);
  if (failed(length)) return 0;
  if (length > heap.I32.byteLength) return raise(T.MemoryError, "");
  const to = socketAccess();
  if (to === null) return 0;
  const bytes = new Uint8Array(new ArrayBuffer(Math.max(length, 1)));
  const read = readFully(to, controlChannel(fd), to.libc.address(bytes), length);
  return read < 0 ? 0 : newBytes(bytes.subarray(0, read));
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
  setup: (_module, dict) => setModuleItem(dict, "Connection", T.Connection),
});
