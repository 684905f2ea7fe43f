// Lua's library as the build has compiled it: the same as its sources give, and never compiled again.
import { Session } from 'node:inspector/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import luaLibrary from '../../../.build/library/lua.modules';
import { createHost } from '../../../host/core/index';
import { compileLuaLibrary } from '../../../host/core/lua-library';
import { modulesToText, textToModules } from '../../../host/core/module-text';
import { encodeModule, moduleHash } from '../../../vm/index';

/** How often the functions of that name were called while `work` ran. */
async function callsOf(name: string, work: () => Promise<unknown>): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const called = result.flatMap(({ functions }) => functions.filter(({ functionName }) => functionName === name));
  return called.reduce((sum, { ranges }) => sum + ranges[0]!.count, 0);
}

test('parses nothing but the function in the first deployment of a process', async () => {
  const host = await createHost();
  const calls = await callsOf('runParser', async () => {
    const { value } = await host.run({ language: 'lua', source: 'return #("x"):rep(3)' });
    assert.is(value, 3);
  });
  assert.is(calls, 1);
  await host.close();
});

test('was compiled from the sources that are there now', () => {
  const hashes = (modules: ReturnType<typeof textToModules>) =>
    modules.map((module) => moduleHash(encodeModule(module)));
  assert.equal(hashes(textToModules(luaLibrary)), hashes(compileLuaLibrary()));
});

test('is the same text whenever it is compiled', () => {
  assert.is(modulesToText(compileLuaLibrary()), luaLibrary);
});

test.run();
