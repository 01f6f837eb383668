/** Promela models of the disciplines, checked by spin with liveness; nightly, where spin is. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const has = (tool: string, flag: string): boolean => spawnSync(tool, [flag]).status === 0;
const available = has("spin", "-V") && has("gcc", "--version");
const nightly = process.env["TAKEGIL_NIGHTLY"] === "1";
const models = fileURLToPath(new URL("../../../test/promela/", import.meta.url));

const disciplines: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  py32: ["word.pml", ["-DASKS", "-DFORCED"]],
  "py32-unforced": ["word.pml", ["-DASKS"]],
  "py2-semaphore": ["word.pml", []],
  "py2-condvar": ["condvar.pml", []],
  fifo: ["queue.pml", []],
  timer: ["queue.pml", []],
  priority: ["queue.pml", ["-DRANKED"]],
};

/** What spin's verifier says of the model, two threads each. */
function verify(model: string, flags: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "takegil-spin-"));
  try {
    const options = { cwd: folder, encoding: "utf8" } as const;
    execFileSync("spin", ["-a", "-DN=2", ...flags, join(models, model)], options);
    execFileSync("gcc", ["-O2", "-DNFAIR=4", "-o", "pan", "pan.c"], options);
    return execFileSync("./pan", ["-a", "-f", "-m1000000"], options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!(available && nightly))("checked by spin (nightly, needs spin and gcc)", () => {
  it.each(Object.entries(disciplines))(
    "%s: exclusion, and everyone ends",
    (_, [model, flags]) => {
      const said = verify(model, flags);
      expect(said).toMatch(/State-vector/);
      expect(said).toMatch(/errors: 0\n/);
      expect(said).not.toMatch(/max search depth too small/);
    },
    600_000,
  );
});
