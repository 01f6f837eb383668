/**
 * The control line between the interpreter loop and a carrier: calls through Comlink, answered
 * only while the carrier has no task, since a carrier that runs a thread or is parked never returns
 * to its event loop. What is urgent goes through the heap instead.
 */
import type { MessagePort, Worker } from "node:worker_threads";
import { type Endpoint, expose, type Remote, releaseProxy, wrap } from "comlink";

/** What a carrier says about itself. */
export interface CarrierReport {
  carrier: number;
  /** Python threads it has run. */
  threads: number;
  /** Bytes of its JavaScript heap in use. */
  heapUsed: number;
}

/** What the interpreter loop may ask a carrier that has no task. */
export interface CarrierControl {
  describe(): CarrierReport;
}

/** Answer calls that come through `port`. */
export function exposeControl(control: CarrierControl, port: MessagePort): void {
  // Node's ports are event targets as the browser's are.
  expose(control, port as unknown as Endpoint);
  port.unref();
}

/** Ask the carrier at the other end of `port`; null when it died or did not answer in time. */
export async function describeCarrier(
  port: MessagePort,
  worker: Worker,
  patienceMs: number,
): Promise<CarrierReport | null> {
  const control: Remote<CarrierControl> = wrap(port as unknown as Endpoint);
  let giveUp = (): void => {};
  // Comlink never settles a call to a worker that has exited.
  const nothing = new Promise<null>((resolve) => {
    giveUp = () => resolve(null);
  });
  const timer = setTimeout(giveUp, patienceMs);
  worker.once("exit", giveUp);
  try {
    return await Promise.race([control.describe(), nothing]);
  } finally {
    clearTimeout(timer);
    worker.off("exit", giveUp);
    control[releaseProxy]();
  }
}
