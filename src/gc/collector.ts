/** Cycle collection. */

/** Collect `generation` (0, 1 or 2) and those younger; the number of unreachable objects. */
export function collect(_generation: number): number {
  return 0;
}
