/**
 * Exploring a program: the same program under many schedules of virtual time, and which different
 * ends it comes to.
 */
import { Interpreter, type InterpreterOptions, type RunResult } from "./interpreter.js";
import type { Schedule, VirtualOptions } from "./virtualtime.js";

/** Starts the program on an interpreter that has just been made. */
export type Start = (interpreter: Interpreter) => Promise<RunResult>;

export interface ExplorationOptions {
  /** How many schedules. */
  schedules: number;
  /** The first schedule's seed; the others follow. */
  seed: number;
  /** Virtual cores; one for PCT schedules and two for the others unless said otherwise. */
  cores?: number;
  /** PCT schedules with so many stalls only; otherwise also stalls at random distances. */
  pct?: number;
  /** Real time a schedule may take, ms. */
  limitMs: number;
  /** Schedules run beside each other. */
  jobs: number;
  /** What else the interpreters get. */
  interpreter: Omit<InterpreterOptions, "virtual" | "stdout" | "stderr" | "trace" | "statistics">;
}

/** One way in which the program ended. */
export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
  /** It was stopped because it took too long. */
  endless: boolean;
  /** How many schedules ended so. */
  count: number;
  /** The first of them. */
  virtual: VirtualOptions;
}

export interface Exploration {
  schedules: number;
  /** Most frequent first. */
  outcomes: Outcome[];
  /** Real seconds it took. */
  seconds: number;
}

/** Stalls of a PCT schedule where the user did not say. */
const USUAL_STALLS = 3;
/** Least mean distance of random stalls: a few instructions. */
const LEAST_DISTANCE_NS = 250;

interface Ended {
  result: RunResult;
  outcome: Outcome;
}

/**
 * Runs schedules one after the other, on one interpreter as long as that can be made new: what its
 * carriers have compiled costs many times what a short program does.
 */
class Explorer {
  #interpreter: Interpreter | null = null;
  #stdout = "";
  #stderr = "";

  constructor(
    private readonly start: Start,
    private readonly options: ExplorationOptions,
  ) {}

  async run(virtual: VirtualOptions): Promise<Ended> {
    this.#stdout = "";
    this.#stderr = "";
    const interpreter = await this.#ready(virtual);
    let endless = false;
    const timer = setTimeout(() => {
      endless = true;
      interpreter.stop();
    }, this.options.limitMs);
    try {
      const result = await this.start(interpreter);
      const { status } = result;
      const [stdout, stderr] = [this.#stdout, this.#stderr];
      return { result, outcome: { status, stdout, stderr, endless, count: 1, virtual } };
    } finally {
      clearTimeout(timer);
    }
  }

  /** An interpreter on which nothing has run. */
  async #ready(virtual: VirtualOptions): Promise<Interpreter> {
    if (this.#interpreter !== null) {
      if (await this.#interpreter.renew(virtual)) return this.#interpreter;
      await this.close();
    }
    this.#interpreter = await Interpreter.create({
      ...this.options.interpreter,
      virtual,
      stdout: (text) => {
        this.#stdout += text;
      },
      stderr: (text) => {
        this.#stderr += text;
      },
    });
    return this.#interpreter;
  }

  async close(): Promise<void> {
    await this.#interpreter?.close();
    this.#interpreter = null;
  }
}

/** Run `start` under `options.schedules` schedules. */
export async function explore(start: Start, options: ExplorationOptions): Promise<Exploration> {
  const began = performance.now();
  const { seed, cores } = options;
  const explorers = Array.from({ length: options.jobs }, () => new Explorer(start, options));
  const order: Outcome[] = [];
  let next = 1;
  const work = async (explorer: Explorer, lengthUs: number): Promise<void> => {
    while (next < options.schedules) {
      const number = next++;
      const schedule = scheduleOf(number, lengthUs, options.pct);
      const usual = "pct" in schedule ? 1 : 2;
      const virtual = { seed: (seed + number) >>> 0, cores: cores ?? usual, schedule };
      order[number] = (await explorer.run(virtual)).outcome;
    }
  };
  try {
    // The first run is an ordinary one, and tells how long the program is.
    const first = await explorers[0].run({ seed, cores: cores ?? 2, schedule: "machine" });
    order[0] = first.outcome;
    const lengthUs = Math.max(first.result.contestedUs, 1);
    await Promise.all(explorers.map((explorer) => work(explorer, lengthUs)));
  } finally {
    await Promise.all(explorers.map((explorer) => explorer.close()));
  }
  const found = new Map<string, Outcome>();
  for (const outcome of order) {
    const { status, stdout, stderr, endless } = outcome;
    const key = JSON.stringify(endless ? "endless" : [status, stdout, stderr]);
    const known = found.get(key);
    if (known === undefined) found.set(key, outcome);
    else known.count++;
  }
  const outcomes = [...found.values()].sort((a, b) => b.count - a.count);
  return { schedules: order.length, outcomes, seconds: (performance.now() - began) / 1e3 };
}

function scheduleOf(
  number: number,
  lengthUs: number,
  pct: number | undefined,
): Exclude<Schedule, "machine"> {
  if (pct !== undefined) return { pct, lengthUs };
  if (number % 3 === 0) return { pct: USUAL_STALLS, lengthUs };
  // From a few stalls in the whole run to one every few instructions, in steps of a half.
  const most = Math.max(1, Math.round(Math.log2((lengthUs * 1e3) / LEAST_DISTANCE_NS)));
  return { everyNs: LEAST_DISTANCE_NS * 2 ** (number % most) };
}
