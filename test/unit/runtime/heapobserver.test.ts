import { describe, expect, it } from "vitest";
import { Interpreter, type InterpreterOptions } from "../../../src/index.js";
import type { HeapReport, HeapSnapshot } from "../../../src/report/heapreport.js";
import type { HeapOptions } from "../../../src/runtime/heapobserver.js";

const quiet: HeapOptions = { at: [], everyMs: null, atExit: false, pool: null };

/** Run a program under observation; its report and what it printed. */
async function observe(
  source: string,
  heap: Partial<HeapOptions>,
  options: InterpreterOptions = {},
): Promise<{ report: HeapReport; output: string }> {
  let output = "";
  const interpreter = await Interpreter.create({
    heapSize: 64 << 20,
    stdout: (text) => {
      output += text;
    },
    stderr: (text) => {
      output += text;
    },
    ...options,
    heap: { ...quiet, ...heap },
  });
  try {
    const result = await interpreter.runSource(source);
    expect(output).not.toMatch(/Error|died/);
    expect(result.leakedBlocks).toBe(0);
    return { report: result.heap!, output };
  } finally {
    await interpreter.close();
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Every sum that must agree with another. */
function expectSums(report: HeapReport, snapshot: HeapSnapshot): void {
  const { layers, account, classes, pools, rows, types } = snapshot;
  const { pymalloc } = report;
  expect(sum(Object.values(layers))).toBe(report.heapBytes);
  const { blocks, freeBlocks, unusedPools, poolHeaders, quantization, alignment } = layers;
  const arenas = account.arenasCurrent;
  // A21: the account adds up to the arenas.
  expect(blocks + freeBlocks + unusedPools + poolHeaders + quantization + alignment).toBe(
    arenas * pymalloc.arenaBytes,
  );
  expect(sum(Object.values(pools))).toBe(arenas * pymalloc.poolsPerArena);
  expect(sum(classes.map((use) => use.pools))).toBe(pools.full + pools.used);
  expect(sum(classes.map((use) => use.usedBlocks * use.blockBytes))).toBe(blocks);
  const cells = rows.flatMap((row) => row.cells);
  expect(rows.flatMap((row) => row.arenas).length).toBe(arenas);
  expect(sum(cells.map((cell) => cell[1]))).toBe(blocks);
  expect(sum(types.map(({ bytes }) => bytes))).toBe(blocks + layers.large);
  expect(types.find(({ name }) => name === "(other blocks)")).toBeUndefined();
}

const nodes = `
import sys
class Node:
    def __init__(self, n):
        self.n = n
nodes = [Node(i + 1000) for i in range(3000)]
blocks = sys.getallocatedblocks()
print(blocks)
kept = nodes[::100]
del nodes
kept.append(bytearray(100000))
floats = [float(i) for i in range(50)]
del floats
print("end")
`;

describe("observing a heap", () => {
  it.each(["3.9", "3.10"] as const)("adds up with the pools of %s", async (pymalloc) => {
    const at = [7, 11, 14].map((line) => ({ line, pass: 1 }));
    const { report, output } = await observe(nodes, { at, atExit: true }, { pymalloc });
    expect(report.pymalloc.name).toBe(pymalloc);
    expect(report.snapshots.map(({ label }) => label)).toEqual([
      "line 7",
      "line 11",
      "line 14",
      "exit",
    ]);
    for (const snapshot of report.snapshots) expectSums(report, snapshot);
    const [full, sparse, last] = report.snapshots;
    const seen = Number(output.split("\n")[0]);
    expect(Math.abs(full.account.allocatedBlocks - seen)).toBeLessThanOrEqual(3);
    const node = (snapshot: HeapSnapshot) => snapshot.types.find(({ name }) => name === "Node")!;
    expect(node(full).objects).toBe(3000);
    // 56 bytes and a header in a block of 64; 24 for the first values, rounded up.
    expect(node(full).bytes).toBeGreaterThanOrEqual(3000 * (64 + 32));
    expect(node(sparse).objects).toBe(30);
    expect(sparse.layers.freeBlocks).toBeGreaterThan(full.layers.freeBlocks + 150_000);
    expect(last.largeBlocks.list[0]).toMatchObject({ what: "bytearray" });
    expect(last.freeLists.find(({ name }) => name === "float")!.objects).toBeGreaterThan(40);
    expect(last.collector.generations[0].threshold).toBe(700);
  });

  it.each(["3.9", "3.10"] as const)(
    "has the figures of sys._debugmallocstats with %s",
    async (pymalloc) => {
      const source = `
import sys
kept = [[i] for i in range(3000)]
del kept[::3]
sys._debugmallocstats()
`;
      const at = [{ line: 5, pass: 1 }];
      const { report, output } = await observe(source, { at }, { pymalloc });
      const [{ account, layers, classes }] = report.snapshots;
      const stated = (what: string): number => {
        const line = new RegExp(`^# ${what} +=? *([\\d,]+)`, "m").exec(output);
        return Number(line![1].replaceAll(",", ""));
      };
      expect(account).toMatchObject({
        arenasAllocatedTotal: stated("arenas allocated total"),
        arenasReclaimed: stated("arenas reclaimed"),
        arenasHighWater: stated("arenas highwater mark"),
        arenasCurrent: stated("arenas allocated current"),
      });
      expect(layers).toMatchObject({
        blocks: stated("bytes in allocated blocks"),
        freeBlocks: stated("bytes in available blocks"),
        poolHeaders: stated("bytes lost to pool headers"),
        quantization: stated("bytes lost to quantization"),
        alignment: stated("bytes lost to arena alignment"),
      });
      const rows = [...output.matchAll(/^ +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$/gm)];
      expect(rows.length).toBe(classes.filter(({ pools }) => pools > 0).length);
      for (const [, number, size, pools, used, available] of rows) {
        const use = classes[Number(number)];
        expect([use.blockBytes, use.pools, use.usedBlocks]).toEqual(
          [size, pools, used].map(Number),
        );
        expect(use.freeBlocks + use.untouchedBlocks).toBe(Number(available));
      }
    },
  );

  it("finds the objects between the guard bytes of the debug heap", async () => {
    const at = [7, 11].map((line) => ({ line, pass: 1 }));
    const { report } = await observe(nodes, { at }, { malloc: "debug" });
    for (const snapshot of report.snapshots) expectSums(report, snapshot);
    const count = (snapshot: HeapSnapshot) =>
      snapshot.types.find(({ name }) => name === "Node")!.objects;
    expect(report.snapshots.map(count)).toEqual([3000, 30]);
  });

  it("tells every block of the pool it shows", async () => {
    const { report } = await observe(nodes, { at: [{ line: 11, pass: 1 }], pool: null });
    const [{ zoom, classes }] = report.snapshots;
    const free = [...zoom!.states].flatMap((state, i) => (state === "f" ? [i] : []));
    expect([...zoom!.freeList].sort((a, b) => a - b)).toEqual(free);
    expect(zoom!.states.length).toBe(zoom!.capacity);
    expect(classes[zoom!.sizeClass].pools).toBeGreaterThan(0);
  });

  it("shows the pool that was asked for, and none where there is none", async () => {
    const at = [{ line: 7, pass: 1 }];
    const { report } = await observe(nodes, { at, pool: { arena: 0, pool: 5 } });
    expect(report.snapshots[0].zoom!.name).toBe("0:5");
    const other = await observe(nodes, { at, pool: { arena: 900, pool: 5 } });
    expect(other.report.snapshots[0].zoom).toBeNull();
  });

  it("takes the pass that was asked for, in whatever thread", async () => {
    const source = `
import threading
def work(n):
    for i in range(n):
        kept.append(object())
kept = []
threads = [threading.Thread(target=work, args=(50,)) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(len(kept))
`;
    const { report, output } = await observe(source, {
      at: [
        { line: 5, pass: 101 },
        { line: 5, pass: 151 },
      ],
    });
    expect(output).toBe("150\n");
    expect(report.snapshots.map(({ label }) => label)).toEqual(["line 5, pass 101"]);
    expectSums(report, report.snapshots[0]);
    const { objects } = report.snapshots[0].types.find(({ name }) => name === "object")!;
    // Each thread counts before it appends: up to two are between the two.
    expect(objects).toBeGreaterThanOrEqual(98);
    expect(objects).toBeLessThanOrEqual(103);
  });

  it("is not fooled by buffers that look like objects", async () => {
    const source = `
class A: pass
class B: __slots__ = ("x",)
rows = [[int, str, A, B] * 5 for _ in range(200)]
pairs = [(A, B) for i in range(100)] + [(str(i), int) for i in range(100)]
objects = [A() for _ in range(70)] + [B() for _ in range(30)]
sets = [{int, str, A, B, float, bool, None, i} for i in range(100)]
print("here")
`;
    const { report } = await observe(source, { at: [{ line: 8, pass: 1 }] });
    const [snapshot] = report.snapshots;
    expectSums(report, snapshot);
    const count = (name: string) => snapshot.types.find((type) => type.name === name)?.objects;
    expect(count("A")).toBe(70);
    expect(count("B")).toBe(30);
    expect(count("set")).toBeLessThan(110);
    expect(count("list")).toBeGreaterThanOrEqual(203);
    expect(count("list")).toBeLessThan(215);
  });

  it("samples while threads compute and while all of them sleep", async () => {
    const source = `
import threading, time
kept = []
def work():
    for i in range(40000):
        kept.append([i])
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
time.sleep(0.3)
print(len(kept))
`;
    const { report, output } = await observe(source, { everyMs: 20 });
    expect(output).toBe("80000\n");
    const { samples } = report.series!;
    expect(samples.length).toBeGreaterThan(1);
    const lists = samples.map(({ types }) => types.find(([name]) => name === "list")?.[1] ?? 0);
    expect(Math.max(...lists)).toBeGreaterThan(80000 * 64);
    for (const sample of samples) expect(sum(Object.values(sample.layers))).toBe(report.heapBytes);
    const times = samples.map(({ seconds }) => seconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it.each(["fifo", "timer"])("samples under %s, too", async (gil) => {
    const source = `
import threading, time
kept = []
def work():
    for i in range(10000):
        kept.append([i])
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
time.sleep(0.1)
print(len(kept))
`;
    const { report, output } = await observe(source, { everyMs: 10, atExit: true }, { gil });
    expect(output).toBe("20000\n");
    expect(report.series!.samples.length).toBeGreaterThan(1);
    expectSums(report, report.snapshots[0]);
  });

  it("sees a heap in the middle of a collection", async () => {
    const source = `
import gc
class A:
    def __init__(self):
        self.me = self
    def __del__(self):
        kept.append(1)
kept = []
gc.disable()
for i in range(200):
    A()
gc.collect()
`;
    const { report } = await observe(source, { at: [{ line: 7, pass: 100 }] });
    const [snapshot] = report.snapshots;
    expectSums(report, snapshot);
    expect(snapshot.collector.collecting).toBe(true);
    expect(snapshot.types.find(({ name }) => name === "A")!.objects).toBe(200);
  });

  it("outlives MainThread's death, again and again", async () => {
    for (let round = 0; round < 3; round++) {
      const interpreter = await Interpreter.create({
        heapSize: 64 << 20,
        stdout: () => {},
        stderr: () => {},
        heap: { ...quiet, everyMs: 1 },
      });
      const run = interpreter.runSource("while True:\n    kept = [[i] for i in range(100)]\n");
      while (!(await interpreter.killThread(1))) await new Promise((done) => setTimeout(done, 100));
      const { status, heap } = await run;
      await interpreter.close();
      expect(status).toBe(70);
      for (const { layers } of heap!.series!.samples) {
        expect(sum(Object.values(layers))).toBe(heap!.heapBytes);
      }
    }
  });

  it("refuses a line behind the program's end", async () => {
    const interpreter = await Interpreter.create({
      heapSize: 64 << 20,
      heap: { ...quiet, at: [{ line: 9, pass: 1 }] },
    });
    await expect(interpreter.runSource("x = 1\n")).rejects.toThrow(/no statement in line 9/);
    await interpreter.close();
  });

  it("leaves programs that nobody observes as they were", async () => {
    let output = "";
    const interpreter = await Interpreter.create({
      heapSize: 64 << 20,
      stdout: (text) => {
        output += text;
      },
    });
    const source = 'import builtins\nprint([n for n in dir(builtins) if "probe" in n])\n';
    const result = await interpreter.runSource(source);
    await interpreter.close();
    expect(result.heap).toBeNull();
    expect(output).toBe("[]\n");
  });
});
