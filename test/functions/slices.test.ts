// Every function of functions/ comes to the same with every slice: results, counts, memory, output. What they use of the
// languages' libraries is held to it with them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../../host/core/compile';
import { createSurroundings } from '../../host/core/event-loop';
import { type HttpClient, HttpPolicy } from '../../host/core/http';
import { InputReader } from '../../host/core/input';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { toPlain } from '../../host/core/plain-values';
import { MemoryStorage } from '../../host/core/storage';
import { SyscallHandlers } from '../../host/core/syscall-handlers';
import { textCodec } from '../../host/core/text';
import { type FunctionFolder, type FunctionSample, readFunctionFolders } from '../../host/node/function-folder';
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
  type Usage,
} from '../../vm/index';
import { WAITING } from '../../vm/scheduler';
import { UNLIMITED_CHARGES } from '../support/counted-charges';

const SLICES = [97, 30_011];
/** Slices for the short ones only: each turn takes its time. */
const TINY_SLICES = [1, 2, 7];
const SHORT = 50_000;

const languages = new Languages([]);
const pool = new RegionPool();
const surroundings = createSurroundings();

/** What a call meets outside of its heap: the same each time. */
function handlersFor(
  folder: FunctionFolder,
  args: readonly Uint8Array[],
  stdin: string,
  written: { 1: string; 2: string; log: string },
) {
  const answers = folder.service?.answers ?? {};
  const client: HttpClient = {
    async request({ url }) {
      const answer = answers[url.pathname];
      const body = textCodec.encode(JSON.stringify(answer ?? null));
      return { status: answer === undefined ? 404 : 200, headers: [], body: once(body) };
    },
  };
  return new SyscallHandlers({
    capabilities: new Set(folder.options.capabilities),
    charges: UNLIMITED_CHARGES,
    args: () => args,
    files: folder.options.files,
    functions: new Map(),
    input: new InputReader(stdin),
    output: (stream, bytes) => {
      written[stream] += textCodec.decodeLeniently(bytes);
      return undefined;
    },
    log: ({ level, message }) => {
      written.log += `${level} ${message}\n`;
      return undefined;
    },
    storage: new MemoryStorage(),
    http: { client, policy: HttpPolicy.of(folder.options.http) },
    invoke: async (_name, argument) => Number(argument) * 2,
    surroundings,
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** All that can be seen of a call but for its times. */
async function observe(program: Program, folder: FunctionFolder, sample: FunctionSample, slice: number) {
  const texts = sample.args ?? (sample.argument === undefined ? [] : [textOf(sample.argument)]);
  const written = { 1: '', 2: '', log: '' };
  const host = handlersFor(folder, texts.map(textCodec.encode), sample.stdin ?? '', written);
  let seen: { outcome: Outcome; usage: Usage } | undefined;
  let wake = () => {};
  const execution = new GuestExecution({
    program,
    pool,
    limits: DEFAULT_LIMITS,
    args: argumentsOf(program, sample),
    name: 'main',
    host,
    now: () => 0,
    wake: () => wake(),
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      seen = { outcome, usage };
    },
    failed: (error) => {
      throw error;
    },
  });
  for (let state = execution.run(slice, 0); state !== ENDED; state = execution.run(slice, 0)) {
    if (state === WAITING) await new Promise<void>((resolve) => (wake = resolve));
  }
  return { outcome: seen!.outcome, usage: seen!.usage, written, said: host.result };
}

/** What is compared is what the sample promises, not some failure that is the same each time. */
function checkExpected({ outcome, written, said }: Awaited<ReturnType<typeof observe>>, sample: FunctionSample): void {
  const { error, value, stdout, exitCode } = sample;
  const place = JSON.stringify(outcome);
  assert.is(outcome.status, error === undefined ? 'ok' : 'error', place);
  if (error !== undefined) assert.ok(outcome.error?.message.includes(error), place);
  if (value !== undefined) assert.equal(said ?? outcome.values[0], value, place);
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

for (const folder of readFunctionFolders('functions')) {
  const { options, samples } = folder;
  test(`${options.name} comes to the same with every slice`, async () => {
    const { language, source, files } = options;
    const { module } = compileSource(languages, { language, source, fileName: 'main', files });
    const program = link([...languages.find(language)!.library(), module], { intrinsics: INTRINSICS });
    const sample = samples[0]!;
    const expected = await observe(program, folder, sample, 2 ** 30);
    // Whom it calls is a stand-in, which answers something else.
    if (options.invoke === undefined) checkExpected(expected, sample);
    const slices = expected.usage.instructions < SHORT ? [...TINY_SLICES, ...SLICES] : SLICES;
    for (const slice of slices) {
      assert.equal(await observe(program, folder, sample, slice), expected, `slice ${slice}`);
    }
  });
}

test.run();
