/** Scenarios of the explorer's tests: which roles, within which bounds. */
import { expect } from "vitest";
import type { DisciplineName } from "../../src/gil/disciplines.js";
import { type DisciplineMaker, disciplineModel, type Role } from "../../src/gil/model.js";
import { newMonitor } from "../../src/gil/monitors.js";
import { type Bounds, type Exploration, replay } from "../../src/sync/explorer.js";
import type { Model } from "../../src/sync/model.js";

export interface Scenario {
  readonly roles: readonly Role[];
  readonly bounds: Bounds;
  readonly intervalUs: number;
}

export function scenario(
  roles: readonly Role[],
  timeouts: number,
  deaths: number,
  preemptions: number,
  intervalUs = 5000,
): Scenario {
  return { roles, bounds: { timeouts, deaths, preemptions }, intervalUs };
}

export function modelOf(
  { roles, intervalUs }: Scenario,
  name: DisciplineName,
  make: DisciplineMaker,
): Model {
  return disciplineModel(make, roles, () => newMonitor(name), intervalUs);
}

export function title({ roles, bounds, intervalUs }: Scenario): string {
  const names = roles.map((role) => role.kind + ("rounds" in role ? `×${role.rounds}` : ""));
  const { timeouts, deaths, preemptions } = bounds;
  const faults = `${timeouts} timeouts, ${deaths} deaths`;
  return `${names.join(" + ")}: ${faults}, ${preemptions} preemptions, ${intervalUs} µs`;
}

/** A failure is reported with the schedule that shows it. */
export function expectClean(exploration: Exploration, model: Model): void {
  if (exploration.failure === undefined) return;
  const { message, schedule } = exploration.failure;
  const { account } = replay(model, schedule);
  expect.fail(`${message}\nschedule: ${schedule}\n${account.join("\n")}`);
}

/** Adds up how much was explored how fast. */
export class Meter {
  #states = 0;
  #executions = 0;
  #ms = 0;

  measure(run: () => Exploration): Exploration {
    const start = performance.now();
    const exploration = run();
    this.#ms += performance.now() - start;
    this.#states += exploration.states;
    this.#executions += exploration.executions;
    return exploration;
  }

  text(): string {
    const rate = Math.round((this.#states / this.#ms) * 1e3);
    return `${this.#executions} executions, ${this.#states} states, ${rate} a second`;
  }
}
