/**
 * `_wsgi`: requests of `takegil serve` for the threads of the program, beneath the Python side in
 * python/_wsgiserver.py. A request is a whole number, its cell (vm/host.ts). Everything that waits
 * does so without the GIL, and a write gives it away as a socket's `send` would.
 */
import { packTexts, unpackTexts } from "../base/texts.js";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import {
  bytesData,
  bytesLength,
  isBytes,
  newBytesOfLength,
  newEmptyBytes,
} from "../object/bytes.js";
import { defineModule, fast, noArgs, oneArg } from "../object/define.js";
import { dictSet, newDict } from "../object/dict.js";
import { newNone, pending, raise, typeName } from "../object/errors.js";
import { decref } from "../object/header.js";
import { asInt32, asSsize, failed, newBool, newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import { Head, TupleObject } from "../object/layout.js";
import { listGet, listSize } from "../object/list.js";
import { isTrue } from "../object/number.js";
import { getString, isStr, newStr } from "../object/str.js";
import { newTuple2 } from "../object/tuple.js";
import { T } from "../object/types.js";
import { TraceEvent } from "../trace/record.js";
import { withoutLock, withoutLockUntil } from "../vm/blocking.js";
import { emit } from "../vm/breaker.js";
import { getHost, type RequestQueue } from "../vm/host.js";
import { currentIdent } from "../vm/threadstart.js";
import { raiseOsError } from "./oserror.js";

const I32 = heap.I32;
const U8 = heap.U8;

const EPIPE = 32;
const ECONNRESET = 104;

/** Most bytes that one read copies. */
const MOST_BYTES = 1 << 16;

/** PEP 3333: what concerns one connection only is the server's business. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailers",
  "transfer-encoding",
  "upgrade",
]);

/** The server's requests; null with RuntimeError pending in a program that no server runs. */
function getQueue(): RequestQueue | null {
  const { requests } = getHost();
  if (requests === null) raise(T.RuntimeError, "the program is not run by takegil serve");
  return requests;
}

/** The number of a cell; NaN with an exception pending. */
function cellArgument(queue: RequestQueue, value: Addr): number {
  const cell = asInt32(value);
  if (Number.isNaN(cell) || queue.hasCell(cell)) return cell;
  raise(T.ValueError, `there is no request ${cell}`);
  return Number.NaN;
}

function announce(): Addr {
  const queue = getQueue();
  if (queue === null) return 0;
  queue.announce();
  return newNone();
}

/** Wait until the server says that requests may come, or closes. */
function awaitBegin(): Addr {
  const queue = getQueue();
  if (queue === null) return 0;
  const begun = withoutLockUntil((sliceMs) => (queue.awaitBegin(sliceMs) ? true : undefined));
  return begun === undefined ? 0 : newNone();
}

/** Wait for the server's end for a second: has it come? */
function awaitClosing(): Addr {
  const queue = getQueue();
  if (queue === null) return 0;
  let left = 1000;
  const closing = withoutLockUntil((sliceMs) => {
    left -= sliceMs;
    if (queue.awaitClosing(sliceMs)) return true;
    return left > 0 ? undefined : false;
  });
  return closing === undefined ? 0 : newBool(closing);
}

/** For the thread in a seat: the next request as a tuple of its cell and its environ, or None. */
function take(_: Addr, number: Addr): Addr {
  const queue = getQueue();
  const seat = queue === null ? Number.NaN : asInt32(number);
  if (queue === null || Number.isNaN(seat)) return 0;
  if (!queue.hasSeat(seat)) return raise(T.ValueError, `there is no seat ${seat}`);
  const ident = currentIdent();
  const cell = withoutLockUntil((sliceMs) => {
    const taken = queue.take(seat, ident, sliceMs);
    if (taken !== undefined && taken >= 0) emit(TraceEvent.RequestBegin, queue.requestOf(taken));
    return taken;
  });
  if (cell === undefined) return 0;
  if (cell < 0) return newNone();
  const environ = newEnviron(unpackTexts(queue.head(cell)));
  const taken = environ === 0 ? 0 : newInt(cell);
  const request = taken === 0 ? 0 : newTuple2(taken, environ);
  if (taken !== 0) decref(taken);
  if (environ !== 0) decref(environ);
  if (request === 0) finish(queue, cell, false);
  return request;
}

/** A dict of the names and values that stand in turn in `texts`. */
function newEnviron(texts: readonly string[]): Addr {
  const environ = newDict();
  for (let i = 0; environ !== 0 && i < texts.length; i += 2) {
    const key = newInterned(texts[i]);
    const value = key === 0 ? 0 : newStr(texts[i + 1]);
    const status = value === 0 ? -1 : dictSet(environ, key, value);
    if (key !== 0) decref(key);
    if (value !== 0) decref(value);
    if (status >= 0) continue;
    decref(environ);
    return 0;
  }
  return environ;
}

/** Up to so many bytes of the body, at least one; none at its end. */
function read(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read", nargs, 2, 2)) return 0;
  const queue = getQueue();
  const cell = queue === null ? Number.NaN : cellArgument(queue, I32[args]);
  const most = Number.isNaN(cell) ? Number.NaN : asSsize(I32[args + 1]);
  if (queue === null || failed(most)) return 0;
  const ready = withoutLockUntil((sliceMs) => queue.awaitBody(cell, sliceMs));
  if (ready === undefined) return 0;
  if (ready < 0) return raiseOsError(ECONNRESET);
  const count = Math.min(ready, most, MOST_BYTES);
  if (count <= 0) return newEmptyBytes();
  const bytes = newBytesOfLength(count);
  if (bytes === 0) return 0;
  const data = bytesData(bytes);
  queue.takeBody(cell, U8.subarray(data, data + count));
  return bytes;
}

/** Status and headers as texts, checked; null with an exception pending. */
function headTexts(status: Addr, headers: Addr): string[] | null {
  const wrong = (type: Addr, message: string): null => {
    raise(type, message);
    return null;
  };
  if (!isStr(status)) return wrong(T.TypeError, `status must be a str, not ${typeName(status)}`);
  const texts = [getString(status)];
  if (!/^[2-5]\d\d [^\r\n\0]*$/.test(texts[0])) {
    return wrong(T.ValueError, `status must be like '200 OK', not ${JSON.stringify(texts[0])}`);
  }
  if (I32[headers + Head.Type] !== T.List) {
    return wrong(T.TypeError, `headers must be a list of tuples, not ${typeName(headers)}`);
  }
  for (let i = 0; i < listSize(headers); i++) {
    const pair = listGet(headers, i);
    const items = pair + TupleObject.Items;
    const isPair = I32[pair + Head.Type] === T.Tuple && I32[pair + TupleObject.Size] === 2;
    if (!isPair || !isStr(I32[items]) || !isStr(I32[items + 2])) {
      return wrong(T.TypeError, "a header must be a tuple of two str objects");
    }
    const name = getString(I32[items]);
    const value = getString(I32[items + 2]);
    if (!/^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/.test(name)) {
      return wrong(T.ValueError, `no name of a header: ${JSON.stringify(name)}`);
    }
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      return wrong(T.ValueError, `the header ${name} has a character that no header may have`);
    }
    if (HOP_BY_HOP.has(name.toLowerCase())) {
      return wrong(T.AssertionError, `Hop-by-hop header, '${name}: ${value}', not allowed`);
    }
    texts.push(name, value);
  }
  return texts;
}

/** Raise what is wrong with a status and headers. */
function checkHead(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("check_head", nargs, 2, 2)) return 0;
  return headTexts(I32[args], I32[args + 1]) === null ? 0 : newNone();
}

/** Set status and headers: they leave with the first bytes of the response. */
function begin(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("begin", nargs, 3, 3)) return 0;
  const queue = getQueue();
  const cell = queue === null ? Number.NaN : cellArgument(queue, I32[args]);
  if (queue === null || Number.isNaN(cell)) return 0;
  const texts = headTexts(I32[args + 1], I32[args + 2]);
  if (texts === null) return 0;
  const packed = packTexts(texts);
  if (packed === null) return raise(T.ValueError, "status and headers must be Latin-1");
  if (!queue.beginResponse(cell, packed)) return raise(T.ValueError, "the headers are too long");
  return newNone();
}

/** Write all of a bytes object, and end the response when it is the last one. */
function write(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("write", nargs, 3, 3)) return 0;
  const queue = getQueue();
  const cell = queue === null ? Number.NaN : cellArgument(queue, I32[args]);
  const data = I32[args + 1];
  const last = isTrue(I32[args + 2]);
  if (queue === null || Number.isNaN(cell) || last < 0) return 0;
  if (!isBytes(data)) {
    return raise(T.TypeError, `write() argument must be a bytes object, not ${typeName(data)}`);
  }
  const end = bytesData(data) + bytesLength(data);
  let at = bytesData(data);
  const written = withoutLockUntil((sliceMs) => {
    const count = queue.write(cell, U8.subarray(at, end), sliceMs);
    if (count !== undefined && count < 0) return false;
    at += count ?? 0;
    if (at < end) {
      if (count !== undefined) queue.flush(cell);
      return undefined;
    }
    if (last > 0) endResponse(queue, cell, true);
    else queue.flush(cell);
    return true;
  });
  if (written === undefined) return 0;
  return written ? newNone() : raiseOsError(EPIPE);
}

/** Note the end of the response and give the cell back. */
function endResponse(queue: RequestQueue, cell: number, complete: boolean): void {
  emit(TraceEvent.RequestEnd, queue.requestOf(cell));
  queue.finish(cell, complete);
}

function finish(queue: RequestQueue, cell: number, complete: boolean): void {
  withoutLock(() => endResponse(queue, cell, complete));
}

/** End the response: complete, or cut off. */
function finishRequest(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("finish", nargs, 2, 2)) return 0;
  const queue = getQueue();
  const cell = queue === null ? Number.NaN : cellArgument(queue, I32[args]);
  const complete = isTrue(I32[args + 1]);
  if (queue === null || Number.isNaN(cell) || complete < 0) return 0;
  finish(queue, cell, complete > 0);
  return pending() ? 0 : newNone();
}

/** Does nobody wait for the response any more? */
function isAborted(_: Addr, number: Addr): Addr {
  const queue = getQueue();
  const cell = queue === null ? Number.NaN : cellArgument(queue, number);
  if (queue === null || Number.isNaN(cell)) return 0;
  return newBool(queue.isAborted(cell));
}

defineModule({
  name: "_wsgi",
  doc: "Requests of takegil serve.",
  functions: [
    noArgs("announce", announce),
    noArgs("await_begin", awaitBegin),
    noArgs("await_closing", awaitClosing),
    oneArg("take", take),
    fast("read", read),
    fast("check_head", checkHead),
    fast("begin", begin),
    fast("write", write),
    fast("finish", finishRequest),
    oneArg("is_aborted", isAborted),
  ],
});
