/** Patterns of regular expressions and what they do; the module _sre behind re. Holds the GIL. */
import { type Addr, heap } from "../memory/heap.js";
import { hashObject, richCompareBool } from "../object/abstract.js";
import { bindArguments } from "../object/arguments.js";
import { getAttr } from "../object/attribute.js";
import { isBytes, newBytes, newEmptyBytes } from "../object/bytes.js";
import { call1, isCallable } from "../object/call.js";
import {
  defineModule,
  defineType,
  fast,
  getSet,
  keywords,
  member,
  noArgs,
  oneArg,
} from "../object/define.js";
import { dictSetStr, newDict } from "../object/dict.js";
import { newNone, newNotImplemented, raise, raiseMemoryError } from "../object/errors.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { classGetItemMethod } from "../object/genericalias.js";
import { clearField, decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { clearWeakReferences } from "../object/instance.js";
import { asSsize, newBool, newInt } from "../object/int.js";
import { newCallableIterator } from "../object/iterators.js";
import {
  ByteArrayObject,
  Head,
  ListObject,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { listAppend, listAppendSteal, newList } from "../object/list.js";
import { newMappingProxy } from "../object/namespace.js";
import { fieldSlots } from "../object/nativeiterator.js";
import { reprObject } from "../object/repr.js";
import { Compare } from "../object/slots.js";
import { getString, isStr, newEmptyStr, newStr } from "../object/str.js";
import { newTuple, newTuple2 } from "../object/tuple.js";
import { Kind, S, T } from "../object/types.js";
import { setModuleItem } from "./moduletypes.js";
import { compileProgram } from "./recompiler.js";
import {
  charactersOf,
  joinParts,
  newMatch,
  newPiece,
  Pattern,
  piecesOf,
  programOf,
  raiseThrown,
  sliceOf,
  subjectOf,
} from "./rematch.js";
import {
  foundAt,
  type Goal,
  giveBack,
  matchAt,
  Run,
  resetMachine,
  searchFrom,
  type Text,
  takeMachine,
} from "./rematcher.js";
import { Flag, type Parsed, parsePattern } from "./reparser.js";

const I32 = heap.I32;
const bound = new Int32Array(3);

const ID_search = identifier("search");

/** A scanner: a pattern on its way through a text. */
const enum Scanner {
  Pattern = 4,
  String = 6,
  /** Where the next match may begin; -1: at the end. */
  At = 8,
  /** The next match must not be empty where it begins there. */
  Advance = 9,
  Pos = 10,
  EndPos = 11,
  Bytes = 48,
}

/** Keeps the bytes of a bytearray where they are while a match goes on. */
function pin(string: Addr): Addr {
  if (isStr(string) || isBytes(string)) return 0;
  const isArray = I32[I32[string + Head.Type] + TypeObject.Layout] === Kind.ByteArray;
  if (!isArray) return 0;
  I32[string + ByteArrayObject.Exports]++;
  return string;
}

function unpin(pinned: Addr): void {
  if (pinned !== 0) I32[pinned + ByteArrayObject.Exports]--;
}

/** A run's failure as an exception. */
function raiseRun(result: number): 0 {
  return result === Run.NoMemory ? raiseMemoryError() : 0;
}

/** Arguments `string, pos, endpos`; from `from` and up to `text.end`. Null: exception pending. */
interface Subject {
  string: Addr;
  text: Text;
  from: number;
}

const SUBJECT = ["string", "pos", "endpos"];

function readSubject(
  name: string,
  self: Addr,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): Subject | null {
  if (nargs === 1 && kwnames === 0) {
    const text = subjectOf(self, I32[args]);
    return text === null ? null : { string: I32[args], text, from: 0 };
  }
  if (!bindArguments(name, args, nargs, kwnames, SUBJECT, 1, bound)) return null;
  const [string, pos, endPos] = bound;
  const from = pos === 0 ? 0 : asSsize(pos);
  const to = endPos === 0 ? Number.POSITIVE_INFINITY : asSsize(endPos);
  if (Number.isNaN(from) || Number.isNaN(to)) return null;
  const text = subjectOf(self, string);
  if (text === null) return null;
  const length = text.end;
  text.end = Math.max(0, Math.min(to, length));
  return { string, text, from: Math.max(0, Math.min(from, length)) };
}

const AT_START: Goal = { whole: false, advance: false };
const WHOLE: Goal = { whole: true, advance: false };

function matching(name: string, goal: Goal | null) {
  return keywords(name, (self, args, nargs, kwnames) => {
    const subject = readSubject(name, self, args, nargs, kwnames);
    if (subject === null) return 0;
    const { string, text, from } = subject;
    if (goal === null && from > text.end) return newNone();
    const base = programOf(self);
    const machine = takeMachine(base);
    const pinned = pin(string);
    const end =
      goal === null
        ? searchFrom(base, text, from, false, machine)
        : matchAt(base, text, from, goal, machine);
    unpin(pinned);
    const start = goal === null ? foundAt : from;
    const match = end < 0 ? 0 : newMatch(self, string, machine.regs, start, end, from, text.end);
    giveBack(machine);
    if (end === Run.NoMatch) return newNone();
    return end < 0 ? raiseRun(end) : match;
  });
}

/** What {@link eachMatch} is to do next. */
const enum Next {
  Go = 0,
  Stop = 1,
  /** An exception is pending. */
  Fail = 2,
}

/**
 * Call `use` for every match from `from` on, until it says otherwise. False: exception pending.
 * `use` may run Python.
 */
function eachMatch(
  self: Addr,
  subject: Subject,
  use: (regs: Int32Array, start: number, end: number) => Next,
): boolean {
  const { text, string } = subject;
  const base = programOf(self);
  const machine = takeMachine(base);
  const pinned = pin(string);
  let at = subject.from;
  let advance = false;
  let next = Next.Go;
  while (next === Next.Go && at <= text.end) {
    const end = searchFrom(base, text, at, advance, machine);
    if (end < 0) {
      if (end !== Run.NoMatch) {
        raiseRun(end);
        next = Next.Fail;
      }
      break;
    }
    const start = foundAt;
    next = use(machine.regs, start, end);
    resetMachine(base, machine);
    advance = start === end;
    at = end;
  }
  unpin(pinned);
  giveBack(machine);
  return next !== Next.Fail;
}

/** What a group matched in a run; empty text (or None) for nothing. */
function groupIn(string: Addr, regs: Int32Array, group: number, otherwise: Addr): Addr {
  const start = regs[2 * group];
  const end = regs[2 * group + 1];
  if (start >= 0 && end >= start) return sliceOf(string, start, end);
  if (otherwise !== 0) return incref(otherwise);
  return isStr(string) ? newEmptyStr() : newEmptyBytes();
}

function findAll(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const subject = readSubject("findall", self, args, nargs, kwnames);
  const list = subject === null ? 0 : newList(0);
  if (subject === null || list === 0) return 0;
  const { string } = subject;
  const groups = I32[self + Pattern.Groups];
  const done = eachMatch(self, subject, (regs, start, end) => {
    let item: Addr;
    if (groups === 0) item = sliceOf(string, start, end);
    else if (groups === 1) item = groupIn(string, regs, 1, 0);
    else item = newGroups(string, regs, groups);
    return item !== 0 && listAppendSteal(list, item) === 0 ? Next.Go : Next.Fail;
  });
  if (done) return list;
  decref(list);
  return 0;
}

function newGroups(string: Addr, regs: Int32Array, groups: number): Addr {
  const tuple = newTuple(groups);
  if (tuple === 0) return 0;
  for (let group = 1; group <= groups; group++) {
    const value = groupIn(string, regs, group, 0);
    if (value === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * (group - 1)] = value;
  }
  track(tuple);
  return tuple;
}

function split(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("split", args, nargs, kwnames, ["string", "maxsplit"], 1, bound)) return 0;
  const string = bound[0];
  const limit = bound[1] === 0 ? 0 : asSsize(bound[1]);
  if (Number.isNaN(limit)) return 0;
  const text = subjectOf(self, string);
  const list = text === null ? 0 : newList(0);
  if (text === null || list === 0) return 0;
  const groups = I32[self + Pattern.Groups];
  let n = 0;
  let last = 0;
  const add = (item: Addr): boolean => item !== 0 && listAppendSteal(list, item) === 0;
  // A negative limit splits nothing, as in CPython.
  const done =
    limit < 0 ||
    eachMatch(self, { string, text, from: 0 }, (regs, start, end) => {
      if (!add(sliceOf(string, last, start))) return Next.Fail;
      for (let group = 1; group <= groups; group++) {
        if (!add(groupIn(string, regs, group, S.None))) return Next.Fail;
      }
      last = end;
      return ++n === limit ? Next.Stop : Next.Go;
    });
  if (done && add(sliceOf(string, last, text.end))) return list;
  decref(list);
  return 0;
}

/** What `sub` puts in a match's place: a function, or a template's pieces. */
interface Filter {
  callable: Addr;
  /** Owned texts; 0 where a group stands, whose number is in `groups`. */
  texts: Addr[];
  groups: number[];
}

function hasBackslash(template: Addr): boolean {
  const characters = charactersOf(template);
  return characters === null || characters.includes("\\");
}

/** Null: exception pending. */
function readFilter(self: Addr, template: Addr): Filter | null {
  if (isCallable(template)) return { callable: template, texts: [], groups: [] };
  const filter: Filter = { callable: 0, texts: [], groups: [] };
  if (!hasBackslash(template)) {
    filter.texts.push(incref(template));
    filter.groups.push(0);
    return filter;
  }
  const pieces = piecesOf(self, template);
  if (pieces === null) return null;
  for (const piece of pieces) {
    const text = typeof piece === "string" ? newPiece(piece, template) : 0;
    if (typeof piece === "string" && text === 0) {
      dropFilter(filter);
      return null;
    }
    filter.texts.push(text);
    filter.groups.push(typeof piece === "string" ? 0 : piece);
  }
  return filter;
}

function dropFilter(filter: Filter): void {
  for (const text of filter.texts) if (text !== 0) decref(text);
}

/** Append what stands for one match. */
function appendFiltered(
  list: Addr,
  filter: Filter,
  self: Addr,
  subject: Subject,
  regs: Int32Array,
  start: number,
  end: number,
): boolean {
  const { string, text } = subject;
  if (filter.callable !== 0) {
    const match = newMatch(self, string, regs, start, end, 0, text.end);
    const item = match === 0 ? 0 : call1(filter.callable, match);
    if (match !== 0) decref(match);
    if (item === S.None) {
      decref(item);
      return true;
    }
    return item !== 0 && listAppendSteal(list, item) === 0;
  }
  for (let i = 0; i < filter.texts.length; i++) {
    if (filter.texts[i] !== 0) {
      if (listAppend(list, filter.texts[i]) < 0) return false;
      continue;
    }
    const group = filter.groups[i];
    const value = group === 0 ? sliceOf(string, start, end) : groupIn(string, regs, group, 0);
    if (value === 0 || listAppendSteal(list, value) < 0) return false;
  }
  return true;
}

function substitute(
  name: string,
  self: Addr,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): { text: Addr; count: number } {
  const none = { text: 0, count: 0 };
  if (!bindArguments(name, args, nargs, kwnames, ["repl", "string", "count"], 2, bound))
    return none;
  const [template, string, countObject] = bound;
  const limit = countObject === 0 ? 0 : asSsize(countObject);
  if (Number.isNaN(limit)) return none;
  const filter = readFilter(self, template);
  if (filter === null) return none;
  const text = subjectOf(self, string);
  const list = text === null ? 0 : newList(0);
  if (text === null || list === 0) {
    dropFilter(filter);
    return none;
  }
  const length = text.end;
  const subject = { string, text, from: 0 };
  let count = 0;
  let last = 0;
  const done =
    limit < 0 ||
    eachMatch(self, subject, (regs, start, end) => {
      const between = start > last ? sliceOf(string, last, start) : 0;
      if (start > last && (between === 0 || listAppendSteal(list, between) < 0)) return Next.Fail;
      if (!appendFiltered(list, filter, self, subject, regs, start, end)) return Next.Fail;
      last = end;
      return ++count === limit ? Next.Stop : Next.Go;
    });
  dropFilter(filter);
  const rest = done && last < length ? sliceOf(string, last, length) : 0;
  if (!done || (last < length && (rest === 0 || listAppendSteal(list, rest) < 0))) {
    decref(list);
    return none;
  }
  if (I32[list + ListObject.Size] === 0) {
    decref(list);
    return { text: isStr(string) ? newEmptyStr() : newEmptyBytes(), count };
  }
  return { text: joinParts(list, string), count };
}

function newScanner(self: Addr, subject: Subject): Addr {
  const scanner = newGcObject(T.ReScanner, Scanner.Bytes);
  if (scanner === 0) return 0;
  I32[scanner + Scanner.Pattern] = incref(self);
  I32[scanner + Scanner.String] = incref(subject.string);
  I32[scanner + Scanner.At] = subject.from;
  I32[scanner + Scanner.Pos] = subject.from;
  I32[scanner + Scanner.EndPos] = subject.text.end;
  track(scanner);
  return scanner;
}

function findIter(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const subject = readSubject("finditer", self, args, nargs, kwnames);
  const scanner = subject === null ? 0 : newScanner(self, subject);
  if (scanner === 0) return 0;
  const search = getAttr(scanner, ID_search);
  decref(scanner);
  if (search === 0) return 0;
  const iterator = newCallableIterator(search, S.None);
  decref(search);
  return iterator;
}

function scan(self: Addr, search: boolean): Addr {
  const at = I32[self + Scanner.At];
  if (at < 0) return newNone();
  const pattern = I32[self + Scanner.Pattern];
  const string = I32[self + Scanner.String];
  const text = subjectOf(pattern, string);
  if (text === null) return 0;
  text.end = Math.min(text.end, I32[self + Scanner.EndPos]);
  const advance = I32[self + Scanner.Advance] !== 0;
  const base = programOf(pattern);
  const machine = takeMachine(base);
  let end: number = Run.NoMatch;
  const pinned = pin(string);
  if (at <= text.end) {
    end = search
      ? searchFrom(base, text, at, advance, machine)
      : matchAt(base, text, at, { whole: false, advance }, machine);
  }
  unpin(pinned);
  const start = search ? foundAt : at;
  const pos = I32[self + Scanner.Pos];
  const match = end < 0 ? 0 : newMatch(pattern, string, machine.regs, start, end, pos, text.end);
  giveBack(machine);
  I32[self + Scanner.At] = end === Run.NoMatch ? -1 : end;
  I32[self + Scanner.Advance] = start === end ? 1 : 0;
  if (end === Run.NoMatch) return newNone();
  return end < 0 ? raiseRun(end) : match;
}

defineType({
  type: T.ReScanner,
  name: "_sre.SRE_Scanner",
  flags: TypeFlag.HasGc | TypeFlag.DisallowInstantiation,
  basicSize: Scanner.Bytes,
  slots: fieldSlots([Scanner.Pattern, Scanner.String]),
  methods: [
    noArgs("match", (self) => scan(self, false)),
    noArgs("search", (self) => scan(self, true)),
  ],
  members: [member("pattern", Scanner.Pattern)],
});

const FLAG_NAMES: [number, string][] = [
  [Flag.Template, "re.TEMPLATE"],
  [Flag.IgnoreCase, "re.IGNORECASE"],
  [Flag.Locale, "re.LOCALE"],
  [Flag.MultiLine, "re.MULTILINE"],
  [Flag.DotAll, "re.DOTALL"],
  [Flag.Unicode, "re.UNICODE"],
  [Flag.Verbose, "re.VERBOSE"],
  [Flag.Debug, "re.DEBUG"],
  [Flag.Ascii, "re.ASCII"],
];

function patternRepr(self: Addr): Addr {
  let flags = I32[self + Pattern.Flags];
  // What is the rule for str is not shown.
  if (I32[self + Pattern.IsBytes] === 0 && (flags & Flag.Types) === Flag.Unicode) {
    flags &= ~Flag.Unicode;
  }
  const names: string[] = [];
  for (const [flag, name] of FLAG_NAMES) {
    if ((flags & flag) === 0) continue;
    names.push(name);
    flags &= ~flag;
  }
  if (flags !== 0) names.push(`0x${(flags >>> 0).toString(16)}`);
  const shown = reprObject(I32[self + Pattern.Source]);
  if (shown === 0) return 0;
  const source = Array.from(getString(shown)).slice(0, 200).join("");
  decref(shown);
  return newStr(
    `re.compile(${[source, names.join("|")].filter((part) => part !== "").join(", ")})`,
  );
}

function patternCompare(left: Addr, right: Addr, op: number): Addr {
  const other = I32[right + Head.Type] !== T.RePattern;
  if (other || (op !== Compare.Eq && op !== Compare.Ne)) return newNotImplemented();
  let equal =
    I32[left + Pattern.Flags] === I32[right + Pattern.Flags] &&
    I32[left + Pattern.IsBytes] === I32[right + Pattern.IsBytes];
  if (equal) {
    const same = richCompareBool(
      I32[left + Pattern.Source],
      I32[right + Pattern.Source],
      Compare.Eq,
    );
    if (same < 0) return 0;
    equal = same === 1;
  }
  return newBool(equal === (op === Compare.Eq));
}

defineType({
  type: T.RePattern,
  name: "re.Pattern",
  flags: TypeFlag.HasGc | TypeFlag.DisallowInstantiation,
  basicSize: Pattern.Bytes,
  weakListOffset: Pattern.WeakList,
  slots: {
    dealloc: (self) => {
      untrack(self);
      if (I32[self + Pattern.WeakList] !== 0) clearWeakReferences(self, Pattern.WeakList);
      clearField(self + Pattern.Names);
      clearField(self + Pattern.Program);
      clearField(self + Pattern.Source);
      freeObject(self);
    },
    traverse: (self, visit) => {
      for (const field of [Pattern.Names, Pattern.Program, Pattern.Source]) {
        if (I32[self + field] !== 0) visit(I32[self + field]);
      }
    },
    repr: patternRepr,
    hash: (self) => {
      const hash = hashObject(I32[self + Pattern.Source]);
      if (hash === -1) return -1;
      const mixed = hash ^ I32[self + Pattern.Flags] ^ (I32[self + Pattern.IsBytes] << 16);
      return mixed === -1 ? -2 : mixed;
    },
    richCompare: patternCompare,
  },
  methods: [
    matching("match", AT_START),
    matching("fullmatch", WHOLE),
    matching("search", null),
    keywords("findall", findAll),
    keywords("finditer", findIter),
    keywords("split", split),
    keywords(
      "sub",
      (self, args, nargs, kwnames) => substitute("sub", self, args, nargs, kwnames).text,
    ),
    keywords("subn", (self, args, nargs, kwnames) => {
      const { text, count } = substitute("subn", self, args, nargs, kwnames);
      if (text === 0) return 0;
      const number = newInt(count);
      const result = newTuple2(text, number);
      decref(text);
      decref(number);
      return result;
    }),
    keywords("scanner", (self, args, nargs, kwnames) => {
      const subject = readSubject("scanner", self, args, nargs, kwnames);
      return subject === null ? 0 : newScanner(self, subject);
    }),
    noArgs("__copy__", incref),
    oneArg("__deepcopy__", (self) => incref(self)),
    classGetItemMethod,
  ],
  members: [member("pattern", Pattern.Source)],
  getSets: [
    getSet("flags", (self) => newInt(I32[self + Pattern.Flags])),
    getSet("groups", (self) => newInt(I32[self + Pattern.Groups])),
    getSet("groupindex", (self) => newMappingProxy(I32[self + Pattern.Names])),
  ],
  doc: "Compiled regular expression object.",
});

function newNames(names: Map<string, number>): Addr {
  const dict = newDict();
  for (const [name, group] of names) {
    if (dict === 0) return 0;
    const key = newStr(name);
    const value = newInt(group);
    const status = key === 0 || value === 0 ? -1 : dictSetStr(dict, key, value);
    if (key !== 0) decref(key);
    if (value !== 0) decref(value);
    if (status < 0) {
      decref(dict);
      return 0;
    }
  }
  return dict;
}

function newPattern(source: Addr, parsed: Parsed, program: Int32Array): Addr {
  const self = newGcObject(T.RePattern, Pattern.Bytes);
  if (self === 0) return 0;
  I32[self + Pattern.Groups] = parsed.groups - 1;
  I32[self + Pattern.Source] = incref(source);
  I32[self + Pattern.Flags] = parsed.flags;
  I32[self + Pattern.IsBytes] = isStr(source) ? 0 : 1;
  track(self);
  I32[self + Pattern.Names] = newNames(parsed.names);
  I32[self + Pattern.Program] = newBytes(new Uint8Array(program.buffer));
  if (I32[self + Pattern.Names] !== 0 && I32[self + Pattern.Program] !== 0) return self;
  decref(self);
  return 0;
}

/** A list of pairs: category and text of each warning. */
function newWarnings(warnings: readonly [string, string][]): Addr {
  const list = newList(0);
  for (const [category, text] of warnings) {
    if (list === 0) return 0;
    const first = newStr(category);
    const second = newStr(text);
    const pair = first === 0 || second === 0 ? 0 : newTuple2(first, second);
    if (first !== 0) decref(first);
    if (second !== 0) decref(second);
    if (pair === 0 || listAppendSteal(list, pair) < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

/** `compile(pattern, flags)`: the pattern object, and a list of what to warn of. */
function compile(_module: Addr, args: Addr, nargs: number): Addr {
  const source = I32[args];
  const flags = nargs > 1 ? asSsize(I32[args + 1]) : 0;
  if (Number.isNaN(flags)) return 0;
  const characters = charactersOf(source);
  if (characters === null) {
    return raise(T.TypeError, "first argument must be string or compiled pattern");
  }
  let parsed: Parsed;
  let program: Int32Array;
  try {
    parsed = parsePattern(characters, isStr(source), flags);
    program = compileProgram(parsed);
  } catch (thrown) {
    return raiseThrown(thrown, source);
  }
  const pattern = newPattern(source, parsed, program);
  const warnings = pattern === 0 ? 0 : newWarnings(parsed.warnings);
  const result = warnings === 0 ? 0 : newTuple2(pattern, warnings);
  if (pattern !== 0) decref(pattern);
  if (warnings !== 0) decref(warnings);
  return result;
}

defineModule({
  name: "_sre",
  doc: null,
  functions: [fast("compile", compile)],
  setup: (_module, dict) => {
    if (setModuleItem(dict, "Pattern", T.RePattern) < 0) return -1;
    return setModuleItem(dict, "Match", T.ReMatch);
  },
});
