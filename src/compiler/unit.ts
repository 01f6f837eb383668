/**
 * The compiler's output: a code unit, free of heap addresses, so that it can be compiled on one
 * thread, cloned to another, written to a file and turned into a heap code object (vm/code.ts).
 * Its fields follow the code object of CPython 3.11 (Include/cpython/code.h).
 */

/** A constant of a code unit. `bigint` values keep every digit. */
export type Constant =
  | { kind: "none" | "true" | "false" | "ellipsis" }
  | { kind: "int"; value: bigint }
  | { kind: "float"; value: number }
  | { kind: "complex"; real: number; imag: number }
  | { kind: "str"; value: string }
  | { kind: "bytes"; value: Uint8Array }
  | { kind: "tuple" | "frozenset"; items: Constant[] }
  | { kind: "code"; unit: CodeUnit };

/** A protected range: `[start, end)` raises to `target`, where `depth` stack items are kept. */
export interface ExceptionEntry {
  start: number;
  end: number;
  target: number;
  depth: number;
  /** Push the index of the raising instruction below the exception (3.11's `lasti`). */
  lasti: boolean;
}

/** A structured region, for tools and for a second tier that generates structured code. */
export interface Block {
  kind: "while" | "for" | "if" | "try" | "with" | "finally";
  /** Instruction indexes: first instruction, first of the exit. */
  start: number;
  end: number;
}

/** One compiled block: a module, a function body, a class body, a comprehension, a lambda. */
export interface CodeUnit {
  name: string;
  qualname: string;
  filename: string;
  firstLine: number;
  argCount: number;
  posOnlyArgCount: number;
  kwOnlyArgCount: number;
  /**
   * CO_* bits as in CPython 3.11: CO_OPTIMIZED 1, CO_NEWLOCALS 2, CO_VARARGS 4,
   * CO_VARKEYWORDS 8, CO_NESTED 16, CO_GENERATOR 32 …
   */
  flags: number;
  stackSize: number;
  /**
   * Arguments, then other plain locals. Slots of a frame: locals, then cells that are not
   * arguments, then free variables.
   */
  varNames: string[];
  cellVars: string[];
  freeVars: string[];
  names: string[];
  consts: Constant[];
  /**
   * One word for each two-byte code unit of CPython 3.11: `op | arg << 8`. Inline cache entries
   * occupy as many (zero) words as there; EXTENDED_ARG is never needed. Jump arguments count
   * words, relative to the word after the instruction and its caches, as in 3.11.
   */
  code: Uint32Array;
  /**
   * Four numbers a word of `code`: line, end line, column, end column (UTF-8 bytes); -1 where
   * there is none.
   */
  positions: Int32Array;
  exceptions: ExceptionEntry[];
  blocks: Block[];
  doc: string | null;
}
