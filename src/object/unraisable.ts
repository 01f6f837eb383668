/** Exceptions that cannot be raised anywhere (R13): in `__del__`, callbacks, the collector. */
import type { Addr } from "../memory/heap.js";
import { restorePending, takePending } from "./errors.js";
import { decref } from "./header.js";
import { reprObject } from "./repr.js";
import { getString } from "./str.js";
import { formatAlone } from "./traceback.js";

let report: ((exc: Addr, where: Addr, text: string) => boolean) | null = null;
let write: (text: string) => void = () => {};

/** The virtual machine gives the writer of stderr. */
export function registerErrorWriter(writer: (text: string) => void): void {
  write = writer;
}

/** Write to the program's stderr. */
export function writeError(text: string): void {
  write(text);
}

/**
 * `sys.unraisablehook`: called with the exception, the object it happened in (or 0) and the text
 * before its repr; false where no hook of the program's is set.
 */
export function registerUnraisableHook(
  hook: (exc: Addr, where: Addr, text: string) => boolean,
): void {
  report = hook;
}

/** Report the pending exception, which happened in `where` (borrowed; 0: unknown), and clear it. */
export function writeUnraisable(where: Addr): void {
  writeUnraisableIn("Exception ignored in", where);
}

/** As {@link writeUnraisable}, with another text before the object. */
export function writeUnraisableIn(text: string, where: Addr): void {
  const exc = takePending();
  if (exc === 0) return;
  if (report === null || !report(exc, where, text)) {
    restorePending(exc);
    writeUnraisableDefault(text, where);
  } else decref(exc);
}

/** As {@link writeUnraisableIn}, whatever hook the program has set. */
export function writeUnraisableDefault(text: string, where: Addr): void {
  const exc = takePending();
  let head = "";
  if (where !== 0) {
    const shown = reprObject(where);
    if (shown === 0) restorePending(0);
    head = `${text}: ${shown === 0 ? "<object repr() failed>" : getString(shown)}\n`;
    if (shown !== 0) decref(shown);
  }
  write(head + formatAlone(exc));
  restorePending(0);
  decref(exc);
}
