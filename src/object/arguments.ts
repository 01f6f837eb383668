/**
 * Arguments of native functions: counts and keywords checked with CPython's messages.
 */
import { type Addr, heap } from "../memory/heap.js";
import { raise } from "./errors.js";
import { TupleObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { getString } from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** Is `nargs` in `[min, max]` (max Infinity: no bound)? Otherwise TypeError is pending. */
export function checkArity(fname: string, nargs: number, min: number, max: number): boolean {
  if (nargs >= min && nargs <= max) return true;
  const bound = nargs < min ? min : max;
  const quantity = min === max ? "" : nargs < min ? "at least " : "at most ";
  const plural = bound === 1 ? "" : "s";
  raise(T.TypeError, `${fname} expected ${quantity}${bound} argument${plural}, got ${nargs}`);
  return false;
}

/** Are there no keyword arguments? Otherwise TypeError is pending. */
export function noKeywords(fname: string, kwnames: Addr): boolean {
  if (kwnames === 0 || I32[kwnames + TupleObject.Size] === 0) return true;
  raise(T.TypeError, `${fname}() takes no keyword arguments`);
  return false;
}

/**
 * As {@link noKeywords}, for `type` or a subclass of the constructor's type `base`: a subclass with
 * an `__init__` of its own may be called with keywords, which that gets.
 */
export function keywordsAllowed(fname: string, type: Addr, base: Addr, kwnames: Addr): boolean {
  if (type !== base && slotsOf(type).init !== slotsOf(base).init) return true;
  return noKeywords(fname, kwnames);
}

/** Number of keyword arguments. */
export function keywordCount(kwnames: Addr): number {
  return kwnames === 0 ? 0 : I32[kwnames + TupleObject.Size];
}

/** Name of keyword argument `i`. */
export function keywordName(kwnames: Addr, i: number): string {
  return getString(I32[kwnames + TupleObject.Items + 2 * i]);
}

/**
 * Distribute arguments over named parameters: `out[i]` becomes the borrowed value of parameter
 * `names[i]`, or 0 where it was not given. The first `required` must be given; the first
 * `positionalOnly` cannot be named; at most `maxPositional` (default: all) may be positional.
 * False with TypeError pending otherwise.
 */
export function bindArguments(
  fname: string,
  args: Addr,
  nargs: number,
  kwnames: Addr,
  names: readonly string[],
  required: number,
  out: Int32Array | number[],
  positionalOnly = 0,
  maxPositional = names.length,
): boolean {
  const nkw = keywordCount(kwnames);
  if (nargs > maxPositional || nargs + nkw > names.length) {
    return tooMany(fname, nargs, nkw, names.length, required, maxPositional);
  }
  for (let i = 0; i < names.length; i++) out[i] = i < nargs ? I32[args + i] : 0;
  for (let k = 0; k < nkw; k++) {
    const name = keywordName(kwnames, k);
    const index = names.indexOf(name);
    if (index < positionalOnly) {
      raise(T.TypeError, `'${name}' is an invalid keyword argument for ${fname}()`);
      return false;
    }
    if (out[index] !== 0) {
      const place = index + 1;
      raise(
        T.TypeError,
        `argument for ${fname}() given by name ('${name}') and position (${place})`,
      );
      return false;
    }
    out[index] = I32[args + nargs + k];
  }
  for (let i = 0; i < required; i++) {
    if (out[i] !== 0) continue;
    raise(
      T.TypeError,
      i < positionalOnly
        ? `${fname}() takes ${required === names.length ? "exactly" : "at least"} ${positionalOnly} positional argument${positionalOnly === 1 ? "" : "s"} (${nargs} given)`
        : `${fname}() missing required argument '${names[i]}' (pos ${i + 1})`,
    );
    return false;
  }
  return true;
}

function tooMany(
  fname: string,
  nargs: number,
  nkw: number,
  total: number,
  required: number,
  maxPositional: number,
): false {
  const positional = nargs + nkw <= total && nargs > maxPositional;
  if (maxPositional === 0 && nargs > 0) {
    raise(T.TypeError, `${fname}() takes no positional arguments`);
    return false;
  }
  const bound = positional ? maxPositional : total;
  const given = positional ? nargs : nargs + nkw;
  const quantity = required === bound ? "exactly" : "at most";
  const kind = nkw === 0 || positional ? (positional ? "positional " : "") : "keyword ";
  const plural = bound === 1 ? "" : "s";
  const takes = bound === 0 ? "no" : `${quantity} ${bound}`;
  raise(T.TypeError, `${fname}() takes ${takes} ${kind}argument${plural} (${given} given)`);
  return false;
}
