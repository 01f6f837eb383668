/**
 * Reading a thread's name and place from the heap without the object layer, for reports of threads
 * that died or wait for ever. The heap may be half changed, or change meanwhile: every address is
 * checked before it is followed.
 */
import { Region, ThreadLife, ThreadLimit, ThreadState } from "../memory/layout.js";
import { CodeObject, FunctionObject, StrObject } from "../object/layout.js";
import { Frame } from "../vm/frame.js";
import { isLibraryFile } from "./library.js";

/** A place in a program. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** Qualified name of the function. */
  readonly function: string;
}

/** Longest text taken over, in characters. */
const LONGEST_TEXT = 200;
/** Most frames looked through. */
const MOST_FRAMES = 10_000;

function stateOf(slot: number): number {
  return Region.Threads + slot * ThreadState.Size;
}

function isValid(words: Int32Array, addr: number): boolean {
  return addr >= Region.Static && addr < words.length - 64;
}

/** The str at `addr`, as far as it can be read. */
function textAt(words: Int32Array, addr: number): string {
  if (!isValid(words, addr)) return "";
  const width = words[addr + StrObject.State] & StrObject.WidthMask;
  const length = Math.min(words[addr + StrObject.Length], LONGEST_TEXT);
  const start = words[addr + StrObject.Data];
  if (!(length >= 0 && start > 0 && start + length * width <= words.length * 4)) return "";
  const bytes = new Uint8Array(words.buffer, start, length * width);
  let text = "";
  for (let i = 0; i < bytes.length; i += width) {
    let point = bytes[i];
    if (width > 1) point |= bytes[i + 1] << 8;
    if (width > 2) point |= (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    text += point >= 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}

/** Where `frame` is; null where that cannot be read. */
function placeOfFrame(words: Int32Array, frame: number): Place | null {
  const callee = words[frame + Frame.Function];
  if (!isValid(words, callee)) return null;
  const code = words[callee + FunctionObject.Code];
  if (!isValid(words, code)) return null;
  const index = words[frame + Frame.Pc] - 1 - words[code + CodeObject.Bytecode];
  const positions = words[code + CodeObject.Positions];
  if (!(index >= 0 && index < words[code + CodeObject.Length])) return null;
  if (!isValid(words, positions)) return null;
  return {
    file: textAt(words, words[code + CodeObject.FileName]),
    line: words[positions + 4 * index],
    function: textAt(words, words[code + CodeObject.QualName]),
  };
}

/**
 * The source line that the thread in `slot` was last seen in: that of its frame where it can be
 * read, else the last one noted; 0 when there is none.
 */
export function lineOfThread(words: Int32Array, slot: number): number {
  const state = stateOf(slot);
  const frame = words[state + ThreadState.Frame];
  const line = isValid(words, frame) ? (placeOfFrame(words, frame)?.line ?? 0) : 0;
  return line > 0 ? line : words[state + ThreadState.Line];
}

/**
 * Where the thread in `slot` is: its innermost place outside of the library, and the one in the
 * library that it called from there, if any; but none of those that every thread begins with.
 */
export function placeOfThread(
  words: Int32Array,
  slot: number,
): { place: Place | null; library: Place | null } {
  let frame = words[stateOf(slot) + ThreadState.Frame];
  let library: Place | null = null;
  for (let depth = 0; depth < MOST_FRAMES && isValid(words, frame); depth++) {
    const place = placeOfFrame(words, frame);
    if (place !== null && !isLibraryFile(place.file)) return { place, library };
    if (place !== null && !place.function.startsWith("Thread.")) library = place;
    frame = words[frame + Frame.Previous];
  }
  return { place: null, library };
}

/** `, in FILE, line N, in FUNCTION`, or nothing. */
export function formatPlace(place: Place | null): string {
  return place === null ? "" : `, in ${place.file}, line ${place.line}, in ${place.function}`;
}

/** What the thread in `slot` is called. */
export function nameOfThread(words: Int32Array, slot: number): string {
  const state = stateOf(slot);
  const name = textAt(words, words[state + ThreadState.Name]);
  if (name !== "") return name;
  return words[state + ThreadState.IsMain] !== 0
    ? "MainThread"
    : `thread ${words[state + ThreadState.Ident]}`;
}

/** Slot of the running thread with this identity; 0 when there is none. */
export function slotOfThread(words: Int32Array, ident: number): number {
  for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
    const state = stateOf(slot);
    if (words[state + ThreadState.Ident] !== ident) continue;
    if (Atomics.load(words, state + ThreadState.Life) === ThreadLife.Running) return slot;
  }
  return 0;
}

/** Name and place of the running thread with this identity; null when there is none. */
export function describeThread(words: Int32Array, ident: number): string | null {
  const slot = slotOfThread(words, ident);
  if (slot === 0) return null;
  return nameOfThread(words, slot) + formatPlace(placeOfThread(words, slot).place);
}
