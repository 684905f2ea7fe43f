-- What the debug library shows of functions, calls and upvalues.
local a, b = 1, 2
local function f() return a, b end
local function g() b = b + 1 return b end
print(debug.getupvalue(f, 1)) print(debug.getupvalue(f, 2)) print(debug.getupvalue(f, 3)) print(debug.getupvalue(print, 1))
print(debug.setupvalue(f, 1, 10), f())
print(debug.upvalueid(f, 2) == debug.upvalueid(g, 1), debug.upvalueid(f, 1) == debug.upvalueid(g, 1))
debug.upvaluejoin(f, 1, g, 1) print(f())
local i = debug.getinfo(f) print(i.short_src, i.source, i.what, i.linedefined, i.lastlinedefined, i.nups, i.nparams, i.isvararg, i.func == f)
i = debug.getinfo(print) print(i.short_src, i.what, i.currentline, i.linedefined)
local function h() local i = debug.getinfo(1, 'nSl') return i.name, i.namewhat, i.currentline end
print((h()))
print(debug.getinfo(100), debug.getinfo(1, 'l').currentline)
debug.setmetatable(5, {__index = function(n, k) return k .. n end}) print((5).x) debug.setmetatable(5, nil)
print(debug.getmetatable('').__index == string, type(debug.getregistry()))
local function t1() return (debug.traceback('msg')) end
local function t2() local x = t1() return x end
print(t2())
print(debug.traceback({}) ~= nil, debug.traceback(nil))
local co = coroutine.create(function() local function inner() coroutine.yield() end inner() end)
coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, 'm', 1)) print(debug.traceback(coroutine.create(print)))
print(select(2, xpcall(function() local x = nil; x() end, debug.traceback)))
local function deep(n) if n == 0 then return debug.traceback() end local r = deep(n - 1) return r end
print(deep(40))
