/**
 * Writing pickles: what the C pickler of CPython 3.11 writes, byte for byte where the objects'
 * identities are the same. The GIL is held throughout (I25).
 *
 * One {@link Dump} lasts for one call. The functions here return false with an exception pending.
 */
import { type Addr, heap } from "../memory/heap.js";
import { getIter, iterNext } from "../object/abstract.js";
import { getAttr } from "../object/attribute.js";
import { bytesData, bytesLength, newBytesAt } from "../object/bytes.js";
import { dataOf, sizeOf } from "../object/bytesbuffer.js";
import { call1, callMethod0, enterRecursion, leaveRecursion } from "../object/call.js";
import { dictKeyAt, dictNext, dictSize, dictValueAt } from "../object/dict.js";
import { pending, raise, typeName } from "../object/errors.js";
import { getDouble, reprFloat } from "../object/float.js";
import { decref, incref, isKindOf, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { bitLength, intSign } from "../object/int.js";
import { reprInt, toBytes } from "../object/intconvert.js";
import { Head, IntObject, ListObject, StrObject, TupleObject, TypeFlag } from "../object/layout.js";
import { listFromIterable } from "../object/list.js";
import { isTrue } from "../object/number.js";
import { tupleOf } from "../object/reduction.js";
import { setKeyAt, setNext, setSize } from "../object/set.js";
import { getString, newStrLatin1, strCodeAt, strLength } from "../object/str.js";
import { encodeToArray } from "../object/strconvert.js";
import { newTuple, newTuple1 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { importPath } from "../vm/import.js";
import { bufferOfPickle, pickleBufferIsReadonly } from "./picklebuffer.js";
import { Opcode } from "./pickleopcodes.js";
import { PickleOutput } from "./pickleoutput.js";
import { saveOther, saveReduce } from "./picklereduce.js";

const I32 = heap.I32;
const U8 = heap.U8;
const idEncode = identifier("encode");
const idItems = identifier("items");
const idLatin1 = identifier("latin1");
const idStr = identifier("__str__");

/** Items written by one APPENDS, SETITEMS or ADDITEMS. */
const BATCH = 1000;

/** What a pickler was told: borrowed references, 0 where there is none. */
export interface DumpSettings {
  protocol: number;
  /** No memo: each object is written where it is met. */
  fast: boolean;
  fixImports: boolean;
  write: Addr;
  bufferCallback: Addr;
  dispatchTable: Addr;
  persistentId: Addr;
  reducerOverride: Addr;
}

export class Dump {
  readonly output: PickleOutput;
  readonly protocol: number;
  /** Binary opcodes: protocols above 0. */
  readonly binary: boolean;
  /** Number in the memo of each object written, by address. */
  readonly memo = new Map<Addr, number>();
  /** The objects of the memo, owned: an address must not be used again meanwhile. */
  readonly kept: Addr[] = [];
  /** Objects being written without a memo, to find cycles. */
  readonly open = new Set<Addr>();
  nesting = 0;

  constructor(readonly settings: DumpSettings) {
    this.output = new PickleOutput(settings.write);
    this.protocol = settings.protocol;
    this.binary = settings.protocol > 0;
  }

  /** Write a whole pickle of `object`. */
  run(object: Addr): boolean {
    if (this.protocol >= 2 && !this.output.byte2(Opcode.Proto, this.protocol)) return false;
    this.output.framing = this.protocol >= 4;
    if (!save(this, object) || !this.output.byte(Opcode.Stop)) return false;
    this.output.commit();
    return true;
  }

  /** Let go of the objects in the memo, and of what was written. */
  release(): void {
    this.output.release();
    for (const object of this.kept) decref(object);
    this.kept.length = 0;
  }
}

/** Give `object`, which was just written, the next number. */
export function memoize(dump: Dump, object: Addr): boolean {
  if (dump.settings.fast) return true;
  const index = dump.memo.size;
  dump.memo.set(object, index);
  dump.kept.push(incref(object));
  const { output } = dump;
  if (dump.protocol >= 4) return output.byte(Opcode.Memoize);
  if (!dump.binary) return output.text(`p${index}\n`);
  return index < 256 ? output.byte2(Opcode.BinPut, index) : output.word32(Opcode.LongBinPut, index);
}

/** Refer to the object that has number `index`. */
function writeGet(dump: Dump, index: number): boolean {
  const { output } = dump;
  if (!dump.binary) return output.text(`g${index}\n`);
  return index < 256 ? output.byte2(Opcode.BinGet, index) : output.word32(Opcode.LongBinGet, index);
}

/** True when `object` is in the memo by now: its contents led back to it. */
export function refersToItself(dump: Dump, object: Addr): boolean {
  return dump.memo.has(object);
}

export function fetch(dump: Dump, object: Addr): boolean {
  return writeGet(dump, dump.memo.get(object) as number);
}

/** Write `object`; `asIs`: without asking for a persistent id. */
export function save(dump: Dump, object: Addr, asIs = false): boolean {
  if (!dump.output.boundary()) return false;
  if (!asIs && dump.settings.persistentId !== 0) {
    const id = call1(dump.settings.persistentId, object);
    if (id === 0) return false;
    if (id !== S.None) return savePersistent(dump, id);
    decref(id);
  }
  const type = I32[object + Head.Type];
  if (object === S.None) return dump.output.byte(Opcode.None);
  if (type === T.Bool) return saveBool(dump, object === S.True);
  if (type === T.Int) return saveInt(dump, object);
  if (type === T.Float) return saveFloat(dump, object);
  const known = dump.memo.get(object);
  if (known !== undefined) return writeGet(dump, known);
  if (type === T.Str) return saveStr(dump, object);
  if (type === T.Bytes) return saveBytes(dump, object);
  if (!enterRecursion(" while pickling an object")) return false;
  const ok = saveContainer(dump, object, type);
  leaveRecursion();
  return ok;
}

function saveContainer(dump: Dump, object: Addr, type: Addr): boolean {
  switch (type) {
    case T.Dict:
      return guarded(dump, object, saveDict);
    case T.Set:
      return saveSet(dump, object);
    case T.FrozenSet:
      return saveFrozenSet(dump, object);
    case T.List:
      return guarded(dump, object, saveList);
    case T.Tuple:
      return saveTuple(dump, object);
    case T.ByteArray:
      return saveByteArray(dump, object);
    case T.PickleBuffer:
      return savePickleBuffer(dump, object);
    default:
      return saveOther(dump, object, type);
  }
}

/** Without a memo, containers that hold themselves would go on for ever. */
export function guarded(
  dump: Dump,
  object: Addr,
  write: (dump: Dump, object: Addr) => boolean,
): boolean {
  if (!dump.settings.fast || ++dump.nesting < 50) {
    const ok = write(dump, object);
    if (dump.settings.fast) dump.nesting--;
    return ok;
  }
  let ok = false;
  if (dump.open.has(object)) {
    const what = `${typeName(object)} at 0x${(object * 4).toString(16)}`;
    raise(T.ValueError, `fast mode: can't pickle cyclic objects including object type ${what}`);
  } else {
    dump.open.add(object);
    ok = write(dump, object);
    dump.open.delete(object);
  }
  dump.nesting--;
  return ok;
}

/** Write a persistent id (stolen). */
function savePersistent(dump: Dump, id: Addr): boolean {
  let ok: boolean;
  if (dump.binary) ok = save(dump, id, true) && dump.output.byte(Opcode.BinPersId);
  else ok = saveTextId(dump, id);
  decref(id);
  return ok;
}

function saveTextId(dump: Dump, id: Addr): boolean {
  const text = I32[id + Head.Type] === T.Str ? incref(id) : callMethod0(id, idStr);
  if (text === 0) return false;
  const shown = getString(text);
  decref(text);
  if (/^[\0-\x7f]*$/.test(shown)) return dump.output.text(`P${shown}\n`);
  raise(T.PicklingError, "persistent IDs in protocol 0 must be ASCII strings");
  return false;
}

function saveBool(dump: Dump, value: boolean): boolean {
  if (dump.protocol >= 2) return dump.output.byte(value ? Opcode.NewTrue : Opcode.NewFalse);
  return dump.output.text(value ? "I01\n" : "I00\n");
}

function saveInt(dump: Dump, object: Addr): boolean {
  const value = I32[object + IntObject.Value];
  const { output } = dump;
  // The one int of 32 bits that is not compact is -2^31.
  if (value !== IntObject.NotCompact || isLowest(object)) {
    if (!dump.binary) return output.text(`I${value}\n`);
    if (value >= 0 && value < 256) return output.byte2(Opcode.BinInt1, value);
    if (value >= 0 && value < 65536) return output.word16(Opcode.BinInt2, value);
    return output.word32(Opcode.BinInt, value);
  }
  return dump.protocol >= 2 ? saveLong(dump, object) : saveLongText(dump, object);
}

function isLowest(object: Addr): boolean {
  return I32[object + IntObject.Size] === 0 && bitLength(object) === 32 && intSign(object) < 0
    ? heap.F64[(object + IntObject.Digits) >> 1] === -2147483648
    : false;
}

function saveLong(dump: Dump, object: Addr): boolean {
  const length = (bitLength(object) >> 3) + 1;
  let bytes = toBytes(object, length, true, true);
  if (bytes === null) return false;
  // -2^(8n - 1) fits in a byte less.
  if (length > 1 && bytes[length - 1] === 0xff && (bytes[length - 2] & 0x80) !== 0) {
    bytes = bytes.subarray(0, length - 1);
  }
  const short = bytes.length < 256;
  const head = short
    ? dump.output.byte2(Opcode.Long1, bytes.length)
    : dump.output.word32(Opcode.Long4, bytes.length);
  return head && dump.output.bytes(bytes);
}

function saveLongText(dump: Dump, object: Addr): boolean {
  const text = reprInt(object);
  if (text === 0) return false;
  const digits = getString(text);
  decref(text);
  return dump.output.text(`L${digits}L\n`);
}

function saveFloat(dump: Dump, object: Addr): boolean {
  const value = getDouble(object);
  if (dump.binary) return dump.output.double(Opcode.BinFloat, value);
  return dump.output.text(`F${reprFloat(value)}\n`);
}

function saveStr(dump: Dump, str: Addr): boolean {
  if (!dump.binary) return saveStrText(dump, str);
  let ok: boolean;
  if ((I32[str + StrObject.State] & StrObject.Ascii) !== 0) {
    ok = writeText(dump, U8, I32[str + StrObject.Data], I32[str + StrObject.Length]);
  } else {
    const bytes = encodeToArray(str, "utf-8", "surrogatepass");
    ok = bytes !== null && writeText(dump, bytes, 0, bytes.length);
  }
  return ok && memoize(dump, str);
}

function writeText(dump: Dump, source: Uint8Array, from: number, length: number): boolean {
  const { output } = dump;
  if (length < 256 && dump.protocol >= 4) {
    return output.payload(Opcode.ShortBinUnicode, 1, source, from, length);
  }
  return output.payload(Opcode.BinUnicode, 4, source, from, length);
}

/** Protocol 0: one line of Latin-1, in which other characters are escaped. */
function saveStrText(dump: Dump, str: Addr): boolean {
  let line = "V";
  for (let i = 0; i < strLength(str); i++) {
    const code = strCodeAt(str, i);
    if (code >= 0x10000) line += `\\U${code.toString(16).padStart(8, "0")}`;
    else if (
      code >= 256 ||
      code === 92 ||
      code === 0 ||
      code === 10 ||
      code === 13 ||
      code === 26
    ) {
      line += `\\u${code.toString(16).padStart(4, "0")}`;
    } else line += String.fromCharCode(code);
  }
  return dump.output.text(`${line}\n`) && memoize(dump, str);
}

function saveBytes(dump: Dump, object: Addr): boolean {
  if (dump.protocol < 3) return saveBytesAsText(dump, object);
  return writeBytes(dump, bytesData(object), bytesLength(object)) && memoize(dump, object);
}

function writeBytes(dump: Dump, from: number, length: number): boolean {
  const { output } = dump;
  if (length < 256) return output.payload(Opcode.ShortBinBytes, 1, U8, from, length);
  return output.payload(Opcode.BinBytes, 4, U8, from, length);
}

/** Before protocol 3 bytes are what a str of Latin-1 encodes to. */
function saveBytesAsText(dump: Dump, object: Addr): boolean {
  if (bytesLength(object) === 0) return saveCall(dump, T.Bytes, newTuple(0), object);
  const module = importPath("_codecs");
  const encode = module === 0 ? 0 : getAttr(module, idEncode);
  xdecref(module);
  if (encode === 0) return false;
  const text = newStrLatin1(bytesData(object), bytesLength(object));
  const ok = saveCall(dump, encode, tupleOf([text, incref(idLatin1)]), object);
  decref(encode);
  return ok;
}

/** Write that `object` is `callable(*args)`; `args` is stolen, and may be 0 with an exception. */
function saveCall(dump: Dump, callable: Addr, args: Addr, object: Addr): boolean {
  if (args === 0) return false;
  const value = tupleOf([incref(callable), args]);
  if (value === 0) return false;
  const ok = saveReduce(dump, value, object);
  decref(value);
  return ok;
}

function saveByteArray(dump: Dump, object: Addr): boolean {
  const length = sizeOf(object);
  if (dump.protocol < 5) {
    if (length === 0) return saveCall(dump, T.ByteArray, newTuple(0), object);
    const bytes = newBytesAt(dataOf(object), length);
    return saveCall(dump, T.ByteArray, bytes === 0 ? 0 : tupleOf([bytes]), object);
  }
  return (
    dump.output.payload(Opcode.ByteArray8, 8, U8, dataOf(object), length) && memoize(dump, object)
  );
}

function savePickleBuffer(dump: Dump, object: Addr): boolean {
  if (dump.protocol < 5) {
    raise(T.PicklingError, "PickleBuffer can only pickled with protocol >= 5");
    return false;
  }
  const buffer = bufferOfPickle(object);
  if (buffer === null) return false;
  const inBand = staysInBand(dump, object);
  if (inBand < 0) return false;
  const readonly = pickleBufferIsReadonly(object);
  const { output } = dump;
  if (inBand === 0) {
    if (!output.byte(Opcode.NextBuffer)) return false;
    return !readonly || output.byte(Opcode.ReadonlyBuffer);
  }
  const written = readonly
    ? writeBytes(dump, buffer.offset, buffer.length)
    : output.payload(Opcode.ByteArray8, 8, U8, buffer.offset, buffer.length);
  return written && memoize(dump, object);
}

/** Does the callback, if any, leave the buffer in the pickle? -1 with an exception pending. */
function staysInBand(dump: Dump, object: Addr): number {
  if (dump.settings.bufferCallback === 0) return 1;
  const answer = call1(dump.settings.bufferCallback, object);
  if (answer === 0) return -1;
  const truth = isTrue(answer);
  decref(answer);
  return truth;
}

function saveTuple(dump: Dump, tuple: Addr): boolean {
  const size = I32[tuple + TupleObject.Size];
  const { output } = dump;
  if (size === 0) {
    return dump.binary ? output.byte(Opcode.EmptyTuple) : output.text("(t");
  }
  const short = size <= 3 && dump.protocol >= 2;
  if (!short && !output.byte(Opcode.Mark)) return false;
  for (let i = 0; i < size; i++) {
    if (!save(dump, I32[tuple + TupleObject.Items + 2 * i])) return false;
  }
  if (refersToItself(dump, tuple)) {
    // Its items wrote it meanwhile: throw these away and refer to that one.
    if (!short && dump.binary) {
      if (!output.byte(Opcode.PopMark)) return false;
    } else {
      for (let i = short ? 0 : -1; i < size; i++) if (!output.byte(Opcode.Pop)) return false;
    }
    return fetch(dump, tuple);
  }
  const op = short ? Opcode.Tuple1 + size - 1 : Opcode.Tuple;
  return output.byte(op) && memoize(dump, tuple);
}

function saveList(dump: Dump, list: Addr): boolean {
  const { output } = dump;
  if (!(dump.binary ? output.byte(Opcode.EmptyList) : output.text("(l"))) return false;
  if (!memoize(dump, list)) return false;
  if (I32[list + ListObject.Size] === 0) return true;
  if (!dump.binary) return saveIterated(dump, list, saveAppended);
  const item = (i: number): boolean => {
    const value = incref(I32[I32[list + ListObject.Items] + 2 * i]);
    const ok = save(dump, value);
    decref(value);
    return ok;
  };
  if (I32[list + ListObject.Size] === 1) return item(0) && output.byte(Opcode.Append);
  let total = 0;
  do {
    if (!output.byte(Opcode.Mark)) return false;
    const end = total + BATCH;
    for (; total < end && total < I32[list + ListObject.Size]; total++)
      if (!item(total)) return false;
    if (!output.byte(Opcode.Appends)) return false;
  } while (total < I32[list + ListObject.Size]);
  return true;
}

/** Let `write` have an iterator over `object`. */
function saveIterated(
  dump: Dump,
  object: Addr,
  write: (dump: Dump, iterator: Addr) => boolean,
): boolean {
  const iterator = getIter(object);
  if (iterator === 0) return false;
  const ok = write(dump, iterator);
  decref(iterator);
  return ok;
}

/** Write what the iterator gives as items to append to the list on the stack. */
export function saveAppended(dump: Dump, iterator: Addr): boolean {
  return saveBatches(dump, iterator, Opcode.Append, Opcode.Appends, save);
}

/** Write the pairs that the iterator gives as items to set in the dict on the stack. */
export function saveSetItems(dump: Dump, iterator: Addr): boolean {
  return saveBatches(dump, iterator, Opcode.SetItem, Opcode.SetItems, savePair);
}

function savePair(dump: Dump, pair: Addr): boolean {
  if (!isKindOf(pair, TypeFlag.TupleSubclass) || I32[pair + TupleObject.Size] !== 2) {
    raise(T.TypeError, "dict items iterator must return 2-tuples");
    return false;
  }
  return save(dump, I32[pair + TupleObject.Items]) && save(dump, I32[pair + TupleObject.Items + 2]);
}

function saveBatches(
  dump: Dump,
  iterator: Addr,
  single: Opcode,
  several: Opcode,
  write: (dump: Dump, item: Addr) => boolean,
): boolean {
  const { output } = dump;
  let count: number;
  do {
    count = 0;
    const first = iterNext(iterator);
    if (first === 0) return !pending();
    let next = iterNext(iterator);
    const alone = next === 0;
    let ok =
      !pending() && (alone || !dump.binary || output.byte(Opcode.Mark)) && write(dump, first);
    decref(first);
    if (ok && (alone || !dump.binary)) ok = output.byte(single);
    for (count = 1; next !== 0; next = count < BATCH ? iterNext(iterator) : 0) {
      ok = ok && write(dump, next) && (dump.binary || output.byte(single));
      decref(next);
      count++;
      if (!ok) return false;
    }
    if (!ok || pending()) return false;
    if (!alone && dump.binary && !output.byte(several)) return false;
  } while (count === BATCH);
  return true;
}

function saveDict(dump: Dump, dict: Addr): boolean {
  const { output } = dump;
  if (!(dump.binary ? output.byte(Opcode.EmptyDict) : output.text("(d"))) return false;
  if (!memoize(dump, dict)) return false;
  const size = dictSize(dict);
  if (size === 0) return true;
  if (!dump.binary) {
    const items = callMethod0(dict, idItems);
    if (items === 0) return false;
    const ok = saveIterated(dump, items, saveSetItems);
    decref(items);
    return ok;
  }
  let at = dictNext(dict, 0);
  if (size === 1) return saveEntry(dump, dict, at) && output.byte(Opcode.SetItem);
  let count: number;
  do {
    count = 0;
    if (!output.byte(Opcode.Mark)) return false;
    for (; at >= 0 && count < BATCH; at = dictNext(dict, at + 1), count++) {
      if (!saveEntry(dump, dict, at)) return false;
    }
    if (!output.byte(Opcode.SetItems)) return false;
    if (dictSize(dict) !== size) {
      raise(T.RuntimeError, "dictionary changed size during iteration");
      return false;
    }
  } while (count === BATCH);
  return true;
}

function saveEntry(dump: Dump, dict: Addr, at: number): boolean {
  const key = incref(dictKeyAt(dict, at));
  const value = incref(dictValueAt(dict, at));
  const ok = save(dump, key) && save(dump, value);
  decref(key);
  decref(value);
  return ok;
}

/** Before protocol 4 sets are called with a list of their items. */
function saveSetAsList(dump: Dump, set: Addr, type: Addr): boolean {
  const items = listFromIterable(set);
  if (items === 0) return false;
  const args = newTuple1(items);
  decref(items);
  return saveCall(dump, type, args, set);
}

function saveSet(dump: Dump, set: Addr): boolean {
  if (dump.protocol < 4) return saveSetAsList(dump, set, T.Set);
  const { output } = dump;
  if (!output.byte(Opcode.EmptySet) || !memoize(dump, set)) return false;
  const size = setSize(set);
  if (size === 0) return true;
  let at = setNext(set, 0);
  let count: number;
  do {
    count = 0;
    if (!output.byte(Opcode.Mark)) return false;
    for (; at >= 0 && count < BATCH; at = setNext(set, at + 1), count++) {
      if (!saveMember(dump, set, at)) return false;
    }
    if (!output.byte(Opcode.AddItems)) return false;
    if (setSize(set) !== size) {
      raise(T.RuntimeError, "set changed size during iteration");
      return false;
    }
  } while (count === BATCH);
  return true;
}

function saveMember(dump: Dump, set: Addr, at: number): boolean {
  const member = incref(setKeyAt(set, at));
  const ok = save(dump, member);
  decref(member);
  return ok;
}

function saveFrozenSet(dump: Dump, set: Addr): boolean {
  if (dump.protocol < 4) return saveSetAsList(dump, set, T.FrozenSet);
  const { output } = dump;
  if (!output.byte(Opcode.Mark)) return false;
  for (let at = setNext(set, 0); at >= 0; at = setNext(set, at + 1)) {
    if (!saveMember(dump, set, at)) return false;
  }
  if (refersToItself(dump, set)) return output.byte(Opcode.PopMark) && fetch(dump, set);
  return output.byte(Opcode.FrozenSet) && memoize(dump, set);
}
