/**
 * Recognition of expressions: the rules of CPython 3.11's grammar, its `invalid_` rules included.
 * A rule gives the shape of what it matched, or null; null leaves the position undefined, so a rule
 * that tries something else afterwards goes back first. The `invalid_` rules only run in a second
 * pass, as there, once the plain rules have rejected the source.
 */

import type { PySyntaxError, SyntaxErrorType } from "./error.js";
import { splitString } from "./literal.js";
import type { Edit } from "./mask.js";
import { invalidTarget, type Shape, type TargetUse } from "./shape.js";
import { type Source, ZERO_END } from "./source.js";
import { type Token, TokenKind, type TokenList } from "./token.js";

const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except " +
    "finally for from global if import in is lambda nonlocal not or pass raise return try while " +
    "with yield"
  ).split(" "),
);
const SOFT_KEYWORDS = ["match", "case", "_"];
const BINARY_OPERATORS = new Set("+ - * / // % @ << >> & | ^ **".split(" "));
const COMPARISONS = new Set("== != < > <= >=".split(" "));
const COMPARISON_WORDS = new Set(["in", "is", "not"]);
const LEGACY = new Set(["print", "exec"]);

/** Deepest nesting of rules; CPython's parser gives up with a MemoryError as well. */
const MAX_DEPTH = 1000;

/** Thrown to leave all rules at once. */
export class GrammarFailure {
  constructor(readonly error: PySyntaxError) {}
}

/** Rules whose results are kept in the second pass. */
const enum Rule {
  NamedExpression,
  Expression,
  Disjunction,
  BitwiseOr,
  Primary,
  Count,
}

/** Whether a token is a word with a fixed meaning. */
export function isKeyword(token: Token): boolean {
  return token.kind === TokenKind.Name && KEYWORDS.has(token.text);
}

/** Rules of expressions over a token list. */
export class ExpressionGrammar {
  protected readonly tokens: Token[];
  protected pos = 0;
  /** The furthest token looked at. */
  protected furthest = 0;
  /** Whether the `invalid_` rules run. */
  protected diagnose = false;
  readonly edits: Edit[] = [];
  readonly asyncTargets: number[] = [];
  private depth = 0;
  /** Results of the second pass by rule, position and mode; trying again must not multiply. */
  private readonly memo = new Map<number, { shape: Shape | null; pos: number }>();
  /** Set for the second pass. */
  protected memoizes = false;

  constructor(
    protected readonly source: Source,
    protected readonly list: TokenList,
  ) {
    this.tokens = list.tokens;
  }

  // --- tokens and errors -----------------------------------------------------------------------

  protected get token(): Token {
    const token = this.tokens[this.pos];
    if (this.pos > this.furthest) this.furthest = this.pos;
    if (token.kind === TokenKind.Error) this.failOnError();
    return token;
  }

  private failOnError(): never {
    throw new GrammarFailure(this.list.error ?? this.unclosed());
  }

  protected unclosed(): PySyntaxError {
    const bracket = this.list.open[this.list.open.length - 1];
    const msg = `'${bracket.char}' was never closed`;
    return this.source.error("SyntaxError", msg, bracket.offset, ZERO_END);
  }

  protected get previous(): Token {
    return this.tokens[this.pos - 1];
  }

  protected isKind(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  protected isOp(text: string): boolean {
    const { token } = this;
    return token.kind === TokenKind.Op && token.text === text;
  }

  protected isWord(text: string): boolean {
    const { token } = this;
    return token.kind === TokenKind.Name && token.text === text;
  }

  protected takeOp(text: string): boolean {
    if (!this.isOp(text)) return false;
    this.pos += 1;
    return true;
  }

  protected takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.pos += 1;
    return true;
  }

  protected isName(): boolean {
    const { token } = this;
    return token.kind === TokenKind.Name && !KEYWORDS.has(token.text);
  }

  protected takeName(): Token | null {
    if (!this.isName()) return null;
    this.pos += 1;
    return this.previous;
  }

  protected fail(
    msg: string,
    start: number,
    end: number,
    type: SyntaxErrorType = "SyntaxError",
  ): never {
    throw new GrammarFailure(this.source.error(type, msg, start, end));
  }

  protected failRange(msg: string, first: Shape | Token, last: Shape | Token): never {
    const start = "first" in first ? first.first.start : first.start;
    const end = "last" in last ? last.last.end : last.end;
    return this.fail(msg, start, end);
  }

  protected failAt(msg: string, at: Shape | Token): never {
    return this.failRange(msg, at, at);
  }

  /** An error at the token looked at last; one without width has no end. */
  protected failHere(msg: string, type: SyntaxErrorType = "SyntaxError"): never {
    const { kind, start, end } = this.tokens[this.furthest];
    const isEmpty =
      kind === TokenKind.End || kind === TokenKind.Dedent || kind === TokenKind.Indent;
    return isEmpty
      ? this.fail(msg, Math.max(0, end - 1), -1, type)
      : this.fail(msg, start, end, type);
  }

  /** An error from a token to what was read last. */
  protected failFrom(msg: string, start: number): never {
    return this.fail(msg, start, this.tokens[this.furthest].end - 1);
  }

  /** `&&':'`: a token that nothing else can stand for. */
  protected force(text: string): void {
    if (!this.takeOp(text)) this.failAt(`expected '${text}'`, this.token);
  }

  protected shape(kind: string, first: Token, items: Shape[] = []): Shape {
    return { kind, first, last: this.previous, items, grouped: false };
  }

  private memoize(rule: Rule, parse: () => Shape | null): Shape | null {
    if (!this.memoizes) return parse();
    const key = (this.pos * Rule.Count + rule) * 2 + (this.diagnose ? 1 : 0);
    const known = this.memo.get(key);
    if (known !== undefined) {
      this.pos = known.pos;
      return known.shape;
    }
    const shape = parse();
    this.memo.set(key, { shape, pos: this.pos });
    return shape;
  }

  /** Runs a rule without the `invalid_` rules. */
  protected quietly<T>(rule: () => T): T {
    const { diagnose } = this;
    this.diagnose = false;
    const result = rule();
    this.diagnose = diagnose;
    return result;
  }

  /** Runs a rule without the `invalid_` rules and without moving. */
  protected lookahead<T>(rule: () => T): T {
    const { pos } = this;
    const result = this.quietly(rule);
    this.pos = pos;
    return result;
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      throw new GrammarFailure(this.source.plainError("MemoryError", ""));
    }
  }

  protected failInvalidTarget(shape: Shape, use: TargetUse): void {
    const found = invalidTarget(shape, use);
    if (found === null) return;
    this.failAt(`cannot ${use === "delete" ? "delete" : "assign to"} ${found.kind}`, found);
  }

  // --- lists of expressions --------------------------------------------------------------------

  /** Items separated by commas, a comma allowed at the end: one item stays what it is. */
  private commaList(item: () => Shape | null): Shape | null {
    const start = this.token;
    const first = item();
    if (first === null || !this.isOp(",")) return first;
    const items = [first];
    while (this.takeOp(",")) {
      const at = this.pos;
      const next = this.startsExpression() ? item() : null;
      if (next === null) {
        this.pos = at;
        break;
      }
      items.push(next);
    }
    // py-ast wants no semicolon behind a comma.
    if (this.previous.text === "," && this.isOp(";") && !this.diagnose) {
      this.parenthesize(start.start, this.previous.end);
    }
    return this.shape("tuple", start, items);
  }

  /** Has py-ast see parentheses around a part of the text. */
  protected parenthesize(start: number, end: number): void {
    this.edits.push({ at: start, blank: 0, insert: "(" }, { at: end, blank: 0, insert: ")" });
  }

  /** Whether the token can begin an expression, a starred one included. */
  protected startsExpression(): boolean {
    const { kind, text } = this.token;
    switch (kind) {
      case TokenKind.Name:
        return (
          !KEYWORDS.has(text) || ["False", "None", "True", "await", "lambda", "not"].includes(text)
        );
      case TokenKind.Number:
      case TokenKind.String:
        return true;
      case TokenKind.Op:
        return ["(", "[", "{", "-", "+", "~", "...", "*"].includes(text);
      default:
        return false;
    }
  }

  starExpressions(): Shape | null {
    return this.commaList(() => this.starExpression());
  }

  private starExpression(): Shape | null {
    return this.isOp("*") ? this.starred() : this.expression();
  }

  protected starNamedExpression(): Shape | null {
    return this.isOp("*") ? this.starred() : this.namedExpression();
  }

  protected starNamedExpressions(): Shape | null {
    return this.commaList(() => this.starNamedExpression());
  }

  private starred(): Shape | null {
    const first = this.token;
    this.pos += 1;
    const value = this.bitwiseOr();
    return value === null ? null : this.shape("starred", first, [value]);
  }

  protected yieldExpression(): Shape | null {
    const first = this.token;
    if (!this.takeWord("yield")) return null;
    if (this.takeWord("from")) {
      if (this.expression() === null) return null;
    } else if (this.startsExpression()) {
      const at = this.pos;
      if (this.starExpressions() === null) this.pos = at;
    }
    return this.shape("yield expression", first);
  }

  /** Either a yield expression or what the rule matches. */
  protected yieldOr(rule: () => Shape | null): Shape | null {
    return this.isWord("yield") ? this.yieldExpression() : rule();
  }

  // --- named expressions -----------------------------------------------------------------------

  protected namedExpression(): Shape | null {
    return this.memoize(Rule.NamedExpression, () => this.parseNamedExpression());
  }

  private parseNamedExpression(): Shape | null {
    const first = this.token;
    const start = this.pos;
    if (this.isName() && this.tokens[this.pos + 1].text === ":=") {
      this.pos += 2;
      if (this.expression() === null) return null;
      return this.shape("named expression", first);
    }
    if (this.diagnose) this.invalidNamedExpression();
    this.pos = start;
    const value = this.expression();
    if (value === null || this.isOp(":=")) return null;
    return value;
  }

  private invalidNamedExpression(): void {
    const start = this.pos;
    const target = this.expression();
    if (target !== null && this.takeOp(":=") && this.expression() !== null) {
      this.failAt(`cannot use assignment expressions with ${target.kind}`, target);
    }
    this.pos = start;
    const left = this.bitwiseOr();
    if (left === null || !this.isOp("=")) return;
    const isName = left.kind === "name" && !left.grouped;
    const displays = ["list", "tuple", "generator expression", "True", "False", "None"];
    if (displays.includes(left.kind) && !left.grouped) return;
    this.pos += 1;
    const right = this.bitwiseOr();
    if (right === null || this.isOp("=") || this.isOp(":=")) return;
    if (isName) {
      const msg = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
      this.failRange(msg, left, right);
    }
    const msg = `cannot assign to ${left.kind} here. Maybe you meant '==' instead of '='?`;
    this.failAt(msg, left);
  }

  // --- expressions -----------------------------------------------------------------------------

  expression(): Shape | null {
    return this.memoize(Rule.Expression, () => this.parseExpression());
  }

  private parseExpression(): Shape | null {
    this.enter();
    const start = this.pos;
    if (this.diagnose) {
      this.invalidExpression();
      this.pos = start;
      this.invalidLegacyExpression();
      this.pos = start;
    }
    const result = this.isWord("lambda") ? this.lambda() : this.conditional();
    this.depth -= 1;
    return result;
  }

  private conditional(): Shape | null {
    const start = this.token;
    const body = this.disjunction();
    if (body === null || !this.isWord("if")) return body;
    const at = this.pos;
    this.pos += 1;
    if (this.disjunction() !== null && this.takeWord("else") && this.expression() !== null) {
      return this.shape("conditional expression", start);
    }
    // `x if y` may still be a condition of a comprehension or a guard.
    this.pos = at;
    return body;
  }

  private invalidExpression(): void {
    const first = this.token;
    const next = this.tokens[this.pos + 1];
    const isWord = first.kind === TokenKind.Name && !KEYWORDS.has(first.text);
    if (isWord && next.kind === TokenKind.String) return;
    // CPython 3.11 compares no more than the length of the token: prefixes match as well.
    if (isWord && SOFT_KEYWORDS.some((word) => word.startsWith(first.text))) return;
    const left = this.disjunction();
    if (left === null) return;
    const at = this.pos;
    if (this.startsExpression() && !this.isOp("*")) {
      const right = this.lookahead(() => {
        const shape = this.expression();
        return shape === null ? null : { shape, level: this.previous.level };
      });
      const legacy = left.kind === "name" && LEGACY.has(left.first.text);
      if (right !== null && !legacy && right.level !== 0) {
        this.failRange("invalid syntax. Perhaps you forgot a comma?", left, right.shape);
      }
    }
    this.pos = at;
    if (!this.takeWord("if")) return;
    const test = this.disjunction();
    if (test === null || this.isWord("else") || this.isOp(":")) return;
    this.failRange("expected 'else' after 'if' expression", left, test);
  }

  private invalidLegacyExpression(): void {
    const name = this.takeName();
    if (name === null || this.isOp("(") || !this.startsExpression()) return;
    // Faults of what follows the name are worded even where the name is no old statement's.
    const rest = this.starExpressions();
    if (rest === null || !LEGACY.has(name.text)) return;
    const call = `${name.text}(...)`;
    const msg = `Missing parentheses in call to '${name.text}'. Did you mean ${call}?`;
    this.failRange(msg, name, rest);
  }

  private lambda(): Shape | null {
    const first = this.token;
    this.pos += 1;
    if (!this.isOp(":") && !this.parameters(":")) return null;
    if (!this.takeOp(":") || this.expression() === null) return null;
    return this.shape("lambda", first);
  }

  protected disjunction(): Shape | null {
    return this.memoize(Rule.Disjunction, () => this.parseDisjunction());
  }

  private parseDisjunction(): Shape | null {
    return this.chain("or", () => this.chain("and", () => this.inversion()));
  }

  private chain(word: string, operand: () => Shape | null): Shape | null {
    const start = this.token;
    const first = operand();
    if (first === null || !this.isWord(word)) return first;
    let joins = false;
    for (let at = this.pos; this.takeWord(word); at = this.pos) {
      if (operand() === null) {
        this.pos = at;
        break;
      }
      joins = true;
    }
    return joins ? this.shape("expression", start) : first;
  }

  private inversion(): Shape | null {
    const first = this.token;
    if (!this.isWord("not")) return this.comparison();
    while (this.takeWord("not"));
    if (this.comparison() === null) return null;
    return this.shape("expression", first);
  }

  private comparison(): Shape | null {
    const start = this.token;
    const left = this.bitwiseOr();
    if (left === null) return null;
    let compares = false;
    const isMembership = this.isWord("in");
    for (let at = this.pos; this.takeComparison(); at = this.pos) {
      if (this.bitwiseOr() === null) {
        this.pos = at;
        break;
      }
      compares = true;
    }
    return compares ? this.shape("comparison", start, isMembership ? [left] : []) : left;
  }

  private takeComparison(): boolean {
    const { kind, text } = this.token;
    if (kind === TokenKind.Op && COMPARISONS.has(text)) {
      this.pos += 1;
      return true;
    }
    if (kind !== TokenKind.Name || !COMPARISON_WORDS.has(text)) return false;
    this.pos += 1;
    if (text === "is") this.takeWord("not");
    if (text !== "not" || this.takeWord("in")) return true;
    this.pos -= 1;
    return false;
  }

  /** Arithmetic: operators need no precedence to be recognized. */
  protected bitwiseOr(): Shape | null {
    return this.memoize(Rule.BitwiseOr, () => this.parseBitwiseOr());
  }

  private parseBitwiseOr(): Shape | null {
    const start = this.token;
    const first = this.factor();
    if (first === null) return null;
    let operates = false;
    for (;;) {
      const { kind, text } = this.token;
      if (kind !== TokenKind.Op || !BINARY_OPERATORS.has(text)) break;
      const at = this.pos;
      this.pos += 1;
      if (this.factor() === null) {
        this.pos = at;
        break;
      }
      operates = true;
    }
    return operates ? this.shape("expression", start) : first;
  }

  private factor(): Shape | null {
    const first = this.token;
    let signed = false;
    while (this.isOp("-") || this.isOp("+") || this.isOp("~")) {
      this.pos += 1;
      signed = true;
    }
    const value = this.isWord("await") ? this.await() : this.primary();
    return value === null || !signed ? value : this.shape("expression", first);
  }

  private await(): Shape | null {
    const first = this.token;
    this.pos += 1;
    return this.primary() === null ? null : this.shape("await expression", first);
  }

  /** As in a PEG, an operator or suffix whose operand fails is left for others to reject. */
  protected primary(): Shape | null {
    return this.memoize(Rule.Primary, () => this.parsePrimary());
  }

  private parsePrimary(): Shape | null {
    const start = this.token;
    let value = this.atom();
    while (value !== null) {
      const at = this.pos;
      const next = this.suffix(start);
      if (next === null) {
        this.pos = at;
        break;
      }
      value = next;
    }
    return value;
  }

  private suffix(first: Token): Shape | null {
    const { kind, text } = this.token;
    if (kind !== TokenKind.Op) return null;
    switch (text) {
      case ".":
        this.pos += 1;
        return this.takeName() === null ? null : this.shape("attribute", first);
      case "(":
        return this.callArguments() ? this.shape("function call", first) : null;
      case "[":
        this.pos += 1;
        return this.slices() && this.takeOp("]") ? this.shape("subscript", first) : null;
      default:
        return null;
    }
  }

  private slices(): boolean {
    if (!this.slice()) return false;
    while (this.takeOp(",")) {
      if (this.isOp("]")) break;
      if (!this.slice()) return false;
    }
    return true;
  }

  private slice(): boolean {
    if (this.isOp("*")) return this.starred() !== null;
    if (!this.isOp(":")) {
      if (this.namedExpression() === null) return false;
      if (!this.isOp(":")) return true;
    }
    for (let colons = 0; colons < 2 && this.takeOp(":"); colons += 1) {
      if (this.isOp(":") || this.isOp("]") || this.isOp(",")) continue;
      if (this.expression() === null) return false;
    }
    return true;
  }

  // --- atoms -----------------------------------------------------------------------------------

  private atom(): Shape | null {
    const { token } = this;
    switch (token.kind) {
      case TokenKind.Name:
        if (KEYWORDS.has(token.text)) {
          if (!["None", "True", "False"].includes(token.text)) return null;
          this.pos += 1;
          return this.shape(token.text, token);
        }
        this.pos += 1;
        return this.shape("name", token);
      case TokenKind.Number:
        this.pos += 1;
        return this.shape("literal", token);
      case TokenKind.String:
        return this.strings();
      case TokenKind.Op:
        if (token.text === "(") return this.parenthesized();
        if (token.text === "[") return this.listDisplay();
        if (token.text === "{") return this.braces();
        if (token.text !== "...") return null;
        this.pos += 1;
        return this.shape("ellipsis", token);
      default:
        return null;
    }
  }

  private strings(): Shape {
    const first = this.token;
    let format = false;
    while (this.token.kind === TokenKind.String) {
      if (splitString(this.token.text).format) format = true;
      this.pos += 1;
    }
    return this.shape(format ? "f-string expression" : "literal", first);
  }

  private parenthesized(): Shape | null {
    this.enter();
    const result = this.group();
    this.depth -= 1;
    return result;
  }

  private group(): Shape | null {
    const first = this.token;
    const start = this.pos;
    this.pos += 1;
    if (this.takeOp(")")) return this.shape("tuple", first);
    if (this.isWord("yield")) {
      const value = this.yieldExpression();
      if (value === null || !this.takeOp(")")) return null;
      return { ...value, grouped: true };
    }
    const item = this.isOp("**") ? null : this.starNamedExpression();
    if (item !== null) {
      if (this.isOp(",")) {
        const items = this.tupleRest(item);
        if (items !== null && this.takeOp(")")) return this.shape("tuple", first, items);
      } else if (item.kind !== "starred" || item.grouped) {
        if (this.takeOp(")")) return { ...item, grouped: true };
        if (this.startsClauses()) {
          if (!this.forIfClauses(false) || !this.takeOp(")")) return null;
          return this.shape("generator expression", first);
        }
      }
    }
    if (this.diagnose) this.invalidGroup(start);
    return null;
  }

  private tupleRest(first: Shape): Shape[] | null {
    const items = [first];
    while (this.takeOp(",")) {
      if (!this.startsExpression()) break;
      const item = this.starNamedExpression();
      if (item === null) return null;
      items.push(item);
    }
    return items;
  }

  private invalidGroup(start: number): void {
    this.pos = start + 1;
    if (this.isOp("*")) {
      const value = this.starred();
      if (value !== null && this.isOp(")")) {
        this.failAt("cannot use starred expression here", value);
      }
      if (
        value !== null &&
        this.startsClauses() &&
        this.lookahead(() => this.forIfClauses(false))
      ) {
        this.failAt("iterable unpacking cannot be used in comprehension", value);
      }
    } else if (this.isOp("**")) {
      const { token } = this;
      this.pos += 1;
      if (this.expression() !== null && this.isOp(")")) {
        this.failAt("cannot use double starred expression here", token);
      }
    }
  }

  private listDisplay(): Shape | null {
    this.enter();
    const first = this.token;
    const start = this.pos;
    this.pos += 1;
    let result: Shape | null = null;
    if (this.takeOp("]")) result = this.shape("list", first);
    else {
      const item = this.starNamedExpression();
      if (item !== null && item.kind !== "starred" && this.startsClauses()) {
        if (this.forIfClauses(false) && this.takeOp("]")) {
          result = this.shape("list comprehension", first);
        }
      } else if (item !== null) {
        const items = this.tupleRest(item);
        if (items !== null && this.takeOp("]")) result = this.shape("list", first, items);
      }
      if (result === null && this.diagnose) this.invalidComprehension(start);
    }
    this.depth -= 1;
    return result;
  }

  private invalidComprehension(start: number): void {
    this.pos = start + 1;
    const item = this.starNamedExpression();
    if (item === null) return;
    const clauses = () =>
      this.startsClauses() && this.lookahead(() => this.forIfClauses(false)) === true;
    if (item.kind === "starred" && clauses()) {
      this.failAt("iterable unpacking cannot be used in comprehension", item);
    }
    if (!this.isOp(",")) return;
    const items = this.tupleRest(item);
    if (items === null || !clauses()) return;
    const msg = "did you forget parentheses around the comprehension target?";
    this.failRange(msg, item, this.previous);
  }

  private braces(): Shape | null {
    this.enter();
    const first = this.token;
    const start = this.pos;
    this.pos += 1;
    let result: Shape | null = null;
    if (this.takeOp("}")) result = this.shape("dict literal", first);
    else {
      result = this.dictOrSet(first);
      if (result === null && this.diagnose) {
        this.pos = start + 1;
        this.invalidDict();
        this.invalidComprehension(start);
      }
    }
    this.depth -= 1;
    return result;
  }

  private dictOrSet(first: Token): Shape | null {
    if (this.isOp("**")) return this.dictRest(first);
    const start = this.pos;
    const item = this.starNamedExpression();
    if (item === null) return null;
    if (
      this.isOp(":") &&
      item.kind !== "starred" &&
      (item.kind !== "named expression" || item.grouped)
    ) {
      this.pos = start;
      return this.dictRest(first);
    }
    if (item.kind !== "starred" && this.startsClauses()) {
      if (!this.forIfClauses(true) || !this.takeOp("}")) return null;
      return this.shape("set comprehension", first);
    }
    if (this.tupleRest(item) === null || !this.takeOp("}")) return null;
    return this.shape("set display", first);
  }

  private dictRest(first: Token): Shape | null {
    for (let isFirst = true; !this.isOp("}"); isFirst = false) {
      if (this.takeOp("**")) {
        if (this.bitwiseOr() === null) return null;
      } else {
        const key = isFirst ? this.expression() : this.quietly(() => this.expression());
        if (key === null || !this.takeOp(":") || this.expression() === null) return null;
        if (isFirst && this.startsClauses()) {
          if (!this.forIfClauses(true) || !this.takeOp("}")) return null;
          return this.shape("dict comprehension", first);
        }
      }
      if (!this.takeOp(",")) break;
    }
    return this.takeOp("}") ? this.shape("dict literal", first) : null;
  }

  private invalidDict(): void {
    const start = this.pos;
    if (this.isOp("**")) {
      const { token } = this;
      this.pos += 1;
      const value = this.bitwiseOr();
      if (value !== null && this.startsClauses() && this.lookahead(() => this.forIfClauses(true))) {
        this.failAt("dict unpacking cannot be used in dict comprehension", token);
      }
      this.pos = start;
    }
    let pairs = 0;
    for (;;) {
      if (this.takeOp("**")) {
        if (this.bitwiseOr() === null) break;
      } else {
        const key =
          this.startsExpression() && !this.isOp("*") ? this.quietly(() => this.expression()) : null;
        if (key === null) break;
        if (!this.isOp(":")) {
          if (pairs > 0) {
            this.fail("':' expected after dictionary key", key.last.end - 1, ZERO_END);
          }
          break;
        }
        const colon = this.token;
        this.pos += 1;
        if (this.isOp("*")) {
          const { token } = this;
          if (this.starred() === null) break;
          const msg = "cannot use a starred expression in a dictionary value";
          this.failFrom(msg, token.start);
        }
        if (this.isOp("}") || this.isOp(",")) {
          this.failAt("expression expected after dictionary key and ':'", colon);
        }
        if (this.expression() === null) break;
      }
      pairs += 1;
      if (!this.takeOp(",")) break;
    }
    this.pos = start;
  }

  // --- comprehensions --------------------------------------------------------------------------

  protected startsClauses(): boolean {
    if (!this.takeWord("async")) return this.isWord("for");
    const starts = this.isWord("for");
    this.pos -= 1;
    return starts;
  }

  /** `for` and `if` clauses; py-ast wants help with `async` in braces. */
  protected forIfClauses(inBraces: boolean): boolean {
    while (this.startsClauses()) {
      if (this.isWord("async")) {
        if (inBraces && !this.diagnose) this.hideAsync();
        this.pos += 1;
      }
      this.pos += 1;
      const start = this.pos;
      if (this.starTargets() === null || !this.takeWord("in")) {
        if (this.diagnose) this.invalidForTarget(start);
        return false;
      }
      if (this.disjunction() === null) return false;
      while (this.takeWord("if")) if (this.disjunction() === null) return false;
    }
    return true;
  }

  private hideAsync(): void {
    const { token } = this;
    this.edits.push({ at: token.start, blank: 5, insert: "" });
    this.asyncTargets.push(this.tokens[this.pos + 2].start);
  }

  protected invalidForTarget(start: number): void {
    this.pos = start;
    const shape = this.starExpressions();
    if (shape !== null) this.failInvalidTarget(shape, "for");
  }

  /** Assignment targets, tuples without parentheses included. */
  protected starTargets(): Shape | null {
    const start = this.pos;
    const shape = this.commaList(() => this.targetItem());
    if (shape === null || invalidTarget(shape, "assign") !== null) {
      this.pos = start;
      return null;
    }
    return shape;
  }

  private targetItem(): Shape | null {
    const first = this.token;
    if (!this.takeOp("*")) return this.primary();
    if (this.isOp("*")) return null;
    const value = this.primary();
    return value === null ? null : this.shape("starred", first, [value]);
  }

  // --- calls -----------------------------------------------------------------------------------

  /** `( arguments )`. */
  protected callArguments(): boolean {
    this.enter();
    const start = this.pos;
    this.pos += 1;
    const matched = this.takeOp(")") || (this.arguments() && this.takeOp(")"));
    if (!matched && this.diagnose) {
      this.pos = start + 1;
      this.invalidArguments();
    }
    this.depth -= 1;
    return matched;
  }

  /** Positional arguments first, then keywords; `**` only after the last positional one. */
  private arguments(): boolean {
    let keywords = false;
    let unpacked = false;
    for (let count = 0; !this.isOp(")"); count += 1) {
      if (this.takeOp("**")) {
        if (this.expression() === null) return false;
        unpacked = true;
      } else if (this.isOp("*")) {
        if (unpacked) return false;
        this.pos += 1;
        if (this.expression() === null) return false;
      } else if (this.isName() && this.tokens[this.pos + 1].text === "=") {
        this.pos += 2;
        if (this.diagnose) this.invalidKeywordValue();
        if (this.expression() === null) return false;
        keywords = true;
      } else {
        if (keywords || unpacked) return false;
        if (this.namedArgument() === null) return false;
        if (this.startsClauses()) {
          return count === 0 && this.forIfClauses(false) && this.isOp(")");
        }
        if (this.isOp("=")) return false;
      }
      if (!this.takeOp(",")) break;
    }
    return true;
  }

  private namedArgument(): Shape | null {
    const first = this.token;
    if (this.isName() && this.tokens[this.pos + 1].text === ":=") {
      this.pos += 2;
      return this.expression() === null ? null : this.shape("named expression", first);
    }
    const start = this.pos;
    const value = this.expression();
    if (value === null && this.diagnose) this.pos = start;
    return value;
  }

  private invalidKeywordValue(): void {
    const start = this.pos;
    const name = this.tokens[this.pos - 2];
    const value = this.expression();
    if (value !== null && this.startsClauses() && this.lookahead(() => this.forIfClauses(false))) {
      const msg = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
      this.failRange(msg, name, this.tokens[start - 1]);
    }
    this.pos = start;
  }

  /** The argument rules again, with what is wrong with their order. */
  private invalidArguments(): void {
    let keywords = false;
    let unpacked = false;
    let positionalAfter: "keyword" | "unpacking" | null = null;
    for (let count = 0; !this.isOp(")"); count += 1) {
      const { token } = this;
      if (this.takeOp("**")) {
        if (this.expression() === null) return;
        unpacked = true;
      } else if (this.isOp("*")) {
        if (unpacked) {
          const what = "iterable argument unpacking follows keyword argument unpacking";
          this.failAt(what, token);
        }
        this.pos += 1;
        if (this.expression() === null) return;
      } else if (this.isKeywordConstant()) {
        this.failRange(`cannot assign to ${token.text}`, token, this.tokens[this.pos + 1]);
      } else if (this.isName() && this.tokens[this.pos + 1].text === "=") {
        this.pos += 2;
        if (this.expression() === null) return;
        keywords = true;
      } else {
        const value = this.namedArgument();
        if (value === null) return;
        if (this.isOp("=")) {
          if (value.kind === "named expression" && !value.grouped) return;
          const what = 'expression cannot contain assignment, perhaps you meant "=="?';
          this.failRange(what, value, this.token);
        }
        if (this.startsClauses()) {
          if (!this.lookahead(() => this.forIfClauses(false))) return;
          this.forIfClauses(false);
          if (this.isOp(",") || count > 0) {
            this.failRange("Generator expression must be parenthesized", value, this.previous);
          }
        } else if (keywords || unpacked) {
          positionalAfter = unpacked ? "unpacking" : "keyword";
        }
      }
      if (!this.takeOp(",")) break;
    }
    if (positionalAfter === null) return;
    const tail =
      positionalAfter === "unpacking" ? "keyword argument unpacking" : "keyword argument";
    this.failHere(`positional argument follows ${tail}`);
  }

  private isKeywordConstant(): boolean {
    const { token } = this;
    if (token.kind !== TokenKind.Name) return false;
    if (!["True", "False", "None"].includes(token.text)) return false;
    return this.tokens[this.pos + 1].text === "=";
  }

  // --- parameters ------------------------------------------------------------------------------

  /** Parameters up to `closer`: `)` of a function, `:` of a lambda. The closer is not taken. */
  protected parameters(closer: string): boolean {
    const isLambda = closer === ":";
    const start = this.pos;
    let slash = false;
    let star = false;
    let defaulted = false;
    while (!this.isOp(closer)) {
      const { token } = this;
      if (this.takeOp("/")) {
        if (slash) this.failAt("/ may appear only once", token);
        if (star) this.failAt("/ must be ahead of *", token);
        if (this.tokens[start] === token) {
          if (!this.isOp(",")) return false;
          this.failAt("at least one argument must precede /", token);
        }
        if (this.isOp("*")) this.failAt("expected comma between / and *", this.token);
        slash = true;
      } else if (this.takeOp("**")) {
        if (!this.parameter(isLambda)) return false;
        if (this.isOp("=")) {
          this.failAt("var-keyword argument cannot have default value", this.token);
        }
        this.takeOp(",");
        if (this.isName() || this.isOp("*") || this.isOp("**") || this.isOp("/")) {
          this.failAt("arguments cannot follow var-keyword argument", this.token);
        }
        return true;
      } else if (this.takeOp("*")) {
        if (star) this.failAt("* argument may appear only once", token);
        star = true;
        if (this.isName()) {
          if (!this.parameter(isLambda, true)) return false;
          if (this.isOp("=")) {
            this.failAt("var-positional argument cannot have default value", this.token);
          }
        } else if (!this.bareStar(closer, token)) return false;
      } else if (this.isName()) {
        const { pos } = this;
        if (!this.parameter(isLambda)) return false;
        if (this.takeOp("=")) {
          if (this.isOp(closer) || this.isOp(",")) {
            this.failAt("expected default value expression", this.previous);
          }
          if (this.expression() === null) return false;
          defaulted = true;
        } else if (defaulted && !star && (this.isOp(",") || this.isOp(closer))) {
          const name = this.tokens[pos];
          this.fail("non-default argument follows default argument", name.start, this.previous.end);
        }
      } else {
        if (this.diagnose && this.isOp("(")) this.invalidParenthesized(isLambda);
        return false;
      }
      if (!this.takeOp(",")) break;
    }
    return true;
  }

  private bareStar(closer: string, star: Token): boolean {
    const msg = "named arguments must follow bare *";
    const fail = () => (closer === ":" ? this.failHere(msg) : this.failAt(msg, star));
    if (this.isOp(closer)) fail();
    if (!this.isOp(",")) return false;
    const next = this.tokens[this.pos + 1];
    if (next.kind === TokenKind.Op && (next.text === closer || next.text === "**")) {
      this.pos += 1;
      this.isOp(closer);
      fail();
    }
    return true;
  }

  private invalidParenthesized(isLambda: boolean): void {
    const first = this.token;
    this.pos += 1;
    let names = 0;
    while (this.takeName() !== null) {
      names += 1;
      if (!this.takeOp(",")) break;
    }
    if (names === 0 || !this.takeOp(")")) return;
    const what = isLambda ? "Lambda expression parameters" : "Function parameters";
    this.failRange(`${what} cannot be parenthesized`, first, this.previous);
  }

  private parameter(isLambda: boolean, isStar = false): boolean {
    if (this.takeName() === null) return false;
    if (isLambda || !this.takeOp(":")) return true;
    if (isStar && this.isOp("*")) return this.starred() !== null;
    return this.expression() !== null;
  }
}
