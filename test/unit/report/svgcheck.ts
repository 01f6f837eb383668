import { expect } from "vitest";

/** Check that text is well-formed XML of the kind we write, and count its elements by name. */
export function elementsOf(svg: string): Map<string, number> {
  const names = new Map<string, number>();
  const open: string[] = [];
  const rest = svg.replace(/<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/g, (...match) => {
    const [, closes, name, , empty] = match as string[];
    if (closes === "/") expect(open.pop()).toBe(name);
    else {
      names.set(name, (names.get(name) ?? 0) + 1);
      if (empty === "") open.push(name);
    }
    return "";
  });
  expect(open).toEqual([]);
  // What is left is text: every special character in it must be escaped.
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
  return names;
}

/** Check that a picture shows in any viewer by itself, and that no text is too small to read. */
export function expectSelfContained(svg: string): void {
  expect(svg).not.toMatch(/<script|<image|href|@import|url\(|NaN|Infinity|undefined/);
  expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
  const sizes = [...svg.matchAll(/font-size:([\d.]+)px/g)].map((match) => Number(match[1]));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(7);
}
