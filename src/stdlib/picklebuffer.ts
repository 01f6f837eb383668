/** pickle.PickleBuffer: bytes that a pickle may leave out of band (PEP 574). */
import { type Addr, heap } from "../memory/heap.js";
import { noKeywords } from "../object/arguments.js";
import { bufferLength, bufferOffset, readBuffer } from "../object/bytes.js";
import { defineType, noArgs } from "../object/define.js";
import { newNone, raise, typeName } from "../object/errors.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { clearField } from "../object/header.js";
import { clearWeakReferences } from "../object/instance.js";
import { PickleBufferObject, TypeFlag } from "../object/layout.js";
import { newViewOf, viewIsReadOnly } from "../object/memoryview.js";
import { T } from "../object/types.js";

const I32 = heap.I32;

function newPickleBuffer(_type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("PickleBuffer", kwnames)) return 0;
  if (nargs !== 1) {
    return raise(T.TypeError, `PickleBuffer expected 1 argument, got ${nargs}`);
  }
  const source = I32[args];
  if (
    !readBuffer(source) &&
    I32[source + 2] !== T.MemoryView &&
    I32[source + 2] !== T.PickleBuffer
  ) {
    return raise(T.TypeError, `a bytes-like object is required, not '${typeName(source)}'`);
  }
  const view = newViewOf(source);
  if (view === 0) return 0;
  const self = newGcObject(T.PickleBuffer, PickleBufferObject.Bytes);
  if (self === 0) return 0;
  I32[self + PickleBufferObject.View] = view;
  track(self);
  return self;
}

/** The memoryview inside (borrowed); 0 with ValueError pending after release. */
function viewOf(self: Addr): Addr {
  const view = I32[self + PickleBufferObject.View];
  if (view !== 0) return view;
  return raise(T.ValueError, "operation forbidden on released PickleBuffer object");
}

/** `raw()`: a view of the bytes, which must stand next to each other. */
function raw(self: Addr): Addr {
  const view = viewOf(self);
  if (view === 0) return 0;
  if (readBuffer(view)) return newViewOf(view);
  return raise(T.BufferError, "cannot extract raw buffer from non-contiguous buffer");
}

/** Where the bytes are: byte offset in the heap, and number. Null with an exception pending. */
export function bufferOfPickle(self: Addr): { offset: number; length: number } | null {
  const view = viewOf(self);
  if (view === 0) return null;
  if (readBuffer(view)) return { offset: bufferOffset, length: bufferLength };
  const text = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
  raise(T.PicklingError, text);
  return null;
}

/** May the bytes not be written? The buffer is not released. */
export function pickleBufferIsReadonly(self: Addr): boolean {
  return viewIsReadOnly(I32[self + PickleBufferObject.View]);
}

defineType({
  type: T.PickleBuffer,
  name: "pickle.PickleBuffer",
  flags: TypeFlag.HasGc,
  basicSize: PickleBufferObject.Bytes,
  weakListOffset: PickleBufferObject.WeakList,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearWeakReferences(self, PickleBufferObject.WeakList);
      clearField(self + PickleBufferObject.View);
      freeObject(self);
    },
    traverse: (self, visit) => {
      const view = I32[self + PickleBufferObject.View];
      if (view !== 0) visit(view);
    },
    clear: (self) => clearField(self + PickleBufferObject.View),
    new: newPickleBuffer,
  },
  methods: [
    noArgs("raw", raw),
    noArgs("release", (self) => {
      clearField(self + PickleBufferObject.View);
      return newNone();
    }),
  ],
  doc: "Wrapper for potentially out-of-band buffers",
});
