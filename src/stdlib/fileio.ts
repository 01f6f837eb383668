/**
 * io.FileIO: a file as the system has it. Each operation is a system call without the GIL (I7).
 *
 *   8 Fd │ 9 Flags   10 Name   12 Seekable │ 13 BlockSize
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, type Stats } from "node:fs";
import { isatty } from "node:tty";
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc, realloc } from "../memory/pymalloc.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { getAttrOptional } from "../object/attribute.js";
import {
  bufferLength,
  bufferOffset,
  getBytes,
  isBytes,
  newBytesAt,
  readBuffer,
} from "../object/bytes.js";
import { call0, call2 } from "../object/call.js";
import { fast, getSet, member, noArgs, oneArg } from "../object/define.js";
import {
  clearPending,
  clearPendingIf,
  newNone,
  pending,
  raise,
  raiseMemoryError,
  raiseStatus,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { decref, incref, isKindOf, setField } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asInt32, asSsize, failed, isInt, newBool, newInt } from "../object/int.js";
import { Head, TypeFlag } from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { reprObject } from "../object/repr.js";
import { getString, isStr, newStr } from "../object/str.js";
import { encodeToArray } from "../object/strconvert.js";
import { S, T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { readDescriptor, seekDescriptor, writeDescriptor } from "./descriptors.js";
import {
  baseClose,
  DEFAULT_BUFFER_SIZE,
  defineStream,
  finishWith,
  raiseUnsupported,
  readOnlySize,
  readWritable,
  Stream,
} from "./iobase.js";
import { raiseOsError } from "./oserror.js";
import { errnoOf, system } from "./systemcall.js";

const I32 = heap.I32;
const U8 = heap.U8;

export const enum File {
  /** The descriptor, -1 when closed. */
  Fd = Stream.First,
  /** Bits of FileFlag. */
  Flags = 9,
  Name = 10,
  /** 1 yes, -1 no, 0 nobody has asked. */
  Seekable = 12,
  /** Bytes that the system likes to read at once. */
  BlockSize = 13,
  Size = 64,
}

const enum FileFlag {
  Created = 1,
  Readable = 2,
  Writable = 4,
  Appending = 8,
  /** The descriptor is closed with the stream. */
  Owned = 16,
  /** A regular file: reads and writes wait for nobody. */
  Plain = 32,
  /** Opened here and not used since: it stands at its beginning. */
  Fresh = 64,
}

/** Result of a read or a write that would have to wait, on a descriptor that does not. */
export const WOULD_BLOCK = -2;

const EISDIR = 21;

function hasFlag(self: Addr, flag: FileFlag): boolean {
  return (I32[self + File.Flags] & flag) !== 0;
}

/** Is the file open? */
export function isFileOpen(self: Addr): boolean {
  return I32[self + File.Fd] >= 0;
}

function checkOpen(self: Addr): boolean {
  if (I32[self + File.Fd] >= 0) return true;
  raise(T.ValueError, "I/O operation on closed file");
  return false;
}

/** Is it open, and for `flag`? Otherwise an exception is pending. */
function check(self: Addr, flag: FileFlag): boolean {
  if (!checkOpen(self)) return false;
  if (hasFlag(self, flag)) return true;
  raiseUnsupported(`File not open for ${flag === FileFlag.Readable ? "reading" : "writing"}`);
  return false;
}

/** The flags for `open` and the FileFlag bits of a mode; null with ValueError pending. */
function parseMode(mode: string): { open: number; flags: number } | null {
  if (/[^xrwab+]/.test(mode)) {
    raise(T.ValueError, `invalid mode: ${mode}`);
    return null;
  }
  const main = mode.replace(/[b+]/g, "");
  const plus = mode.includes("+");
  if (main.length !== 1 || mode.indexOf("+") !== mode.lastIndexOf("+")) {
    const text = "Must have exactly one of create/read/write/append mode and at most one plus";
    raise(T.ValueError, text);
    return null;
  }
  const { O_RDWR, O_RDONLY, O_WRONLY, O_EXCL, O_CREAT, O_TRUNC, O_APPEND } = constants;
  let open = plus ? O_RDWR : main === "r" ? O_RDONLY : O_WRONLY;
  let flags = plus ? FileFlag.Readable | FileFlag.Writable : 0;
  flags |= main === "r" ? FileFlag.Readable : FileFlag.Writable;
  if (main === "x") {
    open |= O_EXCL | O_CREAT;
    flags |= FileFlag.Created;
  } else if (main === "w") open |= O_CREAT | O_TRUNC;
  else if (main === "a") {
    open |= O_APPEND | O_CREAT;
    flags |= FileFlag.Appending;
  }
  return { open, flags };
}

/** A path as the system takes it; null with an exception pending. */
function pathOf(name: Addr): Buffer | null {
  let bytes: Uint8Array | null;
  if (isStr(name)) bytes = encodeToArray(name, "utf-8", "surrogateescape");
  else if (isKindOf(name, TypeFlag.BytesSubclass)) bytes = getBytes(name);
  else {
    const path = pathObject(name);
    const result = path === 0 ? null : pathOf(path);
    if (path !== 0) decref(path);
    return result;
  }
  if (bytes?.includes(0)) {
    raise(T.ValueError, "embedded null byte");
    return null;
  }
  return bytes === null ? null : Buffer.from(bytes);
}

const ID_fspath = identifier("__fspath__");

/** What `file` is called: itself where it is text or bytes, else what `__fspath__` gives. */
export function pathObject(file: Addr): Addr {
  if (isStr(file) || isKindOf(file, TypeFlag.BytesSubclass)) return incref(file);
  const method = getAttrOptional(file, ID_fspath);
  if (method === 0) {
    if (pending()) return 0;
    const text = `expected str, bytes or os.PathLike object, not ${typeName(file)}`;
    return raise(T.TypeError, text);
  }
  const path = call0(method);
  decref(method);
  if (path === 0 || isStr(path) || isKindOf(path, TypeFlag.BytesSubclass)) return path;
  const text = `expected ${typeName(file)}.__fspath__() to return str or bytes`;
  raise(T.TypeError, `${text}, not ${typeName(path)}`);
  decref(path);
  return 0;
}

/** Open by path, or as `opener(name, flags)` says: a descriptor, or -1 with an exception. */
function openPath(name: Addr, flags: number, opener: Addr): number {
  const path = pathOf(name);
  if (path === null) return -1;
  if (opener === 0 || opener === S.None) {
    return system(() => openSync(path, flags, 0o666), name) ?? -1;
  }
  const number = newInt(flags);
  const made = number === 0 ? 0 : call2(opener, name, number);
  if (number !== 0) decref(number);
  if (made === 0) return -1;
  const fd = isInt(made) ? asInt32(made) : Number.NaN;
  if (!isInt(made)) raise(T.TypeError, "expected integer from opener");
  decref(made);
  if (fd < 0) return raiseStatus(T.ValueError, `opener returned ${fd}`);
  return Number.isNaN(fd) ? -1 : fd;
}

/** Look at what was opened; -1 with an exception pending for what cannot be a file. */
function examine(self: Addr, name: Addr): number {
  const fd = I32[self + File.Fd];
  const stats: Stats | null = system(() => fstatSync(fd));
  if (stats === null) return -1;
  if (stats.isDirectory()) {
    raiseOsError(EISDIR, name);
    return -1;
  }
  if (stats.isFile()) I32[self + File.Flags] |= FileFlag.Plain;
  I32[self + File.BlockSize] = stats.blksize > 1 ? stats.blksize : DEFAULT_BUFFER_SIZE;
  return 0;
}

/** The descriptor that argument `file` is, -1: none, NaN with an exception pending. */
function descriptorOf(file: Addr): number {
  if (!isInt(file)) return -1;
  const fd = asInt32(file);
  if (fd < 0) raise(T.ValueError, "negative file descriptor");
  return fd < 0 ? Number.NaN : fd;
}

/** Open `file`; borrowed arguments, 0 and None where absent. -1 with an exception pending. */
function openFile(self: Addr, file: Addr, mode: string, closefd: boolean, opener: Addr): number {
  const given = descriptorOf(file);
  const parsed = Number.isNaN(given) ? null : parseMode(mode);
  if (parsed === null) return -1;
  if (I32[self + File.Fd] >= 0 && closeDescriptor(self) < 0) return -1;
  I32[self + File.Flags] = parsed.flags | (closefd ? FileFlag.Owned : 0);
  I32[self + File.Seekable] = 0;
  if (given >= 0) I32[self + File.Fd] = given;
  else {
    if (!closefd) {
      return raiseStatus(T.ValueError, "Cannot use closefd=False with file name");
    }
    I32[self + File.Fd] = openPath(file, parsed.open | O_CLOEXEC, opener);
    if (I32[self + File.Fd] < 0) return -1;
  }
  setField(self + File.Name, incref(file));
  if (examine(self, file) < 0) {
    // The descriptor of somebody else stays open.
    if (given >= 0) I32[self + File.Fd] = -1;
    const error = takePending();
    closeDescriptor(self);
    finishWith(error, 0);
    return -1;
  }
  const isOwn = given < 0 && (opener === 0 || opener === S.None);
  const appends = (parsed.flags & FileFlag.Appending) !== 0;
  if (isOwn && !appends && hasFlag(self, FileFlag.Plain)) I32[self + File.Flags] |= FileFlag.Fresh;
  if (appends) {
    // A pipe has no end.
    if (Number.isNaN(seekFile(self, 0, 2)) && !clearPendingIf(T.OSError)) return -1;
  }
  return 0;
}

const O_CLOEXEC = 0o2000000;

/** `FileIO(file, mode, opener=opener)` for `open`, without the call. */
export function newFile(file: Addr, mode: string, closefd: boolean, opener: Addr): Addr {
  const self = newFileObject(T.FileIO);
  if (self === 0 || openFile(self, file, mode, closefd, opener) === 0) return self;
  const error = takePending();
  decref(self);
  restorePending(error);
  return 0;
}

function newFileObject(type: Addr): Addr {
  const self = newObjectOf(type);
  if (self !== 0) I32[self + File.Fd] = -1;
  return self;
}

const given = new Int32Array(4);

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const names = ["file", "mode", "closefd", "opener"];
  if (!bindArguments("FileIO", args, nargs, kwnames, names, 1, given)) return -1;
  const [file, mode, closefd, opener] = given;
  if (mode !== 0 && !isStr(mode)) {
    const kind = typeName(mode);
    return raiseStatus(T.TypeError, `FileIO() argument 'mode' must be str, not ${kind}`);
  }
  const owned = closefd === 0 ? 1 : isTrue(closefd);
  if (owned < 0) return -1;
  return openFile(self, file, mode === 0 ? "r" : getString(mode), owned === 1, opener);
}

/** Close the descriptor if it is the stream's own; -1 with an exception pending. */
function closeDescriptor(self: Addr): number {
  const fd = I32[self + File.Fd];
  I32[self + File.Fd] = -1;
  if (fd < 0 || !hasFlag(self, FileFlag.Owned)) return 0;
  let errno = 0;
  withoutLock(() => {
    try {
      closeSync(fd);
    } catch (error) {
      errno = errnoOf(error);
    }
  });
  if (errno === 0) return 0;
  raiseOsError(errno);
  return -1;
}

/** Close; -1 with an exception pending. */
export function closeFile(self: Addr): number {
  if (I32[self + Head.Type] === T.FileIO) return closeDescriptor(self);
  const done = baseClose(self);
  const error = done === 0 ? takePending() : 0;
  const status = closeDescriptor(self);
  if (done !== 0) decref(done);
  if (error === 0) return status;
  finishWith(error, 0);
  return -1;
}

/** Read to the heap: how many bytes, {@link WOULD_BLOCK}, or -1 with an exception pending. */
export function readFile(self: Addr, offset: number, length: number): number {
  if (!check(self, FileFlag.Readable)) return -1;
  I32[self + File.Flags] &= ~FileFlag.Fresh;
  const target = U8.subarray(offset, offset + length);
  const n = readDescriptor(I32[self + File.Fd], target, hasFlag(self, FileFlag.Plain));
  return n < 0 && clearPendingIf(T.BlockingIOError) ? WOULD_BLOCK : n;
}

/** Write from the heap: how many bytes, {@link WOULD_BLOCK}, or -1 with an exception pending. */
export function writeFile(self: Addr, offset: number, length: number): number {
  if (!check(self, FileFlag.Writable)) return -1;
  I32[self + File.Flags] &= ~FileFlag.Fresh;
  const bytes = U8.subarray(offset, offset + length);
  const n = writeDescriptor(I32[self + File.Fd], bytes, hasFlag(self, FileFlag.Plain));
  return n < 0 && clearPendingIf(T.BlockingIOError) ? WOULD_BLOCK : n;
}

/** The new position, or NaN with an exception pending. */
export function seekFile(self: Addr, offset: number, whence: number): number {
  if (!checkOpen(self)) return Number.NaN;
  if (hasFlag(self, FileFlag.Fresh)) {
    if (offset === 0 && whence === 1) {
      // The release of I8 without the call: the C library takes 20 ms to load.
      I32[self + File.Seekable] = 1;
      return withoutLock(() => 0);
    }
    I32[self + File.Flags] &= ~FileFlag.Fresh;
  }
  const position = seekDescriptor(I32[self + File.Fd], offset, whence);
  if (I32[self + File.Seekable] === 0) {
    I32[self + File.Seekable] = Number.isNaN(position) ? -1 : 1;
  }
  return position;
}

/** Can it seek? 1 or 0, -1 with an exception pending. */
export function isFileSeekable(self: Addr): number {
  if (!checkOpen(self)) return -1;
  if (I32[self + File.Seekable] === 0 && Number.isNaN(seekFile(self, 0, 1))) clearPending();
  return I32[self + File.Seekable] > 0 ? 1 : 0;
}

export function isFileTerminal(self: Addr): number {
  if (!checkOpen(self)) return -1;
  const fd = I32[self + File.Fd];
  return withoutLock(() => isatty(fd)) ? 1 : 0;
}

/** I9: what the system reads at once, where it says. */
export function blockSizeOf(self: Addr): number {
  return I32[self + File.BlockSize];
}

/** Bytes to ask for first when all is wanted: one more than there are left to see the end. */
function sizeLeft(self: Addr): number {
  const fd = I32[self + File.Fd];
  const stats = system(() => fstatSync(fd));
  const position = stats === null ? Number.NaN : seekFile(self, 0, 1);
  if (Number.isNaN(position)) {
    clearPending();
    return DEFAULT_BUFFER_SIZE;
  }
  const end = (stats as Stats).size;
  return end > 0 && end >= position ? end - position + 1 : DEFAULT_BUFFER_SIZE;
}

/** Room for more when `size` bytes are not all. */
function grown(size: number): number {
  const more = size > 65_536 ? size >> 3 : 256 + size;
  return size + Math.max(more, DEFAULT_BUFFER_SIZE);
}

/** All that is left, as bytes; None when nothing has come yet. */
export function readWholeFile(self: Addr): Addr {
  if (!check(self, FileFlag.Readable)) return 0;
  let room = sizeLeft(self);
  let block = room > U8.length ? 0 : malloc(room);
  if (block === 0) return raiseMemoryError();
  let have = 0;
  let n = 0;
  for (;;) {
    if (have >= room) {
      room = grown(room);
      const moved = realloc(block, room);
      if (moved === 0) {
        raiseMemoryError();
        n = -1;
        break;
      }
      block = moved;
    }
    n = readFile(self, (block << 2) + have, room - have);
    if (n <= 0) break;
    have += n;
  }
  let data: Addr = 0;
  if (n === WOULD_BLOCK && have === 0) data = newNone();
  else if (n !== -1) data = newBytesAt(block << 2, have);
  free(block);
  return data;
}

function read(self: Addr, args: Addr, nargs: number): Addr {
  const size = readOnlySize("read", args, nargs);
  if (failed(size) || !check(self, FileFlag.Readable)) return 0;
  if (size < 0) return readWholeFile(self);
  const block = size > U8.length ? 0 : malloc(Math.max(1, size));
  if (block === 0) return raiseMemoryError();
  const n = readFile(self, block << 2, size);
  let data: Addr = 0;
  if (n === WOULD_BLOCK) data = newNone();
  else if (n >= 0) data = newBytesAt(block << 2, n);
  free(block);
  return data;
}

function counted(n: number): Addr {
  if (n === WOULD_BLOCK) return newNone();
  return n < 0 ? 0 : newInt(n);
}

function readinto(self: Addr, buffer: Addr): Addr {
  if (!check(self, FileFlag.Readable) || !readWritable("readinto", buffer)) return 0;
  const [target, length] = [bufferOffset, bufferLength];
  // Others may change the buffer's size meanwhile: what is read goes there afterwards.
  const block = malloc(Math.max(1, length));
  if (block === 0) return raiseMemoryError();
  const n = readFile(self, block << 2, length);
  if (n > 0 && readWritable("readinto", buffer) && bufferOffset === target) {
    U8.copyWithin(target, block << 2, (block << 2) + Math.min(n, bufferLength));
  }
  free(block);
  return counted(n);
}

function write(self: Addr, data: Addr): Addr {
  if (!check(self, FileFlag.Writable)) return 0;
  if (!readBuffer(data)) {
    if (pending()) return 0;
    return raise(T.TypeError, `a bytes-like object is required, not '${typeName(data)}'`);
  }
  const [offset, length] = [bufferOffset, bufferLength];
  if (isBytes(data)) return counted(writeFile(self, offset, length));
  const block = malloc(Math.max(1, length));
  if (block === 0) return raiseMemoryError();
  U8.copyWithin(block << 2, offset, offset + length);
  const n = writeFile(self, block << 2, length);
  free(block);
  return counted(n);
}

function seek(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("seek", nargs, 1, 2) || !checkOpen(self)) return 0;
  const offset = asSsize(I32[args]);
  const whence = failed(offset) || nargs < 2 ? 0 : asInt32(I32[args + 1]);
  if (failed(offset) || Number.isNaN(whence)) return 0;
  const position = seekFile(self, offset, whence);
  return Number.isNaN(position) ? 0 : newInt(position);
}

function truncate(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("truncate", nargs, 0, 1) || !check(self, FileFlag.Writable)) return 0;
  const here = nargs === 0 || I32[args] === S.None;
  const size = here ? seekFile(self, 0, 1) : asSsize(I32[args]);
  if (failed(size)) return 0;
  const fd = I32[self + File.Fd];
  if (size < 0) return raiseOsError(22);
  system(() => ftruncateSync(fd, size));
  return pending() ? 0 : newInt(size);
}

function modeOf(self: Addr): string {
  const read = hasFlag(self, FileFlag.Readable);
  if (hasFlag(self, FileFlag.Created)) return read ? "xb+" : "xb";
  if (hasFlag(self, FileFlag.Appending)) return read ? "ab+" : "ab";
  if (!read) return "wb";
  return hasFlag(self, FileFlag.Writable) ? "rb+" : "rb";
}

function repr(self: Addr): Addr {
  const fd = I32[self + File.Fd];
  if (fd < 0) return newStr("<_io.FileIO [closed]>");
  const name = I32[self + File.Name];
  let named = `fd=${fd}`;
  if (name !== 0) {
    const text = reprObject(name);
    if (text === 0) return 0;
    named = `name=${getString(text)}`;
    decref(text);
  }
  const owned = hasFlag(self, FileFlag.Owned) ? "True" : "False";
  return newStr(`<_io.FileIO ${named} mode='${modeOf(self)}' closefd=${owned}>`);
}

function ask(name: string, question: (self: Addr) => number) {
  return noArgs(name, (self) => {
    const answer = question(self);
    return answer < 0 ? 0 : newBool(answer);
  });
}

function askFlag(name: string, flag: FileFlag) {
  return noArgs(name, (self) => (checkOpen(self) ? newBool(hasFlag(self, flag)) : 0));
}

defineStream({
  type: T.FileIO,
  name: "_io.FileIO",
  base: T.RawIOBase,
  bytes: File.Size,
  references: [File.Name],
  slots: { new: newFileObject, init, repr },
  methods: [
    fast("read", read),
    noArgs("readall", readWholeFile),
    oneArg("readinto", readinto),
    oneArg("write", write),
    fast("seek", seek),
    noArgs("tell", (self) => {
      const position = seekFile(self, 0, 1);
      return Number.isNaN(position) ? 0 : newInt(position);
    }),
    fast("truncate", truncate),
    noArgs("flush", (self) => {
      if (isFileOpen(self)) return newNone();
      return raise(T.ValueError, "I/O operation on closed file.");
    }),
    noArgs("close", (self) => (closeFile(self) < 0 ? 0 : newNone())),
    noArgs("fileno", (self) => {
      if (!checkOpen(self)) return 0;
      // Whoever has the descriptor may move it.
      I32[self + File.Flags] &= ~FileFlag.Fresh;
      return newInt(I32[self + File.Fd]);
    }),
    ask("seekable", isFileSeekable),
    ask("isatty", isFileTerminal),
    askFlag("readable", FileFlag.Readable),
    askFlag("writable", FileFlag.Writable),
  ],
  getSets: [
    getSet("closed", (self) => newBool(!isFileOpen(self))),
    getSet("closefd", (self) => newBool(hasFlag(self, FileFlag.Owned))),
    getSet("mode", (self) => newStr(modeOf(self))),
    getSet("_blksize", (self) => newInt(blockSizeOf(self))),
  ],
  members: [member("name", File.Name, { readonly: false, missing: "error" })],
  doc: "A file as the operating system has it.",
});
