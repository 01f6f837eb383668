import { describe, expect, it } from "vitest";
import { normalise } from "./normalise.js";

function stderrOf(text: string): string[] {
  return normalise({ status: 0, stdout: "", stderr: text }, "/somewhere/prog").stderr;
}

describe("normalise", () => {
  it("keeps what must be equal", () => {
    const finished = { status: 3, stdout: "a\n\nb\n", stderr: "E: x" };
    expect(normalise(finished, "/somewhere")).toEqual({
      status: 3,
      stdout: ["a", "", "b"],
      stderr: ["E: x"],
    });
  });

  it("replaces folders, addresses and thread idents", () => {
    expect(stderrOf('File "/somewhere/prog/a.py"')).toEqual(['File "<dir>/a.py"']);
    expect(stderrOf("<function f at 0x7f00deadbeef>")).toEqual(["<function f at 0x<address>>"]);
    expect(stderrOf("<Thread(T, started daemon 140223)>")).toEqual([
      "<Thread(T, started daemon N)>",
    ]);
    expect(stderrOf("0xff0000")).toEqual(["0xff0000"]);
  });

  it("drops library frames, and only those", () => {
    const lines = [
      "Traceback (most recent call last):",
      '  File "/usr/lib/python3.11/threading.py", line 982, in run',
      "    self._target()",
      "    ^^^^^^^^^^^^^^",
      '  File "/elsewhere/dist/library/threading.py", line 12, in run',
      "    self._target()",
      '  File "/somewhere/prog/a.py", line 2, in f',
      "    1/0",
      "    ~^~",
      "ZeroDivisionError: division by zero",
    ];
    expect(stderrOf(lines.join("\n"))).toEqual([
      lines[0],
      '  File "<dir>/a.py", line 2, in f',
      ...lines.slice(7),
    ]);
  });
});
