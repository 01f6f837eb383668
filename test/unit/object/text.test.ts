import { describe, expect, it } from "vitest";
import { evaluate, oracleProgram } from "./evaluator.js";
import { ask, python } from "./oracle.js";
import { binary, formats, strings, views } from "./textexpressions.js";

function compare(expressions: readonly string[]): void {
  const answers = ask<string[]>(oracleProgram(expressions));
  const mine = expressions.map((text) => `${text} → ${evaluate(text)}`);
  expect(mine).toEqual(expressions.map((text, i) => `${text} → ${answers[i]}`));
}

describe.skipIf(python === null)("text as CPython 3.11 has it", () => {
  it("str", () => compare(strings));
  it("bytes and bytearray", () => compare(binary));
  it("memoryview", () => compare(views));
  it("formatting", () => compare(formats));
});

describe("text", () => {
  it("is evaluated by the object layer", () => {
    expect(evaluate("'a-b'.split('-')")).toBe("['a', 'b']");
    expect(evaluate("b'ab' + b'c'")).toBe("b'abc'");
    expect(evaluate("'%d' % 'x'")).toBe("TypeError: %d format: a real number is required, not str");
  });
});
