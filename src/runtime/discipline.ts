/** Loading a discipline: a built-in one by its name, or a user's own from its file. */
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type DisciplineClass,
  type DisciplineName,
  disciplineNames,
  disciplines,
} from "../gil/disciplines.js";
import type * as ImportFile from "./importfile.cjs";
import { OptionError } from "./options.js";

/** True if `choice` names a file and not a built-in discipline. */
export function isDisciplineFile(choice: string): boolean {
  return /[\\/]|\.[cm]?js$/.test(choice);
}

/** What a trace calls the discipline: a built-in one's name, else the file's without its folder. */
export function disciplineTitle(choice: string): string {
  return isDisciplineFile(choice) ? basename(choice) : choice;
}

/**
 * The class that `choice` names: a built-in discipline, or a JavaScript file whose default export
 * makes one from the parts it is given (see docs/lock.md).
 * @throws {OptionError} when there is none
 */
export async function loadDiscipline(choice: string): Promise<DisciplineClass> {
  if (isDisciplineFile(choice)) return loadFile(choice);
  if (!Object.hasOwn(disciplines, choice)) {
    const known = disciplineNames.join(", ");
    throw new OptionError(
      `unknown GIL discipline ${JSON.stringify(choice)}; known: ${known}, or a file: ./mine.js`,
    );
  }
  return disciplines[choice as DisciplineName].load();
}

async function loadFile(path: string): Promise<DisciplineClass> {
  const [{ GilLock }, parts] = await Promise.all([
    import("../gil/lock.js"),
    import("../gil/parts.js"),
  ]);
  let made: unknown;
  try {
    const { importFile } = createRequire(import.meta.url)(
      "../runtime/importfile.cjs",
    ) as typeof ImportFile;
    const module = await importFile(pathToFileURL(resolve(path)).href);
    if (typeof module.default !== "function") {
      throw new OptionError(`${path}: the default export must be a function of the lock's parts`);
    }
    made = (module.default as (given: typeof parts) => unknown)(parts);
  } catch (error) {
    if (error instanceof OptionError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new OptionError(`${path}: ${message.split("\n")[0]}`);
  }
  if (typeof made !== "function" || !(made.prototype instanceof GilLock)) {
    throw new OptionError(`${path}: the default export must return a class that extends a part`);
  }
  return made as unknown as DisciplineClass;
}
