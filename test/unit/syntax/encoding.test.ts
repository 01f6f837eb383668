import { describe, expect, it } from "vitest";
import { decodeSource } from "../../../src/syntax/encoding.js";
import { formatSyntaxError, PySyntaxError } from "../../../src/syntax/error.js";

function printed(bytes: Buffer): string {
  try {
    decodeSource(bytes, "x.py");
  } catch (error) {
    return formatSyntaxError(error as PySyntaxError);
  }
  return "";
}

describe("source encodings", () => {
  it("drop a byte order mark and read cookies", () => {
    expect(decodeSource(Buffer.from("\ufeffx = 1\n"), "x.py")).toBe("x = 1\n");
    const latin = Buffer.from("#!/bin/x\n# -*- coding: latin-1 -*-\ny = '\u00e9'\n", "latin1");
    expect(decodeSource(latin, "x.py")).toContain("\u00e9");
    expect(decodeSource(Buffer.from("x = 1\n# coding: nope\n"), "x.py")).toContain("x = 1");
    const cyrillic = Buffer.from([...Buffer.from("# coding: cp1251\n#"), 0xe9]);
    expect(decodeSource(cyrillic, "x.py")).toContain("\u0439");
  });

  it("fail as in CPython 3.11", () => {
    const bad = Buffer.from("x = 1\ny = '\u00e9'\n", "latin1");
    expect(printed(bad)).toBe(
      "SyntaxError: Non-UTF-8 code starting with '\\xe9' in file x.py on line 2, but no encoding " +
        "declared; see https://peps.python.org/pep-0263/ for details\n",
    );
    expect(printed(Buffer.from("# coding: foo\n"))).toBe("SyntaxError: encoding problem: foo\n");
    expect(printed(Buffer.from("\ufeff# coding: latin-1\n"))).toBe(
      "SyntaxError: encoding problem: iso-8859-1 with BOM\n",
    );
    expect(printed(Buffer.from("x = 1\n\ny = 1\0\n"))).toBe(
      '  File "x.py", line 3\n    y = 1\nSyntaxError: source code cannot contain null bytes\n',
    );
  });
});
