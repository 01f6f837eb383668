/** Where the runtime's own options end and those of the program begin. */
import type { Command } from "commander";

/**
 * The words behind a verb as commander is to read them: as under `python`, what follows `-c CODE`
 * or `-m MODULE` belongs to the program, options too.
 */
export function endOptions(words: readonly string[], { options }: Command): string[] {
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--" || !word.startsWith("-") || word === "-") break;
    const option = options.find(({ short, long }) => word === long || word === short);
    const isProgram = /^-[cm]/.test(word);
    if (option?.required) i++;
    if (isProgram && i < words.length) {
      return [...words.slice(0, i + 1), "--", ...words.slice(i + 1)];
    }
  }
  return [...words];
}
