import { SeededRandom } from "../base/random.js";

/** Figures of repeated measurements: what a summary states of each cell of an experiment. */

/** What a set of measured values comes to. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly mean: number;
  /** Sample standard deviation; null for a single value. */
  readonly sd: number | null;
  /** Bootstrap 95 % interval of the median; null for a single value. */
  readonly low: number | null;
  readonly high: number | null;
  readonly min: number;
  readonly max: number;
}

/** The median of at least one value: the mean of the middle two when their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("the median of no values is undefined");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The geometric mean of at least one positive value. */
export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("the mean of no values is undefined");
  const wrong = values.find((value) => !(value > 0));
  if (wrong !== undefined) throw new RangeError(`a geometric mean needs values > 0, not ${wrong}`);
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Resamples that decide a bootstrap interval: enough for two digits of its ends. */
const RESAMPLES = 2000;

/**
 * Summarise at least one value. The interval resamples with a fixed seed, so that the same
 * samples always give the same summary.
 */
export function summarise(values: readonly number[]): Summary {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const figures = { n, median: median(values), mean };
  const range = { min: Math.min(...values), max: Math.max(...values) };
  if (n === 1) return { ...figures, sd: null, low: null, high: null, ...range };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const random = new SeededRandom(n);
  const medians = new Float64Array(RESAMPLES);
  const resample = new Array<number>(n);
  for (let i = 0; i < RESAMPLES; i++) {
    for (let j = 0; j < n; j++) resample[j] = values[random.below(n)];
    medians[i] = median(resample);
  }
  medians.sort();
  return {
    ...figures,
    sd: Math.sqrt(squares / (n - 1)),
    low: medians[Math.floor(RESAMPLES * 0.025)],
    high: medians[Math.ceil(RESAMPLES * 0.975) - 1],
    ...range,
  };
}
