/** binascii: bytes as hexadecimal digits and base 64, checksums. After Modules/binascii.c. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  isBytes,
  newBytes,
  newBytesAt,
  newBytesOfLength,
  newEmptyBytes,
  readBuffer,
} from "../object/bytes.js";
import { requireBuffer, shareByte } from "../object/bytesbuffer.js";
import { hexBytes } from "../object/bytesformat.js";
import { defineModule, defineType, fast, keywords, oneArg } from "../object/define.js";
import { raise, typeName } from "../object/errors.js";
import { exceptionSlots } from "../object/exceptions.js";
import { decref } from "../object/header.js";
import { getBig, newInt, numberIndex } from "../object/int.js";
import {
  ByteArrayObject,
  ExceptionObject,
  Head,
  StrObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { isStr } from "../object/str.js";
import { Kind, T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { crc32 } from "./crc.js";
import { addTypes } from "./moduletypes.js";

const I32 = heap.I32;
const U8 = heap.U8;
const bound = new Int32Array(3);

for (const [type, name, base] of [
  [T.BinasciiError, "Error", T.ValueError],
  [T.BinasciiIncomplete, "Incomplete", T.Exception],
] as const) {
  defineType({
    type,
    name: `binascii.${name}`,
    base,
    flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
    basicSize: ExceptionObject.Bytes,
    dictOffset: ExceptionObject.Dict,
    slots: exceptionSlots,
  });
}

/** Find the bytes of a bytes-like object or the characters of an ASCII str (readBuffer). */
let textOffset = 0;
let textLength = 0;

function readText(object: Addr): boolean {
  if (isStr(object)) {
    if ((I32[object + StrObject.State] & StrObject.Ascii) === 0) {
      raise(T.ValueError, "string argument should contain only ASCII characters");
      return false;
    }
    textOffset = I32[object + StrObject.Data];
    textLength = I32[object + StrObject.Length];
    return true;
  }
  if (!readBuffer(object)) {
    const given = typeName(object);
    raise(T.TypeError, `argument should be bytes, buffer or ASCII string, not '${given}'`);
    return false;
  }
  textOffset = bufferOffset;
  textLength = bufferLength;
  return true;
}

const HEX = "0123456789abcdef";

function hexlify(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", "sep", "bytes_per_sep"];
  if (!bindArguments("hexlify", args, nargs, kwnames, names, 1, bound)) return 0;
  if (bound[1] !== 0) return hexWithSeparator(args, nargs, kwnames);
  if (!requireBuffer(bound[0])) return 0;
  const n = bufferLength;
  const from = bufferOffset;
  if (n === 0) return newEmptyBytes();
  const result = newBytesOfLength(2 * n);
  if (result === 0) return 0;
  let to = bytesData(result);
  for (let i = 0; i < n; i++) {
    U8[to++] = HEX.charCodeAt(U8[from + i] >> 4);
    U8[to++] = HEX.charCodeAt(U8[from + i] & 15);
  }
  return result;
}

/** As bytes.hex() does it; the data is the first argument or the keyword `data`. */
function hexWithSeparator(args: Addr, nargs: number, kwnames: Addr): Addr {
  const data = bound[0];
  if (!requireBuffer(data)) return 0;
  if (nargs === 0) return raise(T.TypeError, "hexlify() takes data as its first argument");
  const bytes = newBytesAt(bufferOffset, bufferLength);
  if (bytes === 0) return 0;
  const text = hexBytes(bytes, args + 1, nargs - 1, kwnames);
  decref(bytes);
  if (text === 0) return 0;
  const result = newBytesAt(I32[text + StrObject.Data], I32[text + StrObject.Length]);
  decref(text);
  return result;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return byte > 0x40 && letter >= 0 && letter < 6 ? letter + 10 : -1;
}

function unhexlify(_module: Addr, object: Addr): Addr {
  if (!readText(object)) return 0;
  const n = textLength;
  if ((n & 1) !== 0) return raise(T.BinasciiError, "Odd-length string");
  if (n === 0) return newEmptyBytes();
  const result = newBytesOfLength(n >> 1);
  if (result === 0) return 0;
  const to = bytesData(result);
  for (let i = 0; i < n; i += 2) {
    const high = hexDigit(U8[textOffset + i]);
    const low = hexDigit(U8[textOffset + i + 1]);
    if (high < 0 || low < 0) {
      decref(result);
      return raise(T.BinasciiError, "Non-hexadecimal digit found");
    }
    U8[to + (i >> 1)] = (high << 4) | low;
  }
  return shareByte(result);
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;
/** Values of the digits of base 64 by character; 255: none. */
const VALUES = new Uint8Array(256).fill(255);
for (let i = 0; i < 64; i++) VALUES[DIGITS.charCodeAt(i)] = i;

function encodeBase64(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", "newline"];
  if (!bindArguments("b2a_base64", args, nargs, kwnames, names, 1, bound, 1, 1)) return 0;
  const newline = bound[1] === 0 ? 1 : isTrue(bound[1]);
  if (newline < 0 || !requireBuffer(bound[0])) return 0;
  const n = bufferLength;
  const from = bufferOffset;
  const digits = Math.ceil(n / 3) * 4;
  if (digits + newline === 0) return newEmptyBytes();
  const result = newBytesOfLength(digits + newline);
  if (result === 0) return 0;
  let to = bytesData(result);
  for (let i = 0; i < n; i += 3) {
    const rest = n - i;
    const second = rest > 1 ? U8[from + i + 1] : 0;
    const third = rest > 2 ? U8[from + i + 2] : 0;
    const bits = (U8[from + i] << 16) | (second << 8) | third;
    U8[to++] = DIGITS.charCodeAt(bits >> 18);
    U8[to++] = DIGITS.charCodeAt((bits >> 12) & 63);
    U8[to++] = rest > 1 ? DIGITS.charCodeAt((bits >> 6) & 63) : PAD;
    U8[to++] = rest > 2 ? DIGITS.charCodeAt(bits & 63) : PAD;
  }
  if (newline !== 0) U8[to] = 10;
  return shareByte(result);
}

/** Reads base 64, skipping what is none of its characters unless `strict`. */
class Base64Reader {
  readonly bytes: Uint8Array;
  length = 0;
  #strict: boolean;
  #digits = 0;
  #left = 0;
  #pads = 0;

  constructor(n: number, strict: boolean) {
    this.bytes = new Uint8Array(Math.ceil(n / 4) * 3);
    this.#strict = strict;
  }

  /** What is wrong with the `n` characters at `offset`; empty: nothing. */
  read(offset: number, n: number): string {
    if (this.#strict && n > 0 && U8[offset] === PAD) return "Leading padding not allowed";
    for (let i = 0; i < n; i++) {
      const byte = U8[offset + i];
      if (byte === PAD) {
        if (this.#pad()) {
          return this.#strict && i + 1 < n ? "Excess data after padding" : "";
        }
        continue;
      }
      const value = VALUES[byte];
      if (value === 255) {
        if (this.#strict) return "Only base64 data is allowed";
        continue;
      }
      if (this.#strict && this.#pads > 0) return "Discontinuous padding not allowed";
      this.#pads = 0;
      this.#digit(value);
    }
    return this.#end();
  }

  /** One `=`: true when it ends the data. */
  #pad(): boolean {
    this.#pads++;
    return this.#digits >= 2 && this.#digits + this.#pads >= 4;
  }

  #digit(value: number): void {
    if (this.#digits > 0) {
      const shift = 6 - 2 * this.#digits;
      this.bytes[this.length++] = (this.#left << (6 - shift)) | (value >> shift);
      this.#left = value & ((1 << shift) - 1);
    } else this.#left = value;
    this.#digits = (this.#digits + 1) & 3;
  }

  #end(): string {
    if (this.#digits === 0) return "";
    if (this.#digits > 1) return "Incorrect padding";
    const count = Math.floor(this.length / 3) * 4 + 1;
    return (
      `Invalid base64-encoded string: number of data characters (${count}) cannot be 1 more ` +
      "than a multiple of 4"
    );
  }
}

function decodeBase64(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", "strict_mode"];
  if (!bindArguments("a2b_base64", args, nargs, kwnames, names, 1, bound, 1, 1)) return 0;
  const strict = bound[1] === 0 ? 0 : isTrue(bound[1]);
  if (strict < 0 || !readText(bound[0])) return 0;
  const reader = new Base64Reader(textLength, strict !== 0);
  const wrong = reader.read(textOffset, textLength);
  if (wrong !== "") return raise(T.BinasciiError, wrong);
  return newBytes(reader.bytes.subarray(0, reader.length));
}

/** A checksum's argument as C's unsigned int: higher bits are dropped. -1: exception. */
function readUnsigned(object: Addr): number {
  const index = numberIndex(object);
  if (index === 0) return -1;
  const value = Number(BigInt.asUintN(32, getBig(index)));
  decref(index);
  return value;
}

/** Data above which the GIL is released (I20). */
const RELEASE_ABOVE = 5120;

function checksum(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("crc32", nargs, 1, 2)) return 0;
  const start = nargs > 1 ? readUnsigned(I32[args + 1]) : 0;
  const data = I32[args];
  if (start < 0 || !requireBuffer(data)) return 0;
  const offset = bufferOffset;
  const n = bufferLength;
  if (n <= RELEASE_ABOVE) return newInt(crc32(start, offset, n));
  const pinned =
    I32[I32[data + Head.Type] + TypeObject.Layout] === Kind.ByteArray && !isBytes(data);
  if (pinned) I32[data + ByteArrayObject.Exports]++;
  const crc = withoutLock(() => crc32(start, offset, n));
  if (pinned) I32[data + ByteArrayObject.Exports]--;
  return newInt(crc);
}

/** The CRC of the binhex format: x^16 + x^12 + x^5 + 1. */
function checksumHqx(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("crc_hqx", nargs, 2, 2)) return 0;
  const start = readUnsigned(I32[args + 1]);
  let crc = start & 0xffff;
  if (start < 0 || !requireBuffer(I32[args])) return 0;
  for (let i = 0; i < bufferLength; i++) {
    crc ^= U8[bufferOffset + i] << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
    }
  }
  return newInt(crc);
}

defineModule({
  name: "binascii",
  doc: "Conversion between binary data and ASCII",
  functions: [
    keywords("hexlify", hexlify),
    keywords("b2a_hex", hexlify),
    oneArg("unhexlify", unhexlify),
    oneArg("a2b_hex", unhexlify),
    keywords("b2a_base64", encodeBase64),
    keywords("a2b_base64", decodeBase64),
    fast("crc32", checksum),
    fast("crc_hqx", checksumHqx),
  ],
  setup: (_module, dict) => addTypes(dict, "binascii."),
});
