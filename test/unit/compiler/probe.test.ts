import { describe, expect, it } from "vitest";
import { compileProbed } from "../../../src/compiler/compile.js";
import { Probe } from "../../../src/compiler/probe.js";
import type { CodeUnit } from "../../../src/compiler/unit.js";

const source = `"""A docstring."""
from __future__ import annotations
import os

@staticmethod
def f(x):
    "Another one."
    if x:
        return 1

    else:
        return 2

class C:
    y = [
        1,
    ]
try:
    f(0)
except ValueError:
    pass
finally:
    match f:
        case 3:
            z = 1
`;

/** Probes at `lines`, numbered from 0. */
function compile(lines: number[]) {
  return compileProbed(
    source,
    "x.py",
    lines.map((line, number) => ({ line, number })),
  );
}

/** Where a probe for each line comes to stand. */
function placesOf(lines: number[]): (number | null)[] {
  return compile(lines).places.map((place) => place?.line ?? null);
}

function unitsOf(unit: CodeUnit): CodeUnit[] {
  const inner = unit.consts.flatMap((c) => (c.kind === "code" ? unitsOf(c.unit) : []));
  return [unit, ...inner];
}

describe("probes", () => {
  it("stand before the statement of their line, or the next one", () => {
    expect(placesOf([3, 6, 8, 9, 12, 14, 15, 18, 19, 21, 23, 25])).toEqual([
      3, 6, 8, 9, 12, 14, 15, 18, 19, 21, 23, 25,
    ]);
    expect(placesOf([4, 10, 11, 16, 20, 22, 24])).toEqual([6, 12, 12, 18, 21, 23, 25]);
  });

  it("leave docstrings and imports from __future__ at the beginning", () => {
    expect(placesOf([1, 2, 7])).toEqual([3, 3, 8]);
    const { unit } = compile([1, 7]);
    expect(unitsOf(unit).map(({ doc }) => doc)).toContain("A docstring.");
    expect(unitsOf(unit).map(({ doc }) => doc)).toContain("Another one.");
  });

  it("are refused behind the last statement", () => {
    expect(placesOf([26, 1000])).toEqual([null, null]);
  });

  it("call the builtin with their number, in the unit of their line alone", () => {
    const { unit } = compile([9, 8]);
    const using = unitsOf(unit).filter(({ names }) => names.includes(Probe.Name));
    expect(using.map(({ name }) => name)).toEqual(["f"]);
    const numbers = using[0].consts.filter(({ kind }) => kind === "int");
    expect(numbers).toContainEqual({ kind: "int", value: 0n });
    expect(numbers).toContainEqual({ kind: "int", value: 1n });
  });

  it("change no line of any other instruction", () => {
    const linesOf = (unit: CodeUnit) => new Set(unit.positions.filter((_, i) => i % 4 === 0));
    const plain = unitsOf(compile([]).unit).map(linesOf);
    const probed = unitsOf(compile([3, 8, 12, 15, 19, 25]).unit).map(linesOf);
    expect(probed).toEqual(plain);
  });
});
