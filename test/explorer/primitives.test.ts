/**
 * What Python programs lock with, explored: Condition, Semaphore, Event, Barrier, join and the
 * queues as `threading.py` and `queue.py` ship, over the shipped Lock and RLock. Then the same with
 * one line of the source changed, which the explorer must notice.
 */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { type Bounds, explore, replay } from "../../src/sync/explorer.js";
import { mix } from "../../src/sync/machine.js";
import type { Body, Model, Monitor } from "../../src/sync/model.js";
import { RLockOperations } from "../../src/sync/rlock.js";
import {
  type PyClass,
  PyObject,
  Run as PythonRun,
  Raised,
  type Run,
  type Value,
  Word,
  World,
} from "./pythoncode.js";
import { pythonMutants } from "./pythonmutants.js";
import { rlockMutants } from "./rlockmutants.js";
import { expectClean, Meter } from "./scenarios.js";

const isNightly = process.env["TAKEGIL_NIGHTLY"] === "1";
/** Switches away from a thread that could have gone on; with a timeout or many threads fewer. */
const SOME = isNightly ? 3 : 2;
const FEW = SOME - 1;
const LIBRARY = new URL("../../../src/stdlib/python/", import.meta.url);
const sources = ["threading.py", "queue.py"].map((name) =>
  readFileSync(new URL(name, LIBRARY), "utf8"),
);

const enum Mark {
  Enter = 1,
  Leave = 2,
  /** What a thread says of itself; argument 1: true. */
  Claim = 3,
}

/** How many are inside, and what the payload words must be in the end. */
class Watch implements Monitor {
  #inside = 0;

  constructor(
    private readonly capacity: number,
    private readonly payload: number | undefined,
  ) {}

  event(slot: number, event: number, argument: number): string | undefined {
    if (event === Mark.Claim) return argument === 1 ? undefined : `thread ${slot} was misled`;
    this.#inside += event === Mark.Enter ? 1 : -1;
    return this.#inside > this.capacity ? `${this.#inside} threads are inside` : undefined;
  }
  end(load: (index: number) => number): string | undefined {
    const payload = load(Word.Payload);
    if (this.payload === undefined || payload === this.payload) return undefined;
    return `in the end the payload is ${payload}, not ${this.payload}`;
  }
  operation(): undefined {}
  sleep(): undefined {}
  wake(): undefined {}
  death(): void {}
  copy(): Watch {
    const copy = new Watch(this.capacity, this.payload);
    copy.#inside = this.#inside;
    return copy;
  }
  hash(): number {
    return mix(0, this.#inside);
  }
}

type Things = Record<string, Value>;
type Part = (run: Run, things: Things) => void;

interface Scenario {
  readonly title: string;
  /** Makes what the threads share. */
  readonly make: (run: Run) => Things;
  /** For each thread what it does, part by part: between two it remembers nothing. */
  readonly threads: readonly (readonly Part[])[];
  readonly bounds?: Partial<Bounds>;
  readonly capacity?: number;
  /** The payload word in the end. */
  readonly payload?: number;
  readonly mayAllSleep?: boolean;
}

function modelOf(
  scenario: Scenario,
  texts: readonly string[],
  rlocks: typeof RLockOperations,
): Model {
  let world = new World(rlocks);
  let things: Things = {};
  return {
    name: scenario.title,
    setup(thread) {
      world = new World(rlocks);
      for (const text of texts) world.load(text);
      things = scenario.make(new PythonRun(world, thread));
    },
    bodies: scenario.threads.map(
      (parts): Body =>
        parts.map((part) => (thread) => {
          part(new PythonRun(world, thread), things);
          return undefined;
        }),
    ),
    monitor: () => new Watch(scenario.capacity ?? 1, scenario.payload),
    mayAllSleep: scenario.mayAllSleep ?? false,
    describe: (index) => `word ${index}`,
  };
}

function check(
  scenario: Scenario,
  texts: readonly string[] = sources,
  rlocks = RLockOperations,
): [Model, Bounds] {
  const bounds = { timeouts: 0, deaths: 0, preemptions: SOME, ...scenario.bounds };
  return [modelOf(scenario, texts, rlocks), bounds];
}

// --- what threads do ---

const make =
  (name: string, ...args: Value[]) =>
  (run: Run): Things => ({
    it: run.call(run.world.globals.get(name)!, ...args),
  });

function claim(run: Run, true_: boolean): void {
  run.thread!.emit(Mark.Claim, Number(true_));
}

/** Between two calls of these the thread is inside. */
function within(run: Run, enter: () => void, leave: () => void): void {
  enter();
  run.thread!.emit(Mark.Enter, 0);
  // Something to do there that others would notice.
  run.memory.add(Word.Payload, 1);
  run.thread!.emit(Mark.Leave, 0);
  leave();
}

const using: Part = (run, { it }) =>
  within(
    run,
    () => run.callMethod(it, "acquire"),
    () => run.callMethod(it, "release"),
  );

/** The name of the Python exception that `run` ends with; undefined for none. */
function raisedBy(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof Raised) return error.type.name;
    throw error;
  }
}

/** Waits until the payload is not 0, as Condition's users do. */
const awaitPayload: Part = (run, { it }) => {
  run.callMethod(it, "__enter__");
  while (run.memory.load(Word.Payload) === 0) run.callMethod(it, "wait");
  claim(run, run.callMethod(it, "_is_owned") === true);
  run.callMethod(it, "__exit__", null, null, null);
};

const setPayload =
  (notify: "notify" | "notify_all"): Part =>
  (run, { it }) => {
    run.callMethod(it, "__enter__");
    run.memory.store(Word.Payload, 7);
    run.callMethod(it, notify);
    run.callMethod(it, "__exit__", null, null, null);
  };

const put =
  (...items: number[]): Part =>
  (run, { it }) => {
    for (const item of items) run.callMethod(it, "put", item);
  };

/** Takes so many items out and adds them to the payload. */
const get =
  (count: number): Part =>
  (run, { it }) => {
    for (let i = 0; i < count; i++)
      run.memory.add(Word.Payload, run.callMethod(it, "get") as number);
  };

const interrupt =
  (victim: number, at: (things: Things) => number): Part =>
  ({ memory }, things) => {
    memory.store(Word.Interrupted, victim);
    // Every lock the victim may sleep on: the first of its own, and the one it shares.
    for (const word of [Word.ThreadLocks + victim * 3 + 1, at(things)]) {
      memory.notify(word, 0x7fffffff);
    }
  };

const lockOf = (things: Things): number => (things.lock as { word: number }).word;

const conditionWithLock = (run: Run): Things => {
  const lock = run.newLock();
  return { lock, it: run.call(run.world.globals.get("Condition")!, lock) };
};

const rlockTwice: Part = (run, { it }) => {
  run.callMethod(it, "acquire");
  within(
    run,
    () => run.callMethod(it, "acquire"),
    () => run.callMethod(it, "release"),
  );
  run.callMethod(it, "release");
};

const makeRLock = (run: Run): Things => ({
  it: run.call(run.world.globals.get("RLock")!),
});

/** A thread object whose thread runs: started, and its sentinel taken, as the carrier does. */
const makeThread = (run: Run): Things => {
  const { globals } = run.world;
  for (const name of ["_active", "_limbo"]) globals.set(name, []);
  globals.set("_main_thread", null);
  globals.set("current_thread", () => null);
  const it = new PyObject(globals.get("Thread") as PyClass);
  const started = run.call(globals.get("Event")!);
  run.callMethod(started, "set");
  const sentinel = run.newLock();
  run.callMethod(sentinel, "acquire");
  run.setAttribute(it, "_started", started);
  for (const name of ["_initialized", "_daemonic"]) run.setAttribute(it, name, true);
  run.setAttribute(it, "_is_stopped", false);
  run.setAttribute(it, "_ident", 7);
  run.setAttribute(it, "_tstate_lock", null);
  run.setAttribute(it, "_tstate_lock", sentinel);
  return { it, sentinel };
};

const joining: Part = (run, { it }) => {
  run.callMethod(it, "join");
  claim(run, run.memory.load(Word.Payload) === 7);
  claim(run, run.callMethod(it, "is_alive") === false);
};

/** What the thread does last, and its carrier then. */
const ending: Part = (run, { sentinel }) => {
  run.memory.store(Word.Payload, 7);
  run.callMethod(sentinel, "release");
};

const scenarios: Record<string, readonly Scenario[]> = {
  RLock: [
    {
      title: "taken twice",
      make: makeRLock,
      threads: [[rlockTwice], [rlockTwice], [rlockTwice]],
      bounds: { preemptions: FEW },
    },
    {
      title: "only its owner may release it",
      make: makeRLock,
      threads: [
        [using],
        [
          (run, { it }) =>
            claim(run, raisedBy(() => run.callMethod(it, "release")) === "RuntimeError"),
        ],
      ],
    },
    {
      title: "given up whole by a condition",
      make: make("Condition"),
      threads: [
        [
          (run, things) => {
            run.callMethod(things.it, "acquire");
            awaitPayload(run, things);
            claim(run, run.callMethod(things.it, "_is_owned") === true);
            run.callMethod(things.it, "release");
          },
        ],
        [setPayload("notify")],
      ],
    },
  ],
  Condition: [
    {
      title: "one waits, one notifies",
      make: conditionWithLock,
      threads: [[awaitPayload], [setPayload("notify")]],
      bounds: { preemptions: Number.POSITIVE_INFINITY },
    },
    {
      title: "two wait, all are notified",
      make: conditionWithLock,
      threads: [[awaitPayload], [awaitPayload], [setPayload("notify_all")]],
    },
    {
      title: "one waits with a timeout: the notification is not lost on it",
      make: conditionWithLock,
      threads: [
        [
          (run, { it }) => {
            run.callMethod(it, "__enter__");
            run.callMethod(it, "wait", 0.001);
            claim(run, run.callMethod(it, "_is_owned") === true);
            // It may have been notified after its time was up.
            if (run.memory.load(Word.Payload) !== 0) run.callMethod(it, "notify");
            run.callMethod(it, "__exit__", null, null, null);
          },
        ],
        [awaitPayload],
        [setPayload("notify")],
      ],
      bounds: { timeouts: 1, preemptions: FEW },
      mayAllSleep: true,
    },
    {
      title: "one is interrupted: it has the lock again, and nobody else is forgotten (H8, H9)",
      make: (run) => {
        const lock = run.call(run.world.globals.get("RLock")!);
        return { lock, it: run.call(run.world.globals.get("Condition")!, lock) };
      },
      threads: [
        [
          (run, { it }) => {
            if (raisedBy(() => run.callMethod(it, "__enter__")) !== undefined) return;
            const raised = raisedBy(() => run.callMethod(it, "wait", 0.001));
            claim(run, raised === undefined || raised === "KeyboardInterrupt");
            claim(run, run.callMethod(it, "_is_owned") === true);
            run.callMethod(it, "__exit__", null, null, null);
          },
        ],
        [interrupt(1, lockOf)],
        [awaitPayload],
        [setPayload("notify"), setPayload("notify")],
      ],
      bounds: { preemptions: FEW },
      mayAllSleep: true,
    },
  ],
  Semaphore: [
    {
      title: "two inside of three",
      make: make("Semaphore", 2),
      threads: [[using], [using], [using]],
      capacity: 2,
      payload: 3,
    },
    {
      title: "one inside, again and again",
      make: make("Semaphore", 1),
      threads: [[using, using], [using]],
      payload: 3,
    },
    {
      title: "released for two at once",
      make: make("Semaphore", 0),
      threads: [
        [(run, { it }) => void run.callMethod(it, "acquire")],
        [(run, { it }) => void run.callMethod(it, "acquire")],
        [(run, { it }) => void run.callMethod(it, "release", 2)],
      ],
    },
    {
      title: "bounded, with a try and a timeout",
      make: make("BoundedSemaphore", 1),
      threads: [
        [using],
        [
          (run, { it }) => {
            if (run.callMethod(it, "acquire", true, 0.001) !== true) return;
            run.callMethod(it, "release");
          },
        ],
        [
          (run, { it }) => {
            if (run.callMethod(it, "acquire", false) !== true) return;
            run.callMethod(it, "release");
          },
        ],
      ],
      bounds: { timeouts: 1, preemptions: FEW },
    },
  ],
  Event: [
    {
      title: "two wait, one sets",
      make: make("Event"),
      threads: [
        ...[1, 2].map(() => [
          ((run, { it }) => {
            claim(run, run.callMethod(it, "wait") === true);
            claim(run, run.memory.load(Word.Payload) === 7);
          }) satisfies Part,
        ]),
        [
          (run, { it }) => {
            run.memory.store(Word.Payload, 7);
            run.callMethod(it, "set");
          },
        ],
      ],
    },
    {
      title: "cleared and set again",
      make: make("Event"),
      threads: [
        [(run, { it }) => claim(run, run.callMethod(it, "wait") === true)],
        [
          (run, { it }) => {
            run.callMethod(it, "set");
            run.callMethod(it, "clear");
            run.callMethod(it, "set");
          },
        ],
      ],
    },
  ],
  Barrier: [
    {
      title: "two meet twice",
      make: make("Barrier", 2),
      threads: [1, 2].map(() => [1, 2].map((round) => passBarrier(2 * round))),
    },
    {
      title: "three meet",
      make: make("Barrier", 3),
      threads: [1, 2, 3].map(() => [passBarrier(3)]),
      bounds: { preemptions: FEW },
    },
    {
      title: "one gives up: it is broken for all",
      make: make("Barrier", 2),
      threads: [
        [
          (run, { it }) =>
            claim(
              run,
              raisedBy(() => run.callMethod(it, "wait", 0.001)) === "BrokenBarrierError" ||
                run.memory.load(Word.Payload) === 1,
            ),
        ],
        [
          (run, { it }) => {
            run.memory.store(Word.Payload, 1);
            const raised = raisedBy(() => run.callMethod(it, "wait"));
            claim(run, raised === undefined || raised === "BrokenBarrierError");
          },
        ],
      ],
      bounds: { timeouts: 1, preemptions: FEW },
      mayAllSleep: true,
    },
    {
      title: "aborted",
      make: make("Barrier", 3),
      threads: [
        ...[1, 2].map(() => [
          ((run, { it }) =>
            claim(
              run,
              raisedBy(() => run.callMethod(it, "wait")) === "BrokenBarrierError",
            )) satisfies Part,
        ]),
        [(run, { it }) => void run.callMethod(it, "abort")],
      ],
    },
  ],
  join: [
    { title: "two wait for a thread", make: makeThread, threads: [[joining], [joining], [ending]] },
    {
      title: "one looks, one waits for a while",
      make: makeThread,
      threads: [
        [
          (run, { it }) => {
            run.callMethod(it, "join", 0.001);
            if (run.callMethod(it, "is_alive") !== false) return;
            claim(run, run.memory.load(Word.Payload) === 7);
          },
        ],
        [joining],
        [ending],
      ],
      bounds: { timeouts: 1, preemptions: FEW },
    },
  ],
  Queue: [
    {
      title: "of one place, two put and one gets",
      make: make("Queue", 1),
      threads: [[put(1)], [put(2)], [get(2)]],
      payload: 3,
    },
    {
      title: "one puts, two get",
      make: make("Queue", 0),
      threads: [[put(1, 2)], [get(1)], [get(1)]],
      payload: 3,
    },
    {
      title: "keeps the order of one who puts",
      make: make("Queue", 1),
      threads: [
        [put(1, 2)],
        [
          (run, { it }) => {
            claim(run, run.callMethod(it, "get") === 1);
            claim(run, run.callMethod(it, "get") === 2);
          },
        ],
      ],
    },
    {
      title: "is joined when all is done",
      make: make("Queue", 0),
      threads: [
        [
          (run, { it }) => {
            run.callMethod(it, "put", 1);
            run.callMethod(it, "join");
            claim(run, run.memory.load(Word.Payload) === 1);
          },
        ],
        [
          (run, things) => {
            get(1)(run, things);
            run.callMethod(things.it, "task_done");
          },
        ],
      ],
    },
    {
      title: "one gets with a timeout",
      make: make("Queue", 0),
      threads: [
        [put(1, 2)],
        [get(1)],
        [
          (run, { it }) => {
            const raised = raisedBy(() => {
              const item = run.callMethod(it, "get", true, 0.001);
              run.memory.add(Word.Payload, item as number);
            });
            claim(run, raised === undefined || raised === "Empty");
          },
        ],
      ],
      bounds: { timeouts: 1, preemptions: FEW },
      mayAllSleep: true,
    },
  ],
  SimpleQueue: [
    {
      title: "one puts, two get",
      make: make("SimpleQueue"),
      threads: [[put(1), put(2)], [get(1)], [get(1)]],
      payload: 3,
    },
    {
      title: "two put, two get",
      make: make("SimpleQueue"),
      threads: [[put(1)], [put(2)], [get(1)], [get(1)]],
      payload: 3,
    },
    {
      title: "one gives up: its wake-up is handed on",
      make: make("SimpleQueue"),
      threads: [
        [put(1), put(2)],
        [get(1)],
        [
          (run, { it }) => {
            const raised = raisedBy(() => {
              run.callMethod(it, "get", true, 0.001);
            });
            claim(run, raised === undefined || raised === "Empty");
          },
        ],
      ],
      bounds: { timeouts: 1, preemptions: FEW },
      mayAllSleep: true,
    },
  ],
};

/** Passes the barrier when `arrived` threads have come to it so far. */
function passBarrier(arrived: number): Part {
  return (run, { it }) => {
    run.memory.add(Word.Payload, 1);
    run.callMethod(it, "wait");
    claim(run, run.memory.load(Word.Payload) >= arrived);
  };
}

const all = Object.entries(scenarios).flatMap(([primitive, list]) =>
  list.map((scenario) => [primitive, scenario.title, scenario] as const),
);

describe("the locks of Python programs, explored", () => {
  const meter = new Meter();
  afterAll(() => console.log(`locks of Python programs, explored: ${meter.text()}`));

  it.each(all)(
    "%s: %s",
    (_, _title, scenario) => {
      const [model, bounds] = check(scenario);
      const exploration = meter.measure(() => explore(model, bounds));
      expectClean(exploration, model);
      expect(exploration.executions).toBeGreaterThan(0);
    },
    isNightly ? 3_600_000 : 180_000,
  );
});

describe("the explorer finds", () => {
  it.each(pythonMutants)(
    "%s: %s",
    (primitive, _, from, to) => {
      const changed = sources.map((text) => text.replace(from, () => to));
      expect(changed, "the source has no such line any more").not.toEqual(sources);
      for (const scenario of scenarios[primitive]) {
        const [model, bounds] = check(scenario, changed);
        const { failure } = explore(model, bounds);
        if (failure === undefined) continue;
        expect(replay(model, failure.schedule).message).toBe(failure.message);
        return;
      }
      expect.fail("the mutant lives");
    },
    180_000,
  );

  it.each(rlockMutants)("RLock: %s", (_, rlocks) => {
    for (const scenario of [...scenarios.RLock, ...scenarios.Condition]) {
      const [model, bounds] = check(scenario, sources, rlocks);
      const { failure } = explore(model, bounds);
      if (failure === undefined) continue;
      expect(replay(model, failure.schedule).message).toBe(failure.message);
      return;
    }
    expect.fail("the mutant lives");
  });
});
