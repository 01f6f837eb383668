/** The type bytes: construction, slots, iteration; and what bytearray's construction shares. */

import { type Addr, heap } from "../memory/heap.js";
import { free } from "../memory/pymalloc.js";
import { getIter, iterNext } from "./abstract.js";
import { checkArity, keywordCount, keywordName } from "./arguments.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  hashBytes,
  isBytes,
  newBytes,
  newBytesAt,
  newEmptyBytes,
  readBuffer,
} from "./bytes.js";
import { dataOf, newSame, requireBuffer, sizeOf } from "./bytesbuffer.js";
import { bytesFromHex, hexBytes, percentBytes, reprBytes } from "./bytesformat.js";
import {
  byteData,
  concatBytes,
  containsBytes,
  repeatBytes,
  sharedMethods,
  stepBytes,
} from "./bytesmethods.js";
import { call0, call1 } from "./call.js";
import {
  classBound,
  defineType,
  fast,
  keywords,
  type MethodDef,
  noArgs,
  oneArg,
  staticBound,
} from "./define.js";
import {
  clearPending,
  newNotImplemented,
  pending,
  pendingMatches,
  raise,
  raiseMemoryError,
  typeName,
} from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { asIndex, newBool, newInt } from "./int.js";
import { BytesObject, Head, TypeFlag } from "./layout.js";
import { newBuiltinReduction, positionState } from "./reduction.js";
import { sliceBounds, sliceLength, sliceStart, sliceStep } from "./slice.js";
import { Compare, slotsOf } from "./slots.js";
import { copyBytes, getString, isStr } from "./str.js";
import {
  decodeBytes,
  encodeStr,
  givenEncoding,
  givenErrors,
  readCodecArguments,
} from "./strconvert.js";
import { HUGE_SIZE, MAX_HEAP_SIZE, requireStrArgument } from "./textarguments.js";
import { newTuple, newTuple1 } from "./tuple.js";
import { lookupSpecial } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;
const BYTES = identifier("__bytes__");

/** Iterator of bytes and bytearray, 32 bytes + collector header. */
const idIter = identifier("iter");

const enum ByteIterator {
  Index = 4,
  /** The object, 0 when exhausted. */
  Source = 6,
  Bytes = 32,
}

/** Arguments of `bytes(source, encoding, errors)`: borrowed, 0 where absent. */
const given = new Int32Array(3);
const PARAMETERS = ["source", "encoding", "errors"];

/** Read the constructor's arguments; false with an exception pending. */
export function readSourceArguments(
  what: string,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): boolean {
  const nkw = keywordCount(kwnames);
  if (nargs + nkw > 3) {
    raise(T.TypeError, `${what}() takes at most 3 arguments (${nargs + nkw} given)`);
    return false;
  }
  for (let i = 0; i < 3; i++) given[i] = i < nargs ? I32[args + i] : 0;
  for (let k = 0; k < nkw; k++) {
    const name = keywordName(kwnames, k);
    const at = PARAMETERS.indexOf(name);
    if (at < 0) {
      raise(T.TypeError, `'${name}' is an invalid keyword argument for ${what}()`);
      return false;
    }
    if (given[at] !== 0) {
      const place = at + 1;
      raise(
        T.TypeError,
        `argument for ${what}() given by name ('${name}') and position (${place})`,
      );
      return false;
    }
    given[at] = I32[args + nargs + k];
  }
  for (let i = 1; i < 3; i++) {
    const argument = `${what}() argument '${PARAMETERS[i]}'`;
    if (given[i] !== 0 && requireStrArgument(given[i], argument) < 0) return false;
  }
  return true;
}

/** A bytes object of what the arguments read last describe; `byteWord` is for messages. */
export function newFromSource(what: string, byteWord: string): Addr {
  const [source, encoding, errors] = given;
  if (source === 0) {
    if (encoding !== 0) return raise(T.TypeError, "encoding without a string argument");
    if (errors !== 0) return raise(T.TypeError, "errors without a string argument");
    return newEmptyBytes();
  }
  if (isStr(source)) {
    if (encoding === 0) return raise(T.TypeError, "string argument without an encoding");
    return encodeStr(source, getString(encoding), errors === 0 ? "strict" : getString(errors));
  }
  if (encoding !== 0) return raise(T.TypeError, "encoding without a string argument");
  if (errors !== 0) return raise(T.TypeError, "errors without a string argument");
  if (I32[source + Head.Type] === T.Bytes && what === "bytes") return incref(source);
  if (what === "bytes") {
    const method = lookupSpecial(source, BYTES);
    if (method !== 0) return callBytes(method);
    if (pending()) return 0;
  }
  if (readBuffer(source)) return newBytesAt(bufferOffset, bufferLength);
  if (slotsOf(I32[source + Head.Type]).index !== null) {
    const count = asIndex(source, T.OverflowError);
    if (!Number.isNaN(count)) return newZeros(count, what);
    if (!pendingMatches(T.TypeError)) return 0;
    clearPending();
  }
  return newFromIterable(source, what, byteWord);
}

function callBytes(method: Addr): Addr {
  const result = call0(method);
  decref(method);
  if (result === 0 || isBytes(result)) return result;
  const found = typeName(result);
  decref(result);
  return raise(T.TypeError, `__bytes__ returned non-bytes (type ${found})`);
}

function newZeros(count: number, what: string): Addr {
  if (count < 0) return raise(T.ValueError, "negative count");
  if (count >= HUGE_SIZE && what === "bytes") {
    return raise(T.OverflowError, "byte string is too large");
  }
  if (count > MAX_HEAP_SIZE) return raiseMemoryError();
  const zero = incref(byteObject(0));
  const result = repeatBytes(zero, count);
  decref(zero);
  return result;
}

function byteObject(byte: number): Addr {
  return (byteData(byte) >> 2) - BytesObject.Data;
}

/** The bytes of an iterable of ints. */
export function newFromIterable(source: Addr, what: string, byteWord: string): Addr {
  const slots = slotsOf(I32[source + Head.Type]);
  if (slots.iter === null && slots.item === null) {
    return raise(T.TypeError, `cannot convert '${typeName(source)}' object to ${what}`);
  }
  const iterator = getIter(source);
  if (iterator === 0) return 0;
  const bytes: number[] = [];
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const value = asIndex(item);
    decref(item);
    if (Number.isNaN(value) || value < 0 || value > 255) {
      decref(iterator);
      if (!Number.isNaN(value)) raise(T.ValueError, `${byteWord} must be in range(0, 256)`);
      return 0;
    }
    bytes.push(value);
  }
  decref(iterator);
  return pending() ? 0 : newBytes(Uint8Array.from(bytes));
}

function newBytesObject(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!readSourceArguments("bytes", args, nargs, kwnames)) return 0;
  const value = newFromSource("bytes", "bytes");
  if (value === 0 || type === T.Bytes) return value;
  const length = I32[value + BytesObject.Size];
  const object = newObjectOf(type, length);
  if (object !== 0) {
    I32[object + BytesObject.Size] = length;
    copyBytes(bytesData(object), bytesData(value), length);
  }
  decref(value);
  return object;
}

/** Order of bytes-like objects: NotImplemented for others. */
export function compareBytes(left: Addr, right: Addr, op: number): Addr {
  if (!readBuffer(left)) return newNotImplemented();
  const [a, m] = [bufferOffset, bufferLength];
  if (!readBuffer(right)) return newNotImplemented();
  const [b, n] = [bufferOffset, bufferLength];
  const equality = op === Compare.Eq || op === Compare.Ne;
  if (equality && m !== n) return newBool(op === Compare.Ne);
  let order = 0;
  for (let i = 0; i < m && i < n && order === 0; i++) order = U8[a + i] - U8[b + i];
  if (order === 0) order = m - n;
  if (op === Compare.Eq) return newBool(order === 0);
  if (op === Compare.Ne) return newBool(order !== 0);
  if (op === Compare.Lt) return newBool(order < 0);
  if (op === Compare.Le) return newBool(order <= 0);
  return newBool(op === Compare.Gt ? order > 0 : order >= 0);
}

/** `self[key]` for bytes and bytearray; the words are those of their messages. */
export function subscriptBytes(self: Addr, key: Addr, kind: string, range: string): Addr {
  const length = sizeOf(self);
  if (I32[key + Head.Type] === T.Slice) {
    if (!sliceBounds(key, length)) return 0;
    if (sliceLength === length && sliceStep === 1 && isBytes(self)) return newSame(self);
    return stepBytes(self, sliceStart, sliceStep, sliceLength);
  }
  if (slotsOf(I32[key + Head.Type]).index === null) {
    const found = typeName(key);
    return raise(T.TypeError, `${kind} indices must be integers or slices, not ${found}`);
  }
  const index = asIndex(key, T.IndexError);
  if (Number.isNaN(index)) return 0;
  return byteAt(self, index < 0 ? index + length : index, range);
}

/** `self[index]`; IndexError with `range` when it is out of range. */
export function byteAt(self: Addr, index: number, range: string): Addr {
  if (index < 0 || index >= sizeOf(self)) return raise(T.IndexError, range);
  return newInt(U8[dataOf(self) + index]);
}

/** `bytes.decode(encoding, errors)`. */
export function decodeMethod(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!readCodecArguments("decode", args, nargs, kwnames)) return 0;
  return decodeBytes(self, dataOf(self), sizeOf(self), givenEncoding, givenErrors);
}

/** `bytes.maketrans(from, to)`. */
export function makeTable(_self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("maketrans", nargs, 2, 2)) return 0;
  if (!requireBuffer(I32[args])) return 0;
  const [from, n] = [bufferOffset, bufferLength];
  if (!requireBuffer(I32[args + 1])) return 0;
  if (bufferLength !== n) {
    return raise(T.ValueError, "maketrans arguments must have same length");
  }
  const table = new Uint8Array(256);
  for (let i = 0; i < 256; i++) table[i] = i;
  for (let i = 0; i < n; i++) table[U8[from + i]] = U8[bufferOffset + i];
  return newBytes(table);
}

function fromHex(cls: Addr, text: Addr): Addr {
  const bytes = bytesFromHex(text);
  if (bytes === null) return 0;
  const value = newBytes(bytes);
  if (value === 0 || cls === T.Bytes) return value;
  const result = call1(cls, value);
  decref(value);
  return result;
}

function getNewArguments(self: Addr): Addr {
  const value = newBytesAt(dataOf(self), sizeOf(self));
  if (value === 0) return 0;
  const tuple = newTuple1(value);
  decref(value);
  return tuple;
}

/** An iterator of `type` over a bytes or bytearray object. */
export function newByteIterator(type: Addr, source: Addr): Addr {
  const iterator = newGcObject(type, ByteIterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + ByteIterator.Source] = incref(source);
  track(iterator);
  return iterator;
}

function nextByte(self: Addr): Addr {
  const source = I32[self + ByteIterator.Source];
  if (source === 0) return 0;
  const index = I32[self + ByteIterator.Index];
  if (index < sizeOf(source)) {
    I32[self + ByteIterator.Index] = index + 1;
    return newInt(U8[dataOf(source) + index]);
  }
  I32[self + ByteIterator.Source] = 0;
  decref(source);
  return 0;
}

function deallocIterator(self: Addr): void {
  const source = I32[self + ByteIterator.Source];
  I32[self + ByteIterator.Source] = 0;
  if (source !== 0) decref(source);
  freeObject(self);
}

function remaining(self: Addr): Addr {
  const source = I32[self + ByteIterator.Source];
  return newInt(source === 0 ? 0 : Math.max(0, sizeOf(source) - I32[self + ByteIterator.Index]));
}

/** Declare the iterator type of bytes or bytearray. */
export function defineByteIterator(type: Addr, name: string): void {
  defineType({
    type,
    name,
    flags: TypeFlag.HasGc,
    basicSize: ByteIterator.Bytes,
    slots: {
      dealloc: deallocIterator,
      traverse: (self, visit) => {
        if (I32[self + ByteIterator.Source] !== 0) visit(I32[self + ByteIterator.Source]);
      },
      iter: incref,
      iterNext: nextByte,
    },
    methods: [
      noArgs("__length_hint__", remaining),
      noArgs("__reduce__", (self) => {
        const source = I32[self + ByteIterator.Source];
        if (source === 0) return newBuiltinReduction(idIter, [newTuple(0)]);
        const index = newInt(I32[self + ByteIterator.Index]);
        return newBuiltinReduction(idIter, [incref(source)], index);
      }),
      positionState((self, position) => {
        const source = I32[self + ByteIterator.Source];
        const size = source === 0 ? 0 : sizeOf(source);
        I32[self + ByteIterator.Index] = Math.min(Math.max(position, 0), size);
      }),
    ],
  });
}

function deallocBytes(object: Addr): void {
  if (I32[object + Head.Type] === T.Bytes) free(object);
  else freeObject(object);
}

const methods: MethodDef[] = [
  ...sharedMethods(),
  keywords("hex", hexBytes),
  keywords("decode", decodeMethod),
  classBound(oneArg("fromhex", fromHex)),
  staticBound(fast("maketrans", makeTable)),
  noArgs("__getnewargs__", getNewArguments),
  noArgs("__sizeof__", (self) => newInt(33 + sizeOf(self))),
  noArgs("__bytes__", (self) => newBytesAt(dataOf(self), sizeOf(self))),
];

defineType({
  type: T.Bytes,
  name: "bytes",
  flags: TypeFlag.BaseType | TypeFlag.BytesSubclass,
  basicSize: 33,
  itemSize: 1,
  slots: {
    dealloc: deallocBytes,
    hash: hashBytes,
    repr: reprBytes,
    str: reprBytes,
    // Other types' own comparison decides where one side is not bytes.
    richCompare: (left, right, op) =>
      isBytes(left) && isBytes(right) ? compareBytes(left, right, op) : newNotImplemented(),
    iter: (self) => newByteIterator(T.BytesIterator, self),
    new: newBytesObject,
    remainder: (left, right) => (isBytes(left) ? percentBytes(left, right) : newNotImplemented()),
    length: sizeOf,
    concat: concatBytes,
    repeat: repeatBytes,
    item: (self, index) => byteAt(self, index, "index out of range"),
    contains: containsBytes,
    subscript: (self, key) => subscriptBytes(self, key, "byte", "index out of range"),
  },
  methods,
  doc: "bytes(iterable_of_ints) -> bytes",
});

defineByteIterator(T.BytesIterator, "bytes_iterator");
