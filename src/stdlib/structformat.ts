/** Formats of the module struct: what a format string says about a row of bytes. */

/** How an item stands in the bytes. */
export const enum Code {
  Pad = 0,
  Char = 1,
  Bool = 2,
  Signed = 3,
  Unsigned = 4,
  /** `P`: an address, negative ones as their two's complement. */
  Pointer = 5,
  Half = 6,
  Single = 7,
  Double = 8,
  /** `s`: one item of `size` bytes. */
  Bytes = 9,
  /** `p`: a length byte and what fits behind it. */
  Pascal = 10,
}

/** `repeat` items of the same kind, one behind the other. */
export interface Field {
  code: Code;
  letter: string;
  /** Bytes of one item. */
  size: number;
  offset: number;
  repeat: number;
}

/** A format that was read. */
export interface Format {
  /** The format string. */
  text: string;
  /** Bytes in all. */
  size: number;
  /** Values that are packed or unpacked. */
  items: number;
  little: boolean;
  /** `@`: the machine's own sizes, and no check of what a C float holds. */
  native: boolean;
  fields: Field[];
}

/** Letters with their code, size in standard formats (0: native only) and in native ones. */
const LETTERS: Record<string, [Code, number, number]> = {
  x: [Code.Pad, 1, 1],
  c: [Code.Char, 1, 1],
  b: [Code.Signed, 1, 1],
  B: [Code.Unsigned, 1, 1],
  "?": [Code.Bool, 1, 1],
  h: [Code.Signed, 2, 2],
  H: [Code.Unsigned, 2, 2],
  i: [Code.Signed, 4, 4],
  I: [Code.Unsigned, 4, 4],
  l: [Code.Signed, 4, 8],
  L: [Code.Unsigned, 4, 8],
  q: [Code.Signed, 8, 8],
  Q: [Code.Unsigned, 8, 8],
  n: [Code.Signed, 0, 8],
  N: [Code.Unsigned, 0, 8],
  e: [Code.Half, 2, 2],
  f: [Code.Single, 4, 4],
  d: [Code.Double, 8, 8],
  s: [Code.Bytes, 1, 1],
  p: [Code.Pascal, 1, 1],
  P: [Code.Pointer, 0, 8],
};

const MAX_SIZE = 2 ** 63;

/** Reads a format string piece by piece. */
class Reader {
  #text: string;
  #at: number;
  #size = 0;
  #native: boolean;
  #fields: Field[] = [];

  constructor(text: string, at: number, native: boolean) {
    this.#text = text;
    this.#at = at;
    this.#native = native;
  }

  /** Size and fields; a text is what is wrong. */
  read(): { size: number; fields: Field[] } | string {
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (/[ \t\n\v\f\r]/.test(character)) {
        this.#at++;
        continue;
      }
      const wrong = this.#field();
      if (wrong !== "") return wrong;
    }
    return { size: this.#size, fields: this.#fields };
  }

  #field(): string {
    const digits = /^\d*/.exec(this.#text.slice(this.#at))![0];
    const count = digits === "" ? 1 : Number(digits);
    if (count >= MAX_SIZE) return "total struct size too long";
    this.#at += digits.length;
    if (this.#at >= this.#text.length) return "repeat count given without format specifier";
    const letter = this.#text[this.#at++];
    const known = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
    const size = known === undefined ? 0 : known[this.#native ? 2 : 1];
    if (known === undefined || size === 0) return "bad char in struct format";
    if (this.#native && size > 1) this.#size = Math.ceil(this.#size / size) * size;
    const end = this.#size + count * size;
    if (end >= MAX_SIZE) return "total struct size too long";
    this.#add(known[0], letter, size, count);
    this.#size = end;
    return "";
  }

  #add(code: Code, letter: string, size: number, count: number): void {
    const offset = this.#size;
    if (code === Code.Bytes || code === Code.Pascal) {
      this.#fields.push({ code, letter, size: count, offset, repeat: 1 });
    } else if (code !== Code.Pad && count > 0) {
      this.#fields.push({ code, letter, size, offset, repeat: count });
    }
  }
}

/** Read the format string `text`; a string says what is wrong with it. */
export function readFormat(text: string): Format | string {
  if (text.includes("\0")) return "embedded null character";
  const prefix = "@=<>!".includes(text[0] ?? " ") ? text[0] : "";
  const native = prefix === "" || prefix === "@";
  const parts = new Reader(text, prefix.length, native).read();
  if (typeof parts === "string") return parts;
  let items = 0;
  for (const field of parts.fields) items += field.repeat;
  return { ...parts, text, items, native, little: prefix !== ">" && prefix !== "!" };
}

const scratch = new DataView(new ArrayBuffer(8));

/** The bits of the IEEE 754 half nearest to `value`, ties to even; -1: too large. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (Number.isNaN(value)) return 0x7e00;
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return sign | 0x7c00;
  // 2^-24 is the smallest half; from 2^-14 on the precision is 11 bits.
  const exponent = magnitude < 2 ** -14 ? -14 : exponentOf(magnitude);
  const units = roundHalfEven(magnitude * 2 ** (10 - exponent));
  const bits = units + ((exponent + 14) << 10);
  return bits >= 0x7c00 ? -1 : sign | bits;
}

function exponentOf(magnitude: number): number {
  scratch.setFloat64(0, magnitude);
  return ((scratch.getUint16(0) >> 4) & 0x7ff) - 1023;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && (floor & 1) === 1)) return floor + 1;
  return floor;
}

/** The value of the IEEE 754 half with these bits. */
export function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  let magnitude = fraction * 2 ** -24;
  if (exponent === 31) magnitude = fraction === 0 ? Infinity : Number.NaN;
  else if (exponent > 0) magnitude = (fraction + 1024) * 2 ** (exponent - 25);
  return (bits & 0x8000) !== 0 ? -magnitude : magnitude;
}
