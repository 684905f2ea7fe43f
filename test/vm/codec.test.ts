// The binary form: exact, canonical, and closed to what is damaged.
import { createHash } from 'node:crypto';
import { crc32 as hostCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 } from '../../vm/checksum';
import { decodeModule, encodeModule, HEADER_BYTES, moduleHash, sealModule } from '../../vm/codec';
import { ModuleError, type ModuleErrorCode } from '../../vm/errors';
import { sha256 } from '../../vm/sha256';
import { decodeUtf8, encodeUtf8 } from '../../vm/utf8';
import { verifyModule } from '../../vm/verifier';
import { randomModule } from '../support/random-module';

function refusal(bytes: Uint8Array): ModuleErrorCode | null {
  try {
    decodeModule(bytes);
    return null;
  } catch (error) {
    if (error instanceof ModuleError) return error.code;
    throw error;
  }
}

test('random modules are valid and come back from their binary form as they were', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const module = randomModule(seed);
      verifyModule(module);
      const bytes = encodeModule(module);
      assert.equal(decodeModule(bytes), module);
      assert.equal(encodeModule(decodeModule(bytes)), bytes);
    }),
    { numRuns: 500 },
  );
});

const bytes = encodeModule(randomModule(1));

/** A copy of the module's bytes with other ones in some place, and the right checksum. */
function patched(at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  sealModule(copy);
  return copy;
}

const refused: [string, ModuleErrorCode, Uint8Array][] = [
  ['no bytes', 'module.magic', new Uint8Array(0)],
  ['another magic', 'module.magic', patched(1, 0x61)],
  ['half a header', 'module.truncated', bytes.slice(0, 12)],
  ['another version of the format', 'module.format_version', patched(4, 9)],
  ['another version of the opcodes', 'module.opcode_version', patched(8, 0xff, 0xff)],
  ['a wrong length', 'module.truncated', patched(12, 0xff, 0xff)],
  ['bytes behind the end', 'module.truncated', Uint8Array.of(...bytes, 0)],
  ['a changed byte', 'module.checksum', changedByte()],
  ['sections out of order', 'module.malformed', patched(HEADER_BYTES, 2)],
  ['a section that is too long', 'module.truncated', patched(HEADER_BYTES + 1, 0xff, 0xff, 0xff, 0x7f)],
];

for (const [name, code, damaged] of refused) {
  test(`refuses ${name}`, () => {
    assert.is(refusal(damaged), code);
  });
}

function changedByte(): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 1] ^= 1;
  return copy;
}

test('refuses every truncation', () => {
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.slice(0, length);
    if (length >= HEADER_BYTES) {
      new DataView(cut.buffer).setUint32(12, length - HEADER_BYTES, true);
      sealModule(cut);
    }
    assert.is.not(refusal(cut), null);
  }
});

test('refuses a count that the bytes cannot hold before it allocates', () => {
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  for (let at = HEADER_BYTES; at < Math.min(bytes.length - 4, 300); at++) {
    assert.is.not(refusal(patched(at, 0xff, 0xff, 0xff, 0x7f)), undefined);
  }
  const used = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before;
  assert.ok(used < 64 * 1024 * 1024, `${used} bytes`);
});

test('the checksum is CRC-32', () => {
  assert.is(crc32(encodeUtf8('123456789')), 0xcbf43926);
  if (hostCrc32 === undefined) return;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      assert.is(crc32(data), hostCrc32(data));
    }),
  );
});

test('the checksum of two parts is that of the whole', () => {
  const data = encodeUtf8('hello world');
  assert.is(crc32(data.subarray(5), crc32(data.subarray(0, 5))), crc32(data));
});

test('the identity is SHA-256', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (data) => {
      assert.is(moduleHash(data), createHash('sha256').update(data).digest('hex'));
    }),
    { numRuns: 500 },
  );
  assert.is(sha256(new Uint8Array(0)).length, 32);
  const offset = new Uint8Array(200).map((_, index) => index).subarray(3, 150);
  assert.is(moduleHash(offset), createHash('sha256').update(offset).digest('hex'));
});

test('every string has one UTF-8 form', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        assert.is(decodeUtf8(encodeUtf8(text)), text);
      },
    ),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(encodeUtf8(text), new TextEncoder().encode(text));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (data) => {
      const text = decodeUtf8(data);
      if (text !== null) assert.equal(encodeUtf8(text), data);
    }),
    { numRuns: 2000 },
  );
});

test.run();
