/**
 * Constant folding on the tree, in place, within CPython 3.11's limits (ast_opt.c): what stays
 * small is computed, what would fail or grow is left to run time. // R25
 */

import type * as tree from "../syntax/tree.js";
import { foldBinary, foldSubscript, foldUnary } from "./arith.js";
import { distinct, isTrue } from "./constants.js";
import { formatToJoined } from "./percent.js";

/** Folds a module. */
export function fold(module: tree.Module, futureAnnotations: boolean): void {
  new Folder(futureAnnotations).body(module.body);
}

const INVERSE: Partial<Record<tree.CompareOperator, tree.CompareOperator>> = {
  Is: "IsNot",
  IsNot: "Is",
  In: "NotIn",
  NotIn: "In",
};

function isDocstring(stmt: tree.Stmt | undefined): boolean {
  return (
    stmt !== undefined &&
    stmt.kind === "Expr" &&
    stmt.value.kind === "Constant" &&
    stmt.value.value.kind === "str"
  );
}

class Folder {
  constructor(private readonly futureAnnotations: boolean) {}

  body(body: tree.Stmt[]): void {
    const hadDocstring = isDocstring(body[0]);
    this.stmts(body);
    if (hadDocstring || !isDocstring(body[0])) return;
    // What only folding made a string is no docstring.
    const first = body[0] as tree.ExprStmt;
    first.value = { ...first.value, kind: "JoinedStr", values: [first.value] } as tree.JoinedStr;
  }

  private stmts(body: tree.Stmt[]): void {
    for (const stmt of body) this.stmt(stmt);
  }

  private optional(expr: tree.Expr | null): tree.Expr | null {
    return expr === null ? null : this.expr(expr);
  }

  private all(exprs: (tree.Expr | null)[]): void {
    for (let i = 0; i < exprs.length; i += 1) exprs[i] = this.optional(exprs[i]);
  }

  private annotation(expr: tree.Expr | null): tree.Expr | null {
    return this.futureAnnotations ? expr : this.optional(expr);
  }

  private arguments(args: tree.Arguments): void {
    const all = [...args.posonlyargs, ...args.args, args.vararg, ...args.kwonlyargs, args.kwarg];
    for (const arg of all) if (arg !== null) arg.annotation = this.annotation(arg.annotation);
    this.all(args.kwDefaults);
    this.all(args.defaults);
  }

  private stmt(stmt: tree.Stmt): void {
    switch (stmt.kind) {
      case "FunctionDef":
      case "AsyncFunctionDef":
        this.arguments(stmt.args);
        this.body(stmt.body);
        this.all(stmt.decoratorList);
        stmt.returns = this.annotation(stmt.returns);
        break;
      case "ClassDef":
        this.all(stmt.bases);
        for (const keyword of stmt.keywords) keyword.value = this.expr(keyword.value);
        this.body(stmt.body);
        this.all(stmt.decoratorList);
        break;
      case "Return":
        stmt.value = this.optional(stmt.value);
        break;
      case "Delete":
        this.all(stmt.targets);
        break;
      case "Assign":
        this.all(stmt.targets);
        stmt.value = this.expr(stmt.value);
        break;
      case "AugAssign":
        stmt.target = this.expr(stmt.target) as tree.AugAssign["target"];
        stmt.value = this.expr(stmt.value);
        break;
      case "AnnAssign":
        stmt.target = this.expr(stmt.target) as tree.AnnAssign["target"];
        stmt.annotation = this.annotation(stmt.annotation)!;
        stmt.value = this.optional(stmt.value);
        break;
      case "For":
      case "AsyncFor":
        stmt.target = this.expr(stmt.target);
        stmt.iter = this.iterable(this.expr(stmt.iter));
        this.stmts(stmt.body);
        this.stmts(stmt.orelse);
        break;
      case "While":
      case "If":
        stmt.test = this.expr(stmt.test);
        this.stmts(stmt.body);
        this.stmts(stmt.orelse);
        break;
      case "With":
      case "AsyncWith":
        for (const item of stmt.items) {
          item.contextExpr = this.expr(item.contextExpr);
          item.optionalVars = this.optional(item.optionalVars);
        }
        this.stmts(stmt.body);
        break;
      case "Match":
        stmt.subject = this.expr(stmt.subject);
        for (const matchCase of stmt.cases) {
          this.pattern(matchCase.pattern);
          matchCase.guard = this.optional(matchCase.guard);
          this.stmts(matchCase.body);
        }
        break;
      case "Raise":
        stmt.exc = this.optional(stmt.exc);
        stmt.cause = this.optional(stmt.cause);
        break;
      case "Try":
      case "TryStar":
        this.stmts(stmt.body);
        for (const handler of stmt.handlers) {
          handler.type = this.optional(handler.type);
          this.stmts(handler.body);
        }
        this.stmts(stmt.orelse);
        this.stmts(stmt.finalbody);
        break;
      case "Assert":
        stmt.test = this.expr(stmt.test);
        stmt.msg = this.optional(stmt.msg);
        break;
      case "Expr":
        stmt.value = this.expr(stmt.value);
        break;
    }
  }

  private pattern(pattern: tree.Pattern): void {
    switch (pattern.kind) {
      case "MatchValue":
        pattern.value = this.expr(pattern.value);
        break;
      case "MatchSequence":
      case "MatchOr":
        for (const item of pattern.patterns) this.pattern(item);
        break;
      case "MatchMapping":
        this.all(pattern.keys);
        for (const item of pattern.patterns) this.pattern(item);
        break;
      case "MatchClass":
        pattern.cls = this.expr(pattern.cls);
        for (const item of pattern.patterns) this.pattern(item);
        for (const item of pattern.kwdPatterns) this.pattern(item);
        break;
      case "MatchAs":
        if (pattern.pattern !== null) this.pattern(pattern.pattern);
        break;
    }
  }

  private generators(generators: tree.Comprehension[]): void {
    for (const generator of generators) {
      generator.target = this.expr(generator.target);
      generator.iter = this.iterable(this.expr(generator.iter));
      this.all(generator.ifs);
    }
  }

  private expr(expr: tree.Expr): tree.Expr {
    switch (expr.kind) {
      case "BoolOp":
        this.all(expr.values);
        return expr;
      case "NamedExpr":
        expr.value = this.expr(expr.value);
        return expr;
      case "BinOp":
        expr.left = this.expr(expr.left);
        expr.right = this.expr(expr.right);
        return this.binOp(expr);
      case "UnaryOp":
        expr.operand = this.expr(expr.operand);
        return this.unaryOp(expr);
      case "Lambda":
        this.arguments(expr.args);
        expr.body = this.expr(expr.body);
        return expr;
      case "IfExp":
        expr.test = this.expr(expr.test);
        expr.body = this.expr(expr.body);
        expr.orelse = this.expr(expr.orelse);
        return expr;
      case "Dict":
        this.all(expr.keys);
        this.all(expr.values);
        return expr;
      case "Set":
      case "List":
      case "JoinedStr":
        this.all(expr.kind === "JoinedStr" ? expr.values : expr.elts);
        return expr;
      case "Tuple":
        this.all(expr.elts);
        return expr.ctx === "Load" ? this.tuple(expr) : expr;
      case "ListComp":
      case "SetComp":
      case "GeneratorExp":
        expr.elt = this.expr(expr.elt);
        this.generators(expr.generators);
        return expr;
      case "DictComp":
        expr.key = this.expr(expr.key);
        expr.value = this.expr(expr.value);
        this.generators(expr.generators);
        return expr;
      case "Await":
      case "YieldFrom":
      case "Attribute":
      case "Starred":
        expr.value = this.expr(expr.value);
        return expr;
      case "Yield":
        expr.value = this.optional(expr.value);
        return expr;
      case "Compare":
        expr.left = this.expr(expr.left);
        this.all(expr.comparators);
        this.membership(expr);
        return expr;
      case "Call":
        expr.func = this.expr(expr.func);
        this.all(expr.args);
        for (const keyword of expr.keywords) keyword.value = this.expr(keyword.value);
        return expr;
      case "FormattedValue":
        expr.value = this.expr(expr.value);
        expr.formatSpec = this.optional(expr.formatSpec);
        return expr;
      case "Subscript":
        expr.value = this.expr(expr.value);
        expr.slice = this.expr(expr.slice);
        return this.subscript(expr);
      case "Slice":
        expr.lower = this.optional(expr.lower);
        expr.upper = this.optional(expr.upper);
        expr.step = this.optional(expr.step);
        return expr;
      case "Name":
        if (expr.id !== "__debug__" || expr.ctx !== "Load") return expr;
        return this.constant(expr, { kind: "true" });
      case "Constant":
        return expr;
    }
  }

  private constant(at: tree.Position, value: tree.ConstantValue): tree.Constant {
    const { line, col, endLine, endCol } = at;
    return { kind: "Constant", line, col, endLine, endCol, value };
  }

  private binOp(expr: tree.BinOp): tree.Expr {
    const { left, right } = expr;
    if (expr.op === "Mod" && left.kind === "Constant" && left.value.kind === "str") {
      const joined = formatToJoined(expr, left.value.value);
      if (joined !== null) return joined;
    }
    if (left.kind !== "Constant" || right.kind !== "Constant") return expr;
    const value = foldBinary(expr.op, left.value, right.value);
    return value === null ? expr : this.constant(expr, value);
  }

  private unaryOp(expr: tree.UnaryOp): tree.Expr {
    const { operand } = expr;
    if (operand.kind === "Constant") {
      if (expr.op === "Not") {
        return this.constant(expr, { kind: isTrue(operand.value) ? "false" : "true" });
      }
      const value = foldUnary(expr.op, operand.value);
      return value === null ? expr : this.constant(expr, value);
    }
    // `not x in y` is `x not in y`: identity and membership give a bool.
    if (expr.op !== "Not" || operand.kind !== "Compare" || operand.ops.length !== 1) return expr;
    const inverse = INVERSE[operand.ops[0]];
    if (inverse === undefined) return expr;
    operand.ops[0] = inverse;
    return operand;
  }

  private tuple(expr: tree.Tuple): tree.Expr {
    const items: tree.ConstantValue[] = [];
    for (const elt of expr.elts) {
      if (elt.kind !== "Constant") return expr;
      items.push(elt.value);
    }
    return this.constant(expr, { kind: "tuple", items });
  }

  private subscript(expr: tree.Subscript): tree.Expr {
    const { value, slice } = expr;
    if (expr.ctx !== "Load" || value.kind !== "Constant" || slice.kind !== "Constant") return expr;
    const item = foldSubscript(value.value, slice.value);
    return item === null ? expr : this.constant(expr, item);
  }

  /** A list or set display that is only iterated or searched becomes a constant. */
  private iterable(expr: tree.Expr): tree.Expr {
    if (expr.kind !== "List" && expr.kind !== "Set") return expr;
    const isSet = expr.kind === "Set";
    const items: tree.ConstantValue[] = [];
    for (const elt of expr.elts) {
      if (elt.kind === "Starred") return expr;
      if (elt.kind === "Constant") items.push(elt.value);
    }
    if (items.length === expr.elts.length) {
      return this.constant(
        expr,
        isSet ? { kind: "frozenset", items: distinct(items) } : { kind: "tuple", items },
      );
    }
    if (isSet) return expr;
    const { line, col, endLine, endCol, elts } = expr;
    return { kind: "Tuple", line, col, endLine, endCol, elts, ctx: "Load" };
  }

  private membership(expr: tree.Compare): void {
    const last = expr.ops.length - 1;
    if (expr.ops[last] !== "In" && expr.ops[last] !== "NotIn") return;
    expr.comparators[last] = this.iterable(expr.comparators[last]);
  }
}
