/** What a server has done, as Prometheus reads it: text format 0.0.4, base units. */
import type { Figures } from "../runtime/counters.js";
import type { Outcome } from "./exchange.js";

/** Values of a process by the names they have in the text, labels included. They add up. */
export type Measures = Record<string, number>;

/** Upper bounds of the buckets of durations, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Kind = "counter" | "gauge" | "histogram";

/** Families in the order of the text. */
const FAMILIES: readonly [name: string, kind: Kind, help: string][] = [
  [
    "gil_held_seconds_total",
    "counter",
    "Time that threads had the GIL, the hold in progress included.",
  ],
  ["gil_wait_seconds_total", "counter", "Time that threads waited for the GIL."],
  ["gil_switches_total", "counter", "Times the GIL was given up, by reason."],
  ["gil_acquisitions_total", "counter", "Times the GIL was taken."],
  ["gil_drop_requests_total", "counter", "Times a waiter asked the holder to drop the GIL."],
  ["gil_failed_wakeups_total", "counter", "Times a woken thread found the GIL taken again."],
  ["gil_waiters", "gauge", "Threads that wait for the GIL."],
  ["http_requests_total", "counter", "Requests answered, by status; 0 is a closed connection."],
  [
    "http_request_duration_seconds",
    "histogram",
    "Time from a request's arrival to the end of its response.",
  ],
  [
    "http_request_queue_seconds",
    "histogram",
    "Time from a request's arrival until a thread took it.",
  ],
  ["http_response_bytes_total", "counter", "Bytes of response bodies."],
  ["http_requests_in_flight", "gauge", "Requests that have arrived and are not answered."],
  ["http_requests_queued", "gauge", "Requests that wait for a thread."],
  ["http_connections", "gauge", "Open connections."],
  ["python_threads", "gauge", "Python threads alive."],
  ["python_threads_idle", "gauge", "Threads of the pool that wait for a request."],
  ["python_heap_bytes", "gauge", "Bytes of the Python heap in use, arenas included."],
  ["python_heap_arenas", "gauge", "Arenas of small objects."],
  ["python_heap_arena_bytes", "gauge", "Bytes of those arenas."],
  ["python_heap_large_blocks", "gauge", "Blocks of more than 512 bytes."],
  ["python_gc_collections_total", "counter", "Runs of the cycle collector, by generation."],
  ["python_gc_collected_objects_total", "counter", "Objects that the cycle collector has freed."],
  ["python_gc_uncollectable_objects_total", "counter", "Objects that it could not free."],
  ["python_gc_seconds_total", "counter", "Time that threads spent in the cycle collector."],
  ["process_resident_memory_bytes", "gauge", "Resident memory of the worker processes."],
  ["process_cpu_seconds_total", "counter", "Processor time of the worker processes."],
  ["workers", "gauge", "Worker processes that serve."],
  ["workers_in_reserve", "gauge", "Processes that can take the place of a worker."],
  ["worker_restarts_total", "counter", "Worker processes replaced, by reason."],
];

class Histogram {
  readonly #buckets = new Array<number>(BOUNDS.length + 1).fill(0);
  #sum = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) bucket++;
    this.#buckets[bucket]++;
    this.#sum += seconds;
  }

  write(name: string, into: Measures): void {
    let count = 0;
    for (const [i, bound] of [...BOUNDS, "+Inf"].entries()) {
      count += this.#buckets[i];
      into[`${name}_bucket{le="${bound}"}`] = count;
    }
    into[`${name}_sum`] = this.#sum;
    into[`${name}_count`] = count;
  }
}

/** Counts the requests of a process. */
export class RequestCounters {
  readonly #duration = new Histogram();
  readonly #queue = new Histogram();
  readonly #statuses = new Map<number, number>();
  #bytes = 0;

  add(outcome: Outcome): void {
    const status = outcome.complete ? outcome.status : 0;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#bytes += outcome.bytes;
    this.#duration.add((outcome.ended - outcome.arrived) / 1e3);
    if (outcome.taken > 0) this.#queue.add((outcome.taken - outcome.arrived) / 1e3);
  }

  write(into: Measures): void {
    this.#duration.write("http_request_duration_seconds", into);
    this.#queue.write("http_request_queue_seconds", into);
    for (const [status, count] of this.#statuses) {
      into[`http_requests_total{status="${status}"}`] = count;
    }
    into.http_response_bytes_total = this.#bytes;
  }
}

/** What the lock, the heap and the collector of a process have done. */
export function writeFigures(figures: Figures, into: Measures): void {
  into.gil_held_seconds_total = figures.heldSeconds;
  into.gil_wait_seconds_total = figures.waitSeconds;
  for (const [reason, count] of Object.entries(figures.releases)) {
    const label = reason.replaceAll("/", "").replaceAll(" ", "_").toLowerCase();
    into[`gil_switches_total{reason="${label}"}`] = count;
  }
  into.gil_acquisitions_total = figures.acquisitions;
  into.gil_drop_requests_total = figures.dropRequests;
  into.gil_failed_wakeups_total = figures.failedWakeUps;
  into.gil_waiters = figures.waiters;
  into.python_threads = figures.threads;
  into.python_heap_bytes = figures.heapBytes;
  into.python_heap_arenas = figures.arenas;
  into.python_heap_arena_bytes = figures.arenaBytes;
  into.python_heap_large_blocks = figures.largeBlocks;
  figures.collections.forEach((count, generation) => {
    into[`python_gc_collections_total{generation="${generation}"}`] = count;
  });
  into.python_gc_collected_objects_total = figures.collected;
  into.python_gc_uncollectable_objects_total = figures.uncollectable;
  into.python_gc_seconds_total = figures.collectSeconds;
}

function familyOf(name: string): string {
  const bare = name.replace(/\{.*/, "");
  return bare.replace(/_(bucket|sum|count)$/, (suffix) =>
    FAMILIES.some(([family]) => family === bare) ? suffix : "",
  );
}

/** Is this a value that only grows, and that a process which has ended has left behind? */
function isCumulative(name: string): boolean {
  const family = familyOf(name);
  return FAMILIES.some(([known, kind]) => known === family && kind !== "gauge");
}

/** Add the values of `from` to `into`. */
export function addMeasures(into: Measures, from: Measures): void {
  for (const [name, value] of Object.entries(from)) into[name] = (into[name] ?? 0) + value;
}

/** What is left of the values of a process that has ended. */
export function lastingMeasures(measures: Measures): Measures {
  return Object.fromEntries(Object.entries(measures).filter(([name]) => isCumulative(name)));
}

/** The values as the text that Prometheus reads. */
export function formatMeasures(measures: Measures): string {
  const lines: string[] = [];
  for (const [family, kind, help] of FAMILIES) {
    const values = Object.entries(measures).filter(([name]) => familyOf(name) === family);
    if (values.length === 0) continue;
    lines.push(`# HELP ${family} ${help}`, `# TYPE ${family} ${kind}`);
    for (const [name, value] of values) lines.push(`${name} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Type of that text. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
