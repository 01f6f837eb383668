/** The module `_codecs`: encoding and decoding by the name of an encoding. */
import type { Addr } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { defineModule, keywords } from "../object/define.js";
import { raise, typeName } from "../object/errors.js";
import { getString, isStr } from "../object/str.js";
import { decodeObject, encodeStr } from "../object/strconvert.js";

import { T } from "../object/types.js";

const bound = new Int32Array(3);
const NAMES = ["obj", "encoding", "errors"];

/** Bind the arguments; false with an exception pending. */
function bind(name: string, args: Addr, nargs: number, kwnames: Addr): boolean {
  if (!bindArguments(name, args, nargs, kwnames, NAMES, 1, bound)) return false;
  for (const i of [1, 2]) {
    if (bound[i] === 0 || isStr(bound[i])) continue;
    const kind = typeName(bound[i]);
    raise(T.TypeError, `${name}() argument '${NAMES[i]}' must be str, not ${kind}`);
    return false;
  }
  return true;
}

defineModule({
  name: "_codecs",
  doc: null,
  functions: [
    keywords("encode", (_module, args, nargs, kwnames) => {
      if (!bind("encode", args, nargs, kwnames)) return 0;
      const [object, encoding, errors] = bound;
      if (!isStr(object)) {
        return raise(T.TypeError, `encode() argument must be str, not ${typeName(object)}`);
      }
      const name = encoding === 0 ? "utf-8" : getString(encoding);
      return encodeStr(object, name, errors === 0 ? "strict" : getString(errors));
    }),
    keywords("decode", (_module, args, nargs, kwnames) => {
      if (!bind("decode", args, nargs, kwnames)) return 0;
      return decodeObject(bound[0], bound[1], bound[2]);
    }),
  ],
});
