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

const FIRST_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
const LETTERS = `${FIRST_LETTERS}abcdefghijklmnopqrstuvwxyz0123456789`;

/**
 * Identifiers beyond ASCII under stand-ins of the same width in bytes, not used in the source:
 * py-ast knows fewer letters than Python does.
 */
export class StandIns {
  private readonly byText = new Map<string, string>();
  private readonly names = new Map<string, string>();
  private serial = 0;

  constructor(source: Source, tokens: Token[]) {
    if (source.ascii) return;
    const words = tokens.filter(({ kind }) => kind === TokenKind.Name);
    const taken = new Set(["None", "True", "False", ...words.map(({ text }) => text)]);
    for (const { start, end } of words) {
      const text = source.text.slice(start, end);
      const width = utf8Length(text, 0, text.length);
      if (width === text.length || this.byText.has(text)) continue;
      let standIn = this.next(width);
      while (taken.has(standIn)) standIn = this.next(width);
      taken.add(standIn);
      this.byText.set(text, standIn);
      // Identifiers are compared in normal form NFKC (PEP 3131).
      this.names.set(standIn, text.normalize("NFKC"));
    }
  }

  private next(width: number): string {
    let rest = this.serial;
    this.serial += 1;
    let out = FIRST_LETTERS[rest % FIRST_LETTERS.length];
    rest = Math.floor(rest / FIRST_LETTERS.length);
    while (out.length < width) {
      out += LETTERS[rest % LETTERS.length];
      rest = Math.floor(rest / LETTERS.length);
    }
    return out;
  }

  /** What stands in the text for py-ast; undefined for an identifier of ASCII letters. */
  of(text: string): string | undefined {
    return this.byText.get(text);
  }

  /** The identifier that py-ast's tree names. */
  name(text: string): string {
    return this.names.get(text) ?? text;
  }
}

/** Builds the text for py-ast. */
export function maskSource(
  source: Source,
  tokens: Token[],
  edits: Edit[],
  standIns: StandIns,
): string {
  const { text } = source;
  const changes: { at: number; end: number; text: string }[] = edits.map((edit) => ({
    at: edit.at,
    end: edit.at + edit.blank,
    text: " ".repeat(edit.blank) + edit.insert,
  }));
  for (const token of tokens) {
    if (token.kind === TokenKind.Name && !source.ascii) {
      const standIn = standIns.of(text.slice(token.start, token.end));
      if (standIn !== undefined) changes.push({ at: token.start, end: token.end, text: standIn });
    }
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
