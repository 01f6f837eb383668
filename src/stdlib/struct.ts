/** The native part of struct: packing values into bytes and back, after Modules/_struct.c. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  bytesLength,
  isBytes,
  newByte,
  newBytesAt,
  newBytesOfLength,
  newEmptyBytes,
  readBuffer,
} from "../object/bytes.js";
import { requireBuffer, shareByte } from "../object/bytesbuffer.js";
import {
  defineModule,
  defineType,
  fast,
  getSet,
  keywords,
  noArgs,
  oneArg,
} from "../object/define.js";
import {
  clearPending,
  newNone,
  pending,
  raise,
  raiseMemoryError,
  raiseStatus,
  typeName,
} from "../object/errors.js";
import { exceptionSlots } from "../object/exceptions.js";
import { asDouble, newFloat } from "../object/float.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { clearField, decref, incref } from "../object/header.js";
import { clearWeakReferences, newObjectOf } from "../object/instance.js";
import {
  asIndex,
  asSsize,
  failed,
  getBig,
  isInt,
  newBool,
  newInt,
  newInt32,
  newIntFromPair,
  newIntFromWords,
  numberIndex,
} from "../object/int.js";
import {
  ByteArrayObject,
  ExceptionObject,
  FloatObject,
  Head,
  IntObject,
  MemoryViewObject,
  StrObject,
  TupleObject,
  TypeFlag,
} from "../object/layout.js";
import { fieldSlots } from "../object/nativeiterator.js";
import { isTrue } from "../object/number.js";
import { slotsOf } from "../object/slots.js";
import { copyBytes, getString, hashStr, isStr, newStrLatin1 } from "../object/str.js";
import { encodeStr } from "../object/strconvert.js";
import { MAX_HEAP_SIZE } from "../object/textarguments.js";
import { newTuple } from "../object/tuple.js";
import { T } from "../object/types.js";
import { setModuleItem } from "./moduletypes.js";
import { Code, type Field, type Format, halfBits, halfValue, readFormat } from "./structformat.js";

const I32 = heap.I32;
const U8 = heap.U8;
const bound = new Int32Array(4);

const scratchBytes = new Uint8Array(8);
const scratchF32 = new Float32Array(scratchBytes.buffer);

const enum Struct {
  /** The format, a str. */
  Text = 4,
  WeakList = 6,
  Bytes = 56,
}

const enum UnpackIterator {
  Struct = 4,
  Buffer = 6,
  /** Bytes read so far. */
  At = 8,
  Bytes = 112,
}

defineType({
  type: T.StructError,
  name: "struct.error",
  base: T.Exception,
  flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
  basicSize: ExceptionObject.Bytes,
  dictOffset: ExceptionObject.Dict,
  slots: exceptionSlots,
});

/** Formats read lately on this thread, by the hash of their text. */
const recent: (Format | undefined)[] = new Array(64).fill(undefined);

function sameText(text: string, str: Addr): boolean {
  const n = I32[str + StrObject.Length];
  if (n !== text.length || (I32[str + StrObject.State] & StrObject.Ascii) === 0) return false;
  const data = I32[str + StrObject.Data];
  for (let i = 0; i < n; i++) if (U8[data + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The format that a str or bytes object stands for; null with an exception pending. */
function formatOf(object: Addr): Format | null {
  if (!isStr(object)) {
    if (!isBytes(object)) {
      const given = typeName(object);
      raise(T.TypeError, `Struct() argument 1 must be a str or bytes object, not ${given}`);
      return null;
    }
    const text = textOf(object);
    const format = text === 0 ? null : accept(readFormat(getString(text)));
    if (text !== 0) decref(text);
    return format;
  }
  const slot = hashStr(object) & 63;
  const known = recent[slot];
  if (known !== undefined && sameText(known.text, object)) return known;
  if ((I32[object + StrObject.State] & StrObject.Ascii) === 0) {
    const encoded = encodeStr(object, "ascii", "strict");
    if (encoded === 0) return null;
    decref(encoded);
  }
  const format = accept(readFormat(getString(object)));
  if (format !== null) recent[slot] = format;
  return format;
}

/** A format that was given as str or bytes, as a str (new reference). */
function textOf(object: Addr): Addr {
  return isStr(object) ? incref(object) : newStrLatin1(bytesData(object), bytesLength(object));
}

function accept(format: Format | string): Format | null {
  if (typeof format !== "string") return format;
  raise(T.StructError, format);
  return null;
}

/** An int that `object` stands for (new reference), or 0 with struct.error pending. */
function integerOf(object: Addr): Addr {
  if (isInt(object)) return incref(object);
  if (slotsOf(I32[object + Head.Type]).index === null) {
    return raise(T.StructError, "required argument is not an integer");
  }
  return numberIndex(object);
}

const RANGE_NAMES: Record<string, string> = { b: "byte", B: "ubyte", h: "short", H: "ushort" };

/** Does CPython pack the field with the function of the machine's own short or byte? */
function isNativeShort(field: Field, little: boolean): boolean {
  return field.size === 1 || (field.size === 2 && little);
}

function raiseRange(field: Field, little: boolean): -1 {
  const bits = field.size * 8;
  const signed = field.code === Code.Signed;
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const name = isNativeShort(field, little) ? RANGE_NAMES[field.letter] : `'${field.letter}'`;
  return raiseStatus(T.StructError, `${name} format requires ${least} <= number <= ${most}`);
}

/** Low and high word of the int last read by {@link readWords}. */
let low = 0;
let high = 0;

/** The int cannot be read as the C type at all. */
function raiseSize(field: Field, little: boolean): -1 {
  const generic = field.code === Code.Pointer || (field.size === 8 && !little);
  const message = generic ? "int too large to convert" : "argument out of range";
  return raiseStatus(T.StructError, message);
}

/** The 64 bits of an int for `field`; -1 with an exception pending when it does not fit them. */
function readWords(value: Addr, field: Field, little: boolean): number {
  const compact = I32[value + IntObject.Value];
  // What C reads as a long: signed formats and the short unsigned ones.
  const asLong = field.code === Code.Signed || isNativeShort(field, little);
  if (compact !== IntObject.NotCompact) {
    low = compact;
    high = compact >> 31;
    if (high < 0 && !asLong && field.code !== Code.Pointer) return raiseSize(field, little);
    return 0;
  }
  const big = getBig(value);
  const least = asLong || field.code === Code.Pointer ? -(1n << 63n) : 0n;
  const most = asLong ? (1n << 63n) - 1n : (1n << 64n) - 1n;
  if (big < least || big > most) {
    return raiseSize(field, little);
  }
  low = Number(BigInt.asIntN(32, big));
  high = Number(BigInt.asIntN(32, big >> 32n));
  return 0;
}

/** Do the words {@link readWords} gave fit the field's bytes? */
function fits(field: Field): boolean {
  const { size } = field;
  if (size === 8) return true;
  if (field.code === Code.Unsigned) {
    if (high !== 0) return false;
    return size === 4 || low >>> (size * 8) === 0;
  }
  if (high !== low >> 31) return false;
  const unused = 32 - size * 8;
  return (low << unused) >> unused === low;
}

function storeWords(at: number, size: number, little: boolean): void {
  for (let i = 0; i < size; i++) {
    const byte = i < 4 ? low >> (8 * i) : high >> (8 * (i - 4));
    U8[little ? at + i : at + size - 1 - i] = byte;
  }
}

function packInteger(at: number, object: Addr, field: Field, little: boolean): number {
  const value = integerOf(object);
  if (value === 0) return -1;
  const status = readWords(value, field, little);
  decref(value);
  if (status < 0) return -1;
  if (!fits(field)) return raiseRange(field, little);
  storeWords(at, field.size, little);
  return 0;
}

function packFloat(at: number, object: Addr, field: Field, format: Format): number {
  const value = asDouble(object);
  if (Number.isNaN(value) && pending()) {
    clearPending();
    return raiseStatus(T.StructError, "required argument is not a float");
  }
  if (field.code === Code.Half) {
    low = halfBits(value);
    if (low < 0) return raiseTooLarge(object, "e");
  } else {
    scratchF32[0] = value;
    const overflow = !Number.isFinite(scratchF32[0]) && Number.isFinite(value);
    if (overflow && !format.native) return raiseTooLarge(object, "f");
    low =
      scratchBytes[0] | (scratchBytes[1] << 8) | (scratchBytes[2] << 16) | (scratchBytes[3] << 24);
  }
  storeWords(at, field.size, format.little);
  return 0;
}

function raiseTooLarge(object: Addr, letter: string): -1 {
  if (isInt(object)) return raiseStatus(T.StructError, "int too large to convert");
  return raiseStatus(T.OverflowError, `float too large to pack with ${letter} format`);
}

function packDouble(at: number, object: Addr, little: boolean): number {
  let float = object;
  if (I32[object + Head.Type] === T.Float) incref(float);
  else {
    const value = asDouble(object);
    if (Number.isNaN(value) && pending()) {
      clearPending();
      return raiseStatus(T.StructError, "required argument is not a float");
    }
    float = newFloat(value);
    if (float === 0) return -1;
  }
  low = I32[float + 2 * FloatObject.Index];
  high = I32[float + 2 * FloatObject.Index + 1];
  decref(float);
  storeWords(at, 8, little);
  return 0;
}

function packBytes(at: number, object: Addr, field: Field): number {
  const { code, size } = field;
  if (code === Code.Char) {
    if (!isBytes(object) || I32[object + Head.Size] !== 1) {
      return raiseStatus(T.StructError, "char format requires a bytes object of length 1");
    }
    U8[at] = U8[bytesData(object)];
    return 0;
  }
  if (!isBytes(object) && I32[object + Head.Type] !== T.ByteArray) {
    return raiseStatus(T.StructError, `argument for '${field.letter}' must be a bytes object`);
  }
  readBuffer(object);
  if (code === Code.Bytes) {
    copyBytes(at, bufferOffset, Math.min(size, bufferLength));
  } else if (size > 0) {
    const n = Math.min(size - 1, bufferLength);
    copyBytes(at + 1, bufferOffset, n);
    U8[at] = Math.min(n, 255);
  }
  return 0;
}

function packItem(at: number, object: Addr, field: Field, format: Format): number {
  switch (field.code) {
    case Code.Signed:
    case Code.Unsigned:
    case Code.Pointer:
      return packInteger(at, object, field, format.little);
    case Code.Half:
    case Code.Single:
      return packFloat(at, object, field, format);
    case Code.Double:
      return packDouble(at, object, format.little);
    case Code.Bool: {
      const truth = isTrue(object);
      if (truth >= 0) U8[at] = truth;
      return truth < 0 ? -1 : 0;
    }
    default:
      return packBytes(at, object, field);
  }
}

/** Write the values at `args` to byte offset `at`, which has room and stays where it is. */
function packInto(format: Format, at: number, args: Addr): number {
  U8.fill(0, at, at + format.size);
  let arg = args;
  for (const field of format.fields) {
    let to = at + field.offset;
    for (let i = 0; i < field.repeat; i++, to += field.size) {
      if (packItem(to, I32[arg++], field, format) < 0) return -1;
    }
  }
  return 0;
}

/** `n` arguments for the items of `format`? */
function checkCount(format: Format, n: number, name: string): boolean {
  if (n === format.items) return true;
  raise(T.StructError, `${name} expected ${format.items} items for packing (got ${n})`);
  return false;
}

function pack(format: Format, args: Addr, nargs: number): Addr {
  if (!checkCount(format, nargs, "pack")) return 0;
  if (format.size === 0) return packInto(format, 0, args) < 0 ? 0 : newEmptyBytes();
  if (format.size > MAX_HEAP_SIZE) return raiseMemoryError();
  const result = newBytesOfLength(format.size);
  if (result === 0) return 0;
  if (packInto(format, bytesData(result), args) === 0) return shareByte(result);
  decref(result);
  return 0;
}

/** Where `offset` of a buffer of `length` bytes is, with room for `size` more; -1: exception. */
function placeOf(offset: number, length: number, size: number, packing: boolean): number {
  let at = offset;
  if (offset < 0) {
    if (offset + size > 0) {
      const what = packing ? "no space to pack" : "not enough data to unpack";
      return raiseStatus(T.StructError, `${what} ${size} bytes at offset ${offset}`);
    }
    if (offset + length < 0) {
      return raiseStatus(T.StructError, `offset ${offset} out of range for ${length}-byte buffer`);
    }
    at = offset + length;
  }
  if (length - at >= size) return at;
  const name = packing ? "pack_into" : "unpack_from";
  const doing = packing ? "packing" : "unpacking";
  return raiseStatus(
    T.StructError,
    `${name} requires a buffer of at least ${size + at} bytes for ${doing} ${size} bytes at ` +
      `offset ${at} (actual buffer size is ${length})`,
  );
}

/** Is `object` a buffer that can be written to? Its bytes are then found (readBuffer). */
function findWritable(object: Addr): boolean {
  if (isBytes(object) || !readBuffer(object)) return false;
  const isView = I32[object + Head.Type] === T.MemoryView;
  return !isView || !isBytes(I32[object + MemoryViewObject.Base]);
}

function packIntoBuffer(format: Format, args: Addr, nargs: number): Addr {
  if (nargs === 0) return raise(T.StructError, "pack_into expected buffer argument");
  if (nargs === 1) return raise(T.StructError, "pack_into expected offset argument");
  if (!checkCount(format, nargs - 2, "pack_into")) return 0;
  const buffer = I32[args];
  if (!findWritable(buffer)) {
    const given = typeName(buffer);
    return raise(T.TypeError, `argument must be read-write bytes-like object, not ${given}`);
  }
  const offset = asIndex(I32[args + 1], T.IndexError);
  if (failed(offset) || !findWritable(buffer)) return 0;
  const at = placeOf(offset, bufferLength, format.size, true);
  if (at < 0) return 0;
  const base =
    I32[buffer + Head.Type] === T.MemoryView ? I32[buffer + MemoryViewObject.Base] : buffer;
  // Values may run code of the program: the bytes must stay where they are meanwhile.
  incref(base);
  I32[base + ByteArrayObject.Exports]++;
  const status = packInto(format, bufferOffset + at, args + 2);
  I32[base + ByteArrayObject.Exports]--;
  decref(base);
  return status < 0 ? 0 : newNone();
}

/** Load the two words at byte offset `at`, sign-extended for `signed`, into low and high. */
function loadWords(at: number, size: number, little: boolean, signed: boolean): void {
  let first = 0;
  let second = 0;
  for (let i = 0; i < size; i++) {
    const byte = U8[little ? at + i : at + size - 1 - i];
    if (i < 4) first |= byte << (8 * i);
    else second |= byte << (8 * (i - 4));
  }
  if (size < 4 && signed) first = (first << (32 - 8 * size)) >> (32 - 8 * size);
  low = first;
  high = size === 8 ? second : signed ? first >> 31 : 0;
}

function unpackBytes(at: number, field: Field): Addr {
  if (field.code === Code.Char) return newByte(U8[at]);
  if (field.code === Code.Bytes) return newBytesAt(at, field.size);
  if (field.size === 0) return newEmptyBytes();
  return newBytesAt(at + 1, Math.min(U8[at], field.size - 1));
}

function unpackFloat(at: number, field: Field, little: boolean): Addr {
  loadWords(at, field.size, little, false);
  if (field.code === Code.Half) return newFloat(halfValue(low));
  if (field.code === Code.Single) {
    for (let i = 0; i < 4; i++) scratchBytes[i] = low >> (8 * i);
    return newFloat(scratchF32[0]);
  }
  const float = newFloat(0);
  if (float !== 0) {
    I32[float + 2 * FloatObject.Index] = low;
    I32[float + 2 * FloatObject.Index + 1] = high;
  }
  return float;
}

function unpackItem(at: number, field: Field, little: boolean): Addr {
  switch (field.code) {
    case Code.Signed:
      loadWords(at, field.size, little, true);
      return field.size < 8 ? newInt32(low) : newIntFromWords(low, high, high >> 31);
    case Code.Unsigned:
    case Code.Pointer:
      loadWords(at, field.size, little, false);
      if (field.size < 4) return newInt32(low);
      return high === 0 ? newInt(low >>> 0) : newIntFromPair(high >>> 0, low >>> 0, false);
    case Code.Half:
    case Code.Single:
    case Code.Double:
      return unpackFloat(at, field, little);
    case Code.Bool:
      return newBool(U8[at] !== 0);
    default:
      return unpackBytes(at, field);
  }
}

/** A tuple of the values at byte offset `at` of the heap. */
function unpackAt(format: Format, at: number): Addr {
  if (format.items > MAX_HEAP_SIZE) return raiseMemoryError();
  const tuple = newTuple(format.items);
  if (tuple === 0 || format.items === 0) return tuple;
  let to = tuple + TupleObject.Items;
  for (const field of format.fields) {
    let from = at + field.offset;
    for (let i = 0; i < field.repeat; i++, from += field.size, to += 2) {
      const value = unpackItem(from, field, format.little);
      if (value === 0) {
        decref(tuple);
        return 0;
      }
      I32[to] = value;
    }
  }
  track(tuple);
  return tuple;
}

function unpack(format: Format, buffer: Addr): Addr {
  if (!requireBuffer(buffer)) return 0;
  if (bufferLength !== format.size) {
    return raise(T.StructError, `unpack requires a buffer of ${format.size} bytes`);
  }
  return unpackAt(format, bufferOffset);
}

function unpackFrom(format: Format, buffer: Addr, offsetObject: Addr): Addr {
  const offset = offsetObject === 0 ? 0 : asSsize(offsetObject);
  if (failed(offset) || !requireBuffer(buffer)) return 0;
  const at = placeOf(offset, bufferLength, format.size, false);
  return at < 0 ? 0 : unpackAt(format, bufferOffset + at);
}

function newUnpackIterator(struct: Addr, format: Format, buffer: Addr): Addr {
  if (format.size === 0) {
    return raise(T.StructError, "cannot iteratively unpack with a struct of length 0");
  }
  if (!requireBuffer(buffer)) return 0;
  if (bufferLength % format.size !== 0) {
    const message = `iterative unpacking requires a buffer of a multiple of ${format.size} bytes`;
    return raise(T.StructError, message);
  }
  const iterator = newGcObject(T.StructIterator, UnpackIterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + UnpackIterator.Struct] = incref(struct);
  I32[iterator + UnpackIterator.Buffer] = incref(buffer);
  if (exportsOf(buffer)) I32[buffer + ByteArrayObject.Exports]++;
  track(iterator);
  return iterator;
}

/** Does the object count who relies on its bytes? */
function exportsOf(buffer: Addr): boolean {
  return !isBytes(buffer) && I32[buffer + Head.Type] !== T.MemoryView;
}

function dropBuffer(self: Addr): void {
  const buffer = I32[self + UnpackIterator.Buffer];
  if (buffer === 0) return;
  if (exportsOf(buffer)) I32[buffer + ByteArrayObject.Exports]--;
  clearField(self + UnpackIterator.Buffer);
}

/** The format of a Struct instance; null with an exception pending. */
function formatIn(self: Addr): Format | null {
  const text = I32[self + Struct.Text];
  if (text !== 0) return formatOf(text);
  raise(T.RuntimeError, "Struct object is not initialized");
  return null;
}

function iteratorNext(self: Addr): Addr {
  const buffer = I32[self + UnpackIterator.Buffer];
  if (buffer === 0) return 0;
  const format = formatIn(I32[self + UnpackIterator.Struct]);
  if (format === null) return 0;
  const at = I32[self + UnpackIterator.At];
  if (!readBuffer(buffer) || at + format.size > bufferLength) {
    dropBuffer(self);
    return 0;
  }
  I32[self + UnpackIterator.At] = at + format.size;
  return unpackAt(format, bufferOffset + at);
}

function iteratorHint(self: Addr): Addr {
  const buffer = I32[self + UnpackIterator.Buffer];
  const format = buffer === 0 ? null : formatIn(I32[self + UnpackIterator.Struct]);
  if (format === null || !readBuffer(buffer)) return pending() ? 0 : newInt(0);
  return newInt((bufferLength - I32[self + UnpackIterator.At]) / format.size);
}

defineType({
  type: T.StructIterator,
  name: "_struct.unpack_iterator",
  flags: TypeFlag.HasGc | TypeFlag.DisallowInstantiation,
  basicSize: UnpackIterator.Bytes,
  slots: {
    dealloc: (self) => {
      untrack(self);
      dropBuffer(self);
      clearField(self + UnpackIterator.Struct);
      freeObject(self);
    },
    traverse: (self, visit) => {
      visit(I32[self + UnpackIterator.Struct]);
      if (I32[self + UnpackIterator.Buffer] !== 0) visit(I32[self + UnpackIterator.Buffer]);
    },
    iter: incref,
    iterNext: iteratorNext,
  },
  methods: [noArgs("__length_hint__", iteratorHint)],
});

function structInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!bindArguments("Struct", args, nargs, kwnames, ["format"], 1, bound)) return -1;
  const given = bound[0];
  if (formatOf(given) === null) return -1;
  const text = textOf(given);
  if (text === 0) return -1;
  clearField(self + Struct.Text);
  I32[self + Struct.Text] = text;
  return 0;
}

const structFields = fieldSlots([Struct.Text]);

/** Run `use` with the format of an instance. */
function withFormat(use: (format: Format, args: Addr, nargs: number) => Addr) {
  return (self: Addr, args: Addr, nargs: number): Addr => {
    const format = formatIn(self);
    return format === null ? 0 : use(format, args, nargs);
  };
}

function methodUnpackFrom(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["buffer", "offset"];
  if (!bindArguments("unpack_from", args, nargs, kwnames, names, 1, bound)) return 0;
  const format = formatIn(self);
  return format === null ? 0 : unpackFrom(format, bound[0], bound[1]);
}

defineType({
  type: T.Struct,
  name: "_struct.Struct",
  flags: TypeFlag.BaseType | TypeFlag.HasGc,
  basicSize: Struct.Bytes,
  weakListOffset: Struct.WeakList,
  slots: {
    ...structFields,
    dealloc: (self) => {
      untrack(self);
      if (I32[self + Struct.WeakList] !== 0) clearWeakReferences(self, Struct.WeakList);
      structFields.dealloc(self);
    },
    new: newObjectOf,
    init: structInit,
  },
  methods: [
    fast("pack", withFormat(pack)),
    fast("pack_into", withFormat(packIntoBuffer)),
    oneArg("unpack", (self, buffer) => {
      const format = formatIn(self);
      return format === null ? 0 : unpack(format, buffer);
    }),
    keywords("unpack_from", methodUnpackFrom),
    oneArg("iter_unpack", (self, buffer) => {
      const format = formatIn(self);
      return format === null ? 0 : newUnpackIterator(self, format, buffer);
    }),
  ],
  getSets: [
    getSet("format", (self) => (formatIn(self) === null ? 0 : incref(I32[self + Struct.Text]))),
    getSet("size", (self) => {
      const format = formatIn(self);
      return format === null ? 0 : newInt(format.size);
    }),
  ],
  doc: "Struct(fmt) --> compiled struct object\n\n",
});

/** A module function whose first argument is the format, and which takes `total` arguments. */
function withFirst(name: string, total: number, use: (format: Format, args: Addr) => Addr) {
  return fast(name, (_module, args, nargs) => {
    if (nargs !== total) {
      return raise(T.TypeError, `${name} expected ${total} arguments, got ${nargs}`);
    }
    const format = formatOf(I32[args]);
    return format === null ? 0 : use(format, args + 1);
  });
}

function packing(name: string, use: (format: Format, args: Addr, nargs: number) => Addr) {
  return fast(name, (_module, args, nargs) => {
    if (nargs === 0) return raise(T.TypeError, "missing format argument");
    const format = formatOf(I32[args]);
    return format === null ? 0 : use(format, args + 1, nargs - 1);
  });
}

function moduleUnpackFrom(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["format", "buffer", "offset"];
  if (!bindArguments("unpack_from", args, nargs, kwnames, names, 2, bound, 1)) return 0;
  const format = formatOf(bound[0]);
  return format === null ? 0 : unpackFrom(format, bound[1], bound[2]);
}

function iterUnpack(format: Format, text: Addr, buffer: Addr): Addr {
  const struct = newObjectOf(T.Struct);
  if (struct === 0) return 0;
  I32[struct + Struct.Text] = textOf(text);
  const iterator = pending() ? 0 : newUnpackIterator(struct, format, buffer);
  decref(struct);
  return iterator;
}

defineModule({
  name: "_struct",
  doc: "Functions to convert between Python values and C structs.",
  functions: [
    oneArg("calcsize", (_module, text) => {
      const format = formatOf(text);
      return format === null ? 0 : newInt(format.size);
    }),
    packing("pack", pack),
    packing("pack_into", packIntoBuffer),
    withFirst("unpack", 2, (format, args) => unpack(format, I32[args])),
    withFirst("iter_unpack", 2, (format, args) => iterUnpack(format, I32[args - 1], I32[args])),
    keywords("unpack_from", moduleUnpackFrom),
    noArgs("_clearcache", () => newNone()),
  ],
  setup: (_module, dict) => {
    if (setModuleItem(dict, "error", T.StructError) < 0) return -1;
    return setModuleItem(dict, "Struct", T.Struct);
  },
});
