/** Case mappings and character predicates of str. ASCII runs on bytes, the rest by code point. */
import { type Addr, heap } from "../memory/heap.js";
import { type MethodDef, noArgs } from "./define.js";
import { incref } from "./header.js";
import { newBool } from "./int.js";
import { Head, StrObject } from "./layout.js";
import { newEmptyStr, newStrFromCode, newStrOfForm, StrForm, strCodeAt } from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { T } from "./types.js";
import {
  asciiFlags,
  CharFlag,
  isAlnum,
  isAlpha,
  isCased,
  isCaseIgnorable,
  isDecimal,
  isDigit,
  isLower,
  isNameContinue,
  isNameStart,
  isNumeric,
  isPrintable,
  isSpace,
  isTitle,
  isUpper,
  toFolded,
  toLower,
  toTitle,
  toUpper,
} from "./unicode.js";

const I32 = heap.I32;
const U8 = heap.U8;

const SIGMA = 0x3a3;

/** Copy an ASCII str, flipping the case of the letters that have one of `flags`. */
function flipAscii(str: Addr, flags: number): Addr {
  const length = I32[str + StrObject.Length];
  const from = I32[str + StrObject.Data];
  if (length === 0) return newEmptyStr();
  if (length === 1) {
    const code = U8[from];
    return newStrFromCode((asciiFlags[code] & flags) !== 0 ? code ^ 0x20 : code);
  }
  const result = newStrOfForm(length, StrForm.Ascii);
  if (result === 0) return 0;
  const to = I32[result + StrObject.Data];
  for (let i = 0; i < length; i++) {
    const code = U8[from + i];
    U8[to + i] = (asciiFlags[code] & flags) !== 0 ? code ^ 0x20 : code;
  }
  return result;
}

function isAscii(str: Addr): boolean {
  return (I32[str + StrObject.State] & StrObject.Ascii) !== 0;
}

/** Map every code point by `map`. */
function mapCodes(str: Addr, map: (code: number, index: number) => string): Addr {
  const length = I32[str + StrObject.Length];
  const builder = new StrBuilder(length);
  for (let i = 0; i < length; i++) builder.text(map(strCodeAt(str, i), i));
  return builder.finish();
}

/** Lower case of code point `index`: a capital sigma that ends a word becomes final. */
function lowerAt(str: Addr, code: number, index: number): string {
  if (code !== SIGMA) return toLower(code);
  let before = index - 1;
  while (before >= 0 && isCaseIgnorable(strCodeAt(str, before))) before--;
  if (before < 0 || !isCased(strCodeAt(str, before))) return "σ";
  const length = I32[str + StrObject.Length];
  let after = index + 1;
  while (after < length && isCaseIgnorable(strCodeAt(str, after))) after++;
  return after < length && isCased(strCodeAt(str, after)) ? "σ" : "ς";
}

/** `str.upper()`. */
function strUpper(str: Addr): Addr {
  return isAscii(str) ? flipAscii(str, CharFlag.Lower) : mapCodes(str, toUpper);
}

/** `str.lower()`. */
function strLower(str: Addr): Addr {
  if (isAscii(str)) return flipAscii(str, CharFlag.Upper);
  return mapCodes(str, (code, index) => lowerAt(str, code, index));
}

function strCasefold(str: Addr): Addr {
  return isAscii(str) ? flipAscii(str, CharFlag.Upper) : mapCodes(str, toFolded);
}

function strSwapcase(str: Addr): Addr {
  if (isAscii(str)) return flipAscii(str, CharFlag.Alpha);
  return mapCodes(str, (code, index) => {
    if (isUpper(code)) return lowerAt(str, code, index);
    return isLower(code) ? toUpper(code) : String.fromCodePoint(code);
  });
}

function strCapitalize(str: Addr): Addr {
  if (I32[str + StrObject.Length] === 0) return newEmptyStr();
  return mapCodes(str, (code, index) => (index === 0 ? toTitle(code) : lowerAt(str, code, index)));
}

function strTitle(str: Addr): Addr {
  let inWord = false;
  return mapCodes(str, (code, index) => {
    const mapped = inWord ? lowerAt(str, code, index) : toTitle(code);
    inWord = isCased(code);
    return mapped;
  });
}

/** True when there are code points and all satisfy `test`. */
function all(str: Addr, test: (code: number) => boolean): Addr {
  const length = I32[str + StrObject.Length];
  if (length === 0) return newBool(false);
  for (let i = 0; i < length; i++) if (!test(strCodeAt(str, i))) return newBool(false);
  return newBool(true);
}

/** All cased code points satisfy `wanted`, and there is one. */
function allCased(
  str: Addr,
  wanted: (code: number) => boolean,
  refused: (code: number) => boolean,
): Addr {
  let found = false;
  const length = I32[str + StrObject.Length];
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(str, i);
    if (refused(code) || isTitle(code)) return newBool(false);
    if (!found && wanted(code)) found = true;
  }
  return newBool(found);
}

function strIsTitle(str: Addr): Addr {
  let found = false;
  let inWord = false;
  const length = I32[str + StrObject.Length];
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(str, i);
    if (isUpper(code) || isTitle(code)) {
      if (inWord) return newBool(false);
      inWord = true;
      found = true;
    } else if (isLower(code)) {
      if (!inWord) return newBool(false);
      found = true;
    } else inWord = false;
  }
  return newBool(found);
}

/** Is the text an identifier (keywords included)? */
function isIdentifier(str: Addr): boolean {
  const length = I32[str + StrObject.Length];
  if (length === 0 || !isNameStart(strCodeAt(str, 0))) return false;
  for (let i = 1; i < length; i++) if (!isNameContinue(strCodeAt(str, i))) return false;
  return true;
}

function strIsPrintable(str: Addr): Addr {
  const length = I32[str + StrObject.Length];
  for (let i = 0; i < length; i++) if (!isPrintable(strCodeAt(str, i))) return newBool(false);
  return newBool(true);
}

/** `str(self)`: an exact str is itself; an instance of a subclass is copied. */
export function exactStr(str: Addr): Addr {
  if (I32[str + Head.Type] === T.Str) return incref(str);
  const builder = new StrBuilder(I32[str + StrObject.Length]);
  return builder.str(str).finish();
}

/** The case and predicate methods of str. */
export const caseMethods: MethodDef[] = [
  noArgs("upper", strUpper),
  noArgs("lower", strLower),
  noArgs("casefold", strCasefold),
  noArgs("swapcase", strSwapcase),
  noArgs("capitalize", strCapitalize),
  noArgs("title", strTitle),
  noArgs("isalpha", (self) => all(self, isAlpha)),
  noArgs("isalnum", (self) => all(self, isAlnum)),
  noArgs("isdecimal", (self) => all(self, isDecimal)),
  noArgs("isdigit", (self) => all(self, isDigit)),
  noArgs("isnumeric", (self) => all(self, isNumeric)),
  noArgs("isspace", (self) => all(self, isSpace)),
  noArgs("islower", (self) => allCased(self, isLower, isUpper)),
  noArgs("isupper", (self) => allCased(self, isUpper, isLower)),
  noArgs("istitle", strIsTitle),
  noArgs("isidentifier", (self) => newBool(isIdentifier(self))),
  noArgs("isprintable", strIsPrintable),
  noArgs("isascii", (self) => newBool(isAscii(self))),
];
