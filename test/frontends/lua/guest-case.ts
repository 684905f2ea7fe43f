// Guest test files: Lua sources with their expectations in comments. This reads them; it runs nothing.
//
//   print(1 + 1) -- expect: 2         a line of output, in the order of the file
//   -- error: FILE:3: message         the program ends with this error
//   -- no-oracle: reason              not compared with the real lua5.4
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { globSync } from './glob';

export interface GuestCase {
  readonly path: string;
  readonly fileName: string;
  readonly source: Uint8Array;
  readonly output: readonly string[];
  readonly error: string | null;
  readonly hasOracle: boolean;
}

/** All guest files below `folder`. Throws when one has no expectation. */
export function readGuestCases(folder: string): GuestCase[] {
  return globSync(folder, /\.lua$/).map(readGuestCase);
}

function readGuestCase(path: string): GuestCase {
  const source = readFileSync(path);
  const text = source.toString('utf8');
  const output = [...text.matchAll(/-- expect: ?(.*)$/gm)].map((match) => match[1]!.trimEnd());
  const error = /-- error: (.*)$/m.exec(text)?.[1]?.trimEnd() ?? null;
  if (output.length === 0 && error === null) throw new Error(`${path} expects nothing`);
  return { path, fileName: basename(path), source, output, error, hasOracle: !/^-- no-oracle:/m.test(text) };
}

/** Output as expectations write it: lines, without the blanks at their ends. */
export function outputLines(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}
