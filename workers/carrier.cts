/** Entry of the pool's workers: a carrier, from its pack where there is one. */

import type * as CarrierTasks from "../src/runtime/carriertask.js";
import { isPacking, loadPack, saveCodeCaches } from "../src/runtime/pack.cjs";

type Carry = typeof CarrierTasks.carry;

const pack = loadPack("carrier") as typeof CarrierTasks | null;

/** Run to the end, then save what has been compiled. */
const rehearsal =
  (carry: Carry): Carry =>
  (task) => {
    const result = carry(task);
    saveCodeCaches();
    return result;
  };

/** Runs a task of the pool. */
const carry: Carry | Promise<Carry> =
  pack === null
    ? import("../src/runtime/carriertask.js").then((module) => module.carry)
    : isPacking
      ? rehearsal(pack.carry)
      : pack.carry;

export = carry;
