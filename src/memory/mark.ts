/**
 * The mutation mark: one word of the running thread's state that says which change of the heap is
 * in progress, so that the interpreter loop knows whether a dead thread left the heap whole.
 */
import { heap } from "./heap.js";
import { type Mutation, Region, ThreadState } from "./layout.js";

const I32 = heap.I32;

/** Address of the running Python thread's state; slot 0, the interpreter loop's, until bound. */
let state: number = Region.Threads;

/** Bind this JavaScript thread to the thread state at `address` (a carrier takes on a thread). */
export function bindThreadState(address: number): void {
  state = address;
}

/** Address of the running Python thread's state. */
export function threadState(): number {
  return state;
}

/** Begin a change of the heap that spans several calls. Changes of the allocator do not nest. */
export function startMutation(kind: Mutation): void {
  I32[state + ThreadState.Mutation] = kind;
}

/** End what {@link startMutation} began. */
export function endMutation(): void {
  I32[state + ThreadState.Mutation] = 0;
}
