/**
 * What all streams have in common: the classes `_io._IOBase`, `_RawIOBase`, `_BufferedIOBase` and
 * `_TextIOBase`, whose methods work on any object with the methods they call, and how the native
 * streams are declared. The abstract classes of `io` derive from these, in Python.
 */
import { type Addr, heap } from "../memory/heap.js";
import { getIter, iterNext, objectLength } from "../object/abstract.js";
import { checkArity } from "../object/arguments.js";
import { getAttr, getAttrOptional, makeDictAt, setAttr } from "../object/attribute.js";
import { bufferLength, bufferOffset, isBytes, newBytesAt, readBuffer } from "../object/bytes.js";
import { dataOf, newByteArrayOfLength } from "../object/bytesbuffer.js";
import { call1, callMethod0, callMethod1, callMethod2 } from "../object/call.js";
import {
  defineType,
  fast,
  type GetSetDef,
  getSet,
  type MemberDef,
  type MethodDef,
  noArgs,
  oneArg,
} from "../object/define.js";
import { isDict } from "../object/dict.js";
import {
  clearPending,
  newNone,
  pending,
  raise,
  raiseMemoryError,
  raiseNone,
  raiseStatus,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { setContext } from "../object/exceptions.js";
import { freeObject, untrack } from "../object/gcheader.js";
import { clearField, decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { clearWeakReferences, finalizeDying, newObjectOf } from "../object/instance.js";
import { asSsize, failed, newBool, newInt } from "../object/int.js";
import { ExceptionObject, Head, IntObject, TupleObject, TypeFlag } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { isTrue } from "../object/number.js";
import { slotsOf, type TypeSlots } from "../object/slots.js";
import { S, T } from "../object/types.js";

const I32 = heap.I32;
const U8 = heap.U8;

export const DEFAULT_BUFFER_SIZE = 8192;

/** Names of the methods that streams call on one another. */
export const ID = {
  close: identifier("close"),
  closed: identifier("closed"),
  ownClosed: identifier("__IOBase_closed"),
  fileno: identifier("fileno"),
  flush: identifier("flush"),
  isatty: identifier("isatty"),
  join: identifier("join"),
  mode: identifier("mode"),
  name: identifier("name"),
  peek: identifier("peek"),
  read: identifier("read"),
  read1: identifier("read1"),
  readable: identifier("readable"),
  readall: identifier("readall"),
  readinto: identifier("readinto"),
  readline: identifier("readline"),
  seek: identifier("seek"),
  seekable: identifier("seekable"),
  tell: identifier("tell"),
  truncate: identifier("truncate"),
  update: identifier("update"),
  writable: identifier("writable"),
  write: identifier("write"),
} as const;

/** What every native stream begins with. */
export const enum Stream {
  Dict = 4,
  WeakList = 6,
  /** Word of its first own field. */
  First = 8,
}

interface StreamDef {
  type: Addr;
  name: string;
  base: Addr;
  bytes: number;
  /** Words of the fields that are counted references. */
  references: readonly number[];
  /** Free the blocks it owns; runs once, when it dies. */
  release?: (self: Addr) => void;
  slots: Partial<TypeSlots>;
  methods: MethodDef[];
  getSets?: GetSetDef[];
  members?: MemberDef[];
  doc: string;
}

function getDict(self: Addr): Addr {
  if (I32[self + Stream.Dict] === 0 && makeDictAt(self, Stream.Dict) < 0) return 0;
  return incref(I32[self + Stream.Dict]);
}

/** Is `state` a tuple of `size` that `__setstate__` takes? Otherwise TypeError is pending. */
export function isStreamState(self: Addr, state: Addr, size: number): boolean {
  if (I32[state + Head.Type] === T.Tuple && I32[state + TupleObject.Size] >= size) return true;
  const who = typeName(self);
  const found = typeName(state);
  raise(T.TypeError, `${who}.__setstate__ argument should be ${size}-tuple, got ${found}`);
  return false;
}

/** Add the attributes in `dict` (None: none) to the stream's; -1 with an exception pending. */
export function setStreamDict(self: Addr, dict: Addr): number {
  if (dict === S.None) return 0;
  if (!isDict(dict)) {
    const found = typeName(dict);
    const text = `third item of state should be a dict, got a ${found}`;
    return raiseStatus(T.TypeError, text);
  }
  const own = getDict(self);
  if (own === 0) return -1;
  const done = callMethod1(own, ID.update, dict);
  decref(own);
  if (done === 0) return -1;
  decref(done);
  return 0;
}

/** Declare a native stream: closed when it dies, collectable, with attributes of its own. */
export function defineStream(def: StreamDef): void {
  const { type, references, release } = def;
  const clear = (self: Addr) => {
    for (const field of references) clearField(self + field);
    clearField(self + Stream.Dict);
  };
  const dealloc = (self: Addr) => {
    // An instance of a class in Python was finalized before its attributes went.
    if (I32[self + Head.Type] === type && finalizeDying(self)) return;
    untrack(self);
    clearWeakReferences(self, Stream.WeakList);
    release?.(self);
    clear(self);
    freeObject(self);
  };
  const traverse = (self: Addr, visit: (ref: Addr) => void) => {
    for (const field of references) if (I32[self + field] !== 0) visit(I32[self + field]);
    if (I32[self + Stream.Dict] !== 0) visit(I32[self + Stream.Dict]);
  };
  defineType({
    type,
    name: def.name,
    base: def.base,
    flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.NoDictsYet,
    basicSize: def.bytes,
    dictOffset: Stream.Dict,
    weakListOffset: Stream.WeakList,
    slots: { dealloc, traverse, clear, del: finalize, iter: iterSelf, ...def.slots },
    methods: def.methods,
    getSets: [...(def.getSets ?? []), getSet("__dict__", getDict)],
    members: def.members ?? [],
    doc: def.doc,
  });
}

/** Raise io.UnsupportedOperation. */
export function raiseUnsupported(message: string): 0 {
  return raise(T.UnsupportedOperation, message);
}

/** An optional size: None and absent are -1. NaN: exception pending. */
export function readSize(args: Addr, nargs: number, at = 0): number {
  if (nargs <= at || I32[args + at] === S.None) return -1;
  const value = I32[args + at];
  if (I32[value + Head.Type] === T.Int) {
    const number = I32[value + IntObject.Value];
    if (number !== IntObject.NotCompact) return number;
  }
  if (slotsOf(I32[value + Head.Type]).index === null) {
    raise(T.TypeError, `argument should be integer or None, not '${typeName(value)}'`);
    return Number.NaN;
  }
  return asSsize(value);
}

/** As {@link readSize}, for methods with no other argument. */
export function readOnlySize(name: string, args: Addr, nargs: number): number {
  if (nargs === 0) return -1;
  return nargs === 1 || checkArity(name, nargs, 0, 1) ? readSize(args, nargs) : Number.NaN;
}

/** The truth of what a method without arguments returns: 1, 0, -1. */
export function askMethod(object: Addr, name: Addr): number {
  const answer = callMethod0(object, name);
  if (answer === 0) return -1;
  const truth = isTrue(answer);
  decref(answer);
  return truth;
}

/** Call a method and forget its result; the status. */
export function callQuietly(object: Addr, name: Addr): number {
  const result = callMethod0(object, name);
  if (result === 0) return -1;
  decref(result);
  return 0;
}

/** The truth of attribute `closed`: 1, 0, -1. */
export function isClosed(self: Addr): number {
  const closed = getAttr(self, ID.closed);
  if (closed === 0) return -1;
  const truth = isTrue(closed);
  decref(closed);
  return truth;
}

/** Is the stream open? Otherwise, or on failure, an exception is pending. */
function checkOpen(self: Addr): boolean {
  const closed = isClosed(self);
  if (closed > 0) raise(T.ValueError, "I/O operation on closed file.");
  return closed === 0;
}

/** Has `close` of IOBase run: is the mark it leaves there? 1, 0, -1. */
function isMarkedClosed(self: Addr): number {
  const mark = getAttrOptional(self, ID.ownClosed);
  if (mark === 0) return pending() ? -1 : 0;
  decref(mark);
  return 1;
}

/** `__del__`: close what is open; nobody is left who could handle what goes wrong. */
function finalize(self: Addr): void {
  const closed = getAttrOptional(self, ID.closed);
  if (closed === 0) {
    // `__init__` failed, or what was below has been taken away.
    clearPending();
    return;
  }
  const truth = isTrue(closed);
  decref(closed);
  if (truth === 0 && callQuietly(self, ID.close) === 0) return;
  clearPending();
}

function iterSelf(self: Addr): Addr {
  return checkOpen(self) ? incref(self) : 0;
}

/** The next line as `readline` gives it, nothing at the end. */
export function nextByReadline(self: Addr): Addr {
  const line = callMethod0(self, ID.readline);
  if (line === 0) return 0;
  const length = objectLength(line);
  if (length > 0) return line;
  decref(line);
  return 0;
}

export function baseClose(self: Addr): Addr {
  const closed = isMarkedClosed(self);
  if (closed !== 0) return closed < 0 ? 0 : newNone();
  const status = callQuietly(self, ID.flush);
  const error = status < 0 ? takePending() : 0;
  const marked = setAttr(self, ID.ownClosed, S.True);
  return finishWith(error, marked < 0 ? 0 : newNone());
}

/** The exception `earlier` (given away, 0: none), with what went wrong since; else `result`. */
export function finishWith(earlier: Addr, result: Addr): Addr {
  if (earlier === 0) return result;
  if (result !== 0) decref(result);
  const later = takePending();
  if (later !== 0) setContext(later, earlier);
  restorePending(later === 0 ? earlier : later);
  return 0;
}

function baseFlush(self: Addr): Addr {
  const closed = isMarkedClosed(self);
  if (closed > 0) raise(T.ValueError, "I/O operation on closed file.");
  return closed === 0 ? newNone() : 0;
}

function unsupported(name: string): MethodDef {
  return fast(name, () => raiseUnsupported(name));
}

const CAPABILITIES = { seekable: ID.seekable, readable: ID.readable, writable: ID.writable };

/** Can the stream do `what`? Otherwise UnsupportedOperation is pending. */
export function checkCapability(stream: Addr, what: keyof typeof CAPABILITIES): boolean {
  const answer = callMethod0(stream, CAPABILITIES[what]);
  if (answer === 0) return false;
  decref(answer);
  if (answer === S.True) return true;
  raiseUnsupported(`File or stream is not ${what}.`);
  return false;
}

function checker(name: string, what: keyof typeof CAPABILITIES): MethodDef {
  return fast(name, (self) => (checkCapability(self, what) ? newBool(true) : 0));
}

/** How much to read for a line at once: to the newline in what `peek` shows, else one byte. */
function lineStep(peek: Addr, limit: number): number {
  if (peek === 0) return 1;
  const shown = call1(peek, S.One);
  if (shown === 0) return Number.NaN;
  if (!isBytes(shown)) {
    const kind = typeName(shown);
    decref(shown);
    raise(T.OSError, `peek() should have returned a bytes object, not '${kind}'`);
    return Number.NaN;
  }
  readBuffer(shown);
  const most = limit < 0 ? bufferLength : Math.min(limit, bufferLength);
  let n = 0;
  while (n < most && U8[bufferOffset + n++] !== 10);
  decref(shown);
  return Math.max(1, n);
}

/** `readline` in terms of `read`, and of `peek` where there is one. */
function baseReadline(self: Addr, args: Addr, nargs: number): Addr {
  const limit = readOnlySize("readline", args, nargs);
  if (failed(limit)) return 0;
  const peek = getAttrOptional(self, ID.peek);
  if (peek === 0 && pending()) return 0;
  const parts: Addr = newList(0);
  let size = 0;
  let good = parts !== 0;
  while (good && (limit < 0 || size < limit)) {
    const part = readPart(self, peek, limit < 0 ? -1 : limit - size);
    if (part === 0) good = false;
    else {
      readBuffer(part);
      const [offset, length] = [bufferOffset, bufferLength];
      size += length;
      const ended = length === 0 || U8[offset + length - 1] === 10;
      good = listAppendSteal(parts, part) === 0;
      if (ended) break;
    }
  }
  if (peek !== 0) decref(peek);
  const line = good ? callMethod1(S.EmptyBytes, ID.join, parts) : 0;
  if (parts !== 0) decref(parts);
  return line;
}

/** The next piece of a line: a bytes object. */
function readPart(self: Addr, peek: Addr, limit: number): Addr {
  const step = lineStep(peek, limit);
  if (Number.isNaN(step)) return 0;
  const count = newInt(step);
  const part = count === 0 ? 0 : callMethod1(self, ID.read, count);
  if (count !== 0) decref(count);
  if (part === 0 || isBytes(part)) return part;
  const kind = typeName(part);
  decref(part);
  return raise(T.OSError, `read() should have returned a bytes object, not '${kind}'`);
}

function readlines(self: Addr, args: Addr, nargs: number): Addr {
  const hint = readOnlySize("readlines", args, nargs);
  const iterator = failed(hint) ? 0 : getIter(self);
  const lines = iterator === 0 ? 0 : newList(0);
  let size = 0;
  while (lines !== 0) {
    const line = iterNext(iterator);
    if (line === 0) break;
    const length = hint > 0 ? objectLength(line) : 0;
    if (length < 0) decref(line);
    if (length < 0 || listAppendSteal(lines, line) < 0) break;
    size += length;
    if (hint > 0 && size > hint) break;
  }
  if (iterator !== 0) decref(iterator);
  if (!pending()) return lines;
  if (lines !== 0) decref(lines);
  return 0;
}

function writelines(self: Addr, lines: Addr): Addr {
  if (!checkOpen(self)) return 0;
  const iterator = getIter(lines);
  if (iterator === 0) return 0;
  for (;;) {
    const line = iterNext(iterator);
    if (line === 0) break;
    const done = callMethod1(self, ID.write, line);
    decref(line);
    if (done === 0) break;
    decref(done);
  }
  decref(iterator);
  return pending() ? 0 : newNone();
}

function newPlain(type: Addr): Addr {
  return newObjectOf(type);
}

/** Declare a base class without fields. */
function defineBase(type: Addr, name: string, base: Addr, methods: MethodDef[], doc: string) {
  defineType({
    type,
    name: `_io.${name}`,
    base,
    flags: TypeFlag.BaseType | TypeFlag.HasGc,
    basicSize: 16,
    slots: {
      dealloc: (self) => {
        if (I32[self + Head.Type] === type && finalizeDying(self)) return;
        freeObject(self);
      },
      del: finalize,
      new: newPlain,
      iter: iterSelf,
      iterNext: nextByReadline,
    },
    methods,
    getSets:
      base === T.Object
        ? [
            getSet("closed", (self) => {
              const closed = isMarkedClosed(self);
              return closed < 0 ? 0 : newBool(closed);
            }),
          ]
        : base === T.IOBase && name === "_TextIOBase"
          ? ["encoding", "newlines", "errors"].map((field) => getSet(field, () => newNone()))
          : [],
    doc,
  });
}

defineBase(
  T.IOBase,
  "_IOBase",
  T.Object,
  [
    unsupported("seek"),
    noArgs("tell", (self) => callMethod2(self, ID.seek, S.Zero, S.One)),
    unsupported("truncate"),
    noArgs("flush", baseFlush),
    noArgs("close", baseClose),
    noArgs("seekable", () => newBool(false)),
    noArgs("readable", () => newBool(false)),
    noArgs("writable", () => newBool(false)),
    fast("_checkClosed", (self) => (checkOpen(self) ? newNone() : 0)),
    checker("_checkSeekable", "seekable"),
    checker("_checkReadable", "readable"),
    checker("_checkWritable", "writable"),
    unsupported("fileno"),
    noArgs("isatty", (self) => (checkOpen(self) ? newBool(false) : 0)),
    noArgs("__enter__", iterSelf),
    fast("__exit__", (self) => callMethod0(self, ID.close)),
    fast("readline", baseReadline),
    fast("readlines", readlines),
    oneArg("writelines", writelines),
  ],
  "A stream of bytes or text: open or closed, iterated by lines.",
);

/** `read` in terms of `readinto` and `readall`. */
function rawRead(self: Addr, args: Addr, nargs: number): Addr {
  const size = readOnlySize("read", args, nargs);
  if (failed(size)) return 0;
  if (size < 0) return callMethod0(self, ID.readall);
  if (size > heap.U8.length) return raiseMemoryError();
  const room = newByteArrayOfLength(size);
  if (room === 0) return 0;
  const count = callMethod1(self, ID.readinto, room);
  if (count === 0 || count === S.None) {
    decref(room);
    return count;
  }
  const n = asSsize(count);
  decref(count);
  let data: Addr = 0;
  if (!failed(n)) data = newBytesAt(dataOf(room), Math.max(0, Math.min(n, size)));
  decref(room);
  return data;
}

/** `readall` in terms of `read`. */
function rawReadAll(self: Addr): Addr {
  const size = newInt(DEFAULT_BUFFER_SIZE);
  const parts = size === 0 ? 0 : newList(0);
  let last: Addr = 0;
  while (parts !== 0) {
    last = callMethod1(self, ID.read, size);
    if (last === 0 || last === S.None) break;
    if (!isBytes(last)) {
      decref(last);
      last = raise(T.TypeError, "read() should return bytes");
      break;
    }
    readBuffer(last);
    if (bufferLength === 0) break;
    if (listAppendSteal(parts, last) < 0) {
      last = 0;
      break;
    }
  }
  if (size !== 0) decref(size);
  if (parts === 0) return 0;
  const some = objectLength(parts) > 0;
  let result = last;
  if (last !== 0 && (last !== S.None || some)) {
    decref(last);
    result = callMethod1(S.EmptyBytes, ID.join, parts);
  }
  decref(parts);
  return result;
}

defineBase(
  T.RawIOBase,
  "_RawIOBase",
  T.IOBase,
  [
    fast("read", rawRead),
    noArgs("readall", rawReadAll),
    oneArg("readinto", () => raiseNone(T.NotImplementedError)),
    oneArg("write", () => raiseNone(T.NotImplementedError)),
  ],
  "Bytes, a system call for each operation.",
);

/**
 * Is `object` a buffer that can be written to? Its place is in bufferOffset and bufferLength;
 * otherwise TypeError is pending.
 */
export function readWritable(fname: string, object: Addr): boolean {
  if (readBuffer(object) && !isReadOnly(object)) return true;
  if (pending()) return false;
  const kind = typeName(object);
  raise(T.TypeError, `${fname}() argument must be read-write bytes-like object, not ${kind}`);
  return false;
}

function isReadOnly(object: Addr): boolean {
  if (isBytes(object)) return true;
  if (I32[object + Head.Type] !== T.MemoryView) return false;
  const flag = getAttr(object, ID_readonly);
  if (flag === 0) return true;
  decref(flag);
  return flag === S.True;
}

const ID_readonly = identifier("readonly");

/** `readinto` and `readinto1` in terms of `read` and `read1`. */
function readInto(name: string, method: Addr) {
  return oneArg(name, (self, buffer) => {
    if (!readWritable(name, buffer)) return 0;
    const room = bufferLength;
    const size = newInt(room);
    const data = size === 0 ? 0 : callMethod1(self, method, size);
    if (size !== 0) decref(size);
    if (data === 0) return 0;
    if (!isBytes(data)) {
      decref(data);
      return raise(T.TypeError, "read() should return bytes");
    }
    readBuffer(data);
    const [from, n] = [bufferOffset, bufferLength];
    let result: Addr = 0;
    if (n > room) {
      const text = `read() returned too much data: ${room} bytes requested, ${n} returned`;
      raise(T.ValueError, text);
    } else if (readWritable(name, buffer)) {
      U8.copyWithin(bufferOffset, from, from + Math.min(n, bufferLength));
      result = newInt(n);
    }
    decref(data);
    return result;
  });
}

defineBase(
  T.BufferedIOBase,
  "_BufferedIOBase",
  T.IOBase,
  [
    unsupported("detach"),
    unsupported("read"),
    unsupported("read1"),
    readInto("readinto", ID.read),
    readInto("readinto1", ID.read1),
    unsupported("write"),
  ],
  "Bytes through a buffer.",
);

defineBase(
  T.TextIOBase,
  "_TextIOBase",
  T.IOBase,
  [unsupported("detach"), unsupported("read"), unsupported("readline"), unsupported("write")],
  "Text.",
);

defineType({
  type: T.UnsupportedOperation,
  name: "io.UnsupportedOperation",
  base: T.OSError,
  bases: [T.OSError, T.ValueError],
  flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
  basicSize: ExceptionObject.Bytes + 40,
  dictOffset: ExceptionObject.Dict,
  slots: {},
});
