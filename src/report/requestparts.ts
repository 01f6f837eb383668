/** Parts of a request's time, in the order they begin. */
export const requestParts = ["queue", "waiting", "running", "off", "sending"] as const;
export type RequestPart = (typeof requestParts)[number];

/** What the parts are called, and mean. */
export const requestPartTerms: Readonly<Record<RequestPart, { name: string; meaning: string }>> = {
  queue: { name: "queue", meaning: "no thread had taken the request yet" },
  waiting: { name: "waiting for GIL", meaning: "its thread wanted to run and another one did" },
  running: { name: "has GIL", meaning: "its thread ran" },
  off: { name: "no GIL", meaning: "its thread slept, or did input and output" },
  sending: { name: "sending", meaning: "from the thread's last word to the system's taking it" },
};
