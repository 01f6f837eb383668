/** `takegil graph`: the pictures of a trace. */
import { drawAscii } from "../report/ascii.js";
import { drawBlocking } from "../report/blockingchart.js";
import { drawGilvis, type GilvisOptions } from "../report/gilvis.js";
import { drawLanes } from "../report/lanes.js";
import { partOf } from "../report/part.js";
import { drawRequests } from "../report/requestchart.js";
import { drawWaits } from "../report/waitchart.js";
import type { Trace } from "../trace/file.js";
import { UsageError } from "./failure.js";
import { announce, loadTrace, write } from "./files.js";
import type { GraphView } from "./views.js";

export interface GraphOptions extends GilvisOptions {
  readonly view: GraphView;
  readonly output?: string;
  /** Lines of text instead of an SVG, so many columns wide. */
  readonly ascii?: boolean;
  readonly width?: number;
  /** The part of the run to draw, in seconds from its start. */
  readonly from?: number;
  readonly to?: number;
}

/** Columns of text where no terminal tells. */
const DEFAULT_WIDTH = 100;
/** Fewer columns would leave no room for time. */
const LEAST_WIDTH = 60;

const drawings: Readonly<Record<GraphView, (trace: Trace, options: GraphOptions) => string>> = {
  lanes: (trace) => drawLanes(trace, {}),
  gilvis: (trace, { palette, axis }) => drawGilvis(trace, { palette, axis }),
  wait: (trace) => drawWaits(trace),
  "who-blocked-whom": (trace) => drawBlocking(trace),
  requests: (trace) => drawRequests(trace),
};

/** Draw a trace, or its part between two times. */
export function graph(tracePath: string, options: GraphOptions): void {
  const { output, from, to } = options;
  if (options.ascii !== true && output === undefined) {
    throw new UsageError("name the SVG to write with -o FILE, or draw text with --ascii");
  }
  if (options.ascii === true && options.view !== "lanes") {
    throw new UsageError(`the ${options.view} view is no text; --ascii draws lanes`);
  }
  const whole = loadTrace(tracePath);
  const trace = from === undefined && to === undefined ? whole : cut(whole, from, to);
  if (options.ascii === true) {
    const width = options.width ?? process.stdout.columns ?? DEFAULT_WIDTH;
    write(output ?? "-", drawAscii(trace, Math.max(width, LEAST_WIDTH)));
    if (output !== undefined) announce(output, `cat ${output}`);
    return;
  }
  write(output!, drawn(trace, options));
  const next = `open ${output} in a browser, or: takegil export ${tracePath} --format perfetto`;
  announce(output!, next);
}

function drawn(trace: Trace, options: GraphOptions): string {
  try {
    return drawings[options.view](trace, options);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function cut(trace: Trace, from = 0, to = Number.POSITIVE_INFINITY): Trace {
  try {
    return partOf(trace, from, to);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
