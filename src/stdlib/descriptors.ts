/**
 * The functions of `os` on file descriptors. Each system call gives the GIL away once (I7). What
 * may wait for ever (a pipe, a socket, a terminal) waits in `poll`, slice by slice, so that a
 * signal or the end of the run gets through.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { isatty } from "node:tty";
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { bufferLength, bufferOffset, newBytes, readBuffer } from "../object/bytes.js";
import { fast, keywords, noArgs, oneArg } from "../object/define.js";
import { newNone, pending, raise, typeName } from "../object/errors.js";
import { decref } from "../object/header.js";
import { asInt32, asSsize, failed, newBool, newInt } from "../object/int.js";
import { isTrue } from "../object/number.js";
import { newTuple2 } from "../object/tuple.js";
import { T } from "../object/types.js";
import { withoutLock, withoutLockUntil } from "../vm/blocking.js";
import { getHost, type Libc } from "../vm/host.js";
import { raiseOsError } from "./oserror.js";
import { ENOSYS, errnoOf, pathArgument, system } from "./systemcall.js";

const I32 = heap.I32;
const U8 = heap.U8;

const EINVAL = 22;

/** Numbers of Linux's C library. */
const enum C {
  PollIn = 1,
  PollOut = 4,
  GetFlags = 3,
  SetFlags = 4,
  /** A new descriptor is not inherited by the processes that a program starts (PEP 446). */
  DuplicateCloseOnExec = 1030,
  /** A pipe that `poll` calls writable takes so many bytes at once. */
  PipeBuf = 4096,
}

/** Most bytes of one read or write: what is copied at a time stays small beside the heap. */
const MOST_BYTES = 1 << 26;

/** Is the descriptor one whose reads and writes can wait for somebody else? */
function canBlock(fd: number, libc: Libc): boolean {
  const stats = fstatSync(fd);
  if (stats.isFile() || stats.isDirectory()) return false;
  return (libc.fcntl(fd, C.GetFlags, 0) & constants.O_NONBLOCK) === 0;
}

const polled = new Int32Array(2);

/** Wait for `events` on `fd` for a slice; true when the call after it does not wait. */
function isReady(libc: Libc, fd: number, events: number, sliceMs: number): boolean {
  polled[0] = fd;
  polled[1] = events;
  return libc.poll(polled, sliceMs) !== 0;
}

/** Do `call` once `fd` is ready for it: its count, or -1 with an exception pending. */
function whenReady(fd: number, events: number, call: (waits: boolean) => number): number {
  const { libc } = getHost();
  let errno = 0;
  const count = withoutLockUntil((sliceMs): number | undefined => {
    try {
      const waits = libc !== null && canBlock(fd, libc);
      if (waits && !isReady(libc, fd, events, sliceMs)) return undefined;
      return call(waits);
    } catch (error) {
      errno = errnoOf(error);
      return -1;
    }
  });
  if (errno !== 0) raiseOsError(errno);
  return count ?? -1;
}

/** A call of the C library without the GIL: what it gives, or -1 with OSError pending. */
function callLibc(call: (libc: Libc) => number): number {
  const { libc } = getHost();
  let errno = ENOSYS;
  const result = withoutLock(() => {
    if (libc === null) return -1;
    const given = call(libc);
    if (given < 0) errno = libc.errno();
    return given;
  });
  if (result < 0) raiseOsError(errno);
  return result;
}

const bound = new Int32Array(3);

function openFile(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("open", args, nargs, kwnames, ["path", "flags", "mode"], 2, bound)) return 0;
  const [path, flagsArgument, modeArgument] = bound;
  const flags = asInt32(flagsArgument);
  const mode = modeArgument === 0 ? 0o777 : asInt32(modeArgument);
  if (Number.isNaN(flags) || Number.isNaN(mode)) return 0;
  const text = pathArgument("open", path, " or os.PathLike");
  if (text === null) return 0;
  const fd = system(() => openSync(text, flags, mode), path);
  return fd === null ? 0 : newInt(fd);
}

/**
 * Read from `fd` to `target` (I7); 0 at the end, -1 with an exception pending. A `plain` file never
 * waits for anybody.
 */
export function readDescriptor(fd: number, target: Uint8Array, plain: boolean): number {
  const part = target.length > MOST_BYTES ? target.subarray(0, MOST_BYTES) : target;
  if (plain) return system(() => readSync(fd, part)) ?? -1;
  return whenReady(fd, C.PollIn, () => readSync(fd, part));
}

/** Write `bytes` to `fd` (I7): how many went, -1 with an exception pending. */
export function writeDescriptor(fd: number, bytes: Uint8Array, plain: boolean): number {
  const part = bytes.length > MOST_BYTES ? bytes.subarray(0, MOST_BYTES) : bytes;
  if (plain) return system(() => writeSync(fd, part)) ?? -1;
  let written = 0;
  for (;;) {
    const rest = part.subarray(written);
    let waited = false;
    const count = whenReady(fd, C.PollOut, (waits) => {
      waited = waits;
      return writeSync(fd, waits ? rest.subarray(0, C.PipeBuf) : rest);
    });
    if (count < 0) return -1;
    written += count;
    // A blocking write gives back only when all is written.
    if (!waited || written === part.length) return written;
  }
}

/** `lseek`: the position, NaN with an exception pending. */
export function seekDescriptor(fd: number, offset: number, whence: number): number {
  const position = callLibc((libc) => libc.lseek(fd, offset, whence));
  return position < 0 ? Number.NaN : position;
}

function read(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const length = Number.isNaN(fd) ? Number.NaN : asSsize(I32[args + 1]);
  if (Number.isNaN(fd) || failed(length)) return 0;
  if (length < 0) return raiseOsError(EINVAL);
  const buffer = new Uint8Array(Math.min(length, MOST_BYTES));
  const count = readDescriptor(fd, buffer, false);
  return count < 0 ? 0 : newBytes(buffer.subarray(0, count));
}

function write(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("write", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  if (Number.isNaN(fd)) return 0;
  if (!readBuffer(I32[args + 1])) {
    if (pending()) return 0;
    const kind = typeName(I32[args + 1]);
    return raise(T.TypeError, `a bytes-like object is required, not '${kind}'`);
  }
  const bytes = U8.slice(bufferOffset, bufferOffset + Math.min(bufferLength, MOST_BYTES));
  const written = writeDescriptor(fd, bytes, false);
  return written < 0 ? 0 : newInt(written);
}

function seek(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("lseek", nargs, 3, 3)) return 0;
  const fd = asInt32(I32[args]);
  const offset = Number.isNaN(fd) ? Number.NaN : asSsize(I32[args + 1]);
  const whence = failed(offset) ? Number.NaN : asInt32(I32[args + 2]);
  if (Number.isNaN(fd) || failed(offset) || Number.isNaN(whence)) return 0;
  const position = seekDescriptor(fd, offset, whence);
  return Number.isNaN(position) ? 0 : newInt(position);
}

function duplicate(_: Addr, value: Addr): Addr {
  const fd = asInt32(value);
  const copy = Number.isNaN(fd)
    ? -1
    : callLibc((libc) => libc.fcntl(fd, C.DuplicateCloseOnExec, 0));
  return copy < 0 ? 0 : newInt(copy);
}

function duplicateTo(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("dup2", nargs, 2, 3)) return 0;
  const fd = asInt32(I32[args]);
  const target = Number.isNaN(fd) ? Number.NaN : asInt32(I32[args + 1]);
  if (Number.isNaN(fd) || Number.isNaN(target)) return 0;
  const made = callLibc((libc) => libc.dup2(fd, target));
  return made < 0 ? 0 : newInt(made);
}

const O_CLOEXEC = 0o2000000;

function pipe(): Addr {
  const fds = new Int32Array(2);
  if (callLibc((libc) => libc.pipe(fds, O_CLOEXEC)) < 0) return 0;
  const [readable, writable] = [newInt(fds[0]), newInt(fds[1])];
  const pair = newTuple2(readable, writable);
  decref(readable);
  decref(writable);
  return pair;
}

/** A function of one descriptor that returns None. */
function onDescriptor(call: (fd: number) => void): (_: Addr, value: Addr) => Addr {
  return (_, value) => {
    const fd = asInt32(value);
    if (Number.isNaN(fd)) return 0;
    system(() => call(fd));
    return pending() ? 0 : newNone();
  };
}

function truncate(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("ftruncate", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const length = Number.isNaN(fd) ? Number.NaN : asSsize(I32[args + 1]);
  if (Number.isNaN(fd) || failed(length)) return 0;
  if (length < 0) return raiseOsError(EINVAL);
  system(() => ftruncateSync(fd, length));
  return pending() ? 0 : newNone();
}

function getBlocking(_: Addr, value: Addr): Addr {
  const fd = asInt32(value);
  const flags = Number.isNaN(fd) ? -1 : callLibc((libc) => libc.fcntl(fd, C.GetFlags, 0));
  return flags < 0 ? 0 : newBool((flags & constants.O_NONBLOCK) === 0);
}

function setBlocking(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("set_blocking", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const blocking = Number.isNaN(fd) ? -1 : isTrue(I32[args + 1]);
  if (blocking < 0) return 0;
  const flags = callLibc((libc) => libc.fcntl(fd, C.GetFlags, 0));
  if (flags < 0) return 0;
  const { O_NONBLOCK } = constants;
  const wanted = blocking === 1 ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  return callLibc((libc) => libc.fcntl(fd, C.SetFlags, wanted)) < 0 ? 0 : newNone();
}

/** The descriptor's part of module `posix`. */
export const descriptorFunctions = [
  keywords("open", openFile),
  oneArg("close", onDescriptor(closeSync)),
  fast("read", read),
  fast("write", write),
  fast("lseek", seek),
  oneArg("dup", duplicate),
  fast("dup2", duplicateTo),
  noArgs("pipe", pipe),
  oneArg("fsync", onDescriptor(fsyncSync)),
  fast("ftruncate", truncate),
  oneArg("get_blocking", getBlocking),
  fast("set_blocking", setBlocking),
  oneArg("isatty", (_, value) => {
    const fd = asInt32(value);
    return Number.isNaN(fd) ? 0 : newBool(withoutLock(() => fd >= 0 && isatty(fd)));
  }),
];
