/** The machine that virtual time imitates, from a user's words. */

import { createVirtual, Drawing, ordinaryMachine } from "../sync/virtual.js";
import { OptionError } from "./options.js";

/** How the seed is spent: on latencies alone, or also on stalls that make rare orders likely. */
export type Schedule = "machine" | { everyNs: number } | { pct: number; lengthUs: number };

/** Options of a run in virtual time. Durations are whole microseconds. */
export interface VirtualOptions {
  /** 0 to 2^32 - 1. */
  seed: number;
  /** Virtual cores, 1 to 256; 2 unless said otherwise. */
  cores?: number;
  /** `machine` unless said otherwise. */
  schedule?: Schedule;
  /** Time slice of a thread on a core that others want; 4000. */
  quantumUs?: number;
  /** Mean time from a wake-up until the woken thread is ready; 8. */
  wakeLatencyUs?: number;
  /** Mean time of an input or output operation; 20. */
  ioLatencyUs?: number;
}

/** Stalls a PCT schedule may have. */
const MAX_STALLS = 1000;

const STALLS = /^stalls:(\d+)ns$/;
const PCT = /^pct:(\d+),(\d+)us$/;

/** Read what {@link formatSchedule} wrote; RangeError for anything else. */
export function parseSchedule(text: string): Schedule {
  if (text === "machine") return text;
  const stalls = STALLS.exec(text);
  if (stalls !== null) return { everyNs: Number(stalls[1]) };
  const pct = PCT.exec(text);
  if (pct !== null) return { pct: Number(pct[1]), lengthUs: Number(pct[2]) };
  const kinds = "machine, stalls:MEANns or pct:STALLS,LENGTHus";
  throw new RangeError(`a schedule is ${kinds}, not ${JSON.stringify(text)}`);
}

/** A schedule as one word. */
export function formatSchedule(schedule: Schedule): string {
  if (schedule === "machine") return schedule;
  if ("everyNs" in schedule) return `stalls:${schedule.everyNs}ns`;
  return `pct:${schedule.pct},${schedule.lengthUs}us`;
}

function whole(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new OptionError(`${what} must be a whole number from ${least} to ${most}, not ${value}`);
}

/**
 * The shared state of a run in virtual time whose switch interval is `intervalUs`.
 * @throws {OptionError} for an option out of range
 */
export function newVirtual(options: VirtualOptions, intervalUs: number): SharedArrayBuffer {
  const schedule = options.schedule ?? "machine";
  const stalls = schedule !== "machine" && "everyNs" in schedule ? schedule : null;
  const pct = schedule !== "machine" && "pct" in schedule ? schedule : null;
  const us = (value: number | undefined, usual: number, what: string): number =>
    value === undefined ? usual : whole(value, 0, 1e9, `${what} in µs`) * 1e3;
  const ordinary = ordinaryMachine;
  return createVirtual({
    seed: whole(options.seed, 0, 0xffffffff, "the seed") | 0,
    cores: whole(options.cores ?? ordinary.cores, 1, 256, "the number of cores"),
    quantumNs: us(options.quantumUs, ordinary.quantumNs, "the quantum"),
    wakeLatencyNs: us(options.wakeLatencyUs, ordinary.wakeLatencyNs, "the wake latency"),
    timerSlackNs: ordinary.timerSlackNs,
    ioLatencyNs: us(options.ioLatencyUs, ordinary.ioLatencyNs, "the latency of input and output"),
    drawing: pct !== null ? Drawing.Pct : stalls !== null ? Drawing.Stalls : Drawing.Machine,
    // A request needs one interval to come, and then the next check.
    stallNs: intervalUs * 3e3,
    stalls: pct === null ? 0 : whole(pct.pct, 0, MAX_STALLS, "the number of stalls"),
    lengthNs: pct === null ? 0 : whole(pct.lengthUs, 1, 1e12, "the length in µs") * 1e3,
    everyNs: stalls === null ? 0 : whole(stalls.everyNs, 1, 1e12, "the distance of stalls in ns"),
  });
}
