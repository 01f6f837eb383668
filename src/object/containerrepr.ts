/** repr of containers: the items' reprs between brackets, `...` where a container holds itself. */
import { type Addr, heap } from "../memory/heap.js";
import { dictKeyAt, dictNext, dictValueAt } from "./dict.js";
import { decref, incref } from "./header.js";
import { DictObject, Head, ListObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { reprEnter, reprLeave, reprObject } from "./repr.js";
import { newStr, StrBuilder } from "./str.js";

const I32 = heap.I32;

/** Append `repr(object)` (borrowed); false with an exception pending. */
function appendRepr(builder: StrBuilder, object: Addr): boolean {
  I32[object]++;
  const text = reprObject(object);
  decref(object);
  if (text === 0) return false;
  builder.str(text);
  decref(text);
  return true;
}

/** repr of a list or tuple. */
export function reprSequence(self: Addr, open: string, close: string): Addr {
  if (I32[self + Head.Size] === 0) return newStr(open + close);
  const entered = reprEnter(self);
  if (entered !== 0) return entered > 0 ? newStr(`${open}...${close}`) : 0;
  const tuple = (I32[I32[self + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) !== 0;
  const builder = new StrBuilder();
  builder.text(open);
  for (let i = 0; i < I32[self + Head.Size]; i++) {
    if (i > 0) builder.text(", ");
    const items = tuple ? self + TupleObject.Items : I32[self + ListObject.Items];
    if (!appendRepr(builder, I32[items + 2 * i])) {
      builder.discard();
      reprLeave(self);
      return 0;
    }
  }
  reprLeave(self);
  builder.text(tuple && I32[self + Head.Size] === 1 ? `,${close}` : close);
  return builder.finish();
}

/** repr of a dict. */
export function reprDict(self: Addr): Addr {
  if (I32[self + DictObject.Used] === 0) return newStr("{}");
  const entered = reprEnter(self);
  if (entered !== 0) return entered > 0 ? newStr("{...}") : 0;
  const builder = new StrBuilder();
  let separator = "{";
  for (let i = dictNext(self, 0); i >= 0; i = dictNext(self, i + 1)) {
    const value = incref(dictValueAt(self, i));
    builder.text(separator);
    const good = appendRepr(builder, dictKeyAt(self, i)) && appendRepr(builder.text(": "), value);
    decref(value);
    if (!good) {
      builder.discard();
      reprLeave(self);
      return 0;
    }
    separator = ", ";
  }
  reprLeave(self);
  return builder.text("}").finish();
}
