/** bytearray: mutable bytes in a block of their own, with free room at the front and the end. */

import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import { checkArity } from "./arguments.js";
import { bufferLength, bufferOffset, newBytesAt, readBuffer } from "./bytes.js";
import { dataOf, newByteArrayOfLength, newLikeAt, readByte, sizeOf } from "./bytesbuffer.js";
import { bytesFromHex, hexBytes, percentBytes, reprBytes } from "./bytesformat.js";
import { concatBytes, containsBytes, repeatBytes, sharedMethods } from "./bytesmethods.js";
import {
  byteAt,
  compareBytes,
  decodeMethod,
  defineByteIterator,
  makeTable,
  newByteIterator,
  newFromIterable,
  newFromSource,
  readSourceArguments,
  subscriptBytes,
} from "./bytestype.js";
import { call1 } from "./call.js";
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
  newNone,
  newNotImplemented,
  raise,
  raiseMemoryError,
  raiseStatus,
  typeName,
} from "./errors.js";
import { freeObject } from "./gcheader.js";
import { basicSizeOf, decref, incref } from "./header.js";
import { newObjectOf } from "./instance.js";
import { asIndex, asSsize, failed, newInt } from "./int.js";
import { ByteArrayObject, Head, TypeFlag, TypeObject } from "./layout.js";
import { attributeState, newReduction } from "./reduction.js";
import { sliceBounds, sliceLength, sliceStart, sliceStep } from "./slice.js";
import { slotsOf } from "./slots.js";
import { copyBytes, newStr, newStrLatin1 } from "./str.js";
import { readSsize } from "./textarguments.js";
import { Kind, T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

const RANGE = "bytearray index out of range";

function isByteArray(object: Addr): boolean {
  const type = I32[object + Head.Type];
  return type === T.ByteArray || I32[type + TypeObject.Layout] === Kind.ByteArray;
}

/** Is no memoryview looking at the bytes? Otherwise BufferError is pending. */
function mayResize(self: Addr): boolean {
  if (I32[self + ByteArrayObject.Exports] === 0) return true;
  raise(T.BufferError, "Existing exports of data: object cannot be re-sized");
  return false;
}

/** Set the size to `size` bytes, keeping the first ones (R42). -1 with an exception pending. */
export function resizeByteArray(self: Addr, size: number): number {
  const old = I32[self + ByteArrayObject.Size];
  if (size === old) return 0;
  if (!mayResize(self)) return -1;
  const allocated = I32[self + ByteArrayObject.Allocated];
  const offset = I32[self + ByteArrayObject.Offset];
  let capacity: number;
  if (size + offset + 1 <= allocated) {
    if (size >= allocated >> 1) {
      I32[self + ByteArrayObject.Size] = size;
      U8[dataOf(self) + size] = 0;
      return 0;
    }
    capacity = size + 1;
  } else if (size <= allocated * 1.125) capacity = size + (size >> 3) + (size < 9 ? 3 : 6);
  else capacity = size + 1;
  const buffer = malloc(capacity);
  if (buffer === 0) {
    raiseMemoryError();
    return -1;
  }
  copyBytes(buffer << 2, dataOf(self), Math.min(old, size));
  U8[(buffer << 2) + size] = 0;
  const before = I32[self + ByteArrayObject.Buffer];
  I32[self + ByteArrayObject.Buffer] = buffer;
  I32[self + ByteArrayObject.Offset] = 0;
  I32[self + ByteArrayObject.Allocated] = capacity;
  I32[self + ByteArrayObject.Size] = size;
  if (before !== 0) free(before);
  return 0;
}

/** Put `m` bytes from byte offset `offset` in place of bytes `[start, stop)`. */
function splice(self: Addr, start: number, stop: number, offset: number, m: number): number {
  const size = sizeOf(self);
  const growth = m - (stop - start);
  if (growth !== 0 && !mayResize(self)) return -1;
  if (growth < 0 && start === 0 && size + growth > 0) {
    // Cut off at the front: no copy of what stays.
    I32[self + ByteArrayObject.Offset] -= growth;
    I32[self + ByteArrayObject.Size] = size + growth;
  } else if (growth < 0) {
    const data = dataOf(self);
    U8.copyWithin(data + stop + growth, data + stop, data + size);
    if (resizeByteArray(self, size + growth) < 0) return -1;
  } else if (growth > 0) {
    if (resizeByteArray(self, size + growth) < 0) return -1;
    const data = dataOf(self);
    U8.copyWithin(data + stop + growth, data + stop, data + size);
  }
  copyBytes(dataOf(self) + start, offset, m);
  return 0;
}

/** As {@link splice}, from a bytes-like object that may be `self`. */
function spliceBuffer(self: Addr, start: number, stop: number, value: Addr): number {
  let source = value;
  if (value === self) source = newBytesAt(dataOf(self), sizeOf(self));
  else incref(value);
  if (source === 0) return -1;
  readBuffer(source);
  const status = splice(self, start, stop, bufferOffset, bufferLength);
  decref(source);
  return status;
}

function newObject(type: Addr): Addr {
  return type === T.ByteArray ? newByteArrayOfLength(0) : newObjectOf(type);
}

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!readSourceArguments("bytearray", args, nargs, kwnames)) return -1;
  const value = newFromSource("bytearray", "byte");
  if (value === 0) return -1;
  const status = spliceBuffer(self, 0, sizeOf(self), value);
  decref(value);
  return status;
}

function dealloc(self: Addr): void {
  const buffer = I32[self + ByteArrayObject.Buffer];
  if (buffer !== 0) free(buffer);
  freeObject(self);
}

function setIndex(self: Addr, index: number, value: Addr): number {
  if (index < 0 || index >= sizeOf(self)) return raiseStatus(T.IndexError, RANGE);
  if (value === 0) return splice(self, index, index + 1, 0, 0);
  const byte = readByte(value);
  if (byte < 0) return -1;
  if (index >= sizeOf(self)) return raiseStatus(T.IndexError, RANGE);
  U8[dataOf(self) + index] = byte;
  return 0;
}

function setSubscript(self: Addr, key: Addr, value: Addr): number {
  if (I32[key + Head.Type] !== T.Slice) {
    if (slotsOf(I32[key + Head.Type]).index === null) {
      const found = typeName(key);
      const message = `bytearray indices must be integers or slices, not ${found}`;
      return raiseStatus(T.TypeError, message);
    }
    const index = asIndex(key, T.IndexError);
    if (Number.isNaN(index)) return -1;
    return setIndex(self, index < 0 ? index + sizeOf(self) : index, value);
  }
  if (!sliceBounds(key, sizeOf(self))) return -1;
  if (value === 0) return deleteSlice(self, sliceStart, sliceStep, sliceLength);
  const [start, step, n] = [sliceStart, sliceStep, sliceLength];
  if (readBuffer(value)) return setSlice(self, start, step, n, value);
  const type = I32[value + Head.Type];
  const slots = slotsOf(type);
  if (type === T.Str || slots.index !== null || (slots.iter === null && slots.item === null)) {
    const message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
    return raiseStatus(T.TypeError, message);
  }
  const bytes = newFromIterable(value, "bytearray", "byte");
  if (bytes === 0) return -1;
  const status = setSlice(self, start, step, n, bytes);
  decref(bytes);
  return status;
}

function setSlice(self: Addr, start: number, step: number, n: number, value: Addr): number {
  if (step === 1) return spliceBuffer(self, start, start + n, value);
  readBuffer(value);
  if (bufferLength !== n) {
    const message = `attempt to assign bytes of size ${bufferLength} to extended slice of size ${n}`;
    return raiseStatus(T.ValueError, message);
  }
  for (let i = 0; i < n; i++) U8[dataOf(self) + start + i * step] = U8[bufferOffset + i];
  return 0;
}

function deleteSlice(self: Addr, start: number, step: number, n: number): number {
  if (n === 0) return 0;
  if (step === 1) return splice(self, start, start + n, 0, 0);
  const data = dataOf(self);
  const size = sizeOf(self);
  const first = step < 0 ? start + (n - 1) * step : start;
  const stride = Math.abs(step);
  let to = first;
  for (let from = first, taken = 0; from < size; from++) {
    if (taken < n && from === first + taken * stride) taken++;
    else U8[data + to++] = U8[data + from];
  }
  return resizeByteArray(self, to);
}

function append(self: Addr, value: Addr): Addr {
  const byte = readByte(value);
  if (byte < 0) return 0;
  const size = sizeOf(self);
  if (resizeByteArray(self, size + 1) < 0) return 0;
  U8[dataOf(self) + size] = byte;
  return newNone();
}

function extend(self: Addr, iterable: Addr): Addr {
  const slots = slotsOf(I32[iterable + Head.Type]);
  if (readBuffer(iterable)) {
    return spliceBuffer(self, sizeOf(self), sizeOf(self), iterable) < 0 ? 0 : newNone();
  }
  if (slots.iter === null && slots.item === null) {
    return raise(T.TypeError, `can't extend bytearray with ${typeName(iterable)}`);
  }
  const bytes = newFromIterable(iterable, "bytearray", "byte");
  if (bytes === 0) return 0;
  const status = spliceBuffer(self, sizeOf(self), sizeOf(self), bytes);
  decref(bytes);
  return status < 0 ? 0 : newNone();
}

function insert(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("insert", nargs, 2, 2)) return 0;
  const index = asSsize(I32[args]);
  if (failed(index)) return 0;
  const byte = readByte(I32[args + 1]);
  if (byte < 0) return 0;
  const size = sizeOf(self);
  const at = index < 0 ? Math.max(0, index + size) : Math.min(index, size);
  if (resizeByteArray(self, size + 1) < 0) return 0;
  const data = dataOf(self);
  U8.copyWithin(data + at + 1, data + at, data + size);
  U8[data + at] = byte;
  return newNone();
}

function pop(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("pop", nargs, 0, 1)) return 0;
  const index = readSsize(args, nargs, 0, -1);
  if (failed(index)) return 0;
  const size = sizeOf(self);
  if (size === 0) return raise(T.IndexError, "pop from empty bytearray");
  const at = index < 0 ? index + size : index;
  if (at < 0 || at >= size) return raise(T.IndexError, "pop index out of range");
  const byte = U8[dataOf(self) + at];
  return splice(self, at, at + 1, 0, 0) < 0 ? 0 : newInt(byte);
}

function remove(self: Addr, value: Addr): Addr {
  const byte = readByte(value);
  if (byte < 0) return 0;
  const data = dataOf(self);
  for (let i = 0; i < sizeOf(self); i++) {
    if (U8[data + i] === byte) return splice(self, i, i + 1, 0, 0) < 0 ? 0 : newNone();
  }
  return raise(T.ValueError, "value not found in bytearray");
}

function reverse(self: Addr): Addr {
  const data = dataOf(self);
  for (let low = data, high = data + sizeOf(self) - 1; low < high; low++, high--) {
    const byte = U8[low];
    U8[low] = U8[high];
    U8[high] = byte;
  }
  return newNone();
}

function inplaceConcat(self: Addr, value: Addr): Addr {
  if (!readBuffer(value)) {
    return raise(T.TypeError, `can't concat ${typeName(value)} to ${typeName(self)}`);
  }
  const size = sizeOf(self);
  return spliceBuffer(self, size, size, value) < 0 ? 0 : incref(self);
}

function inplaceRepeat(self: Addr, times: number): Addr {
  const size = sizeOf(self);
  const total = times <= 0 ? 0 : size * times;
  if (total > 0x7fffffff) return raiseMemoryError();
  if (resizeByteArray(self, total) < 0) return 0;
  const data = dataOf(self);
  for (let done = size; done < total && done > 0; ) {
    const n = Math.min(done, total - done);
    U8.copyWithin(data + done, data, data + n);
    done += n;
  }
  return incref(self);
}

function fromHex(cls: Addr, text: Addr): Addr {
  const bytes = bytesFromHex(text);
  if (bytes === null) return 0;
  const value = newByteArrayOfLength(bytes.length);
  if (value === 0) return 0;
  U8.set(bytes, dataOf(value));
  if (cls === T.ByteArray) return value;
  const result = call1(cls, value);
  decref(value);
  return result;
}

function clear(self: Addr): Addr {
  return resizeByteArray(self, 0) < 0 ? 0 : newNone();
}

/** R30: 56 bytes and what is allocated. */
function byteSize(self: Addr): Addr {
  return newInt(basicSizeOf(self) + I32[self + ByteArrayObject.Allocated]);
}

/** `(type, arguments, attributes)`; before protocol 3 there are no bytes to pass. */
function reduceAs(self: Addr, protocol: number): Addr {
  const [data, size] = [dataOf(self), sizeOf(self)];
  const args: Addr[] = [];
  if (size > 0 && protocol >= 3) args.push(newBytesAt(data, size));
  else if (size > 0) args.push(newStrLatin1(data, size), newStr("latin-1"));
  return newReduction(incref(I32[self + Head.Type]), args, attributeState(self));
}

const methods: MethodDef[] = [
  ...sharedMethods(),
  noArgs("__reduce__", (self) => reduceAs(self, 2)),
  oneArg("__reduce_ex__", (self, given) => {
    const protocol = asSsize(given);
    return failed(protocol) ? 0 : reduceAs(self, protocol);
  }),
  keywords("hex", hexBytes),
  keywords("decode", decodeMethod),
  classBound(oneArg("fromhex", fromHex)),
  staticBound(fast("maketrans", makeTable)),
  oneArg("append", append),
  oneArg("extend", extend),
  fast("insert", insert),
  fast("pop", pop),
  oneArg("remove", remove),
  noArgs("reverse", reverse),
  noArgs("clear", clear),
  noArgs("copy", (self) => newLikeAt(self, dataOf(self), sizeOf(self))),
  noArgs("__alloc__", (self) => newInt(I32[self + ByteArrayObject.Allocated])),
  noArgs("__sizeof__", byteSize),
];

defineType({
  type: T.ByteArray,
  name: "bytearray",
  flags: TypeFlag.BaseType,
  basicSize: 56,
  slots: {
    dealloc,
    repr: reprBytes,
    str: reprBytes,
    richCompare: compareBytes,
    iter: (self) => newByteIterator(T.ByteArrayIterator, self),
    new: newObject,
    init,
    remainder: (left, right) =>
      isByteArray(left) ? percentBytes(left, right) : newNotImplemented(),
    length: sizeOf,
    concat: concatBytes,
    repeat: repeatBytes,
    inplaceConcat,
    inplaceRepeat,
    item: (self, index) => byteAt(self, index, RANGE),
    setItem: setIndex,
    contains: containsBytes,
    subscript: (self, key) => subscriptBytes(self, key, "bytearray", RANGE),
    setSubscript,
  },
  methods,
  doc: "bytearray(iterable_of_ints) -> bytearray",
});

defineByteIterator(T.ByteArrayIterator, "bytearray_iterator");
