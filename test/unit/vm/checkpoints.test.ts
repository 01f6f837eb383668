import { describe, expect, it } from "vitest";
import { compileSource } from "../../../src/compiler/compile.js";
import { opcodeTable } from "../../../src/compiler/opcodes.js";
import type { CodeUnit } from "../../../src/compiler/unit.js";
import { Interpreter } from "../../../src/index.js";
import { loadLibraryModule } from "../../../src/runtime/library.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import {
  type Instructions,
  PointVersion,
  UNCHECKED,
  withPoints,
} from "../../../src/vm/checkpoints.js";
import { Fast } from "../../../src/vm/opcodes.js";

const caches = new Map(opcodeTable.map(({ op, caches }) => [op, caches]));
const arguments_ = new Map(opcodeTable.map(({ op, arg }) => [op, arg]));

interface Instruction {
  at: number;
  op: number;
  arg: number;
  target: number;
}

function instructionsOf(code: ArrayLike<number>): Instruction[] {
  const found: Instruction[] = [];
  for (let at = 0; at < code.length; at += 1 + (caches.get(code[at] & 255) ?? 0)) {
    const op = code[at] & 255;
    const arg = code[at] >>> 8;
    const kind = arguments_.get(op);
    const way = kind === "jumpForward" ? 1 : kind === "jumpBackward" ? -1 : 0;
    found.push({ at, op, arg, target: way === 0 ? -1 : at + 1 + way * arg });
  }
  return found;
}

function isInserted({ op }: Instruction): boolean {
  return op >= Fast.POINT;
}

/** Places in the new code where an instruction of the old one, or what stands before it, begins. */
function placesOf(code: ArrayLike<number>): Map<number, number> {
  const places = new Map<number, number>();
  let original = 0;
  let fresh = true;
  for (const instruction of instructionsOf(code)) {
    if (fresh) places.set(original, instruction.at);
    fresh = !isInserted(instruction);
    if (fresh) original += 1 + (caches.get(instruction.op) ?? 0);
  }
  return places;
}

function allUnits(unit: CodeUnit): CodeUnit[] {
  const inner = unit.consts.flatMap((item) => (item.kind === "code" ? allUnits(item.unit) : []));
  return [unit, ...inner];
}

const library = ["threading", "queue", "collections", "functools", "contextlib", "dataclasses"]
  .map((name) => loadLibraryModule(name))
  .flatMap((found) => (found === null ? [] : allUnits(found.unit)));

function countOf(unit: CodeUnit, { code }: Instructions, op: Fast): number {
  expect(code.length).toBeGreaterThanOrEqual(unit.code.length);
  return instructionsOf(code).filter((instruction) => instruction.op === op).length;
}

describe("check points by version", () => {
  it("leave the code of 3.11 alone", () => {
    for (const unit of library) expect(withPoints(unit, PointVersion.Calls, false)).toBe(unit);
  });

  for (const [name, version, timed] of [
    ["3.10", PointVersion.Returns, false],
    ["3.9", PointVersion.Instructions, false],
    ["2.7", PointVersion.Ticks, false],
    ["3.11 in virtual time", PointVersion.Calls, true],
    ["2.7 in virtual time", PointVersion.Ticks, true],
  ] as const) {
    it(`of ${name} keep every instruction, jump, position and handler`, () => {
      expect(library.length).toBeGreaterThan(100);
      for (const unit of library) {
        const made = withPoints(unit, version, timed);
        const old = instructionsOf(unit.code);
        const left = instructionsOf(made.code).filter((one) => !isInserted(one));
        expect(left.map(({ op }) => op)).toEqual(old.map(({ op }) => op));
        const places = placesOf(made.code);
        places.set(unit.code.length, made.code.length);
        old.forEach(({ at, arg, target }, i) => {
          if (target < 0) expect(left[i].arg).toBe(arg);
          // A point behind the instruction before the target is not run by who jumps there.
          else {
            expect(left[i].target).toBeGreaterThanOrEqual(places.get(target)!);
            const own = left.find((one) => old[left.indexOf(one)]?.at === target);
            if (own !== undefined) expect(left[i].target).toBeLessThanOrEqual(own.at);
          }
          expect([...made.positions.subarray(4 * left[i].at, 4 * left[i].at + 4)]).toEqual([
            ...unit.positions.subarray(4 * at, 4 * at + 4),
          ]);
        });
        made.exceptions.forEach((entry, i) => {
          const before = unit.exceptions[i];
          expect(entry.depth).toBe(before.depth);
          const inside = left.filter(({ at }) => at >= entry.start && at < entry.end);
          const wanted = old.filter(({ at }) => at >= before.start && at < before.end);
          expect(inside.map(({ op }) => op)).toEqual(wanted.map(({ op }) => op));
        });
      }
    });
  }

  it("stand where G18 to G21 say, in `global c; c += 1` and around calls", () => {
    const [, function_] = allUnits(
      compileSource("def f():\n    global c\n    c += 1\n    g(c)\n", "x.py", "exec", 0),
    );
    const points = (version: PointVersion): number =>
      countOf(function_, withPoints(function_, version, false), Fast.POINT);
    // LOAD_GLOBAL, BINARY_OP, STORE_GLOBAL, LOAD_GLOBAL twice, CALL; LOAD_CONST and POP_TOP do not.
    expect(points(PointVersion.Instructions)).toBe(6);
    expect(points(PointVersion.Returns)).toBe(1);
    // And the function's entry.
    expect(points(PointVersion.Ticks)).toBe(7);
  });

  it("leave no gap between taking a lock and the try that releases it (G19)", () => {
    const source = "g.lock = h\ntry:\n    g()\nfinally:\n    h()\n";
    const unit = compileSource(source, "x.py", "exec", 0);
    const made = instructionsOf(withPoints(unit, PointVersion.Instructions, false).code);
    const store = made.findIndex(({ op }) => op === 95);
    expect(made[store + 1].op).not.toBe(Fast.POINT);
  });

  it("are counted but not checked before 2.7's SETUP_FINALLY, and before no other try (T7)", () => {
    const behindStore = (handler: string): Instruction => {
      const source = `g.lock = h\ntry:\n    g()\n${handler}:\n    h()\n`;
      const unit = compileSource(source, "x.py", "exec", 0);
      const made = instructionsOf(withPoints(unit, PointVersion.Ticks, false).code);
      return made[made.findIndex(({ op }) => op === 95) + 1];
    };
    expect(behindStore("finally")).toMatchObject({ op: Fast.POINT, arg: UNCHECKED + 1 });
    expect(behindStore("except")).toMatchObject({ op: Fast.POINT, arg: 1 });
  });
});

/** Ticks an iteration of `for i in it:` with `body` takes, from the trace of a run under 2.7. */
async function ticksOf(bodies: readonly string[]): Promise<number[]> {
  const functions = bodies.map((body, i) => {
    const lines = body.split("\n").map((line) => `        ${line}`);
    return `def f${i}(it):\n${body.includes("z=1") ? "    global z\n" : ""}    for i in it:\n${lines.join("\n")}\n`;
  });
  const calls = bodies.map((_, i) =>
    [10, 110].map((n) => `it=iter([None]*${n})\ntime.sleep(0)\nf${i}(it)\n`).join(""),
  );
  const source = `import time\ng=1\ndef h(): pass\n${functions.join("")}${calls.join("")}it=iter([None]*0)\ntime.sleep(0)\n`;
  const interpreter = await Interpreter.create({
    python: "2.7",
    statistics: true,
    heapSize: 64 << 20,
  });
  try {
    const { status, trace } = await interpreter.runSource(source);
    expect(status).toBe(0);
    const { event, reason, ticks, length } = trace!.history;
    const marks: number[] = [];
    for (let i = 0; i < length; i++) {
      if (event[i] === TraceEvent.Release && reason[i] === ReleaseReason.Sleep)
        marks.push(ticks[i]);
    }
    return bodies.map((_, i) => {
      const [a, b, c] = marks.slice(2 * i, 2 * i + 3);
      return (c - b - (b - a)) / 100;
    });
  } finally {
    await interpreter.close();
  }
}

describe("ticks of 2.7 (T10)", () => {
  it("are those measured under CPython 2.7, an iteration", async () => {
    const table: [string, number][] = [
      ["pass", 2],
      ["a=1", 2],
      ["a=i", 2],
      ["a=1;b=a;c=b", 2],
      ["x=1+1", 2],
      ["g", 3],
      ["z=1", 3],
      ["x=(i,i)", 3],
      ["x=[i]", 3],
      ["x={}", 3],
      ["x=i is None", 3],
      ["if i: a=1", 2],
      ["if not i: a=1", 3],
      ['len("")', 4],
      ["h()", 5],
      ["x=g+g", 5],
      ["x=g<2", 4],
      ["try: pass\nexcept: pass", 4],
      ["try: pass\nfinally: pass", 5],
      ["try: a=1\nexcept: pass\nelse: a=2", 4],
    ];
    expect(await ticksOf(table.map(([body]) => body))).toEqual(table.map(([, ticks]) => ticks));
  });
});
