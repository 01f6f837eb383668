/**
 * The functions of the math module on plain doubles, where JavaScript's Math has none or a less
 * exact one. NaN stands for a domain error, infinity for a range error.
 */
import { cos, exp, expOfNegativeSquare, log, pow, sin } from "../object/elementary.js";
import { copySign } from "../object/floatarith.js";
import { decompose } from "../object/floatformat.js";

/** Mantissa in [0.5, 1) and exponent of a finite double. */
export function frexp(d: number): { mantissa: number; exponent: number } {
  if (d === 0 || !Number.isFinite(d)) return { mantissa: d, exponent: 0 };
  const { mantissa, exponent } = decompose(Math.abs(d));
  const bits = mantissa.toString(2).length;
  const magnitude = Number(mantissa) / 2 ** bits;
  return { mantissa: d < 0 ? -magnitude : magnitude, exponent: exponent + bits };
}

/** d × 2^exponent, rounded once. */
export function ldexp(d: number, exponent: number): number {
  if (d === 0 || !Number.isFinite(d)) return d;
  if (exponent > 2200) return copySign(Infinity, d);
  if (exponent < -2200) return copySign(0, d);
  const parts = frexp(d);
  const e = parts.exponent + exponent;
  if (e > 1024) return copySign(Infinity, d);
  // The last product alone can round: it is the only one that can be subnormal.
  if (e > -1021) return parts.mantissa * 2 ** (e - 1) * 2;
  return parts.mantissa * 2 ** -1021 * 2 ** (e + 1021);
}

/** IEEE 754 remainder: x - n·y for the integer n nearest to x / y, ties to even. */
export function remainder(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return x + y;
  if (!Number.isFinite(x) || y === 0) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  const size = Math.abs(y);
  const rest = Math.abs(x) % size;
  const other = size - rest;
  let result: number;
  if (rest < other) result = rest;
  else if (rest > other) result = -other;
  else result = rest - 2 * ((0.5 * (Math.abs(x) - rest)) % size);
  return copySign(1, x) * result;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The double next to `x` towards `y`. */
export function nextAfter(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === y) return y;
  if (x === 0) return copySign(5e-324, y);
  scratch.setFloat64(0, x);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, bits + (x < y === x > 0 ? 1n : -1n));
  return scratch.getFloat64(0);
}

/** Value of the last bit of `x`. */
export function ulp(x: number): number {
  if (Number.isNaN(x)) return x;
  const magnitude = Math.abs(x);
  if (magnitude === Infinity) return Infinity;
  const above = nextAfter(magnitude, Infinity);
  return above === Infinity ? magnitude - nextAfter(magnitude, 0) : above - magnitude;
}

const SPLITTER = 134217729;

/**
 * Length of the vector `parts`, to nearly the last bit: the squares are summed with twice the
 * precision of a double (T. J. Dekker, Numerische Mathematik 18, 1971), scaled by a power of two.
 */
export function vectorLength(parts: readonly number[]): number {
  let largest = 0;
  let invalid = false;
  for (const part of parts) {
    if (Number.isNaN(part)) invalid = true;
    largest = Math.max(largest, Math.abs(part)) || Math.max(largest, 0);
    if (Math.abs(part) === Infinity) return Infinity;
  }
  if (invalid) return Number.NaN;
  if (largest === 0) return 0;
  const { exponent } = frexp(largest);
  let high = 0;
  let low = 0;
  for (const part of parts) {
    const x = ldexp(part, -exponent);
    const split = x * SPLITTER;
    const top = split - (split - x);
    const bottom = x - top;
    const square = x * x;
    const error = top * top - square + 2 * top * bottom + bottom * bottom;
    const sum = high + square;
    low += (high > square ? high - sum + square : square - sum + high) + error;
    high = sum;
  }
  const root = Math.sqrt(high + low);
  const split = root * SPLITTER;
  const top = split - (split - root);
  const bottom = root - top;
  const square = root * root;
  const error = top * top - square + 2 * top * bottom + bottom * bottom;
  return ldexp(root + (high - square + (low - error)) / (2 * root), exponent);
}

/**
 * Sum of `values` rounded once (J. R. Shewchuk, Discrete & Computational Geometry 18, 1997).
 * "overflow" and "invalid" name what CPython raises.
 */
export function exactSum(values: readonly number[]): number | "overflow" | "invalid" {
  const partials: number[] = [];
  let special = 0;
  let infinities = 0;
  for (const value of values) {
    let x = value;
    let n = 0;
    for (const partial of partials) {
      let y = partial;
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) partials[n++] = low;
      x = high;
    }
    partials.length = n;
    if (x === 0) continue;
    if (Number.isFinite(x)) {
      partials.push(x);
      continue;
    }
    if (Number.isFinite(value)) return "overflow";
    if (!Number.isNaN(value)) infinities += value;
    special += value;
    partials.length = 0;
  }
  if (special !== 0) return Number.isNaN(infinities) ? "invalid" : special;
  let n = partials.length;
  if (n === 0) return 0;
  let high = partials[--n];
  let low = 0;
  while (n > 0) {
    const x = high;
    const y = partials[--n];
    high = x + y;
    low = y - (high - x);
    if (low !== 0) break;
  }
  // Round half to even across what is left of the partials.
  if (n > 0 && low < 0 === partials[n - 1] < 0 && low !== 0) {
    const y = low * 2;
    const x = high + y;
    if (y === x - high) high = x;
  }
  return high;
}

/** sin(πx), exact at multiples of a half. */
function sinPi(x: number): number {
  const y = Math.abs(x) % 2;
  const sector = Math.round(2 * y);
  let r: number;
  if (sector === 0) r = sin(Math.PI * y);
  else if (sector === 1) r = cos(Math.PI * (y - 0.5));
  else if (sector === 2) r = sin(Math.PI * (1 - y));
  else if (sector === 3) r = -cos(Math.PI * (y - 1.5));
  else r = sin(Math.PI * (y - 2));
  return x < 0 ? -r : r;
}

// Lanczos approximation with 13 terms (C. Lanczos, SIAM J. Numer. Anal. 1, 1964), as a quotient of
// polynomials; its parameter g is 6.0246800407767296.
const LANCZOS_G = 6.02468004077673;
const LANCZOS_NUMERATOR = [
  23531376880.41076, 42919803642.6491, 35711959237.35567, 17921034426.03721, 6039542586.352028,
  1439720407.3117216, 248874557.86205417, 31426415.585400194, 2876370.6289353725,
  186056.26539522348, 8071.672002365816, 210.82427775157936, 2.5066282746310002,
];
const LANCZOS_DENOMINATOR = [
  0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925,
  66, 1,
];

function lanczos(x: number): number {
  let numerator = 0;
  let denominator = 0;
  if (x < 5) {
    for (let i = 12; i >= 0; i--) {
      numerator = numerator * x + LANCZOS_NUMERATOR[i];
      denominator = denominator * x + LANCZOS_DENOMINATOR[i];
    }
  } else {
    for (let i = 0; i <= 12; i++) {
      numerator = numerator / x + LANCZOS_NUMERATOR[i];
      denominator = denominator / x + LANCZOS_DENOMINATOR[i];
    }
  }
  return numerator / denominator;
}

const FACTORIALS = [1];
for (let n = 1; n < 23; n++) FACTORIALS.push(FACTORIALS[n - 1] * n);

/** Γ(x). */
export function gamma(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x === -Infinity) return Number.NaN;
  if (x === 0) return copySign(Infinity, x);
  if (x === Math.floor(x)) {
    if (x < 0) return Number.NaN;
    if (x <= FACTORIALS.length) return FACTORIALS[x - 1];
  }
  const size = Math.abs(x);
  if (size < 1e-20) return 1 / x;
  if (size > 200) return x < 0 ? 0 / sinPi(x) : Infinity;
  const y = size + (LANCZOS_G - 0.5);
  // What the sum above lost to rounding.
  const lost = size > LANCZOS_G - 0.5 ? y - size - (LANCZOS_G - 0.5) : y - (LANCZOS_G - 0.5) - size;
  const correction = (lost * LANCZOS_G) / y;
  const root = pow(y, size < 140 ? size - 0.5 : size / 2 - 0.25);
  if (x < 0) {
    let r = ((-Math.PI / sinPi(size) / size) * exp(y)) / lanczos(size);
    r -= correction * r;
    r /= root;
    return size < 140 ? r : r / root;
  }
  let r = lanczos(size) / exp(y);
  r += correction * r;
  r *= root;
  return size < 140 ? r : r * root;
}

const LOG_PI = 1.1447298858494002;

/** log |Γ(x)|. */
export function logGamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return Infinity;
  if (x === Math.floor(x) && x <= 2) return x <= 0 ? Infinity : 0;
  const size = Math.abs(x);
  if (size < 1e-20) return -log(size);
  let r = log(lanczos(size)) - LANCZOS_G;
  r += (size - 0.5) * (log(size + LANCZOS_G - 0.5) - 1);
  if (x < 0) r = LOG_PI - log(Math.abs(sinPi(size))) - log(size) - r;
  return r;
}

const SQRT_PI = 1.772453850905516;

function erfSeries(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let k = 25, fk = 25.5; k > 0; k--, fk--) sum = 2 + (square * sum) / fk;
  return (sum * x * expOfNegativeSquare(x)) / SQRT_PI;
}

function erfcFraction(x: number): number {
  if (x >= 30) return 0;
  const square = x * x;
  let a = 0;
  let da = 0.5;
  let [p, lastP] = [1, 0];
  let [q, lastQ] = [da + square, 1];
  for (let i = 0; i < 50; i++) {
    a += da;
    da += 2;
    const b = da + square;
    [p, lastP] = [b * p - a * lastP, p];
    [q, lastQ] = [b * q - a * lastQ, q];
  }
  return ((p / q) * x * expOfNegativeSquare(x)) / SQRT_PI;
}

/** The error function. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size < 1.5) return erfSeries(x);
  const rest = erfcFraction(size);
  return x > 0 ? 1 - rest : rest - 1;
}

/** 1 - erf(x). */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size < 1.5) return 1 - erfSeries(x);
  const rest = erfcFraction(size);
  return x > 0 ? rest : 2 - rest;
}

/** floor(√n) of a non-negative BigInt. */
export function integerRoot(n: bigint): bigint {
  if (n < 4503599627370496n) return BigInt(Math.floor(Math.sqrt(Number(n))));
  let x = 1n << BigInt((n.toString(16).length * 4 + 2) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** Product of the integers first…last, halved into equal parts. */
export function rangeProduct(first: bigint, last: bigint): bigint {
  if (last - first < 16n) {
    let product = 1n;
    for (let k = first; k <= last; k++) product *= k;
    return product;
  }
  const middle = (first + last) >> 1n;
  return rangeProduct(first, middle) * rangeProduct(middle + 1n, last);
}
