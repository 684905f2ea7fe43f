// The README's own examples, run as a new user would: its JavaScript against the built package, its commands in a shell.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const readme = readFileSync('README.md', 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]!);
}

test('its program prints what its comments say', () => {
  const [program] = blocks('js');
  mkdirSync('.build/readme', { recursive: true });
  const path = '.build/readme/tour.mjs';
  writeFileSync(path, program!.replace("'gazelle'", JSON.stringify(resolve('dist/index.js'))));
  const { stdout, stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  const expected = [...program!.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g)].map((match) => match[1]!);
  assert.ok(expected.length >= 2);
  for (const line of expected) assert.ok(stdout.includes(line), `${line} in ${stdout}`);
});

test('its commands run', () => {
  const commands = blocks('sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('node '));
  assert.ok(commands.length >= 3);
  const statuses = commands.map((line) => {
    const [, ...words] = line.split(/\s+/);
    return spawnSync(process.execPath, words, { encoding: 'utf8', input: '' }).status;
  });
  assert.equal(statuses, [0, 124, 0]);
});

test('every document that it names is there', () => {
  const paths = [...readme.matchAll(/\]\(([^)]+\.md)\)/g)].map((match) => match[1]!);
  assert.ok(paths.length >= 8);
  assert.equal(
    paths.filter((path) => !existsSync(path)),
    [],
  );
});

test.run();
