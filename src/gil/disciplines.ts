/** The disciplines that can be chosen by name. */
import type { SyncMemory } from "../sync/memory.js";
import type { EventSink } from "../trace/record.js";
import { Fifo } from "./fifo.js";
import type { GilLock } from "./lock.js";
import { NoneUnsafe } from "./none-unsafe.js";
import { Priority } from "./priority.js";
import { Py2Condvar } from "./py2-condvar.js";
import { Py2Semaphore } from "./py2-semaphore.js";
import { Py32 } from "./py32.js";
import { Py32Unforced } from "./py32-unforced.js";
import { Timer } from "./timer.js";

/** A discipline's class: makes one thread's access to the lock. */
export type DisciplineClass = new (memory: SyncMemory, sink: EventSink, slots?: number) => GilLock;

/** Every discipline by its name, in the order in which help lists them. */
export const disciplines = {
  py32: { type: Py32, meaning: "CPython 3.2 and later: asked for after the switch interval" },
  "py32-unforced": { type: Py32Unforced, meaning: "the same without forced switching" },
  "py2-semaphore": { type: Py2Semaphore, meaning: "Python 2.7 on Linux: checks by ticks" },
  "py2-condvar": { type: Py2Condvar, meaning: "Python 2.7 on macOS: checks by ticks" },
  priority: { type: Priority, meaning: "I/O-bound threads first (Beazley 2010)" },
  fifo: { type: Fifo, meaning: "in the order of arrival" },
  timer: { type: Timer, meaning: "a timer thread asks every interval, as in CRuby" },
  "none-unsafe": { type: NoneUnsafe, meaning: "no lock: shows what it is for" },
} as const satisfies Record<string, { type: DisciplineClass; meaning: string }>;

/** Name of a built-in discipline. */
export type DisciplineName = keyof typeof disciplines;

/** Names of the built-in disciplines. */
export const disciplineNames = Object.keys(disciplines) as readonly DisciplineName[];
