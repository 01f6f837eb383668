/**
 * The module itertools: its simple iterators. Grouping and combining ones are in itercombine.ts.
 */

import { type Addr, heap } from "../memory/heap.js";
import { getIter, isIterator, iterNext, richCompareBool } from "../object/abstract.js";
import { bindArguments, checkArity, keywordsAllowed } from "../object/arguments.js";
import { call1, call2, callTuple } from "../object/call.js";
import { classBound, defineType, type MethodDef, noArgs, oneArg } from "../object/define.js";
import { clearPending, newNone, pending, raise, typeName } from "../object/errors.js";
import { track } from "../object/gcheader.js";
import { clearField, decref, incref, isKindOf, setField, xincref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asIndex, bitLength, isInt, newBool, newInt } from "../object/int.js";
import { Head, ListObject, TupleObject, TypeFlag } from "../object/layout.js";
import { listAppend, newList } from "../object/list.js";
import { iteratorSlots, newIteratorOf } from "../object/nativeiterator.js";
import { binaryOp, isTrue } from "../object/number.js";
import {
  fieldReduction,
  newBuiltinReduction,
  newReduction,
  positionState,
  tupleOf,
} from "../object/reduction.js";
import { reprObject } from "../object/repr.js";
import { Compare, slotsOf } from "../object/slots.js";
import { getString, newStr } from "../object/str.js";
import { newTuple2, tupleFromIterable, tupleFromStackBorrowed } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { passes } from "../object/zipmap.js";

const I32 = heap.I32;
const FLAGS = TypeFlag.BaseType | TypeFlag.HasGc;
const ADD = 0;
const ID_iter = identifier("iter");

/** Fields of these iterators, in words; each says below what it keeps where. */
const enum Field {
  A = 4,
  B = 6,
  C = 8,
  D = 10,
  E = 12,
  Bytes = 56,
}

const bound = new Int32Array(4);

/** A new iterator of `type` (or a subclass) with the given references (stolen; 0: none). */
function make(type: Addr, base: Addr, a: Addr, b: Addr, c = 0): Addr {
  const self = newIteratorOf(type, base, Field.Bytes);
  if (self === 0) {
    for (const value of [a, b, c]) if (value !== 0) decref(value);
    return 0;
  }
  I32[self + Field.A] = a;
  I32[self + Field.B] = b;
  I32[self + Field.C] = c;
  track(self);
  return self;
}

/** Iterator types whose constructor takes a function and an iterable: A function, B iterator. */
function defineFunctional(
  type: Addr,
  name: string,
  shortName: string,
  next: (self: Addr) => Addr,
  methods: MethodDef[] = [fieldReduction(Field.A, Field.B)],
): void {
  defineType({
    type,
    name,
    flags: FLAGS,
    basicSize: Field.Bytes,
    slots: {
      ...iteratorSlots([Field.A, Field.B]),
      iterNext: next,
      new: (cls, args, nargs, kwnames) => {
        if (!keywordsAllowed(shortName, cls, type, kwnames)) return 0;
        if (!checkArity(shortName, nargs, 2, 2)) return 0;
        const iterator = getIter(I32[args + 1]);
        return iterator === 0 ? 0 : make(cls, type, incref(I32[args]), iterator);
      },
    },
    methods,
  });
}

/** Those whose word C tells whether the first part is over: it is their state. */
const withPhase: MethodDef[] = [
  noArgs("__reduce__", (self) => {
    const args = [incref(I32[self + Field.A]), incref(I32[self + Field.B])];
    return newReduction(incref(I32[self + Head.Type]), args, newInt(I32[self + Field.C]));
  }),
  oneArg("__setstate__", (self, state) => {
    const over = isTrue(state);
    if (over < 0) return 0;
    I32[self + Field.C] = over;
    return newNone();
  }),
];

// count: A next value, B step.
defineType({
  type: T.ItCount,
  name: "itertools.count",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B]),
    new: (cls, args, nargs, kwnames) => {
      if (!bindArguments("count", args, nargs, kwnames, ["start", "step"], 0, bound)) return 0;
      const start = bound[0] === 0 ? S.Zero : bound[0];
      const step = bound[1] === 0 ? S.One : bound[1];
      if (!isNumber(start) || !isNumber(step)) return raise(T.TypeError, "a number is required");
      return make(cls, T.ItCount, incref(start), incref(step));
    },
    iterNext: (self) => {
      const value = I32[self + Field.A];
      const next = binaryOp(ADD, value, I32[self + Field.B]);
      if (next === 0) return 0;
      I32[self + Field.A] = next;
      return value;
    },
    repr: (self) => {
      const start = textOf(I32[self + Field.A]);
      if (start === null) return 0;
      const step = textOf(I32[self + Field.B]);
      if (step === null) return 0;
      return newStr(step === "1" ? `count(${start})` : `count(${start}, ${step})`);
    },
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const value = I32[self + Field.A];
      const step = I32[self + Field.B];
      // One beyond a machine word shows its step, as CPython's does.
      const plain = step === S.One && isInt(value) && bitLength(value) < 64;
      const args = [incref(value)];
      if (!plain) args.push(incref(step));
      return newReduction(incref(I32[self + Head.Type]), args);
    }),
  ],
});

function isNumber(object: Addr): boolean {
  const slots = slotsOf(I32[object + Head.Type]);
  return slots.index !== null || slots.float !== null || slots.int !== null || slots.add !== null;
}

function textOf(object: Addr): string | null {
  const text = reprObject(object);
  if (text === 0) return null;
  const shown = getString(text);
  decref(text);
  return shown;
}

/** `object` as tuple state of so many parts, for `__setstate__`; false with TypeError pending. */
function isState(object: Addr, name: string, least: number, most: number): boolean {
  if (!isKindOf(object, TypeFlag.TupleSubclass)) raise(T.TypeError, "state is not a tuple");
  else {
    const size = I32[object + TupleObject.Size];
    if (size >= least && size <= most) return true;
    const quantity = least === most ? "exactly" : size < least ? "at least" : "at most";
    const count = size < least ? least : most;
    raise(T.TypeError, `${name} expected ${quantity} ${count} arguments, got ${size}`);
  }
  return false;
}

function partOf(state: Addr, i: number): Addr {
  return I32[state + TupleObject.Items + 2 * i];
}

// cycle: A iterator (0 once exhausted), B list of the items seen; plain words: C next index, D 1
// when the iterator's items have been seen already, as after unpickling.
defineType({
  type: T.ItCycle,
  name: "itertools.cycle",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B]),
    new: (cls, args, nargs, kwnames) => {
      if (!keywordsAllowed("cycle", cls, T.ItCycle, kwnames)) return 0;
      if (!checkArity("cycle", nargs, 1, 1)) return 0;
      const iterator = getIter(I32[args]);
      const seen = iterator === 0 ? 0 : newList(0);
      if (seen !== 0) return make(cls, T.ItCycle, iterator, seen);
      if (iterator !== 0) decref(iterator);
      return 0;
    },
    iterNext: cycleNext,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const [iterator, seen] = [I32[self + Field.A], I32[self + Field.B]];
      const known = iterator === 0 || I32[self + Field.D] !== 0;
      const source = iterator === 0 ? iteratorAt(seen, I32[self + Field.C]) : incref(iterator);
      const state = tupleOf([incref(seen), newBool(known)]);
      return newReduction(incref(I32[self + Head.Type]), [source], state);
    }),
    oneArg("__setstate__", (self, state) => {
      if (!isState(state, "__setstate__", 2, 2)) return 0;
      const [seen, known] = [partOf(state, 0), isTrue(partOf(state, 1))];
      if (known < 0) return 0;
      if (!isKindOf(seen, TypeFlag.ListSubclass)) {
        return raise(T.TypeError, "a list of the items seen is required");
      }
      setField(self + Field.B, incref(seen));
      I32[self + Field.C] = 0;
      I32[self + Field.D] = known;
      return newNone();
    }),
  ],
});

/** An iterator over a list from `index` on. */
function iteratorAt(list: Addr, index: number): Addr {
  const iterator = getIter(list);
  for (let i = 0; i < index && iterator !== 0; i++) decref(iterNext(iterator));
  return iterator;
}

function cycleNext(self: Addr): Addr {
  const seen = I32[self + Field.B];
  const iterator = I32[self + Field.A];
  if (iterator !== 0) {
    const item = iterNext(iterator);
    if (item !== 0) {
      if (I32[self + Field.D] !== 0 || listAppend(seen, item) === 0) return item;
      decref(item);
      return 0;
    }
    if (pending()) return 0;
    clearField(self + Field.A);
  }
  const size = I32[seen + ListObject.Size];
  if (size === 0) return 0;
  const index = I32[self + Field.C];
  I32[self + Field.C] = index + 1 >= size ? 0 : index + 1;
  return incref(I32[I32[seen + ListObject.Items] + 2 * index]);
}

// repeat: A object, B (plain word) repetitions left, -1 without end.
defineType({
  type: T.ItRepeat,
  name: "itertools.repeat",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A]),
    new: (cls, args, nargs, kwnames) => {
      if (!bindArguments("repeat", args, nargs, kwnames, ["object", "times"], 1, bound)) return 0;
      const object = bound[0];
      let times = -1;
      if (bound[1] !== 0) {
        times = asIndex(bound[1], T.OverflowError);
        if (Number.isNaN(times)) return 0;
        times = Math.min(Math.max(times, 0), 2147483647);
      }
      const self = make(cls, T.ItRepeat, incref(object), 0);
      if (self !== 0) I32[self + Field.B] = times;
      return self;
    },
    iterNext: (self) => {
      const left = I32[self + Field.B];
      if (left === 0) return 0;
      if (left > 0) I32[self + Field.B] = left - 1;
      return incref(I32[self + Field.A]);
    },
    repr: (self) => {
      const text = textOf(I32[self + Field.A]);
      if (text === null) return 0;
      const left = I32[self + Field.B];
      return newStr(left < 0 ? `repeat(${text})` : `repeat(${text}, ${left})`);
    },
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const args = [incref(I32[self + Field.A])];
      if (I32[self + Field.B] >= 0) args.push(newInt(I32[self + Field.B]));
      return newReduction(incref(I32[self + Head.Type]), args);
    }),
    noArgs("__length_hint__", (self) =>
      I32[self + Field.B] < 0
        ? raise(T.TypeError, "len() of unsized object")
        : newInt(I32[self + Field.B]),
    ),
  ],
});

// chain: A iterator over iterables, B current iterator.
defineType({
  type: T.ItChain,
  name: "itertools.chain",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B]),
    new: (cls, args, nargs, kwnames) => {
      if (!keywordsAllowed("chain", cls, T.ItChain, kwnames)) return 0;
      const tuple = tupleFromStackBorrowed(args, nargs);
      if (tuple === 0) return 0;
      const iterator = getIter(tuple);
      decref(tuple);
      return iterator === 0 ? 0 : make(cls, T.ItChain, iterator, 0);
    },
    iterNext: chainNext,
  },
  methods: [
    classBound(
      oneArg("from_iterable", (cls, iterable) => {
        const iterator = getIter(iterable);
        return iterator === 0 ? 0 : make(cls, T.ItChain, iterator, 0);
      }),
    ),
    noArgs("__reduce__", (self) => {
      const type = incref(I32[self + Head.Type]);
      const [source, active] = [I32[self + Field.A], I32[self + Field.B]];
      if (source === 0) return newReduction(type, []);
      const state = active === 0 ? [source] : [source, active];
      return newReduction(type, [], tupleOf(state.map(incref)));
    }),
    oneArg("__setstate__", chainSetState),
  ],
});

function chainSetState(self: Addr, state: Addr): Addr {
  if (!isKindOf(state, TypeFlag.TupleSubclass)) return raise(T.TypeError, "state is not a tuple");
  const size = I32[state + TupleObject.Size];
  const parts = [0, 2].map((i) => (2 * size > i ? I32[state + TupleObject.Items + i] : 0));
  const [source, active] = parts;
  if (size < 1 || size > 2 || !isIterator(source) || (active !== 0 && !isIterator(active))) {
    return raise(T.TypeError, "Arguments must be iterators.");
  }
  setField(self + Field.A, incref(source));
  setField(self + Field.B, active === 0 ? 0 : incref(active));
  return newNone();
}

function chainNext(self: Addr): Addr {
  while (I32[self + Field.A] !== 0) {
    if (I32[self + Field.B] === 0) {
      const iterable = iterNext(I32[self + Field.A]);
      if (iterable === 0) {
        if (!pending()) clearField(self + Field.A);
        return 0;
      }
      const iterator = getIter(iterable);
      decref(iterable);
      if (iterator === 0) {
        clearField(self + Field.A);
        return 0;
      }
      I32[self + Field.B] = iterator;
    }
    const item = iterNext(I32[self + Field.B]);
    if (item !== 0 || pending()) return item;
    clearField(self + Field.B);
  }
  return 0;
}

// compress: A data iterator, B selectors iterator.
defineType({
  type: T.ItCompress,
  name: "itertools.compress",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B]),
    new: (cls, args, nargs, kwnames) => {
      const names = ["data", "selectors"];
      if (!bindArguments("compress", args, nargs, kwnames, names, 2, bound)) return 0;
      const second = bound[1];
      const data = getIter(bound[0]);
      if (data === 0) return 0;
      const selectors = getIter(second);
      if (selectors !== 0) return make(cls, T.ItCompress, data, selectors);
      decref(data);
      return 0;
    },
    iterNext: (self) => {
      for (;;) {
        const item = iterNext(I32[self + Field.A]);
        if (item === 0) return 0;
        const selector = iterNext(I32[self + Field.B]);
        const chosen = selector === 0 ? -1 : isTrue(selector);
        if (selector !== 0) decref(selector);
        if (chosen > 0) return item;
        decref(item);
        if (chosen < 0) return 0;
      }
    },
  },
  methods: [fieldReduction(Field.A, Field.B)],
});

// dropwhile: C (plain word) 1 once an item was let through.
defineFunctional(
  T.ItDropWhile,
  "itertools.dropwhile",
  "dropwhile",
  (self) => {
    for (;;) {
      const item = iterNext(I32[self + Field.B]);
      if (item === 0 || I32[self + Field.C] !== 0) return item;
      const dropped = passes(I32[self + Field.A], item);
      if (dropped === 0) {
        I32[self + Field.C] = 1;
        return item;
      }
      decref(item);
      if (dropped < 0) return 0;
    }
  },
  withPhase,
);

// takewhile: C (plain word) 1 once an item was refused.
defineFunctional(
  T.ItTakeWhile,
  "itertools.takewhile",
  "takewhile",
  (self) => {
    if (I32[self + Field.C] !== 0) return 0;
    const item = iterNext(I32[self + Field.B]);
    if (item === 0) return 0;
    const taken = passes(I32[self + Field.A], item);
    if (taken > 0) return item;
    decref(item);
    if (taken === 0) I32[self + Field.C] = 1;
    return 0;
  },
  withPhase,
);

defineFunctional(T.ItFilterFalse, "itertools.filterfalse", "filterfalse", (self) => {
  for (;;) {
    const item = iterNext(I32[self + Field.B]);
    if (item === 0) return 0;
    const passed = passes(I32[self + Field.A], item);
    if (passed === 0) return item;
    decref(item);
    if (passed < 0) return 0;
  }
});

defineFunctional(T.ItStarMap, "itertools.starmap", "starmap", (self) => {
  const item = iterNext(I32[self + Field.B]);
  if (item === 0) return 0;
  const args = tupleFromIterable(item);
  decref(item);
  if (args === 0) return 0;
  const result = callTuple(I32[self + Field.A], args, 0);
  decref(args);
  return result;
});

/** A bound of islice: None gives `absent`; NaN with an exception pending. */
function sliceBound(value: Addr, absent: number, message: string): number {
  if (value === S.None) return absent;
  const bound = asIndex(value, T.OverflowError);
  if (!Number.isNaN(bound) && bound >= 0) return bound;
  if (pending()) clearPending();
  raise(T.ValueError, message);
  return Number.NaN;
}

const STOP_MESSAGE =
  "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const INDEX_MESSAGE = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const STEP_MESSAGE = "Step for islice() must be a positive integer or None.";
const NO_STOP = 2147483647;

// islice: A iterator (0 when done); plain words: B next index wanted, C stop, D step, E taken.
defineType({
  type: T.ItISlice,
  name: "itertools.islice",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A]),
    new: isliceNew,
    iterNext: isliceNext,
  },
  methods: [
    noArgs("__reduce__", isliceReduce),
    positionState((self, taken) => {
      I32[self + Field.E] = Math.min(taken, NO_STOP);
    }),
  ],
});

function isliceReduce(self: Addr): Addr {
  const type = incref(I32[self + Head.Type]);
  if (I32[self + Field.A] === 0) {
    const nothing = newList(0);
    const ended = nothing === 0 ? 0 : getIter(nothing);
    if (nothing !== 0) decref(nothing);
    return newReduction(type, [ended, newInt(0)], newInt(0));
  }
  const stop = I32[self + Field.C];
  const args = [
    incref(I32[self + Field.A]),
    newInt(I32[self + Field.B]),
    stop === NO_STOP ? newNone() : newInt(stop),
    newInt(I32[self + Field.D]),
  ];
  return newReduction(type, args, newInt(I32[self + Field.E]));
}

function isliceNew(cls: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("islice", cls, T.ItISlice, kwnames)) return 0;
  if (!checkArity("islice", nargs, 2, 4)) return 0;
  const start = nargs === 2 ? 0 : sliceBound(I32[args + 1], 0, INDEX_MESSAGE);
  if (Number.isNaN(start)) return 0;
  const message = nargs === 2 ? STOP_MESSAGE : INDEX_MESSAGE;
  const stop = sliceBound(I32[args + (nargs === 2 ? 1 : 2)], NO_STOP, message);
  if (Number.isNaN(stop)) return 0;
  const step = nargs < 4 ? 1 : sliceBound(I32[args + 3], 1, STEP_MESSAGE);
  if (Number.isNaN(step)) return 0;
  if (step < 1) return raise(T.ValueError, STEP_MESSAGE);
  const iterator = getIter(I32[args]);
  const self = iterator === 0 ? 0 : make(cls, T.ItISlice, iterator, 0);
  if (self === 0) return 0;
  I32[self + Field.B] = Math.min(start, NO_STOP);
  I32[self + Field.C] = Math.min(stop, NO_STOP);
  I32[self + Field.D] = Math.min(step, NO_STOP);
  return self;
}

function isliceNext(self: Addr): Addr {
  const iterator = I32[self + Field.A];
  if (iterator === 0) return 0;
  const stop = I32[self + Field.C];
  const wanted = I32[self + Field.B];
  for (let taken = I32[self + Field.E]; taken < wanted && taken < stop; taken++) {
    const skipped = iterNext(iterator);
    if (skipped === 0) {
      clearField(self + Field.A);
      return 0;
    }
    decref(skipped);
    I32[self + Field.E] = taken + 1;
  }
  const item = I32[self + Field.E] >= stop ? 0 : iterNext(iterator);
  if (item === 0) {
    clearField(self + Field.A);
    return 0;
  }
  I32[self + Field.E]++;
  I32[self + Field.B] = Math.min(wanted + I32[self + Field.D], stop);
  return item;
}

// accumulate: A function or 0, B iterator, C total so far or 0, D initial value or 0.
defineType({
  type: T.ItAccumulate,
  name: "itertools.accumulate",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B, Field.C, Field.D]),
    new: (cls, args, nargs, kwnames) => {
      const names = ["iterable", "func", "initial"];
      if (!bindArguments("accumulate", args, nargs, kwnames, names, 1, bound, 0, 2)) return 0;
      const [iterable, func, initial] = bound;
      const iterator = getIter(iterable);
      if (iterator === 0) return 0;
      const f = func === 0 || func === S.None ? 0 : incref(func);
      const self = make(cls, T.ItAccumulate, f, iterator);
      if (self !== 0 && initial !== 0 && initial !== S.None) {
        I32[self + Field.D] = incref(initial);
      }
      return self;
    },
    iterNext: accumulateNext,
  },
  methods: [
    noArgs("__reduce__", accumulateReduce),
    oneArg("__setstate__", (self, total) => {
      setField(self + Field.C, incref(total));
      return newNone();
    }),
  ],
});

/** `chain((first,), rest)`: a new reference, 0 with an exception pending. */
function chainedBefore(first: Addr, rest: Addr): Addr {
  const iterables = tupleOf([tupleOf([incref(first)]), incref(rest)]);
  const source = iterables === 0 ? 0 : getIter(iterables);
  if (iterables !== 0) decref(iterables);
  return source === 0 ? 0 : make(T.ItChain, T.ItChain, source, 0);
}

/** What comes before the iterator's items goes before them; a total of None is no state. */
function accumulateReduce(self: Addr): Addr {
  const type = incref(I32[self + Head.Type]);
  const [f, iterator, total, initial] = [Field.A, Field.B, Field.C, Field.D].map(
    (field) => I32[self + field],
  );
  const ownFunction = (): Addr => incref(f === 0 ? S.None : f);
  if (initial !== 0) {
    return newReduction(type, [chainedBefore(initial, iterator), ownFunction()], newNone());
  }
  if (total === S.None) {
    decref(type);
    const source = chainedBefore(total, iterator);
    const again = source === 0 ? 0 : make(T.ItAccumulate, T.ItAccumulate, xincref(f), source);
    return newReduction(incref(T.ItISlice), [again, newInt(1), newNone()]);
  }
  const state = total === 0 ? newNone() : incref(total);
  return newReduction(type, [incref(iterator), ownFunction()], state);
}

function accumulateNext(self: Addr): Addr {
  if (I32[self + Field.D] !== 0) {
    I32[self + Field.C] = I32[self + Field.D];
    I32[self + Field.D] = 0;
    return incref(I32[self + Field.C]);
  }
  const item = iterNext(I32[self + Field.B]);
  if (item === 0) return 0;
  const total = I32[self + Field.C];
  if (total === 0) {
    I32[self + Field.C] = incref(item);
    return item;
  }
  const f = I32[self + Field.A];
  const next = f === 0 ? binaryOp(ADD, total, item) : call2(f, total, item);
  decref(item);
  if (next === 0) return 0;
  setField(self + Field.C, incref(next));
  return next;
}

// pairwise: A iterator, B previous item or 0.
defineType({
  type: T.ItPairwise,
  name: "itertools.pairwise",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B]),
    new: (cls, args, nargs, kwnames) => {
      if (!keywordsAllowed("pairwise", cls, T.ItPairwise, kwnames)) return 0;
      if (!checkArity("pairwise", nargs, 1, 1)) return 0;
      const iterator = getIter(I32[args]);
      return iterator === 0 ? 0 : make(cls, T.ItPairwise, iterator, 0);
    },
    iterNext: (self) => {
      if (I32[self + Field.A] === 0) return 0;
      if (I32[self + Field.B] === 0) I32[self + Field.B] = iterNext(I32[self + Field.A]);
      const item = I32[self + Field.B] === 0 ? 0 : iterNext(I32[self + Field.A]);
      if (item === 0) {
        clearField(self + Field.A);
        clearField(self + Field.B);
        return 0;
      }
      const pair = newTuple2(I32[self + Field.B], item);
      setField(self + Field.B, item);
      return pair;
    },
  },
});

// groupby: A iterator, B key function or 0, C key of the current item, D current item, E key of
// the running group; the word after E counts the groups, so that an old group knows it is over.
const enum GroupBy {
  Serial = 13,
}

defineType({
  type: T.ItGroupBy,
  name: "itertools.groupby",
  flags: FLAGS,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B, Field.C, Field.D, Field.E]),
    new: (cls, args, nargs, kwnames) => {
      if (!bindArguments("groupby", args, nargs, kwnames, ["iterable", "key"], 1, bound)) return 0;
      const key = bound[1];
      const iterator = getIter(bound[0]);
      if (iterator === 0) return 0;
      const f = key === 0 || key === S.None ? 0 : incref(key);
      return make(cls, T.ItGroupBy, iterator, f);
    },
    iterNext: groupByNext,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const type = incref(I32[self + Head.Type]);
      const f = I32[self + Field.B];
      const args = [incref(I32[self + Field.A]), incref(f === 0 ? S.None : f)];
      const parts = [Field.C, Field.D, Field.E].map((field) => I32[self + field]);
      if (parts.includes(0)) return newReduction(type, args);
      return newReduction(type, args, tupleOf(parts.map(incref)));
    }),
    oneArg("__setstate__", (self, state) => {
      if (!isState(state, "__setstate__", 3, 3)) return 0;
      for (const [i, field] of [Field.C, Field.D, Field.E].entries()) {
        setField(self + field, incref(partOf(state, i)));
      }
      return newNone();
    }),
  ],
});

/** Read the next item and its key; false at the end or with an exception pending. */
function groupByStep(self: Addr): boolean {
  const item = iterNext(I32[self + Field.A]);
  if (item === 0) return false;
  const f = I32[self + Field.B];
  const key = f === 0 ? incref(item) : call1(f, item);
  if (key === 0) {
    decref(item);
    return false;
  }
  setField(self + Field.D, item);
  setField(self + Field.C, key);
  return true;
}

function groupByNext(self: Addr): Addr {
  for (;;) {
    if (I32[self + Field.C] !== 0) {
      const running = I32[self + Field.E];
      if (running === 0) break;
      const same = richCompareBool(running, I32[self + Field.C], Compare.Eq);
      if (same < 0) return 0;
      if (same === 0) break;
    }
    if (!groupByStep(self)) return 0;
  }
  setField(self + Field.E, incref(I32[self + Field.C]));
  const group = newGroup(self, I32[self + Field.E]);
  if (group === 0) return 0;
  const pair = newTuple2(I32[self + Field.C], group);
  decref(group);
  return pair;
}

/** The running group of a groupby: those before it are over. */
function newGroup(parent: Addr, key: Addr): Addr {
  const group = make(T.ItGrouper, T.ItGrouper, incref(parent), incref(key));
  if (group !== 0) I32[group + Field.C] = ++I32[parent + GroupBy.Serial];
  return group;
}

function newGrouper(_type: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_grouper", nargs, 2, 2)) return 0;
  const parent = I32[args];
  if (I32[parent + Head.Type] === T.ItGroupBy) return newGroup(parent, I32[args + 1]);
  const kind = typeName(parent);
  return raise(T.TypeError, `_grouper() argument 1 must be itertools.groupby, not ${kind}`);
}

// _grouper: A its groupby, B its key, C (plain word) number of its group.
defineType({
  type: T.ItGrouper,
  name: "itertools._grouper",
  flags: TypeFlag.HasGc,
  basicSize: Field.Bytes,
  slots: {
    ...iteratorSlots([Field.A, Field.B]),
    new: newGrouper,
    iterNext: (self) => {
      const parent = I32[self + Field.A];
      if (I32[parent + GroupBy.Serial] !== I32[self + Field.C]) return 0;
      if (I32[parent + Field.D] === 0 && !groupByStep(parent)) return 0;
      const same = richCompareBool(I32[self + Field.B], I32[parent + Field.C], Compare.Eq);
      if (same <= 0) return 0;
      const item = I32[parent + Field.D];
      I32[parent + Field.D] = 0;
      return item;
    },
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const parent = I32[self + Field.A];
      if (I32[parent + GroupBy.Serial] === I32[self + Field.C]) {
        const args = [incref(parent), incref(I32[self + Field.B])];
        return newReduction(incref(I32[self + Head.Type]), args);
      }
      return newBuiltinReduction(ID_iter, [incref(S.EmptyTuple)]);
    }),
  ],
});
