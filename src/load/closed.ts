/**
 * A closed loop: each connection sends its next request when it has the answer to the last one.
 * autocannon sends; it keeps whole milliseconds, so the durations of its response events are
 * counted here.
 */
import type { EventEmitter } from "node:events";
import type { LoadPlan, LoadResult } from "./plan.js";
import { Tally } from "./tally.js";

/** The part of autocannon that is used: it has no types of its own. */
type Autocannon = (
  options: Record<string, unknown>,
  done: (error: Error | null, result: AutocannonResult) => void,
) => EventEmitter;

interface AutocannonResult {
  requests: { sent: number };
  /** Timeouts included. */
  errors: number;
  timeouts: number;
}

/** How often autocannon looks whether the time is over, in ms. */
const SAMPLE_MS = 100;

export async function closedLoop(plan: LoadPlan): Promise<LoadResult> {
  // @ts-expect-error: it has no types.
  const { default: autocannon } = (await import("autocannon")) as { default: Autocannon };
  if (plan.warmupSeconds > 0) {
    await shoot(autocannon, { ...plan, durationSeconds: plan.warmupSeconds, amount: null });
  }
  return shoot(autocannon, plan);
}

function shoot(autocannon: Autocannon, plan: LoadPlan): Promise<LoadResult> {
  const tally = new Tally();
  return new Promise((resolve, reject) => {
    const { amount } = plan;
    /** When each connection sent what it waits for. */
    const sentAt = new Map<unknown, number>();
    const options = {
      url: plan.url,
      connections: plan.connections,
      pipelining: 1,
      timeout: plan.timeoutSeconds,
      sampleInt: SAMPLE_MS,
      setupClient: (client: EventEmitter) => {
        client.on("request", () => {
          if (sentAt.has(client)) tally.resent++;
          sentAt.set(client, performance.now());
        });
      },
      ...(amount === null ? { duration: plan.durationSeconds } : { amount }),
    };
    const shots = autocannon(options, (error, result) => {
      if (error !== null) {
        reject(error);
        return;
      }
      tally.sent = result.requests.sent - tally.resent;
      tally.timeouts = result.timeouts;
      tally.errors = result.errors - result.timeouts;
      const ended = tally.good + tally.other + tally.errors + tally.timeouts;
      // Every connection may have had one request under way.
      tally.cutOff = Math.min(Math.max(0, tally.sent - ended), plan.connections);
      resolve(tally.result(plan));
    });
    shots.on("start", () => tally.begin());
    shots.on("response", (client: unknown, status: number, bytes: number) => {
      const now = performance.now();
      tally.bytes += bytes;
      tally.answered(status, (now - (sentAt.get(client) ?? now)) * 1e3);
      sentAt.delete(client);
    });
  });
}
