-- Forms of calls and of arguments.
local function show(...) return select("#", ...) .. ":" .. tostring((...)) end
print(show(), show(nil), show(1, nil), show "s", show [[l]], show {1} ~= nil)
-- expect: 0:nil	1:nil	2:1	1:s	1:l	true
print(#(function(...) return {...} end)(1, 2, 3)) -- expect: 3
local t = {f = show, g = {h = show}}
print(t.f(1), t.g.h(2), t["f"](3), (t.f)(4), (show)(5)) -- expect: 1:1	1:2	1:3	1:4	1:5
local function curry(a) return function(b) return function(c) return a .. b .. c end end end
print(curry(1)(2)(3), curry "a" "b" "c") -- expect: 123	abc
local function params(a, b, c) return a, b, c end
print(params(1)) -- expect: 1	nil	nil
print(params(1, 2, 3, 4, 5)) -- expect: 1	2	3
print(type(print), (("x"):rep(2)), #"abc" + 1) -- expect: function	xx	4
print(pcall(params, 1, 2)) -- expect: true	1	2	nil
local x = (function() return "immediate" end)()
print(x) -- expect: immediate
local s = "x"; (print or error)("parenthesised") -- expect: parenthesised
f = function() return "global" end
print(f(), _G.f(), _ENV.f(), _ENV["f"]()) -- expect: global	global	global	global
function g(...) return "g", ... end
print(g(g(1))) -- expect: g	g	1
