/** Exception groups: their types, splitting, and what `except*` needs (PEP 654). */
import { type Addr, heap } from "../memory/heap.js";
import { keywordCount } from "./arguments.js";
import { getAttrOptional, setAttr } from "./attribute.js";
import { call1, callMethod1 } from "./call.js";
import { classBound, defineType, member, oneArg } from "./define.js";
import { exceptionMatches, newNone, pending, raise, raiseStatus } from "./errors.js";
import {
  exceptionInit,
  exceptionSlots,
  isException,
  isExceptionClass,
  newException,
} from "./exceptions.js";
import { exceptionDefs } from "./exceptiontypes.js";
import { newGenericAlias } from "./genericalias.js";
import { decref, incref, setField, typeHasFlag, typeOf, xincref } from "./header.js";
import { identifier } from "./identifiers.js";
import { ExceptionObject, ListObject, TupleObject, TypeFlag } from "./layout.js";
import { listFromItems, listFromValues } from "./list.js";
import { ExceptionField } from "./nameerrors.js";
import { isTrue } from "./number.js";
import { slotsOf } from "./slots.js";
import { getString, isStr, newStr } from "./str.js";
import { newTuple1, newTuple2, tupleFromIterable, tupleFromStackBorrowed } from "./tuple.js";
import { isSubtype, isType, typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idDerive = identifier("derive");
const idNotes = identifier("__notes__");

/** Is `object` an exception group? */
function isExceptionGroup(object: Addr): boolean {
  return isSubtype(typeOf(object), T.BaseExceptionGroup);
}

function members(group: Addr): Addr {
  return I32[group + ExceptionField.GroupExceptions];
}

function groupNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const name = typeName(type);
  if (keywordCount(kwnames) > 0 && type === T.BaseExceptionGroup) {
    return raise(T.TypeError, `${name}() takes no keyword arguments`);
  }
  if (nargs !== 2) {
    const text = `BaseExceptionGroup.__new__() takes exactly 2 arguments (${nargs} given)`;
    return raise(T.TypeError, text);
  }
  const message = I32[args];
  if (!isStr(message)) {
    const kind = typeName(typeOf(message));
    return raise(T.TypeError, `BaseExceptionGroup.__new__() argument 1 must be str, not ${kind}`);
  }
  if (!isSequence(I32[args + 1])) {
    return raise(T.TypeError, "second argument (exceptions) must be a sequence");
  }
  const exceptions = tupleFromIterable(I32[args + 1]);
  if (exceptions === 0) return 0;
  const made = groupType(type, exceptions);
  const tuple = made === 0 ? 0 : tupleFromStackBorrowed(args, nargs);
  const group = tuple === 0 ? 0 : newException(made, tuple);
  if (group === 0) {
    decref(exceptions);
    return 0;
  }
  I32[group + ExceptionField.GroupMessage] = incref(message);
  I32[group + ExceptionField.GroupExceptions] = exceptions;
  return group;
}

function isSequence(object: Addr): boolean {
  const type = typeOf(object);
  if (typeHasFlag(type, TypeFlag.DictSubclass)) return false;
  const slots = slotsOf(type);
  return slots.item !== null || type === T.List || type === T.Tuple;
}

/** The type to make of `type(…, exceptions)`: a group of Exceptions alone is an ExceptionGroup. */
function groupType(type: Addr, exceptions: Addr): Addr {
  const n = I32[exceptions + TupleObject.Size];
  if (n === 0) {
    return raise(T.ValueError, "second argument (exceptions) must be a non-empty sequence");
  }
  let nested = false;
  for (let i = 0; i < n; i++) {
    const item = I32[exceptions + TupleObject.Items + 2 * i];
    if (!isException(item)) {
      const text = `Item ${i} of second argument (exceptions) is not an exception`;
      return raise(T.ValueError, text);
    }
    if (!isSubtype(typeOf(item), T.Exception)) nested = true;
  }
  if (type === T.BaseExceptionGroup) return nested ? type : T.ExceptionGroup;
  if (nested && type === T.ExceptionGroup) {
    return raise(T.TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
  }
  if (nested && isSubtype(type, T.Exception)) {
    return raise(T.TypeError, `Cannot nest BaseExceptions in '${typeName(type)}'`);
  }
  return type;
}

function groupInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (keywordCount(kwnames) > 0 && slotsOf(typeOf(self)).init === groupInit) {
    return raiseStatus(T.TypeError, `${typeName(typeOf(self))}() takes no keyword arguments`);
  }
  return exceptionInit(self, args, nargs, 0);
}

function groupStr(self: Addr): Addr {
  const n = I32[members(self) + TupleObject.Size];
  const message = getString(I32[self + ExceptionField.GroupMessage]);
  return newStr(`${message} (${n} sub-exception${n === 1 ? "" : "s"})`);
}

/** A group like `group` of the borrowed `exceptions`: made by its `derive`, with its metadata. */
function deriveGroup(group: Addr, exceptions: readonly Addr[]): Addr {
  if (exceptions.length === 0) return newNone();
  const list = listFromValues(exceptions);
  if (list === 0) return 0;
  const made = callMethod1(group, idDerive, list);
  decref(list);
  if (made === 0) return 0;
  if (!isExceptionGroup(made)) {
    decref(made);
    return raise(T.TypeError, "derive must return an instance of BaseExceptionGroup");
  }
  for (const offset of [
    ExceptionObject.Traceback,
    ExceptionObject.Context,
    ExceptionObject.Cause,
  ]) {
    setField(made + offset, xincref(I32[group + offset]));
  }
  I32[made + ExceptionObject.SuppressContext] = I32[group + ExceptionObject.SuppressContext];
  const notes = getAttrOptional(group, idNotes);
  if (notes !== 0) {
    const copy =
      typeOf(notes) === T.List
        ? listFromItems(I32[notes + ListObject.Items], I32[notes + ListObject.Size])
        : incref(notes);
    if (copy !== 0) {
      setAttr(made, idNotes, copy);
      decref(copy);
    }
    decref(notes);
  }
  if (!pending()) return made;
  decref(made);
  return 0;
}

/** Does an exception belong to the wanted part? 1, 0, or -1 with an exception pending. */
type Condition = (exc: Addr) => number;

/** Owned results of {@link split}: groups, or None. */
interface Parts {
  match: Addr;
  rest: Addr;
}

/** Divide `exc`, a group or a leaf, by `condition`; null with an exception pending. */
function split(exc: Addr, condition: Condition): Parts | null {
  const whole = condition(exc);
  if (whole < 0) return null;
  if (whole === 1) return { match: incref(exc), rest: newNone() };
  if (!isExceptionGroup(exc)) return { match: newNone(), rest: incref(exc) };
  const parts: Parts[] = [];
  const tuple = members(exc);
  const n = I32[tuple + TupleObject.Size];
  let failed = false;
  for (let i = 0; i < n && !failed; i++) {
    const part = split(I32[tuple + TupleObject.Items + 2 * i], condition);
    if (part === null) failed = true;
    else parts.push(part);
  }
  const some = (object: Addr): boolean => object !== S.None;
  const match = failed ? 0 : deriveGroup(exc, parts.map((part) => part.match).filter(some));
  const rest = match === 0 ? 0 : deriveGroup(exc, parts.map((part) => part.rest).filter(some));
  for (const part of parts) {
    decref(part.match);
    decref(part.rest);
  }
  if (rest !== 0) return { match, rest };
  if (match !== 0) decref(match);
  return null;
}

/** A condition from what a program gives: class, tuple of classes, or function. */
function conditionOf(value: Addr): Condition | null {
  if (isExceptionClass(value) || isClassTuple(value)) {
    return (exc) => (exceptionMatches(exc, value) ? 1 : 0);
  }
  if (!isType(value) && slotsOf(typeOf(value)).call !== null) {
    return (exc) => {
      const answer = call1(value, exc);
      if (answer === 0) return -1;
      const truth = isTrue(answer);
      decref(answer);
      return truth;
    };
  }
  raise(T.TypeError, "expected a function, exception type or tuple of exception types");
  return null;
}

function isClassTuple(value: Addr): boolean {
  if (!typeHasFlag(typeOf(value), TypeFlag.TupleSubclass)) return false;
  const n = I32[value + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    if (!isExceptionClass(I32[value + TupleObject.Items + 2 * i])) return false;
  }
  return true;
}

function splitMethod(self: Addr, value: Addr): Addr {
  const condition = conditionOf(value);
  const parts = condition === null ? null : split(self, condition);
  if (parts === null) return 0;
  const pair = newTuple2(parts.match, parts.rest);
  decref(parts.match);
  decref(parts.rest);
  return pair;
}

function subgroupMethod(self: Addr, value: Addr): Addr {
  const condition = conditionOf(value);
  const parts = condition === null ? null : split(self, condition);
  if (parts === null) return 0;
  decref(parts.rest);
  return parts.match;
}

function deriveMethod(self: Addr, exceptions: Addr): Addr {
  return newGroup(I32[self + ExceptionField.GroupMessage], exceptions);
}

/** `BaseExceptionGroup(message, exceptions)`; both are borrowed. */
function newGroup(message: Addr, exceptions: Addr): Addr {
  const pair = newTuple2(message, exceptions);
  if (pair === 0) return 0;
  const tuple = tupleFromIterable(exceptions);
  const type = tuple === 0 ? 0 : groupType(T.BaseExceptionGroup, tuple);
  const group = type === 0 ? 0 : newException(type, incref(pair));
  decref(pair);
  if (group === 0) {
    if (tuple !== 0) decref(tuple);
    return 0;
  }
  I32[group + ExceptionField.GroupMessage] = incref(message);
  I32[group + ExceptionField.GroupExceptions] = tuple;
  return group;
}

/** Owned results of {@link matchGroup}. */
export const groupMatch = { match: 0, rest: 0 };

/**
 * `except* wanted` on `exc` (a group, a plain exception or None): what it takes and what is left
 * go to {@link groupMatch}. -1 with an exception pending.
 */
export function matchGroup(exc: Addr, wanted: Addr): number {
  if (!checkStarType(wanted)) return -1;
  if (exc !== S.None && exceptionMatches(exc, wanted)) {
    groupMatch.match = isExceptionGroup(exc) ? incref(exc) : wrapNaked(exc);
    groupMatch.rest = newNone();
    return groupMatch.match === 0 ? -1 : 0;
  }
  if (exc !== S.None && isExceptionGroup(exc)) {
    const parts = split(exc, (leaf) => (exceptionMatches(leaf, wanted) ? 1 : 0));
    if (parts === null) return -1;
    groupMatch.match = parts.match;
    groupMatch.rest = parts.rest;
    return 0;
  }
  groupMatch.match = newNone();
  groupMatch.rest = incref(exc);
  return 0;
}

/** `except*` sees groups only: a plain exception comes in a group of its own. */
function wrapNaked(exc: Addr): Addr {
  const single = newTuple1(exc);
  if (single === 0) return 0;
  const group = newGroup(S.EmptyStr, single);
  decref(single);
  return group;
}

function checkStarType(wanted: Addr): boolean {
  if (!isExceptionClass(wanted) && !isClassTuple(wanted)) {
    raise(T.TypeError, "catching classes that do not inherit from BaseException is not allowed");
    return false;
  }
  const n = isType(wanted) ? 1 : I32[wanted + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const cls = isType(wanted) ? wanted : I32[wanted + TupleObject.Items + 2 * i];
    if (!isSubtype(cls, T.BaseExceptionGroup)) continue;
    raise(T.TypeError, "catching ExceptionGroup with except* is not allowed. Use except instead.");
    return false;
  }
  return true;
}

/**
 * What goes on after the `except*` clauses of `original`: the raised ones and the parts nobody
 * took (`excs`, a list), or None. A new reference; 0 with an exception pending.
 */
export function prepareReraise(original: Addr, excs: Addr): Addr {
  const n = I32[excs + ListObject.Size];
  const items: Addr[] = [];
  for (let i = 0; i < n; i++) items.push(I32[I32[excs + ListObject.Items] + 2 * i]);
  if (n === 0) return newNone();
  if (!isExceptionGroup(original)) return incref(items[0]);
  const raised: Addr[] = [];
  const leaves = new Set<Addr>();
  for (const exc of items) {
    if (exc === S.None) continue;
    if (sameMetadata(exc, original)) collectLeaves(exc, leaves);
    else raised.push(exc);
  }
  const parts = split(original, (exc) => (leaves.has(exc) ? 1 : 0));
  if (parts === null) return 0;
  decref(parts.rest);
  if (raised.length === 0) return parts.match;
  if (parts.match !== S.None) raised.push(parts.match);
  let result: Addr;
  if (raised.length === 1) result = incref(raised[0]);
  else {
    const list = listFromValues(raised);
    result = list === 0 ? 0 : newGroup(S.EmptyStr, list);
    if (list !== 0) decref(list);
  }
  decref(parts.match);
  return result;
}

function sameMetadata(a: Addr, b: Addr): boolean {
  if (!isExceptionGroup(a)) return false;
  return [ExceptionObject.Traceback, ExceptionObject.Context, ExceptionObject.Cause].every(
    (offset) => I32[a + offset] === I32[b + offset],
  );
}

function collectLeaves(exc: Addr, leaves: Set<Addr>): void {
  if (!isExceptionGroup(exc)) {
    leaves.add(exc);
    return;
  }
  const tuple = members(exc);
  const n = I32[tuple + TupleObject.Size];
  for (let i = 0; i < n; i++) collectLeaves(I32[tuple + TupleObject.Items + 2 * i], leaves);
}

defineType({
  type: T.BaseExceptionGroup,
  name: "BaseExceptionGroup",
  base: T.BaseException,
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: ExceptionObject.Bytes + 16,
  slots: { ...exceptionSlots, new: groupNew, init: groupInit, str: groupStr },
  methods: [
    oneArg("derive", deriveMethod),
    oneArg("split", splitMethod),
    oneArg("subgroup", subgroupMethod),
    classBound(oneArg("__class_getitem__", (cls, item) => newGenericAlias(cls, item))),
  ],
  members: [
    member("message", ExceptionField.GroupMessage),
    member("exceptions", ExceptionField.GroupExceptions),
  ],
  doc: "A combination of multiple unrelated exceptions.",
});

defineType({
  type: T.ExceptionGroup,
  name: "ExceptionGroup",
  base: T.BaseExceptionGroup,
  bases: [T.BaseExceptionGroup, T.Exception],
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: ExceptionObject.Bytes + 16,
  slots: { ...exceptionSlots },
});

exceptionDefs.push(
  { name: "BaseExceptionGroup", type: T.BaseExceptionGroup, base: T.BaseException },
  { name: "ExceptionGroup", type: T.ExceptionGroup, base: T.BaseExceptionGroup },
);
