/**
 * First come, first served: a ticket lock. Whoever finds the lock taken draws a ticket; the thread
 * that gives the lock up hands it to the lowest ticket of the queue, also when it gives it up of
 * its own will. So nobody is ever overtaken, and a thread that does short input and output beside
 * one that computes waits for a whole interval every time. Source: the ticket lock as described by
 * Mellor-Crummey and Scott (ACM TOCS 9:1, 1991), on the queue of `queue.ts`; asking for a drop as
 * in `py32` (G2, G4).
 */
import { QueuedLock } from "./queue.js";

export class Fifo extends QueuedLock {
  protected precedes(a: number, b: number): boolean {
    return this.arrivedBefore(a, b);
  }
}
