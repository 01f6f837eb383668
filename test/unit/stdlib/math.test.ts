import { beforeAll, describe, expect, it } from "vitest";
import "../../../src/stdlib/all.js";
import * as elementary from "../../../src/object/elementary.js";
import { erf, erfc, gamma, logGamma, vectorLength } from "../../../src/stdlib/mathfunctions.js";
import { bootGuest, callFunction, toSource, type Value } from "../object/guest.js";
import { ask, python } from "../object/oracle.js";

const FUNCTIONS = { ...elementary } as unknown as Record<string, (x: number) => number>;

/** Functions of one argument, and the range that arguments are drawn from. */
const RANGES: Record<string, [number, number]> = {
  acos: [-1, 1],
  acosh: [1, 100],
  asin: [-1, 1],
  asinh: [-50, 50],
  atan: [-20, 20],
  cos: [-1000, 1000],
  cosh: [-20, 20],
  exp: [-700, 700],
  log: [0, 1000],
  log10: [0, 1e6],
  log2: [0, 1000],
  sin: [-1000, 1000],
  tan: [-100, 100],
};

const DRAWS = 2000;

function distance(a: number, b: number): bigint {
  if (Object.is(a, b)) return 0n;
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat64(0, a);
  view.setFloat64(8, b);
  const difference = view.getBigInt64(0) - view.getBigInt64(8);
  return difference < 0n ? -difference : difference;
}

/** How many results are not the C library's, and by how many last places at most. */
function compare(
  fn: (x: number, y: number) => number,
  cases: readonly (readonly number[])[],
): { share: number; worst: bigint } {
  let count = 0;
  let worst = 0n;
  for (const [x, y, expected] of cases) {
    const off = distance(fn(x, y), expected);
    if (off !== 0n) count++;
    if (off > worst) worst = off;
  }
  return { share: count / cases.length, worst };
}

function draw(expression: string, x: [number, number], y: [number, number]): number[][] {
  return ask<number[][]>(`
import json, math, random
r = random.Random(11)
out = []
for _ in range(${DRAWS}):
    x, y = r.uniform(${x[0]}, ${x[1]}), r.uniform(${y[0]}, ${y[1]})
    try: out.append((x, y, ${expression}))
    except (OverflowError, ValueError): pass
print(json.dumps(out))
`);
}

const VALUES: Value[] = [0n, 1n, -1n, 2n, 7n, 10n, 100n, 10n ** 30n, 2n ** 2000n, true]
  .map((v): Value => v)
  .concat([0, -0, 0.5, -0.5, 1, 1.5, -2.5, 3, 1e-300, 5e-324, 1e300, 1e16, 2 ** 53])
  .concat([Infinity, -Infinity, Number.NaN, "x", null, [3, 4]]);

/** What does not depend on the C library's last digit. */
const EXACT_ONE = ["ceil", "fabs", "factorial", "floor", "frexp", "fsum", "isfinite", "isinf"]
  .concat(["isnan", "isqrt", "modf", "prod", "sqrt", "trunc", "ulp", "degrees", "radians"])
  .concat(["atanh", "expm1", "log1p", "tanh"]);
const EXACT_TWO = [
  "comb",
  "copysign",
  "dist",
  "fmod",
  "gcd",
  "hypot",
  "isclose",
  "lcm",
  "ldexp",
].concat(["nextafter", "perm", "pow", "remainder"]);

beforeAll(bootGuest);

describe.skipIf(python === null)("math as CPython 3.11", () => {
  for (const [name, range] of Object.entries(RANGES)) {
    it(`${name} has the C library's last digit`, () => {
      const { share, worst } = compare(FUNCTIONS[name], draw(`math.${name}(x)`, range, [0, 1]));
      expect(worst <= 1n, `${name}: off by ${worst}`).toBe(true);
      expect(share, `share of ${name} that differs`).toBeLessThan(0.01);
    });
  }

  it("functions of two arguments have it too", () => {
    const pow = compare(elementary.pow, draw("math.pow(x, y)", [0, 20], [-20, 20]));
    expect([pow.worst <= 1n, pow.share < 0.01]).toEqual([true, true]);
    const atan2 = compare(elementary.atan2, draw("math.atan2(x, y)", [-9, 9], [-9, 9]));
    expect([atan2.worst <= 1n, atan2.share < 0.01]).toEqual([true, true]);
    const hypot = compare((x, y) => vectorLength([x, y]), draw("math.hypot(x, y)", [0, 9], [0, 9]));
    expect(hypot).toEqual({ share: 0, worst: 0n });
    expect(compare(elementary.hypot, draw("math.hypot(x, y)", [0, 9], [0, 9])).worst).toBe(0n);
  });

  it("gamma and the error functions are close", () => {
    const gammas = compare(gamma, draw("math.gamma(x)", [-20, 150], [0, 1]));
    expect([gammas.worst <= 4n, gammas.share < 0.02]).toEqual([true, true]);
    const logs = compare(logGamma, draw("math.lgamma(x)", [0.1, 150], [0, 1]));
    expect(logs.share).toBeLessThan(0.02);
    expect(compare(erf, draw("math.erf(x)", [-5, 5], [0, 1])).worst <= 8n).toBe(true);
    expect(compare(erfc, draw("math.erfc(x)", [-5, 9], [0, 1])).worst <= 200n).toBe(true);
  });

  it("exact functions, special values and errors", () => {
    const cases: { name: string; args: Value[] }[] = [];
    const huge = (v: Value) => typeof v === "bigint" && v > 1000n;
    for (const name of EXACT_ONE) {
      for (const v of VALUES) {
        if (name !== "factorial" || !huge(v)) cases.push({ name, args: [v] });
      }
    }
    for (const name of EXACT_TWO) {
      for (const a of VALUES) {
        for (const b of VALUES) {
          if ((name === "comb" || name === "perm") && (huge(a) || huge(b))) continue;
          cases.push({ name, args: [a, b] });
        }
      }
    }
    for (const name of Object.keys(RANGES)) {
      for (const v of [
        0,
        -0,
        1n,
        Infinity,
        -Infinity,
        Number.NaN,
        "x",
        1e300,
        -1e300,
        2n ** 2000n,
      ]) {
        // Angles this large are reduced by V8, whose last digit may differ.
        if (["cos", "sin", "tan"].includes(name) && Math.abs(Number(v)) === 1e300) continue;
        if (v !== 1n || ["exp", "log", "log10", "log2"].includes(name))
          cases.push({ name, args: [v] });
      }
    }
    cases.push({ name: "log", args: [8, 2] }, { name: "log", args: [10n ** 400n, 10n] });
    cases.push({ name: "log", args: [5, 1] }, { name: "log", args: [] });
    cases.push({ name: "fsum", args: [[0.1, 0.2, 0.3, 1e100, 1, -1e100]] });
    cases.push({ name: "fsum", args: [[Infinity, -Infinity]] });
    cases.push({ name: "fsum", args: [[1e308, 1e308, -1e308]] }, { name: "hypot", args: [] });
    cases.push({ name: "prod", args: [[1n, 2.5, 3n]] }, { name: "gcd", args: [12n, 18n, 27n] });
    cases.push({
      name: "dist",
      args: [
        [1, 2, 3],
        [4, 6, 3],
      ],
    });
    cases.push({ name: "dist", args: [[1], [4, 6]] }, { name: "lcm", args: [4n, 6n, 10n] });
    const sources = cases.map(({ name, args }) => `math.${name}(${args.map(toSource).join(", ")})`);
    const answers = ask<string[]>(`
import json, math
out = []
for source in json.loads(${JSON.stringify(JSON.stringify(sources))}):
    try: out.append(repr(eval(source)))
    except Exception as e: out.append(type(e).__name__ + ": " + str(e))
print(json.dumps(out))
`);
    const wrong: string[] = [];
    cases.forEach(({ name, args }, i) => {
      const got = callFunction("math", name, ...args);
      if (got !== answers[i]) wrong.push(`${sources[i]}: ${got}, not ${answers[i]}`);
    });
    expect(wrong).toEqual([]);
  });
});
