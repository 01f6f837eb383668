/**
 * Functions of `sys` that only some disciplines of the lock have: the check interval of Python 2.7
 * (T17), and the priorities of threads, which are takegil's own.
 */
import { Priority } from "../gil/priority.js";
import { TickLock } from "../gil/ticks.js";
import type { Addr } from "../memory/heap.js";
import { type MethodDef, noArgs, oneArg } from "../object/define.js";
import { dictDeleteStr } from "../object/dict.js";
import { newNone, raise } from "../object/errors.js";
import { decref } from "../object/header.js";
import { asInt32, newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import { T } from "../object/types.js";
import { currentLock, currentSlot } from "../vm/breaker.js";

/** Priorities a program may give its threads. */
const enum ThreadPriority {
  Least = -128,
  Most = 127,
}

function sysSetcheckinterval(_: Addr, value: Addr): Addr {
  const instructions = asInt32(value);
  if (Number.isNaN(instructions)) return 0;
  currentLock().setCheckInterval(instructions);
  return newNone();
}

/** `sys.setthreadpriority(n)`: of the calling thread. */
function sysSetthreadpriority(_: Addr, value: Addr): Addr {
  const priority = asInt32(value);
  if (Number.isNaN(priority)) return 0;
  if (priority < ThreadPriority.Least || priority > ThreadPriority.Most) {
    const range = `from ${ThreadPriority.Least} to ${ThreadPriority.Most}`;
    return raise(T.ValueError, `a thread's priority must be ${range}`);
  }
  const lock = currentLock();
  if (lock instanceof Priority) lock.setPriority(currentSlot(), priority);
  return newNone();
}

function sysGetthreadpriority(): Addr {
  const lock = currentLock();
  return newInt(lock instanceof Priority ? lock.getPriority(currentSlot()) : 0);
}

const tickFunctions: readonly MethodDef[] = [
  oneArg("setcheckinterval", sysSetcheckinterval),
  noArgs("getcheckinterval", () => newInt(currentLock().getCheckInterval())),
];

const priorityFunctions: readonly MethodDef[] = [
  oneArg("setthreadpriority", sysSetthreadpriority),
  noArgs("getthreadpriority", sysGetthreadpriority),
];

/** All of them, for the module's declaration. */
export const gilFunctions: readonly MethodDef[] = [...tickFunctions, ...priorityFunctions];

/** Take those out of the module's dict that the run's discipline does not have. */
export function dropForeignFunctions(dict: Addr): boolean {
  const lock = currentLock();
  const foreign = [
    ...(lock instanceof TickLock ? [] : tickFunctions),
    ...(lock instanceof Priority ? [] : priorityFunctions),
  ];
  return foreign.every(({ name }) => {
    const key = newInterned(name);
    if (key === 0) return false;
    const status = dictDeleteStr(dict, key);
    decref(key);
    return status >= 0;
  });
}
