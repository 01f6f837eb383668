/**
 * Runs a program in this JavaScript thread, without carriers and with an uncontended lock: a driver
 * for developing the virtual machine. `node dist/test/driver/run.js prog.py`
 *
 * TAKEGIL_LEAK_CHECK=1 lists the blocks that are left at the end; TAKEGIL_VERIFY=1 verifies the
 * heap after the program and again after finalization; TAKEGIL_DEBUG_HEAP=1 runs it on the debug
 * heap.
 */
import { AllocatorKind } from "../../src/memory/layout.js";
import { newMachine, writeThrough } from "./machine.js";

const machine = await newMachine({
  heapBytes: 1 << 30,
  pymalloc: 0,
  allocator: process.env.TAKEGIL_DEBUG_HEAP === undefined ? 0 : AllocatorKind.Debug,
  argv: process.argv.slice(2),
  write: writeThrough,
});
const { liveBlocks, describeBlock, roots } = await import("./leaks.js");
const { verifyHeap } = await import("../../src/gc/verify.js");
const problems: string[] = [];
const verify = (when: string): void => {
  if (process.env.TAKEGIL_VERIFY === undefined) return;
  for (const problem of verifyHeap()) problems.push(`${when}: ${problem}`);
};

const before = liveBlocks();
const { status, left } = machine.run(
  process.argv[2],
  () => {},
  () => verify("at the program's end"),
);
verify("after finalization");
for (const problem of problems) console.error(problem);
if (process.env.TAKEGIL_LEAK_CHECK && left !== 0) {
  console.error(`${left} blocks left`);
  const leaked = [...liveBlocks()].filter((block) => !before.has(block));
  for (const block of leaked) console.error(`  ${block}: ${describeBlock(block)}`);
  for (const root of roots(leaked)) console.error(`root: ${root}`);
  process.exit(70);
}
process.exitCode = problems.length > 0 ? 70 : status;
