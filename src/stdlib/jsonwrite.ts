/** The writing half of json, after Modules/_json.c: values to text. Holds the GIL (I25). */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { call1, callMethod0, enterRecursion, leaveRecursion } from "../object/call.js";
import { defineModule, defineType, fast, member, oneArg } from "../object/define.js";
import { dictKeyAt, dictNext, dictSize, dictValueAt, isDict } from "../object/dict.js";
import { pending, raise, raiseStatus, shortTypeName, typeName } from "../object/errors.js";
import { getDouble, isFloat, reprFloat } from "../object/float.js";
import { newGcObject, track } from "../object/gcheader.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asSsize, isInt } from "../object/int.js";
import { decimalString } from "../object/intconvert.js";
import {
  BuiltinObject,
  Head,
  IntObject,
  ListObject,
  StrObject,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { listAppendSteal, listFromIterable, newList } from "../object/list.js";
import { fieldSlots } from "../object/nativeiterator.js";
import { isTrue } from "../object/number.js";
import {
  formFor,
  isStr,
  newEmptyStr,
  newStrFromCode,
  newStrOfForm,
  strCodeAt,
  strCompare,
} from "../object/str.js";
import { newTuple1, newTuple2 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { scanString, skipSpaceFrom } from "./jsonscan.js";
import { setModuleItem } from "./moduletypes.js";

const I32 = heap.I32;
const U16 = heap.U16;
const U8 = heap.U8;
const bound = new Int32Array(9);

const ID_items = identifier("items");
const ID_sort = identifier("sort");

/** An encoder: the arguments it was made with. */
const enum Encoder {
  Markers = 4,
  Default = 6,
  Encode = 8,
  Indent = 10,
  KeySeparator = 12,
  ItemSeparator = 14,
  /** Bits of EncoderFlag. */
  Flags = 16,
  Bytes = 96,
}

const enum EncoderFlag {
  SortKeys = 1,
  SkipKeys = 2,
  AllowNan = 4,
  /** Encode is ours: the text is written without calling it. */
  Ascii = 8,
  Plain = 16,
}

/** Text under construction: bytes until a character needs more, then code points. */
class Writer {
  bytes = new Uint8Array(1024);
  length = 0;
  wide: Uint32Array | null = null;
  max = 0;

  /** Make room for `more` characters. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (this.wide !== null) {
      if (needed <= this.wide.length) return;
      const grown = new Uint32Array(needed * 2);
      grown.set(this.wide.subarray(0, this.length));
      this.wide = grown;
    } else if (needed > this.bytes.length) {
      const grown = new Uint8Array(needed * 2);
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
  }

  /** From here on there are characters beyond Latin-1. */
  widen(): void {
    if (this.wide !== null) return;
    this.wide = new Uint32Array(this.bytes.length);
    for (let i = 0; i < this.length; i++) this.wide[i] = this.bytes[i];
  }

  /** Append one character, for which there is room. */
  put(code: number): void {
    if (code > this.max) {
      this.max = code;
      if (code > 0xff) this.widen();
    }
    if (this.wide === null) this.bytes[this.length++] = code;
    else this.wide[this.length++] = code;
  }

  /** Append ASCII text. */
  text(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.put(text.charCodeAt(i));
  }

  /** Append a str as it is. */
  str(str: Addr): void {
    const n = I32[str + StrObject.Length];
    this.reserve(n);
    for (let i = 0; i < n; i++) this.put(strCodeAt(str, i));
  }

  /** A str of what was written. */
  finish(): Addr {
    const n = this.length;
    if (n === 0) return newEmptyStr();
    if (n === 1) return newStrFromCode(this.wide === null ? this.bytes[0] : this.wide[0]);
    const form = formFor(this.max);
    const str = newStrOfForm(n, form);
    if (str === 0) return 0;
    const data = I32[str + StrObject.Data];
    const width = form & StrObject.WidthMask;
    if (this.wide === null) U8.set(this.bytes.subarray(0, n), data);
    else if (width === 2) U16.set(this.wide.subarray(0, n), data >> 1);
    else I32.set(this.wide.subarray(0, n), data >> 2);
    return str;
  }
}

/** The state of one call of an encoder. */
interface Encoding {
  self: Addr;
  flags: number;
  indent: boolean;
  out: Writer;
  /** Containers being written, where circles are looked for. */
  open: Set<Addr> | null;
}

const HEX = "0123456789abcdef";

function putEscape(out: Writer, code: number): void {
  out.text(
    `\\u${HEX[code >> 12]}${HEX[(code >> 8) & 15]}${HEX[(code >> 4) & 15]}${HEX[code & 15]}`,
  );
}

/** Letters of the short escapes, by character. */
const SHORT = new Uint8Array(128);
for (const [meaning, letter] of ['""', "\\\\", "\bb", "\ff", "\nn", "\rr", "\tt"]) {
  SHORT[meaning.charCodeAt(0)] = letter.charCodeAt(0);
}

function putCharacter(out: Writer, code: number, ascii: boolean): void {
  out.reserve(12);
  if (code < 128 && SHORT[code] !== 0) {
    out.put(0x5c);
    out.put(SHORT[code]);
  } else if (code >= 0x20 && (code < 0x7f || !ascii)) out.put(code);
  else if (code < 0x10000) putEscape(out, code);
  else {
    putEscape(out, 0xd7c0 + (code >> 10));
    putEscape(out, 0xdc00 + (code & 0x3ff));
  }
}

/** Characters of a string that stand for themselves in every form of output. */
const PLAIN = new Uint8Array(256);
for (let code = 0x20; code < 0x7f; code++) PLAIN[code] = SHORT[code] === 0 ? 1 : 0;

/** Write `str` in quotes; `ascii`: escape what is not ASCII. */
function putQuoted(out: Writer, str: Addr, ascii: boolean): void {
  const n = I32[str + StrObject.Length];
  out.reserve(n + 2);
  out.put(0x22);
  let i = 0;
  const narrow = (I32[str + StrObject.State] & StrObject.WidthMask) === 1;
  if (narrow && out.wide === null) {
    const from = I32[str + StrObject.Data];
    const { bytes } = out;
    const to = out.length;
    for (; i < n; i++) {
      const code = U8[from + i];
      if (PLAIN[code] === 0) break;
      bytes[to + i] = code;
    }
    out.length = to + i;
    if (out.max < 0x7e) out.max = 0x7e;
  }
  for (; i < n; i++) putCharacter(out, strCodeAt(str, i), ascii);
  out.reserve(1);
  out.put(0x22);
}

/** `encode_basestring` and its like. */
function quoted(name: string, ascii: boolean) {
  return oneArg(name, (_module, str) => {
    if (!isStr(str)) {
      return raise(T.TypeError, `first argument must be a string, not ${typeName(str)}`);
    }
    const out = new Writer();
    putQuoted(out, str, ascii);
    return out.finish();
  });
}

const asciiFunction = quoted("encode_basestring_ascii", true);
const plainFunction = quoted("encode_basestring", false);

function putString(enc: Encoding, str: Addr): number {
  if ((enc.flags & (EncoderFlag.Ascii | EncoderFlag.Plain)) !== 0) {
    putQuoted(enc.out, str, (enc.flags & EncoderFlag.Ascii) !== 0);
    return 0;
  }
  const text = call1(I32[enc.self + Encoder.Encode], str);
  if (text === 0) return -1;
  if (!isStr(text)) {
    const given = typeName(text);
    decref(text);
    return raiseStatus(T.TypeError, `encoder() must return a string, not ${given}`);
  }
  enc.out.str(text);
  decref(text);
  return 0;
}

/** The text of a float; null with ValueError pending where it is none of JSON's. */
function floatText(enc: Encoding, value: Addr): string | null {
  const d = getDouble(value);
  if (Number.isFinite(d)) return reprFloat(d);
  if ((enc.flags & EncoderFlag.AllowNan) === 0) {
    const shown = enc.indent ? `: ${reprFloat(d)}` : "";
    raise(T.ValueError, `Out of range float values are not JSON compliant${shown}`);
    return null;
  }
  if (Number.isNaN(d)) return "NaN";
  return d > 0 ? "Infinity" : "-Infinity";
}

/** The text of a value that holds no others; null: not such a value, or exception pending. */
function atomText(enc: Encoding, value: Addr): string | null {
  if (value === S.None) return "null";
  if (value === S.True) return "true";
  if (value === S.False) return "false";
  if (isInt(value)) {
    const compact = I32[value + IntObject.Value];
    if (compact !== IntObject.NotCompact) return String(compact);
    const text = decimalString(value);
    return text === "" ? null : text;
  }
  return isFloat(value) ? floatText(enc, value) : null;
}

function newline(enc: Encoding, level: number): void {
  if (!enc.indent) return;
  enc.out.text("\n");
  for (let i = 0; i < level; i++) enc.out.str(I32[enc.self + Encoder.Indent]);
}

/** Note that `object` is being written: false, with ValueError pending, when it already is. */
function enterObject(enc: Encoding, object: Addr): boolean {
  if (enc.open !== null) {
    if (enc.open.has(object)) {
      raise(T.ValueError, "Circular reference detected");
      return false;
    }
    enc.open.add(object);
  }
  return enterRecursion(" while encoding a JSON object");
}

function leaveObject(enc: Encoding, object: Addr): void {
  leaveRecursion();
  enc.open?.delete(object);
}

function putValue(enc: Encoding, value: Addr, level: number): number {
  if (I32[value + Head.Type] === T.Str || isStr(value)) return putString(enc, value);
  const text = atomText(enc, value);
  if (text !== null) {
    enc.out.text(text);
    return 0;
  }
  if (pending()) return -1;
  const flags = I32[I32[value + Head.Type] + TypeObject.Flags];
  if ((flags & (TypeFlag.ListSubclass | TypeFlag.TupleSubclass)) !== 0) {
    return putList(enc, value, level, (flags & TypeFlag.ListSubclass) !== 0);
  }
  if ((flags & TypeFlag.DictSubclass) !== 0) return putDict(enc, value, level);
  if (!enterObject(enc, value)) return -1;
  const other = call1(I32[enc.self + Encoder.Default], value);
  const status = other === 0 ? -1 : putValue(enc, other, level);
  if (other !== 0) decref(other);
  leaveObject(enc, value);
  return status;
}

function itemAt(sequence: Addr, i: number, isList: boolean): Addr {
  return isList
    ? I32[I32[sequence + ListObject.Items] + 2 * i]
    : I32[sequence + TupleObject.Items + 2 * i];
}

function putList(enc: Encoding, list: Addr, level: number, isList: boolean): number {
  const { out } = enc;
  if (I32[list + Head.Size] === 0) {
    out.text("[]");
    return 0;
  }
  if (!enterObject(enc, list)) return -1;
  out.text("[");
  newline(enc, level + 1);
  let status = 0;
  for (let i = 0; i < I32[list + Head.Size] && status === 0; i++) {
    if (i > 0) {
      out.str(I32[enc.self + Encoder.ItemSeparator]);
      newline(enc, level + 1);
    }
    const value = incref(itemAt(list, i, isList));
    status = putValue(enc, value, level + 1);
    decref(value);
  }
  leaveObject(enc, list);
  newline(enc, level);
  out.text("]");
  return status;
}

function dropAll(values: readonly Addr[]): void {
  for (const value of values) decref(value);
}

/** Keys and values of a dict in the order of writing, each owned; null: exception pending. */
function itemsOf(enc: Encoding, dict: Addr): Addr[] | null {
  const sorted = (enc.flags & EncoderFlag.SortKeys) !== 0;
  if (I32[dict + Head.Type] !== T.Dict) {
    const items = callMethod0(dict, ID_items);
    if (items === 0) return null;
    const list = listFromIterable(items);
    decref(items);
    return list === 0 ? null : takePairs(list, sorted);
  }
  const values: Addr[] = [];
  let plain = true;
  for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
    const key = dictKeyAt(dict, i);
    if (I32[key + Head.Type] !== T.Str) plain = false;
    values.push(incref(key), incref(dictValueAt(dict, i)));
  }
  if (!sorted) return values;
  if (plain) return sortPlain(values);
  const list = newPairs(values);
  dropAll(values);
  return list === 0 ? null : takePairs(list, true);
}

/** Sort by keys that are all str, and all different. */
function sortPlain(values: Addr[]): Addr[] {
  const order: number[] = [];
  for (let i = 0; i < values.length; i += 2) order.push(i);
  order.sort((i, j) => strCompare(values[i], values[j]));
  return order.flatMap((i) => [values[i], values[i + 1]]);
}

function newPairs(values: readonly Addr[]): Addr {
  const list = newList(0);
  for (let i = 0; i < values.length && list !== 0 && !pending(); i += 2) {
    const pair = newTuple2(values[i], values[i + 1]);
    if (pair !== 0) listAppendSteal(list, pair);
  }
  if (list === 0 || !pending()) return list;
  decref(list);
  return 0;
}

/** The keys and values of a list of pairs, whose reference is taken over. */
function takePairs(list: Addr, sorted: boolean): Addr[] | null {
  if (sorted) {
    const done = callMethod0(list, ID_sort);
    if (done !== 0) decref(done);
  }
  const values: Addr[] = [];
  for (let i = 0; i < I32[list + ListObject.Size] && !pending(); i++) {
    const pair = itemAt(list, i, true);
    if (I32[pair + Head.Type] !== T.Tuple || I32[pair + TupleObject.Size] !== 2) {
      raise(T.ValueError, "items must return 2-tuples");
    } else values.push(incref(itemAt(pair, 0, false)), incref(itemAt(pair, 1, false)));
  }
  decref(list);
  if (!pending()) return values;
  dropAll(values);
  return null;
}

/** Write a key and what follows it: 1 written, 0 to be left out, -1 exception. */
function putKey(enc: Encoding, key: Addr, first: boolean, level: number): number {
  const text = isStr(key) ? null : atomText(enc, key);
  if (text === null && !isStr(key)) {
    if (pending()) return -1;
    if ((enc.flags & EncoderFlag.SkipKeys) !== 0) return 0;
    const given = shortTypeName(key);
    const message = `keys must be str, int, float, bool or None, not ${given}`;
    return raiseStatus(T.TypeError, message);
  }
  const { out } = enc;
  if (first) newline(enc, level);
  else {
    out.str(I32[enc.self + Encoder.ItemSeparator]);
    newline(enc, level);
  }
  if (text === null) {
    if (putString(enc, key) < 0) return -1;
  } else out.text(`"${text}"`);
  out.str(I32[enc.self + Encoder.KeySeparator]);
  return 1;
}

function putDict(enc: Encoding, dict: Addr, level: number): number {
  const { out } = enc;
  if (dictSize(dict) === 0) {
    out.text("{}");
    return 0;
  }
  if (!enterObject(enc, dict)) return -1;
  const items = itemsOf(enc, dict);
  let status = items === null ? -1 : 0;
  out.text("{");
  if (items !== null) {
    let first = true;
    for (let i = 0; i < items.length && status === 0; i += 2) {
      const written = putKey(enc, items[i], first, level + 1);
      if (written > 0) first = false;
      status = written > 0 ? putValue(enc, items[i + 1], level + 1) : written;
    }
    dropAll(items);
    if (first && enc.indent) newline(enc, level + 1);
  }
  leaveObject(enc, dict);
  newline(enc, level);
  out.text("}");
  return status;
}

/** Words in which the writer of the last call is kept for the next. */
let spare: Writer | null = null;

const KEPT_CAPACITY = 1 << 16;

function encoderCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["obj", "_current_indent_level"];
  if (!bindArguments("_iterencode", args, nargs, kwnames, names, 2, bound)) return 0;
  const object = bound[0];
  const level = asSsize(bound[1]);
  if (Number.isNaN(level)) return 0;
  const out = spare ?? new Writer();
  spare = null;
  const enc: Encoding = {
    self,
    flags: I32[self + Encoder.Flags],
    indent: I32[self + Encoder.Indent] !== S.None,
    out,
    open: I32[self + Encoder.Markers] === S.None ? null : new Set(),
  };
  const status = putValue(enc, object, level);
  const text = status < 0 ? 0 : out.finish();
  if (out.wide === null && out.bytes.length <= KEPT_CAPACITY) {
    out.length = 0;
    out.max = 0;
    spare = out;
  }
  const result = text === 0 ? 0 : newTuple1(text);
  if (text !== 0) decref(text);
  return result;
}

/** Which of our two functions `encode` is. */
function knownFunction(encode: Addr): number {
  if (I32[encode + Head.Type] !== T.BuiltinFunction) return 0;
  const index = I32[encode + BuiltinObject.Definition];
  if (index === asciiFunction.index) return EncoderFlag.Ascii;
  return index === plainFunction.index ? EncoderFlag.Plain : 0;
}

function encoderNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["markers", "default", "encoder", "indent", "key_separator", "item_separator"];
  names.push("sort_keys", "skipkeys", "allow_nan");
  if (!bindArguments("make_encoder", args, nargs, kwnames, names, 9, bound)) return 0;
  const given = Array.from(bound);
  if (given[0] !== S.None && !isDict(given[0])) {
    const name = typeName(given[0]);
    return raise(T.TypeError, `make_encoder() argument 1 must be dict or None, not ${name}`);
  }
  for (const i of [4, 5]) {
    if (isStr(given[i])) continue;
    const name = typeName(given[i]);
    return raise(T.TypeError, `make_encoder() argument ${i + 1} must be str, not ${name}`);
  }
  let flags = knownFunction(given[2]);
  for (const [i, flag] of [
    EncoderFlag.SortKeys,
    EncoderFlag.SkipKeys,
    EncoderFlag.AllowNan,
  ].entries()) {
    const truth = isTrue(given[6 + i]);
    if (truth < 0) return 0;
    if (truth > 0) flags |= flag;
  }
  const self = newGcObject(type, Encoder.Bytes);
  if (self === 0) return 0;
  for (let i = 0; i < 6; i++) I32[self + Encoder.Markers + 2 * i] = incref(given[i]);
  I32[self + Encoder.Flags] = flags;
  track(self);
  return self;
}

defineType({
  type: T.JsonEncoder,
  name: "_json.Encoder",
  flags: TypeFlag.HasGc,
  basicSize: Encoder.Bytes,
  slots: {
    ...fieldSlots([
      Encoder.Markers,
      Encoder.Default,
      Encoder.Encode,
      Encoder.Indent,
      Encoder.KeySeparator,
      Encoder.ItemSeparator,
    ]),
    new: encoderNew,
    call: encoderCall,
  },
  members: [
    member("markers", Encoder.Markers),
    member("default", Encoder.Default),
    member("encoder", Encoder.Encode),
    member("indent", Encoder.Indent),
    member("key_separator", Encoder.KeySeparator),
    member("item_separator", Encoder.ItemSeparator),
  ],
});

defineModule({
  name: "_json",
  doc: "json speedups\n",
  functions: [
    asciiFunction,
    plainFunction,
    fast("scanstring", scanString),
    fast("_skip_space", skipSpaceFrom),
  ],
  setup: (_module, dict) => {
    if (setModuleItem(dict, "make_scanner", T.JsonScanner) < 0) return -1;
    return setModuleItem(dict, "make_encoder", T.JsonEncoder);
  },
});
