/** Entry point of the front end: from a source text to our tree, or a PySyntaxError. */

import { parse as parsePyAst } from "py-ast";
import { Converter, type RawNode, type Shift } from "./convert.js";
import type { PySyntaxError } from "./error.js";
import { maskSource } from "./mask.js";
import { Source } from "./source.js";
import { type ParseMode, recognize } from "./statement.js";
import { tokenize } from "./token.js";
import type { Expr, Module } from "./tree.js";

export type { ParseMode };

const NO_SHIFT: Shift = { lines: 0, cols: 0 };

/** Parses a whole source text. */
export function parse(source: Source, mode: ParseMode): Module {
  if (source.text.includes("\0")) {
    throw source.plainError("ValueError", "source code string cannot contain null bytes");
  }
  return parseSource(source, mode, NO_SHIFT);
}

/** Parses a source whose positions are to be moved by `shift`. */
function parseSource(source: Source, mode: ParseMode, shift: Shift): Module {
  const list = tokenize(source);
  const hints = recognize(source, list, mode);
  let raw: RawNode;
  try {
    raw = parsePyAst(maskSource(source, list.tokens, hints.edits)) as unknown as RawNode;
  } catch (fault) {
    throw disagreement(source, fault);
  }
  return new Converter(source, list.tokens, shift, hints, parseExpression).module(raw);
}

/** py-ast rejects what the grammar accepts; the place it names is the best there is. */
function disagreement(source: Source, fault: unknown): PySyntaxError {
  const at = fault as { lineno?: number; col_offset?: number };
  const line = at.lineno ?? 1;
  const col = at.col_offset ?? 0;
  const place = { line, col, endLine: line, endCol: col + 1 };
  return source.errorAt("SyntaxError", "invalid syntax", place);
}

function parseExpression(text: string, filename: string, shift: Shift): Expr {
  const module = parseSource(new Source(`(${text})`, filename), "eval", shift);
  const first = module.body[0];
  if (first.kind !== "Expr") throw new TypeError(`not an expression: ${text}`);
  return first.value;
}
