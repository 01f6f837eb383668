/** The exception hierarchy below BaseException (Objects/exceptions.c of CPython 3.11). */

import { type Addr, heap } from "../memory/heap.js";
import { keywordCount } from "./arguments.js";
import { bytesData, isBytes } from "./bytes.js";
import {
  defineType,
  type GetSetDef,
  getSet,
  type MemberDef,
  type MethodDef,
  member,
  noArgs,
  type TypeDef,
} from "./define.js";
import { dictCopy, dictSetStr, newDict } from "./dict.js";
import { raise, raiseStatus } from "./errors.js";
import {
  exceptionInit,
  exceptionSlots,
  exceptionStr,
  layoutType,
  newException,
  setArgs,
} from "./exceptions.js";
import { decref, incref, setField, typeHasFlag, typeOf, xincref } from "./header.js";
import { identifier } from "./identifiers.js";
import { asSsize, intToNumber, isInt } from "./int.js";
import { ExceptionObject, Head, TupleObject, TypeFlag } from "./layout.js";
import { ExceptionField } from "./nameerrors.js";
import { tupleOf } from "./reduction.js";
import { reprObject, strObject } from "./repr.js";
import { slotsOf, type TypeSlots } from "./slots.js";
import { getString, isStr, newStr, strCodeAt, strLength } from "./str.js";
import { tupleFromStackBorrowed } from "./tuple.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;
const idName = identifier("name");
const idPath = identifier("path");

interface ExceptionShape {
  /** Reference fields beyond the base's layout. */
  fields?: number;
  slots?: Partial<TypeSlots>;
  members?: MemberDef[];
  getSets?: GetSetDef[];
  methods?: MethodDef[];
  doc?: string;
}

/** Name, type and base of every exception type, in the order of the hierarchy. */
export const exceptionDefs: { name: string; type: Addr; base: Addr }[] = [
  { name: "BaseException", type: T.BaseException, base: T.Object },
];

const bytesOf = new Map<Addr, number>([[T.BaseException, ExceptionObject.Bytes]]);

function define(type: Addr, name: string, base: Addr, shape: ExceptionShape = {}): void {
  const basicSize = (bytesOf.get(base) as number) + 8 * (shape.fields ?? 0);
  bytesOf.set(type, basicSize);
  exceptionDefs.push({ name, type, base });
  const def: TypeDef = {
    type,
    name,
    base,
    flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.ExceptionSubclass,
    basicSize,
    dictOffset: ExceptionObject.Dict,
    slots: { ...exceptionSlots, ...shape.slots },
    members: shape.members ?? [],
    getSets: shape.getSets ?? [],
    methods: shape.methods ?? [],
    doc: shape.doc ?? "",
  };
  defineType(def);
}

function field(name: string, offset: number): MemberDef {
  return member(name, offset, { readonly: false });
}

/** `init` that also keeps the first argument, or all of several, in a field. */
function keepArguments(offset: number, all: boolean) {
  return (self: Addr, args: Addr, nargs: number, kwnames: Addr): number => {
    if (exceptionInit(self, args, nargs, kwnames) < 0) return -1;
    if (nargs === 0) setField(self + offset, 0);
    else if (nargs > 1 && all) setField(self + offset, incref(I32[self + ExceptionObject.Args]));
    else setField(self + offset, incref(I32[args]));
    return 0;
  };
}

/** Keyword values of an exception's `__init__`: `names` at their fields, the rest positional. */
function keepKeywords(names: readonly string[], offsets: readonly number[]) {
  return (self: Addr, args: Addr, nargs: number, kwnames: Addr): number => {
    if (setArgs(self, args, nargs) < 0) return -1;
    const n = keywordCount(kwnames);
    for (let i = 0; i < n; i++) {
      const name = getString(I32[kwnames + TupleObject.Items + 2 * i]);
      const at = names.indexOf(name);
      if (at < 0) {
        const who = typeName(layoutType(typeOf(self)));
        return raiseStatus(T.TypeError, `'${name}' is an invalid keyword argument for ${who}()`);
      }
      setField(self + offsets[at], incref(I32[args + nargs + i]));
    }
    return 0;
  };
}

define(T.Exception, "Exception", T.BaseException, {
  doc: "Common base class for all non-exit exceptions.",
});
define(T.TypeError, "TypeError", T.Exception, { doc: "Inappropriate argument type." });
define(T.StopAsyncIteration, "StopAsyncIteration", T.Exception, {
  doc: "Signal the end from iterator.__anext__().",
});
define(T.StopIteration, "StopIteration", T.Exception, {
  fields: 1,
  slots: { init: keepArguments(ExceptionField.Value, false) },
  members: [field("value", ExceptionField.Value)],
  doc: "Signal the end from iterator.__next__().",
});
define(T.GeneratorExit, "GeneratorExit", T.BaseException, {
  doc: "Request that a generator exit.",
});
define(T.SystemExit, "SystemExit", T.BaseException, {
  fields: 1,
  slots: { init: keepArguments(ExceptionField.Code, true) },
  members: [field("code", ExceptionField.Code)],
  doc: "Request to exit from the interpreter.",
});
define(T.KeyboardInterrupt, "KeyboardInterrupt", T.BaseException, {
  doc: "Program interrupted by user.",
});

const setImport = keepKeywords(
  ["name", "path"],
  [ExceptionField.ImportName, ExceptionField.ImportPath],
);

define(T.ImportError, "ImportError", T.Exception, {
  fields: 3,
  slots: {
    init: (self, args, nargs, kwnames) => {
      if (setImport(self, args, nargs, kwnames) < 0) return -1;
      if (nargs === 1) setField(self + ExceptionField.ImportMessage, incref(I32[args]));
      return 0;
    },
    str: (self) => {
      const message = I32[self + ExceptionField.ImportMessage];
      return message !== 0 && typeOf(message) === T.Str ? incref(message) : exceptionStr(self);
    },
  },
  members: [
    field("msg", ExceptionField.ImportMessage),
    field("name", ExceptionField.ImportName),
    field("path", ExceptionField.ImportPath),
  ],
  methods: [noArgs("__reduce__", importReduce)],
  doc: "Import can't find module, or can't find name in module.",
});
define(T.ModuleNotFoundError, "ModuleNotFoundError", T.ImportError, { doc: "Module not found." });

/** The name and path stand in the state beside the attributes. */
function importReduce(self: Addr): Addr {
  const own = I32[self + ExceptionObject.Dict];
  const type = incref(typeOf(self));
  const args = incref(I32[self + ExceptionObject.Args]);
  const [name, path] = [
    I32[self + ExceptionField.ImportName],
    I32[self + ExceptionField.ImportPath],
  ];
  if (name === 0 && path === 0) {
    return tupleOf(own === 0 ? [type, args] : [type, args, incref(own)]);
  }
  const state = own === 0 ? newDict() : dictCopy(own);
  if (state !== 0 && name !== 0) dictSetStr(state, idName, name);
  if (state !== 0 && path !== 0) dictSetStr(state, idPath, path);
  return tupleOf([type, args, state]);
}

/** The arguments as they were given: the file names are kept apart. */
function osErrorReduce(self: Addr): Addr {
  const own = I32[self + ExceptionObject.Dict];
  let args = I32[self + ExceptionObject.Args];
  const file = I32[self + ExceptionField.FileName];
  if (I32[args + TupleObject.Size] === 2 && file !== 0) {
    const parts = [0, 2].map((i) => incref(I32[args + TupleObject.Items + i]));
    const second = I32[self + ExceptionField.FileName2];
    parts.push(incref(file));
    if (second !== 0) parts.push(incref(S.None), incref(second));
    args = tupleOf(parts);
  } else incref(args);
  const type = incref(typeOf(self));
  return tupleOf(own === 0 ? [type, args] : [type, args, incref(own)]);
}

/** errno values (Linux) and the types that OSError makes of them. */
const errnoTypes = new Map<number, Addr>([
  [11, T.BlockingIOError],
  [114, T.BlockingIOError],
  [115, T.BlockingIOError],
  [32, T.BrokenPipeError],
  [108, T.BrokenPipeError],
  [10, T.ChildProcessError],
  [103, T.ConnectionAbortedError],
  [111, T.ConnectionRefusedError],
  [104, T.ConnectionResetError],
  [17, T.FileExistsError],
  [2, T.FileNotFoundError],
  [21, T.IsADirectoryError],
  [20, T.NotADirectoryError],
  [4, T.InterruptedError],
  [13, T.PermissionError],
  [1, T.PermissionError],
  [3, T.ProcessLookupError],
  [110, T.TimeoutError],
]);

/** The type for `errno`, where `OSError` itself was called. */
function errnoType(errno: number): Addr {
  return errnoTypes.get(errno) ?? T.OSError;
}

function osErrorFields(self: Addr, args: Addr, nargs: number): number {
  if (nargs < 2 || nargs > 5) return 0;
  setField(self + ExceptionField.Errno, incref(I32[args]));
  setField(self + ExceptionField.StrError, incref(I32[args + 1]));
  if (nargs >= 3 && I32[args + 2] !== S.None) {
    if (typeOf(self) === T.BlockingIOError && isInt(I32[args + 2])) {
      setField(self + ExceptionField.Written, incref(I32[args + 2]));
      return 0;
    }
    setField(self + ExceptionField.FileName, incref(I32[args + 2]));
    if (nargs >= 5 && I32[args + 4] !== S.None) {
      setField(self + ExceptionField.FileName2, incref(I32[args + 4]));
    }
    return setArgs(self, args, 2);
  }
  return 0;
}

function osErrorNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  let made = type;
  if (type === T.OSError && nargs >= 2 && nargs <= 5 && isInt(I32[args])) {
    made = errnoType(intToNumber(I32[args]));
  }
  if (keywordCount(kwnames) > 0 && slotsOf(type).init === osErrorInit) {
    return raise(T.TypeError, `${typeName(type)}() takes no keyword arguments`);
  }
  const tuple = tupleFromStackBorrowed(args, nargs);
  if (tuple === 0) return 0;
  const exc = newException(made, tuple);
  if (exc === 0) return 0;
  // A subclass with an __init__ of its own calls OSError.__init__ if it wants the fields.
  if (slotsOf(type).init === osErrorInit && osErrorFields(exc, args, nargs) < 0) {
    decref(exc);
    return 0;
  }
  return exc;
}

function osErrorInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (slotsOf(typeOf(self)).init === osErrorInit) return 0;
  if (exceptionInit(self, args, nargs, kwnames) < 0) return -1;
  return osErrorFields(self, args, nargs);
}

/** `repr` or `str` of a field as text; null with an exception pending. */
function shown(value: Addr, convert: (o: Addr) => Addr): string | null {
  const text = convert(value === 0 ? S.None : value);
  if (text === 0) return null;
  const result = getString(text);
  decref(text);
  return result;
}

function osErrorStr(self: Addr): Addr {
  const errno = I32[self + ExceptionField.Errno];
  const message = I32[self + ExceptionField.StrError];
  const file = I32[self + ExceptionField.FileName];
  if (file === 0 && (errno === 0 || message === 0)) return exceptionStr(self);
  const head = `[Errno ${shown(errno, strObject)}] ${shown(message, strObject)}`;
  if (file === 0) return newStr(head);
  const second = I32[self + ExceptionField.FileName2];
  const tail = second === 0 ? "" : ` -> ${shown(second, reprObject)}`;
  return newStr(`${head}: ${shown(file, reprObject)}${tail}`);
}

define(T.OSError, "OSError", T.Exception, {
  fields: 5,
  slots: { new: osErrorNew, init: osErrorInit, str: osErrorStr },
  members: [
    field("errno", ExceptionField.Errno),
    field("strerror", ExceptionField.StrError),
    field("filename", ExceptionField.FileName),
    field("filename2", ExceptionField.FileName2),
  ],
  getSets: [
    getSet(
      "characters_written",
      (self) => {
        const written = I32[self + ExceptionField.Written];
        return written === 0 ? raise(T.AttributeError, "characters_written") : incref(written);
      },
      (self, value) => {
        if (value !== 0 && Number.isNaN(asSsize(value))) return -1;
        setField(self + ExceptionField.Written, xincref(value));
        return 0;
      },
    ),
  ],
  methods: [noArgs("__reduce__", osErrorReduce)],
  doc: "Base class for I/O related errors.",
});
define(T.BlockingIOError, "BlockingIOError", T.OSError, { doc: "I/O operation would block." });
define(T.ConnectionError, "ConnectionError", T.OSError, { doc: "Connection error." });
define(T.ChildProcessError, "ChildProcessError", T.OSError, { doc: "Child process error." });
define(T.BrokenPipeError, "BrokenPipeError", T.ConnectionError, { doc: "Broken pipe." });
define(T.ConnectionAbortedError, "ConnectionAbortedError", T.ConnectionError, {
  doc: "Connection aborted.",
});
define(T.ConnectionRefusedError, "ConnectionRefusedError", T.ConnectionError, {
  doc: "Connection refused.",
});
define(T.ConnectionResetError, "ConnectionResetError", T.ConnectionError, {
  doc: "Connection reset.",
});
define(T.FileExistsError, "FileExistsError", T.OSError, { doc: "File already exists." });
define(T.FileNotFoundError, "FileNotFoundError", T.OSError, { doc: "File not found." });
define(T.IsADirectoryError, "IsADirectoryError", T.OSError, {
  doc: "Operation doesn't work on directories.",
});
define(T.NotADirectoryError, "NotADirectoryError", T.OSError, {
  doc: "Operation only works on directories.",
});
define(T.InterruptedError, "InterruptedError", T.OSError, { doc: "Interrupted by signal." });
define(T.PermissionError, "PermissionError", T.OSError, { doc: "Not enough permissions." });
define(T.ProcessLookupError, "ProcessLookupError", T.OSError, { doc: "Process not found." });
define(T.TimeoutError, "TimeoutError", T.OSError, { doc: "Timeout expired." });

define(T.EOFError, "EOFError", T.Exception, { doc: "Read beyond end of file." });
define(T.RuntimeError, "RuntimeError", T.Exception, { doc: "Unspecified run-time error." });
define(T.RecursionError, "RecursionError", T.RuntimeError, { doc: "Recursion limit exceeded." });
define(T.NotImplementedError, "NotImplementedError", T.RuntimeError, {
  doc: "Method or function hasn't been implemented yet.",
});
define(T.NameError, "NameError", T.Exception, {
  fields: 1,
  slots: { init: keepKeywords(["name"], [ExceptionField.Name]) },
  members: [field("name", ExceptionField.Name)],
  doc: "Name not found globally.",
});
define(T.UnboundLocalError, "UnboundLocalError", T.NameError, {
  doc: "Local name referenced but not bound to a value.",
});
define(T.AttributeError, "AttributeError", T.Exception, {
  fields: 2,
  slots: {
    init: keepKeywords(
      ["name", "obj"],
      [ExceptionField.AttributeName, ExceptionField.AttributeObject],
    ),
  },
  members: [
    field("name", ExceptionField.AttributeName),
    field("obj", ExceptionField.AttributeObject),
  ],
  doc: "Attribute not found.",
});

/** `SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset]))`. */
function syntaxErrorInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (exceptionInit(self, args, nargs, kwnames) < 0) return -1;
  if (nargs >= 1) setField(self + ExceptionField.SyntaxMessage, incref(I32[args]));
  if (nargs !== 2) return 0;
  const details = I32[args + 1];
  if (!typeHasFlag(typeOf(details), TypeFlag.TupleSubclass)) return 0;
  const n = I32[details + TupleObject.Size];
  if (n !== 4 && n !== 6) {
    const text = `function takes ${n < 4 ? "at least 4" : "at most 6"} arguments (${n} given)`;
    return raiseStatus(
      T.TypeError,
      n === 5 ? "end_offset must be provided when end_lineno is provided" : text,
    );
  }
  const offsets = [
    ExceptionField.SyntaxFileName,
    ExceptionField.SyntaxLine,
    ExceptionField.SyntaxOffset,
    ExceptionField.SyntaxText,
    ExceptionField.SyntaxEndLine,
    ExceptionField.SyntaxEndOffset,
  ];
  for (let i = 0; i < n; i++) {
    setField(self + offsets[i], incref(I32[details + TupleObject.Items + 2 * i]));
  }
  return 0;
}

function syntaxErrorStr(self: Addr): Addr {
  const message = shown(I32[self + ExceptionField.SyntaxMessage], strObject);
  if (message === null) return 0;
  const file = I32[self + ExceptionField.SyntaxFileName];
  const line = I32[self + ExceptionField.SyntaxLine];
  const name = file !== 0 && isStr(file) ? getString(file).replace(/^.*\//, "") : null;
  const number = line !== 0 && isInt(line) ? intToNumber(line) : null;
  if (name === null && number === null) return newStr(message);
  if (name !== null && number !== null) return newStr(`${message} (${name}, line ${number})`);
  return newStr(name !== null ? `${message} (${name})` : `${message} (line ${number})`);
}

define(T.SyntaxError, "SyntaxError", T.Exception, {
  fields: 8,
  slots: { init: syntaxErrorInit, str: syntaxErrorStr },
  members: [
    field("msg", ExceptionField.SyntaxMessage),
    field("filename", ExceptionField.SyntaxFileName),
    field("lineno", ExceptionField.SyntaxLine),
    field("offset", ExceptionField.SyntaxOffset),
    field("text", ExceptionField.SyntaxText),
    field("end_lineno", ExceptionField.SyntaxEndLine),
    field("end_offset", ExceptionField.SyntaxEndOffset),
    field("print_file_and_line", ExceptionField.SyntaxPrint),
  ],
  doc: "Invalid syntax.",
});
define(T.IndentationError, "IndentationError", T.SyntaxError, { doc: "Improper indentation." });
define(T.TabError, "TabError", T.IndentationError, {
  doc: "Improper mixture of spaces and tabs.",
});

define(T.LookupError, "LookupError", T.Exception, { doc: "Base class for lookup errors." });
define(T.IndexError, "IndexError", T.LookupError, { doc: "Sequence index out of range." });
define(T.KeyError, "KeyError", T.LookupError, {
  slots: {
    str: (self) => {
      const args = I32[self + ExceptionObject.Args];
      // A lone string is shown as such, quotes and all: a missing '' would print as nothing.
      if (args === 0 || I32[args + TupleObject.Size] !== 1) return exceptionStr(self);
      return reprObject(I32[args + TupleObject.Items]);
    },
  },
  doc: "Mapping key not found.",
});
define(T.ValueError, "ValueError", T.Exception, {
  doc: "Inappropriate argument value (of correct type).",
});
define(T.UnicodeError, "UnicodeError", T.ValueError, { doc: "Unicode related error." });

/** Unicode errors take exactly their fields. */
function unicodeInit(fname: string, isObject: (value: Addr) => boolean, wanted: string) {
  return (self: Addr, args: Addr, nargs: number, kwnames: Addr): number => {
    if (exceptionInit(self, args, nargs, kwnames) < 0) return -1;
    const translate = fname === "UnicodeTranslateError";
    const need = translate ? 4 : 5;
    if (nargs !== need) {
      const text = `function takes exactly ${need} arguments (${nargs} given)`;
      return raiseStatus(T.TypeError, text);
    }
    let at = args;
    if (!translate) {
      if (!isStr(I32[at])) return wrongField(1, "str", I32[at]);
      setField(self + ExceptionField.Encoding, incref(I32[at++]));
    }
    if (!isObject(I32[at])) return wrongField(at - args + 1, wanted, I32[at]);
    setField(self + ExceptionField.UnicodeObject, incref(I32[at++]));
    for (const offset of [ExceptionField.Start, ExceptionField.End]) {
      if (Number.isNaN(asSsize(I32[at]))) return -1;
      setField(self + offset, incref(I32[at++]));
    }
    if (!isStr(I32[at])) return wrongField(at - args + 1, "str", I32[at]);
    setField(self + ExceptionField.Reason, incref(I32[at]));
    return 0;
  };
}

function wrongField(position: number, wanted: string, value: Addr): -1 {
  const kind = typeName(typeOf(value));
  return raiseStatus(T.TypeError, `argument ${position} must be ${wanted}, not ${kind}`);
}

/** `\x..`, `\u....` or `\U........` for a code point. */
function escaped(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

function unicodeStr(verb: "encode" | "decode" | "translate") {
  return (self: Addr): Addr => {
    const object = I32[self + ExceptionField.UnicodeObject];
    if (object === 0) return newStr("");
    const start = intToNumber(I32[self + ExceptionField.Start]);
    const end = intToNumber(I32[self + ExceptionField.End]);
    const encoding = I32[self + ExceptionField.Encoding];
    const reason = shown(I32[self + ExceptionField.Reason], strObject);
    const who = verb === "translate" ? "" : `'${shown(encoding, strObject)}' codec `;
    if (reason === null) return 0;
    const length = verb === "decode" ? I32[object + Head.Size] : strLength(object);
    if (start >= 0 && start < length && end === start + 1) {
      if (verb === "decode") {
        const byte = U8[bytesData(object) + start].toString(16).padStart(2, "0");
        return newStr(`${who}can't decode byte 0x${byte} in position ${start}: ${reason}`);
      }
      const code = escaped(strCodeAt(object, start));
      return newStr(`${who}can't ${verb} character '${code}' in position ${start}: ${reason}`);
    }
    const what = verb === "decode" ? "bytes" : "characters";
    return newStr(`${who}can't ${verb} ${what} in position ${start}-${end - 1}: ${reason}`);
  };
}

const unicodeMembers = (): MemberDef[] => [
  field("encoding", ExceptionField.Encoding),
  field("object", ExceptionField.UnicodeObject),
  field("start", ExceptionField.Start),
  field("end", ExceptionField.End),
  field("reason", ExceptionField.Reason),
];

define(T.UnicodeEncodeError, "UnicodeEncodeError", T.UnicodeError, {
  fields: 5,
  slots: { init: unicodeInit("UnicodeEncodeError", isStr, "str"), str: unicodeStr("encode") },
  members: unicodeMembers(),
  doc: "Unicode encoding error.",
});
define(T.UnicodeDecodeError, "UnicodeDecodeError", T.UnicodeError, {
  fields: 5,
  slots: {
    init: unicodeInit("UnicodeDecodeError", isBytes, "a bytes-like object"),
    str: unicodeStr("decode"),
  },
  members: unicodeMembers(),
  doc: "Unicode decoding error.",
});
define(T.UnicodeTranslateError, "UnicodeTranslateError", T.UnicodeError, {
  fields: 5,
  slots: { init: unicodeInit("UnicodeTranslateError", isStr, "str"), str: unicodeStr("translate") },
  members: unicodeMembers(),
  doc: "Unicode translation error.",
});

define(T.AssertionError, "AssertionError", T.Exception, { doc: "Assertion failed." });
define(T.ArithmeticError, "ArithmeticError", T.Exception, {
  doc: "Base class for arithmetic errors.",
});
define(T.FloatingPointError, "FloatingPointError", T.ArithmeticError, {
  doc: "Floating point operation failed.",
});
define(T.OverflowError, "OverflowError", T.ArithmeticError, {
  doc: "Result too large to be represented.",
});
define(T.ZeroDivisionError, "ZeroDivisionError", T.ArithmeticError, {
  doc: "Second argument to a division or modulo operation was zero.",
});
define(T.SystemError, "SystemError", T.Exception, { doc: "Internal error in the interpreter." });
define(T.ReferenceError, "ReferenceError", T.Exception, {
  doc: "Weak ref proxy used after referent went away.",
});
define(T.MemoryError, "MemoryError", T.Exception, { doc: "Out of memory." });
define(T.BufferError, "BufferError", T.Exception, { doc: "Buffer error." });

define(T.Warning, "Warning", T.Exception, { doc: "Base class for warning categories." });
for (const [type, name] of [
  [T.UserWarning, "UserWarning"],
  [T.EncodingWarning, "EncodingWarning"],
  [T.DeprecationWarning, "DeprecationWarning"],
  [T.PendingDeprecationWarning, "PendingDeprecationWarning"],
  [T.SyntaxWarning, "SyntaxWarning"],
  [T.RuntimeWarning, "RuntimeWarning"],
  [T.FutureWarning, "FutureWarning"],
  [T.ImportWarning, "ImportWarning"],
  [T.UnicodeWarning, "UnicodeWarning"],
  [T.BytesWarning, "BytesWarning"],
  [T.ResourceWarning, "ResourceWarning"],
] as [Addr, string][]) {
  define(type, name, T.Warning);
}
