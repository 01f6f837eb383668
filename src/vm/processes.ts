/**
 * Processes with a Python of their own, as `multiprocessing` needs them from the runtime: to start
 * one, to hear of its end, and the system calls by which processes share descriptors.
 */

/** The descriptor on which a started process gets its work, in that process. */
export const CONTROL_FD = 3;

/** A process that has been started and waits for its work. */
export interface StartedProcess {
  /** What {@link Processes.status} is asked with; numbers are never used twice. */
  number: number;
  pid: number;
  /** The caller's end of its control channel, which ends when the process does. */
  control: number;
}

export interface Processes {
  /** The program is likely to start so many processes: have some of them ready. */
  expect(count: number): void;
  /** Start a process, or take one that is ready; the errno of the failure. */
  start(): StartedProcess | number;
  /** Exit status of a process, minus its signal if one ended it; null: not within `waitMs`. */
  status(number: number, waitMs: number): number | null;
}

/**
 * Calls of the C library. Each gives what the call gives, mostly -1 for a failure whose number
 * `errno` then tells; it must be asked before the next call. None waits.
 */
export interface SharingCalls {
  errno(): number;
  /** A pair of connected Unix sockets; fills the two descriptors in. */
  socketpair(fds: Int32Array): number;
  /** A counter in the kernel, which reading lowers by one and writing raises. */
  semaphore(value: number): number;
  /** Lower the counter: 8, or -1 with EAGAIN while it is 0. */
  lower(fd: number): number;
  raise(fd: number): number;
  /** A file that is nowhere but in memory. */
  memoryFile(name: string): number;
  /** Send `bytes`, and with the first of them descriptors. */
  sendFds(socket: number, fds: readonly number[], bytes: Uint8Array): number;
  /** Receive into `bytes`, and at most 253 descriptors into `fds`, -1 behind the last. */
  receiveFds(socket: number, fds: Int32Array, bytes: Uint8Array): number;
}
