/** enumerate, zip, map, filter and reversed. */

import { type Addr, heap } from "../memory/heap.js";
import { getIter, getIterFor, iterNext, objectLength, sequenceItem } from "./abstract.js";
import { bindArguments, checkArity, keywordCount, keywordsAllowed } from "./arguments.js";
import { call0, call1, callObject } from "./call.js";
import { defineType, noArgs, oneArg } from "./define.js";
import { clearPendingIf, newNone, pending, raise, typeName } from "./errors.js";
import { track } from "./gcheader.js";
import { clearField, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { getBig, intToNumber, newInt, newIntFromBig, numberIndex } from "./int.js";
import { Head, TupleObject, TypeFlag } from "./layout.js";
import { iteratorSlots, newIteratorOf } from "./nativeiterator.js";
import { isTrue } from "./number.js";
import { fieldReduction, newReduction, positionState, tupleOf } from "./reduction.js";
import { slotsOf } from "./slots.js";
import { thread } from "./thread.js";
import { newTuple, newTuple2 } from "./tuple.js";
import { lookupSpecial } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const reversedName = identifier("__reversed__");

/** enumerate: Count is the next number while it fits 32 bits, else -1 and Long holds it. */
const enum Enumerate {
  Count = 4,
  Iterator = 6,
  Result = 8,
  Long = 10,
  Bytes = 56,
}

/** zip and map: a tuple of iterators; the function of map; zip's reused result and strictness. */
const enum Zip {
  Iterators = 4,
  Result = 6,
  Strict = 8,
  Bytes = 48,
}

const enum MapField {
  Iterators = 4,
  Function = 6,
  Bytes = 32,
}

const enum Filter {
  Function = 4,
  Iterator = 6,
  Bytes = 32,
}

const enum Reversed {
  Index = 4,
  Sequence = 6,
  Bytes = 32,
}

/**
 * The pair `(a, b)` (both stolen) in the tuple at `field`, which is used again while nobody else
 * holds it.
 */
function pairIn(field: Addr, a: Addr, b: Addr): Addr {
  const pair = I32[field];
  if (I32[pair] !== 1) {
    const fresh = newTuple(2);
    if (fresh === 0) {
      decref(a);
      decref(b);
      return 0;
    }
    I32[fresh + TupleObject.Items] = a;
    I32[fresh + TupleObject.Items + 2] = b;
    track(fresh);
    return fresh;
  }
  const oldA = I32[pair + TupleObject.Items];
  const oldB = I32[pair + TupleObject.Items + 2];
  I32[pair + TupleObject.Items] = a;
  I32[pair + TupleObject.Items + 2] = b;
  I32[pair]++;
  decref(oldA);
  decref(oldB);
  track(pair);
  return pair;
}

const enumerateArguments = new Int32Array(2);

function enumerateNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["iterable", "start"];
  if (nargs + keywordCount(kwnames) === 0) {
    return raise(T.TypeError, "enumerate() missing required argument 'iterable'");
  }
  if (!bindArguments("enumerate", args, nargs, kwnames, names, 1, enumerateArguments)) return 0;
  const iterable = enumerateArguments[0];
  const start = enumerateArguments[1] === 0 ? incref(S.Zero) : numberIndex(enumerateArguments[1]);
  if (start === 0) return 0;
  const iterator = getIter(iterable);
  const self = iterator === 0 ? 0 : newIteratorOf(type, T.Enumerate, Enumerate.Bytes);
  if (self === 0) {
    decref(start);
    if (iterator !== 0) decref(iterator);
    return 0;
  }
  I32[self + Enumerate.Iterator] = iterator;
  const first = intToNumber(start);
  if (first >= 0 && first < 2147483647) {
    I32[self + Enumerate.Count] = first;
    decref(start);
  } else {
    I32[self + Enumerate.Count] = -1;
    I32[self + Enumerate.Long] = start;
  }
  I32[self + Enumerate.Result] = newTuple2(S.None, S.None);
  track(self);
  if (I32[self + Enumerate.Result] !== 0) return self;
  decref(self);
  return 0;
}

/** The next number past 31 bits. Without memory for the one after it, it stays the next. */
function takeLongNumber(self: Addr): Addr {
  if (I32[self + Enumerate.Count] >= 0) {
    const number = newInt(I32[self + Enumerate.Count]);
    if (number === 0) return 0;
    I32[self + Enumerate.Count] = -1;
    I32[self + Enumerate.Long] = number;
  }
  const number = I32[self + Enumerate.Long];
  const next = newIntFromBig(getBig(number) + 1n);
  if (next === 0) return 0;
  I32[self + Enumerate.Long] = next;
  return number;
}

function enumerateNext(self: Addr): Addr {
  const item = iterNext(I32[self + Enumerate.Iterator]);
  if (item === 0) return 0;
  const count = I32[self + Enumerate.Count];
  let number: Addr;
  if (count >= 0 && count !== 2147483647) {
    number = newInt(count);
    if (number !== 0) I32[self + Enumerate.Count] = count + 1;
  } else number = takeLongNumber(self);
  if (number === 0) {
    decref(item);
    return 0;
  }
  return pairIn(self + Enumerate.Result, number, item);
}

/** A tuple of iterators over the arguments `from … nargs - 1`. */
function iteratorsOf(
  args: Addr,
  from: number,
  nargs: number,
  message: (i: number) => string,
): Addr {
  const tuple = newTuple(nargs - from);
  if (tuple === 0 || nargs === from) return tuple;
  for (let i = from; i < nargs; i++) {
    const iterator = getIterFor(I32[args + i], message(i));
    if (iterator === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * (i - from)] = iterator;
  }
  track(tuple);
  return tuple;
}

const zipArguments = new Int32Array(1);

function zipNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  let strict = 0;
  if (keywordCount(kwnames) > 0) {
    if (!bindArguments("zip", args + nargs, 0, kwnames, ["strict"], 0, zipArguments)) return 0;
    strict = isTrue(zipArguments[0]);
    if (strict < 0) return 0;
  }
  const iterators = iteratorsOf(args, 0, nargs, () => "'%' object is not iterable");
  if (iterators === 0) return 0;
  const self = newIteratorOf(type, T.Zip, Zip.Bytes);
  const result = self === 0 ? 0 : newTuple(nargs);
  if (result === 0) {
    decref(iterators);
    if (self !== 0) decref(self);
    return 0;
  }
  if (nargs > 0) {
    for (let i = 0; i < nargs; i++) I32[result + TupleObject.Items + 2 * i] = incref(S.None);
    track(result);
  }
  I32[self + Zip.Iterators] = iterators;
  I32[self + Zip.Result] = result;
  I32[self + Zip.Strict] = strict;
  track(self);
  return self;
}

function zipNext(self: Addr): Addr {
  const iterators = I32[self + Zip.Iterators];
  const n = I32[iterators + TupleObject.Size];
  if (n === 0) return 0;
  const kept = I32[self + Zip.Result];
  const reuse = I32[kept] === 1;
  const result = reuse ? incref(kept) : newTuple(n);
  if (result === 0) return 0;
  for (let i = 0; i < n; i++) {
    const item = iterNext(I32[iterators + TupleObject.Items + 2 * i]);
    if (item === 0) {
      decref(result);
      return I32[self + Zip.Strict] !== 0 && !pending() ? checkStrict(iterators, i, n) : 0;
    }
    const at = result + TupleObject.Items + 2 * i;
    const old = I32[at];
    I32[at] = item;
    if (old !== 0) decref(old);
  }
  track(result);
  return result;
}

/** Iterator number `i` ended first: with strict=True all must end now. */
function checkStrict(iterators: Addr, i: number, n: number): Addr {
  if (i > 0) {
    const plural = i === 1 ? " " : "s 1-";
    return raise(T.ValueError, `zip() argument ${i + 1} is shorter than argument${plural}${i}`);
  }
  for (let k = 1; k < n; k++) {
    const item = iterNext(I32[iterators + TupleObject.Items + 2 * k]);
    if (item !== 0) {
      decref(item);
      const plural = k === 1 ? " " : "s 1-";
      return raise(T.ValueError, `zip() argument ${k + 1} is longer than argument${plural}${k}`);
    }
    if (pending()) return 0;
  }
  return 0;
}

function mapNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("map", type, T.Map, kwnames)) return 0;
  if (nargs < 2) return raise(T.TypeError, "map() must have at least two arguments.");
  const iterators = iteratorsOf(args, 1, nargs, () => "'%' object is not iterable");
  if (iterators === 0) return 0;
  const self = newIteratorOf(type, T.Map, MapField.Bytes);
  if (self === 0) {
    decref(iterators);
    return 0;
  }
  I32[self + MapField.Iterators] = iterators;
  I32[self + MapField.Function] = incref(I32[args]);
  track(self);
  return self;
}

function mapNext(self: Addr): Addr {
  const iterators = I32[self + MapField.Iterators];
  const n = I32[iterators + TupleObject.Size];
  const args = thread.sp;
  let filled = 0;
  // The arguments are owned here until the call is over.
  for (; filled < n; filled++) {
    thread.sp = args + filled;
    const item = iterNext(I32[iterators + TupleObject.Items + 2 * filled]);
    if (item === 0) break;
    I32[args + filled] = item;
  }
  thread.sp = args + filled;
  const result = filled < n ? 0 : callObject(I32[self + MapField.Function], args, n, 0);
  for (let i = 0; i < filled; i++) {
    thread.sp = args + filled;
    decref(I32[args + i]);
  }
  thread.sp = args;
  return result;
}

function filterNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("filter", type, T.Filter, kwnames)) return 0;
  if (!checkArity("filter", nargs, 2, 2)) return 0;
  const iterator = getIter(I32[args + 1]);
  if (iterator === 0) return 0;
  const self = newIteratorOf(type, T.Filter, Filter.Bytes);
  if (self === 0) {
    decref(iterator);
    return 0;
  }
  I32[self + Filter.Function] = incref(I32[args]);
  I32[self + Filter.Iterator] = iterator;
  track(self);
  return self;
}

/**
 * Is the item let through by `test` (None or bool: its own truth)? -1 with an exception pending.
 */
export function passes(test: Addr, item: Addr): number {
  if (test === S.None || test === T.Bool) return isTrue(item);
  const answer = call1(test, item);
  if (answer === 0) return -1;
  const truth = isTrue(answer);
  decref(answer);
  return truth;
}

function filterNext(self: Addr): Addr {
  for (;;) {
    const item = iterNext(I32[self + Filter.Iterator]);
    if (item === 0) return 0;
    const passed = passes(I32[self + Filter.Function], item);
    if (passed > 0) return item;
    decref(item);
    if (passed < 0) return 0;
  }
}

function reversedNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("reversed", type, T.Reversed, kwnames)) return 0;
  if (!checkArity("reversed", nargs, 1, 1)) return 0;
  const sequence = I32[args];
  const method = lookupSpecial(sequence, reversedName);
  if (method === S.None) {
    decref(method);
    return raise(T.TypeError, `'${typeName(sequence)}' object is not reversible`);
  }
  if (method !== 0) {
    const result = call0(method);
    decref(method);
    return result;
  }
  if (pending()) return 0;
  const slots = slotsOf(I32[sequence + Head.Type]);
  if (slots.item === null || slots.length === null) {
    return raise(T.TypeError, `'${typeName(sequence)}' object is not reversible`);
  }
  const n = objectLength(sequence);
  const self = n < 0 ? 0 : newIteratorOf(type, T.Reversed, Reversed.Bytes);
  if (self === 0) return 0;
  I32[self + Reversed.Index] = n - 1;
  I32[self + Reversed.Sequence] = incref(sequence);
  track(self);
  return self;
}

function reversedNext(self: Addr): Addr {
  const index = I32[self + Reversed.Index];
  if (index >= 0) {
    const item = sequenceItem(I32[self + Reversed.Sequence], index);
    if (item !== 0) {
      I32[self + Reversed.Index] = index - 1;
      return item;
    }
    if (!clearPendingIf(T.IndexError) && !clearPendingIf(T.StopIteration)) return 0;
  }
  I32[self + Reversed.Index] = -1;
  clearField(self + Reversed.Sequence);
  return 0;
}

const FLAGS = TypeFlag.BaseType | TypeFlag.HasGc;

defineType({
  type: T.Enumerate,
  name: "enumerate",
  flags: FLAGS,
  basicSize: Enumerate.Bytes,
  slots: {
    ...iteratorSlots([Enumerate.Iterator, Enumerate.Result, Enumerate.Long]),
    iterNext: enumerateNext,
    new: enumerateNew,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const count = I32[self + Enumerate.Count];
      const number = count >= 0 ? newInt(count) : incref(I32[self + Enumerate.Long]);
      const iterator = incref(I32[self + Enumerate.Iterator]);
      return newReduction(incref(I32[self + Head.Type]), [iterator, number]);
    }),
  ],
});

defineType({
  type: T.Zip,
  name: "zip",
  flags: FLAGS,
  basicSize: Zip.Bytes,
  slots: { ...iteratorSlots([Zip.Iterators, Zip.Result]), iterNext: zipNext, new: zipNew },
  methods: [
    noArgs("__reduce__", (self) => {
      const parts = [incref(I32[self + Head.Type]), incref(I32[self + Zip.Iterators])];
      if (I32[self + Zip.Strict] !== 0) parts.push(incref(S.True));
      return tupleOf(parts);
    }),
    oneArg("__setstate__", (self, state) => {
      const strict = isTrue(state);
      if (strict < 0) return 0;
      I32[self + Zip.Strict] = strict;
      return newNone();
    }),
  ],
});

defineType({
  type: T.Map,
  name: "map",
  flags: FLAGS,
  basicSize: MapField.Bytes,
  slots: {
    ...iteratorSlots([MapField.Iterators, MapField.Function]),
    iterNext: mapNext,
    new: mapNew,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const iterators = I32[self + MapField.Iterators];
      const args = [incref(I32[self + MapField.Function])];
      for (let i = 0; i < I32[iterators + TupleObject.Size]; i++) {
        args.push(incref(I32[iterators + TupleObject.Items + 2 * i]));
      }
      return newReduction(incref(I32[self + Head.Type]), args);
    }),
  ],
});

defineType({
  type: T.Filter,
  name: "filter",
  flags: FLAGS,
  basicSize: Filter.Bytes,
  slots: {
    ...iteratorSlots([Filter.Function, Filter.Iterator]),
    iterNext: filterNext,
    new: filterNew,
  },
  methods: [fieldReduction(Filter.Function, Filter.Iterator)],
});

defineType({
  type: T.Reversed,
  name: "reversed",
  flags: FLAGS,
  basicSize: Reversed.Bytes,
  slots: { ...iteratorSlots([Reversed.Sequence]), iterNext: reversedNext, new: reversedNew },
  methods: [
    noArgs("__length_hint__", (self) => newInt(I32[self + Reversed.Index] + 1)),
    noArgs("__reduce__", (self) => {
      const type = incref(I32[self + Head.Type]);
      const sequence = I32[self + Reversed.Sequence];
      if (sequence === 0) return newReduction(type, [newTuple(0)]);
      return newReduction(type, [incref(sequence)], newInt(I32[self + Reversed.Index]));
    }),
    positionState((self, position) => {
      const sequence = I32[self + Reversed.Sequence];
      const size = sequence === 0 ? 0 : objectLength(sequence);
      I32[self + Reversed.Index] = Math.min(Math.max(position, -1), size - 1);
    }),
  ],
});
