/** The verbs about HTTP, added to the command line: a server, and a load for one. */
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { arrivals } from "../load/plan.js";
import { parseThreshold, type Threshold } from "../load/threshold.js";
import { DEFAULT_HEAP_BYTES } from "../memory/binding.js";
import { ThreadLimit } from "../memory/layout.js";
import { requestPartTerms } from "../report/requestparts.js";
import type { LoadCommand } from "./load.js";
import type { ServeCommand } from "./serve.js";
import { address, addressOrPath, count, duration, seed, size, time } from "./values.js";

/** Add the verbs. @param done is told a verb's exit status */
export function addHttpVerbs(program: Command, done: (status: number) => void): void {
  addServe(program, done);
  addLoad(program, done);
  program
    .command("requests")
    .description("tell where the time of HTTP requests went, from a trace of takegil serve")
    .argument("<trace>", "a file written by serve --trace")
    .option("--json", "print every request as JSON")
    .addHelpText("after", () => requestTerms())
    .action(async (trace: string, options: { json?: boolean }) => {
      (await import("./requests.js")).showRequests(trace, options);
    });
}

function requestTerms(): string {
  const lines = Object.values(requestPartTerms).map(
    ({ name, meaning }) => `  ${name.padEnd(17)}${meaning}`,
  );
  return `\nA row holds the requests between two ranks, by how long they took; times are means.\n\n${lines.join("\n")}`;
}

function addServe(program: Command, done: (status: number) => void): void {
  program
    .command("serve")
    .description("serve a WSGI application over HTTP")
    .argument("<application>", "module:name of a callable, or module:name() of one that makes it")
    .option("-w, --workers <n>", "processes, each with a heap and a lock of its own", count, 1)
    .option("--threads <n>", "threads that call it, in each process", count, 4)
    .addOption(
      new Option("-b, --bind <address>", "where to listen; port 0 takes a free one")
        .argParser(address)
        .default({ host: "127.0.0.1", port: 8000 }, "127.0.0.1:8000"),
    )
    .option("--backlog <n>", "connections the system keeps waiting", count, 2048)
    .option("--gil <discipline>", "the lock's discipline, as run takes it", "py32")
    .option(
      "--switch-interval <duration>",
      "how long a waiter waits before it asks",
      duration,
      5000,
    )
    .option("--timeout <duration>", "how long a thread may work on a request", duration, 30e6)
    .option("--graceful-timeout <duration>", "and how long once the server ends", duration, 30e6)
    .option(
      "--keep-alive <duration>",
      "how long a connection without a request lives",
      duration,
      5e6,
    )
    .option("--client-timeout <duration>", "how long a client may keep us waiting", duration, 30e6)
    .option("--no-reserve", "keep no process ready to take the place of one that dies")
    .option("--max-requests <n>", "replace a process after so many requests", count)
    .option("--heap-size <size>", "bytes of the Python heap, 8m to 2g", size, DEFAULT_HEAP_BYTES)
    .option("--max-threads <n>", `Python threads alive at once, at most ${ThreadLimit.Most}`, count)
    .option("--trace <file>", "record every event of the lock, and requests, in this file")
    .addOption(
      new Option("--metrics [place]", "serve Prometheus metrics on a path, /metrics, or an address")
        .argParser(addressOrPath)
        .preset("/metrics"),
    )
    .option("--access-log <file>", "write a line of JSON a request; - for standard output")
    .addOption(
      new Option("--log-level <level>", "the runtime's own log, on standard error")
        .choices(["silent", "fatal", "error", "warn", "info", "debug", "trace"])
        .default("warn"),
    )
    .addHelpText("after", () => serveTerms)
    .action(async (application: string, options: ServeCommand) => {
      done(await (await import("./serve.js")).serve(application, options));
    });

  program.command("serve-worker", { hidden: true }).action(async () => {
    done(await (await import("../serve/workerprocess.js")).serveForParent());
  });
}

function addLoad(program: Command, done: (status: number) => void): void {
  program
    .command("load")
    .description("send requests to an HTTP server and tell how long they took")
    .argument("<url>", "what to ask for: http://127.0.0.1:8000/path?query")
    .option("-c, --connections <n>", "connections open at once", count, 10)
    .option("-d, --duration <duration>", "how long", duration, 10e6)
    .option("-a, --amount <n>", "so many requests instead", count)
    .option("--warmup <time>", "a load before that does not count, such as 2s", time, 0)
    .option("-R, --rate <n>", "requests a second that come whatever the answers do", rate)
    .addOption(new Option("--arrival <kind>", "when the next request comes").choices([...arrivals]))
    .option("--timeout <duration>", "an answer that takes longer is a timeout", duration, 10e6)
    .option("--seed <n>", "decides the times of Poisson arrivals", seed, 1)
    .option("--threshold <limit>", "what to keep to: p99<50ms, rate>200, errors<1%", limits)
    .option("-o, --output <file>", "write the result as JSON into this file, too")
    .option("--json", "print it as JSON, with the whole distribution")
    .addHelpText("after", () => loadTerms)
    .action(async (url: string, options: LoadCommand) => {
      done(await (await import("./load.js")).load(url, options));
    });

  program.command("load-generator", { hidden: true }).action(async () => {
    await (await import("../load/generator.js")).generateForParent();
  });
}

function rate(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 1e5) return value;
  throw new InvalidArgumentError("give requests a second, such as 200 or 0.5.");
}

function limits(text: string, before: Threshold[] | undefined): Threshold[] {
  const threshold = parseThreshold(text);
  if (threshold !== null) return [...(before ?? []), threshold];
  throw new InvalidArgumentError(
    "give a limit such as p99<50ms, mean<5ms, max<1s, rate>200, errors<1, timeouts<=0, non2xx<1%.",
  );
}

const serveTerms = `
SIGTERM or Ctrl-C ends the server: it accepts nothing more, and requests under way are answered. A
second one ends it at once.

Exit status: 0 every request was answered; 1 some were cut off, or the application cannot be loaded;
2 wrong usage; 70 the server ended by itself.`;

const loadTerms = `
Arrivals:
  closed    each connection sends its next request when it has its answer: without -R
  poisson   like those of many users who know nothing of each other: with -R
  constant  at equal distances

Words of the summary:
  latency       from sending to the last byte; in an open loop from the time the request was due
  sent late     how long after that it was sent: for want of a connection, or of the generator
  cut off       under way when the time was over
  not to be trusted   the generator was short of processor time, or lost count

Exit status: 0; 1 nothing was answered, or interrupted; 2 wrong usage; 3 a threshold is broken.`;
