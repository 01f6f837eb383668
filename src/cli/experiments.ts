/** The verbs of experiments, added to the command line. */
import type { Command } from "commander";
import { Option } from "commander";
import type { BenchCommand } from "./bench.js";
import type { CompareCommand } from "./compare.js";
import type { SweepCommand } from "./sweep.js";
import type { ValidateCommand } from "./validate.js";
import { count, integer, seed, shard, threshold } from "./values.js";

/** An option that may be given again: all its values. */
function collect(word: string, before: string[] | undefined): string[] {
  return [...(before ?? []), word];
}

const JSON_OPTION = ["--json", "print it as JSON on standard output"] as const;

/**
 * `-L gil py32,fifo` as `-L gil=py32,fifo`: an option has one word. What comes after the program is
 * the program's own.
 */
export function joinLists(argv: readonly string[]): string[] {
  const joined = [...argv];
  if (joined[2] !== "bench") return joined;
  for (let i = 3; i < joined.length && joined[i].startsWith("-"); i++) {
    const isList = joined[i] === "-L" || joined[i] === "--list";
    if (isList && i + 2 < joined.length && !joined[i + 1].includes("=")) {
      joined.splice(i + 1, 2, `${joined[i + 1]}=${joined[i + 2]}`);
    }
    // All options but one have a value.
    if (joined[i] !== "--json" && !joined[i].includes("=")) i++;
  }
  return joined;
}

/** Is told a verb's exit status. */
type Done = (status: number) => void;

/** Add the verbs. */
export function addExperimentVerbs(program: Command, done: Done): void {
  addList(program);
  addNew(program);
  addSweep(program, done);
  addReport(program);
  addCompare(program, done);
  addValidate(program, done);
  addBench(program, done);
  addDoctor(program);
}

function addList(program: Command): void {
  program
    .command("list")
    .description("list the experiments that come with takegil")
    .option(...JSON_OPTION)
    .action(async (options: { json?: boolean }) => {
      await (await import("./sweep.js")).listExperiments(options);
    });
}

function addNew(program: Command): void {
  program
    .command("new")
    .description("make an experiment of your own in the current folder; it runs as it is")
    .argument("<name>", "its name: the folder's, and the program's")
    .option(...JSON_OPTION)
    .action(async (name: string, options: { json?: boolean }) => {
      await (await import("./sweep.js")).makeExperiment(name, options);
    });
}

function addSweep(program: Command, done: Done): void {
  program
    .command("sweep")
    .description("run an experiment: every combination of its factors, again and again")
    .argument("<experiment>", "a name that takegil list prints, or the folder of one of your own")
    .argument("[factors...]", "values instead of the description's, such as threads=1,2 gil=fifo")
    .option("-p, --plan", "print what would be run, in order, and run nothing")
    .option("-q, --quick", "the description's quick values: a first look, no result to keep")
    .option("--repeats <n>", "runs of every combination", count)
    .option("--seed <n>", "decides the order within each repeat", seed, 1)
    .option(
      "--rerun",
      "begin anew although an unfinished run of the same plan could be gone on with",
    )
    .option("--resume <folder>", "go on with this result folder; with more --repeats it grows")
    .option("--shard <i/n>", "only every n-th launch from the i-th on: 2/5", shard)
    .option("--merge <folder>", "run nothing: make one result of shards; for each of them", collect)
    .option("--results <folder>", "where the result folder is made", "results")
    .option(...JSON_OPTION)
    .addHelpText("after", sweepTerms)
    .action(async (name: string, factors: string[], options: SweepCommand) => {
      done(await (await import("./sweep.js")).runSweep(name, factors, options));
    });
}

function addReport(program: Command): void {
  program
    .command("report")
    .description("write results as one HTML page that needs no network")
    .argument("<folders...>", "result folders, such as results/countdown/latest")
    .option("-o, --output <file>", "the page; - for standard output", "report.html")
    .option(...JSON_OPTION)
    .action(async (folders: string[], options: { output: string; json?: boolean }) => {
      await (await import("./sweep.js")).writeReport(folders, options);
    });
}

function addCompare(program: Command, done: Done): void {
  program
    .command("compare")
    .description("lay results beside a reference: how much differs, and whether by chance")
    .argument("<results...>", "the reference first: result folders, or files that pyperf reads")
    .addOption(formatOption())
    .option(...JSON_OPTION)
    .option("--metric <name>", "only metrics with this in their name; may be repeated", collect, [])
    .option(
      "--fail-if <metric:part>",
      "status 1 when a metric with this in its name is worse by more, such as p99:5%",
      (word: string, before: CompareCommand["failIf"]) => [...before, threshold(word)],
      [],
    )
    .addHelpText("after", compareTerms)
    .action(async (results: string[], options: CompareCommand) => {
      done(await (await import("./compare.js")).compareFolders(results, options));
    });
}

function addValidate(program: Command, done: Done): void {
  program
    .command("validate")
    .description("run an experiment under a CPython and under takegil with the same lock")
    .argument("<experiment>", "a name that takegil list prints, or the folder of one of your own")
    .argument("[factors...]", "values instead of the description's, such as threads=2")
    .requiredOption(
      "--python <path>",
      "the CPython, 2.7 or 3.2 and later; may be repeated",
      collect,
    )
    .option("--repeats <n>", "runs of every combination", count)
    .option("--calm", "run a launch again, up to 4 times, when others used over 0.15 cores")
    .option("--seed <n>", "decides the order within each repeat", seed, 1)
    .option("--rerun", "begin anew although an unfinished run could be gone on with")
    .option("--results <folder>", "where the result folder is made", "results")
    .addOption(formatOption())
    .option(...JSON_OPTION)
    .addHelpText("after", validateTerms)
    .action(async (name: string, factors: string[], options: ValidateCommand) => {
      done(await (await import("./validate.js")).runValidation(name, factors, options));
    });
}

function addBench(program: Command, done: Done): void {
  program
    .command("bench")
    .description("time a program's process under several locks, intervals or interpreters")
    .argument(
      "[program...]",
      "a Python file and its arguments, where {name} is replaced by a value",
    )
    .option("-L, --list <factor>", "a factor and its values: -L gil py32,priority", collect, [])
    .option("-w, --warmup <n>", "runs of each cell that are not measured", integer, 1)
    .option("-r, --runs <n>", "measured runs of each cell", count, 10)
    .option("--reference <python>", "run it under this CPython too; may be repeated", collect, [])
    .addOption(
      new Option("--order <order>", "of the cells' runs")
        .choices(["interleaved", "sequential"])
        .default("interleaved"),
    )
    .option("--seed <n>", "decides the order within each repeat", seed, 1)
    .option("--export-json <file>", "write summary and comparisons; - for standard output")
    .option("--export-csv <file>", "write a row a run")
    .option("--export-markdown <file>", "write the table")
    .option("--pyperf <file>", "write a file that pyperf reads")
    .option("--results <folder>", "where the result folder is made", "results")
    .option(...JSON_OPTION)
    .addHelpText("after", benchTerms)
    .passThroughOptions()
    .action(async (words: string[], options: BenchCommand) => {
      done(await (await import("./bench.js")).bench(words, options));
    });
}

function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("examine the machine: what will be noisy when it is measured on")
    .option(...JSON_OPTION)
    .addHelpText("after", doctorTerms)
    .action(async (options: { json?: boolean }) => {
      await (await import("./doctor.js")).doctor(options);
    });
}

function formatOption(): Option {
  const formats = ["table", "md", "json"];
  return new Option("--format <format>", "how it is printed").choices(formats).default("table");
}

const benchTerms = `
Factors of -L are gil, switch_interval, check_interval, cores, spread, python, which the runtime is
told, or any other that stands in braces among the arguments: -L n 1,2 prog.py {n}. Options come
before the program.

Words:
  wall_seconds   from the process's start to its end: median and its 95 % interval
  cpu_seconds    processor time of the process and those it started
  a / b          ratio of the medians, its interval, and whether chance explains it

Exit status: 0; 1 a run failed; 2 wrong usage; 130 interrupted.`;

const doctorTerms = `
Words:
  others use     processor cores that other processes kept busy meanwhile
  host takes     part of the time that the host of a virtual machine gave to others
  sleep, late by how much later than asked a sleep of that length ends
  wake-up        from one thread's notify to another thread's running
  clock skew     between the clocks of two threads; what is below its error is none
  two processes  what two do at once, one of them alone being 1
  interrupted    gaps of over 1 ms in a thread that only looks at the clock
  p50, p99       half of the values, all but one in a hundred, are at most this large`;

const compareTerms = `
Words:
  reference, new   medians of the cell's samples in the two results
  ratio            new / reference, with its bootstrap 95 % interval
  delta            Cliff's delta: -1 all new values are smaller, 0 alike, 1 all are larger; called
                   negligible below 0.147, small below 0.33, medium below 0.474, else large
  p                Mann-Whitney U, two-sided: how often chance alone differs as much
  not significant  p is 0.05 or more, or the interval holds 1: too few samples, or no difference
  better, worse    as the experiment says of its metric

Factors with one value in each result but not the same are what is compared; cells are matched by
the others. A threshold fails only for a significant difference.
Exit status: 0; 1 a threshold was passed; 2 wrong usage.`;

const validateTerms = `
takegil gets py2-semaphore beside 2.7, py32 beside 3.2 and later, and that version's check points.
Only dimensionless figures are compared, and times as ratios within the same run.

Words:
  reference     what CPython was measured at on the machine of the description's reference
  CPython here  median over the repeats in this run, with its 95 % interval and their number, those
                left out during which others used over 0.5 cores; so is takegil
  tolerated     where takegil's figure must lie
  agrees        the whole interval is tolerated
  differs       none of it is
  undecided     the interval crosses the bounds, CPython itself is outside in this run, or there are
                fewer than 3 repeats: the noise is larger than what is to be decided

Exit status: 0 nothing differs; 1 something does, or a launch failed; 2 wrong usage; 130
interrupted.`;

const sweepTerms = `
Words:
  factor      what is varied: the program's own, or gil, switch_interval (5ms), check_interval,
              cores (1), spread (yes: each thread on a core of its own), python (whose check
              points count)
  cell        one combination of the factors' values
  launch      one process; it fills one cell, or several where the program varies factors itself
  repeat      every launch once; the order changes with each, so that drift hits all cells alike
  sample      one measured run: a row of samples.csv
  n           samples of a cell; figures beside a metric are their median and its 95 % interval
  95 %        bootstrap interval of the median
  not to be trusted   records of a trace were lost, the standard deviation is above 10 % of the
              mean, the load at the start was above 0.5 a core, or other processes used more than
              0.5 cores meanwhile

Ctrl-C keeps what is done; the same command goes on with it.
Exit status: 0 complete; 1 a launch failed; 2 wrong usage; 130 interrupted.`;
