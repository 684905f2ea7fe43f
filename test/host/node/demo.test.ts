// `npm run demo`, as the README promises it: ends with 0, and its tables have every function and every attack.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('shows every function, and that hostile ones are stopped beside a good one', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/demo.js'], {
    encoding: 'utf8',
    timeout: 200_000,
  });
  assert.is(status, 0, stderr);
  for (const name of readdirSync('functions')) assert.match(stdout, new RegExp(`^${name} .* (ms|µs)$`, 'm'));
  assert.match(stdout, /^endless-loop\.sm +sm +stopped: limit\.instructions +endless-loop\.sm:\d+/m);
  assert.match(stdout, /^memory-hog\.lua +lua +stopped: limit\.memory +memory-hog\.lua:\d+/m);
  assert.match(stdout, /^unbounded-recursion\.c +c +stopped: limit\.(memory_)?stack +unbounded-recursion\.c:\d+/m);
  assert.match(stdout, /^sieve-lua +lua +ended well: 2262 /m);
});

test.run();
