/**
 * Build step: compiles the library modules written in Python, `src/stdlib/python/**.py`, and writes
 * them to `dist/library` as serialized code units, each beside a copy of its source (tracebacks
 * show its lines). A package's unit is `NAME/__init__.unit`.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { compileModule } from "./compile.js";

const SOURCE = fileURLToPath(new URL("../../../src/stdlib/python/", import.meta.url));
const TARGET = fileURLToPath(new URL("../../library/", import.meta.url));

rmSync(TARGET, { recursive: true, force: true });
for (const entry of readdirSync(SOURCE, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".py")) continue;
  const source = join(entry.parentPath, entry.name);
  const target = join(TARGET, relative(SOURCE, source));
  mkdirSync(dirname(target), { recursive: true });
  // The file name is filled in by the loader: the built package may be moved.
  const unit = compileModule(readFileSync(source, "utf8"), "");
  writeFileSync(target.replace(/\.py$/, ".unit"), serialize(unit));
  copyFileSync(source, target);
}
