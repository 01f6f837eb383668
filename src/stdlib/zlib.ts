/**
 * The module zlib, over the compression library that Node holds: what it compresses can be read by
 * any zlib, but need not be the same bytes. Every step of a stream is without the GIL (I20). The
 * library's streams belong to the thread that made them; another cannot use their objects.
 */
import { constants } from "node:zlib";
import { type Addr, heap } from "../memory/heap.js";
import { onRenewal } from "../memory/renewal.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import {
  bufferLength,
  bufferOffset,
  newBytes,
  newEmptyBytes,
  readBuffer,
} from "../object/bytes.js";
import { requireBuffer } from "../object/bytesbuffer.js";
import {
  defineModule,
  defineType,
  fast,
  getSet,
  keywords,
  member,
  oneArg,
} from "../object/define.js";
import { pending, raise } from "../object/errors.js";
import { exceptionSlots } from "../object/exceptions.js";
import { freeObject } from "../object/gcheader.js";
import { clearField, decref, setField, xdecref } from "../object/header.js";
import { newObjectOf } from "../object/instance.js";
import { asIndex, asSsize, getBig, newBool, newInt, numberIndex } from "../object/int.js";
import { ExceptionObject, TypeFlag } from "../object/layout.js";
import { newStr } from "../object/str.js";
import { T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { adler32, crc32 } from "./crc.js";
import { Compressor, Decompressor, DeflateError } from "./deflate.js";
import { setModuleItem } from "./moduletypes.js";
import { pin, unpin } from "./pin.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** Stream objects: which stream of which thread; the bytes left over (counted). */
const enum Stream {
  Thread = 4,
  Number = 5,
  Unused = 6,
  Tail = 8,
  Ended = 10,
  Bytes = 48,
}

/** As the errno of a {@link DeflateError}: the dictionary is another one. */
const DICTIONARY = -100;
/** I20: data above which checksums release the GIL. */
const RELEASE_ABOVE = 5120;
/** Most bytes that one call gives: more do not fit in the heap. */
const MOST_BYTES = 2 ** 31 - 64;

/** This thread's mark, and its streams by number, with their objects. */
const mark = Math.floor(Math.random() * 0x7fffffff) + 1;
const streams = new Map<number, { object: Addr; stream: Compressor | Decompressor }>();
let lastNumber = 0;
onRenewal(() => streams.clear());

function keep(self: Addr, stream: Compressor | Decompressor): void {
  // Objects that died in another thread left theirs behind.
  if (lastNumber % 16 === 0) {
    for (const [number, entry] of streams) {
      const alive = I32[entry.object + Stream.Thread] === mark;
      if (!alive || I32[entry.object + Stream.Number] !== number) drop(number);
    }
  }
  I32[self + Stream.Thread] = mark;
  I32[self + Stream.Number] = ++lastNumber;
  streams.set(lastNumber, { object: self, stream });
}

function drop(number: number): void {
  streams.get(number)?.stream.close();
  streams.delete(number);
}

/** The stream of an object; null with RuntimeError pending in another thread. */
function streamOf<Kind extends Compressor | Decompressor>(self: Addr): Kind | null {
  const found =
    I32[self + Stream.Thread] === mark ? streams.get(I32[self + Stream.Number]) : undefined;
  if (found !== undefined) return found.stream as Kind;
  raise(T.RuntimeError, "a zlib stream can be used in the thread that made it only");
  return null;
}

function dealloc(self: Addr): void {
  if (I32[self + Stream.Thread] === mark) drop(I32[self + Stream.Number]);
  I32[self + Stream.Thread] = 0;
  clearField(self + Stream.Unused);
  clearField(self + Stream.Tail);
  freeObject(self);
}

/** Do `work` without the GIL; null with zlib.error pending. */
function step(doing: string, work: () => Uint8Array): Uint8Array | null {
  let failure: unknown = null;
  const result = withoutLock(() => {
    try {
      return work();
    } catch (error) {
      failure = error;
      return null;
    }
  });
  if (failure === null) return result;
  if (!(failure instanceof DeflateError)) throw failure;
  const { errno, message } = failure;
  if (errno === DICTIONARY) {
    raise(T.ZlibError, "Error -3 while setting zdict: invalid input data");
    return null;
  }
  raise(T.ZlibError, `Error ${errno} while ${doing}${message === "" ? "" : `: ${message}`}`);
  return null;
}

/** A copy of a bytes-like argument, which another thread may change meanwhile. */
function inputOf(value: Addr): Uint8Array | null {
  return requireBuffer(value) ? U8.slice(bufferOffset, bufferOffset + bufferLength) : null;
}

const bound = new Int32Array(6);

/** The numbers that arguments `from…` of {@link bound} are, or the defaults; null: exception. */
function numbers(from: number, defaults: readonly number[]): number[] | null {
  const values: number[] = [];
  for (const [i, otherwise] of defaults.entries()) {
    const given = bound[from + i];
    const value = given === 0 ? otherwise : asIndex(given);
    if (Number.isNaN(value)) return null;
    values.push(value);
  }
  return values;
}

function isCompressWindow(bits: number): boolean {
  return (bits >= 9 && bits <= 15) || (bits >= -15 && bits <= -9) || (bits >= 25 && bits <= 31);
}

function isWindow(bits: number): boolean {
  const low = bits >= 0 ? bits % 16 : -bits;
  return bits >= -15 && bits <= 47 && (low === 0 || low >= 8) && (bits >= 0 || low >= 8);
}

function compress(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", "level", "wbits"];
  if (!bindArguments("compress", args, nargs, kwnames, names, 1, bound, 1)) return 0;
  const options = numbers(1, [-1, 15]);
  const input = options === null ? null : inputOf(bound[0]);
  if (options === null || input === null) return 0;
  const [level, windowBits] = options;
  if (level < -1 || level > 9) return raise(T.ZlibError, "Bad compression level");
  if (!isCompressWindow(windowBits)) {
    return raise(T.ZlibError, "Error -2 while compressing data: inconsistent stream state");
  }
  const result = step("compressing data", () => {
    const whole = { level, windowBits, memLevel: 8, strategy: 0, dictionary: null };
    const stream = new Compressor(whole);
    const bytes = stream.write(input, constants.Z_FINISH);
    stream.close();
    return bytes;
  });
  return result === null ? 0 : newBytes(result);
}

function decompress(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", "wbits", "bufsize"];
  if (!bindArguments("decompress", args, nargs, kwnames, names, 1, bound, 1)) return 0;
  const options = numbers(1, [15, 16384]);
  const input = options === null ? null : inputOf(bound[0]);
  if (options === null || input === null) return 0;
  const [windowBits] = options;
  if (!isWindow(windowBits)) {
    return raise(
      T.ZlibError,
      "Error -2 while preparing to decompress data: inconsistent stream state",
    );
  }
  const result = step("decompressing data", () => {
    const stream = new Decompressor(windowBits, null);
    try {
      const bytes = stream.write(input, MOST_BYTES);
      if (!stream.ended) throw new DeflateError(-5, "incomplete or truncated stream");
      return bytes;
    } finally {
      stream.close();
    }
  });
  return result === null ? 0 : newBytes(result);
}

/** A new object around a stream. */
function newStream(type: Addr, stream: Compressor | Decompressor): Addr {
  const self = newObjectOf(type);
  if (self === 0) return 0;
  keep(self, stream);
  I32[self + Stream.Unused] = newEmptyBytes();
  I32[self + Stream.Tail] = newEmptyBytes();
  I32[self + Stream.Ended] = 0;
  return self;
}

function compressObject(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["level", "method", "wbits", "memLevel", "strategy", "zdict"];
  if (!bindArguments("compressobj", args, nargs, kwnames, names, 0, bound)) return 0;
  const options = numbers(0, [-1, 8, 15, 8, 0]);
  if (options === null) return 0;
  const [level, method, windowBits, memLevel, strategy] = options;
  const dictionary = bound[5] === 0 ? null : inputOf(bound[5]);
  if (pending()) return 0;
  const good =
    level >= -1 &&
    level <= 9 &&
    method === 8 &&
    isCompressWindow(windowBits) &&
    memLevel >= 1 &&
    memLevel <= 9 &&
    strategy >= 0 &&
    strategy <= 4;
  if (!good) return raise(T.ValueError, "Invalid initialization option");
  const stream = new Compressor({ level, windowBits, memLevel, strategy, dictionary });
  return newStream(T.ZlibCompressor, stream);
}

function compressMore(self: Addr, data: Addr): Addr {
  const stream = streamOf<Compressor>(self);
  const input = stream === null ? null : inputOf(data);
  if (stream === null || input === null) return 0;
  const result = step("compressing data", () => stream.write(input, constants.Z_NO_FLUSH));
  return result === null ? 0 : newBytes(result);
}

function compressFlush(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("flush", nargs, 0, 1)) return 0;
  const mode = nargs === 0 ? constants.Z_FINISH : asIndex(I32[args]);
  if (Number.isNaN(mode)) return 0;
  if (mode === constants.Z_NO_FLUSH) return newEmptyBytes();
  const stream = streamOf<Compressor>(self);
  if (stream === null) return 0;
  if (I32[self + Stream.Ended] === 1 || mode < 0 || mode > 5) {
    return raise(T.ZlibError, "Error -2 while flushing: inconsistent stream state");
  }
  const result = step("flushing", () => stream.write(new Uint8Array(0), mode));
  if (mode === constants.Z_FINISH) I32[self + Stream.Ended] = 1;
  return result === null ? 0 : newBytes(result);
}

function decompressObject(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["wbits", "zdict"];
  if (!bindArguments("decompressobj", args, nargs, kwnames, names, 0, bound)) return 0;
  const options = numbers(0, [15]);
  if (options === null) return 0;
  if (bound[1] !== 0 && !readBuffer(bound[1])) {
    return raise(T.TypeError, "zdict argument must support the buffer protocol");
  }
  const dictionary = bound[1] === 0 ? null : inputOf(bound[1]);
  if (!isWindow(options[0])) return raise(T.ValueError, "Invalid initialization option");
  return newStream(T.ZlibDecompressor, new Decompressor(options[0], dictionary));
}

/** Decompress `input`, at most `most` bytes, and sort what is left of it. */
function feed(self: Addr, stream: Decompressor, input: Uint8Array, most: number): Addr {
  if (I32[self + Stream.Ended] === 1) {
    return appendUnused(self, input) ? newEmptyBytes() : 0;
  }
  const result = step("decompressing data", () => stream.write(input, most));
  if (result === null) return 0;
  const ended = stream.ended;
  // As in CPython, a tail that was there becomes what follows the end.
  readBuffer(I32[self + Stream.Tail]);
  const tail = ended && bufferLength === 0 ? newEmptyBytes() : newBytes(stream.left);
  if (tail === 0) return 0;
  setField(self + Stream.Tail, tail);
  if (ended) {
    I32[self + Stream.Ended] = 1;
    if (!appendUnused(self, stream.left)) return 0;
  }
  return newBytes(result);
}

/** What follows the end of the data is kept. */
function appendUnused(self: Addr, more: Uint8Array): boolean {
  readBuffer(I32[self + Stream.Unused]);
  const known = U8.slice(bufferOffset, bufferOffset + bufferLength);
  const all = newBytes(Buffer.concat([known, more]));
  if (all === 0) return false;
  setField(self + Stream.Unused, all);
  return true;
}

function decompressMore(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", "max_length"];
  if (!bindArguments("decompress", args, nargs, kwnames, names, 1, bound, 1)) return 0;
  const most = bound[1] === 0 ? 0 : asSsize(bound[1]);
  if (Number.isNaN(most)) return 0;
  if (most < 0) return raise(T.ValueError, "max_length must be non-negative");
  const stream = streamOf<Decompressor>(self);
  const input = stream === null ? null : inputOf(bound[0]);
  if (stream === null || input === null) return 0;
  return feed(self, stream, input, most === 0 ? MOST_BYTES : most);
}

function decompressFlush(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("flush", nargs, 0, 1)) return 0;
  const length = nargs === 0 ? 1 : asSsize(I32[args]);
  if (Number.isNaN(length)) return 0;
  if (length <= 0) return raise(T.ValueError, "length must be greater than zero");
  const stream = streamOf<Decompressor>(self);
  const input = stream === null ? null : inputOf(I32[self + Stream.Tail]);
  if (stream === null || input === null) return 0;
  return feed(self, stream, input, MOST_BYTES);
}

/** A checksum that goes on from an earlier one. */
function checksum(
  name: string,
  first: number,
  sum: (start: number, at: number, n: number) => number,
) {
  return fast(name, (_module, args, nargs) => {
    if (!checkArity(name, nargs, 1, 2)) return 0;
    const given = nargs > 1 ? numberIndex(I32[args + 1]) : 0;
    if (given === 0 && pending()) return 0;
    const start = given === 0 ? first : Number(BigInt.asUintN(32, getBig(given)));
    xdecref(given);
    if (!requireBuffer(I32[args])) return 0;
    const [offset, n] = [bufferOffset, bufferLength];
    if (n <= RELEASE_ABOVE) return newInt(sum(start, offset, n));
    const owner = pin(I32[args]);
    const value = withoutLock(() => sum(start, offset, n));
    unpin(owner);
    return newInt(value);
  });
}

defineType({
  type: T.ZlibError,
  name: "zlib.error",
  base: T.Exception,
  flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
  basicSize: ExceptionObject.Bytes,
  dictOffset: ExceptionObject.Dict,
  slots: exceptionSlots,
});

defineType({
  type: T.ZlibCompressor,
  name: "zlib.Compress",
  flags: TypeFlag.DisallowInstantiation,
  basicSize: Stream.Bytes,
  slots: { dealloc },
  methods: [oneArg("compress", compressMore), fast("flush", compressFlush)],
});

defineType({
  type: T.ZlibDecompressor,
  name: "zlib.Decompress",
  flags: TypeFlag.DisallowInstantiation,
  basicSize: Stream.Bytes,
  slots: { dealloc },
  methods: [keywords("decompress", decompressMore), fast("flush", decompressFlush)],
  getSets: [getSet("eof", (self) => newBool(I32[self + Stream.Ended] === 1))],
  members: [member("unused_data", Stream.Unused), member("unconsumed_tail", Stream.Tail)],
});

const CONSTANTS: Readonly<Record<string, number>> = {
  MAX_WBITS: 15,
  DEFLATED: 8,
  DEF_MEM_LEVEL: 8,
  DEF_BUF_SIZE: 16384,
  Z_BEST_COMPRESSION: 9,
  Z_BEST_SPEED: 1,
  Z_BLOCK: 5,
  Z_DEFAULT_COMPRESSION: -1,
  Z_DEFAULT_STRATEGY: 0,
  Z_FILTERED: 1,
  Z_FINISH: 4,
  Z_FIXED: 4,
  Z_FULL_FLUSH: 3,
  Z_HUFFMAN_ONLY: 2,
  Z_NO_COMPRESSION: 0,
  Z_NO_FLUSH: 0,
  Z_PARTIAL_FLUSH: 1,
  Z_RLE: 3,
  Z_SYNC_FLUSH: 2,
  Z_TREES: 6,
};

defineModule({
  name: "zlib",
  doc: "The functions in this module allow compression and decompression using the zlib library.",
  functions: [
    keywords("compress", compress),
    keywords("decompress", decompress),
    keywords("compressobj", compressObject),
    keywords("decompressobj", decompressObject),
    checksum("crc32", 0, crc32),
    checksum("adler32", 1, (start, at, n) => adler32(start, U8, at, n)),
  ],
  setup: (_module, dict) => {
    if (setModuleItem(dict, "error", T.ZlibError) < 0) return -1;
    for (const [name, value] of Object.entries(CONSTANTS)) {
      const number = newInt(value);
      if (number === 0 || setModuleItem(dict, name, number) < 0) return -1;
      decref(number);
    }
    for (const name of ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION"]) {
      const text = newStr((process.versions.zlib ?? "1.3").split("-")[0]);
      if (text === 0 || setModuleItem(dict, name, text) < 0) return -1;
      decref(text);
    }
    return 0;
  },
});
