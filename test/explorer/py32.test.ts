import { describe, expect, it } from "vitest";
import type { Role } from "../../src/gil/model.js";
import { explore, replay, sample } from "../../src/sync/explorer.js";
import { mutants, shipped } from "./mutants.js";
import { expectClean, modelOf, type Scenario, scenario, title } from "./scenarios.js";

const NIGHTLY = process.env["TAKEGIL_NIGHTLY"] === "1";
const SEED = Number(process.env["TAKEGIL_SEED"] ?? 20260722);

const io = (rounds: number): Role => ({ kind: "io", rounds });
const cpu = (rounds: number): Role => ({ kind: "cpu", rounds });
const checks = (rounds: number): Role => ({ kind: "checks", rounds });
const lock = (rounds: number): Role => ({ kind: "lock", rounds });
const stopper = (victim: number): Role => ({ kind: "stopper", victim });
const finalizer: Role = { kind: "finalizer" };

/** Every interleaving of two threads; three threads with few preemptions. */
const small: readonly Scenario[] = [
  scenario([io(1), io(1)], 1, 0, Infinity),
  scenario([cpu(1), io(1)], 0, 0, Infinity),
  scenario([io(1), io(1)], 1, 1, Infinity),
  scenario([io(1), io(1), io(1)], 0, 0, 2),
  scenario([checks(1), io(1), stopper(2)], 1, 0, 3),
  scenario([cpu(1), io(1)], 0, 1, Infinity),
  scenario([io(1), io(1), io(1)], 1, 0, 2),
  scenario([io(1), io(1), io(1), stopper(3)], 0, 0, 2),
  scenario([io(1), io(1), io(1)], 0, 1, 2),
  scenario([cpu(1), io(1), io(1)], 0, 0, 1),
  // A Python-level lock, whose waiters are woken after the drop.
  scenario([lock(1), lock(1)], 0, 0, 3),
  scenario([lock(1), lock(1), lock(1)], 0, 0, 2),
  // An interval of several slices.
  scenario([io(1), io(1)], 3, 0, Infinity, 250_000),
  scenario([io(1), io(1), io(1)], 2, 0, 2, 150_000),
];

const large: readonly Scenario[] = [
  scenario([lock(1), lock(1)], 0, 0, Infinity),
  scenario([io(2), io(2)], 1, 0, Infinity),
  scenario([cpu(2), io(2)], 0, 0, Infinity),
  scenario([cpu(2), cpu(2)], 0, 0, Infinity),
  scenario([checks(1), io(1)], 1, 1, Infinity),
  scenario([io(1), io(1), io(1)], 1, 0, 3),
  scenario([io(1), io(1), io(1)], 0, 1, 3),
  scenario([io(1), io(1), finalizer], 1, 0, 3),
];

const nightly: readonly Scenario[] = [
  scenario([io(2), io(2)], 1, 1, Infinity),
  scenario([io(2), io(2)], 2, 0, Infinity),
  scenario([cpu(2), cpu(2)], 1, 1, Infinity),
  scenario([io(1), io(1), io(1)], 1, 1, 3),
  scenario([cpu(1), io(1), io(1)], 1, 1, 2),
];

describe("py32, explored", () => {
  it.each([...small, ...large, ...(NIGHTLY ? nightly : [])].map((s) => [title(s), s] as const))(
    "%s",
    (_, chosen) => {
      const model = modelOf(chosen, "py32", shipped);
      const exploration = explore(model, chosen.bounds);
      expectClean(exploration, model);
      expect(exploration.executions).toBeGreaterThan(0);
    },
    NIGHTLY ? 3_600_000 : 180_000,
  );

  it.each([
    [[io(2), io(2), io(2), io(2)], 2, 1],
    [[cpu(2), cpu(2), io(2), io(2), io(2)], 3, 2],
    [[checks(2), io(2), io(2), stopper(2), finalizer], 3, 1],
  ] as const)(`random priorities, seed ${SEED} (TAKEGIL_SEED): %j`, (roles, timeouts, deaths) => {
    const model = modelOf(scenario(roles, 0, 0, 0), "py32", shipped);
    const runs = NIGHTLY ? 200_000 : 1000;
    const bounds = { timeouts, deaths, preemptions: Infinity };
    const exploration = sample(model, { ...bounds, seed: SEED, runs, changes: 4 });
    expectClean(exploration, model);
    expect(exploration.executions).toBe(runs);
  });
});

describe("the explorer finds what is wrong with", () => {
  it.each(mutants)("%s", (_, make) => {
    for (const chosen of small) {
      const model = modelOf(chosen, "py32", make);
      const { failure } = explore(model, chosen.bounds);
      if (failure === undefined) continue;
      // The schedule printed leads to the same end.
      expect(replay(model, failure.schedule).message).toBe(failure.message);
      return;
    }
    expect.fail("the mutant lives");
  });
});
