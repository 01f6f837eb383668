/**
 * `_select`: waiting for several descriptors, by `poll` and by epoll. A wait is one release of the
 * GIL, also one that is over at once, and goes on for what is left of its time when a signal
 * handler ran meanwhile (I16).
 */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { defineModule, fast, oneArg } from "../object/define.js";
import { dictKeyAt, dictNext, dictSize, dictValueAt, isDict } from "../object/dict.js";
import { newNone, raise } from "../object/errors.js";
import { asDouble } from "../object/float.js";
import { decref } from "../object/header.js";
import { asInt32, intToNumber, newInt } from "../object/int.js";
import { listAppendSteal, newList } from "../object/list.js";
import { S, T } from "../object/types.js";
import { ReleaseReason } from "../trace/record.js";
import {
  CALL_SLICE_MS,
  deadlineAfter,
  endRest,
  isInterrupted,
  msUntil,
  rest,
  systemWait,
} from "../vm/blocking.js";
import { dropLock, handleBreaker, takeLock } from "../vm/breaker.js";
import { passIo } from "../vm/machine.js";
import { raiseOsError } from "./oserror.js";
import { type Access, Scratch, socketAccess, tupleOf } from "./socketaddress.js";
import { callSystem, Errno } from "./socketcalls.js";

const I32 = heap.I32;

/** Memory for `count` entries of `words` words each, and its place in the process. */
interface Table {
  words: Int32Array;
  base: number;
}

function newTable(to: Access, count: number, words: number): Table {
  const table = new Int32Array(new ArrayBuffer(Math.max(count * words, 64) * 4));
  return { words: table, base: to.libc.address(table) };
}

/**
 * Wait with `call`, which waits for so many ms at most, until it gives something other than 0 or
 * the time is over: that, or -1 with an exception pending.
 */
function wait(to: Access, timeoutMs: number, call: (sliceMs: number) => number): number {
  const deadline = deadlineAfter(timeoutMs);
  for (;;) {
    dropLock(ReleaseReason.BlockingIo);
    let result: number;
    let left: number;
    for (;;) {
      left = Math.max(msUntil(deadline), 0);
      result = call(systemWait(Math.min(left, CALL_SLICE_MS)));
      if (result !== 0 || left === 0 || isInterrupted()) break;
      rest();
    }
    const errno = result < 0 ? to.libc.errno() : 0;
    endRest();
    passIo();
    takeLock();
    if (result > 0) return result;
    if (errno !== 0 && errno !== Errno.Interrupted) {
      raiseOsError(errno);
      return -1;
    }
    if (handleBreaker() < 0) return -1;
    if (left === 0) return 0;
  }
}

/** A timeout in milliseconds: None waits for ever. NaN with an exception pending. */
function timeoutArgument(value: Addr): number {
  return value === S.None ? Number.POSITIVE_INFINITY : asDouble(value);
}

/** Append the pair to the list; false with the list gone and an exception pending. */
function appendPair(list: Addr, fd: number, events: number): boolean {
  const pair = tupleOf(newInt(fd), newInt(events));
  if (pair !== 0 && listAppendSteal(list, pair) >= 0) return true;
  decref(list);
  return false;
}

/** Fill the table from a dict of descriptors and events. */
function fill(words: Int32Array, interest: Addr): number {
  let count = 0;
  for (let pos = dictNext(interest, 0); pos >= 0; pos = dictNext(interest, pos + 1)) {
    words[2 * count] = intToNumber(dictKeyAt(interest, pos));
    words[2 * count + 1] = intToNumber(dictValueAt(interest, pos)) & 0xffff;
    count++;
  }
  return count;
}

/** `poll(interest, timeout)`: pairs of the descriptors that are ready and their events. */
function poll(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("poll", nargs, 2, 2)) return 0;
  const interest = I32[args];
  if (!isDict(interest)) return raise(T.TypeError, "poll() argument 1 must be a dict");
  const timeout = timeoutArgument(I32[args + 1]);
  const to = Number.isNaN(timeout) ? null : socketAccess();
  if (to === null) return 0;
  const table = newTable(to, dictSize(interest), 2);
  const count = fill(table.words, interest);
  const ready = wait(to, timeout, (ms) => to.calls.poll(table.base, count, ms));
  const list = ready < 0 ? 0 : newList(0);
  for (let i = 0; list !== 0 && i < count; i++) {
    const events = table.words[2 * i + 1] >>> 16;
    if (events !== 0 && !appendPair(list, table.words[2 * i], events)) return 0;
  }
  return list;
}

function epollCreate(_: Addr, value: Addr): Addr {
  const flags = asInt32(value);
  const to = Number.isNaN(flags) ? null : socketAccess();
  const fd = to === null ? -1 : callSystem(to, () => to.calls.epoll_create1(flags));
  return fd < 0 ? 0 : newInt(fd);
}

/** Words of struct epoll_event: packed where the processor is x86. */
const EVENT_WORDS = process.arch === "x64" ? 3 : 4;

/** `epoll_ctl(epfd, operation, fd, events)`. */
function epollControl(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("epoll_ctl", nargs, 4, 4)) return 0;
  const numbers = [0, 1, 2].map((i) => asInt32(I32[args + i]));
  const to = numbers.some(Number.isNaN) ? null : socketAccess();
  if (to === null) return 0;
  const [epfd, operation, fd] = numbers;
  const at = Scratch.Option >> 2;
  to.words[at] = intToNumber(I32[args + 3]);
  to.words[at + EVENT_WORDS - 2] = fd;
  to.words[at + EVENT_WORDS - 1] = 0;
  const event = to.base + Scratch.Option;
  const status = callSystem(to, () => to.calls.epoll_ctl(epfd, operation, fd, event));
  return status < 0 ? 0 : newNone();
}

/** `epoll_wait(epfd, timeout, most)`: pairs as `poll` gives them. */
function epollWait(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("epoll_wait", nargs, 3, 3)) return 0;
  const epfd = asInt32(I32[args]);
  const timeout = Number.isNaN(epfd) ? Number.NaN : timeoutArgument(I32[args + 1]);
  const most = Number.isNaN(timeout) ? Number.NaN : asInt32(I32[args + 2]);
  const to = Number.isNaN(most) ? null : socketAccess();
  if (to === null) return 0;
  const table = newTable(to, most, EVENT_WORDS);
  const ready = wait(to, timeout, (ms) => to.calls.epoll_wait(epfd, table.base, most, ms));
  const list = ready < 0 ? 0 : newList(0);
  for (let i = 0; list !== 0 && i < ready; i++) {
    const at = i * EVENT_WORDS;
    const fd = table.words[at + EVENT_WORDS - 2];
    if (!appendPair(list, fd, table.words[at] >>> 0)) return 0;
  }
  return list;
}

defineModule({
  name: "_select",
  doc: "Waiting for several descriptors.",
  functions: [
    fast("poll", poll),
    oneArg("epoll_create", epollCreate),
    fast("epoll_ctl", epollControl),
    fast("epoll_wait", epollWait),
  ],
});
