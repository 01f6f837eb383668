/**
 * Opcodes that only the eval loop's copy of the bytecode holds: fused and specialised forms of
 * CPython 3.11's, chosen when a code unit is loaded (code.ts). The first word is replaced; the
 * words behind it stay, so that jumps into the middle, line tables and exception ranges hold.
 */
export const enum Fast {
  /** PRECALL and its CALL at once. */
  CALL = 180,
  LOAD_FAST__LOAD_FAST = 181,
  LOAD_FAST__LOAD_CONST = 182,
  STORE_FAST__LOAD_FAST = 183,
  STORE_FAST__STORE_FAST = 184,
  LOAD_CONST__LOAD_FAST = 185,
  /** COMPARE_OP and the conditional jump behind its caches; the caches hold sense and target. */
  COMPARE_JUMP = 186,
  BINARY_ADD = 187,
  BINARY_SUBTRACT = 188,
  BINARY_MULTIPLY = 189,
  BINARY_AND = 190,
  BINARY_REMAINDER = 191,
  /** A check point of another version (checkpoints.ts): how many instructions it counts. */
  POINT = 192,
  /** One before a test; one more is counted unless the value is exactly True or False. */
  POINT_TEST = 193,
  /** Virtual time passes: what the instructions up to the next TIME cost. */
  TIME = 194,
}
