/** Values of factors: words of a description or of the command line, some of them durations. */

/** A factor's value as it is written: `4`, `py32`, `5ms`. */
export type Level = string | number;

/** A cell's or launch's factors with the value of each. */
export type Factors = Readonly<Record<string, Level>>;

const DURATION = /^(\d+(?:\.\d+)?)(us|ms|s)$/;
const SECONDS: Readonly<Record<string, number>> = { us: 1e6, ms: 1e3, s: 1 };

/** The seconds that a duration such as `5ms` stands for; null for anything else. */
export function durationSeconds(value: unknown): number | null {
  const match = typeof value === "string" ? DURATION.exec(value) : null;
  return match === null ? null : Number(match[1]) / SECONDS[match[2]];
}

/** A number, or a duration's seconds; null for other words. */
export function quantity(value: unknown): number | null {
  return typeof value === "number" ? value : durationSeconds(value);
}

/** A word of the command line as a value: a number where it is one. */
export function parseLevel(word: string): Level {
  return /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(word) ? Number(word) : word;
}

/** What a program is told of a value: durations are told in seconds. */
export function programWord(value: Level): string {
  return String(durationSeconds(value) ?? value);
}
