/**
 * Runs the library's own Python source on the explorer's memory: `threading.py` and `queue.py` as
 * they ship are read by takegil's parser and walked as trees, so that what is explored is the code
 * itself. Only what those two files use is there; anything else is refused.
 *
 * Attributes of objects and the contents of deques lie in words, each operation on one is a step of
 * its own: more interleavings than the GIL allows, and all that it does. Locks are the shipped
 * `LockOperations` and `RLockOperations`. Objects are made while the model is set up; only a
 * waiter's lock is made later.
 */

import { AcquireResult, LockOperations, LockState } from "../../src/sync/lock.js";
import type { VirtualThread } from "../../src/sync/model.js";
import { Parker } from "../../src/sync/parker.js";
import { type RLockOperations, RLockWord } from "../../src/sync/rlock.js";
import { parse } from "../../src/syntax/parse.js";
import { Source } from "../../src/syntax/source.js";
import type { Arguments, Call, Expr, FunctionDef, Stmt, Try } from "../../src/syntax/tree.js";

/** Words of the model. */
export const enum Word {
  LateWakes = 2,
  /** Slot of the thread that is to look around, as if a signal had come. */
  Interrupted = 3,
  /** Four of the test's own. */
  Payload = 4,
  WaitWords = 16,
  /** Locks that threads make while they run: {@link LOCKS_EACH} a thread. */
  ThreadLocks = 64,
  /** Everything made during set-up. */
  Objects = 128,
}

/** Locks a thread may have made before it uses the first again; it waits on one at a time. */
const LOCKS_EACH = 3;
/** Bits of an entry of a deque, which is one word. */
const ENTRY_BITS = 5;
const MOST_ENTRIES = 6;

export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | PyObject
  | PyClass
  | Lock
  | RLock
  | Deque
  | Callable;

/** Anything that can be called, bound or not. */
export type Callable = (
  run: Run,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
) => Value;

export class PyClass {
  constructor(
    readonly name: string,
    readonly base: PyClass | null,
    readonly members: ReadonlyMap<string, Value>,
  ) {}

  find(name: string): Value | undefined {
    return this.members.get(name) ?? this.base?.find(name);
  }

  isA(other: PyClass): boolean {
    return this === other || (this.base?.isA(other) ?? false);
  }
}

/** An instance: numbers and the like in words, what never changes (its parts) beside them. */
export class PyObject {
  readonly parts = new Map<string, Value>();
  readonly words = new Map<string, number>();
  constructor(readonly type: PyClass) {}
}

export class Lock {
  constructor(
    readonly word: number,
    /** What a deque calls it. */
    readonly entry = 0,
  ) {}
}

/** `_thread.RLock`. */
export class RLock {
  constructor(readonly word: number) {}
}

export class Deque {
  constructor(readonly word: number) {}
}

/** A Python exception on its way. The machine's own are not this and pass everything. */
export class Raised extends Error {
  constructor(readonly type: PyClass) {
    super(`${type.name} in Python`);
  }
}

const builtinException = (name: string, base: PyClass | null): PyClass =>
  new PyClass(name, base, new Map());
const BaseException = builtinException("BaseException", null);
const Exception = builtinException("Exception", BaseException);
const exceptions = {
  BaseException,
  Exception,
  RuntimeError: builtinException("RuntimeError", Exception),
  ValueError: builtinException("ValueError", Exception),
  IndexError: builtinException("IndexError", Exception),
  AssertionError: builtinException("AssertionError", Exception),
  KeyboardInterrupt: builtinException("KeyboardInterrupt", BaseException),
};

type Scope = Map<string, Value>;

/** How a statement ends when control does not go to the next one. */
type Leave = { readonly kind: "return"; readonly value: Value } | "break" | "continue";

const trees = new Map<string, readonly Stmt[]>();

/** The statements of a module; it is parsed once. */
function treeOf(text: string): readonly Stmt[] {
  let tree = trees.get(text);
  if (tree === undefined) {
    tree = parse(new Source(text, "library.py"), "exec").body;
    trees.set(text, tree);
  }
  return tree;
}

/** Everything that a model's set-up makes. */
export class World {
  readonly globals: Scope = new Map();
  #next: number = Word.Objects;

  /** @param rlocks what reentrant locks do */
  constructor(readonly rlocks: typeof RLockOperations) {}

  /** Execute a module's classes and functions. */
  load(text: string): void {
    const run = new Run(this, null);
    for (const statement of treeOf(text)) {
      if (statement.kind === "ClassDef" || statement.kind === "FunctionDef") {
        run.define(statement, this.globals);
      }
    }
  }

  newWord(count = 1): number {
    const word = this.#next;
    this.#next += count;
    return word;
  }
}

/** One thread's way through Python code. */
export class Run {
  #locksMade = 0;
  readonly #locks: LockOperations | null;
  readonly #rlocks: RLockOperations | null;

  constructor(
    readonly world: World,
    readonly thread: VirtualThread | null,
  ) {
    if (thread === null) {
      this.#locks = null;
      this.#rlocks = null;
      return;
    }
    const { memory, slot } = thread;
    const operations = (interrupted: () => boolean): LockOperations =>
      new LockOperations(
        memory,
        new Parker(memory, Word.WaitWords + slot, Word.LateWakes, interrupted),
      );
    this.#locks = operations(() => memory.load(Word.Interrupted) === slot);
    const steadfast = operations(() => false);
    this.#rlocks = new world.rlocks(memory, {
      take: (word, ms) => Number(take(this, word, ms)),
      takeBack: (word) => void steadfast.acquire(word, Number.POSITIVE_INFINITY),
      release: (word) => void steadfast.release(word),
    });
  }

  get memory(): VirtualThread["memory"] {
    return this.thread!.memory;
  }

  get locks(): LockOperations {
    return this.#locks!;
  }

  get rlocks(): RLockOperations {
    return this.#rlocks!;
  }

  /** Call a method or a function of a global name. */
  call(target: Value, ...args: Value[]): Value {
    return this.apply(target, args, new Map());
  }

  callMethod(object: Value, name: string, ...args: Value[]): Value {
    return this.call(this.attribute(object, name), ...args);
  }

  /** A new lock, free: of the model during set-up (slot 0), of the thread later. */
  newLock(): Lock {
    const { slot } = this.thread!;
    if (slot === 0) return new Lock(this.world.newWord());
    const entry = slot * LOCKS_EACH + (this.#locksMade++ % LOCKS_EACH) + 1;
    const lock = new Lock(Word.ThreadLocks + entry, entry);
    this.memory.store(lock.word, LockState.Free);
    return lock;
  }

  // --- statements ---

  define(statement: Stmt, scope: Scope): void {
    if (statement.kind === "FunctionDef") {
      const plain = statement.decoratorList.length === 0;
      if (plain) scope.set(statement.name, functionOf(statement as FunctionDef));
      return;
    }
    if (statement.kind !== "ClassDef") return;
    const [first] = statement.bases;
    const base = first?.kind === "Name" ? this.findName(first.id, scope) : null;
    // What is made of other types is none of the locks.
    if (base === undefined) return;
    const members: Scope = new Map();
    for (const inner of statement.body) {
      if (inner.kind === "FunctionDef") this.define(inner, members);
      // `__enter__ = acquire`; what is made of types does not matter here.
      else if (inner.kind === "Assign" && inner.value.kind === "Name") {
        const [target] = inner.targets;
        if (target.kind === "Name") members.set(target.id, members.get(inner.value.id) ?? null);
      }
    }
    scope.set(statement.name, new PyClass(statement.name, base as PyClass | null, members));
  }

  block(statements: readonly Stmt[], scope: Scope): Leave | null {
    for (const statement of statements) {
      const leave = this.statement(statement, scope);
      if (leave !== null) return leave;
    }
    return null;
  }

  statement(statement: Stmt, scope: Scope): Leave | null {
    switch (statement.kind) {
      case "Expr":
        this.evaluate(statement.value, scope);
        return null;
      case "Assign": {
        const value = this.evaluate(statement.value, scope);
        for (const target of statement.targets) this.assign(target, value, scope);
        return null;
      }
      case "AugAssign": {
        const old = this.evaluate({ ...statement.target, ctx: "Load" } as Expr, scope) as number;
        const by = this.evaluate(statement.value, scope) as number;
        this.assign(statement.target, statement.op === "Add" ? old + by : old - by, scope);
        return null;
      }
      case "If":
        return this.block(
          this.truth(this.evaluate(statement.test, scope)) ? statement.body : statement.orelse,
          scope,
        );
      case "While":
        return this.loop(statement, scope);
      case "For":
        return this.iterate(statement, scope);
      case "With":
        return this.with(statement.items[0].contextExpr, statement.body, scope);
      case "Try":
        return this.try(statement as Try, scope);
      case "Return":
        return {
          kind: "return",
          value: statement.value === null ? null : this.evaluate(statement.value, scope),
        };
      case "Raise":
        throw this.raised(statement.exc, scope);
      case "Assert":
        if (this.truth(this.evaluate(statement.test, scope))) return null;
        throw new Raised(exceptions.AssertionError);
      case "Break":
        return "break";
      case "Continue":
        return "continue";
      case "Pass":
        return null;
      default:
        throw new Error(`line ${statement.line}: ${statement.kind} is not modelled`);
    }
  }

  private loop(statement: Extract<Stmt, { kind: "While" }>, scope: Scope): Leave | null {
    while (this.truth(this.evaluate(statement.test, scope))) {
      const leave = this.block(statement.body, scope);
      if (leave === "break") return null;
      if (leave !== null && leave !== "continue") return leave;
    }
    return this.block(statement.orelse, scope);
  }

  private iterate(statement: Extract<Stmt, { kind: "For" | "AsyncFor" }>, scope: Scope) {
    for (const item of this.evaluate(statement.iter, scope) as readonly Value[]) {
      this.assign(statement.target, item, scope);
      const leave = this.block(statement.body, scope);
      if (leave === "break") return null;
      if (leave !== null && leave !== "continue") return leave;
    }
    return this.block(statement.orelse, scope);
  }

  private with(context: Expr, body: readonly Stmt[], scope: Scope): Leave | null {
    const manager = this.evaluate(context, scope);
    this.callMethod(manager, "__enter__");
    let leave: Leave | null;
    try {
      leave = this.block(body, scope);
    } catch (error) {
      if (error instanceof Raised) this.callMethod(manager, "__exit__", null, null, null);
      throw error;
    }
    this.callMethod(manager, "__exit__", null, null, null);
    return leave;
  }

  private try(statement: Try, scope: Scope): Leave | null {
    let leave: Leave | null;
    try {
      leave = this.handled(statement, scope);
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      const instead = this.block(statement.finalbody, scope);
      if (instead !== null) return instead;
      throw error;
    }
    return this.block(statement.finalbody, scope) ?? leave;
  }

  private handled(statement: Try, scope: Scope): Leave | null {
    let leave: Leave | null;
    try {
      leave = this.block(statement.body, scope);
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      for (const { type, body } of statement.handlers) {
        const wanted = type === null ? BaseException : (this.evaluate(type, scope) as PyClass);
        if (!error.type.isA(wanted)) continue;
        const outer = scope.get(HANDLED);
        scope.set(HANDLED, error.type);
        const result = this.block(body, scope);
        scope.set(HANDLED, outer ?? null);
        return result;
      }
      throw error;
    }
    return leave ?? this.block(statement.orelse, scope);
  }

  private raised(exc: Expr | null, scope: Scope): Raised {
    if (exc === null) return new Raised(scope.get(HANDLED) as PyClass);
    const value = this.evaluate(exc, scope);
    return new Raised(value instanceof PyObject ? value.type : (value as PyClass));
  }

  // --- expressions ---

  truth(value: Value): boolean {
    if (value instanceof Deque) return this.memory.load(value.word) !== 0;
    if (Array.isArray(value)) return value.length > 0;
    return value !== null && value !== false && value !== 0 && value !== "";
  }

  evaluate(expr: Expr, scope: Scope): Value {
    switch (expr.kind) {
      case "Constant":
        return constant(expr.value);
      case "Name":
        return this.lookUp(expr.id, scope);
      case "Attribute":
        return this.attribute(this.evaluate(expr.value, scope), expr.attr);
      case "Call":
        return this.evaluateCall(expr, scope);
      case "Compare":
        return this.compare(expr, scope);
      case "BoolOp": {
        let value: Value = null;
        for (const part of expr.values) {
          value = this.evaluate(part, scope);
          if (this.truth(value) !== (expr.op === "And")) break;
        }
        return value;
      }
      case "UnaryOp": {
        const value = this.evaluate(expr.operand, scope);
        return expr.op === "Not" ? !this.truth(value) : -(value as number);
      }
      case "BinOp": {
        const left = this.evaluate(expr.left, scope) as number;
        const right = this.evaluate(expr.right, scope) as number;
        return expr.op === "Add" ? left + right : left - right;
      }
      case "IfExp": {
        const test = this.truth(this.evaluate(expr.test, scope));
        return this.evaluate(test ? expr.body : expr.orelse, scope);
      }
      case "Tuple":
        return expr.elts.map((item) => this.evaluate(item, scope));
      case "Subscript": {
        const deque = this.evaluate(expr.value, scope) as Deque;
        const first = this.memory.load(deque.word);
        if (first === 0) throw new Raised(exceptions.IndexError);
        return entryOf(first & ((1 << ENTRY_BITS) - 1));
      }
      case "Lambda":
        return (run) => run.evaluate(expr.body, scope);
      case "JoinedStr":
        return "";
      default:
        throw new Error(`line ${expr.line}: ${expr.kind} is not modelled`);
    }
  }

  private lookUp(name: string, scope: Scope): Value {
    const value = this.findName(name, scope);
    if (value === undefined) throw new Error(`no ${name} is modelled`);
    return value;
  }

  private findName(name: string, scope: Scope): Value | undefined {
    if (scope.has(name)) return scope.get(name);
    const { globals } = this.world;
    return globals.has(name) ? globals.get(name) : builtins.get(name);
  }

  private compare(expr: Extract<Expr, { kind: "Compare" }>, scope: Scope): boolean {
    let left = this.evaluate(expr.left, scope);
    for (const [i, op] of expr.ops.entries()) {
      const right = this.evaluate(expr.comparators[i], scope);
      if (!comparison(op, left, right)) return false;
      left = right;
    }
    return true;
  }

  private evaluateCall(expr: Call, scope: Scope): Value {
    if (expr.func.kind === "Name" && expr.func.id === "super") {
      return new Super(scope.get("self") as PyObject) as unknown as Value;
    }
    const target = this.evaluate(expr.func, scope);
    const args = expr.args.flatMap((arg): readonly Value[] =>
      arg.kind === "Starred"
        ? (this.evaluate(arg.value, scope) as readonly Value[])
        : [this.evaluate(arg, scope)],
    );
    const named = new Map<string, Value>();
    for (const { arg, value } of expr.keywords) {
      // `**kwargs`, which are always empty here.
      if (arg !== null) named.set(arg, this.evaluate(value, scope));
    }
    return this.apply(target, args, named);
  }

  apply(target: Value, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    if (typeof target === "function") return target(this, args, named);
    if (!(target instanceof PyClass)) throw new Error(`${String(target)} is no function`);
    const made = new PyObject(target);
    const init = target.find("__init__");
    if (init !== undefined) this.apply(init, [made, ...args], named);
    return made;
  }

  // --- attributes ---

  attribute(object: Value, name: string): Value {
    const found = this.findAttribute(object, name);
    if (found === undefined) throw new Error(`no attribute ${name} is modelled`);
    return found;
  }

  findAttribute(object: Value, name: string): Value | undefined {
    if (object instanceof PyObject) {
      const word = object.words.get(name);
      if (word !== undefined) return decode(this.memory.load(word));
      return object.parts.get(name) ?? bound(object, object.type.find(name));
    }
    if ((object as unknown) instanceof Super) {
      const { self } = object as unknown as Super;
      return bound(self, self.type.base!.find(name));
    }
    return nativeMethod(object, name);
  }

  assign(target: Expr, value: Value, scope: Scope): void {
    if (target.kind === "Name") {
      scope.set(target.id, value);
      return;
    }
    if (target.kind !== "Attribute") throw new Error(`${target.kind} is not assigned to here`);
    this.setAttribute(this.evaluate(target.value, scope) as PyObject, target.attr, value);
  }

  setAttribute(object: PyObject, name: string, value: Value): void {
    const isScalar = value === null || typeof value === "boolean" || typeof value === "number";
    let word = object.words.get(name);
    if (!isScalar && !(value instanceof Lock && word !== undefined)) {
      if (this.thread!.slot !== 0) throw new Error(`${name} is made after the set-up`);
      object.parts.set(name, value);
      return;
    }
    if (word === undefined) {
      word = this.world.newWord();
      object.words.set(name, word);
    }
    this.memory.store(word, encode(value));
  }
}

/** Where a scope keeps the exception that is being handled. */
const HANDLED = "<handled>";

class Super {
  constructor(readonly self: PyObject) {}
}

function bound(self: PyObject, member: Value | undefined): Value | undefined {
  if (typeof member !== "function") return member;
  return (run, args, named) => member(run, [self, ...args], named);
}

function functionOf({ args: formal, body }: FunctionDef): Callable {
  return (run, args, named) => {
    const scope = bindArguments(run, formal, args, named);
    const leave = run.block(body, scope);
    return leave !== null && typeof leave === "object" ? leave.value : null;
  };
}

function bindArguments(
  run: Run,
  formal: Arguments,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Scope {
  const scope: Scope = new Map();
  const names = formal.args.map(({ arg }) => arg);
  const firstDefault = names.length - formal.defaults.length;
  names.forEach((name, i) => {
    const given = i < args.length ? args[i] : named.get(name);
    if (given !== undefined) scope.set(name, given);
    else scope.set(name, run.evaluate(formal.defaults[i - firstDefault], scope));
  });
  if (formal.vararg !== null) scope.set(formal.vararg.arg, args.slice(names.length));
  if (formal.kwarg !== null) scope.set(formal.kwarg.arg, null);
  return scope;
}

function constant(value: Extract<Expr, { kind: "Constant" }>["value"]): Value {
  switch (value.kind) {
    case "int":
      return Number(value.value);
    case "float":
      return value.value;
    case "str":
      return value.value;
    case "true":
      return true;
    case "false":
      return false;
    default:
      return null;
  }
}

function comparison(op: string, left: Value, right: Value): boolean {
  switch (op) {
    case "Is":
    case "Eq":
      return left === right;
    case "IsNot":
    case "NotEq":
      return left !== right;
    case "Lt":
      return (left as number) < (right as number);
    case "LtE":
      return (left as number) <= (right as number);
    case "Gt":
      return (left as number) > (right as number);
    case "GtE":
      return (left as number) >= (right as number);
    case "In":
      return (right as readonly Value[]).includes(left);
    default:
      throw new Error(`${op} is not modelled`);
  }
}

// --- words ---

/** None, True and False are 1, 3 and -1, a lock is another odd number, and a number is even. */
function encode(value: Value): number {
  if (value === null) return 1;
  if (typeof value === "boolean") return value ? 3 : -1;
  if (value instanceof Lock) return (value.word << 1) | 1;
  return (value as number) << 1;
}

function decode(word: number): Value {
  if (word === 1) return null;
  if (word === 3) return true;
  if (word === -1) return false;
  if ((word & 1) === 1) return new Lock(word >> 1);
  return word >> 1;
}

/** What a deque holds: locks of threads, or the small numbers that tests put into queues. */
function entryOf(code: number): Value {
  if (code >= 1 << (ENTRY_BITS - 1)) return code - (1 << (ENTRY_BITS - 1));
  return new Lock(Word.ThreadLocks + code, code);
}

function codeOf(value: Value): number {
  if (value instanceof Lock) return value.entry;
  return (value as number) + (1 << (ENTRY_BITS - 1));
}

function entriesOf(word: number): number[] {
  const entries: number[] = [];
  for (let rest = word; rest !== 0; rest >>>= ENTRY_BITS) {
    entries.push(rest & ((1 << ENTRY_BITS) - 1));
  }
  return entries;
}

function wordOf(entries: readonly number[]): number {
  if (entries.length > MOST_ENTRIES) throw new Error("a deque of the model is full");
  return entries.reduceRight((word, entry) => (word << ENTRY_BITS) | entry, 0);
}

/** Change a deque in one step; the result is what `change` gave. */
function change<Result>(
  { memory }: Run,
  deque: Deque,
  make: (entries: number[]) => Result,
): Result {
  for (;;) {
    const before = memory.load(deque.word);
    const entries = entriesOf(before);
    const result = make(entries);
    if (memory.cas(deque.word, before, wordOf(entries)) === before) return result;
  }
}

// --- what is not Python ---

type Methods<Self> = Record<string, (run: Run, self: Self, args: readonly Value[]) => Value>;

function nativeMethod(object: Value, name: string): Callable | undefined {
  const of = <Self>(self: Self, methods: Methods<Self>): Callable | undefined => {
    const method = methods[name];
    return method && ((run, args) => method(run, self, args));
  };
  if (object instanceof Lock) return of(object, lockMethods);
  if (object instanceof RLock) return of(object, rlockMethods);
  if (object instanceof Deque) return of(object, dequeMethods);
  return undefined;
}

/** Milliseconds to wait, from the arguments of `acquire`. */
function millisecondsOf(run: Run, blocking: Value, timeout: Value): number {
  if (!run.truth(blocking)) return 0;
  return (timeout as number) < 0 ? Number.POSITIVE_INFINITY : (timeout as number) * 1e3;
}

/** As stdlib/locks.ts does: false on timeout; KeyboardInterrupt when a handler raised. */
function take(run: Run, word: number, ms: number): boolean {
  const { locks, memory } = run;
  if (locks.tryAcquire(word)) return true;
  if (ms === 0) return false;
  const result = locks.acquire(word, memory.now() + ms * 1e6);
  if (result === AcquireResult.Interrupted) {
    memory.store(Word.Interrupted, 0);
    throw new Raised(exceptions.KeyboardInterrupt);
  }
  return result === AcquireResult.Acquired;
}

const lockMethods: Methods<Lock> = {
  acquire: (run, { word }, [blocking = true, timeout = -1]) =>
    take(run, word, millisecondsOf(run, blocking, timeout)),
  release: (run, { word }) => {
    if (!run.locks.release(word)) throw new Raised(exceptions.RuntimeError);
    return null;
  },
  locked: (run, { word }) => run.locks.isLocked(word),
  __enter__: (run, { word }) => take(run, word, Number.POSITIVE_INFINITY),
  __exit__: (run, self) => lockMethods.release(run, self, []),
};

const rlockMethods: Methods<RLock> = {
  acquire: (run, { word }, [blocking = true, timeout = -1]) => {
    const ms = millisecondsOf(run, blocking, timeout);
    return run.rlocks.acquire(word, run.thread!.slot, ms) > 0;
  },
  release: (run, { word }) => {
    if (!run.rlocks.release(word, run.thread!.slot)) throw new Raised(exceptions.RuntimeError);
    return null;
  },
  __enter__: (run, self) => rlockMethods.acquire(run, self, []),
  __exit__: (run, self) => rlockMethods.release(run, self, []),
  _is_owned: (run, { word }) => run.rlocks.isOwned(word, run.thread!.slot),
  _release_save: (run, { word }) => {
    const depth = run.rlocks.depth(word);
    if (depth === 0) throw new Raised(exceptions.RuntimeError);
    run.rlocks.free(word);
    return depth;
  },
  _acquire_restore: (run, { word }, [depth]) => {
    run.rlocks.takeBack(word, run.thread!.slot, depth as number);
    return null;
  },
};

const dequeMethods: Methods<Deque> = {
  append: (run, self, [item]) =>
    change(run, self, (entries) => {
      entries.push(codeOf(item));
      return null;
    }),
  popleft: (run, self) => {
    const first = change(run, self, (entries) => entries.shift());
    if (first === undefined) throw new Raised(exceptions.IndexError);
    return entryOf(first);
  },
  remove: (run, self, [item]) => {
    const found = change(run, self, (entries) => {
      const at = entries.indexOf(codeOf(item));
      if (at >= 0) entries.splice(at, 1);
      return at >= 0;
    });
    if (!found) throw new Raised(exceptions.ValueError);
    return null;
  },
  clear: (run, self) => {
    run.memory.store(self.word, 0);
    return null;
  },
};

function lengthOf(run: Run, value: Value): number {
  if (value instanceof Deque) return entriesOf(run.memory.load(value.word)).length;
  return (value as readonly Value[]).length;
}

const newLock: Callable = (run) => run.newLock();
const newDeque: Callable = ({ world }) => new Deque(world.newWord());
const clock: Callable = ({ memory }) => memory.now() / 1e9;
const newRLock: Callable = ({ world }) => new RLock(world.newWord(RLockWord.Size));

/** Module objects of which only attributes are used. */
function moduleOf(members: Record<string, (run: Run) => Value>): PyObject {
  const type = new PyClass("module", null, new Map());
  const module = new PyObject(type);
  for (const [name, value] of Object.entries(members)) {
    module.parts.set(name, (run, args, named) => run.apply(value(run), args, named));
  }
  return module;
}

const builtins: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...Object.entries(exceptions),
  ["Lock", newLock],
  ["_allocate_lock", newLock],
  ["_deque", newDeque],
  ["deque", newDeque],
  ["_time", clock],
  ["time", clock],
  ["len", (run, [value]) => lengthOf(run, value)],
  ["range", (_, [count]) => Array.from({ length: count as number }, (_item, i) => i)],
  ["max", (_, [a, b]) => Math.max(a as number, b as number)],
  ["getattr", (run, [object, name, other]) => run.findAttribute(object, name as string) ?? other],
  [
    "setattr",
    (run, [object, name, value]) => {
      run.setAttribute(object as PyObject, name as string, value);
      return null;
    },
  ],
  ["_thread", moduleOf({ allocate_lock: () => newLock, RLock: () => newRLock })],
  [
    "threading",
    moduleOf({
      Lock: () => newLock,
      Condition: ({ world }) => world.globals.get("Condition")!,
    }),
  ],
]);
