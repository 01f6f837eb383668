/**
 * Build step: bundles the runtime into packs (pack.cts), one for each entry point, and has runs of
 * a small program write the boot image and the code caches.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const FOLDER = here("../pack");

/** Touches what nearly every program touches: what it compiles is compiled for all. */
const REHEARSAL = "import threading\nclass C: pass\nprint('%s' % [C(), {}, 1.5, f'{1}'] != '')\n";

/** Starts a process, so that the packs of processes are run, too. */
const PROCESS_REHEARSAL =
  "import multiprocessing\n" +
  "p = multiprocessing.Process(target=len, args=('',))\np.start()\np.join()\n" +
  "assert p.exitcode == 0\n";

/** A bundle of its own for each thread kind; what it imports dynamically becomes further files. */
async function pack(input: Record<string, string>): Promise<void> {
  const bundle = await rolldown({
    input,
    platform: "node",
    external: [/^node:/, /^pino$/, /^koffi$/, /^autocannon$/, /^@napi-rs/],
  });
  const { output } = await bundle.write({
    dir: FOLDER,
    format: "cjs",
    strict: true,
    dynamicImportInCjs: false,
  });
  await bundle.close();
  for (const { fileName } of output) escapeText(`${FOLDER}/${fileName}`);
}

/** Packs are read as Latin-1, which V8 keeps in one byte a character; so they must be ASCII. */
function escapeText(path: string): void {
  const text = readFileSync(path, "utf8");
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(path, text.replace(/[\u0080-\uffff]/g, escape));
}

function rehearse(program: string): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    [here("../cli/main.js"), "run", "-c", program],
    // Images must not hold the environment of the one who builds.
    { env: { TAKEGIL_PACKING: "1" }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the packs do not run: ${stderr}`);
}

rmSync(FOLDER, { recursive: true, force: true });
await pack({ command: here("../cli/command.js") });
await pack({ carrier: here("./carriertask.js") });
await pack({ process: here("./childprocess.js") });
// Piscina looks for the file it starts its workers with beside its own.
await pack({ worker: fileURLToPath(new URL("worker.js", import.meta.resolve("piscina"))) });
writeFileSync(`${FOLDER}/package.json`, '{ "type": "commonjs" }\n');
// Programs start it again, as sys.executable.
chmodSync(fileURLToPath(new URL("../cli/main.js", import.meta.url)), 0o755);
// The first run boots in full and saves the image that all others boot from: the second, too,
// whose process saves an image for processes. The third process begins with that.
rehearse(REHEARSAL);
rehearse(REHEARSAL + PROCESS_REHEARSAL);
rehearse(REHEARSAL + PROCESS_REHEARSAL);
