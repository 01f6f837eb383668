/** The module `_pickle`: its exceptions, and what pickler.ts and unpickler.ts define. */
import type { Addr } from "../memory/heap.js";
import { defineModule, defineType } from "../object/define.js";
import { exceptionSlots } from "../object/exceptions.js";
import { ExceptionObject, TypeFlag } from "../object/layout.js";
import { T } from "../object/types.js";
import { addTypes, setModuleItem } from "./moduletypes.js";
import "./picklebuffer.js";
import { dumpFunctions } from "./pickler.js";
import { loadFunctions } from "./unpickler.js";

function defineError(type: Addr, name: string, base: Addr): void {
  defineType({
    type,
    name: `_pickle.${name}`,
    base,
    flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
    basicSize: ExceptionObject.Bytes,
    dictOffset: ExceptionObject.Dict,
    slots: exceptionSlots,
  });
}

defineError(T.PickleError, "PickleError", T.Exception);
defineError(T.PicklingError, "PicklingError", T.PickleError);
defineError(T.UnpicklingError, "UnpicklingError", T.PickleError);

defineModule({
  name: "_pickle",
  doc: "Optimized C implementation for the Python pickle module.",
  functions: [...dumpFunctions, ...loadFunctions],
  setup: (_module, dict) => {
    if (setModuleItem(dict, "PickleBuffer", T.PickleBuffer) < 0) return -1;
    return addTypes(dict, "_pickle.");
  },
});
