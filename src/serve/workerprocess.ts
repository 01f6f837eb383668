/** A worker process of {@link Supervisor}: serves the connections that its parent sends. */
import type { Socket } from "node:net";
import { OptionError } from "../runtime/options.js";
import type { FromWorker, ToWorker } from "./messages.js";
import type { ServeOptions } from "./options.js";
import { ApplicationError, ServeWorker } from "./worker.js";

/** How often the parent is told how many connections there are, in ms. */
const LOAD_MS = 100;
/** And how often at least, in ms. */
const SIGN_MS = 1000;

const STATUS_FAILED = 1;
const STATUS_USAGE = 2;
const STATUS_BROKEN = 70;

/** Serve until the parent says stop, or is gone; the exit status. */
export async function serveForParent(): Promise<number> {
  if (process.send === undefined) throw new Error("only takegil serve starts workers");
  // The terminal sends Ctrl-C to all processes: what it means is the parent's to say.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit(STATUS_BROKEN));
  const { options, trace, reserve } = await firstMessage();
  const worker = await create({ ...options, trace }, reserve);
  if (worker === null) return STATUS_FAILED;
  let asked = false;
  process.on("message", (message: ToWorker, socket: Socket | undefined) => {
    if (message.kind === "connection") {
      if (socket !== undefined) worker.adopt(socket);
      send({ kind: "received", id: message.id });
      return;
    }
    if (message.kind === "begin") worker.begin();
    if (message.kind === "measure") sendMeasures(worker, true);
    if (message.kind === "metrics") worker.answerMetrics(message.id, message.text);
    if (message.kind === "stop" || message.kind === "kill") {
      asked = true;
      if (message.kind === "stop") worker.stop();
      else worker.kill();
    }
  });
  process.on("SIGTERM", () => {
    asked = true;
    worker.stop();
  });
  const stopTelling = tellLoad(worker);
  send({ kind: "ready" });
  const { clean, result } = await worker.ended;
  stopTelling();
  sendMeasures(worker, false);
  const leaked = process.env.TAKEGIL_LEAK_CHECK !== undefined && result.leakedBlocks > 0;
  if (leaked) process.stderr.write(`takegil: ${result.leakedBlocks} blocks are left\n`);
  process.exitCode = !asked || leaked ? STATUS_BROKEN : clean ? 0 : STATUS_FAILED;
  process.removeAllListeners("disconnect");
  process.disconnect();
  return process.exitCode;
}

function send(message: FromWorker): void {
  if (process.connected) process.send!(message, undefined, {}, () => {});
}

function sendMeasures(worker: ServeWorker, asked: boolean): void {
  send({ kind: "measures", measures: worker.measure(), asked });
}

function firstMessage(): Promise<Extract<ToWorker, { kind: "serve" }>> {
  return new Promise((resolve) => {
    process.once("message", (message: ToWorker) => {
      if (message.kind === "serve") resolve(message);
    });
  });
}

async function create(options: ServeOptions, reserve: boolean): Promise<ServeWorker | null> {
  try {
    return await ServeWorker.create(options, reserve, {
      spent: () => send({ kind: "spent" }),
      stuck: () => send({ kind: "stuck" }),
      metricsAsked: (id) => send({ kind: "metrics", id }),
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const usage = error instanceof OptionError || (error as NodeJS.ErrnoException).code;
    const known = usage || error instanceof ApplicationError;
    const status = usage ? STATUS_USAGE : known ? STATUS_FAILED : STATUS_BROKEN;
    send({ kind: "failed", status, text });
    process.removeAllListeners("disconnect");
    process.disconnect();
    return null;
  }
}

/** Tell the parent now and then what the worker is doing. */
function tellLoad(worker: ServeWorker): () => void {
  let told = "";
  let toldAt = 0;
  const timer = setInterval(() => {
    const load = worker.load();
    const text = JSON.stringify(load);
    if (text === told && performance.now() - toldAt < SIGN_MS) return;
    told = text;
    toldAt = performance.now();
    send({ kind: "load", ...load });
  }, LOAD_MS);
  // Should the worker be killed, the parent knows nearly all it has done.
  const measuring = setInterval(() => {
    sendMeasures(worker, false);
  }, SIGN_MS);
  return () => {
    clearInterval(timer);
    clearInterval(measuring);
  };
}
