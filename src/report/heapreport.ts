/**
 * What `takegil heap` writes as JSON: snapshots of a heap and, over time, samples of it. The format
 * is described in docs/memory.md; a change that old readers would misread raises the version.
 * Addresses are byte offsets in the heap, sizes are bytes, times are seconds since MainThread's
 * start.
 */

export const HEAP_FORMAT = "takegil-heap";
export const HEAP_VERSION = 1;

/** The parts of the heap; together they are all of it. */
export interface LayerBytes {
  /** Control words, thread states, static objects, the table of chunks. */
  readonly fixed: number;
  /** Blocks of pools that are allocated. */
  readonly blocks: number;
  /** Blocks of pools in use that are free, never touched ones included. */
  readonly freeBlocks: number;
  /** Pools of arenas that hold no allocated block, never carved ones included. */
  readonly unusedPools: number;
  /** Headers of pools in use. */
  readonly poolHeaders: number;
  /** Ends of pools in use, too small for one more block. */
  readonly quantization: number;
  /** What arenas lose to alignment (A5). */
  readonly alignment: number;
  /** Objects and buffers over 512 bytes. */
  readonly large: number;
  /** Data stacks of the Python threads. */
  readonly stacks: number;
  /** What the runtime needs for itself: the arena table, caches, slot records. */
  readonly runtime: number;
  /** Headers of raw blocks. */
  readonly rawHeaders: number;
  /** Raw memory that nobody uses. */
  readonly rawFree: number;
}

/** The account of `sys._debugmallocstats` (A21). */
export interface ArenaAccount {
  readonly arenasAllocatedTotal: number;
  readonly arenasReclaimed: number;
  readonly arenasHighWater: number;
  readonly arenasCurrent: number;
  /** Blocks in pools and large ones handed out and not given back (A20). */
  readonly allocatedBlocks: number;
}

/** A size class, summed over the pools in use that serve it. */
export interface ClassUse {
  readonly blockBytes: number;
  readonly pools: number;
  readonly usedBlocks: number;
  /** Free blocks that have been used before, and blocks never touched. */
  readonly freeBlocks: number;
  readonly untouchedBlocks: number;
}

/**
 * A cell of a row: size class 0…31 (-1: never carved), then bytes of used, free and untouched
 * blocks. A pool without used blocks is empty; it remembers the class that it served last.
 */
export type Cell = readonly [sizeClass: number, used: number, free: number, untouched: number];

/** One arena, or several neighbours in address order where there are too many for a row each. */
export interface ArenaRow {
  /** Numbers of the arenas in the arena table. */
  readonly arenas: readonly number[];
  /** Byte offset of the first. */
  readonly address: number;
  readonly freePools: number;
  /** In address order; of several arenas each cell sums up as many consecutive pools. */
  readonly cells: readonly Cell[];
}

/** One pool, block by block. */
export interface PoolDetail {
  /** `arena:pool`, as `--pool` takes it. */
  readonly name: string;
  readonly arena: number;
  readonly pool: number;
  readonly address: number;
  readonly sizeClass: number;
  readonly blockBytes: number;
  readonly capacity: number;
  /** One letter a block: `u` used, `f` free, `-` never touched. */
  readonly states: string;
  /** Free blocks in the order in which they will be handed out. */
  readonly freeList: readonly number[];
}

/** A large block: what it is, and how big. */
export interface LargeBlock {
  readonly address: number;
  readonly bytes: number;
  /** A type's name where an object or an object's buffer lies there. */
  readonly what: string;
}

export interface TypeUse {
  readonly name: string;
  readonly objects: number;
  /** Whole blocks: the objects' own and those of their buffers, in pools or large. */
  readonly bytes: number;
}

export interface FreeListUse {
  readonly name: string;
  readonly objects: number;
  readonly bytes: number;
}

export interface GenerationUse {
  readonly objects: number;
  readonly count: number;
  readonly threshold: number;
  readonly collections: number;
  readonly collected: number;
  readonly uncollectable: number;
}

export interface CollectorState {
  readonly enabled: boolean;
  /** Is a collection under way? */
  readonly collecting: boolean;
  /** Youngest first. */
  readonly generations: readonly GenerationUse[];
  /** Objects that `gc.freeze` has set aside. */
  readonly frozenObjects: number;
}

export interface HeapSnapshot {
  /** Where it was taken: `line 12`, `line 12, 3rd time`, `exit`. */
  readonly label: string;
  readonly line: number | null;
  /** Number of the probe, in the order in which they were asked for; null at the exit. */
  readonly probe: number | null;
  readonly seconds: number;
  /** How long taking it held the program up. */
  readonly costSeconds: number;
  readonly layers: LayerBytes;
  readonly account: ArenaAccount;
  readonly classes: readonly ClassUse[];
  /** Pools: full ones, partly used ones, empty ones, never carved ones. */
  readonly pools: {
    readonly full: number;
    readonly used: number;
    readonly empty: number;
    readonly virgin: number;
  };
  /** Arenas that one row stands for: 1 up to 256 arenas. */
  readonly arenasPerRow: number;
  /** By address. */
  readonly rows: readonly ArenaRow[];
  /** Arenas with free pools in the order in which they will be used; the first 64. */
  readonly usableArenas: readonly number[];
  /** null where no pool is in use. */
  readonly zoom: PoolDetail | null;
  readonly largeBlocks: {
    readonly count: number;
    readonly freeCount: number;
    readonly largestFree: number;
    /** The greatest, at most 64. */
    readonly list: readonly LargeBlock[];
  };
  /** The greatest in bytes, at most 40; then one line for all others. */
  readonly types: readonly TypeUse[];
  readonly freeLists: readonly FreeListUse[];
  readonly collector: CollectorState;
}

/** A look at the heap while the program ran. */
export interface HeapSample {
  readonly seconds: number;
  readonly costSeconds: number;
  /** How long the observer waited for the GIL. */
  readonly gilWaitSeconds: number;
  readonly layers: LayerBytes;
  readonly arenas: number;
  readonly poolsInUse: number;
  /** Collections so far, by generation, youngest first. */
  readonly collections: readonly number[];
  /** The greatest in bytes, at most 12; what is left of the live bytes is not listed. */
  readonly types: readonly (readonly [name: string, bytes: number])[];
}

export interface HeapSeries {
  /** The distance of samples that was asked for. */
  readonly everySeconds: number;
  /** Every how many samples one was kept, so that a long run stays small. */
  readonly keptEvery: number;
  readonly samples: readonly HeapSample[];
}

export interface HeapReport {
  readonly format: typeof HEAP_FORMAT;
  readonly version: typeof HEAP_VERSION;
  readonly program: string;
  readonly argv: readonly string[];
  readonly startTime: string;
  readonly heapBytes: number;
  readonly pymalloc: {
    /** The CPython version whose geometry it is. */
    readonly name: string;
    readonly arenaBytes: number;
    readonly poolBytes: number;
    /** Pools of an arena that can be used. */
    readonly poolsPerArena: number;
    readonly poolHeaderBytes: number;
    readonly alignmentBytes: number;
    readonly smallRequestBytes: number;
  };
  readonly snapshots: readonly HeapSnapshot[];
  /** null unless samples were asked for. */
  readonly series: HeapSeries | null;
}

/** A file that is not what `takegil heap` writes; the message is one line for the user. */
export class HeapFileError extends Error {
  override name = "HeapFileError";
}

/** A report as JSON, a snapshot's row a line. */
export function formatHeapReport(report: HeapReport): string {
  const text = JSON.stringify(report, null, 1);
  // Arrays of plain values, the bulk of the file, on one line each.
  return `${text.replace(/\[[^[\]{}]*\]/g, (array) => array.replace(/\n\s*/g, ""))}\n`;
}

/**
 * Read what {@link formatHeapReport} wrote.
 * @throws {HeapFileError} when it is something else, or of another version
 */
export function parseHeapReport(text: string): HeapReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HeapFileError("it is not JSON");
  }
  const report = (value ?? {}) as Partial<HeapReport>;
  if (report.format !== HEAP_FORMAT) {
    throw new HeapFileError("it is JSON, but not written by takegil heap");
  }
  if (report.version !== HEAP_VERSION) {
    throw new HeapFileError(`it has version ${report.version}; this takegil reads ${HEAP_VERSION}`);
  }
  const complete = Array.isArray(report.snapshots) && typeof report.pymalloc === "object";
  if (!complete) throw new HeapFileError("parts of it are missing");
  return report as HeapReport;
}
