/** Binding the process's threads to cores, as the kernel shows it for each thread. */
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { describe, expect, it } from "vitest";
import { Interpreter } from "../../../src/index.js";

/** Cores of every thread of this process, as /proc writes them: "0-1". */
function coresOfThreads(): Set<string> {
  const found = new Set<string>();
  for (const tid of readdirSync("/proc/self/task")) {
    const status = readFileSync(`/proc/self/task/${tid}/status`, "latin1");
    found.add(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)![1]);
  }
  return found;
}

const PROGRAM = `
import threading
ready = threading.Barrier(4)
ts = [threading.Thread(target=ready.wait) for _ in range(3)]
for t in ts: t.start()
ready.wait()
print("ready", flush=True)
for t in ts: t.join()
`;

const isLinux = process.platform === "linux";
describe.skipIf(!isLinux)(`cores${isLinux ? "" : " (skipped: Linux only)"}`, () => {
  it("of a run: all threads are bound while it lives, and free again afterwards", async () => {
    const before = coresOfThreads();
    let during = new Set<string>();
    const interpreter = await Interpreter.create({
      cores: 1,
      heapSize: 64 << 20,
      stdout: () => {
        during = coresOfThreads();
      },
    });
    expect((await interpreter.runSource(PROGRAM)).status).toBe(0);
    await interpreter.close();
    expect(during.size).toBe(1);
    expect([...during][0]).toMatch(/^\d+$/);
    expect(coresOfThreads()).toEqual(before);
  });

  it.skipIf(cpus().length < 2)("of a list are just those", async () => {
    const interpreter = await Interpreter.create({ cores: [1], heapSize: 64 << 20 });
    expect([...coresOfThreads()]).toEqual(["1"]);
    await interpreter.close();
  });

  it.skipIf(cpus().length < 2)("spread: each Python thread stays on one of them", async () => {
    const before = coresOfThreads();
    let during = new Set<string>();
    const interpreter = await Interpreter.create({
      spread: true,
      heapSize: 64 << 20,
      stdout: () => {
        during = coresOfThreads();
      },
    });
    expect((await interpreter.runSource(PROGRAM)).status).toBe(0);
    await interpreter.close();
    // MainThread and three more on cores 0 and 1 at least; Node's own threads may be anywhere.
    const single = [...during].filter((list) => /^\d+$/.test(list));
    expect(single.length).toBeGreaterThanOrEqual(2);
    expect(during.size).toBe(single.length + 1);
    expect(coresOfThreads()).toEqual(before);
  });

  it("that do not exist are refused", async () => {
    await expect(Interpreter.create({ cores: 5000 })).rejects.toThrow(/5000 cores cannot be had/);
    await expect(Interpreter.create({ cores: [0, 900] })).rejects.toThrow(/core 900 cannot/);
    expect(coresOfThreads().size).toBe(1);
  });

  it("are given back when another option is wrong", async () => {
    const before = coresOfThreads();
    const options = { cores: 1, heapSize: 1 } as const;
    await expect(Interpreter.create(options)).rejects.toThrow(/heap size/);
    expect(coresOfThreads()).toEqual(before);
  });
});
