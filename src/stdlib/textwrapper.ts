/** io.TextIOWrapper: text over a buffered stream of bytes (I10). */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { getAttr, getAttrOptional } from "../object/attribute.js";
import { callMethod0 } from "../object/call.js";
import { fast, getSet, keywords, member, noArgs, oneArg } from "../object/define.js";
import {
  clearPending,
  newNone,
  pending,
  raise,
  raiseStatus,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { decref, incref, setField } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asIndex, asSsize, failed, newBool, newInt, newInt32 } from "../object/int.js";
import { Head, StrObject } from "../object/layout.js";
import { isTrue } from "../object/number.js";
import { reprObject } from "../object/repr.js";
import {
  copyBytes,
  getString,
  isStr,
  newEmptyStr,
  newStr,
  newStrOfForm,
  StrBuilder,
  StrForm,
  strCodeAt,
  strSlice,
} from "../object/str.js";
import { type Codec, findCodec } from "../object/strconvert.js";
import { S, T } from "../object/types.js";
import { refusePickle } from "./bufferedtypes.js";
import {
  askMethod,
  callQuietly,
  DEFAULT_BUFFER_SIZE,
  defineStream,
  finishWith,
  ID,
  nextByReadline,
  raiseUnsupported,
  readOnlySize,
} from "./iobase.js";
import {
  findLineEnd,
  hasNewline,
  Newline,
  newNewlines,
  readNewline,
  writeNewlines,
} from "./newlines.js";
import { seek, tell, truncate } from "./textseek.js";
import {
  decodeAll,
  encodePending,
  forgetText,
  handDown,
  hasFlag,
  hasMark,
  isAttached,
  isOpen,
  isOpenNative,
  noteQuickWays,
  Order,
  readChunk,
  releasePending,
  Text,
  TextFlag,
  textCodec,
} from "./textstream.js";

const I32 = heap.I32;

const ID_strict = identifier("strict");
const ID_utf8 = identifier("UTF-8");

const NAMES = ["buffer", "encoding", "errors", "newline", "line_buffering", "write_through"];

/** A str argument or None: 0 for None and absent, -1 with TypeError pending. */
function textArgument(value: Addr, fname: string, name: string): Addr {
  if (value === 0 || value === S.None) return 0;
  if (isStr(value)) return value;
  const found = typeName(value);
  return raiseStatus(
    T.TypeError,
    `${fname}() argument '${name}' must be str or None, not ${found}`,
  );
}

/** Set encoding and error handler (borrowed). -1 with an exception pending. */
function setCodec(self: Addr, encoding: Addr, errors: Addr): number {
  const codec: Codec | null = findCodec(getString(encoding));
  if (codec === null) return -1;
  I32[self + Text.Codec] = textCodec(codec);
  setField(self + Text.Encoding, incref(encoding));
  setField(self + Text.Errors, incref(errors));
  I32[self + Text.Order] = Order.Unknown;
  return 0;
}

/** Ask the stream below what it can do; the TextFlag bits, -1 with an exception pending. */
function capabilities(buffer: Addr): number {
  const readable = askMethod(buffer, ID.readable);
  const writable = readable < 0 ? -1 : askMethod(buffer, ID.writable);
  const seekable = writable < 0 ? -1 : askMethod(buffer, ID.seekable);
  if (seekable < 0) return -1;
  const read1 = getAttrOptional(buffer, ID.read1);
  if (read1 === 0 && pending()) return -1;
  if (read1 !== 0) decref(read1);
  return (
    (seekable === 1 ? TextFlag.Seekable | TextFlag.Telling : 0) |
    (readable === 1 ? TextFlag.Readable : 0) |
    (writable === 1 ? TextFlag.Writable : 0) |
    (read1 !== 0 ? TextFlag.HasRead1 : 0)
  );
}

/** Does text that is written now stand at the beginning? 1, 0, -1. */
function standsAtBeginning(buffer: Addr, flags: number): number {
  if ((flags & TextFlag.Seekable) === 0 || (flags & TextFlag.Writable) === 0) return 1;
  const place = callMethod0(buffer, ID.tell);
  if (place === 0) return -1;
  const position = asIndex(place);
  decref(place);
  return failed(position) ? -1 : position === 0 ? 1 : 0;
}

interface Settings {
  encoding: Addr;
  errors: Addr;
  newline: number;
  lineBuffering: boolean;
  writeThrough: boolean;
}

/** Set up over `buffer` (borrowed). -1 with an exception pending. */
function setUp(self: Addr, buffer: Addr, settings: Settings): number {
  I32[self + Text.Flags] = 0;
  forgetText(self);
  I32[self + Text.Newline] = settings.newline;
  I32[self + Text.Seen] = 0;
  I32[self + Text.ChunkSize] = DEFAULT_BUFFER_SIZE;
  const { encoding } = settings;
  const isLocale = encoding === 0 || getString(encoding) === "locale";
  const errors = settings.errors === 0 ? ID_strict : settings.errors;
  if (setCodec(self, isLocale ? ID_utf8 : encoding, errors) < 0) return -1;
  const can = capabilities(buffer);
  const begins = can < 0 ? -1 : standsAtBeginning(buffer, can);
  if (begins < 0) return -1;
  setField(self + Text.Buffer, incref(buffer));
  I32[self + Text.Flags] =
    can |
    TextFlag.Ready |
    (begins === 1 ? TextFlag.Begins : 0) |
    (settings.lineBuffering ? TextFlag.LineBuffering : 0) |
    (settings.writeThrough ? TextFlag.WriteThrough : 0);
  noteQuickWays(self);
  return 0;
}

const given = new Int32Array(6);

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!bindArguments("TextIOWrapper", args, nargs, kwnames, NAMES, 1, given)) return -1;
  const [buffer, encodingArgument, errorsArgument, newlineArgument, lines, through] = given;
  const encoding = textArgument(encodingArgument, "TextIOWrapper", "encoding");
  const errors = encoding < 0 ? -1 : textArgument(errorsArgument, "TextIOWrapper", "errors");
  if (errors < 0) return -1;
  const message = "TextIOWrapper() argument 'newline' must be str or None, not ";
  const newline = readNewline(newlineArgument, message, "str");
  if (newline < 0) return -1;
  const lineBuffering = lines === 0 ? 0 : isTrue(lines);
  const writeThrough = through === 0 || lineBuffering < 0 ? 0 : isTrue(through);
  if (lineBuffering < 0 || writeThrough < 0) return -1;
  return setUp(self, buffer, {
    encoding,
    errors,
    newline,
    lineBuffering: lineBuffering === 1,
    writeThrough: writeThrough === 1,
  });
}

/** A text stream over `buffer` (borrowed), as `open` makes it; encoding and errors may be 0. */
export function newTextWrapper(
  buffer: Addr,
  encoding: Addr,
  errors: Addr,
  newline: number,
  lineBuffering: boolean,
): Addr {
  const self = newObjectOf(T.TextIOWrapper);
  const settings = { encoding, errors, newline, lineBuffering, writeThrough: false };
  if (self === 0 || setUp(self, buffer, settings) === 0) return self;
  const error = takePending();
  decref(self);
  restorePending(error);
  return 0;
}

/** Let `mode` (borrowed) be the stream's attribute `mode`. */
export function setTextMode(self: Addr, mode: Addr): void {
  setField(self + Text.Mode, incref(mode));
}

// --- writing ---

/** Add ASCII text to what waits where nothing else is to be done: its length, or -1. */
function writeQuickly(self: Addr, text: Addr): number {
  if ((I32[text + StrObject.State] & StrObject.Ascii) === 0) return -1;
  if (!isOpenNative(self, TextFlag.Writable | TextFlag.Plain)) return -1;
  const eager = TextFlag.LineBuffering | TextFlag.WriteThrough;
  if ((I32[self + Text.Flags] & eager) !== 0 || I32[self + Text.Text] !== 0) return -1;
  const used = I32[self + Text.PendingUsed];
  const n = I32[text + StrObject.Length];
  if (used + n > I32[self + Text.PendingRoom] || used + n >= I32[self + Text.ChunkSize]) return -1;
  copyBytes((I32[self + Text.Pending] << 2) + used, I32[text + StrObject.Data], n);
  I32[self + Text.PendingUsed] = used + n;
  return n;
}

function write(self: Addr, text: Addr): Addr {
  if (I32[text + Head.Type] === T.Str) {
    const n = writeQuickly(self, text);
    if (n >= 0) return newInt32(n);
  }
  if (I32[text + Head.Type] !== T.Str && !isStr(text)) {
    const found = text === S.None ? "None" : typeName(text);
    return raise(T.TypeError, `write() argument must be str, not ${found}`);
  }
  return writeText(self, text) < 0 ? 0 : newInt(I32[text + StrObject.Length]);
}

/** Write a str; -1 with an exception pending. */
export function writeText(self: Addr, text: Addr): number {
  if (!isOpen(self)) return -1;
  if (!hasFlag(self, TextFlag.Writable)) {
    raiseUnsupported("not writable");
    return -1;
  }
  const newline = I32[self + Text.Newline] as Newline;
  if (newline < Newline.Cr) {
    if (encodePending(self, text) < 0) return -1;
  } else {
    const converted = writeNewlines(text, newline);
    const status = converted === 0 ? -1 : encodePending(self, converted);
    if (converted !== 0) decref(converted);
    if (status < 0) return -1;
  }
  const flags = I32[self + Text.Flags];
  const flushes = (flags & TextFlag.LineBuffering) !== 0 && hasNewline(text);
  const full = I32[self + Text.PendingUsed] >= I32[self + Text.ChunkSize];
  if (full || flushes || (flags & TextFlag.WriteThrough) !== 0) {
    if (handDown(self) < 0) return -1;
    if (flushes && callQuietly(I32[self + Text.Buffer], ID.flush) < 0) return -1;
  }
  // What was read ahead is no longer what follows.
  if (I32[self + Text.Text] !== 0) forgetText(self);
  return 0;
}

function flush(self: Addr): Addr {
  if (!isOpen(self)) return 0;
  if (hasFlag(self, TextFlag.Seekable)) I32[self + Text.Flags] |= TextFlag.Telling;
  return handDown(self) < 0 ? 0 : callMethod0(I32[self + Text.Buffer], ID.flush);
}

function close(self: Addr): Addr {
  if (!isAttached(self)) return 0;
  const closed = getAttr(self, ID.closed);
  const truth = closed === 0 ? -1 : isTrue(closed);
  if (closed !== 0) decref(closed);
  if (truth !== 0) return truth < 0 ? 0 : newNone();
  const error = callQuietly(self, ID.flush) < 0 ? takePending() : 0;
  return finishWith(error, callMethod0(I32[self + Text.Buffer], ID.close));
}

function detach(self: Addr): Addr {
  if (!isAttached(self) || callQuietly(self, ID.flush) < 0) return 0;
  const buffer = I32[self + Text.Buffer];
  I32[self + Text.Buffer] = 0;
  I32[self + Text.Flags] = TextFlag.Detached;
  return buffer;
}

// --- reading ---

/** May the stream be read? Otherwise an exception is pending. What waits goes down before. */
function mayRead(self: Addr): boolean {
  if (isOpenNative(self, TextFlag.Readable) && I32[self + Text.PendingUsed] === 0) return true;
  if (!isOpen(self)) return false;
  if (hasFlag(self, TextFlag.Readable)) {
    return I32[self + Text.PendingUsed] === 0 || handDown(self) === 0;
  }
  raiseUnsupported("not readable");
  return false;
}

/** Characters that were decoded and not asked for. */
function textLeft(self: Addr): number {
  const text = I32[self + Text.Text];
  return text === 0 ? 0 : I32[text + StrObject.Length] - I32[self + Text.Used];
}

/** Take the next `n` decoded characters. */
function take(self: Addr, n: number): Addr {
  if (n === 0) return newEmptyStr();
  const used = I32[self + Text.Used];
  const text = I32[self + Text.Text];
  let piece: Addr;
  if (n > 1 && (I32[text + StrObject.State] & StrObject.Ascii) !== 0) {
    piece = newStrOfForm(n, StrForm.Ascii);
    if (piece !== 0) copyBytes(I32[piece + StrObject.Data], I32[text + StrObject.Data] + used, n);
  } else piece = strSlice(text, used, used + n);
  if (piece !== 0) I32[self + Text.Used] = used + n;
  return piece;
}

/** Append the next `n` decoded characters to `builder`. */
function takeInto(self: Addr, builder: StrBuilder, n: number): void {
  if (n === 0) return;
  const used = I32[self + Text.Used];
  builder.slice(I32[self + Text.Text], used, used + n);
  I32[self + Text.Used] = used + n;
}

function readAll(self: Addr): Addr {
  const more = decodeAll(self);
  if (more === 0) return 0;
  const left = textLeft(self);
  const builder = left > 0 ? new StrBuilder(left + I32[more + StrObject.Length]) : null;
  if (builder !== null) takeInto(self, builder, left);
  forgetText(self);
  if (builder === null) return more;
  builder.str(more);
  const all = builder.finish();
  decref(more);
  return all;
}

function read(self: Addr, args: Addr, nargs: number): Addr {
  const size = readOnlySize("read", args, nargs);
  if (failed(size) || !mayRead(self)) return 0;
  if (size < 0) return readAll(self);
  if (textLeft(self) >= size) return take(self, size);
  const builder = new StrBuilder();
  for (;;) {
    takeInto(self, builder, Math.min(textLeft(self), size - builder.length));
    if (builder.length >= size) break;
    const more = readChunk(self);
    if (more > 0) continue;
    if (more === 0) break;
    builder.discard();
    return 0;
  }
  return builder.finish();
}

/** Characters of the next line that are decoded with its newline, -1: no newline there. */
function lineDecoded(self: Addr): number {
  const text = I32[self + Text.Text];
  if (text === 0) return -1;
  const used = I32[self + Text.Used];
  const end = findLineEnd(
    I32[text + StrObject.Data],
    I32[text + StrObject.State] & StrObject.WidthMask,
    used,
    I32[text + StrObject.Length],
    I32[self + Text.Newline],
  );
  return end < 0 ? -1 : end - used;
}

/** The next line, at most `limit` characters of it. */
function readLine(self: Addr, limit: number): Addr {
  const length = lineDecoded(self);
  if (length >= 0) return take(self, limit < 0 ? length : Math.min(limit, length));
  const builder = new StrBuilder();
  for (;;) {
    const found = lineDecoded(self);
    const left = textLeft(self);
    const wanted = found < 0 ? left : found;
    const room = limit < 0 ? wanted : Math.min(wanted, limit - builder.length);
    // "\r\n" may be cut in two by a chunk's end where it is not held back.
    const short = limit < 0 || builder.length + room < limit;
    const holds = found < 0 && short && room === left && holdsCarriage(self, room);
    takeInto(self, builder, holds ? room - 1 : room);
    if (holds) I32[self + Text.Used]++;
    if (found >= 0 || (limit >= 0 && builder.length >= limit)) break;
    const more = readChunk(self);
    if (more < 0) {
      builder.discard();
      return 0;
    }
    if (holds && more > 0 && startsWithNewline(self)) {
      builder.code(13);
      takeInto(self, builder, 1);
      break;
    }
    if (holds) builder.code(13);
    if (more === 0) break;
  }
  return builder.finish();
}

/** Does what is decoded end in a "\r" that a "\n" may follow, for newline="\r\n"? */
function holdsCarriage(self: Addr, left: number): boolean {
  if (I32[self + Text.Newline] !== Newline.CrLf || left === 0) return false;
  const text = I32[self + Text.Text];
  return strCodeAt(text, I32[text + StrObject.Length] - 1) === 13;
}

/** Is the first decoded character a "\n"? */
function startsWithNewline(self: Addr): boolean {
  return strCodeAt(I32[self + Text.Text], 0) === 10;
}

function readline(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("readline", nargs, 0, 1)) return 0;
  const limit = nargs === 0 ? -1 : asSsize(I32[args]);
  return failed(limit) || !mayRead(self) ? 0 : readLine(self, limit);
}

function nextLine(self: Addr): Addr {
  if (isOpenNative(self, TextFlag.Readable) && I32[self + Text.PendingUsed] === 0) {
    const n = lineDecoded(self);
    if (n > 0) {
      I32[self + Text.Flags] &= ~TextFlag.Telling;
      return take(self, n);
    }
  }
  if (!isAttached(self)) return 0;
  I32[self + Text.Flags] &= ~TextFlag.Telling;
  let line: Addr;
  if (I32[self + Head.Type] !== T.TextIOWrapper) line = nextByReadline(self);
  else line = mayRead(self) ? readLine(self, -1) : 0;
  if (line !== 0 && I32[line + StrObject.Length] > 0) return line;
  if (line !== 0) decref(line);
  if (pending()) return 0;
  forgetText(self);
  if (hasFlag(self, TextFlag.Seekable)) I32[self + Text.Flags] |= TextFlag.Telling;
  return 0;
}

// --- settings ---

const changes = new Int32Array(5);

/** What a boolean setting is to be: 1, 0, `now` where not given, -1 on failure. */
function flagSetting(value: Addr, now: boolean): number {
  return value === 0 || value === S.None ? (now ? 1 : 0) : isTrue(value);
}

function setFlag(self: Addr, flag: TextFlag, on: number): void {
  if (on === 1) I32[self + Text.Flags] |= flag;
  else I32[self + Text.Flags] &= ~flag;
}

function reconfigure(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = NAMES.slice(1);
  if (!bindArguments("reconfigure", args, nargs, kwnames, names, 0, changes, 0, 0)) return 0;
  const [encodingArgument, errorsArgument, newlineArgument, lines, through] = changes;
  const encoding = textArgument(encodingArgument, "reconfigure", "encoding");
  const errors = encoding < 0 ? -1 : textArgument(errorsArgument, "reconfigure", "errors");
  if (errors < 0 || !isAttached(self)) return 0;
  const changed = encoding !== 0 || errors !== 0 || newlineArgument !== 0;
  if (changed && I32[self + Text.Text] !== 0) {
    return raiseUnsupported(
      "It is not possible to set the encoding or newline of stream after the first read",
    );
  }
  const message = "reconfigure() argument 'newline' must be str or None, not ";
  const newline =
    newlineArgument === 0 ? I32[self + Text.Newline] : readNewline(newlineArgument, message, "str");
  const lineBuffering = flagSetting(lines, hasFlag(self, TextFlag.LineBuffering));
  const writeThrough = flagSetting(through, hasFlag(self, TextFlag.WriteThrough));
  if (newline < 0 || lineBuffering < 0 || writeThrough < 0) return 0;
  if (callQuietly(self, ID.flush) < 0) return 0;
  if (encoding !== 0 || errors !== 0) {
    const handler = errors !== 0 ? errors : encoding !== 0 ? ID_strict : I32[self + Text.Errors];
    if (changeCodec(self, encoding, handler) < 0) return 0;
  }
  I32[self + Text.Newline] = newline;
  setFlag(self, TextFlag.LineBuffering, lineBuffering);
  setFlag(self, TextFlag.WriteThrough, writeThrough);
  noteQuickWays(self);
  return newNone();
}

/** Another encoding (0: the same) or error handler, from here on. */
function changeCodec(self: Addr, encoding: Addr, errors: Addr): number {
  const begins = standsAtBeginning(I32[self + Text.Buffer], I32[self + Text.Flags]);
  if (begins < 0) return -1;
  const same = encoding === 0 || getString(encoding) === "locale";
  const name = same ? I32[self + Text.Encoding] : encoding;
  if (setCodec(self, encoding !== 0 && same ? ID_utf8 : name, errors) < 0) return -1;
  setFlag(self, TextFlag.Begins, begins === 1 && hasMark(I32[self + Text.Codec]) ? 1 : 0);
  return 0;
}

/** `name='…'` of an attribute for repr; empty where there is none, null on failure. */
function shownAttribute(self: Addr, name: "name" | "mode"): string | null {
  const value = getAttr(self, ID[name]);
  if (value === 0) {
    clearPending();
    return "";
  }
  const text = reprObject(value);
  decref(value);
  if (text === 0) return null;
  const shown = ` ${name}=${getString(text)}`;
  decref(text);
  return shown;
}

function repr(self: Addr): Addr {
  if (I32[self + Text.Encoding] === 0 && !isAttached(self)) return 0;
  const name = shownAttribute(self, "name");
  const mode = name === null ? null : shownAttribute(self, "mode");
  const encoding = mode === null ? 0 : reprObject(I32[self + Text.Encoding]);
  if (encoding === 0) return 0;
  const text = `<_io.TextIOWrapper${name}${mode} encoding=${getString(encoding)}>`;
  decref(encoding);
  return newStr(text);
}

function delegate(name: string, method: Addr) {
  return noArgs(name, (self) =>
    isAttached(self) ? callMethod0(I32[self + Text.Buffer], method) : 0,
  );
}

function delegateAttribute(name: string, attribute: Addr) {
  return getSet(name, (self) =>
    isAttached(self) ? getAttr(I32[self + Text.Buffer], attribute) : 0,
  );
}

function setChunkSize(self: Addr, value: Addr): number {
  if (!isAttached(self)) return -1;
  if (value === 0) return raiseStatus(T.AttributeError, "cannot delete attribute");
  const size = asSsize(value);
  if (failed(size)) return -1;
  if (size <= 0) return raiseStatus(T.ValueError, "a strictly positive integer is required");
  I32[self + Text.ChunkSize] = Math.min(size, 1 << 24);
  return 0;
}

defineStream({
  type: T.TextIOWrapper,
  name: "_io.TextIOWrapper",
  base: T.TextIOBase,
  bytes: Text.Size,
  references: [
    Text.Buffer,
    Text.Encoding,
    Text.Errors,
    Text.Mode,
    Text.Text,
    Text.Chunk,
    Text.Rest,
  ],
  release: releasePending,
  slots: { new: (type) => newObjectOf(type), init, repr, iterNext: nextLine },
  methods: [
    oneArg("write", write),
    fast("read", read),
    fast("readline", readline),
    noArgs("flush", flush),
    noArgs("close", close),
    noArgs("detach", detach),
    keywords("reconfigure", reconfigure),
    noArgs("tell", tell),
    fast("seek", seek),
    fast("truncate", truncate),
    delegate("fileno", ID.fileno),
    delegate("seekable", ID.seekable),
    delegate("readable", ID.readable),
    delegate("writable", ID.writable),
    delegate("isatty", ID.isatty),
    ...refusePickle(),
  ],
  getSets: [
    delegateAttribute("name", ID.name),
    delegateAttribute("closed", ID.closed),
    getSet("newlines", (self) => (isAttached(self) ? newNewlines(I32[self + Text.Seen]) : 0)),
    getSet("line_buffering", (self) => newBool(hasFlag(self, TextFlag.LineBuffering))),
    getSet("write_through", (self) => newBool(hasFlag(self, TextFlag.WriteThrough))),
    getSet("_CHUNK_SIZE", (self) => newInt(I32[self + Text.ChunkSize]), setChunkSize),
  ],
  members: [
    member("buffer", Text.Buffer),
    member("encoding", Text.Encoding),
    member("errors", Text.Errors),
    member("mode", Text.Mode, { readonly: false, missing: "error" }),
  ],
  doc: "Character and line based layer over a BufferedIOBase object, buffer.",
});
