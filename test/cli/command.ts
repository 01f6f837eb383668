/** Running the command line in a process of its own, with signals and closed pipes where wanted. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const COMMAND = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

/** True once the command line has been built: from then on these tests must pass. */
export const isBuilt = existsSync(COMMAND);

/** What is done to the process while it runs. */
export interface Treatment {
  stdin?: string;
  /** Send this signal as soon as the program has printed a line. */
  signal?: NodeJS.Signals;
  /** Close our end of standard output as soon as the program has printed a line. */
  closeStdout?: boolean;
  cwd?: string;
  /** How long it may take, in ms; 20,000 unless said otherwise. */
  timeoutMs?: number;
}

/** How it ended. */
export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Run `takegil` with these arguments to its end; a run that takes too long is killed. */
export function takegil(args: readonly string[], treatment: Treatment = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: treatment.cwd,
      stdio: "pipe",
      timeout: treatment.timeoutMs ?? 20_000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    let treated = false;
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      if (treated || !stdout.includes("\n")) return;
      treated = true;
      if (treatment.signal !== undefined) child.kill(treatment.signal);
      if (treatment.closeStdout === true) child.stdout.destroy();
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdin.on("error", () => {}); // The program may end without reading its input.
    child.stdin.end(treatment.stdin ?? "");
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

/** A shell's view of how a process ended: 128 + n for signal n. */
export function shellStatus({ status, signal }: Ended): number {
  return status ?? 128 + (signal === "SIGINT" ? 2 : signal === "SIGTERM" ? 15 : 9);
}
