/**
 * The object layer's own words, in StaticArea.State. All are read and written with the GIL held.
 * Each owner has a range: types and collector 0…255, text 256…383, numbers 384…447,
 * containers 448…703, virtual machine 704…895.
 */
import { StaticArea } from "./types.js";

export const enum ObjectState {
  /** Last type version tag handed out (never reused). */
  TypeVersion = StaticArea.State,
  /** Last number given to a heap type's slot table, relative to Kind.FirstHeap; newest record. */
  SlotTables,
  SlotRecords,

  /** List heads of generations 0, 1, 2 and the permanent one: addresses as of objects. */
  Generation0 = StaticArea.State + 20,
  Generation1 = StaticArea.State + 24,
  Generation2 = StaticArea.State + 28,
  Permanent = StaticArea.State + 32,
  /** Scratch list heads of the collection in progress. */
  Unreachable = StaticArea.State + 36,
  Finalizers = StaticArea.State + 40,
  Resurrected = StaticArea.State + 44,
  /** C3–C6: counts and thresholds of the generations. */
  GcCount0 = StaticArea.State + 48,
  GcCount1,
  GcCount2,
  GcThreshold0,
  GcThreshold1,
  GcThreshold2,
  GcEnabled,
  GcCollecting,
  /** C4: objects that survived the last full collection, and middle ones since. */
  GcLongLivedTotal,
  GcLongLivedPending,
  GcDebug,
  /** Lists `gc.garbage` and `gc.callbacks` (counted), 0 until made. */
  GcGarbage,
  GcCallbacks,
  /** Three words a generation: collections, collected, uncollectable. */
  GcStats = StaticArea.State + 64,
  /** MemoryError instances kept for the time when nothing can be allocated, linked by Args. */
  MemoryErrorReserve = StaticArea.State + 76,
  /** Address of the method cache (type.ts). */
  MethodCache = StaticArea.State + 77,
  /** Number of MemoryErrors in reserve. */
  MemoryErrorCount = StaticArea.State + 79,

  /** Floats kept for reuse (R27): head of their list, and their number. */
  FreeFloats = StaticArea.State + 384,
  FreeFloatCount,
  /** Digit limit of int-text conversions, as a difference to the default. */
  DigitLimitChange,
  /** Limbs of two small operands (limbs.ts), and digits of a small int (intconvert.ts). */
  IntScratch = StaticArea.State + 388,
  DigitScratch = StaticArea.State + 392,
  /** Free lists (R27): head, then number of objects kept. */
  ListFree = StaticArea.State + 448,
  ListFreeCount,
  DictFree,
  DictFreeCount,
  KeysFree,
  KeysFreeCount,
  DequeBlockFree,
  DequeBlockFreeCount,
  /** Last key-table version handed out (never reused). */
  KeysVersion,
  /** Heads of the tuples of 1…20 items (index 0 unused), and how many of each. */
  TupleFree = StaticArea.State + 464,
  TupleFreeCount = StaticArea.State + 488,
  /** Key table of every empty dict; all zero, never counted. */
  EmptyKeys = StaticArea.State + 512,
}
