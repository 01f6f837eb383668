/**
 * What the virtual machine and the standard library need from the runtime around them: compiling,
 * files, output, threads. The runtime layer implements it; tests use a small one of their own.
 */
import type { CodeUnit } from "../compiler/unit.js";
import type { SourceWarning } from "../compiler/warnings.js";
import type { SyntaxErrorType } from "../syntax/error.js";
import type { Processes, SharingCalls } from "./processes.js";

/** A SyntaxError found by the compiler, as plain data (it crosses threads). */
export interface CompileError {
  type: SyntaxErrorType;
  msg: string;
  filename: string;
  lineno: number | null;
  offset: number | null;
  endLineno: number | null;
  endOffset: number | null;
  text: string | null;
}

export type CompileResult = { unit: CodeUnit; warnings: SourceWarning[] } | { error: CompileError };

export type CompileMode = "exec" | "eval" | "single";

/** Why a file operation failed: errno and its symbolic name, from Node's error. */
export interface FileError {
  errno: number;
  code: string;
}

/**
 * Calls of the C library. Each gives what the call gives, mostly -1 for a failure whose number
 * `errno` then tells; it must be asked before the next call.
 */
export interface Libc {
  errno(): number;
  lseek(fd: number, offset: number, whence: number): number;
  dup2(fd: number, fd2: number): number;
  chdir(path: string): number;
  fcntl(fd: number, command: number, argument: number): number;
  /** `fds` are pairs of words as struct pollfd has them: fd, then events and what came of them. */
  poll(fds: Int32Array, timeoutMs: number): number;
  /** Fills in the set of cores, a bit each, of a thread (0: the calling one). */
  schedGetAffinity(thread: number, cores: Uint8Array): number;
  schedSetAffinity(thread: number, cores: Uint8Array): number;
  /** Fills the two descriptors in. */
  pipe(fds: Int32Array, flags: number): number;
  /** Fills in seconds and nanoseconds of the system's clock `clock`. */
  clockGettime(clock: number, time: BigInt64Array): number;
  /** Where the bytes of a view lie in the process; the view must not be on V8's own heap. */
  address(view: ArrayBufferView): number;
  /** Calls on sockets, bound at the first use. */
  readonly sockets: SocketCalls;
  /** Calls about other processes, bound at the first use. */
  readonly processes: ProcessCalls;
}

/**
 * Calls that start processes and wait for them; memory is named as in {@link SocketCalls}. The
 * functions of posix_spawn give an errno, and leave none behind.
 */
export interface ProcessCalls {
  posix_spawn(
    pid: number,
    path: number,
    actions: number,
    attributes: number,
    argv: number,
    environment: number,
  ): number;
  posix_spawn_file_actions_init(actions: number): number;
  posix_spawn_file_actions_destroy(actions: number): number;
  posix_spawn_file_actions_adddup2(actions: number, fd: number, target: number): number;
  posix_spawn_file_actions_addchdir_np(actions: number, path: number): number;
  /** Null in C libraries that do not have it. */
  posix_spawn_file_actions_addclosefrom_np: ((actions: number, from: number) => number) | null;
  posix_spawnattr_init(attributes: number): number;
  posix_spawnattr_destroy(attributes: number): number;
  posix_spawnattr_setflags(attributes: number, flags: number): number;
  posix_spawnattr_setpgroup(attributes: number, group: number): number;
  posix_spawnattr_setsigdefault(attributes: number, signals: number): number;
  posix_spawnattr_setsigmask(attributes: number, signals: number): number;
  waitpid(pid: number, status: number, options: number): number;
  /** -1 where the system has no descriptors of processes. */
  pidfd_open(pid: number, flags: number): number;
}

/**
 * Calls on sockets, and waiting for them. They run where every nanosecond counts, so memory is
 * named by its place in the process ({@link Libc.address}) and nothing is made for a call. What
 * they give is as in {@link Libc}.
 */
export interface SocketCalls {
  socket(family: number, type: number, protocol: number): number;
  socketpair(family: number, type: number, protocol: number, fds: number): number;
  bind(fd: number, address: number, length: number): number;
  listen(fd: number, backlog: number): number;
  accept4(fd: number, address: number, length: number, flags: number): number;
  connect(fd: number, address: number, length: number): number;
  send(fd: number, data: number, length: number, flags: number): number;
  sendto(
    fd: number,
    data: number,
    length: number,
    flags: number,
    address: number,
    addressLength: number,
  ): number;
  recv(fd: number, data: number, length: number, flags: number): number;
  recvfrom(
    fd: number,
    data: number,
    length: number,
    flags: number,
    address: number,
    addressLength: number,
  ): number;
  /** `message` is the place of a struct msghdr. */
  sendmsg(fd: number, message: number, flags: number): number;
  recvmsg(fd: number, message: number, flags: number): number;
  read(fd: number, data: number, length: number): number;
  write(fd: number, data: number, length: number): number;
  /** `vectors` is the place of `count` struct iovec; an offset of -1 is the file's own. */
  preadv2(fd: number, vectors: number, count: number, offset: number, flags: number): number;
  pwritev2(fd: number, vectors: number, count: number, offset: number, flags: number): number;
  shutdown(fd: number, how: number): number;
  setsockopt(fd: number, level: number, option: number, value: number, length: number): number;
  getsockopt(fd: number, level: number, option: number, value: number, length: number): number;
  getsockname(fd: number, address: number, length: number): number;
  getpeername(fd: number, address: number, length: number): number;
  /** `fds` is the place of `count` struct pollfd. */
  poll(fds: number, count: number, timeoutMs: number): number;
  close(fd: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epfd: number, operation: number, fd: number, event: number): number;
  epoll_wait(epfd: number, events: number, most: number, timeoutMs: number): number;
}

/**
 * Requests of the HTTP server in front of the program (runtime/requestchannel.ts). A request is a
 * numbered cell. What may wait takes a slice of time at most and gives undefined when it is to be
 * called again; it is called without the GIL.
 */
export interface RequestQueue {
  /** The program is ready for requests. */
  announce(): void;
  /** Wait until it is known whether requests will come: is it? */
  awaitBegin(sliceMs: number): boolean;
  /** Wait until no request will come any more: has it come to that? */
  awaitClosing(sliceMs: number): boolean;
  /** Is there a seat of this number? */
  hasSeat(seat: number): boolean;
  /** The next request, for the thread `ident` in this seat; -1 when none will come any more. */
  take(seat: number, ident: number, sliceMs: number): number | undefined;
  /** Is there a cell of this number? */
  hasCell(cell: number): boolean;
  /** Its number in the trace. */
  requestOf(cell: number): number;
  /** Its environ, names and values in turn, as base/texts.ts packs them. */
  head(cell: number): Uint8Array;
  /** True when nobody waits for the response any more. */
  isAborted(cell: number): boolean;
  /** Bytes of the body that are there, 0 at its end, -1 when the client is gone. */
  awaitBody(cell: number, sliceMs: number): number | undefined;
  /** Fill `target` from what {@link awaitBody} has found. */
  takeBody(cell: number, target: Uint8Array): void;
  /** Set the response's head: status, then names and values; false when it is too long. */
  beginResponse(cell: number, head: Uint8Array): boolean;
  /** Write the first bytes of `source`: how many, or -1 when the client is gone. */
  write(cell: number, source: Uint8Array, sliceMs: number): number | undefined;
  /** Have what was written sent. */
  flush(cell: number): void;
  /** Nothing more comes for this cell: its response is complete, or has failed. */
  finish(cell: number, complete: boolean): void;
}

export interface Host {
  /**
   * Compile `source`; blocks the calling thread. `flags` are CO_FUTURE bits inherited by exec and
   * eval.
   */
  compile(source: string, filename: string, mode: CompileMode, flags: number): CompileResult;
  /** A library module written in Python, compiled at build time, or null. */
  libraryModule(name: string): { unit: CodeUnit; isPackage: boolean } | null;
  /** Bytes of a regular file, or null when there is none at `path`. */
  readFile(path: string): Uint8Array | null;
  /** Is there a directory at `path`? */
  isDirectory(path: string): boolean;
  /** The C library, or null where there is none to load. */
  readonly libc: Libc | null;
  /** The requests of the server that runs the program, or null without one. */
  readonly requests: RequestQueue | null;
  /** Processes of `multiprocessing`, or null where there can be none: in virtual time. */
  readonly processes: Processes | null;
  /** The C library's calls for what they share, or null where there is none to load. */
  readonly sharingCalls: SharingCalls | null;
  /** Write all bytes to a descriptor; 0, or the errno of the failure. Holds no lock itself. */
  writeOut(fd: number, bytes: Uint8Array): number;
  /**
   * Find a carrier for the thread whose state is at slot `slot` (callable and arguments are set).
   * False when the thread limit is reached.
   */
  startThread(slot: number): boolean;
  /**
   * MainThread wants signal `signum` from now on: `disposition` 0 the system's action, 1 ignored,
   * -1 tripped (Control.SignalsTripped) for its handler.
   */
  watchSignal(signum: number, name: NodeJS.Signals, disposition: number): void;
  /** End the process at once, whatever other threads do. */
  exitProcess(status: number): never;
  /** The program is likely to start threads: have carriers ready for them. */
  expectThreads(): void;
  /** Tell the trace what the thread in `slot` is called. */
  nameThread(name: string, slot: number): void;
  /** Environment, command line and place of the run. */
  readonly environ: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  /** First entry of sys.path: the script's directory, or "" for -c. */
  readonly scriptDirectory: string;
  readonly executable: string;
}

let current: Host | null = null;

/** Install the runtime's implementation on this JavaScript thread. */
export function setHost(host: Host): void {
  current = host;
}

/** The installed host. */
export function getHost(): Host {
  if (current === null) throw new Error("no host is installed on this thread");
  return current;
}
