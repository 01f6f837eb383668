/**
 * Memory that runs out: each of the first allocations of some programs fails in turn. Sampled
 * here; TAKEGIL_NIGHTLY=1 fails every one of the first 2,000.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const nightly = process.env.TAKEGIL_NIGHTLY !== undefined;

const PROGRAMS = [
  "bytes/methods",
  "classes/metaclasses",
  "classes/slots",
  "collections/mappings",
  "containers/iteration_tools",
  "dicts/methods",
  "exceptions/groups",
  "files/memory_streams",
  "formatting/str_format",
  "functools/all_functions",
  "gc/finalizers",
  "generators/iterators",
  "ints/arithmetic",
  "memory/destruction_order",
  "memory/rare_allocations",
  "objects/weak_references",
  "programs/algebra",
  "programs/event_system",
  "programs/huffman_and_lz",
  "programs/regex",
  "sets/operations",
  "slices/ranges",
  "strings/encoding",
];

/** Allocations failed of each program, and how far apart. */
const LAST = 2000;
const STEP = nightly ? 1 : 163;

describe("an allocation that fails ends in MemoryError, and nothing is lost", () => {
  it.each(PROGRAMS)("%s", { timeout: nightly ? 1_200_000 : 60_000 }, async (name) => {
    const script = fileURLToPath(new URL("./failures.js", import.meta.url));
    // Another sample for each program, the same at every run.
    const first = 1 + ((PROGRAMS.indexOf(name) * 37) % STEP);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, String(first), String(LAST), String(STEP), join("test/python", `${name}.py`)],
      { cwd: root, maxBuffer: 1 << 26 },
    ).catch((error: { stdout: string }) => error);
    const lines = stdout.trim().split("\n");
    expect(lines.filter((line) => !line.startsWith('{"runs"')).join("\n")).toBe("");
    expect(JSON.parse(lines.at(-1) ?? "{}").runs).toBeGreaterThan(0);
  });
});
