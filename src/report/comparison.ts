import { SeededRandom } from "../base/random.js";
import { median } from "./sampling.js";

/**
 * Two sets of measurements beside each other: how many times larger the second is, how sure that
 * is, and whether chance alone could have made the difference.
 */

/** What comes of comparing a set of values with a reference. */
export interface Comparison {
  readonly referenceMedian: number;
  readonly median: number;
  /** Median of the new values / median of the reference; null when the latter is 0. */
  readonly ratio: number | null;
  /** Bootstrap 95 % interval of the ratio; null with a single value on either side. */
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided p of the Mann-Whitney U test: how often chance alone differs as much. */
  readonly p: number;
  /** Cliff's delta of new against reference: -1 all smaller, 0 alike, 1 all larger. */
  readonly delta: number;
  /** False where chance explains the difference, or the interval holds the ratio 1. */
  readonly significant: boolean;
}

/** Below this p a difference is called significant. */
const SIGNIFICANT_P = 0.05;
const RESAMPLES = 2000;
/** Ways to split two sets up to which U's distribution is counted out instead of approximated. */
const MOST_EXACT = 400;

/** Compare at least one value with at least one of a reference. */
export function compare(reference: readonly number[], values: readonly number[]): Comparison {
  const referenceMedian = median(reference);
  const ours = median(values);
  const ratio = referenceMedian === 0 ? null : ours / referenceMedian;
  const interval = ratio === null ? null : bootstrapRatio(reference, values);
  const p = mannWhitney(reference, values);
  const outside = interval === null || interval.low > 1 || interval.high < 1;
  return {
    referenceMedian,
    median: ours,
    ratio,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    p,
    delta: cliffsDelta(reference, values),
    significant: p < SIGNIFICANT_P && outside,
  };
}

/**
 * Bootstrap 95 % interval of the ratio of medians, resampled with a fixed seed so that the same
 * values always give the same interval. Null with a single value on either side.
 */
export function bootstrapRatio(
  reference: readonly number[],
  values: readonly number[],
): { readonly low: number; readonly high: number } | null {
  if (reference.length < 2 || values.length < 2) return null;
  const random = new SeededRandom(reference.length * 1000 + values.length);
  const draw = (from: readonly number[]): number =>
    median(from.map(() => from[random.below(from.length)]));
  const ratios: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const below = draw(reference);
    if (below !== 0) ratios.push(draw(values) / below);
  }
  if (ratios.length === 0) return null;
  ratios.sort((a, b) => a - b);
  return {
    low: ratios[Math.floor(ratios.length * 0.025)],
    high: ratios[Math.ceil(ratios.length * 0.975) - 1],
  };
}

/** Cliff's delta (Cliff 1993): P(value > reference) - P(value < reference). */
export function cliffsDelta(reference: readonly number[], values: readonly number[]): number {
  let balance = 0;
  for (const value of values) {
    for (const other of reference) balance += Math.sign(value - other);
  }
  return balance / (reference.length * values.length);
}

/** What a size of Cliff's delta is called (Romano et al. 2006). */
export function effectName(delta: number): "negligible" | "small" | "medium" | "large" {
  const size = Math.abs(delta);
  if (size < 0.147) return "negligible";
  if (size < 0.33) return "small";
  return size < 0.474 ? "medium" : "large";
}

/**
 * Two-sided p of the Mann-Whitney U test (Mann, Whitney 1947): counted out for small sets without
 * equal values, otherwise by the normal approximation with corrections for ties and continuity.
 */
export function mannWhitney(reference: readonly number[], values: readonly number[]): number {
  const [m, n] = [reference.length, values.length];
  const all = [...reference, ...values].sort((a, b) => a - b);
  const ties = tieSizes(all);
  let u = 0;
  for (const value of values) {
    for (const other of reference) u += value > other ? 1 : value === other ? 0.5 : 0;
  }
  if (ties.every((size) => size === 1) && m * n <= MOST_EXACT) return exactP(m, n, u);
  const total = m + n;
  const tied = ties.reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = ((m * n) / 12) * (total + 1 - tied / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * upperTail(z));
}

function tieSizes(sorted: readonly number[]): number[] {
  const sizes: number[] = [];
  sorted.forEach((value, i) => {
    if (i > 0 && value === sorted[i - 1]) sizes[sizes.length - 1]++;
    else sizes.push(1);
  });
  return sizes;
}

/** Of all orders of m and n distinct values, the part whose U is as far from the middle. */
function exactP(m: number, n: number, u: number): number {
  // ways[k][s]: choices of k ranks among those seen so far whose U comes to s.
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(m * n + 1));
  ways[0][0] = 1;
  for (let rank = 0; rank < m + n; rank++) {
    for (let k = Math.min(rank + 1, n); k >= 1; k--) {
      // The k-th chosen value, at this rank, is larger than rank - (k - 1) of the others.
      const larger = rank - (k - 1);
      if (larger > m) continue;
      for (let s = m * n; s >= larger; s--) ways[k][s] += ways[k - 1][s - larger];
    }
  }
  const distribution = ways[n];
  const extreme = Math.min(u, m * n - u);
  let total = 0;
  let tail = 0;
  distribution.forEach((count, s) => {
    total += count;
    if (s <= extreme) tail += count;
  });
  return Math.min(1, (2 * tail) / total);
}

/** P(Z > z) of the standard normal distribution (Abramowitz, Stegun 7.1.26, error < 1.5e-7). */
function upperTail(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const polynomial = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return 0.5 * polynomial * Math.exp((-z * z) / 2);
}
