/** Keeping a run's threads on processors, where the user wants that: see affinity.ts. */
import type { Affinity } from "./affinity.js";
import { type InterpreterOptions, OptionError } from "./options.js";

/** Bind the process as the options say; null where they say nothing. @throws {OptionError} */
export async function pin({ cores, spread }: InterpreterOptions): Promise<Affinity | null> {
  if (cores === undefined && spread !== true) return null;
  const { Affinity, AffinityError } = await import("./affinity.js");
  try {
    return Affinity.pin(cores);
  } catch (error) {
    throw error instanceof AffinityError ? new OptionError(error.message) : error;
  }
}
