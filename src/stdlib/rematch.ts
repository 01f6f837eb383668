/** Match objects, and what patterns and matches share: subjects, slices, templates. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity, keywordCount } from "../object/arguments.js";
import { getAttr } from "../object/attribute.js";
import {
  bufferLength,
  bufferOffset,
  newBytes,
  newBytesAt,
  newEmptyBytes,
  readBuffer,
} from "../object/bytes.js";
import { call1, call3, callMethod1 } from "../object/call.js";
import { defineType, fast, getSet, keywords, member, noArgs, oneArg } from "../object/define.js";
import { dictGet, dictKeyAt, dictNext, dictSet, dictValueAt, newDict } from "../object/dict.js";
import {
  clearPending,
  newNone,
  pending,
  raise,
  raiseException,
  typeName,
} from "../object/errors.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { classGetItemMethod } from "../object/genericalias.js";
import { clearField, decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asIndex, intToNumber, isInt, newInt } from "../object/int.js";
import { BytesObject, Head, StrObject, TupleObject, TypeFlag } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { reprObject } from "../object/repr.js";
import { slotsOf } from "../object/slots.js";
import {
  getString,
  isStr,
  newEmptyStr,
  newStr,
  strCodeAt,
  strJoin,
  strSlice,
} from "../object/str.js";
import { newTuple, newTuple2 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { importPath } from "../vm/import.js";
import { type Text } from "./rematcher.js";
import { type Piece, parseTemplate } from "./retemplate.js";
import { ArgumentError, PatternError } from "./retokens.js";

const I32 = heap.I32;
const U8 = heap.U8;
const bound = new Int32Array(2);

const ID_error = identifier("error");
const ID_join = identifier("join");

/** A compiled pattern. */
export const enum Pattern {
  /** Groups besides the whole match. */
  Groups = 6,
  /** dict: names to numbers. */
  Names = 8,
  /** The program: a bytes object. */
  Program = 10,
  /** str or bytes that was compiled; None for none. */
  Source = 12,
  Flags = 14,
  IsBytes = 15,
  WeakList = 16,
  Bytes = 88,
}

/** A match; marks are words of their own, two words apart, start and end of each group. */
export const enum Match {
  /** Number of marks. */
  Marks = 4,
  String = 6,
  Pattern = 8,
  Pos = 12,
  EndPos = 13,
  /** Number of the group closed last; -1: none. */
  LastIndex = 14,
  First = 20,
  Bytes = 80,
}

/** First word of a pattern's program. */
export function programOf(pattern: Addr): number {
  return I32[pattern + Pattern.Program] + BytesObject.Data;
}

/** Raise what the parser threw; anything else is thrown on. */
export function raiseThrown(thrown: unknown, source: Addr): 0 {
  if (thrown instanceof ArgumentError) {
    const types = {
      ValueError: T.ValueError,
      OverflowError: T.OverflowError,
      IndexError: T.IndexError,
      RecursionError: T.RecursionError,
    };
    return raise(types[thrown.kind], thrown.message);
  }
  if (!(thrown instanceof PatternError)) throw thrown;
  const module = importPath("re");
  const type = module === 0 ? 0 : getAttr(module, ID_error);
  if (module !== 0) decref(module);
  if (type === 0) return 0;
  const message = newStr(thrown.message);
  const position = newInt(Math.max(0, thrown.position));
  let error: Addr = 0;
  if (message !== 0 && position !== 0) {
    error = thrown.position < 0 ? call1(type, message) : call3(type, message, source, position);
  }
  if (message !== 0) decref(message);
  if (position !== 0) decref(position);
  decref(type);
  return error === 0 ? 0 : raiseException(error);
}

/** The characters of a str or bytes-like object, each a string; null: it is neither. */
export function charactersOf(object: Addr): string[] | null {
  const characters: string[] = [];
  if (isStr(object)) {
    const n = I32[object + StrObject.Length];
    for (let i = 0; i < n; i++) characters.push(String.fromCodePoint(strCodeAt(object, i)));
    return characters;
  }
  if (!readBuffer(object)) return null;
  for (let i = 0; i < bufferLength; i++) {
    characters.push(String.fromCharCode(U8[bufferOffset + i]));
  }
  return characters;
}

/** The text of `string` for `pattern`; null with TypeError pending. */
export function subjectOf(pattern: Addr, string: Addr): Text | null {
  const isBytesPattern = I32[pattern + Pattern.IsBytes] !== 0;
  const unknown = I32[pattern + Pattern.Source] === S.None;
  if (isStr(string)) {
    if (isBytesPattern && !unknown) {
      raise(T.TypeError, "cannot use a bytes pattern on a string-like object");
      return null;
    }
    const width = I32[string + StrObject.State] & StrObject.WidthMask;
    return { data: I32[string + StrObject.Data], width, end: I32[string + StrObject.Length] };
  }
  if (!readBuffer(string)) {
    raise(T.TypeError, `expected string or bytes-like object, got '${typeName(string)}'`);
    return null;
  }
  if (!isBytesPattern && !unknown) {
    raise(T.TypeError, "cannot use a string pattern on a bytes-like object");
    return null;
  }
  return { data: bufferOffset, width: 1, end: bufferLength };
}

/** Part of a subject: str of a str, else bytes. Parts that are no longer there are empty. */
export function sliceOf(string: Addr, start: number, end: number): Addr {
  if (isStr(string)) return strSlice(string, start, Math.max(start, end));
  readBuffer(string);
  const from = Math.min(start, bufferLength);
  const to = Math.min(end, bufferLength);
  if (I32[string + Head.Type] === T.Bytes && from === 0 && to === bufferLength) {
    return incref(string);
  }
  return newBytesAt(bufferOffset + from, Math.max(0, to - from));
}

/** The parts in `list` as one text of the subject's kind; the list's reference is taken over. */
export function joinParts(list: Addr, string: Addr): Addr {
  const empty = isStr(string) ? newEmptyStr() : newEmptyBytes();
  const result = isStr(string) ? strJoin(empty, list) : callMethod1(empty, ID_join, list);
  decref(empty);
  decref(list);
  return result;
}

/** A match of `pattern` with the marks of a run, from `start` to `end`. */
export function newMatch(
  pattern: Addr,
  string: Addr,
  regs: Int32Array,
  start: number,
  end: number,
  pos: number,
  endPos: number,
): Addr {
  const groups = I32[pattern + Pattern.Groups] + 1;
  const match = newGcObject(T.ReMatch, Match.Bytes + 16 * groups);
  if (match === 0) return 0;
  I32[match + Match.Marks] = 2 * groups;
  I32[match + Match.String] = incref(string);
  I32[match + Match.Pattern] = incref(pattern);
  I32[match + Match.Pos] = pos;
  I32[match + Match.EndPos] = endPos;
  I32[match + Match.LastIndex] = regs[0];
  I32[match + Match.First] = start;
  I32[match + Match.First + 2] = end;
  for (let group = 1; group < groups; group++) {
    const at = match + Match.First + 4 * group;
    const isSet = regs[2 * group] >= 0 && regs[2 * group + 1] >= 0;
    I32[at] = isSet ? regs[2 * group] : -1;
    I32[at + 2] = isSet ? regs[2 * group + 1] : -1;
  }
  track(match);
  return match;
}

function startOf(match: Addr, group: number): number {
  return I32[match + Match.First + 4 * group];
}

function endOf(match: Addr, group: number): number {
  return I32[match + Match.First + 4 * group + 2];
}

/** What group `group` matched, or `otherwise` (borrowed) when nothing. */
function groupOf(match: Addr, group: number, otherwise: Addr): Addr {
  const start = startOf(match, group);
  if (start < 0) return incref(otherwise);
  return sliceOf(I32[match + Match.String], start, endOf(match, group));
}

/** The number of the group that `key`, an int or a name, stands for; -1 with IndexError pending. */
function groupIndex(match: Addr, key: Addr): number {
  const groups = I32[match + Match.Marks] >> 1;
  let index = -1;
  if (isInt(key) || slotsOf(I32[key + Head.Type]).index !== null) {
    index = asIndex(key);
    if (Number.isNaN(index)) return -1;
  } else {
    const found = dictGet(I32[I32[match + Match.Pattern] + Pattern.Names], key);
    if (found !== 0 && isInt(found)) index = intToNumber(found);
    else if (pending()) clearPending();
  }
  if (index >= 0 && index < groups) return index;
  raise(T.IndexError, "no such group");
  return -1;
}

function getGroup(match: Addr, key: Addr): Addr {
  const index = groupIndex(match, key);
  return index < 0 ? 0 : groupOf(match, index, S.None);
}

function matchGroup(self: Addr, args: Addr, nargs: number): Addr {
  if (nargs === 0) return groupOf(self, 0, S.None);
  if (nargs === 1) return getGroup(self, I32[args]);
  const tuple = newTuple(nargs);
  if (tuple === 0) return 0;
  for (let i = 0; i < nargs; i++) {
    const group = getGroup(self, I32[args + i]);
    if (group === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * i] = group;
  }
  track(tuple);
  return tuple;
}

function matchGroups(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("groups", args, nargs, kwnames, ["default"], 0, bound)) return 0;
  const otherwise = bound[0] === 0 ? S.None : bound[0];
  const n = (I32[self + Match.Marks] >> 1) - 1;
  const tuple = newTuple(n);
  if (tuple === 0 || n === 0) return tuple;
  for (let i = 0; i < n; i++) {
    const group = groupOf(self, i + 1, otherwise);
    if (group === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * i] = group;
  }
  track(tuple);
  return tuple;
}

function matchGroupDict(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("groupdict", args, nargs, kwnames, ["default"], 0, bound)) return 0;
  const otherwise = bound[0] === 0 ? S.None : bound[0];
  const names = I32[I32[self + Match.Pattern] + Pattern.Names];
  const result = newDict();
  for (let i = dictNext(names, 0); i >= 0 && result !== 0; i = dictNext(names, i + 1)) {
    const value = groupOf(self, intToNumber(dictValueAt(names, i)), otherwise);
    const status = value === 0 ? -1 : dictSet(result, dictKeyAt(names, i), value);
    if (value !== 0) decref(value);
    if (status < 0) {
      decref(result);
      return 0;
    }
  }
  return result;
}

/** A method of one optional group. */
function ofGroup(name: string, get: (self: Addr, group: number) => Addr) {
  return fast(name, (self, args, nargs) => {
    if (!checkArity(name, nargs, 0, 1)) return 0;
    const group = nargs === 0 ? 0 : groupIndex(self, I32[args]);
    return group < 0 ? 0 : get(self, group);
  });
}

function newSpan(self: Addr, group: number): Addr {
  const start = newInt(startOf(self, group));
  const end = newInt(endOf(self, group));
  const span = newTuple2(start, end);
  decref(start);
  decref(end);
  return span;
}

function regs(self: Addr): Addr {
  const n = I32[self + Match.Marks] >> 1;
  const tuple = newTuple(n);
  for (let i = 0; i < n && tuple !== 0; i++) {
    const span = newSpan(self, i);
    if (span === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * i] = span;
  }
  if (tuple !== 0) track(tuple);
  return tuple;
}

/** The pieces of a template for `pattern`; null with an exception pending. */
export function piecesOf(pattern: Addr, template: Addr): Piece[] | null {
  const characters = charactersOf(template);
  if (characters === null) {
    const given = typeName(template);
    raise(T.TypeError, `decoding to str: need a bytes-like object, ${given} found`);
    return null;
  }
  const names = I32[pattern + Pattern.Names];
  const groupCalled = (name: string): number => {
    const key = newStr(name);
    const found = key === 0 ? 0 : dictGet(names, key);
    if (key !== 0) decref(key);
    return found === 0 ? -1 : intToNumber(found);
  };
  const groups = I32[pattern + Pattern.Groups] + 1;
  try {
    return parseTemplate(characters, isStr(template), groups, groupCalled);
  } catch (thrown) {
    raiseThrown(thrown, template);
    return null;
  }
}

/** Text of a template as the kind of object that the template is. */
export function newPiece(text: string, template: Addr): Addr {
  return isStr(template) ? newStr(text) : newBytes(Buffer.from(text, "latin1"));
}

function expand(self: Addr, template: Addr): Addr {
  const pieces = piecesOf(I32[self + Match.Pattern], template);
  const list = pieces === null ? 0 : newList(0);
  if (list === 0 || pieces === null) return 0;
  const string = I32[self + Match.String];
  for (const piece of pieces) {
    let value: Addr = 0;
    if (typeof piece === "string") value = newPiece(piece, template);
    else if (startOf(self, piece) >= 0) value = groupOf(self, piece, S.None);
    else continue;
    if (value === 0 || listAppendSteal(list, value) < 0) {
      decref(list);
      return 0;
    }
  }
  return joinParts(list, isStr(template) ? template : string);
}

function matchRepr(self: Addr): Addr {
  const group = groupOf(self, 0, S.None);
  const shown = group === 0 ? 0 : reprObject(group);
  if (group !== 0) decref(group);
  if (shown === 0) return 0;
  const span = `span=(${startOf(self, 0)}, ${endOf(self, 0)})`;
  const text = `<${typeName(self)} object; ${span}, match=${getString(shown)}>`;
  decref(shown);
  return newStr(text);
}

function lastGroup(self: Addr): Addr {
  const last = I32[self + Match.LastIndex];
  const names = I32[I32[self + Match.Pattern] + Pattern.Names];
  for (let i = dictNext(names, 0); i >= 0 && last >= 0; i = dictNext(names, i + 1)) {
    if (intToNumber(dictValueAt(names, i)) === last) return incref(dictKeyAt(names, i));
  }
  return newNone();
}

defineType({
  type: T.ReMatch,
  name: "re.Match",
  flags: TypeFlag.HasGc | TypeFlag.DisallowInstantiation,
  basicSize: Match.Bytes,
  itemSize: 8,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearField(self + Match.String);
      clearField(self + Match.Pattern);
      freeObject(self);
    },
    traverse: (self, visit) => {
      if (I32[self + Match.String] !== 0) visit(I32[self + Match.String]);
      if (I32[self + Match.Pattern] !== 0) visit(I32[self + Match.Pattern]);
    },
    repr: matchRepr,
    subscript: getGroup,
  },
  methods: [
    fast("group", matchGroup),
    ofGroup("start", (self, group) => newInt(startOf(self, group))),
    ofGroup("end", (self, group) => newInt(endOf(self, group))),
    ofGroup("span", newSpan),
    keywords("groups", matchGroups),
    keywords("groupdict", matchGroupDict),
    keywords("expand", (self, args, nargs, kwnames) => {
      if (nargs === 1 && keywordCount(kwnames) === 0) return expand(self, I32[args]);
      if (!bindArguments("expand", args, nargs, kwnames, ["template"], 1, bound)) return 0;
      return expand(self, bound[0]);
    }),
    noArgs("__copy__", incref),
    oneArg("__deepcopy__", (self) => incref(self)),
    classGetItemMethod,
  ],
  members: [member("re", Match.Pattern)],
  getSets: [
    getSet("string", (self) => incref(I32[self + Match.String])),
    getSet("pos", (self) => newInt(I32[self + Match.Pos])),
    getSet("endpos", (self) => newInt(I32[self + Match.EndPos])),
    getSet("lastindex", (self) =>
      I32[self + Match.LastIndex] < 0 ? newNone() : newInt(I32[self + Match.LastIndex]),
    ),
    getSet("lastgroup", lastGroup),
    getSet("regs", regs),
  ],
  doc: "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
});
