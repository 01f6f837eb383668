/** Exceptions about source and modules: SyntaxError from the compiler, ImportError. */
import { type Addr, heap } from "../memory/heap.js";
import { callTuple } from "../object/call.js";
import { raise, raiseException } from "../object/errors.js";
import { decref, incref, typeOf } from "../object/header.js";
import { newInt } from "../object/int.js";
import { TupleObject } from "../object/layout.js";
import { ExceptionField } from "../object/nameerrors.js";
import { newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import type { CompileError } from "./host.js";

const I32 = heap.I32;

/** Raise ImportError (or a subclass) about module `name`, found at `path` if anywhere. */
export function raiseImportError(
  type: Addr,
  message: string,
  name: string,
  path: string | null,
): 0 {
  raise(type, message);
  const exc = thread.pending;
  // Without memory for it, a MemoryError: that has no such fields.
  if (exc === 0 || typeOf(exc) !== type) return 0;
  I32[exc + ExceptionField.ImportName] = newStr(name);
  I32[exc + ExceptionField.ImportPath] = path === null ? 0 : newStr(path);
  return 0;
}

const errorTypes = {
  SyntaxError: T.SyntaxError,
  IndentationError: T.IndentationError,
  TabError: T.TabError,
  ValueError: T.ValueError,
  RecursionError: T.RecursionError,
  MemoryError: T.MemoryError,
  OverflowError: T.OverflowError,
} as const;

function newOptionalInt(value: number | null): Addr {
  return value === null ? incref(S.None) : newInt(value);
}

function newOptionalStr(value: string | null): Addr {
  return value === null ? incref(S.None) : newStr(value);
}

/** A tuple that takes the references of `items` over; 0 if one of them is 0. */
function newTupleOf(items: readonly Addr[]): Addr {
  const tuple = items.includes(0) ? 0 : newTuple(items.length);
  items.forEach((item, i) => {
    if (tuple !== 0) I32[tuple + TupleObject.Items + 2 * i] = item;
    else if (item !== 0) decref(item);
  });
  return tuple;
}

/** Raise what the compiler found: `SyntaxError(msg, (file, line, offset, text, end …))`. */
export function raiseCompileError(error: CompileError): 0 {
  const type = errorTypes[error.type];
  if (type < T.SyntaxError || type > T.TabError) return raise(type, error.msg);
  const place = newTupleOf([
    newStr(error.filename),
    newOptionalInt(error.lineno),
    newOptionalInt(error.offset),
    newOptionalStr(error.text),
    newOptionalInt(error.endLineno),
    newOptionalInt(error.endOffset),
  ]);
  if (place === 0) return 0;
  const args = newTupleOf([newStr(error.msg), place]);
  if (args === 0) return 0;
  const exc = callTuple(type, args, 0);
  decref(args);
  return exc === 0 ? 0 : raiseException(exc);
}
