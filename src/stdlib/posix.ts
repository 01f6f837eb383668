/**
 * The native part of `os`: files and directories by path, the process, the environment. Each system
 * call gives the GIL away (I7, I8).
 */
import {
  accessSync,
  chmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from "node:fs";
import { cpus } from "node:os";
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { newBytes } from "../object/bytes.js";
import { defineModule, fast, keywords, noArgs, oneArg } from "../object/define.js";
import { dictClear, dictSet, newDict } from "../object/dict.js";
import { newNone, pending, raise } from "../object/errors.js";
import { asDouble, newFloat } from "../object/float.js";
import { decref } from "../object/header.js";
import { asInt32, isInt, newBool, newInt, newIntFromBig } from "../object/int.js";
import { ListObject, TupleObject } from "../object/layout.js";
import { newList } from "../object/list.js";
import { newStr } from "../object/str.js";
import { newTuple } from "../object/tuple.js";
import { T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { getHost } from "../vm/host.js";
import { parentProcessId, processId, processorCount, randomBytes } from "../vm/machine.js";
import { inMainThread, isHandled, runTrippedHandlers, tripSignal } from "../vm/signals.js";
import { coreFunctions } from "./cores.js";
import { descriptorFunctions } from "./descriptors.js";
import { setModuleItem } from "./moduletypes.js";
import { errorText, raiseOsError } from "./oserror.js";
import { processFunctions } from "./processes.js";
import { ENOSYS, pathArgument, system } from "./systemcall.js";

const I32 = heap.I32;

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

function changeDirectory(_: Addr, path: Addr): Addr {
  const text = pathArgument("chdir", path, ", os.PathLike or integer");
  if (text === null) return 0;
  const { libc } = getHost();
  if (libc === null) return raiseOsError(ENOSYS, path);
  const errno = withoutLock(() => (libc.chdir(text) < 0 ? libc.errno() : 0));
  return errno === 0 ? newNone() : raiseOsError(errno, path);
}

function workingDirectory(): Addr {
  // Not process.cwd(), which a worker takes from the time before a chdir.
  const path = system(() => realpathSync.native("."));
  return path === null ? 0 : newStr(path);
}

function link(
  name: string,
  operation: (from: string, to: string) => void,
): (_: Addr, args: Addr, nargs: number) => Addr {
  return (_, args, nargs) => {
    if (!checkArity(name, nargs, 2, 2)) return 0;
    const [from, to] = [I32[args], I32[args + 1]];
    const fromText = pathArgument(name, from, " or os.PathLike");
    const toText = fromText === null ? null : pathArgument(name, to, " or os.PathLike");
    if (fromText === null || toText === null) return 0;
    system(() => operation(fromText, toText), from, to);
    return pending() ? 0 : newNone();
  };
}

function changeMode(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("chmod", nargs, 2, 2)) return 0;
  const text = pathArgument("chmod", I32[args], ", os.PathLike or integer");
  const mode = text === null ? Number.NaN : asInt32(I32[args + 1]);
  if (text === null || Number.isNaN(mode)) return 0;
  system(() => chmodSync(text, mode), I32[args]);
  return pending() ? 0 : newNone();
}

/** Access and modification time in seconds. */
function setTimes(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_utime", nargs, 3, 3)) return 0;
  const text = pathArgument("utime", I32[args], ", os.PathLike or integer");
  const accessed = text === null ? Number.NaN : asDouble(I32[args + 1]);
  const modified = text === null ? Number.NaN : asDouble(I32[args + 2]);
  if (text === null || pending()) return 0;
  system(() => utimesSync(text, accessed, modified), I32[args]);
  return pending() ? 0 : newNone();
}

/** May the process do with the file what `mode` says (access(2))? */
function mayAccess(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_access", nargs, 2, 2)) return 0;
  const text = pathArgument("access", I32[args], ", os.PathLike or integer");
  const mode = text === null ? Number.NaN : asInt32(I32[args + 1]);
  if (text === null || Number.isNaN(mode)) return 0;
  try {
    accessSync(text, mode & 7);
  } catch {
    return newBool(false);
  }
  return newBool(true);
}

function urandom(_: Addr, size: Addr): Addr {
  const length = asInt32(size);
  if (Number.isNaN(length)) return 0;
  if (length < 0) return raise(T.ValueError, "negative argument not allowed");
  return newBytes(withoutLock(() => randomBytes(length)));
}

function kill(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("kill", nargs, 2, 2)) return 0;
  const pid = asInt32(I32[args]);
  const signum = asInt32(I32[args + 1]);
  if (Number.isNaN(pid) || Number.isNaN(signum)) return 0;
  if (pid === processId() && signum > 0 && signum < 32 && isHandled(signum)) {
    tripSignal(signum);
    return inMainThread() && runTrippedHandlers() < 0 ? 0 : newNone();
  }
  system(() => process.kill(pid === processId() ? process.pid : pid, signum));
  return pending() ? 0 : newNone();
}

function exitProcess(_: Addr, status: Addr): Addr {
  const code = asInt32(status);
  return Number.isNaN(code) ? 0 : getHost().exitProcess(code & 0xff);
}

/** Fill the dict `environ` with the process's environment; -1 with an exception pending. */
export function fillEnviron(environ: Addr): number {
  dictClear(environ);
  for (const [name, value] of Object.entries(getHost().environ)) {
    const key = newStr(name);
    const text = newStr(value);
    const failed = key === 0 || text === 0 || dictSet(environ, key, text) < 0;
    if (key !== 0) decref(key);
    if (text !== 0) decref(text);
    if (failed) return -1;
  }
  return 0;
}

function setup(_module: Addr, dict: Addr): number {
  const environ = newDict();
  if (environ === 0) return -1;
  const ok = fillEnviron(environ) === 0 && setModuleItem(dict, "environ", environ) === 0;
  decref(environ);
  return ok ? 0 : -1;
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
    fast("rename", link("rename", renameSync)),
    fast("replace", link("replace", renameSync)),
    fast("link", link("link", linkSync)),
    fast("symlink", link("symlink", symlinkSync)),
    fast("chmod", changeMode),
    fast("_utime", setTimes),
    fast("_access", mayAccess),
    oneArg("readlink", readLink),
    oneArg("chdir", changeDirectory),
    ...descriptorFunctions,
    ...processFunctions,
    ...coreFunctions,
    noArgs("getcwd", workingDirectory),
    noArgs("getpid", () => newInt(processId())),
    noArgs("getppid", () => newInt(parentProcessId())),
    noArgs("getuid", () => newInt(process.getuid?.() ?? 0)),
    noArgs("cpu_count", () => newInt(processorCount(() => cpus().length))),
    oneArg("urandom", urandom),
    oneArg("strerror", (_, value) => {
      const errno = asInt32(value);
      return Number.isNaN(errno) ? 0 : newStr(errorText(errno));
    }),
    fast("kill", kill),
    oneArg("_exit", exitProcess),
  ],
  setup,
});
