/** Entry of the racers' workers: binds the heap, then takes part in races on it. */
import { parentPort, workerData } from "node:worker_threads";
import { bindHeap } from "../src/memory/binding.js";
import type { RacerData } from "../src/runtime/countrace.js";

const data = workerData as RacerData;
bindHeap(data.heap);
const { takePart } = await import("../src/runtime/racer.js");
takePart(data, parentPort!);
