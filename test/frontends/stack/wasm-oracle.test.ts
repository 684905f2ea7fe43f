// Every numeric and memory instruction of sm gives what the host's own WebAssembly gives, on edge values: computed from
// registers, with a constant on either side, and fused with a branch. All of WebAssembly's are there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type InstructionDefinition, plainInstructions } from '../../../frontends/stack/instructions';
import type { ValueType } from '../../../vm/index';
import { EDGE_VALUES, literalOf } from './edge-values';
import { compile } from './listing';
import { TypedRunner } from './typed-runner';
import { WasmOracle, type Words } from './wasm-module';
import { WASM_OPCODES } from './wasm-opcodes';

const definitions = plainInstructions().filter(({ name }) => WASM_OPCODES.has(name));
const numeric = definitions.filter(({ lowering }) => lowering.kind === 'operation' || lowering.kind === 'rename');
const oracle = new WasmOracle(
  numeric.map(({ name, params, results }) => ({ params, result: results[0]!, body: WASM_OPCODES.get(name)! })),
);

test('sm has all numeric and memory instructions of WebAssembly', () => {
  const names = new Set(plainInstructions().map(({ name }) => name));
  assert.equal(
    [...WASM_OPCODES.keys()].filter((name) => !names.has(name)),
    [],
  );
  assert.is(WASM_OPCODES.size, 23 + 123 + 5 + 8);
});

numeric.forEach((definition, index) => {
  test(`${definition.name} computes from registers`, () => {
    const runner = runnerOf(definition, definition.params, definition.params.map((_, i) => `p${i}`).join(' '));
    for (const args of argumentsOf(definition.params)) check(definition, index, args, runner.run(args));
  });

  if (definition.params.length === 2) {
    test(`${definition.name} computes with constants`, () => {
      const [type] = definition.params;
      for (const constant of EDGE_VALUES[type!].constants) {
        const literal = `${type}.const ${literalOf(constant, type!)}`;
        const right = runnerOf(definition, [type!], `p0 ${literal}`);
        const left = runnerOf(definition, [type!], `${literal} p0`);
        for (const value of EDGE_VALUES[type!].all) {
          check(definition, index, [value, constant], right.run([value]));
          check(definition, index, [constant, value], left.run([value]));
        }
      }
    });
  }

  if (definition.results[0] === 'i32' && /\.(eqz|eq|ne|[lg][te])/.test(definition.name)) {
    test(`${definition.name} decides branches`, () => checkBranches(definition, index));
  }
});

function checkBranches(definition: InstructionDefinition, index: number): void {
  const { name, params } = definition;
  const operands = params.map((_, i) => `p${i}`).join(' ');
  const branch = branchRunner(params, `${operands} ${name}`);
  const opposite = branchRunner(params, `${operands} ${name} i32.eqz`);
  for (const args of argumentsOf(params)) {
    const [expected] = oracle.call(index, args)!;
    assert.is(branch.run(args)![0], expected);
    assert.is(opposite.run(args)![0], 1 - expected);
  }
  const [type] = params;
  if (params.length < 2) return;
  for (const constant of EDGE_VALUES[type!].constants) {
    const literal = `${type}.const ${literalOf(constant, type!)}`;
    const right = branchRunner([type!], `p0 ${literal} ${name}`);
    const left = branchRunner([type!], `${literal} p0 ${name} i32.eqz`);
    for (const value of EDGE_VALUES[type!].all) {
      assert.is(right.run([value])![0], oracle.call(index, [value, constant])![0]);
      assert.is(left.run([value])![0], 1 - oracle.call(index, [constant, value])![0]);
    }
  }
}

const MEMORY_START = 1024;
const MEMORY_BYTES = 32;
const bytes = Array.from({ length: MEMORY_BYTES }, (_, i) => (i * 37 + 0x7e) & 0xff);
const data = `data memory_ = i8 ${bytes.join(' ')}`;
const NO_OPERANDS = [0, 0];

for (const { name, params, results } of definitions.filter(({ lowering }) => lowering.kind === 'load')) {
  test(`${name} loads from any address`, () => {
    const wasm = new WasmOracle([{ params, result: results[0]!, body: [...WASM_OPCODES.get(name)!, ...NO_OPERANDS] }]);
    wasm.memory.set(bytes, MEMORY_START);
    const source = `${data}\nfunc main(a: i32) -> ${results[0]}\na ${name}\nend`;
    const shifted = `${data}\nfunc main(a: i32) -> ${results[0]}\na 3 i32.sub ${name} offset=3\nend`;
    const runners = [source, shifted].map((text) => new TypedRunner(compile(text)));
    for (let address = MEMORY_START + 3; address <= MEMORY_START + MEMORY_BYTES - 8; address++) {
      const expected = wasm.call(0, [[address, 0]]);
      for (const runner of runners) assert.equal(trimmed(runner.run([[address, 0]]), results[0]!), expected);
    }
    assert.is(runners[0]!.run([[MEMORY_START - 1, 0]]), null);
    assert.is(runners[0]!.run([[MEMORY_START + MEMORY_BYTES, 0]]), null);
    assert.is(runners[1]!.run([[2, 0]]), null, 'the offset does not wrap');
  });
}

for (const { name, params } of definitions.filter(({ lowering }) => lowering.kind === 'store')) {
  test(`${name} stores to any address`, () => {
    const wasm = new WasmOracle([{ params, result: null, body: [...WASM_OPCODES.get(name)!, ...NO_OPERANDS] }]);
    const source = `${data}\nfunc main(a: i32, v: ${params[1]})\na v ${name}\nend`;
    const runner = new TypedRunner(compile(source));
    for (let address = MEMORY_START; address <= MEMORY_START + MEMORY_BYTES - 8; address += 3) {
      for (const value of EDGE_VALUES[params[1]!].all) {
        wasm.memory.set(bytes, MEMORY_START);
        wasm.call(0, [[address, 0], value]);
        runner.run([[address, 0], value]);
        const expected = wasm.memory.subarray(MEMORY_START, MEMORY_START + MEMORY_BYTES);
        const actual = runner.memory.subarray(MEMORY_START, MEMORY_START + MEMORY_BYTES);
        assert.is(`${actual}`, `${expected}`);
      }
    }
  });
}

function runnerOf(
  { name, results }: InstructionDefinition,
  params: readonly ValueType[],
  operands: string,
): TypedRunner {
  return new TypedRunner(compile(`func main(${parameterList(params)}) -> ${results[0]}\n${operands} ${name}\nend`));
}

function branchRunner(params: readonly ValueType[], condition: string): TypedRunner {
  const body = `${condition} br_if taken\n0 return\ntaken: 1`;
  return new TypedRunner(compile(`func main(${parameterList(params)}) -> i32\n${body}\nend`));
}

function parameterList(params: readonly ValueType[]): string {
  return params.map((type, i) => `p${i}: ${type}`).join(', ');
}

/** All edge values; of pairs those in which every value meets every third, on either side. */
function argumentsOf([first, second]: readonly ValueType[]): Words[][] {
  const { all } = EDGE_VALUES[first!];
  if (second === undefined) return all.map((value) => [value]);
  return all.flatMap((left, i) =>
    EDGE_VALUES[second].all.filter((_, j) => (i + j) % 3 === 0).map((right) => [left, right]),
  );
}

/** Instructions that only move a float's bits keep those of a NaN; all others give the canonical one. */
const KEEPS_BITS = /\.(abs|neg|copysign|reinterpret)/;

function check(
  { name, results }: InstructionDefinition,
  index: number,
  args: readonly Words[],
  actual: Words | null,
): void {
  const type = results[0]!;
  const expected = oracle.call(index, args);
  const isCanonical = expected !== null && isNaNOf(expected, type) && !KEEPS_BITS.test(name);
  const right = isCanonical ? CANONICAL_NANS[type] : expected;
  if (!isSame(trimmed(actual, type), right)) {
    assert.unreachable(`${name} ${JSON.stringify(args)} is ${right}, not ${actual}`);
  }
}

/** Faster than assert.equal, which is what most of the time would go into. */
function isSame(left: Words | null, right: Words | null | undefined): boolean {
  if (left === null || !right) return left === right;
  return left[0] === right[0] && left[1] === right[1];
}

const CANONICAL_NANS: Readonly<Record<string, Words>> = { f32: [0x7fc00000, 0], f64: [0, 0x7ff80000] };

function isNaNOf([low, high]: Words, type: ValueType): boolean {
  if (type === 'f32') return (low & 0x7fffffff) > 0x7f800000;
  if (type !== 'f64') return false;
  const top = high & 0x7fffffff;
  return top > 0x7ff00000 || (top === 0x7ff00000 && low !== 0);
}

/** The words that count: of 32-bit types the low one. */
function trimmed(words: Words | null, type: ValueType): Words | null {
  return words && (type === 'i32' || type === 'f32') ? [words[0], 0] : words;
}

test.run();
