/** `takegil doctor`: what this machine will do to measurements. */
import { showProgress } from "../experiment/runtimes.js";
import { formatBytes, formatRatio, formatSeconds } from "../report/table.js";
import { type Diagnosis, diagnose, findings } from "../runtime/doctor.js";
import { write } from "./files.js";
import { say } from "./run.js";

/** Examine the machine and print what was found. */
export async function doctor(options: { json?: boolean }): Promise<void> {
  const found = await diagnose(showProgress);
  const notes = findings(found);
  if (options.json === true)
    write("-", `${JSON.stringify({ ...found, findings: notes }, null, 1)}\n`);
  else write("-", describe(found, notes));
  say("next: takegil sweep countdown -q\n");
}

function describe(found: Diagnosis, notes: readonly string[]): string {
  const { wakeUp, foreignCores } = found;
  const rows: [string, string][] = [
    ["processor", `${found.cores} × ${found.cpuModel}`],
    ["usable cores", `${found.usableCores} (${found.affinity ?? "unknown which"})`],
    ["system", `${found.system}, Node ${found.node}, ${formatBytes(found.memoryBytes)}`],
    ["load", `${found.loadPerCore.toFixed(2)} a core over the last minute`],
    ["others use", foreignCores === null ? "unknown" : `${foreignCores.toFixed(2)} cores`],
    ["host takes", found.stolenRatio === null ? "unknown" : formatRatio(found.stolenRatio)],
    ["clock step", formatSeconds(found.clockStepSeconds)],
    ...found.timers.map((timer): [string, string] => [
      `sleep ${formatSeconds(timer.sleepSeconds)}`,
      `late by p50 ${formatSeconds(timer.p50Seconds)}, p99 ${formatSeconds(timer.p99Seconds)}`,
    ]),
    ["wake-up", `p50 ${formatSeconds(wakeUp.p50Seconds)}, p99 ${formatSeconds(wakeUp.p99Seconds)}`],
    [
      "clock skew",
      `${formatSeconds(Math.abs(found.clockSkewSeconds))} ± ${formatSeconds(found.clockSkewErrorSeconds)}`,
    ],
    ["two processes", `do ${found.twoProcesses.toFixed(2)} times the work of one`],
    [
      "interrupted",
      `${formatRatio(found.interruptedRatio)} of a busy thread's time, ` +
        `${formatSeconds(found.longestGapSeconds)} at most`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
  const noisy =
    notes.length > 0 ? notes.map((note) => `noisy: ${note}`) : ["nothing will be noisy"];
  return `${[...lines, "", ...noisy].join("\n")}\n`;
}
