/** Metrics that are computed from others: ratios to another cell or to a column of the sample. */
import type { Sample } from "../report/results.js";
import { median } from "../report/sampling.js";
import { type Definition, type Metric, runtimeFactors } from "./definition.js";
import { RUNTIME_FACTOR } from "./plan.js";
import { type Factors, quantity } from "./quantity.js";

/**
 * Samples with their computed metrics. A ratio to another cell is taken within a repeat: to the
 * sample of the same round of the same process where the program varies the factor itself, else
 * to the median of that cell's samples in that repeat.
 */
export function withDerived(samples: readonly Sample[], definition: Definition): Sample[] {
  const factors = factorNames(samples, definition);
  let derived = samples.map((sample): Sample => ({ ...sample }));
  // One at a time: a ratio may be of a ratio before it.
  for (const metric of definition.metrics) {
    if (metric.to === null) continue;
    const before = derived;
    derived = before.map((sample) => ({
      ...sample,
      [metric.name]: ratioOf(sample, metric, before, factors),
    }));
  }
  return derived;
}

/** Names of all columns that are factors. */
export function factorNames(samples: readonly Sample[], definition: Definition): string[] {
  const names = [RUNTIME_FACTOR, ...runtimeFactors, ...Object.keys(definition.full.factors)];
  const present = names.filter((name) => samples.some((sample) => sample[name] !== undefined));
  return [...new Set(present)];
}

function ratioOf(
  sample: Sample,
  metric: Metric,
  samples: readonly Sample[],
  factors: readonly string[],
): number | null {
  const { ratio, to, inverse } = metric;
  const value = sample[ratio!];
  const divisor =
    typeof to === "string"
      ? quantity(sample[to])
      : valueElsewhere(sample, ratio!, to!, samples, factors);
  if (typeof value !== "number" || divisor === null) return null;
  const [above, below] = inverse ? [divisor, value] : [value, divisor];
  return below === 0 ? null : above / below;
}

/** The metric in the cell that differs from the sample's in these factors only. */
function valueElsewhere(
  sample: Sample,
  metric: string,
  to: Factors,
  samples: readonly Sample[],
  factors: readonly string[],
): number | null {
  const wanted: Sample = { ...sample, ...to };
  const others = samples.filter(
    (other) =>
      other.repeat === sample.repeat &&
      typeof other[metric] === "number" &&
      factors.every((name) => String(other[name]) === String(wanted[name])),
  );
  const paired = others.find((o) => o.launch === sample.launch && o.round === sample.round);
  if (paired !== undefined) return paired[metric] as number;
  return others.length === 0 ? null : median(others.map((other) => other[metric] as number));
}
