/**
 * What two runs may differ in without differing: the folder a program lies in, object addresses,
 * thread idents, and frames of the library, which is written otherwise here than in CPython.
 */
import type { Outcome } from "./corpus.js";
import type { Finished } from "./launch.js";

const LIBRARY_FRAME =
  /^\s*File "(?:.*\/lib\/python3\.\d+\/.*|.*\/dist\/library\/.*)", line \d+, in /;

/** Drop each frame of the standard library with the source and caret lines that belong to it. */
function withoutLibraryFrames(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let dropping = false;
  for (const line of lines) {
    if (LIBRARY_FRAME.test(line)) dropping = true;
    else if (!(dropping && line.startsWith("    "))) dropping = false;
    if (!dropping) kept.push(line);
  }
  return kept;
}

function normaliseText(text: string, folder: string): string[] {
  const lines = text
    .replaceAll(`${folder}/`, "<dir>/")
    .replaceAll(folder, "<dir>")
    .replace(/\bat 0x[0-9a-f]+\b/g, "at 0x<address>")
    .replace(
      /<(Thread|Timer|\w*Thread)\((.*), (started|stopped)( daemon)? \d+\)>/g,
      "<$1($2, $3$4 N)>",
    )
    .split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Make a finished run comparable. */
export function normalise(finished: Finished, folder: string): Outcome {
  return {
    status: finished.status,
    stdout: normaliseText(finished.stdout, folder),
    stderr: withoutLibraryFrames(normaliseText(finished.stderr, folder)),
  };
}
