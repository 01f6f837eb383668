/**
 * Exceptions: instances, their common fields and behaviour (BaseException), and how native code
 * makes them. Types with fields of their own are declared in exceptiontypes.ts.
 */
import { type Addr, heap } from "../memory/heap.js";
import { noKeywords } from "./arguments.js";
import { getAttrOptional, setAttr } from "./attribute.js";
import { callObject } from "./call.js";
import { defineType, type GetSetDef, getSet, noArgs, oneArg } from "./define.js";
import { dictKeyAt, dictNext, dictValueAt, isDict, newDict } from "./dict.js";
import { newNone, pending, raise, raiseStatus, registerExceptionFactory } from "./errors.js";
import { freeObject, track, untrack } from "./gcheader.js";
import { clearField, decref, incref, setField, typeHasFlag, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { ExceptionObject, Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { listAppend, newList } from "./list.js";
import { isTrue } from "./number.js";
import { reprObject, strObject } from "./repr.js";
import { ObjectState } from "./state.js";
import { getString, newStr } from "./str.js";
import { thread } from "./thread.js";
import {
  newTuple1,
  newTuple2,
  newTuple3,
  tupleFromIterable,
  tupleFromStackBorrowed,
} from "./tuple.js";
import { isSubtype, isType, typeName } from "./type.js";
import { Kind, S, StaticArea, T } from "./types.js";

const I32 = heap.I32;
const idNotes = identifier("__notes__");

/** Address of the static type whose layout instances of `type` have. */
export function layoutType(type: Addr): Addr {
  return StaticArea.Types + I32[type + TypeObject.Layout] * TypeObject.StaticSize;
}

/** End of the reference fields of `exc`. */
function fieldsEnd(exc: Addr): Addr {
  return exc + (I32[layoutType(typeOf(exc)) + TypeObject.BasicSize] >> 2);
}

/** `type.__new__` with the given argument tuple (stolen): `__init__` is not run. */
export function newException(type: Addr, args: Addr): Addr {
  const exc = newObjectOf(type);
  if (exc === 0) decref(args);
  else I32[exc + ExceptionObject.Args] = args;
  return exc;
}

/** `type(message)`. */
export function newExceptionMessage(type: Addr, message: string): Addr {
  const text = newStr(message);
  if (text === 0) return 0;
  const exc = newExceptionValue(type, text);
  decref(text);
  return exc;
}

/** `type(value)`; value is borrowed, 0 means no argument. Python code runs for heap types only. */
function newExceptionValue(type: Addr, value: Addr): Addr {
  if (typeHasFlag(type, TypeFlag.Heap)) {
    const sp = thread.sp;
    I32[sp] = value;
    thread.sp = sp + 1;
    const exc = callObject(type, sp, value === 0 ? 0 : 1, 0);
    thread.sp = sp;
    return exc;
  }
  if (type === T.MemoryError && value === 0) return takeMemoryError();
  const args = value === 0 ? incref(S.EmptyTuple) : newTuple1(value);
  if (args === 0) return 0;
  const exc = newException(type, args);
  if (exc !== 0 && value !== 0) setFirstField(exc, value);
  return exc;
}

const enum Reserve {
  MemoryErrors = 16,
}

/** Lay MemoryErrors by: raising one must not need memory. Runs once, at boot. */
export function initializeMemoryErrors(): void {
  for (let i = 0; i < Reserve.MemoryErrors; i++) keepMemoryError(newObjectOf(T.MemoryError));
}

/** Put the emptied `exc` into the reserve. */
function keepMemoryError(exc: Addr): void {
  untrack(exc);
  I32[exc] = 1;
  I32[exc + ExceptionObject.SuppressContext] = 0;
  I32[exc + ExceptionObject.Args] = I32[ObjectState.MemoryErrorReserve];
  I32[ObjectState.MemoryErrorReserve] = exc;
  I32[ObjectState.MemoryErrorCount]++;
}

/** A MemoryError from the reserve. The last one stays there and is shared by all who need it. */
function takeMemoryError(): Addr {
  const exc = I32[ObjectState.MemoryErrorReserve];
  if (I32[ObjectState.MemoryErrorCount] > 1) {
    I32[ObjectState.MemoryErrorReserve] = I32[exc + ExceptionObject.Args];
    I32[ObjectState.MemoryErrorCount]--;
    I32[exc] = 1;
    track(exc);
  } else I32[exc]++;
  I32[exc + ExceptionObject.Args] = incref(S.EmptyTuple);
  return exc;
}

/** What `__init__` of the builtin types derives from a single argument. */
function setFirstField(exc: Addr, value: Addr): void {
  const layout = I32[typeOf(exc) + TypeObject.Layout];
  switch (layout) {
    case Kind.StopIteration:
    case Kind.SystemExit:
    case Kind.ImportError:
    case Kind.SyntaxError:
      setField(exc + ExceptionObject.Extra, incref(value));
  }
}

/** `exc.__cause__ = cause` (stolen; 0 for None); the context is no longer shown. */
export function setCause(exc: Addr, cause: Addr): void {
  I32[exc + ExceptionObject.SuppressContext] = 1;
  setField(exc + ExceptionObject.Cause, cause);
}

/** `exc.__context__ = context` (stolen; 0 for None). */
export function setContext(exc: Addr, context: Addr): void {
  setField(exc + ExceptionObject.Context, context);
}

/** `exc.__traceback__ = traceback` (stolen; 0 for None). */
export function setTraceback(exc: Addr, traceback: Addr): void {
  setField(exc + ExceptionObject.Traceback, traceback);
}

/** Is `object` an exception instance? */
export function isException(object: Addr): boolean {
  return typeHasFlag(typeOf(object), TypeFlag.ExceptionSubclass);
}

/** Is `object` an exception class? */
export function isExceptionClass(object: Addr): boolean {
  return isType(object) && typeHasFlag(object, TypeFlag.ExceptionSubclass);
}

function exceptionTraverse(self: Addr, visit: (ref: Addr) => void): void {
  for (let word = self + ExceptionObject.Dict; word < self + ExceptionObject.SuppressContext; ) {
    if (I32[word] !== 0) visit(I32[word]);
    word += 2;
  }
  const end = fieldsEnd(self);
  for (let word = self + ExceptionObject.Extra; word < end; word += 2) {
    if (I32[word] !== 0) visit(I32[word]);
  }
}

function exceptionClear(self: Addr): void {
  const end = fieldsEnd(self);
  for (let word = self + ExceptionObject.Extra; word < end; word += 2) clearField(word);
  for (let word = self + ExceptionObject.Dict; word < self + ExceptionObject.SuppressContext; ) {
    clearField(word);
    word += 2;
  }
}

function exceptionDealloc(self: Addr): void {
  untrack(self);
  exceptionClear(self);
  const short = I32[ObjectState.MemoryErrorCount] < Reserve.MemoryErrors;
  if (I32[self + Head.Type] === T.MemoryError && short) keepMemoryError(self);
  else freeObject(self);
}

/** `BaseException.__new__`: keeps the positional arguments, whatever the keywords. */
function exceptionNew(type: Addr, args: Addr, nargs: number): Addr {
  const tuple = nargs === 0 ? incref(S.EmptyTuple) : tupleFromStackBorrowed(args, nargs);
  return tuple === 0 ? 0 : newException(type, tuple);
}

/** `BaseException.__init__`. */
export function exceptionInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (kwnames !== 0 && !noKeywords(typeName(typeOf(self)), kwnames)) return -1;
  return setArgs(self, args, nargs);
}

/** Replace `args`, unless they hold the same objects already. */
export function setArgs(self: Addr, args: Addr, nargs: number): number {
  const have = I32[self + ExceptionObject.Args];
  if (have !== 0 && I32[have + TupleObject.Size] === nargs) {
    let same = true;
    for (let i = 0; i < nargs && same; i++) {
      same = I32[have + TupleObject.Items + 2 * i] === I32[args + i];
    }
    if (same) return 0;
  }
  const tuple = nargs === 0 ? incref(S.EmptyTuple) : tupleFromStackBorrowed(args, nargs);
  if (tuple === 0) return -1;
  setField(self + ExceptionObject.Args, tuple);
  return 0;
}

/** `str(exc)`: nothing, the only argument, or all of them. */
export function exceptionStr(self: Addr): Addr {
  const args = I32[self + ExceptionObject.Args];
  const n = args === 0 ? 0 : I32[args + TupleObject.Size];
  if (n === 0) return incref(S.EmptyStr);
  return strObject(n === 1 ? I32[args + TupleObject.Items] : args);
}

function exceptionRepr(self: Addr): Addr {
  const args = I32[self + ExceptionObject.Args];
  // Static exceptions of modules have the module in their name.
  const name = typeName(typeOf(self)).replace(/^.*\./, "");
  const n = args === 0 ? 0 : I32[args + TupleObject.Size];
  if (n === 0) return newStr(`${name}()`);
  const shown = reprObject(n === 1 ? I32[args + TupleObject.Items] : args);
  if (shown === 0) return 0;
  const text = getString(shown);
  decref(shown);
  return newStr(n === 1 ? `${name}(${text})` : name + text);
}

function getArgs(self: Addr): Addr {
  const args = I32[self + ExceptionObject.Args];
  return args === 0 ? newNone() : incref(args);
}

function setArgsAttribute(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "args may not be deleted");
  const tuple = tupleFromIterable(value);
  if (tuple === 0) return -1;
  setField(self + ExceptionObject.Args, tuple);
  return 0;
}

/** A link to another object of a fixed kind, or None. */
function link(
  name: string,
  offset: number,
  text: string,
  accepts: (v: Addr) => boolean,
): GetSetDef {
  const get = (self: Addr): Addr => {
    const value = I32[self + offset];
    return value === 0 ? newNone() : incref(value);
  };
  const set = (self: Addr, value: Addr): number => {
    if (value === 0) return raiseStatus(T.TypeError, `${name} may not be deleted`);
    if (value !== S.None && !accepts(value)) return raiseStatus(T.TypeError, text);
    if (offset === ExceptionObject.Cause) setCause(self, value === S.None ? 0 : incref(value));
    else setField(self + offset, value === S.None ? 0 : incref(value));
    return 0;
  };
  return getSet(name, get, set);
}

function getSuppress(self: Addr): Addr {
  return incref(I32[self + ExceptionObject.SuppressContext] !== 0 ? S.True : S.False);
}

function setSuppress(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "can't delete numeric/char attribute");
  const truth = isTrue(value);
  if (truth < 0) return -1;
  I32[self + ExceptionObject.SuppressContext] = truth;
  return 0;
}

function getDict(self: Addr): Addr {
  if (I32[self + ExceptionObject.Dict] === 0) I32[self + ExceptionObject.Dict] = newDict();
  const dict = I32[self + ExceptionObject.Dict];
  return dict === 0 ? 0 : incref(dict);
}

function setDict(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "__dict__ may not be deleted");
  if (!typeHasFlag(typeOf(value), TypeFlag.DictSubclass)) {
    return raiseStatus(T.TypeError, "__dict__ must be a dictionary");
  }
  setField(self + ExceptionObject.Dict, incref(value));
  return 0;
}

function withTraceback(self: Addr, value: Addr): Addr {
  if (value !== S.None && typeOf(value) !== T.Traceback) {
    return raise(T.TypeError, "__traceback__ must be a traceback or None");
  }
  setTraceback(self, value === S.None ? 0 : incref(value));
  return incref(self);
}

function addNote(self: Addr, note: Addr): Addr {
  if (!typeHasFlag(typeOf(note), TypeFlag.StrSubclass)) {
    return raise(T.TypeError, `note must be a str, not '${typeName(typeOf(note))}'`);
  }
  let notes = getAttrOptional(self, idNotes);
  if (notes === 0) {
    if (pending()) return 0;
    notes = newList(0);
    if (notes === 0) return 0;
    if (setAttr(self, idNotes, notes) < 0) {
      decref(notes);
      return 0;
    }
  }
  if (typeOf(notes) !== T.List) {
    decref(notes);
    return raise(T.TypeError, "Cannot add note: __notes__ is not a list");
  }
  const status = listAppend(notes, note);
  decref(notes);
  return status < 0 ? 0 : newNone();
}

function reduce(self: Addr): Addr {
  const dict = I32[self + ExceptionObject.Dict];
  const args = I32[self + ExceptionObject.Args];
  return dict === 0 ? newTuple2(typeOf(self), args) : newTuple3(typeOf(self), args, dict);
}

function setState(self: Addr, state: Addr): Addr {
  if (state === S.None) return newNone();
  if (!isDict(state)) return raise(T.TypeError, "state is not a dictionary");
  for (let i = dictNext(state, 0); i >= 0; i = dictNext(state, i + 1)) {
    if (setAttr(self, dictKeyAt(state, i), dictValueAt(state, i)) < 0) return 0;
  }
  return newNone();
}

/** The slots that every exception type has. */
export const exceptionSlots = {
  dealloc: exceptionDealloc,
  traverse: exceptionTraverse,
  clear: exceptionClear,
};

defineType({
  type: T.BaseException,
  name: "BaseException",
  flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
  basicSize: ExceptionObject.Bytes,
  dictOffset: ExceptionObject.Dict,
  slots: {
    ...exceptionSlots,
    new: exceptionNew,
    init: exceptionInit,
    str: exceptionStr,
    repr: exceptionRepr,
  },
  methods: [
    noArgs("__reduce__", reduce),
    oneArg("__setstate__", setState),
    oneArg("with_traceback", withTraceback, "Set self.__traceback__ to tb and return self."),
    oneArg("add_note", addNote, "Add a note to the exception."),
  ],
  getSets: [
    getSet("__dict__", getDict, setDict),
    getSet("args", getArgs, setArgsAttribute),
    link(
      "__traceback__",
      ExceptionObject.Traceback,
      "__traceback__ must be a traceback or None",
      (value) => typeOf(value) === T.Traceback,
    ),
    link(
      "__context__",
      ExceptionObject.Context,
      "exception context must be None or derive from BaseException",
      isException,
    ),
    link(
      "__cause__",
      ExceptionObject.Cause,
      "exception cause must be None or derive from BaseException",
      isException,
    ),
    getSet("__suppress_context__", getSuppress, setSuppress),
  ],
  doc: "Common base class for all exceptions",
});

registerExceptionFactory({
  fromMessage: newExceptionMessage,
  fromValue: newExceptionValue,
  isSubtype,
});
