/**
 * An interpreter's life: `builtins`, `sys` and `__main__` made, the program run, and everything
 * taken down again in CPython's order (R19), so that nothing is left on the heap.
 */
import type { CodeUnit } from "../compiler/unit.js";
import { clearFreeLists, collect, releaseCollectorLists } from "../gc/collector.js";
import { type Addr, heap } from "../memory/heap.js";
import { Control, ThreadLimit, ThreadState } from "../memory/layout.js";
import { allocatedBlocks } from "../memory/pymalloc.js";
import { getAttrOptional } from "../object/attribute.js";
import { call0, call3, callMethod0, callMethod1 } from "../object/call.js";
import {
  dictClear,
  dictGetStr,
  dictKeyAt,
  dictNext,
  dictSetStr,
  dictValueAt,
  newDict,
} from "../object/dict.js";
import {
  clearPending,
  exceptionMatches,
  pendingMatches,
  restorePending,
  takePending,
} from "../object/errors.js";
import { registerBuiltins } from "../object/function.js";
import { clearField, decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { intToNumber, isInt } from "../object/int.js";
import { ExceptionObject, FunctionObject, GcHead, Head, ModuleObject } from "../object/layout.js";
import { newModule } from "../object/module.js";
import { strObject } from "../object/repr.js";
import { ObjectState } from "../object/state.js";
import { getString, isStr, newStr } from "../object/str.js";
import { registerSuperArguments } from "../object/super.js";
import { thread } from "../object/thread.js";
import { formatException, registerSourceReader } from "../object/traceback.js";
import { clearMethodCache } from "../object/type.js";
import { registerCallerGlobals, registerClassBodyRunner } from "../object/typecreate.js";
import { S, T } from "../object/types.js";
import { registerErrorWriter, writeUnraisable } from "../object/unraisable.js";
import { runBody } from "./call.js";
import { Frame } from "./frame.js";
import { getHost } from "./host.js";
import { newRegisteredModule, runModuleBody } from "./import.js";
import { findSuperArguments } from "./locals.js";
import { VmState } from "./state.js";
import { stateOf } from "./threadstate.js";

const I32 = heap.I32;

const ID_main = identifier("__main__");
const ID_excepthook = identifier("excepthook");
const ID_file = identifier("__file__");
const ID_builtins = identifier("builtins");
const ID_sys = identifier("sys");
const ID_threading = identifier("threading");
const ID_shutdown = identifier("_shutdown");
const ID_atexit = identifier("atexit");
const ID_runExitFuncs = identifier("_run_exitfuncs");
const ID_doc = identifier("__doc__");
const ID_stdout = identifier("stdout");
const ID_stderr = identifier("stderr");
const ID_originalStderr = identifier("__stderr__");
const ID_write = identifier("write");
const ID_flush = identifier("flush");
const ID_package = identifier("__package__");

/** Exit status of a program whose output could not be written at its end: CPython's. */
const STATUS_FLUSH_FAILED = 120;

/** Make `builtins`, `sys` and `__main__`. Asserts are out of place: memory may be short. */
export function startInterpreter(): boolean {
  clearFreeLists();
  I32[VmState.Baseline] = allocatedBlocks();
  if (I32[VmState.RecursionLimit] === 0) I32[VmState.RecursionLimit] = 1000;
  thread.recursionLimit = I32[VmState.RecursionLimit];
  const modules = newDict();
  if (modules === 0) return false;
  I32[VmState.Modules] = modules;
  const builtins = newRegisteredModule("builtins", ID_builtins);
  if (builtins === 0) return false;
  I32[VmState.BuiltinsModule] = builtins;
  I32[VmState.Builtins] = I32[builtins + ModuleObject.Dict];
  const sys = newRegisteredModule("sys", ID_sys);
  if (sys === 0) return false;
  decref(sys);
  const main = newModule(ID_main);
  if (main === 0) return false;
  I32[VmState.MainModule] = main;
  const dict = I32[main + ModuleObject.Dict];
  return (
    dictSetStr(dict, ID_doc, S.None) === 0 &&
    dictSetStr(dict, ID_package, S.None) === 0 &&
    dictSetStr(modules, ID_main, main) === 0
  );
}

/** Go on with the interpreter on this heap, which came with it. */
export function resumeInterpreter(): boolean {
  thread.recursionLimit = I32[VmState.RecursionLimit];
  return I32[VmState.SysDict] !== 0;
}

registerBuiltins(() => I32[VmState.Builtins]);
registerCallerGlobals(() => {
  const frame = I32[thread.state + ThreadState.Frame];
  return frame === 0 ? 0 : I32[I32[frame + Frame.Function] + FunctionObject.Globals];
});
registerClassBodyRunner(runBody);
registerSuperArguments(findSuperArguments);
registerSourceReader((file) => {
  const bytes = getHost().readFile(file);
  return bytes === null ? null : new TextDecoder().decode(bytes);
});
registerErrorWriter(writeError);

/** Run a compiled program as `__main__`; its exit status. Uncaught exceptions are printed. */
export function runMain(unit: CodeUnit, file: string | null): number {
  const dict = I32[I32[VmState.MainModule] + ModuleObject.Dict];
  if (file !== null) {
    const text = newStr(file);
    const status = text === 0 ? -1 : dictSetStr(dict, ID_file, text);
    if (text !== 0) decref(text);
    if (status < 0) return reportUncaught();
  }
  return runModuleBody(unit, dict) < 0 ? reportUncaught() : 0;
}

/** Print the pending exception as the interpreter does at top level; the exit status it means. */
export function reportUncaught(): number {
  const exc = takePending();
  if (exceptionMatches(exc, T.SystemExit)) {
    const status = exitStatus(exc);
    decref(exc);
    return status;
  }
  flushStream(ID_stdout);
  printException(exc);
  const interrupted = exceptionMatches(exc, T.KeyboardInterrupt);
  decref(exc);
  return interrupted ? 130 : 1;
}

/** Print through `sys.excepthook`, which the program may have replaced. */
function printException(exc: Addr): void {
  const hook = dictGetStr(I32[VmState.SysDict], ID_excepthook);
  if (hook === 0) {
    writeError("sys.excepthook is missing\n");
    writeError(formatException(exc));
    return;
  }
  incref(hook);
  const traceback = I32[exc + ExceptionObject.Traceback];
  const result = call3(hook, I32[exc + Head.Type], exc, traceback === 0 ? S.None : traceback);
  decref(hook);
  if (result !== 0) {
    decref(result);
    return;
  }
  const failure = takePending();
  if (exceptionMatches(failure, T.SystemExit)) decref(failure);
  else {
    flushStream(ID_stdout);
    writeError(`Error in sys.excepthook:\n${formatException(failure)}`);
    writeError(`\nOriginal exception was:\n${formatException(exc)}`);
    decref(failure);
  }
  clearPending();
}

/** Write to `sys.stderr`: to the file itself unless the program has replaced it. */
function writeError(text: string): void {
  const dict = I32[VmState.SysDict];
  const stream = dict === 0 ? 0 : dictGetStr(dict, ID_stderr);
  if (stream === S.None) return;
  const own = stream === 0 || stream === dictGetStr(dict, ID_originalStderr);
  if (own) getHost().writeOut(2, new TextEncoder().encode(text));
  else writeTo(stream, text);
}

/** Call the stream's `write`, whose errors nobody hears of; the pending exception stays. */
function writeTo(stream: Addr, text: string): void {
  const saved = takePending();
  incref(stream);
  const line = newStr(text);
  const result = line === 0 ? 0 : callMethod1(stream, ID_write, line);
  if (line !== 0) decref(line);
  if (result === 0) clearPending();
  else decref(result);
  decref(stream);
  restorePending(saved);
}

/** The status a SystemExit asks for; a message goes to stderr. */
function exitStatus(exc: Addr): number {
  const code = I32[exc + ExceptionObject.Extra];
  if (code === 0 || code === S.None) return 0;
  if (isInt(code)) return Number(BigInt.asUintN(8, BigInt(Math.trunc(intToNumber(code)))));
  flushStream(ID_stdout);
  const text = strObject(code);
  if (text !== 0) {
    getHost().writeOut(2, new TextEncoder().encode(`${getString(text)}\n`));
    decref(text);
  } else clearPending();
  return 1;
}

/**
 * Write out what `sys.stdout` and `sys.stderr` hold. False when memory ran out, and is then said.
 */
export function flushStreams(): boolean {
  const out = flushStream(ID_stdout);
  return flushStream(ID_stderr) && out;
}

/** `sys.NAME.flush()`; errors of the stream itself are ignored. */
function flushStream(name: Addr): boolean {
  const stream = dictGetStr(I32[VmState.SysDict], name);
  if (stream === 0 || stream === S.None) return true;
  const result = callMethod0(stream, ID_flush);
  if (result !== 0) {
    decref(result);
    return true;
  }
  if (pendingMatches(T.MemoryError)) {
    writeUnraisable(stream);
    return false;
  }
  clearPending();
  return true;
}

/**
 * Wait for the non-daemon threads and run the exit functions, as at the end of the main program
 * (H27); an interrupt ends the waiting, not the finalization (H28). The exit status, given the
 * program's.
 */
export function shutDownThreads(status: number): number {
  callModuleFunction(ID_threading, ID_shutdown);
  callModuleFunction(ID_atexit, ID_runExitFuncs);
  return flushStreams() ? status : STATUS_FLUSH_FAILED;
}

/** Call a function of a module, if that module was imported. */
function callModuleFunction(moduleName: Addr, name: Addr): void {
  const module = dictGetStr(I32[VmState.Modules], moduleName);
  if (module === 0) return;
  const callable = getAttrOptional(module, name);
  if (callable === 0) {
    clearPending();
    return;
  }
  const result = call0(callable);
  decref(callable);
  if (result !== 0) decref(result);
  else writeUnraisable(module);
}

/**
 * Destroy the modules. What nothing but a module's dict holds dies with it, in insertion order;
 * cycles next; then the names of modules that something still holds (R19); at last `sys` and
 * `builtins`. The number of blocks left over.
 */
export function finalize(): number {
  I32[Control.Finalizing] = 1;
  const modules = I32[VmState.Modules];
  const sys = incref(I32[VmState.SysModule]);
  clearField(VmState.SignalHandlers);
  for (let slot = 1; slot < ThreadLimit.Slots; slot++) clearField(stateOf(slot) + ThreadState.Name);
  dictClear(modules);
  clearField(VmState.MainModule);
  collect(2);
  for (const module of survivingModules()) {
    clearModule(module);
    decref(module);
  }
  collect(2);
  // What dying objects printed.
  flushStreams();
  I32[VmState.ImportFunction] = 0;
  dictClear(I32[VmState.SysDict]);
  I32[VmState.SysDict] = 0;
  I32[VmState.SysModule] = 0;
  decref(sys);
  dictClear(I32[VmState.Builtins]);
  I32[VmState.Builtins] = 0;
  clearField(VmState.BuiltinsModule);
  clearField(VmState.Modules);
  collect(2);
  clearPending();
  releaseCollectorLists();
  clearMethodCache();
  clearFreeLists();
  return allocatedBlocks() - I32[VmState.Baseline];
}

/** Modules alive besides `sys` and `builtins`: new references. */
function survivingModules(): Addr[] {
  const found: Addr[] = [];
  for (const head of [ObjectState.Generation0, ObjectState.Generation1, ObjectState.Generation2]) {
    for (let at = I32[head + GcHead.Next]; at !== head; at = I32[at + GcHead.Next]) {
      if (I32[at + Head.Type] !== T.Module) continue;
      if (at === I32[VmState.SysModule] || at === I32[VmState.BuiltinsModule]) continue;
      found.push(incref(at));
    }
  }
  return found;
}

/** Drop a module's names: those beginning with one underscore first, then the others. */
function clearModule(module: Addr): void {
  const dict = I32[module + ModuleObject.Dict];
  if (dict === 0) return;
  for (const privateNames of [true, false]) {
    for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
      const key = dictKeyAt(dict, i);
      if (!isStr(key) || dictValueAt(dict, i) === S.None) continue;
      const name = getString(key);
      const isPrivate = name.startsWith("_") && !name.startsWith("__");
      if (name === "__builtins__" || (privateNames && !isPrivate)) continue;
      dictSetStr(dict, key, S.None);
    }
  }
}
