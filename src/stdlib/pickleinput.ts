/** Where an unpickler reads: bytes in memory, or an object with `read` and `readline`. */
import { type Addr, heap } from "../memory/heap.js";
import { bufferLength, bufferOffset, getBytes, isBytes, readBuffer } from "../object/bytes.js";
import { call0, call1 } from "../object/call.js";
import { clearPendingIf, raise, typeName } from "../object/errors.js";
import { decref, xdecref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { reprObject } from "../object/repr.js";
import { getString } from "../object/str.js";
import { T } from "../object/types.js";

const enum Reading {
  /** Bytes looked ahead at in a file that can `peek`. */
  Ahead = 131072,
  /** Most bytes asked of a file at once: a length in a pickle may be a lie. */
  Most = 1 << 20,
}

const NOTHING = new Uint8Array(0);

export class PickleInput {
  data: Uint8Array = NOTHING;
  /** Next byte of `data`, and the end of what may be read of it. */
  at = 0;
  end = 0;
  /** Where the bytes begin that were looked at ahead and are still to be read of the file. */
  #ahead = -1;

  /** @param read @param readline @param peek methods of a file, or 0 for bytes in memory */
  constructor(
    readonly read: Addr,
    readonly readline: Addr,
    public peek: Addr,
  ) {}

  /** Read what a bytes-like object holds, which the caller keeps; false with TypeError pending. */
  static over(source: Addr): PickleInput | null {
    if (!readBuffer(source)) {
      raise(T.TypeError, `a bytes-like object is required, not '${typeName(source)}'`);
      return null;
    }
    const input = new PickleInput(0, 0, 0);
    if (isBytes(source)) input.#set(heap.U8, bufferOffset, bufferLength);
    else input.#set(heap.U8.slice(bufferOffset, bufferOffset + bufferLength), 0, bufferLength);
    return input;
  }

  /** Read `length` bytes of `data` from `at` on, which the caller keeps. */
  static within(data: Uint8Array, at: number, length: number): PickleInput {
    const input = new PickleInput(0, 0, 0);
    input.#set(data, at, length);
    return input;
  }

  #set(data: Uint8Array, at: number, length: number): void {
    this.data = data;
    this.at = at;
    this.end = at + length;
  }

  /** The position in `data` of the next `count` bytes, which are read; -1 with an exception. */
  take(count: number): number {
    if (count > this.end - this.at && !this.#more(count)) return -1;
    const from = this.at;
    this.at += count;
    return from;
  }

  /** Read `count` bytes or one line (its end included) of the file into `data`. */
  #more(count: number): boolean {
    if (this.read === 0) return truncated();
    if (!this.finish()) return false;
    if (this.peek !== 0 && count < Reading.Ahead) {
      if (!this.#lookAhead()) return false;
      if (count <= this.end - this.at) return true;
    }
    const bytes = this.#fill(count);
    if (bytes === null) return false;
    this.#ahead = -1;
    this.#set(bytes, 0, bytes.length);
    return bytes.length >= count || truncated();
  }

  /** What the file gives for `read(count)`, asked in parts where that is much. */
  #fill(count: number): Uint8Array | null {
    if (count <= Reading.Most) return this.#ask(count);
    const parts: Uint8Array[] = [];
    let left = count;
    while (left > 0) {
      const part = this.#ask(Math.min(left, Reading.Most));
      if (part === null) return null;
      if (part.length === 0) break;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  #ask(count: number): Uint8Array | null {
    const size = newInt(count);
    if (size === 0) return null;
    const result = call1(this.read, size);
    decref(size);
    return bytesOfResult("read", result);
  }

  #lookAhead(): boolean {
    const size = newInt(Reading.Ahead);
    if (size === 0) return false;
    const result = call1(this.peek, size);
    decref(size);
    if (result === 0) {
      if (!clearPendingIf(T.NotImplementedError)) return false;
      this.peek = 0;
      return true;
    }
    const bytes = bytesOfResult("peek", result);
    if (bytes === null) return false;
    this.#set(bytes, 0, bytes.length);
    this.#ahead = 0;
    return true;
  }

  /** Read of the file what was only looked at and has been used. */
  finish(): boolean {
    const used = this.#ahead < 0 ? 0 : this.at - this.#ahead;
    if (used === 0) return true;
    this.#ahead = this.at;
    return this.#ask(used) !== null;
  }

  /** The position in `data` of the next line; its length with the end in `lineLength`. */
  line(): number {
    const length = this.data.subarray(this.at, this.end).indexOf(10) + 1;
    if (length > 0) {
      this.lineLength = length;
      this.at += length;
      return this.at - length;
    }
    if (this.read === 0) {
      truncated();
      return -1;
    }
    if (!this.finish()) return -1;
    const bytes = bytesOfResult("readline", call0(this.readline));
    if (bytes === null) return -1;
    if (bytes.length === 0 || bytes[bytes.length - 1] !== 10) {
      truncated();
      return -1;
    }
    this.#ahead = -1;
    this.#set(bytes, bytes.length, 0);
    this.lineLength = bytes.length;
    return 0;
  }

  lineLength = 0;
}

function truncated(): false {
  raise(T.UnpicklingError, "pickle data was truncated");
  return false;
}

/** The bytes that a file's method returned (stolen; 0: it raised). */
function bytesOfResult(method: string, result: Addr): Uint8Array | null {
  if (result === 0) return null;
  let bytes: Uint8Array | null = null;
  if (isBytes(result)) bytes = getBytes(result);
  else {
    const text = reprObject(result);
    if (text !== 0) {
      raise(T.ValueError, `${method}() returned non-bytes object (${getString(text)})`);
    }
    xdecref(text);
  }
  decref(result);
  return bytes;
}
