/**
 * Optimization of the flow graph: what CPython 3.11's optimize_cfg does, in its order, so that
 * listings agree. Folds constant tuples and conditions, threads jumps, copies small exits, drops
 * what is unreachable, and settles line numbers.
 */

import { type ConstantPool, isTrue } from "./constants.js";
import {
  type BasicBlock,
  BasicBlock as Block,
  type FlowGraph,
  type Instruction,
  skipEmpty,
} from "./flowgraph.js";
import { isBlockPush, isJump, Op, PseudoOp } from "./opcodes.js";
import { applyStaticSwaps, mergeSwaps } from "./swap.js";
import type { Constant } from "./unit.js";

/** Exits of at most this many instructions are copied instead of jumped to. */
const MAX_COPY_SIZE = 4;

/** Runs the passes that change instructions. */
export function optimize(graph: FlowGraph, constants: ConstantPool): void {
  for (const block of graph.blocks()) {
    optimizeBlock(block, constants);
    removeNops(block, -1);
  }
  // An exit that grew out of a jump to another exit may be small enough in its turn.
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of graph.blocks()) if (inlineExit(block)) changed = true;
  }
  markReachable(graph);
  for (const block of graph.blocks()) {
    if (block.predecessors === 0) {
      block.code.length = 0;
      block.noFallthrough = false;
    }
  }
  for (const block of graph.blocks()) removeNops(block, -1);
  removeEmptyBlocks(graph);
  removeRedundantJumps(graph);
}

function makeNop(instruction: Instruction): void {
  instruction.op = Op.NOP;
  instruction.arg = 0;
  instruction.target = null;
}

function optimizeBlock(block: BasicBlock, constants: ConstantPool): void {
  const { code } = block;
  for (let i = 0; i < code.length; i += 1) {
    const instruction = code[i];
    const next = i + 1 < code.length ? code[i + 1] : null;
    switch (instruction.op) {
      case Op.LOAD_CONST:
        if (next !== null) foldCondition(block, i, constants.items[instruction.arg]);
        break;
      case Op.BUILD_TUPLE:
        optimizeTuple(code, i, constants);
        break;
      case Op.SWAP:
        if (instruction.arg === 1) {
          makeNop(instruction);
          break;
        }
        i = mergeSwaps(code, i);
        applyStaticSwaps(code, i);
        break;
      case Op.PUSH_NULL:
        if (next !== null && next.op === Op.LOAD_GLOBAL) {
          makeNop(instruction);
          next.arg |= 1;
        }
        break;
      default:
        if (isJump(instruction.op) && threadJump(instruction)) i -= 1;
    }
  }
}

/** A test of a constant is decided here; `x is None` becomes a jump of its own. */
function foldCondition(block: BasicBlock, i: number, constant: Constant): void {
  const { code } = block;
  const load = code[i];
  const next = code[i + 1];
  switch (next.op) {
    case PseudoOp.POP_JUMP_IF_FALSE:
    case PseudoOp.POP_JUMP_IF_TRUE:
      makeNop(load);
      if (isTrue(constant) === (next.op === PseudoOp.POP_JUMP_IF_TRUE)) {
        next.op = PseudoOp.JUMP;
        block.noFallthrough = true;
      } else makeNop(next);
      break;
    case Op.JUMP_IF_FALSE_OR_POP:
    case Op.JUMP_IF_TRUE_OR_POP:
      if (isTrue(constant) === (next.op === Op.JUMP_IF_TRUE_OR_POP)) {
        next.op = PseudoOp.JUMP;
        block.noFallthrough = true;
      } else {
        makeNop(load);
        makeNop(next);
      }
      break;
    case Op.IS_OP: {
      const jump = i + 2 < code.length ? code[i + 2] : null;
      if (constant.kind !== "none" || jump === null) break;
      const ifFalse = jump.op === PseudoOp.POP_JUMP_IF_FALSE;
      if (!ifFalse && jump.op !== PseudoOp.POP_JUMP_IF_TRUE) break;
      jump.op =
        (next.arg === 1) !== ifFalse ? PseudoOp.POP_JUMP_IF_NOT_NONE : PseudoOp.POP_JUMP_IF_NONE;
      makeNop(load);
      makeNop(next);
      break;
    }
  }
}

function optimizeTuple(code: Instruction[], i: number, constants: ConstantPool): void {
  const { arg } = code[i];
  const next = i + 1 < code.length ? code[i + 1] : null;
  if (next !== null && next.op === Op.UNPACK_SEQUENCE && next.arg === arg) {
    if (arg === 1) {
      makeNop(code[i]);
      makeNop(next);
      return;
    }
    if (arg === 2 || arg === 3) {
      makeNop(code[i]);
      next.op = Op.SWAP;
      return;
    }
  }
  if (i < arg) return;
  const items: Constant[] = [];
  for (let j = i - arg; j < i; j += 1) {
    if (code[j].op !== Op.LOAD_CONST) return;
    items.push(constants.items[code[j].arg]);
  }
  if (items.some((item) => item.kind === "code")) return;
  for (let j = i - arg; j < i; j += 1) makeNop(code[j]);
  code[i].op = Op.LOAD_CONST;
  code[i].arg = constants.add({ kind: "tuple", items });
}

/** Sends a jump to a jump on, if the line stays the same; tells whether to look again. */
function threadJump(jump: Instruction): boolean {
  jump.target = skipEmpty(jump.target!);
  const target = jump.target.code[0];
  if (target === undefined) return false;
  switch (jump.op) {
    case Op.JUMP_IF_FALSE_OR_POP:
    case Op.JUMP_IF_TRUE_OR_POP:
      return threadOrPop(jump, target);
    case PseudoOp.JUMP:
    case PseudoOp.POP_JUMP_IF_FALSE:
    case PseudoOp.POP_JUMP_IF_TRUE:
    case PseudoOp.POP_JUMP_IF_NONE:
    case PseudoOp.POP_JUMP_IF_NOT_NONE:
      return target.op === PseudoOp.JUMP && retarget(jump, target, jump.op);
    default:
      return false;
  }
}

function threadOrPop(jump: Instruction, target: Instruction): boolean {
  const ifFalse = jump.op === Op.JUMP_IF_FALSE_OR_POP;
  const popping = ifFalse ? PseudoOp.POP_JUMP_IF_FALSE : PseudoOp.POP_JUMP_IF_TRUE;
  const opposite = ifFalse ? PseudoOp.POP_JUMP_IF_TRUE : PseudoOp.POP_JUMP_IF_FALSE;
  const oppositeOrPop = ifFalse ? Op.JUMP_IF_TRUE_OR_POP : Op.JUMP_IF_FALSE_OR_POP;
  if (target.op === popping) return retarget(jump, target, popping);
  if (target.op === PseudoOp.JUMP || target.op === jump.op) return retarget(jump, target, jump.op);
  if (target.op !== opposite && target.op !== oppositeOrPop) return false;
  if (jump.at.line !== target.at.line) return false;
  // The opposite test fails there: go on behind it.
  jump.op = popping;
  jump.target = jump.target!.next;
  return true;
}

function retarget(jump: Instruction, target: Instruction, op: number): boolean {
  if (jump.at.line !== target.at.line) return false;
  if (jump.target === target.target || jump.target === skipEmpty(target.target!)) return false;
  jump.target = target.target;
  jump.op = op;
  return true;
}

/** Drops NOPs that carry no line of their own. */
export function removeNops(block: BasicBlock, previousLine: number): void {
  const { code } = block;
  let kept = 0;
  let line = previousLine;
  for (let i = 0; i < code.length; i += 1) {
    const instruction = code[i];
    if (instruction.op === Op.NOP && isIdleNop(block, i, line)) continue;
    code[kept] = instruction;
    kept += 1;
    line = instruction.at.line;
  }
  code.length = kept;
}

function isIdleNop(block: BasicBlock, i: number, previousLine: number): boolean {
  const { code } = block;
  const { line } = code[i].at;
  if (line < 0 || line === previousLine) return true;
  if (i + 1 < code.length) {
    const next = code[i + 1];
    if (next.at.line < 0) next.at = code[i].at;
    return next.at.line === line;
  }
  let next = block.next;
  while (next !== null && next.code.length === 0) next = next.next;
  return next !== null && next.code[0].at.line === line;
}

/** Blocks in the order of CPython's own list of them: the last created first. */
function latestFirst(graph: FlowGraph): BasicBlock[] {
  return [...graph.blocks()].sort((a, b) => b.serial - a.serial);
}

function inlineExit(block: BasicBlock): boolean {
  const { last } = block;
  if (last === null || last.op !== PseudoOp.JUMP) return false;
  const target = last.target!;
  if (!target.isExit || target.code.length > MAX_COPY_SIZE) return false;
  // An exit on a line of its own is kept in one place.
  const { line } = last.at;
  if (target.code.some(({ at }) => at.line >= 0 && at.line !== line)) return false;
  if (last.at.line < 0) block.code.pop();
  else makeNop(last);
  for (const instruction of target.code) block.code.push({ ...instruction });
  block.isExit = true;
  return true;
}

/** Counts the ways into each block that can be reached. */
function markReachable(graph: FlowGraph): void {
  const stack = [graph.entry];
  for (const block of graph.blocks()) block.predecessors = 0;
  graph.entry.predecessors = 1;
  const visit = (block: BasicBlock) => {
    if (block.predecessors === 0) stack.push(block);
    block.predecessors += 1;
  };
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    if (block.next !== null && !block.noFallthrough) visit(block.next);
    for (const { op, target } of block.code) {
      if (target !== null && (isJump(op) || isBlockPush(op))) visit(target);
    }
  }
}

function removeEmptyBlocks(graph: FlowGraph): void {
  for (const block of graph.blocks()) {
    while (block.next !== null && block.next.code.length === 0) block.next = block.next.next;
  }
  for (const block of graph.blocks()) {
    for (const instruction of block.code) {
      if (isJump(instruction.op) || isBlockPush(instruction.op)) {
        instruction.target = skipEmpty(instruction.target!);
      }
    }
  }
}

function removeRedundantJumps(graph: FlowGraph): void {
  let changed = false;
  for (const block of graph.blocks()) {
    const { last } = block;
    if (last === null) continue;
    if (last.op !== PseudoOp.JUMP && last.op !== PseudoOp.JUMP_NO_INTERRUPT) continue;
    if (last.target === block.next) {
      block.noFallthrough = false;
      makeNop(last);
      removeNops(block, -1);
      changed = true;
    }
  }
  if (changed) removeEmptyBlocks(graph);
}

function isExitWithoutLine(block: BasicBlock): boolean {
  return block.isExit && block.code.every((instruction) => instruction.at.line < 0);
}

/** Gives each jump to an exit without a line its own copy, with the line of the jump. */
export function duplicateExitsWithoutLine(graph: FlowGraph): void {
  for (const block of latestFirst(graph)) {
    const { last } = block;
    if (last === null || !isJump(last.op)) continue;
    const target = last.target!;
    if (!isExitWithoutLine(target) || target.predecessors <= 1) continue;
    const copy = new Block();
    for (const instruction of target.code) copy.code.push({ ...instruction });
    copy.isExit = true;
    copy.noFallthrough = target.noFallthrough;
    copy.code[0].at = last.at;
    last.target = copy;
    target.predecessors -= 1;
    copy.predecessors = 1;
    copy.next = target.next;
    target.next = copy;
  }
  for (const block of graph.blocks()) {
    while (block.next !== null && block.next.code.length === 0) block.next = block.next.next;
  }
  for (const block of graph.blocks()) {
    const { last, next } = block;
    if (last === null || block.noFallthrough || next === null) continue;
    if (next.code.length > 0 && isExitWithoutLine(next)) next.code[0].at = last.at;
  }
}

/** Gives artificial instructions the position of what runs before them, where that is certain. */
export function propagateLines(graph: FlowGraph): void {
  for (const block of graph.blocks()) {
    const { code, last, next } = block;
    if (last === null) continue;
    for (let i = 1; i < code.length; i += 1) {
      if (code[i].at.line < 0) code[i].at = code[i - 1].at;
    }
    if (!block.noFallthrough && next !== null && next.predecessors === 1) {
      if (next.code.length > 0 && next.code[0].at.line < 0) next.code[0].at = last.at;
    }
    if (isJump(last.op) && last.target!.predecessors === 1) {
      const first = last.target!.code[0];
      if (first.at.line < 0) first.at = last.at;
    }
  }
}

/** A return without a line is shown at the first line of its code. */
export function guaranteeLinesOfExits(graph: FlowGraph, firstLine: number): void {
  for (const { code, last } of graph.blocks()) {
    if (last === null || last.at.line >= 0 || last.op !== Op.RETURN_VALUE) continue;
    for (const instruction of code) instruction.at = { ...instruction.at, line: firstLine };
  }
}
