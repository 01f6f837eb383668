import type { Interpreter } from "../../src/index.js";

/**
 * Kill the worker of the Python thread `ident` once `interpreter` knows it: what a thread prints
 * can arrive before its worker has said which it is. False if it never does.
 */
export async function killSoon(interpreter: Interpreter, ident: number): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await interpreter.killThread(ident))) {
    if (performance.now() > deadline) return false;
    await new Promise((done) => setTimeout(done, 1));
  }
  return true;
}

const PATIENCE_MS = 10_000;
