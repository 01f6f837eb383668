/** The builtin that probes call (compiler/probe.ts), where a run has any. */
import { Probe } from "../compiler/probe.js";
import type { Addr } from "../memory/heap.js";
import { heap } from "../memory/heap.js";
import { newBuiltin } from "../object/builtinfunction.js";
import { oneArg } from "../object/define.js";
import { dictSetStr } from "../object/dict.js";
import { newNone } from "../object/errors.js";
import { decref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { intToNumber } from "../object/int.js";
import { VmState } from "./state.js";

const I32 = heap.I32;

const ID_probe = identifier(Probe.Name);

let reached: (number: number) => void = () => {};

const definition = oneArg(Probe.Name, (_: Addr, number: Addr) => {
  reached(intToNumber(number));
  return newNone();
});

/** Say what happens on this JavaScript thread when a probe is reached, with the GIL held. */
export function onProbe(act: (number: number) => void): void {
  reached = act;
}

/** Let the program find the probes' builtin. False with MemoryError pending. */
export function installProbes(): boolean {
  const builtin = newBuiltin(definition, 0, 0);
  if (builtin === 0) return false;
  const status = dictSetStr(I32[VmState.Builtins], ID_probe, builtin);
  decref(builtin);
  return status === 0;
}
