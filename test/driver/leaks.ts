/** Which blocks a run left on the heap: for {@link run.js} when TAKEGIL_LEAK_CHECK is set. */
import { heap } from "../../src/memory/heap.js";
import { walkBlocks } from "../../src/memory/walk.js";
import { Head, TypeObject } from "../../src/object/layout.js";
import { strObject } from "../../src/object/repr.js";
import { slotsOf } from "../../src/object/slots.js";
import { getString, isStr } from "../../src/object/str.js";
import { T } from "../../src/object/types.js";

const I32 = heap.I32;

/** Addresses of all pool blocks in use. */
export function liveBlocks(): Set<number> {
  const live = new Set<number>();
  walkBlocks(I32, (contents) => live.add(contents));
  return live;
}

/** What the block at `block` seems to be. */
export function describeBlock(block: number): string {
  for (const lead of [0, 4, 8]) {
    const object = block + lead;
    const type = I32[object + Head.Type];
    if (type < T.Object || type >= heap.words || I32[type + Head.Type] !== T.Type) continue;
    const name = I32[type + TypeObject.Name];
    if (name <= 0 || !isStr(name)) continue;
    const text = isStr(object) ? ` ${JSON.stringify(getString(object))}` : "";
    return `${getString(name)} (${I32[object]} references)${text}`;
  }
  return "no object";
}

/** Its `str()`; a half-made object may have none. */
function textOf(object: number): string {
  try {
    const text = strObject(object);
    return text === 0 ? "" : getString(text).slice(0, 100);
  } catch {
    return "";
  }
}

/**
 * Of the leaked `blocks`, the objects that more references hold than leaked objects account for.
 */
export function roots(blocks: Iterable<number>): string[] {
  const objects = new Map<number, number>();
  for (const block of blocks) {
    for (const lead of [0, 4, 8]) {
      const type = I32[block + lead + Head.Type];
      if (type < T.Object || type >= heap.words || I32[type + Head.Type] !== T.Type) continue;
      objects.set(block + lead, 0);
      break;
    }
  }
  for (const object of objects.keys()) {
    slotsOf(I32[object + Head.Type]).traverse?.(object, (ref) => {
      const seen = objects.get(ref);
      if (seen !== undefined) objects.set(ref, seen + 1);
    });
  }
  const found: string[] = [];
  for (const [object, seen] of objects) {
    if (I32[object] <= seen) continue;
    found.push(`${describeBlock(object)}: ${seen} accounted for: ${textOf(object)}`);
  }
  return found;
}
