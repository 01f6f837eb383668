/**
 * What processes share: counters in the kernel, which semaphores are made of, and files in memory,
 * which Value and Array are made of. Both are descriptors, so nothing is left behind by a process
 * that is killed, and there is nothing to map into a heap.
 */
import { ftruncateSync, readFileSync, readSync, writeSync } from "node:fs";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { bytesLength, getBytes, isBytes, newBytes } from "../object/bytes.js";
import { fast, oneArg } from "../object/define.js";
import { newNone, pending, raise } from "../object/errors.js";
import { asDouble, newFloat } from "../object/float.js";
import { decref } from "../object/header.js";
import {
  asIndex,
  asInt32,
  failed,
  getBig,
  newBool,
  newInt,
  newIntFromBig,
  numberIndex,
} from "../object/int.js";
import { listAppendSteal, newList } from "../object/list.js";
import { isTrue } from "../object/number.js";
import { getString } from "../object/str.js";
import { S, T } from "../object/types.js";
import { withoutLockUntil } from "../vm/blocking.js";
import { getHost } from "../vm/host.js";
import type { SharingCalls } from "../vm/processes.js";
import { raiseOsError } from "./oserror.js";
import { ENOSYS, errnoOf, system } from "./systemcall.js";

const I32 = heap.I32;

const EAGAIN = 11;
const POLL_IN = 1;

/** A new descriptor as an int, or OSError. */
function newDescriptor(make: (calls: SharingCalls) => number): Addr {
  const calls = getHost().sharingCalls;
  if (calls === null) return raiseOsError(ENOSYS);
  const fd = make(calls);
  return fd < 0 ? raiseOsError(calls.errno()) : newInt(fd);
}

// --- semaphores ---

function newSemaphore(_: Addr, value: Addr): Addr {
  const count = asInt32(value);
  return Number.isNaN(count) ? 0 : newDescriptor((calls) => calls.semaphore(count));
}

/** One try: true, or false while the counter is 0; undefined with OSError pending. */
function tryLower(calls: SharingCalls, fd: number): boolean | number {
  if (calls.lower(fd) > 0) return true;
  const errno = calls.errno();
  return errno === EAGAIN ? false : errno;
}

const polled = new Int32Array(2);

/**
 * Lower the counter, waiting while it is 0 if `block`, for `timeout` seconds unless that is None.
 * The first try keeps the GIL (I26).
 */
function lower(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("lower", nargs, 3, 3)) return 0;
  const fd = asInt32(I32[args]);
  const blocks = isTrue(I32[args + 1]) === 1;
  const bounded = I32[args + 2] !== S.None;
  const seconds = bounded ? asDouble(I32[args + 2]) : Number.POSITIVE_INFINITY;
  if (pending()) return 0;
  const { sharingCalls: calls, libc } = getHost();
  if (calls === null || libc === null) return raiseOsError(ENOSYS);
  let result = tryLower(calls, fd);
  if (result === false && blocks) {
    const end = performance.now() + seconds * 1000;
    const waited = withoutLockUntil((sliceMs) => {
      const left = Math.max(0, end - performance.now());
      polled[0] = fd;
      polled[1] = POLL_IN;
      // Rounded up: poll counts whole milliseconds, and a wait must not end early.
      libc.poll(polled, Math.ceil(Math.min(sliceMs, left)));
      const tried = tryLower(calls, fd);
      return tried === false && performance.now() < end ? undefined : tried;
    });
    if (waited === undefined) return 0;
    result = waited;
  }
  return typeof result === "number" ? raiseOsError(result) : newBool(result);
}

/** `raise_(fd, is_lock)`: raise the counter; False when it is a lock's and not 0. */
function raiseCounter(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("raise_", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const { sharingCalls: calls, libc } = getHost();
  if (Number.isNaN(fd) || calls === null || libc === null)
    return pending() ? 0 : raiseOsError(ENOSYS);
  if (isTrue(I32[args + 1]) === 1) {
    polled[0] = fd;
    polled[1] = POLL_IN;
    if (libc.poll(polled, 0) > 0) return newBool(false);
  }
  return calls.raise(fd) < 0 ? raiseOsError(calls.errno()) : newBool(true);
}

/** The counter's value, which others may change meanwhile. */
function level(_: Addr, value: Addr): Addr {
  const fd = asInt32(value);
  if (Number.isNaN(fd)) return 0;
  try {
    const text = readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
    return newInt(Number.parseInt(/eventfd-count:\s*([0-9a-f]+)/.exec(text)?.[1] ?? "0", 16));
  } catch (error) {
    return raiseOsError(errnoOf(error));
  }
}

// --- items in a memory file ---

function newMemory(_: Addr, value: Addr): Addr {
  const size = asIndex(value);
  if (failed(size)) return 0;
  const fd = newDescriptor((calls) => calls.memoryFile("takegil"));
  if (fd === 0) return 0;
  system(() => ftruncateSync(asInt32(fd), size));
  if (!pending()) return fd;
  decref(fd);
  return 0;
}

/** How an item of a type code is kept; codes as the modules array and ctypes have them. */
interface Item {
  size: number;
  get(view: DataView, at: number): Addr;
  /** False with an exception pending. */
  set(view: DataView, at: number, value: Addr): boolean;
}

function bigOf(value: Addr): bigint | null {
  const index = numberIndex(value);
  if (index === 0) return null;
  const big = getBig(index);
  decref(index);
  return big;
}

/** A number of `size` bytes; what does not fit is cut off, as C does. */
function integer(size: 1 | 2 | 4 | 8, signed: boolean): Item {
  const bits = 8 * size;
  return {
    size,
    get(view, at) {
      const low = size === 8 ? view.getBigUint64(at, true) : BigInt(smallUint(view, at, size));
      const value = signed ? BigInt.asIntN(bits, low) : low;
      return size === 8 ? newIntFromBig(value) : newInt(Number(value));
    },
    set(view, at, value) {
      const big = bigOf(value);
      if (big === null) return false;
      const low = BigInt.asUintN(bits, big);
      if (size === 8) view.setBigUint64(at, low, true);
      else setSmallUint(view, at, size, Number(low));
      return true;
    },
  };
}

function smallUint(view: DataView, at: number, size: 1 | 2 | 4): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
}

function setSmallUint(view: DataView, at: number, size: 1 | 2 | 4, value: number): void {
  if (size === 1) view.setUint8(at, value);
  else if (size === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
}

function real(size: 4 | 8): Item {
  return {
    size,
    get: (view, at) => newFloat(size === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true)),
    set(view, at, value) {
      const number = asDouble(value);
      if (pending()) return false;
      if (size === 4) view.setFloat32(at, number, true);
      else view.setFloat64(at, number, true);
      return true;
    },
  };
}

const character: Item = {
  size: 1,
  get: (view, at) => newBytes(Uint8Array.of(view.getUint8(at))),
  set(view, at, value) {
    if (!isBytes(value) || bytesLength(value) !== 1) {
      raise(T.TypeError, "one character bytes, bytearray or integer expected");
      return false;
    }
    view.setUint8(at, getBytes(value)[0]);
    return true;
  },
};

const items: Readonly<Record<string, Item>> = {
  c: character,
  b: integer(1, true),
  B: integer(1, false),
  h: integer(2, true),
  H: integer(2, false),
  i: integer(4, true),
  I: integer(4, false),
  l: integer(8, true),
  L: integer(8, false),
  q: integer(8, true),
  Q: integer(8, false),
  f: real(4),
  d: real(8),
};

/** Bytes of an item of a type code, 0 for an unknown one. */
function itemSize(_: Addr, code: Addr): Addr {
  return newInt(items[getString(code)]?.size ?? 0);
}

/** `load(fd, code, index, count)`: a list of items. */
function load(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("load", nargs, 4, 4)) return 0;
  const fd = asInt32(I32[args]);
  const item = items[getString(I32[args + 1])];
  const index = asIndex(I32[args + 2]);
  const count = asIndex(I32[args + 3]);
  if (pending()) return 0;
  const bytes = new Uint8Array(count * item.size);
  try {
    // Memory waits for nobody: the GIL stays held, as by a load from shared memory.
    readSync(fd, bytes, 0, bytes.length, index * item.size);
  } catch (error) {
    return raiseOsError(errnoOf(error));
  }
  const list = newList(0);
  const view = new DataView(bytes.buffer);
  for (let i = 0; list !== 0 && i < count; i++) {
    const value = item.get(view, i * item.size);
    if (value === 0 || listAppendSteal(list, value) < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

/** `store(fd, code, index, value)` */
function store(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("store", nargs, 4, 4)) return 0;
  const fd = asInt32(I32[args]);
  const item = items[getString(I32[args + 1])];
  const index = asIndex(I32[args + 2]);
  const bytes = new Uint8Array(item.size);
  if (pending() || !item.set(new DataView(bytes.buffer), 0, I32[args + 3])) return 0;
  let errno = 0;
  try {
    writeSync(fd, bytes, 0, bytes.length, index * item.size);
  } catch (error) {
    errno = errnoOf(error);
  }
  return errno === 0 ? newNone() : raiseOsError(errno);
}

/** Their part of module `_multiprocessing`. */
export const sharingFunctions = [
  oneArg("semaphore", newSemaphore),
  fast("lower", lower),
  fast("raise_", raiseCounter),
  oneArg("level", level),
  oneArg("memory", newMemory),
  oneArg("item_size", itemSize),
  fast("load", load),
  fast("store", store),
];
