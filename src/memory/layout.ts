/**
 * Where everything lies in the shared heap. This is the only file with absolute offsets.
 *
 * Unit: the 4-byte word. An address is a word index into the heap's Int32Array; its byte offset
 * is `addr << 2`, its index in the Float64Array `addr >> 1`. Objects are aligned to 4 words
 * (16 bytes), as in CPython on 64-bit machines. Address 0 is NULL and never allocated.
 *
 *   word         0 ┌──────────────────────────────┐
 *                  │ NULL page (never touched)    │
 *           0x0400 ├──────────────────────────────┤ Region.Control  interpreter control words
 *           0x0800 ├──────────────────────────────┤ Region.Gil      the lock (gil/)
 *           0x0900 ├──────────────────────────────┤ Region.Memory   allocator state (memory/)
 *           0x2000 ├──────────────────────────────┤ Region.Threads  thread states
 *           0xb000 ├──────────────────────────────┤ Region.Carriers what each worker does
 *           0xc000 ├──────────────────────────────┤ Region.Static   singletons, small ints, types
 *          0x22000 ├──────────────────────────────┤ Region.Arenas   arenas, raw memory, thread
 *                  │ …                            │                 raw memory, thread stacks
 *        heap size └──────────────────────────────┘
 */
export const enum Region {
  Control = 0x400,
  Gil = 0x800,
  GilEnd = 0x900,
  Memory = 0x900,
  MemoryEnd = 0x2000,
  Threads = 0x2000,
  Carriers = 0xb000,
  Static = 0xc000,
  StaticEnd = 0x22000,
  Arenas = 0x22000,
}

/** How many threads there is room for. */
export const enum ThreadLimit {
  /** Thread states; the first is the interpreter loop's, the last the timer thread's. */
  Slots = 576,
  Timer = Slots - 1,
  /** Most Python threads alive at once, MainThread included. */
  Most = Slots - 2,
  /** The same unless the user asks for more: above it `can't start new thread`. */
  Default = 255,
}

/**
 * A thread state: one record a live Python thread, at `Region.Threads + slot * ThreadState.Size`,
 * slot 1…574 (slot 0 is the interpreter loop on Node's main thread).
 *
 *   0…15   the lock's (gil/), 16…23 the trace's (trace/), 24… the virtual machine's and runtime's
 */
export const enum ThreadState {
  Gil = 0,
  Trace = 16,
  /** Life of the slot: see ThreadLife. Atomic. */
  Life = 24,
  /**
   * Word the thread is parked on, or 0; the interpreter loop notifies it to deliver a signal.
   * Atomic.
   */
  WaitWord = 25,
  /**
   * Kind of heap mutation in progress (Mutation), so that a death inside one is known. Owner
   * thread.
   */
  Mutation = 26,
  /** Current frame (vm/frame.ts) or 0. Owner thread; read by the interpreter loop after a death. */
  Frame = 27,
  /** Pending async exception class (counted reference) or 0. GIL. */
  AsyncException = 28,
  /** First and last word of the thread's data stack. Owner thread. */
  StackBase = 29,
  StackLimit = 30,
  /** Set by the interpreter loop: leave at the next check, whatever the program wants. Atomic. */
  Stop = 31,
  /** Callable, argument tuple and keyword dict of a starting thread (counted references). GIL. */
  StartCallable = 32,
  StartArgs = 33,
  StartKwargs = 34,
  /** 1 while this is MainThread. Immutable during the thread's life. */
  IsMain = 35,
  /** Python-visible identity (threading.get_ident), never 0; distinct for every thread of a run. */
  Ident = 36,
  /** Eval-breaker checks made so far: the thread's tick count. Owner thread. */
  Ticks = 37,
  /** Source line last recorded by a call out of the eval loop. Owner thread. */
  Line = 38,
  /** Lock object released when the thread has ended (counted reference), or 0. GIL. */
  Sentinel = 40,
  /** Carrier number + 1 that runs or will run the thread; 0 none yet, -1 asked for. Atomic. */
  Carrier = 41,
  /** Identity of the thread that started this one. Immutable. */
  Parent = 42,
  /** 1 once its function has ended: who joins it may start another in its place. Owner; atomic. */
  Done = 39,
  /** Word of the lock this thread waits for without a timeout, or 0. Owner thread; atomic. */
  Awaits = 43,
  /** How many such waits it has begun: tells one wait from the next. Owner thread; atomic. */
  Waits = 44,
  /** Its name, a str (counted reference), or 0. GIL; read by the interpreter loop. */
  Name = 45,
  /** Record of the import by another thread that this one waits for, or 0. GIL. */
  ImportWait = 46,
  /** The system's number of the thread that started it and hands its cores on, or 0. Immutable. */
  Starter = 47,
  /**
   * Word of a lock that the thread took without the GIL, until it has the GIL back, or 0. Owner
   * thread; read by the interpreter loop after a death.
   */
  Taken = 48,
  Size = 64,
}

/** Values of ThreadState.Life. */
export const enum ThreadLife {
  Free = 0,
  /** Its words are complete: whoever changes this to Running runs the thread. */
  Starting = 1,
  Running = 2,
  /** Its worker died. */
  Dead = 4,
  /** Reserved by a thread that still fills in the words: nobody else's business. */
  Reserved = 5,
}

/**
 * Values of ThreadState.Mutation: what a thread was changing when it died (platform.md, deaths).
 */
export const enum Mutation {
  None = 0,
  Alloc = 1,
  Free = 2,
  Resize = 3,
  Collect = 4,
  Decref = 5,
}

/** Interpreter-wide control words, relative to Region.Control. */
export const enum Control {
  /** Bit set of tripped signals (bit n = signal n, n < 32). Atomic. */
  SignalsTripped = Region.Control,
  /** 1 once finalization has begun (G36). Atomic. */
  Finalizing,
  /** Thread slot of MainThread. */
  MainThread,
  /** Next thread identity to hand out. Atomic. */
  NextIdent,
  /** Python threads alive. Atomic. */
  LiveThreads,
  /** Exit status of the run, once known. */
  ExitStatus,
  /** Words in this heap. Immutable. */
  HeapWords,
  /** 1 when the object layer's static objects have been built. */
  Booted,
  /** Counts threads that wait for a carrier; the interpreter loop sleeps on it. Atomic. */
  CarrierRequests,
  /** Python threads that may be alive at once, MainThread included. Immutable. */
  MaxThreads,
  /** 1 once no carrier shall wait for further threads. Atomic. */
  Closing,
  /** Threads that ended without giving back what their frames held (G36). Atomic. */
  Abandoned,
  /** 1 once the program is likely to start threads. Atomic. */
  ThreadsExpected,
  /** Shape of arenas and pools (PymallocKind). Immutable. */
  Pymalloc,
  /** What stands between the callers of the allocator and it (AllocatorKind). Immutable. */
  Allocator,
  /** 1: MainThread, when it is stopped, still writes out what its streams hold. Atomic. */
  FlushAtStop,
  /** Which version's check points loaded code gets: vm/checkpoints.ts PointVersion. Immutable. */
  CheckPoints,
  /** 1 when virtual time passes (sync/virtual.ts). Immutable. */
  VirtualTime,
  /** Names told to the trace so far. GIL. */
  NamesTold,
  /** How often the heap has been made new (memory/renewal.ts). Changed while no thread runs. */
  Renewals,
  /** 1 once the program has chosen the cores of a thread. Atomic. */
  CoresChosen,
}

/** Bits of `Control.Allocator`. */
export const enum AllocatorKind {
  /** Guard bytes, fill patterns, serial numbers (debugheap.ts). */
  Debug = 1,
  /** Allocations fail on purpose (failing.ts). */
  Failing = 2,
  /** The whole heap is verified when the program has ended, and again after finalization. */
  Verified = 4,
}

/**
 * Carriers (workers that run Python threads) and what they do, by carrier number 0…575. A parked
 * carrier sleeps on its mailbox; whoever starts a thread hands it over there.
 */
export const enum Carriers {
  Max = 576,
  /** Mailbox words: see MailboxState. Atomic. */
  Mailboxes = Region.Carriers,
  /** worker_threads id of each carrier's worker. Owner, before its mailbox is claimed busy. */
  Workers = Mailboxes + Max,
  /** Slot of the thread it runs, or 0. Owner; read by the interpreter loop after a death. */
  Slots = Workers + Max,
}

/** Values of a mailbox. */
export const enum MailboxState {
  /** No worker has this number. */
  Unused = 0,
  Busy = 1,
  /** Parked: waits for a thread. */
  Idle = 2,
  /** Parked, and has run a thread before: its JavaScript is compiled. */
  Warm = 3,
  /** Plus the slot of a thread to run. */
  Assigned = 16,
}
