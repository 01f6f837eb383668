/** The functions of `os` on the cores that threads may run on. None gives the GIL away. */
import { type Addr, heap } from "../memory/heap.js";
import { getIter, iterNext } from "../object/abstract.js";
import { fast, oneArg } from "../object/define.js";
import { newNone, pending, raise } from "../object/errors.js";
import { decref } from "../object/header.js";
import { asInt32, intToNumber, isInt, newInt } from "../object/int.js";
import { Head } from "../object/layout.js";
import { newSet, setAdd } from "../object/set.js";
import { typeFullName } from "../object/typeobject.js";
import { T } from "../object/types.js";
import { chooseCores, coresOf } from "../vm/affinity.js";
import { raiseOsError } from "./oserror.js";

const I32 = heap.I32;

/** Greatest number of a core: C's int, less one. */
const LAST_CORE = 0x7ffffffe;

function getAffinity(_: Addr, pid: Addr): Addr {
  const thread = asInt32(pid);
  if (Number.isNaN(thread)) return 0;
  const cores = coresOf(thread);
  if (typeof cores === "number") return raiseOsError(cores);
  const set = newSet(0);
  for (const core of cores) {
    const item = set === 0 ? 0 : newInt(core);
    if (item !== 0 && setAdd(set, item) >= 0) decref(item);
    else return fail(set, item);
  }
  return set;
}

function fail(...owned: Addr[]): 0 {
  for (const object of owned) if (object !== 0) decref(object);
  return 0;
}

/** The number of a core that an iterable gave, a reference that is used up; NaN if it is none. */
function takeCore(item: Addr): number {
  let core = Number.NaN;
  if (!isInt(item)) {
    const kind = typeFullName(I32[item + Head.Type]);
    raise(T.TypeError, `expected an iterator of ints, but iterator yielded <class '${kind}'>`);
  } else {
    core = intToNumber(item);
    if (core < 0) raise(T.ValueError, "negative CPU number");
    else if (core > LAST_CORE) raise(T.OverflowError, "CPU number too large");
  }
  decref(item);
  return pending() ? Number.NaN : core;
}

function setAffinity(_: Addr, args: Addr, nargs: number): Addr {
  if (nargs !== 2) {
    return raise(T.TypeError, `sched_setaffinity() takes exactly 2 arguments (${nargs} given)`);
  }
  const thread = asInt32(I32[args]);
  const iterator = Number.isNaN(thread) ? 0 : getIter(I32[args + 1]);
  if (iterator === 0) return 0;
  const cores: number[] = [];
  for (let item = iterNext(iterator); item !== 0; item = iterNext(iterator)) {
    const core = takeCore(item);
    if (Number.isNaN(core)) break;
    cores.push(core);
  }
  decref(iterator);
  if (pending()) return 0;
  const errno = chooseCores(thread, cores);
  return errno === 0 ? newNone() : raiseOsError(errno);
}

export const coreFunctions = [
  oneArg("sched_getaffinity", getAffinity),
  fast("sched_setaffinity", setAffinity),
];
