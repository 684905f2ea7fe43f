// The guest files of Lua with a collection at every allocation, in small slices: their output is the same, and the heap
// is sound whenever a turn ends outside a collection. What the loop forgets to keep in a register shows up here.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../../host/core/compile';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { compileLuaChunk } from '../../host/core/lua-library';
import { textCodec } from '../../host/core/text';
import type { Context } from '../../vm/context';
import { GuestExecution, link, type Outcome, type Program, READY, RegionPool, type SyscallHost } from '../../vm/index';
import { HEADER } from '../../vm/layout';
import { readGuestCases } from '../frontends/lua/guest-case';
import { checkHeap } from '../support/heap-check';

const languages = new Languages([]);
const pool = new RegionPool();
/** Enough for what a file does without so many collections; the rest of a longer one is left out. */
const TURNS = 4000;
const TURNS_A_CHECK = 100;

class OutputHost implements SyscallHost {
  readonly text = textCodec;
  written = '';

  isGranted(): boolean {
    return true;
  }

  output(_stream: 1 | 2, bytes: Uint8Array): undefined {
    this.written += textCodec.decodeLeniently(bytes);
  }

  answer(): number {
    return 0;
  }
}

function compile(source: Uint8Array, fileName: string): Program {
  const { module } = compileSource(languages, { language: 'lua', source, fileName, files: {} });
  return link([...languages.find('lua')!.library(), module], { intrinsics: INTRINSICS, compiler: compileLuaChunk });
}

interface Run {
  readonly written: string;
  readonly outcome: Outcome | null;
}

function run(program: Program, slice: number, collectAlways: boolean): Run {
  const host = new OutputHost();
  let outcome: Outcome | null = null;
  const failures: unknown[] = [];
  const execution = new GuestExecution({
    program,
    pool,
    limits: DEFAULT_LIMITS,
    args: [],
    name: 'main',
    host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: (found) => {
      outcome = found;
    },
    failed: (error) => failures.push(error),
    collectAlways,
  });
  for (let turn = 1; execution.run(slice, 0) === READY; turn++) {
    const context = Reflect.get(execution, 'context') as Context | null;
    if (!collectAlways || context === null) continue;
    const isAtRest = context.i32[HEADER.PHASE] === 0;
    if (isAtRest && turn % TURNS_A_CHECK === 0) assert.equal(checkHeap(context), [], `turn ${turn}`);
    if (isAtRest && turn >= TURNS) {
      execution.cancel();
      break;
    }
  }
  assert.equal(failures, []);
  return { written: host.written, outcome };
}

for (const { path, source, fileName } of readGuestCases('test/cases/lua')) {
  test(`${path} does the same when every allocation collects`, () => {
    const program = compile(source, fileName);
    const expected = run(program, 2 ** 30, false);
    const stressed = run(program, 997, true);
    if (stressed.outcome?.status === 'cancelled') {
      assert.is(stressed.written, expected.written.slice(0, stressed.written.length));
    } else {
      assert.is(stressed.outcome?.status, expected.outcome?.status, stressed.outcome?.error?.message);
      assert.is(stressed.written, expected.written);
      assert.is(stressed.outcome?.error?.message, expected.outcome?.error?.message);
    }
  });
}

test.run();
