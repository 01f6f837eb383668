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

/**
 * Letters whose interned string is not the one-character string of Latin-1 (R24): CPython 3.11 has
 * identifiers of its own for them. Constants are interned; what indexing returns is not.
 */
const SEPARATE_LETTERS = "BCLST_abcdefhijklmnopqrstvwxy";

/** All registered names; name i stands at `StaticArea.Identifiers + i * Identifier.Words`. */
export const identifierNames: string[] = [];
const addresses = new Map<string, Addr>();

/** The address of the interned string `name` (ASCII, at most 47 characters); borrowed, immortal. */
export function identifier(name: string): Addr {
  const known = addresses.get(name);
  if (known !== undefined) return known;
  if (name.length === 1 && !SEPARATE_LETTERS.includes(name)) {
    return StaticArea.Latin1 + name.charCodeAt(0) * Identifier.Words;
  }
  assert(name.length <= Identifier.MaxLength, `identifier ${name} is too long`);
  const address = StaticArea.Identifiers + identifierNames.length * Identifier.Words;
  assert(address < StaticArea.IdentifiersEnd, "too many identifiers");
  identifierNames.push(name);
  addresses.set(name, address);
  return address;
}

for (const letter of SEPARATE_LETTERS) identifier(letter);
