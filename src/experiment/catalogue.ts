/** The experiments there are: those that come with takegil, and those in a user's folders. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Definition, DefinitionError, readDefinition } from "./definition.js";
import { ROOT } from "./runtimes.js";

const BUILT_IN = join(ROOT, "experiments");

/** The experiments that come with takegil, by name. */
export function builtIn(): Definition[] {
  return readdirSync(BUILT_IN)
    .sort()
    .filter((name) => existsSync(join(BUILT_IN, name, "experiment.yaml")))
    .map((name) => readDefinition(join(BUILT_IN, name)));
}

/** An experiment by name, or by the path of its folder or description. @throws {DefinitionError} */
export function findExperiment(name: string): Definition {
  if (name.endsWith(".yaml")) return readDefinition(name);
  if (existsSync(join(name, "experiment.yaml"))) return readDefinition(name);
  if (/^[\w-]+$/.test(name) && existsSync(join(BUILT_IN, name, "experiment.yaml"))) {
    return readDefinition(join(BUILT_IN, name));
  }
  const names = readdirSync(BUILT_IN).filter((entry) =>
    existsSync(join(BUILT_IN, entry, "experiment.yaml")),
  );
  throw new DefinitionError(
    `there is no experiment ${name}: name a folder with an experiment.yaml, or ${names.sort().join(", ")}`,
  );
}

const DESCRIPTION = `# An experiment: a program, what is varied, what is measured. Run it with
#     takegil sweep NAME              (takegil sweep NAME -q for a quick look, -p for the plan)
# Every key is explained in docs/experiments.md.
title: How long a summing thread takes beside others
text: |
  One thread sums numbers; the others do the same beside it.

factors:                      # a run for each combination; words of the command line replace them
  threads: [1, 2]             # the program is told threads=1, then threads=2
  gil: [py32, fifo]           # the runtime is told: takegil run --gil py32
  count: 300000               # a single value: a constant
repeats: 5                    # of every combination, in an order that changes
quick: { repeats: 2 }         # what -q changes

metrics:                      # what the program prints; the first stands for the run
  wall_seconds: { better: lower, meaning: until the last thread was done }
  slow_down:                  # computed: divided by the same metric where threads is 1
    meaning: time / the time of one thread in the same repeat
    ratio: wall_seconds
    to: { threads: 1 }

figures:
  - { kind: curve, name: time, x: threads, y: wall_seconds, by: gil }
  - { kind: lanes, name: two-threads, at: { threads: 2, gil: py32 } }
`;

const PROGRAM = `# Gets its factors as words: NAME.py threads=2 count=300000
# Prints a line for each measured run: sample NAME=VALUE ...
import sys
import time
from threading import Thread

factors = dict(word.split("=", 1) for word in sys.argv[1:])
threads, count = int(factors["threads"]), int(factors["count"])
clock = getattr(time, "perf_counter", time.time)


def add(n):
    total = 0
    for i in range(n):
        total += i
    return total


def run():
    workers = [Thread(target=add, args=(count,)) for _ in range(threads)]
    started = clock()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return clock() - started


run()  # Interpreters compile what runs often: the first run is not measured.
print("sample wall_seconds=%.6f" % run())
`;

/** Make the folder of a new experiment that runs as it is. @throws {DefinitionError} */
export function newExperiment(folder: string, name: string): string[] {
  if (!/^[a-z][a-z0-9-]*$/i.test(name)) {
    throw new DefinitionError(`${name} is no name: letters, digits and hyphens, a letter first`);
  }
  const path = join(folder, name);
  if (existsSync(path)) throw new DefinitionError(`${path} exists already`);
  mkdirSync(path, { recursive: true });
  const files = [join(path, "experiment.yaml"), join(path, `${name}.py`)];
  writeFileSync(files[0], DESCRIPTION.replaceAll("NAME", name));
  writeFileSync(files[1], PROGRAM.replaceAll("NAME.py", `${name}.py`));
  return files;
}
