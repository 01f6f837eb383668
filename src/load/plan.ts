/** What a load is, and what came of it; both cross processes as plain data. */

/** How requests arrive. */
export const arrivals = ["closed", "constant", "poisson"] as const;
export type Arrival = (typeof arrivals)[number];

export interface LoadPlan {
  url: string;
  /** Connections open at once. */
  connections: number;
  /** How long, in seconds; or so many requests where `amount` is not null. */
  durationSeconds: number;
  amount: number | null;
  /** A load before, which does not count, in seconds. */
  warmupSeconds: number;
  arrival: Arrival;
  /** Requests a second, of an open loop. */
  rate: number;
  /** An answer that takes longer is a timeout, in seconds. */
  timeoutSeconds: number;
  /** Decides the times of Poisson arrivals. */
  seed: number;
}

/** Durations of requests, in µs. */
export interface Latency {
  count: number;
  minUs: number;
  meanUs: number;
  maxUs: number;
  /** By name: p50, p90, p95, p99, p99.9. */
  quantilesUs: Record<string, number>;
  /** The distribution: upper end of a bucket, and how many. */
  buckets: [us: number, count: number][];
}

export interface LoadResult {
  plan: LoadPlan;
  /** From the first request to the end, in seconds. */
  seconds: number;
  sent: number;
  /** Answers with a status of 200 to 299, and with another. */
  good: number;
  other: number;
  /** By status. */
  statuses: Record<string, number>;
  errors: number;
  timeouts: number;
  /** Under way when the time was over. */
  cutOff: number;
  /** Good answers a second. */
  perSecond: number;
  bytes: number;
  /** Of answers: in an open loop from the time at which the request was to be sent. */
  latency: Latency;
  /** How late requests were sent, in an open loop; null in a closed one. */
  lateness: Latency | null;
  /** Processor time of the generator / time: above 0.8 it measures itself. */
  generatorCores: number;
  /** Why the figures are not to be trusted, a sentence each. */
  doubts: string[];
}

/** Quantiles that are told. */
export const QUANTILES: readonly [name: string, part: number][] = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
  ["p99.9", 0.999],
];
