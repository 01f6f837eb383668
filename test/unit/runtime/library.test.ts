import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { CodeUnit } from "../../../src/compiler/unit.js";
import { loadLibraryModule } from "../../../src/runtime/library.js";

const SOURCE = fileURLToPath(new URL("../../../../src/stdlib/python/", import.meta.url));

function moduleNames(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py"))
    .map((path) => path.replace(/\.py$/, "").replaceAll("\\", "/"))
    .map((path) => path.replace(/\/__init__$/, "").replaceAll("/", "."));
}

function fileNames(unit: CodeUnit): Set<string> {
  const inner = unit.consts.flatMap((constant) =>
    constant.kind === "code" ? [...fileNames(constant.unit)] : [],
  );
  return new Set([unit.filename, ...inner]);
}

describe("the frozen library", () => {
  it("has a unit for every module, with the place of its source", () => {
    const names = moduleNames();
    expect(names).toContain("threading");
    for (const name of names) {
      const found = loadLibraryModule(name);
      expect(found, name).not.toBeNull();
      if (found === null) continue;
      const files = [...fileNames(found.unit)];
      expect(files, name).toHaveLength(1);
      expect(existsSync(files[0]), files[0]).toBe(true);
      expect(found.isPackage, name).toBe(
        existsSync(join(SOURCE, ...name.split("."), "__init__.py")),
      );
    }
  });

  it("has nothing under other names", () => {
    for (const name of ["no_such_module", "../threading", "collections.nothing", ""]) {
      expect(loadLibraryModule(name)).toBeNull();
    }
  });
});
