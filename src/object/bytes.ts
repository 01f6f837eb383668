/** bytes: immutable, data in the object (33 + n bytes), zero up to the next word boundary. */
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, malloc } from "../memory/pymalloc.js";
import { raiseMemoryError } from "./errors.js";
import { incref } from "./header.js";
import {
  ByteArrayObject,
  BytesObject,
  Head,
  MemoryViewObject,
  PickleBufferObject,
  TypeFlag,
  TypeObject,
} from "./layout.js";
import { copyBytes, hashWords } from "./str.js";
import { Kind, S, StaticArea, T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** Count of static bytes objects (R21). */
const STATIC_COUNT = 999_999_999;

/** Is `object` a bytes object or an instance of a subclass? */
export function isBytes(object: Addr): boolean {
  const type = I32[object + Head.Type];
  return type === T.Bytes || (I32[type + TypeObject.Flags] & TypeFlag.BytesSubclass) !== 0;
}

/** Number of bytes. */
export function bytesLength(object: Addr): number {
  return I32[object + BytesObject.Size];
}

/** Byte offset of the data in the heap. */
export function bytesData(object: Addr): number {
  return (object + BytesObject.Data) << 2;
}

/**
 * A bytes object of `length` (> 1) bytes whose data the caller writes. 0 with MemoryError pending
 * when the heap is exhausted.
 */
export function newBytesOfLength(length: number): Addr {
  const size = 33 + length;
  const object = size <= 512 ? allocateBlock((size - 1) >> 4) : malloc(size);
  if (object === 0) return raiseMemoryError();
  I32[object] = 1;
  I32[object + 1] = 0;
  I32[object + Head.Type] = T.Bytes;
  I32[object + 3] = 0;
  I32[object + BytesObject.Size] = length;
  I32[object + 5] = 0;
  I32[object + BytesObject.HashKnown] = 0;
  I32[object + BytesObject.Data + (length >> 2)] = 0;
  return object;
}

/** A new reference to `b""`. */
export function newEmptyBytes(): Addr {
  return incref(S.EmptyBytes);
}

/** A new reference to the shared bytes object of one byte (R24). */
export function newByte(byte: number): Addr {
  return incref(StaticArea.ByteObjects + byte * 12);
}

/** A bytes object with the `length` bytes at byte offset `offset` of the heap. */
export function newBytesAt(offset: number, length: number): Addr {
  if (length === 0) return newEmptyBytes();
  if (length === 1) return newByte(U8[offset]);
  const object = newBytesOfLength(length);
  if (object !== 0) copyBytes(bytesData(object), offset, length);
  return object;
}

/** A bytes object with the bytes of a JavaScript array. */
export function newBytes(source: Uint8Array): Addr {
  const length = source.length;
  if (length === 0) return newEmptyBytes();
  if (length === 1) return newByte(source[0]);
  const object = newBytesOfLength(length);
  if (object !== 0) U8.set(source, bytesData(object));
  return object;
}

/** A copy of the bytes for JavaScript code. */
export function getBytes(object: Addr): Uint8Array {
  const data = bytesData(object);
  return U8.slice(data, data + I32[object + BytesObject.Size]);
}

/** The hash, computed once an object. */
export function hashBytes(object: Addr): number {
  if (I32[object + BytesObject.HashKnown] === 1) return I32[object + BytesObject.Hash];
  const hash = hashWords(object + BytesObject.Data, I32[object + BytesObject.Size]);
  I32[object + BytesObject.Hash] = hash;
  I32[object + BytesObject.HashKnown] = 1;
  return hash;
}

function writeStaticBytes(address: Addr, length: number, byte: number): void {
  I32[address] = STATIC_COUNT;
  I32[address + Head.Type] = T.Bytes;
  I32[address + BytesObject.Size] = length;
  I32[address + BytesObject.HashKnown] = 0;
  I32[address + BytesObject.Data] = byte;
}

/** Build `b""` and the one-byte objects (R24). Runs once, at boot. */
export function initializeBytes(): void {
  writeStaticBytes(S.EmptyBytes, 0, 0);
  for (let byte = 0; byte < 256; byte++) {
    writeStaticBytes(StaticArea.ByteObjects + byte * 12, 1, byte);
  }
}

/** The bytes that {@link readBuffer} found: byte offset in the heap, and their number. */
export let bufferOffset = 0;
export let bufferLength = 0;

let viewOffset: (view: Addr) => number = () => -1;

/** memoryview.ts says where a contiguous view's bytes are (a byte offset, or -1). */
export function setViewReader(read: (view: Addr) => number): void {
  viewOffset = read;
}

/**
 * Find the bytes of a bytes, bytearray or contiguous memoryview object; false when `object` has
 * none.
 */
export function readBuffer(object: Addr): boolean {
  const type = I32[object + Head.Type];
  if (type === T.Bytes || isBytes(object)) {
    bufferOffset = bytesData(object);
    bufferLength = I32[object + BytesObject.Size];
    return true;
  }
  if (type === T.ByteArray || I32[type + TypeObject.Layout] === Kind.ByteArray) {
    const buffer = I32[object + ByteArrayObject.Buffer];
    bufferOffset = (buffer << 2) + I32[object + ByteArrayObject.Offset];
    bufferLength = I32[object + ByteArrayObject.Size];
    return true;
  }
  if (type === T.MemoryView) {
    bufferOffset = viewOffset(object);
    bufferLength = I32[object + MemoryViewObject.Length];
    return bufferOffset >= 0;
  }
  if (type === T.PickleBuffer) {
    const view = I32[object + PickleBufferObject.View];
    return view !== 0 && readBuffer(view);
  }
  return false;
}
