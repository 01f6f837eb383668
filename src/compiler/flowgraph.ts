/**
 * Basic blocks: what code generation writes into and the optimizer and the assembler work on
 * (the `basicblock` of CPython 3.11's compile.c).
 */

import type { Position } from "../syntax/tree.js";
import { isBlockPush, isJump, isScopeExit, PseudoOp } from "./opcodes.js";
import type { Block as Region } from "./unit.js";

/** A source position of an instruction; line -1 marks an artificial one. */
export type Location = Position;

/** The position of an artificial instruction: it takes a neighbour's line, or none. */
export const NO_LOCATION: Location = { line: -1, col: -1, endLine: -1, endCol: -1 };

/** An instruction with its jump or handler target. */
export interface Instruction {
  op: number;
  arg: number;
  target: BasicBlock | null;
  at: Location;
  /** Handler in force, set when the protected ranges are computed. */
  handler: BasicBlock | null;
}

/** Straight-line code with at most one jump, its last instruction. */
export class BasicBlock {
  private static created = 0;
  /** Order of creation. */
  readonly serial = BasicBlock.created++;
  readonly code: Instruction[] = [];
  next: BasicBlock | null = null;
  predecessors = 0;
  startDepth = -1;
  offset = -1;
  /** Leaves the frame at its end. */
  isExit = false;
  noFallthrough = false;
  visited = false;
  /** A handler that wants the raising instruction's index below the exception. */
  preserveLasti = false;
  /** Handlers in force at its start, innermost last. */
  handlers: BasicBlock[] | null = null;

  get last(): Instruction | null {
    return this.code.length > 0 ? this.code[this.code.length - 1] : null;
  }
}

/** A structured region while its ends are still blocks. */
export interface OpenRegion {
  kind: Region["kind"];
  start: BasicBlock;
  end: BasicBlock;
}

/** A growing graph of blocks in their final order. */
export class FlowGraph {
  readonly entry = new BasicBlock();
  readonly regions: OpenRegion[] = [];
  private current = this.entry;

  emit(op: number, arg: number, target: BasicBlock | null, at: Location): void {
    const last = this.current.last;
    if (last !== null && (isJump(last.op) || isScopeExit(last.op))) this.use(new BasicBlock());
    this.current.code.push({ op, arg, target, at, handler: null });
  }

  /** Continues in a block laid out behind the current one. */
  use(block: BasicBlock): void {
    this.current.next = block;
    this.current = block;
  }

  /** Whether the current block ends by leaving the frame. */
  get returned(): boolean {
    const last = this.current.last;
    return last !== null && isScopeExit(last.op);
  }

  /** Notes a region from `start` to the first block behind it. */
  region(kind: Region["kind"], start: BasicBlock, end: BasicBlock): void {
    this.regions.push({ kind, start, end });
  }

  /** The blocks in their order, as it stands when this is called. */
  blocks(): BasicBlock[] {
    const out: BasicBlock[] = [];
    for (let block: BasicBlock | null = this.entry; block !== null; block = block.next) {
      out.push(block);
    }
    return out;
  }
}

/** The block itself, or the first one behind it that holds instructions. */
export function skipEmpty(block: BasicBlock): BasicBlock {
  let found = block;
  while (found.code.length === 0 && found.next !== null) found = found.next;
  return found;
}

/** Marks exits and blocks that control does not leave downwards, and skips empty jump targets. */
export function normalizeBlocks(graph: FlowGraph): void {
  for (const block of graph.blocks()) {
    for (const instruction of block.code) {
      const { op } = instruction;
      if (isScopeExit(op)) block.isExit = block.noFallthrough = true;
      else if (op === PseudoOp.JUMP || op === PseudoOp.JUMP_NO_INTERRUPT)
        block.noFallthrough = true;
      if (isJump(op) || isBlockPush(op)) instruction.target = skipEmpty(instruction.target!);
    }
  }
}
