// Every function of functions/ comes to the same with every slice: results, counts, memory, output. What they use of the
// languages' libraries is held to it with them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../../host/core/compile';
import { INTRINSICS, Languages } from '../../host/core/languages';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { toPlain } from '../../host/core/plain-values';
import { textCodec } from '../../host/core/text';
import { type FunctionSample, readFunctionFolders } from '../../host/node/function-folder';
import {
  ENDED,
  entrySignature,
  GuestExecution,
  type HostValue,
  hasValueEntry,
  link,
  type Outcome,
  type Program,
  RegionPool,
  type SyscallHost,
  type Usage,
} from '../../vm/index';

const SLICES = [97, 30_011];
/** Slices for the short ones only: each turn takes its time. */
const TINY_SLICES = [1, 2, 7];
const SHORT = 50_000;

const languages = new Languages([]);
const pool = new RegionPool();

/** Text arguments and standard input, all there at once; keeps what is written. */
class RecordedHost implements SyscallHost {
  readonly text = textCodec;
  /** What was written to standard output and to standard error. */
  readonly written = { 1: '', 2: '' };
  private readonly input: Uint8Array;
  private read = 0;

  constructor(
    private readonly args: readonly Uint8Array[],
    stdin: string,
  ) {
    this.input = textCodec.encode(stdin);
  }

  isGranted(): boolean {
    return true;
  }

  output(stream: 1 | 2, bytes: Uint8Array): undefined {
    this.written[stream] += textCodec.decodeLeniently(bytes);
    return undefined;
  }

  answer({ name }: { name: string }, args: readonly unknown[]): number | Uint8Array | null {
    if (name === 'argument_count') return this.args.length;
    if (name === 'argument_read') return pieceOf(this.args[args[0] as number]!, args[1] as number, args[2] as number);
    assert.is(name, 'read');
    const piece = pieceOf(this.input, this.read, args[1] as number);
    this.read += piece?.length ?? 0;
    return piece;
  }
}

function pieceOf(bytes: Uint8Array, offset: number, most: number): Uint8Array | null {
  return offset >= bytes.length ? null : bytes.subarray(offset, offset + most);
}

/** All that can be seen of a call but for its times. */
function observe(program: Program, sample: FunctionSample, slice: number) {
  const texts = sample.args ?? (sample.argument === undefined ? [] : [textOf(sample.argument)]);
  const host = new RecordedHost(texts.map(textCodec.encode), sample.stdin ?? '');
  let seen: { outcome: Outcome; usage: Usage } | undefined;
  const execution = new GuestExecution({
    program,
    pool,
    limits: DEFAULT_LIMITS,
    args: argumentsOf(program, sample),
    name: 'main',
    host,
    now: () => 0,
    wake: () => assert.unreachable('nothing waits here'),
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      seen = { outcome, usage };
    },
    failed: (error) => {
      throw error;
    },
  });
  while (execution.run(slice, 0) !== ENDED);
  return { outcome: seen!.outcome, usage: seen!.usage, written: host.written };
}

/** What is compared is what the sample promises, not some failure that is the same each time. */
function checkExpected({ outcome, written }: ReturnType<typeof observe>, sample: FunctionSample): void {
  const { error, value, stdout, exitCode } = sample;
  const place = JSON.stringify(outcome);
  assert.is(outcome.status, error === undefined ? 'ok' : 'error', place);
  if (error !== undefined) assert.ok(outcome.error?.message.includes(error), place);
  if (value !== undefined) assert.equal(outcome.values[0], value, place);
  if (stdout !== undefined) assert.is(written[1], stdout, place);
  if (exitCode !== undefined) assert.is(outcome.exitCode ?? 0, exitCode, place);
}

function textOf(argument: unknown): string {
  return typeof argument === 'string' ? argument : JSON.stringify(argument);
}

function argumentsOf(program: Program, { args, argument }: FunctionSample): readonly HostValue[] {
  if (args !== undefined) return hasValueEntry(program) ? args : [];
  if (argument === undefined) return [];
  if (hasValueEntry(program)) return [toPlain(argument)];
  if (takesNoParameters(program)) return [];
  return (Array.isArray(argument) ? argument : [argument]) as HostValue[];
}

/** C's entry has no parameters: its program asks for texts. */
function takesNoParameters(program: Program): boolean {
  return entrySignature(program)!.params.length === 0;
}

for (const { options, samples } of readFunctionFolders('functions')) {
  test(`${options.name} comes to the same with every slice`, () => {
    const { language, source, files } = options;
    const { module } = compileSource(languages, { language, source, fileName: 'main', files });
    const program = link([...languages.find(language)!.library(), module], { intrinsics: INTRINSICS });
    const sample = samples[0]!;
    const expected = observe(program, sample, 2 ** 30);
    checkExpected(expected, sample);
    const slices = expected.usage.instructions < SHORT ? [...TINY_SLICES, ...SLICES] : SLICES;
    for (const slice of slices) assert.equal(observe(program, sample, slice), expected, `slice ${slice}`);
  });
}

test.run();
