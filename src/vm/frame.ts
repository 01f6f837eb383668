/**
 * Frames on a thread's data stack. A call uses the caller's pushed arguments as the first locals of
 * the callee, in place; the frame record stands behind the locals and the frame's own stack behind
 * the record:
 *
 *      caller's stack … │ callable │ a0 a1 … locals cells free │ record │ stack …
 *                         ↑ ReturnSp  ↑ Fp                       ↑ frame  ↑ first sp
 *
 * Locals, cells and stack items are counted references, one word each; 0 is an unset local. A
 * suspended generator's words are copied into the generator object and back.
 */
export const enum Frame {
  /** The caller's frame, 0 at the bottom of a thread. */
  Previous = 0,
  /** Function being run; borrowed: the caller's stack, or the native caller, owns it. */
  Function = 1,
  /** First local. */
  Fp = 2,
  /** Where the caller's stack pointer goes back to; references from there up to Fp are dropped. */
  ReturnSp = 3,
  /** FrameFlag bits. */
  Flags = 4,
  /** Instruction to go on at, stored at calls and back jumps: the word after the current one. */
  Pc = 5,
  /** First item of the constants tuple. */
  Consts = 6,
  /** Mapping of names in module and class bodies (owned), else 0. */
  Locals = 7,
  /** Generator whose frame this is (borrowed), else 0. */
  Generator = 8,
  /** Where the caller goes on when this generator is exhausted (FOR_ITER), else 0. */
  ExhaustedPc = 9,
  /** Exception handled by the resumer of this generator (borrowed). */
  OuterHandled = 10,
  /** Dict that `locals()` gave in this function (owned), valid with FrameFlag.Snapshot. */
  Snapshot = 11,
  Size = 12,
}

export const enum FrameFlag {
  /** Returning from this frame leaves the eval loop's JavaScript call. */
  Entry = 1,
  /** `__init__` of a new instance: None is expected, the instance is the result. */
  Init = 2,
  Generator = 4,
  Snapshot = 8,
  /** A generator's frame that handles an exception of its own, not only its resumer's. */
  Handles = 16,
}
