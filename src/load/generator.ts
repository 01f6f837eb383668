/** The generator's own process, so that neither the server nor the command line shares its core. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadResult } from "./plan.js";

const COMMAND = fileURLToPath(new URL("../cli/main.js", import.meta.url));

/** A load could not be produced; the message is one line for the user. */
export class LoadError extends Error {
  override name = "LoadError";
}

type Answer = { result: LoadResult } | { error: string };

/** Produce a load in a process of its own. @param signal ends it early, without a result */
export function generate(plan: LoadPlan, signal: AbortSignal): Promise<LoadResult> {
  const child = fork(COMMAND, ["load-generator"]);
  const stop = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", stop);
  return new Promise((resolve, reject) => {
    child.once("message", (answer: Answer) => {
      if ("result" in answer) resolve(answer.result);
      else reject(new LoadError(answer.error));
    });
    child.once("error", reject);
    child.once("exit", () => {
      signal.removeEventListener("abort", stop);
      reject(new LoadError(signal.aborted ? "interrupted" : "the load generator died"));
    });
    child.send(plan);
  });
}

/** What that process does. */
export async function generateForParent(): Promise<void> {
  if (process.send === undefined) throw new Error("only takegil load starts generators");
  // Ctrl-C is the parent's to understand.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit(1));
  const plan = await new Promise<LoadPlan>((resolve) => process.once("message", resolve));
  const answer = await answerFor(plan);
  await new Promise<void>((resolve) => process.send!(answer, undefined, {}, () => resolve()));
  process.exit(0);
}

async function answerFor(plan: LoadPlan): Promise<Answer> {
  try {
    if (plan.arrival !== "closed")
      return { result: await (await import("./open.js")).openLoop(plan) };
    return { result: await (await import("./closed.js")).closedLoop(plan) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
