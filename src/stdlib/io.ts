/** The module `_io`: the native streams, and `open`. */
import type { Addr } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { defineModule, keywords } from "../object/define.js";
import { raise, raiseStatus, restorePending, takePending, typeName } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asInt32, isInt, newInt } from "../object/int.js";
import { isTrue } from "../object/number.js";
import { getString, isStr } from "../object/str.js";
import { S, T } from "../object/types.js";
import { newBuffered } from "./bufferedtypes.js";
import { blockSizeOf, closeFile, isFileTerminal, newFile, pathObject } from "./fileio.js";
import { DEFAULT_BUFFER_SIZE } from "./iobase.js";
import { setModuleItem } from "./moduletypes.js";
import { type Newline, readNewline } from "./newlines.js";
import { newTextWrapper, setTextMode } from "./textwrapper.js";

const ID_r = identifier("r");

/** The arguments of `open`, examined. */
interface Request {
  /** The argument `mode`, 0: absent. */
  mode: Addr;
  /** For FileIO. */
  rawMode: string;
  binary: boolean;
  buffering: number;
  /** 0: absent or None. */
  encoding: Addr;
  errors: Addr;
  newline: Newline;
  closefd: boolean;
  opener: Addr;
}

const NAMES = ["file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"];

function refuse(message: string): null {
  raise(T.ValueError, message);
  return null;
}

/** An argument that is a str or None: 0 for None, -1 with TypeError pending. */
function optionalText(value: Addr, name: string): Addr {
  if (value === 0 || value === S.None) return 0;
  if (isStr(value)) return value;
  const found = typeName(value);
  return raiseStatus(T.TypeError, `open() argument '${name}' must be str or None, not ${found}`);
}

/** What is wrong with a mode, or null. */
function modeProblem(mode: string): string | null {
  if (/[^axrwb+t]/.test(mode) || new Set(mode).size < mode.length) return `invalid mode: '${mode}'`;
  if (mode.includes("t") && mode.includes("b")) {
    return "can't have text and binary mode at once";
  }
  if (mode.replace(/[bt+]/g, "").length > 1) {
    return "must have exactly one of create/read/write/append mode";
  }
  return null;
}

/** What an argument that only text files have asks of a binary one; null: nothing. */
function binaryProblem(encoding: Addr, errors: Addr, newline: Addr): string | null {
  const given = [
    ["an encoding", encoding],
    ["an errors", errors],
    ["a newline", newline],
  ] as const;
  const wrong = given.find(([, value]) => value !== 0);
  return wrong === undefined ? null : `binary mode doesn't take ${wrong[0]} argument`;
}

/** Examine the arguments in `given`; null with an exception pending. */
function readRequest(given: Int32Array): Request | null {
  const [, mode, bufferingArgument] = given;
  if (mode !== 0 && !isStr(mode)) {
    raise(T.TypeError, `open() argument 'mode' must be str, not ${typeName(mode)}`);
    return null;
  }
  const buffering = bufferingArgument === 0 ? -1 : asInt32(bufferingArgument);
  if (Number.isNaN(buffering)) return null;
  const encoding = optionalText(given[3], "encoding");
  const errors = encoding < 0 ? -1 : optionalText(given[4], "errors");
  const newlineText = errors < 0 ? -1 : optionalText(given[5], "newline");
  const closefd = newlineText < 0 ? -1 : given[6] === 0 ? 1 : isTrue(given[6]);
  if (closefd < 0) return null;
  const text = mode === 0 ? "r" : getString(mode);
  const binary = text.includes("b");
  const problem =
    modeProblem(text) ?? (binary ? binaryProblem(encoding, errors, newlineText) : null);
  if (problem !== null) return refuse(problem);
  const newline = readNewline(newlineText, "", "str");
  if (newline < 0) return null;
  const rawMode = text.replace(/[bt]/g, "");
  const opener = given[7];
  return {
    mode,
    rawMode,
    binary,
    buffering,
    encoding,
    errors,
    newline,
    closefd: closefd === 1,
    opener,
  };
}

/** The streams over `raw` (given away) that `request` asks for; 0 with an exception pending. */
function wrap(raw: Addr, request: Request): Addr {
  let { buffering } = request;
  let lines = false;
  if (buffering < 0) {
    const terminal = isFileTerminal(raw);
    if (terminal < 0) return 0;
    lines = terminal === 1;
  }
  if (buffering === 1) lines = true;
  if (buffering < 0 || lines) buffering = blockSizeOf(raw);
  if (buffering === 0) {
    if (request.binary) return incref(raw);
    return raise(T.ValueError, "can't have unbuffered text I/O");
  }
  const { rawMode } = request;
  const type = rawMode.includes("+")
    ? T.BufferedRandom
    : rawMode === "r"
      ? T.BufferedReader
      : T.BufferedWriter;
  const buffer = newBuffered(type, raw, buffering);
  if (buffer === 0 || request.binary) return buffer;
  const { encoding, errors, newline } = request;
  const stream = newTextWrapper(buffer, encoding, errors, newline, lines);
  if (stream !== 0) setTextMode(stream, request.mode === 0 ? ID_r : request.mode);
  else closeOn(raw);
  decref(buffer);
  return stream;
}

/** Close what was opened in vain; the pending exception stays. */
function closeOn(raw: Addr): void {
  const error = takePending();
  if (closeFile(raw) < 0) decref(takePending());
  restorePending(error);
}

const given = new Int32Array(8);

/** `open(…)`; the system calls are those of I8. */
export function openStream(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("open", args, nargs, kwnames, NAMES, 1, given)) return 0;
  const file = given[0];
  const request = readRequest(given);
  if (request === null) return 0;
  const path = isInt(file) ? incref(file) : pathObject(file);
  if (path === 0) return 0;
  const raw = newFile(path, request.rawMode, request.closefd, request.opener);
  decref(path);
  if (raw === 0) return 0;
  const stream = wrap(raw, request);
  if (stream === 0) closeOn(raw);
  decref(raw);
  return stream;
}

const TYPES: readonly (readonly [string, Addr])[] = [
  ["_IOBase", T.IOBase],
  ["_RawIOBase", T.RawIOBase],
  ["_BufferedIOBase", T.BufferedIOBase],
  ["_TextIOBase", T.TextIOBase],
  ["FileIO", T.FileIO],
  ["BytesIO", T.BytesIO],
  ["StringIO", T.StringIO],
  ["BufferedReader", T.BufferedReader],
  ["BufferedWriter", T.BufferedWriter],
  ["BufferedRandom", T.BufferedRandom],
  ["BufferedRWPair", T.BufferedRWPair],
  ["TextIOWrapper", T.TextIOWrapper],
  ["UnsupportedOperation", T.UnsupportedOperation],
  ["BlockingIOError", T.BlockingIOError],
];

defineModule({
  name: "_io",
  doc: "The streams of module io.",
  functions: [keywords("open", openStream)],
  setup: (_module, dict) => {
    for (const [name, type] of TYPES) if (setModuleItem(dict, name, type) < 0) return -1;
    const size = newInt(DEFAULT_BUFFER_SIZE);
    const status = size === 0 ? -1 : setModuleItem(dict, "DEFAULT_BUFFER_SIZE", size);
    if (size !== 0) decref(size);
    return status;
  },
});
