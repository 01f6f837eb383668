/**
 * Hash functions as steps over words, so that their state can stand in the heap, where every thread
 * finds it: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), SHA-3 (FIPS 202), BLAKE2 (RFC 7693).
 * Words are of 32 bits; a word of 64 is two, the lower first. Constants are worked out when the
 * first hash is made.
 */
import { Blake2b, Keccak, Sha512 } from "./hashlong.js";

/** A hash function: its state is `words` words, data comes in blocks. */
export interface HashCore {
  readonly words: number;
  readonly blockSize: number;
  /** Does the last block need to be known as such (BLAKE2), so that a full one must wait? */
  readonly keepsLast: boolean;
  start(state: Uint32Array, parameters: Uint8Array | null): void;
  /** Take the block at `at` in. */
  block(state: Uint32Array, data: Uint8Array, at: number): void;
  /** The digest: `tail` are the bytes left over, `length` all bytes taken in. */
  finish(state: Uint32Array, tail: Uint8Array, length: number, size: number): Uint8Array;
}

/** The first `count` primes. */
export function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** The first `bits` bits of the fraction of the root (2: square, 3: cube) of a number. */
export function rootBits(value: number, degree: 2 | 3, bits: number): bigint {
  const scaled = BigInt(value) << BigInt(degree * bits);
  let root = 1n << BigInt(bits + 5);
  for (;;) {
    // Newton's method on integers, from above.
    const power = degree === 2 ? root : root * root;
    const next = (BigInt(degree - 1) * root + scaled / power) / BigInt(degree);
    if (next >= root) return root & ((1n << BigInt(bits)) - 1n);
    root = next;
  }
}

/** A block with the bit 1 and the length behind the tail, one or two blocks long. */
function padded(
  tail: Uint8Array,
  length: number,
  block: number,
  littleEndian: boolean,
): Uint8Array {
  const lengthBytes = block / 8;
  const size = tail.length + 1 + lengthBytes > block ? 2 * block : block;
  const bytes = new Uint8Array(size);
  bytes.set(tail);
  bytes[tail.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(size - 8, BigInt(length) * 8n, littleEndian);
  return bytes;
}

/** Take the padded tail in; the state is then the digest. */
export function takePadded(
  core: HashCore,
  state: Uint32Array,
  tail: Uint8Array,
  length: number,
  littleEndian: boolean,
): void {
  const bytes = padded(tail, length, core.blockSize, littleEndian);
  for (let at = 0; at < bytes.length; at += core.blockSize) core.block(state, bytes, at);
}

function bytesOfWords(state: Uint32Array, size: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(size / 4) * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; 4 * i < size; i++) view.setUint32(4 * i, state[i], littleEndian);
  return bytes.subarray(0, size);
}

class Md5 implements HashCore {
  readonly words = 4;
  readonly blockSize = 64;
  readonly keepsLast = false;
  readonly #sines = Int32Array.from({ length: 64 }, (_, i) =>
    Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296),
  );
  readonly #turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  readonly #block = new Int32Array(16);

  start(state: Uint32Array): void {
    state.set([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    const w = this.#block;
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      w[i] = data[p] | (data[p + 1] << 8) | (data[p + 2] << 16) | (data[p + 3] << 24);
    }
    let [a, b, c, d] = [state[0] | 0, state[1] | 0, state[2] | 0, state[3] | 0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let mixed: number;
      let index: number;
      if (round === 0) [mixed, index] = [(b & c) | (~b & d), i];
      else if (round === 1) [mixed, index] = [(d & b) | (~d & c), (5 * i + 1) & 15];
      else if (round === 2) [mixed, index] = [b ^ c ^ d, (3 * i + 5) & 15];
      else [mixed, index] = [c ^ (b | ~d), (7 * i) & 15];
      const sum = (a + mixed + this.#sines[i] + w[index]) | 0;
      const turn = this.#turns[4 * round + (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }

  finish(state: Uint32Array, tail: Uint8Array, length: number, size: number): Uint8Array {
    takePadded(this, state, tail, length, true);
    return bytesOfWords(state, size, true);
  }
}

class Sha1 implements HashCore {
  readonly words = 5;
  readonly blockSize = 64;
  readonly keepsLast = false;
  readonly #block = new Int32Array(80);

  start(state: Uint32Array): void {
    state.set([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    const w = this.#block;
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      w[i] = (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3];
    }
    for (let i = 16; i < 80; i++) {
      const x = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
      w[i] = (x << 1) | (x >>> 31);
    }
    let a = state[0] | 0;
    let b = state[1] | 0;
    let c = state[2] | 0;
    let d = state[3] | 0;
    let e = state[4] | 0;
    for (let i = 0; i < 80; i++) {
      let mixed: number;
      if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
      else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else mixed = (b ^ c ^ d) + 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + mixed + e + w[i]) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
  }

  finish(state: Uint32Array, tail: Uint8Array, length: number, size: number): Uint8Array {
    takePadded(this, state, tail, length, false);
    return bytesOfWords(state, size, false);
  }
}

class Sha256 implements HashCore {
  readonly words = 8;
  readonly blockSize = 64;
  readonly keepsLast = false;
  readonly #constants = Int32Array.from(primes(64), (p) => Number(rootBits(p, 3, 32)));
  readonly #block = new Int32Array(64);
  readonly #start: number[];

  /** @param short SHA-224: begins with other words. */
  constructor(short: boolean) {
    this.#start = short
      ? primes(16)
          .slice(8)
          .map((p) => Number(rootBits(p, 2, 64) & 0xffffffffn))
      : primes(8).map((p) => Number(rootBits(p, 2, 32)));
  }

  start(state: Uint32Array): void {
    state.set(this.#start);
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    const w = this.#block;
    const k = this.#constants;
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      w[i] = (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = state[0] | 0;
    let b = state[1] | 0;
    let c = state[2] | 0;
    let d = state[3] | 0;
    let e = state[4] | 0;
    let f = state[5] | 0;
    let g = state[6] | 0;
    let h = state[7] | 0;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  finish(state: Uint32Array, tail: Uint8Array, length: number, size: number): Uint8Array {
    takePadded(this, state, tail, length, false);
    return bytesOfWords(state, size, false);
  }
}

/** Order in which the words of a block go into each round of BLAKE2. */
export const SIGMA = [
  "0123456789abcdef",
  "ea489fd61c02b753",
  "b8c052fdae367194",
  "7931dcbe265a40f8",
  "905724afe1bc683d",
  "2c6a0b834d75fe19",
  "c51fed4a0763928b",
  "db7ec13950f4862a",
  "6fe9b308c2d714a5",
  "a2847615fb9e3cd0",
].map((row) => [...row].map((digit) => Number.parseInt(digit, 16)));

/** The words that each of the eight mixings of a round works on: columns, then diagonals. */
export const MIXINGS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

/** State: the chain, then the number of bytes taken in, and whether nodes end (last_node). */
class Blake2s implements HashCore {
  readonly words = 11;
  readonly blockSize = 64;
  readonly keepsLast = true;
  readonly #start = Int32Array.from(primes(8), (p) => Number(rootBits(p, 2, 32)));
  readonly #v = new Int32Array(16);
  readonly #m = new Int32Array(16);

  start(state: Uint32Array, parameters: Uint8Array | null): void {
    state.fill(0, 0, 11);
    const view = new DataView((parameters as Uint8Array).buffer);
    for (let i = 0; i < 8; i++) state[i] = this.#start[i] ^ view.getUint32(4 * i, true);
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    this.#compress(state, data, at, this.blockSize, false);
  }

  #compress(state: Uint32Array, data: Uint8Array, at: number, count: number, last: boolean): void {
    const v = this.#v;
    const m = this.#m;
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      m[i] = data[p] | (data[p + 1] << 8) | (data[p + 2] << 16) | (data[p + 3] << 24);
    }
    const low = state[8] + count;
    state[8] = low;
    if (low > 0xffffffff) state[9]++;
    for (let i = 0; i < 8; i++) {
      v[i] = state[i];
      v[i + 8] = this.#start[i];
    }
    v[12] ^= state[8];
    v[13] ^= state[9];
    if (last) {
      v[14] = ~v[14];
      if (state[10] !== 0) v[15] = ~v[15];
    }
    for (let round = 0; round < 10; round++) {
      const order = SIGMA[round];
      for (let i = 0; i < 8; i++) {
        const [a, b, c, d] = MIXINGS[i];
        this.#mix(a, b, c, d, m[order[2 * i]], m[order[2 * i + 1]]);
      }
    }
    for (let i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
  }

  #mix(a: number, b: number, c: number, d: number, x: number, y: number): void {
    const v = this.#v;
    v[a] = v[a] + v[b] + x;
    let t = v[d] ^ v[a];
    v[d] = (t >>> 16) | (t << 16);
    v[c] += v[d];
    t = v[b] ^ v[c];
    v[b] = (t >>> 12) | (t << 20);
    v[a] = v[a] + v[b] + y;
    t = v[d] ^ v[a];
    v[d] = (t >>> 8) | (t << 24);
    v[c] += v[d];
    t = v[b] ^ v[c];
    v[b] = (t >>> 7) | (t << 25);
  }

  finish(state: Uint32Array, tail: Uint8Array, _length: number, size: number): Uint8Array {
    const block = new Uint8Array(this.blockSize);
    block.set(tail);
    this.#compress(state, block, 0, tail.length, true);
    return bytesOfWords(state, size, true);
  }
}

const makers: Readonly<Record<string, () => HashCore>> = {
  md5: () => new Md5(),
  sha1: () => new Sha1(),
  sha224: () => new Sha256(true),
  sha256: () => new Sha256(false),
  sha384: () => new Sha512("sha384"),
  sha512: () => new Sha512("sha512"),
  sha512_224: () => new Sha512("sha512_224"),
  sha512_256: () => new Sha512("sha512_256"),
  sha3_224: () => new Keccak(144, 0x06),
  sha3_256: () => new Keccak(136, 0x06),
  sha3_384: () => new Keccak(104, 0x06),
  sha3_512: () => new Keccak(72, 0x06),
  shake_128: () => new Keccak(168, 0x1f),
  shake_256: () => new Keccak(136, 0x1f),
  blake2s: () => new Blake2s(),
  blake2b: () => new Blake2b(),
};

const made = new Map<string, HashCore>();

/** The hash function `name`, made when first asked for. */
export function hashCore(name: string): HashCore {
  let core = made.get(name);
  if (core === undefined) {
    core = makers[name]();
    made.set(name, core);
  }
  return core;
}
