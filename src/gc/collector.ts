/**
 * The cycle collector, after Modules/gcmodule.c of CPython 3.11 (contract chapter 6). Everything
 * runs on the thread that allocated once too often, with the GIL held; only finalizers and
 * callbacks written in Python can let other threads in (C9).
 */
import { type Addr, heap } from "../memory/heap.js";
import { Mutation } from "../memory/layout.js";
import { endMutation, startMutation } from "../memory/mark.js";
import { call2 } from "../object/call.js";
import { dictKeyAt, dictNext, dictSetStr, dictValueAt, newDict } from "../object/dict.js";
import { clearDictFreeLists } from "../object/dicttype.js";
import { pending } from "../object/errors.js";
import { clearFloatFreeList } from "../object/float.js";
import {
  emptyList,
  isTracked,
  mayBeTracked,
  registerCollector,
  untrack,
} from "../object/gcheader.js";
import { clearField, decref, incref, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { runFinalizer } from "../object/instance.js";
import { newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import {
  GcFlag,
  GcHead,
  Head,
  ListObject,
  TupleObject,
  TypeFlag,
  TypeObject,
  WeakRefObject,
} from "../object/layout.js";
import { listAppend, newList } from "../object/list.js";
import { clearListFreeList } from "../object/listtype.js";
import { slotsOf } from "../object/slots.js";
import { ObjectState } from "../object/state.js";
import { clearTupleFreeLists } from "../object/tuple.js";
import { typeName } from "../object/type.js";
import { T } from "../object/types.js";
import { writeError, writeUnraisable } from "../object/unraisable.js";
import { clearWeakRef, firstWeakRef, isWeakRef, runKeptCallback } from "../object/weakref.js";
import { type EventSink, NullSink, TraceEvent } from "../trace/record.js";

const I32 = heap.I32;
const idGeneration = identifier("generation");
const idCollected = identifier("collected");
const idUncollectable = identifier("uncollectable");

let sink: EventSink = new NullSink();

/** Where this thread's collections are recorded. */
export function bindCollectorSink(eventSink: EventSink): void {
  sink = eventSink;
}

/** Bits of `gc.set_debug` (C28). */
export const enum DebugFlag {
  Stats = 1,
  Collectable = 2,
  Uncollectable = 4,
  SaveAll = 32,
  Leak = 38,
}

/** Head of the list of generation 0, 1 or 2. */
export function generationList(generation: number): Addr {
  return ObjectState.Generation0 + 4 * generation;
}

/** Number of objects in the list at `head`. */
export function listLength(head: Addr): number {
  let n = 0;
  for (let o = I32[head + GcHead.Next]; o !== head; o = I32[o + GcHead.Next]) n++;
  return n;
}

/** Move `object` from its list to the end of the one at `head`. */
function move(object: Addr, head: Addr): void {
  const next = I32[object + GcHead.Next];
  const previous = I32[object + GcHead.Prev];
  I32[previous + GcHead.Next] = next;
  I32[next + GcHead.Prev] = previous;
  const last = I32[head + GcHead.Prev];
  I32[object + GcHead.Prev] = last;
  I32[object + GcHead.Next] = head;
  I32[last + GcHead.Next] = object;
  I32[head + GcHead.Prev] = object;
}

/** Append all of the list at `from` to the one at `to`. */
export function mergeList(from: Addr, to: Addr): void {
  const first = I32[from + GcHead.Next];
  if (first === from) return;
  const last = I32[from + GcHead.Prev];
  const tail = I32[to + GcHead.Prev];
  I32[tail + GcHead.Next] = first;
  I32[first + GcHead.Prev] = tail;
  I32[last + GcHead.Next] = to;
  I32[to + GcHead.Prev] = last;
  emptyList(from);
}

function isCollectable(object: Addr): boolean {
  return (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.HasGc) !== 0;
}

/** List whose reachable objects {@link visitReachable} rescues. */
let young: Addr = 0;

function visitDecref(ref: Addr): void {
  if (isCollectable(ref) && (I32[ref + GcHead.Flags] & GcFlag.Collecting) !== 0) {
    I32[ref + GcHead.Refs]--;
  }
}

function visitReachable(ref: Addr): void {
  if (!isCollectable(ref)) return;
  const flags = I32[ref + GcHead.Flags];
  if ((flags & GcFlag.Collecting) === 0) return;
  if ((flags & GcFlag.Unreachable) !== 0) {
    I32[ref + GcHead.Flags] = flags & ~GcFlag.Unreachable;
    I32[ref + GcHead.Refs] = 1;
    move(ref, young);
  } else if (I32[ref + GcHead.Refs] === 0) I32[ref + GcHead.Refs] = 1;
}

/**
 * C10–C11: move what only `list` itself keeps alive to `unreachable`. Objects left in `list` lose
 * their marks; those moved keep them. Returns how many objects were looked at.
 */
function deduceUnreachable(list: Addr, unreachable: Addr): number {
  let examined = 0;
  for (let o = I32[list + GcHead.Next]; o !== list; o = I32[o + GcHead.Next]) {
    examined++;
    I32[o + GcHead.Refs] = I32[o];
    I32[o + GcHead.Flags] |= GcFlag.Collecting;
  }
  for (let o = I32[list + GcHead.Next]; o !== list; o = I32[o + GcHead.Next]) {
    slotsOf(I32[o + Head.Type]).traverse?.(o, visitDecref);
  }
  young = list;
  for (let o = I32[list + GcHead.Next]; o !== list; ) {
    if (I32[o + GcHead.Refs] > 0) {
      slotsOf(I32[o + Head.Type]).traverse?.(o, visitReachable);
      I32[o + GcHead.Flags] &= ~GcFlag.Collecting;
      o = I32[o + GcHead.Next];
    } else {
      const next = I32[o + GcHead.Next];
      I32[o + GcHead.Flags] |= GcFlag.Unreachable;
      move(o, unreachable);
      o = next;
    }
  }
  return examined;
}

function clearMarks(list: Addr): void {
  for (let o = I32[list + GcHead.Next]; o !== list; o = I32[o + GcHead.Next]) {
    I32[o + GcHead.Flags] &= GcFlag.Finalized;
  }
}

/** C1, C12: tuples of atomic values need no more collecting. */
function untrackTuples(list: Addr): void {
  for (let o = I32[list + GcHead.Next]; o !== list; ) {
    const next = I32[o + GcHead.Next];
    if (I32[o + Head.Type] === T.Tuple && isAtomicTuple(o)) untrack(o);
    o = next;
  }
}

function isAtomicTuple(tuple: Addr): boolean {
  const end = tuple + TupleObject.Items + 2 * I32[tuple + TupleObject.Size];
  for (let item = tuple + TupleObject.Items; item < end; item += 2) {
    if (I32[item] === 0 || mayBeTracked(I32[item])) return false;
  }
  return true;
}

function untrackDicts(list: Addr): void {
  for (let o = I32[list + GcHead.Next]; o !== list; ) {
    const next = I32[o + GcHead.Next];
    if (I32[o + Head.Type] === T.Dict && isAtomicDict(o)) untrack(o);
    o = next;
  }
}

function isAtomicDict(dict: Addr): boolean {
  for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
    if (mayBeTracked(dictValueAt(dict, i)) || mayBeTracked(dictKeyAt(dict, i))) return false;
  }
  return true;
}

/** C15: clear weak references into the garbage, then call the callbacks of those outside. */
function handleWeakRefs(unreachable: Addr, old: Addr): number {
  const waiting: Addr[] = [];
  // Garbage comes in runs of one type; asking a type's ancestors is dear.
  let type = 0;
  let isReference = false;
  for (let o = I32[unreachable + GcHead.Next]; o !== unreachable; o = I32[o + GcHead.Next]) {
    if (I32[o + Head.Type] !== type) {
      type = I32[o + Head.Type];
      isReference = isWeakRef(o);
    }
    if (isReference) clearWeakRef(o);
    for (let ref = firstWeakRef(o); ref !== 0; ref = firstWeakRef(o)) {
      clearWeakRef(ref);
      const inside = (I32[ref + GcHead.Flags] & GcFlag.Unreachable) !== 0;
      if (I32[ref + WeakRefObject.Callback] !== 0 && !inside) waiting.push(incref(ref));
    }
  }
  let freed = 0;
  for (const ref of waiting) {
    runKeptCallback(ref);
    if (I32[ref] === 1) freed++;
    else if (isTracked(ref)) move(ref, old);
    decref(ref);
  }
  return freed;
}

/** C16: every finalizer once, in list order, while all objects are intact. */
function finalizeGarbage(list: Addr): void {
  const seen = ObjectState.Finalizers;
  emptyList(seen);
  while (I32[list + GcHead.Next] !== list) {
    const object = I32[list + GcHead.Next];
    move(object, seen);
    if ((I32[object + GcHead.Flags] & GcFlag.Finalized) !== 0) continue;
    if (slotsOf(I32[object + Head.Type]).del === null) continue;
    incref(object);
    runFinalizer(object);
    decref(object);
  }
  mergeList(seen, list);
}

/** C18: break the cycles; what survives that goes to `old`. */
function deleteGarbage(list: Addr, old: Addr): void {
  while (I32[list + GcHead.Next] !== list) {
    const object = I32[list + GcHead.Next];
    if ((I32[ObjectState.GcDebug] & DebugFlag.SaveAll) !== 0) {
      listAppend(garbageList(), object);
    } else {
      const { clear } = slotsOf(I32[object + Head.Type]);
      if (clear !== null) {
        incref(object);
        clear(object);
        if (pending()) writeUnraisable(0);
        decref(object);
      }
    }
    if (I32[list + GcHead.Next] === object) move(object, old);
  }
}

/** `gc.garbage`: borrowed. */
export function garbageList(): Addr {
  if (I32[ObjectState.GcGarbage] === 0) I32[ObjectState.GcGarbage] = newList(0);
  return I32[ObjectState.GcGarbage];
}

/** `gc.callbacks`: borrowed. */
export function callbackList(): Addr {
  if (I32[ObjectState.GcCallbacks] === 0) I32[ObjectState.GcCallbacks] = newList(0);
  return I32[ObjectState.GcCallbacks];
}

/** Let `gc.garbage` and `gc.callbacks` go, when the interpreter ends. */
export function releaseCollectorLists(): void {
  clearField(ObjectState.GcGarbage);
  clearField(ObjectState.GcCallbacks);
}

/** Give the memory of the free lists back (C20). */
export function clearFreeLists(): void {
  clearTupleFreeLists();
  clearFloatFreeList();
  clearListFreeList();
  clearDictFreeLists();
}

function printStatistics(generation: number): void {
  const sizes = [0, 1, 2].map((g) => ` ${listLength(generationList(g))}`).join("");
  const permanent = listLength(ObjectState.Permanent);
  writeError(
    `gc: collecting generation ${generation}...\ngc: objects in each generation:${sizes}\n` +
      `gc: objects in permanent generation: ${permanent}\n`,
  );
}

/** One collection without callbacks: objects found unreachable, weak references freed included. */
function collectMain(generation: number): number {
  const started = performance.now();
  const debug = I32[ObjectState.GcDebug];
  if ((debug & DebugFlag.Stats) !== 0) printStatistics(generation);
  if (generation < 2) I32[ObjectState.GcCount0 + generation + 1]++;
  for (let g = 0; g <= generation; g++) I32[ObjectState.GcCount0 + g] = 0;

  sink.emit(TraceEvent.CollectBegin, generation);
  startMutation(Mutation.Collect);
  const list = generationList(generation);
  for (let g = 0; g < generation; g++) mergeList(generationList(g), list);
  const old = generation < 2 ? generationList(generation + 1) : list;
  const unreachable = ObjectState.Unreachable;
  emptyList(unreachable);
  const examined = deduceUnreachable(list, unreachable);
  untrackTuples(list);
  if (generation < 2) {
    if (generation === 1) I32[ObjectState.GcLongLivedPending] += listLength(list);
    mergeList(list, old);
  } else {
    untrackDicts(list);
    I32[ObjectState.GcLongLivedPending] = 0;
    I32[ObjectState.GcLongLivedTotal] = listLength(list);
  }
  endMutation();
  sink.emit(TraceEvent.CollectSize, examined);

  let found = 0;
  if (I32[unreachable + GcHead.Next] !== unreachable) found = dispose(unreachable, old, debug);
  if (generation === 2) clearFreeLists();
  I32[ObjectState.GcStats + 3 * generation]++;
  I32[ObjectState.GcStats + 3 * generation + 1] += found;
  sink.emit(TraceEvent.CollectEnd, found);
  if ((debug & DebugFlag.Stats) !== 0) {
    const seconds = ((performance.now() - started) / 1000).toFixed(4);
    writeError(`gc: done, ${found} unreachable, 0 uncollectable, ${seconds}s elapsed\n`);
  }
  return found;
}

/** Weak references, finalizers, resurrection, destruction (C15–C18). */
function dispose(unreachable: Addr, old: Addr, debug: number): number {
  if ((debug & DebugFlag.Collectable) !== 0) printCollectable(unreachable);
  let found = handleWeakRefs(unreachable, old);
  clearMarks(unreachable);
  finalizeGarbage(unreachable);
  const dead = ObjectState.Resurrected;
  emptyList(dead);
  startMutation(Mutation.Collect);
  deduceUnreachable(unreachable, dead);
  clearMarks(dead);
  mergeList(unreachable, old);
  endMutation();
  found += listLength(dead);
  deleteGarbage(dead, old);
  return found;
}

function printCollectable(list: Addr): void {
  for (let o = I32[list + GcHead.Next]; o !== list; o = I32[o + GcHead.Next]) {
    const name = typeName(I32[o + Head.Type]);
    writeError(`gc: collectable <${name} 0x${(o * 4).toString(16)}>\n`);
  }
}

/** `callback(phase, info)` for every entry of `gc.callbacks` (C25). */
function notify(phase: string, generation: number, collected: number): void {
  const callbacks = I32[ObjectState.GcCallbacks];
  if (callbacks === 0 || I32[callbacks + ListObject.Size] === 0) return;
  const info = newDict();
  const name = info === 0 ? 0 : newInterned(phase);
  if (name === 0) {
    xdecref(info);
    writeUnraisable(0);
    return;
  }
  for (const [key, number] of [
    [idGeneration, generation],
    [idCollected, collected],
    [idUncollectable, 0],
  ]) {
    const value = newInt(number);
    if (value === 0 || dictSetStr(info, key, value) < 0) writeUnraisable(0);
    if (value !== 0) decref(value);
  }
  incref(callbacks);
  for (let i = 0; i < I32[callbacks + ListObject.Size]; i++) {
    const callback = incref(I32[I32[callbacks + ListObject.Items] + 2 * i]);
    const result = call2(callback, name, info);
    if (result === 0) writeUnraisable(callback);
    else decref(result);
    decref(callback);
  }
  decref(callbacks);
  decref(name);
  decref(info);
}

/**
 * Collect `generation` and the younger ones: the number of objects found unreachable. Nothing, 0,
 * while a collection is in progress (C9).
 */
export function collect(generation: number): number {
  if (I32[ObjectState.GcCollecting] !== 0) return 0;
  I32[ObjectState.GcCollecting] = 1;
  notify("start", generation, 0);
  const found = collectMain(generation);
  notify("stop", generation, found);
  I32[ObjectState.GcCollecting] = 0;
  return found;
}

/** C4: the oldest generation that is due; full collections wait for a quarter of new objects. */
function collectDue(): void {
  for (let g = 2; g >= 0; g--) {
    if (I32[ObjectState.GcCount0 + g] <= I32[ObjectState.GcThreshold0 + g]) continue;
    const total = Math.trunc(I32[ObjectState.GcLongLivedTotal] / 4);
    if (g === 2 && I32[ObjectState.GcLongLivedPending] < total) continue;
    collect(g);
    return;
  }
}

registerCollector(collectDue);
