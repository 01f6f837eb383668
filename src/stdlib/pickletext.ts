/** The two escaped forms of text in pickles of protocol 0. */
import type { Addr } from "../memory/heap.js";
import { newBytes } from "../object/bytes.js";
import { callTuple } from "../object/call.js";
import { raise, raiseException } from "../object/errors.js";
import { decref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { tupleOf } from "../object/reduction.js";
import { newStr } from "../object/str.js";
import { T } from "../object/types.js";

const SIMPLE: Readonly<Record<string, number>> = {
  "\\": 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/** The bytes of a bytes literal's body, given as Latin-1; null with ValueError pending. */
export function unescapeBytes(text: string): Uint8Array | null {
  const out: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\\") {
      out.push(text.charCodeAt(i));
      continue;
    }
    const next = text[++i];
    if (next === undefined) {
      raise(T.ValueError, "Trailing \\ in string");
      return null;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(i, i + 3));
    const hex = /^[0-9a-fA-F]{2}/.exec(text.slice(i + 1, i + 3));
    if (SIMPLE[next] !== undefined) out.push(SIMPLE[next]);
    else if (octal !== null) {
      out.push(Number.parseInt(octal[0], 8) & 255);
      i += octal[0].length - 1;
    } else if (next === "x" && hex !== null) {
      out.push(Number.parseInt(hex[0], 16));
      i += 2;
    } else if (next === "x") {
      raise(T.ValueError, `invalid \\x escape at position ${i - 1}`);
      return null;
    } else if (next !== "\n") out.push(0x5c, text.charCodeAt(i));
  }
  return Uint8Array.from(out);
}

/** The str of a line of raw-unicode-escape, given as Latin-1; 0 with an exception pending. */
export function unescapeText(line: string): Addr {
  let text = "";
  for (let i = 0; i < line.length; i++) {
    const kind = line[i] === "\\" ? line[i + 1] : undefined;
    if (kind === "\\") {
      // An escaped backslash does not begin an escape; both stand for themselves.
      text += "\\\\";
      i++;
      continue;
    }
    if (kind !== "u" && kind !== "U") {
      text += line[i];
      continue;
    }
    const size = kind === "u" ? 4 : 8;
    const digits = /^[0-9a-fA-F]*/.exec(line.slice(i + 2, i + 2 + size)) as RegExpExecArray;
    const end = i + 2 + digits[0].length;
    if (digits[0].length < size) {
      const form = kind === "u" ? "\\uXXXX" : "\\UXXXXXXXX";
      return raiseDecode(line, i, end, `truncated ${form} escape`);
    }
    const code = Number.parseInt(digits[0], 16);
    if (code > 0x10ffff) return raiseDecode(line, i, end, "\\Uxxxxxxxx out of range");
    text += String.fromCodePoint(code);
    i = end - 1;
  }
  return newStr(text);
}

function raiseDecode(line: string, start: number, end: number, reason: string): 0 {
  const args = tupleOf([
    newStr("rawunicodeescape"),
    newBytes(Buffer.from(line, "latin1")),
    newInt(start),
    newInt(end),
    newStr(reason),
  ]);
  const exc = args === 0 ? 0 : callTuple(T.UnicodeDecodeError, args, 0);
  if (args !== 0) decref(args);
  return exc === 0 ? 0 : raiseException(exc);
}
