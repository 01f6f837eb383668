/**
 * The part of `posix` about other processes. A process is started by `posix_spawn`, since a Node
 * process with its threads cannot be forked; it is waited for in slices, on a descriptor of the
 * process where the system has such.
 */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { getBytes } from "../object/bytes.js";
import { fast, oneArg } from "../object/define.js";
import { newNone } from "../object/errors.js";
import { asInt32, newBool, newInt } from "../object/int.js";
import { ListObject, TupleObject } from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { S } from "../object/types.js";
import { withoutLock, withoutLockUntil } from "../vm/blocking.js";
import type { ProcessCalls } from "../vm/host.js";
import { raiseOsError } from "./oserror.js";
import { type Access, Scratch, socketAccess, tupleOf } from "./socketaddress.js";
import { system } from "./systemcall.js";

const I32 = heap.I32;

const enum C {
  PollIn = 1,
  NoHang = 1,
  GetFlags = 1,
  SetFlags = 2,
  CloseOnExec = 1,
  /** Flags of posix_spawn. */
  SetGroup = 2,
  SetDefault = 4,
  SetMask = 8,
  SetSession = 0x80,
  /** SIGPIPE and SIGXFSZ, as bits of a signal set: those that a runtime ignores. */
  IgnoredSignals = (1 << 12) | (1 << 24),
  /** First descriptor that is not a standard stream. */
  FirstOther = 3,
}

/** C's null-terminated table of strings, and what keeps its memory. */
interface StringTable {
  place: number;
  memory: Uint8Array;
}

function newStringTable(to: Access, strings: readonly Uint8Array[]): StringTable {
  const tableBytes = (strings.length + 1) * 8;
  const size = strings.reduce((sum, text) => sum + text.length + 1, tableBytes);
  const memory = new Uint8Array(new ArrayBuffer(Math.max(size, 256)));
  const place = to.libc.address(memory);
  const view = new DataView(memory.buffer);
  let at = tableBytes;
  for (const [i, text] of strings.entries()) {
    view.setBigUint64(8 * i, BigInt(place + at), true);
    memory.set(text, at);
    at += text.length + 1;
  }
  return { place, memory };
}

/** What a new process gets. */
interface Start {
  path: Uint8Array;
  argv: Uint8Array[];
  /** NAME=value each. */
  environment: Uint8Array[];
  directory: Uint8Array | null;
  /** What becomes its standard streams; -1: as ours. */
  streams: number[];
  /** Other descriptors that stay open. */
  kept: number[];
  closeOthers: boolean;
  restoreSignals: boolean;
  newSession: boolean;
  /** -1: ours. */
  group: number;
}

/** The file actions and attributes of posix_spawn, in one block. */
const enum Block {
  Actions = 0,
  Attributes = 128,
  Signals = 512,
  NoSignals = 640,
  Pid = 768,
  Path = 1024,
}

/** Say what the new process does with our descriptors; the errno. */
function addActions(to: Access, place: number, directory: number, start: Start): number {
  const calls = to.libc.processes;
  const actions = place + Block.Actions;
  let errno = directory === 0 ? 0 : calls.posix_spawn_file_actions_addchdir_np(actions, directory);
  for (const [target, fd] of start.streams.entries()) {
    // To itself, too: that takes close-on-exec away, which Node gives its standard streams.
    const source = fd < 0 && to.libc.fcntl(target, C.GetFlags, 0) >= 0 ? target : fd;
    if (source >= 0) errno ||= calls.posix_spawn_file_actions_adddup2(actions, source, target);
  }
  for (const fd of start.kept) errno ||= calls.posix_spawn_file_actions_adddup2(actions, fd, fd);
  if (start.closeOthers && start.kept.length === 0) {
    errno ||= calls.posix_spawn_file_actions_addclosefrom_np?.(actions, C.FirstOther) ?? 0;
  }
  return errno;
}

function setAttributes(calls: ProcessCalls, place: number, start: Start): void {
  const attributes = place + Block.Attributes;
  let flags = C.SetMask;
  if (start.restoreSignals) flags |= C.SetDefault;
  if (start.newSession) flags |= C.SetSession;
  if (start.group >= 0) flags |= C.SetGroup;
  calls.posix_spawnattr_setsigdefault(attributes, place + Block.Signals);
  calls.posix_spawnattr_setsigmask(attributes, place + Block.NoSignals);
  calls.posix_spawnattr_setpgroup(attributes, Math.max(start.group, 0));
  calls.posix_spawnattr_setflags(attributes, flags);
}

/** Start a process: its number, or the errno negated. */
function spawn(to: Access, start: Start): number {
  const calls = to.libc.processes;
  const directoryAt = Block.Path + start.path.length + 1;
  const size = directoryAt + (start.directory?.length ?? 0) + 1;
  const memory = new Uint8Array(new ArrayBuffer(size));
  const place = to.libc.address(memory);
  memory.set(start.path, Block.Path);
  if (start.directory !== null) memory.set(start.directory, directoryAt);
  const view = new DataView(memory.buffer);
  view.setUint32(Block.Signals, C.IgnoredSignals, true);
  const argv = newStringTable(to, start.argv);
  const environment = newStringTable(to, start.environment);
  const [actions, attributes] = [place + Block.Actions, place + Block.Attributes];
  calls.posix_spawn_file_actions_init(actions);
  calls.posix_spawnattr_init(attributes);
  setAttributes(calls, place, start);
  const directory = start.directory === null ? 0 : place + directoryAt;
  const errno =
    addActions(to, place, directory, start) ||
    calls.posix_spawn(
      place + Block.Pid,
      place + Block.Path,
      actions,
      attributes,
      argv.place,
      environment.place,
    );
  calls.posix_spawn_file_actions_destroy(actions);
  calls.posix_spawnattr_destroy(attributes);
  return errno === 0 ? view.getInt32(Block.Pid, true) : -errno;
}

/** The items of a list or tuple of bytes objects. */
function bytesItems(sequence: Addr, isList: boolean): Uint8Array[] {
  const size = I32[sequence + (isList ? ListObject.Size : TupleObject.Size)];
  const items = isList ? I32[sequence + ListObject.Items] : sequence + TupleObject.Items;
  return Array.from({ length: size }, (_, i) => getBytes(I32[items + 2 * i]));
}

function intItems(tuple: Addr): number[] {
  const size = I32[tuple + TupleObject.Size];
  return Array.from({ length: size }, (_, i) => asInt32(I32[tuple + TupleObject.Items + 2 * i]));
}

/**
 * `_spawn(path, argv, environment, directory, streams, kept, close_others, restore_signals,
 * new_session, group)`: the process's number, or the errno negated. `os` and `subprocess` call it
 * with lists of bytes and tuples of ints.
 */
function startProcess(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_spawn", nargs, 10, 10)) return 0;
  const at = (i: number): Addr => I32[args + i];
  const to = socketAccess();
  if (to === null) return 0;
  const start: Start = {
    path: getBytes(at(0)),
    argv: bytesItems(at(1), true),
    environment: bytesItems(at(2), true),
    directory: at(3) === S.None ? null : getBytes(at(3)),
    streams: intItems(at(4)),
    kept: intItems(at(5)),
    closeOthers: isTrue(at(6)) === 1,
    restoreSignals: isTrue(at(7)) === 1,
    newSession: isTrue(at(8)) === 1,
    group: asInt32(at(9)),
  };
  return newInt(withoutLock(() => spawn(to, start)));
}

/** Milliseconds between looks at a process that no descriptor stands for. */
const LOOK_FIRST_MS = 1;
const LOOK_LAST_MS = 20;

/** A descriptor that becomes readable when the process ends; -1 where there is none to have. */
function openProcess(to: Access, pid: number): number {
  return pid > 0 ? to.libc.processes.pidfd_open(pid, 0) : -1;
}

/** waitpid without waiting: what it gives, or the errno negated. The status is in the scratch. */
function tryWait(to: Access, pid: number, options: number): number {
  const status = to.base + Scratch.Option;
  const result = to.libc.processes.waitpid(pid, status, options | C.NoHang);
  return result < 0 ? -to.libc.errno() : result;
}

/** Wait until the process has ended; undefined: a signal handler raised. */
function waitForEnd(to: Access, pid: number, options: number): number | undefined {
  let process = -2;
  let pause = LOOK_FIRST_MS;
  const result = withoutLockUntil((sliceMs): number | undefined => {
    const found = tryWait(to, pid, options);
    if (found !== 0) return found;
    if (process === -2) process = openProcess(to, pid);
    if (process >= 0) {
      to.words[Scratch.Poll >> 2] = process;
      to.words[(Scratch.Poll >> 2) + 1] = C.PollIn;
      to.calls.poll(to.base + Scratch.Poll, 1, sliceMs);
    } else {
      to.calls.poll(0, 0, Math.min(pause, sliceMs));
      pause = Math.min(pause * 2, LOOK_LAST_MS);
    }
    const ended = tryWait(to, pid, options);
    return ended === 0 ? undefined : ended;
  });
  if (process >= 0) to.calls.close(process);
  return result;
}

function waitProcess(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("waitpid", nargs, 2, 2)) return 0;
  const pid = asInt32(I32[args]);
  const options = Number.isNaN(pid) ? Number.NaN : asInt32(I32[args + 1]);
  const to = Number.isNaN(options) ? null : socketAccess();
  if (to === null) return 0;
  to.words[Scratch.Option >> 2] = 0;
  const ended =
    (options & C.NoHang) !== 0
      ? withoutLock(() => tryWait(to, pid, options))
      : waitForEnd(to, pid, options);
  if (ended === undefined) return 0;
  if (ended < 0) return raiseOsError(-ended);
  return tupleOf(newInt(ended), newInt(to.words[Scratch.Option >> 2]));
}

function killGroup(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("killpg", nargs, 2, 2)) return 0;
  const group = asInt32(I32[args]);
  const signum = Number.isNaN(group) ? Number.NaN : asInt32(I32[args + 1]);
  if (Number.isNaN(signum)) return 0;
  return system(() => process.kill(-group, signum)) === null ? 0 : newNone();
}

function isInheritable(_: Addr, value: Addr): Addr {
  const fd = asInt32(value);
  const to = Number.isNaN(fd) ? null : socketAccess();
  if (to === null) return 0;
  const flags = to.libc.fcntl(fd, C.GetFlags, 0);
  return flags < 0 ? raiseOsError(to.libc.errno()) : newBool((flags & C.CloseOnExec) === 0);
}

function setInheritable(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("set_inheritable", nargs, 2, 2)) return 0;
  const fd = asInt32(I32[args]);
  const wanted = Number.isNaN(fd) ? -1 : isTrue(I32[args + 1]);
  const to = wanted < 0 ? null : socketAccess();
  if (to === null) return 0;
  const flags = to.libc.fcntl(fd, C.GetFlags, 0);
  const next = wanted === 1 ? flags & ~C.CloseOnExec : flags | C.CloseOnExec;
  if (flags < 0 || to.libc.fcntl(fd, C.SetFlags, next) < 0) return raiseOsError(to.libc.errno());
  return newNone();
}

/** The part of module `posix` about processes. */
export const processFunctions = [
  fast("_spawn", startProcess),
  fast("waitpid", waitProcess),
  fast("killpg", killGroup),
  oneArg("get_inheritable", isInheritable),
  fast("set_inheritable", setInheritable),
];
