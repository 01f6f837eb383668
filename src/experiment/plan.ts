/** What a sweep runs and in which order: cells, and the launches of the program that fill them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { SeededRandom } from "../base/random.js";
import { disciplineNames } from "../gil/disciplines.js";
import { cellName } from "../report/results.js";
import { type Definition, DefinitionError, runtimeFactors, type Size } from "./definition.js";
import { durationSeconds, type Factors, type Level, parseLevel } from "./quantity.js";

/** One process: the program with these factors, and those it varies itself. */
export interface Launch {
  /** Its place in the plan, from 1. */
  readonly number: number;
  readonly repeat: number;
  readonly factors: Factors;
  readonly inside: Readonly<Record<string, readonly Level[]>>;
}

/** Everything that a sweep is to do. */
export interface Plan {
  readonly definition: Definition;
  readonly size: Size;
  readonly seed: number;
  readonly launches: readonly Launch[];
  /** Factors of every cell, in the order of the values given. */
  readonly cells: readonly Factors[];
  /** Changes when anything changes that would make samples incomparable. */
  readonly fingerprint: string;
}

/** The factor that says which interpreter runs the program; only comparisons have it. */
export const RUNTIME_FACTOR = "runtime";

/** The product of factors, the last varying fastest. */
export function product(factors: Readonly<Record<string, readonly Level[]>>): Factors[] {
  return Object.entries(factors).reduce<Factors[]>(
    (cells, [name, levels]) =>
      cells.flatMap((cell) => levels.map((level) => ({ ...cell, [name]: level }))),
    [{}],
  );
}

/** Words such as `threads=1,2,4` as factors. @throws {DefinitionError} for what cannot be varied */
export function parseFactors(
  words: readonly string[],
  definition: Definition,
): Record<string, readonly Level[]> {
  const factors: Record<string, readonly Level[]> = {};
  const known = [...new Set([...Object.keys(definition.full.factors), ...runtimeFactors])];
  for (const word of words) {
    const [name, values] = /^([^=]+)=(.+)$/.exec(word)?.slice(1) ?? [];
    if (name === undefined) {
      throw new DefinitionError(`${word} is no factor with its values, such as threads=1,2`);
    }
    if (!known.includes(name)) {
      throw new DefinitionError(`${definition.name} has no factor ${name}: ${known.join(", ")}`);
    }
    factors[name] = values.split(",").map(parseLevel);
  }
  return factors;
}

function checkLevels(factors: Readonly<Record<string, readonly Level[]>>): void {
  for (const gil of factors.gil ?? []) {
    if (disciplineNames.some((name) => name === gil) || /^[./].*\.m?js$/.test(String(gil)))
      continue;
    throw new DefinitionError(`gil: there is no discipline ${gil}: ${disciplineNames.join(", ")}`);
  }
  for (const interval of factors.switch_interval ?? []) {
    if ((durationSeconds(interval) ?? 0) >= 1e-6) continue;
    throw new DefinitionError(`switch_interval: ${interval} is no duration such as 5ms`);
  }
  const wrong = (factors.spread ?? []).find((level) => level !== "yes" && level !== "no");
  if (wrong !== undefined) throw new DefinitionError(`spread: ${wrong} is neither yes nor no`);
  for (const [name, levels] of Object.entries(factors)) {
    if (new Set(levels).size === levels.length) continue;
    throw new DefinitionError(`${name}: a value is given twice`);
  }
}

/** What decides a plan besides its definition. */
export interface PlanOptions {
  /** Factors given on the command line. */
  readonly factors: Readonly<Record<string, readonly Level[]>>;
  readonly repeats: number | null;
  readonly seed: number;
}

/** Lay a sweep out: each repeat runs every launch once, in an order of its own. */
export function newPlan(definition: Definition, size: Size, options: PlanOptions): Plan {
  const factors = { ...size.factors, ...options.factors };
  checkLevels(factors);
  const repeats = options.repeats ?? size.repeats;
  const entries = Object.entries(factors);
  const inside = Object.fromEntries(entries.filter(([name]) => definition.inside.includes(name)));
  const outer = Object.fromEntries(entries.filter(([name]) => !definition.inside.includes(name)));
  const combinations = product(outer);
  const random = new SeededRandom(options.seed);
  const launches: Launch[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const chosen of shuffled(combinations, random)) {
      launches.push({ number: launches.length + 1, repeat, factors: chosen, inside });
    }
  }
  const cells = product({ ...outer, ...inside });
  const identity = { factors, seed: options.seed, inside: definition.inside };
  const hash = createHash("sha256").update(JSON.stringify(identity));
  hash.update(readFileSync(definition.program));
  return {
    definition,
    size: { ...size, factors, repeats },
    seed: options.seed,
    launches,
    cells,
    fingerprint: hash.digest("hex").slice(0, 16),
  };
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The part of a plan that one of several machines or runs takes: every `of`-th launch. */
export function shardOf(plan: Plan, index: number, of: number): readonly Launch[] {
  return plan.launches.filter(({ number }) => (number - 1) % of === index - 1);
}

/** What a launch is called: its factors, those inside it left out, and its repeat. */
export function launchName({ factors, repeat }: Launch): string {
  return `${cellName(factors)} #${repeat}`;
}

/** True when a cell has all of these factors' values. */
export function matches(cell: Readonly<Record<string, unknown>>, wanted: Factors): boolean {
  return Object.entries(wanted).every(([name, level]) => String(cell[name]) === String(level));
}
