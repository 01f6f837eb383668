/**
 * The native part of `os`: files and directories by path, the process, the environment. Each system
 * call gives the GIL away (I7, I8).
 */
import { randomFillSync } from "node:crypto";
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { cpus } from "node:os";
import { isatty } from "node:tty";
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { getAttrOptional } from "../object/attribute.js";
import { getBytes, newBytes } from "../object/bytes.js";
import { call0 } from "../object/call.js";
import { defineModule, fast, keywords, noArgs, oneArg } from "../object/define.js";
import { dictSet, newDict } from "../object/dict.js";
import { newNone, pending, raise, typeName } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { decref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asInt32, isInt, newBool, newInt, newIntFromBig } from "../object/int.js";
import { ListObject, TupleObject, TypeFlag } from "../object/layout.js";
import { newList } from "../object/list.js";
import { getString, isStr, newStr } from "../object/str.js";
import { newTuple } from "../object/tuple.js";
import { T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { getHost } from "../vm/host.js";
import { inMainThread, isHandled, runTrippedHandlers, tripSignal } from "../vm/signals.js";
import { setModuleItem } from "./moduletypes.js";
import { errorText, raiseOsError } from "./oserror.js";

const I32 = heap.I32;

const ID_fspath = identifier("__fspath__");

const ENOSYS = 38;

/** The text of a path argument; null with TypeError pending. */
function pathArgument(fname: string, value: Addr, kinds: string): string | null {
  if (isStr(value)) return getString(value);
  if (isKindOf(value, TypeFlag.BytesSubclass)) return new TextDecoder().decode(getBytes(value));
  const method = getAttrOptional(value, ID_fspath);
  if (method !== 0) {
    const path = call0(method);
    decref(method);
    if (path === 0) return null;
    const text = isStr(path) ? getString(path) : null;
    if (text === null)
      raise(T.TypeError, `expected __fspath__() to return str, not ${typeName(path)}`);
    decref(path);
    return text;
  }
  if (!pending()) {
    raise(T.TypeError, `${fname}: path should be string, bytes${kinds}, not ${typeName(value)}`);
  }
  return null;
}

/** Do a system call without the GIL; null with OSError about `path` pending. */
function system<Result>(operation: () => Result, path: Addr = 0, path2: Addr = 0): Result | null {
  let errno = 0;
  const result = withoutLock(() => {
    try {
      return operation();
    } catch (error) {
      errno = Math.abs((error as NodeJS.ErrnoException).errno ?? ENOSYS);
      return null;
    }
  });
  if (errno !== 0) raiseOsError(errno, path, path2);
  return errno === 0 ? result : null;
}

/** Something done to one path that returns None. */
function onPath(name: string, operation: (path: string) => void): (_: Addr, path: Addr) => Addr {
  return (_, path) => {
    const text = pathArgument(name, path, " or os.PathLike");
    if (text === null) return 0;
    system(() => operation(text), path);
    return pending() ? 0 : newNone();
  };
}

function newStatTuple(stats: Stats): Addr {
  const whole = [stats.mode, stats.ino, stats.dev, stats.nlink, stats.uid, stats.gid, stats.size];
  const times = [stats.atimeMs, stats.mtimeMs, stats.ctimeMs];
  const items = [
    ...whole.map((value) => newInt(value)),
    ...times.map((ms) => newInt(Math.floor(ms / 1e3))),
    ...times.map((ms) => newFloat(ms / 1e3)),
    ...times.map((ms) => newIntFromBig(BigInt(Math.round(ms * 1e6)))),
  ];
  const tuple = items.includes(0) ? 0 : newTuple(items.length);
  for (const [i, item] of items.entries()) {
    if (tuple !== 0) I32[tuple + TupleObject.Items + 2 * i] = item;
    else if (item !== 0) decref(item);
  }
  return tuple;
}

function statOf(name: string, look: (path: string) => Stats): (_: Addr, path: Addr) => Addr {
  return (_, path) => {
    if (isInt(path)) {
      const fd = asInt32(path);
      if (Number.isNaN(fd)) return 0;
      const stats = system(() => fstatSync(fd));
      return stats === null ? 0 : newStatTuple(stats);
    }
    const text = pathArgument(name, path, ", os.PathLike or integer");
    if (text === null) return 0;
    const stats = system(() => look(text), path);
    return stats === null ? 0 : newStatTuple(stats);
  };
}

function readLink(_: Addr, path: Addr): Addr {
  const text = pathArgument("readlink", path, " or os.PathLike");
  const target = text === null ? null : system(() => readlinkSync(text), path);
  return target === null ? 0 : newStr(target);
}

function listDirectory(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("listdir", nargs, 0, 1)) return 0;
  const path = nargs === 0 ? newStr(".") : I32[args];
  const text = pathArgument("listdir", path, ", os.PathLike, integer or None");
  const names = text === null ? null : system(() => readdirSync(text), path);
  if (nargs === 0) decref(path);
  if (names === null) return 0;
  const list = newList(names.length);
  for (let i = 0; list !== 0 && i < names.length; i++) {
    const name = newStr(names[i]);
    if (name === 0) {
      decref(list);
      return 0;
    }
    I32[I32[list + ListObject.Items] + 2 * i] = name;
  }
  return list;
}

const bound = new Int32Array(3);

function makeDirectory(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("mkdir", args, nargs, kwnames, ["path", "mode"], 1, bound)) return 0;
  const [path, modeArgument] = bound;
  const mode = modeArgument === 0 ? 0o777 : asInt32(modeArgument);
  if (Number.isNaN(mode)) return 0;
  const text = pathArgument("mkdir", path, " or os.PathLike");
  if (text === null) return 0;
  system(() => mkdirSync(text, { mode }), path);
  return pending() ? 0 : newNone();
}

function rename(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("rename", nargs, 2, 2)) return 0;
  const [from, to] = [I32[args], I32[args + 1]];
  const fromText = pathArgument("rename", from, " or os.PathLike");
  const toText = fromText === null ? null : pathArgument("rename", to, " or os.PathLike");
  if (fromText === null || toText === null) return 0;
  system(() => renameSync(fromText, toText), from, to);
  return pending() ? 0 : newNone();
}

/** A worker cannot change the process's directory: only the directory's existence is looked at. */
function changeDirectory(_: Addr, path: Addr): Addr {
  const text = pathArgument("chdir", path, ", os.PathLike or integer");
  if (text === null) return 0;
  const stats = system(() => readdirSync(text), path);
  return stats === null ? 0 : raiseOsError(ENOSYS, path);
}

function openFile(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("open", args, nargs, kwnames, ["path", "flags", "mode"], 2, bound)) return 0;
  const [path, flagsArgument, modeArgument] = bound;
  const flags = asInt32(flagsArgument);
  const mode = modeArgument === 0 ? 0o777 : asInt32(modeArgument);
  if (Number.isNaN(flags) || Number.isNaN(mode)) return 0;
  const text = pathArgument("open", path, " or os.PathLike");
  if (text === null) return 0;
  const fd = system(() => openSync(text, flags, mode), path);
  return fd === null ? 0 : newInt(fd);
}

function closeFile(_: Addr, value: Addr): Addr {
  const fd = asInt32(value);
  if (Number.isNaN(fd)) return 0;
  system(() => closeSync(fd));
  return pending() ? 0 : newNone();
}

function readFile(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const length = asInt32(I32[args + 1]);
  if (Number.isNaN(fd) || Number.isNaN(length)) return 0;
  if (length < 0) return raiseOsError(22);
  const buffer = new Uint8Array(Math.min(length, 1 << 26));
  const count = system(() => readSync(fd, buffer));
  return count === null ? 0 : newBytes(buffer.subarray(0, count));
}

function writeFile(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("write", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  if (Number.isNaN(fd)) return 0;
  if (!isKindOf(I32[args + 1], TypeFlag.BytesSubclass)) {
    const kind = typeName(I32[args + 1]);
    return raise(T.TypeError, `a bytes-like object is required, not '${kind}'`);
  }
  const bytes = getBytes(I32[args + 1]).slice();
  const count = system(() => writeSync(fd, bytes));
  return count === null ? 0 : newInt(count);
}

function randomBytes(_: Addr, size: Addr): Addr {
  const length = asInt32(size);
  if (Number.isNaN(length)) return 0;
  if (length < 0) return raise(T.ValueError, "negative argument not allowed");
  const buffer = new Uint8Array(length);
  withoutLock(() => randomFillSync(buffer));
  return newBytes(buffer);
}

function kill(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("kill", nargs, 2, 2)) return 0;
  const pid = asInt32(I32[args]);
  const signum = asInt32(I32[args + 1]);
  if (Number.isNaN(pid) || Number.isNaN(signum)) return 0;
  if (pid === process.pid && signum > 0 && signum < 32 && isHandled(signum)) {
    tripSignal(signum);
    return inMainThread() && runTrippedHandlers() < 0 ? 0 : newNone();
  }
  system(() => process.kill(pid, signum));
  return pending() ? 0 : newNone();
}

function exitProcess(_: Addr, status: Addr): Addr {
  const code = asInt32(status);
  return Number.isNaN(code) ? 0 : getHost().exitProcess(code & 0xff);
}

function setup(_module: Addr, dict: Addr): number {
  const environ = newDict();
  if (environ === 0) return -1;
  for (const [name, value] of Object.entries(getHost().environ)) {
    const key = newStr(name);
    const text = newStr(value);
    const failed = key === 0 || text === 0 || dictSet(environ, key, text) < 0;
    if (key !== 0) decref(key);
    if (text !== 0) decref(text);
    if (failed) return -1;
  }
  const status = setModuleItem(dict, "environ", environ);
  decref(environ);
  return status;
}

defineModule({
  name: "posix",
  doc: "What the system offers: files by path, the process, the environment.",
  functions: [
    oneArg(
      "stat",
      statOf("stat", (path) => statSync(path)),
    ),
    oneArg(
      "lstat",
      statOf("lstat", (path) => lstatSync(path)),
    ),
    fast("listdir", listDirectory),
    keywords("mkdir", makeDirectory),
    oneArg("rmdir", onPath("rmdir", rmdirSync)),
    oneArg("unlink", onPath("unlink", unlinkSync)),
    oneArg("remove", onPath("remove", unlinkSync)),
    fast("rename", rename),
    fast("replace", rename),
    oneArg("readlink", readLink),
    oneArg("chdir", changeDirectory),
    keywords("open", openFile),
    oneArg("close", closeFile),
    fast("read", readFile),
    fast("write", writeFile),
    oneArg("isatty", (_, value) => {
      const fd = asInt32(value);
      return Number.isNaN(fd) ? 0 : newBool(fd >= 0 && isatty(fd));
    }),
    noArgs("getcwd", () => newStr(getHost().workingDirectory)),
    noArgs("getpid", () => newInt(process.pid)),
    noArgs("getppid", () => newInt(process.ppid)),
    noArgs("getuid", () => newInt(process.getuid?.() ?? 0)),
    noArgs("cpu_count", () => newInt(cpus().length)),
    oneArg("urandom", randomBytes),
    oneArg("strerror", (_, value) => {
      const errno = asInt32(value);
      return Number.isNaN(errno) ? 0 : newStr(errorText(errno));
    }),
    fast("kill", kill),
    oneArg("_exit", exitProcess),
  ],
  setup,
});
