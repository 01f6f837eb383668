/** What a server's parent process and its workers say to each other. */
import type { Measures } from "./metrics.js";
import type { ServeOptions } from "./options.js";

export type ToWorker =
  /** With `reserve` the process waits for `begin`, once it has said that it is ready. */
  | { kind: "serve"; options: ServeOptions; trace: string | null; reserve: boolean }
  /** Take requests, from now on. */
  | { kind: "begin" }
  /** Comes with the socket; the worker says when it has it. */
  | { kind: "connection"; id: number }
  /** Answer what has arrived, then end. */
  | { kind: "stop" }
  /** End at once. */
  | { kind: "kill" }
  /** Say what has been done. */
  | { kind: "measure" }
  /** The text for a request that asked for the metrics. */
  | { kind: "metrics"; id: number; text: string };

export type FromWorker =
  /** The application is loaded and a thread waits for requests. */
  | { kind: "ready" }
  /** It cannot serve; what to tell the user. */
  | { kind: "failed"; status: number; text: string }
  /** It has served as many requests as it shall. */
  | { kind: "spent" }
  /** All its threads have been at one request for too long. */
  | { kind: "stuck" }
  /** It has a connection: the parent can forget it. */
  | { kind: "received"; id: number }
  /** A sign of life: connections open, requests under way. */
  | { kind: "load"; open: number; requests: number }
  /** As it was asked to say, or by itself now and then. */
  | { kind: "measures"; measures: Measures; asked: boolean }
  /** A client asked for the metrics. */
  | { kind: "metrics"; id: number };
