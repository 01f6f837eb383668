/**
 * The tokenizer. It follows CPython 3.11's in what it accepts, how it counts indentation, and how
 * it words its errors. An error becomes the last token: whoever asks for that token raises it, so
 * that a parse error further up still comes first, as with CPython's lazy tokenizer.
 */

import type { PySyntaxError, SyntaxErrorType } from "./error.js";
import { NO_END, type Source, ZERO_END } from "./source.js";

export const enum TokenKind {
  End,
  Newline,
  Indent,
  Dedent,
  Name,
  Number,
  String,
  Op,
  Error,
}

/** A token; offsets index the source text. */
export interface Token {
  kind: TokenKind;
  text: string;
  start: number;
  end: number;
  line: number;
  endLine: number;
  /** Brackets open behind it. */
  level: number;
}

/** An open bracket. */
export interface Bracket {
  char: string;
  offset: number;
  line: number;
}

/** What the tokenizer found. */
export interface TokenList {
  tokens: Token[];
  /** Error behind the last token, if that is an error token; null stands for an unexpected end. */
  error: PySyntaxError | null;
  /** Brackets open at the end. */
  open: Bracket[];
}

const TAB_SIZE = 8;
const MAX_INDENT = 100;
const MAX_NESTING = 200;
const CLOSER: Record<string, string> = { "(": ")", "[": "]", "{": "}" };
const OPERATORS3 = new Set(["**=", "//=", ">>=", "<<=", "..."]);
const OPERATORS2 = new Set(
  "!= %= &= ** *= += -= -> // /= := << <= <> == >= >> @= ^= |=".split(" "),
);
const OPERATORS1 = new Set("%&()*+,-./:;<=>@[]^{|}~");
const IDENTIFIER = /[\p{XIDS}_][\p{XIDC}]*/uy;
const WORD_RUN = /[A-Za-z0-9_\x80-\u{10ffff}]+/uy;
const STRING_PREFIX = /^(?:[bB][rR]?|[rR][bBfF]?|[uU]|[fF][rR]?)$/;

/** The text ends within brackets: there is no error before a parser asks for more. */
class UnexpectedEnd {}

/** `end` is the offset behind the fault, or NO_END or ZERO_END. */
class TokenizerError {
  constructor(
    readonly type: SyntaxErrorType,
    readonly msg: string,
    readonly start: number,
    readonly end: number,
  ) {}
}

/** Splits a source into tokens. */
export function tokenize(source: Source): TokenList {
  return new Tokenizer(source).run();
}

function isNameStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c >= 128;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

class Tokenizer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private readonly indents: number[] = [0];
  /** Indentation with tabs of one column: both counts must order lines alike. */
  private readonly altIndents: number[] = [0];
  private readonly open: Bracket[] = [];
  private pos = 0;
  private line = 1;

  constructor(private readonly source: Source) {
    this.text = source.text;
  }

  run(): TokenList {
    let error: PySyntaxError | null = null;
    try {
      this.scan();
    } catch (thrown) {
      if (thrown instanceof TokenizerError) {
        error = this.source.error(thrown.type, thrown.msg, thrown.start, thrown.end);
        // Where CPython's tokenizer marks a place itself, it gives the line without its end.
        if (thrown.end >= 0) error.text = error.text!.replace(/\n$/, "");
      } else if (!(thrown instanceof UnexpectedEnd)) throw thrown;
      this.push(TokenKind.Error, this.pos, this.pos);
    }
    return { tokens: this.tokens, error, open: this.open };
  }

  private push(kind: TokenKind, start: number, end: number, line = this.line): void {
    const text = end > start ? this.text.slice(start, end) : "";
    this.tokens.push({ kind, text, start, end, line, endLine: this.line, level: this.open.length });
  }

  private scan(): void {
    const { text } = this;
    let atLineStart = true;
    let hasTokens = false;
    for (;;) {
      if (atLineStart) {
        atLineStart = false;
        hasTokens = false;
        this.scanIndentation();
      }
      let c = text.charCodeAt(this.pos);
      while (c === 32 || c === 9 || c === 12) c = text.charCodeAt((this.pos += 1));
      if (c === 35) {
        while (this.pos < text.length && text.charCodeAt(this.pos) !== 10) this.pos += 1;
        c = text.charCodeAt(this.pos);
      }
      if (this.pos >= text.length) break;
      if (c === 10) {
        if (hasTokens && this.open.length === 0) this.push(TokenKind.Newline, this.pos, this.pos);
        this.pos += 1;
        this.line += 1;
        atLineStart = this.open.length === 0;
        continue;
      }
      if (c === 92) {
        this.scanContinuation();
        continue;
      }
      hasTokens = true;
      if (isNameStart(c)) this.scanName();
      else if (isDigit(c) || (c === 46 && isDigit(text.charCodeAt(this.pos + 1))))
        this.scanNumber();
      else if (c === 34 || c === 39) this.scanString(this.pos);
      else this.scanOperator();
    }
    this.scanEnd(hasTokens);
  }

  private scanEnd(hasTokens: boolean): void {
    if (this.open.length > 0) {
      this.push(TokenKind.Error, this.pos, this.pos);
      return;
    }
    if (hasTokens) this.push(TokenKind.Newline, this.pos, this.pos);
    while (this.indents.length > 1) {
      this.indents.pop();
      this.push(TokenKind.Dedent, this.pos, this.pos);
    }
    this.push(TokenKind.End, this.pos, this.pos);
  }

  private scanIndentation(): void {
    const { text } = this;
    let col = 0;
    let altCol = 0;
    let continuationCol = 0;
    const lineStart = this.pos;
    for (; ; this.pos += 1) {
      const c = text.charCodeAt(this.pos);
      if (c === 32) {
        col += 1;
        altCol += 1;
      } else if (c === 9) {
        col = (Math.floor(col / TAB_SIZE) + 1) * TAB_SIZE;
        altCol += 1;
      } else if (c === 12) col = altCol = 0;
      else if (c === 92) {
        // The indentation before a lone backslash is the one that counts.
        continuationCol = continuationCol === 0 ? col : continuationCol;
        this.scanContinuation();
        this.pos -= 1;
      } else break;
    }
    const c = text.charCodeAt(this.pos);
    if (this.pos >= text.length || c === 35 || c === 10) return;
    if (continuationCol > 0) col = altCol = continuationCol;
    const top = this.indents.length - 1;
    if (col === this.indents[top]) {
      if (altCol !== this.altIndents[top]) this.tabError(lineStart);
    } else if (col > this.indents[top]) {
      if (top + 1 >= MAX_INDENT) {
        throw new TokenizerError(
          "IndentationError",
          "too many levels of indentation",
          this.lineEnd(),
          -1,
        );
      }
      if (altCol <= this.altIndents[top]) this.tabError(lineStart);
      this.indents.push(col);
      this.altIndents.push(altCol);
      this.push(TokenKind.Indent, lineStart, this.pos);
    } else this.scanDedent(col, altCol, lineStart);
  }

  private scanDedent(col: number, altCol: number, lineStart: number): void {
    let count = 0;
    while (this.indents.length > 1 && col < this.indents[this.indents.length - 1]) {
      this.indents.pop();
      this.altIndents.pop();
      count += 1;
    }
    const top = this.indents.length - 1;
    if (col !== this.indents[top]) {
      const msg = "unindent does not match any outer indentation level";
      throw new TokenizerError("IndentationError", msg, this.lineEnd(), NO_END);
    }
    if (altCol !== this.altIndents[top]) this.tabError(lineStart);
    for (; count > 0; count -= 1) this.push(TokenKind.Dedent, this.pos, this.pos);
  }

  private lineEnd(): number {
    const end = this.text.indexOf("\n", this.pos);
    return end < 0 ? this.text.length : end;
  }

  private tabError(lineStart: number): never {
    const msg = "inconsistent use of tabs and spaces in indentation";
    throw new TokenizerError("TabError", msg, lineStart, ZERO_END);
  }

  private scanContinuation(): void {
    const { text } = this;
    if (text.charCodeAt(this.pos + 1) !== 10) {
      const msg = "unexpected character after line continuation character";
      throw new TokenizerError("SyntaxError", msg, this.pos + 1, ZERO_END);
    }
    if (this.pos + 2 >= text.length) {
      if (this.open.length > 0) throw new UnexpectedEnd();
      throw new TokenizerError("SyntaxError", "unexpected EOF while parsing", this.pos + 1, NO_END);
    }
    this.pos += 2;
    this.line += 1;
  }

  private scanName(): void {
    const { text } = this;
    const start = this.pos;
    let c = text.charCodeAt(this.pos);
    while (isNameStart(c) || isDigit(c)) c = text.charCodeAt((this.pos += 1));
    if ((c === 34 || c === 39) && this.pos - start <= 2) {
      if (STRING_PREFIX.test(text.slice(start, this.pos))) {
        this.scanString(start);
        return;
      }
    }
    if (!this.source.ascii) this.checkIdentifier(start);
    this.push(TokenKind.Name, start, this.pos);
    // Identifiers are compared in normal form NFKC (PEP 3131).
    const token = this.tokens[this.tokens.length - 1];
    if (!this.source.ascii) token.text = token.text.normalize("NFKC");
  }

  private checkIdentifier(start: number): void {
    IDENTIFIER.lastIndex = start;
    const found = IDENTIFIER.exec(this.text);
    const valid = found === null ? start : start + found[0].length;
    if (valid >= this.pos) return;
    const code = this.text.codePointAt(valid)!;
    const hex = code.toString(16).toUpperCase().padStart(4, "0");
    const char = String.fromCodePoint(code);
    const printable = !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u.test(char);
    const msg = printable
      ? `invalid character '${char}' (U+${hex})`
      : `invalid non-printable character U+${hex}`;
    this.pos = valid + char.length;
    throw new TokenizerError("SyntaxError", msg, valid, valid);
  }

  private numberError(msg: string, at: number): never {
    throw new TokenizerError("SyntaxError", msg, at, at);
  }

  /** Digits with single underscores between them; returns where they end. */
  private scanDigits(isMember: (c: number) => boolean, what: string): void {
    const { text } = this;
    for (;;) {
      while (isMember(text.charCodeAt(this.pos))) this.pos += 1;
      if (text.charCodeAt(this.pos) !== 95) return;
      this.pos += 1;
      if (!isMember(text.charCodeAt(this.pos))) this.digitError(what);
    }
  }

  private digitError(what: string): never {
    const c = this.text[this.pos] ?? "";
    if (/[0-9]/.test(c) && what !== "decimal" && what !== "hexadecimal") {
      this.numberError(`invalid digit '${c}' in ${what} literal`, this.pos);
    }
    return this.numberError(`invalid ${what} literal`, this.pos - 1);
  }

  private scanRadix(isMember: (c: number) => boolean, what: string): void {
    const { text } = this;
    this.pos += 2;
    if (text.charCodeAt(this.pos) === 95) this.pos += 1;
    if (!isMember(text.charCodeAt(this.pos))) this.digitError(what);
    this.scanDigits(isMember, what);
    const c = text.charCodeAt(this.pos);
    if (isDigit(c)) this.digitError(what);
    this.checkNumberEnd(what);
  }

  /** A name may not touch a number; a keyword that can follow it may (CPython warns). */
  private checkNumberEnd(what: string): void {
    const c = this.text.charCodeAt(this.pos);
    if (!isNameStart(c)) return;
    WORD_RUN.lastIndex = this.pos;
    const word = WORD_RUN.exec(this.text)![0];
    if (/^(?:and|else|for|if|in|is|or|not)/.test(word)) return;
    if (c >= 128) {
      const start = this.pos;
      this.pos += word.length;
      this.checkIdentifier(start);
      this.pos = start;
    }
    this.numberError(`invalid ${what} literal`, this.pos - 1);
  }

  private scanNumber(): void {
    const { text } = this;
    const start = this.pos;
    const first = text.charCodeAt(start);
    const second = text.charCodeAt(start + 1) | 32;
    if (first === 48 && second === 120) {
      this.scanRadix((c) => isDigit(c) || ((c | 32) >= 97 && (c | 32) <= 102), "hexadecimal");
    } else if (first === 48 && second === 111) {
      this.scanRadix((c) => c >= 48 && c <= 55, "octal");
    } else if (first === 48 && second === 98) {
      this.scanRadix((c) => c === 48 || c === 49, "binary");
    } else this.scanDecimal(start);
    this.push(TokenKind.Number, start, this.pos);
  }

  private scanDecimal(start: number): void {
    const { text } = this;
    if (text.charCodeAt(this.pos) !== 46) this.scanDigits(isDigit, "decimal");
    const digitsEnd = this.pos;
    let isInteger = true;
    if (text.charCodeAt(this.pos) === 46) {
      isInteger = false;
      this.pos += 1;
      if (isDigit(text.charCodeAt(this.pos))) this.scanDigits(isDigit, "decimal");
    }
    if ((text.charCodeAt(this.pos) | 32) === 101) {
      let next = this.pos + 1;
      const sign = text.charCodeAt(next);
      if (sign === 43 || sign === 45) next += 1;
      if (isDigit(text.charCodeAt(next))) {
        isInteger = false;
        this.pos = next;
        this.scanDigits(isDigit, "decimal");
      } else if (next > this.pos + 1) {
        this.pos = next;
        this.numberError("invalid decimal literal", this.pos - 1);
      }
    }
    if ((text.charCodeAt(this.pos) | 32) === 106) {
      this.pos += 1;
      this.checkNumberEnd("imaginary");
      return;
    }
    if (isInteger && text.charCodeAt(start) === 48 && /[1-9]/.test(text.slice(start, digitsEnd))) {
      const msg =
        "leading zeros in decimal integer literals are not permitted; " +
        "use an 0o prefix for octal integers";
      let zeros = start;
      while (text[zeros] === "0" || text[zeros] === "_") zeros += 1;
      this.pos = digitsEnd;
      throw new TokenizerError("SyntaxError", msg, start, zeros);
    }
    this.checkNumberEnd("decimal");
  }

  private scanString(start: number): void {
    const { text } = this;
    const quote = text[this.pos];
    const triple = text.startsWith(quote.repeat(3), this.pos);
    const startLine = this.line;
    const bodyStart = this.pos + (triple ? 3 : 1);
    const quoteCode = quote.charCodeAt(0);
    let p = bodyStart;
    for (;;) {
      const c = text.charCodeAt(p);
      if (p >= text.length) this.stringError(start, startLine, triple, p);
      if (c === quoteCode) {
        if (!triple) {
          p += 1;
          break;
        }
        if (text.charCodeAt(p + 1) === quoteCode && text.charCodeAt(p + 2) === quoteCode) {
          p += 3;
          break;
        }
      } else if (c === 10) {
        if (!triple) this.stringError(start, startLine, triple, p);
        this.line += 1;
      } else if (c === 92) {
        p += 1;
        if (text.charCodeAt(p) === 10) this.line += 1;
      }
      p += 1;
    }
    this.pos = p;
    this.push(TokenKind.String, start, p, startLine);
  }

  private stringError(start: number, startLine: number, triple: boolean, at: number): never {
    let line = this.line;
    // The line counted last: the text's final newline does not begin another one.
    if (at >= this.text.length && this.source.lineStarts.length === line) line -= 1;
    this.line = startLine;
    const what = triple ? "triple-quoted string" : "string";
    const msg = `unterminated ${what} literal (detected at line ${line})`;
    throw new TokenizerError("SyntaxError", msg, start, start);
  }

  private scanOperator(): void {
    const { text } = this;
    const start = this.pos;
    const char = text[start];
    let width = 0;
    if (OPERATORS3.has(text.slice(start, start + 3))) width = 3;
    else if (OPERATORS2.has(text.slice(start, start + 2))) width = 2;
    else if (OPERATORS1.has(char)) width = 1;
    if (width === 0) {
      const code = char.charCodeAt(0);
      this.pos += 1;
      if (code < 32 || code === 127) {
        const hex = code.toString(16).toUpperCase().padStart(4, "0");
        throw new TokenizerError(
          "SyntaxError",
          `invalid non-printable character U+${hex}`,
          start,
          start,
        );
      }
      // `$`, `?`, `!` and the backquote are tokens that no rule accepts.
      this.push(TokenKind.Op, start, start + 1);
      return;
    }
    if (width === 1) this.trackBracket(char, start);
    this.pos += width;
    this.push(TokenKind.Op, start, this.pos);
  }

  private trackBracket(char: string, offset: number): void {
    if (char === "(" || char === "[" || char === "{") {
      if (this.open.length >= MAX_NESTING) {
        throw new TokenizerError("SyntaxError", "too many nested parentheses", offset, offset);
      }
      this.open.push({ char, offset, line: this.line });
    } else if (char === ")" || char === "]" || char === "}") {
      const opening = this.open.pop();
      if (opening === undefined) {
        throw new TokenizerError("SyntaxError", `unmatched '${char}'`, offset, offset);
      }
      if (CLOSER[opening.char] !== char) {
        const where = opening.line === this.line ? "" : ` on line ${opening.line}`;
        const msg = `closing parenthesis '${char}' does not match opening parenthesis '${opening.char}'${where}`;
        throw new TokenizerError("SyntaxError", msg, offset, offset);
      }
    }
  }
}
