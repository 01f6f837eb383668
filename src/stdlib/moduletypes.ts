/** Entering static types in the dict of the module they belong to. */
import type { Addr } from "../memory/heap.js";
import { typeDefs } from "../object/define.js";
import { dictSetStr } from "../object/dict.js";
import { decref } from "../object/header.js";
import { newInterned } from "../object/intern.js";

/** Set `dict[name] = value` (borrowed) for an ASCII name. */
export function setModuleItem(dict: Addr, name: string, value: Addr): number {
  const key = newInterned(name);
  if (key === 0) return -1;
  const status = dictSetStr(dict, key, value);
  decref(key);
  return status;
}

/** Enter every static type whose full name starts with `prefix` ("itertools."). */
export function addTypes(dict: Addr, prefix: string): number {
  for (const def of typeDefs) {
    if (!def.name.startsWith(prefix)) continue;
    if (setModuleItem(dict, def.name.slice(prefix.length), def.type) < 0) return -1;
  }
  return 0;
}
