// docs/languages/sm.md is complete and right: its examples compile, and it names all there is.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SM_DIAGNOSTIC_CODES } from '../../../frontends/stack/index';
import { plainInstructions } from '../../../frontends/stack/instructions';
import { SYSCALLS } from '../../../vm/index';
import { compile } from './listing';

const text = readFileSync('docs/languages/sm.md', 'utf8');

test('its programs compile', () => {
  const programs = [...text.matchAll(/^```\n(.*?)^```/gms)].map(([, program]) => program!);
  const complete = programs.filter((program) => program.includes('func main('));
  assert.ok(complete.length >= 2);
  for (const program of complete) compile(program);
});

test('it names every diagnostic with its meaning', () => {
  for (const [code, meaning] of Object.entries(SM_DIAGNOSTIC_CODES)) {
    assert.ok(text.includes(`| \`sm.${code}\` | ${meaning} |`), code);
  }
});

test('it names every syscall', () => {
  for (const { name } of SYSCALLS) assert.ok(text.includes(`| \`${name}\` |`), name);
});

test('it names every instruction', () => {
  const words = new Set(text.split(/[^A-Za-z0-9_.]+/));
  for (const { name } of plainInstructions()) {
    const [type, ...rest] = name.split('.');
    const generic = rest.join('.').replace(/_[if](?:32|64)/, '_T');
    const isNamed = words.has(name) || words.has(rest.join('.')) || words.has(`${type}.${generic}`);
    assert.ok(isNamed, name);
  }
});

test.run();
