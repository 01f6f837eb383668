/**
 * Where the eval breaker is looked at, by version of CPython (contract T8, G18 to G24), and where
 * virtual time passes. The points of 3.11 are in the eval loop's own instructions: entering a
 * function, back jumps, calls; 3.12 and 3.13 have no others. For another version, code is rewritten
 * when it is loaded: POINT instructions stand behind (or before) those that check there. So the
 * default pays nothing for the choice, not even a test.
 *
 * A point stands for the edge to the next instruction. Behind a call it also covers the return
 * from a Python function, which 3.10 checks and 3.11 does not. A conditional jump has its point
 * before the test, where both ways are still one; POINT_TEST does not count a tested True or False.
 */
import { Op, opcodeTable } from "../compiler/opcodes.js";
import type { CodeUnit, ExceptionEntry } from "../compiler/unit.js";
import { Cost } from "../sync/costs.js";
import { Fast } from "./opcodes.js";

/** Versions whose check points differ, as `Control.CheckPoints` holds them. */
export const enum PointVersion {
  /** 3.11, 3.12, 3.13 (G21 to G23). */
  Calls = 0,
  /** 3.10: also where a Python function has returned (G20). */
  Returns = 1,
  /** 3.2 to 3.9: nearly every instruction (G18, G19). */
  Instructions = 2,
  /** 2.7: the instructions that count (T8). */
  Ticks = 3,
}

/** What stands around an instruction. */
const enum Point {
  None = 0,
  /** A point behind it. */
  Behind = 1,
  /** A point before it: jumps, where "behind" is two places. */
  Before = 2,
  /** Before it, and not when the value it tests is exactly True or False. */
  Test = 3,
}

/** Part of a POINT's argument: the instructions are counted, and nobody looks at the breaker. */
export const UNCHECKED = 0x100;

/** Instructions of 3.11 that older versions do not have, or that are part of another one there. */
const PARTS: readonly number[] = [
  Op.CACHE,
  Op.PUSH_NULL,
  Op.PRECALL,
  Op.KW_NAMES,
  Op.MAKE_CELL,
  Op.COPY_FREE_VARS,
  Op.RETURN_GENERATOR,
  Op.EXTENDED_ARG,
  Op.PUSH_EXC_INFO,
  Op.RESUME,
  Op.SEND,
  Op.JUMP_BACKWARD_NO_INTERRUPT,
];

/** Instructions that go straight to the next one in every version up to 3.9 (T8, G18). */
const FAST: readonly number[] = [
  Op.NOP,
  Op.LOAD_FAST,
  Op.LOAD_CONST,
  Op.STORE_FAST,
  Op.POP_TOP,
  Op.SWAP,
  Op.COPY,
  Op.JUMP_FORWARD,
];

/** Those that 3.9 made quick as well; a comparison with `is` or `in` counts in 2.7. */
const FAST_IN_39: readonly number[] = [Op.IS_OP, Op.CONTAINS_OP, Op.LOAD_ASSERTION_ERROR];

/** Control goes elsewhere: there is no next instruction. */
const EXITS: readonly number[] = [Op.RETURN_VALUE, Op.YIELD_VALUE, Op.RAISE_VARARGS, Op.RERAISE];

/** Tests of any object. */
const TESTS: readonly number[] = [
  Op.JUMP_IF_FALSE_OR_POP,
  Op.JUMP_IF_TRUE_OR_POP,
  Op.POP_JUMP_FORWARD_IF_FALSE,
  Op.POP_JUMP_FORWARD_IF_TRUE,
  Op.POP_JUMP_BACKWARD_IF_FALSE,
  Op.POP_JUMP_BACKWARD_IF_TRUE,
];

/** `is None` and a jump on a bool, in one instruction. */
const NONE_TESTS: readonly number[] = [
  Op.POP_JUMP_FORWARD_IF_NONE,
  Op.POP_JUMP_FORWARD_IF_NOT_NONE,
  Op.POP_JUMP_BACKWARD_IF_NONE,
  Op.POP_JUMP_BACKWARD_IF_NOT_NONE,
];

/** Points by opcode, a table a version. */
const tables: readonly Uint8Array[] = [
  tableOf(() => Point.None),
  tableOf((op) => (op === Op.CALL || op === Op.CALL_FUNCTION_EX ? Point.Behind : Point.None)),
  tableOf((op) => {
    if (FAST_IN_39.includes(op) || NONE_TESTS.includes(op)) return Point.None;
    // A back jump checks by itself.
    return op === Op.JUMP_BACKWARD ? Point.None : pointOf(op);
  }),
  tableOf((op) => {
    if (op === Op.JUMP_BACKWARD || op === Op.FOR_ITER || NONE_TESTS.includes(op)) {
      return Point.Before;
    }
    return pointOf(op);
  }),
];

function pointOf(op: number): Point {
  if (PARTS.includes(op) || FAST.includes(op) || EXITS.includes(op)) return Point.None;
  return TESTS.includes(op) ? Point.Test : Point.Behind;
}

function tableOf(point: (op: number) => Point): Uint8Array {
  const table = new Uint8Array(256);
  for (const { op } of opcodeTable) table[op] = point(op);
  return table;
}

/** Inline cache words behind each opcode. */
const caches = new Uint8Array(256);
for (const info of opcodeTable) caches[info.op] = info.caches;

/** The parts of a unit that change when instructions are put in. */
export type Instructions = Pick<CodeUnit, "code" | "positions" | "exceptions">;

/**
 * `unit`'s instructions with the points of `version` put in, and, if `timed`, TIME instructions
 * that say what the instructions up to the next one cost. The unit itself where nothing changes.
 */
export function withPoints(unit: CodeUnit, version: PointVersion, timed: boolean): Instructions {
  if (version === PointVersion.Calls && !timed) return unit;
  return new Rewriting(unit, version, timed).rewrite();
}

/** One unit being rewritten: each instruction becomes `[before…] instruction caches [behind…]`. */
class Rewriting {
  private readonly code: Uint32Array;
  /** Words put before and behind the instruction at a word. */
  private readonly before: number[][] = [];
  private readonly behind: number[][] = [];
  /** Where the group of the instruction at a word begins in the new code. */
  private readonly place: Int32Array;

  constructor(
    private readonly unit: CodeUnit,
    private readonly version: PointVersion,
    private readonly timed: boolean,
  ) {
    this.code = unit.code;
    this.place = new Int32Array(unit.code.length + 1);
  }

  rewrite(): Instructions {
    for (const at of this.instructions()) {
      this.before[at] = [];
      this.behind[at] = [];
    }
    this.putPoints();
    if (this.timed) this.putTimes();
    let length = 0;
    for (const at of this.instructions()) {
      this.place[at] = length;
      length += this.before[at].length + this.widthOf(at) + this.behind[at].length;
    }
    this.place[this.code.length] = length;
    return this.assemble(length);
  }

  private *instructions(): Generator<number> {
    for (let at = 0; at < this.code.length; at += this.widthOf(at)) yield at;
  }

  private widthOf(at: number): number {
    return 1 + caches[this.code[at] & 255];
  }

  // --- points ---

  private putPoints(): void {
    const table = tables[this.version];
    const guarded = this.guarded();
    const counted = this.version === PointVersion.Ticks ? 1 : 0;
    if (counted === 1) this.putTryPoints();
    for (const at of this.instructions()) {
      const word = this.code[at];
      const op = word & 255;
      const point = table[op];
      if (point === Point.Before) this.before[at].push(Fast.POINT | (1 << 8));
      if (point === Point.Test) {
        this.before[at].push(Fast.POINT_TEST | ((counted * this.endsLoop(at)) << 8));
      }
      if (point === Point.Behind) {
        const skipped = this.isGuarded(at + this.widthOf(at), guarded);
        if (!skipped) this.behind[at].push(Fast.POINT | (1 << 8));
        // T7(1): counted, and the check made up for at the next point.
        else if (counted === 1) this.behind[at].push(Fast.POINT | ((UNCHECKED | 1) << 8));
      }
      // Entering a frame counts one.
      if (counted === 1 && op === Op.RESUME && word >>> 8 < 2) {
        this.behind[at].push(Fast.POINT | (1 << 8));
      }
    }
  }

  /**
   * Where bodies begin that no check may come right before, so that none is between taking a lock
   * and the `try` that releases it: those of SETUP_FINALLY. From 3.8 on that is every `try`'s
   * instruction (G19); in 2.7 it is that of `finally` (T7).
   */
  private guarded(): ReadonlySet<number> {
    const old = this.version === PointVersion.Ticks;
    const kinds = this.unit.blocks.filter(
      ({ kind }) => kind === "finally" || (kind === "try" && !old),
    );
    return new Set(kinds.map(({ start }) => start));
  }

  private isGuarded(at: number, guarded: ReadonlySet<number>): boolean {
    let next = at;
    while (this.isNop(next) && !guarded.has(next)) next++;
    if (guarded.has(next) || this.version === PointVersion.Ticks) return guarded.has(next);
    const op = this.code[next] & 255;
    return op === Op.BEFORE_WITH || op === Op.SEND;
  }

  private isNop(at: number): boolean {
    return at < this.code.length && (this.code[at] & 255) === Op.NOP;
  }

  /**
   * What a `try` costs in 2.7 and not in 3.11, where it is a table: SETUP_EXCEPT or SETUP_FINALLY
   * on the way in, POP_BLOCK on the way out, and END_FINALLY behind the last block (T10).
   */
  private putTryPoints(): void {
    for (const { kind, start, end } of this.unit.blocks) {
      if (kind !== "try" && kind !== "finally") continue;
      if (start > 0 && this.isNop(start - 1)) this.behind[start - 1].push(Fast.POINT | (1 << 8));
      else this.before[start].push(Fast.POINT | (1 << 8));
      const last = this.last(start, end);
      const op = this.code[last] & 255;
      const counted = kind === "try" ? 1 : 2;
      if (!EXITS.includes(op)) this.before[last].push(Fast.POINT | (counted << 8));
    }
  }

  /** The last instruction before `end`. */
  private last(start: number, end: number): number {
    let last = start;
    for (let at = start; at < end; at += this.widthOf(at)) last = at;
    return last;
  }

  /** 1 for a `while`'s test at its end: in 2.7 it stands at the loop's top, a jump away. */
  private endsLoop(at: number): number {
    const target = this.targetOf(at);
    return target <= at && (this.code[target] & 255) !== Op.FOR_ITER ? 1 : 0;
  }

  /** Word that the jump at `at` goes to. */
  private targetOf(at: number): number {
    const word = this.code[at];
    return jumps[word & 255] * (word >>> 8) + at + 1;
  }

  // --- virtual time ---

  private putTimes(): void {
    const leaders = this.leaders();
    let total = 0;
    let first = -1;
    const settle = (): void => {
      if (first >= 0 && total > 0) this.before[first].push(Fast.TIME | (total << 8));
      total = 0;
      first = -1;
    };
    for (const at of this.instructions()) {
      if (leaders.has(at)) settle();
      const op = this.code[at] & 255;
      total += costOf(op);
      if (first < 0 && !PROLOGUE.includes(op)) first = at;
    }
    settle();
  }

  /** Instructions that control may come to otherwise than from the one before, or late. */
  private leaders(): Set<number> {
    const leaders = new Set<number>();
    for (const { target } of this.unit.exceptions) leaders.add(target);
    for (const at of this.instructions()) {
      const op = this.code[at] & 255;
      if (jumps[op] !== 0) leaders.add(this.targetOf(at));
      const parts = jumps[op] !== 0 || LATE.includes(op) || EXITS.includes(op);
      // Behind every point: a thread may lose its core between any two of them.
      if (parts || this.behind[at].length > 0) leaders.add(at + this.widthOf(at));
      if (this.before[at].length > 0) leaders.add(at);
    }
    return leaders;
  }

  // --- the new code ---

  private assemble(length: number): Instructions {
    const code = new Uint32Array(length);
    const positions = new Int32Array(4 * length);
    for (const at of this.instructions()) {
      const before = this.before[at];
      const width = this.widthOf(at);
      const start = this.place[at];
      const own = start + before.length;
      code.set(before, start);
      code.set(this.code.subarray(at, at + width), own);
      code.set(this.behind[at], own + width);
      const op = this.code[at] & 255;
      if (jumps[op] !== 0) {
        const distance = this.landing(this.targetOf(at), op) - (own + 1);
        code[own] = op | (Math.abs(distance) << 8);
      }
      for (let to = start; to < this.place[at + width]; to++) {
        const from = at + Math.min(Math.max(to - own, 0), width - 1);
        positions.set(this.unit.positions.subarray(4 * from, 4 * from + 4), 4 * to);
      }
    }
    return { code, positions, exceptions: this.unit.exceptions.map((entry) => this.moved(entry)) };
  }

  /** Where a jump to the instruction at `target` lands: before its points. */
  private landing(target: number, op: number): number {
    const place = this.place[target];
    // 2.7 threads jumps to jumps: a test that fails at a loop's end goes to the loop's top at once.
    const threaded = this.version === PointVersion.Ticks && TESTS.includes(op);
    if (!threaded || (this.code[target] & 255) !== Op.JUMP_BACKWARD) return place;
    return place + this.before[target].filter((word) => (word & 255) === Fast.POINT).length;
  }

  private moved(entry: ExceptionEntry): ExceptionEntry {
    const { start, end, target } = entry;
    const place = this.place;
    return { ...entry, start: place[start], end: place[end], target: place[target] };
  }
}

/** 1 for jumps forwards, -1 for jumps backwards, 0 for the rest. */
const jumps = new Int8Array(256);
for (const { op, arg } of opcodeTable) {
  jumps[op] = arg === "jumpForward" ? 1 : arg === "jumpBackward" ? -1 : 0;
}

/** Instructions that other code follows directly, or that look at their neighbours. */
const PROLOGUE: readonly number[] = [
  Op.MAKE_CELL,
  Op.COPY_FREE_VARS,
  Op.RETURN_GENERATOR,
  Op.RESUME,
  Op.JUMP_BACKWARD_NO_INTERRUPT,
];

/** Behind these another thread or another frame may have run. */
const LATE: readonly number[] = [Op.CALL, Op.CALL_FUNCTION_EX, Op.RESUME];

/** Prefixes of the names of instructions that build something. */
const BUILDS = /^(BUILD|LIST|SET|DICT|MAP|MAKE|FORMAT|UNPACK)_/;

const costs = new Uint32Array(256);
for (const { name, op } of opcodeTable) {
  if (FAST.includes(op) || PARTS.includes(op)) costs[op] = Cost.Move;
  else if (op === Op.CALL || op === Op.CALL_FUNCTION_EX) costs[op] = Cost.Call;
  else if (op === Op.IMPORT_NAME || op === Op.LOAD_BUILD_CLASS) costs[op] = Cost.Import;
  else costs[op] = BUILDS.test(name) ? Cost.Build : Cost.Work;
}

/** What an instruction costs in virtual nanoseconds. */
function costOf(op: number): number {
  return costs[op];
}
