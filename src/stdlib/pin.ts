/** Bytes of Python objects that native code uses while another thread may have the GIL. */
import { type Addr, heap } from "../memory/heap.js";
import { isBytes, readBuffer } from "../object/bytes.js";
import { decref, incref } from "../object/header.js";
import { ByteArrayObject, Head, MemoryViewObject, PickleBufferObject } from "../object/layout.js";
import { T } from "../object/types.js";

const I32 = heap.I32;

/**
 * Keep the bytes of a bytes-like object where `readBuffer` finds them: nobody can change their
 * number or free them until {@link unpin} gets what this function gives. 0: not bytes-like.
 */
export function pin(object: Addr): Addr {
  if (!readBuffer(object)) return 0;
  const type = I32[object + Head.Type];
  if (type === T.PickleBuffer) return pin(I32[object + PickleBufferObject.View]);
  const isView = type === T.MemoryView;
  const owner = isView ? I32[object + MemoryViewObject.Base] : object;
  if (!isBytes(owner)) I32[owner + ByteArrayObject.Exports]++;
  return incref(owner);
}

/** The counterpart of {@link pin}. */
export function unpin(owner: Addr): void {
  if (!isBytes(owner)) I32[owner + ByteArrayObject.Exports]--;
  decref(owner);
}

/** May the bytes of the bytes-like `object` be changed? */
export function isWritable(object: Addr): boolean {
  const isView = I32[object + Head.Type] === T.MemoryView;
  return !isBytes(isView ? I32[object + MemoryViewObject.Base] : object);
}
