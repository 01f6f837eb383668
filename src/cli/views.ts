/** The views of `takegil graph`, with what help says of each. */
export const graphViews = {
  lanes: "a lane a thread: who has the GIL, who waits, who is off it",
  gilvis: "D. Beazley's picture: acquisitions and failures over instructions executed",
  wait: "how long each thread waited for the GIL: a distribution a thread",
  "who-blocked-whom": "how long each thread waited while each other one had the GIL",
  requests: "where the time of HTTP requests went, the slow ones closely",
} as const;

export type GraphView = keyof typeof graphViews;

/** Palettes of the gilvis view. */
export const paletteNames = ["beazley", "safe"] as const;

/** What lies along the axis of the gilvis view. */
export const axisNames = ["ticks", "wall"] as const;
