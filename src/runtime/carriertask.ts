/** What a worker of the pool runs: its carrier, made on the heap that the worker was given. */
import "./workerheap.js";

import { parentPort, workerData } from "node:worker_threads";
import { Carrier } from "./carrier.js";
import type { CarrierData, CarrierTask, MainResult } from "./protocol.js";

const carrier = new Carrier(workerData as CarrierData, (hello) =>
  parentPort!.postMessage(hello, [hello.port, hello.control]),
);

/** Run a task of the pool. */
export function carry(task: CarrierTask): MainResult | null {
  return carrier.carry(task);
}

export { saveBootImage } from "./savedboot.js";
