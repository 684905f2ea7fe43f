-- Messages name the variable, as the real Lua does.
local function try(f) print((select(2, pcall(f)))) end
try(function() local t; t.x = 1 end) -- expect: variable-names.lua:3: attempt to index a nil value (local 't')
try(function() local t; return t.x end) -- expect: variable-names.lua:4: attempt to index a nil value (local 't')
try(function() return undefined.x end) -- expect: variable-names.lua:5: attempt to index a nil value (global 'undefined')
try(function() undefined.x = 1 end) -- expect: variable-names.lua:6: attempt to index a nil value (global 'undefined')
try(function() undefined() end) -- expect: variable-names.lua:7: attempt to call a nil value (global 'undefined')
try(function() local f; f() end) -- expect: variable-names.lua:8: attempt to call a nil value (local 'f')
try(function() local t = {}; t.x.y = 1 end) -- expect: variable-names.lua:9: attempt to index a nil value (field 'x')
try(function() local t = {}; return t.x.y end) -- expect: variable-names.lua:10: attempt to index a nil value (field 'x')
try(function() local t = {}; t.x() end) -- expect: variable-names.lua:11: attempt to call a nil value (field 'x')
try(function() local t = {}; t:m() end) -- expect: variable-names.lua:12: attempt to call a nil value (method 'm')
try(function() local t = {}; t.a.b.c() end) -- expect: variable-names.lua:13: attempt to index a nil value (field 'a')
try(function() local t = {}; return t[1].x end) -- expect: variable-names.lua:14: attempt to index a nil value (field 'integer index')
try(function() local t = {}; return t[1.5].x end) -- expect: variable-names.lua:15: attempt to index a nil value (field '?')
try(function() local t, k = {}, 'k'; return t[k].x end) -- expect: variable-names.lua:16: attempt to index a nil value (field '?')
try(function() local t; local function f() return t.x end; f() end) -- expect: variable-names.lua:17: attempt to index a nil value (upvalue 't')
try(function() local t; local function f() t.x = 1 end; f() end) -- expect: variable-names.lua:18: attempt to index a nil value (upvalue 't')
try(function() local t; local function f() t() end; f() end) -- expect: variable-names.lua:19: attempt to call a nil value (upvalue 't')
try(function() local t; local function f() return t[1] end; f() end) -- expect: variable-names.lua:20: attempt to index a nil value (upvalue 't')
try(function() local s = 'x'; return s.y.z end) -- expect: variable-names.lua:21: attempt to index a nil value (field 'y')
try(function() return ('x').y.z end) -- expect: variable-names.lua:22: attempt to index a nil value (field 'y')
try(function() ('x')() end) -- expect: variable-names.lua:23: attempt to call a string value (constant 'x')
try(function() return (1).x end) -- expect: variable-names.lua:24: attempt to index a number value
try(function() return #nil end) -- expect: variable-names.lua:25: attempt to get length of a nil value
try(function() local x; return #x end) -- expect: variable-names.lua:26: attempt to get length of a nil value (local 'x')
try(function() return -{} end) -- expect: variable-names.lua:27: attempt to perform arithmetic on a table value
try(function() return undefined + 1 end) -- expect: variable-names.lua:28: attempt to perform arithmetic on a nil value (global 'undefined')
try(function() return 1 + undefined end) -- expect: variable-names.lua:29: attempt to perform arithmetic on a nil value (global 'undefined')
try(function() local x; return x * 2 end) -- expect: variable-names.lua:30: attempt to perform arithmetic on a nil value (local 'x')
try(function() local x = {}; return 2 ^ x end) -- expect: variable-names.lua:31: attempt to perform arithmetic on a table value (local 'x')
try(function() local t = {}; return t.x - 1 end) -- expect: variable-names.lua:32: attempt to perform arithmetic on a nil value (field 'x')
try(function() local t = {}; return 1 // t.y.z end) -- expect: variable-names.lua:33: attempt to index a nil value (field 'y')
try(function() return 'a' + 1 end) -- expect: variable-names.lua:34: attempt to add a 'string' with a 'number'
try(function() return 'a' | 1 end) -- expect: variable-names.lua:35: attempt to perform bitwise operation on a string value (constant 'a')
try(function() local s = 'a'; return 1 & s end) -- expect: variable-names.lua:36: attempt to perform bitwise operation on a string value (local 's')
try(function() return 1.5 | 1 end) -- expect: variable-names.lua:37: number has no integer representation
try(function() local x = 2^70; return x & 1 end) -- expect: variable-names.lua:38: number (local 'x') has no integer representation
try(function() return undefined .. 'x' end) -- expect: variable-names.lua:39: attempt to concatenate a nil value (global 'undefined')
try(function() return 'x' .. undefined end) -- expect: variable-names.lua:40: attempt to concatenate a nil value (global 'undefined')
try(function() local t = {}; return 'a' .. t.x .. 'b' end) -- expect: variable-names.lua:41: attempt to concatenate a nil value (field 'x')
try(function() local a, b = 'x'; return a .. b end) -- expect: variable-names.lua:42: attempt to concatenate a nil value (local 'b')
try(function() return {} .. 'x' end) -- expect: variable-names.lua:43: attempt to concatenate a table value
try(function() return 1 < 'x' end) -- expect: variable-names.lua:44: attempt to compare number with string
try(function() return {} < {} end) -- expect: variable-names.lua:45: attempt to compare two table values
try(function() local t = {}; t[nil] = 1 end) -- expect: variable-names.lua:46: table index is nil
try(function() local t = {}; t[0/0] = 1 end) -- expect: variable-names.lua:47: table index is NaN
try(function() for i = 1, 'x' do end end) -- expect: variable-names.lua:48: bad 'for' limit (number expected, got string)
try(function() for k in nil do end end) -- expect: variable-names.lua:49: attempt to call a nil value (for iterator 'for iterator')
try(function() local f = 5; for k in f do end end) -- expect: variable-names.lua:50: attempt to call a number value (for iterator 'for iterator')
try(function() local _ENV = {}; x() end) -- expect: variable-names.lua:51: attempt to call a nil value (global 'x')
try(function() local _ENV; x = 1 end) -- expect: variable-names.lua:52: attempt to index a nil value (local '_ENV')
try(function() local function f(_ENV) return x.y end; f {} end) -- expect: variable-names.lua:53: attempt to index a nil value (global 'x')
try(function() local t = {}; (t.a or t.b)() end) -- expect: variable-names.lua:54: attempt to call a nil value
try(function() local t = {}; (t.a)() end) -- expect: variable-names.lua:55: attempt to call a nil value (field 'a')
try(function() return 1 // 0 end) -- expect: variable-names.lua:56: attempt to divide by zero
try(function() return 1 % 0 end) -- expect: variable-names.lua:57: attempt to perform 'n%0'
try(function() return math.nothing() end) -- expect: variable-names.lua:58: attempt to call a nil value (field 'nothing')
try(function() local x = true; x.y = 1 end) -- expect: variable-names.lua:59: attempt to index a boolean value (local 'x')
try(function() print.x.y = 1 end) -- expect: variable-names.lua:60: attempt to index a function value (global 'print')
try(function() local a = {b = {}}; a.b.c.d = 1 end) -- expect: variable-names.lua:61: attempt to index a nil value (field 'c')
try(function() local a = {}; a.b, a.c.d = 1, 2 end) -- expect: variable-names.lua:62: attempt to index a nil value (field 'c')
try(function() return (undefined).x end) -- expect: variable-names.lua:63: attempt to index a nil value (global 'undefined')
try(function() local function f() end; return f().x end) -- expect: variable-names.lua:64: attempt to index a nil value
try(function() return ~'a' end) -- expect: variable-names.lua:65: attempt to perform bitwise operation on a string value (constant 'a')
try(function() return ~1.5 end) -- expect: variable-names.lua:66: number has no integer representation
try(function() return -'a' end) -- expect: variable-names.lua:67: attempt to unm a 'string' with a 'string'
