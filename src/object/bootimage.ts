/**
 * A heap's words as an image, for another heap to begin with: what {@link boot} writes, which takes
 * 40 ms of a new JavaScript thread's time and 1 to copy, or an interpreter with its modules, which
 * takes 250 and 5. They depend on the heap's size and shape and on the declarations, whose numbers
 * the image contains: it serves the very code that made it and no other.
 *
 *     heap words | shape | check points | runs | for each run: address, length | the runs' words
 */
import { heap } from "../memory/heap.js";
import { Control, Region } from "../memory/layout.js";
import { RawBlock } from "../memory/raw.js";
import { Memory } from "../memory/state.js";

const I32 = heap.I32;

const enum Image {
  HeapWords = 0,
  Pymalloc = 1,
  /** Those that the code in it has; -1: there is none. */
  CheckPoints = 2,
  Runs = 3,
  Header = 4,
}

/** Words that are stored or left out together: those of a page of the machine. */
const PAGE = 1024;

/** The image of this thread's heap, which no thread runs on; `hasCode`: not just `boot` has. */
export function newHeapImage(hasCode: boolean): Int32Array {
  const runs: number[] = [];
  const words: number[] = [];
  const store = (start: number, end: number): void => {
    for (let at = start; at < end; at += PAGE) {
      const page = I32.slice(at, Math.min(at + PAGE, end));
      if (page.every((word) => word === 0)) continue;
      runs.push(at, page.length);
      for (const word of page) words.push(word);
    }
  };
  const first = I32[Memory.RawStart] + RawBlock.Header;
  const sentinel = first + ((heap.words - I32[Memory.RawStart]) & ~3) - RawBlock.Header;
  const unused = I32[sentinel + RawBlock.Previous];
  store(Region.Memory, Region.MemoryEnd);
  store(Region.Static, Region.StaticEnd);
  store(Region.Arenas, unused);
  store(sentinel - RawBlock.Header, sentinel);
  const points = hasCode ? I32[Control.CheckPoints] : -1;
  const header = [heap.words, I32[Control.Pymalloc], points, runs.length / 2];
  return Int32Array.from(header.concat(runs, words));
}

/** Fill an empty heap from an image; false when it was made for another kind of heap. */
export function copyHeapImage(image: Int32Array): boolean {
  if (image[Image.HeapWords] !== heap.words) return false;
  if (image[Image.Pymalloc] !== I32[Control.Pymalloc] || I32[Control.Allocator] !== 0) return false;
  const points = image[Image.CheckPoints];
  if (points >= 0 && (points !== I32[Control.CheckPoints] || I32[Control.VirtualTime] !== 0)) {
    return false;
  }
  const end = Image.Header + 2 * image[Image.Runs];
  let from = end;
  for (let run = Image.Header; run < end; run += 2) {
    const length = image[run + 1];
    I32.set(image.subarray(from, from + length), image[run]);
    from += length;
  }
  I32[Control.HeapWords] = heap.words;
  I32[Control.Booted] = 1;
  return true;
}
