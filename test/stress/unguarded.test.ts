/** No lock at all: whatever breaks is reported, and the process neither hangs nor dies. */
import { describe, expect, it } from "vitest";
import { Interpreter } from "../../src/index.js";

const PROGRAM = `
import threading
n = 0
items = []
def work():
    global n
    for i in range(20_000):
        n += 1
        items.append(str(i))
        if len(items) > 100: items.pop()
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
`;

async function run(source: string): Promise<{ status: number; out: string; err: string }> {
  const told = { out: "", err: "" };
  const interpreter = await Interpreter.create({
    gil: "none-unsafe",
    heapSize: 64 << 20,
    stdout: (text) => {
      told.out += text;
    },
    stderr: (text) => {
      told.err += text;
    },
  });
  try {
    const { status } = await interpreter.runSource(source);
    return { status, ...told };
  } finally {
    await interpreter.close();
  }
}

describe("none-unsafe", () => {
  it("runs one thread as any other", async () => {
    expect(await run("print(sum(range(1000)))")).toEqual({ status: 0, out: "499500\n", err: "" });
  });

  it("ends, and says what broke or loses counts", async () => {
    for (let round = 0; round < 3; round++) {
      const { status, out, err } = await run(PROGRAM);
      expect([0, 1, 70]).toContain(status);
      expect(err).not.toMatch(/^\s+at .*\.js:\d+/m);
      if (status === 0 && err === "") expect(Number(out)).toBeLessThan(80_000);
      else expect(err).not.toBe("");
    }
  }, 120_000);
});
