/** Words of the command line that stand for numbers. */
import { InvalidArgumentError } from "commander";
import { type MallocName, mallocNames } from "../memory/geometry.js";

/** Most snapshots of a run. */
const MOST_PLACES = 100;

const DURATION_US: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6 };

/** `5ms`, `100us`, `0.5s` as whole microseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (match === null) {
    throw new InvalidArgumentError("give a duration with its unit, such as 5ms, 100us or 1s.");
  }
  const us = Math.trunc(Number(match[1]) * DURATION_US[match[2]]);
  if (us < 1) throw new InvalidArgumentError("the shortest duration is 1us.");
  if (us > 1e12) throw new InvalidArgumentError("the longest duration is 1000000s.");
  return us;
}

/** `1.25s`, `400ms`, `0s`: a time of a run, in seconds. */
export function time(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (match === null) throw new InvalidArgumentError("give a time with its unit, such as 1.25s.");
  return (Number(match[1]) * DURATION_US[match[2]]) / 1e6;
}

const SIZE_BYTES: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `256m`, `1g`, `8388608` as bytes. */
export function size(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)(?:i?b)?$/i.exec(text);
  if (match === null) throw new InvalidArgumentError("give a size such as 256m or 1g.");
  return Math.floor(Number(match[1]) * (SIZE_BYTES[match[2].toLowerCase()] ?? 1));
}

/** A line of a program, of which pass, or of a module's file. */
export interface Place {
  file?: string;
  line: number;
  pass: number;
}

/** `12` or `12:3`, the third pass of line 12, or `module.py:12:3`; collected into a list. */
export function place(text: string, before: Place[] | undefined): Place[] {
  const match = /^(?:(.*[^\d:].*?):)?(\d+)(?::(\d+))?$/.exec(text);
  const line = Number(match?.[2]);
  const pass = Number(match?.[3] ?? 1);
  if (!(line >= 1 && pass >= 1 && line < 2 ** 31 && pass < 2 ** 31)) {
    const forms = "a line such as 12, 12:3 for its third pass, or module.py:12";
    throw new InvalidArgumentError(`give ${forms}.`);
  }
  const all = before ?? [];
  if (all.length >= MOST_PLACES) {
    throw new InvalidArgumentError(`give at most ${MOST_PLACES} lines.`);
  }
  const file = match?.[1];
  return [...all, file === undefined ? { line, pass } : { file, line, pass }];
}

/** `3:17`: pool 17 of arena 3. */
export function poolName(text: string): { arena: number; pool: number } {
  const match = /^(\d+):(\d+)$/.exec(text);
  if (match === null) {
    throw new InvalidArgumentError("give arena and pool as the figure does, such as 3:17.");
  }
  return { arena: Number(match[1]), pool: Number(match[2]) };
}

/** `2`: how many cores; `0,1` or `3,`: which. */
export function cores(text: string): number | number[] {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  if (/^\d+(,\d+)*,?$/.test(text) && text.includes(",")) {
    return text.replace(/,$/, "").split(",").map(Number);
  }
  throw new InvalidArgumentError(
    "give a number of cores such as 1, or a list of them such as 0,1.",
  );
}

/** A whole number above 0. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("give a whole number above 0.");
  }
  return value;
}

/** An allocator's name; CPython's names for the same in PYTHONMALLOC are known too. */
export function allocatorName(text: string): MallocName {
  if (text === "" || text === "default") return "pymalloc";
  if (text === "pymalloc_debug") return "debug";
  const name = mallocNames.find((known) => known === text);
  if (name === undefined) throw new InvalidArgumentError(`give ${mallocNames.join(" or ")}.`);
  return name;
}

/** Any whole number. */
export function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value)) {
    throw new InvalidArgumentError("give a whole number.");
  }
  return value;
}

/** A seed: a whole number from 0 to 2^32 - 1. */
export function seed(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 0xffffffff) {
    throw new InvalidArgumentError("give a whole number from 0 to 4294967295.");
  }
  return value;
}

/** `127.0.0.1:8000`, `[::1]:8000`, `:8000`: where to listen. */
export function address(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):(\d+)$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    throw new InvalidArgumentError("give an address such as 127.0.0.1:8000 or :8000.");
  }
  return { host: (match[1] ?? match[2]) || "0.0.0.0", port };
}

/** `2/5`: the second of five shards. */
export function shard(text: string): { index: number; of: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!(index >= 1 && index <= of)) {
    throw new InvalidArgumentError("give a shard and their number, such as 2/5.");
  }
  return { index, of };
}

/** `p99:5%`: metrics whose name has p99 in it may be 5 % worse. */
export function threshold(text: string): { text: string; metric: string; part: number } {
  const match = /^([\w-]+):(\d+(?:\.\d+)?)%$/.exec(text);
  if (match === null) throw new InvalidArgumentError("give a metric and a part, such as p99:5%.");
  return { text, metric: match[1], part: Number(match[2]) / 100 };
}

/** `127.0.0.1:9100`, or a path of the server itself such as `/metrics`. */
export function addressOrPath(text: string): string | { host: string; port: number } {
  if (/^\/[^\s?#]*$/.test(text)) return text;
  return address(text);
}
