/** The `_thread` module (H1–H7, H26). `threading` is written in Python on top of it. */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { checkArity } from "../object/arguments.js";
import { isCallable } from "../object/call.js";
import { defineModule, fast, noArgs, oneArg } from "../object/define.js";
import { isDict } from "../object/dict.js";
import { newNone, raise, raiseNone } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { decref, incref, isKindOf, setField } from "../object/header.js";
import { asInt32, asSsize, newBool, newInt } from "../object/int.js";
import { TypeFlag } from "../object/layout.js";
import { getString, isStr, newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { formatException } from "../object/traceback.js";
import { T } from "../object/types.js";
import { getHost } from "../vm/host.js";
import { systemThreadId, threadNumber } from "../vm/machine.js";
import { interruptMain, Signal } from "../vm/signals.js";
import { VmState } from "../vm/state.js";
import { countThreads, currentIdent, slotOf, startThread } from "../vm/threadstart.js";
import { stateOf } from "../vm/threadstate.js";
import { MAX_TIMEOUT_S, newLock } from "./locks.js";
import { setModuleItem } from "./moduletypes.js";

const I32 = heap.I32;

/** Least stack size of a thread that a program may ask for (H26). */
const MIN_STACK_BYTES = 32768;

function startNewThread(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("start_new_thread", nargs, 2, 3)) return 0;
  const kwargs = nargs === 3 ? I32[args + 2] : 0;
  if (!isCallable(I32[args])) return raise(T.TypeError, "first arg must be callable");
  if (!isKindOf(I32[args + 1], TypeFlag.TupleSubclass)) {
    return raise(T.TypeError, "2nd arg must be a tuple");
  }
  if (kwargs !== 0 && !isDict(kwargs)) {
    return raise(T.TypeError, "optional 3rd arg must be a dictionary");
  }
  const ident = startThread(I32[args], I32[args + 1], kwargs);
  return ident === 0 ? 0 : newInt(ident);
}

function getNativeId(): Addr {
  return newInt(threadNumber(currentIdent(), systemThreadId));
}

function stackSize(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("stack_size", nargs, 0, 1)) return 0;
  const old = I32[VmState.StackSize];
  if (nargs === 1) {
    const size = asSsize(I32[args]);
    if (Number.isNaN(size)) return 0;
    if (size < 0) return raise(T.ValueError, "size must be 0 or a positive value");
    if (size !== 0 && size < MIN_STACK_BYTES) {
      return raise(T.ValueError, `size not valid: ${size} bytes`);
    }
    I32[VmState.StackSize] = Math.min(size, 0x7fffffff);
  }
  return newInt(old);
}

function interrupt(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("interrupt_main", nargs, 0, 1)) return 0;
  const signum = nargs === 0 ? Signal.Interrupt : asInt32(I32[args]);
  if (Number.isNaN(signum)) return 0;
  if (signum < 1 || signum > Signal.Last) {
    return raise(T.ValueError, "signal number out of range");
  }
  interruptMain(signum);
  return newNone();
}

/** The traceback of an exception as text, for `threading.excepthook`. */
function exceptionText(_: Addr, exc: Addr): Addr {
  return newStr(formatException(exc));
}

/** Does a thread with this identity run, or will it? */
function isAlive(_: Addr, ident: Addr): Addr {
  const number = asSsize(ident);
  return Number.isNaN(number) ? 0 : newBool(slotOf(number) < 0 ? 0 : 1);
}

/** Tell the trace and the interpreter loop what a thread is called: (ident, name). */
function nameThread(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_name_thread", nargs, 2, 2)) return 0;
  const ident = asSsize(I32[args]);
  if (Number.isNaN(ident)) return 0;
  const slot = slotOf(ident);
  if (slot < 0 || !isStr(I32[args + 1])) return newNone();
  setField(stateOf(slot) + ThreadState.Name, incref(I32[args + 1]));
  getHost().nameThread(getString(I32[args + 1]), slot);
  return newNone();
}

/** A lock that is released when the running thread ends. */
function setSentinel(): Addr {
  const lock = newLock();
  if (lock === 0) return 0;
  setField(thread.state + ThreadState.Sentinel, incref(lock));
  return lock;
}

defineModule({
  name: "_thread",
  doc:
    "This module provides primitive operations to write multi-threaded programs.\n" +
    "The 'threading' module provides a more convenient interface.",
  functions: [
    fast("start_new_thread", startNewThread),
    fast("start_new", startNewThread),
    noArgs("allocate_lock", newLock),
    noArgs("allocate", newLock),
    noArgs("exit", () => raiseNone(T.SystemExit)),
    noArgs("exit_thread", () => raiseNone(T.SystemExit)),
    noArgs("get_ident", () => newInt(currentIdent() >>> 0)),
    noArgs("get_native_id", getNativeId),
    noArgs("_count", () => newInt(countThreads())),
    fast("stack_size", stackSize),
    fast("interrupt_main", interrupt),
    noArgs("_set_sentinel", setSentinel),
    oneArg("_is_alive", isAlive),
    fast("_name_thread", nameThread),
    oneArg("_format_exception", exceptionText),
  ],
  setup: (_module, dict) => {
    getHost().expectThreads();
    for (const [name, type] of [
      ["LockType", T.Lock],
      ["RLock", T.RLock],
      ["_local", T.ThreadLocal],
      ["error", T.RuntimeError],
    ] as [string, Addr][]) {
      if (setModuleItem(dict, name, type) < 0) return -1;
    }
    const limit = newFloat(MAX_TIMEOUT_S);
    const status = limit === 0 ? -1 : setModuleItem(dict, "TIMEOUT_MAX", limit);
    if (limit !== 0) decref(limit);
    return status;
  },
});
