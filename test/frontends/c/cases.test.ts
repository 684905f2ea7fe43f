// Runs the guest files in test/cases/c, with their expectations in comments:
//   // expect: a line of stdout       // stderr: a line of stderr, * for anything
//   // exit: status                   // args: words       // stdin: a line
//   // trap: code                     on the line where it happens, or at the end: anywhere
//   // error: line:column code        // warning: line:column code
// A file without any expectation fails. Warnings that are not expected are of no interest.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCFrontend } from '../../../frontends/c/index';
import type { Diagnostic } from '../../../frontends/diagnostics';
import { createHost, type ExecutionResult } from '../../../host/core/index';
import { C_LIBRARY } from '../../../stdlib/c/index';

const FOLDER = 'test/cases/c';
const frontend = createCFrontend(C_LIBRARY);
const host = await createHost();

interface Expectation {
  kind: string;
  value: string;
  line: number;
}

function expectations(text: string): Expectation[] {
  return text.split('\n').flatMap((line, index) => {
    const match = /\/\/ (expect|stderr|exit|args|stdin|trap|error|warning):(?: (.*))?$/.exec(line);
    return match === null ? [] : [{ kind: match[1]!, value: match[2] ?? '', line: index + 1 }];
  });
}

function valuesOf(all: readonly Expectation[], kind: string): string[] {
  return all.filter((one) => one.kind === kind).map(({ value }) => value);
}

function lines(text: string): string[] {
  const all = text.split('\n').map((line) => line.trimEnd());
  if (all[all.length - 1] === '') all.pop();
  return all;
}

function places(diagnostics: readonly Diagnostic[], severity: string): string[] {
  const wanted = diagnostics.filter((diagnostic) => diagnostic.severity === severity);
  return wanted.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

async function check(path: string, source: string, all: readonly Expectation[]): Promise<void> {
  const fileName = path.slice(FOLDER.length + 1);
  const { diagnostics } = frontend.compile(new TextEncoder().encode(source), { fileName });
  assert.equal(places(diagnostics, 'error'), valuesOf(all, 'error'), 'errors');
  for (const warning of valuesOf(all, 'warning')) assert.ok(places(diagnostics, 'warning').includes(warning), warning);
  if (valuesOf(all, 'error').length > 0) return;
  const stdin = valuesOf(all, 'stdin').join('\n');
  const args = valuesOf(all, 'args').join(' ').split(' ').filter(Boolean);
  const result = await host.run({ language: 'c', source, fileName, args, stdin });
  checkResult(result, fileName, all);
}

function checkResult(result: ExecutionResult, fileName: string, all: readonly Expectation[]): void {
  assert.equal(lines(result.stdout), valuesOf(all, 'expect'), result.error?.message ?? 'stdout');
  const written = lines(result.stderr);
  assert.is(written.length, valuesOf(all, 'stderr').length, result.stderr);
  valuesOf(all, 'stderr').forEach((line, index) => {
    const pattern = line.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    assert.match(written[index]!, new RegExp(`^${pattern}$`));
  });
  const trap = all.find(({ kind }) => kind === 'trap');
  assert.is(result.error?.code, trap?.value, result.error?.message);
  if (trap === undefined) {
    assert.is(result.exitCode, Number(valuesOf(all, 'exit')[0] ?? 0));
    return;
  }
  const frame = result.error!.stack.find(({ file }) => file === fileName);
  if (trap.value.startsWith('trap.')) assert.is(frame?.line, trap.line, 'the line of the trap');
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.c') && !path.startsWith('golden'))
  .sort();
for (const path of files) {
  test(path, async () => {
    const source = readFileSync(`${FOLDER}/${path}`, 'utf8');
    const all = expectations(source);
    assert.ok(all.length > 0, 'the file has no expectation');
    await check(`${FOLDER}/${path}`, source, all);
  });
}

test.after(() => host.close());
test.run();
