/**
 * The machine as the program sees it: clocks, randomness, its process's number. The real one, or
 * in virtual time one that depends on the seed alone.
 */
import { randomFillSync } from "node:crypto";
import { readlinkSync } from "node:fs";
import { threadId } from "node:worker_threads";
import type { VirtualScheduler } from "../sync/virtual.js";
import { getHost } from "./host.js";

/** Virtual wall-clock time begins at 2024-01-01 00:00 UTC; monotonic time, a second after boot. */
const VIRTUAL_EPOCH_NS = 1_704_067_200_000_000_000n;
const VIRTUAL_UPTIME_NS = 1_000_000_000n;
const VIRTUAL_PROCESS = 1000;

let virtual: VirtualScheduler | null = null;

/** Attach virtual time for the thread about to run, or null; the carrier calls it. */
export function bindVirtual(scheduler: VirtualScheduler | null): void {
  virtual = scheduler;
}

/** Instructions that take `ns` of virtual time are run. */
export function passTime(ns: number): void {
  virtual?.work(ns);
}

/** An input or output operation is over, for the thread that did it without the lock. */
export function passIo(): void {
  virtual?.passIo();
}

/** Is time virtual, so that nothing may wait in the system? */
export function isVirtual(): boolean {
  return virtual !== null;
}

/** The running thread has started another one, in `slot`. */
export function noteSpawn(slot: number): void {
  virtual?.spawn(slot);
}

function virtualNs(): bigint {
  return BigInt(Math.round(virtual!.now()));
}

/** Nanoseconds of a clock that never goes back. */
export function monotonicNs(): bigint {
  return virtual === null ? process.hrtime.bigint() : VIRTUAL_UPTIME_NS + virtualNs();
}

/** Nanoseconds since 1970. */
export function wallNs(): bigint {
  if (virtual !== null) return VIRTUAL_EPOCH_NS + virtualNs();
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
}

/** Nanoseconds of processor time of the whole process. */
export function processNs(): bigint {
  if (virtual !== null) return BigInt(Math.round(virtual.worked()));
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

/** CLOCK_THREAD_CPUTIME_ID of Linux. */
const THREAD_CLOCK = 3;
const threadTime = new BigInt64Array(2);

/** Nanoseconds of processor time of this thread alone, where the system tells it. */
export function threadNs(): bigint {
  if (virtual !== null) return virtualNs();
  const { libc } = getHost();
  if (libc === null || libc.clockGettime(THREAD_CLOCK, threadTime) < 0) return processNs();
  return threadTime[0] * 1_000_000_000n + threadTime[1];
}

/** `count` bytes of the system's entropy. */
export function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  if (virtual === null) return randomFillSync(bytes);
  for (let at = 0; at < count; at++) bytes[at] = virtual.entropy() >>> 11;
  return bytes;
}

/** The process's number. */
export function processId(): number {
  return virtual === null ? process.pid : VIRTUAL_PROCESS;
}

/** Its parent's. */
export function parentProcessId(): number {
  return virtual === null ? process.ppid : 1;
}

/** Processors. */
export function processorCount(real: () => number): number {
  return virtual === null ? real() : virtual.cores;
}

/** Number of the running thread for the system, made from its slot in virtual time. */
export function threadNumber(ident: number, real: () => number): number {
  return virtual === null ? real() : VIRTUAL_PROCESS + ident - 1;
}

let systemNumber = 0;

/** The system's number of this thread where /proc tells it, else one made from the process's. */
export function systemThreadId(): number {
  if (systemNumber !== 0) return systemNumber;
  try {
    systemNumber = Number(/task\/(\d+)$/.exec(readlinkSync("/proc/thread-self"))?.[1]);
  } catch {
    systemNumber = process.pid + threadId;
  }
  return systemNumber;
}

/** Place of the next message to the interpreter loop among all threads'; -1: as it comes. */
export function messagePlace(): number {
  return virtual === null ? -1 : virtual.nextMessage();
}
