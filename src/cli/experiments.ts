/** The verbs of experiments, added to the command line. */
import type { Command } from "commander";
import type { SweepCommand } from "./sweep.js";
import { count, seed, shard } from "./values.js";

const JSON_OPTION = ["--json", "print it as JSON on standard output"] as const;

/** Add the verbs. @param done is told a verb's exit status */
export function addExperimentVerbs(program: Command, done: (status: number) => void): void {
  program
    .command("list")
    .description("list the experiments that come with takegil")
    .option(...JSON_OPTION)
    .action(async (options: { json?: boolean }) => {
      await (await import("./sweep.js")).listExperiments(options);
    });

  program
    .command("new")
    .description("make an experiment of your own in the current folder; it runs as it is")
    .argument("<name>", "its name: the folder's, and the program's")
    .option(...JSON_OPTION)
    .action(async (name: string, options: { json?: boolean }) => {
      await (await import("./sweep.js")).makeExperiment(name, options);
    });

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
    .option("--results <folder>", "where the result folder is made", "results")
    .option(...JSON_OPTION)
    .addHelpText("after", sweepTerms)
    .action(async (name: string, factors: string[], options: SweepCommand) => {
      done(await (await import("./sweep.js")).runSweep(name, factors, options));
    });

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

const sweepTerms = `
Words:
  factor      what is varied: the program's own, or gil, switch_interval (5ms), check_interval,
              cores (1; 0,1 cannot be written here), python (whose check points count)
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
