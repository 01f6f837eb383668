/**
 * The allocators' own words, in Region.Memory. All are changed with the GIL held.
 *
 *   raw layer    free-block bitmaps and list heads of a two-level segregated-fit allocator
 *   pymalloc     usedpools, the arena table, usable and unused arenas, nfp2lasta
 */
import { Region } from "./layout.js";

export const enum Memory {
  /** First word the raw layer manages; 0 until `initializeMemory` has run. */
  RawStart = Region.Memory,
  /** Blocks of the raw layer in use, arenas and arena table included. */
  RawBlocks,
  /** Words of the raw layer in use. */
  RawWords,
  /** Blocks over 512 bytes handed out through the object allocator (A20). */
  LargeBlocks,
  /** Address of the arena table, records in it, head of the unused list, usable_arenas. */
  ArenaTable,
  ArenaCapacity,
  UnusedArenas,
  UsableArenas,
  /** Account of A21. */
  ArenasAllocatedTotal,
  ArenasHighWater,
  ArenasCurrent,
  /** Allocations left before one fails on purpose; 0 = never (AllocatorKind.Failing). */
  FailAfter,
  /** Blocks that the debug heap has made (AllocatorKind.Debug). */
  DebugSerial,
  /** First-level bitmap, then one second-level bitmap a first-level class, then list heads. */
  RawFirstLevel = Region.Memory + 32,
  RawSecondLevel = Region.Memory + 64,
  RawHeads = Region.Memory + 96,
  /** First pool of each of 32 size classes (A7), 0 where none is in state `used`. */
  UsedPools = Region.Memory + 1024,
  /** Last arena with k free pools (A16), k = 0…64. */
  LastArenaByFree = Region.Memory + 1088,
}
