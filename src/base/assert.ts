/**
 * Broken invariants. A failed assertion is a defect of takegil, never of the guest program: it
 * stops the thread that found it, and the interpreter loop then stops the run.
 */
export class InvariantError extends Error {
  override name = "InvariantError";
}

/** Throw {@link InvariantError} unless `condition` holds. Cheap enough for every cold path. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
