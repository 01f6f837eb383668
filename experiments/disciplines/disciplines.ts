/**
 * `npm run disciplines`: the same three programs under every discipline of the lock, and under the
 * CPython versions whose lock a discipline rebuilds: what a second CPU thread costs, how late a
 * sleeper comes back beside a CPU thread, and how evenly four CPU threads get on.
 */
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import {
  alignColumns,
  findCPython,
  ROOT,
  type Runtime,
  runProgram,
  showProgress,
  takegil,
  takegilIsBuilt,
} from "../../src/experiment/runtimes.js";
import { disciplineNames } from "../../src/index.js";
import {
  formatValue,
  ResultFolder,
  type Sample,
  summariseCells,
  toMarkdown,
} from "../../src/report/results.js";
import { wholeNumber } from "../arguments.js";
import { measures, type Size, UNITS } from "./measures.js";

const PROGRAMS = join(ROOT, "experiments");

const options = new Command("disciplines")
  .description("Run the same programs under every discipline of the lock and compare.")
  .option("-r, --runs <n>", "measured runs of each program under each discipline", wholeNumber, 3)
  .option("--gil <names>", "only these disciplines, separated by commas")
  .option("-q, --quick", "short runs, for a first look")
  .option("--no-reference", "do not run CPython")
  .option("--results <folder>", "where the result folder is made", "results")
  .addHelpText(
    "after",
    `
countdown 2, 4   time of the same work in 2 or 4 threads / in one thread
late             how much too late sleep(2 ms) ends beside a CPU thread
Jain             (Σx)² / (n Σx²) of the rounds that 4 CPU threads made: 1 is even
least, most      the least and greatest part of these rounds that a thread made
starved          the longest that one of the four was kept waiting`,
  )
  .parse()
  .opts<{ runs: number; gil?: string; quick?: true; reference: boolean; results: string }>();

// Without a lock the programs' own data would break: nothing to compare.
const compared = disciplineNames.filter((name: string) => name !== "none-unsafe");
const chosen = options.gil?.split(",") ?? compared;
const unknown = chosen.find((name) => !compared.some((known) => known === name));
if (unknown !== undefined) {
  console.error(
    `disciplines: no discipline is named "${unknown}" (there are ${compared.join(", ")})`,
  );
  process.exit(2);
}
if (!takegilIsBuilt()) {
  console.error("disciplines: the command line is not built: npm run build");
  process.exit(2);
}

/** The CPython versions whose lock a discipline rebuilds. */
const REFERENCES: Readonly<Record<string, string>> = { "py2-semaphore": "2.7", py32: "3.11" };

function contestants(): Runtime[] {
  const found: Runtime[] = [];
  for (const name of chosen) {
    found.push({ ...takegil, name, args: [...takegil.args, "--gil", name] });
    const version = options.reference ? REFERENCES[name] : undefined;
    const command = version === undefined ? null : findCPython(version);
    if (command !== null) found.push({ name: `CPython ${version}`, command, args: [] });
  }
  return found;
}

const size: Size = options.quick === true ? "quick" : "full";
const runtimes = contestants();
const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "disciplines",
  argv: process.argv.slice(2),
  configuration: { runs: options.runs, size, disciplines: runtimes.map(({ name }) => name) },
  sources: measures.map(({ program }) => join(PROGRAMS, program)),
});

const samples: Sample[] = [];
const failures: string[] = [];
for (let round = 1; round <= options.runs; round++) {
  for (const { program, argv, read } of measures) {
    for (const runtime of runtimes) {
      showProgress(`round ${round} of ${options.runs}: ${program} under ${runtime.name}`);
      const { stdout, failure } = runProgram(runtime, join(PROGRAMS, program), argv[size]);
      const figures = failure === null ? read(stdout) : null;
      if (figures === null) {
        failures.push(`${program} under ${runtime.name}: ${failure ?? `printed ${stdout}`}`);
      } else folder.keep(samples, { round, discipline: runtime.name, program, ...figures });
    }
  }
}
showProgress("");

const metrics = measures.flatMap((measure) => measure.metrics);
const cells = summariseCells(samples, ["discipline"], metrics);
const rows = runtimes.map(({ name }) => {
  const cell = cells.find((candidate) => candidate.cell === `discipline=${name}`);
  return [name, ...metrics.map((metric) => formatValue(cell?.metrics[metric]?.median ?? null))];
});
const head = ["discipline", ...metrics.map((metric) => UNITS[metric])];
folder.note("failures", failures);
folder.writeSamples(samples);
folder.writeSummary(cells, metrics[0], toMarkdown(head, rows));
folder.finish(failures.length === 0 ? "complete" : "partial");

console.log("Medians over the runs\n");
console.log(alignColumns(head, rows));
for (const failure of failures) console.log(`failed: ${failure}`);
for (const doubt of folder.doubts) console.log(`not to be trusted: ${doubt}`);
console.log(`\nWritten to ${relative(process.cwd(), folder.path)}`);
console.log("Next: npm run disciplines -- --runs 9 --gil py32,fifo");
if (failures.length > 0) process.exitCode = 1;
