/**
 * The virtual machine in this JavaScript thread: no carriers, one Python thread, an uncontended
 * lock. For developing it and for tests that run many programs in one process.
 */
import { readFileSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { compileWarning } from "../../src/compiler/compile.js";
import { Py32 } from "../../src/gil/py32.js";
import { bindHeap } from "../../src/memory/binding.js";
import { Control, ThreadState } from "../../src/memory/layout.js";
import { AtomicsMemory } from "../../src/sync/atomics.js";
import { Parker } from "../../src/sync/parker.js";
import { PySyntaxError } from "../../src/syntax/error.js";

export interface MachineOptions {
  heapBytes: number;
  /** PymallocKind and AllocatorKind of the heap. */
  pymalloc: number;
  allocator: number;
  argv: readonly string[];
  /** Receives what the programs write. */
  write(fd: number, bytes: Uint8Array): void;
}

/** How a program ended on a {@link Machine}. */
export interface Ended {
  status: number;
  /** Blocks left after finalization. */
  left: number;
}

/** Make the machine, once a JavaScript thread: `run` runs one program after the other. */
export async function newMachine(options: MachineOptions) {
  const buffer = new SharedArrayBuffer(options.heapBytes);
  const words = new Int32Array(buffer);
  words[Control.Pymalloc] = options.pymalloc;
  words[Control.Allocator] = options.allocator;
  bindHeap(buffer);
  await import("../../src/stdlib/all.js");
  const { boot } = await import("../../src/object/boot.js");
  const { bindThread, enterThread, leaveThread, stateOf } = await import(
    "../../src/vm/threadstate.js"
  );
  const { startInterpreter, runMain, shutDownThreads, finalize } = await import(
    "../../src/vm/interpreter.js"
  );
  const { setHost } = await import("../../src/vm/host.js");
  const { loadLibraryModule } = await import("../../src/runtime/library.js");
  const { loadLibc } = await import("../../src/runtime/libc.js");
  const { bindLock } = await import("../../src/vm/breaker.js");
  const { bindParker } = await import("../../src/vm/blocking.js");
  const host = {
    compile(source: string, filename: string, mode: "exec", flags: number) {
      try {
        return compileWarning(source, filename, mode, flags);
      } catch (error) {
        if (!(error instanceof PySyntaxError)) throw error;
        return { error: { ...error, msg: error.msg, type: error.type } as never };
      }
    },
    libraryModule: loadLibraryModule,
    processes: null,
    sharingCalls: null,
    libc: loadLibc(),
    requests: null,
    readFile(path: string) {
      try {
        return readFileSync(path);
      } catch {
        return null;
      }
    },
    isDirectory: (path: string) =>
      statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    writeOut(fd: number, bytes: Uint8Array) {
      options.write(fd, bytes);
      return 0;
    },
    startThread: () => false,
    watchSignal() {},
    exitProcess: (status: number) => process.exit(status),
    expectThreads() {},
    nameThread() {},
    environ: process.env as Record<string, string>,
    argv: options.argv,
    workingDirectory: process.cwd(),
    scriptDirectory: "",
    executable: "",
  };
  const memory = new AtomicsMemory(words);
  const lock = new Py32(memory, { emit() {} } as never);
  words[stateOf(1) + ThreadState.IsMain] = 1;
  words[stateOf(1) + ThreadState.Ident] = 1;
  words[Control.MainThread] = 1;
  words[Control.NextIdent] = 2;
  bindThread(1);
  lock.initialize(5000);
  lock.acquire(1);
  bindLock(lock, 1, { emit() {} });
  const parker = new Parker(memory, stateOf(1) + ThreadState.WaitWord, 66, () => false);
  bindParker(memory, parker, parker);
  boot();
  /** Run the program in `file`; `started` is called before its first instruction. */
  const run = (file: string, started: () => void, ending: () => void): Ended => {
    setHost({ ...host, scriptDirectory: dirname(file) });
    words[Control.Finalizing] = 0;
    if (!enterThread() || !startInterpreter()) throw new Error("cannot start");
    const { unit } = compileWarning(readFileSync(file, "utf8"), file, "exec", 0);
    started();
    const status = shutDownThreads(runMain(unit, file));
    ending();
    const left = finalize();
    leaveThread();
    return { status, left };
  };
  return { words, run };
}

/** Write to this process's own descriptors. */
export function writeThrough(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
