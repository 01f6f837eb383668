/** Entry of the thread that `takegil doctor` wakes and is woken by. */
import { workerData } from "node:worker_threads";
import { answerProbes, type ProberData } from "../src/runtime/prober.js";

answerProbes(workerData as ProberData);
