/** `takegil bench`: any program's process, timed under several runtimes or options. */
import { basename, resolve } from "node:path";
import { type Definition, DefinitionError, runtimeFactors, type Size } from "./definition.js";
import { type Level, parseLevel } from "./quantity.js";

/** A list such as `gil=py32,priority`: a factor with its values. @throws {DefinitionError} */
export function parseList(word: string): [string, Level[]] {
  const [name, values] = /^([a-z][a-z0-9_]*)=(.+)$/i.exec(word)?.slice(1) ?? [];
  if (name === undefined) {
    throw new DefinitionError(`-L ${word}: give a factor and its values, such as -L gil py32,fifo`);
  }
  return [name, values.split(",").map(parseLevel)];
}

/** What is timed. @throws {DefinitionError} when a factor would change nothing */
export function benchDefinition(
  program: string,
  args: readonly string[],
  lists: Readonly<Record<string, readonly Level[]>>,
  runs: number,
): Definition {
  const unused = Object.keys(lists).find(
    (name) => !runtimeFactors.includes(name) && !args.some((word) => word.includes(`{${name}}`)),
  );
  if (unused !== undefined) {
    throw new DefinitionError(
      `${unused} is neither ${runtimeFactors.join(", ")} nor {${unused}} among the arguments`,
    );
  }
  const factors = { gil: ["py32"], ...lists };
  const size: Size = { factors, repeats: runs, traced: false, takegil: {} };
  const plain = { ratio: null, to: null, inverse: false, better: "lower" as const };
  return {
    name: "bench",
    folder: resolve(program, ".."),
    program: resolve(program),
    plain: args,
    path: "",
    title: [basename(program), ...args].join(" "),
    text: "",
    inside: [],
    full: size,
    quick: size,
    validate: size,
    validatePython2: size,
    metrics: [
      { ...plain, name: "wall_seconds", meaning: "from the process's start to its end" },
      { ...plain, name: "cpu_seconds", meaning: "processor time of the process and its children" },
    ],
    judged: "wall_seconds",
    limitSeconds: 600,
    figures: [],
    reference: [],
  };
}
