/**
 * What is quick of `multiprocessing.connection.Connection`: one end of a pipe or socket pair, over
 * which objects and bytes go as messages (messages.ts). python/multiprocessing/connection.py
 * derives the class from it.
 */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  bytesLength,
  newBytes,
  newBytesOfLength,
} from "../object/bytes.js";
import { defineType, getSet, keywords, noArgs, oneArg } from "../object/define.js";
import {
  clearPending,
  newNone,
  pending,
  raise,
  raiseStatus,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { freeObject } from "../object/gcheader.js";
import { decref } from "../object/header.js";
import { newObjectOf } from "../object/instance.js";
import { asIndex, asSsize, newBool, newInt } from "../object/int.js";
import { TypeFlag } from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { S, T } from "../object/types.js";
import {
  type Channel,
  type Parcel,
  raiseClosed,
  raiseEnded,
  readFully,
  receiveLength,
  returnParcel,
  sendMessage,
  takeParcel,
  Way,
} from "./messages.js";
import { withPickle } from "./pickler.js";
import { pin, unpin } from "./pin.js";
import { type Access, socketAccess } from "./socketaddress.js";
import { callSystem } from "./socketcalls.js";
import { loadBytes } from "./unpickler.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** `_multiprocessing.Connection`, 32 bytes. */
const enum Connection {
  /** -1 once closed. */
  Fd = 4,
  Way = 5,
  Directions = 6,
  Bytes = 32,
}

const enum Direction {
  Reads = 1,
  Writes = 2,
}

const bound = new Int32Array(3);

function newConnection(type: Addr): Addr {
  const self = newObjectOf(type);
  if (self !== 0) I32[self + Connection.Fd] = -1;
  return self;
}

function initialize(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const names = ["handle", "readable", "writable"];
  if (!bindArguments("Connection", args, nargs, kwnames, names, 1, bound)) return -1;
  const [handle, readable, writable] = bound;
  const fd = asIndex(handle);
  if (Number.isNaN(fd)) return -1;
  if (fd < 0) return raiseStatus(T.ValueError, "invalid handle");
  const reads = readable === 0 ? 1 : isTrue(readable);
  const writes = writable === 0 ? 1 : isTrue(writable);
  if (reads < 0 || writes < 0) return -1;
  if (reads + writes === 0) {
    return raiseStatus(T.ValueError, "at least one of `readable` and `writable` must be True");
  }
  I32[self + Connection.Fd] = fd;
  I32[self + Connection.Way] = Way.Socket;
  I32[self + Connection.Directions] = reads * Direction.Reads + writes * Direction.Writes;
  return 0;
}

/** Close the descriptor, if it is open; false with OSError pending. */
function closeHandle(self: Addr): boolean {
  const fd = I32[self + Connection.Fd];
  const to = fd < 0 ? null : socketAccess();
  if (to === null) return !pending();
  // Before the number can come free for another file.
  I32[self + Connection.Fd] = -1;
  return callSystem(to, () => to.calls.close(fd)) >= 0;
}

/** Close what a dying object left open: an error has nobody to go to. */
function dealloc(self: Addr): void {
  if (I32[self + Connection.Fd] >= 0) {
    const saved = takePending();
    closeHandle(self);
    clearPending();
    restorePending(saved);
  }
  freeObject(self);
}

/** Is it open, and does it go in this direction? Otherwise OSError is pending. */
function checkDirection(self: Addr, direction: Direction): boolean {
  if (I32[self + Connection.Fd] < 0) raiseClosed();
  else if ((I32[self + Connection.Directions] & direction) === 0) {
    const other = direction === Direction.Reads ? "write" : "read";
    raise(T.OSError, `connection is ${other}-only`);
  } else return true;
  return false;
}

function channelOf(self: Addr): Channel {
  const word = self + Connection.Fd;
  return { fd: I32[word], way: I32[self + Connection.Way], word };
}

// --- sending ---

function send(self: Addr, object: Addr): Addr {
  const to = checkDirection(self, Direction.Writes) ? socketAccess() : null;
  if (to === null) return 0;
  return withPickle(object, (bytes) => {
    // Pickling runs the program's code.
    if (!checkDirection(self, Direction.Writes)) return 0;
    const channel = channelOf(self);
    const place = () => to.libc.address(bytes);
    if (!sendMessage(to, channel, bytes, 0, bytes.length, place)) return 0;
    I32[self + Connection.Way] = channel.way;
    return newNone();
  });
}

/** The part of the buffer last found that the arguments name; false with ValueError pending. */
function findPart(offset: number, size: number | null): [number, number] | null {
  const length = bufferLength;
  let message: string | null = null;
  if (offset < 0) message = "offset is negative";
  else if (length < offset) message = "buffer length < offset";
  else if (size !== null && size < 0) message = "size is negative";
  else if (size !== null && offset + size > length) message = "buffer length < offset + size";
  if (message === null) return [bufferOffset + offset, size ?? length - offset];
  raise(T.ValueError, message);
  return null;
}

function sendBytes(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["buf", "offset", "size"];
  if (!bindArguments("send_bytes", args, nargs, kwnames, names, 1, bound)) return 0;
  const [buffer, start, count] = bound;
  const to = checkDirection(self, Direction.Writes) ? socketAccess() : null;
  if (to === null) return 0;
  const offset = start === 0 ? 0 : asSsize(start);
  const size = count === 0 || count === S.None || pending() ? null : asSsize(count);
  if (pending()) return 0;
  const owner = pin(buffer);
  if (owner === 0) {
    if (pending()) return 0;
    const kind = typeName(buffer);
    return raise(T.TypeError, `memoryview: a bytes-like object is required, not '${kind}'`);
  }
  const part = findPart(offset, size);
  const ok = part !== null && sendPart(self, to, part[0], part[1]);
  unpin(owner);
  return ok ? newNone() : 0;
}

/** Send bytes of the heap, which stay where they are. */
function sendPart(self: Addr, to: Access, from: number, length: number): boolean {
  const channel = channelOf(self);
  const ok = sendMessage(to, channel, U8, from, length, () => to.heapBase + from);
  I32[self + Connection.Way] = channel.way;
  return ok;
}

// --- receiving ---

/**
 * Receive a message of `most` bytes at most (-1: any length) and hand it on: in the parcel, or when
 * it is larger as a bytes object. Negative lengths of a foreign peer are refused.
 */
function receive(
  self: Addr,
  most: number,
  short: (bytes: Uint8Array, length: number) => Addr,
  long: (bytes: Addr) => Addr,
): Addr {
  const to = checkDirection(self, Direction.Reads) ? socketAccess() : null;
  if (to === null) return 0;
  const parcel = takeParcel(to);
  try {
    return receiveInto(self, to, parcel, most, short, long);
  } finally {
    returnParcel(parcel);
  }
}

function receiveInto(
  self: Addr,
  to: Access,
  parcel: Parcel,
  most: number,
  short: (bytes: Uint8Array, length: number) => Addr,
  long: (bytes: Addr) => Addr,
): Addr {
  const channel = channelOf(self);
  const length = receiveLength(to, channel, parcel);
  I32[self + Connection.Way] = channel.way;
  if (pending()) return 0;
  if (length < 0 || (most >= 0 && length > most)) return refuse(self);
  if (length <= parcel.bytes.length) {
    const read = readFully(to, channel, parcel.place, length);
    if (read < length) return read < 0 ? 0 : raiseEnded(read);
    return short(parcel.bytes, length);
  }
  if (length > heap.I32.byteLength) return raise(T.MemoryError, "");
  const bytes = newBytesOfLength(length);
  if (bytes === 0) return 0;
  const read = readFully(to, channel, to.heapBase + bytesData(bytes), length);
  if (read === length) return long(bytes);
  decref(bytes);
  return read < 0 ? 0 : raiseEnded(read);
}

/** The rest of a message that is too long cannot be skipped: nothing more can be received. */
function refuse(self: Addr): Addr {
  if ((I32[self + Connection.Directions] & Direction.Writes) !== 0) {
    I32[self + Connection.Directions] = Direction.Writes;
  } else if (!closeHandle(self)) return 0;
  return raise(T.OSError, "bad message length");
}

function receiveObject(self: Addr): Addr {
  return receive(
    self,
    -1,
    (bytes, length) => loadBytes(bytes, 0, length),
    (bytes) => {
      const object = loadBytes(U8, bytesData(bytes), bytesLength(bytes));
      decref(bytes);
      return object;
    },
  );
}

function receiveBytes(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["maxlength"];
  if (!bindArguments("recv_bytes", args, nargs, kwnames, names, 0, bound)) return 0;
  const [limit] = bound;
  if (!checkDirection(self, Direction.Reads)) return 0;
  const most = limit === 0 || limit === S.None ? -1 : asSsize(limit);
  if (pending()) return 0;
  if (limit !== 0 && limit !== S.None && most < 0) {
    return raise(T.ValueError, "negative maxlength");
  }
  return receive(
    self,
    most,
    (bytes, length) => newBytes(bytes.subarray(0, length)),
    (bytes) => bytes,
  );
}

defineType({
  type: T.Connection,
  name: "_multiprocessing.Connection",
  flags: TypeFlag.BaseType,
  basicSize: Connection.Bytes,
  slots: { new: newConnection, init: initialize, dealloc },
  methods: [
    oneArg("send", send, "Send the pickle of an object."),
    keywords("send_bytes", sendBytes, "Send bytes as one message."),
    noArgs("recv", receiveObject, "Receive an object; EOFError when the other end is closed."),
    keywords(
      "recv_bytes",
      receiveBytes,
      "Receive a message as bytes; OSError when it is longer than maxlength.",
    ),
    noArgs("close", (self) => (closeHandle(self) ? newNone() : 0), "Close the connection."),
    noArgs("fileno", (self) =>
      I32[self + Connection.Fd] < 0 ? raiseClosed() : newInt(I32[self + Connection.Fd]),
    ),
    noArgs("_check_readable", (self) => (checkDirection(self, Direction.Reads) ? newNone() : 0)),
    noArgs("_check_writable", (self) => (checkDirection(self, Direction.Writes) ? newNone() : 0)),
  ],
  getSets: [
    getSet("closed", (self) => newBool(I32[self + Connection.Fd] < 0)),
    getSet("readable", (self) => newBool(I32[self + Connection.Directions] & Direction.Reads)),
    getSet("writable", (self) =>
      newBool((I32[self + Connection.Directions] & Direction.Writes) >> 1),
    ),
    getSet("_handle", (self) =>
      I32[self + Connection.Fd] < 0 ? newNone() : newInt(I32[self + Connection.Fd]),
    ),
  ],
  doc: "One end of a pipe or socket pair: sends and receives whole messages.",
});
