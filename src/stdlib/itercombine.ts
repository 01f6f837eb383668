/** The module itertools: zip_longest, tee, and the iterators over arrangements of items. */
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import { getIter, iterNext } from "../object/abstract.js";
import { bindArguments, checkArity, keywordCount, keywordName } from "../object/arguments.js";
import {
  defineModule,
  defineType,
  fast,
  type MethodDef,
  noArgs,
  oneArg,
  type TypeDef,
} from "../object/define.js";
import { newNone, pending, raise, raiseMemoryError } from "../object/errors.js";
import { newGcObject, track } from "../object/gcheader.js";
import { decref, incref, isKindOf, setField } from "../object/header.js";
import { asSsize, isInt, newInt } from "../object/int.js";
import { Head, ListObject, TupleObject, TypeFlag } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { iteratorSlots, newIteratorOf } from "../object/nativeiterator.js";
import { newReduction, tupleOf } from "../object/reduction.js";
import { newTuple, tupleFromIterable } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import "./itertools.js";
import { addTypes } from "./moduletypes.js";

const I32 = heap.I32;
const FLAGS = TypeFlag.BaseType | TypeFlag.HasGc;
const bound = new Int32Array(2);

/** zip_longest: tuple of iterators (0 where exhausted), fill value; iterators still running. */
const enum Longest {
  Iterators = 4,
  Fill = 6,
  Running = 8,
  Bytes = 48,
}

function longestNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  let fill: Addr = S.None;
  if (keywordCount(kwnames) > 0) {
    if (keywordCount(kwnames) > 1 || keywordName(kwnames, 0) !== "fillvalue") {
      return raise(T.TypeError, "zip_longest() got an unexpected keyword argument");
    }
    fill = I32[args + nargs];
  }
  const iterators = newTuple(nargs);
  if (iterators === 0) return 0;
  for (let i = 0; i < nargs; i++) {
    const iterator = getIter(I32[args + i]);
    if (iterator === 0) {
      decref(iterators);
      return 0;
    }
    I32[iterators + TupleObject.Items + 2 * i] = iterator;
  }
  if (nargs > 0) track(iterators);
  const self = newIteratorOf(type, T.ItZipLongest, Longest.Bytes);
  if (self === 0) {
    decref(iterators);
    return 0;
  }
  I32[self + Longest.Iterators] = iterators;
  I32[self + Longest.Fill] = incref(fill);
  I32[self + Longest.Running] = nargs;
  track(self);
  return self;
}

function longestNext(self: Addr): Addr {
  const iterators = I32[self + Longest.Iterators];
  const n = I32[iterators + TupleObject.Size];
  if (n === 0 || I32[self + Longest.Running] === 0) return 0;
  const result = newTuple(n);
  if (result === 0) return 0;
  for (let i = 0; i < n; i++) {
    const at = iterators + TupleObject.Items + 2 * i;
    let item = I32[at] === 0 ? 0 : iterNext(I32[at]);
    if (item === 0) {
      if (I32[at] !== 0) {
        const running = --I32[self + Longest.Running];
        if (running === 0 || pending()) {
          I32[self + Longest.Running] = 0;
          decref(result);
          return 0;
        }
        const ended = I32[at];
        I32[at] = 0;
        decref(ended);
      }
      item = incref(I32[self + Longest.Fill]);
    }
    I32[result + TupleObject.Items + 2 * i] = item;
  }
  track(result);
  return result;
}

defineType({
  type: T.ItZipLongest,
  name: "itertools.zip_longest",
  flags: FLAGS,
  basicSize: Longest.Bytes,
  slots: {
    ...iteratorSlots([Longest.Iterators, Longest.Fill]),
    new: longestNew,
    iterNext: longestNext,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const iterators = itemsOf(I32[self + Longest.Iterators]);
      const args = iterators.map((iterator) => incref(iterator === 0 ? S.EmptyTuple : iterator));
      return newReduction(incref(I32[self + Head.Type]), args, incref(I32[self + Longest.Fill]));
    }),
    oneArg("__setstate__", (self, fill) => {
      setField(self + Longest.Fill, incref(fill));
      return newNone();
    }),
  ],
});

/** The items of a tuple, borrowed. */
function itemsOf(tuple: Addr): Addr[] {
  const size = I32[tuple + TupleObject.Size];
  return Array.from({ length: size }, (_, i) => I32[tuple + TupleObject.Items + 2 * i]);
}

/** Block of items that several tees share: the iterator, the items, the next block, in use now. */
const enum TeeData {
  Iterator = 4,
  Values = 6,
  Next = 8,
  Running = 10,
  Capacity = 57,
  Bytes = 56,
}

const enum Tee {
  Data = 4,
  Index = 6,
  Bytes = 40,
}

function newTeeData(iterator: Addr): Addr {
  const values = newList(0);
  const data = values === 0 ? 0 : newGcObject(T.ItTeeData, TeeData.Bytes);
  if (data === 0) {
    if (values !== 0) decref(values);
    return 0;
  }
  I32[data + TeeData.Iterator] = incref(iterator);
  I32[data + TeeData.Values] = values;
  track(data);
  return data;
}

function newTee(data: Addr, index: number): Addr {
  const tee = newGcObject(T.ItTee, Tee.Bytes);
  if (tee === 0) return 0;
  I32[tee + Tee.Data] = incref(data);
  I32[tee + Tee.Index] = index;
  track(tee);
  return tee;
}

/** A tee over `iterable`, which may be one itself. */
function teeOf(iterable: Addr): Addr {
  const iterator = getIter(iterable);
  if (iterator === 0) return 0;
  if (I32[iterator + Head.Type] === T.ItTee) {
    const copy = newTee(I32[iterator + Tee.Data], I32[iterator + Tee.Index]);
    decref(iterator);
    return copy;
  }
  const data = newTeeData(iterator);
  decref(iterator);
  const tee = data === 0 ? 0 : newTee(data, 0);
  if (data !== 0) decref(data);
  return tee;
}

function teeNext(self: Addr): Addr {
  let data = I32[self + Tee.Data];
  if (I32[self + Tee.Index] >= TeeData.Capacity) {
    let next = I32[data + TeeData.Next];
    if (next === 0) {
      next = newTeeData(I32[data + TeeData.Iterator]);
      if (next === 0) return 0;
      I32[data + TeeData.Next] = next;
    }
    I32[self + Tee.Data] = incref(next);
    I32[self + Tee.Index] = 0;
    decref(data);
    data = next;
  }
  const index = I32[self + Tee.Index];
  const values = I32[data + TeeData.Values];
  if (index >= I32[values + ListObject.Size]) {
    if (I32[data + TeeData.Running] !== 0) {
      return raise(T.RuntimeError, "cannot re-enter the tee iterator");
    }
    I32[data + TeeData.Running] = 1;
    const item = iterNext(I32[data + TeeData.Iterator]);
    I32[data + TeeData.Running] = 0;
    if (item === 0 || listAppendSteal(values, item) < 0) return 0;
  }
  I32[self + Tee.Index] = index + 1;
  return incref(I32[I32[values + ListObject.Items] + 2 * index]);
}

function tee(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("tee", nargs, 1, 2)) return 0;
  const n = nargs > 1 ? asSsize(I32[args + 1]) : 2;
  if (Number.isNaN(n)) return 0;
  if (n < 0) return raise(T.ValueError, "n must be >= 0");
  const result = newTuple(n);
  if (result === 0 || n === 0) return result;
  let copy = teeOf(I32[args]);
  for (let i = 0; i < n && copy !== 0; i++) {
    I32[result + TupleObject.Items + 2 * i] = copy;
    if (i + 1 < n) copy = newTee(I32[copy + Tee.Data], I32[copy + Tee.Index]);
  }
  if (copy === 0) {
    decref(result);
    return 0;
  }
  track(result);
  return result;
}

defineType({
  type: T.ItTeeData,
  name: "itertools._tee_dataobject",
  flags: TypeFlag.HasGc,
  basicSize: TeeData.Bytes,
  slots: {
    ...iteratorSlots([TeeData.Iterator, TeeData.Values, TeeData.Next]),
    new: restoreTeeData,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const [iterator, values, next] = [TeeData.Iterator, TeeData.Values, TeeData.Next].map(
        (field) => I32[self + field],
      );
      const items = itemsOfList(values);
      const args = [incref(iterator), items, next === 0 ? newNone() : incref(next)];
      return newReduction(incref(T.ItTeeData), args);
    }),
  ],
});

/** A copy of a list. */
function itemsOfList(list: Addr): Addr {
  const size = I32[list + ListObject.Size];
  const copy = newList(size);
  if (copy === 0) return 0;
  for (let i = 0; i < size; i++) {
    I32[I32[copy + ListObject.Items] + 2 * i] = incref(I32[I32[list + ListObject.Items] + 2 * i]);
  }
  return copy;
}

/** `_tee_dataobject(iterator, values, next)`, as unpickling calls it. */
function restoreTeeData(_type: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_tee_dataobject", nargs, 3, 3)) return 0;
  const [iterator, values, next] = [0, 1, 2].map((i) => I32[args + i]);
  const isList = isKindOf(values, TypeFlag.ListSubclass);
  const size = isList ? I32[values + ListObject.Size] : TeeData.Capacity + 1;
  const full = size === TeeData.Capacity;
  const follows = next !== S.None;
  if (size > TeeData.Capacity || (follows && (!full || I32[next + Head.Type] !== T.ItTeeData))) {
    return raise(T.ValueError, "Invalid arguments");
  }
  const items = itemsOfList(values);
  const data = items === 0 ? 0 : newTeeData(iterator);
  if (data === 0) {
    if (items !== 0) decref(items);
    return 0;
  }
  setField(data + TeeData.Values, items);
  if (follows) I32[data + TeeData.Next] = incref(next);
  return data;
}

function setTeeState(self: Addr, state: Addr): Addr {
  if (!isKindOf(state, TypeFlag.TupleSubclass)) return raise(T.TypeError, "state is not a tuple");
  const [data, place] = itemsOf(state);
  if (place === undefined || I32[data + Head.Type] !== T.ItTeeData) {
    return raise(T.TypeError, "the state is a data object and an index");
  }
  const index = asSsize(place);
  if (Number.isNaN(index)) return 0;
  if (index < 0 || index > TeeData.Capacity) return raise(T.ValueError, "Index out of range");
  setField(self + Tee.Data, incref(data));
  I32[self + Tee.Index] = index;
  return newNone();
}

defineType({
  type: T.ItTee,
  name: "itertools._tee",
  flags: TypeFlag.HasGc,
  basicSize: Tee.Bytes,
  slots: {
    ...iteratorSlots([Tee.Data]),
    iterNext: teeNext,
    new: (_type, args, nargs) => (checkArity("_tee", nargs, 1, 1) ? teeOf(I32[args]) : 0),
  },
  methods: [
    noArgs("__copy__", (self) => newTee(I32[self + Tee.Data], I32[self + Tee.Index])),
    noArgs("__reduce__", (self) => {
      const state = tupleOf([incref(I32[self + Tee.Data]), newInt(I32[self + Tee.Index])]);
      return newReduction(incref(T.ItTee), [incref(S.EmptyTuple)], state);
    }),
    oneArg("__setstate__", setTeeState),
  ],
});

/**
 * Arrangements: Pools is a tuple of tuples (product) or one tuple; Indices a block of words: the
 * places of the current arrangement, for permutations followed by the cycles.
 */
const enum Arrangement {
  Pools = 4,
  Indices = 6,
  /** Items of an arrangement, items to choose from. */
  Length = 8,
  PoolSize = 9,
  Stage = 10,
  /** Items of an arrangement that were asked for. */
  Asked = 11,
  Bytes = 56,
}

/** Values of Arrangement.Stage. */
const enum Stage {
  /** Before the first arrangement. */
  New = 0,
  UnderWay = 1,
  Finished = 2,
  /** There is not even a first one. */
  Empty = 3,
}

const MOST_ASKED = 0x7fffffff;

function newArrangement(type: Addr, base: Addr, pools: Addr, length: number, words: number): Addr {
  const indices = words > 1 << 26 ? 0 : malloc(Math.max(words, 1) * 4);
  const self = indices === 0 ? raiseMemoryError() : newIteratorOf(type, base, Arrangement.Bytes);
  if (self === 0) {
    if (indices !== 0) free(indices);
    decref(pools);
    return 0;
  }
  I32[self + Arrangement.Pools] = pools;
  I32[self + Arrangement.Indices] = indices;
  I32[self + Arrangement.Length] = length;
  I32[self + Arrangement.Asked] = length;
  I32[self + Arrangement.PoolSize] = I32[pools + TupleObject.Size];
  track(self);
  return self;
}

/** The arrangement that the indices say, from one pool or from a pool each. */
function arranged(self: Addr, poolEach: boolean): Addr {
  const n = I32[self + Arrangement.Length];
  const pools = I32[self + Arrangement.Pools];
  const indices = I32[self + Arrangement.Indices];
  const result = newTuple(n);
  if (result === 0 || n === 0) return result;
  for (let i = 0; i < n; i++) {
    const pool = poolEach ? I32[pools + TupleObject.Items + 2 * i] : pools;
    const item = I32[pool + TupleObject.Items + 2 * I32[indices + i]];
    I32[result + TupleObject.Items + 2 * i] = incref(item);
  }
  track(result);
  return result;
}

/** Declare an arrangement iterator: `step` moves to the next one, false after the last. */
function defineArrangement(
  type: Addr,
  name: string,
  make: TypeDef["slots"]["new"],
  poolEach: boolean,
  step: (self: Addr) => boolean,
  methods: MethodDef[],
): void {
  const slots = iteratorSlots([Arrangement.Pools]);
  defineType({
    type,
    name,
    flags: FLAGS,
    basicSize: Arrangement.Bytes,
    slots: {
      ...slots,
      dealloc: (self) => {
        if (I32[self + Arrangement.Indices] !== 0) free(I32[self + Arrangement.Indices]);
        I32[self + Arrangement.Indices] = 0;
        slots.dealloc(self);
      },
      new: make,
      iterNext: (self) => {
        const stage: Stage = I32[self + Arrangement.Stage];
        // Of a product that has none CPython forgets that once it was asked for one.
        if (stage === Stage.Empty && poolEach) I32[self + Arrangement.Stage] = Stage.Finished;
        if (stage === Stage.Finished || stage === Stage.Empty) return 0;
        if (stage === Stage.New) {
          I32[self + Arrangement.Stage] = Stage.UnderWay;
        } else if (!step(self)) {
          I32[self + Arrangement.Stage] = Stage.Finished;
          return 0;
        }
        return arranged(self, poolEach);
      },
    },
    methods,
  });
}

/** `count` words from `from` on as a tuple of ints. */
function wordTuple(from: Addr, count: number): Addr {
  return tupleOf(Array.from({ length: count }, (_, i) => newInt(I32[from + i])));
}

/** Read a state of `count` ints, each put between 0 and `most(i)`; false with an exception. */
function readWords(
  state: Addr,
  to: Addr,
  count: number,
  least: number,
  most: (i: number) => number,
): boolean {
  if (!isKindOf(state, TypeFlag.TupleSubclass) || I32[state + TupleObject.Size] !== count) {
    raise(T.ValueError, "invalid arguments");
    return false;
  }
  const items = itemsOf(state);
  if (!items.every(isInt)) {
    raise(T.TypeError, "an integer is required");
    return false;
  }
  const places = items.map(asSsize);
  if (pending()) return false;
  for (const [i, place] of places.entries()) {
    I32[to + i] = Math.min(Math.max(place, least), most(i));
  }
  return true;
}

/** `__reduce__` and `__setstate__` of arrangements of one pool; `most`: the highest index. */
function choiceMethods(most: (self: Addr, i: number) => number): MethodDef[] {
  return [
    noArgs("__reduce__", (self) =>
      reduceChoice(self, () => wordTuple(indicesOf(self), I32[self + Arrangement.Length])),
    ),
    oneArg("__setstate__", (self, state) => {
      const length = I32[self + Arrangement.Length];
      if (!readWords(state, indicesOf(self), length, 0, (i) => most(self, i))) return 0;
      I32[self + Arrangement.Stage] = Stage.UnderWay;
      return newNone();
    }),
  ];
}

function indicesOf(self: Addr): Addr {
  return I32[self + Arrangement.Indices];
}

function reduceChoice(self: Addr, state: () => Addr): Addr {
  const stage: Stage = I32[self + Arrangement.Stage];
  const pool = stage === Stage.Finished ? S.EmptyTuple : I32[self + Arrangement.Pools];
  const args = [incref(pool), newInt(I32[self + Arrangement.Asked])];
  const type = incref(I32[self + Head.Type]);
  return stage === Stage.UnderWay ? newReduction(type, args, state()) : newReduction(type, args);
}

const productMethods: MethodDef[] = [
  noArgs("__reduce__", (self) => {
    const type = incref(I32[self + Head.Type]);
    const stage: Stage = I32[self + Arrangement.Stage];
    if (stage === Stage.Finished) return newReduction(type, [incref(S.EmptyTuple)]);
    const pools = itemsOf(I32[self + Arrangement.Pools]).map(incref);
    if (stage !== Stage.UnderWay) return newReduction(type, pools);
    return newReduction(type, pools, wordTuple(indicesOf(self), pools.length));
  }),
  oneArg("__setstate__", (self, state) => {
    const sizes = itemsOf(I32[self + Arrangement.Pools]).map(
      (pool) => I32[pool + TupleObject.Size],
    );
    if (!readWords(state, indicesOf(self), sizes.length, 0, (i) => sizes[i] - 1)) return 0;
    if (sizes.includes(0)) return newNone();
    I32[self + Arrangement.Stage] = Stage.UnderWay;
    return newNone();
  }),
];

/** The indices of all items, then the cycles. */
const permutationsMethods: MethodDef[] = [
  noArgs("__reduce__", (self) =>
    reduceChoice(self, () => {
      const size = I32[self + Arrangement.PoolSize];
      const cycles = wordTuple(indicesOf(self) + size, I32[self + Arrangement.Length]);
      return tupleOf([wordTuple(indicesOf(self), size), cycles]);
    }),
  ),
  oneArg("__setstate__", (self, state) => {
    const isPair = isKindOf(state, TypeFlag.TupleSubclass) && I32[state + TupleObject.Size] === 2;
    if (!isPair) {
      const given = isKindOf(state, TypeFlag.TupleSubclass) ? I32[state + TupleObject.Size] : 1;
      return raise(T.TypeError, `function takes exactly 2 arguments (${given} given)`);
    }
    const [indices, cycles] = itemsOf(state);
    const [n, r] = [I32[self + Arrangement.PoolSize], I32[self + Arrangement.Length]];
    const words = indicesOf(self);
    if (!readWords(indices, words, n, 0, () => n - 1)) return 0;
    if (!readWords(cycles, words + n, r, 1, (i) => n - i)) return 0;
    I32[self + Arrangement.Stage] = Stage.UnderWay;
    return newNone();
  }),
];

function productNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  let repeat = 1;
  if (keywordCount(kwnames) > 0) {
    if (!bindArguments("product", args + nargs, 0, kwnames, ["repeat"], 0, bound)) return 0;
    repeat = asSsize(bound[0]);
    if (Number.isNaN(repeat)) return 0;
    if (repeat < 0) return raise(T.ValueError, "repeat argument cannot be negative");
  }
  const n = nargs * repeat;
  const pools = newTuple(n);
  if (pools === 0) return 0;
  let empty = false;
  for (let i = 0; i < n; i++) {
    const first = I32[pools + TupleObject.Items + 2 * (i - nargs)];
    const pool = i < nargs ? tupleFromIterable(I32[args + i]) : incref(first);
    if (pool === 0) {
      decref(pools);
      return 0;
    }
    if (I32[pool + TupleObject.Size] === 0) empty = true;
    I32[pools + TupleObject.Items + 2 * i] = pool;
  }
  if (n > 0) track(pools);
  const self = newArrangement(type, T.ItProduct, pools, n, n);
  if (self === 0) return 0;
  const indices = I32[self + Arrangement.Indices];
  for (let i = 0; i < n; i++) I32[indices + i] = 0;
  if (empty) I32[self + Arrangement.Stage] = Stage.Empty;
  return self;
}

function productStep(self: Addr): boolean {
  const pools = I32[self + Arrangement.Pools];
  const indices = I32[self + Arrangement.Indices];
  for (let i = I32[self + Arrangement.Length] - 1; i >= 0; i--) {
    const pool = I32[pools + TupleObject.Items + 2 * i];
    if (++I32[indices + i] < I32[pool + TupleObject.Size]) return true;
    I32[indices + i] = 0;
  }
  return false;
}

/** The iterable as a tuple, and the length `r` (None: all) written to {@link chosenLength}. */
let chosenLength = 0;
function poolAndLength(
  fname: string,
  args: Addr,
  nargs: number,
  kwnames: Addr,
  required: number,
): Addr {
  if (!bindArguments(fname, args, nargs, kwnames, ["iterable", "r"], required, bound)) return 0;
  const r = bound[1];
  const pool = tupleFromIterable(bound[0]);
  if (pool === 0) return 0;
  chosenLength = I32[pool + TupleObject.Size];
  if (r === 0 || r === S.None) return pool;
  chosenLength = asSsize(r);
  if (!Number.isNaN(chosenLength) && chosenLength >= 0) return pool;
  decref(pool);
  return pending() ? 0 : raise(T.ValueError, "r must be non-negative");
}

function permutationsNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const pool = poolAndLength("permutations", args, nargs, kwnames, 1);
  if (pool === 0) return 0;
  const n = I32[pool + TupleObject.Size];
  const r = Math.min(chosenLength, n + 1);
  const self = newArrangement(type, T.ItPermutations, pool, r, n + r);
  if (self === 0) return 0;
  I32[self + Arrangement.Asked] = Math.min(chosenLength, MOST_ASKED);
  const indices = I32[self + Arrangement.Indices];
  for (let i = 0; i < n; i++) I32[indices + i] = i;
  for (let i = 0; i < r; i++) I32[indices + n + i] = n - i;
  if (r > n) I32[self + Arrangement.Stage] = Stage.Empty;
  return self;
}

function permutationsStep(self: Addr): boolean {
  const n = I32[self + Arrangement.PoolSize];
  const r = I32[self + Arrangement.Length];
  const indices = I32[self + Arrangement.Indices];
  const cycles = indices + n;
  for (let i = r - 1; i >= 0; i--) {
    const left = --I32[cycles + i];
    if (left === 0) {
      // Every choice for place i was made: rotate the rest back.
      const first = I32[indices + i];
      for (let j = i; j < n - 1; j++) I32[indices + j] = I32[indices + j + 1];
      I32[indices + n - 1] = first;
      I32[cycles + i] = n - i;
    } else {
      const other = n - left;
      const first = I32[indices + i];
      I32[indices + i] = I32[indices + other];
      I32[indices + other] = first;
      return true;
    }
  }
  return false;
}

function combinationsNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const pool = poolAndLength("combinations", args, nargs, kwnames, 2);
  if (pool === 0) return 0;
  const n = I32[pool + TupleObject.Size];
  const r = Math.min(chosenLength, n + 1);
  const self = newArrangement(type, T.ItCombinations, pool, r, r);
  if (self === 0) return 0;
  I32[self + Arrangement.Asked] = Math.min(chosenLength, MOST_ASKED);
  for (let i = 0; i < r; i++) I32[I32[self + Arrangement.Indices] + i] = i;
  if (r > n) I32[self + Arrangement.Stage] = Stage.Empty;
  return self;
}

function combinationsStep(self: Addr): boolean {
  const n = I32[self + Arrangement.PoolSize];
  const r = I32[self + Arrangement.Length];
  const indices = I32[self + Arrangement.Indices];
  let i = r - 1;
  while (i >= 0 && I32[indices + i] === i + n - r) i--;
  if (i < 0) return false;
  I32[indices + i]++;
  for (let j = i + 1; j < r; j++) I32[indices + j] = I32[indices + j - 1] + 1;
  return true;
}

function replacementNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const pool = poolAndLength("combinations_with_replacement", args, nargs, kwnames, 2);
  if (pool === 0) return 0;
  const r = chosenLength;
  const self = newArrangement(type, T.ItCombinationsWR, pool, r, r);
  if (self === 0) return 0;
  for (let i = 0; i < r; i++) I32[I32[self + Arrangement.Indices] + i] = 0;
  if (I32[pool + TupleObject.Size] === 0 && r > 0) I32[self + Arrangement.Stage] = Stage.Empty;
  return self;
}

function replacementStep(self: Addr): boolean {
  const n = I32[self + Arrangement.PoolSize];
  const r = I32[self + Arrangement.Length];
  const indices = I32[self + Arrangement.Indices];
  let i = r - 1;
  while (i >= 0 && I32[indices + i] === n - 1) i--;
  if (i < 0) return false;
  const index = I32[indices + i] + 1;
  for (; i < r; i++) I32[indices + i] = index;
  return true;
}

defineArrangement(T.ItProduct, "itertools.product", productNew, true, productStep, productMethods);
defineArrangement(
  T.ItPermutations,
  "itertools.permutations",
  permutationsNew,
  false,
  permutationsStep,
  permutationsMethods,
);
defineArrangement(
  T.ItCombinations,
  "itertools.combinations",
  combinationsNew,
  false,
  combinationsStep,
  choiceMethods((self, i) => i + I32[self + Arrangement.PoolSize] - I32[self + Arrangement.Length]),
);
defineArrangement(
  T.ItCombinationsWR,
  "itertools.combinations_with_replacement",
  replacementNew,
  false,
  replacementStep,
  choiceMethods((self) => I32[self + Arrangement.PoolSize] - 1),
);

defineModule({
  name: "itertools",
  doc: "Functional tools for creating and using iterators.",
  functions: [fast("tee", tee)],
  setup: (_module, dict) => addTypes(dict, "itertools."),
});
