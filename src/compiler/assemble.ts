/**
 * From a flow graph to the words, positions and exception ranges of a code unit (the second half
 * of CPython 3.11's assemble()).
 */

import { assert } from "../base/assert.js";
import type { ConstantPool } from "./constants.js";
import { BasicBlock, type FlowGraph, type Instruction, skipEmpty } from "./flowgraph.js";
import { isBlockPush, isJump, isScopeExit, OPCODES, Op, PseudoOp, stackEffect } from "./opcodes.js";
import {
  duplicateExitsWithoutLine,
  guaranteeLinesOfExits,
  optimize,
  propagateLines,
  removeNops,
} from "./optimize.js";
import type { Block, Constant, ExceptionEntry } from "./unit.js";

/** What the assembler adds to a code unit. */
export interface Assembly {
  code: Uint32Array;
  positions: Int32Array;
  exceptions: ExceptionEntry[];
  blocks: Block[];
  stackSize: number;
  consts: Constant[];
}

/** Optimizes and lays out a graph. */
export function assemble(graph: FlowGraph, constants: ConstantPool, firstLine: number): Assembly {
  optimize(graph, constants);
  duplicateExitsWithoutLine(graph);
  const consts = usedConstants(graph, constants);
  propagateLines(graph);
  guaranteeLinesOfExits(graph, firstLine);
  const stackSize = computeStackSize(graph);
  labelHandlers(graph);
  for (const block of graph.blocks()) {
    for (const instruction of block.code) {
      if (isBlockPush(instruction.op) || instruction.op === PseudoOp.POP_BLOCK) {
        instruction.op = Op.NOP;
        instruction.target = null;
      }
    }
    removeNops(block, -1);
  }
  normalizeJumps(graph);
  const size = layOut(graph);
  return {
    ...encode(graph, size),
    exceptions: exceptionRanges(graph),
    blocks: regions(graph, size),
    stackSize,
    consts,
  };
}

/** Constants up to the last used one; the first always stays (a function's docstring slot). */
function usedConstants(graph: FlowGraph, constants: ConstantPool): Constant[] {
  let highest = 0;
  for (const block of graph.blocks()) {
    for (const { op, arg } of block.code) {
      if ((op === Op.LOAD_CONST || op === Op.KW_NAMES) && arg > highest) highest = arg;
    }
  }
  return constants.items.slice(0, highest + 1);
}

function computeStackSize(graph: FlowGraph): number {
  let highest = 0;
  const stack: BasicBlock[] = [];
  const push = (block: BasicBlock, depth: number) => {
    assert(block.startDepth < 0 || block.startDepth === depth, "stack depths of a block differ");
    if (block.startDepth < 0) {
      block.startDepth = depth;
      stack.push(block);
    }
  };
  // A generator is resumed with the value sent to it, which the prefix drops.
  const suspends = graph.entry.code.some(({ op }) => op === Op.RETURN_GENERATOR);
  push(graph.entry, suspends ? 1 : 0);
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    let depth = block.startDepth;
    let falls = true;
    for (const { op, arg, target } of block.code) {
      const after = depth + stackEffect(op, arg, false);
      if (after > highest) highest = after;
      assert(after >= 0, "stack underflow in generated code");
      if (isJump(op) || isBlockPush(op)) {
        const there = depth + stackEffect(op, arg, true);
        if (there > highest) highest = there;
        push(target!, there);
      }
      depth = after;
      if (op === PseudoOp.JUMP || op === PseudoOp.JUMP_NO_INTERRUPT || isScopeExit(op)) {
        falls = false;
        break;
      }
    }
    if (falls && block.next !== null) push(block.next, depth);
  }
  return highest;
}

/** Follows control flow with the stack of handlers and notes the innermost at each instruction. */
function labelHandlers(graph: FlowGraph): void {
  const todo: BasicBlock[] = [graph.entry];
  for (const block of graph.blocks()) block.visited = false;
  graph.entry.visited = true;
  graph.entry.handlers = [];
  const visit = (block: BasicBlock, handlers: BasicBlock[]) => {
    if (block.visited) return;
    block.visited = true;
    block.handlers = handlers.slice();
    todo.push(block);
  };
  for (let block = todo.pop(); block !== undefined; block = todo.pop()) {
    const handlers = block.handlers!;
    for (const instruction of block.code) {
      const { op, target } = instruction;
      if (isBlockPush(op)) {
        visit(target!, handlers);
        target!.preserveLasti = op !== PseudoOp.SETUP_FINALLY;
        handlers.push(target!);
      } else if (op === PseudoOp.POP_BLOCK) handlers.pop();
      else {
        instruction.handler = handlers.length > 0 ? handlers[handlers.length - 1] : null;
        if (isJump(op)) visit(target!, handlers);
      }
    }
    if (block.next !== null && !block.noFallthrough) visit(block.next, handlers);
  }
}

const DIRECTED: Record<number, [forward: number, backward: number]> = {
  [PseudoOp.JUMP]: [Op.JUMP_FORWARD, Op.JUMP_BACKWARD],
  [PseudoOp.JUMP_NO_INTERRUPT]: [Op.JUMP_FORWARD, Op.JUMP_BACKWARD_NO_INTERRUPT],
  [PseudoOp.POP_JUMP_IF_FALSE]: [Op.POP_JUMP_FORWARD_IF_FALSE, Op.POP_JUMP_BACKWARD_IF_FALSE],
  [PseudoOp.POP_JUMP_IF_TRUE]: [Op.POP_JUMP_FORWARD_IF_TRUE, Op.POP_JUMP_BACKWARD_IF_TRUE],
  [PseudoOp.POP_JUMP_IF_NONE]: [Op.POP_JUMP_FORWARD_IF_NONE, Op.POP_JUMP_BACKWARD_IF_NONE],
  [PseudoOp.POP_JUMP_IF_NOT_NONE]: [
    Op.POP_JUMP_FORWARD_IF_NOT_NONE,
    Op.POP_JUMP_BACKWARD_IF_NOT_NONE,
  ],
};

/** Chooses forward and backward forms of jumps. */
function normalizeJumps(graph: FlowGraph): void {
  for (const block of graph.blocks()) block.visited = false;
  for (const block of graph.blocks()) {
    block.visited = true;
    const { last } = block;
    if (last === null || !isJump(last.op)) continue;
    last.target = skipEmpty(last.target!);
    const forward = !last.target.visited;
    const pair = DIRECTED[last.op];
    if (pair !== undefined) last.op = pair[forward ? 0 : 1];
    else if (!forward) jumpBackOrPop(block, last);
  }
}

/** JUMP_IF_*_OR_POP only goes forward; going back it jumps over a drop to a plain jump. */
function jumpBackOrPop(block: BasicBlock, jump: Instruction): void {
  const away = new BasicBlock();
  const drop = new BasicBlock();
  const { at, handler, target } = jump;
  const ifFalse = jump.op === Op.JUMP_IF_FALSE_OR_POP;
  jump.op = ifFalse ? Op.JUMP_IF_TRUE_OR_POP : Op.JUMP_IF_FALSE_OR_POP;
  away.code.push({ op: Op.JUMP_BACKWARD, arg: 0, target, at, handler });
  away.noFallthrough = true;
  drop.code.push({ op: Op.POP_TOP, arg: 0, target: null, at, handler });
  // The inverted jump keeps the value where the plain one would drop it, and the other way round.
  jump.op = ifFalse ? Op.POP_JUMP_FORWARD_IF_TRUE : Op.POP_JUMP_FORWARD_IF_FALSE;
  block.code.splice(-1, 0, { op: Op.COPY, arg: 1, target: null, at, handler });
  jump.target = drop;
  drop.next = block.next;
  away.next = drop;
  block.next = away;
}

function layOut(graph: FlowGraph): number {
  let offset = 0;
  for (const block of graph.blocks()) {
    block.offset = offset;
    for (const { op } of block.code) offset += 1 + OPCODES[op]!.caches;
  }
  return offset;
}

function jumpArgument(op: number, behind: number, target: number): number {
  return OPCODES[op]!.arg === "jumpBackward" ? behind - target : target - behind;
}

function encode(graph: FlowGraph, size: number): Pick<Assembly, "code" | "positions"> {
  const code = new Uint32Array(size);
  const positions = new Int32Array(size * 4);
  let offset = 0;
  for (const block of graph.blocks()) {
    for (const { op, arg, target, at } of block.code) {
      const behind = offset + 1 + OPCODES[op]!.caches;
      const value = target === null ? arg : jumpArgument(op, behind, target.offset);
      assert(value >= 0 && value < 1 << 24, "argument out of range");
      code[offset] = op | (value << 8);
      for (; offset < behind; offset += 1) {
        positions[offset * 4] = at.line;
        positions[offset * 4 + 1] = at.endLine;
        positions[offset * 4 + 2] = at.col;
        positions[offset * 4 + 3] = at.endCol;
      }
    }
  }
  return { code, positions };
}

function exceptionRanges(graph: FlowGraph): ExceptionEntry[] {
  const entries: ExceptionEntry[] = [];
  let handler: BasicBlock | null = null;
  let start = 0;
  let offset = 0;
  const close = () => {
    if (handler === null || offset === start) return;
    const lasti = handler.preserveLasti;
    const depth = handler.startDepth - 1 - (lasti ? 1 : 0);
    entries.push({ start, end: offset, target: handler.offset, depth, lasti });
  };
  for (const block of graph.blocks()) {
    for (const instruction of block.code) {
      if (instruction.handler !== handler) {
        close();
        handler = instruction.handler;
        start = offset;
      }
      offset += 1 + OPCODES[instruction.op]!.caches;
    }
  }
  close();
  return entries;
}

/** Offsets of the structured regions that are left; unreachable ones vanish. */
function regions(graph: FlowGraph, size: number): Block[] {
  const place = (block: BasicBlock) => {
    let found: BasicBlock | null = block;
    while (found !== null && found.code.length === 0) found = found.next;
    return found === null || found.offset < 0 ? size : found.offset;
  };
  return graph.regions
    .map(({ kind, start, end }) => ({ kind, start: place(start), end: place(end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || b.end - a.end);
}
