/**
 * Tier 0: the eval loop. One function, one switch; frame state is hoisted into locals and written
 * back before anything that can call, raise, collect or yield: `thread.sp` (first free word of the
 * data stack) and the frame's Pc. Python-to-Python calls, `__init__` of plain classes and
 * generators in for loops run in the same JavaScript activation; native code that calls Python
 * enters `run` again.
 *
 * Check points (G21, G22): RESUME 0 and 1, back jumps when taken, calls of native functions. Those
 * of other versions are instructions of their own (checkpoints.ts).
 */
import { Op } from "../compiler/opcodes.js";
import { Gil } from "../gil/words.js";
import { type Addr, heap } from "../memory/heap.js";
import { Region, ThreadState } from "../memory/layout.js";
import {
  contains,
  deleteItem,
  getItem,
  getIter,
  richCompare,
  setItem,
  takeNext,
} from "../object/abstract.js";
import { deleteAttr } from "../object/attribute.js";
import { newCell } from "../object/cell.js";
import { dictSet, dictSetStr } from "../object/dict.js";
import { exceptionMatches, takePending } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { newFunction } from "../object/function.js";
import { dealloc, decref } from "../object/header.js";
import { newInstance } from "../object/instance.js";
import { newInt } from "../object/int.js";
import {
  CellObject,
  CodeObject,
  DictKeys,
  DictObject,
  FunctionObject,
  Head,
  InstanceObject,
  IntObject,
  ListObject,
  MethodObject,
  TupleObject,
  TypeObject,
} from "../object/layout.js";
import { listAppendSteal, listToTuple, newList } from "../object/list.js";
import { binaryOp, isTrue, unaryInvert, unaryNegative, unaryPositive } from "../object/number.js";
import { RangeIterator } from "../object/range.js";
import { setAdd, setUpdate } from "../object/set.js";
import { newSlice } from "../object/slice.js";
import { strConcatInPlace } from "../object/str.js";
import { joinStrings } from "../object/strformat.js";
import { thread } from "../object/thread.js";
import { tupleFromStack } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { handleBreaker } from "./breaker.js";
import { callFunctionEx, callNative, initOf, placeArguments } from "./call.js";
import { CodeFlag } from "./code.js";
import { Frame, FrameFlag } from "./frame.js";
import { finishGenerator, newGeneratorFromFrame, restoreFrame, saveFrame } from "./generator.js";
import { importFrom, importName, importStar } from "./import.js";
import { dropSnapshot } from "./locals.js";
import { Fast } from "./opcodes.js";
import * as operations from "./operations.js";
import { findHandler } from "./unwind.js";

const I32 = heap.I32;
const F64 = heap.F64;

const enum Breaker {
  Word = Region.Gil + Gil.EvalBreaker,
}

/**
 * Inline cache of LOAD_ATTR, STORE_ATTR and LOAD_METHOD, relative to the word behind the opcode.
 */
export const enum AttrCache {
  /** Version tag of the type, 0 empty. */
  Version = 0,
  /** AttrCacheKind. */
  Kind = 1,
  /** Index among the class's shared keys, or word offset of a slot. */
  Index = 2,
  /** Class attribute (borrowed: the type's version guards it). */
  Value = 2,
  /** Version of the shared keys, for attributes that instances could shadow. */
  KeysVersion = 3,
  Size = 4,
  MethodSize = 10,
}

export const enum AttrCacheKind {
  /** In the instance's values. */
  Instance = 1,
  /** Of the class; instances have no dict. */
  Class = 2,
  /** Of the class; instances have values under shared keys that do not contain the name. */
  ClassUnshadowed = 3,
  /** A `__slots__` member. */
  Slot = 4,
  /** As Class and ClassUnshadowed, for functions that LOAD_METHOD leaves unbound. */
  Method = 5,
  MethodUnshadowed = 6,
}

/** Inline cache of LOAD_GLOBAL. */
export const enum GlobalCache {
  /** Version of the globals' key table, 0 empty. */
  Globals = 0,
  /** Version of the builtins' key table when the name is there, else 0. */
  Builtins = 1,
  /** Word offset of the value from the key table. */
  Offset = 2,
  Size = 5,
}

/** What {@link execute} answers when it wants to be called again. No address is negative. */
const AGAIN = -1;

/**
 * Back jumps and calls after which `execute` returns to be entered anew. Code that V8 compiles for
 * an entry knows the module's constants; code that it compiles for a loop already running (OSR)
 * does not, and was measured 1.5 to 2 times slower. So no activation may last. As V8 begins an OSR
 * compile when compiled code waits to be entered, a small budget also saves those: with 120 instead
 * of 4000 there are half as many compiles, and the benchmarks take a tenth less time; entering
 * costs countdown nothing that could be measured. (`--no-use-osr` would do the same, but makes long
 * native loops, such as a sort's, two to three times slower.)
 */
const ACTIVATION_BUDGET = 120;

/**
 * Run the frame at `entry`, which must be flagged FrameFlag.Entry, until it returns or raises.
 * `thread.sp` is the frame's stack pointer; with an exception pending, that is raised at the
 * frame's Pc (generator.throw). The result is a new reference, or 0 with an exception pending.
 */
export function run(entry: Addr): Addr {
  thread.nativeDepth++;
  let result = execute(entry);
  while (result === AGAIN) result = execute(I32[thread.state + ThreadState.Frame]);
  thread.nativeDepth--;
  return result;
}

/** The loop itself: {@link run} from `entry`, the current frame, until it ends or wants a break. */
function execute(entry: Addr): Addr {
  const frameWord = thread.state + ThreadState.Frame;
  let frame = entry;
  let fp = I32[frame + Frame.Fp];
  let pc = I32[frame + Frame.Pc];
  let consts = I32[frame + Frame.Consts];
  let sp = thread.sp;
  let kwnames = 0;
  let budget = ACTIVATION_BUDGET;
  let failed = thread.pending !== 0;
  /** The exception was raised before: its traceback has this frame already. */
  let reraised = false;
  I32[frameWord] = frame;

  for (;;) {
    if (failed) {
      I32[frame + Frame.Pc] = pc;
      thread.sp = sp;
      const handler = findHandler(frame, pc, reraised);
      reraised = false;
      kwnames = 0;
      if (handler !== 0) {
        // The stack is cut back and the exception pushed; see unwind.ts.
        sp = thread.sp;
        pc = handler;
        failed = false;
      } else {
        // Leave the frame without a result.
        const flags = I32[frame + Frame.Flags];
        operations.dropFrame(frame, fp, sp);
        thread.depth--;
        const previous = I32[frame + Frame.Previous];
        I32[frameWord] = previous;
        if ((flags & FrameFlag.Generator) !== 0) finishGenerator(frame);
        if ((flags & FrameFlag.Entry) !== 0) return 0;
        const bottom = I32[frame + Frame.ReturnSp];
        operations.dropWords(bottom, fp);
        sp = bottom;
        frame = previous;
        fp = I32[frame + Frame.Fp];
        pc = I32[frame + Frame.Pc];
        consts = I32[frame + Frame.Consts];
        continue;
      }
    }

    dispatch: for (;;) {
      const word = I32[pc++];
      switch (word & 255) {
        case Op.NOP:
        case Op.CACHE:
        case Op.EXTENDED_ARG:
          continue;

        case Op.RESUME:
          if (word >>> 8 < 2 && I32[Breaker.Word] !== 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            if (handleBreaker() < 0) break dispatch;
          }
          continue;

        // --- locals and constants ---

        case Op.LOAD_FAST: {
          const value = I32[fp + (word >>> 8)];
          if (value === 0) {
            operations.raiseUnbound(frame, word >>> 8);
            break dispatch;
          }
          I32[value]++;
          I32[sp++] = value;
          continue;
        }
        case Fast.LOAD_FAST__LOAD_FAST: {
          const first = I32[fp + (word >>> 8)];
          const index = I32[pc] >>> 8;
          const second = I32[fp + index];
          if (first === 0 || second === 0) {
            operations.raiseUnbound(frame, first === 0 ? word >>> 8 : index);
            if (first !== 0) {
              I32[first]++;
              I32[sp++] = first;
              pc++;
            }
            break dispatch;
          }
          I32[first]++;
          I32[second]++;
          I32[sp] = first;
          I32[sp + 1] = second;
          sp += 2;
          pc++;
          continue;
        }
        case Fast.LOAD_FAST__LOAD_CONST: {
          const value = I32[fp + (word >>> 8)];
          if (value === 0) {
            operations.raiseUnbound(frame, word >>> 8);
            break dispatch;
          }
          const constant = I32[consts + ((I32[pc] >>> 8) << 1)];
          I32[value]++;
          I32[constant]++;
          I32[sp] = value;
          I32[sp + 1] = constant;
          sp += 2;
          pc++;
          continue;
        }
        case Fast.LOAD_CONST__LOAD_FAST: {
          const index = I32[pc] >>> 8;
          const constant = I32[consts + ((word >>> 8) << 1)];
          const value = I32[fp + index];
          I32[constant]++;
          I32[sp++] = constant;
          pc++;
          if (value === 0) {
            operations.raiseUnbound(frame, index);
            break dispatch;
          }
          I32[value]++;
          I32[sp++] = value;
          continue;
        }
        case Op.STORE_FAST: {
          const at = fp + (word >>> 8);
          const old = I32[at];
          I32[at] = I32[--sp];
          if (old !== 0 && --I32[old] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(old);
          }
          continue;
        }
        case Fast.STORE_FAST__LOAD_FAST: {
          const at = fp + (word >>> 8);
          const old = I32[at];
          I32[at] = I32[--sp];
          if (old !== 0 && --I32[old] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(old);
          }
          const value = I32[fp + (I32[pc++] >>> 8)];
          if (value === 0) {
            operations.raiseUnbound(frame, I32[pc - 1] >>> 8);
            break dispatch;
          }
          I32[value]++;
          I32[sp++] = value;
          continue;
        }
        case Fast.STORE_FAST__STORE_FAST: {
          const at = fp + (word >>> 8);
          const old = I32[at];
          I32[at] = I32[--sp];
          if (old !== 0 && --I32[old] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(old);
          }
          const next = fp + (I32[pc++] >>> 8);
          const second = I32[next];
          I32[next] = I32[--sp];
          if (second !== 0 && --I32[second] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(second);
          }
          continue;
        }
        case Op.DELETE_FAST: {
          const at = fp + (word >>> 8);
          const old = I32[at];
          if (old === 0) {
            operations.raiseUnbound(frame, word >>> 8);
            break dispatch;
          }
          I32[at] = 0;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          decref(old);
          continue;
        }
        case Op.LOAD_CONST: {
          const value = I32[consts + ((word >>> 8) << 1)];
          I32[value]++;
          I32[sp++] = value;
          continue;
        }

        // --- the stack ---

        case Op.POP_TOP: {
          const value = I32[--sp];
          if (--I32[value] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(value);
          }
          continue;
        }
        case Op.PUSH_NULL:
          I32[sp++] = 0;
          continue;
        case Op.COPY: {
          const value = I32[sp - (word >>> 8)];
          I32[value]++;
          I32[sp++] = value;
          continue;
        }
        case Op.SWAP: {
          const at = sp - (word >>> 8);
          const value = I32[at];
          I32[at] = I32[sp - 1];
          I32[sp - 1] = value;
          continue;
        }

        // --- operators ---

        case Fast.BINARY_ADD: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          const type = I32[left + Head.Type];
          if (type === T.Int && I32[right + Head.Type] === T.Int) {
            const a = I32[left + IntObject.Value];
            const b = I32[right + IntObject.Value];
            if (a !== IntObject.NotCompact && b !== IntObject.NotCompact) {
              const result = newInt(a + b);
              if (result === 0) break dispatch;
              if (--I32[left] === 0) dealloc(left);
              if (--I32[right] === 0) dealloc(right);
              sp--;
              I32[sp - 1] = result;
              pc++;
              continue;
            }
          } else if (type === T.Float && I32[right + Head.Type] === T.Float) {
            const result = newFloat(F64[(left >> 1) + 2] + F64[(right >> 1) + 2]);
            if (result === 0) break dispatch;
            if (--I32[left] === 0) dealloc(left);
            if (--I32[right] === 0) dealloc(right);
            sp--;
            I32[sp - 1] = result;
            pc++;
            continue;
          } else if (type === T.Str && I32[right + Head.Type] === T.Str) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            // `s = s + t` and `s += t`: let go of the local that is about to be replaced (CPython
            // does the same), so that the text can grow where it stands.
            const next = I32[pc + 1];
            if ((next & 255) === Op.STORE_FAST && I32[fp + (next >>> 8)] === left) {
              I32[fp + (next >>> 8)] = 0;
              I32[left]--;
            }
            const result = strConcatInPlace(left, right);
            sp--;
            if (result === 0) {
              I32[sp - 1] = right;
              break dispatch;
            }
            if (--I32[right] === 0) dealloc(right);
            I32[sp - 1] = result;
            pc++;
            continue;
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = binaryOp(word >>> 8, left, right);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc++;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Fast.BINARY_SUBTRACT: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          const type = I32[left + Head.Type];
          if (type === T.Int && I32[right + Head.Type] === T.Int) {
            const a = I32[left + IntObject.Value];
            const b = I32[right + IntObject.Value];
            if (a !== IntObject.NotCompact && b !== IntObject.NotCompact) {
              const result = newInt(a - b);
              if (result === 0) break dispatch;
              if (--I32[left] === 0) dealloc(left);
              if (--I32[right] === 0) dealloc(right);
              sp--;
              I32[sp - 1] = result;
              pc++;
              continue;
            }
          } else if (type === T.Float && I32[right + Head.Type] === T.Float) {
            const result = newFloat(F64[(left >> 1) + 2] - F64[(right >> 1) + 2]);
            if (result === 0) break dispatch;
            if (--I32[left] === 0) dealloc(left);
            if (--I32[right] === 0) dealloc(right);
            sp--;
            I32[sp - 1] = result;
            pc++;
            continue;
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = binaryOp(word >>> 8, left, right);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc++;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Fast.BINARY_MULTIPLY: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          const type = I32[left + Head.Type];
          if (type === T.Float && I32[right + Head.Type] === T.Float) {
            const result = newFloat(F64[(left >> 1) + 2] * F64[(right >> 1) + 2]);
            if (result === 0) break dispatch;
            if (--I32[left] === 0) dealloc(left);
            if (--I32[right] === 0) dealloc(right);
            sp--;
            I32[sp - 1] = result;
            pc++;
            continue;
          }
          if (type === T.Int && I32[right + Head.Type] === T.Int) {
            const a = I32[left + IntObject.Value];
            const b = I32[right + IntObject.Value];
            if (a !== IntObject.NotCompact && b !== IntObject.NotCompact) {
              const product = a * b;
              if (product >= -9007199254740991 && product <= 9007199254740991) {
                const result = newInt(product);
                if (result === 0) break dispatch;
                if (--I32[left] === 0) dealloc(left);
                if (--I32[right] === 0) dealloc(right);
                sp--;
                I32[sp - 1] = result;
                pc++;
                continue;
              }
            }
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = binaryOp(word >>> 8, left, right);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc++;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Fast.BINARY_AND: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          if (I32[left + Head.Type] === T.Int && I32[right + Head.Type] === T.Int) {
            const a = I32[left + IntObject.Value];
            const b = I32[right + IntObject.Value];
            if (a !== IntObject.NotCompact && b !== IntObject.NotCompact) {
              const result = newInt(a & b);
              if (result === 0) break dispatch;
              if (--I32[left] === 0) dealloc(left);
              if (--I32[right] === 0) dealloc(right);
              sp--;
              I32[sp - 1] = result;
              pc++;
              continue;
            }
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = binaryOp(word >>> 8, left, right);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc++;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Fast.BINARY_REMAINDER: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          if (I32[left + Head.Type] === T.Int && I32[right + Head.Type] === T.Int) {
            const a = I32[left + IntObject.Value];
            const b = I32[right + IntObject.Value];
            if (a !== IntObject.NotCompact && b > 0) {
              // Python's remainder has the divisor's sign.
              const rest = a % b;
              const result = newInt(rest < 0 ? rest + b : rest);
              if (result === 0) break dispatch;
              if (--I32[left] === 0) dealloc(left);
              if (--I32[right] === 0) dealloc(right);
              sp--;
              I32[sp - 1] = result;
              pc++;
              continue;
            }
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = binaryOp(word >>> 8, left, right);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc++;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Op.BINARY_OP: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = binaryOp(word >>> 8, left, right);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc++;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Op.UNARY_NEGATIVE:
        case Op.UNARY_POSITIVE:
        case Op.UNARY_INVERT: {
          const value = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const op = word & 255;
          const result =
            op === Op.UNARY_NEGATIVE
              ? unaryNegative(value)
              : op === Op.UNARY_POSITIVE
                ? unaryPositive(value)
                : unaryInvert(value);
          if (result === 0) break dispatch;
          I32[sp - 1] = result;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.UNARY_NOT: {
          const value = I32[sp - 1];
          if (value === S.True || value === S.False) {
            I32[value]--;
            const negated = value === S.True ? S.False : S.True;
            I32[negated]++;
            I32[sp - 1] = negated;
            continue;
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const truth = isTrue(value);
          if (truth < 0) break dispatch;
          const result = truth === 0 ? S.True : S.False;
          I32[result]++;
          I32[sp - 1] = result;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Fast.COMPARE_JUMP: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          const type = I32[left + Head.Type];
          let truth = -1;
          if (type === T.Int && I32[right + Head.Type] === T.Int) {
            const a = I32[left + IntObject.Value];
            const b = I32[right + IntObject.Value];
            if (a !== IntObject.NotCompact && b !== IntObject.NotCompact) {
              switch (word >>> 8) {
                case 0:
                  truth = a < b ? 1 : 0;
                  break;
                case 1:
                  truth = a <= b ? 1 : 0;
                  break;
                case 2:
                  truth = a === b ? 1 : 0;
                  break;
                case 3:
                  truth = a !== b ? 1 : 0;
                  break;
                case 4:
                  truth = a > b ? 1 : 0;
                  break;
                default:
                  truth = a >= b ? 1 : 0;
              }
              if (--I32[left] === 0) dealloc(left);
              if (--I32[right] === 0) dealloc(right);
            }
          }
          if (truth < 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            truth = operations.compareTruth(word >>> 8, left, right);
            if (truth < 0) break dispatch;
            if (--I32[left] === 0) dealloc(left);
            if (--I32[right] === 0) dealloc(right);
          }
          sp -= 2;
          if (truth === I32[pc]) {
            const distance = I32[pc + 1];
            pc += 2 + distance;
            if (distance < 0 && (--budget < 0 || I32[Breaker.Word] !== 0)) {
              I32[frame + Frame.Pc] = pc;
              thread.sp = sp;
              if (I32[Breaker.Word] !== 0 && handleBreaker() < 0) {
                pc += 1 - distance; // the exception belongs to the jump
                break dispatch;
              }
              if (budget < 0) return AGAIN;
            }
          } else {
            pc += 3;
          }
          continue;
        }
        case Op.COMPARE_OP: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = richCompare(left, right, word >>> 8);
          if (result === 0) break dispatch;
          sp--;
          I32[sp - 1] = result;
          pc += 2;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Op.IS_OP: {
          const left = I32[sp - 2];
          const right = I32[sp - 1];
          const result = (left === right) !== (word >>> 8 === 1) ? S.True : S.False;
          I32[result]++;
          sp--;
          I32[sp - 1] = result;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (--I32[left] === 0) dealloc(left);
          if (--I32[right] === 0) dealloc(right);
          continue;
        }
        case Op.CONTAINS_OP: {
          const value = I32[sp - 2];
          const container = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const truth = contains(container, value);
          if (truth < 0) break dispatch;
          const result = truth !== word >>> 8 ? S.True : S.False;
          I32[result]++;
          sp--;
          I32[sp - 1] = result;
          if (--I32[value] === 0) dealloc(value);
          if (--I32[container] === 0) dealloc(container);
          continue;
        }

        // --- jumps ---

        case Op.JUMP_FORWARD:
          pc += word >>> 8;
          continue;
        case Op.JUMP_BACKWARD:
          pc -= word >>> 8;
          if (--budget < 0 || I32[Breaker.Word] !== 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            if (I32[Breaker.Word] !== 0 && handleBreaker() < 0) {
              pc += word >>> 8; // the exception belongs to the jump
              break dispatch;
            }
            if (budget < 0) return AGAIN;
          }
          continue;
        case Op.JUMP_BACKWARD_NO_INTERRUPT:
          pc -= word >>> 8;
          continue;
        case Op.POP_JUMP_FORWARD_IF_FALSE:
        case Op.POP_JUMP_FORWARD_IF_TRUE:
        case Op.POP_JUMP_BACKWARD_IF_FALSE:
        case Op.POP_JUMP_BACKWARD_IF_TRUE: {
          const value = I32[sp - 1];
          let truth: number;
          if (value === S.True) truth = 1;
          else if (value === S.False || value === S.None) truth = 0;
          else {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            truth = isTrue(value);
            if (truth < 0) break dispatch;
          }
          sp--;
          const op = word & 255;
          if (op === Op.POP_JUMP_FORWARD_IF_FALSE) {
            if (truth === 0) pc += word >>> 8;
          } else if (op === Op.POP_JUMP_FORWARD_IF_TRUE) {
            if (truth === 1) pc += word >>> 8;
          } else if (truth === (op === Op.POP_JUMP_BACKWARD_IF_TRUE ? 1 : 0)) {
            pc -= word >>> 8;
            if (I32[Breaker.Word] !== 0) {
              I32[frame + Frame.Pc] = pc;
              thread.sp = sp;
              if (--I32[value] === 0) dealloc(value);
              if (handleBreaker() < 0) {
                pc += word >>> 8;
                break dispatch;
              }
              continue;
            }
          }
          if (--I32[value] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(value);
          }
          continue;
        }
        case Op.JUMP_IF_FALSE_OR_POP:
        case Op.JUMP_IF_TRUE_OR_POP: {
          const value = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const truth = isTrue(value);
          if (truth < 0) break dispatch;
          if (truth === ((word & 255) === Op.JUMP_IF_TRUE_OR_POP ? 1 : 0)) {
            pc += word >>> 8;
            continue;
          }
          thread.sp = --sp;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.POP_JUMP_FORWARD_IF_NONE:
        case Op.POP_JUMP_FORWARD_IF_NOT_NONE:
        case Op.POP_JUMP_BACKWARD_IF_NONE:
        case Op.POP_JUMP_BACKWARD_IF_NOT_NONE: {
          const value = I32[--sp];
          const op = word & 255;
          const wantsNone =
            op === Op.POP_JUMP_FORWARD_IF_NONE || op === Op.POP_JUMP_BACKWARD_IF_NONE;
          const taken = (value === S.None) === wantsNone;
          const backward =
            op === Op.POP_JUMP_BACKWARD_IF_NONE || op === Op.POP_JUMP_BACKWARD_IF_NOT_NONE;
          if (taken) pc += backward ? -(word >>> 8) : word >>> 8;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (--I32[value] === 0) dealloc(value);
          if (taken && backward && I32[Breaker.Word] !== 0 && handleBreaker() < 0) break dispatch;
          continue;
        }

        // --- iteration ---

        case Op.GET_ITER: {
          const value = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const iterator = getIter(value);
          if (iterator === 0) break dispatch;
          I32[sp - 1] = iterator;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.FOR_ITER: {
          const iterator = I32[sp - 1];
          const type = I32[iterator + Head.Type];
          if (type === T.RangeIterator) {
            const left = I32[iterator + RangeIterator.Left];
            if (left > 0) {
              const value = I32[iterator + RangeIterator.Next];
              const next = newInt(value);
              if (next === 0) break dispatch;
              I32[iterator + RangeIterator.Left] = left - 1;
              I32[iterator + RangeIterator.Next] = value + I32[iterator + RangeIterator.Step];
              I32[sp++] = next;
              continue;
            }
          } else if (type === T.Generator) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            const resumed = restoreFrame(iterator, frame, S.None);
            if (resumed !== 0) {
              I32[resumed + Frame.ExhaustedPc] = pc + (word >>> 8);
              frame = resumed;
              fp = I32[frame + Frame.Fp];
              pc = I32[frame + Frame.Pc];
              consts = I32[frame + Frame.Consts];
              sp = thread.sp;
              I32[frameWord] = frame;
              continue;
            }
          } else {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            const next = takeNext(iterator);
            if (next !== 0) {
              I32[sp++] = next;
              continue;
            }
          }
          if (thread.pending !== 0) {
            if (!exceptionMatches(thread.pending, T.StopIteration)) break dispatch;
            decref(takePending());
          }
          pc += word >>> 8;
          thread.sp = --sp;
          I32[frame + Frame.Pc] = pc;
          if (--I32[iterator] === 0) dealloc(iterator);
          continue;
        }
        case Op.GET_YIELD_FROM_ITER: {
          const value = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const iterator = operations.yieldFromIterator(value, I32[frame + Frame.Function]);
          if (iterator === 0) break dispatch;
          I32[sp - 1] = iterator;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.SEND: {
          const value = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = operations.send(I32[sp - 2], value);
          if (result !== 0) {
            I32[sp - 1] = result;
            if (--I32[value] === 0) dealloc(value);
            continue;
          }
          if (thread.pending !== 0) break dispatch;
          // The receiver is done: its result replaces receiver and value.
          const receiver = I32[sp - 2];
          I32[sp - 2] = operations.takeSendResult();
          sp--;
          thread.sp = sp;
          if (--I32[value] === 0) dealloc(value);
          if (--I32[receiver] === 0) dealloc(receiver);
          pc += word >>> 8;
          continue;
        }
        case Op.RETURN_GENERATOR: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const generator = newGeneratorFromFrame(frame);
          if (generator === 0) break dispatch;
          // The frame's references moved into the generator.
          thread.depth--;
          const previous = I32[frame + Frame.Previous];
          I32[frameWord] = previous;
          if ((I32[frame + Frame.Flags] & FrameFlag.Entry) !== 0) return generator;
          sp = I32[frame + Frame.ReturnSp];
          operations.dropWords(sp, fp);
          I32[sp++] = generator;
          frame = previous;
          fp = I32[frame + Frame.Fp];
          pc = I32[frame + Frame.Pc];
          consts = I32[frame + Frame.Consts];
          continue;
        }
        case Op.YIELD_VALUE: {
          const value = I32[--sp];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const flags = I32[frame + Frame.Flags];
          const previous = I32[frame + Frame.Previous];
          const bottom = I32[frame + Frame.ReturnSp];
          saveFrame(frame);
          thread.depth--;
          I32[frameWord] = previous;
          if ((flags & FrameFlag.Entry) !== 0) return value;
          sp = bottom;
          I32[sp++] = value;
          frame = previous;
          fp = I32[frame + Frame.Fp];
          pc = I32[frame + Frame.Pc];
          consts = I32[frame + Frame.Consts];
          continue;
        }

        // --- names ---

        case Op.LOAD_GLOBAL: {
          const callee = I32[frame + Frame.Function];
          const keys = I32[I32[callee + FunctionObject.Globals] + DictObject.Keys];
          const version = I32[pc + GlobalCache.Globals];
          let value = 0;
          if (version !== 0 && I32[keys + DictKeys.Version] === version) {
            const builtins = I32[pc + GlobalCache.Builtins];
            if (builtins === 0) {
              value = I32[keys + I32[pc + GlobalCache.Offset]];
            } else {
              const table = I32[I32[callee + FunctionObject.Builtins] + DictObject.Keys];
              if (I32[table + DictKeys.Version] === builtins) {
                value = I32[table + I32[pc + GlobalCache.Offset]];
              }
            }
          }
          if (value === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            value = operations.loadGlobal(callee, word >>> 9, pc);
            if (value === 0) break dispatch;
          }
          I32[value]++;
          if ((word & 256) !== 0) I32[sp++] = 0;
          I32[sp++] = value;
          pc += GlobalCache.Size;
          continue;
        }
        case Op.LOAD_NAME: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const value = operations.loadName(frame, word >>> 8);
          if (value === 0) break dispatch;
          I32[sp++] = value;
          continue;
        }
        case Op.STORE_NAME: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (operations.storeName(frame, word >>> 8, I32[sp - 1]) < 0) break dispatch;
          const value = I32[--sp];
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.DELETE_NAME:
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (operations.deleteName(frame, word >>> 8) < 0) break dispatch;
          continue;
        case Op.STORE_GLOBAL: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const callee = I32[frame + Frame.Function];
          const name = operations.nameAt(callee, word >>> 8);
          if (dictSetStr(I32[callee + FunctionObject.Globals], name, I32[sp - 1]) < 0) {
            break dispatch;
          }
          const value = I32[--sp];
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.DELETE_GLOBAL: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (operations.deleteGlobal(I32[frame + Frame.Function], word >>> 8) < 0) break dispatch;
          continue;
        }
        case Op.MAKE_CELL: {
          const at = fp + (word >>> 8);
          const cell = newCell(I32[at]);
          if (cell === 0) break dispatch;
          if (I32[at] !== 0) I32[I32[at]]--;
          I32[at] = cell;
          continue;
        }
        case Op.LOAD_CLOSURE: {
          const cell = I32[fp + (word >>> 8)];
          I32[cell]++;
          I32[sp++] = cell;
          continue;
        }
        case Op.LOAD_DEREF: {
          const value = I32[I32[fp + (word >>> 8)] + CellObject.Contents];
          if (value === 0) {
            operations.raiseUnboundCell(frame, word >>> 8);
            break dispatch;
          }
          I32[value]++;
          I32[sp++] = value;
          continue;
        }
        case Op.STORE_DEREF: {
          const cell = I32[fp + (word >>> 8)];
          const old = I32[cell + CellObject.Contents];
          I32[cell + CellObject.Contents] = I32[--sp];
          if (old !== 0 && --I32[old] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(old);
          }
          continue;
        }
        case Op.DELETE_DEREF: {
          const cell = I32[fp + (word >>> 8)];
          const old = I32[cell + CellObject.Contents];
          if (old === 0) {
            operations.raiseUnboundCell(frame, word >>> 8);
            break dispatch;
          }
          I32[cell + CellObject.Contents] = 0;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          decref(old);
          continue;
        }
        case Op.LOAD_CLASSDEREF: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const value = operations.loadClassDeref(frame, word >>> 8);
          if (value === 0) break dispatch;
          I32[sp++] = value;
          continue;
        }
        case Op.COPY_FREE_VARS: {
          const closure = I32[I32[frame + Frame.Function] + FunctionObject.Closure];
          const count = word >>> 8;
          const first = frame - count;
          for (let i = 0; i < count; i++) {
            const cell = I32[closure + TupleObject.Items + 2 * i];
            I32[cell]++;
            I32[first + i] = cell;
          }
          continue;
        }

        // --- attributes and items ---

        case Op.LOAD_ATTR: {
          const object = I32[sp - 1];
          const type = I32[object + Head.Type];
          const version = I32[pc + AttrCache.Version];
          if (version !== 0 && I32[type + TypeObject.Version] === version) {
            const kind = I32[pc + AttrCache.Kind];
            let value = 0;
            if (kind === AttrCacheKind.Instance) {
              const values = I32[object + InstanceObject.Values];
              const index = I32[pc + AttrCache.Index];
              if (values !== 0 && index < I32[values]) value = I32[values + 2 + (index << 1)];
            } else if (kind === AttrCacheKind.Slot) {
              value = I32[object + I32[pc + AttrCache.Index]];
            } else if (
              kind === AttrCacheKind.Class ||
              (I32[object + InstanceObject.Values] !== 0 &&
                I32[I32[type + TypeObject.CachedKeys] + DictKeys.Version] ===
                  I32[pc + AttrCache.KeysVersion])
            ) {
              value = I32[pc + AttrCache.Value];
            }
            if (value !== 0) {
              I32[value]++;
              I32[sp - 1] = value;
              pc += AttrCache.Size;
              if (--I32[object] === 0) {
                I32[frame + Frame.Pc] = pc;
                thread.sp = sp;
                dealloc(object);
              }
              continue;
            }
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const value = operations.loadAttribute(frame, object, word >>> 8, pc);
          if (value === 0) break dispatch;
          I32[sp - 1] = value;
          pc += AttrCache.Size;
          if (--I32[object] === 0) dealloc(object);
          continue;
        }
        case Op.STORE_ATTR: {
          const object = I32[sp - 1];
          const value = I32[sp - 2];
          const type = I32[object + Head.Type];
          const version = I32[pc + AttrCache.Version];
          if (version !== 0 && I32[type + TypeObject.Version] === version) {
            const values = I32[object + InstanceObject.Values];
            const index = I32[pc + AttrCache.Index];
            if (values !== 0 && index < I32[values]) {
              const at = values + 2 + (index << 1);
              const old = I32[at];
              I32[at] = value;
              if (old === 0) {
                // New to this instance: append to its insertion order (object/instancedict.ts).
                const count = I32[values + 1];
                I32[values + 3 + (count << 1)] = index;
                I32[values + 1] = count + 1;
                sp -= 2;
                pc += AttrCache.Size;
                if (--I32[object] === 0) {
                  I32[frame + Frame.Pc] = pc;
                  thread.sp = sp;
                  dealloc(object);
                }
                continue;
              } else {
                sp -= 2;
                pc += AttrCache.Size;
                I32[frame + Frame.Pc] = pc;
                thread.sp = sp;
                if (--I32[old] === 0) dealloc(old);
                if (--I32[object] === 0) dealloc(object);
                continue;
              }
            }
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (operations.storeAttribute(frame, object, word >>> 8, value, pc) < 0) break dispatch;
          sp -= 2;
          pc += AttrCache.Size;
          if (--I32[value] === 0) dealloc(value);
          if (--I32[object] === 0) dealloc(object);
          continue;
        }
        case Op.DELETE_ATTR: {
          const object = I32[sp - 1];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const name = operations.nameAt(I32[frame + Frame.Function], word >>> 8);
          if (deleteAttr(object, name) < 0) break dispatch;
          sp--;
          if (--I32[object] === 0) dealloc(object);
          continue;
        }
        case Op.LOAD_METHOD: {
          const object = I32[sp - 1];
          const type = I32[object + Head.Type];
          const version = I32[pc + AttrCache.Version];
          if (
            version !== 0 &&
            I32[type + TypeObject.Version] === version &&
            (I32[pc + AttrCache.Kind] === AttrCacheKind.Method ||
              (I32[object + InstanceObject.Values] !== 0 &&
                I32[I32[type + TypeObject.CachedKeys] + DictKeys.Version] ===
                  I32[pc + AttrCache.KeysVersion]))
          ) {
            const method = I32[pc + AttrCache.Value];
            I32[method]++;
            I32[sp - 1] = method;
            I32[sp++] = object;
            pc += AttrCache.MethodSize;
            continue;
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const method = operations.loadMethodCached(frame, object, word >>> 8, pc);
          if (method === 0) break dispatch;
          if (operations.methodIsUnbound()) {
            I32[sp - 1] = method;
            I32[sp++] = object;
          } else {
            I32[sp - 1] = 0;
            I32[sp++] = method;
            if (--I32[object] === 0) dealloc(object);
          }
          pc += AttrCache.MethodSize;
          continue;
        }
        case Op.BINARY_SUBSCR: {
          const container = I32[sp - 2];
          const key = I32[sp - 1];
          const type = I32[container + Head.Type];
          let value = 0;
          if (I32[key + Head.Type] === T.Int && (type === T.List || type === T.Tuple)) {
            let index = I32[key + IntObject.Value];
            const size = I32[container + ListObject.Size];
            if (index < 0) index += size;
            if (index >= 0 && index < size) {
              value =
                type === T.List
                  ? I32[I32[container + ListObject.Items] + (index << 1)]
                  : I32[container + TupleObject.Items + (index << 1)];
              I32[value]++;
            }
          }
          if (value === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            value = getItem(container, key);
            if (value === 0) break dispatch;
          }
          sp--;
          I32[sp - 1] = value;
          pc += 4;
          if (--I32[key] === 0) dealloc(key);
          if (--I32[container] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(container);
          }
          continue;
        }
        case Op.STORE_SUBSCR: {
          const key = I32[sp - 1];
          const container = I32[sp - 2];
          const value = I32[sp - 3];
          if (I32[container + Head.Type] === T.List && I32[key + Head.Type] === T.Int) {
            let index = I32[key + IntObject.Value];
            const size = I32[container + ListObject.Size];
            if (index < 0) index += size;
            if (index >= 0 && index < size) {
              const at = I32[container + ListObject.Items] + (index << 1);
              const old = I32[at];
              I32[at] = value;
              sp -= 3;
              pc++;
              I32[frame + Frame.Pc] = pc;
              thread.sp = sp;
              if (--I32[key] === 0) dealloc(key);
              if (--I32[container] === 0) dealloc(container);
              if (--I32[old] === 0) dealloc(old);
              continue;
            }
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (setItem(container, key, value) < 0) break dispatch;
          sp -= 3;
          thread.sp = sp;
          pc++;
          if (--I32[value] === 0) dealloc(value);
          if (--I32[container] === 0) dealloc(container);
          if (--I32[key] === 0) dealloc(key);
          continue;
        }
        case Op.DELETE_SUBSCR: {
          const key = I32[sp - 1];
          const container = I32[sp - 2];
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (deleteItem(container, key) < 0) break dispatch;
          sp -= 2;
          if (--I32[container] === 0) dealloc(container);
          if (--I32[key] === 0) dealloc(key);
          continue;
        }

        // --- building ---

        case Op.BUILD_TUPLE: {
          const count = word >>> 8;
          sp -= count;
          const tuple = tupleFromStack(sp, count);
          if (tuple === 0) break dispatch;
          I32[sp++] = tuple;
          continue;
        }
        case Op.BUILD_LIST: {
          const count = word >>> 8;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const list = newList(count);
          if (list === 0) break dispatch;
          sp -= count;
          const items = I32[list + ListObject.Items];
          for (let i = 0; i < count; i++) I32[items + (i << 1)] = I32[sp + i];
          I32[sp++] = list;
          continue;
        }
        case Op.BUILD_SET: {
          const count = word >>> 8;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const set = operations.newSetFromStack(sp - count, count);
          if (set === 0) break dispatch;
          operations.dropWords(sp - count, sp);
          sp -= count;
          I32[sp++] = set;
          continue;
        }
        case Op.BUILD_MAP: {
          const count = (word >>> 8) * 2;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const dict = operations.newDictFromStack(sp - count, count);
          if (dict === 0) break dispatch;
          operations.dropWords(sp - count, sp);
          sp -= count;
          I32[sp++] = dict;
          continue;
        }
        case Op.BUILD_CONST_KEY_MAP: {
          const count = word >>> 8;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const dict = operations.newDictFromKeys(I32[sp - 1], sp - 1 - count, count);
          if (dict === 0) break dispatch;
          operations.dropWords(sp - 1 - count, sp);
          sp -= count + 1;
          I32[sp++] = dict;
          continue;
        }
        case Op.BUILD_SLICE: {
          const count = word >>> 8;
          const step = count === 3 ? I32[sp - 1] : S.None;
          const slice = newSlice(I32[sp - count], I32[sp - count + 1], step);
          if (slice === 0) break dispatch;
          operations.dropWords(sp - count, sp);
          sp -= count;
          I32[sp++] = slice;
          continue;
        }
        case Op.BUILD_STRING: {
          const count = word >>> 8;
          const text = joinStrings(sp - count, count);
          if (text === 0) break dispatch;
          operations.dropWords(sp - count, sp);
          sp -= count;
          I32[sp++] = text;
          continue;
        }
        case Op.FORMAT_VALUE: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const count = (word & 0x400) !== 0 ? 2 : 1;
          const text = operations.formatValue(I32[sp - count], word >>> 8, I32[sp - 1]);
          if (text === 0) break dispatch;
          operations.dropWords(sp - count, sp);
          sp -= count;
          I32[sp++] = text;
          continue;
        }
        case Op.LIST_TO_TUPLE: {
          const list = I32[sp - 1];
          const tuple = listToTuple(list);
          if (tuple === 0) break dispatch;
          I32[sp - 1] = tuple;
          decref(list);
          continue;
        }
        case Op.LIST_APPEND: {
          const list = I32[sp - 1 - (word >>> 8)];
          if (listAppendSteal(list, I32[--sp]) < 0) break dispatch;
          continue;
        }
        case Op.SET_ADD: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const value = I32[sp - 1];
          if (setAdd(I32[sp - 1 - (word >>> 8)], value) < 0) break dispatch;
          sp--;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.MAP_ADD: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (dictSet(I32[sp - 2 - (word >>> 8)], I32[sp - 2], I32[sp - 1]) < 0) break dispatch;
          operations.dropWords(sp - 2, sp);
          sp -= 2;
          continue;
        }
        case Op.LIST_EXTEND:
        case Op.SET_UPDATE:
        case Op.DICT_UPDATE:
        case Op.DICT_MERGE: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const value = I32[sp - 1];
          const target = I32[sp - 1 - (word >>> 8)];
          const op = word & 255;
          let status: number;
          if (op === Op.LIST_EXTEND) status = operations.listExtendUnpacked(target, value);
          else if (op === Op.SET_UPDATE) status = setUpdate(target, value);
          else if (op === Op.DICT_UPDATE) status = operations.dictUpdateUnpacked(target, value);
          else status = operations.dictMerge(target, value, I32[sp - 3 - (word >>> 8)]);
          if (status < 0) break dispatch;
          sp--;
          thread.sp = sp;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }
        case Op.UNPACK_SEQUENCE: {
          const value = I32[--sp];
          const count = word >>> 8;
          const type = I32[value + Head.Type];
          if ((type === T.Tuple || type === T.List) && I32[value + ListObject.Size] === count) {
            const items =
              type === T.Tuple ? value + TupleObject.Items : I32[value + ListObject.Items];
            for (let i = count - 1; i >= 0; i--) {
              const item = I32[items + (i << 1)];
              I32[item]++;
              I32[sp++] = item;
            }
          } else {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp + 1;
            if (operations.unpackSequence(value, count, sp) < 0) {
              sp++;
              break dispatch;
            }
            sp += count;
          }
          pc++;
          if (--I32[value] === 0) {
            I32[frame + Frame.Pc] = pc;
            thread.sp = sp;
            dealloc(value);
          }
          continue;
        }
        case Op.UNPACK_EX: {
          const value = I32[--sp];
          const before = (word >>> 8) & 255;
          const after = word >>> 16;
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp + 1;
          if (operations.unpackEx(value, before, after, sp) < 0) {
            sp++;
            break dispatch;
          }
          sp += before + 1 + after;
          thread.sp = sp;
          if (--I32[value] === 0) dealloc(value);
          continue;
        }

        // --- calls ---

        case Op.KW_NAMES:
          kwnames = I32[consts + ((word >>> 8) << 1)];
          continue;
        case Fast.CALL: {
          // Behind the opcode: PRECALL's cache, CALL, its four caches.
          pc += 6;
          let args = sp - (word >>> 8);
          const bottom = args - 2;
          let callable = I32[bottom];
          if (callable !== 0) args--;
          else {
            callable = I32[args - 1];
            if (I32[callable + Head.Type] === T.Method) {
              // A bound method in its own place: function and self become the method form.
              const method = callable;
              const self = I32[method + MethodObject.Self];
              callable = I32[method + MethodObject.Function];
              I32[callable]++;
              I32[self]++;
              I32[bottom] = callable;
              I32[--args] = self;
              if (--I32[method] === 0) dealloc(method);
            }
          }
          let nargs = sp - args;
          const type = I32[callable + Head.Type];
          let flags = 0;
          if (type === T.Type && kwnames === 0) {
            const init = initOf(callable);
            if (init !== 0) {
              I32[frame + Frame.Pc] = pc;
              thread.sp = sp;
              const instance = newInstance(callable);
              if (instance === 0) break dispatch;
              if (I32[bottom] !== 0) {
                // [class, a…], a decorator's form, has no room for self.
                I32.copyWithin(bottom + 2, bottom + 1, sp);
                sp++;
              }
              // [NULL, class, a…] becomes [instance, instance as self, a…].
              args = bottom + 1;
              nargs = sp - args;
              I32[instance]++;
              I32[bottom] = instance;
              I32[args] = instance;
              if (--I32[callable] === 0) dealloc(callable);
              callable = init;
              flags = FrameFlag.Init;
            }
          }
          if (flags !== 0 || type === T.Function) {
            const code = I32[callable + FunctionObject.Code];
            if (
              kwnames !== 0 ||
              nargs !== I32[code + CodeObject.ArgCount] ||
              (I32[code + CodeObject.Flags] & CodeFlag.Plain) === 0
            ) {
              I32[frame + Frame.Pc] = pc;
              thread.sp = sp;
              const named = kwnames === 0 ? 0 : I32[kwnames + TupleObject.Size];
              const placed = placeArguments(callable, code, args, nargs - named, kwnames);
              kwnames = 0;
              sp = thread.sp;
              if (!placed) break dispatch;
              nargs = sp - args;
            }
            const callee = args + I32[code + CodeObject.LocalsPlus];
            if (
              ++thread.depth > thread.recursionLimit ||
              callee + Frame.Size + I32[code + CodeObject.StackSize] > thread.stackLimit
            ) {
              thread.depth--;
              I32[frame + Frame.Pc] = pc;
              thread.sp = sp;
              operations.raiseRecursion();
              break dispatch;
            }
            for (let at = args + nargs; at < callee; at++) I32[at] = 0;
            // Nothing on the stack holds an __init__ that stands in for its class.
            if (flags !== 0) I32[callable]++;
            I32[frame + Frame.Pc] = pc;
            I32[callee + Frame.Previous] = frame;
            I32[callee + Frame.Function] = callable;
            I32[callee + Frame.Fp] = args;
            I32[callee + Frame.ReturnSp] = bottom;
            I32[callee + Frame.Flags] = flags;
            I32[callee + Frame.Locals] = 0;
            I32[callee + Frame.Generator] = 0;
            frame = callee;
            fp = args;
            sp = callee + Frame.Size;
            pc = I32[code + CodeObject.Bytecode];
            consts = I32[code + CodeObject.Consts] + TupleObject.Items;
            I32[frame + Frame.Consts] = consts;
            I32[frame + Frame.Pc] = pc;
            I32[frameWord] = frame;
            if (--budget < 0) {
              thread.sp = sp;
              return AGAIN;
            }
            continue;
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const names = kwnames;
          kwnames = 0;
          if (names !== 0) nargs -= I32[names + TupleObject.Size];
          const result = callNative(callable, args, nargs, names);
          if (result === 0) break dispatch;
          operations.dropWords(bottom, sp);
          sp = bottom;
          I32[sp++] = result;
          if (I32[Breaker.Word] !== 0) {
            thread.sp = sp;
            if (handleBreaker() < 0) break dispatch;
          }
          continue;
        }
        case Op.CALL_FUNCTION_EX: {
          const count = 2 + ((word >>> 8) & 1);
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const kwargs = count === 3 ? I32[sp - 1] : 0;
          const result = callFunctionEx(I32[sp - count], I32[sp - count + 1], kwargs);
          if (result === 0) break dispatch;
          // The NULL that was pushed before the callable goes as well.
          operations.dropWords(sp - count - 1, sp);
          sp -= count + 1;
          I32[sp++] = result;
          if (I32[Breaker.Word] !== 0) {
            thread.sp = sp;
            if (handleBreaker() < 0) break dispatch;
          }
          continue;
        }
        case Op.RETURN_VALUE: {
          const value = I32[--sp];
          thread.sp = sp;
          for (let at = fp; at < frame; at++) {
            const local = I32[at];
            if (local !== 0 && --I32[local] === 0) {
              I32[at] = 0;
              dealloc(local);
            }
          }
          thread.depth--;
          if ((I32[frame + Frame.Flags] & FrameFlag.Snapshot) !== 0) dropSnapshot(frame);
          const flags = I32[frame + Frame.Flags];
          const bottom = I32[frame + Frame.ReturnSp];
          const previous = I32[frame + Frame.Previous];
          if (flags === 0) {
            // Behind the result's place: the callable, or NULL and the callable.
            const callable = I32[fp - 1];
            sp = bottom;
            I32[sp++] = value;
            frame = previous;
            I32[frameWord] = frame;
            fp = I32[frame + Frame.Fp];
            pc = I32[frame + Frame.Pc];
            consts = I32[frame + Frame.Consts];
            thread.sp = sp;
            if (--I32[callable] === 0) dealloc(callable);
            continue;
          }
          if (I32[frame + Frame.Locals] !== 0) decref(I32[frame + Frame.Locals]);
          I32[frameWord] = previous;
          if ((flags & FrameFlag.Generator) !== 0) {
            const exhausted = I32[frame + Frame.ExhaustedPc];
            finishGenerator(frame);
            if ((flags & FrameFlag.Entry) !== 0) return operations.returnFromGenerator(value);
            decref(value);
            sp = bottom - 1;
            frame = previous;
            fp = I32[frame + Frame.Fp];
            pc = exhausted;
            consts = I32[frame + Frame.Consts];
            thread.sp = sp;
            decref(I32[sp]);
            continue;
          }
          if ((flags & FrameFlag.Entry) !== 0) return value;
          // __init__: the instance below the arguments is the result.
          decref(I32[frame + Frame.Function]);
          sp = bottom + 1;
          frame = previous;
          fp = I32[frame + Frame.Fp];
          pc = I32[frame + Frame.Pc];
          consts = I32[frame + Frame.Consts];
          thread.sp = sp;
          if (value !== S.None) {
            operations.raiseInitResult(value);
            break dispatch;
          }
          I32[value]--;
          continue;
        }
        case Op.MAKE_FUNCTION: {
          const code = I32[sp - 1];
          const flags = word >>> 8;
          const callee = I32[frame + Frame.Function];
          const made = newFunction(code, I32[callee + FunctionObject.Globals], 0);
          if (made === 0) break dispatch;
          sp--;
          decref(code);
          if ((flags & 8) !== 0) I32[made + FunctionObject.Closure] = I32[--sp];
          if ((flags & 4) !== 0) I32[made + FunctionObject.Annotations] = I32[--sp];
          if ((flags & 2) !== 0) I32[made + FunctionObject.KwDefaults] = I32[--sp];
          if ((flags & 1) !== 0) I32[made + FunctionObject.Defaults] = I32[--sp];
          I32[sp++] = made;
          continue;
        }

        // --- exceptions and context managers ---

        case Op.PUSH_EXC_INFO: {
          const exception = I32[sp - 1];
          const handled = thread.handled;
          const flags = I32[frame + Frame.Flags];
          const outer = (flags & (FrameFlag.Generator | FrameFlag.Handles)) === FrameFlag.Generator;
          // A generator that handles nothing itself leaves no trace of its resumer's exception.
          if (handled === 0 || outer) {
            I32[S.None]++;
            I32[sp - 1] = S.None;
            if (outer) {
              if (handled !== 0) I32[handled]--;
              I32[frame + Frame.Flags] = flags | FrameFlag.Handles;
            }
          } else {
            I32[sp - 1] = handled;
          }
          I32[exception]++;
          thread.handled = exception;
          I32[sp++] = exception;
          continue;
        }
        case Op.POP_EXCEPT: {
          const previous = I32[--sp];
          const handled = thread.handled;
          if (previous !== S.None) thread.handled = previous;
          else {
            I32[S.None]--;
            const outer = I32[frame + Frame.Generator] !== 0 ? I32[frame + Frame.OuterHandled] : 0;
            if (outer !== 0) I32[outer]++;
            I32[frame + Frame.Flags] &= ~FrameFlag.Handles;
            thread.handled = outer;
          }
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (--I32[handled] === 0) dealloc(handled);
          continue;
        }
        case Op.CHECK_EXC_MATCH: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const match = I32[sp - 1];
          const truth = operations.checkExceptionMatch(I32[sp - 2], match);
          if (truth < 0) break dispatch;
          const result = truth === 1 ? S.True : S.False;
          I32[result]++;
          I32[sp - 1] = result;
          if (--I32[match] === 0) dealloc(match);
          continue;
        }
        case Op.RAISE_VARARGS: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const count = word >>> 8;
          reraised = operations.raiseVarargs(
            count > 0 ? I32[sp - count] : 0,
            count > 1 ? I32[sp - 1] : 0,
          );
          break dispatch;
        }
        case Op.RERAISE: {
          const exception = I32[--sp];
          thread.sp = sp;
          operations.reraise(exception);
          reraised = true;
          break dispatch;
        }
        case Op.BEFORE_WITH: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          // Leaves the bound __exit__ in place of the manager and pushes __enter__'s result.
          if (operations.beforeWith(sp) < 0) break dispatch;
          sp++;
          continue;
        }
        case Op.WITH_EXCEPT_START: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const result = operations.withExceptStart(I32[sp - 4], I32[sp - 1]);
          if (result === 0) break dispatch;
          I32[sp++] = result;
          continue;
        }

        // --- imports, classes, the rest ---

        case Op.IMPORT_NAME: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const callee = I32[frame + Frame.Function];
          const name = operations.nameAt(callee, word >>> 8);
          const module = importName(callee, name, I32[sp - 1], I32[sp - 2]);
          if (module === 0) break dispatch;
          operations.dropWords(sp - 2, sp);
          sp -= 2;
          I32[sp++] = module;
          continue;
        }
        case Op.IMPORT_FROM: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const name = operations.nameAt(I32[frame + Frame.Function], word >>> 8);
          const value = importFrom(I32[sp - 1], name);
          if (value === 0) break dispatch;
          I32[sp++] = value;
          continue;
        }
        case Op.IMPORT_STAR: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (importStar(I32[sp - 1], I32[frame + Frame.Locals]) < 0) break dispatch;
          decref(I32[--sp]);
          continue;
        }
        case Op.LOAD_BUILD_CLASS: {
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          const value = operations.loadBuildClass(I32[frame + Frame.Function]);
          if (value === 0) break dispatch;
          I32[sp++] = value;
          continue;
        }
        case Op.LOAD_ASSERTION_ERROR:
          I32[T.AssertionError]++;
          I32[sp++] = T.AssertionError;
          continue;
        case Op.SETUP_ANNOTATIONS:
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (operations.setupAnnotations(frame) < 0) break dispatch;
          continue;
        default: {
          // Pattern matching, coroutines, interactive printing: no hot path.
          I32[frame + Frame.Pc] = pc;
          thread.sp = sp;
          if (operations.rareOpcode(word & 255, word >>> 8) < 0) break dispatch;
          sp = thread.sp;
        }
      }
    }
    failed = true;
  }
}
