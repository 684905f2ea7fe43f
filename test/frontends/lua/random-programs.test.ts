// Random programs print the same on the machine as with the real lua5.4.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runOnMachine } from './machine';
import { Randomness, RandomProgram } from './random-program';
import { hasRealLua, runRealLuaText } from './real-lua';

const PROGRAMS = 120;
/** A few programs go on for long: those are left out. */
const LONGEST_OUTPUT = 50_000;

if (hasRealLua('random programs are not compared with it')) {
  test(`${PROGRAMS} random programs print what they print with the real Lua`, async () => {
    const random = new Randomness(20_24);
    let compared = 0;
    while (compared < PROGRAMS) {
      const source = new RandomProgram(random).write();
      const real = runRealLuaText(source, 300);
      if (real === null || real.stdout.length > LONGEST_OUTPUT) continue;
      const { stdout, error } = await runOnMachine(source, 'stdin');
      assert.is(stdout, real.stdout, source);
      assert.is(error, real.error, source);
      compared++;
    }
  });
}

test('the same seed gives the same program', () => {
  const write = () => new RandomProgram(new Randomness(7)).write();
  assert.is(write(), write());
});

test.run();
