/**
 * `_thread._local` (H15): one attribute dict per thread, in a table indexed by thread slot. The
 * word where other objects have their dict is set to the running thread's dict before each generic
 * access, which does not give the GIL away in between.
 */
import { type Addr, heap } from "../memory/heap.js";
import { Region, ThreadState } from "../memory/layout.js";
import { free, malloc } from "../memory/pymalloc.js";
import { genericGetAttr, genericSetAttr, getAttr } from "../object/attribute.js";
import { callTuple } from "../object/call.js";
import { defineType, getSet } from "../object/define.js";
import { dictSetStr, newDict } from "../object/dict.js";
import { raise, raiseMemoryError, raiseStatus } from "../object/errors.js";
import { freeObject, untrack } from "../object/gcheader.js";
import { clearField, decref, incref, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { clearWeakReferences, newObjectOf } from "../object/instance.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { slotsOf, slotTables } from "../object/slots.js";
import { thread } from "../object/thread.js";
import { tupleFromStackBorrowed } from "../object/tuple.js";
import { typeName } from "../object/type.js";
import { Kind, T } from "../object/types.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const enum Local {
  /** Borrowed: the dict of the thread that accessed the object last. */
  Dict = 4,
  /** Block of the threads' dicts by slot (counted), and its length. */
  Table = 6,
  Length = 7,
  /** What the object was made with: every thread's `__init__` gets it. */
  Args = 8,
  Keywords = 10,
  WeakList = 12,
  /** Neighbours in the list of all local objects (not counted). */
  Next = 14,
  Previous = 15,
  Bytes = 64,
}

const ID_init = identifier("__init__");
const ID_dict = identifier("__dict__");

function currentSlot(): number {
  return (thread.state - Region.Threads) / ThreadState.Size;
}

function link(self: Addr): void {
  const last = I32[VmState.LastLocal];
  I32[self + Local.Previous] = last;
  if (last === 0) I32[VmState.FirstLocal] = self;
  else I32[last + Local.Next] = self;
  I32[VmState.LastLocal] = self;
}

function unlink(self: Addr): void {
  const next = I32[self + Local.Next];
  const previous = I32[self + Local.Previous];
  if (previous === 0) I32[VmState.FirstLocal] = next;
  else I32[previous + Local.Next] = next;
  if (next === 0) I32[VmState.LastLocal] = previous;
  else I32[next + Local.Previous] = previous;
}

function localNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const given = nargs > 0 || (kwnames !== 0 && I32[kwnames + TupleObject.Size] > 0);
  if (given && slotsOf(type).init === slotTables[Kind.Object].init) {
    return raise(T.TypeError, "Initialization arguments are not supported");
  }
  const self = newObjectOf(type);
  if (self === 0) return 0;
  link(self);
  I32[self + Local.Args] = tupleFromStackBorrowed(args, nargs);
  if (kwnames !== 0) I32[self + Local.Keywords] = keywordDict(args + nargs, kwnames);
  const failed =
    I32[self + Local.Args] === 0 ||
    (kwnames !== 0 && I32[self + Local.Keywords] === 0) ||
    newDictFor(self) === 0;
  if (!failed) return self;
  decref(self);
  return 0;
}

function keywordDict(values: Addr, names: Addr): Addr {
  const dict = newDict();
  for (let i = 0; dict !== 0 && i < I32[names + TupleObject.Size]; i++) {
    if (dictSetStr(dict, I32[names + TupleObject.Items + 2 * i], I32[values + i]) < 0) {
      decref(dict);
      return 0;
    }
  }
  return dict;
}

/** Give the running thread an empty dict: borrowed. */
function newDictFor(self: Addr): Addr {
  const slot = currentSlot();
  const dict = newDict();
  if (dict === 0) return 0;
  const length = I32[self + Local.Length];
  if (slot >= length) {
    const wanted = Math.max(4, 2 ** Math.ceil(Math.log2(slot + 1)));
    const table = malloc(wanted * 4);
    if (table === 0) {
      decref(dict);
      return raiseMemoryError();
    }
    const old = I32[self + Local.Table];
    for (let i = 0; i < wanted; i++) I32[table + i] = i < length ? I32[old + i] : 0;
    I32[self + Local.Table] = table;
    I32[self + Local.Length] = wanted;
    if (old !== 0) free(old);
  }
  I32[I32[self + Local.Table] + slot] = dict;
  return dict;
}

/** The running thread's dict, made and initialized at its first access: borrowed. */
function currentDict(self: Addr): Addr {
  const slot = currentSlot();
  if (slot < I32[self + Local.Length]) {
    const dict = I32[I32[self + Local.Table] + slot];
    if (dict !== 0) return dict;
  }
  const dict = newDictFor(self);
  if (dict === 0) return 0;
  const type = I32[self + Head.Type];
  if (slotsOf(type).init === slotTables[Kind.Object].init) return dict;
  const init = getAttr(self, ID_init);
  const args = I32[self + Local.Args];
  const result = init === 0 ? 0 : callTuple(init, args, I32[self + Local.Keywords]);
  xdecref(init);
  if (result !== 0) {
    decref(result);
    return dict;
  }
  clearField(I32[self + Local.Table] + slot);
  return 0;
}

function localGetAttr(self: Addr, name: Addr): Addr {
  const dict = currentDict(self);
  if (dict === 0) return 0;
  I32[self + Local.Dict] = dict;
  return genericGetAttr(self, name);
}

function localSetAttr(self: Addr, name: Addr, value: Addr): number {
  if (name === ID_dict) {
    const type = typeName(I32[self + Head.Type]);
    return raiseStatus(T.AttributeError, `'${type}' object attribute '__dict__' is read-only`);
  }
  const dict = currentDict(self);
  if (dict === 0) return -1;
  I32[self + Local.Dict] = dict;
  return genericSetAttr(self, name, value);
}

function clear(self: Addr): void {
  clearField(self + Local.Args);
  clearField(self + Local.Keywords);
  for (let i = 0; i < I32[self + Local.Length]; i++) clearField(I32[self + Local.Table] + i);
}

/** Drop the running thread's values of every local object; the thread ends. */
export function dropThreadLocals(): void {
  const slot = currentSlot();
  let again = true;
  while (again) {
    again = false;
    for (let self = I32[VmState.FirstLocal]; self !== 0; self = I32[self + Local.Next]) {
      if (slot >= I32[self + Local.Length]) continue;
      const word = I32[self + Local.Table] + slot;
      if (I32[word] === 0) continue;
      // Dropping runs Python code, which may change the list.
      clearField(word);
      again = true;
      break;
    }
  }
}

defineType({
  type: T.ThreadLocal,
  name: "_thread._local",
  flags: TypeFlag.BaseType | TypeFlag.HasGc,
  basicSize: Local.Bytes,
  dictOffset: Local.Dict,
  weakListOffset: Local.WeakList,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearWeakReferences(self, Local.WeakList);
      unlink(self);
      clear(self);
      if (I32[self + Local.Table] !== 0) free(I32[self + Local.Table]);
      freeObject(self);
    },
    traverse: (self, visit) => {
      if (I32[self + Local.Args] !== 0) visit(I32[self + Local.Args]);
      if (I32[self + Local.Keywords] !== 0) visit(I32[self + Local.Keywords]);
      for (let i = 0; i < I32[self + Local.Length]; i++) {
        const dict = I32[I32[self + Local.Table] + i];
        if (dict !== 0) visit(dict);
      }
    },
    clear,
    new: localNew,
    getAttr: localGetAttr,
    setAttr: localSetAttr,
  },
  getSets: [
    getSet("__dict__", (self) => {
      const dict = currentDict(self);
      return dict === 0 ? 0 : incref(dict);
    }),
  ],
  doc: "Thread-local data",
});
