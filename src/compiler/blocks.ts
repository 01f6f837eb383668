/** Code of statements that are left in order: with, try, and the ways out of them. */
import type * as tree from "../syntax/tree.js";
import { DefinitionGenerator } from "./definitions.js";
import { NONE } from "./emitter.js";
import { BasicBlock } from "./flowgraph.js";
import { Op, PseudoOp } from "./opcodes.js";
import type { FrameBlock } from "./scope.js";

/** Generates what must be left in order: with and try. */
export abstract class BlockGenerator extends DefinitionGenerator {
  /** Leaves the open blocks from the inside out, up to a loop if asked; returns that loop. */
  protected unwind(keepsTop: boolean, toLoop: boolean): FrameBlock | null {
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

  protected unwindOne(block: FrameBlock, keepsTop: boolean): void {
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

  protected with(stmt: tree.With, index: number): void {
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

  protected asyncWith(stmt: tree.With, index: number): void {
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

  protected raise(stmt: tree.Raise): void {
    let count = 0;
    for (const value of [stmt.exc, stmt.cause]) {
      if (value === null) break;
      this.expr(value);
      count += 1;
    }
    this.emit(Op.RAISE_VARARGS, count);
  }

  protected tryFinally(stmt: tree.Try): void {
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
    this.beginHandling("finallyEnd", end, cleanup);
    this.stmts(stmt.finalbody);
    this.popFrameBlock();
    this.emit(Op.RERAISE, 0);
    this.use(cleanup);
    this.popExceptAndReraise();
    this.use(exit);
  }

  /** What is protected: an exception in it goes on at `except`. */
  private tryBody(stmt: tree.Try, body: BasicBlock, except: BasicBlock): void {
    this.jump(PseudoOp.SETUP_FINALLY, except);
    this.use(body);
    this.pushFrameBlock({ kind: "tryExcept", block: body, exit: null });
    this.stmts(stmt.body);
    this.popFrameBlock();
    this.emitNoLine(PseudoOp.POP_BLOCK);
  }

  /** From here on an exception is being handled; another one goes on at `cleanup`. */
  private beginHandling(kind: FrameBlock["kind"], block: BasicBlock, cleanup: BasicBlock): void {
    this.unsetLocation();
    this.jump(PseudoOp.SETUP_CLEANUP, cleanup);
    this.emit(Op.PUSH_EXC_INFO);
    this.pushFrameBlock({ kind, block, exit: null });
  }

  protected tryHandlers(stmt: tree.Try): void {
    if (stmt.kind === "TryStar") this.tryStar(stmt);
    else this.tryExcept(stmt);
  }

  private tryExcept(stmt: tree.Try): void {
    const body = new BasicBlock();
    let except = new BasicBlock();
    const end = new BasicBlock();
    const cleanup = new BasicBlock();
    this.tryBody(stmt, body, except);
    this.unit.graph.region("try", body, except);
    this.stmts(stmt.orelse);
    this.jumpNoLine(PseudoOp.JUMP, end);
    this.use(except);
    this.beginHandling("exceptionHandler", except, cleanup);
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
    this.tryBody(stmt, body, except);
    this.jumpNoLine(PseudoOp.JUMP, orelse);
    this.use(except);
    this.unit.graph.region("try", body, except);
    this.beginHandling("exceptionGroupHandler", except, cleanup);
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
}
