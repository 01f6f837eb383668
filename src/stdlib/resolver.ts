/**
 * Network addresses as text and as bytes, and names of hosts and services from the machine's own
 * files (/etc/hosts, /etc/services). No name server is asked: a name the files do not have does
 * not exist. Nothing here touches the heap, so all of it may run without the GIL (I15).
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Numbers of Linux's C library. */
export const enum Net {
  Unix = 1,
  Inet = 2,
  Inet6 = 10,
  Stream = 1,
  Datagram = 2,
  Raw = 3,
  Tcp = 6,
  Udp = 17,
}

/** Flags of a look-up. */
export const enum Flag {
  Passive = 1,
  CanonicalName = 2,
  NumericHost = 4,
  V4Mapped = 8,
  NumericService = 0x400,
}

/** Failures of a look-up. */
export const enum Gai {
  BadFlags = -1,
  NoName = -2,
  Family = -6,
  SocketType = -7,
  Service = -8,
  AddressFamily = -9,
}

const GAI_TEXTS: Readonly<Record<number, string>> = {
  [Gai.BadFlags]: "Bad value for ai_flags",
  [Gai.NoName]: "Name or service not known",
  [Gai.Family]: "ai_family not supported",
  [Gai.SocketType]: "ai_socktype not supported",
  [Gai.Service]: "Servname not supported for ai_socktype",
  [Gai.AddressFamily]: "Address family for hostname not supported",
};

/** What gai_strerror says. */
export function lookupErrorText(code: number): string {
  return GAI_TEXTS[code] ?? "Unknown error";
}

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Four bytes of strict dotted notation, or null. */
function parseDotted(text: string): number[] | null {
  const match = DOTTED.exec(text);
  if (match === null) return null;
  const bytes = match.slice(1).map(Number);
  const strict = bytes.every((byte, i) => byte < 256 && String(byte) === match[i + 1]);
  return strict ? bytes : null;
}

/** A number in C's notation: 0x… hexadecimal, 0… octal. NaN otherwise. */
function parseC(text: string): number {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
}

/** Four bytes of an address of one to four numbers, the last of which fills the rest; or null. */
export function parseLoose(text: string): number[] | null {
  const numbers = text.trimEnd().split(".").map(parseC);
  if (numbers.length > 4 || numbers.some(Number.isNaN)) return null;
  const last = numbers.pop()!;
  const room = 4 - numbers.length;
  if (numbers.some((n) => n > 255) || last >= 256 ** room) return null;
  for (let i = room - 1; i >= 0; i--) numbers.push(Math.floor(last / 256 ** i) % 256);
  return numbers;
}

/** Groups of two bytes between colons; the last may be dotted. Null: not so. */
function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 255);
    } else {
      const dotted = i === parts.length - 1 ? parseDotted(part) : null;
      if (dotted === null) return null;
      bytes.push(...dotted);
    }
  }
  return bytes;
}

/** Sixteen bytes of an IPv6 address, or null. */
function parseSix(text: string): number[] | null {
  const gap = text.indexOf("::");
  if (gap < 0) {
    const all = parseGroups(text);
    return all?.length === 16 ? all : null;
  }
  const head = parseGroups(text.slice(0, gap));
  const tail = parseGroups(text.slice(gap + 2));
  if (head === null || tail === null || head.length + tail.length > 14) return null;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** The bytes of a literal address (inet_pton), or null. */
export function parseAddress(family: number, text: string): number[] | null {
  return family === Net.Inet ? parseDotted(text) : parseSix(text);
}

/** Where the longest run of at least two zero groups stands: [first, length]. */
function zeroRun(groups: readonly number[]): [number, number] {
  let best: [number, number] = [-1, 1];
  for (let i = 0; i < groups.length; i++) {
    let n = 0;
    while (groups[i + n] === 0) n++;
    if (n > best[1]) best = [i, n];
  }
  return best;
}

function formatSix(bytes: ArrayLike<number>): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i] << 8) | bytes[i + 1]);
  const [first, length] = zeroRun(groups);
  const isV4 = first === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const end = isV4 ? 6 : 8;
  const parts = (from: number, to: number) =>
    groups.slice(from, to).map((group) => group.toString(16));
  const dotted = isV4 ? [Array.from(bytes).slice(12, 16).join(".")] : [];
  if (first < 0) return parts(0, 8).join(":");
  const tail = [...parts(first + length, end), ...dotted];
  return `${parts(0, first).join(":")}::${tail.join(":")}`;
}

/** An address as text (inet_ntop). */
export function formatAddress(family: number, bytes: ArrayLike<number>): string {
  return family === Net.Inet ? Array.from(bytes).slice(0, 4).join(".") : formatSix(bytes);
}

/** Lines of a system file as words, without comments. */
function wordsOf(path: string): string[][] {
  try {
    const lines = readFileSync(path, "latin1").split("\n");
    return lines.map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
  } catch {
    return [];
  }
}

/** A service as /etc/services has it. */
export interface Service {
  name: string;
  port: number;
  protocol: string;
}

/** The first service that fits, or null. */
export function findService(fits: (service: Service) => boolean): Service | null {
  for (const [name, place, ...aliases] of wordsOf("/etc/services")) {
    const [port, protocol] = (place ?? "").split("/");
    for (const alias of [name, ...aliases]) {
      if (fits({ name: alias, port: Number(port), protocol })) {
        return { name, port: Number(port), protocol };
      }
    }
  }
  return null;
}

/** Number of the protocol called `name`, or -1. */
export function findProtocol(name: string): number {
  const line = wordsOf("/etc/protocols").find((words) => words.includes(name, 0));
  return line === undefined || line.indexOf(name) === 1 ? -1 : Number(line[1]);
}

/** An address of a host. */
export interface HostAddress {
  family: number;
  bytes: number[];
}

function literal(family: number, text: string): HostAddress | null {
  if (family !== Net.Inet6) {
    const bytes = parseLoose(text);
    if (bytes !== null) return { family: Net.Inet, bytes };
  }
  const bytes = family === Net.Inet ? null : parseSix(text);
  return bytes === null ? null : { family: Net.Inet6, bytes };
}

/** Addresses of `name` in /etc/hosts; the loopback's for localhost and the machine's own name. */
function hostsNamed(name: string, family: number): HostAddress[] {
  const found: HostAddress[] = [];
  for (const [text, ...names] of wordsOf("/etc/hosts")) {
    if (!names.some((known) => known.toLowerCase() === name.toLowerCase())) continue;
    const address = literal(family, text);
    if (address !== null) found.push(address);
  }
  const own = name === "localhost" || name === hostname();
  if (found.length > 0 || !own) return found;
  if (family === Net.Inet6) return [{ family, bytes: parseSix("::1")! }];
  return [{ family: Net.Inet, bytes: [127, 0, 0, 1] }];
}

/** The name and other names of the host with this address, or null. */
export function namesOfHost(address: string): [string, string[]] | null {
  for (const [text, name, ...aliases] of wordsOf("/etc/hosts")) {
    if (text === address) return [name, aliases];
  }
  return null;
}

/** The addresses of a host, of `family` where that is not 0; or why there is none. */
export function findHost(name: string, family: number, flags: number): HostAddress[] | Gai {
  const mapped = (flags & Flag.V4Mapped) !== 0 && family === Net.Inet6;
  const address = literal(family, name);
  if (address !== null) return [address];
  const other = literal(0, name);
  if (other !== null) {
    if (!mapped) return Gai.AddressFamily;
    return [{ family, bytes: [...new Array<number>(10).fill(0), 255, 255, ...other.bytes] }];
  }
  if ((flags & Flag.NumericHost) !== 0) return Gai.NoName;
  const found = hostsNamed(name, family);
  return found.length > 0 ? found : Gai.NoName;
}

/** What a look-up is about; 0 stands for "any" in family, type and protocol. */
export interface Query {
  host: string | null;
  service: string | number | null;
  family: number;
  type: number;
  protocol: number;
  flags: number;
}

/** One way to reach what was looked up. */
export interface Answer extends HostAddress {
  type: number;
  protocol: number;
  name: string;
  port: number;
}

const TRANSPORTS = [
  { type: Net.Stream, protocol: Net.Tcp, name: "tcp" },
  { type: Net.Datagram, protocol: Net.Udp, name: "udp" },
  { type: Net.Raw, protocol: 0, name: "" },
];

interface Endpoint {
  type: number;
  protocol: number;
  port: number;
}

/** The transports that fit the query, with the service's port on each. */
function endpointsOf(query: Query): Endpoint[] | Gai {
  const fitting = TRANSPORTS.filter(
    ({ type, protocol }) =>
      (query.type === 0 || type === query.type) &&
      (query.protocol === 0 || protocol === query.protocol || type === Net.Raw),
  );
  if (fitting.length === 0) return query.type === 0 ? Gai.Service : Gai.SocketType;
  const { service, flags } = query;
  if (query.type === Net.Raw && service !== null) return Gai.Service;
  if (typeof service !== "string" || /^\d*$/.test(service)) {
    const port = Number(service ?? 0) & 0xffff;
    const usable = fitting.filter(({ type }) => type !== Net.Raw || query.protocol === 0);
    return (usable.length > 0 ? usable : fitting).map(({ type, protocol }) => ({
      type,
      protocol: type === Net.Raw ? query.protocol : protocol,
      port,
    }));
  }
  if ((flags & Flag.NumericService) !== 0) return Gai.NoName;
  const endpoints: Endpoint[] = [];
  for (const { type, protocol, name } of fitting) {
    if (type === Net.Raw) continue;
    const found = findService((known) => known.name === service && known.protocol === name);
    if (found !== null) endpoints.push({ type, protocol, port: found.port });
  }
  return endpoints.length > 0 ? endpoints : Gai.Service;
}

/** Addresses where no host is named: all of this machine's, or its loopback. */
function unnamedHost(query: Query): HostAddress[] {
  const passive = (query.flags & Flag.Passive) !== 0;
  const six = { family: Net.Inet6, bytes: parseSix(passive ? "::" : "::1")! };
  const four = { family: Net.Inet, bytes: passive ? [0, 0, 0, 0] : [127, 0, 0, 1] };
  if (query.family !== 0) return [query.family === Net.Inet6 ? six : four];
  return passive ? [four, six] : [six, four];
}

/** getaddrinfo: every way to reach the host's service; or why there is none. */
export function lookUp(query: Query): Answer[] | Gai {
  const { host, family, flags } = query;
  if (host === null && query.service === null) return Gai.NoName;
  if (family !== 0 && family !== Net.Inet && family !== Net.Inet6) return Gai.Family;
  const endpoints = endpointsOf(query);
  if (!Array.isArray(endpoints)) return endpoints;
  const hosts = host === null ? unnamedHost(query) : findHost(host, family, flags);
  if (!Array.isArray(hosts)) return hosts;
  const answers: Answer[] = [];
  for (const address of hosts) {
    for (const endpoint of endpoints) {
      const first = answers.length === 0 && (flags & Flag.CanonicalName) !== 0;
      answers.push({ ...address, ...endpoint, name: first ? (host ?? "") : "" });
    }
  }
  return answers;
}
