/** The other thread of `takegil doctor`'s ping-pong: it answers each call with its clock's time. */

/** What it shares with the one that asks. */
export interface ProberData {
  /** Words of {@link ProberWord}. */
  readonly words: Int32Array;
  /** Its clock when it answered, ms since the process's origin of time. */
  readonly times: Float64Array;
}

/** Words through which the two wake each other. */
export const enum ProberWord {
  /** Number of the last call. */
  Call = 0,
  /** Number of the last answer. */
  Answer = 1,
  Size = 2,
}

/** A call with this number is the last. */
export const LAST_CALL = -1;
/** Longest sleep in one piece, ms: nobody may ever wake it. */
const SLICE_MS = 50;
/** It ends by itself when nobody has called for so long, ms. */
const PATIENCE_MS = 10_000;

/** Answer calls until the last. */
export function answerProbes({ words, times }: ProberData): void {
  let seen = 0;
  let waited = 0;
  while (waited < PATIENCE_MS) {
    const call = Atomics.load(words, ProberWord.Call);
    if (call === LAST_CALL) return;
    if (call === seen) {
      if (Atomics.wait(words, ProberWord.Call, seen, SLICE_MS) === "timed-out") waited += SLICE_MS;
      continue;
    }
    times[0] = performance.timeOrigin + performance.now();
    seen = call;
    waited = 0;
    Atomics.store(words, ProberWord.Answer, call);
    Atomics.notify(words, ProberWord.Answer);
  }
}
