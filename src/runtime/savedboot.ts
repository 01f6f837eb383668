/**
 * The boot image of a pack's carriers: a file beside the pack, made by the build. Carriers that are
 * not from a pack find none here and boot in full.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { heap } from "../memory/heap.js";
import { Control } from "../memory/layout.js";
import { boot } from "../object/boot.js";
import { bootFromImage, newBootImage } from "../object/bootimage.js";

const FILE = fileURLToPath(new URL("boot.image", import.meta.url));

/** Make the object layer usable on this thread, as {@link boot} does. With the GIL held. */
export function bootCarrier(): void {
  if (heap.I32[Control.Booted] === 0 && existsSync(FILE)) {
    const { buffer, byteOffset, byteLength } = readFileSync(FILE);
    bootFromImage(new Int32Array(buffer, byteOffset, byteLength >> 2));
  }
  boot();
}

/** Boot in full and save the image, unless there is one: the build calls it, before all else. */
export function saveBootImage(): void {
  if (existsSync(FILE)) return;
  boot();
  writeFileSync(FILE, newBootImage());
}
