/**
 * D. Beazley's runs of 2010 (dabeaz.com/GIL/gilvis) and what was published of them. He switched
 * processors off; here the threads are pinned.
 */

/** Names of the experiments: his pages'. */
export const experimentNames = ["onecpu", "twothread", "fourthread"] as const;
export type ExperimentName = (typeof experimentNames)[number];

/** Where the threads of a variant run. */
export interface Place {
  /** How many processors. */
  readonly cpus: number;
  /** Each thread stays on one of them, in turn, instead of where the kernel likes to put it. */
  readonly spread: boolean;
}

/** How the table calls it. */
export function titleOf({ cpus, spread }: Place): string {
  return spread ? `${cpus} spread` : String(cpus);
}

/** What an experiment varies. */
export interface Plan {
  readonly title: string;
  /** Threads of each variant; every one is compared with counting in a single thread. */
  readonly threads: readonly number[];
  /** Where each variant runs, if the machine has so many processors. */
  readonly places: readonly Place[];
}

const one: Place = { cpus: 1, spread: false };
const two: readonly Place[] = [false, true].map((spread) => ({ cpus: 2, spread }));
const four: readonly Place[] = [false, true].map((spread) => ({ cpus: 4, spread }));

export const plans: Readonly<Record<ExperimentName, Plan>> = {
  onecpu: { title: "2 and 4 threads on 1 CPU", threads: [2, 4], places: [one] },
  twothread: { title: "2 threads on 1 and 2 CPUs", threads: [2], places: [one, ...two] },
  fourthread: {
    title: "4 threads on 1, 2 and 4 CPUs",
    threads: [4],
    places: [one, ...two, ...four],
  },
};

/** Which of CPython's locks a figure is about: before 3.2, or since. */
export type Era = "old" | "new";

/** A published slow-down: time with threads / time of the same counting in one thread. */
export interface Published {
  readonly era: Era;
  readonly threads: number;
  /** Processors in use; 0 stands for all of a machine with several. */
  readonly cpus: number;
  readonly seconds: number;
  readonly sequentialSeconds: number;
  readonly source: string;
}

/**
 * From his talks, as others quote them (second-hand; the opening figures of PyCon 2010, 7.8 s and
 * 15.4 s, are in the talk itself). All on Mac OS X, whose old lock was a mutex and a condition.
 */
export const published: readonly Published[] = [
  {
    era: "old",
    threads: 2,
    cpus: 1,
    seconds: 11.3,
    sequentialSeconds: 7.8,
    source: "PyCon 2010, MacPro",
  },
  {
    era: "old",
    threads: 4,
    cpus: 1,
    seconds: 11.6,
    sequentialSeconds: 7.8,
    source: "PyCon 2010, MacPro",
  },
  {
    era: "old",
    threads: 2,
    cpus: 2,
    seconds: 45.5,
    sequentialSeconds: 24.6,
    source: "Chicago 2009, dual-core MacBook",
  },
  {
    era: "old",
    threads: 2,
    cpus: 4,
    seconds: 15.4,
    sequentialSeconds: 7.8,
    source: "PyCon 2010, quad-core MacPro",
  },
  {
    era: "old",
    threads: 4,
    cpus: 4,
    seconds: 15.7,
    sequentialSeconds: 7.8,
    source: "PyCon 2010, quad-core MacPro",
  },
  {
    era: "new",
    threads: 2,
    cpus: 4,
    seconds: 24.0,
    sequentialSeconds: 23.5,
    source: "2010, quad-core MacPro",
  },
];

/**
 * The published slow-down to lay beside a run: on as many processors, else on the machine with the
 * fewest beyond that when both have several. Null when none was published.
 */
export function publishedFor(era: Era, threads: number, cpus: number): Published | null {
  const candidates = published.filter(
    (figure) => figure.era === era && figure.threads === threads && figure.cpus > 1 === cpus > 1,
  );
  return (
    candidates.find((figure) => figure.cpus === cpus) ??
    candidates.toSorted((a, b) => a.cpus - b.cpus).at(0) ??
    null
  );
}
