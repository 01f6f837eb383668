/** What the free lists hold (R27), in the words of `sys._debugmallocstats` (A23). */
import { accountLine } from "../memory/account.js";
import { heap } from "../memory/heap.js";
import { ObjectState } from "./state.js";

const I32 = heap.I32;

/** Longest tuple with a free list. */
const LONGEST_TUPLE = 20;

function freeLine(count: number, name: string, bytes: number): string {
  const text = `${count} ${name}s * ${bytes} bytes each`;
  return accountLine(`${text.padStart(48)} `, count * bytes);
}

/** A line for each free list, in CPython 3.11's order; sizes are without the collector's header. */
export function freeListAccount(): string[] {
  const lines = [
    freeLine(I32[ObjectState.DictFreeCount], "free PyDictObject", 48),
    freeLine(I32[ObjectState.FreeFloatCount], "free PyFloatObject", 24),
    freeLine(I32[ObjectState.ListFreeCount], "free PyListObject", 40),
  ];
  for (let n = 1; n <= LONGEST_TUPLE; n++) {
    const count = I32[ObjectState.TupleFreeCount + n];
    lines.push(freeLine(count, `free ${n}-sized PyTupleObject`, 24 + 8 * n));
  }
  return lines;
}
