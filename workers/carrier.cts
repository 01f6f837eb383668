/** Entry of the pool's workers: a carrier, from its pack where there is one. */

import type * as CarrierTasks from "../src/runtime/carriertask.js";
import { isPacking, loadPack, saveCodeCaches } from "../src/runtime/pack.cjs";
import type { CarrierTask, MainResult } from "../src/runtime/protocol.js";

type Carry = typeof CarrierTasks.carry;

const pack = loadPack("carrier") as typeof CarrierTasks | null;

/** Run to the end, then save what has been compiled: for the build. */
async function rehearse(task: CarrierTask): Promise<MainResult | null> {
  const { carry, expectProcessImage, saveBootImage } = pack!;
  saveBootImage();
  expectProcessImage();
  const result = await carry(task);
  saveCodeCaches();
  return result;
}

/** Runs a task of the pool. */
const carry: Carry | Promise<Carry> =
  pack === null
    ? import("../src/runtime/carriertask.js").then((module) => module.carry)
    : isPacking
      ? rehearse
      : pack.carry;

export = carry;
