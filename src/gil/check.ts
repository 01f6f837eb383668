/**
 * Exploring one discipline for its author: the scenarios, from small to larger, until one fails.
 */
import { type Bounds, type Exploration, explore, replay, sample } from "../sync/explorer.js";
import type { DisciplineClass } from "./disciplines.js";
import { disciplineModel, type Role } from "./model.js";
import { newMonitor } from "./monitors.js";

/** What one scenario came to. */
export interface CheckStep {
  /** The threads of the scenario and the bounds, or the seed of a sample, as one line. */
  readonly title: string;
  readonly exploration: Exploration;
  readonly seconds: number;
}

/** What was wrong: a schedule and, step by step, what each thread did. */
export interface Counterexample {
  readonly message: string;
  readonly schedule: string;
  readonly account: readonly string[];
}

const io = (rounds: number): Role => ({ kind: "io", rounds });
const checks = (rounds: number): Role => ({ kind: "checks", rounds });
const stopper: Role = { kind: "stopper", victim: 2 };

interface Scenario {
  readonly roles: readonly Role[];
  readonly bounds: Bounds;
}

function scenario(
  roles: readonly Role[],
  timeouts: number,
  deaths: number,
  preemptions: number,
): Scenario {
  return { roles, bounds: { timeouts, deaths, preemptions } };
}

const scenarios: readonly Scenario[] = [
  scenario([io(1), io(1)], 0, 0, Number.POSITIVE_INFINITY),
  scenario([checks(1), checks(1)], 1, 0, 3),
  scenario([checks(1), io(1)], 1, 0, 3),
  scenario([io(2), io(2)], 0, 0, 3),
  scenario([io(1), io(1)], 0, 1, Number.POSITIVE_INFINITY),
  scenario([io(1), io(1), stopper], 0, 0, 2),
  scenario([io(1), io(1), io(1)], 0, 0, 2),
  scenario([io(1), io(1), io(1)], 0, 1, 1),
];

/** Threads of the sample, which is too large to be explored. */
const crowd: readonly Role[] = [io(2), checks(2), io(2), io(2)];
const SAMPLED_RUNS = 300;

/** Slots of the explored world: five threads. */
const SLOTS = 6;
const INTERVAL_US = 5000;

function nameOf(roles: readonly Role[]): string {
  return roles.map((role) => role.kind + ("rounds" in role ? ` ×${role.rounds}` : "")).join(", ");
}

function titleOf({ roles, bounds }: Scenario): string {
  const { timeouts, deaths, preemptions } = bounds;
  const within =
    preemptions === Number.POSITIVE_INFINITY ? "all orders" : `${preemptions} switches`;
  return `${nameOf(roles)}: ${within}, ${timeouts} timeouts, ${deaths} deaths`;
}

/**
 * Explore the discipline; the result is what was wrong, or null.
 * @param title what to call it
 * @param seed of the sample
 * @param tell hears of every scenario when it is done
 */
export function checkDiscipline(
  type: DisciplineClass,
  title: string,
  seed: number,
  tell: (step: CheckStep) => void,
): Counterexample | null {
  const modelOf = (roles: readonly Role[]) =>
    disciplineModel(
      (memory, sink) => new type(memory, sink, SLOTS),
      roles,
      () => newMonitor(title),
      INTERVAL_US,
    );
  const runs = scenarios.map((chosen) => ({
    title: titleOf(chosen),
    model: modelOf(chosen.roles),
    run: (model: ReturnType<typeof modelOf>) => explore(model, chosen.bounds),
  }));
  const bounds = { timeouts: 2, deaths: 1, preemptions: Number.POSITIVE_INFINITY };
  const sampling = { ...bounds, seed, runs: SAMPLED_RUNS, changes: 4 };
  runs.push({
    title: `${nameOf(crowd)}: ${SAMPLED_RUNS} random schedules, seed ${seed}`,
    model: modelOf(crowd),
    run: (model) => sample(model, sampling),
  });
  for (const { title: text, model, run } of runs) {
    const start = performance.now();
    const exploration = run(model);
    tell({ title: text, exploration, seconds: (performance.now() - start) / 1e3 });
    const { failure } = exploration;
    if (failure === undefined) continue;
    return { ...failure, account: replay(model, failure.schedule).account };
  }
  return null;
}
