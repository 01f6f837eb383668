/** CRC-32 (ISO 3309, as zip, gzip and PNG use it) of bytes of the heap, eight at a time. */
import { heap } from "../memory/heap.js";

const U8 = heap.U8;

/** Table k: the CRC of a byte followed by k zero bytes. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++)
    value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  tables[0][byte] = value;
}
for (let k = 1; k < 8; k++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[k - 1][byte];
    tables[k][byte] = (before >>> 8) ^ tables[0][before & 0xff];
  }
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = tables;

/** The CRC of `n` bytes at byte offset `offset`, going on from `start` (0: none before). */
export function crc32(start: number, offset: number, n: number): number {
  return crcOf(U8, start, offset, n);
}

/** As {@link crc32}, of bytes outside of the heap. */
export function crcOfBytes(start: number, bytes: Uint8Array): number {
  return crcOf(bytes, start, 0, bytes.length);
}

function crcOf(bytes: Uint8Array, start: number, offset: number, n: number): number {
  let crc = ~start;
  let at = offset;
  const end = offset + n;
  for (; at + 8 <= end; at += 8) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc =
      T7[crc & 0xff] ^
      T6[(crc >>> 8) & 0xff] ^
      T5[(crc >>> 16) & 0xff] ^
      T4[crc >>> 24] ^
      T3[bytes[at + 4]] ^
      T2[bytes[at + 5]] ^
      T1[bytes[at + 6]] ^
      T0[bytes[at + 7]];
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ T0[(crc ^ bytes[at]) & 0xff];
  return ~crc >>> 0;
}

/** Most bytes whose sums stay below 2^32. */
const ADLER_RUN = 5552;

/** The Adler-32 checksum (RFC 1950) of `n` bytes, going on from `start` (1: none before). */
export function adler32(start: number, bytes: Uint8Array, offset: number, n: number): number {
  let a = start & 0xffff;
  let b = start >>> 16;
  for (let at = offset, end = offset + n; at < end; ) {
    const stop = Math.min(end, at + ADLER_RUN);
    for (; at < stop; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
