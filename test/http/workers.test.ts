/** The processes of `takegil serve`: they die, are replaced, and end together. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { classifyRequests, newRequests } from "../../src/report/requests.js";
import { checkTrace } from "../../src/trace/automaton.js";
import { readTrace } from "../../src/trace/file.js";
import { takegil } from "../cli/command.js";
import { type Serving, sendRaw, serving, until } from "./serving.js";

let server: Serving;

async function start(options: readonly string[], environment = {}): Promise<void> {
  server = await serving(["--log-level", "info", ...options], "app", environment);
}

afterEach(() => {
  server.process.kill("SIGKILL");
});

function get(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { connection: "close" } });
}

async function text(path: string): Promise<string> {
  return (await get(path)).text();
}

/** A value of the metrics. */
async function metric(name: string): Promise<number> {
  const line = (await text("/metrics")).split("\n").find((line) => line.startsWith(`${name} `));
  return Number(line?.split(" ")[1]);
}

/** Wait until so many requests are under way. */
async function underWay(count: number): Promise<void> {
  const end = performance.now() + 20_000;
  while ((await metric("http_requests_in_flight")) !== count) {
    if (performance.now() > end) throw new Error(`never ${count} requests under way`);
  }
}

/** Process numbers of workers, oldest first, as the log tells them. */
function children(): number[] {
  return [...server.stderr().matchAll(/"child":(\d+),"worker":\d+,"msg":"worker ready"/g)].map(
    ([, pid]) => Number(pid),
  );
}

function isAlive(pid: number): boolean {
  try {
    // A dead process whose parent is gone too may be waiting for somebody to look at it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("worker processes", () => {
  it("are killed under load: their own requests fail, and others take their place", async () => {
    await start(["-w", "2", "--threads", "2"]);
    await until(() => children().length === 2 || undefined);
    let running = true;
    const ends = { good: 0, failed: 0 };
    const clients = Array.from({ length: 8 }, async () => {
      while (running) {
        const end = await get("/sleeps?0.01").then(
          (response) => response.status === 200,
          () => false,
        );
        ends[end ? "good" : "failed"]++;
      }
    });
    await until(() => ends.good > 20 || undefined);
    const [victim] = children();
    process.kill(victim, "SIGKILL");
    await until(() => children().length === 3 || undefined);
    const before = ends.good;
    await until(() => ends.good > before + 20 || undefined);
    running = false;
    await Promise.all(clients);
    // Each client had one request under way.
    expect(ends.failed).toBeLessThanOrEqual(8);
    expect(server.stderr()).toContain(`"child":${victim},"status":null,"signal":"SIGKILL"`);
    const pids = new Set<string>();
    for (let i = 0; i < 8; i++) pids.add(await text("/pid"));
    expect(pids.size).toBe(2);
    expect(pids).not.toContain(String(victim));
    expect(await server.stop()).toBe(0);
    for (const pid of children()) expect(isAlive(pid)).toBe(false);
  });

  it("are replaced by the process in reserve, and another one is kept then", async () => {
    await start(["--threads", "2", "--metrics"], { TAKEGIL_LEAK_CHECK: "1" });
    const inReserve = (): number[] =>
      [...server.stderr().matchAll(/"child":(\d+),"msg":"a process is in reserve"/g)].map(
        ([, pid]) => Number(pid),
      );
    await until(() => inReserve().length === 1 || undefined);
    expect(await metric("workers")).toBe(1);
    expect(await metric("workers_in_reserve")).toBe(1);
    process.kill(Number(await text("/pid")), "SIGKILL");
    expect(Number(await text("/pid"))).toBe(inReserve()[0]);
    await until(() => inReserve().length === 2 || undefined);
    process.kill(inReserve()[1], "SIGKILL");
    await until(() => inReserve().length === 3 || undefined);
    expect(Number(await text("/pid"))).toBe(inReserve()[0]);
    expect(await server.stop()).toBe(0);
    for (const pid of inReserve()) expect(isAlive(pid)).toBe(false);
  });

  it("do not outlive their parent", async () => {
    await start(["-w", "2", "--threads", "1"]);
    server.process.kill("SIGKILL");
    await server.ended;
    await until(() => !children().some(isAlive) || undefined);
  });

  it("are replaced after --max-requests, without a failed request", async () => {
    await start(["--threads", "2", "--max-requests", "10", "--metrics"]);
    const first = await text("/pid");
    for (let i = 0; i < 15; i++) expect((await get("/")).status).toBe(200);
    await until(() => children().length >= 2 || undefined);
    for (let i = 0; i < 5; i++) expect((await get("/")).status).toBe(200);
    expect(await text("/pid")).not.toBe(first);
    expect(await metric('worker_restarts_total{reason="spent"}')).toBeGreaterThan(0);
    // What the first worker did is not forgotten.
    expect(await metric('http_requests_total{status="200"}')).toBeGreaterThanOrEqual(21);
    expect(await server.stop()).toBe(0);
  });

  it("are replaced when all their threads are stuck, and the clients hear of it", async () => {
    await start(["--threads", "2", "--timeout", "500ms"]);
    const stuck = await Promise.all([get("/sleeps?60"), get("/sleeps?60")]);
    expect(stuck.map(({ status }) => status)).toEqual([504, 504]);
    await until(() => children().length === 2 || undefined);
    expect((await get("/")).status).toBe(200);
    expect(server.stderr()).toMatch(/"thread":"worker \d, in .*app.py, line \d+, in sleeps"/);
    expect(await server.stop()).toBe(0);
  });

  it("answer what has arrived before they end, and nothing more", async () => {
    await start(["-w", "2", "--threads", "1", "--metrics"], { TAKEGIL_LEAK_CHECK: "1" });
    const sleeping = [get("/sleeps?2"), get("/sleeps?2")];
    await underWay(2);
    const ended = server.stop();
    for (const response of await Promise.all(sleeping)) {
      expect([response.status, await response.text()]).toEqual([200, "slept"]);
    }
    expect(await ended).toBe(0);
    await expect(get("/")).rejects.toThrow();
  });

  it("are cut off when they take longer than --graceful-timeout", async () => {
    await start(["--threads", "1", "--graceful-timeout", "200ms", "--metrics"]);
    const cutOff = get("/sleeps?60").then(
      () => "answered",
      () => "cut off",
    );
    await underWay(1);
    expect(await server.stop()).toBe(1);
    expect(await cutOff).toBe("cut off");
  });

  it("have as many descriptors and threads after a load as before", async () => {
    await start(["--threads", "4"], { TAKEGIL_LEAK_CHECK: "1" });
    const [pid] = children();
    const count = (what: string): number => readdirSync(`/proc/${pid}/${what}`).length;
    const load = async (): Promise<void> => {
      const paths = ["/", "/stream", "/fails", "/fails_late", "/big?1000000", "/environ"];
      const clients = Array.from({ length: 12 }, async (_, i) => {
        for (let k = 0; k < 10; k++) await text(paths[(i + k) % paths.length]).catch(() => {});
      });
      await Promise.all(clients);
      await new Promise((done) => setTimeout(done, 300));
    };
    await load();
    const before = { fd: count("fd"), task: count("task") };
    await load();
    await until(() => count("fd") <= before.fd || undefined);
    expect(count("task")).toBeLessThanOrEqual(before.task);
    expect(await server.stop()).toBe(0);
  });
});

describe("a trace", () => {
  it("is possible, and tells where each request's time went", async () => {
    const folder = mkdtempSync(join(tmpdir(), "takegil-serve-"));
    const path = join(folder, "server.trace");
    await start(["--threads", "2", "--trace", path]);
    // Two at once for each thread: half of them wait in the queue.
    const slept = Array.from({ length: 4 }, () => text("/sleeps?0.2"));
    expect(await Promise.all(slept)).toEqual(["slept", "slept", "slept", "slept"]);
    expect(await text("/spins?0.1")).toBe("spun");
    expect(await server.stop()).toBe(0);
    const trace = readTrace(readFileSync(path));
    expect(checkTrace(trace)).toBeNull();
    const requests = newRequests(trace);
    expect(requests.length).toBe(5);
    for (const { parts, totalSeconds } of requests) {
      const sum = Object.values(parts).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - totalSeconds)).toBeLessThan(1e-4);
    }
    const waited = requests.slice(0, 4).map(({ parts }) => parts);
    for (const { off } of waited) expect(off).toBeGreaterThan(0.19);
    expect(waited.filter(({ queue }) => queue > 0.15).length).toBe(2);
    expect(requests[4].parts.running).toBeGreaterThan(0.08);
    const classes = classifyRequests(requests);
    expect(classes.reduce((count, row) => count + row.count, 0)).toBe(5);
    const table = await takegil(["requests", path]);
    expect([table.status, table.stderr]).toEqual([0, ""]);
    expect(table.stdout).toMatch(
      /^ +requests +total +queue +waiting for GIL +has GIL +no GIL +sending\n/,
    );
    const drawn = await takegil(["graph", path, "--view", "requests", "-o", "-"]);
    expect(drawn.status).toBe(0);
    expect(drawn.stdout).toContain("where the time of 5 requests went");
    rmSync(folder, { recursive: true });
  });
});

describe("metrics", () => {
  it("count a hold of the GIL while it lasts", async () => {
    await start(["--threads", "1", "--metrics", "/a/metrics"]);
    const held = async (): Promise<number> => {
      const lines = (await text("/a/metrics")).split("\n");
      const line = lines.find((line) => line.startsWith("gil_held_seconds_total "));
      return Number(line?.split(" ")[1]);
    };
    const before = await held();
    let over = false;
    const spinning = text("/spins?3").finally(() => {
      over = true;
    });
    let grown = 0;
    while (!over && grown < 0.5) {
      const now = await held();
      if (!over) grown = now - before;
    }
    expect(grown).toBeGreaterThanOrEqual(0.5);
    expect(await spinning).toBe("spun");
    expect(await server.stop()).toBe(0);
  });

  it("are served at an address of their own, in Prometheus's format", async () => {
    await start(["-w", "2", "--threads", "1", "--metrics", "127.0.0.1:0"]);
    const port = Number(/metrics on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.stderr())?.[1]);
    for (let i = 0; i < 6; i++) await text("/");
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const body = await response.text();
    expect(body).toContain('http_requests_total{status="200"} 6\n');
    expect(body).toContain("http_request_duration_seconds_count 6\n");
    expect(body).toContain('http_request_duration_seconds_bucket{le="+Inf"} 6\n');
    for (const line of body.trimEnd().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? [-+0-9.e]+)$/);
    }
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
    expect(await server.stop()).toBe(0);
  });
});

describe("slow clients", () => {
  it("do not stop others: 2,000 idle connections and 100 that drip", async () => {
    await start(["--threads", "2", "--client-timeout", "5s"]);
    const sockets: Socket[] = [];
    let answers = "";
    const open = (): Socket => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        answers += chunk.toString("latin1");
      });
      sockets.push(socket);
      return socket;
    };
    for (let i = 0; i < 2000; i++) {
      open();
      if (i % 100 === 99) await new Promise((done) => setTimeout(done, 10));
    }
    const drips = Array.from({ length: 100 }, () => {
      const socket = open();
      socket.write("GET / HTTP/1.1\r\nHost: test\r\nX-Slow: ");
      return setInterval(() => socket.write("a"), 100);
    });
    for (let i = 0; i < 20; i++) expect((await get("/")).status).toBe(200);
    await until(
      () =>
        sockets.every(({ destroyed, readableEnded }) => destroyed || readableEnded) || undefined,
    );
    for (const timer of drips) clearInterval(timer);
    expect(answers.split("HTTP/1.1 408 Request Timeout").length - 1).toBeGreaterThanOrEqual(100);
    expect((await get("/")).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    expect(await server.stop()).toBe(0);
  });

  it("that do not read hold up their own response only, and are cut off", async () => {
    await start(["--threads", "1", "--client-timeout", "1s"]);
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    socket.write(`GET /big?${64 << 20} HTTP/1.1\r\nHost: test\r\n\r\n`);
    // The only thread is busy with it until the client is cut off.
    expect(await text("/")).toBe("hello");
    socket.destroy();
    const { statuses } = await sendRaw(
      server.port,
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc",
    );
    expect(statuses.every((status) => status === 408)).toBe(true);
    expect(await server.stop()).toBe(0);
  });
});

describe("what cannot be served", () => {
  it("is said in a line, with a status of its own", async () => {
    await start(["--threads", "1"]);
    const place = `127.0.0.1:${server.port}`;
    const taken = await takegil(["serve", "app", "-b", place], { cwd: "test/http" });
    expect([taken.status, taken.stderr]).toEqual([
      2,
      `takegil: cannot listen on ${place}: the address is in use\n`,
    ]);
    const missing = await takegil(["serve", "nowhere:app", "-b", "127.0.0.1:0"]);
    expect(missing.status).toBe(1);
    expect(missing.stderr).toContain("ModuleNotFoundError: No module named 'nowhere'\n");
    expect(missing.stderr).toMatch(/takegil: nowhere:app cannot be served\n$/);
    for (const wrong of [
      ["app:"],
      ["app", "-b", "x"],
      ["app", "-w", "0"],
      ["app", "--gil", "no"],
      ["app", "--threads", "574"],
    ]) {
      const { status, stderr } = await takegil(["serve", ...wrong, "--log-level", "silent"]);
      expect([wrong, status, stderr.trimEnd().split("\n").length]).toEqual([wrong, 2, 1]);
    }
    expect(await server.stop()).toBe(0);
  });
});
