import type { Factors, Level } from "./quantity.js";

/** Reads a parsed YAML mapping key by key, and complains about what nobody asked for. */
export class Reader {
  readonly #value: unknown;
  readonly #where: string;
  readonly #wrong: (message: string) => Error;
  readonly #asked = new Set<string>();

  /** @param wrong makes the error from a message that says where and what */
  constructor(value: unknown, wrong: (message: string) => Error, where = "") {
    this.#value = value;
    this.#wrong = wrong;
    this.#where = where;
  }

  /** Give up, saying where. */
  fail(message: string): never {
    throw this.#wrong(this.#where === "" ? message : `${this.#where}: ${message}`);
  }

  /** True for a plain text where a mapping could be. */
  get isText(): boolean {
    return typeof this.#value === "string";
  }

  /** True for a key without a value. */
  get isNull(): boolean {
    return this.#value === null;
  }

  /** The text itself. */
  wholeText(): string {
    return String(this.#value);
  }

  /** True when the key is given. */
  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  text(key: string, otherwise: string): string {
    const value = this.#get(key) ?? otherwise;
    if (typeof value !== "string" && typeof value !== "number") this.fail(`${key}: not a text`);
    return String(value);
  }

  number(key: string, otherwise: number): number {
    const value = this.#get(key) ?? otherwise;
    if (typeof value !== "number" || !(value > 0)) this.fail(`${key}: not a number above 0`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.#get(key) ?? false;
    if (typeof value !== "boolean") this.fail(`${key}: neither true nor false`);
    return value;
  }

  /** One of some words; an `otherwise` of null: it must be given. */
  choice<T extends string>(key: string, words: readonly T[], otherwise: T | null): T {
    const text = String(this.#get(key) ?? otherwise ?? "");
    const found = words.find((word) => word === text);
    if (found === undefined)
      this.fail(`${key}: ${text || "nothing"} is none of ${words.join(", ")}`);
    return found;
  }

  /** A word or a list of words. */
  words(key: string): string[] {
    const value = this.#get(key) ?? [];
    const list = Array.isArray(value) ? value : [value];
    return list.map((word) => (typeof word === "string" ? word : this.fail(`${key}: not words`)));
  }

  /** `[low, high]`, where `high` may be `.inf`. */
  range(key: string): readonly [number, number] {
    const value = this.#get(key);
    if (!Array.isArray(value) || value.length !== 2 || !(value[0] <= value[1])) {
      this.fail(`${key}: two numbers, the lower first`);
    }
    return [Number(value[0]), Number(value[1])];
  }

  /** A mapping of factors to one value each. */
  factors(key: string): Factors {
    const factors: Record<string, Level> = {};
    for (const [name, value] of this.entries(key)) factors[name] = value.level();
    return factors;
  }

  /** Factors, or the name of a column; null when not given. */
  factorsOrText(key: string): Factors | string | null {
    const value = this.#get(key);
    if (value === undefined) return null;
    return typeof value === "string" ? value : this.factors(key);
  }

  /** The whole value as one value of a factor. */
  level(): Level {
    const value = this.#value;
    if (typeof value === "number" || typeof value === "string") return value;
    return this.fail("not a number or a word");
  }

  /** The whole value as a factor's values: one, or a list. */
  levels(): Level[] {
    const list = Array.isArray(this.#value) ? this.#value : [this.#value];
    if (list.length === 0) this.fail("no values");
    return list.map((value) => new Reader(value, this.#wrong, this.#where).level());
  }

  /** The mapping below a key; empty when not given. */
  child(key: string): Reader {
    return new Reader(this.#get(key) ?? {}, this.#wrong, this.#at(key));
  }

  /** The keys and values of the mapping below a key, in order. */
  entries(key: string): [string, Reader][] {
    const value = this.#get(key) ?? {};
    const below = this.#mapping(value, this.#at(key));
    return Object.entries(below).map(([name, item]) => [
      name,
      new Reader(item, this.#wrong, `${this.#at(key)}.${name}`),
    ]);
  }

  /** The items of the list below a key. */
  items(key: string): Reader[] {
    const value = this.#get(key) ?? [];
    if (!Array.isArray(value)) this.fail(`${key}: not a list`);
    return value.map((item, i) => new Reader(item, this.#wrong, `${this.#at(key)}[${i}]`));
  }

  /** Complain about keys that nobody asked for: most are misspelt. */
  finish(): void {
    const unknown = Object.keys(this.#mapping(this.#value, this.#where)).find(
      (key) => !this.#asked.has(key),
    );
    if (unknown !== undefined) {
      this.fail(`there is no key ${unknown}; there are ${[...this.#asked].join(", ")}`);
    }
  }

  #at(key: string): string {
    return this.#where === "" ? key : `${this.#where}.${key}`;
  }

  #get(key: string): unknown {
    this.#asked.add(key);
    return this.#mapping(this.#value, this.#where)[key] ?? undefined;
  }

  #mapping(value: unknown, where: string): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    throw this.#wrong(`${where === "" ? "the file" : where}: not a list of keys and values`);
  }
}
