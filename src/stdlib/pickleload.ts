/**
 * Reading pickles of all protocols, as the C unpickler of CPython 3.11 does: the same results and,
 * for what is no pickle, the same exceptions. Memory grows with what was read, never with a length
 * that was only announced. The GIL is held throughout (I25).
 *
 * One {@link Load} lasts for one call. Its stack and memo hold owned references. The functions here
 * return false with an exception pending.
 */
import { type Addr, heap } from "../memory/heap.js";
import { bytesData, newBytes, newBytesAt } from "../object/bytes.js";
import { dataOf, newByteArrayOfLength } from "../object/bytesbuffer.js";
import { dictSet, newDict } from "../object/dict.js";
import { clearPendingIf, newNone, pendingMatches, raise } from "../object/errors.js";
import { newFloat, parseFloat } from "../object/float.js";
import { track } from "../object/gcheader.js";
import { decref, incref } from "../object/header.js";
import { asSsize, newInt, newIntFromBig } from "../object/int.js";
import { parseInt as parseIntLiteral } from "../object/intconvert.js";
import { ListObject, StrObject, TupleObject } from "../object/layout.js";
import { newList } from "../object/list.js";
import { reprObject } from "../object/repr.js";
import { newFrozenSet, newSet } from "../object/set.js";
import { getString, newStrOfForm, StrForm } from "../object/str.js";
import { decodeBytes } from "../object/strconvert.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import type { PickleInput } from "./pickleinput.js";
import {
  loadAdditions,
  loadAppends,
  loadBuffer,
  loadBuild,
  loadExtension,
  loadGlobal,
  loadInstance,
  loadNewObject,
  loadObject,
  loadPersistent,
  loadReadonlyBuffer,
  loadReduce,
  loadSetItems,
  loadStackGlobal,
  loadTextPersistent,
} from "./pickleobjects.js";
import { Opcode, Protocol } from "./pickleopcodes.js";
import { unescapeBytes, unescapeText } from "./pickletext.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** What an unpickler was told: borrowed references, 0 where there is none. */
export interface LoadSettings {
  fixImports: boolean;
  /** How 8-bit strings of Python 2 are decoded; "bytes": not at all. */
  encoding: string;
  errors: string;
  /** Iterator over out-of-band buffers. */
  buffers: Addr;
  persistentLoad: Addr;
  /** Bound `find_class` of a subclass. */
  findClass: Addr;
}

export class Load {
  protocol = 0;
  /** Told the protocol when the pickle names it. */
  onProtocol: (protocol: number) => void = () => {};
  readonly stack: Addr[] = [];
  /** Heights of the stack at which marks stand; below `fence`, the last one, nothing is taken. */
  readonly marks: number[] = [];
  fence = 0;

  constructor(
    readonly input: PickleInput,
    readonly settings: LoadSettings,
    readonly memo: Map<number, Addr>,
  ) {}

  /** Put `object` (stolen; 0: an exception is pending) on the stack. */
  push(object: Addr): boolean {
    if (object === 0) return false;
    this.stack.push(object);
    return true;
  }

  /** Take the topmost object, owned; 0 with an exception pending. */
  pop(): Addr {
    if (this.stack.length <= this.fence) {
      this.underflow();
      return 0;
    }
    return this.stack.pop() as Addr;
  }

  /** The topmost object, borrowed; 0 with an exception pending. */
  top(): Addr {
    if (this.stack.length > this.fence) return this.stack[this.stack.length - 1];
    this.underflow();
    return 0;
  }

  underflow(): false {
    return fail(this.marks.length > 0 ? "unexpected MARK found" : "unpickling stack underflow");
  }

  /** Take the topmost mark away: the height it stood at, -1 with an exception pending. */
  popMark(): number {
    const mark = this.marks.pop();
    if (mark === undefined) {
      fail("could not find MARK");
      return -1;
    }
    this.fence = this.marks.length > 0 ? this.marks[this.marks.length - 1] : 0;
    return mark;
  }

  /** Take what lies above `height`, as a tuple; 0 with an exception pending. */
  popTuple(height: number): Addr {
    if (height < this.fence || height > this.stack.length) {
      this.underflow();
      return 0;
    }
    const count = this.stack.length - height;
    const tuple = newTuple(count);
    if (tuple === 0) return 0;
    for (let i = 0; i < count; i++) {
      I32[tuple + TupleObject.Items + 2 * i] = this.stack[height + i];
    }
    this.stack.length = height;
    if (count > 0) track(tuple);
    return tuple;
  }

  /** Take what lies above `height`, as a list. */
  popList(height: number): Addr {
    if (height > this.stack.length) {
      this.underflow();
      return 0;
    }
    const count = this.stack.length - height;
    const list = newList(count);
    if (list === 0) return 0;
    const items = I32[list + ListObject.Items];
    for (let i = 0; i < count; i++) I32[items + 2 * i] = this.stack[height + i];
    this.stack.length = height;
    return list;
  }

  /** Drop what lies above `height`. */
  cut(height: number): void {
    while (this.stack.length > height) decref(this.stack.pop() as Addr);
  }

  /** Read the pickle: what it holds, owned; 0 with an exception pending. */
  run(): Addr {
    const { input } = this;
    for (;;) {
      const at = input.take(1);
      if (at < 0) return outOfInput();
      const op = input.data[at];
      if (op === Opcode.Stop) break;
      const handler = HANDLERS[op];
      if (handler === undefined) return unknownOpcode(op);
      if (!handler(this)) return 0;
    }
    return input.finish() ? this.pop() : 0;
  }
}

/** The end of the input where an opcode should stand. */
function outOfInput(): 0 {
  if (!pendingMatches(T.UnpicklingError)) return 0;
  return raise(T.EOFError, "Ran out of input");
}

/** Raise UnpicklingError. */
export function fail(message: string): false {
  raise(T.UnpicklingError, message);
  return false;
}

function unknownOpcode(op: number): 0 {
  const plain = op >= 0x20 && op <= 0x7e && op !== 0x27 && op !== 0x5c;
  const shown = plain ? String.fromCharCode(op) : `\\x${op.toString(16).padStart(2, "0")}`;
  raise(T.UnpicklingError, `invalid load key, '${shown}'.`);
  return 0;
}

/** An unsigned little-endian number of `width` bytes; -1 with an exception pending. */
export function readCount(load: Load, width: number): number {
  const at = load.input.take(width);
  if (at < 0) return -1;
  const { data } = load.input;
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + data[at + i];
  return value;
}

/** A length of `width` bytes, of which 8 may say more than the machine can hold. */
function readLength(load: Load, width: number, opcode: string): number {
  const length = readCount(load, width);
  if (length < 2 ** 63) return length;
  if (load.input.data[load.input.at - 1] < 0x80) return overflow();
  const most = "maximum size of 9223372036854775807 bytes";
  raise(T.OverflowError, `${opcode} exceeds system's ${most}`);
  return -1;
}

/** Of the greatest lengths below 2^63. */
function overflow(): -1 {
  fail("read would overflow (invalid bytecode)");
  return -1;
}

function readInt32(load: Load): number {
  const at = load.input.take(4);
  if (at < 0) return Number.NaN;
  const { data } = load.input;
  return data[at] | (data[at + 1] << 8) | (data[at + 2] << 16) | (data[at + 3] << 24);
}

/** The next line without its end, as Latin-1 text; null with an exception pending. */
export function readLine(load: Load, shortest: number): string | null {
  const { input } = load;
  const at = input.line();
  if (at < 0) return null;
  if (input.lineLength < shortest) {
    fail("pickle data was truncated");
    return null;
  }
  const end = at + input.lineLength - 1;
  return Buffer.from(input.data.subarray(at, end)).toString("latin1");
}

/** A str of `length` bytes of UTF-8 at `at` of the input. */
export function newText(data: Uint8Array, at: number, length: number): Addr {
  let all = 0;
  for (let i = at; i < at + length; i++) all |= data[i];
  if (all < 0x80 && length > 1) {
    const str = newStrOfForm(length, StrForm.Ascii);
    if (str !== 0) U8.set(data.subarray(at, at + length), I32[str + StrObject.Data]);
    return str;
  }
  return decode(data, at, length, "utf-8", "surrogatepass");
}

/** The str that bytes of the input stand for in `encoding`. */
export function decode(
  data: Uint8Array,
  at: number,
  length: number,
  encoding: string,
  errors: string,
): Addr {
  const bytes = newBytes(data.subarray(at, at + length));
  if (bytes === 0) return 0;
  const str = decodeBytes(bytes, bytesData(bytes), length, encoding, errors);
  decref(bytes);
  return str;
}

/** Push the int that a line names: `I01` and `I00` are True and False. */
function loadInt(load: Load): boolean {
  const line = readLine(load, 2);
  if (line === null) return false;
  if (line === "01" || line === "00") return load.push(incref(line === "01" ? S.True : S.False));
  const value = parseIntLiteral(line.replace(/\0.*$/s, ""), 0);
  if (value !== 0) return load.push(value);
  if (clearPendingIf(T.ValueError)) raise(T.ValueError, "could not convert string to int");
  return false;
}

/** `int(text, base)`, whose error names a base of 10 for a text without prefix. */
function parseLine(text: string, base: number): Addr {
  const value = parseIntLiteral(text.replace(/\0.*$/s, ""), base);
  if (value !== 0 || !clearPendingIf(T.ValueError)) return value;
  const bytes = Buffer.from(text, "latin1");
  const line = decode(bytes, 0, bytes.length, "utf-8", "strict");
  const shown = line === 0 ? 0 : reprObject(line);
  if (shown !== 0) {
    const prefix = /^[ +-]*0[xX]/.test(text) ? 16 : /^[ +-]*0[bB]/.test(text) ? 2 : 10;
    const named = base === 0 && /^[ +-]*0[oO]/.test(text) ? 8 : prefix;
    const literal = `literal for int() with base ${base || named}`;
    raise(T.ValueError, `invalid ${literal}: ${getString(shown).slice(0, 200)}`);
    decref(shown);
  }
  if (line !== 0) decref(line);
  return 0;
}

function loadLong(load: Load): boolean {
  const line = readLine(load, 2);
  if (line === null) return false;
  return load.push(parseLine(line.endsWith("L") ? line.slice(0, -1) : `${line}\n`, 0));
}

function loadFloat(load: Load): boolean {
  const line = readLine(load, 2);
  if (line === null) return false;
  const value = /^\s|_|\s$/.test(line) ? undefined : parseFloat(line.replace(/\0.*$/s, ""));
  if (value !== undefined) return load.push(newFloat(value));
  raise(T.ValueError, `could not convert string to float: '${line.slice(0, 199)}\n'`);
  return false;
}

function loadBinInt(load: Load): boolean {
  const value = readInt32(load);
  return !Number.isNaN(value) && load.push(newInt(value));
}

function loadShortInt(load: Load, width: number): boolean {
  const value = readCount(load, width);
  return value >= 0 && load.push(newInt(value));
}

/** An int of `length` bytes of two's complement. */
function loadBytesInt(load: Load, length: number): boolean {
  if (length < 0) return false;
  const at = load.input.take(length);
  if (at < 0) return false;
  const { data } = load.input;
  if (length <= 6) {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + data[at + i];
    if (length > 0 && data[at + length - 1] >= 128) value -= 256 ** length;
    return load.push(newInt(value));
  }
  const hex = Buffer.from(data.slice(at, at + length))
    .reverse()
    .toString("hex");
  return load.push(newIntFromBig(BigInt.asIntN(8 * length, BigInt(`0x${hex}`))));
}

function loadLong4(load: Load): boolean {
  const length = readInt32(load);
  if (Number.isNaN(length)) return false;
  if (length < 0) return fail("LONG pickle has negative byte count");
  return loadBytesInt(load, length);
}

const doubles = new DataView(new ArrayBuffer(8));

function loadBinFloat(load: Load): boolean {
  const at = load.input.take(8);
  if (at < 0) return false;
  for (let i = 0; i < 8; i++) doubles.setUint8(i, load.input.data[at + i]);
  return load.push(newFloat(doubles.getFloat64(0)));
}

function loadBytes(load: Load, width: number): boolean {
  const length = readLength(load, width, "BINBYTES");
  const at = length < 0 ? -1 : load.input.take(length);
  if (at < 0) return false;
  const { data } = load.input;
  if (data === U8) return load.push(newBytesAt(at, length));
  return load.push(newBytes(data.subarray(at, at + length)));
}

function loadByteArray(load: Load): boolean {
  const length = readLength(load, 8, "BYTEARRAY8");
  const at = length < 0 ? -1 : load.input.take(length);
  if (at < 0) return false;
  const array = newByteArrayOfLength(length);
  if (array === 0) return false;
  U8.set(load.input.data.subarray(at, at + length), dataOf(array));
  return load.push(array);
}

function loadText(load: Load, width: number): boolean {
  const length = readLength(load, width, "BINUNICODE");
  const at = length < 0 ? -1 : load.input.take(length);
  return at >= 0 && load.push(newText(load.input.data, at, length));
}

/** An 8-bit string of Python 2. */
function loadOldString(load: Load, width: number): boolean {
  const length = readCount(load, width);
  const at = length < 0 ? -1 : load.input.take(length);
  return at >= 0 && load.push(decodeOld(load, load.input.data.slice(at, at + length)));
}

function decodeOld(load: Load, bytes: Uint8Array): Addr {
  const { encoding, errors } = load.settings;
  if (encoding === "bytes") return newBytes(bytes);
  return decode(bytes, 0, bytes.length, encoding, errors);
}

/** A quoted string with escapes, protocol 0 of Python 2. */
function loadQuoted(load: Load): boolean {
  const line = readLine(load, 1);
  if (line === null) return false;
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line[line.length - 1] !== quote) {
    return fail("the STRING opcode argument must be quoted");
  }
  const bytes = unescapeBytes(line.slice(1, -1));
  return bytes !== null && load.push(decodeOld(load, bytes));
}

function loadLineText(load: Load): boolean {
  const line = readLine(load, 1);
  if (line === null) return false;
  return load.push(unescapeText(line));
}

function loadTuple(load: Load, count: number): boolean {
  const { stack } = load;
  if (stack.length < count) return load.underflow();
  return load.push(load.popTuple(stack.length - count));
}

function loadMarkedTuple(load: Load): boolean {
  const mark = load.popMark();
  return mark >= 0 && load.push(load.popTuple(mark));
}

function loadList(load: Load): boolean {
  const mark = load.popMark();
  return mark >= 0 && load.push(load.popList(mark));
}

function loadDict(load: Load): boolean {
  const mark = load.popMark();
  if (mark < 0) return false;
  const { stack } = load;
  if ((stack.length - mark) % 2 !== 0) return fail("odd number of items for DICT");
  const dict = newDict();
  if (dict === 0) return false;
  for (let i = mark; i < stack.length; i += 2) {
    if (dictSet(dict, stack[i], stack[i + 1]) === 0) continue;
    decref(dict);
    return false;
  }
  load.cut(mark);
  return load.push(dict);
}

function loadFrozenSet(load: Load): boolean {
  const mark = load.popMark();
  const items = mark < 0 ? 0 : load.popTuple(mark);
  if (items === 0) return false;
  const set = newFrozenSet(items);
  decref(items);
  return load.push(set);
}

function loadPop(load: Load): boolean {
  const { marks, stack } = load;
  // What lies on top may be a mark.
  if (marks.length > 0 && marks[marks.length - 1] === stack.length) return load.popMark() >= 0;
  const top = load.pop();
  if (top === 0) return false;
  decref(top);
  return true;
}

function loadPopMark(load: Load): boolean {
  const mark = load.popMark();
  if (mark >= 0) load.cut(mark);
  return mark >= 0;
}

function loadDup(load: Load): boolean {
  const top = load.top();
  return top !== 0 && load.push(incref(top));
}

function loadMark(load: Load): boolean {
  load.marks.push(load.stack.length);
  load.fence = load.stack.length;
  return true;
}

function get(load: Load, index: number): boolean {
  if (index < 0) return false;
  const found = load.memo.get(index);
  return found === undefined
    ? fail(`Memo value not found at index ${index}`)
    : load.push(incref(found));
}

function put(load: Load, index: number): boolean {
  if (index < 0) return false;
  const top = load.top();
  if (top === 0) return false;
  const old = load.memo.get(index);
  load.memo.set(index, incref(top));
  if (old !== undefined) decref(old);
  return true;
}

/** The index that a line of digits names; NaN with an exception pending. */
function lineIndex(load: Load): number {
  const line = readLine(load, 2);
  if (line === null) return Number.NaN;
  const value = parseLine(`${line}\n`, 10);
  if (value === 0) return Number.NaN;
  const index = asSsize(value);
  decref(value);
  return index;
}

function loadGet(load: Load): boolean {
  const index = lineIndex(load);
  if (Number.isNaN(index)) return false;
  return index < 0 ? fail(`Memo value not found at index ${index}`) : get(load, index);
}

function loadPut(load: Load): boolean {
  const index = lineIndex(load);
  if (Number.isNaN(index) || load.top() === 0) return false;
  if (index >= 0) return put(load, index);
  raise(T.ValueError, "negative PUT argument");
  return false;
}

function loadProtocol(load: Load): boolean {
  const protocol = readCount(load, 1);
  if (protocol < 0) return false;
  if (protocol <= Protocol.Highest) {
    load.protocol = protocol;
    load.onProtocol(protocol);
    return true;
  }
  raise(T.ValueError, `unsupported pickle protocol: ${protocol}`);
  return false;
}

/** A frame's bytes are read of the file at once. */
function loadFrame(load: Load): boolean {
  const length = readCount(load, 8);
  if (length < 0) return false;
  if (length >= 2 ** 63) {
    const most = "system's maximum of 9223372036854775807 bytes";
    if (load.input.data[load.input.at - 1] < 0x80) overflow();
    else raise(T.OverflowError, `FRAME length exceeds ${most}`);
    return false;
  }
  if (load.input.take(length) < 0) return false;
  load.input.at -= length;
  return true;
}

const HANDLERS: (((load: Load) => boolean) | undefined)[] = new Array(256).fill(undefined);

function handle(op: Opcode, handler: (load: Load) => boolean): void {
  HANDLERS[op] = handler;
}

handle(Opcode.None, (load) => load.push(newNone()));
handle(Opcode.NewTrue, (load) => load.push(incref(S.True)));
handle(Opcode.NewFalse, (load) => load.push(incref(S.False)));
handle(Opcode.Int, loadInt);
handle(Opcode.BinInt, loadBinInt);
handle(Opcode.BinInt1, (load) => loadShortInt(load, 1));
handle(Opcode.BinInt2, (load) => loadShortInt(load, 2));
handle(Opcode.Long, loadLong);
handle(Opcode.Long1, (load) => loadBytesInt(load, readCount(load, 1)));
handle(Opcode.Long4, loadLong4);
handle(Opcode.Float, loadFloat);
handle(Opcode.BinFloat, loadBinFloat);
handle(Opcode.ShortBinBytes, (load) => loadBytes(load, 1));
handle(Opcode.BinBytes, (load) => loadBytes(load, 4));
handle(Opcode.BinBytes8, (load) => loadBytes(load, 8));
handle(Opcode.ByteArray8, loadByteArray);
handle(Opcode.NextBuffer, loadBuffer);
handle(Opcode.ReadonlyBuffer, loadReadonlyBuffer);
handle(Opcode.ShortBinString, (load) => loadOldString(load, 1));
handle(Opcode.BinString, (load) => loadOldString(load, 4));
handle(Opcode.String, loadQuoted);
handle(Opcode.Unicode, loadLineText);
handle(Opcode.ShortBinUnicode, (load) => loadText(load, 1));
handle(Opcode.BinUnicode, (load) => loadText(load, 4));
handle(Opcode.BinUnicode8, (load) => loadText(load, 8));
handle(Opcode.EmptyTuple, (load) => load.push(newTuple(0)));
handle(Opcode.Tuple1, (load) => loadTuple(load, 1));
handle(Opcode.Tuple2, (load) => loadTuple(load, 2));
handle(Opcode.Tuple3, (load) => loadTuple(load, 3));
handle(Opcode.Tuple, loadMarkedTuple);
handle(Opcode.EmptyList, (load) => load.push(newList(0)));
handle(Opcode.List, loadList);
handle(Opcode.EmptyDict, (load) => load.push(newDict()));
handle(Opcode.Dict, loadDict);
handle(Opcode.EmptySet, (load) => load.push(newSet(0)));
handle(Opcode.FrozenSet, loadFrozenSet);
handle(Opcode.Pop, loadPop);
handle(Opcode.PopMark, loadPopMark);
handle(Opcode.Dup, loadDup);
handle(Opcode.Mark, loadMark);
handle(Opcode.Get, loadGet);
handle(Opcode.BinGet, (load) => get(load, readCount(load, 1)));
handle(Opcode.LongBinGet, (load) => get(load, readCount(load, 4)));
handle(Opcode.Put, loadPut);
handle(Opcode.BinPut, (load) => put(load, readCount(load, 1)));
handle(Opcode.LongBinPut, (load) => put(load, readCount(load, 4)));
handle(Opcode.Memoize, (load) => put(load, load.memo.size));
handle(Opcode.Proto, loadProtocol);
handle(Opcode.Frame, loadFrame);
handle(Opcode.Append, loadAppends(false));
handle(Opcode.Appends, loadAppends(true));
handle(Opcode.SetItem, loadSetItems(false));
handle(Opcode.SetItems, loadSetItems(true));
handle(Opcode.AddItems, loadAdditions);
handle(Opcode.Build, loadBuild);
handle(Opcode.Reduce, loadReduce);
handle(Opcode.NewObj, (load) => loadNewObject(load, false));
handle(Opcode.NewObjEx, (load) => loadNewObject(load, true));
handle(Opcode.Global, loadGlobal);
handle(Opcode.StackGlobal, loadStackGlobal);
handle(Opcode.Inst, loadInstance);
handle(Opcode.Obj, loadObject);
handle(Opcode.Ext1, (load) => loadExtension(load, 1));
handle(Opcode.Ext2, (load) => loadExtension(load, 2));
handle(Opcode.Ext4, (load) => loadExtension(load, 4));
handle(Opcode.PersId, loadTextPersistent);
handle(Opcode.BinPersId, loadPersistent);
