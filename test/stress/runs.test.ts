/** Run after run in one process: descriptors, threads and memory come back to where they were. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { Interpreter } from "../../src/index.js";

const RUNS = 50;

const PROGRAM = `
import threading, time
def work():
    data = [str(i) for i in range(1000)]
    time.sleep(0.001)
ts = [threading.Thread(target=work) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
`;

async function run(number: number): Promise<void> {
  const interpreter = await Interpreter.create({
    heapSize: 64 << 20,
    statistics: number % 2 === 0,
    stdout: () => {},
    stderr: () => {},
  });
  // Every fifth is stopped in the middle, every seventh fails.
  const endless = number % 5 === 0 ? "while True: pass\n" : number % 7 === 0 ? "1 / 0\n" : "";
  const running = interpreter.runSource(PROGRAM + endless);
  if (number % 5 === 0) setTimeout(() => interpreter.stop(), 300);
  await running;
  await interpreter.close();
}

function count(what: "fd" | "task"): number {
  return readdirSync(`/proc/self/${what}`).length;
}

it.skipIf(process.platform !== "linux")(
  `${RUNS} runs leave no descriptor, no thread and no memory behind (skipped: Linux only)`,
  { timeout: 300_000 },
  async () => {
    for (let i = 0; i < 5; i++) await run(i);
    const before = { fd: count("fd"), task: count("task"), rss: process.memoryUsage().rss };
    for (let i = 0; i < RUNS; i++) await run(i);
    // Workers that were terminated last may still be closing what they had.
    await new Promise((done) => setTimeout(done, 1000));
    const after = { fd: count("fd"), task: count("task"), rss: process.memoryUsage().rss };
    expect(after.fd).toBeLessThanOrEqual(before.fd + 4);
    expect(after.task).toBeLessThanOrEqual(before.task + 2);
    // One run's heap and stacks take more than this; fifty lost ones very much more.
    expect((after.rss - before.rss) / 2 ** 20).toBeLessThan(200);
  },
);
