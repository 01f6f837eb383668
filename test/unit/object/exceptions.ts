/** Stands in for exceptions.ts in tests of single types: it notes what was raised. */
import { heap } from "../../../src/memory/heap.js";
import { malloc } from "../../../src/memory/pymalloc.js";
import { registerExceptionFactory, takePending } from "../../../src/object/errors.js";
import { Head, TypeObject } from "../../../src/object/layout.js";
import { newStr } from "../../../src/object/str.js";
import { Kind, StaticArea } from "../../../src/object/types.js";

let message = "";

function note(type: number, text: string): number {
  message = text;
  const exc = malloc(128);
  heap.I32.fill(0, exc, exc + 32);
  heap.I32[exc] = 1000;
  heap.I32[exc + Head.Type] = type;
  return exc;
}

/** Give `types` the names that messages show, and raise plain records from now on. */
export function useRecordedExceptions(types: Record<string, number>): void {
  // Boot numbers the slot tables; these tests do without it.
  for (let kind = 0; kind < Kind.LastStatic; kind++) {
    heap.I32[StaticArea.Types + kind * TypeObject.StaticSize + TypeObject.Slots] = kind;
  }
  for (const [name, type] of Object.entries(types)) {
    heap.I32[type + TypeObject.Name] = newStr(name);
  }
  registerExceptionFactory({
    fromMessage: note,
    fromValue: (type) => note(type, ""),
    isSubtype: (type, base) => type === base,
  });
}

/** Type and message of the pending exception, which is cleared; null where none is pending. */
export function takeRaised(): { type: number; message: string } | null {
  const exc = takePending();
  return exc === 0 ? null : { type: heap.I32[exc + Head.Type], message };
}
