/**
 * `_socket`: sockets over the C library's calls, names and addresses. Each system call gives the
 * GIL away as the contract says (I13 to I15); getsockopt, setsockopt and fileno keep it.
 */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, keywordCount } from "../object/arguments.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  newByte,
  newBytes,
  newBytesAt,
  newBytesOfLength,
  newEmptyBytes,
  readBuffer,
} from "../object/bytes.js";
import {
  defineModule,
  defineType,
  fast,
  getSet,
  keywords,
  noArgs,
  oneArg,
} from "../object/define.js";
import {
  clearPending,
  newNone,
  pending,
  raise,
  raiseStatus,
  restorePending,
  shortTypeName,
  takePending,
} from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { freeObject } from "../object/gcheader.js";
import { decref } from "../object/header.js";
import { newObjectOf } from "../object/instance.js";
import { asInt32, asSsize, failed, newBool, newInt } from "../object/int.js";
import { TypeFlag } from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { newStr } from "../object/str.js";
import { S, T } from "../object/types.js";
import { secondsOf } from "./locks.js";
import { setModuleItem } from "./moduletypes.js";
import { raiseOsError } from "./oserror.js";
import { isWritable, pin, unpin } from "./pin.js";
import { Net } from "./resolver.js";
import {
  type Access,
  newAddress,
  Scratch,
  socketAccess,
  tupleOf,
  writeAddress,
} from "./socketaddress.js";
import {
  accept,
  callSystem,
  connect,
  deadlineOf,
  Errno,
  Op,
  raiseTimedOut,
  SocketObject,
  setFlag,
  TIMED_OUT,
  transfer,
} from "./socketcalls.js";
import { messageFunctions, messageMethods } from "./socketmessages.js";
import { nameFunctions } from "./socketnames.js";

const I32 = heap.I32;
const F64 = heap.F64;
const U8 = heap.U8;

const enum C {
  CloseOnExec = 0o2000000,
  NonBlocking = 0o4000,
  DuplicateCloseOnExec = 1030,
  SolSocket = 1,
  SoType = 3,
  SoProtocol = 38,
  DefaultBacklog = 128,
}

/** Is the number of arguments right? Otherwise TypeError is pending. */
function takes(fname: string, nargs: number, least: number, most: number): boolean {
  if (nargs >= least && nargs <= most) return true;
  const bound = nargs < least ? least : most;
  const quantity = least === most ? "exactly" : nargs < least ? "at least" : "at most";
  const plural = bound === 1 ? "" : "s";
  raise(T.TypeError, `${fname}() takes ${quantity} ${bound} argument${plural} (${nargs} given)`);
  return false;
}

/** Argument `i` as an int, `fallback` where it is not there; NaN with an exception pending. */
function intAt(args: Addr, nargs: number, i: number, fallback: number): number {
  return i < nargs ? asInt32(I32[args + i]) : fallback;
}

function timeoutOf(self: Addr): number {
  return F64[(self + SocketObject.Timeout) >> 1];
}

function setTimeout(self: Addr, seconds: number): void {
  F64[(self + SocketObject.Timeout) >> 1] = seconds;
}

const bound = new Int32Array(4);
const CONSTRUCTOR = ["family", "type", "proto", "fileno"];

/** Take the kind of an open descriptor from the system where it is not given. */
function adopt(self: Addr, to: Access, fd: number, kind: number[]): number {
  to.words[Scratch.Length >> 2] = Scratch.AddressBytes;
  const [address, length] = [to.base + Scratch.Address, to.base + Scratch.Length];
  const option = to.base + Scratch.Option;
  if (to.calls.getsockname(fd, address, length) < 0) {
    raiseOsError(to.libc.errno());
    return -1;
  }
  if (kind[0] < 0) kind[0] = to.bytes[Scratch.Address];
  for (const [i, name] of [C.SoType, C.SoProtocol].entries()) {
    if (kind[1 + i] >= 0) continue;
    to.words[Scratch.Length >> 2] = 4;
    if (to.calls.getsockopt(fd, C.SolSocket, name, option, length) < 0) {
      raiseOsError(to.libc.errno());
      return -1;
    }
    kind[1 + i] = to.words[Scratch.Option >> 2];
  }
  I32[self + SocketObject.Fd] = fd;
  return 0;
}

function openSocket(self: Addr, to: Access, kind: number[]): number {
  if (kind[0] < 0) kind[0] = Net.Inet;
  if (kind[1] < 0) kind[1] = Net.Stream;
  if (kind[2] < 0) kind[2] = 0;
  const [family, type, protocol] = kind;
  const fd = callSystem(to, () => to.calls.socket(family, type | C.CloseOnExec, protocol));
  I32[self + SocketObject.Fd] = fd;
  return fd < 0 ? -1 : 0;
}

/** The descriptor argument of the constructor: -1 for none, NaN with an exception pending. */
function descriptorArgument(value: Addr): number {
  if (value === 0 || value === S.None) return -1;
  const fd = asInt32(value);
  if (fd >= 0 || Number.isNaN(fd)) return fd;
  raise(T.ValueError, "negative file descriptor");
  return Number.NaN;
}

function initialize(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!bindArguments("socket", args, nargs, kwnames, CONSTRUCTOR, 0, bound)) return -1;
  const fileno = bound[3];
  const kind = [0, 1, 2].map((i) => (bound[i] === 0 ? -1 : asInt32(bound[i])));
  const fd = pending() ? Number.NaN : descriptorArgument(fileno);
  if (Number.isNaN(fd)) return -1;
  const to = socketAccess();
  if (to === null) return -1;
  const status = fd >= 0 ? adopt(self, to, fd, kind) : openSocket(self, to, kind);
  if (status < 0) return -1;
  I32[self + SocketObject.Family] = kind[0];
  I32[self + SocketObject.Type] = kind[1] & ~(C.CloseOnExec | C.NonBlocking);
  I32[self + SocketObject.Protocol] = kind[2];
  setTimeout(self, fd < 0 && (kind[1] & C.NonBlocking) !== 0 ? 0 : -1);
  return 0;
}

function newSocket(type: Addr): Addr {
  const self = newObjectOf(type);
  if (self === 0) return 0;
  I32[self + SocketObject.Fd] = -1;
  setTimeout(self, -1);
  return self;
}

/** Close the descriptor, if there is one: the errno. */
function closeDescriptor(self: Addr): number {
  const fd = I32[self + SocketObject.Fd];
  const to = fd < 0 ? null : socketAccess();
  if (to === null) return 0;
  // Before the number can come free for another file.
  I32[self + SocketObject.Fd] = -1;
  const closed = callSystem(to, () => {
    const result = to.calls.close(fd);
    return result < 0 && to.libc.errno() === 104 ? 0 : result;
  });
  return closed;
}

/** Close what a dying object left open. */
function forget(self: Addr): void {
  const saved = takePending();
  closeDescriptor(self);
  clearPending();
  restorePending(saved);
}

function close(self: Addr): Addr {
  closeDescriptor(self);
  return pending() ? 0 : newNone();
}

function detach(self: Addr): Addr {
  const fd = I32[self + SocketObject.Fd];
  I32[self + SocketObject.Fd] = -1;
  return newInt(fd);
}

/** Something done on the socket's descriptor in one release that returns None. */
function onSocket(self: Addr, call: (to: Access, fd: number) => number): Addr {
  const to = socketAccess();
  if (to === null) return 0;
  const fd = I32[self + SocketObject.Fd];
  return callSystem(to, () => call(to, fd)) < 0 ? 0 : newNone();
}

function bind(self: Addr, address: Addr): Addr {
  const to = socketAccess();
  const length =
    to === null ? -1 : writeAddress(to, I32[self + SocketObject.Family], address, "bind");
  if (to === null || length < 0) return 0;
  return onSocket(self, (_, fd) => to.calls.bind(fd, to.base + Scratch.Address, length));
}

function listen(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("listen", nargs, 0, 1)) return 0;
  const backlog = intAt(args, nargs, 0, C.DefaultBacklog);
  if (Number.isNaN(backlog)) return 0;
  return onSocket(self, (to, fd) => to.calls.listen(fd, Math.max(backlog, 0)));
}

function acceptConnection(self: Addr): Addr {
  const to = socketAccess();
  const fd = to === null ? -1 : accept(to, self);
  if (to === null || fd < 0) return 0;
  return tupleOf(newInt(fd), newAddress(to, to.words[Scratch.Length >> 2]));
}

/** Connect: the errno, TIMED_OUT, or -1 with an exception pending. */
function tryConnect(self: Addr, address: Addr, caller: string): number {
  const to = socketAccess();
  if (to === null) return -1;
  const length = writeAddress(to, I32[self + SocketObject.Family], address, caller);
  return length < 0 ? -1 : connect(to, self, length);
}

function connectTo(self: Addr, address: Addr): Addr {
  const errno = tryConnect(self, address, "connect");
  if (errno > 0) return raiseOsError(errno);
  if (errno === TIMED_OUT) raiseTimedOut();
  return errno < 0 ? 0 : newNone();
}

function connectErrno(self: Addr, address: Addr): Addr {
  const errno = tryConnect(self, address, "connect_ex");
  if (errno === TIMED_OUT) return newInt(Errno.Again);
  return errno === -1 ? 0 : newInt(errno);
}

/** Bytes up to this number are copied one by one: faster than making a view for them. */
const FEW_BYTES = 64;

/** A bytes object of `length` bytes of the scratch memory. */
function newReceived(to: Access, length: number): Addr {
  const { bytes } = to;
  if (length === 0) return newEmptyBytes();
  if (length === 1) return newByte(bytes[Scratch.Data]);
  if (length > FEW_BYTES) return newBytes(bytes.subarray(Scratch.Data, Scratch.Data + length));
  const object = newBytesOfLength(length);
  if (object === 0) return 0;
  const data = bytesData(object);
  for (let i = 0; i < length; i++) U8[data + i] = bytes[Scratch.Data + i];
  return object;
}

/** Receive up to `size` bytes; a bytes object, or 0 with an exception pending. */
function receive(to: Access, self: Addr, op: Op, size: number, flags: number): Addr {
  const deadline = deadlineOf(self);
  if (size <= Scratch.DataBytes) {
    const place = to.base + Scratch.Data;
    const count = transfer(to, self, op, place, size, flags, 0, deadline);
    return count < 0 ? 0 : newReceived(to, Math.min(count, size));
  }
  const whole = newBytesOfLength(size);
  if (whole === 0) return 0;
  const place = to.heapBase + bytesData(whole);
  const count = transfer(to, self, op, place, size, flags, 0, deadline);
  if (count === size) return whole;
  const part = count < 0 ? 0 : newBytesAt(bytesData(whole), Math.min(count, size));
  decref(whole);
  return part;
}

/** What receives data into a new bytes object: size and flags as arguments. */
function receiveMethod(fname: string, op: Op): (self: Addr, args: Addr, nargs: number) => Addr {
  return (self, args, nargs) => {
    if (!takes(fname, nargs, 1, 2)) return 0;
    const size = asSsize(I32[args]);
    const flags = failed(size) ? Number.NaN : intAt(args, nargs, 1, 0);
    if (Number.isNaN(flags)) return 0;
    if (size < 0) return raise(T.ValueError, `negative buffersize in ${fname}`);
    const to = socketAccess();
    const data = to === null ? 0 : receive(to, self, op, size, flags);
    if (to === null || data === 0 || op === Op.Receive) return data;
    return tupleOf(data, newAddress(to, to.words[Scratch.Length >> 2]));
  };
}

const INTO = ["buffer", "nbytes", "flags"];

/** Arguments of recv_into and recvfrom_into in `bound`: size and flags. False: exception. */
function intoArguments(fname: string, args: Addr, nargs: number, kwnames: Addr): boolean {
  if (nargs + keywordCount(kwnames) > 3 || (nargs === 0 && kwnames === 0)) {
    return takes(fname, nargs + keywordCount(kwnames), 1, 3);
  }
  if (!bindArguments(fname, args, nargs, kwnames, INTO, 1, bound)) return false;
  const buffer = bound[0];
  const size = bound[1] === 0 ? 0 : asSsize(bound[1]);
  const flags = bound[2] === 0 || failed(size) ? 0 : asInt32(bound[2]);
  if (failed(size) || Number.isNaN(flags)) return false;
  if (!readBuffer(buffer) || !isWritable(buffer)) {
    const kind = shortTypeName(buffer);
    const wanted = "must be read-write bytes-like object";
    raise(T.TypeError, `${fname}() argument 1 ${wanted}, not ${kind}`);
    return false;
  }
  if (size < 0) raise(T.ValueError, `negative buffersize in ${fname}`);
  else if (size > bufferLength) {
    const what = fname === "recv_into" ? "buffer too small for requested bytes" : "";
    raise(T.ValueError, what || "nbytes is greater than the length of the buffer");
  } else {
    bound[1] = size === 0 ? bufferLength : size;
    bound[2] = flags;
    return true;
  }
  return false;
}

/** What receives data into a buffer of the program's. */
function receiveInto(
  fname: string,
  op: Op,
): (self: Addr, args: Addr, nargs: number, kwnames: Addr) => Addr {
  return (self, args, nargs, kwnames) => {
    if (!intoArguments(fname, args, nargs, kwnames)) return 0;
    const to = socketAccess();
    if (to === null) return 0;
    const [buffer, size, flags] = bound;
    const owner = pin(buffer);
    const place = to.heapBase + bufferOffset;
    const count = transfer(to, self, op, place, size, flags, 0, deadlineOf(self));
    unpin(owner);
    if (count < 0) return 0;
    const number = newInt(count);
    if (op === Op.Receive) return number;
    return tupleOf(number, newAddress(to, to.words[Scratch.Length >> 2]));
  };
}

/** Hold the bytes of a data argument; 0 with TypeError pending. */
function pinData(value: Addr): Addr {
  const owner = pin(value);
  if (owner !== 0) return owner;
  return raise(T.TypeError, `a bytes-like object is required, not '${shortTypeName(value)}'`);
}

function send(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("send", nargs, 1, 2)) return 0;
  const flags = intAt(args, nargs, 1, 0);
  const to = Number.isNaN(flags) ? null : socketAccess();
  const owner = to === null ? 0 : pinData(I32[args]);
  if (to === null || owner === 0) return 0;
  const place = to.heapBase + bufferOffset;
  const count = transfer(to, self, Op.Send, place, bufferLength, flags, 0, deadlineOf(self));
  unpin(owner);
  return count < 0 ? 0 : newInt(count);
}

function sendAll(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("sendall", nargs, 1, 2)) return 0;
  const flags = intAt(args, nargs, 1, 0);
  const to = Number.isNaN(flags) ? null : socketAccess();
  const owner = to === null ? 0 : pinData(I32[args]);
  if (to === null || owner === 0) return 0;
  const deadline = deadlineOf(self);
  const length = bufferLength;
  let place = to.heapBase + bufferOffset;
  const end = place + length;
  let count: number;
  do {
    count = transfer(to, self, Op.Send, place, end - place, flags, 0, deadline);
    place += count;
  } while (count >= 0 && place < end);
  unpin(owner);
  return count < 0 ? 0 : newNone();
}

function sendTo(self: Addr, args: Addr, nargs: number): Addr {
  if (nargs < 2 || nargs > 3) {
    return raise(T.TypeError, `sendto() takes 2 or 3 arguments (${nargs} given)`);
  }
  const flags = nargs === 3 ? asInt32(I32[args + 1]) : 0;
  const to = Number.isNaN(flags) ? null : socketAccess();
  if (to === null) return 0;
  const owner = pinData(I32[args]);
  if (owner === 0) return 0;
  const place = to.heapBase + bufferOffset;
  const size = bufferLength;
  const length = writeAddress(to, I32[self + SocketObject.Family], I32[args + nargs - 1], "sendto");
  const count =
    length < 0 ? -1 : transfer(to, self, Op.SendTo, place, size, flags, length, deadlineOf(self));
  unpin(owner);
  return count < 0 ? 0 : newInt(count);
}

/** Set the timeout in seconds and the descriptor's O_NONBLOCK with it, in one release. */
function applyTimeout(self: Addr, seconds: number): Addr {
  const result = onSocket(self, (to, fd) => setFlag(to, fd, seconds >= 0));
  if (result === 0) return 0;
  setTimeout(self, seconds);
  I32[self + SocketObject.Unblocked] = 0;
  return result;
}

function setTimeoutTo(self: Addr, value: Addr): Addr {
  if (value === S.None) return applyTimeout(self, -1);
  const seconds = secondsOf(value);
  if (Number.isNaN(seconds)) return 0;
  if (seconds < 0) return raise(T.ValueError, "Timeout value out of range");
  return applyTimeout(self, seconds);
}

function setBlocking(self: Addr, value: Addr): Addr {
  const blocking = isTrue(value);
  return blocking < 0 ? 0 : applyTimeout(self, blocking === 1 ? -1 : 0);
}

function getTimeout(self: Addr): Addr {
  const seconds = timeoutOf(self);
  return seconds < 0 ? newNone() : newFloat(seconds);
}

function shutdown(self: Addr, value: Addr): Addr {
  const how = asInt32(value);
  return Number.isNaN(how) ? 0 : onSocket(self, (to, fd) => to.calls.shutdown(fd, how));
}

/** The name of one end, in one release. */
function endName(self: Addr, call: "getsockname" | "getpeername"): Addr {
  const to = socketAccess();
  if (to === null) return 0;
  const fd = I32[self + SocketObject.Fd];
  to.words[Scratch.Length >> 2] = Scratch.AddressBytes;
  const [address, length] = [to.base + Scratch.Address, to.base + Scratch.Length];
  if (callSystem(to, () => to.calls[call](fd, address, length)) < 0) return 0;
  return newAddress(to, to.words[Scratch.Length >> 2]);
}

/** Write an option's value into the scratch memory: its length, -1 with an exception pending. */
function writeOption(to: Access, value: Addr): number {
  if (readBuffer(value)) {
    if (bufferLength > Scratch.OptionBytes) return raiseStatus(T.OSError, "option value too long");
    to.bytes.set(U8.subarray(bufferOffset, bufferOffset + bufferLength), Scratch.Option);
    return bufferLength;
  }
  const number = asInt32(value);
  if (Number.isNaN(number)) return -1;
  to.words[Scratch.Option >> 2] = number;
  return 4;
}

function setOption(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("setsockopt", nargs, 3, nargs === 4 ? 4 : 3)) return 0;
  const level = asInt32(I32[args]);
  const option = Number.isNaN(level) ? level : asInt32(I32[args + 1]);
  const to = Number.isNaN(option) ? null : socketAccess();
  if (to === null) return 0;
  const length = nargs === 4 ? asInt32(I32[args + 3]) : writeOption(to, I32[args + 2]);
  if (length < 0 || Number.isNaN(length)) return 0;
  const place = nargs === 4 ? 0 : to.base + Scratch.Option;
  const fd = I32[self + SocketObject.Fd];
  if (to.calls.setsockopt(fd, level, option, place, length) < 0) {
    return raiseOsError(to.libc.errno());
  }
  return newNone();
}

function getOption(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("getsockopt", nargs, 2, 3)) return 0;
  const level = asInt32(I32[args]);
  const option = Number.isNaN(level) ? level : asInt32(I32[args + 1]);
  const size = Number.isNaN(option) ? option : intAt(args, nargs, 2, 0);
  const to = Number.isNaN(size) ? null : socketAccess();
  if (to === null) return 0;
  if (size < 0 || size > Scratch.OptionBytes) {
    return raise(T.OSError, "getsockopt buflen out of range");
  }
  to.words[Scratch.Option >> 2] = 0;
  to.words[Scratch.Length >> 2] = size === 0 ? 4 : size;
  const fd = I32[self + SocketObject.Fd];
  const [place, length] = [to.base + Scratch.Option, to.base + Scratch.Length];
  if (to.calls.getsockopt(fd, level, option, place, length) < 0) {
    return raiseOsError(to.libc.errno());
  }
  if (size === 0) return newInt(to.words[Scratch.Option >> 2]);
  const end = Scratch.Option + to.words[Scratch.Length >> 2];
  return newBytes(to.bytes.subarray(Scratch.Option, end));
}

function reprOf(self: Addr): Addr {
  const at = (offset: number): number => I32[self + offset];
  const kind = `family=${at(SocketObject.Family)}, type=${at(SocketObject.Type)}`;
  const protocol = at(SocketObject.Protocol);
  return newStr(`<socket object, fd=${at(SocketObject.Fd)}, ${kind}, proto=${protocol}>`);
}

defineType({
  type: T.Socket,
  name: "_socket.socket",
  flags: TypeFlag.BaseType,
  basicSize: SocketObject.Bytes,
  slots: {
    new: newSocket,
    init: initialize,
    repr: reprOf,
    dealloc: (self) => {
      // An error has nobody to go to.
      if (I32[self + SocketObject.Fd] >= 0) forget(self);
      freeObject(self);
    },
  },
  methods: [
    noArgs("_accept", acceptConnection),
    oneArg("bind", bind),
    noArgs("close", close),
    oneArg("connect", connectTo),
    oneArg("connect_ex", connectErrno),
    noArgs("detach", detach),
    noArgs("fileno", (self) => newInt(I32[self + SocketObject.Fd])),
    noArgs("getblocking", (self) => newBool(timeoutOf(self) !== 0)),
    noArgs("getpeername", (self) => endName(self, "getpeername")),
    noArgs("getsockname", (self) => endName(self, "getsockname")),
    fast("getsockopt", getOption),
    noArgs("gettimeout", getTimeout),
    fast("listen", listen),
    fast("recv", receiveMethod("recv", Op.Receive)),
    keywords("recv_into", receiveInto("recv_into", Op.Receive)),
    fast("recvfrom", receiveMethod("recvfrom", Op.ReceiveFrom)),
    keywords("recvfrom_into", receiveInto("recvfrom_into", Op.ReceiveFrom)),
    fast("send", send),
    fast("sendall", sendAll),
    fast("sendto", sendTo),
    oneArg("setblocking", setBlocking),
    fast("setsockopt", setOption),
    oneArg("settimeout", setTimeoutTo),
    oneArg("shutdown", shutdown),
    ...messageMethods,
  ],
  getSets: [
    getSet("family", (self) => newInt(I32[self + SocketObject.Family])),
    getSet("type", (self) => newInt(I32[self + SocketObject.Type])),
    getSet("proto", (self) => newInt(I32[self + SocketObject.Protocol])),
    getSet("timeout", getTimeout),
  ],
  doc: "A socket of the system.",
});

function makePair(_: Addr, args: Addr, nargs: number): Addr {
  if (!takes("socketpair", nargs, 0, 3)) return 0;
  const family = intAt(args, nargs, 0, Net.Unix);
  const type = Number.isNaN(family) ? family : intAt(args, nargs, 1, Net.Stream);
  const protocol = Number.isNaN(type) ? type : intAt(args, nargs, 2, 0);
  const to = Number.isNaN(protocol) ? null : socketAccess();
  if (to === null) return 0;
  const place = to.base + Scratch.Option;
  const kind = type | C.CloseOnExec;
  if (callSystem(to, () => to.calls.socketpair(family, kind, protocol, place)) < 0) return 0;
  const at = Scratch.Option >> 2;
  return tupleOf(newInt(to.words[at]), newInt(to.words[at + 1]));
}

/** A module function on a descriptor, in one release: what the call gives. */
function onDescriptor(_: Addr, value: Addr, call: (to: Access, fd: number) => number): number {
  const fd = asInt32(value);
  const to = Number.isNaN(fd) ? null : socketAccess();
  return to === null ? -1 : callSystem(to, () => call(to, fd));
}

function duplicate(self: Addr, value: Addr): Addr {
  const copy = onDescriptor(self, value, (to, fd) => to.libc.fcntl(fd, C.DuplicateCloseOnExec, 0));
  return copy < 0 ? 0 : newInt(copy);
}

function closeNumber(self: Addr, value: Addr): Addr {
  return onDescriptor(self, value, (to, fd) => to.calls.close(fd)) < 0 ? 0 : newNone();
}

defineModule({
  name: "_socket",
  doc: "Sockets, and names and addresses of hosts.",
  functions: [
    fast("socketpair", makePair),
    oneArg("dup", duplicate),
    oneArg("close", closeNumber),
    ...messageFunctions,
    ...nameFunctions,
  ],
  setup: (_module, dict) => setModuleItem(dict, "socket", T.Socket),
});
