/**
 * `-m NAME`: find a module as `import` does and run it, or its package's `__main__`, as `__main__`.
 */
import { type Addr, heap } from "../memory/heap.js";
import { setItem } from "../object/abstract.js";
import { moduleDefs } from "../object/define.js";
import { dictGetStr, dictSetStr } from "../object/dict.js";
import { exceptionMatches, restorePending, takePending, typeName } from "../object/errors.js";
import { decref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { ModuleObject } from "../object/layout.js";
import { strObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { S, T } from "../object/types.js";
import { getHost } from "./host.js";
import { type Found, find, findInPackage, importPath } from "./import.js";
import { reportUncaught, runMain } from "./interpreter.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const ID_package = identifier("__package__");
const ID_cached = identifier("__cached__");
const ID_argv = identifier("argv");

/** Run the module `name` as the program; its exit status. What cannot be run ends in one line. */
export function runMainModule(name: string): number {
  const found = findRunnable(name);
  if (found === null) return reportUncaught();
  if (typeof found === "string") {
    getHost().writeOut(2, new TextEncoder().encode(`takegil: ${found}\n`));
    return 1;
  }
  const { unit } = found;
  // A namespace package without __main__ was refused above: a file was found.
  if (unit === null) return reportUncaught();
  const dict = I32[I32[VmState.MainModule] + ModuleObject.Dict];
  const packageName = newStr(found.packageName);
  const file = newStr(found.file);
  const argv = dictGetStr(I32[VmState.SysDict], ID_argv);
  const ready =
    packageName !== 0 &&
    file !== 0 &&
    dictSetStr(dict, ID_package, packageName) === 0 &&
    dictSetStr(dict, ID_cached, S.None) === 0 &&
    (argv === 0 || setItem(argv, S.Zero, file) === 0);
  if (packageName !== 0) decref(packageName);
  if (file !== 0) decref(file);
  return ready ? runMain(unit, found.file) : reportUncaught();
}

type Runnable = Found & { packageName: string };

/** What `-m name` runs; the user's line when there is nothing; null with an exception pending. */
function findRunnable(name: string): Runnable | string | null {
  const cut = name.lastIndexOf(".");
  if (cut < 0 && moduleDefs.has(name)) return `No code object available for ${name}`;
  let parent: Addr = 0;
  if (cut >= 0) {
    parent = importPath(name.slice(0, cut));
    if (parent === 0) return describeMissing(name, true);
  }
  const found = parent === 0 ? find(name, name, 0) : findInPackage(name, parent);
  if (parent !== 0) decref(parent);
  if (found === null) return describeMissing(name, false);
  if (found.directories === null) return { ...found, packageName: name.slice(0, Math.max(cut, 0)) };
  return findMainOf(name);
}

function findMainOf(name: string): Runnable | string | null {
  const module = importPath(name);
  if (module === 0) return null;
  const main = findInPackage(`${name}.__main__`, module);
  decref(module);
  if (main !== null) return { ...main, packageName: name };
  const reason = `; '${name}' is a package and cannot be directly executed`;
  const text = describeMissing(`${name}.__main__`, false);
  return text === null ? null : text + reason;
}

/** The line for a pending ModuleNotFoundError; null when something else is pending. */
function describeMissing(name: string, inParent: boolean): string | null {
  const exc = takePending();
  if (!exceptionMatches(exc, T.ModuleNotFoundError)) {
    restorePending(exc);
    return null;
  }
  const text = strObject(exc);
  const message = text === 0 ? "" : getString(text);
  if (text !== 0) decref(text);
  const type = typeName(exc);
  decref(exc);
  if (!inParent) return `No module named ${name}`;
  return `Error while finding module specification for '${name}' (${type}: ${message})`;
}
