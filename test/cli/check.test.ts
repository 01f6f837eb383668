/** `takegil check` on the disciplines that come as examples, and one's own lock in a run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBuilt, takegil } from "./command.js";

const examples = fileURLToPath(new URL("../../../experiments/disciplines/", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-check-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isBuilt)("takegil check", () => {
  it("says what was explored, how fast, and that nothing is wrong", async () => {
    const ended = await takegil(["check", join(examples, "lifo.js"), "--seed", "5"]);
    expect(ended.stderr).toBe("");
    expect(ended.stdout).toMatch(/^ok {4}io ×1, io ×1: all orders, .* \d+ states, \d+ a second\n/);
    expect(ended.stdout).toMatch(/300 random schedules, seed 5: 300 executions\n/);
    expect(ended.stdout).toMatch(/nothing wrong within these bounds\n$/);
    expect(ended.status).toBe(0);
  });

  it("prints the schedule in which something is wrong", async () => {
    const ended = await takegil(["check", join(examples, "hasty.js")]);
    expect(ended.stdout).toMatch(/^WRONG io/);
    expect(ended.stdout).toMatch(/\nlost wake-up: everybody sleeps: thread 1 on Lock\n/);
    expect(ended.stdout).toMatch(/\nschedule: [0-9a-f,]+\|[\d*tk ]+\n/);
    expect(ended.stdout).toMatch(/\n {2}thread 1: sleeps on Lock/);
    expect(ended.status).toBe(1);
  });

  const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
    "no such name": ["fair", /^takegil: unknown GIL discipline "fair"; known: py32, .*\n$/],
    "no such file": ["./none.js", /^takegil: \.\/none\.js: .*\n$/],
    "a file that is no JavaScript": ["%/text.mjs", /^takegil: .*text\.mjs: .*\n$/],
    "a file without an export": ["%/empty.mjs", /^takegil: .*must be a function.*\n$/],
    "a class that is no lock": ["%/foreign.mjs", /^takegil: .*extends a part\n$/],
  };
  it.each(Object.entries(wrong))("%s: one line, status 2", async (_, [choice, message]) => {
    writeFileSync(join(folder, "text.mjs"), "this is no JavaScript");
    writeFileSync(join(folder, "empty.mjs"), "");
    writeFileSync(join(folder, "foreign.mjs"), "export default () => class {};");
    const file = choice.replace("%", folder);
    for (const words of [
      ["check", file],
      ["run", "--gil", file, "-c", "print(1)"],
    ]) {
      const ended = await takegil(words);
      expect(ended.stderr).toMatch(message);
      expect(ended.status).toBe(2);
    }
  });

  it("is the lock that run --gil uses", async () => {
    const code = `
import threading
n = 0
def add():
    global n
    for _ in range(20_000): n += 1
threads = [threading.Thread(target=add) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
`;
    const ended = await takegil(["run", "--gil", join(examples, "lifo.js"), "-c", code]);
    expect(ended).toMatchObject({ status: 0, stdout: "60000\n", stderr: "" });
  });
});
