/**
 * Runs a program in this JavaScript thread, without carriers and with an uncontended lock: a driver
 * for developing the virtual machine. `node dist/test/driver/run.js prog.py`
 */
import { readFileSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { compileSource } from "../../src/compiler/compile.js";
import { Py32 } from "../../src/gil/py32.js";
import { bindHeap } from "../../src/memory/binding.js";
import { Control, ThreadState } from "../../src/memory/layout.js";
import { AtomicsMemory } from "../../src/sync/atomics.js";
import { Parker } from "../../src/sync/parker.js";
import { PySyntaxError } from "../../src/syntax/error.js";

const buffer = new SharedArrayBuffer(1 << 30);
bindHeap(buffer);
await import("../../src/stdlib/all.js");
const { boot } = await import("../../src/object/boot.js");
const { bindThread, enterThread, leaveThread } = await import("../../src/vm/threadstate.js");
const { startInterpreter, runMain, shutDownThreads, finalize } = await import(
  "../../src/vm/interpreter.js"
);
const { setHost } = await import("../../src/vm/host.js");
const { loadLibraryModule } = await import("../../src/runtime/library.js");
const { bindLock } = await import("../../src/vm/breaker.js");
const { bindParker } = await import("../../src/vm/blocking.js");
const { stateOf } = await import("../../src/vm/threadstate.js");

const file = process.argv[2];
const I32 = new Int32Array(buffer);
setHost({
  compile(source, filename, mode, flags) {
    try {
      return { unit: compileSource(source, filename, mode, flags) };
    } catch (error) {
      if (!(error instanceof PySyntaxError)) throw error;
      return { error: { ...error, msg: error.msg, type: error.type } as never };
    }
  },
  libraryModule: loadLibraryModule,
  readFile(path) {
    try {
      return readFileSync(path);
    } catch {
      return null;
    }
  },
  isDirectory(path) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  },
  writeOut(fd, bytes) {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    return 0;
  },
  startThread: () => false,
  watchSignal() {},
  exitProcess: (status) => process.exit(status),
  expectThreads() {},
  nameThread() {},
  environ: process.env as Record<string, string>,
  argv: process.argv.slice(2),
  workingDirectory: process.cwd(),
  scriptDirectory: dirname(file),
  executable: "",
});
const memory = new AtomicsMemory(I32);
const lock = new Py32(memory, { emit() {} } as never);
I32[stateOf(1) + ThreadState.IsMain] = 1;
I32[stateOf(1) + ThreadState.Ident] = 1;
I32[Control.MainThread] = 1;
I32[Control.NextIdent] = 2;
bindThread(1);
lock.initialize(5000);
lock.acquire(1);
bindLock(lock, 1, { emit() {} });
bindParker(memory, new Parker(memory, stateOf(1) + 25, 66, () => false));
boot();
const { liveBlocks, describeBlock, roots } = await import("./leaks.js");
const before = liveBlocks();
if (!enterThread() || !startInterpreter()) throw new Error("cannot start");
const unit = compileSource(readFileSync(file, "utf8"), file, "exec", 0);
const status = runMain(unit, file);
shutDownThreads(status);
const left = finalize();
leaveThread();
if (process.env.TAKEGIL_LEAK_CHECK && left !== 0) {
  console.error(`${left} blocks left`);
  for (const block of liveBlocks()) {
    if (!before.has(block)) console.error(`  ${block}: ${describeBlock(block)}`);
  }
  const leaked = [...liveBlocks()].filter((block) => !before.has(block));
  for (const root of roots(leaked)) console.error(`root: ${root}`);
  process.exit(70);
}
process.exitCode = status;
