/**
 * The pending exception of the running thread. A function that fails sets it and returns 0 or -1;
 * callers pass the failure on, or match and clear it. It is always an instance.
 */
import { type Addr, heap } from "../memory/heap.js";
import { decref, incref, typeOf } from "./header.js";
import { ExceptionObject, StrObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { thread } from "./thread.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** How exceptions.ts makes instances; it registers itself, because it needs this file. */
export interface ExceptionFactory {
  /**
   * `type(message)` without running Python where the type is static; 0 with an exception pending.
   */
  fromMessage(type: Addr, message: string): Addr;
  /** `type(value)`; `value` is borrowed; 0 means no argument. */
  fromValue(type: Addr, value: Addr): Addr;
  isSubtype(type: Addr, base: Addr): boolean;
}

let factory: ExceptionFactory;

export function registerExceptionFactory(made: ExceptionFactory): void {
  factory = made;
}

/** Is an exception pending? */
export function pending(): boolean {
  return thread.pending !== 0;
}

/**
 * Make `exc` (stolen) the pending exception, replacing any other. The exception being handled
 * becomes its `__context__`, unless that would close a cycle.
 */
export function raiseException(exc: Addr): 0 {
  const handled = thread.handled;
  if (handled !== 0 && handled !== exc && I32[exc + ExceptionObject.Context] !== handled) {
    breakContextCycle(exc, handled);
    const old = I32[exc + ExceptionObject.Context];
    I32[exc + ExceptionObject.Context] = incref(handled);
    if (old !== 0) decref(old);
  }
  const replaced = thread.pending;
  thread.pending = exc;
  if (replaced !== 0) decref(replaced);
  return 0;
}

/** Cut `exc` out of the context chain that starts at `handled`. */
function breakContextCycle(exc: Addr, handled: Addr): void {
  let link = handled;
  let slow = handled;
  for (let step = 0; ; step++) {
    const next = I32[link + ExceptionObject.Context];
    if (next === 0) return;
    if (next === exc) {
      I32[link + ExceptionObject.Context] = 0;
      decref(exc);
      return;
    }
    link = next;
    if ((step & 1) === 1) slow = I32[slow + ExceptionObject.Context];
    if (slow === link) return;
  }
}

/** Raise `type(message)`. */
export function raise(type: Addr, message: string): 0 {
  const exc = factory.fromMessage(type, message);
  return exc === 0 ? 0 : raiseException(exc);
}

/** As {@link raise}, for functions that return a status. */
export function raiseStatus(type: Addr, message: string): -1 {
  raise(type, message);
  return -1;
}

/** Raise `type(value)`; `value` is borrowed. */
export function raiseValue(type: Addr, value: Addr): 0 {
  const exc = factory.fromValue(type, value);
  return exc === 0 ? 0 : raiseException(exc);
}

/** Raise `type()`. */
export function raiseNone(type: Addr): 0 {
  const exc = factory.fromValue(type, 0);
  return exc === 0 ? 0 : raiseException(exc);
}

/** Raise the MemoryError kept in reserve: nothing is allocated. */
export function raiseMemoryError(): 0 {
  return raiseNone(T.MemoryError);
}

/**
 * Is `exc` (an instance or a class) an instance or subclass of `type`, a class or tuple of classes?
 */
export function exceptionMatches(exc: Addr, type: Addr): boolean {
  if (I32[I32[type + 2] + TypeObject.Flags] & TypeFlag.TupleSubclass) {
    const n = I32[type + TupleObject.Size];
    for (let i = 0; i < n; i++) {
      if (exceptionMatches(exc, I32[type + TupleObject.Items + 2 * i])) return true;
    }
    return false;
  }
  const kind = typeOf(exc);
  const cls = (I32[kind + TypeObject.Flags] & TypeFlag.TypeSubclass) !== 0 ? exc : kind;
  return cls === type || factory.isSubtype(cls, type);
}

/** Is the pending exception one of `type`? False where none is pending. */
export function pendingMatches(type: Addr): boolean {
  return thread.pending !== 0 && exceptionMatches(thread.pending, type);
}

/** Forget the pending exception. */
export function clearPending(): void {
  const exc = thread.pending;
  if (exc === 0) return;
  thread.pending = 0;
  decref(exc);
}

/** Take the pending exception over: an owned reference, or 0 where none is pending. */
export function takePending(): Addr {
  const exc = thread.pending;
  thread.pending = 0;
  return exc;
}

/** Make `exc` (stolen; 0 for none) pending again, as it was: its context is not touched. */
export function restorePending(exc: Addr): void {
  const replaced = thread.pending;
  thread.pending = exc;
  if (replaced !== 0) decref(replaced);
}

/** True, and the exception gone, when the pending exception is a `type`. */
export function clearPendingIf(type: Addr): boolean {
  if (!pendingMatches(type)) return false;
  clearPending();
  return true;
}

/** A new reference to None, for native functions without a result. */
export function newNone(): Addr {
  I32[S.None]++;
  return S.None;
}

/** A new reference to NotImplemented. */
export function newNotImplemented(): Addr {
  I32[S.NotImplemented]++;
  return S.NotImplemented;
}

/** Name of the type of `object` for messages; with the module for static types outside builtins. */
export function typeName(object: Addr): string {
  const type = typeOf(object);
  const name = textOf(I32[type + TypeObject.Name]);
  if ((I32[type + TypeObject.Flags] & TypeFlag.Heap) !== 0) return name;
  const module = I32[type + TypeObject.Module];
  const from = module === 0 ? "builtins" : textOf(module);
  return from === "builtins" ? name : `${from}.${name}`;
}

/** Name of the type of `object` without its module. */
export function shortTypeName(object: Addr): string {
  return textOf(I32[typeOf(object) + TypeObject.Name]);
}

/** The text of a str, read here because str.ts needs this file. */
function textOf(name: Addr): string {
  const length = I32[name + StrObject.Length];
  const data = I32[name + StrObject.Data];
  const width = I32[name + StrObject.State] & StrObject.WidthMask;
  let text = "";
  for (let i = 0; i < length; i++) {
    const at = data + i * width;
    const code = width === 1 ? heap.U8[at] : width === 2 ? heap.U16[at >> 1] : I32[at >> 2];
    text += String.fromCodePoint(code);
  }
  return text;
}
