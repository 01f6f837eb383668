import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const run = promisify(execFile);

/** The fenced blocks of one language, in order. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...README.matchAll(pattern)].map((match) => match[1]);
}

describe("the README", () => {
  it("links only to what exists", () => {
    const links = [...README.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]);
    const local = links.filter((link) => !link.startsWith("https://"));
    expect(local.length).toBeGreaterThan(3);
    expect(local.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const named = [...README.matchAll(/npm (?:run )?(\w+)/g)].map((match) => match[1]);
    const wanted = named.filter((name) => name !== "ci");
    expect(wanted).toContain("demo");
    expect(wanted.filter((name) => !(name in scripts))).toEqual([]);
  });

  const built = existsSync(join(ROOT, "dist/src/index.js"));
  const title = built
    ? "has an example that compiles and runs"
    : "has an example that compiles and runs (skipped: src/index.ts is not built)";

  it.skipIf(!built)(title, async () => {
    const [example] = blocks("ts");
    // Inside the package, so that the import of "takegil" finds it by its own name.
    const folder = join(ROOT, "dist/readme");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "example.mts"), example);
    writeFileSync(join(folder, "example.mjs"), example);
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--types", "node"];
    const modules = ["--module", "nodenext", "--target", "es2022"];
    const file = join(folder, "example.mts");
    await run(process.execPath, [compiler, ...flags, ...modules, "--ignoreConfig", file]);
    const { stdout } = await run(process.execPath, [join(folder, "example.mjs")]);
    expect(stdout).toBe("both have counted\nstatus 0\n");
  });
});
