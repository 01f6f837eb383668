/** Counting of what came of requests, for both generators. */
import { Histogram } from "./histogram.js";
import { type Latency, type LoadPlan, type LoadResult, QUANTILES } from "./plan.js";

/** Above so many cores the generator measures itself. */
const MOST_CORES = 0.8;

export class Tally {
  readonly latency = new Histogram();
  readonly lateness = new Histogram();
  sent = 0;
  good = 0;
  other = 0;
  errors = 0;
  timeouts = 0;
  cutOff = 0;
  /** Sent again, over a new connection: the server had closed the old one. */
  resent = 0;
  bytes = 0;
  readonly statuses: Record<string, number> = {};
  #started = performance.now();
  #cpu = process.cpuUsage();

  /** The load begins now. */
  begin(): void {
    this.#started = performance.now();
    this.#cpu = process.cpuUsage();
  }

  answered(status: number, us: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status >= 200 && status < 300) this.good++;
    else this.other++;
    this.latency.add(us);
  }

  /** The load is over. */
  result(plan: LoadPlan): LoadResult {
    const seconds = (performance.now() - this.#started) / 1e3;
    const { user, system } = process.cpuUsage(this.#cpu);
    const generatorCores = (user + system) / 1e6 / seconds;
    const { sent, good, other, errors, timeouts, cutOff } = this;
    const doubts: string[] = [];
    if (generatorCores > MOST_CORES) {
      doubts.push(`the generator used ${Math.round(generatorCores * 100)} % of a core`);
    }
    const ends = good + other + errors + timeouts + cutOff;
    if (sent !== ends) doubts.push(`${sent} requests were sent, but ${ends} have come to an end`);
    return {
      plan,
      seconds,
      sent,
      good,
      other,
      statuses: this.statuses,
      errors,
      timeouts,
      cutOff,
      perSecond: good / seconds,
      bytes: this.bytes,
      latency: describe(this.latency),
      lateness: plan.arrival === "closed" ? null : describe(this.lateness),
      generatorCores,
      doubts,
    };
  }
}

function describe(histogram: Histogram): Latency {
  return {
    count: histogram.count,
    minUs: histogram.min,
    meanUs: histogram.mean,
    maxUs: histogram.max,
    quantilesUs: Object.fromEntries(
      QUANTILES.map(([name, part]) => [name, histogram.quantile(part)]),
    ),
    buckets: histogram.buckets(),
  };
}
