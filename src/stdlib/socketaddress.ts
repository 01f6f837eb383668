/**
 * Socket addresses: the system's struct sockaddr and Python's tuples and paths. Everything a call
 * needs besides its data lies in scratch memory of the calling thread:
 *
 *   0 pollfd │ 16 socklen_t │ 32 sockaddr (128) │ 192 option value (1024) │ 4096 received data
 */
import { type Addr, heap } from "../memory/heap.js";
import { getAttr } from "../object/attribute.js";
import { bytesData, getBytes, newBytes, newEmptyBytes } from "../object/bytes.js";
import { call2 } from "../object/call.js";
import { raise, raiseException, shortTypeName } from "../object/errors.js";
import { decref, isKindOf } from "../object/header.js";
import { asInt32, asSsize, failed, newInt } from "../object/int.js";
import { newInterned } from "../object/intern.js";
import { TupleObject, TypeFlag } from "../object/layout.js";
import { getString, isStr, newEmptyStr, newStr } from "../object/str.js";
import { decodeBytes, encodeToArray } from "../object/strconvert.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { getHost, type Libc, type SocketCalls } from "../vm/host.js";
import { importPath } from "../vm/import.js";
import { raiseOsError } from "./oserror.js";
import {
  findHost,
  formatAddress,
  type HostAddress,
  lookupErrorText,
  Net,
  parseAddress,
} from "./resolver.js";
import { ENOSYS } from "./systemcall.js";

const I32 = heap.I32;

/** Byte offsets in the scratch memory. */
export const enum Scratch {
  Poll = 0,
  Length = 16,
  Address = 32,
  AddressBytes = 128,
  Option = 192,
  OptionBytes = 1024,
  Data = 4096,
  DataBytes = 65536,
  Bytes = Data + DataBytes,
}

/** The calling thread's way to the system: the calls, and scratch memory for them. */
export interface Access {
  readonly libc: Libc;
  readonly calls: SocketCalls;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  /** Place of the scratch memory, and of the heap, in the process. */
  readonly base: number;
  readonly heapBase: number;
}

let access: Access | null = null;

function open(libc: Libc): Access {
  const memory = new ArrayBuffer(Scratch.Bytes);
  const bytes = new Uint8Array(memory);
  access = {
    libc,
    calls: libc.sockets,
    bytes,
    words: new Int32Array(memory),
    base: libc.address(bytes),
    heapBase: libc.address(heap.U8),
  };
  return access;
}

/** The thread's access; null with OSError pending where there is no C library to load. */
export function socketAccess(): Access | null {
  if (access !== null) return access;
  const { libc } = getHost();
  if (libc !== null) return open(libc);
  raiseOsError(ENOSYS);
  return null;
}

/** Raise socket.gaierror, as a failed look-up does. */
export function raiseLookupError(code: number): 0 {
  const module = importPath("socket");
  const name = module === 0 ? 0 : newInterned("gaierror");
  const type = name === 0 ? 0 : getAttr(module, name);
  if (name !== 0) decref(name);
  if (module !== 0) decref(module);
  if (type === 0) return 0;
  const number = newInt(code);
  const text = newStr(lookupErrorText(code));
  const error = number === 0 || text === 0 ? 0 : call2(type, number, text);
  for (const object of [type, number, text]) if (object !== 0) decref(object);
  return error === 0 ? 0 : raiseException(error);
}

/** The text of a host argument; null with TypeError pending. */
export function hostText(value: Addr): string | null {
  if (isStr(value)) {
    const text = getString(value);
    if (!text.includes("\0")) return text;
    raise(T.TypeError, "host name must not contain null character");
    return null;
  }
  if (isKindOf(value, TypeFlag.BytesSubclass))
    return Buffer.from(getBytes(value)).toString("latin1");
  raise(T.TypeError, `str, bytes or bytearray expected, not ${shortTypeName(value)}`);
  return null;
}

const WILD: Readonly<Record<number, HostAddress>> = {
  [Net.Inet]: { family: Net.Inet, bytes: [0, 0, 0, 0] },
  [Net.Inet6]: { family: Net.Inet6, bytes: new Array<number>(16).fill(0) },
};

/** The address of a host named in an address tuple; null with an exception pending. */
function resolve(family: number, name: string): number[] | null {
  if (name === "") return WILD[family].bytes;
  if (family === Net.Inet && (name === "<broadcast>" || name === "255.255.255.255")) {
    return [255, 255, 255, 255];
  }
  const literal = parseAddress(family, name);
  if (literal !== null) return literal;
  const found = withoutLock(() => findHost(name, family, 0));
  if (Array.isArray(found)) return found[0].bytes;
  raiseLookupError(found);
  return null;
}

/** The first address of a host for gethostbyname; null with gaierror pending. */
export function resolveInet(name: string): number[] | null {
  return resolve(Net.Inet, name);
}

/** Write the address that `value` names into the scratch memory; its length, -1: exception. */
export function writeAddress(to: Access, family: number, value: Addr, caller: string): number {
  if (family === Net.Unix) return writePath(to, value);
  if (family === Net.Inet || family === Net.Inet6) return writeInternet(to, family, value, caller);
  raise(T.OSError, `${caller}(): unsupported address family`);
  return -1;
}

function writePath(to: Access, value: Addr): number {
  let path: Uint8Array | null;
  if (isStr(value)) path = encodeToArray(value, "utf-8", "surrogateescape");
  else if (isKindOf(value, TypeFlag.BytesSubclass)) path = getBytes(value);
  else {
    raise(T.TypeError, `a bytes-like object is required, not '${shortTypeName(value)}'`);
    return -1;
  }
  if (path === null) return -1;
  const abstract = path.length > 0 && path[0] === 0;
  if (path.length > (abstract ? 108 : 107)) {
    raise(T.OSError, "AF_UNIX path too long");
    return -1;
  }
  const at = Scratch.Address;
  to.bytes.fill(0, at, at + Scratch.AddressBytes);
  to.bytes[at] = Net.Unix;
  to.bytes.set(path, at + 2);
  return 2 + path.length + (abstract ? 0 : 1);
}

/** The numbers behind the host in an IPv6 address tuple; null with an exception pending. */
function scopeArguments(value: Addr, size: number, caller: string): [number, number] | null {
  const items = value + TupleObject.Items;
  const flow = size > 2 ? asSsize(I32[items + 4]) : 0;
  const scope = failed(flow) || size < 4 ? 0 : asSsize(I32[items + 6]);
  if (failed(flow) || failed(scope)) return null;
  if (flow >= 0 && flow <= 0xfffff) return [flow, scope];
  raise(T.OverflowError, `${caller}(): flowinfo must be 0-1048575.`);
  return null;
}

function isAddressTuple(family: number, value: Addr, caller: string): boolean {
  const six = family === Net.Inet6;
  if (!isKindOf(value, TypeFlag.TupleSubclass)) {
    const name = six ? "AF_INET6" : "AF_INET";
    raise(T.TypeError, `${caller}(): ${name} address must be tuple, not ${shortTypeName(value)}`);
    return false;
  }
  const size = I32[value + TupleObject.Size];
  if (size >= 2 && size <= (six ? 4 : 2)) return true;
  const shape = six ? "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])" : "";
  raise(T.TypeError, shape || "AF_INET address must be a pair (host, port)");
  return false;
}

function writeInternet(to: Access, family: number, value: Addr, caller: string): number {
  if (!isAddressTuple(family, value, caller)) return -1;
  const items = value + TupleObject.Items;
  const host = hostText(I32[items]);
  const port = host === null ? 0 : asInt32(I32[items + 2]);
  if (host === null || Number.isNaN(port)) return -1;
  const scopes = scopeArguments(value, I32[value + TupleObject.Size], caller);
  const bytes = scopes === null ? null : resolve(family, host);
  if (scopes === null || bytes === null) return -1;
  if (port < 0 || port > 0xffff) {
    raise(T.OverflowError, `${caller}(): port must be 0-65535.`);
    return -1;
  }
  const at = Scratch.Address;
  const memory = to.bytes;
  memory.fill(0, at, at + Scratch.AddressBytes);
  memory[at] = family;
  memory[at + 2] = port >> 8;
  memory[at + 3] = port & 255;
  memory.set(bytes, at + (family === Net.Inet ? 4 : 8));
  if (family === Net.Inet) return 16;
  const view = new DataView(memory.buffer);
  view.setUint32(at + 4, scopes[0]);
  view.setUint32(at + 24, scopes[1], true);
  return 28;
}

/** A tuple of the given new references, which are stolen; 0 when one of them is 0. */
export function tupleOf(...items: Addr[]): Addr {
  const tuple = items.includes(0) ? 0 : newTuple(items.length);
  for (const [i, item] of items.entries()) {
    if (tuple !== 0) I32[tuple + TupleObject.Items + 2 * i] = item;
    else if (item !== 0) decref(item);
  }
  return tuple;
}

/** What Python calls an internet address. */
export function newInternetAddress(
  family: number,
  bytes: ArrayLike<number>,
  port: number,
  flow = 0,
  scope = 0,
): Addr {
  const host = newStr(formatAddress(family, bytes));
  if (family === Net.Inet) return tupleOf(host, newInt(port));
  return tupleOf(host, newInt(port), newInt(flow), newInt(scope));
}

function newPath(path: Uint8Array): Addr {
  if (path.length === 0) return newEmptyStr();
  if (path[0] === 0) return newBytes(path);
  const end = path.indexOf(0);
  const bytes = newBytes(end < 0 ? path : path.subarray(0, end));
  if (bytes === 0) return 0;
  const length = end < 0 ? path.length : end;
  const text = decodeBytes(bytes, bytesData(bytes), length, "utf-8", "surrogateescape");
  decref(bytes);
  return text;
}

/** The address of `length` bytes that a call left in the scratch memory, as Python shows it. */
export function newAddress(from: Access, length: number): Addr {
  if (length === 0) {
    I32[S.None]++;
    return S.None;
  }
  const at = Scratch.Address;
  const memory = from.bytes;
  const family = memory[at] | (memory[at + 1] << 8);
  if (family === Net.Unix) return newPath(memory.slice(at + 2, at + length));
  const port = (memory[at + 2] << 8) | memory[at + 3];
  if (family === Net.Inet) return newInternetAddress(family, memory.subarray(at + 4, at + 8), port);
  if (family !== Net.Inet6) return tupleOf(newInt(family), newEmptyBytes());
  const view = new DataView(memory.buffer);
  const flow = view.getUint32(at + 4);
  const scope = view.getUint32(at + 24, true);
  return newInternetAddress(family, memory.subarray(at + 8, at + 24), port, flow, scope);
}
