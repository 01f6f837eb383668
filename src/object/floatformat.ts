/**
 * Doubles to text with a given number of digits, exact and rounded half to even, as C's printf and
 * CPython's PyOS_double_to_string do it. JavaScript's own conversions are exact too, but round
 * ties away from zero and stop at 100 digits.
 */
import { reprFloat } from "./float.js";

/** How to write a double. */
export interface DoubleFormat {
  /** `e`, `f`, `g`, or `r`: shortest digits that read back. */
  code: string;
  /** Digits after the point (e, f) or significant ones (g); `r` has none. */
  precision: number;
  /** Keep the point and the trailing zeros of `g` (`#`). */
  alternate: boolean;
  /** Add `.0` to what would look like an integer. */
  addDotZero: boolean;
}

const MAX_NATIVE_DIGITS = 100;

/** round(magnitude × 10^places), ties to even, as a decimal string. */
function scaledDigits(magnitude: number, places: number): string {
  const { mantissa, exponent } = decompose(magnitude);
  let numerator = mantissa;
  let denominator = 1n;
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  let quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) quotient += 1n;
  return quotient.toString();
}

const scratch = new DataView(new ArrayBuffer(8));

/** `magnitude` = mantissa × 2^exponent, exactly. */
export function decompose(magnitude: number): { mantissa: bigint; exponent: number } {
  scratch.setFloat64(0, magnitude);
  const bits = scratch.getBigUint64(0) & 0x7fffffffffffffffn;
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  if (exponent === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: exponent - 1075 };
}

/** Does magnitude × 10^places lie exactly between two integers? Only for places >= 0. */
function isTie(magnitude: number, places: number): boolean {
  if (places > 1100) return false;
  // A tie has exactly places + 1 binary digits after the point.
  const scaled =
    places < 1000 ? magnitude * 2 ** (places + 1) : magnitude * 2 ** 900 * 2 ** (places - 899);
  return scaled < 9007199254740992 && scaled % 2 === 1;
}

/** A finite magnitude with `places` digits after the point. */
function fixed(magnitude: number, places: number): string {
  if (magnitude < 1e21 && places <= MAX_NATIVE_DIGITS && !isTie(magnitude, places)) {
    return magnitude.toFixed(places);
  }
  const digits = scaledDigits(magnitude, places).padStart(places + 1, "0");
  if (places === 0) return digits;
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `count` significant digits of a positive finite magnitude, and its decimal exponent. */
function significant(magnitude: number, count: number): { digits: string; exponent: number } {
  if (magnitude === 0) return { digits: "0".repeat(count), exponent: 0 };
  if (count <= MAX_NATIVE_DIGITS) {
    const text = magnitude.toExponential(count - 1);
    const e = text.indexOf("e");
    const exponent = Number(text.slice(e + 1));
    const digits = text[0] + text.slice(2, e);
    // After a carry into the next power of ten the position of a tie is one further right.
    const places = count - 1 - exponent;
    const couldTie =
      places >= 0
        ? isTie(magnitude, places) || isTie(magnitude, places + 1)
        : Number.isInteger(magnitude);
    if (!couldTie) return { digits, exponent };
  }
  let exponent = Number(magnitude.toExponential().split("e")[1]);
  // The shortest digits may have been rounded up to a power of ten.
  if (scaledDigits(magnitude, 30 - exponent).length < 31) exponent--;
  let digits = scaledDigits(magnitude, count - 1 - exponent);
  if (digits.length > count) {
    digits = digits.slice(0, -1);
    exponent++;
  }
  return { digits, exponent };
}

function exponentText(exponent: number): string {
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `e${exponent < 0 ? "-" : "+"}${digits}`;
}

function exponential(magnitude: number, places: number, alternate: boolean): string {
  const { digits, exponent } = significant(magnitude, places + 1);
  const point = places > 0 || alternate ? "." : "";
  return digits[0] + point + digits.slice(1) + exponentText(exponent);
}

function general(magnitude: number, count: number, format: DoubleFormat): string {
  let { digits, exponent } = significant(magnitude, count);
  if (!format.alternate) digits = digits.replace(/0+$/, "") || "0";
  // A number that gets ".0" switches to the exponent one digit earlier.
  const limit = format.addDotZero ? count - 1 : count;
  if (exponent < -4 || exponent >= limit) {
    const point = digits.length > 1 || format.alternate ? "." : "";
    return digits[0] + point + digits.slice(1) + exponentText(exponent);
  }
  let text: string;
  if (exponent < 0) {
    text = `0.${"0".repeat(-exponent - 1)}${digits}`;
  } else {
    const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
    const rest = digits.slice(exponent + 1);
    text = rest === "" ? whole : `${whole}.${rest}`;
  }
  if (text.includes(".")) return text;
  return format.alternate ? `${text}.` : format.addDotZero ? `${text}.0` : text;
}

/** The text of `d`, negative ones with their sign; infinities and NaN as `inf` and `nan`. */
export function formatDouble(d: number, format: DoubleFormat): string {
  if (Number.isNaN(d)) return "nan";
  const sign = d < 0 || Object.is(d, -0) ? "-" : "";
  const magnitude = Math.abs(d);
  if (magnitude === Infinity) return `${sign}inf`;
  switch (format.code) {
    case "f": {
      const text = fixed(magnitude, format.precision);
      return sign + text + (format.alternate && format.precision === 0 ? "." : "");
    }
    case "e":
      return sign + exponential(magnitude, format.precision, format.alternate);
    case "g":
      return sign + general(magnitude, Math.max(format.precision, 1), format);
    default: {
      const text = reprFloat(d);
      if (text.endsWith(".0") && !format.addDotZero)
        return text.slice(0, format.alternate ? -1 : -2);
      return format.alternate && !text.includes(".") ? text.replace("e", ".e") : text;
    }
  }
}

/** The finite `d` rounded to `places` decimal places (also negative), ties to even. */
export function roundToPlaces(d: number, places: number): number {
  const magnitude = Math.abs(d);
  const text =
    places >= 0 ? fixed(magnitude, places) : `${scaledDigits(magnitude, places)}e${-places}`;
  return d < 0 ? -Number(text) : Number(text);
}
