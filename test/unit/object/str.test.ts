import { beforeAll, describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { allocatedBlocks, free } from "../../../src/memory/pymalloc.js";
import { initializeMemory } from "../../../src/memory/setup.js";
import {
  bytesLength,
  getBytes,
  hashBytes,
  initializeBytes,
  newBytes,
} from "../../../src/object/bytes.js";
import { StrObject, TypeObject } from "../../../src/object/layout.js";
import {
  deallocStr,
  getString,
  hashStr,
  initializeStrings,
  internStr,
  newStr,
  newStrFromCode,
  reprStr,
  StrBuilder,
  StrForm,
  strCodeAt,
  strCompare,
  strConcat,
  strConcatInPlace,
  strEqual,
  strLength,
  strSlice,
} from "../../../src/object/str.js";
import "../../../src/object/strtype.js";
import { Kind, S, T } from "../../../src/object/types.js";

const I32 = heap.I32;

beforeAll(() => {
  initializeMemory();
  initializeStrings();
  initializeBytes();
  I32[T.Str + TypeObject.Slots] = Kind.Str;
});

/** The str of `text`, a call of `use`, and the str dropped. */
function formOf(text: string): number {
  const str = newStr(text);
  const form = I32[str + StrObject.State] & StrForm.Mask;
  if (strLength(str) > 1) deallocStr(str);
  return form;
}

const TEXTS = [
  "",
  "a",
  "é",
  "abc",
  "naïve",
  "żółw",
  "中",
  "中文字",
  "𝒳",
  "x𝒳y",
  "\ud800",
  "a\udc00b",
];

describe("str", () => {
  it("takes the narrowest form", () => {
    expect(formOf("abc")).toBe(StrForm.Ascii);
    expect(formOf("naïve")).toBe(StrForm.Latin1);
    expect(formOf("żółw")).toBe(StrForm.Ucs2);
    expect(formOf("x𝒳y")).toBe(StrForm.Ucs4);
    expect(formOf("a\ud800")).toBe(StrForm.Ucs2);
  });

  it("gives back what it was made of, by code points", () => {
    for (const text of TEXTS) {
      const str = newStr(text);
      expect(getString(str)).toBe(text);
      expect(strLength(str)).toBe([...text].length);
      [...text].forEach((c, i) => {
        expect(strCodeAt(str, i)).toBe(c.codePointAt(0));
      });
    }
  });

  it("shares the empty string and Latin-1 characters (R24)", () => {
    expect(newStr("")).toBe(S.EmptyStr);
    expect(newStr("é")).toBe(newStrFromCode(0xe9));
    const str = newStr("caféx");
    expect(strSlice(str, 3, 4)).toBe(newStrFromCode(0xe9));
    expect(strSlice(str, 2, 2)).toBe(S.EmptyStr);
  });

  it("narrows slices", () => {
    const str = newStr("ab中文cd𝒳");
    const slice = strSlice(str, 0, 2);
    expect(I32[slice + StrObject.State] & StrForm.Mask).toBe(StrForm.Ascii);
    expect(strEqual(slice, newStr("ab"))).toBe(true);
    expect(getString(strSlice(str, 1, 4))).toBe("b中文");
  });

  it("compares and hashes equal text equally, however made", () => {
    for (const a of TEXTS) {
      for (const b of TEXTS) {
        const joined = strConcat(newStr(a), newStr(b));
        const whole = newStr(a + b);
        // Two surrogates that meet become one character in JavaScript only.
        if (strLength(joined) !== strLength(whole)) continue;
        expect(strEqual(joined, whole)).toBe(true);
        expect(hashStr(joined)).toBe(hashStr(whole));
        expect(strCompare(joined, whole)).toBe(0);
        expect(strEqual(newStr(a), newStr(b))).toBe(a === b);
      }
    }
    expect(strCompare(newStr("ab"), newStr("abc"))).toBeLessThan(0);
    expect(strCompare(newStr("b"), newStr("abc"))).toBeGreaterThan(0);
    expect(strCompare(newStr("\uffff"), newStr("𝒳"))).toBeLessThan(0);
  });

  it("appends in place only when nobody else can see it", () => {
    let str = newStr("start");
    const other = newStr("-+");
    let expected = "start";
    for (let i = 0; i < 500; i++) {
      str = strConcatInPlace(str, other);
      expected += "-+";
    }
    expect(getString(str)).toBe(expected);
    expect(hashStr(str)).toBe(hashStr(newStr(expected)));
    I32[str]++;
    const longer = strConcatInPlace(str, other);
    expect(longer).not.toBe(str);
    expect(getString(str)).toBe(expected);
    expect(getString(strConcatInPlace(longer, newStr("中")))).toBe(`${expected}-+中`);
  });

  it("interns one str for each text and forgets dead ones", () => {
    const first = internStr(newStr("some_name"));
    expect(internStr(newStr("some_name"))).toBe(first);
    const names = Array.from({ length: 6000 }, (_, i) => internStr(newStr(`name${i}`)));
    names.forEach((name, i) => {
      expect(internStr(newStr(`name${i}`))).toBe(name);
    });
    const before = allocatedBlocks();
    for (const name of names.slice(0, 3000)) deallocStr(name);
    expect(allocatedBlocks()).toBe(before - 3000);
    for (let i = 3000; i < 6000; i++) expect(internStr(newStr(`name${i}`))).toBe(names[i]);
  });

  it("reprs as CPython does", () => {
    const cases: [string, string][] = [
      ["abc", "'abc'"],
      ["it's", '"it\'s"'],
      ["both ' and \"", "'both \\' and \"'"],
      ["a\tb\nc\rd\\", "'a\\tb\\nc\\rd\\\\'"],
      ["\0\x7f\x80\xad\xa0é", "'\\x00\\x7f\\x80\\xad\\xa0é'"],
      ["中\u2028\ud800𝒳\u{e0001}", "'中\\u2028\\ud800𝒳\\U000e0001'"],
    ];
    for (const [text, expected] of cases) expect(getString(reprStr(newStr(text)))).toBe(expected);
  });
});

describe("StrBuilder", () => {
  it("grows and widens", () => {
    const builder = new StrBuilder(2);
    let expected = "";
    for (const text of ["abc", "é", "", "中文", "x".repeat(300), "𝒳", "tail"]) {
      builder.text(text).str(newStr(text));
      expected += text + text;
    }
    builder.fill(0x2d, 5);
    const str = builder.finish();
    expect(getString(str)).toBe(`${expected}-----`);
    expect(strEqual(str, newStr(`${expected}-----`))).toBe(true);
  });

  it("shares short results and gives memory back when discarded", () => {
    const before = allocatedBlocks();
    expect(new StrBuilder().finish()).toBe(S.EmptyStr);
    expect(new StrBuilder().code(0x61).finish()).toBe(newStrFromCode(0x61));
    new StrBuilder().text("gone").discard();
    expect(allocatedBlocks()).toBe(before);
    free(newStr("unshared"));
    expect(allocatedBlocks()).toBe(before);
  });
});

describe("bytes", () => {
  it("keeps its bytes, and shares short ones", () => {
    const data = Uint8Array.from([0, 1, 255, 128, 7]);
    const object = newBytes(data);
    expect(getBytes(object)).toEqual(data);
    expect(bytesLength(object)).toBe(5);
    expect(hashBytes(object)).toBe(hashBytes(newBytes(data)));
    expect(newBytes(new Uint8Array(0))).toBe(S.EmptyBytes);
    expect(newBytes(Uint8Array.of(9))).toBe(newBytes(Uint8Array.of(9)));
  });
});
