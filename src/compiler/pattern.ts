/**
 * Code of `match` statements. Captured values wait on the stack, below what a pattern still
 * works on, until the whole pattern has matched; a failing test jumps to a ladder of POP_TOPs
 * that drops what is there at that point (as CPython 3.11's compiler_match).
 */

import type * as tree from "../syntax/tree.js";
import type { CodeGenerator } from "./codegen.js";
import { constantKey } from "./constants.js";
import { BasicBlock } from "./flowgraph.js";
import { BinaryArg, Op, PseudoOp } from "./opcodes.js";
import { reprConstant } from "./repr.js";
import type { Constant } from "./unit.js";

/** State of the pattern in work. */
interface Context {
  /** Captured names, in the order of their values on the stack. */
  stores: string[];
  /** Blocks that drop so many items and fail: index = number of items. */
  failPop: BasicBlock[];
  /** Items on the stack above the captured values. */
  onTop: number;
  /** Whether a pattern that always matches may stand here. */
  allowIrrefutable: boolean;
}

function isWildcard(pattern: tree.Pattern): boolean {
  return pattern.kind === "MatchAs" && pattern.name === null;
}

function isStarWildcard(pattern: tree.Pattern): boolean {
  return pattern.kind === "MatchStar" && pattern.name === null;
}

/** Generates patterns into a code generator's current unit. */
export class PatternGenerator {
  private context: Context = { stores: [], failPop: [], onTop: 0, allowIrrefutable: false };

  constructor(private readonly code: CodeGenerator) {}

  /** A whole match statement. */
  match(stmt: tree.Match): void {
    const { code } = this;
    const outer = this.context;
    const end = new BasicBlock();
    code.expr(stmt.subject);
    const { cases } = stmt;
    const last = cases[cases.length - 1];
    const hasDefault = isWildcard(last.pattern) && cases.length > 1;
    const tested = hasDefault ? cases.length - 1 : cases.length;
    for (let i = 0; i < tested; i += 1) {
      const { pattern, guard, body } = cases[i];
      const isLast = i === tested - 1;
      code.setLocation(pattern);
      if (!isLast) code.emit(Op.COPY, 1);
      const allowIrrefutable = guard !== null || i === cases.length - 1;
      this.context = { stores: [], failPop: [], onTop: 0, allowIrrefutable };
      const { context } = this;
      this.pattern(pattern);
      for (const name of context.stores) code.name(name, "Store");
      if (guard !== null) {
        this.ensureFailPop(0);
        code.jumpIf(guard, context.failPop[0], false);
      }
      if (!isLast) code.emit(Op.POP_TOP);
      code.stmts(body);
      code.jump(PseudoOp.JUMP, end);
      code.setLocation(pattern);
      this.context = context;
      this.emitFailPop();
    }
    if (hasDefault) {
      code.setLocation(last.pattern);
      code.emit(Op.NOP);
      if (last.guard !== null) code.jumpIf(last.guard, end, false);
      code.stmts(last.body);
    }
    code.use(end);
    this.context = outer;
  }

  private fail(msg: string, at: tree.Position): never {
    return this.code.fail(msg, at);
  }

  private ensureFailPop(count: number): void {
    const { failPop } = this.context;
    while (failPop.length <= count) failPop.push(new BasicBlock());
  }

  private jumpToFail(op: number): void {
    const pops = this.context.onTop + this.context.stores.length;
    this.ensureFailPop(pops);
    this.code.jump(op, this.context.failPop[pops]);
  }

  private emitFailPop(): void {
    const { failPop } = this.context;
    if (failPop.length === 0) return;
    for (let i = failPop.length - 1; i > 0; i -= 1) {
      this.code.use(failPop[i]);
      this.code.emit(Op.POP_TOP);
    }
    this.code.use(failPop[0]);
    this.context.failPop = [];
  }

  private rotate(count: number): void {
    for (let i = count; i > 1; i -= 1) this.code.emit(Op.SWAP, i);
  }

  private addStore(name: string, at: tree.Position): void {
    if (this.context.stores.includes(name)) {
      this.fail(`multiple assignments to name '${name}' in pattern`, at);
    }
    this.context.stores.push(name);
  }

  private store(name: string | null, at: tree.Position): void {
    if (name === null) {
      this.code.emit(Op.POP_TOP);
      return;
    }
    if (name === "__debug__") this.fail("cannot assign to __debug__", at);
    this.rotate(this.context.onTop + this.context.stores.length + 1);
    this.addStore(name, at);
  }

  private pattern(pattern: tree.Pattern): void {
    const { code } = this;
    code.setLocation(pattern);
    switch (pattern.kind) {
      case "MatchValue":
        code.expr(pattern.value);
        code.emit(Op.COMPARE_OP, 2);
        this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
        break;
      case "MatchSingleton":
        code.loadConstant(pattern.value);
        code.emit(Op.IS_OP, 0);
        this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
        break;
      case "MatchSequence":
        this.sequence(pattern);
        break;
      case "MatchMapping":
        this.mapping(pattern);
        break;
      case "MatchClass":
        this.class(pattern);
        break;
      case "MatchStar":
        this.store(pattern.name, pattern);
        break;
      case "MatchAs":
        this.as(pattern);
        break;
      case "MatchOr":
        this.or(pattern);
        break;
    }
  }

  private subpattern(pattern: tree.Pattern): void {
    const old = this.context.allowIrrefutable;
    this.context.allowIrrefutable = true;
    this.pattern(pattern);
    this.context.allowIrrefutable = old;
  }

  private as(pattern: tree.MatchAs): void {
    if (pattern.pattern === null) {
      if (!this.context.allowIrrefutable) {
        const what = pattern.name === null ? "wildcard" : `name capture '${pattern.name}'`;
        this.fail(`${what} makes remaining patterns unreachable`, pattern);
      }
      this.store(pattern.name, pattern);
      return;
    }
    this.context.onTop += 1;
    this.code.emit(Op.COPY, 1);
    this.pattern(pattern.pattern);
    this.context.onTop -= 1;
    this.store(pattern.name, pattern);
  }

  private loadSize(size: number): void {
    this.code.loadConstant({ kind: "int", value: BigInt(size) });
  }

  private sequence(pattern: tree.MatchSequence): void {
    const { code } = this;
    const { patterns } = pattern;
    const size = patterns.length;
    const stars = patterns.filter((item) => item.kind === "MatchStar");
    if (stars.length > 1) this.fail("multiple starred names in sequence pattern", pattern);
    const star = stars.length === 0 ? -1 : patterns.indexOf(stars[0]);
    this.context.onTop += 1;
    code.emit(Op.MATCH_SEQUENCE);
    this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
    if (star < 0 || size > 1) {
      code.emit(Op.GET_LEN);
      this.loadSize(star < 0 ? size : size - 1);
      code.emit(Op.COMPARE_OP, star < 0 ? 2 : 5);
      this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
    }
    this.context.onTop -= 1;
    if (patterns.every((item) => isWildcard(item) || isStarWildcard(item))) code.emit(Op.POP_TOP);
    else if (star >= 0 && isStarWildcard(patterns[star])) this.sequenceSubscript(patterns, star);
    else this.sequenceUnpack(patterns, star, pattern);
  }

  private sequenceUnpack(patterns: tree.Pattern[], star: number, at: tree.Position): void {
    const size = patterns.length;
    if (star < 0) this.code.emit(Op.UNPACK_SEQUENCE, size);
    else {
      if (star >= 1 << 8 || size - star - 1 >= 1 << 23) {
        this.fail("too many expressions in star-unpacking sequence pattern", at);
      }
      this.code.emit(Op.UNPACK_EX, star + ((size - star - 1) << 8));
    }
    this.context.onTop += size;
    for (const item of patterns) {
      this.context.onTop -= 1;
      this.subpattern(item);
    }
  }

  /** With a `*_`, items are fetched by index; nothing has to be unpacked. */
  private sequenceSubscript(patterns: tree.Pattern[], star: number): void {
    const { code } = this;
    this.context.onTop += 1;
    patterns.forEach((item, i) => {
      if (isWildcard(item) || i === star) return;
      code.emit(Op.COPY, 1);
      if (i < star) this.loadSize(i);
      else {
        code.emit(Op.GET_LEN);
        this.loadSize(patterns.length - i);
        code.emit(Op.BINARY_OP, BinaryArg.Sub);
      }
      code.emit(Op.BINARY_SUBSCR);
      this.subpattern(item);
    });
    this.context.onTop -= 1;
    code.emit(Op.POP_TOP);
  }

  private failUnlessFound(): void {
    this.code.emit(Op.COPY, 1);
    this.code.loadConstant({ kind: "none" });
    this.code.emit(Op.IS_OP, 1);
    this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
  }

  private class(pattern: tree.MatchClass): void {
    const { code } = this;
    const { kwdAttrs } = pattern;
    kwdAttrs.forEach((attr, i) => {
      if (attr === "__debug__") this.fail("cannot assign to __debug__", pattern.kwdPatterns[i]);
      const again = kwdAttrs.indexOf(attr, i + 1);
      if (again < 0) return;
      const msg = `attribute name repeated in class pattern: ${attr}`;
      this.fail(msg, pattern.kwdPatterns[again]);
    });
    code.expr(pattern.cls);
    const items = kwdAttrs.map((value): Constant => ({ kind: "str", value }));
    code.loadConstant({ kind: "tuple", items });
    code.emit(Op.MATCH_CLASS, pattern.patterns.length);
    this.context.onTop += 1;
    this.failUnlessFound();
    const parts = [...pattern.patterns, ...pattern.kwdPatterns];
    code.emit(Op.UNPACK_SEQUENCE, parts.length);
    this.context.onTop += parts.length - 1;
    for (const part of parts) {
      this.context.onTop -= 1;
      if (isWildcard(part)) code.emit(Op.POP_TOP);
      else this.subpattern(part);
    }
  }

  private checkKeys(pattern: tree.MatchMapping): void {
    const seen = new Set<string>();
    for (const key of pattern.keys) {
      if (key.kind !== "Constant") continue;
      const text = constantKey(key.value);
      if (seen.has(text)) {
        const shown = reprConstant(key.value);
        this.fail(`mapping pattern checks duplicate key (${shown})`, pattern);
      }
      seen.add(text);
    }
  }

  private mapping(pattern: tree.MatchMapping): void {
    const { code } = this;
    const { keys, rest } = pattern;
    this.context.onTop += 1;
    code.emit(Op.MATCH_MAPPING);
    this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
    if (keys.length === 0 && rest === null) {
      this.context.onTop -= 1;
      code.emit(Op.POP_TOP);
      return;
    }
    if (keys.length > 0) {
      code.emit(Op.GET_LEN);
      this.loadSize(keys.length);
      code.emit(Op.COMPARE_OP, 5);
      this.jumpToFail(PseudoOp.POP_JUMP_IF_FALSE);
    }
    this.checkKeys(pattern);
    for (const key of keys) code.expr(key);
    code.emit(Op.BUILD_TUPLE, keys.length);
    code.emit(Op.MATCH_KEYS);
    this.context.onTop += 2;
    this.failUnlessFound();
    code.emit(Op.UNPACK_SEQUENCE, keys.length);
    this.context.onTop += keys.length - 1;
    for (const item of pattern.patterns) {
      this.context.onTop -= 1;
      this.subpattern(item);
    }
    this.context.onTop -= 2;
    if (rest === null) {
      code.emit(Op.POP_TOP);
      code.emit(Op.POP_TOP);
      return;
    }
    // rest = dict(subject), without the keys.
    code.emit(Op.BUILD_MAP, 0);
    code.emit(Op.SWAP, 3);
    code.emit(Op.DICT_UPDATE, 2);
    code.emit(Op.UNPACK_SEQUENCE, keys.length);
    for (let size = keys.length; size > 0; size -= 1) {
      code.emit(Op.COPY, 1 + size);
      code.emit(Op.SWAP, 2);
      code.emit(Op.DELETE_SUBSCR);
    }
    this.store(rest, pattern);
  }

  private or(pattern: tree.MatchOr): void {
    const { code } = this;
    const outer = this.context;
    const end = new BasicBlock();
    let control: string[] = [];
    pattern.patterns.forEach((alternative, i) => {
      const isLast = i === pattern.patterns.length - 1;
      this.context = {
        stores: [],
        failPop: [],
        onTop: 0,
        allowIrrefutable: isLast && outer.allowIrrefutable,
      };
      code.setLocation(alternative);
      code.emit(Op.COPY, 1);
      this.pattern(alternative);
      if (i === 0) control = this.context.stores;
      else this.matchControl(control);
      code.jump(PseudoOp.JUMP, end);
      this.emitFailPop();
    });
    this.context = outer;
    code.emit(Op.POP_TOP);
    this.jumpToFail(PseudoOp.JUMP);
    code.use(end);
    const depth = control.length + 1 + outer.onTop + outer.stores.length;
    for (const name of control) {
      this.rotate(depth);
      this.addStore(name, pattern);
    }
    code.emit(Op.POP_TOP);
  }

  /** Brings an alternative's captures into the order of the first alternative's. */
  private matchControl(control: string[]): void {
    const { stores } = this.context;
    const differ = "alternative patterns bind different names";
    if (stores.length !== control.length) this.fail(differ, this.code.unit.at);
    for (let i = control.length - 1; i >= 0; i -= 1) {
      const at = stores.indexOf(control[i]);
      if (at < 0) this.fail(differ, this.code.unit.at);
      if (at === i) continue;
      const rotations = at + 1;
      const rotated = stores.splice(0, rotations);
      stores.splice(i - at, 0, ...rotated);
      for (let n = 0; n < rotations; n += 1) this.rotate(i + 1);
    }
  }
}
