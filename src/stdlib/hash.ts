/**
 * The module `_hashlib`: hash objects, whose state stands in the object, so that any thread can go
 * on with it; key derivation. What `hashlib` builds on it is python/hashlib.py.
 */
import { createHmac, pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import {
  bufferLength,
  bufferOffset,
  getBytes,
  isBytes,
  newBytes,
  readBuffer,
} from "../object/bytes.js";
import { defineModule, defineType, fast, getSet, noArgs, oneArg } from "../object/define.js";
import { newNone, raise, raiseStatus, typeName } from "../object/errors.js";
import { freeObject } from "../object/gcheader.js";
import { decref } from "../object/header.js";
import { newObjectOf } from "../object/instance.js";
import { asSsize, newBool, newInt } from "../object/int.js";
import { TypeFlag } from "../object/layout.js";
import { getString, isStr, newStr } from "../object/str.js";
import { S, T } from "../object/types.js";
import { acquireLock, releaseLock, withoutLock } from "../vm/blocking.js";
import { hashCore } from "./hashcores.js";
import { addTypes } from "./moduletypes.js";
import { pin, unpin } from "./pin.js";

const I32 = heap.I32;
const U8 = heap.U8;
const U32 = heap.U32;

/** Names by number, with digest sizes (0: as many bytes as asked for) and their types' names. */
const KINDS: readonly (readonly [string, number])[] = [
  ["md5", 16],
  ["sha1", 20],
  ["sha224", 28],
  ["sha256", 32],
  ["sha384", 48],
  ["sha512", 64],
  ["sha512_224", 28],
  ["sha512_256", 32],
  ["sha3_224", 28],
  ["sha3_256", 32],
  ["sha3_384", 48],
  ["sha3_512", 64],
  ["shake_128", 0],
  ["shake_256", 0],
  ["blake2b", 64],
  ["blake2s", 32],
];

/** A hash object: what it is, how much it took in, the state, and the bytes of no whole block. */
const enum Hash {
  Kind = 4,
  DigestSize = 5,
  /** Taken while the GIL is released (I18). */
  Lock = 6,
  /** 1 once a large update has been seen. */
  Large = 7,
  /** Bytes taken in, as a double. */
  Length = 8,
  /** Bytes in the buffer. */
  Held = 10,
  State = 12,
  Buffer = 64,
  Words = 106,
  Bytes = 424,
}

/** I18: data from which on the GIL is released. */
const RELEASE_FROM = 2048;

function kindOf(self: Addr): string {
  return KINDS[I32[self + Hash.Kind]][0];
}

/** Take `length` bytes at byte offset `from` of the heap in. */
function absorb(self: Addr, from: number, length: number): void {
  const core = hashCore(kindOf(self));
  const state = U32.slice(self + Hash.State, self + Hash.State + core.words);
  const buffer = (self + Hash.Buffer) << 2;
  const { blockSize } = core;
  let held = I32[self + Hash.Held];
  let at = from;
  const end = from + length;
  // BLAKE2 treats its last block differently: a full one waits for more.
  const spare = core.keepsLast ? 1 : 0;
  while (held + (end - at) >= blockSize + spare) {
    if (held > 0) {
      const taken = blockSize - held;
      U8.copyWithin(buffer + held, at, at + taken);
      core.block(state, U8, buffer);
      at += taken;
      held = 0;
    } else {
      core.block(state, U8, at);
      at += blockSize;
    }
  }
  U8.copyWithin(buffer + held, at, end);
  I32[self + Hash.Held] = held + (end - at);
  heap.F64[(self + Hash.Length) >> 1] += length;
  U32.set(state, self + Hash.State);
}

/** `update` of a bytes-like object; -1 with an exception pending. */
function update(self: Addr, data: Addr): number {
  if (isStr(data)) return raiseStatus(T.TypeError, "Strings must be encoded before hashing");
  if (!readBuffer(data))
    return raiseStatus(T.TypeError, "object supporting the buffer API required");
  if (bufferLength >= RELEASE_FROM) I32[self + Hash.Large] = 1;
  if (I32[self + Hash.Large] === 0) {
    absorb(self, bufferOffset, bufferLength);
    return 0;
  }
  if (acquireLock(self + Hash.Lock, Number.POSITIVE_INFINITY) < 0) return -1;
  // Another thread may have changed the data's size while this one waited.
  const owner = pin(data);
  const [from, length] = [bufferOffset, bufferLength];
  withoutLock(() => absorb(self, from, length));
  unpin(owner);
  releaseLock(self + Hash.Lock);
  return 0;
}

function digestBytes(self: Addr, size: number): Uint8Array | null {
  if (I32[self + Hash.Large] !== 0) {
    if (acquireLock(self + Hash.Lock, Number.POSITIVE_INFINITY) < 0) return null;
  }
  const core = hashCore(kindOf(self));
  const state = U32.slice(self + Hash.State, self + Hash.State + core.words);
  const buffer = (self + Hash.Buffer) << 2;
  const tail = U8.slice(buffer, buffer + I32[self + Hash.Held]);
  const bytes = core.finish(state, tail, heap.F64[(self + Hash.Length) >> 1], size);
  if (I32[self + Hash.Large] !== 0) releaseLock(self + Hash.Lock);
  return bytes;
}

/** The size of a digest: the object's, or for shake_128 and shake_256 the argument. NaN: error. */
function sizeArgument(self: Addr, name: string, args: Addr, nargs: number): number {
  const fixed = I32[self + Hash.DigestSize];
  if (fixed > 0) return checkArity(name, nargs, 0, 0) ? fixed : Number.NaN;
  if (nargs !== 1) {
    raise(T.TypeError, `${name}() missing required argument 'length' (pos 1)`);
    return Number.NaN;
  }
  const size = asSsize(I32[args]);
  if (Number.isNaN(size)) return size;
  if (size >= 0 && size < 2 ** 29) return size;
  raise(T.ValueError, size < 0 ? "value must be positive" : "length is too large");
  return Number.NaN;
}

function digest(self: Addr, args: Addr, nargs: number): Addr {
  const size = sizeArgument(self, "digest", args, nargs);
  if (Number.isNaN(size)) return 0;
  const bytes = digestBytes(self, size);
  return bytes === null ? 0 : newBytes(bytes);
}

function hexDigest(self: Addr, args: Addr, nargs: number): Addr {
  const size = sizeArgument(self, "hexdigest", args, nargs);
  if (Number.isNaN(size)) return 0;
  const bytes = digestBytes(self, size);
  return bytes === null ? 0 : newStr(Buffer.from(bytes).toString("hex"));
}

function newHash(kind: number, size: number): Addr {
  const self = newObjectOf(T.HashObject);
  if (self === 0) return 0;
  for (let i = 4; i < Hash.Words; i++) I32[self + i] = 0;
  I32[self + Hash.Kind] = kind;
  I32[self + Hash.DigestSize] = size;
  return self;
}

function copy(self: Addr): Addr {
  const twin = newHash(I32[self + Hash.Kind], I32[self + Hash.DigestSize]);
  if (twin === 0) return 0;
  if (I32[self + Hash.Large] !== 0) {
    if (acquireLock(self + Hash.Lock, Number.POSITIVE_INFINITY) < 0) {
      decref(twin);
      return 0;
    }
  }
  I32.copyWithin(twin + Hash.Length, self + Hash.Length, self + Hash.Words);
  if (I32[self + Hash.Large] !== 0) releaseLock(self + Hash.Lock);
  return twin;
}

/** `new(name, data)`: a hash object; None where there is no such function. */
function makeHash(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("new", nargs, 2, 2)) return 0;
  const name = isStr(I32[args]) ? getString(I32[args]) : "";
  const kind = KINDS.findIndex((entry) => entry[0] === name);
  if (kind < 0) return newNone();
  const self = newHash(kind, KINDS[kind][1]);
  if (self === 0) return 0;
  startState(self, null);
  return takeFirst(self, I32[args + 1]);
}

/**
 * What a constructor does with its data, having made `self`: nobody else knows the object yet, so
 * that it needs no lock of its own, however much that is, and later updates hold the GIL (I18).
 */
function takeFirst(self: Addr, data: Addr): Addr {
  if (update(self, data) === 0) {
    I32[self + Hash.Large] = 0;
    return self;
  }
  decref(self);
  return 0;
}

function startState(self: Addr, parameters: Uint8Array | null): void {
  const core = hashCore(kindOf(self));
  const state = new Uint32Array(core.words);
  core.start(state, parameters);
  U32.set(state, self + Hash.State);
}

/** `blake2(name, parameters, last_node, key, data)`; Python has worked the parameters out. */
function makeBlake(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("blake2", nargs, 5, 5)) return 0;
  const [name, parameters, lastNode, key, data] = [0, 1, 2, 3, 4].map((i) => I32[args + i]);
  const kind = KINDS.findIndex((entry) => entry[0] === getString(name));
  const block = getBytes(parameters);
  const self = newHash(kind, block[0]);
  if (self === 0) return 0;
  startState(self, block);
  const core = hashCore(kindOf(self));
  U32[self + Hash.State + core.words - 1] = lastNode === S.True ? 1 : 0;
  if (isBytes(key) && update(self, key) < 0) {
    decref(self);
    return 0;
  }
  return takeFirst(self, data);
}

/** The bytes of an argument of a key derivation; null with TypeError pending. */
function bytesArgument(value: Addr, name: string): Uint8Array | null {
  if (readBuffer(value)) return U8.slice(bufferOffset, bufferOffset + bufferLength);
  raise(T.TypeError, `${name} must be a bytes-like object`);
  return null;
}

const NODE_NAMES: Readonly<Record<string, string>> = {
  sha512_224: "sha512-224",
  sha512_256: "sha512-256",
  sha3_224: "sha3-224",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
};

/** `pbkdf2(name, password, salt, iterations, length)`; always without the GIL (I19). */
function pbkdf2(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("pbkdf2", nargs, 5, 5)) return 0;
  const name = getString(I32[args]);
  const password = bytesArgument(I32[args + 1], "password");
  const salt = password === null ? null : bytesArgument(I32[args + 2], "salt");
  if (password === null || salt === null) return 0;
  const [rounds, length] = [asSsize(I32[args + 3]), asSsize(I32[args + 4])];
  const key = withoutLock(() =>
    pbkdf2Sync(password, salt, rounds, length, NODE_NAMES[name] ?? name),
  );
  return newBytes(key);
}

/** `scrypt(password, salt, n, r, p, maxmem, length)`; always without the GIL (I19). */
function scrypt(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("scrypt", nargs, 7, 7)) return 0;
  const password = bytesArgument(I32[args], "password");
  const salt = password === null ? null : bytesArgument(I32[args + 1], "salt");
  if (password === null || salt === null) return 0;
  const [N, r, p, maxmem, length] = [2, 3, 4, 5, 6].map((i) => asSsize(I32[args + i]));
  const key = withoutLock(() => {
    try {
      return scryptSync(password, salt, length, { N, r, p, maxmem });
    } catch {
      return null;
    }
  });
  if (key !== null) return newBytes(key);
  return raise(T.ValueError, "Invalid parameter combination for n, r, p, maxmem.");
}

/** `hmac_digest(key, message, name)`, without the GIL (I19); None for a name Node does not know. */
function hmacDigest(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("hmac_digest", nargs, 3, 3)) return 0;
  const key = bytesArgument(I32[args], "key");
  const message = key === null ? null : bytesArgument(I32[args + 1], "msg");
  if (key === null || message === null) return 0;
  const name = getString(I32[args + 2]);
  if (!KINDS.some((entry) => entry[0] === name) || name.startsWith("blake2")) return newNone();
  if (name.startsWith("shake")) return newNone();
  const bytes = withoutLock(() =>
    createHmac(NODE_NAMES[name] ?? name, key)
      .update(message)
      .digest(),
  );
  return newBytes(bytes);
}

/** `compare_digest(a, b)`: equality in a time that does not tell where they differ. */
function compareDigest(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("compare_digest", nargs, 2, 2)) return 0;
  const sides: Uint8Array[] = [];
  const strings = isStr(I32[args]) && isStr(I32[args + 1]);
  for (const i of [0, 1]) {
    const value = I32[args + i];
    if (strings) {
      const text = getString(value);
      if (/[^\0-\x7f]/.test(text)) {
        return raise(T.TypeError, "comparing strings with non-ASCII characters is not supported");
      }
      sides.push(Buffer.from(text, "latin1"));
    } else if (!isStr(value) && readBuffer(value)) {
      sides.push(U8.slice(bufferOffset, bufferOffset + bufferLength));
    } else if (readBuffer(I32[args]) || readBuffer(I32[args + 1])) {
      return raise(T.TypeError, `a bytes-like object is required, not '${typeName(value)}'`);
    } else {
      const kinds = `'${typeName(I32[args])}' and '${typeName(I32[args + 1])}'`;
      return raise(T.TypeError, `unsupported operand types(s) or combination of types: ${kinds}`);
    }
  }
  const [a, b] = sides;
  return newBool(a.length === b.length && timingSafeEqual(a, b));
}

defineType({
  type: T.HashObject,
  name: "_hashlib.HASH",
  flags: TypeFlag.DisallowInstantiation,
  basicSize: Hash.Bytes,
  slots: {
    dealloc: freeObject,
    repr: (self) => newStr(`<${kindOf(self)} _hashlib.HASH object @ 0x${(self * 4).toString(16)}>`),
  },
  methods: [
    oneArg("update", (self, data) => (update(self, data) < 0 ? 0 : newNone())),
    fast("digest", digest),
    fast("hexdigest", hexDigest),
    noArgs("copy", copy),
  ],
  getSets: [
    getSet("name", (self) => newStr(kindOf(self))),
    getSet("digest_size", (self) => newInt(I32[self + Hash.DigestSize])),
    getSet("block_size", (self) => newInt(hashCore(kindOf(self)).blockSize)),
  ],
});

defineModule({
  name: "_hashlib",
  doc: "Hash functions.",
  functions: [
    fast("new", makeHash),
    fast("blake2", makeBlake),
    fast("pbkdf2", pbkdf2),
    fast("scrypt", scrypt),
    fast("hmac_digest", hmacDigest),
    fast("compare_digest", compareDigest),
  ],
  setup: (_module, dict) => addTypes(dict, "_hashlib."),
});
