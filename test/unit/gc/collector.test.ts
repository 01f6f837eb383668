import { beforeEach, describe, expect, it } from "vitest";
import { clearFreeLists, collect, generationList, listLength } from "../../../src/gc/collector.js";
import { heap } from "../../../src/memory/heap.js";
import { rawMalloc } from "../../../src/memory/raw.js";
import { getAttr, setAttr } from "../../../src/object/attribute.js";
import { boot } from "../../../src/object/boot.js";
import { call0 } from "../../../src/object/call.js";
import { dictSetStr, newDict } from "../../../src/object/dict.js";
import { isTracked, newGcObject, track } from "../../../src/object/gcheader.js";
import { decref, incref } from "../../../src/object/header.js";
import { newInt } from "../../../src/object/int.js";
import { newInterned } from "../../../src/object/intern.js";
import { ListObject, TypeObject } from "../../../src/object/layout.js";
import { listAppend, newList } from "../../../src/object/list.js";
import { ObjectState } from "../../../src/object/state.js";
import { thread } from "../../../src/object/thread.js";
import { newTuple1 } from "../../../src/object/tuple.js";
import { newHeapType } from "../../../src/object/typecreate.js";
import { S, T } from "../../../src/object/types.js";
import { getReferent, newWeakRef } from "../../../src/object/weakref.js";

const I32 = heap.I32;
boot();
thread.sp = rawMalloc(1 << 16);
thread.stackLimit = thread.sp + (1 << 14) - 256;
const link = newInterned("link");

beforeEach(() => {
  collect(2);
});

describe("a collection", () => {
  it("frees a list that holds itself", () => {
    const list = newList(0);
    listAppend(list, list);
    decref(list);
    expect(collect(2)).toBe(1);
  });

  it("counts the instances of a cycle, not their attributes (C21)", () => {
    const cls = newHeapType("Node", S.EmptyTuple, newDict());
    const nodes = [0, 1, 2].map(() => call0(cls));
    for (let i = 0; i < 3; i++) setAttr(nodes[i], link, nodes[(i + 1) % 3]);
    for (const node of nodes) decref(node);
    expect(collect(2)).toBe(3);
  });

  it("keeps what is referred to from outside", () => {
    const outer = newList(0);
    const inner = newList(0);
    listAppend(outer, inner);
    listAppend(inner, outer);
    decref(inner);
    expect(collect(2)).toBe(0);
    expect(I32[outer + ListObject.Size]).toBe(1);
    decref(outer);
    expect(collect(2)).toBe(2);
  });

  it("frees classes that nothing uses", () => {
    const cls = newHeapType("Gone", S.EmptyTuple, newDict());
    decref(cls);
    expect(collect(2)).toBeGreaterThan(0);
    const block = I32[T.Object + TypeObject.SubClasses];
    const live = [...I32.subarray(block + 2, block + 2 + I32[block + 1])];
    expect(live).not.toContain(cls);
  });

  it("untracks tuples of atoms, and full collections dicts of atoms (C1)", () => {
    const tuple = newTuple1(S.True);
    const dict = newDict();
    dictSetStr(dict, link, tuple);
    expect(isTracked(tuple)).toBe(true);
    expect(isTracked(dict)).toBe(true);
    collect(0);
    expect(isTracked(tuple)).toBe(false);
    collect(2);
    expect(isTracked(dict)).toBe(false);
  });

  it("clears weak references into a cycle", () => {
    const cls = newHeapType("Weak", S.EmptyTuple, newDict());
    const node = call0(cls);
    setAttr(node, link, node);
    const ref = newWeakRef(T.WeakRef, node, 0);
    expect(getReferent(ref)).toBe(node);
    decref(node);
    expect(collect(2)).toBe(1);
    expect(getReferent(ref)).toBe(0);
  });
});

describe("automatic collections", () => {
  it("come every threshold + 1 allocations; each fourth is of generation 1 (C6)", () => {
    const saved = [0, 1, 2].map((g) => I32[ObjectState.GcThreshold0 + g]);
    clearFreeLists();
    collect(2);
    I32[ObjectState.GcThreshold0] = 100;
    I32[ObjectState.GcThreshold1] = 3;
    I32[ObjectState.GcThreshold2] = 3;
    I32[ObjectState.GcCount0] = 0;
    const collections = (): number[] => [0, 1, 2].map((g) => I32[ObjectState.GcStats + 3 * g]);
    const before = collections();
    const kept: number[] = [];
    const events: number[] = [];
    let last = before.join();
    for (let i = 0; i < 505; i++) {
      const object = newGcObject(T.Cell, 24);
      track(object);
      kept.push(object);
      const now = collections();
      if (now.join() === last) continue;
      events.push(i + 1);
      last = now.join();
    }
    const after = collections().map((n, g) => n - before[g]);
    for (const [g, value] of saved.entries()) I32[ObjectState.GcThreshold0 + g] = value;
    for (const object of kept) decref(object);
    expect(events).toEqual([101, 202, 303, 404, 505]);
    expect(after).toEqual([4, 1, 0]);
  });

  it("leave objects in older generations", () => {
    const list = newList(0);
    listAppend(list, incref(newList(0)));
    collect(0);
    expect(listLength(generationList(0))).toBe(0);
    expect(getAttr(newInt(1), link)).toBe(0);
    decref(list);
  });
});
