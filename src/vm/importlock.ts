/**
 * Imports by several threads at once (I24): a thread that finds a module in `sys.modules` whose
 * body another thread still runs waits for its end, without the GIL. Where that would close a cycle
 * of threads waiting for each other's modules it goes on with the half made module, as within one
 * thread. After CPython's `_ModuleLock` (Lib/importlib/_bootstrap.py).
 *
 * Each module whose body runs has a record in raw memory; they form a list, newest first, that is
 * read and written with the GIL held. A record outlives its import as long as threads wait on it.
 *
 *   word  0        1               2               3            4           5
 *         Next     Module          OwnerState      OwnerIdent   Lock        Waiters
 *         record   borrowed, or 0  thread state    identity     lock word   threads
 *                  when finished
 */
import { type Addr, heap } from "../memory/heap.js";
import { ThreadLife, ThreadState } from "../memory/layout.js";
import { rawFree, rawMalloc } from "../memory/raw.js";
import { raiseMemoryError } from "../object/errors.js";
import { thread } from "../object/thread.js";
import { LockState } from "../sync/lock.js";
import { acquireLock, deadlineAfter, releaseLock } from "./blocking.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const enum ImportRecord {
  Next,
  Module,
  OwnerState,
  OwnerIdent,
  Lock,
  Waiters,
  Size,
}

/** How often a waiter looks whether the importing thread is still alive, in ms. */
const OWNER_CHECK_MS = 100;

/** The running thread begins to run `module`'s body; its record, 0 with MemoryError pending. */
export function beginImport(module: Addr): Addr {
  const record = rawMalloc(ImportRecord.Size * 4);
  if (record === 0) return raiseMemoryError();
  I32[record + ImportRecord.Next] = I32[VmState.Imports];
  I32[record + ImportRecord.Module] = module;
  I32[record + ImportRecord.OwnerState] = thread.state;
  I32[record + ImportRecord.OwnerIdent] = I32[thread.state + ThreadState.Ident];
  I32[record + ImportRecord.Lock] = LockState.Held;
  I32[record + ImportRecord.Waiters] = 0;
  I32[VmState.Imports] = record;
  return record;
}

/** The body has ended, well or not: whoever waits for it goes on. */
export function endImport(record: Addr): void {
  I32[record + ImportRecord.Module] = 0;
  releaseLock(record + ImportRecord.Lock);
  freeUnlessAwaited(record);
}

function freeUnlessAwaited(record: Addr): void {
  if (I32[record + ImportRecord.Waiters] > 0) return;
  let link: Addr = VmState.Imports;
  while (I32[link] !== record) link = I32[link] + ImportRecord.Next;
  I32[link] = I32[record + ImportRecord.Next];
  rawFree(record);
}

/** The record of `module`, 0 when nobody runs its body (any more). */
function findImport(module: Addr): Addr {
  let record = I32[VmState.Imports];
  while (record !== 0 && I32[record + ImportRecord.Module] !== module) {
    record = I32[record + ImportRecord.Next];
  }
  return record;
}

/** Does some thread run the body of `module`? */
export function isInitializing(module: Addr): boolean {
  return findImport(module) !== 0;
}

/**
 * Wait until no other thread runs the body of `module`: 1 after a wait, 0 when there was nothing to
 * wait for or the wait would never end, -1 when a signal handler raised.
 */
export function awaitImport(module: Addr): number {
  if (I32[VmState.Imports] === 0) return 0;
  const record = findImport(module);
  if (record === 0 || closesCycle(record)) return 0;
  I32[record + ImportRecord.Waiters] += 1;
  I32[thread.state + ThreadState.ImportWait] = record;
  const status = waitFor(record);
  I32[thread.state + ThreadState.ImportWait] = 0;
  I32[record + ImportRecord.Waiters] -= 1;
  if (I32[record + ImportRecord.Module] === 0) freeUnlessAwaited(record);
  return status;
}

function waitFor(record: Addr): number {
  const lock = record + ImportRecord.Lock;
  for (;;) {
    const taken = acquireLock(lock, deadlineAfter(OWNER_CHECK_MS));
    if (taken < 0) return -1;
    if (taken === 1) {
      releaseLock(lock);
      return 1;
    }
    if (!ownerLives(record)) {
      I32[record + ImportRecord.Module] = 0;
      return 1;
    }
  }
}

function ownerLives(record: Addr): boolean {
  const state = I32[record + ImportRecord.OwnerState];
  const life = Atomics.load(I32, state + ThreadState.Life);
  return (
    I32[state + ThreadState.Ident] === I32[record + ImportRecord.OwnerIdent] &&
    (life === ThreadLife.Running || life === ThreadLife.Starting)
  );
}

/** Does the importing thread wait, directly or not, for a module that this thread imports? */
function closesCycle(record: Addr): boolean {
  while (record !== 0) {
    const owner = I32[record + ImportRecord.OwnerState];
    if (owner === thread.state) return true;
    record = I32[owner + ThreadState.ImportWait];
  }
  return false;
}

/** Identity of the thread that runs the body which a waiter's `record` is about. */
export function importerOf(words: Int32Array, record: Addr): number {
  return words[record + ImportRecord.OwnerIdent];
}
