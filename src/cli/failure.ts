/** Ends of a command that are the user's to mend. */

/** Wrong usage: one line for the user, exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What went wrong with a file, in the user's words. */
export function fileProblem(error: unknown, path: string): UsageError {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file or folder",
    EISDIR: "it is a folder, not a file",
    EACCES: "it may not be opened",
    EROFS: "it is on a read-only file system",
    ENOSPC: "no space is left for it",
  };
  const reason = reasons[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
  return new UsageError(`cannot use ${path}: ${reason}`);
}
