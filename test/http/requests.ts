/**
 * Raw requests, good and malformed, and what a server may do with each: the statuses it may answer
 * with, 0 standing for a closed connection without an answer.
 */
export interface RawCase {
  name: string;
  bytes: string;
  allowed: readonly number[];
  /** Close our side behind the bytes. */
  hangUp?: boolean;
}

const HOST = "Host: test\r\n";
const CLOSE = "Connection: close\r\n";
/** Refused: an answer or none, but the connection is closed. */
const REFUSED = [400, 0];

const cases: RawCase[] = [];

function add(name: string, bytes: string, allowed: readonly number[], hangUp = false): void {
  cases.push({ name, bytes, allowed, hangUp });
}

function get(target: string, headers = ""): string {
  return `GET ${target} HTTP/1.1\r\n${HOST}${CLOSE}${headers}\r\n`;
}

/** A POST to /echo; a second request hides behind its end. */
function post(headers: string, body: string): string {
  return `POST /echo HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
}

const HIDDEN = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`;

function addGood(): void {
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "PUT", "POST", "TRACE"]) {
    add(`${method} /`, `${method} / HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, [200]);
  }
  const targets = ["/a%20b", "/%00", "/%ff%fe", "/%zz", "/%", "//", "/a/../b", "/?", "/?a=b?c=d"];
  for (const target of [
    ...targets,
    "/a;b=c",
    "http://other/x?y",
    "HTTP://OTHER",
    "/a#b",
    "/~*'()",
  ]) {
    add(`target ${target}`, get(target), [200]);
  }
  add("OPTIONS *", `OPTIONS * HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, [200]);
  add("HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n", [200]);
  add("HTTP/1.0 with headers", "GET / HTTP/1.0\r\nX-A: b\r\n\r\n", [200]);
  add("line ends before the request", `\r\n\r\n${get("/")}`, [200]);
  add("an empty value", get("/", "X-Empty:\r\n"), [200]);
  add("spaces and tabs around a value", get("/", "X-A:  \t b \t \r\n"), [200]);
  add("Latin-1 in a value", get("/", "X-A: caf\xe9\r\n"), [200]);
  add("two fields of one name", get("/", "Accept: a\r\nAccept: b\r\n"), [200]);
  add("two cookies", get("/", "Cookie: a=1\r\nCookie: b=2\r\n"), [200]);
  add("an underscore in a name", get("/", "X_Forwarded_For: 1\r\n"), [200]);
  add("100 fields", get("/", many(100)), [200]);
  add("a value of 8 KB", get("/", `X-Long: ${"a".repeat(8000)}\r\n`), [200]);
  add("a target of 8 KB", get(`/${"a".repeat(8000)}`), [200]);
  add("a body", post(`${CLOSE}Content-Length: 3\r\n`, "abc"), [200]);
  add("a body of nothing", post(`${CLOSE}Content-Length: 0\r\n`, ""), [200]);
  add("a body with GET", `${get("/", "Content-Length: 3\r\n")}abc`, [200]);
  add("leading zeros in a length", post(`${CLOSE}Content-Length: 0003\r\n`, "abc"), [200]);
  const chunked = `${CLOSE}Transfer-Encoding: chunked\r\n`;
  add("chunks", post(chunked, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), [200]);
  add("no chunk", post(chunked, "0\r\n\r\n"), [200]);
  add("large hexadecimal digits", post(chunked, `A\r\n${"a".repeat(10)}\r\n0\r\n\r\n`), [200]);
  add("leading zeros in a chunk size", post(chunked, "0003\r\nabc\r\n0\r\n\r\n"), [200]);
  add("chunk extensions", post(chunked, "3;a=b\r\nabc\r\n0;c\r\n\r\n"), [200]);
  add("trailers", post(chunked, "3\r\nabc\r\n0\r\nX-T: u\r\n\r\n"), [200]);
  add("Chunked", post(`${CLOSE}Transfer-Encoding: Chunked\r\n`, "0\r\n\r\n"), [200]);
  add("100-continue", post(`${CLOSE}Expect: 100-continue\r\nContent-Length: 3\r\n`, "abc"), [200]);
  add("two requests at once", `GET /a HTTP/1.1\r\n${HOST}\r\n${get("/b")}`, [200]);
  add("two spaces in the line", `GET  / HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, [200, 400]);
  add("upgrade to what we do not speak", get("/", "Upgrade: h2c\r\n"), [200]);
}

function many(count: number): string {
  return Array.from({ length: count }, (_, i) => `X-${i}: ${i}\r\n`).join("");
}

function addTruncated(): void {
  const whole = get("/", "X-A: b\r\n");
  for (const length of [0, 1, 3, 4, 5, 6, 9, 14, 15, 16, 20, 27, 40, whole.length - 3]) {
    add(`a head cut off after ${length} bytes`, whole.slice(0, length), REFUSED, true);
  }
  add("a body cut off", post("Content-Length: 10\r\n", "abc"), REFUSED, true);
  add("no byte of a body", post("Content-Length: 10\r\n", ""), REFUSED, true);
  const chunked = "Transfer-Encoding: chunked\r\n";
  for (const part of ["", "5", "5\r", "5\r\n", "5\r\nab", "5\r\nabcde", "5\r\nabcde\r\n0\r\n"]) {
    add(`chunks cut off: ${JSON.stringify(part)}`, post(chunked, part), REFUSED, true);
  }
}

function addSmuggling(): void {
  const chunked = "Transfer-Encoding: chunked\r\n";
  const end = `0\r\n\r\n${HIDDEN}`;
  add("length, then chunked", post(`Content-Length: 4\r\n${chunked}`, end), REFUSED);
  add("chunked, then length", post(`${chunked}Content-Length: 4\r\n`, end), REFUSED);
  add("chunked and a length of 0", post(`Content-Length: 0\r\n${chunked}`, end), REFUSED);
  for (const [first, second] of ["3|5", "3|3", "0|3", "3|0"].map((text) => text.split("|"))) {
    const headers = `Content-Length: ${first}\r\nContent-Length: ${second}\r\n`;
    add(`lengths ${first} and ${second}`, post(headers, `abcde${HIDDEN}`), REFUSED);
  }
  const lengths = ["+3", "-3", "3 3", "3,3", "3, 5", "0x3", "3a", "three", "", " ", "3.0", "1e1"];
  for (const length of [...lengths, "99999999999999999999", "18446744073709551619", "\v3"]) {
    const bytes = post(`Content-Length: ${length}\r\n`, `abc${HIDDEN}`);
    add(`a length of ${JSON.stringify(length)}`, bytes, REFUSED);
  }
  const encodings = ["identity", "chunked, identity", "gzip", "xchunked", "chunkedx", "chunked,"];
  for (const encoding of [
    ...encodings,
    "\vchunked",
    "chunked\v",
    "chun ked",
    '"chunked"',
    "x, y",
  ]) {
    const bytes = post(`Transfer-Encoding: ${encoding}\r\n`, end);
    add(`an encoding of ${JSON.stringify(encoding)}`, bytes, REFUSED);
  }
  const disguised = [
    "Transfer-Encoding : chunked\r\n",
    " Transfer-Encoding: chunked\r\n",
    "\tTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding\t: chunked\r\n",
    "X: y\r\n Transfer-Encoding: chunked\r\n",
    "X: y\nTransfer-Encoding: chunked\r\n",
    "X: y\rTransfer-Encoding: chunked\r\n",
    "X: y\r\n\x0bTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding\0: chunked\r\n",
    "Transfer-Encoding: chunked\0\r\n",
    "Transfer-Encoding:\r\n chunked\r\n",
  ];
  for (const line of disguised) {
    const bytes = post(`Content-Length: 5\r\n${line}`, end);
    add(`beside a length: ${JSON.stringify(line)}`, bytes, REFUSED);
  }
  add(
    "chunked in HTTP/1.0 and a length",
    `POST /echo HTTP/1.0\r\n${chunked}Content-Length: 3\r\n\r\n${end}`,
    REFUSED,
  );
}

function addBadChunks(): void {
  const chunked = "Transfer-Encoding: chunked\r\n";
  const bad = [
    "z\r\nabc\r\n0\r\n\r\n",
    "-3\r\nabc\r\n0\r\n\r\n",
    "+3\r\nabc\r\n0\r\n\r\n",
    "0x3\r\nabc\r\n0\r\n\r\n",
    "3abc\r\n0\r\n\r\n",
    "3\r\nabcd\r\n0\r\n\r\n",
    "3\r\nab\r\n0\r\n\r\n",
    "3\r\nabc0\r\n\r\n",
    "3\nabc\n0\n\n",
    "3\rabc\r\n0\r\n\r\n",
    " 3\r\nabc\r\n0\r\n\r\n",
    "\r\n3\r\nabc\r\n0\r\n\r\n",
    "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
    "3;\0\r\nabc\r\n0\r\n\r\n",
    ";3\r\nabc\r\n0\r\n\r\n",
    "3\r\nabc\r\n0\r\nBad Trailer\r\n\r\n",
  ];
  for (const body of bad) add(`chunks ${JSON.stringify(body)}`, post(chunked, body), REFUSED, true);
  const long = `3;${"e".repeat(40_000)}\r\nabc\r\n0\r\n\r\n`;
  add("a chunk extension of 40 KB", post(chunked, long), [413, 400, 0], true);
}

function addBadHeads(): void {
  for (const line of ["GET", "GET /", "GET / ", "GET / HTTP/1.1 x", "/ HTTP/1.1"]) {
    add(`the line ${JSON.stringify(line)}`, `${line}\r\n${HOST}\r\n`, [400, 505, 0], true);
  }
  const versions = [
    "HTTP/2.0",
    "HTTP/0.9",
    "HTTP/1.2",
    "HTTP/1.1.1",
    "HTTQ/1.1",
    "http/1.1",
    "HTTP/1",
  ];
  for (const version of [...versions, "HTTP/x.y", "HTTP/11", ""]) {
    add(`the version ${version}`, `GET / ${version}\r\n${HOST}\r\n`, [400, 505, 0], true);
  }
  for (const method of ["get", "FOO", "G\0T", "GE T", "GET,", "\xff\xff"]) {
    add(
      `the method ${JSON.stringify(method)}`,
      `${method} / HTTP/1.1\r\n${HOST}\r\n`,
      REFUSED,
      true,
    );
  }
  add("CONNECT", `CONNECT other:80 HTTP/1.1\r\n${HOST}\r\n`, [405, 501, 400, 0]);
  for (const target of ["/\0", "/a b", "x", "../x", "/\x01", "ftp://a/b"]) {
    add(`the target ${JSON.stringify(target)}`, get(target), REFUSED, true);
  }
  const fields = [
    "X",
    ": y",
    "X y: z",
    "X\0: y",
    "X: y\0z",
    "X(: y",
    "X: y\x01z",
    "\xe9: y",
    "X: y\rz",
  ];
  for (const field of fields) {
    add(`the field ${JSON.stringify(field)}`, get("/", `${field}\r\n`), REFUSED, true);
  }
  add("no host", "GET / HTTP/1.1\r\n\r\n", REFUSED);
  add("two hosts", get("/", "Host: other\r\n"), REFUSED);
  add("line feeds alone", `GET / HTTP/1.1\nHost: test\n\n`, REFUSED, true);
  add("a value of 20 KB", get("/", `X: ${"a".repeat(20_000)}\r\n`), [431, 0]);
  add("a name of 20 KB", get("/", `${"X".repeat(20_000)}: a\r\n`), [431, 0]);
  add("a target of 20 KB", get(`/${"a".repeat(20_000)}`), [431, 414, 0]);
  add("a head of 1 MB", get("/", `X: ${"a".repeat(1 << 20)}\r\n`), [431, 0]);
  add("300 fields", get("/", many(300)), [431, 0]);
  add("3,000 fields", get("/", many(3000)), [431, 0]);
  const garbage = [
    "\0".repeat(100),
    "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    "SSH-2.0-x\r\n",
    "\xff\xd8\xff",
  ];
  for (const bytes of [...garbage, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"]) {
    add(`garbage ${JSON.stringify(bytes.slice(0, 12))}`, bytes, [400, 505, 0], true);
  }
}

addGood();
addTruncated();
addSmuggling();
addBadChunks();
addBadHeads();

export const rawCases: readonly RawCase[] = cases;
