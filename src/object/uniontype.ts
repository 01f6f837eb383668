/** `int | str` (types.UnionType): a tuple of different classes, for annotations and isinstance. */
import { type Addr, heap } from "../memory/heap.js";
import { hashObject, richCompareBool } from "./abstract.js";
import { defineType, member, oneArg } from "./define.js";
import { newNotImplemented, raise } from "./errors.js";
import { newGcObject, track } from "./gcheader.js";
import { argumentText } from "./genericalias.js";
import { decref, incref, isKindOf } from "./header.js";
import { Head, TupleObject, TypeFlag } from "./layout.js";
import { fieldSlots } from "./nativeiterator.js";
import { newTruth } from "./sequencecompare.js";
import { newFrozenSet } from "./set.js";
import { Compare } from "./slots.js";
import { newStr } from "./str.js";
import { newTuple } from "./tuple.js";
import { isInstance, isSubclass } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

const enum Union {
  Args = 4,
  Parameters = 6,
  Bytes = 32,
}

/** May `object` be a member of a union: a class, None, an alias or a union? */
function isMember(object: Addr): boolean {
  const type = I32[object + Head.Type];
  if (object === S.None || type === T.GenericAlias || type === T.UnionType) return true;
  return isKindOf(object, TypeFlag.TypeSubclass);
}

/** The `or` slot of classes, aliases and unions. */
export function newUnion(left: Addr, right: Addr): Addr {
  if (!isMember(left) || !isMember(right)) return newNotImplemented();
  const members: Addr[] = [];
  for (const part of [left, right]) {
    if (I32[part + Head.Type] !== T.UnionType) {
      addMember(members, part === S.None ? T.NoneType : part);
      continue;
    }
    const args = I32[part + Union.Args];
    for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
      addMember(members, I32[args + TupleObject.Items + 2 * i]);
    }
  }
  if (members.length === 1) return incref(members[0]);
  const args = newTuple(members.length);
  if (args === 0) return 0;
  for (const [i, part] of members.entries()) {
    I32[args + TupleObject.Items + 2 * i] = incref(part);
  }
  track(args);
  const union = newGcObject(T.UnionType, Union.Bytes);
  if (union === 0) {
    decref(args);
    return 0;
  }
  I32[union + Union.Args] = args;
  I32[union + Union.Parameters] = incref(S.EmptyTuple);
  track(union);
  return union;
}

/** Aliases that are equal count as one; classes are compared by identity. */
function addMember(members: Addr[], part: Addr): void {
  for (const known of members) {
    if (known === part) return;
    const aliases =
      I32[known + Head.Type] === T.GenericAlias && I32[part + Head.Type] === T.GenericAlias;
    if (aliases && richCompareBool(known, part, Compare.Eq) === 1) return;
  }
  members.push(part);
}

function unionRepr(self: Addr): Addr {
  const args = I32[self + Union.Args];
  const parts: string[] = [];
  for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
    const part = I32[args + TupleObject.Items + 2 * i];
    const text = part === T.NoneType ? "None" : argumentText(part);
    if (text === null) return 0;
    parts.push(text);
  }
  return newStr(parts.join(" | "));
}

/** Unions are equal when they have the same members, in any order. */
function memberSet(self: Addr): Addr {
  return newFrozenSet(I32[self + Union.Args]);
}

function unionEqual(left: Addr, right: Addr, op: number): Addr {
  const union = I32[right + Head.Type] === T.UnionType;
  if (!union || (op !== Compare.Eq && op !== Compare.Ne)) return newNotImplemented();
  const a = memberSet(left);
  const b = a === 0 ? 0 : memberSet(right);
  const equal = b === 0 ? -1 : richCompareBool(a, b, Compare.Eq);
  if (a !== 0) decref(a);
  if (b !== 0) decref(b);
  return equal < 0 ? 0 : newTruth((equal === 1) === (op === Compare.Eq));
}

/** Does `check` hold for one member? */
function anyMember(
  name: string,
  self: Addr,
  object: Addr,
  check: (object: Addr, cls: Addr) => number,
): Addr {
  const args = I32[self + Union.Args];
  for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
    const part = I32[args + TupleObject.Items + 2 * i];
    if (I32[part + Head.Type] === T.GenericAlias) {
      return raise(T.TypeError, `${name}() argument 2 cannot be a parameterized generic`);
    }
    const answer = check(object, part);
    if (answer !== 0) return answer < 0 ? 0 : newTruth(true);
  }
  return newTruth(false);
}

defineType({
  type: T.UnionType,
  name: "types.UnionType",
  flags: TypeFlag.HasGc,
  basicSize: Union.Bytes,
  slots: {
    ...fieldSlots([Union.Args, Union.Parameters]),
    repr: unionRepr,
    hash: (self) => {
      const set = memberSet(self);
      if (set === 0) return -1;
      const hash = hashObject(set);
      decref(set);
      return hash;
    },
    richCompare: unionEqual,
    or: newUnion,
  },
  methods: [
    oneArg("__instancecheck__", (self, object) =>
      anyMember("isinstance", self, object, isInstance),
    ),
    oneArg("__subclasscheck__", (self, cls) => anyMember("issubclass", self, cls, isSubclass)),
  ],
  members: [member("__args__", Union.Args), member("__parameters__", Union.Parameters)],
});
