import { beforeAll, describe, expect, it } from "vitest";
import { allocatedBlocks } from "../../../src/memory/pymalloc.js";
import { richCompare } from "../../../src/object/abstract.js";
import { call1 } from "../../../src/object/call.js";
import {
  absolute,
  binaryOp,
  divmod,
  numberFloat,
  numberInt,
  power3,
  roundNumber,
  unaryInvert,
  unaryNegative,
  unaryNot,
  unaryPositive,
} from "../../../src/object/number.js";
import { S, T } from "../../../src/object/types.js";
import { visibleHash } from "../../../src/object/widehash.js";
import { apply, bootGuest, call, callMethod, toSource, type Value } from "./guest.js";
import { ask, python } from "./oracle.js";

const OPERATORS = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];
const COMPARISONS = ["<", "<=", "==", "!=", ">", ">="];

const VALUES: Value[] = [0n, 1n, -1n, 2n, 3n, -7n, 255n, 1000n, 2n ** 31n, -(2n ** 31n), 2n ** 40n]
  .map((v): Value => v)
  .concat([2n ** 53n, 2n ** 53n + 1n, -(2n ** 64n), 10n ** 25n, true, false, 0.5, -0.5, 2, -3])
  .concat([0, -0, 1.5, 1e300, -1e-300, 2 ** 53, 1e25, Infinity, -Infinity, Number.NaN, "ab", null])
  .concat([[], [1n, 2.5]]);

/** Too big to compute, on either side. */
function isHuge(left: Value, operator: string, right: Value): boolean {
  const big = (v: Value) => typeof v === "bigint" && (v > 100000n || v < -100000n);
  if (operator === "**" || operator === "<<")
    return big(right) || (operator === "**" && right === 1000n);
  const repeats = typeof left === "string" || typeof right === "string" || Array.isArray(left);
  return operator === "*" && (repeats || Array.isArray(right)) && (big(left) || big(right));
}

function compareAll(cases: { source: string; run: () => string }[]): void {
  const answers = ask<string[]>(`
import json
out = []
for source in json.loads(${JSON.stringify(JSON.stringify(cases.map(({ source }) => source)))}):
    try: out.append(repr(eval(source)))
    except Exception as e: out.append(type(e).__name__ + ": " + str(e))
print(json.dumps(out))
`);
  const wrong: string[] = [];
  cases.forEach(({ source, run }, i) => {
    const got = run();
    if (got !== answers[i]) wrong.push(`${source}: ${got}, not ${answers[i]}`);
  });
  expect(wrong).toEqual([]);
}

beforeAll(bootGuest);

describe.skipIf(python === null)("numbers as CPython 3.11", () => {
  for (const [op, symbol] of OPERATORS.entries()) {
    it(`a ${symbol} b`, () => {
      const cases = VALUES.flatMap((a) =>
        VALUES.filter((b) => !isHuge(a, symbol, b)).map((b) => ({
          source: `${toSource(a)} ${symbol} ${toSource(b)}`,
          run: () => apply((x, y) => binaryOp(op, x, y), a, b),
        })),
      );
      compareAll(cases);
    });
  }

  for (const [op, symbol] of COMPARISONS.entries()) {
    it(`a ${symbol} b`, () => {
      const cases = VALUES.flatMap((a) =>
        VALUES.map((b) => ({
          source: `${toSource(a)} ${symbol} ${toSource(b)}`,
          run: () => apply((x, y) => richCompare(x, y, op), a, b),
        })),
      );
      compareAll(cases);
    });
  }

  it("unary operators, conversions and hashes", () => {
    const operations: [string, (a: number) => number][] = [
      ["-", unaryNegative],
      ["+", unaryPositive],
      ["~", unaryInvert],
      ["not ", unaryNot],
      ["abs", absolute],
      ["float", (a) => call1(T.Float, a)],
      ["int", numberInt],
      ["bool", (a) => call1(T.Bool, a)],
      ["complex", (a) => call1(T.Complex, a)],
      ["round", (a) => roundNumber(a, 0)],
    ];
    const cases = operations.flatMap(([name, operation]) =>
      VALUES.map((a) => ({
        source: `${name}(${toSource(a)})`,
        run: () => apply(operation, a),
      })),
    );
    const fractions = [0.1, 1 / 3, -123.456, 6.2e-5, 1e-310, 31445.2, 1.1e-20, 7.7e10, -0.001];
    for (const a of [...VALUES, ...fractions]) {
      if (typeof a !== "number" && typeof a !== "bigint") continue;
      if (Number.isNaN(a)) continue;
      cases.push({ source: `hash(${toSource(a)})`, run: () => apply(visibleHash, a) });
      cases.push({ source: `float(${toSource(a)})`, run: () => apply(numberFloat, a) });
    }
    compareAll(cases);
  });

  it("divmod, round to digits, pow of three", () => {
    const numbers = VALUES.filter((v) => typeof v === "number" || typeof v === "bigint");
    const cases = numbers.flatMap((a) =>
      numbers.map((b) => ({
        source: `divmod(${toSource(a)}, ${toSource(b)})`,
        run: () => apply(divmod, a, b),
      })),
    );
    const rounded: Value[] = [2.675, 0.5, 1.5, 1234.5678, 1e22, 12345n, 15n, 25n, -15n, 10n ** 25n];
    for (const a of rounded) {
      for (const n of [0n, 1n, 2n, 3n, -1n, -2n, -3n, 20n, 400n, -400n]) {
        const source = `round(${toSource(a)}, ${n})`;
        cases.push({ source, run: () => apply(roundNumber, a, n) });
      }
    }
    for (const a of [3n, -3n, 0n, 10n ** 20n]) {
      for (const b of [0n, 5n, -1n, 2n ** 70n]) {
        for (const m of [1n, 7n, -7n, 0n, 10n ** 9n + 7n]) {
          const source = `pow(${a}, ${b}, ${m})`;
          cases.push({ source, run: () => apply(power3, a, b, m) });
        }
      }
    }
    compareAll(cases);
  });

  it("int and float of text", () => {
    const texts = ["12", " -7\n", "0x1f", "1_000", "1__0", "_1", "1_", "", "  ", "9".repeat(60)]
      .concat(["1.5", "1e5", "inf", "-Infinity", "nan", "1_0.5_0e1_0", ".5", "5.", ".", "1e", "é"])
      .concat(["٣٤", "𝟙𝟚", "0b101", "0o17", "zz", "+5", "+-5", "1 2", "infinit", "0_0", "00"]);
    const cases = texts.flatMap((text) => [
      { source: `int(${toSource(text)})`, run: () => call(T.Int, text) },
      { source: `float(${toSource(text)})`, run: () => call(T.Float, text) },
      { source: `complex(${toSource(text)})`, run: () => call(T.Complex, text) },
    ]);
    for (const text of texts) {
      for (const base of [0n, 2n, 16n, 36n, 1n, 37n, -1n]) {
        const source = `int(${toSource(text)}, ${base})`;
        cases.push({ source, run: () => call(T.Int, text, base) });
      }
    }
    for (const text of [
      "1+2j",
      "j",
      "-j",
      "1e5-3.5j",
      "(1+2j)",
      " ( 3 ) ",
      "1+",
      "1+2",
      "nan+infj",
    ]) {
      cases.push({ source: `complex(${toSource(text)})`, run: () => call(T.Complex, text) });
    }
    const pairs: [Value, Value][] = [
      [1n, 2n],
      [1.5, -0],
      [0, Number.NaN],
      ["1", 2n],
      [1n, "2"],
    ];
    for (const [a, b] of pairs) {
      const source = `complex(${toSource(a)}, ${toSource(b)})`;
      cases.push({ source, run: () => call(T.Complex, a, b) });
    }
    compareAll(cases);
  });

  it("methods", () => {
    const calls: [Value, string, Value[]][] = [];
    for (const v of VALUES) {
      if (typeof v === "bigint") {
        for (const name of ["bit_length", "bit_count", "as_integer_ratio", "conjugate"]) {
          calls.push([v, name, []]);
        }
        calls.push([v, "__sizeof__", []], [v, "to_bytes", [9n, "little"]], [v, "to_bytes", []]);
        calls.push([v, "to_bytes", [2n, "big"]], [v, "to_bytes", [2n, "middle"]]);
        calls.push([v, "__format__", ["x"]], [v, "__round__", [-1n]], [v, "__add__", ["x"]]);
      } else if (typeof v === "number") {
        for (const name of ["hex", "is_integer", "as_integer_ratio", "__trunc__", "__ceil__"]) {
          calls.push([v, name, []]);
        }
        calls.push([v, "__floor__", []], [v, "__round__", []], [v, "__round__", [2n]]);
        calls.push([v, "__format__", [".3e"]], [v, "__eq__", [1n]]);
      }
    }
    for (const text of [
      "0x1.8p3",
      "-0x.1p-1070",
      "inf",
      "1",
      "0x1.fffffffffffff8p1023",
      "zz",
      "0xp",
    ]) {
      calls.push([1.5, "fromhex", [text]]);
    }
    compareAll(
      calls.map(([receiver, name, args]) => ({
        source: `${toSource(receiver)}.${name}(${args.map(toSource).join(", ")})`,
        run: () => callMethod(receiver, name, ...args),
      })),
    );
  });
});

describe("number protocol", () => {
  it("leaks nothing", () => {
    const run = () => {
      for (const a of VALUES) {
        for (const b of VALUES) {
          for (let op = 0; op < 26; op++) {
            if (isHuge(a, OPERATORS[op % 13], b)) continue;
            apply((x, y) => binaryOp(op, x, y), a, b);
          }
        }
      }
    };
    run();
    const before = allocatedBlocks();
    run();
    expect(allocatedBlocks()).toBe(before);
  });

  it("names the in-place operator in its errors", () => {
    expect(apply((x, y) => binaryOp(13, x, y), 1n, "a")).toBe(
      "TypeError: unsupported operand type(s) for +=: 'int' and 'str'",
    );
    expect(apply((x, y) => binaryOp(21, x, y), null, 2n)).toBe(
      "TypeError: unsupported operand type(s) for **=: 'NoneType' and 'int'",
    );
    expect(apply((x) => power3(x, x, S.None), "a")).toBe(
      "TypeError: unsupported operand type(s) for ** or pow(): 'str' and 'str'",
    );
  });
});
