import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileModule } from "../../../src/compiler/compile.js";
import { deserializeUnit, serializeUnit } from "../../../src/compiler/freeze.js";

const CORPUS = "test/unit/compiler/corpus";

describe("frozen code units", () => {
  it("come back as they were", () => {
    for (const name of readdirSync(CORPUS)) {
      const unit = compileModule(readFileSync(join(CORPUS, name), "utf8"), name);
      expect(deserializeUnit(serializeUnit(unit)), name).toEqual(unit);
    }
  });

  it("keep numbers that JSON has not", () => {
    const source = "x = (1e999, -0.0, 1e999j, 2**100, b'\\xff\\x00', 'a\\ud800', ..., None)\n";
    const unit = compileModule(source, "n.py");
    expect(deserializeUnit(serializeUnit(unit))).toEqual(unit);
  });

  it("refuse another format", () => {
    expect(() => deserializeUnit('{"format":0,"unit":{}}')).toThrow(RangeError);
  });
});
