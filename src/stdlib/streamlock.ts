/**
 * The lock of a stream (I11): one thread at a time is inside a system call on its behalf, or in the
 * Python code that takes one's place. Two words: the lock (sync/lock.ts), and who has it, which
 * changes with the GIL held only. What never drops the GIL needs no lock: it looks at the owner.
 */
import { type Addr, heap } from "../memory/heap.js";
import { raise } from "../object/errors.js";
import { decref } from "../object/header.js";
import { reprObject } from "../object/repr.js";
import { getString } from "../object/str.js";
import { T } from "../object/types.js";
import { acquireLock, deadlineAfter, releaseLock } from "../vm/blocking.js";
import { currentIdent, slotOf } from "../vm/threadstart.js";

const I32 = heap.I32;

/** Milliseconds between looks at whether the thread that has the lock is still alive. */
const OWNER_CHECK_MS = 50;

/**
 * Take the lock at word `lock`; -1: a signal handler raised. A thread that was terminated inside is
 * no reason for the others to wait for ever.
 */
export function lockStream(lock: Addr, owner: Addr): number {
  for (;;) {
    const result = acquireLock(lock, deadlineAfter(OWNER_CHECK_MS));
    if (result < 0) return -1;
    if (result === 1) break;
    const ident = I32[owner];
    if (ident === 0 || slotOf(ident) >= 0) continue;
    I32[owner] = 0;
    releaseLock(lock);
  }
  I32[owner] = currentIdent();
  return 0;
}

export function unlockStream(lock: Addr, owner: Addr): void {
  I32[owner] = 0;
  releaseLock(lock);
}

/**
 * As {@link lockStream}, for a stream whose Python code below, or a signal handler, may come back
 * to it: -1 with RuntimeError pending where the thread has the lock already.
 */
export function enterStream(self: Addr, lock: Addr, owner: Addr): number {
  if (I32[owner] === 0 || I32[owner] !== currentIdent()) return lockStream(lock, owner);
  const text = reprObject(self);
  if (text === 0) return -1;
  raise(T.RuntimeError, `reentrant call inside ${getString(text)}`);
  decref(text);
  return -1;
}
