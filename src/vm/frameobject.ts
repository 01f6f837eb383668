/**
 * Frame objects: what `sys._getframe`, `tb_frame` and `gi_frame` show of a frame. They are pictures
 * taken when they are asked for: the running frame keeps no object of its own.
 */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { defineType, getSet, member, noArgs } from "../object/define.js";
import { newDict } from "../object/dict.js";
import { newNone, raise } from "../object/errors.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { clearField, decref, incref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { CodeObject, FunctionObject, TracebackObject, TypeFlag } from "../object/layout.js";
import { getString, newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { registerFrameFactory } from "../object/traceback.js";
import { T } from "../object/types.js";
import { lineOf } from "./code.js";
import { Frame } from "./frame.js";
import { newLocalsOf } from "./locals.js";

const I32 = heap.I32;

const enum FrameObject {
  Back = 4,
  Code = 6,
  Globals = 8,
  Builtins = 10,
  Locals = 12,
  Trace = 14,
  Line = 16,
  LastInstruction = 17,
  Bytes = 80,
}

const references = [
  FrameObject.Back,
  FrameObject.Code,
  FrameObject.Globals,
  FrameObject.Builtins,
  FrameObject.Locals,
  FrameObject.Trace,
];

/** A picture of the frame record `frame` and, without their variables, of its callers. */
export function newFrameObject(frame: Addr): Addr {
  const callee = I32[frame + Frame.Function];
  const code = I32[callee + FunctionObject.Code];
  const index = I32[frame + Frame.Pc] - 1 - I32[code + CodeObject.Bytecode];
  const locals = newLocalsOf(frame);
  if (locals === 0) return 0;
  const picture = newPicture(
    code,
    I32[callee + FunctionObject.Globals],
    lineOf(code, index),
    index,
  );
  if (picture === 0) {
    decref(locals);
    return 0;
  }
  I32[picture + FrameObject.Locals] = locals;
  I32[picture + FrameObject.Builtins] = incref(I32[callee + FunctionObject.Builtins]);
  const previous = I32[frame + Frame.Previous];
  if (previous !== 0) {
    const back = newFrameObject(previous);
    if (back === 0) {
      decref(picture);
      return 0;
    }
    I32[picture + FrameObject.Back] = back;
  }
  return picture;
}

function newPicture(code: Addr, globals: Addr, line: number, index: number): Addr {
  const picture = newGcObject(T.Frame, FrameObject.Bytes);
  if (picture === 0) return 0;
  I32[picture + FrameObject.Code] = incref(code);
  I32[picture + FrameObject.Globals] = globals === 0 ? 0 : incref(globals);
  I32[picture + FrameObject.Line] = line;
  I32[picture + FrameObject.LastInstruction] = index;
  track(picture);
  return picture;
}

/** `sys._getframe(depth)`: the running frame, or one `depth` calls above it. */
export function newCallerFrame(depth: number): Addr {
  let frame = I32[thread.state + ThreadState.Frame];
  for (let i = 0; i < depth && frame !== 0; i++) frame = I32[frame + Frame.Previous];
  if (frame === 0) return raise(T.ValueError, "call stack is not deep enough");
  return newFrameObject(frame);
}

registerFrameFactory((traceback) => {
  const code = I32[traceback + TracebackObject.Code];
  const globals = I32[traceback + TracebackObject.Globals];
  const line = I32[traceback + TracebackObject.Line];
  return newPicture(code, globals, line, I32[traceback + TracebackObject.Instruction]);
});

/** A picture of a suspended generator's frame: its code and line. */
export function newSuspendedFrame(code: Addr, globals: Addr, index: number): Addr {
  return newPicture(code, globals, lineOf(code, index), index);
}

function dealloc(self: Addr): void {
  untrack(self);
  clear(self);
  freeObject(self);
}

function clear(self: Addr): void {
  for (let i = 0; i < references.length; i++) clearField(self + references[i]);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  for (let i = 0; i < references.length; i++) {
    if (I32[self + references[i]] !== 0) visit(I32[self + references[i]]);
  }
}

function repr(self: Addr): Addr {
  const code = I32[self + FrameObject.Code];
  const file = getString(I32[code + CodeObject.FileName]);
  const name = getString(I32[code + CodeObject.Name]);
  const line = I32[self + FrameObject.Line];
  const at = `0x${(self * 4).toString(16)}`;
  return newStr(`<frame at ${at}, file '${file}', line ${line}, code ${name}>`);
}

/** CPython's size: the frame with its locals and its stack, which lie elsewhere here. */
function sizeOf(self: Addr): Addr {
  const code = I32[self + FrameObject.Code];
  const slots = I32[code + CodeObject.LocalsPlus] + I32[code + CodeObject.StackSize];
  return newInt(CPYTHON_FRAME_BYTES + 8 * slots);
}

const CPYTHON_FRAME_BYTES = 120;

defineType({
  type: T.Frame,
  name: "frame",
  flags: TypeFlag.HasGc,
  basicSize: FrameObject.Bytes,
  slots: { dealloc, traverse, clear, repr },
  members: [
    member("f_back", FrameObject.Back),
    member("f_code", FrameObject.Code),
    member("f_globals", FrameObject.Globals),
    member("f_builtins", FrameObject.Builtins),
    member("f_trace", FrameObject.Trace, { readonly: false }),
  ],
  getSets: [
    getSet("f_lineno", (self) => newInt(I32[self + FrameObject.Line])),
    getSet("f_lasti", (self) => newInt(2 * I32[self + FrameObject.LastInstruction])),
    getSet("f_locals", (self) => {
      const locals = I32[self + FrameObject.Locals];
      return locals === 0 ? newDict() : incref(locals);
    }),
  ],
  methods: [
    noArgs("__sizeof__", sizeOf),
    noArgs("clear", (self) => {
      clearField(self + FrameObject.Locals);
      return newNone();
    }),
  ],
});
