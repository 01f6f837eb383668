/**
 * A source text with its lines: decoding of files (byte order mark, coding cookie), universal
 * newlines, and the translation between character and UTF-8 byte columns.
 */

import { type ErrorPlace, PySyntaxError, type SyntaxErrorType } from "./error.js";

/** In place of the end of an error: CPython reports -1 for some, 0 for others. */
export const NO_END = -1;
export const ZERO_END = -2;

/** Number of UTF-8 bytes of `text[start:end]`; unpaired surrogates take three, as in CPython. */
export function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let i = start; i < end; i += 1) {
    const c = text.charCodeAt(i);
    if (c < 0x80) bytes += 1;
    else if (c < 0x800) bytes += 2;
    else if (c >= 0xd800 && c < 0xdc00 && i + 1 < end && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i += 1;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(c: number): boolean {
  return c >= 0xdc00 && c < 0xe000;
}

function characterCount(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i += 1) {
    const c = text.charCodeAt(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < end && isLowSurrogate(text.charCodeAt(i + 1))) i += 1;
    count += 1;
  }
  return count;
}

/** A text to parse, lines ended by `\n` alone, the last one included. */
export class Source {
  readonly text: string;
  /** Offset of the first character of each line; line 1 at index 0. */
  readonly lineStarts: number[] = [0];
  /** True when bytes, UTF-16 units and characters all coincide. */
  readonly ascii: boolean;
  /** Whether the text given ended in a newline. */
  readonly endsInNewline: boolean;

  constructor(
    text: string,
    readonly filename: string,
  ) {
    let clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    if (clean.includes("\r")) clean = clean.replace(/\r\n?/g, "\n");
    this.endsInNewline = clean.endsWith("\n");
    if (clean !== "" && !this.endsInNewline) clean += "\n";
    this.text = clean;
    for (let i = clean.indexOf("\n"); i >= 0; i = clean.indexOf("\n", i + 1)) {
      this.lineStarts.push(i + 1);
    }
    this.ascii = !/[^\x00-\x7f]/.test(clean);
  }

  /** Line (from 1) that holds the character at `offset`. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The line with its newline; empty after the last. */
  lineText(line: number): string {
    const start = this.lineStarts[line - 1] ?? this.text.length;
    return this.text.slice(start, this.lineStarts[line] ?? this.text.length);
  }

  /** Column in UTF-8 bytes of the character at `offset`, which is in `line`. */
  byteColumn(line: number, offset: number): number {
    const start = this.lineStarts[line - 1];
    return this.ascii ? offset - start : utf8Length(this.text, start, offset);
  }

  /** Column from 1 in characters, as SyntaxError counts, of the character at `offset` in `line`. */
  characterColumn(line: number, offset: number): number {
    const start = this.lineStarts[line - 1];
    return (this.ascii ? offset - start : characterCount(this.text, start, offset)) + 1;
  }

  /** Column from 1 in characters of a column in bytes. */
  characterOfByte(line: number, byteCol: number): number {
    if (this.ascii) return byteCol + 1;
    const start = this.lineStarts[line - 1] ?? 0;
    let offset = start;
    let bytes = 0;
    while (bytes < byteCol && offset < this.text.length) {
      const width = this.text.codePointAt(offset)! > 0xffff ? 2 : 1;
      bytes += utf8Length(this.text, offset, offset + width);
      offset += width;
    }
    return this.characterColumn(line, offset);
  }

  /** An error that spans the characters `[start, end)`; `NO_END` and `ZERO_END` leave it open. */
  error(type: SyntaxErrorType, msg: string, start: number, end: number): PySyntaxError {
    const line = this.lineAt(start);
    const endLine = end < 0 ? line : this.lineAt(end);
    const place: ErrorPlace = {
      filename: this.filename,
      lineno: line,
      offset: this.characterColumn(line, start),
      endLineno: endLine,
      endOffset: this.endOffset(line, endLine, end),
      text: this.lineText(line),
    };
    return new PySyntaxError(type, msg, place);
  }

  private endOffset(line: number, endLine: number, end: number): number {
    if (end === ZERO_END) return 0;
    if (end === NO_END) return -1;
    const column = this.characterColumn(endLine, end);
    // CPython measures the end on the text of the first line.
    return endLine > line ? Math.min(column, Array.from(this.lineText(line)).length) : column;
  }

  /** An error at a tree position (byte columns), as the compiler reports them. */
  errorAt(
    type: SyntaxErrorType,
    msg: string,
    at: { line: number; col: number; endLine: number; endCol: number },
  ): PySyntaxError {
    const inText = at.line >= 1 && at.line <= this.lineStarts.length;
    return new PySyntaxError(type, msg, {
      filename: this.filename,
      lineno: at.line,
      offset: inText ? this.characterOfByte(at.line, at.col) : at.col + 1,
      endLineno: at.endLine,
      endOffset: inText ? this.characterOfByte(at.endLine, at.endCol) : at.endCol + 1,
      text: inText && !/^<.*>$/.test(this.filename) ? this.lineText(at.line) : null,
    });
  }

  /** An error with no place in the text. */
  plainError(type: SyntaxErrorType, msg: string): PySyntaxError {
    return new PySyntaxError(type, msg, {
      filename: this.filename,
      lineno: 0,
      offset: 0,
      endLineno: 0,
      endOffset: 0,
      text: null,
    });
  }
}
