import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../src/base/random.js";
import { checkTrace, GilAutomaton, rulesOf } from "../../../src/trace/automaton.js";
import { readTrace, salvageTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import type { PlainEvent } from "./synthetic.js";
import { simulate, writeFile } from "./synthetic.js";

type Step = [ident: number, event: number, argument?: number, reason?: number];

/** The complaint about the last step; earlier ones must be legal. */
function complaint(steps: Step[], discipline = "py32", threads = [1, 2, 3]): string | null {
  const automaton = new GilAutomaton(rulesOf(discipline), 0);
  for (const ident of threads) automaton.started(ident);
  let message: string | null = null;
  steps.forEach(([ident, event, argument = 0, reason = ReleaseReason.None], i) => {
    expect(message, `step ${i} follows a violation`).toBeNull();
    message = automaton.step({ time: i, event, reason, ident, argument });
  });
  return message;
}

const take = (ident: number, hold: number): Step[] => [
  [ident, TraceEvent.Request],
  [ident, TraceEvent.Acquire, hold],
];
const io = ReleaseReason.BlockingIo;
/** Thread 2 asks for the lock while 1 has it, and times out. */
const contest: Step[] = [
  ...take(1, 1),
  [2, TraceEvent.Request],
  [2, TraceEvent.Busy, 1],
  [2, TraceEvent.Wait, 5000],
  [2, TraceEvent.Timeout, 1],
];
const forcedDrop: Step[] = [
  ...contest,
  [2, TraceEvent.DropRequest, 1],
  [2, TraceEvent.Wait, 5000],
  [1, TraceEvent.Release, 1, ReleaseReason.Forced],
  [1, TraceEvent.SwitchWait],
];

describe("automaton accepts", () => {
  it.each([
    ["taking and giving up", [...take(1, 1), [1, TraceEvent.Release, 1, io], ...take(1, 2)]],
    ["a first hold of any thread", [...take(3, 1)]],
    [
      "forced switching",
      [
        ...forcedDrop,
        [2, TraceEvent.Wake],
        [2, TraceEvent.Acquire, 2],
        [1, TraceEvent.SwitchWake],
        [1, TraceEvent.Request],
        [1, TraceEvent.Busy, 2],
      ],
    ],
    [
      "a failed wake-up",
      [
        ...contest,
        [2, TraceEvent.Wait],
        [1, TraceEvent.Release, 1, io],
        ...take(3, 2),
        [2, TraceEvent.Wake],
        [2, TraceEvent.Retry, 3],
        [2, TraceEvent.Wait],
      ],
    ],
    [
      "a lock wait off the GIL",
      [
        ...take(1, 1),
        [1, TraceEvent.Release, 1, ReleaseReason.LockWait],
        [1, TraceEvent.LockWait, 640],
        [1, TraceEvent.LockWake, 1],
        ...take(1, 2),
      ],
    ],
    [
      "the death of a holder",
      [...take(1, 1), [3, TraceEvent.ThreadDeath, 1], ...take(2, 2), [2, TraceEvent.Signal, 2]],
    ],
    [
      "the death of a thread whose hold went unrecorded",
      [[1, TraceEvent.Request], [3, TraceEvent.ThreadDeath, 1], ...take(2, 2)],
    ],
    [
      "the dropper again after the requester died",
      [...forcedDrop, [3, TraceEvent.ThreadDeath, 2], [1, TraceEvent.SwitchWake], ...take(1, 2)],
    ],
    [
      "a thread that ends while it asks",
      [
        [1, TraceEvent.Request],
        [1, TraceEvent.ThreadEnd],
      ],
    ],
    [
      "a finalizer that lets go inside a collection",
      [
        ...take(1, 1),
        [1, TraceEvent.CollectBegin, 2],
        [1, TraceEvent.Release, 1, io],
        ...take(1, 2),
        [1, TraceEvent.CollectEnd, 7],
      ],
    ],
  ] as [string, Step[]][])("%s", (_name, steps) => {
    expect(complaint(steps)).toBeNull();
  });

  it("a started thread's whole life", () => {
    const steps: Step[] = [
      [9, TraceEvent.ThreadStart, 1],
      ...take(9, 1),
      [9, TraceEvent.Release, 1, ReleaseReason.ThreadExit],
      [9, TraceEvent.ThreadEnd],
    ];
    expect(complaint(steps)).toBeNull();
  });
});

describe("automaton rejects", () => {
  it.each([
    ["two holders", [...take(1, 1), ...take(2, 2)], "thread 1 has the GIL"],
    ["taking it twice", [...take(1, 1), [1, TraceEvent.Request]], "has the GIL"],
    ["release by a stranger", [...take(1, 1), [2, TraceEvent.Release, 1, io]], "is off the GIL"],
    [
      "release twice",
      [...take(1, 1), [1, TraceEvent.Release, 1, io], [1, TraceEvent.Release, 1, io]],
      "off",
    ],
    [
      "release of another hold",
      [...take(1, 1), [1, TraceEvent.Release, 2, io]],
      "hold number 2 in hold 1",
    ],
    ["release without a reason", [...take(1, 1), [1, TraceEvent.Release, 1, 0]], "no reason"],
    ["acquire without request", [[1, TraceEvent.Acquire, 1]], "acquire without request"],
    [
      "acquire while parked",
      [...contest, [2, TraceEvent.Wait], [2, TraceEvent.Acquire, 2]],
      "parked",
    ],
    ["a hold number out of turn", [...take(1, 2)], "hold number 2 where 1 was expected"],
    [
      "a hold number used again",
      [...take(1, 1), [1, TraceEvent.Release, 1, io], ...take(2, 1)],
      "where 2",
    ],
    [
      "wake without wait",
      [
        [1, TraceEvent.Request],
        [1, TraceEvent.Wake],
      ],
      "wake without wait",
    ],
    [
      "timeout without wait",
      [
        [1, TraceEvent.Request],
        [1, TraceEvent.Timeout],
      ],
      "timeout without wait",
    ],
    ["retry after a timeout", [...contest, [2, TraceEvent.Retry, 1]], "has just timed out"],
    [
      "busy twice",
      [
        [1, TraceEvent.Request],
        [1, TraceEvent.Busy],
        [1, TraceEvent.Busy],
      ],
      "right after",
    ],
    ["drop request by the holder", [...take(1, 1), [1, TraceEvent.DropRequest, 1]], "timeout"],
    [
      "drop request after a switch",
      [
        ...take(1, 1),
        [2, TraceEvent.Request],
        [2, TraceEvent.Wait],
        [2, TraceEvent.Timeout, 0],
        [2, TraceEvent.DropRequest, 1],
      ],
      "only right after a timeout without a switch",
    ],
    [
      "forced without request",
      [...take(1, 1), [1, TraceEvent.Release, 1, ReleaseReason.Forced]],
      "nobody asked",
    ],
    [
      "the dropper taking it back",
      [...forcedDrop, [1, TraceEvent.SwitchWake], ...take(1, 2)],
      "again first",
    ],
    ["switch wait out of place", [[1, TraceEvent.SwitchWait]], "only right after a release"],
    [
      "events of the ended",
      [
        [1, TraceEvent.ThreadEnd],
        [1, TraceEvent.Request],
      ],
      "has ended",
    ],
    ["an end inside a hold", [...take(1, 1), [1, TraceEvent.ThreadEnd]], "has the GIL"],
    [
      "events of the dead",
      [
        [3, TraceEvent.ThreadDeath, 1],
        [1, TraceEvent.Request],
      ],
      "has ended",
    ],
    [
      "a second death",
      [
        [3, TraceEvent.ThreadDeath, 1],
        [3, TraceEvent.ThreadDeath, 1],
      ],
      "ended before",
    ],
    [
      "asking inside a lock wait",
      [
        [1, TraceEvent.LockWait, 8],
        [1, TraceEvent.Request],
      ],
      "Python-level",
    ],
    ["lock wake without wait", [[1, TraceEvent.LockWake]], "without lock wait"],
    ["collecting off the GIL", [[1, TraceEvent.CollectBegin]], "is off the GIL"],
    ["a signal handler off the GIL", [[1, TraceEvent.Signal, 2]], "is off the GIL"],
    ["a stranger", [[9, TraceEvent.Request]], "has not started"],
    ["a second start", [[1, TraceEvent.ThreadStart]], "is off the GIL"],
    ["an unknown event", [[1, 99]], "event 99: no such event"],
  ] as [string, Step[], string][])("%s", (_name, steps, expected) => {
    expect(complaint(steps)).toContain(expected);
  });

  it("time that goes back within a thread, not between threads", () => {
    const automaton = new GilAutomaton(rulesOf("py32"), 0);
    automaton.started(1);
    automaton.started(2);
    const step = (ident: number, time: number, event: number): string | null =>
      automaton.step({ time, event, reason: 0, ident, argument: 1 });
    expect(step(1, 50, TraceEvent.Request)).toBeNull();
    expect(step(2, 40, TraceEvent.Request)).toBeNull();
    expect(step(2, 39, TraceEvent.Acquire)).toBe("thread 2: acquire: time goes back by 1 ns");
  });
});

describe("a drop request recorded after its effect", () => {
  it("is legal within the clocks' skew only", () => {
    const follow = (late: number): string | null => {
      const automaton = new GilAutomaton(rulesOf("priority"), 1000);
      automaton.started(1);
      automaton.started(2);
      const steps: [time: number, ...Step][] = [
        [0, 1, TraceEvent.Request],
        [1, 1, TraceEvent.Acquire, 1],
        [2, 2, TraceEvent.Request],
        [10, 1, TraceEvent.Release, 1, ReleaseReason.Forced],
        [10 + late, 2, TraceEvent.DropRequest, 0],
        [1500, 1, TraceEvent.Request],
      ];
      steps.sort((a, b) => a[0] - b[0]);
      for (const [time, ident, event, argument = 0, reason = 0] of steps) {
        const message = automaton.step({ time, event, reason, ident, argument });
        if (message !== null) return message;
      }
      return null;
    };
    expect(follow(900)).toBeNull();
    expect(follow(1800)).toContain("a release at 10 ns was forced, but nobody asked");
  });
});

describe("rules of disciplines", () => {
  it("let the dropper win under a discipline without forced switching", () => {
    const steps: Step[] = [...forcedDrop, [1, TraceEvent.SwitchWake], ...take(1, 2)];
    expect(complaint(steps, "py32-unforced")).toBeNull();
  });

  it("let a priority discipline request at once", () => {
    const steps: Step[] = [...take(1, 1), [2, TraceEvent.Request], [2, TraceEvent.DropRequest, 1]];
    expect(complaint(steps, "priority")).toBeNull();
    expect(complaint(steps)).toContain("only right after a timeout");
  });
});

describe("whole traces", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("are accepted as simulated, seed %i", (seed) => {
    const run = simulate({ cpu: 1 + (seed % 4), io: seed % 3, seed, intervalUs: 1000 });
    expect(checkTrace(readTrace(run.bytes))).toBeNull();
  });

  it("are rejected when one event of the lock is removed, repeated or given to another", () => {
    const run = simulate({ cpu: 2, io: 1, seed: 9, intervalUs: 2000 });
    const random = new SeededRandom(77);
    const lockEvents = run.events.flatMap((event, i) =>
      event.event === TraceEvent.Acquire || event.event === TraceEvent.Release ? [i] : [],
    );
    for (let round = 0; round < 150; round++) {
      // The very last events may go: nothing after them depends on them.
      const i = lockEvents[random.below(lockEvents.length - 2)];
      const events: PlainEvent[] = run.events.slice();
      const event = events[i];
      const way = random.below(3);
      if (way === 0) events.splice(i, 1);
      else if (way === 1) events.splice(i, 0, event);
      else {
        const other = run.threads.find((thread) => thread.ident !== event.ident)!;
        events[i] = { ...event, ident: other.ident, slot: other.slot };
      }
      const violation = checkTrace(readTrace(writeFile(events)));
      expect(violation, `way ${way} at event ${i}, ${JSON.stringify(event)}`).not.toBeNull();
      expect(violation!.message).toMatch(/^thread \d+: /);
    }
  });

  it("reports where and when", () => {
    const run = simulate({ cpu: 2, seconds: 0.05 });
    const at = run.events.findIndex((event) => event.event === TraceEvent.Acquire);
    const events = run.events.slice();
    events[at] = { ...events[at], argument: 1000 };
    const violation = checkTrace(readTrace(writeFile(events)));
    expect(violation?.time).toBe(events[at].time);
    expect(violation?.message).toContain("hold number 1000 where 1 was expected");
  });

  it("are judged by what is left when records were dropped", () => {
    const run = simulate({ cpu: 3, io: 2, seed: 3, intervalUs: 1000 });
    for (const slot of [2, 3, 5]) {
      const mine = run.events.filter((event) => event.slot === slot);
      const lost = new Set(mine.slice(mine.length >> 2, mine.length >> 1));
      const events = run.events.filter((event) => !lost.has(event));
      expect(checkTrace(readTrace(writeFile(events)))).not.toBeNull();
      const told = readTrace(writeFile(events, { dropped: { [slot]: lost.size } }));
      expect(checkTrace(told)).toBeNull();
    }
  });

  it("are rejected when a drop request is missing", () => {
    const run = simulate({ cpu: 2, seconds: 0.4 });
    const request = run.events.find((event) => event.event === TraceEvent.DropRequest);
    const events = run.events.filter((event) => event !== request);
    expect(checkTrace(readTrace(writeFile(events)))?.message).toContain("nobody asked");
  });

  it("are accepted when salvaged", () => {
    const run = simulate({ cpu: 3, io: 1, seed: 5 });
    for (const part of [0.3, 0.6, 0.9]) {
      const { trace } = salvageTrace(run.bytes.subarray(0, run.bytes.length * part));
      expect(checkTrace(trace)).toBeNull();
    }
  });

  it("keep their times when a drop request names the hold before", () => {
    const run = simulate({ cpu: 2, seconds: 0.4 });
    const forced = run.events.findIndex(
      ({ event, reason }) => event === TraceEvent.Release && reason === ReleaseReason.Forced,
    );
    const release = run.events[forced];
    const events = run.events.map((event) =>
      event.event === TraceEvent.DropRequest && event.argument === release.argument
        ? { ...event, argument: event.argument - 1 }
        : event,
    );
    const late = events.findIndex(
      ({ slot, time }) => slot === release.slot && time > release.time + 16e6,
    );
    const request = { event: TraceEvent.DropRequest, argument: release.argument };
    events.splice(late, 0, { ...events[late], reason: 0, ...request });
    expect(readTrace(writeFile(events)).history.skewNs).toBeLessThan(1e6);
  });

  it("are rejected when effects stand long before their causes", () => {
    const run = simulate({ cpu: 2, seconds: 0.4 });
    const events = run.events.map((event) =>
      event.slot === 3 ? { ...event, time: Math.max(0, event.time - 250e6) } : event,
    );
    expect(checkTrace(readTrace(writeFile(events)))?.message).toContain("ns before its cause");
    const close = run.events.map((event) =>
      event.slot === 3 ? { ...event, time: Math.max(0, event.time - 900) } : event,
    );
    expect(checkTrace(readTrace(writeFile(close)))).toBeNull();
  });
});
