/** The access log: a line of JSON a request, through pino. */
import { pino } from "pino";
import type { Outcome } from "./exchange.js";

export interface AccessLog {
  write(outcome: Outcome): void;
  close(): void;
}

/**
 * A log in the file at `path`, appended to, or on standard output for `-`.
 * @throws {Error} when the file cannot be opened
 */
export function newAccessLog(path: string): AccessLog {
  const destination = pino.destination({ dest: path === "-" ? 1 : path, sync: true });
  const log = pino({ base: { pid: process.pid } }, destination);
  return {
    write: (outcome) => log.info(fields(outcome), "request"),
    close: () => destination.end(),
  };
}

/** Times are milliseconds: in the queue, and from arrival to the response's last byte. */
function fields(outcome: Outcome): object {
  const { message, arrived, taken, ended } = outcome;
  return {
    request: outcome.request,
    remote: message.socket.remoteAddress,
    method: message.method,
    target: message.url,
    status: outcome.status,
    bytes: outcome.bytes,
    queuedMs: taken === 0 ? null : round(taken - arrived),
    totalMs: round(ended - arrived),
    complete: outcome.complete,
    agent: message.headers["user-agent"],
    referer: message.headers.referer,
  };
}

function round(ms: number): number {
  return Math.round(ms * 1e3) / 1e3;
}
