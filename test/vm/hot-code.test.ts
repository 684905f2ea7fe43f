// Specialised code comes to the same as the value loop, for every slice: results, counts, memory, where it may stop.

import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HotPolicy,
  MOST_UNITS,
  MOST_UNITS_OF_ALL,
  type SpecialiseElsewhere,
  setHotPolicy,
} from '../../vm/hot-code';
import { FUNCTION_ROW_SHIFT, FUNCTION_START, type Program } from '../../vm/program';
import { type CodeMaker, functionCode, specialise, writeSpecialised } from '../../vm/specialiser';
import { Stop } from '../../vm/value-loop';
import { linkLua, runLua } from '../support/value-program';
import { VALUE_SNIPPETS } from '../support/value-snippets';

/** Everything is specialised at its first sample and used at once. */
const AT_ONCE: HotPolicy = {
  now: () => 0,
  elsewhere: null,
  pauseMs: 0,
  samples: 1,
  trialFuel: 0,
  trials: 1 << 30,
  fewestMeasurements: 0,
  mostMeasurements: 0,
  entriesAMeasurement: 1 << 30,
};

const SLICES = [1, 2, 7, 100];
/** Beyond this, a slice of one instruction takes too long for a test. */
const MOST_INSTRUCTIONS = 20_000;

setHotPolicy(null);

function specialised(source: string): Program {
  setHotPolicy(AT_ONCE);
  const program = linkLua(source);
  // Each function in which a turn ends gets some.
  runLua(program, { slice: 3 });
  return program;
}

/** Calls are places where a turn may end, so that there are samples of all. */
const called = (source: string) => `local function body(...) ${source}\nend for _ = 1, 3 do body() end return body()`;

const small = VALUE_SNIPPETS.map(called).filter((source) => runLua(linkLua(source)).instructions <= MOST_INSTRUCTIONS);

for (const slice of SLICES) {
  test(`the same as the loop in slices of ${slice}`, () => {
    for (const source of small) {
      setHotPolicy(null);
      const expected = runLua(linkLua(source), { slice });
      const program = specialised(source);
      assert.ok(program.entered !== program.code, source);
      const found = runLua(program, { slice });
      assert.is(found.outcome, expected.outcome, source);
      assert.is(found.instructions, expected.instructions, source);
      assert.is(found.peakWords, expected.peakWords, source);
    }
  });
}

test('the same as the loop with a collection at every allocation', () => {
  for (const source of small) {
    setHotPolicy(null);
    const expected = runLua(linkLua(source), { collectAlways: true, slice: 5 });
    const found = runLua(specialised(source), { collectAlways: true, slice: 5 });
    assert.is(found.outcome, expected.outcome, source);
    assert.is(found.instructions, expected.instructions, source);
  }
});

test('the same as the loop when fuel and limits of memory end anywhere', () => {
  const source = small.find((text) => text.includes('for') && text.includes('{'))!;
  const program = specialised(source);
  setHotPolicy(null);
  const plain = linkLua(source);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 4096 }), (slice, more) => {
      const memoryBytes = plain.image.length * 4 + (more << 4);
      assert.equal(runLua(program, { slice, memoryBytes }), runLua(plain, { slice, memoryBytes }));
    }),
    { numRuns: 100 },
  );
});

test('code that is not faster is dropped, and the loop runs alone again', () => {
  setHotPolicy({ ...AT_ONCE, trialFuel: 1, trials: 1, fewestMeasurements: 1 << 20, mostMeasurements: 3 });
  const source = 'local s = 0 for i = 1, 2000 do s = s + i end return s';
  const program = linkLua(source);
  assert.is(runLua(program, { slice: 10 }).outcome, runLua(program, { slice: 1 << 20 }).outcome);
  assert.is(program.entered, program.code);
});

/** Flat indices of the functions at which the loop is left for specialised code. */
function enteredFunctions({ entered, functions, functionCount }: Program): number[] {
  return Array.from({ length: functionCount }, (_, index) => index).filter(
    (index) => entered[functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START]!] === Stop.ENTER,
  );
}

const LOOP = 'local s = 0 for i = 1, 4000 do s = s + i end return s';

test('code that has become slow goes back to be tried, and is used again when it is fast', () => {
  const program = linkLua(LOOP);
  const states: boolean[] = [];
  let time = 0;
  let slowReadings = 0;
  const now = () => {
    const isUsed = enteredFunctions(program).length > 0;
    if (isUsed !== (states.at(-1) ?? false)) states.push(isUsed);
    // When it is used first, the clock runs fast for some measurements.
    if (states.length === 1 && slowReadings === 0) slowReadings = 4;
    time += slowReadings > 0 && slowReadings-- > 0 ? 1000 : 1;
    return time;
  };
  // New code has nearly all of a turn, so that by this clock it is faster than the loop.
  setHotPolicy({
    ...AT_ONCE,
    now,
    trialFuel: 900,
    trials: 1,
    fewestMeasurements: 1,
    mostMeasurements: 99,
    entriesAMeasurement: 1,
  });
  const { outcome } = runLua(program, { slice: 1000 });
  assert.is(outcome, '8002000');
  assert.equal(states, [true, false, true]);
});

/** Another thread, which answers when it is told to. */
function elsewhere() {
  const asked: { functions: Parameters<SpecialiseElsewhere>[0]; settle: (answer: 'made' | 'none' | 'lost') => void }[] =
    [];
  const ask: SpecialiseElsewhere = (functions) =>
    new Promise((resolve, reject) => {
      asked.push({
        functions,
        settle: (answer) => {
          if (answer === 'lost') reject(new Error('out of memory'));
          else if (answer === 'none') resolve(null);
          else {
            const text = writeSpecialised(functions);
            resolve(text === null ? { text } : { text, make: new Function(`return ${text.text}`)() as CodeMaker });
          }
        },
      });
    });
  return { asked, ask };
}

for (const [answer, isSpecialised] of [
  ['made', true],
  ['none', true],
  ['lost', false],
] as const) {
  const end = isSpecialised ? 'is used when it comes' : 'that does not come is not asked for again';
  test(`code from another thread ${end}: ${answer}`, async () => {
    const { asked, ask } = elsewhere();
    setHotPolicy({ ...AT_ONCE, elsewhere: ask });
    const program = linkLua(LOOP);
    assert.is(runLua(program, { slice: 500 }).outcome, '8002000');
    assert.is(asked.length, 1, 'one at a time');
    assert.is(asked[0]!.functions[0]!.index, program.entry);
    assert.equal(enteredFunctions(program), []);
    asked[0]!.settle(answer);
    await new Promise(setImmediate);
    assert.is(enteredFunctions(program).includes(program.entry), isSpecialised);
    assert.is(runLua(program, { slice: 500 }).outcome, '8002000');
    assert.ok(asked.slice(1).every(({ functions }) => functions[0]!.index !== program.entry));
  });
}

test('a function too long for any code of its own is not asked for', () => {
  const { asked, ask } = elsewhere();
  setHotPolicy({ ...AT_ONCE, elsewhere: ask });
  const program = linkLua(`local t = {} for i = 1, 20 do ${'t[i] = i '.repeat(2000)} end return t[20]`);
  assert.is(runLua(program, { slice: 500 }).outcome, '20');
  assert.equal(asked, []);
});

test('a function that is called again and again is taken in', () => {
  setHotPolicy(AT_ONCE);
  const program = linkLua('local t = { 1, 2 } for i = 1, 2000 do rawequal(t, i) end return #t');
  assert.is(runLua(program, { slice: 500 }).outcome, '2');
  const entered = enteredFunctions(program);
  const own = program.functionCount - program.modules.at(-1)!.functions.length;
  assert.ok(
    entered.some((index) => index < own),
    `the library's function is not among ${entered}`,
  );
  assert.ok(entered.some((index) => index >= own));
});

test('a program has a bounded number of pieces of it, and a thread too', () => {
  setHotPolicy(AT_ONCE);
  // Functions that are too long to be with others.
  const long = (name: string) =>
    `local function ${name}() local t, s = {}, 0 for i = 1, 40 do ${'t[i] = i * 2 s = s + t[i] '.repeat(20)} end return s end`;
  const names = Array.from({ length: MOST_UNITS + 2 }, (_, index) => `f${index}`);
  const large = linkLua(`${names.map(long).join('\n')} return ${names.map((name) => `${name}()`).join(' + ')}`);
  runLua(large, { slice: 50 });
  assert.is(enteredFunctions(large).length, MOST_UNITS);

  const programs = Array.from({ length: MOST_UNITS_OF_ALL + 1 }, () => linkLua(LOOP));
  for (const program of programs) runLua(program, { slice: 500 });
  assert.equal(enteredFunctions(programs[0]!), []);
  assert.ok(programs.slice(1).every((program) => enteredFunctions(program).length > 0));
  assert.is(runLua(programs[0]!).outcome, '8002000');
});

test('what a guest writes is not in the text of its code', () => {
  const program = linkLua(
    'local function marker_name(t) return t.marker_field, "marker_text" end return marker_name({})',
  );
  const { run } = specialise(
    program,
    [0, 1].map((index) => functionCode(program, program.entry + index, true)),
  )!;
  assert.match(run.toString(), /case 1: pc = \d+;/);
  assert.not.match(run.toString(), /marker/);
});

test('where the host makes no functions of text, the loop runs alone', () => {
  const script = `
    import { createHost } from './dist/index.js';
    const host = await createHost({ workers: 0 });
    const source = 'local s = 0 for i = 1, 3e6 do s = s + i end return s';
    console.log((await host.run({ language: 'lua', source, limits: { instructions: 1e9 } })).value);
    await host.close();`;
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script];
  assert.is(execFileSync(process.execPath, flags, { encoding: 'utf8' }), '4500001500000\n');
});

test.run();
