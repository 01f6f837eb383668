/**
 * The text handed to py-ast: comments and continuation lines as they are, string literals replaced
 * by plain ones of the same width, and the few edits that let it accept what it wrongly rejects.
 */

import { type Source, utf8Length } from "./source.js";
import { type Token, TokenKind } from "./token.js";

/** A change to the text for py-ast: characters blanked out, or inserted, at an offset. */
export interface Edit {
  at: number;
  blank: number;
  insert: string;
}

/** A string literal without contents that covers the same lines and byte columns. */
function maskString(text: string): string {
  if (!text.includes("\n")) return `'${"x".repeat(utf8Length(text, 0, text.length) - 2)}'`;
  const last = text.slice(text.lastIndexOf("\n") + 1);
  const width = utf8Length(last, 0, last.length);
  const breaks = "\n".repeat(text.split("\n").length - 1);
  // A string continued by a backslash may end in a line of one character: the quote.
  if (width < 3) return `'${breaks.replaceAll("\n", "\\\n")}${"x".repeat(width - 1)}'`;
  return `'''${breaks}${"x".repeat(width - 3)}'''`;
}

/** Builds the text for py-ast. */
export function maskSource(source: Source, tokens: Token[], edits: Edit[]): string {
  const { text } = source;
  const changes: { at: number; end: number; text: string }[] = edits.map((edit) => ({
    at: edit.at,
    end: edit.at + edit.blank,
    text: " ".repeat(edit.blank) + edit.insert,
  }));
  for (const token of tokens) {
    if (token.kind !== TokenKind.String) continue;
    changes.push({ at: token.start, end: token.end, text: maskString(token.text) });
  }
  changes.sort((a, b) => a.at - b.at);
  let out = "";
  let from = 0;
  for (const change of changes) {
    out += text.slice(from, change.at) + change.text;
    from = change.end;
  }
  return (out + text.slice(from)).replaceAll("\f", " ");
}
