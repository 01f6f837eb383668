/**
 * The call protocol. Arguments lie on the data stack, one word each: positional ones at
 * `args … args + nargs - 1`, then one value for each name in the tuple `kwnames` (0: none). The
 * callee borrows them. Native code pushes at `thread.sp`, which is above everything in use.
 */
import { type Addr, heap } from "../memory/heap.js";
import { getAttr } from "./attribute.js";
import { dictKeyAt, dictNext, dictSize, dictValueAt } from "./dict.js";
import { raise, typeName } from "./errors.js";
import { decref, incref } from "./header.js";
import { Head, TupleObject } from "./layout.js";
import { type CallSlot, slotsOf } from "./slots.js";
import { isStr } from "./str.js";
import { NativeStack, thread } from "./thread.js";
import { newTuple } from "./tuple.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** Call `callable`: a new reference, or 0 with an exception pending. */
export function callObject(callable: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const call = slotsOf(I32[callable + Head.Type]).call;
  if (call === null) return raise(T.TypeError, `'${typeName(callable)}' object is not callable`);
  return call(callable, args, nargs, kwnames);
}

/**
 * `call` for a type whose objects pass a call on to others, and so perhaps to themselves: each such
 * call counts as a level of recursion.
 */
export function passingOn(call: CallSlot): CallSlot {
  return (self, args, nargs, kwnames) => {
    if (!enterRecursion(" while calling a Python object")) return 0;
    const result = call(self, args, nargs, kwnames);
    leaveRecursion();
    return result;
  };
}

/** Is `object` callable? */
export function isCallable(object: Addr): boolean {
  return slotsOf(I32[object + Head.Type]).call !== null;
}

/** `f()` */
export function call0(f: Addr): Addr {
  return callObject(f, thread.sp, 0, 0);
}

/** `f(a)`; the argument is borrowed. */
export function call1(f: Addr, a: Addr): Addr {
  const args = thread.sp;
  I32[args] = a;
  thread.sp = args + 1;
  const result = callObject(f, args, 1, 0);
  thread.sp = args;
  return result;
}

/** `f(a, b)` */
export function call2(f: Addr, a: Addr, b: Addr): Addr {
  const args = thread.sp;
  I32[args] = a;
  I32[args + 1] = b;
  thread.sp = args + 2;
  const result = callObject(f, args, 2, 0);
  thread.sp = args;
  return result;
}

/** `f(a, b, c)` */
export function call3(f: Addr, a: Addr, b: Addr, c: Addr): Addr {
  const args = thread.sp;
  I32[args] = a;
  I32[args + 1] = b;
  I32[args + 2] = c;
  thread.sp = args + 3;
  const result = callObject(f, args, 3, 0);
  thread.sp = args;
  return result;
}

/** `f(a, b, c, d)` */
export function call4(f: Addr, a: Addr, b: Addr, c: Addr, d: Addr): Addr {
  const args = thread.sp;
  I32[args] = a;
  I32[args + 1] = b;
  I32[args + 2] = c;
  I32[args + 3] = d;
  thread.sp = args + 4;
  const result = callObject(f, args, 4, 0);
  thread.sp = args;
  return result;
}

/** `f(*positional, **keywords)`; `keywords` is a dict or 0. */
export function callTuple(f: Addr, positional: Addr, keywords: Addr): Addr {
  const args = thread.sp;
  const nargs = I32[positional + TupleObject.Size];
  const nkw = keywords === 0 ? 0 : dictSize(keywords);
  if (args + nargs + nkw > thread.stackLimit) {
    return raise(
      T.RecursionError,
      "maximum recursion depth exceeded while calling a Python object",
    );
  }
  for (let i = 0; i < nargs; i++) {
    I32[args + i] = I32[positional + TupleObject.Items + 2 * i];
  }
  thread.sp = args + nargs + nkw;
  let kwnames = 0;
  if (nkw > 0) {
    kwnames = pushKeywords(keywords, args + nargs, nkw);
    if (kwnames === 0) {
      thread.sp = args;
      return 0;
    }
  }
  const result = callObject(f, args, nargs, kwnames);
  thread.sp = args;
  if (kwnames !== 0) decref(kwnames);
  return result;
}

/** Copy a dict's values to the stack at `at`; a new tuple of its keys, which must be strings. */
function pushKeywords(keywords: Addr, at: Addr, count: number): Addr {
  const names = newTuple(count);
  if (names === 0) return 0;
  let filled = 0;
  for (let i = dictNext(keywords, 0); i >= 0; i = dictNext(keywords, i + 1)) {
    const key = dictKeyAt(keywords, i);
    if (!isStr(key)) {
      decref(names);
      return raise(T.TypeError, "keywords must be strings");
    }
    I32[names + TupleObject.Items + 2 * filled] = incref(key);
    I32[at + filled] = dictValueAt(keywords, i);
    filled++;
  }
  return names;
}

/** `object.name()`; `name` is an interned string. */
export function callMethod0(object: Addr, name: Addr): Addr {
  const method = getAttr(object, name);
  if (method === 0) return 0;
  const result = call0(method);
  decref(method);
  return result;
}

/** `object.name(a)` */
export function callMethod1(object: Addr, name: Addr, a: Addr): Addr {
  const method = getAttr(object, name);
  if (method === 0) return 0;
  const result = call1(method, a);
  decref(method);
  return result;
}

/** `object.name(a, b)` */
export function callMethod2(object: Addr, name: Addr, a: Addr, b: Addr): Addr {
  const method = getAttr(object, name);
  if (method === 0) return 0;
  const result = call2(method, a, b);
  decref(method);
  return result;
}

/**
 * Count a level of native recursion; false with RecursionError pending when there are too many.
 * `where` ends the message: "maximum recursion depth exceeded" + where. Pairs with
 * {@link leaveRecursion} when true.
 */
export function enterRecursion(where: string): boolean {
  if (++thread.depth <= thread.recursionLimit && thread.nativeDepth < NativeStack.Levels) {
    thread.nativeDepth++;
    return true;
  }
  thread.depth--;
  raise(T.RecursionError, `maximum recursion depth exceeded${where}`);
  return false;
}

export function leaveRecursion(): void {
  thread.nativeDepth--;
  thread.depth--;
}
