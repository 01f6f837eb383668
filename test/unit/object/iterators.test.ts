import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import {
  contains,
  getItem,
  getIter,
  iterNext,
  objectLength,
} from "../../../src/object/abstract.js";
import { call1, callObject } from "../../../src/object/call.js";
import { dictSet, newDict } from "../../../src/object/dict.js";
import { newDictIterator } from "../../../src/object/dictviews.js";
import { decref } from "../../../src/object/header.js";
import { newInt, newIntFromBig } from "../../../src/object/int.js";
import { listAppend, listFromIterable } from "../../../src/object/list.js";
import { newRange } from "../../../src/object/range.js";
import { newSet, setAdd } from "../../../src/object/set.js";
import {
  newSlice,
  sliceBounds,
  sliceLength,
  sliceStart,
  sliceStep,
} from "../../../src/object/slice.js";
import { thread } from "../../../src/object/thread.js";
import { S, T } from "../../../src/object/types.js";
import { show, showPending, startObjects, toPython } from "./values.js";

const I32 = heap.I32;
startObjects();

/** Call `callable` with positional arguments, which are given up. */
function call(callable: number, ...args: number[]): number {
  const at = thread.sp;
  for (const [i, value] of args.entries()) I32[at + i] = value;
  thread.sp = at + args.length;
  const result = callObject(callable, at, args.length, 0);
  thread.sp = at;
  return result;
}

function list(iterable: number): string {
  return iterable === 0 ? showPending() : show(listFromIterable(iterable));
}

describe("ranges", () => {
  it("list their values in both directions", () => {
    expect(list(newRange(0, 5, 1))).toBe("[0, 1, 2, 3, 4]");
    expect(list(newRange(10, 0, -3))).toBe("[10, 7, 4, 1]");
    expect(list(newRange(3, 3, 1))).toBe("[]");
    expect(list(call1(T.Reversed, newRange(0, 7, 2)))).toBe("[6, 4, 2, 0]");
  });

  it("reach beyond machine words", () => {
    const huge = call(T.Range, newIntFromBig(2n ** 70n), newIntFromBig(2n ** 70n + 3n));
    expect(list(huge)).toBe(
      "[1180591620717411303424, 1180591620717411303425, 1180591620717411303426]",
    );
    expect(contains(huge, newIntFromBig(2n ** 70n + 2n))).toBe(1);
    expect(contains(huge, newIntFromBig(2n ** 70n + 3n))).toBe(0);
    expect(list(newRange(2147483645, 2147483650, 1))).toBe(
      "[2147483645, 2147483646, 2147483647, 2147483648, 2147483649]",
    );
  });

  it("slice to ranges, and know their length and members", () => {
    const range = newRange(0, 100, 7);
    expect(show(getItem(range, newSlice(newInt(2), newInt(-2), newInt(3))))).toBe(
      "range(14, 91, 21)",
    );
    expect(objectLength(range)).toBe(15);
    expect([contains(range, newInt(98)), contains(range, newInt(99))]).toEqual([1, 0]);
    expect(getItem(range, newInt(15))).toBe(0);
    expect(showPending()).toBe("IndexError: range object index out of range");
  });
});

describe("slices", () => {
  it("adjust to a length as CPython does", () => {
    const cases: [number, number, number, number, number, number][] = [
      // start, stop, step, size → first, count
      [-3, 100, 1, 5, 2, 3],
      [4, 1, -1, 5, 4, 3],
      [100, -100, -2, 5, 4, 3],
      [0, 0, 1, 5, 0, 0],
      [-100, 2, 1, 5, 0, 2],
    ];
    for (const [start, stop, step, size, first, count] of cases) {
      const slice = newSlice(newInt(start), newInt(stop), newInt(step));
      expect(sliceBounds(slice, size)).toBe(true);
      expect([sliceStart, sliceLength, sliceStep]).toEqual([first, count, step]);
    }
    expect(sliceBounds(newSlice(0, 0, newInt(0)), 5)).toBe(false);
    expect(showPending()).toBe("ValueError: slice step cannot be zero");
  });
});

describe("iterators", () => {
  it("see what is appended to a list, and stay exhausted", () => {
    const items = toPython([1]);
    const iterator = getIter(items);
    expect(show(iterNext(iterator))).toBe("1");
    listAppend(items, S.One);
    expect(show(iterNext(iterator))).toBe("1");
    expect(iterNext(iterator)).toBe(0);
    listAppend(items, S.One);
    expect(iterNext(iterator)).toBe(0);
    expect(showPending()).toBe("none");
  });

  it("notice dicts and sets that change size", () => {
    const dict = newDict();
    dictSet(dict, S.One, S.None);
    const keys = newDictIterator(T.DictKeyIterator, dict);
    dictSet(dict, S.Zero, S.None);
    expect(iterNext(keys)).toBe(0);
    expect(showPending()).toBe("RuntimeError: dictionary changed size during iteration");
    const set = newSet(toPython([1]));
    const members = getIter(set);
    setAdd(set, S.Zero);
    expect(iterNext(members)).toBe(0);
    expect(showPending()).toBe("RuntimeError: Set changed size during iteration");
  });

  it("reuse the pair of items() only while nobody holds it", () => {
    const dict = newDict();
    for (const name of ["a", "b", "c"]) dictSet(dict, toPython(name), S.One);
    const items = newDictIterator(T.DictItemIterator, dict);
    const first = iterNext(items);
    const second = iterNext(items);
    expect(second).not.toBe(first);
    expect([show(first), show(second)]).toEqual(["('a', 1)", "('b', 1)"]);
    decref(items);
  });

  it("enumerate, zip, map and filter", () => {
    expect(list(call(T.Enumerate, toPython(["x", "y"]), newInt(2147483647)))).toBe(
      "[(2147483647, 'x'), (2147483648, 'y')]",
    );
    expect(list(call(T.Zip, toPython([1, 2, 3]), toPython(["a", "b"])))).toBe(
      "[(1, 'a'), (2, 'b')]",
    );
    expect(list(call(T.Zip))).toBe("[]");
    expect(list(call(T.Map, T.Str, toPython([1, 2])))).toBe("['1', '2']");
    expect(list(call(T.Filter, S.None, toPython([0, 1, 2])))).toBe("[1, 2]");
    expect(list(call(T.Map, T.Str))).toBe("TypeError: map() must have at least two arguments.");
    expect(list(call(T.Zip, newInt(3)))).toBe("TypeError: 'int' object is not iterable");
  });

  it("arrange items as itertools does", () => {
    const abc = toPython(["a", "b", "c"]);
    expect(list(call(T.ItPermutations, abc, newInt(2)))).toBe(
      "[('a', 'b'), ('a', 'c'), ('b', 'a'), ('b', 'c'), ('c', 'a'), ('c', 'b')]",
    );
    expect(list(call(T.ItCombinations, abc, newInt(2)))).toBe(
      "[('a', 'b'), ('a', 'c'), ('b', 'c')]",
    );
    expect(list(call(T.ItProduct, toPython([0, 1]), toPython([0, 1])))).toBe(
      "[(0, 0), (0, 1), (1, 0), (1, 1)]",
    );
    expect(list(call(T.ItCombinations, abc, newInt(4)))).toBe("[]");
    expect(list(call(T.ItISlice, newRange(0, 100, 1), newInt(3), newInt(10), newInt(3)))).toBe(
      "[3, 6, 9]",
    );
  });
});
