/** The explorer on programs whose behaviours are known. */
import { describe, expect, it } from "vitest";
import { explore, replay, sample } from "../../../src/sync/explorer.js";
import type { Body, Model, Monitor } from "../../../src/sync/model.js";

/** Complains when `end` says so; watches nothing else. */
function model(bodies: readonly Body[], end: Monitor["end"], more: Partial<Model> = {}): Model {
  const monitor: Monitor = {
    operation: () => undefined,
    sleep: () => undefined,
    wake: () => undefined,
    event: () => undefined,
    death: () => {},
    end,
    copy: () => monitor,
    hash: () => 0,
  };
  const describe = (index: number) => `word ${index}`;
  return { name: "test", setup: () => {}, bodies, monitor: () => monitor, describe, ...more };
}

const fine = () => undefined;
const EVERYTHING = { timeouts: 0, deaths: 0, preemptions: Infinity };

/** A body of one phase. */
function body(run: (...args: Parameters<Body[number]>) => void): Body {
  return [
    (thread) => {
      run(thread);
      return true;
    },
  ];
}

const increment = body(({ memory }) => memory.store(1, memory.load(1) + 1));
const atomicIncrement = body(({ memory }) => void memory.add(1, 1));

describe("explore", () => {
  it("finds a lost update, and only where there is one", () => {
    const both: Monitor["end"] = (load) => (load(1) === 2 ? undefined : `counted ${load(1)}`);
    const { failure } = explore(model([increment, increment], both), EVERYTHING);
    expect(failure?.message).toBe("counted 1");
    const { failure: none } = explore(model([atomicIncrement, atomicIncrement], both), EVERYTHING);
    expect(none).toBeUndefined();
  });

  it("needs a preemption to lose an update", () => {
    const both: Monitor["end"] = (load) => (load(1) === 2 ? undefined : "lost");
    const lossy = model([increment, increment], both);
    expect(explore(lossy, { ...EVERYTHING, preemptions: 0 }).failure).toBeUndefined();
    expect(explore(lossy, { ...EVERYTHING, preemptions: 1 }).failure).toBeDefined();
  });

  it("sees every outcome of a store buffer's litmus test, and none that cannot be", () => {
    const seen = new Set<string>();
    const side = (mine: number, other: number): Body =>
      body(({ memory }) => {
        memory.store(mine, 1);
        memory.store(10 + mine, memory.load(other) + 1);
      });
    const litmus = model([side(1, 2), side(2, 1)], (load) => {
      seen.add(`${load(11) - 1}${load(12) - 1}`);
      return undefined;
    });
    explore(litmus, EVERYTHING);
    // Sequential consistency: not both may miss the other's store.
    expect([...seen].sort()).toEqual(["01", "10", "11"]);
  });

  it("goes on from a state once: independent threads do not multiply executions", () => {
    const own = (index: number): Body =>
      body(({ memory }) => {
        for (let i = 0; i < 10; i++) memory.add(index, 1);
      });
    const { executions, states } = explore(model([own(1), own(2), own(3)], fine), EVERYTHING);
    expect(executions).toBe(1);
    expect(states).toBe(1);
  });

  it("finds a wake-up lost between the look and the sleep", () => {
    const waiter = body(({ memory }) => {
      if (memory.load(1) === 0) memory.wait(2, 0, 1e6);
    });
    const waker = body(({ memory }) => {
      memory.store(1, 1);
      memory.notify(2, 1);
    });
    const racy = model([waiter, waker], fine);
    const { failure } = explore(racy, EVERYTHING);
    expect(failure?.message).toBe("lost wake-up: everybody sleeps: thread 1 on word 2");
    const { account, message } = replay(racy, failure!.schedule);
    expect(message).toBe(failure?.message);
    expect(account.at(-1)).toBe("thread 1: sleeps on word 2 = 0");
    // With a timeout as the only way on it is no deadlock.
    const slow = model([waiter, waker], fine, { mayAllSleep: true });
    expect(explore(slow, EVERYTHING).failure).toBeUndefined();
  });

  it("refuses to sleep without a bound", () => {
    const sleeper = body(({ memory }) => void memory.wait(1, 0, Infinity));
    const { failure } = explore(model([sleeper], fine), EVERYTHING);
    expect(failure?.message).toContain("longer than a slice");
  });

  it("finds threads that time out for ever without getting on", () => {
    const stubborn = body(({ memory }) => {
      while (memory.load(1) === 0) memory.wait(1, 0, 1e6);
    });
    const never = model([stubborn], fine, { mayAllSleep: true });
    expect(explore(never, EVERYTHING).failure?.message).toContain("nobody gets on");
  });

  it("lets time pass in sleeps", () => {
    const sleeper = body(({ memory, emit }) => {
      const before = memory.now();
      memory.wait(1, 0, 3e6);
      emit(1, memory.now() - before);
    });
    const waker = body(({ memory }) => void memory.notify(1, 1));
    const elapsed = new Set<number>();
    const slow = model([sleeper, waker], fine, { mayAllSleep: true });
    const watched = { ...slow, monitor: () => withEvent(slow.monitor(), (ns) => elapsed.add(ns)) };
    expect(explore(watched, EVERYTHING).failure).toBeUndefined();
    expect([...elapsed].sort()).toEqual([0, 3e6]);
  });

  it("kills a thread anywhere and runs the recovery", () => {
    const owner = body(({ memory }) => {
      memory.store(1, 1);
      memory.store(1, 0);
    });
    const recover = () => body(({ memory }) => memory.store(1, 0));
    const left: Monitor["end"] = (load) => (load(1) === 0 ? undefined : "left behind");
    const bounds = { ...EVERYTHING, deaths: 1 };
    const watcher = body(({ memory }) => void memory.load(1));
    expect(explore(model([owner, watcher], left), bounds).failure?.message).toBe("left behind");
    const repaired = model([owner, watcher], left, { recover });
    expect(explore(repaired, bounds).failure).toBeUndefined();
  });

  it("reports a body that throws as a failure of the model", () => {
    const broken = body(() => {
      throw new Error("no such luck");
    });
    const { failure } = explore(model([broken], fine), EVERYTHING);
    expect(failure?.message).toBe("thread 1 fails: Error: no such luck");
  });

  it("lets a busy loop go on when its word is set, or when nobody is left to set it", () => {
    const answers: number[] = [];
    const loop = body((thread) => thread.emit(1, Number(thread.poll(1))));
    const setter = body(({ memory }) => memory.store(1, 1));
    const watch = (bodies: Body[]) => {
      const of = model(bodies, fine);
      const monitor = () => withEvent(of.monitor(), (answer) => answers.push(answer));
      expect(explore({ ...of, monitor }, EVERYTHING).failure).toBeUndefined();
    };
    watch([loop, setter]);
    expect(new Set(answers)).toEqual(new Set([1]));
    watch([loop]);
    expect(answers.at(-1)).toBe(0);
  });
});

function withEvent(monitor: Monitor, take: (argument: number) => void): Monitor {
  const event = (_slot: number, _event: number, argument: number) => {
    take(argument);
    return undefined;
  };
  const watched: Monitor = { ...monitor, event, copy: () => watched };
  return watched;
}

describe("sample", () => {
  const lossy = model([increment, increment, increment], (load) =>
    load(1) === 3 ? undefined : "lost",
  );
  const sampling = { ...EVERYTHING, runs: 500, changes: 2 };

  it("finds a lost update and prints a schedule that replays", () => {
    const { failure } = sample(lossy, { ...sampling, seed: 1 });
    expect(failure?.message).toBe("lost");
    expect(replay(lossy, failure!.schedule).message).toBe("lost");
  });

  it("depends on nothing but the seed", () => {
    const schedules = [7, 7].map((seed) => sample(lossy, { ...sampling, seed }).failure?.schedule);
    expect(schedules[0]).toBe(schedules[1]);
  });
});

describe("replay", () => {
  it("refuses steps that cannot be taken", () => {
    const one = model([increment], fine);
    expect(() => replay(one, "|9")).toThrow(RangeError);
    expect(() => replay(one, "nonsense")).toThrow(RangeError);
  });
});
