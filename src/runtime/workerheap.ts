/** Binds this worker to its heap. Imported first: modules take their views from it. */
import { workerData } from "node:worker_threads";
import { bindHeap } from "../memory/binding.js";
import type { CarrierData } from "./protocol.js";

bindHeap((workerData as CarrierData).heap);
