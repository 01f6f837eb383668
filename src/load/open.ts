/**
 * An open loop: requests are due at times that do not depend on the answers, as those of many users
 * are. A request's latency counts from the time it was due, whatever kept it from being sent.
 */
import { Agent, request } from "node:http";
import { SeededRandom } from "../base/random.js";
import type { LoadPlan, LoadResult } from "./plan.js";
import { Tally } from "./tally.js";

/** How long answers are waited for when the last request has been sent, in timeouts. */
const PATIENCE_TIMEOUTS = 1;

export async function openLoop(plan: LoadPlan): Promise<LoadResult> {
  if (plan.warmupSeconds > 0) {
    await new OpenLoop({ ...plan, durationSeconds: plan.warmupSeconds, amount: null }).run();
  }
  return new OpenLoop(plan).run();
}

class OpenLoop {
  readonly #tally = new Tally();
  readonly #agent: Agent;
  readonly #random: SeededRandom;
  #underWay = 0;
  /** All requests have been sent. */
  #sent = false;
  #done: () => void = () => {};

  constructor(private readonly plan: LoadPlan) {
    // In turn: a connection that is left over is closed by the server just when it is used again.
    this.#agent = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: "fifo" });
    this.#random = new SeededRandom(plan.seed);
  }

  async run(): Promise<LoadResult> {
    const { plan } = this;
    const answered = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    this.#tally.begin();
    await this.#sendAll();
    this.#sent = true;
    if (this.#underWay > 0) {
      const patience = plan.timeoutSeconds * 1e3 * PATIENCE_TIMEOUTS;
      const limit = setTimeout(this.#done, patience);
      await answered;
      clearTimeout(limit);
    }
    this.#tally.cutOff = this.#underWay;
    const result = this.#tally.result(plan);
    this.#agent.destroy();
    return result;
  }

  /** Send each request when it is due; several that are due at once go together. */
  #sendAll(): Promise<void> {
    const { plan } = this;
    const begin = performance.now();
    const end = plan.amount === null ? begin + plan.durationSeconds * 1e3 : Infinity;
    const most = plan.amount ?? Infinity;
    let due = begin + this.#gapMs();
    let count = 0;
    return new Promise((resolve) => {
      const send = (): void => {
        const now = performance.now();
        while (due <= now && due < end && count < most) {
          this.#send(due);
          count++;
          due += this.#gapMs();
        }
        if (due >= end || count >= most) resolve();
        else setTimeout(send, Math.max(0, due - performance.now()));
      };
      send();
    });
  }

  /** Time from one request to the next. */
  #gapMs(): number {
    const mean = 1e3 / this.plan.rate;
    return this.plan.arrival === "poisson"
      ? -Math.log(1 - this.#random.next() / 2 ** 32) * mean
      : mean;
  }

  #send(due: number): void {
    const tally = this.#tally;
    tally.sent++;
    this.#underWay++;
    tally.lateness.add((performance.now() - due) * 1e3);
    let open = true;
    const end = (count: () => void): void => {
      if (!open) return;
      open = false;
      count();
      this.#underWay--;
      if (this.#sent && this.#underWay === 0) this.#done();
    };
    const sent = request(this.plan.url, { agent: this.#agent }, (response) => {
      response.on("data", (bytes: Buffer) => {
        tally.bytes += bytes.length;
      });
      response.on("end", () => {
        const us = (performance.now() - due) * 1e3;
        end(() => tally.answered(response.statusCode ?? 0, us));
      });
      response.on("error", () => end(() => tally.errors++));
    });
    const timer = setTimeout(() => {
      end(() => tally.timeouts++);
      sent.destroy();
    }, this.plan.timeoutSeconds * 1e3);
    sent.on("error", () => end(() => tally.errors++));
    sent.on("close", () => {
      clearTimeout(timer);
      end(() => tally.errors++);
    });
    sent.end();
  }
}
