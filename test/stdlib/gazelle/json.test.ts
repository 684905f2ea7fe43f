// JSON in guests: gazelle.json of Lua and gazelle_json.h of C read what JSON is and nothing else, and write what reads back.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type DeployedFunction } from '../../../host/core/index';

const host = await createHost();
test.after(() => host.close());

/** Functions that read a text and write the value again; a refusal is the exit code 1, or an error. */
const ECHOES = {
  lua: `local json = require 'gazelle.json'
    io.write(json.encode(json.decode(io.read('a'), json.null)))`,
  c: `#include <gazelle_json.h>
    #include <stdio.h>
    #include <stdlib.h>
    static char text[100000], out[200000], string[100000];
    static gazelle_json_writer w;
    static void copy(gazelle_json v) {
      gazelle_json_iterator i = {0};
      gazelle_json name, element;
      switch (v.kind) {
        case GAZELLE_JSON_NUMBER: gazelle_json_write_number(&w, gazelle_json_number(v, 0)); break;
        case GAZELLE_JSON_BOOLEAN: gazelle_json_write_boolean(&w, gazelle_json_boolean(v, -1)); break;
        case GAZELLE_JSON_STRING:
          gazelle_json_write_bytes(&w, string, gazelle_json_string(v, string, sizeof string)); break;
        case GAZELLE_JSON_LIST:
          gazelle_json_open_list(&w);
          while (gazelle_json_next(v, &i, NULL, &element)) copy(element);
          gazelle_json_close_list(&w); break;
        case GAZELLE_JSON_OBJECT:
          gazelle_json_open_object(&w);
          while (gazelle_json_next(v, &i, &name, &element)) {
            gazelle_json_string(name, string, sizeof string);
            gazelle_json_write_name(&w, string);
            copy(element);
          }
          gazelle_json_close_object(&w); break;
        default: gazelle_json_write_null(&w);
      }
    }
    int main(void) {
      gazelle_json value = gazelle_json_parse(text, fread(text, 1, sizeof text, stdin));
      if (value.kind == GAZELLE_JSON_NONE) return 1;
      gazelle_json_begin(&w, out, sizeof out);
      copy(value);
      if (gazelle_json_end(&w) < 0) return 2;
      fputs(out, stdout);
      return 0;
    }`,
};

/** Valid UTF-8 without zeros, which C's names cannot have. */
const text = fc.string({ unit: 'binary' }).filter((value) => !/[\0\p{Surrogate}]/u.test(value));
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    // An object whose names are whole numbers is a list to Lua.
    fc.dictionary(
      text.filter((name) => Number.isNaN(Number(name))),
      tie('value'),
      { minKeys: 1, maxKeys: 5, noNullPrototype: true },
    ),
  ),
}));

const REFUSED = [
  ...['', ' ', '{', '}', '[', '[1,]', '[,1]', '{"a":1,}', '{"a"}', '{"a":}', '{1:2}', '{a:1}', '[1 2]', '[}', '{]'],
  ...['01', '1.', '.5', '+1', '1e', '1e+', '- 1', '0x1', 'NaN', 'Infinity', 'nul', 'True', '[1] 2', "'a'", '\v1'],
  ...['"a', '"\\', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', '"\u0001"', '{"a\n":1}', '"\\u', 'tru', '[true'],
];
const ACCEPTED = [
  ' [ 1 , 2 ]\r\n\t',
  '"\\u0041\\/\\ud83d\\ude00"',
  '-0',
  '1E5',
  '[[],{"x":""}]',
  'null',
  '0',
  '"\u007f"',
];

async function echo(fn: DeployedFunction, stdin: string): Promise<string | null> {
  const result = await fn.execute(undefined, { stdin });
  if (result.status === 'ok' && result.exitCode === 0) return result.stdout;
  assert.ok(result.exitCode === 1 || result.error?.message.startsWith('json.decode: '), JSON.stringify(result));
  return null;
}

for (const [language, source] of Object.entries(ECHOES)) {
  const fn = await host.deploy({ name: `echo-${language}`, language, source });

  test(`${language} reads and writes any value as it was`, async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, fc.boolean(), async (value, isWide) => {
        const json = JSON.stringify(value, null, isWide ? 2 : 0);
        const copied = await echo(fn, json);
        assert.equal(JSON.parse(copied!), JSON.parse(json), json);
      }),
      { numRuns: 60 },
    );
  });

  test(`${language} refuses what is no JSON and takes what is`, async () => {
    for (const wrong of REFUSED) assert.is(await echo(fn, wrong), null, wrong);
    for (const right of ACCEPTED) assert.equal(JSON.parse((await echo(fn, right))!), JSON.parse(right), right);
  });

  test(`${language} reads 128 levels and refuses one more, whatever is inside`, async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
      assert.is(await echo(fn, nested(128)), nested(128));
      assert.is(await echo(fn, nested(129)), null);
    }
  });

  test(`${language} reads numbers to the nearest double`, async () => {
    const halfway = '9007199254740993.0000000000000000000000001';
    for (const numeral of ['0.1', '1e23', '5e-324', '2.4703282292062328e-324', '1.7976931348623157e308', halfway]) {
      assert.is(Number(await echo(fn, numeral)), Number(numeral), numeral);
    }
  });
}

test('Lua keeps 64-bit integers, tells lists from objects, and refuses what JSON cannot say', async () => {
  const source = `local json = require 'gazelle.json'
    assert(json.decode('9223372036854775807') == math.maxinteger)
    assert(math.type(json.decode('9223372036854775808')) == 'float')
    assert(json.decode('[1,null,3]')[3] == 3 and json.decode('null') == nil)
    assert(json.encode({}) == '[]' and json.encode(json.object({})) == '{}')
    assert(json.encode({ 1, 2, x = 3 }) == '{"1":1,"2":2,"x":3}')
    assert(json.encode({ [2] = true }) == '{"2":true}')
    assert(json.encode({ b = json.null, a = 1.5 }) == '{"a":1.5,"b":null}')
    local cycle = {}
    cycle[1] = cycle
    for _, bad in ipairs { print, 0 / 0, 1 / 0, '\\xff', cycle, json.list { 1, nil, 3 }, { [print] = 1 } } do
      local ok, message = pcall(json.encode, bad)
      assert(not ok and message:find('^json.encode: '), message)
    end
    return 'ok'`;
  const { value, error } = await host.run({ language: 'lua', source });
  assert.is(value, 'ok', JSON.stringify(error));
});

test('a text of megabytes is stopped in the middle like any other work', async () => {
  const source = `require 'gazelle.json'.decode('[' .. ('1,'):rep(1000000) .. '1]')`;
  const { error } = await host.run({ language: 'lua', source, limits: { instructions: 1_000_000 } });
  assert.is(error?.resource, 'instructions');
});

test.run();
