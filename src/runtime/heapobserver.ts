/**
 * Watches the heap of a run: snapshots at lines of the program and at its exit, taken while the
 * thread that asks holds the GIL and waits; and samples over time, for which the interpreter loop
 * takes the GIL as any thread does.
 */
import { basename, resolve } from "node:path";
import { ProbeNumber, type ProbePlace, type ProbeRequest } from "../compiler/probe.js";
import type { Discipline } from "../gil/discipline.js";
import { Geometry, shapeOf } from "../memory/geometry.js";
import { Control, Region, ThreadState } from "../memory/layout.js";
import {
  HEAP_FORMAT,
  HEAP_VERSION,
  type HeapReport,
  type HeapSample,
  type HeapSnapshot,
} from "../report/heapreport.js";
import { ReleaseReason } from "../trace/record.js";
import { type PoolName, readSample, readSnapshot } from "./heapsnapshot.js";

/** A line, and at which pass of it the heap is looked at: the first is 1. */
export interface HeapPlace {
  /** The file of a module that is imported; the program itself where there is none. */
  readonly file?: string;
  readonly line: number;
  readonly pass: number;
}

/** When the heap is to be looked at. */
export interface HeapOptions {
  /** Lines at which a snapshot is taken. */
  readonly at: readonly HeapPlace[];
  /** Distance of samples in ms; null: none. */
  readonly everyMs: number | null;
  /** Take a snapshot when the program has ended, before its modules are destroyed. */
  readonly atExit: boolean;
  /** The pool to show block by block; null: the one with most to see. */
  readonly pool: PoolName | null;
}

/** Slot of the interpreter loop. */
const LOOP_SLOT = 0;
/** Most samples kept: from then on every second one is dropped and the distance doubled. */
const MOST_SAMPLES = 512;
/** Sampling takes at most one part in this many of the time. */
const LEAST_REST = 4;

export class HeapObserver {
  readonly #snapshots: HeapSnapshot[] = [];
  #samples: HeapSample[] = [];
  #keptEvery = 1;
  /** Where the probes stand, of modules that are imported once they are compiled. */
  readonly #places: (ProbePlace | null)[] = [];
  /** Two words a probe: the pass at which it acts, and passes so far; counted with the GIL held. */
  readonly probes: SharedArrayBuffer | null;
  #start = 0;
  #sampling: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #ended = false;
  #startTime = "";
  #failure: unknown = null;

  constructor(
    private readonly words: Int32Array,
    private readonly lock: Discipline,
    private readonly options: HeapOptions,
  ) {
    this.probes = options.at.length === 0 ? null : new SharedArrayBuffer(8 * options.at.length);
    if (this.probes === null) return;
    const passes = new Int32Array(this.probes);
    options.at.forEach(({ pass }, i) => {
      passes[2 * i] = pass;
    });
  }

  /** The probes in the program, which is the file called so. */
  probesInProgram(filename: string): ProbeRequest[] {
    return this.#requests((file) => file === undefined || resolve(file) === resolve(filename));
  }

  /** The probes in a module that is imported from the file called so. */
  probesIn(filename: string): ProbeRequest[] {
    return this.#requests((file) => file !== undefined && resolve(file) === resolve(filename));
  }

  #requests(isWanted: (file: string | undefined) => boolean): ProbeRequest[] {
    const all = this.options.at.map(({ file, line }, number) => ({ file, line, number }));
    return all.filter(({ file }) => isWanted(file)).map(({ line, number }) => ({ line, number }));
  }

  /** Probes have come to stand at `places`. */
  placed(requests: readonly ProbeRequest[], places: readonly (ProbePlace | null)[]): void {
    requests.forEach(({ number }, i) => {
      this.#places[number] = places[i];
    });
  }

  /** The program starts now. */
  begin(): void {
    this.#start = performance.now();
    this.#startTime = new Date().toISOString();
    if (this.options.everyMs !== null) this.#schedule(this.options.everyMs);
  }

  /** A thread has reached a probe, or its end, and waits with the GIL held. */
  reached(probe: number): void {
    const asked = performance.now();
    if (this.options.everyMs !== null) this.#keepSample(asked, asked);
    if (probe === ProbeNumber.Exit) {
      // What follows is the end of the interpreter, not of the program.
      this.#ended = true;
      if (!this.options.atExit) return;
    }
    try {
      const content = readSnapshot(this.words, this.options.pool);
      const line = probe === ProbeNumber.Exit ? null : this.#lineOf(probe);
      this.#snapshots.push({
        label: this.#labelOf(probe),
        line,
        probe: probe === ProbeNumber.Exit ? null : probe,
        seconds: (asked - this.#start) / 1e3,
        costSeconds: (performance.now() - asked) / 1e3,
        ...content,
      });
    } catch (error) {
      this.#failure ??= error;
    }
  }

  #labelOf(probe: number): string {
    if (probe === ProbeNumber.Exit) return "exit";
    const { file, pass } = this.options.at[probe];
    const where = file === undefined ? "" : `${basename(file)} `;
    return `${where}line ${this.#lineOf(probe)}${pass === 1 ? "" : `, pass ${pass}`}`;
  }

  #lineOf(probe: number): number {
    return this.#places[probe]?.line ?? this.options.at[probe].line;
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#sampling = this.#sample();
    }, ms);
  }

  async #sample(): Promise<void> {
    const { everyMs } = this.options;
    const asked = performance.now();
    if (!(await this.lock.acquireAsync(LOOP_SLOT))) return;
    const taken = performance.now();
    const booted = Atomics.load(this.words, Control.Booted) !== 0;
    if (booted && !this.#ended) this.#keepSample(asked, taken);
    this.lock.releaseAsync(LOOP_SLOT, ReleaseReason.Computation);
    if (this.#ended || this.#failure !== null) return;
    const cost = performance.now() - taken;
    const due = everyMs! * this.#keptEvery - (performance.now() - asked);
    this.#schedule(Math.max(due, LEAST_REST * cost, 1));
  }

  #keepSample(asked: number, taken: number): void {
    try {
      const content = readSample(this.words);
      this.#samples.push({
        seconds: (taken - this.#start) / 1e3,
        costSeconds: (performance.now() - taken) / 1e3,
        gilWaitSeconds: (taken - asked) / 1e3,
        ...content,
      });
    } catch (error) {
      this.#failure ??= error;
    }
    if (this.#samples.length < MOST_SAMPLES) return;
    this.#samples = this.#samples.filter((_, i) => i % 2 === 0);
    this.#keptEvery *= 2;
  }

  /** The program has ended: no more samples. */
  async end(): Promise<void> {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // A dead thread may keep the lock for good: wait no longer for it.
    const stop = Region.Threads + LOOP_SLOT * ThreadState.Size + ThreadState.Stop;
    Atomics.store(this.words, stop, 1);
    this.lock.wakeAll();
    await this.#sampling;
  }

  /**
   * Everything seen.
   * @throws whatever reading the heap threw: a defect of the runtime
   */
  report(program: string, argv: readonly string[]): HeapReport {
    if (this.#failure !== null) throw this.#failure;
    const shape = shapeOf(this.words);
    const { everyMs } = this.options;
    return {
      format: HEAP_FORMAT,
      version: HEAP_VERSION,
      program,
      argv,
      startTime: this.#startTime,
      heapBytes: this.words.length * 4,
      pymalloc: {
        name: shape.name,
        arenaBytes: shape.arenaBytes,
        poolBytes: shape.poolBytes,
        poolsPerArena: shape.poolCount,
        poolHeaderBytes: Geometry.PoolHeaderBytes,
        alignmentBytes: 16,
        smallRequestBytes: Geometry.SmallRequest,
      },
      snapshots: this.#snapshots,
      series:
        everyMs === null
          ? null
          : {
              everySeconds: everyMs / 1e3,
              keptEvery: this.#keptEvery,
              samples: this.#samples,
            },
    };
  }
}
