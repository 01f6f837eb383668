/**
 * String atoms: adjacent literals joined, f-strings split into text and expressions as CPython
 * 3.11's string_parser.c does, with its error messages.
 */

import type { Shift } from "./convert.js";
import { type PySyntaxError } from "./error.js";
import { decodeBytes, decodeStr, LiteralError, splitString } from "./literal.js";
import type { Source } from "./source.js";
import type { Token } from "./token.js";
import type { Expr, Position } from "./tree.js";

/** Parses the expression `(text)`; positions are moved by the shift. */
export type ExpressionParser = (text: string, filename: string, shift: Shift) => Expr;

const MAX_NESTING = 200;
const CLOSER: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** The tree of adjacent string tokens. `next` is the token behind them, where errors are shown. */
export function joinStrings(
  source: Source,
  strings: Token[],
  next: Token,
  at: Position,
  shift: Shift,
  parseExpression: ExpressionParser,
): Expr {
  return new StringJoiner(source, next, at, shift, parseExpression).join(strings);
}

class StringJoiner {
  private readonly parts: Expr[] = [];
  private text = "";
  private hasFormat = false;

  constructor(
    private readonly source: Source,
    private readonly next: Token,
    private readonly at: Position,
    private readonly shift: Shift,
    private readonly parseExpression: ExpressionParser,
  ) {}

  join(strings: Token[]): Expr {
    const bytes: Uint8Array[] = [];
    for (let i = 0; i < strings.length; i += 1) {
      const token = strings[i];
      const parts = splitString(token.text);
      if (i > 0 && parts.bytes !== bytes.length > 0) {
        throw this.tokenError("cannot mix bytes and nonbytes literals");
      }
      if (parts.bytes && !/^[\x00-\x7f]*$/.test(parts.body)) {
        const msg = "bytes can only contain ASCII literal characters";
        throw this.source.error("SyntaxError", msg, token.start, token.end);
      }
      if (parts.bytes) bytes.push(this.decode(() => decodeBytes(parts.body, parts.raw)));
      else if (!parts.format) {
        this.text += parts.raw ? parts.body : this.decode(() => decodeStr(parts.body));
      } else {
        this.hasFormat = true;
        const scanner = new FormatScanner(this, token, parts.body, parts.bodyStart, parts.raw);
        scanner.scanString();
      }
    }
    if (bytes.length > 0) {
      const value = bytes.length === 1 ? bytes[0] : Uint8Array.from(Buffer.concat(bytes));
      return { kind: "Constant", ...this.at, value: { kind: "bytes", value } };
    }
    if (!this.hasFormat) return this.constant(this.text);
    this.flush();
    return { kind: "JoinedStr", ...this.at, values: this.parts };
  }

  decode<T>(read: () => T): T {
    try {
      return read();
    } catch (fault) {
      if (!(fault instanceof LiteralError)) throw fault;
      throw this.tokenError(fault.msg);
    }
  }

  /** A fault of a literal; CPython shows it at the token it read last. */
  private tokenError(msg: string): PySyntaxError {
    return this.source.error("SyntaxError", msg, this.next.start, this.next.end);
  }

  /** An error of the string as a whole: CPython shows it at the token it read last. */
  error(msg: string): PySyntaxError {
    return this.source.error("SyntaxError", `f-string${msg}`, this.next.start, this.next.end);
  }

  addText(text: string): void {
    this.text += text;
  }

  addParts(parts: Expr[]): void {
    for (const part of parts) {
      if (part.kind === "Constant" && part.value.kind === "str") this.text += part.value.value;
      else {
        this.flush();
        this.parts.push(part);
      }
    }
  }

  private flush(): void {
    if (this.text !== "") this.parts.push(this.constant(this.text));
    this.text = "";
  }

  constant(value: string): Expr {
    return { kind: "Constant", ...this.at, value: { kind: "str", value } };
  }

  /** Text of a format specification before a field of its own: from its literal to the last. */
  specText(value: string, token: Token): Expr {
    return { kind: "Constant", ...this.at, ...this.start(token), value: { kind: "str", value } };
  }

  /** Text at the end of a format specification: it covers its literal. */
  specTail(value: string, token: Token): Expr {
    return { kind: "Constant", ...this.span(token), value: { kind: "str", value } };
  }

  private span(token: Token): Position {
    const { endLine, end } = token;
    const endCol = this.source.byteColumn(endLine, end) + (endLine === 1 ? this.shift.cols : 0);
    return { ...this.start(token), endLine: endLine + this.shift.lines, endCol };
  }

  private start({ line, start }: Token): { line: number; col: number } {
    const col = this.source.byteColumn(line, start) + (line === 1 ? this.shift.cols : 0);
    return { line: line + this.shift.lines, col };
  }

  formatted(value: Expr, conversion: number, formatSpec: Expr | null): Expr {
    return { kind: "FormattedValue", ...this.at, value, conversion, formatSpec };
  }

  /** A format specification as a whole: it covers its literal. */
  joined(values: Expr[], token: Token): Expr {
    return { kind: "JoinedStr", ...this.span(token), values };
  }

  expression(text: string, token: Token, offset: number): Expr {
    const start = token.start + offset - 1;
    const line = this.source.lineAt(start);
    let cols = this.source.byteColumn(line, start);
    if (line === 1) cols += this.shift.cols;
    const shift = { lines: line - 1 + this.shift.lines, cols };
    return this.parseExpression(text, this.source.filename, shift);
  }
}

/** Reads one f-string token: text, and replacement fields with nested format specifications. */
class FormatScanner {
  private pos = 0;

  constructor(
    private readonly joiner: StringJoiner,
    private readonly token: Token,
    private readonly body: string,
    private readonly bodyStart: number,
    private readonly raw: boolean,
  ) {}

  scanString(): void {
    while (this.pos < this.body.length) {
      this.joiner.addText(this.scanText(0));
      if (this.pos < this.body.length) this.joiner.addParts(this.scanField(0));
    }
  }

  private literal(text: string): string {
    return this.raw ? text : this.joiner.decode(() => decodeStr(text));
  }

  /** Text up to a field or the end of the string (or, in a format specification, of the field). */
  private scanText(depth: number): string {
    const { body } = this;
    let out = "";
    let start = this.pos;
    while (this.pos < body.length) {
      const char = body[this.pos];
      if (!this.raw && char === "\\" && this.pos + 1 < body.length) {
        // The braces of \N{...} belong to the escape.
        const named = body[this.pos + 1] === "N" ? body.indexOf("}", this.pos) : -1;
        if (body[this.pos + 1] === "N" && body[this.pos + 2] === "{" && named > 0)
          this.pos = named + 1;
        else if (body[this.pos + 1] === "{" || body[this.pos + 1] === "}") this.pos += 1;
        else this.pos += 2;
        continue;
      }
      if (char !== "{" && char !== "}") {
        this.pos += 1;
        continue;
      }
      if (depth === 0 && body[this.pos + 1] === char) {
        out += this.literal(body.slice(start, this.pos + 1));
        this.pos += 2;
        start = this.pos;
        continue;
      }
      if (depth === 0 && char === "}") throw this.joiner.error(": single '}' is not allowed");
      break;
    }
    return out + this.literal(body.slice(start, this.pos));
  }

  /** A field from its `{` to behind its `}`; with `=` the text of the expression comes first. */
  private scanField(depth: number): Expr[] {
    const { body, joiner } = this;
    if (depth >= 2) throw joiner.error(": expressions nested too deeply");
    this.pos += 1;
    const start = this.pos;
    this.skipExpression();
    const text = body.slice(start, this.pos);
    if (this.pos >= body.length) throw joiner.error(": expecting '}'");
    if (/^[ \t\n\f\r]*$/.test(text)) {
      const char = body[this.pos];
      const wanted = `: expression required before '${char}'`;
      throw joiner.error(char === "}" ? ": empty expression not allowed" : wanted);
    }
    const value = joiner.expression(text, this.token, this.bodyStart + start);
    const parts: Expr[] = [];
    let conversion = -1;
    let formatSpec: Expr | null = null;
    const debug = body[this.pos] === "=";
    if (debug) {
      this.pos += 1;
      while (/^[ \t\n\f\r]$/.test(body[this.pos] ?? "")) this.pos += 1;
      parts.push(joiner.constant(body.slice(start, this.pos)));
    }
    if (body[this.pos] === "!") conversion = this.scanConversion();
    if (this.pos >= body.length) throw joiner.error(": expecting '}'");
    if (body[this.pos] === ":") {
      this.pos += 1;
      formatSpec = this.scanFormatSpec(depth + 1);
    }
    if (body[this.pos] !== "}") throw joiner.error(": expecting '}'");
    this.pos += 1;
    if (debug && conversion < 0 && formatSpec === null) conversion = 114;
    parts.push(joiner.formatted(value, conversion, formatSpec));
    return parts;
  }

  private scanConversion(): number {
    this.pos += 1;
    if (this.pos >= this.body.length) throw this.joiner.error(": expecting '}'");
    const char = this.body[this.pos];
    if (char !== "s" && char !== "r" && char !== "a") {
      const msg = ": invalid conversion character: expected 's', 'r', or 'a'";
      throw this.joiner.error(msg);
    }
    this.pos += 1;
    return char.charCodeAt(0);
  }

  private scanFormatSpec(depth: number): Expr {
    const parts: Expr[] = [];
    let text = "";
    for (;;) {
      text += this.scanText(depth);
      if (this.body[this.pos] !== "{") break;
      for (const part of this.scanField(depth)) {
        if (part.kind === "Constant" && part.value.kind === "str") text += part.value.value;
        else {
          if (text !== "") parts.push(this.joiner.specText(text, this.token));
          text = "";
          parts.push(part);
        }
      }
    }
    if (text !== "") parts.push(this.joiner.specTail(text, this.token));
    return this.joiner.joined(parts, this.token);
  }

  /** Moves to the end of the expression: `=`, `!`, `:` or `}` outside brackets and strings. */
  private skipExpression(): void {
    const { body, joiner } = this;
    const open: string[] = [];
    let quote = "";
    for (; this.pos < body.length; this.pos += 1) {
      const char = body[this.pos];
      if (char === "\\") throw joiner.error(" expression part cannot include a backslash");
      if (quote !== "") {
        if (body.startsWith(quote, this.pos)) {
          this.pos += quote.length - 1;
          quote = "";
        }
        continue;
      }
      if (char === "'" || char === '"') {
        quote = body.startsWith(char.repeat(3), this.pos) ? char.repeat(3) : char;
        this.pos += quote.length - 1;
      } else if (char === "[" || char === "{" || char === "(") {
        if (open.length >= MAX_NESTING) throw joiner.error(": too many nested parenthesis");
        open.push(char);
      } else if (char === "#") throw joiner.error(" expression part cannot include '#'");
      else if (open.length === 0 && "!:}=<>".includes(char)) {
        const pair = body[this.pos + 1] === "=" && "!=<>".includes(char);
        if (pair) this.pos += 1;
        else if (char !== "<" && char !== ">") break;
      } else if (char === "]" || char === "}" || char === ")") {
        const opening = open.pop();
        if (opening === undefined) throw joiner.error(`: unmatched '${char}'`);
        if (CLOSER[opening] !== char) {
          const what = `: closing parenthesis '${char}' does not match opening parenthesis '${opening}'`;
          throw joiner.error(what);
        }
      }
    }
    if (quote !== "") throw joiner.error(": unterminated string");
    if (open.length > 0) throw joiner.error(`: unmatched '${open[open.length - 1]}'`);
  }
}
