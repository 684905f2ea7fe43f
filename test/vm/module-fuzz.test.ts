// Damaged modules: refused with a ModuleError, or accepted as what they are. Nothing else may come out.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeModule, encodeModule } from '../../vm/codec';
import { ModuleError } from '../../vm/errors';
import type { Module } from '../../vm/module';
import { verifyModule } from '../../vm/verifier';
import { fuzzRuns } from '../support/fuzz-runs';
import { mutateModule } from '../support/module-mutations';
import { Random } from '../support/random';
import { randomModule } from '../support/random-module';

const RUNS = fuzzRuns(20_000);
const modules = Array.from({ length: 400 }, (_, seed) => randomModule(seed));

test(`${RUNS} damaged modules are refused with a typed error or accepted`, () => {
  const codes = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(modules.length - 1), fc.integer(), (base, seed) => {
      const bytes = mutateModule(modules[base]!, new Random(seed));
      const outcome = accept(bytes);
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: RUNS },
  );
  const accepted = codes.get('accepted') ?? 0;
  // Both ways out are well used: the damage is neither harmless nor hopeless.
  assert.ok(accepted > RUNS / 20 && accepted < RUNS * 0.8, `${accepted} accepted`);
  assert.ok(codes.size > 20, [...codes].join(' '));
});

function accept(bytes: Uint8Array): string {
  let module: Module;
  try {
    module = decodeModule(bytes);
  } catch (error) {
    return codeOf(error);
  }
  assert.equal(encodeModule(module), bytes, 'the only encoding');
  try {
    verifyModule(module);
    return 'accepted';
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof ModuleError) return error.code;
  throw error;
}

test.run();
