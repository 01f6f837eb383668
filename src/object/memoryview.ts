/**
 * memoryview over bytes and bytearray: one dimension of unsigned bytes (format "B"), sliced
 * without copying. While a view is alive its bytearray cannot change size.
 */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "./arguments.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  hashBytes,
  isBytes,
  newBytesOfLength,
  newEmptyBytes,
  readBuffer,
  setViewReader,
} from "./bytes.js";
import { dataOf, shareByte } from "./bytesbuffer.js";
import { hexBytes } from "./bytesformat.js";
import { defineType, fast, getSet, keywords, noArgs } from "./define.js";
import { newNone, newNotImplemented, raise, raiseStatus, typeName } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { decref, incref } from "./header.js";
import { asIndex, newBool, newInt } from "./int.js";
import {
  ByteArrayObject,
  Head,
  ListObject,
  MemoryViewObject,
  PickleBufferObject,
  TypeFlag,
} from "./layout.js";
import { newList } from "./list.js";
import { sliceBounds, sliceLength, sliceStart, sliceStep } from "./slice.js";
import { Compare, slotsOf } from "./slots.js";
import { newStr } from "./str.js";
import { newTuple1 } from "./tuple.js";
import { T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** A view of `base`, which is counted as exporting its bytes. */
function newView(base: Addr, start: number, step: number, length: number): Addr {
  const view = newGcObject(T.MemoryView, MemoryViewObject.Bytes);
  if (view === 0) return 0;
  I32[view + MemoryViewObject.Start] = start;
  I32[view + MemoryViewObject.Step] = step;
  I32[view + MemoryViewObject.Length] = length;
  I32[view + MemoryViewObject.Base] = incref(base);
  if (!isBytes(base)) I32[base + ByteArrayObject.Exports]++;
  track(view);
  return view;
}

/** `view` (0: an exception is pending), as read-only as `self` is. */
function alike(self: Addr, view: Addr): Addr {
  if (view !== 0) I32[view + MemoryViewObject.ReadOnly] = I32[self + MemoryViewObject.ReadOnly];
  return view;
}

/** Can the bytes of a live view not be written? */
export function viewIsReadOnly(self: Addr): boolean {
  return I32[self + MemoryViewObject.ReadOnly] === 1 || isBytes(I32[self + MemoryViewObject.Base]);
}

/** `memoryview(source)` of a bytes-like object. */
export function newViewOf(source: Addr): Addr {
  if (I32[source + Head.Type] === T.MemoryView) {
    if (!isLive(source)) return 0;
    const start = I32[source + MemoryViewObject.Start];
    const step = I32[source + MemoryViewObject.Step];
    const length = I32[source + MemoryViewObject.Length];
    return alike(source, newView(I32[source + MemoryViewObject.Base], start, step, length));
  }
  if (I32[source + Head.Type] === T.PickleBuffer) {
    const view = I32[source + PickleBufferObject.View];
    if (view !== 0) return newViewOf(view);
    return raise(T.ValueError, "operation forbidden on released PickleBuffer object");
  }
  if (readBuffer(source)) return newView(source, 0, 1, bufferLength);
  const found = typeName(source);
  return raise(T.TypeError, `memoryview: a bytes-like object is required, not '${found}'`);
}

/** A view of the same bytes that refuses to write them. */
export function newReadOnlyView(self: Addr): Addr {
  const view = newViewOf(self);
  if (view !== 0) I32[view + MemoryViewObject.ReadOnly] = 1;
  return view;
}

/** Let go of the base. */
function drop(self: Addr): void {
  const base = I32[self + MemoryViewObject.Base];
  if (base === 0) return;
  I32[self + MemoryViewObject.Base] = 0;
  if (!isBytes(base)) I32[base + ByteArrayObject.Exports]--;
  decref(base);
}

/** Is the view not released? Otherwise ValueError is pending. */
function isLive(self: Addr): boolean {
  if (I32[self + MemoryViewObject.Base] !== 0) return true;
  raise(T.ValueError, "operation forbidden on released memoryview object");
  return false;
}

/** Byte offset in the heap of item `index`. */
function place(self: Addr, index: number): number {
  return (
    dataOf(I32[self + MemoryViewObject.Base]) +
    I32[self + MemoryViewObject.Start] +
    index * I32[self + MemoryViewObject.Step]
  );
}

setViewReader((self) => {
  if (I32[self + Head.Type] !== T.MemoryView || I32[self + MemoryViewObject.Base] === 0) return -1;
  return I32[self + MemoryViewObject.Step] === 1 || I32[self + MemoryViewObject.Length] <= 1
    ? place(self, 0)
    : -1;
});

/** A view of the `length` bytes of `base`, a bytes or bytearray object, from byte `start` on. */
export function newMemoryView(base: Addr, start: number, length: number): Addr {
  return newView(base, start, 1, length);
}

const given = new Int32Array(1);

function newObject(_type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("memoryview", args, nargs, kwnames, ["object"], 1, given)) return 0;
  return newViewOf(given[0]);
}

/** The bytes seen, as a bytes object. */
function toBytes(self: Addr): Addr {
  if (!isLive(self)) return 0;
  const n = I32[self + MemoryViewObject.Length];
  if (n === 0) return newEmptyBytes();
  const bytes = newBytesOfLength(n);
  if (bytes === 0) return 0;
  const data = bytesData(bytes);
  for (let i = 0; i < n; i++) U8[data + i] = U8[place(self, i)];
  return shareByte(bytes);
}

function toList(self: Addr): Addr {
  if (!isLive(self)) return 0;
  const n = I32[self + MemoryViewObject.Length];
  const list = newList(n);
  if (list === 0) return 0;
  for (let i = 0; i < n; i++)
    I32[I32[list + ListObject.Items] + 2 * i] = newInt(U8[place(self, i)]);
  return list;
}

function itemAt(self: Addr, index: number): Addr {
  if (!isLive(self)) return 0;
  if (index >= 0 && index < I32[self + MemoryViewObject.Length])
    return newInt(U8[place(self, index)]);
  return raise(T.IndexError, "index out of bounds on dimension 1");
}

/** An index key, negative ones adjusted; NaN with an exception pending. */
function readIndex(self: Addr, key: Addr): number {
  if (slotsOf(I32[key + Head.Type]).index === null) {
    raise(T.TypeError, "memoryview: invalid slice key");
    return Number.NaN;
  }
  const index = asIndex(key, T.IndexError);
  return index < 0 ? index + I32[self + MemoryViewObject.Length] : index;
}

function subscript(self: Addr, key: Addr): Addr {
  if (!isLive(self)) return 0;
  if (I32[key + Head.Type] === T.Slice) {
    if (!sliceBounds(key, I32[self + MemoryViewObject.Length])) return 0;
    const step = I32[self + MemoryViewObject.Step];
    const start = I32[self + MemoryViewObject.Start] + sliceStart * step;
    const base = I32[self + MemoryViewObject.Base];
    return alike(self, newView(base, start, step * sliceStep, sliceLength));
  }
  const index = readIndex(self, key);
  return Number.isNaN(index) ? 0 : itemAt(self, index);
}

function setSubscript(self: Addr, key: Addr, value: Addr): number {
  if (!isLive(self)) return -1;
  if (viewIsReadOnly(self)) {
    return raiseStatus(T.TypeError, "cannot modify read-only memory");
  }
  if (value === 0) return raiseStatus(T.TypeError, "cannot delete memory");
  if (I32[key + Head.Type] === T.Slice) return setSlice(self, key, value);
  const index = readIndex(self, key);
  if (Number.isNaN(index)) return -1;
  if (index < 0 || index >= I32[self + MemoryViewObject.Length]) {
    return raiseStatus(T.IndexError, "index out of bounds on dimension 1");
  }
  if (slotsOf(I32[value + Head.Type]).index === null) {
    return raiseStatus(T.TypeError, "memoryview: invalid type for format 'B'");
  }
  const number = asIndex(value);
  if (Number.isNaN(number)) return -1;
  if (number < 0 || number > 255) {
    return raiseStatus(T.ValueError, "memoryview: invalid value for format 'B'");
  }
  U8[place(self, index)] = number;
  return 0;
}

function setSlice(self: Addr, key: Addr, value: Addr): number {
  if (!readBuffer(value)) {
    const found = typeName(value);
    return raiseStatus(T.TypeError, `a bytes-like object is required, not '${found}'`);
  }
  const source = U8.slice(bufferOffset, bufferOffset + bufferLength);
  if (!sliceBounds(key, I32[self + MemoryViewObject.Length])) return -1;
  if (source.length !== sliceLength) {
    const message = "memoryview assignment: lvalue and rvalue have different structures";
    return raiseStatus(T.ValueError, message);
  }
  const [start, step] = [sliceStart, sliceStep];
  for (let i = 0; i < source.length; i++) U8[place(self, start + i * step)] = source[i];
  return 0;
}

function compare(left: Addr, right: Addr, op: number): Addr {
  if (op !== Compare.Eq && op !== Compare.Ne) return newNotImplemented();
  const equal = isSame(left, right);
  return equal < 0 ? newNotImplemented() : newBool((equal === 1) === (op === Compare.Eq));
}

/** 1 or 0, or -1 when one side is no bytes-like object. */
function isSame(left: Addr, right: Addr): number {
  if (left === right) return 1;
  const view = I32[left + Head.Type] === T.MemoryView ? left : right;
  const other = view === left ? right : left;
  if (I32[view + MemoryViewObject.Base] === 0) return 0;
  const n = I32[view + MemoryViewObject.Length];
  if (I32[other + Head.Type] === T.MemoryView) {
    if (I32[other + MemoryViewObject.Base] === 0 || I32[other + MemoryViewObject.Length] !== n)
      return 0;
    for (let i = 0; i < n; i++) if (U8[place(view, i)] !== U8[place(other, i)]) return 0;
    return 1;
  }
  if (!readBuffer(other)) return -1;
  if (bufferLength !== n) return 0;
  for (let i = 0; i < n; i++) if (U8[place(view, i)] !== U8[bufferOffset + i]) return 0;
  return 1;
}

function hashView(self: Addr): number {
  if (!isLive(self)) return -1;
  if (!viewIsReadOnly(self)) {
    return raiseStatus(T.ValueError, "cannot hash writable memoryview object");
  }
  const bytes = toBytes(self);
  if (bytes === 0) return -1;
  const hash = hashBytes(bytes);
  decref(bytes);
  return hash;
}

function reprView(self: Addr): Addr {
  const address = (self * 4).toString(16).padStart(12, "0");
  return newStr(
    `<${I32[self + MemoryViewObject.Base] === 0 ? "released memory" : "memory"} at 0x${address}>`,
  );
}

function release(self: Addr): Addr {
  drop(self);
  return newNone();
}

function hex(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const bytes = toBytes(self);
  if (bytes === 0) return 0;
  const text = hexBytes(bytes, args, nargs, kwnames);
  decref(bytes);
  return text;
}

/** A getter that needs the view to be live. */
function attribute(name: string, get: (self: Addr) => Addr): ReturnType<typeof getSet> {
  return getSet(name, (self) => (isLive(self) ? get(self) : 0));
}

function tupleOf(value: number): Addr {
  const number = newInt(value);
  if (number === 0) return 0;
  const tuple = newTuple1(number);
  decref(number);
  return tuple;
}

function isContiguous(self: Addr): Addr {
  return newBool(
    I32[self + MemoryViewObject.Step] === 1 || I32[self + MemoryViewObject.Length] <= 1,
  );
}

defineType({
  type: T.MemoryView,
  name: "memoryview",
  flags: TypeFlag.HasGc,
  basicSize: MemoryViewObject.Bytes,
  slots: {
    dealloc: (self) => {
      drop(self);
      freeObject(self);
    },
    traverse: (self, visit) => {
      if (I32[self + MemoryViewObject.Base] !== 0) visit(I32[self + MemoryViewObject.Base]);
    },
    clear: drop,
    repr: reprView,
    hash: hashView,
    richCompare: compare,
    new: newObject,
    length: (self) => (isLive(self) ? I32[self + MemoryViewObject.Length] : -1),
    item: itemAt,
    subscript,
    setSubscript,
  },
  methods: [
    keywords("tobytes", (self) => toBytes(self)),
    noArgs("tolist", toList),
    noArgs("toreadonly", newReadOnlyView),
    noArgs("release", release),
    keywords("hex", hex),
    noArgs("__enter__", (self) => (isLive(self) ? incref(self) : 0)),
    fast("__exit__", (self) => release(self)),
  ],
  getSets: [
    attribute("obj", (self) => incref(I32[self + MemoryViewObject.Base])),
    attribute("nbytes", (self) => newInt(I32[self + MemoryViewObject.Length])),
    attribute("readonly", (self) => newBool(viewIsReadOnly(self))),
    attribute("format", () => newStr("B")),
    attribute("itemsize", () => newInt(1)),
    attribute("ndim", () => newInt(1)),
    attribute("shape", (self) => tupleOf(I32[self + MemoryViewObject.Length])),
    attribute("strides", (self) => tupleOf(I32[self + MemoryViewObject.Step])),
    attribute("contiguous", isContiguous),
    attribute("c_contiguous", isContiguous),
    attribute("f_contiguous", isContiguous),
  ],
  doc: "Create a new memoryview object which references the given object.",
});
