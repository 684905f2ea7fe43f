// The loops as they are shipped: opcode numbers and layout are literals, the bytecode is small enough to be optimised, and
// after training nothing that a guest does makes the host's compiler throw them away.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { disassembleModule } from '../../vm/disassembler';
import { RESULT_VALUES } from '../../vm/layout';
import type { Module } from '../../vm/module';
import { ValueOp } from '../../vm/opcode-numbers';
import { type Opcode, TYPED_OPCODES, VALUE_OPCODES } from '../../vm/opcodes';
import { RegionPool } from '../../vm/regions';
import { trainTyped } from '../../vm/training-typed';
import { trainValue } from '../../vm/training-value';
import { Stop } from '../../vm/value-loop';

/** V8 optimises no function whose own bytecode is longer than 60 KB; this leaves room. */
const MAXIMUM_BYTECODE = 48 * 1024;
const LOOPS = ['runTyped', 'runValue'];

/** The text of a top-level function of the shipped bundles. */
function builtFunction(name: string): string {
  for (const file of readdirSync('dist').filter((path) => path.endsWith('.js'))) {
    const text = readFileSync(`dist/${file}`, 'utf8');
    const start = text.indexOf(`\nfunction ${name}(`);
    if (start >= 0) return text.slice(start + 1, text.indexOf('\n}\n', start) + 2);
  }
  throw new Error(`no bundle in dist/ has ${name}: npm run build`);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

/** The labels of the big switch, as they are written. */
function labels(text: string): string[] {
  return [...text.matchAll(/\bcase ([^:]+):/g)].map(([, label]) => label.trim());
}

for (const name of LOOPS) {
  test(`${name}: every case label is a literal and stands there once`, () => {
    const found = labels(withoutComments(builtFunction(name)));
    for (const label of found) assert.match(label, /^\d+$/);
    assert.is(new Set(found).size, found.length);
    const count = (name === 'runTyped' ? TYPED_OPCODES : VALUE_OPCODES).length;
    for (const label of found) assert.ok(Number(label) < count || Number(label) === Stop.ENTER, label);
  });

  test(`${name}: no constant of the layout is left for run time`, () => {
    const names = [...withoutComments(builtFunction(name)).matchAll(/\b[A-Z][A-Z0-9_]{2,}\b/g)].map(([word]) => word);
    assert.equal([...new Set(names)], []);
  });
}

test('a `call` instruction is the word that says what becomes of its results', () => {
  assert.is(RESULT_VALUES, ValueOp.CALL);
});

test('the typed loop has a case for every typed instruction but `extra`, which is none', () => {
  const found = labels(withoutComments(builtFunction('runTyped'))).map(Number);
  assert.equal(
    found.sort((left, right) => left - right),
    TYPED_OPCODES.filter(({ mnemonic }) => mnemonic !== 'extra').map(({ number }) => number),
  );
});

test('training takes the loops through every instruction of the tables', () => {
  const pool = new RegionPool();
  const trained: readonly [Module, readonly Opcode[]][] = [
    [trainTyped(pool), TYPED_OPCODES],
    [trainValue(pool), VALUE_OPCODES],
  ];
  for (const [module, opcodes] of trained) {
    const met = new Set(
      disassembleModule(module)
        .match(/^ +[a-z_0-9.]+/gm)
        ?.map((word) => word.trim()),
    );
    // `extra` holds operands of the instruction before it.
    const missing = opcodes.filter(({ mnemonic }) => mnemonic !== 'extra' && !met.has(mnemonic));
    assert.equal(
      missing.map(({ mnemonic }) => mnemonic),
      [],
    );
  }
});

function node(flags: readonly string[], script: string): string {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, '--input-type=module', '-e', script],
    options,
  );
  assert.is(status, 0, stderr);
  return stdout;
}

test('the bytecode of both loops is below 48 KB', () => {
  for (const name of LOOPS) {
    const script = "import { trainLoops } from './dist/vm.js'; trainLoops();";
    const output = node(['--print-bytecode', `--print-bytecode-filter=${name}`], script);
    const length = Number(/Bytecode length: (\d+)/.exec(output)?.[1]);
    assert.ok(length > 5000 && length < MAXIMUM_BYTECODE, `${name}: ${length}`);
  }
});

/** Runs all functions of functions/ with their samples, and the attacks, several times; traces the compiler from then on. */
const WORKLOAD = `
import { setFlagsFromString } from 'node:v8';
import { readFileSync, readdirSync } from 'node:fs';
import { createHost } from './dist/index.js';
const host = await createHost({ workers: 0 });
// The compiler may still be at work on what training has shown it: let it end, and its work be taken up.
const source = 'local sum = 0 for i = 1, 1e5 do sum = sum + i end return sum';
for (let round = 0; round < 20; round++) {
  await host.run({ language: 'lua', source });
  await host.run({ language: 'c', source: 'int main(void) { int sum = 0; for (int i = 0; i < 100000; i++) sum += i; return sum & 1; }' });
  await new Promise((resolve) => setTimeout(resolve, 100));
}
setFlagsFromString('--trace-deopt');
const limits = { instructions: 3_000_000, memoryBytes: 16 << 20 };
const deployed = [];
for (const folder of readdirSync('functions').sort()) {
  const manifest = JSON.parse(readFileSync('functions/' + folder + '/manifest.json', 'utf8'));
  const source = readFileSync('functions/' + folder + '/' + manifest.entry, 'utf8');
  const { language, capabilities, samples } = manifest;
  deployed.push({ samples, run: await host.deploy({ name: folder, language, source, capabilities, limits }) });
}
for (const file of readdirSync('test/attacks').filter((path) => /\\.(c|lua|sm)$/.test(path)).sort()) {
  const language = file.split('.').pop();
  const source = readFileSync('test/attacks/' + file, 'utf8');
  deployed.push({ samples: [{}], run: await host.deploy({ name: file, language, source, limits }) });
}
for (let round = 0; round < 3; round++) {
  for (const { run, samples } of deployed) {
    for (const { argument, args, stdin } of samples) await run.execute(argument, { args, stdin });
  }
}
await host.close();
`;

test('both loops are optimised, and after training no guest makes the compiler throw them away', () => {
  const output = node(['--trace-opt'], WORKLOAD);
  for (const name of LOOPS) {
    assert.match(output, new RegExp(`completed optimizing .*JSFunction ${name} `), `${name} is not optimised`);
    const bailouts = output
      .split('\n')
      .filter((line) => line.includes('bailout') && line.includes(`JSFunction ${name} `));
    assert.equal(bailouts, [], `${name} was thrown away`);
  }
});

test.run();
