/** Traceback objects, and the text of a traceback and its source lines. */

import { readFileSync } from "node:fs";
import { type Addr, heap } from "../memory/heap.js";
import { defineType, getSet, member } from "./define.js";
import { newNone, raise, raiseStatus } from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { clearField, incref, setField, typeOf, xincref } from "./header.js";
import { newInt } from "./int.js";
import { CodeObject, ExceptionObject, TracebackObject, TypeFlag } from "./layout.js";
import { carets } from "./sourcecarets.js";
import { getString } from "./str.js";
import { trashBegin, trashEnd } from "./trashcan.js";
import { typeName } from "./type.js";
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

const references = [
  TracebackObject.Next,
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
