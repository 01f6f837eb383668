/**
 * Code generation: from the tree and the symbol table to flow graphs, instruction for instruction
 * as CPython 3.11's compile.c, so that listings and the places where the lock is checked agree.
 */

import { assert } from "../base/assert.js";
import type { Source } from "../syntax/source.js";
import type * as tree from "../syntax/tree.js";
import { distinct } from "./constants.js";
import { BasicBlock, NO_LOCATION } from "./flowgraph.js";
import { BinaryArg, Op, PseudoOp } from "./opcodes.js";
import { PatternGenerator } from "./pattern.js";
import { areConstants, type FrameBlock, UnitBuilder, type UnitKind } from "./scope.js";
import { Def, mangle, type SymbolTable } from "./symtable.js";
import type { CodeUnit, Constant } from "./unit.js";
import { unparse } from "./unparse.js";

/** Longer displays and argument lists are built piece by piece, to bound the stack. */
const STACK_USE_GUIDELINE = 30;
const MAX_FRAME_BLOCKS = 20;
const NONE: Constant = { kind: "none" };

/** How a whole source is compiled. */
export type Mode = "exec" | "eval" | "single";

/** Settings of a compilation. */
export interface CodegenOptions {
  mode: Mode;
  /** Flags that `from __future__ import` adds to every unit. */
  futureFlags: number;
  /** Line of the last future import, after which there may be none. */
  futureLine: number;
  futureAnnotations: boolean;
}

const BINARY: Record<tree.BinaryOperator, number> = {
  Add: BinaryArg.Add,
  Sub: BinaryArg.Sub,
  Mult: BinaryArg.Mult,
  MatMult: BinaryArg.MatMult,
  Div: BinaryArg.Div,
  Mod: BinaryArg.Mod,
  Pow: BinaryArg.Pow,
  LShift: BinaryArg.LShift,
  RShift: BinaryArg.RShift,
  BitOr: BinaryArg.BitOr,
  BitXor: BinaryArg.BitXor,
  BitAnd: BinaryArg.BitAnd,
  FloorDiv: BinaryArg.FloorDiv,
};

const UNARY: Record<tree.UnaryOperator, number> = {
  Invert: Op.UNARY_INVERT,
  Not: Op.UNARY_NOT,
  UAdd: Op.UNARY_POSITIVE,
  USub: Op.UNARY_NEGATIVE,
};

const COMPARE: Record<tree.CompareOperator, [op: number, arg: number]> = {
  Lt: [Op.COMPARE_OP, 0],
  LtE: [Op.COMPARE_OP, 1],
  Eq: [Op.COMPARE_OP, 2],
  NotEq: [Op.COMPARE_OP, 3],
  Gt: [Op.COMPARE_OP, 4],
  GtE: [Op.COMPARE_OP, 5],
  Is: [Op.IS_OP, 0],
  IsNot: [Op.IS_OP, 1],
  In: [Op.CONTAINS_OP, 0],
  NotIn: [Op.CONTAINS_OP, 1],
};

type Comprehended = tree.ListComp | tree.SetComp | tree.DictComp | tree.GeneratorExp;

/** Generates the code of one source. */
export class CodeGenerator {
  unit!: UnitBuilder;
  private nestLevel = 0;
  private readonly patterns = new PatternGenerator(this);

  constructor(
    private readonly source: Source,
    private readonly table: SymbolTable,
    private readonly options: CodegenOptions,
  ) {}

  /** The code unit of a module. */
  module(module: tree.Module): CodeUnit {
    this.enter("<module>", "module", module, 1);
    const { mode } = this.options;
    if (mode === "eval") {
      const only = module.body[0] as tree.ExprStmt;
      this.expr(only.value);
      return this.leave(false);
    }
    if (mode === "single") {
      if (hasAnnotations(module.body)) this.emit(Op.SETUP_ANNOTATIONS);
      this.stmts(module.body);
    } else this.body(module.body);
    return this.leave(true);
  }

  fail(msg: string, at: tree.Position): never {
    throw this.source.errorAt("SyntaxError", msg, at);
  }

  // --- units ---------------------------------------------------------------------------------

  private enter(name: string, kind: UnitKind, key: object, firstLine: number): void {
    const scope = this.table.scopes.get(key);
    assert(scope !== undefined, "a scope without symbols");
    const parent = this.unit ?? null;
    const privateName = parent === null ? null : parent.privateName;
    const qualname = this.qualname(name, kind, parent);
    this.unit = new UnitBuilder(
      name,
      qualname,
      kind,
      scope,
      parent,
      kind === "class" ? name : privateName,
      firstLine,
    );
    this.nestLevel += 1;
    if (kind === "module") this.unit.at = { line: 0, col: 0, endLine: 1, endCol: 0 };
    this.emit(Op.RESUME, 0);
    if (kind === "module") this.unit.at = NO_LOCATION;
  }

  private qualname(name: string, kind: UnitKind, parent: UnitBuilder | null): string {
    if (parent === null || parent.kind === "module") return name;
    if (kind === "function" || kind === "asyncFunction" || kind === "class") {
      const mangled = mangle(parent.privateName, name);
      if (parent.scope.scopeOf(mangled) === "globalExplicit") return name;
    }
    const inFunction =
      parent.kind === "function" || parent.kind === "asyncFunction" || parent.kind === "lambda";
    return `${parent.qualname}${inFunction ? ".<locals>" : ""}.${name}`;
  }

  private leave(addNone: boolean): CodeUnit {
    const { unit } = this;
    if (!unit.graph.returned) {
      unit.at = NO_LOCATION;
      if (addNone) this.loadConstant(NONE);
      this.emit(Op.RETURN_VALUE);
    }
    const flags = unit.flags() | this.options.futureFlags;
    const code = unit.finish(this.source.filename, flags);
    if (unit.parent !== null) this.unit = unit.parent;
    this.nestLevel -= 1;
    return code;
  }

  // --- emission ------------------------------------------------------------------------------

  emit(op: number, arg = 0): void {
    this.unit.graph.emit(op, arg, null, this.unit.at);
  }

  jump(op: number, target: BasicBlock): void {
    this.unit.graph.emit(op, 0, target, this.unit.at);
  }

  /** A jump without a line of its own. */
  jumpNoLine(op: number, target: BasicBlock): void {
    this.unit.graph.emit(op, 0, target, NO_LOCATION);
  }

  private emitNoLine(op: number): void {
    this.unit.graph.emit(op, 0, null, NO_LOCATION);
  }

  use(block: BasicBlock): void {
    this.unit.graph.use(block);
  }

  setLocation(at: tree.Position): void {
    const { line, col, endLine, endCol } = at;
    this.unit.at = { line, col, endLine, endCol };
  }

  private unsetLocation(): void {
    this.unit.at = NO_LOCATION;
  }

  loadConstant(constant: Constant): void {
    this.emit(Op.LOAD_CONST, this.unit.addConstant(constant));
  }

  private loadStr(value: string): void {
    this.loadConstant({ kind: "str", value });
  }

  private emitName(op: number, name: string): void {
    this.emit(op, this.unit.names.add(mangle(this.unit.privateName, name)));
  }

  private pushFrameBlock(block: FrameBlock): void {
    if (this.unit.frameBlocks.length >= MAX_FRAME_BLOCKS) {
      this.fail("too many statically nested blocks", this.unit.at);
    }
    this.unit.frameBlocks.push(block);
  }

  private popFrameBlock(): void {
    this.unit.frameBlocks.pop();
  }

  // --- names ---------------------------------------------------------------------------------

  private forbidDebug(name: string, ctx: tree.Context): void {
    if (name !== "__debug__" || ctx === "Load") return;
    this.fail(`cannot ${ctx === "Store" ? "assign to" : "delete"} __debug__`, this.unit.at);
  }

  name(name: string, ctx: tree.Context): void {
    this.forbidDebug(name, ctx);
    const { unit } = this;
    const mangled = mangle(unit.privateName, name);
    const isFunction = unit.scope.kind === "function";
    switch (unit.scope.scopeOf(mangled)) {
      case "free":
      case "cell":
        this.emit(this.derefOp(ctx), this.closureIndex(mangled));
        return;
      case "local":
        if (!isFunction) break;
        this.emit(
          ctx === "Load" ? Op.LOAD_FAST : ctx === "Store" ? Op.STORE_FAST : Op.DELETE_FAST,
          unit.varNames.add(mangled),
        );
        return;
      case "globalImplicit":
        if (isFunction) {
          this.global(mangled, ctx);
          return;
        }
        break;
      case "globalExplicit":
        this.global(mangled, ctx);
        return;
      case undefined:
        break;
    }
    const op = ctx === "Load" ? Op.LOAD_NAME : ctx === "Store" ? Op.STORE_NAME : Op.DELETE_NAME;
    this.emit(op, unit.names.add(mangled));
  }

  private derefOp(ctx: tree.Context): number {
    if (ctx === "Store") return Op.STORE_DEREF;
    if (ctx === "Del") return Op.DELETE_DEREF;
    return this.unit.scope.kind === "class" ? Op.LOAD_CLASSDEREF : Op.LOAD_DEREF;
  }

  private global(name: string, ctx: tree.Context): void {
    const index = this.unit.names.add(name);
    // The low bit of LOAD_GLOBAL's argument asks for a NULL below the value.
    if (ctx === "Load") this.emit(Op.LOAD_GLOBAL, index << 1);
    else this.emit(ctx === "Store" ? Op.STORE_GLOBAL : Op.DELETE_GLOBAL, index);
  }

  /** Index of a cell variable, or behind those of a free one. */
  private closureIndex(name: string): number {
    const cell = this.unit.cellVars.find(name);
    if (cell >= 0 && this.unit.scope.scopeOf(name) !== "free") return cell;
    return this.unit.cellVars.names.length + this.unit.freeVars.find(name);
  }

  // --- statements ----------------------------------------------------------------------------

  private body(body: tree.Stmt[]): void {
    if (this.unit.kind === "module" && body.length > 0) this.setLocation(body[0]);
    if (hasAnnotations(body)) this.emit(Op.SETUP_ANNOTATIONS);
    const doc = docstring(body);
    if (doc !== null) {
      this.unit.doc = doc;
      this.expr((body[0] as tree.ExprStmt).value);
      this.unsetLocation();
      this.name("__doc__", "Store");
    }
    for (let i = doc === null ? 0 : 1; i < body.length; i += 1) this.stmt(body[i]);
  }

  stmts(body: tree.Stmt[]): void {
    for (const stmt of body) this.stmt(stmt);
  }

  private stmt(stmt: tree.Stmt): void {
    this.setLocation(stmt);
    switch (stmt.kind) {
      case "FunctionDef":
      case "AsyncFunctionDef":
        this.functionDef(stmt);
        break;
      case "ClassDef":
        this.classDef(stmt);
        break;
      case "Return":
        this.return(stmt);
        break;
      case "Delete":
        for (const target of stmt.targets) this.expr(target);
        break;
      case "Assign":
        this.expr(stmt.value);
        stmt.targets.forEach((target, i) => {
          if (i + 1 < stmt.targets.length) this.emit(Op.COPY, 1);
          this.expr(target);
        });
        break;
      case "AugAssign":
        this.augAssign(stmt);
        break;
      case "AnnAssign":
        this.annAssign(stmt);
        break;
      case "For":
        this.for(stmt);
        break;
      case "AsyncFor":
        this.asyncFor(stmt);
        break;
      case "While":
        this.while(stmt);
        break;
      case "If":
        this.if(stmt);
        break;
      case "With":
        this.with(stmt, 0);
        break;
      case "AsyncWith":
        this.asyncWith(stmt, 0);
        break;
      case "Match":
        this.patterns.match(stmt);
        break;
      case "Raise":
        this.raise(stmt);
        break;
      case "Try":
      case "TryStar":
        if (stmt.finalbody.length > 0) this.tryFinally(stmt);
        else this.tryHandlers(stmt);
        break;
      case "Assert":
        this.assert(stmt);
        break;
      case "Import":
        this.import(stmt);
        break;
      case "ImportFrom":
        this.importFrom(stmt);
        break;
      case "Global":
      case "Nonlocal":
        break;
      case "Expr":
        this.exprStmt(stmt);
        break;
      case "Pass":
        this.emit(Op.NOP);
        break;
      case "Break":
        this.break();
        break;
      case "Continue":
        this.continue();
        break;
    }
  }

  private exprStmt(stmt: tree.ExprStmt): void {
    if (this.options.mode === "single" && this.nestLevel <= 1) {
      this.expr(stmt.value);
      this.emit(Op.PRINT_EXPR);
    } else if (stmt.value.kind === "Constant") this.emit(Op.NOP);
    else {
      this.expr(stmt.value);
      this.unsetLocation();
      this.emit(Op.POP_TOP);
    }
  }

  private decorators(list: tree.Expr[]): void {
    for (const decorator of list) this.expr(decorator);
  }

  private applyDecorators(list: tree.Expr[]): void {
    const { at } = this.unit;
    for (let i = list.length - 1; i >= 0; i -= 1) {
      this.setLocation(list[i]);
      this.emit(Op.PRECALL, 0);
      this.emit(Op.CALL, 0);
    }
    this.unit.at = at;
  }

  private forbidDebugArguments(args: tree.Arguments): void {
    const all = [...args.posonlyargs, ...args.args, args.vararg, ...args.kwonlyargs, args.kwarg];
    for (const arg of all) if (arg !== null) this.forbidDebug(arg.arg, "Store");
  }

  /** Pushes the defaults; returns MAKE_FUNCTION's flags for them. */
  private defaults(args: tree.Arguments): number {
    let flags = 0;
    if (args.defaults.length > 0) {
      flags |= 1;
      for (const value of args.defaults) this.expr(value);
      this.emit(Op.BUILD_TUPLE, args.defaults.length);
    }
    const keys: Constant[] = [];
    args.kwonlyargs.forEach((arg, i) => {
      const value = args.kwDefaults[i];
      if (value === null || value === undefined) return;
      keys.push({ kind: "str", value: mangle(this.unit.privateName, arg.arg) });
      this.expr(value);
    });
    if (keys.length > 0) {
      flags |= 2;
      this.loadConstant({ kind: "tuple", items: keys });
      this.emit(Op.BUILD_CONST_KEY_MAP, keys.length);
    }
    return flags;
  }

  private annotation(name: string, annotation: tree.Expr): void {
    this.loadStr(mangle(this.unit.privateName, name));
    if (this.options.futureAnnotations) this.loadStr(unparse(annotation));
    else if (annotation.kind === "Starred") {
      // `*args: *Ts` holds the one item that unpacking gives.
      this.expr(annotation.value);
      this.emit(Op.UNPACK_SEQUENCE, 1);
    } else this.expr(annotation);
  }

  private annotations(args: tree.Arguments, returns: tree.Expr | null): number {
    let count = 0;
    const add = (name: string, annotation: tree.Expr | null) => {
      if (annotation === null) return;
      this.annotation(name, annotation);
      count += 2;
    };
    const all = [...args.args, ...args.posonlyargs, args.vararg, ...args.kwonlyargs, args.kwarg];
    for (const arg of all) if (arg !== null) add(arg.arg, arg.annotation);
    add("return", returns);
    if (count === 0) return 0;
    this.emit(Op.BUILD_TUPLE, count);
    return 4;
  }

  private setArguments(args: tree.Arguments): void {
    this.unit.argCount = args.args.length + args.posonlyargs.length;
    this.unit.posOnlyArgCount = args.posonlyargs.length;
    this.unit.kwOnlyArgCount = args.kwonlyargs.length;
  }

  private functionDef(stmt: tree.FunctionDef): void {
    this.forbidDebugArguments(stmt.args);
    this.decorators(stmt.decoratorList);
    const firstLine = stmt.decoratorList.length > 0 ? stmt.decoratorList[0].line : stmt.line;
    const flags = this.defaults(stmt.args) | this.annotations(stmt.args, stmt.returns);
    const kind = stmt.kind === "AsyncFunctionDef" ? "asyncFunction" : "function";
    this.enter(stmt.name, kind, stmt, firstLine);
    const doc = docstring(stmt.body);
    this.unit.doc = doc;
    this.unit.addConstant(doc === null ? NONE : { kind: "str", value: doc });
    this.setArguments(stmt.args);
    for (let i = doc === null ? 0 : 1; i < stmt.body.length; i += 1) this.stmt(stmt.body[i]);
    this.makeClosure(this.leave(true), flags);
    this.applyDecorators(stmt.decoratorList);
    this.name(stmt.name, "Store");
  }

  private makeClosure(code: CodeUnit, flags: number): void {
    if (code.freeVars.length > 0) {
      for (const name of code.freeVars) this.emit(Op.LOAD_CLOSURE, this.closureReference(name));
      this.emit(Op.BUILD_TUPLE, code.freeVars.length);
    }
    this.loadConstant({ kind: "code", unit: code });
    this.emit(Op.MAKE_FUNCTION, flags | (code.freeVars.length > 0 ? 8 : 0));
  }

  private closureReference(name: string): number {
    // A class makes the cell that its methods' __class__ refers to.
    if (this.unit.kind === "class" && name === "__class__") {
      const cell = this.unit.cellVars.find(name);
      if (cell >= 0) return cell;
    }
    const isCell = this.unit.scope.scopeOf(name) === "cell";
    if (isCell) return this.unit.cellVars.find(name);
    return this.unit.cellVars.names.length + this.unit.freeVars.find(name);
  }

  private classDef(stmt: tree.ClassDef): void {
    this.decorators(stmt.decoratorList);
    const firstLine = stmt.decoratorList.length > 0 ? stmt.decoratorList[0].line : stmt.line;
    this.enter(stmt.name, "class", stmt, firstLine);
    this.name("__name__", "Load");
    this.name("__module__", "Store");
    this.loadStr(this.unit.qualname);
    this.name("__qualname__", "Store");
    this.body(stmt.body);
    this.unsetLocation();
    if (this.unit.scope.needsClassClosure) {
      this.emit(Op.LOAD_CLOSURE, this.unit.cellVars.find("__class__"));
      this.emit(Op.COPY, 1);
      this.name("__classcell__", "Store");
    } else this.loadConstant(NONE);
    this.emit(Op.RETURN_VALUE);
    const code = this.leave(true);
    this.setLocation(stmt);
    this.emit(Op.PUSH_NULL);
    this.emit(Op.LOAD_BUILD_CLASS);
    this.makeClosure(code, 0);
    this.loadStr(stmt.name);
    this.callHelper(2, stmt.bases, stmt.keywords);
    this.applyDecorators(stmt.decoratorList);
    this.name(stmt.name, "Store");
  }

  private return(stmt: tree.Return): void {
    const { value } = stmt;
    const { scope } = this.unit;
    const keepsTop = value !== null && value.kind !== "Constant";
    if (scope.kind !== "function") this.fail("'return' outside function", stmt);
    if (value !== null && scope.coroutine && scope.generator) {
      this.fail("'return' with value in async generator", stmt);
    }
    if (keepsTop) this.expr(value);
    else if (value !== null) {
      this.setLocation(value);
      this.emit(Op.NOP);
    }
    if (value === null || value.line !== stmt.line) {
      this.setLocation(stmt);
      this.emit(Op.NOP);
    }
    this.unwind(keepsTop, false);
    if (value === null) this.loadConstant(NONE);
    else if (!keepsTop) this.loadConstant((value as tree.Constant).value);
    this.emit(Op.RETURN_VALUE);
  }

  private break(): void {
    const { at } = this.unit;
    this.emit(Op.NOP);
    const loop = this.unwind(false, true);
    if (loop === null) this.fail("'break' outside loop", at);
    this.unwindOne(loop, false);
    this.jump(PseudoOp.JUMP, loop.exit!);
  }

  private continue(): void {
    const { at } = this.unit;
    this.emit(Op.NOP);
    const loop = this.unwind(false, true);
    if (loop === null) this.fail("'continue' not properly in loop", at);
    this.jump(PseudoOp.JUMP, loop.block);
  }

  /** Leaves the open blocks from the inside out, up to a loop if asked; returns that loop. */
  private unwind(keepsTop: boolean, toLoop: boolean): FrameBlock | null {
    const { frameBlocks } = this.unit;
    const top = frameBlocks[frameBlocks.length - 1];
    if (top === undefined) return null;
    if (toLoop && (top.kind === "while" || top.kind === "for")) return top;
    if (top.kind === "exceptionGroupHandler") {
      const what = "'break', 'continue' and 'return'";
      this.fail(`${what} cannot appear in an except* block`, this.unit.at);
    }
    frameBlocks.pop();
    this.unwindOne(top, keepsTop);
    const loop = this.unwind(keepsTop, toLoop);
    frameBlocks.push(top);
    return loop;
  }

  private unwindOne(block: FrameBlock, keepsTop: boolean): void {
    const swap = () => {
      if (keepsTop) this.emit(Op.SWAP, 2);
    };
    switch (block.kind) {
      case "while":
      case "exceptionHandler":
      case "exceptionGroupHandler":
      case "asyncComprehension":
        break;
      case "for":
      case "popValue":
        swap();
        this.emit(Op.POP_TOP);
        break;
      case "tryExcept":
        this.emit(PseudoOp.POP_BLOCK);
        break;
      case "finallyTry":
        this.emit(PseudoOp.POP_BLOCK);
        if (keepsTop) this.pushFrameBlock({ kind: "popValue", block: block.block, exit: null });
        this.stmts(block.body!);
        if (keepsTop) this.popFrameBlock();
        this.unsetLocation();
        break;
      case "finallyEnd":
        swap();
        this.emit(Op.POP_TOP);
        swap();
        this.emit(PseudoOp.POP_BLOCK);
        this.emit(Op.POP_EXCEPT);
        break;
      case "with":
      case "asyncWith":
        this.setLocation(block.statement!);
        this.emit(PseudoOp.POP_BLOCK);
        swap();
        this.callExitWithNones();
        if (block.kind === "asyncWith") this.awaitExit();
        this.emit(Op.POP_TOP);
        this.unsetLocation();
        break;
      case "handlerCleanup":
        if (block.name) this.emit(PseudoOp.POP_BLOCK);
        swap();
        this.emit(PseudoOp.POP_BLOCK);
        this.emit(Op.POP_EXCEPT);
        if (block.name) this.unbind(block.name);
        break;
    }
  }

  /** `name = None; del name`, which breaks the cycle of exception, traceback and frame. */
  private unbind(name: string): void {
    this.loadConstant(NONE);
    this.name(name, "Store");
    this.name(name, "Del");
  }

  private augAssign(stmt: tree.AugAssign): void {
    const { target } = stmt;
    const { at } = this.unit;
    this.setLocation(target);
    switch (target.kind) {
      case "Attribute":
        this.expr(target.value);
        this.emit(Op.COPY, 1);
        this.attributeLocation(target);
        this.emitName(Op.LOAD_ATTR, target.attr);
        break;
      case "Subscript":
        this.expr(target.value);
        this.expr(target.slice);
        this.emit(Op.COPY, 2);
        this.emit(Op.COPY, 2);
        this.emit(Op.BINARY_SUBSCR);
        break;
      case "Name":
        this.name(target.id, "Load");
        break;
    }
    this.unit.at = at;
    this.expr(stmt.value);
    this.emit(Op.BINARY_OP, BINARY[stmt.op] + BinaryArg.InPlace);
    this.setLocation(target);
    switch (target.kind) {
      case "Attribute":
        this.attributeLocation(target);
        this.emit(Op.SWAP, 2);
        this.emitName(Op.STORE_ATTR, target.attr);
        break;
      case "Subscript":
        this.emit(Op.SWAP, 3);
        this.emit(Op.SWAP, 2);
        this.emit(Op.STORE_SUBSCR);
        break;
      case "Name":
        this.name(target.id, "Store");
        break;
    }
  }

  private annAssign(stmt: tree.AnnAssign): void {
    const { target, annotation, value } = stmt;
    const keepsAnnotations = this.unit.kind === "module" || this.unit.kind === "class";
    if (value !== null) {
      this.expr(value);
      this.expr(target);
    }
    const evaluate = (expr: tree.Expr | null) => {
      if (expr === null) return;
      this.expr(expr);
      this.emit(Op.POP_TOP);
    };
    switch (target.kind) {
      case "Name":
        this.forbidDebug(target.id, "Store");
        if (!stmt.simple || !keepsAnnotations) break;
        if (this.options.futureAnnotations) this.loadStr(unparse(annotation));
        else this.expr(annotation);
        this.emitName(Op.LOAD_NAME, "__annotations__");
        this.loadStr(mangle(this.unit.privateName, target.id));
        this.emit(Op.STORE_SUBSCR);
        break;
      case "Attribute":
        this.forbidDebug(target.attr, "Store");
        if (value === null) evaluate(target.value);
        break;
      case "Subscript":
        if (value === null) {
          evaluate(target.value);
          this.evaluateSlice(target.slice, evaluate);
        }
        break;
    }
    if (!stmt.simple && keepsAnnotations && !this.options.futureAnnotations) evaluate(annotation);
  }

  private evaluateSlice(slice: tree.Expr, evaluate: (expr: tree.Expr | null) => void): void {
    if (slice.kind === "Slice") {
      evaluate(slice.lower);
      evaluate(slice.upper);
      evaluate(slice.step);
    } else if (slice.kind === "Tuple") {
      for (const item of slice.elts) this.evaluateSlice(item, evaluate);
    } else evaluate(slice);
  }

  private for(stmt: tree.For): void {
    const start = new BasicBlock();
    const body = new BasicBlock();
    const cleanup = new BasicBlock();
    const end = new BasicBlock();
    this.pushFrameBlock({ kind: "for", block: start, exit: end });
    this.expr(stmt.iter);
    this.emit(Op.GET_ITER);
    this.use(start);
    this.jump(Op.FOR_ITER, cleanup);
    this.use(body);
    this.expr(stmt.target);
    this.stmts(stmt.body);
    this.unsetLocation();
    this.jump(PseudoOp.JUMP, start);
    this.use(cleanup);
    this.unit.graph.region("for", start, cleanup);
    this.popFrameBlock();
    this.stmts(stmt.orelse);
    this.use(end);
  }

  private asyncFor(stmt: tree.For): void {
    if (this.unit.kind !== "asyncFunction") this.fail("'async for' outside async function", stmt);
    const start = new BasicBlock();
    const except = new BasicBlock();
    const end = new BasicBlock();
    this.expr(stmt.iter);
    this.emit(Op.GET_AITER);
    this.use(start);
    this.pushFrameBlock({ kind: "for", block: start, exit: end });
    this.asyncNext(except);
    this.expr(stmt.target);
    this.stmts(stmt.body);
    this.unsetLocation();
    this.jump(PseudoOp.JUMP, start);
    this.popFrameBlock();
    this.use(except);
    this.unit.graph.region("for", start, except);
    this.setLocation(stmt.iter);
    this.emit(Op.END_ASYNC_FOR);
    this.stmts(stmt.orelse);
    this.use(end);
  }

  /** Awaits the next item of an asynchronous iterator; its end arrives at `except`. */
  private asyncNext(except: BasicBlock): void {
    this.jump(PseudoOp.SETUP_FINALLY, except);
    this.emit(Op.GET_ANEXT);
    this.loadConstant(NONE);
    this.yieldFrom(true);
    this.emit(PseudoOp.POP_BLOCK);
  }

  private while(stmt: tree.While): void {
    const loop = new BasicBlock();
    const body = new BasicBlock();
    const anchor = new BasicBlock();
    const end = new BasicBlock();
    this.use(loop);
    this.pushFrameBlock({ kind: "while", block: loop, exit: end });
    this.jumpIf(stmt.test, anchor, false);
    this.use(body);
    this.stmts(stmt.body);
    this.setLocation(stmt);
    this.jumpIf(stmt.test, body, true);
    this.popFrameBlock();
    this.use(anchor);
    this.unit.graph.region("while", loop, anchor);
    this.stmts(stmt.orelse);
    this.use(end);
  }

  private if(stmt: tree.If): void {
    const end = new BasicBlock();
    const next = stmt.orelse.length > 0 ? new BasicBlock() : end;
    const start = new BasicBlock();
    this.jumpIf(stmt.test, next, false);
    this.use(start);
    this.stmts(stmt.body);
    if (stmt.orelse.length > 0) {
      this.jumpNoLine(PseudoOp.JUMP, end);
      this.use(next);
      this.stmts(stmt.orelse);
    }
    this.use(end);
    this.unit.graph.region("if", start, end);
  }

  /** Jumps when the truth of the expression equals `condition`. */
  jumpIf(expr: tree.Expr, next: BasicBlock, condition: boolean): void {
    switch (expr.kind) {
      case "UnaryOp":
        if (expr.op !== "Not") break;
        this.jumpIf(expr.operand, next, !condition);
        return;
      case "BoolOp": {
        const shortcut = expr.op === "Or";
        const other = shortcut === condition ? next : new BasicBlock();
        const last = expr.values.length - 1;
        for (let i = 0; i < last; i += 1) this.jumpIf(expr.values[i], other, shortcut);
        this.jumpIf(expr.values[last], next, condition);
        if (other !== next) this.use(other);
        return;
      }
      case "IfExp": {
        const end = new BasicBlock();
        const orelse = new BasicBlock();
        this.jumpIf(expr.test, orelse, false);
        this.jumpIf(expr.body, next, condition);
        this.jumpNoLine(PseudoOp.JUMP, end);
        this.use(orelse);
        this.jumpIf(expr.orelse, next, condition);
        this.use(end);
        return;
      }
      case "Compare":
        // As in CPython, what follows keeps the position of the comparison.
        this.setLocation(expr);
        if (expr.ops.length === 1) break;
        this.jumpIfChain(expr, next, condition);
        return;
    }
    this.expr(expr);
    this.jump(condition ? PseudoOp.POP_JUMP_IF_TRUE : PseudoOp.POP_JUMP_IF_FALSE, next);
  }

  private jumpIfChain(expr: tree.Compare, next: BasicBlock, condition: boolean): void {
    const cleanup = new BasicBlock();
    const end = new BasicBlock();
    const last = expr.ops.length - 1;
    this.expr(expr.left);
    for (let i = 0; i < last; i += 1) {
      this.expr(expr.comparators[i]);
      this.emit(Op.SWAP, 2);
      this.emit(Op.COPY, 2);
      this.compareOp(expr.ops[i]);
      this.jump(PseudoOp.POP_JUMP_IF_FALSE, cleanup);
    }
    this.expr(expr.comparators[last]);
    this.compareOp(expr.ops[last]);
    this.jump(condition ? PseudoOp.POP_JUMP_IF_TRUE : PseudoOp.POP_JUMP_IF_FALSE, next);
    this.jumpNoLine(PseudoOp.JUMP, end);
    this.use(cleanup);
    this.emit(Op.POP_TOP);
    if (!condition) this.jumpNoLine(PseudoOp.JUMP, next);
    this.use(end);
  }

  private callExitWithNones(): void {
    this.loadConstant(NONE);
    this.loadConstant(NONE);
    this.loadConstant(NONE);
    this.emit(Op.PRECALL, 2);
    this.emit(Op.CALL, 2);
  }

  private awaitExit(): void {
    this.emit(Op.GET_AWAITABLE, 2);
    this.loadConstant(NONE);
    this.yieldFrom(true);
  }

  private with(stmt: tree.With, index: number): void {
    const block = new BasicBlock();
    const final = new BasicBlock();
    const exit = new BasicBlock();
    const cleanup = new BasicBlock();
    const item = stmt.items[index];
    this.expr(item.contextExpr);
    this.emit(Op.BEFORE_WITH);
    this.jump(PseudoOp.SETUP_WITH, final);
    this.withBody(stmt, index, block, final);
    this.setLocation(stmt);
    this.callExitWithNones();
    this.emit(Op.POP_TOP);
    this.jump(PseudoOp.JUMP, exit);
    this.use(final);
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.emit(Op.PUSH_EXC_INFO);
    this.emit(Op.WITH_EXCEPT_START);
    this.withExceptFinish(cleanup);
    this.use(exit);
  }

  private asyncWith(stmt: tree.With, index: number): void {
    if (this.unit.kind !== "asyncFunction") this.fail("'async with' outside async function", stmt);
    const block = new BasicBlock();
    const final = new BasicBlock();
    const exit = new BasicBlock();
    const cleanup = new BasicBlock();
    const item = stmt.items[index];
    this.expr(item.contextExpr);
    this.emit(Op.BEFORE_ASYNC_WITH);
    this.emit(Op.GET_AWAITABLE, 1);
    this.loadConstant(NONE);
    this.yieldFrom(true);
    this.jump(PseudoOp.SETUP_WITH, final);
    this.withBody(stmt, index, block, final);
    this.setLocation(stmt);
    this.callExitWithNones();
    this.awaitExit();
    this.emit(Op.POP_TOP);
    this.jump(PseudoOp.JUMP, exit);
    this.use(final);
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.emit(Op.PUSH_EXC_INFO);
    this.emit(Op.WITH_EXCEPT_START);
    this.awaitExit();
    this.withExceptFinish(cleanup);
    this.use(exit);
  }

  private withBody(stmt: tree.With, index: number, block: BasicBlock, final: BasicBlock): void {
    const { optionalVars } = stmt.items[index];
    const isAsync = stmt.kind === "AsyncWith";
    this.use(block);
    this.pushFrameBlock({
      kind: isAsync ? "asyncWith" : "with",
      block,
      exit: final,
      statement: stmt,
    });
    if (optionalVars !== null) this.expr(optionalVars);
    else this.emit(Op.POP_TOP);
    if (index + 1 === stmt.items.length) this.stmts(stmt.body);
    else if (isAsync) this.asyncWith(stmt, index + 1);
    else this.with(stmt, index + 1);
    this.unit.graph.region("with", block, final);
    this.unsetLocation();
    this.emit(PseudoOp.POP_BLOCK);
    this.popFrameBlock();
  }

  private withExceptFinish(cleanup: BasicBlock): void {
    const suppress = new BasicBlock();
    const exit = new BasicBlock();
    this.jump(PseudoOp.POP_JUMP_IF_TRUE, suppress);
    this.emit(Op.RERAISE, 2);
    this.use(cleanup);
    const { at } = this.unit;
    this.unsetLocation();
    this.popExceptAndReraise();
    this.unit.at = at;
    this.use(suppress);
    this.emit(Op.POP_TOP);
    this.emit(PseudoOp.POP_BLOCK);
    this.emit(Op.POP_EXCEPT);
    this.emit(Op.POP_TOP);
    this.emit(Op.POP_TOP);
    this.jump(PseudoOp.JUMP, exit);
    this.use(exit);
  }

  private popExceptAndReraise(): void {
    this.emit(Op.COPY, 3);
    this.emit(Op.POP_EXCEPT);
    this.emit(Op.RERAISE, 1);
  }

  private raise(stmt: tree.Raise): void {
    let count = 0;
    for (const value of [stmt.exc, stmt.cause]) {
      if (value === null) break;
      this.expr(value);
      count += 1;
    }
    this.emit(Op.RAISE_VARARGS, count);
  }

  private tryFinally(stmt: tree.Try): void {
    const body = new BasicBlock();
    const end = new BasicBlock();
    const cleanup = new BasicBlock();
    const exit = new BasicBlock();
    this.jump(PseudoOp.SETUP_FINALLY, end);
    this.use(body);
    this.pushFrameBlock({ kind: "finallyTry", block: body, exit: end, body: stmt.finalbody });
    if (stmt.handlers.length > 0) this.tryHandlers(stmt);
    else this.stmts(stmt.body);
    this.emitNoLine(PseudoOp.POP_BLOCK);
    this.popFrameBlock();
    this.stmts(stmt.finalbody);
    this.jumpNoLine(PseudoOp.JUMP, exit);
    this.use(end);
    this.unit.graph.region("finally", body, end);
    this.unsetLocation();
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.emit(Op.PUSH_EXC_INFO);
    this.pushFrameBlock({ kind: "finallyEnd", block: end, exit: null });
    this.stmts(stmt.finalbody);
    this.popFrameBlock();
    this.emit(Op.RERAISE, 0);
    this.use(cleanup);
    this.popExceptAndReraise();
    this.use(exit);
  }

  private tryHandlers(stmt: tree.Try): void {
    if (stmt.kind === "TryStar") this.tryStar(stmt);
    else this.tryExcept(stmt);
  }

  private tryExcept(stmt: tree.Try): void {
    const body = new BasicBlock();
    let except = new BasicBlock();
    const end = new BasicBlock();
    const cleanup = new BasicBlock();
    this.jump(PseudoOp.SETUP_FINALLY, except);
    this.use(body);
    this.pushFrameBlock({ kind: "tryExcept", block: body, exit: null });
    this.stmts(stmt.body);
    this.popFrameBlock();
    this.emitNoLine(PseudoOp.POP_BLOCK);
    this.unit.graph.region("try", body, except);
    this.stmts(stmt.orelse);
    this.jumpNoLine(PseudoOp.JUMP, end);
    this.use(except);
    this.unsetLocation();
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.emit(Op.PUSH_EXC_INFO);
    this.pushFrameBlock({ kind: "exceptionHandler", block: except, exit: null });
    stmt.handlers.forEach((handler, i) => {
      this.setLocation(handler);
      if (handler.type === null && i < stmt.handlers.length - 1) {
        this.fail("default 'except:' must be last", handler);
      }
      except = new BasicBlock();
      if (handler.type !== null) {
        this.expr(handler.type);
        this.emit(Op.CHECK_EXC_MATCH);
        this.jump(PseudoOp.POP_JUMP_IF_FALSE, except);
      }
      this.handler(handler, end);
      this.use(except);
    });
    this.unsetLocation();
    this.popFrameBlock();
    this.emit(Op.RERAISE, 0);
    this.use(cleanup);
    this.popExceptAndReraise();
    this.use(end);
  }

  private handler(handler: tree.ExceptHandler, end: BasicBlock): void {
    const body = new BasicBlock();
    const { name } = handler;
    if (name === null) {
      this.emit(Op.POP_TOP);
      this.use(body);
      this.pushFrameBlock({ kind: "handlerCleanup", block: body, exit: null });
      this.stmts(handler.body);
      this.popFrameBlock();
      this.unsetLocation();
      this.emit(PseudoOp.POP_BLOCK);
      this.emit(Op.POP_EXCEPT);
      this.jump(PseudoOp.JUMP, end);
      return;
    }
    const cleanup = new BasicBlock();
    this.name(name, "Store");
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.use(body);
    this.pushFrameBlock({ kind: "handlerCleanup", block: body, exit: null, name });
    this.stmts(handler.body);
    this.popFrameBlock();
    this.unsetLocation();
    this.emit(PseudoOp.POP_BLOCK);
    this.emit(PseudoOp.POP_BLOCK);
    this.emit(Op.POP_EXCEPT);
    this.unbind(name);
    this.jump(PseudoOp.JUMP, end);
    this.use(cleanup);
    this.unsetLocation();
    this.unbind(name);
    this.emit(Op.RERAISE, 1);
  }

  /**
   * `except*`: the stack holds the original group, a list of what the handlers raised, and what
   * is left unmatched; PREP_RERAISE_STAR puts together what goes on.
   */
  private tryStar(stmt: tree.Try): void {
    const body = new BasicBlock();
    let except = new BasicBlock();
    const orelse = new BasicBlock();
    const end = new BasicBlock();
    const cleanup = new BasicBlock();
    const reraiseStar = new BasicBlock();
    this.jump(PseudoOp.SETUP_FINALLY, except);
    this.use(body);
    this.pushFrameBlock({ kind: "tryExcept", block: body, exit: null });
    this.stmts(stmt.body);
    this.popFrameBlock();
    this.emitNoLine(PseudoOp.POP_BLOCK);
    this.jumpNoLine(PseudoOp.JUMP, orelse);
    this.use(except);
    this.unit.graph.region("try", body, except);
    this.unsetLocation();
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.emit(Op.PUSH_EXC_INFO);
    this.pushFrameBlock({ kind: "exceptionGroupHandler", block: except, exit: null });
    stmt.handlers.forEach((handler, i) => {
      this.setLocation(handler);
      const next = new BasicBlock();
      const noMatch = new BasicBlock();
      const joined = new BasicBlock();
      const isLast = i === stmt.handlers.length - 1;
      except = next;
      if (i === 0) {
        this.emit(Op.COPY, 1);
        this.emit(Op.BUILD_LIST, 0);
        this.emit(Op.SWAP, 2);
      }
      this.expr(handler.type!);
      this.emit(Op.CHECK_EG_MATCH);
      this.emit(Op.COPY, 1);
      this.jump(PseudoOp.POP_JUMP_IF_NONE, noMatch);
      this.starHandler(handler, next, joined);
      this.use(next);
      // Keeps the jumps here apart, so that they keep their lines.
      this.emit(Op.NOP);
      this.jump(PseudoOp.JUMP, joined);
      this.use(noMatch);
      this.setLocation(handler);
      this.emit(Op.POP_TOP);
      this.use(joined);
      if (isLast) {
        this.unsetLocation();
        this.emit(Op.LIST_APPEND, 1);
        this.jump(PseudoOp.JUMP, reraiseStar);
      }
    });
    this.unsetLocation();
    this.popFrameBlock();
    const reraise = new BasicBlock();
    this.use(reraiseStar);
    this.emit(Op.PREP_RERAISE_STAR);
    this.emit(Op.COPY, 1);
    this.jump(PseudoOp.POP_JUMP_IF_NOT_NONE, reraise);
    this.emit(Op.POP_TOP);
    this.emit(PseudoOp.POP_BLOCK);
    this.emit(Op.POP_EXCEPT);
    this.jump(PseudoOp.JUMP, end);
    this.use(reraise);
    this.emit(PseudoOp.POP_BLOCK);
    this.emit(Op.SWAP, 2);
    this.emit(Op.POP_EXCEPT);
    this.emit(Op.RERAISE, 0);
    this.use(cleanup);
    this.popExceptAndReraise();
    this.use(orelse);
    this.stmts(stmt.orelse);
    this.use(end);
  }

  private starHandler(handler: tree.ExceptHandler, next: BasicBlock, joined: BasicBlock): void {
    const matched = new BasicBlock();
    const body = new BasicBlock();
    const cleanup = new BasicBlock();
    const { name } = handler;
    this.use(matched);
    if (name !== null) this.name(name, "Store");
    else this.emit(Op.POP_TOP);
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.use(body);
    this.pushFrameBlock({ kind: "handlerCleanup", block: body, exit: null, name });
    this.stmts(handler.body);
    this.popFrameBlock();
    this.unsetLocation();
    this.emit(PseudoOp.POP_BLOCK);
    if (name !== null) this.unbind(name);
    this.jump(PseudoOp.JUMP, next);
    this.use(cleanup);
    this.unsetLocation();
    if (name !== null) this.unbind(name);
    this.emit(Op.LIST_APPEND, 3);
    this.emit(Op.POP_TOP);
    this.jump(PseudoOp.JUMP, joined);
  }

  private assert(stmt: tree.Assert): void {
    const end = new BasicBlock();
    this.jumpIf(stmt.test, end, true);
    this.emit(Op.LOAD_ASSERTION_ERROR);
    if (stmt.msg !== null) {
      this.expr(stmt.msg);
      this.emit(Op.PRECALL, 0);
      this.emit(Op.CALL, 0);
    }
    this.emit(Op.RAISE_VARARGS, 1);
    this.use(end);
  }

  private import(stmt: tree.Import): void {
    for (const { name, asname } of stmt.names) {
      this.loadConstant({ kind: "int", value: 0n });
      this.loadConstant(NONE);
      this.emitName(Op.IMPORT_NAME, name);
      const parts = name.split(".");
      if (asname === null) this.name(parts[0], "Store");
      else {
        for (let i = 1; i < parts.length; i += 1) {
          this.emitName(Op.IMPORT_FROM, parts[i]);
          if (i + 1 === parts.length) break;
          this.emit(Op.SWAP, 2);
          this.emit(Op.POP_TOP);
        }
        this.name(asname, "Store");
        if (parts.length > 1) this.emit(Op.POP_TOP);
      }
    }
  }

  private importFrom(stmt: tree.ImportFrom): void {
    this.loadConstant({ kind: "int", value: BigInt(stmt.level) });
    const items = stmt.names.map((alias): Constant => ({ kind: "str", value: alias.name }));
    this.loadConstant({ kind: "tuple", items });
    if (stmt.module === "__future__" && stmt.level === 0 && stmt.line > this.options.futureLine) {
      const msg = "from __future__ imports must occur at the beginning of the file";
      this.fail(msg, stmt);
    }
    this.emitName(Op.IMPORT_NAME, stmt.module ?? "");
    if (stmt.names[0].name === "*") {
      this.emit(Op.IMPORT_STAR);
      return;
    }
    for (const { name, asname } of stmt.names) {
      this.emitName(Op.IMPORT_FROM, name);
      this.name(asname ?? name, "Store");
    }
    this.emit(Op.POP_TOP);
  }

  // --- expressions ---------------------------------------------------------------------------

  expr(expr: tree.Expr): void {
    const { at } = this.unit;
    this.unit.at = expr;
    this.exprAt(expr);
    this.unit.at = at;
  }

  private exprs(exprs: tree.Expr[]): void {
    for (const expr of exprs) this.expr(expr);
  }

  private exprAt(expr: tree.Expr): void {
    switch (expr.kind) {
      case "NamedExpr":
        this.expr(expr.value);
        this.emit(Op.COPY, 1);
        this.expr(expr.target);
        break;
      case "BoolOp":
        this.boolOp(expr);
        break;
      case "BinOp":
        this.expr(expr.left);
        this.expr(expr.right);
        this.emit(Op.BINARY_OP, BINARY[expr.op]);
        break;
      case "UnaryOp":
        this.expr(expr.operand);
        this.emit(UNARY[expr.op]);
        break;
      case "Lambda":
        this.lambda(expr);
        break;
      case "IfExp": {
        const end = new BasicBlock();
        const next = new BasicBlock();
        this.jumpIf(expr.test, next, false);
        this.expr(expr.body);
        this.jumpNoLine(PseudoOp.JUMP, end);
        this.use(next);
        this.expr(expr.orelse);
        this.use(end);
        break;
      }
      case "Dict":
        this.dict(expr);
        break;
      case "Set":
        this.starUnpack(expr.elts, 0, Op.BUILD_SET, Op.SET_ADD, Op.SET_UPDATE);
        break;
      case "GeneratorExp":
        this.comprehension(expr, "<genexpr>");
        break;
      case "ListComp":
        this.comprehension(expr, "<listcomp>");
        break;
      case "SetComp":
        this.comprehension(expr, "<setcomp>");
        break;
      case "DictComp":
        this.comprehension(expr, "<dictcomp>");
        break;
      case "Yield":
        this.yield(expr);
        break;
      case "YieldFrom":
        if (this.unit.scope.kind !== "function") this.fail("'yield' outside function", expr);
        if (this.unit.kind === "asyncFunction")
          this.fail("'yield from' inside async function", expr);
        this.expr(expr.value);
        this.emit(Op.GET_YIELD_FROM_ITER);
        this.loadConstant(NONE);
        this.yieldFrom(false);
        break;
      case "Await":
        this.await(expr);
        break;
      case "Compare":
        this.compare(expr);
        break;
      case "Call":
        this.call(expr);
        break;
      case "Constant":
        this.loadConstant(expr.value);
        break;
      case "JoinedStr":
        this.joinedStr(expr);
        break;
      case "FormattedValue":
        this.formattedValue(expr);
        break;
      case "Attribute":
        this.attribute(expr);
        break;
      case "Subscript":
        this.expr(expr.value);
        this.expr(expr.slice);
        this.emit(
          expr.ctx === "Load"
            ? Op.BINARY_SUBSCR
            : expr.ctx === "Store"
              ? Op.STORE_SUBSCR
              : Op.DELETE_SUBSCR,
        );
        break;
      case "Starred":
        // List, tuple, call and unpacking handle their starred items; here it has no place.
        if (expr.ctx === "Store") {
          this.fail("starred assignment target must be in a list or tuple", expr);
        }
        this.fail("can't use starred expression here", expr);
        break;
      case "Slice":
        this.slice(expr);
        break;
      case "Name":
        this.name(expr.id, expr.ctx);
        break;
      case "List":
      case "Tuple":
        this.sequence(expr);
        break;
    }
  }

  private boolOp(expr: tree.BoolOp): void {
    const op = expr.op === "And" ? Op.JUMP_IF_FALSE_OR_POP : Op.JUMP_IF_TRUE_OR_POP;
    const end = new BasicBlock();
    const last = expr.values.length - 1;
    for (let i = 0; i < last; i += 1) {
      this.expr(expr.values[i]);
      this.jump(op, end);
    }
    this.expr(expr.values[last]);
    this.use(end);
  }

  private lambda(expr: tree.Lambda): void {
    this.forbidDebugArguments(expr.args);
    const flags = this.defaults(expr.args);
    this.enter("<lambda>", "lambda", expr, expr.line);
    // The first constant would be the docstring.
    this.unit.addConstant(NONE);
    this.setArguments(expr.args);
    this.expr(expr.body);
    const isGenerator = this.unit.scope.generator;
    if (!isGenerator) this.emit(Op.RETURN_VALUE);
    this.makeClosure(this.leave(!isGenerator), flags);
  }

  private compareOp(operator: tree.CompareOperator): void {
    const [op, arg] = COMPARE[operator];
    this.emit(op, arg);
  }

  private compare(expr: tree.Compare): void {
    const last = expr.ops.length - 1;
    this.expr(expr.left);
    if (last === 0) {
      this.expr(expr.comparators[0]);
      this.compareOp(expr.ops[0]);
      return;
    }
    const cleanup = new BasicBlock();
    const end = new BasicBlock();
    for (let i = 0; i < last; i += 1) {
      this.expr(expr.comparators[i]);
      this.emit(Op.SWAP, 2);
      this.emit(Op.COPY, 2);
      this.compareOp(expr.ops[i]);
      this.jump(Op.JUMP_IF_FALSE_OR_POP, cleanup);
    }
    this.expr(expr.comparators[last]);
    this.compareOp(expr.ops[last]);
    this.jumpNoLine(PseudoOp.JUMP, end);
    this.use(cleanup);
    this.emit(Op.SWAP, 2);
    this.emit(Op.POP_TOP);
    this.use(end);
  }

  private yield(expr: tree.Yield): void {
    if (this.unit.scope.kind !== "function") this.fail("'yield' outside function", expr);
    if (expr.value !== null) this.expr(expr.value);
    else this.loadConstant(NONE);
    this.emitYield();
  }

  private emitYield(): void {
    const { scope } = this.unit;
    if (scope.generator && scope.coroutine) this.emit(Op.ASYNC_GEN_WRAP);
    this.emit(Op.YIELD_VALUE);
    this.emit(Op.RESUME, 1);
  }

  /** Delegates to the iterator below the value on the stack; RESUME says for what. */
  private yieldFrom(isAwait: boolean): void {
    const start = new BasicBlock();
    const resume = new BasicBlock();
    const exit = new BasicBlock();
    this.use(start);
    this.jump(Op.SEND, exit);
    this.use(resume);
    this.emit(Op.YIELD_VALUE);
    this.emit(Op.RESUME, isAwait ? 3 : 2);
    this.jump(PseudoOp.JUMP_NO_INTERRUPT, start);
    this.use(exit);
  }

  private await(expr: tree.Await): void {
    if (this.unit.scope.kind !== "function") this.fail("'await' outside function", expr);
    if (this.unit.kind !== "asyncFunction" && this.unit.kind !== "comprehension") {
      this.fail("'await' outside async function", expr);
    }
    this.expr(expr.value);
    this.emit(Op.GET_AWAITABLE, 0);
    this.loadConstant(NONE);
    this.yieldFrom(true);
  }

  private joinedStr(expr: tree.JoinedStr): void {
    const { values } = expr;
    if (values.length > STACK_USE_GUIDELINE) {
      this.loadStr("");
      this.emitName(Op.LOAD_METHOD, "join");
      this.emit(Op.BUILD_LIST, 0);
      for (const value of values) {
        this.expr(value);
        this.emit(Op.LIST_APPEND, 1);
      }
      this.emit(Op.PRECALL, 1);
      this.emit(Op.CALL, 1);
      return;
    }
    this.exprs(values);
    if (values.length !== 1) this.emit(Op.BUILD_STRING, values.length);
  }

  private formattedValue(expr: tree.FormattedValue): void {
    this.expr(expr.value);
    let arg = 0;
    if (expr.conversion >= 0) arg = { s: 1, r: 2, a: 3 }[String.fromCharCode(expr.conversion)]!;
    if (expr.formatSpec !== null) {
      this.expr(expr.formatSpec);
      arg |= 4;
    }
    this.emit(Op.FORMAT_VALUE, arg);
  }

  /** An attribute on a later line than its object is shown where its name stands. */
  private attributeLocation(expr: tree.Attribute): void {
    if (expr.line === expr.endLine) return;
    const { endLine, endCol } = expr;
    const length = Buffer.byteLength(expr.attr);
    if (length <= endCol) {
      this.unit.at = { line: endLine, endLine, col: endCol - length, endCol };
    } else this.unit.at = { line: endLine, endLine, col: -1, endCol: -1 };
  }

  private attribute(expr: tree.Attribute): void {
    this.expr(expr.value);
    this.attributeLocation(expr);
    this.forbidDebug(expr.attr, expr.ctx);
    const op =
      expr.ctx === "Load" ? Op.LOAD_ATTR : expr.ctx === "Store" ? Op.STORE_ATTR : Op.DELETE_ATTR;
    this.emitName(op, expr.attr);
  }

  private slice(expr: tree.Slice): void {
    for (const part of [expr.lower, expr.upper]) {
      if (part === null) this.loadConstant(NONE);
      else this.expr(part);
    }
    if (expr.step !== null) this.expr(expr.step);
    this.emit(Op.BUILD_SLICE, expr.step === null ? 2 : 3);
  }

  private sequence(expr: tree.List | tree.Tuple): void {
    if (expr.ctx === "Store") this.unpack(expr.elts);
    else if (expr.ctx === "Del") this.exprs(expr.elts);
    else if (expr.kind === "Tuple") {
      this.starUnpackTuple(expr.elts, 0);
    } else this.starUnpack(expr.elts, 0, Op.BUILD_LIST, Op.LIST_APPEND, Op.LIST_EXTEND);
  }

  private unpack(elts: tree.Expr[]): void {
    this.unpackOp(elts.map((elt) => elt.kind === "Starred"));
    for (const elt of elts) this.expr(elt.kind === "Starred" ? elt.value : elt);
  }

  /** UNPACK_SEQUENCE or, with a starred item, UNPACK_EX. */
  private unpackOp(starred: boolean[]): void {
    const star = starred.indexOf(true);
    if (star < 0) {
      this.emit(Op.UNPACK_SEQUENCE, starred.length);
      return;
    }
    if (starred.indexOf(true, star + 1) >= 0) {
      this.fail("multiple starred expressions in assignment", this.unit.at);
    }
    const after = starred.length - star - 1;
    if (star >= 1 << 8 || after >= 1 << 23) {
      this.fail("too many expressions in star-unpacking assignment", this.unit.at);
    }
    this.emit(Op.UNPACK_EX, star + (after << 8));
  }

  private starUnpackTuple(elts: tree.Expr[], pushed: number): void {
    if (elts.length > 2 && pushed === 0 && areConstants(elts)) {
      this.loadConstant({ kind: "tuple", items: constantItems(elts) });
      return;
    }
    const big = elts.length + pushed > STACK_USE_GUIDELINE;
    if (!big && !elts.some((elt) => elt.kind === "Starred") && !isFoldable(elts)) {
      this.exprs(elts);
      this.emit(Op.BUILD_TUPLE, elts.length + pushed);
      return;
    }
    this.starUnpack(elts, pushed, Op.BUILD_LIST, Op.LIST_APPEND, Op.LIST_EXTEND);
    this.emit(Op.LIST_TO_TUPLE);
  }

  private starUnpack(
    elts: tree.Expr[],
    pushed: number,
    build: number,
    add: number,
    extend: number,
  ): void {
    if (isFoldable(elts)) {
      const kind = add === Op.SET_ADD ? "frozenset" : "tuple";
      const items = constantItems(elts);
      this.emit(build, pushed);
      this.loadConstant({ kind, items: kind === "tuple" ? items : distinct(items) });
      this.emit(extend, 1);
      return;
    }
    let built = elts.length + pushed > STACK_USE_GUIDELINE;
    if (built) this.emit(build, pushed);
    elts.forEach((elt, i) => {
      if (elt.kind === "Starred") {
        if (!built) {
          this.emit(build, i + pushed);
          built = true;
        }
        this.expr(elt.value);
        this.emit(extend, 1);
      } else {
        this.expr(elt);
        if (built) this.emit(add, 1);
      }
    });
    if (!built) this.emit(build, elts.length + pushed);
  }

  private dict(expr: tree.Dict): void {
    let haveDict = false;
    let elements = 0;
    const flush = (begin: number, end: number) => {
      this.subDict(expr, begin, end);
      if (haveDict) this.emit(Op.DICT_UPDATE, 1);
      haveDict = true;
      elements = 0;
    };
    for (let i = 0; i < expr.values.length; i += 1) {
      if (expr.keys[i] === null) {
        if (elements > 0) flush(i - elements, i);
        if (!haveDict) {
          this.emit(Op.BUILD_MAP, 0);
          haveDict = true;
        }
        this.expr(expr.values[i]);
        this.emit(Op.DICT_UPDATE, 1);
      } else if (elements * 2 > STACK_USE_GUIDELINE) flush(i - elements, i + 1);
      else elements += 1;
    }
    if (elements > 0) flush(expr.values.length - elements, expr.values.length);
    if (!haveDict) this.emit(Op.BUILD_MAP, 0);
  }

  private subDict(expr: tree.Dict, begin: number, end: number): void {
    const count = end - begin;
    const big = count * 2 > STACK_USE_GUIDELINE;
    const keys = expr.keys.slice(begin, end);
    if (count > 1 && !big && areConstants(keys)) {
      this.exprs(expr.values.slice(begin, end));
      this.loadConstant({ kind: "tuple", items: constantItems(keys as tree.Expr[]) });
      this.emit(Op.BUILD_CONST_KEY_MAP, count);
      return;
    }
    if (big) this.emit(Op.BUILD_MAP, 0);
    for (let i = begin; i < end; i += 1) {
      this.expr(expr.keys[i]!);
      this.expr(expr.values[i]);
      if (big) this.emit(Op.MAP_ADD, 1);
    }
    if (!big) this.emit(Op.BUILD_MAP, count);
  }

  private call(expr: tree.Call): void {
    if (this.methodCall(expr)) return;
    this.setLocation(expr.func);
    this.emit(Op.PUSH_NULL);
    this.unit.at = expr;
    this.expr(expr.func);
    this.callHelper(0, expr.args, expr.keywords);
  }

  /** `a.b(...)` without unpacking needs no bound method. */
  private methodCall(expr: tree.Call): boolean {
    const { func, args, keywords } = expr;
    if (func.kind !== "Attribute" || func.ctx !== "Load") return false;
    const hasKeywords = keywords.length > 0 ? 1 : 0;
    if (args.length + keywords.length + hasKeywords >= STACK_USE_GUIDELINE) return false;
    if (args.some((arg) => arg.kind === "Starred")) return false;
    if (keywords.some((keyword) => keyword.arg === null)) return false;
    if (this.isImported(func.value)) return false;
    this.checkKeywords(keywords);
    this.expr(func.value);
    const { at } = this.unit;
    this.setLocation(func);
    this.attributeLocation(func);
    this.emitName(Op.LOAD_METHOD, func.attr);
    this.exprs(args);
    this.keywordNames(keywords);
    this.unit.at = at;
    if (func.line !== func.endLine) this.callLocation(expr, func);
    this.emit(Op.PRECALL, args.length + keywords.length);
    this.emit(Op.CALL, args.length + keywords.length);
    this.unit.at = at;
    return true;
  }

  /** Whether a name is bound by an import of the module: its attributes are rarely methods. */
  private isImported(expr: tree.Expr): boolean {
    if (expr.kind !== "Name") return false;
    return ((this.table.top.symbols.get(expr.id) ?? 0) & Def.Import) !== 0;
  }

  private callLocation(expr: tree.Call, func: tree.Attribute): void {
    this.attributeLocation(func);
    const { line, col } = this.unit.at;
    this.unit.at = { line, col, endLine: expr.endLine, endCol: expr.endCol };
  }

  private keywordNames(keywords: tree.Keyword[]): void {
    if (keywords.length === 0) return;
    for (const keyword of keywords) this.keyword(keyword);
    const items = keywords.map(({ arg }): Constant => ({ kind: "str", value: arg! }));
    this.emit(Op.KW_NAMES, this.unit.addConstant({ kind: "tuple", items }));
  }

  private keyword(keyword: tree.Keyword): void {
    this.expr(keyword.value);
  }

  private checkKeywords(keywords: tree.Keyword[]): void {
    const seen = new Set<string>();
    for (const keyword of keywords) {
      if (keyword.arg === null) continue;
      if (keyword.arg === "__debug__") this.fail("cannot assign to __debug__", keyword);
    }
    for (const keyword of keywords) {
      if (keyword.arg === null) continue;
      if (seen.has(keyword.arg)) this.fail(`keyword argument repeated: ${keyword.arg}`, keyword);
      seen.add(keyword.arg);
    }
  }

  /** Arguments and the call itself; `pushed` arguments are on the stack already. */
  callHelper(pushed: number, args: tree.Expr[], keywords: tree.Keyword[]): void {
    this.checkKeywords(keywords);
    const many = args.length + keywords.length * 2 > STACK_USE_GUIDELINE;
    const unpacks =
      args.some((arg) => arg.kind === "Starred") || keywords.some(({ arg }) => arg === null);
    if (!many && !unpacks) {
      this.exprs(args);
      this.keywordNames(keywords);
      const count = pushed + args.length + keywords.length;
      this.emit(Op.PRECALL, count);
      this.emit(Op.CALL, count);
      return;
    }
    const first = args[0];
    if (pushed === 0 && args.length === 1 && first.kind === "Starred") this.expr(first.value);
    else this.starUnpackTuple(args, pushed);
    if (keywords.length > 0) this.mergeKeywords(keywords);
    this.emit(Op.CALL_FUNCTION_EX, keywords.length > 0 ? 1 : 0);
  }

  private mergeKeywords(keywords: tree.Keyword[]): void {
    let haveDict = false;
    let seen = 0;
    const flush = (end: number) => {
      this.subKeywords(keywords.slice(end - seen, end));
      if (haveDict) this.emit(Op.DICT_MERGE, 1);
      haveDict = true;
      seen = 0;
    };
    keywords.forEach((keyword, i) => {
      if (keyword.arg !== null) {
        seen += 1;
        return;
      }
      if (seen > 0) flush(i);
      if (!haveDict) {
        this.emit(Op.BUILD_MAP, 0);
        haveDict = true;
      }
      this.expr(keyword.value);
      this.emit(Op.DICT_MERGE, 1);
    });
    if (seen > 0) flush(keywords.length);
  }

  private subKeywords(keywords: tree.Keyword[]): void {
    const count = keywords.length;
    const big = count * 2 > STACK_USE_GUIDELINE;
    const names = keywords.map(({ arg }): Constant => ({ kind: "str", value: arg! }));
    if (count > 1 && !big) {
      for (const { value } of keywords) this.expr(value);
      this.loadConstant({ kind: "tuple", items: names });
      this.emit(Op.BUILD_CONST_KEY_MAP, count);
      return;
    }
    if (big) this.emit(Op.BUILD_MAP, 0);
    keywords.forEach(({ value }, i) => {
      this.loadConstant(names[i]);
      this.expr(value);
      if (big) this.unit.graph.emit(Op.MAP_ADD, 1, null, NO_LOCATION);
    });
    if (!big) this.emit(Op.BUILD_MAP, count);
  }

  private comprehension(expr: Comprehended, name: string): void {
    const outer = this.unit;
    const outermost = expr.generators[0];
    const isGenerator = expr.kind === "GeneratorExp";
    this.enter(name, "comprehension", expr, expr.line);
    const isAsync = this.unit.scope.coroutine;
    const allowed = outer.kind === "asyncFunction" || outer.kind === "comprehension";
    if (isAsync && !isGenerator && !allowed) {
      this.fail("asynchronous comprehension outside of an asynchronous function", expr);
    }
    this.unit.at = expr;
    if (expr.kind === "ListComp") this.emit(Op.BUILD_LIST, 0);
    else if (expr.kind === "SetComp") this.emit(Op.BUILD_SET, 0);
    else if (expr.kind === "DictComp") this.emit(Op.BUILD_MAP, 0);
    this.generatorClause(expr, 0, 0);
    if (!isGenerator) this.emit(Op.RETURN_VALUE);
    this.makeClosure(this.leave(true), 0);
    this.expr(outermost.iter);
    this.emit(outermost.isAsync ? Op.GET_AITER : Op.GET_ITER);
    this.emit(Op.PRECALL, 0);
    this.emit(Op.CALL, 0);
    if (isAsync && !isGenerator) {
      this.emit(Op.GET_AWAITABLE, 0);
      this.loadConstant(NONE);
      this.yieldFrom(true);
    }
  }

  private generatorClause(expr: Comprehended, index: number, depth: number): void {
    const generator = expr.generators[index];
    if (generator.isAsync) this.asyncClause(expr, index, depth);
    else this.syncClause(expr, index, depth);
  }

  private syncClause(expr: Comprehended, index: number, depth: number): void {
    const generator = expr.generators[index];
    const { iter } = generator;
    const start = new BasicBlock();
    const body = new BasicBlock();
    const cleanup = new BasicBlock();
    const anchor = new BasicBlock();
    let loops = true;
    if (index === 0) {
      this.unit.argCount = 1;
      this.emit(Op.LOAD_FAST, 0);
    } else {
      // `for y in [f(x)]` is an assignment.
      const elts = iter.kind === "List" || iter.kind === "Tuple" ? iter.elts : [];
      if (elts.length === 1 && elts[0].kind !== "Starred") {
        this.expr(elts[0]);
        loops = false;
      } else {
        this.expr(iter);
        this.emit(Op.GET_ITER);
      }
    }
    let inner = depth;
    if (loops) {
      inner += 1;
      this.use(start);
      this.jump(Op.FOR_ITER, anchor);
      this.use(body);
    }
    this.expr(generator.target);
    this.clauseBody(expr, index, inner, cleanup);
    this.use(cleanup);
    if (loops) {
      this.jump(PseudoOp.JUMP, start);
      this.use(anchor);
      this.unit.graph.region("for", start, anchor);
    }
  }

  private asyncClause(expr: Comprehended, index: number, depth: number): void {
    const generator = expr.generators[index];
    const start = new BasicBlock();
    const except = new BasicBlock();
    const cleanup = new BasicBlock();
    if (index === 0) {
      this.unit.argCount = 1;
      this.emit(Op.LOAD_FAST, 0);
    } else {
      this.expr(generator.iter);
      this.emit(Op.GET_AITER);
    }
    this.use(start);
    this.pushFrameBlock({ kind: "asyncComprehension", block: start, exit: null });
    this.asyncNext(except);
    this.expr(generator.target);
    this.clauseBody(expr, index, depth + 1, cleanup);
    this.use(cleanup);
    this.jump(PseudoOp.JUMP, start);
    this.popFrameBlock();
    this.use(except);
    this.unit.graph.region("for", start, except);
    this.emit(Op.END_ASYNC_FOR);
  }

  /** Conditions, then the next clause or the element. */
  private clauseBody(expr: Comprehended, index: number, depth: number, cleanup: BasicBlock): void {
    for (const test of expr.generators[index].ifs) this.jumpIf(test, cleanup, false);
    if (index + 1 < expr.generators.length) {
      this.generatorClause(expr, index + 1, depth);
      return;
    }
    switch (expr.kind) {
      case "GeneratorExp":
        this.expr(expr.elt);
        this.emitYield();
        this.emit(Op.POP_TOP);
        break;
      case "ListComp":
        this.expr(expr.elt);
        this.emit(Op.LIST_APPEND, depth + 1);
        break;
      case "SetComp":
        this.expr(expr.elt);
        this.emit(Op.SET_ADD, depth + 1);
        break;
      case "DictComp":
        this.expr(expr.key);
        this.expr(expr.value);
        this.emit(Op.MAP_ADD, depth + 1);
        break;
    }
  }
}

function constantItems(exprs: tree.Expr[]): tree.ConstantValue[] {
  return exprs.map((expr) => (expr as tree.Constant).value);
}

function isFoldable(elts: tree.Expr[]): boolean {
  return elts.length > 2 && areConstants(elts);
}

/** Whether a body, its nested blocks included, holds an annotated assignment. */
function hasAnnotations(body: tree.Stmt[]): boolean {
  return body.some((stmt) => {
    switch (stmt.kind) {
      case "AnnAssign":
        return true;
      case "For":
      case "AsyncFor":
      case "While":
      case "If":
        return hasAnnotations(stmt.body) || hasAnnotations(stmt.orelse);
      case "With":
      case "AsyncWith":
        return hasAnnotations(stmt.body);
      case "Match":
        return stmt.cases.some((matchCase) => hasAnnotations(matchCase.body));
      case "Try":
      case "TryStar":
        return (
          stmt.handlers.some((handler) => hasAnnotations(handler.body)) ||
          hasAnnotations(stmt.body) ||
          hasAnnotations(stmt.finalbody) ||
          hasAnnotations(stmt.orelse)
        );
      default:
        return false;
    }
  });
}

/** The docstring of a body, or null. */
export function docstring(body: tree.Stmt[]): string | null {
  const first = body[0];
  if (first === undefined || first.kind !== "Expr" || first.value.kind !== "Constant") return null;
  return first.value.value.kind === "str" ? first.value.value.value : null;
}
