/**
 * Properties of code points. ASCII is answered from a table; the rest from JavaScript's Unicode
 * property escapes, cached by code point.
 */

/** Bits of {@link asciiFlags}. */
export const enum CharFlag {
  Lower = 1,
  Upper = 2,
  Digit = 4,
  Space = 8,
  Alpha = 3,
  Alnum = 7,
}

/** Flags of the ASCII characters. */
export const asciiFlags = new Uint8Array(128);
for (let code = 0; code < 26; code++) {
  asciiFlags[0x61 + code] = CharFlag.Lower;
  asciiFlags[0x41 + code] = CharFlag.Upper;
}
for (let code = 0x30; code < 0x3a; code++) asciiFlags[code] = CharFlag.Digit;
for (const code of [9, 10, 11, 12, 13, 28, 29, 30, 31, 32]) asciiFlags[code] = CharFlag.Space;

function matcher(pattern: RegExp): (code: number) => boolean {
  const known = new Map<number, boolean>();
  return (code) => {
    let answer = known.get(code);
    if (answer === undefined) {
      answer = pattern.test(String.fromCodePoint(code));
      known.set(code, answer);
    }
    return answer;
  };
}

const matchesUnprintable = matcher(/^[\p{C}\p{Z}]$/u);

/** Would `repr` show the code point as it is? */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  return !matchesUnprintable(code);
}
