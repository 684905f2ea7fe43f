-- Variable arguments everywhere they may stand.
local function f(...) return ... end
print(f(), f(1), f(1, nil, 3), (f(1, 2))) -- expect: nil	1	1	1
local function count(...) return select("#", ...) end
print(count(), count(nil), count(nil, nil), count(f(1, 2), f(1, 2))) -- expect: 0	1	2	3
local function first(...) local a, b = ...; return a, b end
print(first(1, 2, 3), first()) -- expect: 1	nil	nil
local function mid(...) return 0, ..., 9 end
print(mid(1, 2)) -- expect: 0	1	9
local function tab(...) return {...}, {..., "last"}, {"first", ...} end
local a, b, c = tab(1, 2, 3)
print(#a, #b, #c) -- expect: 3	2	4
local function fixed(x, y, ...) return x, y, count(...) end
print(fixed(1), fixed(1, 2, 3, 4)) -- expect: 1	1	2	2
local function nested(...) return (function(...) return count(...) end)(..., 1) end
print(nested(1, 2, 3)) -- expect: 2
local function sum(...) local s = 0; for i = 1, select("#", ...) do s = s + (select(i, ...)) end return s end
print(sum(1, 2, 3, 4)) -- expect: 10
local function pass(...) return pcall(f, ...) end
print(pass(1, 2)) -- expect: true	1	2
print((...), select("#", ...)) -- expect: nil	0
local function spread(...) local t = {n = select("#", ...), ...}; return t.n, t[1], t[t.n] end
print(spread("a", "b", "c")) -- expect: 3	a	c
local function capture(...) local x = ...; return function() return x end end
print(capture(42)()) -- expect: 42
local function both(...) return f(...), f(...) end
print(both(1, 2)) -- expect: 1	1	2
local function expr(...) return ... + 1, -..., ... .. "x", #{...} end
print(expr(5, 6)) -- expect: 6	-5	5x	2
