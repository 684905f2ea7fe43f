// The guest test files: they compile to modules that the verifier accepts, do on the machine what they expect, and the
// real lua5.4 agrees with them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLua } from '../../../frontends/lua/index';
import { verifyModule } from '../../../vm/verifier';
import { outputLines, readGuestCases } from './guest-case';
import { runOnMachine } from './machine';
import { hasRealLua, runRealLua } from './real-lua';

const cases = readGuestCases('test/cases/lua');
const compareWithRealLua = hasRealLua('guest test files are not compared with it');

for (const guestCase of cases) {
  const { path, fileName, source, output, error, hasOracle } = guestCase;

  test(`${path} compiles to a module that the verifier accepts`, () => {
    const { module, diagnostics } = compileLua(source, { fileName });
    assert.equal(diagnostics, []);
    verifyModule(module!);
  });

  test(`${path} does on the machine what it expects`, async () => {
    const result = await runOnMachine(source, fileName);
    assert.equal(outputLines(result.stdout), output);
    assert.is(result.error, error);
  });

  if (hasOracle && compareWithRealLua) {
    test(`${path} expects what the real Lua does`, () => {
      const real = runRealLua(path);
      assert.equal(outputLines(real.stdout), output);
      assert.is(real.error, error);
    });
  }
}

test.run();
