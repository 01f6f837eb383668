/**
 * Import: `sys.modules`, the builtin modules, library modules written in Python, then files and
 * packages on `sys.path`. A module is in `sys.modules` before its body runs, so that circular
 * imports see it half made, and leaves again when its body raises.
 */

import type { CodeUnit } from "../compiler/unit.js";
import type { SourceWarning } from "../compiler/warnings.js";
import { type Addr, heap } from "../memory/heap.js";
import { getIter, iterNext, setItem } from "../object/abstract.js";
import { getAttr, getAttrOptional, setAttr } from "../object/attribute.js";
import { call4, callObject } from "../object/call.js";
import { moduleDefs } from "../object/define.js";
import { dictDeleteStr, dictGetStr, dictSetStr } from "../object/dict.js";
import {
  clearPending,
  exceptionMatches,
  pending,
  pendingMatches,
  raise,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { newFunction } from "../object/function.js";
import { decref, incref, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { intToNumber, newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import { FunctionObject, ListObject, ModuleObject } from "../object/layout.js";
import { newList } from "../object/list.js";
import { addModuleFunctions, newModule } from "../object/module.js";
import { registerImporter } from "../object/reduction.js";
import { getString, isStr, newStr, reprStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { S, T } from "../object/types.js";
import { runBody } from "./call.js";
import { newCode } from "./code.js";
import { getHost } from "./host.js";
import { awaitImport, beginImport, endImport, isInitializing } from "./importlock.js";
import { raiseCompileError, raiseImportError } from "./sourceerrors.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const ID_name = identifier("__name__");
const ID_path = identifier("__path__");
const ID_file = identifier("__file__");
const ID_package = identifier("__package__");
const ID_all = identifier("__all__");
const ID_dict = identifier("__dict__");
const ID_builtins = identifier("__builtins__");
const ID_sysPath = identifier("path");
const ID_import = identifier("__import__");
const ID_doc = identifier("__doc__");
const ID_nameAttribute = identifier("name");
const ID_cached = identifier("__cached__");
const ID_warnExplicit = identifier("warn_explicit");

/** The dict `sys.modules`; borrowed. */
export function getModules(): Addr {
  return I32[VmState.Modules];
}

/** The `builtins` module's dict; borrowed. */
export function getBuiltinsDict(): Addr {
  return I32[VmState.Builtins];
}

/** IMPORT_NAME: honours a replaced `builtins.__import__`. All arguments are borrowed. */
export function importName(callee: Addr, name: Addr, fromList: Addr, level: Addr): Addr {
  const hook = dictGetStr(I32[callee + FunctionObject.Builtins], ID_import);
  if (hook === 0) return raise(T.ImportError, "__import__ not found");
  const globals = I32[callee + FunctionObject.Globals];
  if (hook !== I32[VmState.ImportFunction]) return callHook(hook, name, globals, fromList, level);
  return importModule(getString(name), globals, fromList, intToNumber(level));
}

function callHook(hook: Addr, name: Addr, globals: Addr, fromList: Addr, level: Addr): Addr {
  const args = thread.sp;
  I32[args] = name;
  I32[args + 1] = globals;
  I32[args + 2] = S.None;
  I32[args + 3] = fromList;
  I32[args + 4] = level;
  thread.sp = args + 5;
  const result = callObject(hook, args, 5, 0);
  thread.sp = args;
  return result;
}

/**
 * `__import__`: the module `name`, relative to the package of `globals` when `level` > 0; the
 * top package unless `fromList` is a non-empty tuple or list.
 */
export function importModule(name: string, globals: Addr, fromList: Addr, level: number): Addr {
  const absolute = level > 0 ? resolveName(name, globals, level) : name;
  if (absolute === null) return 0;
  if (absolute === "") return raise(T.ValueError, "Empty module name");
  const module = importPath(absolute);
  if (module === 0) return 0;
  const wants =
    fromList !== 0 && fromList !== S.None && I32[fromList + ListObject.Size] > 0 ? fromList : 0;
  if (wants === 0) {
    if (!name.includes(".") && level === 0) return module;
    decref(module);
    if (level === 0) return getLoaded(name.split(".", 1)[0]);
    // from . import x.y cannot be written; `import` is never relative.
    const cut = name.split(".", 1)[0];
    return getLoaded(absolute.slice(0, absolute.length - (name.length - cut.length)));
  }
  if (importSubmodules(module, absolute, wants) < 0) {
    decref(module);
    return 0;
  }
  return module;
}

function getLoaded(name: string): Addr {
  const key = newInterned(name);
  if (key === 0) return 0;
  const module = dictGetStr(getModules(), key);
  decref(key);
  if (module !== 0) return incref(module);
  return raise(T.KeyError, `'${name}'`);
}

/** The absolute name of a relative import, or null with an exception pending. */
function resolveName(name: string, globals: Addr, level: number): string | null {
  let packageName: string;
  const stated = dictGetStr(globals, ID_package);
  if (stated !== 0 && stated !== S.None) {
    if (!isStr(stated)) {
      raise(T.TypeError, "__package__ must be a string");
      return null;
    }
    packageName = getString(stated);
  } else {
    const own = dictGetStr(globals, ID_name);
    if (own === 0 || !isStr(own)) {
      raise(T.KeyError, "'__name__' not in globals");
      return null;
    }
    packageName = getString(own);
    if (dictGetStr(globals, ID_path) === 0) {
      packageName = packageName.split(".").slice(0, -1).join(".");
    }
  }
  if (packageName === "") {
    raise(T.ImportError, "attempted relative import with no known parent package");
    return null;
  }
  const parts = packageName.split(".");
  if (level - 1 >= parts.length) {
    raise(T.ImportError, "attempted relative import beyond top-level package");
    return null;
  }
  const base = parts.slice(0, parts.length - level + 1).join(".");
  return name === "" ? base : `${base}.${name}`;
}

registerImporter(importPath);

/** Import every package on the way to `name`, and `name`; a new reference to the last. */
export function importPath(name: string): Addr {
  let module: Addr = 0;
  let from = 0;
  for (;;) {
    const dot = name.indexOf(".", from);
    const part = dot < 0 ? name : name.slice(0, dot);
    const next = importOne(part, module);
    if (module !== 0) {
      if (next !== 0 && bindSubmodule(module, part, next) < 0) {
        decref(module);
        decref(next);
        return 0;
      }
      decref(module);
    }
    if (next === 0 || dot < 0) return next;
    module = next;
    from = dot + 1;
  }
}

function bindSubmodule(parent: Addr, name: string, module: Addr): number {
  const attribute = newInterned(name.slice(name.lastIndexOf(".") + 1));
  if (attribute === 0) return -1;
  const status = setAttr(parent, attribute, module);
  decref(attribute);
  return status;
}

function importOne(name: string, parent: Addr): Addr {
  const key = newInterned(name);
  if (key === 0) return 0;
  let module = getFinished(name, key);
  if (module === 0 && !pending()) module = load(name, key, parent);
  decref(key);
  return module;
}

/**
 * The module that `sys.modules` has under `key`, once no other thread runs its body; 0 when there
 * is none, or with an exception pending.
 */
function getFinished(name: string, key: Addr): Addr {
  for (;;) {
    const loaded = dictGetStr(getModules(), key);
    if (loaded === 0) return 0;
    if (loaded === S.None) return notFound(name, `import of ${name} halted; None in sys.modules`);
    incref(loaded);
    const waited = awaitImport(loaded);
    if (waited === 0) return loaded;
    // The import may have failed meanwhile: what sys.modules says now counts.
    decref(loaded);
    if (waited < 0) return 0;
  }
}

function notFound(name: string, message: string): 0 {
  return raiseImportError(T.ModuleNotFoundError, message, name, null);
}

/** Modules that CPython 3.11 has frozen, or imports from its library before a program begins. */
const FROZEN: ReadonlySet<string> = new Set([
  "_collections_abc",
  "abc",
  "codecs",
  "encodings",
  "genericpath",
  "io",
  "os",
  "posixpath",
  "runpy",
  "site",
  "stat",
]);

/** Something that can be turned into a module. */
export interface Found {
  /** Null for a namespace package, which has no file (PEP 420). */
  unit: CodeUnit | null;
  file: string;
  /** `__path__` of a package, null for a plain module. */
  directories: string[] | null;
}

function load(name: string, key: Addr, parent: Addr): Addr {
  if (parent === 0) {
    const def = moduleDefs.get(name);
    if (def !== undefined) return newRegisteredModule(name, key);
  }
  const found = parent === 0 ? find(name, name, 0) : findInPackage(name, parent);
  if (found === null) return 0;
  return executeModule(key, found);
}

/** Make the builtin module `name` and register it as `key`. */
export function newRegisteredModule(name: string, key: Addr): Addr {
  const def = moduleDefs.get(name);
  if (def === undefined) return raise(T.SystemError, `no builtin module ${name}`);
  const module = newModule(key);
  if (module === 0) return 0;
  const dict = I32[module + ModuleObject.Dict];
  const doc = def.doc === null ? incref(S.None) : newStr(def.doc);
  const ok =
    doc !== 0 &&
    dictSetStr(dict, ID_doc, doc) === 0 &&
    dictSetStr(dict, ID_package, S.EmptyStr) === 0 &&
    addModuleFunctions(module, def.functions) === 0 &&
    (def.setup === undefined || def.setup(module, dict) === 0) &&
    dictSetStr(getModules(), key, module) === 0;
  if (doc !== 0) decref(doc);
  if (ok) return module;
  decref(module);
  return 0;
}

/** Look for the submodule `name` of `parent`. Null with an exception pending. */
export function findInPackage(name: string, parent: Addr): Found | null {
  const path = getAttrOptional(parent, ID_path);
  if (path === 0) {
    const cut = name.lastIndexOf(".");
    const parentName = name.slice(0, cut);
    notFound(name, `No module named '${name}'; '${parentName}' is not a package`);
    return null;
  }
  const found = find(name, name.slice(name.lastIndexOf(".") + 1), path);
  decref(path);
  return found;
}

/**
 * Look for `tail` on `path` (a list; 0: library, then sys.path). Null with an exception pending.
 */
export function find(name: string, tail: string, path: Addr): Found | null {
  const directories = path === 0 ? sysPath() : stringItems(path);
  if (directories === null) return null;
  if (path !== 0) {
    // A package of the library: its modules are compiled already.
    const library = findInLibrary(name);
    if (library !== null && directories.includes(folderOf(library))) return library;
  } else if (FROZEN.has(name)) {
    const library = findInLibrary(name);
    if (library !== null) return library;
  }
  // The script's own directory may shadow the library, as in CPython, except what is frozen there.
  const portions: string[] = [];
  for (const directory of directories) {
    // No file has such a name; the system refuses to be asked.
    if (tail.includes("\0")) break;
    const found = findIn(directory, tail, portions);
    if (found !== undefined) return found;
  }
  const library = findInLibrary(name);
  if (library !== null) return library;
  if (portions.length > 0) return { unit: null, file: "", directories: portions };
  const text = newStr(name);
  const shown = text === 0 ? 0 : reprStr(text);
  if (shown !== 0) notFound(name, `No module named ${getString(shown)}`);
  xdecref(text);
  xdecref(shown);
  return null;
}

function findInLibrary(name: string): Found | null {
  const library = getHost().libraryModule(name);
  if (library === null) return null;
  const file = library.unit.filename;
  const directories = library.isPackage ? [file.replace(/\/__init__\.py$/, "")] : null;
  return { unit: library.unit, file, directories };
}

/** The directory that a module's package lists in its `__path__`. */
function folderOf(module: Found): string {
  return (module.directories?.[0] ?? module.file).replace(/\/[^/]*$/, "");
}

function sysPath(): string[] | null {
  const list = dictGetStr(I32[VmState.SysDict], ID_sysPath);
  if (list === 0) {
    raise(T.RuntimeError, "sys.path must be a list of directory names");
    return null;
  }
  return stringItems(list);
}

function stringItems(iterable: Addr): string[] | null {
  const iterator = getIter(iterable);
  if (iterator === 0) return null;
  const out: string[] = [];
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    if (isStr(item)) out.push(getString(item));
    decref(item);
  }
  decref(iterator);
  return out;
}

/**
 * A package or module file in one directory; undefined when there is none, null when it is bad. A
 * directory without `__init__.py` is added to `portions`.
 */
function findIn(directory: string, tail: string, portions: string[]): Found | null | undefined {
  const host = getHost();
  const base = directory === "" ? tail : `${directory.replace(/\/+$/, "")}/${tail}`;
  if (host.isDirectory(base)) {
    const file = `${base}/__init__.py`;
    const bytes = host.readFile(file);
    if (bytes !== null) return compileFile(bytes, file, [base]);
    portions.push(base);
  }
  const file = `${base}.py`;
  const bytes = host.readFile(file);
  return bytes === null ? undefined : compileFile(bytes, file, null);
}

function compileFile(bytes: Uint8Array, file: string, directories: string[] | null): Found | null {
  const unit = compileBytes(bytes, file);
  return unit === null ? null : { unit, file, directories };
}

/** Compile the bytes of a source file; null with SyntaxError pending. */
export function compileBytes(bytes: Uint8Array, file: string): CodeUnit | null {
  return compileText(new TextDecoder("utf-8").decode(bytes), file, "exec", 0);
}

/** Compile `source`; null with its error pending. */
export function compileText(
  source: string,
  file: string,
  mode: "exec" | "eval" | "single",
  flags: number,
): CodeUnit | null {
  const result = getHost().compile(source, file, mode, flags);
  if ("unit" in result) {
    for (const warning of result.warnings) if (!warnOf(warning, file)) return null;
    return result.unit;
  }
  raiseCompileError(result.error);
  return null;
}

/** Hand a warning to `warnings`; false with an exception pending where a filter makes it one. */
function warnOf(warning: SourceWarning, file: string): boolean {
  const module = importPath("warnings");
  const warn = module === 0 ? 0 : getAttr(module, ID_warnExplicit);
  if (module !== 0) decref(module);
  const text = warn === 0 ? 0 : newStr(warning.msg);
  const name = text === 0 ? 0 : newStr(file);
  const lineno = name === 0 ? 0 : newInt(warning.line);
  if (lineno !== 0) {
    const done = call4(warn, text, T.SyntaxWarning, name, lineno);
    if (done !== 0) decref(done);
    else if (pendingMatches(T.SyntaxWarning)) raiseWarned(warning, file);
  }
  for (const made of [warn, text, name, lineno]) if (made !== 0) decref(made);
  return !pending();
}

/** A SyntaxWarning that is an error becomes a SyntaxError about the same line. */
function raiseWarned({ msg, line, col, endLine, endCol }: SourceWarning, filename: string): void {
  clearPending();
  raiseCompileError({
    type: "SyntaxError",
    msg,
    filename,
    lineno: line,
    offset: col + 1,
    endLineno: endLine,
    endOffset: endCol + 1,
    text: null,
  });
}

function executeModule(key: Addr, found: Found): Addr {
  const module = newModule(key);
  if (module === 0) return 0;
  const dict = I32[module + ModuleObject.Dict];
  const record = beginImport(module);
  const failed =
    record === 0 ||
    describeModule(dict, key, found) < 0 ||
    dictSetStr(getModules(), key, module) < 0 ||
    (found.unit !== null && runModuleBody(found.unit, dict) < 0);
  if (failed) {
    const failure = takePending();
    if (dictGetStr(getModules(), key) !== 0) dictDeleteStr(getModules(), key);
    if (record !== 0) endImport(record);
    decref(module);
    restorePending(failure);
    return 0;
  }
  endImport(record);
  // The body may have put something else in its own place; what is there goes to the end.
  const final = dictGetStr(getModules(), key);
  decref(module);
  if (final === 0) return raise(T.KeyError, `'${getString(key)}'`);
  incref(final);
  dictDeleteStr(getModules(), key);
  if (dictSetStr(getModules(), key, final) === 0) return final;
  decref(final);
  return 0;
}

function describeModule(dict: Addr, key: Addr, found: Found): number {
  const name = getString(key);
  const parent = found.directories !== null ? name : name.split(".").slice(0, -1).join(".");
  let status =
    found.unit === null ? dictSetStr(dict, ID_file, S.None) : setString(dict, ID_file, found.file);
  if (status === 0) status = setString(dict, ID_package, parent);
  if (status === 0) status = dictSetStr(dict, ID_cached, S.None);
  if (status === 0 && found.directories !== null) status = setPath(dict, found.directories);
  return status;
}

function setPath(dict: Addr, directories: readonly string[]): number {
  const list = newList(directories.length);
  if (list === 0) return -1;
  const items = I32[list + ListObject.Items];
  let status = 0;
  for (const [i, directory] of directories.entries()) {
    I32[items + 2 * i] = newStr(directory);
    if (I32[items + 2 * i] === 0) status = -1;
  }
  if (status === 0) status = dictSetStr(dict, ID_path, list);
  decref(list);
  return status;
}

function setString(dict: Addr, name: Addr, text: string): number {
  const value = newStr(text);
  if (value === 0) return -1;
  const status = dictSetStr(dict, name, value);
  decref(value);
  return status;
}

/** Run a compiled module body with `dict` as globals and locals; `__builtins__` is added. */
export function runModuleBody(unit: CodeUnit, dict: Addr): number {
  if (
    dictGetStr(dict, ID_builtins) === 0 &&
    dictSetStr(dict, ID_builtins, I32[VmState.BuiltinsModule]) < 0
  ) {
    return -1;
  }
  const code = newCode(unit);
  if (code === 0) return -1;
  const result = runCode(code, dict, dict, 0);
  decref(code);
  if (result === 0) return -1;
  decref(result);
  return 0;
}

/**
 * Run a code object in the given namespaces (exec, eval, module bodies). `closure` is a tuple of
 * cells for its free variables, or 0.
 */
export function runCode(code: Addr, globals: Addr, locals: Addr, closure: Addr): Addr {
  const body = newFunction(code, globals, 0);
  if (body === 0) return 0;
  if (closure !== 0) I32[body + FunctionObject.Closure] = incref(closure);
  const result = runBody(body, locals);
  decref(body);
  return result;
}

/** IMPORT_FROM: an attribute, or a submodule that is being imported. */
export function importFrom(module: Addr, name: Addr): Addr {
  const value = getAttrOptional(module, name);
  if (value !== 0) return value;
  if (pending()) return 0;
  const moduleName = getAttrOptional(module, ID_name);
  if (moduleName === 0 && pending()) return 0;
  const text =
    moduleName !== 0 && isStr(moduleName) ? getString(moduleName) : "<unknown module name>";
  if (moduleName !== 0) {
    decref(moduleName);
    const key = newInterned(`${text}.${getString(name)}`);
    if (key === 0) return 0;
    const loaded = dictGetStr(getModules(), key);
    decref(key);
    if (loaded !== 0) return incref(loaded);
  }
  const file = getAttrOptional(module, ID_file);
  const path = file !== 0 && isStr(file) ? getString(file) : null;
  if (file !== 0) decref(file);
  const place = path ?? "unknown location";
  const partial = isInitializing(module) ? "partially initialized module " : "";
  const hint = partial === "" ? "" : " (most likely due to a circular import)";
  return raiseImportError(
    T.ImportError,
    partial === ""
      ? `cannot import name '${getString(name)}' from '${text}' (${place})`
      : `cannot import name '${getString(name)}' from ${partial}'${text}'${hint} (${place})`,
    text,
    path,
  );
}

/** `from package import a, b`: import those that are submodules and not attributes yet. */
function importSubmodules(module: Addr, name: string, fromList: Addr): number {
  const path = getAttrOptional(module, ID_path);
  if (path === 0) return pending() ? -1 : 0;
  decref(path);
  const names = stringItems(fromList);
  if (names === null) return -1;
  for (const item of names) {
    if (item === "*") {
      const all = getAttrOptional(module, ID_all);
      if (all === 0) {
        if (pending()) return -1;
        continue;
      }
      const status = importSubmodules(module, name, all);
      decref(all);
      if (status < 0) return -1;
      continue;
    }
    const attribute = newInterned(item);
    if (attribute === 0) return -1;
    const value = getAttrOptional(module, attribute);
    decref(attribute);
    if (value !== 0) {
      decref(value);
      continue;
    }
    if (pending()) return -1;
    const submodule = importPath(`${name}.${item}`);
    if (submodule !== 0) decref(submodule);
    else if (!missingModule(`${name}.${item}`)) return -1;
  }
  return 0;
}

/** Clear a pending ModuleNotFoundError about `name` itself. */
function missingModule(name: string): boolean {
  const exc = takePending();
  if (!exceptionMatches(exc, T.ModuleNotFoundError)) {
    restorePending(exc);
    return false;
  }
  const missing = getAttrOptional(exc, ID_nameAttribute);
  const same = missing !== 0 && isStr(missing) && getString(missing) === name;
  if (missing !== 0) decref(missing);
  if (same) decref(exc);
  else restorePending(exc);
  return same;
}

/** `from module import *` into the mapping `locals`. */
export function importStar(module: Addr, locals: Addr): number {
  const all = getAttrOptional(module, ID_all);
  if (all !== 0) {
    const status = copyNames(module, all, locals, false);
    decref(all);
    return status;
  }
  if (pending()) return -1;
  const dict = getAttr(module, ID_dict);
  if (dict === 0) return -1;
  const status = copyNames(module, dict, locals, true);
  decref(dict);
  return status;
}

function copyNames(module: Addr, names: Addr, locals: Addr, publicOnly: boolean): number {
  const iterator = getIter(names);
  if (iterator === 0) return -1;
  let status = 0;
  while (status === 0) {
    const name = iterNext(iterator);
    if (name === 0) {
      status = pending() ? -1 : 1;
      break;
    }
    if (!isStr(name)) {
      const where = publicOnly ? "Key in module's __dict__" : "Item in module's __all__";
      raise(T.TypeError, `${where} must be str, not ${typeName(name)}`);
      status = -1;
    } else if (!publicOnly || !getString(name).startsWith("_")) {
      const value = getAttr(module, name);
      status = value === 0 ? -1 : setItem(locals, name, value);
      if (value !== 0) decref(value);
    }
    decref(name);
  }
  decref(iterator);
  return status < 0 ? -1 : 0;
}
