/** Calling special methods by name, as slots that are filled from a class's methods do. */
import { type Addr, heap } from "../memory/heap.js";
import { call0, call1, call2 } from "./call.js";
import { raise } from "./errors.js";
import { decref } from "./header.js";
import { Head, TypeFlag, TypeObject } from "./layout.js";
import { getString } from "./str.js";
import { lookupSpecial, typeLookup, typeName } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** Call the special method `name` of `self` without arguments; it must exist. */
export function callSpecial0(self: Addr, name: Addr): Addr {
  const type = I32[self + Head.Type];
  const found = typeLookup(type, name);
  if (found === 0) return missing(type, name);
  if (isPlainMethod(found)) {
    I32[found]++;
    const result = call1(found, self);
    decref(found);
    return result;
  }
  const bound = lookupSpecial(self, name);
  if (bound === 0) return 0;
  const result = call0(bound);
  decref(bound);
  return result;
}

/** As {@link callSpecial0}, with one argument. */
export function callSpecial1(self: Addr, name: Addr, argument: Addr): Addr {
  const type = I32[self + Head.Type];
  const found = typeLookup(type, name);
  if (found === 0) return missing(type, name);
  if (isPlainMethod(found)) {
    I32[found]++;
    const result = call2(found, self, argument);
    decref(found);
    return result;
  }
  const bound = lookupSpecial(self, name);
  if (bound === 0) return 0;
  const result = call1(bound, argument);
  decref(bound);
  return result;
}

/** As {@link callSpecial0}, with two arguments. */
export function callSpecial2(self: Addr, name: Addr, first: Addr, second: Addr): Addr {
  const found = typeLookup(I32[self + Head.Type], name);
  if (found === 0) return missing(I32[self + Head.Type], name);
  const bound = lookupSpecial(self, name);
  if (bound === 0) return 0;
  const result = call2(bound, first, second);
  decref(bound);
  return result;
}

/** A method that takes self first when called unbound. */
export function isPlainMethod(found: Addr): boolean {
  return (I32[I32[found + Head.Type] + TypeObject.Flags] & TypeFlag.MethodDescriptor) !== 0;
}

/** Raise AttributeError. */
export function missing(type: Addr, name: Addr): 0 {
  return raise(
    T.AttributeError,
    `'${typeName(type)}' object has no attribute '${getString(name)}'`,
  );
}
