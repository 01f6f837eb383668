/** What a process of `multiprocessing` runs: an interpreter that gets its work from its parent. */
import { writeSync } from "node:fs";
import { Interpreter } from "./interpreter.js";
import { type RunResult, STATUS_BROKEN } from "./options.js";
import type { ChildOptions } from "./processes.js";
import type { SourceUnits } from "./sourceunits.js";

/**
 * Waits for the work on the control channel, does it and exits with its status. A module of the
 * library, which is compiled already.
 */
const PROGRAM = "multiprocessing.child";

/** Run the process to its end; `options` are ChildOptions as JSON. */
export async function runChild(options: string): Promise<void> {
  // Its parent is gone, however that came about: nobody waits for what it does.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  if (!process.connected) process.kill(process.pid, "SIGKILL");
  let working = false;
  const compiled = new Promise<SourceUnits>((resolve) => {
    process.once("message", (units: SourceUnits) => {
      working = true;
      resolve(units);
    });
  });
  const given = JSON.parse(options) as ChildOptions;
  const interpreter = await Interpreter.create({ ...given, compiled });
  process.on("SIGINT", () => {
    if (working) interpreter.interrupt(2);
  });
  const result = await interpreter.runModule(PROGRAM);
  process.exit(leaks(result) ? STATUS_BROKEN : result.status);
}

/** Has the process left blocks on its heap, where TAKEGIL_LEAK_CHECK asks for the check? */
function leaks({ leakedBlocks, abandonedThreads, deaths }: RunResult): boolean {
  if (process.env.TAKEGIL_LEAK_CHECK === undefined || leakedBlocks === 0) return false;
  if (abandonedThreads > 0 || deaths.length > 0) return false;
  writeSync(2, `takegil: a process left ${leakedBlocks} blocks on its heap\n`);
  return true;
}
