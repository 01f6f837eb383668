/** What bytes and bytearray methods share: their data, arguments, and results of the same type. */
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  isBytes,
  newByte,
  newBytesOfLength,
  newEmptyBytes,
  readBuffer,
} from "./bytes.js";
import { raise, raiseMemoryError, typeName } from "./errors.js";
import { initObject } from "./header.js";
import { asSsize, failed } from "./int.js";
import { ByteArrayObject, BytesObject, Head } from "./layout.js";
import { slotsOf } from "./slots.js";
import { copyBytes } from "./str.js";
import { StaticArea, T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

const enum ByteArrayBytes {
  Object = 56,
}

/** Byte offset of the data of a bytes or bytearray object. */
export function dataOf(self: Addr): number {
  if (isBytes(self)) return bytesData(self);
  return (I32[self + ByteArrayObject.Buffer] << 2) + I32[self + ByteArrayObject.Offset];
}

/** Number of bytes of a bytes or bytearray object. */
export function sizeOf(self: Addr): number {
  return I32[self + BytesObject.Size];
}

/** A bytearray of `length` bytes whose data the caller writes. */
export function newByteArrayOfLength(length: number): Addr {
  const object = malloc(ByteArrayBytes.Object);
  if (object === 0) return raiseMemoryError();
  let buffer: Addr = 0;
  if (length > 0) {
    buffer = malloc(length + 1);
    if (buffer === 0) {
      free(object);
      return raiseMemoryError();
    }
    U8[(buffer << 2) + length] = 0;
  }
  initObject(object, T.ByteArray);
  I32[object + ByteArrayObject.Size] = length;
  I32[object + ByteArrayObject.Allocated] = length > 0 ? length + 1 : 0;
  I32[object + ByteArrayObject.Buffer] = buffer;
  I32[object + ByteArrayObject.Offset] = 0;
  I32[object + ByteArrayObject.Exports] = 0;
  return object;
}

/** A bytes or bytearray object, as `self` is one, of `length` bytes for the caller to write. */
export function newLike(self: Addr, length: number): Addr {
  if (!isBytes(self)) return newByteArrayOfLength(length);
  return length === 0 ? newEmptyBytes() : newBytesOfLength(length);
}

/** Exchange a bytes object of one byte that was just written for the shared one (R24). */
export function shareByte(object: Addr): Addr {
  if (object === 0 || !isBytes(object) || I32[object + BytesObject.Size] !== 1) return object;
  const byte = U8[bytesData(object)];
  free(object);
  return newByte(byte);
}

/** A copy of the bytes at byte offset `offset`, in an object as `self` is one. */
export function newLikeAt(self: Addr, offset: number, length: number): Addr {
  const object = newLike(self, length);
  if (object !== 0 && length > 0) copyBytes(dataOf(object), offset, length);
  return shareByte(object);
}

/** `self` itself where that is allowed (exact bytes), else a copy (a new reference). */
export function newSame(self: Addr): Addr {
  if (I32[self + Head.Type] === T.Bytes) {
    I32[self]++;
    return self;
  }
  return newLikeAt(self, dataOf(self), sizeOf(self));
}

/** Find the bytes of a bytes-like argument (readBuffer); else TypeError and false. */
export function requireBuffer(object: Addr): boolean {
  if (readBuffer(object)) return true;
  raise(T.TypeError, `a bytes-like object is required, not '${typeName(object)}'`);
  return false;
}

/** The value of a byte argument, an int of 0…255; -1 with an exception pending. */
export function readByte(object: Addr): number {
  const value = asSsize(object);
  if (failed(value)) return -1;
  if (value >= 0 && value < 256) return value;
  raise(T.ValueError, "byte must be in range(0, 256)");
  return -1;
}

/** The bytes that {@link readNeedle} found. */
export let needleOffset = 0;
export let needleLength = 0;

/** A text to search for: bytes-like, or one byte as an int. False with an exception pending. */
export function readNeedle(object: Addr): boolean {
  if (readBuffer(object)) {
    needleOffset = bufferOffset;
    needleLength = bufferLength;
    return true;
  }
  if (slotsOf(I32[object + Head.Type]).index === null) {
    const name = typeName(object);
    raise(T.TypeError, `argument should be integer or bytes-like object, not '${name}'`);
    return false;
  }
  const byte = readByte(object);
  if (byte < 0) return false;
  needleOffset = bytesData(StaticArea.ByteObjects + byte * 12);
  needleLength = 1;
  return true;
}
