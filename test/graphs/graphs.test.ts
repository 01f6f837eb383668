/**
 * Random object graphs with finalizers and weak references (graphs.py): survivors, and the order of
 * finalizers and callbacks, are CPython 3.11's. 2,000 graphs are compared by the digests of
 * what CPython printed (graphs.expected.json, one a batch); with TAKEGIL_NIGHTLY=1 20,000 are
 * compared line by line with an installed CPython. TAKEGIL_STORE_GRAPHS=1 asks CPython for the
 * digests again.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { findCPython } from "../../src/experiment/runtimes.js";
import { ROOT } from "../guest/corpus.js";

const run = promisify(execFile);
const PROGRAM = join(ROOT, "test/graphs/graphs.py");
const EXPECTED = join(ROOT, "test/graphs/graphs.expected.json");
const BATCH = 250;
const BATCHES = 8;
const NIGHTLY_BATCHES = 80;

async function graphs(command: string[], batch: number): Promise<string> {
  const args = [...command.slice(1), PROGRAM, String(batch * BATCH), String(BATCH)];
  const options = { encoding: "utf8", maxBuffer: 1 << 28, timeout: 240_000 } as const;
  return (await run(command[0], args, options)).stdout;
}

const takegil = [process.execPath, join(ROOT, "dist/src/cli/main.js"), "run"];

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Both outputs' first graph that differs, or null. */
function firstDifference(ours: string, theirs: string): { ours: string; theirs: string } | null {
  const [a, b] = [ours, theirs].map((text) => text.split("\n"));
  const i = a.findIndex((line, at) => line !== b[at]);
  return i < 0 ? null : { ours: a[i], theirs: b[i] };
}

const python = findCPython();

describe("2,000 random object graphs", () => {
  const digests = JSON.parse(readFileSync(EXPECTED, "utf8")) as string[];
  for (let batch = 0; batch < BATCHES; batch++) {
    it(`from ${batch * BATCH} on live and die as under CPython`, async () => {
      const ours = await graphs(takegil, batch);
      expect(ours.split("\n").length).toBe(BATCH + 1);
      if (digest(ours) === digests[batch]) return;
      // Say which graph differs, where CPython is there to tell.
      if (python !== null) expect(firstDifference(ours, await graphs([python], batch))).toBe(null);
      expect(digest(ours)).toBe(digests[batch]);
    }, 240_000);
  }
});

describe.skipIf(process.env.TAKEGIL_STORE_GRAPHS !== "1" || python === null)("digests", () => {
  it("are stored", async () => {
    const digests: string[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
      digests.push(digest(await graphs([python!], batch)));
    }
    writeFileSync(EXPECTED, `${JSON.stringify(digests, null, 2)}\n`);
  }, 600_000);
});

const nightly = process.env.TAKEGIL_NIGHTLY === "1" && python !== null;

describe.skipIf(!nightly)("20,000 random object graphs (TAKEGIL_NIGHTLY=1, CPython 3.11)", () => {
  for (let batch = 0; batch < NIGHTLY_BATCHES; batch++) {
    it(`from ${batch * BATCH} on`, async () => {
      const [ours, theirs] = [await graphs(takegil, batch), await graphs([python!], batch)];
      expect(firstDifference(ours, theirs)).toBe(null);
    }, 480_000);
  }
});
