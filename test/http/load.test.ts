/** `takegil load` against servers that answer, fail, close and say nothing. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Histogram } from "../../src/load/histogram.js";
import type { LoadResult } from "../../src/load/plan.js";
import { isKept, parseThreshold } from "../../src/load/threshold.js";
import { takegil } from "../cli/command.js";

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A server whose n-th request is treated by `treat`; its address. */
async function listen(treat: (n: number) => number | "close" | "never"): Promise<string> {
  let n = 0;
  server = createServer((request, response) => {
    const end = treat(n++);
    if (end === "close") request.socket.destroy();
    else if (end !== "never") response.writeHead(end).end("text");
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function load(...args: string[]): Promise<{ status: number | null; result: LoadResult }> {
  const { status, stdout, stderr } = await takegil(["load", ...args, "--json"]);
  expect(stderr).toBe("");
  return { status, result: JSON.parse(stdout) as LoadResult };
}

function ends({ good, other, errors, timeouts, cutOff }: LoadResult): number {
  return good + other + errors + timeouts + cutOff;
}

describe("a closed loop", () => {
  it("tells statuses apart, and counts every request once", async () => {
    const url = await listen((n) => (n % 4 === 3 ? 503 : 200));
    const { status, result } = await load(url, "-a", "100", "-c", "5");
    expect(status).toBe(0);
    expect(result).toMatchObject({ sent: 100, good: 75, other: 25, errors: 0, timeouts: 0 });
    expect(result.statuses).toEqual({ "200": 75, "503": 25 });
    expect(result.latency.count).toBe(100);
    expect(result.latency.quantilesUs.p99).toBeGreaterThan(0);
    expect(ends(result)).toBe(result.sent);
  });

  it("runs for its time, after a warm-up that does not count", async () => {
    let requests = 0;
    const url = await listen(() => {
      requests++;
      return 200;
    });
    const { result } = await load(url, "-d", "500ms", "--warmup", "500ms", "-c", "2");
    expect(ends(result)).toBe(result.sent);
    expect(result.cutOff).toBeLessThanOrEqual(2);
    expect(requests).toBeGreaterThan(result.sent);
  });

  it("has an exit status of its own for a broken threshold", async () => {
    const url = await listen(() => 500);
    const broken = await load(url, "-a", "10", "--threshold", "non2xx<5", "--threshold", "p99<60s");
    expect(broken.status).toBe(3);
    expect((broken.result as unknown as { thresholds: unknown }).thresholds).toEqual([
      { threshold: "non2xx<5", kept: false },
      { threshold: "p99<60s", kept: true },
    ]);
  });
});

describe("an open loop", () => {
  it("sends what is due, and tells errors from timeouts", async () => {
    const url = await listen((n) => (n % 3 === 1 ? "close" : n % 3 === 2 ? "never" : 200));
    const args = ["-a", "30", "-R", "200", "--arrival", "constant", "-c", "30"];
    const { result } = await load(url, ...args, "--timeout", "500ms");
    expect(result.sent).toBe(30);
    expect(ends(result)).toBe(30);
    expect(result.good).toBe(10);
    expect(result.errors).toBe(10);
    expect(result.timeouts).toBe(10);
  });

  it("counts the time a request waits for its turn", async () => {
    server = createServer((_, response) => {
      setTimeout(() => response.end("late"), 100);
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // Ten a second go through one connection; twenty are due.
    const { result } = await load(url, "-R", "20", "--arrival", "constant", "-a", "20", "-c", "1");
    expect(result.good).toBe(20);
    expect(result.latency.quantilesUs.p50).toBeGreaterThan(400_000);
    expect(result.latency.maxUs).toBeGreaterThan(900_000);
  });
});

describe("what is asked of it", () => {
  it("is refused in a line when it is wrong", async () => {
    for (const args of [
      ["ftp://x/"],
      ["http://x/", "--arrival", "poisson"],
      ["http://x/", "-R", "10", "--arrival", "closed"],
      ["http://x/", "--threshold", "p99<50"],
      ["http://x/", "-R", "0"],
      ["http://x/", "-a", "5", "-c", "10"],
      // Nobody listens on the port of `discard`.
      ["127.0.0.1:9", "-a", "2", "-c", "1"],
    ]) {
      const { status, stderr } = await takegil(["load", ...args]);
      expect([args, status, stderr.trimEnd().split("\n").length]).toEqual([args, 2, 1]);
    }
  });

  it("is a threshold with a metric, a comparison and a limit", () => {
    const latency = {
      count: 4,
      minUs: 1,
      meanUs: 4,
      maxUs: 10,
      quantilesUs: {},
      buckets: [
        [1, 2],
        [9, 1],
        [10, 1],
      ],
    };
    const result = { latency, sent: 200, other: 2, errors: 0, timeouts: 0, perSecond: 50 };
    const kept = (text: string) => isKept(result as unknown as LoadResult, parseThreshold(text)!);
    expect(
      ["p50<2us", "p75<=9us", "p99<11us", "max<=10us", "rate>49", "non2xx<=1%"].map(kept),
    ).toEqual([true, true, true, true, true, true]);
    expect(
      ["p50<1us", "p75<9us", "mean>5us", "errors>0", "rate>=51", "non2xx<1%"].map(kept),
    ).toEqual([false, false, false, false, false, false]);
    for (const text of ["", "p99", "p99<", "p99<50", "p100<1s", "rate>1s", "errors<1ms"]) {
      expect([text, parseThreshold(text)]).toEqual([text, null]);
    }
  });
});

describe("the histogram of durations", () => {
  it("gives quantiles to 1.6 %", () => {
    const histogram = new Histogram();
    const values: number[] = [];
    for (let i = 0; i < 10_000; i++) values.push(Math.exp(i / 700));
    for (const value of values) histogram.add(value);
    for (const part of [0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = values[Math.ceil(part * values.length) - 1];
      expect(Math.abs(histogram.quantile(part) - exact)).toBeLessThanOrEqual(0.016 * exact + 0.5);
    }
    expect(histogram.buckets().reduce((sum, [, count]) => sum + count, 0)).toBe(10_000);
    expect(histogram.quantile(1)).toBe(histogram.max);
    expect(new Histogram().quantile(0.5)).toBeNaN();
  });
});
