/** The builtin functions `print` and `input`. */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity, keywordCount, keywordName } from "../object/arguments.js";
import { callMethod0, callMethod1 } from "../object/call.js";
import { fast, keywords, type MethodDef } from "../object/define.js";
import { dictGetStr } from "../object/dict.js";
import { newNone, raise, typeName } from "../object/errors.js";
import { decref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { Head, StrObject } from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { strObject } from "../object/repr.js";
import { isStr, newStrFromCode, strCodeAt, strSlice } from "../object/str.js";
import { S, T } from "../object/types.js";
import { VmState } from "../vm/state.js";
import {
  appendText,
  flushText,
  readLine,
  settleText,
  TextFlag,
  TextIO,
  writeText,
} from "./textio.js";

const I32 = heap.I32;

const WRITE = identifier("write");
const FLUSH = identifier("flush");
const STDOUT = identifier("stdout");
const STDIN = identifier("stdin");
const READLINE = identifier("readline");

const enum Shared {
  Newline = 10,
  Space = 32,
}

/** What print was told: separator and end (0: the usual ones), file (0: none given), flush. */
let separator: Addr = 0;
let ending: Addr = 0;
let target: Addr = 0;
let flushing = false;

/** A separator or an end: a str or None (0). False with an exception pending. */
function checkText(name: string, value: Addr): boolean {
  if (value === S.None || isStr(value)) return true;
  raise(T.TypeError, `${name} must be None or a string, not ${typeName(value)}`);
  return false;
}

function readOptions(args: Addr, nargs: number, kwnames: Addr): boolean {
  separator = 0;
  ending = 0;
  target = 0;
  flushing = false;
  const n = keywordCount(kwnames);
  for (let k = 0; k < n; k++) {
    const name = keywordName(kwnames, k);
    const value = I32[args + nargs + k];
    if (name === "sep" || name === "end") {
      if (!checkText(name, value)) return false;
      if (value === S.None) continue;
      if (name === "sep") separator = value;
      else ending = value;
    } else if (name === "file") target = value === S.None ? 0 : value;
    else if (name === "flush") {
      const truth = isTrue(value);
      if (truth < 0) return false;
      flushing = truth === 1;
    } else {
      raise(T.TypeError, `'${name}' is an invalid keyword argument for print()`);
      return false;
    }
  }
  return true;
}

/** `print(*args, sep=' ', end='\n', file=None, flush=False)`. */
function print(_self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!readOptions(args, nargs, kwnames)) return 0;
  let file = target;
  if (file === 0) {
    file = dictGetStr(I32[VmState.SysDict], STDOUT);
    if (file === 0) return raise(T.RuntimeError, "lost sys.stdout");
    // sys.stdout is None where the program has no standard output.
    if (file === S.None) return newNone();
  }
  I32[file]++;
  const open = TextFlag.Writable;
  const isStream =
    I32[file + Head.Type] === T.TextIO &&
    (I32[file + TextIO.Flags] & (TextFlag.Writable | TextFlag.Closed)) === open;
  const status = isStream ? printToStream(file, args, nargs) : printToObject(file, args, nargs);
  decref(file);
  return status < 0 ? 0 : newNone();
}

/** The fast way: straight into the stream's buffer, handed down once. */
function printToStream(file: Addr, args: Addr, nargs: number): number {
  const between = separator;
  const last = ending;
  const flush = flushing;
  const from = I32[file + TextIO.Used];
  for (let i = 0; i < nargs; i++) {
    if (i > 0 && appendText(file, between === 0 ? newShared(Shared.Space) : between) < 0) return -1;
    const text = strObject(I32[args + i]);
    if (text === 0) return -1;
    const status = appendText(file, text);
    decref(text);
    if (status < 0) return -1;
  }
  if (appendText(file, last === 0 ? newShared(Shared.Newline) : last) < 0) return -1;
  // What `__str__` wrote in the meantime may have been handed down already.
  if (settleText(file, Math.min(from, I32[file + TextIO.Used])) < 0) return -1;
  return flush ? flushText(file) : 0;
}

/** A shared one-character str, borrowed. */
function newShared(code: number): Addr {
  const str = newStrFromCode(code);
  I32[str]--;
  return str;
}

/** Any object with a `write` method. */
function printToObject(file: Addr, args: Addr, nargs: number): number {
  const between = separator;
  const last = ending;
  const flush = flushing;
  for (let i = 0; i < nargs; i++) {
    if (i > 0 && writeTo(file, between === 0 ? newShared(Shared.Space) : between) < 0) return -1;
    const text = strObject(I32[args + i]);
    if (text === 0) return -1;
    const status = writeTo(file, text);
    decref(text);
    if (status < 0) return -1;
  }
  if (writeTo(file, last === 0 ? newShared(Shared.Newline) : last) < 0) return -1;
  return flush ? callDropping(callMethod0(file, FLUSH)) : 0;
}

function writeTo(file: Addr, text: Addr): number {
  return callDropping(callMethod1(file, WRITE, text));
}

/** Drop a call's result; the status. */
function callDropping(result: Addr): number {
  if (result === 0) return -1;
  decref(result);
  return 0;
}

/** `input(prompt)`. */
function input(_self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("input", nargs, 0, 1)) return 0;
  const stdin = dictGetStr(I32[VmState.SysDict], STDIN);
  const stdout = dictGetStr(I32[VmState.SysDict], STDOUT);
  if (stdin === 0 || stdin === S.None) return raise(T.RuntimeError, "input(): lost sys.stdin");
  if (stdout === 0 || stdout === S.None) return raise(T.RuntimeError, "input(): lost sys.stdout");
  if (nargs === 1) {
    const text = strObject(I32[args]);
    if (text === 0) return 0;
    const isStream = I32[stdout + Head.Type] === T.TextIO;
    const status = isStream ? writeText(stdout, text) : writeTo(stdout, text);
    decref(text);
    if (status < 0) return 0;
  }
  if (callDropping(callMethod0(stdout, FLUSH)) < 0) return 0;
  const isStream = I32[stdin + Head.Type] === T.TextIO;
  const line = isStream ? readLine(stdin) : callMethod0(stdin, READLINE);
  if (line === 0) return 0;
  if (!isStr(line)) {
    decref(line);
    return raise(T.TypeError, "object.readline() returned non-string");
  }
  const length = I32[line + StrObject.Length];
  if (length === 0) {
    decref(line);
    return raise(T.EOFError, "EOF when reading a line");
  }
  if (strCodeAt(line, length - 1) !== Shared.Newline) return line;
  const result = strSlice(line, 0, length - 1);
  decref(line);
  return result;
}

/** `print` and `input`, for the module `builtins`. */
export const printFunctions: MethodDef[] = [keywords("print", print), fast("input", input)];
