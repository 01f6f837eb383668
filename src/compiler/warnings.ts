/**
 * What CPython's compiler warns of (SyntaxWarning): comparisons with `is` and a literal, calls and
 * subscripts of what cannot be called or subscripted, assertions of a tuple. After check_compare,
 * check_caller, check_subscripter, check_index and compiler_assert in Python/compile.c of 3.11; the
 * tree must be folded, as theirs is.
 */
import type * as tree from "../syntax/tree.js";

/** One SyntaxWarning: its text, and the node that it is about. */
export interface SourceWarning extends tree.Position {
  msg: string;
}

type Visited = { kind?: string } & Record<string, unknown>;

/** The warnings of a module, in the order of the source. */
export function findWarnings(module: tree.Module, futureAnnotations: boolean): SourceWarning[] {
  const found: SourceWarning[] = [];
  const warn = (node: tree.Position, msg: string): void => {
    const { line, col, endLine, endCol } = node;
    found.push({ msg, line, col, endLine, endCol });
  };
  const visit = (value: unknown, inFunction: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, inFunction);
      return;
    }
    const node = value as Visited;
    check(node as unknown as tree.Expr | tree.Stmt, warn);
    const inner =
      node.kind === "FunctionDef" || node.kind === "AsyncFunctionDef"
        ? true
        : node.kind !== "ClassDef" && inFunction;
    for (const [field, child] of Object.entries(node)) {
      if (field === "value" && node.kind === "Constant") continue;
      // Annotations of local variables are never evaluated, others not as code under the future.
      const annotation = field === "annotation" || field === "returns";
      if (annotation && (futureAnnotations || (node.kind === "AnnAssign" && inFunction))) continue;
      visit(child, inner);
    }
  };
  visit(module.body, false);
  return found;
}

function check(
  node: tree.Expr | tree.Stmt,
  warn: (node: tree.Position, msg: string) => void,
): void {
  switch (node.kind) {
    case "Compare":
      checkCompare(node, warn);
      break;
    case "Call":
      if (UNCALLABLE.has(node.func.kind)) {
        warn(node, `'${typeOf(node.func)}' object is not callable; ${HINT}`);
      }
      break;
    case "Subscript":
      if (node.ctx !== "Load") break;
      if (cannotSubscript(node.value)) {
        warn(node, `'${typeOf(node.value)}' object is not subscriptable; ${HINT}`);
      } else checkIndex(node, warn);
      break;
    case "Assert":
      if (isFilledTuple(node.test)) {
        warn(node, "assertion is always true, perhaps remove parentheses?");
      }
      break;
  }
}

const HINT = "perhaps you missed a comma?";

const UNCALLABLE: ReadonlySet<string> = new Set([
  "Constant",
  "Tuple",
  "List",
  "ListComp",
  "Dict",
  "DictComp",
  "Set",
  "SetComp",
  "GeneratorExp",
  "JoinedStr",
  "FormattedValue",
]);

function checkCompare(node: tree.Compare, warn: (node: tree.Position, msg: string) => void): void {
  let left = node.left;
  for (const [i, right] of node.comparators.entries()) {
    const op = node.ops[i];
    if ((op === "Is" || op === "IsNot") && (isLiteral(left) || isLiteral(right))) {
      const [written, meant] = op === "Is" ? ["is", "=="] : ["is not", "!="];
      warn(node, `"${written}" with a literal. Did you mean "${meant}"?`);
      return;
    }
    left = right;
  }
}

/** A constant that other code need not share: no singleton. */
function isLiteral(node: tree.Expr): boolean {
  return node.kind === "Constant" && !SINGLETONS.has(node.value.kind);
}

const SINGLETONS: ReadonlySet<string> = new Set(["none", "true", "false", "ellipsis"]);

function cannotSubscript(node: tree.Expr): boolean {
  switch (node.kind) {
    case "Constant":
      return !["str", "bytes", "tuple"].includes(node.value.kind);
    case "Set":
    case "SetComp":
    case "GeneratorExp":
    case "Lambda":
      return true;
    default:
      return false;
  }
}

const SEQUENCES: ReadonlySet<string> = new Set(["str", "bytes", "tuple", "list"]);

function checkIndex(node: tree.Subscript, warn: (node: tree.Position, msg: string) => void): void {
  const index = typeOf(node.slice);
  if (index === null || index === "int" || index === "bool") return;
  const sequence = typeOf(node.value);
  if (sequence === null || !SEQUENCES.has(sequence)) return;
  warn(node, `${sequence} indices must be integers or slices, not ${index}; ${HINT}`);
}

function isFilledTuple(node: tree.Expr): boolean {
  if (node.kind === "Tuple") return node.elts.length > 0;
  return node.kind === "Constant" && node.value.kind === "tuple" && node.value.items.length > 0;
}

const DISPLAYED: Readonly<Record<string, string>> = {
  Tuple: "tuple",
  List: "list",
  ListComp: "list",
  Dict: "dict",
  DictComp: "dict",
  Set: "set",
  SetComp: "set",
  GeneratorExp: "generator",
  Lambda: "function",
  JoinedStr: "str",
  FormattedValue: "str",
};

/** Name of the type that an expression has for certain, else null. */
function typeOf(node: tree.Expr): string | null {
  if (node.kind !== "Constant") return DISPLAYED[node.kind] ?? null;
  const { kind } = node.value;
  if (kind === "none") return "NoneType";
  return kind === "true" || kind === "false" ? "bool" : kind;
}
