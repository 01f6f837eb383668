import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { allocatedBlocks } from "../../../src/memory/pymalloc.js";
import { hashObject, richCompareBool } from "../../../src/object/abstract.js";
import { decref } from "../../../src/object/header.js";
import { intToNumber } from "../../../src/object/int.js";
import { SetObject } from "../../../src/object/layout.js";
import { newList } from "../../../src/object/list.js";
import { binaryOp } from "../../../src/object/number.js";
import {
  newFrozenSet,
  newSet,
  setAdd,
  setClear,
  setContains,
  setDiscard,
  setKeyAt,
  setNext,
  setSize,
} from "../../../src/object/set.js";
import { Compare } from "../../../src/object/slots.js";
import { show, showPending, startObjects, toPython } from "./values.js";

const I32 = heap.I32;
startObjects();

describe("sets", () => {
  it("iterate ints in CPython's order", () => {
    const set = newSet(0);
    for (const n of [5, 1, 100, 33, 8, 16, 24, -3, 77, 1000, 12345]) setAdd(set, toPython(n));
    expect(show(set)).toBe("{1, 33, 100, 5, 8, 1000, 77, 16, 24, 12345, -3}");
  });

  it("grow at CPython's sizes (R41)", () => {
    const set = newSet(0);
    const seen: number[] = [];
    let slots = 8;
    for (let i = 1; i <= 5000; i++) {
      setAdd(set, toPython(i));
      if (I32[set + SetObject.Mask] + 1 !== slots) {
        slots = I32[set + SetObject.Mask] + 1;
        seen.push(i);
      }
    }
    expect(seen).toEqual([5, 19, 77, 307, 1229, 4915]);
    decref(set);
  });

  it("agree with a Set after any operations", () => {
    const step = fc.tuple(fc.boolean(), fc.integer({ min: -20, max: 60 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const set = newSet(0);
        const model = new Set<number>();
        for (const [add, n] of steps) {
          const key = toPython(n);
          if (add) {
            setAdd(set, key);
            model.add(n);
          } else {
            expect(setDiscard(set, key)).toBe(model.delete(n) ? 1 : 0);
          }
          expect(setContains(set, key)).toBe(add ? 1 : 0);
          decref(key);
        }
        const items: number[] = [];
        for (let i = setNext(set, 0); i >= 0; i = setNext(set, i + 1)) {
          items.push(intToNumber(setKeyAt(set, i)));
        }
        expect(items.sort((a, b) => a - b)).toEqual([...model].sort((a, b) => a - b));
        decref(set);
      }),
      { numRuns: 80 },
    );
  });

  it("combine by the operators", () => {
    const a = newSet(toPython([1, 2, 3]));
    const b = newSet(toPython([2, 3, 4]));
    expect(show(binaryOp(1, a, b))).toBe("{2, 3}");
    expect(show(binaryOp(7, a, b))).toBe("{1, 2, 3, 4}");
    expect(show(binaryOp(10, a, b))).toBe("{1}");
    expect(show(binaryOp(12, a, b))).toBe("{1, 4}");
    expect(binaryOp(7, a, toPython([1]))).toBe(0);
    expect(showPending()).toBe("TypeError: unsupported operand type(s) for |: 'set' and 'list'");
  });

  it("compare and hash by contents", () => {
    const a = newFrozenSet(toPython([3, 1, 2]));
    const b = newFrozenSet(toPython([2, 3, 1]));
    expect(richCompareBool(a, b, Compare.Eq)).toBe(1);
    expect(richCompareBool(a, b, Compare.Lt)).toBe(0);
    expect(hashObject(a)).toBe(hashObject(b));
    expect(hashObject(newSet(0))).toBe(-1);
    expect(showPending()).toBe("TypeError: unhashable type: 'set'");
  });

  it("refuse unhashable items and give every block back", () => {
    const before = allocatedBlocks();
    const set = newSet(0);
    const list = newList(0);
    expect(setAdd(set, list)).toBe(-1);
    expect(showPending()).toBe("TypeError: unhashable type: 'list'");
    for (let i = 0; i < 300; i++) {
      const key = toPython(`key ${i}`);
      setAdd(set, key);
      decref(key);
    }
    setClear(set);
    expect(setSize(set)).toBe(0);
    decref(set);
    decref(list);
    expect(allocatedBlocks()).toBeLessThanOrEqual(before + 2);
  });
});
