/**
 * Streams of Node's compression library, used step by step on the calling thread: what its
 * synchronous functions do inside, with the position in the input and the end of the data known.
 */
import {
  constants,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createInflateRaw,
  type ZlibOptions,
} from "node:zlib";
import { adler32, crcOfBytes } from "./crc.js";

/** The part of a stream of Node that works synchronously. */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
  close(): void;
}

interface NodeStream {
  readonly _handle: Handle;
  /** Bytes of output room and of input left over by the last step. */
  readonly _writeState: Uint32Array;
}

/** What the library says is wrong. */
export class DeflateError extends Error {
  constructor(
    readonly errno: number,
    message: string,
  ) {
    super(message);
  }
}

const CHUNK = 16384;
const NOTHING = new Uint8Array(0);

/** One stream and what a step of it left. */
class Stepper {
  readonly #stream: NodeStream;
  #error: DeflateError | null = null;
  /** Input used, and output made, by the last step. */
  used = 0;
  made = 0;

  constructor(stream: object) {
    this.#stream = stream as NodeStream;
    this.#stream._handle.onerror = (message, errno) => {
      this.#error = new DeflateError(errno, message);
    };
  }

  step(flush: number, input: Uint8Array, at: number, output: Uint8Array, to: number): void {
    const room = output.length - to;
    const length = input.length - at;
    this.#stream._handle.writeSync(flush, input, at, length, output, to, room);
    const [roomLeft, inputLeft] = this.#stream._writeState;
    this.made = room - roomLeft;
    this.used = length - inputLeft;
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error;
  }

  close(): void {
    this.#stream._handle.close();
  }
}

export interface CompressOptions {
  level: number;
  windowBits: number;
  memLevel: number;
  strategy: number;
  dictionary: Uint8Array | null;
}

/** Compressing in the format that the window bits say: 9…15 zlib, below 0 raw, 25…31 gzip. */
export class Compressor {
  readonly #stepper: Stepper;

  constructor({ level, windowBits, memLevel, strategy, dictionary }: CompressOptions) {
    const bits = Math.abs(windowBits) % 16;
    const options: ZlibOptions = { level, memLevel, strategy, windowBits: bits === 0 ? 15 : bits };
    if (dictionary !== null) options.dictionary = dictionary;
    if (windowBits < 0) this.#stepper = new Stepper(createDeflateRaw(options));
    else if (windowBits > 15) this.#stepper = new Stepper(createGzip(options));
    else this.#stepper = new Stepper(createDeflate(options));
  }

  /** Compress `input`; `flush` is one of the library's Z_ constants. */
  write(input: Uint8Array, flush: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const output = new Uint8Array(CHUNK);
      this.#stepper.step(flush, input, at, output, 0);
      at += this.#stepper.used;
      parts.push(output.subarray(0, this.#stepper.made));
      if (this.#stepper.made < CHUNK) return Buffer.concat(parts);
    }
  }

  close(): void {
    this.#stepper.close();
  }
}

type Part = "header" | "body" | "trailer" | "end";
type Format = "zlib" | "gzip" | "raw";

/** Decompressing. Headers and checks of zlib and gzip are read here, the rest by the library. */
export class Decompressor {
  #part: Part = "header";
  #format: Format | null;
  #held: Uint8Array = NOTHING;
  #stepper: Stepper | null = null;
  #check = 0;
  #length = 0;
  /** Output that came when none was asked for. */
  #spare: Uint8Array = NOTHING;
  /** Input that the last call did not use. */
  left: Uint8Array = NOTHING;

  /** @param windowBits 8…15 zlib, below 0 raw, 24…31 gzip, 40…47 either by its header */
  constructor(
    readonly windowBits: number,
    readonly dictionary: Uint8Array | null,
  ) {
    if (windowBits < 0) this.#format = "raw";
    else this.#format = windowBits < 16 ? "zlib" : windowBits < 32 ? "gzip" : null;
    if (this.#format === "raw") this.#startBody();
  }

  get ended(): boolean {
    return this.#part === "end";
  }

  /** The bytes that `input` gives, at most `most`. */
  write(input: Uint8Array, most: number): Uint8Array {
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, input]) : input;
    this.#held = NOTHING;
    let result: Uint8Array = NOTHING;
    if (this.#part === "header") {
      const size = this.#headerSize(rest);
      if (size < 0) {
        this.#held = rest;
        this.left = NOTHING;
        return NOTHING;
      }
      rest = rest.subarray(size);
      this.#startBody();
    }
    if (this.#part === "body") {
      result = this.#inflate(rest, most);
      rest = this.left;
    }
    if (this.#part === "trailer") rest = this.#trailer(rest);
    this.left = rest;
    return result;
  }

  #startBody(): void {
    const bits = Math.abs(this.windowBits) % 16;
    const options: ZlibOptions = { windowBits: bits === 0 ? 15 : bits };
    // A dictionary of zlib's format is asked for in the header, and given to the raw stream.
    if (this.dictionary !== null && (this.#format === "raw" || this.#needsDictionary)) {
      options.dictionary = this.dictionary;
    }
    this.#stepper = new Stepper(createInflateRaw(options));
    this.#part = "body";
    this.#check = this.#format === "gzip" ? 0 : 1;
  }

  #needsDictionary = false;

  /** Bytes of the header at the front of `data`; -1 when it is not complete. */
  #headerSize(data: Uint8Array): number {
    if (this.#format === null) {
      if (data.length === 0) return -1;
      if (data[0] !== 0x1f) this.#format = "zlib";
      else if (data.length < 2) return -1;
      else this.#format = data[1] === 0x8b ? "gzip" : "zlib";
    }
    return this.#format === "gzip" ? gzipHeader(data) : this.#zlibHeader(data);
  }

  #zlibHeader(data: Uint8Array): number {
    if (data.length < 2) return -1;
    if (((data[0] << 8) | data[1]) % 31 !== 0) throw new DeflateError(-3, "incorrect header check");
    if ((data[0] & 15) !== 8) throw new DeflateError(-3, "unknown compression method");
    const bits = (this.windowBits % 16 || 15) as number;
    if ((data[0] >> 4) + 8 > bits) throw new DeflateError(-3, "invalid window size");
    if ((data[1] & 0x20) === 0) return 2;
    if (data.length < 6) return -1;
    if (this.dictionary === null) throw new DeflateError(2, "");
    const id = ((data[2] << 24) | (data[3] << 16) | (data[4] << 8) | data[5]) >>> 0;
    if (adler32(1, this.dictionary, 0, this.dictionary.length) !== id) {
      throw new DeflateError(-100, "");
    }
    this.#needsDictionary = true;
    return 6;
  }

  #inflate(input: Uint8Array, most: number): Uint8Array {
    const stepper = this.#stepper as Stepper;
    const parts = [this.#spare];
    let [at, total, chunk] = [0, this.#spare.length, CHUNK];
    this.#spare = NOTHING;
    while (total < most) {
      const output = new Uint8Array(Math.min(chunk, most - total));
      stepper.step(constants.Z_SYNC_FLUSH, input, at, output, 0);
      at += stepper.used;
      total += stepper.made;
      parts.push(output.subarray(0, stepper.made));
      if (stepper.made < output.length) break;
      chunk = Math.min(2 * chunk, 1 << 20);
    }
    if (at < input.length && total >= most) {
      // The end of the data may follow without more output.
      stepper.step(constants.Z_SYNC_FLUSH, input, at, new Uint8Array(1), 1);
      at += stepper.used;
    }
    this.left = input.subarray(at);
    const result = Buffer.concat(parts);
    this.#length += result.length;
    if (this.#format === "gzip") this.#check = crcOfBytes(this.#check, result);
    else if (this.#format === "zlib") this.#check = adler32(this.#check, result, 0, result.length);
    if (this.#isAtEnd()) this.#part = this.#format === "raw" ? "end" : "trailer";
    return result;
  }

  /**
   * Asked to finish without input, a stream that is not at its end complains; unless it has output
   * left, which may come now: that byte is given with the next.
   */
  #isAtEnd(): boolean {
    const stepper = this.#stepper as Stepper;
    const byte = new Uint8Array(1);
    try {
      stepper.step(constants.Z_FINISH, NOTHING, 0, byte, 0);
    } catch (error) {
      if (error instanceof DeflateError && error.errno === constants.Z_BUF_ERROR) return false;
      throw error;
    }
    if (stepper.made > 0) this.#spare = byte;
    return stepper.made === 0;
  }

  /** Check the bytes behind the data; what follows them. */
  #trailer(data: Uint8Array): Uint8Array {
    const size = this.#format === "gzip" ? 8 : 4;
    if (data.length < size) {
      this.#held = data;
      return NOTHING;
    }
    const view = new DataView(data.buffer, data.byteOffset, size);
    const check = view.getUint32(0, this.#format === "gzip");
    if (check !== this.#check) throw new DeflateError(-3, "incorrect data check");
    if (size === 8 && view.getUint32(4, true) !== this.#length % 4294967296) {
      throw new DeflateError(-3, "incorrect length check");
    }
    this.#part = "end";
    return data.subarray(size);
  }

  close(): void {
    this.#stepper?.close();
  }
}

const enum GzipFlag {
  HeaderCheck = 2,
  Extra = 4,
  Name = 8,
  Comment = 16,
  Reserved = 0xe0,
}

/** Bytes of the gzip header (RFC 1952) at the front of `data`; -1 when it is not complete. */
function gzipHeader(data: Uint8Array): number {
  if (data.length < 10) {
    if (data.length > 1 && (data[0] !== 0x1f || data[1] !== 0x8b)) {
      throw new DeflateError(-3, "incorrect header check");
    }
    return -1;
  }
  if (data[0] !== 0x1f || data[1] !== 0x8b) throw new DeflateError(-3, "incorrect header check");
  if (data[2] !== 8) throw new DeflateError(-3, "unknown compression method");
  const flags = data[3];
  if ((flags & GzipFlag.Reserved) !== 0) throw new DeflateError(-3, "unknown header flags set");
  let at = 10;
  if ((flags & GzipFlag.Extra) !== 0) {
    if (data.length < at + 2) return -1;
    at += 2 + (data[at] | (data[at + 1] << 8));
  }
  for (const flag of [GzipFlag.Name, GzipFlag.Comment]) {
    if ((flags & flag) === 0) continue;
    const zero = data.indexOf(0, at);
    if (zero < 0) return -1;
    at = zero + 1;
  }
  if ((flags & GzipFlag.HeaderCheck) !== 0) {
    if (data.length < at + 2) return -1;
    const check = data[at] | (data[at + 1] << 8);
    if ((crcOfBytes(0, data.subarray(0, at)) & 0xffff) !== check) {
      throw new DeflateError(-3, "header crc mismatch");
    }
    at += 2;
  }
  return at <= data.length ? at : -1;
}
