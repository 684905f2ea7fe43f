// As largest.ts, with a whole host around: what functions say to each other, what hosts answer, take and are given. For
// test/soak/steps.ts.
import type { Host, HttpClient, HttpHeaders } from '../../host/core/index';
import {
  MAXIMUM_JSON_BYTES,
  MAXIMUM_LIST_ELEMENTS,
  MAXIMUM_MESSAGE_VALUES,
  MAXIMUM_RECORD_NAMES,
  MAXIMUM_RESULT_NAMES,
  MAXIMUM_VALUE_BYTES,
  MAXIMUM_VALUE_NODES,
} from '../../vm/index';

export interface HostedCase {
  readonly what: string;
  /** Deploys what it needs. */
  readonly prepare?: (host: Host) => Promise<unknown>;
  readonly language: 'lua' | 'c';
  readonly source: string;
  readonly argument?: unknown;
  readonly args?: readonly string[];
  readonly stdin?: string;
}

const MOST_SAID = MAXIMUM_MESSAGE_VALUES - 1;
const LUA_LIST = `local list, names = {}, {} for i = 1, ${MOST_SAID} do list[i] = i / 3 end
  for i = 1, ${MOST_SAID >> 1} do names['name' .. i] = i end`;
const ECHO = { language: 'lua', source: 'return ...' } as const;
const C_ECHO = {
  language: 'c',
  source: `#include <gazelle.h>
    static char text[300000];
    int main(void) { int size = 0, got; while ((got = gazelle_argument_read(0, size, text + size, 65536)) > 0) size += got;
      text[size] = 0; gazelle_result(text); return 0; }`,
} as const;
const C_COUNTS = `#include <gazelle.h>
  static char piece[65536];
  int main(void) { int size = 0, got, n = gazelle_argument_count();
    while ((got = gazelle_argument_read(n - 1, size, piece, sizeof piece)) > 0) size += got; return size == 0; }`;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index / 3);
const record = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`name ${index}`, index]));

/** The largest answers of host functions, by name. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  numbers: [numbers(MAXIMUM_LIST_ELEMENTS), numbers(MAXIMUM_LIST_ELEMENTS - 3)],
  record: record(MAXIMUM_RECORD_NAMES),
  records: Array.from({ length: 20_000 }, (_, index) => ({ id: index, name: 'x', list: [1, 2, 3, 4, 5] })),
  texts: Array.from({ length: 20_000 }, (_, index) => `text ${index}`),
  text: '😀'.repeat(MAXIMUM_JSON_BYTES / 2),
  bytes: new Uint8Array(MAXIMUM_JSON_BYTES).fill(255),
};
const FAILURE = new Error('é'.repeat(1 << 20));
export const HOST_FUNCTIONS: Readonly<Record<string, () => unknown>> = {
  ...Object.fromEntries(Object.entries(ANSWERS).map(([name, answer]) => [name, () => answer])),
  failure: () => {
    throw FAILURE;
  },
};

const many: HttpHeaders = Array.from({ length: 1024 }, (_, index) => [`name-${index}`, 'é'.repeat(10)]);
const repeated: HttpHeaders = Array.from({ length: 1024 }, () => ['set-cookie', 'cookie='.repeat(2)]);
const long: HttpHeaders = [['name', 'é'.repeat(32_000)]];
const BODY = new Uint8Array(32 << 20);

/** Answers by the path of the request. */
export const HOSTED_CLIENT: HttpClient = {
  async request({ url }) {
    const headers: Record<string, HttpHeaders> = { '/many': many, '/repeated': repeated, '/long': long };
    return { status: 200, headers: headers[url.pathname] ?? [], body: once(BODY) };
  },
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export const HOSTED_CASES: readonly HostedCase[] = [
  {
    what: 'a Lua function that is invoked with most values and names',
    prepare: (host) => host.deploy({ name: 'echo', ...ECHO }),
    language: 'lua',
    source: `local invoke = require 'gazelle'.invoke ${LUA_LIST} local text = ('é'):rep(${MAXIMUM_JSON_BYTES / 2})
      return #invoke('echo', list) + invoke('echo', names).name7 + #invoke('echo', text)`,
  },
  {
    what: 'a C function that is invoked with most values and names',
    prepare: (host) => host.deploy({ name: 'echo', ...C_ECHO }),
    language: 'lua',
    source: `local invoke = require 'gazelle'.invoke ${LUA_LIST}
      return #invoke('echo', list) + invoke('echo', names).name7`,
  },
  {
    what: 'many functions that are invoked at once',
    prepare: (host) => host.deploy({ name: 'echo', ...ECHO }),
    language: 'lua',
    source: `local calls, list = {}, {} for i = 1, 110 do list[i] = i end for i = 1, 64 do calls[i] = { 'echo', list } end
      return #require 'gazelle'.invoke_all(calls)`,
  },
  ...Object.keys(HOST_FUNCTIONS).map((name): HostedCase => {
    const source = `return select('#', pcall(require 'gazelle'.call, '${name}'))`;
    return { what: `a host function's largest answer: ${name}`, language: 'lua', source };
  }),
  ...Object.keys(HOST_FUNCTIONS).map((name): HostedCase => {
    const source = `#include <gazelle.h>\nint main(void) { gazelle_call("${name}", "[]"); return 0; }`;
    return { what: `a host function's largest answer: ${name}`, language: 'c', source };
  }),
  {
    what: 'an argument of most values',
    language: 'lua',
    source: 'return #(...)',
    argument: numbers(MAXIMUM_VALUE_NODES - 1),
  },
  { what: 'an argument of most values', language: 'c', source: C_COUNTS, argument: numbers(MAXIMUM_VALUE_NODES - 1) },
  { what: 'an argument of many names', language: 'c', source: C_COUNTS, argument: record(100_000) },
  {
    what: 'an argument of a long text',
    language: 'lua',
    source: 'return #(...)',
    argument: 'é'.repeat(MAXIMUM_VALUE_BYTES),
  },
  { what: 'an argument of a long text', language: 'c', source: C_COUNTS, argument: 'é'.repeat(MAXIMUM_VALUE_BYTES) },
  { what: 'many arguments', language: 'c', source: C_COUNTS, args: numbers(100_000).map(String) },
  {
    what: 'a result of most values',
    language: 'lua',
    source: `local t = {} for i = 1, 7 do t[i] = {} for j = 1, ${MAXIMUM_LIST_ELEMENTS} do t[i][j] = j end end return t`,
  },
  {
    what: 'a result of most names',
    language: 'lua',
    source: `local t = {} for i = 1, 9 do t[i] = {} for j = 1, ${MAXIMUM_RESULT_NAMES} do t[i]['n' .. j] = i end end return t`,
  },
  {
    what: 'a result of a long text',
    language: 'lua',
    source: `return ('é'):rep(${MAXIMUM_VALUE_BYTES / 2})`,
  },
  { what: 'most output', language: 'lua', source: "local s = ('é'):rep(1 << 19) for _ = 1, 15 do io.write(s) end" },
  {
    what: 'output in little pieces to both streams',
    language: 'lua',
    source: "local out, err = io.stdout, io.stderr for _ = 1, 150000 do out:write('o') err:write('e') end",
  },
  {
    what: 'an error that has much to say',
    language: 'lua',
    source: `local t = {} for i = 1, 490 do t['name' .. i] = ('é'):rep(10) end error(t)`,
  },
  { what: 'much standard input', language: 'lua', source: "return #io.read('a')", stdin: 'x'.repeat(16 << 20) },
  {
    what: 'responses with many and large headers',
    language: 'lua',
    source: `local http = require 'gazelle'.http
      for _, path in ipairs { 'many', 'repeated', 'long', 'body' } do
        local response = http.get('http://example.com/' .. path)
        for _ = 1, 3 do response:read() end response:close()
      end`,
  },
  {
    what: 'a storage of many keys',
    language: 'lua',
    source: `local storage = require 'gazelle'.storage
      for i = 1, 40000 do storage.put('key ' .. i * 7919 % 40000, '') end
      local n = 0 for key in storage.keys 'key 1' do n = n + 1 end return n`,
  },
  {
    what: 'many log records',
    language: 'lua',
    source: `local log = require 'gazelle'.log for i = 1, 12000 do log.info('', { i = i }) end`,
  },
];
