/** `takegil check`: a discipline of the lock, explored. */
import { writeSync } from "node:fs";
import { type CheckStep, checkDiscipline } from "../gil/check.js";
import { disciplineTitle, loadDiscipline } from "../runtime/discipline.js";
import { OptionError } from "../runtime/options.js";
import { UsageError } from "./failure.js";

export interface CheckOptions {
  seed: number;
}

/** Exit status when a schedule was found in which something is wrong. */
const STATUS_WRONG = 1;

function line(text: string): void {
  writeSync(1, `${text}\n`);
}

function tell({ title, exploration, seconds }: CheckStep): void {
  const { states, executions, failure } = exploration;
  const rate = Math.round(states / seconds);
  const explored = states === 0 ? `${executions} executions` : `${states} states, ${rate} a second`;
  line(`${failure === undefined ? "ok   " : "WRONG"} ${title}: ${explored}`);
}

/** Explore the discipline `choice` and say what was found; the exit status. */
export async function check(choice: string, { seed }: CheckOptions): Promise<number> {
  let found: ReturnType<typeof checkDiscipline>;
  try {
    const type = await loadDiscipline(choice);
    if (choice === "none-unsafe") throw new OptionError("nothing can hold of none-unsafe");
    found = checkDiscipline(type, disciplineTitle(choice), seed, tell);
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(error.message);
    throw error;
  }
  if (found === null) {
    line("nothing wrong within these bounds");
    return 0;
  }
  line(`\n${found.message}\n\nschedule: ${found.schedule}\n`);
  for (const step of found.account) line(`  ${step}`);
  return STATUS_WRONG;
}
