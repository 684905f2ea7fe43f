// The README's own examples, run as a new user would: its JavaScript against the built package, its commands in a shell.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const readme = readFileSync('README.md', 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]!);
}

/** Runs a program of the README against the built package; its comments say what it prints. */
function runProgram(program: string, name: string): void {
  mkdirSync('.build/readme', { recursive: true });
  const path = `.build/readme/${name}.mjs`;
  const built = program
    .replace("'gazelle'", JSON.stringify(resolve('dist/index.js')))
    .replaceAll(/'gazelle\/(\w+)'/g, (_, entry) => JSON.stringify(resolve(`dist/${entry}.js`)));
  writeFileSync(path, built);
  const { stdout, stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  const expected = [...program.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g)].map((match) => match[1]!);
  assert.ok(expected.length >= 1);
  for (const line of expected) assert.ok(stdout.includes(line), `${line} in ${stdout}`);
}

test('its programs print what their comments say', () => {
  const programs = blocks('js');
  assert.is(programs.length, 3);
  for (const [index, program] of programs.entries()) runProgram(program, `tour-${index}`);
});

test('so does the one of docs/server.md', () => {
  const [program] = [...readFileSync('docs/server.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(
    ([, code]) => code!,
  );
  runProgram(program!, 'server');
});

/** The commands of one block that start our program, as lists of words. */
function commandsOf(block: string): string[][] {
  const lines = block.split('\n').filter((line) => line.startsWith('node '));
  return lines.map((line) => line.split(/\s+/).slice(1));
}

test('its commands run', () => {
  const [local] = blocks('sh').filter((block) => block.includes('gazelle.js run'));
  const statuses = commandsOf(local!).map(
    (words) => spawnSync(process.execPath, words, { encoding: 'utf8', input: '' }).status,
  );
  assert.equal(statuses, [0, 124, 0]);
});

test('its commands for a server run', async () => {
  const [remote] = blocks('sh').filter((block) => block.includes('npm start'));
  const child = spawn(process.execPath, ['dist/gazelle.js', 'serve', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url } = JSON.parse(
    await new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data)))),
  );
  const run = (words: string[]) => spawnSync(process.execPath, [...words, '--url', url], { encoding: 'utf8' });
  const [deployed, executed, listed] = commandsOf(remote!).map(run);
  child.kill('SIGTERM');
  assert.match(deployed!.stdout, /^deployed sieve-lua/);
  assert.equal(
    JSON.parse(executed!.stdout).map(({ value }: { value: number }) => value),
    Array(10).fill(2262),
  );
  assert.match(listed!.stdout, /^sieve-lua/);
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
