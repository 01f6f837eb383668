/**
 * Properties and case mappings of code points as of Unicode 14, the version CPython 3.11 has. ASCII
 * is answered from a table; the rest from JavaScript's Unicode property escapes, cached by code
 * point and corrected where JavaScript knows a later version or no such property.
 */

/** Bits of {@link asciiFlags}. */
export const enum CharFlag {
  Lower = 1,
  Upper = 2,
  Digit = 4,
  Space = 8,
  LineBreak = 16,
  Underscore = 32,
  Alpha = 3,
  Alnum = 7,
  Name = 39,
}

/** Flags of the ASCII characters. */
export const asciiFlags = new Uint8Array(128);
for (let code = 0; code < 26; code++) {
  asciiFlags[0x61 + code] = CharFlag.Lower;
  asciiFlags[0x41 + code] = CharFlag.Upper;
}
for (let code = 0x30; code < 0x3a; code++) asciiFlags[code] = CharFlag.Digit;
for (const code of [9, 31, 32]) asciiFlags[code] = CharFlag.Space;
for (const code of [10, 11, 12, 13, 28, 29, 30]) {
  asciiFlags[code] = CharFlag.Space | CharFlag.LineBreak;
}
asciiFlags[0x5f] = CharFlag.Underscore;

/** Pairs of first and last code point, ascending, of hexadecimal numbers and ranges. */
function ranges(text: string): Int32Array {
  const bounds = text.split(" ").flatMap((item) => {
    const [first, last = first] = item.split("-");
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  });
  return Int32Array.from(bounds);
}

function isWithin(table: Int32Array, code: number): boolean {
  let low = 0;
  let high = table.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table[2 * middle + 1] < code) low = middle + 1;
    else high = middle;
  }
  return 2 * low < table.length && table[2 * low] <= code;
}

/** Numeric type Digit without being a decimal digit. */
const DIGITS = ranges(
  "b2-b3 b9 1369-1371 19da 2070 2074-2079 2080-2089 2460-2468 2474-247c 2488-2490 24ea " +
    "24f5-24fd 24ff 2776-277e 2780-2788 278a-2792 10a40-10a43 10e60-10e68 11052-1105a 1f100-1f10a",
);

/** Letters that are numbers: the CJK numerals. */
const NUMERALS = ranges(
  "3405 3483 382a 3b4d 4e00 4e03 4e07 4e09 4e5d 4e8c 4e94 4e96 4ebf-4ec0 4edf 4ee8 4f0d 4f70 " +
    "5104 5146 5169 516b 516d 5341 5343-5345 534c 53c1-53c4 56db 58f1 58f9 5e7a 5efe-5eff " +
    "5f0c-5f0e 5f10 62fe 634c 67d2 6f06 7396 767e 8086 842c 8cae 8cb3 8d30 9621 9646 964c 9678 " +
    "96f6 f96b f973 f978 f9b2 f9d1 f9d3 f9fd 20001 20064 200e2 20121 2092a 20983 2098c 2099c " +
    "20aea 20afd 20b19 22390 22998 23b1b 2626d 2f890",
);

/** Assigned after Unicode 14. */
const LATER = ranges(
  "88f 897 c5c cdc cf3 ece 1acf-1add 1ae0-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 20c1 2427-2429 2b96 " +
    "2ffc-2fff 31e4-31e5 31ef a7cb-a7cf a7d2 a7d4 a7da-a7dc a7f1 fbc3-fbd2 fd90-fd91 fdc8-fdce " +
    "105c0-105f3 10940-10959 10d40-10d65 10d69-10d85 10d8e-10d8f 10ec2-10ec7 10ed0-10ed8 " +
    "10efa-10eff 1123f-11241 11380-11389 1138b 1138e 11390-113b5 113b7-113c0 113c2 113c5 " +
    "113c7-113ca 113cc-113d5 113d7-113d8 113e1-113e2 116d0-116e3 11b00-11b09 11b60-11b67 " +
    "11bc0-11be1 11bf0-11bf9 11db0-11ddb 11de0-11de9 11f00-11f10 11f12-11f3a 11f3e-11f5a 1342f " +
    "13439-13455 13460-143fa 16100-16139 16d40-16d79 16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 " +
    "187f8-187ff 18cff 18d09-18d1e 18d80-18df2 1b132 1b155 1cc00-1ccfc 1cd00-1ceb3 1ceba-1ced0 " +
    "1cee0-1cef0 1d2c0-1d2d3 1df25-1df2a 1e030-1e06d 1e08f 1e4d0-1e4f9 1e5d0-1e5fa 1e5ff " +
    "1e6c0-1e6de 1e6e0-1e6f5 1e6fe-1e6ff 1f6d8 1f6dc 1f774-1f77f 1f7d9 1f8b2-1f8bb 1f8c0-1f8c1 " +
    "1f8d0-1f8d8 1fa54-1fa57 1fa75-1fa77 1fa87-1fa8a 1fa8e-1fa8f 1faad-1faaf 1fabb-1fabf 1fac6 " +
    "1fac8 1facd-1facf 1fada-1fadc 1fadf 1fae8-1faea 1faef 1faf7-1faf8 1fbcb-1fbef 1fbfa " +
    "2b739-2b73f 2cea2-2cead 2ebf0-2ee5d 31350-33479",
);

/** Most answers that one matcher remembers. */
const REMEMBERED = 4096;

function matcher(pattern: RegExp): (code: number) => boolean {
  const known = new Map<number, boolean>();
  return (code) => {
    let answer = known.get(code);
    if (answer === undefined) {
      answer = pattern.test(String.fromCodePoint(code)) && !isWithin(LATER, code);
      if (known.size < REMEMBERED) known.set(code, answer);
    }
    return answer;
  };
}

const matchesAlpha = matcher(/^\p{L}$/u);
const matchesDecimal = matcher(/^\p{Nd}$/u);
const matchesNumber = matcher(/^\p{N}$/u);
const matchesLower = matcher(/^\p{Lowercase}$/u);
const matchesUpper = matcher(/^\p{Uppercase}$/u);
const matchesTitle = matcher(/^\p{Lt}$/u);
const matchesStart = matcher(/^\p{XID_Start}$/u);
const matchesContinue = matcher(/^\p{XID_Continue}$/u);
const matchesPrintable = matcher(/^[^\p{C}\p{Z}]$/u);
const matchesCased = matcher(/^\p{Cased}$/u);
const matchesIgnorable = matcher(/^\p{Case_Ignorable}$/u);

/** `str.isprintable` of one code point: would `repr` show it as it is? */
export function isPrintable(code: number): boolean {
  return code < 0x7f ? code >= 0x20 : matchesPrintable(code);
}

export function isAlpha(code: number): boolean {
  return code < 0x80 ? (asciiFlags[code] & CharFlag.Alpha) !== 0 : matchesAlpha(code);
}

export function isDecimal(code: number): boolean {
  return code < 0x80 ? (asciiFlags[code] & CharFlag.Digit) !== 0 : matchesDecimal(code);
}

export function isDigit(code: number): boolean {
  return isDecimal(code) || (code > 0x7f && isWithin(DIGITS, code));
}

export function isNumeric(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & CharFlag.Digit) !== 0;
  return matchesNumber(code) || isWithin(NUMERALS, code);
}

export function isAlnum(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & CharFlag.Alnum) !== 0;
  return matchesAlpha(code) || isNumeric(code);
}

export function isSpace(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & CharFlag.Space) !== 0;
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  if (code >= 0x2000 && code <= 0x200a) return true;
  return (
    code === 0x1680 ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Does `str.splitlines` break behind the code point? */
export function isLineBreak(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & CharFlag.LineBreak) !== 0;
  return code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isLower(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & CharFlag.Lower) !== 0;
  // One that is lowercase no more after Unicode 14, and some that have become it.
  if (code === 0x295) return true;
  if (code === 0x10fc || code === 0xab69) return false;
  return (code < 0xa7f2 || code > 0xa7f4) && matchesLower(code);
}

export function isUpper(code: number): boolean {
  return code < 0x80 ? (asciiFlags[code] & CharFlag.Upper) !== 0 : matchesUpper(code);
}

/** Is the code point one of the title-case digraphs? */
export function isTitle(code: number): boolean {
  return code > 0x7f && matchesTitle(code);
}

/** May an identifier begin with the code point? */
export function isNameStart(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & (CharFlag.Alpha | CharFlag.Underscore)) !== 0;
  return matchesStart(code);
}

/** May an identifier go on with the code point? */
export function isNameContinue(code: number): boolean {
  if (code < 0x80) return (asciiFlags[code] & CharFlag.Name) !== 0;
  if (code === 0x200c || code === 0x200d || code === 0x30fb || code === 0xff65) return false;
  return matchesContinue(code);
}

/** Is the code point cased, for the rule of the final sigma? */
export function isCased(code: number): boolean {
  return matchesCased(code);
}

/** Is the code point skipped by the rule of the final sigma? */
export function isCaseIgnorable(code: number): boolean {
  return matchesIgnorable(code);
}

/** Code points whose upper case JavaScript knows from a later version. */
const LATER_UPPER = new Set([0x19b, 0x264, 0xa7d3, 0xa7d5]);

/** Upper case of one code point; may be several. */
export function toUpper(code: number): string {
  const text = String.fromCodePoint(code);
  return LATER_UPPER.has(code) || isWithin(LATER, code) ? text : text.toUpperCase();
}

/** Lower case of one code point without its neighbours. */
export function toLower(code: number): string {
  const text = String.fromCodePoint(code);
  return isWithin(LATER, code) ? text : text.toLowerCase();
}

/** Title case of one code point; may be several. */
export function toTitle(code: number): string {
  if (code >= 0x1c4 && code <= 0x1cc) return String.fromCharCode(code - ((code - 0x1c4) % 3) + 1);
  if (code >= 0x1f1 && code <= 0x1f3) return "\u01f2";
  if (code === 0x149) return "\u02bcN";
  if (code >= 0x10d0 && code <= 0x10ff) return String.fromCharCode(code);
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCharCode(code | 8);
  const upper = toUpper(code);
  if (upper.length === 1 || upper.codePointAt(0)! > 0xffff) return upper;
  if (code >= 0x1fb2 && code <= 0x1ffc && upper.endsWith("\u0399")) {
    if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCharCode(code + 9);
    if (code === 0x1fbc || code === 0x1fcc || code === 0x1ffc) return String.fromCharCode(code);
    return `${upper.slice(0, -1)}\u0345`;
  }
  return upper[0] + upper.slice(1).toLowerCase();
}

/** Full case folding of one code point. */
export function toFolded(code: number): string {
  if (code === 0x131) return "\u0131";
  if (code === 0x1e9e) return "ss";
  // Cherokee folds to its upper case.
  if (code >= 0x13a0 && code <= 0x13f5) return String.fromCharCode(code);
  if (code >= 0x13f8 && code <= 0x13fd) return String.fromCharCode(code - 8);
  if (code >= 0xab70 && code <= 0xabbf) return String.fromCharCode(code - 0xab70 + 0x13a0);
  if (LATER_UPPER.has(code) || isWithin(LATER, code)) return String.fromCodePoint(code);
  return toUpper(code).toLowerCase();
}
