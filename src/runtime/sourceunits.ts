/**
 * Compiling for an interpreter. What has been compiled of files is kept, by source text: the
 * processes that the program starts get it, so that they need no compiler for the main module and
 * for what it imports.
 */
import type { Compiled } from "../compiler/compile.js";
import { decodeSource } from "../syntax/encoding.js";
import type { CompileResult } from "../vm/host.js";
import type { Prober } from "./compile.js";
import { setFileName } from "./library.js";
import type { CompileRequest } from "./protocol.js";

/** Units by their source texts. */
export type SourceUnits = ReadonlyMap<string, Compiled>;

/** A text of this length or more is not kept: a program may compile what it generates. */
const LONGEST = 1 << 20;
const MOST = 200;

type Compiler = typeof import("./compile.js");

export class SourceCompiler {
  readonly #units = new Map<string, Compiled>();
  #compiler: Promise<Compiler> | null = null;

  /**
   * A first process loads the compiler while its first carrier starts, others when they need it.
   * @param given what the parent has compiled, once that is handed over; null in a first process
   */
  constructor(private readonly given: Promise<SourceUnits> | null) {
    if (given === null) void this.load();
  }

  load(): Promise<Compiler> {
    this.#compiler ??= import("./compile.js");
    return this.#compiler;
  }

  /** Compile what a carrier asks for. */
  async compile(request: CompileRequest, prober: Prober | null): Promise<CompileResult> {
    const found = await this.#find(request);
    if (found !== null) return found;
    const { compileForCarrier } = await this.load();
    const result = compileForCarrier(request, prober);
    if ("unit" in result) this.#addModule(request, result);
    return result;
  }

  /** Remember the program. */
  addProgram(source: Uint8Array, filename: string, compiled: Compiled): void {
    if (isFile(filename)) this.#add(decodeSource(source, filename), compiled);
  }

  #addModule({ source, filename, mode, flags }: CompileRequest, compiled: Compiled): void {
    if (mode === "exec" && flags === 0 && isFile(filename)) this.#add(source, compiled);
  }

  #add(source: string, { unit, warnings }: Compiled): void {
    if (source.length < LONGEST && this.#units.size < MOST)
      this.#units.set(source, { unit, warnings });
  }

  /** What the parent has compiled of the same source, under the name that is asked for. */
  async #find({ source, filename, mode, flags }: CompileRequest): Promise<Compiled | null> {
    const found = mode === "exec" && flags === 0 ? (await this.given)?.get(source) : undefined;
    if (found === undefined) return null;
    if (found.unit.filename !== filename) setFileName(found.unit, filename);
    return found;
  }

  /** For another process: all that is known here. */
  async all(): Promise<SourceUnits> {
    return new Map([...((await this.given) ?? []), ...this.#units]);
  }
}

/** Is it a file's name, and not one as `<string>`? */
function isFile(filename: string): boolean {
  return !filename.startsWith("<");
}
