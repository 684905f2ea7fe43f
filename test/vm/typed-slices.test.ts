// Random typed programs give the same results, traps, counts and memory under every slice, alone and among others.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HEADER } from '../../vm/layout';
import { DONE, FUEL } from '../../vm/signals';
import { neverUsed, randomTypedModule } from '../support/random-typed';
import { begin, finish, linkModule, type Outcome } from '../support/typed-program';

const SLICES = [1, 2, 3, 7, 100];
const OPTIONS = { memoryLimitBytes: 1 << 22 };

/** What must not depend on the slices. */
function essence({ signal, trap, results, instructions, context }: Outcome): unknown {
  const start = context.i32[HEADER.WINDOW] * 4;
  const bytes = context.u8.subarray(start, start + context.windowBytes);
  let checksum = 0;
  for (const byte of bytes) checksum = (Math.imul(checksum, 31) + byte) | 0;
  return { signal, trap, results, instructions, checksum, bytes: bytes.length, top: context.i32[HEADER.TOP] };
}

const arbitraryArguments = fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 3, maxLength: 3 });

test('slices change nothing', () => {
  let ended = 0;
  let instructions = 0;
  const property = fc.property(fc.nat(), arbitraryArguments, (seed, args) => {
    const program = linkModule(randomTypedModule(seed));
    const whole = finish(begin(program, { ...OPTIONS, args }));
    const wanted = essence(whole);
    for (const slice of SLICES) {
      const sliced = finish(begin(program, { ...OPTIONS, args }), { slice });
      assert.equal(essence(sliced), wanted, `seed ${seed}, slice ${slice}`);
      sliced.context.dispose();
    }
    if (whole.signal === DONE) ended++;
    instructions += whole.instructions;
    whole.context.dispose();
  });
  fc.assert(property, { numRuns: 300 });
  assert.ok(ended > 150, `${ended} of 300 ended without a trap`);
  assert.ok(instructions > 30_000, `${instructions} instructions in all`);
});

test('neighbours change nothing', () => {
  const programs = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => linkModule(randomTypedModule(seed)));
  const args = [1n, 2n, 3n];
  const alone = programs.map((program) => essence(finish(begin(program, { ...OPTIONS, args }))));
  const contexts = programs.map((program) => begin(program, { ...OPTIONS, args }));
  const totals = programs.map(() => 0);
  const outcomes: Outcome[] = [];
  for (let turn = 0; outcomes.filter(Boolean).length < programs.length; turn++) {
    const which = turn % programs.length;
    if (outcomes[which] !== undefined) continue;
    const slice = 5 + (turn % 13);
    const outcome = finish(contexts[which], { slice, limit: 1 });
    totals[which] += outcome.instructions;
    if (outcome.signal !== FUEL) outcomes[which] = { ...outcome, instructions: totals[which] };
  }
  assert.equal(outcomes.map(essence), alone);
});

test('the random programs use nearly every instruction', () => {
  const rest = neverUsed(Array.from({ length: 300 }, (_, seed) => randomTypedModule(seed)));
  const others = [
    'trap',
    'jump',
    'syscall',
    'intrinsic',
    'return',
    'return_value',
    'stack.allocate_dynamic',
    'stack.set',
  ];
  assert.equal(rest.sort(), others.sort());
});

test.run();
