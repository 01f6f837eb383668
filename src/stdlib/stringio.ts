/**
 * io.StringIO: a text stream in memory. The text stands in a block as code points of one width,
 * which grows when a wider character is written. Never drops the GIL (I12).
 *
 *   8 Block │ 9 Capacity   10 Length │ 11 Width   12 Position (a double)   14 Newline │ 15 Seen
 *   16 State
 */
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { fast, getSet, noArgs, oneArg } from "../object/define.js";
import { newNone, raise, raiseMemoryError, raiseStatus, typeName } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { newObjectOf } from "../object/instance.js";
import { asInt32, asSsize, failed, newBool, newInt } from "../object/int.js";
import { Head, StrObject, TupleObject } from "../object/layout.js";
import {
  copyBytes,
  formFor,
  isStr,
  newEmptyStr,
  newStrFromCode,
  newStrLatin1,
  newStrOfForm,
  setStrCode,
  strCodeAt,
} from "../object/str.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import {
  defineStream,
  isStreamState,
  nextByReadline,
  readOnlySize,
  readSize,
  Stream,
  setStreamDict,
} from "./iobase.js";
import {
  findLineEnd,
  Newline,
  newlineArgument,
  newNewlines,
  noteNewlines,
  readNewline,
  translateNewlines,
  writeNewlines,
} from "./newlines.js";

const I32 = heap.I32;
const F64 = heap.F64;
const U8 = heap.U8;
const U16 = heap.U16;

const enum Text {
  /** Block of the text, 0 while nothing was written. */
  Block = Stream.First,
  /** Code points that fit the block. */
  Capacity = 9,
  Length = 10,
  /** Bytes of a code point: 1, 2 or 4. */
  Width = 11,
  /** Index of the double in F64 from half the object's address. */
  PositionIndex = 6,
  Newline = 14,
  Seen = 15,
  State = 16,
  Size = 80,
}

const enum State {
  Fresh = 0,
  Open = 1,
  Closed = 2,
}

/** No heap holds more code points. */
const MOST = 0x1fffffff;

function positionOf(self: Addr): number {
  return F64[(self >> 1) + Text.PositionIndex];
}

function setPosition(self: Addr, position: number): void {
  F64[(self >> 1) + Text.PositionIndex] = position;
}

function isOpen(self: Addr): boolean {
  const state = I32[self + Text.State];
  if (state === State.Open) return true;
  const text =
    state === State.Closed
      ? "I/O operation on closed file"
      : "I/O operation on uninitialized object";
  raise(T.ValueError, text);
  return false;
}

function codeAt(data: number, width: number, i: number): number {
  if (width === 1) return U8[data + i];
  return width === 2 ? U16[(data >> 1) + i] : I32[(data >> 2) + i];
}

function store(data: number, width: number, i: number, code: number): void {
  if (width === 1) U8[data + i] = code;
  else if (width === 2) U16[(data >> 1) + i] = code;
  else I32[(data >> 2) + i] = code;
}

/** Make room for `length` code points of `width` bytes; -1 with MemoryError pending. */
function reserve(self: Addr, length: number, width: number): number {
  const old = I32[self + Text.Block];
  const oldWidth = I32[self + Text.Width];
  const wide = Math.max(width, oldWidth);
  if (length <= I32[self + Text.Capacity] && wide === oldWidth) return 0;
  const capacity = Math.max(I32[self + Text.Capacity], length + (length >> 2) + 16);
  const block = length > MOST ? 0 : malloc(capacity * wide);
  if (block === 0) {
    raiseMemoryError();
    return -1;
  }
  const n = I32[self + Text.Length];
  if (wide === oldWidth) copyBytes(block << 2, old << 2, n * wide);
  else for (let i = 0; i < n; i++) store(block << 2, wide, i, codeAt(old << 2, oldWidth, i));
  I32[self + Text.Block] = block;
  I32[self + Text.Capacity] = capacity;
  I32[self + Text.Width] = wide;
  if (old !== 0) free(old);
  return 0;
}

/** Put `str` at the position. */
function put(self: Addr, str: Addr): number {
  const n = I32[str + StrObject.Length];
  if (n === 0) return 0;
  const position = positionOf(self);
  const end = position + n;
  const strWidth = I32[str + StrObject.State] & StrObject.WidthMask;
  if (reserve(self, end, strWidth) < 0) return -1;
  const width = I32[self + Text.Width];
  const data = I32[self + Text.Block] << 2;
  const length = I32[self + Text.Length];
  for (let i = length; i < position; i++) store(data, width, i, 0);
  if (strWidth === width) copyBytes(data + position * width, I32[str + StrObject.Data], n * width);
  else for (let i = 0; i < n; i++) store(data, width, position + i, strCodeAt(str, i));
  if (end > length) I32[self + Text.Length] = end;
  setPosition(self, end);
  return 0;
}

/** Write `text` as the newline mode has it; -1 with an exception pending. */
function writeText(self: Addr, text: Addr): number {
  const kind = I32[self + Text.Newline] as Newline;
  let str = incref(text);
  if (kind <= Newline.Universal) {
    noteNewlines(str, self + Text.Seen);
    if (kind === Newline.Translate) str = translateNewlines(str);
  } else if (kind >= Newline.Cr) {
    str = writeNewlines(text, kind);
    decref(text);
  }
  if (str === 0) return -1;
  const status = put(self, str);
  decref(str);
  return status;
}

function write(self: Addr, text: Addr): Addr {
  if (I32[self + Text.State] !== State.Open && !isOpen(self)) return 0;
  if (I32[text + Head.Type] !== T.Str && !isStr(text)) {
    return raise(T.TypeError, `string argument expected, got '${typeName(text)}'`);
  }
  const n = I32[text + StrObject.Length];
  return n > 0 && writeText(self, text) < 0 ? 0 : newInt(n);
}

/** The code points `[from, to)` as a str. */
function newText(self: Addr, from: number, to: number): Addr {
  const n = to - from;
  if (n <= 0) return newEmptyStr();
  const width = I32[self + Text.Width];
  const data = I32[self + Text.Block] << 2;
  if (width === 1) return newStrLatin1(data + from, n);
  let all = 0;
  for (let i = from; i < to; i++) all |= codeAt(data, width, i);
  if (n === 1) return newStrFromCode(all);
  const str = newStrOfForm(n, formFor(all));
  if (str === 0) return 0;
  for (let i = 0; i < n; i++) setStrCode(str, i, codeAt(data, width, from + i));
  return str;
}

/** Take the code points up to `end`. */
function takeTo(self: Addr, end: number): Addr {
  const position = positionOf(self);
  if (position >= end) return newEmptyStr();
  const text = newText(self, position, end);
  if (text !== 0) setPosition(self, end);
  return text;
}

function read(self: Addr, args: Addr, nargs: number): Addr {
  const size = readOnlySize("read", args, nargs);
  if (failed(size) || !isOpen(self)) return 0;
  const length = I32[self + Text.Length];
  return takeTo(self, size < 0 ? length : Math.min(length, positionOf(self) + size));
}

/** Index behind the next line, of which `limit` code points are wanted at most. */
function lineEnd(self: Addr, limit: number): number {
  const position = positionOf(self);
  const length = I32[self + Text.Length];
  if (position >= length) return position;
  const end = findLineEnd(
    I32[self + Text.Block] << 2,
    I32[self + Text.Width],
    position,
    length,
    I32[self + Text.Newline],
  );
  const stop = end < 0 ? length : end;
  return limit < 0 ? stop : Math.min(stop, position + limit);
}

function readline(self: Addr, args: Addr, nargs: number): Addr {
  const limit = readOnlySize("readline", args, nargs);
  return failed(limit) || !isOpen(self) ? 0 : takeTo(self, lineEnd(self, limit));
}

function nextLine(self: Addr): Addr {
  if (I32[self + Head.Type] !== T.StringIO) return isOpen(self) ? nextByReadline(self) : 0;
  if (!isOpen(self)) return 0;
  const end = lineEnd(self, -1);
  return end <= positionOf(self) ? 0 : takeTo(self, end);
}

function seek(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("seek", nargs, 1, 2)) return 0;
  const offset = asSsize(I32[args]);
  const whence = failed(offset) || nargs < 2 ? 0 : asInt32(I32[args + 1]);
  if (failed(offset) || Number.isNaN(whence) || !isOpen(self)) return 0;
  if (whence < 0 || whence > 2) {
    return raise(T.ValueError, `Invalid whence (${whence}, should be 0, 1 or 2)`);
  }
  if (offset < 0 && whence === 0) return raise(T.ValueError, `Negative seek position ${offset}`);
  if (whence !== 0 && offset !== 0) {
    return raise(T.OSError, "Can't do nonzero cur-relative seeks");
  }
  const from = whence === 1 ? positionOf(self) : whence === 2 ? I32[self + Text.Length] : offset;
  setPosition(self, from);
  return newInt(from);
}

function truncate(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("truncate", nargs, 0, 1)) return 0;
  const given = readSize(args, nargs);
  if (failed(given) || !isOpen(self)) return 0;
  const size = nargs === 0 || I32[args] === S.None ? positionOf(self) : given;
  if (size < 0) return raise(T.ValueError, `Negative size value ${size}`);
  if (size < I32[self + Text.Length]) I32[self + Text.Length] = size;
  return newInt(size);
}

function release(self: Addr): void {
  const block = I32[self + Text.Block];
  I32[self + Text.Block] = I32[self + Text.Capacity] = I32[self + Text.Length] = 0;
  if (block !== 0) free(block);
}

function close(self: Addr): Addr {
  I32[self + Text.State] = State.Closed;
  release(self);
  return newNone();
}

/** Be empty and open. */
function start(self: Addr, newline: Newline): void {
  release(self);
  I32[self + Text.Width] = 1;
  I32[self + Text.Newline] = newline;
  I32[self + Text.Seen] = 0;
  I32[self + Text.State] = State.Open;
  setPosition(self, 0);
}

const given = new Int32Array(2);

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const names = ["initial_value", "newline"];
  if (!bindArguments("StringIO", args, nargs, kwnames, names, 0, given)) return -1;
  const [initial, newline] = given;
  let kind: number = Newline.Lf;
  if (newline !== 0) {
    kind = readNewline(newline, "newline must be str or None, not ", "repr");
    if (kind < 0) return -1;
  }
  if (initial !== 0 && initial !== S.None && !isStr(initial)) {
    return raiseStatus(T.TypeError, `initial_value must be str or None, not ${typeName(initial)}`);
  }
  start(self, kind);
  if (initial === 0 || initial === S.None) return 0;
  if (writeText(self, initial) < 0) return -1;
  setPosition(self, 0);
  return 0;
}

/** `__getstate__`: the text, the newline mode, the position, and the attributes. */
function getState(self: Addr): Addr {
  if (!isOpen(self)) return 0;
  const parts = [
    newText(self, 0, I32[self + Text.Length]),
    newlineArgument(I32[self + Text.Newline]),
    newInt(positionOf(self)),
    incref(I32[self + Stream.Dict] === 0 ? S.None : I32[self + Stream.Dict]),
  ];
  const state = parts.includes(0) ? 0 : newTuple(4);
  for (const [i, part] of parts.entries()) {
    if (state !== 0) I32[state + TupleObject.Items + 2 * i] = part;
    else if (part !== 0) decref(part);
  }
  return state;
}

function setState(self: Addr, state: Addr): Addr {
  if (!isStreamState(self, state, 4)) return 0;
  const items = state + TupleObject.Items;
  const [text, newline, place, dict] = [0, 2, 4, 6].map((at) => I32[items + at]);
  const kind = readNewline(newline, "newline must be str or None, not ", "repr");
  const position = kind < 0 ? Number.NaN : asSsize(place);
  if (Number.isNaN(position)) return 0;
  if (!isStr(text))
    return raise(T.TypeError, `initial_value must be str or None, not ${typeName(text)}`);
  if (position < 0) return raise(T.ValueError, "position value cannot be negative");
  // The text is as it was left: its newlines are not translated again.
  start(self, kind);
  if (put(self, text) < 0) return 0;
  setPosition(self, position);
  return setStreamDict(self, dict) < 0 ? 0 : newNone();
}

function ask(name: string, answer: boolean) {
  return noArgs(name, (self) => (isOpen(self) ? newBool(answer) : 0));
}

defineStream({
  type: T.StringIO,
  name: "_io.StringIO",
  base: T.TextIOBase,
  bytes: Text.Size,
  references: [],
  release,
  slots: {
    new: (type) => newObjectOf(type),
    init,
    iter: (self) => (isOpen(self) ? incref(self) : 0),
    iterNext: nextLine,
  },
  methods: [
    noArgs("close", close),
    noArgs("getvalue", (self) => (isOpen(self) ? newText(self, 0, I32[self + Text.Length]) : 0)),
    fast("read", read),
    fast("readline", readline),
    noArgs("tell", (self) => (isOpen(self) ? newInt(positionOf(self)) : 0)),
    fast("truncate", truncate),
    fast("seek", seek),
    oneArg("write", write),
    noArgs("__getstate__", getState),
    oneArg("__setstate__", setState),
    ask("seekable", true),
    ask("readable", true),
    ask("writable", true),
  ],
  getSets: [
    getSet("closed", (self) => newBool(I32[self + Text.State] === State.Closed)),
    getSet("newlines", (self) => (isOpen(self) ? newNewlines(I32[self + Text.Seen]) : 0)),
    getSet("line_buffering", (self) => (isOpen(self) ? newBool(false) : 0)),
  ],
  doc: "Text I/O implementation using an in-memory buffer.",
});
