/** The `takegil` command. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { disciplines } from "../gil/disciplines.js";
import { DEFAULT_HEAP_BYTES } from "../memory/binding.js";
import { pymallocNames } from "../memory/geometry.js";
import { ThreadLimit } from "../memory/layout.js";
import type { CheckOptions } from "./check.js";
import { addExperimentVerbs, joinLists } from "./experiments.js";
import type { ExploreOptions } from "./explore.js";
import { UsageError } from "./failure.js";
import type { GraphOptions } from "./graph.js";
import type { HeapCommand } from "./heap.js";
import { addHttpVerbs } from "./http.js";
import { endOptions } from "./programwords.js";
import type { RunOptions } from "./run.js";
import {
  allocatorName,
  cores,
  count,
  duration,
  integer,
  place,
  poolName,
  seed,
  size,
  time,
} from "./values.js";
import { axisNames, graphViews, paletteNames } from "./views.js";

/** Explored programs are small, and several heaps are alive at once. */
const EXPLORED_HEAP_BYTES = 128 << 20;

const STATUS_USAGE = 2;
const STATUS_DEFECT = 70;

function version(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Set by the verbs. */
let status = 0;

function pythonOption(): Option {
  const versions = ["2.7", "3.9", "3.10", "3.11", "3.12", "3.13"];
  const meaning = "whose check points decide where threads may switch";
  return new Option("--python <version>", meaning).choices(versions);
}

const program = new Command("takegil")
  .description("Run Python programs on real threads under a Global Interpreter Lock you can watch.")
  .version(version(), "--version", "print the version")
  .exitOverride()
  .configureOutput({ outputError: () => {} })
  .configureHelp({ subcommandTerm: (verb) => verb.name() })
  .enablePositionalOptions();

const run = program
  .command("run")
  .description("run a program; its exit status is passed on")
  .argument("[program...]", "a file and its arguments; - reads the program from standard input")
  .option("-c <code>", "run this text; further words are its arguments")
  .option("-m <module>", "run a module found on sys.path; further words are its arguments")
  .option("--gil <discipline>", "the lock's discipline: a name from below, or ./mine.js", "py32")
  .addOption(pythonOption())
  .option("--switch-interval <duration>", "how long a waiter waits before it asks", duration, 5000)
  .option("--check-interval <n>", "instructions between checks under py2-…, 100", integer)
  .option("--deterministic", "virtual time: the same seed gives the same run")
  .option("--seed <n>", "with --deterministic: which run", seed, 0)
  .option(
    "--schedule <kind>",
    "with --deterministic: machine, stalls:MEANns or pct:STALLS,LENGTHus",
  )
  .option(
    "--quantum <duration>",
    "with --deterministic: a thread's slice of a wanted core",
    duration,
  )
  .option(
    "--wake-latency <duration>",
    "with --deterministic: from wake-up to ready, mean",
    duration,
  )
  .option("--io-latency <duration>", "with --deterministic: of input and output, mean", duration)
  .option("--heap-size <size>", "bytes of the Python heap, 8m to 2g", size, DEFAULT_HEAP_BYTES)
  .addOption(
    new Option("--pymalloc <version>", "arenas and pools of this CPython: 256 KiB, 4 KiB or larger")
      .choices([...pymallocNames])
      .default("3.9"),
  )
  .addOption(
    new Option("--malloc <kind>", "the allocator: pymalloc, or debug, which checks every block")
      .env("PYTHONMALLOC")
      .argParser(allocatorName)
      .default("pymalloc"),
  )
  .option(
    "--max-threads <n>",
    `Python threads alive at once, at most ${ThreadLimit.Most}`,
    count,
    ThreadLimit.Default,
  )
  .option(
    "--cores <cores>",
    "run on so many processor cores, or those of a list: 0,1; virtual ones in virtual time",
    cores,
  )
  .option("--spread", "keep each Python thread on one of these cores, in turn")
  .addOption(
    new Option("--on-deadlock <action>", "when threads wait for each other for ever")
      .choices(["report", "wait"])
      .default("report"),
  )
  .option("--trace <file>", "record every event of the lock in this file")
  .option("--stats", "print a table of the threads to standard error at the end")
  .option("--json", "print that table as JSON")
  .addOption(
    new Option("--log-level <level>", "the runtime's own log, on standard error")
      .choices(["silent", "fatal", "error", "warn", "info", "debug", "trace"])
      .default("silent"),
  )
  .addHelpText("after", () => helpTerms)
  .passThroughOptions()
  .action(async (words: string[], options: RunOptions) => {
    const { runProgram } = await import("./run.js");
    status = await runProgram(words, options);
  });

program
  .command("explore")
  .description("run a program under many schedules of virtual time, and tell how it can end")
  .argument("[program...]", "a file and its arguments; - reads the program from standard input")
  .option("-c <code>", "run this text; further words are its arguments")
  .option("-m <module>", "run a module found on sys.path as __main__")
  .option("--schedules <n>", "how many", count, 100)
  .option("--pct <stalls>", "PCT schedules only, with so many stalls each", count)
  .option("--seed <n>", "the first schedule's seed", seed, 0)
  .option("--cores <n>", "virtual cores, at most 256; 2, or 1 with PCT, unless given", count)
  .option("--gil <discipline>", "the lock's discipline, as run takes it", "py32")
  .addOption(pythonOption())
  .option("--switch-interval <duration>", "how long a waiter waits before it asks", duration, 5000)
  .option("--heap-size <size>", "bytes of the Python heap, 8m to 2g", size, EXPLORED_HEAP_BYTES)
  .option("--limit <duration>", "real time a schedule may take", duration, 20e6)
  .option("--json", "print the outcomes as JSON, with their whole output")
  .addHelpText("after", () => exploreTerms)
  .passThroughOptions()
  .action(async (words: string[], options: ExploreOptions) => {
    const { exploreProgram } = await import("./explore.js");
    status = await exploreProgram(words, options);
  });

program
  .command("graph")
  .description("draw a trace")
  .argument("<trace>", "a file written by run --trace")
  .option("-o, --output <file>", "the SVG to write; - for standard output")
  .option("--ascii", "draw lanes as lines of text, on standard output unless -o is given")
  .option("--width <columns>", "columns of that text; otherwise the terminal's", count)
  .addOption(
    new Option("--view <view>", "what to draw of it")
      .choices(Object.keys(graphViews))
      .default("lanes"),
  )
  .addOption(
    new Option("--palette <name>", "colours of gilvis: his, or some that all eyes tell apart")
      .choices([...paletteNames])
      .default("beazley"),
  )
  .addOption(
    new Option("--axis <name>", "axis of gilvis: instructions executed, or time")
      .choices([...axisNames])
      .default("ticks"),
  )
  .option("--from <time>", "draw only what happened from this time of the run", time)
  .option("--to <time>", "draw only what happened up to this time", time)
  .addHelpText("after", () => {
    const lines = Object.entries(graphViews).map(([name, text]) => `  ${name.padEnd(18)}${text}`);
    return `\nViews:\n${lines.join("\n")}`;
  })
  .action(async (trace: string, options: GraphOptions) => {
    (await import("./graph.js")).graph(trace, options);
  });

program
  .command("heap")
  .description("run a program and look at its heap: arenas, pools, blocks, live bytes by type")
  .argument("[program...]", "a file and its arguments; or a JSON written before, to draw it again")
  .option("-c <code>", "run this text; further words are its arguments")
  .option("-m <module>", "run a module found on sys.path as __main__")
  .option(
    "--at <line>",
    "take a snapshot when this line of the program is reached (12:3: for the third time), " +
      "or of a module it imports (module.py:12); may be repeated",
    place,
  )
  .option("--every <duration>", "sample the heap over time, such as every 100ms", duration)
  .option("--at-exit", "take a snapshot at the program's end (the default without the others)")
  .option("--pool <name>", "show this pool block by block: arena:pool, such as 3:17", poolName)
  .requiredOption(
    "-o, --output <file>",
    "what to write: a .svg or a .json, or - for standard output; may be repeated",
    (path: string, before: string[] | undefined) => [...(before ?? []), path],
  )
  .option("--json", "to standard output write JSON")
  .option("--gil <discipline>", "the lock's discipline, as of run; not none-unsafe", "py32")
  .option("--heap-size <size>", "bytes of the Python heap, 8m to 2g", size, DEFAULT_HEAP_BYTES)
  .addOption(
    new Option("--pymalloc <version>", "arenas and pools of this CPython: 256 KiB, 4 KiB or larger")
      .choices([...pymallocNames])
      .default("3.9"),
  )
  .addOption(
    new Option("--malloc <kind>", "the allocator: pymalloc, or debug, which checks every block")
      .env("PYTHONMALLOC")
      .argParser(allocatorName)
      .default("pymalloc"),
  )
  .option("--trace <file>", "record every event of the lock in this file, as run does")
  .addHelpText("after", () => heapTerms)
  .passThroughOptions()
  .action(async (words: string[], options: HeapCommand) => {
    status = await (await import("./heap.js")).heap(words, options);
  });

program
  .command("check")
  .description("explore a discipline of the lock: every order of its threads' steps, within bounds")
  .argument("<discipline>", "a name as in run --gil, or a file: ./mine.js")
  .option("--seed <n>", "seed of the random schedules", integer, 1)
  .addHelpText(
    "after",
    "\nExit status: 0 nothing wrong found; 1 a schedule was found and printed; 2 wrong usage.",
  )
  .action(async (choice: string, options: CheckOptions) => {
    status = await (await import("./check.js")).check(choice, options);
  });

program
  .command("export")
  .description("write a trace in another tool's format")
  .argument("<trace>", "a file written by run --trace")
  .addOption(
    new Option("--format <format>", "the format")
      .choices(["perfetto", "chrome"])
      .default("perfetto"),
  )
  .option("-o, --output <file>", "the file to write; - for standard output")
  .action(async (trace: string, options: { format: "perfetto" | "chrome"; output?: string }) => {
    (await import("./files.js")).exportTrace(trace, options.format, options.output);
  });

program
  .command("dis")
  .description("print a program's bytecode as CPython 3.11's dis does")
  .argument("<program>", "a Python file; - for standard input")
  .action(async (path: string) => {
    status = (await import("./files.js")).dis(path);
  });

addHttpVerbs(program, (ended) => {
  status = ended;
});

addExperimentVerbs(program, (verbStatus) => {
  status = verbStatus;
});

const helpTerms = `
Disciplines of the lock:
${Object.entries(disciplines)
  .map(([name, { meaning }]) => `  ${name.padEnd(15)}${meaning}`)
  .join("\n")}

Words of the table:
  has GIL          the thread runs Python: it holds the lock
  waiting for GIL  it wants the lock and does not have it
  no GIL           it sleeps, waits for a lock of the program, or does input and output
  forced drops     times it gave the lock up because another thread asked for it
  voluntary        times it gave the lock up to wait for something
  failed wake-ups  times it was woken for the lock and found it taken again

Exit status: the program's own; 2 wrong usage; 70 a defect of takegil; 79 a deadlock of the
program's locks.`;

const heapTerms = `
Words of the figure:
  arena           what pymalloc takes from the system at once and cuts into pools
  pool            a piece of an arena that serves blocks of one size, 16 to 512 bytes
  in use          the block is allocated
  free again      it was, and stands in its pool's free list
  never touched   it was never handed out; never carved: the whole pool was not
  large block     an object or buffer over 512 bytes, which no pool serves
  live bytes      bytes of allocated blocks, with what rounding to block sizes adds
  free list       dead objects that a type keeps for its next one
  generation      the collector's lists, youngest first; count/threshold: when it runs next

Exit status: the program's own; 2 wrong usage, or nothing was seen; 70 a defect of takegil.`;

const exploreTerms = `
Two schedules end alike when status, standard output and standard error are the same. A deadlock is
an end too, with status 79. Each outcome comes with the command that repeats it.

Exit status: 0 every schedule ended alike; 1 they differ; 2 wrong usage; 70 a defect of takegil.`;

/** One line for the user from whatever went wrong. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const text = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
    if (error.code !== "commander.help") {
      process.stderr.write(`takegil: ${text} (see takegil --help)\n`);
    }
    return STATUS_USAGE;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`takegil: ${error.message}\n`);
    return STATUS_USAGE;
  }
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`takegil: internal error: ${text.split("\n", 1)[0]}\n`);
  if (process.env.TAKEGIL_DEBUG !== undefined) console.error(error);
  return STATUS_DEFECT;
}

/** The process's arguments as commander is to read them. */
function argumentsOf(argv: readonly string[]): string[] {
  const [node, script, verb, ...words] = argv;
  return verb === run.name() ? [node, script, verb, ...endOptions(words, run)] : joinLists(argv);
}

/** Do what the process's arguments say; its exit status is set. */
export async function runCommand(): Promise<void> {
  try {
    await program.parseAsync(argumentsOf(process.argv));
  } catch (error) {
    status = explain(error);
  }
  process.exitCode = status;
}
