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
  let crc = ~start;
  let at = offset;
  const end = offset + n;
  for (; at + 8 <= end; at += 8) {
    crc ^= U8[at] | (U8[at + 1] << 8) | (U8[at + 2] << 16) | (U8[at + 3] << 24);
    crc =
      T7[crc & 0xff] ^
      T6[(crc >>> 8) & 0xff] ^
      T5[(crc >>> 16) & 0xff] ^
      T4[crc >>> 24] ^
      T3[U8[at + 4]] ^
      T2[U8[at + 5]] ^
      T1[U8[at + 6]] ^
      T0[U8[at + 7]];
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ T0[(crc ^ U8[at]) & 0xff];
  return ~crc >>> 0;
}
