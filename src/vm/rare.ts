/**
 * Opcodes that no hot path uses: pattern matching, coroutines, exception groups. They work on the
 * stack through `thread.sp`.
 */
import { Op } from "../compiler/opcodes.js";
import { type Addr, heap } from "../memory/heap.js";
import { objectLength, richCompareBool } from "../object/abstract.js";
import { getAttrOptional } from "../object/attribute.js";
import { call0, call1, call2 } from "../object/call.js";
import { dictGetStr } from "../object/dict.js";
import { newNone, raise, typeName } from "../object/errors.js";
import { groupMatch, matchGroup, prepareReraise } from "../object/exceptiongroup.js";
import { decref, incref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newBool, newInt } from "../object/int.js";
import { CodeObject, Head, TupleObject, TypeFlag, TypeObject } from "../object/layout.js";
import { Compare } from "../object/slots.js";
import { getString, isStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { newTuple } from "../object/tuple.js";
import { isInstance, lookupSpecial } from "../object/type.js";
import { S, T } from "../object/types.js";
import { countPoint, passPoint } from "./breaker.js";
import { UNCHECKED } from "./checkpoints.js";
import { CodeFlag } from "./code.js";
import { passTime } from "./machine.js";
import { Fast } from "./opcodes.js";
import { dropWords } from "./operations.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const ID_get = identifier("get");
const ID_match_args = identifier("__match_args__");
const ID_displayhook = identifier("displayhook");
const ID_await = identifier("__await__");

function push(value: Addr): number {
  if (value === 0) return -1;
  I32[thread.sp++] = value;
  return 0;
}

/** Replace the top `count` words by `value` (owned). */
function replace(count: number, value: Addr): number {
  if (value === 0) return -1;
  const top = thread.sp;
  dropWords(top - count, top);
  I32[top - count] = value;
  thread.sp = top - count + 1;
  return 0;
}

/** `[exc, wanted]` becomes `[rest, match]`; a match is the exception being handled. */
function checkGroupMatch(exc: Addr, wanted: Addr): number {
  if (matchGroup(exc, wanted) < 0) return -1;
  const { match, rest } = groupMatch;
  const top = thread.sp;
  I32[top - 2] = rest;
  I32[top - 1] = match;
  decref(wanted);
  decref(exc);
  if (match === S.None) return 0;
  const handled = thread.handled;
  thread.handled = incref(match);
  if (handled !== 0) decref(handled);
  return 0;
}

/** Run a rare opcode. -1 with an exception pending. */
export function rareOpcode(op: number, arg: number): number {
  const top = thread.sp;
  switch (op) {
    case Fast.TIME:
      passTime(arg);
      return 0;
    case Fast.POINT:
      return arg < UNCHECKED ? passPoint(arg) : countPoint(arg - UNCHECKED);
    case Fast.POINT_TEST: {
      const tested = I32[top - 1];
      const counted = tested === S.True || tested === S.False ? arg : arg + 1;
      return counted === 0 ? 0 : passPoint(counted);
    }
    case Op.GET_LEN: {
      const length = objectLength(I32[top - 1]);
      return length < 0 ? -1 : push(newInt(length));
    }
    case Op.CHECK_EG_MATCH:
      return checkGroupMatch(I32[top - 2], I32[top - 1]);
    case Op.PREP_RERAISE_STAR:
      return replace(2, prepareReraise(I32[top - 2], I32[top - 1]));
    case Op.MATCH_SEQUENCE:
      return push(newBool((flagsOf(I32[top - 1]) & TypeFlag.Sequence) !== 0));
    case Op.MATCH_MAPPING:
      return push(newBool((flagsOf(I32[top - 1]) & TypeFlag.Mapping) !== 0));
    case Op.MATCH_KEYS:
      return push(matchKeys(I32[top - 2], I32[top - 1]));
    case Op.MATCH_CLASS:
      return replace(3, matchClass(I32[top - 3], I32[top - 2], arg, I32[top - 1]));
    case Op.PRINT_EXPR:
      return printExpression(I32[top - 1]);
    case Op.GET_AWAITABLE:
      return getAwaitable(I32[top - 1]);
    default:
      raise(T.SystemError, `opcode ${op} is not supported`);
      return -1;
  }
}

function flagsOf(object: Addr): number {
  return I32[I32[object + Head.Type] + TypeObject.Flags];
}

/** Values of `keys` (a tuple) in `subject`, or None when one is missing. */
function matchKeys(subject: Addr, keys: Addr): Addr {
  const size = I32[keys + TupleObject.Size];
  const values = newTuple(size);
  if (values === 0) return 0;
  const get = getAttrOptional(subject, ID_get);
  if (get === 0) {
    decref(values);
    return 0;
  }
  // A fresh tuple tells "missing" from every value.
  const missing = newTuple(1);
  if (missing === 0) {
    decref(get);
    decref(values);
    return 0;
  }
  I32[missing + TupleObject.Items] = incref(S.None);
  let complete = true;
  for (let i = 0; i < size && complete; i++) {
    const key = I32[keys + TupleObject.Items + 2 * i];
    for (let j = 0; j < i; j++) {
      const same = richCompareBool(I32[keys + TupleObject.Items + 2 * j], key, Compare.Eq);
      if (same !== 0) {
        if (same > 0) raise(T.ValueError, "mapping pattern checks duplicate key");
        decref(missing);
        decref(get);
        decref(values);
        return 0;
      }
    }
    const value = call2(get, key, missing);
    if (value === 0) {
      decref(missing);
      decref(get);
      decref(values);
      return 0;
    }
    if (value === missing) {
      decref(value);
      complete = false;
    } else I32[values + TupleObject.Items + 2 * i] = value;
  }
  decref(missing);
  decref(get);
  if (complete) return values;
  decref(values);
  return newNone();
}

/** Attributes named by a class pattern, or None when `subject` does not match. */
function matchClass(subject: Addr, type: Addr, positional: number, names: Addr): Addr {
  if ((flagsOf(type) & TypeFlag.TypeSubclass) === 0) {
    return raise(T.TypeError, "called match pattern must be a class");
  }
  const instance = isInstance(subject, type);
  if (instance < 0) return 0;
  if (instance === 0) return newNone();
  const keywords = I32[names + TupleObject.Size];
  const values = newTuple(positional + keywords);
  if (values === 0) return 0;
  const filled = fillPositional(values, subject, type, positional);
  let result = filled;
  for (let i = 0; result === 1 && i < keywords; i++) {
    const value = getAttrOptional(subject, I32[names + TupleObject.Items + 2 * i]);
    if (value === 0) result = thread.pending !== 0 ? -1 : 0;
    else I32[values + TupleObject.Items + 2 * (positional + i)] = value;
  }
  if (result === 1) return values;
  decref(values);
  return result < 0 ? 0 : newNone();
}

/** Builtins that a class pattern with one positional matches as a whole. */
const SELF_MATCHING =
  TypeFlag.IntSubclass |
  TypeFlag.ListSubclass |
  TypeFlag.TupleSubclass |
  TypeFlag.BytesSubclass |
  TypeFlag.StrSubclass |
  TypeFlag.DictSubclass |
  TypeFlag.SetSubclass |
  TypeFlag.FloatSubclass;

/** 1 filled, 0 no match, -1 exception. */
function fillPositional(values: Addr, subject: Addr, type: Addr, count: number): number {
  if (count === 0) return 1;
  const name = getString(I32[type + TypeObject.Name]);
  const args = getAttrOptional(type, ID_match_args);
  if (args === 0) {
    if (thread.pending !== 0) return -1;
    if (count === 1 && (I32[type + TypeObject.Flags] & SELF_MATCHING) !== 0) {
      I32[values + TupleObject.Items] = incref(subject);
      return 1;
    }
    const allowed = (I32[type + TypeObject.Flags] & SELF_MATCHING) !== 0 ? 1 : 0;
    const plural = allowed === 1 ? "" : "s";
    raise(
      T.TypeError,
      `${name}() accepts ${allowed} positional sub-pattern${plural} (${count} given)`,
    );
    return -1;
  }
  let status = 1;
  if (!isKindOf(args, TypeFlag.TupleSubclass)) {
    raise(T.TypeError, `${name}.__match_args__ must be a tuple (got ${typeName(args)})`);
    status = -1;
  } else {
    const allowed = I32[args + TupleObject.Size];
    if (allowed < count) {
      const plural = allowed === 1 ? "" : "s";
      raise(
        T.TypeError,
        `${name}() accepts ${allowed} positional sub-pattern${plural} (${count} given)`,
      );
      status = -1;
    }
    for (let i = 0; status === 1 && i < count; i++) {
      const attribute = I32[args + TupleObject.Items + 2 * i];
      if (!isStr(attribute)) {
        const kind = typeName(attribute);
        raise(T.TypeError, `__match_args__ elements must be strings (got ${kind})`);
        status = -1;
        break;
      }
      const value = getAttrOptional(subject, attribute);
      if (value === 0) status = thread.pending !== 0 ? -1 : 0;
      else I32[values + TupleObject.Items + 2 * i] = value;
    }
  }
  decref(args);
  return status;
}

/** An expression statement of mode single: `sys.displayhook(value)`. */
function printExpression(value: Addr): number {
  const hook = dictGetStr(I32[VmState.SysDict], ID_displayhook);
  if (hook === 0) {
    raise(T.RuntimeError, "lost sys.displayhook");
    return -1;
  }
  const result = call1(hook, value);
  if (result === 0) return -1;
  decref(result);
  dropWords(thread.sp - 1, thread.sp);
  thread.sp--;
  return 0;
}

function getAwaitable(value: Addr): number {
  if (I32[value + Head.Type] === T.Coroutine) return 0;
  if (I32[value + Head.Type] === T.Generator) {
    const code = I32[value + 6];
    if ((I32[code + CodeObject.Flags] & CodeFlag.IterableCoroutine) !== 0) return 0;
  }
  const method = lookupSpecial(value, ID_await);
  if (method === 0) {
    if (thread.pending === 0) {
      raise(T.TypeError, `object ${typeName(value)} can't be used in 'await' expression`);
    }
    return -1;
  }
  const iterator = call0(method);
  decref(method);
  return replace(1, iterator);
}
