/** `_thread.lock` and `_thread.RLock` (H3–H7), over the lock word inside the object. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { defineType, fast, keywords, type MethodDef, noArgs, oneArg } from "../object/define.js";
import { newNone, pending, raise } from "../object/errors.js";
import { asDouble, isFloat } from "../object/float.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { decref, incref } from "../object/header.js";
import { clearWeakReferences, newObjectOf } from "../object/instance.js";
import { asInt32, asSsize, intToNumber, newBool, newInt } from "../object/int.js";
import { Head, LockObject, RLockObject, TupleObject, TypeFlag } from "../object/layout.js";
import { newStr } from "../object/str.js";
import { newTuple2 } from "../object/tuple.js";
import { typeName } from "../object/type.js";
import { T } from "../object/types.js";
import { acquireWithin, isLocked, releaseLock, rlocks } from "../vm/blocking.js";
import { currentIdent } from "../vm/threadstart.js";

const I32 = heap.I32;

/** Greatest timeout in seconds (`threading.TIMEOUT_MAX`). */
export const MAX_TIMEOUT_S = 9223372036;

const bound = new Int32Array(2);

/**
 * The timeout of `acquire(blocking=True, timeout=-1)` in ms: Infinity without one, 0 for a try,
 * NaN with an exception pending (H4).
 */
function timeoutArgument(args: Addr, nargs: number, kwnames: Addr): number {
  if (nargs === 0 && kwnames === 0) return Number.POSITIVE_INFINITY;
  if (!bindArguments("acquire", args, nargs, kwnames, ["blocking", "timeout"], 0, bound)) {
    return Number.NaN;
  }
  const [blockingArgument, timeout] = bound;
  const blocking = blockingArgument === 0 ? 1 : asInt32(blockingArgument);
  if (Number.isNaN(blocking)) return Number.NaN;
  const seconds = timeout === 0 ? -1 : secondsOf(timeout);
  if (Number.isNaN(seconds)) return seconds;
  if (blocking === 0) {
    if (seconds === -1) return 0;
    raise(T.ValueError, "can't specify a timeout for a non-blocking call");
    return Number.NaN;
  }
  if (seconds === -1) return Number.POSITIVE_INFINITY;
  if (seconds < 0) {
    raise(T.ValueError, "timeout value must be positive");
    return Number.NaN;
  }
  if (seconds > MAX_TIMEOUT_S) {
    raise(T.OverflowError, "timeout value is too large");
    return Number.NaN;
  }
  // H5: up to a whole microsecond.
  return Math.ceil(seconds * 1e6) / 1e3;
}

/** A number of seconds; NaN with an exception pending. */
export function secondsOf(value: Addr): number {
  let seconds: number;
  if (isFloat(value)) {
    seconds = asDouble(value);
    if (Number.isNaN(seconds)) raise(T.ValueError, "Invalid value NaN (not a number)");
  } else seconds = asSsize(value);
  if (!pending() && Math.abs(seconds) >= 2 ** 63 / 1e9) {
    raise(T.OverflowError, "timestamp out of range for platform time_t");
  }
  return pending() ? Number.NaN : seconds;
}

/** Take the lock at `word` of `self`: 1, 0 on timeout, -1 with an exception pending. */
function take(self: Addr, word: Addr, ms: number): number {
  // While this thread waits, another one may drop what it believes to be the last reference.
  incref(self);
  const result = acquireWithin(word, ms);
  decref(self);
  return result;
}

function lockAcquire(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const ms = timeoutArgument(args, nargs, kwnames);
  if (Number.isNaN(ms)) return 0;
  const result = take(self, self + LockObject.State, ms);
  if (result > 0) I32[self + LockObject.Owner] = currentIdent();
  return result < 0 ? 0 : newBool(result);
}

function lockRelease(self: Addr): Addr {
  I32[self + LockObject.Owner] = 0;
  if (!releaseLock(self + LockObject.State)) return raise(T.RuntimeError, "release unlocked lock");
  return newNone();
}

function lockEnter(self: Addr): Addr {
  if (take(self, self + LockObject.State, Number.POSITIVE_INFINITY) < 0) return 0;
  I32[self + LockObject.Owner] = -currentIdent();
  return newBool(1);
}

function lockRepr(self: Addr): Addr {
  const state = isLocked(self + LockObject.State) ? "locked" : "unlocked";
  return newStr(`<${state} ${typeName(I32[self + Head.Type])} object at ${addressOf(self)}>`);
}

function addressOf(object: Addr): string {
  return `0x${(object * 4).toString(16).padStart(12, "0")}`;
}

/** A new lock that is free. */
export function newLock(): Addr {
  const lock = newGcObject(T.Lock, LockObject.Bytes);
  if (lock !== 0) track(lock);
  return lock;
}

function aliases(names: readonly string[], kind: (name: string) => MethodDef): MethodDef[] {
  return names.map(kind);
}

defineType({
  type: T.Lock,
  name: "_thread.lock",
  flags: TypeFlag.HasGc | TypeFlag.DisallowInstantiation,
  basicSize: LockObject.Bytes,
  weakListOffset: LockObject.WeakList,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearWeakReferences(self, LockObject.WeakList);
      freeObject(self);
    },
    traverse: () => {},
    repr: lockRepr,
  },
  methods: [
    ...aliases(["acquire", "acquire_lock"], (name) => keywords(name, lockAcquire)),
    ...aliases(["release", "release_lock"], (name) => noArgs(name, lockRelease)),
    ...aliases(["locked", "locked_lock"], (name) =>
      noArgs(name, (self) => newBool(isLocked(self + LockObject.State))),
    ),
    noArgs("__enter__", lockEnter),
    fast("__exit__", lockRelease),
    noArgs("_at_fork_reinit", (self) => {
      I32[self + LockObject.Owner] = 0;
      releaseLock(self + LockObject.State);
      return newNone();
    }),
  ],
  doc: "A lock object is a synchronization primitive.",
});

function rlockTake(self: Addr, ms: number): Addr {
  incref(self);
  const result = rlocks.acquire(self + RLockObject.Word, currentIdent(), ms);
  decref(self);
  return result < 0 ? 0 : newBool(result);
}

function rlockAcquire(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const ms = timeoutArgument(args, nargs, kwnames);
  return Number.isNaN(ms) ? 0 : rlockTake(self, ms);
}

function isOwned(self: Addr): boolean {
  return rlocks.isOwned(self + RLockObject.Word, currentIdent());
}

function rlockRelease(self: Addr): Addr {
  if (rlocks.release(self + RLockObject.Word, currentIdent())) return newNone();
  return raise(T.RuntimeError, "cannot release un-acquired lock");
}

function rlockReleaseSave(self: Addr): Addr {
  const rlock = self + RLockObject.Word;
  const depth = rlocks.depth(rlock);
  if (depth === 0) return raise(T.RuntimeError, "cannot release un-acquired lock");
  const saved = newDepthAndOwner(depth, rlocks.owner(rlock));
  if (saved !== 0) rlocks.free(rlock);
  return saved;
}

function newDepthAndOwner(depth: number, owner: number): Addr {
  const first = newInt(depth);
  const second = newInt(owner >>> 0);
  const tuple = first === 0 || second === 0 ? 0 : newTuple2(first, second);
  if (first !== 0) decref(first);
  if (second !== 0) decref(second);
  return tuple;
}

function rlockAcquireRestore(self: Addr, saved: Addr): Addr {
  if (I32[saved + Head.Type] !== T.Tuple || I32[saved + TupleObject.Size] !== 2) {
    return raise(T.TypeError, "_acquire_restore() argument 1 must be a 2-item tuple");
  }
  const depth = intToNumber(I32[saved + TupleObject.Items]);
  const owner = intToNumber(I32[saved + TupleObject.Items + 2]);
  incref(self);
  rlocks.takeBack(self + RLockObject.Word, owner, depth);
  decref(self);
  return newNone();
}

function rlockRepr(self: Addr): Addr {
  const rlock = self + RLockObject.Word;
  const depth = rlocks.depth(rlock);
  const state = depth > 0 ? "locked" : "unlocked";
  const owner = rlocks.owner(rlock) >>> 0;
  const type = typeName(I32[self + Head.Type]);
  return newStr(`<${state} ${type} object owner=${owner} count=${depth} at ${addressOf(self)}>`);
}

defineType({
  type: T.RLock,
  name: "_thread.RLock",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: RLockObject.Bytes,
  weakListOffset: RLockObject.WeakList,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearWeakReferences(self, RLockObject.WeakList);
      freeObject(self);
    },
    traverse: () => {},
    repr: rlockRepr,
    new: (type) => newObjectOf(type),
    init: () => 0,
  },
  methods: [
    keywords("acquire", rlockAcquire),
    noArgs("release", rlockRelease),
    noArgs("__enter__", (self) => rlockTake(self, Number.POSITIVE_INFINITY)),
    fast("__exit__", rlockRelease),
    noArgs("_is_owned", (self) => newBool(isOwned(self))),
    noArgs("_recursion_count", (self) =>
      newInt(isOwned(self) ? rlocks.depth(self + RLockObject.Word) : 0),
    ),
    noArgs("_release_save", rlockReleaseSave),
    oneArg("_acquire_restore", rlockAcquireRestore),
    noArgs("_at_fork_reinit", (self) => {
      rlocks.free(self + RLockObject.Word);
      return newNone();
    }),
  ],
  doc: "A reentrant lock.",
});
