// The longest steps: programs whose operations get the largest arguments that a memory limit admits, in small slices. A turn
// does the same in every run, so of each turn the shortest time of several runs counts: what the system and V8's collector
// did in between falls out. GAZELLE_STEPS (a regular expression) picks programs by name, GAZELLE_STEPS_MIB the memory limit.
import { LARGEST_CASES, type LargestCase } from '../metering/largest';
import { runMetered } from '../support/metered-run';

const SLICE = 1000;
/** Programs that have a turn above this after some runs are run more often. */
const SHORT_MS = 0.5;
const RUNS = 3;
const MOST_RUNS = 12;
const MEBIBYTES = (process.env.GAZELLE_STEPS_MIB ?? '64,512').split(',').map(Number);

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

async function measureSteps(): Promise<void> {
  const pattern = new RegExp(process.env.GAZELLE_STEPS ?? '');
  const found: Longest[] = [];
  console.log(HEAD.join('\t'));
  for (const mebibytes of MEBIBYTES) {
    for (const one of LARGEST_CASES) {
      if (!pattern.test(`${one.language} ${one.what}`)) continue;
      const longest = await longestOf(one, mebibytes);
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

async function longestOf(one: LargestCase, mebibytes: number): Promise<Longest> {
  const { what, language, source } = one;
  let shortest: number[] = [];
  let charges: number[] = [];
  let status = '';
  for (let run = 0; run < MOST_RUNS; run++) {
    globalThis.gc?.();
    if (run >= RUNS && shortest.every((time) => time < SHORT_MS)) break;
    const times: number[] = [];
    charges = [];
    const { outcome } = await runMetered({
      language,
      source: source(mebibytes),
      slice: SLICE,
      limits: { memoryBytes: mebibytes << 20 },
      turned: (milliseconds, charge) => {
        times.push(milliseconds);
        charges.push(charge);
      },
    });
    status = outcome.status === 'ok' ? 'ok' : (outcome.error?.message ?? outcome.status).slice(0, 40);
    shortest = run === 0 ? times : shortest.map((time, turn) => Math.min(time, times[turn]!));
  }
  let longest = 0;
  let mostCharge = 0;
  shortest.forEach((time, turn) => {
    if (time > shortest[longest]!) longest = turn;
    mostCharge = Math.max(mostCharge, charges[turn]!);
  });
  const milliseconds = shortest[longest]!;
  return {
    what: `${language} ${what}`,
    mebibytes,
    status,
    turns: shortest.length,
    milliseconds,
    charge: charges[longest]!,
    mostCharge,
  };
}

await measureSteps();
