/** Simplification of SWAP runs (CPython 3.11's swaptimize and apply_static_swaps). */

import type { Instruction } from "./flowgraph.js";
import { Op } from "./opcodes.js";

function isSwappable(op: number): boolean {
  return op === Op.STORE_FAST || op === Op.POP_TOP;
}

/** Rewrites the run of swaps at `start` with as few as possible; returns the run's last index. */
export function mergeSwaps(code: Instruction[], start: number): number {
  let depth = code[start].arg;
  let length = 1;
  let more = false;
  for (; start + length < code.length; length += 1) {
    const { op, arg } = code[start + length];
    if (op === Op.SWAP) {
      depth = Math.max(depth, arg);
      more = true;
    } else if (op !== Op.NOP) break;
  }
  if (!more) return start;
  const stack = Array.from({ length: depth }, (_, i) => i);
  for (let i = start; i < start + length; i += 1) {
    if (code[i].op !== Op.SWAP) continue;
    const top = stack[0];
    stack[0] = stack[code[i].arg - 1];
    stack[code[i].arg - 1] = top;
  }
  let current = start + length - 1;
  const visited = -1;
  for (let i = 0; i < depth; i += 1) {
    if (stack[i] === visited || stack[i] === i) continue;
    // Each cycle of the permutation passes through the top of the stack.
    for (let j = i; ; ) {
      if (j !== 0) {
        code[current].op = Op.SWAP;
        code[current].arg = j + 1;
        current -= 1;
      }
      if (stack[j] === visited) break;
      const next = stack[j];
      stack[j] = visited;
      j = next;
    }
  }
  for (; current >= start; current -= 1) {
    code[current].op = Op.NOP;
    code[current].arg = 0;
  }
  return start + length - 1;
}

function nextSwappable(code: Instruction[], from: number, line: number): number {
  for (let i = from + 1; i < code.length; i += 1) {
    if (line >= 0 && code[i].at.line !== line) return -1;
    if (code[i].op === Op.NOP) continue;
    return isSwappable(code[i].op) ? i : -1;
  }
  return -1;
}

function storedSlot(instruction: Instruction): number {
  return instruction.op === Op.STORE_FAST ? instruction.arg : -1;
}

/** Whether two stores may trade places: neither shares a slot with the other or one between. */
function mayTrade(code: Instruction[], first: number, second: number): boolean {
  const a = storedSlot(code[first]);
  const b = storedSlot(code[second]);
  if (a >= 0 && a === b) return false;
  for (let i = first + 1; i < second; i += 1) {
    const slot = storedSlot(code[i]);
    if (slot >= 0 && (slot === a || slot === b)) return false;
  }
  return true;
}

/** Replaces swaps before stores by trading the stores. */
export function applyStaticSwaps(code: Instruction[], from: number): void {
  for (let i = from; i >= 0; i -= 1) {
    const swap = code[i];
    if (swap.op !== Op.SWAP) {
      if (swap.op === Op.NOP || isSwappable(swap.op)) continue;
      return;
    }
    const first = nextSwappable(code, i, -1);
    if (first < 0) return;
    let second = first;
    for (let count = swap.arg - 1; count > 0; count -= 1) {
      second = nextSwappable(code, second, code[first].at.line);
      if (second < 0) return;
    }
    if (!mayTrade(code, first, second)) return;
    swap.op = Op.NOP;
    swap.arg = 0;
    [code[first], code[second]] = [code[second], code[first]];
  }
}
