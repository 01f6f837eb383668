/**
 * Traceback objects, and the text that an exception is reported with, as CPython 3.11 prints it.
 */
import { readFileSync } from "node:fs";
import { type Addr, heap } from "../memory/heap.js";
import { getAttrOptional } from "./attribute.js";
import { defineType, getSet, member } from "./define.js";
import { newNone, raise, raiseStatus, restorePending, takePending } from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { clearField, decref, incref, setField, typeOf, xincref } from "./header.js";
import { identifier } from "./identifiers.js";
import { intToNumber, isInt, newInt } from "./int.js";
import {
  CodeObject,
  ExceptionObject,
  ListObject,
  TracebackObject,
  TupleObject,
  TypeFlag,
} from "./layout.js";
import { ExceptionField } from "./nameerrors.js";
import { reprObject, strObject } from "./repr.js";
import { carets } from "./sourcecarets.js";
import { getString, isStr } from "./str.js";
import { suggestion } from "./suggestions.js";
import { trashBegin, trashEnd } from "./trashcan.js";
import { newTuple } from "./tuple.js";
import { isSubtype, typeName } from "./type.js";
import { typeModule, typeQualName } from "./typeobject.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** Frames of one repeated call that are shown before folding starts. */
const SHOWN_REPEATS = 3;

let newFrameOf: (traceback: Addr) => Addr = newNone;
let readSource: (file: string) => string | null = readFile;

function readFile(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** The virtual machine makes frame objects for `tb_frame`. */
export function registerFrameFactory(make: (traceback: Addr) => Addr): void {
  newFrameOf = make;
}

/** Where the source text of a file comes from; null where there is none. */
export function registerSourceReader(read: (file: string) => string | null): void {
  readSource = read;
}

/**
 * Put the place that is being left in front of the traceback of `exc`: the instruction at word
 * `index` of `code` in source line `line`; `globals` (borrowed; 0: unknown) is for name hints.
 */
export function addTraceback(
  exc: Addr,
  _frame: Addr,
  code: Addr,
  index: number,
  line: number,
  globals: Addr = 0,
): void {
  const traceback = newGcObject(T.Traceback, TracebackObject.Bytes);
  if (traceback === 0) return;
  I32[traceback + TracebackObject.Next] = I32[exc + ExceptionObject.Traceback];
  I32[exc + ExceptionObject.Traceback] = traceback;
  I32[traceback + TracebackObject.Code] = incref(code);
  I32[traceback + TracebackObject.Instruction] = index;
  I32[traceback + TracebackObject.Line] = line;
  I32[traceback + TracebackObject.Globals] = xincref(globals);
  track(traceback);
}

/**
 * The exception leaves the frame whose `count` locals stand at `fp`: its traceback entry, which
 * must be the newest, takes them over. Where it cannot, they stay.
 */
export function keepLocals(exc: Addr, code: Addr, fp: Addr, count: number): void {
  const traceback = I32[exc + ExceptionObject.Traceback];
  if (traceback === 0 || I32[traceback + TracebackObject.Code] !== code) return;
  if (I32[traceback + TracebackObject.Locals] !== 0) return;
  const locals = newTuple(count);
  if (locals === 0) {
    restorePending(0);
    return;
  }
  for (let i = 0; i < count; i++) {
    I32[locals + TupleObject.Items + 2 * i] = I32[fp + i];
    I32[fp + i] = 0;
  }
  track(locals);
  I32[traceback + TracebackObject.Locals] = locals;
}

/** Drop the locals in slot order, as a dying frame does (R7); a tuple would go backwards. */
function dropLocals(self: Addr): void {
  const locals = I32[self + TracebackObject.Locals];
  if (locals === 0) return;
  I32[self + TracebackObject.Locals] = 0;
  if (I32[locals] === 1) {
    const end = locals + TupleObject.Items + 2 * I32[locals + TupleObject.Size];
    for (let item = locals + TupleObject.Items; item < end; item += 2) clearField(item);
  }
  decref(locals);
}

const references = [
  TracebackObject.Next,
  TracebackObject.Locals,
  TracebackObject.Frame,
  TracebackObject.Code,
  TracebackObject.Globals,
];

function dealloc(self: Addr): void {
  untrack(self);
  if (!trashBegin(self)) return;
  clear(self);
  freeObject(self);
  trashEnd();
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  for (let i = 0; i < references.length; i++) {
    const value = I32[self + references[i]];
    if (value !== 0) visit(value);
  }
}

function clear(self: Addr): void {
  clearField(self + TracebackObject.Next);
  dropLocals(self);
  for (let i = 0; i < references.length; i++) clearField(self + references[i]);
}

function setNext(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "can't delete tb_next attribute");
  if (value !== S.None && typeOf(value) !== T.Traceback) {
    const kind = typeName(typeOf(value));
    return raiseStatus(T.TypeError, `expected traceback object, got '${kind}'`);
  }
  for (let t = value === S.None ? 0 : value; t !== 0; t = I32[t + TracebackObject.Next]) {
    if (t === self) return raiseStatus(T.ValueError, "traceback loop detected");
  }
  setField(self + TracebackObject.Next, value === S.None ? 0 : incref(value));
  return 0;
}

function getNext(self: Addr): Addr {
  const next = I32[self + TracebackObject.Next];
  return next === 0 ? newNone() : incref(next);
}

function getFrame(self: Addr): Addr {
  const frame = I32[self + TracebackObject.Frame];
  if (frame !== 0) return incref(frame);
  const made = newFrameOf(self);
  if (made !== 0 && made !== S.None) I32[self + TracebackObject.Frame] = incref(made);
  return made;
}

defineType({
  type: T.Traceback,
  name: "traceback",
  flags: TypeFlag.HasGc,
  basicSize: TracebackObject.Bytes,
  slots: {
    dealloc,
    traverse,
    clear,
    new: () => raise(T.TypeError, "cannot create 'traceback' instances"),
  },
  getSets: [
    getSet("tb_frame", getFrame),
    getSet("tb_next", getNext, setNext),
    getSet("tb_lineno", (self) => newInt(I32[self + TracebackObject.Line])),
    getSet("tb_lasti", (self) => newInt(I32[self + TracebackObject.Instruction] * 2)),
  ],
  members: [member("tb_code", TracebackObject.Code)],
});

/** Line `number` (from 1) of `file`, without its end; null where it cannot be read. */
export function sourceLine(file: string, number: number): string | null {
  const text = readSource(file);
  if (text === null || number < 1) return null;
  let start = 0;
  for (let line = 1; line < number; line++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return null;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return (end < 0 ? text.slice(start) : text.slice(start, end)).replace(/\r$/, "");
}

/** One entry: place, source line, and the marks under the part that failed (PEP 657). */
function formatEntry(traceback: Addr): string {
  const code = I32[traceback + TracebackObject.Code];
  const line = I32[traceback + TracebackObject.Line];
  const file = getString(I32[code + CodeObject.FileName]);
  const name = getString(I32[code + CodeObject.Name]);
  const place = `  File "${file}", line ${line}, in ${name}\n`;
  const source = sourceLine(file, line);
  const stripped = source === null ? "" : source.replace(/^[ \t\f]+/, "");
  if (source === null || stripped.trim() === "") return place;
  return `${place}    ${stripped.trimEnd()}\n${formatCarets(code, traceback, source)}`;
}

function formatCarets(code: Addr, traceback: Addr, source: string): string {
  const index = I32[traceback + TracebackObject.Instruction];
  const positions = I32[code + CodeObject.Positions];
  if (positions === 0 || index < 0 || index >= I32[code + CodeObject.Length]) return "";
  const at = positions + 4 * index;
  const marks = carets(source, I32[at], I32[at + 1], I32[at + 2], I32[at + 3]);
  return marks === "" ? "" : `    ${marks}\n`;
}

/** The entries of a traceback, outermost first; recursion is folded. */
export function formatTraceback(traceback: Addr): string {
  let text = "";
  let last = "";
  let repeats = 0;
  for (let t = traceback; t !== 0; t = I32[t + TracebackObject.Next]) {
    const code = I32[t + TracebackObject.Code];
    const key = `${code}:${I32[t + TracebackObject.Line]}`;
    if (key !== last) {
      text += foldedLine(repeats);
      last = key;
      repeats = 0;
    }
    repeats++;
    if (repeats <= SHOWN_REPEATS) text += formatEntry(t);
  }
  return text + foldedLine(repeats);
}

function foldedLine(repeats: number): string {
  const more = repeats - SHOWN_REPEATS;
  if (more <= 0) return "";
  return `  [Previous line repeated ${more} more time${more === 1 ? "" : "s"}]\n`;
}
const idNotes = identifier("__notes__");

const causeText = "\nThe above exception was the direct cause of the following exception:\n\n";
const contextText = "\nDuring handling of the above exception, another exception occurred:\n\n";

/** Groups nested deeper, and members beyond these, are not shown. */
const GROUP_WIDTH = 15;
const GROUP_DEPTH = 10;

/** Everything that is printed for `exc` when nobody handles it. */
export function formatException(exc: Addr): string {
  const saved = takePending();
  const text = formatChain(exc, new Set(), 0);
  restorePending(saved);
  return text;
}

/** What is printed for an exception that nobody can handle: no chain, as the default hook does. */
export function formatAlone(exc: Addr): string {
  const saved = takePending();
  const text = formatHead(exc) + formatExceptionOnly(exc);
  restorePending(saved);
  return text;
}

function formatChain(exc: Addr, seen: Set<Addr>, depth: number): string {
  seen.add(exc);
  const cause = I32[exc + ExceptionObject.Cause];
  const context = I32[exc + ExceptionObject.Context];
  const margin = "  ".repeat(depth);
  const bar = depth === 0 ? "" : `${margin}| `;
  let text = "";
  if (cause !== 0 && !seen.has(cause)) {
    text = formatChain(cause, seen, depth) + indent(causeText, bar);
  } else if (
    cause === 0 &&
    context !== 0 &&
    I32[exc + ExceptionObject.SuppressContext] === 0 &&
    !seen.has(context)
  ) {
    text = formatChain(context, seen, depth) + indent(contextText, bar);
  }
  if (isSubtype(typeOf(exc), T.BaseExceptionGroup)) return text + formatGroup(exc, seen, depth);
  return text + indent(formatHead(exc) + formatExceptionOnly(exc), bar);
}

function indent(text: string, bar: string): string {
  if (bar === "") return text;
  return text.replace(/^(.*)\n/gm, (_, line: string) => `${(bar + line).trimEnd()}\n`);
}

function formatHead(exc: Addr): string {
  const traceback = I32[exc + ExceptionObject.Traceback];
  if (traceback === 0) return "";
  return `Traceback (most recent call last):\n${formatTraceback(traceback)}`;
}

function formatGroup(exc: Addr, seen: Set<Addr>, depth: number): string {
  const traceback = I32[exc + ExceptionObject.Traceback];
  const level = depth === 0 ? 1 : depth;
  const bar = `${"  ".repeat(level)}| `;
  const mark = depth === 0 ? `${"  ".repeat(level)}+ ` : bar;
  let text = "";
  if (traceback !== 0) {
    text += `${mark}Exception Group Traceback (most recent call last):\n`;
    text += indent(formatTraceback(traceback), bar);
  }
  text += indent(formatExceptionOnly(exc), bar);
  const members = I32[exc + ExceptionField.GroupExceptions];
  const n = members === 0 ? 0 : I32[members + TupleObject.Size];
  const margin = "  ".repeat(level);
  if (level >= GROUP_DEPTH) return `${text}${bar}... (max_group_depth is ${GROUP_DEPTH})\n`;
  for (let i = 0; i < n; i++) {
    const title = i < GROUP_WIDTH ? `${i + 1}` : "...";
    const edge = i === 0 ? "+-" : "  ";
    text += `${margin}${edge}+---------------- ${title} ----------------\n`;
    if (i >= GROUP_WIDTH) {
      const more = n - GROUP_WIDTH;
      text += `${margin}  | and ${more} more exception${more === 1 ? "" : "s"}\n`;
      break;
    }
    text += formatChain(I32[members + TupleObject.Items + 2 * i], seen, level + 1);
  }
  if (n > 0 && !lastIsGroup(members, Math.min(n, GROUP_WIDTH + 1))) {
    text += `${margin}  +------------------------------------\n`;
  }
  return text;
}

/** A group at the end has closed the box already. */
function lastIsGroup(members: Addr, shown: number): boolean {
  if (shown > GROUP_WIDTH) return false;
  const last = I32[members + TupleObject.Items + 2 * (shown - 1)];
  return isSubtype(typeOf(last), T.BaseExceptionGroup);
}

/** The lines after the traceback: type, message, notes; for SyntaxError its place too. */
export function formatExceptionOnly(exc: Addr): string {
  const type = typeOf(exc);
  const module = typeModule(type);
  const plain = module === "builtins" || module === "__main__";
  const name = plain ? typeQualName(type) : `${module ?? "<unknown>"}.${typeQualName(type)}`;
  if (isSubtype(type, T.SyntaxError)) return formatSyntaxError(exc, name) + formatNotes(exc);
  const message = textOf(exc, strObject) ?? "<exception str() failed>";
  const hint = suggestion(exc);
  const tail = message === "" ? "" : `: ${message}`;
  return `${name}${tail}${hint}\n${formatNotes(exc)}`;
}

/** The text that `convert` gives; null where it fails. */
function textOf(object: Addr, convert: (o: Addr) => Addr): string | null {
  const text = convert(object);
  if (text === 0) {
    restorePending(0);
    return null;
  }
  const result = getString(text);
  decref(text);
  return result;
}

function formatNotes(exc: Addr): string {
  const notes = getAttrOptional(exc, idNotes);
  if (notes === 0) {
    restorePending(0);
    return "";
  }
  let text = "";
  const kind = typeOf(notes);
  if (kind === T.List || kind === T.Tuple) {
    const n = I32[notes + ListObject.Size];
    const items = kind === T.List ? I32[notes + ListObject.Items] : notes + TupleObject.Items;
    for (let i = 0; i < n; i++) {
      const note = textOf(I32[items + 2 * i], strObject) ?? "<note str() failed>";
      text += `${note}\n`;
    }
  } else text = `${textOf(notes, reprObject) ?? "<__notes__ repr() failed>"}\n`;
  decref(notes);
  return text;
}

/** An int field of a SyntaxError, or null. */
function number(exc: Addr, field: number): number | null {
  const value = I32[exc + field];
  return value !== 0 && isInt(value) ? intToNumber(value) : null;
}

function string(exc: Addr, field: number): string | null {
  const value = I32[exc + field];
  return value !== 0 && value !== S.None && isStr(value) ? getString(value) : null;
}

function formatSyntaxError(exc: Addr, name: string): string {
  const line = number(exc, ExceptionField.SyntaxLine);
  const value = I32[exc + ExceptionField.SyntaxMessage];
  const message =
    value === 0 || value === S.None ? "<no detail available>" : textOf(value, strObject);
  if (line === null) return `${name}: ${message}\n`;
  const file = string(exc, ExceptionField.SyntaxFileName) ?? "<string>";
  let text = `  File "${file}", line ${line}\n`;
  const source = string(exc, ExceptionField.SyntaxText) ?? sourceLine(file, line);
  if (source !== null) text += formatSyntaxSource(exc, source);
  return `${text}${name}: ${message}\n`;
}

/** The offending line and `^` marks under the part between offset and end offset (from 1). */
function formatSyntaxSource(exc: Addr, source: string): string {
  const right = source.replace(/\n$/, "");
  const stripped = right.replace(/^[ \t\f]+/, "");
  const cut = right.length - stripped.length;
  let text = `    ${stripped}\n`;
  const offset = number(exc, ExceptionField.SyntaxOffset);
  if (offset === null || offset < 1) return text;
  const line = number(exc, ExceptionField.SyntaxLine);
  const endLine = number(exc, ExceptionField.SyntaxEndLine);
  let end = number(exc, ExceptionField.SyntaxEndOffset) ?? offset;
  if (endLine !== null && line !== null && endLine > line) end = right.length + 1;
  if (end === offset || end <= 0) end = offset + 1;
  const start = offset - 1 - cut;
  const width = Math.max(1, end - offset);
  if (start >= 0) {
    const lead = stripped.slice(0, start).replace(/[^\s]/g, " ");
    text += `    ${lead.padEnd(start)}${"^".repeat(width)}\n`;
  }
  return text;
}
