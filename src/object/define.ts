/**
 * How the static types and the builtin modules are declared. Declarations run when their file is
 * first evaluated, in the same order in every carrier, so that the numbers given to native
 * functions agree between threads. `boot.ts` turns them into heap objects, once.
 */
import type { Addr } from "../memory/heap.js";
import { slotTables, type TypeSlots } from "./slots.js";
import { StaticArea } from "./types.js";

/** How a native function takes its arguments. All return a new reference or 0 with an exception. */
export const enum CallKind {
  /** `(self)` */
  NoArgs = 0,
  /** `(self, arg)` */
  OneArg = 1,
  /** `(self, args, nargs)`: positional only. */
  Fast = 2,
  /** `(self, args, nargs, kwnames)` */
  Keywords = 3,
}

/** Who gets the first argument of a native method. */
export const enum Binding {
  Instance = 0,
  Class = 1,
  Static = 2,
}

export type NativeFunction = (self: Addr, a: number, b: number, c: Addr) => Addr;

/** A native function or method. `doc` may start with the signature line, `name(args)\n--\n\n`. */
export interface MethodDef {
  name: string;
  kind: CallKind;
  fn: NativeFunction;
  binding: Binding;
  doc: string | null;
  /** Number in {@link methodTable}. */
  index: number;
}

/** A computed attribute of a static type. */
export interface GetSetDef {
  name: string;
  get: (self: Addr) => Addr;
  /** `value` 0 deletes. Null: read-only. */
  set: ((self: Addr, value: Addr) => number) | null;
  doc: string | null;
  index: number;
}

/** An attribute of a static type that is a counted reference in the instance. */
export interface MemberDef {
  name: string;
  /** Word offset in the instance. */
  offset: number;
  readonly: boolean;
  /** What an empty field reads as: None, or an AttributeError. */
  missing: "none" | "error";
  doc: string | null;
  index: number;
}

export const methodTable: MethodDef[] = [];
export const getSetTable: GetSetDef[] = [];
export const memberTable: MemberDef[] = [];

function define(name: string, kind: CallKind, fn: unknown, doc: string | null): MethodDef {
  const index = methodTable.length;
  const entry = { name, kind, fn: fn as NativeFunction, binding: Binding.Instance, doc, index };
  methodTable.push(entry);
  return entry;
}

/** A function that takes nothing but self. */
export function noArgs(
  name: string,
  fn: (self: Addr) => Addr,
  doc: string | null = null,
): MethodDef {
  return define(name, CallKind.NoArgs, fn, doc);
}

/** A function of exactly one positional argument. */
export function oneArg(
  name: string,
  fn: (self: Addr, arg: Addr) => Addr,
  doc: string | null = null,
): MethodDef {
  return define(name, CallKind.OneArg, fn, doc);
}

/** A function of positional arguments only. */
export function fast(
  name: string,
  fn: (self: Addr, args: Addr, nargs: number) => Addr,
  doc: string | null = null,
): MethodDef {
  return define(name, CallKind.Fast, fn, doc);
}

/** A function of positional and keyword arguments (see arguments.ts). */
export function keywords(
  name: string,
  fn: (self: Addr, args: Addr, nargs: number, kwnames: Addr) => Addr,
  doc: string | null = null,
): MethodDef {
  return define(name, CallKind.Keywords, fn, doc);
}

/** Make `method` a class method: self is the class. */
export function classBound(method: MethodDef): MethodDef {
  method.binding = Binding.Class;
  return method;
}

/** Make `method` a static method: self is the type that declares it. */
export function staticBound(method: MethodDef): MethodDef {
  method.binding = Binding.Static;
  return method;
}

/** A computed attribute. */
export function getSet(
  name: string,
  get: (self: Addr) => Addr,
  set: ((self: Addr, value: Addr) => number) | null = null,
  doc: string | null = null,
): GetSetDef {
  const entry = { name, get, set, doc, index: getSetTable.length };
  getSetTable.push(entry);
  return entry;
}

/** An attribute stored in the instance. */
export function member(
  name: string,
  offset: number,
  options: { readonly?: boolean; missing?: "none" | "error"; doc?: string } = {},
): MemberDef {
  const { readonly = true, missing = "none", doc = null } = options;
  const entry = { name, offset, readonly, missing, doc, index: memberTable.length };
  memberTable.push(entry);
  return entry;
}

/** Declaration of a static type. */
export interface TypeDef {
  /** Address of the type object, from T. */
  type: Addr;
  /** `__name__`; a dotted name gives `__module__` (else builtins). */
  name: string;
  /** Base type; object where absent. */
  base?: Addr;
  /** All bases, where there are several; `base` is the one whose layout counts. */
  bases?: Addr[];
  /** TypeFlag bits beyond those inherited; HasGc must be given by types with a collector header. */
  flags: number;
  basicSize: number;
  itemSize?: number;
  slots: Partial<TypeSlots>;
  methods?: MethodDef[];
  getSets?: GetSetDef[];
  members?: MemberDef[];
  doc?: string;
  weakListOffset?: number;
  dictOffset?: number;
}

/** Every declared type, in declaration order. */
export const typeDefs: TypeDef[] = [];

/** Declare a static type: its slots work at once on this thread, its type object after boot. */
export function defineType(def: TypeDef): void {
  typeDefs.push(def);
  Object.assign(slotTables[(def.type - StaticArea.Types) / 192], def.slots);
}

/** Give a type that is declared already the slots that a higher layer implements. */
export function addSlots(type: Addr, slots: TypeDef["slots"]): void {
  for (const def of typeDefs) if (def.type === type) Object.assign(def.slots, slots);
  Object.assign(slotTables[(type - StaticArea.Types) / 192], slots);
}

/** Declaration of a builtin module. */
export interface ModuleDef {
  name: string;
  doc: string | null;
  functions: MethodDef[];
  /**
   * Fill the module's dict beyond its functions: runs in every interpreter at the first import.
   * Returns -1 with an exception pending on failure.
   */
  setup?: (module: Addr, dict: Addr) => number;
}

/** Builtin modules by name. */
export const moduleDefs = new Map<string, ModuleDef>();

/** Declare a builtin module, imported by name. */
export function defineModule(def: ModuleDef): void {
  moduleDefs.set(def.name, def);
}
