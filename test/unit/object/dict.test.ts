import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { allocatedBlocks } from "../../../src/memory/pymalloc.js";
import { getAttr } from "../../../src/object/attribute.js";
import { call0, callObject } from "../../../src/object/call.js";
import {
  dictClear,
  dictContains,
  dictCopy,
  dictDelete,
  dictGet,
  dictGetStr,
  dictKeyAt,
  dictMerge,
  dictNext,
  dictSet,
  dictSetStr,
  dictSize,
  dictTake,
  dictUpdate,
  instanceDict,
  instanceGet,
  instanceSet,
  keysVersion,
  newDict,
} from "../../../src/object/dict.js";
import { isTracked } from "../../../src/object/gcheader.js";
import { decref } from "../../../src/object/header.js";
import { newInstance } from "../../../src/object/instance.js";
import { intToNumber, newInt } from "../../../src/object/int.js";
import { newInterned } from "../../../src/object/intern.js";
import { DictKeys, DictObject, InstanceObject, TypeObject } from "../../../src/object/layout.js";
import { newList } from "../../../src/object/list.js";
import { getString, newStr } from "../../../src/object/str.js";
import { thread } from "../../../src/object/thread.js";
import { newHeapType } from "../../../src/object/typecreate.js";
import { S, T } from "../../../src/object/types.js";
import { show, showPending, startObjects, toPython } from "./values.js";

const I32 = heap.I32;
startObjects();

function sizeOf(dict: number): number {
  const method = getAttr(dict, newInterned("__sizeof__"));
  const size = intToNumber(call0(method));
  decref(method);
  return size + 16;
}

describe("dict against a Map", () => {
  const key = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 40 }).map((n) => `k${n}`),
  );
  const step = fc.tuple(fc.constantFrom("set", "get", "take", "clear"), key);

  it("agrees on contents and order after any operations", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const dict = newDict();
        const model = new Map<number | string, number>();
        let n = 0;
        for (const [op, name] of steps) {
          const object = toPython(name);
          if (op === "set") {
            const value = newInt(++n);
            dictSet(dict, object, value);
            decref(value);
            model.set(name, n);
          } else if (op === "get") {
            const found = dictGet(dict, object);
            expect(found === 0 ? undefined : intToNumber(found)).toBe(model.get(name));
          } else if (op === "take") {
            const taken = dictTake(dict, object);
            expect(taken !== 0).toBe(model.delete(name));
            if (taken !== 0) decref(taken);
          } else if (n % 5 === 0) {
            dictClear(dict);
            model.clear();
          }
          decref(object);
        }
        const keys: (number | string)[] = [];
        for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
          const object = dictKeyAt(dict, i);
          keys.push(I32[object + 2] === T.Str ? getString(object) : intToNumber(object));
        }
        expect(keys).toEqual([...model.keys()]);
        expect(dictSize(dict)).toBe(model.size);
        decref(dict);
      }),
      { numRuns: 80 },
    );
  });
});

describe("sizes and growth of dicts", () => {
  it("grow at CPython's insertions (R34, R39)", () => {
    for (const [make, sizes] of [
      [(i: number) => newInt(i), [64, 224, 352, 632, 1168, 2264, 4688, 9304, 18512, 36952]],
      [(i: number) => newStr(`k${i}`), [64, 184, 272, 464, 832, 1584, 3328, 6576, 13056, 26032]],
    ] as const) {
      const dict = newDict();
      const seen = [sizeOf(dict)];
      for (let i = 0; i < 1365; i++) {
        dictSet(dict, make(i), S.None);
        const size = sizeOf(dict);
        if (size !== seen.at(-1)) seen.push(size);
      }
      expect(seen).toEqual(sizes);
      decref(dict);
    }
  });

  it("keep their table when emptied by deletions (R40)", () => {
    const dict = newDict();
    for (let i = 0; i < 5; i++) dictSet(dict, newInt(i), S.None);
    for (let i = 0; i < 5; i++) dictDelete(dict, newInt(i));
    expect([dictSize(dict), sizeOf(dict)]).toEqual([0, 224]);
    dictClear(dict);
    expect(sizeOf(dict)).toBe(64);
  });

  it("give every block back", () => {
    const before = allocatedBlocks();
    const dict = newDict();
    for (let i = 0; i < 500; i++) {
      const key = newStr(`some key ${i}`);
      const value = newInt(i + 1000);
      dictSet(dict, key, value);
      decref(key);
      decref(value);
    }
    const copy = dictCopy(dict);
    decref(dict);
    decref(copy);
    // Headers and small key tables may stay on their free lists.
    expect(allocatedBlocks()).toBeLessThanOrEqual(before + 4);
  });
});

describe("dict operations", () => {
  it("raise what CPython raises", () => {
    const dict = newDict();
    expect(dictDelete(dict, toPython("x"))).toBe(-1);
    expect(showPending()).toBe("KeyError: 'x'");
    expect(dictSet(dict, newList(0), S.None)).toBe(-1);
    expect(showPending()).toBe("TypeError: unhashable type: 'list'");
    expect(dictContains(dict, dict)).toBe(-1);
    expect(showPending()).toBe("TypeError: unhashable type: 'dict'");
    expect(dictUpdate(dict, toPython([1]))).toBe(-1);
    expect(showPending()).toBe(
      "TypeError: cannot convert dictionary update sequence element #0 to a sequence",
    );
  });

  it("merge with the three rules for keys present already", () => {
    const make = (...pairs: [string, number][]) => {
      const dict = newDict();
      for (const [key, value] of pairs) dictSet(dict, toPython(key), newInt(value));
      return dict;
    };
    const other = make(["b", 20], ["c", 30]);
    const kept = make(["a", 1], ["b", 2]);
    expect(dictMerge(kept, other, 0)).toBe(0);
    expect(show(kept)).toBe("{'a': 1, 'b': 2, 'c': 30}");
    const replaced = make(["a", 1], ["b", 2]);
    expect(dictMerge(replaced, other, 1)).toBe(0);
    expect(show(replaced)).toBe("{'a': 1, 'b': 20, 'c': 30}");
    expect(dictMerge(make(["b", 2]), other, 2)).toBe(-1);
    expect(showPending()).toBe("KeyError: 'b'");
  });

  it("give the keys a new version when they change, not when a value does", () => {
    const dict = newDict();
    const name = newInterned("name");
    dictSetStr(dict, name, S.None);
    const first = keysVersion(dict);
    dictSetStr(dict, name, S.True);
    expect(keysVersion(dict)).toBe(first);
    dictSetStr(dict, newInterned("other"), S.None);
    const second = keysVersion(dict);
    expect(second).not.toBe(first);
    dictDelete(dict, name);
    expect(keysVersion(dict)).not.toBe(second);
  });

  it("are tracked once they hold what can be in a cycle (C1)", () => {
    const dict = newDict();
    dictSet(dict, newInt(1), newInt(2));
    expect(isTracked(dict)).toBe(false);
    dictSet(dict, newInt(2), newList(0));
    expect(isTracked(dict)).toBe(true);
  });
});

describe("attributes of instances (R43)", () => {
  function newClass(): number {
    return newHeapType("C", S.EmptyTuple, newDict());
  }

  it("share their keys between the instances of a class", () => {
    const cls = newClass();
    const a = newInstance(cls);
    const b = newInstance(cls);
    const x = newInterned("x");
    const y = newInterned("y");
    instanceSet(a, x, newInt(1));
    instanceSet(a, y, newInt(2));
    instanceSet(b, y, newInt(3));
    expect(intToNumber(instanceGet(b, y))).toBe(3);
    expect(instanceGet(b, x)).toBe(0);
    expect(I32[I32[cls + TypeObject.CachedKeys] + DictKeys.Count]).toBe(2);
    expect(I32[a + InstanceObject.Dict]).toBe(0);
  });

  it("keep order of creation in the dict, which takes the values over", () => {
    const cls = newClass();
    const first = newInstance(cls);
    for (const name of ["a", "b", "c"]) instanceSet(first, newInterned(name), newInt(0));
    const object = newInstance(cls);
    for (const name of ["c", "a", "b"]) instanceSet(object, newInterned(name), newStr(name));
    instanceSet(object, newInterned("a"), 0);
    instanceSet(object, newInterned("a"), newInt(9));
    const dict = instanceDict(object);
    expect(I32[object + InstanceObject.Values]).toBe(0);
    expect(I32[dict + DictObject.Values]).not.toBe(0);
    instanceSet(object, newInterned("d"), newInt(4));
    expect(intToNumber(dictGetStr(dict, newInterned("d")))).toBe(4);
    dictSet(dict, newInt(5), S.None);
    expect(I32[dict + DictObject.Values]).toBe(0);
    expect(show(dict)).toBe("{'c': 'c', 'b': 'b', 'a': 9, 'd': 4, 5: None}");
  });

  it("leave the shared keys at the 31st attribute", () => {
    const object = callObject(newClass(), thread.sp, 0, 0);
    for (let i = 0; i < 40; i++) {
      expect(instanceSet(object, newInterned(`n${i}`), newInt(i))).toBe(0);
    }
    for (let i = 0; i < 40; i++) {
      expect(intToNumber(instanceGet(object, newInterned(`n${i}`)))).toBe(i);
    }
    expect(I32[object + InstanceObject.Dict]).not.toBe(0);
    expect(instanceSet(object, newInterned("absent"), 0)).toBe(-1);
    expect(showPending()).toBe("none");
  });
});
