/** `"..." % (a, b)` with plain fields becomes an f-string (CPython 3.11's optimize_format). */

import type * as tree from "../syntax/tree.js";

/** Widths with more digits are left to run time. */
const MAX_DIGITS = 2;

/** Text between fields has no position; it takes its neighbour's. */
const NOWHERE: tree.Position = { line: -1, col: -1, endLine: -1, endCol: -1 };

/** The f-string for a formatting expression with a tuple display on its right, or null. */
export function formatToJoined(expr: tree.BinOp, format: string): tree.JoinedStr | null {
  const { right } = expr;
  if (right.kind !== "Tuple" || right.elts.some((elt) => elt.kind === "Starred")) return null;
  const { line, col, endLine, endCol } = expr;
  const at = { line, col, endLine, endCol };
  const values: tree.Expr[] = [];
  let rest = format;
  let used = 0;
  for (;;) {
    const literal = scanLiteral(rest);
    if (literal.text !== "") {
      const value: tree.ConstantValue = { kind: "str", value: literal.text };
      values.push({ kind: "Constant", ...NOWHERE, value });
    }
    rest = rest.slice(literal.length);
    if (rest === "") break;
    const field = parseField(rest);
    if (field === null || used >= right.elts.length) return null;
    rest = rest.slice(field.length);
    const formatSpec: tree.Expr | null =
      field.spec === ""
        ? null
        : {
            kind: "JoinedStr",
            ...position(right.elts[used]),
            values: [
              {
                kind: "Constant",
                ...position(right.elts[used]),
                value: { kind: "str", value: field.spec },
              },
            ],
          };
    values.push({
      kind: "FormattedValue",
      ...position(right.elts[used]),
      value: right.elts[used],
      conversion: field.conversion,
      formatSpec,
    });
    used += 1;
  }
  if (used < right.elts.length) return null;
  return { kind: "JoinedStr", ...at, values };
}

function position({ line, col, endLine, endCol }: tree.Position): tree.Position {
  return { line, col, endLine, endCol };
}

/** Text before the next field; `%%` is a percent sign. */
function scanLiteral(format: string): { text: string; length: number } {
  let text = "";
  let i = 0;
  while (i < format.length) {
    if (format[i] === "%") {
      if (format[i + 1] !== "%") break;
      i += 1;
    }
    text += format[i];
    i += 1;
  }
  return { text, length: i };
}

/** A field such as `%-10.3r`: only conversions whose result a format specification can give. */
function parseField(format: string): { length: number; conversion: number; spec: string } | null {
  const match = /^%([-+ #0]*)(\d*)(?:\.(\d*))?([sra])/.exec(format);
  if (match === null) return null;
  const [whole, flags, width, precision, conversion] = match;
  if (width.length > MAX_DIGITS || (precision ?? "").length > MAX_DIGITS) return null;
  // Only text is handled: sign and alternate form have no meaning for it.
  const left = flags.includes("-");
  let spec = "";
  if (!left && width !== "") spec = ">";
  spec += width;
  if (precision !== undefined) spec += `.${precision === "" ? "0" : precision}`;
  return { length: whole.length, conversion: conversion.charCodeAt(0), spec };
}
