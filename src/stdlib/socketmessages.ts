/**
 * `sendmsg`, `recvmsg` and `recvmsg_into`: data from or into several buffers, with ancillary data,
 * such as descriptors. Each is one system call that gives the GIL away once (I13).
 *
 * What the kernel is told lies in memory of the call's own, as the scratch memory could be used by
 * a signal handler meanwhile:
 *
 *   0 struct msghdr │ 64 address (128) │ 192 ancillary data │ struct iovec for each buffer │ data
 */
import { type Addr, heap } from "../memory/heap.js";
import { bufferLength, bufferOffset, newBytes } from "../object/bytes.js";
import { fast, type MethodDef } from "../object/define.js";
import { clearPendingIf, pending, raise, shortTypeName } from "../object/errors.js";
import { decref } from "../object/header.js";
import { asInt32, asSsize, failed, newInt } from "../object/int.js";
import { TupleObject } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { tupleFromIterable, tupleSize } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { isWritable, pin, unpin } from "./pin.js";
import {
  type Access,
  newAddress,
  Scratch,
  socketAccess,
  tupleOf,
  writeAddress,
} from "./socketaddress.js";
import { deadlineOf, Op, SocketObject, transfer } from "./socketcalls.js";

const I32 = heap.I32;

/** Byte offsets. */
const enum Message {
  Name = 0,
  NameLength = 8,
  Vectors = 16,
  VectorCount = 24,
  Control = 32,
  ControlLength = 40,
  Flags = 48,
  Address = 64,
  Ancillary = 192,
}

/** A struct cmsghdr: length, level, type; its data; room up to the next. */
const CONTROL_HEAD = 16;
const VECTOR = 16;
/** Most bytes of ancillary data, and most data that a call can ask for. */
const MOST_ANCILLARY = 0x7fffffff - 32;

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** A part of the caller's memory. */
interface Part {
  readonly place: number;
  readonly length: number;
}

interface Call {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Its place in the process. */
  readonly base: number;
}

/** A call's memory, with room for data behind what the kernel is told. */
function newCall(to: Access, ancillary: number, parts: readonly Part[], room: number): Call {
  const vectors = Message.Ancillary + aligned(ancillary);
  const data = vectors + VECTOR * (parts.length + (room > 0 ? 1 : 0));
  const bytes = new Uint8Array(new ArrayBuffer(data + room));
  const view = new DataView(bytes.buffer);
  const base = to.libc.address(bytes);
  const put = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true);
  const all = room > 0 ? [...parts, { place: base + data, length: room }] : parts;
  for (const [i, { place, length }] of all.entries()) {
    put(vectors + VECTOR * i, place);
    put(vectors + VECTOR * i + 8, length);
  }
  put(Message.Vectors, base + vectors);
  put(Message.VectorCount, all.length);
  if (ancillary > 0) {
    put(Message.Control, base + Message.Ancillary);
    put(Message.ControlLength, ancillary);
  }
  return { bytes, view, base };
}

/** Buffers that are held while the system uses them. */
class Held {
  readonly parts: Part[] = [];
  readonly #owners: Addr[] = [];

  constructor(private readonly to: Access) {}

  /** Hold the buffers of an iterable; false with an exception pending. */
  addAll(iterable: Addr, noIterable: string, isWanted: (buffer: Addr) => boolean): boolean {
    const buffers = tupleFromIterable(iterable);
    if (buffers === 0) {
      if (clearPendingIf(T.TypeError)) raise(T.TypeError, noIterable);
      return false;
    }
    let ok = true;
    for (let i = 0; ok && i < tupleSize(buffers); i++) {
      const buffer = I32[buffers + TupleObject.Items + 2 * i];
      ok = isWanted(buffer) && this.#add(buffer);
    }
    decref(buffers);
    return ok;
  }

  #add(buffer: Addr): boolean {
    const owner = pin(buffer);
    if (owner === 0) {
      const kind = shortTypeName(buffer);
      raise(T.TypeError, `a bytes-like object is required, not '${kind}'`);
      return false;
    }
    this.#owners.push(owner);
    this.parts.push({ place: this.to.heapBase + bufferOffset, length: bufferLength });
    return true;
  }

  release(): void {
    for (const owner of this.#owners) unpin(owner);
  }
}

interface Ancillary {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}

/** The ancillary data of an argument; null with an exception pending. */
function readAncillary(value: Addr): Ancillary[] | null {
  const items = tupleFromIterable(value);
  if (items === 0) {
    if (clearPendingIf(T.TypeError)) raise(T.TypeError, "sendmsg() argument 2 must be iterable");
    return null;
  }
  const found: Ancillary[] = [];
  for (let i = 0; i < tupleSize(items); i++) {
    const item = readItem(I32[items + TupleObject.Items + 2 * i]);
    if (item === null) break;
    found.push(item);
  }
  decref(items);
  return pending() ? null : found;
}

function readItem(value: Addr): Ancillary | null {
  const item = tupleFromIterable(value);
  if (item === 0) return null;
  if (tupleSize(item) !== 3) {
    const argument = "[sendmsg() ancillary data items] argument";
    raise(T.TypeError, `${argument} must be sequence of length 3, not ${tupleSize(item)}`);
    decref(item);
    return null;
  }
  const [level, type, buffer] = [0, 2, 4].map((at) => I32[item + TupleObject.Items + at]);
  const numbers = [asInt32(level), pending() ? Number.NaN : asInt32(type)];
  const owner = pending() ? 0 : pin(buffer);
  let found: Ancillary | null = null;
  if (owner !== 0) {
    const data = heap.U8.slice(bufferOffset, bufferOffset + bufferLength);
    found = { level: numbers[0], type: numbers[1], data };
    unpin(owner);
  } else if (!pending()) {
    raise(T.TypeError, `a bytes-like object is required, not '${shortTypeName(buffer)}'`);
  }
  decref(item);
  return found;
}

function writeAncillary(call: Call, items: readonly Ancillary[]): void {
  let at: number = Message.Ancillary;
  for (const { level, type, data } of items) {
    call.view.setBigUint64(at, BigInt(CONTROL_HEAD + data.length), true);
    call.view.setInt32(at + 8, level, true);
    call.view.setInt32(at + 12, type, true);
    call.bytes.set(data, at + CONTROL_HEAD);
    at += aligned(CONTROL_HEAD + data.length);
  }
}

/** `sendmsg(buffers[, ancdata[, flags[, address]]])`. */
function sendMessage(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("sendmsg", nargs, 1, 4)) return 0;
  const to = socketAccess();
  if (to === null) return 0;
  const held = new Held(to);
  const count = held.addAll(I32[args], "sendmsg() argument 1 must be iterable", () => true)
    ? sendHeld(self, to, held, args, nargs)
    : -1;
  held.release();
  return count < 0 ? 0 : newInt(count);
}

function sendHeld(self: Addr, to: Access, held: Held, args: Addr, nargs: number): number {
  const ancillary = nargs > 1 ? readAncillary(I32[args + 1]) : [];
  const flags = ancillary === null ? Number.NaN : nargs > 2 ? asInt32(I32[args + 2]) : 0;
  if (ancillary === null || Number.isNaN(flags)) return -1;
  const room = ancillary.reduce((sum, { data }) => sum + aligned(CONTROL_HEAD + data.length), 0);
  const call = newCall(to, room, held.parts, 0);
  writeAncillary(call, ancillary);
  if (nargs > 3 && I32[args + 3] !== S.None) {
    const family = I32[self + SocketObject.Family];
    const length = writeAddress(to, family, I32[args + 3], "sendmsg");
    if (length < 0) return -1;
    call.bytes.set(to.bytes.subarray(Scratch.Address, Scratch.Address + length), Message.Address);
    call.view.setBigUint64(Message.Name, BigInt(call.base + Message.Address), true);
    call.view.setUint32(Message.NameLength, length, true);
  }
  return transfer(to, self, Op.SendMessage, call.base, 0, flags, 0, deadlineOf(self));
}

/** A size argument, 0 where it is not given; NaN with an exception pending. */
function sizeAt(args: Addr, nargs: number, i: number): number {
  return i < nargs ? asSsize(I32[args + i]) : 0;
}

/** What `recvmsg` and `recvmsg_into` share: what was received, with `first` for the data. */
function receive(
  self: Addr,
  to: Access,
  call: Call,
  ancillary: number,
  flags: number,
  first: (count: number) => Addr,
): Addr {
  call.view.setBigUint64(Message.Name, BigInt(call.base + Message.Address), true);
  call.view.setUint32(Message.NameLength, Scratch.AddressBytes, true);
  const count = transfer(to, self, Op.ReceiveMessage, call.base, 0, flags, 0, deadlineOf(self));
  if (count < 0) return 0;
  const used = ancillary === 0 ? 0 : Number(call.view.getBigUint64(Message.ControlLength, true));
  const items = newAncillaryList(call, used);
  const length = call.view.getUint32(Message.NameLength, true);
  to.bytes.set(call.bytes.subarray(Message.Address, Message.Ancillary), Scratch.Address);
  const address = newAddress(to, Math.min(length, Scratch.AddressBytes));
  const flagsOut = newInt(call.view.getInt32(Message.Flags, true));
  return tupleOf(first(count), items, flagsOut, address);
}

/** The ancillary data received: a list of tuples of level, type and bytes. */
function newAncillaryList({ bytes, view }: Call, used: number): Addr {
  const list = newList(0);
  const end = Message.Ancillary + used;
  let at: number = Message.Ancillary;
  while (list !== 0 && at + CONTROL_HEAD <= end) {
    const length = Number(view.getBigUint64(at, true));
    if (length < CONTROL_HEAD) break;
    const data = bytes.subarray(at + CONTROL_HEAD, Math.min(at + length, end));
    const [level, type] = [view.getInt32(at + 8, true), view.getInt32(at + 12, true)];
    const item = tupleOf(newInt(level), newInt(type), newBytes(data));
    if (item === 0 || listAppendSteal(list, item) < 0) {
      decref(list);
      return 0;
    }
    at += aligned(length);
  }
  return list;
}

function checkAncillarySize(size: number): boolean {
  if (size >= 0 && size <= MOST_ANCILLARY) return true;
  raise(T.ValueError, "invalid ancillary data buffer length");
  return false;
}

/** `recvmsg(bufsize[, ancbufsize[, flags]])`. */
function receiveMessage(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("recvmsg", nargs, 1, 3)) return 0;
  const size = sizeAt(args, nargs, 0);
  const ancillary = failed(size) ? size : sizeAt(args, nargs, 1);
  const flags = failed(ancillary) ? ancillary : nargs > 2 ? asInt32(I32[args + 2]) : 0;
  if (Number.isNaN(flags)) return 0;
  if (size < 0) return raise(T.ValueError, "negative buffer size in recvmsg()");
  if (!checkAncillarySize(ancillary)) return 0;
  const to = socketAccess();
  if (to === null) return 0;
  if (size + ancillary > I32.byteLength) return raise(T.MemoryError, "");
  const call = newCall(to, ancillary, [], size);
  const data = call.bytes.length - size;
  return receive(self, to, call, ancillary, flags, (count) =>
    newBytes(call.bytes.subarray(data, data + count)),
  );
}

/** `recvmsg_into(buffers[, ancbufsize[, flags]])`. */
function receiveMessageInto(self: Addr, args: Addr, nargs: number): Addr {
  if (!takes("recvmsg_into", nargs, 1, 3)) return 0;
  const ancillary = sizeAt(args, nargs, 1);
  const flags = failed(ancillary) ? ancillary : nargs > 2 ? asInt32(I32[args + 2]) : 0;
  if (Number.isNaN(flags)) return 0;
  const to = socketAccess();
  if (to === null) return 0;
  const held = new Held(to);
  const ok =
    held.addAll(I32[args], "recvmsg_into() argument 1 must be an iterable", isTarget) &&
    checkAncillarySize(ancillary);
  const result = ok
    ? receive(self, to, newCall(to, ancillary, held.parts, 0), ancillary, flags, newInt)
    : 0;
  held.release();
  return result;
}

function isTarget(buffer: Addr): boolean {
  const owner = pin(buffer);
  const writable = owner !== 0 && isWritable(buffer);
  if (owner !== 0) unpin(owner);
  if (writable) return true;
  const kind = shortTypeName(buffer);
  const wanted =
    "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers";
  raise(T.TypeError, owner === 0 ? `a bytes-like object is required, not '${kind}'` : wanted);
  return false;
}

function takes(fname: string, nargs: number, least: number, most: number): boolean {
  if (nargs >= least && nargs <= most) return true;
  const bound = nargs < least ? least : most;
  const quantity = nargs < least ? "at least" : "at most";
  const plural = bound === 1 ? "" : "s";
  raise(T.TypeError, `${fname}() takes ${quantity} ${bound} argument${plural} (${nargs} given)`);
  return false;
}

/** The module's function `CMSG_LEN` or `CMSG_SPACE`. */
function lengthFunction(name: string, lengthOf: (length: number) => number): MethodDef {
  return fast(name, (_, args, nargs) => {
    if (!takes(name, nargs, 1, 1)) return 0;
    const length = asSsize(I32[args]);
    if (failed(length)) return 0;
    if (length >= 0 && length <= MOST_ANCILLARY) return newInt(lengthOf(length));
    return raise(T.OverflowError, `${name}() argument out of range`);
  });
}

/** Methods of sockets. */
export const messageMethods: MethodDef[] = [
  fast("sendmsg", sendMessage),
  fast("recvmsg", receiveMessage),
  fast("recvmsg_into", receiveMessageInto),
];

/** Functions of the module. */
export const messageFunctions: MethodDef[] = [
  lengthFunction("CMSG_LEN", (length) => CONTROL_HEAD + length),
  lengthFunction("CMSG_SPACE", (length) => CONTROL_HEAD + aligned(length)),
];
