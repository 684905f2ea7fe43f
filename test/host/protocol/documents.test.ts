// What the protocol's tables and the documents say of the server is there: errors are raised, options exist.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST_ERRORS } from '../../../host/core/errors';
import { METHODS, PROTOCOL_ERRORS } from '../../../host/protocol/index';
import { SNAPSHOT_ERRORS } from '../../../vm/snapshot-errors';

const server = readdirSync('host/node/server')
  .map((name) => readFileSync(`host/node/server/${name}`, 'utf8'))
  .join('\n');

test('every error has a number that JSON-RPC allows, and is raised somewhere', () => {
  for (const [code, { number }] of Object.entries(PROTOCOL_ERRORS)) {
    const isStandard = [-32700, -32600, -32601, -32602, -32603].includes(number);
    assert.ok(isStandard || (number <= -32000 && number >= -32099), code);
    if (!(code in HOST_ERRORS) && !(code in SNAPSHOT_ERRORS)) assert.ok(server.includes(`'${code}'`), code);
  }
});

test('every error that a method names exists, and every error of the server belongs to a method or to all', () => {
  const named = new Set(Object.values(METHODS).flatMap(({ errors }) => errors as readonly string[]));
  for (const code of named) assert.ok(code in PROTOCOL_ERRORS, code);
  for (const code of Object.keys(PROTOCOL_ERRORS)) {
    const isOfAll = /^(message|method|params)\.|^server\.failed$|^host\.closed$/.test(code);
    // Host functions cannot be deployed to a server, which always has shared memory.
    assert.ok(isOfAll || named.has(code) || ['deploy.functions', 'host.shared_memory'].includes(code), code);
  }
});

test('docs/server.md and docs/command-line.md name every option', () => {
  const text = readFileSync('docs/server.md', 'utf8');
  const options = /export interface ServeOptions \{([\s\S]*?)\n\}/.exec(server)![1]!;
  const names = [...options.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name!);
  assert.ok(names.length >= 8);
  for (const name of names) assert.match(text, `\`${name}\``);
  const commands = readFileSync('docs/command-line.md', 'utf8');
  const files = readdirSync('host/node').filter((name) => /command-line\.ts$|^shared-options\.ts$/.test(name));
  const sources = files.map((name) => readFileSync(`host/node/${name}`, 'utf8')).join('\n');
  const flags = [...sources.matchAll(/option\('(?:-\w, )?(--[\w-]+)/g)];
  assert.ok(flags.length >= 25);
  for (const [, flag] of flags) if (!['--follow', '--count'].includes(flag!)) assert.match(commands, flag!);
});

test.run();
