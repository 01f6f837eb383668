/**
 * Who owns the blocks of a heap: live bytes by type, read from the words of the heap while nobody
 * changes them. Objects say their type; a buffer is counted with the object that points to it; what
 * is neither is left over and reported as such.
 *
 * A block does not say whether an object begins in it, nor how many header words stand before the
 * object. An object is believed where the type is a known one whose flags ask for that header, the
 * count is above 0 and the links of the collector's header, if there is one, are returned by its
 * neighbour.
 */
import { Pool, shapeOf } from "../memory/geometry.js";
import type { Addr } from "../memory/heap.js";
import { Region, ThreadLimit, ThreadState } from "../memory/layout.js";
import { RawBlock } from "../memory/raw.js";
import { Memory } from "../memory/state.js";
import { arenas, contentsOffset, walkBlocks, walkRaw } from "../memory/walk.js";
import {
  ByteArrayObject,
  CodeObject,
  DictKeys,
  DictObject,
  GcHead,
  Head,
  InstanceObject,
  ListObject,
  SetObject,
  StrObject,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { ObjectState } from "../object/state.js";
import { Kind, StaticArea } from "../object/types.js";
import type { FreeListUse, LargeBlock } from "../report/heapreport.js";
import { Deque } from "../stdlib/deque.js";

/** A type and what its instances occupy. */
export interface TypeCount {
  name: string;
  objects: number;
  bytes: number;
}

/** Everything that the blocks of a heap hold. */
export interface Census {
  /** Greatest first. */
  types: TypeCount[];
  freeLists: FreeListUse[];
  /** Bytes of allocated pool blocks, and their number. */
  blockBytes: number;
  blocks: number;
  /** Large blocks of objects and their buffers, greatest first, and their bytes. */
  large: LargeBlock[];
  largeBytes: number;
  /** Data stacks of threads; the runtime's own blocks. */
  stackBytes: number;
  runtimeBytes: number;
  /** Raw memory: what arenas occupy, number of all blocks, and free blocks. */
  arenaBytes: number;
  rawBlocks: number;
  rawFreeBytes: number;
  rawFreeBlocks: number;
  largestFree: number;
  /** Objects in the lists of the generations 0…2 and of the frozen. */
  tracked: number[];
}

interface TypeFacts extends TypeCount {
  flags: number;
  layout: number;
}

/** Words that an object without items has at least. */
const LEAST_WORDS = 4;
/** From a word's address to the page of 4 KiB that it lies in; pools are made of pages. */
const PAGE_SHIFT = 10;
/** Longest list of tuples kept for reuse (R27). */
const TUPLE_LENGTHS = 20;

const generationHeads = [
  ObjectState.Generation0,
  ObjectState.Generation1,
  ObjectState.Generation2,
  ObjectState.Permanent,
] as const;

/** Lists of a collection in progress: their objects are alive, too. */
const scratchHeads = [
  ObjectState.Unreachable,
  ObjectState.Finalizers,
  ObjectState.Resurrected,
] as const;

/** Count what the heap `words` holds. The caller has the GIL, or has stopped who has it. */
export function takeCensus(words: Int32Array): Census {
  return new Counter(words).count();
}

class Counter {
  readonly #types = new Map<Addr, TypeFacts>();
  /** A bit for each four words: the block there is counted with its owner. */
  readonly #claimed: Uint8Array;
  /** A byte for each page of 4 KiB: does it belong to a pool? */
  readonly #poolPages: Uint8Array;
  readonly #arenas = new Set<Addr>();
  /** Owners of claimed blocks outside of pools. */
  readonly #rawOwners = new Map<Addr, TypeFacts>();
  readonly #freeLists: FreeListUse[] = [];
  readonly #poolWords: number;
  readonly #lead: number;

  constructor(private readonly words: Int32Array) {
    const shape = shapeOf(words);
    this.#poolWords = shape.poolWords;
    this.#lead = contentsOffset(words);
    this.#claimed = new Uint8Array((words.length >> 5) + 1);
    this.#poolPages = new Uint8Array((words.length >> PAGE_SHIFT) + 1);
    for (const { address, firstPool, pools } of arenas(words)) {
      const end = firstPool + pools * shape.poolWords;
      this.#poolPages.fill(1, firstPool >> PAGE_SHIFT, end >> PAGE_SHIFT);
      this.#arenas.add(address);
    }
  }

  count(): Census {
    const { words } = this;
    this.#findStaticTypes();
    const tracked = generationHeads.map((head) => this.#walkList(head));
    for (const head of scratchHeads) this.#walkList(head);
    this.#findFreeLists();
    // First the buffers find their owners, so that none is taken for an object afterwards.
    walkBlocks(words, (contents, bytes) => this.#claimBuffers(contents, bytes));
    walkRaw(words, (address, bytes, free) => {
      if (!free && !this.#arenas.has(address)) this.#claimBuffers(address + this.#lead, bytes);
    });
    let blocks = 0;
    let blockBytes = 0;
    walkBlocks(words, (contents, bytes) => {
      blocks++;
      blockBytes += bytes;
      this.#countObject(contents, bytes);
    });
    const raw = this.#countRaw();
    const types = [...this.#types.values()]
      .filter(({ bytes }) => bytes > 0)
      .map(({ name, objects, bytes }) => ({ name, objects, bytes }))
      .sort((a, b) => b.bytes - a.bytes);
    return { types, freeLists: this.#freeLists, blocks, blockBytes, tracked, ...raw };
  }

  // --- types ---

  #findStaticTypes(): void {
    const size = TypeObject.StaticSize;
    for (let type = StaticArea.Types; type < StaticArea.TypesEnd; type += size) {
      if (this.words[type + Head.Type] !== 0) this.#addType(type);
    }
  }

  #addType(type: Addr): void {
    const { words } = this;
    this.#types.set(type, {
      name: readStr(words, words[type + TypeObject.Name]),
      flags: words[type + TypeObject.Flags],
      layout: words[type + TypeObject.Layout],
      objects: 0,
      bytes: 0,
    });
  }

  /** The number of objects in a list of the collector; types among them become known. */
  #walkList(head: Addr): number {
    const { words } = this;
    let length = 0;
    let at = words[head + GcHead.Next];
    for (; at !== head && at !== 0 && length < words.length; at = words[at + GcHead.Next]) {
      const type = words[at + Head.Type];
      if ((words[type + TypeObject.Flags] & TypeFlag.TypeSubclass) !== 0) this.#addType(at);
      length++;
    }
    return length;
  }

  // --- objects ---

  /** The object that begins in the block whose contents are at `contents`, or 0. */
  #objectIn(contents: Addr, bytes: number): Addr {
    const { words } = this;
    const room = (bytes >> 2) - this.#lead;
    const managed = contents + (InstanceObject.PreHeader >> 2);
    if (room >= (InstanceObject.PreHeader >> 2) + LEAST_WORDS && this.#isTracked(managed)) {
      const flags = this.#flagsOf(managed);
      if ((flags & TypeFlag.ManagedDict) !== 0) return managed;
    }
    const collectable = contents + GcHead.Words;
    if (room >= GcHead.Words + LEAST_WORDS && this.#isTracked(collectable)) {
      const flags = this.#flagsOf(collectable);
      if ((flags & TypeFlag.HasGc) !== 0 && (flags & TypeFlag.ManagedDict) === 0) {
        return collectable;
      }
    }
    const flags = this.#flagsOf(contents);
    return flags !== 0 && (flags & TypeFlag.HasGc) === 0 && words[contents] > 0 ? contents : 0;
  }

  /** Flags of the type of a possible object; 0 where that is no type. */
  #flagsOf(object: Addr): number {
    return this.#types.get(this.words[object + Head.Type])?.flags ?? 0;
  }

  /** Could these be the words of a collector's header before a live object? */
  #isTracked(object: Addr): boolean {
    const { words } = this;
    if (words[object] <= 0) return false;
    const next = words[object + GcHead.Next];
    if (next === 0) return true;
    if (next < Region.Static || next >= words.length) return false;
    return words[next + GcHead.Prev] === object;
  }

  #countObject(contents: Addr, bytes: number): void {
    if (this.#isClaimed(contents)) return;
    const object = this.#objectIn(contents, bytes);
    if (object === 0) return;
    const facts = this.#types.get(this.words[object + Head.Type])!;
    facts.objects++;
    facts.bytes += bytes;
  }

  // --- buffers ---

  #isClaimed(contents: Addr): boolean {
    return (this.#claimed[contents >> 5] & (1 << ((contents >> 2) & 7))) !== 0;
  }

  /** Note that the block at `contents` belongs to somebody; its bytes, 0 if it is noted already. */
  #claim(contents: Addr): number {
    if (contents < this.words[Memory.RawStart] || this.#isClaimed(contents)) return 0;
    this.#claimed[contents >> 5] |= 1 << ((contents >> 2) & 7);
    return this.#blockBytes(contents);
  }

  #isInPool(address: Addr): boolean {
    return this.#poolPages[address >> PAGE_SHIFT] !== 0;
  }

  #blockBytes(contents: Addr): number {
    const { words } = this;
    if (this.#isInPool(contents)) {
      const pool = contents & -this.#poolWords;
      return (words[pool + Pool.SizeClass] + 1) << 4;
    }
    const size = words[contents - this.#lead + RawBlock.Size] & ~3;
    return (size - RawBlock.Header) << 2;
  }

  #claimBuffers(contents: Addr, bytes: number): void {
    if (this.#isClaimed(contents)) return;
    const object = this.#objectIn(contents, bytes);
    if (object === 0) return;
    const facts = this.#types.get(this.words[object + Head.Type])!;
    const { words } = this;
    if ((facts.flags & TypeFlag.ManagedDict) !== 0) {
      this.#own(facts, words[object + InstanceObject.Values]);
    }
    switch (facts.layout) {
      case Kind.List:
        this.#own(facts, words[object + ListObject.Items]);
        break;
      case Kind.Dict:
      case Kind.DefaultDict:
      case Kind.OrderedDict:
        this.#own(facts, words[object + DictObject.Keys]);
        this.#own(facts, words[object + DictObject.Values]);
        break;
      case Kind.Set:
      case Kind.FrozenSet:
        // A small table lies within the object.
        if (words[object + SetObject.Table] !== object + SetObject.SmallTable) {
          this.#own(facts, words[object + SetObject.Table]);
        }
        break;
      case Kind.ByteArray:
        this.#own(facts, words[object + ByteArrayObject.Buffer]);
        break;
      case Kind.Deque:
        this.#own(facts, words[object + Deque.Buffer]);
        break;
      case Kind.Type:
        this.#own(facts, words[object + TypeObject.CachedKeys]);
        break;
      case Kind.Code:
        this.#own(facts, words[object + CodeObject.Bytecode]);
        this.#own(facts, words[object + CodeObject.Positions]);
        this.#own(facts, words[object + CodeObject.ExceptionTable]);
        this.#own(facts, words[object + CodeObject.Blocks]);
    }
  }

  #own(facts: TypeFacts, buffer: Addr): void {
    if (buffer <= 0 || buffer >= this.words.length) return;
    facts.bytes += this.#claim(buffer);
    if (!this.#isInPool(buffer)) this.#rawOwners.set(buffer, facts);
  }

  // --- free lists ---

  #findFreeLists(): void {
    const before = GcHead.Words;
    this.#addFreeList("float", ObjectState.FreeFloats, 4, 0);
    this.#addFreeList("list", ObjectState.ListFree, ListObject.Items, before);
    this.#addFreeList("dict", ObjectState.DictFree, DictObject.Keys, before);
    this.#addFreeList("dict keys", ObjectState.KeysFree, DictKeys.Entries, 0);
    for (let n = 1; n <= TUPLE_LENGTHS; n++) {
      this.#addFreeList(`tuple of ${n}`, ObjectState.TupleFree + n, TupleObject.Items, before);
    }
  }

  /** Follow a free list: its head's word, the word of an object that links, words before it. */
  #addFreeList(name: string, head: Addr, link: number, before: number): void {
    const { words } = this;
    let objects = 0;
    let bytes = 0;
    for (let at = words[head]; at !== 0 && objects < 1e5; at = words[at + link]) {
      objects++;
      bytes += this.#claim(at - before);
    }
    if (objects > 0) this.#freeLists.push({ name, objects, bytes });
  }

  // --- raw blocks ---

  #countRaw(): Omit<Census, "types" | "freeLists" | "blocks" | "blockBytes" | "tracked"> {
    const large: LargeBlock[] = [];
    const stacks = this.#stacks();
    const sum = {
      arenas: 0,
      large: 0,
      stacks: 0,
      runtime: 0,
      blocks: 0,
      free: 0,
      freeBlocks: 0,
      most: 0,
    };
    walkRaw(this.words, (address, bytes, free) => {
      sum.blocks++;
      if (free) {
        sum.free += bytes;
        sum.freeBlocks++;
        sum.most = Math.max(sum.most, bytes);
      } else if (this.#arenas.has(address)) {
        sum.arenas += bytes;
      } else if (stacks.has(address)) sum.stacks += bytes;
      else {
        const what = this.#largeOwner(address + this.#lead, bytes);
        if (what === null) sum.runtime += bytes;
        else {
          sum.large += bytes;
          large.push({ address: address * 4, bytes, what });
        }
      }
    });
    return {
      large: large.sort((a, b) => b.bytes - a.bytes),
      largeBytes: sum.large,
      stackBytes: sum.stacks,
      runtimeBytes: sum.runtime,
      arenaBytes: sum.arenas,
      rawBlocks: sum.blocks,
      rawFreeBytes: sum.free,
      rawFreeBlocks: sum.freeBlocks,
      largestFree: sum.most,
    };
  }

  /** Count a large block with its owner and give the owner's name; null if it has none. */
  #largeOwner(contents: Addr, bytes: number): string | null {
    const owner = this.#rawOwners.get(contents);
    if (owner !== undefined) return owner.name;
    this.#countObject(contents, bytes);
    const object = this.#objectIn(contents, bytes);
    return object === 0 ? null : this.#types.get(this.words[object + Head.Type])!.name;
  }

  #stacks(): Set<Addr> {
    const found = new Set<Addr>();
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const base = this.words[Region.Threads + slot * ThreadState.Size + ThreadState.StackBase];
      if (base !== 0) found.add(base);
    }
    return found;
  }
}

/** The text of the str at `str`, at most 200 characters of it. */
function readStr(words: Int32Array, str: Addr): string {
  if (str <= 0 || str >= words.length) return "?";
  const length = Math.min(words[str + StrObject.Length], 200);
  const width = words[str + StrObject.State] & StrObject.WidthMask;
  const bytes = new Uint8Array(words.buffer);
  const data = words[str + StrObject.Data];
  let text = "";
  for (let i = 0; i < length; i++) {
    let code = 0;
    for (let part = width - 1; part >= 0; part--)
      code = code * 256 + bytes[data + i * width + part];
    text += String.fromCodePoint(code);
  }
  return text;
}
