/** Running a guest program in a process of its own, under takegil or under an installed CPython. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Program, ROOT } from "./corpus.js";

/** A process that came to its end. */
export interface Finished {
  /** The exit status; 128 + n for signal n, -1 when it had to be killed for running too long. */
  status: number;
  stdout: string;
  stderr: string;
}

const COMMAND = join(ROOT, "dist/src/cli/main.js");
const TIMEOUT_MS = 50_000;

/** True once the command line has been built: from then on guest programs must run. */
export function takegilIsBuilt(): boolean {
  return existsSync(COMMAND);
}

function launch(command: string, args: string[], program: Program): Promise<Finished> {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: "C.UTF-8",
    PYTHONUTF8: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    TAKEGIL_LEAK_CHECK: "1",
    GUEST_VARIABLE: "from the harness",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: program.folder, env, stdio: "pipe" });
    const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      child.kill("SIGKILL");
    }, TIMEOUT_MS);
    child.stdout.on("data", (chunk) => chunks.stdout.push(chunk));
    child.stderr.on("data", (chunk) => chunks.stderr.push(chunk));
    child.stdin.on("error", () => {}); // The program may end without reading its input.
    child.stdin.end(program.stdin);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const status = killed ? -1 : (code ?? 128 + (signal === "SIGSEGV" ? 11 : 6));
      resolve({
        status,
        stdout: Buffer.concat(chunks.stdout).toString("utf8"),
        stderr: Buffer.concat(chunks.stderr).toString("utf8"),
      });
    });
  });
}

/** Run a program under takegil, with `options` of `takegil run`. */
export function runTakegil(program: Program, options: string[] = []): Promise<Finished> {
  const args = [COMMAND, "run", ...options, program.path, ...program.argv];
  return launch(process.execPath, args, program);
}

/** Run a program under CPython. */
export function runCPython(python: string, program: Program): Promise<Finished> {
  return launch(python, [program.path, ...program.argv], program);
}
