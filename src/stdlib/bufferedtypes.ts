/** The classes BufferedReader, BufferedWriter, BufferedRandom and BufferedRWPair. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { getAttr } from "../object/attribute.js";
import { callMethod0, callMethod1, callObject } from "../object/call.js";
import { fast, getSet, type MethodDef, member, noArgs, oneArg } from "../object/define.js";
import {
  newNone,
  raise,
  raiseStatus,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { clearField, decref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asInt32, asSsize, failed, newBool, newInt } from "../object/int.js";
import type { TypeSlots } from "../object/slots.js";
import { S, T } from "../object/types.js";
import {
  ahead,
  Buffered,
  BufferedFlag,
  dropAhead,
  enter,
  enterAnyway,
  flushWrites,
  hasFlag,
  isBufferedClosed,
  isQuiet,
  isReady,
  isUsable,
  knownPosition,
  leave,
  reprBuffered,
  seekRaw,
  settle,
  setUp,
  tellRaw,
} from "./bufferedio.js";
import { nextBufferedLine, readingMethods } from "./bufferedread.js";
import { writingMethods } from "./bufferedwrite.js";
import {
  askMethod,
  callQuietly,
  checkCapability,
  DEFAULT_BUFFER_SIZE,
  defineStream,
  finishWith,
  ID,
  raiseUnsupported,
  Stream,
} from "./iobase.js";

const I32 = heap.I32;

const given = new Int32Array(2);

/** `BufferedX(raw, buffer_size=8192)`, for a raw stream that can do `needs`. */
function initializer(name: string, needs: ("seekable" | "readable" | "writable")[], flags: number) {
  return (self: Addr, args: Addr, nargs: number, kwnames: Addr): number => {
    if (!bindArguments(name, args, nargs, kwnames, ["raw", "buffer_size"], 1, given)) return -1;
    const [raw, sizeArgument] = given;
    const size = sizeArgument === 0 ? DEFAULT_BUFFER_SIZE : asSsize(sizeArgument);
    if (failed(size)) return -1;
    I32[self + Buffered.Flags] = 0;
    for (const what of needs) if (!checkCapability(raw, what)) return -1;
    return setUp(self, raw, size, flags);
  };
}

/** A stream of `type` over `raw` (borrowed), as `open` makes it. */
export function newBuffered(type: Addr, raw: Addr, size: number): Addr {
  const flags =
    (type === T.BufferedWriter ? 0 : BufferedFlag.Readable) |
    (type === T.BufferedReader ? 0 : BufferedFlag.Writable);
  const needs = type === T.BufferedReader ? "readable" : "writable";
  const self = newObjectOf(type);
  if (self === 0) return 0;
  const seeks = type !== T.BufferedRandom || checkCapability(raw, "seekable");
  if (seeks && checkCapability(raw, needs) && setUp(self, raw, size, flags) === 0) return self;
  const error = takePending();
  decref(self);
  restorePending(error);
  return 0;
}

function tell(self: Addr): Addr {
  if (!isReady(self)) return 0;
  const position = tellRaw(self);
  if (Number.isNaN(position)) return 0;
  const waiting = I32[self + Buffered.WriteEnd] - I32[self + Buffered.WriteStart];
  return newInt(position - ahead(self) + waiting);
}

/** The place in the buffer that a seek leads to, or -1: beyond it, NaN with an exception. */
function seekInBuffer(self: Addr, target: number, whence: number): number {
  if (whence === 2 || !hasFlag(self, BufferedFlag.Readable)) return -1;
  const position = knownPosition(self);
  if (Number.isNaN(position)) return position;
  const have = ahead(self);
  if (have === 0) return -1;
  const here = position - have;
  const offset = whence === 0 ? target - here : target;
  const at = I32[self + Buffered.At];
  if (offset < -at || offset > have) return -1;
  I32[self + Buffered.At] = at + offset;
  return here + offset;
}

/** Go somewhere: the position, NaN with an exception pending. The stream is usable. */
export function seekBuffered(self: Addr, target: number, whence: number): number {
  if (!isQuiet(self)) return Number.NaN;
  const near = seekInBuffer(self, target, whence);
  if (near !== -1) return near;
  if (enter(self) < 0) return Number.NaN;
  let position = Number.NaN;
  if (flushWrites(self) === 0) {
    position = seekRaw(self, whence === 1 ? target - ahead(self) : target, whence);
    if (!Number.isNaN(position)) dropAhead(self);
  }
  leave(self);
  return position;
}

function seek(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("seek", nargs, 1, 2) || !isReady(self)) return 0;
  const whence = nargs < 2 ? 0 : asInt32(I32[args + 1]);
  if (Number.isNaN(whence)) return 0;
  if (whence < 0 || whence > 2) return raise(T.ValueError, `whence value ${whence} unsupported`);
  if (!isUsable(self, "seek of closed file")) return 0;
  if (!checkCapability(I32[self + Buffered.Raw], "seekable")) return 0;
  const target = asSsize(I32[args]);
  const position = failed(target) ? Number.NaN : seekBuffered(self, target, whence);
  return Number.isNaN(position) ? 0 : newInt(position);
}

function truncate(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("truncate", nargs, 0, 1)) return 0;
  if (!isUsable(self, "truncate of closed file")) return 0;
  if (!hasFlag(self, BufferedFlag.Writable)) return raiseUnsupported("truncate");
  if (enter(self) < 0) return 0;
  const size = nargs === 0 ? S.None : I32[args];
  const done = settle(self) < 0 ? 0 : callMethod1(I32[self + Buffered.Raw], ID.truncate, size);
  leave(self);
  return done;
}

/** Flush, then close what is below, whatever went wrong before. */
function close(self: Addr): Addr {
  if (!isReady(self)) return 0;
  const closed = isBufferedClosed(self);
  if (closed !== 0) return closed < 0 ? 0 : newNone();
  const flushed = callQuietly(self, ID.flush);
  const error = flushed < 0 ? takePending() : 0;
  let result: Addr = 0;
  if (enterAnyway(self) === 0) {
    if (isReady(self)) result = callMethod0(I32[self + Buffered.Raw], ID.close);
    clearField(self + Buffered.Array);
    leave(self);
  }
  return finishWith(error, result);
}

function detach(self: Addr): Addr {
  if (!isReady(self) || callQuietly(self, ID.flush) < 0 || enterAnyway(self) < 0) return 0;
  let raw: Addr = 0;
  if (isReady(self)) {
    raw = I32[self + Buffered.Raw];
    I32[self + Buffered.Raw] = 0;
    I32[self + Buffered.Flags] = BufferedFlag.Detached;
  }
  leave(self);
  return raw;
}

/** A method that is the raw stream's. */
function delegate(name: string, method: Addr): MethodDef {
  return noArgs(name, (self) =>
    isReady(self) ? callMethod0(I32[self + Buffered.Raw], method) : 0,
  );
}

function delegateAttribute(name: string, attribute: Addr) {
  return getSet(name, (self) => (isReady(self) ? getAttr(I32[self + Buffered.Raw], attribute) : 0));
}

/** Streams cannot be pickled. */
export function refusePickle(): MethodDef[] {
  const refuse = (self: Addr) => raise(T.TypeError, `cannot pickle '${typeName(self)}' object`);
  return [noArgs("__reduce__", refuse), oneArg("__reduce_ex__", refuse)];
}

function defineBuffered(
  type: Addr,
  name: string,
  init: TypeSlots["init"],
  iterNext: TypeSlots["iterNext"],
  methods: MethodDef[],
  doc: string,
): void {
  defineStream({
    type,
    name: `_io.${name}`,
    base: T.BufferedIOBase,
    bytes: Buffered.Size,
    references: [Buffered.Raw, Buffered.Array],
    slots: {
      new: (kind) => newObjectOf(kind),
      init,
      repr: reprBuffered,
      ...(iterNext === null ? {} : { iterNext }),
    },
    methods: [
      ...methods,
      delegate("seekable", ID.seekable),
      delegate("fileno", ID.fileno),
      delegate("isatty", ID.isatty),
      noArgs("tell", tell),
      fast("seek", seek),
      fast("truncate", truncate),
      noArgs("close", close),
      noArgs("detach", detach),
      ...refusePickle(),
    ],
    getSets: [
      delegateAttribute("closed", ID.closed),
      delegateAttribute("name", ID.name),
      delegateAttribute("mode", ID.mode),
    ],
    members: [member("raw", Buffered.Raw)],
    doc,
  });
}

defineBuffered(
  T.BufferedReader,
  "BufferedReader",
  initializer("BufferedReader", ["readable"], BufferedFlag.Readable),
  nextBufferedLine,
  [...readingMethods(), delegate("readable", ID.readable), delegate("flush", ID.flush)],
  "Create a new buffered reader using the given readable raw IO object.",
);

defineBuffered(
  T.BufferedWriter,
  "BufferedWriter",
  initializer("BufferedWriter", ["writable"], BufferedFlag.Writable),
  null,
  [...writingMethods(), delegate("writable", ID.writable)],
  "A buffer for a writeable sequential RawIO object.",
);

defineBuffered(
  T.BufferedRandom,
  "BufferedRandom",
  initializer(
    "BufferedRandom",
    ["seekable", "readable", "writable"],
    BufferedFlag.Readable | BufferedFlag.Writable,
  ),
  nextBufferedLine,
  [
    ...readingMethods(),
    ...writingMethods(),
    delegate("readable", ID.readable),
    delegate("writable", ID.writable),
  ],
  "A buffered interface to random access streams.",
);

const enum Pair {
  Reader = Stream.First,
  Writer = 10,
  Size = 48,
}

/** Is the pair's half there? Otherwise ValueError is pending. */
function half(self: Addr, field: Pair): Addr {
  const stream = I32[self + field];
  if (stream === 0) raise(T.ValueError, "I/O operation on uninitialized object");
  return stream;
}

function initPair(self: Addr, args: Addr, nargs: number): number {
  if (!checkArity("BufferedRWPair", nargs, 2, 3)) return -1;
  const size = nargs < 3 ? DEFAULT_BUFFER_SIZE : asSsize(I32[args + 2]);
  if (failed(size)) return -1;
  if (!checkCapability(I32[args], "readable")) return -1;
  if (!checkCapability(I32[args + 1], "writable")) return -1;
  if (size <= 0) return raiseStatus(T.ValueError, "buffer size must be strictly positive");
  const reader = newBuffered(T.BufferedReader, I32[args], size);
  const writer = reader === 0 ? 0 : newBuffered(T.BufferedWriter, I32[args + 1], size);
  if (writer === 0) {
    if (reader !== 0) decref(reader);
    return -1;
  }
  clearField(self + Pair.Reader);
  clearField(self + Pair.Writer);
  I32[self + Pair.Reader] = reader;
  I32[self + Pair.Writer] = writer;
  return 0;
}

/** A method of the pair that is one of its halves'. */
function forward(name: string, field: Pair): MethodDef {
  const id = identifier(name);
  return fast(name, (self, args, nargs) => {
    const stream = half(self, field);
    const method = stream === 0 ? 0 : getAttr(stream, id);
    if (method === 0) return 0;
    const result = callObject(method, args, nargs, 0);
    decref(method);
    return result;
  });
}

function closePair(self: Addr): Addr {
  const [reader, writer] = [half(self, Pair.Reader), half(self, Pair.Writer)];
  if (reader === 0 || writer === 0) return 0;
  const error = callQuietly(writer, ID.close) < 0 ? takePending() : 0;
  return finishWith(error, callMethod0(reader, ID.close));
}

function pairIsTerminal(self: Addr): Addr {
  const [reader, writer] = [half(self, Pair.Reader), half(self, Pair.Writer)];
  if (reader === 0 || writer === 0) return 0;
  const writes = askMethod(writer, ID.isatty);
  if (writes !== 0) return writes < 0 ? 0 : newBool(true);
  return callMethod0(reader, ID.isatty);
}

defineStream({
  type: T.BufferedRWPair,
  name: "_io.BufferedRWPair",
  base: T.BufferedIOBase,
  bytes: Pair.Size,
  references: [Pair.Reader, Pair.Writer],
  slots: { new: (type) => newObjectOf(type), init: initPair },
  methods: [
    ...["read", "peek", "read1", "readinto", "readinto1", "readable"].map((name) =>
      forward(name, Pair.Reader),
    ),
    ...["write", "flush", "writable"].map((name) => forward(name, Pair.Writer)),
    noArgs("close", closePair),
    noArgs("isatty", pairIsTerminal),
    ...refusePickle(),
  ],
  getSets: [
    getSet("closed", (self) => {
      const writer = half(self, Pair.Writer);
      return writer === 0 ? 0 : getAttr(writer, ID.closed);
    }),
  ],
  doc: "A buffered reader and writer object together.",
});
