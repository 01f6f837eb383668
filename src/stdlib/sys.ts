/** The `sys` module. After Python/sysmodule.c of CPython 3.11, for what exists here. */

import { pymallocAccount } from "../memory/account.js";
import { type Addr, heap } from "../memory/heap.js";
import { allocatedBlocks } from "../memory/pymalloc.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { getAttr, setAttr } from "../object/attribute.js";
import { call0, callMethod1, callTuple } from "../object/call.js";
import { defineModule, fast, keywords, moduleDefs, noArgs, oneArg } from "../object/define.js";
import { dictGetStr, dictSetStr } from "../object/dict.js";
import {
  newNone,
  raise,
  raiseException,
  raiseNone,
  raiseValue,
  restorePending,
  typeName,
} from "../object/errors.js";
import { asDouble, newFloat } from "../object/float.js";
import { freeListAccount } from "../object/freelists.js";
import { decref, incref, isKindOf, xdecref, xincref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { headerBytes } from "../object/instance.js";
import { asInt32, newBool, newInt, newIntFromBig } from "../object/int.js";
import { DigitLimit, getDigitLimit, setDigitLimit } from "../object/intconvert.js";
import { internStr, newInterned } from "../object/intern.js";
import { ExceptionObject, Head, ListObject, TupleObject, TypeFlag } from "../object/layout.js";
import { newList } from "../object/list.js";
import { reprObject } from "../object/repr.js";
import { getString, isStr, newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { formatException } from "../object/traceback.js";
import { newTuple, newTuple3 } from "../object/tuple.js";
import { lookupSpecial } from "../object/type.js";
import { S, T } from "../object/types.js";
import { writeError, writeUnraisableDefault } from "../object/unraisable.js";
import { currentLock } from "../vm/breaker.js";
import { newCallerFrame } from "../vm/frameobject.js";
import { getHost } from "../vm/host.js";
import { VmState } from "../vm/state.js";
import { newStructSequence } from "./structsequence.js";
import { dropForeignFunctions, gilFunctions } from "./sysgil.js";
import { newStandardStream } from "./textio.js";

const I32 = heap.I32;

const ID_sizeof = identifier("__sizeof__");
const ID_excValue = identifier("exc_value");
const ID_object = identifier("object");
const ID_errMsg = identifier("err_msg");
const ID_stdout = identifier("stdout");
const ID_write = identifier("write");
const ID_underscore = identifier("_");

function sysGetrefcount(_: Addr, object: Addr): Addr {
  // R3: the argument itself counts.
  return newInt(I32[object]);
}

function sysGetsizeof(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = [0, 0];
  if (!bindArguments("getsizeof", args, nargs, kwnames, ["object", "default"], 1, out)) return 0;
  const method = lookupSpecial(out[0], ID_sizeof);
  const own = method === 0 ? 0 : call0(method);
  if (method !== 0) decref(method);
  if (own === 0) return 0;
  const size = asInt32(own);
  decref(own);
  if (Number.isNaN(size)) return 0;
  if (size < 0) return raise(T.ValueError, "__sizeof__() should return >= 0");
  // R30: what stands before the object counts.
  return newInt(size + headerBytes(I32[out[0] + Head.Type]));
}

function sysExit(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("exit", nargs, 0, 1)) return 0;
  if (nargs === 0 || I32[args] === S.None) return raiseNone(T.SystemExit);
  if (!isKindOf(I32[args], TypeFlag.TupleSubclass)) return raiseValue(T.SystemExit, I32[args]);
  // A tuple stands for the exception's arguments.
  const exc = callTuple(T.SystemExit, I32[args], 0);
  return exc === 0 ? 0 : raiseException(exc);
}

function sysExcInfo(): Addr {
  const handled = thread.handled;
  if (handled === 0) return newTuple3(S.None, S.None, S.None);
  const traceback = I32[handled + ExceptionObject.Traceback];
  return newTuple3(I32[handled + Head.Type], handled, traceback === 0 ? S.None : traceback);
}

function sysException(): Addr {
  return thread.handled === 0 ? newNone() : incref(thread.handled);
}

function sysIntern(_: Addr, text: Addr): Addr {
  if (I32[text + Head.Type] !== T.Str) {
    const kind = typeName(text);
    return raise(
      T.TypeError,
      isStr(text) ? `can't intern ${kind}` : `intern() argument must be str, not ${kind}`,
    );
  }
  return internStr(incref(text));
}

function sysSetrecursionlimit(_: Addr, value: Addr): Addr {
  const limit = asInt32(value);
  if (Number.isNaN(limit)) return 0;
  if (limit < 1) return raise(T.ValueError, "recursion limit must be greater or equal than 1");
  if (thread.depth >= limit) {
    return raise(
      T.RecursionError,
      `cannot set the recursion limit to ${limit} at the recursion depth ${thread.depth}: the limit is too low`,
    );
  }
  I32[VmState.RecursionLimit] = limit;
  thread.recursionLimit = limit;
  return newNone();
}

function sysSetswitchinterval(_: Addr, value: Addr): Addr {
  const seconds = asDouble(value);
  if (thread.pending !== 0) return 0;
  if (!(seconds > 0)) {
    return raise(T.ValueError, "switch interval must be strictly positive");
  }
  // G1: whole microseconds, truncated.
  currentLock().setInterval(Math.min(Math.floor(seconds * 1e6), Number.MAX_SAFE_INTEGER));
  return newNone();
}

const digitArguments = new Int32Array(1);

function sysSetDigitLimit(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const out = digitArguments;
  const fname = "set_int_max_str_digits";
  if (!bindArguments(fname, args, nargs, kwnames, ["maxdigits"], 1, out)) return 0;
  const limit = asInt32(out[0]);
  if (Number.isNaN(limit)) return 0;
  if (limit !== 0 && limit < DigitLimit.Threshold) {
    return raise(T.ValueError, `maxdigits must be 0 or larger than ${DigitLimit.Threshold}`);
  }
  setDigitLimit(limit);
  return newNone();
}

function sysGetswitchinterval(): Addr {
  return newFloat(currentLock().getInterval() * 1e-6);
}

function sysExcepthook(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("excepthook", nargs, 3, 3)) return 0;
  const exc = I32[args + 1];
  writeError(formatException(exc));
  return newNone();
}

/** What the interactive loop and `exec` of mode single print: everything but None. */
function sysDisplayhook(_: Addr, value: Addr): Addr {
  if (value === S.None) return newNone();
  const text = reprObject(value);
  if (text === 0) return 0;
  const line = newStr(`${getString(text)}\n`);
  decref(text);
  if (line === 0) return 0;
  const stdout = xincref(dictGetStr(I32[VmState.SysDict], ID_stdout));
  const written =
    stdout === 0 ? raise(T.RuntimeError, "lost sys.stdout") : callMethod1(stdout, ID_write, line);
  xdecref(stdout);
  decref(line);
  if (written === 0) return 0;
  decref(written);
  const status = dictSetStr(I32[VmState.Builtins], ID_underscore, value);
  return status < 0 ? 0 : newNone();
}

function sysUnraisablehook(_: Addr, details: Addr): Addr {
  const exc = getAttr(details, ID_excValue);
  if (exc === 0) return 0;
  const where = getAttr(details, ID_object);
  const message = where === 0 ? 0 : getAttr(details, ID_errMsg);
  if (message !== 0) {
    restorePending(incref(exc));
    const text = isStr(message) ? getString(message) : "Exception ignored in";
    writeUnraisableDefault(text, where === S.None ? 0 : where);
  }
  decref(exc);
  if (where !== 0) decref(where);
  if (message === 0) return 0;
  decref(message);
  return newNone();
}

function sysGetframe(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_getframe", nargs, 0, 1)) return 0;
  const depth = nargs === 0 ? 0 : asInt32(I32[args]);
  return Number.isNaN(depth) ? 0 : newCallerFrame(Math.max(0, depth));
}

// --- the module's data ---

/** Set `name` to `value` (stolen). */
function put(dict: Addr, name: string, value: Addr): boolean {
  if (value === 0) return false;
  const key = newInterned(name);
  const ok = key !== 0 && dictSetStr(dict, key, value) === 0;
  if (key !== 0) decref(key);
  decref(value);
  return ok;
}

function newStringList(texts: readonly string[]): Addr {
  const list = newList(texts.length);
  if (list === 0) return 0;
  const items = I32[list + ListObject.Items];
  for (let i = 0; i < texts.length; i++) {
    I32[items + 2 * i] = newStr(texts[i]);
    if (I32[items + 2 * i] === 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

/** The modules that need no file, in order. */
function newBuiltinNames(): Addr {
  const names = [...moduleDefs.keys()].sort();
  const tuple = newTuple(names.length);
  if (tuple === 0) return 0;
  for (let i = 0; i < names.length; i++) {
    const name = newStr(names[i]);
    I32[tuple + TupleObject.Items + 2 * i] = name;
    if (name === 0) {
      decref(tuple);
      return 0;
    }
  }
  return tuple;
}

/** Print the allocator's account to the process's stderr, past `sys.stderr` (A21). */
function sysDebugMallocStats(): Addr {
  const lines = [...pymallocAccount(I32), "", ...freeListAccount()];
  getHost().writeOut(2, new TextEncoder().encode(`${lines.join("\n")}\n`));
  return newNone();
}

function newVersionInfo(): Addr {
  const items = [newInt(3), newInt(11), newInt(7), newStr("final"), newInt(0)];
  return newStructSequence(T.StructSequence, items);
}

/** A namespace object with the given fields, as sys.flags and its kind are read. */
function newRecord(fields: Record<string, Addr>): Addr {
  const record = call0(T.SimpleNamespace);
  if (record === 0) return 0;
  let ok = true;
  for (const [field, value] of Object.entries(fields)) {
    const key = newInterned(field);
    ok &&= key !== 0 && value !== 0 && setAttr(record, key, value) === 0;
    if (key !== 0) decref(key);
    if (value !== 0) decref(value);
  }
  if (ok) return record;
  decref(record);
  return 0;
}

/** Put a standard stream under its own name and under the one that keeps the original. */
function putStream(dict: Addr, name: string, fd: number): boolean {
  const stream = newStandardStream(fd);
  if (stream === 0) return false;
  return put(dict, `__${name}__`, incref(stream)) && put(dict, name, stream);
}

/** The folders that PYTHONPATH names, for sys.path. */
function searchPath(environ: Readonly<Record<string, string>>): string[] {
  return (environ.PYTHONPATH ?? "").split(":").filter((folder) => folder !== "");
}

/** What `sys` says of the process and of its program. */
export function putProcess(dict: Addr): boolean {
  const host = getHost();
  return (
    put(dict, "argv", newStringList(host.argv)) &&
    put(dict, "path", newStringList([host.scriptDirectory, ...searchPath(host.environ)])) &&
    put(dict, "executable", newStr(host.executable)) &&
    putStream(dict, "stdin", 0) &&
    putStream(dict, "stdout", 1) &&
    putStream(dict, "stderr", 2)
  );
}

function setup(module: Addr, dict: Addr): number {
  I32[VmState.SysDict] = dict;
  I32[VmState.SysModule] = module;
  const ok =
    dropForeignFunctions(dict) &&
    put(dict, "modules", incref(I32[VmState.Modules])) &&
    putProcess(dict) &&
    put(dict, "platform", newStr(process.platform)) &&
    put(dict, "byteorder", newStr("little")) &&
    put(dict, "version", newStr("3.11.7 (takegil)")) &&
    put(dict, "version_info", newVersionInfo()) &&
    put(dict, "hexversion", newInt(0x030b07f0)) &&
    put(dict, "maxsize", newIntFromBig(2n ** 63n - 1n)) &&
    put(dict, "maxunicode", newInt(0x10ffff)) &&
    put(dict, "prefix", newStr("")) &&
    put(dict, "dont_write_bytecode", newBool(1)) &&
    put(dict, "warnoptions", newStringList([])) &&
    put(dict, "builtin_module_names", newBuiltinNames()) &&
    put(dict, "copyright", newStr("Copyright (c) 2026 the takegil authors")) &&
    put(dict, "api_version", newInt(1013)) &&
    put(
      dict,
      "implementation",
      newRecord({
        name: newStr("takegil"),
        cache_tag: newNone(),
        version: newVersionInfo(),
      }),
    ) &&
    put(
      dict,
      "float_info",
      newRecord({
        max: newFloat(Number.MAX_VALUE),
        min: newFloat(2.2250738585072014e-308),
        epsilon: newFloat(Number.EPSILON),
        dig: newInt(15),
        mant_dig: newInt(53),
        max_exp: newInt(1024),
        min_exp: newInt(-1021),
        max_10_exp: newInt(308),
        min_10_exp: newInt(-307),
        radix: newInt(2),
        rounds: newInt(1),
      }),
    ) &&
    put(
      dict,
      "int_info",
      newRecord({
        bits_per_digit: newInt(30),
        sizeof_digit: newInt(4),
        default_max_str_digits: newInt(4300),
        str_digits_check_threshold: newInt(640),
      }),
    ) &&
    put(
      dict,
      "hash_info",
      newRecord({
        width: newInt(64),
        modulus: newIntFromBig(2n ** 61n - 1n),
        inf: newInt(314159),
        nan: newInt(0),
        imag: newInt(1000003),
      }),
    ) &&
    put(
      dict,
      "flags",
      newRecord({
        debug: newInt(0),
        optimize: newInt(0),
        verbose: newInt(0),
        interactive: newInt(0),
        quiet: newInt(0),
        dev_mode: newBool(0),
        utf8_mode: newInt(0),
      }),
    );
  return ok ? 0 : -1;
}

defineModule({
  name: "sys",
  doc: "This module provides access to some objects used or maintained by the interpreter.",
  functions: [
    oneArg("getrefcount", sysGetrefcount),
    keywords("getsizeof", sysGetsizeof),
    fast("exit", sysExit),
    noArgs("exc_info", sysExcInfo),
    noArgs("exception", sysException),
    oneArg("intern", sysIntern),
    oneArg("setrecursionlimit", sysSetrecursionlimit),
    noArgs("getrecursionlimit", () => newInt(thread.recursionLimit)),
    oneArg("setswitchinterval", sysSetswitchinterval),
    noArgs("getswitchinterval", sysGetswitchinterval),
    ...gilFunctions,
    noArgs("get_int_max_str_digits", () => newInt(getDigitLimit())),
    keywords("set_int_max_str_digits", sysSetDigitLimit),
    noArgs("_debugmallocstats", sysDebugMallocStats),
    noArgs("getallocatedblocks", () => newInt(allocatedBlocks())),
    noArgs("getdefaultencoding", () => newStr("utf-8")),
    noArgs("getfilesystemencoding", () => newStr("utf-8")),
    oneArg("displayhook", sysDisplayhook),
    oneArg("__displayhook__", sysDisplayhook),
    fast("excepthook", sysExcepthook),
    fast("__excepthook__", sysExcepthook),
    oneArg("unraisablehook", sysUnraisablehook),
    oneArg("__unraisablehook__", sysUnraisablehook),
    noArgs("is_finalizing", () => newBool(0)),
    fast("_getframe", sysGetframe),
  ],
  setup,
});
