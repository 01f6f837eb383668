/** Reading a dead thread's last place from the heap, without the object layer. */
import { Region, ThreadState } from "../memory/layout.js";
import { CodeObject, FunctionObject } from "../object/layout.js";
import { Frame } from "../vm/frame.js";

/**
 * The source line that the thread in `slot` was last seen in: that of its frame where it can be
 * read, else the last one noted; 0 when there is none. The heap may be half changed: every address
 * is checked before it is followed.
 */
export function lineOfThread(words: Int32Array, slot: number): number {
  const state = Region.Threads + slot * ThreadState.Size;
  const noted = words[state + ThreadState.Line];
  const frame = words[state + ThreadState.Frame];
  const valid = (addr: number): boolean => addr >= Region.Static && addr < words.length - 64;
  if (!valid(frame)) return noted;
  const callee = words[frame + Frame.Function];
  if (!valid(callee)) return noted;
  const code = words[callee + FunctionObject.Code];
  if (!valid(code)) return noted;
  const index = words[frame + Frame.Pc] - 1 - words[code + CodeObject.Bytecode];
  const positions = words[code + CodeObject.Positions];
  if (!(index >= 0 && index < words[code + CodeObject.Length]) || !valid(positions)) return noted;
  const line = words[positions + 4 * index];
  return line > 0 ? line : noted;
}
