/**
 * The typed views of the bound heap. Import `heap` and copy the views you need into module-local
 * constants: `const I32 = heap.I32;`.
 */
import { boundHeap } from "./binding.js";

/** Index of a 4-byte word in the heap; 0 is NULL. Objects are aligned to 4 words. */
export type Addr = number;

const buffer = boundHeap(256 << 20);

export const heap = {
  buffer,
  /** Words, by address. */
  I32: new Int32Array(buffer),
  U32: new Uint32Array(buffer),
  /** Doubles, by `addr >> 1`. */
  F64: new Float64Array(buffer),
  /** Bytes, by `addr << 2`. */
  U8: new Uint8Array(buffer),
  /** UTF-16 units, by `addr << 1`. */
  U16: new Uint16Array(buffer),
  words: buffer.byteLength >> 2,
} as const;
