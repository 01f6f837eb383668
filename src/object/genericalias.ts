/**
 * `list[int]` and its like (types.GenericAlias): origin, arguments, and the class's own behaviour.
 */

import { type Addr, heap } from "../memory/heap.js";
import { hashObject, richCompareBool } from "./abstract.js";
import { checkArity } from "./arguments.js";
import { genericGetAttr, getAttr, getAttrOptional } from "./attribute.js";
import { callObject } from "./call.js";
import { classBound, defineType, member, oneArg } from "./define.js";
import { newNotImplemented, pending, raise } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { clearField, decref, incref, isKindOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { fieldReduction } from "./reduction.js";
import { reprObject } from "./repr.js";
import { newTruth } from "./sequencecompare.js";
import { Compare } from "./slots.js";
import { getString, isStr, newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { newTuple1 } from "./tuple.js";
import { S, T } from "./types.js";
import { newUnion } from "./uniontype.js";

const I32 = heap.I32;

const enum Alias {
  Origin = 4,
  Args = 6,
  Parameters = 8,
  Bytes = 48,
}

const moduleName = identifier("__module__");

const OWN = new Set([
  "__origin__",
  "__args__",
  "__parameters__",
  "__mro_entries__",
  "__class__",
  "__repr__",
  "__eq__",
  "__hash__",
  "__getitem__",
  "__call__",
  "__reduce__",
  "__reduce_ex__",
  "__copy__",
  "__deepcopy__",
]);

/** `origin[item]`. */
export function newGenericAlias(origin: Addr, item: Addr): Addr {
  const args = I32[item + Head.Type] === T.Tuple ? incref(item) : newTuple1(item);
  if (args === 0) return 0;
  const alias = newGcObject(T.GenericAlias, Alias.Bytes);
  if (alias === 0) {
    decref(args);
    return 0;
  }
  I32[alias + Alias.Origin] = incref(origin);
  I32[alias + Alias.Args] = args;
  I32[alias + Alias.Parameters] = incref(S.EmptyTuple);
  track(alias);
  return alias;
}

/** `__class_getitem__` of the builtin containers. */
export const classGetItemMethod = classBound(oneArg("__class_getitem__", newGenericAlias));

/** How an argument shows: classes by their qualified name. */
export function argumentText(object: Addr): string | null {
  if (object === S.Ellipsis) return "...";
  if (isKindOf(object, TypeFlag.TypeSubclass)) {
    const name = getString(I32[object + TypeObject.QualName] || I32[object + TypeObject.Name]);
    const module = getAttrOptional(object, moduleName);
    if (module === 0) {
      if (!pending()) return name;
      return null;
    }
    const from = isStr(module) ? getString(module) : "builtins";
    decref(module);
    return from === "builtins" ? name : `${from}.${name}`;
  }
  const text = reprObject(object);
  if (text === 0) return null;
  const shown = getString(text);
  decref(text);
  return shown;
}

function aliasRepr(self: Addr): Addr {
  const origin = argumentText(I32[self + Alias.Origin]);
  if (origin === null) return 0;
  const args = I32[self + Alias.Args];
  const n = I32[args + TupleObject.Size];
  const parts: string[] = [];
  for (let i = 0; i < n; i++) {
    const part = argumentText(I32[args + TupleObject.Items + 2 * i]);
    if (part === null) return 0;
    parts.push(part);
  }
  return newStr(`${origin}[${n === 0 ? "()" : parts.join(", ")}]`);
}

function aliasEqual(left: Addr, right: Addr, op: number): Addr {
  const alias = I32[right + Head.Type] === T.GenericAlias;
  if (!alias || (op !== Compare.Eq && op !== Compare.Ne)) return newNotImplemented();
  const origin = I32[left + Alias.Origin] === I32[right + Alias.Origin];
  const equal = origin
    ? richCompareBool(I32[left + Alias.Args], I32[right + Alias.Args], Compare.Eq)
    : 0;
  return equal < 0 ? 0 : newTruth((equal === 1) === (op === Compare.Eq));
}

function aliasGetAttr(self: Addr, name: Addr): Addr {
  if (OWN.has(getString(name))) return genericGetAttr(self, name);
  return getAttr(I32[self + Alias.Origin], name);
}

defineType({
  type: T.GenericAlias,
  name: "types.GenericAlias",
  flags: TypeFlag.HasGc,
  basicSize: Alias.Bytes,
  slots: {
    dealloc: inTrashcan((self) => {
      clearField(self + Alias.Origin);
      clearField(self + Alias.Args);
      clearField(self + Alias.Parameters);
      freeObject(self);
    }),
    traverse: (self, visit) => {
      visit(I32[self + Alias.Origin]);
      visit(I32[self + Alias.Args]);
    },
    repr: aliasRepr,
    hash: (self) => {
      const args = hashObject(I32[self + Alias.Args]);
      const origin = args === -1 ? -1 : hashObject(I32[self + Alias.Origin]);
      if (origin === -1) return -1;
      const hash = args ^ origin;
      return hash === -1 ? -2 : hash;
    },
    richCompare: aliasEqual,
    getAttr: aliasGetAttr,
    call: (self, args, nargs, kwnames) =>
      callObject(I32[self + Alias.Origin], args, nargs, kwnames),
    new: (_type, args, nargs) =>
      checkArity("GenericAlias", nargs, 2, 2) ? newGenericAlias(I32[args], I32[args + 1]) : 0,
    or: newUnion,
    subscript: (self, item) => newGenericAlias(I32[self + Alias.Origin], item),
  },
  methods: [
    fieldReduction(Alias.Origin, Alias.Args),
    oneArg("__mro_entries__", (self) => newTuple1(I32[self + Alias.Origin])),
    oneArg("__instancecheck__", () =>
      raise(T.TypeError, "isinstance() argument 2 cannot be a parameterized generic"),
    ),
    oneArg("__subclasscheck__", () =>
      raise(T.TypeError, "issubclass() argument 2 cannot be a parameterized generic"),
    ),
  ],
  members: [
    member("__origin__", Alias.Origin),
    member("__args__", Alias.Args),
    member("__parameters__", Alias.Parameters),
  ],
});
