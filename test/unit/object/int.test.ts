import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { allocatedBlocks } from "../../../src/memory/pymalloc.js";
import { initializeMemory } from "../../../src/memory/setup.js";
import {
  bitLength,
  foldHash,
  freeInt,
  getBig,
  hashBig,
  hashInt,
  initializeInts,
  intEquals,
  intSign,
  intToNumber,
  newInt,
  newIntFromBig,
  wideHash,
} from "../../../src/object/int.js";
import * as arith from "../../../src/object/intarith.js";
import { Head, IntObject } from "../../../src/object/layout.js";
import { S, T } from "../../../src/object/types.js";

const I32 = heap.I32;

beforeAll(() => {
  initializeMemory();
  initializeInts();
});

/** Values at and around every boundary of the representation. */
const EDGES = [0n, 1n, 5n, 6n, 255n, 256n, 257n, 2n ** 16n, 2n ** 30n, 2n ** 31n, 2n ** 32n]
  .concat([2n ** 33n, 2n ** 52n, 2n ** 53n, 2n ** 54n, 2n ** 61n, 2n ** 63n, 2n ** 64n, 2n ** 84n])
  .concat([2n ** 96n, 2n ** 100n, 10n ** 30n, 2n ** 900n, 2n ** 1030n])
  .flatMap((v) => [v - 2n, v - 1n, v, v + 1n, v + 2n])
  .flatMap((v) => [v, -v]);

const integer = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.bigInt({ min: -(2n ** 34n), max: 2n ** 34n }),
  fc.bigInt({ min: -(2n ** 55n), max: 2n ** 55n }),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
  fc.bigInt({ min: -(2n ** 400n), max: 2n ** 400n }),
);

function drop(a: number): void {
  if (a !== 0 && --I32[a] === 0) freeInt(a);
}

/** Run `op` on the ints `x`, `y`; check that the result is normal and give it back as a BigInt. */
function run(op: (a: number, b: number) => number, x: bigint, y: bigint): bigint {
  const a = newIntFromBig(x);
  const b = newIntFromBig(y);
  const result = op(a, b);
  const value = getBig(result);
  const normal = newIntFromBig(value);
  if (!intEquals(result, normal)) throw new Error(`${x}, ${y}: ${value} in a form not its own`);
  for (const each of [a, b, result, normal]) drop(each);
  return value;
}

function floorQuotient(x: bigint, y: bigint): bigint {
  return x % y !== 0n && x < 0n !== y < 0n ? x / y - 1n : x / y;
}

describe("int representation", () => {
  it("keeps every value through the heap", () => {
    fc.assert(
      fc.property(integer, (v) => {
        const a = newIntFromBig(v);
        expect(getBig(a)).toBe(v);
        expect(intToNumber(a)).toBe(Number(v));
        expect(intSign(a)).toBe(v > 0n ? 1 : v < 0n ? -1 : 0);
        expect(bitLength(a)).toBe(v === 0n ? 0 : (v < 0n ? -v : v).toString(2).length);
        drop(a);
      }),
      { numRuns: 500 },
    );
  });

  it("shares -5…256 and nothing else", () => {
    expect(newInt(256)).toBe(newIntFromBig(256n));
    expect(newInt(-5)).toBe(S.Zero - 40);
    expect(newInt(257)).not.toBe(newInt(257));
    expect(newInt(-0)).toBe(S.Zero);
    expect(I32[newInt(-6) + Head.Type]).toBe(T.Int);
  });

  it("stores ±2^31 and ±2^53 in their one form", () => {
    for (const v of [2 ** 31, -(2 ** 31), 2 ** 53, -(2 ** 53)]) {
      const a = newInt(v);
      expect(I32[a + IntObject.Value]).toBe(IntObject.NotCompact);
      expect(getBig(a)).toBe(BigInt(v));
      expect(intEquals(a, newIntFromBig(BigInt(v)))).toBe(true);
    }
  });

  it("gives back every block", () => {
    const before = allocatedBlocks();
    for (const v of EDGES) drop(newIntFromBig(v));
    expect(allocatedBlocks()).toBe(before);
  });
});

describe("int arithmetic", () => {
  const operators: [string, (a: number, b: number) => number, (x: bigint, y: bigint) => bigint][] =
    [
      ["+", arith.intAdd, (x, y) => x + y],
      ["-", arith.intSubtract, (x, y) => x - y],
      ["*", arith.intMultiply, (x, y) => x * y],
      ["&", arith.intAnd, (x, y) => x & y],
      ["|", arith.intOr, (x, y) => x | y],
      ["^", arith.intXor, (x, y) => x ^ y],
      ["//", arith.intFloorDivide, floorQuotient],
      ["%", arith.intRemainder, (x, y) => x - floorQuotient(x, y) * y],
    ];
  for (const [symbol, op, model] of operators) {
    const divides = symbol === "//" || symbol === "%";
    it(`${symbol} agrees with BigInt at the edges`, () => {
      const wrong: string[] = [];
      for (const x of EDGES) {
        for (const y of EDGES) {
          if (divides && y === 0n) continue;
          if (run(op, x, y) !== model(x, y)) wrong.push(`${x} ${symbol} ${y}`);
        }
      }
      expect(wrong).toEqual([]);
    });
    it(`${symbol} agrees with BigInt`, () => {
      fc.assert(
        fc.property(integer, integer, (x, y) => {
          fc.pre(!divides || y !== 0n);
          expect(run(op, x, y), `${x} ${symbol} ${y}`).toBe(model(x, y));
        }),
        { numRuns: 1000 },
      );
    });
  }

  it("shifts as BigInt does", () => {
    fc.assert(
      fc.property(integer, fc.bigInt({ min: 0n, max: 130n }), (x, n) => {
        expect(run(arith.intLshift, x, n)).toBe(x << n);
        expect(run(arith.intRshift, x, n)).toBe(x >> n);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes powers, plain and modulo", () => {
    fc.assert(
      fc.property(integer, fc.bigInt({ min: 0n, max: 40n }), integer, (x, n, m) => {
        expect(run(arith.intPower, x, n)).toBe(x ** n);
        fc.pre(m > 0n);
        const modulo = (a: number, b: number) => {
          const modulus = newIntFromBig(m);
          const result = arith.intPowerModulo(a, b, modulus);
          drop(modulus);
          return result;
        };
        const rest = x ** n % m;
        expect(run(modulo, x, n)).toBe(rest < 0n ? rest + m : rest);
      }),
      { numRuns: 300 },
    );
  });

  it("compares, negates, inverts", () => {
    fc.assert(
      fc.property(integer, integer, (x, y) => {
        const a = newIntFromBig(x);
        const b = newIntFromBig(y);
        expect(arith.intCompare(a, b)).toBe(x < y ? -1 : x > y ? 1 : 0);
        drop(b);
        drop(a);
        expect(run((p) => arith.intNegative(p), x, 0n)).toBe(-x);
        expect(run((p) => arith.intInvert(p), x, 0n)).toBe(~x);
        expect(run((p) => arith.intAbsolute(p), x, 0n)).toBe(x < 0n ? -x : x);
      }),
      { numRuns: 500 },
    );
  });

  it("divides into the nearest float", () => {
    // Values worked out with CPython 3.11.
    expect(arith.divideBigs(10n ** 400n, 3n * 10n ** 399n)).toBe(10 / 3);
    expect(arith.divideBigs(1n, 2n ** 1074n)).toBe(5e-324);
    expect(arith.divideBigs(1n, 2n ** 1075n)).toBe(0);
    expect(arith.divideBigs(3n, 2n ** 1075n)).toBe(1e-323);
    expect(arith.divideBigs(2n ** 1024n - 1n, 1n)).toBe(Infinity);
    expect(arith.divideBigs(-(2n ** 53n) - 1n, 1n)).toBe(-(2 ** 53));
    expect(arith.divideBigs(2n ** 53n + 3n, 1n)).toBe(2 ** 53 + 4);
  });
});

describe("int hash", () => {
  it("is the value where it fits, and never -1", () => {
    expect(hashInt(newInt(12345))).toBe(12345);
    expect(hashInt(newInt(-1))).toBe(-2);
    expect(wideHash(2n ** 61n - 1n)).toBe(0n);
    expect(wideHash(-(2n ** 61n))).toBe(-2n);
  });

  it("does not depend on the form of the value", () => {
    fc.assert(
      fc.property(integer, (v) => {
        const a = newIntFromBig(v);
        expect(hashInt(a)).toBe(hashBig(v));
        const wide = wideHash(v);
        const words = [Number(BigInt.asIntN(32, wide >> 32n)), Number(BigInt.asIntN(32, wide))];
        expect(hashInt(a)).toBe(foldHash(words[0], words[1]));
        drop(a);
      }),
      { numRuns: 500 },
    );
  });
});
