-- Globals are fields of _ENV, which is a variable like any other.
x = 1
print(x, _ENV.x, _G.x, _ENV == _G) -- expect: 1	1	1	true
do local _ENV = {print = print}; x = 2; print(x); y = 3 end -- expect: 2
print(x, y) -- expect: 1	nil
local function sandbox(_ENV) z = 5; return z end
local env = {}
print(sandbox(env), env.z, z) -- expect: 5	5	nil
local function f() local _ENV <const> = {v = "inside"}; return v end
print(f(), v) -- expect: inside	nil
_ENV.dynamic = "d"
print(dynamic) -- expect: d
local saved = _ENV
local _ENV = setmetatable({}, {__index = saved})
newglobal = 10
print(newglobal, saved.newglobal, x) -- expect: 10	nil	1
