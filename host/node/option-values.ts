// The values of options on the command line: texts to what they mean, with words for what means nothing.
import { InvalidArgumentError } from 'commander';
import { MOST_WORKERS } from '../core/workers/thread';

const LAST_PORT = 65_535;

/** What a number counts: it says which units may stand behind it. */
export type Dimension = 'count' | 'bytes' | 'time';

const DECIMAL = { k: 1e3, M: 1e6, G: 1e9 };
const UNITS: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  count: DECIMAL,
  bytes: { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, ...DECIMAL },
  time: { ms: 1, s: 1000, min: 60_000 },
};

const WORDS: Readonly<Record<Dimension, string>> = {
  count: 'a whole number',
  bytes: 'a whole number of bytes',
  time: 'a number of milliseconds',
};

/** A number of things, bytes or milliseconds, perhaps with a unit behind it: `1e9`, `64MiB`, `2.5s`. Throws InvalidArgumentError. */
export function parseAmount(text: string, dimension: Dimension, minimum = 0): number {
  const [, digits, unit] = /^(\d[\d_]*(?:\.\d+)?(?:e\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const units = UNITS[dimension];
  const size = unit === '' ? 1 : unit === undefined || !Object.hasOwn(units, unit) ? Number.NaN : units[unit]!;
  const amount = Number(digits?.replaceAll('_', '')) * size;
  if (amount >= minimum && (dimension === 'time' || Number.isInteger(amount))) return amount;
  const known = Object.keys(units).join(', ');
  throw new InvalidArgumentError(`It must be ${WORDS[dimension]} from ${minimum} on, perhaps with ${known} behind it.`);
}

export const parseSize = (text: string): number => parseAmount(text, 'bytes', 1);
export const parseCount = (text: string): number => parseAmount(text, 'count', 1);
export const parseTime = (text: string): number => parseAmount(text, 'time', 1);

export function parseWeight(text: string): number {
  const weight = Number(text);
  if (weight >= 0.001 && weight <= 1_000_000) return weight;
  throw new InvalidArgumentError('It must be a number from 0.001 to 1000000.');
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > LAST_PORT) throw new InvalidArgumentError(`It must be from 0 to ${LAST_PORT}.`);
  return port;
}

export function parseWorkers(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= MOST_WORKERS) return Number(text);
  throw new InvalidArgumentError(`It must be from 0 to ${MOST_WORKERS}.`);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON: ${(error as Error).message}.`);
  }
}

/** Of options that may be repeated. */
export function append(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
