/**
 * Calling Python functions: placing arguments into a new frame's slots, entering the eval loop from
 * native code, calls with unpacked arguments.
 */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { getAttrOptional } from "../object/attribute.js";
import { callObject, callTuple, isCallable } from "../object/call.js";
import { addSlots } from "../object/define.js";
import {
  dictContains,
  dictGetStr,
  dictKeyAt,
  dictNext,
  dictSet,
  dictSetStr,
  dictUpdate,
  dictValueAt,
  newDict,
} from "../object/dict.js";
import { newNone, raise, typeName } from "../object/errors.js";
import { track } from "../object/gcheader.js";
import { decref, incref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import {
  CodeObject,
  FunctionObject,
  Head,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { slotTables } from "../object/slots.js";
import { getString, isStr, strEqual } from "../object/str.js";
import { NativeStack, thread } from "../object/thread.js";
import { newTuple, tupleFromIterable } from "../object/tuple.js";
import { typeLookup } from "../object/type.js";
import { S, T } from "../object/types.js";
import { CodeFlag } from "./code.js";
import { run } from "./eval.js";
import { Frame, FrameFlag } from "./frame.js";
import { dropWords, raiseRecursion } from "./operations.js";

const I32 = heap.I32;

const ID_init = identifier("__init__");
const ID_new = identifier("__new__");
const ID_keys = identifier("keys");
const ID_qualname = identifier("__qualname__");

/** Call anything but a Python function; arguments are on the stack, borrowed. */
export function callNative(callable: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const call = slotTables[I32[I32[callable + Head.Type] + TypeObject.Slots]]?.call;
  if (call) return call(callable, args, nargs, kwnames);
  return callObject(callable, args, nargs, kwnames);
}

/**
 * The Python function `__init__` of `type` when `type(…)` is nothing but `object.__new__` and that
 * function: the eval loop then runs it in place. Borrowed; 0 otherwise. Cached by type version.
 */
export function initOf(type: Addr): Addr {
  const version = I32[type + TypeObject.Version];
  if (version !== 0 && I32[type + TypeObject.InitVersion] === version) {
    return I32[type + TypeObject.InitCache];
  }
  const init = findInit(type);
  const now = I32[type + TypeObject.Version];
  I32[type + TypeObject.InitVersion] = now;
  I32[type + TypeObject.InitCache] = init;
  return init;
}

function findInit(type: Addr): Addr {
  const flags = I32[type + TypeObject.Flags];
  if ((flags & TypeFlag.Heap) === 0 || (flags & TypeFlag.ManagedDict) === 0) return 0;
  if ((flags & TypeFlag.Abstract) !== 0 || I32[type + TypeObject.Layout] !== plainLayout())
    return 0;
  if (typeLookup(type, ID_new) !== typeLookup(T.Object, ID_new)) return 0;
  const init = typeLookup(type, ID_init);
  if (init === 0 || I32[init + Head.Type] !== T.Function) return 0;
  const code = I32[init + FunctionObject.Code];
  const generator = CodeFlag.Generator | CodeFlag.Coroutine | CodeFlag.AsyncGenerator;
  return (I32[code + CodeObject.Flags] & generator) !== 0 ? 0 : init;
}

/** Layout kind of instances of plain classes: object's. */
function plainLayout(): number {
  return I32[T.Object + TypeObject.Layout];
}

/**
 * Call the Python function `callee`: its slot for native callers. Arguments are borrowed.
 */
export function callFunction(callee: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const code = I32[callee + FunctionObject.Code];
  const base = thread.sp;
  const total = nargs + (kwnames === 0 ? 0 : I32[kwnames + TupleObject.Size]);
  const room = base + total + I32[code + CodeObject.LocalsPlus] + Frame.Size;
  if (
    ++thread.depth > thread.recursionLimit ||
    thread.nativeDepth >= NativeStack.Levels ||
    room + I32[code + CodeObject.StackSize] > thread.stackLimit
  ) {
    thread.depth--;
    raiseRecursion();
    return 0;
  }
  for (let i = 0; i < total; i++) I32[base + i] = incref(I32[args + i]);
  let sp = base + total;
  thread.sp = sp;
  if (
    kwnames !== 0 ||
    nargs !== I32[code + CodeObject.ArgCount] ||
    (I32[code + CodeObject.Flags] & CodeFlag.Plain) === 0
  ) {
    const placed = placeArguments(callee, code, base, nargs, kwnames);
    sp = thread.sp;
    if (!placed) {
      thread.depth--;
      dropWords(base, sp);
      thread.sp = base;
      return 0;
    }
  }
  const result = enterFrame(callee, code, base, sp, 0);
  thread.sp = base;
  return result;
}

/**
 * Push an entry frame of `callee` whose first words `[fp, filled)` are in place, and run it. Depth
 * and room have been checked. `locals` (stolen) is the mapping of names of a module or class body.
 */
export function enterFrame(callee: Addr, code: Addr, fp: Addr, filled: Addr, locals: Addr): Addr {
  const frame = fp + I32[code + CodeObject.LocalsPlus];
  for (let at = filled; at < frame; at++) I32[at] = 0;
  I32[frame + Frame.Previous] = I32[thread.state + ThreadState.Frame];
  I32[frame + Frame.Function] = callee;
  I32[frame + Frame.Fp] = fp;
  I32[frame + Frame.ReturnSp] = fp;
  I32[frame + Frame.Flags] = FrameFlag.Entry;
  I32[frame + Frame.Pc] = I32[code + CodeObject.Bytecode];
  I32[frame + Frame.Consts] = I32[code + CodeObject.Consts] + TupleObject.Items;
  I32[frame + Frame.Locals] = locals;
  I32[frame + Frame.Generator] = 0;
  thread.sp = frame + Frame.Size;
  I32[callee]++;
  const result = run(frame);
  decref(callee);
  return result;
}

/** Call `callee` with no arguments and its own mapping of names: a module or class body. */
export function runBody(callee: Addr, locals: Addr): Addr {
  const code = I32[callee + FunctionObject.Code];
  const base = thread.sp;
  const end =
    base + I32[code + CodeObject.LocalsPlus] + Frame.Size + I32[code + CodeObject.StackSize];
  if (
    ++thread.depth > thread.recursionLimit ||
    thread.nativeDepth >= NativeStack.Levels ||
    end > thread.stackLimit
  ) {
    thread.depth--;
    raiseRecursion();
    return 0;
  }
  const result = enterFrame(callee, code, base, base, incref(locals));
  thread.sp = base;
  return result;
}

/** `callable(*positional, **keywords)` of CALL_FUNCTION_EX; all borrowed, `keywords` may be 0. */
export function callFunctionEx(callable: Addr, positional: Addr, keywords: Addr): Addr {
  if (!isCallable(callable)) {
    return raise(T.TypeError, `'${typeName(callable)}' object is not callable`);
  }
  if (I32[positional + Head.Type] === T.Tuple) return callTuple(callable, positional, keywords);
  if (slotTables[I32[I32[positional + Head.Type] + TypeObject.Slots]]?.iter == null) {
    const name = functionName(callable);
    const kind = typeName(positional);
    if (
      !isKindOf(positional, TypeFlag.TupleSubclass | TypeFlag.ListSubclass) &&
      !hasIter(positional)
    ) {
      return raise(T.TypeError, `${name} argument after * must be an iterable, not ${kind}`);
    }
  }
  const tuple = tupleFromIterable(positional);
  if (tuple === 0) return 0;
  const result = callTuple(callable, tuple, keywords);
  decref(tuple);
  return result;
}

const ID_iter = identifier("__iter__");
const ID_getitem = identifier("__getitem__");
const ID_module = identifier("__module__");

function hasIter(object: Addr): boolean {
  const type = I32[object + Head.Type];
  return typeLookup(type, ID_iter) !== 0 || typeLookup(type, ID_getitem) !== 0;
}

/** How messages name a callable: `module.qualname()`; its type for callables without a name. */
export function functionName(callable: Addr): string {
  const type = I32[callable + Head.Type];
  if (type === T.Function) {
    const name = `${getString(I32[callable + FunctionObject.QualName])}()`;
    const module = I32[callable + FunctionObject.Module];
    if (module !== 0 && I32[module + Head.Type] === T.Str) {
      const text = getString(module);
      if (text !== "builtins") return `${text}.${name}`;
    }
    return name;
  }
  if (type === T.Type) {
    const dict = I32[callable + TypeObject.Dict];
    const qualname = `${getString(I32[callable + TypeObject.QualName])}()`;
    const module = dict === 0 ? 0 : dictGetStr(dict, ID_module);
    if (module === 0 || I32[module + Head.Type] !== T.Str) return qualname;
    const text = getString(module);
    return text === "builtins" ? qualname : `${text}.${qualname}`;
  }
  if (type === T.BuiltinFunction) {
    const name = getAttrOptional(callable, ID_qualname);
    if (name !== 0) {
      const text = `${getString(name)}()`;
      decref(name);
      return text;
    }
  }
  return `${typeName(callable)} object`;
}

/**
 * Put the arguments at `args` (owned by the stack: `nargs` positional, then keyword values) into
 * the parameter slots of `code`, in place: defaults, keyword-only, `*args` and `**kwargs`.
 * `thread.sp` is left behind the filled slots. On failure it raises TypeError, and the words from
 * `args` up to `thread.sp` are still counted references (or 0).
 */
export function placeArguments(
  callee: Addr,
  code: Addr,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): boolean {
  const argCount = I32[code + CodeObject.ArgCount];
  const kwOnly = I32[code + CodeObject.KwOnlyArgCount];
  const flags = I32[code + CodeObject.Flags];
  const parameters = argCount + kwOnly;
  const nkw = kwnames === 0 ? 0 : I32[kwnames + TupleObject.Size];
  const varArgs = (flags & CodeFlag.VarArgs) !== 0;
  const varKeywords = (flags & CodeFlag.VarKeywords) !== 0;

  // The simplest frequent case: trailing defaults only.
  if (nkw === 0 && !varArgs && !varKeywords && kwOnly === 0 && nargs < argCount) {
    return fillDefaults(callee, code, args, nargs, argCount);
  }

  // Move the incoming words out of the way, above the slots, so that slots can be filled in order.
  const slots = parameters + (varArgs ? 1 : 0) + (varKeywords ? 1 : 0);
  const incoming = args + Math.max(slots, nargs + nkw);
  const total = nargs + nkw;
  if (incoming + total > thread.stackLimit) {
    raiseRecursion();
    thread.sp = args + total;
    return false;
  }
  I32.copyWithin(incoming, args, args + total);
  for (let at = args; at < incoming; at++) I32[at] = 0;
  thread.sp = incoming + total;

  const positional = Math.min(nargs, argCount);
  for (let i = 0; i < positional; i++) {
    I32[args + i] = I32[incoming + i];
    I32[incoming + i] = 0;
  }
  if (varArgs) {
    const extra = Math.max(0, nargs - argCount);
    const rest = newTuple(extra);
    if (rest === 0) return false;
    for (let i = 0; i < extra; i++) {
      I32[rest + TupleObject.Items + 2 * i] = I32[incoming + argCount + i];
      I32[incoming + argCount + i] = 0;
    }
    if (extra > 0) track(rest);
    I32[args + parameters] = rest;
  }
  let extraKeywords = 0;
  if (varKeywords) {
    extraKeywords = newDict();
    if (extraKeywords === 0) return false;
    I32[args + parameters + (varArgs ? 1 : 0)] = extraKeywords;
  }
  for (let k = 0; k < nkw; k++) {
    const name = I32[kwnames + TupleObject.Items + 2 * k];
    const word = incoming + nargs + k;
    const index = parameterIndex(code, name, I32[code + CodeObject.PosOnlyArgCount], parameters);
    if (index < 0) {
      if (extraKeywords === 0) return unexpectedKeyword(callee, code, kwnames, name);
      if (dictSetStr(extraKeywords, name, I32[word]) < 0) return false;
      decref(I32[word]);
    } else {
      if (I32[args + index] !== 0) {
        const text = getString(name);
        raise(T.TypeError, `${qualifiedName(callee)} got multiple values for argument '${text}'`);
        return false;
      }
      I32[args + index] = I32[word];
    }
    I32[word] = 0;
  }
  if (nargs > argCount && !varArgs) {
    tooManyPositional(callee, code, args, nargs);
    return false;
  }
  if (!fillMissing(callee, code, args, positional, argCount, kwOnly)) return false;
  thread.sp = args + slots;
  return true;
}

function fillDefaults(
  callee: Addr,
  code: Addr,
  args: Addr,
  nargs: number,
  argCount: number,
): boolean {
  const defaults = I32[callee + FunctionObject.Defaults];
  const have = defaults === 0 || defaults === S.None ? 0 : I32[defaults + TupleObject.Size];
  if (nargs < argCount - have) {
    for (let i = nargs; i < argCount; i++) I32[args + i] = 0;
    missingArguments(callee, code, args, 0, argCount - have, "positional");
    return false;
  }
  for (let i = nargs; i < argCount; i++) {
    I32[args + i] = incref(I32[defaults + TupleObject.Items + 2 * (i - argCount + have)]);
  }
  thread.sp = args + argCount;
  return true;
}

/** Defaults for what is still empty among positional and keyword-only parameters. */
function fillMissing(
  callee: Addr,
  code: Addr,
  args: Addr,
  given: number,
  argCount: number,
  kwOnly: number,
): boolean {
  if (given < argCount) {
    const defaults = I32[callee + FunctionObject.Defaults];
    const have = defaults === 0 || defaults === S.None ? 0 : I32[defaults + TupleObject.Size];
    const first = argCount - have;
    for (let i = given; i < first; i++) {
      if (I32[args + i] !== 0) continue;
      missingArguments(callee, code, args, given, first, "positional");
      return false;
    }
    for (let i = Math.max(given, first); i < argCount; i++) {
      if (I32[args + i] === 0) {
        I32[args + i] = incref(I32[defaults + TupleObject.Items + 2 * (i - first)]);
      }
    }
  }
  if (kwOnly === 0) return true;
  const kwDefaults = I32[callee + FunctionObject.KwDefaults];
  let missing = false;
  for (let i = argCount; i < argCount + kwOnly; i++) {
    if (I32[args + i] !== 0) continue;
    const name = I32[I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items + 2 * i];
    const value = kwDefaults === 0 || kwDefaults === S.None ? 0 : dictGetStr(kwDefaults, name);
    if (value === 0) missing = true;
    else I32[args + i] = incref(value);
  }
  if (missing) missingArguments(callee, code, args, argCount, argCount + kwOnly, "keyword-only");
  return !missing;
}

function parameterIndex(code: Addr, name: Addr, from: number, to: number): number {
  const names = I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items;
  for (let i = from; i < to; i++) if (I32[names + 2 * i] === name) return i;
  for (let i = from; i < to; i++) if (strEqual(I32[names + 2 * i], name)) return i;
  return -1;
}

function qualifiedName(callee: Addr): string {
  return `${getString(I32[callee + FunctionObject.QualName])}()`;
}

function parameterName(code: Addr, i: number): string {
  return getString(I32[I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items + 2 * i]);
}

function missingArguments(
  callee: Addr,
  code: Addr,
  args: Addr,
  from: number,
  to: number,
  kind: string,
): void {
  const names: string[] = [];
  for (let i = from; i < to; i++)
    if (I32[args + i] === 0) names.push(`'${parameterName(code, i)}'`);
  const count = names.length;
  const plural = count === 1 ? "" : "s";
  const list =
    count <= 2 ? names.join(" and ") : `${names.slice(0, -1).join(", ")}, and ${names[count - 1]}`;
  const text = `missing ${count} required ${kind} argument${plural}: ${list}`;
  raise(T.TypeError, `${qualifiedName(callee)} ${text}`);
}

function tooManyPositional(callee: Addr, code: Addr, args: Addr, nargs: number): void {
  const argCount = I32[code + CodeObject.ArgCount];
  const kwOnly = I32[code + CodeObject.KwOnlyArgCount];
  const defaults = I32[callee + FunctionObject.Defaults];
  const have = defaults === 0 || defaults === S.None ? 0 : I32[defaults + TupleObject.Size];
  let kwGiven = 0;
  for (let i = argCount; i < argCount + kwOnly; i++) if (I32[args + i] !== 0) kwGiven++;
  const takes = have > 0 ? `from ${argCount - have} to ${argCount}` : `${argCount}`;
  const plural = have > 0 || argCount !== 1 ? "s" : "";
  const kwText =
    kwGiven > 0
      ? ` positional argument${nargs !== 1 ? "s" : ""} (and ${kwGiven} keyword-only argument${kwGiven !== 1 ? "s" : ""})`
      : "";
  const verb = nargs === 1 && kwGiven === 0 ? "was" : "were";
  raise(
    T.TypeError,
    `${qualifiedName(callee)} takes ${takes} positional argument${plural} but ${nargs}${kwText} ${verb} given`,
  );
}

function unexpectedKeyword(callee: Addr, code: Addr, kwnames: Addr, name: Addr): false {
  const posOnly = I32[code + CodeObject.PosOnlyArgCount];
  const wrong: string[] = [];
  for (let i = 0; i < posOnly; i++) {
    const parameter = parameterName(code, i);
    const nkw = I32[kwnames + TupleObject.Size];
    for (let k = 0; k < nkw; k++) {
      if (getString(I32[kwnames + TupleObject.Items + 2 * k]) === parameter) wrong.push(parameter);
    }
  }
  raise(
    T.TypeError,
    wrong.length > 0
      ? `${qualifiedName(callee)} got some positional-only arguments passed as keyword arguments: '${wrong.join(", ")}'`
      : `${qualifiedName(callee)} got an unexpected keyword argument '${getString(name)}'`,
  );
  return false;
}

/** Merge `**mapping` into the keywords gathered so far (DICT_MERGE). */
export function mergeKeywords(target: Addr, mapping: Addr, callable: Addr): number {
  const keys = isKindOf(mapping, TypeFlag.DictSubclass)
    ? newNone()
    : getAttrOptional(mapping, ID_keys);
  if (keys !== 0) decref(keys);
  else if (thread.pending !== 0) return -1;
  else {
    const kind = typeName(mapping);
    raise(
      T.TypeError,
      `${functionName(callable)} argument after ** must be a mapping, not ${kind}`,
    );
    return -1;
  }
  const source = isKindOf(mapping, TypeFlag.DictSubclass) ? incref(mapping) : newDict();
  if (source === 0) return -1;
  if (source !== mapping && dictUpdate(source, mapping) < 0) {
    decref(source);
    return -1;
  }
  let status = 0;
  for (let i = dictNext(source, 0); status === 0 && i >= 0; i = dictNext(source, i + 1)) {
    const key = dictKeyAt(source, i);
    const known = dictContains(target, key);
    if (known > 0) {
      const text = isStr(key) ? getString(key) : typeName(key);
      const name = functionName(callable);
      raise(T.TypeError, `${name} got multiple values for keyword argument '${text}'`);
    }
    status = known !== 0 ? -1 : dictSet(target, key, dictValueAt(source, i));
  }
  decref(source);
  return status;
}

addSlots(T.Function, { call: callFunction });
