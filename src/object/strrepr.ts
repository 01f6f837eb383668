/** `repr` of str, and which code points count as printable. */
import { type Addr, heap } from "../memory/heap.js";
import { StrObject } from "./layout.js";
import { newStrOfForm, StrForm, strCodeAt } from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { isPrintable } from "./unicode.js";

const I32 = heap.I32;
const U8 = heap.U8;

const enum Code {
  Tab = 9,
  Newline = 10,
  Return = 13,
  DoubleQuote = 0x22,
  Quote = 0x27,
  Backslash = 0x5c,
}

const HEX = "0123456789abcdef";

/** `repr(str)`: quoted, with what is not printable escaped. */
export function reprStr(str: Addr): Addr {
  return quoteStr(str, true);
}

/** `ascii(str)`: as {@link reprStr}, with everything beyond ASCII escaped. */
export function asciiStr(str: Addr): Addr {
  return quoteStr(str, false);
}

function quoteStr(str: Addr, keepPrintable: boolean): Addr {
  const length = I32[str + StrObject.Length];
  let quotes = 0;
  let doubles = 0;
  let plain = (I32[str + StrObject.State] & StrObject.Ascii) !== 0;
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(str, i);
    if (code === Code.Quote) quotes++;
    else if (code === Code.DoubleQuote) doubles++;
    else if (code < 0x20 || code >= 0x7f || code === Code.Backslash) plain = false;
  }
  const quote = quotes > 0 && doubles === 0 ? Code.DoubleQuote : Code.Quote;
  if (plain && (quotes === 0 || quote === Code.DoubleQuote)) return quotePlain(str, length, quote);
  const builder = new StrBuilder(length + 16).code(quote);
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(str, i);
    if (code === quote) builder.code(Code.Backslash).code(code);
    else escapeCode(builder, code, keepPrintable);
  }
  return builder.code(quote).finish();
}

/** The common case: printable ASCII without backslashes. */
function quotePlain(str: Addr, length: number, quote: number): Addr {
  const result = newStrOfForm(length + 2, StrForm.Ascii);
  if (result === 0) return 0;
  const to = I32[result + StrObject.Data];
  const from = I32[str + StrObject.Data];
  U8[to] = quote;
  for (let i = 0; i < length; i++) U8[to + 1 + i] = U8[from + i];
  U8[to + 1 + length] = quote;
  return result;
}

/** Append one code point as repr writes it. */
function escapeCode(builder: StrBuilder, code: number, keepPrintable: boolean): void {
  if (code === Code.Backslash) builder.text("\\\\");
  else if (code === Code.Tab) builder.text("\\t");
  else if (code === Code.Newline) builder.text("\\n");
  else if (code === Code.Return) builder.text("\\r");
  else if (code >= 0x20 && code < 0x7f) builder.code(code);
  else if (code > 0x7f && keepPrintable && isPrintable(code)) builder.code(code);
  else appendHexEscape(builder, code);
}

/** Append `\xhh`, `\uhhhh` or `\Uhhhhhhhh`. */
function appendHexEscape(builder: StrBuilder, code: number): void {
  const digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
  builder.code(Code.Backslash).text(digits === 2 ? "x" : digits === 4 ? "u" : "U");
  for (let i = digits - 1; i >= 0; i--) builder.text(HEX[(code >>> (4 * i)) & 15]);
}

/** A copy of `str` in which everything beyond ASCII is escaped. */
export function escapeNonAscii(str: Addr): Addr {
  const length = I32[str + StrObject.Length];
  const builder = new StrBuilder(length + 16);
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(str, i);
    if (code < 0x80) builder.code(code);
    else appendHexEscape(builder, code);
  }
  return builder.finish();
}
