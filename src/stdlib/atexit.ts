/**
 * The `atexit` module: functions that run before the modules are torn down (H27), last one first.
 */
import { type Addr, heap } from "../memory/heap.js";
import { richCompareBool } from "../object/abstract.js";
import { callTuple, isCallable } from "../object/call.js";
import { defineModule, keywords, noArgs, oneArg } from "../object/define.js";
import { dictSetStr, newDict } from "../object/dict.js";
import { newNone, raise } from "../object/errors.js";
import { clearField, decref, incref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { ListObject, TupleObject } from "../object/layout.js";
import { listAppend, newList } from "../object/list.js";
import { Compare } from "../object/slots.js";
import { newTuple3, tupleFromStackBorrowed } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { writeUnraisableIn } from "../object/unraisable.js";
import { VmState } from "../vm/state.js";

const I32 = heap.I32;

/** Item `i` of the tuple `(function, args, kwargs)`. */
function part(entry: Addr, i: number): Addr {
  return I32[entry + TupleObject.Items + 2 * i];
}

function newKeywords(values: Addr, names: Addr): Addr {
  const n = names === 0 ? 0 : I32[names + TupleObject.Size];
  if (n === 0) return incref(S.None);
  const dict = newDict();
  for (let i = 0; dict !== 0 && i < n; i++) {
    if (dictSetStr(dict, part(names, i), I32[values + i]) < 0) {
      decref(dict);
      return 0;
    }
  }
  return dict;
}

function register(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs === 0) {
    return raise(T.TypeError, "register() takes at least 1 argument (0 given)");
  }
  if (!isCallable(I32[args])) return raise(T.TypeError, "the first argument must be callable");
  if (I32[VmState.ExitFunctions] === 0) I32[VmState.ExitFunctions] = newList(0);
  const list = I32[VmState.ExitFunctions];
  if (list === 0) return 0;
  const positional = tupleFromStackBorrowed(args + 1, nargs - 1);
  const named = positional === 0 ? 0 : newKeywords(args + nargs, kwnames);
  const entry = named === 0 ? 0 : newTuple3(I32[args], positional, named);
  if (positional !== 0) decref(positional);
  if (named !== 0) decref(named);
  if (entry === 0) return 0;
  const status = listAppend(list, entry);
  decref(entry);
  return status < 0 ? 0 : incref(I32[args]);
}

/** The registered functions as a new list without those equal to `callable`; 0 on an error. */
function without(callable: Addr): Addr {
  const list = I32[VmState.ExitFunctions];
  const kept = newList(0);
  for (let i = 0; kept !== 0 && i < I32[list + ListObject.Size]; i++) {
    const entry = incref(I32[I32[list + ListObject.Items] + 2 * i]);
    const same = richCompareBool(part(entry, 0), callable, Compare.Eq);
    const failed = same < 0 || (same === 0 && listAppend(kept, entry) < 0);
    decref(entry);
    if (failed) {
      decref(kept);
      return 0;
    }
  }
  return kept;
}

function unregister(_: Addr, callable: Addr): Addr {
  const list = I32[VmState.ExitFunctions];
  if (list === 0) return newNone();
  incref(list);
  const kept = without(callable);
  decref(list);
  if (kept === 0) return 0;
  clearField(VmState.ExitFunctions);
  I32[VmState.ExitFunctions] = kept;
  return newNone();
}

function runExitFunctions(): Addr {
  const list = I32[VmState.ExitFunctions];
  if (list === 0) return newNone();
  incref(list);
  // What the functions register themselves is not run.
  for (let i = I32[list + ListObject.Size] - 1; i >= 0; i--) {
    const entry = incref(I32[I32[list + ListObject.Items] + 2 * i]);
    const named = part(entry, 2);
    const result = callTuple(part(entry, 0), part(entry, 1), named === S.None ? 0 : named);
    if (result !== 0) decref(result);
    else writeUnraisableIn("Exception ignored in atexit callback", part(entry, 0));
    decref(entry);
  }
  decref(list);
  clearField(VmState.ExitFunctions);
  return newNone();
}

defineModule({
  name: "atexit",
  doc: "allow programmer to define multiple exit functions to be executed\nupon normal program termination.",
  functions: [
    keywords("register", register),
    oneArg("unregister", unregister),
    noArgs("_run_exitfuncs", runExitFunctions),
    noArgs("_clear", () => {
      clearField(VmState.ExitFunctions);
      return newNone();
    }),
    noArgs("_ncallbacks", () => {
      const list = I32[VmState.ExitFunctions];
      return newInt(list === 0 ? 0 : I32[list + ListObject.Size]);
    }),
  ],
});
