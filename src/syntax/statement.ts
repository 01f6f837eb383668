/** Recognition of statements and patterns; see expression.ts for the method. */

import type { PySyntaxError } from "./error.js";
import { ExpressionGrammar, GrammarFailure, isKeyword } from "./expression.js";
import type { Shape } from "./shape.js";
import { NO_END, type Source } from "./source.js";
import { type Token, TokenKind, type TokenList } from "./token.js";

const AUGMENTED = new Set("+= -= *= /= //= %= @= &= |= ^= >>= <<= **=".split(" "));

/** What a whole source may be. */
export type ParseMode = "exec" | "eval" | "single";

/** Help for py-ast that recognition of a valid source brought about. */
export interface Recognition {
  edits: ExpressionGrammar["edits"];
  asyncTargets: number[];
}

/** Checks a source against the grammar; throws the PySyntaxError that CPython would raise. */
export function recognize(source: Source, list: TokenList, mode: ParseMode): Recognition {
  const grammar = new StatementGrammar(source, list);
  const error = grammar.run(mode);
  if (error !== null) throw error;
  // A rule that was tried twice asked for the same edit twice.
  const edits = new Map(grammar.edits.map((edit) => [`${edit.at}${edit.insert}`, edit]));
  return { edits: [...edits.values()], asyncTargets: grammar.asyncTargets };
}

/** Errors of the tokenizer that CPython only words when its parser meets them. */
function isLateError({ type, msg }: PySyntaxError): boolean {
  return type !== "SyntaxError" || /^unexpected (?:EOF|character after)/.test(msg);
}

class StatementGrammar extends ExpressionGrammar {
  /** Parses once plainly and, if that fails, again for a better message. */
  run(mode: ParseMode): PySyntaxError | null {
    try {
      if (this.source_(mode)) return null;
    } catch (thrown) {
      return this.settle(thrown);
    }
    const last = this.tokens[this.furthest];
    try {
      this.restart();
      this.source_(mode);
    } catch (thrown) {
      return this.settle(thrown);
    }
    if (last.kind === TokenKind.Indent) return this.indentationError("unexpected indent", last);
    if (last.kind === TokenKind.Dedent) return this.indentationError("unexpected unindent", last);
    const generic = this.source.error("SyntaxError", "invalid syntax", last.start, last.end);
    return this.laterError() ?? generic;
  }

  private restart(): void {
    this.pos = 0;
    this.furthest = 0;
    this.diagnose = true;
    this.memoizes = true;
  }

  /** An error of the parser yields to an error that the tokenizer finds further on. */
  private settle(thrown: unknown): PySyntaxError {
    if (!(thrown instanceof GrammarFailure)) throw thrown;
    if (thrown.error === this.list.error || thrown.error.type === "MemoryError") {
      return thrown.error;
    }
    return this.laterError() ?? thrown.error;
  }

  private laterError(): PySyntaxError | null {
    const last = this.tokens[this.tokens.length - 1];
    if (last.kind !== TokenKind.Error) return null;
    const { error, open } = this.list;
    if (error !== null && !isLateError(error)) return error;
    if (open.length === 0) return null;
    const bracket = open[open.length - 1];
    return this.tokens[this.furthest].line > bracket.line ? this.unclosed() : null;
  }

  private indentationError(msg: string, at: Token): PySyntaxError {
    return this.source.error("IndentationError", msg, Math.max(0, at.end - 1), NO_END);
  }

  private source_(mode: ParseMode): boolean {
    if (mode === "eval") {
      if (this.starExpressions() === null) return false;
      while (this.isKind(TokenKind.Newline)) this.pos += 1;
      return this.isKind(TokenKind.End);
    }
    while (!this.isKind(TokenKind.End)) {
      if (!this.statement()) return false;
      if (mode === "single") {
        while (this.isKind(TokenKind.Newline)) this.pos += 1;
        if (this.isKind(TokenKind.End)) break;
        const msg = "multiple statements found while compiling a single statement";
        this.fail(msg, this.token.start, NO_END);
      }
    }
    return true;
  }

  // --- statements ------------------------------------------------------------------------------

  private statement(): boolean {
    const { token } = this;
    if (token.kind === TokenKind.Op && token.text === "@") return this.decorated();
    if (token.kind !== TokenKind.Name) return this.simpleStatements();
    switch (token.text) {
      case "def":
        return this.functionDef();
      case "class":
        return this.classDef();
      case "if":
        return this.if("if");
      case "while":
        return this.while();
      case "for":
        return this.for();
      case "with":
        return this.with();
      case "try":
        return this.try();
      case "async":
        return this.async();
      case "match": {
        const start = this.pos;
        if (this.match()) return true;
        this.pos = start;
        return this.simpleStatements();
      }
      default:
        return this.simpleStatements();
    }
  }

  private async(): boolean {
    const next = this.tokens[this.pos + 1];
    this.pos += 1;
    switch (next.text) {
      case "def":
        return this.functionDef();
      case "with":
        return this.with();
      case "for":
        return this.for();
      default:
        return this.isKind(TokenKind.Error);
    }
  }

  private takeNewline(): boolean {
    if (!this.isKind(TokenKind.Newline)) return false;
    this.pos += 1;
    return true;
  }

  private simpleStatements(): boolean {
    for (;;) {
      if (!this.simpleStatement()) return false;
      if (this.takeOp(";")) {
        if (this.takeNewline()) return true;
        continue;
      }
      if (this.takeNewline()) return true;
      return false;
    }
  }

  private simpleStatement(): boolean {
    const { token } = this;
    if (token.kind === TokenKind.Name) {
      switch (token.text) {
        case "pass":
        case "break":
        case "continue":
          this.pos += 1;
          return true;
        case "return":
          this.pos += 1;
          return !this.startsExpression() || this.starExpressions() !== null;
        case "raise":
          return this.raise();
        case "global":
        case "nonlocal":
          return this.names();
        case "del":
          return this.del();
        case "assert":
          this.pos += 1;
          if (this.expression() === null) return false;
          return !this.takeOp(",") || this.expression() !== null;
        case "import":
          return this.import();
        case "from":
          return this.importFrom();
        case "yield":
          return this.yieldStatement();
      }
    }
    return this.assignment();
  }

  private yieldStatement(): boolean {
    const value = this.yieldExpression();
    if (value === null) return false;
    if (this.diagnose && this.isOp("=")) {
      this.failAt("assignment to yield expression not possible", value);
    }
    return true;
  }

  private raise(): boolean {
    this.pos += 1;
    if (!this.startsExpression() || this.isOp("*")) return true;
    if (this.expression() === null) return false;
    return !this.takeWord("from") || this.expression() !== null;
  }

  private names(): boolean {
    this.pos += 1;
    do {
      if (this.takeName() === null) return false;
    } while (this.takeOp(","));
    return true;
  }

  private del(): boolean {
    this.pos += 1;
    const start = this.pos;
    if (this.startsExpression() && !this.isOp("*")) {
      const shape = this.starTargets();
      const ends = this.isOp(";") || this.isKind(TokenKind.Newline);
      if (shape !== null && ends && !hasStar(shape)) {
        const comma = this.previous;
        // py-ast wants no comma at the end.
        if (comma.text === "," && !this.diagnose) {
          this.edits.push({ at: comma.start, blank: 1, insert: "" });
        }
        return true;
      }
    }
    if (this.diagnose) {
      this.pos = start;
      const shape = this.starExpressions();
      if (shape !== null) this.failInvalidTarget(shape, "delete");
    }
    return false;
  }

  private dottedName(): boolean {
    do {
      if (this.takeName() === null) return false;
    } while (this.takeOp("."));
    return true;
  }

  private asName(): boolean {
    return !this.takeWord("as") || this.takeName() !== null;
  }

  private import(): boolean {
    this.pos += 1;
    do {
      if (!this.dottedName() || !this.asName()) return false;
    } while (this.takeOp(","));
    return true;
  }

  private importFrom(): boolean {
    this.pos += 1;
    let dots = 0;
    while (this.takeOp(".") || this.takeOp("...")) dots += 1;
    if (this.isName() || dots === 0) if (!this.dottedName()) return false;
    if (!this.takeWord("import")) return false;
    if (this.takeOp("*")) return true;
    const grouped = this.takeOp("(");
    do {
      if (grouped && this.isOp(")") && this.previous.text === ",") break;
      if (this.takeName() === null) {
        if (this.previous.text === "," && this.isKind(TokenKind.Newline)) {
          this.failAt("trailing comma not allowed without surrounding parentheses", this.token);
        }
        return false;
      }
      if (!this.asName()) return false;
    } while (this.takeOp(","));
    return !grouped || this.takeOp(")");
  }

  // --- assignment ------------------------------------------------------------------------------

  /** An assignment of any kind or an expression. */
  private assignment(): boolean {
    const start = this.pos;
    if (!this.startsExpression()) {
      return false;
    }
    const first = this.quietly(() => this.starExpressions());
    if (first !== null) {
      const { token } = this;
      if (token.kind === TokenKind.Op) {
        if (token.text === "=" && isAssignable(first)) {
          if (this.assignments()) return true;
        } else if (token.text === ":" && isAnnotatable(first)) {
          if (this.annotated()) return true;
        } else if (AUGMENTED.has(token.text) && isSingleTarget(first)) {
          this.pos += 1;
          return this.yieldOr(() => this.starExpressions()) !== null;
        } else if (token.text !== "=" && token.text !== ":" && !AUGMENTED.has(token.text)) {
          return this.expressionStatement(start);
        }
      } else return this.expressionStatement(start);
    }
    if (this.diagnose) {
      this.pos = start;
      this.invalidAssignment();
      this.pos = start;
      this.starExpressions();
    }
    return false;
  }

  /** In the second pass the expression is read again, now for its faults. */
  private expressionStatement(start: number): boolean {
    if (!this.diagnose) return true;
    const { pos } = this;
    if (this.isKind(TokenKind.Newline) || this.isOp(";")) return true;
    this.pos = start;
    this.invalidAssignment();
    this.pos = start;
    if (this.starExpressions() === null) return false;
    this.pos = pos;
    return true;
  }

  private assignments(): boolean {
    let value: Shape | null = null;
    while (this.takeOp("=")) {
      if (value !== null && !isAssignable(value)) return false;
      value = this.yieldOr(() => this.starExpressions());
      if (value === null) return false;
      if (value.kind === "yield expression" && !value.grouped && this.isOp("=")) return false;
    }
    return true;
  }

  private annotated(): boolean {
    this.pos += 1;
    if (this.expression() === null) return false;
    const at = this.pos;
    if (!this.takeOp("=")) return true;
    // Without a value the rest is left for the end of the statement to reject.
    if (this.yieldOr(() => this.starExpressions()) === null) this.pos = at;
    return true;
  }

  private invalidAssignment(): void {
    const start = this.pos;
    const first = this.starNamedExpression();
    if (first !== null && (first.kind === "tuple" || first.kind === "list") && this.isOp(":")) {
      this.pos += 1;
      if (this.expression() !== null) {
        this.failAt(`only single target (not ${first.kind}) can be annotated`, first);
      }
    }
    this.pos = start;
    const items = this.starNamedExpressions();
    if (items?.kind === "tuple") while (this.startsExpression() && this.starNamedExpressions());
    if (items !== null && this.isOp(":") && items.kind === "tuple" && items !== first) {
      this.pos += 1;
      if (this.expression() !== null) {
        this.failAt("only single target (not tuple) can be annotated", items.items[0] ?? items);
      }
    }
    this.pos = start;
    const target = this.startsExpression() && !this.isOp("*") ? this.expression() : null;
    if (target !== null && this.takeOp(":") && this.expression() !== null) {
      this.failAt("illegal target for annotation", target);
    }
    this.pos = start;
    for (;;) {
      const value = this.yieldOr(() => this.starExpressions());
      if (value === null) return;
      if (this.isOp("=")) {
        if (value.kind === "yield expression" && !value.grouped) {
          this.failAt("assignment to yield expression not possible", value);
        }
        this.failInvalidTarget(value, "assign");
        this.pos += 1;
        continue;
      }
      const { token } = this;
      if (token.kind === TokenKind.Op && AUGMENTED.has(token.text)) {
        this.pos += 1;
        if (this.yieldOr(() => this.starExpressions()) !== null) {
          const msg = `'${value.kind}' is an illegal expression for augmented assignment`;
          this.failAt(msg, value);
        }
      }
      return;
    }
  }

  // --- blocks ----------------------------------------------------------------------------------

  /** A block behind a colon; `what` and `line` word the error when it is missing. */
  private block(what: string, line: number): boolean {
    if (!this.takeNewline()) return this.simpleStatements();
    if (!this.isKind(TokenKind.Indent)) {
      this.failIndentation(`expected an indented block after ${what} on line ${line}`);
    }
    this.pos += 1;
    do {
      if (!this.statement()) return false;
    } while (!this.isKind(TokenKind.Dedent));
    this.pos += 1;
    return true;
  }

  private failIndentation(msg: string): never {
    return this.failHere(msg, "IndentationError");
  }

  /** The colon of a header; at the end of the line its absence has a message. */
  private colon(): boolean {
    if (this.takeOp(":")) return true;
    if (this.diagnose && this.isKind(TokenKind.Newline)) this.failHere("expected ':'");
    return false;
  }

  private decorated(): boolean {
    while (this.takeOp("@")) {
      if (this.namedExpression() === null || !this.takeNewline()) return false;
    }
    if (this.isWord("class")) return this.classDef();
    if (this.isWord("def")) return this.functionDef();
    if (!this.isWord("async") || this.tokens[this.pos + 1].text !== "def") return false;
    return this.async();
  }

  private functionDef(): boolean {
    const { line } = this.token;
    this.pos += 1;
    if (this.takeName() === null) return false;
    this.force("(");
    if (!this.isOp(")") && !this.parameters(")")) return false;
    if (!this.takeOp(")")) return false;
    if (this.takeOp("->") && this.expression() === null) return false;
    this.force(":");
    return this.block("function definition", line);
  }

  private classDef(): boolean {
    const { line } = this.token;
    this.pos += 1;
    if (this.takeName() === null) return false;
    if (this.isOp("(") && !this.callArguments()) return false;
    return this.colon() && this.block("class definition", line);
  }

  private if(word: "if" | "elif"): boolean {
    const { line } = this.token;
    this.pos += 1;
    if (this.namedExpression() === null || !this.colon()) return false;
    if (!this.block(`'${word}' statement`, line)) return false;
    return this.isWord("elif") ? this.if("elif") : this.else();
  }

  private else(): boolean {
    if (!this.isWord("else")) return true;
    const { line } = this.token;
    this.pos += 1;
    this.force(":");
    return this.block("'else' statement", line);
  }

  private while(): boolean {
    const { line } = this.token;
    this.pos += 1;
    if (this.namedExpression() === null || !this.colon()) return false;
    return this.block("'while' statement", line) && this.else();
  }

  private for(): boolean {
    const { line } = this.token;
    this.pos += 1;
    const start = this.pos;
    if (this.starTargets() === null || !this.isWord("in")) {
      if (this.diagnose) this.invalidForTarget(start);
      return false;
    }
    this.pos += 1;
    if (this.starExpressions() === null || !this.colon()) return false;
    return this.block("'for' statement", line) && this.else();
  }

  private with(): boolean {
    const { line } = this.token;
    this.pos += 1;
    const start = this.pos;
    if (!this.withItems()) {
      // Parentheses that are no list of items belong to an expression.
      this.pos = start;
      if (!this.plainWithItems(false)) return false;
    }
    return this.colon() && this.block("'with' statement", line);
  }

  private withItems(): boolean {
    if (!this.takeOp("(")) return false;
    return this.quietly(() => {
      return this.plainWithItems(true) && this.takeOp(")") && this.isOp(":");
    });
  }

  private plainWithItems(grouped: boolean): boolean {
    do {
      if (grouped && this.isOp(")")) return this.previous.text === ",";
      if (this.expression() === null) return false;
      if (!this.takeWord("as")) continue;
      const start = this.pos;
      const target = this.starTarget();
      const ends = this.isOp(",") || this.isOp(")") || this.isOp(":");
      if (target !== null && ends) continue;
      if (this.diagnose) {
        this.pos = start;
        const value = this.expression();
        const closes = this.isOp(",") || this.isOp(")") || this.isOp(":");
        if (value !== null && closes) this.failInvalidTarget(value, "assign");
      }
      if (target === null) return false;
      this.pos = start;
      this.starTarget();
    } while (this.takeOp(","));
    return true;
  }

  private starTarget(): Shape | null {
    const shape = this.primary();
    return shape !== null && isAssignable(shape) ? shape : null;
  }

  private try(): boolean {
    const { line } = this.token;
    this.pos += 1;
    this.force(":");
    if (!this.block("'try' statement", line)) return false;
    if (!this.isWord("except") && !this.isWord("finally")) {
      if (this.diagnose) this.failHere("expected 'except' or 'finally' block");
      return false;
    }
    let star: boolean | null = null;
    while (this.isWord("except")) {
      const isStar = this.tokens[this.pos + 1].text === "*";
      if (star !== null && star !== isStar) {
        const msg = "cannot have both 'except' and 'except*' on the same 'try'";
        const except = this.token;
        if (this.diagnose) this.failRange(msg, except, isStar ? this.tokens[this.pos + 1] : except);
        return false;
      }
      star = isStar;
      if (!this.except(isStar)) return false;
    }
    if (star !== null && !this.else()) return false;
    if (!this.isWord("finally")) return true;
    const final = this.token;
    this.pos += 1;
    this.force(":");
    return this.block("'finally' statement", final.line);
  }

  private except(isStar: boolean): boolean {
    const { line } = this.token;
    const what = isStar ? "'except*' statement" : "'except' statement";
    this.pos += isStar ? 2 : 1;
    if (this.isOp(":") || this.isKind(TokenKind.Newline)) {
      if (isStar) {
        if (this.diagnose) this.failHere("expected one or more exception types");
        return false;
      }
      return this.colon() && this.block(what, line);
    }
    const start = this.pos;
    const type = this.expression();
    if (type === null) return false;
    if (this.diagnose && this.isOp(",")) this.invalidExcept(start, type);
    if (this.takeWord("as") && this.takeName() === null) return false;
    return this.colon() && this.block(what, line);
  }

  private invalidExcept(start: number, type: Shape): void {
    this.pos += 1;
    while (this.startsExpression() && this.expression() !== null && this.takeOp(","));
    if (this.takeWord("as")) this.takeName();
    if (this.isOp(":")) {
      const msg = "multiple exception types must be parenthesized";
      this.failFrom(msg, type.first.start);
    }
    this.pos = start;
  }

  // --- match -----------------------------------------------------------------------------------

  private match(): boolean {
    const { line } = this.token;
    this.pos += 1;
    if (!this.startsExpression()) return false;
    const start = this.pos;
    const { diagnose } = this;
    const subject = this.quietly(() => this.starNamedExpressions());
    if (subject === null || (subject.kind === "starred" && !this.isOp(","))) return false;
    const end = this.previous.end;
    if (!this.takeOp(":")) {
      if (diagnose && this.isKind(TokenKind.Newline) && this.isMatchHeader(start)) {
        this.failHere("expected ':'");
      }
      return false;
    }
    if (!this.takeNewline()) return false;
    if (!this.isKind(TokenKind.Indent)) {
      if (diagnose) {
        this.failIndentation(`expected an indented block after 'match' statement on line ${line}`);
      }
      return false;
    }
    this.pos += 1;
    if (!this.isWord("case")) return false;
    const isOpen = subject.kind === "tuple" && subject.first === subject.items[0]?.first;
    if (isOpen && !diagnose) this.parenthesize(this.tokens[start].start, end);
    while (this.isWord("case")) if (!this.case()) return false;
    if (!this.isKind(TokenKind.Dedent)) return false;
    this.pos += 1;
    return true;
  }

  /** `match x` alone on a line is a header only where it cannot be anything else. */
  private isMatchHeader(start: number): boolean {
    const first = this.tokens[start];
    return (
      first.kind === TokenKind.Name ||
      first.kind === TokenKind.Number ||
      first.kind === TokenKind.String
    );
  }

  private case(): boolean {
    const { line } = this.token;
    this.pos += 1;
    const { start } = this.token;
    let starred = this.isOp("*");
    if (!this.maybeStarPattern()) return false;
    if (this.isOp(",")) {
      while (this.takeOp(",")) {
        if (this.isOp(":") || this.isWord("if")) break;
        if (!this.maybeStarPattern()) return false;
      }
      if (!this.diagnose) this.parenthesize(start, this.previous.end);
      starred = false;
    }
    if (starred) return false;
    if (this.takeWord("if") && this.namedExpression() === null) return false;
    if (!this.colon()) return false;
    return this.block("'case' statement", line);
  }

  private maybeStarPattern(): boolean {
    if (this.takeOp("*")) return this.takeName() !== null;
    return this.pattern();
  }

  private pattern(): boolean {
    do {
      if (!this.closedPattern()) return false;
    } while (this.takeOp("|"));
    if (!this.takeWord("as")) return true;
    if (this.isWord("_")) this.failAt("cannot use '_' as a target", this.token);
    if (this.takeName() !== null) return !this.isOp(".") && !this.isOp("(");
    if (this.diagnose) {
      const target = this.startsExpression() ? this.expression() : null;
      if (target !== null) this.failAt("invalid pattern target", target);
    }
    return false;
  }

  private closedPattern(): boolean {
    const { token } = this;
    switch (token.kind) {
      case TokenKind.Number:
        return this.numberPattern();
      case TokenKind.String:
        while (this.isKind(TokenKind.String)) {
          if (/^[a-z]*f[a-z]*['"]/i.test(this.token.text)) {
            this.failFormatPattern();
          }
          this.pos += 1;
        }
        return true;
      case TokenKind.Name:
        if (["None", "True", "False"].includes(token.text)) {
          this.pos += 1;
          return true;
        }
        return this.namePattern();
      case TokenKind.Op:
        if (token.text === "-") return this.numberPattern();
        if (token.text === "(") return this.sequencePattern(")");
        if (token.text === "[") return this.sequencePattern("]");
        return token.text === "{" && this.mappingPattern();
      default:
        return false;
    }
  }

  private failFormatPattern(): never {
    return this.failAt("patterns may only match literals and attribute lookups", this.token);
  }

  private numberPattern(): boolean {
    this.takeOp("-");
    if (!this.isKind(TokenKind.Number)) return false;
    this.pos += 1;
    if (!this.isOp("+") && !this.isOp("-")) return true;
    if (/[jJ]$/.test(this.previous.text)) {
      this.failAt("real number required in complex literal", this.previous);
    }
    this.pos += 1;
    if (!this.isKind(TokenKind.Number)) return false;
    if (!/[jJ]$/.test(this.token.text)) {
      this.failAt("imaginary number required in complex literal", this.token);
    }
    this.pos += 1;
    return true;
  }

  private namePattern(): boolean {
    if (this.takeName() === null) return false;
    while (this.takeOp(".")) if (this.takeName() === null) return false;
    return !this.isOp("(") || this.classPattern();
  }

  private classPattern(): boolean {
    this.pos += 1;
    let keywords = false;
    const first = this.token;
    while (!this.isOp(")")) {
      if (this.isName() && this.tokens[this.pos + 1].text === "=") {
        this.pos += 2;
        keywords = true;
        if (!this.pattern()) return false;
      } else {
        const { token } = this;
        if (!this.pattern()) return false;
        if (keywords) {
          const msg = "positional patterns follow keyword patterns";
          this.failRange(msg, first === token ? first : token, this.previous);
        }
      }
      if (!this.takeOp(",")) break;
    }
    return this.takeOp(")");
  }

  private sequencePattern(closer: string): boolean {
    this.pos += 1;
    let starred = false;
    let count = 0;
    while (!this.isOp(closer)) {
      starred = this.isOp("*");
      if (!this.maybeStarPattern()) return false;
      count += 1;
      if (!this.takeOp(",")) break;
    }
    // A group may not hold a lone starred pattern.
    if (closer === ")" && count === 1 && starred && this.previous.text !== ",") return false;
    return this.takeOp(closer);
  }

  private mappingPattern(): boolean {
    this.pos += 1;
    let rest = false;
    while (!this.isOp("}")) {
      if (rest) return false;
      if (this.takeOp("**")) {
        rest = true;
        if (this.isWord("_") || this.takeName() === null) return false;
      } else {
        if (!this.patternKey() || !this.takeOp(":") || !this.pattern()) return false;
      }
      if (!this.takeOp(",")) break;
    }
    return this.takeOp("}");
  }

  private patternKey(): boolean {
    const { token } = this;
    if (token.kind === TokenKind.Name && !isKeyword(token)) {
      this.pos += 1;
      if (!this.isOp(".")) return false;
      while (this.takeOp(".")) if (this.takeName() === null) return false;
      return true;
    }
    if (token.kind === TokenKind.Op && token.text !== "-") return false;
    return this.closedPattern();
  }
}

function hasStar(shape: Shape): boolean {
  return shape.kind === "starred" || shape.items.some(hasStar);
}

function isAssignable(shape: Shape): boolean {
  switch (shape.kind) {
    case "tuple":
    case "list":
      return shape.items.every(isAssignable);
    case "starred":
      return shape.items[0].kind !== "starred" && isAssignable(shape.items[0]);
    default:
      return isSingleKind(shape.kind);
  }
}

function isSingleKind(kind: string): boolean {
  return kind === "name" || kind === "attribute" || kind === "subscript";
}

function isSingleTarget(shape: Shape): boolean {
  return isSingleKind(shape.kind);
}

function isAnnotatable(shape: Shape): boolean {
  return isSingleKind(shape.kind);
}
