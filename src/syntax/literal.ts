/**
 * Values of number and string literals, from their source text (CPython's parsenumber,
 * string_parser.c and unicode_escape decoder).
 */

import type { ConstantValue } from "./tree.js";
import { characterOfName } from "./unicode-name.js";

/** A fault in a literal, at an offset within its text. */
export class LiteralError {
  constructor(readonly msg: string) {}
}

/** The value of a number literal that the tokenizer accepted. */
export function numberValue(literal: string): ConstantValue {
  const text = literal.includes("_") ? literal.replaceAll("_", "") : literal;
  if (/^0[xXoObB]/.test(text)) return { kind: "int", value: BigInt(text.toLowerCase()) };
  if (/[jJ]$/.test(text)) return { kind: "complex", real: 0, imag: Number(text.slice(0, -1)) };
  if (/[.eE]/.test(text)) return { kind: "float", value: Number(text) };
  return { kind: "int", value: BigInt(text) };
}

/** Parts of a string token: its prefix letters, and where its body begins and ends. */
export interface StringParts {
  raw: boolean;
  bytes: boolean;
  format: boolean;
  body: string;
  /** Offset of the body within the token. */
  bodyStart: number;
}

/** Splits a string token's text into prefix and body. */
export function splitString(text: string): StringParts {
  let quoteAt = 0;
  while (text[quoteAt] !== '"' && text[quoteAt] !== "'") quoteAt += 1;
  const prefix = text.slice(0, quoteAt).toLowerCase();
  const quotes =
    text.length - quoteAt >= 6 && text.startsWith(text[quoteAt].repeat(3), quoteAt) ? 3 : 1;
  return {
    raw: prefix.includes("r"),
    bytes: prefix.includes("b"),
    format: prefix.includes("f"),
    body: text.slice(quoteAt + quotes, text.length - quotes),
    bodyStart: quoteAt + quotes,
  };
}

const SIMPLE_ESCAPES: Record<string, string> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

function unicodeError(start: number, end: number, reason: string): LiteralError {
  const where = `position ${start}-${end}`;
  return new LiteralError(
    `(unicode error) 'unicodeescape' codec can't decode bytes in ${where}: ${reason}`,
  );
}

const HEX_ESCAPES: Record<string, { width: number; name: string }> = {
  x: { width: 2, name: "\\xXX" },
  u: { width: 4, name: "\\uXXXX" },
  U: { width: 8, name: "\\UXXXXXXXX" },
};

/** Position that CPython's decoder sees: characters beyond ASCII reach it as ten-byte escapes. */
function decoderPosition(body: string, at: number): number {
  let position = 0;
  for (let i = 0; i < at; i += 1) {
    const code = body.codePointAt(i)!;
    position += code < 0x80 ? 1 : 10;
    if (code > 0xffff) i += 1;
  }
  return position;
}

/** Decodes the escapes of a str literal's body. */
export function decodeStr(body: string): string {
  let slash = body.indexOf("\\");
  let out = "";
  let from = 0;
  while (slash >= 0) {
    const sequence = decodeEscape(body, slash);
    out += body.slice(from, slash) + sequence.value;
    from = sequence.end;
    slash = body.indexOf("\\", from);
  }
  return from === 0 ? body : out + body.slice(from);
}

interface Escape {
  value: string;
  end: number;
}

function decodeEscape(body: string, slash: number): Escape {
  const at = slash + 1;
  const char = body[at];
  if (char === undefined) {
    const where = `byte 0x5c in position ${decoderPosition(body, slash)}`;
    throw new LiteralError(
      `(unicode error) 'unicodeescape' codec can't decode ${where}: \\ at end of string`,
    );
  }
  if (char >= "0" && char <= "7") {
    const digits = /^[0-7]{1,3}/.exec(body.slice(at, at + 3))![0];
    return { value: String.fromCharCode(Number.parseInt(digits, 8)), end: at + digits.length };
  }
  if (char === "N") return decodeName(body, slash);
  if (char in HEX_ESCAPES) return decodeHex(body, slash);
  const simple = SIMPLE_ESCAPES[char];
  // An unknown escape stands for itself; only the backslash is passed over here.
  return simple === undefined ? { value: "\\", end: at } : { value: simple, end: at + 1 };
}

function decodeHex(body: string, slash: number): Escape {
  const { width, name } = HEX_ESCAPES[body[slash + 1]];
  const digits = /^[0-9a-fA-F]*/.exec(body.slice(slash + 2, slash + 2 + width))![0];
  const start = decoderPosition(body, slash);
  if (digits.length < width) {
    throw unicodeError(start, start + 1 + digits.length, `truncated ${name} escape`);
  }
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) throw unicodeError(start, start + 9, "illegal Unicode character");
  return { value: String.fromCodePoint(code), end: slash + 2 + width };
}

function decodeName(body: string, slash: number): Escape {
  const start = decoderPosition(body, slash);
  const close = body[slash + 2] === "{" ? body.indexOf("}", slash + 3) : -1;
  if (close < 0 || close === slash + 3) {
    const end =
      close >= 0
        ? start + 2
        : body[slash + 2] === "{"
          ? start + body.length - slash - 1
          : start + 1;
    throw unicodeError(start, end, "malformed \\N character escape");
  }
  const code = characterOfName(body.slice(slash + 3, close));
  if (code === null) {
    throw unicodeError(start, start + close - slash, "unknown Unicode character name");
  }
  return { value: code, end: close + 1 };
}

/** Decodes the body of a bytes literal, which is ASCII. */
export function decodeBytes(body: string, raw: boolean): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < body.length; i += 1) {
    const char = body[i];
    if (raw || char !== "\\") {
      out.push(body.charCodeAt(i));
      continue;
    }
    i += 1;
    const sequence = body[i];
    if (sequence >= "0" && sequence <= "7") {
      const digits = /^[0-7]{1,3}/.exec(body.slice(i, i + 3))![0];
      out.push(Number.parseInt(digits, 8) & 255);
      i += digits.length - 1;
    } else if (sequence === "x") {
      const digits = body.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
        throw new LiteralError(`(value error) invalid \\x escape at position ${i - 1}`);
      }
      out.push(Number.parseInt(digits, 16));
      i += 2;
    } else {
      const simple = SIMPLE_ESCAPES[sequence];
      if (simple === undefined) {
        // An unknown escape stands for itself: the character is read again on its own.
        out.push(92);
        i -= 1;
      } else if (simple !== "") out.push(simple.charCodeAt(0));
    }
  }
  return Uint8Array.from(out);
}
