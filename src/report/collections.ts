/** The cycle collector's part of a trace: when it ran, for which generation, and what it found. */
import type { History } from "../trace/history.js";
import { TraceEvent } from "../trace/record.js";

/** One collection; times in ns. */
export interface Collection {
  readonly ident: number;
  readonly from: number;
  readonly to: number;
  readonly generation: number;
  /** Objects it looked at; 0 when the record was lost. */
  readonly examined: number;
  /** Objects it found unreachable. */
  readonly collected: number;
}

/** The collections of one generation together. */
export interface CollectionStatistics {
  readonly generation: number;
  readonly count: number;
  readonly seconds: number;
  readonly examined: number;
  readonly collected: number;
  readonly maxSeconds: number;
}

/** All collections that ended within the trace, by their end. */
export function newCollections(history: History): Collection[] {
  const open = new Map<number, { from: number; generation: number; examined: number }>();
  const collections: Collection[] = [];
  for (let i = 0; i < history.length; i++) {
    const ident = history.ident[i];
    const argument = history.argument[i];
    switch (history.event[i]) {
      case TraceEvent.CollectBegin:
        open.set(ident, { from: history.time[i], generation: argument, examined: 0 });
        break;
      case TraceEvent.CollectSize: {
        const begun = open.get(ident);
        if (begun !== undefined) begun.examined = argument;
        break;
      }
      case TraceEvent.CollectEnd: {
        const begun = open.get(ident);
        if (begun === undefined) break;
        open.delete(ident);
        collections.push({ ident, ...begun, to: history.time[i], collected: argument });
        break;
      }
    }
  }
  return collections;
}

/** Sums by generation, the youngest first; generations that were never collected are left out. */
export function sumCollections(collections: readonly Collection[]): CollectionStatistics[] {
  const generations = [...new Set(collections.map(({ generation }) => generation))];
  return generations
    .sort((a, b) => a - b)
    .map((generation) => {
      const mine = collections.filter((one) => one.generation === generation);
      const sum = (part: (one: Collection) => number): number =>
        mine.reduce((total, one) => total + part(one), 0);
      return {
        generation,
        count: mine.length,
        seconds: sum(({ from, to }) => to - from) / 1e9,
        examined: sum(({ examined }) => examined),
        collected: sum(({ collected }) => collected),
        maxSeconds: mine.reduce((most, { from, to }) => Math.max(most, to - from), 0) / 1e9,
      };
    });
}
