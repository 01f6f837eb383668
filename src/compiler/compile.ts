/** Entry point of the compiler: from a source text to a code unit. */

import { PySyntaxError } from "../syntax/error.js";
import { parse } from "../syntax/parse.js";
import { Source } from "../syntax/source.js";
import type * as tree from "../syntax/tree.js";
import { CodeGenerator } from "./codegen.js";
import type { Mode } from "./emitter.js";
import { fold } from "./fold.js";
import { findFutures } from "./future.js";
import { insertProbes, type ProbePlace, type ProbeRequest } from "./probe.js";
import { buildSymbolTable } from "./symtable.js";
import type { CodeUnit } from "./unit.js";
import { findWarnings, type SourceWarning } from "./warnings.js";

export type { Mode };

/** Compiles a module. Throws PySyntaxError. */
export function compileModule(text: string, filename: string): CodeUnit {
  return compileSource(text, filename, "exec");
}

/**
 * Compiles a source as `compile()` does. `flags` are the CO_FUTURE_* bits inherited from the
 * calling code.
 */
export function compileSource(text: string, filename: string, mode: Mode, flags = 0): CodeUnit {
  return compileWarning(text, filename, mode, flags).unit;
}

/** A code unit, and what the compiler warns of. */
export interface Compiled {
  unit: CodeUnit;
  warnings: SourceWarning[];
}

/** As {@link compileSource}, with its warnings. */
export function compileWarning(
  text: string,
  filename: string,
  mode: Mode,
  flags: number,
): Compiled {
  return withinStack(filename, () => {
    const source = new Source(text, filename);
    return compileTree(parse(source, mode), source, mode, flags);
  });
}

/** Compiles a module with the probes that are wanted, and says where they stand. */
export function compileProbed(
  text: string,
  filename: string,
  requests: readonly ProbeRequest[],
  flags = 0,
): Compiled & { places: (ProbePlace | null)[] } {
  return withinStack(filename, () => {
    const source = new Source(text, filename);
    const module = parse(source, "exec");
    const places = insertProbes(module, requests);
    return { ...compileTree(module, source, "exec", flags), places };
  });
}

function withinStack<R>(filename: string, compile: () => R): R {
  try {
    return compile();
  } catch (fault) {
    // CPython counts the depth of the tree; here the end of the stack is the limit.
    if (!(fault instanceof RangeError && fault.message.includes("call stack"))) throw fault;
    throw recursionError(filename);
  }
}

function recursionError(filename: string): PySyntaxError {
  const source = new Source("", filename);
  return source.plainError("RecursionError", "maximum recursion depth exceeded during compilation");
}

function compileTree(module: tree.Module, source: Source, mode: Mode, flags: number): Compiled {
  const futures = findFutures(module, source, flags);
  fold(module, futures.annotations);
  const table = buildSymbolTable(module, source, futures.annotations);
  const generator = new CodeGenerator(source, table, {
    mode,
    futureFlags: futures.flags,
    futureLine: futures.line,
    futureAnnotations: futures.annotations,
  });
  return { unit: generator.module(module), warnings: findWarnings(module, futures.annotations) };
}
