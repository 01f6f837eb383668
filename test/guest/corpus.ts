/**
 * The guest programs: every `test/python/<area>/<name>.py`, with what CPython 3.11 prints for it in
 * `<name>.expected.json` beside it. Deeper files and names that begin with an underscore are
 * modules that programs import, not programs.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, from `dist/test/guest/`. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const PROGRAMS = join(ROOT, "test/python");

/** One guest program and how it is started. */
export interface Program {
  /** `<area>/<name>`. */
  name: string;
  path: string;
  folder: string;
  /** Arguments, from a line `# argv: a b c` among the first lines. */
  argv: string[];
  /** Standard input, from a line `# stdin: text`, where `\n` stands for a newline. */
  stdin: string;
}

/** What a run left behind, normalised so that it can be compared (see normalise.ts). */
export interface Outcome {
  status: number;
  stdout: string[];
  stderr: string[];
}

function directive(source: string, name: string): string | undefined {
  const head = source.split("\n", 8).join("\n");
  return new RegExp(`^# ${name}: (.*)$`, "m").exec(head)?.[1];
}

/** Every guest program, in order of its name. */
export function readCorpus(): Program[] {
  const programs: Program[] = [];
  for (const area of readdirSync(PROGRAMS, { withFileTypes: true })) {
    if (!area.isDirectory()) continue;
    const folder = join(PROGRAMS, area.name);
    for (const file of readdirSync(folder)) {
      if (!file.endsWith(".py") || file.startsWith("_")) continue;
      const path = join(folder, file);
      const source = readFileSync(path, "utf8");
      programs.push({
        name: `${area.name}/${file.slice(0, -3)}`,
        path,
        folder,
        argv: directive(source, "argv")?.split(" ") ?? [],
        stdin: (directive(source, "stdin") ?? "").replaceAll("\\n", "\n"),
      });
    }
  }
  return programs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where the expectation of a program is stored. */
export function expectationPath(program: Program): string {
  return join(dirname(program.path), `${program.name.split("/")[1]}.expected.json`);
}

/** The stored expectation, or null where none was generated yet. */
export function readExpectation(program: Program): Outcome | null {
  const path = expectationPath(program);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Outcome) : null;
}

/** Store what CPython 3.11 printed. */
export function writeExpectation(program: Program, outcome: Outcome): void {
  writeFileSync(expectationPath(program), `${JSON.stringify(outcome, null, 1)}\n`);
}
