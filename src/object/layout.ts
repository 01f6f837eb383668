/**
 * Layouts of the objects, in words. Sizes equal those of CPython 3.11 on 64-bit machines (R30–R35):
 * a pointer or count field takes two words, of which the first is used; where a second word
 * carries something of ours, it is named here.
 *
 * All fields are written with the GIL held only, unless said otherwise.
 */
import { RLockWord } from "../sync/rlock.js";

/**
 * Every object:
 *
 *   0 RefCount │ 1 –            2 Type │ 3 –
 */
export const enum Head {
  RefCount = 0,
  Type = 2,
  /** Objects with a variable part: number of items. */
  Size = 4,
  Words = 4,
}

/**
 * Collector header, before objects that can be part of a cycle (C31). Next 0: not tracked.
 *
 *   -4 Next │ -3 Refs           -2 Prev │ -1 Flags
 */
export const enum GcHead {
  Next = -4,
  /** Copy of the count while a collection runs. */
  Refs = -3,
  Prev = -2,
  /** Bits of GcFlag. */
  Flags = -1,
  Words = 4,
  Bytes = 16,
}

export const enum GcFlag {
  /** `__del__` has run (R12). */
  Finalized = 1,
  /** In the list being collected. */
  Collecting = 2,
  /** In the tentatively unreachable list. */
  Unreachable = 4,
}

/**
 * int, 28 bytes and up: a value in [-2^31+1, 2^31-1] stands in Value ("compact"); one below 2^53 in
 * magnitude as a double at Digits with Size 0 ("wide"); any other as limbs of 32 bits from Digits,
 * least first, with their count in Size, negative for negative values ("big").
 *
 *   0 RefCount   2 Type   4 Size │ 5 Value   6 Digits…
 */
export const enum IntObject {
  Size = 4,
  Value = 5,
  Digits = 6,
  /** Value of an int that is not compact. */
  NotCompact = -2147483648,
  /** Bytes of a compact or wide int's block, and its size class. */
  Bytes = 32,
  Class = 1,
  SmallMin = -5,
  SmallMax = 256,
}

/** float, 24 bytes: a double at word 4, `F64[(addr >> 1) + FloatObject.Index]`. */
export const enum FloatObject {
  Index = 2,
  Bytes = 24,
  Class = 1,
}

/** complex, 32 bytes: two doubles. */
export const enum ComplexObject {
  RealIndex = 2,
  ImagIndex = 3,
  Bytes = 32,
}

/**
 * str (PEP 393 compact forms): 48 bytes + n + 1 for ASCII, 72 + (n + 1) × width otherwise.
 *
 *   4 Length   6 Hash │ 7 HashKnown   8 State │ 9 –   10 Data   12… data, or 18… when not ASCII
 */
export const enum StrObject {
  /** Code points. */
  Length = 4,
  /** 32-bit hash, valid when HashKnown is 1. */
  Hash = 6,
  HashKnown = 7,
  /** Bits: 0–2 width of a code point in bytes (1, 2, 4); 8 ASCII; 16 interned. */
  State = 8,
  WidthMask = 7,
  Ascii = 8,
  Interned = 16,
  /** Byte offset of the data in the heap. Immutable. */
  Data = 10,
  AsciiData = 12,
  WideData = 18,
}

/** bytes, 33 + n: data at byte 32. */
export const enum BytesObject {
  Size = 4,
  Hash = 6,
  HashKnown = 7,
  Data = 8,
}

/** bytearray, 56. */
export const enum ByteArrayObject {
  Size = 4,
  Allocated = 6,
  /** Address of the buffer (word), 0 when empty. */
  Buffer = 8,
  /** Bytes cut off at the front of the buffer. */
  Offset = 10,
  Exports = 12,
}

/** memoryview over bytes or bytearray, 168 + header: bytes Start, Start + Step, … of Base. */
export const enum MemoryViewObject {
  /** First byte, counted from the base's data; and the distance of the next. */
  Start = 4,
  Step = 5,
  Length = 6,
  /** 1 when writing is refused though the base could be written. */
  ReadOnly = 7,
  /** The object viewed (counted), 0 after release. */
  Base = 8,
  Bytes = 168,
}

/** pickle.PickleBuffer, 104 + header: a memoryview (counted), 0 after release. */
export const enum PickleBufferObject {
  View = 4,
  WeakList = 6,
  Bytes = 104,
}

/** tuple: collector header, then items of two words each from word 6. */
export const enum TupleObject {
  Size = 4,
  Items = 6,
  Stride = 2,
}

/** list, 40 + header: items are in a block of their own, two words each. */
export const enum ListObject {
  Size = 4,
  Items = 6,
  Allocated = 8,
  Bytes = 40,
  Stride = 2,
}

/** dict, 48 + header. Values is non-zero while the dict is a split instance dict. */
export const enum DictObject {
  Used = 4,
  /** Changed by every mutation; global counter (PEP 509). */
  Version = 6,
  Keys = 8,
  Values = 10,
  Bytes = 48,
}

/**
 * A dict's key table: 32 bytes of header, 2^Log2Size indices of Width bytes, then entries: key and
 * value (str keys only: 4 words) or hash, key and value (6 words).
 *
 *   0 RefCount   2 Log2Size │ 3 Kind   4 Usable │ 5 Version   6 Count │ 7 Entries   8… indices
 */
export const enum DictKeys {
  /** Dicts and classes that share this table. */
  RefCount = 0,
  Log2Size = 2,
  /** DictKind. */
  Kind = 3,
  Usable = 4,
  /** Version for inline caches, 0 none. Reset by every change of the keys. */
  Version = 5,
  /** Entries used, deleted ones included. */
  Count = 6,
  /** Address of the first entry. */
  Entries = 7,
  Indices = 8,
}

export const enum DictKind {
  General = 0,
  Unicode = 1,
  /** Keys of a class's instances; values stand in the instances. */
  Split = 2,
}

/** set and frozenset, 200 + header: 8 entries (key, hash: 4 words) are inline. */
export const enum SetObject {
  Fill = 4,
  Used = 6,
  Mask = 8,
  /** Address of the entries: SmallTable or a block. */
  Table = 10,
  /** frozenset: cached hash and whether it is known. */
  Hash = 12,
  HashKnown = 13,
  Finger = 14,
  SmallTable = 16,
  WeakList = 48,
  Bytes = 200,
}

/** slice, 40 + header. */
export const enum SliceObject {
  Start = 4,
  Stop = 6,
  Step = 8,
  Bytes = 40,
}

/** range, 48 bytes, no header: four ints. */
export const enum RangeObject {
  Start = 4,
  Stop = 6,
  Step = 8,
  Length = 10,
  Bytes = 48,
}

/** function, 136 + header. */
export const enum FunctionObject {
  Globals = 4,
  Builtins = 6,
  Name = 8,
  QualName = 10,
  Code = 12,
  Defaults = 14,
  KwDefaults = 16,
  Closure = 18,
  Doc = 20,
  Dict = 22,
  WeakList = 24,
  Module = 26,
  Annotations = 28,
  Version = 32,
  Bytes = 136,
}

/** bound method, 48 + header. */
export const enum MethodObject {
  Function = 4,
  Self = 6,
  WeakList = 8,
  Bytes = 48,
}

/** Builtin function or bound builtin method, 56 + header. */
export const enum BuiltinObject {
  /** Index of the method definition in the per-thread table. Immutable. */
  Definition = 4,
  /** Bound object, module, or 0. */
  Self = 6,
  Module = 8,
  WeakList = 10,
  Bytes = 56,
}

/**
 * Descriptors of static types: method, class method, getset, member, slot wrapper; header before.
 */
export const enum DescriptorObject {
  /** Type the descriptor belongs to. */
  Owner = 4,
  Name = 6,
  /**
   * Index into the table of its kind; members: word offset in the instance, and MemberFlag bits.
   */
  Definition = 8,
  MemberFlags = 9,
  QualName = 10,
  Bytes = 56,
}

export const enum CellObject {
  Contents = 4,
  Bytes = 24,
}

/** property, 64 + header. */
export const enum PropertyObject {
  Getter = 4,
  Setter = 6,
  Deleter = 8,
  Doc = 10,
  Name = 12,
  /** 1 when the doc was taken from the getter. */
  DocFromGetter = 14,
  Bytes = 64,
}

/** classmethod and staticmethod, 32 + header. */
export const enum ClassMethodObject {
  Callable = 4,
  Dict = 6,
  Bytes = 32,
}

export const enum SuperObject {
  Type = 4,
  Object = 6,
  ObjectType = 8,
  Bytes = 40,
}

/** module, 56 + header. */
export const enum ModuleObject {
  Dict = 4,
  Name = 6,
  WeakList = 8,
  Bytes = 56,
}

/**
 * Plain instance of a heap type: 24 bytes + collector header + 16 bytes before that header, as
 * 3.11:
 *
 *   -8 Dict   -6 Values   -4…-1 collector header   0…3 head   4 WeakList
 *
 * A subclass of a builtin keeps the builtin's layout first and its WeakList behind it. Values
 * points
 * to a block of attribute values (two words each, ValuesBlock) keyed by the class's shared keys;
 * it is 0 once a dict has taken the values over.
 */
export const enum InstanceObject {
  Dict = -8,
  Values = -6,
  WeakList = 4,
  /** Bytes before the object: dict, values, collector header. */
  PreHeader = 32,
  Bytes = 24,
}

/**
 * Attribute values of an instance; insertion order is kept in bytes before them by the dict code.
 */
export const enum ValuesBlock {
  /** Values allocated, and values set so far. */
  Capacity = 0,
  Count = 1,
  First = 2,
  Stride = 2,
}

/** Exceptions: 72 + header; subclasses append fields from `Extra`. */
export const enum ExceptionObject {
  Dict = 4,
  Args = 6,
  Notes = 8,
  Traceback = 10,
  Context = 12,
  Cause = 14,
  SuppressContext = 16,
  Extra = 18,
  Bytes = 72,
}

/** traceback, 48 + header: holds code and line instead of a frame object until one is asked for. */
export const enum TracebackObject {
  Next = 4,
  Frame = 6,
  /** Tuple of the frame's locals and cells, in slot order, once the exception has left it. */
  Locals = 7,
  /** Word index of the instruction in its code. */
  Instruction = 8,
  Line = 10,
  /** Counted references; globals (or 0) are those of the frame's function. */
  Code = 12,
  Globals = 13,
  Bytes = 56,
}

/** A type object. Static types have StaticSize words reserved; heap types are allocated. */
export const enum TypeObject {
  Size = 4,
  /** Counted strings. */
  Name = 6,
  QualName = 8,
  /** Counted references: base type, tuple of bases, MRO tuple, dict. */
  Base = 10,
  Bases = 12,
  Mro = 14,
  Dict = 16,
  /** Number of its slot table (slots.ts). */
  Slots = 18,
  /** TypeFlag bits. */
  Flags = 19,
  /** Version tag for method and inline caches; 0 = none assigned. Unique, never reused. */
  Version = 20,
  /** Kind of the static type whose layout instances have. */
  Layout = 21,
  /** Bytes of an instance without collector header and pre-header; and of one item. */
  BasicSize = 22,
  ItemSize = 23,
  /** Dict of subclasses' addresses (weak), or 0. */
  SubClasses = 24,
  /** Shared key table of instances, or 0 (counted). */
  CachedKeys = 26,
  /** Word offset of WeakList in instances, or 0. */
  WeakListOffset = 28,
  /** Word offset of a dict pointer in instances (exceptions, functions, modules), or 0. */
  DictOffset = 29,
  Doc = 30,
  Module = 32,
  WeakList = 34,
  /** Tuple of slot names of a class with __slots__, or 0. */
  SlotNames = 36,
  /** Two words: which special methods the class or a base written in Python defines (slots.ts). */
  Overrides = 38,
  /** Cached `__init__`, `__new__` … for the call path; vm's use. */
  InitCache = 40,
  InitVersion = 41,
  /** Word offsets in instances between which the class's own `__slots__` stand; 0: none at all. */
  SlotsStart = 42,
  SlotsEnd = 43,
  StaticSize = 192,
  /** CPython's sizes: a class with its table of shared keys, the table, a static type. */
  HeapBytes = 1672,
  KeysBytes = 768,
  StaticBytes = 408,
}

/** threading.Lock, 40 bytes: the word that sync/lock.ts works on. */
export const enum LockObject {
  /** Atomic. */
  State = 4,
  /**
   * Identity of the thread that took it, negated where a `with` statement did: that thread will
   * release it. 0 while free. Tells who holds it after a death and in a deadlock. GIL.
   */
  Owner = 5,
  WeakList = 6,
  Bytes = 40,
}

export const enum TypeFlag {
  Heap = 1,
  /** May be subclassed by a class statement. */
  BaseType = 2,
  /** Instances have a collector header. */
  HasGc = 4,
  /** Instances have the 16-byte pre-header with Dict and Values. */
  ManagedDict = 8,
  Ready = 16,
  Immutable = 32,
  Abstract = 64,
  DisallowInstantiation = 128,
  /** A method found on this type is called with self first, without making a bound method. */
  MethodDescriptor = 256,
  Sequence = 512,
  Mapping = 1024,
  /** DictOffset is set, but no instance has had a dict so far: methods can be cached. */
  NoDictsYet = 2048,
  IntSubclass = 1 << 16,
  ListSubclass = 1 << 17,
  TupleSubclass = 1 << 18,
  BytesSubclass = 1 << 19,
  StrSubclass = 1 << 20,
  DictSubclass = 1 << 21,
  ExceptionSubclass = 1 << 22,
  TypeSubclass = 1 << 23,
  SetSubclass = 1 << 24,
  FloatSubclass = 1 << 25,
}

/** Code object, 176 + header. The bytecode is a block of its own. */
export const enum CodeObject {
  Consts = 4,
  Names = 6,
  /** Tuple of names of frame slots: locals, cells, free variables. */
  LocalsPlusNames = 8,
  /** Block of instruction words, and their number. */
  Bytecode = 10,
  Length = 11,
  ArgCount = 12,
  PosOnlyArgCount = 13,
  KwOnlyArgCount = 14,
  StackSize = 15,
  FirstLine = 16,
  LocalsPlus = 17,
  Locals = 18,
  Cells = 19,
  Free = 20,
  Flags = 21,
  FileName = 22,
  Name = 24,
  QualName = 26,
  /**
   * Block: line, end line, column, end column of each word; and exception table block and count.
   */
  Positions = 28,
  ExceptionTable = 30,
  ExceptionCount = 31,
  Version = 32,
  Blocks = 34,
  BlockCount = 35,
  WeakList = 36,
  Bytes = 176,
}

/** `_thread.RLock`: 48 + header. */
export const enum RLockObject {
  /** The lock (sync/rlock.ts). Its first word is atomic, the others: GIL. */
  Word = 4,
  Owner = Word + RLockWord.Owner,
  Depth = Word + RLockWord.Depth,
  WeakList = 10,
  Bytes = 48,
}

/**
 * Weak reference or proxy, 64 + header, in the list of its referent: first the shared reference,
 * then the shared proxy, then those with callbacks, newest first.
 */
export const enum WeakRefObject {
  /** Not counted; 0 once cleared. */
  Referent = 4,
  Callback = 6,
  Hash = 8,
  HashKnown = 9,
  Previous = 10,
  Next = 12,
  Bytes = 64,
}
