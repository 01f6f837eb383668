/**
 * The virtual machine's own words among the object layer's (object/state.ts: 704…895). All are
 * counted references to objects of the running interpreter, read and written with the GIL held.
 */
import { StaticArea } from "../object/types.js";

export const enum VmState {
  /** Dict `sys.modules`. */
  Modules = StaticArea.State + 704,
  /** Dict and module `builtins`. */
  Builtins,
  BuiltinsModule,
  /** The builtin `__import__`: while builtins holds it, imports take the short way. */
  ImportFunction,
  /** Dict and module `sys`. */
  SysDict,
  SysModule,
  /** Module `__main__`. */
  MainModule,
  /** Recursion limit of the interpreter (a number, not an object). */
  RecursionLimit,
  /** `threading.stack_size` (a number, not an object). */
  StackSize,
  /** List of all `_thread._local` objects: its first and last one (not counted). */
  FirstLocal,
  LastLocal,
  /** Dict of the Python handlers of signals, or 0 as long as `signal` was not imported. */
  SignalHandlers,
  /** List of the functions registered with atexit, or 0. */
  ExitFunctions,
  /** Newest of the modules whose bodies run (vm/importlock.ts), or 0 (not counted). */
  Imports,
  /** When `_faults.die` last ended a thread: numbers, not objects. Atomic. */
  DeathSeconds,
  DeathNanoseconds,
  /** Blocks in use before the interpreter was made (a number): finalization compares with it. */
  Baseline,
}
