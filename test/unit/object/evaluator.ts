/**
 * Evaluates Python expressions by calling the object layer, without a virtual machine, so that
 * the same lines can be given to CPython: literals, calls, operators, subscripts, names of types.
 */
import { heap } from "../../../src/memory/heap.js";
import { rawMalloc } from "../../../src/memory/raw.js";
import {
  contains,
  getItem,
  hashObject,
  objectLength,
  richCompare,
} from "../../../src/object/abstract.js";
import { getAttr } from "../../../src/object/attribute.js";
import { boot } from "../../../src/object/boot.js";
import { newBytes } from "../../../src/object/bytes.js";
import { callObject } from "../../../src/object/call.js";
import { dictSet, newDict } from "../../../src/object/dict.js";
import { clearPending, pending, typeName } from "../../../src/object/errors.js";
import { newFloat } from "../../../src/object/float.js";
import { incref } from "../../../src/object/header.js";
import { newBool, newInt, newIntFromBig } from "../../../src/object/int.js";
import { newInterned } from "../../../src/object/intern.js";
import { ListObject, TupleObject } from "../../../src/object/layout.js";
import { newList } from "../../../src/object/list.js";
import { binaryOp, unaryNegative } from "../../../src/object/number.js";
import { asciiObject, formatObject, reprObject, strObject } from "../../../src/object/repr.js";
import { newSlice } from "../../../src/object/slice.js";
import { getString, newStr } from "../../../src/object/str.js";
import { thread } from "../../../src/object/thread.js";
import { newTuple } from "../../../src/object/tuple.js";
import { S, T } from "../../../src/object/types.js";
import { parse } from "../../../src/syntax/parse.js";
import { Source } from "../../../src/syntax/source.js";
import type { ConstantValue, Expr } from "../../../src/syntax/tree.js";

const I32 = heap.I32;

boot();
thread.sp = rawMalloc(1 << 16);
thread.stackLimit = thread.sp + (1 << 14) - 256;

const TYPES: Record<string, number> = {
  str: T.Str,
  bytes: T.Bytes,
  bytearray: T.ByteArray,
  memoryview: T.MemoryView,
  int: T.Int,
  float: T.Float,
  list: T.List,
  tuple: T.Tuple,
  dict: T.Dict,
  set: T.Set,
  range: T.Range,
  slice: T.Slice,
  object: T.Object,
};

const FUNCTIONS: Record<string, (...args: number[]) => number> = {
  repr: (object) => reprObject(object),
  ascii: (object) => asciiObject(object),
  format: (object, spec = 0) => formatObject(object, spec),
  len: (object) => orFail(objectLength(object)),
  hash: (object) => orFail(hashObject(object)),
};

const OPERATORS = ["Add", "BitAnd", "FloorDiv", "LShift", "MatMult", "Mult", "Mod", "BitOr", "Pow"];
const COMPARISONS = ["Lt", "LtE", "Eq", "NotEq", "Gt", "GtE"];

/** A guest exception is pending. */
class GuestError extends Error {}

function live(object: number): number {
  if (object === 0) throw new GuestError();
  return object;
}

function orFail(result: number): number {
  if (result === -1 && pending()) throw new GuestError();
  return newInt(result);
}

function constant(value: ConstantValue): number {
  switch (value.kind) {
    case "none":
      return incref(S.None);
    case "true":
      return newBool(true);
    case "false":
      return newBool(false);
    case "int":
      return newIntFromBig(value.value);
    case "float":
      return newFloat(value.value);
    case "complex":
      throw new Error("no complex constants here");
    case "str":
      return newStr(value.value);
    case "bytes":
      return newBytes(value.value);
    default:
      throw new Error(`constant ${value.kind}`);
  }
}

function tupleOf(items: number[]): number {
  const tuple = newTuple(items.length);
  items.forEach((item, i) => {
    I32[tuple + TupleObject.Items + 2 * i] = item;
  });
  return tuple;
}

function call(node: Extract<Expr, { kind: "Call" }>): number {
  const args = node.args.map(value);
  if (node.func.kind === "Name" && node.func.id in FUNCTIONS) {
    return live(FUNCTIONS[node.func.id](...args));
  }
  const callee = value(node.func);
  const names = node.keywords.map((keyword) => newInterned(keyword.arg as string));
  args.push(...node.keywords.map((keyword) => value(keyword.value)));
  const base = thread.sp;
  args.forEach((arg, i) => {
    I32[base + i] = arg;
  });
  thread.sp += args.length;
  const kwnames = names.length === 0 ? 0 : tupleOf(names);
  const result = callObject(callee, base, args.length - names.length, kwnames);
  thread.sp = base;
  return live(result);
}

/** The value of an expression, a new reference; throws GuestError. */
function value(node: Expr): number {
  switch (node.kind) {
    case "Constant":
      return constant(node.value);
    case "Name":
      if (!(node.id in TYPES)) throw new Error(`name ${node.id}`);
      return incref(TYPES[node.id]);
    case "Tuple":
      return node.elts.length === 0 ? incref(S.EmptyTuple) : tupleOf(node.elts.map(value));
    case "List": {
      const items = node.elts.map(value);
      const list = newList(items.length);
      items.forEach((item, i) => {
        I32[I32[list + ListObject.Items] + 2 * i] = item;
      });
      return list;
    }
    case "Dict": {
      const dict = newDict();
      node.keys.forEach((key, i) => {
        dictSet(dict, value(key as Expr), value(node.values[i]));
      });
      return dict;
    }
    case "Call":
      return call(node);
    case "Attribute":
      return live(getAttr(value(node.value), newInterned(node.attr)));
    case "Subscript":
      return live(getItem(value(node.value), value(node.slice)));
    case "Slice": {
      const parts = [node.lower, node.upper, node.step];
      const [start, stop, step] = parts.map((part) => (part === null ? 0 : value(part)));
      return newSlice(start, stop, step);
    }
    case "UnaryOp":
      return live(unaryNegative(value(node.operand)));
    case "BinOp":
      return live(binaryOp(OPERATORS.indexOf(node.op), value(node.left), value(node.right)));
    case "Compare": {
      const left = value(node.left);
      const right = value(node.comparators[0]);
      if (node.ops[0] === "In") {
        const found = contains(right, left);
        if (found < 0) throw new GuestError();
        return newBool(found);
      }
      if (node.ops[0] === "Is") return newBool(left === right);
      return live(richCompare(left, right, COMPARISONS.indexOf(node.ops[0])));
    }
    default:
      throw new Error(`expression ${node.kind}`);
  }
}

/** `repr` of the expression's value, or `Type: message` of the exception it raises. */
export function evaluate(expression: string): string {
  const module = parse(new Source(expression, "<test>"), "exec");
  const statement = module.body[0];
  if (statement.kind !== "Expr") throw new Error("not an expression");
  let shown = 0;
  try {
    shown = reprObject(value(statement.value));
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
  }
  if (shown !== 0 && !pending()) return getString(shown);
  const exc = thread.pending;
  if (exc === 0) return "no value and no exception";
  thread.pending = 0;
  const text = strObject(exc);
  const message = text === 0 ? "unprintable" : getString(text);
  clearPending();
  return `${typeName(exc)}: ${message}`;
}

/** The Python program that answers like {@link evaluate} for each of `expressions`, as JSON. */
export function oracleProgram(expressions: readonly string[]): string {
  const literal = JSON.stringify(JSON.stringify(expressions));
  return `import json
def answer(text):
    try:
        return repr(eval(text))
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)
print(json.dumps([answer(text) for text in json.loads(${literal})]))`;
}
