/**
 * The parser of regular expressions: a pattern's characters to a tree, with the errors of CPython
 * 3.11. Groups of which nothing is remembered are dissolved into what surrounds them.
 */
import { characterOfName } from "../syntax/unicode-name.js";
import {
  ArgumentError,
  controlEscape,
  countOf,
  DIGITS,
  HEX,
  isIdentifier,
  isLetter,
  OCTAL,
  PatternError,
  quoteName,
  readGroupNumber,
  Tokens,
  within,
} from "./retokens.js";

export const enum Flag {
  Template = 1,
  IgnoreCase = 2,
  Locale = 4,
  MultiLine = 8,
  DotAll = 16,
  Unicode = 32,
  Verbose = 64,
  Debug = 128,
  Ascii = 256,
  /** Those that say what a letter is. */
  Types = 4 | 32 | 256,
  Global = 1 | 128,
}

/** Repetitions without bound. */
export const MAX_REPEAT = 4294967295;
const MAX_GROUPS = 1073741823;
/** Depth of parentheses, twice: about where CPython's recursion ends. */
const MAX_NESTED = 980;

/** Where the text must be. */
export const enum At {
  /** `^` */
  Beginning = 0,
  /** `\A` */
  BeginningOfText = 1,
  /** `\b`, `\B` */
  Boundary = 2,
  NoBoundary = 3,
  /** `$` */
  End = 4,
  /** `\Z` */
  EndOfText = 5,
}

/** Part of a character set: a range of code points, or a category by its letter (`d`, `W` …). */
export type SetItem = { lo: number; hi: number } | { category: string };

export type RepeatMode = "greedy" | "lazy" | "possessive";

export type Node =
  | { op: "literal"; code: number }
  | { op: "any" }
  | { op: "set"; negate: boolean; items: SetItem[] }
  | { op: "at"; at: At }
  | { op: "branch"; items: Node[][] }
  | { op: "repeat"; min: number; max: number; mode: RepeatMode; body: Node[] }
  | { op: "group"; group: number | null; add: number; del: number; body: Node[] }
  | { op: "atomic"; body: Node[] }
  | { op: "look"; ahead: boolean; negate: boolean; body: Node[] }
  | { op: "ref"; group: number }
  | { op: "cond"; group: number; yes: Node[]; no: Node[] | null }
  | { op: "fail" };

/** A pattern that was read. */
export interface Parsed {
  body: Node[];
  flags: number;
  /** Groups, the whole match (0) included. */
  groups: number;
  names: Map<string, number>;
  /** Least and greatest width of each closed group. */
  widths: [number, number][];
  /** FutureWarnings and DeprecationWarnings: category and text. */
  warnings: [string, string][];
}

const ANCHORS: Record<string, At> = {
  "\\A": At.BeginningOfText,
  "\\b": At.Boundary,
  "\\B": At.NoBoundary,
  "\\Z": At.EndOfText,
};
const INLINE: Record<string, number> = {
  i: Flag.IgnoreCase,
  L: Flag.Locale,
  m: Flag.MultiLine,
  s: Flag.DotAll,
  x: Flag.Verbose,
  a: Flag.Ascii,
  t: Flag.Template,
  u: Flag.Unicode,
};

const isInline = (c: string): boolean => Object.hasOwn(INLINE, c);
const isAlphabetic = (c: string): boolean => /^\p{L}$/u.test(c);

/** Digits after `\x`, `\u` and `\U`. */
const HEX_DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };

class Parser {
  readonly #source: Tokens;
  readonly warnings: [string, string][] = [];
  flags: number;
  groups = 1;
  readonly names = new Map<string, number>();
  readonly widths: ([number, number] | null)[] = [null];
  readonly #references = new Map<number, number>();
  /** Groups there were when the outermost look-behind began; -1: not in one. */
  #lookBehind = -1;

  constructor(source: Tokens, flags: number) {
    this.#source = source;
    this.flags = flags;
  }

  parse(): Node[] {
    const body = this.#alternatives((this.flags & Flag.Verbose) !== 0, 0);
    this.flags = fixFlags(this.#source.isText, this.flags);
    if (this.#source.next !== null) throw this.#source.error("unbalanced parenthesis");
    for (const [group, position] of this.#references) {
      if (group < this.groups) continue;
      throw new PatternError(`invalid group reference ${group}`, position);
    }
    return body;
  }

  #warn(category: string, text: string): void {
    this.warnings.push([category, text]);
  }

  #alternatives(verboseOutside: boolean, nested: number): Node[] {
    if (nested > MAX_NESTED) {
      throw new ArgumentError(
        "RecursionError",
        "maximum recursion depth exceeded while calling a Python object",
      );
    }
    const items: Node[][] = [];
    let verbose = verboseOutside;
    do {
      items.push(this.#sequence(verbose, nested + 1, nested === 0 && items.length === 0));
      // (?x) at the beginning is about the whole pattern.
      if (nested === 0) verbose ||= (this.flags & Flag.Verbose) !== 0;
    } while (this.#source.match("|"));
    if (items.length === 1) return items[0];
    const set = asSet(items);
    return [set ?? { op: "branch", items }];
  }

  #sequence(verboseOutside: boolean, nested: number, first: boolean): Node[] {
    const source = this.#source;
    const nodes: Node[] = [];
    let verbose = verboseOutside;
    for (;;) {
      const token = source.next;
      if (token === null || token === "|" || token === ")") break;
      source.get();
      if (verbose && this.#skipVerbose(token)) continue;
      if (token[0] === "\\") nodes.push(this.#escape(token));
      else if (token === "[") nodes.push(this.#set());
      else if (within("*+?{", token)) this.#repeat(token, nodes);
      else if (token === ".") nodes.push({ op: "any" });
      else if (token === "^") nodes.push({ op: "at", at: At.Beginning });
      else if (token === "$") nodes.push({ op: "at", at: At.End });
      else if (token === "(") {
        const node = this.#parenthesis(verbose, nested, first && nodes.length === 0);
        if (node === "flags") verbose = (this.flags & Flag.Verbose) !== 0;
        else if (node !== null) nodes.push(node);
      } else nodes.push({ op: "literal", code: token.codePointAt(0) as number });
    }
    return dissolve(nodes);
  }

  /** White space and comments of verbose patterns. */
  #skipVerbose(token: string): boolean {
    if (within(" \t\n\r\v\f", token)) return true;
    if (token !== "#") return false;
    for (;;) {
      const skipped = this.#source.get();
      if (skipped === null || skipped === "\n") return true;
    }
  }

  /** The code point of `\x41`, `\u0041`, `\U00000041`; undefined: another escape. */
  #hexEscape(token: string): number | undefined {
    const letter = token[1];
    const n = Object.hasOwn(HEX_DIGITS, letter) ? HEX_DIGITS[letter] : 0;
    if (n === 0 || (letter !== "x" && !this.#source.isText)) return undefined;
    const digits = this.#source.getWhile(n, HEX);
    const whole = token + digits;
    if (digits.length !== n) throw this.#source.error(`incomplete escape ${whole}`, whole.length);
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) throw this.#source.error(`bad escape ${whole}`, whole.length);
    return code;
  }

  /** The code point that `\N{…}` names. */
  #namedEscape(): number {
    const source = this.#source;
    if (!source.match("{")) throw source.error("missing {");
    const name = source.getUntil("}", "character name");
    const character = characterOfName(name);
    if (character !== null) return character.codePointAt(0) as number;
    throw source.error(`undefined character name ${quoteName(name)}`, countOf(name) + 4);
  }

  #octal(digits: string): number {
    const code = Number.parseInt(digits, 8);
    if (code <= 0o377) return code;
    const message = `octal escape value \\${digits} outside of range 0-0o377`;
    throw this.#source.error(message, digits.length + 1);
  }

  #literalEscape(token: string): Node {
    if (isLetter(token[1])) throw this.#source.error(`bad escape ${token}`, 2);
    return { op: "literal", code: token.codePointAt(1) as number };
  }

  #escape(token: string): Node {
    const source = this.#source;
    const letter = token[1];
    if (Object.hasOwn(ANCHORS, token)) return { op: "at", at: ANCHORS[token] };
    if (within("dDsSwW", letter)) {
      return { op: "set", negate: false, items: [{ category: letter }] };
    }
    const control = controlEscape(token) ?? this.#hexEscape(token);
    if (control !== undefined) return { op: "literal", code: control };
    if (letter === "N" && source.isText) return { op: "literal", code: this.#namedEscape() };
    if (letter === "0") {
      const digits = letter + source.getWhile(2, OCTAL);
      return { op: "literal", code: Number.parseInt(digits, 8) };
    }
    if (within(DIGITS, letter)) return this.#numberEscape(letter);
    return this.#literalEscape(token);
  }

  /** Three octal digits are a character; else it is a reference to a group. */
  #numberEscape(first: string): Node {
    const source = this.#source;
    let digits = first;
    if (within(DIGITS, source.next)) {
      digits += source.get();
      const octal = within(OCTAL, digits[0]) && within(OCTAL, digits[1]);
      if (octal && within(OCTAL, source.next)) {
        digits += source.get();
        return { op: "literal", code: this.#octal(digits) };
      }
    }
    const group = Number(digits);
    if (group >= this.groups) {
      throw source.error(`invalid group reference ${group}`, digits.length);
    }
    return this.#reference(group, digits.length + 1);
  }

  #reference(group: number, offset: number): Node {
    if (!this.#isClosed(group)) {
      throw this.#source.error("cannot refer to an open group", offset);
    }
    this.#checkLookBehind(group);
    return { op: "ref", group };
  }

  #isClosed(group: number): boolean {
    return group < this.groups && this.widths[group] !== null;
  }

  #checkLookBehind(group: number): void {
    if (this.#lookBehind < 0) return;
    if (!this.#isClosed(group)) throw this.#source.error("cannot refer to an open group");
    if (group < this.#lookBehind) return;
    const message = "cannot refer to group defined in the same lookbehind subpattern";
    throw this.#source.error(message);
  }

  /** One member of a set that begins with an escape. */
  #setEscape(token: string): SetItem {
    const letter = token[1];
    if (within("dDsSwW", letter)) return { category: letter };
    const code = controlEscape(token) ?? this.#hexEscape(token);
    if (code !== undefined) return { lo: code, hi: code };
    if (letter === "N" && this.#source.isText) {
      const named = this.#namedEscape();
      return { lo: named, hi: named };
    }
    if (within(OCTAL, letter)) {
      const octal = this.#octal(letter + this.#source.getWhile(2, OCTAL));
      return { lo: octal, hi: octal };
    }
    if (within(DIGITS, letter)) throw this.#source.error(`bad escape ${token}`, 2);
    const literal = this.#literalEscape(token) as { code: number };
    return { lo: literal.code, hi: literal.code };
  }

  #set(): Node {
    const source = this.#source;
    const here = source.tell() - 1;
    const items: SetItem[] = [];
    if (source.next === "[") {
      this.#warn("FutureWarning", `Possible nested set at position ${source.tell()}`);
    }
    const negate = source.match("^");
    for (;;) {
      const token = this.#setToken(here);
      if (token === "]" && items.length > 0) break;
      if (token[0] !== "\\" && items.length > 0) this.#warnOperator(token);
      const low = this.#setMember(token);
      if (!source.match("-")) {
        items.push(low);
        continue;
      }
      const other = this.#setToken(here);
      if (other === "]") {
        items.push(low, { lo: 0x2d, hi: 0x2d });
        break;
      }
      items.push(this.#range(token, other, low));
    }
    return { op: "set", negate, items };
  }

  #setToken(here: number): string {
    const token = this.#source.get();
    if (token !== null) return token;
    throw this.#source.error("unterminated character set", this.#source.tell() - here);
  }

  #setMember(token: string): SetItem {
    if (token[0] === "\\") return this.#setEscape(token);
    const code = token.codePointAt(0) as number;
    return { lo: code, hi: code };
  }

  #warnOperator(token: string): void {
    const operators: Record<string, string> = {
      "-": "difference",
      "&": "intersection",
      "~": "symmetric difference",
      "|": "union",
    };
    if (!Object.hasOwn(operators, token) || this.#source.next !== token) return;
    const at = this.#source.tell() - 1;
    this.#warn("FutureWarning", `Possible set ${operators[token]} at position ${at}`);
  }

  #range(first: string, last: string, low: SetItem): SetItem {
    const source = this.#source;
    if (last === "-") {
      const at = source.tell() - 2;
      this.#warn("FutureWarning", `Possible set difference at position ${at}`);
    }
    const high = this.#setMember(last);
    if ("lo" in low && "lo" in high && high.lo >= low.lo) return { lo: low.lo, hi: high.lo };
    const message = `bad character range ${first}-${last}`;
    throw source.error(message, countOf(first) + 1 + countOf(last));
  }

  /** The bounds of `{m,n}`; null: it is literal text. */
  #bounds(here: number): [number, number] | null {
    const source = this.#source;
    if (source.next === "}") return null;
    const low = source.getWhile(Number.POSITIVE_INFINITY, DIGITS);
    const high = source.match(",") ? source.getWhile(Number.POSITIVE_INFINITY, DIGITS) : low;
    if (!source.match("}")) {
      source.seek(here);
      return null;
    }
    const min = low === "" ? 0 : Number(low);
    const max = high === "" ? MAX_REPEAT : Number(high);
    if (min >= MAX_REPEAT || (high !== "" && max >= MAX_REPEAT)) {
      throw new ArgumentError("OverflowError", "the repetition number is too large");
    }
    if (max < min) {
      throw source.error("min repeat greater than max repeat", source.tell() - here);
    }
    return [min, max];
  }

  #repeat(token: string, nodes: Node[]): void {
    const source = this.#source;
    const here = source.tell();
    let bounds: [number, number] | null = [token === "+" ? 1 : 0, token === "?" ? 1 : MAX_REPEAT];
    if (token === "{") bounds = this.#bounds(here);
    if (bounds === null) {
      nodes.push({ op: "literal", code: 0x7b });
      return;
    }
    const item = nodes[nodes.length - 1];
    const offset = source.tell() - here + 1;
    if (item === undefined || item.op === "at") throw source.error("nothing to repeat", offset);
    if (item.op === "repeat") throw source.error("multiple repeat", offset);
    const plain = item.op === "group" && item.group === null && item.add === 0 && item.del === 0;
    const body = plain ? (item as { body: Node[] }).body : [item];
    let mode: RepeatMode = "greedy";
    if (source.match("?")) mode = "lazy";
    else if (source.match("+")) mode = "possessive";
    nodes[nodes.length - 1] = { op: "repeat", min: bounds[0], max: bounds[1], mode, body };
  }

  /** A node, null for none, or "flags": flags for the whole pattern were set. */
  #parenthesis(verbose: boolean, nested: number, first: boolean): Node | null | "flags" {
    const source = this.#source;
    const start = source.tell() - 1;
    if (!source.match("?")) return this.#capture(null, start, verbose, nested);
    const token = this.#extension();
    switch (token) {
      case "P":
        return this.#named(start, verbose, nested);
      case ":":
        return this.#group(0, 0, start, verbose, nested);
      case "#":
        this.#comment(start);
        return null;
      case "=":
      case "!":
        return this.#look(true, token === "!", start, verbose, nested);
      case "<":
        return this.#behind(start, verbose, nested);
      case "(":
        return this.#conditional(start, verbose, nested);
      case ">": {
        const body = this.#contents(start, verbose, nested);
        return { op: "atomic", body };
      }
    }
    if (!isInline(token) && token !== "-") {
      throw source.error(`unknown extension ?${token}`, countOf(token) + 1);
    }
    const flags = this.#inlineFlags(token);
    if (flags !== null) return this.#group(flags[0], flags[1], start, verbose, nested);
    if (first) return "flags";
    const message = "global flags not at the start of the expression";
    throw source.error(message, source.tell() - start);
  }

  #extension(): string {
    const token = this.#source.get();
    if (token === null) throw this.#source.error("unexpected end of pattern");
    return token;
  }

  /** The contents of a parenthesis and its end. */
  #contents(start: number, verbose: boolean, nested: number): Node[] {
    const body = this.#alternatives(verbose, nested + 1);
    this.#close(start);
    return body;
  }

  #close(start: number): void {
    const source = this.#source;
    if (source.match(")")) return;
    throw source.error("missing ), unterminated subpattern", source.tell() - start);
  }

  #capture(name: string | null, start: number, verbose: boolean, nested: number): Node {
    const group = this.groups++;
    this.widths.push(null);
    if (name !== null) {
      const known = this.names.get(name);
      if (known !== undefined) {
        const was = `as group ${group}; was group ${known}`;
        throw this.#source.error(
          `redefinition of group name ${quoteName(name)} ${was}`,
          countOf(name) + 1,
        );
      }
      this.names.set(name, group);
    }
    const body = this.#contents(start, verbose, nested);
    this.widths[group] = widthOf(body, this.widths);
    return { op: "group", group, add: 0, del: 0, body };
  }

  #group(add: number, del: number, start: number, verbose: boolean, nested: number): Node {
    const inner = (verbose || (add & Flag.Verbose) !== 0) && (del & Flag.Verbose) === 0;
    return { op: "group", group: null, add, del, body: this.#contents(start, inner, nested) };
  }

  #named(start: number, verbose: boolean, nested: number): Node {
    const source = this.#source;
    if (source.match("<")) {
      const name = source.getUntil(">", "group name");
      source.checkName(name, 1);
      return this.#capture(name, start, verbose, nested);
    }
    if (source.match("=")) {
      const name = source.getUntil(")", "group name");
      source.checkName(name, 1);
      return this.#reference(this.#groupCalled(name), countOf(name) + 1);
    }
    const token = this.#extension();
    throw source.error(`unknown extension ?P${token}`, countOf(token) + 2);
  }

  #groupCalled(name: string): number {
    const group = this.names.get(name);
    if (group !== undefined) return group;
    throw this.#source.error(`unknown group name ${quoteName(name)}`, countOf(name) + 1);
  }

  #comment(start: number): void {
    const source = this.#source;
    for (;;) {
      if (source.next === null) {
        throw source.error("missing ), unterminated comment", source.tell() - start);
      }
      if (source.get() === ")") return;
    }
  }

  #behind(start: number, verbose: boolean, nested: number): Node {
    const token = this.#extension();
    if (token !== "=" && token !== "!") {
      throw this.#source.error(`unknown extension ?<${token}`, countOf(token) + 2);
    }
    const outer = this.#lookBehind;
    if (outer < 0) this.#lookBehind = this.groups;
    const node = this.#look(false, token === "!", start, verbose, nested, outer);
    return node;
  }

  #look(
    ahead: boolean,
    negate: boolean,
    start: number,
    verbose: boolean,
    nested: number,
    outer = this.#lookBehind,
  ): Node {
    const body = this.#alternatives(verbose, nested + 1);
    this.#lookBehind = outer;
    this.#close(start);
    if (negate && body.length === 0) return { op: "fail" };
    return { op: "look", ahead, negate, body };
  }

  #conditional(start: number, verbose: boolean, nested: number): Node {
    const source = this.#source;
    const name = source.getUntil(")", "group name");
    const group = isIdentifier(name) ? this.#groupCalled(name) : this.#groupNumber(name);
    this.#checkLookBehind(group);
    const yes = this.#sequence(verbose, nested + 1, false);
    let no: Node[] | null = null;
    if (source.match("|")) {
      no = this.#sequence(verbose, nested + 1, false);
      if (source.next === "|") {
        throw source.error("conditional backref with more than two branches");
      }
    }
    this.#close(start);
    return { op: "cond", group, yes, no };
  }

  #groupNumber(name: string): number {
    const source = this.#source;
    const offset = countOf(name) + 1;
    const group = readGroupNumber(name);
    if (group < 0) throw source.error(`bad character in group name ${quoteName(name)}`, offset);
    if (group === 0) throw source.error("bad group number", offset);
    if (group >= MAX_GROUPS) throw source.error(`invalid group reference ${group}`, offset);
    if (!/^[0-9]+$/.test(name)) {
      const at = source.tell() - offset;
      this.#warn(
        "DeprecationWarning",
        `bad character in group name ${quoteName(name)} at position ${at}`,
      );
    }
    if (!this.#references.has(group)) this.#references.set(group, source.tell() - offset);
    return group;
  }

  /** Flags to add and to remove in a group; null: they are for the whole pattern. */
  #inlineFlags(first: string): [number, number] | null {
    const source = this.#source;
    let token = first;
    let add = 0;
    if (token !== "-") {
      [add, token] = this.#addedFlags(token);
      if (token === ")") {
        this.flags |= add;
        return null;
      }
    }
    if ((add & Flag.Global) !== 0) {
      throw source.error("bad inline flags: cannot turn on global flag", 1);
    }
    const del = token === "-" ? this.#removedFlags() : 0;
    if ((del & Flag.Global) !== 0) {
      throw source.error("bad inline flags: cannot turn off global flag", 1);
    }
    if ((add & del) !== 0) throw source.error("bad inline flags: flag turned on and off", 1);
    return [add, del];
  }

  #addedFlags(first: string): [number, string] {
    const source = this.#source;
    let add = 0;
    for (let token = first; ; ) {
      const flag = INLINE[token];
      if (source.isText && token === "L") {
        throw source.error("bad inline flags: cannot use 'L' flag with a str pattern");
      }
      if (!source.isText && token === "u") {
        throw source.error("bad inline flags: cannot use 'u' flag with a bytes pattern");
      }
      add |= flag;
      if ((flag & Flag.Types) !== 0 && (add & Flag.Types) !== flag) {
        throw source.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      }
      const next = source.get();
      if (next === null) throw source.error("missing -, : or )");
      if (within(")-:", next)) return [add, next];
      this.#requireFlag(next, "missing -, : or )");
      token = next;
    }
  }

  #removedFlags(): number {
    const source = this.#source;
    let token = source.get();
    if (token === null) throw source.error("missing flag");
    this.#requireFlag(token, "missing flag");
    for (let del = 0; ; ) {
      const flag = INLINE[token as string];
      if ((flag & Flag.Types) !== 0) {
        throw source.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
      }
      del |= flag;
      token = source.get();
      if (token === null) throw source.error("missing :");
      if (token === ":") return del;
      this.#requireFlag(token, "missing :");
    }
  }

  #requireFlag(token: string, missing: string): void {
    if (isInline(token)) return;
    const message = isAlphabetic(token) ? "unknown flag" : missing;
    throw this.#source.error(message, countOf(token));
  }
}

/** Check the flags that exclude each other, and add what is the rule. */
function fixFlags(isText: boolean, flags: number): number {
  const fail = (message: string): never => {
    throw new ArgumentError("ValueError", message);
  };
  if (isText) {
    if ((flags & Flag.Locale) !== 0) fail("cannot use LOCALE flag with a str pattern");
    const both = (flags & Flag.Ascii) !== 0 && (flags & Flag.Unicode) !== 0;
    if (both) fail("ASCII and UNICODE flags are incompatible");
    return (flags & Flag.Ascii) !== 0 ? flags : flags | Flag.Unicode;
  }
  if ((flags & Flag.Unicode) !== 0) fail("cannot use UNICODE flag with a bytes pattern");
  const both = (flags & Flag.Locale) !== 0 && (flags & Flag.Ascii) !== 0;
  if (both) fail("ASCII and LOCALE flags are incompatible");
  return flags;
}

/** Alternatives of one character each are a set; null where they are not. */
function asSet(items: readonly Node[][]): Node | null {
  const set: SetItem[] = [];
  for (const item of items) {
    const node = item[0];
    if (item.length !== 1) return null;
    if (node.op === "literal") set.push({ lo: node.code, hi: node.code });
    else if (node.op === "set" && !node.negate) set.push(...node.items);
    else return null;
  }
  return { op: "set", negate: false, items: set };
}

/** Put the contents of groups without number and flags in their place. */
function dissolve(nodes: Node[]): Node[] {
  const result: Node[] = [];
  for (const node of nodes) {
    const plain = node.op === "group" && node.group === null && node.add === 0 && node.del === 0;
    if (plain) result.push(...(node as { body: Node[] }).body);
    else result.push(node);
  }
  return result;
}

/** Least and greatest number of characters that `nodes` match. */
export function widthOf(
  nodes: readonly Node[],
  widths: readonly ([number, number] | null)[],
): [number, number] {
  let low = 0;
  let high = 0;
  for (const node of nodes) {
    const [l, h] = nodeWidth(node, widths);
    low += l;
    high += h;
  }
  return [Math.min(low, MAX_REPEAT), Math.min(high, MAX_REPEAT)];
}

function nodeWidth(
  node: Node,
  widths: readonly ([number, number] | null)[],
): readonly [number, number] {
  switch (node.op) {
    case "literal":
    case "any":
    case "set":
      return [1, 1];
    case "branch": {
      const all = node.items.map((item) => widthOf(item, widths));
      return [Math.min(...all.map((w) => w[0])), Math.max(...all.map((w) => w[1]))];
    }
    case "group":
    case "atomic":
      return widthOf(node.body, widths);
    case "repeat": {
      const [low, high] = widthOf(node.body, widths);
      return [low * node.min, high === 0 ? 0 : high * node.max];
    }
    case "ref":
      return widths[node.group] ?? [0, MAX_REPEAT];
    case "cond": {
      const yes = widthOf(node.yes, widths);
      const no = node.no === null ? [0, 0] : widthOf(node.no, widths);
      return [Math.min(yes[0], no[0]), Math.max(yes[1], no[1])];
    }
    default:
      return [0, 0];
  }
}

/** Read a pattern; throws {@link PatternError} and {@link ArgumentError}. */
export function parsePattern(characters: string[], isText: boolean, flags: number): Parsed {
  const parser = new Parser(new Tokens(characters, isText), flags);
  const body = parser.parse();
  return {
    body,
    flags: parser.flags,
    groups: parser.groups,
    names: parser.names,
    widths: parser.widths as [number, number][],
    warnings: parser.warnings,
  };
}
