/** Raising AttributeError and NameError with the fields that their messages' hints come from. */
import { type Addr, heap } from "../memory/heap.js";
import { raise } from "./errors.js";
import { incref, typeOf } from "./header.js";
import { TypeFlag, TypeObject } from "./layout.js";
import { getString } from "./str.js";
import { thread } from "./thread.js";
import { typeName } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** Fields that subclasses append; all are counted references, 0 when unset. */
export const enum ExceptionField {
  /** StopIteration. */
  Value = 18,
  /** SystemExit. */
  Code = 18,
  /** ImportError. */
  ImportMessage = 18,
  ImportName = 20,
  ImportPath = 22,
  /** OSError. */
  Errno = 18,
  StrError = 20,
  FileName = 22,
  FileName2 = 24,
  Written = 26,
  /** NameError. */
  Name = 18,
  /** AttributeError. */
  AttributeObject = 18,
  AttributeName = 20,
  /** SyntaxError. */
  SyntaxMessage = 18,
  SyntaxFileName = 20,
  SyntaxLine = 22,
  SyntaxOffset = 24,
  SyntaxText = 26,
  SyntaxEndLine = 28,
  SyntaxEndOffset = 30,
  SyntaxPrint = 32,
  /** Unicode errors. */
  Encoding = 18,
  UnicodeObject = 20,
  Start = 22,
  End = 24,
  Reason = 26,
  /** ExceptionGroup. */
  GroupMessage = 18,
  GroupExceptions = 20,
}

/** Raise the AttributeError for `object.name`, with `name` and `obj` set. */
export function raiseAttributeError(object: Addr, name: Addr): 0 {
  const type = typeOf(object);
  const shown = getString(name);
  const isClass = (I32[type + TypeObject.Flags] & TypeFlag.TypeSubclass) !== 0;
  const text = isClass
    ? `type object '${typeName(object)}' has no attribute '${shown}'`
    : `'${typeName(type)}' object has no attribute '${shown}'`;
  return raiseAttributeErrorText(object, name, text);
}

/** As {@link raiseAttributeError}, with another text. */
export function raiseAttributeErrorText(object: Addr, name: Addr, text: string): 0 {
  raise(T.AttributeError, text);
  const exc = thread.pending;
  if (exc === 0 || typeOf(exc) !== T.AttributeError) return 0;
  I32[exc + ExceptionField.AttributeObject] = incref(object);
  I32[exc + ExceptionField.AttributeName] = incref(name);
  return 0;
}

/** Raise a NameError (or `type`, derived from it) about the variable `name`. */
export function raiseNameError(type: Addr, name: Addr, text: string): 0 {
  raise(type, text);
  const exc = thread.pending;
  if (exc !== 0 && typeOf(exc) === type) I32[exc + ExceptionField.Name] = incref(name);
  return 0;
}
