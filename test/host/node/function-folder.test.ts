// Function folders that cannot be deployed are refused with the file, the field and the reason; good ones are read whole.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  answerOf,
  FunctionFolderError,
  type FunctionFolderErrorCode,
  readFunctionFolder,
  readFunctionFolders,
} from '../../../host/node/function-folder';

const root = mkdtempSync(join(tmpdir(), 'gazelle-folder-'));
test.after(() => rmSync(root, { recursive: true }));

const good = {
  name: 'double',
  description: 'Doubles a number.',
  language: 'lua',
  entry: 'main.lua',
  limits: { instructions: 1000, memoryBytes: 65536 },
  capabilities: ['clock'],
  samples: [
    { argument: 21, value: 42 },
    { args: ['x'], stdin: '', error: 'no number' },
  ],
};

let folders = 0;

function makeFolder(manifest: unknown): string {
  const folder = join(root, `folder-${folders++}`);
  mkdirSync(join(folder, 'parts'), { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  writeFileSync(join(folder, 'main.lua'), 'return 2 * (...)');
  writeFileSync(join(folder, 'parts', 'table.bin'), Uint8Array.of(0, 255));
  return folder;
}

test('reads the manifest, the source and the other files', () => {
  const folder = makeFolder(good);
  const read = readFunctionFolder(folder);
  assert.is(read.folder, folder);
  assert.is(read.entry, 'main.lua');
  assert.is(read.description, good.description);
  assert.equal(read.samples, good.samples);
  const { files, ...options } = read.options;
  assert.equal(options, {
    name: 'double',
    language: 'lua',
    source: 'return 2 * (...)',
    limits: good.limits,
    capabilities: ['clock'],
  });
  assert.equal(Object.keys(files), ['parts/table.bin']);
  assert.equal([...files['parts/table.bin']!], [0, 255]);
});

test('does not follow symbolic links out of the folder', () => {
  const folder = makeFolder(good);
  symlinkSync(join(folder, 'main.lua'), join(folder, 'link.lua'));
  assert.equal(Object.keys(readFunctionFolder(folder).options.files), ['parts/table.bin']);
});

const { entry: _, ...withoutEntry } = good;
const refused: [why: string, manifest: unknown, code: FunctionFolderErrorCode, field: string, reason: RegExp][] = [
  ['text that is not JSON', '{', 'not-json', '', /is not JSON/],
  ['a manifest that is no object', [], 'invalid', '', /must be an object/],
  ['a missing field', withoutEntry, 'invalid', 'entry', /is missing/],
  ['an unknown field', { ...good, limit: 1 }, 'invalid', 'limit', /no field here; known are name/],
  ['a name that is no text', { ...good, name: 7 }, 'invalid', 'name', /must be a string/],
  ['a name with a slash', { ...good, name: 'a/b' }, 'invalid', 'name', /must match/],
  ['an empty language', { ...good, language: '' }, 'invalid', 'language', /must not be empty/],
  ['an entry outside the folder', { ...good, entry: '../main.lua' }, 'invalid', 'entry', /must match/],
  ['an entry that is not there', { ...good, entry: 'start.lua' }, 'invalid', 'entry', /no file 'start.lua'/],
  ['a limit of zero', { ...good, limits: { instructions: 0 } }, 'invalid', 'limits.instructions', /from 1 on/],
  ['a limit that is a fraction', { ...good, limits: { memoryBytes: 1.5 } }, 'invalid', 'limits.memoryBytes', /whole/],
  ['an unknown limit', { ...good, limits: { memory: 1 } }, 'invalid', 'limits.memory', /no field here/],
  ['a capability that is no text', { ...good, capabilities: ['a', 1] }, 'invalid', 'capabilities[1]', /a string/],
  ['samples that are no list', { ...good, samples: {} }, 'invalid', 'samples', /must be a list/],
  [
    'a sample that expects nothing',
    { ...good, samples: [{ argument: 1 }] },
    'invalid',
    'samples[0]',
    /expects nothing/,
  ],
  [
    'args that are no texts',
    { ...good, samples: [{ args: [1], value: 1 }] },
    'invalid',
    'samples[0].args[0]',
    /string/,
  ],
];

for (const [why, manifest, code, field, reason] of refused) {
  test(`refuses ${why}`, () => {
    const folder = makeFolder(manifest);
    const error = caught(() => readFunctionFolder(folder));
    assert.is(error.code, code);
    assert.is(error.field, field);
    assert.is(error.file, join(folder, 'manifest.json'));
    assert.match(error.reason, reason);
    assert.ok(error.message.startsWith(`${error.file}: ${field}`), error.message);
  });
}

test('says which file cannot be read, and keeps the cause', () => {
  const missing = join(root, 'nowhere');
  const error = caught(() => readFunctionFolder(missing));
  assert.is(error.code, 'unreadable');
  assert.is(error.file, join(missing, 'manifest.json'));
  assert.is((error.cause as NodeJS.ErrnoException).code, 'ENOENT');
});

test('reads all folders of a root by name, and refuses one without a manifest', () => {
  const many = join(root, 'many');
  for (const name of ['b', 'a']) {
    mkdirSync(join(many, name), { recursive: true });
    writeFileSync(join(many, name, 'manifest.json'), JSON.stringify({ ...good, name }));
    writeFileSync(join(many, name, 'main.lua'), '');
  }
  assert.equal(
    readFunctionFolders(many).map((folder) => folder.options.name),
    ['a', 'b'],
  );
  mkdirSync(join(many, 'c'));
  assert.is(caught(() => readFunctionFolders(many)).file, join(many, 'c', 'manifest.json'));
});

test('takes what was printed, or else the value, as the answer', () => {
  assert.is(answerOf({ stdout: '42\n', value: 0 }), '42');
  assert.is(answerOf({ stdout: '', value: 42 }), '42');
  assert.is(answerOf({ stdout: '', value: 'text' }), 'text');
  assert.is(answerOf({ stdout: '', value: { a: [1] } }), '{"a":[1]}');
  assert.is(answerOf({ stdout: '' }), '');
});

function caught(act: () => unknown): FunctionFolderError {
  try {
    act();
  } catch (error) {
    assert.instance(error, FunctionFolderError);
    return error as FunctionFolderError;
  }
  throw new Error('nothing was thrown');
}

test.run();
