// The tables of errors: codes are unique, and none stands there that nothing raises.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMIT_ERRORS, MODULE_ERRORS, ModuleError, TRAP_COUNT, Trap, trapDefinition } from '../../vm/errors';

const sources = readdirSync('vm')
  .filter((name) => name.endsWith('.ts') && name !== 'errors.ts')
  .map((name) => readFileSync(`vm/${name}`, 'utf8'))
  .join('\n');

for (const code of Object.keys(MODULE_ERRORS)) {
  test(`${code} is raised somewhere`, () => {
    assert.ok(sources.includes(`'${code}'`));
  });
}

test('every trap has a code of its own', () => {
  const codes = Array.from({ length: TRAP_COUNT }, (_, number) => trapDefinition(number).code);
  assert.is(new Set(codes).size, TRAP_COUNT);
});

test('a trap that stands for a limit has that limit’s code', () => {
  assert.is(trapDefinition(Trap.STACK_OVERFLOW), LIMIT_ERRORS.stack);
  for (const [resource, definition] of Object.entries(LIMIT_ERRORS)) {
    assert.is(definition.resource, resource);
    assert.is(definition.code, `limit.${resource}`);
  }
});

test('a number that is no trap is reported as an invalid instruction', () => {
  assert.is(trapDefinition(TRAP_COUNT).code, 'trap.invalid_instruction');
  assert.is(trapDefinition(-1).code, 'trap.invalid_instruction');
});

test('a module error says what and where', () => {
  const error = new ModuleError('module.jump', 'to 7', { function: 2, pc: 3 });
  assert.is(error.message, 'jump to something that is not an instruction: to 7 (function 2, pc 3)');
  assert.is(error.name, 'ModuleError');
  assert.is(new ModuleError('module.checksum').message, 'wrong checksum');
});

test.run();
