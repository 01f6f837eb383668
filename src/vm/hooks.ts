/** `sys.unraisablehook`: what a program may do with exceptions that cannot be raised. */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { call1 } from "../object/call.js";
import { dictGetStr } from "../object/dict.js";
import { clearPending, takePending } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { CodeObject, ExceptionObject, FunctionObject, Head } from "../object/layout.js";
import { newNamespace } from "../object/namespace.js";
import { reprObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { addTraceback, formatException } from "../object/traceback.js";
import { S } from "../object/types.js";
import { registerUnraisableHook, writeError } from "../object/unraisable.js";
import { lineOf } from "./code.js";
import { Frame } from "./frame.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const ID_unraisablehook = identifier("unraisablehook");
const ID_unraisablehookDefault = identifier("__unraisablehook__");

/** The program's own hook (new reference), or 0. */
function ownHook(): Addr {
  const dict = I32[VmState.SysDict];
  if (dict === 0) return 0;
  const hook = dictGetStr(dict, ID_unraisablehook);
  const original = dictGetStr(dict, ID_unraisablehookDefault);
  if (hook === 0 || hook === S.None || hook === original) return 0;
  return incref(hook);
}

function tracebackOf(exc: Addr): Addr {
  const traceback = I32[exc + ExceptionObject.Traceback];
  return traceback === 0 ? S.None : traceback;
}

/** An exception raised outside of any frame names the one that runs. */
function nameFrame(exc: Addr): void {
  const frame = I32[thread.state + ThreadState.Frame];
  if (I32[exc + ExceptionObject.Traceback] !== 0 || frame === 0) return;
  const callee = I32[frame + Frame.Function];
  const code = I32[callee + FunctionObject.Code];
  const index = I32[frame + Frame.Pc] - 1 - I32[code + CodeObject.Bytecode];
  if (index < 0) return;
  const globals = I32[callee + FunctionObject.Globals];
  addTraceback(exc, frame, code, index, lineOf(code, index), globals);
}

registerUnraisableHook((exc, where, text) => {
  nameFrame(exc);
  const hook = ownHook();
  if (hook === 0) return false;
  const message = text === "Exception ignored in" ? incref(S.None) : newStr(text);
  const details = newNamespace([
    ["exc_type", incref(I32[exc + Head.Type])],
    ["exc_value", incref(exc)],
    ["exc_traceback", incref(tracebackOf(exc))],
    ["err_msg", message],
    ["object", incref(where === 0 ? S.None : where)],
  ]);
  const result = details === 0 ? 0 : call1(hook, details);
  if (details !== 0) decref(details);
  if (result !== 0) decref(result);
  else {
    const failure = takePending();
    const shown = reprObject(hook);
    const name = shown === 0 ? "<object repr() failed>" : getString(shown);
    if (shown !== 0) decref(shown);
    writeError(`Exception ignored in sys.unraisablehook: ${name}\n${formatException(failure)}`);
    decref(failure);
    clearPending();
  }
  decref(hook);
  return true;
});
