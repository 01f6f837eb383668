/**
 * Taking on and leaving a Python thread: a carrier binds itself to the thread's state in the heap
 * and gives it a data stack.
 */
import { assert } from "../base/assert.js";
import { type Addr, heap } from "../memory/heap.js";
import { Region, ThreadState } from "../memory/layout.js";
import { bindThreadState } from "../memory/mark.js";
import { rawFree, rawMalloc } from "../memory/raw.js";
import { clearPending } from "../object/errors.js";
import { decref } from "../object/header.js";
import { thread } from "../object/thread.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

/** Data stack sizes in bytes; pages are committed as they are touched. */
const MAIN_STACK_BYTES = Math.min(16 << 20, (heap.words * 4) >> 4);
const THREAD_STACK_BYTES = Math.min(1 << 20, (heap.words * 4) >> 7);

/** Room above the limit for native calls at the very top. */
const RESERVE_WORDS = 512;

/** Address of the state of thread `slot`. */
export function stateOf(slot: number): Addr {
  return Region.Threads + slot * ThreadState.Size;
}

/** Point this carrier at thread `slot`. Touches no shared structure: the GIL need not be held. */
export function bindThread(slot: number): void {
  thread.state = stateOf(slot);
  bindThreadState(thread.state);
}

/** Make the bound thread ready to run Python; the GIL is held. False: no memory for its stack. */
export function enterThread(): boolean {
  const state = thread.state;
  const bytes = I32[state + ThreadState.IsMain] !== 0 ? MAIN_STACK_BYTES : THREAD_STACK_BYTES;
  // A thread that died in this slot has left its stack, of the same size: MainThread has its own.
  const left = I32[state + ThreadState.StackBase];
  const stack = left === 0 ? rawMalloc(bytes) : left;
  if (stack === 0) return false;
  I32[state + ThreadState.StackBase] = stack;
  I32[state + ThreadState.StackLimit] = stack + (bytes >> 2) - RESERVE_WORDS;
  I32[state + ThreadState.Frame] = 0;
  thread.sp = stack;
  thread.stackLimit = I32[state + ThreadState.StackLimit];
  thread.recursionLimit = I32[VmState.RecursionLimit];
  thread.depth = 0;
  thread.nativeDepth = 0;
  return true;
}

/** Give the bound thread's stack back; the GIL is held and nothing of the thread runs any more. */
export function leaveThread(): void {
  assert(thread.depth === 0, `thread ends at depth ${thread.depth}`);
  clearPending();
  if (thread.handled !== 0) {
    const handled = thread.handled;
    thread.handled = 0;
    decref(handled);
  }
  const stack = I32[thread.state + ThreadState.StackBase];
  I32[thread.state + ThreadState.StackBase] = 0;
  rawFree(stack);
}
