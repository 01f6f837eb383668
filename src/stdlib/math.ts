/** The math module. */
import { type Addr, heap } from "../memory/heap.js";
import { fastItems, fastSize, getIter, iterNext, sequenceFast } from "../object/abstract.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { call0 } from "../object/call.js";
import { defineModule, fast, keywords, type MethodDef, oneArg } from "../object/define.js";
import { dictSetStr } from "../object/dict.js";
import * as elementary from "../object/elementary.js";
import { pending, raise, typeName } from "../object/errors.js";
import { asDouble, getDouble, newFloat, newIntFromDouble } from "../object/float.js";
import { copySign } from "../object/floatarith.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import {
  asSsize,
  getBig,
  intSign,
  intToNumber,
  isInt,
  newBool,
  newInt,
  newIntFromBig,
  numberIndex,
} from "../object/int.js";
import { smallValue } from "../object/intarith.js";
import { Head } from "../object/layout.js";
import { BinaryOp, binaryOp } from "../object/number.js";
import { newTuple2 } from "../object/tuple.js";
import { lookupSpecial } from "../object/type.js";
import { S, T } from "../object/types.js";
import * as functions from "./mathfunctions.js";

const I32 = heap.I32;

function raiseDomain(): 0 {
  return raise(T.ValueError, "math domain error");
}

function raiseRange(): 0 {
  return raise(T.OverflowError, "math range error");
}

/** A float result: NaN from numbers is a domain error, infinity from finite ones `infinite`. */
function checked(result: number, valid: boolean, finite: boolean, infinite: () => 0): Addr {
  if (Number.isNaN(result)) return valid ? raiseDomain() : newFloat(result);
  if (!Number.isFinite(result) && finite) return infinite();
  return newFloat(result);
}

/** A function of one float. `infinite`: what an infinite result of a finite argument means. */
function real(name: string, fn: (x: number) => number, infinite: () => 0 = raiseDomain): MethodDef {
  return oneArg(name, (_self, arg) => {
    const x = asDouble(arg);
    if (Number.isNaN(x) && pending()) return 0;
    return checked(fn(x), !Number.isNaN(x), Number.isFinite(x), infinite);
  });
}

const pair = new Float64Array(2);

/** Read exactly two floats into `pair`. */
function readPair(name: string, args: Addr, nargs: number): boolean {
  if (!checkArity(name, nargs, 2, 2)) return false;
  for (let i = 0; i < 2; i++) {
    const d = asDouble(I32[args + i]);
    if (Number.isNaN(d) && pending()) return false;
    pair[i] = d;
  }
  return true;
}

/** A function of two floats. */
function real2(name: string, fn: (x: number, y: number) => number): MethodDef {
  return fast(name, (_self, args, nargs) => {
    if (!readPair(name, args, nargs)) return 0;
    const [x, y] = pair;
    const valid = !Number.isNaN(x) && !Number.isNaN(y);
    return checked(fn(x, y), valid, Number.isFinite(x) && Number.isFinite(y), raiseRange);
  });
}

/** A predicate of one float. */
function predicate(name: string, fn: (x: number) => boolean): MethodDef {
  return oneArg(name, (_self, arg) => {
    const x = asDouble(arg);
    return Number.isNaN(x) && pending() ? 0 : newBool(fn(x));
  });
}

/** The special method `name` of `object` called; -1 where its type has none. */
function callSpecial(object: Addr, name: Addr): Addr {
  const method = lookupSpecial(object, name);
  if (method === 0) return pending() ? 0 : -1;
  const result = call0(method);
  decref(method);
  return result;
}

function rounding(name: string, special: Addr, fn: (x: number) => number): MethodDef {
  return oneArg(name, (_self, arg) => {
    if (I32[arg + Head.Type] === T.Float) return newIntFromDouble(fn(getDouble(arg)));
    const result = callSpecial(arg, special);
    if (result >= 0) return result;
    const x = asDouble(arg);
    return Number.isNaN(x) && pending() ? 0 : newIntFromDouble(fn(x));
  });
}

function trunc(_self: Addr, arg: Addr): Addr {
  if (I32[arg + Head.Type] === T.Float) return newIntFromDouble(getDouble(arg));
  const result = callSpecial(arg, identifier("__trunc__"));
  if (result >= 0) return result;
  return raise(T.TypeError, `type ${typeName(arg)} doesn't define __trunc__ method`);
}

/** Logarithm of any number; ints may be larger than every float. NaN with an exception pending. */
function logarithm(object: Addr, fn: (x: number) => number, unit: number): number {
  if (isInt(object)) {
    if (intSign(object) <= 0) {
      raiseDomain();
      return Number.NaN;
    }
    const x = intToNumber(object);
    if (Number.isFinite(x)) return fn(x);
    const digits = getBig(object).toString(16);
    const lead = Number(`0x${digits.slice(0, 16)}`);
    return fn(lead) + (digits.length - 16) * 4 * unit;
  }
  const x = asDouble(object);
  if (Number.isNaN(x)) return x;
  if (x > 0) return fn(x);
  raiseDomain();
  return Number.NaN;
}

function newLogarithm(value: number): Addr {
  return Number.isNaN(value) && pending() ? 0 : newFloat(value);
}

function log(_self: Addr, args: Addr, nargs: number): Addr {
  if (nargs < 1 || nargs > 2) return raise(T.TypeError, "math.log requires 1 to 2 arguments");
  const value = logarithm(I32[args], elementary.log, Math.LN2);
  if (nargs === 1 || (Number.isNaN(value) && pending())) return newLogarithm(value);
  const base = logarithm(I32[args + 1], elementary.log, Math.LN2);
  if (Number.isNaN(base) && pending()) return 0;
  if (base === 0) return raise(T.ZeroDivisionError, "float division by zero");
  return newFloat(value / base);
}

function power(x: number, y: number): number {
  // An infinite result of a zero base is a domain error, of other bases a range error.
  return x === 0 && y < 0 && Number.isFinite(y) ? Number.NaN : elementary.pow(x, y);
}

function modulo(x: number, y: number): number {
  return !Number.isFinite(y) && Number.isFinite(x) ? (Number.isNaN(y) ? y : x) : x % y;
}

/** A pair of an owned float or int and another. */
function newPair(first: Addr, second: Addr): Addr {
  const result = first === 0 || second === 0 ? 0 : newTuple2(first, second);
  if (first !== 0) decref(first);
  if (second !== 0) decref(second);
  return result;
}

function frexp(_self: Addr, arg: Addr): Addr {
  const x = asDouble(arg);
  if (Number.isNaN(x) && pending()) return 0;
  const { mantissa, exponent } = functions.frexp(x);
  return newPair(newFloat(mantissa), newInt(exponent));
}

function modf(_self: Addr, arg: Addr): Addr {
  const x = asDouble(arg);
  if (Number.isNaN(x) && pending()) return 0;
  const whole = Math.trunc(x);
  const fraction = Number.isFinite(x)
    ? copySign(x - whole, x)
    : Number.isNaN(x)
      ? x
      : copySign(0, x);
  return newPair(newFloat(fraction), newFloat(whole));
}

function ldexp(_self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("ldexp", nargs, 2, 2)) return 0;
  const x = asDouble(I32[args]);
  if (Number.isNaN(x) && pending()) return 0;
  const count = I32[args + 1];
  if (!isInt(count)) return raise(T.TypeError, "Expected an int as second argument to ldexp.");
  const result = functions.ldexp(x, intToNumber(count));
  return !Number.isFinite(result) && Number.isFinite(x) ? raiseRange() : newFloat(result);
}

/** The items of an iterable as doubles; null with an exception pending. */
function readDoubles(iterable: Addr): number[] | null {
  const iterator = getIter(iterable);
  if (iterator === 0) return null;
  const values: number[] = [];
  for (let item = iterNext(iterator); item !== 0; item = iterNext(iterator)) {
    const d = asDouble(item);
    decref(item);
    if (Number.isNaN(d) && pending()) break;
    values.push(d);
  }
  decref(iterator);
  return pending() ? null : values;
}

function fsum(_self: Addr, iterable: Addr): Addr {
  const values = readDoubles(iterable);
  if (values === null) return 0;
  const sum = functions.exactSum(values);
  if (sum === "overflow") return raise(T.OverflowError, "intermediate overflow in fsum");
  if (sum === "invalid") return raise(T.ValueError, "-inf + inf in fsum");
  return newFloat(sum);
}

function hypot(_self: Addr, args: Addr, nargs: number): Addr {
  const parts: number[] = [];
  for (let i = 0; i < nargs; i++) {
    const d = asDouble(I32[args + i]);
    if (Number.isNaN(d) && pending()) return 0;
    parts.push(d);
  }
  return newFloat(functions.vectorLength(parts));
}

/** The items of a list or tuple as doubles; null with an exception pending. */
function readPoint(point: Addr): number[] | null {
  const values: number[] = [];
  for (let i = 0; i < fastSize(point) && !pending(); i++) {
    values.push(asDouble(I32[fastItems(point) + 2 * i]));
  }
  return pending() ? null : values;
}

function distance(p: Addr, q: Addr): Addr {
  if (fastSize(p) !== fastSize(q)) {
    return raise(T.ValueError, "both points must have the same number of dimensions");
  }
  const first = readPoint(p);
  const second = first === null ? null : readPoint(q);
  if (first === null || second === null) return 0;
  return newFloat(functions.vectorLength(first.map((x, i) => x - second[i])));
}

function dist(_self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("dist", nargs, 2, 2)) return 0;
  const p = sequenceFast(I32[args], `'${typeName(I32[args])}' object is not iterable`);
  if (p === 0) return 0;
  const q = sequenceFast(I32[args + 1], `'${typeName(I32[args + 1])}' object is not iterable`);
  const result = q === 0 ? 0 : distance(p, q);
  decref(p);
  if (q !== 0) decref(q);
  return result;
}

const closeArguments = new Int32Array(4);

function isClose(_self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["a", "b", "rel_tol", "abs_tol"];
  const out = closeArguments;
  if (!bindArguments("isclose", args, nargs, kwnames, names, 2, out, 0, 2)) return 0;
  const values = [0, 0, 1e-9, 0];
  for (let i = 0; i < 4; i++) {
    if (out[i] === 0) continue;
    values[i] = asDouble(out[i]);
    if (Number.isNaN(values[i]) && pending()) return 0;
  }
  const [a, b, relative, absolute] = values;
  if (relative < 0 || absolute < 0) {
    return raise(T.ValueError, "tolerances must be non-negative");
  }
  if (a === b) return newBool(true);
  if (!Number.isFinite(a) || !Number.isFinite(b)) return newBool(false);
  const difference = Math.abs(b - a);
  const bound = Math.max(Math.abs(relative * b), Math.abs(relative * a), absolute);
  return newBool(difference <= bound);
}

const productArguments = new Int32Array(2);

function prod(_self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["", "start"];
  const out = productArguments;
  if (!bindArguments("prod", args, nargs, kwnames, names, 1, out, 1, 1)) return 0;
  const iterator = getIter(out[0]);
  if (iterator === 0) return 0;
  let product = incref(out[1] === 0 ? S.One : out[1]);
  while (product !== 0) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const next = binaryOp(BinaryOp.Multiply, product, item);
    decref(item);
    decref(product);
    product = next;
  }
  decref(iterator);
  if (product === 0 || !pending()) return product;
  decref(product);
  return 0;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x < 0n ? -x : x;
}

function smallDivisor(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) [x, y] = [y, x % y];
  return Math.abs(x);
}

/** gcd and lcm: fold the arguments' magnitudes. */
function folded(
  start: bigint,
  fold: (a: bigint, b: bigint) => bigint,
): (self: Addr, args: Addr, nargs: number) => Addr {
  return (_self, args, nargs) => {
    let result = start;
    for (let i = 0; i < nargs; i++) {
      const index = numberIndex(I32[args + i]);
      if (index === 0) return 0;
      const value = getBig(index);
      decref(index);
      result = fold(result, value < 0n ? -value : value);
    }
    return newIntFromBig(result);
  };
}

const foldDivisor = folded(0n, greatestDivisor);

function gcd(self: Addr, args: Addr, nargs: number): Addr {
  if (nargs === 2 && isInt(I32[args]) && isInt(I32[args + 1])) {
    const x = smallValue(I32[args]);
    const y = smallValue(I32[args + 1]);
    if (!Number.isNaN(x) && !Number.isNaN(y)) return newInt(smallDivisor(x, y));
  }
  return foldDivisor(self, args, nargs);
}

function multiple(a: bigint, b: bigint): bigint {
  return a === 0n || b === 0n ? 0n : (a / greatestDivisor(a, b)) * b;
}

function factorial(_self: Addr, arg: Addr): Addr {
  const n = asSsize(arg);
  if (Number.isNaN(n)) return 0;
  if (n < 0) return raise(T.ValueError, "factorial() not defined for negative values");
  return newIntFromBig(functions.rangeProduct(2n, BigInt(n)));
}

/** n and k of comb and perm; null with an exception pending. */
function readCounts(args: Addr): { n: bigint; k: bigint } | null {
  const n = numberIndex(I32[args]);
  if (n === 0) return null;
  const k = numberIndex(I32[args + 1]);
  const counts = k === 0 ? null : { n: getBig(n), k: getBig(k) };
  decref(n);
  if (counts === null) return null;
  decref(k);
  if (counts.n >= 0n && counts.k >= 0n) return counts;
  raise(T.ValueError, `${counts.n < 0n ? "n" : "k"} must be a non-negative integer`);
  return null;
}

function comb(_self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("comb", nargs, 2, 2)) return 0;
  const counts = readCounts(args);
  if (counts === null) return 0;
  const { n } = counts;
  let { k } = counts;
  if (k > n) return newInt(0);
  if (k > n - k) k = n - k;
  const product = functions.rangeProduct(n - k + 1n, n);
  return newIntFromBig(product / functions.rangeProduct(2n, k));
}

function perm(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("perm", nargs, 1, 2)) return 0;
  if (nargs === 1 || I32[args + 1] === S.None) return factorial(self, I32[args]);
  const counts = readCounts(args);
  if (counts === null) return 0;
  const { n, k } = counts;
  return k > n ? newInt(0) : newIntFromBig(functions.rangeProduct(n - k + 1n, n));
}

function isqrt(_self: Addr, arg: Addr): Addr {
  const index = numberIndex(arg);
  if (index === 0) return 0;
  const n = getBig(index);
  decref(index);
  if (n < 0n) return raise(T.ValueError, "isqrt() argument must be nonnegative");
  return newIntFromBig(functions.integerRoot(n));
}

function setConstants(_module: Addr, dict: Addr): number {
  const constants = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI, inf: Infinity, nan: Number.NaN };
  for (const [name, value] of Object.entries(constants)) {
    const float = newFloat(value);
    if (float === 0) return -1;
    const status = dictSetStr(dict, identifier(name), float);
    decref(float);
    if (status < 0) return -1;
  }
  return 0;
}

// The names of the constants must be known before boot writes the identifiers.
for (const name of ["pi", "e", "tau", "inf", "nan", "__trunc__"]) identifier(name);

defineModule({
  name: "math",
  doc: "This module provides access to the mathematical functions\ndefined by the C standard.",
  functions: [
    real("acos", elementary.acos),
    real("acosh", elementary.acosh),
    real("asin", elementary.asin),
    real("asinh", elementary.asinh),
    real("atan", elementary.atan),
    real2("atan2", elementary.atan2),
    real("atanh", Math.atanh),
    real("cbrt", elementary.cbrt),
    rounding("ceil", identifier("__ceil__"), Math.ceil),
    fast("comb", comb),
    real2("copysign", copySign),
    real("cos", elementary.cos),
    real("cosh", elementary.cosh, raiseRange),
    real("degrees", (x) => x * (180 / Math.PI)),
    fast("dist", dist),
    real("erf", functions.erf),
    real("erfc", functions.erfc),
    real("exp", elementary.exp, raiseRange),
    real("exp2", (x) => elementary.pow(2, x), raiseRange),
    real("expm1", Math.expm1, raiseRange),
    real("fabs", Math.abs),
    oneArg("factorial", factorial),
    rounding("floor", identifier("__floor__"), Math.floor),
    real2("fmod", modulo),
    oneArg("frexp", frexp),
    oneArg("fsum", fsum),
    real("gamma", (x) => (x === 0 ? Number.NaN : functions.gamma(x)), raiseRange),
    fast("gcd", gcd),
    fast("hypot", hypot),
    keywords("isclose", isClose),
    predicate("isfinite", Number.isFinite),
    predicate("isinf", (x) => x === Infinity || x === -Infinity),
    predicate("isnan", Number.isNaN),
    oneArg("isqrt", isqrt),
    fast("lcm", folded(1n, multiple)),
    fast("ldexp", ldexp),
    real("lgamma", functions.logGamma),
    fast("log", log),
    oneArg("log10", (_self, arg) => newLogarithm(logarithm(arg, elementary.log10, Math.log10(2)))),
    real("log1p", Math.log1p),
    oneArg("log2", (_self, arg) => newLogarithm(logarithm(arg, elementary.log2, 1))),
    oneArg("modf", modf),
    real2("nextafter", functions.nextAfter),
    fast("perm", perm),
    real2("pow", power),
    keywords("prod", prod),
    real("radians", (x) => x * (Math.PI / 180)),
    real2("remainder", functions.remainder),
    real("sin", elementary.sin),
    real("sinh", Math.sinh, raiseRange),
    real("sqrt", Math.sqrt),
    real("tan", elementary.tan),
    real("tanh", Math.tanh),
    oneArg("trunc", trunc),
    real("ulp", functions.ulp),
  ],
  setup: setConstants,
});
