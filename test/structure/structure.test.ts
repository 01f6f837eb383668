import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  checkAll,
  checkImports,
  checkReachable,
  checkText,
  formatViolations,
  importsOf,
  LAYERS,
  resolveImport,
  type SourceFile,
} from "./rules.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDERS = ["src", "workers", "experiments", "test", "docs"];
const TEXT = /\.(ts|cts|mjs|md|py|json)$/;

function readTree(folder: string): SourceFile[] {
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: path.slice(ROOT.length).replaceAll("\\", "/"),
      text: readFileSync(path, "utf8"),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe("the repository", () => {
  it("keeps its own rules", () => {
    const files = FOLDERS.flatMap(readTree);
    files.push({ path: "README.md", text: readFileSync(join(ROOT, "README.md"), "utf8") });
    expect(files.filter((file) => file.path.startsWith("src/")).length).toBeGreaterThan(3);
    expect(formatViolations(checkAll(files))).toBe("");
  });
});

const file = (path: string, text: string): SourceFile => ({ path, text });
const rules = (violations: { rule: string }[]) => violations.map((violation) => violation.rule);

describe("layers", () => {
  it("lets an import point left and refuses one that points right", () => {
    expect(checkImports(file("src/gil/py32.ts", 'import { a } from "../sync/m.js";\n'))).toEqual(
      [],
    );
    const wrong = checkImports(file("src/sync/m.ts", '\nimport { a } from "../gil/py32.js";\n'));
    expect(wrong).toEqual([
      {
        rule: "layers",
        path: "src/sync/m.ts",
        line: 2,
        message: 'src/sync must not import src/gil ("../gil/py32.js")',
      },
    ]);
  });

  it("sees every form of import", () => {
    const text = [
      'import type { A } from "../vm/a.js";',
      'export * from "../vm/b.js";',
      'import "../vm/c.js";',
      "import {",
      "  d,",
      '} from "../vm/d.js";',
      'const e = await import("../vm/e.js");',
      'type F = import("../vm/f.js").F;',
      '// import "../vm/comment.js";',
      '/* import "../vm/comment.js"; */',
    ].join("\n");
    const found = checkImports(file("src/base/x.ts", text));
    expect(found.map((violation) => violation.line)).toEqual([1, 2, 3, 6, 7, 8]);
  });

  it("keeps report away from the virtual machine and the virtual machine away from report", () => {
    expect(rules(checkImports(file("src/report/a.ts", 'import "../vm/x.js";')))).toEqual([
      "layers",
    ]);
    expect(rules(checkImports(file("src/vm/a.ts", 'import "../report/x.js";')))).toEqual([
      "layers",
    ]);
  });

  it("lets a worker be named by URL, but not imported", () => {
    const url = 'new Worker(new URL("../../workers/thread.js", import.meta.url));';
    expect(checkImports(file("src/runtime/spawn.ts", url))).toEqual([]);
    const direct = 'import "../../workers/thread.js";';
    expect(rules(checkImports(file("src/runtime/spawn.ts", direct)))).toEqual(["layers"]);
  });

  it("keeps experiments on the public interface", () => {
    const direct = 'import { a } from "../../src/runtime/a.js";';
    expect(rules(checkImports(file("experiments/x/x.ts", direct)))).toEqual(["layers"]);
    const open = 'import { a } from "../../src/index.js";';
    expect(checkImports(file("experiments/x/x.ts", open))).toEqual([]);
  });

  it("refuses a folder that is in no layer", () => {
    expect(rules(checkImports(file("src/helpers/a.ts", "")))).toEqual(["layers"]);
  });

  it("is a partial order: no two source folders may import each other", () => {
    for (const [layer, allowed] of Object.entries(LAYERS)) {
      for (const target of allowed) expect(LAYERS[target] ?? []).not.toContain(layer);
    }
  });
});

describe("packages", () => {
  it("are refused outside the folders that may use them", () => {
    const pino = 'import pino from "pino";';
    expect(rules(checkImports(file("src/gil/a.ts", pino)))).toEqual(["packages"]);
    expect(checkImports(file("src/runtime/a.ts", pino))).toEqual([]);
    expect(rules(checkImports(file("src/runtime/a.ts", 'import "py-ast";')))).toEqual(["packages"]);
    expect(rules(checkImports(file("src/base/a.ts", 'import "fs";')))).toEqual(["packages"]);
    expect(checkImports(file("src/base/a.ts", 'import "node:fs";'))).toEqual([]);
    const scoped = 'import "@scope/name/deep.js";';
    expect(checkImports(file("src/base/a.ts", scoped))[0].message).toContain('"@scope/name"');
  });
});

describe("texts", () => {
  it("refuses long lines and long files, save the listed ones", () => {
    expect(checkText(file("src/a/b.ts", `${"x".repeat(100)}\n`))).toEqual([]);
    expect(rules(checkText(file("src/a/b.ts", `${"x".repeat(101)}\n`)))).toEqual(["columns"]);
    expect(checkText(file("docs/a.md", `${"x".repeat(101)}\n`))).toEqual([]);
    expect(checkText(file("src/a/b.ts", `  "${"x".repeat(101)}",\n`))).toEqual([]);
    expect(rules(checkText(file("src/a/b.ts", `f("x", "y"); // ${"x".repeat(90)}`)))).toEqual([
      "columns",
    ]);
    expect(checkText(file("src/a/b.ts", "x\n".repeat(900)))).toEqual([]);
    expect(rules(checkText(file("src/a/b.ts", "x\n".repeat(901))))).toEqual(["length"]);
    expect(checkText(file("src/vm/eval.ts", "x\n".repeat(2000)))).toEqual([]);
  });

  it("refuses leftovers and paths of one machine", () => {
    expect(rules(checkText(file("src/a/b.ts", `// ${"TO"}${"DO"}: later`)))).toEqual(["leftover"]);
    expect(rules(checkText(file("docs/a.md", `see ${"FIX"}${"ME"}`)))).toEqual(["leftover"]);
    expect(rules(checkText(file("src/a/b.ts", `open("${"/wo"}${"rk/x"}")`)))).toEqual(["machine"]);
    expect(rules(checkText(file("README.md", `${"/ro"}${"ot/x"}`)))).toEqual(["machine"]);
  });
});

describe("reachability", () => {
  it("finds a file that nothing reaches, through URLs and re-exports too", () => {
    const files = [
      file("src/index.ts", 'export { a } from "./runtime/a.js";'),
      file("src/runtime/a.ts", 'new Worker(new URL("../../workers/w.cjs", import.meta.url));'),
      file("workers/w.cts", 'import "../src/runtime/w.js";'),
      file("src/runtime/w.ts", ""),
      file("src/runtime/dead.ts", 'import "./a.js";'),
    ];
    expect(checkReachable(files).map((violation) => violation.path)).toEqual([
      "src/runtime/dead.ts",
    ]);
  });

  it("resolves relative specifiers", () => {
    expect(resolveImport("src/a/b.ts", "../c/d.js")).toBe("src/c/d.ts");
    expect(resolveImport("src/a/b.ts", "./d.js")).toBe("src/a/d.ts");
    expect(importsOf(file("a.ts", 'const s = "import x from \\"y\\"";'))).toEqual([]);
  });
});
