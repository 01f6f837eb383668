/**
 * Generators and coroutines. A suspended generator holds the words of its frame (locals, then
 * stack); resuming copies them to the top of the thread's data stack, suspending copies them back.
 *
 * Object, in words (160 bytes before the saved words, R30: 176 with the collector header; each
 * saved word takes the 8 bytes it takes in CPython):
 */

import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { checkArity } from "../object/arguments.js";
import { getAttrOptional } from "../object/attribute.js";
import { call0, call1, callObject } from "../object/call.js";
import { defineType, fast, getSet, member, noArgs, oneArg } from "../object/define.js";
import {
  clearPending,
  exceptionMatches,
  newNone,
  raise,
  raiseException,
  raiseNone,
  raiseValue,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { setCause, setContext, setTraceback } from "../object/exceptions.js";
import { freeObject, newGcObject, track } from "../object/gcheader.js";
import { clearField, decref, incref, isKindOf, setField, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { clearWeakReferences } from "../object/instance.js";
import { newBool } from "../object/int.js";
import {
  CodeObject,
  ExceptionObject,
  FunctionObject,
  Head,
  TupleObject,
  TypeFlag,
} from "../object/layout.js";
import { slotsOf } from "../object/slots.js";
import { getString, isStr, newStr } from "../object/str.js";
import { NativeStack, thread } from "../object/thread.js";
import { inTrashcan } from "../object/trashcan.js";
import { S, T } from "../object/types.js";
import { writeUnraisable } from "../object/unraisable.js";
import { CodeFlag } from "./code.js";
import { run } from "./eval.js";
import { Frame, FrameFlag } from "./frame.js";
import { newSuspendedFrame } from "./frameobject.js";
import { dropSnapshot } from "./locals.js";
import { checkRaised, raiseRecursion } from "./operations.js";

const I32 = heap.I32;

/** Fields of a generator object. */
export const enum GeneratorObject {
  Function = 4,
  Code = 6,
  Name = 8,
  QualName = 10,
  /** GeneratorState. */
  State = 12,
  /** Word index in the bytecode to go on at. */
  Pc = 13,
  /** Saved words: locals, then StackDepth stack items. */
  Saved = 14,
  StackDepth = 15,
  /** Exception the generator is handling while suspended (counted), or 0. */
  Handled = 16,
  WeakList = 18,
  /** The saved words: slots, then the stack. */
  Words = 40,
  HeadBytes = 160,
}

export const enum GeneratorState {
  Created = 0,
  Suspended = 1,
  Running = 2,
  Closed = 3,
}

const ID_send = identifier("send");
const ID_throw = identifier("throw");
const ID_close = identifier("close");

/** The generator object for a frame that reached RETURN_GENERATOR; takes over its references. */
export function newGeneratorFromFrame(frame: Addr): Addr {
  const callee = I32[frame + Frame.Function];
  const code = I32[callee + FunctionObject.Code];
  const flags = I32[code + CodeObject.Flags];
  if ((flags & CodeFlag.AsyncGenerator) !== 0) {
    return raise(T.RuntimeError, "asynchronous generators are not supported by this runtime");
  }
  const type = (flags & CodeFlag.Coroutine) !== 0 ? T.Coroutine : T.Generator;
  const slots = I32[code + CodeObject.LocalsPlus];
  const words = slots + I32[code + CodeObject.StackSize];
  const generator = newGcObject(type, GeneratorObject.HeadBytes + 8 * words);
  if (generator === 0) return 0;
  I32[generator + GeneratorObject.Function] = incref(callee);
  I32[generator + GeneratorObject.Code] = incref(code);
  I32[generator + GeneratorObject.Name] = incref(I32[callee + FunctionObject.Name]);
  I32[generator + GeneratorObject.QualName] = incref(I32[callee + FunctionObject.QualName]);
  I32[generator + GeneratorObject.State] = GeneratorState.Created;
  I32[generator + GeneratorObject.Pc] = I32[frame + Frame.Pc];
  I32[generator + GeneratorObject.Saved] = slots;
  const fp = I32[frame + Frame.Fp];
  for (let i = 0; i < slots; i++) I32[generator + GeneratorObject.Words + i] = I32[fp + i];
  track(generator);
  return generator;
}

/**
 * Put a suspended generator's frame on top of the stack, with `value` (borrowed) as the result of
 * its yield, and make it current in `thread`. The frame, or 0: exhausted (nothing pending) or an
 * exception pending. The caller enters it (FrameFlag.Entry) or goes on in it.
 */
export function restoreFrame(generator: Addr, previous: Addr, value: Addr): Addr {
  const state = I32[generator + GeneratorObject.State];
  if (state > GeneratorState.Suspended) return cannotResume(generator, state);
  const code = I32[generator + GeneratorObject.Code];
  const fp = thread.sp;
  const slots = I32[code + CodeObject.LocalsPlus];
  const frame = fp + slots;
  const end = frame + Frame.Size + I32[code + CodeObject.StackSize];
  if (
    ++thread.depth > thread.recursionLimit ||
    thread.nativeDepth >= NativeStack.Levels ||
    end > thread.stackLimit
  ) {
    thread.depth--;
    raiseRecursion();
    return 0;
  }
  const saved = generator + GeneratorObject.Words;
  for (let i = 0; i < slots; i++) I32[fp + i] = I32[saved + i];
  let sp = frame + Frame.Size;
  const depth = I32[generator + GeneratorObject.StackDepth];
  for (let i = 0; i < depth; i++) I32[sp++] = I32[saved + slots + i];
  // A fresh generator drops the value that RETURN_GENERATOR's POP_TOP expects.
  I32[sp++] = incref(value);
  thread.sp = sp;
  const callee = I32[generator + GeneratorObject.Function];
  I32[frame + Frame.Previous] = previous;
  I32[frame + Frame.Function] = callee;
  I32[frame + Frame.Fp] = fp;
  I32[frame + Frame.ReturnSp] = fp;
  I32[frame + Frame.Flags] = FrameFlag.Generator;
  I32[frame + Frame.Pc] = I32[generator + GeneratorObject.Pc];
  I32[frame + Frame.Consts] = I32[code + CodeObject.Consts] + TupleObject.Items;
  I32[frame + Frame.Locals] = 0;
  I32[frame + Frame.Generator] = generator;
  I32[frame + Frame.ExhaustedPc] = 0;
  const outer = thread.handled;
  if (outer !== 0) I32[outer]++;
  I32[frame + Frame.OuterHandled] = outer;
  const own = I32[generator + GeneratorObject.Handled];
  if (own !== 0) {
    I32[generator + GeneratorObject.Handled] = 0;
    if (outer !== 0) I32[outer]--;
    I32[frame + Frame.Flags] |= FrameFlag.Handles;
    thread.handled = own;
  }
  I32[generator + GeneratorObject.State] = GeneratorState.Running;
  // The running frame keeps its generator alive.
  I32[generator]++;
  return frame;
}

function cannotResume(generator: Addr, state: number): 0 {
  const coroutine = I32[generator + Head.Type] === T.Coroutine;
  if (state === GeneratorState.Running) {
    return raise(T.ValueError, `${coroutine ? "coroutine" : "generator"} already executing`);
  }
  if (coroutine) return raise(T.RuntimeError, "cannot reuse already awaited coroutine");
  return 0;
}

/** Give back the resumer's handled exception; the generator's own, owned, or 0. */
function leaveHandled(frame: Addr): Addr {
  const outer = I32[frame + Frame.OuterHandled];
  const handled = thread.handled;
  if ((I32[frame + Frame.Flags] & FrameFlag.Handles) === 0) {
    if (outer !== 0) I32[outer]--;
    return 0;
  }
  thread.handled = outer;
  return handled;
}

/** Copy a frame that yields back into its generator. `thread.sp` is the frame's stack pointer. */
export function saveFrame(frame: Addr): void {
  const generator = I32[frame + Frame.Generator];
  if ((I32[frame + Frame.Flags] & FrameFlag.Snapshot) !== 0) dropSnapshot(frame);
  const fp = I32[frame + Frame.Fp];
  const saved = generator + GeneratorObject.Words;
  let words = 0;
  for (let at = fp; at < frame; at++) I32[saved + words++] = I32[at];
  const slots = words;
  const sp = thread.sp;
  for (let at = frame + Frame.Size; at < sp; at++) I32[saved + words++] = I32[at];
  I32[generator + GeneratorObject.Saved] = words;
  I32[generator + GeneratorObject.StackDepth] = words - slots;
  I32[generator + GeneratorObject.Pc] = I32[frame + Frame.Pc];
  I32[generator + GeneratorObject.Handled] = leaveHandled(frame);
  I32[generator + GeneratorObject.State] = GeneratorState.Suspended;
  decref(generator);
}

/** The generator's frame has returned or raised; its references are gone from the stack. */
export function finishGenerator(frame: Addr): void {
  const generator = I32[frame + Frame.Generator];
  const own = leaveHandled(frame);
  I32[generator + GeneratorObject.State] = GeneratorState.Closed;
  I32[generator + GeneratorObject.Saved] = 0;
  I32[generator + GeneratorObject.StackDepth] = 0;
  if (own !== 0) decref(own);
  if (thread.pending !== 0 && exceptionMatches(thread.pending, T.StopIteration)) {
    convertStopIteration(generator);
  }
  decref(generator);
}

/** PEP 479: a StopIteration must not leave a generator. */
function convertStopIteration(generator: Addr): void {
  const kind = I32[generator + Head.Type] === T.Coroutine ? "coroutine" : "generator";
  const cause = takePending();
  raise(T.RuntimeError, `${kind} raised StopIteration`);
  const error = takePending();
  setCause(error, incref(cause));
  setContext(error, cause);
  restorePending(error);
}

/** What the last frame that returned from a generator gave back (owned), for {@link resume}. */
let returned: Addr = 0;

/** RETURN_VALUE of a generator's entry frame: keep the value, answer 0 without an exception. */
export function keepReturned(value: Addr): 0 {
  returned = value;
  return 0;
}

/** How a resumption ended, with the value in `outcome.value` (owned) for Returned. */
export const enum Resumed {
  Yielded = 0,
  Returned = 1,
  Failed = 2,
}

export const outcome = { value: 0 };

/**
 * Resume from native code with `value` (borrowed), or with the pending exception when `throwing`.
 * `outcome.value` gets what was yielded or returned.
 */
export function resume(generator: Addr, value: Addr, throwing: boolean): Resumed {
  const exception = throwing ? takePending() : 0;
  const base = thread.sp;
  if (throwing && I32[generator + GeneratorObject.State] === GeneratorState.Created) {
    // Raised at the definition: the body never starts.
    closeUnstarted(generator);
    restorePending(exception);
    return Resumed.Failed;
  }
  if (throwing && I32[generator + GeneratorObject.State] === GeneratorState.Closed) {
    restorePending(exception);
    return Resumed.Failed;
  }
  const frame = restoreFrame(generator, I32[thread.state + ThreadState.Frame], value);
  if (frame === 0) {
    xdecref(exception);
    if (thread.pending !== 0) return Resumed.Failed;
    outcome.value = newNone();
    return Resumed.Returned;
  }
  I32[frame + Frame.Flags] |= FrameFlag.Entry;
  if (exception !== 0) raiseException(exception);
  const result = run(frame);
  thread.sp = base;
  if (result !== 0) {
    outcome.value = result;
    return Resumed.Yielded;
  }
  if (thread.pending !== 0) return Resumed.Failed;
  outcome.value = returned;
  return Resumed.Returned;
}

function closeUnstarted(generator: Addr): void {
  I32[generator + GeneratorObject.State] = GeneratorState.Closed;
  dropSaved(generator);
}

function dropSaved(generator: Addr): void {
  const words = I32[generator + GeneratorObject.Saved];
  I32[generator + GeneratorObject.Saved] = 0;
  I32[generator + GeneratorObject.StackDepth] = 0;
  for (let i = 0; i < words; i++) {
    const word = I32[generator + GeneratorObject.Words + i];
    I32[generator + GeneratorObject.Words + i] = 0;
    if (word !== 0) decref(word);
  }
  clearField(generator + GeneratorObject.Handled);
}

/** Raise StopIteration(value); `value` is stolen. None makes a bare StopIteration. */
export function raiseStop(value: Addr): 0 {
  if (value === S.None) raiseNone(T.StopIteration);
  else raiseValue(T.StopIteration, value);
  decref(value);
  return 0;
}

function finish(how: Resumed): Addr {
  if (how === Resumed.Yielded) return outcome.value;
  if (how === Resumed.Failed) return 0;
  return raiseStop(outcome.value);
}

function generatorSend(self: Addr, value: Addr): Addr {
  if (I32[self + GeneratorObject.State] === GeneratorState.Created && value !== S.None) {
    const kind = I32[self + Head.Type] === T.Coroutine ? "coroutine" : "generator";
    return raise(T.TypeError, `can't send non-None value to a just-started ${kind}`);
  }
  return finish(resume(self, value, false));
}

function generatorNext(self: Addr): Addr {
  const how = resume(self, S.None, false);
  if (how === Resumed.Yielded) return outcome.value;
  if (how === Resumed.Failed) return 0;
  if (outcome.value === S.None) {
    decref(S.None);
    return 0;
  }
  return raiseStop(outcome.value);
}

/** The iterator this generator delegates to (`yield from`), borrowed, or 0. */
function delegate(self: Addr): Addr {
  if (I32[self + GeneratorObject.State] !== GeneratorState.Suspended) return 0;
  const code = I32[self + GeneratorObject.Code];
  const pc = I32[self + GeneratorObject.Pc];
  // Suspended behind the YIELD_VALUE of a SEND loop: RESUME with 2 (yield from) or 3 (await).
  const word = I32[pc];
  if ((word & 255) !== 151 || word >>> 8 < 2) return 0;
  const slots = I32[code + CodeObject.LocalsPlus];
  const depth = I32[self + GeneratorObject.StackDepth];
  return depth === 0 ? 0 : I32[self + GeneratorObject.Words + slots + depth - 1];
}

function generatorThrow(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("throw", nargs, 1, 3)) return 0;
  const type = I32[args];
  const value = nargs > 1 ? I32[args + 1] : 0;
  const traceback = nargs > 2 ? I32[args + 2] : 0;
  const inner = delegate(self);
  if (inner !== 0) return throwInto(self, incref(inner), args, nargs);
  if (!setThrown(type, value, traceback)) return 0;
  return finish(resume(self, S.None, true));
}

/** Make the exception described by throw()'s arguments pending. */
function setThrown(type: Addr, value: Addr, traceback: Addr): boolean {
  if (traceback !== 0 && traceback !== S.None && I32[traceback + Head.Type] !== T.Traceback) {
    raise(T.TypeError, "throw() third argument must be a traceback object");
    return false;
  }
  let exception: Addr;
  if (isKindOf(type, TypeFlag.TypeSubclass) && exceptionMatches(type, T.BaseException)) {
    if (
      value !== 0 &&
      isKindOf(value, TypeFlag.ExceptionSubclass) &&
      exceptionMatches(value, type)
    ) {
      exception = incref(value);
    } else {
      const made = value === 0 || value === S.None ? call0(type) : call1(type, value);
      exception = made === 0 ? 0 : checkRaised(type, made, typeName(made));
    }
    // What making it raises instead is thrown into the generator in its place.
    if (exception === 0) return true;
  } else if (isKindOf(type, TypeFlag.ExceptionSubclass)) {
    if (value !== 0 && value !== S.None) {
      raise(T.TypeError, "instance exception may not have a separate value");
      return false;
    }
    exception = incref(type);
  } else {
    const kind = typeName(type);
    raise(
      T.TypeError,
      `exceptions must be classes or instances deriving from BaseException, not ${kind}`,
    );
    return false;
  }
  if (traceback !== 0 && traceback !== S.None) setTraceback(exception, incref(traceback));
  restorePending(exception);
  return true;
}

/** throw() while delegating: the inner iterator gets it first. `inner` is owned. */
function throwInto(self: Addr, inner: Addr, args: Addr, nargs: number): Addr {
  const type = I32[args];
  if (exceptionMatches(type, T.GeneratorExit)) {
    I32[self + GeneratorObject.State] = GeneratorState.Running;
    const closed = closeIterator(inner);
    I32[self + GeneratorObject.State] = GeneratorState.Suspended;
    decref(inner);
    if (closed < 0) return finish(resume(self, S.None, true));
    if (!setThrown(type, nargs > 1 ? I32[args + 1] : 0, nargs > 2 ? I32[args + 2] : 0)) return 0;
    return finish(resume(self, S.None, true));
  }
  I32[self + GeneratorObject.State] = GeneratorState.Running;
  let result: Addr;
  if (isGenerator(inner)) result = generatorThrow(inner, args, nargs);
  else {
    const method = getAttrOptional(inner, ID_throw);
    if (method === 0) {
      I32[self + GeneratorObject.State] = GeneratorState.Suspended;
      decref(inner);
      if (thread.pending !== 0) return 0;
      if (!setThrown(type, nargs > 1 ? I32[args + 1] : 0, nargs > 2 ? I32[args + 2] : 0)) return 0;
      return finish(resume(self, S.None, true));
    }
    result = callObject(method, args, nargs, 0);
    decref(method);
  }
  I32[self + GeneratorObject.State] = GeneratorState.Suspended;
  decref(inner);
  if (result !== 0) return result;
  // The inner iterator is done: go on behind the SEND loop with its value, or with the error.
  const value = takeStopValue();
  if (value === 0) return finish(resume(self, S.None, true));
  skipSend(self);
  const answer = finish(resume(self, value, false));
  decref(value);
  return answer;
}

/** Leave the SEND loop a generator is suspended in: drop the receiver, go on behind the loop. */
function skipSend(self: Addr): void {
  const slots = I32[I32[self + GeneratorObject.Code] + CodeObject.LocalsPlus];
  const depth = I32[self + GeneratorObject.StackDepth] - 1;
  const receiver = I32[self + GeneratorObject.Words + slots + depth];
  I32[self + GeneratorObject.StackDepth] = depth;
  I32[self + GeneratorObject.Saved] = slots + depth;
  // RESUME, JUMP_BACKWARD_NO_INTERRUPT: behind them the loop's result is on the stack.
  I32[self + GeneratorObject.Pc] += 2;
  decref(receiver);
}

/**
 * The value of a pending StopIteration, which is cleared; None when nothing is pending (a plain
 * end of iteration). 0: another exception is pending.
 */
export function takeStopValue(): Addr {
  if (thread.pending === 0) return newNone();
  if (!exceptionMatches(thread.pending, T.StopIteration)) return 0;
  const exception = takePending();
  const value = I32[exception + ExceptionObject.Extra];
  const result = value === 0 ? newNone() : incref(value);
  decref(exception);
  return result;
}

/** Is `object` a generator or coroutine of this runtime? */
export function isGenerator(object: Addr): boolean {
  const type = I32[object + Head.Type];
  return type === T.Generator || type === T.Coroutine;
}

function closeIterator(iterator: Addr): number {
  if (isGenerator(iterator)) {
    const result = generatorClose(iterator);
    if (result === 0) return -1;
    decref(result);
    return 0;
  }
  const method = getAttrOptional(iterator, ID_close);
  if (method === 0) {
    if (thread.pending !== 0) clearPending();
    return 0;
  }
  const result = call0(method);
  decref(method);
  if (result === 0) return -1;
  decref(result);
  return 0;
}

function generatorClose(self: Addr): Addr {
  const state = I32[self + GeneratorObject.State];
  if (state === GeneratorState.Closed) return newNone();
  if (state === GeneratorState.Created) {
    closeUnstarted(self);
    return newNone();
  }
  const inner = delegate(self);
  let failedInner = false;
  if (inner !== 0) {
    incref(inner);
    I32[self + GeneratorObject.State] = GeneratorState.Running;
    failedInner = closeIterator(inner) < 0;
    I32[self + GeneratorObject.State] = GeneratorState.Suspended;
    decref(inner);
  }
  if (!failedInner) raiseNone(T.GeneratorExit);
  const how = resume(self, S.None, true);
  if (how === Resumed.Yielded) {
    decref(outcome.value);
    const kind = I32[self + Head.Type] === T.Coroutine ? "coroutine" : "generator";
    return raise(T.RuntimeError, `${kind} ignored GeneratorExit`);
  }
  if (how === Resumed.Returned) {
    decref(outcome.value);
    return newNone();
  }
  if (
    exceptionMatches(thread.pending, T.GeneratorExit) ||
    exceptionMatches(thread.pending, T.StopIteration)
  ) {
    clearPending();
    return newNone();
  }
  return 0;
}

/** Destroying a suspended generator closes it (R17); what it raises then is reported. */
/** Close a suspended generator (R17): when it dies, and before a cycle it is in is broken (C16). */
function generatorFinalize(self: Addr): void {
  if (I32[self + GeneratorObject.State] !== GeneratorState.Suspended) return;
  const before = takePending();
  const result = generatorClose(self);
  if (result !== 0) decref(result);
  else writeUnraisable(self);
  restorePending(before);
}

function generatorDealloc(self: Addr): void {
  clearWeakReferences(self, GeneratorObject.WeakList);
  if (I32[self + GeneratorObject.State] === GeneratorState.Suspended) {
    I32[self] = 1;
    generatorFinalize(self);
    if (--I32[self] > 0) return; // resurrected
  }
  destroyGenerator(self);
}

const destroyGenerator = inTrashcan((self) => {
  dropSaved(self);
  clearField(self + GeneratorObject.Function);
  clearField(self + GeneratorObject.Code);
  clearField(self + GeneratorObject.Name);
  clearField(self + GeneratorObject.QualName);
  freeObject(self);
});

function generatorTraverse(self: Addr, visit: (ref: Addr) => void): void {
  const words = I32[self + GeneratorObject.Saved];
  visit(I32[self + GeneratorObject.Function]);
  if (I32[self + GeneratorObject.State] !== GeneratorState.Running) {
    for (let i = 0; i < words; i++) {
      const word = I32[self + GeneratorObject.Words + i];
      if (word !== 0) visit(word);
    }
    if (I32[self + GeneratorObject.Handled] !== 0) visit(I32[self + GeneratorObject.Handled]);
  }
}

function generatorRepr(self: Addr): Addr {
  const name = getString(I32[self + GeneratorObject.QualName]);
  const kind = I32[self + Head.Type] === T.Coroutine ? "coroutine" : "generator";
  return newStr(`<${kind} object ${name} at 0x${(self * 4).toString(16)}>`);
}

function setName(field: number, attribute: string) {
  return (self: Addr, value: Addr): number => {
    if (value === 0 || !isStr(value)) {
      raise(T.TypeError, `${attribute} must be set to a string object`);
      return -1;
    }
    setField(self + field, incref(value));
    return 0;
  };
}

function newSelf(self: Addr): Addr {
  return incref(self);
}

function attributes(prefix: string) {
  return {
    methods: [
      oneArg("send", generatorSend),
      fast("throw", generatorThrow),
      noArgs("close", generatorClose),
    ],
    members: [member(`${prefix}_code`, GeneratorObject.Code)],
    getSets: [
      getSet(
        "__name__",
        (self) => incref(I32[self + GeneratorObject.Name]),
        setName(GeneratorObject.Name, "__name__"),
      ),
      getSet(
        "__qualname__",
        (self) => incref(I32[self + GeneratorObject.QualName]),
        setName(GeneratorObject.QualName, "__qualname__"),
      ),
      getSet(`${prefix}_running`, (self) =>
        newBool(I32[self + GeneratorObject.State] === GeneratorState.Running),
      ),
      getSet(`${prefix}_suspended`, (self) =>
        newBool(I32[self + GeneratorObject.State] === GeneratorState.Suspended),
      ),
      getSet(`${prefix}_frame`, (self) => {
        if (I32[self + GeneratorObject.State] === GeneratorState.Closed) return newNone();
        const code = I32[self + GeneratorObject.Code];
        const globals = I32[I32[self + GeneratorObject.Function] + FunctionObject.Globals];
        const index = I32[self + GeneratorObject.Pc] - 1 - I32[code + CodeObject.Bytecode];
        return newSuspendedFrame(code, globals, index);
      }),
      getSet(prefix === "gi" ? "gi_yieldfrom" : "cr_await", (self) => {
        const inner = delegate(self);
        return inner === 0 ? newNone() : incref(inner);
      }),
    ],
  };
}

defineType({
  type: T.Generator,
  name: "generator",
  flags: TypeFlag.HasGc,
  basicSize: GeneratorObject.HeadBytes,
  slots: {
    dealloc: generatorDealloc,
    traverse: generatorTraverse,
    del: generatorFinalize,
    repr: generatorRepr,
    iter: newSelf,
    iterNext: generatorNext,
  },
  weakListOffset: GeneratorObject.WeakList,
  ...attributes("gi"),
});

const coroutine = attributes("cr");
defineType({
  type: T.Coroutine,
  name: "coroutine",
  flags: TypeFlag.HasGc,
  basicSize: GeneratorObject.HeadBytes,
  slots: {
    dealloc: generatorDealloc,
    traverse: generatorTraverse,
    del: generatorFinalize,
    repr: generatorRepr,
  },
  weakListOffset: GeneratorObject.WeakList,
  ...coroutine,
});

/**
 * One step of a SEND loop: send `value` to `receiver`. A new reference to what it yields; 0 with
 * nothing pending when it returned ({@link takeSendResult}), or with its exception pending.
 */
export function send(receiver: Addr, value: Addr): Addr {
  if (isGenerator(receiver)) {
    const how = resume(receiver, value, false);
    if (how !== Resumed.Returned) return how === Resumed.Yielded ? outcome.value : 0;
    sendResult = outcome.value;
    return 0;
  }
  let result: Addr;
  const next = slotsOf(I32[receiver + Head.Type]).iterNext;
  if (value === S.None && next !== null) result = next(receiver);
  else {
    const method = getAttrOptional(receiver, ID_send);
    if (method === 0) {
      if (thread.pending !== 0) return 0;
      return raise(T.AttributeError, `'${typeName(receiver)}' object has no attribute 'send'`);
    }
    result = call1(method, value);
    decref(method);
  }
  if (result !== 0) return result;
  const stop = takeStopValue();
  if (stop !== 0) sendResult = stop;
  return 0;
}

let sendResult: Addr = 0;

/** The value that ended the last {@link send}; owned. */
export function takeSendResult(): Addr {
  const value = sendResult;
  sendResult = 0;
  return value;
}
