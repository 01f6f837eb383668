/** Python's `repr` of constants, for listings, messages and annotations kept as text. */

import type { Constant } from "./unit.js";

/** `repr` of a float: the shortest digits that read back, with Python's exponents. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential())!;
  const digits = match[2] + (match[3] ?? "");
  const exponent = Number(match[4]);
  if (exponent < -4 || exponent >= 16) {
    const fraction = match[3] === undefined ? "" : `.${match[3]}`;
    const size = Math.abs(exponent).toString().padStart(2, "0");
    return `${match[1]}${match[2]}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${match[1]}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${match[1]}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function complexPart(value: number): string {
  const text = reprFloat(value);
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

function reprComplex(real: number, imag: number): string {
  const imagText = `${complexPart(imag)}j`;
  if (real === 0 && !Object.is(real, -0)) return imagText;
  const sign = imagText.startsWith("-") || imagText.startsWith("nan") ? "" : "+";
  const plus = imagText.startsWith("nan") ? "+" : sign;
  return `(${complexPart(real)}${plus}${imagText})`;
}

function chooseQuote(text: string): string {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** `repr` of a str. */
export function reprStr(value: string): string {
  const quote = chooseQuote(value);
  let out = quote;
  for (const char of value) {
    const code = char.codePointAt(0)!;
    if (char === quote) out += `\\${char}`;
    else if (NAMED[char] !== undefined) out += NAMED[char];
    else if (code >= 32 && code < 127) out += char;
    else if (code < 256 && (code < 161 || code === 0xad)) {
      out += `\\x${code.toString(16).padStart(2, "0")}`;
    } else if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u.test(char)) {
      out +=
        code > 0xffff
          ? `\\U${code.toString(16).padStart(8, "0")}`
          : `\\u${code.toString(16).padStart(4, "0")}`;
    } else out += char;
  }
  return out + quote;
}

/** `repr` of bytes. */
export function reprBytes(value: Uint8Array): string {
  const text = Array.from(value, (byte) => String.fromCharCode(byte)).join("");
  const quote = chooseQuote(text);
  let out = `b${quote}`;
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === quote) out += `\\${char}`;
    else if (NAMED[char] !== undefined) out += NAMED[char];
    else if (code >= 32 && code < 127) out += char;
    else out += `\\x${code.toString(16).padStart(2, "0")}`;
  }
  return out + quote;
}

/** `repr` of a constant that is not a code object. */
export function reprConstant(constant: Constant): string {
  switch (constant.kind) {
    case "none":
      return "None";
    case "true":
      return "True";
    case "false":
      return "False";
    case "ellipsis":
      return "Ellipsis";
    case "int":
      return constant.value.toString();
    case "float":
      return reprFloat(constant.value);
    case "complex":
      return reprComplex(constant.real, constant.imag);
    case "str":
      return reprStr(constant.value);
    case "bytes":
      return reprBytes(constant.value);
    case "tuple": {
      const items = constant.items.map(reprConstant);
      return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
    }
    case "frozenset":
      if (constant.items.length === 0) return "frozenset()";
      return `frozenset({${constant.items.map(reprConstant).join(", ")}})`;
    case "code":
      throw new RangeError("a code object is shown by the disassembler");
  }
}
