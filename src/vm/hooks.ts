/** `sys.unraisablehook`: what a program may do with exceptions that cannot be raised. */
import { type Addr, heap } from "../memory/heap.js";
import { call1 } from "../object/call.js";
import { dictGetStr } from "../object/dict.js";
import { clearPending, takePending } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { ExceptionObject, Head } from "../object/layout.js";
import { newNamespace } from "../object/namespace.js";
import { reprObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { formatException } from "../object/traceback.js";
import { S } from "../object/types.js";
import { registerUnraisableHook, writeError } from "../object/unraisable.js";
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

registerUnraisableHook((exc, where, text) => {
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
