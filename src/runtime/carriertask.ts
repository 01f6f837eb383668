/** What a worker of the pool runs: its carrier, made on the heap that the worker was given. */
import "./workerheap.js";

import { parentPort, workerData } from "node:worker_threads";
import { Carrier } from "./carrier.js";
import { loadDiscipline } from "./discipline.js";
import type { CarrierData, CarrierTask, MainResult } from "./protocol.js";

const data = workerData as CarrierData;
const carrier = loadDiscipline(data.discipline).then(
  (discipline) =>
    new Carrier(data, discipline, (hello) =>
      parentPort!.postMessage(hello, [hello.port, hello.control]),
    ),
);

/** Run a task of the pool. */
export async function carry(task: CarrierTask): Promise<MainResult | null> {
  return (await carrier).carry(task);
}

export { expectProcessImage, saveBootImage } from "./savedboot.js";
