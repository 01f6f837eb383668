/**
 * Which processor cores the threads of this process may run on, by `sched_setaffinity` of libc for
 * every thread there is; those made later inherit it from the thread that makes them. koffi, the
 * way to libc, is loaded at the first use.
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";

/** Bytes of a set of cores: 1024 cores, as in libc's `cpu_set_t`. */
const SET_BYTES = 128;
/** The kernel's numbers of this process's threads. */
const TASKS = "/proc/self/task";

/** Cores asked for: how many, or which. */
export type Cores = number | readonly number[];

/** What was asked for cannot be had; the message is one line for the user. */
export class AffinityError extends Error {
  override name = "AffinityError";
}

/** The process's threads pinned to some of its cores. */
export class Affinity {
  private constructor(
    private readonly set: (tid: number, mask: Uint8Array) => boolean,
    private readonly former: Uint8Array,
    /** The cores the process runs on. */
    readonly cores: readonly number[],
  ) {}

  /**
   * Pin every thread of this process to `cores`: that many of those it may use now, or just these;
   * to all it may use when undefined.
   * @throws {AffinityError} where that is not possible
   */
  static pin(cores: Cores | undefined): Affinity {
    if (process.platform !== "linux") {
      throw new AffinityError(
        `threads can be bound to cores on Linux only, not ${process.platform}`,
      );
    }
    const { get, set } = bindLibc();
    const former = new Uint8Array(SET_BYTES);
    if (!get(0, former)) throw new AffinityError("this system does not tell a thread's cores");
    const usable = coresOf(former);
    const wanted = chosen(cores ?? usable, usable);
    const affinity = new Affinity(set, former, wanted);
    affinity.#setAll(maskOf(wanted));
    return affinity;
  }

  /** Give every thread the cores back that the process had before. */
  restore(): void {
    this.#setAll(this.former);
  }

  #setAll(mask: Uint8Array): void {
    const done = new Set<number>();
    // Again while there are new ones: a thread not yet bound may have made another.
    for (let found = true; found; ) {
      found = false;
      for (const tid of readdirSync(TASKS).map(Number)) {
        if (done.has(tid)) continue;
        done.add(tid);
        found = true;
        // A thread that has ended meanwhile cannot be bound, nor need it be.
        if (!this.set(tid, mask) && readdirSync(TASKS).includes(String(tid))) {
          throw new AffinityError(`the system refused cores ${coresOf(mask).join(",")}`);
        }
      }
    }
  }
}

/**
 * Keep the calling thread on one core. A refusal leaves it where it may be now: the cores were
 * tried when the process was pinned.
 */
export function bindCallingThread(core: number): void {
  libc ??= bindLibc();
  libc.set(0, maskOf([core]));
}

let libc: Libc | null = null;

interface Libc {
  get(tid: number, mask: Uint8Array): boolean;
  set(tid: number, mask: Uint8Array): boolean;
}

function bindLibc(): Libc {
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    // The C library this process is linked with, whatever its file is called.
    const library = koffi.load(null);
    const get = library.func("int sched_getaffinity(int, size_t, _Out_ uint8_t *)");
    const set = library.func("int sched_setaffinity(int, size_t, uint8_t *)");
    return {
      get: (tid, mask) => get(tid, SET_BYTES, mask) >= 0,
      set: (tid, mask) => set(tid, SET_BYTES, mask) === 0,
    };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new AffinityError(`threads cannot be bound to cores here: ${text.split("\n", 1)[0]}`);
  }
}

function chosen(cores: Cores, usable: readonly number[]): readonly number[] {
  if (typeof cores === "number") {
    if (Number.isInteger(cores) && cores >= 1 && cores <= usable.length) {
      return usable.slice(0, cores);
    }
    throw new AffinityError(`${cores} cores cannot be had: there are ${usable.length}`);
  }
  const missing = cores.find((core) => !usable.includes(core));
  if (missing !== undefined || cores.length === 0) {
    throw new AffinityError(`core ${missing} cannot be had: there are ${usable.join(", ")}`);
  }
  return cores;
}

function coresOf(mask: Uint8Array): number[] {
  const cores: number[] = [];
  for (let core = 0; core < mask.length * 8; core++) {
    if ((mask[core >> 3] & (1 << (core & 7))) !== 0) cores.push(core);
  }
  return cores;
}

function maskOf(cores: readonly number[]): Uint8Array {
  const mask = new Uint8Array(SET_BYTES);
  for (const core of cores) mask[core >> 3] |= 1 << (core & 7);
  return mask;
}
