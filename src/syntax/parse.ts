/** Entry point of the front end: from a source text to our tree, or a PySyntaxError. */

import { parse as parsePyAst } from "py-ast";
import { Converter, type RawNode, type Shift } from "./convert.js";
import { PySyntaxError } from "./error.js";
import { type Edit, maskSource, StandIns } from "./mask.js";
import { Source } from "./source.js";
import { type ParseMode, type Recognition, recognize } from "./statement.js";
import { type Token, TokenKind, type TokenList, tokenize } from "./token.js";
import type { Expr, Module } from "./tree.js";

export type { ParseMode };

const NO_SHIFT: Shift = { lines: 0, cols: 0 };

/** Parses a whole source text. */
export function parse(source: Source, mode: ParseMode): Module {
  if (source.text.includes("\0")) {
    throw source.plainError("SyntaxError", "source code string cannot contain null bytes");
  }
  return parseSource(source, mode, NO_SHIFT);
}

/** Parses a source whose positions are to be moved by `shift`. */
function parseSource(source: Source, mode: ParseMode, shift: Shift): Module {
  const list = tokenize(source);
  return build(source, list, recognize(source, list, mode), shift);
}

function build(source: Source, list: TokenList, hints: Recognition, shift: Shift): Module {
  separateNumbers(list.tokens, hints.edits);
  const standIns = new StandIns(source, list.tokens);
  let raw: RawNode;
  try {
    const masked = maskSource(source, list.tokens, hints.edits, standIns);
    raw = parsePyAst(masked) as unknown as RawNode;
  } catch (fault) {
    // The end of JavaScript's stack is no fault of the source's form; the compiler names it.
    throw fault instanceof RangeError ? fault : disagreement(source, fault);
  }
  const convert = new Converter(source, list.tokens, shift, hints, standIns, parseExpression);
  return convert.module(raw);
}

/** py-ast rejects what the grammar accepts; the place it names is the best there is. */
function disagreement(source: Source, fault: unknown): PySyntaxError {
  const at = fault as { lineno?: number; col_offset?: number };
  const line = at.lineno ?? 1;
  const col = at.col_offset ?? 0;
  const place = { line, col, endLine: line, endCol: col + 1 };
  return source.errorAt("SyntaxError", "invalid syntax", place);
}

/** py-ast wants a space in `1if x else y`. */
function separateNumbers(tokens: Token[], edits: Edit[]): void {
  for (let i = 0; i + 1 < tokens.length; i += 1) {
    const next = tokens[i + 1];
    if (tokens[i].kind !== TokenKind.Number || next.kind !== TokenKind.Name) continue;
    if (next.start === tokens[i].end) edits.push({ at: next.start, blank: 0, insert: " " });
  }
}

/** The expression of an f-string's field, in parentheses so that it may hold line breaks. */
function parseExpression(text: string, filename: string, shift: Shift): Expr {
  const source = new Source(`(${text})`, filename);
  const list = tokenize(source);
  let hints: Recognition;
  try {
    hints = recognize(source, list, "eval");
  } catch (fault) {
    throw fault instanceof PySyntaxError ? inFormat(fault, fault === list.error, shift) : fault;
  }
  const first = build(source, list, hints, shift).body[0];
  if (first.kind !== "Expr") throw new TypeError(`not an expression: ${text}`);
  return first.value;
}

/** An error inside a field keeps the field's text as its line, but the source's line number. */
function inFormat(error: PySyntaxError, fromTokenizer: boolean, shift: Shift): PySyntaxError {
  if (error.type !== "SyntaxError") return error;
  const msg = fromTokenizer ? error.msg : `f-string: ${error.msg}`;
  return new PySyntaxError(error.type, msg, {
    filename: error.filename,
    lineno: error.lineno + shift.lines,
    offset: error.offset,
    endLineno: error.endLineno + shift.lines,
    endOffset: error.endOffset,
    text: error.text,
  });
}
