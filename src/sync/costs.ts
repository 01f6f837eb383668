/**
 * What things cost in virtual time, in nanoseconds: the one table. The figures are those of CPython
 * 3.11 and a Linux futex on a machine of today, rounded; what matters is that they never change
 * within a version of takegil, since a seed's meaning hangs on them.
 */
export const enum Cost {
  /** An instruction that only moves references. */
  Move = 5,
  /** An instruction that works on objects: arithmetic, attributes, names, comparisons. */
  Work = 25,
  /** Building a container, a slice, a string from parts. */
  Build = 50,
  /** A call, of whatever kind; what a native function does is not counted. */
  Call = 50,
  /** Importing a module, defining a class: what the compiler and the disk would take. */
  Import = 20_000,

  /** A load, store or read-modify-write of a lock's word. */
  Atomic = 10,
  /** One of a watcher's looks at a word: as coarse as keeps them few. */
  Look = 1_000,
  /** Going to sleep: the system call. */
  Sleep = 1_000,
  /** Waking sleepers: the system call, and what each further one adds. */
  Wake = 800,
  WakeEach = 200,
  /** Taking a virtual core. */
  ContextSwitch = 1_500,
  /** Starting a thread: until the child could run. */
  Spawn = 30_000,
}
