/** str.format and format_map, `format(str, spec)`, and the join of f-strings. */
import { type Addr, heap } from "../memory/heap.js";
import { getItem, sequenceItem } from "./abstract.js";
import { getAttr } from "./attribute.js";
import { keywords, type MethodDef, oneArg } from "./define.js";
import { dictGet, dictSetStr, newDict } from "./dict.js";
import { pending, raise, raiseValue, typeName } from "./errors.js";
import { parseFormatSpec, raiseUnknownCode } from "./formatspec.js";
import { decref, incref } from "./header.js";
import { newInt } from "./int.js";
import { Head, StrObject, TupleObject } from "./layout.js";
import { asciiObject, formatObject, reprObject, strObject } from "./repr.js";
import { slotsOf } from "./slots.js";
import { getString, isStr, newStr, strCodeAt } from "./str.js";
import { StrBuilder, strConcatMany } from "./strbuilder.js";
import { exactStr } from "./strcase.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** A step of a field name: an attribute, an item by number or by text. */
type Step =
  | { kind: "attribute"; name: string }
  | { kind: "index"; index: number }
  | { kind: "key"; key: string };

/** A replacement field. */
interface Field {
  /** Text before the first step: "", decimal digits, or a keyword. */
  first: string;
  steps: Step[];
  /** The error in the steps, raised after the first part was looked up. */
  stepError: string;
  conversion: string;
  spec: string;
  specHasFields: boolean;
}

/** What a format string consists of; an error ends it. */
type Segment = { literal: string } | { field: Field } | { error: string };

/** Parsed formats by text; a program has few. */
const parsedFormats = new Map<string, Segment[]>();
const MAX_PARSED = 256;

function parsedFormat(text: string): Segment[] {
  const known = parsedFormats.get(text);
  if (known !== undefined) return known;
  const segments = parseFormat(text);
  if (parsedFormats.size >= MAX_PARSED) parsedFormats.clear();
  parsedFormats.set(text, segments);
  return segments;
}

function parseFormat(text: string): Segment[] {
  const segments: Segment[] = [];
  let literal = "";
  let at = 0;
  const end = (error: string): Segment[] => {
    if (literal !== "") segments.push({ literal });
    segments.push({ error });
    return segments;
  };
  while (at < text.length) {
    const c = text[at];
    if (c !== "{" && c !== "}") {
      literal += c;
      at++;
      continue;
    }
    if (text[at + 1] === c) {
      literal += c;
      at += 2;
      continue;
    }
    if (c === "}") return end("Single '}' encountered in format string");
    if (at + 1 === text.length) return end("Single '{' encountered in format string");
    const parsed = parseField(text, at + 1);
    if (typeof parsed === "string") return end(parsed);
    if (literal !== "") segments.push({ literal });
    literal = "";
    segments.push({ field: parsed.field });
    at = parsed.at;
  }
  if (literal !== "") segments.push({ literal });
  return segments;
}

/** Parse the field that begins at `start`, behind its brace: the field, or an error's text. */
function parseField(text: string, start: number): { field: Field; at: number } | string {
  let at = start;
  let inBrackets = false;
  for (; at < text.length; at++) {
    const c = text[at];
    if (c === "{") return "unexpected '{' in field name";
    if (c === "[") inBrackets = true;
    else if (c === "]") inBrackets = false;
    else if (!inBrackets && (c === "}" || c === ":" || c === "!")) break;
  }
  const name = text.slice(start, at);
  const delimiter = text[at++];
  let conversion = "";
  if (delimiter === undefined) return "expected '}' before end of string";
  if (delimiter === "!") {
    if (at >= text.length) return "end of string while looking for conversion specifier";
    conversion = String.fromCodePoint(text.codePointAt(at)!);
    at += conversion.length;
    if (text[at] === "}") return { field: makeField(name, conversion, "", false), at: at + 1 };
    if (at < text.length && text[at] !== ":") return "expected ':' after conversion specifier";
    at++;
  }
  if (delimiter === "}") return { field: makeField(name, "", "", false), at };
  const specStart = at;
  let depth = 1;
  let hasFields = false;
  for (; at < text.length; at++) {
    if (text[at] === "{") {
      depth++;
      hasFields = true;
    } else if (text[at] === "}" && --depth === 0) {
      const spec = text.slice(specStart, at);
      return { field: makeField(name, conversion, spec, hasFields), at: at + 1 };
    }
  }
  return "unmatched '{' in format spec";
}

function makeField(name: string, conversion: string, spec: string, nested: boolean): Field {
  let at = 0;
  while (at < name.length && name[at] !== "." && name[at] !== "[") at++;
  const steps: Step[] = [];
  const stepError = parseSteps(name, at, steps);
  return { first: name.slice(0, at), steps, stepError, conversion, spec, specHasFields: nested };
}

function parseSteps(name: string, from: number, steps: Step[]): string {
  let at = from;
  while (at < name.length) {
    const c = name[at++];
    const start = at;
    if (c === ".") {
      while (at < name.length && name[at] !== "." && name[at] !== "[") at++;
      if (at === start) return "Empty attribute in format string";
      steps.push({ kind: "attribute", name: name.slice(start, at) });
    } else if (c === "[") {
      while (at < name.length && name[at] !== "]") at++;
      if (at === name.length) return "Missing ']' in format string";
      const key = name.slice(start, at++);
      if (key === "") return "Empty attribute in format string";
      if (!/^[0-9]+$/.test(key)) steps.push({ kind: "key", key });
      else if (Number(key) > Number.MAX_SAFE_INTEGER) {
        return "Too many decimal digits in format string";
      } else steps.push({ kind: "index", index: Number(key) });
    } else return "Only '.' or '[' may follow ']' in format field specifier";
  }
  return "";
}

/** How fields without a number are counted. */
const enum Numbering {
  Unknown = 0,
  Automatic = 1,
  Manual = 2,
}

/** One call of format: where values come from. */
class FormatCall {
  #numbering: Numbering = Numbering.Unknown;
  #next = 0;

  /**
   * @param args positional arguments, `nargs` of them, or 0 for format_map
   * @param mapping the keyword arguments: a dict or format_map's mapping, 0 for none
   */
  constructor(
    readonly args: Addr,
    readonly nargs: number,
    readonly mapping: Addr,
  ) {}

  /** Format `text`; `depth` levels of fields may nest. */
  run(text: string, depth: number): Addr {
    if (depth <= 0) return raise(T.ValueError, "Max string recursion exceeded");
    const builder = new StrBuilder(text.length + 32);
    for (const segment of parsedFormat(text)) {
      if ("literal" in segment) builder.text(segment.literal);
      else if ("error" in segment) {
        builder.discard();
        return raise(T.ValueError, segment.error);
      } else {
        const result = this.#field(segment.field, depth);
        if (result === 0) {
          builder.discard();
          return 0;
        }
        builder.str(result);
        decref(result);
      }
    }
    return builder.finish();
  }

  #field(field: Field, depth: number): Addr {
    let value = this.#value(field);
    if (value === 0) return 0;
    if (field.conversion !== "") {
      const converted = convertValue(value, field.conversion);
      decref(value);
      if (converted === 0) return 0;
      value = converted;
    }
    let spec: Addr = 0;
    if (field.spec !== "") {
      spec = field.specHasFields ? this.run(field.spec, depth - 1) : newStr(field.spec);
      if (spec === 0) {
        decref(value);
        return 0;
      }
    }
    const result = formatObject(value, spec);
    decref(value);
    if (spec !== 0) decref(spec);
    return result;
  }

  /** Look the field's value up: a new reference. */
  #value(field: Field): Addr {
    let value = this.#first(field.first);
    for (const step of field.steps) {
      if (value === 0) return 0;
      const next = takeStep(value, step);
      decref(value);
      value = next;
    }
    if (value !== 0 && field.stepError !== "") {
      decref(value);
      return raise(T.ValueError, field.stepError);
    }
    return value;
  }

  #first(first: string): Addr {
    if (first !== "" && !/^[0-9]+$/.test(first)) return this.#keyword(first);
    const wanted = first === "" ? Numbering.Automatic : Numbering.Manual;
    if (this.#numbering === Numbering.Unknown) this.#numbering = wanted;
    else if (this.#numbering !== wanted) {
      const [from, to] = ["manual field specification", "automatic field numbering"];
      return wanted === Numbering.Automatic
        ? raise(T.ValueError, `cannot switch from ${from} to ${to}`)
        : raise(T.ValueError, `cannot switch from ${to} to ${from}`);
    }
    const index = first === "" ? this.#next++ : Number(first);
    if (index > Number.MAX_SAFE_INTEGER) {
      return raise(T.ValueError, "Too many decimal digits in format string");
    }
    if (this.args === 0) return raise(T.ValueError, "Format string contains positional fields");
    if (index < this.nargs) return incref(I32[this.args + index]);
    const message = `Replacement index ${index} out of range for positional args tuple`;
    return raise(T.IndexError, message);
  }

  #keyword(name: string): Addr {
    const key = newStr(name);
    if (key === 0) return 0;
    let value: Addr = 0;
    if (this.args === 0) value = getItem(this.mapping, key);
    else {
      if (this.mapping !== 0) value = dictGet(this.mapping, key);
      if (value !== 0) incref(value);
      else if (!pending()) raiseValue(T.KeyError, key);
    }
    decref(key);
    return value;
  }
}

/** `value.name`, `value[index]` or `value["key"]`. */
function takeStep(value: Addr, step: Step): Addr {
  if (step.kind === "index" && isSequence(value)) return sequenceItem(value, step.index);
  const key =
    step.kind === "index" ? newInt(step.index) : newStr(step.kind === "key" ? step.key : step.name);
  if (key === 0) return 0;
  const result = step.kind === "attribute" ? getAttr(value, key) : getItem(value, key);
  decref(key);
  return result;
}

/** Has the object items by number that are no mapping's? */
function isSequence(object: Addr): boolean {
  const slots = slotsOf(I32[object + Head.Type]);
  return slots.item !== null && slots.subscript === null;
}

function convertValue(value: Addr, conversion: string): Addr {
  if (conversion === "r") return reprObject(value);
  if (conversion === "s") return strObject(value);
  if (conversion === "a") return asciiObject(value);
  const code = conversion.codePointAt(0)!;
  const shown = code > 32 && code < 127 ? conversion : `\\x${code.toString(16)}`;
  return raise(T.ValueError, `Unknown conversion specifier ${shown}`);
}

/** Is there no brace in the format? */
function isLiteral(self: Addr): boolean {
  const length = I32[self + StrObject.Length];
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(self, i);
    if (code === 0x7b || code === 0x7d) return false;
  }
  return true;
}

function format(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const nkw = kwnames === 0 ? 0 : I32[kwnames + TupleObject.Size];
  if (isLiteral(self)) return exactStr(self);
  let mapping: Addr = 0;
  if (nkw > 0) {
    mapping = newDict();
    if (mapping === 0) return 0;
    for (let k = 0; k < nkw; k++) {
      const name = I32[kwnames + TupleObject.Items + 2 * k];
      if (dictSetStr(mapping, name, I32[args + nargs + k]) < 0) {
        decref(mapping);
        return 0;
      }
    }
  }
  const result = new FormatCall(args, nargs, mapping).run(getString(self), 2);
  if (mapping !== 0) decref(mapping);
  return result;
}

/** `format(str, spec)`. */
export function formatStr(str: Addr, text: string): Addr {
  if (text === "") return exactStr(str);
  const spec = parseFormatSpec(text, "str", "s", "<");
  if (spec === null) return 0;
  if (spec.type !== "s") return raiseUnknownCode(spec.type, typeName(str));
  if (spec.sign !== "") {
    const what = spec.sign === " " ? "Space" : "Sign";
    return raise(T.ValueError, `${what} not allowed in string format specifier`);
  }
  if (spec.coerceZero) {
    const message = "Negative zero coercion (z) not allowed in string format specifier";
    return raise(T.ValueError, message);
  }
  if (spec.alternate) {
    return raise(T.ValueError, "Alternate form (#) not allowed in string format specifier");
  }
  if (spec.align === "=" && spec.alignGiven) {
    return raise(T.ValueError, "'=' alignment not allowed in string format specifier");
  }
  let length = I32[str + StrObject.Length];
  if (spec.precision >= 0 && spec.precision < length) length = spec.precision;
  const missing = Math.max(spec.width - length, 0);
  let left = 0;
  if (spec.align === ">") left = missing;
  else if (spec.align === "^") left = missing >> 1;
  const fill = spec.fill.codePointAt(0)!;
  const builder = new StrBuilder(length + missing).fill(fill, left).slice(str, 0, length);
  return builder.fill(fill, missing - left).finish();
}

function formatMethod(self: Addr, spec: Addr): Addr {
  if (isStr(spec)) return formatStr(self, getString(spec));
  return raise(T.TypeError, `__format__() argument must be str, not ${typeName(spec)}`);
}

/** The pieces of an f-string: `n` strings on the data stack. */
export function joinStrings(args: Addr, n: number): Addr {
  return strConcatMany(args, n, 1, 0);
}

/** The formatting methods of str. */
export const formatMethods: MethodDef[] = [
  keywords("format", format),
  oneArg("format_map", (self, mapping) => new FormatCall(0, 0, mapping).run(getString(self), 2)),
  oneArg("__format__", formatMethod),
];
