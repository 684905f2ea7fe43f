// SHA-256 (FIPS 180-4), synchronous and without the host's cryptography: the identity of a module's bytes.
import { allSteps, Pace, type Steps } from './steps';

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
/** Blocks of a step: 5 µs, half a millisecond before the optimiser has seen it. */
const STEP_BLOCKS = 16;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL_STATE = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/** The 32 bytes of the digest. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return allSteps(hashInSteps(bytes));
}

/** The same in steps, between which the bytes must stay as they are. */
export function* hashInSteps(bytes: Uint8Array): Steps<Uint8Array> {
  const pace = new Pace(STEP_BLOCKS);
  const state = Int32Array.from(INITIAL_STATE);
  const schedule = new Int32Array(BLOCK_BYTES);
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let start = 0; start < whole; start += BLOCK_BYTES) {
    compress(state, schedule, new DataView(bytes.buffer, bytes.byteOffset + start, BLOCK_BYTES));
    if (pace.isOver()) yield;
  }
  const rest = padding(bytes.subarray(whole), bytes.length);
  for (let start = 0; start < rest.byteLength; start += BLOCK_BYTES) {
    compress(state, schedule, new DataView(rest.buffer, start, BLOCK_BYTES));
  }
  const digest = new DataView(new ArrayBuffer(state.byteLength));
  state.forEach((word, index) => {
    digest.setInt32(index * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

/** The last one or two blocks: what is left, a one bit, zeros, the length in bits. */
function padding(rest: Uint8Array, length: number): Uint8Array {
  const size = rest.length + 1 + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  const block = new Uint8Array(size);
  block.set(rest);
  block[rest.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(size - 8, Math.floor(length / 2 ** 29));
  view.setUint32(size - 4, (length << 3) >>> 0);
  return block;
}

function compress(state: Int32Array, schedule: Int32Array, block: DataView): void {
  for (let index = 0; index < 16; index++) schedule[index] = block.getInt32(index * 4);
  for (let index = 16; index < BLOCK_BYTES; index++) {
    const early = schedule[index - 15]!;
    const late = schedule[index - 2]!;
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[index] = schedule[index - 16]! + first + schedule[index - 7]! + second;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let index = 0; index < BLOCK_BYTES; index++) {
    const sum = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum + choice + ROUND_CONSTANTS[index]! + schedule[index]!) | 0;
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index]! += word;
  });
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
