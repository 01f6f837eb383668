/**
 * A one-shot flag: set once, then for ever. Threads wait for it (join on a thread's end).
 *
 *   value  meaning       changed by           a waiter that sees it
 *   -----  ------------  -------------------  ---------------------
 *   0      not yet set   the setter, to 1     sleeps while it is so
 *   1      set           nobody               goes on
 */
import { type SyncMemory, WAKE_ALL } from "./memory.js";
import { type Parker, ParkResult } from "./parker.js";

/** Set the flag and wake every waiter. Setting it again does nothing. */
export function setEvent(memory: SyncMemory, index: number): void {
  if (memory.exchange(index, 1) === 0) memory.notify(index, WAKE_ALL);
}

export function isEventSet(memory: SyncMemory, index: number): boolean {
  return memory.load(index) !== 0;
}

/** Wait until the flag is set: Woken = set; otherwise why the wait ended without it. */
export function waitEvent(parker: Parker, index: number, deadline: number): ParkResult {
  while (parker.memory.load(index) === 0) {
    const result = parker.park(index, 0, deadline);
    if (result !== ParkResult.Woken && parker.memory.load(index) === 0) return result;
  }
  return ParkResult.Woken;
}
