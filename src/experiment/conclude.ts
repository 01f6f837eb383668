/** What a sweep leaves behind besides its samples: summary, figures, pyperf files, the report. */
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { unitOf } from "../report/chart.js";
import { drawGilvis } from "../report/gilvis.js";
import { drawLanes } from "../report/lanes.js";
import { type PyperfRun, toPyperf } from "../report/pyperf.js";
import { cellName, type ResultFolder, type Sample } from "../report/results.js";
import { median } from "../report/sampling.js";
import { newStatistics } from "../report/statistics.js";
import { newTimeline } from "../report/timeline.js";
import { readTrace, type Trace } from "../trace/file.js";
import type { Definition, FigureSpec } from "./definition.js";
import { factorNames, withDerived } from "./derive.js";
import { drawFigure, factorsOf } from "./figures.js";
import { commandOf, start } from "./launch.js";
import { partWith } from "./lock.js";
import { readOutput } from "./output.js";
import { type Launch, matches, RUNTIME_FACTOR } from "./plan.js";
import { reportPage } from "./report.js";
import { takegil } from "./runtimes.js";
import { newSummary, type SweepSummary, summaryText, varyingFactors } from "./summary.js";
import { runToEnd, type SweepOptions, type Swept, TRUSTED_FOREIGN, traceName } from "./sweep.js";

/** Everything concluded from a sweep. */
export interface Concluded {
  readonly samples: readonly Sample[];
  readonly summary: SweepSummary;
  readonly varying: readonly string[];
  /** Paths of the figures. */
  readonly figures: readonly string[];
  readonly report: string;
}

/** Write everything that is computed from the samples, and complete the manifest. */
export async function conclude(options: SweepOptions, swept: Swept): Promise<Concluded> {
  const { definition } = options.plan;
  const { folder } = swept;
  const samples = withDerived(swept.samples, definition);
  const factors = factorNames(samples, definition);
  const varying = varyingFactors(samples, factors);
  for (const failure of swept.failures) folder.doubt(`failed: ${failure}`);
  doubtForeign(folder, samples);
  folder.writeSamples(samples);
  const summary = newSummary(samples, factors, options.plan);
  const figures = await drawFigures(options, swept, samples, factors);
  writePyperf(folder, definition, samples, factors);
  const text = summaryText(summary, definition, varying);
  folder.writeSummary(summary.cells, definition.judged, text, summary.comparisons);
  const complete = swept.done === options.launches.length && !swept.interrupted;
  // The page states the manifest; so the manifest is finished first, and again with the page's sum.
  folder.finish(complete ? "complete" : "partial");
  const report = folder.write("report.html", reportPage([folder.path]));
  folder.finish(complete ? "complete" : "partial");
  return { samples, summary, varying, figures, report };
}

function doubtForeign(folder: ResultFolder, samples: readonly Sample[]): void {
  const foreign = samples.map((s) => s.foreign_cores).filter((value) => typeof value === "number");
  if (foreign.length === 0) return;
  folder.note("foreignCores", { median: median(foreign), max: Math.max(...foreign) });
  const much = foreign.filter((cores) => cores > TRUSTED_FOREIGN).length;
  if (much === 0) return;
  folder.doubt(
    `other processes used more than ${TRUSTED_FOREIGN} cores during ${much} of ` +
      `${foreign.length} samples, ${Math.max(...foreign).toFixed(1)} at most`,
  );
}

async function drawFigures(
  options: SweepOptions,
  swept: Swept,
  samples: readonly Sample[],
  factors: readonly string[],
): Promise<string[]> {
  const { definition } = options.plan;
  const { folder } = swept;
  const time = new Date().toISOString().replace("T", " ").replace(/\..*$/, " UTC");
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? "unknown processor"}`;
  const footnote = `takegil sweep ${definition.name}  ·  ${time}  ·  Node ${process.versions.node}  ·  ${machine}`;
  const data = { definition, samples, factors, distributions: swept.distributions, footnote };
  const figures: string[] = [];
  for (const spec of definition.figures) {
    if (swept.interrupted || options.signal.aborted) break;
    const isTrace = spec.kind === "lanes" || spec.kind === "gilvis";
    const svg = isTrace ? await drawTrace(spec, options, swept) : drawFigure(spec, data);
    if (svg !== null) figures.push(folder.write(`figures/${spec.name}.svg`, svg));
  }
  return figures;
}

/** The launch whose trace a figure shows: of the sweep, with the program varying less. */
function launchFor(spec: FigureSpec, options: SweepOptions): Launch | null {
  const found = options.plan.launches.find((launch) => {
    const inside = Object.keys(launch.inside).filter((name) => spec.at[name] !== undefined);
    const outer = Object.entries(spec.at).filter(([name]) => !inside.includes(name));
    const isOurs = (launch.factors[RUNTIME_FACTOR] ?? "takegil") === "takegil";
    return isOurs && matches(launch.factors, Object.fromEntries(outer));
  });
  if (found === undefined) return null;
  const inside = Object.entries(found.inside).map(([name, levels]) => {
    const wanted = levels.filter((level) => String(spec.at[name] ?? level) === String(level));
    return [name, wanted] as const;
  });
  if (inside.some(([, levels]) => levels.length === 0)) return null;
  return { ...found, inside: Object.fromEntries(inside) };
}

/** A trace with the samples that were taken while it was recorded. */
interface Recorded {
  readonly trace: Trace;
  readonly samples: readonly TracedSample[];
}

interface TracedSample {
  readonly judged: number | null;
  readonly idents: readonly number[];
}

/** Draw a launch's trace: the sweep's own where it records, else one recorded for the figure. */
async function drawTrace(
  spec: FigureSpec,
  options: SweepOptions,
  swept: Swept,
): Promise<string | null> {
  const launch = launchFor(spec, options);
  if (launch === null) return null;
  const recorded = options.plan.size.traced
    ? keptTrace(spec, launch, options, swept)
    : await recordTrace(spec, launch, options, swept);
  if (recorded === null) return null;
  const trace = typicalPart(recorded);
  const { droppedRecords } = newStatistics(recorded.trace);
  if (droppedRecords > 0) swept.folder.doubt(`${droppedRecords} records of a trace were dropped`);
  const written = recorded.trace.history.length;
  swept.folder.note(`traceOf ${spec.name}`, { written, dropped: droppedRecords });
  if (spec.kind === "lanes") return drawLanes(trace, {});
  return drawGilvis(trace, { palette: "beazley", axis: "ticks" });
}

/** The part of a trace that shows the sample nearest the median. */
function typicalPart({ trace, samples }: Recorded): Trace {
  const judged = samples.map((sample) => sample.judged).filter((value) => value !== null);
  const middle = judged.length > 0 ? median(judged) : 0;
  const distance = ({ judged: value }: TracedSample): number => Math.abs((value ?? 0) - middle);
  const [typical] = [...samples].sort((a, b) => distance(a) - distance(b));
  if (typical === undefined || typical.idents.length === 0) return trace;
  return partWith(trace, newTimeline(trace), typical.idents);
}

function keptTrace(
  spec: FigureSpec,
  launch: Launch,
  options: SweepOptions,
  swept: Swept,
): Recorded | null {
  const first = options.launches.find(
    ({ repeat, factors }) => repeat === 1 && cellName(factors) === cellName(launch.factors),
  );
  if (first === undefined) return null;
  const path = join(swept.folder.path, traceName(first));
  if (!existsSync(path)) return null;
  const { judged } = options.plan.definition;
  const samples = swept.samples
    .filter((sample) => sample.launch === first.number && matches(sample, spec.at))
    .map((sample) => ({
      judged: typeof sample[judged] === "number" ? sample[judged] : null,
      idents: String(sample.idents).split(" ").filter(Boolean).map(Number),
    }));
  return samples.length === 0 ? null : { trace: readTrace(readFileSync(path)), samples };
}

/** Run a launch once more with recording, and note what recording costs. */
async function recordTrace(
  spec: FigureSpec,
  launch: Launch,
  options: SweepOptions,
  swept: Swept,
): Promise<Recorded | null> {
  const { definition } = options.plan;
  options.progress(`recording ${spec.name}`);
  const path = swept.folder.write(`traces/${spec.name}.trace`, "");
  const command = commandOf(takegil, definition, launch, path);
  const running = start(command, definition.limitSeconds, () => {});
  const { stdout, failure } = await runToEnd(running, options.signal);
  options.progress("");
  if (failure !== null) {
    if (!options.signal.aborted) swept.folder.doubt(`${spec.name} was not recorded: ${failure}`);
    return null;
  }
  const { judged } = definition;
  const printed = readOutput(stdout).filter(({ values }) =>
    matches({ ...spec.at, ...values }, spec.at),
  );
  const samples = printed.map(({ values, idents }) => {
    const value = values[judged];
    return { judged: typeof value === "number" ? value : null, idents };
  });
  noteOverhead(spec, swept, samples, judged);
  return { trace: readTrace(readFileSync(path)), samples };
}

function noteOverhead(
  spec: FigureSpec,
  swept: Swept,
  samples: readonly TracedSample[],
  judged: string,
): void {
  const traced = samples.map((sample) => sample.judged).filter((value) => value !== null);
  const plain = swept.samples
    .filter((sample) => matches(sample, spec.at))
    .map((sample) => sample[judged])
    .filter((value) => typeof value === "number");
  if (traced.length === 0 || plain.length === 0) return;
  const ratio = median(traced) / median(plain);
  swept.folder.note(`tracedToUntraced ${spec.name}`, { metric: judged, ratio });
}

/** A pyperf file for each cell, of the judged metric; each launch is a run. */
function writePyperf(
  folder: ResultFolder,
  definition: Definition,
  samples: readonly Sample[],
  factors: readonly string[],
): void {
  const { judged, name } = definition;
  const units = { seconds: "second", bytes: "byte" } as const;
  const unit = units[unitOf(judged) as keyof typeof units] ?? "integer";
  const cells = new Map<string, Map<unknown, number[]>>();
  for (const sample of samples) {
    const value = sample[judged];
    if (typeof value !== "number") continue;
    const cell = cellName(factorsOf(sample, factors));
    const runs = cells.get(cell) ?? new Map<unknown, number[]>();
    cells.set(cell, runs);
    runs.set(sample.launch, [...(runs.get(sample.launch) ?? []), value]);
  }
  const time = new Date().toISOString();
  for (const [cell, launches] of cells) {
    const runs = [...launches.values()].map((values): PyperfRun => ({ values, metadata: {} }));
    const metadata = { cpu_count: cpus().length, date: time.replace("T", " ").replace("Z", "") };
    const benchmark = { name: `${name} ${cell}`, unit, runs, metadata };
    folder.write(`pyperf/${cell.replaceAll("/", "_")}.json`, toPyperf([benchmark]));
  }
}
