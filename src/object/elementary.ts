/**
 * Elementary functions rounded correctly but for about one argument in a million, so that their
 * last digit is that of a good C library; V8's own are off in one case of ten. The values are
 * computed as unevaluated sums of two doubles (T. J. Dekker, Numerische Mathematik 18, 1971) from
 * tables made with BigInt arithmetic at first use. Results of a routine stand in `high` and `low`.
 */

import { decompose } from "./floatformat.js";
import { scaleExactly } from "./floathex.js";

let high = 0;
let low = 0;

const SPLITTER = 134217729;

/** high + low = a + b, exactly. */
function addExactly(a: number, b: number): void {
  const sum = a + b;
  const part = sum - a;
  low = a - (sum - part) + (b - part);
  high = sum;
}

/** high + low = a × b, exactly unless it over- or underflows. */
function multiplyExactly(a: number, b: number): void {
  const product = a * b;
  const p = a * SPLITTER;
  const aTop = p - (p - a);
  const aRest = a - aTop;
  const q = b * SPLITTER;
  const bTop = q - (q - b);
  const bRest = b - bTop;
  low = aTop * bTop - product + aTop * bRest + aRest * bTop + aRest * bRest;
  high = product;
}

const FIXED_BITS = 200n;
const ONE = 1n << FIXED_BITS;

/** Two doubles for a fixed-point BigInt. */
function toPair(fixed: bigint): [number, number] {
  const top = Number(fixed) / 2 ** 200;
  const rest = fixed - BigInt(top * 2 ** 120) * (1n << 80n);
  return [top, Number(rest) / 2 ** 200];
}

function squareRoot(fixed: bigint): bigint {
  const target = fixed << FIXED_BITS;
  let x = (1n << 101n) << 100n;
  for (;;) {
    const next = (x + target / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** 2^(j/64). */
const EXP_HIGH = new Float64Array(64);
const EXP_LOW = new Float64Array(64);

/** Sine and cosine of j/64, j = 0…52. */
const SIN_HIGH = new Float64Array(53);
const SIN_LOW = new Float64Array(53);
const COS_HIGH = new Float64Array(53);
const COS_LOW = new Float64Array(53);

let ready = false;

function makeTables(): void {
  ready = true;
  let root = 2n * ONE;
  for (let i = 0; i < 6; i++) root = squareRoot(root);
  let power = ONE;
  for (let j = 0; j < 64; j++) {
    [EXP_HIGH[j], EXP_LOW[j]] = toPair(power);
    power = (power * root) >> FIXED_BITS;
  }
  for (let j = 0; j <= 52; j++) {
    const x = (ONE * BigInt(j)) / 64n;
    let term = ONE;
    let sine = 0n;
    let cosine = 0n;
    for (let n = 1n; term !== 0n; n++) {
      const sign = (n & 2n) === 0n;
      if ((n & 1n) === 1n) cosine += sign ? term : -term;
      else sine += sign ? -term : term;
      term = ((term * x) >> FIXED_BITS) / n;
    }
    [SIN_HIGH[j], SIN_LOW[j]] = toPair(sine);
    [COS_HIGH[j], COS_LOW[j]] = toPair(cosine);
  }
}

// ln 2 / 64 in parts: products of the first two with an 18-bit integer are exact.
const LN2_A = 0.010830424695996044;
const LN2_B = 2.5310172166025705e-13;
const LN2_C = 6.251695855647999e-24;
const STEPS_PER_UNIT = 64 / Math.LN2;

/** Exponent of two that the last {@link expPair} left out. */
let scale = 0;

/**
 * e^(x + rest), |x| < 1000: high + low times 2^scale, high in [1, 2). With `minusOne`, and |x| so
 * small that scale is 0 and no table entry is used, high + low is e^(x + rest) - 1.
 */
function expPair(x: number, rest: number, minusOne: boolean): void {
  if (!ready) makeTables();
  const n = minusOne ? 0 : Math.round(x * STEPS_PER_UNIT);
  const j = n & 63;
  scale = (n - j) / 64;
  addExactly(x, -n * LN2_A);
  const coarse = low;
  addExactly(high, -n * LN2_B);
  const r = high;
  const rRest = low + coarse - n * LN2_C + rest;
  const tail = r * r * r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040)))));
  multiplyExactly(r, r);
  const halfLow = low / 2 + r * rRest;
  addExactly(r, high / 2);
  addExactly(high, low + halfLow + rRest + tail);
  if (minusOne) return;
  const factor = high;
  const factorRest = low;
  const top = EXP_HIGH[j];
  multiplyExactly(top, factor);
  const productLow = low + top * factorRest + EXP_LOW[j] * factor;
  const product = high;
  addExactly(top, product);
  addExactly(high, low + productLow + EXP_LOW[j]);
}

/** Powers of two from 2^-1022 on. */
const POWERS = new Float64Array(2046);
for (let i = 0; i < 2046; i++) POWERS[i] = 2 ** (i - 1022);

/** d × 2^exponent for `d` and a result that are normal numbers. */
function scaled(d: number, exponent: number): number {
  const half = exponent >> 1;
  return d * POWERS[half + 1022] * POWERS[exponent - half + 1022];
}

/** e^x. */
export function exp(x: number): number {
  if (!(x < 709.782712893384 && x > -708)) return Math.exp(x);
  if (x === 0) return 1;
  expPair(x, 0, false);
  return scaled(high, scale);
}

/** e^(-x²), without the error that rounding x² would bring in. */
export function expOfNegativeSquare(x: number): number {
  multiplyExactly(x, x);
  if (!(high < 708)) return Math.exp(-x * x);
  expPair(-high, -low, false);
  return scaled(high, scale);
}

/** Leaves log x, for a positive finite normal `x`, in `high` and `low`. */
function logPair(x: number): void {
  const estimate = Math.log(x);
  let correction: number;
  if (estimate < 0.005 && estimate > -0.005) {
    // x·e^-estimate - 1 without the leading ones, so that it keeps its relative precision.
    expPair(-estimate, 0, true);
    const minusOne = high;
    const minusOneRest = low;
    multiplyExactly(x, minusOne);
    correction = x - 1 + high + (low + x * minusOneRest);
  } else {
    expPair(-estimate, 0, false);
    const inverse = high;
    const inverseRest = low;
    const near = scaled(x, scale);
    multiplyExactly(near, inverse);
    correction = high - 1 + (low + near * inverseRest);
  }
  addExactly(estimate, correction - (correction * correction) / 2);
}

/** Natural logarithm. */
export function log(x: number): number {
  if (!(x >= 2.3e-308 && x < Infinity)) return Math.log(x);
  if (x === 1) return 0;
  logPair(x);
  return high;
}

/** Logarithm to base 2; exact at powers of two. */
export function log2(x: number): number {
  if (!(x >= 2.3e-308 && x < Infinity)) return Math.log2(x);
  if (x === 1) return 0;
  logPair(x);
  const h = high;
  const l = low;
  multiplyExactly(h, Math.LOG2E);
  return high + (low + h * 2.0355273740931033e-17 + l * Math.LOG2E);
}

/** Almost half of the last place of a number in [1, 2). */
const NEAR_HALF = 2 ** -53 * (1 - 2 ** -12);

/** x^y for positive finite `x`. */
function powerOfPositive(x: number, y: number): number {
  if (y === 0.5) return Math.sqrt(x);
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (!(x >= 2.3e-308) || !(Math.abs(y) > 1e-300)) return x ** y;
  logPair(x);
  const logarithm = high;
  const logarithmRest = low;
  const estimate = logarithm * y;
  if (!(estimate < 709.7 && estimate > -708)) return x ** y;
  multiplyExactly(logarithm, y);
  addExactly(high, low + logarithmRest * y);
  expPair(high, low, false);
  // Half way between two doubles, which small powers of short numbers can be exactly.
  if (Math.abs(low) > NEAR_HALF && y > 0 && y <= 64 && Number.isInteger(y)) {
    const { mantissa, exponent } = decompose(x);
    return scaleExactly(mantissa ** BigInt(y), exponent * y);
  }
  return scaled(high, scale);
}

/** C's pow(). */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (x === -1 && (y === Infinity || y === -Infinity)) return 1;
  if (x > 0 && x < Infinity && y < Infinity && y > -Infinity) return powerOfPositive(x, y);
  if (x < 0 && x > -Infinity && Number.isInteger(y)) {
    const magnitude = powerOfPositive(-x, y);
    return y % 2 === 0 ? magnitude : -magnitude;
  }
  return x ** y;
}

// π/2 in parts: products of the first two with a 20-bit integer are exact.
const HALF_PI_A = 1.5707963267341256;
const HALF_PI_B = 6.077100506303966e-11;
const HALF_PI_C = 2.0222662487959506e-21;

/** Largest argument whose reduction by the parts above is precise enough. */
const LARGEST_ANGLE = 1 << 20;

// What anglePair found: sine and cosine of the reduced angle, each as two doubles.
let sinHigh = 0;
let sinLow = 0;
let cosHigh = 0;
let cosLow = 0;

/** Sine and cosine of x, |x| <= LARGEST_ANGLE, up to the quadrant, 0…3, that is returned. */
function anglePair(x: number): number {
  if (!ready) makeTables();
  const n = Math.round(x / (Math.PI / 2));
  addExactly(x, -n * HALF_PI_A);
  const coarse = low;
  addExactly(high, -n * HALF_PI_B);
  addExactly(high, low + coarse - n * HALF_PI_C);
  const angle = high;
  const angleRest = low;
  const j = Math.round(Math.abs(angle) * 64);
  const sign = angle < 0 ? -1 : 1;
  addExactly(angle, (-sign * j) / 64);
  const d = high;
  const dRest = low + angleRest;
  const square = d * d;
  const sineTail = d * square * (-1 / 6 + square * (1 / 120 - square / 5040)) + dRest;
  multiplyExactly(d, d);
  const cosine = -high / 2;
  const cosineTail = -low / 2 - d * dRest + square * square * (1 / 24 - square / 720);
  const s = sign * SIN_HIGH[j];
  const sRest = sign * SIN_LOW[j];
  const c = COS_HIGH[j];
  const cRest = COS_LOW[j];
  // sin(a + d) = S + (S·(cos d - 1) + C·sin d)
  multiplyExactly(c, d);
  const cd = high;
  const cdRest = low;
  multiplyExactly(s, cosine);
  const sc = high;
  let tail = low + cdRest + sRest + sRest * cosine + s * cosineTail + c * sineTail + cRest * d;
  addExactly(s, cd);
  tail += low;
  addExactly(high, sc);
  addExactly(high, low + tail);
  sinHigh = high;
  sinLow = low;
  // cos(a + d) = C + (C·(cos d - 1) - S·sin d)
  multiplyExactly(s, d);
  const sd = high;
  const sdRest = low;
  multiplyExactly(c, cosine);
  const cc = high;
  tail = low - sdRest + cRest + cRest * cosine + c * cosineTail - s * sineTail - sRest * d;
  addExactly(c, -sd);
  tail += low;
  addExactly(high, cc);
  addExactly(high, low + tail);
  cosHigh = high;
  cosLow = low;
  return n & 3;
}

/** Sine. */
export function sin(x: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE) || Math.abs(x) < 1e-8) return Math.sin(x);
  const quadrant = anglePair(x);
  const value = (quadrant & 1) === 0 ? sinHigh : cosHigh;
  return quadrant >= 2 ? -value : value;
}

/** Cosine. */
export function cos(x: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) return Math.cos(x);
  const quadrant = anglePair(x);
  const value = (quadrant & 1) === 0 ? cosHigh : sinHigh;
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** Tangent. */
export function tan(x: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE) || Math.abs(x) < 1e-8) return Math.tan(x);
  const quadrant = anglePair(x);
  let [a, aRest, b, bRest] = [sinHigh, sinLow, cosHigh, cosLow];
  if ((quadrant & 1) === 1) [a, aRest, b, bRest] = [-cosHigh, -cosLow, sinHigh, sinLow];
  const quotient = a / b;
  multiplyExactly(quotient, b);
  return quotient + (a - high - low + aRest - quotient * bRest) / b;
}

/** Arc tangent of y / x in the quadrant of (x, y). */
export function atan2(y: number, x: number): number {
  const estimate = Math.atan2(y, x);
  const size = Math.abs(x) + Math.abs(y);
  if (!(size < 1e150 && size > 1e-150) || y === 0 || x === 0) return estimate;
  if (Math.abs(estimate) < 1e-8) return estimate;
  const quadrant = anglePair(estimate);
  let [s, sRest, c, cRest] = [sinHigh, sinLow, cosHigh, cosLow];
  if ((quadrant & 1) === 1) [s, sRest, c, cRest] = [cosHigh, cosLow, -sinHigh, -sinLow];
  if (quadrant >= 2) [s, sRest, c, cRest] = [-s, -sRest, -c, -cRest];
  // tan(estimate + δ) = y / x
  multiplyExactly(y, c);
  const yc = high;
  const ycRest = low;
  multiplyExactly(x, s);
  const difference = yc - high + (ycRest - low + y * cRest - x * sRest);
  return estimate + difference / (x * c + y * s);
}

/** Arc tangent. */
export function atan(x: number): number {
  return Math.abs(x) < 1e100 ? atan2(x, 1) : Math.atan(x);
}

/** Arc sine. */
export function asin(x: number): number {
  const estimate = Math.asin(x);
  if (!(Math.abs(x) < 1) || Math.abs(x) < 1e-8) return estimate;
  anglePair(estimate);
  // Beyond π/4 the reduced angle is estimate ∓ π/2.
  const reduced = Math.abs(estimate) > Math.PI / 4;
  const sign = estimate < 0 ? -1 : 1;
  const s = reduced ? sign * cosHigh : sinHigh;
  const sRest = reduced ? sign * cosLow : sinLow;
  const c = reduced ? Math.abs(sinHigh) : cosHigh;
  return c < 1e-6 ? estimate : estimate + (x - s - sRest) / c;
}

/** Arc cosine. */
export function acos(x: number): number {
  const estimate = Math.acos(x);
  if (!(Math.abs(x) < 1)) return estimate;
  const quadrant = anglePair(estimate);
  let [c, cRest, s] = [cosHigh, cosLow, sinHigh];
  if (quadrant === 1) [c, cRest, s] = [-sinHigh, -sinLow, cosHigh];
  else if (quadrant === 2) [c, cRest, s] = [-cosHigh, -cosLow, -sinHigh];
  return s < 1e-6 ? estimate : estimate + (c - x + cRest) / s;
}

/** Hyperbolic cosine. */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (!(size < 700)) return Math.cosh(x);
  if (size < 0.5 * Math.LN2) {
    const t = Math.expm1(size);
    const w = 1 + t;
    return size < 2 ** -55 ? w : 1 + (t * t) / (w + w);
  }
  const t = exp(size);
  return size < 22 ? 0.5 * t + 0.5 / t : 0.5 * t;
}

/** Inverse hyperbolic cosine. */
export function acosh(x: number): number {
  if (!(x > 1 && x < Infinity)) return Math.acosh(x);
  if (x > 2 ** 28) return log(x) + Math.LN2;
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return Math.log1p(t + Math.sqrt(2 * t + t * t));
}

/** Inverse hyperbolic sine. */
export function asinh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 2 ** -28 && size < Infinity)) return Math.asinh(x);
  let w: number;
  if (size > 2 ** 28) {
    w = log(size) + Math.LN2;
  } else if (size > 2) {
    w = log(2 * size + 1 / (Math.sqrt(x * x + 1) + size));
  } else {
    const t = x * x;
    w = Math.log1p(size + t / (1 + Math.sqrt(1 + t)));
  }
  return x < 0 ? -w : w;
}

/** √(x² + y²). */
export function hypot(x: number, y: number): number {
  const a = Math.max(Math.abs(x), Math.abs(y));
  const b = Math.min(Math.abs(x), Math.abs(y));
  if (b === 0) return a;
  if (!(a < Infinity)) return Math.hypot(x, y);
  const factor = a > 1e140 ? 2 ** -600 : a < 1e-140 ? 2 ** 600 : 1;
  multiplyExactly(a * factor, a * factor);
  const square = high;
  const squareRest = low;
  multiplyExactly(b * factor, b * factor);
  const other = low;
  addExactly(square, high);
  const sum = high;
  const rest = low + squareRest + other;
  const root = Math.sqrt(sum);
  multiplyExactly(root, root);
  return (root + (sum - high - low + rest) / (2 * root)) / factor;
}

/** Cube root. */
export function cbrt(x: number): number {
  const estimate = Math.cbrt(x);
  const size = Math.abs(x);
  if (!(size < 1e250 && size > 1e-250)) return estimate;
  multiplyExactly(estimate, estimate);
  const square = high;
  const squareRest = low;
  multiplyExactly(square, estimate);
  return estimate + (x - high - (low + squareRest * estimate)) / (3 * square);
}

/** Logarithm to base 10, by the formula of the C libraries. */
export function log10(x: number): number {
  if (!(x >= 2.3e-308 && x < Infinity)) return Math.log10(x);
  let exponent = Math.floor(Math.log2(x));
  if (2 ** exponent > x) exponent--;
  else if (2 ** (exponent + 1) <= x) exponent++;
  const below = exponent < 0 ? 1 : 0;
  const steps = exponent + below;
  const mantissa = scaled(x, -steps);
  const fine = steps * 3.694239077158931e-13 + Math.LOG10E * log(mantissa);
  return fine + steps * 0.30102999566361177;
}
