/** Fatal errors: CPython's text about a state that nothing can go on from. */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { CodeObject, FunctionObject } from "../object/layout.js";
import { getString } from "../object/str.js";
import { thread } from "../object/thread.js";
import { lineOf } from "./code.js";
import { Frame } from "./frame.js";
import { getHost } from "./host.js";

const I32 = heap.I32;

/** Exit status of a fatal error: a shell's for CPython's abort signal. */
export const STATUS_FATAL = 134;

/** Frames shown at most. */
const MOST_FRAMES = 100;

function frameLine(frame: Addr): string {
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  const line = lineOf(code, I32[frame + Frame.Pc] - 1 - I32[code + CodeObject.Bytecode]);
  const [file, name] = [I32[code + CodeObject.FileName], I32[code + CodeObject.Name]];
  return `  File "${getString(file)}", line ${line} in ${getString(name)}`;
}

/** Say what is wrong and where the running thread is, and end the process. */
export function fatalError(details: readonly string[], message: string): never {
  const ident = I32[thread.state + ThreadState.Ident];
  const lines = [
    ...details,
    "",
    `Fatal Python error: ${message}`,
    "Python runtime state: initialized",
    "",
    `Current thread 0x${ident.toString(16).padStart(16, "0")} (most recent call first):`,
  ];
  let frame = I32[thread.state + ThreadState.Frame];
  if (frame === 0) lines.push("  <no Python frame>");
  for (let shown = 0; frame !== 0 && shown < MOST_FRAMES; shown++) {
    lines.push(frameLine(frame));
    frame = I32[frame + Frame.Previous];
  }
  getHost().writeOut(2, new TextEncoder().encode(`${lines.join("\n")}\n`));
  return getHost().exitProcess(STATUS_FATAL);
}
