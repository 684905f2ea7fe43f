// The registry of metering cases: each names the intrinsics (and, as `syscall:NAME`, the syscalls) that it reaches, and
// gives a program whose work grows with n. metering.test.ts checks what each claims, and that none is missing.
import type { FileSource } from '../../host/core/files';
import type { HostFunction } from '../../host/core/syscall-handlers';

export interface MeteringCase {
  readonly covers: readonly string[];
  readonly language: 'lua' | 'c' | 'sm';
  /**
   * `stops`: one call works on n things, and the intrinsic stops in the middle: it is entered again for the same call.
   * `repeats`: n calls; what one costs is bounded, the largest arguments included, so that a turn ends soon behind it.
   */
  readonly kind: 'stops' | 'repeats';
  readonly n: number;
  readonly source: (n: number) => string;
  readonly files?: FileSource;
  readonly functions?: Readonly<Record<string, HostFunction>>;
  readonly args?: readonly string[];
  readonly stdin?: (n: number) => string;
}

/** Lua code that is run n times. */
function luaLoop(covers: string[], body: string, setup = '', n = 2000): MeteringCase {
  const source = (count: number) => `${setup} for i = 1, ${count} do ${body} end`;
  return { covers, language: 'lua', kind: 'repeats', n, source };
}

/** Lua code that makes one call whose work grows with n. */
function luaCall(covers: string[], n: number, source: (n: number) => string, more = {}): MeteringCase {
  return { covers, language: 'lua', kind: 'stops', n, source, ...more };
}

const C_HEAD =
  '#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <gazelle.h>\n';

function cLoop(covers: string[], body: string, setup = '', more = {}): MeteringCase {
  const source = (n: number) =>
    `${C_HEAD}int main(void) { ${setup} for (int i = 0; i < ${n}; i++) { ${body} } return 0; }`;
  return { covers, language: 'c', kind: 'repeats', n: 1000, source, ...more };
}

const C_UNARY = 'acos asin atan cos sin tan cosh sinh tanh exp exp2 expm1 log log2 log10 log1p cbrt'.split(' ');
const C_BINARY = 'atan2 pow fmod hypot'.split(' ');
/** A text of 300,000 bytes: below, what a call costs must not depend on it. */
const LONG = "local long = ('x'):rep(300000)";

export const METERING_CASES: readonly MeteringCase[] = [
  // --- C: mathematics, numbers as text ---
  cLoop(
    [...C_UNARY, ...C_BINARY].map((name) => `c.${name}`),
    [...C_UNARY.map((name) => `x += ${name}(y);`), ...C_BINARY.map((name) => `x += ${name}(y, 1e300);`)].join(' '),
    'volatile double x = 0, y = 0.75;',
  ),
  cLoop(
    ['c.ldexp', 'c.frexp_exponent', 'c.frexp_fraction'],
    'int e; x += ldexp(x, 3); x = frexp(x, &e);',
    'volatile double x = 0.7;',
  ),
  cLoop(['c.format_double'], 'sprintf(buffer, "%.300f", 1e308);', 'static char buffer[2000];', { n: 200 }),
  cLoop(['c.parse_double'], 'x = strtod("123456789.123456789e-300", NULL);', 'volatile double x;'),
  cLoop(['c.parse_float'], 'x = strtof("123456789.123456789e-30", NULL);', 'volatile float x;'),

  // --- Lua: basic ---
  luaLoop(
    [
      'type',
      'rawlen',
      'rawget',
      'rawset',
      'getmetatable',
      'setmetatable',
      'select',
      'assert',
      'ipairs_check',
      'pairs_handler',
    ],
    'type(long) rawlen(t) rawlen(long) rawget(t, i) rawset(t, i, i) setmetatable(t, getmetatable(t)) select(2, 1, 2, 3) assert(true, long) ipairs(t) pairs(t)',
    `${LONG} local t = setmetatable({}, {})`,
  ),
  luaLoop(
    ['tostring', 'metafield', 'string_result'],
    'tostring(i) tostring(i + 0.5) tostring(long) tostring(o)',
    `${LONG} local o = setmetatable({}, { __tostring = function() return long end })`,
  ),
  luaLoop(['next_index'], 'next_index(t, 1)', 'local t = { 1, 2, 3 } local next_index = ipairs(t)'),
  luaLoop(
    ['error', 'check_any', 'check_function', 'raise', 'caller_position'],
    'pcall(error, long) xpcall(print, error) pcall(pcall) pcall(xpcall, nil, nil) pcall(io.lines, "none") load(function() return {} end) pcall(math.random, 2, 1, 5)',
    LONG,
    200,
  ),
  luaLoop(['collectgarbage'], 'collectgarbage("count")'),
  luaCall(
    ['next'],
    20000,
    (n) => `local t = {} for i = 1, ${n} do t[i] = true end for i = 1, ${n} do t[i] = nil end next(t)`,
  ),
  luaCall(['rawequal'], 1000000, (n) => `local a, b = ('x'):rep(${n}), ('x'):rep(${n}) rawequal(a, b)`),
  luaLoop(
    ['vararg_count', 'vararg_get', 'vararg_line', 'vararg_text'],
    'table.pack(i, i) print(i) print(o) io.write(i, "\\n")',
    'local o = setmetatable({}, { __tostring = function() return "o" end })',
  ),
  luaLoop(
    ['vararg_set'],
    'string.format("%s", o)',
    'local o = setmetatable({}, { __tostring = function() return "o" end })',
  ),

  // --- Lua: strings ---
  luaLoop(['string_len', 'string_byte', 'string_char'], 'long:len() long:byte(i) string.char(65, 66)', LONG),
  luaCall(['string_sub'], 4000000, (n) => `local s = ('x'):rep(${n}) s:sub(2)`),
  luaCall(['string_rep'], 4000000, (n) => `('abc'):rep(${n})`),
  luaCall(['string_reverse'], 100000, (n) => `local s = ('x'):rep(${n}) s:reverse()`),
  luaCall(['string_upper'], 100000, (n) => `local s = ('x'):rep(${n}) s:upper()`),
  luaCall(['string_lower'], 100000, (n) => `local s = ('x'):rep(${n}) s:lower()`),
  luaCall(['string_find'], 200000, (n) => `local s = ('x'):rep(${n}) s:find('xxxy', 1, true)`),
  luaLoop(
    ['string_format', 'format_step', 'quote_chunk'],
    'string.format("%d %s %5.2f %q %s", i, "a", i, long, o) string.format("%99d %.99f", i, 1e308)',
    'local long = ("x\\n"):rep(500) local o = setmetatable({}, { __tostring = function() return "o" end })',
    300,
  ),
  luaLoop(['tonumber'], 'tonumber("123456") tonumber("0x1p-300") tonumber("zz", 36) tonumber("1" .. i)'),

  // --- Lua: tables ---
  luaCall(['table_insert'], 100000, (n) => `local t = {} for i = 1, ${n} do t[i] = i end table.insert(t, 1, 0)`),
  luaCall(['table_remove'], 100000, (n) => `local t = {} for i = 1, ${n} do t[i] = i end table.remove(t, 1)`),
  luaCall(['table_move'], 20000, (n) => `local t = {} for i = 1, ${n} do t[i] = i end table.move(t, 1, ${n}, 2)`),
  luaCall(['table_concat'], 20000, (n) => `local t = {} for i = 1, ${n} do t[i] = 'hello' end table.concat(t, ', ')`),
  luaLoop(
    ['insert_position', 'remove_position', 'unpack_size'],
    'table.insert(t, 1, i) table.remove(t, 1) table.unpack(t, 1, 3)',
    'local t = setmetatable({ 1, 2, 3 }, { __index = function() return nil end })',
  ),
  luaLoop(['table_unpack'], 'table.unpack(t)', 'local t = {} for i = 1, 200 do t[i] = i end'),
  {
    covers: ['table_check', 'sort_check'],
    language: 'lua',
    kind: 'repeats',
    n: 2000,
    source: (n) =>
      `local t = {} for i = 1, ${n} do t[i] = (i * 7919) % 10007 end table.sort(t) table.sort(t, function(a, b) return a > b end)`,
  },

  // --- Lua: mathematics ---
  luaLoop(
    'sqrt sin cos tan asin acos exp cosh sinh tanh log10 atan log fmod modf pow frexp ldexp floor ceil abs max min type tointeger ult'
      .split(' ')
      .map((name) => `math_${name}`),
    [
      ...'sqrt sin cos tan asin acos exp cosh sinh tanh log10 floor ceil abs'
        .split(' ')
        .map((name) => `math.${name}(0.5)`),
      'math.pow(i, 0.3) math.frexp(i) math.ldexp(i, -1060) math.atan(i, 2) math.log(i, 10) math.fmod(1e308, 3.1) math.modf(i / 3) math.max(i, 2) math.min(i, 2) math.type(i) math.tointeger(3.0) math.ult(1, i)',
    ].join(' '),
    '',
    500,
  ),
  luaLoop(['text'], 'io.type(io.stdout)'),
  luaLoop(['math_random', 'seed_arguments', 'random_state'], 'math.random(1, i) math.randomseed(i)', '', 500),

  // --- Lua: io and os ---
  luaLoop(
    [
      'new_file',
      'file_state',
      'file_text',
      'file_path',
      'check_mode',
      'check_option',
      'check_integer',
      'check_string',
      'read_kind',
      'grow_buffer',
      'write_buffer',
      'slice',
      'find_from',
    ],
    'local f = io.open("f", "w+") f:write("1 line\\n", i) f:seek("set", 0) f:read("l") f:read(1) f:setvbuf("no") tostring(f) f:close()',
    '',
    300,
  ),
  luaLoop(
    ['skip_space', 'numeral_length'],
    'f:seek("set", 0) f:read("n")',
    'local f = io.open("f", "w+") f:write("   12345 ")',
    500,
  ),
  luaLoop(['date_field'], 'os.time({ year = 2000, month = 1, day = i })', '', 500),
  luaCall(['grow_buffer', 'write_buffer'], 4000000, (n) => `local f = io.open('f', 'w+') f:write(('x'):rep(${n}))`),
  luaCall(
    ['find_from'],
    400000,
    (n) => `local f = io.open('f', 'w+') f:write(('x'):rep(${n})) f:seek('set', 0) f:read('l')`,
  ),
  luaLoop(['chunk'], 'loadfile("other.lua")', '', 300),
  {
    covers: ['exit_status'],
    language: 'lua',
    kind: 'repeats',
    n: 2000,
    source: (n) => `for i = 1, ${n} do end os.exit(3)`,
  },

  luaLoop(['check_text'], 'f:seek("set", 0) f:write(long, i)', `${LONG} local f = io.open("f", "w")`, 20),
  luaLoop(
    ['argument_error'],
    'pcall(io.lines, "f", table.unpack(formats))',
    'io.open("f", "w"):close() local formats = {} for i = 1, 251 do formats[i] = "l" end',
    200,
  ),

  // --- Lua: patterns, packing, UTF-8 ---
  luaCall(['string_match'], 200000, (n) => `local s = ('x'):rep(${n}) s:match('^x-y')`),
  luaCall(['string_gsub'], 20000, (n) => `local s = ('x'):rep(${n}) s:gsub('x', 'y')`),
  luaLoop(['gmatch_begin', 'gmatch_next'], 'for word in ("one two"):gmatch("%a+") do end', '', 300),
  luaLoop(['gsub_next', 'gsub_captures'], '("hello world"):gsub("(o)(.)(.)", function(a, b) return b end)', '', 300),
  luaLoop(
    ['string_pack', 'string_packsize', 'string_unpack'],
    'string.unpack("<i4", string.pack("<i4", i)) string.packsize("i4")',
    '',
    2000,
  ),
  luaLoop(['pack_step'], 'string.pack("s4", long)', 'local long = ("x"):rep(2000)', 200),
  luaLoop(
    ['utf8_len', 'utf8_codepoint', 'utf8_offset', 'utf8_char', 'utf8_next', 'utf8_check'],
    'utf8.len(s) utf8.codepoint(s, 1, -1) utf8.codepoint(s) utf8.offset(s, 2) utf8.char(i, 233) utf8.char(65) for p, c in utf8.codes(s) do end',
    'local s = "a\u{e9}"',
    300,
  ),
  luaLoop(['utf8_one'], 'utf8.char(table.unpack(many))', 'local many = {} for i = 1, 3000 do many[i] = 65 end', 10),
  luaLoop(['math_deg', 'math_rad'], 'math.deg(i) math.rad(i)'),
  luaLoop(
    ['length_result'],
    'table.unpack(t)',
    'local t = setmetatable({}, { __len = function() return 2 end, __index = function() return 1 end })',
    300,
  ),

  // --- Lua: coroutines, debug, load ---
  luaLoop(
    [
      'coroutine_create',
      'coroutine_resume',
      'coroutine_yield',
      'coroutine_status',
      'coroutine_isyieldable',
      'coroutine_running',
      'coroutine_close',
    ],
    'local c = coroutine.create(body) coroutine.resume(c) coroutine.status(c) coroutine.close(c)',
    'local function body() coroutine.isyieldable() coroutine.running() coroutine.yield(1) end',
    300,
  ),
  luaLoop(
    ['coroutine_wrapped'],
    'step()',
    'local step = coroutine.wrap(function() while true do coroutine.yield() end end)',
    1000,
  ),
  luaLoop(['no_yield'], 'load(function() return nil end)', '', 100),
  luaLoop(
    [
      'debug_info',
      'debug_upvalue',
      'debug_set_upvalue',
      'debug_join',
      'debug_getmetatable',
      'debug_setmetatable',
      'debug_registry',
    ],
    'debug.getinfo(1) debug.getupvalue(f, 1) debug.setupvalue(f, 1, i) debug.upvaluejoin(f, 1, g, 1) debug.getmetatable(t) debug.setmetatable(t, t) debug.getregistry()',
    'local a, b, t = 1, 2, {} local function f() return a end local function g() return b end',
    200,
  ),
  luaLoop(['raise_argument', 'date_text'], 'pcall(os.date, "%Q", 0) os.date("%c %F %V", i)', '', 300),
  luaLoop(['load_text'], 'load("return 1")', '', 20),
  luaLoop(
    ['string_dump', 'load_binary'],
    'load(string.dump(f))',
    'local function f(a) return function() return a end end',
    20,
  ),
  luaLoop(['next_finaliser'], 'setmetatable({}, mt) collectgarbage()', 'local mt = { __gc = function() end }', 100),
  {
    covers: ['exit_closing'],
    language: 'lua',
    kind: 'repeats',
    n: 12_000,
    source: (n) =>
      `local mt, kept = { __gc = function() end }, {} for i = 1, ${n} do kept[i] = setmetatable({}, mt) end os.exit(true, true)`,
  },
  luaLoop(
    ['check_userdata', 'debug_line', 'debug_local', 'debug_parameter', 'debug_set_hook', 'debug_hook'],
    'debug.setuservalue(io.stdin, 1) debug.getinfo(f, "L") debug.getlocal(1, 1) debug.getlocal(f, 1) debug.sethook(f, "", 1000) debug.sethook() debug.gethook()',
    'local function f(a) return a end',
    200,
  ),
  {
    covers: ['c.set_jump', 'c.long_jump'],
    language: 'c',
    kind: 'repeats',
    n: 1000,
    source: (n) =>
      `#include <setjmp.h>\nint main(void) { jmp_buf here; volatile int i = 0; if (setjmp(here) < ${n}) longjmp(here, ++i); return 0; }`,
  },

  // --- syscalls ---
  cLoop(
    ['syscall:argument_count', 'syscall:argument_read'],
    'gazelle_argument_count(); gazelle_argument_read(0, 0, buffer, sizeof buffer);',
    'static char buffer[64];',
    { args: ['some text'] },
  ),
  cLoop(['syscall:write'], 'gazelle_write(1, buffer, sizeof buffer);', 'static char buffer[6400];', { n: 200 }),
  cLoop(['syscall:read'], 'gazelle_read(0, buffer, sizeof buffer);', 'static char buffer[640];', {
    n: 500,
    stdin: (n: number) => 'x'.repeat(n * 640),
  }),
  cLoop(
    ['syscall:clock', 'syscall:random', 'syscall:sleep'],
    'gazelle_clock(1); gazelle_random(buffer, sizeof buffer); gazelle_sleep(0);',
    'static char buffer[640];',
    { n: 300 },
  ),
  cLoop(
    ['syscall:file_size', 'syscall:file_read'],
    'gazelle_file_size("f"); gazelle_file_read("f", 0, buffer, sizeof buffer);',
    'static char buffer[6400];',
    { n: 300, files: { f: 'x'.repeat(6400) } },
  ),
  cLoop(
    ['syscall:http_request', 'syscall:http_read', 'syscall:http_close'],
    'int h = gazelle_http_request("POST", "http://example.com/", NULL, buffer, sizeof buffer, NULL); gazelle_http_read(h, buffer, sizeof buffer); gazelle_http_close(h);',
    'static char buffer[640];',
    { n: 100 },
  ),
  cLoop(
    ['syscall:http_open', 'syscall:http_write', 'syscall:http_response'],
    'int h = gazelle_http_open("{\\"url\\":\\"http://example.com/\\",\\"method\\":\\"PUT\\"}"); gazelle_http_write(h, buffer, sizeof buffer); gazelle_http_response(h, NULL); gazelle_http_close(h);',
    'static char buffer[640];',
    { n: 100 },
  ),
  cLoop(
    ['syscall:invoke', 'syscall:invoke_all', 'syscall:result'],
    'gazelle_result("[1,2,3]"); gazelle_invoke_all("[[\\"a\\",1],[\\"b\\",2]]"); gazelle_invoke("other", "[1,2,3]"); gazelle_answer_read(0, buffer, sizeof buffer);',
    'static char buffer[640];',
    { n: 200 },
  ),
  cLoop(
    ['syscall:log'],
    'gazelle_log(GAZELLE_INFO, buffer, "{\\"field\\":[1,2,3]}");',
    'static char buffer[640]; memset(buffer, 120, 639);',
    { n: 200 },
  ),
  cLoop(
    ['syscall:storage_get', 'syscall:storage_put', 'syscall:storage_delete', 'syscall:answer_size'],
    'gazelle_storage_put("k", buffer, sizeof buffer); gazelle_storage_get("k", buffer, sizeof buffer, NULL); gazelle_answer_size(); gazelle_storage_delete("k");',
    'static char buffer[6400];',
    { n: 200 },
  ),
  cLoop(
    ['syscall:storage_swap', 'syscall:storage_remove', 'syscall:storage_list'],
    'gazelle_storage_compare_and_swap("k", 0, buffer, sizeof buffer); gazelle_storage_compare_and_delete("k", 0); gazelle_storage_list("", "", 1000);',
    'static char buffer[640]; for (int j = 0; j < 1000; j++) { sprintf(buffer, "key%d", j); gazelle_storage_put(buffer, buffer, 1); }',
    { n: 50 },
  ),
  cLoop(
    ['syscall:host_call', 'syscall:answer_read'],
    'gazelle_call("echo", "[[1,2,3]]"); gazelle_answer_read(0, buffer, sizeof buffer);',
    'static char buffer[640];',
    { n: 200, functions: { echo: (value: unknown) => value } },
  ),
  {
    covers: ['syscall:exit'],
    language: 'sm',
    kind: 'repeats',
    n: 2000,
    source: (n) =>
      `func main()\n  local i: i32\nagain:\n  i 1 i32.add local.tee i ${n} i32.lt_s br_if again\n  3 syscall exit\nend\n`,
  },
];

/** Reached only while an image is made, by library code: no execution runs them. */
export const IMAGE_ONLY: readonly string[] = ['set_string_metatable', 'set_file_metatable', 'set_finaliser', 'part'];
