/**
 * The `_random` module: the Mersenne Twister MT19937 (M. Matsumoto, T. Nishimura, ACM TOMACS 8,
 * 1998) as CPython seeds and reads it. What `random` builds on it is python/random.py.
 */
import { createHash } from "node:crypto";
import { type Addr, heap } from "../memory/heap.js";
import { checkArity, keywordsAllowed } from "../object/arguments.js";
import { getBytes, isBytes, newBytes } from "../object/bytes.js";
import { defineModule, defineType, fast, noArgs, oneArg } from "../object/define.js";
import { dictSetStr } from "../object/dict.js";
import { newNone, raise } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { freeObject, track } from "../object/gcheader.js";
import { decref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asInt32, getBig, isInt, newInt, newIntFromBig, newIntFromLimbs } from "../object/int.js";
import { smallValue } from "../object/intarith.js";
import { Head, TupleObject, TypeFlag, TypeObject } from "../object/layout.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { visibleHash } from "../object/widehash.js";
import { randomBytes } from "../vm/machine.js";

const I32 = heap.I32;
const U32 = heap.U32;

/** `_random.Random`: the generator's 624 words, and the position of the next. */
const enum RandomObject {
  Index = 4,
  State = 5,
  Words = 624,
  Period = 397,
  Bytes = 2520,
}

/** Seed from one number. */
function seedFrom(self: Addr, seed: number): void {
  let word = seed >>> 0;
  U32[self + RandomObject.State] = word;
  for (let i = 1; i < RandomObject.Words; i++) {
    word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
    U32[self + RandomObject.State + i] = word;
  }
  I32[self + RandomObject.Index] = RandomObject.Words;
}

/** Seed from an array of numbers of 32 bits, at least one. */
function seedFromArray(self: Addr, key: Uint32Array): void {
  const state = self + RandomObject.State;
  const last = RandomObject.Words - 1;
  seedFrom(self, 19650218);
  let i = 1;
  let j = 0;
  for (let k = Math.max(RandomObject.Words, key.length); k > 0; k--) {
    const before = U32[state + i - 1];
    const mixed = U32[state + i] ^ Math.imul(before ^ (before >>> 30), 1664525);
    U32[state + i] = mixed + key[j] + j;
    if (++i > last) {
      U32[state] = U32[state + last];
      i = 1;
    }
    if (++j >= key.length) j = 0;
  }
  for (let k = last; k > 0; k--) {
    const before = U32[state + i - 1];
    U32[state + i] = (U32[state + i] ^ Math.imul(before ^ (before >>> 30), 1566083941)) - i;
    if (++i > last) {
      U32[state] = U32[state + last];
      i = 1;
    }
  }
  U32[state] = 0x80000000;
}

function twist(upper: number, lower: number): number {
  const mixed = (upper & 0x80000000) | (lower & 0x7fffffff);
  return (mixed >>> 1) ^ ((lower & 1) === 0 ? 0 : 0x9908b0df);
}

function regenerate(self: Addr): void {
  const state = self + RandomObject.State;
  const n = RandomObject.Words;
  const period = RandomObject.Period;
  for (let i = 0; i < n; i++) {
    const next = i + 1 < n ? i + 1 : 0;
    const far = i + period < n ? i + period : i + period - n;
    U32[state + i] = U32[state + far] ^ twist(U32[state + i], U32[state + next]);
  }
  I32[self + RandomObject.Index] = 0;
}

/** The next 32 bits. */
function nextWord(self: Addr): number {
  if (I32[self + RandomObject.Index] >= RandomObject.Words) regenerate(self);
  let y = I32[self + RandomObject.State + I32[self + RandomObject.Index]++];
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}

function random(self: Addr): Addr {
  const high = nextWord(self) >>> 5;
  const low = nextWord(self) >>> 6;
  return newFloat((high * 67108864 + low) / 9007199254740992);
}

/** The words of a magnitude, least first; one zero word for 0. */
function wordsOf(magnitude: bigint): Uint32Array {
  const words: number[] = [];
  for (let rest = magnitude; rest !== 0n || words.length === 0; rest >>= 32n) {
    words.push(Number(rest & 0xffffffffn));
  }
  return Uint32Array.from(words);
}

/** Seed from None (the system's entropy), an int's magnitude, or any object's hash. */
function seedObject(self: Addr, object: Addr): number {
  if (object === 0 || object === S.None) {
    const entropy = randomBytes(RandomObject.Words * 4);
    seedFromArray(self, new Uint32Array(entropy.buffer));
    return 0;
  }
  if (isInt(object)) {
    const value = getBig(object);
    seedFromArray(self, wordsOf(value < 0n ? -value : value));
    return 0;
  }
  const hash = visibleHash(object);
  if (hash === 0) return -1;
  seedFromArray(self, wordsOf(BigInt.asUintN(64, getBig(hash))));
  decref(hash);
  return 0;
}

function seed(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("seed", nargs, 0, 1)) return 0;
  return seedObject(self, nargs === 0 ? 0 : I32[args]) < 0 ? 0 : newNone();
}

function getRandomBits(self: Addr, arg: Addr): Addr {
  const bits = asInt32(arg);
  if (Number.isNaN(bits)) return 0;
  if (bits < 0) return raise(T.ValueError, "number of bits must be non-negative");
  if (bits === 0) return newInt(0);
  if (bits <= 32) return newInt(nextWord(self) >>> (32 - bits));
  const words = Math.ceil(bits / 32);
  const limbs = new Uint32Array(words);
  for (let i = 0, left = bits; i < words; i++, left -= 32) {
    limbs[i] = left < 32 ? nextWord(self) >>> (32 - left) : nextWord(self);
  }
  return newIntFromLimbs(limbs, words, false);
}

/** An int in [0, n): as many random bits as n has, until they make less than n. */
function below(self: Addr, arg: Addr): Addr {
  const n = isInt(arg) ? smallValue(arg) : Number.NaN;
  if (!(n > 0 && n < 4294967296)) {
    return raise(T.ValueError, "a positive int of at most 32 bits is required");
  }
  const unused = Math.clz32(n);
  let value = nextWord(self) >>> unused;
  while (value >= n) value = nextWord(self) >>> unused;
  return newInt(value);
}

function getState(self: Addr): Addr {
  const tuple = newTuple(RandomObject.Words + 1);
  if (tuple === 0) return 0;
  for (let i = 0; i <= RandomObject.Words; i++) {
    const last = i === RandomObject.Words;
    const word = newInt(last ? I32[self + RandomObject.Index] : U32[self + RandomObject.State + i]);
    if (word === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + TupleObject.Stride * i] = word;
  }
  track(tuple);
  return tuple;
}

function setState(self: Addr, state: Addr): Addr {
  if ((I32[I32[state + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) === 0) {
    return raise(T.TypeError, "state vector must be a tuple");
  }
  if (I32[state + TupleObject.Size] !== RandomObject.Words + 1) {
    return raise(T.ValueError, "state vector is the wrong size");
  }
  const words = new Uint32Array(RandomObject.Words + 1);
  for (let i = 0; i < words.length; i++) {
    const item = I32[state + TupleObject.Items + TupleObject.Stride * i];
    if (!isInt(item)) return raise(T.TypeError, "an integer is required");
    const value = getBig(item);
    if (value < 0n) {
      return raise(T.OverflowError, "can't convert negative value to unsigned int");
    }
    words[i] = Number(value & 0xffffffffn);
  }
  const index = words[RandomObject.Words];
  if (index > RandomObject.Words) return raise(T.ValueError, "invalid state");
  for (let i = 0; i < RandomObject.Words; i++) U32[self + RandomObject.State + i] = words[i];
  I32[self + RandomObject.Index] = index;
  return newNone();
}

function newRandom(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("Random", type, T.Random, kwnames)) return 0;
  if (type === T.Random && !checkArity("Random", nargs, 0, 1)) return 0;
  const self = newObjectOf(type);
  if (self === 0) return 0;
  if (seedObject(self, nargs === 0 ? 0 : I32[args]) === 0) return self;
  decref(self);
  return 0;
}

/** The bytes followed by their SHA-512 digest, as one int: what `seed` makes of text. */
function digestInt(_self: Addr, data: Addr): Addr {
  if (!isBytes(data)) return raise(T.TypeError, "a bytes object is required");
  const bytes = Buffer.from(getBytes(data));
  const digest = createHash("sha512").update(bytes).digest();
  return newIntFromBig(BigInt(`0x${bytes.toString("hex")}${digest.toString("hex")}`));
}

/** Bytes of the system's entropy. */
function systemBytes(_self: Addr, count: Addr): Addr {
  const n = asInt32(count);
  if (Number.isNaN(n)) return 0;
  if (n < 0) return raise(T.ValueError, "negative argument not allowed");
  return newBytes(randomBytes(n));
}

defineType({
  type: T.Random,
  name: "_random.Random",
  flags: TypeFlag.BaseType,
  basicSize: RandomObject.Bytes,
  slots: { dealloc: freeObject, new: newRandom, init: () => 0 },
  methods: [
    noArgs("random", random, "random() -> x in the interval [0, 1)."),
    fast("seed", seed, "seed([n]) -> None.\n\nDefaults to use urandom and falls back to the time."),
    noArgs("getstate", getState, "getstate() -> tuple containing the current state."),
    oneArg("setstate", setState, "setstate(state) -> None.  Restores generator state."),
    oneArg(
      "getrandbits",
      getRandomBits,
      "getrandbits(k) -> x.  Generates an int with k random bits.",
    ),
    oneArg("_below", below),
  ],
  doc: "Random() -> create a random number generator with its own internal state.",
});

const idRandom = identifier("Random");

defineModule({
  name: "_random",
  doc: "Module implements the Mersenne Twister random number generator.",
  functions: [oneArg("_digest_int", digestInt), oneArg("_system_bytes", systemBytes)],
  setup: (_module, dict) => dictSetStr(dict, idRandom, T.Random),
});
