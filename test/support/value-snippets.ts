// Snippets of Lua that take every path of the value loop: compared with the real Lua, and run under every slice.

/** Sources of main chunks; what they return is compared. */
export const VALUE_SNIPPETS: readonly string[] = [
  // arithmetic
  'return 1 + 2, 1 + 2.5, 7 // 2, -7 // 2, 7 % -3, -7 % 3, 7.5 % -2, -7.5 // 2, 2^10, 7 / 2, 1e15, 2^53',

  'local a, b = 0x7fffffffffffffff, 1 return a + b, a * a, -a - 2, a // -1, (a + b) // -1, (a + b) % -1',
  'local a, b = 123456789012, 987654321098 return a * b, a * -b, a % b, b // a, -b // a, -b % a',
  'local x = 6364136223846793005 local s = 1 for i = 1, 50 do s = s * x + 1442695040888963407 end return s, s >> 33',
  'return 5 & 3, 5 | 3, 5 ~ 3, ~5, 1 << 63, 1 << 64, -1 >> 1, -1 << 1, 1 >> -3, 1 << -1, 2.0 | 1, 7 >> 64, 1 << 31, 1 << 32',
  'local z = 0.0 return 1 / z, -1 / z, z / z, -(z / z), z // z, 1 // z, 0x1p-1074, 1e308 * 10, -z',
  'return "10" + 5, "3" * "4", "0x10" + 0, " 5 " - 1, 10 .. "", -"2", "1e1" // 1, "7" % 4, "2" ^ 2',
  'local t = {} for i = -4, 4 do for j = -3, 3 do if j ~= 0 then t[#t + 1] = i // j t[#t + 1] = i % j end end end local s = "" for i = 1, #t do s = s .. t[i] .. " " end return s',
  'local a, b = 3, 4.0 return a < b, a <= b, a == 3.0, a ~= b, 2^53 == 2^53 + 1, 9007199254740993 < 9007199254740992.0, 1 < 1.5, -1 >= -1.5',
  'local n = 0/0 return n == n, n < n, n <= n, n > 1, 1 < n, n ~= n, 1 <= n',
  'local m = 1 << 63 return m < -9.3e18, m <= -2.0^63, m == -2.0^63, m - 1 > 2.0^62, 2.0^63 > m',
  'return "a" < "b", "a" < "B", "" < "a", "abc" <= "abc", "abc" < "abcd", "Z" > "A", "a\\0b" < "a\\0c"',
  // tables, metamethods
  'local t = {1, 2, 3, nil, 5, x = 1, [2.0] = "two", [1.5] = "f"} return #t >= 3, t[2], t[1.5], t.x, t.y, t[5]',
  'local t = {} t[1.0] = "a" t[2^53] = "b" return t[1], t[2^53 | 0], #t',
  'local t = {} for i = 1, 100 do t[i] = i end for i = 1, 50 do t[#t] = nil end local s = 0 for k, v in pairs(t) do s = s + v end return s, #t',
  'local M = {} M.__index = M function M.get(s) return s.v end local o = setmetatable({v = 5}, M) return o:get(), o.get == M.get, o.nope',
  'local log = "" local p = setmetatable({}, {__index = function(t, k) log = log .. k return k .. "!" end, __newindex = function(t, k, v) log = log .. k .. "=" .. v end}) local a = p.x p.y = 3 p[1] = 2 return a, log, p[10]',
  'local a = setmetatable({}, {__index = setmetatable({q = 1}, {__index = setmetatable({r = 2}, {__index = {s = 3}})})}) return a.q, a.r, a.s, a.t',
  'local b = {} local a = setmetatable({}, {__newindex = b}) a.x = 5 return a.x, b.x',
  'local V V = setmetatable({}, {__call = function(self, x) return setmetatable({x = x}, V) end}) V.__add = function(a, b) return V(a.x + (type(b) == "table" and b.x or b)) end V.__eq = function(a, b) return a.x == b.x end V.__lt = function(a, b) return a.x < b.x end V.__le = function(a, b) return a.x <= b.x end V.__concat = function(a, b) return "cat" end V.__len = function(a) return 42 end V.__unm = function(a) return V(-a.x) end V.__idiv = function() return "idiv" end V.__band = function() return "band" end V.__shl = function() return "shl" end V.__bnot = function() return "bnot" end V.__mod = function() return "mod" end V.__pow = function() return "pow" end V.__div = function() return "div" end V.__sub = function() return "sub" end V.__mul = function() return "mul" end V.__shr = function() return "shr" end V.__bor = function() return "bor" end V.__bxor = function() return "bxor" end local a, b = V(1), V(2) local r = a + b return r.x, (a + 5).x, a == b, a == V(1), a < b, a <= b, a > b, a >= b, a ~= b, #a, (-a).x, a .. b, a .. 1, 1 .. a, "x" .. "y" .. a .. "z", a // b, a & b, a << 1, ~a, a % b, a ^ 2, a / 2, a - 1, 2 * a, a >> 1, 1 | a, a ~ a',
  'local L = setmetatable({}, {__lt = function() return 1 end, __le = function() return nil end}) if L < L then if L <= L then return "both" end return "lt only" end return "none"',
  'local L = setmetatable({}, {__lt = function(a, b) return type(a) .. type(b) end}) local s = "" if L < 5 then s = s .. 1 end if L > 5 then s = s .. 2 end if 5 < L then s = s .. 3 end return s',
  // calls, varargs, closures
  'local function f(...) return ... end return f(), (f(1, 2)), f(1, 2), {f(1, nil, 3)}',
  'local function f(a, b, ...) local x, y, z = ... return a, b, x, y, z end return f(1), f(1, 2, 3), f(1, 2, 3, 4, 5, 6)',
  'local function sum(n, a) if n == 0 then return a end return sum(n - 1, a + n) end return sum(100000, 0)',
  'local function v(...) local a = ... if a == 0 then return "done", ... end return v(a - 1, ...) end return (v(50))',
  'local function va(n, ...) if n == 0 then return ... end return va(n - 1, n, ...) end return va(20)',
  'local fs = {} for i = 1, 3 do local j = i fs[i] = function() j = j + 1 return i, j end end fs[1]() return fs[1](), fs[2](), fs[3]()',
  'local function counter() local n = 0 return function() n = n + 1 return n end, function() return n end end local inc, get = counter() inc() inc() return get()',
  'local a = {} for i = 1, 5 do a[i] = function() return i end end local s = 0 for i = 1, 5 do s = s + a[i]() end return s',
  'local t = setmetatable({}, {__call = function(self, ...) return ... end}) return t(1, 2, 3)',
  'local c = setmetatable({}, {__call = setmetatable({}, {__call = function(...) local n = 0 for _ in pairs({...}) do n = n + 1 end return n end})}) return c(1, 2)',
  'local function f(a, b, c, d) return d, c, b, a end return f(1), (f(1, 2, 3, 4, 5))',
  'local t = {} function t:m(x) return self == t, x end return t:m(3)',
  'local function many() local t = {} for i = 1, 300 do t[i] = i end return t end local t = many() local function unpack(t, i, n) if i > n then return end return t[i], unpack(t, i + 1, n) end local function count(...) return #{...} end return count(unpack(t, 1, 200))',
  // loops
  'local s = "" for i = 3, 1, -1 do s = s .. i end for i = 1, 2, 0.5 do s = s .. i .. "," end for i = 1.0, 3 do s = s .. i end return s',
  'local n = 0 for i = 0x7ffffffffffffffe, 0x7fffffffffffffff do n = n + 1 end for i = -0x7fffffffffffffff - 1, -0x7fffffffffffffff do n = n + 1 end return n',
  'local n = 0 for i = 1, 0 do n = n + 1 end for i = 1, math and 1 or 1 do n = n + 1 end for i = 3, 1.5, -1 do n = n + 1 end for i = 1, 2.9 do n = n + 1 end for i = 1, -1e300 do n = n + 100 end for i = -1, -1e300, -0x7fffffffffffffff - 1 do n = n + 1 end return n',
  'local n = 0 for i = 1, "3" do n = n + i end for i = "1", 2 do n = n + i end return n',
  'local s = 0 for i = 1, 10 do if i % 2 == 0 then goto continue end s = s + i ::continue:: end return s',
  'local n = 0 while true do n = n + 1 if n > 10 then break end end repeat n = n - 1 until n < 5 return n',
  'local s = "" for k, v in ipairs({"a", "b", nil, "d"}) do s = s .. k .. v end return s',
  'local s = 0 for k, v in (function(t, i) i = i + 1 if i <= 3 then return i, t[i] end end), {10, 20, 30}, 0 do s = s + v end return s',
  // strings
  'local s = "" for i = 1, 100 do s = s .. i .. "," end return #s, s',
  'return 1 .. 2, 1.5 .. "", 2^63 .. "", -0.0 .. "", 1e100 .. "", (1 << 63) .. ""',
  'local a = "x" for i = 1, 15 do a = a .. a end return #a, a == a .. "", a < a .. "y", #(a .. 1 .. a)',
  'local t = {} t["a" .. "b"] = 1 return t.ab',
  // protected calls, errors
  'return pcall(function() return 1, 2, 3 end)',
  'return pcall(error, "x")',
  'return pcall(function() error("message") end)',
  'return pcall(function() error("message", 0) end)',
  'return pcall(function() error({code = 1}) end)',
  'return pcall(function() error() end)',
  'return pcall(pcall, error, "inner")',
  'return pcall(function() local ok, e = pcall(error, "a") error(e .. "b", 0) end)',
  'return xpcall(function() error("m", 0) end, function(e) return "handled " .. e, 2 end)',
  'return xpcall(function(...) return ... end, function() end, 1, 2, 3)',
  'return xpcall(function() local x = nil; return x.y end, function(e) return "H: " .. e end)',
  'return xpcall(error, function(m) error("again") end, "x")',
  'return xpcall(nil, function(m) return "H:" .. m end)',
  'return pcall(nil)',
  'local function deep(n) if n == 0 then error("bottom", 0) end return 1 + deep(n - 1) end return pcall(deep, 1000)',
  'local function rec() return 1 + rec() end local ok, e = pcall(rec) return ok, e',
  'local function rec() return 1 + rec() end return xpcall(rec, function(e) return "H " .. e end)',
  'local n = 0 local function f() local u = n local g = function() u = u + 1 return u end n = n + 1 if n < 5 then f() end error(g) end local ok, g = pcall(f) return ok, g(), g()',
  // to-be-closed
  'local log = "" do local a <close> = setmetatable({}, {__close = function(o, e) log = log .. "a" .. tostring(e) end}) local b <close> = setmetatable({}, {__close = function() log = log .. "b" end}) log = log .. "body" end return log',
  'local log = "" local function f() local a <close> = setmetatable({}, {__close = function() log = log .. "closed" end}) return 1, 2, 3 end return f(), log',
  'local log = "" local ok, e = pcall(function() local a <close> = setmetatable({}, {__close = function(_, e) log = log .. e end}) error("boom", 0) end) return ok, e, log',
  'local ok, e = pcall(function() local a <close> = setmetatable({}, {__close = function(_, e) error(e .. "2", 0) end}) local b <close> = setmetatable({}, {__close = function(_, e) error(e .. "1", 0) end}) error("0", 0) end) return ok, e',
  'local log = "" for i in (function(_, i) i = i + 1 if i < 4 then return i end end), nil, 0, setmetatable({}, {__close = function() log = log .. "closed" end}) do log = log .. i if i == 2 then break end end return log',
  'local a <close> = nil local b <close> = false return "fine"',
  'return pcall(function() local a <close> = 3 end)',
  'local log = "" local function f(n) local a <close> = setmetatable({}, {__close = function() log = log .. n end}) if n > 0 then return f(n - 1) end return "x" end return f(3), log',
  // messages
  ...[
    '"abc" + 1', '{} + "abc"', '"abc" + {}', '"3" | 0', '1.5 | 0', '2^63 | 0', '-"abc"', '-{}', '~1.5', '1 // 0', '1 % 0', '#5',
    'undefined()', '({}).x.y', '({}).x.y.z', '({}) < 1', '({}) < {}', '1 < "x"', 'nil > 1', '({}) <= {}', '1 .. {}', '{} .. 1', '"x" .. nil', '(1)()',
    'up.x', 'up()', 'up + 1', 'up .. "x"', 't[1].x', 't.x:y()', 't:nope()', 't[nil]', 't[1]()', '2^53 < nil', '-nil', 'true + 1', '#nil', 'named + 1', 'named.x.y', 'named < 1', 'up.x.y.z', 't[t][t]', '1 & {}', '{} >> 1', 'x.y', 'x[1]', 'weird.f', 'weird + 1', 'weird()', '#weird', 'weird < weird', 'weird .. "x"', 'weird == weird2',
  ].map(
    (expression) =>
      `local up, t = nil, {} local named = setmetatable({}, {__name = "My.Type"}) local weird = setmetatable({}, {__index = 5, __add = 5, __call = 5, __len = 5, __lt = 5, __concat = 5, __eq = 5}) local weird2 = setmetatable({}, {__eq = 5}) return pcall(function() return ${expression} end)`,
  ), // biome-ignore format: a list
  ...[
    't[nil] = 1', 't[0/0] = 1', 'up.x = 1', 't.x.y = 1', 'for i = 1, 2, 0 do end', 'for i = "a", 1 do end', 'for i = 1, {} do end', 'for i = 1, 2, "x" do end', 'for i = {}, 2.5 do end', 'for x in 5 do end', 'for x in nil do end', 't[nil] = nil', 'named.x = 1 named.y.z = 2', 'undefined.x = 1', 'undefined = up.z', 'local a = {} a.b.c.d = 1', 'local x = 5 x()', 't.f.g()', 'error("lvl2", 2)', 'local s = "long" .. 5 .. {}',
  ].map(
    (statement) =>
      `local up, t = nil, {} local named = setmetatable({}, {__name = "My.Type"}) return pcall(function()\n ${statement}\n end)`,
  ), // biome-ignore format: a list
  'local t = {} for i = 1, 3000 do t = setmetatable({}, {__index = t}) end return pcall(function() return t.x end)',
  'local t = {} for i = 1, 3000 do t = setmetatable({}, {__newindex = t}) end return pcall(function() t.x = 1 end)',
  'local t = {} for i = 1, 1000 do t = setmetatable({}, {__index = t}) end return t.x',
  'error("uncaught")',
  'local t = nil\nlocal x = 1 + t.x',
  'error({})',
];
