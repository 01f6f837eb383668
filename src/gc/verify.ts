/**
 * Verification of a whole heap: the allocators' structures, then every object that can be reached
 * from the static types and the collector's lists. Each reference must lead to an object on a live
 * block or to a static one, and no object may have fewer references counted than were found.
 * (References from frames, from native code and from types that show none are not found, so counts
 * may be higher.) The GIL is held. Nothing is changed or allocated on the heap.
 */
import { checkMemory } from "../memory/check.js";
import { checkGuards } from "../memory/debugheap.js";
import { type Addr, heap } from "../memory/heap.js";
import { AllocatorKind, Control, Region } from "../memory/layout.js";
import { contentsOffset, walkBlocks, walkRaw } from "../memory/walk.js";
import { GcHead, Head, InstanceObject, TypeFlag, TypeObject } from "../object/layout.js";
import { slotsOf } from "../object/slots.js";
import { ObjectState } from "../object/state.js";
import { getString, isStr } from "../object/str.js";
import { StaticArea, T } from "../object/types.js";

const I32 = heap.I32;

/** More problems than this are cut off: one defect is often seen from many places. */
const MOST_PROBLEMS = 20;

/** What is wrong with the heap, one sentence each; nothing in a sound one. */
export function verifyHeap(): string[] {
  const problems: string[] = [];
  const complain = (problem: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  checkMemory(I32, complain);
  if ((I32[Control.Allocator] & AllocatorKind.Debug) !== 0) checkGuards(complain);
  // Following references in a heap whose blocks are in disorder could go anywhere.
  if (problems.length === 0) new ObjectWalk(complain).run();
  return problems;
}

class ObjectWalk {
  /** Starts of the contents of live blocks. */
  readonly #live = new Set<Addr>();
  /** References found, by object. */
  readonly #incoming = new Map<Addr, number>();
  readonly #waiting: Addr[] = [];

  constructor(private readonly complain: (problem: string) => void) {}

  run(): void {
    const lead = contentsOffset(I32);
    walkBlocks(I32, (contents) => this.#live.add(contents));
    walkRaw(I32, (block, _bytes, free) => {
      if (!free) this.#live.add(block + lead);
    });
    for (let type = StaticArea.Types; type < StaticArea.TypesEnd; type += TypeObject.StaticSize) {
      if (I32[type + Head.Type] === T.Type) this.#meet(type, 0, 0);
    }
    for (let head = ObjectState.Generation0; head <= ObjectState.Permanent; head += 4) {
      this.#walkList(head);
    }
    for (let object = this.#waiting.pop(); object !== undefined; object = this.#waiting.pop()) {
      const from = object;
      slotsOf(I32[from + Head.Type]).traverse?.(from, (ref) => this.#meet(ref, from, 1));
    }
    for (const [object, references] of this.#incoming) {
      if (I32[object] >= references) continue;
      this.complain(`${describe(object)} counts ${I32[object]} references and has ${references}`);
    }
  }

  #walkList(head: Addr): void {
    let previous = head;
    for (let object = I32[head + GcHead.Next]; object !== head; ) {
      if (!this.#isObject(object)) {
        this.complain(`the collector lists ${object}, which is no object`);
        return;
      }
      if (I32[object + GcHead.Prev] !== previous) {
        this.complain(`${describe(object)} has a wrong link back in the collector's list`);
        return;
      }
      this.#meet(object, 0, 0);
      previous = object;
      object = I32[object + GcHead.Next];
    }
  }

  /** `from` refers to `object`. */
  #meet(object: Addr, from: Addr, references: number): void {
    const seen = this.#incoming.get(object);
    if (seen !== undefined) {
      this.#incoming.set(object, seen + references);
      return;
    }
    if (!this.#isObject(object)) {
      this.complain(`${describe(from)} refers to ${object}, which is no object on a live block`);
      return;
    }
    this.#incoming.set(object, references);
    this.#waiting.push(object);
  }

  #isObject(object: Addr): boolean {
    if (object >= Region.Static && object < Region.StaticEnd) return true;
    if (object < Region.Arenas || object >= heap.words || (object & 3) !== 0) return false;
    const type = I32[object + Head.Type];
    const known = this.#incoming.has(type) || (type >= Region.Static && type < Region.StaticEnd);
    if (!known && (type & 3) !== 0) return false;
    return this.#live.has(object - leadOf(type));
  }
}

/** Words before an object of `type` on its block. */
function leadOf(type: Addr): number {
  const flags = I32[type + TypeObject.Flags];
  if ((flags & TypeFlag.ManagedDict) !== 0) return InstanceObject.PreHeader >> 2;
  return (flags & TypeFlag.HasGc) !== 0 ? GcHead.Words : 0;
}

function describe(object: Addr): string {
  const name = I32[I32[object + Head.Type] + TypeObject.Name];
  return `${name > 0 && isStr(name) ? getString(name) : "object"} ${object}`;
}
