// The attack programs of test/attacks, as their headers describe them: what must end them, and the limits they run under.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { RunOptions } from '../../host/core/index';
import type { LimitOptions } from '../../host/core/limits';
import type { ExecutionResult } from '../../host/core/result';

const FOLDER = 'test/attacks';

/** Enough for every attack to show itself, little enough for a test. */
export const ATTACK_LIMITS = { instructions: 5_000_000, memoryBytes: 32 << 20, wallTimeMs: 60_000 };

export interface Attack {
  readonly file: string;
  /** `limit RESOURCE` or `error CODE`. */
  readonly expected: string;
  readonly options: RunOptions;
}

/** All of them, by name. Throws an Error for one without an expectation. */
export function readAttacks(): Attack[] {
  const files = readdirSync(FOLDER).filter((file) => /\.(c|lua|sm)$/.test(file));
  return files.sort().map((file) => {
    const source = readFileSync(join(FOLDER, file), 'utf8');
    const expected = /Expected: ((limit|error) [\w.]+)/.exec(source)?.[1];
    if (expected === undefined) throw new Error(`${file} does not say what must end it`);
    const limits = JSON.parse(/Limits: (\{.*\})/.exec(source)?.[1] ?? '{}') as LimitOptions;
    const language = extname(file).slice(1);
    const grants = JSON.parse(/Grants: (\{.*\})/.exec(source)?.[1] ?? '{}') as Partial<RunOptions>;
    const capabilities = ['clock', 'random', 'sleep', ...(grants.capabilities ?? [])];
    return { file, expected, options: { ...grants, language, source, limits, capabilities } };
  });
}

/** How it ended, in the words of `expected`. */
export function endOf({ status, error }: ExecutionResult): string {
  if (status === 'limit') return `limit ${error?.resource}`;
  return status === 'error' ? `error ${error?.code}` : status;
}
