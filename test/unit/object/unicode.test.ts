import { describe, expect, it } from "vitest";
import {
  isAlnum,
  isAlpha,
  isDecimal,
  isDigit,
  isLower,
  isNameContinue,
  isNameStart,
  isNumeric,
  isPrintable,
  isSpace,
  isUpper,
  toFolded,
  toLower,
  toTitle,
  toUpper,
} from "../../../src/object/unicode.js";
import { ask, python } from "./oracle.js";

/** Planes 0 and 1, where all but ideographs and tags stand. */
const END = 0x20000;

const predicates: Record<string, (code: number) => boolean> = {
  isalpha: isAlpha,
  isalnum: isAlnum,
  isdecimal: isDecimal,
  isdigit: isDigit,
  isnumeric: isNumeric,
  isspace: isSpace,
  islower: isLower,
  isupper: isUpper,
  isprintable: isPrintable,
  isidentifier: isNameStart,
};

const mappings: Record<string, (code: number) => string> = {
  upper: toUpper,
  lower: toLower,
  title: toTitle,
  casefold: toFolded,
};

/** Code points where a predicate changes its answer, the first being the first that has it. */
function changes(test: (code: number) => boolean): number[] {
  const found: number[] = [];
  let last = false;
  for (let code = 0; code < END; code++) {
    if (test(code) === last) continue;
    last = !last;
    found.push(code);
  }
  return found;
}

const program = `
import json
def changes(test):
    found, last = [], False
    for code in range(${END}):
        if test(chr(code)) != last:
            last = not last
            found.append(code)
    return found
def mapped(name):
    f = getattr(str, name)
    codes = [c for c in range(${END}) if not 0xd800 <= c < 0xe000]
    return {c: [ord(x) for x in f(chr(c))] for c in codes if f(chr(c)) != chr(c)}
answer = {name: changes(getattr(str, name)) for name in ${JSON.stringify(Object.keys(predicates))}}
answer["continue"] = changes(lambda c: ("a" + c).isidentifier())
maps = {name: mapped(name) for name in ${JSON.stringify(Object.keys(mappings))}}
print(json.dumps([answer, maps]))
`;

describe.skipIf(python === null)("Unicode 14 as CPython 3.11 has it", () => {
  const [answers, maps] =
    python === null
      ? [{}, {}]
      : ask<[Record<string, number[]>, Record<string, Record<string, number[]>>]>(program);

  it("properties", () => {
    for (const [name, test] of Object.entries(predicates)) {
      expect(changes(test), name).toEqual(answers[name]);
    }
    expect(changes(isNameContinue)).toEqual(answers.continue);
  });

  it("case mappings", () => {
    for (const [name, map] of Object.entries(mappings)) {
      for (let code = 0; code < END; code++) {
        if (code >= 0xd800 && code < 0xe000) continue;
        const got = [...map(code)].map((c) => c.codePointAt(0) as number);
        const want = maps[name][code] ?? [code];
        if (got.join() !== want.join()) expect([name, code, got]).toEqual([name, code, want]);
      }
    }
  });
});
