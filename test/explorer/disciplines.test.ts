/** Every discipline but py32 (its own test) explored within the bounds of the test programme. */
import { afterAll, describe, expect, it } from "vitest";
import {
  type DisciplineClass,
  type DisciplineName,
  disciplines,
} from "../../src/gil/disciplines.js";
import type { DisciplineMaker, Role } from "../../src/gil/model.js";
import { explore, replay, sample } from "../../src/sync/explorer.js";
import { disciplineMutants, Impatient } from "./disciplinemutants.js";
import { expectClean, Meter, modelOf, type Scenario, scenario, title } from "./scenarios.js";

const NIGHTLY = process.env["TAKEGIL_NIGHTLY"] === "1";
const SEED = Number(process.env["TAKEGIL_SEED"] ?? 20260722);

const io = (rounds: number, priority?: number): Role =>
  priority === undefined ? { kind: "io", rounds } : { kind: "io", rounds, priority };
const cpu = (rounds: number): Role => ({ kind: "cpu", rounds });
const checks = (rounds: number): Role => ({ kind: "checks", rounds });
const lock = (rounds: number): Role => ({ kind: "lock", rounds });
const timer = (rounds: number): Role => ({ kind: "timer", rounds });
const stopper = (victim: number): Role => ({ kind: "stopper", victim });
const finalizer: Role = { kind: "finalizer" };

/** What every discipline must stand. */
const common: readonly Scenario[] = [
  scenario([io(2), io(2)], 0, 0, Infinity),
  scenario([io(1), io(1)], 1, 1, Infinity),
  scenario([checks(2), checks(1)], 0, 0, 4),
  scenario([checks(1), io(1)], 1, 1, 4),
  scenario([io(1), io(1), io(1)], 0, 0, 2),
  scenario([io(1), io(1), io(1)], 1, 0, 1),
  scenario([io(1), io(1), io(1)], 0, 1, 1),
  scenario([io(1), io(1), io(1)], 0, 2, 0),
  scenario([io(1), io(1), io(1), stopper(3)], 0, 0, 1),
  scenario([checks(1), io(1), stopper(2)], 1, 0, 2),
  scenario([io(1), io(1), finalizer], 0, 0, 2),
  scenario([lock(1), lock(1)], 0, 0, 2),
  scenario([lock(1), lock(1), lock(1)], 0, 0, 1),
];

const withInterval: readonly Scenario[] = [
  scenario([cpu(2), io(1)], 0, 0, Infinity),
  scenario([cpu(1), io(1)], 0, 1, 3),
  scenario([cpu(1), io(1), io(1)], 0, 0, 1),
  // An interval of several slices.
  scenario([io(1), io(1)], 3, 0, Infinity, 250_000),
];

const particular: Record<Exclude<DisciplineName, "py32" | "none-unsafe">, readonly Scenario[]> = {
  "py32-unforced": withInterval,
  fifo: withInterval,
  priority: [
    ...withInterval,
    scenario([checks(2), io(1, 1)], 0, 0, Infinity),
    scenario([checks(1), io(1, 1), io(1, -1)], 0, 0, 2),
  ],
  timer: [
    scenario([checks(2), checks(2), timer(1)], 0, 0, 3),
    scenario([checks(2), io(1), timer(2)], 0, 1, 2),
  ],
  "py2-semaphore": [],
  "py2-condvar": [],
};

const names = Object.keys(particular) as (keyof typeof particular)[];

const nightly: readonly Scenario[] = [
  scenario([io(1), io(1), io(1)], 0, 0, 3),
  scenario([checks(2), checks(2)], 0, 0, Infinity),
  scenario([io(1), io(1), io(1)], 1, 0, 3),
  scenario([io(1), io(1), io(1)], 0, 1, 3),
  scenario([io(1), io(1), io(1)], 0, 2, 2),
  scenario([io(1), io(1), io(1), stopper(3)], 0, 0, 3),
  scenario([io(2), io(2)], 1, 1, Infinity),
  scenario([checks(2), checks(2)], 1, 1, Infinity),
  scenario([io(1), io(1), io(1)], 1, 1, 3),
  scenario([lock(1), lock(1)], 0, 0, Infinity),
];

const classes = new Map<DisciplineName, DisciplineClass>();
for (const name of names) classes.set(name, await disciplines[name].load());

const makerOf = (name: DisciplineName): DisciplineMaker => {
  return (memory, sink) => new (classes.get(name)!)(memory, sink, 5);
};

/** Its two words make for many more interleavings. */
const fewer = ({ roles, bounds, intervalUs }: Scenario): Scenario => {
  const { timeouts, deaths, preemptions } = bounds;
  return scenario(roles, timeouts, deaths, Math.min(preemptions, 3 - deaths), intervalUs);
};

const scenariosOf = (name: (typeof names)[number]): readonly Scenario[] => {
  const chosen = [...common, ...particular[name]];
  return name === "py2-condvar" && !NIGHTLY ? chosen.map(fewer) : chosen;
};

const all = names.flatMap((name) =>
  [...scenariosOf(name), ...(NIGHTLY ? nightly : [])].map(
    (chosen) => [name, title(chosen), chosen] as const,
  ),
);

/** `priority` with no patience: a marked thread loses its mark when its first sleep is over. */
const impatient: readonly Scenario[] = [
  scenario([checks(2), io(2)], 2, 0, 4),
  scenario([checks(1), io(1), io(1)], 2, 0, 1),
  scenario([checks(1), io(1), io(1)], 2, 1, 0),
  scenario([checks(1), io(1, 1), io(1)], 2, 0, 1),
];

const meter = new Meter();
afterAll(() => console.log(`every discipline, explored: ${meter.text()}`));

describe("every discipline, explored", () => {
  it.each(all)(
    "%s: %s",
    (name, _, chosen) => {
      const model = modelOf(chosen, name, makerOf(name));
      const exploration = meter.measure(() => explore(model, chosen.bounds));
      expectClean(exploration, model);
      expect(exploration.executions).toBeGreaterThan(0);
    },
    NIGHTLY ? 3_600_000 : 180_000,
  );

  it.each(impatient.map((chosen) => [title(chosen), chosen] as const))(
    "priority without patience: %s",
    (_, chosen) => {
      const model = modelOf(chosen, "priority", (memory, sink) => new Impatient(memory, sink, 5));
      const exploration = meter.measure(() => explore(model, chosen.bounds));
      expectClean(exploration, model);
      expect(exploration.executions).toBeGreaterThan(0);
    },
    NIGHTLY ? 3_600_000 : 180_000,
  );

  const crowds: readonly (readonly [readonly Role[], number, number])[] = [
    [[io(2), io(2), io(2), io(2)], 2, 1],
    [[checks(2), checks(2), io(2), io(2), io(2)], 3, 2],
    [[checks(2), io(2), io(2), stopper(2), finalizer], 3, 1],
  ];
  it.each(names.flatMap((name) => crowds.map((crowd) => [name, ...crowd] as const)))(
    `%s, random priorities, seed ${SEED} (TAKEGIL_SEED): %j`,
    (name, roles, timeouts, deaths) => {
      const model = modelOf(scenario(roles, 0, 0, 0), name, makerOf(name));
      const runs = NIGHTLY ? 100_000 : 500;
      const bounds = { timeouts, deaths, preemptions: Infinity };
      const exploration = sample(model, { ...bounds, seed: SEED, runs, changes: 4 });
      expectClean(exploration, model);
      expect(exploration.executions).toBe(runs);
    },
    NIGHTLY ? 3_600_000 : 180_000,
  );
});

describe("the explorer finds what is wrong with", () => {
  it.each(disciplineMutants)("%s: %s", (name, _, type, chosen) => {
    const model = modelOf(chosen, name, (memory, sink) => new type(memory, sink, 5));
    const { failure } = explore(model, chosen.bounds);
    if (failure === undefined) expect.fail("the mutant lives");
    expect(replay(model, failure.schedule).message).toBe(failure.message);
  });
});
