/** Servers in processes of their own, and clients that send what they like. */
import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { COMMAND } from "../cli/command.js";

/** Where the applications of these tests are. */
const FOLDER = fileURLToPath(new URL("../../../test/http/", import.meta.url));

/** How long a server may take to start or to end, in ms: the machine may be busy. */
const PATIENCE_MS = 30_000;

export interface Serving {
  port: number;
  process: ChildProcess;
  /** What it has written so far. */
  stderr(): string;
  stdout(): string;
  /** Send the signal and wait for its end: its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with its exit status. */
  ended: Promise<number | null>;
}

/** Servers of this test file that a failed test may have left behind. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Start `takegil serve APPLICATION` in `folder` with these options; wait until it listens. */
export async function serving(
  options: readonly string[] = [],
  application = "app",
  environment: Record<string, string> = {},
  folder = FOLDER,
): Promise<Serving> {
  const args = [COMMAND, "serve", application, "-b", "127.0.0.1:0", ...options];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  running.add(child);
  let stderr = "";
  let stdout = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (status) => {
      running.delete(child);
      resolve(status);
    });
  });
  const port = await until(() => {
    if (child.exitCode !== null) throw new Error(`the server did not start: ${stderr}`);
    const match = / on http:\/\/127\.0\.0\.1:(\d+), /.exec(stderr);
    return match === null ? undefined : Number(match[1]);
  });
  return {
    port,
    process: child,
    stderr: () => stderr,
    stdout: () => stdout,
    ended,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return withPatience(ended, () => `the server does not end: ${stderr}`);
    },
  };
}

/** Look again and again until `look` gives something. */
export async function until<Found>(look: () => Found | undefined): Promise<Found> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error("waited in vain");
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function withPatience<Value>(promise: Promise<Value>, message: () => string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** What came back over a connection until it was closed. */
export interface Raw {
  text: string;
  /** Statuses of the final responses in it, in order. */
  statuses: number[];
}

/**
 * Send bytes (Latin-1) over a connection of their own and take what comes until the server closes
 * it. With `hangUp` our side is closed behind the bytes.
 */
export function sendRaw(port: number, bytes: string, hangUp = false): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy();
      reject(new Error(`neither answer nor close: ${JSON.stringify(bytes.slice(0, 100))}`));
    });
    socket.on("connect", () => {
      socket.write(Buffer.from(bytes, "latin1"));
      if (hangUp) socket.end();
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    // The server may close while we still send.
    socket.on("error", () => {});
    socket.on("close", () => {
      const found = [...text.matchAll(/(?:^|\r\n|\n)?HTTP\/1\.1 (\d{3}) /g)];
      const statuses = found.map(([, status]) => Number(status)).filter((status) => status >= 200);
      resolve({ text, statuses });
    });
  });
}

/** The part of a response behind its head. */
export function bodyOf(text: string): string {
  const end = text.indexOf("\r\n\r\n");
  return end < 0 ? "" : text.slice(end + 4);
}
