/**
 * The symbol table: which scope each name belongs to. Rules and errors are those of CPython 3.11's
 * symtable.c: one pass collects uses and bindings, a second resolves them from the outside in.
 */

import type { Source } from "../syntax/source.js";
import type * as tree from "../syntax/tree.js";

/** What a scope knows of a name, as bits. */
export const enum Def {
  Global = 1,
  Local = 2,
  Param = 4,
  Nonlocal = 8,
  Use = 16,
  /** Free in a class body although a method's cell passes through (DEF_FREE_CLASS). */
  FreeClass = 64,
  Import = 128,
  Annot = 256,
  CompIter = 512,
}

const BOUND = Def.Local | Def.Param | Def.Import;

/** Where a name lives. */
export type NameScope = "local" | "globalExplicit" | "globalImplicit" | "free" | "cell";

export type ScopeKind = "module" | "class" | "function";

/** Which comprehension a scope is. */
export type ComprehensionKind = "none" | "list" | "set" | "dict" | "generator";

/** A block of code that has names of its own. */
export class Scope {
  readonly symbols = new Map<string, number>();
  readonly nameScopes = new Map<string, NameScope>();
  readonly params: string[] = [];
  readonly children: Scope[] = [];
  /** `global` and `nonlocal` statements, for errors found later. */
  readonly directives: { name: string; at: tree.Position }[] = [];
  nested = false;
  generator = false;
  coroutine = false;
  varargs = false;
  varkeywords = false;
  needsClassClosure = false;
  comprehension: ComprehensionKind = "none";
  /** Inside the target or iterable part of a comprehension. */
  compIterTarget = false;
  compIterExpr = 0;
  /** An annotation under `from __future__ import annotations`; nothing in it is looked up. */
  annotation = false;

  constructor(
    readonly name: string,
    readonly kind: ScopeKind,
    readonly lambda: boolean,
    readonly parent: Scope | null,
    readonly at: tree.Position,
  ) {
    if (parent !== null) this.nested = parent.nested || parent.kind === "function";
  }

  scopeOf(name: string): NameScope | undefined {
    return this.nameScopes.get(name);
  }
}

/** Scopes by the node that opens them. */
export interface SymbolTable {
  top: Scope;
  scopes: Map<object, Scope>;
}

/** A private name of a class: `__x` becomes `_Class__x`. */
export function mangle(className: string | null, name: string): string {
  if (className === null || !name.startsWith("__")) return name;
  if (name.endsWith("__") || name.includes(".")) return name;
  const stripped = className.replace(/^_+/, "");
  return stripped === "" ? name : `_${stripped}${name}`;
}

/** Builds the table of a module. */
export function buildSymbolTable(
  module: tree.Module,
  source: Source,
  futureAnnotations: boolean,
): SymbolTable {
  const builder = new SymbolTableBuilder(source, futureAnnotations);
  return builder.build(module);
}

const MODULE_POSITION: tree.Position = { line: 0, col: 0, endLine: 0, endCol: 0 };

class SymbolTableBuilder {
  private readonly scopes = new Map<object, Scope>();
  private scope: Scope = new Scope("top", "module", false, null, MODULE_POSITION);
  private className: string | null = null;

  constructor(
    private readonly source: Source,
    private readonly futureAnnotations: boolean,
  ) {}

  build(module: tree.Module): SymbolTable {
    const top = this.scope;
    this.scopes.set(module, top);
    this.stmts(module.body);
    this.analyze(top);
    return { top, scopes: this.scopes };
  }

  private fail(msg: string, at: tree.Position): never {
    throw this.source.errorAt("SyntaxError", msg, at);
  }

  private enter(
    name: string,
    kind: ScopeKind,
    lambda: boolean,
    key: object,
    at: tree.Position,
  ): void {
    const parent = this.scope;
    this.scope = new Scope(name, kind, lambda, parent, at);
    this.scopes.set(key, this.scope);
    parent.children.push(this.scope);
  }

  private leave(): void {
    this.scope = this.scope.parent!;
  }

  private add(name: string, flag: number, at: tree.Position): void {
    this.addTo(this.scope, name, flag, at);
  }

  private addTo(scope: Scope, name: string, flag: number, at: tree.Position): void {
    const mangled = mangle(this.className, name);
    let flags = scope.symbols.get(mangled) ?? 0;
    if ((flag & Def.Param) !== 0 && (flags & Def.Param) !== 0) {
      this.fail(`duplicate argument '${name}' in function definition`, at);
    }
    flags |= flag;
    if (scope.compIterTarget) {
      // An iteration variable may not be the target of an inner assignment expression as well.
      if ((flags & (Def.Global | Def.Nonlocal)) !== 0) {
        const what = `comprehension inner loop cannot rebind assignment expression target '${name}'`;
        this.fail(what, at);
      }
      flags |= Def.CompIter;
    }
    scope.symbols.set(mangled, flags);
    if ((flag & Def.Param) !== 0) scope.params.push(mangled);
    else if ((flag & Def.Global) !== 0) {
      const top = this.topScope();
      top.symbols.set(mangled, (top.symbols.get(mangled) ?? 0) | flag);
    }
  }

  private topScope(): Scope {
    let scope = this.scope;
    while (scope.parent !== null) scope = scope.parent;
    return scope;
  }

  private stmts(body: tree.Stmt[]): void {
    for (const stmt of body) this.stmt(stmt);
  }

  private exprs(exprs: readonly (tree.Expr | null)[]): void {
    for (const expr of exprs) if (expr !== null) this.expr(expr);
  }

  private optional(expr: tree.Expr | null): void {
    if (expr !== null) this.expr(expr);
  }

  private stmt(stmt: tree.Stmt): void {
    switch (stmt.kind) {
      case "FunctionDef":
      case "AsyncFunctionDef":
        this.functionDef(stmt);
        break;
      case "ClassDef":
        this.classDef(stmt);
        break;
      case "Return":
        this.optional(stmt.value);
        break;
      case "Delete":
        this.exprs(stmt.targets);
        break;
      case "Assign":
        this.exprs(stmt.targets);
        this.expr(stmt.value);
        break;
      case "AugAssign":
        this.expr(stmt.target);
        this.expr(stmt.value);
        break;
      case "AnnAssign":
        this.annAssign(stmt);
        break;
      case "For":
      case "AsyncFor":
        this.expr(stmt.target);
        this.expr(stmt.iter);
        this.stmts(stmt.body);
        this.stmts(stmt.orelse);
        break;
      case "While":
      case "If":
        this.expr(stmt.test);
        this.stmts(stmt.body);
        this.stmts(stmt.orelse);
        break;
      case "With":
      case "AsyncWith":
        for (const item of stmt.items) {
          this.expr(item.contextExpr);
          this.optional(item.optionalVars);
        }
        this.stmts(stmt.body);
        break;
      case "Match":
        this.expr(stmt.subject);
        for (const matchCase of stmt.cases) {
          this.pattern(matchCase.pattern);
          this.optional(matchCase.guard);
          this.stmts(matchCase.body);
        }
        break;
      case "Raise":
        this.optional(stmt.exc);
        this.optional(stmt.cause);
        break;
      case "Try":
      case "TryStar":
        this.stmts(stmt.body);
        this.stmts(stmt.orelse);
        for (const handler of stmt.handlers) {
          this.optional(handler.type);
          if (handler.name !== null) this.add(handler.name, Def.Local, handler);
          this.stmts(handler.body);
        }
        this.stmts(stmt.finalbody);
        break;
      case "Assert":
        this.expr(stmt.test);
        this.optional(stmt.msg);
        break;
      case "Import":
      case "ImportFrom":
        for (const alias of stmt.names) this.alias(alias);
        break;
      case "Global":
      case "Nonlocal":
        this.directive(stmt);
        break;
      case "Expr":
        this.expr(stmt.value);
        break;
    }
  }

  private functionDef(stmt: tree.FunctionDef): void {
    this.add(stmt.name, Def.Local, stmt);
    this.exprs(stmt.args.defaults);
    this.exprs(stmt.args.kwDefaults);
    this.annotations(stmt.args, stmt.returns);
    this.exprs(stmt.decoratorList);
    this.enter(stmt.name, "function", false, stmt, stmt);
    this.scope.coroutine = stmt.kind === "AsyncFunctionDef";
    this.parameters(stmt.args);
    this.stmts(stmt.body);
    this.leave();
  }

  private classDef(stmt: tree.ClassDef): void {
    this.add(stmt.name, Def.Local, stmt);
    this.exprs(stmt.bases);
    for (const keyword of stmt.keywords) this.expr(keyword.value);
    this.exprs(stmt.decoratorList);
    this.enter(stmt.name, "class", false, stmt, stmt);
    const outer = this.className;
    this.className = stmt.name;
    this.stmts(stmt.body);
    this.className = outer;
    this.leave();
  }

  private annAssign(stmt: tree.AnnAssign): void {
    const { target } = stmt;
    if (target.kind === "Name") {
      const mangled = mangle(this.className, target.id);
      const flags = this.scope.symbols.get(mangled) ?? 0;
      const declared = flags & (Def.Global | Def.Nonlocal);
      if (declared !== 0 && this.scope.kind !== "module" && stmt.simple) {
        const what = (flags & Def.Global) !== 0 ? "global" : "nonlocal";
        this.fail(`annotated name '${target.id}' can't be ${what}`, stmt);
      }
      if (stmt.simple) this.add(target.id, Def.Annot | Def.Local, target);
      else if (stmt.value !== null) this.add(target.id, Def.Local, target);
    } else this.expr(target);
    this.annotation(stmt.annotation);
    this.optional(stmt.value);
  }

  private annotation(expr: tree.Expr): void {
    if (!this.futureAnnotations) {
      this.expr(expr);
      return;
    }
    this.enter("_annotation", "function", false, expr, expr);
    this.scope.annotation = true;
    this.expr(expr);
    const entered = this.scope;
    this.leave();
    // Its names do not count anywhere: the annotation is kept as text.
    this.scope.children.splice(this.scope.children.indexOf(entered), 1);
  }

  private annotations(args: tree.Arguments, returns: tree.Expr | null): void {
    const all = [...args.posonlyargs, ...args.args, args.vararg, args.kwarg, ...args.kwonlyargs];
    for (const arg of all) {
      if (arg !== null && arg.annotation !== null) this.annotation(arg.annotation);
    }
    if (returns !== null) this.annotation(returns);
  }

  private parameters(args: tree.Arguments): void {
    const add = (arg: tree.Arg) => this.add(arg.arg, Def.Param, arg);
    args.posonlyargs.forEach(add);
    args.args.forEach(add);
    args.kwonlyargs.forEach(add);
    if (args.vararg !== null) {
      add(args.vararg);
      this.scope.varargs = true;
    }
    if (args.kwarg !== null) {
      add(args.kwarg);
      this.scope.varkeywords = true;
    }
  }

  private alias(alias: tree.Alias): void {
    const stored = alias.asname ?? alias.name;
    if (alias.name === "*") {
      if (this.scope.kind !== "module") this.fail("import * only allowed at module level", alias);
      return;
    }
    const dot = stored.indexOf(".");
    this.add(dot < 0 ? stored : stored.slice(0, dot), Def.Import, alias);
  }

  private directive(stmt: tree.Global): void {
    const what = stmt.kind === "Global" ? "global" : "nonlocal";
    for (const name of stmt.names) {
      const flags = this.scope.symbols.get(mangle(this.className, name)) ?? 0;
      if ((flags & (Def.Param | Def.Local | Def.Use | Def.Annot)) !== 0) {
        let msg = `name '${name}' is used prior to ${what} declaration`;
        if ((flags & Def.Param) !== 0) msg = `name '${name}' is parameter and ${what}`;
        else if ((flags & Def.Use) !== 0)
          msg = `name '${name}' is used prior to ${what} declaration`;
        else if ((flags & Def.Annot) !== 0) msg = `annotated name '${name}' can't be ${what}`;
        else msg = `name '${name}' is assigned to before ${what} declaration`;
        this.fail(msg, stmt);
      }
      this.add(name, stmt.kind === "Global" ? Def.Global : Def.Nonlocal, stmt);
      this.scope.directives.push({ name: mangle(this.className, name), at: stmt });
    }
  }

  private annotationForbids(what: string, expr: tree.Expr): void {
    if (this.scope.annotation) this.fail(`${what} cannot be used within an annotation`, expr);
  }

  private expr(expr: tree.Expr): void {
    switch (expr.kind) {
      case "NamedExpr":
        this.annotationForbids("named expression", expr);
        this.namedExpr(expr);
        break;
      case "BoolOp":
        this.exprs(expr.values);
        break;
      case "BinOp":
        this.expr(expr.left);
        this.expr(expr.right);
        break;
      case "UnaryOp":
        this.expr(expr.operand);
        break;
      case "Lambda":
        this.exprs(expr.args.defaults);
        this.exprs(expr.args.kwDefaults);
        this.enter("lambda", "function", true, expr, expr);
        this.parameters(expr.args);
        this.expr(expr.body);
        this.leave();
        break;
      case "IfExp":
        this.expr(expr.test);
        this.expr(expr.body);
        this.expr(expr.orelse);
        break;
      case "Dict":
        this.exprs(expr.keys);
        this.exprs(expr.values);
        break;
      case "Set":
      case "List":
      case "Tuple":
        this.exprs(expr.elts);
        break;
      case "GeneratorExp":
        this.comprehension(expr, "genexpr", "generator", expr.elt, null);
        break;
      case "ListComp":
        this.comprehension(expr, "listcomp", "list", expr.elt, null);
        break;
      case "SetComp":
        this.comprehension(expr, "setcomp", "set", expr.elt, null);
        break;
      case "DictComp":
        this.comprehension(expr, "dictcomp", "dict", expr.key, expr.value);
        break;
      case "Yield":
      case "YieldFrom":
        this.annotationForbids("yield expression", expr);
        this.optional(expr.value);
        this.scope.generator = true;
        if (this.scope.comprehension !== "none") this.yieldInComprehension(expr);
        break;
      case "Await":
        this.annotationForbids("await expression", expr);
        this.expr(expr.value);
        this.scope.coroutine = true;
        break;
      case "Compare":
        this.expr(expr.left);
        this.exprs(expr.comparators);
        break;
      case "Call":
        this.expr(expr.func);
        this.exprs(expr.args);
        for (const keyword of expr.keywords) this.expr(keyword.value);
        break;
      case "FormattedValue":
        this.expr(expr.value);
        this.optional(expr.formatSpec);
        break;
      case "JoinedStr":
        this.exprs(expr.values);
        break;
      case "Attribute":
      case "Starred":
        this.expr(expr.value);
        break;
      case "Subscript":
        this.expr(expr.value);
        this.expr(expr.slice);
        break;
      case "Slice":
        this.optional(expr.lower);
        this.optional(expr.upper);
        this.optional(expr.step);
        break;
      case "Name":
        this.name(expr);
        break;
    }
  }

  private name(expr: tree.Name): void {
    this.add(expr.id, expr.ctx === "Load" ? Def.Use : Def.Local, expr);
    // super() without arguments needs the cell of the class.
    const inFunction = this.scope.kind === "function";
    if (expr.ctx === "Load" && inFunction && expr.id === "super") {
      this.add("__class__", Def.Use, expr);
    }
  }

  private yieldInComprehension(expr: tree.Expr): never {
    const where = {
      none: "",
      list: "list comprehension",
      set: "set comprehension",
      dict: "dict comprehension",
      generator: "generator expression",
    }[this.scope.comprehension];
    return this.fail(`'yield' inside ${where}`, expr);
  }

  private namedExpr(expr: tree.NamedExpr): void {
    if (this.scope.compIterExpr > 0) {
      const msg = "assignment expression cannot be used in a comprehension iterable expression";
      this.fail(msg, expr);
    }
    if (this.scope.comprehension !== "none") this.extendNamedExprScope(expr.target);
    this.expr(expr.value);
    this.expr(expr.target);
  }

  /** The target of an assignment expression in a comprehension belongs to the function around. */
  private extendNamedExprScope(target: tree.Name): void {
    const name = target.id;
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) {
      const flags = scope.symbols.get(mangle(this.className, name)) ?? 0;
      if (scope.comprehension !== "none") {
        if ((flags & Def.CompIter) !== 0) {
          const what = "assignment expression cannot rebind comprehension iteration variable";
          this.fail(`${what} '${name}'`, target);
        }
        continue;
      }
      if (scope.kind === "function") {
        this.add(name, (flags & Def.Global) !== 0 ? Def.Global : Def.Nonlocal, target);
        this.directiveFor(name, target);
        this.addTo(scope, name, Def.Local, target);
        return;
      }
      if (scope.kind === "module") {
        this.add(name, Def.Global, target);
        this.directiveFor(name, target);
        this.addTo(scope, name, Def.Global, target);
        return;
      }
      const msg = "assignment expression within a comprehension cannot be used in a class body";
      this.fail(msg, target);
    }
  }

  private directiveFor(name: string, at: tree.Position): void {
    this.scope.directives.push({ name: mangle(this.className, name), at });
  }

  private comprehension(
    expr: tree.ListComp | tree.SetComp | tree.GeneratorExp | tree.DictComp,
    name: string,
    kind: ComprehensionKind,
    elt: tree.Expr,
    value: tree.Expr | null,
  ): void {
    const outermost = expr.generators[0];
    // The first iterable is evaluated in the scope around.
    this.scope.compIterExpr += 1;
    this.expr(outermost.iter);
    this.scope.compIterExpr -= 1;
    this.enter(name, "function", false, expr, expr);
    const { scope } = this;
    scope.comprehension = kind;
    if (outermost.isAsync) scope.coroutine = true;
    scope.symbols.set(".0", Def.Param | Def.Use);
    scope.params.push(".0");
    this.iterTarget(outermost.target);
    this.exprs(outermost.ifs);
    for (const generator of expr.generators.slice(1)) {
      this.iterTarget(generator.target);
      scope.compIterExpr += 1;
      this.expr(generator.iter);
      scope.compIterExpr -= 1;
      this.exprs(generator.ifs);
      if (generator.isAsync) scope.coroutine = true;
    }
    if (value !== null) this.expr(value);
    this.expr(elt);
    scope.generator = kind === "generator";
    const isAsync = scope.coroutine && kind !== "generator";
    this.leave();
    if (isAsync) this.scope.coroutine = true;
  }

  private iterTarget(target: tree.Expr): void {
    this.scope.compIterTarget = true;
    this.expr(target);
    this.scope.compIterTarget = false;
  }

  private pattern(pattern: tree.Pattern): void {
    switch (pattern.kind) {
      case "MatchValue":
        this.expr(pattern.value);
        break;
      case "MatchSequence":
      case "MatchOr":
        for (const item of pattern.patterns) this.pattern(item);
        break;
      case "MatchMapping":
        this.exprs(pattern.keys);
        for (const item of pattern.patterns) this.pattern(item);
        if (pattern.rest !== null) this.add(pattern.rest, Def.Local, pattern);
        break;
      case "MatchClass":
        this.expr(pattern.cls);
        for (const item of pattern.patterns) this.pattern(item);
        for (const item of pattern.kwdPatterns) this.pattern(item);
        break;
      case "MatchStar":
        if (pattern.name !== null) this.add(pattern.name, Def.Local, pattern);
        break;
      case "MatchAs":
        if (pattern.pattern !== null) this.pattern(pattern.pattern);
        if (pattern.name !== null) this.add(pattern.name, Def.Local, pattern);
        break;
    }
  }

  private analyze(top: Scope): void {
    this.analyzeScope(top, null, new Set(), new Set());
  }

  /**
   * Resolves the names of a scope, then its children's. `bound` holds what enclosing functions
   * bind (null at the top), `global` what is declared or known global; returns what is free.
   */
  private analyzeScope(
    scope: Scope,
    bound: Set<string> | null,
    free: Set<string>,
    global: Set<string>,
  ): void {
    const local = new Set<string>();
    let newGlobal = new Set<string>();
    let newBound = new Set<string>();
    const newFree = new Set<string>();
    if (scope.kind === "class") {
      // Names bound in a class body are not seen by its methods.
      newGlobal = new Set(global);
      if (bound !== null) newBound = new Set(bound);
    }
    for (const [name, flags] of scope.symbols) {
      this.analyzeName(scope, name, flags, bound, local, free, global);
    }
    if (scope.kind !== "class") {
      if (scope.kind === "function") newBound = new Set(local);
      if (bound !== null) for (const name of bound) newBound.add(name);
      newGlobal = new Set(global);
    } else newBound.add("__class__");
    for (const child of scope.children) {
      const childFree = new Set<string>();
      this.analyzeScope(child, new Set(newBound), childFree, new Set(newGlobal));
      for (const name of childFree) newFree.add(name);
    }
    if (scope.kind === "function") this.makeCells(scope, newFree);
    else if (scope.kind === "class" && newFree.delete("__class__")) scope.needsClassClosure = true;
    this.passFree(scope, bound, newFree);
    for (const name of newFree) free.add(name);
  }

  private analyzeName(
    scope: Scope,
    name: string,
    flags: number,
    bound: Set<string> | null,
    local: Set<string>,
    free: Set<string>,
    global: Set<string>,
  ): void {
    const { nameScopes } = scope;
    if ((flags & Def.Global) !== 0) {
      if ((flags & Def.Nonlocal) !== 0) {
        this.fail(`name '${name}' is nonlocal and global`, this.directiveAt(scope, name));
      }
      nameScopes.set(name, "globalExplicit");
      global.add(name);
      bound?.delete(name);
    } else if ((flags & Def.Nonlocal) !== 0) {
      if (bound === null) {
        const msg = "nonlocal declaration not allowed at module level";
        this.fail(msg, this.directiveAt(scope, name));
      }
      if (!bound.has(name)) {
        this.fail(`no binding for nonlocal '${name}' found`, this.directiveAt(scope, name));
      }
      nameScopes.set(name, "free");
      free.add(name);
    } else if ((flags & BOUND) !== 0) {
      nameScopes.set(name, "local");
      local.add(name);
      global.delete(name);
    } else if (bound?.has(name)) {
      nameScopes.set(name, "free");
      free.add(name);
    } else nameScopes.set(name, "globalImplicit");
  }

  private directiveAt(scope: Scope, name: string): tree.Position {
    return scope.directives.find((directive) => directive.name === name)?.at ?? scope.at;
  }

  /** Locals of a function that inner scopes use become cells. */
  private makeCells(scope: Scope, free: Set<string>): void {
    for (const [name, where] of scope.nameScopes) {
      if (where === "local" && free.delete(name)) scope.nameScopes.set(name, "cell");
    }
  }

  /** Free names of children pass through this scope. */
  private passFree(scope: Scope, bound: Set<string> | null, free: Set<string>): void {
    for (const name of free) {
      const flags = scope.symbols.get(name);
      if (flags !== undefined) {
        const hides = (flags & (BOUND | Def.Global)) !== 0;
        if (scope.kind === "class" && hides) scope.symbols.set(name, flags | Def.FreeClass);
        continue;
      }
      if (bound !== null && !bound.has(name)) continue;
      scope.symbols.set(name, 0);
      scope.nameScopes.set(name, "free");
    }
  }
}
