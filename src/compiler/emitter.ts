/** The unit that is being generated: entering and leaving it, instructions, names and closures. */
import { assert } from "../base/assert.js";
import type { Source } from "../syntax/source.js";
import type * as tree from "../syntax/tree.js";
import { type BasicBlock, NO_LOCATION } from "./flowgraph.js";
import { Op } from "./opcodes.js";
import { type FrameBlock, UnitBuilder, type UnitKind } from "./scope.js";
import { mangle, type SymbolTable } from "./symtable.js";
import type { CodeUnit, Constant } from "./unit.js";

const MAX_FRAME_BLOCKS = 20;

export const NONE: Constant = { kind: "none" };

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

/** Emits instructions into the current unit of one source. */
export abstract class Emitter {
  unit!: UnitBuilder;
  protected nestLevel = 0;

  constructor(
    protected readonly source: Source,
    protected readonly table: SymbolTable,
    protected readonly options: CodegenOptions,
  ) {}

  fail(msg: string, at: tree.Position): never {
    throw this.source.errorAt("SyntaxError", msg, at);
  }

  protected enter(name: string, kind: UnitKind, key: object, firstLine: number): void {
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

  protected leave(addNone: boolean): CodeUnit {
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

  emit(op: number, arg = 0): void {
    this.unit.graph.emit(op, arg, null, this.unit.at);
  }

  jump(op: number, target: BasicBlock): void {
    this.unit.graph.emit(op, 0, target, this.unit.at);
  }

  /** A jump without a line of its own. */
  protected jumpNoLine(op: number, target: BasicBlock): void {
    this.unit.graph.emit(op, 0, target, NO_LOCATION);
  }

  protected emitNoLine(op: number): void {
    this.unit.graph.emit(op, 0, null, NO_LOCATION);
  }

  use(block: BasicBlock): void {
    this.unit.graph.use(block);
  }

  setLocation(at: tree.Position): void {
    const { line, col, endLine, endCol } = at;
    this.unit.at = { line, col, endLine, endCol };
  }

  protected unsetLocation(): void {
    this.unit.at = NO_LOCATION;
  }

  loadConstant(constant: Constant): void {
    this.emit(Op.LOAD_CONST, this.unit.addConstant(constant));
  }

  protected loadStr(value: string): void {
    this.loadConstant({ kind: "str", value });
  }

  protected emitName(op: number, name: string): void {
    this.emit(op, this.unit.names.add(mangle(this.unit.privateName, name)));
  }

  protected pushFrameBlock(block: FrameBlock): void {
    if (this.unit.frameBlocks.length >= MAX_FRAME_BLOCKS) {
      this.fail("too many statically nested blocks", this.unit.at);
    }
    this.unit.frameBlocks.push(block);
  }

  protected popFrameBlock(): void {
    this.unit.frameBlocks.pop();
  }

  protected forbidDebug(name: string, ctx: tree.Context): void {
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

  protected makeClosure(code: CodeUnit, flags: number): void {
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
}
