/** Entry of the timer thread, which the discipline `timer` needs. */
import { workerData } from "node:worker_threads";
import { runTimer, type TimerData } from "../src/runtime/timer.js";

await runTimer(workerData as TimerData);
