/**
 * The native part of `signal`, whose constants become enum members in python/signal.py. Handlers
 * run in MainThread (vm/signals.ts); what the system does with a signal is set by the host.
 */
import { constants } from "node:os";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { call2, isCallable } from "../object/call.js";
import { defineModule, fast, oneArg } from "../object/define.js";
import { newDict } from "../object/dict.js";
import { newNone, raise, raiseException, raiseNone } from "../object/errors.js";
import { clearField, decref, incref } from "../object/header.js";
import { asInt32, newInt } from "../object/int.js";
import { newStr } from "../object/str.js";
import { S, T } from "../object/types.js";
import { getHost } from "../vm/host.js";
import {
  Disposition,
  dispositionOf,
  getHandler,
  inMainThread,
  isHandled,
  runTrippedHandlers,
  Signal,
  setHandler,
  tripSignal,
} from "../vm/signals.js";
import { VmState } from "../vm/state.js";
import { setModuleItem } from "./moduletypes.js";

const I32 = heap.I32;

const EINVAL = 22;

/** Names that Linux's C library gives to signals 1…31. */
const DESCRIPTIONS = [
  "Hangup",
  "Interrupt",
  "Quit",
  "Illegal instruction",
  "Trace/breakpoint trap",
  "Aborted",
  "Bus error",
  "Floating point exception",
  "Killed",
  "User defined signal 1",
  "Segmentation fault",
  "User defined signal 2",
  "Broken pipe",
  "Alarm clock",
  "Terminated",
  "Stack fault",
  "Child exited",
  "Continued",
  "Stopped (signal)",
  "Stopped",
  "Stopped (tty input)",
  "Stopped (tty output)",
  "Urgent I/O condition",
  "CPU time limit exceeded",
  "File size limit exceeded",
  "Virtual timer expired",
  "Profiling timer expired",
  "Window changed",
  "I/O possible",
  "Power failure",
  "Bad system call",
];

/** Signals CPython ignores from the start: SIGPIPE, SIGXFSZ. */
const IGNORED = [13, 25];

/** A signal number, or NaN with an exception pending. */
function signalNumber(value: Addr): number {
  const signum = asInt32(value);
  if (Number.isNaN(signum)) return signum;
  if (signum >= 1 && signum <= Signal.Last) return signum;
  raise(T.ValueError, "signal number out of range");
  return Number.NaN;
}

function raiseInvalid(): 0 {
  const errno = newInt(EINVAL);
  const text = newStr("Invalid argument");
  const error = errno === 0 || text === 0 ? 0 : call2(T.OSError, errno, text);
  if (errno !== 0) decref(errno);
  if (text !== 0) decref(text);
  return error === 0 ? 0 : raiseException(error);
}

function nodeName(signum: number): NodeJS.Signals | null {
  for (const [name, number] of Object.entries(constants.signals)) {
    if (number === signum) return name as NodeJS.Signals;
  }
  return null;
}

function signalSignal(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("signal", nargs, 2, 2)) return 0;
  const given = asInt32(I32[args]);
  if (Number.isNaN(given)) return 0;
  if (!inMainThread()) {
    return raise(T.ValueError, "signal only works in main thread of the main interpreter");
  }
  const signum = signalNumber(I32[args]);
  if (Number.isNaN(signum)) return 0;
  const handler = I32[args + 1];
  const disposition = dispositionOf(handler);
  if (disposition < 0 && !isCallable(handler)) {
    return raise(
      T.TypeError,
      "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object",
    );
  }
  const name = nodeName(signum);
  if (name === "SIGKILL" || name === "SIGSTOP") return raiseInvalid();
  if (runTrippedHandlers() < 0) return 0;
  const old = getHandler(signum);
  if (old !== 0) incref(old);
  if (name !== null) getHost().watchSignal(signum, name, disposition);
  if (setHandler(signum, handler) < 0) return 0;
  return old === 0 ? newNone() : old;
}

function signalGetsignal(_: Addr, value: Addr): Addr {
  const signum = signalNumber(value);
  if (Number.isNaN(signum)) return 0;
  const handler = getHandler(signum);
  return handler === 0 ? newNone() : incref(handler);
}

function signalRaise(_: Addr, value: Addr): Addr {
  const signum = asInt32(value);
  if (Number.isNaN(signum)) return 0;
  if (signum < 1 || signum > Signal.LastTripped) return raiseInvalid();
  const handler = getHandler(signum);
  if (isHandled(signum)) {
    tripSignal(signum);
    if (inMainThread() && runTrippedHandlers() < 0) return 0;
  } else if (handler === 0 || dispositionOf(handler) === Disposition.Default) {
    process.kill(process.pid, signum);
  }
  return newNone();
}

function signalStrsignal(_: Addr, value: Addr): Addr {
  const signum = signalNumber(value);
  if (Number.isNaN(signum)) return 0;
  return signum <= DESCRIPTIONS.length ? newStr(DESCRIPTIONS[signum - 1]) : newNone();
}

function defaultIntHandler(_: Addr, _args: Addr, nargs: number): Addr {
  if (!checkArity("default_int_handler", nargs, 2, 2)) return 0;
  return raiseNone(T.KeyboardInterrupt);
}

function setup(_module: Addr, dict: Addr): number {
  for (const [name, number] of Object.entries({ ...constants.signals, NSIG: Signal.Last + 1 })) {
    const value = newInt(number);
    const status = value === 0 ? -1 : setModuleItem(dict, name, value);
    if (value !== 0) decref(value);
    if (status < 0) return -1;
  }
  if (setModuleItem(dict, "SIG_DFL", S.Zero) < 0 || setModuleItem(dict, "SIG_IGN", S.One) < 0) {
    return -1;
  }
  return 0;
}

/** The handlers at the start: KeyboardInterrupt for SIGINT, the system's action for the others. */
function installHandlers(_: Addr, onInterrupt: Addr): Addr {
  if (I32[VmState.SignalHandlers] !== 0) return newNone();
  const handlers = newDict();
  if (handlers === 0) return 0;
  I32[VmState.SignalHandlers] = handlers;
  for (let signum = 1; signum <= DESCRIPTIONS.length; signum++) {
    let handler = IGNORED.includes(signum) ? S.One : S.Zero;
    if (signum === Signal.Interrupt) handler = onInterrupt;
    if (setHandler(signum, handler) < 0) {
      clearField(VmState.SignalHandlers);
      return 0;
    }
  }
  return newNone();
}

defineModule({
  name: "_signal",
  doc: "This module provides mechanisms to use signal handlers in Python.",
  functions: [
    fast("signal", signalSignal),
    oneArg("getsignal", signalGetsignal),
    oneArg("raise_signal", signalRaise),
    oneArg("strsignal", signalStrsignal),
    fast("default_int_handler", defaultIntHandler),
    oneArg("_install", installHandlers),
  ],
  setup,
});
