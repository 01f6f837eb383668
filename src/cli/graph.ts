/** `takegil graph`: the pictures of a trace. */
import { drawBlocking } from "../report/blockingchart.js";
import { drawGilvis, type GilvisOptions } from "../report/gilvis.js";
import { drawLanes } from "../report/lanes.js";
import { partOf } from "../report/part.js";
import { drawWaits } from "../report/waitchart.js";
import type { Trace } from "../trace/file.js";
import { UsageError } from "./failure.js";
import { announce, loadTrace, write } from "./files.js";
import type { GraphView } from "./views.js";

export interface GraphOptions extends GilvisOptions {
  readonly view: GraphView;
  readonly output: string;
  /** The part of the run to draw, in seconds from its start. */
  readonly from?: number;
  readonly to?: number;
}

const drawings: Readonly<Record<GraphView, (trace: Trace, options: GraphOptions) => string>> = {
  lanes: (trace) => drawLanes(trace, {}),
  gilvis: (trace, { palette, axis }) => drawGilvis(trace, { palette, axis }),
  wait: (trace) => drawWaits(trace),
  "who-blocked-whom": (trace) => drawBlocking(trace),
};

/** Draw a trace, or its part between two times. */
export function graph(tracePath: string, options: GraphOptions): void {
  const { output, from, to } = options;
  const whole = loadTrace(tracePath);
  const trace = from === undefined && to === undefined ? whole : cut(whole, from, to);
  write(output, drawings[options.view](trace, options));
  announce(
    output,
    `open ${output} in a browser, or: takegil export ${tracePath} --format perfetto`,
  );
}

function cut(trace: Trace, from = 0, to = Number.POSITIVE_INFINITY): Trace {
  try {
    return partOf(trace, from, to);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
