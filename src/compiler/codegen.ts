/**
 * Code generation: from the tree and the symbol table to flow graphs, instruction for instruction
 * as CPython 3.11's compile.c, so that listings and the places where the lock is checked agree.
 */

import type * as tree from "../syntax/tree.js";
import { BlockGenerator } from "./blocks.js";
import { hasAnnotations } from "./definitions.js";
import { NONE } from "./emitter.js";
import { BINARY } from "./expressions.js";
import { BasicBlock } from "./flowgraph.js";
import { BinaryArg, Op, PseudoOp } from "./opcodes.js";
import { PatternGenerator } from "./pattern.js";
import { mangle } from "./symtable.js";
import type { CodeUnit, Constant } from "./unit.js";
import { unparse } from "./unparse.js";

/** Generates the code of one source: a module and its statements. */
export class CodeGenerator extends BlockGenerator {
  private readonly patterns = new PatternGenerator(this);

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

  stmts(body: tree.Stmt[]): void {
    for (const stmt of body) this.stmt(stmt);
  }

  protected stmt(stmt: tree.Stmt): void {
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
}
