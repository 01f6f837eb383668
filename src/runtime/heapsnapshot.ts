/**
 * Snapshots of a heap (report/heapreport.ts), read from its words while nobody changes them. Their
 * size is bounded however large the heap is: beyond 256 arenas a row stands for several.
 */
import { Geometry, type Shape, shapeOf } from "../memory/geometry.js";
import { RawBlock } from "../memory/raw.js";
import { Memory } from "../memory/state.js";
import {
  type ArenaView,
  arenas,
  BlockState,
  blockAt,
  blockStates,
  freeBlocks,
  type PoolView,
  poolsOf,
  usableArenas,
} from "../memory/walk.js";
import { ObjectState } from "../object/state.js";
import type {
  ArenaRow,
  Cell,
  ClassUse,
  CollectorState,
  HeapSample,
  HeapSnapshot,
  LayerBytes,
  PoolDetail,
  TypeUse,
} from "../report/heapreport.js";
import { type Census, takeCensus } from "./census.js";

/** Most rows of arenas. */
const MOST_ROWS = 256;
const MOST_TYPES = 40;
const MOST_SAMPLED_TYPES = 12;
const MOST_LARGE = 64;
const MOST_USABLE = 64;

/** A pool as `--pool` names it: number of the arena, and of the pool in it. */
export interface PoolName {
  readonly arena: number;
  readonly pool: number;
}

/** What the pools of all arenas amount to. */
interface PoolSums {
  readonly layers: Pick<
    LayerBytes,
    "blocks" | "freeBlocks" | "unusedPools" | "poolHeaders" | "quantization" | "alignment"
  >;
  readonly classes: ClassUse[];
  readonly pools: { full: number; used: number; empty: number; virgin: number };
}

/** Read a snapshot; who calls has the GIL, or has stopped who has it. */
export function readSnapshot(
  words: Int32Array,
  wanted: PoolName | null,
): Omit<HeapSnapshot, "label" | "line" | "probe" | "seconds" | "costSeconds"> {
  const shape = shapeOf(words);
  const all = arenas(words).sort((a, b) => a.address - b.address);
  const pools = all.map((arena) => poolsOf(words, arena));
  const sums = sumPools(shape, all, pools);
  const census = takeCensus(words);
  const arenasPerRow = Math.max(1, Math.ceil(all.length / MOST_ROWS));
  return {
    layers: layersOf(words, sums, census, all.length),
    account: {
      arenasAllocatedTotal: words[Memory.ArenasAllocatedTotal],
      arenasReclaimed: words[Memory.ArenasAllocatedTotal] - words[Memory.ArenasCurrent],
      arenasHighWater: words[Memory.ArenasHighWater],
      arenasCurrent: words[Memory.ArenasCurrent],
      allocatedBlocks: census.blocks + words[Memory.LargeBlocks],
    },
    classes: sums.classes,
    pools: sums.pools,
    arenasPerRow,
    rows: rowsOf(shape, all, pools, arenasPerRow),
    usableArenas: usableArenas(words).slice(0, MOST_USABLE),
    zoom: zoomInto(words, shape, all, pools, wanted),
    largeBlocks: {
      count: census.large.length,
      freeCount: census.rawFreeBlocks,
      largestFree: census.largestFree,
      list: census.large.slice(0, MOST_LARGE),
    },
    types: typesOf(census),
    freeLists: census.freeLists,
    collector: collectorOf(words, census),
  };
}

/** Read what a sample needs. */
export function readSample(
  words: Int32Array,
): Omit<HeapSample, "seconds" | "costSeconds" | "gilWaitSeconds"> {
  const shape = shapeOf(words);
  const all = arenas(words);
  const sums = sumPools(
    shape,
    all,
    all.map((arena) => poolsOf(words, arena)),
  );
  const census = takeCensus(words);
  return {
    layers: layersOf(words, sums, census, all.length),
    arenas: all.length,
    poolsInUse: sums.pools.full + sums.pools.used,
    collections: [0, 1, 2].map((generation) => words[ObjectState.GcStats + 3 * generation]),
    types: census.types.slice(0, MOST_SAMPLED_TYPES).map(({ name, bytes }) => [name, bytes]),
  };
}

function layersOf(
  words: Int32Array,
  { layers }: PoolSums,
  census: Census,
  arenaCount: number,
): LayerBytes {
  // A block's header, and the one of the end mark; arenas may get a little more than they ask for.
  const headers = (census.rawBlocks + 1) * RawBlock.Header * 4;
  const slack = census.arenaBytes - arenaCount * shapeOf(words).arenaBytes;
  return {
    fixed: words[Memory.RawStart] * 4,
    ...layers,
    large: census.largeBytes,
    stacks: census.stackBytes,
    runtime: census.runtimeBytes,
    rawHeaders: headers + slack,
    rawFree: census.rawFreeBytes,
  };
}

function sumPools(shape: Shape, all: readonly ArenaView[], pools: PoolView[][]): PoolSums {
  const classes: ClassUse[] = [];
  for (let blockBytes = 16; blockBytes <= Geometry.SmallRequest; blockBytes += 16) {
    classes.push({ blockBytes, pools: 0, usedBlocks: 0, freeBlocks: 0, untouchedBlocks: 0 });
  }
  const counts = { full: 0, used: 0, empty: 0, virgin: 0 };
  all.forEach((arena, i) => {
    counts.virgin += arena.pools - arena.carvedPools;
    for (const pool of pools[i]) {
      counts[pool.state]++;
      if (pool.allocated === 0) continue;
      const use = classes[pool.sizeClass];
      classes[pool.sizeClass] = {
        blockBytes: use.blockBytes,
        pools: use.pools + 1,
        usedBlocks: use.usedBlocks + pool.allocated,
        freeBlocks: use.freeBlocks + pool.touched - pool.allocated,
        untouchedBlocks: use.untouchedBlocks + pool.capacity - pool.touched,
      };
    }
  });
  const inUse = counts.full + counts.used;
  const total = (part: (use: ClassUse) => number): number =>
    classes.reduce((sum, use) => sum + part(use), 0);
  const blocksBytes = shape.poolBytes - Geometry.PoolHeaderBytes;
  return {
    classes,
    pools: counts,
    layers: {
      blocks: total((use) => use.usedBlocks * use.blockBytes),
      freeBlocks: total((use) => (use.freeBlocks + use.untouchedBlocks) * use.blockBytes),
      unusedPools: (counts.empty + counts.virgin) * shape.poolBytes,
      poolHeaders: inUse * Geometry.PoolHeaderBytes,
      quantization: total((use) => use.pools * (blocksBytes % use.blockBytes)),
      alignment: all.length * (shape.arenaBytes - shape.poolCount * shape.poolBytes),
    },
  };
}

// --- rows and cells ---

const VIRGIN: Cell = [-1, 0, 0, 0];

function cellOf(pool: PoolView): Cell {
  const { sizeClass, blockBytes, allocated, touched, capacity } = pool;
  return [
    sizeClass,
    allocated * blockBytes,
    (touched - allocated) * blockBytes,
    (capacity - touched) * blockBytes,
  ];
}

function rowsOf(
  shape: Shape,
  all: readonly ArenaView[],
  pools: PoolView[][],
  perRow: number,
): ArenaRow[] {
  const rows: ArenaRow[] = [];
  for (let first = 0; first < all.length; first += perRow) {
    const members = all.slice(first, first + perRow);
    const cells = members.flatMap((arena, i) => {
      const carved = pools[first + i].map(cellOf);
      return [...carved, ...Array<Cell>(arena.pools - carved.length).fill(VIRGIN)];
    });
    rows.push({
      arenas: members.map(({ index }) => index),
      address: members[0].address * 4,
      freePools: members.reduce((sum, { freePools }) => sum + freePools, 0),
      cells:
        perRow === 1
          ? cells
          : mergeCells(cells, shape.poolCount, shape.poolBytes - Geometry.PoolHeaderBytes),
    });
  }
  return rows;
}

/**
 * Sum up neighbours so that `count` cells are left; the class is the one with most in use. `room`
 * are the bytes of a pool that nobody uses.
 */
function mergeCells(cells: readonly Cell[], count: number, room: number): Cell[] {
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * cells.length) / count);
    const to = Math.floor(((i + 1) * cells.length) / count);
    let [main, used, free, untouched] = VIRGIN;
    let most = -1;
    for (const cell of cells.slice(from, to)) {
      used += cell[1];
      // A pool that is not in use is room for blocks, too.
      free += cell[1] > 0 ? cell[2] : 0;
      untouched += cell[1] > 0 ? cell[3] : room;
      if (cell[0] >= 0 && cell[1] > most) [main, most] = cell;
    }
    return main < 0 ? VIRGIN : ([main, used, free, untouched] as const);
  });
}

// --- one pool ---

function zoomInto(
  words: Int32Array,
  shape: Shape,
  all: readonly ArenaView[],
  pools: PoolView[][],
  wanted: PoolName | null,
): PoolDetail | null {
  let chosen: PoolView | null = null;
  if (wanted !== null) {
    const place = all.findIndex(({ index }) => index === wanted.arena);
    chosen = pools[place]?.[wanted.pool] ?? null;
  } else {
    const served = new Map<number, number>();
    for (const { sizeClass } of pools.flat()) {
      served.set(sizeClass, (served.get(sizeClass) ?? 0) + 1);
    }
    const most = Math.max(...served.values(), 1);
    let best = -1;
    for (const pool of pools.flat()) {
      // What most pools are like is worth more than an exception.
      const interest = interestOf(pool) * (0.2 + served.get(pool.sizeClass)! / most);
      if (interest > best) [chosen, best] = [pool, interest];
    }
  }
  return chosen === null ? null : detailOf(words, shape, all, chosen);
}

/** How much there is to see in a pool: blocks of every state, and not too many. */
function interestOf({ allocated, touched, capacity }: PoolView): number {
  if (allocated === 0) return 0;
  const free = touched - allocated;
  const balance = Math.min(allocated, free) / capacity;
  const legible = capacity <= 130 && capacity >= 16 ? 1 : 0.4;
  return 0.01 + balance * legible * (touched < capacity ? 1 : 0.6);
}

function detailOf(
  words: Int32Array,
  shape: Shape,
  all: readonly ArenaView[],
  pool: PoolView,
): PoolDetail {
  const first = blockAt(pool, 0);
  const letters = {
    [BlockState.Untouched]: "-",
    [BlockState.Allocated]: "u",
    [BlockState.Free]: "f",
  };
  const states = [...blockStates(words, pool)].map((state) => letters[state as BlockState]);
  const arena = all.find(({ index }) => index === pool.arena)!;
  const number = (pool.address - arena.firstPool) / shape.poolWords;
  return {
    name: `${pool.arena}:${number}`,
    arena: pool.arena,
    pool: number,
    address: pool.address * 4,
    sizeClass: pool.sizeClass,
    blockBytes: pool.blockBytes,
    capacity: pool.capacity,
    states: states.join(""),
    freeList: freeBlocks(words, pool).map((block) => (block - first) / (pool.blockBytes >> 2)),
  };
}

// --- types and collector ---

/** The greatest types, then one entry for all others, and one for what no object was found for. */
function typesOf(census: Census): TypeUse[] {
  const shown: TypeUse[] = census.types.slice(0, MOST_TYPES);
  const others = census.types.slice(MOST_TYPES);
  if (others.length > 0) {
    shown.push({
      name: `(${others.length} other types)`,
      objects: others.reduce((sum, { objects }) => sum + objects, 0),
      bytes: others.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }
  const kept = census.freeLists.reduce((sum, { bytes }) => sum + bytes, 0);
  const counted = census.types.reduce((sum, { bytes }) => sum + bytes, 0);
  const unknown = census.blockBytes + census.largeBytes - counted - kept;
  if (kept > 0) shown.push({ name: "(kept in free lists)", objects: 0, bytes: kept });
  if (unknown > 0) shown.push({ name: "(other blocks)", objects: 0, bytes: unknown });
  return shown;
}

function collectorOf(words: Int32Array, { tracked }: Census): CollectorState {
  return {
    enabled: words[ObjectState.GcEnabled] !== 0,
    collecting: words[ObjectState.GcCollecting] !== 0,
    generations: [0, 1, 2].map((generation) => {
      const statistics = ObjectState.GcStats + 3 * generation;
      return {
        objects: tracked[generation],
        count: words[ObjectState.GcCount0 + generation],
        threshold: words[ObjectState.GcThreshold0 + generation],
        collections: words[statistics],
        collected: words[statistics + 1],
        uncollectable: words[statistics + 2],
      };
    }),
    frozenObjects: tracked[3],
  };
}
