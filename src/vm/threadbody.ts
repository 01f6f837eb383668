/** What a carrier runs for a thread that `_thread.start_new_thread` started. */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { callTuple } from "../object/call.js";
import { clearPending, exceptionMatches } from "../object/errors.js";
import { clearField, decref } from "../object/header.js";
import { LockObject } from "../object/layout.js";
import { thread } from "../object/thread.js";
import { T } from "../object/types.js";
import { writeUnraisableIn } from "../object/unraisable.js";
import { releaseLock } from "./blocking.js";
import { dropThreadLocals } from "./threadlocal.js";

const I32 = heap.I32;

function take(word: number): Addr {
  const value = I32[thread.state + word];
  I32[thread.state + word] = 0;
  return value;
}

/**
 * Call the bound thread's function; the GIL is held. An exception that leaves it is reported, and
 * SystemExit is silent (H2). At last the thread's sentinel is released: who joins it goes on (H20).
 */
export function runThreadBody(): void {
  const callable = take(ThreadState.StartCallable);
  const args = take(ThreadState.StartArgs);
  const kwargs = take(ThreadState.StartKwargs);
  const result = callTuple(callable, args, kwargs);
  if (result !== 0) decref(result);
  else if (exceptionMatches(thread.pending, T.SystemExit)) clearPending();
  else writeUnraisableIn("Exception ignored in thread started by", callable);
  decref(args);
  if (kwargs !== 0) decref(kwargs);
  decref(callable);
  dropThreadLocals();
  clearField(thread.state + ThreadState.Name);
  Atomics.store(I32, thread.state + ThreadState.Done, 1);
  const sentinel = take(ThreadState.Sentinel);
  if (sentinel === 0) return;
  releaseLock(sentinel + LockObject.State);
  decref(sentinel);
}
