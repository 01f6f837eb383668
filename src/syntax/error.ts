/**
 * Errors of the front end. They carry what CPython's SyntaxError carries, and print as its
 * traceback printer does (Python/traceback.c and pythonrun.c at 3.11).
 */

export type SyntaxErrorType =
  | "SyntaxError"
  | "IndentationError"
  | "TabError"
  | "ValueError"
  | "MemoryError"
  | "RecursionError"
  | "OverflowError";

/** Where an error is: lines and columns from 1, in characters; 0 or -1 where there is none. */
export interface ErrorPlace {
  filename: string;
  lineno: number;
  offset: number;
  endLineno: number;
  endOffset: number;
  /** The source line with its line end, or null. */
  text: string | null;
}

/** An error found while reading, parsing or compiling a Python source. */
export class PySyntaxError extends Error {
  readonly filename: string;
  readonly lineno: number;
  readonly offset: number;
  readonly endLineno: number;
  readonly endOffset: number;
  text: string | null;

  constructor(
    readonly type: SyntaxErrorType,
    readonly msg: string,
    place: ErrorPlace,
  ) {
    super(`${type}: ${msg} (${place.filename}, line ${place.lineno})`);
    this.name = "PySyntaxError";
    this.filename = place.filename;
    this.lineno = place.lineno;
    this.offset = place.offset;
    this.endLineno = place.endLineno;
    this.endOffset = place.endOffset;
    this.text = place.text;
  }
}

/** Whether the error is a SyntaxError or one of its subclasses, which know their place. */
export function isSyntaxErrorType(type: SyntaxErrorType): boolean {
  return type === "SyntaxError" || type === "IndentationError" || type === "TabError";
}

/** The text that CPython 3.11 prints on stderr for an uncaught error of this kind. */
export function formatSyntaxError(error: PySyntaxError): string {
  const last = error.msg === "" ? `${error.type}\n` : `${error.type}: ${error.msg}\n`;
  if (!isSyntaxErrorType(error.type) || error.lineno === 0) return last;
  let out = `  File "${error.filename}", line ${error.lineno}\n`;
  if (error.text !== null) out += formatLine(error);
  return out + last;
}

/** The source line, its indentation replaced by four spaces, and the carets below it. */
function formatLine(error: PySyntaxError): string {
  const line = Array.from(error.text!.replace(/\n+$/, ""));
  let indent = 0;
  while (indent < line.length && /[ \t\f]/.test(line[indent])) indent += 1;
  const shown = line.slice(indent).join("");
  let out = `    ${shown}\n`;
  if (error.offset < 1) return out;
  let endOffset = error.endOffset;
  if (error.endLineno !== error.lineno && error.endLineno > 0) endOffset = line.length + 1;
  const start = error.offset - 1 - indent;
  const end = (endOffset <= 0 || endOffset === error.offset ? error.offset + 1 : endOffset) - 1;
  if (start < 0) return out;
  // Only a plain SyntaxError shows its whole range.
  const width = error.type === "SyntaxError" ? Math.max(1, end - indent - start) : 1;
  out += `    ${" ".repeat(start)}${"^".repeat(width)}\n`;
  return out;
}
