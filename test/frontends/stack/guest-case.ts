// Guest test files: sm sources with their expectations in comments. This reads them; it runs nothing.
//
//   ; args: 1 2             numbers for a call, JSON values; without it there is one call without arguments
//   ; stdin: "text"         a JSON string
//   ; expect: 3 4.5         the values of the last call begun
//   ; stdout: "text"        its output, a JSON string
//   ; exit: 3               its exit code
//   ; trap: NAME LINE       it ends with trap.NAME, at LINE
//   ; limit: stack          it ends by that limit
//   ; failure: CODE         it ends with an error of that code
//   ; error: 3:5 code       does not compile: line, column and code of each diagnostic
import { readdirSync, readFileSync } from 'node:fs';

export interface Expectation {
  readonly kind: string;
  readonly text: string;
}

export interface GuestCall {
  readonly args: readonly unknown[];
  readonly stdin: string;
  readonly expectations: readonly Expectation[];
}

export interface GuestCase {
  readonly path: string;
  readonly source: Uint8Array;
  /** Of a source that must not compile. */
  readonly errors: readonly string[];
  readonly calls: readonly GuestCall[];
}

const COMMENT = /^; (args|stdin|expect|stdout|exit|trap|limit|failure|error): ?(.*?)\r?$/gm;

/** All guest files below `folder`. Throws when one has no expectation. */
export function readGuestCases(folder: string): GuestCase[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sm'))
    .map((entry) => readGuestCase(`${entry.parentPath}/${entry.name}`))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

function readGuestCase(path: string): GuestCase {
  const source = readFileSync(path);
  const errors: string[] = [];
  const calls: { args: unknown[]; stdin: string; expectations: Expectation[] }[] = [];
  for (const [, kind, text] of source.toString('utf8').matchAll(COMMENT)) {
    if (kind === 'error') errors.push(text!);
    else {
      if (kind === 'args' || calls.length === 0) calls.push({ args: [], stdin: '', expectations: [] });
      const call = calls[calls.length - 1]!;
      if (kind === 'args') call.args = text!.split(' ').map((word) => JSON.parse(word));
      else if (kind === 'stdin') call.stdin = JSON.parse(text!);
      else call.expectations.push({ kind: kind!, text: text! });
    }
  }
  const isEmpty = errors.length === 0 && calls.length === 0;
  if (isEmpty || calls.some(({ expectations }) => expectations.length === 0))
    throw new Error(`${path} expects nothing`);
  return { path, source, errors, calls };
}
