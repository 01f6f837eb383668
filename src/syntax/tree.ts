/**
 * The typed tree of a Python program. Nodes and fields carry the names of CPython's `ast` module
 * (fields in camel case); positions are lines from 1 and columns in UTF-8 bytes from 0.
 */

/** Where a node begins and ends in the source. */
export interface Position {
  line: number;
  col: number;
  endLine: number;
  endCol: number;
}

/** The value of a `Constant` node. Tuples and frozensets only appear after constant folding. */
export type ConstantValue =
  | { kind: "none" | "true" | "false" | "ellipsis" }
  | { kind: "int"; value: bigint }
  | { kind: "float"; value: number }
  | { kind: "complex"; real: number; imag: number }
  | { kind: "str"; value: string }
  | { kind: "bytes"; value: Uint8Array }
  | { kind: "tuple" | "frozenset"; items: ConstantValue[] };

/** How an expression is used. */
export type Context = "Load" | "Store" | "Del";

export type BinaryOperator =
  | "Add"
  | "Sub"
  | "Mult"
  | "MatMult"
  | "Div"
  | "Mod"
  | "Pow"
  | "LShift"
  | "RShift"
  | "BitOr"
  | "BitXor"
  | "BitAnd"
  | "FloorDiv";
export type UnaryOperator = "Invert" | "Not" | "UAdd" | "USub";
export type CompareOperator =
  | "Eq"
  | "NotEq"
  | "Lt"
  | "LtE"
  | "Gt"
  | "GtE"
  | "Is"
  | "IsNot"
  | "In"
  | "NotIn";

interface Node<K extends string> extends Position {
  kind: K;
}

export interface BoolOp extends Node<"BoolOp"> {
  op: "And" | "Or";
  values: Expr[];
}
export interface NamedExpr extends Node<"NamedExpr"> {
  target: Name;
  value: Expr;
}
export interface BinOp extends Node<"BinOp"> {
  left: Expr;
  op: BinaryOperator;
  right: Expr;
}
export interface UnaryOp extends Node<"UnaryOp"> {
  op: UnaryOperator;
  operand: Expr;
}
export interface Lambda extends Node<"Lambda"> {
  args: Arguments;
  body: Expr;
}
export interface IfExp extends Node<"IfExp"> {
  test: Expr;
  body: Expr;
  orelse: Expr;
}
export interface Dict extends Node<"Dict"> {
  /** A null key stands for `**value`. */
  keys: (Expr | null)[];
  values: Expr[];
}
export interface SetDisplay extends Node<"Set"> {
  elts: Expr[];
}
export interface ListComp extends Node<"ListComp"> {
  elt: Expr;
  generators: Comprehension[];
}
export interface SetComp extends Node<"SetComp"> {
  elt: Expr;
  generators: Comprehension[];
}
export interface DictComp extends Node<"DictComp"> {
  key: Expr;
  value: Expr;
  generators: Comprehension[];
}
export interface GeneratorExp extends Node<"GeneratorExp"> {
  elt: Expr;
  generators: Comprehension[];
}
export interface Await extends Node<"Await"> {
  value: Expr;
}
export interface Yield extends Node<"Yield"> {
  value: Expr | null;
}
export interface YieldFrom extends Node<"YieldFrom"> {
  value: Expr;
}
export interface Compare extends Node<"Compare"> {
  left: Expr;
  ops: CompareOperator[];
  comparators: Expr[];
}
export interface Call extends Node<"Call"> {
  func: Expr;
  args: Expr[];
  keywords: Keyword[];
}
export interface FormattedValue extends Node<"FormattedValue"> {
  value: Expr;
  /** -1, or the code of `s`, `r` or `a`. */
  conversion: number;
  formatSpec: Expr | null;
}
export interface JoinedStr extends Node<"JoinedStr"> {
  values: Expr[];
}
export interface Constant extends Node<"Constant"> {
  value: ConstantValue;
}
export interface Attribute extends Node<"Attribute"> {
  value: Expr;
  attr: string;
  ctx: Context;
}
export interface Subscript extends Node<"Subscript"> {
  value: Expr;
  slice: Expr;
  ctx: Context;
}
export interface Starred extends Node<"Starred"> {
  value: Expr;
  ctx: Context;
}
export interface Name extends Node<"Name"> {
  id: string;
  ctx: Context;
}
export interface List extends Node<"List"> {
  elts: Expr[];
  ctx: Context;
}
export interface Tuple extends Node<"Tuple"> {
  elts: Expr[];
  ctx: Context;
}
export interface Slice extends Node<"Slice"> {
  lower: Expr | null;
  upper: Expr | null;
  step: Expr | null;
}

export type Expr =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetDisplay
  | ListComp
  | SetComp
  | DictComp
  | GeneratorExp
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | FormattedValue
  | JoinedStr
  | Constant
  | Attribute
  | Subscript
  | Starred
  | Name
  | List
  | Tuple
  | Slice;

export interface Comprehension {
  target: Expr;
  iter: Expr;
  ifs: Expr[];
  isAsync: boolean;
}
export interface Keyword extends Position {
  /** Null for `**value`. */
  arg: string | null;
  value: Expr;
}
export interface Arg extends Position {
  arg: string;
  annotation: Expr | null;
}
export interface Arguments {
  posonlyargs: Arg[];
  args: Arg[];
  vararg: Arg | null;
  kwonlyargs: Arg[];
  kwDefaults: (Expr | null)[];
  kwarg: Arg | null;
  defaults: Expr[];
}

export interface FunctionDef extends Node<"FunctionDef" | "AsyncFunctionDef"> {
  name: string;
  args: Arguments;
  body: Stmt[];
  decoratorList: Expr[];
  returns: Expr | null;
}
export interface ClassDef extends Node<"ClassDef"> {
  name: string;
  bases: Expr[];
  keywords: Keyword[];
  body: Stmt[];
  decoratorList: Expr[];
}
export interface Return extends Node<"Return"> {
  value: Expr | null;
}
export interface Delete extends Node<"Delete"> {
  targets: Expr[];
}
export interface Assign extends Node<"Assign"> {
  targets: Expr[];
  value: Expr;
}
export interface AugAssign extends Node<"AugAssign"> {
  target: Name | Attribute | Subscript;
  op: BinaryOperator;
  value: Expr;
}
export interface AnnAssign extends Node<"AnnAssign"> {
  target: Name | Attribute | Subscript;
  annotation: Expr;
  value: Expr | null;
  /** Whether the target is a name without parentheses. */
  simple: boolean;
}
export interface For extends Node<"For" | "AsyncFor"> {
  target: Expr;
  iter: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface While extends Node<"While"> {
  test: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface If extends Node<"If"> {
  test: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface WithItem {
  contextExpr: Expr;
  optionalVars: Expr | null;
}
export interface With extends Node<"With" | "AsyncWith"> {
  items: WithItem[];
  body: Stmt[];
}
export interface MatchCase {
  pattern: Pattern;
  guard: Expr | null;
  body: Stmt[];
}
export interface Match extends Node<"Match"> {
  subject: Expr;
  cases: MatchCase[];
}
export interface Raise extends Node<"Raise"> {
  exc: Expr | null;
  cause: Expr | null;
}
export interface ExceptHandler extends Position {
  type: Expr | null;
  name: string | null;
  body: Stmt[];
}
export interface Try extends Node<"Try" | "TryStar"> {
  body: Stmt[];
  handlers: ExceptHandler[];
  orelse: Stmt[];
  finalbody: Stmt[];
}
export interface Assert extends Node<"Assert"> {
  test: Expr;
  msg: Expr | null;
}
export interface Alias extends Position {
  name: string;
  asname: string | null;
}
export interface Import extends Node<"Import"> {
  names: Alias[];
}
export interface ImportFrom extends Node<"ImportFrom"> {
  module: string | null;
  names: Alias[];
  level: number;
}
export interface Global extends Node<"Global" | "Nonlocal"> {
  names: string[];
}
export interface ExprStmt extends Node<"Expr"> {
  value: Expr;
}
export interface Simple extends Node<"Pass" | "Break" | "Continue"> {}

export type Stmt =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | AugAssign
  | AnnAssign
  | For
  | While
  | If
  | With
  | Match
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | ExprStmt
  | Simple;

export interface MatchValue extends Node<"MatchValue"> {
  value: Expr;
}
export interface MatchSingleton extends Node<"MatchSingleton"> {
  value: ConstantValue;
}
export interface MatchSequence extends Node<"MatchSequence"> {
  patterns: Pattern[];
}
export interface MatchMapping extends Node<"MatchMapping"> {
  keys: Expr[];
  patterns: Pattern[];
  rest: string | null;
}
export interface MatchClass extends Node<"MatchClass"> {
  cls: Expr;
  patterns: Pattern[];
  kwdAttrs: string[];
  kwdPatterns: Pattern[];
}
export interface MatchStar extends Node<"MatchStar"> {
  name: string | null;
}
export interface MatchAs extends Node<"MatchAs"> {
  pattern: Pattern | null;
  name: string | null;
}
export interface MatchOr extends Node<"MatchOr"> {
  patterns: Pattern[];
}
export type Pattern =
  | MatchValue
  | MatchSingleton
  | MatchSequence
  | MatchMapping
  | MatchClass
  | MatchStar
  | MatchAs
  | MatchOr;

/** A whole source: statements, or for `eval` one expression statement. */
export interface Module {
  body: Stmt[];
}
