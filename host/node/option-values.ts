// The values of options on the command line: texts to what they mean, with words for what means nothing.
import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const LAST_PORT = 65_535;

export function parseSize(text: string): number {
  const [, digits, unit] = /^(\d+)(B|KiB|MiB|GiB)?$/.exec(text) ?? [];
  const bytes = Number(digits) * UNITS[unit ?? '']!;
  if (digits === undefined || bytes < 1) {
    throw new InvalidArgumentError('It must be a number of bytes, or one with KiB, MiB or GiB behind it.');
  }
  return bytes;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return count;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > LAST_PORT) throw new InvalidArgumentError(`It must be from 0 to ${LAST_PORT}.`);
  return port;
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
