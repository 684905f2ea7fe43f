// A set of programs in which the n-th allocation fails, for every n: the error is caught, or ends the execution as the
// memory limit; what the program has is sound, its heap too, and what it does next comes to what it always comes to.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../../vm/context';
import type { ExecutionError, Outcome } from '../../../vm/index';
import { HEADER } from '../../../vm/layout';
import { MAXIMUM_BLOCK_GRANULES } from '../../../vm/limits';
import { checkHeap } from '../../support/heap-check';
import { compileLuaProgram, type LuaRun, runLua } from '../../support/lua-runs';

const FOLDER = 'test/stdlib/lua/memory-errors';
const FILES = { 'part.lua': 'return { value = ("part"):rep(3) }' };
const INSTRUCTIONS = 20_000_000;

/** Runs a case's work, caught, then its check, which is told whether there is memory again, then its work once more. */
const HARNESS = `
local case = (function() CASE end)()
local ok, value = pcall(case.work)
if not ok and not tostring(value):find('not enough memory$') then error(value, 0) end
local function makes() return {} end
case.check(pcall(makes) or pcall(makes))
return ok, case.work()`;

/** Which allocations fail: that one; it and all behind it until the guest has been told; it and all behind it. */
type Failing = 'one' | 'until-told' | 'all';

/** What the shared getter below answers by: contexts of one shape keep the loops fast. */
const state = { count: 0, from: Number.POSITIVE_INFINITY, failing: 'one' as Failing };
let problems: string[] = [];

const refusal = {
  get(this: Context): number {
    state.count++;
    const isLater = state.failing === 'one' ? state.count === state.from : state.count >= state.from;
    const isTold = state.failing === 'until-told' && this.memoryRefusals > 0;
    return isLater && !isTold ? 0 : MAXIMUM_BLOCK_GRANULES;
  },
};

function prepare(context: Context): void {
  Object.defineProperty(context, 'mostGranules', refusal);
  const dispose = context.dispose.bind(context);
  context.dispose = () => {
    if (context.i32[HEADER.PHASE] === 0) problems = checkHeap(context, { atRest: false });
    dispose();
  };
}

type Program = ReturnType<typeof compileLuaProgram>;

function runFailing(program: Program, failing: Failing, from: number, slice = 2 ** 30): LuaRun {
  Object.assign(state, { count: 0, from, failing });
  problems = [];
  return runLua('', { program, prepare, slice, limits: { instructions: INSTRUCTIONS } });
}

/** The limit, or the guest has raised the error anew. */
function isAboutMemory({ code, message }: ExecutionError): boolean {
  return code === 'limit.memory' || (code === 'guest_error' && message.endsWith('not enough memory'));
}

/** What is wrong with a run: it has neither come through nor ended by memory, its heap is not sound, or its answer is another. */
function wrongs({ outcome }: LuaRun, expected: Outcome): string[] {
  const { status, error, values } = outcome;
  if (status !== 'ok') return isAboutMemory(error!) ? problems : [...problems, JSON.stringify(error)];
  return values[1] === expected.values[1] ? problems : [...problems, `${values[1]} in place of ${expected.values[1]}`];
}

for (const file of readdirSync(FOLDER)) {
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const program = compileLuaProgram(
    HARNESS.replace('CASE', () => source),
    FILES,
  );

  test(`${file}: every single allocation may fail`, () => {
    const whole = runFailing(program, 'one', Number.POSITIVE_INFINITY);
    const { count } = state;
    assert.equal(whole.outcome.error, null);
    assert.ok(count > 10);
    const found: string[] = [];
    let caught = 0;
    for (let n = 1; n <= count; n++) {
      for (const failing of ['one', 'until-told', 'all'] as const) {
        const run = runFailing(program, failing, n);
        const { status, error, values } = run.outcome;
        for (const wrong of wrongs(run, whole.outcome)) found.push(`${n} (${failing}): ${wrong}`);
        const isCaught = status === 'ok' && values[0] === false;
        if (isCaught) caught++;
        // A second try is enough, but for a context that cannot even be entered: nothing in it could be collected.
        const isEnded = status !== 'ok' && error!.stack.length > 0;
        if (failing === 'one' && (isCaught || isEnded)) found.push(`${n}: one failure is told`);
      }
    }
    assert.equal(found, []);
    assert.ok(caught > 5, `${caught} errors were caught`);
  });

  test(`${file}: a failed allocation costs the same in every slice`, () => {
    runFailing(program, 'one', Number.POSITIVE_INFINITY);
    const { count } = state;
    for (let n = 3; n <= count; n += Math.ceil(count / 7)) {
      const whole = runFailing(program, 'until-told', n);
      const sliced = runFailing(program, 'until-told', n, 7);
      assert.equal(sliced.outcome, whole.outcome, `${n}`);
      assert.is(sliced.usage.instructions, whole.usage.instructions, `${n}`);
    }
  });
}

test.run();
