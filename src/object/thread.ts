/**
 * What the running Python thread keeps on the JavaScript side: its carrier's only, so a plain
 * object is enough. What other threads must see stands in the heap (memory/layout.ts ThreadState).
 */
import type { Addr } from "../memory/heap.js";

/** Bound of the JavaScript stack, whatever `sys.setrecursionlimit` allows. */
export const enum NativeStack {
  /**
   * Levels of native code and of the eval loop within one another. A carrier's stack of 32 MiB
   * holds twice as many of the most costly kind (sorting objects whose `__lt__` sorts).
   */
  Levels = 6000,
}

class ThreadContext {
  /** Address of the thread's state in the heap. */
  state: Addr = 0;
  /**
   * First free word of the data stack. Native code that calls Python pushes arguments here; the
   * eval loop stores its stack pointer here before every call out.
   */
  sp: Addr = 0;
  /** Current frame, 0 outside of Python code. Written by the eval loop. */
  frame: Addr = 0;
  /** Pending exception (an instance; counted) or 0. */
  pending: Addr = 0;
  /**
   * Exception being handled (`sys.exc_info`; counted) or 0; saved and restored by except blocks and
   * generators.
   */
  handled: Addr = 0;
  /** Nested Python calls, and nested native calls that may recurse. */
  depth = 0;
  /** Greatest depth (`sys.setrecursionlimit`), and end of the data stack. */
  recursionLimit = 1000;
  stackLimit: Addr = 0;
  /** Levels among `depth` that hold the JavaScript stack: at most NativeStack.Levels. */
  nativeDepth = 0;
  /** Depth of nested deallocations (R10), and head of the list of those put off. */
  deallocDepth = 0;
  deallocLater: Addr = 0;
}

export const thread = new ThreadContext();
