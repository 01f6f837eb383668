/** `from __future__ import` statements at the head of a module (CPython's future.c). */

import type { Source } from "../syntax/source.js";
import type * as tree from "../syntax/tree.js";

const FUTURE_FLAGS: Record<string, number> = {
  nested_scopes: 0,
  generators: 0,
  division: 0,
  absolute_import: 0,
  with_statement: 0,
  print_function: 0,
  unicode_literals: 0,
  barry_as_FLUFL: 0x400000,
  generator_stop: 0,
  annotations: 0x1000000,
};

/** Every bit that a future import may set. */
const ALL_FUTURE_FLAGS = 0x1fe0000;

/** What the future imports of a module ask for. */
export interface Futures {
  flags: number;
  /** Line of the last one; others must not come later. */
  line: number;
  annotations: boolean;
}

/** Reads the future imports that stand before anything else but the docstring. */
export function findFutures(module: tree.Module, source: Source, inherited: number): Futures {
  let flags = inherited & ALL_FUTURE_FLAGS;
  let line = -1;
  for (let i = 0; i < module.body.length; i += 1) {
    const stmt = module.body[i];
    const isDoc =
      i === 0 &&
      stmt.kind === "Expr" &&
      stmt.value.kind === "Constant" &&
      stmt.value.value.kind === "str";
    if (isDoc) continue;
    if (stmt.kind !== "ImportFrom" || stmt.module !== "__future__" || stmt.level !== 0) break;
    for (const { name } of stmt.names) {
      const flag = FUTURE_FLAGS[name];
      if (flag === undefined) {
        const msg = name === "braces" ? "not a chance" : `future feature ${name} is not defined`;
        throw source.errorAt("SyntaxError", msg, { ...stmt, endCol: -1 });
      }
      flags |= flag;
    }
    line = stmt.line;
  }
  return { flags, line, annotations: (flags & FUTURE_FLAGS["annotations"]) !== 0 };
}
