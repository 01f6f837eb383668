import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { allocatedBlocks } from "../../../src/memory/pymalloc.js";
import { getItem, setItem } from "../../../src/object/abstract.js";
import { decref } from "../../../src/object/header.js";
import { intToNumber, newInt } from "../../../src/object/int.js";
import { ListObject } from "../../../src/object/layout.js";
import {
  listAppendSteal,
  listExtend,
  listFromIterable,
  listGet,
  listInsert,
  listResize,
  listSize,
  listSlice,
  listToTuple,
  newList,
} from "../../../src/object/list.js";
import { listSort } from "../../../src/object/listtype.js";
import { newSlice } from "../../../src/object/slice.js";
import { tupleFromIterable } from "../../../src/object/tuple.js";
import { show, showPending, startObjects, toPython } from "./values.js";

const I32 = heap.I32;
startObjects();

function capacity(list: number): number {
  return I32[list + ListObject.Allocated];
}

describe("growth of lists", () => {
  it("takes CPython's capacities on append (R36)", () => {
    const list = newList(0);
    const seen: number[] = [];
    for (let i = 0; i < 400; i++) {
      listAppendSteal(list, newInt(i));
      if (seen.at(-1) !== capacity(list)) seen.push(capacity(list));
    }
    expect(seen).toEqual([
      4, 8, 16, 24, 32, 40, 52, 64, 76, 92, 108, 128, 148, 172, 200, 232, 268, 308, 352, 400,
    ]);
    decref(list);
  });

  it("shrinks below half (R37)", () => {
    const list = toPython(Array.from({ length: 64 }, (_, i) => i));
    const seen: [number, number][] = [];
    for (let n = 63; n >= 0; n--) {
      const before = capacity(list);
      decref(listGet(list, n));
      listResize(list, n);
      if (capacity(list) !== before) seen.push([n, capacity(list)]);
    }
    expect(seen).toEqual([
      [31, 40],
      [19, 24],
      [11, 16],
      [7, 12],
      [5, 8],
      [1, 4],
      [0, 0],
    ]);
    decref(list);
  });

  it("is exact for slices and even for copies of known length (R38)", () => {
    const list = toPython([1, 2, 3, 4, 5]);
    const slice = listSlice(list, 0, 3);
    expect(capacity(slice)).toBe(3);
    const copy = listFromIterable(slice);
    expect(capacity(copy)).toBe(4);
    for (const object of [list, slice, copy]) decref(object);
  });
});

describe("list operations", () => {
  it("extend a list by itself, and insert at clamped places", () => {
    const list = toPython([1, 2]);
    listExtend(list, list);
    listInsert(list, -100, newInt(0));
    listInsert(list, 100, newInt(9));
    expect(show(list)).toBe("[0, 1, 2, 1, 2, 9]");
  });

  it("assign slices of any step as CPython does", () => {
    const list = toPython([0, 1, 2, 3, 4, 5]);
    const odd = newSlice(newInt(1), 0, newInt(2));
    expect(setItem(list, odd, toPython(["a", "b", "c"]))).toBe(0);
    expect(show(getItem(list, odd))).toBe("['a', 'b', 'c']");
    expect(setItem(list, odd, toPython(["a"]))).toBe(-1);
    expect(showPending()).toBe(
      "ValueError: attempt to assign sequence of size 1 to extended slice of size 3",
    );
    expect(setItem(list, newSlice(newInt(1), newInt(4), 0), toPython([7]))).toBe(0);
    expect(show(list)).toBe("[0, 7, 4, 'c']");
  });

  it("word errors as CPython does", () => {
    const list = toPython([1]);
    expect(getItem(list, newInt(5))).toBe(0);
    expect(showPending()).toBe("IndexError: list index out of range");
    expect(getItem(list, toPython("x"))).toBe(0);
    expect(showPending()).toBe("TypeError: list indices must be integers or slices, not str");
    expect(setItem(list, newInt(-2), list)).toBe(-1);
    expect(showPending()).toBe("IndexError: list assignment index out of range");
  });

  it("give every block back", () => {
    const warm = toPython([1, "two", 3.5]);
    decref(tupleFromIterable(warm));
    decref(warm);
    const before = allocatedBlocks();
    const list = toPython(Array.from({ length: 1000 }, (_, i) => `item ${i}`));
    const tuple = listToTuple(list);
    decref(list);
    decref(tuple);
    expect(allocatedBlocks()).toBe(before);
  });

  it("die at any nesting depth (R10)", () => {
    let list = newList(0);
    for (let i = 0; i < 200_000; i++) {
      const outer = newList(0);
      listAppendSteal(outer, list);
      list = outer;
    }
    decref(list);
    expect(listSize(newList(0))).toBe(0);
  });
});

describe("sorting", () => {
  function sortedNumbers(values: readonly number[], reverse: number): number[] {
    const list = toPython(values);
    expect(listSort(list, 0, reverse)).toBe(0);
    const result = values.map((_, i) => intToNumber(listGet(list, i)));
    decref(list);
    return result;
  }

  it("orders ints as a reference sort does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 300 }), (values) => {
        expect(sortedNumbers(values, 0)).toEqual([...values].sort((a, b) => a - b));
        expect(sortedNumbers(values, 1)).toEqual([...values].sort((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  it("orders strings by code point", () => {
    const words = ["b", "", "aa", "Z", "ä", "a", "𝒳", "z"];
    const list = toPython(words);
    listSort(list, 0, 0);
    expect(show(list)).toBe("['', 'Z', 'a', 'aa', 'b', 'z', 'ä', '𝒳']");
  });

  it("is stable in both directions", () => {
    const pairs: string[] = [];
    const list = newList(0);
    for (let i = 0; i < 200; i++) {
      const pair = toPython([(i * 7) % 5, i]);
      listAppendSteal(list, pair);
    }
    // Lists compare item by item; equal first items keep ascending second items.
    listSort(list, 0, 0);
    for (let i = 0; i < 200; i++) {
      const pair = listGet(list, i);
      pairs.push(`${intToNumber(listGet(pair, 0))}:${intToNumber(listGet(pair, 1))}`);
    }
    const expected = Array.from({ length: 200 }, (_, i) => [(i * 7) % 5, i])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([a, b]) => `${a}:${b}`);
    expect(pairs).toEqual(expected);
    decref(list);
  });

  it("fails on items that have no order, keeping all of them", () => {
    const list = toPython([3, "x", 1]);
    expect(listSort(list, 0, 0)).toBe(-1);
    expect(showPending()).toBe("TypeError: '<' not supported between instances of 'str' and 'int'");
    expect(listSize(list)).toBe(3);
  });
});
