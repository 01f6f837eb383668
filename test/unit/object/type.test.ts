import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { rawMalloc } from "../../../src/memory/raw.js";
import { getAttr, getAttrOptional, setAttr } from "../../../src/object/attribute.js";
import { boot } from "../../../src/object/boot.js";
import { call0, call1 } from "../../../src/object/call.js";
import { dictSetStr, newDict } from "../../../src/object/dict.js";
import { decref, incref } from "../../../src/object/header.js";
import { instanceDealloc } from "../../../src/object/instance.js";
import { newInt } from "../../../src/object/int.js";
import { newInterned } from "../../../src/object/intern.js";
import { TupleObject, TypeFlag, TypeObject } from "../../../src/object/layout.js";
import { newList } from "../../../src/object/list.js";
import { strObject } from "../../../src/object/repr.js";
import { slotsOf, slotTables } from "../../../src/object/slots.js";
import { getString, newStr } from "../../../src/object/str.js";
import { thread } from "../../../src/object/thread.js";
import { newTuple1, newTuple2 } from "../../../src/object/tuple.js";
import {
  clearMethodCache,
  isInstance,
  isSubclass,
  isSubtype,
  typeLookup,
  typeName,
} from "../../../src/object/type.js";
import { mangle, newHeapType } from "../../../src/object/typecreate.js";
import { S, T } from "../../../src/object/types.js";
import { getReferent, newWeakRef } from "../../../src/object/weakref.js";

const I32 = heap.I32;
boot();
thread.sp = rawMalloc(1 << 16);
thread.stackLimit = thread.sp + (1 << 14) - 256;

function makeClass(name: string, bases: number = S.EmptyTuple, entries: [string, number][] = []) {
  const dict = newDict();
  for (const [key, value] of entries) dictSetStr(dict, newInterned(key), value);
  const cls = newHeapType(name, bases, dict);
  decref(dict);
  return cls;
}

function mroNames(cls: number): string[] {
  const mro = I32[cls + TypeObject.Mro];
  const n = I32[mro + TupleObject.Size];
  return Array.from({ length: n }, (_, i) => typeName(I32[mro + TupleObject.Items + 2 * i]));
}

function takeMessage(): string {
  const text = getString(strObject(thread.pending));
  thread.pending = 0;
  return text;
}

describe("the MRO", () => {
  it("is the C3 linearization", () => {
    const a = makeClass("A");
    const b = makeClass("B", newTuple1(a));
    const c = makeClass("C", newTuple1(a));
    expect(mroNames(makeClass("D", newTuple2(b, c)))).toEqual(["D", "B", "C", "A", "object"]);
  });

  it("is refused where bases contradict each other", () => {
    const a = makeClass("A");
    const b = makeClass("B", newTuple1(a));
    expect(makeClass("X", newTuple2(a, b))).toBe(0);
    expect(takeMessage()).toBe(
      "Cannot create a consistent method resolution\norder (MRO) for bases A, B",
    );
    expect(makeClass("Y", newTuple2(a, a))).toBe(0);
    expect(takeMessage()).toBe("duplicate base class A");
  });
});

describe("look-up", () => {
  it("sees changes of a base through the method cache", () => {
    const x = newInterned("cached_x");
    const base = makeClass("Base");
    const derived = makeClass("Derived", newTuple1(base));
    expect(typeLookup(derived, x)).toBe(0);
    setAttr(base, x, S.True);
    expect(typeLookup(derived, x)).toBe(S.True);
    setAttr(base, x, S.False);
    expect(typeLookup(derived, x)).toBe(S.False);
    setAttr(derived, x, S.None);
    expect(typeLookup(derived, x)).toBe(S.None);
    expect(typeLookup(base, x)).toBe(S.False);
    setAttr(derived, x, 0);
    expect(typeLookup(derived, x)).toBe(S.False);
  });

  it("drops the names it keeps when the cache is emptied", () => {
    const name = newInterned("only_the_cache_keeps_this");
    typeLookup(T.List, name);
    const held = I32[name];
    clearMethodCache();
    expect(I32[name]).toBe(held - 1);
  });

  it("tells a missing attribute without an exception when asked so", () => {
    expect(getAttrOptional(S.None, newInterned("nothing"))).toBe(0);
    expect(thread.pending).toBe(0);
  });
});

describe("slots of classes", () => {
  it("are a base's own functions where nothing overrides them", () => {
    const cls = makeClass("L", newTuple1(T.List));
    const slots = slotsOf(cls);
    expect(slots.subscript).toBe(slotsOf(T.List).subscript);
    expect(slots.dealloc).toBe(instanceDealloc);
    expect(I32[cls + TypeObject.Flags] & TypeFlag.ListSubclass).not.toBe(0);
  });

  it("change when a special method is set on the class or a base", () => {
    const base = makeClass("Sized");
    const derived = makeClass("SizedToo", newTuple1(base));
    expect(slotsOf(derived).length).toBeNull();
    setAttr(base, newInterned("__len__"), T.Int);
    expect(slotsOf(derived).length).not.toBeNull();
    setAttr(base, newInterned("__len__"), 0);
    expect(slotsOf(derived).length).toBeNull();
  });

  it("are shared by classes alike, and rebuilt on a thread that has not seen them", () => {
    const one = makeClass("One", newTuple1(T.Dict));
    const two = makeClass("Two", newTuple1(T.Dict));
    expect(I32[one + TypeObject.Slots]).toBe(I32[two + TypeObject.Slots]);
    const before = slotsOf(one);
    slotTables.length = 256;
    const rebuilt = slotsOf(one);
    expect(rebuilt).not.toBe(before);
    expect(rebuilt).toEqual(before);
  });

  it("refuse hashing a class with equality alone", () => {
    const cls = makeClass("Eq", S.EmptyTuple, [["__eq__", T.Int]]);
    expect(slotsOf(cls).hash?.(call0(cls))).toBe(-1);
    expect(takeMessage()).toBe("unhashable type: 'Eq'");
  });
});

describe("type tests", () => {
  it("follow the bases and tuples of classes", () => {
    expect(isInstance(S.True, T.Int)).toBe(1);
    expect(isInstance(newList(0), newTuple2(T.Int, T.List))).toBe(1);
    expect(isSubclass(T.Bool, T.Int)).toBe(1);
    expect(isSubtype(T.Int, T.Bool)).toBe(false);
    expect(isInstance(S.True, S.None)).toBe(-1);
    expect(takeMessage()).toBe("isinstance() arg 2 must be a type, a tuple of types, or a union");
  });
});

describe("__slots__", () => {
  it("give instances fields and no dict", () => {
    const slots = newTuple1(newStr("a"));
    const cls = makeClass("Slotted", S.EmptyTuple, [["__slots__", slots]]);
    const object = call0(cls);
    const a = newInterned("a");
    expect(setAttr(object, a, S.True)).toBe(0);
    expect(getAttr(object, a)).toBe(S.True);
    expect(setAttr(object, newInterned("b"), S.True)).toBe(-1);
    expect(takeMessage()).toBe("'Slotted' object has no attribute 'b'");
  });
});

describe("private names", () => {
  it.each([
    ["C", "__x", "_C__x"],
    ["__C", "__x", "_C__x"],
    ["C", "__x__", "__x__"],
    ["___", "__x", "__x"],
    ["C", "_x", "_x"],
  ])("%s.%s is %s", (cls, name, mangled) => {
    expect(mangle(cls, name)).toBe(mangled);
  });
});

describe("weak references", () => {
  it("are shared while they have no callback, and die with the object", () => {
    const object = call0(makeClass("Target"));
    const ref = newWeakRef(T.WeakRef, object, 0);
    expect(newWeakRef(T.WeakRef, object, 0)).toBe(ref);
    const log = newList(0);
    const append = getAttr(log, newInterned("append"));
    const first = newWeakRef(T.WeakRef, object, append);
    const second = newWeakRef(T.WeakRef, object, append);
    decref(object);
    expect(getReferent(ref)).toBe(0);
    // Newest first (R15).
    const items = getAttr(log, newInterned("__getitem__"));
    expect(call1(items, newInt(0))).toBe(second);
    expect(call1(items, newInt(1))).toBe(first);
  });

  it("are refused for objects without a place for them", () => {
    expect(newWeakRef(T.WeakRef, incref(S.None), 0)).toBe(0);
    expect(takeMessage()).toBe("cannot create weak reference to 'NoneType' object");
  });
});
