import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { rawMalloc } from "../../../src/memory/raw.js";
import { getAttr, setAttr } from "../../../src/object/attribute.js";
import { boot } from "../../../src/object/boot.js";
import { call1, call2, callObject } from "../../../src/object/call.js";
import { typeDefs } from "../../../src/object/define.js";
import { newDict } from "../../../src/object/dict.js";
import { raiseMemoryError, takePending } from "../../../src/object/errors.js";
import { newExceptionMessage } from "../../../src/object/exceptions.js";
import { decref } from "../../../src/object/header.js";
import { newInstance } from "../../../src/object/instance.js";
import { intToNumber, newInt } from "../../../src/object/int.js";
import { newInterned } from "../../../src/object/intern.js";
import { TypeObject } from "../../../src/object/layout.js";
import { reprObject, strObject } from "../../../src/object/repr.js";
import { ObjectState } from "../../../src/object/state.js";
import { getString, newStr } from "../../../src/object/str.js";
import { thread } from "../../../src/object/thread.js";
import { formatException } from "../../../src/object/traceback.js";
import { newTuple1 } from "../../../src/object/tuple.js";
import { isSubtype, typeLookup } from "../../../src/object/type.js";
import { newHeapType } from "../../../src/object/typecreate.js";
import { S, T } from "../../../src/object/types.js";

const I32 = heap.I32;
boot();
thread.sp = rawMalloc(1 << 16);
thread.stackLimit = thread.sp + (1 << 14) - 256;

function repr(object: number): string {
  if (object === 0) return `error: ${formatException(thread.pending)}`;
  return getString(reprObject(object));
}

describe("boot", () => {
  it("makes every declared type ready, with object at the end of its MRO", () => {
    for (const def of typeDefs) {
      expect(isSubtype(def.type, T.Object), def.name).toBe(true);
      expect(I32[def.type + TypeObject.Mro], def.name).not.toBe(0);
    }
  });

  it("shows slots as wrappers and methods as descriptors", () => {
    expect(repr(typeLookup(T.Int, newInterned("__add__")))).toBe(
      "<slot wrapper '__add__' of 'int' objects>",
    );
    expect(repr(typeLookup(T.List, newInterned("append")))).toBe(
      "<method 'append' of 'list' objects>",
    );
    expect(repr(typeLookup(T.List, newInterned("__hash__")))).toBe("None");
  });

  it("binds and calls a slot wrapper", () => {
    const five = newInt(5);
    const add = getAttr(five, newInterned("__add__"));
    const sum = call1(add, newInt(7));
    expect(intToNumber(sum)).toBe(12);
  });
});

describe("classes", () => {
  it("are made by type() and their instances hold attributes", () => {
    const cls = newHeapType("Point", S.EmptyTuple, newDict());
    expect(repr(cls)).toBe("<class 'Point'>");
    const point = callObject(cls, thread.sp, 0, 0);
    const x = newInterned("x");
    expect(setAttr(point, x, S.True)).toBe(0);
    expect(getAttr(point, x)).toBe(S.True);
    expect(getAttr(point, newInterned("y"))).toBe(0);
    expect(getString(strObject(thread.pending))).toBe("'Point' object has no attribute 'y'");
    thread.pending = 0;
    decref(point);
  });

  it("derive from builtins", () => {
    const cls = newHeapType("MyInt", newTuple1(T.Int), newDict());
    const value = call1(cls, newInt(41));
    expect(repr(value)).toBe("41");
    const sum = call2(getAttr(T.Int, newInterned("__add__")), value, newInt(1));
    expect(repr(sum)).toBe("42");
  });

  it("refuse conflicting layouts", () => {
    const cls = newHeapType("Both", newTuple1(T.Bool), newDict());
    expect(cls).toBe(0);
    expect(getString(strObject(thread.pending))).toBe("type 'bool' is not an acceptable base type");
    thread.pending = 0;
  });

  it("give memory back when an instance dies", () => {
    const cls = newHeapType("Plain", S.EmptyTuple, newDict());
    const first = newInstance(cls);
    decref(first);
    expect(newInstance(cls)).toBe(first);
  });
});

describe("exceptions", () => {
  it("of exhausted memory come from a reserve that refills itself", () => {
    const full = I32[ObjectState.MemoryErrorCount];
    const raised: number[] = [];
    for (let i = 0; i < full + 4; i++) {
      raiseMemoryError();
      raised.push(takePending());
    }
    expect(I32[ObjectState.MemoryErrorCount]).toBe(1);
    expect(new Set(raised).size).toBe(full);
    expect(repr(raised[0])).toBe("MemoryError()");
    for (const exc of raised) decref(exc);
    expect(I32[ObjectState.MemoryErrorCount]).toBe(full);
  });

  it("are formatted with their type and message", () => {
    const exc = newExceptionMessage(T.ValueError, "no");
    expect(formatException(exc)).toBe("ValueError: no\n");
    expect(repr(exc)).toBe("ValueError('no')");
    expect(newStr("x")).not.toBe(0);
  });
});
