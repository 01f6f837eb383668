/**
 * Loading packs: the runtime's modules bundled by the build (packing.ts) into a file an entry
 * point, each with V8's code cache beside it. Loading 170 modules one by one takes 170 ms of a
 * carrier's start, a pack 15. A pack is a CommonJS script: V8 caches the code of scripts only.
 *
 * Packs are an optimisation: without them, or when `tsc` has run after they were made, the modules
 * are loaded themselves.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import "./tiering.cjs";

// At the depth of the modules it is made of, so that their relative URLs hold.
const FOLDER = `${__dirname}/../pack/`;
/** Changed by each run of `tsc`; not part of the published package. */
const COMPILED = `${__dirname}/../../.tsbuildinfo`;

/** Asks for the code caches, once the code has run: set by the build alone. */
export const isPacking = process.env.TAKEGIL_PACKING !== undefined;

const scripts = new Map<string, Script>();
const loaded = new Map<string, { exports: unknown }>();

/** What the pack of the entry point `name` exports, or null when there is none of this build. */
export function loadPack(name: string): unknown {
  const made = modified(`${FOLDER}${name}.js`);
  return made > 0 && made >= modified(COMPILED) ? load(`${name}.js`) : null;
}

/** Write the code caches of all packs loaded by this thread, with what has been compiled so far. */
export function saveCodeCaches(): void {
  for (const [path, script] of scripts) {
    // Under a name of its own first: a process that starts meanwhile must not read half of it.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, cachePath(path));
  }
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function cachePath(path: string): string {
  return `${path}.cache`;
}

function load(file: string): unknown {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const path = FOLDER + file;
  const code = readFileSync(path, "latin1");
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${code}\n})`,
    {
      filename: path,
      cachedData: readCache(path),
    },
  );
  if (isPacking) scripts.set(path, script);
  const module = { exports: {} as unknown };
  loaded.set(file, module);
  script.runInThisContext()(module.exports, requireFromPack, module, path, FOLDER);
  return module.exports;
}

/** The code cache of a pack; V8 itself refuses one of another version or other flags. */
function readCache(path: string): Buffer | undefined {
  if (isPacking) return undefined;
  try {
    return readFileSync(cachePath(path));
  } catch {
    return undefined;
  }
}

function requireFromPack(specifier: string): unknown {
  return specifier.startsWith("./") ? load(specifier.slice(2)) : require(specifier);
}
