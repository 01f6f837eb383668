/** Which of the idle threads a request wakes. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { LoopEnd, newChannelBuffer } from "../../../src/runtime/requestchannel.js";

const MODULE = new URL("../../../src/runtime/requestchannel.js", import.meta.url);
/** Long enough that no thread looks by itself. */
const SLICE_MS = 30_000;
const PATIENCE_MS = 20_000;

const workers: Worker[] = [];

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

/** Take requests in a thread with this seat; `taken` is told who took which cell. */
function takeIn(
  buffer: SharedArrayBuffer,
  seat: number,
  taken: (seat: number, cell: number) => void,
): void {
  const code = `
    import { parentPort, workerData } from "node:worker_threads";
    import { ThreadEnd } from ${JSON.stringify(MODULE.href)};
    const { buffer, seat } = workerData;
    const end = new ThreadEnd(buffer);
    for (;;) {
      const cell = end.take(seat, seat + 1, ${SLICE_MS});
      parentPort.postMessage(cell);
      if (cell < 0) break;
    }`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const worker = new Worker(url, { workerData: { buffer, seat } });
  workers.push(worker);
  worker.on("message", (cell: number) => taken(seat, cell));
}

async function until(look: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!look()) {
    if (performance.now() > end) throw new Error("waited in vain");
    await new Promise((done) => setTimeout(done, 5));
  }
}

describe("a request", () => {
  it("wakes the idle thread with the lowest seat", async () => {
    const buffer = newChannelBuffer(16, 64);
    const loop = new LoopEnd(buffer);
    const order: [seat: number, cell: number][] = [];
    for (const seat of [40, 31, 5, 63]) {
      takeIn(buffer, seat, (by, cell) => order.push([by, cell]));
      await until(() => loop.idleThreads === workers.length);
    }
    const cells = [loop.reserve(1, new Uint8Array(1)), loop.reserve(2, new Uint8Array(1))];
    // Both at once: the first one's thread may take both, before the next one is awake.
    for (const cell of cells) loop.push(cell);
    await until(() => order.length === 2 && loop.idleThreads === 4);
    for (const [seat] of order) expect([5, 31]).toContain(seat);
    expect(order.map(([, cell]) => cell).sort()).toEqual(cells.sort());
    for (let i = 0; i < 3; i++) {
      const cell = loop.reserve(3 + i, new Uint8Array(1));
      loop.push(cell);
      await until(() => order.length === 3 + i && loop.idleThreads === 4);
      expect(order[2 + i]).toEqual([5, cell]);
    }
    const ended = workers.map((worker) => once(worker, "exit"));
    loop.close();
    await Promise.all(ended);
    expect(order.slice(5).map(([, cell]) => cell)).toEqual([-1, -1, -1, -1]);
  });

  it("in the queue is taken by a thread that was not woken for it", async () => {
    const buffer = newChannelBuffer(16, 3);
    const loop = new LoopEnd(buffer);
    for (let i = 0; i < 5; i++) loop.push(loop.reserve(i + 1, new Uint8Array(1)));
    expect([loop.queued, loop.idleThreads]).toEqual([5, 0]);
    const taken: number[] = [];
    takeIn(buffer, 2, (_, cell) => taken.push(cell));
    await until(() => taken.length === 5 && loop.idleThreads === 1);
    expect(taken).toEqual([0, 1, 2, 3, 4]);
    expect(loop.queued).toBe(0);
  });
});
