/**
 * What native code asks of the running frame: its namespace (`locals()`, `vars()`, `dir()`, `exec`,
 * `eval`) and the arguments that `super()` leaves out.
 */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { dictDeleteStr, dictGetStr, dictSetStr, newDict } from "../object/dict.js";
import { raise } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { CellObject, CodeObject, FunctionObject, Head, TupleObject } from "../object/layout.js";
import { superArguments } from "../object/super.js";
import { thread } from "../object/thread.js";
import { T } from "../object/types.js";
import { Frame, FrameFlag } from "./frame.js";

const I32 = heap.I32;

/** A module or class body's own mapping, or a new dict of a function's set variables. */
export function newLocalsDict(): Addr {
  const frame = I32[thread.state + ThreadState.Frame];
  if (frame === 0) return raise(T.SystemError, "frame does not exist");
  return newLocalsOf(frame);
}

/**
 * The namespace of the code that runs in `frame`: a new reference. A function's dict is kept with
 * its frame and brought up to date by each call, as in CPython up to 3.12.
 */
export function newLocalsOf(frame: Addr): Addr {
  if (I32[frame + Frame.Locals] !== 0) return incref(I32[frame + Frame.Locals]);
  if ((I32[frame + Frame.Flags] & FrameFlag.Snapshot) === 0) {
    const made = newDict();
    if (made === 0) return 0;
    I32[frame + Frame.Snapshot] = made;
    I32[frame + Frame.Flags] |= FrameFlag.Snapshot;
  }
  const dict = I32[frame + Frame.Snapshot];
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  const names = I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items;
  const fp = I32[frame + Frame.Fp];
  for (let i = 0; i < I32[code + CodeObject.LocalsPlus]; i++) {
    let value = I32[fp + i];
    if (value !== 0 && I32[value + Head.Type] === T.Cell) value = I32[value + CellObject.Contents];
    const name = I32[names + 2 * i];
    const known = value === 0 && dictGetStr(dict, name) !== 0;
    if (value === 0 && !known) continue;
    if ((known ? dictDeleteStr(dict, name) : dictSetStr(dict, name, value)) < 0) return 0;
  }
  return incref(dict);
}

/** Forget the dict of a frame that ends or is suspended. */
export function dropSnapshot(frame: Addr): void {
  I32[frame + Frame.Flags] &= ~FrameFlag.Snapshot;
  decref(I32[frame + Frame.Snapshot]);
}

const ID_class = identifier("__class__");

/** `super()` without arguments: `__class__` of the running method, and its first argument. */
export function findSuperArguments(): boolean {
  const frame = I32[thread.state + ThreadState.Frame];
  if (frame === 0) return noSuper("super(): no current frame");
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  if (I32[code + CodeObject.ArgCount] === 0) return noSuper("super(): no arguments");
  const fp = I32[frame + Frame.Fp];
  let object = I32[fp];
  if (object !== 0 && I32[object + Head.Type] === T.Cell)
    object = I32[object + CellObject.Contents];
  if (object === 0) return noSuper("super(): arg[0] deleted");
  const names = I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items;
  const slots = I32[code + CodeObject.LocalsPlus];
  for (let i = slots - I32[code + CodeObject.Free]; i < slots; i++) {
    if (I32[names + 2 * i] !== ID_class) continue;
    const cell = I32[fp + i];
    const type = cell === 0 ? 0 : I32[cell + CellObject.Contents];
    if (type === 0) return noSuper("super(): empty __class__ cell");
    superArguments.type = type;
    superArguments.object = object;
    return true;
  }
  return noSuper("super(): __class__ cell not found");
}

function noSuper(message: string): false {
  raise(T.RuntimeError, message);
  return false;
}
