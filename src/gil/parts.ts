/** What a user's own discipline is made from: passed to the default export of its file. */
import { Region, ThreadState } from "../memory/layout.js";
import { threadWord } from "./discipline.js";

export { SLICE_NS, WAKE_ALL } from "../sync/memory.js";
export { Fifo } from "./fifo.js";
export { GilLock } from "./lock.js";
export { Priority } from "./priority.js";
export { Py2Semaphore } from "./py2-semaphore.js";
export { Py32 } from "./py32.js";
export { QueuedLock } from "./queue.js";
export { Timer } from "./timer.js";
export { holderOf, isLocked, takenWord } from "./words.js";

/** Word of the heap with the lock, laid out as `LockWord` says. */
export const LOCK: number = Region.Gil;

/** Words of the lock's region that no built-in discipline uses: 16 for a user's own. */
export const OWN: number = Region.GilEnd - 16;

/** Word of a thread's state that no built-in discipline uses: one of 8 for a user's own. */
export function ownWord(thread: number, index: number): number {
  return threadWord(thread, ThreadState.Gil + 8 + index);
}
