/** The views of `takegil graph`, with what help says of each. */
export const graphViews = {
  lanes: "a lane a thread: who has the GIL, who waits, who is off it",
  wait: "how long each thread waited for the GIL: a distribution a thread",
  "who-blocked-whom": "how long each thread waited while each other one had the GIL",
} as const;

export type GraphView = keyof typeof graphViews;
