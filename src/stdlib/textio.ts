/**
 * The standard streams: `sys.stdin`, `sys.stdout`, `sys.stderr` (io.TextIOWrapper). Pending output
 * stands in the heap, so every thread appends to the same buffer with the GIL held; it is written
 * when 8192 bytes are pending, at a newline if the stream is line buffered, or by flush (I10).
 * Each write to the descriptor drops the GIL; the stream's own lock keeps writes in order (I11).
 *
 *   8 Fd │ 9 Flags   10 Buffer │ 11 Used   12 Lock │ 13 Start   14 Name │ 15 Owner
 *   16 Mode   18 Errors
 */
import { constants, fstatSync, openSync, readSync } from "node:fs";
import { isatty } from "node:tty";
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc, realloc } from "../memory/pymalloc.js";
import { getIter, iterNext } from "../object/abstract.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { bufferLength, bufferOffset, newBytesAt, readBuffer } from "../object/bytes.js";
import { callMethod1, callObject } from "../object/call.js";
import { fast, getSet, keywords, member, noArgs, oneArg } from "../object/define.js";
import { newNone, pending, raise, raiseMemoryError, typeName } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asSsize, failed, newBool, newInt } from "../object/int.js";
import { StrObject } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { isTrue } from "../object/number.js";
import { copyBytes, getString, isStr, newEmptyStr, newStr } from "../object/str.js";
import { decodeBytes, encodeToArray } from "../object/strconvert.js";
import { S, T } from "../object/types.js";
import { sleep, withoutLock } from "../vm/blocking.js";
import { getHost } from "../vm/host.js";
import { importPath } from "../vm/import.js";
import { defineStream, raiseUnsupported, Stream } from "./iobase.js";
import { raiseOsError } from "./oserror.js";
import { lockStream, unlockStream } from "./streamlock.js";

const I32 = heap.I32;
const U8 = heap.U8;

const ID_standardBuffer = identifier("_standard_buffer");

export const enum TextIO {
  Fd = Stream.First,
  /** Bits of TextFlag. */
  Flags = 9,
  /** Block of pending output, or of input that was read but not used up. */
  Buffer = 10,
  Used = 11,
  /** Lock word of writers (sync/lock.ts). */
  Lock = 12,
  /** First byte of the input not used up. */
  Start = 13,
  Name = 14,
  /** Identity of the thread that holds Lock, 0 while none does: slots are used again. */
  Owner = 15,
  Mode = 16,
  Errors = 18,
  Bytes = 112,
}

export const enum TextFlag {
  Readable = 1,
  Writable = 2,
  LineBuffered = 4,
  Closed = 8,
}

/** Bytes of pending output that are handed down, and of input asked for at a time. */
const CHUNK = 8192;

function raiseOsStatus(errno: number): -1 {
  raiseOsError(errno);
  return -1;
}

/** Is the stream open and made for `flag`? Otherwise an exception is pending. */
function require(self: Addr, flag: number): boolean {
  const flags = I32[self + TextIO.Flags];
  if ((flags & TextFlag.Closed) !== 0) {
    raise(T.ValueError, "I/O operation on closed file.");
    return false;
  }
  if ((flags & flag) !== 0) return true;
  const what = flag === TextFlag.Writable ? "writable" : "readable";
  raise(T.OSError, `not ${what}`);
  return false;
}

function lock(self: Addr): number {
  return lockStream(self + TextIO.Lock, self + TextIO.Owner);
}

function unlock(self: Addr): void {
  unlockStream(self + TextIO.Lock, self + TextIO.Owner);
}

/** Write out what is pending. -1 with an exception pending. */
export function flushText(self: Addr): number {
  if (I32[self + TextIO.Used] === 0) return 0;
  if (lock(self) < 0) return -1;
  const used = I32[self + TextIO.Used];
  let errno = 0;
  if (used > 0) {
    const start = I32[self + TextIO.Buffer] << 2;
    const bytes = U8.slice(start, start + used);
    I32[self + TextIO.Used] = 0;
    const fd = I32[self + TextIO.Fd];
    errno = withoutLock(() => getHost().writeOut(fd, bytes));
  }
  unlock(self);
  return errno === 0 ? 0 : raiseOsStatus(errno);
}

/** Make room for `more` bytes of output; -1 with MemoryError pending. */
function reserve(self: Addr, more: number): number {
  const needed = I32[self + TextIO.Used] + more;
  const buffer = I32[self + TextIO.Buffer];
  if (buffer !== 0 && needed <= CHUNK * 2) return 0;
  const size = Math.max(CHUNK * 2, needed);
  const moved = buffer === 0 ? malloc(size) : realloc(buffer, size);
  if (moved === 0) {
    raiseMemoryError();
    return -1;
  }
  I32[self + TextIO.Buffer] = moved;
  return 0;
}

/** Append a str to the pending output without handing it down; -1 with an exception pending. */
export function appendText(self: Addr, str: Addr): number {
  const length = I32[str + StrObject.Length];
  if ((I32[str + StrObject.State] & StrObject.Ascii) !== 0) {
    if (reserve(self, length) < 0) return -1;
    const at = (I32[self + TextIO.Buffer] << 2) + I32[self + TextIO.Used];
    copyBytes(at, I32[str + StrObject.Data], length);
    I32[self + TextIO.Used] += length;
    return 0;
  }
  const bytes = encodeToArray(str, "utf-8", getString(I32[self + TextIO.Errors]));
  if (bytes === null || reserve(self, bytes.length) < 0) return -1;
  U8.set(bytes, (I32[self + TextIO.Buffer] << 2) + I32[self + TextIO.Used]);
  I32[self + TextIO.Used] += bytes.length;
  return 0;
}

/** Hand pending output down where it is due, `from` being where the last text began. */
export function settleText(self: Addr, from: number): number {
  const used = I32[self + TextIO.Used];
  if (used >= CHUNK) return flushText(self);
  if ((I32[self + TextIO.Flags] & TextFlag.LineBuffered) === 0) return 0;
  const start = I32[self + TextIO.Buffer] << 2;
  for (let i = start + used - 1; i >= start + from; i--) {
    if (U8[i] === 10 || U8[i] === 13) return flushText(self);
  }
  return 0;
}

/** Write a str; -1 with an exception pending. */
export function writeText(self: Addr, str: Addr): number {
  if (!require(self, TextFlag.Writable)) return -1;
  const from = I32[self + TextIO.Used];
  return appendText(self, str) < 0 ? -1 : settleText(self, from);
}

function write(self: Addr, text: Addr): Addr {
  if (!isStr(text)) {
    return raise(T.TypeError, `write() argument must be str, not ${typeName(text)}`);
  }
  return writeText(self, text) < 0 ? 0 : newInt(I32[text + StrObject.Length]);
}

function writelines(self: Addr, lines: Addr): Addr {
  const iterator = getIter(lines);
  if (iterator === 0) return 0;
  for (;;) {
    const line = iterNext(iterator);
    if (line === 0) break;
    const done = write(self, line);
    decref(line);
    if (done === 0) {
      decref(iterator);
      return 0;
    }
    decref(done);
  }
  decref(iterator);
  return pending() ? 0 : newNone();
}

function flush(self: Addr): Addr {
  if ((I32[self + TextIO.Flags] & TextFlag.Closed) !== 0) {
    return raise(T.ValueError, "I/O operation on closed file.");
  }
  if ((I32[self + TextIO.Flags] & TextFlag.Writable) === 0) return newNone();
  return flushText(self) < 0 ? 0 : newNone();
}

function close(self: Addr): Addr {
  if ((I32[self + TextIO.Flags] & TextFlag.Closed) !== 0) return newNone();
  const writable = (I32[self + TextIO.Flags] & TextFlag.Writable) !== 0;
  const status = writable ? flushText(self) : 0;
  I32[self + TextIO.Flags] |= TextFlag.Closed;
  return status < 0 ? 0 : newNone();
}

/** Read some more input; false at the end of the file, or with an exception pending. */
function fill(self: Addr): boolean {
  const chunk = new Uint8Array(CHUNK);
  const fd = withoutWaiting(I32[self + TextIO.Fd]);
  let n = withoutLock(() => readSome(fd, chunk));
  while (n < 0) {
    // A sleep sees signals, which a blocked read would not (G34).
    if (sleep(INPUT_POLL_MS) < 0) return false;
    n = readSome(fd, chunk);
  }
  return n > 0 && appendInput(self, chunk.subarray(0, n));
}

/** Put bytes behind the input that is not used up; false with MemoryError pending. */
function appendInput(self: Addr, bytes: Uint8Array): boolean {
  const start = I32[self + TextIO.Start];
  const used = I32[self + TextIO.Used];
  let buffer = I32[self + TextIO.Buffer];
  const rest = used - start;
  buffer = buffer === 0 ? malloc(CHUNK) : realloc(buffer, used + CHUNK);
  if (buffer === 0) {
    raiseMemoryError();
    return false;
  }
  I32[self + TextIO.Buffer] = buffer;
  const data = buffer << 2;
  if (start > 0) {
    U8.copyWithin(data, data + start, data + used);
    I32[self + TextIO.Start] = 0;
    I32[self + TextIO.Used] = rest;
  }
  U8.set(bytes, data + rest);
  I32[self + TextIO.Used] = rest + bytes.length;
  return true;
}

/** How often input that has not come yet is looked for. */
const INPUT_POLL_MS = 10;

const reopened = new Map<number, number>();

/**
 * A descriptor for the same terminal or pipe whose reads do not block. It has a file description
 * of its own: who shares `fd` with this process sees no change.
 */
function withoutWaiting(fd: number): number {
  let own = reopened.get(fd);
  if (own === undefined) {
    own = fd;
    try {
      const kind = fstatSync(fd);
      if (kind.isFIFO() || kind.isCharacterDevice()) {
        own = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
      }
    } catch {
      // No such descriptor, or no /proc: reads block.
    }
    reopened.set(fd, own);
  }
  return own;
}

/** Read what has come: 0 at the end or when it cannot be read, -1 while there is nothing yet. */
function readSome(fd: number, chunk: Uint8Array): number {
  try {
    return readSync(fd, chunk);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN" ? -1 : 0;
  }
}

/** Take the first `n` bytes of the input as bytes. */
function takeBytes(self: Addr, n: number): Addr {
  const offset = (I32[self + TextIO.Buffer] << 2) + I32[self + TextIO.Start];
  I32[self + TextIO.Start] += n;
  return newBytesAt(offset, n);
}

/** Take the first `n` bytes of the input as a str. */
function takeInput(self: Addr, n: number): Addr {
  if (n === 0) return newEmptyStr();
  const offset = (I32[self + TextIO.Buffer] << 2) + I32[self + TextIO.Start];
  I32[self + TextIO.Start] += n;
  return decodeBytes(S.None, offset, n, "utf-8", getString(I32[self + TextIO.Errors]));
}

/** Bytes of the next line with its newline, read and ready to be taken; -1 with an exception. */
function lineLength(self: Addr): number {
  for (;;) {
    const data = I32[self + TextIO.Buffer] << 2;
    const start = I32[self + TextIO.Start];
    const used = I32[self + TextIO.Used];
    // From the start each time: another thread may have taken input while this one read.
    for (let at = start; at < used; at++) if (U8[data + at] === 10) return at + 1 - start;
    if (!fill(self)) return pending() ? -1 : available(self);
  }
}

/** Bytes of input that were read and not taken. */
function available(self: Addr): number {
  return I32[self + TextIO.Used] - I32[self + TextIO.Start];
}

/** The next line with its newline; empty at the end. */
export function readLine(self: Addr): Addr {
  if (!require(self, TextFlag.Readable)) return 0;
  const length = lineLength(self);
  return length < 0 ? 0 : takeInput(self, length);
}

/** `_readline_bytes(limit)`. */
function readLineBytes(self: Addr, argument: Addr): Addr {
  if (!require(self, TextFlag.Readable)) return 0;
  const limit = asSsize(argument);
  const length = failed(limit) ? -1 : lineLength(self);
  if (length < 0) return 0;
  return takeBytes(self, limit < 0 ? length : Math.min(length, limit));
}

/** `_read_bytes(limit, once=False)`: `once` takes what one read gives. */
function readBytes(self: Addr, args: Addr, nargs: number): Addr {
  if (!require(self, TextFlag.Readable)) return 0;
  const limit = asSsize(I32[args]);
  if (failed(limit)) return 0;
  const wanted = nargs > 1 ? Math.min(limit, 1) : limit;
  while (limit < 0 || available(self) < wanted) if (!fill(self)) break;
  if (pending()) return 0;
  return takeBytes(self, limit < 0 ? available(self) : Math.min(limit, available(self)));
}

/** `_write_bytes(data)`: hand bytes down at once; how many. */
function writeBytes(self: Addr, data: Addr): Addr {
  if (!require(self, TextFlag.Writable)) return 0;
  if (!readBuffer(data)) {
    if (pending()) return 0;
    return raise(T.TypeError, `a bytes-like object is required, not '${typeName(data)}'`);
  }
  const bytes = U8.slice(bufferOffset, bufferOffset + bufferLength);
  if (lock(self) < 0) return 0;
  const fd = I32[self + TextIO.Fd];
  const errno = withoutLock(() => getHost().writeOut(fd, bytes));
  unlock(self);
  return errno === 0 ? newInt(bytes.length) : raiseOsError(errno);
}

/** The stream's bytes: io's business. */
function standardBuffer(self: Addr): Addr {
  const io = importPath("io");
  if (io === 0) return 0;
  const buffer = callMethod1(io, ID_standardBuffer, self);
  decref(io);
  return buffer;
}

function read(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 0, 1) || !require(self, TextFlag.Readable)) return 0;
  const limit = nargs === 0 || I32[args] === S.None ? -1 : asSsize(I32[args]);
  if (failed(limit)) return 0;
  while (limit < 0 || codePoints(self) < limit) if (!fill(self)) break;
  if (pending()) return 0;
  if (limit < 0) return takeInput(self, available(self));
  let n = 0;
  const data = (I32[self + TextIO.Buffer] << 2) + I32[self + TextIO.Start];
  for (let points = 0; n < available(self); n++) {
    if ((U8[data + n] & 0xc0) !== 0x80 && points++ === limit) break;
  }
  return takeInput(self, n);
}

/** Whole code points in the input that was read. */
function codePoints(self: Addr): number {
  const data = I32[self + TextIO.Buffer] << 2;
  let n = 0;
  for (let at = I32[self + TextIO.Start]; at < I32[self + TextIO.Used]; at++) {
    if ((U8[data + at] & 0xc0) !== 0x80) n++;
  }
  return n;
}

function readlines(self: Addr): Addr {
  const list = newList(0);
  if (list === 0) return 0;
  for (;;) {
    const line = readLine(self);
    if (line === S.EmptyStr) {
      decref(line);
      return list;
    }
    if (line === 0 || listAppendSteal(list, line) < 0) {
      decref(list);
      return 0;
    }
  }
}

function nextLine(self: Addr): Addr {
  const line = readLine(self);
  if (line !== S.EmptyStr) return line;
  decref(line);
  return 0;
}

const settings = new Int32Array(5);
const SETTINGS = ["encoding", "errors", "newline", "line_buffering", "write_through"];

/** `reconfigure`: line buffering and the error handler can be changed. */
function reconfigure(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("reconfigure", args, nargs, kwnames, SETTINGS, 0, settings, 0, 0)) return 0;
  if (settings[1] !== 0 && settings[1] !== S.None) {
    if (!isStr(settings[1])) {
      const found = typeName(settings[1]);
      return raise(
        T.TypeError,
        `reconfigure() argument 'errors' must be str or None, not ${found}`,
      );
    }
    const old = I32[self + TextIO.Errors];
    I32[self + TextIO.Errors] = incref(settings[1]);
    decref(old);
  }
  if (settings[3] !== 0 && settings[3] !== S.None) {
    const on = isTrue(settings[3]);
    if (on < 0) return 0;
    if (on === 1) I32[self + TextIO.Flags] |= TextFlag.LineBuffered;
    else I32[self + TextIO.Flags] &= ~TextFlag.LineBuffered;
  }
  if ((I32[self + TextIO.Flags] & TextFlag.Writable) === 0) return newNone();
  return flushText(self) < 0 ? 0 : newNone();
}

function reprText(self: Addr): Addr {
  const name = getString(I32[self + TextIO.Name]);
  const mode = getString(I32[self + TextIO.Mode]);
  return newStr(`<_io.TextIOWrapper name='${name}' mode='${mode}' encoding='utf-8'>`);
}

function release(self: Addr): void {
  if (I32[self + TextIO.Buffer] !== 0) free(I32[self + TextIO.Buffer]);
}

function hasFlag(self: Addr, flag: number): Addr {
  return newBool((I32[self + TextIO.Flags] & flag) !== 0);
}

/** What a standard stream cannot do: it shares its descriptor with the program's surroundings. */
function unseekable(name: string) {
  return fast(name, () => raiseUnsupported("underlying stream is not seekable"));
}

defineStream({
  type: T.TextIO,
  name: "_io.TextIOWrapper",
  base: T.TextIOWrapper,
  bytes: TextIO.Bytes,
  references: [TextIO.Name, TextIO.Mode, TextIO.Errors],
  release,
  slots: {
    repr: reprText,
    iter: incref,
    iterNext: nextLine,
    // `type(sys.stdout)(buffer)` is a text stream over any buffer.
    new: (_, args, nargs, kwnames) => callObject(T.TextIOWrapper, args, nargs, kwnames),
  },
  methods: [
    oneArg("write", write),
    oneArg("writelines", writelines),
    noArgs("flush", flush),
    noArgs("close", close),
    noArgs("fileno", (self) => newInt(I32[self + TextIO.Fd])),
    noArgs("isatty", (self) => newBool(isatty(I32[self + TextIO.Fd]))),
    noArgs("readable", (self) => hasFlag(self, TextFlag.Readable)),
    noArgs("writable", (self) => hasFlag(self, TextFlag.Writable)),
    noArgs("seekable", () => newBool(false)),
    fast("read", read),
    fast("readline", (self, _args, nargs) =>
      checkArity("readline", nargs, 0, 1) ? readLine(self) : 0,
    ),
    fast("readlines", (self, _args, nargs) =>
      checkArity("readlines", nargs, 0, 1) ? readlines(self) : 0,
    ),
    keywords("reconfigure", reconfigure),
    unseekable("tell"),
    unseekable("seek"),
    unseekable("truncate"),
    fast("detach", () => raiseUnsupported("detach")),
    fast("_read_bytes", readBytes),
    oneArg("_readline_bytes", readLineBytes),
    oneArg("_write_bytes", writeBytes),
    noArgs("__enter__", incref),
    fast("__exit__", (self) => close(self)),
  ],
  getSets: [
    getSet("buffer", standardBuffer),
    getSet("encoding", () => newStr("utf-8")),
    getSet("newlines", () => newNone()),
    getSet("closed", (self) => hasFlag(self, TextFlag.Closed)),
    getSet("line_buffering", (self) => hasFlag(self, TextFlag.LineBuffered)),
    getSet("write_through", () => newBool(false)),
  ],
  members: [
    member("name", TextIO.Name),
    member("mode", TextIO.Mode),
    member("errors", TextIO.Errors),
  ],
  doc: "A standard stream.",
});

/** A stream on a descriptor; 0 with an exception pending. */
function newTextIO(fd: number, name: string, flags: number, errors: string): Addr {
  const stream = newObjectOf(T.TextIO);
  if (stream === 0) return 0;
  I32[stream + TextIO.Fd] = fd;
  I32[stream + TextIO.Flags] = flags;
  I32[stream + TextIO.Name] = newStr(name);
  I32[stream + TextIO.Mode] = newStr((flags & TextFlag.Readable) !== 0 ? "r" : "w");
  I32[stream + TextIO.Errors] = newStr(errors);
  if (!pending()) return stream;
  decref(stream);
  return 0;
}

/** stdin, stdout or stderr by descriptor 0…2, buffered as CPython does. */
export function newStandardStream(fd: number): Addr {
  if (fd === 0) return newTextIO(0, "<stdin>", TextFlag.Readable, "strict");
  const lines = fd === 2 || isatty(fd) ? TextFlag.LineBuffered : 0;
  const name = fd === 1 ? "<stdout>" : "<stderr>";
  return newTextIO(fd, name, TextFlag.Writable | lines, fd === 1 ? "strict" : "backslashreplace");
}
