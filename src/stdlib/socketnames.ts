/**
 * The functions of `_socket` on names and addresses. A look-up is one release of the GIL (I15);
 * conversions of numbers and literal addresses keep it.
 */
import { hostname } from "node:os";
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { bufferLength, bufferOffset, newBytes, readBuffer } from "../object/bytes.js";
import { fast, keywords, type MethodDef, noArgs, oneArg } from "../object/define.js";
import { raise, shortTypeName } from "../object/errors.js";
import { decref, isKindOf } from "../object/header.js";
import { asInt32, asSsize, failed, isInt, newInt } from "../object/int.js";
import { ListObject, TupleObject, TypeFlag } from "../object/layout.js";
import { newList } from "../object/list.js";
import { getString, isStr, newStr } from "../object/str.js";
import { S, T } from "../object/types.js";
import { withoutLock } from "../vm/blocking.js";
import { raiseOsError } from "./oserror.js";
import {
  type Answer,
  findProtocol,
  findService,
  formatAddress,
  lookUp,
  Net,
  namesOfHost,
  parseAddress,
  parseLoose,
} from "./resolver.js";
import {
  hostText,
  newInternetAddress,
  raiseLookupError,
  resolveInet,
  tupleOf,
} from "./socketaddress.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** EAFNOSUPPORT. */
const FAMILY_NOT_SUPPORTED = 97;

const bound = new Int32Array(6);

function newListOf(items: readonly Addr[]): Addr {
  const list = items.includes(0) ? 0 : newList(items.length);
  for (const [i, item] of items.entries()) {
    if (list !== 0) I32[I32[list + ListObject.Items] + 2 * i] = item;
    else if (item !== 0) decref(item);
  }
  return list;
}

function newAnswer(answer: Answer): Addr {
  const { family, type, protocol, name, bytes, port } = answer;
  const address = newInternetAddress(family, bytes, port);
  return tupleOf(newInt(family), newInt(type), newInt(protocol), newStr(name), address);
}

/** The service argument: a name, a number or none; undefined with an exception pending. */
function serviceArgument(value: Addr): string | number | null | undefined {
  if (value === S.None) return null;
  if (isStr(value) || isKindOf(value, TypeFlag.BytesSubclass)) return hostText(value) ?? undefined;
  if (!isInt(value)) {
    raise(T.OSError, "Int or String expected");
    return undefined;
  }
  const port = asSsize(value);
  return failed(port) ? undefined : port;
}

const LOOKUP = ["host", "port", "family", "type", "proto", "flags"];

function getAddressInfo(_: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("getaddrinfo", args, nargs, kwnames, LOOKUP, 2, bound)) return 0;
  const [hostArgument, port] = bound;
  const numbers = [2, 3, 4, 5].map((i) => (bound[i] === 0 ? 0 : asInt32(bound[i])));
  if (numbers.some(Number.isNaN)) return 0;
  const named = isStr(hostArgument) || isKindOf(hostArgument, TypeFlag.BytesSubclass);
  if (!named && hostArgument !== S.None) {
    return raise(T.TypeError, "getaddrinfo() argument 1 must be string or None");
  }
  const host = named ? hostText(hostArgument) : null;
  if (named && host === null) return 0;
  const service = serviceArgument(port);
  if (service === undefined) return 0;
  const [family, type, protocol, flags] = numbers;
  const query = { host: host === "" ? null : host, service, family, type, protocol, flags };
  const answers = withoutLock(() => lookUp(query));
  if (!Array.isArray(answers)) return raiseLookupError(answers);
  return newListOf(answers.map(newAnswer));
}

function getHostByName(_: Addr, value: Addr): Addr {
  if (!isStr(value) && !isKindOf(value, TypeFlag.BytesSubclass)) {
    const expected = "must be str, bytes or bytearray";
    const kind = shortTypeName(value);
    return raise(T.TypeError, `gethostbyname() argument 1 ${expected}, not ${kind}`);
  }
  const name = hostText(value);
  const bytes = name === null ? null : resolveInet(name);
  return bytes === null ? 0 : newStr(formatAddress(Net.Inet, bytes));
}

/** The name of a host and its other names, for its address: a tuple, None where none is known. */
function namesOfAddress(_: Addr, value: Addr): Addr {
  const text = hostText(value);
  if (text === null) return 0;
  const names = withoutLock(() => namesOfHost(text));
  if (names === null) {
    I32[S.None]++;
    return S.None;
  }
  return tupleOf(newStr(names[0]), newListOf(names[1].map(newStr)));
}

/** The protocol argument of a look-up of services: "" for any; null with TypeError pending. */
function protocolArgument(fname: string, args: Addr, nargs: number): string | null {
  if (!checkArity(fname, nargs, 1, 2)) return null;
  if (nargs === 1) return "";
  if (isStr(I32[args + 1])) return getString(I32[args + 1]);
  raise(T.TypeError, `${fname}() argument 2 must be str, not ${shortTypeName(I32[args + 1])}`);
  return null;
}

function getServiceByName(_: Addr, args: Addr, nargs: number): Addr {
  const wanted = protocolArgument("getservbyname", args, nargs);
  if (wanted === null) return 0;
  if (!isStr(I32[args])) {
    const kind = shortTypeName(I32[args]);
    return raise(T.TypeError, `getservbyname() argument 1 must be str, not ${kind}`);
  }
  const text = getString(I32[args]);
  const found = withoutLock(() =>
    findService(({ name, protocol }) => name === text && (wanted === "" || protocol === wanted)),
  );
  return found === null ? raise(T.OSError, "service/proto not found") : newInt(found.port);
}

function getServiceByPort(_: Addr, args: Addr, nargs: number): Addr {
  const wanted = protocolArgument("getservbyport", args, nargs);
  if (wanted === null) return 0;
  const number = asInt32(I32[args]);
  if (Number.isNaN(number)) return 0;
  if (number < 0 || number > 0xffff) {
    return raise(T.OverflowError, "getservbyport: port must be 0-65535.");
  }
  const found = withoutLock(() =>
    findService(({ port, protocol }) => port === number && (wanted === "" || protocol === wanted)),
  );
  return found === null ? raise(T.OSError, "port/proto not found") : newStr(found.name);
}

function getProtocolByName(_: Addr, value: Addr): Addr {
  if (!isStr(value)) {
    const kind = shortTypeName(value);
    return raise(T.TypeError, `getprotobyname() argument must be str, not ${kind}`);
  }
  const text = getString(value);
  const number = withoutLock(() => findProtocol(text));
  return number < 0 ? raise(T.OSError, "protocol not found") : newInt(number);
}

/** The text of a str argument; null with TypeError pending. */
function textArgument(fname: string, place: string, value: Addr): string | null {
  if (isStr(value)) return getString(value);
  raise(T.TypeError, `${fname}() argument${place} must be str, not ${shortTypeName(value)}`);
  return null;
}

/** The bytes of a bytes-like argument; null with TypeError pending. */
function packedArgument(value: Addr): Uint8Array | null {
  if (readBuffer(value)) return U8.slice(bufferOffset, bufferOffset + bufferLength);
  raise(T.TypeError, `a bytes-like object is required, not '${shortTypeName(value)}'`);
  return null;
}

function inetAton(_: Addr, value: Addr): Addr {
  const text = textArgument("inet_aton", " 1", value);
  if (text === null) return 0;
  const bytes = parseLoose(text);
  if (bytes !== null) return newBytes(new Uint8Array(bytes));
  return raise(T.OSError, "illegal IP address string passed to inet_aton");
}

function inetNtoa(_: Addr, value: Addr): Addr {
  const bytes = packedArgument(value);
  if (bytes === null) return 0;
  if (bytes.length === 4) return newStr(formatAddress(Net.Inet, bytes));
  return raise(T.OSError, "packed IP wrong length for inet_ntoa");
}

function inetPton(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("inet_pton", nargs, 2, 2)) return 0;
  const family = asInt32(I32[args]);
  const text = Number.isNaN(family) ? null : textArgument("inet_pton", " 2", I32[args + 1]);
  if (text === null) return 0;
  if (family !== Net.Inet && family !== Net.Inet6) return raiseOsError(FAMILY_NOT_SUPPORTED);
  const bytes = parseAddress(family, text);
  if (bytes !== null) return newBytes(new Uint8Array(bytes));
  return raise(T.OSError, "illegal IP address string passed to inet_pton");
}

function inetNtop(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("inet_ntop", nargs, 2, 2)) return 0;
  const family = asInt32(I32[args]);
  const bytes = Number.isNaN(family) ? null : packedArgument(I32[args + 1]);
  if (bytes === null) return 0;
  if (family !== Net.Inet && family !== Net.Inet6) {
    return raise(T.ValueError, `unknown address family ${family}`);
  }
  if (bytes.length === (family === Net.Inet ? 4 : 16)) return newStr(formatAddress(family, bytes));
  return raise(T.ValueError, "invalid length of packed IP address string");
}

/** A conversion of 16 bits between the orders of bytes of the network and of this machine. */
function swapShort(name: string): MethodDef {
  return oneArg(name, (_: Addr, value: Addr): Addr => {
    const number = asInt32(value);
    if (Number.isNaN(number)) return 0;
    const limit = "C 16-bit unsigned integer";
    if (number < 0) {
      return raise(T.OverflowError, `${name}: can't convert negative Python int to ${limit}`);
    }
    if (number > 0xffff) {
      return raise(T.OverflowError, `${name}: Python int too large to convert to ${limit}`);
    }
    return newInt(((number & 255) << 8) | (number >> 8));
  });
}

/** The same for 32 bits. */
function swapLong(name: string): MethodDef {
  return oneArg(name, (_: Addr, value: Addr): Addr => {
    if (!isInt(value)) {
      return raise(T.TypeError, `expected int, ${shortTypeName(value)} found`);
    }
    const number = asSsize(value);
    if (failed(number)) return 0;
    if (number < 0) {
      return raise(T.OverflowError, "can't convert negative value to unsigned int");
    }
    if (number > 0xffffffff) return raise(T.OverflowError, "int larger than 32 bits");
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, number);
    return newInt(view.getUint32(0, true));
  });
}

/** Tuple item `i` of an address argument. */
function itemOf(tuple: Addr, i: number): Addr {
  return I32[tuple + TupleObject.Items + 2 * i];
}

const NUMERIC_HOST = 1;
const NUMERIC_SERVICE = 2;
const NAME_REQUIRED = 8;
const DATAGRAM = 16;

function getNameInfo(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("getnameinfo", nargs, 2, 2)) return 0;
  const address = I32[args];
  if (!isKindOf(address, TypeFlag.TupleSubclass)) {
    return raise(T.TypeError, "getnameinfo() argument 1 must be a tuple");
  }
  if (I32[address + TupleObject.Size] < 2) {
    return raise(T.TypeError, "getnameinfo(): illegal sockaddr argument");
  }
  const flags = asInt32(I32[args + 1]);
  const host = Number.isNaN(flags) ? null : hostText(itemOf(address, 0));
  const port = host === null ? Number.NaN : asInt32(itemOf(address, 1));
  if (host === null || Number.isNaN(port)) return 0;
  const transport = (flags & DATAGRAM) !== 0 ? "udp" : "tcp";
  const query = { host, service: port, family: 0, type: Net.Datagram, protocol: 0, flags: 4 };
  const answers = withoutLock(() => lookUp(query));
  if (!Array.isArray(answers)) return raiseLookupError(answers);
  const text = formatAddress(answers[0].family, answers[0].bytes);
  const names = (flags & NUMERIC_HOST) !== 0 ? null : withoutLock(() => namesOfHost(text));
  if (names === null && (flags & NAME_REQUIRED) !== 0) return raiseLookupError(-2);
  const fits = (known: { port: number; protocol: string }): boolean =>
    known.port === port && known.protocol === transport;
  const service = (flags & NUMERIC_SERVICE) !== 0 ? null : withoutLock(() => findService(fits));
  return tupleOf(newStr(names?.[0] ?? text), newStr(service?.name ?? String(port)));
}

/** This file's part of module `_socket`. */
export const nameFunctions: MethodDef[] = [
  keywords("getaddrinfo", getAddressInfo),
  fast("getnameinfo", getNameInfo),
  oneArg("gethostbyname", getHostByName),
  oneArg("_names_of_host", namesOfAddress),
  noArgs("gethostname", () => newStr(withoutLock(hostname))),
  fast("getservbyname", getServiceByName),
  fast("getservbyport", getServiceByPort),
  oneArg("getprotobyname", getProtocolByName),
  oneArg("inet_aton", inetAton),
  oneArg("inet_ntoa", inetNtoa),
  fast("inet_pton", inetPton),
  fast("inet_ntop", inetNtop),
  swapShort("htons"),
  swapShort("ntohs"),
  swapLong("htonl"),
  swapLong("ntohl"),
];
