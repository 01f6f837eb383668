/**
 * Runs programs with an allocation that fails, at each of many places, in this JavaScript thread.
 * `node dist/test/stress/failures.js FIRST LAST STEP prog.py …` fails allocation FIRST,
 * FIRST+STEP … LAST of each program and prints what is wrong as JSON, one line a finding.
 *
 * What must hold: the program prints what it prints without failure, or it ends with MemoryError;
 * the heap verifies; nothing is left on it. TAKEGIL_LEAK_CHECK=1 says what is left.
 */
import { basename } from "node:path";
import { AllocatorKind } from "../../src/memory/layout.js";
import { Memory } from "../../src/memory/state.js";
import { newMachine } from "../driver/machine.js";

const [first, last, step] = process.argv.slice(2, 5).map(Number);
const files = process.argv.slice(5);

let output: Buffer[] = [];
const machine = await newMachine({
  heapBytes: 64 << 20,
  pymalloc: 0,
  allocator: AllocatorKind.Failing,
  argv: ["failures"],
  write: (fd, bytes) => output.push(Buffer.concat([Buffer.from([fd]), bytes])),
});
const { describeBlock, liveBlocks, roots } = await import("../driver/leaks.js");
const { generationList, mergeList } = await import("../../src/gc/collector.js");
const { ObjectState } = await import("../../src/object/state.js");
const { verifyHeap } = await import("../../src/gc/verify.js");
const { words } = machine;

/** What the program wrote to `fd`, without addresses. */
function textOf(fd: number): string {
  const chunks = output.filter((chunk) => chunk[0] === fd).map((chunk) => chunk.subarray(1));
  return Buffer.concat(chunks)
    .toString()
    .replace(/\b0x[0-9a-f]+/g, "0x…");
}

interface Outcome {
  status: number;
  left: number;
  stdout: string;
  stderr: string;
  problems: string[];
  /** Allocations that the program made, up to the number asked for. */
  made: number;
}

function run(file: string, failAt: number): Outcome {
  output = [];
  const problems: string[] = [];
  const before = process.env.TAKEGIL_LEAK_CHECK === undefined ? null : liveBlocks();
  let made = 0;
  const { status, left } = machine.run(
    file,
    () => {
      words[Memory.FailAfter] = failAt;
    },
    () => {
      made = failAt - words[Memory.FailAfter];
      words[Memory.FailAfter] = 0;
      problems.push(...verifyHeap());
      // A program that ended before gc.unfreeze() hides its objects from the last collection.
      mergeList(ObjectState.Permanent, generationList(2));
    },
  );
  problems.push(...verifyHeap());
  if (before !== null && left !== 0) {
    const leaked = [...liveBlocks()].filter((block) => !before.has(block));
    problems.push(...roots(leaked), ...leaked.map(describeBlock));
  }
  return { status, left, stdout: textOf(1), stderr: textOf(2), problems, made };
}

/** Is this how a program may end that ran out of memory? */
function isClean(outcome: Outcome, normal: Outcome): boolean {
  const same = outcome.status === normal.status && outcome.stderr === normal.stderr;
  if (same && outcome.stdout === normal.stdout) return true;
  // Programs that catch everything print what they caught.
  return /MemoryError/.test(outcome.stderr + outcome.stdout);
}

/** The first line in which `got` is not `wanted`, beside it. */
function differenceOf(got: string, wanted: string): string {
  const lines = wanted.split("\n");
  const at = got.split("\n").findIndex((line, i) => line !== lines[i]);
  return at < 0 ? "" : `${got.split("\n")[at]} | ${lines[at]}`;
}

let runs = 0;
for (const file of files) {
  // The first run fills what stays for the life of the process.
  run(file, 2 ** 30);
  const normal = run(file, 2 ** 30);
  const report = (failAt: number, what: string, detail: unknown): void => {
    const finding = { program: basename(file), failAt, what, detail };
    process.stdout.write(`${JSON.stringify(finding)}\n`);
  };
  if (normal.left !== 0) report(0, "leak", normal.left);
  for (let failAt = first; failAt <= Math.min(last, normal.made); failAt += step) {
    runs++;
    try {
      const outcome = run(file, failAt);
      if (outcome.problems.length > 0) report(failAt, "verify", outcome.problems);
      if (outcome.left !== 0) report(failAt, "leak", outcome.left);
      if (!isClean(outcome, normal)) {
        const { status, stderr } = outcome;
        const difference = differenceOf(outcome.stdout, normal.stdout);
        report(failAt, "end", { status, difference, stderr: stderr.slice(-600) });
      }
    } catch (error) {
      const stack = (error as Error).stack ?? String(error);
      report(failAt, "crash", stack.split("\n").slice(0, 8).join("\n"));
      // Nothing is known of the heap any more.
      process.exit(1);
    }
  }
}
process.stdout.write(`${JSON.stringify({ runs })}\n`);
