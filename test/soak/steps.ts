// The longest steps: programs whose operations get the largest arguments that a memory limit admits, in small slices. A turn
// does the same in every run, so of each turn the shortest time of several runs counts: what the system and V8's collector
// did in between falls out. GAZELLE_STEPS (a regular expression) picks programs by name, GAZELLE_STEPS_MIB the memory limit.
// Those whose name begins with `host` have a whole host around: a turn of its event loop is what counts there.
import { LARGEST_CASES } from '../metering/largest';
import { HOSTED_CASES } from '../metering/largest-hosted';
import { runMetered } from '../support/metered-run';
import { timesOf } from './hosted-steps';

const SLICE = 1000;
/** Programs that have a turn above this after some runs are run more often. */
const SHORT_MS = 0.5;
const RUNS = 3;
const MOST_RUNS = 12;
const FREEING_MS = 60;
const MEBIBYTES = (process.env.GAZELLE_STEPS_MIB ?? '64,512').split(',').map(Number);

/** One run: the time of each turn, and what it was charged, where that is known. */
interface Turns {
  readonly status: string;
  readonly times: readonly number[];
  readonly charges: readonly number[];
}

interface Program {
  readonly name: string;
  readonly run: (mebibytes: number) => Promise<Turns>;
}

interface Longest {
  readonly what: string;
  readonly mebibytes: number;
  readonly status: string;
  readonly turns: number;
  readonly milliseconds: number;
  /** What the longest turn was charged, and the most that any was. */
  readonly charge: number;
  readonly mostCharge: number;
}

const PROGRAMS: readonly Program[] = [
  ...LARGEST_CASES.map(({ what, language, source }) => ({
    name: `${language} ${what}`,
    run: (mebibytes: number) => runAlone(language, source(mebibytes), mebibytes),
  })),
  ...HOSTED_CASES.map((one) => ({
    name: `host ${one.language} ${one.what}`,
    run: async (mebibytes: number) => ({ ...(await timesOf(one, mebibytes, SLICE)), charges: [] }),
  })),
];

async function runAlone(language: string, source: string, mebibytes: number): Promise<Turns> {
  const times: number[] = [];
  const charges: number[] = [];
  const { outcome } = await runMetered({
    language,
    source,
    slice: SLICE,
    limits: { memoryBytes: mebibytes << 20 },
    turned: (milliseconds, charge) => {
      times.push(milliseconds);
      charges.push(charge);
    },
  });
  const status = outcome.status === 'ok' ? 'ok' : (outcome.error?.message ?? outcome.status).slice(0, 40);
  return { status, times, charges };
}

async function measureSteps(): Promise<void> {
  const pattern = new RegExp(process.env.GAZELLE_STEPS ?? '');
  const found: Longest[] = [];
  console.log(HEAD.join('\t'));
  for (const mebibytes of MEBIBYTES) {
    for (const program of PROGRAMS) {
      if (!pattern.test(program.name)) continue;
      const longest = await longestOf(program, mebibytes);
      console.log(cellsOf(longest).join('\t'));
      found.push(longest);
    }
  }
  found.sort((a, b) => b.milliseconds - a.milliseconds);
  console.log('\nThe longest first:');
  for (const longest of found) console.log(cellsOf(longest).join('\t'));
}

const HEAD = ['what', 'MiB', 'end', 'turns', 'ms', 'charge', 'most'];

function cellsOf({ what, mebibytes, status, turns, milliseconds, charge, mostCharge }: Longest): string[] {
  return [what, mebibytes, status, turns, milliseconds.toFixed(3), charge, mostCharge].map(String);
}

/**
 * What the run before has left. V8 gives large heaps back to the system in a thread of its own, and whoever needs new memory
 * meanwhile waits for the system: the next run's first turn, for up to 15 ms after one of 512 MiB.
 */
async function freeMemory(): Promise<void> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, FREEING_MS));
}

async function longestOf({ name, run }: Program, mebibytes: number): Promise<Longest> {
  let shortest: readonly number[] = [];
  let charges: readonly number[] = [];
  let status = '';
  for (let count = 0; count < MOST_RUNS; count++) {
    await freeMemory();
    if (count >= RUNS && shortest.every((time) => time < SHORT_MS)) break;
    const turns = await run(mebibytes);
    ({ charges, status } = turns);
    shortest = count === 0 ? turns.times : shortest.map((time, turn) => Math.min(time, turns.times[turn] ?? time));
  }
  let longest = 0;
  let mostCharge = 0;
  shortest.forEach((time, turn) => {
    if (time > shortest[longest]!) longest = turn;
    mostCharge = Math.max(mostCharge, charges[turn] ?? 0);
  });
  const milliseconds = shortest[longest]!;
  const turns = shortest.length;
  return { what: name, mebibytes, status, turns, milliseconds, charge: charges[longest] ?? 0, mostCharge };
}

await measureSteps();
