import { describe, expect, it } from "vitest";
import { carets } from "../../../src/object/sourcecarets.js";

/** Marks for the part of `source` between the two marks `‹` and `›`, as CPython 3.11 puts them. */
function marks(marked: string): string {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  const source = marked.replace(/[‹›]/g, "");
  const column = bytes(marked.slice(0, marked.indexOf("‹")));
  const end = bytes(marked.slice(0, marked.indexOf("›")).replace("‹", ""));
  return carets(source, 1, 1, column, end);
}

describe("carets", () => {
  it.each([
    ["    return ‹x.y› + 1", "       ^^^"],
    ["x = ‹a + b›", "    ~~^~~"],
    ["x = ‹(a + 1) * (b / 0)›", "    ~~~~~~~~^~~~~~~~~"],
    ["x = ‹a - b - c›", "    ~~~~~~^~~"],
    ["x = ‹a ** b ** c›", "    ~~^^~~~~~~~"],
    ["x = ‹-a ** b›", "    ^^^^^^^"],
    ["x = ‹a // b * c›", "    ~~~~~~~^~~"],
    ["y = ‹(a)*(b)›", "    ~~~^^~~"],
    ["y = ‹a+(b, c)›", "    ~^~~~~~~"],
    ["y = ‹c [0]›", "    ~~^^^"],
    ["y = ‹d['k'][0]›", "    ~~~~~~^^^"],
    ["y = ‹f(a + b)›", "    ^^^^^^^^"],
    ["y = ‹a < b› ", "    ^^^^^"],
    ["y = ‹'a+b' % 5›", "    ~~~~~~^~~"],
    ["z = ‹'日本' + 5›", "    ~~~~~~~^~~"],
  ])("%s", (source, expected) => {
    expect(marks(source)).toBe(expected);
  });

  it("are left out where they would mark the whole line", () => {
    expect(marks("    ‹f(x)›")).toBe("");
    expect(marks("    ‹a + b›")).toBe("~~^~~");
  });

  it("go to the end of the line when the part goes on behind it", () => {
    expect(carets("  x = f(a,  ", 1, 2, 6, 3)).toBe("    ^^^^");
  });

  it("are none without positions", () => {
    expect(carets("x", -1, -1, -1, -1)).toBe("");
  });
});
