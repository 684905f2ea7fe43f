// Programs that are stopped after every so many instructions, saved and restored from bytes come to the same results, output,
// counts and peaks as those that run through.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { INTRINSICS } from '../../host/core/languages';
import { toPlain } from '../../host/core/plain-values';
import { textCodec } from '../../host/core/text';
import { type FunctionSample, readFunctionFolders } from '../../host/node/function-folder';
import {
  entrySignature,
  type HostValue,
  hasValueEntry,
  link,
  ModuleError,
  type Program,
  verifyModule,
} from '../../vm/index';
import { randomModule } from '../support/random-module';
import { randomTypedModule } from '../support/random-typed';
import { makeProgram, RecordedHost, runSaved, type SavedRun } from '../support/snapshots';
import { VALUE_SNIPPETS } from '../support/value-snippets';

type Case = Omit<SavedRun, 'host' | 'every'> & { readonly host: () => RecordedHost };

async function compare(run: Case, steps: (instructions: number) => readonly number[], what: string): Promise<number> {
  const whole = run.host();
  const { outcome, usage } = await runSaved({ ...run, host: whole });
  let snapshots = 0;
  for (const every of steps(usage.instructions)) {
    const host = run.host();
    const saved = await runSaved({ ...run, host, every });
    assert.equal(saved.outcome, outcome, `${what}, every ${every}`);
    assert.equal(saved.usage, usage, `${what}, every ${every}`);
    assert.is(host.written, whole.written, `${what}, every ${every}`);
    snapshots += saved.snapshots;
  }
  return snapshots;
}

test('random typed programs', async () => {
  let snapshots = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const module = randomTypedModule(seed);
    verifyModule(module);
    const run = { program: link([module]), host: () => new RecordedHost(), args: [seed, -seed, seed * 77] };
    const limits = { instructions: 100_000, memoryBytes: 1 << 22 };
    snapshots += await compare(
      { ...run, limits },
      (n) => (n < 1000 ? [1, 7, 100] : [7 + (n >> 6), 1 + (n >> 3)]),
      `${seed}`,
    );
  }
  assert.ok(snapshots > 2000, `${snapshots}`);
});

test('random modules of both families', async () => {
  let ran = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const program = linkRandom(seed);
    if (program === null || program.entry < 0) continue;
    const args = hasValueEntry(program) ? [seed, 'x'] : entrySignature(program)!.params.map(() => seed);
    const run = { program, args, host: () => new RecordedHost(), limits: { instructions: 3000, memoryBytes: 1 << 20 } };
    await compare(run, () => [1, 13], `${seed}`);
    ran++;
  }
  assert.ok(ran > 50, `${ran}`);
});

function linkRandom(seed: number): Program | null {
  try {
    const module = randomModule(seed);
    verifyModule(module);
    return link([module], { intrinsics: INTRINSICS });
  } catch (error) {
    if (error instanceof ModuleError) return null;
    throw error;
  }
}

test('snippets of Lua that take every path of the value loop', async () => {
  for (const source of VALUE_SNIPPETS) {
    const run = {
      program: makeProgram('lua', source),
      host: () => new RecordedHost(),
      limits: { instructions: 200_000, memoryBytes: 1 << 24 },
    };
    await compare(run, (n) => [1 + (n >> 7), 17 + (n >> 5)], source.slice(0, 60));
  }
});

function argumentsOf(program: Program, { args, argument }: FunctionSample): readonly HostValue[] {
  if (args !== undefined) return hasValueEntry(program) ? args : [];
  if (argument === undefined) return [];
  if (hasValueEntry(program)) return [toPlain(argument)];
  return entrySignature(program)!.params.map(() => argument as HostValue);
}

for (const { options, samples } of readFunctionFolders('functions')) {
  test(`the function ${options.name}`, async () => {
    const { language, source } = options;
    const program = makeProgram(language!, source!);
    const sample = samples[0]!;
    const { args = sample.argument === undefined ? [] : [textOf(sample.argument)], stdin } = sample;
    const host = () => new RecordedHost(args.map(textCodec.encode), stdin);
    const run = { program, host, args: argumentsOf(program, sample) };
    const snapshots = await compare(run, (n) => [1 + (n >> 7), 3 + Math.floor(n / 29)], options.name!);
    assert.ok(snapshots > 20, `${snapshots}`);
  });
}

function textOf(argument: unknown): string {
  return typeof argument === 'string' ? argument : JSON.stringify(argument);
}

test.run();
