/**
 * Explores what a model's threads can do: every interleaving, timeout and death within bounds
 * ({@link explore}), or a sample of them by random priorities ({@link sample}). What is found
 * wrong comes with a schedule that {@link replay} follows to the same end.
 *
 * A state is the words, what each thread has seen so far, who sleeps, and the monitor. Two orders
 * of steps that commute lead to the same state, and a state is gone on from only once (54-bit
 * hashes; with 10^6 states the chance that two different ones collide is below 10^-4).
 */
import { SeededRandom } from "../base/random.js";
import { Machine, mix, SharedWordFound, type State, ThreadStatus, Violation } from "./machine.js";
import type { Model } from "./model.js";
import { Action, type Choice, formatSchedule, parseSchedule } from "./schedule.js";

/** How much the explorer may do to the threads in one execution. */
export interface Bounds {
  /** Sleeps that end by their timeout although somebody else could go on. */
  readonly timeouts: number;
  readonly deaths: number;
  /** Switches away from a thread that could have gone on; Infinity for every interleaving. */
  readonly preemptions: number;
}

/** What was wrong and how to see it again. */
export interface Failure {
  readonly message: string;
  readonly schedule: string;
}

export interface Exploration {
  /** Different states seen. */
  readonly states: number;
  /** Steps performed. */
  readonly steps: number;
  /** Executions that came to their end. */
  readonly executions: number;
  readonly failure?: Failure;
}

/** An execution longer than this does not end. */
const MAX_STEPS = 20_000;

/** States the explorer can remember. */
const MAX_STATES = 1 << 24;

/** Timeouts that were the only way on, per thread, without any thread getting to its next phase. */
const MAX_IDLE_TIMEOUTS = 4;

/** The way to a state, newest step first. */
interface Path {
  readonly choice: Choice;
  readonly before: Path | undefined;
}

/** A state together with what its execution has used up. */
interface Node {
  readonly state: State;
  readonly path: Path | undefined;
  readonly depth: number;
  /** Place of the thread that took the last step. */
  readonly last: number;
  readonly timeouts: number;
  readonly deaths: number;
  readonly preemptions: number;
  /** Faults so far; timeouts that were the only way on included. */
  readonly faults: number;
  readonly idleTimeouts: number;
}

/** A step not yet taken. */
interface Branch {
  readonly from: Node;
  readonly choice: Choice;
  /** It costs a preemption, or a timeout of the bounds. */
  readonly costly: boolean;
}

/** Counts and outcome of a search in progress. */
class Search {
  states = 0;
  steps = 0;
  executions = 0;

  constructor(
    readonly machine: Machine,
    readonly bounds: Bounds,
  ) {}

  root(): Node {
    const state = this.machine.start();
    const used = { timeouts: 0, deaths: 0, preemptions: 0, faults: 0, idleTimeouts: 0 };
    return { state, path: undefined, depth: 0, last: -1, ...used };
  }

  /** Everything that can happen next within the bounds; empty when the execution is over. */
  branches(from: Node): Branch[] {
    const { state } = from;
    const enabled = state.threads.map((_, place) => this.machine.isEnabled(state, place));
    const idle = !enabled.includes(true);
    const branches: Branch[] = [];
    if (idle) this.checkIdle(from);
    const alone = idle && state.threads.every(({ status }) => status !== ThreadStatus.Asleep);
    const lastGoesOn = from.last >= 0 && enabled[from.last];
    const add = (place: number, action: Action, costly: boolean) =>
      branches.push({ from, choice: { place, action }, costly });
    state.threads.forEach((thread, place) => {
      const costly = lastGoesOn && place !== from.last;
      const affordable = !costly || from.preemptions < this.bounds.preemptions;
      const polls = alone && thread.status === ThreadStatus.Ready;
      if ((enabled[place] && affordable) || polls) add(place, Action.Run, costly);
      if (thread.status === ThreadStatus.Asleep) {
        if (idle || from.timeouts < this.bounds.timeouts) add(place, Action.TimeOut, !idle);
      }
      const living = thread.status === ThreadStatus.Ready || thread.status === ThreadStatus.Asleep;
      if (living && thread.slot !== 0 && from.deaths < this.bounds.deaths) {
        add(place, Action.Kill, false);
      }
    });
    return branches;
  }

  /** Nobody can take a step: is the execution over, waiting for a timeout, or stuck? */
  private checkIdle({ state, faults, idleTimeouts }: Node): void {
    const asleep = state.threads.filter(({ status }) => status === ThreadStatus.Asleep);
    const polling = state.threads.filter(({ status }) => status === ThreadStatus.Ready);
    if (asleep.length === 0 && polling.length === 0) {
      this.machine.end(state, faults);
      this.executions++;
      return;
    }
    const name = ({ slot, index }: { slot: number; index: number }) =>
      `thread ${slot} on ${this.machine.model.describe(index)}`;
    const whom = [...asleep, ...polling].map(name).join(", ");
    if (asleep.length === 0) return;
    if (this.machine.model.mayAllSleep !== true) {
      throw new Violation(`lost wake-up: everybody sleeps: ${whom}`);
    }
    if (idleTimeouts >= MAX_IDLE_TIMEOUTS * state.threads.length) {
      throw new Violation(`nobody gets on although every sleep times out: ${whom}`);
    }
  }

  take({ from, choice, costly }: Branch): Node {
    if (from.depth >= MAX_STEPS) throw new Violation(`no end after ${MAX_STEPS} steps`);
    const { place, action } = choice;
    const { machine } = this;
    this.steps++;
    const node = {
      path: { choice, before: from.path },
      depth: from.depth + 1,
      last: from.last,
      timeouts: from.timeouts,
      deaths: from.deaths,
      preemptions: from.preemptions,
      faults: from.faults,
      idleTimeouts: from.idleTimeouts,
    };
    if (action === Action.Run) {
      if (costly) node.preemptions++;
      const state = machine.run(from.state, place);
      if (state.threads[place].phase !== from.state.threads[place].phase) node.idleTimeouts = 0;
      return { ...node, last: place, state };
    }
    node.faults++;
    if (action === Action.Kill) {
      node.deaths++;
      return { ...node, state: machine.kill(from.state, place) };
    }
    if (costly) node.timeouts++;
    else node.idleTimeouts++;
    return { ...node, last: place, state: machine.timeOut(from.state, place) };
  }

  failure(error: unknown, choices: readonly Choice[]): Failure {
    if (!(error instanceof Violation)) throw error;
    const schedule = { sharedWords: this.machine.sharedWords(), choices };
    return { message: error.message, schedule: formatSchedule(schedule) };
  }

  result(failure?: Failure): Exploration {
    const { states, steps, executions } = this;
    return { states, steps, executions, ...(failure === undefined ? {} : { failure }) };
  }
}

/** Explore every execution within the bounds; stops at the first failure. */
export function explore(model: Model, bounds: Bounds): Exploration {
  return untilSharedWordsKnown(model, bounds, exploreAll);
}

function exploreAll(search: Search): Exploration {
  const seen = new Set<number>();
  const stack: Branch[] = [];
  let path: Path | undefined;
  try {
    let node: Node | undefined = search.root();
    for (;;) {
      path = node?.path;
      if (node !== undefined) {
        const key = hashNode(node, search);
        if (!seen.has(key)) {
          if (seen.size >= MAX_STATES) throw new RangeError(`more than ${MAX_STATES} states`);
          seen.add(key);
          search.states++;
          const branches = search.branches(node);
          // The thread that ran goes on first: the first failures found switch little.
          for (const branch of branches) if (branch.choice.place !== node.last) stack.push(branch);
          for (const branch of branches) if (branch.choice.place === node.last) stack.push(branch);
        }
      }
      const branch = stack.pop();
      if (branch === undefined) return search.result();
      path = { choice: branch.choice, before: branch.from.path };
      node = search.take(branch);
    }
  } catch (error) {
    return search.result(search.failure(error, choicesOf(path)));
  }
}

/** How {@link sample} draws. */
export interface Sampling extends Bounds {
  readonly seed: number;
  readonly runs: number;
  /** Changes of priority in a run: finds any bug that needs one ordering constraint more. */
  readonly changes: number;
}

/**
 * Run the model with random priorities (PCT: S. Burckhardt et al., ASPLOS 2010): always the thread
 * of the highest priority, which drops to the lowest at a few random steps. Timeouts and deaths
 * fall at random too. Equal seeds give equal runs.
 */
export function sample(model: Model, sampling: Sampling): Exploration {
  return untilSharedWordsKnown(model, sampling, (search) => sampleRuns(search, sampling));
}

function sampleRuns(search: Search, sampling: Sampling): Exploration {
  let length = 200;
  for (let run = 0; run < sampling.runs; run++) {
    const random = new SeededRandom(mix(sampling.seed, run));
    const changes = new Set<number>();
    while (changes.size < sampling.changes) changes.add(random.below(length + sampling.changes));
    const faultSteps = drawSteps(random, sampling.timeouts + sampling.deaths, length);
    const priorities: number[] = [];
    const choices: Choice[] = [];
    try {
      let node = search.root();
      for (;;) {
        const branches = search.branches(node);
        if (branches.length === 0) break;
        while (priorities.length < node.state.threads.length) {
          priorities.push(1 + random.below(0x4000_0000));
        }
        const branch = pick(branches, priorities, faultSteps.has(node.depth), random);
        if (changes.has(node.depth)) priorities[branch.choice.place] = -node.depth;
        choices.push(branch.choice);
        node = search.take(branch);
      }
      length = Math.max(node.depth, 1);
    } catch (error) {
      return search.result(search.failure(error, choices));
    }
  }
  return search.result();
}

function drawSteps(random: SeededRandom, count: number, length: number): Set<number> {
  const steps = new Set<number>();
  for (let i = 0; i < count; i++) steps.add(random.below(length));
  return steps;
}

/** The ready thread of the highest priority, or a fault when one is due or nothing else is left. */
function pick(
  branches: readonly Branch[],
  priorities: readonly number[],
  faultDue: boolean,
  random: SeededRandom,
): Branch {
  const faults = branches.filter(({ choice }) => choice.action !== Action.Run);
  const runs = branches.filter(({ choice }) => choice.action === Action.Run);
  const timeouts = faults.filter(({ choice }) => choice.action === Action.TimeOut);
  if (runs.length === 0 && timeouts.length > 0) return timeouts[random.below(timeouts.length)];
  if (runs.length === 0 || (faultDue && faults.length > 0)) {
    return faults[random.below(faults.length)];
  }
  const priority = ({ choice }: Branch) => priorities[choice.place];
  return runs.reduce((best, branch) => (priority(branch) > priority(best) ? branch : best));
}

/** What a replay saw. */
export interface Replay {
  /** One line a step, as text for people. */
  readonly account: readonly string[];
  /** What was wrong, or undefined if the schedule came to its end without a failure. */
  readonly message: string | undefined;
}

/** Follow a schedule that {@link explore} or {@link sample} printed. */
export function replay(model: Model, schedule: string): Replay {
  const { sharedWords, choices } = parseSchedule(schedule);
  const machine = new Machine(model, sharedWords);
  const account: string[] = [];
  machine.narrate = (slot, text) => account.push(`thread ${slot}: ${text}`);
  const unbounded = { timeouts: Infinity, deaths: Infinity, preemptions: Infinity };
  const search = new Search(machine, unbounded);
  try {
    let node = search.root();
    for (const choice of choices) {
      const branch = search
        .branches(node)
        .find(({ choice: c }) => c.place === choice.place && c.action === choice.action);
      if (branch === undefined) {
        throw new RangeError(`step ${node.depth + 1} of the schedule cannot be taken`);
      }
      node = search.take(branch);
    }
    search.branches(node);
    return { account, message: undefined };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { account, message: error.message };
  }
}

/** Words found to be shared on the way change what a step is: then begin again. */
function untilSharedWordsKnown(
  model: Model,
  bounds: Bounds,
  search: (search: Search) => Exploration,
): Exploration {
  let machine = new Machine(model);
  for (;;) {
    try {
      return search(new Search(machine, bounds));
    } catch (error) {
      if (!(error instanceof SharedWordFound)) throw error;
      machine = new Machine(model, machine.sharedWords());
    }
  }
}

function choicesOf(path: Path | undefined): Choice[] {
  const choices: Choice[] = [];
  for (let step = path; step !== undefined; step = step.before) choices.push(step.choice);
  return choices.reverse();
}

/** Two independent 27-bit hashes as one exact number. */
function hashNode(node: Node, { bounds, machine }: Search): number {
  let [left, right] = [0x2545_f491, 0x1234_5678];
  const add = (value: number) => {
    left = mix(left, value);
    right = mix(right ^ 0x5bd1_e995, value);
  };
  const { state } = node;
  for (const word of state.words) add(word);
  for (const thread of state.threads) {
    add(thread.slot);
    add(thread.status);
    add(thread.phase);
    add(thread.logHash);
    add(thread.logHash2);
  }
  for (const sleeper of state.sleepers) add(sleeper);
  if (machine.clockRead) add(state.clock);
  add(state.monitor.hash());
  add(node.timeouts);
  add(node.deaths);
  add(node.idleTimeouts);
  if (bounds.preemptions !== Infinity) {
    add(node.preemptions);
    add(node.last);
  }
  return (left >>> 5) * 0x800_0000 + (right >>> 5);
}
