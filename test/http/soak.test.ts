/**
 * Ten minutes of mixed load (TAKEGIL_SOAK_SECONDS: another time): memory stays, latency stays, and
 * at the end everything has been given back. Nightly only.
 */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LoadResult } from "../../src/load/plan.js";
import { takegil } from "../cli/command.js";
import { serving } from "./serving.js";

const SECONDS = Number(process.env.TAKEGIL_SOAK_SECONDS ?? 600);
/** Loads one after the other; those of the first fifth are the warm-up. */
const LOADS = 20;
const WARM_UP = LOADS / 5;

/** Slope of the line through points at equal distances, in their unit a step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  let [above, below] = [0, 0];
  values.forEach((value, i) => {
    above += (i - middle) * (value - mean);
    below += (i - middle) ** 2;
  });
  return above / below;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

describe.skipIf(process.env.TAKEGIL_NIGHTLY === undefined)("a soak", () => {
  it(
    "leaves memory and latency where they were",
    async () => {
      const folder = fileURLToPath(new URL("../../../experiments/load/", import.meta.url));
      const options = ["--threads", "8", "--metrics"];
      const server = await serving(options, "app", { TAKEGIL_LEAK_CHECK: "1" }, folder);
      const url = `http://127.0.0.1:${server.port}`;
      const resident: number[] = [];
      const slow: number[] = [];
      for (let i = 0; i < LOADS; i++) {
        const args = ["load", `${url}/mix`, "-c", "16", "-d", `${SECONDS / LOADS}s`, "--json"];
        const { stdout } = await takegil(args, { timeoutMs: (SECONDS / LOADS + 60) * 1000 });
        const result = JSON.parse(stdout) as LoadResult;
        expect([result.other, result.errors, result.timeouts]).toEqual([0, 0, 0]);
        const metrics = await (await fetch(`${url}/metrics`)).text();
        if (i < WARM_UP) continue;
        resident.push(Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]));
        slow.push(result.latency.quantilesUs.p99);
      }
      const bytesAMinute = slopeOf(resident) / (SECONDS / LOADS / 60);
      expect(bytesAMinute).toBeLessThan(1 << 20);
      const third = Math.floor(slow.length / 3);
      const drift = median(slow.slice(-third)) / median(slow.slice(0, third)) - 1;
      expect(drift).toBeLessThan(0.1);
      expect(await server.stop()).toBe(0);
    },
    (SECONDS + 300) * 1000,
  );
});
