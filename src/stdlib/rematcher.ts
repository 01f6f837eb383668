/**
 * The matcher of regular expressions: runs a program (recompiler.ts) over text that stands in the
 * heap. It backtracks on a stack of its own, so that long texts need no deep recursion, and keeps
 * the GIL (I25); now and then it looks for signals.
 *
 * Two stacks: choices (where to go on, text position, height of the trail, one more word) and the
 * trail (register and its old value), which undoes marks and counters when a choice is taken up.
 */
import { heap } from "../memory/heap.js";
import { asciiFlags, CharFlag } from "../object/unicode.js";
import { pollSignals } from "../vm/breaker.js";
import { Case, CharSet, inCategories, isWord, lowerAscii, lowerOf, SetFlag } from "./recharset.js";
import { Op, Place, Program, Start } from "./recompiler.js";
import { At } from "./reparser.js";

const I32 = heap.I32;
const U16 = heap.U16;
const U8 = heap.U8;

/** Text to match: characters of `width` bytes at byte offset `data`, of which `end` count. */
export interface Text {
  data: number;
  width: number;
  end: number;
}

/** Results of a run besides the position behind a match. */
export const enum Run {
  NoMatch = -1,
  /** An exception is pending. */
  Failed = -2,
  /** The stacks are too large for memory. */
  NoMemory = -3,
}

/** Instructions, and characters of repeats, between two looks for signals. */
const POLL_STEPS = 50_000;

/** Words that a stack may take at most. */
const MAX_STACK = 1 << 28;

/**
 * What a match works with. Register 0 holds the last group that was closed, 2g and 2g + 1 the
 * marks of group g, -1 for none.
 */
export interface Machine {
  regs: Int32Array;
  choices: Int32Array;
  trail: Int32Array;
}

/** Machines that are not in use: a signal handler may match while a match goes on. */
const spare: Machine[] = [];
const KEPT_WORDS = 1 << 18;

/** A machine for the program at word `base`, all registers unset. */
export function takeMachine(base: number): Machine {
  const machine = spare.pop() ?? {
    regs: new Int32Array(64),
    choices: new Int32Array(4096),
    trail: new Int32Array(2048),
  };
  const n = I32[base + Program.Registers];
  if (n > machine.regs.length) machine.regs = new Int32Array(2 * n);
  clearRegisters(machine, n);
  return machine;
}

function clearRegisters(machine: Machine, n: number): void {
  const { regs } = machine;
  for (let i = 0; i < n; i++) regs[i] = -1;
}

/** Unset the registers, after a match. */
export function resetMachine(base: number, machine: Machine): void {
  clearRegisters(machine, I32[base + Program.Registers]);
}

export function giveBack(machine: Machine): void {
  if (machine.choices.length + machine.trail.length <= KEPT_WORDS) spare.push(machine);
}

function codeAt(data: number, width: number, index: number): number {
  if (width === 1) return U8[data + index];
  if (width === 2) return U16[(data >> 1) + index];
  return I32[(data >> 2) + index];
}

/** Is `code` in the set at word `set`? */
function inSet(set: number, code: number): boolean {
  if (code < 256) return ((I32[set + CharSet.Bits + (code >> 5)] >> (code & 31)) & 1) !== 0;
  return inWideSet(set, code);
}

function inWideSet(set: number, given: number): boolean {
  const flags = I32[set + CharSet.Flags];
  const code = (flags & SetFlag.Lower) !== 0 ? lowerOf(given) : given;
  const negate = (flags & SetFlag.Negate) !== 0;
  let low = 0;
  let high = I32[set + CharSet.Ranges];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (I32[set + CharSet.Pairs + 2 * middle + 1] < code) low = middle + 1;
    else high = middle;
  }
  if (low < I32[set + CharSet.Ranges] && I32[set + CharSet.Pairs + 2 * low] <= code) return !negate;
  return inCategories(flags, code) !== negate;
}

/** End of the row of characters from `from` on, up to `limit`, that match the single `kind`. */
function runLength(
  kind: number,
  operand: number,
  data: number,
  width: number,
  from: number,
  limit: number,
): number {
  let i = from;
  if (kind === Op.AnyAll) return limit;
  if (width === 1) {
    if (kind === Op.Set) {
      const bits = operand + CharSet.Bits;
      while (i < limit) {
        const code = U8[data + i];
        if (((I32[bits + (code >> 5)] >> (code & 31)) & 1) === 0) break;
        i++;
      }
    } else if (kind === Op.Any) while (i < limit && U8[data + i] !== 10) i++;
    else while (i < limit && U8[data + i] === operand) i++;
    return i;
  }
  while (i < limit && matchesSingle(kind, operand, codeAt(data, width, i))) i++;
  return i;
}

function matchesSingle(kind: number, operand: number, code: number): boolean {
  if (kind === Op.Char) return code === operand;
  if (kind === Op.Set) return inSet(operand, code);
  return kind === Op.AnyAll || code !== 10;
}

function isWordAt(data: number, width: number, index: number, unicode: boolean): boolean {
  const code = codeAt(data, width, index);
  return code < 128 ? (asciiFlags[code] & CharFlag.Name) !== 0 : isWord(code, unicode);
}

function isBoundary(text: Text, pos: number, unicode: boolean): boolean {
  const { data, width, end } = text;
  const before = pos > 0 && isWordAt(data, width, pos - 1, unicode);
  const after = pos < end && isWordAt(data, width, pos, unicode);
  return before !== after;
}

/** Is position `pos` such a place? */
function isPlace(place: number, text: Text, pos: number): boolean {
  const { data, width, end } = text;
  switch (place) {
    case At.Beginning:
    case At.BeginningOfText:
      return pos === 0;
    case Place.BeginningOfLine:
      return pos === 0 || codeAt(data, width, pos - 1) === 10;
    case At.End:
      return pos === end || (pos === end - 1 && codeAt(data, width, pos) === 10);
    case Place.EndOfLine:
      return pos === end || codeAt(data, width, pos) === 10;
    case At.EndOfText:
      return pos === end;
  }
  if (end === 0) return false;
  const unicode = (place & Place.Unicode) !== 0;
  return isBoundary(text, pos, unicode) === ((place & 15) === At.Boundary);
}

/** Position behind what group `group` matched, when the same stands at `pos`; -1: it does not. */
function afterReference(
  regs: Int32Array,
  group: number,
  text: Text,
  pos: number,
  how: Case,
): number {
  const start = regs[2 * group];
  const n = regs[2 * group + 1] - start;
  if (start < 0 || n < 0 || pos + n > text.end) return -1;
  const { data, width } = text;
  for (let i = 0; i < n; i++) {
    const a = codeAt(data, width, start + i);
    const b = codeAt(data, width, pos + i);
    if (a === b) continue;
    if (how === Case.Exact) return -1;
    const same = how === Case.Unicode ? lowerOf(a) === lowerOf(b) : lowerAscii(a) === lowerAscii(b);
    if (!same) return -1;
  }
  return pos + n;
}

/** How a run is to end. */
export interface Goal {
  /** The match must reach the end of the text. */
  whole: boolean;
  /** The match must not be empty. */
  advance: boolean;
}

function grown(stack: Int32Array): Int32Array | null {
  if (stack.length * 2 > MAX_STACK) return null;
  const larger = new Int32Array(stack.length * 2);
  larger.set(stack);
  return larger;
}

/** Match the program at word `base` at `start`: the position behind the match, or a {@link Run}. */
function run(base: number, text: Text, start: number, goal: Goal, machine: Machine): number {
  const { data, width, end } = text;
  const { regs } = machine;
  let { choices, trail } = machine;
  let sp = 0;
  let tp = 0;
  let pc = base + Program.Code;
  let pos = start;
  let extra = 0;
  let budget = POLL_STEPS;
  for (;;) {
    if (--budget < 0) {
      if (pollSignals() < 0) return Run.Failed;
      budget = POLL_STEPS;
    }
    // An instruction pushes at most one choice and three trail entries.
    if (sp + 4 > choices.length) {
      const larger = grown(choices);
      if (larger === null) return Run.NoMemory;
      choices = larger;
      machine.choices = larger;
    }
    if (tp + 6 > trail.length) {
      const larger = grown(trail);
      if (larger === null) return Run.NoMemory;
      trail = larger;
      machine.trail = larger;
    }
    switch (I32[pc]) {
      case Op.Char:
        if (pos < end && codeAt(data, width, pos) === I32[pc + 1]) {
          pos++;
          pc += 2;
          continue;
        }
        break;
      case Op.Any:
        if (pos < end && codeAt(data, width, pos) !== 10) {
          pos++;
          pc++;
          continue;
        }
        break;
      case Op.AnyAll:
        if (pos < end) {
          pos++;
          pc++;
          continue;
        }
        break;
      case Op.Set:
        if (pos < end && inSet(base + I32[pc + 1], codeAt(data, width, pos))) {
          pos++;
          pc += 2;
          continue;
        }
        break;
      case Op.Text: {
        const n = I32[pc + 1];
        let i = 0;
        if (pos + n <= end) {
          while (i < n && codeAt(data, width, pos + i) === I32[pc + 2 + i]) i++;
        }
        if (i === n) {
          pos += n;
          pc += 2 + n;
          continue;
        }
        break;
      }
      case Op.At:
        if (isPlace(I32[pc + 1], text, pos)) {
          pc += 2;
          continue;
        }
        break;
      case Op.Jump:
        pc = base + I32[pc + 1];
        continue;
      case Op.SplitChar:
        if (pos >= end || codeAt(data, width, pos) !== I32[pc + 2]) {
          pc = base + I32[pc + 1];
          continue;
        }
        choices[sp] = base + I32[pc + 1];
        choices[sp + 1] = pos;
        choices[sp + 2] = tp;
        sp += 4;
        pc += 3;
        continue;
      case Op.SplitSet:
        if (pos >= end || !inSet(base + I32[pc + 2], codeAt(data, width, pos))) {
          pc = base + I32[pc + 1];
          continue;
        }
        choices[sp] = base + I32[pc + 1];
        choices[sp + 1] = pos;
        choices[sp + 2] = tp;
        sp += 4;
        pc += 3;
        continue;
      case Op.Split:
        choices[sp] = base + I32[pc + 1];
        choices[sp + 1] = pos;
        choices[sp + 2] = tp;
        sp += 4;
        pc += 2;
        continue;
      case Op.Begin: {
        const register = I32[pc + 1];
        trail[tp] = register;
        trail[tp + 1] = regs[register];
        tp += 2;
        regs[register] = pos;
        pc += 2;
        continue;
      }
      case Op.End: {
        const register = I32[pc + 1];
        trail[tp] = register;
        trail[tp + 1] = regs[register];
        trail[tp + 2] = 0;
        trail[tp + 3] = regs[0];
        tp += 4;
        regs[register] = pos;
        regs[0] = I32[pc + 2];
        pc += 3;
        continue;
      }
      case Op.Greedy: {
        const kind = I32[pc + 1];
        const operand = kind === Op.Set ? base + I32[pc + 2] : I32[pc + 2];
        const max = I32[pc + 4];
        const least = pos + I32[pc + 3];
        const limit = max < end - pos ? pos + max : end;
        const to = least > limit ? pos : runLength(kind, operand, data, width, pos, limit);
        budget -= to - pos;
        if (to < least || least > limit) break;
        pos = to;
        pc += 6;
        if (to === least) {
          pc++;
          continue;
        }
        extra = least;
        // Falls into the choice of where to go on.
        const must = I32[pc - 1];
        if (must >= 0) {
          while (pos > least && (pos >= end || codeAt(data, width, pos) !== must)) pos--;
        }
        if (pos > least) {
          choices[sp] = pc;
          choices[sp + 1] = pos;
          choices[sp + 2] = tp;
          choices[sp + 3] = least;
          sp += 4;
        }
        pc++;
        continue;
      }
      case Op.GreedyRetry: {
        const must = I32[pc - 1];
        const from = pos;
        pos--;
        if (must >= 0) {
          while (pos > extra && codeAt(data, width, pos) !== must) pos--;
        }
        budget -= from - pos;
        if (pos > extra) {
          choices[sp] = pc;
          choices[sp + 1] = pos;
          choices[sp + 2] = tp;
          choices[sp + 3] = extra;
          sp += 4;
        }
        pc++;
        continue;
      }
      case Op.Lazy: {
        const kind = I32[pc + 1];
        const operand = kind === Op.Set ? base + I32[pc + 2] : I32[pc + 2];
        const min = I32[pc + 3];
        const max = I32[pc + 4];
        if (min > end - pos) break;
        const to = min === 0 ? pos : runLength(kind, operand, data, width, pos, pos + min);
        if (to < pos + min) break;
        const limit = max < end - pos ? pos + max : end;
        pos = to;
        pc += 6;
        if (to < limit) {
          choices[sp] = pc;
          choices[sp + 1] = to;
          choices[sp + 2] = tp;
          choices[sp + 3] = limit;
          sp += 4;
        }
        pc++;
        continue;
      }
      case Op.LazyRetry: {
        const kind = I32[pc - 5];
        const operand = kind === Op.Set ? base + I32[pc - 4] : I32[pc - 4];
        const must = I32[pc - 1];
        const from = pos;
        let more = pos < extra && matchesSingle(kind, operand, codeAt(data, width, pos));
        if (more) pos++;
        if (more && must >= 0) {
          while (pos < extra && codeAt(data, width, pos) !== must) {
            if (!matchesSingle(kind, operand, codeAt(data, width, pos))) {
              more = false;
              break;
            }
            pos++;
          }
        }
        budget -= pos - from;
        if (!more) break;
        if (pos < extra) {
          choices[sp] = pc;
          choices[sp + 1] = pos;
          choices[sp + 2] = tp;
          choices[sp + 3] = extra;
          sp += 4;
        }
        pc++;
        continue;
      }
      case Op.Possessive: {
        const kind = I32[pc + 1];
        const operand = kind === Op.Set ? base + I32[pc + 2] : I32[pc + 2];
        const max = I32[pc + 4];
        const limit = max < end - pos ? pos + max : end;
        const to = runLength(kind, operand, data, width, pos, limit);
        budget -= to - pos;
        if (to - pos < I32[pc + 3]) break;
        pos = to;
        pc += 6;
        continue;
      }
      case Op.LoopBegin: {
        const register = I32[pc + 1];
        trail[tp] = register;
        trail[tp + 1] = regs[register];
        trail[tp + 2] = register + 1;
        trail[tp + 3] = regs[register + 1];
        tp += 4;
        regs[register] = 0;
        regs[register + 1] = -1;
        pc += 2;
        continue;
      }
      case Op.LoopGreedy: {
        const register = I32[pc + 1];
        const count = regs[register];
        if (count < I32[pc + 2]) {
          trail[tp] = register;
          trail[tp + 1] = count;
          tp += 2;
          regs[register] = count + 1;
          pc = base + I32[pc + 4];
          continue;
        }
        if (count < I32[pc + 3] && pos !== regs[register + 1]) {
          choices[sp] = pc + 5;
          choices[sp + 1] = pos;
          choices[sp + 2] = tp;
          sp += 4;
          trail[tp] = register;
          trail[tp + 1] = count;
          trail[tp + 2] = register + 1;
          trail[tp + 3] = regs[register + 1];
          tp += 4;
          regs[register] = count + 1;
          regs[register + 1] = pos;
          pc = base + I32[pc + 4];
          continue;
        }
        pc += 5;
        continue;
      }
      case Op.LoopLazy: {
        const register = I32[pc + 1];
        const count = regs[register];
        if (count < I32[pc + 2]) {
          trail[tp] = register;
          trail[tp + 1] = count;
          tp += 2;
          regs[register] = count + 1;
          pc = base + I32[pc + 4];
          continue;
        }
        choices[sp] = pc + 5;
        choices[sp + 1] = pos;
        choices[sp + 2] = tp;
        sp += 4;
        pc += 6;
        continue;
      }
      case Op.LoopLazyRetry: {
        const register = I32[pc - 4];
        const count = regs[register];
        if (count >= I32[pc - 2] || pos === regs[register + 1]) break;
        trail[tp] = register;
        trail[tp + 1] = count;
        trail[tp + 2] = register + 1;
        trail[tp + 3] = regs[register + 1];
        tp += 4;
        regs[register] = count + 1;
        regs[register + 1] = pos;
        pc = base + I32[pc - 1];
        continue;
      }
      case Op.Reference:
      case Op.ReferenceFold: {
        const how = I32[pc] === Op.Reference ? Case.Exact : I32[pc + 2];
        const to = afterReference(regs, I32[pc + 1], text, pos, how);
        if (to < 0) break;
        budget -= to - pos;
        pos = to;
        pc += how === Case.Exact ? 2 : 3;
        continue;
      }
      case Op.Condition: {
        const group = I32[pc + 1];
        const isSet = regs[2 * group] >= 0 && regs[2 * group + 1] >= regs[2 * group];
        pc = isSet ? pc + 3 : base + I32[pc + 2];
        continue;
      }
      case Op.Look: {
        const register = I32[pc + 1];
        const at = pos - I32[pc + 2];
        if (at < 0) break;
        regs[register] = sp;
        regs[register + 1] = pos;
        pos = at;
        pc += 3;
        continue;
      }
      case Op.LookEnd: {
        const register = I32[pc + 1];
        sp = regs[register];
        pos = regs[register + 1];
        pc += 2;
        continue;
      }
      case Op.LookNot: {
        const at = pos - I32[pc + 2];
        if (at < 0) {
          pc = base + I32[pc + 3];
          continue;
        }
        regs[I32[pc + 1]] = sp;
        choices[sp] = base + I32[pc + 3];
        choices[sp + 1] = pos;
        choices[sp + 2] = tp;
        sp += 4;
        pos = at;
        pc += 4;
        continue;
      }
      case Op.LookNotEnd:
        sp = regs[I32[pc + 1]];
        break;
      case Op.Atomic:
        regs[I32[pc + 1]] = sp;
        pc += 2;
        continue;
      case Op.AtomicEnd:
        sp = regs[I32[pc + 1]];
        pc += 2;
        continue;
      case Op.Match:
        if ((goal.whole && pos !== end) || (goal.advance && pos === start)) break;
        return pos;
    }
    // Back to the last choice.
    let height = 0;
    if (sp > 0) {
      sp -= 4;
      pc = choices[sp];
      pos = choices[sp + 1];
      height = choices[sp + 2];
      extra = choices[sp + 3];
    } else pc = 0;
    while (tp > height) {
      tp -= 2;
      regs[trail[tp]] = trail[tp + 1];
    }
    if (pc === 0) return Run.NoMatch;
  }
}

/** Match at `start` exactly. */
export function matchAt(
  base: number,
  text: Text,
  start: number,
  goal: Goal,
  machine: Machine,
): number {
  const least = I32[base + Program.MinWidth];
  if (least > 0 && text.end - start < least) return Run.NoMatch;
  return run(base, text, start, goal, machine);
}

/** Where {@link searchFrom} found its match. */
export let foundAt = 0;

/** Next position from `at` on where a match may begin; -1: none. */
function candidate(base: number, text: Text, at: number): number {
  const { data, width } = text;
  const value = I32[base + Program.StartValue];
  const last = text.end - I32[base + Program.MinWidth];
  let i = at;
  switch (I32[base + Program.StartKind]) {
    case Start.Beginning:
      return at === 0 ? 0 : -1;
    case Start.Character:
      if (width === 1) while (i <= last && U8[data + i] !== value) i++;
      else while (i <= last && codeAt(data, width, i) !== value) i++;
      break;
    case Start.Set:
      while (i <= last && !inSet(base + value, codeAt(data, width, i))) i++;
  }
  return i <= last ? i : -1;
}

/** Search from `start` on: as {@link matchAt}; {@link foundAt} says where the match begins. */
export function searchFrom(
  base: number,
  text: Text,
  start: number,
  advance: boolean,
  machine: Machine,
): number {
  const goal = { whole: false, advance };
  let result: number = Run.NoMatch;
  let budget = POLL_STEPS;
  for (let at = candidate(base, text, start); at >= 0; at = candidate(base, text, at + 1)) {
    goal.advance = advance && at === start;
    result = run(base, text, at, goal, machine);
    if (result !== Run.NoMatch) {
      foundAt = at;
      break;
    }
    if (--budget < 0) {
      budget = POLL_STEPS;
      if (pollSignals() < 0) {
        result = Run.Failed;
        break;
      }
    }
  }
  return result;
}
