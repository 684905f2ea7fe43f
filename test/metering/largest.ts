// Programs that give single operations the largest arguments that a memory limit admits: for test/soak/steps.ts, which looks
// for the longest step by the clock, and steps.test.ts, which bounds what a step is charged.

import {
  MAXIMUM_BODY_BYTES,
  MAXIMUM_JSON_BYTES,
  MAXIMUM_LOG_BYTES,
  MAXIMUM_LOG_VALUES,
  MAXIMUM_MESSAGE_VALUES,
  MAXIMUM_RECORD_NAMES,
} from '../../vm/index';

export interface LargestCase {
  readonly what: string;
  readonly language: 'lua' | 'c';
  /** The program for a memory limit in MiB. */
  readonly source: (mebibytes: number) => string;
}

function lua(what: string, source: (mebibytes: number) => string): LargestCase {
  return { what, language: 'lua', source };
}

function c(what: string, source: (mebibytes: number) => string): LargestCase {
  return { what, language: 'c', source };
}

/** A string of a fraction of the limit. */
const text = (mebibytes: number, share: number) => `('x'):rep(${Math.floor((mebibytes * (1 << 20)) / share)})`;
/** A list of n integers. */
const list = (n: number) => `local list = {} for i = 1, ${n} do list[i] = i end`;
/** As many values as a call may have. */
const MOST_VALUES = 240_000;
const VALUES = 900_000;
const valuesIn = (mebibytes: number) => (mebibytes < 128 ? MOST_VALUES : VALUES);
/** As many values as a function may say to another one, and to the log: a list of them is one more. */
const MOST_SAID = MAXIMUM_MESSAGE_VALUES - 1;
const MOST_LOGGED = MAXIMUM_LOG_VALUES - 1;
/** C's `text`: a string of so many bytes. */
const cText = (bytes: number) => `#include <gazelle.h>
    #include <stdlib.h>
    #include <string.h>
    static char *make(int n) { char *p = malloc(n + 1); if (!p) exit(9); memset(p, 'x', n); p[n] = 0; return p; }
    int main(void) { char *text = make(${bytes});`;
/** C's `json`: a list of so many values of `value`'s text. */
const cJson = (count: number, value: string) => `#include <gazelle.h>
    #include <string.h>
    static char json[262145];
    int main(void) { int at = 0, size = strlen(${value});
      for (int i = 0; i < ${count}; i++, at += size + 1) { json[at] = i ? ',' : '['; memcpy(json + at + 1, ${value}, size); }
      json[at] = ']';`;
/** Which fails with that code. */
const failing = (call: string, code: string) =>
  `do local ok, e = pcall(${call}) assert(not ok and e:find('${code}', 1, true), e) end`;

export const LARGEST_CASES: readonly LargestCase[] = [
  // --- stacks ---
  lua(
    'deep recursion',
    () =>
      'local function f(n) local a, b, c = n, n, n if n == 0 then return 0 end return 1 + f(n - 1) end return f(120000)',
  ),
  lua(
    'deep recursion with open upvalues',
    () => `local function f(n) local a, b = n, n local function g() return a + b end
      if n == 0 then return 0 end return g() - 2 * n + 1 + f(n - 1) end return f(60000)`,
  ),
  lua('stack overflow', () => 'local function f(n) local a, b, c = n, n, n return 1 + f(n - 1) end return pcall(f, 1)'),
  lua(
    'error far down',
    () => `local function f(n) if n == 0 then error('x') end return 1 + f(n - 1) end
      for _ = 1, 3 do assert(not pcall(f, 120000)) end`,
  ),
  lua(
    'traceback of a deep stack',
    () => `local function f(n) if n == 0 then return #debug.traceback() end return 1 + f(n - 1) end return f(120000)`,
  ),
  lua(
    'deep recursion in a coroutine',
    () => `local function f(n) local a, b, c = n, n, n if n == 0 then coroutine.yield(1) return 0 end return 1 + f(n - 1) end
      local co = coroutine.wrap(f) co(100000) return co()`,
  ),
  c(
    'deep recursion',
    () =>
      'static int f(int n) { volatile int x = n; return n == 0 ? 0 : x - n + 1 + f(n - 1); } int main(void) { return f(190000) != 190000; }',
  ),
  // --- many values ---
  lua(
    'unpack into a call',
    (m) => `${list(valuesIn(m))} local function f(...) return select('#', ...) end
    return f(table.unpack(list))`,
  ),
  lua(
    'unpack into a return',
    (m) => `${list(valuesIn(m))} local function f() return table.unpack(list) end
    return select('#', f())`,
  ),
  lua(
    'varargs passed on',
    (m) => `${list(valuesIn(m) >> 1)} local function g(...) return ... end
    local function f(...) return g(...) end return select('#', f(table.unpack(list)))`,
  ),
  lua(
    'varargs into a table',
    (m) => `${list(valuesIn(m))} local function f(...) local t = { ... } return #t end
    return f(table.unpack(list))`,
  ),
  lua('unpack into a table', (m) => `${list(valuesIn(m))} local t = { table.unpack(list) } return #t`),
  lua('pack', (m) => `${list(valuesIn(m))} return table.pack(table.unpack(list)).n`),
  lua('bytes of a string', (m) => `local s = ('x'):rep(${valuesIn(m)}) return select('#', s:byte(1, -1))`),
  lua(
    'char of many',
    (m) => `${list(valuesIn(m))} for i = 1, #list do list[i] = 65 end return #string.char(table.unpack(list))`,
  ),
  lua('values through pcall', (m) => `${list(valuesIn(m))} return select('#', pcall(table.unpack, list))`),
  lua(
    'values through a tail call',
    (m) => `${list(valuesIn(m) >> 1)} local function g(...) return select('#', ...) end
    local function f(...) return g(...) end return f(table.unpack(list))`,
  ),
  lua(
    'values through a coroutine',
    (m) => `${list(valuesIn(m) >> 1)}
    local co = coroutine.wrap(function(...) local n = select('#', ...) coroutine.yield(...) return n end)
    local n = select('#', co(table.unpack(list))) return n + co()`,
  ),
  lua(
    'values through __call',
    (m) => `${list(valuesIn(m) >> 1)}
    local t = setmetatable({}, { __call = function(_, ...) return select('#', ...) end }) return t(table.unpack(list))`,
  ),
  lua('math.max of many', (m) => `${list(valuesIn(m))} return math.max(table.unpack(list))`),
  // --- long strings ---
  lua('rep and concatenation', (m) => `local s = ${text(m, 4)} local t = s .. 'y' return #t`),
  lua('doubling a string', (m) => `local s = 'x' while #s < ${m << 17} do s = s .. s end return #s`),
  lua('table.concat of one long element', (m) => `local s = ${text(m, 8)} return #table.concat({ 'a', s, 'b' })`),
  lua('format of a long argument', (m) => `local s = ${text(m, 8)} return #string.format('%s!%s', s, 'y')`),
  lua('format with a width of a long argument', (m) => `local s = ${text(m, 8)} return #string.format('%-20s', s)`),
  lua('format %q', (m) => `local s = ${text(m, 16)} return #string.format('%q', s)`),
  lua(
    'comparing equal long strings',
    (m) => `local a, b = ${text(m, 8)} .. '1', ${text(m, 8)} .. '1' return a == b, a < b`,
  ),
  lua(
    'a long key that equals another',
    (m) => `local a, b = ${text(m, 8)} .. '1', ${text(m, 8)} .. '1'
    local t = { [a] = 1 } local n = t[b] t[b] = 2 return n + t[a] + rawget(t, b)`,
  ),
  lua('long keys with the same hash', (m) => {
    const length = m << 15;
    return `local t, half = {}, ('x'):rep(${length})
      for i = 1, 20 do t[half .. string.format('%02d', i) .. ('y'):rep(600)] = i end
      local n = 0 for _, v in pairs(t) do n = n + v end return n, t[half .. '03' .. ('y'):rep(600)]`;
  }),
  lua('sub of a long string', (m) => `local s = ${text(m, 4)} return #s:sub(2)`),
  lua('upper and reverse', (m) => `local s = ${text(m, 8)} return #s:upper(), #s:reverse()`),
  lua(
    'find and gsub',
    (m) => `local s = ${text(m, 16)} .. 'y' return (s:find('y', 1, true)), (s:find('y')), select(2, s:gsub('x', 'z'))`,
  ),
  lua('match captures a long text', (m) => `local s = ${text(m, 8)} return #s:match('(x*)')`),
  lua(
    'many captures of a long text',
    (m) => `local s = ${text(m, 64)} local open, close = ('('):rep(30), (')'):rep(30)
      return select('#', s:match(open .. 'x*' .. close)), select('#', string.unpack(('s4'):rep(12), string.pack('s4', s):rep(12)))`,
  ),
  lua(
    'gsub with a long replacement',
    (m) => `local s = ${text(m, 8)} return #(('a'):gsub('a', s)), #(('a'):gsub('a', { a = s }))`,
  ),
  lua(
    'pack of a long string',
    (m) => `local s = ${text(m, 8)} return #string.pack('s4', s), #string.unpack('s4', string.pack('s4', s))`,
  ),
  lua(
    'pack and unpack to a zero far away',
    () => `local s = ('x'):rep((1 << 18) - 1) return #string.pack('z', s), #string.unpack('z', s .. '\\0')`,
  ),
  lua(
    'unpack and pack by a long format',
    () => `local format = ('s1'):rep(4096) local t = table.pack(string.unpack(format, ('\\3abc'):rep(4096)))
      return t.n, #string.pack(format, table.unpack(t, 1, 4096)), string.packsize(('i1'):rep(4096))`,
  ),
  lua(
    'JSON written and read',
    (m) => `local json = require 'gazelle.json' local t = {}
      for i = 1, ${m << 8} do t[i] = { id = i, ['name ' .. i % 100] = ('x'):rep(i % 50) } end t.long = nil
      local s = json.encode(t) return #s, #json.decode(s), #json.encode(${text(m, 32)})`,
  ),
  lua('tonumber of a long text', (m) => `local s = ('1'):rep(${m << 14}) return tonumber(s)`),
  lua(
    'error with a long message',
    (m) => `local s = ${text(m, 8)} local ok, e = pcall(error, s) return #e, #select(2, pcall(error, s, 2))`,
  ),
  lua('print of a long text', () => `io.write(('x'):rep(8 << 20), '\\n')`),
  lua('utf8 of a long text', (m) => `local s = ${text(m, 16)} return utf8.len(s), utf8.offset(s, -1)`),
  // --- tables ---
  lua('an array', (m) => `local t = {} for i = 1, ${m << 14} do t[i] = i end return #t`),
  lua(
    'a hash part',
    (m) =>
      `local t = {} for i = 1, ${m << 12} do t[i + 0.5] = i end local n = 0 for _ in pairs(t) do n = n + 1 end return n`,
  ),
  lua(
    'emptied and iterated',
    (m) => `local t = {} for i = 1, ${m << 12} do t[i + 0.5] = i end
    for k in pairs(t) do t[k] = nil end return next(t)`,
  ),
  lua(
    'length of an array with holes',
    (m) => `local t = {} for i = 1, ${m << 13} do t[i] = i end
    for i = #t, 1, -1 do t[i] = nil if i % 65536 == 0 then local n = #t end end return #t`,
  ),
  lua(
    'insert and remove in front',
    (m) => `local t = {} for i = 1, ${m << 12} do t[i] = i end table.insert(t, 1, 0) return table.remove(t, 1)`,
  ),
  lua(
    'move and sort',
    (m) => `local t = {} for i = 1, ${m << 10} do t[i] = (i * 7919) % 10007 end table.sort(t)
    return #table.move(t, 1, #t, 2, {})`,
  ),
  lua(
    'a metatable for a weak table beside many finalisers',
    (m) => `local mt, weak = { __gc = function() end }, { __mode = 'k', __gc = function() end }
    local t, w = {}, setmetatable({}, weak) for i = 1, ${m << 11} do t[i] = setmetatable({}, mt) end
    collectgarbage() setmetatable(w, weak) return #t`,
  ),
  lua('many short strings', (m) => `local t = {} for i = 1, ${m << 12} do t[i] = 'k' .. i end return #t`),
  lua(
    'keys with the same hash',
    () => `local t = {} local function key(i) return i * 0x100000000 + ((i * 0x45d9f3b) & 0xffffffff) end
    local ok, e = pcall(function() for i = 0, 9999 do t[key(i)] = i end end) assert(not ok and e:find('too many keys'), e)
    local n = 0 for i = 0, 9999, 100 do n = n + (t[key(i)] or 0) end return n`,
  ),
  // --- the collector ---
  lua(
    'collecting a list',
    (m) =>
      `local head for i = 1, ${m << 12} do head = { head } end collectgarbage() return collectgarbage('count') > 0`,
  ),
  lua(
    'collecting many closures',
    (m) => `local t = {} for i = 1, ${m << 12} do t[i] = function() return i end end collectgarbage()`,
  ),
  lua(
    'collecting ephemerons in a chain',
    (m) => `local t = setmetatable({}, { __mode = 'k' }) local first = {} local key = first
    for i = 1, ${Math.min(m << 8, 3000)} do local value = {} t[key] = value key = value end collectgarbage()
    local n = 0 for _ in pairs(t) do n = n + 1 end return n, first`,
  ),
  lua(
    'collecting a weak table',
    (m) =>
      `local t = setmetatable({}, { __mode = 'v' }) for i = 1, ${m << 12} do t[i] = {} end collectgarbage() return #t`,
  ),
  lua(
    'collecting coroutines',
    (m) =>
      `local t = {} for i = 1, ${m << 8} do t[i] = coroutine.create(print) end collectgarbage() t = nil collectgarbage()`,
  ),
  lua(
    'collecting a deep stack',
    () => `local function f(n) local a, b, c = n, n, n if n == 0 then collectgarbage() return 0 end return 1 + f(n - 1) end
    f(100000) collectgarbage() return 1`,
  ),
  lua(
    'freed blocks that are too small',
    (m) => `local t = {}
    for i = 1, ${m << 8} do t[i] = ('x'):rep(1100 + i % 7) end
    for i = 1, #t, 2 do t[i] = nil end collectgarbage()
    local u = {} for i = 1, 200 do u[i] = ('y'):rep(1500 + i) end return #u`,
  ),
  // --- the heap ---
  lua('one block of nearly all memory', (m) => `local s = ${text(m, 1.2)} return #s`),
  lua(
    'a heap that is full',
    (m) =>
      `local t = {} pcall(function() for i = 1, math.huge do t[i] = ('x'):rep(${m << 10}) .. i end end) local n = #t t = nil return n`,
  ),
  c(
    'malloc of nearly all memory',
    (m) => `#include <stdlib.h>
    int main(void) { size_t n = ${Math.floor(m * 0.9)}; char *p = malloc(n << 20); if (!p) return 1; p[5] = 1; size_t at = ${m >> 1}; return p[at << 20]; }`,
  ),
  c(
    'memory functions',
    (m) => `#include <stdlib.h>
    #include <string.h>
    int main(void) { size_t n = ${Math.floor(m / 3)} << 20; char *p = malloc(n), *q = malloc(n); if (!p || !q) return 1;
      memset(p, 7, n); memcpy(q, p, n); memmove(p + 1, p, n - 1); return memcmp(p, q, n) + (memchr(p, 8, n) != 0); }`,
  ),
  c(
    'realloc that moves',
    (m) => `#include <stdlib.h>
    static int descend(int n) { return n == 0 ? 0 : 1 + descend(n - 1); }
    int main(void) { char *p = malloc(${m >> 2} << 20); descend(5000); char *q = malloc(${m >> 3} << 20); return p == 0 || q == 0; }`,
  ),
  // --- syscalls ---
  lua(
    'storage put of huge keys and values',
    (m) => `local storage, s = require 'gazelle'.storage, ${text(m, 4)}
      ${failing("storage.put, 'k', s", 'storage.value')} ${failing("storage.put, s, 'v'", 'storage.key')}
      ${failing("storage.compare_and_swap, 'k', 1, s", 'storage.value')} ${failing('storage.get, s', 'storage.key')}
      ${failing('storage.list, s', 'storage.key')}`,
  ),
  lua(
    'storage put and get of the largest value',
    () => `local storage, s = require 'gazelle'.storage, ('x'):rep(1 << 20)
      storage.put('k', s) return storage.get('k') == s`,
  ),
  lua(
    'storage list of a full page',
    () => `local storage = require 'gazelle'.storage for i = 1, 1100 do storage.put(('k'):rep(28) .. i, 'v') end
      for i = 1, 1100 do storage.put(('l'):rep(508) .. i, 'v') end return #storage.list('k'), #storage.list('l')`,
  ),
  lua(
    'invoke of a huge name',
    (m) => `local invoke, s = require 'gazelle'.invoke, ${text(m, 4)} ${failing('invoke, s', 'invoke.unknown')}`,
  ),
  lua(
    'invoke with a huge text',
    (m) => `local invoke, s = require 'gazelle'.invoke, ${text(m, 4)} ${failing("invoke, 'f', s", 'bad argument')}`,
  ),
  lua(
    'invoke with the longest text',
    () => `local invoke = require 'gazelle'.invoke for _, c in ipairs { 'x', 'é', '😀', '\\xff' } do
      local s = c:rep(${MAXIMUM_JSON_BYTES} // 4) invoke('f', s) end return #invoke('f', ('x'):rep(${MAXIMUM_JSON_BYTES}))`,
  ),
  lua(
    'invoke with most values',
    () => `local invoke, n = require 'gazelle'.invoke, ${MOST_SAID} ${list(MOST_SAID)} assert(#invoke('f', list) == n)
      for i = 1, n do list[i] = i / 3 end assert(invoke('f', list)[n] == n / 3)
      for i = 1, n do list[i] = 'value' .. i end assert(invoke('f', list)[n] == 'value' .. n)
      for i = 1, n do list[i] = {} end return #invoke('f', list)`,
  ),
  lua(
    'invoke with most names',
    () => `local invoke, t, deep = require 'gazelle'.invoke, {}, {} for i = 1, ${MOST_SAID >> 1} do t['name' .. i] = i end
      for i = 1, ${MOST_SAID >> 2} do deep[i] = { ['other' .. i] = i } end
      return invoke('f', t).name7, invoke('f', deep)[9].other9`,
  ),
  lua(
    'invoke with too many values',
    (m) => `local invoke = require 'gazelle'.invoke ${list(valuesIn(m))} ${failing("invoke, 'f', list", 'bad argument')}
      list = {} for i = 1, ${valuesIn(m) >> 3} do list['name' .. i] = i end ${failing("invoke, 'f', list", 'bad argument')}`,
  ),
  lua(
    'several invocations with most values',
    () => `local invoke_all = require 'gazelle'.invoke_all local calls = {}
      for i = 1, 64 do local t = {} for j = 1, 120 do t[j] = j end calls[i] = { 'f', t } end return #invoke_all(calls)`,
  ),
  lua(
    'log of most values',
    () => `local log = require 'gazelle'.log ${list(MOST_LOGGED)} log.info('m', list)
      for i = 1, #list do list[i] = i / 3 end log.info('m', list)
      for i = 1, #list do list[i] = ('\\1'):rep(50) .. i end log.info('m', list)
      local t = {} for i = 1, ${MOST_LOGGED >> 1} do t['name' .. i] = i end log.info('m', t)`,
  ),
  lua(
    'log of too many values',
    (m) => `local log = require 'gazelle'.log ${list(valuesIn(m))} ${failing("log.info, 'm', list", 'bad argument')}`,
  ),
  lua(
    'log of huge and of the longest messages',
    (m) => `local log, s = require 'gazelle'.log, ${text(m, 4)} ${failing('log.info, s', 'log.message')}
      for _, c in ipairs { 'x', 'é', '😀', '\\xff' } do 
        local long = c:rep(${MAXIMUM_LOG_BYTES} // #c) log.info(long, { [''] = long }) end`,
  ),
  lua('write of a huge text', (m) => `local s = ${text(Math.min(m, 56), 4)} io.write(s) return #s`),
  lua(
    'http_request with a huge body',
    (m) => `local http, s = require 'gazelle'.http, ${text(m, 3)}
      local request = { url = 'http://example.com/', method = 'POST', body = s } ${failing('http.request, request', 'http.request')}
      request.body = s:sub(1, ${MAXIMUM_BODY_BYTES}) assert(#http.request(request):text() == 640)
      local piece = request.body function request.body() local next = piece piece = nil return next end
      return #http.request(request):text()`,
  ),
  lua(
    'http_request with huge fields',
    (m) => `local http, s = require 'gazelle'.http, ${text(m, 4)} ${failing('http.get, s', 'bad argument')}
      ${failing(`http.get, ('x'):rep(${MAXIMUM_JSON_BYTES - 100})`, 'http.request')}
      local function headers(n, value) local t = {} for i = 1, n do t['n' .. i] = value end return t end
      for _, c in ipairs { 'v', '\\xc3\\xa9' } do
        http.get('http://example.com/' .. ('p'):rep(8000), headers(256, c:rep(60))):close()
        http.get('http://example.com/' .. ('é'):rep(4000), { n = c:rep(30000) }):close()
      end
      local many = headers(500, 'v') ${failing("http.get, 'http://example.com/', many", 'http.request')}
      local long = { n = ('v'):rep(250000) } ${failing("http.get, 'http://example.com/', long", 'http.request')}
      local most = headers(8000, 'v') ${failing("http.get, 'http://example.com/', most", 'bad argument')}`,
  ),
  lua('opening a file of a huge name', (m) => `local f, e = io.open(${text(m, 4)}) return f == nil`),
  c(
    'storage put of huge keys and values',
    (m) =>
      `${cText(m << 18)} return gazelle_storage_put("k", text, ${m << 18}) != -1 || gazelle_storage_put(text, "v", 1) != -1; }`,
  ),
  c(
    'calls of huge names',
    (m) => `${cText(m << 18)} return gazelle_call(text, "[]") != -1 || gazelle_invoke(text, "1") != -1; }`,
  ),
  c('file_size of a huge name', (m) => `${cText(m << 18)} return gazelle_file_size(text) != -1; }`),
  c(
    'write of a huge text',
    (m) => `${cText(Math.min(m, 56) << 18)} return gazelle_write(1, text, ${Math.min(m, 56) << 18}) < 0; }`,
  ),
  c(
    'http_request with a huge body',
    (m) =>
      `${cText(m << 18)} return gazelle_http_request("POST", "http://example.com/", NULL, text, ${MAXIMUM_BODY_BYTES}, NULL) < 0
        || gazelle_http_request("POST", "http://example.com/", NULL, text, ${(m << 18) + 1}, NULL) != -1; }`,
  ),
  c(
    'JSON of one long text',
    () => `${cText(MAXIMUM_JSON_BYTES)} text[0] = text[${MAXIMUM_JSON_BYTES - 1}] = '"'; gazelle_result(text);
      text[${MAXIMUM_LOG_BYTES}] = 0; text[${MAXIMUM_LOG_BYTES - 1}] = '"';
      gazelle_log(GAZELLE_INFO, "m", text); text[${MAXIMUM_LOG_BYTES}] = text[${MAXIMUM_LOG_BYTES - 1}] = 'x';
      return gazelle_invoke("f", text) != ${MAXIMUM_JSON_BYTES}; }`,
  ),
  c(
    'JSON of most values',
    () => `${cJson(MOST_SAID, '"\\"some text in a value\\""')}
      return gazelle_invoke("f", json) != at + 1; }`,
  ),
  c(
    'JSON of as many values as fit',
    () => `${cJson(MAXIMUM_JSON_BYTES / 2 - 1, '"1"')} gazelle_result(json); return gazelle_call("f", json) != -1; }`,
  ),
  c(
    'JSON of as many names as are possible',
    () => `#include <gazelle.h>
    #include <stdio.h>
    static char json[262145];
    int main(void) { int at = 0;
      for (int i = 0; i < ${MAXIMUM_RECORD_NAMES}; i++)
        at += sprintf(json + at, "%c\\"a name that is long: a record has room for few like it %d\\":1", i ? ',' : '{', i);
      json[at++] = '}'; gazelle_result(json); return gazelle_call("f", json) != -1; }`,
  ),
  c(
    'JSON that is nested',
    () => `#include <gazelle.h>
    static char json[262145];
    int main(void) { int at = 0;
      for (int i = 0; i < 1000; i++) {
        json[at++] = i ? ',' : '['; for (int d = 0; d < 120; d++) json[at++] = '['; for (int d = 0; d < 120; d++) json[at++] = ']';
      }
      json[at++] = ']'; gazelle_result(json); return gazelle_call("f", json) != -1; }`,
  ),
];
