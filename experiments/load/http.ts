/**
 * `npm run http`: what is asked of a WSGI server under each lock, with the prediction beside the
 * measurement. Each study is a few minutes of load; `npm run http -- knee convoy` runs those two.
 */
import { mkdirSync } from "node:fs";
import { freemem } from "node:os";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { alignColumns, findCPython, ROOT, showProgress } from "../../src/experiment/runtimes.js";
import { disciplineNames } from "../../src/gil/disciplines.js";
import { ResultFolder, type Sample, summariseCells, toMarkdown } from "../../src/report/results.js";
import { median } from "../../src/report/sampling.js";
import { wholeNumber } from "../arguments.js";
import { type Loaded, load, run, type Server, startServer } from "./serving.js";

interface Study {
  meaning: string;
  run(): Promise<Table>;
}

interface Table {
  head: string[];
  rows: (string | number)[][];
  /** What it shows, in a sentence or two. */
  text: string;
}

const studies: Readonly<Record<string, Study>> = {
  versus: { meaning: "beside CPython 3.11's wsgiref with a thread a connection", run: versus },
  knee: { meaning: "throughput over threads, beside what the GIL's share predicts", run: knee },
  processes: { meaning: "one process and two, beside the machine's own speed-up", run: processes },
  convoy: { meaning: "an I/O route beside a busy one: py32, priority, two processes", run: convoy },
  disciplines: {
    meaning: "100 connections under every discipline; what is left after",
    run: locks,
  },
  pool: { meaning: "D. Beazley's pool of 512 threads, and its gilvis picture", run: pool },
};

const program = new Command("http")
  .description("Load a WSGI server under each lock.")
  .argument("[studies...]", `of ${Object.keys(studies).join(", ")}; all unless given`)
  .option("--seconds <n>", "of each measurement", wholeNumber, 8)
  .option("--warmup <n>", "seconds of load before the first of each server", wholeNumber, 30)
  .option("--threads <n>", "of the pool in versus and disciplines", wholeNumber, 8)
  .option("--gil <names...>", "disciplines of that study; all unless given")
  .option("--results <folder>", "where the result folder is made", "results")
  .addHelpText(
    "after",
    `\n${Object.entries(studies)
      .map(([name, { meaning }]) => `${name.padEnd(13)}${meaning}`)
      .join("\n")}`,
  )
  .parse();
const options = program.opts<{
  seconds: number;
  warmup: number;
  threads: number;
  gil?: string[];
  results: string;
}>();

const folder = new ResultFolder({
  root: resolve(options.results),
  experiment: "http",
  argv: process.argv.slice(2),
  configuration: {
    seconds: options.seconds,
    warmup: options.warmup,
    threads: options.threads,
    gil: options.gil ?? null,
  },
  sources: ["http.ts", "serving.ts", "app.py"].map((name) => join(ROOT, "experiments/load", name)),
});
const samples: Sample[] = [];
const doubts: string[] = [];

/** Measure a URL and keep the sample. */
async function measure(
  study: string,
  cell: string,
  url: string,
  connections: number,
): Promise<Loaded> {
  showProgress(`${study}: ${cell}`);
  const loaded = await load(url, connections, options.seconds);
  const { p50, p99 } = loaded.latency.quantilesUs;
  for (const doubt of loaded.doubts) doubts.push(`${study}, ${cell}: ${doubt}`);
  showProgress("");
  const rate = `${loaded.perSecond.toFixed(0)} requests a second`;
  console.log(`${study}, ${cell}: ${rate}, p50 ${ms(p50)}, p99 ${ms(p99)}`);
  folder.keep(samples, {
    study,
    cell,
    connections,
    sent: loaded.sent,
    good: loaded.good,
    other: loaded.other,
    errors: loaded.errors,
    timeouts: loaded.timeouts,
    cut_off: loaded.cutOff,
    requests_per_second: loaded.perSecond,
    latency_p50_seconds: p50 / 1e6,
    latency_p99_seconds: p99 / 1e6,
    generator_cores: loaded.generatorCores,
  });
  return loaded;
}

function ms(us: number): string {
  return `${(us / 1e3).toPrecision(3)} ms`;
}

async function warmUp(url: string, connections: number, seconds = options.warmup): Promise<void> {
  showProgress(`warming up ${url}`);
  await load(url, connections, seconds);
}

async function versus(): Promise<Table> {
  const python = findCPython();
  if (python === null) return { head: [], rows: [], text: "There is no CPython 3.11 here." };
  const ours = await startServer(["--threads", String(options.threads)]);
  const theirs = await startServer([], python);
  const rows: string[][] = [];
  const compare = async (connections: number, round: string): Promise<void> => {
    for (const [name, { url }] of [["takegil", ours] as const, ["CPython", theirs] as const]) {
      const cell = `${name},${connections},${round}`;
      const { perSecond, latency } = await measure("versus", cell, `${url}/mixed`, connections);
      const { p50, p99 } = latency.quantilesUs;
      rows.push([String(connections), name, round, perSecond.toFixed(0), ms(p50), ms(p99)]);
    }
  };
  await compare(10, "cold");
  await warmUp(`${ours.url}/mixed`, 32);
  for (const connections of [10, 50, 100]) {
    for (const round of ["1", "2"]) await compare(connections, round);
  }
  await ours.stop();
  theirs.process.kill("SIGKILL");
  return {
    head: ["connections", "server", "round", "requests/s", "p50", "p99"],
    rows,
    text:
      `10 ms of waiting and 1 ms of computing a request; takegil with ${options.threads} threads, ` +
      `after ${options.warmup} s of load but for the cold round, CPython with one a connection.`,
  };
}

/** Waiting of a /mixed request, in seconds. */
const WAIT_SECONDS = 0.01;

async function knee(): Promise<Table> {
  const rows: string[][] = [];
  let heldPerRequest = 0;
  let first = 0;
  let most = 0;
  for (const threads of [1, 2, 4, 8, 16]) {
    const server = await startServer(["--threads", String(threads)]);
    const url = `${server.url}/mixed`;
    await warmUp(url, 32, Math.max(4, Math.round((options.warmup * threads) / 16)));
    const before = await server.metrics();
    const { perSecond, latency } = await measure("knee", `threads=${threads}`, url, 32);
    const after = await server.metrics();
    await server.stop();
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    const held = grown("gil_held_seconds_total") / grown('http_requests_total{status="200"}');
    // What one request takes of the lock when nobody disturbs it decides all predictions.
    if (threads === 1) heldPerRequest = held;
    if (threads === 1) first = perSecond;
    most = Math.max(most, perSecond);
    const predicted = Math.min(threads / (WAIT_SECONDS + heldPerRequest), 1 / heldPerRequest);
    rows.push([
      String(threads),
      perSecond.toFixed(0),
      predicted.toFixed(0),
      (perSecond / predicted).toFixed(2),
      ms(latency.quantilesUs.p99),
      ms(held * 1e6),
    ]);
  }
  const kneeAt = (WAIT_SECONDS + heldPerRequest) / heldPerRequest;
  return {
    head: ["threads", "requests/s", "predicted", "ratio", "p99", "GIL held a request"],
    rows,
    text:
      `A request waits 10 ms and holds the GIL for ${ms(heldPerRequest * 1e6)} (measured with one ` +
      `thread). Little's law: n threads answer n / (10 ms + held) requests a second, until the GIL ` +
      `is held all the time, at 1 / held: from ${kneeAt.toFixed(1)} threads on. Measured: the most ` +
      `is as much as ${(most / first).toFixed(1)} threads answer that do not wait for each other, ` +
      `${(most / first / kneeAt).toFixed(2)} of that.`,
  };
}

/** Of the study of processes: what is not the program's computing shall not matter there. */
const COMPUTING_MS = 20;

/** What the machine gives changes while one looks, so what is compared is measured in turn. */
const ROUNDS = 5;

async function processes(): Promise<Table> {
  const route = `/task?cpu=${COMPUTING_MS}`;
  const kinds = [
    { name: "1 process, 1 thread", words: ["-w", "1", "--threads", "1"] },
    { name: "1 process, 4 threads", words: ["-w", "1", "--threads", "4"] },
    { name: "2 processes of 1 thread", words: ["-w", "2", "--threads", "1"] },
  ];
  const servers: Server[] = [];
  for (const { words } of kinds) {
    const server = await startServer(words);
    servers.push(server);
    await warmUp(server.url + route, 4, Math.round(options.warmup / 2));
  }
  const rates: number[][] = kinds.map(() => []);
  const own: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [i, { name }] of kinds.entries()) {
      const cell = `${name},${round}`;
      rates[i].push((await measure("processes", cell, servers[i].url + route, 4)).perSecond);
    }
    showProgress("the machine's own speed-up");
    own.push(await machineSpeedUp());
  }
  for (const server of servers) await server.stop();
  const speedUps = rates.map((rate) => rate.map((value, round) => value / rates[0][round]));
  const ofOwn = speedUps[2].map((speedUp, round) => speedUp / own[round]);
  const row = (name: string, rate: string, values: readonly number[]): string[] => [
    name,
    rate,
    ...withRange(values),
  ];
  return {
    head: ["server", "requests/s", "to one thread", "range"],
    rows: [
      ...kinds.map(({ name }, i) => row(name, median(rates[i]).toFixed(0), speedUps[i])),
      row("the machine: 2 processes that only compute", "", own),
      row("2 processes / the machine", "", ofOwn),
    ],
    text:
      `${COMPUTING_MS} ms of computing a request; medians of ${ROUNDS} rounds, each with everything ` +
      `once. Two processes reach ${median(ofOwn).toFixed(2)} of the machine's own speed-up.`,
  };
}

/** The median, and the least and greatest. */
function withRange(values: readonly number[]): [string, string] {
  const range = `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
  return [median(values).toFixed(2), range];
}

/** How much two processes that only compute get done, beside one. */
async function machineSpeedUp(): Promise<number> {
  const code =
    "import time\nend = time.perf_counter() + 4\nn = 0\nwhile time.perf_counter() < end:\n" +
    "    for i in range(1000): n += 1\nprint(n)";
  const count = async (processes: number): Promise<number> => {
    const counts = await Promise.all(
      Array.from({ length: processes }, () => run(["run", "-c", code])),
    );
    return counts.reduce((sum, text) => sum + Number(text), 0);
  };
  const alone = await count(1);
  return (await count(2)) / alone;
}

async function convoy(): Promise<Table> {
  const rows: string[][] = [];
  const series: { name: string; quantiles: [number, number][] }[] = [];
  const waits: string[] = [];
  for (const [name, words] of [
    ["py32", ["--gil", "py32"]],
    ["priority", ["--gil", "priority"]],
    ["py32, -w 2", ["--gil", "py32", "-w", "2"]],
  ] as const) {
    const trace = fileOf(`traces/${name.replaceAll(/[^a-z0-9]+/g, "-")}.trace`);
    const server = await startServer(["--threads", "8", "--trace", trace, ...words]);
    const io = `${server.url}/task?io=2&calls=3`;
    await warmUp(io, 4, Math.round(options.warmup / 2));
    const alone = await measure("convoy", `${name},alone`, io, 4);
    const busy = load(`${server.url}/task?cpu=100`, 1, options.seconds + 2);
    const beside = await measure("convoy", `${name},beside`, io, 4);
    await busy;
    await server.stop();
    const parts = await meanParts(
      name.includes("-w") ? trace.replace(/(\.trace)$/, ".1$1") : trace,
    );
    const { p50, p99 } = beside.latency.quantilesUs;
    rows.push([name, ms(alone.latency.quantilesUs.p99), ms(p50), ms(p99), ...parts]);
    waits.push(`${name}: ${parts[0]}`);
    series.push({ name, quantiles: quantilesOf(beside) });
  }
  const { drawCdf } = await import("../../src/report/cdfchart.js");
  const figure = drawCdf({
    title: "An I/O route beside one busy request: latency by lock",
    facts: ["3 × 2 ms of waiting a request", "4 connections, and 1 that computes 100 ms at a time"],
    footnote: `Waiting for the GIL, mean of the slowest tenth, read off the traces: ${waits.join(", ")}`,
    label: "latency",
    unit: "seconds",
    series,
  });
  folder.write("figures/convoy.svg", figure);
  return {
    head: ["lock", "p99 alone", "p50 beside", "p99 beside", "waiting for GIL", "has GIL", "no GIL"],
    rows,
    text:
      "An I/O request gives the GIL up for each wait and must get it back from the busy thread: " +
      "under py32 that takes a switch interval each time, unless the busy thread is in the other process.",
  };
}

/** Mean parts of the slowest tenth of the requests that hardly compute. */
async function meanParts(trace: string): Promise<string[]> {
  type Parts = { waiting: number; running: number; off: number };
  const told = JSON.parse(await run(["requests", trace, "--json"])) as {
    requests: { totalSeconds: number; parts: Parts }[];
  };
  const quick = told.requests.filter(({ parts }) => parts.running < 0.05);
  quick.sort((a, b) => a.totalSeconds - b.totalSeconds);
  const slow = quick.slice(Math.floor(quick.length * 0.9));
  return (["waiting", "running", "off"] as const).map((part) => {
    const sum = slow.reduce((all, { parts }) => all + parts[part], 0);
    return ms((sum / slow.length) * 1e6);
  });
}

/** The distribution of latencies as pairs of fraction and seconds. */
function quantilesOf({ latency }: Loaded): [number, number][] {
  let seen = 0;
  return latency.buckets.map(([us, count]) => {
    seen += count;
    return [seen / latency.count, us / 1e6];
  });
}

/** Path of a file of the result, in a folder that is there. */
function fileOf(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(join(path, ".."), { recursive: true });
  return path;
}

/** Until the server has closed the connections that it kept, in ms. */
const SETTLE_MS = 6000;

async function locks(): Promise<Table> {
  const rows: (string | number)[][] = [];
  const names = disciplineNames.filter((name) => name !== "none-unsafe");
  for (const gil of options.gil ?? names) {
    const words = ["--threads", String(options.threads), "--gil", gil, "--no-reserve"];
    const server = await startServer(words);
    await warmUp(`${server.url}/mixed`, 100);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const before = server.footprint();
    const loaded = await measure("disciplines", gil, `${server.url}/mixed`, 100);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const after = server.footprint();
    const status = await server.stop();
    rows.push([
      gil,
      loaded.sent,
      loaded.good,
      loaded.other + loaded.errors,
      loaded.timeouts,
      loaded.cutOff,
      loaded.perSecond.toFixed(0),
      ms(loaded.latency.quantilesUs.p99),
      `${((after.rss - before.rss) / 1048576).toFixed(0)} MiB`,
      after.fds - before.fds,
      after.tasks - before.tasks,
      status ?? "",
    ]);
  }
  return {
    head: "lock,sent,2xx,failed,timeouts,cut off,requests/s,p99,RSS,fds,threads,exit status".split(
      ",",
    ),
    rows,
    text: "RSS, fds, threads: what there is more of than before. The exit status is 70 when an object leaked.",
  };
}

/** What a thread takes that has answered requests: the heap and the code of its isolate. */
const THREAD_BYTES = 24 << 20;

async function pool(): Promise<Table> {
  const rows: string[][] = [];
  for (const threads of [16, 128, 512]) {
    const needed = threads * THREAD_BYTES;
    if (needed > freemem()) {
      rows.push([String(threads), `needs ${(needed / 2 ** 30).toFixed(0)} GiB`, "", "", "", ""]);
      continue;
    }
    const trace = fileOf(`traces/pool-${threads}.trace`);
    const server = await startServer(["--threads", String(threads), "--trace", trace]);
    const idle = server.footprint();
    await warmUp(`${server.url}/mix`, 256);
    const { perSecond, latency } = await measure("pool", String(threads), `${server.url}/mix`, 256);
    const loaded = server.footprint();
    await server.stop();
    const figure = fileOf(`figures/gilvis-${threads}.svg`);
    await run(["graph", trace, "--view", "gilvis", "-o", figure]);
    rows.push([
      String(threads),
      `${server.startSeconds.toFixed(1)} s`,
      `${(idle.rss / 1048576).toFixed(0)} MiB`,
      `${(loaded.rss / 1048576).toFixed(0)} MiB`,
      perSecond.toFixed(0),
      ms(latency.quantilesUs.p99),
    ]);
  }
  return {
    head: ["threads", "start", "RSS idle", "RSS loaded", "requests/s", "p99"],
    rows,
    text:
      "512 threads of one process fight for one lock, as D. Beazley's did. Each is a V8 isolate of " +
      "its own, which is what they cost.",
  };
}

const chosen = program.args.length > 0 ? program.args : Object.keys(studies);
const texts: string[] = [];
for (const name of chosen) {
  if (studies[name] === undefined) {
    console.error(`http: there is no study ${name}`);
    process.exit(2);
  }
  const { head, rows, text } = await studies[name].run();
  showProgress("");
  const cells = rows.map((row) => row.map(String));
  texts.push(`## ${name}: ${studies[name].meaning}\n\n${text}\n\n${toMarkdown(head, cells)}`);
  console.log(`\n${name}: ${studies[name].meaning}\n${text}\n`);
  if (rows.length > 0) console.log(alignColumns(head, cells));
}
folder.note("doubts", doubts);
folder.writeSamples(samples);
const cells = summariseCells(
  samples,
  ["study", "cell"],
  ["requests_per_second", "latency_p99_seconds"],
);
folder.writeSummary(cells, "requests_per_second", texts.join("\n"));
folder.finish("complete");
for (const doubt of [...doubts, ...folder.doubts]) console.log(`not to be trusted: ${doubt}`);
console.log(`\nWritten to ${relative(process.cwd(), folder.path)}`);
console.log("Next: npm run http -- knee convoy");
