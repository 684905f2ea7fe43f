// Source texts that are made to harm whoever compiles them: each is refused with a typed error, or compiled and harmless.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, DeployError, type FunctionOptions } from '../../host/core';

interface Hostile extends FunctionOptions {
  readonly what: string;
  /** The code of the refusal; null: it is compiled, and ends with the status `ok`. */
  readonly code: string | null;
}

const nested = (open: string, close: string, depth = 100_000) => open.repeat(depth) + close.repeat(depth);
const bytesOf = (text: string, ...more: number[]) => new Uint8Array([...new TextEncoder().encode(text), ...more]);

const MACROS = Array.from({ length: 40 }, (_, level) => `#define M${level + 1} M${level} M${level} M${level}`).join(
  '\n',
);

const HOSTILE: readonly Hostile[] = [
  { what: 'nested parentheses', language: 'lua', source: `return ${nested('(', ')')}`, code: 'deploy.compile' },
  { what: 'nested tables', language: 'lua', source: `return ${nested('{', '}')}`, code: 'deploy.compile' },
  {
    what: 'nested functions',
    language: 'lua',
    source: nested('return function() ', ' end', 20_000),
    code: 'deploy.compile',
  },
  { what: 'nested blocks', language: 'lua', source: nested('do ', ' end', 50_000), code: 'deploy.compile' },
  {
    what: 'a long chain of operators',
    language: 'lua',
    source: `return ${'- '.repeat(100_000)}1`,
    code: 'deploy.compile',
  },
  {
    what: 'right associative operators',
    language: 'lua',
    source: `return ${'1 .. '.repeat(100_000)}1`,
    code: 'deploy.compile',
  },
  {
    what: 'a literal of 100 MB',
    language: 'lua',
    source: `return "${'x'.repeat(100_000_000)}"`,
    code: 'deploy.compile',
  },
  {
    what: 'an unfinished long bracket',
    language: 'lua',
    source: `return [${'='.repeat(1_000_000)}[`,
    code: 'deploy.compile',
  },
  { what: 'an invalid byte', language: 'lua', source: bytesOf('return ', 0xff), code: 'deploy.compile' },
  { what: 'a null byte', language: 'lua', source: 'return \0', code: 'deploy.compile' },
  {
    what: 'nested parentheses',
    language: 'c',
    source: `int main(void) { return ${nested('(', ')', 1)}; }`,
    code: 'deploy.compile',
  },
  {
    what: 'many nested parentheses',
    language: 'c',
    source: `int main(void) { return ${'('.repeat(100_000)}1${')'.repeat(100_000)}; }`,
    code: 'deploy.compile',
  },
  { what: 'nested blocks', language: 'c', source: `int main(void) ${nested('{', '}')}`, code: 'deploy.compile' },
  {
    what: 'nested declarators',
    language: 'c',
    source: `int ${'*'.repeat(100_000)}p; int main(void) { return 0; }`,
    code: 'deploy.compile',
  },
  {
    what: 'a literal of 100 MB',
    language: 'c',
    source: `char *s = "${'x'.repeat(100_000_000)}"; int main(void) { return 0; }`,
    code: 'deploy.compile',
  },
  {
    what: 'macros that expand exponentially',
    language: 'c',
    source: `#define M0 1 +\n${MACROS}\nint main(void) { return M40 0; }`,
    code: 'deploy.compile',
  },
  {
    what: 'a file that includes itself',
    language: 'c',
    source: '#include "main.c"\nint main(void) { return 0; }',
    files: { 'main.c': '#include "main.c"\n' },
    code: 'deploy.compile',
  },
  {
    what: 'an array of many gigabytes',
    language: 'c',
    source: 'char a[0x7fffffff]; int main(void) { return a[0]; }',
    code: 'deploy.compile',
  },
  {
    what: 'an invalid byte',
    language: 'c',
    source: bytesOf('int main(void) { return 0; } ', 0xff),
    code: 'deploy.compile',
  },
  { what: 'a null byte', language: 'c', source: 'int main(void) { return \0 0; }', code: 'deploy.compile' },
  { what: 'a source of 100 MB', language: 'sm', source: `; ${'x'.repeat(100_000_000)}`, code: 'deploy.compile' },
  {
    what: 'a line without end',
    language: 'sm',
    source: `func main()\n${'1 drop '.repeat(100_000)}\nend`,
    code: 'deploy.compile',
  },
  {
    what: 'nested parentheses',
    language: 'sm',
    source: `func main()\n  ${nested('(', ')', 10_000)} drop\nend`,
    code: 'deploy.compile',
  },
  { what: 'an invalid byte', language: 'sm', source: bytesOf('func main()\nend\n', 0xff), code: 'deploy.compile' },
  { what: 'a null byte', language: 'sm', source: 'func main()\n\0\nend', code: 'deploy.compile' },
  { what: 'a module of noise', module: new Uint8Array(1000).fill(7), code: 'deploy.module' },
  { what: 'an unknown language', language: 'cobol', source: 'x', code: 'deploy.language' },
];

const host = await createHost({ training: false });

for (const { what, code, ...options } of HOSTILE) {
  test(`${options.language ?? 'module'}: ${what}`, async () => {
    let refusal: unknown = null;
    try {
      const result = await host.run(options);
      assert.is(result.status, 'ok', JSON.stringify(result.error));
    } catch (error) {
      refusal = error;
    }
    if (code === null) return assert.is(refusal, null);
    assert.instance(refusal, DeployError);
    assert.is((refusal as DeployError).code, code);
    assert.not.match((refusal as DeployError).message, /the frontend '.*' failed/);
    const after = await host.run({ language: 'lua', source: 'return 1' });
    assert.is(Number(after.value), 1);
  });
}

test.after(() => host.close());
test.run();
