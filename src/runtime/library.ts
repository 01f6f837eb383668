/** Loading the library modules that the build compiled from Python (compiler/freeze.ts). */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import type { CodeUnit } from "../compiler/unit.js";

/** Where the library's modules are, with a slash at its end. */
export const LIBRARY_FOLDER = fileURLToPath(new URL("../../library/", import.meta.url));

/** Is `file` the source of one of the library's modules, as their code objects name it? */
export function isLibraryFile(file: string): boolean {
  return file.startsWith(LIBRARY_FOLDER);
}

/** The library module `name` (dotted), as {@link Host.libraryModule} wants it, or null. */
export function loadLibraryModule(name: string): { unit: CodeUnit; isPackage: boolean } | null {
  if (!/^[\w.]+$/.test(name)) return null;
  const path = LIBRARY_FOLDER + name.replaceAll(".", "/");
  for (const [base, isPackage] of [
    [path, false],
    [`${path}/__init__`, true],
  ] as const) {
    if (!existsSync(`${base}.unit`)) continue;
    const unit = deserialize(readFileSync(`${base}.unit`)) as CodeUnit;
    setFileName(unit, `${base}.py`);
    return { unit, isPackage };
  }
  return null;
}

/** Name the file that a unit and those within it come from. */
export function setFileName(unit: CodeUnit, filename: string): void {
  unit.filename = filename;
  for (const constant of unit.consts) {
    if (constant.kind === "code") setFileName(constant.unit, filename);
  }
}
