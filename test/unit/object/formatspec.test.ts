import { beforeAll, describe, expect, it } from "vitest";
import { initializeMemory } from "../../../src/memory/setup.js";
import { newComplex } from "../../../src/object/complex.js";
import { newFloat, reprFloat } from "../../../src/object/float.js";
import { formatComplex, formatFloat, formatInt } from "../../../src/object/formatspec.js";
import { initializeInts, newBool, newIntFromBig } from "../../../src/object/int.js";
import { getString, initializeStrings } from "../../../src/object/str.js";
import "../../../src/object/strtype.js";
import { T } from "../../../src/object/types.js";
import { takeRaised, useRecordedExceptions } from "./exceptions.js";
import { ask, python } from "./oracle.js";

const INT_SPECS = `|d|c|n|,|_|x|#x|_x|,x|08,|09,|010,|+|-| |=10|*^15|z|zd|.2|.2d|#c|+c|5c|10.3f|q|dd
,_|_,|,,|<05|é>6|😀>9|1000000000000000000000|e|%|.|s|#b|#010b|#_o|X|#X|=+10d|0=10|0>10|zf|z.1f|00
0<|<|{}|10q|*<20,d|_b|#_b|020_x|+.3e|G|3|^7|_.2f|,.0f|05d|+06d|05c|=5c|!|é|.10_`;
const FLOAT_SPECS = `|.3|.1|.17|#|#.3|.0|g|#g|.0f|#.0f|e|#.0e|r|n|%|.1%|.20|010|010,|z|z.1f|+|F|E
x<10|d|c|,|.2f|z.2%|_.3f|=10|x=10|,.2e|z,.1f|.30f|.60e|.120f|.16g|.17g|.15g|.2g|+.1e|#.3g|_|,.3
 >+12.3f|012.4e|G|^20.3|.0e|.0g|.0%|,.0f|#,.0f|.1f|015,.2f|z|-010.1f|+z.0f`;
const COMPLEX_SPECS = `|.2f|>20|010|=10|+|e|g|,|d|#|.3|n|%|z.1f|<30.1e|x|+.1f|é^30|0<30|#.3|.0|_.2f`;

const INTS = [0n, 5n, -1234567n, 97n, 1114111n, 10n ** 20n, -(2n ** 70n), 255n, -4096n];
const FLOATS = [1234.5, 0.0001, 1e16, 1e15, 123456789, 12345678901234568, 1e22, 5, 0.5, 2.5, 0.25]
  .concat([0, -0, -0.001, Infinity, -Infinity, Number.NaN, 1 / 3, 9.995, 99999.5, 5e-324, 1e300])
  .concat([1.7976931348623157e308, 1e23, 9.5, 0.00015, 1e-5, 123456.789e3, 0.125, -1.5, 1e21, 1e5]);
const COMPLEXES = [
  [1, 2],
  [0, 0],
  [-0, -1.5],
  [-0, 1],
  [Number.NaN, Infinity],
  [1234567.891, 1],
].concat([
  [0, -1],
  [0.5, 1e20],
  [1e-7, -0],
]);

const specs = (text: string): string[] => text.split(/[|\n]/);
const literal = (d: number): string => `float('${reprFloat(d)}')`;

const PROGRAM = (values: string[], list: string[]): string => `
import json, sys
out = []
for v in [${values.join(", ")}]:
    for s in json.loads(${JSON.stringify(JSON.stringify(list))}):
        try: out.append(format(v, s))
        except Exception as e: out.append(type(e).__name__ + ": " + str(e))
print(json.dumps(out))
`;

const names: Record<number, string> = {
  [T.ValueError]: "ValueError",
  [T.OverflowError]: "OverflowError",
};

function outcome(result: number): string {
  if (result !== 0) return getString(result);
  const raised = takeRaised();
  return raised === null ? "nothing raised" : `${names[raised.type]}: ${raised.message}`;
}

function check<Value>(
  values: { source: string; value: Value }[],
  list: string[],
  format: (value: Value, spec: string) => number,
): void {
  const program = PROGRAM(
    values.map(({ source }) => source),
    list,
  );
  const answers = ask<string[]>(program);
  const wrong: string[] = [];
  let i = 0;
  for (const { source, value } of values) {
    for (const spec of list) {
      const expected = answers[i++];
      const got = outcome(format(value, spec));
      if (got !== expected) wrong.push(`format(${source}, '${spec}'): ${got} not ${expected}`);
    }
  }
  expect(wrong).toEqual([]);
}

beforeAll(() => {
  initializeMemory();
  initializeInts();
  initializeStrings();
  useRecordedExceptions({ int: T.Int, bool: T.Bool, float: T.Float, complex: T.Complex });
});

describe.skipIf(python === null)("format() as CPython 3.11", () => {
  it("of ints", () => {
    const values = INTS.map((v) => ({ source: `${v}`, value: newIntFromBig(v) }));
    check(values, specs(INT_SPECS), formatInt);
    // An empty specification means str() of the object, which bool's own method sees to.
    const written = specs(INT_SPECS).filter((spec) => spec !== "");
    check([{ source: "True", value: newBool(true) }], written, formatInt);
  });

  it("of floats", () => {
    const values = FLOATS.map((d) => ({ source: literal(d), value: newFloat(d) }));
    check(values, specs(FLOAT_SPECS), formatFloat);
  });

  it("of complex numbers", () => {
    const values = COMPLEXES.map(([real, imag]) => ({
      source: `complex(${literal(real)}, ${literal(imag)})`,
      value: newComplex(real, imag),
    }));
    check(values, specs(COMPLEX_SPECS), formatComplex);
  });
});
