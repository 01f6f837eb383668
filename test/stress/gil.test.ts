/**
 * The lock on real threads: exclusion checked by a plain counter, random delays by seed, workers
 * terminated wherever they are.
 */
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../src/base/random.js";
import { threadWord } from "../../src/gil/discipline.js";
import {
  type DisciplineClass,
  type DisciplineName,
  disciplineNames,
  disciplines,
} from "../../src/gil/disciplines.js";
import type { GilLock } from "../../src/gil/lock.js";
import { Gil } from "../../src/gil/words.js";
import { Control, Region, ThreadState } from "../../src/memory/layout.js";
import { AtomicsMemory } from "../../src/sync/atomics.js";
import { NullSink } from "../../src/trace/record.js";
import { type ContenderData, Shared } from "./contender.js";

/** 10^7 acquisitions a discipline in the nightly run. */
const SCALE = process.env["TAKEGIL_NIGHTLY"] === "1" ? 1000 : 1;
const seed = Number(process.env["TAKEGIL_SEED"] ?? Date.now() % 1_000_000);

class Arena {
  readonly heap = new SharedArrayBuffer((Shared.End + 512) * 4);
  readonly I32 = new Int32Array(this.heap);
  readonly gil: GilLock;

  constructor(
    readonly discipline: DisciplineName,
    type: DisciplineClass,
    intervalUs: number,
  ) {
    // There are other threads.
    this.I32[Control.NextIdent] = 100;
    this.gil = new type(new AtomicsMemory(this.I32), new NullSink());
    this.gil.initialize(intervalUs);
    this.gil.setCheckInterval(10);
  }

  start(slot: number, plan: Pick<ContenderData, "holds" | "delay" | "kind">): Contender {
    const { heap, discipline } = this;
    const data: ContenderData = { heap, discipline, slot, seed: seed * 1000 + slot, ...plan };
    const worker = new Worker(new URL("./contender.js", import.meta.url), { workerData: data });
    const ended = new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
    return { slot, worker, ended };
  }

  async untilReady(count: number): Promise<void> {
    while (Atomics.load(this.I32, Shared.Ready) < count) {
      await Atomics.waitAsync(this.I32, Shared.Ready, this.I32[Shared.Ready], 10).value;
    }
  }

  progress(slot: number): number {
    return Atomics.load(this.I32, Shared.Progress + slot);
  }
}

interface Contender {
  readonly slot: number;
  readonly worker: Worker;
  readonly ended: Promise<void>;
}

const locks = disciplineNames.filter((name) => name !== "none-unsafe");

describe.each(locks)(`%s on real threads (TAKEGIL_SEED=${seed})`, (name) => {
  const newArena = async (intervalUs: number): Promise<Arena> =>
    new Arena(name, await disciplines[name].load(), intervalUs);

  it.each([
    { threads: 2, holds: SCALE * 4000, delay: 0, intervalUs: 5000 },
    { threads: 4, holds: SCALE * 1000, delay: 0, intervalUs: 200 },
    { threads: 3, holds: 200, delay: 1000, intervalUs: 500 },
  ])("$threads threads, $holds holds each, delay $delay", async (plan) => {
    const arena = await newArena(plan.intervalUs);
    const slots = Array.from({ length: plan.threads }, (_, i) => i + 1);
    const { holds, delay } = plan;
    await Promise.all(slots.map((slot) => arena.start(slot, { holds, delay, kind: "gil" }).ended));
    expect(arena.I32[Shared.Violations]).toBe(0);
    expect(arena.I32[Shared.Counter]).toBe(plan.threads * holds);
    expect(arena.I32[Region.Gil + Gil.LateWakes]).toBe(0);
    expect(arena.gil.holder()).toBe(-1);
  });

  it("4 threads through a Python-level lock", async () => {
    const arena = await newArena(5000);
    const plan = { holds: 500, delay: 100, kind: "lock" } as const;
    await Promise.all([1, 2, 3, 4].map((slot) => arena.start(slot, plan).ended));
    expect(arena.I32[Shared.Violations]).toBe(0);
    expect(arena.I32[Shared.LockCounter]).toBe(2000);
    expect(arena.I32[Region.Gil + Gil.LateWakes]).toBe(0);
  });

  it("a stopped thread leaves, the others go on", async () => {
    const arena = await newArena(1000);
    const plan = { holds: 1e9, delay: 20, kind: "gil" } as const;
    const contenders = [1, 2, 3].map((slot) => arena.start(slot, plan));
    await arena.untilReady(3);
    for (const { slot, ended } of contenders) {
      Atomics.store(arena.I32, threadWord(slot, ThreadState.Stop), 1);
      arena.gil.wakeAll();
      await ended;
    }
    expect(arena.I32[Shared.Violations]).toBe(0);
    expect(arena.gil.holder()).toBe(-1);
  });

  it("survives workers terminated wherever they are", async () => {
    const kills = Number(process.env["TAKEGIL_KILLS"] ?? 40);
    const arena = await newArena(500);
    const random = new SeededRandom(seed);
    const plan = { holds: 1e9, delay: 50, kind: "gil" } as const;
    let started = 0;
    let owned = 0;
    const start = (slot: number) => {
      started++;
      return arena.start(slot, plan);
    };
    const contenders = [1, 2, 3, 4, 5, 6, 7, 8].map(start);
    await arena.untilReady(started);
    // Some of the dead have to have had the lock.
    for (let kill = 0; kill < kills || owned === 0; ) {
      // Several deaths at once; the rest must get on.
      const first = random.below(contenders.length);
      const deaths = 1 + random.below(contenders.length - 1);
      const nth = (i: number) => contenders[(first + i) % contenders.length];
      const victims = Array.from({ length: deaths }, (_, i) => nth(i));
      const others = Array.from({ length: contenders.length - deaths }, (_, i) => nth(deaths + i));
      const spins = random.below(20_000);
      for (let i = 0; i < spins; i++) arena.I32[Shared.End] = i;
      await Promise.all(
        victims.map(async ({ slot, worker }) => {
          await worker.terminate();
          if (arena.gil.holder() === slot) arena.I32[Shared.Inside] = 0;
          if (arena.gil.recover(slot)) owned++;
        }),
      );
      const before = others.map(({ slot }) => arena.progress(slot));
      const deadline = performance.now() + 20_000;
      for (const { slot } of victims) contenders[slot - 1] = start(slot);
      while (others.some(({ slot }, i) => arena.progress(slot) === before[i])) {
        if (performance.now() > deadline) throw new Error(`hang after kill ${kill}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await arena.untilReady(started);
      kill += deaths;
    }
    for (const { slot } of contenders) {
      Atomics.store(arena.I32, threadWord(slot, ThreadState.Stop), 1);
    }
    arena.gil.wakeAll();
    await Promise.all(contenders.map(({ ended }) => ended));
    expect(arena.I32[Shared.Violations]).toBe(0);
    expect(arena.gil.holder()).toBe(-1);
  }, 300_000);
});
