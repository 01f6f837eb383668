/**
 * The `time` module: clocks, sleeping without the GIL (I2), calendar conversions. Local time is
 * that of the process's time zone, as JavaScript's Date knows it.
 */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { getAttr, setAttr } from "../object/attribute.js";
import { callObject } from "../object/call.js";
import { defineModule, fast, noArgs, oneArg } from "../object/define.js";
import { newNone, pending, raise, typeName } from "../object/errors.js";
import { asDouble, newFloat } from "../object/float.js";
import { decref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asInt32, newInt, newIntFromBig } from "../object/int.js";
import { TupleObject, TypeFlag } from "../object/layout.js";
import { getString, isStr, newStr } from "../object/str.js";
import { newTuple2 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { sleep } from "../vm/blocking.js";
import { importPath } from "../vm/import.js";
import { monotonicNs, processNs, threadNs, wallNs } from "../vm/machine.js";
import { secondsOf } from "./locks.js";
import { setModuleItem } from "./moduletypes.js";
import { newStructSequence } from "./structsequence.js";

const ID_tzname = identifier("tzname");
const ID_readStructTime = identifier("read_struct_time");

const I32 = heap.I32;

function timeSleep(_: Addr, value: Addr): Addr {
  const seconds = secondsOf(value);
  if (Number.isNaN(seconds)) return 0;
  if (seconds < 0) return raise(T.ValueError, "sleep length must be non-negative");
  return sleep(seconds * 1e3) < 0 ? 0 : newNone();
}

function wallSeconds(): number {
  return Number(wallNs()) / 1e9;
}

function today(): Date {
  return new Date(wallSeconds() * 1e3);
}

function seconds(nanoseconds: () => bigint): () => Addr {
  return () => newFloat(Number(nanoseconds()) / 1e9);
}

function whole(nanoseconds: () => bigint): () => Addr {
  return () => newIntFromBig(nanoseconds());
}

function newStructTime(fields: readonly number[]): Addr {
  return newStructSequence(T.StructTime, fields.map(newInt));
}

/** Seconds since the epoch from an optional argument; NaN with an exception pending. */
function secondsArgument(fname: string, args: Addr, nargs: number): number {
  if (!checkArity(fname, nargs, 0, 1)) return Number.NaN;
  if (nargs === 0 || I32[args] === S.None) return Math.floor(wallSeconds());
  const seconds = asDouble(I32[args]);
  if (pending()) return Number.NaN;
  if (!(Math.abs(seconds) <= 8.64e12)) {
    raise(T.OverflowError, "timestamp out of range for platform time_t");
    return Number.NaN;
  }
  return Math.floor(seconds);
}

const DAY_MS = 86400e3;

/** The nine fields of a struct_time in CPython's meaning (Monday is 0, months from 1). */
function fieldsOf(date: Date, utc: boolean): number[] {
  const year = utc ? date.getUTCFullYear() : date.getFullYear();
  const month = utc ? date.getUTCMonth() : date.getMonth();
  const day = utc ? date.getUTCDate() : date.getDate();
  const weekday = ((utc ? date.getUTCDay() : date.getDay()) + 6) % 7;
  const yearDay = Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / DAY_MS) + 1;
  return [
    year,
    month + 1,
    day,
    utc ? date.getUTCHours() : date.getHours(),
    utc ? date.getUTCMinutes() : date.getMinutes(),
    utc ? date.getUTCSeconds() : date.getSeconds(),
    weekday,
    yearDay,
    utc ? 0 : isDaylightSaving(date) ? 1 : 0,
  ];
}

function isDaylightSaving(date: Date): boolean {
  const year = date.getFullYear();
  const january = new Date(year, 0, 1).getTimezoneOffset();
  const july = new Date(year, 6, 1).getTimezoneOffset();
  return january !== july && date.getTimezoneOffset() === Math.min(january, july);
}

function timeGmtime(_: Addr, args: Addr, nargs: number): Addr {
  const seconds = secondsArgument("gmtime", args, nargs);
  return Number.isNaN(seconds) ? 0 : newStructTime(fieldsOf(new Date(seconds * 1e3), true));
}

function timeLocaltime(_: Addr, args: Addr, nargs: number): Addr {
  const seconds = secondsArgument("localtime", args, nargs);
  return Number.isNaN(seconds) ? 0 : newStructTime(fieldsOf(new Date(seconds * 1e3), false));
}

/** The fields of a time tuple argument, or null with an exception pending. */
function fieldsArgument(value: Addr): number[] | null {
  const isTuple = isKindOf(value, TypeFlag.TupleSubclass);
  if (!isTuple) {
    raise(T.TypeError, "Tuple or struct_time argument required");
    return null;
  }
  if (I32[value + TupleObject.Size] < 9) {
    raise(T.TypeError, "function takes exactly 9 arguments");
    return null;
  }
  const fields: number[] = [];
  for (let i = 0; i < 9; i++) {
    const field = asInt32(I32[value + TupleObject.Items + 2 * i]);
    if (Number.isNaN(field)) return null;
    fields.push(field);
  }
  return fields;
}

function timeMktime(_: Addr, value: Addr): Addr {
  const fields = fieldsArgument(value);
  if (fields === null) return 0;
  const [year, month, day, hour, minute, second] = fields;
  return newFloat(Math.floor(new Date(year, month - 1, day, hour, minute, second).getTime() / 1e3));
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** The moment of fields that are local time. */
function dateOf(f: readonly number[]): Date {
  return new Date(f[0], f[1] - 1, f[2], f[3], f[4], f[5]);
}

/** +hhmm. */
function offsetText(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return (minutes < 0 ? "-" : "+") + two(Math.floor(size / 60)) + two(size % 60);
}

/** The short name of the local zone at `date`: UTC, CET … */
function zoneName(date: Date): string {
  const january = new Date(date.getFullYear(), 0, 1).getTimezoneOffset();
  const july = new Date(date.getFullYear(), 6, 1).getTimezoneOffset();
  if (january === 0 && july === 0 && /^(UTC)?$/.test(process.env.TZ ?? "")) return "UTC";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone === "UTC" || zone === "Etc/UTC") return "UTC";
  const locale = zone.startsWith("America/") ? "en-US" : "en-GB";
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts(date);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** Year and week of ISO 8601. */
function isoWeek(f: readonly number[]): [number, number] {
  const [year, , , , , , weekday, yearDay] = f;
  // The Thursday of the week says which year it belongs to.
  const thursday = yearDay + 3 - weekday;
  const days = (y: number): number => (y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 366 : 365);
  if (thursday < 1) return [year - 1, Math.floor((thursday + days(year - 1) - 1) / 7) + 1];
  if (thursday > days(year)) return [year + 1, 1];
  return [year, Math.floor((thursday - 1) / 7) + 1];
}

/** Expand the directives of strftime(3) in the C locale; unknown ones stay as they are. */
function expand(format: string, f: readonly number[]): string {
  const [year, month, day, hour, minute, second, weekday, yearDay] = f;
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const sunday = (weekday + 1) % 7;
  return format.replace(/%(.)/gs, (whole, directive: string) => {
    switch (directive) {
      case "Y":
        return String(year);
      case "y":
        return two(year % 100);
      case "m":
        return two(month);
      case "d":
        return two(day);
      case "e":
        return String(day).padStart(2);
      case "H":
        return two(hour);
      case "I":
        return two(hour12);
      case "M":
        return two(minute);
      case "S":
        return two(second);
      case "p":
        return hour < 12 ? "AM" : "PM";
      case "j":
        return String(yearDay).padStart(3, "0");
      case "A":
        return DAYS[weekday];
      case "a":
        return DAYS[weekday].slice(0, 3);
      case "B":
        return MONTHS[month - 1];
      case "b":
      case "h":
        return MONTHS[month - 1].slice(0, 3);
      case "w":
        return String(sunday);
      case "u":
        return String(weekday + 1);
      case "U":
        return two(Math.floor((yearDay + 6 - sunday) / 7));
      case "W":
        return two(Math.floor((yearDay + 6 - weekday) / 7));
      case "D":
      case "x":
        return expand("%m/%d/%y", f);
      case "F":
        return expand("%Y-%m-%d", f);
      case "T":
      case "X":
        return expand("%H:%M:%S", f);
      case "R":
        return expand("%H:%M", f);
      case "c":
        return expand("%a %b %e %H:%M:%S %Y", f);
      case "r":
        return expand("%I:%M:%S %p", f);
      case "G":
        return String(isoWeek(f)[0]);
      case "g":
        return two(isoWeek(f)[0] % 100);
      case "V":
        return two(isoWeek(f)[1]);
      case "C":
        return two(Math.floor(year / 100));
      case "k":
        return String(hour).padStart(2);
      case "l":
        return String(hour12).padStart(2);
      case "P":
        return hour < 12 ? "am" : "pm";
      case "z":
        return offsetText(dateOf(f));
      case "Z":
        return zoneName(dateOf(f));
      case "n":
        return "\n";
      case "t":
        return "\t";
      case "%":
        return "%";
      default:
        return whole;
    }
  });
}

function timeStrftime(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("strftime", nargs, 1, 2)) return 0;
  if (!isStr(I32[args])) {
    const kind = typeName(I32[args]);
    return raise(T.TypeError, `strftime() argument 1 must be str, not ${kind}`);
  }
  const fields = nargs === 2 ? fieldsArgument(I32[args + 1]) : fieldsOf(today(), false);
  return fields === null ? 0 : newStr(expand(getString(I32[args]), fields));
}

/** `strptime(text, format)`, which is written in Python. */
function timeStrptime(_: Addr, args: Addr, nargs: number): Addr {
  const module = importPath("_strptime");
  const read = module === 0 ? 0 : getAttr(module, ID_readStructTime);
  if (module !== 0) decref(module);
  if (read === 0) return 0;
  const result = callObject(read, args, nargs, 0);
  decref(read);
  return result;
}

function asctimeOf(f: readonly number[]): Addr {
  return newStr(expand("%a %b %e %H:%M:%S %Y", f));
}

function timeAsctime(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("asctime", nargs, 0, 1)) return 0;
  const fields = nargs === 1 ? fieldsArgument(I32[args]) : fieldsOf(today(), false);
  return fields === null ? 0 : asctimeOf(fields);
}

function timeCtime(_: Addr, args: Addr, nargs: number): Addr {
  const seconds = secondsArgument("ctime", args, nargs);
  return Number.isNaN(seconds) ? 0 : asctimeOf(fieldsOf(new Date(seconds * 1e3), false));
}

/** Names of the zone in winter and in summer. */
function newTzname(year: number): Addr {
  const first = newStr(zoneName(new Date(year, 0, 1)));
  const second = newStr(zoneName(new Date(year, 6, 1)));
  const pair = first === 0 || second === 0 ? 0 : newTuple2(first, second);
  if (first !== 0) decref(first);
  if (second !== 0) decref(second);
  return pair;
}

/** `tzname` is made when it is asked for: the names of zones take JavaScript long to find. */
function lateAttribute(module: Addr, name: Addr): Addr {
  const text = isStr(name) ? getString(name) : "";
  if (text !== "tzname") {
    return raise(T.AttributeError, `module 'time' has no attribute '${text}'`);
  }
  const names = newTzname(today().getFullYear());
  if (names === 0) return 0;
  if (setAttr(module, ID_tzname, names) === 0) return names;
  decref(names);
  return 0;
}

function setup(_module: Addr, dict: Addr): number {
  const now = today();
  const january = new Date(now.getFullYear(), 0, 1).getTimezoneOffset();
  const july = new Date(now.getFullYear(), 6, 1).getTimezoneOffset();
  const constants: Record<string, number> = {
    timezone: Math.max(january, july) * 60,
    altzone: Math.min(january, july) * 60,
    daylight: january === july ? 0 : 1,
  };
  for (const [name, value] of Object.entries(constants)) {
    const number = newInt(value);
    if (number === 0) return -1;
    const status = setModuleItem(dict, name, number);
    decref(number);
    if (status < 0) return -1;
  }
  return setModuleItem(dict, "struct_time", T.StructTime);
}

defineModule({
  name: "time",
  doc: "This module provides various functions to manipulate time values.",
  functions: [
    noArgs("time", seconds(wallNs)),
    noArgs("time_ns", whole(wallNs)),
    noArgs("perf_counter", seconds(monotonicNs)),
    noArgs("perf_counter_ns", whole(monotonicNs)),
    noArgs("monotonic", seconds(monotonicNs)),
    noArgs("monotonic_ns", whole(monotonicNs)),
    noArgs("process_time", seconds(processNs)),
    noArgs("process_time_ns", whole(processNs)),
    noArgs("thread_time", seconds(threadNs)),
    noArgs("thread_time_ns", whole(threadNs)),
    oneArg("sleep", timeSleep),
    fast("gmtime", timeGmtime),
    fast("localtime", timeLocaltime),
    oneArg("mktime", timeMktime),
    fast("strftime", timeStrftime),
    fast("strptime", timeStrptime),
    oneArg("__getattr__", lateAttribute),
    fast("asctime", timeAsctime),
    fast("ctime", timeCtime),
  ],
  setup,
});
