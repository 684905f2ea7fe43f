// Random functions give the same result and leave the same memory in sm and in the host's WebAssembly: whatever the
// compiler delays, moves or leaves out.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../support/random';
import { compile } from './listing';
import { HELPER, MEMORY_ADDRESS, MEMORY_LENGTH, RANDOM_PARAMS, RandomCode } from './random-code';
import { TypedRunner } from './typed-runner';
import { WasmOracle, type Words } from './wasm-module';

const FUNCTIONS = 400;
const CALLS = 4;

test(`${FUNCTIONS} random functions do what WebAssembly's do`, () => {
  for (let seed = 1; seed <= FUNCTIONS; seed++) compare(seed);
});

function compare(seed: number): void {
  const random = new Random(seed);
  const { text, body } = new RandomCode(random).generate(20 + random.below(150));
  const params = RANDOM_PARAMS.map((type, i) => `p${i}: ${type}`).join(', ');
  const source = `reserve room ${MEMORY_LENGTH}\nfunc main(${params}) -> i64\n${text}\nend\n${HELPER.text}`;
  const runner = new TypedRunner(compile(source));
  for (let call = 0; call < CALLS; call++) {
    const args = RANDOM_PARAMS.map((type): Words => [random.int32(), type === 'i64' ? random.int32() : 0]);
    const oracle = new WasmOracle([
      { params: RANDOM_PARAMS, result: 'i64', body },
      { params: ['i32', 'i32'], result: 'i32', body: HELPER.body },
    ]);
    const expected = oracle.call(0, args);
    const actual = runner.run(args);
    const memory = oracle.memory.slice(MEMORY_ADDRESS, MEMORY_ADDRESS + MEMORY_LENGTH);
    const message = `seed ${seed}, ${JSON.stringify(args)}: ${expected}, not ${actual}\n${source}`;
    assert.is(`${actual}`, `${expected}`, message);
    assert.is(`${runner.memory.slice(MEMORY_ADDRESS, MEMORY_ADDRESS + MEMORY_LENGTH)}`, `${memory}`, message);
  }
}

test.run();
