/** OSError from errno, with the texts of Linux's C library. */
import { type Addr, heap } from "../memory/heap.js";
import { callTuple } from "../object/call.js";
import { raiseException } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { TupleObject } from "../object/layout.js";
import { newStr } from "../object/str.js";
import { newTuple, newTuple2, newTuple3 } from "../object/tuple.js";
import { S, T } from "../object/types.js";

const I32 = heap.I32;

const MESSAGES: Readonly<Record<number, string>> = {
  0: "Success",
  1: "Operation not permitted",
  2: "No such file or directory",
  3: "No such process",
  4: "Interrupted system call",
  5: "Input/output error",
  6: "No such device or address",
  7: "Argument list too long",
  8: "Exec format error",
  9: "Bad file descriptor",
  10: "No child processes",
  11: "Resource temporarily unavailable",
  12: "Cannot allocate memory",
  13: "Permission denied",
  14: "Bad address",
  15: "Block device required",
  16: "Device or resource busy",
  17: "File exists",
  18: "Invalid cross-device link",
  19: "No such device",
  20: "Not a directory",
  21: "Is a directory",
  22: "Invalid argument",
  23: "Too many open files in system",
  24: "Too many open files",
  25: "Inappropriate ioctl for device",
  26: "Text file busy",
  27: "File too large",
  28: "No space left on device",
  29: "Illegal seek",
  30: "Read-only file system",
  31: "Too many links",
  32: "Broken pipe",
  33: "Numerical argument out of domain",
  34: "Numerical result out of range",
  36: "File name too long",
  38: "Function not implemented",
  39: "Directory not empty",
  40: "Too many levels of symbolic links",
  95: "Operation not supported",
  98: "Address already in use",
  104: "Connection reset by peer",
  110: "Connection timed out",
  111: "Connection refused",
};

/** `os.strerror`. */
export function errorText(errno: number): string {
  return MESSAGES[errno] ?? `Unknown error ${errno}`;
}

/** Raise OSError about `errno`, and about `path` and `path2` where given (borrowed, 0: none). */
export function raiseOsError(errno: number, path: Addr = 0, path2: Addr = 0): 0 {
  const code = newInt(errno);
  const text = newStr(errorText(errno));
  let args: Addr;
  if (code === 0 || text === 0) args = 0;
  else if (path2 !== 0) {
    args = newTuple(5);
    const items = [code, text, path, S.None, path2];
    for (const [i, item] of items.entries()) {
      if (args !== 0) I32[args + TupleObject.Items + 2 * i] = incref(item);
    }
  } else args = path === 0 ? newTuple2(code, text) : newTuple3(code, text, path);
  if (code !== 0) decref(code);
  if (text !== 0) decref(text);
  if (args === 0) return 0;
  const error = callTuple(T.OSError, args, 0);
  decref(args);
  return error === 0 ? 0 : raiseException(error);
}
