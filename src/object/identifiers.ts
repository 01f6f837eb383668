/**
 * Names the runtime itself looks up (`__init__`, `append`, …): interned strings at fixed addresses,
 * so that native code compares and looks up by address. Registration order is evaluation order,
 * the same in every carrier; boot writes the strings, once.
 */
import { assert } from "../base/assert.js";
import type { Addr } from "../memory/heap.js";
import { StaticArea } from "./types.js";

/** Words reserved for one name: 47 ASCII characters. */
export const enum Identifier {
  Words = 24,
  MaxLength = 47,
}

/** All registered names; name i stands at `StaticArea.Identifiers + i * Identifier.Words`. */
export const identifierNames: string[] = [];
const addresses = new Map<string, Addr>();

/** The address of the interned string `name` (ASCII, at most 47 characters); borrowed, immortal. */
export function identifier(name: string): Addr {
  const known = addresses.get(name);
  if (known !== undefined) return known;
  // One character is one object however it comes about (R24).
  if (name.length === 1) return StaticArea.Latin1 + name.charCodeAt(0) * Identifier.Words;
  assert(name.length <= Identifier.MaxLength, `identifier ${name} is too long`);
  const address = StaticArea.Identifiers + identifierNames.length * Identifier.Words;
  assert(address < StaticArea.IdentifiersEnd, "too many identifiers");
  identifierNames.push(name);
  addresses.set(name, address);
  return address;
}
