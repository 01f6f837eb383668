/** The native part of functools: reduce, partial, cmp_to_key, the wrapper of lru_cache. */

import { type Addr, heap } from "../memory/heap.js";
import { getIter, iterNext, richCompare } from "../object/abstract.js";
import { bindArguments, checkArity, keywordCount } from "../object/arguments.js";
import { getAttr } from "../object/attribute.js";
import { call0, call2, callObject, callTuple, isCallable, passingOn } from "../object/call.js";
import {
  defineModule,
  defineType,
  fast,
  keywords,
  member,
  noArgs,
  oneArg,
} from "../object/define.js";
import {
  dictClear,
  dictContains,
  dictCopy,
  dictGet,
  dictKeyAt,
  dictNext,
  dictSet,
  dictSetStr,
  dictSize,
  dictTake,
  dictUpdate,
  dictValueAt,
  isDict,
  newDict,
} from "../object/dict.js";
import { clearPendingIf, newNone, pending, raise, typeName } from "../object/errors.js";
import { newGcObject, track, untrack } from "../object/gcheader.js";
import { classGetItemMethod } from "../object/genericalias.js";
import { decref, incref, isKindOf, setField, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { clearWeakReferences, newObjectOf } from "../object/instance.js";
import { asSsize, newInt } from "../object/int.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { newMethod } from "../object/method.js";
import { dictAttribute, fieldSlots } from "../object/nativeiterator.js";
import { isTrue } from "../object/number.js";
import { newReduction, tupleOf } from "../object/reduction.js";
import { reprEnter, reprLeave, reprObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { newTuple, tupleFromIterable, tupleFromStackBorrowed } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { firstPosition, moveLast } from "./dictkinds.js";
import { addTypes } from "./moduletypes.js";

const I32 = heap.I32;
const idQualName = identifier("__qualname__");
const bound = new Int32Array(4);

function reduce(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("reduce", nargs, 2, 3)) return 0;
  const iterator = getIter(I32[args + 1]);
  if (iterator === 0) {
    if (clearPendingIf(T.TypeError)) {
      raise(T.TypeError, "reduce() arg 2 must support iteration");
    }
    return 0;
  }
  let total = nargs > 2 ? incref(I32[args + 2]) : iterNext(iterator);
  if (total === 0 && !pending()) {
    raise(T.TypeError, "reduce() of empty iterable with no initial value");
  }
  while (total !== 0) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const next = call2(I32[args], total, item);
    decref(item);
    decref(total);
    total = next;
  }
  decref(iterator);
  if (!pending()) return total;
  if (total !== 0) decref(total);
  return 0;
}

const enum Partial {
  Function = 4,
  Args = 6,
  Keywords = 8,
  Dict = 10,
  WeakList = 12,
  Bytes = 56,
}

function partialNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs === 0) return raise(T.TypeError, "type 'partial' takes at least one argument");
  let f = I32[args];
  if (!isCallable(f)) return raise(T.TypeError, "the first argument must be callable");
  const self = type === T.Partial ? newGcObject(type, Partial.Bytes) : newObjectOf(type);
  if (self === 0) return 0;
  const inner = I32[f + Head.Type] === T.Partial && I32[f + Partial.Dict] === 0 ? f : 0;
  if (inner !== 0) f = I32[inner + Partial.Function];
  I32[self + Partial.Function] = incref(f);
  I32[self + Partial.Args] = joinArguments(inner, args + 1, nargs - 1);
  I32[self + Partial.Keywords] = newDict();
  track(self);
  if (I32[self + Partial.Args] !== 0 && I32[self + Partial.Keywords] !== 0) {
    const named = I32[self + Partial.Keywords];
    if (inner !== 0) dictUpdate(named, I32[inner + Partial.Keywords]);
    for (let i = 0; i < keywordCount(kwnames) && !pending(); i++) {
      dictSetStr(named, I32[kwnames + TupleObject.Items + 2 * i], I32[args + nargs + i]);
    }
  }
  if (!pending()) return self;
  decref(self);
  return 0;
}

/** The arguments of the partial `inner` (0: none) followed by those given. */
function joinArguments(inner: Addr, args: Addr, nargs: number): Addr {
  if (inner === 0) return tupleFromStackBorrowed(args, nargs);
  const first = I32[inner + Partial.Args];
  const n = I32[first + TupleObject.Size];
  const tuple = newTuple(n + nargs);
  if (tuple === 0 || n + nargs === 0) return tuple;
  let to = tuple + TupleObject.Items;
  for (let i = 0; i < n; i++, to += 2) I32[to] = incref(I32[first + TupleObject.Items + 2 * i]);
  for (let i = 0; i < nargs; i++, to += 2) I32[to] = incref(I32[args + i]);
  track(tuple);
  return tuple;
}

function partialCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const fixed = I32[self + Partial.Args];
  const n = I32[fixed + TupleObject.Size];
  const base = thread.sp;
  const nkw = keywordCount(kwnames);
  if (dictSize(I32[self + Partial.Keywords]) === 0) {
    for (let i = 0; i < n; i++) I32[base + i] = I32[fixed + TupleObject.Items + 2 * i];
    for (let i = 0; i < nargs + nkw; i++) I32[base + n + i] = I32[args + i];
    thread.sp = base + n + nargs + nkw;
    const result = callObject(I32[self + Partial.Function], base, n + nargs, kwnames);
    thread.sp = base;
    return result;
  }
  const all = joinArguments(self, args, nargs);
  const named = all === 0 ? 0 : newDict();
  let result = 0;
  if (named !== 0 && dictUpdate(named, I32[self + Partial.Keywords]) === 0) {
    for (let i = 0; i < nkw && !pending(); i++) {
      dictSetStr(named, I32[kwnames + TupleObject.Items + 2 * i], I32[args + nargs + i]);
    }
    if (!pending()) result = callTuple(I32[self + Partial.Function], all, named);
  }
  if (all !== 0) decref(all);
  if (named !== 0) decref(named);
  return result;
}

/** repr of `object`, or null with an exception pending. */
function shown(object: Addr): string | null {
  const text = reprObject(object);
  if (text === 0) return null;
  const result = getString(text);
  decref(text);
  return result;
}

function partialRepr(self: Addr): Addr {
  const entered = reprEnter(self);
  if (entered !== 0) return entered > 0 ? newStr("...") : 0;
  const parts = [shown(I32[self + Partial.Function])];
  const args = I32[self + Partial.Args];
  for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
    parts.push(shown(I32[args + TupleObject.Items + 2 * i]));
  }
  const named = I32[self + Partial.Keywords];
  for (let i = dictNext(named, 0); i >= 0; i = dictNext(named, i + 1)) {
    const value = shown(dictValueAt(named, i));
    parts.push(value === null ? null : `${getString(dictKeyAt(named, i))}=${value}`);
  }
  reprLeave(self);
  return parts.includes(null) ? 0 : newStr(`${typeName(self)}(${parts.join(", ")})`);
}

/** The function alone makes one; the state is all of it. */
function partialReduce(self: Addr): Addr {
  const f = I32[self + Partial.Function];
  const dict = I32[self + Partial.Dict];
  const state = tupleOf([
    incref(f),
    incref(I32[self + Partial.Args]),
    incref(I32[self + Partial.Keywords]),
    dict === 0 ? newNone() : incref(dict),
  ]);
  return newReduction(incref(I32[self + Head.Type]), [incref(f)], state);
}

function partialSetState(self: Addr, state: Addr): Addr {
  const isState = isKindOf(state, TypeFlag.TupleSubclass) && I32[state + TupleObject.Size] === 4;
  const [f, args, named, dict] = [0, 2, 4, 6].map((i) =>
    isState ? I32[state + TupleObject.Items + i] : 0,
  );
  const good =
    isState &&
    isCallable(f) &&
    isKindOf(args, TypeFlag.TupleSubclass) &&
    (named === S.None || isDict(named)) &&
    (dict === S.None || isDict(dict));
  if (!good) return raise(T.TypeError, "invalid partial state");
  const ownArgs = tupleFromIterable(args);
  const ownNamed = named === S.None ? newDict() : dictCopy(named);
  if (ownArgs === 0 || ownNamed === 0) {
    xdecref(ownArgs);
    xdecref(ownNamed);
    return 0;
  }
  setField(self + Partial.Function, incref(f));
  setField(self + Partial.Args, ownArgs);
  setField(self + Partial.Keywords, ownNamed);
  setField(self + Partial.Dict, dict === S.None ? 0 : incref(dict));
  return newNone();
}

const partialFields = fieldSlots([Partial.Function, Partial.Args, Partial.Keywords, Partial.Dict]);

defineType({
  type: T.Partial,
  name: "functools.partial",
  flags: TypeFlag.BaseType | TypeFlag.HasGc,
  basicSize: Partial.Bytes,
  dictOffset: Partial.Dict,
  weakListOffset: Partial.WeakList,
  slots: {
    ...partialFields,
    dealloc: (self) => {
      untrack(self);
      if (I32[self + Partial.WeakList] !== 0) clearWeakReferences(self, Partial.WeakList);
      partialFields.dealloc(self);
    },
    new: partialNew,
    call: passingOn(partialCall),
    repr: partialRepr,
  },
  methods: [
    classGetItemMethod,
    noArgs("__reduce__", partialReduce),
    oneArg("__setstate__", partialSetState),
  ],
  getSets: [dictAttribute(Partial.Dict)],
  members: [
    member("func", Partial.Function),
    member("args", Partial.Args),
    member("keywords", Partial.Keywords),
  ],
});

/** cmp_to_key(f) and the keys it makes: the function; the wrapped object of a key. */
const enum Key {
  Function = 4,
  Object = 6,
  Bytes = 32,
}

function newKey(type: Addr, f: Addr, object: Addr): Addr {
  const key = newGcObject(type, Key.Bytes);
  if (key === 0) return 0;
  I32[key + Key.Function] = incref(f);
  if (object !== 0) I32[key + Key.Object] = incref(object);
  track(key);
  return key;
}

defineType({
  type: T.CmpToKey,
  name: "functools._cmp_to_key",
  flags: TypeFlag.HasGc,
  basicSize: Key.Bytes,
  slots: {
    ...fieldSlots([Key.Function]),
    call: (self, args, nargs, kwnames) => {
      if (!bindArguments("K", args, nargs, kwnames, ["obj"], 1, bound)) return 0;
      return newKey(T.KeyWrapper, I32[self + Key.Function], bound[0]);
    },
  },
});

defineType({
  type: T.KeyWrapper,
  name: "functools.KeyWrapper",
  flags: TypeFlag.HasGc,
  basicSize: Key.Bytes,
  slots: {
    ...fieldSlots([Key.Function, Key.Object]),
    richCompare: (left, right, op) => {
      if (I32[right + Head.Type] !== T.KeyWrapper) {
        return raise(T.TypeError, "other argument must be K instance");
      }
      const f = I32[left + Key.Function];
      const order = call2(f, I32[left + Key.Object], I32[right + Key.Object]);
      if (order === 0) return 0;
      const result = richCompare(order, S.Zero, op);
      decref(order);
      return result;
    },
  },
  members: [member("obj", Key.Object)],
});

function cmpToKey(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("cmp_to_key", args, nargs, kwnames, ["mycmp"], 1, bound)) return 0;
  return newKey(T.CmpToKey, bound[0], 0);
}

/** Cache: an OrderedDict from keys to results, oldest first. Misses and hits are plain words. */
const enum LruCache {
  Function = 4,
  Cache = 6,
  InfoType = 8,
  Dict = 10,
  WeakList = 12,
  /** -1: without bound. */
  MaxSize = 14,
  Typed = 15,
  Hits = 16,
  Misses = 17,
  Bytes = 136,
}

function lruNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["user_function", "maxsize", "typed", "cache_info_type"];
  if (!bindArguments("lru_cache", args, nargs, kwnames, names, 4, bound)) return 0;
  const [f, maximum, typedFlag, infoType] = bound;
  if (!isCallable(f)) return raise(T.TypeError, "the first argument must be callable");
  const typed = isTrue(typedFlag);
  if (typed < 0) return 0;
  let maxSize = -1;
  if (maximum !== S.None) {
    maxSize = asSsize(maximum);
    if (Number.isNaN(maxSize)) return 0;
    maxSize = Math.min(Math.max(maxSize, 0), 2147483647);
  }
  const cache = call0(T.OrderedDict);
  const self = cache === 0 ? 0 : newObjectOf(type);
  if (self === 0) {
    if (cache !== 0) decref(cache);
    return 0;
  }
  I32[self + LruCache.Function] = incref(f);
  I32[self + LruCache.Cache] = cache;
  I32[self + LruCache.InfoType] = incref(infoType);
  I32[self + LruCache.MaxSize] = maxSize;
  I32[self + LruCache.Typed] = typed;
  return self;
}

/** The key of a call: the argument itself for one int or str, else a tuple; 0: exception. */
function lruKey(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const nkw = keywordCount(kwnames);
  const typed = I32[self + LruCache.Typed] !== 0;
  if (nkw === 0 && !typed) {
    const type = nargs === 1 ? I32[I32[args] + Head.Type] : 0;
    if (type === T.Int || type === T.Str) return incref(I32[args]);
    return tupleFromStackBorrowed(args, nargs);
  }
  const n = nargs + (nkw > 0 ? 1 + 2 * nkw : 0) + (typed ? nargs + nkw : 0);
  const key = newTuple(n);
  if (key === 0 || n === 0) return key;
  let to = key + TupleObject.Items;
  const put = (value: Addr) => {
    I32[to] = incref(value);
    to += 2;
  };
  for (let i = 0; i < nargs; i++) put(I32[args + i]);
  // The type itself marks where keywords begin.
  if (nkw > 0) put(T.LruCache);
  for (let i = 0; i < nkw; i++) {
    put(I32[kwnames + TupleObject.Items + 2 * i]);
    put(I32[args + nargs + i]);
  }
  if (typed) for (let i = 0; i < nargs + nkw; i++) put(I32[I32[args + i] + Head.Type]);
  track(key);
  return key;
}

function lruCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const f = I32[self + LruCache.Function];
  const maxSize = I32[self + LruCache.MaxSize];
  if (maxSize === 0) {
    I32[self + LruCache.Misses]++;
    return callObject(f, args, nargs, kwnames);
  }
  const key = lruKey(self, args, nargs, kwnames);
  if (key === 0) return 0;
  const cache = I32[self + LruCache.Cache];
  const found = dictGet(cache, key);
  let result = 0;
  if (found !== 0) {
    I32[self + LruCache.Hits]++;
    result = incref(found);
    if (maxSize > 0) moveLast(cache, key);
  } else if (!pending()) {
    I32[self + LruCache.Misses]++;
    result = callObject(f, args, nargs, kwnames);
    if (result !== 0 && !remember(cache, key, result, maxSize)) {
      decref(result);
      result = 0;
    }
  }
  decref(key);
  return result;
}

/** Enter a result, unless the call itself entered one; drop the oldest when full. */
function remember(cache: Addr, key: Addr, result: Addr, maxSize: number): boolean {
  const known = dictContains(cache, key);
  if (known !== 0) return known > 0;
  if (maxSize > 0 && dictSize(cache) >= maxSize) {
    const oldest = incref(dictKeyAt(cache, firstPosition(cache)));
    const value = dictTake(cache, oldest);
    decref(oldest);
    if (value === 0) return false;
    decref(value);
  }
  return dictSet(cache, key, result) === 0;
}

function cacheInfo(self: Addr): Addr {
  const maxSize = I32[self + LruCache.MaxSize];
  const values = [
    newInt(I32[self + LruCache.Hits]),
    newInt(I32[self + LruCache.Misses]),
    maxSize < 0 ? newNone() : newInt(maxSize),
    newInt(dictSize(I32[self + LruCache.Cache])),
  ];
  const args = thread.sp;
  for (let i = 0; i < 4; i++) I32[args + i] = values[i];
  thread.sp = args + 4;
  const result = callObject(I32[self + LruCache.InfoType], args, 4, 0);
  thread.sp = args;
  for (const value of values) decref(value);
  return result;
}

function cacheClear(self: Addr): Addr {
  I32[self + LruCache.Hits] = 0;
  I32[self + LruCache.Misses] = 0;
  dictClear(I32[self + LruCache.Cache]);
  return newNone();
}

const lruFields = fieldSlots([LruCache.Function, LruCache.Cache, LruCache.InfoType, LruCache.Dict]);

defineType({
  type: T.LruCache,
  name: "functools._lru_cache_wrapper",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.MethodDescriptor,
  basicSize: LruCache.Bytes,
  dictOffset: LruCache.Dict,
  weakListOffset: LruCache.WeakList,
  slots: {
    ...lruFields,
    dealloc: (self) => {
      untrack(self);
      if (I32[self + LruCache.WeakList] !== 0) clearWeakReferences(self, LruCache.WeakList);
      lruFields.dealloc(self);
    },
    new: lruNew,
    call: lruCall,
    descrGet: (self, object) =>
      object === 0 || object === S.None ? incref(self) : newMethod(self, object),
  },
  methods: [
    noArgs("cache_info", cacheInfo),
    noArgs("cache_clear", cacheClear),
    noArgs("__reduce__", (self) => getAttr(self, idQualName)),
    noArgs("__copy__", incref),
    oneArg("__deepcopy__", (self) => incref(self)),
  ],
  getSets: [dictAttribute(LruCache.Dict)],
});

defineModule({
  name: "_functools",
  doc: "Tools that operate on functions.",
  functions: [fast("reduce", reduce), keywords("cmp_to_key", cmpToKey)],
  setup: (_module, dict) => addTypes(dict, "functools."),
});
