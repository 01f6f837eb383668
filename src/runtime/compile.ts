/** Compiling on the interpreter loop: for the program itself, and for carriers that ask. */
import { type Compiled, compileProbed, compileWarning } from "../compiler/compile.js";
import type { ProbePlace, ProbeRequest } from "../compiler/probe.js";
import type { SourceWarning } from "../compiler/warnings.js";
import { decodeSource } from "../syntax/encoding.js";
import { formatSyntaxError, PySyntaxError } from "../syntax/error.js";
import type { CompileError, CompileResult } from "../vm/host.js";
import type { CompileRequest } from "./protocol.js";

/** Who wants probes, and is told where they came to stand. */
export interface Prober {
  /** Those in the file called so, which is no program but imported. */
  probesIn(filename: string): readonly ProbeRequest[];
  placed(requests: readonly ProbeRequest[], places: readonly (ProbePlace | null)[]): void;
}

/**
 * What a carrier asked for, compiled, with the probes that `prober` wants in it. Never throws: a
 * defect becomes an error the guest sees.
 */
export function compileForCarrier(request: CompileRequest, prober: Prober | null): CompileResult {
  const { source, filename, mode, flags } = request;
  const wanted = mode === "exec" ? (prober?.probesIn(filename) ?? []) : [];
  try {
    if (wanted.length === 0) return compileWarning(source, filename, mode, flags);
    const { unit, warnings, places } = compileProbed(source, filename, wanted, flags);
    prober!.placed(wanted, places);
    return { unit, warnings };
  } catch (error) {
    return { error: describe(error, filename) };
  }
}

/**
 * Compile the bytes of a program, with the probes that are wanted: its unit and where they stand
 * (null: there is no statement), or the text that CPython prints about it.
 */
export function compileProgram(
  source: Uint8Array,
  filename: string,
  requests: readonly ProbeRequest[],
): (Compiled & { places: (ProbePlace | null)[] }) | { text: string } {
  try {
    return compileProbed(decodeSource(source, filename), filename, requests);
  } catch (error) {
    if (error instanceof PySyntaxError) return { text: formatSyntaxError(error) };
    throw error;
  }
}

/** What CPython prints of a program's warnings before it runs; `source` is null for no file. */
export function formatWarnings(
  warnings: readonly SourceWarning[],
  filename: string,
  source: Uint8Array | null,
): string {
  if (warnings.length === 0) return "";
  const lines = source === null ? [] : decodeSource(source, filename).split("\n");
  return warnings
    .map(({ msg, line }) => {
      const text = lines[line - 1]?.trim() ?? "";
      const shown = text === "" ? "" : `  ${text}\n`;
      return `${filename}:${line}: SyntaxWarning: ${msg}\n${shown}`;
    })
    .join("");
}

function describe(error: unknown, filename: string): CompileError {
  if (error instanceof PySyntaxError) {
    const { type, msg, lineno, offset, endLineno, endOffset, text } = error;
    return { type, msg, filename: error.filename, lineno, offset, endLineno, endOffset, text };
  }
  const nothing = { lineno: null, offset: null, endLineno: null, endOffset: null, text: null };
  if (error instanceof RangeError) {
    const msg = "too many nested parentheses";
    return { type: "RecursionError", msg, filename, ...nothing };
  }
  throw error;
}
