/** A code unit under construction: its graph, names, constants and open blocks. */

import type { Expr, Stmt, With } from "../syntax/tree.js";
import { assemble } from "./assemble.js";
import { ConstantPool } from "./constants.js";
import { BasicBlock, FlowGraph, type Location, normalizeBlocks } from "./flowgraph.js";
import { Op } from "./opcodes.js";
import type { Scope } from "./symtable.js";
import type { CodeUnit, Constant } from "./unit.js";

/** Code object flags (CO_*). */
export const enum CodeFlag {
  Optimized = 0x1,
  NewLocals = 0x2,
  VarArgs = 0x4,
  VarKeywords = 0x8,
  Nested = 0x10,
  Generator = 0x20,
  Coroutine = 0x80,
  IterableCoroutine = 0x100,
  AsyncGenerator = 0x200,
}

/** What kind of code a unit holds. */
export type UnitKind =
  | "module"
  | "class"
  | "function"
  | "asyncFunction"
  | "lambda"
  | "comprehension";

/** A construct that has to be left properly by return, break and continue. */
export interface FrameBlock {
  kind:
    | "while"
    | "for"
    | "tryExcept"
    | "finallyTry"
    | "finallyEnd"
    | "with"
    | "asyncWith"
    | "handlerCleanup"
    | "popValue"
    | "exceptionHandler"
    | "exceptionGroupHandler"
    | "asyncComprehension";
  block: BasicBlock;
  exit: BasicBlock | null;
  /** A finally body, a with statement, or the name a handler binds. */
  body?: Stmt[];
  statement?: With;
  name?: string | null;
}

/** An ordered set of names. */
export class NameTable {
  readonly names: string[] = [];
  private readonly index = new Map<string, number>();

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.add(name);
  }

  add(name: string): number {
    let index = this.index.get(name);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.index.set(name, index);
    }
    return index;
  }

  find(name: string): number {
    return this.index.get(name) ?? -1;
  }
}

/** State of one unit while its code is generated. */
export class UnitBuilder {
  readonly graph = new FlowGraph();
  readonly constants = new ConstantPool();
  readonly names = new NameTable();
  readonly varNames: NameTable;
  readonly cellVars: NameTable;
  readonly freeVars: NameTable;
  readonly frameBlocks: FrameBlock[] = [];
  /** Position given to the instructions that follow. */
  at: Location;
  argCount = 0;
  posOnlyArgCount = 0;
  kwOnlyArgCount = 0;
  doc: string | null = null;

  constructor(
    readonly name: string,
    readonly qualname: string,
    readonly kind: UnitKind,
    readonly scope: Scope,
    readonly parent: UnitBuilder | null,
    readonly privateName: string | null,
    readonly firstLine: number,
  ) {
    this.varNames = new NameTable(scope.params);
    const named = (where: string) =>
      [...scope.nameScopes].filter(([, found]) => found === where).map(([found]) => found);
    const cells = named("cell");
    if (scope.needsClassClosure) cells.push("__class__");
    this.cellVars = new NameTable(cells.sort(compareCodePoints));
    this.freeVars = new NameTable([...named("free"), ...this.classFree()].sort(compareCodePoints));
    this.at = { line: firstLine, col: 0, endLine: firstLine, endCol: 0 };
  }

  /** Names that a class body binds itself although a method's free variable passes through. */
  private classFree(): string[] {
    const FREE_CLASS = 64;
    return [...this.scope.symbols]
      .filter(([name, flags]) => {
        return (flags & FREE_CLASS) !== 0 && this.scope.nameScopes.get(name) !== "free";
      })
      .map(([name]) => name);
  }

  /** Slot of a cell or free variable among the frame's slots. */
  private closureSlots(): Map<string, number> {
    const slots = new Map<string, number>();
    let next = this.varNames.names.length;
    for (const name of this.cellVars.names) {
      const argument = this.varNames.find(name);
      if (argument >= 0) slots.set(name, argument);
      else slots.set(name, next++);
    }
    for (const name of this.freeVars.names) slots.set(`free ${name}`, next++);
    return slots;
  }

  flags(): number {
    const { scope } = this;
    let flags = 0;
    if (scope.kind === "function") {
      flags |= CodeFlag.NewLocals | CodeFlag.Optimized;
      if (scope.nested) flags |= CodeFlag.Nested;
      if (scope.generator) {
        flags |= scope.coroutine ? CodeFlag.AsyncGenerator : CodeFlag.Generator;
      } else if (scope.coroutine) flags |= CodeFlag.Coroutine;
      if (scope.varargs) flags |= CodeFlag.VarArgs;
      if (scope.varkeywords) flags |= CodeFlag.VarKeywords;
    } else if (scope.coroutine && scope.generator) flags |= CodeFlag.AsyncGenerator;
    return flags;
  }

  /** Finishes the unit: prefix instructions, frame slots, optimization, layout. */
  finish(filename: string, flags: number): CodeUnit {
    const { graph } = this;
    normalizeBlocks(graph);
    const slots = this.closureSlots();
    const { firstLine } = this;
    this.resolveSlots(slots);
    this.addPrefix(slots, flags, firstLine);
    const assembly = assemble(graph, this.constants, firstLine);
    return {
      name: this.name,
      qualname: this.qualname,
      filename,
      firstLine,
      argCount: this.argCount,
      posOnlyArgCount: this.posOnlyArgCount,
      kwOnlyArgCount: this.kwOnlyArgCount,
      flags,
      stackSize: assembly.stackSize,
      varNames: this.varNames.names,
      cellVars: [...this.cellVars.names].sort((a, b) => slots.get(a)! - slots.get(b)!),
      freeVars: this.freeVars.names,
      names: this.names.names,
      consts: assembly.consts,
      code: assembly.code,
      positions: assembly.positions,
      exceptions: assembly.exceptions,
      blocks: assembly.blocks,
      doc: this.doc,
    };
  }

  /** Cells and free variables were numbered on their own; they share the frame with the locals. */
  private resolveSlots(slots: Map<string, number>): void {
    const cells = this.cellVars.names;
    for (const block of this.graph.blocks()) {
      for (const instruction of block.code) {
        switch (instruction.op) {
          case Op.LOAD_CLOSURE:
          case Op.LOAD_DEREF:
          case Op.STORE_DEREF:
          case Op.DELETE_DEREF:
          case Op.LOAD_CLASSDEREF: {
            const { arg } = instruction;
            const isCell = arg < cells.length;
            const key = isCell ? cells[arg] : `free ${this.freeVars.names[arg - cells.length]}`;
            instruction.arg = slots.get(key)!;
            break;
          }
        }
      }
    }
  }

  private addPrefix(slots: Map<string, number>, flags: number, firstLine: number): void {
    const none = { line: -1, col: -1, endLine: -1, endCol: -1 };
    const start = { line: firstLine, col: -1, endLine: firstLine, endCol: -1 };
    const prefix: [op: number, arg: number, at: Location][] = [];
    if (this.freeVars.names.length > 0) {
      prefix.push([Op.COPY_FREE_VARS, this.freeVars.names.length, none]);
    }
    const cellSlots = this.cellVars.names.map((name) => slots.get(name)!).sort((a, b) => a - b);
    for (const slot of cellSlots) prefix.push([Op.MAKE_CELL, slot, none]);
    const suspends = CodeFlag.Generator | CodeFlag.Coroutine | CodeFlag.AsyncGenerator;
    if ((flags & suspends) !== 0) {
      prefix.push([Op.RETURN_GENERATOR, 0, start], [Op.POP_TOP, 0, start]);
    }
    this.graph.entry.code.unshift(
      ...prefix.map(([op, arg, at]) => ({ op, arg, target: null, at, handler: null })),
    );
  }

  addConstant(constant: Constant): number {
    return this.constants.add(constant);
  }
}

/** Orders strings as Python does, by code points. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const difference = left[i].codePointAt(0)! - right[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Whether every element is a constant. */
export function areConstants(exprs: readonly (Expr | null)[]): boolean {
  return exprs.every((expr) => expr !== null && expr.kind === "Constant");
}
