/** Bytes of a pickle under construction, cut into frames from protocol 4 on (PEP 3154). */
import { type Addr, heap } from "../memory/heap.js";
import { newBytes } from "../object/bytes.js";
import { call1 } from "../object/call.js";
import { raiseMemoryError } from "../object/errors.js";
import { decref } from "../object/header.js";
import { Opcode } from "./pickleopcodes.js";

/** A frame ends at the first opcode behind FrameTarget bytes; a payload as long stands outside. */
const enum Framing {
  Header = 9,
  Smallest = 4,
  Target = 65536,
  /** No frame is open. */
  None = -1,
}

/** Most bytes of one pickle: more do not fit in the heap. */
const MOST_BYTES = 2 ** 31 - 64;

/** Bytes of a buffer that is kept for the next pickle, at most. */
const MOST_KEPT = 65536;

/** The buffer of a finished pickle: making one takes as long as a small pickle does. */
let spare: Uint8Array | null = null;

export class PickleOutput {
  /** Cut what follows into frames? */
  framing = false;
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  #frameStart: number = Framing.None;

  /** @param write where finished frames go, or 0: the pickle is wanted as one bytes object */
  constructor(readonly write: Addr) {
    this.#bytes = spare ?? new Uint8Array(256);
    this.#view = new DataView(this.#bytes.buffer);
    spare = null;
  }

  /** Nothing more is written, and nobody looks at what was. */
  release(): void {
    if (this.#bytes.length <= MOST_KEPT) spare = this.#bytes;
  }

  /** All that was written, until {@link release}. */
  finished(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Make room for `count` bytes and open a frame when none is; false: MemoryError is pending. */
  #reserve(count: number): boolean {
    const opens = this.framing && this.#frameStart === Framing.None;
    const needed = this.#length + count + (opens ? Framing.Header : 0);
    if (needed > this.#bytes.length) {
      if (needed > MOST_BYTES) {
        raiseMemoryError();
        return false;
      }
      const grown = new Uint8Array(Math.min(MOST_BYTES, 2 * needed));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    if (opens) {
      this.#frameStart = this.#length;
      this.#length += Framing.Header;
    }
    return true;
  }

  byte(a: number): boolean {
    if (!this.#reserve(1)) return false;
    this.#bytes[this.#length++] = a;
    return true;
  }

  /** An opcode and an argument of one byte. */
  byte2(a: number, b: number): boolean {
    if (!this.#reserve(2)) return false;
    this.#bytes[this.#length++] = a;
    this.#bytes[this.#length++] = b;
    return true;
  }

  /** An opcode and an argument of two bytes. */
  word16(op: number, value: number): boolean {
    if (!this.#reserve(3)) return false;
    this.#bytes[this.#length] = op;
    this.#view.setUint16(this.#length + 1, value, true);
    this.#length += 3;
    return true;
  }

  /** An opcode and an argument of four bytes. */
  word32(op: number, value: number): boolean {
    if (!this.#reserve(5)) return false;
    this.#bytes[this.#length] = op;
    this.#view.setInt32(this.#length + 1, value, true);
    this.#length += 5;
    return true;
  }

  /** An opcode and a double, big-endian. */
  double(op: number, value: number): boolean {
    if (!this.#reserve(9)) return false;
    this.#bytes[this.#length] = op;
    this.#view.setFloat64(this.#length + 1, value, false);
    this.#length += 9;
    return true;
  }

  /** Text of Latin-1 characters. */
  text(text: string): boolean {
    if (!this.#reserve(text.length)) return false;
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
    return true;
  }

  bytes(source: Uint8Array): boolean {
    if (!this.#reserve(source.length)) return false;
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
    return true;
  }

  /** A small copy from byte offset `from` of the heap. */
  #copy(from: number, length: number): boolean {
    if (!this.#reserve(length)) return false;
    if (length > 64) this.#bytes.set(heap.U8.subarray(from, from + length), this.#length);
    else for (let i = 0; i < length; i++) this.#bytes[this.#length + i] = heap.U8[from + i];
    this.#length += length;
    return true;
  }

  /**
   * An opcode with the length of a payload in `width` bytes, and the payload: `length` bytes of
   * `source` from `from` on. A long one is not framed, and written to the file by itself.
   */
  payload(op: number, width: number, source: Uint8Array, from: number, length: number): boolean {
    const outside = length >= Framing.Target;
    const framing = this.framing;
    if (outside) {
      this.commit();
      this.framing = false;
    }
    if (!this.#header(op, width, length)) return false;
    let ok: boolean;
    if (outside && this.write !== 0) {
      ok = this.flush() && this.#hand(source.subarray(from, from + length));
    } else if (source === heap.U8) ok = this.#copy(from, length);
    else ok = this.bytes(source.subarray(from, from + length));
    this.framing = framing;
    return ok;
  }

  #header(op: number, width: number, length: number): boolean {
    if (!this.#reserve(1 + width)) return false;
    this.#bytes[this.#length] = op;
    if (width === 1) this.#bytes[this.#length + 1] = length;
    else if (width === 4) this.#view.setUint32(this.#length + 1, length, true);
    else this.#view.setBigUint64(this.#length + 1, BigInt(length), true);
    this.#length += 1 + width;
    return true;
  }

  /** Between two opcodes: end a frame that is long enough. */
  boundary(): boolean {
    if (this.#frameStart === Framing.None) return true;
    if (this.#length - this.#frameStart - Framing.Header < Framing.Target) return true;
    this.commit();
    return this.write === 0 || this.flush();
  }

  /** End the open frame: write its length, or do without its header when it is very short. */
  commit(): void {
    const start = this.#frameStart;
    if (start === Framing.None) return;
    const length = this.#length - start - Framing.Header;
    if (length >= Framing.Smallest) {
      this.#bytes[start] = Opcode.Frame;
      this.#view.setBigUint64(start + 1, BigInt(length), true);
    } else {
      this.#bytes.copyWithin(start, start + Framing.Header, this.#length);
      this.#length -= Framing.Header;
    }
    this.#frameStart = Framing.None;
  }

  /** Give what is there to the file. */
  flush(): boolean {
    const ok = this.#hand(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return ok;
  }

  #hand(source: Uint8Array): boolean {
    const chunk = newBytes(source);
    if (chunk === 0) return false;
    const result = call1(this.write, chunk);
    decref(chunk);
    if (result === 0) return false;
    decref(result);
    return true;
  }

  /** All that was written, as a bytes object. */
  take(): Addr {
    return newBytes(this.finished());
  }
}
