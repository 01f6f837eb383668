/** The `gc` module (contract C23–C28). */
import {
  callbackList,
  collect,
  DebugFlag,
  garbageList,
  generationList,
  listLength,
  mergeList,
} from "../gc/collector.js";
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { defineModule, fast, keywords, noArgs, oneArg } from "../object/define.js";
import { dictSetStr, newDict } from "../object/dict.js";
import { newNone, pending, raise } from "../object/errors.js";
import { isTracked } from "../object/gcheader.js";
import { decref, incref, typeOf, xdecref, xincref } from "../object/header.js";
import { asIndex, newBool, newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import { GcFlag, GcHead, Head, TupleObject, TypeFlag, TypeObject } from "../object/layout.js";
import { listAppend, newList } from "../object/list.js";
import { slotsOf } from "../object/slots.js";
import { ObjectState } from "../object/state.js";
import { newTuple } from "../object/tuple.js";
import { typeName } from "../object/type.js";
import { S, T } from "../object/types.js";
import { setModuleItem } from "./moduletypes.js";

const I32 = heap.I32;
const bound = new Int32Array(1);

function isCollectable(object: Addr): boolean {
  return (I32[typeOf(object) + TypeObject.Flags] & TypeFlag.HasGc) !== 0;
}

function gcCollect(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("collect", args, nargs, kwnames, ["generation"], 0, bound)) return 0;
  let generation = 2;
  if (bound[0] !== 0) {
    generation = asIndex(bound[0]);
    if (Number.isNaN(generation)) return 0;
  }
  if (generation < 0 || generation > 2) return raise(T.ValueError, "invalid generation");
  return newInt(collect(generation));
}

function setThreshold(_: Addr, args: Addr, nargs: number): Addr {
  if (nargs < 1 || nargs > 3) {
    const bound = nargs < 1 ? "at least 1 argument" : "at most 3 arguments";
    return raise(T.TypeError, `set_threshold() takes ${bound} (${nargs} given)`);
  }
  const values: number[] = [];
  for (let i = 0; i < nargs; i++) {
    const value = asIndex(I32[args + i]);
    if (Number.isNaN(value)) return 0;
    values.push(value);
  }
  for (const [i, value] of values.entries()) I32[ObjectState.GcThreshold0 + i] = value;
  return newNone();
}

/** Three words as a tuple of ints. */
function triple(word: Addr): Addr {
  const tuple = newTuple(3);
  if (tuple === 0) return 0;
  for (let i = 0; i < 3; i++) {
    const value = newInt(I32[word + i]);
    if (value === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + TupleObject.Stride * i] = value;
  }
  return tuple;
}

function setFlag(word: Addr, value: number): Addr {
  I32[word] = value;
  return newNone();
}

function getStats(): Addr {
  const list = newList(0);
  if (list === 0) return 0;
  for (let g = 0; g < 3; g++) {
    const dict = newGenerationStats(g);
    const status = dict === 0 ? -1 : listAppend(list, dict);
    if (dict !== 0) decref(dict);
    if (status < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

/** A dict of what generation `g` has collected. */
function newGenerationStats(g: number): Addr {
  const dict = newDict();
  if (dict === 0) return 0;
  for (const [i, name] of ["collections", "collected", "uncollectable"].entries()) {
    const key = newInterned(name);
    const value = newInt(I32[ObjectState.GcStats + 3 * g + i]);
    const status = key === 0 || value === 0 ? -1 : dictSetStr(dict, key, value);
    if (key !== 0) decref(key);
    if (value !== 0) decref(value);
    if (status < 0) {
      decref(dict);
      return 0;
    }
  }
  return dict;
}

function getObjects(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("get_objects", args, nargs, kwnames, ["generation"], 0, bound)) return 0;
  let first = 0;
  let last = 2;
  if (bound[0] !== 0 && bound[0] !== S.None) {
    if (slotsOf(typeOf(bound[0])).index === null) {
      const kind = typeName(typeOf(bound[0]));
      return raise(T.TypeError, `argument should be integer or None, not '${kind}'`);
    }
    const generation = asIndex(bound[0], T.OverflowError);
    if (Number.isNaN(generation)) return 0;
    if (generation > 2) {
      const text = "generation parameter must be less than the number of available generations (3)";
      return raise(T.ValueError, text);
    }
    if (generation < -1) return raise(T.ValueError, "generation parameter cannot be negative");
    // CPython's mark for None.
    if (generation !== -1) first = last = generation;
  }
  const objects: Addr[] = [];
  for (let g = first; g <= last; g++) {
    const head = generationList(g);
    for (let o = I32[head + GcHead.Next]; o !== head; o = I32[o + GcHead.Next]) objects.push(o);
  }
  return listOf(objects);
}

/** A list of borrowed objects. */
function listOf(objects: readonly Addr[]): Addr {
  for (const object of objects) incref(object);
  const list = newList(0);
  for (const object of objects) {
    if (list !== 0) listAppend(list, object);
    decref(object);
  }
  return list;
}

/** Objects that {@link noteTarget} looks for, and whether it has met one. */
let targets: Set<Addr> = new Set();
let met = false;

function noteTarget(ref: Addr): void {
  if (targets.has(ref)) met = true;
}

function getReferrers(_: Addr, args: Addr, nargs: number): Addr {
  targets = new Set();
  for (let i = 0; i < nargs; i++) targets.add(I32[args + i]);
  const found: Addr[] = [];
  for (let g = 0; g < 3; g++) {
    const head = generationList(g);
    for (let o = I32[head + GcHead.Next]; o !== head; o = I32[o + GcHead.Next]) {
      met = false;
      slotsOf(I32[o + Head.Type]).traverse?.(o, noteTarget);
      if (met) found.push(o);
    }
  }
  return listOf(found);
}

let referents: Addr[] = [];

function noteReferent(ref: Addr): void {
  referents.push(ref);
}

function getReferents(_: Addr, args: Addr, nargs: number): Addr {
  referents = [];
  for (let i = 0; i < nargs; i++) {
    const object = I32[args + i];
    if (isCollectable(object)) slotsOf(typeOf(object)).traverse?.(object, noteReferent);
  }
  return listOf(referents);
}

function freeze(): Addr {
  for (let g = 0; g < 3; g++) {
    mergeList(generationList(g), ObjectState.Permanent);
    I32[ObjectState.GcCount0 + g] = 0;
  }
  return newNone();
}

function unfreeze(): Addr {
  mergeList(ObjectState.Permanent, generationList(2));
  return newNone();
}

function isFinalized(_: Addr, object: Addr): Addr {
  return newBool(isCollectable(object) && (I32[object + GcHead.Flags] & GcFlag.Finalized) !== 0);
}

function setDebug(_: Addr, flags: Addr): Addr {
  const value = asIndex(flags);
  return Number.isNaN(value) || pending() ? 0 : setFlag(ObjectState.GcDebug, value);
}

function setup(_module: Addr, dict: Addr): number {
  const entries: [string, Addr][] = [
    ["garbage", xincref(garbageList())],
    ["callbacks", xincref(callbackList())],
    ["DEBUG_STATS", newInt(DebugFlag.Stats)],
    ["DEBUG_COLLECTABLE", newInt(DebugFlag.Collectable)],
    ["DEBUG_UNCOLLECTABLE", newInt(DebugFlag.Uncollectable)],
    ["DEBUG_SAVEALL", newInt(DebugFlag.SaveAll)],
    ["DEBUG_LEAK", newInt(DebugFlag.Leak)],
  ];
  let status = 0;
  for (const [name, value] of entries) {
    // After a failure the rest is only dropped: nothing may run with an exception pending.
    if (value === 0 || (status === 0 && setModuleItem(dict, name, value) < 0)) status = -1;
    xdecref(value);
  }
  return status;
}

defineModule({
  name: "gc",
  doc: "This module provides access to the garbage collector for reference cycles.",
  functions: [
    keywords("collect", gcCollect, "Run the garbage collector."),
    noArgs("enable", () => setFlag(ObjectState.GcEnabled, 1)),
    noArgs("disable", () => setFlag(ObjectState.GcEnabled, 0)),
    noArgs("isenabled", () => newBool(I32[ObjectState.GcEnabled])),
    fast("set_threshold", setThreshold),
    noArgs("get_threshold", () => triple(ObjectState.GcThreshold0)),
    noArgs("get_count", () => triple(ObjectState.GcCount0)),
    noArgs("get_stats", getStats),
    oneArg("set_debug", setDebug),
    noArgs("get_debug", () => newInt(I32[ObjectState.GcDebug])),
    keywords("get_objects", getObjects),
    fast("get_referrers", getReferrers),
    fast("get_referents", getReferents),
    oneArg("is_tracked", (_, object) => newBool(isCollectable(object) && isTracked(object))),
    oneArg("is_finalized", isFinalized),
    noArgs("freeze", freeze),
    noArgs("unfreeze", unfreeze),
    noArgs("get_freeze_count", () => newInt(listLength(ObjectState.Permanent))),
  ],
  setup,
});
