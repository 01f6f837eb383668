/** `_pickle.Pickler` and the functions `dump` and `dumps`. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { getAttrOptional } from "../object/attribute.js";
import {
  defineType,
  getSet,
  keywords,
  type MethodDef,
  member,
  noArgs,
  oneArg,
} from "../object/define.js";
import {
  dictClear,
  dictKeyAt,
  dictNext,
  dictSet,
  dictValueAt,
  isDict,
  newDict,
} from "../object/dict.js";
import { newNone, pending, raise, raiseStatus, shortTypeName, typeName } from "../object/errors.js";
import { newGcObject, track } from "../object/gcheader.js";
import { clearField, decref, incref, setField, typeOf, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asIndex, asSsize, isInt, newInt } from "../object/int.js";
import { TupleObject, TypeFlag } from "../object/layout.js";
import { fieldSlots } from "../object/nativeiterator.js";
import { isTrue } from "../object/number.js";
import { tupleOf } from "../object/reduction.js";
import { newTuple1 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { Dump, type DumpSettings } from "./pickledump.js";
import { Protocol } from "./pickleopcodes.js";

const I32 = heap.I32;
const idWrite = identifier("write");
const idPersistentId = identifier("persistent_id");
const idReducerOverride = identifier("reducer_override");
const idDispatchTable = identifier("dispatch_table");

/** Pickler: counted references, then numbers. Write 0: not initialized. */
const enum Pickler {
  Write = 4,
  BufferCallback = 6,
  DispatchTable = 8,
  PersistentId = 10,
  /** Dict: id to (number, object), what earlier dumps wrote. */
  Memo = 12,
  Protocol = 14,
  Fast = 15,
  FixImports = 16,
  Bytes = 72,
}

const enum PicklerMemo {
  Pickler = 4,
  Bytes = 24,
}

const bound = new Int32Array(5);

/** The protocol that an argument (0: none) names; -1 with an exception pending. */
function readProtocol(given: Addr): number {
  if (given === 0 || given === S.None) return Protocol.Default;
  const protocol = asIndex(given);
  if (Number.isNaN(protocol)) return -1;
  if (protocol < 0) return Protocol.Highest;
  if (protocol <= Protocol.Highest) return protocol;
  return raiseStatus(T.ValueError, `pickle protocol must be <= ${Protocol.Highest}`);
}

/** Fill what the arguments of all three say; false with an exception pending. */
function readSettings(
  settings: DumpSettings,
  protocol: Addr,
  fixImports: Addr,
  callback: Addr,
): boolean {
  settings.protocol = readProtocol(protocol);
  if (settings.protocol < 0) return false;
  const fix = fixImports === 0 ? 1 : isTrue(fixImports);
  if (fix < 0) return false;
  settings.fixImports = fix === 1 && settings.protocol < 3;
  settings.bufferCallback = callback === S.None ? 0 : callback;
  if (settings.bufferCallback === 0 || settings.protocol >= 5) return true;
  raise(T.ValueError, "buffer_callback needs protocol >= 5");
  return false;
}

function newSettings(): DumpSettings {
  return {
    protocol: 0,
    fast: false,
    fixImports: true,
    write: 0,
    bufferCallback: 0,
    dispatchTable: 0,
    persistentId: 0,
    reducerOverride: 0,
  };
}

/** `file.write`, owned; 0 with an exception pending. */
function writeMethod(file: Addr): Addr {
  const write = getAttrOptional(file, idWrite);
  if (write !== 0 || pending()) return write;
  return raise(T.TypeError, "file must have a 'write' attribute");
}

function dumps(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["obj", "protocol", "fix_imports", "buffer_callback"];
  if (!bindArguments("dumps", args, nargs, kwnames, names, 1, bound, 0, 2)) return 0;
  const [object, protocol, fixImports, callback] = bound;
  const settings = newSettings();
  if (!readSettings(settings, protocol, fixImports, callback)) return 0;
  const dump = new Dump(settings);
  const result = dump.run(object) ? dump.output.take() : 0;
  dump.release();
  return result;
}

/** Pickle `object` as `dumps` does without further arguments, and have the bytes used. */
export function withPickle(object: Addr, use: (bytes: Uint8Array) => Addr): Addr {
  const dump = new Dump({ ...newSettings(), protocol: Protocol.Default, fixImports: false });
  const result = dump.run(object) ? use(dump.output.finished()) : 0;
  dump.release();
  return result;
}

function dumpToFile(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["obj", "file", "protocol", "fix_imports", "buffer_callback"];
  if (!bindArguments("dump", args, nargs, kwnames, names, 2, bound, 0, 3)) return 0;
  const [object, file, protocol, fixImports, callback] = bound;
  const settings = newSettings();
  if (!readSettings(settings, protocol, fixImports, callback)) return 0;
  settings.write = writeMethod(file);
  if (settings.write === 0) return 0;
  const dump = new Dump(settings);
  const ok = dump.run(object) && dump.output.flush();
  dump.release();
  decref(settings.write);
  return ok ? newNone() : 0;
}

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const names = ["file", "protocol", "fix_imports", "buffer_callback"];
  if (!bindArguments("Pickler", args, nargs, kwnames, names, 1, bound)) return -1;
  const [file, protocol, fixImports, callback] = bound;
  const settings = newSettings();
  if (!readSettings(settings, protocol, fixImports, callback)) return -1;
  const write = writeMethod(file);
  const memo = write === 0 ? 0 : newDict();
  if (memo === 0) {
    xdecref(write);
    return -1;
  }
  setField(self + Pickler.Write, write);
  setField(self + Pickler.Memo, memo);
  const { bufferCallback } = settings;
  setField(self + Pickler.BufferCallback, bufferCallback === 0 ? 0 : incref(bufferCallback));
  I32[self + Pickler.Protocol] = settings.protocol;
  I32[self + Pickler.FixImports] = settings.fixImports ? 1 : 0;
  I32[self + Pickler.Fast] = 0;
  clearField(self + Pickler.DispatchTable);
  const table = getAttrOptional(self, idDispatchTable);
  if (table === 0) return pending() ? -1 : 0;
  setField(self + Pickler.DispatchTable, table);
  return 0;
}

/** Objects that earlier dumps wrote have their numbers. */
function recall(dump: Dump, memo: Addr): void {
  for (let i = dictNext(memo, 0); i >= 0; i = dictNext(memo, i + 1)) {
    const entry = dictValueAt(memo, i);
    const number = asIndex(I32[entry + TupleObject.Items]);
    dump.memo.set(I32[entry + TupleObject.Items + 2], number);
  }
}

/** Keep what this dump wrote for later ones. */
function remember(dump: Dump, memo: Addr): void {
  for (const object of dump.kept) {
    const id = newInt(object * 4);
    const number = newInt(dump.memo.get(object) as number);
    const entry = tupleOf([number, incref(object)]);
    if (id !== 0 && entry !== 0) dictSet(memo, id, entry);
    xdecref(id);
    xdecref(entry);
  }
}

function dumpMethod(self: Addr, object: Addr): Addr {
  if (I32[self + Pickler.Write] === 0) {
    const name = shortTypeName(self);
    return raise(T.PicklingError, `Pickler.__init__() was not called by ${name}.__init__()`);
  }
  const settings: DumpSettings = {
    protocol: I32[self + Pickler.Protocol],
    fast: I32[self + Pickler.Fast] !== 0,
    fixImports: I32[self + Pickler.FixImports] !== 0,
    write: incref(I32[self + Pickler.Write]),
    bufferCallback: I32[self + Pickler.BufferCallback],
    dispatchTable: I32[self + Pickler.DispatchTable],
    persistentId: getAttrOptional(self, idPersistentId),
    reducerOverride: 0,
  };
  if (!pending()) settings.reducerOverride = getAttrOptional(self, idReducerOverride);
  let ok = false;
  if (!pending()) {
    const memo = incref(I32[self + Pickler.Memo]);
    const dump = new Dump(settings);
    recall(dump, memo);
    ok = dump.run(object) && dump.output.flush();
    remember(dump, memo);
    dump.release();
    decref(memo);
  }
  xdecref(settings.write);
  xdecref(settings.persistentId);
  xdecref(settings.reducerOverride);
  return ok && !pending() ? newNone() : 0;
}

function newMemoProxy(self: Addr): Addr {
  const proxy = newGcObject(T.PicklerMemo, PicklerMemo.Bytes);
  if (proxy === 0) return 0;
  I32[proxy + PicklerMemo.Pickler] = incref(self);
  track(proxy);
  return proxy;
}

/** `pickler.memo = …`: another pickler's, or a dict of id to (number, object). */
function setMemo(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "attribute deletion is not supported");
  let source = value;
  if (typeOf(value) === T.PicklerMemo) {
    source = I32[I32[value + PicklerMemo.Pickler] + Pickler.Memo];
  }
  if (source === 0 || !isDict(source)) {
    const text = `'memo' attribute must be a PicklerMemoProxy object or dict, not ${typeName(value)}`;
    return raiseStatus(T.TypeError, text);
  }
  const memo = newDict();
  if (memo === 0) return -1;
  for (let i = dictNext(source, 0); i >= 0; i = dictNext(source, i + 1)) {
    const entry = dictValueAt(source, i);
    const pair = typeOf(entry) === T.Tuple && I32[entry + TupleObject.Size] === 2;
    if (!pair || !isInt(I32[entry + TupleObject.Items])) {
      decref(memo);
      return raiseStatus(T.TypeError, "'memo' values must be 2-item tuples");
    }
    const number = asSsize(I32[entry + TupleObject.Items]);
    if (Number.isNaN(number) || dictSet(memo, dictKeyAt(source, i), entry) < 0) {
      decref(memo);
      return -1;
    }
  }
  setField(self + Pickler.Memo, memo);
  return 0;
}

function clearMemo(self: Addr): Addr {
  const memo = I32[self + Pickler.Memo];
  if (memo !== 0) dictClear(memo);
  return newNone();
}

/** A copy of the memo as a dict. */
function copyMemo(self: Addr): Addr {
  const memo = I32[self + Pickler.Memo];
  const copy = newDict();
  if (copy === 0 || memo === 0) return copy;
  for (let i = dictNext(memo, 0); i >= 0; i = dictNext(memo, i + 1)) {
    dictSet(copy, dictKeyAt(memo, i), dictValueAt(memo, i));
  }
  return copy;
}

/** A flag that programs read and set. */
function flag(name: string, get: (self: Addr) => number, set: (self: Addr, on: number) => void) {
  return getSet(
    name,
    (self) => newInt(get(self)),
    (self, value) => {
      const on = value === 0 ? -1 : asSsize(value);
      if (on < 0 && pending()) return -1;
      set(self, on);
      return 0;
    },
  );
}

const fields = [
  Pickler.Write,
  Pickler.BufferCallback,
  Pickler.DispatchTable,
  Pickler.PersistentId,
  Pickler.Memo,
];

defineType({
  type: T.Pickler,
  name: "_pickle.Pickler",
  flags: TypeFlag.BaseType | TypeFlag.HasGc,
  basicSize: Pickler.Bytes,
  slots: { ...fieldSlots(fields), new: (type) => newObjectOf(type), init },
  methods: [
    oneArg(
      "dump",
      dumpMethod,
      "Write a pickled representation of the given object to the open file.",
    ),
    noArgs("clear_memo", clearMemo, 'Clears the pickler\'s "memo".'),
  ],
  getSets: [
    getSet("memo", newMemoProxy, setMemo),
    getSet(
      "persistent_id",
      (self) => {
        const value = I32[self + Pickler.PersistentId];
        return value !== 0 ? incref(value) : raise(T.AttributeError, "persistent_id");
      },
      (self, value) => {
        if (value === 0) return raiseStatus(T.TypeError, "attribute deletion is not supported");
        setField(self + Pickler.PersistentId, incref(value));
        return 0;
      },
    ),
    flag(
      "bin",
      (self) => (I32[self + Pickler.Protocol] > 0 ? 1 : 0),
      () => {},
    ),
    flag(
      "fast",
      (self) => I32[self + Pickler.Fast],
      (self, on) => {
        I32[self + Pickler.Fast] = on;
      },
    ),
  ],
  members: [member("dispatch_table", Pickler.DispatchTable, { readonly: false, missing: "error" })],
  doc: "This takes a binary file for writing a pickle data stream.",
});

defineType({
  type: T.PicklerMemo,
  name: "_pickle.PicklerMemoProxy",
  flags: TypeFlag.HasGc,
  basicSize: PicklerMemo.Bytes,
  slots: { ...fieldSlots([PicklerMemo.Pickler]), hash: null },
  methods: [
    noArgs("clear", (self) => clearMemo(I32[self + PicklerMemo.Pickler])),
    noArgs("copy", (self) => copyMemo(I32[self + PicklerMemo.Pickler])),
    noArgs("__reduce__", (self) => {
      const copy = copyMemo(I32[self + PicklerMemo.Pickler]);
      const args = copy === 0 ? 0 : newTuple1(copy);
      xdecref(copy);
      return tupleOf([incref(T.Dict), args]);
    }),
  ],
});

/** What the module `_pickle` has of writing. */
export const dumpFunctions: MethodDef[] = [
  keywords("dumps", dumps, "Return the pickled representation of the object as a bytes object."),
  keywords(
    "dump",
    dumpToFile,
    "Write a pickled representation of obj to the open file object file.",
  ),
];
