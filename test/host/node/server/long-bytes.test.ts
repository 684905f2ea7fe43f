// Long bytes in messages: the same base64 as of short ones, made and read in steps.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeLong, encodeLong, lengthOfBase64 } from '../../../../host/node/server/long-bytes';
import { RequestError } from '../../../../host/node/server/request-error';
import { inTurns } from '../../../../host/node/server/turns';
import { allSteps } from '../../../../vm/index';
import { Random } from '../../../support/random';

const STEP_BYTES = 98_304;

test('bytes of any length are in a message what they are as base64, and come back', () => {
  const random = new Random(1);
  const all = Uint8Array.from({ length: 3 * STEP_BYTES }, () => random.below(256));
  for (const around of [2, STEP_BYTES, 2 * STEP_BYTES]) {
    for (let length = around - 2; length <= around + 4; length++) {
      const bytes = all.subarray(7, 7 + length);
      const text = Buffer.from(bytes).toString('base64');
      assert.is(String(allSteps(encodeLong('{"ä":"', bytes, '"}'))), `{"ä":"${text}"}`);
      assert.is(lengthOfBase64(text), length);
      assert.is(Buffer.compare(allSteps(decodeLong(text, 'x')), bytes), 0);
    }
  }
});

test('each step has some of them, and the event loop its turns', async () => {
  const bytes = new Uint8Array(50 * STEP_BYTES);
  const steps = [...encodeLong('', bytes, '')].length;
  assert.is(steps, 49);
  const text = String(await inTurns(encodeLong('', bytes, '')));
  assert.is([...decodeLong(text, 'x')].length, 49);
  assert.is((await inTurns(decodeLong(text, 'x'))).length, bytes.length);
});

test('what is not exactly base64 is refused, wherever it differs', () => {
  const text = Buffer.alloc(STEP_BYTES + 3000, 5).toString('base64');
  for (const at of [0, 1000, 131_071, 131_072, text.length - 1]) {
    for (const wrong of ['!', '-', '=', '\n', 'é']) {
      const changed = text.slice(0, at) + wrong + text.slice(at + 1);
      if (at === text.length - 1 && wrong === '=') continue;
      assert.throws(() => allSteps(decodeLong(changed, 'snapshot')), isInvalid, `${wrong} at ${at}`);
    }
  }
  for (const wrong of ['A', 'AA', 'AAA', 'AB==', 'AAB=', '====', `${text}A`, `${text}=`, ` ${text}`]) {
    assert.throws(() => allSteps(decodeLong(wrong, 'snapshot')), isInvalid, wrong.slice(0, 10));
  }
});

function isInvalid(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'params.invalid' && /snapshot\.base64/.test(error.message);
}

test.run();
