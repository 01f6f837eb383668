/** Code of expressions, comprehensions and lambdas included. */
import type * as tree from "../syntax/tree.js";
import { distinct } from "./constants.js";
import { Emitter, NONE } from "./emitter.js";
import { BasicBlock, NO_LOCATION } from "./flowgraph.js";
import { BinaryArg, Op, PseudoOp } from "./opcodes.js";
import { areConstants } from "./scope.js";
import { Def, mangle } from "./symtable.js";
import type { Constant } from "./unit.js";

/** Longer displays and argument lists are built piece by piece, to bound the stack. */
const STACK_USE_GUIDELINE = 30;

export const BINARY: Record<tree.BinaryOperator, number> = {
  Add: BinaryArg.Add,
  Sub: BinaryArg.Sub,
  Mult: BinaryArg.Mult,
  MatMult: BinaryArg.MatMult,
  Div: BinaryArg.Div,
  Mod: BinaryArg.Mod,
  Pow: BinaryArg.Pow,
  LShift: BinaryArg.LShift,
  RShift: BinaryArg.RShift,
  BitOr: BinaryArg.BitOr,
  BitXor: BinaryArg.BitXor,
  BitAnd: BinaryArg.BitAnd,
  FloorDiv: BinaryArg.FloorDiv,
};

const UNARY: Record<tree.UnaryOperator, number> = {
  Invert: Op.UNARY_INVERT,
  Not: Op.UNARY_NOT,
  UAdd: Op.UNARY_POSITIVE,
  USub: Op.UNARY_NEGATIVE,
};

const COMPARE: Record<tree.CompareOperator, [op: number, arg: number]> = {
  Lt: [Op.COMPARE_OP, 0],
  LtE: [Op.COMPARE_OP, 1],
  Eq: [Op.COMPARE_OP, 2],
  NotEq: [Op.COMPARE_OP, 3],
  Gt: [Op.COMPARE_OP, 4],
  GtE: [Op.COMPARE_OP, 5],
  Is: [Op.IS_OP, 0],
  IsNot: [Op.IS_OP, 1],
  In: [Op.CONTAINS_OP, 0],
  NotIn: [Op.CONTAINS_OP, 1],
};

type Comprehended = tree.ListComp | tree.SetComp | tree.DictComp | tree.GeneratorExp;

/** Generates expressions into the current unit. */
export abstract class ExpressionGenerator extends Emitter {
  expr(expr: tree.Expr): void {
    const { at } = this.unit;
    this.unit.at = expr;
    this.exprAt(expr);
    this.unit.at = at;
  }

  private exprs(exprs: tree.Expr[]): void {
    for (const expr of exprs) this.expr(expr);
  }

  private exprAt(expr: tree.Expr): void {
    switch (expr.kind) {
      case "NamedExpr":
        this.expr(expr.value);
        this.emit(Op.COPY, 1);
        this.expr(expr.target);
        break;
      case "BoolOp":
        this.boolOp(expr);
        break;
      case "BinOp":
        this.expr(expr.left);
        this.expr(expr.right);
        this.emit(Op.BINARY_OP, BINARY[expr.op]);
        break;
      case "UnaryOp":
        this.expr(expr.operand);
        this.emit(UNARY[expr.op]);
        break;
      case "Lambda":
        this.lambda(expr);
        break;
      case "IfExp": {
        const end = new BasicBlock();
        const next = new BasicBlock();
        this.jumpIf(expr.test, next, false);
        this.expr(expr.body);
        this.jumpNoLine(PseudoOp.JUMP, end);
        this.use(next);
        this.expr(expr.orelse);
        this.use(end);
        break;
      }
      case "Dict":
        this.dict(expr);
        break;
      case "Set":
        this.starUnpack(expr.elts, 0, Op.BUILD_SET, Op.SET_ADD, Op.SET_UPDATE);
        break;
      case "GeneratorExp":
        this.comprehension(expr, "<genexpr>");
        break;
      case "ListComp":
        this.comprehension(expr, "<listcomp>");
        break;
      case "SetComp":
        this.comprehension(expr, "<setcomp>");
        break;
      case "DictComp":
        this.comprehension(expr, "<dictcomp>");
        break;
      case "Yield":
        this.yield(expr);
        break;
      case "YieldFrom":
        if (this.unit.scope.kind !== "function") this.fail("'yield' outside function", expr);
        if (this.unit.kind === "asyncFunction")
          this.fail("'yield from' inside async function", expr);
        this.expr(expr.value);
        this.emit(Op.GET_YIELD_FROM_ITER);
        this.loadConstant(NONE);
        this.yieldFrom(false);
        break;
      case "Await":
        this.await(expr);
        break;
      case "Compare":
        this.compare(expr);
        break;
      case "Call":
        this.call(expr);
        break;
      case "Constant":
        this.loadConstant(expr.value);
        break;
      case "JoinedStr":
        this.joinedStr(expr);
        break;
      case "FormattedValue":
        this.formattedValue(expr);
        break;
      case "Attribute":
        this.attribute(expr);
        break;
      case "Subscript":
        this.expr(expr.value);
        this.expr(expr.slice);
        this.emit(
          expr.ctx === "Load"
            ? Op.BINARY_SUBSCR
            : expr.ctx === "Store"
              ? Op.STORE_SUBSCR
              : Op.DELETE_SUBSCR,
        );
        break;
      case "Starred":
        // List, tuple, call and unpacking handle their starred items; here it has no place.
        if (expr.ctx === "Store") {
          this.fail("starred assignment target must be in a list or tuple", expr);
        }
        this.fail("can't use starred expression here", expr);
        break;
      case "Slice":
        this.slice(expr);
        break;
      case "Name":
        this.name(expr.id, expr.ctx);
        break;
      case "List":
      case "Tuple":
        this.sequence(expr);
        break;
    }
  }

  /** Jumps when the truth of the expression equals `condition`. */
  jumpIf(expr: tree.Expr, next: BasicBlock, condition: boolean): void {
    switch (expr.kind) {
      case "UnaryOp":
        if (expr.op !== "Not") break;
        this.jumpIf(expr.operand, next, !condition);
        return;
      case "BoolOp": {
        const shortcut = expr.op === "Or";
        const other = shortcut === condition ? next : new BasicBlock();
        const last = expr.values.length - 1;
        for (let i = 0; i < last; i += 1) this.jumpIf(expr.values[i], other, shortcut);
        this.jumpIf(expr.values[last], next, condition);
        if (other !== next) this.use(other);
        return;
      }
      case "IfExp": {
        const end = new BasicBlock();
        const orelse = new BasicBlock();
        this.jumpIf(expr.test, orelse, false);
        this.jumpIf(expr.body, next, condition);
        this.jumpNoLine(PseudoOp.JUMP, end);
        this.use(orelse);
        this.jumpIf(expr.orelse, next, condition);
        this.use(end);
        return;
      }
      case "Compare":
        // As in CPython, what follows keeps the position of the comparison.
        this.setLocation(expr);
        if (expr.ops.length === 1) break;
        this.jumpIfChain(expr, next, condition);
        return;
    }
    this.expr(expr);
    this.jump(condition ? PseudoOp.POP_JUMP_IF_TRUE : PseudoOp.POP_JUMP_IF_FALSE, next);
  }

  private jumpIfChain(expr: tree.Compare, next: BasicBlock, condition: boolean): void {
    const cleanup = new BasicBlock();
    const end = new BasicBlock();
    const last = expr.ops.length - 1;
    this.expr(expr.left);
    for (let i = 0; i < last; i += 1) {
      this.expr(expr.comparators[i]);
      this.emit(Op.SWAP, 2);
      this.emit(Op.COPY, 2);
      this.compareOp(expr.ops[i]);
      this.jump(PseudoOp.POP_JUMP_IF_FALSE, cleanup);
    }
    this.expr(expr.comparators[last]);
    this.compareOp(expr.ops[last]);
    this.jump(condition ? PseudoOp.POP_JUMP_IF_TRUE : PseudoOp.POP_JUMP_IF_FALSE, next);
    this.jumpNoLine(PseudoOp.JUMP, end);
    this.use(cleanup);
    this.emit(Op.POP_TOP);
    if (!condition) this.jumpNoLine(PseudoOp.JUMP, next);
    this.use(end);
  }

  private boolOp(expr: tree.BoolOp): void {
    const op = expr.op === "And" ? Op.JUMP_IF_FALSE_OR_POP : Op.JUMP_IF_TRUE_OR_POP;
    const end = new BasicBlock();
    const last = expr.values.length - 1;
    for (let i = 0; i < last; i += 1) {
      this.expr(expr.values[i]);
      this.jump(op, end);
    }
    this.expr(expr.values[last]);
    this.use(end);
  }

  private lambda(expr: tree.Lambda): void {
    this.forbidDebugArguments(expr.args);
    const flags = this.defaults(expr.args);
    this.enter("<lambda>", "lambda", expr, expr.line);
    // The first constant would be the docstring.
    this.unit.addConstant(NONE);
    this.setArguments(expr.args);
    this.expr(expr.body);
    const isGenerator = this.unit.scope.generator;
    if (!isGenerator) this.emit(Op.RETURN_VALUE);
    this.makeClosure(this.leave(!isGenerator), flags);
  }

  protected forbidDebugArguments(args: tree.Arguments): void {
    const all = [...args.posonlyargs, ...args.args, args.vararg, ...args.kwonlyargs, args.kwarg];
    for (const arg of all) if (arg !== null) this.forbidDebug(arg.arg, "Store");
  }

  /** Pushes the defaults; returns MAKE_FUNCTION's flags for them. */
  protected defaults(args: tree.Arguments): number {
    let flags = 0;
    if (args.defaults.length > 0) {
      flags |= 1;
      for (const value of args.defaults) this.expr(value);
      this.emit(Op.BUILD_TUPLE, args.defaults.length);
    }
    const keys: Constant[] = [];
    args.kwonlyargs.forEach((arg, i) => {
      const value = args.kwDefaults[i];
      if (value === null || value === undefined) return;
      keys.push({ kind: "str", value: mangle(this.unit.privateName, arg.arg) });
      this.expr(value);
    });
    if (keys.length > 0) {
      flags |= 2;
      this.loadConstant({ kind: "tuple", items: keys });
      this.emit(Op.BUILD_CONST_KEY_MAP, keys.length);
    }
    return flags;
  }

  protected setArguments(args: tree.Arguments): void {
    this.unit.argCount = args.args.length + args.posonlyargs.length;
    this.unit.posOnlyArgCount = args.posonlyargs.length;
    this.unit.kwOnlyArgCount = args.kwonlyargs.length;
  }

  private compareOp(operator: tree.CompareOperator): void {
    const [op, arg] = COMPARE[operator];
    this.emit(op, arg);
  }

  private compare(expr: tree.Compare): void {
    const last = expr.ops.length - 1;
    this.expr(expr.left);
    if (last === 0) {
      this.expr(expr.comparators[0]);
      this.compareOp(expr.ops[0]);
      return;
    }
    const cleanup = new BasicBlock();
    const end = new BasicBlock();
    for (let i = 0; i < last; i += 1) {
      this.expr(expr.comparators[i]);
      this.emit(Op.SWAP, 2);
      this.emit(Op.COPY, 2);
      this.compareOp(expr.ops[i]);
      this.jump(Op.JUMP_IF_FALSE_OR_POP, cleanup);
    }
    this.expr(expr.comparators[last]);
    this.compareOp(expr.ops[last]);
    this.jumpNoLine(PseudoOp.JUMP, end);
    this.use(cleanup);
    this.emit(Op.SWAP, 2);
    this.emit(Op.POP_TOP);
    this.use(end);
  }

  private yield(expr: tree.Yield): void {
    if (this.unit.scope.kind !== "function") this.fail("'yield' outside function", expr);
    if (expr.value !== null) this.expr(expr.value);
    else this.loadConstant(NONE);
    this.emitYield();
  }

  private emitYield(): void {
    const { scope } = this.unit;
    if (scope.generator && scope.coroutine) this.emit(Op.ASYNC_GEN_WRAP);
    this.emit(Op.YIELD_VALUE);
    this.emit(Op.RESUME, 1);
  }

  /** Delegates to the iterator below the value on the stack; RESUME says for what. */
  protected yieldFrom(isAwait: boolean): void {
    const start = new BasicBlock();
    const resume = new BasicBlock();
    const exit = new BasicBlock();
    this.use(start);
    this.jump(Op.SEND, exit);
    this.use(resume);
    this.emit(Op.YIELD_VALUE);
    this.emit(Op.RESUME, isAwait ? 3 : 2);
    this.jump(PseudoOp.JUMP_NO_INTERRUPT, start);
    this.use(exit);
  }

  private await(expr: tree.Await): void {
    if (this.unit.scope.kind !== "function") this.fail("'await' outside function", expr);
    if (this.unit.kind !== "asyncFunction" && this.unit.kind !== "comprehension") {
      this.fail("'await' outside async function", expr);
    }
    this.expr(expr.value);
    this.emit(Op.GET_AWAITABLE, 0);
    this.loadConstant(NONE);
    this.yieldFrom(true);
  }

  private joinedStr(expr: tree.JoinedStr): void {
    const { values } = expr;
    if (values.length > STACK_USE_GUIDELINE) {
      this.loadStr("");
      this.emitName(Op.LOAD_METHOD, "join");
      this.emit(Op.BUILD_LIST, 0);
      for (const value of values) {
        this.expr(value);
        this.emit(Op.LIST_APPEND, 1);
      }
      this.emit(Op.PRECALL, 1);
      this.emit(Op.CALL, 1);
      return;
    }
    this.exprs(values);
    if (values.length !== 1) this.emit(Op.BUILD_STRING, values.length);
  }

  private formattedValue(expr: tree.FormattedValue): void {
    this.expr(expr.value);
    let arg = 0;
    if (expr.conversion >= 0) arg = { s: 1, r: 2, a: 3 }[String.fromCharCode(expr.conversion)]!;
    if (expr.formatSpec !== null) {
      this.expr(expr.formatSpec);
      arg |= 4;
    }
    this.emit(Op.FORMAT_VALUE, arg);
  }

  /** An attribute on a later line than its object is shown where its name stands. */
  protected attributeLocation(expr: tree.Attribute): void {
    if (expr.line === expr.endLine) return;
    const { endLine, endCol } = expr;
    const length = Buffer.byteLength(expr.attr);
    if (length <= endCol) {
      this.unit.at = { line: endLine, endLine, col: endCol - length, endCol };
    } else this.unit.at = { line: endLine, endLine, col: -1, endCol: -1 };
  }

  private attribute(expr: tree.Attribute): void {
    this.expr(expr.value);
    this.attributeLocation(expr);
    this.forbidDebug(expr.attr, expr.ctx);
    const op =
      expr.ctx === "Load" ? Op.LOAD_ATTR : expr.ctx === "Store" ? Op.STORE_ATTR : Op.DELETE_ATTR;
    this.emitName(op, expr.attr);
  }

  private slice(expr: tree.Slice): void {
    for (const part of [expr.lower, expr.upper]) {
      if (part === null) this.loadConstant(NONE);
      else this.expr(part);
    }
    if (expr.step !== null) this.expr(expr.step);
    this.emit(Op.BUILD_SLICE, expr.step === null ? 2 : 3);
  }

  private sequence(expr: tree.List | tree.Tuple): void {
    if (expr.ctx === "Store") this.unpack(expr.elts);
    else if (expr.ctx === "Del") this.exprs(expr.elts);
    else if (expr.kind === "Tuple") {
      this.starUnpackTuple(expr.elts, 0);
    } else this.starUnpack(expr.elts, 0, Op.BUILD_LIST, Op.LIST_APPEND, Op.LIST_EXTEND);
  }

  private unpack(elts: tree.Expr[]): void {
    this.unpackOp(elts.map((elt) => elt.kind === "Starred"));
    for (const elt of elts) this.expr(elt.kind === "Starred" ? elt.value : elt);
  }

  /** UNPACK_SEQUENCE or, with a starred item, UNPACK_EX. */
  private unpackOp(starred: boolean[]): void {
    const star = starred.indexOf(true);
    if (star < 0) {
      this.emit(Op.UNPACK_SEQUENCE, starred.length);
      return;
    }
    if (starred.indexOf(true, star + 1) >= 0) {
      this.fail("multiple starred expressions in assignment", this.unit.at);
    }
    const after = starred.length - star - 1;
    if (star >= 1 << 8 || after >= 1 << 23) {
      this.fail("too many expressions in star-unpacking assignment", this.unit.at);
    }
    this.emit(Op.UNPACK_EX, star + (after << 8));
  }

  private starUnpackTuple(elts: tree.Expr[], pushed: number): void {
    if (elts.length > 2 && pushed === 0 && areConstants(elts)) {
      this.loadConstant({ kind: "tuple", items: constantItems(elts) });
      return;
    }
    const big = elts.length + pushed > STACK_USE_GUIDELINE;
    if (!big && !elts.some((elt) => elt.kind === "Starred") && !isFoldable(elts)) {
      this.exprs(elts);
      this.emit(Op.BUILD_TUPLE, elts.length + pushed);
      return;
    }
    this.starUnpack(elts, pushed, Op.BUILD_LIST, Op.LIST_APPEND, Op.LIST_EXTEND);
    this.emit(Op.LIST_TO_TUPLE);
  }

  private starUnpack(
    elts: tree.Expr[],
    pushed: number,
    build: number,
    add: number,
    extend: number,
  ): void {
    if (isFoldable(elts)) {
      const kind = add === Op.SET_ADD ? "frozenset" : "tuple";
      const items = constantItems(elts);
      this.emit(build, pushed);
      this.loadConstant({ kind, items: kind === "tuple" ? items : distinct(items) });
      this.emit(extend, 1);
      return;
    }
    let built = elts.length + pushed > STACK_USE_GUIDELINE;
    if (built) this.emit(build, pushed);
    elts.forEach((elt, i) => {
      if (elt.kind === "Starred") {
        if (!built) {
          this.emit(build, i + pushed);
          built = true;
        }
        this.expr(elt.value);
        this.emit(extend, 1);
      } else {
        this.expr(elt);
        if (built) this.emit(add, 1);
      }
    });
    if (!built) this.emit(build, elts.length + pushed);
  }

  private dict(expr: tree.Dict): void {
    let haveDict = false;
    let elements = 0;
    const flush = (begin: number, end: number) => {
      this.subDict(expr, begin, end);
      if (haveDict) this.emit(Op.DICT_UPDATE, 1);
      haveDict = true;
      elements = 0;
    };
    for (let i = 0; i < expr.values.length; i += 1) {
      if (expr.keys[i] === null) {
        if (elements > 0) flush(i - elements, i);
        if (!haveDict) {
          this.emit(Op.BUILD_MAP, 0);
          haveDict = true;
        }
        this.expr(expr.values[i]);
        this.emit(Op.DICT_UPDATE, 1);
      } else if (elements * 2 > STACK_USE_GUIDELINE) flush(i - elements, i + 1);
      else elements += 1;
    }
    if (elements > 0) flush(expr.values.length - elements, expr.values.length);
    if (!haveDict) this.emit(Op.BUILD_MAP, 0);
  }

  private subDict(expr: tree.Dict, begin: number, end: number): void {
    const count = end - begin;
    const big = count * 2 > STACK_USE_GUIDELINE;
    const keys = expr.keys.slice(begin, end);
    if (count > 1 && !big && areConstants(keys)) {
      this.exprs(expr.values.slice(begin, end));
      this.loadConstant({ kind: "tuple", items: constantItems(keys as tree.Expr[]) });
      this.emit(Op.BUILD_CONST_KEY_MAP, count);
      return;
    }
    if (big) this.emit(Op.BUILD_MAP, 0);
    for (let i = begin; i < end; i += 1) {
      this.expr(expr.keys[i]!);
      this.expr(expr.values[i]);
      if (big) this.emit(Op.MAP_ADD, 1);
    }
    if (!big) this.emit(Op.BUILD_MAP, count);
  }

  private call(expr: tree.Call): void {
    if (this.methodCall(expr)) return;
    this.setLocation(expr.func);
    this.emit(Op.PUSH_NULL);
    this.unit.at = expr;
    this.expr(expr.func);
    this.callHelper(0, expr.args, expr.keywords);
  }

  /** `a.b(...)` without unpacking needs no bound method. */
  private methodCall(expr: tree.Call): boolean {
    const { func, args, keywords } = expr;
    if (func.kind !== "Attribute" || func.ctx !== "Load") return false;
    const hasKeywords = keywords.length > 0 ? 1 : 0;
    if (args.length + keywords.length + hasKeywords >= STACK_USE_GUIDELINE) return false;
    if (args.some((arg) => arg.kind === "Starred")) return false;
    if (keywords.some((keyword) => keyword.arg === null)) return false;
    if (this.isImported(func.value)) return false;
    this.checkKeywords(keywords);
    this.expr(func.value);
    const { at } = this.unit;
    this.setLocation(func);
    this.attributeLocation(func);
    this.emitName(Op.LOAD_METHOD, func.attr);
    this.exprs(args);
    this.keywordNames(keywords);
    this.unit.at = at;
    if (func.line !== func.endLine) this.callLocation(expr, func);
    this.emit(Op.PRECALL, args.length + keywords.length);
    this.emit(Op.CALL, args.length + keywords.length);
    this.unit.at = at;
    return true;
  }

  /** Whether a name is bound by an import of the module: its attributes are rarely methods. */
  private isImported(expr: tree.Expr): boolean {
    if (expr.kind !== "Name") return false;
    return ((this.table.top.symbols.get(expr.id) ?? 0) & Def.Import) !== 0;
  }

  private callLocation(expr: tree.Call, func: tree.Attribute): void {
    this.attributeLocation(func);
    const { line, col } = this.unit.at;
    this.unit.at = { line, col, endLine: expr.endLine, endCol: expr.endCol };
  }

  private keywordNames(keywords: tree.Keyword[]): void {
    if (keywords.length === 0) return;
    for (const keyword of keywords) this.keyword(keyword);
    const items = keywords.map(({ arg }): Constant => ({ kind: "str", value: arg! }));
    this.emit(Op.KW_NAMES, this.unit.addConstant({ kind: "tuple", items }));
  }

  private keyword(keyword: tree.Keyword): void {
    this.expr(keyword.value);
  }

  private checkKeywords(keywords: tree.Keyword[]): void {
    const seen = new Set<string>();
    for (const keyword of keywords) {
      if (keyword.arg === null) continue;
      if (keyword.arg === "__debug__") this.fail("cannot assign to __debug__", keyword);
    }
    for (const keyword of keywords) {
      if (keyword.arg === null) continue;
      if (seen.has(keyword.arg)) this.fail(`keyword argument repeated: ${keyword.arg}`, keyword);
      seen.add(keyword.arg);
    }
  }

  /** Arguments and the call itself; `pushed` arguments are on the stack already. */
  protected callHelper(pushed: number, args: tree.Expr[], keywords: tree.Keyword[]): void {
    this.checkKeywords(keywords);
    const many = args.length + keywords.length * 2 > STACK_USE_GUIDELINE;
    const unpacks =
      args.some((arg) => arg.kind === "Starred") || keywords.some(({ arg }) => arg === null);
    if (!many && !unpacks) {
      this.exprs(args);
      this.keywordNames(keywords);
      const count = pushed + args.length + keywords.length;
      this.emit(Op.PRECALL, count);
      this.emit(Op.CALL, count);
      return;
    }
    const first = args[0];
    if (pushed === 0 && args.length === 1 && first.kind === "Starred") this.expr(first.value);
    else this.starUnpackTuple(args, pushed);
    if (keywords.length > 0) this.mergeKeywords(keywords);
    this.emit(Op.CALL_FUNCTION_EX, keywords.length > 0 ? 1 : 0);
  }

  private mergeKeywords(keywords: tree.Keyword[]): void {
    let haveDict = false;
    let seen = 0;
    const flush = (end: number) => {
      this.subKeywords(keywords.slice(end - seen, end));
      if (haveDict) this.emit(Op.DICT_MERGE, 1);
      haveDict = true;
      seen = 0;
    };
    keywords.forEach((keyword, i) => {
      if (keyword.arg !== null) {
        seen += 1;
        return;
      }
      if (seen > 0) flush(i);
      if (!haveDict) {
        this.emit(Op.BUILD_MAP, 0);
        haveDict = true;
      }
      this.expr(keyword.value);
      this.emit(Op.DICT_MERGE, 1);
    });
    if (seen > 0) flush(keywords.length);
  }

  private subKeywords(keywords: tree.Keyword[]): void {
    const count = keywords.length;
    const big = count * 2 > STACK_USE_GUIDELINE;
    const names = keywords.map(({ arg }): Constant => ({ kind: "str", value: arg! }));
    if (count > 1 && !big) {
      for (const { value } of keywords) this.expr(value);
      this.loadConstant({ kind: "tuple", items: names });
      this.emit(Op.BUILD_CONST_KEY_MAP, count);
      return;
    }
    if (big) this.emit(Op.BUILD_MAP, 0);
    keywords.forEach(({ value }, i) => {
      this.loadConstant(names[i]);
      this.expr(value);
      if (big) this.unit.graph.emit(Op.MAP_ADD, 1, null, NO_LOCATION);
    });
    if (!big) this.emit(Op.BUILD_MAP, count);
  }

  private comprehension(expr: Comprehended, name: string): void {
    const outer = this.unit;
    const outermost = expr.generators[0];
    const isGenerator = expr.kind === "GeneratorExp";
    this.enter(name, "comprehension", expr, expr.line);
    const isAsync = this.unit.scope.coroutine;
    const allowed = outer.kind === "asyncFunction" || outer.kind === "comprehension";
    if (isAsync && !isGenerator && !allowed) {
      this.fail("asynchronous comprehension outside of an asynchronous function", expr);
    }
    this.unit.at = expr;
    if (expr.kind === "ListComp") this.emit(Op.BUILD_LIST, 0);
    else if (expr.kind === "SetComp") this.emit(Op.BUILD_SET, 0);
    else if (expr.kind === "DictComp") this.emit(Op.BUILD_MAP, 0);
    this.generatorClause(expr, 0, 0);
    if (!isGenerator) this.emit(Op.RETURN_VALUE);
    this.makeClosure(this.leave(true), 0);
    this.expr(outermost.iter);
    this.emit(outermost.isAsync ? Op.GET_AITER : Op.GET_ITER);
    this.emit(Op.PRECALL, 0);
    this.emit(Op.CALL, 0);
    if (isAsync && !isGenerator) {
      this.emit(Op.GET_AWAITABLE, 0);
      this.loadConstant(NONE);
      this.yieldFrom(true);
    }
  }

  private generatorClause(expr: Comprehended, index: number, depth: number): void {
    const generator = expr.generators[index];
    if (generator.isAsync) this.asyncClause(expr, index, depth);
    else this.syncClause(expr, index, depth);
  }

  private syncClause(expr: Comprehended, index: number, depth: number): void {
    const generator = expr.generators[index];
    const { iter } = generator;
    const start = new BasicBlock();
    const body = new BasicBlock();
    const cleanup = new BasicBlock();
    const anchor = new BasicBlock();
    let loops = true;
    if (index === 0) {
      this.unit.argCount = 1;
      this.emit(Op.LOAD_FAST, 0);
    } else {
      // `for y in [f(x)]` is an assignment.
      const elts = iter.kind === "List" || iter.kind === "Tuple" ? iter.elts : [];
      if (elts.length === 1 && elts[0].kind !== "Starred") {
        this.expr(elts[0]);
        loops = false;
      } else {
        this.expr(iter);
        this.emit(Op.GET_ITER);
      }
    }
    let inner = depth;
    if (loops) {
      inner += 1;
      this.use(start);
      this.jump(Op.FOR_ITER, anchor);
      this.use(body);
    }
    this.expr(generator.target);
    this.clauseBody(expr, index, inner, cleanup);
    this.use(cleanup);
    if (loops) {
      this.jump(PseudoOp.JUMP, start);
      this.use(anchor);
      this.unit.graph.region("for", start, anchor);
    }
  }

  private asyncClause(expr: Comprehended, index: number, depth: number): void {
    const generator = expr.generators[index];
    const start = new BasicBlock();
    const except = new BasicBlock();
    const cleanup = new BasicBlock();
    if (index === 0) {
      this.unit.argCount = 1;
      this.emit(Op.LOAD_FAST, 0);
    } else {
      this.expr(generator.iter);
      this.emit(Op.GET_AITER);
    }
    this.use(start);
    this.pushFrameBlock({ kind: "asyncComprehension", block: start, exit: null });
    this.asyncNext(except);
    this.expr(generator.target);
    this.clauseBody(expr, index, depth + 1, cleanup);
    this.use(cleanup);
    this.jump(PseudoOp.JUMP, start);
    this.popFrameBlock();
    this.use(except);
    this.unit.graph.region("for", start, except);
    this.emit(Op.END_ASYNC_FOR);
  }

  /** Conditions, then the next clause or the element. */
  private clauseBody(expr: Comprehended, index: number, depth: number, cleanup: BasicBlock): void {
    for (const test of expr.generators[index].ifs) this.jumpIf(test, cleanup, false);
    if (index + 1 < expr.generators.length) {
      this.generatorClause(expr, index + 1, depth);
      return;
    }
    switch (expr.kind) {
      case "GeneratorExp":
        this.expr(expr.elt);
        this.emitYield();
        this.emit(Op.POP_TOP);
        break;
      case "ListComp":
        this.expr(expr.elt);
        this.emit(Op.LIST_APPEND, depth + 1);
        break;
      case "SetComp":
        this.expr(expr.elt);
        this.emit(Op.SET_ADD, depth + 1);
        break;
      case "DictComp":
        this.expr(expr.key);
        this.expr(expr.value);
        this.emit(Op.MAP_ADD, depth + 1);
        break;
    }
  }

  /** Awaits the next item of an asynchronous iterator; its end arrives at `except`. */
  protected asyncNext(except: BasicBlock): void {
    this.jump(PseudoOp.SETUP_FINALLY, except);
    this.emit(Op.GET_ANEXT);
    this.loadConstant(NONE);
    this.yieldFrom(true);
    this.emit(PseudoOp.POP_BLOCK);
  }
}

function constantItems(exprs: tree.Expr[]): tree.ConstantValue[] {
  return exprs.map((expr) => (expr as tree.Constant).value);
}

function isFoldable(elts: tree.Expr[]): boolean {
  return elts.length > 2 && areConstants(elts);
}
