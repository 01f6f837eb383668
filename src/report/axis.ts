/** A time axis: ticks at round times, labelled in the unit that suits their distance. */
export interface Tick {
  /** ns. */
  readonly time: number;
  readonly label: string;
}

const units = [
  { name: "s", ns: 1e9 },
  { name: "ms", ns: 1e6 },
  { name: "µs", ns: 1e3 },
  { name: "ns", ns: 1 },
] as const;

/** The smallest round step, 1, 2 or 5 times a power of ten ns, of which at most `most` fit. */
export function tickStep(span: number, most: number): number {
  const least = Math.max(span / most, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) {
    // A hair of slack: 3 × 0.1 is more than 0.3.
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/**
 * The ticks of an axis from `from` to `to` (ns). Labels are times since `origin`; where these
 * would need more than three decimals they are times since `from`, written with a plus sign.
 */
export function newTicks(from: number, to: number, origin: number, most: number): Tick[] {
  const step = tickStep(to - from, most);
  const unit = units.find(({ ns }) => to - origin >= ns || ns === 1)!;
  if (decimalsOf(step, unit.ns) <= 3) return ticksFrom(origin, from, to, step, unit, "");
  const small = units.find(({ ns }) => to - from >= ns || ns === 1)!;
  return ticksFrom(from, from, to, step, small, "+");
}

function decimalsOf(step: number, unit: number): number {
  return Math.max(0, Math.ceil(Math.log10(unit / step) - 1e-9));
}

function ticksFrom(
  zero: number,
  from: number,
  to: number,
  step: number,
  unit: (typeof units)[number],
  sign: string,
): Tick[] {
  const decimals = decimalsOf(step, unit.ns);
  const ticks: Tick[] = [];
  const first = Math.ceil((from - zero) / step - 1e-9);
  const last = Math.floor((to - zero) / step + 1e-9);
  for (let i = first; i <= last; i++) {
    const value = ((i * step) / unit.ns).toFixed(decimals);
    ticks.push({ time: zero + i * step, label: i === 0 ? "0" : `${sign}${value} ${unit.name}` });
  }
  return ticks;
}
