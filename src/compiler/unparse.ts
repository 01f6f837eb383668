/**
 * Expressions back to text, for annotations under `from __future__ import annotations`: the
 * spelling of CPython 3.11's ast_unparse.c.
 */

import type * as tree from "../syntax/tree.js";
import { reprConstant, reprFloat, reprStr } from "./repr.js";

const enum Level {
  Tuple,
  Test,
  Or,
  And,
  Not,
  Compare,
  BitOr,
  BitXor,
  BitAnd,
  Shift,
  Arith,
  Term,
  Factor,
  Power,
  Await,
  Atom,
}

const BINARY: Record<tree.BinaryOperator, [symbol: string, level: number]> = {
  Add: [" + ", Level.Arith],
  Sub: [" - ", Level.Arith],
  Mult: [" * ", Level.Term],
  MatMult: [" @ ", Level.Term],
  Div: [" / ", Level.Term],
  Mod: [" % ", Level.Term],
  FloorDiv: [" // ", Level.Term],
  LShift: [" << ", Level.Shift],
  RShift: [" >> ", Level.Shift],
  BitOr: [" | ", Level.BitOr],
  BitXor: [" ^ ", Level.BitXor],
  BitAnd: [" & ", Level.BitAnd],
  Pow: [" ** ", Level.Power],
};

const UNARY: Record<tree.UnaryOperator, [symbol: string, level: number]> = {
  Invert: ["~", Level.Factor],
  Not: ["not ", Level.Not],
  UAdd: ["+", Level.Factor],
  USub: ["-", Level.Factor],
};

const COMPARE: Record<tree.CompareOperator, string> = {
  Eq: " == ",
  NotEq: " != ",
  Lt: " < ",
  LtE: " <= ",
  Gt: " > ",
  GtE: " >= ",
  Is: " is ",
  IsNot: " is not ",
  In: " in ",
  NotIn: " not in ",
};

/** The text of an expression. */
export function unparse(expr: tree.Expr): string {
  return text(expr, Level.Test);
}

function wrap(inner: string, parenthesize: boolean): string {
  return parenthesize ? `(${inner})` : inner;
}

function list(exprs: tree.Expr[]): string {
  return exprs.map((expr) => text(expr, Level.Test)).join(", ");
}

function text(expr: tree.Expr, level: number): string {
  switch (expr.kind) {
    case "BoolOp": {
      const own = expr.op === "And" ? Level.And : Level.Or;
      const parts = expr.values.map((value) => text(value, own + 1));
      return wrap(parts.join(expr.op === "And" ? " and " : " or "), level > own);
    }
    case "BinOp": {
      const [symbol, own] = BINARY[expr.op];
      // Power binds to the right.
      const right = expr.op === "Pow";
      const left = text(expr.left, own + (right ? 1 : 0));
      return wrap(left + symbol + text(expr.right, own + (right ? 0 : 1)), level > own);
    }
    case "UnaryOp": {
      const [symbol, own] = UNARY[expr.op];
      return wrap(symbol + text(expr.operand, own), level > own);
    }
    case "Lambda": {
      const args = parameters(expr.args);
      const head = args === "" ? "lambda" : `lambda ${args}`;
      return wrap(`${head}: ${text(expr.body, Level.Test)}`, level > Level.Test);
    }
    case "IfExp": {
      const body = text(expr.body, Level.Test + 1);
      const test = text(expr.test, Level.Test + 1);
      return wrap(`${body} if ${test} else ${text(expr.orelse, Level.Test)}`, level > Level.Test);
    }
    case "Dict": {
      const items = expr.values.map((value, i) => {
        const key = expr.keys[i];
        if (key === null) return `**${text(value, Level.BitOr)}`;
        return `${text(key, Level.Test)}: ${text(value, Level.Test)}`;
      });
      return `{${items.join(", ")}}`;
    }
    case "Set":
      return `{${list(expr.elts)}}`;
    case "GeneratorExp":
      return `(${text(expr.elt, Level.Test)}${generators(expr.generators)})`;
    case "ListComp":
      return `[${text(expr.elt, Level.Test)}${generators(expr.generators)}]`;
    case "SetComp":
      return `{${text(expr.elt, Level.Test)}${generators(expr.generators)}}`;
    case "DictComp": {
      const pair = `${text(expr.key, Level.Test)}: ${text(expr.value, Level.Test)}`;
      return `{${pair}${generators(expr.generators)}}`;
    }
    case "Yield":
      return expr.value === null ? "(yield)" : `(yield ${text(expr.value, Level.Test)})`;
    case "YieldFrom":
      return `(yield from ${text(expr.value, Level.Test)})`;
    case "Await":
      return wrap(`await ${text(expr.value, Level.Atom)}`, level > Level.Await);
    case "Compare": {
      let out = text(expr.left, Level.Compare + 1);
      expr.ops.forEach((op, i) => {
        out += COMPARE[op] + text(expr.comparators[i], Level.Compare + 1);
      });
      return wrap(out, level > Level.Compare);
    }
    case "Call":
      return call(expr);
    case "Constant":
      return constant(expr.value);
    case "JoinedStr":
    case "FormattedValue":
      return `f${reprStr(formatText(expr))}`;
    case "Attribute": {
      const { value } = expr;
      // `1.real` would be a malformed number.
      const isInt = value.kind === "Constant" && value.value.kind === "int";
      return `${text(value, Level.Atom)}${isInt ? " ." : "."}${expr.attr}`;
    }
    case "Starred":
      return `*${text(expr.value, Level.BitOr)}`;
    case "Name":
      return expr.id;
    case "List":
      return `[${list(expr.elts)}]`;
    case "Tuple":
      if (expr.elts.length === 0) return "()";
      return wrap(
        expr.elts.length === 1 ? `${text(expr.elts[0], Level.Test)},` : list(expr.elts),
        level > Level.Tuple,
      );
    case "Subscript":
      return `${text(expr.value, Level.Atom)}[${text(expr.slice, Level.Tuple)}]`;
    case "Slice":
      return slice(expr);
    case "NamedExpr":
      return `(${text(expr.target, Level.Atom)} := ${text(expr.value, Level.Atom)})`;
  }
}

function constant(value: tree.ConstantValue): string {
  if (value.kind === "ellipsis") return "...";
  if (value.kind === "float" && !Number.isFinite(value.value)) return "1e309";
  if (value.kind === "complex" && !Number.isFinite(value.imag)) return "1e309j";
  if (value.kind === "float") return reprFloat(value.value);
  return reprConstant(value);
}

function slice(expr: tree.Slice): string {
  const part = (value: tree.Expr | null) => (value === null ? "" : text(value, Level.Test));
  const step = expr.step === null ? "" : `:${part(expr.step)}`;
  return `${part(expr.lower)}:${part(expr.upper)}${step}`;
}

function call(expr: tree.Call): string {
  const only = expr.args[0];
  if (expr.args.length === 1 && expr.keywords.length === 0 && only.kind === "GeneratorExp") {
    return text(expr.func, Level.Atom) + text(only, Level.Test);
  }
  const args = expr.args.map((arg) => text(arg, Level.Test));
  for (const { arg, value } of expr.keywords) {
    args.push(`${arg === null ? "**" : `${arg}=`}${text(value, Level.Test)}`);
  }
  return `${text(expr.func, Level.Atom)}(${args.join(", ")})`;
}

function generators(items: tree.Comprehension[]): string {
  return items
    .map((item) => {
      const head = item.isAsync ? " async for " : " for ";
      const ifs = item.ifs.map((test) => ` if ${text(test, Level.Test + 1)}`).join("");
      return `${head}${text(item.target, Level.Tuple)} in ${text(item.iter, Level.Test + 1)}${ifs}`;
    })
    .join("");
}

function parameters(args: tree.Arguments): string {
  const parts: string[] = [];
  const plain = [...args.posonlyargs, ...args.args];
  plain.forEach((arg, i) => {
    const value = args.defaults[i - (plain.length - args.defaults.length)];
    parts.push(value === undefined ? arg.arg : `${arg.arg}=${text(value, Level.Test)}`);
    if (i + 1 === args.posonlyargs.length) parts.push("/");
  });
  if (args.vararg !== null) parts.push(`*${args.vararg.arg}`);
  else if (args.kwonlyargs.length > 0) parts.push("*");
  args.kwonlyargs.forEach((arg, i) => {
    const value = args.kwDefaults[i];
    parts.push(value === null ? arg.arg : `${arg.arg}=${text(value, Level.Test)}`);
  });
  if (args.kwarg !== null) parts.push(`**${args.kwarg.arg}`);
  return parts.join(", ");
}

function formatText(expr: tree.Expr): string {
  switch (expr.kind) {
    case "JoinedStr":
      return expr.values.map(formatText).join("");
    case "FormattedValue": {
      const value = text(expr.value, Level.Test + 1);
      const open = value.startsWith("{") ? "{ " : "{";
      const conversion = expr.conversion < 0 ? "" : `!${String.fromCharCode(expr.conversion)}`;
      const spec = expr.formatSpec === null ? "" : `:${formatText(expr.formatSpec)}`;
      return `${open}${value}${conversion}${spec}}`;
    }
    case "Constant":
      if (expr.value.kind !== "str") return constant(expr.value);
      return expr.value.value.replace(/[{}]/g, "$&$&");
    default:
      return text(expr, Level.Test);
  }
}
