/** What a program and its runtime print: to whom the embedder said, or to the process's own. */
import { writeSync } from "node:fs";
import type { InterpreterOptions } from "./options.js";

/** Output of all carriers. In virtual time it is passed on in the order in which it was written. */
export class ProgramOutput {
  /** Output that came before what was written earlier, by its place. */
  readonly #early = new Map<number, { fd: number; bytes: Uint8Array }>();
  #next = 0;
  readonly #decoders = { 1: new TextDecoder(), 2: new TextDecoder() };

  constructor(private readonly takers: Pick<InterpreterOptions, "stdout" | "stderr">) {}

  /** A carrier's output. `place` is its number, or -1 where order is as it comes. */
  take({ fd, bytes, place }: { fd: number; bytes: Uint8Array; place: number }): void {
    if (place < 0) {
      this.#pass(fd, bytes);
      return;
    }
    this.#early.set(place, { fd, bytes });
    for (;;) {
      const next = this.#early.get(this.#next);
      if (next === undefined) return;
      this.#early.delete(this.#next++);
      this.#pass(next.fd, next.bytes);
    }
  }

  #pass(fd: number, bytes: Uint8Array): void {
    const text = this.#decoders[fd as 1 | 2].decode(bytes, { stream: true });
    if (fd === 1) this.takers.stdout?.(text);
    else this.takers.stderr?.(text);
  }

  /** What the runtime itself has to say. */
  write(fd: 1 | 2, text: string): void {
    const taker = fd === 1 ? this.takers.stdout : this.takers.stderr;
    if (taker !== undefined) taker(text);
    else writeAll(fd, text);
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch {
    // Nobody reads standard error any more: there is nowhere left to complain.
  }
}
