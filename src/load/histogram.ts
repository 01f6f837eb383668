/**
 * Durations counted by size: whole microseconds up to 127, from there on 64 buckets an octave, so
 * that a bucket is at most 1.6 % wide. Quantiles are a bucket's upper end.
 */
const SUB_BITS = 6;
const SUB = 1 << SUB_BITS;
/** Up to 2^40 µs, twelve days. */
const OCTAVES = 40;

export class Histogram {
  readonly #counts = new Float64Array((OCTAVES - SUB_BITS + 1) * SUB);
  count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Count a duration, in µs. */
  add(us: number): void {
    const whole = Math.max(0, Math.round(us));
    this.#counts[bucketOf(whole)]++;
    this.count++;
    this.#sum += us;
    if (us < this.#min) this.#min = us;
    if (us > this.#max) this.#max = us;
  }

  /** The duration that a part `q` (0 to 1) of all do not exceed, in µs; NaN of none. */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(q * this.count));
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket];
      if (seen >= rank) return Math.min(upperEnd(bucket), this.#max);
    }
    return this.#max;
  }

  get mean(): number {
    return this.#sum / this.count;
  }

  get min(): number {
    return this.count === 0 ? Number.NaN : this.#min;
  }

  get max(): number {
    return this.count === 0 ? Number.NaN : this.#max;
  }

  /** Buckets that are not empty: upper end in µs, and how many. */
  buckets(): [us: number, count: number][] {
    const found: [number, number][] = [];
    for (const [bucket, count] of this.#counts.entries()) {
      if (count > 0) found.push([Math.min(upperEnd(bucket), this.#max), count]);
    }
    return found;
  }
}

function bucketOf(us: number): number {
  if (us < 2 * SUB) return us;
  const octave = Math.floor(Math.log2(us));
  const sub = Math.floor(us / 2 ** (octave - SUB_BITS)) - SUB;
  return Math.min((octave - SUB_BITS + 1) * SUB + sub, (OCTAVES - SUB_BITS + 1) * SUB - 1);
}

function upperEnd(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const octave = Math.floor(bucket / SUB) + SUB_BITS - 1;
  return (SUB + (bucket % SUB) + 1) * 2 ** (octave - SUB_BITS) - 1;
}
