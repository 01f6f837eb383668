/** None, Ellipsis and NotImplemented. */
import { type Addr, heap } from "../memory/heap.js";
import { defineType, noArgs } from "./define.js";
import { raise } from "./errors.js";
import { incref, initObject } from "./header.js";
import { Head } from "./layout.js";
import { newStr } from "./str.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** Count of an object that never dies: R21's start value. */
export const enum Immortal {
  Count = 999_999_999,
}

/** Write the singletons; runs once, at boot. */
export function initializeSingletons(): void {
  for (const [object, type] of [
    [S.None, T.NoneType],
    [S.Ellipsis, T.Ellipsis],
    [S.NotImplemented, T.NotImplemented],
  ]) {
    I32[initObject(object, type)] = Immortal.Count;
  }
}

/** Singletons refill their count: a program cannot hold as many references as it starts with. */
function dealloc(self: Addr): void {
  I32[self] = Immortal.Count;
}

function singleton(name: string, object: Addr) {
  return (_type: Addr, _args: Addr, nargs: number, kwnames: Addr): Addr => {
    if (nargs !== 0 || (kwnames !== 0 && I32[kwnames + Head.Size] !== 0)) {
      return raise(T.TypeError, `${name} takes no arguments`);
    }
    return incref(object);
  };
}

defineType({
  type: T.NoneType,
  name: "NoneType",
  flags: 0,
  basicSize: 16,
  slots: {
    dealloc,
    repr: () => newStr("None"),
    bool: () => 0,
    hash: () => S.None >> 2,
    new: singleton("NoneType", S.None),
  },
});

defineType({
  type: T.Ellipsis,
  name: "ellipsis",
  flags: 0,
  basicSize: 16,
  slots: { dealloc, repr: () => newStr("Ellipsis"), new: singleton("EllipsisType", S.Ellipsis) },
  methods: [noArgs("__reduce__", () => newStr("Ellipsis"))],
});

defineType({
  type: T.NotImplemented,
  name: "NotImplementedType",
  flags: 0,
  basicSize: 16,
  slots: {
    dealloc,
    repr: () => newStr("NotImplemented"),
    bool: () => 1,
    new: singleton("NotImplementedType", S.NotImplemented),
  },
  methods: [noArgs("__reduce__", () => newStr("NotImplemented"))],
});
