/**
 * Files that pyperf reads (`pyperf show`, `check`, `compare_to`): its JSON format, version 1.0. A
 * run is one process; its values are seconds, or bytes, or plain numbers.
 */

/** One process's values. */
export interface PyperfRun {
  readonly values: readonly number[];
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** A benchmark with its runs. */
export interface PyperfBenchmark {
  readonly name: string;
  readonly unit: "second" | "byte" | "integer";
  readonly runs: readonly PyperfRun[];
  /** What is true of all runs. */
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** Write benchmarks as pyperf does. It refuses values that are not above 0: they are left out. */
export function toPyperf(benchmarks: readonly PyperfBenchmark[]): string {
  const content = benchmarks.map(({ name, unit, runs, metadata }) => ({
    metadata: { ...metadata, name, unit },
    runs: runs
      .map((run) => ({
        metadata: run.metadata,
        values: run.values.filter((value) => value > 0 && Number.isFinite(value)),
      }))
      .filter(({ values }) => values.length > 0),
  }));
  const kept = content.filter(({ runs }) => runs.length > 0);
  return `${JSON.stringify({ benchmarks: kept, version: "1.0" })}\n`;
}
