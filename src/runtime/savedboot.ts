/**
 * The images (object/bootimage.ts) of a pack's carriers: files beside the pack, made by the build.
 * Carriers that are not from a pack find none here and boot in full.
 *
 * `boot.image` is a heap after `boot`. `process.image` is one with an interpreter that has imported
 * what a process of `multiprocessing` needs before it knows its work: the process begins with it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { collect } from "../gc/collector.js";
import { heap } from "../memory/heap.js";
import { Control, ThreadState } from "../memory/layout.js";
import { boot } from "../object/boot.js";
import { copyHeapImage, newHeapImage } from "../object/bootimage.js";
import { decref } from "../object/header.js";
import { thread } from "../object/thread.js";
import { importPath } from "../vm/import.js";
import { enterThread, leaveThread } from "../vm/threadstate.js";
import { LIBRARY_FOLDER } from "./library.js";

const BOOT = fileURLToPath(new URL("boot.image", import.meta.url));
const PROCESS = fileURLToPath(new URL("process.image", import.meta.url));

/** What most processes import, before they know it. */
const PROCESS_MODULES = [
  "multiprocessing.spawn",
  "multiprocessing.connection",
  "multiprocessing.queues",
  "multiprocessing.synchronize",
];

/** Make the object layer usable on this thread, as {@link boot} does. With the GIL held. */
export function bootCarrier(): void {
  if (heap.I32[Control.Booted] === 0 && existsSync(BOOT)) copyHeapImage(readImage(BOOT));
  boot();
}

/** The same, with an interpreter that is a process's to be; false where there is no such image. */
export function bootProcess(): boolean {
  const image = existsSync(PROCESS) ? ofThisPlace(readImage(PROCESS)) : null;
  if (image === null || !copyHeapImage(image)) return false;
  boot();
  return true;
}

function readImage(file: string): Int32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}

/** The code in a process's image names the library's files: the built package may be moved. */
function placeWords(): number[] {
  return [LIBRARY_FOLDER.length, ...Buffer.from(LIBRARY_FOLDER, "utf16le")];
}

function ofThisPlace(file: Int32Array): Int32Array | null {
  const place = placeWords();
  return place.every((word, i) => file[i] === word) ? file.subarray(place.length) : null;
}

/** Boot in full and save the image, unless there is one: the build calls it, before all else. */
export function saveBootImage(): void {
  if (existsSync(BOOT)) return;
  boot();
  writeFileSync(BOOT, newHeapImage(false));
}

let isSaving = false;

/** The carrier's program will be a process's: save an image before it begins. For the build. */
export function expectProcessImage(): void {
  isSaving = true;
}

/** On MainThread, before its program runs. */
export function saveProcessImage(): void {
  if (!isSaving) return;
  for (const name of PROCESS_MODULES) decref(importPath(name));
  collect(2);
  // What the stack held is no part of it.
  const { state } = thread;
  heap.I32.fill(
    0,
    heap.I32[state + ThreadState.StackBase],
    heap.I32[state + ThreadState.StackLimit],
  );
  leaveThread();
  writeFileSync(PROCESS, Int32Array.from([...placeWords(), ...newHeapImage(true)]));
  enterThread();
}
