/**
 * Signals (G31–G33, H39–H40): whoever learns of one sets its bit among the tripped ones and asks
 * MainThread to look around; MainThread runs the Python handlers between two instructions, in
 * increasing signal number. Handlers stand in the dict VmState.SignalHandlers once `signal` was
 * imported; until then SIGINT raises KeyboardInterrupt.
 */
import { Breaker, Gil } from "../gil/words.js";
import { type Addr, heap } from "../memory/heap.js";
import { Control, Region, ThreadState } from "../memory/layout.js";
import { call2 } from "../object/call.js";
import { dictGet, dictSet } from "../object/dict.js";
import { raiseNone } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { thread } from "../object/thread.js";
import { S, T } from "../object/types.js";
import { setSignalRunner } from "./breaker.js";
import { newCallerFrame } from "./frameobject.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

export const enum Signal {
  Interrupt = 2,
  /** Highest number that `signal` knows (`signal.NSIG - 1`). */
  Last = 64,
  /** Highest number that can be tripped: one bit each. */
  LastTripped = 31,
}

/** Values of a handler that are no functions. */
export const enum Disposition {
  Default = 0,
  Ignore = 1,
}

/** The handler of `signum` in the dict of handlers: borrowed, 0 where there is none. */
export function getHandler(signum: number): Addr {
  const handlers = I32[VmState.SignalHandlers];
  if (handlers === 0) return 0;
  const key = newInt(signum);
  if (key === 0) return 0;
  const handler = dictGet(handlers, key);
  decref(key);
  return handler;
}

/** Set the handler of `signum` (borrowed). */
export function setHandler(signum: number, handler: Addr): number {
  const key = newInt(signum);
  if (key === 0) return -1;
  const status = dictSet(I32[VmState.SignalHandlers], key, handler);
  decref(key);
  return status;
}

/** Is `handler` one of the two that are no functions, as its number? -1: a function. */
export function dispositionOf(handler: Addr): number {
  if (handler === S.Zero + Disposition.Default * 8) return Disposition.Default;
  if (handler === S.Zero + Disposition.Ignore * 8) return Disposition.Ignore;
  return -1;
}

/** Does Python code (or KeyboardInterrupt) answer `signum`? */
export function isHandled(signum: number): boolean {
  const handler = getHandler(signum);
  if (handler === 0) return I32[VmState.SignalHandlers] === 0 && signum === Signal.Interrupt;
  return dispositionOf(handler) < 0 && handler !== S.None;
}

/** Mark `signum` as tripped, as its arrival does. */
export function tripSignal(signum: number): void {
  Atomics.or(I32, Control.SignalsTripped, 1 << signum);
  Atomics.or(I32, Region.Gil + Gil.EvalBreaker, Breaker.Signals);
}

/** `_thread.interrupt_main`: as if `signum` had arrived; nothing where nobody handles it. */
export function interruptMain(signum: number): void {
  if (signum <= Signal.LastTripped && isHandled(signum)) tripSignal(signum);
}

/** Is this MainThread? */
export function inMainThread(): boolean {
  return I32[thread.state + ThreadState.IsMain] !== 0;
}

/** Run the handlers of the signals tripped so far; -1 when one raised: the others stay (G31). */
export function runTrippedHandlers(): number {
  for (;;) {
    const tripped = Atomics.load(I32, Control.SignalsTripped);
    if (tripped === 0) return 0;
    const signum = 31 - Math.clz32(tripped & -tripped);
    Atomics.and(I32, Control.SignalsTripped, ~(1 << signum));
    if (runHandler(signum) < 0) {
      if (Atomics.load(I32, Control.SignalsTripped) !== 0) {
        Atomics.or(I32, Region.Gil + Gil.EvalBreaker, Breaker.Signals);
      }
      return -1;
    }
  }
}

function runHandler(signum: number): number {
  if (!isHandled(signum)) return 0;
  const handler = getHandler(signum);
  if (handler === 0) {
    raiseNone(T.KeyboardInterrupt);
    return -1;
  }
  incref(handler);
  const number = newInt(signum);
  const running = I32[thread.state + ThreadState.Frame] !== 0;
  const frame = running ? newCallerFrame(0) : incref(S.None);
  const result = number === 0 || frame === 0 ? 0 : call2(handler, number, frame);
  if (number !== 0) decref(number);
  if (frame !== 0) decref(frame);
  decref(handler);
  if (result === 0) return -1;
  decref(result);
  return 0;
}

setSignalRunner(runTrippedHandlers);
