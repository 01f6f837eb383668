/** What every function of `os` does: paths as arguments, a system call without the GIL, OSError. */
import type { Addr } from "../memory/heap.js";
import { getAttrOptional } from "../object/attribute.js";
import { getBytes } from "../object/bytes.js";
import { call0 } from "../object/call.js";
import { pending, raise, typeName } from "../object/errors.js";
import { decref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { TypeFlag } from "../object/layout.js";
import { getString, isStr } from "../object/str.js";
import { T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { raiseOsError } from "./oserror.js";

const ID_fspath = identifier("__fspath__");

/** What the system calls a function it does not have. */
export const ENOSYS = 38;

/** The text of a path argument; null with TypeError pending. */
export function pathArgument(fname: string, value: Addr, kinds: string): string | null {
  if (isStr(value)) return getString(value);
  if (isKindOf(value, TypeFlag.BytesSubclass)) return new TextDecoder().decode(getBytes(value));
  const method = getAttrOptional(value, ID_fspath);
  if (method !== 0) {
    const path = call0(method);
    decref(method);
    if (path === 0) return null;
    const text = isStr(path) ? getString(path) : null;
    if (text === null)
      raise(T.TypeError, `expected __fspath__() to return str, not ${typeName(path)}`);
    decref(path);
    return text;
  }
  if (!pending()) {
    raise(T.TypeError, `${fname}: path should be string, bytes${kinds}, not ${typeName(value)}`);
  }
  return null;
}

/** The number of the error that one of Node's functions threw. */
export function errnoOf(error: unknown): number {
  return Math.abs((error as NodeJS.ErrnoException).errno ?? ENOSYS);
}

/** Do a system call without the GIL; null with OSError about `path` pending. */
export function system<Result>(
  operation: () => Result,
  path: Addr = 0,
  path2: Addr = 0,
): Result | null {
  let errno = 0;
  const result = withoutLock(() => {
    try {
      return operation();
    } catch (error) {
      errno = errnoOf(error);
      return null;
    }
  });
  if (errno !== 0) raiseOsError(errno, path, path2);
  return errno === 0 ? result : null;
}
