/** `takegil serve` from outside: WSGI as PEP 3333 has it, and clients of all kinds. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawCases } from "./requests.js";
import { bodyOf, type Serving, sendRaw, serving } from "./serving.js";

let server: Serving;

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
}

function post(path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, { method: "POST", body });
}

/** A POST that sends its body once it is told to. */
function askFirst(
  path: string,
): Promise<{ continued: boolean; status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    let continued = false;
    const headers = { Expect: "100-continue", "Content-Length": 3 };
    const asking = request({ port: server.port, path, method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ continued, status: response.statusCode, text }));
    });
    asking.on("continue", () => {
      continued = true;
      asking.end("abc");
    });
    asking.on("error", reject);
    asking.flushHeaders();
  });
}

async function rawGet(path: string, more = ""): Promise<string> {
  const head = `GET ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n${more}\r\n`;
  return (await sendRaw(server.port, head)).text;
}

describe("a WSGI application behind the server", () => {
  beforeAll(async () => {
    server = await serving(["--threads", "3"], "app", { TAKEGIL_LEAK_CHECK: "1" });
  });

  // The leak check is part of the status.
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
  });

  it("gets the environ that PEP 3333 asks for", async () => {
    const text = await rawGet(
      "/environ?a=b%20c",
      "X-One: 1\r\nX-One: 2\r\nX_Two: 3\r\nCookie: a\r\nCookie: b\r\n",
    );
    const lines = bodyOf(text).split("\n");
    for (const line of [
      "REQUEST_METHOD='GET'",
      "SCRIPT_NAME=''",
      "PATH_INFO='/environ'",
      "QUERY_STRING='a=b%20c'",
      "RAW_URI='/environ?a=b%20c'",
      "SERVER_PROTOCOL='HTTP/1.1'",
      `SERVER_PORT='${server.port}'`,
      "HTTP_HOST='test'",
      "HTTP_X_ONE='1,2'",
      "HTTP_COOKIE='a; b'",
      "wsgi.version=(1, 0)",
      "wsgi.url_scheme='http'",
      "wsgi.multithread=True",
      "wsgi.multiprocess=False",
      "wsgi.run_once=False",
    ]) {
      expect(lines).toContain(line);
    }
    expect(text).not.toContain("X_TWO");
  });

  it("reads a body by sizes, by lines and to its end", async () => {
    const response = await post("/lines", "abcdefgh\nij\nkl\nmn");
    expect(await response.text()).toBe(
      "[b'abc', b'', b'de', b'fgh\\n', b'ij\\nkl\\n', b'mn', b'', b'', b'']",
    );
  });

  it("gets large bodies whole, however slowly it reads them", async () => {
    const body = new Uint8Array(500_000).map((_, i) => (i * 7919) & 255);
    const echoed = new Uint8Array(await (await post("/echo", body)).arrayBuffer());
    expect(Buffer.compare(echoed, body)).toBe(0);
    expect(await (await post("/slow_read", body)).text()).toBe("500000");
    expect(await (await post("/unread", body)).text()).toBe("unread");
  });

  it("is told to send its body only when it is wanted", async () => {
    expect(await askFirst("/echo")).toEqual({ continued: true, status: 200, text: "abc" });
    expect(await askFirst("/unread")).toEqual({ continued: false, status: 200, text: "unread" });
  });

  it("answers with pieces, by write() and by files", async () => {
    const streamed = await get("/stream");
    expect(streamed.headers.get("transfer-encoding")).toBe("chunked");
    expect(await streamed.text()).toBe("one\ntwo\nthree\n");
    expect(await (await get("/written")).text()).toBe("written twice and returned");
    expect(await (await get("/wrapped")).text()).toBe("z".repeat(100_000));
    const large = await (await get(`/big?${8 << 20}`)).arrayBuffer();
    expect(large.byteLength).toBe(8 << 20);
    const old = await sendRaw(server.port, "GET /stream HTTP/1.0\r\n\r\n");
    expect(bodyOf(old.text)).toBe("one\ntwo\nthree\n");
  });

  it("keeps its own length, or the response is cut off where all can see it", async () => {
    expect(bodyOf(await rawGet("/length?3,3"))).toBe("yyy");
    expect(bodyOf(await rawGet("/length?3,5"))).toBe("yyy");
    await expect(get("/length?5,3").then((response) => response.text())).rejects.toThrow();
    const head = await sendRaw(
      server.port,
      "HEAD /length?5,5 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
    );
    expect(head.text).toContain("Content-Length: 5\r\n");
    expect(bodyOf(head.text)).toBe("");
    const empty = await get("/nothing");
    expect([empty.status, await empty.text()]).toEqual([204, ""]);
  });

  it("sends headers as they are, and refuses what is none", async () => {
    const text = await rawGet("/cookies");
    expect(text).toContain("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: caf\xe9\r\n");
    for (const path of ["/bad_header", "/bad_status", "/hop", "/text", "/no_start", "/twice"]) {
      expect([path, (await get(path)).status]).toEqual([path, 500]);
    }
    const stderr = server.stderr();
    expect(stderr).toContain("AssertionError: Hop-by-hop header, 'Connection: close', not allowed");
    expect(stderr).toContain("AssertionError: Headers already set!");
    expect(stderr).toContain("AssertionError: write() before start_response()");
  });

  it("fails with 500, or with a response cut off once bytes have left", async () => {
    expect((await get("/fails")).status).toBe(500);
    expect((await get("/fails_after_start")).status).toBe(500);
    expect((await get("/exits")).status).toBe(500);
    const replaced = await get("/replaces");
    expect([replaced.status, await replaced.text()]).toEqual([503, "replaced"]);
    for (const path of ["/fails_late", "/replaces_late"]) {
      const head = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
      const { statuses, text } = await sendRaw(server.port, head);
      // The last chunk is missing, unless the first one had not left yet.
      if (statuses[0] !== 500) expect(text).not.toContain("0\r\n\r\n");
    }
    expect(server.stderr()).toContain("ValueError: after some bytes");
    expect(server.stderr()).toContain("KeyError: 'too late'");
  });

  it("closes every iterable, whatever happened", async () => {
    const names = await (await get("/closings")).text();
    for (const name of ["stream", "big", "length", "fails_after_start", "fails_late"]) {
      expect(names).toContain(`'${name}'`);
    }
  });

  it("keeps what belongs to one request from the next", async () => {
    expect(await (await post("/keeps", "first")).text()).toBe("kept");
    for (let i = 0; i < 4; i++) {
      expect(await (await post("/uses_kept", "second")).text()).toBe(
        "([b'', b'', 'write() behind the end of the response'], b'second')",
      );
    }
  });

  it("gets an exception for a request that there is none of", async () => {
    const ends = (await (await get("/misuses")).text()).split(" ");
    expect(ends.length).toBe(23);
    expect(ends.every((end) => /^(Value|Overflow|Type)Error$/.test(end))).toBe(true);
  });

  it("outlives clients that leave in the middle", async () => {
    const leave = new AbortController();
    const request = fetch(`http://127.0.0.1:${server.port}/big?${64 << 20}`, {
      signal: leave.signal,
    });
    await request;
    leave.abort();
    await sendRaw(
      server.port,
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
      true,
    );
    for (let i = 0; i < 6; i++) expect((await get("/")).status).toBe(200);
  });
});

describe("raw requests", () => {
  beforeAll(async () => {
    server = await serving(["--threads", "2", "--client-timeout", "20s"]);
  });

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
  });

  it("gets 150 of them, good and malformed", () => {
    expect(rawCases.length).toBeGreaterThanOrEqual(150);
    expect(new Set(rawCases.map(({ name }) => name)).size).toBe(rawCases.length);
  });

  it.each(rawCases)("$name", async ({ bytes, allowed, hangUp }) => {
    const { statuses } = await sendRaw(server.port, bytes, hangUp);
    for (const status of statuses.length === 0 ? [0] : statuses) expect(allowed).toContain(status);
  });

  it("never hands a hidden request to the application, and lives on", async () => {
    expect((await get("/")).status).toBe(200);
    const targets = await (await get("/targets")).text();
    expect(targets).toContain("POST /echo");
    expect(targets).not.toContain("/smuggled");
  });
});
