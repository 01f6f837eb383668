import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { environOf, Refusal } from "../../../src/serve/environ.js";

const ENDS = { serverName: "s", serverPort: "80", remoteAddress: "r", remotePort: "1" };

function environ(url: string, rawHeaders: string[] = [], httpVersion = "1.1") {
  const message = { method: "GET", url, httpVersion, rawHeaders } as unknown as IncomingMessage;
  const texts = environOf(message, ENDS);
  if (texts instanceof Refusal) return texts.status;
  const pairs = texts.flatMap((text, i) => (i % 2 === 0 ? [[text, texts[i + 1]]] : []));
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return Object.fromEntries(pairs) as Record<string, string>;
}

describe("the environ of a request", () => {
  it("has the path's bytes and the query as it came", () => {
    expect(environ("/a%20b/%e4%00%zz?x=%20&y")).toMatchObject({
      SCRIPT_NAME: "",
      PATH_INFO: "/a b/\xe4\0%zz",
      QUERY_STRING: "x=%20&y",
      RAW_URI: "/a%20b/%e4%00%zz?x=%20&y",
    });
    expect(environ("/a#b?c")).toMatchObject({ PATH_INFO: "/a", QUERY_STRING: "" });
    expect(environ("*")).toMatchObject({ PATH_INFO: "*" });
  });

  it("prefers the host of an absolute target", () => {
    const host = ["Host", "other"];
    expect(environ("http://h:1/p?q", host)).toMatchObject({ HTTP_HOST: "h:1", PATH_INFO: "/p" });
    expect(environ("http://h?q", host)).toMatchObject({ PATH_INFO: "/", QUERY_STRING: "q" });
  });

  it("joins fields of one name, and has CGI's two without HTTP_", () => {
    const headers = ["A-b", "1", "a-B", "2", "Cookie", "x", "Cookie", "y", "Content-Type", "t"];
    expect(environ("/", [...headers, "Content-Length", "0"])).toMatchObject({
      HTTP_A_B: "1,2",
      HTTP_COOKIE: "x; y",
      CONTENT_TYPE: "t",
      CONTENT_LENGTH: "0",
    });
    expect(environ("/", ["A_b", "1", "Content_Length", "5"])).not.toHaveProperty("CONTENT_LENGTH");
  });

  it("is refused where two parties could read two requests", () => {
    for (const name of ["Host", "Content-Length", "Transfer-Encoding", "Content-Type"]) {
      expect(environ("/", [name, "1", name, "1"])).toBe(400);
    }
    expect(environ("x")).toBe(400);
    expect(environ("ftp://a/")).toBe(400);
    expect(environ("/", [], "0.9")).toBe(505);
    expect(environ("/", [], "2.0")).toBe(505);
    const many = Array.from({ length: 201 }, (_, i) => [`X-${i}`, "1"]).flat();
    expect(environ("/", many)).toBe(431);
  });
});
