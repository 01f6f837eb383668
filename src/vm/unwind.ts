/**
 * Finding the handler of a raised exception in a frame: zero-cost exception tables, as 3.11.
 */
import { type Addr, heap } from "../memory/heap.js";
import { clearPending, exceptionMatches, restorePending, takePending } from "../object/errors.js";
import { setContext } from "../object/exceptions.js";
import { decref, incref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { CodeObject, FunctionObject } from "../object/layout.js";
import { thread } from "../object/thread.js";
import { addTraceback } from "../object/traceback.js";
import { S, T } from "../object/types.js";
import { ExceptionWords, lineOf } from "./code.js";
import { Frame } from "./frame.js";

const I32 = heap.I32;

/**
 * Where `frame` goes on with the pending exception, raised by the instruction before `pc`: the
 * word to execute next, with the stack cut back (`thread.sp`) and the exception pushed; 0 when the
 * frame does not handle it. Unless `reraised`, the frame is added to the traceback.
 */
export function findHandler(frame: Addr, pc: Addr, reraised: boolean): Addr {
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  const bytecode = I32[code + CodeObject.Bytecode];
  const index = pc - 1 - bytecode;
  if (!reraised) {
    const exc = takePending();
    const globals = I32[I32[frame + Frame.Function] + FunctionObject.Globals];
    addTraceback(exc, frame, code, index, lineOf(code, index), globals);
    // No memory for the entry: a MemoryError takes the place of what it could not tell.
    if (thread.pending === 0 || exceptionMatches(exc, T.MemoryError)) restorePending(exc);
    else setContext(thread.pending, exc);
  }
  const table = I32[code + CodeObject.ExceptionTable];
  const count = I32[code + CodeObject.ExceptionCount];
  for (let i = 0; i < count; i++) {
    const entry = table + i * ExceptionWords.Size;
    if (index < I32[entry + ExceptionWords.Start] || index >= I32[entry + ExceptionWords.End]) {
      continue;
    }
    const level = frame + Frame.Size + I32[entry + ExceptionWords.Depth];
    const exc = takePending();
    let sp = thread.sp;
    while (sp > level) {
      const value = I32[--sp];
      if (value !== 0) decref(value);
    }
    if (I32[entry + ExceptionWords.Lasti] !== 0) {
      // Nobody reads it: None serves where there is no memory for the number.
      const lasti = newInt(index);
      if (lasti === 0) clearPending();
      I32[sp++] = lasti === 0 ? incref(S.None) : lasti;
    }
    I32[sp++] = exc;
    thread.sp = sp;
    return bytecode + I32[entry + ExceptionWords.Target];
  }
  return 0;
}
