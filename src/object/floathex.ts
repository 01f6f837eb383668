/** Hexadecimal text of doubles: float.hex() and float.fromhex(). */
import { decompose } from "./floatformat.js";

/** `float.hex(d)`. */
export function hexOfDouble(d: number): string {
  if (Number.isNaN(d)) return "nan";
  const sign = d < 0 || Object.is(d, -0) ? "-" : "";
  if (!Number.isFinite(d)) return `${sign}inf`;
  if (d === 0) return `${sign}0x0.0p+0`;
  const { mantissa, exponent } = decompose(Math.abs(d));
  const lead = mantissa >> 52n;
  const fraction = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, "0");
  const power = exponent + 52;
  return `${sign}0x${lead}.${fraction}p${power < 0 ? "-" : "+"}${Math.abs(power)}`;
}

const HEX = /^([+-]?)(?:0x)?([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i;
const WORD = /^([+-]?)(inf|infinity|nan)$/i;

/** `float.fromhex(text)`. */
export function parseHexDouble(text: string): number | "invalid" | "overflow" {
  const trimmed = text.trim();
  const word = WORD.exec(trimmed);
  if (word !== null) {
    const value = word[2].toLowerCase() === "nan" ? Number.NaN : Infinity;
    return word[1] === "-" ? -value : value;
  }
  const parts = HEX.exec(trimmed);
  if (parts === null) return "invalid";
  const [, sign, whole, fraction = "", power = "0"] = parts;
  if (whole === "" && fraction === "") return "invalid";
  const mantissa = BigInt(`0x0${whole}${fraction}`);
  const exponent = Number(power) - 4 * fraction.length;
  const magnitude = mantissa === 0n ? 0 : scaleExactly(mantissa, exponent);
  if (magnitude === Infinity) return "overflow";
  return sign === "-" ? -magnitude : magnitude;
}

/** mantissa × 2^exponent, rounded once, ties to even; infinite where it is too large. */
export function scaleExactly(mantissa: bigint, exponent: number): number {
  const bits = mantissa.toString(2).length;
  const top = bits + exponent;
  if (top > 1024) return Infinity;
  if (top < -1075) return 0;
  const drop = Math.max(bits - 53, -1074 - exponent);
  if (drop <= 0) return Number(mantissa) * 2 ** exponent;
  const shift = BigInt(drop);
  let kept = mantissa >> shift;
  const rest = mantissa - (kept << shift);
  const half = 1n << (shift - 1n);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  return Number(kept) * 2 ** (exponent + drop);
}
