// Hostile sources: mutated programs and nonsense either give diagnostics or a module that the verifier accepts, and
// never an exception. Longer runs: set RUNS.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCFrontend } from '../../../frontends/c/index';
import { C_LIBRARY } from '../../../stdlib/c/index';
import { verifyModule } from '../../../vm/verifier';
import { Random } from '../../support/random';

const RUNS = Number(process.env.RUNS ?? 600);
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);
const frontend = createCFrontend(C_LIBRARY);
const encoder = new TextEncoder();
const folder = 'test/cases/c';
const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.c'))
  .sort()
  .map((path) => readFileSync(`${folder}/${path}`, 'latin1'));
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|\s+|[^\s\w]/g;

/** Some token of some program: what fits somewhere. */
function anyToken(random: Random): string {
  const tokens = random.pick(programs).match(TOKEN)!;
  return random.pick(tokens);
}

function mutated(random: Random): string {
  const tokens = [...random.pick(programs).match(TOKEN)!];
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(tokens.length);
    switch (random.below(5)) {
      case 0:
        tokens.splice(at, 1 + random.below(3));
        break;
      case 1:
        tokens.splice(at, 0, ` ${anyToken(random)} `);
        break;
      case 2:
        tokens[at] = ` ${anyToken(random)} `;
        break;
      case 3:
        tokens.splice(at, 0, ...tokens.slice(at, at + random.below(30)));
        break;
      default:
        tokens[at] = String.fromCharCode(random.below(256));
    }
  }
  return tokens.join('');
}

function compiles(source: string | Uint8Array, what: string): boolean {
  const bytes = typeof source === 'string' ? encoder.encode(source) : source;
  const { module, diagnostics } = frontend.compile(bytes, { fileName: 'hostile.c' });
  if (module === undefined) {
    assert.ok(
      diagnostics.some(({ severity }) => severity === 'error'),
      `${what}: no module and no error`,
    );
    return false;
  }
  verifyModule(module);
  return true;
}

test('mutated programs give diagnostics or modules that verify', () => {
  let count = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
    const source = mutated(new Random(seed));
    try {
      if (compiles(source, `seed ${seed}`)) count++;
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  assert.ok(count > RUNS / 20, `${count} of ${RUNS} compile`);
});

test('bytes that are no text give diagnostics', () => {
  const random = new Random(1);
  for (let run = 0; run < 100; run++) assert.not(compiles(random.bytes(random.below(400)), `run ${run}`));
});

test('an empty source has no main', () => {
  const { diagnostics } = frontend.compile(new Uint8Array(0), { fileName: 'empty.c' });
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['c.no-main'],
  );
});

test('a source over the limit is refused', () => {
  const options = { fileName: 'long.c', maxSourceBytes: 1000 };
  const { diagnostics } = frontend.compile(encoder.encode(`int x;${' '.repeat(1000)}`), options);
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['c.source-too-large'],
  );
});

test.run();
