/** Programs that use up the heap or the stack: they get Python's exceptions and can go on. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

async function run(program: string, options: string[]): Promise<string[]> {
  const command = [`${root}dist/src/cli/main.js`, "run", ...options];
  const env = { ...process.env, TAKEGIL_VERIFY: "1", TAKEGIL_LEAK_CHECK: "1" };
  const path = `${root}test/stress/limits/${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, [...command, path], { env });
  return stdout.trim().split("\n");
}

describe("limits", () => {
  it("lets a program go on after MemoryError, in threads too", { timeout: 240_000 }, async () => {
    const lines = await run("exhaustion.py", ["--heap-size", "16m"]);
    expect(lines).toHaveLength(15);
    expect(lines.slice(0, 13).join(" ")).not.toContain("False");
    expect(lines.slice(13)).toEqual(["3", "3889"]);
  });

  it("bounds each thread's native stack", { timeout: 240_000 }, async () => {
    const lines = await run("recursion.py", []);
    expect(lines).toEqual(Array(10).fill("maximum recursion depth exceeded"));
  });

  it("destroys chains of every kind of object", { timeout: 240_000 }, async () => {
    const lines = await run("chains.py", []);
    expect(lines).toHaveLength(22);
  });
});
