/** Entry point of the front end: from a source text to our tree, or a PySyntaxError. */

import { parse as parsePyAst } from "py-ast";
import { Converter, type Hints, type RawNode, type Shift } from "./convert.js";
import { maskSource } from "./mask.js";
import { Source } from "./source.js";
import { tokenize } from "./token.js";
import type { Expr, Module } from "./tree.js";

const NO_SHIFT: Shift = { lines: 0, cols: 0 };

/** What a source is: statements, one expression, or one interactive statement. */
export type ParseMode = "exec" | "eval" | "single";

/** Parses a whole source text. */
export function parse(source: Source, _mode: ParseMode): Module {
  return parseSource(source, NO_SHIFT);
}

/** Parses a source whose positions are to be moved by `shift`. */
export function parseSource(source: Source, shift: Shift): Module {
  const list = tokenize(source);
  if (list.error !== null) throw list.error;
  const hints: Hints = { edits: [], asyncTargets: [] };
  let raw: RawNode;
  try {
    raw = parsePyAst(maskSource(source, list.tokens, hints.edits)) as unknown as RawNode;
  } catch (fault) {
    const at = fault as { lineno?: number; col_offset?: number };
    const line = at.lineno ?? 1;
    const col = at.col_offset ?? 0;
    throw source.errorAt("SyntaxError", "invalid syntax", {
      line,
      col,
      endLine: line,
      endCol: col + 1,
    });
  }
  return new Converter(source, list.tokens, shift, hints, parseExpression).module(raw);
}

function parseExpression(text: string, filename: string, shift: Shift): Expr {
  const module = parseSource(new Source(`(${text})`, filename), shift);
  const first = module.body[0];
  if (module.body.length !== 1 || first.kind !== "Expr") throw new Error("not an expression");
  return first.value;
}
