// What the build computes of the libraries: the same as their sources give, and of use in the first deployment.
import { Session } from 'node:inspector/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import cDefinitions from '../../../.build/library/c-definitions.txt';
import luaLibrary from '../../../.build/library/lua-modules.txt';
import { libraryDefinitions } from '../../../frontends/c/index';
import { definitionsToText, modulesToText, textToModules } from '../../../host/core/built-text';
import { createHost } from '../../../host/core/index';
import { compileLuaLibrary } from '../../../host/core/lua-library';

import { C_LIBRARY } from '../../../stdlib/c/index';
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

test("compiles no more of C's library in the first deployment than it needs", async () => {
  const host = await createHost();
  const calls = await callsOf('compileUnitOfLibrary', async () => {
    const { exitCode } = await host.run({ language: 'c', source: 'int main(void) { return 3; }' });
    assert.is(exitCode, 3);
  });
  // The start, the end, and the streams that are flushed at the end.
  assert.is(calls, 3);
  await host.close();
});

test("knows where C's library defines what now, each name once", () => {
  const definitions = libraryDefinitions(C_LIBRARY);
  assert.is(definitionsToText(definitions), cDefinitions);
  assert.is(definitions.get('printf'), 'stdio-printf.c');
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
