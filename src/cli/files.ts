/** `takegil export` and `dis`: verbs that turn one file into another, and what they share. */
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { compileModule } from "../compiler/compile.js";
import { disassemble } from "../compiler/dis.js";
import { toChrome } from "../report/chrome.js";
import { toPerfetto } from "../report/perfetto.js";
import { formatSyntaxError, PySyntaxError } from "../syntax/error.js";
import { readTrace, type Trace, TraceFileError } from "../trace/file.js";
import { fileProblem, UsageError } from "./failure.js";

function read(path: string): Uint8Array {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** Write a file, or to standard output. */
export function write(path: string, content: string | Uint8Array): void {
  try {
    if (path === "-") writeSync(1, typeof content === "string" ? Buffer.from(content) : content);
    else writeFileSync(path, content);
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** Read a trace file; what is wrong with it is one line for the user. */
export function loadTrace(path: string): Trace {
  const bytes = read(path);
  try {
    return readTrace(bytes);
  } catch (error) {
    if (error instanceof TraceFileError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Say where the result is and what to do with it. */
export function announce(path: string, next: string): void {
  if (path !== "-") process.stderr.write(`written: ${path}\nnext: ${next}\n`);
}

/** Formats of `takegil export`, with the ending of their files. */
export const exportFormats = { perfetto: "pftrace", chrome: "json" } as const;

/** Write a trace in another tool's format. */
export function exportTrace(
  tracePath: string,
  format: keyof typeof exportFormats,
  output: string | undefined,
): void {
  const trace = loadTrace(tracePath);
  const path = output ?? `${tracePath.replace(/\.[^./]*$/, "")}.${exportFormats[format]}`;
  write(path, format === "perfetto" ? toPerfetto(trace) : toChrome(trace));
  const viewer = format === "perfetto" ? "https://ui.perfetto.dev" : "chrome://tracing";
  announce(path, `open ${path} in ${viewer}`);
}

/** Print the bytecode of a program; the exit status. */
export function dis(path: string): number {
  const source = new TextDecoder().decode(read(path));
  try {
    write("-", disassemble(compileModule(source, path === "-" ? "<stdin>" : path)));
    return 0;
  } catch (error) {
    if (!(error instanceof PySyntaxError)) throw error;
    process.stderr.write(formatSyntaxError(error));
    return 1;
  }
}
