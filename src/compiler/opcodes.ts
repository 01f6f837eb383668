/**
 * The opcodes of CPython 3.11 with its numbers (Lib/opcode.py), so that `takegil dis` reads like
 * `dis` and check points are a table over opcodes. The eval loop switches on `Op`; everything else
 * about an opcode derives from `opcodeTable`.
 */
export const enum Op {
  CACHE = 0,
  POP_TOP = 1,
  PUSH_NULL = 2,
  NOP = 9,
  UNARY_POSITIVE = 10,
  UNARY_NEGATIVE = 11,
  UNARY_NOT = 12,
  UNARY_INVERT = 15,
  BINARY_SUBSCR = 25,
  GET_LEN = 30,
  MATCH_MAPPING = 31,
  MATCH_SEQUENCE = 32,
  MATCH_KEYS = 33,
  PUSH_EXC_INFO = 35,
  CHECK_EXC_MATCH = 36,
  CHECK_EG_MATCH = 37,
  WITH_EXCEPT_START = 49,
  GET_AITER = 50,
  GET_ANEXT = 51,
  BEFORE_ASYNC_WITH = 52,
  BEFORE_WITH = 53,
  END_ASYNC_FOR = 54,
  STORE_SUBSCR = 60,
  DELETE_SUBSCR = 61,
  GET_ITER = 68,
  GET_YIELD_FROM_ITER = 69,
  PRINT_EXPR = 70,
  LOAD_BUILD_CLASS = 71,
  LOAD_ASSERTION_ERROR = 74,
  RETURN_GENERATOR = 75,
  LIST_TO_TUPLE = 82,
  RETURN_VALUE = 83,
  IMPORT_STAR = 84,
  SETUP_ANNOTATIONS = 85,
  YIELD_VALUE = 86,
  ASYNC_GEN_WRAP = 87,
  PREP_RERAISE_STAR = 88,
  POP_EXCEPT = 89,
  STORE_NAME = 90,
  DELETE_NAME = 91,
  UNPACK_SEQUENCE = 92,
  FOR_ITER = 93,
  UNPACK_EX = 94,
  STORE_ATTR = 95,
  DELETE_ATTR = 96,
  STORE_GLOBAL = 97,
  DELETE_GLOBAL = 98,
  SWAP = 99,
  LOAD_CONST = 100,
  LOAD_NAME = 101,
  BUILD_TUPLE = 102,
  BUILD_LIST = 103,
  BUILD_SET = 104,
  BUILD_MAP = 105,
  LOAD_ATTR = 106,
  COMPARE_OP = 107,
  IMPORT_NAME = 108,
  IMPORT_FROM = 109,
  JUMP_FORWARD = 110,
  JUMP_IF_FALSE_OR_POP = 111,
  JUMP_IF_TRUE_OR_POP = 112,
  POP_JUMP_FORWARD_IF_FALSE = 114,
  POP_JUMP_FORWARD_IF_TRUE = 115,
  LOAD_GLOBAL = 116,
  IS_OP = 117,
  CONTAINS_OP = 118,
  RERAISE = 119,
  COPY = 120,
  BINARY_OP = 122,
  SEND = 123,
  LOAD_FAST = 124,
  STORE_FAST = 125,
  DELETE_FAST = 126,
  POP_JUMP_FORWARD_IF_NOT_NONE = 128,
  POP_JUMP_FORWARD_IF_NONE = 129,
  RAISE_VARARGS = 130,
  GET_AWAITABLE = 131,
  MAKE_FUNCTION = 132,
  BUILD_SLICE = 133,
  JUMP_BACKWARD_NO_INTERRUPT = 134,
  MAKE_CELL = 135,
  LOAD_CLOSURE = 136,
  LOAD_DEREF = 137,
  STORE_DEREF = 138,
  DELETE_DEREF = 139,
  JUMP_BACKWARD = 140,
  CALL_FUNCTION_EX = 142,
  EXTENDED_ARG = 144,
  LIST_APPEND = 145,
  SET_ADD = 146,
  MAP_ADD = 147,
  LOAD_CLASSDEREF = 148,
  COPY_FREE_VARS = 149,
  RESUME = 151,
  MATCH_CLASS = 152,
  FORMAT_VALUE = 155,
  BUILD_CONST_KEY_MAP = 156,
  BUILD_STRING = 157,
  LOAD_METHOD = 160,
  LIST_EXTEND = 162,
  SET_UPDATE = 163,
  DICT_MERGE = 164,
  DICT_UPDATE = 165,
  PRECALL = 166,
  CALL = 171,
  KW_NAMES = 172,
  POP_JUMP_BACKWARD_IF_NOT_NONE = 173,
  POP_JUMP_BACKWARD_IF_NONE = 174,
  POP_JUMP_BACKWARD_IF_FALSE = 175,
  POP_JUMP_BACKWARD_IF_TRUE = 176,
}

/** Opcodes that only exist while compiling; the assembler replaces them. */
export const enum PseudoOp {
  JUMP = 256,
  JUMP_NO_INTERRUPT = 257,
  POP_JUMP_IF_FALSE = 258,
  POP_JUMP_IF_TRUE = 259,
  POP_JUMP_IF_NONE = 260,
  POP_JUMP_IF_NOT_NONE = 261,
  SETUP_FINALLY = 262,
  SETUP_CLEANUP = 263,
  SETUP_WITH = 264,
  POP_BLOCK = 265,
}

/** Argument numbers of BINARY_OP; the in-place operators follow at +13. */
export const enum BinaryArg {
  Add = 0,
  BitAnd = 1,
  FloorDiv = 2,
  LShift = 3,
  MatMult = 4,
  Mult = 5,
  Mod = 6,
  BitOr = 7,
  Pow = 8,
  RShift = 9,
  Sub = 10,
  Div = 11,
  BitXor = 12,
  InPlace = 13,
}

/** What an instruction's argument means. */
export type ArgKind =
  | "none"
  | "number"
  | "const"
  | "name"
  | "local"
  | "free"
  | "jumpForward"
  | "jumpBackward"
  | "compare"
  | "binary";

/** One opcode: name, meaning of its argument, inline cache words behind it. */
export interface OpcodeInfo {
  name: string;
  op: number;
  arg: ArgKind;
  caches: number;
  /** Change of the stack depth; null where it depends on the argument or on jumping. */
  effect: number | null;
}

function opcode(
  name: string,
  op: number,
  arg: ArgKind,
  caches: number,
  effect: number | null,
): OpcodeInfo {
  return { name, op, arg, caches, effect };
}

/** Every opcode, in numeric order. */
export const opcodeTable: readonly OpcodeInfo[] = [
  opcode("CACHE", 0, "none", 0, 0),
  opcode("POP_TOP", 1, "none", 0, -1),
  opcode("PUSH_NULL", 2, "none", 0, 1),
  opcode("NOP", 9, "none", 0, 0),
  opcode("UNARY_POSITIVE", 10, "none", 0, 0),
  opcode("UNARY_NEGATIVE", 11, "none", 0, 0),
  opcode("UNARY_NOT", 12, "none", 0, 0),
  opcode("UNARY_INVERT", 15, "none", 0, 0),
  opcode("BINARY_SUBSCR", 25, "none", 4, -1),
  opcode("GET_LEN", 30, "none", 0, 1),
  opcode("MATCH_MAPPING", 31, "none", 0, 1),
  opcode("MATCH_SEQUENCE", 32, "none", 0, 1),
  opcode("MATCH_KEYS", 33, "none", 0, 1),
  opcode("PUSH_EXC_INFO", 35, "none", 0, 1),
  opcode("CHECK_EXC_MATCH", 36, "none", 0, 0),
  opcode("CHECK_EG_MATCH", 37, "none", 0, 0),
  opcode("WITH_EXCEPT_START", 49, "none", 0, 1),
  opcode("GET_AITER", 50, "none", 0, 0),
  opcode("GET_ANEXT", 51, "none", 0, 1),
  opcode("BEFORE_ASYNC_WITH", 52, "none", 0, 1),
  opcode("BEFORE_WITH", 53, "none", 0, 1),
  opcode("END_ASYNC_FOR", 54, "none", 0, -2),
  opcode("STORE_SUBSCR", 60, "none", 1, -3),
  opcode("DELETE_SUBSCR", 61, "none", 0, -2),
  opcode("GET_ITER", 68, "none", 0, 0),
  opcode("GET_YIELD_FROM_ITER", 69, "none", 0, 0),
  opcode("PRINT_EXPR", 70, "none", 0, -1),
  opcode("LOAD_BUILD_CLASS", 71, "none", 0, 1),
  opcode("LOAD_ASSERTION_ERROR", 74, "none", 0, 1),
  opcode("RETURN_GENERATOR", 75, "none", 0, 0),
  opcode("LIST_TO_TUPLE", 82, "none", 0, 0),
  opcode("RETURN_VALUE", 83, "none", 0, -1),
  opcode("IMPORT_STAR", 84, "none", 0, -1),
  opcode("SETUP_ANNOTATIONS", 85, "none", 0, 0),
  opcode("YIELD_VALUE", 86, "none", 0, 0),
  opcode("ASYNC_GEN_WRAP", 87, "none", 0, 0),
  opcode("PREP_RERAISE_STAR", 88, "none", 0, -1),
  opcode("POP_EXCEPT", 89, "none", 0, -1),
  opcode("STORE_NAME", 90, "name", 0, -1),
  opcode("DELETE_NAME", 91, "name", 0, 0),
  opcode("UNPACK_SEQUENCE", 92, "number", 1, null),
  opcode("FOR_ITER", 93, "jumpForward", 0, null),
  opcode("UNPACK_EX", 94, "number", 0, null),
  opcode("STORE_ATTR", 95, "name", 4, -2),
  opcode("DELETE_ATTR", 96, "name", 0, -1),
  opcode("STORE_GLOBAL", 97, "name", 0, -1),
  opcode("DELETE_GLOBAL", 98, "name", 0, 0),
  opcode("SWAP", 99, "number", 0, 0),
  opcode("LOAD_CONST", 100, "const", 0, 1),
  opcode("LOAD_NAME", 101, "name", 0, 1),
  opcode("BUILD_TUPLE", 102, "number", 0, null),
  opcode("BUILD_LIST", 103, "number", 0, null),
  opcode("BUILD_SET", 104, "number", 0, null),
  opcode("BUILD_MAP", 105, "number", 0, null),
  opcode("LOAD_ATTR", 106, "name", 4, 0),
  opcode("COMPARE_OP", 107, "compare", 2, -1),
  opcode("IMPORT_NAME", 108, "name", 0, -1),
  opcode("IMPORT_FROM", 109, "name", 0, 1),
  opcode("JUMP_FORWARD", 110, "jumpForward", 0, 0),
  opcode("JUMP_IF_FALSE_OR_POP", 111, "jumpForward", 0, null),
  opcode("JUMP_IF_TRUE_OR_POP", 112, "jumpForward", 0, null),
  opcode("POP_JUMP_FORWARD_IF_FALSE", 114, "jumpForward", 0, -1),
  opcode("POP_JUMP_FORWARD_IF_TRUE", 115, "jumpForward", 0, -1),
  opcode("LOAD_GLOBAL", 116, "name", 5, null),
  opcode("IS_OP", 117, "number", 0, -1),
  opcode("CONTAINS_OP", 118, "number", 0, -1),
  opcode("RERAISE", 119, "number", 0, -1),
  opcode("COPY", 120, "number", 0, 1),
  opcode("BINARY_OP", 122, "binary", 1, -1),
  opcode("SEND", 123, "jumpForward", 0, null),
  opcode("LOAD_FAST", 124, "local", 0, 1),
  opcode("STORE_FAST", 125, "local", 0, -1),
  opcode("DELETE_FAST", 126, "local", 0, 0),
  opcode("POP_JUMP_FORWARD_IF_NOT_NONE", 128, "jumpForward", 0, -1),
  opcode("POP_JUMP_FORWARD_IF_NONE", 129, "jumpForward", 0, -1),
  opcode("RAISE_VARARGS", 130, "number", 0, null),
  opcode("GET_AWAITABLE", 131, "number", 0, 0),
  opcode("MAKE_FUNCTION", 132, "number", 0, null),
  opcode("BUILD_SLICE", 133, "number", 0, null),
  opcode("JUMP_BACKWARD_NO_INTERRUPT", 134, "jumpBackward", 0, 0),
  opcode("MAKE_CELL", 135, "free", 0, 0),
  opcode("LOAD_CLOSURE", 136, "free", 0, 1),
  opcode("LOAD_DEREF", 137, "free", 0, 1),
  opcode("STORE_DEREF", 138, "free", 0, -1),
  opcode("DELETE_DEREF", 139, "free", 0, 0),
  opcode("JUMP_BACKWARD", 140, "jumpBackward", 0, 0),
  opcode("CALL_FUNCTION_EX", 142, "number", 0, null),
  opcode("EXTENDED_ARG", 144, "number", 0, 0),
  opcode("LIST_APPEND", 145, "number", 0, -1),
  opcode("SET_ADD", 146, "number", 0, -1),
  opcode("MAP_ADD", 147, "number", 0, -2),
  opcode("LOAD_CLASSDEREF", 148, "free", 0, 1),
  opcode("COPY_FREE_VARS", 149, "number", 0, 0),
  opcode("RESUME", 151, "number", 0, 0),
  opcode("MATCH_CLASS", 152, "number", 0, -2),
  opcode("FORMAT_VALUE", 155, "number", 0, null),
  opcode("BUILD_CONST_KEY_MAP", 156, "number", 0, null),
  opcode("BUILD_STRING", 157, "number", 0, null),
  opcode("LOAD_METHOD", 160, "name", 10, 1),
  opcode("LIST_EXTEND", 162, "number", 0, -1),
  opcode("SET_UPDATE", 163, "number", 0, -1),
  opcode("DICT_MERGE", 164, "number", 0, -1),
  opcode("DICT_UPDATE", 165, "number", 0, -1),
  opcode("PRECALL", 166, "number", 1, null),
  opcode("CALL", 171, "number", 4, -1),
  opcode("KW_NAMES", 172, "const", 0, 0),
  opcode("POP_JUMP_BACKWARD_IF_NOT_NONE", 173, "jumpBackward", 0, -1),
  opcode("POP_JUMP_BACKWARD_IF_NONE", 174, "jumpBackward", 0, -1),
  opcode("POP_JUMP_BACKWARD_IF_FALSE", 175, "jumpBackward", 0, -1),
  opcode("POP_JUMP_BACKWARD_IF_TRUE", 176, "jumpBackward", 0, -1),
];

/** Rows by opcode number. */
export const OPCODES: readonly (OpcodeInfo | undefined)[] = opcodeTable.reduce<OpcodeInfo[]>(
  (rows, row) => {
    rows[row.op] = row;
    return rows;
  },
  [],
);

/** Spellings of BINARY_OP's arguments, in-place ones included. */
export const BINARY_SYMBOLS: readonly string[] = (() => {
  const plain = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];
  return [...plain, ...plain.map((symbol) => `${symbol}=`)];
})();

/** Spellings of COMPARE_OP's arguments. */
export const COMPARE_SYMBOLS: readonly string[] = ["<", "<=", "==", "!=", ">", ">="];

/** Whether control never reaches the instruction behind this one. */
export function isScopeExit(op: number): boolean {
  return op === Op.RETURN_VALUE || op === Op.RAISE_VARARGS || op === Op.RERAISE;
}

/** Whether this instruction protects the code behind it with a handler. */
export function isBlockPush(op: number): boolean {
  return op >= PseudoOp.SETUP_FINALLY && op <= PseudoOp.SETUP_WITH;
}

/** Whether this is a jump, conditional or not; handlers are not jumps. */
export function isJump(op: number): boolean {
  return op >= PseudoOp.JUMP
    ? op <= PseudoOp.POP_JUMP_IF_NOT_NONE
    : OPCODES[op]?.arg === "jumpForward" || OPCODES[op]?.arg === "jumpBackward";
}

/** Change of the stack depth by an instruction; `jump` tells which way it goes. */
export function stackEffect(op: number, arg: number, jump: boolean): number {
  switch (op) {
    case PseudoOp.JUMP:
    case PseudoOp.JUMP_NO_INTERRUPT:
    case PseudoOp.POP_BLOCK:
      return 0;
    case PseudoOp.POP_JUMP_IF_FALSE:
    case PseudoOp.POP_JUMP_IF_TRUE:
    case PseudoOp.POP_JUMP_IF_NONE:
    case PseudoOp.POP_JUMP_IF_NOT_NONE:
      return -1;
    // A handler starts with the exception on the stack; cleanups keep the raising index below it.
    // SETUP_WITH stands behind the result of __enter__, which the handler does not see.
    case PseudoOp.SETUP_FINALLY:
    case PseudoOp.SETUP_WITH:
      return jump ? 1 : 0;
    case PseudoOp.SETUP_CLEANUP:
      return jump ? 2 : 0;
    case Op.UNPACK_SEQUENCE:
      return arg - 1;
    case Op.UNPACK_EX:
      return (arg & 0xff) + (arg >> 8);
    case Op.BUILD_TUPLE:
    case Op.BUILD_LIST:
    case Op.BUILD_SET:
    case Op.BUILD_STRING:
      return 1 - arg;
    case Op.BUILD_MAP:
      return 1 - 2 * arg;
    case Op.BUILD_CONST_KEY_MAP:
      return -arg;
    case Op.FOR_ITER:
      return jump ? -1 : 1;
    case Op.SEND:
    case Op.JUMP_IF_FALSE_OR_POP:
    case Op.JUMP_IF_TRUE_OR_POP:
      return op === Op.SEND ? (jump ? -1 : 0) : jump ? 0 : -1;
    case Op.RAISE_VARARGS:
    case Op.PRECALL:
      return -arg;
    case Op.MAKE_FUNCTION:
      return -((arg & 1) + ((arg >> 1) & 1) + ((arg >> 2) & 1) + ((arg >> 3) & 1));
    case Op.BUILD_SLICE:
      return arg === 3 ? -2 : -1;
    case Op.CALL_FUNCTION_EX:
      return -2 - (arg & 1);
    case Op.FORMAT_VALUE:
      return (arg & 4) !== 0 ? -1 : 0;
    case Op.LOAD_GLOBAL:
      return (arg & 1) + 1;
    default:
      return OPCODES[op]!.effect!;
  }
}
