/** The `_traceback` module: texts and entries of tracebacks for python/traceback.py. */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { defineModule, fast, oneArg } from "../object/define.js";
import { newNone, raise } from "../object/errors.js";
import { isException } from "../object/exceptions.js";
import { track } from "../object/gcheader.js";
import { decref, incref, typeOf } from "../object/header.js";
import { asSsize, newInt } from "../object/int.js";
import { CodeObject, TracebackObject, TupleObject } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { getString, isStr, newStr } from "../object/str.js";
import {
  formatException,
  formatExceptionOnly,
  formatTraceback,
  sourceLine,
} from "../object/traceback.js";
import { newTuple } from "../object/tuple.js";
import { typeName } from "../object/type.js";
import { S, T } from "../object/types.js";

const I32 = heap.I32;

/** A function of one exception that gives a text. */
function ofException(name: string, format: (exc: Addr) => string) {
  return oneArg(name, (_, exc) => {
    if (!isException(exc)) {
      return raise(T.TypeError, `Exception expected for value, ${typeName(typeOf(exc))} found`);
    }
    return newStr(format(exc));
  });
}

/** The traceback that `value` is, 0 for None; -1 with TypeError pending otherwise. */
function tracebackOf(value: Addr): Addr {
  if (value === S.None) return 0;
  if (typeOf(value) === T.Traceback) return value;
  raise(T.TypeError, `traceback expected, not ${typeName(typeOf(value))}`);
  return -1;
}

function formatTb(_: Addr, value: Addr): Addr {
  const traceback = tracebackOf(value);
  return traceback < 0 ? 0 : newStr(formatTraceback(traceback));
}

/** `[(file, line, name, source line or None), …]`, outermost first. */
function entries(_: Addr, value: Addr): Addr {
  let traceback = tracebackOf(value);
  if (traceback < 0) return 0;
  const list = newList(0);
  if (list === 0) return 0;
  for (; traceback !== 0; traceback = I32[traceback + TracebackObject.Next]) {
    const entry = newEntry(traceback);
    if (entry === 0 || listAppendSteal(list, entry) < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

function newEntry(traceback: Addr): Addr {
  const code = I32[traceback + TracebackObject.Code];
  const line = I32[traceback + TracebackObject.Line];
  const source = sourceLine(getString(I32[code + CodeObject.FileName]), line);
  const entry = newTuple(4);
  if (entry === 0) return 0;
  const items = entry + TupleObject.Items;
  I32[items] = incref(I32[code + CodeObject.FileName]);
  I32[items + TupleObject.Stride] = newInt(line);
  I32[items + 2 * TupleObject.Stride] = incref(I32[code + CodeObject.Name]);
  I32[items + 3 * TupleObject.Stride] = source === null ? incref(S.None) : newStr(source.trim());
  track(entry);
  if (I32[items + TupleObject.Stride] !== 0 && I32[items + 3 * TupleObject.Stride] !== 0) {
    return entry;
  }
  decref(entry);
  return 0;
}

/** `source_line(file, number)`: the line without its indent, or None. */
function sourceLineOf(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("source_line", nargs, 2, 2)) return 0;
  const number = asSsize(I32[args + 1]);
  if (Number.isNaN(number)) return 0;
  if (!isStr(I32[args])) return newNone();
  const line = sourceLine(getString(I32[args]), number);
  return line === null ? newNone() : newStr(line.trim());
}

defineModule({
  name: "_traceback",
  doc: null,
  functions: [
    ofException("format_exception", formatException),
    ofException("format_exception_only", formatExceptionOnly),
    oneArg("format_tb", formatTb),
    oneArg("entries", entries),
    fast("source_line", sourceLineOf),
  ],
});
