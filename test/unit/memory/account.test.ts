/**
 * The same allocation programs under CPython and takegil: what `sys._debugmallocstats` says (A21)
 * changes alike. Each program finds another start: pools with room, and free pools in arenas. So
 * what is compared is the change, and the pools and arenas that it takes from such a start.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const PROGRAM = join(root, "test/unit/memory/account.py");
const run = promisify(execFile);

/** A CPython whose version begins so, in pyenv's folder; null where there is none. */
function findCPython(version: string): string | null {
  const versions = join(homedir(), ".pyenv", "versions");
  const names = existsSync(versions) ? readdirSync(versions) : [];
  const found = names.filter((name) => name.startsWith(`${version}.`));
  const paths = found.map((name) => join(versions, name, "bin", "python3"));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** One account: what a size class has by its number, and the lines about arenas and bytes. */
interface Account {
  program: string;
  state: string;
  blocks: number;
  classes: Map<number, { pools: number; used: number; available: number }>;
  lines: Map<string, number>;
  unusedPools: number;
}

function readAccounts(text: string): Account[] {
  return text
    .split(/^program /m)
    .slice(1)
    .map((part) => {
      const [head, ...body] = part.split("\n");
      const [program, state, blocks] = head.split("|");
      const classes: Account["classes"] = new Map();
      const lines = new Map<string, number>();
      let unusedPools = 0;
      for (const line of body) {
        const row = /^ +(\d+) +\d+ +(\d+) +(\d+) +(\d+)$/.exec(line);
        if (row !== null) {
          const [, cls, pools, used, available] = row.map(Number);
          classes.set(cls, { pools, used, available });
        }
        const entry = /^(.*?) *= +([\d,]+)$/.exec(line);
        if (entry !== null && !lines.has(entry[1])) {
          lines.set(entry[1], Number(entry[2].replaceAll(",", "")));
        }
        const unused = /^(\d+) unused pools/.exec(line);
        if (unused !== null) unusedPools = Number(unused[1]);
      }
      return { program, state, blocks: Number(blocks), classes, lines, unusedPools };
    });
}

const NOTHING = { pools: 0, used: 0, available: 0 };
const CURRENT = "# arenas allocated current";

/** The four accounts of one program. */
interface Course {
  program: string;
  before: Account;
  full: Account;
  half: Account;
  empty: Account;
}

function coursesOf(text: string): Course[] {
  const accounts = readAccounts(text);
  const courses: Course[] = [];
  for (let i = 0; i + 3 < accounts.length; i += 4) {
    const [before, full, half, empty] = accounts.slice(i, i + 4);
    courses.push({ program: before.program, before, full, half, empty });
  }
  return courses;
}

/** Classes in which a program allocates: those that grow by more than a start-up's noise. */
function classesOf({ before, full }: Course): number[] {
  const grows = (cls: number): boolean =>
    (full.classes.get(cls) ?? NOTHING).used - (before.classes.get(cls) ?? NOTHING).used > 100;
  return [...full.classes.keys()].filter(grows);
}

/** Blocks gained since the start: in all, and in the pools of each class it allocates in. */
function gained(course: Course, state: "full" | "half" | "empty"): Record<string, number> {
  const found: Record<string, number> = { all: course[state].blocks - course.before.blocks };
  for (const cls of classesOf(course)) {
    const start = course.before.classes.get(cls) ?? NOTHING;
    found[`class ${cls}`] = (course[state].classes.get(cls) ?? NOTHING).used - start.used;
  }
  return found;
}

/** The pools and arenas that the course took are those it needs from where it began. */
function checkNeeds(course: Course, poolBytes: number, poolsPerArena: number): void {
  let more = 0;
  for (const [cls, now] of course.full.classes) {
    const start = course.before.classes.get(cls) ?? NOTHING;
    const capacity = Math.floor((poolBytes - 48) / ((cls + 1) << 4));
    const wanted = Math.ceil(Math.max(0, now.used - start.used - start.available) / capacity);
    if (classesOf(course).includes(cls))
      expect([cls, now.pools - start.pools]).toEqual([cls, wanted]);
    more += now.pools - start.pools;
  }
  const arenas = (state: Account): number => state.lines.get(CURRENT) ?? Number.NaN;
  const opened = Math.ceil(Math.max(0, more - course.before.unusedPools) / poolsPerArena);
  expect(arenas(course.full) - arenas(course.before)).toBe(opened);
  expect(arenas(course.half)).toBe(arenas(course.full));
  // All go again but, perhaps, one that is kept (A15).
  expect(arenas(course.empty) - arenas(course.before)).toBeLessThanOrEqual(1);
  for (const state of [course.before, course.full, course.half, course.empty]) {
    const sum = [...state.lines]
      .filter(([name]) => /^# bytes (in|lost to (pool|quant|arena a))|unused pools/.test(name))
      .reduce((total, [, bytes]) => total + bytes, 0);
    expect(sum).toBe(state.lines.get("Total"));
  }
}

describe.each([
  { version: "3.9", pymalloc: "3.9", poolBytes: 4096, pools: 64 },
  { version: "3.11", pymalloc: "3.10", poolBytes: 16384, pools: 63 },
])("the account of pymalloc, as CPython $version's", ({ version, pymalloc, poolBytes, pools }) => {
  const python = findCPython(version);

  it.skipIf(python === null)("changes alike", { timeout: 60_000 }, async () => {
    const command = join(root, "dist/src/cli/main.js");
    const options = { maxBuffer: 1 << 24 };
    const words = [command, "run", "--pymalloc", pymalloc, PROGRAM];
    const [ours, theirs] = await Promise.all([
      run(process.execPath, words, options),
      run(python ?? "", [PROGRAM], options),
    ]);
    const mine = coursesOf(ours.stderr);
    const wanted = coursesOf(theirs.stderr);
    expect(mine.map(({ program }) => program)).toEqual(wanted.map(({ program }) => program));
    expect(mine).toHaveLength(7);
    for (const [i, course] of mine.entries()) {
      for (const state of ["full", "half", "empty"] as const) {
        const [got, want] = [gained(course, state), gained(wanted[i], state)];
        expect(Object.keys(got)).toEqual(Object.keys(want));
        // What the interpreters keep of their own differs by a few blocks.
        for (const [what, blocks] of Object.entries(got)) {
          const difference = Math.abs(blocks - want[what]);
          expect([course.program, state, what, difference <= 4]).toEqual([
            course.program,
            state,
            what,
            true,
          ]);
        }
      }
      checkNeeds(course, poolBytes, pools);
      checkNeeds(wanted[i], poolBytes, pools);
    }
  });
});
