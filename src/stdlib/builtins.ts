/**
 * The `builtins` module: its functions. The builtin types are added by `setup`, `print` and
 * `input` stand in stdlib/print.ts. After Python/bltinmodule.c of CPython 3.11.
 */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import {
  getIter,
  isIterator,
  iterNext,
  objectLength,
  richCompareBool,
  takeNext,
} from "../object/abstract.js";
import {
  bindArguments,
  checkArity,
  keywordCount,
  keywordName,
  noKeywords,
} from "../object/arguments.js";
import { deleteAttr, getAttr, getAttrOptional, setAttr } from "../object/attribute.js";
import { call0, call1, callMethod0, callObject, isCallable } from "../object/call.js";
import { defineModule, fast, keywords, type MethodDef, noArgs, oneArg } from "../object/define.js";
import { dictGetStr, dictSetStr, isDict } from "../object/dict.js";
import {
  clearPendingIf,
  newNone,
  pending,
  raise,
  raiseNone,
  raiseValue,
  typeName,
} from "../object/errors.js";
import { decref, incref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asInt32, newBool, newInt } from "../object/int.js";
import { intToString } from "../object/intconvert.js";
import { newCallableIterator } from "../object/iterators.js";
import {
  CodeObject,
  FunctionObject,
  Head,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { listFromIterable } from "../object/list.js";
import {
  absolute,
  binaryOp,
  divmod,
  isTrue,
  numberIndex,
  power3,
  roundNumber,
} from "../object/number.js";
import { asciiObject, formatObject, reprObject } from "../object/repr.js";
import { Compare, slotsOf } from "../object/slots.js";
import { getString, isStr, newStr, newStrFromCode, strCodeAt, strLength } from "../object/str.js";
import { thread } from "../object/thread.js";
import { isInstance, isSubclass, lookupSpecial } from "../object/type.js";
import { buildClass } from "../object/typecreate.js";
import { S, T } from "../object/types.js";
import { visibleHash } from "../object/widehash.js";
import { newCode } from "../vm/code.js";
import { Frame } from "../vm/frame.js";
import { compileText, importModule, runCode } from "../vm/import.js";
import { newLocalsDict } from "../vm/locals.js";
import { VmState } from "../vm/state.js";
import { openStream } from "./io.js";
import { printFunctions } from "./print.js";

const I32 = heap.I32;

const ID_dict = identifier("__dict__");
const ID_dir = identifier("__dir__");
const ID_sort = identifier("sort");
const ID_builtins = identifier("__builtins__");
const ID_round = identifier("__round__");

// --- iteration ---

function builtinAll(_: Addr, iterable: Addr): Addr {
  return newTruthOf(iterable, 0);
}

function builtinAny(_: Addr, iterable: Addr): Addr {
  return newTruthOf(iterable, 1);
}

/** Stop at the first item whose truth is `decisive`; that is the answer, else its opposite. */
function newTruthOf(iterable: Addr, decisive: number): Addr {
  const iterator = getIter(iterable);
  if (iterator === 0) return 0;
  let answer = 1 - decisive;
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const truth = isTrue(item);
    decref(item);
    if (truth < 0) break;
    if (truth === decisive) {
      answer = decisive;
      break;
    }
  }
  decref(iterator);
  return pending() ? 0 : newBool(answer);
}

function builtinIter(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("iter", nargs, 1, 2)) return 0;
  if (nargs === 1) return getIter(I32[args]);
  if (!isCallable(I32[args])) return raise(T.TypeError, "iter(v, w): v must be callable");
  return newCallableIterator(I32[args], I32[args + 1]);
}

function builtinNext(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("next", nargs, 1, 2)) return 0;
  const iterator = I32[args];
  if (!isIterator(iterator)) {
    return raise(T.TypeError, `'${typeName(iterator)}' object is not an iterator`);
  }
  const item = takeNext(iterator);
  if (item !== 0) return item;
  if (nargs === 2) {
    if (pending() && !clearPendingIf(T.StopIteration)) return 0;
    return incref(I32[args + 1]);
  }
  return pending() ? 0 : raiseNone(T.StopIteration);
}

function builtinLen(_: Addr, object: Addr): Addr {
  const length = objectLength(object);
  return length < 0 ? 0 : newInt(length);
}

function builtinMin(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  return minMax("min", Compare.Lt, args, nargs, kwnames);
}

function builtinMax(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  return minMax("max", Compare.Gt, args, nargs, kwnames);
}

function minMax(name: string, op: Compare, args: Addr, nargs: number, kwnames: Addr): Addr {
  let key: Addr = 0;
  let fallback: Addr = 0;
  for (let k = 0; k < keywordCount(kwnames); k++) {
    const keyword = keywordName(kwnames, k);
    const value = I32[args + nargs + k];
    if (keyword === "key") key = value === S.None ? 0 : value;
    else if (keyword === "default") fallback = value;
    else return raise(T.TypeError, `${name}() got an unexpected keyword argument '${keyword}'`);
  }
  if (nargs === 0) return raise(T.TypeError, `${name} expected at least 1 argument, got 0`);
  if (nargs > 1 && fallback !== 0) {
    return raise(
      T.TypeError,
      `Cannot specify a default for ${name}() with multiple positional arguments`,
    );
  }
  const iterator = nargs === 1 ? getIter(I32[args]) : 0;
  if (nargs === 1 && iterator === 0) return 0;
  let best: Addr = 0;
  let bestKey: Addr = 0;
  for (let i = 0; ; i++) {
    const item = iterator !== 0 ? iterNext(iterator) : i < nargs ? incref(I32[args + i]) : 0;
    if (item === 0) break;
    const itemKey = key === 0 ? incref(item) : call1(key, item);
    const better = itemKey === 0 ? -1 : best === 0 ? 1 : richCompareBool(itemKey, bestKey, op);
    if (better > 0) {
      if (best !== 0) {
        decref(best);
        decref(bestKey);
      }
      best = item;
      bestKey = itemKey;
      continue;
    }
    decref(item);
    if (itemKey !== 0) decref(itemKey);
    if (better < 0) break;
  }
  if (iterator !== 0) decref(iterator);
  if (bestKey !== 0) decref(bestKey);
  if (pending()) {
    if (best !== 0) decref(best);
    return 0;
  }
  if (best !== 0) return best;
  if (fallback !== 0) return incref(fallback);
  return raise(T.ValueError, `${name}() arg is an empty sequence`);
}

function builtinSorted(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!checkArity("sorted", nargs, 1, 1)) return 0;
  const list = listFromIterable(I32[args]);
  if (list === 0) return 0;
  const sort = getAttr(list, ID_sort);
  // The keywords stand behind the one positional argument: pass them on as they are.
  const result = sort === 0 ? 0 : callObject(sort, args + 1, 0, kwnames);
  if (sort !== 0) decref(sort);
  if (result === 0) {
    decref(list);
    return 0;
  }
  decref(result);
  return list;
}

function builtinSum(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0];
  if (!bindArguments("sum", args, nargs, kwnames, ["iterable", "start"], 1, out, 1)) return 0;
  const start = out[1];
  if (start !== 0) {
    if (isStr(start)) {
      return raise(T.TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
    }
    if (isKindOf(start, TypeFlag.BytesSubclass)) {
      return raise(T.TypeError, "sum() can't sum bytes [use b''.join(seq) instead]");
    }
    if (I32[start + Head.Type] === T.ByteArray) {
      return raise(T.TypeError, "sum() can't sum bytearray [use b''.join(seq) instead]");
    }
  }
  const iterator = getIter(out[0]);
  if (iterator === 0) return 0;
  let total = start === 0 ? incref(S.Zero) : incref(start);
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const next = binaryOp(0, total, item);
    decref(total);
    decref(item);
    total = next;
    if (next === 0) break;
  }
  decref(iterator);
  if (!pending()) return total;
  if (total !== 0) decref(total);
  return 0;
}

// --- numbers and text ---

function builtinAbs(_: Addr, value: Addr): Addr {
  return absolute(value);
}

function radix(name: string, base: number, prefix: string): MethodDef {
  return oneArg(name, (_, value) => {
    const index = numberIndex(value);
    if (index === 0) return 0;
    const digits = intToString(index, base);
    decref(index);
    const negative = digits.startsWith("-");
    return newStr(negative ? `-${prefix}${digits.slice(1)}` : prefix + digits);
  });
}

function builtinChr(_: Addr, value: Addr): Addr {
  const code = asInt32(value);
  if (Number.isNaN(code)) return 0;
  if (code < 0 || code > 0x10ffff) {
    return raise(T.ValueError, "chr() arg not in range(0x110000)");
  }
  return newStrFromCode(code);
}

function builtinOrd(_: Addr, value: Addr): Addr {
  if (isStr(value)) {
    const length = strLength(value);
    if (length === 1) return newInt(strCodeAt(value, 0));
    return raise(T.TypeError, `ord() expected a character, but string of length ${length} found`);
  }
  const bytes = I32[value + Head.Type] === T.ByteArray || isKindOf(value, TypeFlag.BytesSubclass);
  if (!bytes) {
    const kind = typeName(value);
    return raise(T.TypeError, `ord() expected string of length 1, but ${kind} found`);
  }
  const length = objectLength(value);
  if (length === 1) {
    const iterator = getIter(value);
    const item = iterator === 0 ? 0 : iterNext(iterator);
    if (iterator !== 0) decref(iterator);
    return item;
  }
  return raise(T.TypeError, `ord() expected a character, but string of length ${length} found`);
}

function builtinDivmod(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("divmod", nargs, 2, 2)) return 0;
  return divmod(I32[args], I32[args + 1]);
}

function builtinPow(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0, 0];
  if (!bindArguments("pow", args, nargs, kwnames, ["base", "exp", "mod"], 2, out)) return 0;
  return power3(out[0], out[1], out[2] === 0 ? S.None : out[2]);
}

function builtinRound(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0];
  if (!bindArguments("round", args, nargs, kwnames, ["number", "ndigits"], 1, out)) return 0;
  const digits = out[1] === 0 ? S.None : out[1];
  const kind = I32[out[0] + Head.Type];
  if (kind === T.Int || kind === T.Float || kind === T.Bool) return roundNumber(out[0], digits);
  const method = lookupSpecial(out[0], ID_round);
  if (method === 0) {
    if (pending()) return 0;
    return raise(T.TypeError, `type ${typeName(out[0])} doesn't define __round__ method`);
  }
  const result = digits === S.None ? call0(method) : call1(method, digits);
  decref(method);
  return result;
}

function builtinFormat(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("format", nargs, 1, 2)) return 0;
  if (nargs === 2 && !isStr(I32[args + 1])) {
    const kind = typeName(I32[args + 1]);
    return raise(T.TypeError, `format() argument 2 must be str, not ${kind}`);
  }
  return formatObject(I32[args], nargs === 2 ? I32[args + 1] : 0);
}

// --- attributes and classes ---

function builtinGetattr(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("getattr", nargs, 2, 3) || !attributeName(I32[args + 1])) return 0;
  if (nargs === 2) return getAttr(I32[args], I32[args + 1]);
  const value = getAttrOptional(I32[args], I32[args + 1]);
  if (value !== 0) return value;
  return pending() ? 0 : incref(I32[args + 2]);
}

function attributeName(name: Addr): boolean {
  if (isStr(name)) return true;
  raise(T.TypeError, `attribute name must be string, not '${typeName(name)}'`);
  return false;
}

function builtinHasattr(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("hasattr", nargs, 2, 2) || !attributeName(I32[args + 1])) return 0;
  const value = getAttrOptional(I32[args], I32[args + 1]);
  if (value === 0) return pending() ? 0 : newBool(0);
  decref(value);
  return newBool(1);
}

function builtinSetattr(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("setattr", nargs, 3, 3) || !attributeName(I32[args + 1])) return 0;
  // Attribute names are interned, as those in the source are.
  return setAttr(I32[args], I32[args + 1], I32[args + 2]) < 0 ? 0 : newNone();
}

function builtinDelattr(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("delattr", nargs, 2, 2) || !attributeName(I32[args + 1])) return 0;
  return deleteAttr(I32[args], I32[args + 1]) < 0 ? 0 : newNone();
}

function builtinIsinstance(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("isinstance", nargs, 2, 2)) return 0;
  const truth = isInstance(I32[args], I32[args + 1]);
  return truth < 0 ? 0 : newBool(truth);
}

function builtinIssubclass(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("issubclass", nargs, 2, 2)) return 0;
  const truth = isSubclass(I32[args], I32[args + 1]);
  return truth < 0 ? 0 : newBool(truth);
}

function builtinCallable(_: Addr, object: Addr): Addr {
  return newBool(isCallable(object));
}

function builtinId(_: Addr, object: Addr): Addr {
  return newInt(object * 4);
}

function builtinVars(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("vars", nargs, 0, 1)) return 0;
  if (nargs === 0) return newLocalsDict();
  const dict = getAttrOptional(I32[args], ID_dict);
  if (dict !== 0 || pending()) return dict;
  return raise(T.TypeError, "vars() argument must have __dict__ attribute");
}

function builtinDir(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("dir", nargs, 0, 1)) return 0;
  let names: Addr;
  if (nargs === 0) {
    const locals = newLocalsDict();
    if (locals === 0) return 0;
    names = listFromIterable(locals);
    decref(locals);
  } else {
    const method = lookupSpecial(I32[args], ID_dir);
    if (method === 0) return pending() ? 0 : raise(T.TypeError, "object does not provide __dir__");
    const result = call0(method);
    decref(method);
    if (result === 0) return 0;
    names = listFromIterable(result);
    decref(result);
  }
  if (names === 0) return 0;
  const sorted = callMethod0(names, ID_sort);
  if (sorted === 0) {
    decref(names);
    return 0;
  }
  decref(sorted);
  return names;
}

// --- code ---

/** The running Python function; borrowed. */
function currentFunction(): Addr {
  return I32[I32[thread.state + ThreadState.Frame] + Frame.Function];
}

function builtinGlobals(): Addr {
  return incref(I32[currentFunction() + FunctionObject.Globals]);
}

function builtinCompile(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0, 0, 0, 0, 0, 0];
  const names = ["source", "filename", "mode", "flags", "dont_inherit", "optimize"];
  if (!bindArguments("compile", args, nargs, kwnames, names, 3, out)) return 0;
  if (!isStr(out[1]) || !isStr(out[2])) {
    const position = isStr(out[1]) ? 3 : 2;
    const kind = typeName(out[position - 1]);
    return raise(T.TypeError, `compile() argument ${position} must be str, not ${kind}`);
  }
  const mode = getString(out[2]);
  if (mode !== "exec" && mode !== "eval" && mode !== "single") {
    return raise(T.ValueError, "compile() mode must be 'exec', 'eval' or 'single'");
  }
  const source = sourceText("compile", out[0]);
  if (source === null) return 0;
  const unit = compileText(source, getString(out[1]), mode, 0);
  return unit === null ? 0 : newCode(unit);
}

function sourceText(fname: string, object: Addr): string | null {
  if (isStr(object)) return getString(object);
  if (isKindOf(object, TypeFlag.BytesSubclass)) {
    const length = objectLength(object);
    const start = (object << 2) + 32;
    return new TextDecoder().decode(heap.U8.slice(start, start + length));
  }
  raise(T.TypeError, `${fname}() arg 1 must be a string, bytes or code object`);
  return null;
}

function builtinExec(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0, 0, 0];
  const names = ["source", "globals", "locals", "closure"];
  if (!bindArguments("exec", args, nargs, kwnames, names, 1, out, 3, 3)) return 0;
  if (!closureFits(out[0], out[3])) return 0;
  const closure = out[3] === S.None ? 0 : out[3];
  const result = execute("exec", out[0], out[1], out[2], closure);
  if (result === 0) return 0;
  decref(result);
  return newNone();
}

function builtinEval(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("eval", kwnames) || !checkArity("eval", nargs, 1, 3)) return 0;
  const globals = nargs > 1 ? I32[args + 1] : 0;
  if (I32[I32[args] + Head.Type] === T.Code && I32[I32[args] + CodeObject.Free] > 0) {
    return raise(T.TypeError, "code object passed to eval() may not contain free variables");
  }
  return execute("eval", I32[args], globals, nargs > 2 ? I32[args + 2] : 0, 0);
}

/** Has `closure` (0, None or a tuple) a cell for each free variable of `source`? */
function closureFits(source: Addr, closure: Addr): boolean {
  const given = closure === S.None ? 0 : closure;
  if (I32[source + Head.Type] !== T.Code) {
    if (given === 0) return true;
    raise(T.TypeError, "closure can only be used when source is a code object");
    return false;
  }
  const free = I32[source + CodeObject.Free];
  if (free === 0) {
    if (given !== 0) raise(T.TypeError, "cannot use a closure with this code object");
    return given === 0;
  }
  const isTuple = given !== 0 && I32[given + Head.Type] === T.Tuple;
  let fits = isTuple && I32[given + TupleObject.Size] === free;
  for (let i = 0; fits && i < free; i++) {
    fits = I32[I32[given + TupleObject.Items + 2 * i] + Head.Type] === T.Cell;
  }
  if (!fits) raise(T.TypeError, `code object requires a closure of exactly length ${free}`);
  return fits;
}

function execute(
  mode: "exec" | "eval",
  source: Addr,
  globalsArg: Addr,
  localsArg: Addr,
  closure: Addr,
): Addr {
  let globals = globalsArg === S.None ? 0 : globalsArg;
  let locals = localsArg === S.None ? 0 : localsArg;
  if (globals !== 0 && !isDict(globals)) {
    return raise(T.TypeError, `${mode}() globals must be a dict, not ${typeName(globals)}`);
  }
  if (locals !== 0 && slotsOf(I32[locals + Head.Type]).subscript === null) {
    return raise(
      T.TypeError,
      `${mode === "exec" ? "locals must be a mapping or None, not " : "locals must be a mapping"}${mode === "exec" ? typeName(locals) : ""}`,
    );
  }
  let owned: Addr = 0;
  if (globals === 0) {
    globals = I32[currentFunction() + FunctionObject.Globals];
    if (locals === 0) {
      owned = newLocalsDict();
      if (owned === 0) return 0;
      locals = owned;
    }
  }
  if (locals === 0) locals = globals;
  if (
    dictGetStr(globals, ID_builtins) === 0 &&
    dictSetStr(globals, ID_builtins, I32[VmState.BuiltinsModule]) < 0
  ) {
    return 0;
  }
  let result: Addr = 0;
  if (I32[source + Head.Type] === T.Code) result = runCode(source, globals, locals, closure);
  else {
    const text = sourceText(mode, source);
    if (text !== null) {
      const trimmed = mode === "eval" ? text.replace(/^[ \t]+/, "") : text;
      const unit = compileText(trimmed, "<string>", mode, 0);
      const code = unit === null ? 0 : newCode(unit);
      if (code !== 0) {
        result = runCode(code, globals, locals, 0);
        decref(code);
      }
    }
  }
  if (owned !== 0) decref(owned);
  return result;
}

function builtinImport(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0, 0, 0, 0];
  const names = ["name", "globals", "locals", "fromlist", "level"];
  if (!bindArguments("__import__", args, nargs, kwnames, names, 1, out)) return 0;
  if (!isStr(out[0])) return raise(T.TypeError, "module name must be a string");
  const globals =
    out[1] === 0 || out[1] === S.None ? I32[currentFunction() + FunctionObject.Globals] : out[1];
  const level = out[4] === 0 ? 0 : asInt32(out[4]);
  if (Number.isNaN(level)) return 0;
  if (level < 0) return raise(T.ValueError, "level must be >= 0");
  return importModule(getString(out[0]), globals, out[3], level);
}

/** `exit(code)` and `quit(code)`, which CPython's site module adds. */
function builtinExit(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("exit", nargs, 0, 1)) return 0;
  return raiseValue(T.SystemExit, nargs === 0 || I32[args] === S.None ? 0 : I32[args]);
}

/** Static types that builtins names; exceptions are added besides. */
const builtinTypes: readonly Addr[] = [
  T.Object,
  T.Type,
  T.Int,
  T.Bool,
  T.Float,
  T.Complex,
  T.Str,
  T.Bytes,
  T.ByteArray,
  T.MemoryView,
  T.Tuple,
  T.List,
  T.Dict,
  T.Set,
  T.FrozenSet,
  T.Slice,
  T.Range,
  T.Property,
  T.ClassMethod,
  T.StaticMethod,
  T.Super,
  T.Enumerate,
  T.Reversed,
  T.Zip,
  T.Map,
  T.Filter,
];

const ID_Ellipsis = identifier("Ellipsis");
const ID_NotImplemented = identifier("NotImplemented");
const ID_None = identifier("None");
const ID_True = identifier("True");
const ID_False = identifier("False");
const ID_debug = identifier("__debug__");
const ID_EnvironmentError = identifier("EnvironmentError");
const ID_IOError = identifier("IOError");
const ID_import = identifier("__import__");

function setup(_module: Addr, dict: Addr): number {
  for (const type of builtinTypes) {
    if (I32[type + TypeObject.Name] === 0) continue;
    if (dictSetStr(dict, I32[type + TypeObject.Name], type) < 0) return -1;
  }
  const exceptionTypes = T.UserWarning + 192;
  for (let type: Addr = T.BaseException; type < exceptionTypes; type += 192) {
    if (I32[type + TypeObject.Name] === 0) continue;
    if (dictSetStr(dict, I32[type + TypeObject.Name], type) < 0) return -1;
  }
  const constants: [Addr, Addr][] = [
    [ID_None, S.None],
    [ID_True, S.True],
    [ID_False, S.False],
    [ID_Ellipsis, S.Ellipsis],
    [ID_NotImplemented, S.NotImplemented],
    [ID_debug, S.True],
    [ID_EnvironmentError, T.OSError],
    [ID_IOError, T.OSError],
  ];
  for (const [name, value] of constants) if (dictSetStr(dict, name, value) < 0) return -1;
  I32[VmState.ImportFunction] = dictGetStr(dict, ID_import);
  return 0;
}

defineModule({
  name: "builtins",
  doc: "Built-in functions, exceptions, and other objects.",
  functions: [
    oneArg("abs", builtinAbs),
    oneArg("all", builtinAll),
    oneArg("any", builtinAny),
    oneArg("ascii", (_, value) => asciiObject(value)),
    radix("bin", 2, "0b"),
    oneArg("callable", builtinCallable),
    oneArg("chr", builtinChr),
    keywords("compile", builtinCompile),
    fast("delattr", builtinDelattr),
    fast("dir", builtinDir),
    fast("divmod", builtinDivmod),
    keywords("eval", builtinEval),
    keywords("exec", builtinExec),
    fast("exit", builtinExit),
    fast("format", builtinFormat),
    fast("getattr", builtinGetattr),
    noArgs("globals", builtinGlobals),
    fast("hasattr", builtinHasattr),
    oneArg("hash", (_, value) => visibleHash(value)),
    radix("hex", 16, "0x"),
    oneArg("id", builtinId),
    fast("isinstance", builtinIsinstance),
    fast("issubclass", builtinIssubclass),
    fast("iter", builtinIter),
    oneArg("len", builtinLen),
    noArgs("locals", () => newLocalsDict()),
    keywords("max", builtinMax),
    keywords("min", builtinMin),
    fast("next", builtinNext),
    fast("quit", builtinExit),
    radix("oct", 8, "0o"),
    oneArg("ord", builtinOrd),
    keywords("pow", builtinPow),
    oneArg("repr", (_, value) => reprObject(value)),
    keywords("round", builtinRound),
    fast("setattr", builtinSetattr),
    keywords("sorted", builtinSorted),
    keywords("sum", builtinSum),
    fast("vars", builtinVars),
    keywords("__build_class__", (_, args, nargs, kwnames) => buildClass(args, nargs, kwnames)),
    keywords("__import__", builtinImport),
    keywords("open", openStream),
    ...printFunctions,
  ],
  setup,
});
