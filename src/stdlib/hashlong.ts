/** The hash functions whose words are of 64 bits: SHA-512, SHA-3 and BLAKE2b. */
import { type HashCore, MIXINGS, primes, rootBits, SIGMA, takePadded } from "./hashcores.js";

/** Store a number of 64 bits at words `at` (low) and `at + 1`. */
function setPair(words: Uint32Array | Int32Array, at: number, value: bigint): void {
  words[at] = Number(value & 0xffffffffn);
  words[at + 1] = Number((value >> 32n) & 0xffffffffn);
}

function pairsOf(values: readonly bigint[]): Int32Array {
  const words = new Int32Array(2 * values.length);
  for (const [i, value] of values.entries()) setPair(words, 2 * i, value);
  return words;
}

type LongSha = "sha384" | "sha512" | "sha512_224" | "sha512_256";

/** The high word of a sum of two low words, as a carry. */
function carry(sum: number): number {
  return sum >= 4294967296 ? 1 : 0;
}

export class Sha512 implements HashCore {
  readonly words = 16;
  readonly blockSize = 128;
  readonly keepsLast = false;
  readonly #constants = pairsOf(primes(80).map((p) => rootBits(p, 3, 64)));
  readonly #block = new Int32Array(160);
  readonly #start: Uint32Array;

  constructor(kind: LongSha) {
    const first = kind === "sha384" ? primes(16).slice(8) : primes(8);
    this.#start = new Uint32Array(pairsOf(first.map((p) => rootBits(p, 2, 64))));
    if (kind === "sha384" || kind === "sha512") return;
    // FIPS 180-4, 5.3.6: the start is the hash of the name, from another start.
    const state = this.#start.map((word) => (word ^ 0xa5a5a5a5) >>> 0);
    const name = Buffer.from(kind === "sha512_224" ? "SHA-512/224" : "SHA-512/256");
    takePadded(this, state, name, name.length, false);
    this.#start = state;
  }

  start(state: Uint32Array): void {
    state.set(this.#start);
  }

  #schedule(data: Uint8Array, at: number): void {
    const w = this.#block;
    for (let i = 0, p = at; i < 16; i++, p += 8) {
      w[2 * i + 1] = (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3];
      w[2 * i] = (data[p + 4] << 24) | (data[p + 5] << 16) | (data[p + 6] << 8) | data[p + 7];
    }
    for (let i = 32; i < 160; i += 2) {
      const [xl, xh] = [w[i - 30], w[i - 29]];
      const [yl, yh] = [w[i - 4], w[i - 3]];
      const al = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
      const ah = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
      const bl = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
      const bh = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
      const low = (al >>> 0) + (bl >>> 0) + (w[i - 32] >>> 0) + (w[i - 14] >>> 0);
      w[i] = low;
      w[i + 1] = ah + bh + w[i - 31] + w[i - 13] + Math.floor(low / 4294967296);
    }
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    this.#schedule(data, at);
    const w = this.#block;
    const k = this.#constants;
    const s = new Int32Array(state.subarray(0, 16));
    for (let i = 0; i < 160; i += 2) {
      const [el, eh, al, ah] = [s[8], s[9], s[0], s[1]];
      const s1l =
        ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const s1h =
        ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const chl = (el & s[10]) ^ (~el & s[12]);
      const chh = (eh & s[11]) ^ (~eh & s[13]);
      const t1 = (s[14] >>> 0) + (s1l >>> 0) + (chl >>> 0) + (k[i] >>> 0) + (w[i] >>> 0);
      const t1h = (s[15] + s1h + chh + k[i + 1] + w[i + 1] + Math.floor(t1 / 4294967296)) | 0;
      const t1l = t1 | 0;
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const ml = (al & s[2]) ^ (al & s[4]) ^ (s[2] & s[4]);
      const mh = (ah & s[3]) ^ (ah & s[5]) ^ (s[3] & s[5]);
      const t2 = (s0l >>> 0) + (ml >>> 0);
      s.copyWithin(2, 0, 14);
      const e = (s[8] >>> 0) + (t1l >>> 0);
      s[9] = s[9] + t1h + carry(e);
      s[8] = e;
      const a = (t1l >>> 0) + (t2 >>> 0);
      s[1] = t1h + s0h + mh + carry(t2) + carry(a);
      s[0] = a;
    }
    for (let i = 0; i < 16; i += 2) {
      const low = state[i] + (s[i] >>> 0);
      state[i + 1] = state[i + 1] + s[i + 1] + carry(low);
      state[i] = low;
    }
  }

  finish(state: Uint32Array, tail: Uint8Array, length: number, size: number): Uint8Array {
    takePadded(this, state, tail, length, false);
    const bytes = new Uint8Array(64);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 16; i++) view.setUint32(4 * i, state[i ^ 1]);
    return bytes.subarray(0, size);
  }
}

/** The round constants of Keccak: bits of a shift register (FIPS 202, 3.2.5). */
function keccakConstants(): Int32Array {
  const values: bigint[] = [];
  let register = 1;
  for (let round = 0; round < 24; round++) {
    let value = 0n;
    for (let j = 0; j <= 6; j++) {
      if ((register & 1) !== 0) value |= 1n << BigInt(2 ** j - 1);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
    values.push(value);
  }
  return pairsOf(values);
}

export class Keccak implements HashCore {
  readonly words = 50;
  readonly keepsLast = false;
  readonly #constants = keccakConstants();
  readonly #turns = new Int32Array(25);
  readonly #places = new Int32Array(25);
  readonly #b = new Int32Array(50);
  readonly #c = new Int32Array(10);

  /** @param blockSize bytes of the state that data goes into @param suffix first padding bits */
  constructor(
    readonly blockSize: number,
    readonly suffix: number,
  ) {
    let [x, y] = [1, 0];
    for (let t = 0; t < 24; t++) {
      this.#turns[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
      [x, y] = [y, (2 * x + 3 * y) % 5];
    }
    for (let i = 0; i < 25; i++) {
      const [column, row] = [i % 5, Math.floor(i / 5)];
      this.#places[i] = row + 5 * ((2 * column + 3 * row) % 5);
    }
  }

  start(state: Uint32Array): void {
    state.fill(0, 0, 50);
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    for (let i = 0, p = at; i < this.blockSize / 4; i++, p += 4) {
      state[i] ^= data[p] | (data[p + 1] << 8) | (data[p + 2] << 16) | (data[p + 3] << 24);
    }
    for (let round = 0; round < 24; round++) this.#round(state, round);
  }

  #round(a: Uint32Array, round: number): void {
    const b = this.#b;
    const c = this.#c;
    for (let i = 0; i < 10; i++) c[i] = a[i] ^ a[i + 10] ^ a[i + 20] ^ a[i + 30] ^ a[i + 40];
    for (let x = 0; x < 5; x++) {
      const [left, right] = [2 * ((x + 4) % 5), 2 * ((x + 1) % 5)];
      const dl = c[left] ^ ((c[right] << 1) | (c[right + 1] >>> 31));
      const dh = c[left + 1] ^ ((c[right + 1] << 1) | (c[right] >>> 31));
      for (let i = 2 * x; i < 50; i += 10) {
        a[i] ^= dl;
        a[i + 1] ^= dh;
      }
    }
    for (let i = 0; i < 25; i++) {
      const turn = this.#turns[i];
      const [low, high] = turn < 32 ? [a[2 * i], a[2 * i + 1]] : [a[2 * i + 1], a[2 * i]];
      const by = turn & 31;
      const to = 2 * this.#places[i];
      b[to] = by === 0 ? low : (low << by) | (high >>> (32 - by));
      b[to + 1] = by === 0 ? high : (high << by) | (low >>> (32 - by));
    }
    for (let row = 0; row < 50; row += 10) {
      for (let i = 0; i < 10; i++) {
        a[row + i] = b[row + i] ^ (~b[row + ((i + 2) % 10)] & b[row + ((i + 4) % 10)]);
      }
    }
    a[0] ^= this.#constants[2 * round];
    a[1] ^= this.#constants[2 * round + 1];
  }

  finish(state: Uint32Array, tail: Uint8Array, _length: number, size: number): Uint8Array {
    const last = new Uint8Array(this.blockSize);
    last.set(tail);
    last[tail.length] ^= this.suffix;
    last[this.blockSize - 1] ^= 0x80;
    this.block(state, last, 0);
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      const at = i % this.blockSize;
      if (i > 0 && at === 0) for (let round = 0; round < 24; round++) this.#round(state, round);
      bytes[i] = state[at >> 2] >>> (8 * (at & 3));
    }
    return bytes;
  }
}

/** State: the chain, then the number of bytes taken in (a pair), and whether nodes end. */
export class Blake2b implements HashCore {
  readonly words = 19;
  readonly blockSize = 128;
  readonly keepsLast = true;
  readonly #start = pairsOf(primes(8).map((p) => rootBits(p, 2, 64)));
  readonly #v = new Int32Array(32);
  readonly #m = new Int32Array(32);

  start(state: Uint32Array, parameters: Uint8Array | null): void {
    state.fill(0, 0, 19);
    const view = new DataView((parameters as Uint8Array).buffer);
    for (let i = 0; i < 16; i++) state[i] = this.#start[i] ^ view.getUint32(4 * i, true);
  }

  block(state: Uint32Array, data: Uint8Array, at: number): void {
    this.#compress(state, data, at, this.blockSize, false);
  }

  #compress(state: Uint32Array, data: Uint8Array, at: number, count: number, last: boolean): void {
    const v = this.#v;
    const m = this.#m;
    for (let i = 0, p = at; i < 32; i++, p += 4) {
      m[i] = data[p] | (data[p + 1] << 8) | (data[p + 2] << 16) | (data[p + 3] << 24);
    }
    const low = state[16] + count;
    state[17] += carry(low);
    state[16] = low;
    for (let i = 0; i < 16; i++) {
      v[i] = state[i];
      v[i + 16] = this.#start[i];
    }
    v[24] ^= state[16];
    v[25] ^= state[17];
    if (last) {
      v[28] = ~v[28];
      v[29] = ~v[29];
      if (state[18] !== 0) {
        v[30] = ~v[30];
        v[31] = ~v[31];
      }
    }
    for (let round = 0; round < 12; round++) {
      const order = SIGMA[round % 10];
      for (let i = 0; i < 8; i++) {
        const [a, b, c, d] = MIXINGS[i];
        this.#mix(2 * a, 2 * b, 2 * c, 2 * d, 2 * order[2 * i], 2 * order[2 * i + 1]);
      }
    }
    for (let i = 0; i < 16; i++) state[i] ^= v[i] ^ v[i + 16];
  }

  /** `v[a] += v[b] + m[x]` */
  #add(a: number, b: number, x: number): void {
    const v = this.#v;
    const low = (v[a] >>> 0) + (v[b] >>> 0) + (x < 0 ? 0 : this.#m[x] >>> 0);
    const high = x < 0 ? 0 : this.#m[x + 1];
    v[a + 1] = v[a + 1] + v[b + 1] + high + Math.floor(low / 4294967296);
    v[a] = low;
  }

  /** `v[a] = (v[a] ^ v[b])`, turned right by `by` bits. */
  #turn(a: number, b: number, by: number): void {
    const v = this.#v;
    let low = v[a] ^ v[b];
    let high = v[a + 1] ^ v[b + 1];
    if (by >= 32) [low, high] = [high, low];
    const bits = by & 31;
    v[a] = bits === 0 ? low : (low >>> bits) | (high << (32 - bits));
    v[a + 1] = bits === 0 ? high : (high >>> bits) | (low << (32 - bits));
  }

  #mix(a: number, b: number, c: number, d: number, x: number, y: number): void {
    this.#add(a, b, x);
    this.#turn(d, a, 32);
    this.#add(c, d, -1);
    this.#turn(b, c, 24);
    this.#add(a, b, y);
    this.#turn(d, a, 16);
    this.#add(c, d, -1);
    this.#turn(b, c, 63);
  }

  finish(state: Uint32Array, tail: Uint8Array, _length: number, size: number): Uint8Array {
    const block = new Uint8Array(this.blockSize);
    block.set(tail);
    this.#compress(state, block, 0, tail.length, true);
    const bytes = new Uint8Array(64);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 16; i++) view.setUint32(4 * i, state[i], true);
    return bytes.subarray(0, size);
  }
}
