/** What a load is required to keep to: `p99<50ms`, `rate>200`, `errors<1%`. */
import type { LoadResult } from "./plan.js";

export interface Threshold {
  text: string;
  metric: string;
  /** Is a value above the limit, or below it, what is asked for? */
  above: boolean;
  /** Is the limit itself good enough? */
  reached: boolean;
  /** µs of a duration, requests a second of a rate, a count, or a part of the requests. */
  limit: number;
  isPart: boolean;
}

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6 };

const DURATION = /^(p\d{1,2}(?:\.\d+)?|min|mean|max)(<=?|>=?)(\d+(?:\.\d+)?)(us|ms|s)$/;
const RATE = /^(rate)(<=?|>=?)(\d+(?:\.\d+)?)$/;
const COUNT = /^(errors|timeouts|non2xx)(<=?|>=?)(\d+(?:\.\d+)?)(%?)$/;

/** A threshold from its text, or null when it is none. */
export function parseThreshold(text: string): Threshold | null {
  const match = DURATION.exec(text) ?? RATE.exec(text) ?? COUNT.exec(text);
  if (match === null) return null;
  const [, metric, comparison, number, unit] = match;
  const factor = unit === "%" ? 0.01 : (UNITS[unit ?? ""] ?? 1);
  return {
    text,
    metric,
    above: comparison.startsWith(">"),
    reached: comparison.endsWith("="),
    limit: Number(number) * factor,
    isPart: unit === "%",
  };
}

/** The value a threshold is about. */
function valueOf(result: LoadResult, { metric, isPart }: Threshold): number {
  const { latency } = result;
  if (metric === "rate") return result.perSecond;
  if (metric === "min") return latency.minUs;
  if (metric === "mean") return latency.meanUs;
  if (metric === "max") return latency.maxUs;
  if (metric.startsWith("p")) return quantileOf(result, Number(metric.slice(1)) / 100);
  const counts: Record<string, number> = {
    errors: result.errors,
    timeouts: result.timeouts,
    non2xx: result.other,
  };
  return isPart ? counts[metric] / Math.max(1, result.sent) : counts[metric];
}

function quantileOf({ latency }: LoadResult, part: number): number {
  const rank = Math.max(1, Math.ceil(part * latency.count));
  let seen = 0;
  for (const [us, count] of latency.buckets) {
    seen += count;
    if (seen >= rank) return us;
  }
  return Number.NaN;
}

/** Does the result keep to it? A value that there is none of does not. */
export function isKept(result: LoadResult, threshold: Threshold): boolean {
  const value = valueOf(result, threshold);
  if (threshold.reached && value === threshold.limit) return true;
  return threshold.above ? value > threshold.limit : value < threshold.limit;
}
