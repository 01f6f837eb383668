/**
 * Schedules: which thread took which step, as one line of text that can be replayed.
 *
 *     800,810|1*5 2*3 2t 1 1k 3*4
 *
 * Before the bar the shared words, in hexadecimal, since they decide what a step is. Then the
 * steps: the thread's place (from 1; recoveries follow the model's threads), `t` when its sleep
 * ended by its timeout, `k` when it died, `*n` for n steps in a row.
 */
export const enum Action {
  Run = 0,
  TimeOut = 1,
  Kill = 2,
}

/** One decision of a scheduler. */
export interface Choice {
  readonly place: number;
  readonly action: Action;
}

export interface Schedule {
  readonly sharedWords: readonly number[];
  readonly choices: readonly Choice[];
}

const SUFFIXES = ["", "t", "k"];

/** The schedule as one line. */
export function formatSchedule(schedule: Schedule): string {
  const items: { text: string; count: number }[] = [];
  for (const { place, action } of schedule.choices) {
    const text = `${place + 1}${SUFFIXES[action]}`;
    const last = items.at(-1);
    if (last?.text === text) last.count++;
    else items.push({ text, count: 1 });
  }
  const words = schedule.sharedWords.map((index) => index.toString(16)).join(",");
  const steps = items.map(({ text, count }) => (count === 1 ? text : `${text}*${count}`));
  return `${words}|${steps.join(" ")}`;
}

/** Read what {@link formatSchedule} wrote; RangeError for anything else. */
export function parseSchedule(text: string): Schedule {
  const parts = text.trim().split("|");
  if (parts.length !== 2) throw new RangeError(`not a schedule: ${text}`);
  const sharedWords = parts[0].split(",").filter((word) => word !== "");
  if (!sharedWords.every((word) => /^[0-9a-f]+$/.test(word))) {
    throw new RangeError(`not a list of words: ${parts[0]}`);
  }
  const choices: Choice[] = [];
  for (const item of parts[1].split(" ").filter((step) => step !== "")) {
    const match = /^([1-9]\d*)([tk]?)(?:\*([1-9]\d{0,5}))?$/.exec(item);
    if (match === null) throw new RangeError(`not a step of a schedule: ${item}`);
    const choice = { place: Number(match[1]) - 1, action: SUFFIXES.indexOf(match[2]) };
    for (let n = Number(match[3] ?? 1); n > 0; n--) choices.push(choice);
  }
  return { sharedWords: sharedWords.map((word) => Number.parseInt(word, 16)), choices };
}
