/** Reports of heaps that never were, for tests of what is drawn of them. */
import {
  type ArenaRow,
  type Cell,
  HEAP_FORMAT,
  HEAP_VERSION,
  type HeapReport,
  type HeapSample,
  type HeapSnapshot,
  type LayerBytes,
} from "../../../src/report/heapreport.js";

const layers: LayerBytes = {
  fixed: 786448,
  blocks: 4_000_000,
  freeBlocks: 70_000,
  unusedPools: 240_000,
  poolHeaders: 49_000,
  quantization: 19_000,
  alignment: 0,
  large: 276_000,
  stacks: 16 << 20,
  runtime: 85_000,
  rawHeaders: 1500,
  rawFree: 1000 << 20,
};

/** A row of 64 cells: full, part used, empty and never carved pools of changing classes. */
function newRow(number: number): ArenaRow {
  const cells = Array.from({ length: 64 }, (_, i): Cell => {
    const sizeClass = (number + i) % 32;
    const size = (sizeClass + 1) * 16;
    const capacity = Math.floor(4048 / size);
    if (i % 16 === 15) return [-1, 0, 0, 0];
    if (i % 16 === 14) return [sizeClass, 0, capacity * size, 0];
    const used = i % 4 === 0 ? capacity : 1 + (i % capacity);
    const free = Math.floor((capacity - used) / 2);
    return [sizeClass, used * size, free * size, (capacity - used - free) * size];
  });
  return { arenas: [number], address: number * (256 << 10), freePools: 8, cells };
}

/** A snapshot of `arenas` arenas. */
export function newSnapshot(arenas: number): HeapSnapshot {
  return {
    label: "line 12",
    line: 12,
    probe: 0,
    seconds: 1.5,
    costSeconds: 0.01,
    layers,
    account: {
      arenasAllocatedTotal: arenas,
      arenasReclaimed: 0,
      arenasHighWater: arenas,
      arenasCurrent: arenas,
      allocatedBlocks: 90000,
    },
    classes: Array.from({ length: 32 }, (_, i) => ({
      blockBytes: (i + 1) * 16,
      pools: i,
      usedBlocks: 10 * i,
      freeBlocks: i,
      untouchedBlocks: 2,
    })),
    pools: { full: arenas * 16, used: arenas * 40, empty: arenas * 4, virgin: arenas * 4 },
    arenasPerRow: 1,
    rows: Array.from({ length: arenas }, (_, i) => newRow(i)),
    usableArenas: [0],
    zoom: {
      name: "0:3",
      arena: 0,
      pool: 3,
      address: 12288,
      sizeClass: 5,
      blockBytes: 96,
      capacity: 42,
      states: `${"uuf".repeat(10)}${"-".repeat(12)}`,
      freeList: [29, 2, 26, 5, 23, 8, 20, 11, 17, 14],
    },
    largeBlocks: { count: 26, freeCount: 3, largestFree: 1000 << 20, list: [] },
    types: [
      { name: "Node & <friends>", objects: 30000, bytes: 2_880_000 },
      { name: "int", objects: 29757, bytes: 952_224 },
      { name: "builtin_function_or_method", objects: 141, bytes: 11_280 },
    ],
    freeLists: [
      { name: "float", objects: 100, bytes: 3200 },
      { name: "tuple of 2", objects: 7, bytes: 448 },
    ],
    collector: {
      enabled: true,
      collecting: false,
      generations: [0, 1, 2].map((i) => ({
        objects: 500 * 10 ** i,
        count: 5,
        threshold: i === 0 ? 700 : 10,
        collections: 40 - i,
        collected: 0,
        uncollectable: 0,
      })),
      frozenObjects: 0,
    },
  };
}

/** A sample taken at `seconds`. */
export function newSample(seconds: number): HeapSample {
  const grown = Math.round(4_000_000 * Math.abs(Math.sin(seconds)));
  return {
    seconds,
    costSeconds: 0.002,
    gilWaitSeconds: 0.005,
    layers: { ...layers, blocks: grown },
    arenas: 1 + Math.floor(seconds),
    poolsInUse: 60,
    collections: [Math.floor(seconds * 10), Math.floor(seconds), 0],
    types: [
      ["Node", grown / 2],
      ["int", grown / 4],
    ],
  };
}

/** A report of these parts. */
export function newReport(snapshots: HeapSnapshot[], samples: HeapSample[] | null): HeapReport {
  return {
    format: HEAP_FORMAT,
    version: HEAP_VERSION,
    program: "/some/where/nodes.py",
    argv: [],
    startTime: "2026-11-22T10:00:00.000Z",
    heapBytes: 1 << 30,
    pymalloc: {
      name: "3.9",
      arenaBytes: 256 << 10,
      poolBytes: 4 << 10,
      poolsPerArena: 64,
      poolHeaderBytes: 48,
      alignmentBytes: 16,
      smallRequestBytes: 512,
    },
    snapshots,
    series: samples === null ? null : { everySeconds: 0.1, keptEvery: 1, samples },
  };
}
