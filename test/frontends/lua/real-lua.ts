// The real lua5.4 as an oracle, where the machine that runs the tests has it.
import { spawnSync } from 'node:child_process';
import { basename, dirname } from 'node:path';

/** Whether there is a lua5.4; says so once when there is none. */
export function hasRealLua(what: string): boolean {
  const isThere = spawnSync('lua5.4', ['-v']).status === 0;
  if (!isThere) console.log(`SKIPPED: lua5.4 missing: ${what}`);
  return isThere;
}

export interface RealResult {
  stdout: string;
  /** The message of an uncaught error, without a traceback; null when there was none. */
  error: string | null;
}

/** Runs a file in its own folder, as `lua5.4 NAME`. */
export function runRealLua(path: string): RealResult {
  return toResult(spawnSync('lua5.4', [basename(path)], { cwd: dirname(path), encoding: 'utf8' }));
}

/** Runs a chunk given as text, which messages call `stdin`. Null when it did not end in time. */
export function runRealLuaText(source: string | Uint8Array, timeoutMs: number): RealResult | null {
  const result = spawnSync('lua5.4', ['-'], {
    input: source,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: timeoutMs,
  });
  return result.status === null ? null : toResult(result);
}

function toResult({ stdout, stderr, status }: { stdout: string; stderr: string; status: number | null }): RealResult {
  if (status === 0) return { stdout, error: null };
  return { stdout, error: /^lua5\.4: ([\s\S]*?)(?:\nstack traceback:[\s\S]*)?$/.exec(stderr.trimEnd())?.[1] ?? stderr };
}
