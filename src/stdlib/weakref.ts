/** The `_weakref` module; what `weakref` builds on it is python/weakref.py. */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { defineModule, fast, oneArg } from "../object/define.js";
import { dictDelete, dictGet, isDict } from "../object/dict.js";
import { newNone, pending, raise } from "../object/errors.js";
import { typeOf } from "../object/header.js";
import { newInt } from "../object/int.js";
import { listFromValues } from "../object/list.js";
import { slotsOf } from "../object/slots.js";
import { typeName } from "../object/type.js";
import { S, T } from "../object/types.js";
import {
  firstWeakRef,
  getReferent,
  isWeakRef,
  newWeakRef,
  nextWeakRef,
} from "../object/weakref.js";
import { setModuleItem } from "./moduletypes.js";

const I32 = heap.I32;

function proxy(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("proxy", nargs, 1, 2)) return 0;
  const callback = nargs === 2 && I32[args + 1] !== S.None ? I32[args + 1] : 0;
  const callable = slotsOf(typeOf(I32[args])).call !== null;
  return newWeakRef(callable ? T.WeakCallableProxy : T.WeakProxy, I32[args], callback);
}

function getWeakRefCount(_: Addr, object: Addr): Addr {
  let n = 0;
  for (let ref = firstWeakRef(object); ref !== 0; ref = nextWeakRef(ref)) n++;
  return newInt(n);
}

function getWeakRefs(_: Addr, object: Addr): Addr {
  const alive: Addr[] = [];
  for (let ref = firstWeakRef(object); ref !== 0; ref = nextWeakRef(ref)) {
    if (I32[ref] > 0) alive.push(ref);
  }
  return listFromValues(alive);
}

/** Delete `dict[key]` if its value is a weak reference whose referent is dead. */
function removeDead(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_remove_dead_weakref", nargs, 2, 2)) return 0;
  const [dict, key] = [I32[args], I32[args + 1]];
  if (!isDict(dict)) return raise(T.TypeError, `expected dict, got ${typeName(typeOf(dict))}`);
  const ref = dictGet(dict, key);
  if (ref === 0) return pending() ? 0 : newNone();
  if (!isWeakRef(ref)) return raise(T.TypeError, "not a weakref");
  if (getReferent(ref) === 0 && dictDelete(dict, key) < 0) return 0;
  return newNone();
}

defineModule({
  name: "_weakref",
  doc: "Weak-reference support module.",
  functions: [
    fast("proxy", proxy),
    oneArg("getweakrefcount", getWeakRefCount),
    oneArg("getweakrefs", getWeakRefs),
    fast("_remove_dead_weakref", removeDead),
  ],
  setup: (_module, dict) => {
    for (const [name, type] of [
      ["ref", T.WeakRef],
      ["ReferenceType", T.WeakRef],
      ["ProxyType", T.WeakProxy],
      ["CallableProxyType", T.WeakCallableProxy],
    ] as [string, Addr][]) {
      if (setModuleItem(dict, name, type) < 0) return -1;
    }
    return 0;
  },
});
