/**
 * Calls on sockets that may wait (I13, I14). Each asks the system without waiting first; what is
 * not ready yet is waited for with `poll`, in slices, so that a signal or the end of the run gets
 * through. All of that happens in one release of the GIL where CPython makes one system call, in
 * two where the socket has a timeout: one to wait, one for the call. A call that is done at once
 * gives the GIL away all the same: that is where the convoy effect comes from.
 */
import { type Addr, heap } from "../memory/heap.js";
import { raise } from "../object/errors.js";
import { T } from "../object/types.js";
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
import { type Access, Scratch } from "./socketaddress.js";

const I32 = heap.I32;
const F64 = heap.F64;

/** `_socket.socket`, 48 bytes. */
export const enum SocketObject {
  /** -1 once closed. */
  Fd = 4,
  Family = 5,
  Type = 6,
  Protocol = 7,
  /** Seconds, a double; -1: waits for ever, 0: never waits. */
  Timeout = 8,
  /** 1 when the descriptor has O_NONBLOCK although the socket waits: see {@link accept}. */
  Unblocked = 10,
  Bytes = 48,
}

export const enum Errno {
  Interrupted = 4,
  BadDescriptor = 9,
  Again = 11,
  IsConnected = 106,
  TimedOut = 110,
  InProgress = 115,
}

const enum C {
  PollIn = 1,
  PollOut = 4,
  DontWait = 0x40,
  WaitAll = 0x100,
  NoSignal = 0x4000,
  CloseOnExec = 0o2000000,
  NonBlocking = 0o4000,
  GetFlags = 3,
  SetFlags = 4,
  SolSocket = 1,
  SoError = 4,
}

/** What is asked of the system. */
export const enum Op {
  Receive = 0,
  ReceiveFrom = 1,
  Send = 2,
  SendTo = 3,
  Accept = 4,
  /** With `data` the place of a struct msghdr. */
  SendMessage = 5,
  ReceiveMessage = 6,
}

function writes(op: Op): boolean {
  return op === Op.Send || op === Op.SendTo || op === Op.SendMessage;
}

/** Milliseconds between tries of what `poll` cannot wait for. */
const RETRY_MS = 5;

/** One call that does not wait: what it gives, or the errno negated. */
function attempt(
  to: Access,
  op: Op,
  fd: number,
  data: number,
  length: number,
  flags: number,
  addressLength: number,
): number {
  const { calls, base } = to;
  const address = base + Scratch.Address;
  let result: number;
  switch (op) {
    case Op.Receive:
      result = calls.recv(fd, data, length, flags | C.DontWait);
      break;
    case Op.ReceiveFrom:
      to.words[Scratch.Length >> 2] = Scratch.AddressBytes;
      flags |= C.DontWait;
      result = calls.recvfrom(fd, data, length, flags, address, base + Scratch.Length);
      break;
    case Op.Send:
      result = calls.send(fd, data, length, flags | C.DontWait | C.NoSignal);
      break;
    case Op.SendTo:
      flags |= C.DontWait | C.NoSignal;
      result = calls.sendto(fd, data, length, flags, address, addressLength);
      break;
    case Op.SendMessage:
      result = calls.sendmsg(fd, data, flags | C.DontWait | C.NoSignal);
      break;
    case Op.ReceiveMessage:
      result = calls.recvmsg(fd, data, flags | C.DontWait);
      break;
    default:
      to.words[Scratch.Length >> 2] = Scratch.AddressBytes;
      result = calls.accept4(fd, address, base + Scratch.Length, C.CloseOnExec);
  }
  return result < 0 ? -to.libc.errno() : result;
}

/**
 * Wait a slice for `events` on the socket's descriptor, without the GIL: 1 ready, 0 not, -1 when it
 * was closed meanwhile: its number may already be another file's.
 */
function pollSlice(to: Access, self: Addr, fd: number, events: number, ms: number): number {
  to.words[Scratch.Poll >> 2] = fd;
  to.words[(Scratch.Poll >> 2) + 1] = events;
  const ready = to.calls.poll(to.base + Scratch.Poll, 1, systemWait(ms));
  // A plain read: whoever closes the socket has written this before the number could come free.
  if (I32[self + SocketObject.Fd] !== fd) return -1;
  if (ready > 0) return 1;
  rest();
  return 0;
}

/**
 * Wait until `deadline` for `events`, in one release: 1 ready, 0 timed out, -1 with an exception
 * pending.
 */
function waitReady(to: Access, self: Addr, events: number, deadline: number): number {
  const fd = I32[self + SocketObject.Fd];
  for (;;) {
    dropLock(ReleaseReason.BlockingIo);
    let ready: number;
    let left: number;
    do {
      left = Math.max(msUntil(deadline), 0);
      ready = pollSlice(to, self, fd, events, Math.min(left, CALL_SLICE_MS));
    } while (ready === 0 && left > 0 && !isInterrupted());
    endRest();
    passIo();
    takeLock();
    if (ready !== 0) return 1;
    if (handleBreaker() < 0) return -1;
    if (left === 0) return 0;
  }
}

/** Does a call that stopped after `done` of `length` bytes go on? */
function goesOn(op: Op, flags: number, done: number, length: number): boolean {
  if (done === 0 || done >= length) return false;
  return op === Op.Send || (op === Op.Receive && (flags & C.WaitAll) !== 0);
}

/**
 * The unlocked part of a call on a socket that waits: the result, or the errno negated; -EINTR when
 * somebody wants the thread's attention. As in the kernel, what was moved before counts.
 */
function attemptWaiting(
  to: Access,
  self: Addr,
  op: Op,
  data: number,
  length: number,
  flags: number,
  addressLength: number,
): number {
  const fd = I32[self + SocketObject.Fd];
  const events = writes(op) ? C.PollOut : C.PollIn;
  const mayStop = (flags & C.DontWait) !== 0;
  let done = 0;
  for (;;) {
    const result = attempt(to, op, fd, data + done, length - done, flags, addressLength);
    if (result > 0 && goesOn(op, flags, done + result, length)) done += result;
    else if (result !== -Errno.Again || mayStop) {
      return result < 0 && done > 0 ? done : done + result;
    }
    if (mayStop) return done;
    if (isInterrupted()) return done > 0 ? done : -Errno.Interrupted;
    if (pollSlice(to, self, fd, events, CALL_SLICE_MS) < 0) return -Errno.BadDescriptor;
  }
}

/** Raise what a call on a socket that timed out raises. */
export function raiseTimedOut(): -1 {
  raise(T.TimeoutError, "timed out");
  return -1;
}

/** Deadline of an operation that begins now. */
export function deadlineOf(self: Addr): number {
  const timeout = F64[(self + SocketObject.Timeout) >> 1];
  return timeout > 0 ? deadlineAfter(timeout * 1e3) : Number.POSITIVE_INFINITY;
}

/**
 * Do `op` on the socket: the number it gives, or -1 with an exception pending. `data` is a place in
 * the process.
 */
export function transfer(
  to: Access,
  self: Addr,
  op: Op,
  data: number,
  length: number,
  flags: number,
  addressLength: number,
  deadline: number,
): number {
  const waits = F64[(self + SocketObject.Timeout) >> 1] < 0;
  for (;;) {
    if (deadline !== Number.POSITIVE_INFINITY) {
      const ready = waitReady(to, self, writes(op) ? C.PollOut : C.PollIn, deadline);
      if (ready <= 0) return ready < 0 ? -1 : raiseTimedOut();
    }
    dropLock(ReleaseReason.BlockingIo);
    const result = waits
      ? attemptWaiting(to, self, op, data, length, flags, addressLength)
      : attempt(to, op, I32[self + SocketObject.Fd], data, length, flags, addressLength);
    endRest();
    passIo();
    takeLock();
    if (result >= 0) return result;
    if (result === -Errno.Interrupted) {
      if (handleBreaker() < 0) return -1;
    } else if (result !== -Errno.Again || deadline === Number.POSITIVE_INFINITY) {
      raiseOsError(-result);
      return -1;
    }
  }
}

/**
 * A call that does not wait, without the GIL: what it gives, or -1 with OSError pending.
 */
export function callSystem(to: Access, call: () => number): number {
  dropLock(ReleaseReason.BlockingIo);
  const result = call();
  const errno = result < 0 ? to.libc.errno() : 0;
  passIo();
  takeLock();
  if (errno !== 0) raiseOsError(errno);
  return result;
}

/** Set or clear O_NONBLOCK: 0, or -1 with the errno left behind. */
export function setFlag(to: Access, fd: number, on: boolean): number {
  const flags = to.libc.fcntl(fd, C.GetFlags, 0);
  if (flags < 0) return -1;
  const wanted = on ? flags | C.NonBlocking : flags & ~C.NonBlocking;
  return wanted === flags ? 0 : to.libc.fcntl(fd, C.SetFlags, wanted);
}

/**
 * Accept a connection: its descriptor, its address in the scratch memory; -1: exception. `accept`
 * has no flag that keeps it from waiting, and the connection that `poll` saw can be another
 * thread's by then: so the listening descriptor gets O_NONBLOCK for good.
 */
export function accept(to: Access, self: Addr): number {
  const waits = F64[(self + SocketObject.Timeout) >> 1] < 0;
  if (waits && I32[self + SocketObject.Unblocked] === 0) {
    setFlag(to, I32[self + SocketObject.Fd], true);
    I32[self + SocketObject.Unblocked] = 1;
  }
  return transfer(to, self, Op.Accept, 0, 0, 0, 0, deadlineOf(self));
}

/** The error that ended the connecting, 0 for none. */
function connectionError(to: Access, fd: number): number {
  const at = Scratch.Option >> 2;
  to.words[at] = 0;
  to.words[Scratch.Length >> 2] = 4;
  const [value, length] = [to.base + Scratch.Option, to.base + Scratch.Length];
  if (to.calls.getsockopt(fd, C.SolSocket, C.SoError, value, length) < 0) return to.libc.errno();
  return to.words[at] === Errno.IsConnected ? 0 : to.words[at];
}

/** The unlocked part of connecting a socket that waits: the errno, EINTR to look around. */
function connectWaiting(to: Access, self: Addr, length: number, began: boolean): number {
  const fd = I32[self + SocketObject.Fd];
  const address = to.base + Scratch.Address;
  let connecting = began;
  for (;;) {
    if (!connecting) {
      if (to.calls.connect(fd, address, length) >= 0) return 0;
      const errno = to.libc.errno();
      if (errno === Errno.InProgress) connecting = true;
      // A Unix socket whose queue of connections is full: there is nothing to poll for.
      else if (errno !== Errno.Again) return errno;
      else {
        to.calls.poll(0, 0, systemWait(RETRY_MS));
        rest();
      }
    }
    if (connecting) {
      const ready = pollSlice(to, self, fd, C.PollOut, CALL_SLICE_MS);
      if (ready !== 0) return ready < 0 ? Errno.BadDescriptor : connectionError(to, fd);
    }
    if (isInterrupted()) return connecting ? Errno.InProgress : Errno.Interrupted;
  }
}

/** Connect a socket that waits for ever, in one release; the errno, -1: a handler raised. */
function connectForEver(to: Access, self: Addr, length: number): number {
  const fd = I32[self + SocketObject.Fd];
  const saved = to.bytes.slice(Scratch.Address, Scratch.Address + length);
  let began = false;
  for (;;) {
    dropLock(ReleaseReason.BlockingIo);
    setFlag(to, fd, true);
    const errno = connectWaiting(to, self, length, began);
    if (I32[self + SocketObject.Fd] === fd) setFlag(to, fd, false);
    endRest();
    passIo();
    takeLock();
    if (errno !== Errno.InProgress && errno !== Errno.Interrupted) return errno;
    if (handleBreaker() < 0) return -1;
    to.bytes.set(saved, Scratch.Address);
    began = errno === Errno.InProgress;
  }
}

/** What {@link connect} gives when the time is over. */
export const TIMED_OUT = -2;

/**
 * Connect to the address of `length` bytes in the scratch memory: 0, an errno, TIMED_OUT, or -1
 * with an exception pending.
 */
export function connect(to: Access, self: Addr, length: number): number {
  const timeout = F64[(self + SocketObject.Timeout) >> 1];
  if (timeout < 0) return connectForEver(to, self, length);
  const fd = I32[self + SocketObject.Fd];
  dropLock(ReleaseReason.BlockingIo);
  const result = to.calls.connect(fd, to.base + Scratch.Address, length);
  const errno = result < 0 ? to.libc.errno() : 0;
  passIo();
  takeLock();
  if (errno !== Errno.InProgress || timeout === 0) return errno;
  const ready = waitReady(to, self, C.PollOut, deadlineOf(self));
  if (ready < 0) return -1;
  if (ready === 0) return TIMED_OUT;
  dropLock(ReleaseReason.BlockingIo);
  const error = connectionError(to, fd);
  takeLock();
  return error;
}
