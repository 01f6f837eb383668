/** The module operator: the operators as functions, and getters of items, attributes, methods. */

import { type Addr, heap } from "../memory/heap.js";
import {
  contains,
  deleteItem,
  getItem,
  getIter,
  iterNext,
  lengthHint,
  richCompare,
  richCompareBool,
  setItem,
} from "../object/abstract.js";
import { checkArity, keywordCount, noKeywords } from "../object/arguments.js";
import { getAttr } from "../object/attribute.js";
import { callObject, callTuple } from "../object/call.js";
import {
  defineModule,
  defineType,
  fast,
  keywords,
  type MethodDef,
  noArgs,
  oneArg,
} from "../object/define.js";
import {
  dictGetStr,
  dictKeyAt,
  dictNext,
  dictSetStr,
  dictSize,
  dictValueAt,
  newDict,
} from "../object/dict.js";
import { newNone, pending, raise, typeName } from "../object/errors.js";
import { newGcObject, track } from "../object/gcheader.js";
import { decref, incref, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asIndex, newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { fieldSlots } from "../object/nativeiterator.js";
import {
  absolute,
  binaryOp,
  exactIndex,
  isTrue,
  unaryInvert,
  unaryNegative,
  unaryPositive,
} from "../object/number.js";
import { moduleAttribute, newReduction, tupleOf } from "../object/reduction.js";
import { reprObject } from "../object/repr.js";
import { newTruth } from "../object/sequencecompare.js";
import { Compare } from "../object/slots.js";
import { getString, isStr, newStr } from "../object/str.js";
import { newTuple, newTuple2, tupleFromStackBorrowed } from "../object/tuple.js";
import { T } from "../object/types.js";
import { addTypes, setModuleItem } from "./moduletypes.js";

const I32 = heap.I32;
const idPartial = identifier("partial");

/** Numbers of BINARY_OP; in-place ones are 13 more. */
const BINARY: readonly [string, number][] = [
  ["add", 0],
  ["and_", 1],
  ["floordiv", 2],
  ["lshift", 3],
  ["matmul", 4],
  ["mul", 5],
  ["mod", 6],
  ["or_", 7],
  ["pow", 8],
  ["rshift", 9],
  ["sub", 10],
  ["truediv", 11],
  ["xor", 12],
];

const COMPARE = ["lt", "le", "eq", "ne", "gt", "ge"];
const functions: MethodDef[] = [];
/** Functions that also have a name with underscores, by their short name. */
const dunder: string[] = [];

function two(name: string, run: (a: Addr, b: Addr) => Addr): void {
  functions.push(
    fast(name, (_module, args, nargs) =>
      checkArity(name, nargs, 2, 2) ? run(I32[args], I32[args + 1]) : 0,
    ),
  );
  dunder.push(name);
}

function one(name: string, run: (a: Addr) => Addr): void {
  functions.push(oneArg(name, (_module, a) => run(a)));
  dunder.push(name);
}

for (const [name, op] of BINARY) {
  two(name, (a, b) => binaryOp(op, a, b));
  two(`i${name.replace("_", "")}`, (a, b) => binaryOp(op + 13, a, b));
}
for (const [op, name] of COMPARE.entries()) two(name, (a, b) => richCompare(a, b, op));

function truthResult(truth: number): Addr {
  return truth < 0 ? 0 : newTruth(truth === 1);
}

one("neg", unaryNegative);
one("pos", unaryPositive);
one("inv", unaryInvert);
one("invert", unaryInvert);
one("abs", absolute);
one("index", exactIndex);
one("truth", (a) => truthResult(isTrue(a)));
one("not_", (a) => {
  const truth = isTrue(a);
  return truth < 0 ? 0 : newTruth(truth === 0);
});
two("is_", (a, b) => newTruth(a === b));
two("is_not", (a, b) => newTruth(a !== b));
two("concat", (a, b) => binaryOp(0, a, b));
two("iconcat", (a, b) => binaryOp(13, a, b));
two("contains", (a, b) => truthResult(contains(a, b)));
two("getitem", getItem);
two("delitem", (a, b) => (deleteItem(a, b) < 0 ? 0 : newNone()));

/**
 * How often `value` is in `iterable`, or, for `first`, where first; -1 with an exception pending.
 */
function search(iterable: Addr, value: Addr, first: boolean): number {
  const iterator = getIter(iterable);
  if (iterator === 0) return -1;
  let count = 0;
  let index = 0;
  for (; ; index++) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const equal = richCompareBool(item, value, Compare.Eq);
    decref(item);
    if (equal < 0) break;
    count += equal;
    if (first && equal === 1) break;
  }
  decref(iterator);
  if (pending()) return -1;
  if (!first) return count;
  if (count > 0) return index;
  raise(T.ValueError, "sequence.index(x): x not in sequence");
  return -1;
}

two("countOf", (a, b) => {
  const n = search(a, b, false);
  return n < 0 ? 0 : newInt(n);
});
two("indexOf", (a, b) => {
  const n = search(a, b, true);
  return n < 0 ? 0 : newInt(n);
});

functions.push(
  fast("setitem", (_module, args, nargs) => {
    if (!checkArity("setitem", nargs, 3, 3)) return 0;
    return setItem(I32[args], I32[args + 1], I32[args + 2]) < 0 ? 0 : newNone();
  }),
  fast("length_hint", (_module, args, nargs) => {
    if (!checkArity("length_hint", nargs, 1, 2)) return 0;
    const fallback = nargs > 1 ? asIndex(I32[args + 1]) : 0;
    if (Number.isNaN(fallback)) return 0;
    const hint = lengthHint(I32[args], fallback);
    return hint < 0 ? 0 : newInt(hint);
  }),
  keywords("call", (_module, args, nargs, kwnames) =>
    nargs === 0
      ? raise(T.TypeError, "call expected at least 1 argument, got 0")
      : callObject(I32[args], args + 1, nargs - 1, kwnames),
  ),
);

/** itemgetter and attrgetter: a tuple of keys. methodcaller: name, arguments, keyword dict. */
const enum Getter {
  Keys = 4,
  Args = 6,
  Keywords = 8,
  Bytes = 48,
}

function newGetter(type: Addr, keys: Addr): Addr {
  const self = keys === 0 ? 0 : newGcObject(type, Getter.Bytes);
  if (self === 0) {
    if (keys !== 0) decref(keys);
    return 0;
  }
  I32[self + Getter.Keys] = keys;
  track(self);
  return self;
}

/** `get` of each key from `object`: the value itself for one key, else a tuple. */
function getEach(self: Addr, object: Addr, get: (object: Addr, key: Addr) => Addr): Addr {
  const keys = I32[self + Getter.Keys];
  const n = I32[keys + TupleObject.Size];
  if (n === 1) return get(object, I32[keys + TupleObject.Items]);
  const result = newTuple(n);
  if (result === 0) return 0;
  for (let i = 0; i < n; i++) {
    const value = get(object, I32[keys + TupleObject.Items + 2 * i]);
    if (value === 0) {
      decref(result);
      return 0;
    }
    I32[result + TupleObject.Items + 2 * i] = value;
  }
  track(result);
  return result;
}

/** `a.b.c` of `object` for a str with dots. */
function getDotted(object: Addr, name: Addr): Addr {
  const text = getString(name);
  if (!text.includes(".")) return getAttr(object, name);
  let value = incref(object);
  for (const part of text.split(".")) {
    const key = newInterned(part);
    const next = key === 0 ? 0 : getAttr(value, key);
    if (key !== 0) decref(key);
    decref(value);
    if (next === 0) return 0;
    value = next;
  }
  return value;
}

function getterRepr(self: Addr): Addr {
  const keys = I32[self + Getter.Keys];
  const text = reprObject(keys);
  if (text === 0) return 0;
  const shown = getString(text);
  decref(text);
  const one = I32[keys + TupleObject.Size] === 1;
  return newStr(`${typeName(self)}${one ? `${shown.slice(0, -2)})` : shown}`);
}

function defineGetter(
  type: Addr,
  name: string,
  accept: (key: Addr) => boolean,
  get: (object: Addr, key: Addr) => Addr,
): void {
  defineType({
    type,
    name: `operator.${name}`,
    flags: TypeFlag.HasGc,
    basicSize: Getter.Bytes,
    slots: {
      ...fieldSlots([Getter.Keys]),
      repr: getterRepr,
      new: (_type, args, nargs, kwnames) => {
        if (!noKeywords(name, kwnames)) return 0;
        if (nargs === 0) return raise(T.TypeError, `${name} expected 1 argument, got 0`);
        for (let i = 0; i < nargs; i++) {
          if (!accept(I32[args + i])) return raise(T.TypeError, "attribute name must be a string");
        }
        return newGetter(type, tupleFromStackBorrowed(args, nargs));
      },
      call: (self, args, nargs, kwnames) => {
        if (!noKeywords(name, kwnames) || !checkArity(name, nargs, 1, 1)) return 0;
        return getEach(self, I32[args], get);
      },
    },
    methods: [
      noArgs("__reduce__", (self) => {
        return tupleOf([incref(I32[self + Head.Type]), incref(I32[self + Getter.Keys])]);
      }),
    ],
  });
}

defineGetter(T.ItemGetter, "itemgetter", () => true, getItem);
defineGetter(T.AttrGetter, "attrgetter", isStr, getDotted);

function methodCallerNew(_type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs === 0) {
    return raise(T.TypeError, "methodcaller needs at least one argument, the method name");
  }
  if (!isStr(I32[args])) return raise(T.TypeError, "method name must be a string");
  const self = newGetter(T.MethodCaller, incref(I32[args]));
  if (self === 0) return 0;
  I32[self + Getter.Args] = tupleFromStackBorrowed(args + 1, nargs - 1);
  const named = newDict();
  I32[self + Getter.Keywords] = named;
  if (I32[self + Getter.Args] === 0 || named === 0) {
    decref(self);
    return 0;
  }
  for (let i = 0; i < keywordCount(kwnames); i++) {
    const name = I32[kwnames + TupleObject.Items + 2 * i];
    if (dictSetStr(named, name, I32[args + nargs + i]) < 0) {
      decref(self);
      return 0;
    }
  }
  return self;
}

function methodCallerCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("methodcaller", kwnames) || !checkArity("methodcaller", nargs, 1, 1)) return 0;
  const method = getAttr(I32[args], I32[self + Getter.Keys]);
  if (method === 0) return 0;
  const result = callTuple(method, I32[self + Getter.Args], I32[self + Getter.Keywords]);
  decref(method);
  return result;
}

function methodCallerRepr(self: Addr): Addr {
  const parts: string[] = [];
  const values = [I32[self + Getter.Keys]];
  const args = I32[self + Getter.Args];
  for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
    values.push(I32[args + TupleObject.Items + 2 * i]);
  }
  const names: string[] = values.map(() => "");
  const named = I32[self + Getter.Keywords];
  for (let i = dictNext(named, 0); i >= 0; i = dictNext(named, i + 1)) {
    values.push(dictValueAt(named, i));
    names.push(`${getString(dictKeyAt(named, i))}=`);
  }
  for (const [i, value] of values.entries()) {
    const text = reprObject(value);
    if (text === 0) return 0;
    parts.push(names[i] + getString(text));
    decref(text);
  }
  return newStr(`operator.methodcaller(${parts.join(", ")})`);
}

/** `(methodcaller, (name, *args))`; with keywords the type is wrapped, since it takes them. */
function methodCallerReduce(self: Addr): Addr {
  const name = I32[self + Getter.Keys];
  const args = I32[self + Getter.Args];
  const given: Addr[] = [];
  for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
    given.push(incref(I32[args + TupleObject.Items + 2 * i]));
  }
  const type = I32[self + Head.Type];
  const named = I32[self + Getter.Keywords];
  if (dictSize(named) === 0) return newReduction(incref(type), [incref(name), ...given]);
  const partial = moduleAttribute("functools", idPartial);
  const first = partial === 0 ? 0 : newTuple2(type, name);
  const bound = first === 0 ? 0 : callTuple(partial, first, named);
  xdecref(partial);
  xdecref(first);
  return newReduction(bound, given);
}

defineType({
  type: T.MethodCaller,
  name: "operator.methodcaller",
  flags: TypeFlag.HasGc,
  basicSize: Getter.Bytes,
  slots: {
    ...fieldSlots([Getter.Keys, Getter.Args, Getter.Keywords]),
    new: methodCallerNew,
    call: methodCallerCall,
    repr: methodCallerRepr,
  },
  methods: [noArgs("__reduce__", methodCallerReduce)],
});

defineModule({
  name: "_operator",
  doc: "Operator interface.",
  functions,
  setup: (_module, dict) => {
    for (const name of dunder) {
      const key = newInterned(name);
      const value = key === 0 ? 0 : dictGetStr(dict, key);
      if (key !== 0) decref(key);
      if (value !== 0 && setModuleItem(dict, `__${name.replace(/_$/, "")}__`, value) < 0) return -1;
    }
    return addTypes(dict, "operator.");
  },
});
