/** From the bytes of a source file to its text: byte order mark, coding cookie (PEP 263), UTF-8. */

import { type ErrorPlace, PySyntaxError } from "./error.js";

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK = /^[ \t\f]*(?:#.*)?$/;

function encodingError(msg: string, filename: string, at: Partial<ErrorPlace> = {}): PySyntaxError {
  return new PySyntaxError("SyntaxError", msg, {
    filename,
    lineno: 0,
    offset: 0,
    endLineno: 0,
    endOffset: 0,
    text: null,
    ...at,
  });
}

/** The encoding that the first two lines name, or null. */
function findCookie(head: string): string | null {
  for (const line of head.split(/\r\n|\r|\n/, 2)) {
    const match = COOKIE.exec(line);
    if (match !== null) return match[1];
    if (!BLANK.test(line)) return null;
  }
  return null;
}

function normalizeEncoding(name: string): string {
  const short = name.slice(0, 12).toLowerCase().replaceAll("_", "-");
  if (short === "utf-8" || short.startsWith("utf-8-") || short === "utf8") return "utf-8";
  if (/^(?:latin-1|iso-8859-1|iso-latin-1)(?:$|-)/.test(short)) return "iso-8859-1";
  return name;
}

/** Decodes a source file. Throws a PySyntaxError without a place where CPython has none either. */
export function decodeSource(bytes: Uint8Array, filename: string): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = hasMark ? bytes.subarray(3) : bytes;
  const head = Buffer.from(body.subarray(0, 400)).toString("latin1");
  const cookie = findCookie(head);
  const encoding = cookie === null ? "utf-8" : normalizeEncoding(cookie);
  if (hasMark && encoding !== "utf-8") {
    throw encodingError(`encoding problem: ${encoding} with BOM`, filename);
  }
  const text = decode(body, encoding, cookie !== null, filename);
  const nul = text.indexOf("\0");
  if (nul >= 0) throw nulError(text, nul, filename);
  return text;
}

function decode(bytes: Uint8Array, encoding: string, named: boolean, filename: string): string {
  if (encoding === "iso-8859-1") return Buffer.from(bytes).toString("latin1");
  if (encoding === "utf-8") {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw invalidUtf8(bytes, named, filename);
    }
  }
  try {
    // The label `ascii` would mean windows-1252 here.
    if (/^(?:us-)?ascii$/i.test(encoding)) {
      if (bytes.some((byte) => byte >= 0x80)) throw new TypeError("not ASCII");
      return Buffer.from(bytes).toString("latin1");
    }
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw encodingError(`encoding problem: ${encoding}`, filename);
  }
}

function invalidUtf8(bytes: Uint8Array, named: boolean, filename: string): PySyntaxError {
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const valid = Buffer.byteLength(lossy.slice(0, lossy.indexOf("\ufffd")));
  const hex = bytes[valid].toString(16);
  const line = Buffer.from(bytes.subarray(0, valid)).toString("latin1").split("\n").length;
  if (named)
    return encodingError(`(unicode error) 'utf-8' codec can't decode byte 0x${hex}`, filename);
  const see = "see https://peps.python.org/pep-0263/ for details";
  const what = `Non-UTF-8 code starting with '\\x${hex}' in file ${filename} on line ${line}`;
  return encodingError(`${what}, but no encoding declared; ${see}`, filename);
}

function nulError(text: string, nul: number, filename: string): PySyntaxError {
  const start = text.lastIndexOf("\n", nul) + 1;
  return encodingError("source code cannot contain null bytes", filename, {
    lineno: text.slice(0, nul).split("\n").length,
    text: text.slice(start, nul),
  });
}
