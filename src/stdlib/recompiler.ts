/**
 * Programs of regular expressions: trees to words that rematcher.ts runs. A program is one row of
 * words without addresses: jumps are relative to its begin, so that it may stand anywhere.
 */
import { Case, caseOf, compileSet, lowerAscii, lowerOf } from "./recharset.js";
import { At, Flag, MAX_REPEAT, type Node, type Parsed, widthOf } from "./reparser.js";
import { PatternError } from "./retokens.js";

/** Words at the begin of a program. */
export const enum Program {
  /** Least number of characters of a match. */
  MinWidth = 0,
  /** Words of state: two marks a group, then what repeats and looks around keep. */
  Registers = 1,
  /** What a match begins with: Start. */
  StartKind = 2,
  /** Its character, or where its set stands. */
  StartValue = 3,
  Code = 4,
}

export const enum Start {
  Any = 0,
  Character = 1,
  Set = 2,
  /** Only the begin of the text. */
  Beginning = 3,
}

/** Instructions: op, then operands. `→` is a place in the program. */
export const enum Op {
  Fail = 0,
  Match = 1,
  /** code */
  Char = 2,
  /** Anything but a line feed; anything. */
  Any = 3,
  AnyAll = 4,
  /** →set */
  Set = 5,
  /** At, of whose categories those from Unicode on know more than ASCII. */
  At = 6,
  /** → */
  Jump = 7,
  /** → of what is tried when what follows fails */
  Split = 8,
  /** →, code: as Split, where the next character is that one; else go there at once */
  SplitChar = 9,
  /** →, →set */
  SplitSet = 10,
  /** register of a mark; End also notes the group's number (second operand). */
  Begin = 11,
  End = 12,
  /** kind of a single character (Op), its operand, min, max, code that must follow or -1 */
  Greedy = 13,
  GreedyRetry = 14,
  Lazy = 15,
  LazyRetry = 16,
  Possessive = 17,
  /** register */
  LoopBegin = 18,
  /** register, min, max, →body */
  LoopGreedy = 19,
  LoopLazy = 20,
  LoopLazyRetry = 21,
  /** group; the same where case does not count (second operand: Case) */
  Reference = 22,
  ReferenceFold = 23,
  /** group, →else */
  Condition = 24,
  /** register, characters to go back */
  Look = 25,
  LookEnd = 26,
  /** register, characters to go back, →after */
  LookNot = 27,
  LookNotEnd = 28,
  Atomic = 29,
  AtomicEnd = 30,
  /** n, codes */
  Text = 31,
}

/** Kinds of places besides At. */
export const enum Place {
  BeginningOfLine = 6,
  EndOfLine = 7,
  /** Added to the boundaries: letters are Unicode's. */
  Unicode = 16,
}

class Compiler {
  readonly code: number[] = new Array(Program.Code).fill(0);
  readonly #parsed: Parsed;
  registers: number;
  /** Operands that are places of sets, and the sets. */
  readonly #sets: { at: number; words: number[] }[] = [];

  constructor(parsed: Parsed) {
    this.#parsed = parsed;
    this.registers = 2 * parsed.groups;
  }

  emit(...words: number[]): number {
    const at = this.code.length;
    for (const word of words) this.code.push(word);
    return at;
  }

  #here(operand: number): void {
    this.code[operand] = this.code.length;
  }

  #register(): number {
    return this.registers++;
  }

  /** Put the sets behind the code; equal ones once. */
  finishSets(): void {
    const known = new Map<string, number>();
    for (const { at, words } of this.#sets) {
      const key = words.join();
      const place = known.get(key) ?? this.emit(...words);
      known.set(key, place);
      this.code[at] = place;
    }
  }

  needSet(operand: number, words: number[]): void {
    this.#sets.push({ at: operand, words });
  }

  sequence(nodes: readonly Node[], flags: number, follow: Node | null): void {
    for (let i = 0; i < nodes.length; i++) {
      const run = this.#literalRun(nodes, i, flags);
      if (run > 1) {
        this.emit(Op.Text, run);
        for (let k = 0; k < run; k++) this.emit((nodes[i + k] as { code: number }).code);
        i += run - 1;
      } else this.#node(nodes[i], flags, nodes[i + 1] ?? follow);
    }
  }

  /** How many literals stand in a row that can be compared as they are. */
  #literalRun(nodes: readonly Node[], from: number, flags: number): number {
    if (caseOf(flags) !== Case.Exact) return 0;
    let n = 0;
    while (nodes[from + n]?.op === "literal") n++;
    return n;
  }

  #node(node: Node, flags: number, follow: Node | null): void {
    switch (node.op) {
      case "literal":
      case "any":
      case "set":
        this.#single(node, flags);
        break;
      case "at":
        this.emit(Op.At, placeOf(node.at, flags));
        break;
      case "branch":
        this.#branch(node.items, flags, follow);
        break;
      case "repeat":
        this.#repeat(node, flags, follow);
        break;
      case "group":
        this.#group(node, flags, follow);
        break;
      case "atomic":
        this.#atomic(() => this.sequence(node.body, flags, null));
        break;
      case "look":
        this.#look(node, flags);
        break;
      case "ref":
        this.#reference(node.group, flags);
        break;
      case "cond":
        this.#condition(node, flags, follow);
        break;
      case "fail":
        this.emit(Op.Fail);
    }
  }

  /** An instruction for one character; the same words are what repeats of it name. */
  #single(node: Node, flags: number): void {
    const [op, operand, words] = singleOf(node, flags);
    this.emit(op);
    if (op === Op.Char || op === Op.Set) this.emit(operand);
    if (words !== null) this.needSet(this.code.length - 1, words);
  }

  #reference(group: number, flags: number): void {
    const how = caseOf(flags);
    if (how === Case.Exact) this.emit(Op.Reference, group);
    else this.emit(Op.ReferenceFold, group, how);
  }

  #branch(items: readonly Node[][], flags: number, follow: Node | null): void {
    const ends: number[] = [];
    for (const [i, item] of items.entries()) {
      const last = i === items.length - 1;
      const split = last ? -1 : this.#split(item, flags);
      this.sequence(item, flags, follow);
      if (last) break;
      ends.push(this.emit(Op.Jump, 0) + 1);
      this.#here(split);
    }
    for (const end of ends) this.#here(end);
  }

  /** A Split before `item` that looks at its first character; the operand of the other way. */
  #split(item: readonly Node[], flags: number): number {
    const first = item[0];
    if (first?.op === "literal" || first?.op === "set") {
      const [op, operand, words] = singleOf(first, flags);
      if (op === Op.Char) return this.emit(Op.SplitChar, 0, operand) + 1;
      const at = this.emit(Op.SplitSet, 0, 0);
      this.needSet(at + 2, words as number[]);
      return at + 1;
    }
    return this.emit(Op.Split, 0) + 1;
  }

  #repeat(node: Node & { op: "repeat" }, flags: number, follow: Node | null): void {
    const only = node.body.length === 1 ? unwrap(node.body[0]) : null;
    if (only !== null && isSingle(only)) {
      this.#repeatSingle(only, node, flags, follow);
      return;
    }
    if (node.mode !== "possessive") {
      this.#loop(node, node.mode === "lazy" ? Op.LoopLazy : Op.LoopGreedy, () =>
        this.sequence(node.body, flags, null),
      );
      return;
    }
    this.#atomic(() =>
      this.#loop(node, Op.LoopGreedy, () =>
        this.#atomic(() => this.sequence(node.body, flags, null)),
      ),
    );
  }

  #repeatSingle(
    only: Node,
    node: Node & { op: "repeat" },
    flags: number,
    follow: Node | null,
  ): void {
    const [op, operand, words] = singleOf(only, flags);
    const ops = { greedy: Op.Greedy, lazy: Op.Lazy, possessive: Op.Possessive };
    const max = node.max >= MAX_REPEAT ? 0x7fffffff : Math.min(node.max, 0x7fffffff);
    const min = Math.min(node.min, 0x7fffffff);
    const at = this.emit(ops[node.mode], op, operand, min, max, this.#mustFollow(follow, flags));
    if (words !== null) this.needSet(at + 2, words);
    if (node.mode === "greedy") this.emit(Op.GreedyRetry);
    if (node.mode === "lazy") this.emit(Op.LazyRetry);
  }

  /** The character that must come after a repeat, or -1. */
  #mustFollow(follow: Node | null, flags: number): number {
    if (follow === null || follow.op !== "literal" || caseOf(flags) !== Case.Exact) return -1;
    return follow.code;
  }

  #loop(node: Node & { op: "repeat" }, op: Op, body: () => void): void {
    const register = this.#register();
    this.#register();
    this.emit(Op.LoopBegin, register);
    const jump = this.emit(Op.Jump, 0) + 1;
    const start = this.code.length;
    body();
    this.#here(jump);
    const max = node.max >= MAX_REPEAT ? 0x7fffffff : Math.min(node.max, 0x7fffffff);
    this.emit(op, register, Math.min(node.min, 0x7fffffff), max, start);
    if (op === Op.LoopLazy) this.emit(Op.LoopLazyRetry);
  }

  #group(node: Node & { op: "group" }, flags: number, follow: Node | null): void {
    const { group, add, del, body } = node;
    const inner = scopedFlags(flags, add, del);
    if (group === null) {
      this.sequence(body, inner, inner === flags ? follow : null);
      return;
    }
    this.emit(Op.Begin, 2 * group);
    this.sequence(body, inner, inner === flags ? follow : null);
    this.emit(Op.End, 2 * group + 1, group);
  }

  #atomic(body: () => void): void {
    const register = this.#register();
    this.emit(Op.Atomic, register);
    body();
    this.emit(Op.AtomicEnd, register);
  }

  #look(node: Node & { op: "look" }, flags: number): void {
    let back = 0;
    if (!node.ahead) {
      const [low, high] = widthOf(node.body, this.#parsed.widths);
      if (low !== high) throw new PatternError("look-behind requires fixed-width pattern", -1);
      back = low;
    }
    const register = this.#register();
    if (!node.negate) {
      this.#register();
      this.emit(Op.Look, register, back);
      this.sequence(node.body, flags, null);
      this.emit(Op.LookEnd, register);
      return;
    }
    const after = this.emit(Op.LookNot, register, back, 0) + 3;
    this.sequence(node.body, flags, null);
    this.emit(Op.LookNotEnd, register);
    this.#here(after);
  }

  #condition(node: Node & { op: "cond" }, flags: number, follow: Node | null): void {
    const otherwise = this.emit(Op.Condition, node.group, 0) + 2;
    this.sequence(node.yes, flags, follow);
    if (node.no === null) {
      this.#here(otherwise);
      return;
    }
    const end = this.emit(Op.Jump, 0) + 1;
    this.#here(otherwise);
    this.sequence(node.no, flags, follow);
    this.#here(end);
  }
}

function isSingle(node: Node): boolean {
  return node.op === "literal" || node.op === "any" || node.op === "set";
}

/** What stands alone in groups that only group. */
function unwrap(node: Node): Node {
  let inner = node;
  while (inner.op === "group" && inner.group === null && inner.body.length === 1) {
    if (inner.add !== 0 || inner.del !== 0) break;
    inner = inner.body[0];
  }
  return inner;
}

/** The flags inside `(?add-del:…)`. */
function scopedFlags(flags: number, add: number, del: number): number {
  const outside = (add & Flag.Types) !== 0 ? flags & ~Flag.Types : flags;
  return (outside | add) & ~del;
}

function placeOf(at: At, flags: number): number {
  const lines = (flags & Flag.MultiLine) !== 0;
  if (at === At.Beginning && lines) return Place.BeginningOfLine;
  if (at === At.End && lines) return Place.EndOfLine;
  const boundary = at === At.Boundary || at === At.NoBoundary;
  return boundary && (flags & Flag.Unicode) !== 0 ? at + Place.Unicode : at;
}

/** Op and operand for one character; and the words of the set that the operand is to name. */
function singleOf(node: Node, flags: number): [Op, number, number[] | null] {
  if (node.op === "any") return [(flags & Flag.DotAll) !== 0 ? Op.AnyAll : Op.Any, 0, null];
  if (node.op === "set") return [Op.Set, 0, compileSet(node.items, node.negate, flags)];
  const { code } = node as { code: number };
  const how = caseOf(flags);
  if (how === Case.Exact || !hasCase(code, how)) return [Op.Char, code, null];
  return [Op.Set, 0, compileSet([{ lo: code, hi: code }], false, flags)];
}

/** May other characters than itself be meant by `code`, where case does not count? */
function hasCase(code: number, how: Case): boolean {
  if (code < 128) return lowerAscii(code) >= 0x61 && lowerAscii(code) <= 0x7a;
  return how === Case.Unicode && (lowerOf(code) !== code || mayHaveUpper(code));
}

function mayHaveUpper(code: number): boolean {
  const text = String.fromCodePoint(code);
  return text.toUpperCase() !== text || text.toLowerCase() !== text;
}

/** What every match begins with: a set of possible first characters, or null. */
function firstOf(nodes: readonly Node[], flags: number): Node | null {
  for (const node of nodes) {
    if (node.op === "look" || node.op === "at") continue;
    if (isSingle(node)) return node.op === "any" ? null : node;
    if (node.op === "group") {
      if (scopedFlags(flags, node.add, node.del) !== flags) return null;
      if (node.body.length > 0 && widthOf(node.body, [])[0] > 0) return firstOf(node.body, flags);
      return null;
    }
    if (node.op === "repeat") return node.min > 0 ? firstOf(node.body, flags) : null;
    if (node.op === "atomic") return firstOf(node.body, flags);
    return node.op === "branch" ? firstOfBranch(node.items, flags) : null;
  }
  return null;
}

function firstOfBranch(items: readonly Node[][], flags: number): Node | null {
  const set: Node & { op: "set" } = { op: "set", negate: false, items: [] };
  for (const item of items) {
    const first = firstOf(item, flags);
    if (first?.op === "literal") set.items.push({ lo: first.code, hi: first.code });
    else if (first?.op === "set" && !first.negate) set.items.push(...first.items);
    else return null;
  }
  return set;
}

function beginsAtText(nodes: readonly Node[], flags: number): boolean {
  const node = nodes[0];
  if (node?.op === "group" && node.add === 0 && node.del === 0)
    return beginsAtText(node.body, flags);
  if (node?.op !== "at") return false;
  const line = (flags & Flag.MultiLine) !== 0;
  return node.at === At.BeginningOfText || (node.at === At.Beginning && !line);
}

/** The program of a pattern. */
export function compileProgram(parsed: Parsed): Int32Array {
  const compiler = new Compiler(parsed);
  compiler.sequence(parsed.body, parsed.flags, null);
  compiler.emit(Op.Match);
  const { code } = compiler;
  code[Program.MinWidth] = Math.min(widthOf(parsed.body, parsed.widths)[0], 0x7fffffff);
  const first = firstOf(parsed.body, parsed.flags);
  if (beginsAtText(parsed.body, parsed.flags)) code[Program.StartKind] = Start.Beginning;
  else if (first !== null) {
    const [op, operand, words] = singleOf(first, parsed.flags);
    code[Program.StartKind] = op === Op.Char ? Start.Character : Start.Set;
    code[Program.StartValue] = operand;
    if (words !== null) compiler.needSet(Program.StartValue, words);
  }
  code[Program.Registers] = compiler.registers;
  compiler.finishSets();
  return Int32Array.from(code);
}
