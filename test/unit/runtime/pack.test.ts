import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const RUNTIME = fileURLToPath(new URL("../../../src/runtime/", import.meta.url));
const BUILT = fileURLToPath(new URL("../../../src/pack/", import.meta.url));

let root: string;

/** Load the pack `entry` with a loader of its own in a new process; what it printed. */
function load(environment: Record<string, string> = {}): string {
  const program = `const loader = require("./src/runtime/pack.cjs");
    const pack = loader.loadPack("entry");
    console.log(pack === null ? "none" : pack.say());
    if (loader.isPacking) loader.saveCodeCaches();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment },
  });
  return stderr + stdout;
}

function writePack(name: string, code: string): void {
  writeFileSync(join(root, "src/pack", `${name}.js`), code);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "takegil-pack-"));
  mkdirSync(join(root, "src/runtime"), { recursive: true });
  mkdirSync(join(root, "src/pack"));
  for (const file of ["pack.cjs", "tiering.cjs"]) {
    copyFileSync(RUNTIME + file, join(root, "src/runtime", file));
  }
  writePack("chunk", `exports.word = "\\u00e9t\\u00e9"; exports.file = __filename;`);
  writePack("entry", `const c = require("./chunk.js"); exports.say = () => c.word;`);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("loading a pack", () => {
  it("gives null where there is none, or none of this build", () => {
    expect(load()).toBe("été\n");
    const compiled = join(root, ".tsbuildinfo");
    writeFileSync(compiled, "");
    utimesSync(compiled, new Date(), new Date(Date.now() + 5000));
    expect(load()).toBe("none\n");
    utimesSync(compiled, new Date(), new Date(Date.now() - 5000));
    expect(load()).toBe("été\n");
    rmSync(join(root, "src/pack/entry.js"));
    expect(load()).toBe("none\n");
  });

  it("loads chunks once and Node's modules through Node", () => {
    writePack(
      "entry",
      `const a = require("./chunk.js"), b = require("./chunk.js"), p = require("node:path");
       exports.say = () => a === b && p.basename(a.file);`,
    );
    expect(load()).toBe("chunk.js\n");
  });

  it("writes code caches when asked, uses them, and runs without sound ones", () => {
    const cache = join(root, "src/pack/entry.js.cache");
    expect(load()).toBe("été\n");
    expect(existsSync(cache)).toBe(false);
    expect(load({ TAKEGIL_PACKING: "1" })).toBe("été\n");
    expect(readFileSync(cache).length).toBeGreaterThan(0);
    expect(load()).toBe("été\n");
    writeFileSync(cache, "no cache");
    expect(load()).toBe("été\n");
  });
});

describe("the packs of this build", () => {
  it("are made, in ASCII, with their caches", () => {
    for (const name of ["command.js", "carrier.js", "worker.js"]) {
      const text = readFileSync(BUILT + name);
      expect(text.every((byte) => byte < 128)).toBe(true);
      expect(existsSync(`${BUILT}${name}.cache`)).toBe(name !== "worker.js");
    }
  });
});
