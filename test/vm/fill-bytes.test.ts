import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../vm/context';
import { fillBytes } from '../../vm/fill-bytes';

const SIZE = 256;
const FILLED = 0x1234_56c5;

test('fills exactly the bytes asked for, wherever words begin and end', () => {
  for (let start = 0; start < 8; start++) {
    for (let end = start; end < SIZE; end++) {
      const i32 = new Int32Array(SIZE / 4);
      const u8 = new Uint8Array(i32.buffer);
      fillBytes({ i32, u8 } as unknown as Context, FILLED, start, end);
      assert.equal(u8, new Uint8Array(SIZE).fill(FILLED, start, end), `${start} to ${end}`);
    }
  }
});

test.run();
