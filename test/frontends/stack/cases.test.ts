// The guest test files in test/cases/sm do what their comments say (see guest-case.ts).
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type ExecutionResult } from '../../../host/core';
import { type Expectation, type GuestCase, readGuestCases } from './guest-case';
import { compile, diagnose } from './listing';

const host = await createHost();
test.after(() => host.close());

for (const guestCase of readGuestCases('test/cases/sm')) {
  const { path, source, errors } = guestCase;
  if (errors.length > 0) test(`${path} is refused`, () => assert.equal(diagnose(source), errors));
  else test(path, () => checkCalls(guestCase));
}

async function checkCalls({ path, source, calls }: GuestCase): Promise<void> {
  compile(source);
  const deployed = await host.deploy({ name: 'case', language: 'sm', source, fileName: path });
  for (const { args, stdin, expectations } of calls) {
    // A single argument is given as it is; several cross as a list of texts, as on a command line.
    const result =
      args.length === 1
        ? await deployed.execute(args[0], { stdin })
        : await deployed.execute(undefined, { stdin, args: args.map(String) });
    for (const expectation of expectations) check(result, expectation, `${JSON.stringify(args)}: `);
    if (!expectations.some(({ kind }) => FAILURES.has(kind))) assert.is(result.status, 'ok', JSON.stringify(result));
  }
}

const FAILURES = new Set(['trap', 'limit', 'failure']);

function check(result: ExecutionResult, { kind, text }: Expectation, place: string): void {
  const message = `${place}${JSON.stringify(result)}`;
  const found: Record<string, unknown> = {
    expect: result.values.map((value) => JSON.stringify(value)).join(' '),
    stdout: JSON.stringify(result.stdout),
    exit: `${result.exitCode}`,
    trap: `${result.error?.code} ${result.error?.stack[0]?.line}`.replace(/^trap\./, ''),
    limit: result.error?.code.replace(/^limit\./, ''),
    failure: result.error?.code,
  };
  assert.is(found[kind], text, message);
}

test.run();
