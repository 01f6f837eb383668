/** Entry of the pool's workers: binds the heap, then loads the runtime that lives on it. */
import { parentPort, workerData } from "node:worker_threads";
import { bindHeap } from "../src/memory/binding.js";
import type { CarrierData, CarrierTask, MainResult } from "../src/runtime/protocol.js";

const data = workerData as CarrierData;
bindHeap(data.heap);
const { Carrier } = await import("../src/runtime/carrier.js");
const carrier = new Carrier(data, (hello) =>
  parentPort!.postMessage(hello, [hello.port, hello.control]),
);

/** Run a task of the pool. */
export default function carry(task: CarrierTask): MainResult | null {
  return carrier.carry(task);
}
