/** The disciplines that can be chosen by name. A run loads only its own. */
import type { AsyncSyncMemory } from "../sync/memory.js";
import type { EventSink } from "../trace/record.js";
import type { GilLock } from "./lock.js";

/** A discipline's class: makes one thread's access to the lock. */
export type DisciplineClass = new (
  memory: AsyncSyncMemory,
  sink: EventSink,
  slots?: number,
) => GilLock;

/** What can be chosen. */
export interface DisciplineChoice {
  /** One line for help texts. */
  readonly meaning: string;
  load(): Promise<DisciplineClass>;
}

/** Every discipline by its name, in the order in which help lists them. */
export const disciplines = {
  py32: {
    meaning: "CPython 3.2 and later: asked to drop it after the switch interval",
    load: async () => (await import("./py32.js")).Py32,
  },
  "py32-unforced": {
    meaning: "the same without forced switching",
    load: async () => (await import("./py32-unforced.js")).Py32Unforced,
  },
  "py2-semaphore": {
    meaning: "Python 2.7 on Linux: checks every 100 instructions, no hand-over",
    load: async () => (await import("./py2-semaphore.js")).Py2Semaphore,
  },
  "py2-condvar": {
    meaning: "Python 2.7 on macOS: the same with a mutex and a condition",
    load: async () => (await import("./py2-condvar.js")).Py2Condvar,
  },
  priority: {
    meaning: "threads that do input and output go before those that compute (Beazley)",
    load: async () => (await import("./priority.js")).Priority,
  },
  fifo: {
    meaning: "in the order of arrival",
    load: async () => (await import("./fifo.js")).Fifo,
  },
  timer: {
    meaning: "a timer thread asks the holder every interval, as in CRuby",
    load: async () => (await import("./timer.js")).Timer,
  },
  "none-unsafe": {
    meaning: "no lock: shows what it is for",
    load: async () => (await import("./none-unsafe.js")).NoneUnsafe,
  },
} as const satisfies Record<string, DisciplineChoice>;

/** Name of a built-in discipline. */
export type DisciplineName = keyof typeof disciplines;

/** Names of the built-in disciplines. */
export const disciplineNames = Object.keys(disciplines) as readonly DisciplineName[];

/** True for the name of a discipline whose checks are counted in instructions. */
export function isTickDiscipline(name: string): boolean {
  return name === "py2-semaphore" || name === "py2-condvar";
}
