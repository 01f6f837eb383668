// A discipline of one's own: last come, first served. Run a program under it with
//
//     takegil run --gil experiments/disciplines/lifo.js program.py
//     takegil check experiments/disciplines/lifo.js
//
// The default export is given the parts of the lock and returns a class that extends one of them.
// `QueuedLock` keeps the queue, hands the lock over and repairs it after deaths; what is left to
// say is who comes first, and which waiter may ask the holder to drop the lock (here: any, after
// the switch interval). See docs/lock.md for the other parts.
export default ({ QueuedLock }) =>
  class Lifo extends QueuedLock {
    /** True if thread `a` of the queue comes before thread `b`; threads are slot numbers. */
    precedes(a, b) {
      return this.arrivedBefore(b, a);
    }
  };
