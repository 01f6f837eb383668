import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { getItem, hashObject, richCompare } from "../../../src/object/abstract.js";
import { decref, incref } from "../../../src/object/header.js";
import { newInt } from "../../../src/object/int.js";
import { TupleObject } from "../../../src/object/layout.js";
import { listAppend, newList } from "../../../src/object/list.js";
import { binaryOp } from "../../../src/object/number.js";
import { newSlice } from "../../../src/object/slice.js";
import { Compare } from "../../../src/object/slots.js";
import {
  clearTupleFreeLists,
  getTupleItem,
  newTuple,
  newTuple1,
  newTuple2,
  newTuple3,
  tupleFromIterable,
  tupleSlice,
} from "../../../src/object/tuple.js";
import { S } from "../../../src/object/types.js";
import { show, showPending, startObjects, toPython } from "./values.js";

const I32 = heap.I32;
startObjects();

describe("tuples", () => {
  it("share the empty one", () => {
    expect(newTuple(0)).toBe(S.EmptyTuple);
    expect(tupleFromIterable(toPython([]))).toBe(S.EmptyTuple);
  });

  it("come back from the free list of their length (R27)", () => {
    const first = newTuple2(S.None, S.True);
    decref(first);
    expect(newTuple2(S.None, S.None)).toBe(first);
    decref(first);
    clearTupleFreeLists();
    expect(newTuple3(S.None, S.None, S.None)).not.toBe(0);
  });

  it("show themselves, one item with a comma, and cycles as dots", () => {
    expect(show(newTuple1(S.One))).toBe("(1,)");
    const list = newList(0);
    const tuple = newTuple2(S.One, list);
    listAppend(list, tuple);
    expect(show(incref(tuple))).toBe("(1, [(...)])");
  });

  it("hash by their items and refuse unhashable ones", () => {
    const a = newTuple2(newInt(1), toPython("x"));
    const b = newTuple2(newInt(1), toPython("x"));
    expect(hashObject(a)).toBe(hashObject(b));
    expect(hashObject(newTuple2(newInt(2), toPython("x")))).not.toBe(hashObject(a));
    expect(hashObject(newTuple1(newList(0)))).toBe(-1);
    expect(showPending()).toBe("TypeError: unhashable type: 'list'");
  });

  it("compare item by item, then by length", () => {
    const make = (...values: number[]) => tupleFromIterable(toPython(values));
    expect(show(richCompare(make(1, 2), make(1, 3), Compare.Lt))).toBe("True");
    expect(show(richCompare(make(1, 2), make(1, 2, 0), Compare.Ge))).toBe("False");
    expect(show(richCompare(make(1, 2), make(1, 2), Compare.Eq))).toBe("True");
    expect(richCompare(make(1), newTuple1(toPython("a")), Compare.Lt)).toBe(0);
    expect(showPending()).toBe("TypeError: '<' not supported between instances of 'int' and 'str'");
  });

  it("slice, concatenate and repeat", () => {
    const tuple = tupleFromIterable(toPython([0, 1, 2, 3]));
    expect(show(tupleSlice(tuple, 1, 3))).toBe("(1, 2)");
    expect(tupleSlice(tuple, 0, 4)).toBe(tuple);
    expect(show(getItem(tuple, newSlice(0, 0, newInt(-1))))).toBe("(3, 2, 1, 0)");
    expect(show(binaryOp(0, tuple, newTuple1(S.None)))).toBe("(0, 1, 2, 3, None)");
    expect(show(binaryOp(5, newTuple1(S.None), newInt(3)))).toBe("(None, None, None)");
    expect(binaryOp(0, tuple, newList(0))).toBe(0);
    expect(showPending()).toBe('TypeError: can only concatenate tuple (not "list") to tuple');
  });

  it("keep the order and count of their items", () => {
    const item = toPython("item");
    const count = I32[item];
    const tuple = newTuple3(item, item, S.None);
    expect(I32[item]).toBe(count + 2);
    expect(getTupleItem(tuple, 1)).toBe(item);
    expect(I32[tuple + TupleObject.Size]).toBe(3);
    decref(tuple);
    expect(I32[item]).toBe(count);
  });
});
