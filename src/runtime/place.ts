import type { ProgramPlace } from "./protocol.js";

/** The place a program runs in, as `sys` shows it. */
export function placeOf(argv: readonly string[], scriptDirectory: string): ProgramPlace {
  const environ: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) environ[name] = value;
  }
  return {
    argv: [...argv],
    scriptDirectory,
    workingDirectory: process.cwd(),
    executable: process.argv[1] ?? "",
    environ,
  };
}
