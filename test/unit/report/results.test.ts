import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  cellName,
  formatValue,
  ResultFolder,
  type Sample,
  summariseCells,
  toCsv,
  toMarkdown,
} from "../../../src/report/results.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "takegil-results-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("names and tables", () => {
  it("sorts the factors of a cell", () => {
    expect(cellName({ threads: 2, gil: "py32" })).toBe("gil=py32,threads=2");
  });

  it("writes unknown values as empty fields and quotes what needs it", () => {
    const samples: Sample[] = [
      { a: 1, b: null },
      { a: 2, c: 'x,"y"' },
    ];
    expect(toCsv(samples)).toBe('a,b,c\n1,,\n2,,"x,""y"""\n');
  });

  it("writes Markdown", () => {
    expect(toMarkdown(["a", "b"], [["1", "2"]])).toBe("| a | b |\n|---|---|\n| 1 | 2 |\n");
    expect([formatValue(null), formatValue(3), formatValue(1 / 3)]).toEqual(["", "3", "0.3333"]);
  });

  it("summarises each cell over its samples, leaving out unknown values", () => {
    const samples = [
      { n: 1, seconds: 1 },
      { n: 2, seconds: 5 },
      { n: 1, seconds: 3 },
      { n: 1, seconds: null },
    ];
    const cells = summariseCells(samples, ["n"], ["seconds", "absent"]);
    expect(cells.map(({ cell }) => cell)).toEqual(["n=1", "n=2"]);
    expect(cells[0].metrics.seconds).toMatchObject({ n: 2, median: 2 });
    expect(cells[0].metrics).not.toHaveProperty("absent");
  });
});

describe("a result folder", () => {
  function newFolder(): ResultFolder {
    const source = join(root, "program.py");
    writeFileSync(source, "print(1)\n");
    return new ResultFolder({
      root,
      experiment: "countdown",
      argv: ["demo"],
      configuration: { gil: "py32" },
      sources: [source],
    });
  }
  const manifestOf = (folder: ResultFolder) =>
    JSON.parse(readFileSync(join(folder.path, "manifest.json"), "utf8"));

  it("is named by time and six hexadecimal digits, partial until it is finished", () => {
    const folder = newFolder();
    expect(basename(folder.path)).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/);
    expect(manifestOf(folder)).toMatchObject({ status: "partial", argv: ["demo"] });
    folder.finish("complete");
    expect(manifestOf(folder).status).toBe("complete");
    expect(readlinkSync(join(root, "countdown/latest"))).toBe(basename(folder.path));
    const next = newFolder();
    next.finish("partial");
    expect(readlinkSync(join(root, "countdown/latest"))).toBe(basename(next.path));
  });

  it("states the SHA-256 of every source and output", () => {
    const folder = newFolder();
    folder.write("figures/a.svg", "<svg/>");
    folder.writeSamples([{ a: 1 }]);
    folder.finish("complete");
    const { sources, outputs, machine } = manifestOf(folder);
    const sum = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(sources[join(basename(root), "program.py")]).toBe(sum("print(1)\n"));
    expect(outputs["figures/a.svg"]).toBe(sum("<svg/>"));
    expect(Object.keys(outputs).sort()).toEqual(["figures/a.svg", "samples.csv", "samples.ndjson"]);
    expect(machine).toMatchObject({ node: process.versions.node });
  });

  it("doubts a result whose judged metric spreads, and says so in all places", () => {
    const folder = newFolder();
    const samples = [1, 2, 3].map((seconds) => ({ n: 1, seconds }));
    folder.writeSummary(summariseCells(samples, ["n"], ["seconds"]), "seconds", "text\n");
    folder.finish("complete");
    const manifest = manifestOf(folder);
    expect(manifest.trusted).toBe(false);
    expect(manifest.doubts).toContain("n=1: sd of seconds is 50 % of the mean");
    expect(readFileSync(join(folder.path, "summary.md"), "utf8")).toContain("not to be trusted");
  });

  it("trusts what does not spread", () => {
    const folder = newFolder();
    const samples = [1, 1.01, 0.99].map((seconds) => ({ n: 1, seconds }));
    folder.writeSummary(summariseCells(samples, ["n"], ["seconds"]), "seconds", "text\n");
    expect(folder.doubts.filter((reason) => reason.startsWith("n=1"))).toEqual([]);
  });
});
