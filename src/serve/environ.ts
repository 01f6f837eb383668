/** A request as its WSGI environ (PEP 3333), or why it is refused. */
import type { IncomingMessage } from "node:http";

/** Most header fields of a request. */
const MOST_FIELDS = 200;

/** A status to refuse a request with; the connection is closed. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly reason: string,
  ) {}
}

/** What of the environ is the same for all requests of a connection. */
export interface Ends {
  serverName: string;
  serverPort: string;
  remoteAddress: string;
  remotePort: string;
}

/** Names and values in turn, or why the request is refused. */
export function environOf(message: IncomingMessage, ends: Ends): string[] | Refusal {
  const { httpVersion } = message;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") {
    return new Refusal(505, "HTTP Version Not Supported");
  }
  const target = splitTarget(message.url ?? "");
  if (target === null) return new Refusal(400, "the request's target is none");
  const texts = [
    "REQUEST_METHOD",
    message.method ?? "",
    "SCRIPT_NAME",
    "",
    "PATH_INFO",
    unquote(target.path),
    "QUERY_STRING",
    target.query,
    "RAW_URI",
    message.url ?? "",
    "SERVER_PROTOCOL",
    `HTTP/${httpVersion}`,
    "SERVER_NAME",
    ends.serverName,
    "SERVER_PORT",
    ends.serverPort,
    "REMOTE_ADDR",
    ends.remoteAddress,
    "REMOTE_PORT",
    ends.remotePort,
  ];
  const refusal = addHeaders(texts, message.rawHeaders, target.host);
  return refusal ?? texts;
}

interface Target {
  path: string;
  query: string;
  /** Of a target with a host of its own, which outranks the header. */
  host: string | null;
}

/** Origin form, absolute form, or the asterisk of OPTIONS. */
function splitTarget(url: string): Target | null {
  let rest = url;
  let host: string | null = null;
  const absolute = /^https?:\/\/([^/?#]*)/i.exec(url);
  if (absolute !== null) {
    host = absolute[1];
    rest = url.slice(absolute[0].length);
    if (!rest.startsWith("/")) rest = `/${rest}`;
  } else if (url !== "*" && !url.startsWith("/")) return null;
  const fragment = rest.indexOf("#");
  if (fragment >= 0) rest = rest.slice(0, fragment);
  const mark = rest.indexOf("?");
  if (mark < 0) return { path: rest, query: "", host };
  return { path: rest.slice(0, mark), query: rest.slice(mark + 1), host };
}

/** `%41` as the byte it stands for; what stands for none is left as it is. */
function unquote(path: string): string {
  if (!path.includes("%")) return path;
  return path.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Add the header fields; fields of one name become one, as CGI wants it. */
function addHeaders(texts: string[], raw: readonly string[], host: string | null): Refusal | null {
  if (raw.length > 2 * MOST_FIELDS) return new Refusal(431, "too many header fields");
  const fields = new Map<string, string>();
  for (let i = 0; i < raw.length; i += 2) {
    // X_A and X-A would be one name in the environ: a client could speak for a proxy.
    if (raw[i].includes("_")) continue;
    const name = raw[i].toUpperCase().replaceAll("-", "_");
    const before = fields.get(name);
    if (before === undefined) fields.set(name, raw[i + 1]);
    else if (ONCE.has(name)) return new Refusal(400, `more than one ${raw[i]}`);
    else fields.set(name, before + (name === "COOKIE" ? "; " : ",") + raw[i + 1]);
  }
  if (host !== null) fields.set("HOST", host);
  for (const [name, value] of fields) texts.push(PLAIN.has(name) ? name : `HTTP_${name}`, value);
  return null;
}

/** Fields without HTTP_ before their names. */
const PLAIN = new Set(["CONTENT_TYPE", "CONTENT_LENGTH"]);

/** Fields that two parties must not be able to read differently. */
const ONCE = new Set(["HOST", "CONTENT_LENGTH", "TRANSFER_ENCODING", "CONTENT_TYPE"]);
