/**
 * From py-ast's tree to ours. The text that py-ast sees has its string literals replaced by plain
 * ones of the same width (mask.ts), so names, structure and positions come from py-ast and every
 * constant comes from our own tokens.
 */

import { type ExpressionParser, joinStrings } from "./fstring.js";
import { numberValue } from "./literal.js";
import type { Edit, StandIns } from "./mask.js";
import type { Source } from "./source.js";
import type { Recognition } from "./statement.js";
import { type Token, TokenKind } from "./token.js";
import type * as tree from "./tree.js";

/** What we rely on in py-ast's nodes; each field is interpreted where its node is converted. */
export interface RawNode {
  nodeType: string;
  lineno: number;
  col_offset: number;
  end_lineno: number;
  end_col_offset: number;
  [field: string]: unknown;
}

/** Moves positions: an f-string's expressions are parsed on their own. */
export interface Shift {
  lines: number;
  /** Added to the columns of the first line. */
  cols: number;
}

const CONSTANT_WORDS: Record<string, "none" | "true" | "false"> = {
  None: "none",
  True: "true",
  False: "false",
};

/** A key for a position; columns stay far below 2^24. */
function positionKey(line: number, col: number): number {
  return line * 0x1000000 + col;
}

/** Builds our tree from py-ast's. */
export class Converter {
  private readonly literals = new Map<number, number>();
  private readonly insertions = new Map<number, number[]>();
  private readonly asyncTargets = new Set<number>();

  constructor(
    private readonly source: Source,
    private readonly tokens: Token[],
    private readonly shift: Shift,
    hints: Recognition,
    private readonly standIns: StandIns,
    private readonly parseExpression: ExpressionParser,
  ) {
    for (let i = 0; i < tokens.length; i += 1) {
      const { kind, line, start } = tokens[i];
      if (kind === TokenKind.Number || kind === TokenKind.String) {
        this.literals.set(positionKey(line, source.byteColumn(line, start)), i);
      }
    }
    for (const edit of hints.edits) this.addEdit(edit);
    for (const offset of hints.asyncTargets) {
      const line = source.lineAt(offset);
      this.asyncTargets.add(positionKey(line, source.byteColumn(line, offset)));
    }
  }

  private addEdit(edit: Edit): void {
    if (edit.insert === "") return;
    const line = this.source.lineAt(edit.at);
    const columns = this.insertions.get(line) ?? [];
    columns.push(this.source.byteColumn(line, edit.at) + columns.length);
    this.insertions.set(line, columns);
  }

  private column(line: number, col: number): number {
    const inserted = this.insertions.get(line);
    return inserted === undefined ? col : col - inserted.filter((at) => at < col).length;
  }

  private position(raw: RawNode): tree.Position {
    const line = raw.lineno;
    const endLine = raw.end_lineno;
    let col = this.column(line, raw.col_offset);
    let endCol = this.column(endLine, raw.end_col_offset);
    if (line === 1) col += this.shift.cols;
    if (endLine === 1) endCol += this.shift.cols;
    return { line: line + this.shift.lines, col, endLine: endLine + this.shift.lines, endCol };
  }

  module(raw: RawNode): tree.Module {
    return { body: this.stmts(raw["body"]) };
  }

  private stmts(raw: unknown): tree.Stmt[] {
    return (raw as RawNode[]).map((stmt) => this.stmt(stmt));
  }

  private exprs(raw: unknown): tree.Expr[] {
    return (raw as RawNode[]).map((expr) => this.expr(expr));
  }

  private optional(raw: unknown): tree.Expr | null {
    return raw === undefined || raw === null ? null : this.expr(raw as RawNode);
  }

  private stmt(raw: RawNode): tree.Stmt {
    const at = this.position(raw);
    const expr = (field: string) => this.expr(raw[field] as RawNode);
    switch (raw.nodeType) {
      case "FunctionDef":
      case "AsyncFunctionDef":
        return {
          kind: raw.nodeType,
          ...at,
          name: this.identifier(raw["name"]),
          args: this.arguments(raw["args"] as RawNode),
          body: this.stmts(raw["body"]),
          decoratorList: this.exprs(raw["decorator_list"]),
          returns: this.optional(raw["returns"]),
        };
      case "ClassDef":
        return {
          kind: "ClassDef",
          ...at,
          name: this.identifier(raw["name"]),
          bases: this.exprs(raw["bases"]),
          keywords: this.keywords(raw["keywords"]),
          body: this.stmts(raw["body"]),
          decoratorList: this.exprs(raw["decorator_list"]),
        };
      case "Return":
        return { kind: "Return", ...at, value: this.optional(raw["value"]) };
      case "Delete":
        return { kind: "Delete", ...at, targets: this.exprs(raw["targets"]) };
      case "Assign":
        return { kind: "Assign", ...at, targets: this.exprs(raw["targets"]), value: expr("value") };
      case "AugAssign":
        return {
          kind: "AugAssign",
          ...at,
          target: expr("target") as tree.AugAssign["target"],
          op: operator(raw) as tree.BinaryOperator,
          value: expr("value"),
        };
      case "AnnAssign": {
        const target = expr("target") as tree.AnnAssign["target"];
        return {
          kind: "AnnAssign",
          ...at,
          target,
          annotation: expr("annotation"),
          value: this.optional(raw["value"]),
          // A parenthesized name does not begin where its statement does.
          simple: target.kind === "Name" && target.line === at.line && target.col === at.col,
        };
      }
      case "For":
      case "AsyncFor":
        return {
          kind: raw.nodeType,
          ...at,
          target: expr("target"),
          iter: expr("iter"),
          body: this.stmts(raw["body"]),
          orelse: this.stmts(raw["orelse"]),
        };
      case "While":
      case "If":
        return {
          kind: raw.nodeType,
          ...at,
          test: expr("test"),
          body: this.stmts(raw["body"]),
          orelse: this.stmts(raw["orelse"]),
        };
      case "With":
      case "AsyncWith":
        return {
          kind: raw.nodeType,
          ...at,
          items: (raw["items"] as RawNode[]).map((item) => ({
            contextExpr: this.expr(item["context_expr"] as RawNode),
            optionalVars: this.optional(item["optional_vars"]),
          })),
          body: this.stmts(raw["body"]),
        };
      case "Match":
        return { kind: "Match", ...at, subject: expr("subject"), cases: this.cases(raw["cases"]) };
      case "Raise":
        return {
          kind: "Raise",
          ...at,
          exc: this.optional(raw["exc"]),
          cause: this.optional(raw["cause"]),
        };
      case "Try":
      case "TryStar":
        return {
          kind: raw.nodeType,
          ...at,
          body: this.stmts(raw["body"]),
          handlers: (raw["handlers"] as RawNode[]).map((handler) => ({
            ...this.position(handler),
            type: this.optional(handler["type"]),
            name: this.optionalIdentifier(handler["name"]),
            body: this.stmts(handler["body"]),
          })),
          orelse: this.stmts(raw["orelse"]),
          finalbody: this.stmts(raw["finalbody"]),
        };
      case "Assert":
        return { kind: "Assert", ...at, test: expr("test"), msg: this.optional(raw["msg"]) };
      case "Import":
        return { kind: "Import", ...at, names: this.aliases(raw["names"]) };
      case "ImportFrom":
        return {
          kind: "ImportFrom",
          ...at,
          module: this.optionalIdentifier(raw["module"]),
          names: this.aliases(raw["names"]),
          level: (raw["level"] as number | undefined) ?? 0,
        };
      case "Global":
      case "Nonlocal":
        return {
          kind: raw.nodeType,
          ...at,
          names: (raw["names"] as string[]).map((name) => this.identifier(name)),
        };
      case "Expr":
        return { kind: "Expr", ...at, value: expr("value") };
      case "Pass":
      case "Break":
      case "Continue":
        return { kind: raw.nodeType, ...at };
      default:
        throw this.unknown(raw);
    }
  }

  private unknown(raw: RawNode): Error {
    return this.source.errorAt("SyntaxError", "invalid syntax", this.position(raw));
  }

  /** A name, or a dotted one of an import. */
  private identifier(value: unknown): string {
    const text = value as string;
    if (this.source.ascii) return text;
    return text
      .split(".")
      .map((part) => this.standIns.name(part))
      .join(".");
  }

  private optionalIdentifier(value: unknown): string | null {
    return value === undefined || value === null ? null : this.identifier(value);
  }

  private aliases(raw: unknown): tree.Alias[] {
    return (raw as RawNode[]).map((alias) => ({
      ...this.position(alias),
      name: this.identifier(alias["name"]),
      asname: this.optionalIdentifier(alias["asname"]),
    }));
  }

  private keywords(raw: unknown): tree.Keyword[] {
    return (raw as RawNode[]).map((keyword) => ({
      ...this.position(keyword),
      arg: this.optionalIdentifier(keyword["arg"]),
      value: this.expr(keyword["value"] as RawNode),
    }));
  }

  private arg(raw: RawNode): tree.Arg {
    return {
      ...this.position(raw),
      arg: this.identifier(raw["arg"]),
      annotation: this.optional(raw["annotation"]),
    };
  }

  private arguments(raw: RawNode): tree.Arguments {
    const args = (field: string) => (raw[field] as RawNode[]).map((arg) => this.arg(arg));
    const star = (field: string) => (raw[field] ? this.arg(raw[field] as RawNode) : null);
    return {
      posonlyargs: args("posonlyargs"),
      args: args("args"),
      vararg: star("vararg"),
      kwonlyargs: args("kwonlyargs"),
      kwDefaults: (raw["kw_defaults"] as unknown[]).map((value) => this.optional(value)),
      kwarg: star("kwarg"),
      defaults: this.exprs(raw["defaults"]),
    };
  }

  private generators(raw: unknown): tree.Comprehension[] {
    return (raw as RawNode[]).map((generator) => {
      const target = generator["target"] as RawNode;
      const key = positionKey(target.lineno, target.col_offset);
      return {
        target: this.expr(target),
        iter: this.expr(generator["iter"] as RawNode),
        ifs: this.exprs(generator["ifs"]),
        isAsync: generator["is_async"] === 1 || this.asyncTargets.has(key),
      };
    });
  }

  private cases(raw: unknown): tree.MatchCase[] {
    return (raw as RawNode[]).map((item) => ({
      pattern: this.pattern(item["pattern"] as RawNode),
      guard: this.optional(item["guard"]),
      body: this.stmts(item["body"]),
    }));
  }

  private patterns(raw: unknown): tree.Pattern[] {
    return (raw as RawNode[]).map((pattern) => this.pattern(pattern));
  }

  private pattern(raw: RawNode): tree.Pattern {
    const at = this.position(raw);
    switch (raw.nodeType) {
      case "MatchValue":
        return { kind: "MatchValue", ...at, value: this.expr(raw["value"] as RawNode) };
      case "MatchSingleton":
        return { kind: "MatchSingleton", ...at, value: singleton(raw["value"]) };
      case "MatchSequence":
        return { kind: "MatchSequence", ...at, patterns: this.patterns(raw["patterns"]) };
      case "MatchMapping":
        return {
          kind: "MatchMapping",
          ...at,
          keys: this.exprs(raw["keys"]),
          patterns: this.patterns(raw["patterns"]),
          rest: this.optionalIdentifier(raw["rest"]),
        };
      case "MatchClass":
        return {
          kind: "MatchClass",
          ...at,
          cls: this.expr(raw["cls"] as RawNode),
          patterns: this.patterns(raw["patterns"]),
          kwdAttrs: (raw["kwd_attrs"] as string[]).map((name) => this.identifier(name)),
          kwdPatterns: this.patterns(raw["kwd_patterns"]),
        };
      case "MatchStar":
        return { kind: "MatchStar", ...at, name: this.optionalIdentifier(raw["name"]) };
      case "MatchAs":
        return {
          kind: "MatchAs",
          ...at,
          pattern: raw["pattern"] ? this.pattern(raw["pattern"] as RawNode) : null,
          name: this.optionalIdentifier(raw["name"]),
        };
      case "MatchOr":
        return { kind: "MatchOr", ...at, patterns: this.patterns(raw["patterns"]) };
      default:
        throw this.unknown(raw);
    }
  }

  private expr(raw: RawNode): tree.Expr {
    if (raw.nodeType === "Constant") return this.constant(raw);
    const at = this.position(raw);
    const expr = (field: string) => this.expr(raw[field] as RawNode);
    switch (raw.nodeType) {
      case "Name":
        return { kind: "Name", ...at, id: this.identifier(raw["id"]), ctx: context(raw) };
      case "Attribute":
        return {
          kind: "Attribute",
          ...at,
          value: expr("value"),
          attr: this.identifier(raw["attr"]),
          ctx: context(raw),
        };
      case "Call":
        return {
          kind: "Call",
          ...at,
          func: expr("func"),
          args: this.exprs(raw["args"]),
          keywords: this.keywords(raw["keywords"]),
        };
      case "BoolOp":
        return {
          kind: "BoolOp",
          ...at,
          op: operator(raw) as tree.BoolOp["op"],
          values: this.exprs(raw["values"]),
        };
      case "NamedExpr":
        return {
          kind: "NamedExpr",
          ...at,
          target: expr("target") as tree.Name,
          value: expr("value"),
        };
      case "BinOp":
        return {
          kind: "BinOp",
          ...at,
          left: expr("left"),
          op: operator(raw) as tree.BinaryOperator,
          right: expr("right"),
        };
      case "UnaryOp":
        return {
          kind: "UnaryOp",
          ...at,
          op: operator(raw) as tree.UnaryOperator,
          operand: expr("operand"),
        };
      case "Lambda":
        return {
          kind: "Lambda",
          ...at,
          args: this.arguments(raw["args"] as RawNode),
          body: expr("body"),
        };
      case "IfExp":
        return {
          kind: "IfExp",
          ...at,
          test: expr("test"),
          body: expr("body"),
          orelse: expr("orelse"),
        };
      case "Dict":
        return {
          kind: "Dict",
          ...at,
          keys: (raw["keys"] as unknown[]).map((key) => this.optional(key)),
          values: this.exprs(raw["values"]),
        };
      case "Set":
        return { kind: "Set", ...at, elts: this.exprs(raw["elts"]) };
      case "ListComp":
      case "SetComp":
      case "GeneratorExp":
        return {
          kind: raw.nodeType,
          ...at,
          elt: expr("elt"),
          generators: this.generators(raw["generators"]),
        };
      case "DictComp":
        return {
          kind: "DictComp",
          ...at,
          key: expr("key"),
          value: expr("value"),
          generators: this.generators(raw["generators"]),
        };
      case "Await":
      case "YieldFrom":
        return { kind: raw.nodeType, ...at, value: expr("value") };
      case "Yield":
        return { kind: "Yield", ...at, value: this.optional(raw["value"]) };
      case "Compare":
        return {
          kind: "Compare",
          ...at,
          left: expr("left"),
          ops: (raw["ops"] as RawNode[]).map((op) => op.nodeType as tree.CompareOperator),
          comparators: this.exprs(raw["comparators"]),
        };
      case "Subscript":
        return {
          kind: "Subscript",
          ...at,
          value: expr("value"),
          slice: subscriptItem(expr("slice")),
          ctx: context(raw),
        };
      case "Starred":
        return { kind: "Starred", ...at, value: expr("value"), ctx: context(raw) };
      case "List":
      case "Tuple":
        return { kind: raw.nodeType, ...at, elts: this.exprs(raw["elts"]), ctx: context(raw) };
      case "Slice":
        return {
          kind: "Slice",
          ...at,
          lower: this.optional(raw["lower"]),
          upper: this.optional(raw["upper"]),
          step: this.optional(raw["step"]),
        };
      default:
        throw this.unknown(raw);
    }
  }

  private constant(raw: RawNode): tree.Expr {
    const at = this.position(raw);
    const key = positionKey(raw.lineno, this.column(raw.lineno, raw.col_offset));
    const index = this.literals.get(key);
    if (index === undefined) return { kind: "Constant", ...at, value: this.word(at) };
    const token = this.tokens[index];
    if (token.kind === TokenKind.Number) {
      return { kind: "Constant", ...at, value: numberValue(token.text) };
    }
    let end = index;
    while (this.tokens[end].kind === TokenKind.String) end += 1;
    const strings = this.tokens.slice(index, end);
    return joinStrings(
      this.source,
      strings,
      this.tokens[end],
      at,
      this.shift,
      this.parseExpression,
    );
  }

  /** `None`, `True`, `False` or the ellipsis, read from the source. */
  private word(at: tree.Position): tree.ConstantValue {
    const line = at.line - this.shift.lines;
    const col = line === 1 ? at.col - this.shift.cols : at.col;
    const text = this.source.lineText(line);
    const offset = this.source.ascii ? col : this.source.characterOfByte(line, col) - 1;
    const start = this.source.ascii ? text.slice(offset) : Array.from(text).slice(offset).join("");
    if (start.startsWith("...")) return { kind: "ellipsis" };
    return { kind: CONSTANT_WORDS[/^\w+/.exec(start)![0]] };
  }
}

/** `x[*a]` subscripts with a tuple of one starred item. */
function subscriptItem(slice: tree.Expr): tree.Expr {
  if (slice.kind !== "Starred") return slice;
  const { line, col, endLine, endCol } = slice;
  return { kind: "Tuple", line, col, endLine, endCol, elts: [slice], ctx: "Load" };
}

function singleton(value: unknown): tree.ConstantValue {
  if (value === true) return { kind: "true" };
  return { kind: value === false ? "false" : "none" };
}

function operator(raw: RawNode): string {
  return (raw["op"] as RawNode).nodeType;
}

function context(raw: RawNode): tree.Context {
  return (raw["ctx"] as RawNode).nodeType as tree.Context;
}
